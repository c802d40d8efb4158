"""The demo's calendar: lunar days from the table, closed days, seasons of goods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.demo.festivals import (
    CLOSES_AT,
    NEW_YEARS_EVE_CLOSES_AT,
    OPENS_AT,
    FestivalName,
    category_lifts_on,
    festival,
    festivals_between,
    level_on,
    opening_hours,
    season_of,
)


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("lunar_new_year", date(2026, 2, 17)),
        ("lantern", date(2026, 3, 3)),
        ("mothers_day", date(2026, 5, 10)),
        ("mothers_day", date(2028, 5, 14)),
        ("dragon_boat", date(2026, 6, 19)),
        ("ghost", date(2026, 8, 27)),
        ("mid_autumn", date(2026, 9, 25)),
        ("mid_autumn", date(2025, 10, 6)),
        ("double_eleven", date(2026, 11, 11)),
    ],
)
def test_festivals_fall_on_their_days(name: FestivalName, on: date) -> None:
    assert festival(name, on.year) == on


def test_lunar_festivals_beyond_the_table_are_left_out_and_the_shop_trades_on() -> None:
    assert festival("lunar_new_year", 2050) is None
    assert opening_hours(date(2050, 2, 1)) == (OPENS_AT, CLOSES_AT)
    assert list(festivals_between("mid_autumn", date(2040, 1, 1), date(2045, 12, 31))) == []


def test_the_shop_is_closed_on_the_first_three_days_of_the_lunar_year_and_shuts_early_on_its_eve() -> None:
    new_year = date(2026, 2, 17)
    assert [opening_hours(new_year + timedelta(days=day)) is None for day in range(-1, 4)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert opening_hours(new_year - timedelta(days=1)) == (OPENS_AT, NEW_YEARS_EVE_CLOSES_AT)
    assert level_on(new_year) == 0


def test_trade_rises_towards_the_new_year_and_is_quiet_after_it() -> None:
    # All of them Wednesdays.
    plain, before, after = date(2026, 1, 21), date(2026, 2, 11), date(2026, 2, 25)
    assert level_on(after) < level_on(plain) < level_on(before)


def test_mooncakes_are_for_mid_autumn_and_ices_for_summer() -> None:
    mooncake = season_of("廣式月餅禮盒 8入")
    assert mooncake is not None
    assert mooncake.share_on(date(2026, 9, 20)) == 1
    assert mooncake.share_on(date(2026, 3, 20)) == 0
    assert (
        category_lifts_on(date(2026, 7, 15))["冷凍食品/冰品"]
        > 4 * category_lifts_on(date(2026, 1, 5))["冷凍食品/冰品"]
    )


def test_a_festival_early_in_the_year_is_felt_in_the_old_one() -> None:
    red_envelopes = season_of("燙金紅包袋 10入")
    assert red_envelopes is not None
    assert red_envelopes.share_on(date(2027, 12, 30)) == 1  # 2028-01-26 is 27 days away.


def test_an_everyday_good_has_no_season() -> None:
    assert season_of("無糖高山青茶 600ml") is None
