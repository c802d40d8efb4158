"""The drill on its own: what it counts, what it refuses, and that a till is never left cut off by accident."""

from __future__ import annotations

import pytest

from app.domain.authority import Operator, Role
from app.domain.errors import ApprovalNeeded, Refused, Unavailable
from app.service.sync_drill import Drill, DrillDesk, drill_from
from app.service.sync_office import SyncOffice, confirmed_apart
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, shop
from tests.service.sync_double import AgentDouble

__all__ = ["shop"]


def owner(shop: SmallShop) -> None:
    operator = shop.session.require_operator()
    shop.session.operator = Operator(operator.id, operator.number, operator.name, Role.OWNER)


def desk_of(shop: SmallShop, *, is_paired: bool = True) -> tuple[DrillDesk, AgentDouble]:
    agent = AgentDouble(shop.store, shop.clock, is_paired=is_paired)
    owner(shop)
    return DrillDesk(shop.store, shop.session, shop.clock, agent), agent


def test_only_what_was_made_while_cut_off_is_the_drills(shop: SmallShop) -> None:
    drill, agent = desk_of(shop)
    shop.sell(SOAP)
    drill.begin()
    shop.sell(TEA, PHONE)
    shop.sell(SOAP)
    progress = drill.progress()
    assert progress is not None
    assert (progress.made, progress.has_sold, progress.has_enrolled, progress.has_printed) == (
        3,
        True,
        True,
        False,
    )
    ended = drill.plug_in()
    assert (ended.made, ended.sales, ended.members) == (3, 2, 1)
    assert not agent.is_cut_off
    shop.sell(SOAP)
    assert drill.plug_in() == ended, "a second time changes nothing"
    with pytest.raises(Refused, match="drill_not_proved"):
        drill.finish()
    agent.run_once()
    shop.sell(SOAP)
    proved = drill.progress()
    assert proved is not None
    assert proved.is_proved
    drill.finish()
    assert drill.current() is None


def test_a_drill_without_a_sale_is_proved_too(shop: SmallShop) -> None:
    drill, agent = desk_of(shop)
    drill.begin()
    ended = drill.plug_in()
    assert ended.made == 0
    agent.run_once()
    progress = drill.progress()
    assert progress is not None
    assert progress.is_proved


def test_a_till_that_stands_alone_has_no_plug_to_pull(shop: SmallShop) -> None:
    drill, agent = desk_of(shop, is_paired=False)
    with pytest.raises(Refused, match="drill_needs_server"):
        drill.begin()
    assert not agent.is_cut_off


def test_two_drills_at_once_are_one_too_many_and_none_cannot_be_ended(shop: SmallShop) -> None:
    drill, _ = desk_of(shop)
    with pytest.raises(Refused, match="no_drill"):
        drill.plug_in()
    drill.finish()
    drill.begin()
    with pytest.raises(Refused, match="drill_under_way"):
        drill.begin()


def test_a_cashier_pulls_no_plug(shop: SmallShop) -> None:
    drill, agent = desk_of(shop)
    operator = shop.session.require_operator()
    shop.session.operator = Operator(operator.id, operator.number, operator.name, Role.CASHIER)
    with pytest.raises(ApprovalNeeded):
        drill.begin()
    assert not agent.is_cut_off


def test_a_drill_that_cannot_be_written_down_leaves_the_plug_in(
    shop: SmallShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill, agent = desk_of(shop)

    def fails() -> None:
        raise Unavailable("disk_error")

    monkeypatch.setattr(shop.store, "begin", fails)
    with pytest.raises(Unavailable):
        drill.begin()
    assert not agent.is_cut_off


def test_a_drill_under_way_is_taken_up_at_the_start_and_an_ended_one_is_not(shop: SmallShop) -> None:
    drill, _ = desk_of(shop)
    drill.begin()
    again = AgentDouble(shop.store, shop.clock)
    other = DrillDesk(shop.store, shop.session, shop.clock, again)
    other.take_up()
    assert again.is_cut_off
    other.plug_in()
    third = AgentDouble(shop.store, shop.clock)
    DrillDesk(shop.store, shop.session, shop.clock, third).take_up()
    assert not third.is_cut_off


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "drill",
        {},
        {"began_at": 1},
        {"began_at": "x", "after_seq": 1},
        {"began_at": 1, "after_seq": 2, "x": 3},
    ],
)
def test_a_damaged_note_of_a_drill_is_none(stored: object) -> None:
    assert drill_from(stored) is None


def test_a_note_of_a_drill_is_read_as_it_was_written() -> None:
    assert drill_from({"began_at": 5, "after_seq": 7}) == Drill(5, 7)


# --- what the owner says about the clocks and the limits ---------------------------------------------------------------


def test_who_confirmed_which_difference_of_the_clocks_is_in_the_books(shop: SmallShop) -> None:
    owner(shop)
    office = SyncOffice(shop.store, shop.session, shop.clock, None, None)
    before = shop.store.desk.unsent().last_seq
    office.confirm_clock(93_600_000)
    stored = shop.store.desk.setting("sync.clock_confirmed_apart_ms")
    assert confirmed_apart(stored) == 93_600_000
    assert shop.store.desk.unsent(before).kinds == {"event": 1}
    assert confirmed_apart("soon") is None
    assert confirmed_apart(True) is None


def test_without_a_server_the_picture_is_what_waits(shop: SmallShop) -> None:
    shop.sell(SOAP)
    picture = SyncOffice(shop.store, shop.session, shop.clock, None, None).picture()
    assert picture.unsent.kinds["sale"] == 1
    assert (picture.state, picture.set_aside, picture.drill) == (None, (), None)
