"""What may come back of a sale, and what it is worth: exactly what was paid for it, however many parts it comes back in.

Shares are cumulative: what goes back after each return is the rounded share of everything returned so far, less what went back
before. So no sequence of partial returns exceeds the sale, and the last one takes the rounding rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.authority import Approval
from app.domain.basket import ReturnTerms
from app.domain.errors import Refused
from app.domain.ledger import LedgerEntry
from app.domain.loyalty.moves import Moves, StampMove
from app.domain.loyalty.value_items import VALUE_TENDERS
from app.domain.money import Currency, Money, allocate, round_half_up, round_to_cash
from app.domain.quantity import format_quantity
from app.domain.tender import Tender, TenderKind
from app.domain.transaction import (
    Header,
    PointsEffect,
    RetailTransaction,
    ReturnOf,
    SaleLine,
    TaxTotal,
    TransactionKind,
)


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A sold line and what has not come back of it yet."""

    line: SaleLine
    remaining_quantity: int
    remaining_net: Money


@dataclass(frozen=True, slots=True)
class Origin:
    """A sale of which goods come back: every earlier ticket that returned some, and the ledger entries the sale posted."""

    original: RetailTransaction
    earlier: tuple[RetailTransaction, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class LineShare:
    """One sold line's part of what the whole sale paid in points (amount and number) and earned."""

    net: int
    paid_by_points: int
    points_spent: int
    points_earned: int


def returnable(
    original: RetailTransaction, earlier_returns: Sequence[RetailTransaction]
) -> tuple[ReturnableLine, ...]:
    """Every sold line of the ticket, also those of which nothing is left."""
    result = []
    for line in original.lines:
        if line.is_return:
            continue
        quantity, refunded = _returned(original, earlier_returns, line.number)
        remaining = line.quantity - quantity
        assert remaining >= 0, "no more came back than was sold"
        result.append(ReturnableLine(line, remaining, Money(line.net.minor - refunded, line.net.currency)))
    return tuple(result)


def terms_for(
    original: RetailTransaction,
    earlier_returns: Sequence[RetailTransaction],
    line_number: int,
    quantity: int,
) -> ReturnTerms:
    """What this quantity (positive thousandths) of a sold line is worth in money and in points.

    Raises Refused: "return_line_unknown", "return_exceeds_sale".
    """
    left = {entry.line.number: entry for entry in returnable(original, earlier_returns)}.get(line_number)
    if left is None:
        raise Refused("return_line_unknown")
    if not 0 < quantity <= left.remaining_quantity:
        raise Refused(
            "return_exceeds_sale", name=left.line.name, remaining=format_quantity(left.remaining_quantity)
        )
    line = left.line
    before = line.net.minor - left.remaining_net.minor
    returned = line.quantity - left.remaining_quantity + quantity
    # Never less than nothing, and never more than what is left, whatever earlier tickets gave.
    after = min(line.net.minor, max(before, round_half_up(line.net.minor * returned, line.quantity)))
    share = line_shares(original)[line_number]
    return ReturnTerms(
        refund=Money(after - before, line.net.currency),
        of=ReturnOf(original.header.id, line_number, original.header.receipt_number),
        points_earned=_step(share.points_earned, before, after, share.net),
        points_spent=_step(share.points_spent, before, after, share.net),
    )


def refund_plan(total: Money, origins: Sequence[Origin], terms: Sequence[ReturnTerms]) -> tuple[Tender, ...]:
    """How the money of a ticket goes back: points as points, then by the tenders of the sales in their order, cash last.

    ``total`` is the ticket's net total. Points go back even when an exchange costs more than what came back; the rest of the
    plan fills a negative total and never more.
    """
    currency = total.currency
    points = sum(part.points_spent for part in terms)
    by_points = sum(_paid_by_points(origin, terms) for origin in origins)
    plan: list[Tender] = []
    if points or by_points:
        plan.append(Tender(1, TenderKind.POINTS, Money(-by_points, currency), points=-points))
    rest = -(total.minor + by_points)
    in_cash = 0
    for tender in (tender for origin in origins for tender in _rooms(origin)):
        part = max(0, min(rest, tender.amount.minor))
        rest -= part
        if tender.kind is TenderKind.CASH:
            in_cash += part
        elif part:
            plan.append(replace(tender, number=len(plan) + 1, amount=Money(-part, currency)))
    in_cash += max(0, rest)
    if in_cash:
        payable = _payable(in_cash, origins, currency)
        plan.append(Tender(len(plan) + 1, TenderKind.CASH, Money(-payable, currency)))
    return tuple(plan)


def refuse_void(
    original: RetailTransaction,
    earlier_returns: Sequence[RetailTransaction],
    earlier_void: RetailTransaction | None,
) -> None:
    """Only a sale that still stands as it was rung can be voided.

    Raises Refused: "void_of_void", "sale_voided", "void_after_return", "void_of_return" (goods that came back are sold again instead).
    """
    if original.header.kind is TransactionKind.POST_VOID:
        raise Refused("void_of_void")
    if earlier_void is not None:
        raise Refused("sale_voided", number=original.header.receipt_number)
    if earlier_returns:
        raise Refused("void_after_return", number=original.header.receipt_number)
    if any(line.return_of is not None for line in original.lines):
        raise Refused("void_of_return", number=original.header.receipt_number)


def void_of(
    original: RetailTransaction, header: Header, *, approvals: tuple[Approval, ...] = (), note: str = ""
) -> RetailTransaction:
    """The ticket that takes a whole sale back: every line, tender, tax and point with its sign turned.

    The change that was given is taken off the cash, so that the void moves what stayed in the drawer.
    """
    assert header.kind is TransactionKind.POST_VOID
    assert header.currency == original.header.currency
    points = original.points
    return RetailTransaction(
        header=header,
        lines=tuple(_turned(line, original) for line in original.lines),
        tenders=_kept_tenders(original),
        total=-original.total,
        change=Money(0, original.total.currency),
        rounding=-original.rounding,
        taxes=tuple(TaxTotal(tax.tax_class, tax.rate, -tax.gross, -tax.tax) for tax in original.taxes),
        member_id=original.member_id,
        points=PointsEffect(-points.earned, -points.spent, points.rule_version, points.earned_by_goods),
        approvals=approvals,
        voids=original.header.id,
        note=note,
        moves=_moves_undone(original.moves),
    )


def left_of(origin: Origin, lines: Sequence[SaleLine]) -> dict[int, tuple[int, int]]:
    """For each sold line of the sale what is kept of it after its earlier returns and these lines: quantity, and what was paid for it."""
    original, result = origin.original, {}
    for line in original.lines:
        if not line.is_return:
            quantity, refunded = _returned(original, origin.earlier, line.number)
            now = list(_lines_of(original, lines, line.number))
            result[line.number] = (
                line.quantity - quantity + sum(one.quantity for one in now),
                line.net.minor - refunded + sum(one.net.minor for one in now),
            )
    return result


def comes_back_whole(origin: Origin, lines: Sequence[SaleLine]) -> bool:
    """Whether these lines bring back the last of the sale."""
    kept = left_of(origin, lines)
    is_touched = any(any(True for _ in _lines_of(origin.original, lines, number)) for number in kept)
    return is_touched and not any(quantity for quantity, _ in kept.values())


def line_shares(original: RetailTransaction) -> dict[int, LineShare]:
    """What each sold line contributed to the points paid and earned, by largest remainder over what was paid for it.

    Where the rules gave some lines more than others, the sale itself says what each of them earned.
    """
    sold = [line for line in original.lines if not line.is_return]
    nets = [max(0, line.net.minor) for line in sold]
    earning = [net if line.earns_points else 0 for line, net in zip(sold, nets, strict=True)]
    tenders = [tender for tender in original.tenders if tender.kind is TenderKind.POINTS]
    taken = [tender for tender in tenders if tender.amount.minor > 0 or tender.points > 0]
    paid = _spread(sum(tender.amount.minor for tender in taken), nets)
    spent = _spread(sum(tender.points for tender in taken), nets)
    if original.points.by_line:
        known = dict(original.points.by_line)
        earned = [known.get(line.number, 0) for line in sold]
    else:
        earned = _spread(original.points.earned_by_goods, earning if any(earning) else nets)
    return {
        line.number: LineShare(*parts) for line, *parts in zip(sold, nets, paid, spent, earned, strict=True)
    }


def points_of_return(origin: Origin, lines: Sequence[SaleLine]) -> tuple[int, int]:
    """Points taken back (earned with these goods) and given back (spent on them) by return lines of this sale."""
    taken, given = 0, 0
    for number, share in line_shares(origin.original).items():
        _, before = _returned(origin.original, origin.earlier, number)
        after = before - sum(line.net.minor for line in _lines_of(origin.original, lines, number))
        taken += _step(share.points_earned, before, after, share.net)
        given += _step(share.points_spent, before, after, share.net)
    return taken, given


def points_given_back(origin: Origin) -> int:
    """How many of the points spent on a sale went back with its earlier returns."""
    shares = line_shares(origin.original)
    return sum(
        _step(share.points_spent, 0, _returned(origin.original, origin.earlier, number)[1], share.net)
        for number, share in shares.items()
    )


def _spread(amount: int, weights: Sequence[int]) -> list[int]:
    return allocate(amount, weights) if any(weights) else [0] * len(weights)


def _step(whole: int, before: int, after: int, of: int) -> int:
    """The part of ``whole`` that belongs to the stretch from ``before`` to ``after`` out of ``of``."""
    if of == 0:
        return 0
    return round_half_up(whole * after, of) - round_half_up(whole * before, of)


def _returned(
    original: RetailTransaction, earlier: Iterable[RetailTransaction], line_number: int
) -> tuple[int, int]:
    """Quantity and refund, both positive, of one line over every earlier ticket."""
    back = [line for ticket in earlier for line in _lines_of(original, ticket.lines, line_number)]
    return -sum(line.quantity for line in back), -sum(line.net.minor for line in back)


def _lines_of(original: RetailTransaction, lines: Iterable[SaleLine], line_number: int) -> Iterator[SaleLine]:
    """Those that return this line of the sale."""
    for line in lines:
        of = line.return_of
        if of is not None and of.transaction_id == original.header.id and of.line_number == line_number:
            yield line


def _paid_by_points(origin: Origin, terms: Sequence[ReturnTerms]) -> int:
    """The amount of the points tender that goes back with these goods."""
    shares = line_shares(origin.original)
    result = 0
    for part in terms:
        if part.of is None or part.of.transaction_id != origin.original.header.id:
            continue
        share = shares[part.of.line_number]
        _, before = _returned(origin.original, origin.earlier, part.of.line_number)
        result += _step(share.paid_by_points, before, before + part.refund.minor, share.net)
    return result


def _rooms(origin: Origin) -> tuple[Tender, ...]:
    """The sale's tenders other than points, each with the amount that has not gone back yet. Stored value goes back before other money."""
    kept = [
        tender
        for tender in kept_by_shop(origin.original)
        if tender.kind is not TenderKind.POINTS and tender.amount.minor > 0
    ]
    kept.sort(key=lambda tender: tender.kind not in VALUE_TENDERS)
    rooms = []
    gone = {
        kind: sum(
            -tender.amount.minor
            for ticket in origin.earlier
            for tender in ticket.tenders
            if tender.kind is kind and tender.amount.minor < 0
        )
        for kind in TenderKind
    }
    for tender in kept:
        used = min(gone[tender.kind], tender.amount.minor)
        gone[tender.kind] -= used
        if tender.amount.minor > used:
            rooms.append(replace(tender, amount=Money(tender.amount.minor - used, tender.amount.currency)))
    return tuple(rooms)


def _payable(minor: int, origins: Sequence[Origin], currency: Currency) -> int:
    """Cash that coins can pay, rounded over all refunds of these sales together: in the end they give what the sales took."""
    if currency.cash_step == 1:
        return minor
    refunds = {t.header.id: t for origin in origins for t in origin.earlier if t.total.minor < 0}.values()
    given = -sum(ticket.paid_by(TenderKind.CASH).minor for ticket in refunds)
    owed = given + sum(ticket.rounding.minor for ticket in refunds)
    return round_to_cash(Money(owed + minor, currency)).minor - given


def kept_by_shop(original: RetailTransaction) -> tuple[Tender, ...]:
    """What the shop took and kept: the tenders with the change taken off the cash, from the last cash back."""
    change = original.change.minor
    kept = []
    for tender in reversed(original.tenders):
        if tender.kind is TenderKind.CASH and change:
            taken_off = min(change, tender.amount.minor)
            change -= taken_off
            if tender.amount.minor == taken_off:
                continue
            tender = replace(tender, amount=Money(tender.amount.minor - taken_off, tender.amount.currency))
        kept.append(tender)
    assert change == 0, "change came out of cash"
    return tuple(reversed(kept))


def _kept_tenders(original: RetailTransaction) -> tuple[Tender, ...]:
    return tuple(
        replace(tender, number=number, amount=-tender.amount, points=-tender.points)
        for number, tender in enumerate(kept_by_shop(original), 1)
    )


def _moves_undone(moves: Moves) -> Moves:
    """The opposite of what a sale did to coupons, stamps, stored value and gifts; the rules stay those of the sale."""
    return Moves(
        coupons=tuple(replace(use, is_restored=not use.is_restored) for use in moves.coupons),
        stamps=tuple(StampMove(move.card, -move.earned, -move.spent) for move in moves.stamps),
        value=tuple(replace(move, paid=-move.paid, bonus=-move.bonus) for move in moves.value),
        gifts=tuple(replace(gift, pieces=-gift.pieces, points=-gift.points) for gift in moves.gifts),
        rules=moves.rules,
    )


def _turned(line: SaleLine, original: RetailTransaction) -> SaleLine:
    is_return = not line.is_return
    return replace(
        line,
        quantity=-line.quantity,
        gross=-line.gross,
        modifiers=tuple(replace(modifier, amount=-modifier.amount) for modifier in line.modifiers),
        net=-line.net,
        is_return=is_return,
        return_of=ReturnOf(original.header.id, line.number, original.header.receipt_number)
        if is_return
        else None,
    )
