"""A receipt printer on a line: a paper gets there once, and "printed" is what the printer said, never that the bytes went.

check       is it there and ready? If not, nothing is sent, and the paper may be tried for ever.
deliver     sending ─▶ awaiting ─▶ done: each step is on disk before the next begins.
            A fault on the way is waited for; nothing is sent twice. What cannot be told any more is unknown.
kick        the drawer, at once: before papers, between two commands of one, and while one waits for its roll.
rest        between papers: how is it, and is the line there?
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app import log
from app.domain.errors import Unavailable
from app.domain.receipt import DrawerPulse, ReceiptDocument
from app.service.devices import Condition, PrinterState
from devices.printer.connection import PrinterConnection, Timing
from devices.printer.fence import fence_bytes, fence_number, is_passed
from devices.printer.pieces import pieces
from devices.printer.port import Steps
from devices.printer.recovery import clear, settle
from devices.profile import Fence, PrinterProfile
from devices.transport.address import open_transport
from devices.transport.port import Disconnected, Transport

if TYPE_CHECKING:
    from PIL import Image

CHUNK: Final = 2048
REAL_TIME_OFF: Final = b"\x1d(D\x03\x00\x14\x01\x00"
INITIALISE: Final = b"\x1b@"
CONDITIONS: Final = {"printer_silent": Condition.OFFLINE, "printer_offline": Condition.OFFLINE}
NO_IMAGES: Final[Mapping[str, Image.Image]] = {}


class ReceiptPrinter:
    """Implements :class:`devices.printer.port.LinePrinter` for one profile."""

    def __init__(
        self,
        profile: PrinterProfile,
        *,
        timing: Timing | None = None,
        open_line: Callable[[str], Transport] = open_transport,
        images: Mapping[str, Image.Image] = NO_IMAGES,
    ) -> None:
        self._profile = profile
        self._timing = timing or Timing()
        self._connection = PrinterConnection(open_line(profile.address), profile, self._timing)
        self._images = images
        self._back_off = 0.0
        self._try_again_at = 0.0
        self._is_guarded = False
        self._is_distrusted = False
        self.state = PrinterState(profile.name, profile.address)

    # --- before a paper ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Be ready for a paper. Raises Unavailable with the code of what is in the way; nothing was sent then."""
        try:
            if not self._connection.is_open:
                self._connect()
            self._ask()
            if self._profile.answers_status and self._connection.status.fault:
                raise Unavailable(self._connection.status.fault)
            if self._is_distrusted:
                if not settle(self._connection, self._profile, self._timing):
                    raise Unavailable("printer_silent")
                self._is_distrusted = False
        except Disconnected as gone:
            raise self._lost(gone) from gone

    def distrust(self) -> None:
        """An earlier paper may have broken off: before the next one, nothing of it is left in the printer."""
        self._is_distrusted = True

    def encode(self, document: ReceiptDocument) -> bytes:
        """The paper's bytes. The drawer is never among them: it has its own way."""
        nodes = tuple(node for node in document.nodes if not isinstance(node, DrawerPulse))
        return encoded(replace(document, nodes=nodes), self._profile, self._images)

    # --- the paper ---------------------------------------------------------------------------------------------------

    def deliver(self, job_id: int, paper: bytes, steps: Steps) -> None:
        """Bring one paper to its end, or to the question whether it came out. Raises Abandoned."""
        delivery = _Delivery(self, self._connection, self._profile, self._timing, job_id, steps)
        self._is_guarded = REAL_TIME_OFF in paper
        if self._is_guarded:
            paper += INITIALISE  # the drawer's pulse works at once again
        try:
            if not delivery.run(paper):
                self.distrust()
        except Disconnected as gone:
            lost = self._lost(gone)
            if not delivery.end_without(lost.code, gone):
                self.distrust()
        except BaseException:
            self.distrust()
            self._connection.close()  # what still lies in the line must not come out later
            raise
        finally:
            self._is_guarded = False

    # --- the drawer --------------------------------------------------------------------------------------------------

    def kick(self) -> None:
        """Give the drawer its pulse now, or raise Unavailable: a pulse that waits for paper would come under nobody's eyes."""
        try:
            if not self._connection.is_open:
                self._connect()
            at_once = self._profile.kicks_at_once and not self._is_guarded
            if not at_once and self._profile.answers_status:
                fault = self._connection.ask().fault
                if fault:
                    raise Unavailable(fault)
            pulse = real_time_pulse(self._profile) if at_once else pulse_in_line(self._profile)
            if self._connection.write(pulse, self._timing.answer_seconds, is_urgent=at_once) < len(pulse):
                raise Unavailable("printer_stalled")
        except Disconnected as gone:
            raise self._lost(gone) from gone

    def pass_on(self, data: bytes) -> None:
        """Bytes for what hangs behind the printer, such as a customer display. What cannot go now is lost."""
        if self._connection.is_open and not self._connection.status.fault:
            try:
                self._connection.write(data, self._timing.answer_seconds)
            except Disconnected as gone:
                self._lost(gone)

    # --- between papers ----------------------------------------------------------------------------------------------

    def rest(self) -> float:
        """Look after the line; returns after how many seconds to do so again. Never raises."""
        try:
            if not self._connection.is_open:
                if time.monotonic() < self._try_again_at:
                    return self._try_again_at - time.monotonic()
                self._connect()
            self._connection.listen(0.0)
            self._ask()
        except Disconnected as gone:
            self._lost(gone)
            return max(0.0, self._try_again_at - time.monotonic())
        return self._timing.idle_seconds

    def close(self) -> None:
        self._connection.close()

    def show(self, code: str = "") -> None:
        """Say how it is, for the lamp: a code of the caller's, or what the printer itself said last."""
        status, knows = self._connection.status, self._profile.answers_status
        code = code or (status.fault if knows else "")
        condition = CONDITIONS.get(code, Condition.FAULT) if code else Condition.READY
        if knows and not code and status.warning:
            code, condition = status.warning, Condition.WARNING
        level = status.drawer_level if knows and not status.is_silent else None
        self.state = PrinterState(self._profile.name, self._profile.address, condition, code, level)

    def _connect(self) -> None:
        if time.monotonic() < self._try_again_at:
            raise Disconnected(self.state.code.removeprefix("printer_") or "missing")
        self._connection.open()
        if self._is_distrusted:
            clear(self._connection, self._timing)
        self._back_off = 0.0
        log.printer.info("connected to %s", self._profile.address)

    def _ask(self) -> None:
        if self._profile.answers_status and self._connection.can_read:
            self._connection.ask()
        self.show()

    def _lost(self, gone: Disconnected) -> Unavailable:
        """Note that the line is gone and when to try again."""
        self._connection.close()
        timing = self._timing
        if time.monotonic() >= self._try_again_at:
            self._back_off = min(
                self._back_off * 2 or timing.back_off_first_seconds, timing.back_off_most_seconds
            )
            self._try_again_at = time.monotonic() + self._back_off
        code = f"printer_{gone.reason}"
        self.state = PrinterState(self._profile.name, self._profile.address, Condition.OFFLINE, code)
        return Unavailable(code, address=self._profile.address)


