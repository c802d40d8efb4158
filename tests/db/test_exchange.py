"""What leaves a till and what comes in: nothing is lost, nothing counts twice, and whatever stops it, it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from shutil import copyfile

import pytest

from app.domain.ids import MemberId, Uuid7Source
from app.domain.member import Member
from app.domain.profile import ProfileChange
from app.service.exchange_ports import FILLING, Acknowledgement, Answer, Incoming, Verdict
from db import exchange_in, exchange_out
from db.exchange_state import till_state_hash
from db.store import open_store
from db.verify import verify
from sync.protocol import PullRequest
from sync.server.pull import pull
from sync.server.push import push
from tests.builders import CASHIER, MEMBER, OCCURRED_AT, uuid
from tests.db.exchange_world import Till, World, acknowledged, incoming
from tests.db.tills import KEY, a_member_sale, count, open_shift, rows, sell, write_sale
from tests.sync.server.tills import TENANT

OTHER = Member(MemberId(uuid(77)), MEMBER.phone, "王先生")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, 2)
    yield made
    made.close()


def enrol(till: Till, member: Member = MEMBER) -> None:
    with till.store.begin() as work:
        work.add_member(member, created_at=till.clock.now, operator_id=CASHIER.id)
        work.commit()


def sell_to(till: Till, times: int = 1, member: Member = MEMBER) -> None:
    if till.store.desk.current_shift() is None:
        open_shift(till.store)
    for _ in range(times):
        till.clock.now += 1_000
        sell(till.store, a_member_sale(member))


def hashes(world: World) -> set[str]:
    return {till_state_hash(till.store) for till in world.tills}


# --- out ------------------------------------------------------------------------------------------------------------------


def test_facts_go_out_oldest_first_of_one_life_and_no_more_than_asked(world: World) -> None:
    first, _ = world.tills
    enrol(first)
    sell_to(first, 5)
    sent = first.exchange.outgoing(facts_max=3, bytes_max=1 << 20)
    assert sent is not None
    assert [fact.seq for fact in sent.facts] == [1, 2, 3]
    assert [member for member, _ in sent.keys] == [MEMBER.id]
    small = first.exchange.outgoing(facts_max=9, bytes_max=1, after_seq=3)
    assert small is not None
    assert [fact.seq for fact in small.facts] == [4]
    assert small.keys == ()
    assert first.exchange.outgoing(facts_max=9, bytes_max=1 << 20, after_seq=7) is None


def test_what_is_received_leaves_what_is_asked_for_again_stays_and_what_is_set_aside_is_noted(
    world: World,
) -> None:
    first, _ = world.tills
    sell_to(first, 4)
    sent = first.exchange.outgoing(facts_max=9, bytes_max=1 << 20)
    assert sent is not None
    verdicts = (Verdict.APPLIED, Verdict.RETRY, Verdict.QUARANTINED, Verdict.DUPLICATE, Verdict.APPLIED)
    answers = tuple(
        Answer(fact.id, fact.hash, verdict, "line_total" if verdict is Verdict.QUARANTINED else "")
        for fact, verdict in zip(sent.facts, verdicts, strict=True)
    )
    said = Acknowledgement(1, sent.incarnation, 1, sent.facts[0].hash, answers)
    settled = first.exchange.settle(said, at=OCCURRED_AT)
    assert (settled.acknowledged, settled.set_aside, settled.put_back) == (4, 1, 0)
    assert rows(first.store, "SELECT seq FROM outbox") == [(2,)]
    (aside,) = first.exchange.set_aside()
    assert (aside.seq, aside.verdict, aside.code) == (3, Verdict.QUARANTINED, "line_total")
    first.exchange.settle_set_aside(3, at=OCCURRED_AT)
    assert first.exchange.set_aside() == ()
    assert first.exchange.state().set_aside == 0


def test_an_answer_to_other_bytes_settles_nothing(world: World) -> None:
    first, _ = world.tills
    sell_to(first)
    sent = first.exchange.outgoing(facts_max=9, bytes_max=1 << 20)
    assert sent is not None
    answers = tuple(Answer(fact.id, bytes(32), Verdict.APPLIED) for fact in sent.facts)
    settled = first.exchange.settle(
        Acknowledgement(1, sent.incarnation, 0, bytes(32), answers), at=OCCURRED_AT
    )
    assert settled.acknowledged == 0
    assert first.exchange.state().waiting == 2


def test_what_a_restored_server_lost_is_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In chunks: what is cut off between two of them goes on."""
    monkeypatch.setattr(exchange_out, "PUT_BACK_AT_ONCE", 2)
    first, _ = world.tills
    enrol(first)
    sell_to(first, 8)
    world.drain()
    (digest,) = rows(first.store, "SELECT hash FROM fact WHERE seq = 4")[0]
    life = first.exchange.lives()[-1]
    settled = first.exchange.settle(Acknowledgement(2_000, life, 4, digest, ()), at=OCCURRED_AT)
    assert settled.put_back == 6
    assert rows(first.store, "SELECT seq FROM outbox ORDER BY seq") == [(seq,) for seq in range(5, 11)]
    assert verify(first.store.engines, is_full=True) == ()
    world.drain()
    assert first.exchange.state().waiting == 0


