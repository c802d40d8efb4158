"""Summaries and analyses as files: PDF pages, workbooks, plain objects. What they say is what the screens say, from the same values."""
