"""Bringing a shop's own table into the till: first a plan that says row by row what would happen, then all of it or nothing.

The plan changes nothing and may be shown for as long as people like; it is refused once what it was made on has changed. The same file
brought in twice changes nothing the second time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol, TypeVar

from app import log
from app.domain.consent import Consent, ConsentChannel, Purpose
from app.domain.errors import Cancelled, Refused
from app.domain.ids import OperatorId
from app.domain.phone import mask_phone
from app.domain.profile import ProfileChange
from app.domain.profile_fields import Source
from app.i18n import t
from app.service import import_goods, import_members
from app.service.import_columns import BadCell, Cells, Header, RowNote, find_header
from app.service.import_goods import CategoryTree, GoodsReader, PlannedItem
from app.service.import_members import MemberReader, PlannedMember
from app.service.ports import AuditEvent, Category, Clock, IdSource, Store, UnitOfWork
from app.service.shop import load_shop
from app.service.tabular import read_table

NOTES_MAX: Final = 10_000  # a file that is wrong in every row need not say so more often
BATCH_ROWS: Final = 500

Progress = Callable[[int, int], None]  # rows done, rows in all
IsCancelled = Callable[[], bool]


class ImportKind(StrEnum):
    PRODUCTS = "products"
    MEMBERS = "members"


Planned = PlannedItem | PlannedMember


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would do. ``form`` says how it was read (``xlsx`` or the encoding).

    ``errors`` are rows that cannot be taken, ``warnings`` are odd but taken. ``version`` is the catalogue's when the plan was made.
    """

    kind: ImportKind
    file_name: str
    form: str
    header: Header
    rows: int
    planned: tuple[Planned, ...]
    unchanged: int
    errors: tuple[RowNote, ...]
    warnings: tuple[RowNote, ...]
    refused_rows: int
    new_categories: tuple[Category, ...] = ()
    prices_from: int = 0
    version: int = 0

    @property
    def additions(self) -> tuple[Planned, ...]:
        return tuple(planned for planned in self.planned if planned.before is None)

    @property
    def changes(self) -> tuple[Planned, ...]:
        return tuple(planned for planned in self.planned if planned.before is not None)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was done."""

    added: int
    changed: int
    unchanged: int
    skipped: int


def plan_import(
    kind: ImportKind,
    path: Path,
    store: Store,
    *,
    clock: Clock,
    ids: IdSource,
    encoding: str | None = None,
    prices_from: int | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> ImportPlan:
    """Read the file and say what it would do. ``prices_from`` (UTC ms) is when new prices start; the default is now.

    Raises Refused for a file or header that cannot be used (:func:`read_table`, :func:`find_header`) and Cancelled.
    """
    table = read_table(path, encoding=encoding)
    columns = import_goods.COLUMNS if kind is ImportKind.PRODUCTS else import_members.COLUMNS
    header, rows = find_header(table, columns)
    start = prices_from if prices_from is not None else clock.now_ms()
    version = store.catalogue.version()
    reader: _Reader
    if kind is ImportKind.PRODUCTS:
        shop = load_shop(store.desk.settings())
        categories = CategoryTree(store.catalogue.categories(), ids)
        reader = GoodsReader(store.catalogue.records(start), categories, shop.currency, ids)
    else:
        reader = _member_reader(store, clock.local().date(), ids)
    outcome = _read_rows(reader, [header.cells(row) for row in rows], progress, cancelled)
    if isinstance(reader, MemberReader):
        _warn_of_duplicates(reader, outcome.planned, cancelled)
    return ImportPlan(
        kind=kind,
        file_name=table.file_name,
        form=table.form,
        header=header,
        rows=len(rows),
        planned=tuple(outcome.planned),
        unchanged=outcome.unchanged,
        errors=tuple(outcome.errors),
        warnings=tuple(reader.warnings[:NOTES_MAX]),
        refused_rows=outcome.refused,
        new_categories=_new_categories(reader, outcome.planned),
        prices_from=start,
        version=version,
    )


def apply(
    plan: ImportPlan,
    store: Store,
    *,
    clock: Clock,
    operator_id: OperatorId | None,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> ImportResult:
    """Do what the plan says, in one commit: a crash or a cancel leaves nothing of it.

    Raises Refused("import_has_errors") unless ``skip_bad_rows``, Refused("import_plan_old") when the catalogue has changed since, and
    Cancelled.
    """
    if plan.refused_rows and not skip_bad_rows:
        raise Refused("import_has_errors", file=plan.file_name, rows=plan.refused_rows)
    now = clock.now_ms()
    result = ImportResult(len(plan.additions), len(plan.changes), plan.unchanged, plan.refused_rows)
    with store.begin() as work:
        if plan.kind is ImportKind.PRODUCTS and work.catalogue_version() != plan.version:
            raise Refused("import_plan_old", file=plan.file_name)
        work.put_categories(plan.new_categories)
        done = 0
        for batch in _batches(plan.planned, BATCH_ROWS):
            _check(cancelled)
            _write(store, work, batch, plan, now, operator_id)
            done += len(batch)
            _tell(progress, done, len(plan.planned))
        _check(cancelled)
        work.audit(_audit_event(plan, result, operator_id, now))
        work.commit()
    log.store.info("imported %s: %s", plan.kind, result)
    return result


def error_table(notes: Iterable[RowNote], language: str | None = None) -> str:
    """The notes as a CSV that a spreadsheet opens: row, column, what is wrong (with a BOM, or Excel shows rubbish)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([t(f"importing.report.{title}", language) for title in ("row", "column", "problem")])
    for note in notes:
        writer.writerow([note.row, note.column_title(language), note.sentence(language)])
    return "\ufeff" + text.getvalue()


