"""The promises, each one function with its number in its name. Cheap ones are asked every so often, all of them when everything is at rest.

What must hold between one look at a till and the next (chains, places, numbers, totals) is asked in :mod:`app.simulation.books` as the
facts are read.

    I1  I16  I22   nothing that was committed or acknowledged is lost      I10  the tills and the server agree, whatever came first
    I4             a balance is the same everywhere                        I11  everybody comes to rest (in the world itself)
    I5             a fact has its effect once                              I12  a record that cannot be read stops no other
    I7             no receipt number names two sales at the server         I15  a cursor covers what is here and no more
    I14            money is spent from leases alone
    I17            one member under a number                               I19  who was forgotten is nowhere
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.ids import MemberId
from app.simulation.books import RETAIL, Seen, entries_of
from app.simulation.server import TENANT
from app.simulation.violation import Violation
from sync.server.checks import balances_of
from sync.server.members import canonical_of

if TYPE_CHECKING:
    from app.simulation.till import SimTill
    from app.simulation.world import World

SERVER_ASIDE: Final = "SELECT hash FROM set_aside WHERE tenant_id = :tenant"
SERVER_SALES: Final = "SELECT id, total_minor FROM sale WHERE tenant_id = :tenant"
SERVER_POSTINGS: Final = (
    "SELECT entry_id, SUM(CASE WHEN account = 'member' THEN points ELSE 0 END), SUM(points) FROM ledger_posting"
    " WHERE tenant_id = :tenant GROUP BY entry_id"
)
SERVER_MEMBERS: Final = "SELECT member_id FROM member WHERE tenant_id = :tenant"
SERVER_VALUE: Final = "SELECT account_id, SUM(minor) FROM value_posting WHERE tenant_id = :tenant AND book = 'holder' GROUP BY account_id"
SERVER_CONSENTS: Final = "SELECT member_id, purpose, is_granted FROM consent WHERE tenant_id = :tenant"
TAKEN_APART: Final = (
    "SELECT member_id FROM member WHERE tenant_id = :tenant AND merged_hlc > 0 AND merged_into IS NULL"
)
SERVER_KEYS: Final = "SELECT member_id FROM member_key WHERE tenant_id = :tenant"
COUNT_FACTS: Final = "SELECT count(*), coalesce(max(seq), 0) FROM fact"
NOT_WAITING: Final = "SELECT seq, hash FROM fact WHERE seq NOT IN (SELECT seq FROM outbox) ORDER BY seq"
OUTBOX: Final = "SELECT count(*) FROM outbox"
VALUE: Final = (
    "SELECT e.account_id, SUM(p.amount_minor) FROM value_posting p JOIN value_entry e ON e.id = p.entry_id"
    " WHERE p.account = 'holder' GROUP BY e.account_id"
)
CONSENTS: Final = "SELECT member_id, purpose, is_granted, hlc FROM consent"
KEYS: Final = "SELECT member_id FROM member_key"
NAMES: Final = "SELECT id, phone, name FROM member"


def check_cheap(world: World) -> None:
    for till in world.tills:
        check_i22_nothing_deleted(world, till)
        check_i22_nothing_forgotten(world, till)
        if not world.server.went_back_unnoticed:
            check_i15_cursor(world, till)


def check_everything(world: World) -> None:
    check_cheap(world)
    for till in world.tills:
        check_i15_cursor(world, till)
    world.server.spread()
    check_i12_nobody_waits(world)
    check_i16_nothing_lost(world)
    check_i5_effects(world)
    check_i14_leases(world)
    check_i19_forgotten(world)
    world.orphans = len(orphans(world))
    if not world.orphans:
        check_i10_same_books(world)
        check_i10_consents(world)
        check_i4_balances(world)
        check_i4_value(world)
        check_i17_one_member(world)


def orphans(world: World) -> set[bytes]:
    """Facts that two disasters took: an older disk at the till that made them, and an older backup at the server that had them.

    Tills that had heard of them remember; nobody is left who could tell the others.
    """
    held = set(world.server.facts().values())
    return {digest for digest in world.lost_from_tills if digest in world.answered and digest not in held}


def check_i22_nothing_deleted(world: World, till: SimTill) -> None:
    """Every fact that was ever seen in this file is in it still."""
    book = world.books.of(till)
    with till.store.engines.reading() as cursor:
        count, last = cursor.execute(COUNT_FACTS).fetchone()
    if (count, last) != (len(book.facts), book.last_seq):
        raise Violation("I22", "facts_gone", till=till.name, missing=len(book.facts) - count)


def check_i22_nothing_forgotten(world: World, till: SimTill) -> None:
    """What waits no longer was answered: no fact leaves the outbox by a till's own belief."""
    with till.store.engines.reading() as cursor:
        gone = [seq for seq, digest in cursor.execute(NOT_WAITING).fetchall() if digest not in world.answered]
    if gone:
        raise Violation("I22", "forgotten_unanswered", till=till.name, seq=gone[0], count=len(gone))


