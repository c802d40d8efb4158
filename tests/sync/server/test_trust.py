"""Who may speak: codes are used once, keys prove themselves, tokens end, and what is replayed is refused."""

from __future__ import annotations

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.protocol import PairAnswer, PullAnswer, PullRequest, PushAnswer, RotateRequest, pair_claim
from sync.server.trust import CODE_ATTEMPTS_MAX, CODE_LIFE_MS, KEY_OVERLAP_MS, TOKEN_LIFE_MS
from tests.sync.server.driver import rows
from tests.sync.server.shell import Running, pairing_of
from tests.sync.server.tills import Till, fact_id

FROM_THE_START = PullRequest(0, 0)


def refusal(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]


def test_a_till_pairs_gets_a_token_and_is_served(up: Running) -> None:
    till = Till(1)
    till.sells()
    token = up.paired(till)
    answer = up.ask("push", till.push_of(), PushAnswer, token)
    assert [result.status for result in answer.results] == ["applied"]
    assert up.ask("pull", FROM_THE_START, PullAnswer, token).is_whole


def test_a_code_is_used_once_however_it_is_typed(up: Running) -> None:
    code = up.code()
    assert up.send("pair", pairing_of(Till(1), code.lower().replace("-", " "))).status_code == 200
    assert refusal(up.send("pair", pairing_of(Till(2), code))) == (403, "code_wrong")
    assert rows(up.database, "SELECT COUNT(*) FROM device") == [(1,)]


def test_a_code_ends_after_ten_minutes(up: Running) -> None:
    code = up.code()
    up.fake.now += CODE_LIFE_MS + 1
    assert refusal(up.send("pair", pairing_of(Till(1), code))) == (403, "code_wrong")


def test_a_code_bears_few_wrong_guesses(up: Running) -> None:
    code = up.code()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for _ in range(CODE_ATTEMPTS_MAX):
        assert refusal(up.send("pair", pairing_of(Till(1), wrong))) == (403, "code_wrong")
    assert refusal(up.send("pair", pairing_of(Till(1), code))) == (403, "code_wrong")


def test_a_code_is_kept_only_as_a_hash(up: Running) -> None:
    code = up.code().replace("-", "")
    ((kept, locator),) = rows(up.database, "SELECT code_hash, locator FROM pairing")
    assert code.encode() not in bytes(kept)  # type: ignore[call-overload]
    assert locator == code[:4]


def test_a_code_for_one_store_pairs_no_till_of_another(up: Running) -> None:
    code = up.code(store="S02")
    assert refusal(up.send("pair", pairing_of(Till(1), code))) == (403, "store_other")
    assert up.send("pair", pairing_of(Till(1, store="S02"), code)).status_code == 200


def test_guessing_codes_is_slowed_down(up: Running) -> None:
    found = [up.send("pair", pairing_of(Till(1), "2222-2222-2222")).status_code for _ in range(12)]
    assert found[-1] == 429


def test_a_key_that_the_till_does_not_hold_pairs_nothing(up: Running) -> None:
    code = up.code()
    asked = msgspec.structs.replace(pairing_of(Till(1), code), public_key=Till(2).device.public_key)
    assert refusal(up.send("pair", asked)) == (403, "proof")
    assert up.send("pair", pairing_of(Till(1), code)).status_code == 200


def test_a_challenge_is_answered_once(up: Running) -> None:
    till = Till(1)
    challenge = up.challenge(till, up.pair(till))
    assert up.send("token", challenge).status_code == 200
    assert refusal(up.send("token", challenge)) == (401, "nonce_used")


@pytest.mark.parametrize("apart", [-3_600_000, 3_600_000])
def test_a_till_with_a_wrong_clock_is_told_the_time(up: Running, apart: int) -> None:
    till = Till(1)
    key_id = up.pair(till)
    answer = up.send("token", up.challenge(till, key_id, at=up.fake.now + apart))
    assert refusal(answer) == (401, "clock_apart")
    told = answer.json()["server_time"]
    assert up.send("token", up.challenge(till, key_id, at=told)).status_code == 200


def test_a_challenge_signed_with_another_key_gets_nothing(up: Running) -> None:
    key_id = up.pair(Till(1))
    assert refusal(up.send("token", up.challenge(Till(2), key_id))) == (401, "signature")


def test_a_token_ends_after_a_quarter_of_an_hour(up: Running) -> None:
    token = up.paired(Till(1))
    up.fake.now += TOKEN_LIFE_MS
    assert refusal(up.send("pull", FROM_THE_START, token)) == (401, "token_expired")


@pytest.mark.parametrize("place", range(0, 200, 7))
def test_a_token_that_was_changed_is_no_token(up: Running, place: int) -> None:
    token = up.paired(Till(1))
    place %= len(token)
    forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    status, _ = refusal(up.send("pull", FROM_THE_START, forged))
    # The last bits of a Base64 text carry nothing: a change there is no change.
    assert status == 401 or place >= len(token) - 3


def test_a_key_is_replaced_and_the_old_one_is_good_for_a_day(up: Running) -> None:
    till = Till(1)
    key_id = up.pair(till)
    token = up.token(till, key_id)
    new = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public = new.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    asked = RotateRequest(public, new.sign(pair_claim(key_id, till.device.device_id.bytes, public)))
    up.fake.now += 1
    new_key = up.ask("rotate", asked, PairAnswer, token).key_id
    old = till.private
    till.private = new
    assert up.send("pull", FROM_THE_START, up.token(till, new_key)).status_code == 200
    till.private = old
    assert up.send("pull", FROM_THE_START, up.token(till, key_id)).status_code == 200
    up.fake.now += KEY_OVERLAP_MS + 1
    assert refusal(up.send("pull", FROM_THE_START, up.token(till, key_id))) == (403, "device_revoked")


def test_a_till_that_is_paired_again_has_only_its_new_key(up: Running) -> None:
    till = Till(1)
    first = up.pair(till)
    up.pair(till)
    assert refusal(up.send("pull", FROM_THE_START, up.token(till, first))) == (403, "device_revoked")


def test_a_revoked_till_is_given_nothing_and_what_it_sends_waits_for_a_person(up: Running) -> None:
    till = Till(1)
    token = up.paired(till)
    owner = {"authorization": f"Bearer {up.staff('owner')}"}
    path = f"/office/v1/tills/{till.device.device_id}/revoke"
    assert up.client.post(path, headers=owner).json() == {"revoked": True}
    assert refusal(up.send("pull", FROM_THE_START, token)) == (403, "device_revoked")
    till.sells((123,), member=fact_id(100, 1), earned=3)
    answer = up.ask("push", till.push_of(), PushAnswer, token)
    assert [(one.status, one.code) for one in answer.results] == [("quarantined", "device_revoked")]
    (finding,) = up.client.get("/office/v1/exceptions", headers=owner).json()
    accepted = up.client.post(
        f"/office/v1/exceptions/{finding['id']}/accept", json={"note": "對過收據"}, headers=owner
    )
    assert accepted.json() == {"settled": True}
    assert up.client.get("/office/v1/exceptions", headers=owner).json() == []
    assert rows(up.database, "SELECT COUNT(*) FROM fact") == [(1,)]
    assert [result.status for result in up.ask("push", till.push_of(), PushAnswer, token).results] == [
        "duplicate"
    ]
