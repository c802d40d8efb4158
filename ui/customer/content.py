"""What the customer may know of the sale, every text ready: their goods, what they save, who they are behind a mask, what is to be paid.

Pure: it reads the till and changes nothing. No whole phone number and no whole name ever stands in it.

    nobody is served ─> WELCOME ─> GOODS ─> PAYING ─> THANKS
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from app.domain.entry import with_check
from app.domain.item import Unit
from app.domain.member import Member, MemberCard, mask_name
from app.domain.money import Money, format_money
from app.domain.money import total as sum_of
from app.domain.phone import mask_phone
from app.domain.promotion_book import is_running
from app.domain.quantity import ONE, format_quantity
from app.i18n import t
from app.service.checkout import Stage
from app.service.receipts import QR_PREFIX

if TYPE_CHECKING:
    from app.domain.pricing import Priced
    from app.domain.transaction import SaleLine
    from app.service.completion import CompletedSale
    from app.service.till import Till

PROMOTIONS_MAX: Final = 4


class Phase(Enum):
    WELCOME = auto()
    GOODS = auto()
    PAYING = auto()
    THANKS = auto()


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """``saved`` is "" where nothing was taken off."""

    name: str
    quantity: str
    amount: str
    saved: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A word and its amount."""

    word: str
    amount: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on the screen. ``newest`` is the place of the line that was changed last, None for none.

    ``main`` is the large figure, ``figures`` are those above it; ``member`` is who (masked), ``points`` what they have and get.
    """

    phase: Phase
    language: str
    shop: str
    clock: str = ""
    title: str = ""
    promotions: tuple[str, ...] = ()
    lines: tuple[GoodsLine, ...] = ()
    newest: int | None = None
    figures: tuple[Figure, ...] = ()
    main: Figure | None = None
    member: str = ""
    points: str = ""
    qr: str = ""
    qr_words: str = ""
    can_enter: bool = False


def welcome(till: Till, language: str, *, can_enter: bool) -> Shown:
    """The shop's name, the hour and what is on offer today."""
    return Shown(
        Phase.WELCOME,
        language,
        till.shop.name,
        clock=f"{till.clock.local():%H:%M}",
        title=t("customer.welcome", language),
        promotions=running_promotions(till, language),
        can_enter=can_enter,
    )


def selling(till: Till, language: str, *, can_enter: bool) -> Shown:
    """The basket as it is now."""
    checkout = till.checkout
    basket, priced, due = checkout.basket, checkout.priced(), checkout.due()
    is_paying = checkout.stage is Stage.TENDER
    figures = [Figure(t("customer.count", language, pieces=f"{_pieces(priced):,}"), "")]
    if priced.savings.minor > 0:
        figures.append(Figure(t("customer.saved", language), format_money(priced.savings)))
    if basket.tenders:
        figures.append(Figure(t("customer.total", language), format_money(priced.total)))
        paid = sum_of((tender.amount for tender in basket.tenders), due.currency)
        figures.append(Figure(t("customer.paid", language), format_money(paid)))
    card = basket.member
    return Shown(
        Phase.PAYING if is_paying else Phase.GOODS,
        language,
        till.shop.name,
        title=t("customer.goods", language),
        lines=tuple(_line(line, language) for line in priced.lines),
        newest=len(priced.lines) - 1 if priced.lines else None,
        figures=tuple(figures),
        main=_owed(due, language, has_paid=bool(basket.tenders), is_paying=is_paying),
        member=_who(card.member, language, is_new=basket.is_new_member) if card is not None else "",
        points=_points(till, priced, card, language) if card is not None else "",
        can_enter=can_enter and card is None,
    )


def thanks(till: Till, sale: CompletedSale, member: Member | None, language: str) -> Shown:
    """The end of a sale: the change, what was earned, and the receipt to take along as a picture."""
    ticket = sale.transaction
    paid = sum_of((tender.amount for tender in ticket.tenders), ticket.total.currency)
    figures: tuple[Figure, ...] = ()
    if ticket.total.minor < 0:
        main = Figure(t("customer.refund", language), format_money(-ticket.total))
    elif ticket.change.minor > 0:
        figures = (
            Figure(t("customer.total", language), format_money(ticket.total)),
            Figure(t("customer.paid", language), format_money(paid)),
        )
        main = Figure(t("customer.change", language), format_money(ticket.change))
    else:
        main = Figure(t("customer.paid", language), format_money(ticket.total))
    number = ticket.header.receipt_number
    return Shown(
        Phase.THANKS,
        language,
        till.shop.name,
        title=t("customer.thanks", language),
        figures=figures,
        main=main,
        member=_who(member, language, is_new=ticket.is_new_member) if member is not None else "",
        points=_points_after(sale, language) if member is not None else "",
        qr=with_check(QR_PREFIX, number),
        qr_words=t("customer.receipt", language, number=number),
    )


def running_promotions(till: Till, language: str) -> tuple[str, ...]:
    """What runs now, by the names that customers read; what only some tiers get is told to nobody else."""
    context = till.checkout.price_context()
    found = []
    for one in context.promotions.promotions:
        if one.tiers or not is_running(one, context.moment):
            continue
        name = t("customer.members_only", language, name=one.name) if one.members_only else one.name
        found.append(name)
    return tuple(dict.fromkeys(found))[:PROMOTIONS_MAX]


# --- inside ----------------------------------------------------------------------------------------------------------


def _owed(due: Money, language: str, *, has_paid: bool, is_paying: bool) -> Figure:
    if due.minor < 0:
        return Figure(t("customer.refund", language), format_money(-due))
    key = "customer.rest" if has_paid else "customer.due" if is_paying else "customer.total"
    return Figure(t(key, language), format_money(due))


def _line(line: SaleLine, language: str) -> GoodsLine:
    is_weighed = line.unit is Unit.KILOGRAM
    if is_weighed:
        quantity = f"{format_quantity(line.quantity)} kg × {format_money(line.unit_price)}"
    elif line.quantity == ONE:
        quantity = ""
    else:
        quantity = f"{format_quantity(line.quantity)} × {format_money(line.unit_price)}"
    saved = line.list_price.minor * line.quantity // ONE - line.net.minor
    words = ""
    if saved > 0 and not line.is_return:
        words = t("customer.line_saved", language, amount=format_money(Money(saved, line.net.currency)))
    return GoodsLine(line.name, quantity, format_money(line.net), words)


def _pieces(priced: Priced) -> int:
    """Pieces that change hands; a weighed line is one."""
    return sum(1 if line.unit is Unit.KILOGRAM else abs(line.quantity) // ONE for line in priced.lines)


def _who(member: Member, language: str, *, is_new: bool) -> str:
    phone = mask_phone(member.phone)
    if is_new:
        return t("customer.new_member", language, phone=phone)
    name = mask_name(member.name)
    return f"{name}　{phone}" if name else phone


def _points(till: Till, priced: Priced, card: MemberCard, language: str) -> str:
    earned = till.points.earned(priced.basket, priced.lines, priced.basket.tenders, card).points
    key = "customer.points_earning" if earned > 0 else "customer.points"
    return t(key, language, points=f"{card.points:,}", earned=f"{earned:,}")


def _points_after(sale: CompletedSale, language: str) -> str:
    earned = sale.transaction.points.earned
    key = "customer.points_earned" if earned > 0 else "customer.points"
    return t(key, language, points=f"{sale.points_after:,}", earned=f"{earned:,}")
