"""The engine against the real server: tokens, clocks and keys, a server that lost something, leases, and everything at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from sync.client.engine import KEY_LIFE_MS, Engine
from sync.client.rounds import StepKind
from sync.client.transport import Response
from sync.client.trouble import Problem, Trouble
from sync.protocol import (
    ReconcileAnswer,
)
from sync.server.database import Database
from sync.server.tenants import begin_new_life
from sync.server.trust import revoke
from tests.sync.client.talking import (
    Disturb,
    OneQuestion,
    Send,
    Talk,
    a_busy_till,
    changed,
    facts_at,
    failure,
    only,
    talk,
)
from tests.sync.server.shell import Running, running
from tests.sync.server.tills import TENANT, Till, fact_id

# --- tokens, clocks, keys -------------------------------------------------------------------------------------------------


def test_a_token_that_ran_out_is_replaced_in_the_same_round(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.settle()
    one.till.sells([5])
    up.fake.now += 16 * 60_000
    one.clock.forward(minutes=12)  # it is slow, and believes that the token is good
    assert one.round()[-1].problem is None
    assert one.transport.paths.count("token") == 2


@pytest.mark.parametrize("hours", [-24 * 400, -1, 1, 24 * 400])
def test_a_clock_that_is_wrong_is_noticed_and_nothing_stops(up: Running, hours: int) -> None:
    one = talk(up, a_busy_till())
    one.clock.forward(hours=hours)
    assert one.round()[-1].problem is Problem.CLOCK
    assert facts_at(up.database) == 7
    assert one.engine.clock_apart_ms == -hours * 3_600_000
    one.clock.forward(hours=-hours)
    one.settle()


def test_a_till_that_was_shut_out_still_sends_and_is_told_nothing(up: Running) -> None:
    other = talk(up, Till(9))
    other.till.points(fact_id(50), 5)
    other.settle()
    one = talk(up, a_busy_till())
    device = one.till.device.device_id
    up.database.run(TENANT, lambda db: revoke(db, TENANT, device, up.fake.now))
    assert one.round()[-1].problem is Problem.REVOKED
    assert one.exchange.state().waiting == 0
    assert one.exchange.state().set_aside == 7
    assert one.exchange.steps == {}


def test_a_till_that_nobody_knows_says_so(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.identity.key = replace(one.identity.key, key_id=one.identity.key.key_id[:-2] + "??")
    assert one.round()[-1].problem is Problem.UNKNOWN_TILL
    assert one.exchange.state().waiting == 7


def test_a_key_is_replaced_in_time_and_the_talk_goes_on(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.settle()
    before = one.identity.key
    one.clock.now += KEY_LIFE_MS + 1
    up.fake.now = one.clock.now
    assert StepKind.ROTATE in [step.kind for step in one.round()]
    assert one.identity.key.key_id != before.key_id
    assert one.identity.key.seed != before.seed
    up.fake.now += 25 * 3_600_000
    one.clock.now = up.fake.now
    one.till.sells([3])
    one.settle()
    assert facts_at(up.database) == 8
    assert StepKind.ROTATE not in [step.kind for step in one.round()]


def test_a_new_key_that_never_arrived_does_not_shut_the_till_out(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.settle()
    one.clock.now += KEY_LIFE_MS + 1
    up.fake.now = one.clock.now

    def lost_after_it_arrived(send: Send) -> Response:
        send()
        raise Trouble(Problem.TIMEOUT)

    one.transport.disturb = only("rotate", lost_after_it_arrived)
    assert one.round()[-1].problem is Problem.TIMEOUT
    up.fake.now += 9 * 24 * 3_600_000  # the shop is closed for the holidays
    one.clock.now = up.fake.now
    one.till.sells([3])
    one.settle()
    assert one.exchange.state().set_aside == 0
    assert facts_at(up.database) == 8


def test_a_key_that_could_not_be_kept_is_not_asked_for(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.settle()
    one.identity.is_open = False
    one.clock.now += KEY_LIFE_MS + 1
    up.fake.now = one.clock.now
    one.settle()
    assert "rotate" not in one.transport.paths


# --- the server lost something --------------------------------------------------------------------------------------------


def without_newest(database: Database, count: int) -> None:
    """The server as a backup of a while ago has it, without anybody saying so."""
    with database.engine.begin() as db:
        db.exec_driver_sql("DROP TRIGGER IF EXISTS fact_delete")
        db.exec_driver_sql(
            f"DELETE FROM fact WHERE id IN (SELECT id FROM fact ORDER BY seq DESC LIMIT {count})"
        )
        db.exec_driver_sql(
            "UPDATE chain SET seq = (SELECT max(seq) FROM fact), hash = (SELECT hash FROM fact ORDER BY seq DESC LIMIT 1)"
        )


def test_what_a_restored_server_lost_is_sent_again_by_a_till_that_sells_nothing(up: Running) -> None:
    one = talk(up, a_busy_till(10))
    one.settle()
    without_newest(up.database, 4)
    assert facts_at(up.database) == 6
    one.settle()
    assert facts_at(up.database) == 10
    assert [settled.put_back for settled in one.exchange.settled if settled.put_back] == [4]


def test_another_life_of_the_server_asks_for_every_life_and_fills_again(up: Running) -> None:
    till = a_busy_till(5)
    one = talk(up, till)
    after = till.next_life(77)
    after.points(fact_id(50), 3)
    one.exchange.all_lives.append(after)
    one.settle()
    life = up.database.run(TENANT, lambda db: begin_new_life(db, TENANT, at=up.fake.now + 1))
    one.transport.paths.clear()
    one.exchange.filled.clear()
    one.settle()
    assert one.exchange.started_over == 1
    assert one.exchange.filled == ["catalogue", "members", "books", "visits"]
    assert one.transport.paths.count("push") == 4, (
        "the quiet question, one for each life, and about the one that is over"
    )
    assert one.exchange.state().server == life


def test_a_life_that_is_over_is_asked_about_too_by_a_till_that_sells_in_another(up: Running) -> None:
    """Its facts are in no feed and behind no watermark of the present life: nothing else would show that they are gone."""
    till = a_busy_till(5)
    one = talk(up, till)
    after = till.next_life(77)
    after.sells([7])
    one.exchange.all_lives.append(after)
    one.settle()
    lose(up.database, till, 2)
    assert facts_at(up.database) == 3
    one.settle()
    assert facts_at(up.database) == 6


def lose(database: Database, till: Till, seq: int) -> None:
    """The server forgets what it had of this life beyond this place."""
    own = {"t": TENANT.hex, "i": till.incarnation, "s": seq, "h": till.records[seq - 1].hash}

    def forget(db: Connection) -> None:
        db.execute(text("DELETE FROM fact WHERE tenant_id = :t AND incarnation = :i AND seq > :s"), own)
        db.execute(
            text("UPDATE chain SET seq = :s, hash = :h WHERE tenant_id = :t AND incarnation = :i"), own
        )

    database.run_house(forget)


def test_a_till_that_dies_between_the_questions_asks_again(up: Running) -> None:
    one = talk(up, a_busy_till(5))
    one.settle()
    up.database.run(TENANT, lambda db: begin_new_life(db, TENANT, at=up.fake.now + 1))
    dying = talk_again(one, up)
    dying.engine.step()
    dying.engine.step()
    assert one.exchange.started_over == 0
    after = talk_again(one, up)
    after.settle()
    assert one.exchange.started_over == 1


def talk_again(one: Talk, up: Running) -> Talk:
    """The till after its program was killed."""
    engine = Engine(one.exchange, one.identity, one.transport, one.clock, Random(next(_seeds)).randbytes)
    return replace(one, engine=engine)


_seeds = count(100)


def test_books_that_differ_are_fetched_again_once(up: Running) -> None:
    other = Till(9)
    for number in range(5):
        other.points(fact_id(50), number + 1)
    talk(up, other).settle()
    one = talk(up, Till(1))
    one.settle()
    del one.exchange.steps[other.records[2].id]
    one.settle()
    assert one.exchange.started_over == 1
    assert len(one.exchange.steps) == 5


def test_books_that_go_on_to_differ_are_for_somebody_to_look_at(up: Running) -> None:
    one = talk(up, a_busy_till())
    one.settle()
    one.transport.disturb = only("reconcile", changed(ReconcileAnswer, different=("sale",)), times=99)
    one.round()
    assert one.round()[-1].problem is Problem.BOOKS_DIFFER
    assert one.exchange.started_over == 1
    one.clock.forward(hours=7)
    up.fake.now = one.clock.now
    one.round()
    assert one.exchange.started_over == 2


def test_an_older_server_that_knows_no_leases_is_no_problem(up: Running) -> None:
    one = talk(up, a_busy_till())
    book = OneQuestion(one.till)
    one = replace(
        one,
        engine=Engine(one.exchange, one.identity, one.transport, one.clock, Random(8).randbytes, leases=book),
    )
    one.transport.disturb = only("lease", failure(404, "not_found"))
    assert one.round()[-1].problem is None
    assert book.answers == []
    one.round()
    assert book.answers == [()]


# --- everything at once ---------------------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_whatever_happens_on_the_way_nothing_is_lost_and_nothing_counts_twice(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    from sync.server.database import open_database
    from tests.sync.server.conftest import furnished

    random = Random(seed)
    database = furnished(open_database(str(tmp_path_factory.mktemp("any") / "server.db")))
    with running(database) as up:
        tills = [a_busy_till(random.randrange(1, 30), number) for number in (1, 2)]
        talks = [talk(up, till) for till in tills]
        for one in talks:
            one.transport.disturb = chaos(random)
        for _ in range(40):
            one = random.choice(talks)
            if random.random() < 0.2:
                one.till.points(fact_id(50), random.randrange(1, 9))
            if random.random() < 0.2:
                one = talk_again(one, up)
            one.engine.step()
        for one in talks:
            one.transport.disturb = lambda _path, send: send()
        for one in (*talks, *talks):
            talk_again(one, up).settle()
        assert facts_at(database) == sum(len(till.records) for till in tills)
        steps = [sorted(one.exchange.steps) for one in talks]
        assert steps[0] == steps[1]
    database.close()


def chaos(random: Random) -> Disturb:
    def disturb(path: str, send: Send) -> Response:
        match random.randrange(8):
            case 0:
                raise Trouble(Problem.NO_NETWORK)
            case 1:
                send()
                raise Trouble(Problem.TIMEOUT)
            case 2:
                send()
                return send()
            case 3:
                sent = send()
                return replace(sent, body=sent.body[: random.randrange(len(sent.body) + 1)])
            case 4:
                return Response(200, "text/html", b"<html>")
            case _:
                return send()

    return disturb
