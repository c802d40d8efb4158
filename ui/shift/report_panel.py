"""The shift as it stands: the X report on the screen. It resets nothing, and tells who counts blind nothing about the drawer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.money import Money, format_money
from app.domain.tender import TenderKind
from app.i18n import t
from app.service.shift_report import ShiftReport
from ui.theme import Space, TypeRole
from ui.widgets.form import Card, Facts, scrolling
from ui.widgets.text_label import TextLabel

_CARDS = ("net", "tickets", "average", "members")


class ReportPanel(QWidget):
    """Shows one ShiftReport: four figures large, the rest in three cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: ShiftReport | None = None
        self._figures: dict[str, TextLabel] = {}
        figures = QHBoxLayout()
        figures.setSpacing(Space.M)
        for name in _CARDS:
            card = Card(parent=self)
            card.body.setSpacing(0)
            figure = TextLabel(parent=card, type=TypeRole.HEADING)
            card.body.addWidget(TextLabel(f"shiftview.figure.{name}", card, tone="muted"))
            card.body.addWidget(figure)
            self._figures[name] = figure
            figures.addWidget(card, 1)
        self.sales = self._card("shiftview.card.sales")
        self.money = self._card("shiftview.card.money")
        self.members = self._card("shiftview.card.members")
        columns = QHBoxLayout()
        columns.setSpacing(Space.M)
        for facts in (self.sales, self.money, self.members):
            holder = facts.parentWidget()
            assert holder is not None
            columns.addWidget(holder, 1, Qt.AlignmentFlag.AlignTop)
        lower = QWidget(self)
        lower.setLayout(columns)
        columns.setContentsMargins(0, 0, 0, 0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addLayout(figures)
        box.addWidget(scrolling(lower, self), 1)

    @property
    def report(self) -> ShiftReport | None:
        return self._report

    def show_report(self, report: ShiftReport) -> None:
        self._report = report
        s = report.settlement
        self._figures["net"].show_plain(format_money(s.net))
        self._figures["tickets"].show_plain(f"{s.tickets.count:,}")
        self._figures["average"].show_plain(format_money(s.average_ticket))
        self._figures["members"].show_plain(f"{s.member_share / 100:.0f}%")
        for facts in (self.sales, self.money, self.members):
            facts.clear()
        self._show_sales(report)
        self._show_money(report)
        self._show_members(report)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._report is not None:
            self.show_report(self._report)

    def _show_sales(self, report: ShiftReport) -> None:
        s, facts = report.settlement, self.sales
        facts.show_fact("shiftview.sales", format_money(s.money(s.sales.minor)))
        facts.show_fact("shiftview.returns", format_money(s.money(s.returns.minor)))
        facts.show_fact("shiftview.voids", format_money(s.money(s.voids.minor)))
        facts.show_fact("shiftview.net", format_money(s.net), is_strong=True)
        discounts = sum(tally.minor for tally in s.discounts.values())
        facts.show_fact("shiftview.discounts", format_money(s.money(discounts)))
        for (tax_class, rate), total in s.taxes.items():
            key = f"shiftview.tax.{tax_class.value}"
            if tax_class.value == "taxable":
                facts.show_fact(
                    "shiftview.tax.included", f"{format_money(s.money(total.tax_minor))}（{rate / 100:g}%）"
                )
            else:
                facts.show_fact(key, format_money(s.money(total.gross_minor)))

    def _show_money(self, report: ShiftReport) -> None:
        s, facts = report.settlement, self.money
        for kind, total in s.tenders.items():
            # The cash that came in would tell the drawer to who counts blind.
            if kind is TenderKind.CASH and not report.shows_expected:
                continue
            facts.show_fact(f"shiftview.tender.{kind.value}", format_money(s.money(total.net_minor)))
        if s.rounding_minor:
            facts.show_fact("shiftview.rounding", format_money(s.money(s.rounding_minor)))
        facts.show_fact("shiftview.paid_in", format_money(s.money(s.paid_in.minor)))
        facts.show_fact("shiftview.paid_out", format_money(-s.money(s.paid_out.minor)))
        facts.show_fact("shiftview.no_sales", str(s.no_sales))
        facts.show_fact("shiftview.float", format_money(Money(s.opening_float_minor, s.currency)))
        if report.shows_expected:
            facts.show_fact("shiftview.expected", format_money(s.expected_cash), is_strong=True)
        else:
            facts.show_fact("shiftview.expected", t("shiftview.after_count"), tone="muted")

    def _show_members(self, report: ShiftReport) -> None:
        s, facts = report.settlement, self.members
        facts.show_fact("shiftview.new_members", str(s.new_members), tone="good" if s.new_members else "")
        facts.show_fact("shiftview.member_tickets", str(s.member_tickets.count))
        facts.show_fact("shiftview.points_issued", f"{s.points_issued:,}")
        facts.show_fact("shiftview.points_used", f"{s.points_used:,}")
        facts.show_fact("shiftview.held", str(len(report.held)))
        facts.show_fact("shiftview.unsent", f"{report.unsent:,}")
        if report.training:
            facts.show_fact("shiftview.training", str(report.training))

    def _card(self, title_key: str) -> Facts:
        card = Card(title_key, self)
        facts = Facts(card)
        card.body.addWidget(facts)
        return facts
