"""Everything the owner can set, one page per subject."""
