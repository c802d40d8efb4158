from __future__ import annotations

import pytest

from app.domain.errors import Refused
from devices.transport.address import open_transport


@pytest.mark.parametrize(
    ("typed", "shown", "can_read"),
    [
        ("serial:/dev/ttyUSB0?baud=115200&flow=rtscts", "serial:/dev/ttyUSB0?baud=115200&flow=rtscts", True),
        ("serial:COM3", "serial:COM3", True),
        ("serial:067b:2303:A1234?baud=19200", "serial:067b:2303:A1234?baud=19200", True),
        (" tcp://192.168.1.50:9100 ", "tcp://192.168.1.50:9100", True),
        ("tcp://printer.local", "tcp://printer.local:9100", True),
        ("tcp:192.168.1.50", "tcp://192.168.1.50:9100", True),
        ("tcp://[fe80::1]:9100", "tcp://[fe80::1]:9100", True),
        ("usb:04b8:0e15", "usb:04b8:0e15", True),
        ("usb:04B8:0E15:J9TF", "usb:04b8:0e15:J9TF", True),
        ("cups:Receipts", "cups:Receipts", False),
        ("winspool:EPSON TM-T82", "winspool:EPSON TM-T82", False),
        ("file:/folder", "file:/folder", False),
        ("memory:test", "memory:test", True),
    ],
)
def test_an_address_names_its_line(typed: str, shown: str, can_read: bool) -> None:
    line = open_transport(typed)
    assert (line.address, line.can_read, line.is_open) == (shown, can_read, False)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "printer",
        "tcp:",
        "tcp://",
        "tcp://host:70000",
        "tcp://host:0",
        "tcp://host/path",
        "usb:1",
        "ftp://x",
        "serial:",
        "x" * 400,
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_opened(typed: str) -> None:
    with pytest.raises(Refused, match="device_address"):
        open_transport(typed)


@pytest.mark.parametrize(
    "option", ["baud=7", "baud=fast", "flow=maybe", "parity=x", "bits=9", "stop=3", "colour=red"]
)
def test_a_mistyped_option_of_a_serial_line_is_refused_by_its_name(option: str) -> None:
    with pytest.raises(Refused, match="device_option") as refused:
        open_transport(f"serial:/dev/ttyS0?{option}")
    assert refused.value.fields == {"option": option}
