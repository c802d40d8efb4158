"""What befalls a till, the line and the server, and what people at the office do."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Final

from app.domain.facts import FactKind
from app.service.catalogue_documents import ItemsDocument, items_name, items_to_bytes
from app.simulation import counter, goods
from app.simulation.plan import DAY, HOUR, MINUTE, Deed
from app.simulation.till import SimCrash, SimTill, copy_till

if TYPE_CHECKING:
    from app.simulation.world import World

CLONES_MAX: Final = 2
CLOCK_JUMPS: Final = (-3 * DAY, -2 * HOUR, -4 * MINUTE, 3 * MINUTE, 2 * HOUR, 40 * DAY)
COMMITS_MAX: Final = 5
POINTS_OF_A_TALK_MAX: Final = 10


def crash_selling(world: World, till: SimTill, random: Random) -> str:
    """The power goes while something is sold, just before a commit or just after."""
    deed = random.choice(counter.SELLING)
    till.crash_at_commit(1 if random.random() < 0.8 else 2, after=random.random() < 0.5)
    return _crashed(world, till, lambda: counter.DEEDS[deed](till, random))


def crash_syncing(world: World, till: SimTill, random: Random) -> str:
    """The power goes while the till speaks with the server: at a commit, or around a request."""
    if random.random() < 0.5:
        till.crash_at_commit(random.randint(1, COMMITS_MAX), after=random.random() < 0.5)
    else:
        till.talk.crash_at(random.randint(1, POINTS_OF_A_TALK_MAX))
    return _crashed(world, till, lambda: till.talk.cycle(random))


def _crashed(world: World, till: SimTill, work: Callable[[], str]) -> str:
    try:
        outcome = work()
    except SimCrash as crash:
        till.die()
        till.open()
        till.talk.begin_again()
        return f"crashed {crash.where}"
    finally:
        till.survive()
        till.talk.survive()
    return outcome


def restart(world: World, till: SimTill, random: Random) -> str:
    till.restart()
    till.talk.begin_again()
    return "done"


def clock(world: World, till: SimTill, random: Random) -> str:
    """Somebody sets the clock, or puts it right."""
    till.clock.off_ms = 0 if till.clock.off_ms and random.random() < 0.5 else random.choice(CLOCK_JUMPS)
    return str(till.clock.off_ms // MINUTE)


def image(world: World, till: SimTill, random: Random) -> str:
    till.take_image()
    till.talk.begin_again()
    return str(till.image_has)


def restore(world: World, till: SimTill, random: Random) -> str:
    """Yesterday's disk is put back: whole, or the database alone."""
    if till.image is None:
        return "nothing"
    is_whole = random.random() < 0.5
    if is_whole:  # nothing in this machine remembers that it had come further
        world.books.copied.add(till.store.device_id)
    till.put_image_back(is_whole=is_whole)
    till.talk.begin_again()
    world.till_went_back(till)
    return "whole" if is_whole else "database"


def clone(world: World, till: SimTill, random: Random) -> str:
    """A copy of the disk wakes up in another machine, with the same key."""
    if sum(len(one.name) > 1 for one in world.tills) >= CLONES_MAX:
        return "enough"
    name = f"{till.name}b"
    if any(one.name == name for one in world.tills):
        return "enough"
    path = till.path.with_name(f"till-{name}.db")
    till.close()
    copy_till(till.path, path)
    till.open()
    till.talk.begin_again()
    twin = SimTill(till.number, name, path, world.plan.seed, world.true_ms)
    world.books.copied.add(till.store.device_id)
    world.books.copy(till, twin)
    world.join(twin, of=till)
    return name


def poison(world: World, till: SimTill, random: Random) -> str:
    """A newer program wrote a fact that says what it is in a way the server does not know."""
    with till.store.begin() as work:
        now = till.clock.now_ms()
        work.record(FactKind.EVENT, till.ids(), now, {"v": 1, "kind": "event", "id": "unknown", "at": now})
        work.commit()
    return "done"


def cut(world: World, till: SimTill, random: Random) -> str:
    """Some tills are cut off."""
    gone = random.sample(world.tills, random.randint(1, len(world.tills)))
    for one in gone:
        one.is_cut_off = True
    return " ".join(sorted(one.name for one in gone))


def join(world: World, till: SimTill, random: Random) -> str:
    """Everybody reaches the server again."""
    for one in world.tills:
        one.is_cut_off = False
    return "done"


def replay(world: World, till: SimTill, random: Random) -> str:
    return world.network.replay(random)


def forge(world: World, till: SimTill, random: Random) -> str:
    """One till says that it is another, and tells of a sale of the other's."""
    others = [one for one in world.tills if one.store.device_id != till.store.device_id]
    other = random.choice(others)
    return str(till.talk.forge(other, world.books.of(other), random))


def spread(world: World, till: SimTill, random: Random) -> str:
    world.server.spread_some()
    return "done"


def server_image(world: World, till: SimTill, random: Random) -> str:
    world.server.take_image()
    return "done"


def server_restore(world: World, till: SimTill, random: Random) -> str:
    if not world.server.image.exists():
        return "nothing"
    is_told = random.random() < 0.5
    world.server.put_image_back(is_told=is_told)
    world.server_went_back()
    return "told" if is_told else "found out"


def prices(world: World, till: SimTill, random: Random) -> str:
    """The office raises the price of everything."""
    body = items_to_bytes(ItemsDocument(goods.goods(random.randint(0, 50)), world.now))
    return f"version {world.server.publish(items_name(0), body)}"


def revoke(world: World, till: SimTill, random: Random) -> str:
    """A till's keys are taken away; half the time it is let in again at once."""
    world.revoked += 1
    world.server.revoke(till.store.device_id)
    if random.random() < 0.5:
        return "revoked"
    till.talk.let_in()
    return "paired again"


def rotate(world: World, till: SimTill, random: Random) -> str:
    return till.talk.rotate(random)


def silence(world: World, till: SimTill, random: Random) -> str:
    """The shop is closed for a month; the plan leaves the room."""
    return "done"


DEEDS: Final[dict[Deed, Callable[[World, SimTill, Random], str]]] = {
    Deed.CRASH_SELLING: crash_selling, Deed.CRASH_SYNCING: crash_syncing, Deed.RESTART: restart, Deed.CLOCK: clock,
    Deed.IMAGE: image, Deed.RESTORE: restore, Deed.CLONE: clone, Deed.POISON: poison, Deed.CUT: cut, Deed.JOIN: join,
    Deed.REPLAY: replay, Deed.FORGE: forge, Deed.SPREAD: spread, Deed.SERVER_IMAGE: server_image, Deed.SERVER_RESTORE: server_restore,
    Deed.PRICES: prices, Deed.REVOKE: revoke, Deed.ROTATE: rotate, Deed.SILENCE: silence,
}  # fmt: skip
TALKING: Final = frozenset((Deed.SYNC, Deed.CRASH_SYNCING, Deed.ROTATE))
"""In these a till hears from the server."""
