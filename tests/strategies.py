"""Hypothesis strategies for the domain's values: everything that may be stored, however odd."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import strategies as st

from app.domain.authority import Approval, Right
from app.domain.basket import Basket, BasketLine, Discount, DiscountKind, ReturnTerms
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
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.loyalty.moves import NO_MOVES
from app.domain.member import Member, MemberCard
from app.domain.money import CURRENCIES, Currency, Money
from app.domain.quantity import QUANTITY_MAX
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
    Transaction,
    TransactionKind,
)
from tests.loyalty_strategies import BASKET_COUPONS, REWARDS, moves

WORDS = st.text(st.sampled_from('aZ09 -_茶鮮奶①é\u0301\n"\\'), max_size=6)
WHOLE = st.integers(-(10**9), 10**9)
NOT_NEGATIVE = st.integers(0, 10**9)
INSTANTS = st.integers(0, 2**45)
CURRENCY = st.sampled_from(sorted(CURRENCIES.values(), key=lambda currency: currency.code))
UUIDS = st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number))
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))

RETURN_OF = st.builds(ReturnOf, UUIDS.map(TransactionId), st.integers(1, 500), WORDS)
APPROVALS = st.builds(
    Approval,
    st.sampled_from(Right),
    NOT_NEGATIVE,
    UUIDS.map(OperatorId),
    UUIDS.map(OperatorId),
    WORDS,
    INSTANTS,
)


@st.composite
def points_effects(draw: st.DrawFn) -> PointsEffect:
    taken_back = draw(NOT_NEGATIVE)
    by_line = tuple(draw(st.lists(st.tuples(st.integers(1, 500), NOT_NEGATIVE), max_size=3)))
    earned = sum(points for _, points in by_line) - taken_back if by_line else draw(WHOLE)
    return PointsEffect(earned, draw(WHOLE), draw(NOT_NEGATIVE), taken_back, by_line)


@st.composite
def sale_lines(draw: st.DrawFn, currency: Currency) -> SaleLine:
    quantity = draw(st.one_of(st.sampled_from((1000, -1000, 2000)), st.integers(1, QUANTITY_MAX)))
    gross = draw(WHOLE)
    modifiers = draw(
        st.lists(
            st.builds(
                Modifier,
                st.sampled_from(ModifierKind),
                WORDS,
                WHOLE.map(lambda minor: Money(minor, currency)),
                WORDS,
                WORDS,
            ),
            max_size=3,
        ).map(tuple)
    )
    return SaleLine(
        number=draw(st.integers(1, 500)),
        item_id=ItemId(draw(UUIDS)),
        sku=draw(WORDS),
        name=draw(WORDS),
        barcode=draw(WORDS),
        unit=draw(st.sampled_from(Unit)),
        quantity=quantity,
        list_price=Money(draw(WHOLE), currency),
        unit_price=Money(draw(WHOLE), currency),
        price_source=draw(st.sampled_from(PriceSource)),
        price_version=draw(NOT_NEGATIVE),
        gross=Money(gross, currency),
        modifiers=modifiers,
        net=Money(gross + sum(modifier.amount.minor for modifier in modifiers), currency),
        tax_class=draw(st.sampled_from(TaxClass)),
        category_id=draw(st.none() | UUIDS.map(CategoryId)),
        earns_points=draw(st.booleans()),
        note=draw(WORDS),
        return_of=draw(st.none() | RETURN_OF) if quantity < 0 else None,
        is_return=quantity < 0,
    )


def headers(kinds: tuple[TransactionKind, ...], currency: Currency) -> st.SearchStrategy[Header]:
    return st.builds(
        Header,
        id=UUIDS.map(TransactionId),
        kind=st.sampled_from(kinds),
        receipt_number=WORDS,
        counter=NOT_NEGATIVE,
        shift_id=UUIDS.map(ShiftId),
        operator_id=UUIDS.map(OperatorId),
        business_date=DATES,
        occurred_at=INSTANTS,
        utc_offset_minutes=st.integers(-720, 840),
        currency=st.just(currency.code),
        is_training=st.booleans(),
    )


@st.composite
def tenders(draw: st.DrawFn, currency: Currency) -> Tender:
    kind = draw(st.sampled_from(TenderKind))
    return Tender(
        number=draw(st.integers(1, 20)),
        kind=kind,
        amount=Money(draw(WHOLE), currency),
        reference=draw(WORDS),
        points=draw(WHOLE) if kind is TenderKind.POINTS else 0,
    )


@st.composite
def retail_transactions(draw: st.DrawFn, only: Currency | None = None) -> RetailTransaction:
    """Any ticket whose sums agree. The cash is the last tender, and change comes out of it."""
    currency = only or draw(CURRENCY)
    lines = tuple(draw(st.lists(sale_lines(currency), min_size=1, max_size=4)))
    total = sum(line.net.minor for line in lines)
    taken = [
        tender
        for tender in draw(st.lists(tenders(currency), max_size=2))
        if tender.kind is not TenderKind.CASH
    ]
    rounding = draw(st.integers(-9, 9))
    change = draw(NOT_NEGATIVE)
    cash = total + rounding + change - sum(tender.amount.minor for tender in taken)
    if cash < change:
        change, cash = 0, cash - change
    taken.append(Tender(len(taken) + 1, TenderKind.CASH, Money(cash, currency)))
    exempt = draw(WHOLE)
    header = draw(
        headers((TransactionKind.SALE, TransactionKind.RETURN, TransactionKind.POST_VOID), currency)
    )
    member_id = draw(st.none() | UUIDS.map(MemberId))
    return RetailTransaction(
        header=header,
        lines=lines,
        tenders=tuple(taken),
        total=Money(total, currency),
        change=Money(change, currency),
        rounding=Money(rounding, currency),
        taxes=(
            TaxTotal(TaxClass.TAXABLE, 500, Money(total - exempt, currency), Money(draw(WHOLE), currency)),
            TaxTotal(TaxClass.EXEMPT, 0, Money(exempt, currency), Money(0, currency)),
        ),
        member_id=member_id,
        is_new_member=draw(st.booleans()),
        points=draw(points_effects()),
        approvals=tuple(draw(st.lists(APPROVALS, max_size=2))),
        voids=draw(st.none() | UUIDS.map(TransactionId)),
        note=draw(WORDS),
        moves=draw(st.just(NO_MOVES) | moves(currency)),
        entries=tuple(draw(st.lists(ticket_entries(header, member_id), max_size=2))),
    )


@st.composite
def ticket_entries(draw: st.DrawFn, header: Header, member_id: MemberId | None) -> LedgerEntry:
    """Of the ticket's member, or of somebody whose goods came back."""
    points = draw(WHOLE.filter(bool))
    owner = draw(st.none() | UUIDS.map(MemberId))
    return LedgerEntry(
        id=EntryId(draw(UUIDS)),
        kind=draw(st.sampled_from(EntryKind)),
        member_id=draw(
            UUIDS.map(MemberId) if member_id is None else st.just(member_id) | UUIDS.map(MemberId)
        ),
        transaction_id=header.id,
        occurred_at=header.occurred_at,
        business_date=header.business_date,
        postings=(
            Posting(Account.MEMBER, points, LotId(draw(UUIDS)), owner),
            Posting(draw(st.sampled_from((Account.ISSUED, Account.REDEEMED))), -points),
        ),
        expires_on=draw(st.none() | st.dates()),
        note=draw(WORDS),
        source=draw(WORDS),
        usable_on=draw(st.none() | st.dates()),
    )


