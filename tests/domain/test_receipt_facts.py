from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.receipt_facts import ReceiptFacts, from_json, to_json

text = st.text(max_size=30)


@given(
    st.builds(
        ReceiptFacts,
        language=st.sampled_from(["zh_TW", "zh_CN", "en"]),
        shop_name=text,
        till_code=text,
        operator=text,
        address=text,
        phone=text,
        tax_id=text,
        footer=text,
        approvers=st.lists(text, max_size=3).map(tuple),
        member=text,
        points_before=st.integers(-(10**6), 10**6),
        points_after=st.integers(-(10**6), 10**6),
    )
)
def test_facts_come_back_as_they_were_noted(facts: ReceiptFacts) -> None:
    data = to_json(facts)
    assert data.startswith(b"{"), "so that it is never taken for a compressed document"
    assert from_json(data) == facts


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"{", b'{"format":2}', b'{"format":1,"colour":"red"}', b"\x78\x01"]
)
def test_damaged_facts_are_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        from_json(data)
    assert caught.value.code == "receipt_damaged"
