"""Two files of one person side by side: which one stays, and what will happen."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.ids import MemberId
from app.domain.member import MemberCard, mask_name
from app.domain.phone import mask_phone
from app.i18n import t
from app.service.duplicates import reasons_text
from app.service.membership_merge import Suggestion
from ui.member.desk import MemberDesk
from ui.member.words import birthday_words
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, Choice, Facts
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel


class MergeSheet(Sheet):
    """Finishes with the id of the file that stays."""

    def __init__(self, window: QWidget, desk: MemberDesk, one: Suggestion) -> None:
        super().__init__(window, "member_page.merge_title", width=900)
        self._desk = desk
        why = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        why.show_text("member_page.duplicates_why", reasons=reasons_text(one.pair))
        columns = QGridLayout()
        columns.setHorizontalSpacing(Space.L)
        for column, card in enumerate((one.keep, one.other)):
            columns.addWidget(self._card(card), 0, column)
            columns.setColumnStretch(column, 1)
        options: tuple[tuple[MemberId, str], ...] = tuple(
            (card.member.id, t("member_page.merge_keep", who=_who(card))) for card in (one.keep, one.other)
        )
        self.keep: Choice[MemberId] = Choice(options, one.keep.member.id, self.panel, is_plain=True)
        self.body.addWidget(why)
        self.body.addLayout(columns)
        self.body.addWidget(TextLabel("member_page.merge_which", self.panel, tone="muted"))
        self.body.addWidget(self.keep)
        self.body.addWidget(TextLabel("member_page.merge_what", self.panel, type=TypeRole.LEAD, wraps=True))
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        no.clicked.connect(self.step_back)
        yes = Button("member_page.merge", Kind.PRIMARY, self.panel)
        yes.clicked.connect(lambda: self.finish(self.keep.value))
        self.add_button(no)
        self.add_button(yes, is_default=True)
        self.set_first_focus(self.keep.button(one.keep.member.id))

    def _card(self, card: MemberCard) -> Card:
        shown = Card(parent=self.panel, panel="raised")
        who = TextLabel(parent=shown, type=TypeRole.LEAD, is_strong=True)
        who.show_plain(_who(card))
        facts = Facts(shown)
        member = card.member
        joined = f"{member.joined_on:%Y/%m/%d}" if member.joined_on else "—"
        last = f"{card.last_visit_on:%Y/%m/%d}" if card.last_visit_on else "—"
        facts.show_fact("membership.field.joined_on", joined)
        facts.show_fact("member_page.fact.points_now", f"{card.points:,}")
        facts.show_fact("member_page.fact.visits", f"{card.visits:,}")
        facts.show_fact("member_page.fact.last", last)
        facts.show_fact(
            "membership.field.birthday", birthday_words(member.birthday, self._desk.today()) or "—"
        )
        shown.body.addWidget(who)
        shown.body.addWidget(facts)
        return shown


def _who(card: MemberCard) -> str:
    return f"{mask_name(card.member.name)} {mask_phone(card.member.phone)}".strip()
