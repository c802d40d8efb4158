"""The till's side of the sync: push, pull, and the loop that does both in the background."""