def check_i15_cursor(world: World, till: SimTill) -> None:
    """The sums of what is here are the server's sums up to the cursor, where both speak of the same life of the server.

    Only of a till that has heard everything: where two facts share an id and the other one stands from now on, the server's sums tell of
    its step at once, a till's when it has come there.
    """
    state = till.store.exchange.state()
    if state.filling or state.server != world.server.life() or state.pulled != world.server.newest():
        return
    theirs = world.server.sums(state.pulled)
    mine = {entity: (number, sums) for entity, number, sums in till.store.exchange.sums()}
    if mine != theirs:
        different = sorted(one for one in {*mine, *theirs} if mine.get(one) != theirs.get(one))
        raise Violation("I15", "cursor_ahead", till=till.name, entity=", ".join(different))


def check_i16_nothing_lost(world: World) -> None:
    """Whatever any till holds is at the server: as a fact, or set aside beside the one that stands in its place."""
    held = world.server.facts()
    aside = {bytes(row[0]) for row in world.server.rows(SERVER_ASIDE)}
    for till in world.tills:
        for seen in world.books.of(till).facts:
            if held.get(seen.id) != seen.hash and seen.hash not in aside:
                raise Violation("I16", "fact_lost", till=till.name, kind=seen.kind, seq=seen.seq)
    for own, digest in world.acknowledged.items():
        if held.get(own) != digest and digest not in aside:
            raise Violation("I16", "acknowledged_lost", fact=own.hex()[-6:])


def check_i5_effects(world: World) -> None:
    """Each sale, each points entry is counted once at the server, with what its bytes say."""
    standing = standing_facts(world)
    sales = {seen.id.hex(): seen.plain["total"] for seen in standing if seen.kind in RETAIL}
    told = {row[0]: int(row[1]) for row in world.server.rows(SERVER_SALES)}
    for own in sorted(sales.keys() | told.keys()):
        if sales.get(own) != told.get(own):
            raise Violation("I5", "sale_counted_wrong", mine=sales.get(own), server=told.get(own))
    entries = member_points(standing)
    posted = {row[0]: int(row[1]) for row in world.server.rows(SERVER_POSTINGS)}
    for own in sorted(entries.keys() | posted.keys()):
        if posted.get(own) not in entries.get(own, {None}):
            raise Violation(
                "I5", "entry_counted_wrong", mine=sorted(entries.get(own, ())), server=posted.get(own)
            )


def standing_facts(world: World) -> list[Seen]:
    """The facts that stand at the server, as the outsider saw them in the tills' files; each once."""
    held = world.server.facts()
    seen = {one.hash: one for book in world.books.by_till.values() for one in book.facts}
    seen |= world.lost_from_tills
    missing = [own for own, digest in held.items() if digest not in seen]
    if missing:
        raise Violation("I5", "fact_from_nowhere", fact=missing[0].hex()[-6:])
    return [seen[digest] for digest in held.values()]


def member_points(facts: list[Seen]) -> dict[str, set[int]]:
    """Entry -> what it does to its member's points; an entry that was told in two ways has two."""
    found: dict[str, set[int]] = {}
    for one in facts:
        for entry in entries_of(one):
            points = sum(posting[1] for posting in entry["postings"] if posting[0] == "member")
            found.setdefault(entry["id"], set()).add(points)
    return found


def check_i10_same_books(world: World) -> None:
    """Every till's books are the same books."""
    from db.exchange_state import table_hashes

    first = world.tills[0]
    mine = dict(table_hashes(first.store.engines))
    for till in world.tills[1:]:
        theirs = dict(table_hashes(till.store.engines))
        if theirs != mine:
            tables = sorted(one for one in {*mine, *theirs} if mine.get(one) != theirs.get(one))
            raise Violation("I10", "books_differ", till=first.name, other=till.name, tables=", ".join(tables))


def check_i4_balances(world: World) -> None:
    """The points of every canonical member, at the server and at every till."""
    members = [row[0] for row in world.server.rows(SERVER_MEMBERS)]
    canonical = world.server.run(lambda db: canonical_of(db, TENANT.hex, members))
    balances = world.server.run(lambda db: balances_of(db, TENANT.hex, set(canonical.values())))
    for till in world.tills:
        for member, points in sorted(balances.items()):
            here = sum(lot.remaining for lot in till.store.members.lots(_member(member)))
            if here != points:
                raise Violation(
                    "I4", "balance_differs", till=till.name, member=member[-6:], here=here, server=points
                )


