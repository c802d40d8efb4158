"""A sample sale for the desk: goods, a member, a day; and what rules would make of it, in sentences. No widgets here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.ids import ItemId, MemberId
from app.domain.loyalty.bonus import Purchase, due_for_referral, due_with_purchase
from app.domain.loyalty.earning import SoldGoods
from app.domain.loyalty.phrase import phrase
from app.domain.loyalty.points_rules import PointsRules
from app.domain.loyalty.term import TermKind
from app.domain.money import Money, format_money
from app.i18n import t
from app.service.rule_words import say
from app.service.rules import explain
from ui.rules.areas import amount, optional, whole
from ui.rules.forms import Blank, BlankKind, Clause, Form, Preset, Row, Rows, Section

if TYPE_CHECKING:
    from app.service.till import Till

_NOBODY: Final = MemberId(UUID(int=1))
_FRIEND: Final = MemberId(UUID(int=2))

WHO: Final = Section(
    "sample",
    (
        Form(
            "sample",
            (
                Clause(
                    "sample",
                    (
                        Blank("sample_tier", BlankKind.ONE_OF, "", options="sample_tiers"),
                        Blank("on", BlankKind.DAY),
                    ),
                ),
                optional("sample_birthday"),
                optional("sample_new"),
                optional("sample_referred"),
            ),
        ),
    ),
    is_fixed=True,
)
WHAT: Final = Section(
    "sample_goods",
    (
        Form("sample_any", (Clause("sample_any", (amount("amount", 1_270),)),)),
        Form(
            "sample_item",
            (Clause("sample_item", (Blank("item", BlankKind.ITEM), whole("pieces", 1, most=999))),),
        ),
    ),
    rows_max=8,
    presets=(Preset("sample_item", "sample_item"), Preset("sample_any", "sample_any")),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sample sale would bring: the goods' points and the bonuses' with a line for each part."""

    points: int
    paid_minor: int
    lines: tuple[str, ...]


def outcome(till: Till, rules: PointsRules, rows: Rows) -> Outcome:
    """``rows`` as WHO and WHAT were filled in."""
    who = rows[WHO.name][0].filled
    on: date = who["on"]
    goods = tuple(_sold(till, number, row) for number, row in enumerate(rows[WHAT.name], 1))
    paid = sum(one.net for one in goods)
    is_birthday = "sample_birthday" in who
    result = till.rules.preview_goods(
        rules, goods, on=on, tier=who["sample_tier"], is_birthday_month=is_birthday
    )
    bonuses = _bonuses(rows, rules, paid)
    lines = [*explain(result), *(line for _, line in bonuses)]
    points = result.points + sum(points for points, _ in bonuses)
    lines += _use(till, rules, points, on)
    return Outcome(points, paid, tuple(lines))


def _sold(till: Till, number: int, row: Row) -> SoldGoods:
    if row.form == "sample_any":
        return SoldGoods(number, ItemId(UUID(int=0)), (), row.filled["amount"])
    item = till.store.catalogue.by_id(row.filled["item"], till.clock.now_ms())
    if item is None:
        return SoldGoods(number, row.filled["item"], (), 0)
    net = item.price.minor * row.filled["pieces"]
    return SoldGoods(number, item.id, item.category_path, net, item.earns_points)


def _bonuses(rows: Rows, rules: PointsRules, paid: int) -> list[tuple[int, str]]:
    who = rows[WHO.name][0].filled
    purchase = Purchase(
        _NOBODY,
        who["on"],
        paid,
        is_enrolment="sample_new" in who,
        is_birthday="sample_birthday" in who,
        is_birthday_month="sample_birthday" in who,
    )
    grants = list(due_with_purchase(rules, purchase))
    if "sample_referred" in who:
        grants += [one for one in due_for_referral(rules, purchase, _FRIEND) if one.member_id == _NOBODY]
    found = []
    for grant in grants:
        why = grant.name or say(phrase(f"rules.name_{grant.source}"))
        line = say(phrase("rules.trace_line", why=why, points=f"{grant.points:+,}"))
        found.append((grant.points, line))
    return found


def _use(till: Till, rules: PointsRules, points: int, on: date) -> list[str]:
    """What these points are worth, from when and how long."""
    found = []
    burn = rules.burn
    worth = points // burn.value_points * burn.value_minor
    if worth > 0:
        found.append(t("rules_ui.sample.worth", amount=format_money(Money(worth, till.shop.currency))))
    if not points:
        return found
    if rules.pending_days:
        found.append(t("rules_ui.sample.pending", days=rules.pending_days))
    last = rules.expires.last_day(on)
    if last is not None:
        found.append(t("rules_ui.sample.until", day=f"{last:%Y/%m/%d}"))
    elif rules.expires.kind is TermKind.NEVER:
        found.append(t("rules_ui.sample.for_good"))
    return found
