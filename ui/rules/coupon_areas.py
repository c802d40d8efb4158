"""The coupons' two pages: what each coupon gives, and who is given one by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final
from uuid import UUID

from app.domain.errors import Refused
from app.domain.loyalty.coupon_benefit import PIECES_MAX, Benefit, BenefitKind, Covers
from app.domain.loyalty.coupon_codec import rules_from_plain, rules_to_plain
from app.domain.loyalty.coupon_terms import (
    NEXT_VISITS_MAX,
    USES_MAX,
    CouponRules,
    CouponTerms,
    Gift,
    NextVisit,
    Occasion,
)
from app.domain.loyalty.documents import RuleArea
from app.i18n import language, t
from app.service.coupon_words import CouponWords
from ui.rules.areas import (
    COVERED,
    ENDS,
    STARTS,
    TIERS,
    WEEKDAYS,
    Area,
    amount,
    goods_filled,
    one_of,
    optional,
    put,
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

CALLED: Final = text("name", 30)
PERCENT: Final = Blank("percent", BlankKind.PERCENT, 1_000, 1, 10_000)
PIECES: Final = optional("pieces", one_of("which_pieces", False), whole("pieces", 1, most=PIECES_MAX))
MINIMUM: Final = optional("from_amount", amount("minimum", 500))
OFF_MAX: Final = optional("off_max", amount("off_max", 200))
EXCEPT: Final = optional("excluding", Blank("excluded_goods", BlankKind.GOODS))
NO_PROMOTIONS: Final = optional("no_promotions")
NOTED: Final = optional("noted", text("note", 120))
TEMPLATE: Final = Blank("template", BlankKind.ONE_OF, options="templates")
_TERMS: Final = (
    optional("days_valid", whole("days_valid", 30, most=3650)),
    optional("starts_after", whole("starts_after", 1, most=365)),
    STARTS,
    ENDS,
    WEEKDAYS,
    optional(
        "hours",
        Blank("time_from", BlankKind.MINUTE, 14 * 60),
        Blank("time_to", BlankKind.MINUTE, 17 * 60),
    ),
    optional("uses", whole("uses", 2, least=2, most=USES_MAX)),
    optional("personal"),
    optional("transferable"),
    TIERS,
    optional("together"),
)
_GOODS: Final = (COVERED, EXCEPT, MINIMUM, OFF_MAX, NO_PROMOTIONS)


class CouponArea(Area):
    """What the two pages share."""

    AREA = RuleArea.COUPONS

    def current(self) -> tuple[int, CouponRules]:
        return self.till.coupons.rules()

    def read(self, body: Mapping[str, Any]) -> CouponRules:
        return rules_from_plain(dict(body))

    def write(self, rules: CouponRules) -> Mapping[str, Any]:
        return rules_to_plain(rules)

    def describe(self, rules: CouponRules) -> tuple[str, ...]:
        said = [self.template_words(terms) for terms in rules.templates]
        said += [self._gift_words(rules, gift) for gift in rules.gifts]
        said += [self._visit_words(rules, each) for each in rules.next_visits]
        return tuple(said) or (t("rules_ui.no_coupons"),)

    def template_words(self, terms: CouponTerms) -> str:
        lines = [*self.lines(terms), *self._when(terms)]
        return t("rules_ui.said.template", name=terms.name, lines=t("rules.condition_mark").join(lines))

    def lines(self, terms: CouponTerms) -> tuple[str, ...]:
        """The coupon's terms as its paper says them."""
        return CouponWords(language(), self.till.shop.currency, self.name_of).describe(terms)

    def name_of(self, own: UUID) -> str:
        from app.domain.ids import CategoryId, ItemId

        for one in self.till.store.catalogue.categories():
            if one.id == CategoryId(own):
                return one.name
        item = self.till.store.catalogue.by_id(ItemId(own), self.till.clock.now_ms())
        return "" if item is None else item.name

    def _when(self, terms: CouponTerms) -> list[str]:
        found = []
        if terms.days_valid is not None:
            found.append(t("rules_ui.said.days_valid", days=terms.days_valid))
        if terms.starts_after_days:
            found.append(t("rules_ui.said.starts_after", days=terms.starts_after_days))
        return found

    def _gift_words(self, rules: CouponRules, gift: Gift) -> str:
        terms = rules.template(gift.template)
        name = "" if terms is None else terms.name
        key = f"rules_ui.said.{_gift_form(gift)}"
        return t(key, template=name, tier=self.till.rules.tier_name(gift.tier) or gift.tier, n=gift.n)

    def _visit_words(self, rules: CouponRules, each: NextVisit) -> str:
        terms = rules.template(each.template)
        conditions = _conditions(each, self)
        who = t("rules.condition_mark").join(conditions) or t("rules_ui.said.everybody")
        return t("rules_ui.said.next_visit", template="" if terms is None else terms.name, who=who)