def check_i4_value(world: World) -> None:
    """The money in every account of stored value, at the server and at every till."""
    at_server = {row[0]: int(row[1]) for row in world.server.rows(SERVER_VALUE)}
    for till in world.tills:
        with till.store.engines.reading() as cursor:
            here = {own.hex(): minor for own, minor in cursor.execute(VALUE).fetchall()}
        for account in sorted(here.keys() | at_server.keys()):
            if here.get(account, 0) != at_server.get(account, 0):
                raise Violation(
                    "I4", "value_differs", till=till.name, account=account[-6:], here=here.get(account, 0),
                    server=at_server.get(account, 0),
                )  # fmt: skip


def check_i14_leases(world: World) -> None:
    """Where no disk was copied or put back and no key taken away, no account was ever spent below nothing."""
    if world.books.copied or world.server.restored or world.revoked:
        return
    below = [row[0] for row in world.server.rows(SERVER_VALUE) if int(row[1]) < 0]
    if below:
        raise Violation("I14", "value_below_nothing", account=below[0][-6:])


def check_i10_consents(world: World) -> None:
    """Whether somebody may be written to is known alike everywhere: the newest word counts, and of two at once the withdrawal."""
    erased = world.books.erased
    at_server = {
        (own, purpose): bool(granted) for own, purpose, granted in world.server.rows(SERVER_CONSENTS)
    }
    for till in world.tills:
        newest: dict[tuple[str, str], tuple[int, bool]] = {}
        with till.store.engines.reading() as cursor:
            for own, purpose, granted, hlc in cursor.execute(CONSENTS).fetchall():
                word = (hlc, not granted)
                newest[own.hex(), purpose] = max(word, newest.get((own.hex(), purpose), word))
        here = {about: not withdrawn for about, (_, withdrawn) in newest.items()}
        different = [
            one for one in sorted(here.keys() | at_server.keys()) if here.get(one) != at_server.get(one)
        ]
        different = [one for one in different if one[0] not in erased]
        if different:
            raise Violation("I10", "consent_differs", till=till.name, member=different[0][0][-6:])


def check_i17_one_member(world: World) -> None:
    """Everybody is who the server says; and under each number there is one, but for those whom people took apart."""
    apart = {row[0] for row in world.server.rows(TAKEN_APART)}
    members = [row[0] for row in world.server.rows(SERVER_MEMBERS)]
    canonical = world.server.run(lambda db: canonical_of(db, TENANT.hex, members))
    for till in world.tills:
        merges = till.store.membership.merges
        for member in sorted(members):
            here = merges.survivor_of(_member(member)).hex
            if here != canonical[member]:
                raise Violation(
                    "I17", "canonical_differs", till=till.name, member=member[-6:], here=here[-6:],
                    server=canonical[member][-6:],
                )  # fmt: skip
        phones = Counter(
            one.phone
            for one in till.store.members.everyone()
            if merges.survivor_of(MemberId(one.id)) == one.id and one.id.hex not in apart
        )
        double = [phone for phone, count in phones.items() if count > 1]
        if double:
            raise Violation("I17", "two_under_a_number", till=till.name, count=len(double))


def check_i19_forgotten(world: World) -> None:
    """No key, no name, no number of an erased person, anywhere that is alive."""
    erased = world.books.erased
    keys = {row[0] for row in world.server.rows(SERVER_KEYS)}
    if keys & erased:
        raise Violation("I19", "key_at_server", count=len(keys & erased))
    for till in world.tills:
        with till.store.engines.reading() as cursor:
            kept = {row[0].hex() for row in cursor.execute(KEYS).fetchall()}
            rows = cursor.execute(NAMES).fetchall()
        known = {own.hex() for own, phone, name in rows if name or not phone.startswith("erased:")}
        if (kept | known) & erased:
            raise Violation("I19", "remembered", till=till.name, count=len((kept | known) & erased))


def check_i12_nobody_waits(world: World) -> None:
    """Nothing is left in any outbox, whatever was set aside on the way."""
    for till in world.tills:
        with till.store.engines.reading() as cursor:
            (waiting,) = cursor.execute(OUTBOX).fetchone()
        if waiting:
            raise Violation("I12", "still_waiting", till=till.name, count=waiting)


def _member(own: str) -> MemberId:
    return MemberId(UUID(own))
