"""A printer of the USB printer class, through libusb. On Windows that needs a WinUSB driver: prefer the system's queue there.

One packet goes at a time, because a packet was taken whole or not at all: after a larger piece that timed out nobody knows how much of it
the printer has. Written after the USB printer class; no device of it was at hand to run it against.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any, Final

from devices.transport.port import Disconnected
from devices.transport.reason import reason_of

PRINTER_CLASS: Final = 7
PACKET_MS: Final = 200
_IN: Final = 0x80


def find_printer(vendor: int, product: int, serial_number: str) -> Any:
    """The device, or None. Raises Disconnected("unsupported") without libusb, "denied" when it may not be looked at."""
    import usb.core

    def is_it(device: Any) -> bool:
        return not serial_number or device.serial_number == serial_number

    try:
        return usb.core.find(idVendor=vendor, idProduct=product, custom_match=is_it)
    except usb.core.NoBackendError as error:
        raise Disconnected("unsupported") from error
    except (
        OSError,
        ValueError,
    ) as error:  # a device whose text may not be read has no serial number to compare
        raise Disconnected("denied") from error


class UsbTransport:
    """Implements :class:`devices.transport.port.Transport`."""

    def __init__(
        self,
        vendor: int,
        product: int,
        serial_number: str = "",
        *,
        find: Callable[[int, int, str], Any] = find_printer,
    ) -> None:
        self._id = (vendor, product, serial_number)
        self._find = find
        self._device: Any = None
        self._interface: Any = None
        self._out: Any = None
        self._in: Any = None
        self._had_driver = False

    @property
    def address(self) -> str:
        vendor, product, serial_number = self._id
        return f"usb:{vendor:04x}:{product:04x}" + (f":{serial_number}" if serial_number else "")

    @property
    def can_read(self) -> bool:
        return True

    @property
    def is_open(self) -> bool:
        return self._device is not None

    def open(self, timeout: float = 3.0) -> None:
        self.close()
        device = self._find(*self._id)
        if device is None:
            raise Disconnected("missing")
        try:
            self._interface = _printer_interface(device)
            if self._interface is None:
                raise Disconnected("unsupported")
            self._claim(device)
        except (OSError, ValueError) as error:
            raise Disconnected(reason_of(error) if isinstance(error, OSError) else "denied") from error
        self._device = device

    def _claim(self, device: Any) -> None:
        import usb.util

        number = self._interface.bInterfaceNumber
        with contextlib.suppress(RuntimeError):  # only Linux has a driver to take away
            self._had_driver = device.is_kernel_driver_active(number)
            if self._had_driver:
                device.detach_kernel_driver(number)
        usb.util.claim_interface(device, number)
        endpoints = list(self._interface)
        self._out = next((one for one in endpoints if not one.bEndpointAddress & _IN), None)
        self._in = next((one for one in endpoints if one.bEndpointAddress & _IN), None)
        if self._out is None:
            raise Disconnected("unsupported")

    def write(self, data: bytes, timeout: float) -> int:
        self._opened()
        packet = self._out.wMaxPacketSize
        sent = 0
        deadline = time.monotonic() + timeout
        while sent < len(data) and time.monotonic() < deadline:
            sent += self._write_packet(data[sent : sent + packet], sent)
        return sent

    def _write_packet(self, packet: bytes, sent: int) -> int:
        import usb.core

        try:
            return int(self._out.write(packet, PACKET_MS))
        except usb.core.USBTimeoutError:
            return 0
        except OSError as error:
            self.close()
            raise Disconnected(reason_of(error), sent=sent) from error

    def read(self, size: int, timeout: float) -> bytes:
        import usb.core

        self._opened()
        if self._in is None:
            return b""
        try:
            # A read shorter than a packet would overflow.
            return bytes(self._in.read(max(size, self._in.wMaxPacketSize), max(1, int(timeout * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except OSError as error:
            self.close()
            raise Disconnected(reason_of(error)) from error

    def close(self) -> None:
        device, self._device = self._device, None
        if device is None:
            return
        import usb.util

        with contextlib.suppress(OSError, ValueError, RuntimeError):
            usb.util.release_interface(device, self._interface.bInterfaceNumber)
            if self._had_driver:
                device.attach_kernel_driver(self._interface.bInterfaceNumber)
        with contextlib.suppress(OSError, ValueError):
            usb.util.dispose_resources(device)

    def _opened(self) -> None:
        if self._device is None:
            raise Disconnected("gone")


def _printer_interface(device: Any) -> Any:
    for configuration in device:
        for interface in configuration:
            if interface.bInterfaceClass == PRINTER_CLASS:
                return interface
    return None
