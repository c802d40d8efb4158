"""One tenant is nothing to another: for every endpoint and every field that names something, a foreign name is 403 or 404, and nothing
changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from sync.protocol import (
    LeaseAnswer,
    LeaseHeld,
    LeaseRequest,
    LeaseWanted,
    MemberKey,
    PullAnswer,
    PullRequest,
    PushAnswer,
    SnapshotAnswer,
    SnapshotRequest,
    Stage,
)
from sync.server.database import Database
from sync.server.schema import metadata
from tests.sync.server.driver import deliver, pushed, rows, spread_all, state
from tests.sync.server.hubs import hub_below
from tests.sync.server.shell import Running, pairing_of
from tests.sync.server.tills import OTHER_TENANT, TENANT, Till, a_busy_week, fact_id

ANNA = fact_id(100, 1)
TABLES = [table.name for table in metadata.sorted_tables if table.name not in ("schema_version",)]


def everything(database: Database, tenant: UUID) -> list[Any]:
    """Every row of a tenant, but for when its till was last here."""
    found: list[Any] = []
    for table in TABLES:
        columns = [one.name for one in metadata.tables[table].columns if one.name != "last_contact_at"]
        found.append(
            sorted(
                map(
                    repr,
                    rows(
                        database,
                        f"SELECT {', '.join(columns)} FROM {table} WHERE tenant_id = :t",
                        t=tenant.hex,
                    ),
                )
            )
        )
    return found


@pytest.fixture
def both(up: Running) -> tuple[Running, Till, str, Till, str]:
    """Two tenants with a till, members and sales each, and a token of each till."""
    mine, theirs = Till(1), Till(2, tenant=OTHER_TENANT)
    tokens = []
    for till in (mine, theirs):
        tokens.append(up.paired(till))
        till.enrols(fact_id(100, till.device.tenant_id.int), "+886912000001")
        till.sells(member=fact_id(100, till.device.tenant_id.int), earned=3)
        till.points(fact_id(100, till.device.tenant_id.int), -90)
        up.ask("push", till.push_of(), PushAnswer, tokens[-1])
        spread_all(up.database, till.device.tenant_id)
    return up, mine, tokens[0], theirs, tokens[1]


def test_a_foreign_till_incarnation_or_key_in_a_push_changes_nothing_there(
    both: tuple[Running, Till, str, Till, str],
) -> None:
    up, mine, token, theirs, _ = both
    before = everything(up.database, OTHER_TENANT)
    # Their own request, word for word, under my token.
    assert up.send("push", theirs.push_of(), token).status_code == 403
    # My facts under their till's id, signed by me.
    stolen = msgspec.structs.replace(mine.push_of(), device=theirs.device.device_id.bytes)
    assert up.send("push", stolen, token).status_code == 403
    # A key for their member, an erasure of their member, a fact under the id of theirs: all of it stays with me.
    member = fact_id(100, OTHER_TENANT.int)
    mine.erases(member)
    mine.points(member, -5, entry=UUID(bytes=theirs.records[2].id))
    keys = [MemberKey(member.bytes, bytes(32))]
    answer = up.ask("push", mine.push_of(mine.records[3:], batch=2, keys=keys), PushAnswer, token)
    assert [one.status for one in answer.results] == ["applied", "applied"]
    spread_all(up.database)
    assert everything(up.database, OTHER_TENANT) == before


def test_what_is_pulled_is_ones_own(both: tuple[Running, Till, str, Till, str]) -> None:
    up, mine, token, theirs, _ = both
    own = {record.id for record in mine.records}
    page = up.ask("pull", PullRequest(0, 0), PullAnswer, token)
    assert {change.id for change in page.changes} <= own
    for stage in Stage:
        filling = up.ask("snapshot", SnapshotRequest(stage), SnapshotAnswer, token)
        assert {change.id for change in filling.changes} <= own
    assert not own & {record.id for record in theirs.records}


def test_a_foreign_account_device_or_lease_is_no_ones_to_lease(
    both: tuple[Running, Till, str, Till, str],
) -> None:
    up, mine, token, theirs, their_token = both
    card = fact_id(21, 9)
    theirs.moves_value(card, 500)
    up.ask("push", theirs.push_of(theirs.records[3:], batch=2), PushAnswer, their_token)
    own = LeaseRequest(theirs.incarnation, theirs.seq, (), (LeaseWanted(card.bytes, True),))
    (given,) = up.ask("lease", own, LeaseAnswer, their_token).leases
    spread_all(up.database, OTHER_TENANT)
    before = everything(up.database, OTHER_TENANT)
    steal = LeaseRequest(
        theirs.incarnation, 0, (LeaseHeld(given.id, 500, True),), (LeaseWanted(card.bytes, True),)
    )
    assert up.ask("lease", steal, LeaseAnswer, token).leases == ()
    named = msgspec.structs.replace(steal, device=theirs.device.device_id.bytes)
    assert up.send("lease", named, token).status_code == 403
    assert everything(up.database, OTHER_TENANT) == before
    assert mine.device.tenant_id != theirs.device.tenant_id


def test_a_hub_speaks_for_no_till_of_another_tenant(
    both: tuple[Running, Till, str, Till, str], tmp_path: Path
) -> None:
    up, _, _, theirs, _ = both
    before = everything(up.database, OTHER_TENANT)
    with hub_below(up, tmp_path / "hub.db") as hub:
        hub.step()
        token = hub.upward._token
        assert up.send("relay", theirs.push_of(), token).status_code == 404
        asked = LeaseRequest(theirs.incarnation, 0, device=theirs.device.device_id.bytes)
        assert up.send("lease", asked, token).status_code == 404
        # A till of that name may pair with the hub: it is another one, in the hub's own tenant.
        assert up.send("introduce", pairing_of(theirs, "CODE"), token).status_code == 200
        assert up.send("relay", theirs.push_of(), token).status_code == 200
    assert everything(up.database, OTHER_TENANT) == before


def test_a_token_that_names_another_tenant_is_no_token(both: tuple[Running, Till, str, Till, str]) -> None:
    up, _, token, _, their_token = both
    for forged in (
        OTHER_TENANT.hex + token[32:],
        TENANT.hex + their_token[32:],
        UUID(int=9).hex + token[32:],
    ):
        assert up.send("pull", PullRequest(0, 0), forged).status_code == 401
    key_id = f"{OTHER_TENANT.hex}.00"
    assert up.send("token", up.challenge(Till(1), key_id)).status_code == 401


def test_the_offices_endpoints_know_only_their_own_ids(both: tuple[Running, Till, str, Till, str]) -> None:
    up, mine, _, theirs, _ = both
    owner = {"authorization": f"Bearer {up.staff('owner')}"}
    before = everything(up.database, OTHER_TENANT)
    ((foreign,),) = rows(up.database, "SELECT id FROM exception WHERE tenant_id = :t", t=OTHER_TENANT.hex)
    for path in (
        f"exceptions/{foreign}/settle",
        f"exceptions/{foreign}/accept",
        f"tills/{theirs.device.device_id}/revoke",
    ):
        assert up.client.post(f"/office/v1/{path}", json={}, headers=owner).status_code == 404, path
    tills = up.client.get("/office/v1/tills", headers=owner).json()
    assert [till["id"] for till in tills] == [mine.device.device_id.hex]
    (found,) = up.client.get("/office/v1/exceptions", headers=owner).json()
    assert found["id"] != foreign
    (day,) = up.client.get("/office/v1/days?from=2026-10-01&to=2026-10-31", headers=owner).json()
    assert day["sales"] == 1
    up.client.put("/office/v1/documents/catalogue", json={"items": []}, headers=owner)
    names = [one["name"] for one in up.client.get("/office/v1/documents", headers=owner).json()]
    assert names == ["catalogue"]
    strangers = {"authorization": f"Bearer {up.staff('owner', OTHER_TENANT)}"}
    assert up.client.get("/office/v1/documents", headers=strangers).json() == []
    before = everything(up.database, OTHER_TENANT)
    up.client.post("/office/v1/pairing-codes", json={}, headers=owner)
    assert everything(up.database, OTHER_TENANT) == before


@pytest.mark.parametrize(
    ("path", "least"),
    [("exceptions/{id}/settle", "manager"), ("exceptions/{id}/accept", "manager"), ("tills/{id}/revoke", "owner"),
     ("pairing-codes", "manager")],
)  # fmt: skip
@pytest.mark.parametrize("role", ["auditor", "manager", "owner"])
def test_each_role_may_do_what_is_its_own(up: Running, path: str, least: str, role: str) -> None:
    headers = {"authorization": f"Bearer {up.staff(role)}"}
    answer = up.client.post(f"/office/v1/{path.format(id=UUID(int=5))}", json={}, headers=headers)
    may = ["auditor", "manager", "owner"].index(role) >= ["auditor", "manager", "owner"].index(least)
    assert (answer.status_code != 403) == may


def test_a_till_is_no_person_and_a_person_no_till(both: tuple[Running, Till, str, Till, str]) -> None:
    up, _, token, _, _ = both
    assert up.client.get("/office/v1/tills", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert up.send("pull", PullRequest(0, 0), up.staff("owner")).status_code == 401


# --- PostgreSQL itself ----------------------------------------------------------------------------------------------------


def test_row_level_security_shows_and_takes_one_tenants_rows_alone(postgresql_database: Database) -> None:
    deliver(postgresql_database, a_busy_week(5), 0)
    other = Till(1, tenant=OTHER_TENANT)
    other.sells()
    pushed(postgresql_database, other)

    def forgetful(db: Connection) -> dict[str, set[str]]:
        """Statements that forgot to say whose rows they want."""
        return {
            table: {row[0] for row in db.execute(text(f"SELECT tenant_id FROM {table}"))} for table in TABLES
        }

    seen = postgresql_database.run(OTHER_TENANT, forgetful)
    assert all(tenants <= {OTHER_TENANT.hex} for tenants in seen.values())
    assert seen["fact"] == {OTHER_TENANT.hex}
    before = state(postgresql_database)

    def greedy(db: Connection) -> int:
        return db.execute(text("UPDATE sale SET total_minor = 0")).rowcount

    assert postgresql_database.run(OTHER_TENANT, greedy) == 0
    assert state(postgresql_database) == before

    def smuggle(db: Connection) -> None:
        db.execute(
            text("INSERT INTO erasure (tenant_id, member_id, erased_at) VALUES (:t, :m, 1)"),
            {"t": TENANT.hex, "m": ANNA.hex},
        )

    with pytest.raises(ProgrammingError, match="row-level security"):
        postgresql_database.run(OTHER_TENANT, smuggle)


def test_no_request_can_delete_a_fact_or_become_the_owner_again(postgresql_database: Database) -> None:
    till = Till(1)
    till.sells()
    pushed(postgresql_database, till)
    with pytest.raises(ProgrammingError, match="permission denied"):
        postgresql_database.run(TENANT, lambda db: db.execute(text("DELETE FROM fact")))
    # The next transaction on the same connection begins as what it is asked to be.
    assert rows(postgresql_database, "SELECT COUNT(*) FROM fact") == [(1,)]
    assert rows(postgresql_database, "SELECT current_setting('app.tenant', true)") in ([("",)], [(None,)])


def test_every_table_is_bound_by_a_policy(postgresql_database: Database) -> None:
    bound = rows(
        postgresql_database,
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity",
    )
    assert {name for (name,) in bound} == set(TABLES)
