from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.bootstrap import Opener
from app.config import load
from app.domain.authority import Role
from app.service.shop import ShopSettings
from app.service.till import NewOperator, NewShop

NEW_SHOP = NewShop(
    ShopSettings(name="巷口雜貨"),
    (NewOperator("01", "林小店", Role.OWNER, "739261"),),
    "file",
    with_demo_goods=True,
)


class PowerCut(BaseException):
    """The machine goes off."""


def test_a_new_shop_opens_with_its_owner_and_its_goods(tmp_path: Path) -> None:
    opener = Opener(load(tmp_path))
    till = opener.create(NEW_SHOP)
    try:
        assert opener.is_set_up
        assert till.authority.sign_on("01", "739261").name == "林小店"
        assert till.store.catalogue.search("烏龍", till.clock.now_ms())
        assert not (tmp_path / bootstrap.UNFINISHED).exists()
    finally:
        till.close()


@pytest.mark.parametrize("step", ["_new_store", "_furnish"])
def test_a_set_up_that_is_cut_short_leaves_no_shop_that_nobody_can_sign_on_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    whole = getattr(Opener, step)

    def cut(self: Opener, *arguments: object) -> object:
        whole(self, *arguments)
        raise PowerCut

    monkeypatch.setattr(Opener, step, cut)
    with pytest.raises(PowerCut):
        Opener(load(tmp_path)).create(NEW_SHOP)
    monkeypatch.undo()
    again = Opener(load(tmp_path))
    assert not again.is_set_up
    till = again.create(NEW_SHOP)
    try:
        assert till.authority.sign_on("01", "739261").role is Role.OWNER
    finally:
        till.close()


def test_a_new_shop_takes_its_first_receipt_number_and_no_second_life(tmp_path: Path) -> None:
    till = Opener(load(tmp_path)).create(NEW_SHOP)
    try:
        with till.store.begin() as work:
            assert work.next_receipt_number().text == "01-1-A000001"
    finally:
        till.close()
