"""``bench member``: the tenth digit of a phone number to the member's card, among 200,000 members with a year of sales behind them.

Also what is typed when the number is not known whole: its last three and four digits, and parts of a name. The reference reads the
member's bare row by its unique number on the same connection, in turns.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from db.store import SqliteStore
from tests.bench.search import ITEMS, MEMBERS, QUICK_ITEMS, QUICK_MEMBERS
from tests.bench.shops import build_shop, open_shop, percentile, timed

SEED: Final = 20_261_003
LOOKUPS: Final = 3_000
SEARCHES: Final = 400
GOAL_CARD_P99_MS: Final = 1.0
GOAL_SEARCH_P99_MS: Final = 10.0

NAIVE: Final = "SELECT id, name, tier FROM member WHERE phone = ?"
PHONES: Final = "SELECT phone, name FROM member WHERE number % ? = 0"
REGULARS: Final = """
    SELECT m.phone FROM transaction_header h JOIN member m ON m.id = h.member_id
    WHERE h.member_id IS NOT NULL GROUP BY h.member_id ORDER BY count(*) DESC LIMIT 500
"""


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    shop = build_shop(
        data_dir,
        QUICK_ITEMS if quick else ITEMS,
        QUICK_MEMBERS if quick else MEMBERS,
        sales=0 if quick else 10_000,
    )
    store = open_shop(shop)
    try:
        return _measure(store, lookups=200 if quick else LOOKUPS, searches=50 if quick else SEARCHES)
    finally:
        store.close()


def _measure(store: SqliteStore, lookups: int, searches: int) -> dict[str, Any]:
    random = Random(SEED)
    with store.engines.reading() as cursor:
        sample = cursor.execute(PHONES, (7,)).fetchall()
        regulars = [phone for (phone,) in cursor.execute(REGULARS).fetchall()]
    named = [name for _, name in sample if len(name) >= 2]
    phones = [random.choice(sample)[0] for _ in range(lookups // 2)]
    phones += [random.choice(regulars or [sample[0][0]]) for _ in range(lookups // 2)]
    random.shuffle(phones)
    cards, naive = [], []
    for phone in phones:
        cards.append(timed(store.members.by_phone, phone))
        naive.append(timed(_bare_row, store, phone))
    texts = [
        *(phone[-random.choice((3, 4)) :] for phone in random.sample(phones, searches)),
        *(random.choice(named)[: random.choice((1, 2, 3))] for _ in range(searches)),
    ]
    searched = sorted(timed(store.members.search, text) for text in texts)
    card_p99, search_p99 = percentile(sorted(cards), 99), percentile(searched, 99)
    ratio = median(ours / theirs for ours, theirs in zip(cards, naive, strict=True))
    return {
        "name": "member",
        "figures": {
            "card_median_ms": round(median(cards), 3),
            "card_p99_ms": round(card_p99, 3),
            "search_median_ms": round(median(searched), 3),
            "search_p99_ms": round(search_p99, 3),
            "vs_bare_row": round(ratio, 2),
        },
        "goals": {"card_p99_ms": GOAL_CARD_P99_MS, "search_p99_ms": GOAL_SEARCH_P99_MS},
        "met": card_p99 <= GOAL_CARD_P99_MS and search_p99 <= GOAL_SEARCH_P99_MS,
        "reference": "the member's bare row by its unique number, on the same connection, in turns",
        "n": len(cards) + len(searched),
    }


def _bare_row(store: SqliteStore, phone: str) -> Any:
    with store.engines.reading() as cursor:
        return cursor.execute(NAIVE, (phone,)).fetchone()
