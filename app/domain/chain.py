"""The hash chain: each fact carries SHA-256 over its place and its canonical bytes and the hash before it.

What is hashed is what is stored and sent. No personal data enters these bytes, so that erasing a person breaks nothing.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Final
from uuid import UUID

DOMAIN = b"regulars.fact.v1"
GENESIS = bytes(32)


def canonical_bytes(plain: Mapping[str, object]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8 in NFC. Only strings, integers, booleans, None, lists and mappings may appear."""
    text = _dumps(plain)
    if not unicodedata.is_normalized("NFC", text):
        # Value by value: across a JSON escape the mark after a line break would join the n of its backslash-n.
        text = _dumps(_composed(plain))
    return text.encode()


def link(previous: bytes, device: UUID, incarnation: int, seq: int, body: bytes) -> bytes:
    """The hash of the fact at position (device, incarnation, seq)."""
    assert len(previous) == 32
    place = device.bytes + incarnation.to_bytes(8, "big") + seq.to_bytes(8, "big")
    return hashlib.sha256(DOMAIN + place + previous + body).digest()


def short_head(digest: bytes) -> str:
    """What is printed on paper: ten hexadecimal digits in two groups."""
    text = digest.hex()[:10].upper()
    return f"{text[:5]}-{text[5:]}"


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_dumps = _ENCODER.encode


def _composed(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_composed(key): _composed(content) for key, content in value.items()}
    if isinstance(value, list):
        return [_composed(content) for content in value]
    return value
