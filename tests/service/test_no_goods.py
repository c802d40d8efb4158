"""Money that is no goods (top-ups, gift cards sold, value paid out) stands in no analysis of goods, and makes no habit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.domain.ids import MemberId
from app.domain.loyalty.value_items import TOP_UP
from app.insight import recommend
from app.service.insight_desk import InsightDesk
from app.service.portrait import PortraitDesk
from db.insight_columns import SqliteInsightColumns
from tests.db.busy_day import close_shift, open_shift
from tests.service.small_shop import E164, PHONE, TEA, SmallShop, open_small_shop
from tests.service.value_shop import RULES, pay_in_cash, top_up

DAYS = 5


def desk_of(shop: SmallShop) -> InsightDesk:
    return InsightDesk(shop.store, shop.session, shop.clock, shop.store.insight, shop.store.days)


@pytest.fixture(scope="module")
def saving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallShop]:
    """A member who tops up whenever they buy tea, once buys a gift card beside it, and on other days only tops up."""
    shop = open_small_shop(tmp_path_factory.mktemp("no_goods"))
    shop.loyalty.value.write_rules(RULES)
    shop.sell(PHONE, "", TEA)
    for day in range(DAYS):
        shop.clock.forward(minutes=20)
        shop.checkout.enter(PHONE)
        shop.checkout.enter(TEA)
        shop.checkout.top_up(500)
        if day == 0:
            shop.checkout.sell_card(1000)
        pay_in_cash(shop)
        shop.clock.forward(minutes=20)
        top_up(shop, 500)
        close_shift(shop)
        shop.clock.forward(hours=20)
        open_shift(shop)
    yield shop
    shop.store.close()


def member_of(shop: SmallShop) -> MemberId:
    card = shop.store.members.by_phone(E164)
    assert card is not None
    return card.member.id


def test_lines_are_goods_alone(saving: SmallShop) -> None:
    desk = desk_of(saving)
    lines = desk.lines(desk.everything())
    assert {desk.items()[number].sku for number in np.unique(lines.item).tolist()} == {"TEA"}
    assert len(lines) == DAYS + 1, "once for each ticket with tea"


def test_lines_stay_goods_alone_when_value_stands_in_the_list_of_goods(tmp_path: Path) -> None:
    shop = open_small_shop(tmp_path)
    shop.loyalty.value.write_rules(RULES)
    shop.sell(PHONE, "", TEA)
    top_up(shop, 500)
    with shop.store.begin() as work:
        work.cursor.execute("UPDATE item SET id = ? WHERE sku = 'SOAP'", (TOP_UP.bytes,))
        work.commit()
    desk = desk_of(shop)
    known = desk.everything()
    lines = SqliteInsightColumns(shop.store).lines(known.first, known.last, lambda _done, _total: None)
    assert len(lines) == 1
    assert TOP_UP not in {one.id for one in desk.items().values()}


def test_what_is_sold_of_each_item_and_category_is_goods_alone(saving: SmallShop) -> None:
    desk = desk_of(saving)
    span = desk.everything()
    sold = saving.store.days.read([], items=(span.first, span.last)).items
    assert {desk.items()[number].sku for number in np.unique(sold.item).tolist()} == {"TEA"}
    matrix, names = desk.sales_by_category(span)
    assert names == ("",)
    assert int(matrix.sum()) == int(sold.net.sum()) == 350 * (DAYS + 1)


def test_nobody_is_offered_money_as_the_next_thing_to_buy(saving: SmallShop) -> None:
    desk = desk_of(saving)
    model = recommend.train(desk.lines(desk.everything()), desk.everything().last_day)
    if isinstance(model, recommend.NextPurchase):
        offered = {one.item for one in recommend.next_items(model, 1)}
        assert offered <= set(desk.items())


def test_the_usual_and_what_they_like_are_goods(saving: SmallShop) -> None:
    portraits = PortraitDesk(saving.store, saving.session, saving.clock)
    usual = portraits.usual(member_of(saving))
    assert [line.name for line in usual.lines] == ["阿里山高山烏龍茶 150g"]
    assert usual.lines[0].times == usual.of == DAYS + 1, "a ticket with a top-up alone is no ticket of goods"
    portrait = portraits.portrait(member_of(saving), is_whole=True)
    assert portrait is not None
    assert [one.name for one in portrait.top_items] == ["阿里山高山烏龍茶 150g"]


def test_money_spent_is_goods_and_a_visit_is_a_visit(saving: SmallShop) -> None:
    tickets = desk_of(saving).columns().tickets
    assert int(tickets.net.sum()) == 350 * (DAYS + 1)