class _Delivery:
    """One paper on its way. ``sent`` counts what the line took of it, its fence included."""

    def __init__(
        self,
        printer: ReceiptPrinter,
        connection: PrinterConnection,
        profile: PrinterProfile,
        timing: Timing,
        job_id: int,
        steps: Steps,
    ) -> None:
        self._printer = printer
        self._connection = connection
        self._profile = profile
        self._timing = timing
        self._steps = steps
        self._fence = profile.fence if connection.can_read else Fence.NONE
        self._fence_id = 0 if self._fence is Fence.NONE else fence_number(job_id)
        self._sent = 0

    def run(self, paper: bytes) -> bool:
        """Whether nothing of it can be left in the printer."""
        self._connection.forget()
        self._note("sending")
        if not self._connection.can_read:
            self._sent = self._connection.write(paper, self._timing.submit_seconds)
            self._note("submitted" if self._sent == len(paper) else "unknown")
            return True
        for piece in pieces(paper):
            self._send(piece)
            self._steps.breathe()
        self._send(fence_bytes(self._fence, self._fence_id))
        self._note("awaiting")
        outcome = self._outcome()
        self._note(outcome)
        return outcome != "unknown"

    def end_without(self, code: str, gone: Disconnected) -> bool:
        """The line went away. What surely had not begun may be tried again (True); of anything else nobody knows the end."""
        self._sent += gone.sent
        nothing_went = self._sent == 0 and gone.reason != "timeout"
        self._note("held" if nothing_went else "unknown", code)
        return nothing_went

    def _note(self, state: str, detail: str = "") -> None:
        self._steps.note(state, detail, bytes_sent=self._sent, fence_id=self._fence_id)

    # --- sending -----------------------------------------------------------------------------------------------------

    def _send(self, piece: bytes) -> None:
        """Hand over one piece whole. A printer that takes nothing is waited for, and goes on where it stopped."""
        taken_at = time.monotonic()
        while piece:
            went = self._connection.write(piece[:CHUNK], self._timing.listen_seconds)
            self._sent += went
            piece = piece[went:]
            if went:
                taken_at = time.monotonic()
                self._note("sending")
                continue
            self._connection.listen(0.0)
            self._wait_for_room(time.monotonic() - taken_at)

    def _wait_for_room(self, seconds: float) -> None:
        fault = self._connection.status.fault if self._profile.pushes_status else ""
        fault = "" if fault == "printer_silent" else fault
        if fault or seconds >= self._timing.stall_seconds:
            code = fault or "printer_stalled"
            self._note("waiting", code)
            self._printer.show(code)
        if not fault and seconds >= self._timing.give_up_seconds:
            raise Disconnected("timeout")
        self._steps.breathe(is_between_commands=False)

    # --- waiting for the fence ---------------------------------------------------------------------------------------

    def _outcome(self) -> str:
        """The paper's end: done, submitted or unknown. A reported fault is waited for without end; silence and denial are not."""
        timing = self._timing
        well_since = heard_at = time.monotonic()
        asked_at = 0.0
        while not self._is_passed():
            now = time.monotonic()
            if not self._profile.answers_status and self._fence is Fence.NONE:
                return "submitted"
            if self._profile.answers_status and now - asked_at >= timing.poll_seconds:
                fault = self._connection.ask().fault
                now = asked_at = time.monotonic()
                is_silent = fault == "printer_silent"
                heard_at = heard_at if is_silent else now
                well_since = now if fault else well_since
                if not is_silent or now - heard_at >= timing.silence_seconds:
                    self._tell(fault)
                if not fault and self._fence is Fence.NONE:
                    return "submitted"
            if now - heard_at >= timing.give_up_seconds or now - well_since >= timing.fence_seconds:
                return "unknown"
            self._steps.breathe()
        self._printer.show()
        return "done"

    def _is_passed(self) -> bool:
        replies = self._connection.listen(self._timing.listen_seconds)
        return any(is_passed(self._fence, self._fence_id, reply) for reply in replies)

    def _tell(self, fault: str) -> None:
        self._note("waiting" if fault else "awaiting", fault)
        self._printer.show(fault)


def encoded(
    document: ReceiptDocument, profile: PrinterProfile, images: Mapping[str, Image.Image] = NO_IMAGES
) -> bytes:
    """The document as this printer gets it: as text where its own font was chosen, as a picture otherwise."""
    if profile.codec != "none":
        from devices.render.native import encode_native

        return encode_native(document, profile, images)
    from devices.render.escpos import render_escpos

    return render_escpos(document, profile, images)


def real_time_pulse(profile: PrinterProfile) -> bytes:
    """``DLE DC4 1 m t``: t counts tenths of a second, 1 to 8."""
    tenths = min(8, max(1, round(profile.drawer_on_milliseconds / 100)))
    return bytes((0x10, 0x14, 1, 0 if profile.drawer_pin == 2 else 1, tenths))


def pulse_in_line(profile: PrinterProfile) -> bytes:
    """``ESC p m t1 t2``: times in units of 2 ms."""
    times = (profile.drawer_on_milliseconds // 2, profile.drawer_off_milliseconds // 2)
    return bytes((0x1B, 0x70, 0 if profile.drawer_pin == 2 else 1, *times))