def test_a_server_that_knows_nothing_of_a_life_gets_all_of_it_again(world: World) -> None:
    first, _ = world.tills
    sell_to(first, 3)
    world.drain()
    life = first.exchange.lives()[-1]
    settled = first.exchange.settle(Acknowledgement(2_000, life, 0, bytes(32), ()), at=OCCURRED_AT)
    assert settled.put_back == 4


def test_a_gap_that_still_waits_here_is_no_loss_at_the_server(world: World) -> None:
    first, _ = world.tills
    sell_to(first, 5)
    sent = first.exchange.outgoing(facts_max=9, bytes_max=1 << 20)
    assert sent is not None
    answers = tuple(
        Answer(fact.id, fact.hash, Verdict.RETRY if fact.seq == 2 else Verdict.APPLIED) for fact in sent.facts
    )
    said = Acknowledgement(1, sent.incarnation, 1, sent.facts[0].hash, answers)
    first.exchange.settle(said, at=OCCURRED_AT)
    again = first.exchange.settle(replace(said, answers=()), at=OCCURRED_AT)
    assert again.put_back == 0
    assert rows(first.store, "SELECT seq FROM outbox") == [(2,)]


# --- copies of a till -----------------------------------------------------------------------------------------------------


def copy_of(world: World, till: Till, name: str) -> Till:
    """The same disk in another machine: neither knows of the other."""
    till.store.write_mark()
    till.store.engines.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    path = world.folder / name
    for suffix in ("", ".mark"):
        copyfile(f"{till.store.engines.path}{suffix}", f"{path}{suffix}")
    ids = Uuid7Source(till.clock.now_ms, Random(name).getrandbits)
    return replace(till, store=open_store(path, KEY, till.clock, ids), batches=1_000)


@pytest.mark.logs_warnings
def test_a_cloned_till_begins_another_life_and_both_keep_their_sales(world: World) -> None:
    first, second = world.tills
    enrol(first)
    sell_to(first, 2)
    world.drain()
    clone = copy_of(world, first, "clone.db")
    world.tills.append(clone)
    sell_to(first, 2)
    sell_to(clone, 3)
    world.drain([first])
    settled = world.push_once(clone)
    assert settled is not None
    assert settled.is_forked
    assert len(clone.exchange.lives()) == 2
    assert rows(clone.store, "SELECT reason FROM incarnation ORDER BY first_seq")[-1] == ("forked",)
    sell_to(clone)
    world.drain()
    assert len(hashes(world)) == 1
    card = second.store.members.by_phone(MEMBER.phone)
    assert card is not None
    assert card.visits == 8
    for till in world.tills:
        assert verify(till.store.engines, is_full=True) == ()


@pytest.mark.logs_warnings
def test_a_clone_that_never_heard_the_answer_still_learns_of_it_from_the_watermark(world: World) -> None:
    first, _ = world.tills
    sell_to(first, 2)
    world.drain([first])
    clone = copy_of(world, first, "clone.db")
    world.tills.append(clone)
    sell_to(first, 2)
    sell_to(clone, 2)
    world.drain([first])
    world.push_once(clone, is_answer_lost=True)
    settled = world.push_once(clone)
    assert settled is not None
    assert settled.is_forked