class TemplateArea(CouponArea):
    NAME = "coupons"
    SECTIONS: ClassVar = (
        Section(
            "templates",
            (
                Form(
                    "coupon_percent",
                    (Clause("coupon_percent", (CALLED, PERCENT)), *_GOODS, PIECES, *_TERMS, NOTED),
                ),
                Form(
                    "coupon_amount",
                    (Clause("coupon_amount", (CALLED, amount("value", 100))), *_GOODS, *_TERMS, NOTED),
                ),
                Form(
                    "coupon_price",
                    (Clause("coupon_price", (CALLED, amount("value", 99))), *_GOODS, PIECES, *_TERMS, NOTED),
                ),
                Form(
                    "coupon_gift",
                    (
                        Clause("coupon_gift", (CALLED, Blank("gift", BlankKind.ITEM))),
                        MINIMUM,
                        COVERED,
                        *_TERMS,
                        NOTED,
                    ),
                ),
                Form("coupon_text", (Clause("coupon_text", (CALLED, text("note", 120))), MINIMUM, *_TERMS)),
            ),
            presets=(
                Preset("coupon_percent", "coupon_percent", ("days_valid",)),
                Preset("coupon_amount", "coupon_amount", ("from_amount", "days_valid")),
                Preset("coupon_price", "coupon_price", ("covers", "pieces", "days_valid")),
                Preset("coupon_gift", "coupon_gift", ("from_amount", "days_valid")),
                Preset("coupon_text", "coupon_text", ("days_valid",)),
            ),
            key_letter="C",
        ),
    )

    def rows(self, rules: CouponRules) -> Rows:
        return {"templates": [_template_row(terms) for terms in rules.templates]}

    def rules(self, rows: Rows, base: CouponRules) -> CouponRules:
        refuse_twice(rows, "templates", "name", "rule_name_twice")
        templates = each_row(rows, "templates", _read_template)
        kept = {terms.key for terms in templates}
        given = [gift.template for gift in base.gifts] + [each.template for each in base.next_visits]
        for used in given:
            if used not in kept:
                gone = base.template(used)
                raise Refused("coupon_template_used", name=gone.name if gone else used)
        return replace(base, templates=tuple(templates))


