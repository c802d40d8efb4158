"""Their data as theirs: given to them as a file, forgotten for good, and two files of one person put together or taken apart.

What cannot be undone says so before, in plain words, and asks for the last four digits of the number.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.authority import Approval
from app.domain.errors import ApprovalNeeded, TillError
from app.domain.ids import MemberId
from app.domain.member import MemberCard, mask_name
from app.domain.phone import mask_phone
from app.i18n import t
from app.service.duplicates import reasons_text
from app.service.membership_merge import Suggestion
from app.service.privacy import Erased
from ui.member.desk import MemberDesk
from ui.member.erase_sheet import EraseSheet
from ui.member.merge_sheet import MergeSheet
from ui.member.section import Section, emptied
from ui.settings.file_sheet import FileSheet
from ui.tasks import Job
from ui.theme import Space, TypeRole
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click
from ui.widgets.progress_sheet import run_with_progress
from ui.widgets.text_label import TextLabel

EXPORTS: Final = "exports"


class PrivacySection(Section):
    NAME = "privacy"

    def __init__(self, desk: MemberDesk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self._found: tuple[Suggestion, ...] | None = None
        self.export = Button("member_page.export", parent=self, size="compact")
        self.erase = Button("member_page.erase", Kind.DANGER, self, size="compact")
        self.look = Button("member_page.duplicates_look", parent=self, size="compact")
        connect_click(self.export, self._on_export)
        connect_click(self.erase, self._on_erase)
        connect_click(self.look, self._on_look)
        self._merged, self._pairs = QVBoxLayout(), QVBoxLayout()
        for layout in (self._merged, self._pairs):
            layout.setSpacing(Space.S)
        for key, what, button in (
            ("member_page.export_title", "member_page.export_what", self.export),
            ("member_page.duplicates", "member_page.duplicates_what", self.look),
            ("member_page.erase_title", "member_page.erase_what", self.erase),
        ):
            self.body.addWidget(self._card(key, what, button))
            if button is self.look:
                self.body.addLayout(self._pairs)
                self.body.addLayout(self._merged)
        self.body.addStretch(1)

    def refresh(self) -> None:
        self._show_merged()
        self._show_pairs()

    # --- export ---

    def _on_export(self) -> None:
        keeper = self.desk.till.keeper
        start = keeper.about().data_folder if keeper is not None else None
        FileSheet(self.window(), "member_page.export_where", self._export, start=start).open()

    def _export(self, folder: Path) -> None:
        desk = self.desk
        desk.do(
            lambda approval: desk.till.privacy.export(desk.member_id, folder, approval),
            lambda file: desk.context.messages.good("member_page.exported", file=file),
            owner=self,
        )

    # --- erasing ---

    def _on_erase(self) -> None:
        card = self.desk.till.store.members.by_id(self.desk.member_id)
        if card is None:
            return
        sheet = EraseSheet(self.window(), card)
        sheet.finished.connect(lambda is_sure: self._erase(None) if is_sure else None)
        sheet.open()

    def _erase(self, approval: Approval | None) -> None:
        """The member is taken off the sale first; then the books forget them, then the older copies do. Refused, they are on it again."""
        desk, till = self.desk, self.desk.till
        basket = till.checkout.basket
        is_on_sale = basket.member is not None and basket.member.member.id == desk.member_id
        if is_on_sale:
            till.checkout.remove_member()
        keeper = till.keeper
        exports = keeper.about().data_folder / EXPORTS if keeper is not None else None

        def erase(job: Job) -> tuple[Erased, int]:
            erased = till.privacy.erase(desk.member_id, approval=approval, exports=exports)
            if keeper is None:
                return erased, 0
            copies = keeper.forget_in_copies(erased.members, lambda done, total: job.report(done, total))
            return erased, copies.locked

        def failed(error: TillError) -> None:
            if is_on_sale and till.checkout.basket.id == basket.id:
                till.checkout.resume(basket)
            if isinstance(error, ApprovalNeeded):
                desk.ask(error, self._erase)
            else:
                desk.context.messages.refused(error)

        run_with_progress(
            desk.context.tasks, self.window(), "member_page.erasing", erase, self._on_erased, failed
        )

    def _on_erased(self, done: tuple[Erased, int]) -> None:
        erased, locked = done
        self.desk.context.messages.good("member_page.erased", points=f"{erased.points:,}")
        if locked:
            self.desk.context.messages.warn("member_page.erased_locked", count=locked)
        self.closed.emit(None)

    # --- files of one person ---

    def _on_look(self) -> None:
        desk = self.desk

        def look(job: Job) -> tuple[Suggestion, ...]:
            return desk.till.merges.suggestions(
                on_progress=lambda done, total: job.report(done, total), is_cancelled=lambda: job.is_cancelled
            )

        run_with_progress(
            desk.context.tasks, self.window(), "member_page.duplicates_looking", look, self._on_found
        )

    def _on_found(self, found: tuple[Suggestion, ...]) -> None:
        self._found = found
        self._show_pairs()

    def _show_pairs(self) -> None:
        emptied(self._pairs)
        if self._found is None:
            return
        mine = [
            one for one in self._found if self.desk.member_id in (one.keep.member.id, one.other.member.id)
        ]
        if not mine:
            self._pairs.addWidget(TextLabel("member_page.duplicates_none", self, tone="muted"))
        for one in mine:
            other = one.other if one.keep.member.id == self.desk.member_id else one.keep
            why = t("member_page.duplicates_why", reasons=reasons_text(one.pair))
            merge = Button("member_page.merge", Kind.PRIMARY, self, size="compact")
            connect_click(merge, lambda one=one: self._on_merge(one))  # type: ignore[misc]
            apart = Button("member_page.not_same", Kind.GHOST, self, size="compact")
            connect_click(apart, lambda one=one: self._dismiss(one))  # type: ignore[misc]
            self._pairs.addWidget(self._row(other, why, apart, merge))

    def _dismiss(self, one: Suggestion) -> None:
        desk = self.desk

        def done(_: None) -> None:
            self._found = tuple(each for each in self._found or () if each is not one)
            self._show_pairs()

        desk.do(lambda _: desk.till.merges.dismiss(one.keep.member.id, one.other.member.id), done, owner=self)

    def _on_merge(self, one: Suggestion) -> None:
        sheet = MergeSheet(self.window(), self.desk, one)
        sheet.finished.connect(lambda keep: self._merge(one, keep) if keep is not None else None)
        sheet.open()

    def _merge(self, one: Suggestion, keep: object) -> None:
        desk = self.desk
        pair = (one.keep.member.id, one.other.member.id)
        survivor = next(each for each in pair if each == keep)
        loser = next(each for each in pair if each != survivor)

        def done(card: MemberCard) -> None:
            self._found = tuple(each for each in self._found or () if each is not one)
            desk.context.messages.good("member_page.merged", who=_who(card))
            self.moved.emit(card.member.id)

        desk.do(lambda approval: desk.till.merges.merge(loser, survivor, approval=approval), done, owner=self)

    def _show_merged(self) -> None:
        emptied(self._merged)
        file = self.desk.till.membership.file(self.desk.member_id)
        rows = self.desk.till.store.membership.profiles
        for member_id in file.merged if file is not None else ():
            own = rows.file(member_id)
            button = Button("member_page.unmerge", parent=self, size="compact")
            connect_click(button, lambda each=member_id: self._ask_unmerge(each))  # type: ignore[misc]
            fields = rows.fields(member_id)
            name = mask_name(fields.get("name", own.member.name if own else ""))
            words = QHBoxLayout()
            label = TextLabel(parent=self, type=TypeRole.BODY, wraps=True)
            label.show_text("member_page.merged_here", who=name or t("member.unnamed"))
            words.addWidget(label, 1)
            words.addWidget(button)
            self._merged.addLayout(words)

    def _ask_unmerge(self, member_id: MemberId) -> None:
        ConfirmSheet(
            self.window(),
            "member_page.unmerge",
            "member_page.unmerge_question",
            lambda: self._unmerge(member_id),
            yes_key="member_page.unmerge",
        ).open()

    def _unmerge(self, member_id: MemberId) -> None:
        desk = self.desk

        def done(card: MemberCard) -> None:
            desk.context.messages.good("member_page.unmerged", who=_who(card))
            self.written.emit()

        desk.do(lambda approval: desk.till.merges.unmerge(member_id, approval=approval), done, owner=self)

    # --- inside ---

    def _row(self, card: MemberCard, why: str, *buttons: Button) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("panel", "raised")
        row = QHBoxLayout(frame)
        row.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        who = TextLabel(parent=frame, type=TypeRole.LEAD)
        who.show_plain(_who(card))
        reasons = TextLabel(parent=frame, type=TypeRole.CAPTION, wraps=True)
        reasons.show_plain(why)
        texts.addWidget(who)
        texts.addWidget(reasons)
        row.addLayout(texts, 1)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return frame

    def _card(self, title_key: str, what_key: str, button: Button) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("panel", "raised")
        row = QHBoxLayout(frame)
        row.setContentsMargins(Space.L, Space.M, Space.M, Space.M)
        row.setSpacing(Space.L)
        texts = QVBoxLayout()
        texts.setSpacing(Space.XS)
        texts.addWidget(TextLabel(title_key, frame, type=TypeRole.LEAD, is_strong=True))
        texts.addWidget(TextLabel(what_key, frame, type=TypeRole.BODY, tone="muted", wraps=True))
        row.addLayout(texts, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return frame


def _who(card: MemberCard) -> str:
    return f"{mask_name(card.member.name)}　{mask_phone(card.member.phone)}".strip()
