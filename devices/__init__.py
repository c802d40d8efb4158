"""The till's hardware: receipts from document to paper, scanners, drawers and displays. README.md draws the way of a receipt."""
