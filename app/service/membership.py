"""The member's file at the counter: enrolling, fields, notes and requests, tags, codes, and who brought whom.

Everything beside the number is optional and asked for lightly. Each change is one unit of work and one sealed fact; a file that was merged
is changed at its survivor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.authority import Approval, Right
from app.domain.entry import check_characters, with_check
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.loyalty.documents import RuleArea
from app.domain.member import Member
from app.domain.phone import fold_digits, mask_phone, parse_phone
from app.domain.profile import (
    CODE_PREFIX,
    IS_SET,
    TAG_PREFIX,
    Done,
    MemberFile,
    Note,
    NoteKind,
    ProfileChange,
)
from app.domain.profile_fields import (
    BUILT_IN,
    CUSTOM_FIELDS_MAX,
    FieldSpec,
    Source,
    clean_field,
    clean_tag,
    custom_fields,
    custom_setting,
    without_card_numbers,
)
from app.service.ports import Clock, IdSource, Store, UnitOfWork

if TYPE_CHECKING:
    from app.service.session import Session

NOTE_CHARACTERS_MAX = 500
CODE_CHARACTERS_MAX = 48
CODES_MAX = 20
QR_PREFIX = "M1"
_QR_BITS = 50
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CARRIER = re.compile(r"/[0-9A-Z.+\-]{7}")


class MembershipDesk:
    """What a person at the counter or the owner changes in a member's file."""

    def __init__(self, store: Store, session: Session, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._rows = store.membership
        self._session = session
        self._clock = clock
        self._ids = ids
        self._rows.warm()

    # --- enrolling -------------------------------------------------------------------------------------------------

    def enrol(
        self,
        number: str,
        fields: Mapping[str, str] | None = None,
        *,
        source: str = Source.OPERATOR.value,
        referrer: MemberId | None = None,
    ) -> Member:
        """A new member without a sale; the number is all that is needed.

        Raises Refused: "phone_unreadable", "phone_taken", and what ``clean_field`` refuses.
        """
        phone = self._phone(number)
        known = self._cleaned(fields or {})
        member = Member(MemberId(self._ids()), phone, joined_on=self._clock.local().date())
        now, operator_id = self._clock.now_ms(), self._session.operator_id
        with self._store.begin() as work:
            if work.member_by_phone(phone) is not None:
                raise Refused("phone_taken", phone=mask_phone(phone))
            work.add_member(member, created_at=now, operator_id=operator_id)
            self._change(work, member.id, ProfileChange({**known, "source": source}))
            if referrer is not None:
                self._refer(work, member.id, referrer)
            work.commit()
        return self._there(member.id).member

    def refer(self, member_id: MemberId, referrer_id: MemberId) -> None:
        """Who brought this member, said once. Raises Refused: "referral_self", "referral_known", "member_gone"."""
        with self._store.begin() as work:
            self._refer(work, member_id, referrer_id)
            work.commit()

    # --- fields ----------------------------------------------------------------------------------------------------

    def specs(self) -> tuple[FieldSpec, ...]:
        """The fields of this shop's files, ours first."""
        document = self._store.rules.current(RuleArea.FIELDS, self._clock.now_ms())
        own = custom_fields(document.body.get("fields")) if document else ()
        return (*BUILT_IN.values(), *own)

    def define(self, specs: tuple[FieldSpec, ...], approval: Approval | None = None) -> None:
        """These are the shop's own fields from now on. What was written in a field that goes stays in the file, unseen."""
        self._session.permit(Right.SETTINGS, 1, approval)
        if len(specs) > CUSTOM_FIELDS_MAX or len({spec.key for spec in specs}) != len(specs):
            raise Refused("fields_too_many", fields_max=CUSTOM_FIELDS_MAX)
        assert all(spec.is_custom and spec.name for spec in specs)
        now = self._clock.now_ms()
        with self._store.begin() as work:
            work.put_rules(
                RuleArea.FIELDS,
                {"fields": custom_setting(specs)},
                valid_from=now,
                at=now,
                operator_id=self._session.operator_id,
            )
            work.commit()

    def file(self, member_id: MemberId) -> MemberFile | None:
        return self._rows.profiles.file(member_id)

    def set_fields(self, member_id: MemberId, fields: Mapping[str, str]) -> MemberFile:
        """Write these fields as they were typed; an empty one is emptied on purpose.

        Raises Refused: "field_unknown", "member_gone", and what ``clean_field`` refuses.
        """
        return self._changed(member_id, ProfileChange(self._cleaned(fields)))

    def set_phone(self, member_id: MemberId, number: str) -> MemberFile:
        """Another number. Raises Refused: "phone_unreadable", "phone_taken"."""
        phone = self._phone(number)
        with self._store.begin() as work:
            survivor = self._there(member_id).member
            present = work.member_by_phone(phone)
            if present is not None and present.id != survivor.id:
                raise Refused("phone_taken", phone=mask_phone(phone))
            work.update_member(
                replace(survivor, phone=phone),
                changed_at=self._clock.now_ms(),
                operator_id=self._session.operator_id,
            )
            work.commit()
        return self._there(member_id)

    # --- notes and requests ----------------------------------------------------------------------------------------

    def add_note(
        self,
        member_id: MemberId,
        words: str,
        kind: NoteKind = NoteKind.NOTE,
        due_on: date | None = None,
    ) -> Note:
        """Raises Refused: "note_empty", "member_gone". A card number in it is masked before it is kept."""
        text = without_card_numbers("\n".join(" ".join(line.split()) for line in words.strip().splitlines()))
        text = "".join(sign for sign in text if sign.isprintable() or sign == "\n")[:NOTE_CHARACTERS_MAX]
        if not text:
            raise Refused("note_empty")
        survivor = self._there(member_id).member.id
        now, by = self._clock.now_ms(), self._session.operator_id
        note = Note(UUID(int=self._ids().int), survivor, kind, text, now, by, due_on)
        self._changed(survivor, ProfileChange(notes=(note,)))
        return note

    def finish(self, note_id: UUID) -> None:
        """It was dealt with, by whoever works here now. Raises Refused("note_gone")."""
        note = self._note(note_id)
        done = Done(note_id, self._clock.now_ms(), self._session.operator_id)
        self._changed(note.member_id, ProfileChange(done=(done,)), is_own=True)

    def postpone(self, note_id: UUID, due_on: date) -> Note:
        """The same again on a later day; the old one is done."""
        note = self._note(note_id)
        now, by = self._clock.now_ms(), self._session.operator_id
        later = replace(note, id=UUID(int=self._ids().int), due_on=due_on, done_at=None, done_by=None)
        change = ProfileChange(notes=(later,), done=(Done(note_id, now, by),))
        self._changed(note.member_id, change, is_own=True)
        return later

    def drop_note(self, note_id: UUID) -> None:
        """Take a note away that should not have been written."""
        note = self._note(note_id)
        self._changed(note.member_id, ProfileChange(dropped=(note_id,)), is_own=True)

    def due_at_counter(self, member_id: MemberId, on: date) -> tuple[Note, ...]:
        """What comes up when this member stands here, the longest overdue first."""
        return self._rows.profiles.due(self._rows.merges.survivor_of(member_id), on)

    def all_due(self, on: date, limit: int = 200) -> tuple[Note, ...]:
        """The shop's work list of a day."""
        return self._rows.profiles.all_due(on, limit)

    # --- tags and codes --------------------------------------------------------------------------------------------

    def tag(self, member_id: MemberId, *tags: str) -> MemberFile:
        """Raises Refused: "tag_empty", "field_too_long"."""
        fields = {f"{TAG_PREFIX}{clean_tag(tag)}": IS_SET for tag in tags}
        return self._changed(member_id, ProfileChange(fields))

    def untag(self, member_id: MemberId, *tags: str) -> MemberFile:
        fields = {f"{TAG_PREFIX}{tag}": "" for tag in tags}
        return self._changed(member_id, ProfileChange(fields), is_for_all=True)

    def add_code(self, member_id: MemberId, scanned: str) -> str:
        """Any code that shall find this member: an e-invoice carrier, a card, a badge, our own QR. Returns it as it is kept.

        Raises Refused: "code_unreadable", "code_taken", "codes_too_many".
        """
        code, kind = _read_code(scanned)
        file = self._there(member_id)
        owner = self._store.members.by_code(code)
        if owner is not None and owner.member.id != file.member.id:
            raise Refused("code_taken", phone=mask_phone(owner.member.phone))
        if len(file.codes) >= CODES_MAX:
            raise Refused("codes_too_many", codes_max=CODES_MAX)
        self._changed(member_id, ProfileChange({f"{CODE_PREFIX}{code}": kind}))
        return code

    def new_qr(self, member_id: MemberId) -> str:
        """A QR card of the shop's own; returns what the symbol says. An earlier one stays good."""
        bits = self._ids().int & ((1 << _QR_BITS) - 1)
        payload = "".join(_BASE32[bits >> shift & 31] for shift in range(_QR_BITS - 5, -1, -5))
        symbol = with_check(QR_PREFIX, payload)
        self.add_code(member_id, symbol)
        return symbol

    def remove_code(self, member_id: MemberId, code: str) -> MemberFile:
        """A card was lost, or a carrier changed."""
        return self._changed(member_id, ProfileChange({f"{CODE_PREFIX}{code}": ""}), is_for_all=True)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _changed(
        self, member_id: MemberId, what: ProfileChange, *, is_own: bool = False, is_for_all: bool = False
    ) -> MemberFile:
        """``is_own``: in this very file; ``is_for_all``: in the survivor's and every merged one; else in the survivor's."""
        file = self._there(member_id)
        family = (file.member.id, *file.merged) if is_for_all else (file.member.id,)
        with self._store.begin() as work:
            for one in (member_id,) if is_own else family:
                self._change(work, one, what)
            work.commit()
        return self._there(member_id)

    def _change(self, work: UnitOfWork, member_id: MemberId, what: ProfileChange) -> None:
        self._rows.profiles.change(
            work, member_id, what, at=self._clock.now_ms(), operator_id=self._session.operator_id
        )

    def _refer(self, work: UnitOfWork, member_id: MemberId, referrer_id: MemberId) -> None:
        referrer = self._rows.merges.survivor_of(referrer_id)
        if member_id in (referrer, referrer_id):
            raise Refused("referral_self")
        if self._rows.profiles.file(referrer) is None:
            raise Refused("member_gone")
        at, by = self._clock.now_ms(), self._session.operator_id
        self._rows.consents.refer(work, member_id, referrer, at=at, operator_id=by)

    def _cleaned(self, fields: Mapping[str, str]) -> dict[str, str]:
        specs = {spec.key: spec for spec in self.specs()}
        today = self._clock.local().date()
        unknown = [key for key in fields if key not in specs]
        if unknown:
            raise Refused("field_unknown", field=unknown[0])
        return {
            key: without_card_numbers(clean_field(specs[key], text, today=today))
            for key, text in fields.items()
        }

    def _phone(self, number: str) -> str:
        phone = parse_phone(number, self._session.shop.region)
        if phone is None:
            raise Refused("phone_unreadable")
        return phone

    def _there(self, member_id: MemberId) -> MemberFile:
        file = self._rows.profiles.file(member_id)
        if file is None or file.member.is_erased:
            raise Refused("member_gone")
        return file

    def _note(self, note_id: UUID) -> Note:
        note = self._rows.profiles.note(note_id)
        if note is None:
            raise Refused("note_gone")
        return note


def _read_code(scanned: str) -> tuple[str, str]:
    """The code as the scanner's look-up asks for it, and what kind it is."""
    code = fold_digits(scanned).upper()
    if _CARRIER.fullmatch(code):
        return code, "carrier"
    prefix, colon, rest = code.partition(":")
    if colon and prefix == QR_PREFIX:
        payload, _, check = rest.rpartition(":")
        if not payload or check != check_characters(prefix + payload):
            raise Refused("code_unreadable")
        return payload, "qr"
    if not (
        0 < len(code) <= CODE_CHARACTERS_MAX and code.isascii() and code.isprintable() and " " not in code
    ):
        raise Refused("code_unreadable")
    return code, "card"
