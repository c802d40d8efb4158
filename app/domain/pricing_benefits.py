"""Coupons and stamp rewards on a priced basket: the last step, after every promotion and every discount a person gave.

Minimums are measured before the first coupon, and the order is fixed, so the order of scanning never changes a total. What is taken off is
shared among the covered lines by largest remainder and stored with them: a return gives back exactly what was paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.item import Unit
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Token, in_order
from app.domain.member import Member
from app.domain.money import Currency, Money, allocate, round_half_up
from app.domain.pricing_entry import Change, Entry
from app.domain.promotion import PERCENT_WHOLE
from app.domain.promotion_book import LocalMoment
from app.domain.quantity import ONE
from app.domain.transaction import ModifierKind


@dataclass(frozen=True, slots=True)
class Effect:
    """What one coupon or reward does to this basket. ``why_not`` is the code of the reason when it does nothing, with its ``fields``."""

    source: str
    label: str
    off: Money
    why_not: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def applies(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class _Nothing:
    """Why a benefit takes nothing off; ``missing`` is what the covered goods lack to the minimum."""

    code: str
    missing: int = 0


def take_benefits(
    tokens: tuple[Token, ...],
    entries: Sequence[Entry],
    moment: LocalMoment,
    member: Member | None,
    currency: Currency,
) -> tuple[Effect, ...]:
    """Take them off the entries; one effect for each, in the order in which they were given."""
    before = {id(entry): entry.left for entry in entries}
    effects: dict[str, Effect] = {}
    for token in in_order(tokens):
        off, nothing = 0, _Nothing(token.why_not(moment, member))
        if not nothing.code:
            taken = _offs(token, entries, before)
            if isinstance(taken, _Nothing):
                nothing = taken
            else:
                off = sum([part for _, part in taken])
                for entry, part in taken:
                    entry.take(Change(ModifierKind.COUPON, part, token=token))
        fields = token.fields(nothing.code)
        if nothing.missing:
            fields["missing"] = Money(nothing.missing, currency)
        effects[token.source] = Effect(token.source, token.label, Money(off, currency), nothing.code, fields)
    return tuple([effects[token.source] for token in tokens])


def _offs(
    token: Token, entries: Sequence[Entry], before: Mapping[int, int]
) -> list[tuple[Entry, int]] | _Nothing:
    """What comes off which entry, or why nothing does."""
    benefit = token.benefit
    covered = [entry for entry in entries if _is_covered(benefit, entry)]
    free = covered if benefit.with_promotions else [entry for entry in covered if not _is_promoted(entry)]
    amount = sum([before[id(entry)] for entry in free])
    if not free and benefit.kind is not BenefitKind.GIFT:
        return _Nothing("coupon_not_with_promotions" if covered else "coupon_nothing_covered")
    if amount < benefit.minimum:
        return _Nothing("coupon_below_minimum", benefit.minimum - amount)
    match benefit.kind:
        case BenefitKind.TEXT:
            return []
        case BenefitKind.GIFT:
            gifts = [(entry, entry.left) for entry in entries if entry.line.gift_of == token.source]
            return gifts or _Nothing("coupon_gift_missing")
        case BenefitKind.PERCENT | BenefitKind.AMOUNT if not benefit.pieces_max:
            offs = _shared(benefit, free)
        case _:
            offs = _on_pieces(benefit, free)
    offs = [(entry, off) for entry, off in offs if off]
    return offs or _Nothing("coupon_nothing_covered")


def _is_covered(benefit: Benefit, entry: Entry) -> bool:
    return entry.can_discount and benefit.covers.has_item(entry.line.item) and entry.left > 0


def _is_promoted(entry: Entry) -> bool:
    return any(change.kind is ModifierKind.PROMOTION for change in entry.changes)


def _shared(benefit: Benefit, covered: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """A percent or an amount off everything together."""
    lefts = [entry.left for entry in covered]
    whole = sum(lefts)
    off = benefit.value
    if benefit.kind is BenefitKind.PERCENT:
        off = round_half_up(whole * benefit.value, PERCENT_WHOLE)
    off = min(off, whole, benefit.off_max or whole)
    return list(zip(covered, allocate(off, lefts), strict=True))


def _on_pieces(benefit: Benefit, covered: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """A percent off single pieces, or a price for them; goods sold by weight are one piece, and have no price by the piece."""
    pieces: list[tuple[int, int, Entry]] = []  # what one piece costs in 1/1000, its place, its entry
    for place, entry in enumerate(covered):
        count = _pieces_of(entry)
        if benefit.kind is BenefitKind.PERCENT or entry.line.item.unit is Unit.EACH:
            pieces += [(entry.left * ONE // count, place, entry)] * count
    pieces.sort(key=lambda piece: (piece[0] if benefit.is_cheapest_first else -piece[0], piece[1]))
    counts: dict[int, int] = {}
    for _, place, _ in pieces[: benefit.pieces_max or len(pieces)]:
        counts[place] = counts.get(place, 0) + 1
    offs = [(covered[place], _off_pieces(benefit, covered[place], n)) for place, n in sorted(counts.items())]
    total = sum([off for _, off in offs])
    if benefit.off_max and total > benefit.off_max:
        shares = allocate(benefit.off_max, [off for _, off in offs])
        offs = [(entry, share) for (entry, _), share in zip(offs, shares, strict=True)]
    return offs


def _pieces_of(entry: Entry) -> int:
    return entry.line.quantity // ONE if entry.line.item.unit is Unit.EACH else 1


def _off_pieces(benefit: Benefit, entry: Entry, count: int) -> int:
    cost = round_half_up(entry.left * count, _pieces_of(entry))
    if benefit.kind is BenefitKind.PERCENT:
        return round_half_up(cost * benefit.value, PERCENT_WHOLE)
    return max(0, cost - benefit.value * count)
