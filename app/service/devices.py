"""Printers as the screens know them: how one is, in words, and the steps that set one up.

Nothing here touches hardware: the composition root hands in what does. What waits for a device says that it belongs on a worker; callbacks
come on the device's own thread.

Setting one up (`begin` and every step of the trial on a worker; nothing is assumed from a model's name):

    candidates()             what is connected; a network printer is typed as an address
    trial = begin(address)   the line is the trial's now, papers wait
    trial.probe()            does it answer, does it say by itself what changes, which fence does it know, how fast is it
    trial.print_lines()      line A in cp950, B in GB18030, C1 to C3 as pictures of three widths; all carry the number returned
    trial.take_lines(…)      what a person read right
    trial.cut() / trial.kick(pin, at_once=…)     and take_cut / take_drawer: what a person saw
    save(trial.finish(…))    from the next paper on it is the shop's printer; in any case end(trial)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.domain.authority import Right
from app.domain.errors import Refused

if TYPE_CHECKING:
    from app.domain.authority import Approval
    from app.service.counter_devices import CounterDevices
    from app.service.ports import Clock, Store
    from app.service.session import Session

PRINTER_SETTING: Final = "devices.printer"
DRAWER_SHUT_KEY: Final = "devices.drawer_shut"


class Condition(StrEnum):
    """The colour of the lamp."""

    READY = "ready"
    WARNING = "warning"  # it prints, and soon it will not
    FAULT = "fault"  # somebody must do something at the printer
    OFFLINE = "offline"  # the line is gone or silent; it is tried again by itself
    STARTING = "starting"


@dataclass(frozen=True, slots=True)
class PrinterState:
    """A printer as it is now. ``code`` names the sentence ``error.<code>`` (field ``address``); "" when there is nothing to say.

    ``drawer_level``: pin 3 of the drawer's socket; None when the printer does not tell.
    """

    name: str
    address: str
    condition: Condition = Condition.STARTING
    code: str = ""
    drawer_level: bool | None = None

    @property
    def text_key(self) -> str:
        """The key of what to tell the cashier."""
        return f"error.{self.code}" if self.code else f"devices.condition.{self.condition.value}"


StateCallback = Callable[[PrinterState], None]
_Told = TypeVar("_Told")
_Callback = TypeVar("_Callback")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a printer. ``kind``: serial, usb, system; ``label`` is the system's own name for it."""

    kind: str
    label: str
    address: str

    @property
    def kind_key(self) -> str:
        return f"devices.kind.{self.kind}"


@dataclass(frozen=True, slots=True)
class Findings:
    """What a printer gave away by itself. ``fence``: none, gs_r, gs_h. ``bytes_per_second`` is None where nothing could be measured."""

    address: str
    answers_status: bool
    pushes_status: bool
    fence: str
    bytes_per_second: int | None


class PrinterTrial(Protocol):
    """A printer being found out about. Every step waits for the device; all raise Unavailable when the line goes away."""

    def probe(self) -> Findings: ...
    def print_lines(self) -> str:
        """Print the lines to be read; returns the number that stands in each."""
        ...

    def take_lines(self, *, reads_cp950: bool, reads_gb18030: bool, widest: int) -> None:
        """What was read right; ``widest`` is the largest of C1 to C3 that is whole, 0 for none. Raises Refused("printer_unreadable")."""
        ...

    def cut(self) -> None: ...
    def take_cut(self, did_cut: bool) -> None: ...
    def kick(self, pin: int, *, at_once: bool) -> None:
        """Give the pulse on pin 2 or 5, at once or in its turn."""
        ...

    def take_drawer(self, pin: int, *, at_once: bool) -> None:
        """The pulse that opened the drawer."""
        ...

    def finish(self, name: str, *, prefers_text: bool = False) -> Mapping[str, object]:
        """The profile, as it is kept. ``prefers_text``: in the printer's own font where it has one, instead of pictures."""
        ...

    def close(self) -> None: ...


class PrinterBench(Protocol):
    """What the composition root hands in to find printers. Implemented in ``devices``."""

    def candidates(self) -> tuple[Candidate, ...]: ...
    def begin(self, address: str) -> PrinterTrial:
        """Raises Refused for an address that is none, Unavailable when nothing is there."""
        ...


class PrinterControl(Protocol):
    """The spool, as far as its printer goes."""

    on_status: StateCallback
    on_drawer_shut: Callable[[str], None]
    on_paper: Callable[[], None]

    @property
    def printer_state(self) -> PrinterState: ...
    def wake(self) -> None: ...
    def pause(self) -> bool: ...
    def resume(self) -> None: ...


