"""Leases of stored value: what tills may spend alone is never more, all together, than what is in the account."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest

from sync.protocol import LeaseAnswer, LeaseHeld, LeaseRequest, LeaseWanted, PushRequest
from sync.server import office
from sync.server.database import Database, open_database
from sync.server.leases import DAY_MS, GRACE_MS, LEASE_LIFE_MS, lease, value_balances
from sync.server.refusal import Denied
from sync.server.tenants import begin_new_life
from sync.server.trust import put_key
from tests.sync.server.driver import findings, pushed, rows, spread_all
from tests.sync.server.shell import Running
from tests.sync.server.tills import NOW, TENANT, Till, fact_id

CARD = fact_id(21, 1)
OTHER_CARD = fact_id(21, 2)


def asked(
    database: Database,
    till: Till,
    *wanted: UUID,
    is_here: bool = True,
    held: tuple[LeaseHeld, ...] = (),
    seq: int | None = None,
    now: int = NOW,
) -> LeaseAnswer:
    request = LeaseRequest(
        till.incarnation,
        till.seq if seq is None else seq,
        held,
        tuple(LeaseWanted(one.bytes, is_here) for one in wanted),
    )
    return database.run(TENANT, lambda db: lease(db, till.device, request, now))


def amounts(answer: LeaseAnswer) -> list[int]:
    return [one.minor for one in answer.leases]


def filled(database: Database, minor: int = 1_000) -> Till:
    """A till that sold the card with this much in it."""
    till = Till(1)
    till.moves_value(CARD, minor)
    pushed(database, till)
    return till


def test_whoever_has_the_customer_gets_all_and_the_next_one_nothing(database: Database) -> None:
    first, second = filled(database), Till(2)
    assert amounts(asked(database, first, CARD)) == [1_000]
    assert amounts(asked(database, first, CARD)) == [1_000], "asking again gives nothing more"
    assert amounts(asked(database, second, CARD)) == []
    assert amounts(asked(database, second, OTHER_CARD)) == []


def test_an_expected_account_leaves_half_to_the_others(database: Database) -> None:
    first, second, third = filled(database), Till(2), Till(3)
    assert amounts(asked(database, first, CARD, is_here=False)) == [500]
    assert amounts(asked(database, first, CARD, is_here=False)) == [500]
    assert amounts(asked(database, second, CARD, is_here=False)) == [250]
    assert amounts(asked(database, third, CARD)) == [250]


def test_money_that_is_not_spread_over_the_tables_yet_counts(database: Database) -> None:
    till = filled(database)
    assert rows(database, "SELECT COUNT(*) FROM value_posting") == [(0,)]
    assert amounts(asked(database, till, CARD)) == [1_000]
    till.moves_value(CARD, 200)
    pushed(database, till)
    spread_all(database)
    till.moves_value(CARD, 30)
    pushed(database, till)
    balances = database.run(TENANT, lambda db: value_balances(db, TENANT.hex, [CARD.hex, OTHER_CARD.hex]))
    assert balances == {CARD.hex: 1_230, OTHER_CARD.hex: 0}
    assert sorted(amounts(asked(database, till, CARD))) == [230, 1_000]


def test_what_was_spent_counts_once_its_facts_are_here(database: Database) -> None:
    first, second = filled(database), Till(2)
    (given,) = asked(database, first, CARD).leases
    first.moves_value(CARD, -300)
    said = (LeaseHeld(given.id, 300, is_returned=True),)
    asked(database, first, held=said)
    assert amounts(asked(database, second, CARD)) == [], "the spending is said, but not here"
    pushed(database, first)
    asked(database, first, held=said)
    assert amounts(asked(database, second, CARD)) == [700]


def test_what_is_returned_is_free_for_others(database: Database) -> None:
    first, second = filled(database), Till(2)
    (given,) = asked(database, first, CARD).leases
    asked(database, first, held=(LeaseHeld(given.id, 0, is_returned=True),))
    assert amounts(asked(database, second, CARD)) == [1_000]
    late = asked(database, first, CARD, held=(LeaseHeld(given.id, 0),))
    assert amounts(late) == [], "a late word opens nothing again"


def test_a_till_that_stays_away_keeps_what_it_may_have_spent(database: Database) -> None:
    first, second = filled(database), Till(2)
    asked(database, first, CARD)
    ended = NOW + LEASE_LIFE_MS + DAY_MS
    assert amounts(asked(database, first, now=ended)) == [], "it may not spend from it any more"
    assert amounts(asked(database, second, CARD, now=ended)) == []
    assert amounts(asked(database, second, CARD, now=NOW + LEASE_LIFE_MS + GRACE_MS + 1)) == [1_000]


def test_another_life_of_a_till_holds_none_of_its_earlier_leases(database: Database) -> None:
    till = filled(database)
    (given,) = asked(database, till, CARD).leases
    assert int.from_bytes(given.id[8:], "big") == till.incarnation
    after = till.next_life(9_999)
    assert amounts(asked(database, after, CARD)) == []
    stolen = asked(database, after, held=(LeaseHeld(given.id, 0, is_returned=True),))
    assert amounts(stolen) == []
    assert amounts(asked(database, till)) == [1_000], "another life cannot return it"


def put_back(database: Database, now: int) -> None:
    """The server forgets every lease, and knows that it does."""
    database.run_house(lambda db: db.exec_driver_sql("DELETE FROM lease"))
    database.run(TENANT, lambda db: begin_new_life(db, TENANT, at=now))


def held_of(answer: LeaseAnswer, spent: int = 0) -> tuple[LeaseHeld, ...]:
    return tuple(
        LeaseHeld(one.id, spent, account_id=one.account_id, minor=one.minor, expires_at=one.expires_at)
        for one in answer.leases
    )


def test_a_server_that_was_put_back_gives_nothing_until_its_tills_have_said_what_they_hold(
    database: Database,
) -> None:
    first, second = filled(database), Till(2)
    for till in (first, second):
        database.run(TENANT, lambda db, own=till.device: put_key(db, own, NOW))  # type: ignore[misc]
    given = asked(database, first, CARD, is_here=False)
    put_back(database, NOW + DAY_MS)
    later = NOW + DAY_MS + 1
    assert amounts(asked(database, second, CARD, now=later)) == [], "the first may hold anything"
    assert amounts(asked(database, first, held=held_of(given), now=later)) == [500]
    assert amounts(asked(database, second, CARD, now=later)) == [500]
    # A till that never comes back, and one that is revoked, stop nobody for good.
    put_back(database, NOW + 2 * DAY_MS)
    assert amounts(asked(database, second, CARD, now=NOW + 2 * DAY_MS + 1)) == []
    database.run(TENANT, lambda db: office.revoke(db, TENANT, first.device.device_id, NOW + 2 * DAY_MS))
    assert amounts(asked(database, second, CARD, now=NOW + 2 * DAY_MS + 2)) == [1_000]


def test_what_a_till_says_of_its_leases_makes_none_longer_and_none_of_another_life(
    database: Database,
) -> None:
    till = filled(database)
    own = till.incarnation.to_bytes(8, "big")
    said = (
        LeaseHeld(b"longlong" + own, 0, account_id=CARD.bytes, minor=700, expires_at=NOW + 900 * DAY_MS),
        LeaseHeld(b"otherone" + bytes(8), 0, account_id=CARD.bytes, minor=900, expires_at=NOW + DAY_MS),
        LeaseHeld(b"longpast" + own, 0, account_id=CARD.bytes, minor=900, expires_at=NOW - 60 * DAY_MS),
        LeaseHeld(b"noamount" + own, 0, account_id=CARD.bytes, expires_at=NOW + DAY_MS),
    )
    (kept,) = asked(database, till, held=said).leases
    assert (kept.minor, kept.expires_at) == (700, NOW + LEASE_LIFE_MS)


def test_a_revoked_till_holds_nothing(database: Database) -> None:
    first, second = filled(database), Till(2)
    database.run(TENANT, lambda db: put_key(db, first.device, NOW))
    asked(database, first, CARD)
    database.run(TENANT, lambda db: office.revoke(db, TENANT, first.device.device_id, NOW))
    assert amounts(asked(database, second, CARD)) == [1_000]


@pytest.mark.parametrize(
    "wrong",
    [
        LeaseRequest(0, 1),
        LeaseRequest(1, -1),
        LeaseRequest(1, 1, (LeaseHeld(b"short", 0),)),
        LeaseRequest(1, 1, (LeaseHeld(bytes(16), -1),)),
        LeaseRequest(1, 1, (), (LeaseWanted(b""),)),
        LeaseRequest(1, 1, (), tuple(LeaseWanted(bytes(16)) for _ in range(501))),
        LeaseRequest(1, 1, protocol=99),
    ],
)
def test_what_is_no_request_is_refused(database: Database, wrong: LeaseRequest) -> None:
    with pytest.raises(Denied):
        database.run(TENANT, lambda db: lease(db, Till(1).device, wrong, NOW))


def test_a_till_asks_over_http_and_no_till_asks_for_another(up: Running) -> None:
    first, second = Till(1), Till(2)
    first.moves_value(CARD, 500)
    tokens = up.paired(first), up.paired(second)
    assert up.send("push", first.push_of(), tokens[0]).status_code == 200
    own = LeaseRequest(first.incarnation, first.seq, (), (LeaseWanted(CARD.bytes, True),))
    assert amounts(up.ask("lease", own, LeaseAnswer, tokens[0])) == [500]
    stranger = LeaseRequest(first.incarnation, first.seq, device=first.device.device_id.bytes)
    assert up.send("lease", stranger, tokens[1]).status_code == 403


def test_tills_that_ask_two_workers_of_postgresql_at_once_get_no_more_than_there_is(
    postgresql_url: str,
) -> None:
    workers = [open_database(postgresql_url), open_database(postgresql_url)]
    seller = filled(workers[0], 900)
    tills = [seller, *(Till(number) for number in range(2, 8))]
    given: list[int] = []

    def ask(worker: Database, own: list[Till]) -> None:
        for till in own:
            given.extend(amounts(asked(worker, till, CARD, is_here=till.number % 2 == 0)))

    threads = [
        threading.Thread(target=ask, args=(worker, tills[number::2])) for number, worker in enumerate(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(given) == 900, "somebody stood at the counter"
    assert rows(workers[0], "SELECT SUM(minor) FROM lease") == [(900,)]
    for worker in workers:
        worker.close()


# --- everything late, lost and twice --------------------------------------------------------------------------------------


@dataclass
class PaperTill:
    """A till as its book of leases behaves: it spends from leases alone and never from one that it returned."""

    till: Till
    leases: dict[bytes, int] = field(default_factory=dict)
    spent: dict[bytes, int] = field(default_factory=dict)
    returned: set[bytes] = field(default_factory=set)
    ends: dict[bytes, int] = field(default_factory=dict)

    def spend(self, random: Random, now: int) -> None:
        for own, minor in self.leases.items():
            left = minor - self.spent[own]
            if own not in self.returned and self.ends[own] > now and left > 0 and random.random() < 0.5:
                part = random.randint(1, left)
                self.spent[own] += part
                self.till.moves_value(CARD, -part)

    def request(self, random: Random, now: int) -> LeaseRequest:
        for own in self.leases:
            if random.random() < 0.2 or self.ends[own] <= now + DAY_MS:
                self.returned.add(own)
        held = tuple(
            LeaseHeld(own, self.spent[own], own in self.returned, CARD.bytes, minor, self.ends[own])
            for own, minor in self.leases.items()
        )
        wanted = (LeaseWanted(CARD.bytes, random.random() < 0.5),) if random.random() < 0.8 else ()
        return LeaseRequest(self.till.incarnation, self.till.seq, held, wanted)

    def take(self, answer: LeaseAnswer) -> None:
        for one in answer.leases:
            self.leases.setdefault(one.id, one.minor)
            self.spent.setdefault(one.id, 0)
            self.ends.setdefault(one.id, one.expires_at)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_ever_spent_twice_whatever_comes_late_lost_or_again(database: Database, seed: int) -> None:
    random, now = Random(seed), NOW
    seller = filled(database, 2_000)
    tills = [PaperTill(seller), PaperTill(Till(2)), PaperTill(Till(3))]
    for paper in tills:
        database.run(TENANT, lambda db, own=paper.till.device: put_key(db, own, NOW))  # type: ignore[misc]
    pushes: list[tuple[Till, PushRequest]] = []
    requests: list[tuple[PaperTill, LeaseRequest]] = []
    answers: list[tuple[PaperTill, LeaseAnswer]] = []
    for step in range(150):
        paper = random.choice(tills)
        now += random.choice((1_000, 60_000, DAY_MS // 2))
        if seed % 2 and random.random() < 0.02:
            put_back(database, now)
            requests.clear()
            answers.clear()
        match random.randrange(6):
            case 0 | 1:
                paper.spend(random, now)
            case 2:
                pushes.append((paper.till, paper.till.push_of(batch=step)))
            case 3:
                requests.append((paper, paper.request(random, now)))
            case 4 if pushes:
                pushed(database, *pushes.pop(random.randrange(len(pushes))))
            case _ if requests:
                # Some are answered twice; answers come in any order, or never.
                whose, request = requests[random.randrange(len(requests))]
                if random.random() < 0.7:
                    requests.remove((whose, request))
                answers.append((whose, _answer(database, whose, request, now)))
        while answers and random.random() < 0.4:
            whose, answer = answers.pop(random.randrange(len(answers)))
            whose.take(answer)
    for paper in tills:
        pushed(database, paper.till)
    spread_all(database)
    assert ("negative_value", CARD.hex) not in findings(database)
    assert sum(sum(paper.spent.values()) for paper in tills) > 0


def _answer(database: Database, paper: PaperTill, request: LeaseRequest, now: int) -> LeaseAnswer:
    return database.run(TENANT, lambda db: lease(db, paper.till.device, request, now))
