"""``bench member``: the tenth digit of a phone number to the painted member, among 200,000 members, in the real window.

The till waits a moment after the tenth digit until it is certain that no scanner sent it; that pause is told in ``scanner_pause_ms`` and is
not in the times. They end when the member stands painted on the sale screen; the time that the window had no processor is taken off, and
the ``wall`` figures have it.

The ``card`` and ``find`` figures are the database by itself: the card of a number, and what is typed when the number is not known whole
(its last three and four digits, parts of a name). The reference reads the member's bare row by its unique number on the same connection,
in turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from app.domain.phone import national_number
from db.store import SqliteStore
from tests.bench.search import ITEMS, MEMBERS, QUICK_ITEMS, QUICK_MEMBERS
from tests.bench.shops import build_shop, open_shop, percentile, timed
from tests.bench.window import BenchWindow, Latencies, PaintWatch, bench_window
from ui.scan_catcher import ScannerSettings

SEED: Final = 20_261_003
LOOKUPS: Final = 3_000
SEARCHES: Final = 400
TYPED: Final = 300
WARM_UP: Final = 20
TYPING_GAP_MS: Final = 120
GOAL_P99_MS: Final = 16.0

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
        database, phones, count = _measure(
            store, lookups=200 if quick else LOOKUPS, searches=50 if quick else SEARCHES
        )
    finally:
        store.close()
    with bench_window(shop, data_dir) as bench:
        window = _typed(bench, phones[: 40 if quick else TYPED])
    return {
        "name": "member",
        "figures": window.figures() | {"scanner_pause_ms": ScannerSettings().gap_ms} | database,
        "goals": {"p99_ms": GOAL_P99_MS},
        "met": window.figures()["p99_ms"] <= GOAL_P99_MS,
        "reference": "the member's bare row by its unique number, on the same connection, in turns",
        "n": len(window.own) + count,
    }


def _typed(bench: BenchWindow, phones: Sequence[str]) -> Latencies:
    """Ten digits, member after member, on the sale screen."""
    screen, times = bench.screen, Latencies()
    watch = PaintWatch(screen.customer)
    for turn, phone in enumerate((*phones[:WARM_UP], *phones)):
        if turn == WARM_UP:
            times.forget()
        number = national_number(phone)
        for digit in number[:-1]:
            bench.key(digit, TYPING_GAP_MS)
            bench.scanner.flush()
        bench.rest()
        bench.painted(watch, number[-1], TYPING_GAP_MS, times, is_typed=True)
        card = bench.till.checkout.basket.member
        assert card is not None, "the member was found"
        assert card.member.phone == phone
        bench.till.checkout.remove_member()
        screen.flow.refresh()
        bench.rest()
    return times


def _measure(store: SqliteStore, lookups: int, searches: int) -> tuple[dict[str, Any], list[str], int]:
    """The database by itself: figures, the numbers that were looked up, and how many answers they are from."""
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
    figures = {
        "card_median_ms": round(median(cards), 3),
        "card_p99_ms": round(card_p99, 3),
        "find_median_ms": round(median(searched), 3),
        "find_p99_ms": round(search_p99, 3),
        "vs_bare_row": round(ratio, 2),
    }
    return figures, phones, len(cards) + len(searched)


def _bare_row(store: SqliteStore, phone: str) -> Any:
    with store.engines.reading() as cursor:
        return cursor.execute(NAIVE, (phone,)).fetchone()
