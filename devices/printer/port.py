"""What the spool wants of a printer, and what a printer wants of the spool. Two kinds of printer, because two kinds of truth:

Printer        takes a paper whole and knows at once what became of it (a folder)
LinePrinter    sits on a line: may be missing, may run out of paper half-way, and says itself when it has printed
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from app.domain.receipt import ReceiptDocument
    from app.service.devices import PrinterState
    from app.service.ports import PrintJob


class Printer(Protocol):
    """Takes one paper, drawer and all. Returns the job's new state, or raises Unavailable when nothing was sent."""

    def print(self, job: PrintJob, document: ReceiptDocument) -> str: ...


@runtime_checkable
class LinePrinter(Protocol):
    """Everything is called on the spool's thread."""

    @property
    def state(self) -> PrinterState: ...

    def check(self) -> None:
        """Raises Unavailable with the code of what is in the way; nothing was sent then."""
        ...

    def distrust(self) -> None:
        """An earlier paper may have broken off: before the next one, nothing of it is left in the printer."""
        ...

    def encode(self, document: ReceiptDocument) -> bytes: ...

    def deliver(self, job_id: int, paper: bytes, steps: Steps) -> None:
        """Bring one paper to its end. Raises Abandoned."""
        ...

    def kick(self) -> None:
        """Open the drawer now, or raise Unavailable."""
        ...

    def pass_on(self, data: bytes) -> None:
        """Bytes for what hangs behind the printer. What cannot go now is lost."""
        ...

    def rest(self) -> float:
        """Look after the line; returns after how many seconds to do so again. Never raises."""
        ...

    def close(self) -> None: ...


class Steps(Protocol):
    """What becomes of one paper, told by whoever delivers it."""

    def note(self, state: str, detail: str = "", *, bytes_sent: int = 0, fence_id: int = 0) -> None:
        """Put the state on disk where it is another one. Raises Abandoned when a person decided otherwise meanwhile."""
        ...

    def breathe(self, *, is_between_commands: bool = True) -> None:
        """A moment for whatever else is due; between two commands also for the drawer. Raises Abandoned when the paper shall not go on."""
        ...


class Abandoned(Exception):
    """The paper that is under way goes no further: the till closes, or somebody cancelled it."""
