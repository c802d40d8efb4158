"""A hub that lies: whatever it brings, nothing counts that a till of its own store did not sign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.domain.chain import link
from sync.protocol import NO_HEAD, PAIR_HUB, PushAnswer, PushRequest, Record
from sync.server.vouch import GAP, UNLINKED, doubtful
from tests.sync.server.driver import findings, rows
from tests.sync.server.hubs import HubBelow, hub_below
from tests.sync.server.shell import Running, pairing_of
from tests.sync.server.tills import TENANT, Till


@pytest.fixture
def hub(up: Running, tmp_path: Path) -> Iterator[HubBelow]:
    with hub_below(up, tmp_path / "hub.db") as one:
        yield one


@pytest.fixture
def till(hub: HubBelow) -> Till:
    """Introduced, with four sales that nobody was told of."""
    made = Till(1)
    hub.pairs(made)
    hub.step()
    for _ in range(4):
        made.sells()
    return made


def token(hub: HubBelow) -> str:
    """The hub's own."""
    hub.step()
    return hub.upward._token


def relayed(hub: HubBelow, request: PushRequest) -> PushAnswer:
    return hub.above.ask("relay", request, PushAnswer, token(hub))


def refused(hub: HubBelow, what: str, message: object) -> tuple[int, str]:
    answer = hub.above.send(what, message, token(hub))
    return answer.status_code, answer.json()["code"]


def altered(record: Record, till: Till, **fields: object) -> Record:
    """Another fact in its place, with a hash that fits it."""
    changed = msgspec.structs.replace(record, **fields)
    digest = link(changed.prev, till.device.device_id, till.incarnation, changed.seq, changed.body)
    return msgspec.structs.replace(changed, hash=digest)


def statuses(answer: PushAnswer) -> list[tuple[str, str]]:
    return [(one.status.value, one.code) for one in answer.results]


def test_what_the_till_signed_is_taken_in(hub: HubBelow, till: Till) -> None:
    answer = relayed(hub, till.push_of())
    assert statuses(answer) == [("applied", "")] * 4
    assert (answer.watermark_seq, answer.watermark_hash) == (4, till.head)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_fact_that_was_changed_on_the_way_counts_for_nothing(
    hub: HubBelow, till: Till, position: int
) -> None:
    body = (
        till.records[position]
        .body.replace(b'"total":100', b'"total":999')
        .replace(b'"price":100', b'"price":999')
    )
    assert body != till.records[position].body
    sent = list(till.records)
    sent[position] = altered(sent[position], till, body=body)
    answer = relayed(hub, till.push_of(sent))
    assert all(one == ("quarantined", UNLINKED) for one in statuses(answer)[: position + 1])
    assert all(one == ("applied", "") for one in statuses(answer)[position + 1 :])
    assert answer.watermark_seq == 0, "nothing that the till did not sign is received"
    assert rows(hub.above.database, "SELECT COUNT(*) FROM fact") == [(3 - position,)]
    # The till's own words put it right.
    whole = relayed(hub, till.push_of(batch=2))
    assert whole.watermark_seq == 4
    assert whole.watermark_hash == till.head


def test_a_body_that_does_not_fit_its_hash_vouches_for_nothing_before_it(hub: HubBelow, till: Till) -> None:
    sent = list(till.records)
    forged = altered(sent[1], till, body=sent[1].body.replace(b"100", b"999"))
    sent[1] = forged
    sent[2] = msgspec.structs.replace(sent[2], prev=forged.hash)
    answer = relayed(hub, till.push_of(sent))
    assert statuses(answer)[2:] == [("quarantined", "hash"), ("applied", "")]
    assert statuses(answer)[1] == ("quarantined", UNLINKED)
    assert rows(hub.above.database, "SELECT seq FROM fact") == [(4,)]
    assert answer.watermark_seq == 0


def test_facts_before_a_gap_wait_for_what_lies_in_it(hub: HubBelow, till: Till) -> None:
    sent = [till.records[0], till.records[3]]
    answer = relayed(hub, till.push_of(sent))
    assert statuses(answer) == [("retry", GAP), ("applied", "")]
    relayed(hub, till.push_of(till.records[1:3], batch=2))
    again = relayed(hub, till.push_of(sent, batch=3))
    assert statuses(again) == [("applied", ""), ("duplicate", "")]
    assert again.watermark_seq == 4
    assert findings(hub.above.database) == []


