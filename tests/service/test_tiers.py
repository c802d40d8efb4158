"""Tiers at the counter: reached within the sale's commit, shown on the way, kept, lowered, and taken back with a return."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.ledger import EntryKind
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import (
    EntryGift,
    Tier,
    TierBasis,
    TierRights,
    TierRules,
    Window,
    WindowKind,
)
from app.service.rules import RuleDesk
from app.service.tier_desk import TierDesk
from db.verify import verify
from tests.db.tills import rows
from tests.service.small_shop import E164, PHONE, TEA, SmallShop

RULES = TierRules(
    window=Window(WindowKind.ROLLING_DAYS, 100),
    tiers=(
        Tier("silver", "銀卡", 760, TierRights(points_factor=150)),
        Tier("gold", "金卡", 2_000, TierRights(points_factor=200), EntryGift(points=50)),
    ),
    keeps=Term(TermKind.DAYS, 100),
)


@pytest.fixture
def tiers(shop: SmallShop) -> TierDesk:
    put(shop, RULES)
    return shop.loyalty.tiers


def put(shop: SmallShop, rules: TierRules) -> None:
    RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook).save_tiers(rules)


def tier_of(shop: SmallShop) -> str:
    card = shop.store.members.by_phone(E164)
    assert card is not None
    return card.member.tier


def events(shop: SmallShop) -> list[tuple[str, str, str]]:
    return [
        tuple(row)
        for row in rows(shop.store, "SELECT kind, from_tier, tier FROM tier_event ORDER BY occurred_at, id")
    ]


def next_day(shop: SmallShop, days: int = 1) -> date:
    """Another business date; the shift before it is closed behind its back."""
    shift = shop.session.require_shift()
    shop.clock.forward(days=days)
    on = shift.business_date + timedelta(days=days)
    shop.session.shift = replace(shift, business_date=on)
    return on


def test_the_sale_that_reaches_the_limit_makes_the_tier_and_the_next_one_has_it(
    shop: SmallShop, tiers: TierDesk
) -> None:
    shop.sell(TEA, PHONE, "")
    assert tier_of(shop) == ""
    member_id = shop.store.members.by_phone(E164).member.id  # type: ignore[union-attr]
    assert tiers.progress(member_id, "zh_TW") == "再消費 NT$410 升銀卡"
    done = shop.sell(TEA, TEA, PHONE)
    assert events(shop) == [("reached", "", "silver")]
    assert tier_of(shop) == "silver"
    assert done.transaction.points.earned == 7, "what a sale makes of the tier counts from the next one on"
    assert done.transaction.moves.rules == (("tiers", 1),)
    assert shop.sell(TEA, PHONE).transaction.points.earned == 4
    assert tiers.progress(member_id, "en") == "NT$600 more to 金卡"
    assert verify(shop.store.engines, is_full=True) == ()


def test_exactly_at_the_limit_counts(shop: SmallShop) -> None:
    put(shop, replace(RULES, tiers=(Tier("silver", "銀卡", 350),)))
    shop.sell(TEA, PHONE, "")
    assert tier_of(shop) == "silver"


def test_entry_gifts_are_given_once_a_year_and_counted_in_the_balance(
    shop: SmallShop, tiers: TierDesk
) -> None:
    done = shop.sell(f"6*{TEA}", PHONE, "")
    assert events(shop) == [("reached", "", "gold")]
    assert done.points_after == 21 + 50 == shop.balance()
    (bonus,) = [
        entry
        for entry in shop.store.members.entries(done.transaction.member_id)  # type: ignore[arg-type]
        if entry.kind is EntryKind.BONUS
    ]
    assert (bonus.source, bonus.note, bonus.member_points) == ("tier", "金卡", 50)


def test_a_void_takes_back_the_tier_and_its_gift(shop: SmallShop, tiers: TierDesk) -> None:
    done = shop.sell(f"6*{TEA}", PHONE, "")
    shop.post_void.void(done.transaction.header.id, "打錯了")
    assert tier_of(shop) == ""
    assert shop.balance() == 0
    assert events(shop)[-1] == ("lowered", "gold", "")
    again = shop.sell(f"6*{TEA}", PHONE)
    assert tier_of(shop) == "gold"
    assert again.points_after == 21 + 50, "it was taken back, so it is given again"
    assert verify(shop.store.engines, is_full=True) == ()


def bring_back(shop: SmallShop, pieces: int, *, who: str = PHONE) -> None:
    """Three teas are bought, and some of them come back."""
    sale = shop.sell(f"3*{TEA}", PHONE, *([""] if not shop.store.members.by_phone(E164) else [])).transaction
    receipt = shop.returns.by_receipt(sale.header.receipt_number)
    line = shop.returns.line(receipt, 1, pieces * 1000, basket=shop.checkout.basket)
    shop.checkout.add_return(line)
    shop.sell(*([who] if who else []))


@pytest.mark.parametrize(
    ("pieces", "who", "lowers", "tier"),
    [(1, PHONE, True, ""), (1, "", True, ""), (3, PHONE, True, ""), (3, PHONE, False, "silver")],
)
def test_a_return_that_falls_below_the_limit_lowers_by_the_rule(
    shop: SmallShop, pieces: int, who: str, lowers: bool, tier: str
) -> None:
    put(shop, replace(RULES, lowers_on_return=lowers))
    bring_back(shop, pieces, who=who)
    assert tier_of(shop) == tier


def test_a_return_that_stays_above_the_limit_lowers_nothing(shop: SmallShop) -> None:
    put(shop, replace(RULES, tiers=(Tier("silver", "銀卡", 700),)))
    bring_back(shop, 1)
    assert tier_of(shop) == "silver"


def test_the_nightly_look_keeps_and_lowers_and_may_be_stopped(shop: SmallShop, tiers: TierDesk) -> None:
    shop.sell(f"6*{TEA}", PHONE, "")
    on = shop.session.require_shift().business_date
    assert tiers.review(on + timedelta(days=100)).lowered == 0
    told: list[tuple[int, int]] = []
    stopped = tiers.review(on + timedelta(days=101), is_cancelled=lambda: True)
    assert (stopped.is_complete, stopped.lowered) == (False, 0)
    done = tiers.review(on + timedelta(days=101), on_progress=lambda one, all_: told.append((one, all_)))
    assert (done.members, done.lowered, done.is_complete) == (1, 1, True)
    assert told == [(1, 1)]
    assert tier_of(shop) == "silver", "one step"
    assert tiers.review(on + timedelta(days=101)).lowered == 0
    assert tiers.review(on + timedelta(days=300)).lowered == 1
    assert tier_of(shop) == ""
    assert verify(shop.store.engines, is_full=True) == ()


def test_purchases_outside_the_window_do_not_count(shop: SmallShop, tiers: TierDesk) -> None:
    shop.sell(TEA, PHONE, "")
    next_day(shop, 99)
    member_id = shop.store.members.by_phone(E164).member.id  # type: ignore[union-attr]
    assert tiers.standing(member_id).amount == 350  # type: ignore[union-attr]
    next_day(shop)
    assert tiers.standing(member_id).amount == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(("basis", "amount"), [(TierBasis.VISITS, 2), (TierBasis.POINTS, 9)])
def test_a_tier_may_go_by_visits_or_points(shop: SmallShop, basis: TierBasis, amount: int) -> None:
    put(shop, replace(RULES, basis=basis, tiers=(Tier("gold", "金卡", amount),)))
    shop.sell(TEA, PHONE, "")
    shop.sell(TEA, PHONE)
    assert tier_of(shop) == "", "twice on a day is one visit, and six points are not nine"
    next_day(shop)
    shop.sell(TEA, PHONE)
    assert tier_of(shop) == "gold"


def test_a_person_may_give_a_tier_with_a_reason(shop: SmallShop, tiers: TierDesk) -> None:
    shop.sell(TEA, PHONE, "")
    member_id = shop.store.members.by_phone(E164).member.id  # type: ignore[union-attr]
    with pytest.raises(Refused) as refused:
        tiers.grant(member_id, "diamond", None, "熟客")
    assert refused.value.code == "tier_unknown"
    tiers.grant(member_id, "gold", date(2026, 12, 31), "熟客")
    assert tier_of(shop) == "gold"
    assert tiers.review(date(2026, 12, 31)).lowered == 0
    assert tiers.review(date(2027, 1, 1)).lowered == 1


def test_a_sale_without_tiers_writes_nothing_of_them(shop: SmallShop) -> None:
    done = shop.sell(TEA, PHONE, "")
    assert done.transaction.moves.rules == ()
    assert events(shop) == []
    assert shop.loyalty.tiers.progress(done.transaction.member_id) == ""  # type: ignore[arg-type]


def test_the_look_at_a_members_tier_reads_indexes_alone(shop: SmallShop) -> None:
    from db.tiers import STANDING

    for basis, statement in STANDING.items():
        plan = [
            str(row[3])
            for row in rows(shop.store, f"EXPLAIN QUERY PLAN {statement}", bytes(16), 0, 20260101, 20261231)
        ]
        tables = ("transaction_header", "ledger_posting", "ledger_entry", "member", "tier_event")
        assert not [step for step in plan for table in tables if step.startswith(f"SCAN {table}")], plan
        if basis is not TierBasis.POINTS:
            wanted = "transaction_header USING COVERING INDEX transaction_header_by_member"
            assert any(wanted in step for step in plan), plan


def test_a_clock_set_back_makes_no_older_tier_the_newest(shop: SmallShop, tiers: TierDesk) -> None:
    shop.clock.forward(hours=40)
    done = shop.sell(f"3*{TEA}", PHONE, "")
    assert tier_of(shop) == "silver"
    shop.clock.forward(hours=-30)
    shop.post_void.void(done.transaction.header.id, "打錯")
    assert tier_of(shop) == ""
    assert [tier for *_, tier in events(shop)] == ["silver", ""]
    assert verify(shop.store.engines, is_full=True) == ()