def test_a_till_put_back_to_an_older_day_gets_its_own_sales_back_as_those_of_others(world: World) -> None:
    first, second = world.tills
    enrol(first)
    sell_to(first, 2)
    world.drain()
    older = copy_of(world, first, "older.db")
    sell_to(first, 3)
    world.drain()
    # The disk is gone; the older copy takes its place, and the mark beside it says that it is behind.
    first.store.write_mark()
    copyfile(f"{first.store.engines.path}.mark", f"{older.store.engines.path}.mark")
    older.store.engines.close()
    older.store = open_store(
        older.store.engines.path, KEY, older.clock, Uuid7Source(older.clock.now_ms, Random(5).getrandbits)
    )
    first.store.close()
    world.tills[0] = older
    sell_to(older)
    world.drain()
    assert len(hashes(world)) == 1
    for till in (older, second):
        card = till.store.members.by_phone(MEMBER.phone)
        assert card is not None
        assert (card.visits, card.points) == (6, 18)
        assert verify(till.store.engines, is_full=True) == ()


# --- in -------------------------------------------------------------------------------------------------------------------


def everything(world: World, till: Till) -> tuple[int, tuple[Incoming, ...], int]:
    answer = world.database.run(TENANT, lambda db: pull(db, till.device, PullRequest(0, 0, 1_000), world.now))
    return answer.server, incoming(answer.changes), answer.last


def filled(till: Till, server: int) -> None:
    till.exchange.fill(server, "", 0, (), after=0, at=OCCURRED_AT)


def test_a_page_that_comes_twice_counts_once(world: World) -> None:
    first, second = world.tills
    enrol(first)
    sell_to(first, 3)
    world.drain([first])
    server, page, last = everything(world, second)
    filled(second, server)
    taken = second.exchange.take_in(server, page, last=last, at=OCCURRED_AT)
    assert (taken.taken, taken.known, taken.problems) == (4, 0, 0)
    before = till_state_hash(second.store)
    again = second.exchange.take_in(server, page, last=last, at=OCCURRED_AT)
    assert (again.taken, again.known) == (0, 4)
    second.exchange.start_over(server, at=OCCURRED_AT)
    filled(second, server)
    refilled = second.exchange.take_in(server, page, last=last, at=OCCURRED_AT)
    assert (refilled.taken, refilled.known) == (0, 4)
    assert till_state_hash(second.store) == before
    assert world.different(second) == ()


class _Killed(BaseException):
    """The till goes down between two commits."""


@pytest.mark.parametrize("at", range(1, 7))
def test_a_till_that_goes_down_between_two_commits_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(exchange_in, "CHUNK_WEIGHT", 4)
    first, second = world.tills
    enrol(first)
    sell_to(first, 12)
    world.drain([first])
    server, page, last = everything(world, second)
    filled(second, server)
    seen: list[int] = []
    whole = exchange_in.take

    def dying(chunk: exchange_in.Chunk, steps: object, told: object) -> None:
        seen.append(1)
        whole(chunk, steps, told)  # type: ignore[arg-type]
        if len(seen) == at:
            raise _Killed

    monkeypatch.setattr(exchange_in, "take", dying)
    with pytest.raises(_Killed):
        second.exchange.take_in(server, page, last=last, at=OCCURRED_AT)
    monkeypatch.setattr(exchange_in, "take", whole)
    stood = second.exchange.state().pulled
    assert count(second.store, "inbox") == sum(step.feed_seq <= stood for step in page)
    again = second.exchange.take_in(server, page, last=last, at=OCCURRED_AT)
    assert again.known == count(second.store, "inbox") - again.taken
    world.drain()
    assert len(hashes(world)) == 1
    assert world.different(second) == ()


def test_steps_in_any_order_make_the_same_books(world: World) -> None:
    """Even in an order in which no server gives them."""
    first, _ = world.tills
    enrol(first)
    sell_to(first, 4)
    with first.store.begin() as work:
        first.store.membership.profiles.change(
            work, MEMBER.id, ProfileChange({"name": "王小明", "code:/ABC": "carrier"}), at=first.clock.now, operator_id=None,
        )  # fmt: skip
        work.commit()
    world.drain([first])
    server, page, last = everything(world, first)
    found = set()
    for order in range(6):
        till = world.new_till(20 + order)
        world.tills.append(till)
        filled(till, server)
        shuffled = list(page)
        Random(order).shuffle(shuffled)
        till.exchange.take_in(server, shuffled, last=last, at=OCCURRED_AT)
        found.add(till_state_hash(till.store))
    assert len(found) == 1


