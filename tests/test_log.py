"""Logs: never a phone or card number, in any handler; a tail for crash reports; a file that rotates."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import log


@pytest.fixture(autouse=True)
def _put_logging_back() -> Iterator[None]:
    yield
    log.uninstall()


@pytest.mark.parametrize(
    "written",
    [
        "0912345678",
        "0912-345-678",
        "0912 345 678",
        "+886912345678",
        "+886-912-345-678",
        "+886 (0)912 345 678",
        "886912345678",
        "０９１２３４５６７８",
        "13812345678",
        "+85291234567",
    ],
)
def test_phone_numbers_are_masked_however_they_are_written(written: str) -> None:
    masked = log.mask(f"會員電話{written}，已查到")
    assert "會員電話<phone …" in masked
    assert "，已查到" in masked
    assert not any(part in masked for part in ("12345", "345-6", "345 6", "91234", "３４５"))


@pytest.mark.parametrize("written", ["4111111111111111", "4111 1111 1111 1111", "3782-822463-10005"])
@pytest.mark.parametrize("around", ["{}", "card {} ok", "card {} 2 items", "3 {}", "4 {} 5"])
def test_card_numbers_are_masked_even_beside_other_numbers(written: str, around: str) -> None:
    masked = log.mask(around.format(written))
    assert "<card …" in masked
    assert sum(character.isdigit() for character in masked) <= 8


@pytest.mark.parametrize(
    "harmless",
    [
        "0191b2c3-0912-7345-8678-091234567890",
        "at 1763764241000 took 12 ms",
        "receipt 01-01-000123",
        "hash 4111111111111111abcdef",
        "4111111111111112",
        "total NT$12,345",
        "2026-11-21 22:30:41",
    ],
)
def test_identifiers_instants_and_amounts_stay_readable(harmless: str) -> None:
    assert log.mask(harmless) == harmless


@given(st.text(alphabet="0123456789 -+ax會", max_size=40))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert log.mask(log.mask(text)) == log.mask(text)


def test_a_foreign_handler_sees_only_masked_records(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log.member.info("found %s", "0912345678")
    assert caplog.messages == ["found <phone …678>"]


@pytest.mark.logs_warnings
def test_tracebacks_are_masked(tmp_path: Path) -> None:
    log.install(tmp_path)
    try:
        raise ValueError("bad phone 0912345678")
    except ValueError:
        log.sale.exception("could not look up")
    written = (tmp_path / log.FILE_NAME).read_text(encoding="utf-8")
    assert "ValueError: bad phone <phone …678>" in written
    assert "0912345678" not in written + "\n".join(log.tail())


def test_the_tail_keeps_the_last_records_only(tmp_path: Path) -> None:
    log.install(None)
    for number in range(log.TAIL_RECORDS_MAX + 10):
        log.till.info("record %d", number)
    assert len(log.tail()) == log.TAIL_RECORDS_MAX
    assert log.tail()[0].endswith("record 10")


@pytest.mark.logs_warnings
def test_records_of_libraries_are_kept_and_masked_too(tmp_path: Path) -> None:
    log.install(tmp_path)
    logging.getLogger("somelibrary").warning("sent to +886912345678")
    assert "sent to <phone …678>" in log.tail()[-1]


def test_installing_twice_writes_each_record_once(tmp_path: Path) -> None:
    log.install(tmp_path)
    log.install(tmp_path)
    log.sync.info("once")
    assert (tmp_path / log.FILE_NAME).read_text(encoding="utf-8").count("once") == 1


def test_the_file_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "FILE_BYTES_MAX", 2_000)
    monkeypatch.setattr(log, "FILES_KEPT_MAX", 2)
    log.install(tmp_path)
    for number in range(100):
        log.store.info("a line that is about sixty characters long, number %d", number)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["regulars.log", "regulars.log.1", "regulars.log.2"]
