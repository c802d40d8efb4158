"""Consents and referrals as rows. Both are facts: rows are only ever added, and what counts today is read from all of them.

``member.has_marketing_consent`` repeats what was said for that file. A person whose files were merged has one answer, the newest of all;
a card shows that one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.domain.consent import Consent, ConsentChannel, Purpose, is_granted
from app.domain.errors import Refused
from app.domain.facts import FactKind
from app.domain.ids import MemberId, OperatorId
from app.domain.profile_facts import consent_to_plain, referral_to_plain
from db import members
from db.engine import Cursor, Engines
from db.ledger import MEMBER_AND_MERGED
from db.profile import is_erased
from db.profile_store import unit
from db.statements import insert
from db.types import id_bytes_or_none, id_or_none

if TYPE_CHECKING:
    from app.service.ports import UnitOfWork
    from db.unit_of_work import SqliteUnitOfWork

_COLUMNS: Final = (
    *("id", "member_id", "purpose", "is_granted", "text_version"),
    *("channel", "occurred_at", "operator_id", "hlc"),
)
INSERT_CONSENT: Final = f"{insert('consent', *_COLUMNS)} ON CONFLICT (id) DO NOTHING"
# Index consent_of_member.
CONSENTS: Final = f"""
SELECT {", ".join(_COLUMNS)} FROM consent WHERE member_id IN {MEMBER_AND_MERGED} ORDER BY hlc, id
"""
OWN_CONSENTS: Final = f"SELECT {', '.join(_COLUMNS)} FROM consent WHERE member_id = ? ORDER BY hlc, id"
ONE_CONSENT: Final = f"SELECT {', '.join(_COLUMNS)} FROM consent WHERE id = ?"
SET_FLAG: Final = "UPDATE member SET has_marketing_consent = ?1 WHERE id = ?2 AND has_marketing_consent <> ?1"
INSERT_REFERRAL: Final = (
    f"{insert('referral', 'member_id', 'referrer_id', 'occurred_at', 'operator_id')} "
    "ON CONFLICT (member_id) DO NOTHING"
)
REFERRER: Final = "SELECT referrer_id FROM referral WHERE member_id = ?"
REFERRED: Final = "SELECT member_id FROM referral WHERE referrer_id = ? ORDER BY occurred_at, member_id"


class SqliteConsents:
    """Implements :class:`app.service.membership_ports.Consents`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def of(self, member_id: MemberId) -> tuple[Consent, ...]:
        """Oldest first; a merged file's are among the survivor's."""
        with self._engines.reading() as cursor:
            return consents_of(cursor, members.survivor_of(cursor, member_id))

    def give(self, work: UnitOfWork, consent: Consent) -> Consent:
        return record(unit(work), consent)

    def refer(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        referrer_id: MemberId,
        *,
        at: int,
        operator_id: OperatorId | None,
    ) -> None:
        """Who brought this member. Raises Refused("referral_known") when that was said before."""
        own = unit(work)
        cursor = own.cursor
        if cursor.execute(REFERRER, (member_id.bytes,)).fetchone() is not None:
            raise Refused("referral_known")
        fact_id = own.new_id()
        plain = referral_to_plain(fact_id, member_id, referrer_id, at, operator_id)
        own.record(FactKind.REFERRAL, fact_id, at, plain)
        apply_referral(cursor, member_id, referrer_id, at=at, operator_id=operator_id)

    def referrer_of(self, member_id: MemberId) -> MemberId | None:
        with self._engines.reading() as cursor:
            row = cursor.execute(REFERRER, (member_id.bytes,)).fetchone()
            return None if row is None else MemberId(UUID(bytes=row[0]))

    def referred_by(self, member_id: MemberId) -> tuple[MemberId, ...]:
        with self._engines.reading() as cursor:
            rows = cursor.execute(REFERRED, (member_id.bytes,)).fetchall()
            return tuple(MemberId(UUID(bytes=row[0])) for row in rows)


def record(work: SqliteUnitOfWork, consent: Consent) -> Consent:
    """Returns it with the clock it was recorded at. Raises Refused("member_erased")."""
    if is_erased(work.cursor, consent.member_id):
        raise Refused("member_erased")
    work.record(FactKind.CONSENT, consent.id, consent.occurred_at, consent_to_plain(consent))
    recorded = replace(consent, hlc=work.hlc)
    apply_consent(work.cursor, recorded)
    return recorded


def apply_consent(cursor: Cursor, consent: Consent) -> None:
    """Add it to what is known. Order and repetition make no difference."""
    cursor.execute(INSERT_CONSENT, consent_row(consent))
    project(cursor, consent.member_id)


def apply_referral(
    cursor: Cursor, member_id: MemberId, referrer_id: MemberId, *, at: int, operator_id: OperatorId | None
) -> None:
    row = (member_id.bytes, referrer_id.bytes, at, id_bytes_or_none(operator_id))
    cursor.execute(INSERT_REFERRAL, row)


def project(cursor: Cursor, member_id: MemberId) -> None:
    """Write what counts today into the member's row. Where nobody ever asked, the row stays as it came in."""
    known = tuple(map(_consent, cursor.execute(OWN_CONSENTS, (member_id.bytes,)).fetchall()))
    if any(one.purpose is Purpose.MARKETING for one in known) and not is_erased(cursor, member_id):
        cursor.execute(SET_FLAG, (int(is_granted(known)), member_id.bytes))


def consents_of(cursor: Cursor, survivor: MemberId) -> tuple[Consent, ...]:
    return tuple(map(_consent, cursor.execute(CONSENTS, (survivor.bytes,)).fetchall()))


def consent_row(consent: Consent) -> tuple[object, ...]:
    return (
        consent.id.bytes,
        consent.member_id.bytes,
        consent.purpose._value_,
        int(consent.is_granted),
        consent.text_version,
        consent.channel._value_,
        consent.occurred_at,
        id_bytes_or_none(consent.operator_id),
        consent.hlc,
    )


def _consent(row: Any) -> Consent:
    consent_id, member_id, purpose, granted, text_version, channel, occurred_at, operator_id, hlc = row
    return Consent(
        id=UUID(bytes=consent_id),
        member_id=MemberId(UUID(bytes=member_id)),
        purpose=Purpose(purpose),
        is_granted=granted == 1,
        text_version=text_version,
        channel=ConsentChannel(channel),
        occurred_at=occurred_at,
        operator_id=id_or_none(OperatorId, operator_id),
        hlc=hlc,
    )
