"""A universe in sentences: who did what, when, and which promise was broken by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from app.i18n import t
from app.simulation.clock import TAIPEI
from app.simulation.plan import Fault
from app.simulation.world import Ending


def story(ending: Ending, faults: dict[Fault, float], *, events: int) -> Iterator[str]:
    """``events`` is how long the whole plan was: what it takes to see this again."""
    yield t("simulate.story", seed=ending.seed, steps=len(ending.told))
    weather = [
        t(f"simulate.fault.{one.value}", percent=round(100 * chance))
        for one, chance in faults.items()
        if chance
    ]
    if weather:
        yield "  " + t("simulate.faults", faults=", ".join(weather))
    for told in ending.told:
        yield "  " + t(
            "simulate.line",
            time=f"{datetime.fromtimestamp(told.at / 1000, UTC).astimezone(TAIPEI):%m-%d %H:%M:%S}",
            till=told.till,
            deed=t(f"simulate.deed.{told.step.deed.value}"),
            outcome=told.outcome,
        )
    if ending.broken is not None:
        broken = t(f"simulate.broken.{ending.broken.code}", None, **ending.broken.fields)
        yield "  " + t("simulate.ending", invariant=ending.broken.invariant, broken=broken)
    yield t("simulate.again", seed=ending.seed, events=events)
