"""Keeps an eye on the counter's devices for the screen: one picture of them all, and one signal when it is another.

Devices tell on threads of their own; everything here happens on the screen's. Nothing waits for a device, and what papers there are is
read on the store's worker, at most once in a while however much they change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.device import DeviceEvent, DeviceKind, DeviceState, DeviceStatus, EventKind
from app.domain.errors import TillError
from app.i18n import t
from app.service.devices import DRAWER_SHUT_KEY, PrinterState
from ui.devices.picture import CounterPicture

if TYPE_CHECKING:
    from app.service.counter_devices import CounterDevices
    from app.service.printing import PrintQuestion
    from app.service.till import Till
    from ui.feedback import ScanFeedback
    from ui.messages import Messages
    from ui.scan_catcher import ScanCatcher
    from ui.tasks import Tasks

PAPERS_EVERY_MS: Final = 200
SOUND: Final = "scanner.sound"
WAITING: Final = ("queued", "held", "waiting")
Papers = tuple[tuple["PrintQuestion", ...], int, int]


class DeviceWatch(QObject):
    """One till's devices. ``wedge`` and ``feedback`` are the keyboard's scanner and the answer to a scan, for the screens that set them.

    Signals:
        changed(): `picture` is another one.
        heard(DeviceEvent): something happened at a device.
    """

    changed = Signal()
    heard = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        messages: Messages,
        wedge: ScanCatcher,
        feedback: ScanFeedback,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._messages = messages
        self.wedge = wedge
        self.feedback = feedback
        self._till: Till | None = None
        self._picture = CounterPicture()
        self._stops: list[Callable[[], None]] = []
        self._papers_soon = QTimer(self)
        self._papers_soon.setSingleShot(True)
        self._papers_soon.setInterval(PAPERS_EVERY_MS)
        self._papers_soon.timeout.connect(self.read_papers)

    @property
    def picture(self) -> CounterPicture:
        return self._picture

    @property
    def till(self) -> Till | None:
        """Whose devices these are. In practice they stay the real till's."""
        return self._till

    @property
    def counter(self) -> CounterDevices | None:
        desk = self._till.devices if self._till is not None else None
        return desk.counter if desk is not None else None

    def watch(self, till: Till) -> None:
        """Watch the devices of this till from now on, and no others."""
        self.stop()
        self._till = till
        self.feedback.set_audible(is_audible(till.store.desk.setting(SOUND)))
        desk = till.devices
        picture = CounterPicture()
        if desk is not None:
            deliver = self._tasks.deliver
            self._stops = [
                desk.on_printer_state(lambda state: deliver(lambda: self._on_printer(state))),
                desk.on_drawer_shut(lambda code: deliver(lambda: self._on_drawer_shut(code))),
                desk.on_paper(lambda: deliver(self._on_paper)),
            ]
            if desk.counter is not None:
                self._stops.append(desk.counter.listen(lambda event: deliver(lambda: self._on_event(event))))
            picture = replace(picture, printer=desk.printer_state, printer_since=till.clock.now_ms())
        self._show(replace(picture, devices=self._statuses()))
        self.read_papers()

    def stop(self) -> None:
        """Nobody looks any more."""
        for stop in self._stops:
            stop()
        self._stops = []
        self._papers_soon.stop()

    def read_papers(self) -> None:
        """How many papers wait, and which nobody knows about."""
        till = self._till
        if till is None:
            return

        def read() -> Papers:
            jobs = till.store.desk.print_jobs(WAITING)
            return till.printing.questions(), len(jobs), sum(job.state == "held" for job in jobs)

        self._tasks.run(read, self._on_papers, _not_now, owner=self)

    def look_again(self) -> None:
        """Somebody changed which devices there are."""
        self._show(replace(self._picture, devices=self._statuses()))

    def answer(self, question: PrintQuestion, *, did_print: bool, on_failed: Callable[[], None]) -> None:
        """What a person says about a paper that nobody knows about. ``on_failed``: the books did not take it; why was said."""
        till = self._till
        assert till is not None

        def refuse(error: TillError) -> None:
            self._tasks.refuse(error)
            on_failed()

        self._tasks.run(
            lambda: till.printing.answer(question.job_id, did_print),
            on_error=refuse,
            on_end=self.read_papers,
            owner=self,
        )

    # --- what comes in -----------------------------------------------------------------------------------------------

    def _on_printer(self, state: PrinterState) -> None:
        before, till = self._picture.printer, self._till
        assert till is not None
        is_as_before = before is not None and (before.condition, before.code) == (state.condition, state.code)
        since = self._picture.printer_since if is_as_before else till.clock.now_ms()
        self._show(replace(self._picture, printer=state, printer_since=since))
        if not is_as_before:
            self._on_paper()

    def _on_event(self, event: DeviceEvent) -> None:
        left_open = dict(self._picture.left_open)
        match event.kind:
            case EventKind.DRAWER_LEFT_OPEN:
                left_open[event.device] = event.detail
            case EventKind.DRAWER_OPENED | EventKind.DRAWER_CLOSED:
                left_open.pop(event.device, None)
            case _:
                pass
        statuses = self._statuses()
        open_now = {one.name for one in statuses if one.state in (DeviceState.OPEN, DeviceState.LEFT_OPEN)}
        left_open = {name: seconds for name, seconds in left_open.items() if name in open_now}
        self._show(replace(self._picture, devices=statuses, left_open=left_open))
        self.heard.emit(event)

    def _on_drawer_shut(self, code: str) -> None:
        printer = self._picture.printer
        address = printer.address if printer is not None else ""
        self._messages.warn(DRAWER_SHUT_KEY, reason=t(f"error.{code}", None, address=address))

    def _on_paper(self) -> None:
        if not self._papers_soon.isActive():
            self._papers_soon.start()

    def _on_papers(self, papers: Papers) -> None:
        questions, waiting, held = papers
        self._show(replace(self._picture, questions=questions, waiting=waiting, held=held))

    # --- inside ------------------------------------------------------------------------------------------------------

    def _statuses(self) -> tuple[DeviceStatus, ...]:
        counter = self.counter
        return () if counter is None else tuple(sorted(counter.statuses(), key=_place))

    def _show(self, picture: CounterPicture) -> None:
        if picture != self._picture:
            self._picture = picture
            self.changed.emit()


def is_audible(stored: object) -> bool:
    """Whether a scan sounds, from what the store holds under `SOUND`; it does where that says nothing."""
    return stored is not False


def _place(one: DeviceStatus) -> tuple[int, str]:
    """Devices of a kind stand together, as a counter is looked at."""
    return tuple(DeviceKind).index(one.kind), one.name


def _not_now(_: TillError) -> None:
    """Whoever sells is told by the sale that the store cannot be read; the next paper asks again."""
