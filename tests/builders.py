"""Items, baskets and completed transactions with sensible defaults, so that a test names only what it is about.

Ids are made from a small number or counted, never random: a failing test looks the same the second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count
from uuid import UUID

from app.domain.authority import Approval, Operator, Right, Role
from app.domain.basket import Basket, BasketLine
from app.domain.ids import (
    BasketId,
    CategoryId,
    EntryId,
    ItemId,
    LotId,
    MemberId,
    OperatorId,
    ShiftId,
    TransactionId,
)
from app.domain.item import Item, TaxClass, Unit
from app.domain.ledger import Lot
from app.domain.member import Member, MemberCard
from app.domain.money import TWD, Currency, Money, extend, round_half_up
from app.domain.quantity import ONE
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import (
    ControlTransaction,
    Header,
    Modifier,
    ModifierKind,
    PointsEffect,
    PriceSource,
    RetailTransaction,
    ReturnOf,
    SaleLine,
    ShiftTotals,
    TaxTotal,
    TransactionKind,
)

OCCURRED_AT = 1_791_000_000_000  # 2026-10-03, in the afternoon in Taipei
BUSINESS_DATE = date(2026, 10, 3)
TAIPEI_MINUTES = 480

_numbers = count(1)


def uuid(number: int | None = None) -> UUID:
    """The UUID of this number, or the next one that nobody has."""
    return UUID(int=(1 << 100) + (number if number is not None else next(_numbers) + 1_000_000))


def money(minor: int, currency: Currency = TWD) -> Money:
    return Money(minor, currency)


CASHIER = Operator(OperatorId(uuid(1)), "11", "林小美", Role.CASHIER)
SUPERVISOR = Operator(OperatorId(uuid(2)), "21", "陳志明", Role.SUPERVISOR)
MANAGER = Operator(OperatorId(uuid(3)), "31", "黃淑芬", Role.MANAGER)
OWNER = Operator(OperatorId(uuid(4)), "41", "張老闆", Role.OWNER)
SHIFT_ID = ShiftId(uuid(9))
MEMBER = Member(MemberId(uuid(10)), "+886912345678", "王大明", code="K7M2P9")


def an_item(
    price: int = 100,
    *,
    name: str = "烏龍茶 600ml",
    sku: str = "A0001",
    member_price: int | None = None,
    unit: Unit = Unit.EACH,
    tax_class: TaxClass = TaxClass.TAXABLE,
    category: CategoryId | None = None,
    currency: Currency = TWD,
    earns_points: bool = True,
    is_open_price: bool = False,
    is_discountable: bool = True,
    item_id: UUID | None = None,
) -> Item:
    return Item(
        id=ItemId(item_id or uuid()),
        sku=sku,
        name=name,
        unit=unit,
        tax_class=tax_class,
        category_path=(CategoryId(uuid(100)), category or CategoryId(uuid(101))),
        price=Money(price, currency),
        member_price=None if member_price is None else Money(member_price, currency),
        price_version=1,
        is_open_price=is_open_price,
        is_discountable=is_discountable,
        earns_points=earns_points,
    )


def a_card(member: Member = MEMBER, points: int = 320) -> MemberCard:
    return MemberCard(member, points, visits=7, last_visit_on=date(2026, 9, 21), spent_minor=4200)


def a_basket(*items: Item, member: MemberCard | None = None) -> Basket:
    """One piece of each item."""
    basket = Basket(BasketId(uuid()), OCCURRED_AT, member=member)
    for item in items:
        basket = basket.add(BasketLine(1, item, ONE), merge=False)
    return basket


def an_approval(right: Right = Right.LINE_DISCOUNT, amount: int = 2000, by: Operator = MANAGER) -> Approval:
    return Approval(right, amount, CASHIER.id, by.id, "熟客優惠", OCCURRED_AT)


def a_header(
    kind: TransactionKind = TransactionKind.SALE,
    *,
    counter: int | None = None,
    operator: Operator = CASHIER,
    shift_id: ShiftId = SHIFT_ID,
    currency: Currency = TWD,
    is_training: bool = False,
    transaction_id: UUID | None = None,
) -> Header:
    counter = counter if counter is not None else next(_numbers)
    return Header(
        id=TransactionId(transaction_id or uuid()),
        kind=kind,
        receipt_number=f"01-1-A{counter:06d}",
        counter=counter,
        shift_id=shift_id,
        operator_id=operator.id,
        business_date=BUSINESS_DATE,
        occurred_at=OCCURRED_AT + counter * 60_000,
        utc_offset_minutes=TAIPEI_MINUTES,
        currency=currency.code,
        is_training=is_training,
    )


def a_line(
    price: int = 100,
    quantity: int = ONE,
    *,
    number: int = 1,
    off: int = 0,
    off_kind: ModifierKind = ModifierKind.PROMOTION,
    name: str = "烏龍茶 600ml",
    sku: str = "A0001",
    unit: Unit = Unit.EACH,
    tax_class: TaxClass = TaxClass.TAXABLE,
    currency: Currency = TWD,
    earns_points: bool = True,
    list_price: int | None = None,
    price_source: PriceSource = PriceSource.REGULAR,
    return_of: ReturnOf | None = None,
    item_id: UUID | None = None,
) -> SaleLine:
    """A sold line; a negative quantity makes it a return. ``off`` (positive) is what one discount took off."""
    gross = extend(price, quantity)
    modifiers = (Modifier(off_kind, "週年慶", Money(-off, currency), "promo-1"),) if off else ()
    return SaleLine(
        number=number,
        item_id=ItemId(item_id or uuid(1000 + number)),
        sku=sku,
        name=name,
        barcode="4710088410016",
        unit=unit,
        quantity=quantity,
        list_price=Money(price if list_price is None else list_price, currency),
        unit_price=Money(price, currency),
        price_source=price_source,
        price_version=1,
        gross=Money(gross, currency),
        modifiers=modifiers,
        net=Money(gross - off, currency),
        tax_class=tax_class,
        category_id=CategoryId(uuid(101)),
        earns_points=earns_points,
        return_of=return_of,
        is_return=quantity < 0,
    )


def taxes_of(lines: Sequence[SaleLine], currency: Currency = TWD) -> tuple[TaxTotal, ...]:
    """Five percent, included in the price, on the whole ticket."""
    rates = {TaxClass.TAXABLE: 500, TaxClass.ZERO_RATED: 0, TaxClass.EXEMPT: 0}
    totals = []
    for tax_class, rate in rates.items():
        amounts = [line.net.minor for line in lines if line.tax_class is tax_class]
        if amounts:
            gross = sum(amounts)
            tax = round_half_up(gross * rate, 10_000 + rate)
            totals.append(TaxTotal(tax_class, rate, Money(gross, currency), Money(tax, currency)))
    return tuple(totals)


def cash(minor: int, number: int = 1, currency: Currency = TWD) -> Tender:
    return Tender(number, TenderKind.CASH, Money(minor, currency))


def card(minor: int, number: int = 1, currency: Currency = TWD, reference: str = "A1B2C3") -> Tender:
    return Tender(number, TenderKind.CARD, Money(minor, currency), reference)


def points(minor: int, number: int = 1, currency: Currency = TWD, count: int | None = None) -> Tender:
    return Tender(number, TenderKind.POINTS, Money(minor, currency), points=minor if count is None else count)


def a_sale(
    *lines: SaleLine,
    tenders: Sequence[Tender] | None = None,
    header: Header | None = None,
    member: Member | None = None,
    is_new_member: bool = False,
    points_effect: PointsEffect = PointsEffect(),  # noqa: B008 (an immutable value)
    approvals: tuple[Approval, ...] = (),
    rounding: int = 0,
    currency: Currency = TWD,
    kind: TransactionKind = TransactionKind.SALE,
) -> RetailTransaction:
    """A completed ticket of these lines (numbered here), paid in exact cash unless told otherwise; more cash gives change."""
    numbered = tuple(_renumbered(line, number) for number, line in enumerate(lines or (a_line(),), 1))
    total = sum(line.net.minor for line in numbered)
    if tenders is None:
        tenders = (cash(total + rounding, currency=currency),) if total + rounding else ()
    change = sum(tender.amount.minor for tender in tenders) - total - rounding
    return RetailTransaction(
        header=header or a_header(kind, currency=currency),
        lines=numbered,
        tenders=tuple(tenders),
        total=Money(total, currency),
        change=Money(change, currency),
        rounding=Money(rounding, currency),
        taxes=taxes_of(numbered, currency),
        member_id=member.id if member else None,
        is_new_member=is_new_member,
        points=points_effect,
        approvals=approvals,
    )


def a_return(
    original: RetailTransaction, returned: Sequence[tuple[int, int, int]], **options: object
) -> RetailTransaction:
    """A ticket that returns (line number, thousandths, refund in minor units) of a sale, in cash unless told otherwise."""
    lines = [
        return_line(original, number, quantity, refund, as_number=index)
        for index, (number, quantity, refund) in enumerate(returned, 1)
    ]
    return a_sale(*lines, kind=TransactionKind.RETURN, currency=original.total.currency, **options)  # type: ignore[arg-type]


def return_line(
    original: RetailTransaction, number: int, quantity: int, refund: int, *, as_number: int = 1
) -> SaleLine:
    """The line that gives ``refund`` back for this much of a sold line."""
    sold = next(line for line in original.lines if line.number == number)
    currency = sold.net.currency
    return SaleLine(
        number=as_number,
        item_id=sold.item_id,
        sku=sold.sku,
        name=sold.name,
        barcode=sold.barcode,
        unit=sold.unit,
        quantity=-quantity,
        list_price=sold.list_price,
        unit_price=sold.unit_price,
        price_source=PriceSource.RETURNED,
        price_version=sold.price_version,
        gross=Money(-refund, currency),
        modifiers=(),
        net=Money(-refund, currency),
        tax_class=sold.tax_class,
        category_id=sold.category_id,
        earns_points=sold.earns_points,
        return_of=ReturnOf(original.header.id, number, original.header.receipt_number),
        is_return=True,
    )


def a_control(
    kind: TransactionKind,
    amount: int = 0,
    *,
    reason: str = "",
    note: str = "",
    approvals: tuple[Approval, ...] = (),
    totals: ShiftTotals | None = None,
    header: Header | None = None,
    currency: Currency = TWD,
) -> ControlTransaction:
    return ControlTransaction(
        header or a_header(kind, currency=currency), Money(amount, currency), reason, note, approvals, totals
    )


def a_lot(remaining: int, *, lot_id: int | None = None, expires_on: date | None = None, age: int = 0) -> Lot:
    return Lot(LotId(uuid(lot_id)), OCCURRED_AT + age, expires_on, remaining)


def an_entry_id() -> EntryId:
    return EntryId(uuid())


def _renumbered(line: SaleLine, number: int) -> SaleLine:
    from dataclasses import replace

    return line if line.number == number else replace(line, number=number)
