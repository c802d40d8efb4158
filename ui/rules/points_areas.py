"""The points rules on three pages: what a purchase earns, what an occasion brings, and how points last and are spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.points_rules import (
    FACTOR_MAX,
    NO_GOODS,
    POINTS_MAX,
    SHARE_WHOLE,
    Bonus,
    BonusKind,
    Burn,
    Combine,
    Goods,
    GoodsRate,
    Multiplier,
    Per,
    PointsRules,
    Rate,
    Rounding,
)
from app.domain.loyalty.rule_codec_points import points_rules_from_plain, points_rules_to_plain
from app.domain.loyalty.term import Term, TermKind
from app.domain.tender import TenderKind
from ui.rules.areas import (
    ENDS,
    STARTS,
    TERM_DAYS_MAX,
    TERM_FORMS,
    TIERS,
    WEEKDAYS,
    Area,
    amount,
    goods_filled,
    one_of,
    optional,
    put,
    term_of,
    term_row,
    text,
    whole,
)
from ui.rules.forms import (
    Blank,
    BlankKind,
    Clause,
    Filled,
    Form,
    Preset,
    Row,
    Rows,
    Section,
    days_in_order,
    each_row,
    refuse,
    refuse_twice,
)

POINTS: Final = whole("points", 1, most=POINTS_MAX)
GOODS: Final = Blank("goods", BlankKind.GOODS)
FACTOR: Final = Blank("factor", BlankKind.FACTOR, 200, 101, FACTOR_MAX)
SHARE: Final = Blank("share", BlankKind.PERCENT, 5_000, 1, SHARE_WHOLE)
CALLED: Final = text("name")
NAMED: Final = optional("named", CALLED)


class PointsArea(Area):
    """What the three pages share."""

    AREA = RuleArea.POINTS

    def current(self) -> tuple[int, PointsRules]:
        found = self.till.rules.points
        return found.version, found.rules

    def read(self, body: Mapping[str, Any]) -> PointsRules:
        return points_rules_from_plain(dict(body))

    def write(self, rules: PointsRules) -> Mapping[str, Any]:
        return points_rules_to_plain(rules)

    def describe(self, rules: PointsRules) -> tuple[str, ...]:
        return self.till.rules.describe_points(rules)


# --- earning ----------------------------------------------------------------------------------------------------------

MULTIPLIER: Final = Form(
    "multiplier",
    (
        NAMED,
        STARTS,
        ENDS,
        TIERS,
        optional("birthday_month"),
        WEEKDAYS,
        optional("month_days", Blank("month_days", BlankKind.SOME_OF, options="month_days")),
        optional("nth_weekdays", Blank("nth_weekdays", BlankKind.SOME_OF, options="nth_weekdays")),
        optional("on_goods", GOODS),
        Clause("factor", (FACTOR,)),
    ),
)


class EarningArea(PointsArea):
    NAME = "earning"
    SECTIONS: ClassVar = (
        Section(
            "base",
            (
                Form("base", (Clause("base", (amount("step", 100), POINTS)),)),
                Form("base_none", (Clause("base_none"),)),
            ),
            is_fixed=True,
        ),
        Section(
            "rates",
            (
                Form("goods_rate", (Clause("goods_rate", (GOODS, amount("step", 100), POINTS)), NAMED)),
                Form("goods_none", (Clause("goods_none", (GOODS,)), NAMED)),
                Form("excluded", (Clause("excluded", (GOODS,)),)),
            ),
            is_ordered=True,
            presets=(Preset("goods_rate", "goods_rate"), Preset("excluded", "excluded")),
        ),
        Section(
            "multipliers",
            (MULTIPLIER,),
            presets=(
                Preset("on_weekdays", "multiplier", ("weekdays",)),
                Preset("member_day", "multiplier", ("named", "month_days")),
                Preset("nth_weekday", "multiplier", ("nth_weekdays",)),
                Preset("birthday", "multiplier", ("birthday_month",)),
                Preset("for_tiers", "multiplier", ("tiers",)),
                Preset("for_goods", "multiplier", ("on_goods",)),
                Preset("campaign", "multiplier", ("named", "starts", "ends")),
            ),
        ),
        Section(
            "counting",
            (
                Form(
                    "counting",
                    (
                        Clause("counting", (one_of("per", "ticket"), one_of("rounding", "floor"))),
                        Clause("combining", (one_of("combine", "best"),)),
                        optional("uncounted", Blank("tenders", BlankKind.SOME_OF, options="tenders")),
                    ),
                ),
            ),
            is_fixed=True,
        ),
    )

    def rows(self, rules: PointsRules) -> Rows:
        base = rules.base
        rates = [_rate_row(one) for one in rules.rates]
        if not rules.excluded.is_none:
            rates.append(Row("excluded", {"goods": _goods(rules.excluded)}))
        counting = {
            "per": rules.per.value,
            "rounding": rules.rounding.value,
            "combine": rules.combine.value,
        }
        return {
            "base": [
                Row("base", {"step": base.step_minor, "points": base.points})
                if base.earns
                else Row("base_none", {"base_none": True})
            ],
            "rates": rates,
            "multipliers": [Row("multiplier", _multiplier_filled(one)) for one in rules.multipliers],
            "counting": [Row("counting", put(counting, tenders=rules.uncounted - {TenderKind.POINTS}))],
        }

    def rules(self, rows: Rows, base: PointsRules) -> PointsRules:
        base_row, counting = rows["base"][0], rows["counting"][0].filled
        rates = each_row(rows, "rates", _read_rate)
        excluded = [one for one in rates if isinstance(one, Goods)]
        return replace(
            base,
            base=_rate(base_row.filled) if base_row.form == "base" else Rate(0, 0),
            rates=tuple(one for one in rates if isinstance(one, GoodsRate)),
            excluded=Goods(
                frozenset().union(*(one.items for one in excluded)),
                frozenset().union(*(one.categories for one in excluded)),
            )
            if excluded
            else NO_GOODS,
            multipliers=tuple(each_row(rows, "multipliers", _read_multiplier)),
            per=Per(counting["per"]),
            rounding=Rounding(counting["rounding"]),
            combine=Combine(counting["combine"]),
            uncounted=frozenset({TenderKind.POINTS, *counting.get("tenders", ())}),
        )


def _goods(goods: Goods) -> object:
    return goods_filled(goods.items, goods.categories)


def _rate(filled: Filled) -> Rate:
    return Rate(filled["step"], filled["points"])


def _rate_row(one: GoodsRate) -> Row:
    filled = put({"goods": _goods(one.goods)}, name=one.name or None)
    if not one.rate.earns:
        return Row("goods_none", filled)
    return Row("goods_rate", {**filled, "step": one.rate.step_minor, "points": one.rate.points})


def _read_rate(row: Row) -> GoodsRate | Goods:
    goods = Goods(*row.filled["goods"])
    if row.form == "excluded":
        return goods
    rate = Rate(0, 0) if row.form == "goods_none" else _rate(row.filled)
    return GoodsRate(goods, rate, row.filled.get("name", ""))


def _multiplier_filled(one: Multiplier) -> Filled:
    return put(
        {"factor": one.factor},
        name=one.name or None,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        tiers=one.tiers,
        birthday_month=one.in_birthday_month,
        weekdays=one.weekdays,
        month_days=one.month_days,
        nth_weekdays=one.nth_weekdays,
        goods=_goods(one.goods),
    )


def _read_multiplier(row: Row) -> Multiplier:
    filled = row.filled
    days_in_order(filled)
    return Multiplier(
        factor=filled["factor"],
        name=filled.get("name", ""),
        tiers=filled.get("tiers", frozenset()),
        weekdays=filled.get("weekdays", frozenset()),
        month_days=filled.get("month_days", frozenset()),
        nth_weekdays=filled.get("nth_weekdays", frozenset()),
        in_birthday_month="birthday_month" in filled,
        starts_on=filled.get("starts_on"),
        ends_on=filled.get("ends_on"),
        goods=Goods(*filled["goods"]) if "goods" in filled else NO_GOODS,
    )


# --- bonuses ----------------------------------------------------------------------------------------------------------

MINIMUM: Final = optional("minimum", amount("minimum", 500))
_LASTING: Final = (
    optional("lasts_days", whole("lasts_days", 30, most=TERM_DAYS_MAX)),
    optional("lasts_months", whole("lasts_months", 3, most=120)),
    optional("lasts_year_end", Blank("lasts_year_end", BlankKind.ONE_OF, 0, options="year_end")),
    optional("lasts_inactivity", whole("lasts_inactivity", 365, most=TERM_DAYS_MAX)),
    optional("lasts_never"),
)
_TERMS: Final = {
    "lasts_days": TermKind.DAYS,
    "lasts_months": TermKind.MONTHS,
    "lasts_year_end": TermKind.YEAR_END,
    "lasts_inactivity": TermKind.INACTIVITY,
}
_MORE: Final = (STARTS, ENDS, *_LASTING)


class BonusArea(PointsArea):
    NAME = "bonuses"
    SECTIONS: ClassVar = (
        Section(
            "bonuses",
            (
                Form("bonus_welcome", (Clause("bonus_welcome", (whole("points", 100),)), MINIMUM, *_MORE)),
                Form(
                    "bonus_birthday",
                    (
                        Clause("bonus_birthday", (one_of("birthday_when", False), whole("points", 100))),
                        MINIMUM,
                        *_MORE,
                    ),
                ),
                Form(
                    "bonus_referral",
                    (
                        Clause(
                            "bonus_referral",
                            (whole("points", 100, least=0), whole("friend_points", 50, least=0)),
                        ),
                        MINIMUM,
                        *_MORE,
                    ),
                ),
                Form("bonus_visit", (Clause("bonus_visit", (whole("points", 5),)), MINIMUM, *_MORE)),
                Form("bonus_review", (Clause("bonus_review", (whole("points", 30),)), *_MORE)),
                Form(
                    "bonus_campaign",
                    (Clause("bonus_campaign", (CALLED, whole("points", 100))), MINIMUM, *_MORE),
                ),
            ),
            key_letter="B",
        ),
    )

    def rows(self, rules: PointsRules) -> Rows:
        return {"bonuses": [_bonus_row(one) for one in rules.bonuses]}

    def rules(self, rows: Rows, base: PointsRules) -> PointsRules:
        once = [row for row in rows["bonuses"] if row.form != "bonus_campaign"]
        by_form = {
            "bonuses": [
                Row(row.form, {"form": row.form if row in once else row.key}) for row in rows["bonuses"]
            ]
        }
        refuse_twice(by_form, "bonuses", "form", "rule_bonus_twice")
        return replace(base, bonuses=tuple(each_row(rows, "bonuses", _read_bonus)))


def _bonus_row(one: Bonus) -> Row:
    filled: Filled = {"points": one.points}
    if one.kind is BonusKind.BIRTHDAY:
        filled["birthday_when"] = one.is_on_the_day
    if one.kind is BonusKind.REFERRAL:
        filled["friend_points"] = one.friend_points
    if one.kind is BonusKind.CAMPAIGN:
        filled["name"] = one.name or one.code
    filled = put(filled, minimum=one.minimum_minor or None, starts_on=one.starts_on, ends_on=one.ends_on)
    if one.term is not None:
        name = next((name for name, kind in _TERMS.items() if kind is one.term.kind), "lasts_never")
        filled[name] = one.term.count if name in _TERMS else True
    return Row(f"bonus_{one.kind}", filled, one.code)


def _read_bonus(row: Row) -> Bonus:
    filled, kind = row.filled, BonusKind(row.form.removeprefix("bonus_"))
    days_in_order(filled)
    terms = [name for name in (*_TERMS, "lasts_never") if name in filled]
    if len(terms) > 1:
        raise refuse("rule_two_terms", terms[1])
    if not filled["points"] and not filled.get("friend_points"):
        raise refuse("rule_points_needed", "points")
    term = None
    if terms:
        term = Term(_TERMS[terms[0]], filled[terms[0]]) if terms[0] in _TERMS else Term()
    return Bonus(
        kind=kind,
        points=filled["points"],
        name=filled.get("name", ""),
        code=row.key if kind is BonusKind.CAMPAIGN else "",
        friend_points=filled.get("friend_points", 0),
        minimum_minor=filled.get("minimum", 0),
        is_on_the_day=bool(filled.get("birthday_when", False)),
        starts_on=filled.get("starts_on"),
        ends_on=filled.get("ends_on"),
        term=term,
    )


# --- how long they last, and spending ---------------------------------------------------------------------------------


class SpendingArea(PointsArea):
    NAME = "spending"
    SECTIONS: ClassVar = (
        Section("lasting", TERM_FORMS, is_fixed=True),
        Section(
            "pending",
            (
                Form("at_once", (Clause("at_once"),)),
                Form("pending", (Clause("pending", (whole("days", 7, most=3660),)),)),
            ),
            is_fixed=True,
        ),
        Section(
            "burn",
            (
                Form(
                    "burn",
                    (
                        Clause("burn", (whole("value_points", 1), amount("value", 1))),
                        optional("burn_step", whole("burn_step", 10)),
                        optional("burn_share", SHARE),
                        optional("burn_per_sale", whole("per_sale", 500)),
                        optional("burn_balance", whole("balance_min", 100)),
                        optional("burn_offline", whole("offline_day", 300, least=0)),
                    ),
                ),
                Form("burn_none", (Clause("burn_none"),)),
            ),
            is_fixed=True,
        ),
        Section(
            "debt",
            (Form("may_owe", (Clause("may_owe"),)), Form("never_owes", (Clause("never_owes"),))),
            is_fixed=True,
        ),
    )

    def rows(self, rules: PointsRules) -> Rows:
        debt = "may_owe" if rules.may_owe else "never_owes"
        pending = rules.pending_days
        return {
            "lasting": [term_row(rules.expires)],
            "pending": [Row("pending", {"days": pending}) if pending else Row("at_once", {"at_once": True})],
            "burn": [_burn_row(rules.burn)],
            "debt": [Row(debt, {debt: True})],
        }

    def rules(self, rows: Rows, base: PointsRules) -> PointsRules:
        burns = each_row(rows, "burn", lambda row: _read_burn(row, base.burn))
        return replace(
            base,
            expires=term_of(rows["lasting"][0]),
            pending_days=rows["pending"][0].filled.get("days", 0),
            burn=burns[0],
            may_owe=rows["debt"][0].form == "may_owe",
        )


def _burn_row(burn: Burn) -> Row:
    if burn.value_minor == 0:
        return Row("burn_none", {"burn_none": True})
    return Row(
        "burn",
        put(
            {"value_points": burn.value_points, "value": burn.value_minor},
            burn_step=burn.step if burn.step != burn.value_points else None,
            share=burn.share_max if burn.share_max < SHARE_WHOLE else None,
            per_sale=burn.per_sale_max,
            balance_min=burn.balance_min or None,
            offline_day=burn.offline_day_max,
        ),
    )


def _read_burn(row: Row, before: Burn) -> Burn:
    filled = row.filled
    if row.form == "burn_none":
        return replace(before, value_minor=0)
    step = int(filled.get("burn_step") or filled["value_points"])
    if step % filled["value_points"]:
        raise refuse("rule_step_uneven", "burn_step", points=filled["value_points"])
    return Burn(
        value_minor=filled["value"],
        value_points=filled["value_points"],
        step=step,
        share_max=filled.get("share", SHARE_WHOLE),
        balance_min=filled.get("balance_min", 0),
        per_sale_max=filled.get("per_sale"),
        offline_day_max=filled.get("offline_day"),
    )
