"""The till's side of the talk as a step machine: every decision is here, and no thread, no socket, no clock of its own.

A step makes at most one request and applies at most one answer, so that a simulation can stop it, kill it and repeat it anywhere. Whatever
must survive is in the exchange; what is here may be forgotten at any moment. Only a whole answer that echoes what was asked counts.

    a round:  token -> push until nothing waits -> fill, or pull until the newest -> leases -> a younger key -> compare the books
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeVar

from app import log
from app.service.exchange_ports import FILLING, Acknowledgement, Exchange, ExchangeState, Verdict
from app.service.lease_ports import LeaseAsk, LeaseBook
from app.service.ports import Clock
from app.service.sync_ports import Cycle
from sync.client.identity import SEED_BYTES, DeviceKey, Identity
from sync.client.messages import (
    ID_BYTES,
    acknowledgement_of,
    challenge_of,
    granted_of,
    incoming_of,
    lease_request_of,
    proof_of,
)
from sync.client.packing import Batch, Packer
from sync.client.rounds import Memory, Round, Step, StepKind
from sync.client.sizes import Size
from sync.client.transport import Transport, answer_of
from sync.client.trouble import Problem, Trouble
from sync.protocol import (
    PAGE_CHANGES_MAX,
    Change,
    LeaseAnswer,
    PairAnswer,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    ReconcileAnswer,
    ReconcileRequest,
    RotateRequest,
    SnapshotAnswer,
    SnapshotRequest,
    Stage,
    TokenAnswer,
    pack,
)

T = TypeVar("T")

assert tuple(Stage) == FILLING, "the stages of a filling are the protocol's"

PUSH_START: Final = 200
PUSH_MAX: Final = 300
"""More in one request would keep the pen longer when they are answered for than a cashier should wait."""
STEPS_MAX: Final = 5_000
"""In one round; what is left comes in the next."""
TOKENS_MAX: Final = 3
MISSES_MAX: Final = 3
"""So many single facts that the server cannot take are passed by in one round."""
TOKEN_SPARE_MS: Final = 60_000
PAUSE_MAX_MS: Final = 60_000
CLOCK_APART_MAX_MS: Final = 5 * 60_000
KEY_LIFE_MS: Final = 90 * 24 * 3_600_000
REFILL_AGAIN_MS: Final = 6 * 3_600_000


@dataclass(frozen=True, slots=True)
class Intervals:
    """``compare_ms``: so long the books are not compared again; 0 compares in every round."""

    compare_ms: int = 0
    key_life_ms: int = KEY_LIFE_MS


class Engine:
    """``random(n)`` gives n bytes. Used by one thread."""

    def __init__(
        self,
        exchange: Exchange,
        identity: Identity,
        transport: Transport,
        clock: Clock,
        random: Callable[[int], bytes],
        intervals: Intervals = Intervals(),
        leases: LeaseBook | None = None,
    ) -> None:
        self._exchange = exchange
        self._identity = identity
        self._transport = transport
        self._clock = clock
        self._random = random
        self._intervals = intervals
        self._leases = leases
        self._device = exchange.device_id.bytes
        self._packer = Packer(exchange, identity, clock, random)
        self._push_size = Size(PUSH_START, PUSH_MAX)
        self._page_size = Size(PAGE_CHANGES_MAX, PAGE_CHANGES_MAX)
        self._memory = Memory()
        self._round = Round()
        self._kind = StepKind.REST
        self.fill_progress = 0
        """Thousandths of the present filling."""

    @property
    def clock_apart_ms(self) -> int:
        """The server's clock minus this machine's, as of the last token."""
        return self._memory.clock_apart_ms

    def round(
        self,
        *,
        wait: Callable[[int], bool] = lambda _ms: True,
        on_step: Callable[[Step], None] = lambda _step: None,
    ) -> Cycle:
        """Steps until the round is over. ``wait(ms)`` is called where the server asks for a pause; False ends the round there."""
        sent = received = 0
        while True:
            step = self.step()
            sent, received = sent + step.sent, received + step.received
            on_step(step)
            if step.is_last:
                break
            if step.wait_ms and not wait(step.wait_ms):
                self._round = Round()
                break
        return Cycle(
            sent, received, self._exchange.state().waiting, step.problem.value if step.problem else ""
        )

    def step(self) -> Step:
        """The next thing to do. After a step that is last, the next one begins another round."""
        self._round.steps += 1
        try:
            step = self._next()
        except Trouble as trouble:
            log.sync.info(
                "%s: %s (%s %s)", self._kind, trouble.problem.value, trouble.status, trouble.server_code
            )
            step = self._after(trouble)
        if not step.is_last and self._round.steps >= STEPS_MAX:
            step = replace(step, is_last=True)
        if step.is_last:
            self._finish(step)
        return step

    # --- which step -------------------------------------------------------------------------------------------------------

    def _next(self) -> Step:
        state = self._exchange.state()
        if self._round.steps == 1 and abs(self._memory.clock_apart_ms) > CLOCK_APART_MAX_MS:
            self._memory.token_expires_at = 0  # somebody may have set the clock since
        if self._memory.token_expires_at - TOKEN_SPARE_MS <= self._now_there():
            return self._take_token()
        if state.waiting and (batch := self._next_batch()) is not None:
            return self._push(state, batch)
        if self._memory.to_ask:
            return self._ask_watermark(state, self._memory.to_ask[0])
        if self._memory.restart_with is not None:
            self._restart(self._memory.restart_with)
            state = self._exchange.state()
        if not self._round.has_asked:
            return self._ask_watermark(state, self._exchange.lives()[-1])
        if state.filling or not state.server:
            return self._fill(state)
        if not self._round.has_pulled:
            return self._pull(state)
        if self._leases is not None and not self._round.has_leased:
            self._round.has_leased = True
            if (ask := self._leases.wanted(at=self._clock.now_ms())) is not None:
                return self._lease(self._leases, ask)
        if self._is_time_to_rotate():
            return self._rotate()
        if not self._round.has_compared and self._is_time_to_compare():
            return self._compare(state)
        return self._rest()

    def _is_time_to_compare(self) -> bool:
        before = self._memory.compared_at
        return before is None or not 0 <= self._clock.now_ms() - before < self._intervals.compare_ms

    def _is_time_to_rotate(self) -> bool:
        age = self._now_there() - self._identity.key.made_at
        return age > self._intervals.key_life_ms and not self._round.has_rotated

    def _rest(self) -> Step:
        problem = self._round.problem
        if problem is None and abs(self._memory.clock_apart_ms) > CLOCK_APART_MAX_MS:
            problem = Problem.CLOCK
        return Step(StepKind.REST, problem=problem, is_last=True)

    def _finish(self, step: Step) -> None:
        """Write down how the round ended, and forget it."""
        ended, self._round = self._round, Round()
        if step.problem is Problem.STOPPED:
            return
        problem = "" if step.problem is None else step.problem.value
        self._exchange.note(at=self._clock.now_ms(), problem=problem, is_contact=ended.is_contact)

    # --- the steps --------------------------------------------------------------------------------------------------------

    def _take_token(self) -> Step:
        self._kind = StepKind.TOKEN
        self._round.tokens += 1
        challenge = challenge_of(self._identity.key, at=self._now_there(), nonce=self._random(ID_BYTES))
        answer = self._ask(challenge, TokenAnswer)
        self._memory.token, self._memory.token_expires_at = answer.token, answer.expires_at
        self._memory.clock_apart_ms = answer.server_time - self._clock.now_ms()
        return Step(StepKind.TOKEN)

    def _next_batch(self) -> Batch | None:
        """What to send next; a single fact that fits into no batch is passed by."""
        while True:
            batch = self._packer.waiting(self._push_size.now, self._round.after_seq)
            if batch is None or batch.body is not None:
                return batch
            self._pass_by(batch.last_seq, Problem.TOO_LARGE)

    def _push(self, state: ExchangeState, batch: Batch) -> Step:
        self._kind = StepKind.PUSH
        try:
            said, pause_ms = self._ask_push(batch.request, batch.body)
        except Trouble as trouble:
            if self._may_go_on(trouble, batch):
                return Step(StepKind.PUSH)
            raise
        settled = self._exchange.settle(said, at=self._clock.now_ms())
        self._round.has_asked = True
        self._notice_life(state, said.server)
        is_done = settled.acknowledged > 0 and all(one.verdict is not Verdict.RETRY for one in said.answers)
        if not is_done or (self._round.has_put_back and settled.put_back):
            # What is to be sent again later waits for the next round; so does what would be put back for ever.
            self._round.after_seq = max(self._round.after_seq, batch.last_seq)
        self._round.has_put_back |= settled.put_back > 0
        if settled.is_forked:
            self._round.problem = Problem.FORKED
        self._push_size.grow()
        return Step(StepKind.PUSH, sent=settled.acknowledged, wait_ms=pause_ms)

    def _ask_watermark(self, state: ExchangeState, life: int) -> Step:
        """A push without facts: has the server lost any? What it lost is in the outbox after this."""
        self._kind = StepKind.PUSH
        question = self._packer.question(life)
        said, pause_ms = self._ask_push(question.request, question.body)
        settled = self._exchange.settle(said, at=self._clock.now_ms())
        self._memory.to_ask = [other for other in self._memory.to_ask if other != life]
        self._round.has_asked = True
        self._notice_life(state, said.server)
        if settled.put_back:
            log.sync.info("the server had lost %d facts", settled.put_back)
        return Step(StepKind.PUSH, wait_ms=pause_ms)

    def _ask_push(self, request: PushRequest, body: bytes | None) -> tuple[Acknowledgement, int]:
        assert body is not None
        answer = answer_of(self._transport.send("push", body, self._memory.token), PushAnswer)
        said = acknowledgement_of(request, answer)
        self._round.is_contact = True
        return said, min(max(0, answer.pause_ms), PAUSE_MAX_MS)

    def _fill(self, state: ExchangeState) -> Step:
        self._kind = StepKind.FILL
        stage = Stage(state.filling or FILLING[0])
        as_of, after = (state.filling_as_of, state.filling_after) if state.filling else (0, 0)
        answer = self._ask(
            SnapshotRequest(stage, as_of, after, self._page_size.now), SnapshotAnswer, "snapshot"
        )
        _check_echo((answer.stage, answer.after), (stage, after))
        _check_echo(answer.as_of, as_of or answer.as_of)
        _check_page(answer.changes, after, answer.next or (1 << 63))
        if state.server and answer.server != state.server:
            self._notice_life(state, answer.server)
            return Step(StepKind.FILL)
        page, at = incoming_of(answer.changes), self._clock.now_ms()
        applied = self._exchange.fill(
            answer.server, stage.value, answer.as_of, page, after=answer.next, at=at
        )
        index = FILLING.index(stage)
        share = answer.next * 1000 // max(1, answer.total) if answer.next else 1000
        self.fill_progress = (1000 * index + min(share, 1000)) // len(FILLING)
        if not answer.next and stage == FILLING[-1]:
            self._exchange.fill(answer.server, "", answer.as_of, (), after=0, at=at)
        self._page_size.grow()
        return Step(StepKind.FILL, received=applied.taken)

    def _pull(self, state: ExchangeState) -> Step:
        self._kind = StepKind.PULL
        answer = self._ask(PullRequest(state.server, state.pulled, self._page_size.now), PullAnswer)
        _check_echo(answer.after, state.pulled)
        if answer.must_restart or answer.server != state.server:
            self._begin_again(answer.server)
            return Step(StepKind.PULL)
        _check_page(answer.changes, state.pulled, answer.last)
        received = 0
        if answer.changes or answer.last > state.pulled:
            page = incoming_of(answer.changes)
            applied = self._exchange.take_in(answer.server, page, last=answer.last, at=self._clock.now_ms())
            received = applied.taken
        self._round.has_pulled = not answer.changes or answer.last >= answer.newest
        self._page_size.grow()
        return Step(StepKind.PULL, received=received)

    def _lease(self, book: LeaseBook, ask: LeaseAsk) -> Step:
        self._kind = StepKind.LEASE
        answer = self._ask(lease_request_of(ask), LeaseAnswer)
        if answer.incarnation != ask.incarnation:
            raise Trouble(Problem.TRUNCATED, status=200)
        book.granted(ask.incarnation, granted_of(answer), at=self._clock.now_ms())
        return Step(StepKind.LEASE)

    def _rotate(self) -> Step:
        """Another key of this till. Nothing is asked for that could not be kept: the server ends the old one."""
        self._kind = StepKind.ROTATE
        self._round.has_rotated = True
        if not self._identity.can_replace():
            return Step(StepKind.ROTATE)
        old, made_at = self._identity.key, self._now_there()
        new = DeviceKey("", made_at, self._random(SEED_BYTES))
        request = RotateRequest(new.public, proof_of(new, old.key_id, self._device))
        answer = self._ask(request, PairAnswer)
        self._identity.replace(replace(new, key_id=answer.key_id))
        self._memory.token_expires_at = 0
        return Step(StepKind.ROTATE)

    def _compare(self, state: ExchangeState) -> Step:
        """Anki's sanity check: equal counts and sums, or everything is fetched again."""
        self._kind = StepKind.RECONCILE
        self._round.has_compared = True
        request, now = ReconcileRequest(state.pulled, self._exchange.sums()), self._clock.now_ms()
        answer = self._ask(request, ReconcileAnswer)
        self._memory.compared_at = now
        if answer.server != state.server:
            self._notice_life(state, answer.server)
        elif answer.different:
            self._memory.compared_at = None
            log.sync.info("the books differ: %s", ", ".join(answer.different))
            before = self._memory.refilled_at
            if before is not None and 0 <= now - before < REFILL_AGAIN_MS:
                self._round.problem = Problem.BOOKS_DIFFER
            else:
                self._memory.refilled_at = now
                self._begin_again(state.server)
        else:
            # Every round asks about the present life; one that is over says nothing any more by itself.
            self._memory.to_ask = list(self._exchange.lives()[:-1])
        return Step(StepKind.RECONCILE)

    # --- the server lost something ----------------------------------------------------------------------------------------

    def _notice_life(self, state: ExchangeState, server: int) -> None:
        """Another life of the server: what it has of ours is asked for, then everything is filled again."""
        if state.server and server != state.server and self._memory.restart_with != server:
            self._begin_again(server)

    def _begin_again(self, server: int) -> None:
        """Every life's watermark first: what is put back survives whatever happens before the filling."""
        self._memory.to_ask = list(self._exchange.lives())
        self._memory.restart_with = server

    def _restart(self, server: int) -> None:
        self._memory.restart_with = None
        self._exchange.start_over(server, at=self._clock.now_ms())
        self._round.has_pulled = self._round.has_compared = False
        self.fill_progress = 0

    # --- asking, and what goes wrong --------------------------------------------------------------------------------------

    def _ask(self, message: object, kind: type[T], path: str = "") -> T:
        token = "" if self._kind is StepKind.TOKEN else self._memory.token
        answer = answer_of(self._transport.send(path or self._kind.value, pack(message), token), kind)
        self._round.is_contact = True
        return answer

    def _now_there(self) -> int:
        """By the server's clock, as far as we know."""
        return self._clock.now_ms() + self._memory.clock_apart_ms

    def _after(self, trouble: Trouble) -> Step:
        """Whether the round goes on after this."""
        self._round.is_contact |= bool(trouble.server_code)
        ended = Step(self._kind, problem=trouble.problem, wait_ms=trouble.retry_after_ms, is_last=True)
        goes_on = Step(self._kind)
        if self._kind is StepKind.TOKEN:
            return goes_on if self._may_challenge_again(trouble) else ended
        if trouble.status == 401:
            self._memory.token_expires_at = 0
            return goes_on if self._round.tokens < TOKENS_MAX else ended
        if self._kind is StepKind.LEASE and trouble.problem is Problem.NOT_SERVER:
            return goes_on  # a server from before there were leases
        if self._kind not in (StepKind.PULL, StepKind.FILL):
            return ended
        if trouble.server_code == "as_of":
            self._begin_again(self._exchange.state().server)
            return goes_on
        tried = self._page_size.now
        if trouble.problem is Problem.TOO_LARGE and tried > 1:
            self._page_size.settle_below(tried)
            return goes_on
        if trouble.problem in (Problem.TIMEOUT, Problem.TRUNCATED):
            self._page_size.shrink(tried)
        return ended

    def _may_challenge_again(self, trouble: Trouble) -> bool:
        if self._round.tokens >= TOKENS_MAX:
            return False
        if trouble.server_code == "clock_apart" and trouble.server_time:
            self._memory.clock_apart_ms = trouble.server_time - self._clock.now_ms()
            return True
        return trouble.server_code == "nonce_used"

    def _may_go_on(self, trouble: Trouble, batch: Batch) -> bool:
        """A batch that got stuck is tried in parts; a single fact that the server cannot take is passed by for this round."""
        tried = len(batch.request.records)
        if trouble.problem in (Problem.TIMEOUT, Problem.TRUNCATED):
            self._push_size.shrink(tried)
            return False
        is_about_it = trouble.status in (400, 413)
        is_about_it |= trouble.problem is Problem.SERVER_ERROR and trouble.server_code != ""
        if not is_about_it:
            return False
        self._round.is_contact = True
        self._push_size.shrink(tried)
        if tried > 1:
            return trouble.problem is not Problem.SERVER_ERROR
        self._pass_by(batch.last_seq, trouble.problem)
        self._round.misses += 1
        return self._round.misses < MISSES_MAX

    def _pass_by(self, seq: int, problem: Problem) -> None:
        self._round.after_seq = max(self._round.after_seq, seq)
        self._round.problem = problem


def _check_echo(said: object, asked: object) -> None:
    """An answer to another question is none."""
    if said != asked:
        raise Trouble(Problem.TRUNCATED, status=200)


def _check_page(changes: tuple[Change, ...], after: int, last: int) -> None:
    """Steps in their order beyond the cursor, or it is no answer to what was asked."""
    steps = [after, *(change.feed_seq for change in changes)]
    is_sound = all(one < other for one, other in pairwise(steps)) and steps[-1] <= last
    if not is_sound:
        raise Trouble(Problem.TRUNCATED, status=200)
