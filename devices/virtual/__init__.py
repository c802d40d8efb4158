"""Devices made of software, for tests, the demo and training: they speak over real pseudo-terminals and sockets, and can fail."""
