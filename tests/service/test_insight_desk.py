"""The insight over a real shop's books: the right tickets, the right names, answers that are kept and given up in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest

from app.domain.authority import Role
from app.domain.errors import ApprovalNeeded, Cancelled, Refused
from app.insight.rfm import Cuts, Rfm
from app.insight.values import Period, TooLittle
from app.service.insight_desk import InsightDesk
from tests.db.busy_day import close_shift, give_back, open_shift
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop, open_small_shop

ALWAYS = Period(date(2026, 11, 1), date(2026, 12, 31))


def desk_of(shop: SmallShop) -> InsightDesk:
    return InsightDesk(shop.store, shop.session, shop.clock, shop.store.insight, shop.store.days)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallShop]:
    """Forty members over a fortnight; one sale is voided, one comes back in part."""
    shop = open_small_shop(tmp_path_factory.mktemp("insight"))
    random = Random(7)
    for day in range(12):
        for who in sorted(random.sample(range(40), 16)):
            shop.clock.forward(minutes=9)
            shop.checkout.enter(f"09123456{who:02}")
            if shop.checkout.basket.member is None:
                shop.checkout.enter("")
            sale = shop.sell(TEA, f"{random.randint(1, 3)}*{SOAP}")
        if day == 4:
            shop.post_void.void(sale.transaction.header.id, "打錯")
        if day == 5:
            give_back(shop, sale.transaction.header.receipt_number, 2, 1000)
        close_shift(shop)
        shop.clock.forward(hours=20)
        open_shift(shop)
    yield shop
    shop.store.close()


def test_a_voided_sale_and_its_void_are_in_no_analysis(busy: SmallShop) -> None:
    known = desk_of(busy).columns()
    assert int(known.all.is_voided.sum()) == 1
    is_members = known.all.member >= 0
    assert len(known.tickets) == int(is_members.sum()) - 2
    assert int(known.tickets.is_purchase.sum()) == 12 * 16 - 1
    assert int(known.tickets.net.sum()) == int(known.all.net[is_members].sum())


def test_segments_rest_on_the_shops_own_books(busy: SmallShop) -> None:
    answer = desk_of(busy).rfm(ALWAYS)
    assert isinstance(answer.value, Rfm)
    with busy.store.engines.reading() as cursor:
        rows = cursor.execute(
            "SELECT m.number, count(DISTINCT h.business_date) FROM transaction_header h JOIN member m ON m.id = h.member_id "
            "WHERE h.kind = 'sale' AND NOT EXISTS (SELECT 1 FROM transaction_header v WHERE v.voids_id = h.id) GROUP BY 1"
        ).fetchall()
    found = answer.value.measures
    assert dict(zip(found.member.tolist(), found.frequency.tolist(), strict=True)) == dict(rows)


def test_an_answer_is_kept_until_something_it_rests_on_changes(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(PHONE, "", TEA)
    desk = desk_of(shop)
    first = desk.repurchase(ALWAYS)
    assert desk.repurchase(ALWAYS) is first
    shop.sell(PHONE, SOAP)
    assert desk.repurchase(ALWAYS) is not first


def test_too_little_data_is_no_number(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    desk = desk_of(shop)
    for answer in (
        desk.rfm(),
        desk.lifecycle(),
        desk.rhythm(),
        desk.churn(),
        desk.value(),
        desk.cohort(),
        desk.concentration(),
        desk.peaks(),
        desk.pairs(),
        desk.forecast(),
        desk.abc(),
        desk.staff(),
        desk.second_visits(),
    ):
        assert isinstance(answer.value, TooLittle), answer.kind


def test_the_owners_cut_offs_stay_until_they_change_them(busy: SmallShop) -> None:
    desk = desk_of(busy)
    suggested = desk.rfm(ALWAYS).value
    desk.set_cuts(Cuts(3, 2, 900))
    placed = desk.rfm(ALWAYS).value
    assert isinstance(placed, Rfm)
    assert isinstance(suggested, Rfm)
    assert placed.cuts == Cuts(3, 2, 900) != suggested.cuts
    assert desk_of(busy).cuts() == Cuts(3, 2, 900)
    desk.set_cuts(None)
    assert desk.cuts() is None
    with pytest.raises(Refused) as refused:
        desk.set_cuts(Cuts(0, 2, 900))
    assert refused.value.code == "insight_cuts"


def test_lines_know_their_member_basket_and_day(busy: SmallShop) -> None:
    desk = desk_of(busy)
    lines = desk.lines(ALWAYS)
    assert len(lines) == 2 * (12 * 16 - 1)
    assert len(np.unique(lines.basket)) == 12 * 16 - 1
    assert set(lines.member.tolist()) <= set(desk.members())
    assert {desk.items()[number].sku for number in np.unique(lines.item).tolist()} == {"TEA", "SOAP"}


def test_a_long_reading_can_be_stopped(busy: SmallShop) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        desk_of(busy).pairs(ALWAYS, stop)


def test_a_merged_file_is_one_member(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.sell(PHONE, "", TEA)
    shop.sell("0987654321", "", TEA)
    old, new = (shop.store.members.by_phone(phone) for phone in (E164, "+886987654321"))
    assert old is not None
    assert new is not None
    desk = desk_of(shop)
    assert desk.repurchase(ALWAYS).value.n == 2
    with shop.store.begin() as work:
        shop.store.membership.merges.put(
            work, new.member.id, old.member.id, at=1, operator_id=None, reason="t"
        )
        work.commit()
    assert desk.repurchase(ALWAYS).value.n == 1
    assert len(desk.members()) == 1


def test_a_cashier_sees_no_figures(busy: SmallShop) -> None:
    busy.session.operator = replace(busy.owner, role=Role.CASHIER)
    try:
        with pytest.raises(ApprovalNeeded):
            desk_of(busy).rfm(ALWAYS)
    finally:
        busy.session.operator = busy.owner
