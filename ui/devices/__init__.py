"""The counter's devices on the screen: the lamp, the strip on the sale screen, the list with its tests, and the sheets that set one up."""
