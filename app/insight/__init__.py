"""Pure analysis of what members bought: columns in, frozen values out.

    values         what every answer carries: its period, n, how sure it is, or that there is too little data
    columns        the shapes that go in: tickets, visits, lines
    ├── who        rfm, rfm_scores, lifecycle, rhythm, usual, tags
    ├── risk       churn, bgnbd, gamma_gamma, value
    ├── when       cohort, repurchase, peaks, forecast
    ├── what       pairs, companions, recommend, cross_sell, abc, stock
    ├── how good   concentration, uplift, staff, accuracy
    └── maths      fitting, gamma_functions, counts

What is named after `duplicates` and `guard` works on rows rather than columns; it says so itself. No SQL, no screen, no clock and no
chance: a day, a seeded generator or a setting is always an argument.
"""
