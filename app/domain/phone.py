"""Phone numbers: normalised to E.164 from any way of typing, and shown masked.

A member is unique on this number, never on a name. Rules per market: Taiwan mobiles are 09 and eight digits (0990–0999 included, which
libphonenumber files under personal numbers); Hong Kong and Macau have eight digits and no trunk 0; mainland mobiles are 1 and ten digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\s\-‐-―().·/]+")


@dataclass(frozen=True, slots=True)
class Region:
    """How one market writes its mobile numbers. ``national`` matches what people key; ``group`` are the display groups."""

    code: str
    calling_code: str
    national: re.Pattern[str]
    trunk: str
    groups: tuple[int, ...]


REGIONS = {
    region.code: region
    for region in (
        Region("TW", "886", re.compile(r"09\d{8}"), "0", (4, 3, 3)),
        Region("CN", "86", re.compile(r"1[3-9]\d{9}"), "", (3, 4, 4)),
        Region("HK", "852", re.compile(r"[4-9]\d{7}"), "", (4, 4)),
        Region("MO", "853", re.compile(r"6\d{7}"), "", (4, 4)),
    )
}


def fold_digits(text: str) -> str:
    """Full-width digits and signs to ASCII, outer spaces gone."""
    return unicodedata.normalize("NFKC", text).strip()


def parse_phone(text: str, region: str = "TW") -> str | None:
    """The E.164 number (``+886912345678``) or None when the text is no mobile number.

    Without a country code the shop's region decides; with one, any of the known markets is accepted.
    """
    compact = _SEPARATORS.sub("", fold_digits(text))
    home = REGIONS[region]
    if home.national.fullmatch(compact):
        return f"+{home.calling_code}{compact.removeprefix(home.trunk)}"
    digits = compact.removeprefix("+").removeprefix("00")
    if not digits.isascii() or not digits.isdigit():
        return None
    for candidate in REGIONS.values():
        if digits.startswith(candidate.calling_code):
            rest = digits.removeprefix(candidate.calling_code)
            national = rest if rest.startswith(candidate.trunk) else candidate.trunk + rest
            if candidate.national.fullmatch(national):
                return f"+{candidate.calling_code}{national.removeprefix(candidate.trunk)}"
    return None


def national_number(e164: str) -> str:
    """The number as people of its market write it, digits only: ``0912345678``."""
    for region in REGIONS.values():
        prefix = f"+{region.calling_code}"
        if e164.startswith(prefix) and region.national.fullmatch(region.trunk + e164.removeprefix(prefix)):
            return region.trunk + e164.removeprefix(prefix)
    return e164


def mask_phone(e164: str) -> str:
    """``0912-***-678``: enough to recognise a customer by, not enough to call them; a dash where an erased member has none any more."""
    if not e164.startswith("+"):
        return "—"
    national = national_number(e164)
    if national.startswith("+") or len(national) < 8:
        return "***" + national[-3:]
    if len(national) == 8:
        return f"{national[:2]}**-*{national[-3:]}"
    return (
        f"{national[:4]}-***-{national[-3:]}"
        if len(national) == 10
        else f"{national[:3]}-****-{national[-4:]}"
    )


def one_digit_off(number: str) -> tuple[str, ...]:
    """Every national number that differs by one digit or by two neighbours swapped: the usual slips of a finger."""
    slips = {
        number[:i] + digit + number[i + 1 :]
        for i in range(len(number))
        for digit in "0123456789"
        if digit != number[i]
    }
    slips |= {
        number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        for i in range(len(number) - 1)
        if number[i] != number[i + 1]
    }
    return tuple(sorted(slips))
