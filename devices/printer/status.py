"""Everything that comes back from a printer, told apart byte by byte, and what it means for the cashier.

One stream carries the answers to DLE EOT, to GS r, the automatic status (four bytes), the number of a finished paper and flow control,
split and merged as the line likes. The bits are those of Epson's reference:

    x0010010 & 0x93 == 0x12   answer to DLE EOT: 1 the printer, 2 why offline, 3 errors, 4 the paper
    x0010000 & 0x93 == 0x10   first of the four bytes of the automatic status
    0xx0xxxx & 0x90 == 0      answer to GS r, or the second to fourth byte of an automatic status
    37 22 d1 d2 d3 d4 00      a paper with this number was printed (GS ( H)
    11, 13                    XON, XOFF

An answer to DLE EOT does not say which question it belongs to: only one is asked at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

XON: Final = 0x11
XOFF: Final = 0x13
BLOCK_HEAD: Final = 0x37
BLOCK_KIND: Final = 0x22
BLOCK_BYTES: Final = 4
AUTOMATIC_BYTES: Final = 4


class Paper(StrEnum):
    ENOUGH = "enough"
    NEAR_END = "near_end"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """What the printer said last. A printer that said nothing is silent: never "paper ok"."""

    is_silent: bool = False
    is_online: bool = True
    is_cover_open: bool = False
    is_stopped: bool = False  # for want of paper
    paper: Paper = Paper.ENOUGH
    has_cutter_error: bool = False
    has_error: bool = False
    needs_service: bool = False
    drawer_level: bool = False  # the drawer socket's pin 3; which level is "open" depends on the drawer

    @property
    def fault(self) -> str:
        """A code for what keeps it from printing, the most telling first; "" when nothing does."""
        if self.is_silent:
            return "printer_silent"
        if self.is_cover_open:
            return "printer_cover_open"
        if self.paper is Paper.OUT or self.is_stopped:
            return "printer_paper_out"
        if self.has_cutter_error:
            return "printer_cutter"
        if self.needs_service:
            return "printer_service"
        if self.has_error:
            return "printer_error"
        return "" if self.is_online else "printer_offline"

    @property
    def warning(self) -> str:
        """A code for what will keep it from printing soon."""
        return "printer_paper_low" if self.paper is Paper.NEAR_END else ""


SILENT: Final = PrinterStatus(is_silent=True, is_online=False)


@dataclass(frozen=True, slots=True)
class RealTime:
    """An answer to DLE EOT."""

    byte: int


@dataclass(frozen=True, slots=True)
class Transmitted:
    """An answer to GS r: it comes when everything before the question was processed."""

    byte: int


@dataclass(frozen=True, slots=True)
class Automatic:
    """The automatic status."""

    bytes: bytes


@dataclass(frozen=True, slots=True)
class Finished:
    """A paper was printed."""

    number: bytes


@dataclass(frozen=True, slots=True)
class Flow:
    """XON or XOFF, from a line whose driver hands them on."""

    is_stop: bool


Reply = RealTime | Transmitted | Automatic | Finished | Flow


class Demultiplexer:
    """Takes bytes as they come and gives whole replies. What is not understood is dropped, one byte at a time."""

    def __init__(self) -> None:
        self._automatic = bytearray()
        self._block = bytearray()

    @property
    def is_inside(self) -> bool:
        """Whether a reply has begun and its end is missing."""
        return bool(self._automatic or self._block)

    def feed(self, data: bytes) -> tuple[Reply, ...]:
        return tuple(reply for byte in data for reply in self._take(byte))

    def forget(self) -> None:
        """After silence: the rest of what had begun will not come any more."""
        self._automatic.clear()
        self._block.clear()

    def _take(self, byte: int) -> Iterator[Reply]:
        # Flow control and answers to DLE EOT are sent at once, also in the middle of another reply.
        if byte in (XON, XOFF):
            yield Flow(byte == XOFF)
        elif byte & 0x93 == 0x12:
            yield RealTime(byte)
        elif self._block:
            yield from self._take_block(byte)
        elif byte == BLOCK_HEAD:
            self._automatic.clear()
            self._block.append(byte)
        elif byte & 0x93 == 0x10:
            self._automatic[:] = bytes((byte,))
        elif byte & 0x90 == 0:
            yield from self._take_plain(byte)

    def _take_plain(self, byte: int) -> Iterator[Reply]:
        if not self._automatic:
            yield Transmitted(byte)
            return
        self._automatic.append(byte)
        if len(self._automatic) == AUTOMATIC_BYTES:
            yield Automatic(bytes(self._automatic))
            self._automatic.clear()

    def _take_block(self, byte: int) -> Iterator[Reply]:
        place = len(self._block)
        is_end = place == 2 + BLOCK_BYTES
        if (
            (place == 1 and byte != BLOCK_KIND)
            or (is_end and byte != 0)
            or (place > 1 and not is_end and byte < 0x20)
        ):
            self._block.clear()  # not a block after all: this byte begins something else
            yield from self._take(byte)
            return
        if is_end:
            yield Finished(bytes(self._block[2:]))
            self._block.clear()
            return
        self._block.append(byte)


def with_real_time(status: PrinterStatus, kind: int, byte: int) -> PrinterStatus:
    """The status after the answer to DLE EOT ``kind``."""
    status = replace(status, is_silent=False)
    match kind:
        case 1:
            return replace(status, is_online=not byte & 0x08, drawer_level=bool(byte & 0x04))
        case 2:
            return replace(
                status,
                is_cover_open=bool(byte & 0x04),
                is_stopped=bool(byte & 0x20),
                has_error=bool(byte & 0x40),
            )
        case 3:
            return replace(
                status,
                has_cutter_error=bool(byte & 0x08),
                needs_service=bool(byte & 0x20),
                has_error=status.has_error or bool(byte & 0x44),
            )
        case _:
            return replace(status, paper=_paper(is_near_end=bool(byte & 0x0C), is_out=bool(byte & 0x60)))


def of_automatic(data: bytes) -> PrinterStatus:
    """The status that the four bytes of an automatic status tell."""
    first, second, third, _ = data
    return PrinterStatus(
        is_online=not first & 0x08,
        is_cover_open=bool(first & 0x20),
        paper=_paper(is_near_end=bool(third & 0x03), is_out=bool(third & 0x0C)),
        has_cutter_error=bool(second & 0x08),
        has_error=bool(second & 0x44),
        needs_service=bool(second & 0x20),
        drawer_level=bool(first & 0x04),
    )


def _paper(*, is_near_end: bool, is_out: bool) -> Paper:
    if is_out:
        return Paper.OUT
    return Paper.NEAR_END if is_near_end else Paper.ENOUGH
