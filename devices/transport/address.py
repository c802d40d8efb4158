"""How a person names a device, and the line it stands for. What is mistyped is refused here, before anything is opened.

serial:/dev/serial/by-id/usb-EPSON_TM-T82-if00?baud=115200&flow=rtscts      a port by its path (COM3 on Windows)
serial:067b:2303:A1234?baud=19200                                           a port by vendor, product and serial number
tcp://192.168.1.50:9100                                                     a printer in the network
usb:04b8:0e15 or usb:04b8:0e15:J9TF012345                                   the USB printer class
cups:Receipts   winspool:EPSON TM-T82                                       a queue of the operating system
file:/folder                                                                every paper becomes a file
memory:name                                                                 for tests
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from app.domain.errors import Refused

if TYPE_CHECKING:
    from devices.transport.port import Transport

SCHEMES: Final = ("serial", "tcp", "usb", "cups", "winspool", "file", "memory")
PRINTER_PORT: Final = 9100
ADDRESS_CHARACTERS_MAX: Final = 300
_USB: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::(.+))?")
_HOST: Final = re.compile(r"[0-9A-Za-z._:%-]+")


def open_transport(address: str) -> Transport:
    """The line of an address, not opened yet. Raises Refused("device_address" | "device_option") for what cannot be one.

    Only the chosen kind is imported: a till with a printer in the network loads no serial port.
    """
    address = address.strip()
    scheme, separator, rest = address.partition(":")
    rest = rest.strip()
    if not separator or not rest or len(address) > ADDRESS_CHARACTERS_MAX:
        raise Refused("device_address", address=address)
    match scheme.lower():
        case "serial":
            return _serial(address, rest)
        case "tcp":
            return _tcp(address)
        case "usb":
            return _usb(address, rest)
        case "cups":
            from devices.transport.cups import CupsTransport

            return CupsTransport(rest)
        case "winspool":
            from devices.transport.winspool import WinspoolTransport

            return WinspoolTransport(rest)
        case "file":
            from devices.transport.folder import FolderTransport

            return FolderTransport(Path(rest.removeprefix("//")))
        case "memory":
            from devices.transport.memory import MemoryTransport

            return MemoryTransport(rest)
        case _:
            raise Refused("device_address", address=address)


def _serial(address: str, rest: str) -> Transport:
    from devices.transport.serial_port import SerialSettings, SerialTransport

    port, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if not port:
        raise Refused("device_address", address=address)
    return SerialTransport(address, port, SerialSettings.from_options(options))


def _tcp(address: str) -> Transport:
    from devices.transport.tcp import TcpTransport

    try:
        parts = urlsplit(address if "//" in address else address.replace(":", "://", 1))
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("device_address", address=address) from error
    if not host or not _HOST.fullmatch(host) or port == 0 or parts.path.strip("/"):
        raise Refused("device_address", address=address)
    return TcpTransport(host, port or PRINTER_PORT)


def _usb(address: str, rest: str) -> Transport:
    from devices.transport.usb_printer import UsbTransport

    found = _USB.fullmatch(rest)
    if found is None:
        raise Refused("device_address", address=address)
    vendor, product, serial_number = found.groups()
    return UsbTransport(int(vendor, 16), int(product, 16), serial_number or "")
