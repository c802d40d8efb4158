"""The file itself: fields asked for one at a time, tags, the codes that find this member, and who brought them. Nothing is required."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.domain.member import MemberCard, mask_name
from app.domain.phone import mask_phone
from app.domain.profile import MemberFile
from app.domain.profile_fields import FieldKind, FieldSpec
from app.i18n import t
from ui.keys import Action
from ui.member.desk import MemberDesk
from ui.member.field_sheets import ChoiceSheet, TextSheet
from ui.member.qr_sheet import QrSheet
from ui.member.section import Section, emptied
from ui.member.words import field_name, field_words, typed_birthday_words
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.text_label import TextLabel

ASKED_FIRST: Final = ("name", "birthday", "line_id", "email", "interests")
UNSHOWN: Final = frozenset({"note"})
TAGS_IN_A_ROW: Final = 4


class DetailsSection(Section):
    NAME = "details"

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self._skipped: set[str] = set()
        self._ask = QVBoxLayout()
        self._fields, self._codes = QVBoxLayout(), QVBoxLayout()
        self._tags = QGridLayout()
        for layout in (self._fields, self._codes, self._tags):
            layout.setSpacing(Space.XS)
        self.question: Field | None = None
        self.brought = TextLabel(parent=self, type=TypeRole.BODY, tone="muted", wraps=True)
        self.set_referrer = Button("member_page.referrer_set", parent=self, size="compact")
        self.show_qr = Button("member_page.qr", parent=self, size="compact")
        self.add_tag = Button("member_page.tag_add", parent=self, size="compact")
        connect_click(self.set_referrer, self._on_referrer)
        connect_click(self.show_qr, self._on_qr)
        connect_click(self.add_tag, self._on_tag)
        self._lay_out()

    def refresh(self) -> None:
        file = self.desk.till.membership.file(self.desk.member_id)
        if file is None:
            return
        self._show_question(file)
        self._show_fields(file)
        self._show_tags(file)
        self._show_codes(file)
        self._show_referral()

    def first_stop(self) -> QWidget | None:
        return self.question.edit if self.question is not None else None

    def take_scan(self, code: str) -> bool:
        """Any card, carrier or QR that shall find this member from now on."""
        desk = self.desk

        def done(kept: str) -> None:
            desk.context.messages.good("member_page.code_added", code=kept)
            self.written.emit()

        desk.do(lambda _: desk.till.membership.add_code(desk.member_id, code), done, owner=self)
        return True

    # --- one question, lightly ---

    def _show_question(self, file: MemberFile) -> None:
        emptied(self._ask)
        self.question = None
        specs = {spec.key: spec for spec in self.desk.till.membership.specs()}
        wanted = next(
            (
                key
                for key in ASKED_FIRST
                if key in specs
                and key not in self._skipped
                and not file.fields.get(key)
                and not specs[key].choices
            ),
            None,
        )
        if wanted is None:
            return
        spec = specs[wanted]
        card = QFrame(self)
        card.setProperty("panel", "sunken")
        row = QHBoxLayout(card)
        row.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        field = self.question = Field(f"member_page.ask.{wanted}", card, characters_max=120, width=460)
        if spec.kind is FieldKind.BIRTHDAY:
            field.changed.connect(lambda text: self._echo(field, text))
        skip = Button("member_page.ask_skip", Kind.GHOST, card, size="compact")
        connect_click(skip, lambda: self._skip(wanted))
        field.entered.connect(lambda: self._answer(spec, field))
        row.addWidget(field, 1)
        row.addWidget(skip, 0, Qt.AlignmentFlag.AlignVCenter)
        self._ask.addWidget(card)

    def _echo(self, field: Field, text: str) -> None:
        words = typed_birthday_words(text, self.desk.today()) if text.strip() else ""
        if words:
            field.say("member_page.birthday_echo", tone="good", words=words)

    def _skip(self, key: str) -> None:
        self._skipped.add(key)
        self.refresh()
        if self.question is not None:
            self.question.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, spec: FieldSpec, field: Field) -> None:
        if not field.text:
            self._skip(spec.key)
            return
        self._write(spec, field.text, field)

    def _write(self, spec: FieldSpec, text: str, field: Field | None = None) -> None:
        desk = self.desk

        def failed(error: TillError) -> None:
            if field is not None:
                field.say(error.text_key, tone="danger", **error.fields)
                field.edit.selectAll()
            else:
                desk.context.messages.refused(error)

        def done(_: MemberFile) -> None:
            had_focus = field is not None and field.edit.hasFocus()
            self.written.emit()
            if had_focus and self.question is not None:
                self.question.edit.setFocus(Qt.FocusReason.OtherFocusReason)

        desk.do(
            lambda _: desk.till.membership.set_fields(desk.member_id, {spec.key: text}),
            done,
            on_error=failed,
            owner=self,
        )

    # --- all fields ---

    def _show_fields(self, file: MemberFile) -> None:
        emptied(self._fields)
        today = self.desk.today()
        self._fields.addWidget(
            self._field_row(t("membership.field.phone"), mask_phone(file.member.phone), self._on_phone)
        )
        for spec in self.desk.till.membership.specs():
            if spec.key in UNSHOWN:
                continue
            value = field_words(spec, file.fields.get(spec.key, ""), today)
            row = self._field_row(field_name(spec), value, lambda spec=spec: self._on_field(spec))
            self._fields.addWidget(row)

    def _field_row(self, name: str, value: str, on_click: object) -> Button:
        button = Button("", Kind.SECONDARY, self, size="compact")
        button.show_plain(f"{name}　{value or t('member_page.field_empty')}")
        button.setStyleSheet("text-align: left;")
        button.setAccessibleName(f"{name} {value or t('member_page.field_empty')}")
        assert callable(on_click)
        connect_click(button, on_click)
        return button

    def _on_field(self, spec: FieldSpec) -> None:
        file = self.desk.till.membership.file(self.desk.member_id)
        if file is None or spec.key == "source":
            return
        value = file.fields.get(spec.key, "")
        if spec.choices or spec.kind is FieldKind.YES_NO:
            choices = ChoiceSheet(self.window(), spec, value, self.desk.today())
            choices.finished.connect(
                lambda chosen: self._write(spec, str(chosen)) if chosen is not None else None
            )
            choices.open()
            return
        sheet = TextSheet(self.window(), field_name(spec), value, spec, self.desk.today())
        sheet.decided.connect(lambda text: self._save_from(sheet, spec, text))
        sheet.open()

    def _save_from(self, sheet: TextSheet, spec: FieldSpec, text: str) -> None:
        desk = self.desk

        def done(_: object) -> None:
            sheet.finish(True)
            self.written.emit()

        desk.do(
            lambda _: desk.till.membership.set_fields(desk.member_id, {spec.key: text}),
            done,
            on_error=sheet.refuse,
            owner=self,
        )

    def _on_phone(self) -> None:
        desk = self.desk
        sheet = TextSheet(self.window(), t("membership.field.phone"), "")

        def done(_: object) -> None:
            sheet.finish(True)
            self.written.emit()

        sheet.decided.connect(
            lambda text: desk.do(
                lambda _: desk.till.membership.set_phone(desk.member_id, text),
                done,
                on_error=sheet.refuse,
                owner=self,
            )
        )
        sheet.open()

    # --- tags and codes ---

    def _show_tags(self, file: MemberFile) -> None:
        emptied(self._tags)
        for index, tag in enumerate(file.tags):
            button = Button("", Kind.SECONDARY, self, size="compact")
            if tag in file.rule_tags:
                button.show_text("member_page.tag_by_rule", tag=tag)
                button.setEnabled(False)
            else:
                button.show_plain(f"{tag}　×")
                button.setAccessibleName(t("member_page.tag_remove", tag=tag))
                connect_click(button, lambda tag=tag: self._untag(tag))  # type: ignore[misc]
            self._tags.addWidget(button, index // TAGS_IN_A_ROW, index % TAGS_IN_A_ROW)

    def _untag(self, tag: str) -> None:
        desk = self.desk
        desk.do(
            lambda _: desk.till.membership.untag(desk.member_id, tag),
            lambda _: self.written.emit(),
            owner=self,
        )

    def _on_tag(self) -> None:
        desk = self.desk
        sheet = TextSheet(self.window(), t("membership.field.tags"), "")

        def done(_: object) -> None:
            sheet.finish(True)
            self.written.emit()

        sheet.decided.connect(
            lambda text: desk.do(
                lambda _: desk.till.membership.tag(desk.member_id, text),
                done,
                on_error=sheet.refuse,
                owner=self,
            )
        )
        sheet.open()

    def _show_codes(self, file: MemberFile) -> None:
        emptied(self._codes)
        if not file.codes:
            self._codes.addWidget(TextLabel("member_page.no_codes", self, tone="muted", wraps=True))
        for code, kind in file.codes:
            row = QHBoxLayout()
            words = TextLabel(parent=self, type=TypeRole.BODY)
            words.show_plain(f"{t(f'member_page.code.{kind}')}　{code}")
            remove = Button("member_page.code_remove", Kind.GHOST, self, size="compact")
            connect_click(remove, lambda code=code: self._remove_code(code))  # type: ignore[misc]
            row.addWidget(words, 1)
            row.addWidget(remove)
            self._codes.addLayout(row)

    def _remove_code(self, code: str) -> None:
        desk = self.desk
        desk.do(
            lambda _: desk.till.membership.remove_code(desk.member_id, code),
            lambda _: self.written.emit(),
            owner=self,
        )

    def _on_qr(self) -> None:
        """Their own QR on the screen, made now if there is none."""
        desk = self.desk
        file = desk.till.membership.file(desk.member_id)
        known = next((code for code, kind in file.codes if kind == "qr"), "") if file else ""

        def show(symbol: str) -> None:
            self.written.emit()
            QrSheet(self.window(), symbol).open()

        if known:
            show(QrSheet.symbol_of(known))
        else:
            desk.do(lambda _: desk.till.membership.new_qr(desk.member_id), show, owner=self)

    # --- who brought them ---

    def _show_referral(self) -> None:
        store = self.desk.till.store
        referrer = store.membership.consents.referrer_of(self.desk.member_id)
        brought = len(store.membership.consents.referred_by(self.desk.member_id))
        card = store.members.by_id(referrer) if referrer is not None else None
        said = []
        if card is not None:
            said.append(t("member_page.referrer", who=_who(card)))
        if brought:
            said.append(t("member_page.brought", count=brought))
        self.brought.show_plain("　".join(said) or t("member_page.no_referrer"))
        self.set_referrer.setVisible(referrer is None)

    def _on_referrer(self) -> None:
        from ui.sale.member_find import MemberFindSheet

        desk = self.desk
        key = desk.context.hotkeys.keys.key(Action.MEMBER)
        find = MemberFindSheet(self.window(), desk.till, key)

        def refer(card: object) -> None:
            if isinstance(card, MemberCard):
                desk.do(
                    lambda _: desk.till.membership.refer(desk.member_id, card.member.id),
                    lambda _: self.written.emit(),
                    owner=self,
                )

        find.finished.connect(refer)
        find.open()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(Space.S)
        left.addWidget(self.heading("member_page.fields"))
        left.addLayout(self._fields)
        left.addStretch(1)
        tags_top, codes_top = QHBoxLayout(), QHBoxLayout()
        tags_top.addWidget(self.heading("membership.field.tags"), 1)
        tags_top.addWidget(self.add_tag)
        codes_top.addWidget(self.heading("member_page.codes"), 1)
        codes_top.addWidget(self.show_qr)
        hint = TextLabel("member_page.codes_hint", self, type=TypeRole.CAPTION, wraps=True)
        right.addLayout(codes_top)
        right.addLayout(self._codes)
        right.addWidget(hint)
        right.addLayout(tags_top)
        right.addLayout(self._tags)
        referral_top = QHBoxLayout()
        referral_top.addWidget(self.heading("member_page.referral"), 1)
        referral_top.addWidget(self.set_referrer)
        right.addLayout(referral_top)
        right.addWidget(self.brought)
        right.addStretch(1)
        columns = QGridLayout()
        columns.setHorizontalSpacing(Space.XL)
        columns.addLayout(left, 0, 0)
        columns.addLayout(right, 0, 1)
        for column_number in (0, 1):
            columns.setColumnStretch(column_number, 1)
        self.body.addLayout(self._ask)
        self.body.addLayout(columns, 1)


def _who(card: MemberCard) -> str:
    return f"{mask_name(card.member.name)} {mask_phone(card.member.phone)}".strip()
