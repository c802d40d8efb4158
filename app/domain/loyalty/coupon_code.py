"""A coupon on paper: the symbol that any till of the shop can prove without a network, and the ten characters that a person types.

    C1:<payload>:<signature>        upper-case base 32 and colons only, at most 120 characters (QR alphanumeric, version 6)
    K7QM3-X9RTA                     eight characters from the coupon's id and two check characters

The signature is HMAC-SHA-256 under the shop's coupon key, cut to 80 bits. Every till of the shop holds that key, in its encrypted
store and nowhere else: whoever could read it there could also write the store, so a public-key signature would protect nothing more
and would not fit on the paper (64 bytes are 103 characters). 80 bits cannot be guessed at a counter. The typed form proves nothing: it only
finds a coupon that this till knows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.domain.entry import check_characters
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.loyalty.coupon import Coupon, CouponId, CouponSource

PREFIX: Final = "C1"
KEY_BYTES: Final = 32
KEYS_MAX: Final = 16
CODE_LENGTH_MAX: Final = 120
SIGNATURE_BYTES: Final = 10
FORMAT: Final = 1
TYPED_LENGTH: Final = 10
_DAY_ONE: Final = date(2020, 1, 1)
_NO_END: Final = 0xFFFF
# Neither I, O, 0 nor 1. The first character is a letter, so that nothing typed is taken for a quantity or a number.
_TYPED: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_TYPED_FIRST: Final = 24


@dataclass(frozen=True, slots=True)
class CouponKeys:
    """The shop's coupon keys, the oldest first. The last one signs; every one proves, so that a changed key ends no printed coupon."""

    keys: tuple[bytes, ...]

    def __post_init__(self) -> None:
        assert 1 <= len(self.keys) <= KEYS_MAX
        assert all(len(key) == KEY_BYTES for key in self.keys)

    def __repr__(self) -> str:
        return f"CouponKeys({len(self.keys)})"


def code_of(coupon: Coupon, keys: CouponKeys) -> str:
    """``C1:…:…``: what a QR carries."""
    payload = _payload(coupon)
    code = f"{PREFIX}:{_text(payload)}:{_text(_signature(payload, keys.keys[-1]))}"
    assert len(code) <= CODE_LENGTH_MAX
    return code


def read_code(body: str, keys: CouponKeys | None) -> Coupon:
    """The coupon in what follows ``C1:``, proved. ``issued_at`` is the start of its first day: the paper does not say more.

    Raises Refused("coupon_code_damaged") for whatever no key of the shop has signed.
    """
    try:
        assert body.isascii()
        payload_text, signature_text = body.strip().upper().split(":")
        payload, signature = _bytes(payload_text), _bytes(signature_text)
        proofs = [_signature(payload, key) for key in keys.keys] if keys is not None else []
        assert any(hmac.compare_digest(proof, signature) for proof in proofs)
        return _coupon(payload)
    except (ValueError, IndexError, AssertionError, OverflowError) as error:
        raise Refused("coupon_code_damaged") from error


def typed_of(coupon_id: UUID) -> str:
    """Ten characters, made from the id alone."""
    value = int.from_bytes(hashlib.sha256(b"typed coupon" + coupon_id.bytes).digest()[:8], "big")
    value, first = divmod(value, _TYPED_FIRST)
    text = _TYPED[first]
    for _ in range(TYPED_LENGTH - 3):
        value, place = divmod(value, len(_TYPED))
        text += _TYPED[place]
    return text + check_characters(PREFIX + text)


def shown(code: str) -> str:
    """``K7QM3-X9RTA``: easier to read out and to type."""
    return f"{code[: TYPED_LENGTH // 2]}-{code[TYPED_LENGTH // 2 :]}"


def typed_code(text: str) -> str | None:
    """The code that somebody typed, however they wrote it, or None when it is none: the check characters tell."""
    compact = "".join(text.split()).replace("-", "").upper()
    if len(compact) != TYPED_LENGTH or any(character not in _TYPED for character in compact):
        return None
    body, check = compact[:-2], compact[-2:]
    if body[0] not in _TYPED[:_TYPED_FIRST] or check_characters(PREFIX + body) != check:
        return None
    return compact


def _signature(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"regulars coupon\n" + payload, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _payload(coupon: Coupon) -> bytes:
    template = coupon.template.encode("ascii")
    return b"".join(
        (
            bytes((FORMAT,)),
            coupon.id.bytes,
            coupon.rule_version.to_bytes(2, "big"),
            _day_number(coupon.valid_from).to_bytes(2, "big"),
            (_NO_END if coupon.valid_to is None else _day_number(coupon.valid_to)).to_bytes(2, "big"),
            bytes((coupon.uses_max, len(template))),
            template,
            b"" if coupon.member_id is None else coupon.member_id.bytes,
        )
    )


def _coupon(payload: bytes) -> Coupon:
    assert payload[0] == FORMAT
    coupon_id = CouponId(UUID(bytes=payload[1:17]))
    rule_version, first, last = (int.from_bytes(payload[at : at + 2], "big") for at in (17, 19, 21))
    end = 25 + payload[24]
    member = payload[end:]
    valid_from = _DAY_ONE + timedelta(days=first)
    return Coupon(
        id=coupon_id,
        code=typed_of(coupon_id),
        template=payload[25:end].decode("ascii"),
        rule_version=rule_version,
        issued_at=(valid_from - date(1970, 1, 1)).days * 86_400_000,
        valid_from=valid_from,
        valid_to=None if last == _NO_END else _DAY_ONE + timedelta(days=last),
        uses_max=payload[23],
        source=CouponSource.PAPER,
        member_id=MemberId(UUID(bytes=member)) if member else None,
    )


def _day_number(day: date) -> int:
    number = (day - _DAY_ONE).days
    assert 0 <= number < _NO_END
    return number


def _text(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    # The last character has unused bits: only one way of writing them counts.
    assert _text(data) == text
    return data


def keys_from_texts(texts: Sequence[str]) -> CouponKeys:
    """The keys as the store keeps them. Raises ValueError."""
    keys = tuple(bytes.fromhex(text) for text in texts)
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("coupon keys")
    return CouponKeys(keys)
