"""What rules say, sentence by sentence: for the owner's desk, for a notice on the wall, for whoever asks.

Every sentence is a :class:`~app.domain.loyalty.phrase.Phrase`; nothing here knows a language. Whatever the rules are, there is a
sentence for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

from app.domain.loyalty.earning import factor_words
from app.domain.loyalty.gifts import Gift, GiftRules
from app.domain.loyalty.phrase import PercentOff, Phrase, Worded, phrase
from app.domain.loyalty.points_rules import (
    FACTOR_ONE,
    SHARE_WHOLE,
    Bonus,
    BonusKind,
    Burn,
    Combine,
    Goods,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
)
from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.loyalty.tiers import (
    Lowering,
    Tier,
    TierBasis,
    TierRules,
    TierStanding,
    Window,
    WindowKind,
)
from app.domain.money import Currency, Money
from app.domain.tender import TenderKind

NameOf = Callable[[UUID], str]
"""The name of an item or category by its id; ``""`` for one that is gone."""
TierName = Callable[[str], str]


def points_sentences(
    rules: PointsRules, currency: Currency, name_of: NameOf, tier_name: TierName
) -> tuple[Phrase, ...]:
    words = _Words(currency, name_of, tier_name)
    return (
        *words.earning(rules),
        *(words.multiplier(one) for one in rules.multipliers),
        *words.combining(rules),
        *(words.bonus(one) for one in rules.bonuses),
        *words.lasting(rules),
        *words.burning(rules.burn),
        phrase("rules.may_owe" if rules.may_owe else "rules.never_owes"),
    )


def tier_sentences(rules: TierRules, currency: Currency) -> tuple[Phrase, ...]:
    if not rules.tiers:
        return (phrase("rules.no_tiers"),)
    words = _Words(currency, lambda _: "", lambda code: code)
    return (
        *(words.tier(rules, tier) for tier in rules.tiers),
        *(right for tier in rules.tiers for right in words.rights(tier)),
        *words.keeping(rules),
    )


def gift_sentences(rules: GiftRules, tier_name: TierName) -> tuple[Phrase, ...]:
    if not rules.gifts:
        return (phrase("rules.no_gifts"),)
    return tuple(_gift(gift, tier_name) for gift in rules.gifts)


def standing_sentence(standing: TierStanding, currency: Currency) -> Phrase | None:
    """What the member is told: how far it is to the next tier, or what keeps the present one; None where there are no tiers."""
    if standing.next_tier is not None:
        missing = amount_of(standing.basis, standing.missing, currency)
        return phrase(f"rules.progress_{standing.basis}", missing=missing, tier=standing.next_tier.name)
    if standing.tier is None:
        return None
    if standing.at_risk and standing.protected_until is not None:
        missing = amount_of(standing.basis, standing.at_risk, currency)
        return phrase(
            f"rules.keep_{standing.basis}",
            missing=missing,
            tier=standing.tier.name,
            until=standing.protected_until,
        )
    return phrase("rules.at_the_top", tier=standing.tier.name)


def amount_of(basis: TierBasis, amount: int, currency: Currency) -> Worded:
    match basis:
        case TierBasis.SPEND:
            return Money(amount, currency)
        case TierBasis.POINTS:
            return points_of(amount)
        case TierBasis.VISITS:
            return counted("visits", amount)


def points_of(points: int) -> Phrase:
    return counted("points", points)


def counted(thing: str, number: int) -> Phrase:
    """``1 point``, ``12 points``: languages that tell one from many have two texts."""
    return phrase(f"rules.{thing}_{'one' if number == 1 else 'many'}", number=number)


def between(starts_on: date | None, ends_on: date | None) -> Phrase | None:
    if starts_on is not None and ends_on is not None:
        return phrase("rules.between", first=starts_on, last=ends_on)
    if starts_on is not None:
        return phrase("rules.from_day", first=starts_on)
    return None if ends_on is None else phrase("rules.until_day", last=ends_on)


class _Words:
    def __init__(self, currency: Currency, name_of: NameOf, tier_name: TierName) -> None:
        self._currency = currency
        self._name_of = name_of
        self._tier_name = tier_name

    # --- earning ----------------------------------------------------------------------------------------------------

    def earning(self, rules: PointsRules) -> Iterator[Phrase]:
        yield self._rate(rules.base)
        for one in rules.rates:
            goods: Worded = one.name or self._goods(one.goods)
            yield phrase("rules.goods_rate", goods=goods, rate=self._rate(one.rate))
        if not rules.excluded.is_none:
            yield phrase("rules.excluded", goods=self._goods(rules.excluded))
        kinds = tuple(phrase(f"rules.tender_{kind}") for kind in TenderKind if kind in rules.uncounted)
        yield phrase("rules.uncounted", tenders=kinds)
        per = "ticket" if rules.per is Per.TICKET else "line"
        rounding = "floor" if rules.rounding is Rounding.FLOOR else "half_up"
        yield phrase(f"rules.rounding_{per}_{rounding}")

    def _rate(self, rate: Rate) -> Phrase:
        if not rate.earns:
            return phrase("rules.rate_none")
        return phrase("rules.rate", step=self._money(rate.step_minor), points=points_of(rate.points))

    def multiplier(self, one: Multiplier) -> Phrase:
        when = self._when(one)
        key = "rules.multiplier_named" if one.name else "rules.multiplier"
        return phrase(key, name=one.name, when=when, factor=factor_words(one.factor))

    def _when(self, one: Multiplier) -> Worded:
        """Everything it asks for; always, when it asks for nothing."""
        asked: list[Phrase | None] = [between(one.starts_on, one.ends_on)]
        if one.tiers:
            asked.append(phrase("rules.tier_named", tiers=self._tiers(one.tiers)))
        if one.in_birthday_month:
            asked.append(phrase("rules.birthday_month"))
        asked.append(_days(one))
        if not one.goods.is_none:
            asked.append(phrase("rules.on_goods", goods=self._goods(one.goods)))
        told = [part for part in asked if part is not None] or [phrase("rules.always")]
        marked = [part for one in told for part in (phrase("rules.condition_mark"), one)]
        return phrase("rules.run_on", parts=tuple(marked[1:]))

    def combining(self, rules: PointsRules) -> Iterator[Phrase]:
        if len(rules.multipliers) > 1:
            yield phrase("rules.combine_best" if rules.combine is Combine.BEST else "rules.combine_multiply")

    # --- bonuses ----------------------------------------------------------------------------------------------------

    def bonus(self, bonus: Bonus) -> Phrase:
        key = f"rules.bonus_{bonus.kind}"
        if bonus.kind is BonusKind.BIRTHDAY and bonus.is_on_the_day:
            key = "rules.bonus_birthday_day"
        if bonus.kind is BonusKind.REFERRAL and not (bonus.points and bonus.friend_points):
            key = "rules.bonus_referral_one" if bonus.points else "rules.bonus_referral_friend"
        said = phrase(
            key,
            name=bonus.name or bonus.code,
            points=points_of(bonus.points),
            friend_points=points_of(bonus.friend_points),
            purchase=self._purchase(bonus),
        )
        more: list[Phrase] = [said]
        when = between(bonus.starts_on, bonus.ends_on)
        if when is not None:
            more.append(phrase("rules.in_brackets", words=when))
        if bonus.term is not None:
            more.append(phrase("rules.in_brackets", words=_term(bonus.term)))
        return said if len(more) == 1 else phrase("rules.run_on", parts=tuple(more))

    def _purchase(self, bonus: Bonus) -> Phrase:
        if bonus.minimum_minor:
            return phrase("rules.purchase_of", amount=self._money(bonus.minimum_minor))
        return phrase("rules.any_purchase")

    # --- how long, and spending -------------------------------------------------------------------------------------

    def lasting(self, rules: PointsRules) -> Iterator[Phrase]:
        if rules.pending_days:
            yield phrase("rules.pending", days=counted("days", rules.pending_days))
        yield phrase("rules.expires", term=_term(rules.expires))

    def burning(self, burn: Burn) -> Iterator[Phrase]:
        if burn.value_minor == 0:
            yield phrase("rules.burn_none")
            return
        points, worth = points_of(burn.value_points), self._money(burn.value_minor)
        yield phrase("rules.burn", points=points, amount=worth)
        if burn.step > burn.value_points:
            yield phrase("rules.burn_step", points=points_of(burn.step))
        if burn.share_max < SHARE_WHOLE:
            yield phrase("rules.burn_share", percent=_percent(burn.share_max))
        if burn.per_sale_max is not None:
            yield phrase("rules.burn_per_sale", points=points_of(burn.per_sale_max))
        if burn.balance_min:
            yield phrase("rules.burn_balance", points=points_of(burn.balance_min))
        if burn.offline_day_max is not None:
            yield phrase("rules.burn_offline", points=points_of(burn.offline_day_max))

    # --- tiers ------------------------------------------------------------------------------------------------------

    def tier(self, rules: TierRules, tier: Tier) -> Phrase:
        amount = amount_of(rules.basis, tier.threshold, self._currency)
        return phrase(
            f"rules.tier_{rules.basis}", tier=tier.name, window=_window(rules.window), amount=amount
        )

    def rights(self, tier: Tier) -> Iterator[Phrase]:
        rights, gift = tier.rights, tier.gift
        given: list[Phrase] = []
        if rights.has_member_price:
            given.append(phrase("rules.right_member_price"))
        if rights.percent_off:
            given.append(phrase("rules.right_percent_off", off=PercentOff(rights.percent_off)))
        if rights.points_factor != FACTOR_ONE:
            given.append(phrase("rules.right_factor", factor=factor_words(rights.points_factor)))
        if rights.is_served_first:
            given.append(phrase("rules.right_first"))
        if rights.coupons:
            given.append(phrase("rules.right_coupons", coupons=rights.coupons))
        if given:
            yield phrase("rules.rights", tier=tier.name, rights=tuple(given))
        if gift.points:
            yield phrase("rules.entry_points", tier=tier.name, points=points_of(gift.points))
        if gift.coupons:
            yield phrase("rules.entry_coupons", tier=tier.name, coupons=gift.coupons)

    def keeping(self, rules: TierRules) -> Iterator[Phrase]:
        yield phrase(
            "rules.keeps" if rules.keeps != NEVER else "rules.keeps_always", term=_keeps(rules.keeps)
        )
        if rules.keeps != NEVER:
            if rules.grace_days:
                yield phrase("rules.grace", days=counted("days", rules.grace_days))
            is_step = rules.lowering is Lowering.ONE_STEP
            yield phrase("rules.lower_one_step" if is_step else "rules.lower_to_earned")
        yield phrase("rules.return_lowers" if rules.lowers_on_return else "rules.return_keeps")

    # --- parts ------------------------------------------------------------------------------------------------------

    def _money(self, minor: int) -> Money:
        return Money(minor, self._currency)

    def _goods(self, goods: Goods) -> Worded:
        ids: list[UUID] = [*goods.categories, *goods.items]
        names = sorted({self._name_of(one) for one in ids} - {""})
        return tuple(names) if names else phrase("rules.goods_gone")

    def _tiers(self, codes: frozenset[str]) -> tuple[Worded, ...]:
        return tuple(self._tier_name(code) or code for code in sorted(codes))


def _days(one: Multiplier) -> Phrase | None:
    days: list[Phrase] = [phrase(f"rules.weekday_{day}") for day in sorted(one.weekdays)]
    days += [phrase("rules.month_day", day=day) for day in sorted(one.month_days)]
    for nth, weekday in sorted(one.nth_weekdays):
        place = "last" if nth == -1 else str(nth)
        days.append(phrase(f"rules.nth_{place}", weekday=phrase(f"rules.weekday_{weekday}")))
    return phrase("rules.on_days", days=tuple(days)) if days else None


def _term(term: Term) -> Phrase:
    match term.kind:
        case TermKind.NEVER:
            return phrase("rules.term_never")
        case TermKind.DAYS:
            return phrase("rules.term_for", count=counted("days", term.count))
        case TermKind.MONTHS:
            return phrase("rules.term_for", count=counted("months", term.count))
        case TermKind.YEAR_END:
            return _year_end(term.count)
        case TermKind.INACTIVITY:
            return phrase("rules.term_inactivity", count=counted("days", term.count))


def _keeps(term: Term) -> Phrase:
    if term.kind is TermKind.YEAR_END:
        return _year_end(term.count)
    thing = "months" if term.kind is TermKind.MONTHS else "days"
    return phrase("rules.term_for", count=counted(thing, term.count))


def _year_end(years: int) -> Phrase:
    if years <= 1:
        return phrase("rules.term_next_year_end" if years else "rules.term_year_end")
    return phrase("rules.term_year_end_after", years=years)


def _window(window: Window) -> Phrase:
    if window.kind is WindowKind.CALENDAR:
        return phrase(f"rules.window_calendar_{window.count}")
    thing = "days" if window.kind is WindowKind.ROLLING_DAYS else "months"
    return phrase("rules.window_rolling", count=counted(thing, window.count))


def _gift(gift: Gift, tier_name: TierName) -> Phrase:
    said = phrase("rules.gift", name=gift.name, points=points_of(gift.points))
    more: list[Phrase | None] = [between(gift.starts_on, gift.ends_on)]
    if gift.tiers:
        names = tuple(tier_name(code) or code for code in sorted(gift.tiers))
        more.append(phrase("rules.only_tiers", tiers=names))
    if gift.stock is not None:
        more.append(phrase("rules.gift_stock", number=gift.stock))
    told = tuple(phrase("rules.in_brackets", words=one) for one in more if one is not None)
    return phrase("rules.run_on", parts=(said, *told)) if told else said


def _percent(hundredths: int) -> str:
    return factor_words(hundredths)