class DeviceDesk:
    """The shop's printer. ``use`` makes the printer of a setting the spool's, None the folder."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        spool: PrinterControl,
        bench: Callable[[], PrinterBench],
        use: Callable[[Mapping[str, object] | None], None],
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._spool = spool
        self._make_bench = bench
        self._use = use
        self.counter: CounterDevices | None = None
        """Scanners, scale, display and drawer; None where this till has no line of its own (practice)."""
        self._on_state: list[StateCallback] = []
        self._on_drawer_shut: list[Callable[[str], None]] = []
        self._on_paper: list[Callable[[], None]] = []
        spool.on_status = lambda state: _call_all(self._on_state, state)
        spool.on_drawer_shut = lambda code: _call_all(self._on_drawer_shut, code)
        spool.on_paper = lambda: _tell_all(self._on_paper)

    # --- how it is --------------------------------------------------------------------------------------------------

    @property
    def printer_state(self) -> PrinterState:
        return self._spool.printer_state

    def on_printer_state(self, callback: StateCallback) -> Callable[[], None]:
        """Call this whenever the printer is another way than before; the returned function ends that."""
        return _listen(self._on_state, callback)

    def on_drawer_shut(self, callback: Callable[[str], None]) -> Callable[[], None]:
        """Call this with a code when a drawer that should open did not: say `DRAWER_SHUT_KEY` with the code's sentence as ``reason``."""
        return _listen(self._on_drawer_shut, callback)

    def on_paper(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call this whenever a paper is in another state than before."""
        return _listen(self._on_paper, callback)

    # --- another one ------------------------------------------------------------------------------------------------

    def candidates(self) -> tuple[Candidate, ...]:
        """What is connected, for a worker: the system takes its time."""
        return self._make_bench().candidates()

    def begin(self, address: str, approval: Approval | None = None) -> PrinterTrial:
        """Take a printer into the hand, for a worker. Papers wait until `end`.

        Raises Refused("printer_in_use") while a paper is under way, ApprovalNeeded, and what `PrinterBench.begin` raises.
        """
        self._session.permit(Right.SETTINGS, 1, approval)
        if not self._spool.pause():
            self._spool.resume()
            raise Refused("printer_in_use")
        try:
            return self._make_bench().begin(address)
        except BaseException:
            self._spool.resume()
            raise

    def end(self, trial: PrinterTrial) -> None:
        """Let go of the printer, whether it was saved or not; papers go on."""
        trial.close()
        self._spool.resume()

    def kick(self, trial: PrinterTrial, pin: int, *, at_once: bool) -> None:
        """Try a pulse on the drawer of the printer in the hand. It is in the audit before the drawer can open."""
        from app.service.ports import AuditEvent

        details: dict[str, object] = {"pin": pin, "at_once": at_once}
        with self._store.begin() as work:
            work.audit(AuditEvent("drawer_tried", self._session.operator_id, self._clock.now_ms(), details))
            work.commit()
        if self.counter is not None:
            self.counter.drawer_asked()
        trial.kick(pin, at_once=at_once)

    def save(self, setting: Mapping[str, object], approval: Approval | None = None) -> None:
        """The shop's printer from the next paper on. Raises ApprovalNeeded."""
        self._keep(dict(setting), approval)

    def use_folder(self, approval: Approval | None = None) -> None:
        """No printer: papers become pictures in the data folder. Raises ApprovalNeeded."""
        self._keep(None, approval)

    def _keep(self, setting: dict[str, object] | None, approval: Approval | None) -> None:
        from app.service.ports import AuditEvent

        self._session.permit(Right.SETTINGS, 1, approval)
        now = self._clock.now_ms()
        address = "" if setting is None else setting["address"]
        with self._store.begin() as work:
            work.put_setting(PRINTER_SETTING, setting)
            work.audit(AuditEvent("printer_chosen", self._session.operator_id, now, {"address": address}))
            work.commit()
        self._use(setting)

    def print_test(self) -> None:
        """Queue the test page like any other paper."""
        from app.service.ports import PrintRequest
        from app.service.printer_page import test_page

        document = test_page(self._session.shop.language, self.printer_state.address, self._clock.local())
        with self._store.begin() as work:
            work.enqueue_print(PrintRequest("test", document), created_at=self._clock.now_ms())
            work.commit()
        self._spool.wake()


def _listen(callbacks: list[_Callback], callback: _Callback) -> Callable[[], None]:
    callbacks.append(callback)

    def stop() -> None:
        if callback in callbacks:
            callbacks.remove(callback)

    return stop


def _call_all(callbacks: list[Callable[[_Told], None]], told: _Told) -> None:
    for callback in tuple(callbacks):
        callback(told)


def _tell_all(callbacks: list[Callable[[], None]]) -> None:
    for callback in tuple(callbacks):
        callback()
