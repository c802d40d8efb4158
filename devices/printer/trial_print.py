"""One paper to one address, without books: what the command line prints to see whether a printer works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.domain.errors import Unavailable
from app.domain.receipt import ReceiptDocument
from devices.printer.connection import Timing
from devices.printer.line_printer import ReceiptPrinter
from devices.printer.wizard import Bench
from devices.profile import PAPER_58MM, PAPER_80MM, PrinterProfile, from_setting
from devices.transport.address import open_transport
from devices.transport.port import Transport

GIVE_UP: Final = Timing(give_up_seconds=20.0)


@dataclass(frozen=True, slots=True)
class Ended:
    """How it went: done, submitted or unknown."""

    state: str
    bytes_sent: int
    fence: str


def print_once(
    document: ReceiptDocument,
    address: str,
    *,
    paper: str = "80",
    codec: str = "none",
    timing: Timing = GIVE_UP,
    open_line: Callable[[str], Transport] = open_transport,
) -> Ended:
    """Ask the printer what it can, print, and wait for its word. Raises Refused for the address, Unavailable for the printer."""
    profile = replace(_profile(address, paper, open_line), codec=codec)
    if address.startswith("file:"):
        _picture(document, profile, Path(address.removeprefix("file:").removeprefix("//")))
    printer = ReceiptPrinter(profile, timing=timing, open_line=open_line)
    steps = _LastStep()
    try:
        printer.check()
        printer.deliver(1, printer.encode(document), steps)
    finally:
        printer.close()
    if steps.state == "held":
        raise Unavailable(steps.detail, address=address)
    return Ended(steps.state, steps.bytes_sent, profile.fence.value)


def _profile(address: str, paper: str, open_line: Callable[[str], Transport]) -> PrinterProfile:
    size = PAPER_80MM if paper == "80" else PAPER_58MM
    transport = open_line(address)
    if not transport.can_read:
        return replace(size, address=transport.address)
    trial = Bench(open_line=open_line).begin(address)
    try:
        trial.probe()
        found = from_setting(trial.finish("test"))
    finally:
        trial.close()
    assert found is not None
    return replace(found, dots=size.dots, columns=size.columns, cutter=size.cutter)


def _picture(document: ReceiptDocument, profile: PrinterProfile, folder: Path) -> None:
    """Whoever prints into a folder wants to look at it."""
    from devices.render.raster import render_image, to_png

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test.png").write_bytes(to_png(render_image(document, profile)))


class _LastStep:
    """Implements :class:`devices.printer.port.Steps`; remembers the last one."""

    def __init__(self) -> None:
        self.state = ""
        self.detail = ""
        self.bytes_sent = 0

    def note(self, state: str, detail: str = "", *, bytes_sent: int = 0, fence_id: int = 0) -> None:
        self.state, self.detail, self.bytes_sent = state, detail, bytes_sent

    def breathe(self, *, is_between_commands: bool = True) -> None:
        pass