class GivingArea(CouponArea):
    NAME = "giving"
    SECTIONS: ClassVar = (
        Section(
            "occasions",
            (
                *(
                    Form(f"on_{occasion}", (Clause(f"on_{occasion}", (TEMPLATE,)),))
                    for occasion in ("welcome", "birthday", "referral", "review")
                ),
                Form(
                    "on_tier",
                    (Clause("on_tier", (Blank("tier", BlankKind.ONE_OF, options="tiers"), TEMPLATE)),),
                ),
                Form("on_visit", (Clause("on_visit", (whole("n", 1, most=1000), TEMPLATE)),)),
                Form("on_every", (Clause("on_every", (whole("n", 5, most=1000), TEMPLATE)),)),
            ),
        ),
        Section(
            "next_visits",
            (
                Form(
                    "next_visit",
                    (
                        optional("members_only"),
                        TIERS,
                        optional("segments", Blank("segments", BlankKind.SOME_OF, options="segments")),
                        optional("visits_from", whole("visits_from", 2, most=100_000)),
                        optional("visits_to", whole("visits_to", 1, most=100_000)),
                        optional("days_away", whole("days_away", 60, most=36_500)),
                        optional("total_from", amount("total_from", 1_000)),
                        Clause("next_visit", (TEMPLATE,)),
                    ),
                ),
            ),
            is_ordered=True,
            rows_max=NEXT_VISITS_MAX,
            presets=(
                Preset("visit_everyone", "next_visit"),
                Preset("visit_first", "next_visit", ("members_only", "visits_to")),
                Preset("visit_segment", "next_visit", ("segments",)),
                Preset("visit_away", "next_visit", ("days_away",)),
                Preset("visit_big", "next_visit", ("total_from",)),
            ),
        ),
    )

    def rows(self, rules: CouponRules) -> Rows:
        return {
            "occasions": [_gift_row(gift) for gift in rules.gifts],
            "next_visits": [_visit_row(each) for each in rules.next_visits],
        }

    def rules(self, rows: Rows, base: CouponRules) -> CouponRules:
        return replace(
            base,
            gifts=tuple(each_row(rows, "occasions", _read_gift)),
            next_visits=tuple(each_row(rows, "next_visits", _read_visit)),
        )


# --- templates --------------------------------------------------------------------------------------------------------


def _template_row(terms: CouponTerms) -> Row:
    benefit, covers = terms.benefit, terms.benefit.covers
    filled: Filled = {"name": terms.name}
    match benefit.kind:
        case BenefitKind.PERCENT:
            filled["percent"] = benefit.value
        case BenefitKind.AMOUNT | BenefitKind.PRICE:
            filled["value"] = benefit.value
        case BenefitKind.GIFT:
            filled["gift"] = benefit.gift_id
        case BenefitKind.TEXT:
            pass
    filled = put(
        filled,
        note=terms.note or None,
        goods=goods_filled(covers.item_ids, covers.category_ids),
        excluded_goods=goods_filled(covers.excluded_item_ids, ()),
        minimum=benefit.minimum or None,
        off_max=benefit.off_max or None,
        pieces=benefit.pieces_max or None,
        no_promotions=not benefit.with_promotions,
        days_valid=terms.days_valid,
        starts_after=terms.starts_after_days or None,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        weekdays=terms.weekdays,
        time_from=terms.time_from,
        time_to=terms.time_to,
        uses=terms.uses_max if terms.uses_max > 1 else None,
        personal=terms.is_personal,
        transferable=terms.is_transferable,
        tiers=terms.tiers,
        together=not terms.is_alone,
    )
    if benefit.pieces_max:
        filled["which_pieces"] = benefit.is_cheapest_first
    return Row(f"coupon_{benefit.kind}", filled, terms.key)


def _read_template(row: Row) -> CouponTerms:
    filled = row.filled
    days_in_order(filled)
    if filled.get("time_from") is not None and filled["time_from"] == filled["time_to"]:
        raise refuse("rule_hours_empty", "time_to")
    is_transferable = "transferable" in filled
    return CouponTerms(
        key=row.key,
        name=filled["name"],
        benefit=benefit_of(BenefitKind(row.form.removeprefix("coupon_")), filled),
        note=filled.get("note", ""),
        uses_max=filled.get("uses", 1),
        is_personal="personal" in filled or is_transferable,
        is_transferable=is_transferable,
        is_alone="together" not in filled,
        tiers=filled.get("tiers", frozenset()),
        starts_on=filled.get("starts_on"),
        ends_on=filled.get("ends_on"),
        days_valid=filled.get("days_valid"),
        starts_after_days=filled.get("starts_after", 0),
        weekdays=filled.get("weekdays", frozenset()),
        time_from=filled.get("time_from"),
        time_to=filled.get("time_to"),
    )


