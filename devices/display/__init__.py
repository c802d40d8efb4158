"""The customer's display of two lines of twenty: what it says, how it is told so, and the thread that tells it."""
