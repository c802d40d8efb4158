"""A receipt printer made of software: it understands ESC/POS, answers as Epson's do, and can be made to fail.

It takes bytes at the speed of its line into a buffer and carries them out one command at a time. Real-time commands overtake the buffer;
everything else waits while the paper is out, the cover open or the cutter jammed, and so do the answers behind it (GS r, GS ( H). What it
does not understand is in :attr:`VirtualPrinter.complaints`, never on the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import ClassVar, Final

from devices.virtual import escpos
from devices.virtual.device import VirtualDevice
from devices.virtual.display import DisplayFace
from devices.virtual.drawer import Kick, VirtualDrawer
from devices.virtual.escpos import Command, CommandStream
from devices.virtual.head import Complaint, Head
from devices.virtual.line import Line, TcpLine
from devices.virtual.paper import Paper
from devices.virtual.real_time import RealTimeScanner
from devices.virtual.replies import Replies, ReplyStyle
from devices.virtual.rom import Rom
from devices.virtual.status import NOT_READING, STOPPING, Condition, Fault

BUFFER_BYTES: Final = 65_536
XON: Final = b"\x11"
XOFF: Final = b"\x13"
PAPERS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Build:
    """What one printer is like. ``codec`` is its ROM's; ``knows_process_id``: it answers GS ( H; ``answers``: it answers anything.

    ``buffer_bytes`` is what it takes while it is stopped: many have no more than 4,096, and then its status cannot be asked for either.
    ``feed_units_per_dot`` is what a feed unit is without GS P: 2 on Epson's, 1 on many others.
    """

    dots: int = 576
    dots_per_inch: int = 203
    codec: str = "none"
    has_cutter: bool = True
    knows_process_id: bool = True
    answers: bool = True
    buffer_bytes: int = BUFFER_BYTES
    feed_units_per_dot: int = 2
    model: str = "VIRTUAL"


@dataclass(slots=True)
class _Pending:
    """A fault that comes later: at this byte of what is received, or at this row of paper."""

    fault: Fault
    at_byte: int | None = None
    at_row: int | None = None


class VirtualPrinter(VirtualDevice):
    """Use `on_pty` or `on_tcp` with the fields of `Build` by name, and ``drawer=`` or ``display=`` for one of your own.

    ``drawer`` is on its drawer socket and ``display`` is the customer display behind it (ESC =).
    """

    THREAD_NAME: ClassVar[str] = "virtual-printer"

    def __init__(
        self,
        line: Line,
        *,
        baud: int | None = None,
        drawer: VirtualDrawer | None = None,
        display: DisplayFace | None = None,
        **build: object,
    ) -> None:
        self.build = Build(**build)  # type: ignore[arg-type]
        self.drawer = drawer or VirtualDrawer()
        self.display = display or DisplayFace()
        self.drawer.on_change = lambda: self.ask(self._tell_change)
        self._stream = CommandStream()
        self._head = self._new_head()
        self._real_time = RealTimeScanner()
        self._replies = Replies()
        self._faults: frozenset[Fault] = frozenset()
        self._pending: list[_Pending] = []
        self._papers: list[Paper] = []
        self._commands: list[str] = []
        self._all_commands: list[Command] = []
        self._complaints: list[Complaint] = []
        self._kicks: list[Kick] = []
        self._rows = 0
        self._asb_mask = 0
        self._last_watched: tuple[bool, ...] = ()
        self._is_pulse_off = False
        super().__init__(line, baud=baud)

    # What came of it.

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The finished papers, oldest first."""
        with self._changed:
            return tuple(self._papers)

    @property
    def strip(self) -> Paper:
        """The paper that still hangs in the printer."""
        return self.ask(lambda: Paper(self.build.dots, tuple(self._head.strips), tuple(self._commands)))

    @property
    def kicks(self) -> tuple[Kick, ...]:
        with self._changed:
            return tuple(self._kicks)

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """What it was sent and did not understand; empty is what every test wants."""
        return self.ask(lambda: (*self._complaints, *self._head.complaints))

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command it carried out since it was made."""
        with self._changed:
            return tuple(self._all_commands)

    @property
    def waiting_bytes(self) -> int:
        """What is in the buffer and has not been carried out."""
        return len(self._stream)

    def wait_for_papers(self, count: int, timeout: float = 10.0) -> bool:
        return self.wait_until(lambda: len(self._papers) >= count, timeout)

    def wait_for_bytes(self, count: int, timeout: float = 10.0) -> bool:
        return self.wait_until(lambda: self._received_bytes >= count, timeout)

    # What a test or a person does to it.

    @property
    def faults(self) -> frozenset[Fault]:
        return self._faults

    def set_fault(
        self, fault: Fault, *, after_bytes: int | None = None, after_rows: int | None = None
    ) -> None:
        """In force when this returns, or when so many more bytes have come or rows been printed."""

        def do() -> None:
            if after_bytes is None and after_rows is None:
                self._change_faults(self._faults | {fault})
                return
            at_byte = None if after_bytes is None else self._received_bytes + after_bytes
            at_row = None if after_rows is None else self._rows + after_rows
            self._pending.append(_Pending(fault, at_byte, at_row))

        self.ask(do)

    def clear_fault(self, fault: Fault) -> None:
        """A new roll, the cover shut, the jam removed: what waited goes on."""
        self.ask(lambda: self._change_faults(self._faults - {fault}))

    def clear_faults(self) -> None:
        def do() -> None:
            self._pending.clear()
            self._change_faults(frozenset())

        self.ask(do)

    def set_reply_style(self, style: ReplyStyle) -> None:
        """Answers whole, byte by byte, or held back until they can go out with the next ones."""
        self.ask(lambda: self._set_reply_style(style))

    def power_cycle(self) -> None:
        """Off and on: the buffer and all settings are lost, and the paper stays as far as it was printed."""
        self.ask(self._power_cycle)

    def tear_off(self) -> None:
        """Take the paper that hangs in the printer."""
        self.ask(lambda: self._finish("torn"))

    # On the device's thread.

    def _is_reading(self) -> bool:
        if self._faults & NOT_READING:
            return False
        return not self._is_stopped or len(self._stream) < self.build.buffer_bytes

    def _read_size(self) -> int:
        size = super()._read_size()
        if self._is_stopped:
            size = max(1, min(size, self.build.buffer_bytes - len(self._stream)))
        due = [p.at_byte - self._received_bytes for p in self._pending if p.at_byte is not None]
        return max(1, min([size, *due]))

    def _take(self, data: bytes) -> None:
        for piece, request in self._real_time.feed(data):
            self._stream.feed(piece)
            self._carry_out()
            if request:
                self._answer_real_time(request)
        self._break_what_is_due()
        self._carry_out()

    def _tick(self, now: float) -> float | None:
        if not self._line.is_plugged:
            return None
        data, next_at = self._replies.due(now)
        for part in data:
            self._say(part)
        return next_at

    @property
    def _is_stopped(self) -> bool:
        return bool(self._faults & STOPPING)

    def _condition(self) -> Condition:
        return Condition(self._faults, self.drawer.level)

    def _carry_out(self) -> None:
        while not self._is_stopped and (command := self._stream.next()) is not None:
            self._all_commands.append(command)
            self._commands.append(command.name)
            self._do(command)
            self._break_what_is_due()

    def _do(self, command: Command) -> None:
        data = command.arguments
        count = len(self._head.strips)
        match command.name:
            case "GS r":
                self._answer(self._condition().transmitted(data[0]))
            case "GS a":
                self._watch(data[0])
            case "GS I":
                self._answer(self._identity(data[0]))
            case "GS ( H" if data[:2] == b"00":
                if self.build.knows_process_id:
                    self._answer(b"\x37\x22" + data[2:6] + b"\x00")
            case "GS ( D":
                self._is_pulse_off = data == b"\x14\x01\x00"
            case "ESC u":
                self._answer(self._condition().transmitted(2))
            case "ESC v":
                self._answer(self._condition().transmitted(1))
            case "ESC p":
                self._kick(data[0], data[1], data[2])
            case "GS V" | "ESC i" | "ESC m":
                self._cut(command)
            case escpos.DISPLAY:
                self.display.feed(data)
            case "ESC @":
                self._is_pulse_off = False
                self._head.reset()
            case _:
                self._head.carry_out(command)
        self._rows += sum(strip.rows for strip in self._head.strips[count:])

    def _watch(self, mask: int) -> None:
        """GS a: say now, and from now on whenever something changes."""
        self._asb_mask = mask
        self._last_watched = self._condition().watched(mask)
        if mask:
            self._answer(self._condition().automatic())

    def _kick(self, connector: int, on_time: int, off_time: int, *, is_real_time: bool = False) -> None:
        pin = 5 if connector in (1, 49) else 2
        self._kicks.append(Kick(pin, 2 * on_time, 2 * off_time, len(self._papers), is_real_time))
        self.drawer.pulse(pin)

    def _cut(self, command: Command) -> None:
        self._head.end_line(rows=0)
        if not self.build.has_cutter:
            self._complaints.append(Complaint(command.offset, command.data, "it has no cutter"))
            return
        is_full = command.name == "GS V" and command.arguments[0] in (0, 48, 65, 97)
        self._finish("full" if is_full else "partial")

    def _finish(self, cut: str) -> None:
        self._complaints += self._head.complaints
        self._head.complaints.clear()
        strips = self._head.take_strips()
        if strips or self._commands:
            self._papers.append(Paper(self.build.dots, strips, tuple(self._commands), cut))
            del self._papers[:-PAPERS_MAX]
            self._commands.clear()

    def _identity(self, kind: int) -> bytes:
        """GS I: single bytes for the first three, a name between 5F and 00 for the others."""
        match kind:
            case 1 | 49:
                return b"\x20"
            case 2 | 50:
                return bytes((0x02 | 0x01 * (self.build.codec != "none"),))
            case 3 | 51:
                return b"\x01"
            case 65 | 66 | 67 | 68 | 69:
                names = ("1.00", "REGULARS", self.build.model, "00000001", self.build.codec.upper())
                return b"\x5f" + names[kind - 65].encode("ascii") + b"\x00"
            case _:
                return b""

    def _answer_real_time(self, request: bytes) -> None:
        match request[:2], request[2:]:
            case b"\x10\x04", kind:
                self._answer(self._condition().real_time(kind[0]))
            case b"\x10\x05", b"\x02":
                self._stream.clear()
            case b"\x10\x14", pulse if pulse[:1] == b"\x01" and not self._is_pulse_off:
                self._kick(pulse[1], 50 * pulse[2], 50 * pulse[2], is_real_time=True)
            case b"\x10\x14", clear if clear[:1] == b"\x08":
                self._stream.clear()
            case _:
                pass

    def _answer(self, data: bytes) -> None:
        if data and self.build.answers and Fault.MUTE not in self._faults:
            self._replies.queue(data, monotonic())

    def _change_faults(self, faults: frozenset[Fault]) -> None:
        before, self._faults = self._faults, faults
        if Fault.XOFF in faults - before:
            self._say(XOFF)
        if Fault.XOFF in before - faults:
            self._say(XON)
        self._tell_change()
        self._carry_out()

    def _break_what_is_due(self) -> None:
        for pending in tuple(self._pending):
            is_byte_due = pending.at_byte is not None and self._received_bytes >= pending.at_byte
            if is_byte_due or (pending.at_row is not None and self._rows >= pending.at_row):
                self._pending.remove(pending)
                self._change_faults(self._faults | {pending.fault})

    def _tell_change(self) -> None:
        """The automatic status back, when something it watches is not as it was."""
        watched = self._condition().watched(self._asb_mask)
        if self._asb_mask and watched != self._last_watched:
            self._last_watched = watched
            self._answer(self._condition().automatic())

    def _set_reply_style(self, style: ReplyStyle) -> None:
        self._replies.style = style

    def _power_cycle(self) -> None:
        self._stream.clear()
        self._real_time = RealTimeScanner()
        self._replies.clear()
        self._asb_mask = 0
        self._last_watched = ()
        self._is_pulse_off = False
        self._head.reset()
        self._finish("torn")
        if isinstance(self._line, TcpLine):
            self._line.hang_up()

    def _unplug(self) -> None:
        self._replies.clear()
        super()._unplug()

    def _new_head(self) -> Head:
        build = self.build
        return Head(
            build.dots,
            Rom(build.codec),
            dots_per_inch=build.dots_per_inch,
            feed_units_per_dot=build.feed_units_per_dot,
        )
