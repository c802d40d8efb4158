"""The cash drawer: whether it is open, for how long, and whether anybody asked."""
