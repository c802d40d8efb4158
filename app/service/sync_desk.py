"""What a person at the till is told about the talk with the central server: which words, which sign, when to warn. Pure.

Selling is never blocked by any of it: the strongest thing here is a question that may be put off.

SyncStatus ─┬─> lamp_of            a sign and a few words, for the header
            ├─> sign_on_notices    what whoever signs on should know
            ├─> closing_notice     what whoever closes the shift should know
            └─> balance_age        how old a member's points are, once that matters
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Final

from app.i18n import t
from app.service.sync_ports import SyncPhase, SyncStatus
from app.texts import sync as sentences

LIMIT_PREFIX: Final = "sync.limit."
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
REVOKED: Final = "revoked"
CUT_OFF: Final = "cut_off"
OWNERS_PROBLEMS: Final = frozenset((REVOKED, "unknown_till", "key_lost", "forked"))
"""What only the owner can mend, with the office."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence by its key, said in whatever language is in force. No key, no words."""

    key: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return t(self.key, None, **self.fields) if self.key else ""


# --- limits of age -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """From when on age matters. Each is a setting of its own under ``sync.limit.<name>``."""

    note_days: int = 3
    banner_days: int = 14
    clock_warn_minutes: int = 5
    clock_confirm_hours: int = 24
    balance_hours: int = 24

    def __post_init__(self) -> None:
        assert all(getattr(self, one.name) > 0 for one in fields(self))


LIMIT_MOST: Final[Mapping[str, int]] = {
    "note_days": 30,
    "banner_days": 90,
    "clock_warn_minutes": 120,
    "clock_confirm_hours": 240,
    "balance_hours": 720,
}


def load_age_limits(settings: Mapping[str, object]) -> AgeLimits:
    """What the shop set; what is missing or damaged keeps its default."""
    known: dict[str, int] = {}
    for name, most in LIMIT_MOST.items():
        value = settings.get(LIMIT_PREFIX + name)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            known[name] = value
    return AgeLimits(**known)


def limits_to_settings(limits: AgeLimits) -> dict[str, int]:
    return {LIMIT_PREFIX + one.name: getattr(limits, one.name) for one in fields(limits)}


# --- the lamp ----------------------------------------------------------------------------------------------------------


class Tone(StrEnum):
    QUIET = "quiet"
    GOOD = "good"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"


class Sign(Enum):
    """The shape says it as well as the colour."""

    TICK = auto()  # everything has gone out
    UP = auto()  # something waits, or is on its way
    DOWN = auto()  # this till is being filled
    CUT = auto()  # no line
    LOOK = auto()  # somebody is wanted


@dataclass(frozen=True, slots=True)
class LampLook:
    """``words`` from the longest to the shortest; the header shows the longest that has room, and the sign alone where none has."""

    sign: Sign
    tone: Tone
    words: tuple[Said, ...]

    @property
    def full(self) -> str:
        return self.words[0].text


_TROUBLES: Final = {REVOKED: "revoked", "clock": "clock", "tls_clock": "clock"}


