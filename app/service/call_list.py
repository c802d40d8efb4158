"""Members to call, chosen on a screen. There they are masked; whole numbers stand only on paper or in a file that somebody asked for.

Every such list leaves an event with who took it, why, and how many; the list itself is kept nowhere. Whoever did not agree to be contacted
is left out of it, unless it is about a promise made to them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.authority import Approval, Right
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.member import mask_name
from app.domain.phone import mask_phone, national_number
from app.domain.receipt import (
    Align,
    Cell,
    Cut,
    Feed,
    Node,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Text,
    mark_as_training,
)
from app.i18n import t
from app.service.exports.call_out import calls_file
from app.service.exports.files import refuse_taken, write_file
from app.service.ports import AuditEvent, Clock, PrintRequest, Spool, Store
from app.service.session import Session

if TYPE_CHECKING:
    from app.service.work_list import Task

CALLS_MAX: Final = 2_000
REASON_CHARACTERS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One member, masked. ``may_be_contacted``: they agreed to marketing; ``is_promised``: it is about something promised to them."""

    member_id: MemberId
    name: str
    phone: str
    words: str
    may_be_contacted: bool
    is_promised: bool = False

    @property
    def is_called(self) -> bool:
        """Whether they stand on the list that is given out."""
        return self.may_be_contacted or self.is_promised


class CallListDesk:
    def __init__(self, store: Store, session: Session, clock: Clock, spool: Spool) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._spool = spool

    def calls(
        self, wanted: Sequence[tuple[MemberId, str]], promised: Collection[MemberId] = ()
    ) -> tuple[Call, ...]:
        """Each member with what to say; each once, erased ones not at all."""
        found = []
        for member_id, words in dict(wanted).items():
            card = self._store.members.by_id(member_id)
            if card is not None and not card.member.is_erased:
                member = card.member
                found.append(
                    Call(
                        member.id,
                        mask_name(member.name),
                        mask_phone(member.phone),
                        words,
                        member.has_marketing_consent,
                        member_id in promised,
                    )
                )
        return tuple(found)

    def for_tasks(self, tasks: Sequence[Task]) -> tuple[Call, ...]:
        """Whoever these tasks are about, each once with everything there is to say. Who wants no advertising hears of promises alone."""
        said: dict[MemberId, list[Task]] = {}
        for task in tasks:
            if task.member_id is not None and task.kind.is_for_calls:
                said.setdefault(task.member_id, []).append(task)
        willing = {one.member_id for one in self.calls([(who, "") for who in said]) if one.may_be_contacted}
        wanted, promised = [], []
        for who, all_of_them in said.items():
            promises = [task for task in all_of_them if task.kind.is_promise]
            if promises:
                promised.append(who)
            told = all_of_them if who in willing or not promises else promises
            wanted.append((who, t("calls.joint").join(task.about for task in told)))
        return self.calls(wanted, promised)

    def export(
        self,
        calls: Sequence[Call],
        target: Path,
        reason: str,
        *,
        is_marketing: bool = True,
        approval: Approval | None = None,
    ) -> int:
        """Write them down as the file's suffix says: ``.csv``, ``.xlsx`` or ``.pdf``. Returns how many stand in it.

        Raises Refused, Unavailable("file_not_saved"), ApprovalNeeded.
        """
        refuse_taken(target)
        rows = self._take(calls, reason, "file", is_marketing, approval)
        made = t("summary.made", time=f"{self._clock.local():%Y-%m-%d %H:%M}")
        write_file(target, calls_file(rows, target.suffix, title=reason.strip(), made=made))
        return len(rows)

    def print(
        self,
        calls: Sequence[Call],
        reason: str,
        *,
        is_marketing: bool = True,
        approval: Approval | None = None,
    ) -> int:
        """On the receipt printer, with room for a tick. Returns how many. Raises Refused."""
        rows = self._take(calls, reason, "paper", is_marketing, approval)
        language = self._session.shop.language
        nodes: list[Node] = [
            Text(t("calls.title", language), Align.CENTER, size=2, bold=True),
            Text(reason.strip(), Align.CENTER),
            Rule(RuleStyle.SOLID),
        ]
        for name, phone, words in rows:
            nodes.append(Row((Cell(f"□ {name}", bold=True), Cell(phone, Align.RIGHT, bold=True))))
            nodes += [Text(words), Feed()]
        document = ReceiptDocument((*nodes, Cut()), language, "call_list")
        if self._session.is_training:
            marks = (t("receipt.training", language), t("receipt.training_detail", language))
            document = mark_as_training(document, marks)
        with self._store.begin() as work:
            work.enqueue_print(PrintRequest("call_list", document), created_at=self._clock.now_ms())
            work.commit()
        self._spool.wake()
        return len(rows)

    def _take(
        self, calls: Sequence[Call], reason: str, how: str, is_marketing: bool, approval: Approval | None
    ) -> list[tuple[str, str, str]]:
        """The whole names and numbers; that they were taken is in the books before anybody sees one."""
        self._session.permit(Right.REPORTS, 1, approval)
        reason = reason.strip()[:REASON_CHARACTERS_MAX]
        if not reason:
            raise Refused("reason_needed")
        chosen = [one for one in calls if one.is_called or not is_marketing]
        if not chosen:
            raise Refused("calls_nobody")
        if len(chosen) > CALLS_MAX:
            raise Refused("calls_too_many", most=CALLS_MAX)
        details = {"reason": reason, "count": len(chosen), "how": how, "marketing": is_marketing}
        event = AuditEvent("call_list", self._session.operator_id, self._clock.now_ms(), details)
        with self._store.begin() as work:
            work.audit(event)
            work.commit()
        rows = []
        for one in chosen:
            card = self._store.members.by_id(one.member_id)
            if card is not None and not card.member.is_erased:
                rows.append((card.member.name, national_number(card.member.phone), one.words))
        return rows
