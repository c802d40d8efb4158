"""The summary on the receipt printer, and as a file: what an owner takes along. Members stand there masked, as on the screen.

That somebody took the shop's figures with them is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.authority import Approval, Right
from app.domain.money import Money, format_money
from app.domain.quantity import format_quantity
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
from app.service.exports.files import refuse_taken, write_file
from app.service.ports import AuditEvent, Clock, PrintRequest, Spool, Store
from app.service.session import Session
from app.service.summary_values import Key, Summary
from app.service.summary_words import (
    GROUPS,
    compared_text,
    figure_texts,
    finding,
    label_of,
    period_text,
    share_text,
)

# A narrow paper holds the value and the one before; the average stands on the screen.
AMOUNT_CELLS = 11
PURPOSE = "summary"


class SummaryPaper:
    """The paper of a summary, its way to the printer, and its way into a file."""

    def __init__(self, store: Store, session: Session, clock: Clock, spool: Spool) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._spool = spool

    def print(self, summary: Summary) -> None:
        """Queue it."""
        now = self._clock.now_ms()
        with self._store.begin() as work:
            work.enqueue_print(PrintRequest(PURPOSE, self.document(summary)), created_at=now)
            work.audit(self._event("summary_printed", summary, now))
            work.commit()
        self._spool.wake()

    def save(
        self, summary: Summary, target: Path, language: str | None = None, *, approval: Approval | None = None
    ) -> None:
        """Write it down as the file's suffix says: ``.pdf`` or ``.xlsx``. In the shop's language unless another is asked for.

        Raises Refused("file_taken"), Unavailable("file_not_saved"), ApprovalNeeded.
        """
        self._session.permit(Right.REPORTS, 1, approval)
        refuse_taken(target)
        data = self._file(summary, target.suffix.lower(), language or self._session.shop.language)
        write_file(target, data)
        with self._store.begin() as work:
            work.audit(self._event("summary_saved", summary, self._clock.now_ms()))
            work.commit()

    def document(self, summary: Summary, language: str | None = None) -> ReceiptDocument:
        """In the shop's language unless another is asked for."""
        language = language or self._session.shop.language
        document = ReceiptDocument(
            tuple(_Nodes(summary, self._session.shop.name, self._offset(), language).all()), language, PURPOSE
        )
        if not self._session.is_training:
            return document
        marks = (t("receipt.training", language), t("receipt.training_detail", language))
        return mark_as_training(document, marks)

    def _file(self, summary: Summary, suffix: str, language: str) -> bytes:
        if suffix == ".xlsx":
            from app.service.exports.summary_xlsx import summary_workbook

            return summary_workbook(summary, language)
        from app.service.exports.summary_pdf import summary_pdf

        assert suffix == ".pdf", suffix
        return summary_pdf(summary, self._session.shop.name, self._offset(), language)

    def _event(self, kind: str, summary: Summary, now: int) -> AuditEvent:
        days = {"since": summary.since.isoformat(), "until": summary.until.isoformat()}
        return AuditEvent(kind, self._session.operator_id, now, days)

    def _offset(self) -> int:
        offset = self._clock.local().utcoffset()
        assert offset is not None, "the shop's clock knows its zone"
        return int(offset.total_seconds()) // 60