def lamp_of(
    status: SyncStatus, limits: AgeLimits, *, tickets: int | None, local: datetime
) -> LampLook | None:
    """None: this till stands alone, and there is nothing to say.

    ``tickets`` counts the sales among what waits (None: not counted yet). ``local`` is now, in the till's zone.
    """
    match status.phase:
        case SyncPhase.UNPAIRED:
            return None
        case SyncPhase.FILLING if not status.is_cut_off:
            percent = {"percent": min(99, status.progress // 10)}
            words = (Said("sync_ui.lamp.filling", percent), Said("sync_ui.lamp.percent", percent))
            return LampLook(Sign.DOWN, Tone.BUSY, words)
        case _ if status.is_cut_off:
            kept = (Said("sync_ui.lamp.drill_waiting", _count(status, None)),) if status.waiting else ()
            return LampLook(Sign.CUT, Tone.WARN, (*kept, Said("sync_ui.lamp.drill")))
        case SyncPhase.TROUBLE:
            return LampLook(Sign.LOOK, Tone.BAD, _trouble(status))
        case SyncPhase.OFFLINE:
            return LampLook(
                Sign.CUT, _tone_of_age(status, limits, Tone.QUIET), _offline(status, tickets, local)
            )
        case _ if status.set_aside:
            words = (Said("sync_ui.lamp.set_aside", {"count": status.set_aside}), Said("sync_ui.lamp.look"))
            return LampLook(Sign.LOOK, Tone.WARN, words)
        case SyncPhase.SENDING:
            left = (Said("sync_ui.lamp.sending_left", _count(status, None)),) if status.waiting else ()
            return LampLook(Sign.UP, Tone.BUSY, (*left, Said("sync_ui.lamp.sending")))
        case SyncPhase.WAITING if status.waiting:
            tone = _tone_of_age(status, limits, Tone.QUIET)
            return LampLook(Sign.UP, tone, _waiting(status, tickets, local))
        case _:
            return LampLook(Sign.TICK, Tone.GOOD, (Said("sync_ui.lamp.all_sent"),))


def _trouble(status: SyncStatus) -> tuple[Said, ...]:
    what = _TROUBLES.get(status.problem, "stopped")
    short = Said(f"sync_ui.lamp.{what}")
    return (Said(f"sync_ui.lamp.{what}_count", _count(status, None)), short) if status.waiting else (short,)


def as_it_is(status: SyncStatus) -> SyncStatus:
    """A plug that is back in its place is no trouble any more, although the last attempt was made without it."""
    if status.problem != CUT_OFF or status.is_cut_off:
        return status
    return replace(status, phase=SyncPhase.WAITING if status.waiting else SyncPhase.IDLE, problem="")


def is_passing(shown: SyncStatus, now: SyncStatus) -> bool:
    """Whether this is most likely over in a moment: a sale on its way out while all is well. Nobody needs to hear of it."""
    is_on_its_way = now.phase in (SyncPhase.WAITING, SyncPhase.SENDING)
    return shown.phase is SyncPhase.IDLE and is_on_its_way and not now.problem


def _waiting(status: SyncStatus, tickets: int | None, local: datetime) -> tuple[Said, ...]:
    kind = "sales" if tickets else "records"
    count = _count(status, tickets)
    short = Said("sync_ui.lamp.count", count)
    if status.last_contact_at is None:
        return (Said(f"sync_ui.lamp.{kind}", count), short)
    contact = {"time": moment(status.last_contact_at, local)}
    return (
        Said(f"sync_ui.lamp.{kind}_since", {**count, **contact}),
        Said(f"sync_ui.lamp.{kind}", count),
        short,
    )


def _offline(status: SyncStatus, tickets: int | None, local: datetime) -> tuple[Said, ...]:
    short = Said("sync_ui.lamp.offline")
    since = () if status.last_contact_at is None else (moment(status.last_contact_at, local),)
    if not status.waiting:
        return (*(Said("sync_ui.lamp.offline_since", {"time": one}) for one in since), short)
    kind = "sales" if tickets else "records"
    count = _count(status, tickets)
    return (
        *(Said(f"sync_ui.lamp.offline_{kind}_since", {**count, "time": one}) for one in since),
        Said(f"sync_ui.lamp.offline_{kind}", count),
        Said("sync_ui.lamp.offline_count", count),
        short,
    )


def _count(status: SyncStatus, tickets: int | None) -> dict[str, object]:
    """How many, in the kind that is spoken of. The sales were counted a moment ago and are never more than what waits now."""
    return {"count": f"{min(tickets, status.waiting) if tickets else status.waiting:,}"}


def _tone_of_age(status: SyncStatus, limits: AgeLimits, young: Tone) -> Tone:
    if status.waiting and status.age_days >= limits.banner_days:
        return Tone.BAD
    if status.waiting and status.age_days >= limits.note_days:
        return Tone.WARN
    return young


def problem_of(status: SyncStatus) -> Said:
    """What is wrong and who does what about it; nothing when all is well."""
    if not status.problem:
        return Said()
    key = f"sync.problem.{status.problem}"
    # A till is older than what a later agent may say.
    if key not in sentences.TEXTS or status.problem == "other":
        return Said("sync.problem.other", {"code": status.problem})
    return Said(key)


# --- notices -----------------------------------------------------------------------------------------------------------


class NoticeKind(Enum):
    NOTE = auto()  # goes by itself
    STAYS = auto()  # stays until it is put away
    CONFIRM = auto()  # somebody with the right says that it is so; it may be put off


@dataclass(frozen=True, slots=True)
class SyncNotice:
    kind: NoticeKind
    said: Said


def sign_on_notices(
    status: SyncStatus, limits: AgeLimits, *, confirmed_apart_ms: int | None = None
) -> tuple[SyncNotice, ...]:
    """What whoever signs on should know, what matters most in front.

    ``confirmed_apart_ms`` is the difference of the clocks that somebody has said is right already.
    """
    if status.phase is SyncPhase.UNPAIRED:
        return ()
    if status.problem == REVOKED:
        # One thing at a time: with a new code everything else mends itself.
        return (SyncNotice(NoticeKind.STAYS, Said("sync_ui.notice.revoked")),)
    found = [*_clock_notice(status, limits, confirmed_apart_ms)]
    age = _age_notice(status, limits, "sync_ui.notice.old", "sync_ui.notice.very_old")
    if age is not None:
        found.append(age)
    return tuple(found)


def closing_notice(status: SyncStatus, limits: AgeLimits) -> SyncNotice | None:
    """What whoever closes the shift should know."""
    if status.phase is SyncPhase.UNPAIRED:
        return None
    return _age_notice(status, limits, "sync_ui.closing.old", "sync_ui.closing.very_old")


def _age_notice(status: SyncStatus, limits: AgeLimits, old: str, very_old: str) -> SyncNotice | None:
    if not status.waiting or status.is_cut_off:
        return None
    said = {"count": f"{status.waiting:,}", "days": status.age_days}
    if status.age_days >= limits.banner_days:
        return SyncNotice(NoticeKind.STAYS, Said(very_old, said))
    if status.age_days >= limits.note_days:
        return SyncNotice(NoticeKind.NOTE, Said(old, said))
    return None


def _clock_notice(
    status: SyncStatus, limits: AgeLimits, confirmed_apart_ms: int | None
) -> Iterable[SyncNotice]:
    apart = status.clock_apart_ms
    if abs(apart) <= limits.clock_warn_minutes * MINUTE_MS:
        return
    said = {"apart": apart_words(apart)}
    way = "ahead" if apart > 0 else "behind"
    if abs(apart) <= limits.clock_confirm_hours * HOUR_MS:
        yield SyncNotice(NoticeKind.NOTE, Said(f"sync_ui.notice.clock_{way}", said))
    elif (
        confirmed_apart_ms is None or abs(apart - confirmed_apart_ms) > limits.clock_warn_minutes * MINUTE_MS
    ):
        yield SyncNotice(NoticeKind.CONFIRM, Said(f"sync_ui.notice.clock_{way}", said))


def apart_words(apart_ms: int) -> str:
    """``12 分鐘``, ``5 小時``, ``3 天``: as long as it is, in a unit that is easily said, rounded down."""
    apart = abs(apart_ms)
    if apart < 2 * HOUR_MS:
        return t("sync_ui.apart.minutes", count=apart // MINUTE_MS)
    if apart < 3 * DAY_MS:
        return t("sync_ui.apart.hours", count=apart // HOUR_MS)
    return t("sync_ui.apart.days", count=apart // DAY_MS)


# --- how old -----------------------------------------------------------------------------------------------------------


def balance_age(status: SyncStatus | None, limits: AgeLimits, *, now: int, local: datetime) -> Said:
    """From when a member's points are, once that is long enough ago to matter. ``now`` is UTC milliseconds."""
    if status is None or status.phase is SyncPhase.UNPAIRED:
        return Said()
    if status.last_contact_at is None:
        return Said("sync_ui.balance.never")
    if now - status.last_contact_at <= limits.balance_hours * HOUR_MS:
        return Said()
    return Said("sync_ui.balance.as_of", {"time": moment(status.last_contact_at, local)})


def moment(at: int, local: datetime) -> str:
    """``09:12``, ``昨天 18:20``, ``11/03 14:05``, ``2025/12/30 14:05``. `at` is UTC milliseconds."""
    then = datetime.fromtimestamp(at / 1000, local.tzinfo)
    if then.date() == local.date():
        return f"{then:%H:%M}"
    if then.date() == local.date() - timedelta(days=1):
        return t("sync_ui.moment.yesterday", time=f"{then:%H:%M}")
    return f"{then:%m/%d %H:%M}" if then.year == local.year else f"{then:%Y/%m/%d %H:%M}"


# --- what waits, in the words of a shop --------------------------------------------------------------------------------

GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "sales": frozenset(("sale", "return", "post_void")),
    "members": frozenset(("enrolment", "profile", "consent", "merge", "erasure", "referral")),
    "points": frozenset(("points_entry", "points_entries", "stamp", "tier")),
    "coupons": frozenset(("coupon", "coupon_event")),
    "value": frozenset(("value_account", "value_entry")),
    "till": frozenset(("no_sale", "paid_in", "paid_out", "shift_open", "shift_close", "event")),
    "rules": frozenset(("rules",)),
}
OTHER: Final = "other"


def group_of(kind: str) -> str:
    """What a shop calls a fact of this kind; its words are ``sync_ui.kind.<group>``."""
    return next((group for group, kinds in GROUPS.items() if kind in kinds), OTHER)


def grouped(kinds: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """How many of each group wait, in the order in which a shop thinks of them."""
    sums = dict.fromkeys((*GROUPS, OTHER), 0)
    for kind, count in kinds.items():
        sums[group_of(kind)] += count
    return tuple((group, count) for group, count in sums.items() if count)
