"""What they agreed to: being a member and being written to, asked apart, each with the words that were shown, who asked and when."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.consent import Consent, ConsentChannel, Purpose
from app.i18n import language, t
from ui.member.desk import MemberDesk
from ui.member.section import Section, emptied
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.text_label import TextLabel

HISTORY_MAX = 12


class ConsentSection(Section):
    NAME = "consents"

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.answers: dict[Purpose, Button] = {}
        self.standings: dict[Purpose, TextLabel] = {}
        for purpose in (Purpose.MARKETING, Purpose.MEMBERSHIP):
            self.body.addWidget(self._card(purpose))
        self.body.addWidget(self.heading("member_page.consent_history"))
        self._history = QVBoxLayout()
        self._history.setSpacing(Space.XS)
        self.body.addLayout(self._history)
        self.body.addStretch(1)

    def refresh(self) -> None:
        consents = self.desk.till.consents
        for purpose in Purpose:
            standing = consents.standing(self.desk.member_id, purpose)
            self.standings[purpose].show_plain(self._standing_words(standing))
            self.standings[purpose].set_tone(
                "good" if standing is not None and standing.is_granted else "muted"
            )
            is_granted = standing is not None and standing.is_granted
            button = self.answers[purpose]
            button.show_text("member_page.consent_withdraw" if is_granted else "member_page.consent_give")
            button.set_kind(Kind.DANGER if is_granted else Kind.PRIMARY)
        emptied(self._history)
        for consent in reversed(consents.history(self.desk.member_id)[-HISTORY_MAX:]):
            line = TextLabel(parent=self, type=TypeRole.BODY, tone="muted", wraps=True)
            line.show_plain(
                f"{t(f'membership.export.purpose.{consent.purpose.value}')}　{self._standing_words(consent)}"
            )
            self._history.addWidget(line)

    def first_stop(self) -> QWidget | None:
        return self.answers[Purpose.MARKETING]

    def _card(self, purpose: Purpose) -> QFrame:
        card = QFrame(self)
        card.setProperty("panel", "raised")
        row = QHBoxLayout(card)
        row.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        row.setSpacing(Space.L)
        words = TextLabel(parent=card, type=TypeRole.BODY, wraps=True)
        words.show_plain(self.desk.till.consents.text(purpose, language()).words)
        standing = self.standings[purpose] = TextLabel(parent=card, type=TypeRole.BODY, wraps=True)
        texts = QVBoxLayout()
        texts.setSpacing(Space.XS)
        texts.addWidget(
            TextLabel(f"membership.export.purpose.{purpose.value}", card, type=TypeRole.LEAD, is_strong=True)
        )
        texts.addWidget(words)
        texts.addWidget(standing)
        button = self.answers[purpose] = Button(
            "member_page.consent_give", Kind.PRIMARY, card, size="compact"
        )
        connect_click(button, lambda: self._on_answer(purpose))
        row.addLayout(texts, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return card

    def _on_answer(self, purpose: Purpose) -> None:
        """One step in both directions; taking it back needs no words."""
        desk = self.desk
        consents = desk.till.consents
        standing = consents.standing(desk.member_id, purpose)
        is_granted = standing is None or not standing.is_granted
        text = consents.text(purpose, language()) if is_granted else None

        def done(consent: Consent) -> None:
            key = "member_page.consent_given" if consent.is_granted else "member_page.consent_withdrawn"
            desk.context.messages.good(key)
            self.written.emit()

        desk.do(
            lambda _: consents.answer(
                desk.member_id, purpose, is_granted=is_granted, channel=ConsentChannel.SPOKEN, text=text
            ),
            done,
            owner=self,
        )

    def _standing_words(self, consent: Consent | None) -> str:
        if consent is None:
            return t("membership.consent.never")
        day = f"{self.desk.local(consent.occurred_at):%Y/%m/%d %H:%M}"
        channel = t(f"member_page.channel.{consent.channel.value}")
        if consent.is_granted:
            said = t("membership.consent.granted", date=day, text=consent.text_version or "—")
        else:
            said = t("membership.consent.withdrawn", date=day)
        return "　".join(part for part in (said, channel, self.desk.who(consent.operator_id)) if part)
