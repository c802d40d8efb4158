"""Scanners on a line of their own (serial, USB-CDC): from bytes to codes. A keyboard wedge is caught in ui/scan_catcher.py."""
