"""Where the server is, from what a person typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from sync.client.address import parse_address


@pytest.mark.parametrize(
    ("typed", "url", "is_safe"),
    [
        ("office.example.com", "https://office.example.com", True),
        (" https://office.example.com/ ", "https://office.example.com", True),
        ("https://office.example.com:8470", "https://office.example.com:8470", True),
        ("HTTP://192.168.1.20:8470", "http://192.168.1.20:8470", False),
        ("127.0.0.1:8470", "http://127.0.0.1:8470", True),
        ("localhost", "http://localhost", True),
        ("http://[::1]:8470", "http://[::1]:8470", True),
        ("https://熟客.example", "https://熟客.example", True),
    ],
)
def test_an_address_is_understood_however_it_is_typed(typed: str, url: str, is_safe: bool) -> None:
    address = parse_address(typed)
    assert (address.url, address.is_safe) == (url, is_safe)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "https://", "ftp://office.example", "https://office.example/path", "https://me:secret@office.example",
        "https://office.example?x=1", "https://office.example:99999", "https://office.example:port", "file:///etc/passwd",
        "https://of fice.example", "http://[::1", "https://[nonsense]", "a" * 300, "https://..", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_address(typed)
    assert refused.value.code == "server_url"


@given(st.text(max_size=60))
def test_nothing_that_is_typed_does_more_than_be_refused(typed: str) -> None:
    try:
        address = parse_address(typed)
    except Refused:
        return
    assert address.url.startswith(("http://", "https://"))
    assert parse_address(address.url) == address
