"""What a shop's books need once a business day: points that end, members who stayed away, tiers, birthdays, and the guard's look.

Each job is done once for a business date, which it notes itself; whatever was stopped or failed is begun again the next time and finds
only what is left. A job that fails keeps no other from its work, and is told to the owner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app import log
from app.domain.errors import Cancelled, TillError

if TYPE_CHECKING:
    from app.service.bonus_desk import InactivityDesk
    from app.service.coupon_office import CouponOffice
    from app.service.expiry import ExpiryDesk
    from app.service.guard import GuardDesk
    from app.service.ports import Store
    from app.service.segment_keeper import SegmentKeeper
    from app.service.session import Session
    from app.service.tier_desk import TierDesk
    from app.service.value_desk import ValueDesk

Tell = Callable[[int, int], None]
IsCancelled = Callable[[], bool]
DONE: Final = "daily.done"
"""The setting: the last business date for which each job was done, by its name."""


@dataclass(frozen=True, slots=True)
class DailyJob:
    """``run(on, tell, is_cancelled)`` returns how much it changed; None when it was stopped. It may be begun again at any time.

    ``name`` says what it is (texts: ``daily.<name>``). ``is_of_memory``: what it makes is gone when the till stops, so it is done again
    each time the till starts.
    """

    name: str
    run: Callable[[date, Tell, IsCancelled], int | None]
    is_of_memory: bool = False


@dataclass(frozen=True, slots=True)
class JobDone:
    """What became of one job: how much it changed, or the error that ended it; neither when it was stopped."""

    name: str
    changed: int | None = None
    error: TillError | None = None


class DailyJobs:
    """Runs on any thread beside the sales; every job commits a little at a time."""

    def __init__(self, store: Store, session: Session, jobs: Sequence[DailyJob]) -> None:
        self._store = store
        self._session = session
        self._jobs = tuple(jobs)
        self._finished_on: date | None = None
        self.last: tuple[JobDone, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(job.name for job in self._jobs)

    def due_on(self) -> date | None:
        """The open business date whose jobs are still to be done, as far as is known without asking the store."""
        shift = self._session.shift
        if shift is None or not shift.is_open or self._session.is_training:
            return None
        return None if shift.business_date == self._finished_on else shift.business_date

    def run(
        self,
        on: date,
        *,
        tell: Callable[[str, int, int], None] = lambda name, done, total: None,
        is_cancelled: IsCancelled = lambda: False,
    ) -> tuple[JobDone, ...]:
        """Every job that was not yet done for this date, in order. ``tell(name, done, total)`` is called from this thread."""
        outcome = []
        for job in self._jobs:
            if is_cancelled():
                break
            if self._done().get(job.name, "") < on.isoformat():
                outcome.append(self._one(job, on, tell, is_cancelled))
        self.last = tuple(outcome)
        if not is_cancelled() and all(one.changed is not None for one in outcome):
            self._finished_on = on
        return self.last

    def _one(
        self, job: DailyJob, on: date, tell: Callable[[str, int, int], None], is_cancelled: IsCancelled
    ) -> JobDone:
        try:
            changed = job.run(on, lambda done, total: tell(job.name, done, total), is_cancelled)
        except Cancelled:
            return JobDone(job.name)
        except TillError as error:
            log.store.error("daily job %s ended by %s", job.name, error.code)
            return JobDone(job.name, error=error)
        if (
            changed is not None and not job.is_of_memory
        ):  # what is not noted is due again when the till starts
            self._note(job.name, on)
        return JobDone(job.name, changed)

    def _done(self) -> dict[str, str]:
        kept = self._store.desk.setting(DONE)
        return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}

    def _note(self, name: str, on: date) -> None:
        with self._store.begin() as work:
            work.put_setting(DONE, {**self._done(), name: on.isoformat()})
            work.commit()


def jobs_of(
    expiry: ExpiryDesk,
    inactivity: InactivityDesk,
    tiers: TierDesk,
    office: CouponOffice,
    guard: GuardDesk,
    rest: Callable[[], object] = lambda: None,
    segments: SegmentKeeper | None = None,
    value: ValueDesk | None = None,
) -> tuple[DailyJob, ...]:
    """In the order in which they build on each other: what points ended counts for the guard's look."""

    def ended(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        done = expiry.run(on, on_progress=tell, is_cancelled=is_cancelled, rest=rest)
        return done.lots if done.is_complete else None

    def lapsed(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        done = inactivity.run(on, on_progress=tell, is_cancelled=is_cancelled)
        return done.members if done.is_complete else None

    def reviewed(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        done = tiers.review(on, on_progress=tell, is_cancelled=is_cancelled)
        return done.kept + done.lowered + done.reached if done.is_complete else None

    def birthdays(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        from app.service.calendar_moon import lunar_to_solar

        def told(done: int, total: int) -> None:
            if is_cancelled():
                raise Cancelled
            tell(done, total)

        return office.give_birthdays(on, lunar_to_solar, told)

    def guarded(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        return guard.refresh(on)

    return (
        *(_segment_jobs(segments) if segments is not None else ()),
        DailyJob("expiry", ended),
        DailyJob("inactivity", lapsed),
        *(_value_jobs(value) if value is not None else ()),
        DailyJob("tiers", reviewed),
        DailyJob("birthdays", birthdays),
        DailyJob("guard", guarded),
    )


def _value_jobs(value: ValueDesk) -> tuple[DailyJob, ...]:
    def bonuses_ended(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        ended = value.end_bonuses(is_cancelled)
        return None if is_cancelled() else ended

    return (DailyJob("value", bonuses_ended),)


def _segment_jobs(segments: SegmentKeeper) -> tuple[DailyJob, ...]:
    """First, because the counter asks for them."""

    def placed(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        return segments.place()

    def tagged(on: date, tell: Tell, is_cancelled: IsCancelled) -> int | None:
        return segments.write_tags(tell, is_cancelled)

    return (DailyJob("segments", placed, is_of_memory=True), DailyJob("tags", tagged))
