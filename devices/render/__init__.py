"""A laid-out receipt as text, as a picture and as printer bytes. All three draw the same `devices.layout.Page`."""
