"""What is found while a segment is composed: how many, why nobody, and some of the members.

A number that is no longer right is never shown: every change asks anew, off the screen's thread, and drops the question before it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.ids import MemberId
from app.domain.money import Money, format_money
from app.i18n import t
from app.service.segment_values import MemberSegment
from app.service.segment_words import SegmentWords
from app.service.segments import Face, Look
from ui.owner.desk import OwnerDesk
from ui.owner.people_sheet import ROWS_MAX, PeopleSheet
from ui.owner.rows import RowData, RowList
from ui.tasks import Job, Task, Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button
from ui.widgets.form import Card, connect_click, row_of
from ui.widgets.record_table import Column
from ui.widgets.text_label import TextLabel

PEOPLE_COLUMNS: Final = (
    Column("owner_insight.column.last"),
    Column("owner.column.visits", is_number=True),
    Column("owner.column.spent", is_number=True),
)


class Counting(QObject):
    """Asks for one segment at a time.

    Signals:
        counted(object): the Look of the segment that was asked for last.
        failed(object): the error it ended with.
    """

    counted = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: OwnerDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._task: Task[Look] | None = None

    @property
    def is_under_way(self) -> bool:
        return self._task is not None and self._task.is_running

    def ask(self, segment: MemberSegment) -> None:
        self.drop()
        segments = self._desk.till.segments

        def work(job: Job) -> Look:
            return segments.look(segment, job.check)

        self._task = self._desk.context.tasks.run(
            work,
            self.counted.emit,
            self.failed.emit,
            progress=lambda _: None,
            worker=Worker.POOL,
            owner=self,
        )

    def drop(self) -> None:
        """Nobody wants to know any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


class FoundCard(Card):
    """Some of the members, and a way to all of them."""

    def __init__(self, desk: OwnerDesk, parent: QWidget) -> None:
        super().__init__("segments.sample", parent)
        self._desk = desk
        self._segment: MemberSegment | None = None
        self._faces: tuple[Face, ...] = ()
        self._total = 0
        self.people = RowList(self)
        self.see_all = Button("segments.see_all", parent=self, size="compact")
        self.body.addWidget(self.people)
        self.body.addLayout(row_of(self.see_all))
        self.people.opened.connect(lambda key: desk.open_member(self._faces[int(key)].member_id))
        connect_click(self.see_all, self.open_all)

    def show_faces(self, segment: MemberSegment, look: Look) -> None:
        self._segment, self._faces, self._total = segment, look.sample, look.count
        self.people.set_rows([self._row(place, face) for place, face in enumerate(look.sample)])
        self.setVisible(bool(look.sample))

    def open_all(self) -> None:
        """Those who spent most come first."""
        segment, segments = self._segment, self._desk.till.segments
        if segment is not None:
            self._desk.read(lambda: segments.faces(segment, ROWS_MAX), self._show_all, owner=self)

    def _show_all(self, faces: tuple[Face, ...]) -> None:
        assert self._segment is not None
        rows: list[tuple[MemberId, tuple[str, ...]]] = [
            (one.member_id, (last_visit(one), f"{one.visits:,}", self._money(one))) for one in faces
        ]
        title = self._segment.name or t("segments.unsaved")
        PeopleSheet(self._desk, title, PEOPLE_COLUMNS, rows, self._total).open()

    def _row(self, place: int, face: Face) -> RowData:
        return RowData(
            str(place),
            self._desk.who(face.member_id),
            t("segments.face", visits=f"{face.visits:,}", spent=self._money(face)),
            last_visit(face),
            "" if face.may_be_contacted else t("segments.not_willing"),
        )

    def _money(self, face: Face) -> str:
        return format_money(Money(face.spent_minor, self._desk.till.session.shop.currency))


def last_visit(face: Face) -> str:
    if face.silent_days is None:
        return t("segments.never_came")
    if not face.silent_days:
        return t("segments.came_today")
    return t("owner_insight.days_ago", days=f"{face.silent_days:,}")


def finding_of(look: Look) -> str:
    """How many, as a sentence."""
    if not look.count:
        return t("segments.nobody")
    if look.count == look.everybody:
        return t("segments.everybody", count=f"{look.count:,}")
    return t("segments.count", count=f"{look.count:,}")


def doubt_of(look: Look, segment: MemberSegment, words: SegmentWords) -> str:
    """Why nobody fits, or which condition makes no sense; ``""`` where nothing is to be said."""
    if look.never is not None:
        return t("segments.never", field=t(f"segments.field.{look.never}"))
    if look.unknown:
        fields = t("owner_insight.and").join(t(f"segments.field.{one}") for one in look.unknown)
        return t("segments.unknown", fields=fields)
    if look.count or not look.everybody:
        return ""
    alone = [part for part, count in zip(segment.parts, look.alone, strict=True) if not count]
    if alone:
        return t("segments.nobody_alone", condition=words.part(alone[0]))
    return t("segments.nobody_apart")


class Doubt(TextLabel):
    """A sentence that stands out, or nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent, type=TypeRole.BODY, tone="warn", wraps=True)
        self.hide()

    def say(self, sentence: str) -> None:
        self.show_plain(sentence)
        self.setVisible(bool(sentence))


def column_of(parent: QWidget) -> tuple[QWidget, QVBoxLayout]:
    """A part of a page that is shown or not, and where its widgets go."""
    holder = QWidget(parent)
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(Space.L)
    return holder, box
