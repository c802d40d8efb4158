"""Papers of the drawer and the shift: no-sale, paid in and out, opening float, X and Z report.

What they say comes from the transaction or the report alone, in the shop's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.domain.chain import short_head
from app.domain.item import TaxClass
from app.domain.money import Money, format_money
from app.domain.receipt import (
    Align,
    Cell,
    Cut,
    Feed,
    Node,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Text,
    mark_as_training,
)
from app.domain.settlement import Tally
from app.domain.transaction import ControlTransaction, Header, ModifierKind, ShiftTotals, TransactionKind
from app.i18n import t
from app.service.ports import Store
from app.service.session import Session
from app.service.shift_report import ShiftReport

AMOUNT_CELLS = 11

_TITLES = {
    TransactionKind.NO_SALE: "receipt.title_no_sale",
    TransactionKind.PAID_IN: "receipt.title_paid_in",
    TransactionKind.PAID_OUT: "receipt.title_paid_out",
    TransactionKind.SHIFT_OPEN: "slip.title_shift_open",
    TransactionKind.SHIFT_CLOSE: "slip.title_shift_close",
}
DISCOUNT_WORDS = {
    ModifierKind.MEMBER_PRICE: "slip.member_prices",
    ModifierKind.PROMOTION: "slip.promotions",
    ModifierKind.LINE_DISCOUNT: "slip.line_discounts",
    ModifierKind.BASKET_DISCOUNT: "slip.basket_discounts",
    ModifierKind.COUPON: "slip.coupons",
}
_TAX_CLASSES = {
    TaxClass.TAXABLE: "receipt.taxable_sales",
    TaxClass.ZERO_RATED: "receipt.zero_rated_sales",
    TaxClass.EXEMPT: "receipt.exempt_sales",
}


class SlipBuilder:
    """Builds the papers. It reads names of people from the store, and nothing else."""

    def __init__(self, session: Session, store: Store) -> None:
        self._session = session
        self._store = store

    def control(self, transaction: ControlTransaction) -> ReceiptDocument:
        """The slip of a no-sale, of cash put in or taken out, or of the opening float."""
        header = transaction.header
        nodes: list[Node] = [
            *self._shop(),
            Text(self._say(_TITLES[header.kind]), Align.CENTER, size=2, bold=True),
            Feed(),
            self._row("receipt.number", _moment(header.occurred_at, header), number=header.receipt_number),
            self._row(
                "receipt.business_date",
                self._say("receipt.operator", name=self._name(header.operator_id)),
                date=header.business_date.isoformat(),
            ),
            Rule(RuleStyle.SOLID),
        ]
        if header.kind is TransactionKind.NO_SALE:
            nodes.append(Text(self._say("receipt.drawer_opened"), bold=True))
        else:
            amount = format_money(Money(abs(transaction.amount.minor), transaction.amount.currency))
            key = "slip.opening_float" if header.kind is TransactionKind.SHIFT_OPEN else "receipt.amount"
            nodes.append(Row((Cell(self._say(key), bold=True), Cell(amount, Align.RIGHT, bold=True)), size=2))
        if transaction.reason:
            nodes.append(Text(self._say("receipt.reason", reason=transaction.reason)))
        if transaction.note:
            nodes.append(Text(self._say("slip.note", note=transaction.note)))
        for approval in transaction.approvals:
            nodes.append(Text(self._say("receipt.approved_by", name=self._name(approval.approved_by))))
            what = self._say(f"authority.right.{approval.right.value}")
            nodes.append(Text(f"  {what}  {self._say('receipt.reason', reason=approval.reason)}"))
        nodes += [*self._signature(), Cut()]
        return self._document(nodes, header.kind.value, is_training=header.is_training)

    def report(self, report: ShiftReport) -> ReceiptDocument:
        """An X report, or the Z report when the shift was closed."""
        totals = report.totals
        title = "slip.title_x" if totals is None else "slip.title_z"
        nodes: list[Node] = [*self._shop(), Text(self._say(title), Align.CENTER, size=2, bold=True)]
        if totals is not None:
            nodes.append(Text(self._say("slip.z_number", number=totals.z_number), Align.CENTER))
        nodes += [
            Feed(),
            *self._shift(report),
            *self._sales(report),
            *self._value(report),
            *self._discounts(report),
            *self._taxes(report),
            *self._tenders(report),
        ]
        if report.shows_expected:
            nodes += self._drawer(report)
        if totals is not None:
            nodes += self._count(report, totals)
        nodes += [*self._members(report), *self._operators(report), *self._left_over(report)]
        if report.head:
            nodes.append(Text(self._say("receipt.check_code", code=short_head(report.head)), Align.CENTER))
        nodes += [*self._signature(), Cut()]
        purpose = "x_report" if totals is None else "z_report"
        return self._document(nodes, purpose, is_training=self._session.is_training)

    # --- parts of a report -----------------------------------------------------------------------------------------

    def _shift(self, report: ShiftReport) -> list[Node]:
        shift, settlement = report.shift, report.settlement
        nodes: list[Node] = [
            self._row(
                "receipt.business_date",
                self._say("receipt.till", till=self._session.shop.till_code),
                date=shift.business_date.isoformat(),
            ),
            self._who("slip.opened", shift.opened_at, report, report.name_of(shift.opened_by)),
        ]
        if shift.closed_at is not None:
            nodes.append(self._who("slip.closed", shift.closed_at, report, report.operator.name))
        else:
            nodes.append(self._who("slip.made", report.made_at, report, report.operator.name))
        if settlement.first_receipt and settlement.last_receipt:
            numbers = f"{settlement.first_receipt[1]} – {settlement.last_receipt[1]}"
            nodes.append(Text(self._say("slip.receipts", numbers=numbers)))
        return nodes

    def _sales(self, report: ShiftReport) -> list[Node]:
        settlement = report.settlement
        nodes = [
            self._section("slip.sales_section"),
            self._tally(report, "slip.sales", settlement.sales),
            self._tally(report, "slip.returns", settlement.returns),
            self._tally(report, "slip.voids", settlement.voids),
        ]
        if settlement.rounding_minor:
            nodes.append(self._line("receipt.rounding", "", _plain(report.money(settlement.rounding_minor))))
        net = format_money(settlement.net)
        nodes.append(Row((Cell(self._say("slip.net"), bold=True), Cell(net, Align.RIGHT, bold=True)), size=2))
        nodes.append(
            self._line(
                "slip.average", self._count_of(settlement.tickets.count), _plain(settlement.average_ticket)
            )
        )
        return nodes

    def _value(self, report: ShiftReport) -> Iterable[Node]:
        """Stored value that was sold is owed, so it stands apart from the sales."""
        settlement = report.settlement
        if settlement.value_sold.is_nothing and settlement.value_refunded.is_nothing:
            return
        yield self._section("slip.value_section")
        yield self._tally(report, "slip.value_sold", settlement.value_sold)
        refunded = settlement.value_refunded
        if not refunded.is_nothing:
            yield self._tally(report, "slip.value_refunded", Tally(refunded.count, -refunded.minor))

    def _discounts(self, report: ShiftReport) -> Iterable[Node]:
        settlement = report.settlement
        if not settlement.discounts and settlement.overrides.is_nothing:
            return
        yield self._section("slip.discount_section")
        for kind, tally in settlement.discounts.items():
            yield self._tally(report, DISCOUNT_WORDS[kind], tally)
        if not settlement.overrides.is_nothing:
            yield self._tally(report, "receipt.price_override", settlement.overrides)
        for who, tally in settlement.discounts_by_approver.items():
            yield self._named(report, report.name_of(who), tally)

    def _taxes(self, report: ShiftReport) -> Iterable[Node]:
        settlement = report.settlement
        if not settlement.taxes:
            return
        yield self._section("slip.tax_section")
        for (tax_class, rate), tax in settlement.taxes.items():
            percent = f"{rate // 100}%" if rate else ""
            yield self._line(_TAX_CLASSES[tax_class], percent, _plain(report.money(tax.gross_minor)))
            if tax.tax_minor:
                yield self._line("receipt.tax", percent, _plain(report.money(tax.tax_minor)))
        if settlement.value_pretaxed_minor:
            pretaxed = report.money(settlement.value_pretaxed_minor)
            yield self._line("slip.value_pretaxed", "", _plain(pretaxed))

    def _tenders(self, report: ShiftReport) -> Iterable[Node]:
        settlement = report.settlement
        if not settlement.tenders:
            return
        yield self._section("slip.tender_section")
        for kind, tender in settlement.tenders.items():
            label = self._say(f"slip.tender.{kind.value}")
            if not tender.received.is_nothing:
                yield self._named(report, label, tender.received)
            if not tender.refunded.is_nothing:
                refunded = Tally(tender.refunded.count, -tender.refunded.minor)
                yield self._named(report, self._say("slip.refunded", tender=label), refunded)

    def _drawer(self, report: ShiftReport) -> list[Node]:
        settlement = report.settlement
        cash = settlement.cash
        rows = (
            ("slip.opening_float", settlement.opening_float_minor),
            ("slip.cash_sales", cash.received.minor),
            ("slip.cash_refunds", -cash.refunded.minor),
            ("slip.paid_in", settlement.paid_in.minor),
            ("slip.paid_out", -settlement.paid_out.minor),
        )
        nodes: list[Node] = [self._section("slip.drawer_section")]
        nodes += [self._line(key, "", _plain(report.money(minor))) for key, minor in rows]
        nodes.append(self._line("slip.expected", "", _plain(settlement.expected_cash), bold=True))
        nodes.append(self._line("slip.no_sales", "", self._count_of(settlement.no_sales)))
        return nodes

    def _count(self, report: ShiftReport, totals: ShiftTotals) -> list[Node]:
        nodes: list[Node] = [self._section("slip.count_section")]
        for worth, pieces in totals.counts:
            label = f"{_plain(report.money(worth))} × {pieces:,}"
            nodes.append(_pair(label, _plain(report.money(worth * pieces))))
        nodes.append(self._line("slip.counted", "", _plain(totals.counted), bold=True))
        over_short = totals.over_short
        key = "slip.even"
        if over_short:
            key = "slip.over" if over_short.minor > 0 else "slip.short"
        nodes.append(self._line(key, "", _plain(over_short), bold=True))
        if totals.reason:
            nodes.append(Text(self._say("receipt.reason", reason=totals.reason)))
        if totals.kept is not None:
            nodes.append(self._line("slip.kept", "", _plain(totals.kept)))
            nodes.append(self._line("slip.to_bank", "", _plain(totals.to_bank)))
        return nodes

    def _members(self, report: ShiftReport) -> list[Node]:
        settlement = report.settlement
        share = f"{settlement.member_share / 100:.1f}%"
        return [
            self._section("slip.member_section"),
            self._line("slip.new_members", "", f"{settlement.new_members:,}"),
            self._tally(report, "slip.member_tickets", settlement.member_tickets),
            self._line("slip.member_share", "", share),
            self._line("slip.points_issued", "", f"{settlement.points_issued:,}"),
            self._line("slip.points_used", "", f"{settlement.points_used:,}"),
        ]

    def _operators(self, report: ShiftReport) -> Iterable[Node]:
        settlement = report.settlement
        if not settlement.operators:
            return
        yield self._section("slip.operator_section")
        for who, sums in settlement.operators.items():
            yield self._named(report, report.name_of(who), sums.tickets)
            for key, tally in (("slip.returns", sums.returns), ("slip.voids", sums.voids)):
                if not tally.is_nothing:
                    yield self._named(report, f"  {self._say(key)}", tally)
        for who, granted in settlement.approvals.items():
            yield _pair(self._say("receipt.approved_by", name=report.name_of(who)), self._count_of(granted))

    def _left_over(self, report: ShiftReport) -> Iterable[Node]:
        if report.held:
            yield self._section("slip.held_section")
            for sale in report.held:
                who = sale.label or self._say("slip.walk_in")
                yield _pair(f"{_clock(sale.held_at, report)} {who}", _plain(report.money(sale.total_minor)))
        yield Rule(RuleStyle.SOLID)
        if report.training:
            yield self._line("slip.training", "", self._count_of(report.training))
        yield self._line("slip.unsent", "", self._count_of(report.unsent))

    # --- words -----------------------------------------------------------------------------------------------------

    def _shop(self) -> list[Node]:
        return [Text(self._session.shop.name, Align.CENTER, bold=True)]

    def _signature(self) -> list[Node]:
        return [Feed(2), Text(f"{self._say('receipt.signature')} ____________________"), Feed()]

    def _section(self, key: str) -> Node:
        return Rule(RuleStyle.DOTTED, self._say(key))

    def _tally(self, report: ShiftReport, key: str, tally: Tally) -> Node:
        return self._named(report, self._say(key), tally)

    def _named(self, report: ShiftReport, label: str, tally: Tally) -> Node:
        return _triple(label, self._count_of(tally.count), _plain(report.money(tally.minor)))

    def _line(self, key: str, middle: str, right: str, *, bold: bool = False) -> Node:
        return (
            _triple(self._say(key), middle, right, bold=bold)
            if middle
            else _pair(self._say(key), right, bold=bold)
        )

    def _who(self, key: str, at: int, report: ShiftReport, name: str) -> Node:
        return _pair(self._say(key), f"{_clock(at, report)} {name}")

    def _row(self, key: str, right: str, **fields: object) -> Node:
        return _pair(self._say(key, **fields), right)

    def _count_of(self, count: int) -> str:
        return self._say("slip.count", count=f"{count:,}")

    def _say(self, key: str, **fields: object) -> str:
        return t(key, self._session.shop.language, **fields)

    def _name(self, operator_id: object) -> str:
        operator = self._session.operator
        if operator is not None and operator.id == operator_id:
            return operator.name
        return next((one.name for one in self._store.people.operators() if one.id == operator_id), "")

    def _document(self, nodes: Iterable[Node], purpose: str, *, is_training: bool) -> ReceiptDocument:
        document = ReceiptDocument(tuple(nodes), self._session.shop.language, purpose)
        if is_training:
            return mark_as_training(
                document, (self._say("receipt.training"), self._say("receipt.training_detail"))
            )
        return document


def _moment(at: int, header: Header) -> str:
    return _local(at, header.utc_offset_minutes)


def _clock(at: int, report: ShiftReport) -> str:
    return _local(at, report.utc_offset_minutes)


def _local(at: int, offset_minutes: int) -> str:
    """The instant as the shop's clock showed it: ``2026-11-21 15:02``."""
    return f"{datetime.fromtimestamp(at / 1000, UTC) + timedelta(minutes=offset_minutes):%Y-%m-%d %H:%M}"


def _plain(amount: Money) -> str:
    return format_money(amount, symbol=False)


def _pair(left: str, right: str, *, bold: bool = False) -> Row:
    return Row((Cell(left, bold=bold), Cell(right, Align.RIGHT, bold=bold)))


def _triple(left: str, middle: str, right: str, *, bold: bool = False) -> Row:
    return Row(
        (
            Cell(left, bold=bold),
            Cell(middle, Align.RIGHT, bold=bold),
            Cell(right, Align.RIGHT, AMOUNT_CELLS, bold=bold),
        )
    )
