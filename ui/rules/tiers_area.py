"""The tiers' page: what counts, from what on, what each gives, and how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from app.domain.loyalty.documents import RuleArea
from app.domain.loyalty.points_rules import FACTOR_ONE
from app.domain.loyalty.rule_codec_tiers import tier_rules_from_plain, tier_rules_to_plain
from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.loyalty.tiers import (
    TIERS_MAX,
    EntryGift,
    Lowering,
    Tier,
    TierBasis,
    TierRights,
    TierRules,
    Window,
    WindowKind,
)
from ui.rules.areas import Area, Live, amount, one_of, optional, put, text, whole
from ui.rules.forms import (
    Blank,
    BlankKind,
    Clause,
    Form,
    Option,
    Preset,
    Row,
    Rows,
    Section,
    each_row,
    refuse_twice,
)

_RIGHTS: Final = (
    optional("member_price"),
    optional("percent_off", Blank("percent_off", BlankKind.PERCENT, 500, 1, 10_000)),
    optional("tier_factor", Blank("factor", BlankKind.FACTOR, 150, 101, 10_000)),
    optional("served_first"),
    optional("tier_coupons", Blank("coupons", BlankKind.SOME_OF, options="templates")),
    optional("gift_points", whole("gift_points", 100)),
    optional("gift_coupons", Blank("gift_coupons", BlankKind.SOME_OF, options="templates")),
)
_THRESHOLDS: Final = {
    "tier_spend": amount("threshold", 10_000),
    "tier_points": whole("threshold", 500, most=10**9),
    "tier_visits": whole("threshold", 10, most=100_000),
}
_LOWERING: Final = one_of("lowering", "one_step")
_GRACE: Final = optional("grace", whole("grace_days", 30, most=3660))


class TierArea(Area):
    NAME = "tiers"
    AREA = RuleArea.TIERS
    SECTIONS: ClassVar = (
        Section("basis", (Form("basis", (Clause("basis", (one_of("basis", "spend"),)),)),), is_fixed=True),
        Section(
            "window",
            (
                Form("rolling_months", (Clause("rolling_months", (whole("count", 12, most=120),)),)),
                Form("rolling_days", (Clause("rolling_days", (whole("count", 365, most=3660),)),)),
                Form("calendar", (Clause("calendar", (one_of("calendar", 12),)),)),
            ),
            is_fixed=True,
        ),
        Section(
            "tiers",
            tuple(
                Form(name, (Clause(name, (text("name", 20), threshold)), *_RIGHTS))
                for name, threshold in _THRESHOLDS.items()
            ),
            rows_max=TIERS_MAX,
            presets=(Preset("tier", "tier_spend", ("member_price",)),),
            key_letter="T",
        ),
        Section(
            "keeping",
            (
                Form(
                    "keep_months",
                    (Clause("keep_months", (whole("count", 12, most=120), _LOWERING)), _GRACE),
                ),
                Form("keep_days", (Clause("keep_days", (whole("count", 365, most=3660), _LOWERING)), _GRACE)),
                Form(
                    "keep_year_end",
                    (Clause("keep_year_end", (one_of("year_end", 1), _LOWERING)), _GRACE),
                ),
                Form("keep_never", (Clause("keep_never"),)),
            ),
            is_fixed=True,
        ),
        Section(
            "on_return",
            (
                Form("return_lowers", (Clause("return_lowers"),)),
                Form("return_keeps", (Clause("return_keeps"),)),
            ),
            is_fixed=True,
        ),
    )

    def current(self) -> tuple[int, TierRules]:
        found = self.till.rules.tiers
        return found.version, found.rules

    def read(self, body: Mapping[str, Any]) -> TierRules:
        return tier_rules_from_plain(dict(body))

    def write(self, rules: TierRules) -> Mapping[str, Any]:
        return tier_rules_to_plain(rules)

    def describe(self, rules: TierRules) -> tuple[str, ...]:
        names = {one.key: one.name for one in self.till.coupons.rules()[1].templates}
        told = replace(rules, tiers=tuple(_with_names(tier, names) for tier in rules.tiers))
        return self.till.rules.describe_tiers(told)

    def rows(self, rules: TierRules) -> Rows:
        window, keeps = rules.window, rules.keeps
        is_calendar = window.kind is WindowKind.CALENDAR
        lowers = "return_lowers" if rules.lowers_on_return else "return_keeps"
        keeping = put({"lowering": rules.lowering.value}, grace_days=rules.grace_days or None)
        if keeps == NEVER:
            keeping = {"keep_never": True}
        else:
            keeping["year_end" if keeps.kind is TermKind.YEAR_END else "count"] = keeps.count
        return {
            "basis": [Row("basis", {"basis": rules.basis.value})],
            "window": [Row(window.kind.value, {"calendar" if is_calendar else "count": window.count})],
            "tiers": [_tier_row(tier, rules.basis) for tier in rules.tiers],
            "keeping": [Row(f"keep_{keeps.kind}", keeping)],
            "on_return": [Row(lowers, {lowers: True})],
        }

    def rules(self, rows: Rows, base: TierRules) -> TierRules:
        refuse_twice(rows, "tiers", "threshold", "tier_threshold_twice")
        refuse_twice(rows, "tiers", "name", "rule_name_twice")
        tiers = each_row(rows, "tiers", _read_tier)
        window, keeping = rows["window"][0], rows["keeping"][0]
        kind = WindowKind(window.form)
        count = window.filled["calendar" if kind is WindowKind.CALENDAR else "count"]
        return TierRules(
            basis=TierBasis(rows["basis"][0].filled["basis"]),
            window=Window(kind, count),
            tiers=tuple(sorted(tiers, key=lambda tier: tier.threshold)),
            keeps=_keeps(keeping),
            grace_days=keeping.filled.get("grace_days", 0),
            lowering=Lowering(keeping.filled.get("lowering", base.lowering.value)),
            lowers_on_return=rows["on_return"][0].form == "return_lowers",
        )

    def settle(self, rows: Rows) -> Rows:
        wanted = f"tier_{rows['basis'][0].filled['basis']}"
        return {**rows, "tiers": [replace(row, form=wanted) for row in rows["tiers"]]}

    def options(self, name: str, live: Live) -> Sequence[Option]:
        if name == "tiers":
            return list(live("tiers"))
        return super().options(name, live)


def _with_names(tier: Tier, names: Mapping[str, str]) -> Tier:
    """Coupons told by their names."""
    rights = replace(tier.rights, coupons=tuple(names.get(key, key) for key in tier.rights.coupons))
    gift = replace(tier.gift, coupons=tuple(names.get(key, key) for key in tier.gift.coupons))
    return replace(tier, rights=rights, gift=gift)


def _keeps(row: Row) -> Term:
    kind = TermKind(row.form.removeprefix("keep_"))
    if kind is TermKind.NEVER:
        return NEVER
    return Term(kind, row.filled["year_end" if kind is TermKind.YEAR_END else "count"])


def _tier_row(tier: Tier, basis: TierBasis) -> Row:
    rights, gift = tier.rights, tier.gift
    filled = put(
        {"name": tier.name, "threshold": tier.threshold},
        member_price=rights.has_member_price,
        percent_off=rights.percent_off or None,
        factor=rights.points_factor if rights.points_factor != FACTOR_ONE else None,
        served_first=rights.is_served_first,
        coupons=frozenset(rights.coupons),
        gift_points=gift.points or None,
        gift_coupons=frozenset(gift.coupons),
    )
    return Row(f"tier_{basis}", filled, tier.code)


def _read_tier(row: Row) -> Tier:
    filled = row.filled
    return Tier(
        code=row.key,
        name=filled["name"],
        threshold=filled["threshold"],
        rights=TierRights(
            has_member_price="member_price" in filled,
            percent_off=filled.get("percent_off", 0),
            points_factor=filled.get("factor", FACTOR_ONE),
            is_served_first="served_first" in filled,
            coupons=tuple(sorted(filled.get("coupons", ()))),
        ),
        gift=EntryGift(
            points=filled.get("gift_points", 0), coupons=tuple(sorted(filled.get("gift_coupons", ())))
        ),
    )
