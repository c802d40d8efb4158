"""One receipt printer on one line: what it says about itself, what proves that it printed, and how a paper gets there once."""
