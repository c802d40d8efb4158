"""The shift: opening it with a float, seeing how it stands, cash in and out, and closing it with a count."""
