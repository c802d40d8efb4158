"""What the guard noticed about the points: a sentence each, what to do about it, the tickets behind it. For the owner's eyes alone."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused, TillError
from app.domain.ids import TransactionId
from app.domain.money import Currency, Money, format_money, parse_amount
from app.domain.transaction import RetailTransaction
from app.insight.guard_values import Thresholds
from app.service.guard import Finding
from ui.office.coupons import ReasonSheet
from ui.office.page import OfficePage, member_of, reachable
from ui.returns.sales import local_time
from ui.settings.page import whole_number
from ui.tasks import Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, Choice, Field, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

DAYS: Final = ((30, "office.guard.days_30"), (90, "office.guard.days_90"), (365, "office.guard.days_365"))
EVIDENCE_SHOWN_MAX: Final = 20
THRESHOLD_MAX: Final = 1_000_000
AMOUNT: Final = "refund_minor"


class GuardPage(OfficePage):
    """A list of reasons to look, never of verdicts."""

    NAME = "guard"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(self.NAME, till, context, parent)
        self._findings: tuple[Finding, ...] = ()
        self.days = Choice(DAYS, 90, self)
        self.words = TextLabel(parent=self, type=TypeRole.LEAD, tone="muted", wraps=True)
        self.table = RecordTable(
            (
                Column("office.guard.severity"),
                Column("office.guard.what", is_wide=True),
                Column("office.guard.day"),
            ),
            self,
            wraps=True,
        )
        self.detail = Card(parent=self, panel="raised")
        self.hint = TextLabel(parent=self.detail, type=TypeRole.BODY, wraps=True)
        self.dismissal = TextLabel(parent=self.detail, type=TypeRole.BODY, tone="muted", wraps=True)
        self.evidence = RecordTable(
            (
                Column("office.guard.when"),
                Column("office.guard.number"),
                Column("office.guard.member", is_wide=True),
                Column("office.guard.amount", is_number=True),
                Column("office.guard.points", is_number=True),
            ),
            self.detail,
        )
        for widget in (self.hint, self.dismissal, self.evidence):
            self.detail.body.addWidget(widget)
        self.body.addWidget(self.days)
        self.body.addWidget(self.words)
        self.body.addWidget(self.table, 2)
        self.body.addWidget(self.detail, 2)
        reachable(self.table, self.evidence)
        self.all = Button("office.guard.show_all", Kind.GHOST, self)
        self.all.setCheckable(True)
        self.limits = Button("office.guard.thresholds", parent=self)
        self.dismiss = Button("office.guard.dismiss", Kind.PRIMARY, self)
        self.bring_back = Button("office.guard.bring_back", parent=self)
        self.foot.addWidget(self.limits)
        self.foot.addWidget(self.all)
        self.foot.addStretch(1)
        self.foot.addWidget(self.bring_back)
        self.foot.addWidget(self.dismiss)
        self.days.chosen.connect(lambda _: self.refresh())
        self.table.selection_changed.connect(lambda _: self._show_selected())
        self.all.toggled.connect(lambda _: self.refresh())
        connect_click(self.limits, self.ask_thresholds)
        connect_click(self.dismiss, self.ask_dismiss)
        connect_click(self.bring_back, self.do_bring_back)

    @property
    def selected(self) -> Finding | None:
        row = self.table.selected
        return self._findings[row] if 0 <= row < len(self._findings) else None

    def refresh(self) -> None:
        until = self._till.shifts.business_date()
        since = until - timedelta(days=self.days.value - 1)
        guard, with_dismissed = self._till.guard, self.all.isChecked()
        self.words.show_text("office.guard.looking")
        self._context.tasks.run(
            lambda: guard.findings(since, until, with_dismissed=with_dismissed),
            self._on_found,
            self._on_failed,
            worker=Worker.POOL,
            owner=self,
        )

    def ask_dismiss(self) -> None:
        finding = self.selected
        if finding is None or finding.dismissal is not None:
            return
        sheet = ReasonSheet(self.window(), "office.guard.dismiss_title", error="guard_reason_needed")
        sheet.finished.connect(lambda reason: None if reason is None else self._dismiss(finding, reason))
        sheet.open()

    def do_bring_back(self) -> None:
        finding = self.selected
        if finding is not None and finding.dismissal is not None:
            guard = self._till.guard
            self._context.tasks.run(
                lambda: guard.bring_back(finding.signal), lambda _: self.refresh(), owner=self
            )

    def ask_thresholds(self) -> None:
        sheet = ThresholdsSheet(self.window(), self._till.guard.thresholds(), self._till.shop.currency)
        sheet.finished.connect(lambda values: None if values is None else self._keep(values))
        sheet.open()

    def _dismiss(self, finding: Finding, reason: str) -> None:
        guard = self._till.guard
        self._context.tasks.run(
            lambda: guard.dismiss(finding.signal, reason), lambda _: self._dismissed(), owner=self
        )

    def _dismissed(self) -> None:
        self._context.messages.good("office.guard.dismissed")
        self.refresh()

    def _keep(self, thresholds: Thresholds) -> None:
        guard = self._till.guard

        def done(_: None) -> None:
            self._context.messages.good("form.saved")
            self.refresh()

        self._context.tasks.run(lambda: guard.set_thresholds(thresholds), done, owner=self)

    def _on_found(self, findings: tuple[Finding, ...]) -> None:
        self._findings = findings
        self.words.show_text("office.guard.found" if findings else "office.guard.quiet", count=len(findings))
        self.table.set_records(
            [(one.severity_text, one.title, f"{one.signal.last_on:%Y/%m/%d}") for one in findings],
            selected=max(0, self.table.selected),
        )
        for row, one in enumerate(findings):
            self.table.set_faint(row, is_faint=one.dismissal is not None)
        self._show_selected()

    def _on_failed(self, error: TillError) -> None:
        self._findings = ()
        self.words.show_text(error.text_key, **error.fields)
        self._show_selected()

    def _show_selected(self) -> None:
        finding = self.selected
        self.detail.setVisible(finding is not None)
        is_open = finding is not None and finding.dismissal is None
        self.dismiss.setEnabled(is_open)
        self.bring_back.setVisible(finding is not None and finding.dismissal is not None)
        if finding is None:
            return
        self.hint.show_plain(finding.hint)
        dismissal = finding.dismissal
        self.dismissal.setVisible(dismissal is not None)
        if dismissal is not None:
            self.dismissal.show_text("office.guard.why", reason=dismissal.reason)
        rows = [self._row(TransactionId(one)) for one in finding.signal.evidence[:EVIDENCE_SHOWN_MAX]]
        self.evidence.set_records([row for row in rows if row is not None], selected=-1)

    def _row(self, transaction_id: TransactionId) -> tuple[str, ...] | None:
        """A ticket behind a finding; None for what is none (points by hand)."""
        sale = self._till.store.journal.get(transaction_id)
        if not isinstance(sale, RetailTransaction):
            return None
        return (
            local_time(sale, "%m/%d %H:%M"),
            sale.header.receipt_number,
            member_of(self._till, sale.member_id),
            format_money(sale.total),
            f"{sale.points.earned - sale.points.spent:+,}",
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self.refresh()


class ThresholdsSheet(Sheet):
    """From where on something is worth a look. Finishes with Thresholds."""

    def __init__(self, window: QWidget, thresholds: Thresholds, currency: Currency) -> None:
        super().__init__(window, "office.guard.thresholds", width=900)
        self._currency = currency
        self.fields: dict[str, Field] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        for index, one in enumerate(fields(Thresholds)):
            field = Field(
                f"office.threshold.{one.name}", self.panel, is_number=True, characters_max=7, width=140
            )
            field.set_text(self._text(one.name, getattr(thresholds, one.name)))
            field.entered.connect(self.confirm)
            self.fields[one.name] = field
            grid.addWidget(field, index // 2, index % 2)
        holder = QVBoxLayout()
        holder.addLayout(grid)
        self.body.addLayout(holder)
        usual = Button("office.guard.usual", Kind.GHOST, self.panel)
        back = Button("ui.back", Kind.GHOST, self.panel)
        yes = Button("form.save", Kind.PRIMARY, self.panel)
        connect_click(usual, self._show_usual)
        connect_click(back, self.step_back)
        connect_click(yes, self._finish)
        self.add_button(usual)
        self.add_button(back)
        self.add_button(yes, is_default=True)

    def _show_usual(self) -> None:
        for name, field in self.fields.items():
            field.set_text(self._text(name, getattr(Thresholds(), name)))

    def _finish(self) -> None:
        values = {}
        for name, field in self.fields.items():
            try:
                values[name] = self._value(name, field)
            except Refused as error:
                field.refuse(error)
                return
        self.finish(Thresholds(**values))

    def _text(self, name: str, value: int) -> str:
        return format_money(Money(value, self._currency), symbol=False) if name == AMOUNT else str(value)

    def _value(self, name: str, field: Field) -> int:
        if name != AMOUNT:
            return whole_number(field, 1, THRESHOLD_MAX)
        minor = parse_amount(field.text, self._currency)
        if minor is None or minor < 1:
            raise Refused("amount_unreadable", text=field.text)
        return minor