def benefit_of(kind: BenefitKind, filled: Filled) -> Benefit:
    """What the blanks of a coupon give. Raises WrongBlank."""
    items, categories = filled.get("goods", (frozenset(), frozenset()))
    excluded, excluded_categories = filled.get("excluded_goods", (frozenset(), frozenset()))
    if excluded_categories:
        raise refuse("rule_items_only", "excluded_goods")
    pieces = filled.get("pieces", 0) if kind in (BenefitKind.PERCENT, BenefitKind.PRICE) else 0
    return Benefit(
        kind,
        filled["percent"] if kind is BenefitKind.PERCENT else filled.get("value", 0),
        Covers(frozenset(items), frozenset(categories), frozenset(excluded)),
        minimum=filled.get("minimum", 0),
        off_max=filled.get("off_max", 0),
        pieces_max=pieces,
        is_cheapest_first=bool(pieces and filled.get("which_pieces", False)),
        with_promotions="no_promotions" not in filled,
        gift_id=filled.get("gift") if kind is BenefitKind.GIFT else None,
    )


# --- who gets one -----------------------------------------------------------------------------------------------------


def _gift_form(gift: Gift) -> str:
    return "on_every" if gift.occasion is Occasion.VISIT and gift.is_repeated else f"on_{gift.occasion}"


def _gift_row(gift: Gift) -> Row:
    filled = put({"template": gift.template}, tier=gift.tier or None, n=gift.n or None)
    return Row(_gift_form(gift), filled)


def _read_gift(row: Row) -> Gift:
    is_repeated = row.form == "on_every"
    occasion = Occasion.VISIT if is_repeated else Occasion(row.form.removeprefix("on_"))
    return Gift(
        occasion,
        row.filled["template"],
        tier=row.filled.get("tier", ""),
        n=row.filled.get("n", 0),
        is_repeated=is_repeated,
    )


def _visit_row(each: NextVisit) -> Row:
    return Row(
        "next_visit",
        put(
            {"template": each.template},
            members_only=each.members_only,
            tiers=each.tiers,
            segments=each.segments,
            visits_from=each.visits_from or None,
            visits_to=each.visits_to,
            days_away=each.days_away_from or None,
            total_from=each.total_from or None,
        ),
    )


def _read_visit(row: Row) -> NextVisit:
    filled = row.filled
    least, most = filled.get("visits_from", 0), filled.get("visits_to")
    if most is not None and most < least:
        raise refuse("rule_visits_crossed", "visits_to")
    return NextVisit(
        template=filled["template"],
        members_only="members_only" in filled,
        tiers=filled.get("tiers", frozenset()),
        segments=filled.get("segments", frozenset()),
        visits_from=least,
        visits_to=most,
        days_away_from=filled.get("days_away", 0),
        total_from=filled.get("total_from", 0),
    )


def _conditions(each: NextVisit, area: CouponArea) -> list[str]:
    """Who gets it, a phrase for each condition."""
    from app.domain.money import Money, format_money

    mark = t("rules.list_mark")
    found = []
    if each.members_only:
        found.append(t("rules_ui.said.members_only"))
    if each.tiers:
        names = sorted(area.till.rules.tier_name(code) or code for code in each.tiers)
        found.append(t("rules.tier_named", tiers=mark.join(names)))
    if each.segments:
        names = [t(f"rules_ui.option.segments.{one}") for one in sorted(each.segments)]
        found.append(mark.join(names))
    if each.visits_from:
        found.append(t("rules_ui.said.visits_from", n=each.visits_from))
    if each.visits_to is not None:
        found.append(t("rules_ui.said.visits_to", n=each.visits_to))
    if each.days_away_from:
        found.append(t("rules_ui.said.days_away", n=each.days_away_from))
    if each.total_from:
        total = format_money(Money(each.total_from, area.till.shop.currency))
        found.append(t("rules_ui.said.total_from", amount=total))
    return found
