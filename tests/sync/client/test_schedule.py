"""When the till tries next: at once after a sale, later and later while nothing answers, never sooner than the server asked."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sync.client.schedule import CEILING_MAX_MS, Pace, Schedule

PACE = Pace()


def schedule(seed: int = 1, now: int = 0) -> Schedule:
    return Schedule(Random(seed).randbytes, now, PACE)


def test_the_first_attempt_is_at_once() -> None:
    assert schedule(now=77).due_at == 77


def test_a_sale_goes_within_a_second_and_the_next_ones_with_it() -> None:
    one = schedule()
    one.went_well(0, is_more=False)
    one.wake(10_000)
    assert one.due_at == 11_000
    one.wake(10_500)
    assert one.due_at == 11_000


def test_without_sales_it_asks_for_news_now_and_then() -> None:
    one = schedule()
    one.went_well(0, is_more=False)
    assert PACE.idle_ms // 2 <= one.due_at <= PACE.idle_ms


def test_what_waits_already_goes_soon() -> None:
    one = schedule()
    one.went_well(0, is_more=True)
    assert one.due_at == PACE.soon_ms


def test_failures_wait_longer_and_longer_up_to_five_minutes() -> None:
    waits: list[list[int]] = []
    for seed in range(40):
        one, now, own = schedule(seed), 0, []
        for _ in range(15):
            one.failed(now)
            own.append(one.due_at - now)
            now = one.due_at
        waits.append(own)
    for attempt in range(15):
        ceiling = min(CEILING_MAX_MS, 1_000 << attempt)
        seen = [own[attempt] for own in waits]
        assert max(seen) <= ceiling
        assert len(set(seen)) > 20, "full jitter: no two tills come back together"
        assert max(seen) > ceiling // 2


@given(st.integers(0, 40), st.integers(0, 3_600_000), st.integers(0, 100_000))
def test_what_the_server_asked_for_is_never_undercut(failures: int, wait_ms: int, later: int) -> None:
    one = schedule()
    for _ in range(failures):
        one.failed(0)
    one.failed(0, wait_ms=wait_ms)
    one.wake(later)
    assert one.due_at >= wait_ms
    one.went_well(0, is_more=True, wait_ms=wait_ms)
    one.wake(later)
    assert one.due_at >= wait_ms


def test_while_nothing_answers_a_busy_counter_tries_twice_a_minute_at_most() -> None:
    one = schedule()
    for _ in range(12):
        one.failed(0)
    one.due_at = CEILING_MAX_MS
    for second in range(29):
        one.wake(second * 1_000)
    assert one.due_at == PACE.wake_again_ms


def test_one_success_forgives_every_failure() -> None:
    one = schedule()
    for _ in range(20):
        one.failed(0)
    one.went_well(0, is_more=False)
    one.wake(1_000)
    assert one.due_at == 2_000
    one.failed(0)
    assert one.due_at <= 1_000
