"""How a scanner types is measured, not assumed; one that types like a person is told so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from ui.scan_calibration import (
    FASTEST_FINGERS_MS,
    Calibration,
    ScannerSettings,
    from_setting,
    to_setting,
)

CODE = "REGULARS-2026"
EAN = "4710088412348"


def scan(
    calibration: Calibration, text: str, at: int, gaps: Sequence[int], *, end: str = "Enter", before: str = ""
) -> int:
    """Feed one scan; returns when its last key came."""
    keys = [
        *([(before, "")] if before else []),
        *(("", character) for character in text),
        *([(end, "")] if end else []),
    ]
    for place, (name, character) in enumerate(keys):
        at += gaps[place % len(gaps)] if place else 0
        calibration.stroke(name, character, at)
    return at


def calibrated(
    expected: str, text: str, gaps: Sequence[int], *, end: str = "Enter", before: str = ""
) -> Calibration:
    made = Calibration(expected)
    at = 1_000
    for _ in range(3):
        at = scan(made, text, at, gaps, end=end, before=before) + 900
    return made


@pytest.mark.parametrize(
    ("gaps", "gap_ms"), [((8, 10, 12), 23), ((2, 4), 20), ((18, 25), 42)], ids=["usual", "fast", "bluetooth"]
)
def test_the_gap_is_what_the_scanner_needs_and_half_as_much_again(gaps: Sequence[int], gap_ms: int) -> None:
    assert calibrated(EAN, EAN, gaps).settings() == ScannerSettings(gap_ms=gap_ms)


@pytest.mark.parametrize("end", ["Enter", "Tab", ""])
def test_any_terminator_or_none_will_do(end: str) -> None:
    made = calibrated("", EAN, (8, 10), end=end)
    assert made.scans_needed == 0
    assert made.settings().gap_ms == 20


def test_three_scans_of_one_code_are_asked_for() -> None:
    made = Calibration()
    assert made.scans_needed == 3
    scan(made, EAN, 1_000, (8,))
    assert made.scans_needed == 2
    with pytest.raises(Refused) as refused:
        made.settings()
    assert (refused.value.code, refused.value.fields) == ("scanner_calibration_short", {"scans": 2})


def test_a_scanner_as_slow_as_fingers_needs_a_prefix_and_with_one_it_is_told_apart() -> None:
    with pytest.raises(Refused) as refused:
        calibrated(EAN, EAN, (80, 100)).settings()
    assert refused.value.code == "scanner_too_slow"
    settings = calibrated(EAN, EAN, (80, 100), before="F9").settings()
    assert (settings.prefix, settings.gap_ms) == ("F9", FASTEST_FINGERS_MS)


def test_text_around_the_expected_code_is_prefix_and_suffix() -> None:
    settings = calibrated(CODE, f"~{CODE}#", (8, 10)).settings()
    assert (settings.prefix, settings.suffix) == ("~", "#")


def test_caps_lock_is_noticed_by_the_code_on_the_sheet() -> None:
    made = calibrated(CODE, CODE.swapcase(), (8, 10))
    assert made.scans_needed == 0
    assert made.has_caps_lock
    assert made.settings().prefix == ""


def test_fingers_between_the_scans_do_not_count() -> None:
    made = Calibration(EAN)
    at = 1_000
    for _ in range(3):
        at = scan(made, EAN, at, (8, 10)) + 900
        at = scan(made, "0912345678", at, (110, 90)) + 900
    assert made.settings().gap_ms == 20


@given(st.lists(st.integers(1, 35), min_size=1, max_size=14))
def test_whatever_a_fast_scanner_does_its_own_scans_fit_the_gap(gaps: list[int]) -> None:
    settings = calibrated(EAN, EAN, gaps).settings()
    assert max(gaps[1:13] or gaps) <= settings.gap_ms <= FASTEST_FINGERS_MS


def test_the_settings_are_kept_and_read_back_and_damage_is_the_default() -> None:
    settings = ScannerSettings(gap_ms=42, prefix="F9")
    assert from_setting(to_setting(settings)) == settings
    wrong: tuple[object, ...] = (None, [], {"gap_ms": 0}, {"gap_ms": "fast"})
    for damaged in wrong:
        assert from_setting(damaged) == ScannerSettings()