def test_what_cannot_be_read_is_kept_and_stops_nothing(world: World) -> None:
    first, second = world.tills
    enrol(first)
    sell_to(first, 2)
    world.drain([first])
    server, page, last = everything(world, second)
    filled(second, server)
    broken = [
        replace(step, body=b"{}") if step.entity == "sale" and place == 1 else step
        for place, step in enumerate(page)
    ]
    newer = replace(page[-1], entity="hologram", id=uuid(999).bytes, feed_seq=last + 1)
    applied = second.exchange.take_in(server, [*broken, newer], last=last + 1, at=OCCURRED_AT)
    assert applied.problems == 2
    assert dict(rows(second.store, "SELECT kind, problem FROM inbox WHERE problem <> ''")) == {
        "sale": "record_damaged",
        "hologram": "record_newer",
    }
    card = second.store.members.by_phone(MEMBER.phone)
    assert card is not None
    assert card.visits == 1


def test_a_file_that_no_key_opens_yet_is_opened_when_the_key_comes(world: World) -> None:
    first, second = world.tills
    enrol(first)
    with first.store.begin() as work:
        first.store.membership.profiles.change(
            work, MEMBER.id, ProfileChange({"email": "a@example.tw"}), at=first.clock.now, operator_id=None
        )
        work.commit()
    world.drain([first])
    server, page, last = everything(world, second)
    filled(second, server)
    applied = second.exchange.take_in(
        server, [replace(page[0], key=b"")], last=page[0].feed_seq, at=OCCURRED_AT
    )
    assert applied.problems == 1
    assert second.store.members.by_phone(MEMBER.phone) is None
    applied = second.exchange.take_in(server, page[1:], last=last, at=OCCURRED_AT)
    assert applied.problems == 0
    world.drain()
    assert len(hashes(world)) == 1


def test_the_clock_moves_past_what_was_seen_but_never_far_ahead(world: World) -> None:
    first, second = world.tills
    enrol(first)
    world.drain([first])
    server, page, _ = everything(world, second)
    filled(second, server)
    far = replace(page[0], hlc=(OCCURRED_AT + 999_000_000) << 16)
    second.exchange.take_in(server, [far], last=far.feed_seq, at=OCCURRED_AT)
    (hlc,) = rows(second.store, "SELECT hlc FROM chain_head")[0]
    assert hlc == (OCCURRED_AT + 300_000) << 16


# --- people ---------------------------------------------------------------------------------------------------------------


def test_one_number_at_two_tills_is_one_member_with_the_points_of_both(world: World) -> None:
    first, second = world.tills
    enrol(first)
    second.clock.now += 60_000
    enrol(second, OTHER)
    sell_to(first)
    sell_to(second, 2, OTHER)
    world.drain()
    for till in world.tills:
        card = till.store.members.by_phone(MEMBER.phone)
        assert card is not None
        assert (card.member.id, card.points, card.visits) == (MEMBER.id, 9, 3)
    # People say that they are two after all.
    with second.store.begin() as work:
        second.store.membership.merges.put(
            work, OTHER.id, None, at=second.clock.now, operator_id=None, reason="two people"
        )
        work.commit()
    world.drain()
    for till in world.tills:
        card, other = till.store.members.by_phone(MEMBER.phone), till.store.members.by_id(OTHER.id)
        assert card is not None
        assert other is not None
        assert (card.member.id, card.points, other.member.id, other.points) == (MEMBER.id, 3, OTHER.id, 6)
        assert other.member.phone == MEMBER.phone


def test_an_erasure_is_carried_out_at_every_till_and_leaves_proof(world: World) -> None:
    first, second = world.tills
    enrol(first)
    sell_to(first)
    world.drain()
    assert second.store.members.by_phone(MEMBER.phone) is not None
    with first.store.begin() as work:
        first.store.membership.erasures.erase(
            work, MEMBER.id, at=first.clock.now, operator_id=CASHIER.id, reason="asked"
        )
        work.commit()
    world.drain()
    assert second.store.members.by_phone(MEMBER.phone) is None
    assert count(second.store, "member_key") == 0
    assert [kind for (kind,) in rows(second.store, "SELECT kind FROM audit_event")] == ["erasure_done"]
    assert count(first.store, "audit_event") == 0
    assert second.exchange.sweep_when_closed()
    assert not second.exchange.sweep_when_closed()
    path = second.store.engines.path
    assert MEMBER.id.hex in path.with_name(f"{path.name}.erased").read_text()
    for till in world.tills:
        assert verify(till.store.engines, is_full=True) == ()


# --- filling --------------------------------------------------------------------------------------------------------------


