"""The owner's pages: what happened today, what is to be done about it, and what the shop's past says."""
