"""The paper of a sale, return, exchange or post-void: from the completed transaction to a device-neutral document.

What the paper says comes from the transaction and a few facts noted in its commit (:mod:`app.domain.receipt_facts`), so that it can be
proved later and is always the same; the member appears masked.
"""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.chain import short_head
from app.domain.entry import with_check
from app.domain.ids import OperatorId
from app.domain.item import Unit
from app.domain.loyalty.stamps import SOURCE_PREFIX
from app.domain.member import MemberCard, mask_name
from app.domain.money import Money, format_money
from app.domain.phone import mask_phone
from app.domain.quantity import ONE, format_quantity
from app.domain.receipt import (
    QR,
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
from app.domain.receipt_facts import PaperCoupon, ReceiptFacts
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import (
    Header,
    ModifierKind,
    PriceSource,
    RetailTransaction,
    SaleLine,
    TransactionKind,
)
from app.i18n import t
from app.service.ports import Stamp, Store
from app.service.session import Session
from app.service.value_paper import value_nodes

QUANTITY_CELLS = 5
PRICE_CELLS = 8
AMOUNT_CELLS = 9
QR_PREFIX = "R1"

# Shared by several lines, and printed once.
_BELOW_THE_LINES = (ModifierKind.BASKET_DISCOUNT, ModifierKind.COUPON)
_TENDER_KEYS = {
    TenderKind.CASH: "receipt.cash",
    TenderKind.CARD: "receipt.card",
    TenderKind.VOUCHER: "receipt.voucher",
    TenderKind.STORE_CREDIT: "receipt.store_credit",
    TenderKind.STORED_VALUE: "value.tender_stored_value",
    TenderKind.GIFT_CARD: "value.tender_gift_card",
}
_REFUND_KEYS = {TenderKind.CASH: "receipt.refund_cash", TenderKind.CARD: "receipt.refund_card"}


class ReceiptBuilder:
    """Notes what a receipt has to say, in the shop's language."""

    def __init__(self, session: Session, store: Store) -> None:
        self._session = session
        self._store = store

    def facts(
        self,
        transaction: RetailTransaction,
        card: MemberCard | None,
        *,
        points_before: int = 0,
        points_after: int = 0,
    ) -> ReceiptFacts:
        """What the paper of this transaction says beside it, as it is now."""
        shop = self._session.shop
        return ReceiptFacts(
            language=shop.language,
            shop_name=shop.name,
            till_code=shop.till_code,
            operator=self._name_of(transaction.header.operator_id),
            address=shop.address,
            phone=shop.phone,
            tax_id=shop.tax_id,
            footer=shop.footer,
            approvers=tuple([self._name_of(one.approved_by) for one in transaction.approvals]),
            member="" if card is None else _masked(card),
            points_before=points_before,
            points_after=points_after,
        )

    def retail(
        self,
        transaction: RetailTransaction,
        stamp: Stamp,
        card: MemberCard | None,
        *,
        points_before: int = 0,
        points_after: int = 0,
    ) -> ReceiptDocument:
        """The receipt of a sale, return, exchange or post-void."""
        facts = self.facts(transaction, card, points_before=points_before, points_after=points_after)
        return receipt_of(transaction, stamp.hash, facts)

    def _name_of(self, operator_id: OperatorId) -> str:
        operator = self._session.operator
        if operator is not None and operator.id == operator_id:
            return operator.name
        return next((one.name for one in self._store.people.operators() if one.id == operator_id), "")


def receipt_of(transaction: RetailTransaction, digest: bytes, facts: ReceiptFacts) -> ReceiptDocument:
    """The paper of a transaction. ``digest`` is its hash in the chain. The same values always make the same paper."""
    return _Paper(facts).write(transaction, digest)


class _Paper:
    """One receipt being written."""

    def __init__(self, facts: ReceiptFacts) -> None:
        self._facts = facts
        self._language = facts.language

    def write(self, transaction: RetailTransaction, digest: bytes) -> ReceiptDocument:
        nodes: list[Node] = [
            *self._head(transaction.header, _title(transaction)),
            *self._lines(transaction),
            Rule(),
            *self._totals(transaction),
            Rule(),
            *self._tenders(transaction),
        ]
        if self._facts.value:
            nodes += value_nodes(self._facts.value, transaction.total.currency, self._language)
        if self._facts.member:
            nodes += [Rule(), *self._member(transaction)]
        nodes += [Rule(RuleStyle.SOLID), *self._foot(transaction, digest)]
        if self._facts.coupon is not None:
            nodes += [*coupon_nodes(self._facts.coupon, "coupons.title", self._language), Feed()]
        nodes.append(Cut())
        document = ReceiptDocument(tuple(nodes), self._language, transaction.header.kind.value)
        if transaction.header.is_training:
            return mark_as_training(document, (self._say("training"), self._say("training_detail")))
        return document

    # --- parts -----------------------------------------------------------------------------------------------------

    def _head(self, header: Header, title: str) -> list[Node]:
        facts = self._facts
        nodes: list[Node] = [Text(facts.shop_name, Align.CENTER, size=2, bold=True)]
        if facts.address:
            nodes.append(Text(facts.address, Align.CENTER))
        if facts.phone:
            nodes.append(Text(self._say("phone", phone=facts.phone), Align.CENTER))
        if facts.tax_id:
            nodes.append(Text(self._say("tax_id", number=facts.tax_id), Align.CENTER))
        return [
            *nodes,
            Feed(),
            _pair(self._say(title), self._say("till", till=facts.till_code), bold=True),
            _pair(local_time(header), self._say("operator", name=facts.operator)),
            Text(self._say("number", number=header.receipt_number)),
            Rule(RuleStyle.SOLID),
        ]

    def _lines(self, transaction: RetailTransaction) -> list[Node]:
        titles = (self._say(key) for key in ("item", "quantity", "unit_price", "amount"))
        nodes: list[Node] = [_columns(*titles), Rule()]
        originals: set[str] = set()
        for line in transaction.lines:
            if line.return_of is not None and line.return_of.receipt_number not in originals:
                originals.add(line.return_of.receipt_number)
                nodes.append(Text(self._say("original_number", number=line.return_of.receipt_number)))
            nodes += self._line(line)
        return nodes

    def _line(self, line: SaleLine) -> list[Node]:
        name = f"{self._say('returned')} {line.name}" if line.is_return else line.name
        unit_price = _plain(line.unit_price)
        nodes: list[Node] = []
        if line.unit is Unit.KILOGRAM:
            nodes.append(_pair(name, _plain(line.gross)))
            weight = format_quantity(line.quantity)
            nodes.append(Text("  " + self._say("weight_line", weight=weight, price=unit_price)))
        else:
            nodes.append(_columns(name, format_quantity(line.quantity), unit_price, _plain(line.gross)))
        if line.price_source is PriceSource.MEMBER:
            nodes.append(Text("  " + self._say("member_price")))
        if line.price_source is PriceSource.OVERRIDE:
            nodes.append(Text("  " + self._say("price_override")))
        if not line.is_return:
            nodes += [
                _pair("  " + self._modifier_label(one.kind, one.label), _plain(one.amount))
                for one in line.modifiers
                if one.amount and one.kind not in _BELOW_THE_LINES
            ]
        elif line.discount:
            nodes.append(_pair("  " + self._say("discount"), _plain(line.discount)))
        if line.note:
            nodes.append(Text("  " + line.note))
        return nodes

    def _modifier_label(self, kind: ModifierKind, label: str) -> str:
        if label:
            return label
        match kind:
            case ModifierKind.MEMBER_PRICE:
                return self._say("member_price")
            case ModifierKind.PROMOTION:
                return self._say("promotion")
        return self._say("discount")

    def _coupon_label(self, source: str, label: str) -> str:
        return (
            t("coupons.redeemed", self._language, name=label) if source.startswith(SOURCE_PREFIX) else label
        )

    def _totals(self, transaction: RetailTransaction) -> list[Node]:
        currency = transaction.total.currency
        basket_discount = sum(
            one.amount.minor
            for line in transaction.lines
            for one in line.modifiers
            if one.kind is ModifierKind.BASKET_DISCOUNT and not line.is_return
        )
        pieces = sum(
            line.quantity // ONE if line.unit is Unit.EACH else (1 if line.quantity > 0 else -1)
            for line in transaction.lines
        )
        coupons = _by_coupon(transaction)
        subtotal = Money(transaction.total.minor - basket_discount - sum(coupons.values()), currency)
        nodes: list[Node] = [
            _pair(f"{self._say('subtotal')}  {self._say('item_count', count=pieces)}", _plain(subtotal))
        ]
        if basket_discount:
            nodes.append(_pair(self._say("discount"), _plain(Money(basket_discount, currency))))
        nodes += [
            _pair(self._coupon_label(source, label), _plain(Money(amount, currency)))
            for (source, label), amount in coupons.items()
            if amount
        ]
        key, shown = (
            ("total", transaction.total)
            if transaction.total.minor >= 0
            else ("refund_total", -transaction.total)
        )
        total = (Cell(self._say(key), bold=True), Cell(format_money(shown), Align.RIGHT, bold=True))
        nodes.append(Row(total, size=2))
        for tax in transaction.taxes:
            if tax.rate:
                rate = f"{tax.rate / 100:g}%"
                nodes.append(_pair(self._say("tax_included", rate=rate), _plain(tax.tax)))
        saved = -sum(line.discount.minor for line in transaction.lines if not line.is_return)
        if saved > 0:
            nodes.append(Text(self._say("saved", amount=format_money(Money(saved, currency)))))
        return nodes

    def _tenders(self, transaction: RetailTransaction) -> list[Node]:
        nodes: list[Node] = []
        for tender in transaction.tenders:
            nodes.append(_pair(self._tender_label(tender), _plain(tender.amount)))
            if tender.reference and tender.kind is TenderKind.CARD:
                nodes.append(Text("  " + self._say("approval_code", code=tender.reference)))
        if transaction.rounding:
            nodes.append(_pair(self._say("rounding"), _plain(transaction.rounding)))
        if transaction.paid_by(TenderKind.CASH).minor > 0:
            nodes.append(_pair(self._say("change"), _plain(transaction.change), bold=True))
        return nodes

    def _tender_label(self, tender: Tender) -> str:
        if tender.kind is TenderKind.POINTS:
            return self._say("points_tender", points=tender.points)
        keys = {**_TENDER_KEYS, **_REFUND_KEYS} if tender.amount.minor < 0 else _TENDER_KEYS
        return t(keys[tender.kind], self._language)

    def _member(self, transaction: RetailTransaction) -> list[Node]:
        points = transaction.points
        nodes: list[Node] = [_pair(self._say("member"), self._facts.member)]
        if transaction.is_new_member:
            nodes.append(Text(self._say("member_welcome"), bold=True))
        moves = (
            ("points_earned", points.earned_by_goods),
            ("points_reversed", -points.taken_back),
            ("points_used", -max(0, points.spent)),
            ("points_returned", max(0, -points.spent)),
        )
        if self._facts.points_before:
            nodes.append(_pair(self._say("points_before"), f"{self._facts.points_before:,}"))
        nodes += [_pair(self._say(key), f"{number:+,}") for key, number in moves if number]
        nodes += [_pair(name, f"{points:+,}") for name, points in self._facts.bonuses]
        nodes.append(_pair(self._say("points_balance"), f"{self._facts.points_after:,}", bold=True))
        for card in self._facts.stamps:
            name = t("coupons.stamps", self._language, name=card.name)
            nodes.append(_pair(name, f"{card.stamps}/{card.needed}"))
            if card.ready:
                nodes.append(Text("  " + t("coupons.stamps_ready", self._language, count=card.ready)))
        nodes += [Text(note) for note in self._facts.notes]
        return nodes

    def _foot(self, transaction: RetailTransaction, digest: bytes) -> list[Node]:
        nodes: list[Node] = []
        for approval, name in zip(transaction.approvals, self._facts.approvers, strict=True):
            nodes.append(
                _pair(self._say("approved_by", name=name), self._say("reason", reason=approval.reason))
            )
        if transaction.header.kind is TransactionKind.POST_VOID and transaction.note:
            nodes.append(Text(self._say("reason", reason=transaction.note)))
        footer = self._facts.footer or self._say("thanks")
        return [
            *nodes,
            QR(with_check(QR_PREFIX, transaction.header.receipt_number), self._say("scan_for_return")),
            Text(self._say("check_code", code=short_head(digest)), Align.CENTER),
            Feed(),
            Text(self._say("not_an_invoice"), Align.CENTER),
            Text(footer, Align.CENTER, bold=True),
            Feed(),
        ]

    # --- words -----------------------------------------------------------------------------------------------------

    def _say(self, word: str, **fields: object) -> str:
        return t(f"receipt.{word}", self._language, **fields)


def coupon_nodes(coupon: PaperCoupon, title: str, language: str) -> list[Node]:
    """A coupon as it is torn off: what it is, its terms, its symbol, and the code that is typed where the symbol cannot be read."""
    return [
        Feed(),
        Rule(RuleStyle.SOLID, t(title, language)),
        Text(coupon.name, Align.CENTER, size=2, bold=True),
        *[Text(line, Align.CENTER) for line in coupon.lines],
        QR(coupon.symbol, t("coupons.scan", language)),
        Text(t("coupons.code", language, code=coupon.code), Align.CENTER),
    ]


def _by_coupon(transaction: RetailTransaction) -> dict[tuple[str, str], int]:
    """What each coupon and reward took off the goods sold, by its source and name."""
    found: dict[tuple[str, str], int] = {}
    for line in transaction.lines:
        for one in line.modifiers:
            if one.kind is ModifierKind.COUPON and not line.is_return:
                key = (one.source, one.label)
                found[key] = found.get(key, 0) + one.amount.minor
    return found


def _masked(card: MemberCard) -> str:
    """``王○明 0912-***-678``."""
    return f"{mask_name(card.member.name)} {mask_phone(card.member.phone)}".strip()


def local_time(header: Header) -> str:
    """The time as the shop's clock showed it: ``2026-11-21 15:02``."""
    seconds = header.occurred_at // 1000 + header.utc_offset_minutes * 60
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(" ", "minutes")


def _title(transaction: RetailTransaction) -> str:
    if transaction.header.kind is TransactionKind.POST_VOID:
        return "title_void"
    if transaction.is_return_only:
        return "title_return"
    return "title_exchange" if any(line.is_return for line in transaction.lines) else "title"


def _plain(amount: Money) -> str:
    return format_money(amount, symbol=False)


def _pair(left: str, right: str, *, bold: bool = False) -> Row:
    return Row((Cell(left, bold=bold), Cell(right, Align.RIGHT, bold=bold)))


def _columns(name: str, quantity: str, unit_price: str, amount: str) -> Row:
    return Row(
        (
            Cell(name),
            Cell(quantity, Align.RIGHT, QUANTITY_CELLS),
            Cell(unit_price, Align.RIGHT, PRICE_CELLS),
            Cell(amount, Align.RIGHT, AMOUNT_CELLS),
        )
    )
