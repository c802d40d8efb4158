"""The shop's loyalty rules as values, and what a sale does under them. Pure: every rule is data, every effect a value."""
