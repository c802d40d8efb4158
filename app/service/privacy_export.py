"""The export of one person's data: everything the till keeps, in open formats, in one ZIP.

    member.json      all of it, as data: file, notes, consents, purchases, points lot by lot, coupons, stamps, stored value, events
    member.txt       the same to read
    purchases.csv    a line for each item bought or brought back
    points.csv       a line for each movement of points

Nothing about anybody else is in it: of the staff and of who recommended whom only opaque ids.
"""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.codec import to_plain
from app.domain.facts import entry_to_plain
from app.domain.money import CURRENCIES, Money, format_money
from app.domain.quantity import format_quantity
from app.i18n import t

if TYPE_CHECKING:
    from app.domain.consent import Consent
    from app.domain.ids import MemberId
    from app.domain.ledger import LedgerEntry, Lot
    from app.domain.profile import MemberFile, Note
    from app.domain.transaction import RetailTransaction
    from app.service.ports import Store
    from app.service.shop import ShopSettings

FORMAT: Final = 1
ROWS_MAX: Final = 1_000_000


def write_export(store: Store, shop: ShopSettings, member_id: MemberId, target: Path, now: datetime) -> None:
    """Write the whole file or none. Raises OSError."""
    data = gather(store, member_id)
    unfinished = target.with_name(target.name + ".new")
    stamp = now.timetuple()[:6]
    parts = {
        "member.json": json.dumps(data.plain(shop, now), ensure_ascii=False, indent=1, sort_keys=True),
        "member.txt": data.readable(shop, now),
        "purchases.csv": data.purchases_csv(shop.language),
        "points.csv": data.points_csv(shop.language),
    }
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(zipfile.ZipInfo(name, stamp), text.encode(), zipfile.ZIP_DEFLATED)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


class PersonData:
    """What was gathered, and its forms."""

    def __init__(
        self,
        file: MemberFile,
        consents: tuple[Consent, ...],
        sales: tuple[RetailTransaction, ...],
        entries: tuple[LedgerEntry, ...],
        lots: tuple[Lot, ...],
        held: dict[str, list[dict[str, Any]]],
    ) -> None:
        self.file = file
        self.consents = consents
        self.sales = sales
        self.entries = entries
        self.lots = lots
        self.held = held

    def plain(self, shop: ShopSettings, now: datetime) -> dict[str, Any]:
        member = self.file.member
        return {
            "format": FORMAT,
            "shop": shop.name,
            "made_at": now.isoformat(timespec="seconds"),
            "member": {
                "id": str(member.id),
                "phone": member.phone,
                "tier": member.tier,
                "joined_on": member.joined_on.isoformat() if member.joined_on else None,
                "fields": dict(self.file.fields),
                "tags": list(self.file.tags),
                "codes": [list(code) for code in self.file.codes],
                "merged": [str(one) for one in self.file.merged],
            },
            "notes": [_note_plain(note) for note in self.file.notes],
            "consents": [_consent_plain(one) for one in self.consents],
            "purchases": [to_plain(sale) for sale in self.sales],
            "points": {
                "balance": sum(lot.remaining for lot in self.lots),
                "lots": [_lot_plain(lot) for lot in self.lots],
                "entries": [entry_to_plain(entry) for entry in self.entries],
            },
            **self.held,
        }

    def readable(self, shop: ShopSettings, now: datetime) -> str:
        said = _Said(shop.language)
        file, member = self.file, self.file.member
        said.title("title", shop=shop.name)
        said.line(said.t("export.made", time=f"{now:%Y-%m-%d %H:%M}"))
        said.heading("file")
        said.pair("phone", member.phone)
        said.pair("joined_on", member.joined_on.isoformat() if member.joined_on else "")
        said.pair("tier", member.tier)
        for name, value in sorted(file.fields.items()):
            said.pair(name, value)
        said.pair("tags", "、".join(file.tags))
        said.pair("codes", "、".join(code for code, _ in file.codes))
        said.heading(
            "notes",
            (f"{_day(note.written_at)}  {said.t(f'note.{note.kind}')}  {note.words}" for note in file.notes),
        )
        said.heading("consents", map(said.consent, self.consents))
        said.heading("purchases", (line for sale in self.sales for line in said.sale(sale)))
        said.heading("points", map(said.entry, self.entries))
        said.line(said.t("export.lots", points=sum(lot.remaining for lot in self.lots)))
        said.heading("held", (f"{name}: {len(rows)}" for name, rows in sorted(self.held.items()) if rows))
        return said.text()

    def purchases_csv(self, language: str) -> str:
        rows = (
            [
                sale.header.business_date.isoformat(),
                sale.header.receipt_number,
                line.name,
                format_quantity(line.quantity),
                str(line.net.minor),
                sale.header.currency,
            ]
            for sale in self.sales
            for line in sale.lines
        )
        return _table(language, ("date", "receipt", "item", "quantity", "amount"), rows)

    def points_csv(self, language: str) -> str:
        rows = (
            [
                entry.business_date.isoformat(),
                str(entry.member_points),
                t(f"membership.export.entry.{entry.kind}", language),
                entry.expires_on.isoformat() if entry.expires_on else "",
                entry.source or entry.note,
            ]
            for entry in self.entries
        )
        return _table(language, ("date", "points", "why", "expires"), rows)