@st.composite
def control_transactions(draw: st.DrawFn, only: Currency | None = None) -> ControlTransaction:
    currency = only or draw(CURRENCY)
    header = draw(
        headers(
            (
                TransactionKind.NO_SALE,
                TransactionKind.PAID_IN,
                TransactionKind.PAID_OUT,
                TransactionKind.SHIFT_OPEN,
                TransactionKind.SHIFT_CLOSE,
            ),
            currency,
        )
    )
    amounts = WHOLE.map(lambda minor: Money(minor, currency))
    totals = None
    if header.kind is TransactionKind.SHIFT_CLOSE:
        counts = st.lists(st.tuples(NOT_NEGATIVE, NOT_NEGATIVE), max_size=4).map(tuple)
        totals = draw(
            st.builds(
                ShiftTotals,
                NOT_NEGATIVE,
                amounts,
                amounts,
                amounts,
                counts,
                WORDS,
                st.none() | amounts,
            )
        )
    return ControlTransaction(
        header=header,
        amount=draw(amounts),
        reason=draw(WORDS),
        note=draw(WORDS),
        approvals=tuple(draw(st.lists(APPROVALS, max_size=2))),
        totals=totals,
    )


def transactions(only: Currency | None = None) -> st.SearchStrategy[Transaction]:
    return st.one_of(retail_transactions(only), control_transactions(only))


