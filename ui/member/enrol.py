"""A new member asked lightly, while the sale goes on: name, birthday, news, who brought them. Enter with nothing filled in goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.consent import Purpose
from app.domain.entry import MemberCode
from app.domain.errors import Refused
from app.domain.member import MemberCard
from app.domain.phone import national_number
from app.i18n import language
from ui.context import ScreenContext
from ui.member.words import typed_birthday_words
from ui.sale.next_step import spaced_phone
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till

CONSENTS = (
    (None, "member.enrol.consent_unasked"),
    (True, "member.enrol.consent_yes"),
    (False, "member.enrol.consent_no"),
)


class EnrolSheet(Sheet):
    """Keeps the answers with the new member at the counter.

    Signals:
        answered(): something was kept; it is saved with the sale.
        removed(): they would rather not be a member.
    """

    answered = Signal()
    removed = Signal()

    def __init__(self, window: QWidget, till: Till, context: ScreenContext, card: MemberCard) -> None:
        super().__init__(window, width=760)
        self._till = till
        self._context = context
        before = till.enrolment.answers_of(card.member.id)
        self.set_title("member.enrol.title", phone=spaced_phone(card.member.phone))
        self.body.addWidget(TextLabel("member.enrol.lead", self.panel, tone="muted", wraps=True))
        welcome = till.enrolment.welcome_text()
        if welcome:
            gift = TextLabel(parent=self.panel, type=TypeRole.LEAD, tone="good", is_strong=True, wraps=True)
            gift.show_text("member.offer.welcome", gift=welcome)
            self.body.addWidget(gift)
        self.name = Field("member.enrol.name", self.panel, text=card.member.name, characters_max=120)
        self.birthday = Field(
            "member.enrol.birthday",
            self.panel,
            help_key="member.enrol.birthday_help",
            text=card.member.birthday,
            characters_max=30,
        )
        self.referrer = Field(
            "member.enrol.referrer", self.panel, help_key="member.enrol.referrer_help", characters_max=40
        )
        if before.referrer is not None and (found := till.store.members.by_id(before.referrer)) is not None:
            self.referrer.set_text(national_number(found.member.phone))
        self.consent: Choice[bool | None] = Choice(CONSENTS, before.may_write, self.panel)
        text = TextLabel(parent=self.panel, type=TypeRole.CAPTION, wraps=True)
        text.show_plain(till.consents.text(Purpose.MARKETING, language()).words)
        for field in (self.name, self.birthday, self.referrer):
            self.body.addWidget(field)
            field.entered.connect(lambda field=field: self._on_entered(field))
        self.body.addWidget(TextLabel("member.enrol.consent", self.panel, tone="muted"))
        self.body.addWidget(self.consent)
        self.body.addWidget(text)
        self.birthday.changed.connect(self._echo)
        self._lay_buttons()
        self.set_first_focus(self.name.edit)

    def take_scan(self, code: str) -> None:
        """The code of whoever brought them."""
        recognised = self._till.checkout.recognise(code, is_scan=True)
        self.referrer.set_text(recognised.code if isinstance(recognised, MemberCode) else code)

    # --- inside ---

    def _lay_buttons(self) -> None:
        remove = Button("member.enrol.remove", Kind.GHOST, self.panel)
        connect_click(remove, self._on_remove)
        save = Button("member.enrol.save", Kind.PRIMARY, self.panel)
        connect_click(save, self._save)
        self.add_button(remove)
        self.add_button(save, is_default=True)

    def _on_remove(self) -> None:
        self.finish(None)
        self.removed.emit()

    def _on_entered(self, field: Field) -> None:
        """On to the next field; with nothing filled in at all, back to the sale; after the last one it is kept."""
        fields = (self.name, self.birthday, self.referrer)
        if not any(each.text for each in fields) and self.consent.value is None:
            self._save()
        elif field is self.referrer:
            self.consent.focus()
        else:
            following = fields[fields.index(field) + 1]
            following.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _echo(self, text: str) -> None:
        words = typed_birthday_words(text, self._till.coupons.business_date()) if text.strip() else ""
        if words:
            self.birthday.say("member_page.birthday_echo", tone="good", words=words)

    def _save(self) -> None:
        try:
            answers = self._till.enrolment.read(
                self.name.text, self.birthday.text, self.consent.value, self.referrer.text
            )
            if not answers.is_empty:
                self._till.enrolment.answer(self._till.checkout, answers)
        except Refused as error:
            field = {"birthday_unreadable": self.birthday, "referrer_unknown": self.referrer}.get(error.code)
            (field or self.name).refuse(error)
            return
        self.finish(None)
        if not answers.is_empty:
            self._context.messages.good("member.enrol.saved")
            self.answered.emit()
