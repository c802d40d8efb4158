"""The central server: plain functions from a request to an answer over one database, and a thin HTTP shell around them."""
