"""Lines to devices: serial, TCP, USB, the system's spooler, a file. Each is one :class:`devices.transport.port.Transport`."""
