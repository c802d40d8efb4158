"""Who they are, in two seconds: what is due today, the one thing to say, since when and how often they come, what they like."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.profile import Note
from app.i18n import t
from app.service.portrait import say_text, usual_text
from app.service.portrait_values import Portrait, SayKind
from ui.member.bars import Bars, bars_of
from ui.member.desk import MemberDesk
from ui.member.section import Section, emptied
from ui.member.words import birthday_words
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Facts, connect_click
from ui.widgets.text_label import TextLabel


class PortraitSection(Section):
    NAME = "portrait"

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self._stop: Button | None = None
        self._due = QVBoxLayout()
        self._due.setSpacing(Space.S)
        self.say = TextLabel(parent=self, type=TypeRole.TITLE, tone="accent", wraps=True)
        self.facts = Facts(self)
        self.items = Bars(self)
        self.categories = Bars(self)
        columns = QGridLayout()
        columns.setHorizontalSpacing(Space.XL)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(Space.S)
        left.addWidget(self.heading("member_page.who"))
        left.addWidget(self.facts)
        left.addStretch(1)
        for widget in (
            self.heading("member_page.likes"),
            self.items,
            self.heading("member_page.likes_kinds"),
            self.categories,
        ):
            right.addWidget(widget)
        right.addStretch(1)
        columns.addLayout(left, 0, 0)
        columns.addLayout(right, 0, 1)
        columns.setColumnStretch(0, 1)
        columns.setColumnStretch(1, 1)
        self.body.addLayout(self._due)
        self.body.addWidget(self.say)
        self.body.addLayout(columns)
        self.body.addStretch(1)

    def refresh(self) -> None:
        till, member_id = self.desk.till, self.desk.member_id
        portrait = till.portraits.portrait(member_id)
        if portrait is not None:
            self._show(portrait)

    def first_stop(self) -> QWidget | None:
        return self._stop

    def _show(self, portrait: Portrait) -> None:
        emptied(self._due)
        self._stop = None
        for note in portrait.due:
            self._due.addWidget(self._due_card(note))
        said = say_text(portrait.say) if portrait.say.kind is not SayKind.DUE else ""
        self.say.show_plain(said)
        self.say.setVisible(bool(said))
        self.facts.clear()
        for name, value in self._facts_of(portrait):
            if value:
                self.facts.show_fact(f"member_page.fact.{name}", value)
        tickets = t("member_page.times")
        self.items.show_bars(
            bars_of(
                [
                    (one.name, one.tickets, f"{one.tickets} {tickets}")
                    for one in portrait.top_items
                    if one.name
                ]
            )
        )
        self.categories.show_bars(
            bars_of(
                [
                    (one.name, one.tickets, f"{one.tickets} {tickets}")
                    for one in portrait.top_categories
                    if one.name
                ]
            )
        )

    def _facts_of(self, portrait: Portrait) -> list[tuple[str, str]]:
        card, rhythm = portrait.card, portrait.rhythm
        file = self.desk.till.membership.file(self.desk.member_id)
        birthday = file.fields.get("birthday", card.member.birthday) if file else card.member.birthday
        comma = t("membership.separator")
        often = ""
        if rhythm.every_days is not None and rhythm.days_since:
            often = t("member_page.rhythm", every=rhythm.every_days, days=rhythm.days_since)
        elif rhythm.every_days is not None:
            often = t("member_page.rhythm_today", every=rhythm.every_days)
        tier = portrait.tier
        to_next = (
            t("member.to_tier", left=tier.left_text, tier=tier.next_name) if tier and tier.next_name else ""
        )
        ends = portrait.points_end
        joined = card.member.joined_on
        return [
            ("since", t("member_page.since", date=f"{joined:%Y/%m/%d}") if joined else ""),
            ("rhythm", often),
            ("part", t(f"membership.part.{portrait.part.value}") if portrait.part else ""),
            ("usual", usual_text(portrait.usual)),
            ("refill", comma.join(one.name for one in portrait.refills[:3] if one.name)),
            ("birthday", birthday_words(birthday, self.desk.today())),
            ("tier", to_next),
            (
                "points",
                t("member.ending", points=f"{ends.points:,}", date=f"{ends.on:%Y/%m/%d}") if ends else "",
            ),
            ("tags", comma.join(portrait.tags)),
            ("coupons", t("member_page.count", count=len(portrait.coupons)) if portrait.coupons else ""),
        ]

    def _due_card(self, note: Note) -> QFrame:
        """What was asked for, until somebody says that it is done."""
        card = QFrame(self)
        card.setProperty("panel", "raised")
        row = QHBoxLayout(card)
        row.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        words = TextLabel(parent=card, type=TypeRole.LEAD, tone="warn", is_strong=True, wraps=True)
        words.show_plain(f"{t(f'membership.note.{note.kind.value}')}　{note.words}")
        done = Button("member_page.note.finish", Kind.PRIMARY, card, size="compact")
        connect_click(done, lambda: self._finish(note))
        row.addWidget(words, 1)
        row.addWidget(done, 0, Qt.AlignmentFlag.AlignVCenter)
        if self._stop is None:
            self._stop = done
        return card

    def _finish(self, note: Note) -> None:
        desk = self.desk
        desk.do(lambda _: desk.till.membership.finish(note.id), lambda _: self.written.emit(), owner=self)
