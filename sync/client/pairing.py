"""Pairing: a code from the office becomes a key of this till. The code works once, so everything else is checked before it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.domain.errors import Cancelled, Refused, TillError, Unavailable
from app.domain.ids import DeviceId
from app.i18n import t
from sync.client.address import ServerAddress
from sync.client.identity import SEED_BYTES, DeviceKey, Pairing, Vault, vault_works
from sync.client.messages import proof_of
from sync.client.transport import Transport, answer_of
from sync.client.trouble import Problem, Trouble
from sync.protocol import PairAnswer, PairRequest, pack

CODE_LETTERS: Final = 12
CARRY_KEY_BYTES: Final = 32
NAME_MAX: Final = 60
TEXT_MAX: Final = 40


def normal_code(text: str) -> str:
    """``ABCD-EFGH-JKLM`` from any way of typing. Raises Refused("pairing_code")."""
    letters = "".join(
        character for character in text.strip().upper()[: 2 * CODE_LETTERS] if character not in " -"
    )
    if len(letters) != CODE_LETTERS or not (letters.isascii() and letters.isalnum()):
        raise Refused("pairing_code", text=text.strip()[:TEXT_MAX])
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def pair(
    address: ServerAddress,
    code: str,
    device: DeviceId,
    *,
    store_code: str,
    till_code: str,
    name: str,
    transport: Transport,
    vault: Vault,
    now: int,
    random: Callable[[int], bytes],
) -> tuple[Pairing, int]:
    """What the books keep from now on, and the server's life; the key is in the vault. Raises Refused, Unavailable."""
    code = normal_code(code)
    if not vault_works(vault):
        raise Unavailable("device_key_unkept")
    key = DeviceKey("", now, random(SEED_BYTES))
    request = PairRequest(
        code=code,
        device=device.bytes,
        public_key=key.public,
        proof=proof_of(key, code, device.bytes),
        store_code=store_code,
        till_code=till_code,
        name="".join(character for character in name if character.isprintable())[:NAME_MAX],
    )
    try:
        answer = answer_of(transport.send("pair", pack(request)), PairAnswer)
    except Trouble as trouble:
        raise _said(trouble, store_code) from trouble
    vault.keep(answer.key_id, key.seed)
    carry_key = answer.carry_key if len(answer.carry_key) == CARRY_KEY_BYTES else b""
    return Pairing(address.url, answer.tenant, answer.key_id, now, carry_key), answer.server


def _said(trouble: Trouble, store_code: str) -> TillError:
    match trouble.server_code:
        case "code_wrong":
            return Refused("pairing_code_wrong")
        case "store_other":
            return Refused("pairing_store_other", store=store_code)
    if trouble.problem is Problem.STOPPED:
        return Cancelled()
    if trouble.problem is Problem.BUSY:
        return Unavailable("pairing_busy")
    return Unavailable("pairing_failed", reason=t(f"sync.problem.{trouble.problem.value}"))
