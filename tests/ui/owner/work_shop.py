"""A shop with something to do: a complaint, a follow-up and a request that are due, a birthday, and a paper nobody knows about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from app.domain.ids import MemberId
from app.domain.profile import Note, NoteKind
from app.service.work_list import TaskKind
from tests.ui.member.regulars import buys
from tests.ui.owner.shops import settle, view_of
from tests.ui.till_fixture import OWNER_NUMBER, SOAP, TEA, TillRig
from ui.owner.save_sheet import SaveSheet
from ui.owner.task_row import TaskRow
from ui.owner.work_board import WorkBoard
from ui.owner.work_page import WorkPage

PHONE, OTHER, THIRD = "0912345678", "0912345687", "0933222111"
"""A member who may be written to, one who may not, one with a birthday who may."""


@dataclass(frozen=True, slots=True)
class Promises:
    complaint: Note
    follow_up: Note
    request: Note


def make_work(rig: TillRig) -> Promises:
    """The owner is signed on; the shop has one day of sales."""
    buys(rig, TEA, phone=PHONE, days=0)
    buys(rig, SOAP, phone=OTHER, days=0)
    till = rig.till
    rig.sign_on(OWNER_NUMBER)
    today = till.summary.today()
    first, other, third = (member_of(rig, phone) for phone in (PHONE, OTHER, THIRD))
    _change(rig, first, has_marketing_consent=True)
    birthday = today + timedelta(days=2)
    _change(rig, third, has_marketing_consent=True, birthday=f"1990-{birthday:%m-%d}", name="李小華")
    notes = till.membership
    complaint = notes.add_note(first, "茶罐有碰傷", NoteKind.COMPLAINT, today - timedelta(days=2))
    follow_up = notes.add_note(other, "問新茶好不好喝", NoteKind.FOLLOW_UP, today)
    request = notes.add_note(third, "到貨打給她", NoteKind.REQUEST, today)
    with till.store.begin() as work:
        work.set_print_state(1, "unknown", changed_at=1, detail="restart")
        work.commit()
    rig.clock.forward(seconds=1)
    return Promises(complaint, follow_up, request)


def member_of(rig: TillRig, phone: str) -> MemberId:
    card = rig.till.store.members.by_phone("+886" + phone[1:])
    assert card is not None
    return card.member.id


def _change(rig: TillRig, member_id: MemberId, **fields: object) -> None:
    card = rig.till.store.members.by_id(member_id)
    assert card is not None
    with rig.till.store.begin() as work:
        member = replace(card.member, **fields)  # type: ignore[arg-type]  # the names of its fields
        work.update_member(member, changed_at=rig.clock.now_ms())
        work.commit()


def work_page(rig: TillRig) -> WorkPage:
    """The page of the work list, in sight, with the cursor on its first row."""
    if rig.window.current_screen.value != "owner":
        rig.typist.press("Ctrl+O")
    view = view_of(rig)
    view.show_page(WorkPage.NAME)
    settle()
    page = view.page
    assert isinstance(page, WorkPage)
    if page.board.rows:
        page.board.rows[0].setFocus()
    return page


def row_of(board: WorkBoard, kind: TaskKind) -> TaskRow:
    return next(row for row in board.rows if row.task.kind is kind)


def kinds(board: WorkBoard) -> list[TaskKind]:
    return [row.task.kind for row in board.rows]


def audited(rig: TillRig, kind: str) -> list[dict[str, object]]:
    """The details of the events of this kind in the open shift."""
    shift = rig.till.session.require_shift()
    return [dict(one.details) for one in rig.store.journal.audit_of_shift(shift.id) if one.kind == kind]


def save_here(sheet: object, folder: Path) -> SaveSheet:
    """Answer the question where it goes with this folder."""
    assert isinstance(sheet, SaveSheet)
    sheet.folder.set_text(str(folder))
    return sheet
