"""Values come back from the file as they went in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from db.types import date_number, number_date, uuid_of


@given(st.uuids())
def test_an_id_comes_back_as_it_was(value: UUID) -> None:
    again = uuid_of(value.bytes)
    assert again == value
    assert (hash(again), str(again), again.is_safe) == (hash(value), str(value), value.is_safe)


@given(st.dates(min_value=date(2000, 1, 1)))
def test_a_date_comes_back_as_it_was(day: date) -> None:
    assert number_date(date_number(day)) == day


@given(st.dates(), st.dates())
def test_dates_sort_as_their_numbers(one: date, other: date) -> None:
    assert (one < other) == (date_number(one) < date_number(other))