class _Nodes:
    def __init__(self, summary: Summary, shop_name: str, offset_minutes: int, language: str) -> None:
        self._summary = summary
        self._shop_name = shop_name
        self._offset = offset_minutes
        self._language = language

    def all(self) -> list[Node]:
        summary = self._summary
        title = "summary.title" if summary.is_one_day else "summary.title_range"
        nodes: list[Node] = [
            Text(self._shop_name, Align.CENTER),
            Text(self._say(title), Align.CENTER, size=2, bold=True),
            Text(period_text(summary.since, summary.until, self._language), Align.CENTER),
            Feed(),
            Text(finding(summary, self._language), bold=True),
        ]
        if summary.is_running:
            nodes.append(Text(self._say("summary.running", time=self._time(summary.made_at))))
        if summary.has_business:
            nodes.append(Text(compared_text(summary, self._language)))
            for group, keys in GROUPS.items():
                nodes += self._group(group, keys)
            nodes += [*self._lists()]
        nodes += [
            Rule(RuleStyle.SOLID),
            Text(self._say("summary.made", time=self._time(summary.made_at)), Align.CENTER),
            Cut(),
        ]
        return nodes

    def _group(self, group: str, keys: tuple[Key, ...]) -> list[Node]:
        """Only what there is something to say about: a shop without stamp cards sees none."""
        figures = [self._summary.figures[key] for key in keys]
        told = [one for one in figures if one.value or one.before]
        if not told:
            return []
        nodes: list[Node] = [self._heading(self._say(f"summary.group.{group}"))]
        before = self._say(
            "summary.column.before" if self._summary.is_one_day else "summary.column.before_range"
        )
        now = self._say("summary.column.day" if self._summary.is_one_day else "summary.column.range")
        if self._summary.before is not None:
            nodes.append(self._row("", now, before))
        for one in told:
            value, was, _ = figure_texts(one, self._summary.currency, self._language)
            label = label_of(one.key, self._language)
            nodes.append(
                self._row(label, value, was) if self._summary.before is not None else _pair(label, value)
            )
        return nodes

    def _lists(self) -> list[Node]:
        summary = self._summary
        nodes: list[Node] = []
        if summary.tenders:
            nodes.append(self._heading(self._say("summary.group.tenders")))
            nodes += [
                _pair(self._say(f"slip.tender.{one.kind}"), self._money(one.net_minor))
                for one in summary.tenders
            ]
        if summary.operators:
            nodes.append(self._heading(self._say("summary.group.operators")))
            for one in summary.operators:
                rate = (
                    share_text(one.rate, self._language)
                    if one.rate is not None
                    else self._say("summary.none")
                )
                nodes += [
                    _pair(one.name, self._money(one.minor)),
                    _pair(f"  {self._say('summary.figure.sign_up_rate')}", rate),
                ]
        if summary.hours:
            nodes.append(self._heading(self._say("summary.group.hours")))
            nodes += [
                self._row(
                    self._say("summary.hour", hour=f"{one.hour:02}"), str(one.tickets), self._money(one.minor)
                )
                for one in summary.hours
                if one.tickets or one.minor
            ]
        if summary.top_members:
            nodes.append(self._heading(self._say("summary.group.top_members")))
            for number, who in enumerate(summary.top_members, 1):
                name = " ".join(part for part in (who.name, who.phone) if part)
                nodes.append(
                    _pair(f"{number}. {name or self._say('summary.erased')}", self._money(who.minor))
                )
        if summary.top_items:
            nodes.append(self._heading(self._say("summary.group.top_items")))
            for number, item in enumerate(summary.top_items, 1):
                name = item.name or self._say("summary.unknown_item")
                pieces = format_quantity(item.quantity)
                nodes.append(self._row(f"{number}. {name}", pieces, self._money(item.minor)))
        return nodes

    def _heading(self, text: str) -> Node:
        return Rule(RuleStyle.SOLID, text)

    def _row(self, label: str, middle: str, right: str) -> Node:
        return Row(
            (
                Cell(label),
                Cell(middle, Align.RIGHT, AMOUNT_CELLS, bold=True),
                Cell(right, Align.RIGHT, AMOUNT_CELLS),
            )
        )

    def _money(self, minor: int) -> str:
        return format_money(Money(minor, self._summary.currency))

    def _say(self, key: str, **fields: object) -> str:
        return t(key, self._language, **fields)

    def _time(self, at: int) -> str:
        return local_time(at, self._offset)


def local_time(at: int, offset_minutes: int) -> str:
    """``2026-11-22 15:04``."""
    return f"{datetime.fromtimestamp(at / 1000, UTC) + timedelta(minutes=offset_minutes):%Y-%m-%d %H:%M}"


def _pair(left: str, right: str) -> Row:
    return Row((Cell(left), Cell(right, Align.RIGHT, bold=True)))
