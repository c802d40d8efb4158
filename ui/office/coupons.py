"""Coupons given and counted: each kind with its figures, one to a member, many to a tier, a tag or a list, and papers for whoever comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.domain.loyalty.coupon import Coupon, CouponEventKind, uses_left
from app.domain.loyalty.coupon_code import shown
from app.domain.loyalty.coupon_terms import CouponTerms
from app.domain.member import MemberCard
from app.domain.money import Money, format_money
from app.i18n import t
from app.service.coupon_ports import CouponFigures, KnownCoupon
from ui import theme
from ui.office.bulk_sheet import BulkSheet
from ui.office.page import OfficePage, member_of, reachable
from ui.rules.coupon_areas import TemplateArea
from ui.rules.painted import CardFace, CardView
from ui.tasks import Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

ISSUED_SHOWN_MAX: Final = 200
PAPERS_MAX: Final = 30


class CouponsPage(OfficePage):
    """The kinds on the left, what has become of them on the right."""

    NAME = "coupons"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(self.NAME, till, context, parent)
        self._area = TemplateArea(till)
        self._templates: tuple[CouponTerms, ...] = ()
        self._figures: dict[str, CouponFigures] = {}
        self._issued: tuple[KnownCoupon, ...] = ()
        self.kinds = RecordTable(
            (
                Column("office.coupons.name", is_wide=True),
                Column("office.coupons.issued", is_number=True),
                Column("office.coupons.used", is_number=True),
                Column("office.coupons.open", is_number=True),
                Column("office.coupons.expired", is_number=True),
            ),
            self,
        )
        self.card = CardView(self)
        self.figures = TextLabel(parent=self, type=TypeRole.BODY, tone="muted", wraps=True)
        self.list = RecordTable(
            (
                Column("office.coupons.code"),
                Column("office.coupons.member", is_wide=True),
                Column("office.coupons.until"),
                Column("office.coupons.state"),
            ),
            self,
        )
        self.empty = TextLabel("office.coupons.none", self, type=TypeRole.LEAD, tone="muted", wraps=True)
        self.give_one = Button("office.coupons.give_one", Kind.PRIMARY, self)
        self.give_many = Button("office.coupons.give_many", parent=self)
        self.papers = Button("office.coupons.papers", parent=self)
        self.print_again = Button("office.coupons.print", parent=self)
        self.cancel = Button("office.coupons.cancel", Kind.DANGER, self)
        reachable(self.kinds, self.list)
        self._lay_out()
        self.kinds.selection_changed.connect(lambda _: self._show_kind())
        self.list.selection_changed.connect(lambda _: self._show_buttons())
        connect_click(self.give_one, self.ask_member)
        connect_click(self.give_many, self.ask_audience)
        connect_click(self.papers, self.ask_papers)
        connect_click(self.print_again, self.print_selected)
        connect_click(self.cancel, self.ask_cancel)

    @property
    def selected(self) -> CouponTerms | None:
        row = self.kinds.selected
        return self._templates[row] if 0 <= row < len(self._templates) else None

    @property
    def selected_coupon(self) -> KnownCoupon | None:
        row = self.list.selected
        return self._issued[row] if 0 <= row < len(self._issued) else None

    def refresh(self) -> None:
        """The kinds at once, their figures when they are counted."""
        self._templates = self._till.coupons.rules()[1].templates
        self._show_kinds()
        today, store = self._till.shifts.business_date(), self._till.store
        self._context.tasks.run(
            lambda: store.coupons.figures(today), self._on_figures, worker=Worker.POOL, owner=self
        )

    # --- giving ----------------------------------------------------------------------------------------------------

    def ask_member(self) -> None:
        terms = self.selected
        if terms is not None:
            self.find_member(lambda card: self._give(terms, card))

    def ask_audience(self) -> None:
        terms = self.selected
        if terms is not None:
            sheet = BulkSheet(self.window(), self._till, self._context, terms)
            sheet.finished.connect(lambda _: self.refresh())
            sheet.open()

    def ask_papers(self) -> None:
        terms = self.selected
        if terms is not None:
            sheet = PapersSheet(self.window())
            sheet.finished.connect(lambda count: None if count is None else self._print_new(terms, count))
            sheet.open()

    def _give(self, terms: CouponTerms, card: MemberCard) -> None:
        office = self._till.coupon_office

        def done(coupon: Coupon) -> None:
            self._context.messages.good(
                "office.coupons.given", name=terms.name, member=member_of(self._till, coupon.member_id)
            )
            self.refresh()

        self._context.tasks.run(lambda: office.issue(terms.key, card.member.id), done, owner=self)

    def _print_new(self, terms: CouponTerms, count: int) -> None:
        """Coupons for whoever brings them, each on a paper of its own."""
        till = self._till

        def work() -> int:
            for _ in range(count):
                _print(till, till.coupon_office.issue(terms.key))
            return count

        def done(printed: int) -> None:
            till.spool.wake()
            self._context.messages.good("office.coupons.printed", count=printed)
            self.refresh()

        self._context.tasks.run(work, done, owner=self)

    def print_selected(self) -> None:
        """The paper of one that was issued; printed twice it is still used once."""
        known = self.selected_coupon
        if known is None:
            return
        till = self._till

        def done(_: None) -> None:
            till.spool.wake()
            self._context.messages.good("office.coupons.printed", count=1)

        self._context.tasks.run(lambda: _print(till, known.coupon), done, owner=self)

    def ask_cancel(self) -> None:
        known = self.selected_coupon
        if known is None:
            return
        sheet = ReasonSheet(self.window(), "office.coupons.cancel_title")
        sheet.finished.connect(lambda reason: None if reason is None else self._cancel(known, reason))
        sheet.open()

    def _cancel(self, known: KnownCoupon, reason: str) -> None:
        office = self._till.coupon_office

        def done(_: None) -> None:
            self._context.messages.good("office.coupons.cancelled")
            self.refresh()

        self._context.tasks.run(lambda: office.cancel(known.coupon.id, reason), done, owner=self)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _on_figures(self, figures: tuple[CouponFigures, ...]) -> None:
        self._figures = {one.template: one for one in figures}
        self._show_kinds()

    def _show_kinds(self) -> None:
        rows = []
        for terms in self._templates:
            one = self._figures.get(terms.key)
            counts = (0, 0, 0, 0) if one is None else (one.issued, one.used, one.open, one.expired)
            rows.append((terms.name, *(f"{count:,}" for count in counts)))
        has_any = bool(rows)
        self.empty.setVisible(not has_any)
        self._content.setVisible(has_any)
        self.kinds.set_records(rows, selected=max(0, self.kinds.selected))
        self._show_kind()

    def _show_kind(self) -> None:
        terms = self.selected
        self._issued = ()
        self.list.set_records([])
        self._show_buttons()
        if terms is None:
            self.card.show_face(None)
            self.figures.show_plain("")
            return
        first, *more = self._area.lines(terms)
        self.card.show_face(CardFace(terms.name, first, tuple(more[:3])))
        one = self._figures.get(terms.key)
        off = format_money(Money(one.off_minor if one else 0, self._till.shop.currency))
        self.figures.show_text(
            "office.coupons.figures",
            uses=f"{one.uses if one else 0:,}",
            off=off,
            cancelled=f"{one.cancelled if one else 0:,}",
        )
        store, key = self._till.store, terms.key
        self._context.tasks.run(
            lambda: (key, store.coupons.of_template(key, ISSUED_SHOWN_MAX)),
            self._on_issued,
            worker=Worker.POOL,
            owner=self,
        )

    def _on_issued(self, found: tuple[str, tuple[KnownCoupon, ...]]) -> None:
        key, issued = found
        if self.selected is None or self.selected.key != key:
            return
        self._issued = issued
        self.list.set_records([self._record(one) for one in issued])
        self._show_buttons()

    def _record(self, known: KnownCoupon) -> tuple[str, ...]:
        coupon = known.coupon
        until = t("office.coupons.no_end") if coupon.valid_to is None else f"{coupon.valid_to:%Y/%m/%d}"
        who = t("office.coupons.bearer") if coupon.member_id is None else member_of(self._till, known.owner)
        return shown(coupon.code), who, until, t(f"office.coupons.is_{self.state_of(known)}")

    def state_of(self, known: KnownCoupon) -> str:
        """open, used, expired, cancelled or transferred."""
        kinds = {event.kind for event in known.events}
        if CouponEventKind.CANCELLED in kinds:
            return "cancelled"
        if CouponEventKind.TRANSFERRED in kinds:
            return "transferred"
        if not uses_left(known.coupon, known.events):
            return "used"
        ends = known.coupon.valid_to
        return "expired" if ends is not None and ends < self._till.shifts.business_date() else "open"

    def _show_buttons(self) -> None:
        terms, known = self.selected, self.selected_coupon
        for button in (self.give_one, self.give_many):
            button.setEnabled(terms is not None)
        self.papers.setEnabled(terms is not None and not terms.is_personal)
        is_open = known is not None and self.state_of(known) == "open"
        self.print_again.setEnabled(is_open)
        self.cancel.setEnabled(is_open)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self._show_kinds()

    def _lay_out(self) -> None:
        self._content = QWidget(self)
        row = QHBoxLayout(self._content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.L)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(self.kinds, 1)
        left.addWidget(self.card)
        left.addWidget(self.figures)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addWidget(
            TextLabel("office.coupons.list", self, type=TypeRole.BODY, tone="muted", is_strong=True)
        )
        right.addWidget(self.list, 1)
        actions = QHBoxLayout()
        actions.setSpacing(Space.S)
        actions.addWidget(self.cancel)
        actions.addStretch(1)
        actions.addWidget(self.print_again)
        right.addLayout(actions)
        row.addLayout(left, 5)
        row.addLayout(right, 6)
        self.body.addWidget(self.empty)
        self.body.addWidget(self._content, 1)
        self.foot.addWidget(self.papers)
        self.foot.addStretch(1)
        self.foot.addWidget(self.give_many)
        self.foot.addWidget(self.give_one)


def _print(till: Till, coupon: Coupon) -> None:
    from app.service.loyalty_paper import LoyaltyPaper

    paper = LoyaltyPaper(
        till.store,
        till.session,
        till.clock,
        till.coupons,
        till.coupon_office,
        till.stamps,
        till.points.rulebook,
    )
    paper.print_slip(coupon)


class PapersSheet(Sheet):
    """How many papers. Finishes with the number."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "office.coupons.papers_title")
        self.count = Field(
            "office.coupons.papers_count", self.panel, is_number=True, characters_max=2, text="1"
        )
        self.body.addWidget(self.count)
        self.count.entered.connect(self.confirm)
        _answers(self, "office.coupons.papers_yes", self._finish)
        self.set_first_focus(self.count.edit)

    def _finish(self) -> None:
        text = self.count.text
        if not text.isdigit() or not 1 <= int(text) <= PAPERS_MAX:
            self.count.refuse(Refused("number_needed", minimum=1, maximum=PAPERS_MAX))
            return
        self.finish(int(text))


class ReasonSheet(Sheet):
    """Why. Finishes with the words, never with none."""

    def __init__(self, window: QWidget, title_key: str, *, error: str = "reason_needed") -> None:
        super().__init__(window, title_key, width=620)
        self._error = error
        self.reason = Field("office.reason", self.panel, characters_max=200, width=theme.current().px(580))
        self.body.addWidget(self.reason)
        self.reason.entered.connect(self.confirm)
        _answers(self, "ui.ok", self._finish)
        self.set_first_focus(self.reason.edit)

    def _finish(self) -> None:
        if not self.reason.text:
            self.reason.refuse(Refused(self._error))
            return
        self.finish(self.reason.text)


def _answers(sheet: Sheet, yes_key: str, on_yes: object) -> None:
    """A way back and a deed."""
    assert callable(on_yes)
    back = Button("ui.back", Kind.GHOST, sheet.panel)
    connect_click(back, sheet.step_back)
    yes = Button(yes_key, Kind.PRIMARY, sheet.panel)
    connect_click(yes, on_yes)
    sheet.add_button(back)
    sheet.add_button(yes, is_default=True)
