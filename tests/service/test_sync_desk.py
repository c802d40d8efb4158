"""What a person is told about the talk with the central server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import LANGUAGES, t
from app.service.sync_desk import (
    CUT_OFF,
    DAY_MS,
    GROUPS,
    HOUR_MS,
    LIMIT_MOST,
    MINUTE_MS,
    REVOKED,
    AgeLimits,
    NoticeKind,
    Sign,
    Tone,
    apart_words,
    as_it_is,
    balance_age,
    closing_notice,
    group_of,
    grouped,
    lamp_of,
    limits_to_settings,
    load_age_limits,
    moment,
    problem_of,
    sign_on_notices,
)
from app.service.sync_ports import SyncPhase, SyncStatus
from sync.client.trouble import Problem

TAIPEI = timezone(timedelta(hours=8))
LOCAL = datetime(2026, 11, 21, 15, 0, tzinfo=TAIPEI)
NOW = int(LOCAL.timestamp() * 1000)
TWELVE_PAST_NINE = int(datetime(2026, 11, 21, 9, 12, tzinfo=TAIPEI).timestamp() * 1000)
LIMITS = AgeLimits()


def status(phase: SyncPhase = SyncPhase.WAITING, **fields: object) -> SyncStatus:
    return replace(SyncStatus(phase, last_contact_at=TWELVE_PAST_NINE), **fields)  # type: ignore[arg-type]


def words(of: SyncStatus, tickets: int | None = None) -> str:
    look = lamp_of(of, LIMITS, tickets=tickets, local=LOCAL)
    assert look is not None
    return look.full


# --- the lamp ----------------------------------------------------------------------------------------------------------


def test_a_till_that_stands_alone_has_no_lamp() -> None:
    alone = SyncStatus(SyncPhase.UNPAIRED, waiting=4_000)
    assert lamp_of(alone, LIMITS, tickets=3_000, local=LOCAL) is None
    assert sign_on_notices(replace(alone, age_days=90), LIMITS) == ()
    assert closing_notice(replace(alone, age_days=90), LIMITS) is None


def test_sales_are_called_sales_and_other_records_are_not() -> None:
    assert words(status(waiting=42), 42) == "42 筆銷售待上傳，上次連線 09:12"
    assert words(status(waiting=3), 0) == "3 筆資料待上傳，上次連線 09:12"
    assert words(status(waiting=3), None) == "3 筆資料待上傳，上次連線 09:12"


def test_what_was_counted_a_moment_ago_is_never_more_than_what_waits_now() -> None:
    assert words(status(waiting=7), 42).startswith("7 筆銷售")


def test_offline_says_since_when() -> None:
    assert words(status(SyncPhase.OFFLINE)) == "離線，上次連線 09:12"
    assert words(status(SyncPhase.OFFLINE, waiting=42), 40) == "離線，40 筆銷售待上傳，上次連線 09:12"
    assert words(status(SyncPhase.OFFLINE, last_contact_at=None)) == "離線"


def test_a_young_wait_is_calm_and_an_old_one_is_not() -> None:
    tones = {
        days: lamp_of(status(waiting=5, age_days=days), LIMITS, tickets=5, local=LOCAL).tone  # type: ignore[union-attr]
        for days in (0, 2, 3, 13, 14)
    }
    assert tones == {0: Tone.QUIET, 2: Tone.QUIET, 3: Tone.WARN, 13: Tone.WARN, 14: Tone.BAD}


def test_age_without_anything_waiting_is_no_age() -> None:
    look = lamp_of(status(SyncPhase.OFFLINE, age_days=40), LIMITS, tickets=None, local=LOCAL)
    assert look is not None
    assert look.tone is Tone.QUIET


def test_a_till_never_says_that_it_is_full_before_it_is() -> None:
    assert "99%" in words(status(SyncPhase.FILLING, progress=1_000))
    assert "0%" in words(status(SyncPhase.FILLING, progress=4))


def test_a_drill_is_no_outage() -> None:
    look = lamp_of(
        status(SyncPhase.OFFLINE, problem=CUT_OFF, is_cut_off=True, waiting=2), LIMITS, tickets=2, local=LOCAL
    )
    assert look is not None
    assert look.full == "斷網演練中，已存 2 筆"
    assert (look.sign, look.tone) == (Sign.CUT, Tone.WARN)


def test_a_plug_that_is_back_is_no_drill_although_the_last_attempt_was_one() -> None:
    back = as_it_is(status(SyncPhase.OFFLINE, problem=CUT_OFF, waiting=2))
    assert (back.phase, back.problem) == (SyncPhase.WAITING, "")
    assert (
        as_it_is(replace(back, waiting=0, phase=SyncPhase.OFFLINE, problem=CUT_OFF)).phase is SyncPhase.IDLE
    )
    for other in (
        status(SyncPhase.OFFLINE, problem=CUT_OFF, is_cut_off=True),
        status(SyncPhase.OFFLINE, problem="no_network"),
        status(SyncPhase.IDLE),
    ):
        assert as_it_is(other) == other


def test_what_was_set_aside_wants_the_owner_before_everything_that_goes_by_itself() -> None:
    for phase in (SyncPhase.IDLE, SyncPhase.WAITING, SyncPhase.SENDING):
        look = lamp_of(status(phase, set_aside=2, waiting=1), LIMITS, tickets=1, local=LOCAL)
        assert look is not None
        assert (look.sign, look.full) == (Sign.LOOK, "2 筆要請店主看")


@given(
    st.builds(
        SyncStatus,
        phase=st.sampled_from(SyncPhase),
        waiting=st.integers(0, 50_000),
        last_contact_at=st.none() | st.integers(0, NOW),
        problem=st.sampled_from(["", *(one.value for one in Problem), "new_code", "other"]),
        progress=st.integers(0, 1_000),
        set_aside=st.integers(0, 9),
        age_days=st.integers(0, 400),
        clock_apart_ms=st.integers(-400 * DAY_MS, 400 * DAY_MS),
    ),
    st.none() | st.integers(0, 50_000),
)
def test_whatever_the_agent_says_there_are_words_for_it_and_each_is_shorter(
    any_status: SyncStatus, tickets: int | None
) -> None:
    look = lamp_of(any_status, LIMITS, tickets=tickets, local=LOCAL)
    if look is not None:
        for language in LANGUAGES:
            lengths = [len(t(one.key, language, **one.fields)) for one in look.words]
            assert all(lengths)
            assert lengths == sorted(lengths, reverse=True)
    assert problem_of(any_status).text or not any_status.problem
    for notice in sign_on_notices(any_status, LIMITS):
        assert notice.said.text
    closing = closing_notice(any_status, LIMITS)
    assert closing is None or closing.said.text


def test_everything_the_agent_can_say_has_a_sentence() -> None:
    never_shown = {Problem.STOPPED, Problem.UNPAIRED}
    for problem in set(Problem) - never_shown:
        said = problem_of(status(problem=problem.value))
        assert said.key == f"sync.problem.{problem.value}", problem
    for phase in SyncPhase:
        assert t(f"sync.phase.{phase}")


def test_a_problem_that_nobody_foresaw_is_said_with_its_code() -> None:
    assert "gremlins" in problem_of(status(problem="gremlins")).text


# --- notices -----------------------------------------------------------------------------------------------------------


def kinds(of: SyncStatus, confirmed: int | None = None) -> list[tuple[NoticeKind, str]]:
    found = sign_on_notices(of, LIMITS, confirmed_apart_ms=confirmed)
    return [(one.kind, one.said.key.removeprefix("sync_ui.notice.")) for one in found]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, []),
        (2, []),
        (3, [(NoticeKind.NOTE, "old")]),
        (13, [(NoticeKind.NOTE, "old")]),
        (14, [(NoticeKind.STAYS, "very_old")]),
        (200, [(NoticeKind.STAYS, "very_old")]),
    ],
)
def test_age_is_mentioned_after_three_days_and_stays_after_fourteen(
    days: int, expected: list[tuple[NoticeKind, str]]
) -> None:
    assert kinds(status(waiting=9, age_days=days)) == expected
    closing = closing_notice(status(waiting=9, age_days=days), LIMITS)
    assert (closing is None) == (not expected)


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        (0, []),
        (5 * MINUTE_MS, []),
        (5 * MINUTE_MS + 1, [(NoticeKind.NOTE, "clock_ahead")]),
        (-24 * HOUR_MS, [(NoticeKind.NOTE, "clock_behind")]),
        (24 * HOUR_MS + 1, [(NoticeKind.CONFIRM, "clock_ahead")]),
        (-3 * DAY_MS, [(NoticeKind.CONFIRM, "clock_behind")]),
    ],
)
def test_clocks_that_are_apart_are_mentioned_and_very_far_apart_confirmed(
    apart: int, expected: list[tuple[NoticeKind, str]]
) -> None:
    assert kinds(status(clock_apart_ms=apart)) == expected


def test_a_clock_that_was_confirmed_is_asked_about_again_only_when_it_is_another() -> None:
    apart = 26 * HOUR_MS
    assert kinds(status(clock_apart_ms=apart), apart + 4 * MINUTE_MS) == []
    assert kinds(status(clock_apart_ms=apart), apart + 6 * MINUTE_MS) == [(NoticeKind.CONFIRM, "clock_ahead")]
    assert kinds(status(clock_apart_ms=apart), -apart) == [(NoticeKind.CONFIRM, "clock_ahead")]


def test_who_is_shut_out_is_told_that_and_nothing_besides() -> None:
    shut_out = status(SyncPhase.TROUBLE, problem=REVOKED, waiting=4, age_days=20, clock_apart_ms=3 * DAY_MS)
    assert kinds(shut_out) == [(NoticeKind.STAYS, "revoked")]


def test_no_drill_is_ever_scolded_for_its_age() -> None:
    assert kinds(status(SyncPhase.OFFLINE, problem=CUT_OFF, is_cut_off=True, waiting=4, age_days=20)) == []


def test_how_far_apart_is_said_in_a_unit_one_can_say() -> None:
    assert [apart_words(each) for each in (-12 * MINUTE_MS, 119 * MINUTE_MS, 2 * HOUR_MS, 72 * HOUR_MS)] == [
        "12 分鐘",
        "119 分鐘",
        "2 小時",
        "3 天",
    ]


# --- limits ------------------------------------------------------------------------------------------------------------


def test_limits_are_settings_with_these_defaults() -> None:
    assert load_age_limits({}) == AgeLimits(3, 14, 5, 24, 24)
    own = AgeLimits(2, 7, 10, 12, 48)
    assert load_age_limits(limits_to_settings(own)) == own


@pytest.mark.parametrize("damaged", [0, -1, "3", None, 3.5, True, 10_000])
def test_a_damaged_limit_keeps_its_default(damaged: object) -> None:
    assert load_age_limits({f"sync.limit.{name}": damaged for name in LIMIT_MOST}) == AgeLimits()


# --- how old -----------------------------------------------------------------------------------------------------------


def test_points_say_how_old_they_are_only_once_that_matters() -> None:
    def said(age_ms: int) -> str:
        return balance_age(status(last_contact_at=NOW - age_ms), LIMITS, now=NOW, local=LOCAL).text

    assert said(0) == said(DAY_MS) == ""
    assert said(DAY_MS + 1) == "點數更新於 昨天 14:59"
    assert said(3 * DAY_MS) == "點數更新於 11/18 15:00"
    never = balance_age(status(last_contact_at=None), LIMITS, now=NOW, local=LOCAL)
    assert never.text == "點數只含這台的紀錄"


def test_points_of_a_till_that_stands_alone_are_never_old() -> None:
    alone = SyncStatus(SyncPhase.UNPAIRED)
    assert balance_age(alone, LIMITS, now=NOW, local=LOCAL).text == ""
    assert balance_age(None, LIMITS, now=NOW, local=LOCAL).text == ""


def test_a_moment_is_said_by_the_calendar_on_the_wall() -> None:
    def at(*when: int) -> str:
        return moment(int(datetime(*when, tzinfo=TAIPEI).timestamp() * 1000), LOCAL)  # type: ignore[misc,arg-type]

    assert at(2026, 11, 21, 0, 0) == "00:00"
    assert at(2026, 11, 20, 23, 59) == "昨天 23:59"
    assert at(2026, 1, 2, 8, 5) == "01/02 08:05"
    assert at(2025, 12, 31, 8, 5) == "2025/12/31 08:05"
    assert moment(NOW, datetime.fromtimestamp(NOW / 1000, UTC)) == "07:00"


def test_what_waits_is_counted_in_the_words_of_a_shop() -> None:
    counted = grouped({"sale": 40, "return": 2, "enrolment": 1, "event": 5, "from_the_future": 3})
    assert counted == (("sales", 42), ("members", 1), ("till", 5), ("other", 3))
    for group in (*GROUPS, group_of("from_the_future")):
        assert t(f"sync_ui.kind.{group}")
