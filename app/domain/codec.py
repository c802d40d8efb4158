"""Transactions and baskets as plain values and back, exactly. What is written here is hashed, stored and sent.

A field that holds its default is left out, and the defaults below are part of the stored format: they never change. Money is
minor units of the one currency that the header names. No phone and no name of a member has a place in a transaction.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.chain import canonical_bytes
from app.domain.codec_basket import basket_from_plain, basket_to_plain
from app.domain.codec_moves import moves_from_plain, moves_to_plain
from app.domain.codec_parts import (
    DAMAGE,
    VERSION,
    Plain,
    approval_from_plain,
    approval_to_plain,
    check_version,
    return_of_from_plain,
    return_of_to_plain,
    tenders_from_plain,
    tenders_to_plain,
    text,
    whole,
)
from app.domain.errors import Refused
from app.domain.facts import TICKET_KINDS, ticket_entries_from_plain, ticket_entries_to_plain
from app.domain.ids import CategoryId, ItemId, MemberId, OperatorId, ShiftId, TransactionId
from app.domain.item import TaxClass, Unit
from app.domain.loyalty.moves import NO_MOVES
from app.domain.money import CURRENCIES, Currency, Money, extend
from app.domain.quantity import ONE
from app.domain.transaction import (
    ControlTransaction,
    Header,
    Modifier,
    ModifierKind,
    PointsEffect,
    PriceSource,
    RetailTransaction,
    SaleLine,
    ShiftTotals,
    TaxTotal,
    Transaction,
    TransactionKind,
)

__all__ = ["Plain", "basket_from_plain", "basket_to_plain", "canonical", "from_plain", "parse", "to_plain"]

RETAIL_KINDS: Final = TICKET_KINDS


def to_plain(transaction: Transaction) -> Plain:
    """Strings, integers, booleans, None, lists and dicts only; a sale of five lines is near 1 kB as JSON."""
    plain = _header_to_plain(transaction.header)
    if isinstance(transaction, RetailTransaction):
        _retail_to_plain(transaction, plain)
    else:
        _control_to_plain(transaction, plain)
    return plain


def from_plain(plain: Plain) -> Transaction:
    """The transaction that ``to_plain`` wrote. Raises Refused: "record_newer" for a later format, "record_damaged" for anything else."""
    try:
        check_version(plain)
        header = _header_from_plain(plain)
        if header.kind in RETAIL_KINDS:
            return _retail_from_plain(header, plain)
        return _control_from_plain(header, plain)
    except DAMAGE as error:
        raise Refused("record_damaged") from error


def canonical(transaction: Transaction) -> bytes:
    """The bytes that are hashed, stored and sent."""
    return canonical_bytes(to_plain(transaction))


def parse(body: bytes) -> Transaction:
    """The transaction in these canonical bytes. Raises Refused as ``from_plain`` does."""
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("record_damaged") from error
    return from_plain(plain)


# --- the parts of a transaction ---------------------------------------------------------------------------------------


def _header_to_plain(header: Header) -> Plain:
    plain = {
        "v": VERSION,
        "id": header.id.hex,
        "kind": header.kind._value_,
        "receipt": header.receipt_number,
        "counter": header.counter,
        "shift": header.shift_id.hex,
        "operator": header.operator_id.hex,
        "date": header.business_date.isoformat(),
        "at": header.occurred_at,
        "offset": header.utc_offset_minutes,
        "currency": header.currency,
    }
    if header.is_training:
        plain["training"] = True
    return plain


def _header_from_plain(plain: Plain) -> Header:
    return Header(
        id=TransactionId(UUID(plain["id"])),
        kind=TransactionKind(plain["kind"]),
        receipt_number=text(plain["receipt"]),
        counter=whole(plain["counter"]),
        shift_id=ShiftId(UUID(plain["shift"])),
        operator_id=OperatorId(UUID(plain["operator"])),
        business_date=date.fromisoformat(plain["date"]),
        occurred_at=whole(plain["at"]),
        utc_offset_minutes=whole(plain["offset"]),
        currency=text(plain["currency"]),
        is_training=plain.get("training", False) is True,
    )


def _retail_to_plain(transaction: RetailTransaction, plain: Plain) -> None:
    code = transaction.header.currency
    assert transaction.total.currency.code == code, (
        "one transaction has one currency, and its header names it"
    )
    plain["lines"] = [_line_to_plain(line, index) for index, line in enumerate(transaction.lines, 1)]
    if transaction.tenders:
        plain["tenders"] = tenders_to_plain(transaction.tenders)
    plain["total"] = transaction.total.minor
    if transaction.change.minor:
        plain["change"] = transaction.change.minor
    if transaction.rounding.minor:
        plain["rounding"] = transaction.rounding.minor
    if transaction.taxes:
        plain["taxes"] = [
            [tax.tax_class._value_, tax.rate, tax.gross.minor, tax.tax.minor] for tax in transaction.taxes
        ]
    if transaction.member_id is not None:
        plain["member"] = transaction.member_id.hex
    if transaction.is_new_member:
        plain["new_member"] = True
    points = transaction.points
    if points.earned or points.spent or points.rule_version or points.taken_back:
        plain["points"] = [points.earned, points.spent, points.rule_version, points.taken_back]
    if points.by_line:
        plain["points_by_line"] = [list(part) for part in points.by_line]
    if transaction.approvals:
        plain["approvals"] = [approval_to_plain(approval) for approval in transaction.approvals]
    if transaction.voids is not None:
        plain["voids"] = transaction.voids.hex
    if transaction.note:
        plain["note"] = transaction.note
    if transaction.moves is not NO_MOVES and transaction.moves != NO_MOVES:
        plain["moves"] = moves_to_plain(transaction.moves)
    if transaction.entries:
        plain["entries"] = ticket_entries_to_plain(
            transaction.header, transaction.member_id, transaction.entries
        )


def _retail_from_plain(header: Header, plain: Plain) -> RetailTransaction:
    currency = CURRENCIES[header.currency]
    member = plain.get("member")
    member_id = None if member is None else MemberId(UUID(member))
    voids = plain.get("voids")
    return RetailTransaction(
        header=header,
        lines=tuple(_line_from_plain(line, index, currency) for index, line in enumerate(plain["lines"], 1)),
        tenders=tenders_from_plain(plain.get("tenders", ()), currency),
        total=Money(plain["total"], currency),
        change=Money(plain.get("change", 0), currency),
        rounding=Money(plain.get("rounding", 0), currency),
        taxes=tuple(
            TaxTotal(TaxClass(tax_class), whole(rate), Money(gross, currency), Money(tax, currency))
            for tax_class, rate, gross, tax in plain.get("taxes", ())
        ),
        member_id=member_id,
        is_new_member=plain.get("new_member", False) is True,
        points=_points_from_plain(plain) if "points" in plain else PointsEffect(),
        approvals=tuple(approval_from_plain(approval) for approval in plain.get("approvals", ())),
        voids=None if voids is None else TransactionId(UUID(voids)),
        note=text(plain.get("note", "")),
        moves=moves_from_plain(plain.get("moves"), currency),
        entries=ticket_entries_from_plain(plain.get("entries", ()), header, member_id),
    )


def _points_from_plain(plain: Plain) -> PointsEffect:
    earned, spent, rule_version, taken_back = plain["points"]
    by_line = tuple((whole(number), whole(points)) for number, points in plain.get("points_by_line", ()))
    return PointsEffect(whole(earned), whole(spent), whole(rule_version), whole(taken_back), by_line)


def _control_to_plain(transaction: ControlTransaction, plain: Plain) -> None:
    assert transaction.amount.currency.code == transaction.header.currency
    if transaction.amount.minor:
        plain["amount"] = transaction.amount.minor
    if transaction.reason:
        plain["reason"] = transaction.reason
    if transaction.note:
        plain["note"] = transaction.note
    if transaction.approvals:
        plain["approvals"] = [approval_to_plain(approval) for approval in transaction.approvals]
    totals = transaction.totals
    if totals is not None:
        plain["totals"] = {
            "z": totals.z_number,
            "float": totals.opening_float.minor,
            "expected": totals.expected.minor,
            "counted": totals.counted.minor,
            "counts": [[denomination, pieces] for denomination, pieces in totals.counts],
            "reason": totals.reason,
            "kept": None if totals.kept is None else totals.kept.minor,
        }


def _control_from_plain(header: Header, plain: Plain) -> ControlTransaction:
    currency = CURRENCIES[header.currency]
    totals = plain.get("totals")
    return ControlTransaction(
        header=header,
        amount=Money(plain.get("amount", 0), currency),
        reason=text(plain.get("reason", "")),
        note=text(plain.get("note", "")),
        approvals=tuple(approval_from_plain(approval) for approval in plain.get("approvals", ())),
        totals=None if totals is None else _totals_from_plain(totals, currency),
    )


def _totals_from_plain(plain: Plain, currency: Currency) -> ShiftTotals:
    kept = plain["kept"]
    return ShiftTotals(
        z_number=whole(plain["z"]),
        opening_float=Money(plain["float"], currency),
        expected=Money(plain["expected"], currency),
        counted=Money(plain["counted"], currency),
        counts=tuple((whole(denomination), whole(pieces)) for denomination, pieces in plain["counts"]),
        reason=text(plain["reason"]),
        kept=None if kept is None else Money(kept, currency),
    )


def _line_to_plain(line: SaleLine, index: int) -> Plain:
    """Written straight through: this runs for every line of every sale between the last key and the receipt."""
    unit_price = line.unit_price.minor
    quantity = line.quantity
    gross = line.gross.minor
    plain = {
        "item": line.item_id.hex,
        "sku": line.sku,
        "name": line.name,
        "price": unit_price,
        "pv": line.price_version,
    }
    if line.number != index:
        plain["n"] = line.number
    if line.barcode:
        plain["barcode"] = line.barcode
    if line.unit is not Unit.EACH:
        plain["unit"] = line.unit._value_
    if quantity != ONE:
        plain["qty"] = quantity
    if line.list_price.minor != unit_price:
        plain["list"] = line.list_price.minor
    if line.price_source is not PriceSource.REGULAR:
        plain["source"] = line.price_source._value_
    if gross != (unit_price if quantity == ONE else extend(unit_price, quantity)):
        plain["gross"] = gross
    if line.modifiers:
        plain["mods"] = [_modifier_to_plain(modifier) for modifier in line.modifiers]
    if line.net.minor != gross:
        plain["net"] = line.net.minor
    if line.tax_class is not TaxClass.TAXABLE:
        plain["tax"] = line.tax_class._value_
    if line.category_id is not None:
        plain["category"] = line.category_id.hex
    if not line.earns_points:
        plain["earns"] = False
    if line.note:
        plain["note"] = line.note
    if line.return_of is not None:
        plain["of"] = return_of_to_plain(line.return_of)
    return plain


def _line_from_plain(plain: Plain, index: int, currency: Currency) -> SaleLine:
    unit_price = Money(plain["price"], currency)
    quantity = whole(plain.get("qty", ONE))
    gross: int = plain["gross"] if "gross" in plain else extend(unit_price.minor, quantity)
    category = plain.get("category")
    return SaleLine(
        number=whole(plain.get("n", index)),
        item_id=ItemId(UUID(plain["item"])),
        sku=text(plain["sku"]),
        name=text(plain["name"]),
        barcode=text(plain.get("barcode", "")),
        unit=Unit(plain.get("unit", "each")),
        quantity=quantity,
        list_price=Money(plain["list"], currency) if "list" in plain else unit_price,
        unit_price=unit_price,
        price_source=PriceSource(plain.get("source", "regular")),
        price_version=whole(plain["pv"]),
        gross=Money(gross, currency),
        modifiers=tuple(_modifier_from_plain(modifier, currency) for modifier in plain.get("mods", ())),
        net=Money(plain.get("net", gross), currency),
        tax_class=TaxClass(plain.get("tax", "taxable")),
        category_id=None if category is None else CategoryId(UUID(category)),
        earns_points=plain.get("earns", True) is True,
        note=text(plain.get("note", "")),
        return_of=return_of_from_plain(plain["of"]) if "of" in plain else None,
        is_return=quantity < 0,
    )


def _modifier_to_plain(modifier: Modifier) -> Plain:
    plain = {"kind": modifier.kind._value_, "label": modifier.label, "amount": modifier.amount.minor}
    if modifier.source:
        plain["source"] = modifier.source
    if modifier.reason:
        plain["reason"] = modifier.reason
    return plain


def _modifier_from_plain(plain: Plain, currency: Currency) -> Modifier:
    return Modifier(
        kind=ModifierKind(plain["kind"]),
        label=text(plain["label"]),
        amount=Money(plain["amount"], currency),
        source=text(plain.get("source", "")),
        reason=text(plain.get("reason", "")),
    )
