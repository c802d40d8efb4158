"""Regulars 熟客: the till that knows your regulars, as plain Python."""

__version__ = "0.1.0"
