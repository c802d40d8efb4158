"""The canonical bytes of a fact, written by a compiled encoder: the same as :func:`app.domain.chain.canonical_bytes`, sooner.

The domain's function says what the bytes are, and a test holds the two together. This one stands between the last key of a sale and its
receipt.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

import msgspec

from app.domain.chain import canonical_bytes

_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def bytes_of(plain: Mapping[str, object]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8 in NFC."""
    body = _ENCODER.encode(plain)
    if body.isascii() or unicodedata.is_normalized("NFC", body.decode()):
        return body
    return canonical_bytes(plain)
