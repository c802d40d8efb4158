"""A coupon in words: what it gives, on what, from what amount, when and to whom, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_terms import CouponTerms
from app.domain.money import Currency, Money, format_money
from app.domain.promotion import PERCENT_WHOLE
from app.domain.quantity import format_quantity
from app.i18n import t

NAMES_MAX: Final = 3
NameOf = Callable[[UUID], str]
"""The name of an item or a category; ``""`` when there is none."""


class CouponWords:
    """Describes coupons in one language."""

    def __init__(self, language: str, currency: Currency, name_of: NameOf) -> None:
        self._language = language
        self._currency = currency
        self._name_of = name_of

    def describe(
        self, terms: CouponTerms, first: date | None = None, last: date | None = None
    ) -> tuple[str, ...]:
        """Its terms, one sentence a line; the first says what it gives. ``first`` and ``last`` are the days of one coupon."""
        return tuple(self._lines(terms, first, last))

    def gives(self, benefit: Benefit, note: str = "") -> str:
        """``全店商品：9 折``."""
        what = self._what(benefit, note)
        if benefit.kind in (BenefitKind.GIFT, BenefitKind.TEXT):
            return what
        names = self._names(benefit.covers)
        if not names:
            return self._say("everything", what=what)
        return self._say("covers", goods=names, what=what)

    def _lines(self, terms: CouponTerms, first: date | None, last: date | None) -> Iterator[str]:
        benefit = terms.benefit
        yield self.gives(benefit, terms.note)
        if terms.note and benefit.kind is not BenefitKind.TEXT:
            yield terms.note
        if benefit.minimum:
            yield self._say("minimum", amount=self._money(benefit.minimum))
        if benefit.off_max:
            yield self._say("off_max", amount=self._money(benefit.off_max))
        if benefit.pieces_max:
            key = "pieces_cheapest" if benefit.is_cheapest_first else "pieces"
            yield self._say(key, count=benefit.pieces_max)
        if benefit.covers.excluded_item_ids:
            yield self._say("excluded", goods=self._list(benefit.covers.excluded_item_ids))
        if not benefit.with_promotions:
            yield self._say("not_with_promotions")
        if terms.is_alone:
            yield self._say("alone")
        yield from self._when(terms, first, last)
        yield from self._for_whom(terms)

    def _what(self, benefit: Benefit, note: str) -> str:
        match benefit.kind:
            case BenefitKind.PERCENT if benefit.value == PERCENT_WHOLE:
                return self._say("free")
            case BenefitKind.PERCENT:
                left = PERCENT_WHOLE - benefit.value
                fold = format_quantity(left if left % 1000 == 0 or left < 1000 else left * 10)
                return self._say("percent", fold=fold, percent=f"{format_quantity(benefit.value * 10)}%")
            case BenefitKind.AMOUNT | BenefitKind.PRICE:
                return self._say(benefit.kind.value, value=self._money(benefit.value))
            case BenefitKind.GIFT:
                assert benefit.gift_id is not None
                return self._say("gift", gift=self._name_of(benefit.gift_id))
            case BenefitKind.TEXT:
                return note

    def _when(self, terms: CouponTerms, first: date | None, last: date | None) -> Iterator[str]:
        days = {"first": first and first.isoformat(), "last": last and last.isoformat()}
        if first is not None and last is not None:
            yield self._say("from_until", **days)
        elif last is not None:
            yield self._say("until", **days)
        elif first is not None:
            yield self._say("from_on", **days)
        if terms.weekdays:
            yield self._say("weekdays", days=self._days(sorted(terms.weekdays)))
        if terms.time_from is not None and terms.time_to is not None:
            yield self._say("hours", start=_hour(terms.time_from), end=_hour(terms.time_to))

    def _days(self, days: list[int]) -> str:
        """Monday to Friday; Monday, Thursday."""
        names = [self._say(f"day_{day}") for day in days]
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return self._say("days_to", first=names[0], last=names[-1])
        return self._say("comma").join(names)

    def _for_whom(self, terms: CouponTerms) -> Iterator[str]:
        if terms.uses_max > 1:
            yield self._say("uses", count=terms.uses_max)
        if terms.is_transferable:
            yield self._say("transferable")
        elif terms.is_personal:
            yield self._say("personal")
        if terms.tiers:
            yield self._say("tiers")

    def _names(self, covers: Covers) -> str:
        return self._list(covers.category_ids | covers.item_ids)

    def _list(self, ids: frozenset[UUID] | frozenset[object]) -> str:
        names = sorted(name for own in ids if isinstance(own, UUID) and (name := self._name_of(own)))
        shown = self._say("comma").join(names[:NAMES_MAX])
        if len(names) <= NAMES_MAX:
            return shown
        return f"{shown} {self._say('more_goods', count=len(names))}"

    def _money(self, minor: int) -> str:
        return format_money(Money(minor, self._currency))

    def _say(self, word: str, **fields: object) -> str:
        return t(f"coupons.{word}", self._language, **fields)


def _hour(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
