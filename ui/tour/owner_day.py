"""The tour's chapter of the owner's day: the summary first, the rows behind a figure, whom to call, a promise kept, the day taken along.

Every figure and every line on the screen is held against what the services say of the same books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from app.domain.ids import MemberId
from app.domain.profile import NoteKind
from app.service.summary_values import Behind, Key, Summary
from app.service.summary_words import value_text
from app.service.work_list import TaskKind
from ui.context import Screen
from ui.member.page import MemberPage
from ui.owner.call_sheet import CallSheet
from ui.owner.page import OwnerPage
from ui.owner.periods import Word
from ui.owner.rows_sheet import RowsSheet
from ui.owner.save_sheet import SaveSheet
from ui.owner.summary_page import SummaryPage
from ui.owner.view import PAGES, OwnerView
from ui.owner.work_page import WorkPage
from ui.theme import Mode
from ui.tour.guide import Guide, Lost
from ui.tour.selling import NEW_E164, OWNER, OWNER_PIN, sign_on
from ui.widgets.sheet import Sheet, topmost

PROMISES: Final = {
    "zh_TW": "問新到的茶合不合口味",
    "zh_CN": "问新到的茶合不合口味",
    "en": "ask how they like the new tea",
}
REASONS: Final = {"zh_TW": "回訪", "zh_CN": "回访", "en": "promised to call"}
SMALL: Final = (1024, 768)
STEPS_MAX: Final = 40
Kind = TypeVar("Kind", bound=OwnerPage)
Opened = TypeVar("Opened", bound=Sheet)


def chapters(guide: Guide) -> Iterator[Callable[[], None]]:
    """Every chapter, in order. A shift is open, and the owner works at the till."""
    yield lambda: summary(guide)
    yield lambda: rows(guide)
    yield lambda: calls(guide)
    yield lambda: work(guide)
    yield lambda: taken_along(guide)
    yield lambda: looks(guide)


def summary(guide: Guide) -> None:
    with guide.step("the owner signs on and opens today's summary: the figures are the service's"):
        _promise(guide)
        guide.press("Ctrl+L")
        sign_on(guide, OWNER, OWNER_PIN)
        guide.press("Ctrl+O")
        guide.on(Screen.OWNER)
        page = _summary_page(guide)
        guide.until("today is shown", lambda: page.words.value is Word.TODAY)
        shown = _shown(guide, page)
        said = guide.till.summary.summary(shown.since, shown.until)
        for card in page.hero.cards:
            figure = said.figures[Key(card.data.key)]
            wanted = value_text(figure.value, figure.unit, said.currency)
            guide.check(f"figure {card.data.key}", card.data.value, wanted)
        guide.check("something was sold", bool(said.value(Key.NET)), True)
        guide.until("the work list is read", lambda: page.work.board.work is not None)
        guide.picture("owner-summary")


def rows(guide: Guide) -> None:
    with guide.step("a figure opens the rows behind it, and a row opens the member"):
        page = _summary_page(guide)
        page.hero.card(Key.MEMBERS.value).setFocus()
        guide.press("Enter")
        sheet = _sheet(guide, RowsSheet)
        shown = _shown(guide, page)
        behind = guide.till.summary.rows_behind(shown.since, shown.until, Behind(Key.MEMBERS))
        guide.check("rows", len(sheet.shown), len(behind.members))
        guide.picture("owner-rows")
        # Whoever asked to be forgotten is counted still, and has no page.
        place = next(number for number, row in enumerate(behind.members) if row.phone)
        guide.press(*["Down"] * place, "Enter")
        member = _sheet(guide, MemberPage)
        guide.check("whose page", member.desk.member_id == behind.members[place].member_id, True)
        guide.picture("owner-rows-member")
        guide.press("Esc", "Esc")
        guide.sheet_closes()


def work(guide: Guide) -> None:
    with guide.step("the work list: a promise is kept with one key and goes at once"):
        page = _page(guide, WorkPage)
        board = page.board
        guide.until("the work list is read", lambda: not board.is_reading)
        told = {task.sentence for task in guide.till.work_list.tasks().tasks}
        lines = [row.sentence.text() for row in board.rows]
        guide.check("lines that the service says", [line for line in lines if line in told], lines)
        guide.picture("work-list")
        mine = next(row for row in board.rows if row.task.kind is TaskKind.FOLLOW_UP)
        guide.press("Tab")
        _walk_to(guide, lambda: mine.hasFocus())
        guide.picture("work-list-chosen")
        guide.type("d")
        guide.until("it is written", lambda: guide.told() == "work.is_done")
        due = guide.till.membership.all_due(guide.till.summary.today())
        words = PROMISES[guide.till.shop.language]
        guide.check("still due", [note.words for note in due if note.words == words], [])
        guide.check("lines afterwards", len(board.rows), len(lines) - 1)
        guide.picture("work-list-done")


def calls(guide: Guide) -> None:
    with guide.step("a list to call: masked on the screen, whole on paper, and the books know why"):
        page = _page(guide, WorkPage)
        guide.until("the work list is read", lambda: bool(page.board.rows) and not page.board.is_reading)
        guide.type("a")
        guide.type("l")
        sheet = _sheet(guide, CallSheet)
        guide.check("masked", all("***" in one.phone for one in sheet.calls), True)
        guide.type(REASONS[guide.till.shop.language])
        guide.picture("call-list")
        guide.press("Enter")
        guide.until("the list prints", lambda: guide.told() in ("calls.printed", "owner.print_waits"))
        guide.check("told of", len(_events(guide, "call_list")), 1)
        guide.sheet_closes()
        guide.check("the page is still there", page.isVisible(), True)


def taken_along(guide: Guide) -> None:
    with guide.step("the summary is printed, and lies in a folder as PDF and as workbook"):
        page = _page(guide, SummaryPage)
        _shown(guide, page)
        guide.type("p")
        guide.until("it prints", lambda: guide.told() in ("owner.printed", "owner.print_waits"))
        guide.check("noted", len(_events(guide, "summary_printed")), 1)
        for key in ("f", "e"):
            guide.type(key)
            sheet = _sheet(guide, SaveSheet)
            guide.picture(f"save-{sheet.kind.value[1:]}")
            lies = Path(sheet.target)
            guide.press("Enter")
            guide.until("it is saved", lambda: guide.told() == "owner.saved")
            guide.sheet_closes()
            guide.check(f"a file {lies.suffix}", lies.stat().st_size > 0, True)
        guide.check("both noted", len(_events(guide, "summary_saved")), 2)
        guide.picture("owner-summary-saved")


def looks(guide: Guide) -> None:
    with guide.step("the owner's day in three languages, light and dark, on a small screen"):
        with guide.looking_like(language="zh_CN"):
            _both_pages(guide, "zh_CN-light")
        # What stays the same is not changed in between: each change styles the whole window anew.
        with guide.looking_like(mode=Mode.DARK, size=SMALL):
            with guide.looking_like(language="zh_TW"):
                _both_pages(guide, "zh_TW-dark")
            with guide.looking_like(language="en"):
                _both_pages(guide, "en-dark")
        guide.back_to_sale()


def _both_pages(guide: Guide, look: str) -> None:
    guide.check(look, _page(guide, SummaryPage).take.isVisible(), True)
    guide.picture(f"owner-summary-{look}")
    board = _page(guide, WorkPage).board
    guide.until("it is said in this language", lambda: not board.is_reading)
    guide.picture(f"owner-work-{look}")


# --- hands and eyes ---------------------------------------------------------------------------------------------------


def _promise(guide: Guide) -> None:
    """Somebody was promised a word today."""
    words = PROMISES[guide.till.shop.language]
    note = guide.till.membership.add_note(
        _somebody(guide), words, NoteKind.FOLLOW_UP, guide.till.summary.today()
    )
    guide.check("promised", note.words, words)


def _somebody(guide: Guide) -> MemberId:
    card = guide.till.store.members.by_phone(NEW_E164)
    if card is None:
        raise Lost("the member of the first chapters is not in the books")
    return card.member.id


def _view(guide: Guide) -> OwnerView:
    view = guide.window.stack.currentWidget()
    if not isinstance(view, OwnerView):
        raise Lost("the owner's pages are not in sight")
    return view


def _page(guide: Guide, kind: type[Kind]) -> Kind:
    """This page in sight, by arrow key in the list of pages."""
    view = _view(guide)
    view.subjects.focus()
    for _ in PAGES:
        page = view.page
        if isinstance(page, kind):
            return page
        guide.press("Up" if PAGES.index(kind) < PAGES.index(type(page)) else "Down")
    raise Lost(f"the owner has no page {kind.NAME}")


def _summary_page(guide: Guide) -> SummaryPage:
    page = _view(guide).page
    if not isinstance(page, SummaryPage):
        raise Lost("the summary does not come first")
    return page


def _shown(guide: Guide, page: SummaryPage) -> Summary:
    """What the page shows, once it is what the books say now."""
    desk = guide.till.summary

    def is_of_now() -> bool:
        shown = page.summary
        return shown is not None and shown.figures == desk.summary(shown.since, shown.until).figures

    guide.until("the summary is read", is_of_now)
    assert page.summary is not None
    return page.summary


def _sheet(guide: Guide, kind: type[Opened]) -> Opened:
    guide.until(f"the sheet {kind.__name__}", lambda: isinstance(topmost(guide.window), kind))
    sheet = topmost(guide.window)
    assert isinstance(sheet, kind)
    return sheet


def _walk_to(guide: Guide, is_there: Callable[[], bool]) -> None:
    """Down the lines, past what stands before them."""
    for _ in range(STEPS_MAX):
        if is_there():
            return
        guide.press("Down" if _on_a_line(guide) else "Tab")
    raise Lost("the line cannot be reached by key")


def _on_a_line(guide: Guide) -> bool:
    page = _view(guide).page
    return isinstance(page, WorkPage) and any(row.hasFocus() for row in page.board.rows)


def _events(guide: Guide, kind: str) -> list[Mapping[str, object]]:
    shift = guide.till.session.require_shift()
    return [one.details for one in guide.till.store.journal.audit_of_shift(shift.id) if one.kind == kind]
