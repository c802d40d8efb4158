"""The pull-the-plug drill: the owner cuts the till off, works as always, plugs it back in, and sees that nothing is missing.

The sales are real and the cut is the agent's own: nothing is simulated. A drill outlives the program; only plugging in ends the cut.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.service.ports import AuditEvent
from app.service.sync_desk import GROUPS
from app.service.sync_ports import SyncPhase

if TYPE_CHECKING:
    from app.service.ports import Clock, Store
    from app.service.session import Session
    from app.service.sync_ports import SyncAgent

SETTING: Final = "sync.drill"
PRINTED: Final = ("done", "submitted")
PAPERS_LOOKED_AT: Final = 20


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill. Facts behind ``after_seq`` were made in it; once plugged in, those up to ``until_seq`` are awaited at the server."""

    began_at: int
    after_seq: int
    ended_at: int = 0
    until_seq: int = 0
    made: int = 0
    sales: int = 0
    members: int = 0

    @property
    def is_cut(self) -> bool:
        return not self.ended_at


@dataclass(frozen=True, slots=True)
class DrillProgress:
    """What was done while cut off, and, once plugged in, how many facts of it the server does not have yet."""

    drill: Drill
    has_sold: bool
    has_enrolled: bool
    has_printed: bool
    made: int
    left: int

    @property
    def is_proved(self) -> bool:
        """Plugged in again, and the server has said that it has everything."""
        return not self.drill.is_cut and not self.left


class DrillDesk:
    """Begins, watches and ends a drill. For the store's worker, except ``take_up``."""

    def __init__(self, store: Store, session: Session, clock: Clock, agent: SyncAgent) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._agent = agent

    def current(self) -> Drill | None:
        """The drill that has not been finished, cut off or plugged in again."""
        return drill_from(self._store.desk.setting(SETTING))

    def take_up(self) -> None:
        """At the program's start: a drill that was under way still is. At once."""
        drill = self.current()
        if drill is not None and drill.is_cut:
            self._agent.cut_off(is_cut_off=True)

    def begin(self, approval: Approval | None = None) -> Drill:
        """Cut the till off. Raises ApprovalNeeded, Refused("drill_needs_server"), Refused("drill_under_way")."""
        self._session.permit(Right.SETTINGS, 1, approval)
        if self._agent.status().phase is SyncPhase.UNPAIRED:
            raise Refused("drill_needs_server")
        if self.current() is not None:
            raise Refused("drill_under_way")
        # First the cut: what is written next waits in the outbox for certain, and its place is where the drill begins.
        self._agent.cut_off(is_cut_off=True)
        try:
            self._write("sync_drill_began", None, approval)
            drill = Drill(self._clock.now_ms(), self._store.desk.unsent().last_seq)
            self._keep(drill)
        except BaseException:
            self._agent.cut_off(is_cut_off=False)
            raise
        return drill

    def plug_in(self) -> Drill:
        """Put the plug back. What was made meanwhile is on its way from now on. Anybody may; a second time changes nothing."""
        drill = self.current()
        if drill is None:
            raise Refused("no_drill")
        if not drill.is_cut:
            return drill
        unsent = self._store.desk.unsent(drill.after_seq)
        ended = replace(
            drill,
            ended_at=max(self._clock.now_ms(), drill.began_at + 1),
            until_seq=max(unsent.last_seq, drill.after_seq),
            made=unsent.count,
            sales=sum(unsent.kinds.get(kind, 0) for kind in GROUPS["sales"]),
            members=unsent.kinds.get("enrolment", 0),
        )
        self._write("sync_drill_ended", ended, None)
        self._agent.cut_off(is_cut_off=False)
        self._agent.wake()
        return ended

    def progress(self) -> DrillProgress | None:
        """How it stands; None without a drill."""
        drill = self.current()
        if drill is None:
            return None
        if not drill.is_cut:
            left = self._store.desk.unsent_until(drill.until_seq)
            return DrillProgress(
                drill,
                has_sold=drill.sales > 0,
                has_enrolled=drill.members > 0,
                has_printed=self._has_printed(drill),
                made=drill.made,
                left=left,
            )
        unsent = self._store.desk.unsent(drill.after_seq)
        return DrillProgress(
            drill,
            has_sold=any(unsent.kinds.get(kind) for kind in GROUPS["sales"]),
            has_enrolled=bool(unsent.kinds.get("enrolment")),
            has_printed=self._has_printed(drill),
            made=unsent.count,
            left=unsent.count,
        )

    def finish(self) -> None:
        """The owner has seen the proof. Raises Refused("drill_not_proved") while it is not there."""
        progress = self.progress()
        if progress is None:
            return
        if not progress.is_proved:
            raise Refused("drill_not_proved")
        with self._store.begin() as work:
            work.put_setting(SETTING, None)
            work.commit()

    def _has_printed(self, drill: Drill) -> bool:
        until = drill.ended_at or self._clock.now_ms()
        papers = self._store.desk.print_jobs(PRINTED, PAPERS_LOOKED_AT)
        return any(drill.began_at <= paper.created_at <= until for paper in papers)

    def _write(self, kind: str, drill: Drill | None, approval: Approval | None) -> None:
        event = AuditEvent(
            kind,
            None if self._session.operator is None else self._session.operator.id,
            self._clock.now_ms(),
            {} if drill is None else {"made": drill.made},
            None if approval is None else approval.approved_by,
        )
        with self._store.begin() as work:
            work.audit(event)
            if drill is not None:
                work.put_setting(SETTING, asdict(drill))
            work.commit()

    def _keep(self, drill: Drill) -> None:
        with self._store.begin() as work:
            work.put_setting(SETTING, asdict(drill))
            work.commit()


def drill_from(stored: object) -> Drill | None:
    """The drill that a setting holds; None for none, and for what is damaged."""
    if not isinstance(stored, dict):
        return None
    try:
        drill = Drill(**stored)
    except TypeError:
        return None
    values = (getattr(drill, name) for name in Drill.__slots__)
    return drill if all(type(value) is int for value in values) else None