def test_a_fact_that_nobody_signed_is_refused(hub: HubBelow, till: Till) -> None:
    thief = Till(66)
    thief.sells()
    forged = msgspec.structs.replace(thief.push_of(), device=till.device.device_id.bytes)
    assert refused(hub, "relay", forged) == (403, "signature")
    assert refused(hub, "relay", thief.push_of()) == (404, "till_unknown")


def test_only_a_hub_may_relay_and_introduce(hub: HubBelow, till: Till) -> None:
    other = Till(5)
    own = hub.above.paired(other)
    for what, message in (("relay", till.push_of()), ("introduce", pairing_of(Till(6), "X"))):
        answer = hub.above.send(what, message, own)
        assert (answer.status_code, answer.json()["code"]) == (403, "no_hub")


def test_a_hub_introduces_tills_of_its_own_store_and_no_till_of_the_server_above(hub: HubBelow) -> None:
    direct, abroad = Till(5), Till(6, store="S02")
    hub.above.paired(direct)
    assert refused(hub, "introduce", pairing_of(direct, "CODE")) == (409, "device_paired")
    assert refused(hub, "introduce", pairing_of(abroad, "CODE")) == (403, "store_other")
    unproved = msgspec.structs.replace(pairing_of(Till(7), "CODE"), public_key=direct.device.public_key)
    assert refused(hub, "introduce", unproved) == (403, "proof")
    second_hub = msgspec.structs.replace(pairing_of(Till(8), "CODE"), kind=PAIR_HUB)
    assert refused(hub, "introduce", second_hub) == (400, "kind")


def test_a_hub_of_another_store_speaks_for_none_of_these_tills(
    hub: HubBelow, till: Till, tmp_path: Path
) -> None:
    with hub_below(hub.above, tmp_path / "other.db", number=91, store="S02") as other:
        assert refused(other, "relay", till.push_of()) == (404, "till_unknown")
        moved = msgspec.structs.replace(pairing_of(till, "CODE"), store_code="S02")
        assert refused(other, "introduce", moved) == (403, "device_other")


def test_another_hub_of_the_store_takes_over_when_one_breaks(
    hub: HubBelow, till: Till, tmp_path: Path
) -> None:
    hub.pushes(till, 0, 2)
    with hub_below(hub.above, tmp_path / "new.db", number=91) as new:
        new.pairs(till)
        new.pushes(till, batch=2)
        new.drain()
        # The broken one is mended after all.
        hub.later(3_600_000)
        hub.drain()
    assert rows(hub.above.database, "SELECT COUNT(*) FROM fact") == [(4,)]
    assert findings(hub.above.database) == []


def test_a_code_for_a_till_pairs_no_hub_and_the_other_way_round(up: Running) -> None:
    till = Till(1)
    for kind, code in (("till", up.code(store="S01", kind=PAIR_HUB)), (PAIR_HUB, up.code(store="S01"))):
        asked = msgspec.structs.replace(pairing_of(till, code), kind=kind)
        answer = up.send("pair", asked)
        assert (answer.status_code, answer.json()["code"]) == (403, "code_other_kind")


def test_a_revoked_hub_brings_nothing_any_more(hub: HubBelow, till: Till) -> None:
    from sync.server import office

    up, now = hub.above, hub.above.fake.now
    own = token(hub)
    up.database.run(TENANT, lambda db: office.revoke(db, TENANT, hub.device, now))
    answer = up.send("relay", till.push_of(), own)
    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")
    hub.pushes(till)
    assert hub.step().problem == "device_revoked"
    assert rows(hub.below.database, "SELECT COUNT(*) FROM relayed WHERE told_at IS NULL") == [(1,)]


def test_an_empty_batch_vouches_for_nothing(hub: HubBelow, till: Till) -> None:
    empty = till.push_of([])
    assert empty.head == NO_HEAD
    assert relayed(hub, empty).results == ()
    assert doubtful(till.device.device_id, till.incarnation, (), {}) == {}
    stuffed = msgspec.structs.replace(empty, records=tuple(till.records))
    assert refused(hub, "relay", stuffed) == (400, "head")
