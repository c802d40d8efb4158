"""The jobs of a business day: each once for its date, begun again where it stopped, and none kept from its work by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import Cancelled, Unavailable
from app.domain.loyalty.points_rules import Burn, PointsRules, Rate
from app.domain.loyalty.term import Term, TermKind
from app.service.bonus_desk import InactivityDesk
from app.service.daily_jobs import DONE, DailyJob, DailyJobs, IsCancelled, Tell, jobs_of
from app.service.expiry import ExpiryDesk
from app.service.guard import GuardDesk
from app.service.rules import RuleDesk
from app.texts.daily import TEXTS
from db.verify import verify
from tests.service.small_shop import PHONE, TEA, SmallShop

JOBS = ["expiry", "inactivity", "value", "tiers", "birthdays", "guard"]
Run = Callable[[date, Tell, IsCancelled], int | None]


def the_jobs(shop: SmallShop) -> tuple[DailyJob, ...]:
    return jobs_of(
        ExpiryDesk(shop.store, shop.clock, shop.ids),
        InactivityDesk(shop.store, shop.clock, shop.points.rulebook),
        shop.loyalty.tiers,
        shop.loyalty.office,
        GuardDesk(shop.store, shop.store.guard, shop.session, shop.clock),
        value=shop.loyalty.value,
    )


def counting(seen: list[str], name: str, answer: Run = lambda on, tell, is_cancelled: 1) -> DailyJob:
    def run(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        seen.append(name)
        return answer(on, tell, is_cancelled)

    return DailyJob(name, run)


def open_day(shop: SmallShop, days: int) -> date:
    shift = shop.session.require_shift()
    shop.clock.forward(days=days)
    shop.session.shift = replace(shift, business_date=shift.business_date + timedelta(days=days))
    return shop.session.shift.business_date


def test_points_end_at_the_opening_of_the_next_day_and_only_once(shop: SmallShop) -> None:
    rules = PointsRules(Rate(100, 1), Burn(1), expires=Term(TermKind.DAYS, 3))
    RuleDesk(shop.store, shop.session, shop.clock, shop.points.rulebook).save_points(rules)
    shop.sell(TEA, PHONE, "")
    daily = DailyJobs(shop.store, shop.session, the_jobs(shop))
    on = open_day(shop, 4)
    assert daily.due_on() == on
    done = daily.run(on)
    assert [one.name for one in done] == JOBS
    assert all(one.error is None for one in done)
    assert done[0].changed == 1
    assert shop.balance() == 0
    assert daily.due_on() is None
    again = DailyJobs(shop.store, shop.session, the_jobs(shop))
    assert again.run(on) == (), "a till that starts again has nothing left to do"
    assert again.run(open_day(shop, 1))[0].changed == 0
    assert verify(shop.store.engines, is_full=True) == ()


@pytest.mark.logs_warnings
def test_one_that_fails_keeps_no_other_from_its_work_and_is_tried_again(shop: SmallShop) -> None:
    seen: list[str] = []

    def fails(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        raise Unavailable("disk_full")

    first = DailyJobs(shop.store, shop.session, (counting(seen, "one", fails), counting(seen, "two")))
    on = shop.session.require_shift().business_date
    done = first.run(on)
    assert done[0].error is not None
    assert (done[0].error.code, done[1].changed) == ("disk_full", 1)
    assert first.due_on() == on
    first.run(on)
    assert seen == ["one", "two", "one"]


def test_what_was_stopped_goes_on_where_it_stopped(shop: SmallShop) -> None:
    seen: list[str] = []

    def stopped(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        raise Cancelled

    on = shop.session.require_shift().business_date
    jobs = (counting(seen, "one"), counting(seen, "two", stopped), counting(seen, "three"))
    daily = DailyJobs(shop.store, shop.session, jobs)
    assert daily.run(on, is_cancelled=lambda: "two" in seen)[-1].changed is None
    assert seen == ["one", "two"]
    assert daily.due_on() == on
    assert shop.store.desk.setting(DONE) == {"one": on.isoformat()}


def test_nothing_is_due_without_a_shift_or_in_practice(shop: SmallShop) -> None:
    daily = DailyJobs(shop.store, shop.session, ())
    assert daily.due_on() is not None
    shop.session.is_training = True
    assert daily.due_on() is None
    shop.session.is_training, shop.session.shift = False, None
    assert daily.due_on() is None


def test_progress_names_its_job(shop: SmallShop) -> None:
    told: list[tuple[str, int, int]] = []

    def tells(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        tell(3, 7)
        return 0

    daily = DailyJobs(shop.store, shop.session, (counting([], "one", tells),))
    daily.run(date(2026, 11, 21), tell=lambda *one: told.append(one))
    assert told == [("one", 3, 7)]


@pytest.mark.parametrize("name", JOBS)
def test_every_job_has_a_name_in_words(shop: SmallShop, name: str) -> None:
    assert name in [job.name for job in the_jobs(shop)]
    assert f"daily.{name}" in TEXTS
