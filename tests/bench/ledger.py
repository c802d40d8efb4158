"""``bench ledger``: why a balance is what it is, among five million rows; what points cost a sale; and ending a hundred thousand lots.

``explain``: members with 2,000 entries each, among 200,000 members and 5,000,000 ledger rows: the whole statement (every open lot with its
origin, the newest movements). The reference reads the bare sum of the member's points on the same connection, in turns.

``commit_overhead``: the commit of a member's sale that earns and spends points against the same basket sold to nobody, in turns.

``parts_overhead`` and ``full_programme_overhead``: a member's sale in a shop whose till has every part of the membership but no rules, and
in one with points, tiers and a stamp card, against the bare commit of ``bench commit``, in turns.

``expiry``: 100,000 lots of this till past their last day are ended by the product's own service while a cashier's sales go on in another
thread; ``sale_p99_ms`` is what the cashier feels meanwhile, ``sale_alone_p99_ms`` without it.
"""

from __future__ import annotations

import shutil
import threading
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from app.domain.ids import EntryId, LotId, MemberId, Uuid7Source
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.points_rules import Burn, PointsRules, Rate
from app.domain.loyalty.stamps import StampCard, StampPer, StampRules
from app.domain.loyalty.term import Term, TermKind
from app.domain.loyalty.tiers import Tier, TierRights, TierRules, Window, WindowKind
from app.domain.money import TWD, Money
from app.domain.tender import Tender, TenderKind
from app.service.expiry import ExpiryDesk
from app.service.rules import RuleDesk
from db.engine import connect
from db.ledger import BALANCE, INSERT_ENTRY, INSERT_POSTING
from db.statement import statement
from db.store import SqliteStore, open_store
from tests.bench.bench_till import (
    KEY,
    NOW,
    SEED,
    BenchClock,
    BenchTill,
    a_member,
    copied,
    open_shop,
    schema_mark,
)
from tests.bench.commit import pair_ratio
from tests.bench.shops import percentile, timed
from tests.bench.stopwatch import Stopwatch

ROWS: Final = 5_000_000
MEMBERS: Final = 200_000
HEAVY_MEMBERS: Final = 100
HEAVY_ENTRIES: Final = 2_000
LOTS: Final = 100_000
QUICK: Final = 200  # how many times smaller a look is than a measurement
EXPLAINED: Final = 1_500
SALES: Final = 300
TODAY: Final = date(2026, 11, 20)
EXPIRY_INDEX: Final = "ledger_posting_by_expiry"
MEMBER_INDEX: Final = "ledger_posting_by_member"
GOALS: Final = {"explain_p99_ms": 5.0, "commit_overhead": 1.15, "expiry_seconds": 10.0}