def gather(store: Store, member_id: MemberId) -> PersonData:
    """Read it all; ``member_id`` is a survivor's."""
    rows = store.membership
    file = rows.profiles.file(member_id)
    assert file is not None
    family = (file.member.id, *file.merged)
    sales = [sale for one in family for sale in store.journal.of_member(one, ROWS_MAX)]
    return PersonData(
        file,
        rows.consents.of(member_id),
        tuple(
            sorted(
                {sale.header.id: sale for sale in sales}.values(), key=lambda sale: sale.header.occurred_at
            )
        ),
        tuple(reversed(store.members.entries(member_id, ROWS_MAX))),
        store.members.lots(member_id),
        rows.portraits.held(family),
    )


class _Said:
    """The readable text, growing."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lines: list[str] = []

    def t(self, key: str, **fields: object) -> str:
        return t(f"membership.{key}", self._language, **fields)

    def title(self, key: str, **fields: object) -> None:
        text = self.t(f"export.{key}", **fields)
        self._lines += [text, "=" * 40]

    def heading(self, key: str, lines: Iterable[str] | None = None) -> None:
        self._lines += ["", self.t(f"export.{key}"), "-" * 40]
        if lines is not None:
            self._lines += list(lines) or [self.t("export.none")]

    def line(self, text: str) -> None:
        self._lines.append(text)

    def pair(self, name: str, value: str) -> None:
        if value:
            label = name.partition(":")[2] if ":" in name else self.t(f"field.{name}")
            self._lines.append(f"{label}: {value}")

    def consent(self, one: Consent) -> str:
        answer = self.t("export.granted" if one.is_granted else "export.withdrawn")
        purpose = self.t(f"export.purpose.{one.purpose}")
        return f"{_day(one.occurred_at)}  {purpose}  {answer}  {one.channel}  {one.text_version}".rstrip()

    def sale(self, sale: RetailTransaction) -> Iterable[str]:
        header, currency = sale.header, CURRENCIES[sale.header.currency]
        yield f"{header.business_date}  {header.receipt_number}  {format_money(sale.total)}"
        for line in sale.lines:
            yield f"    {line.name} ×{format_quantity(line.quantity)}  {format_money(Money(line.net.minor, currency))}"

    def entry(self, entry: LedgerEntry) -> str:
        why = self.t(f"export.entry.{entry.kind}")
        ends = f"  → {entry.expires_on}" if entry.expires_on else ""
        return f"{entry.business_date}  {entry.member_points:+d}  {why}{ends}"

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _table(language: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([t(f"membership.export.column.{column}", language) for column in columns])
    writer.writerows(rows)
    return "\ufeff" + text.getvalue()


def _note_plain(note: Note) -> dict[str, Any]:
    return {
        "id": str(note.id),
        "kind": note.kind.value,
        "words": note.words,
        "written_at": note.written_at,
        "due_on": note.due_on.isoformat() if note.due_on else None,
        "done_at": note.done_at,
    }


def _consent_plain(one: Consent) -> dict[str, Any]:
    return {
        "purpose": one.purpose.value,
        "granted": one.is_granted,
        "text_version": one.text_version,
        "channel": one.channel.value,
        "at": one.occurred_at,
    }


def _lot_plain(lot: Lot) -> dict[str, Any]:
    return {
        "id": str(lot.id),
        "opened_at": lot.opened_at,
        "usable_on": lot.usable_on.isoformat() if lot.usable_on else None,
        "expires_on": lot.expires_on.isoformat() if lot.expires_on else None,
        "remaining": lot.remaining,
    }


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
