"""The tour's chapter of the office: paired by keys, everything sent, the plug pulled and put back with the proof, and unpaired again.

The server is a real one beside the till; whoever tells the tour started it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from PySide6.QtWidgets import QWidget

from app.i18n import t
from app.service.sync_ports import SyncPhase
from ui.context import Screen
from ui.settings.view import SettingsView
from ui.sync.page import SyncPage
from ui.sync.pair_sheet import PairSheet
from ui.tour.guide import Guide, Lost
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.sheet import Sheet, topmost

DRILL_PHONE: Final = "0900123987"
UNPAIR_TRIES_MAX: Final = 6
Opened = TypeVar("Opened", bound=Sheet)


@dataclass(frozen=True, slots=True)
class Office:
    """A server that listens. ``new_code`` makes a pairing code there; it takes a moment."""

    url: str
    new_code: Callable[[], str]


def chapters(guide: Guide, codes: Mapping[str, str], office: Office) -> Iterator[Callable[[], None]]:
    """A shift is open, and the owner works at the till."""
    yield lambda: pair(guide, office)
    yield lambda: drill(guide, codes)


def pair(guide: Guide, office: Office) -> None:
    with guide.step(
        "the till is paired with the office: an address, a code; and everything goes out beside the sales"
    ):
        # As the program does it once the first scan can be taken.
        guide.window.listen_to_server()
        guide.until("the agent is there", lambda: guide.window.sync.agent is not None)
        guide.check("a till that stands alone has a lamp", guide.window.header.sync.isVisible(), False)
        code = office.new_code()
        page = _page(guide)
        guide.picture("office-alone")
        _press_on(guide, page.pair_button)
        sheet = _sheet(guide, PairSheet)
        guide.type(office.url)
        guide.press("Enter")
        guide.type(code)
        guide.picture("office-pair")
        guide.press("Enter")
        guide.until("the office knows this till", lambda: sheet.is_done)
        guide.picture("office-paired")
        guide.press("Enter")
        guide.sheet_closes()
        _everything_goes_out(guide)
        page = _page(guide)
        guide.until("the page says so", lambda: page.standing.sentence.text() == t("sync.phase.idle"))
        guide.picture("office-all-sent")
        guide.check("the lamp", _lamp(guide), t("sync_ui.lamp.all_sent"))
        guide.back_to_sale()


def drill(guide: Guide, codes: Mapping[str, str]) -> None:
    with guide.step(
        "the plug is pulled: sold, enrolled and printed without a line; then everything is at the office"
    ):
        page = _page(guide)
        _press_on(guide, page.drill.begin)
        guide.until("the lamp says that it is a drill", lambda: _is_cut_off(guide))
        guide.back_to_sale()
        for entry in list(codes.values())[:2]:
            guide.scan(entry)
        guide.type(DRILL_PHONE)
        guide.press("Enter", "Enter", "Enter")
        guide.check("sold to a new member", len(guide.newest_sale().lines), 2)
        guide.check("nothing went out", guide.till.store.desk.unsent_count() >= 2, True)
        page = _page(guide)

        def has_ticked() -> bool:
            page.read()
            return all(step.has_done for step in page.drill.steps.values())

        guide.until("selling, enrolling and printing are ticked", has_ticked)
        guide.picture("office-drill")
        _press_on(guide, page.drill.plug_in)

        def is_proved() -> bool:
            page.read()
            return page.drill.finish.isVisible()

        guide.until("the office has received all of it", is_proved)
        guide.picture("office-proof")
        desk = guide.window.sync.drill()
        progress = desk.progress() if desk is not None else None
        if progress is None:
            raise Lost("the drill is nowhere")
        guide.check("sold in the drill", progress.drill.sales, 1)
        guide.check("enrolled in the drill", progress.drill.members, 1)
        guide.check("still to be received", progress.left, 0)
        _press_on(guide, page.drill.finish)
        guide.until("the drill is over", lambda: page.drill.begin.isVisible())
        guide.back_to_sale()


def unpair(guide: Guide) -> None:
    with guide.step("the till leaves the office again, once nothing waits"):
        for _ in range(UNPAIR_TRIES_MAX):
            if _asked_to_leave(guide):
                break
        guide.check("paired", guide.window.sync.is_paired, False)
        guide.until("the lamp is gone", lambda: not guide.window.header.sync.isVisible())
        guide.back_to_sale()


def _asked_to_leave(guide: Guide) -> bool:
    """Whether it may go. Something that was written a moment ago waits, and then it is refused, as it must be."""
    _everything_goes_out(guide)
    page = _page(guide)
    told = len(guide.window.messages.history)
    _press_on(guide, page.unpair_button)
    _sheet(guide, ConfirmSheet)
    guide.picture("office-unpair")
    guide.press("Enter")
    guide.until("an answer", lambda: len(guide.window.messages.history) > told)
    if guide.told() == "error.facts_unsent":
        return False
    guide.until("the till stands alone", lambda: not guide.window.sync.is_paired)
    return True


def _everything_goes_out(guide: Guide) -> None:
    """However much it is: as long as something goes out, it is waited for."""
    desk = guide.till.store.desk

    def is_idle() -> bool:
        status = guide.window.sync.status
        return (
            status is not None
            and status.phase is SyncPhase.IDLE
            and _lamp(guide) == t("sync_ui.lamp.all_sent")
        )

    while (left := desk.unsent_count()) > 0:
        guide.until("something goes out", lambda left=left: desk.unsent_count() < left)  # type: ignore[misc]
    # What is fetched takes a while in a shop with years of history.
    while not is_idle():
        pulled = _pulled(guide)
        guide.until("something comes in", lambda pulled=pulled: is_idle() or _pulled(guide) > pulled)  # type: ignore[misc]


def _pulled(guide: Guide) -> int:
    exchange = guide.till.exchange
    if exchange is None:
        raise Lost("no exchange")
    state = exchange.state()
    return state.pulled + state.filling_after + (state.last_pull_at or 0)


def _is_cut_off(guide: Guide) -> bool:
    status = guide.window.sync.status
    return status is not None and status.is_cut_off and status.phase is SyncPhase.OFFLINE


def _lamp(guide: Guide) -> str:
    look = guide.window.header.sync.look
    return "" if look is None else look.full


def _page(guide: Guide) -> SyncPage:
    guide.press("Ctrl+U")
    guide.on(Screen.SETTINGS)
    view = guide.window.stack.currentWidget()
    if not isinstance(view, SettingsView) or not isinstance(view.page, SyncPage):
        raise Lost("Ctrl+U does not open the page of the office")
    return view.page


def _press_on(guide: Guide, widget: QWidget) -> None:
    """Enter on this button."""
    guide.until(f"{widget.accessibleName()} can be pressed", widget.isVisible)
    widget.setFocus()
    guide.press("Enter")


def _sheet(guide: Guide, kind: type[Opened]) -> Opened:
    guide.until(f"a {kind.__name__}", lambda: isinstance(topmost(guide.window), kind))
    found = topmost(guide.window)
    if not isinstance(found, kind):
        raise Lost(f"no {kind.__name__}")
    return found
