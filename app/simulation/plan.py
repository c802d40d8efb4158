"""What happens in one universe, written down before it begins: the tape.

Each step carries a number that decides everything else about it, so that a step that is taken out leaves all others as they were. That is
what lets a long story be shortened to the few steps that matter.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

TILLS: Final = 4
SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_SEED_BITS: Final = 48


class Deed(StrEnum):
    """In words: ``simulate.deed.<deed>``."""

    # At the counter.
    SALE = "sale"
    MEMBER_SALE = "member_sale"
    RETURN = "return"
    VOID = "void"
    ENROL = "enrol"
    PROFILE = "profile"
    PHONE = "phone"
    CONSENT = "consent"
    MERGE = "merge"
    UNMERGE = "unmerge"
    ERASE = "erase"
    COUPON = "coupon"
    TOP_UP = "top_up"
    GIFT = "gift"
    RULES = "rules"
    SHIFT = "shift"
    # With the server.
    SYNC = "sync"
    # What befalls a till.
    CRASH_SELLING = "crash_selling"
    CRASH_SYNCING = "crash_syncing"
    RESTART = "restart"
    CLOCK = "clock"
    IMAGE = "image"
    RESTORE = "restore"
    CLONE = "clone"
    POISON = "poison"  # a fact that the server cannot read
    # What befalls the line and the server.
    CUT = "cut"
    JOIN = "join"
    REPLAY = "replay"
    FORGE = "forge"  # one till says that it is another
    SPREAD = "spread"
    SERVER_IMAGE = "server_image"
    SERVER_RESTORE = "server_restore"
    # What people at the office do.
    PRICES = "prices"
    REVOKE = "revoke"
    ROTATE = "rotate"
    # Nobody is there for a month.
    SILENCE = "silence"


class Fault(StrEnum):
    """What the network does to one request. In words: ``simulate.fault.<fault>``."""

    REQUEST_LOST = "request_lost"
    ANSWER_LOST = "answer_lost"
    TWICE = "twice"
    LATE = "late"  # the till has given up; the request arrives after all
    CUT_OFF = "cut_off"
    PORTAL = "portal"  # 200, and a page that asks for a room number
    BAD_GATEWAY = "bad_gateway"
    TOO_MANY = "too_many"
    OTHER_ANSWER = "other_answer"  # a whole answer, to an earlier question
    PARTLY = "partly"  # the server asks for some of the records again


ALWAYS: Final[dict[Deed, float]] = {
    Deed.SALE: 6, Deed.MEMBER_SALE: 24, Deed.RETURN: 4, Deed.VOID: 2, Deed.ENROL: 5, Deed.PROFILE: 3, Deed.PHONE: 1.5,
    Deed.CONSENT: 3, Deed.MERGE: 1.5, Deed.UNMERGE: 1, Deed.COUPON: 3, Deed.TOP_UP: 2, Deed.GIFT: 1, Deed.SHIFT: 2,
    Deed.SYNC: 34, Deed.JOIN: 3, Deed.SPREAD: 3,
}  # fmt: skip
SOMETIMES: Final[dict[Deed, tuple[float, ...]]] = {
    Deed.ERASE: (0, 0.5, 2),
    Deed.RULES: (0, 0.5, 2),
    Deed.CRASH_SELLING: (0, 2, 6),
    Deed.CRASH_SYNCING: (0, 2, 8),
    Deed.RESTART: (0, 1, 2),
    Deed.CLOCK: (0, 0, 1, 4),
    Deed.IMAGE: (1, 2),
    Deed.RESTORE: (0, 0, 0.5, 1.5),
    Deed.CLONE: (0, 0, 0.4, 0.8),
    Deed.POISON: (0, 0, 1),
    Deed.CUT: (0, 1, 4),
    Deed.REPLAY: (0, 1, 4),
    Deed.FORGE: (0, 0, 1),
    Deed.SERVER_IMAGE: (1, 2),
    Deed.SERVER_RESTORE: (0, 0, 0.5, 1.5),
    Deed.PRICES: (0, 1, 2),
    Deed.REVOKE: (0, 0, 0.4, 0.8),
    Deed.ROTATE: (0, 0, 1),
    Deed.SILENCE: (0, 0, 0, 0.4),
}
"""Each seed takes one weight of each: most of them lack most of what can go wrong, and a few have a great deal of it."""
WANTED: Final = 4.0
FAULTS: Final = (0, 0, 0, 0.03, 0.15)
PAUSES: Final = (20 * SECOND, 2 * MINUTE, 10 * MINUTE)


@dataclass(frozen=True, slots=True)
class Step:
    """``at`` counts milliseconds from the beginning; ``seed`` decides everything about it that is not said here."""

    number: int
    at: int
    deed: Deed
    till: int
    seed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``faults`` are chances for each request."""

    seed: int
    steps: tuple[Step, ...]
    faults: dict[Fault, float]


def make_plan(seed: int, events: int, wanted: Collection[Deed | Fault] = ()) -> Plan:
    """``wanted``: these happen in any case, as often as they ever do."""
    random = Random(f"plan {seed}")
    weights = ALWAYS | {deed: random.choice(some) for deed, some in SOMETIMES.items()}
    weights |= {deed: WANTED * weight for deed, weight in ALWAYS.items() if deed in wanted}
    weights |= {deed: max(WANTED, *some) for deed, some in SOMETIMES.items() if deed in wanted}
    faults = {fault: random.choice(FAULTS) for fault in Fault}
    faults |= {fault: max(FAULTS) for fault in Fault if fault in wanted}
    pause = random.choice(PAUSES)
    deeds, at = tuple(weights), 0
    steps = []
    for number, deed in enumerate(random.choices(deeds, tuple(weights.values()), k=events), 1):
        at += int(random.expovariate(1 / pause)) + 1
        steps.append(Step(number, at, deed, random.randrange(TILLS), random.getrandbits(_SEED_BITS)))
        if deed is Deed.SILENCE:
            at += 30 * DAY
    return Plan(seed, tuple(steps), faults)