TRANSACTIONS = transactions()


@st.composite
def basket_lines(draw: st.DrawFn, currency: Currency) -> BasketLine:
    prices = NOT_NEGATIVE.map(lambda minor: Money(minor, currency))
    item = draw(
        st.builds(
            Item,
            id=UUIDS.map(ItemId),
            sku=WORDS,
            name=WORDS,
            unit=st.sampled_from(Unit),
            tax_class=st.sampled_from(TaxClass),
            category_path=st.lists(UUIDS.map(CategoryId), max_size=3).map(tuple),
            price=prices,
            member_price=st.none() | prices,
            price_version=NOT_NEGATIVE,
            is_open_price=st.booleans(),
            is_discountable=st.booleans(),
            earns_points=st.booleans(),
        )
    )
    return draw(
        st.builds(
            BasketLine,
            number=st.integers(1, 500),
            item=st.just(item),
            quantity=st.just(1000) | st.integers(1, QUANTITY_MAX),
            barcode=WORDS,
            open_price=st.none() | prices,
            label_amount=st.none() | prices,
            discount=st.none() | DISCOUNTS,
            note=WORDS,
            return_terms=st.none()
            | st.builds(ReturnTerms, prices, st.none() | RETURN_OF, NOT_NEGATIVE, NOT_NEGATIVE),
            is_void=st.booleans(),
            gift_of=st.just("") | WORDS,
        )
    )


DISCOUNTS = st.builds(Discount, st.sampled_from(DiscountKind), st.integers(0, 10_000), WORDS)
CARDS = st.builds(
    MemberCard,
    member=st.builds(
        Member,
        id=UUIDS.map(MemberId),
        phone=WORDS,
        name=WORDS,
        tier=WORDS,
        joined_on=st.none() | DATES,
        birthday=WORDS,
        gender=WORDS,
        note=WORDS,
        code=WORDS,
        has_marketing_consent=st.booleans(),
    ),
    points=WHOLE,
    visits=NOT_NEGATIVE,
    last_visit_on=st.none() | DATES,
    spent_minor=WHOLE,
    as_of=st.none() | INSTANTS,
)


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    currency = draw(CURRENCY)
    return Basket(
        id=BasketId(draw(UUIDS)),
        opened_at=draw(INSTANTS),
        lines=tuple(draw(st.lists(basket_lines(currency), max_size=3))),
        member=draw(st.none() | CARDS),
        is_new_member=draw(st.booleans()),
        discount=draw(st.none() | DISCOUNTS),
        tenders=tuple(draw(st.lists(tenders(currency), max_size=3))),
        approvals=tuple(draw(st.lists(APPROVALS, max_size=2))),
        note=draw(WORDS),
        coupons=tuple(draw(st.lists(BASKET_COUPONS, max_size=1))),
        rewards=tuple(draw(st.lists(REWARDS, max_size=1))),
    )
