"""Tags by rule: exact answers on a fixture, each with what it rests on."""

from __future__ import annotations

from datetime import date

import numpy as np

from app.insight.tags import Purchases, Tag, TagKind, day_part, tags
from tests.insight.tables import FIRST, YEAR

TEA, FRUIT, SOAP = range(3)


def bought(*rows: tuple[int, int, int, int, int, int]) -> Purchases:
    """(day of the year, hour, category, brand, units, discount)"""
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    return Purchases(table[:, 0] + FIRST, *(table[:, place] for place in range(1, 6)))


def named(found: tuple[Tag, ...]) -> dict[TagKind, tuple[int | str, int, int]]:
    return {tag.kind: (tag.subject, tag.hits, tag.of) for tag in found}


def test_a_member_with_every_tag() -> None:
    # Days 4, 35, 63 ... are the fifth of a month.
    fifths = [4, 35, 63, 94, 124, 155]
    rows = [(day, 9, TEA, 7, 2, 10) for day in fifths] + [(180, 20, FRUIT, -1, 3, 0)]
    found = tags(bought(*rows), YEAR, birthday=date(1980, 5, 3))
    assert named(found) == {
        TagKind.FAVOURITE_CATEGORY: (TEA, 12, 15),
        TagKind.TIME_OF_DAY: ("morning", 6, 7),
        TagKind.PAYDAY_SHOPPER: ("payday", 6, 7),
        TagKind.BARGAIN_HUNTER: ("discount", 12, 15),
        TagKind.BRAND_LOYAL: (7, 12, 12),
        TagKind.BIRTHDAY_MONTH: (5, 1, 1),
    }
    assert {tag.as_of for tag in found} == {YEAR.last}


def test_too_little_to_go_by_is_no_tag() -> None:
    assert tags(bought((0, 9, TEA, 7, 50, 5), (1, 9, TEA, 7, 50, 5)), YEAR) == ()
    assert tags(bought(), YEAR) == ()


def test_each_rule_just_below_its_limit() -> None:
    rows = [(day, 9, TEA, 1, 1, 0) for day in (40, 41)] + [(42, 15, SOAP, 2, 1, 0), (43, 20, FRUIT, 3, 1, 0)]
    assert tags(bought(*rows), YEAR) == (), "two visits are no favourite, four no time of day"
    five = [*rows, (44, 20, FRUIT, 4, 2, 1)]
    assert TagKind.TIME_OF_DAY not in named(tags(bought(*five), YEAR)), "two of five is no habit"


def test_a_visit_counts_by_its_first_hour_and_once() -> None:
    rows = [(day, hour, TEA, 1, 1, 0) for day in range(5) for hour in (18, 10, 19)]
    found = named(tags(bought(*rows), YEAR))
    assert found[TagKind.TIME_OF_DAY] == ("morning", 5, 5)


def test_the_day_has_its_parts_and_night_goes_round_the_clock() -> None:
    assert [day_part(hour) for hour in (0, 4, 5, 10, 11, 13, 14, 17, 21, 22, 23)] == [
        "night", "night", "morning", "morning", "noon", "noon", "afternoon", "evening", "evening", "night", "night",
    ]  # fmt: skip
