"""Rules, tiers and bonuses are proved: honest books are whole, and each promise that is broken on a real file is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.domain.loyalty.points_rules import Bonus, BonusKind, Burn, PointsRules, Rate
from app.domain.loyalty.tiers import EntryGift, Tier, TierRules
from app.service.bonus_desk import BonusDesk
from app.service.rules import RuleDesk
from app.service.tier_desk import TierDesk
from db.verify_rules import CHECKS
from tests.db.books import checks, edit, findings
from tests.service.small_shop import PHONE, TEA, SmallShop, open_small_shop

RULES = PointsRules(
    Rate(100, 1),
    Burn(1),
    bonuses=(
        Bonus(BonusKind.WELCOME, 30),
        Bonus(BonusKind.VISIT, 2),
        Bonus(BonusKind.CAMPAIGN, 7, code="AUTUMN"),
        Bonus(BonusKind.REVIEW, 5),
    ),
)
TIERS = TierRules(tiers=(Tier("gold", "金卡", 1_000, gift=EntryGift(points=50)),))


def live(shop: SmallShop) -> None:
    """Every bonus, one of them taken back and given again; a tier reached, lost and reached."""
    desk = RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook)
    desk.save_points(RULES)
    desk.save_tiers(TIERS)
    first = shop.sell(f"3*{TEA}", PHONE, "").transaction
    assert first.member_id is not None
    shop.post_void.void(first.header.id, "打錯")
    shop.sell(f"3*{TEA}", PHONE)
    BonusDesk(shop.store, shop.session, shop.clock, shop.points.rulebook).review(first.member_id, "google")
    tiers: TierDesk = shop.loyalty.tiers
    tiers.grant(first.member_id, "", None, "試試看")


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = open_small_shop(tmp_path_factory.mktemp("ruled"))
    live(shop)
    shop.store.close()
    return shop.path


@pytest.fixture
def day(sold: Path, tmp_path: Path) -> Path:
    for one in sold.parent.iterdir():
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / sold.name


def test_honest_books_are_whole(day: Path) -> None:
    assert findings(day) == ()


ANOTHER = "UPDATE {table} SET id = randomblob(16) WHERE id = (SELECT id FROM {table} WHERE {which} LIMIT 1)"
DAMAGE = {
    "a rule of other words": (
        "UPDATE rule_version SET body = CAST('{}' AS BLOB) WHERE area = 'tiers'",
        "rules_off",
    ),
    "a rule from another day on": ("UPDATE rule_version SET valid_from = 0", "rules_off"),
    "a rule nobody wrote": (
        "INSERT INTO rule_version SELECT area, 9, body, valid_from, created_at, created_by, note, fact_id FROM rule_version LIMIT 1",
        "rules_off",
    ),
    "a rule that is gone": ("DELETE FROM rule_version WHERE area = 'tiers'", "tier_off"),
    "a tier that was made up": ("UPDATE tier_event SET tier = 'platinum'", "tier_off"),
    "a tier that is kept for longer": ("UPDATE tier_event SET protected_until = 20991231", "tier_off"),
    "a tier that nobody was given": ("UPDATE member SET tier = 'gold'", "tier_off"),
    "a tier whose event is gone": (
        "DELETE FROM tier_event WHERE id = (SELECT max(id) FROM tier_event)",
        "tier_off",
    ),
    "a welcome under another name": (
        ANOTHER.format(table="ledger_entry", which="source = 'welcome' AND kind = 'bonus'"),
        "bonus_twice",
    ),
    "a visit under another name": (
        ANOTHER.format(table="ledger_entry", which="source = 'visit' AND kind = 'bonus'"),
        "bonus_twice",
    ),
    "a campaign under another name": (
        ANOTHER.format(table="ledger_entry", which="source = 'campaign' AND kind = 'bonus'"),
        "bonus_twice",
    ),
    "a gift for a tier under another name": (
        ANOTHER.format(table="ledger_entry", which="source = 'tier' AND kind = 'bonus'"),
        "bonus_twice",
    ),
    "a visit thanked for again while the first thanks stand": (
        "DELETE FROM ledger_entry WHERE source = 'visit' AND kind <> 'bonus'",
        "bonus_twice",
    ),
    "a bonus for another member": (
        "UPDATE ledger_entry SET member_id = zeroblob(16) WHERE kind = 'bonus'",
        "bonus_twice",
    ),
}


@pytest.mark.parametrize(("statement", "check"), DAMAGE.values(), ids=DAMAGE)
def test_every_damage_is_found(day: Path, statement: str, check: str) -> None:
    edit(day, statement)
    assert check in checks(day)


def test_every_check_has_a_damage_that_it_finds() -> None:
    assert {check for _, check in DAMAGE.values()} == CHECKS