class _Reader(Protocol):
    @property
    def warnings(self) -> list[RowNote]: ...
    def read(self, row: Cells) -> Planned | None: ...


@dataclass(slots=True)
class _Outcome:
    planned: list[Planned] = field(default_factory=list)
    errors: list[RowNote] = field(default_factory=list)
    refused: int = 0
    unchanged: int = 0


def _read_rows(
    reader: _Reader, rows: Sequence[Cells], progress: Progress | None, cancelled: IsCancelled | None
) -> _Outcome:
    outcome = _Outcome()
    for done, row in enumerate(rows):
        if done % BATCH_ROWS == 0:
            _check(cancelled)
            _tell(progress, done, len(rows))
        try:
            planned = reader.read(row)
        except BadCell as bad:
            outcome.refused += 1
            if len(outcome.errors) < NOTES_MAX:
                outcome.errors.append(bad.note(row.row.number))
            continue
        if planned is None:
            outcome.unchanged += 1
        else:
            outcome.planned.append(planned)
    _tell(progress, len(rows), len(rows))
    return outcome


def _member_reader(store: Store, today: date, ids: IdSource) -> MemberReader:
    """Members as they are known now; a merged file's number stands for its survivor."""
    merges = store.membership.merges
    merged, everyone = merges.everyone_merged(), list(store.members.everyone())
    return MemberReader(
        [member for member in everyone if member.id not in merged],
        load_shop(store.desk.settings()).region,
        today,
        ids,
        survivors={member.phone: merges.survivor_of(member.id) for member in everyone if member.id in merged},
        known=store.membership.profiles.fields,
        everyones=store.membership.profiles.everyones,
        owner_of=lambda code: None if (card := store.members.by_code(code)) is None else card.member.id,
    )


def _warn_of_duplicates(
    reader: MemberReader, planned: Iterable[Planned], cancelled: IsCancelled | None
) -> None:
    """Whoever comes in anew and looks like somebody who is known, or like another row, is said before anything is done."""
    from app.insight.duplicates import find_duplicates
    from app.service.duplicates import person_of, reasons_text
    from app.service.phonetics import syllable

    added = {one.after.id: one for one in planned if isinstance(one, PlannedMember) and one.before is None}
    if not added:
        return
    people = {member.id: member for member in reader.everyone()}
    written = reader.compared()
    found = find_duplicates(
        [person_of(member, written.get(member.id, {})) for member in people.values()],
        sound_of=syllable,
        is_cancelled=cancelled or (lambda: False),
    )
    for pair in found:
        new, known = (pair.second, pair.first) if pair.second in added else (pair.first, pair.second)
        if new in added:
            fields = {"phone": mask_phone(people[known].phone), "reasons": reasons_text(pair)}
            reader.warnings.append(RowNote(added[new].row, "phone", "probable_duplicate", fields))


def _new_categories(reader: _Reader, planned: Iterable[Planned]) -> tuple[Category, ...]:
    if not isinstance(reader, GoodsReader):
        return ()
    return reader.categories.added_for(
        item.after.category_id for item in planned if isinstance(item, PlannedItem)
    )


def _write(
    store: Store,
    work: UnitOfWork,
    batch: Sequence[Planned],
    plan: ImportPlan,
    now: int,
    operator_id: OperatorId | None,
) -> None:
    items = [planned.after for planned in batch if isinstance(planned, PlannedItem)]
    if items:
        work.put_items(items, changed_at=now, prices_from=plan.prices_from)
    for planned in batch:
        if isinstance(planned, PlannedMember):
            _write_member(store, work, planned, plan, now, operator_id)


def _write_member(
    store: Store,
    work: UnitOfWork,
    planned: PlannedMember,
    plan: ImportPlan,
    now: int,
    operator_id: OperatorId | None,
) -> None:
    current = work.member_by_phone(planned.after.phone)
    if current != planned.before:
        raise Refused("import_plan_old", file=plan.file_name)
    fields = dict(planned.fields)
    if current is None:
        work.add_member(planned.after, created_at=now, operator_id=operator_id)
        fields.setdefault("source", Source.IMPORT.value)
    else:
        work.update_member(planned.after, changed_at=now, operator_id=operator_id)
    own, rows = planned.after.id, store.membership
    rows.profiles.change(work, own, ProfileChange(fields), at=now, operator_id=operator_id)
    if planned.consent_id is not None:
        consent = Consent(
            planned.consent_id,
            own,
            Purpose.MARKETING,
            planned.after.has_marketing_consent,
            "",
            ConsentChannel.IMPORT,
            now,
            operator_id,
        )
        rows.consents.give(work, consent)


def _audit_event(
    plan: ImportPlan, result: ImportResult, operator_id: OperatorId | None, now: int
) -> AuditEvent:
    details = {
        "what": plan.kind.value,
        "file": plan.file_name,
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "skipped": result.skipped,
    }
    return AuditEvent("import", operator_id, now, details)


Element = TypeVar("Element")


def _batches(elements: Sequence[Element], size: int) -> Iterable[Sequence[Element]]:
    return (elements[start : start + size] for start in range(0, len(elements), size))


def _check(cancelled: IsCancelled | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled


def _tell(progress: Progress | None, done: int, rows: int) -> None:
    if progress is not None:
        progress(done, rows)