def run(data_dir: Path, *, quick: bool = False) -> dict[str, Any]:
    small = QUICK if quick else 1
    shop = _ledger_of(data_dir, ROWS // small, MEMBERS // small)
    figures = _explain(shop, HEAVY_MEMBERS // (10 if quick else 1), EXPLAINED // (10 if quick else 1))
    figures |= _overhead(data_dir, MEMBERS // small, SALES // (5 if quick else 1))
    figures |= _programme(data_dir, MEMBERS // small, SALES // (5 if quick else 1))
    figures |= _expiry(data_dir, LOTS // small)
    return {
        "name": "ledger",
        "figures": figures,
        "goals": GOALS,
        "met": all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "the bare sum of the points, and the same sale without a member, in turns",
        "n": figures["rows"],
    }


# --- explain ------------------------------------------------------------------------------------------------------------


def _explain(path: Path, heavy: int, times: int) -> dict[str, Any]:
    store = _opened(path)
    random = Random(SEED)
    ours, bare, lots, watch = [], [], [], Stopwatch()
    try:
        for number in range(heavy):
            statement(store.engines, MemberId(_member(number)), TODAY)
        with store.engines.reading() as cursor:
            (rows,) = cursor.execute("SELECT count(*) FROM ledger_posting").fetchone()
            for turn in range(times):
                member = MemberId(_member(random.randrange(heavy)))
                watch.start()
                statement(store.engines, member, TODAY)
                ours.append(watch.stop() * 1000)
                bare.append(timed(lambda who=member: cursor.execute(BALANCE, (who.bytes,)).fetchone()))
                if turn < heavy:
                    told = statement(store.engines, member, TODAY)
                    assert told.balance == cursor.execute(BALANCE, (member.bytes,)).fetchone()[0]
                    lots.append(len(told.lots))
    finally:
        store.close()
    ours.sort()
    return {
        "explain_p50_ms": round(median(ours), 2),
        "explain_p99_ms": round(percentile(ours, 99), 2),
        "explain_vs_sum": round(median(ours) / median(bare), 1),
        "open_lots": round(median(lots)),
        "rows": rows,
    }


def _ledger_of(data_dir: Path, rows: int, members: int) -> Path:
    """A shop whose ledger has this many rows, made once."""
    folder = data_dir / f"ledger-{schema_mark()}-{rows}"
    if (folder / "finished").exists():
        return folder / "till.db"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = folder / "till.db"
    open_shop(path, members)
    connection = connect(path, KEY)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = {
        name: connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        for name in (MEMBER_INDEX, EXPIRY_INDEX)
    }
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    for name in indexes:
        cursor.execute(f"DROP INDEX {name}")
    _write_entries(cursor, rows, members)
    for statement_ in indexes.values():
        cursor.execute(statement_)
    cursor.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    (folder / "finished").touch()
    return path


def _write_entries(cursor: Any, rows: int, members: int) -> None:
    """Sales that earn, now and then one that spends the oldest points; the entries in the order of their ids."""
    random = Random(SEED)
    heavy = min(HEAVY_MEMBERS, members // 2)
    whose = [number for number in range(heavy) for _ in range(HEAVY_ENTRIES)]
    whose = whose[: rows // 4]
    whose += [random.randrange(heavy, members) for _ in range(rows // 2 - len(whose))]
    random.shuffle(whose)
    lots: dict[int, list[list[Any]]] = {}
    entries, postings = [], []
    for number, member in enumerate(whose):
        entry, own_postings = _entry(number, member, lots.setdefault(member, []), random)
        entries.append(entry)
        postings += own_postings
        if len(entries) == 20_000:
            cursor.executemany(INSERT_ENTRY, entries)
            cursor.executemany(INSERT_POSTING, postings)
            entries, postings = [], []
    cursor.executemany(INSERT_ENTRY, entries)
    cursor.executemany(INSERT_POSTING, postings)


def _entry(number: int, member: int, lots: list[list[Any]], random: Random) -> tuple[Any, list[Any]]:
    entry_id = _id(2, number)
    at = NOW - (3_000_000 - number % 3_000_000) * 20_000
    member_id = _member(member).bytes
    have = sum(lot[1] for lot in lots)
    if have > 60 and random.random() < 0.4:
        left = random.randrange(have // 2, have)
        postings = []
        while left:
            taken = min(left, lots[0][1])
            postings.append(
                (entry_id, len(postings) + 1, "member", -taken, member_id, lots[0][0], at, None, None)
            )
            lots[0][1] -= taken
            left -= taken
            if not lots[0][1]:
                del lots[0]
        spent = -sum(row[3] for row in postings)
        postings.append((entry_id, len(postings) + 1, "redeemed", spent, None, None, at, None, None))
        return (entry_id, "redemption", member_id, None, at, 20261001, None, "", "", None), postings
    points, lot_id, ends = random.randrange(1, 40), _id(3, number), 20271001 + number % 28
    lots.append([lot_id, points])
    postings = [
        (entry_id, 1, "member", points, member_id, lot_id, at, ends, None),
        (entry_id, 2, "issued", -points, None, None, at, None, None),
    ]
    return (entry_id, "accrual", member_id, None, at, 20261001, ends, "", "", None), postings


# --- what points cost a sale ----------------------------------------------------------------------------------------------


def _overhead(data_dir: Path, members: int, sales: int) -> dict[str, Any]:
    path = data_dir / f"ledger-shop-{schema_mark()}-{members}" / "till.db"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        open_shop(path, members)
    till = BenchTill(copied(path, data_dir / "ledger-commit"), members=members)
    watch = Stopwatch()
    plain, with_points = [], []
    try:
        for turn in range(2 * (sales + 20)):
            is_member = turn % 2 == 0
            till.put_a_basket_on_the_counter(is_member=is_member)
            if is_member:
                _give_points(till)
            till.completion.prepare(till.checkout)
            till.checkout.is_completing = False
            watch.start()
            done = till.complete()
            seconds = watch.stop()
            assert is_member == (done.points_before > 0)
            till.next_customer()
            if turn >= 40:
                (with_points if is_member else plain).append(seconds * 1000)
    finally:
        till.store.close()
        watch.close()
    return {
        "commit_overhead": round(median(with_points) / median(plain), 3),
        "commit_with_points_ms": round(median(with_points), 2),
        "commit_without_ms": round(median(plain), 2),
    }


def _give_points(till: BenchTill) -> None:
    """Enough to spend ten of them on this ticket."""
    basket = till.checkout.basket
    assert basket.member is not None
    with till.store.begin() as work:
        work.post(_bonus(till.ids, basket.member.member.id, 50, TODAY + timedelta(days=300)))
        work.commit()
    cash = basket.tenders[0]
    till.checkout.resume(
        basket.__class__(
            basket.id,
            basket.opened_at,
            basket.lines,
            basket.member,
            tenders=(cash, Tender(2, TenderKind.POINTS, Money(10, TWD), points=10)),
        )
    )


# --- what the whole programme costs a sale ---------------------------------------------------------------------------------


def _programme(data_dir: Path, members: int, sales: int) -> dict[str, Any]:
    path = data_dir / f"ledger-shop-{schema_mark()}-{members}" / "till.db"
    tills = [
        BenchTill(copied(path, data_dir / f"ledger-programme-{which}"), members=members) for which in range(3)
    ]
    tills[1].take_part()
    _write_programme(tills[2])
    watch = Stopwatch()
    seconds: list[list[float]] = [[], [], []]
    random = Random(SEED)
    try:
        for turn in range(sales + 20):
            for which in random.sample(range(3), 3):
                till = tills[which]
                till.put_a_basket_on_the_counter()
                watch.start()
                till.complete()
                spent = watch.stop()
                till.next_customer()
                if turn >= 20:
                    seconds[which].append(spent)
    finally:
        for till in tills:
            till.store.close()
        watch.close()
    bare, parts, full = seconds
    return {
        "parts_overhead": round(pair_ratio(parts, bare), 3),
        "full_programme_overhead": round(pair_ratio(full, bare), 3),
    }


def _write_programme(till: BenchTill) -> None:
    desks = till.take_part()
    rules = RuleDesk(till.store, till.session, till.clock, till.points.rulebook)
    rules.save_points(PointsRules(base=Rate(100, 1), burn=Burn(1), expires=Term(TermKind.DAYS, 365)))
    tiers = (
        Tier("silver", "銀卡", 20_000, TierRights(points_factor=150)),
        Tier("gold", "金卡", 60_000, TierRights(points_factor=200)),
    )
    rules.save_tiers(TierRules(window=Window(WindowKind.ROLLING_DAYS, 365), tiers=tiers))
    reward = Benefit(BenefitKind.AMOUNT, 50)
    desks.stamps.write_rules(StampRules((StampCard("VISITS", "來店", 10, reward, StampPer.VISIT, 100),)))


# --- ending a hundred thousand lots ---------------------------------------------------------------------------------------


def _expiry(data_dir: Path, lots: int) -> dict[str, Any]:
    made = _ended_lots(data_dir, lots)
    till = BenchTill(copied(made, data_dir / "ledger-expiry"), members=lots, seed=SEED + 1)
    till.store.engines.writer = till.recorder._connection
    desk = ExpiryDesk(till.store, BenchClock(), Uuid7Source(BenchClock().now_ms))
    alone = sorted(_sell(till) for _ in range(60))
    seen: list[int] = []
    seconds: list[float] = []
    ended: list[int] = []

    def end_them() -> None:
        started = perf_counter()
        done = desk.run(
            TODAY + timedelta(days=1),
            on_progress=lambda at, _total: seen.append(at),
            rest=lambda: threading.Event().wait(0.002),
        )
        seconds.append(perf_counter() - started)
        ended.append(done.lots)

    worker = threading.Thread(target=end_them)
    worker.start()
    meanwhile = []
    while worker.is_alive():
        meanwhile.append(_sell(till))
        worker.join(0.4)
    till.store.close()
    assert ended == [lots], "every lot ended once"
    meanwhile.sort()
    return {
        "expiry_seconds": round(seconds[0], 2),
        "expiry_lots": ended[0],
        "expiry_progress_steps": len(seen),
        "sale_p99_ms": round(percentile(meanwhile, 99), 1),
        "sale_p50_ms": round(median(meanwhile), 1),
        "sale_alone_p99_ms": round(percentile(alone, 99), 1),
    }


def _sell(till: BenchTill) -> float:
    till.put_a_basket_on_the_counter()
    milliseconds = timed(till.complete)
    till.checkout.start_new()
    return milliseconds


def _ended_lots(data_dir: Path, lots: int) -> Path:
    """A till that gave this many members points which ended yesterday, by its own unit of work."""
    folder = data_dir / f"ledger-ended-{schema_mark()}-{lots}"
    if (folder / "finished").exists():
        return folder / "till.db"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    open_shop(folder / "till.db", lots)
    store = _opened(folder / "till.db")
    ids = Uuid7Source(BenchClock().now_ms, Random(SEED).getrandbits)
    for start in range(0, lots, 2_000):
        with store.begin() as work:
            for number in range(start, min(lots, start + 2_000)):
                work.post(_bonus(ids, a_member(number).id, 20, TODAY))
            work.commit()
    store.write_mark()
    store.close()
    (folder / "finished").touch()
    return folder / "till.db"


def _bonus(ids: Uuid7Source, member_id: MemberId, points: int, expires_on: date) -> LedgerEntry:
    return LedgerEntry(
        id=EntryId(ids()),
        kind=EntryKind.BONUS,
        member_id=member_id,
        transaction_id=None,
        occurred_at=NOW,
        business_date=TODAY,
        postings=(Posting(Account.MEMBER, points, LotId(ids())), Posting(Account.ISSUED, -points)),
        expires_on=expires_on,
        source="welcome",
    )


def _opened(path: Path) -> SqliteStore:
    clock = BenchClock()
    return open_store(path, KEY, clock, Uuid7Source(clock.now_ms), is_till=False)


def _id(kind: int, number: int) -> bytes:
    return UUID(int=(kind << 100) | (7 << 76) | (2 << 62) | number).bytes


def _member(number: int) -> UUID:
    return a_member(number).id