def test_a_filling_goes_stage_by_stage_and_from_where_it_stopped(world: World) -> None:
    first, second = world.tills
    enrol(first)
    sell_to(first, 3)
    world.drain([first])
    state = second.exchange.state()
    assert (state.server, state.filling) == (0, FILLING[0])
    second.exchange.fill(1_000, "catalogue", 4, (), after=0, at=OCCURRED_AT)
    assert second.exchange.state().filling == "members"
    second.exchange.fill(1_000, "visits", 4, (), after=2, at=OCCURRED_AT)
    state = second.exchange.state()
    assert (state.filling, state.filling_as_of, state.filling_after) == ("visits", 4, 2)
    second.exchange.start_over(1_000, at=OCCURRED_AT)
    world.fill(second, limit=2)
    state = second.exchange.state()
    assert (state.filling, state.pulled) == ("", 4)
    world.drain()
    assert len(hashes(world)) == 1
    assert world.different(second) == ()


# --- what was written down stands ---------------------------------------------------------------------------------------------


def test_rows_of_facts_give_way_while_tills_are_settled_and_at_no_other_time(world: World) -> None:
    first, _ = world.tills
    enrol(first)
    sell_to(first)
    cursor = first.store.engines.writer.cursor()
    for table in ("ledger_entry", "ledger_posting"):
        with pytest.raises(Exception, match="append-only"):
            cursor.execute(f"DELETE FROM {table}")
    cursor.execute("INSERT INTO sync_state (one, settling) VALUES (1, 1)")
    cursor.execute("DELETE FROM ledger_posting")
    with pytest.raises(Exception, match="append-only"):
        cursor.execute("DELETE FROM transaction_header")


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE inbox SET body = CAST('{}' AS BLOB) WHERE length(body) > 0 AND kind = 'sale'", "inbox_off"),
        (
            'UPDATE inbox SET body = CAST(replace(CAST(body AS TEXT), \'"v":1\', \'"v":1,"w":2\') AS BLOB)'
            " WHERE length(body) > 0 AND kind = 'sale'",
            "inbox_changed",
        ),
        ("DELETE FROM ledger_posting", "entry_empty"),
        ("UPDATE sync_state SET acknowledged_seq = 0", "outbox_gap"),
        ("UPDATE member SET phone = phone || '#x'", "member_field_off"),
    ],
)
def test_damage_to_what_others_told_is_found(world: World, damage: str, check: str) -> None:
    first, second = world.tills
    enrol(first)
    sell_to(first, 3)
    sell_to(second, 1)
    world.drain()
    assert verify(second.store.engines, is_full=True) == ()
    cursor = second.store.engines.writer.cursor()
    cursor.execute("UPDATE sync_state SET settling = 1")
    cursor.execute(damage)
    cursor.execute("UPDATE sync_state SET settling = 0")
    assert check in {finding.check for finding in verify(second.store.engines, is_full=True)}


def test_a_sale_goes_on_while_a_page_is_taken_in_piece_by_piece(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two pieces the till is free."""
    monkeypatch.setattr(exchange_in, "CHUNK_WEIGHT", 4)
    first, second = world.tills
    enrol(first)
    sell_to(first, 8)
    sell_to(second, 1)
    world.drain([first])
    server, page, last = everything(world, second)
    filled(second, server)
    whole = exchange_in.read_all

    def selling(steps: object, is_own: object) -> object:
        with second.store.begin() as work:
            write_sale(work)
            work.commit()
        return whole(steps, is_own)  # type: ignore[arg-type]

    monkeypatch.setattr(exchange_in, "read_all", selling)
    second.exchange.take_in(server, page, last=last, at=OCCURRED_AT)
    assert verify(second.store.engines, is_full=True) == ()


def test_a_batch_that_the_server_has_is_known_again_word_for_word(world: World) -> None:
    first, _ = world.tills
    sell_to(first, 2)
    sent = first.exchange.outgoing(facts_max=9, bytes_max=1 << 20)
    assert sent is not None
    for expected in ("applied", "duplicate"):
        request = first.request(sent)
        answer = world.database.run(
            TENANT,
            lambda db, request=request: push(db, first.device, request, world.now),  # type: ignore[misc]
        )
        assert {one.status.value for one in answer.results} == {expected}
    settled = first.exchange.settle(acknowledged(sent.incarnation, answer), at=OCCURRED_AT)
    assert settled.acknowledged == 3
    assert first.exchange.state().acknowledged_seq == 3
