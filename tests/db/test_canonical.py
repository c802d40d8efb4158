"""The compiled encoder writes what the domain's own function writes, byte by byte."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chain import canonical_bytes
from app.domain.codec import canonical, to_plain
from app.domain.transaction import Transaction
from db.canonical import bytes_of
from tests import strategies

TEXT = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from('e\u0301\u00e9茶\u2028\x7f\x00\x1f\n"\\/')
)
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT
VALUES = st.recursive(
    LEAVES, lambda some: st.lists(some, max_size=4) | st.dictionaries(TEXT, some, max_size=4), max_leaves=12
)


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_every_plain_value_has_the_same_bytes(plain: dict[str, Any]) -> None:
    assert bytes_of(plain) == canonical_bytes(plain)


@given(strategies.transactions())
def test_every_transaction_has_the_same_bytes(transaction: Transaction) -> None:
    assert bytes_of(to_plain(transaction)) == canonical(transaction)
