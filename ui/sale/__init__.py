"""The sale screen: one line for everything that comes in, the basket, the customer, what is owed, and what the next key does."""
