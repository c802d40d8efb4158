"""GS1 element strings and Digital Links, read by biip behind our own order of recognition.

biip knows the standard's application identifiers; which of them a till acts on (article, lot, serial, expiry, weight, price) is decided
here. Its module is loaded with the first such symbol, never at the start.
"""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.domain.barcode import normalised_gtin
from app.domain.entry import Gs1Data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biip.gs1_element_strings import GS1ElementString

_WEIGHT: Final = "310"
_AMOUNTS: Final = ("392", "393")
_EXPIRIES: Final = ("17", "15", "16")


def parse(text: str) -> Gs1Data | None:
    """What an element string (``0104710…``, ``(01)04710…``) or a Digital Link says.

    None where it names no article or breaks the standard.
    """
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI
    from biip.gs1_messages import GS1Message

    try:
        if text[:4].lower() == "http":
            elements: Sequence[GS1ElementString] = GS1DigitalLinkURI.parse(text).element_strings
        elif text.startswith("("):
            elements = GS1Message.parse_hri(text).element_strings
        else:
            elements = GS1Message.parse(text).element_strings
    except (ParseError, ValueError):
        return None
    return _data(elements)


def _data(elements: Sequence[GS1ElementString]) -> Gs1Data | None:
    by_identifier = {element.ai.ai: element for element in elements}
    article = by_identifier.get("01")
    if article is None or article.gtin is None:
        return None
    expiry = next((by_identifier[ai] for ai in _EXPIRIES if ai in by_identifier), None)
    weight = next((element for ai, element in by_identifier.items() if ai.startswith(_WEIGHT)), None)
    amount = next((element for ai, element in by_identifier.items() if ai.startswith(_AMOUNTS)), None)
    return Gs1Data(
        gtin=normalised_gtin(article.value),
        lot=_value(by_identifier.get("10")),
        serial=_value(by_identifier.get("21")),
        expires_on=None if expiry is None else _day(expiry),
        weight=None if weight is None or weight.decimal is None else _thousandths(weight.decimal),
        amount=None if amount is None else _amount(amount),
    )


def _value(element: GS1ElementString | None) -> str:
    return "" if element is None else element.value


def _day(element: GS1ElementString) -> date | None:
    """A day of 00 is the last of its month (GS1 General Specifications 3.4)."""
    if element.date is not None:
        return element.date
    year, month = 2000 + int(element.value[:2]), int(element.value[2:4])
    return date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _thousandths(kilograms: Decimal) -> int:
    """Finer than a gram is rounded down: a customer never pays for what the label does not show."""
    return int(kilograms * 1000)


def _amount(element: GS1ElementString) -> tuple[int, int]:
    """The digits of a price and how many of them are decimals: the identifier's last digit says so. 393x begins with a currency number."""
    decimals = int(element.ai.ai[3])
    digits = element.value[3:] if element.ai.ai.startswith("393") else element.value
    return int(digits), decimals
