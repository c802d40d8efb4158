"""``bench whatif``: 100,000 members' sales replayed under other rules, against recomputing single sales through the ordinary engine.

The draft changes everything at once: rates by category, goods left out, multipliers by tier, weekday, member day, birthday and goods,
bonuses, tiers and how long points last. ``seconds`` is the whole replay as the owner waits for it, on one core. A sample of the same sales
is read back whole from the journal and put through the engine by the code of the rule desk's preview: every one must earn the same, in all
and on each line. What that way would take for all the sales is the reference.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

from app.domain.birthday import birthday_of, is_birthday_month
from app.domain.ids import ItemId, TransactionId
from app.domain.loyalty.earning import Earned, earned
from app.domain.loyalty.points_rules import (
    Bonus,
    BonusKind,
    Burn,
    Combine,
    Goods,
    GoodsRate,
    Multiplier,
    PointsRules,
    Rate,
)
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import EntryGift, Tier, TierRights, TierRules
from app.domain.loyalty.what_if import PastSale, RuleSet, WhatIfResult
from app.domain.transaction import RetailTransaction
from app.service.calendar_moon import lunar_to_solar
from app.service.rulebook import Rulebook
from app.service.rules import RuleDesk
from app.service.session import Session
from app.service.shop import ShopSettings
from app.service.what_if import WhatIf
from db.engine import transaction
from db.store import SqliteStore, open_store
from tests.bench.bench_till import KEY, NOW, SEED, BenchClock, copied, item_id
from tests.bench.history import MEMBER_SHARE, past_of

SALES: Final = 100_000
SAMPLE: Final = 1_000
DAYS: Final = 400
GOALS: Final = {"seconds": 60.0}


def run(data_dir: Path, *, sales: int = SALES, quick: bool = False, sample: int = SAMPLE) -> dict[str, Any]:
    """``quick`` takes a tenth: a look, not a measurement."""
    if quick:
        sales, sample = sales // 10, sample // 10
    folder = data_dir / "whatif"
    bench = Bench(copied(past_of(data_dir, sales * 100 // MEMBER_SHARE + sales // 20), folder))
    try:
        figures = bench.measure(sample)
    finally:
        bench.store.close()
        shutil.rmtree(folder)
    assert figures["sales"] >= sales, "as many members' sales as were asked for"
    return {
        "name": "whatif",
        "figures": figures,
        "goals": GOALS,
        "met": figures["seconds"] <= GOALS["seconds"] and figures["sample_equal"],
        "reference": "the same sales read whole from the journal and put through the engine one by one (a sample, scaled up)",
        "n": sample,
    }


@dataclass(slots=True)
class Told:
    """What the replay said of a sale of the sample."""

    tier: str
    result: Earned


class Bench:
    def __init__(self, path: Path) -> None:
        clock = BenchClock(NOW)
        self.store: SqliteStore = open_store(path, KEY, clock, _no_ids, is_till=False)
        self._give_birthdays()
        session = Session(ShopSettings(name="好日子選物店"))
        rulebook = Rulebook(self.store, session, clock)
        self.desk = RuleDesk(self.store, session, clock, rulebook)
        self.what_if = WhatIf(self.store, session, clock, rulebook)
        categories = self.store.catalogue.categories()
        self.draft = a_draft(tuple(category.id for category in categories))
        shift = self.store.desk.current_shift()
        assert shift is not None
        self.last = shift.business_date

    def _give_birthdays(self) -> None:
        """Every third member has one, some of them by the moon."""
        with transaction(self.store.engines.writer) as cursor:
            cursor.execute(
                """
                UPDATE member SET birthday = printf('%s--%02d-%02d', iif(number % 9 = 0, 'L', ''),
                  1 + number % 12, 1 + number % 28) WHERE number % 3 = 0
                """
            )

    def measure(self, sample: int) -> dict[str, Any]:
        first = self.last - timedelta(days=DAYS)
        started = perf_counter()
        result = self.what_if.run(self.draft, first, self.last)
        seconds = perf_counter() - started
        chosen, told = self._sample(result, sample, first)
        started = perf_counter()
        differing = sum(not self._is_equal(sale_id, told[sale_id]) for sale_id in chosen)
        reference = (perf_counter() - started) / len(chosen) * result.sales
        return {
            "seconds": round(seconds, 2),
            "sample_equal": differing == 0,
            "reference_seconds": round(reference, 2),
            "ratio": round(seconds / reference, 3),
            "sales": result.sales,
            "sales_changed": result.sales_changed,
            "members": result.members,
            "cost_minor": result.cost_minor,
        }

    def _sample(
        self, result: WhatIfResult, sample: int, first: date
    ) -> tuple[list[TransactionId], dict[TransactionId, Told]]:
        """What a second replay, listened to, says of some of its sales; it comes to the same sum."""
        told: dict[TransactionId, Told] = {}

        def on_sale(sale: PastSale, tier: str, result: Earned) -> None:
            told[sale.id] = Told(tier, result)

        again = self.what_if.run(self.draft, first, self.last, on_sale=on_sale)
        assert again == result, "the same question has the same answer"
        return Random(SEED).sample(sorted(told), sample), told

    def _is_equal(self, sale_id: TransactionId, told: Told) -> bool:
        sale = self.store.journal.get(sale_id)
        assert isinstance(sale, RetailTransaction)
        assert sale.member_id is not None
        card = self.store.members.by_id(sale.member_id)
        assert card is not None
        birthday = birthday_of(card.member.birthday)
        on = sale.header.business_date
        view = self.desk.view(
            self.draft.points,
            sale,
            tier=told.tier,
            tier_factor=self.draft.tiers.factor_of(told.tier) if self.draft.tiers is not None else None,
            is_birthday_month=birthday is not None and is_birthday_month(birthday, on, lunar_to_solar),
        )
        result = earned(self.draft.points, view)
        return (result.points, result.by_line) == (told.result.points, told.result.by_line)


def a_draft(categories: tuple[Any, ...]) -> RuleSet:
    few = Goods(items=frozenset(ItemId(item_id(number)) for number in range(0, 1000, 37)))
    points = PointsRules(
        base=Rate(80, 1),
        burn=Burn(1, value_points=2, step=2),
        rates=(
            GoodsRate(Goods(categories=frozenset(categories[:3])), Rate(50, 1)),
            GoodsRate(Goods(categories=frozenset(categories[3:4])), Rate(30, 1)),
        ),
        excluded=Goods(categories=frozenset(categories[-1:])),
        multipliers=(
            Multiplier(150, tiers=frozenset({"gold"})),
            Multiplier(200, weekdays=frozenset({2})),
            Multiplier(300, in_birthday_month=True),
            Multiplier(200, month_days=frozenset({15}), nth_weekdays=frozenset({(-1, 6)})),
            Multiplier(500, goods=few),
        ),
        combine=Combine.MULTIPLY,
        bonuses=(
            Bonus(BonusKind.VISIT, 1, minimum_minor=300),
            Bonus(BonusKind.BIRTHDAY, 50),
            Bonus(BonusKind.CAMPAIGN, 30, code="AUTUMN"),
        ),
        expires=Term(TermKind.MONTHS, 2),
    )
    tiers = TierRules(
        tiers=(
            Tier("silver", "銀卡", 3_000, TierRights(points_factor=120)),
            Tier("gold", "金卡", 9_000, TierRights(points_factor=150), EntryGift(points=100)),
        )
    )
    return RuleSet(points, replace(tiers, grace_days=30))


def _no_ids() -> Any:
    raise AssertionError("nothing is written here")
