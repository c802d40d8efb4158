from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import LotId
from app.domain.ledger import Account, Lot, NotEnoughPoints, spend, spendable

TODAY = date(2026, 11, 21)


def lots() -> st.SearchStrategy[list[Lot]]:
    lot = st.builds(
        lambda n, age, days, left: Lot(
            LotId(UUID(int=n)), age, None if days is None else TODAY + timedelta(days), left
        ),
        st.integers(1, 10**6),
        st.integers(0, 1000),
        st.none() | st.integers(-30, 400),
        st.integers(0, 500),
    )
    return st.lists(lot, max_size=12, unique_by=lambda lot: lot.id)


@given(lots(), st.integers(1, 2000))
def test_spending_takes_exactly_what_was_asked_and_never_from_an_expired_lot(
    owned: list[Lot], points: int
) -> None:
    can = spendable(owned, TODAY)
    if points > can:
        with pytest.raises(NotEnoughPoints):
            spend(owned, points, TODAY)
        return
    postings = spend(owned, points, TODAY)
    taken = {p.lot_id: -p.points for p in postings if p.account is Account.MEMBER}
    assert sum(p.points for p in postings) == 0
    assert sum(taken.values()) == points
    for lot in owned:
        assert taken.get(lot.id, 0) <= lot.remaining
        assert lot.id not in taken or lot.expires_on is None or lot.expires_on >= TODAY


@given(lots(), st.integers(1, 500))
def test_the_lot_that_dies_first_is_spent_first(owned: list[Lot], points: int) -> None:
    if points > spendable(owned, TODAY):
        return
    taken = {p.lot_id: -p.points for p in spend(owned, points, TODAY) if p.account is Account.MEMBER}
    live = [lot for lot in owned if lot.remaining > 0 and (lot.expires_on is None or lot.expires_on >= TODAY)]
    for lot in live:
        if lot.id not in taken or taken[lot.id] < lot.remaining:
            later = [other for other in live if (other.expires_on or date.max) > (lot.expires_on or date.max)]
            assert all(other.id not in taken for other in later)


def test_a_lot_is_good_on_its_last_day_and_gone_on_the_next() -> None:
    lot = Lot(LotId(UUID(int=1)), 0, TODAY, 10)
    assert spendable([lot], TODAY) == 10
    assert spendable([lot], TODAY + timedelta(1)) == 0
