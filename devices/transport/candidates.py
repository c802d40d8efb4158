"""What is connected to this computer and may be a printer. Nothing is opened; a printer in the network is typed as an address."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from app.service.devices import Candidate
from devices.transport.cups import queues
from devices.transport.usb_printer import PRINTER_CLASS

BY_ID: Final = Path("/dev/serial/by-id")
CANDIDATES_MAX: Final = 64


def candidates(by_id: Path = BY_ID) -> tuple[Candidate, ...]:
    """Serial ports, printers of the USB printer class, and the system's queues, each by the name that outlives replugging."""
    found = [*serial_ports(by_id), *usb_printers(), *system_queues()]
    return tuple(found[:CANDIDATES_MAX])


def serial_ports(by_id: Path = BY_ID) -> Iterator[Candidate]:
    """Ports with a name of their own by that name, the others by their path."""
    from serial.tools import list_ports

    links = sorted(by_id.iterdir()) if by_id.is_dir() else []
    named = {str(link.resolve()): link for link in links}
    ports = {str(port.device): port for port in list_ports.comports()}
    for device in sorted({*named, *ports}):
        port, link = ports.get(device), named.get(device)
        described = port is not None and port.description not in (None, "n/a")
        label = str(port.description) if port is not None and described else Path(device).name
        yield Candidate("serial", label, f"serial:{link or _lasting_name(port) or device}")


def _lasting_name(port: Any) -> str:
    """Vendor, product and serial number, where the port has all of them and no link by its name."""
    if port is None or port.vid is None or not port.serial_number:
        return ""
    return f"{port.vid:04x}:{port.pid:04x}:{port.serial_number}"


def usb_printers() -> Iterator[Candidate]:
    """Devices of the printer class; none where libusb is missing or may not look."""
    import usb.core

    try:
        found = tuple(usb.core.find(find_all=True, custom_match=is_printer) or ())
    except (OSError, ValueError):  # NoBackendError is a ValueError
        return
    for device in found:
        address = f"usb:{device.idVendor:04x}:{device.idProduct:04x}"
        product, serial_number = _text_of(device, "product"), _text_of(device, "serial_number")
        yield Candidate("usb", product or address, address + (f":{serial_number}" if serial_number else ""))


def is_printer(device: Any) -> bool:
    try:
        return any(interface.bInterfaceClass == PRINTER_CLASS for setting in device for interface in setting)
    except OSError:
        return False


def _text_of(device: Any, name: str) -> str:
    """What the device says of itself, where it may be asked."""
    try:
        return str(getattr(device, name) or "")
    except (OSError, ValueError):
        return ""


def system_queues() -> Iterator[Candidate]:
    if sys.platform == "win32":
        from devices.transport.winspool import printers

        yield from (Candidate("system", name, f"winspool:{name}") for name in printers())
    else:
        yield from (Candidate("system", name, f"cups:{name}") for name in queues())
