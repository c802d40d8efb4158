"""What is carried out on a stick: only its server opens it, a damaged file says so, and nothing counts twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import Refused, TillError, Unavailable
from sync.client.carry import carry_out
from sync.client.identity import DeviceKey
from sync.client.packing import Packer
from sync.protocol import PairAnswer
from sync.server.carry import TakenIn, take_in
from sync.server.database import Database
from tests.fakes import TAIPEI, FakeClock
from tests.sync.client.memory import MemoryExchange
from tests.sync.client.talking import HeldIdentity, Talk, talk
from tests.sync.server.driver import rows
from tests.sync.server.shell import Running, pairing_of
from tests.sync.server.tills import NOW, Till, fact_id


@dataclass
class Stick:
    """A paired till that was offline, and a folder to write to."""

    till: Till
    exchange: MemoryExchange
    identity: HeldIdentity
    carry_key: bytes
    folder: Path

    def carry(self, *, carry_key: bytes | None = None) -> Path:
        random = Random(7)
        packer = Packer(self.exchange, self.identity, FakeClock(), random.randbytes)
        carried = carry_out(
            self.folder, packer, self.identity, self.carry_key if carry_key is None else carry_key,
            device=self.till.device.device_id.bytes, till="01-1", local=datetime(2026, 10, 3, 14, 0, tzinfo=TAIPEI),
            seed=random.randbytes(32),
        )  # fmt: skip
        assert carried.facts == self.exchange.state().waiting
        return carried.path


@pytest.fixture
def stick(up: Running, tmp_path: Path) -> Stick:
    till = Till(1)
    till.enrols(fact_id(60), "+886912000060")
    for price in range(10, 40):
        till.sells([price])
    answer = up.ask("pair", pairing_of(till, up.code()), PairAnswer)
    key = DeviceKey(answer.key_id, NOW, till.private.private_bytes_raw())
    return Stick(till, MemoryExchange(till), HeldIdentity(key), answer.carry_key, tmp_path / "usb")


def taken(up: Running, path: Path) -> TakenIn:
    return take_in(up.database, path, now=NOW)


def refusal(up: Running, path: Path) -> TillError:
    with pytest.raises(TillError) as refused:
        take_in(up.database, path, now=NOW)
    return refused.value


def facts_at(database: Database) -> int:
    return int(str(rows(database, "SELECT count(*) FROM fact")[0][0]))


def test_everything_that_waits_reaches_the_server_and_twice_changes_nothing(
    up: Running, stick: Stick
) -> None:
    path = stick.carry()
    assert path.name == "01-1-20261003-140000.regulars"
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert taken(up, path).statuses == {"applied": 31}
    assert taken(up, path).statuses == {"duplicate": 31}
    assert facts_at(up.database) == 31
    assert stick.exchange.state().waiting == 31, "only the server's own word empties the outbox"


def test_what_was_carried_is_known_when_the_till_sends_it_itself(up: Running, stick: Stick) -> None:
    taken(up, stick.carry())
    again: Talk = talk(up, stick.till)
    again.settle()
    assert facts_at(up.database) == 31
    assert again.exchange.state().waiting == 0


def test_nobody_reads_it_on_the_way(stick: Stick) -> None:
    data = stick.carry().read_bytes()
    assert "烏龍茶".encode() not in data
    assert stick.till.records[3].hash not in data


def test_a_file_cut_anywhere_says_so_and_what_came_before_counts(up: Running, stick: Stick) -> None:
    path = stick.carry()
    whole = path.read_bytes()
    for length in (*range(12), 40, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert refusal(up, path).code in ("carry_not_one", "carry_damaged"), length
    assert facts_at(up.database) == 31, "the frame was whole; only the end was missing"
    path.write_bytes(whole + b"more")
    assert refusal(up, path).code == "carry_damaged"
    path.write_bytes(whole)
    assert taken(up, path).statuses == {"duplicate": 31}


def test_a_flipped_bit_anywhere_is_noticed(up: Running, stick: Stick) -> None:
    path = stick.carry()
    whole = path.read_bytes()
    random = Random(3)
    anywhere = [random.randrange(len(whole)) for _ in range(50)]
    for place in (*anywhere, *range(len(whole) - 20, len(whole))):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << random.randrange(8)]) + whole[place + 1 :]
        )
        assert refusal(up, path).code.startswith("carry_")


def test_another_server_cannot_open_it(up: Running, stick: Stick, database: Database) -> None:
    path = stick.carry(carry_key=Random(1).randbytes(32))
    assert refusal(up, path).code == "carry_other_server"


def test_a_server_that_does_not_know_the_till_takes_nothing(up: Running, stick: Stick) -> None:
    stick.identity.key = DeviceKey(stick.identity.key.key_id[:-1] + "?", NOW, stick.identity.key.seed)
    assert refusal(up, stick.carry()).code == "carry_unknown_till"
    assert facts_at(up.database) == 0


def test_a_forged_signature_takes_nothing(up: Running, stick: Stick) -> None:
    stick.identity.key = DeviceKey(stick.identity.key.key_id, NOW, Random(5).randbytes(32))
    assert refusal(up, stick.carry()).code == "carry_unknown_till"
    assert facts_at(up.database) == 0


def test_nothing_waits_and_nothing_is_left_on_the_stick(up: Running, stick: Stick) -> None:
    again = talk(up, stick.till)
    again.settle()
    stick.exchange.said = again.exchange.said
    with pytest.raises(Refused) as refused:
        stick.carry()
    assert refused.value.code == "nothing_waits"
    assert list(stick.folder.iterdir()) == []


def test_a_stick_that_cannot_be_written_is_named(stick: Stick, tmp_path: Path) -> None:
    stick.folder = tmp_path / "file"
    stick.folder.write_text("not a folder", "utf-8")
    with pytest.raises(Unavailable) as missing:
        stick.carry()
    assert missing.value.code == "carry_unwritable"


def test_an_old_server_gave_no_key(stick: Stick) -> None:
    with pytest.raises(Unavailable) as missing:
        stick.carry(carry_key=b"")
    assert missing.value.code == "carry_no_key"
