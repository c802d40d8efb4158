"""What is done with a segment once it is composed: kept under a name, given a tag, dropped, taken out, called, made a campaign of.

Whatever needs a right over the limit asks a second person; what fails is said where it was asked.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.authority import Approval
from app.domain.errors import Refused
from app.domain.money import Money, format_money
from app.i18n import t
from app.service.call_list import CALLS_MAX, Call
from app.service.campaign_values import Drawn
from app.service.exports.segment_out import SEGMENT_SUFFIXES
from app.service.segment_values import MemberSegment
from app.service.segments import Face
from ui.context import Screen
from ui.owner.call_sheet import CallSheet
from ui.owner.campaign_giving import after_draw
from ui.owner.campaign_sheet import CampaignSheet
from ui.owner.desk import OwnerDesk
from ui.owner.save_sheet import SaveSheet, day_stem
from ui.owner.segment_look import last_visit
from ui.owner.segment_sheets import NameSheet, TagSheet
from ui.tasks import Job, Worker
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.progress_sheet import run_with_progress
from ui.widgets.text_label import TextLabel


class SegmentDeeds(QObject):
    """Signals:
    kept(object): a segment was saved; as it is kept now.
    dropped(): the segment is gone.
    """

    kept = Signal(object)
    dropped = Signal()

    def __init__(self, desk: OwnerDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    # --- keeping ------------------------------------------------------------------------------------------------------

    def ask_name(self, segment: MemberSegment) -> None:
        sheet = NameSheet(self._desk.window, "segments.name", segment.name)
        sheet.decided.connect(
            lambda text: self.write(replace(segment, name=text), sheet, had_tag=bool(segment.tag))
        )
        sheet.open()

    def ask_tag(self, kept: MemberSegment) -> None:
        had_tag = bool(kept.tag)

        def decide(tag: str) -> None:
            if tag:
                self.write(replace(kept, tag=tag), sheet, had_tag=had_tag)
            else:
                sheet.refuse(Refused("tag_empty"))

        def stop() -> None:
            self.write(replace(kept, tag=""), sheet, had_tag=had_tag)

        sheet = TagSheet(self._desk.window, kept.tag, kept.name, stop)
        sheet.decided.connect(decide)
        sheet.open()

    def ask_delete(self, kept: MemberSegment) -> None:
        sheet = ConfirmSheet(
            self._desk.window,
            "segments.delete_sure",
            "segments.delete_what",
            lambda: self._delete(kept),
            yes_key="segments.delete",
            is_dangerous=True,
            name=kept.name,
        )
        if kept.tag:
            note = TextLabel("segments.delete_tag", sheet.panel, tone="warn", wraps=True, tag=kept.tag)
            sheet.body.addWidget(note)
        sheet.open()

    def write(self, segment: MemberSegment, sheet: NameSheet | None = None, *, had_tag: bool) -> None:
        """Save it, as the sheet has it; what is wrong with it is said in the sheet."""
        segments = self._desk.till.segments

        def save(approval: Approval | None) -> MemberSegment:
            return segments.save(segment, approval=approval)

        def done(saved: MemberSegment) -> None:
            if sheet is not None:
                sheet.finish(True)
            self._desk.context.messages.good("segments.saved", name=saved.name)
            self.kept.emit(saved)
            if saved.tag or had_tag:
                self._write_tags()

        self._desk.do(save, done, owner=self, on_error=sheet.refuse if sheet is not None else None)

    def _delete(self, kept: MemberSegment) -> None:
        def drop(approval: Approval | None) -> None:
            self._desk.till.segments.drop(kept.id, approval=approval)

        def done(_: None) -> None:
            self._desk.context.messages.good("segments.deleted", name=kept.name)
            self.dropped.emit()
            if kept.tag:
                self._write_tags()

        self._desk.do(drop, done, owner=self)

    def _write_tags(self) -> None:
        """At once, so that the members' pages say it; from tomorrow on the daily work does it."""
        keeper = self._desk.till.segment_keeper

        def work(job: Job) -> int | None:
            return keeper.write_tags(job.report, lambda: job.is_cancelled)

        def done(changed: int | None) -> None:
            if changed:
                self._desk.context.messages.good("segments.tag_written", count=f"{changed:,}")

        run_with_progress(
            self._desk.context.tasks,
            self._desk.window,
            "segments.tag_writing",
            work,
            done,
            worker=Worker.POOL,
        )

    # --- putting to use -----------------------------------------------------------------------------------------------

    def take_out(self, segment: MemberSegment) -> None:
        """As a file, with whole names and numbers."""
        till = self._desk.till
        tiers = {tier.code: tier.name for tier in till.rules.tiers.rules.tiers}

        def save(path: Path, approval: Approval | None) -> object:
            return till.segments.export(segment, path, tiers=tiers, approval=approval)

        name = segment.name or t("segments.unsaved")
        stem = day_stem(till.shop.name, name, f"{till.clock.local():%Y-%m-%d}")
        SaveSheet(self._desk, "segments.export_title", stem, SEGMENT_SUFFIXES, save).open()

    def call(self, segment: MemberSegment) -> None:
        """As a call list; those who spent most come first."""
        till = self._desk.till

        def read() -> tuple[Call, ...]:
            faces = till.segments.faces(segment, till.segments.count(segment))
            willing = [one for one in faces if one.may_be_contacted]
            if len(willing) > CALLS_MAX:
                raise Refused("calls_too_many", most=CALLS_MAX)
            others = [one for one in faces if not one.may_be_contacted][: CALLS_MAX - len(willing)]
            return till.call_list.calls([(one.member_id, self._about(one)) for one in (*willing, *others)])

        def show(calls: tuple[Call, ...]) -> None:
            CallSheet(self._desk, calls, reason=segment.name).open()

        self._desk.read(read, show, owner=self)

    def begin_campaign(self, segment: MemberSegment) -> None:
        CampaignSheet(self._desk, segment, self._on_drawn).open()

    def _on_drawn(self, drawn: Drawn) -> None:
        """It stands first among the campaigns."""
        go_to = self._desk.context.go_to
        after_draw(self._desk, drawn, lambda: go_to(Screen.OWNER, "campaign"))

    def _about(self, face: Face) -> str:
        spent = format_money(Money(face.spent_minor, self._desk.till.shop.currency))
        return t("segments.call", last=last_visit(face), visits=f"{face.visits:,}", spent=spent)
