"""One universe: the tills, the server, the line between them, one heap of what happens next, and one clock that only the heap moves.

Everything follows from the plan. A step may refuse, fail for want of a network or end in a crash; all of that is life. What is no life is a
broken promise (:class:`~app.simulation.violation.Violation`) or an error that no operator is told about.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from app.domain.errors import Refused, Unavailable
from app.simulation import befall, counter, template
from app.simulation.books import Books, Seen
from app.simulation.checks import check_cheap, check_everything, check_i22_nothing_forgotten
from app.simulation.clock import BEGINNING
from app.simulation.network import Sent, SimNetwork
from app.simulation.plan import MINUTE, TILLS, Deed, Plan, Step
from app.simulation.server import Reply
from app.simulation.talk import Talk
from app.simulation.till import SimCrash, SimTill, copy_till
from app.simulation.violation import Violation
from sync.protocol import PushAnswer, Status, unpack

CHECK_EVERY_STEPS: Final = 50
DRAIN_ROUNDS_MAX: Final = 60
DRAIN_PAUSE_MS: Final = 4 * MINUTE


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one step, for the trace and for the story."""

    step: Step
    till: str
    at: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a universe ended. ``broken`` None: every promise held."""

    seed: int
    events: int
    trace: str
    state: str
    told: tuple[Told, ...]
    broken: Violation | None = None
    error: str = ""
    done: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    facts: int = 0
    rounds: int = 0
    orphans: int = 0
    """Facts that two disasters took at once: whether all tills hold the same books was not asked."""

    @property
    def is_good(self) -> bool:
        return self.broken is None and not self.error


class World:
    """``folder`` is empty and belongs to this universe; ``made`` is the template's."""

    def __init__(self, plan: Plan, folder: Path, made: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.now = BEGINNING
        self.told: list[Told] = []
        self.done: Counter[str] = Counter()
        self.books = Books()
        self.acknowledged: dict[bytes, bytes] = {}
        """What the server said it has, and was not put back to a day before it: fact -> hash."""
        self.answered: set[bytes] = set()
        """The facts of which the server ever said what became of them."""
        self.lost_from_tills: dict[bytes, Seen] = {}
        """Facts that an older disk took away from the till that made them; the server may have them."""
        self.rounds = 0
        self.revoked = 0
        self.orphans = 0
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0
        self._trace = hashlib.sha256()
        self.server = template.copy_server(made, folder, self.true_ms, plan.seed)
        self.network = SimNetwork(self.server, plan.faults, self.later, self.pass_time)
        self.network.seen = self._on_answer
        self.tills: list[SimTill] = []
        for number in range(TILLS):
            copy_till(template.till_path(made, number), template.till_path(folder, number))
            self.join(
                SimTill(number, str(number + 1), template.till_path(folder, number), plan.seed, self.true_ms)
            )

    # --- time -----------------------------------------------------------------------------------------------------------------

    def true_ms(self) -> int:
        return self.now

    def pass_time(self, milliseconds: int) -> None:
        """Somebody waits; nothing else happens meanwhile."""
        self.now += milliseconds

    def later(self, delay_ms: int, act: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._heap, (self.now + delay_ms, self._order, act))

    # --- running --------------------------------------------------------------------------------------------------------------

    def join(self, till: SimTill, *, of: SimTill | None = None) -> None:
        """Another till, known to the server; a copy ``of`` one has its key."""
        till.talk = Talk(self.network, till, None if of is None else of.talk)
        self.tills.append(till)
        self.books.read(till)

    def run(self) -> Ending:
        broken, error = None, ""
        try:
            for step in self.plan.steps:
                self._take_at(step)
            self._live()
            check_cheap(self)
            self._heal()
            self._drain()
            check_everything(self)
        except Violation as violation:
            broken = violation
        except SimCrash:
            raise
        except Exception as unexpected:  # a bug of ours, wherever it is: the story tells how to get there
            import traceback

            error = "".join(traceback.format_exception(unexpected)[-6:])
            broken = Violation("", "error", error=f"{type(unexpected).__name__}: {unexpected}")
        finally:
            state = self._end()
        return Ending(
            self.plan.seed, len(self.told), self._trace.hexdigest(), state, tuple(self.told), broken, error, self.done,
            self.network.requests, self.books.facts, self.rounds,
            self.orphans,
        )  # fmt: skip

    def _take_at(self, step: Step) -> None:
        self._order += 1
        heapq.heappush(self._heap, (BEGINNING + step.at, self._order, lambda: self._take(step)))

    def _live(self) -> None:
        while self._heap:
            at, _, act = heapq.heappop(self._heap)
            self.now = max(self.now + 1, at)
            act()

    def _take(self, step: Step) -> None:
        till, random = self.tills[step.till % len(self.tills)], Random(step.seed)
        try:
            outcome = self._deed(step.deed, till, random)
        except Refused as refused:
            counter.leave(till)
            outcome = f"refused {refused.code}"
        except Unavailable as unavailable:
            counter.leave(till)
            outcome = f"unavailable {unavailable.code}"
        self.done[step.deed.value] += 1
        self.told.append(Told(step, till.name, self.now, outcome))
        for one in self.tills:
            for seen in self.books.read(one):
                self._trace.update(seen.hash)
        self._trace.update(f"{step.number} {step.deed.value} {till.name} {self.now} {outcome}\n".encode())
        if step.deed in befall.TALKING:
            check_i22_nothing_forgotten(self, till)
        till.rest()
        if len(self.told) % CHECK_EVERY_STEPS == 0:
            check_cheap(self)

    def _deed(self, deed: Deed, till: SimTill, random: Random) -> str:
        at_counter = counter.DEEDS.get(deed)
        if at_counter is not None:
            return at_counter(till, random)
        if deed is Deed.SYNC:
            return till.talk.cycle(random)
        return befall.DEEDS[deed](self, till, random)

    # --- the end --------------------------------------------------------------------------------------------------------------

    def _on_answer(self, sent: Sent, reply: Reply) -> None:
        if sent.what == "push" and reply.status == 200:
            for result in unpack(reply.body, PushAnswer).results:
                if result.status is not Status.RETRY:
                    self.answered.add(result.hash)
                if result.status in (Status.APPLIED, Status.DUPLICATE) and not result.code:
                    self.acknowledged[result.id] = result.hash

    def server_went_back(self) -> None:
        """What it said that it has counts only for what it still has."""
        self.acknowledged = {
            own: self.acknowledged[own] for own in self.server.facts() if own in self.acknowledged
        }

    def till_went_back(self, till: SimTill) -> None:
        for seen in self.books.cut_back(till, till.image_has):
            self.lost_from_tills[seen.hash] = seen

    def _heal(self) -> None:
        """The line is good, clocks are right, everybody is let in again."""
        self.network.is_healed = True
        for till in self.tills:
            till.is_cut_off = False
            till.clock.off_ms = 0
            if not till.talk.has_good_key:
                self._let_in(till)
        self.server.accept_everything()

    def _let_in(self, till: SimTill) -> None:
        """Pairing a till ends every key it had before: its twin's too."""
        same = [one for one in self.tills if one.store.device_id == till.store.device_id]
        twin = next((one for one in same if one.talk.has_good_key), None)
        if twin is None:
            till.talk.let_in()
        else:
            till.talk.take_key_of(twin.talk)

    def _drain(self) -> None:
        """With nothing new, every till comes to rest within so many virtual minutes."""
        quiet = Random(f"drain {self.plan.seed}")
        for _ in range(DRAIN_ROUNDS_MAX):
            self.rounds += 1
            before = [self.books.of(till).last_seq for till in self.tills]
            said = [till.talk.cycle(quiet) for till in self.tills]
            self.server.spread()
            self.now += DRAIN_PAUSE_MS
            for till in self.tills:
                self.books.read(till)
            at_rest = all(till.talk.is_at_rest() for till in self.tills)
            if at_rest and before == [self.books.of(till).last_seq for till in self.tills]:
                return
        raise Violation(
            "I11", "no_rest", minutes=DRAIN_ROUNDS_MAX * DRAIN_PAUSE_MS // MINUTE, said=", ".join(said)
        )

    def _end(self) -> str:
        """Close everything; the hash of the server's state as it was left."""
        try:
            self.server.spread()
            state = hashlib.sha256(repr(self.server.state()).encode()).hexdigest()
            self._trace.update(state.encode())
        finally:
            for till in self.tills:
                till.die()
            self.server.close()
        return state
