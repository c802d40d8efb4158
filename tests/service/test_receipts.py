"""The paper a customer takes home: what was bought, what it cost and why, and nobody's full number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.entry import with_check
from app.domain.item import TaxClass, Unit
from app.domain.money import HKD
from app.domain.receipt import QR, Cut, DrawerPulse, Row, from_json, to_json
from app.domain.returns import void_of
from app.domain.transaction import ModifierKind, PointsEffect, PriceSource, RetailTransaction, TransactionKind
from app.service.ports import Stamp
from app.service.receipts import ReceiptBuilder
from tests.builders import (
    MEMBER,
    a_card,
    a_header,
    a_line,
    a_return,
    a_sale,
    an_approval,
    card,
    cash,
    points,
    return_line,
)
from tests.service.front_desk import FrontDesk, open_front_desk, words_of

STAMP = Stamp(1, bytes.fromhex("50269fcc7a") + bytes(27))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FrontDesk]:
    opened = open_front_desk(tmp_path)
    shop = replace(
        opened.session.shop, tax_id="04595257", address="台北市大安區和平東路一段1號", footer="天天好日子"
    )
    opened.session.shop = shop
    yield opened
    opened.store.close()


def _words(desk: FrontDesk, ticket: RetailTransaction, *, is_member: bool = False, **options: int) -> str:
    builder = ReceiptBuilder(desk.session, desk.store)
    return words_of(builder.retail(ticket, STAMP, a_card() if is_member else None, **options))


def test_the_head_names_the_shop_the_number_the_time_and_who_served(desk: FrontDesk) -> None:
    sale = a_sale(header=a_header(counter=123))
    words = _words(desk, sale)
    for line in ("好日子選物店", "統一編號 04595257", "單號 01-1-A000123", "收銀員 林小美", "天天好日子"):
        assert line in words
    assert "2026-10-03 14:03" in words  # the builder's clock, two hours and three minutes on, in Taipei


def test_a_line_shows_its_price_and_why_it_costs_less(desk: FrontDesk) -> None:
    sale = a_sale(
        a_line(300, 2000, off=60),
        a_line(180, 385, unit=Unit.KILOGRAM, name="池上米", tax_class=TaxClass.EXEMPT),
        a_line(80, list_price=100, price_source=PriceSource.MEMBER),
        a_line(50, list_price=100, price_source=PriceSource.OVERRIDE),
    )
    words = _words(desk, sale)
    for line in (
        "烏龍茶 600ml | 2 | 300 | 600",
        "  週年慶 | -60",
        "池上米 | 69",
        "0.385 公斤 × 180／公斤",
        "  會員價",
        "  改價",
    ):
        assert line in words


def test_a_basket_discount_stands_once_below_the_subtotal(desk: FrontDesk) -> None:
    lines = [a_line(100, off=10, off_kind=ModifierKind.BASKET_DISCOUNT) for _ in range(3)]
    words = _words(desk, a_sale(*lines))
    assert "小計  共 3 件 | 300" in words
    assert words.count("-30") == 1
    assert "本次共省 NT$30" in words


def test_the_total_is_large_and_the_tax_is_named(desk: FrontDesk) -> None:
    document = ReceiptBuilder(desk.session, desk.store).retail(a_sale(a_line(105)), STAMP, None)
    large = [node for node in document.nodes if isinstance(node, Row) and node.size == 2]
    assert [cell.text for cell in large[0].cells] == ["總計", "NT$105"]
    assert "內含 5% 稅額 | 5" in words_of(document)


def test_tenders_and_change_are_shown_and_only_cash_gives_change(desk: FrontDesk) -> None:
    words = _words(desk, a_sale(a_line(500), tenders=[card(300), cash(500, 2)]))
    for line in ("刷卡 | 300", "授權碼 A1B2C3", "現金 | 500", "找零 | 300"):
        assert line in words
    assert "找零" not in _words(desk, a_sale(a_line(500), tenders=[card(500)]))


def test_rounding_is_a_line_of_its_own(desk: FrontDesk) -> None:
    desk.session.shop = replace(desk.session.shop, currency_code="HKD")
    sale = a_sale(a_line(855, currency=HKD), tenders=[cash(860, currency=HKD)], rounding=5, currency=HKD)
    assert "尾數調整 | 0.05" in _words(desk, sale)


def test_the_member_is_masked_and_the_points_add_up(desk: FrontDesk) -> None:
    sale = a_sale(
        a_line(500),
        tenders=[points(50), cash(450, 2)],
        member=MEMBER,
        points_effect=PointsEffect(4, 50, 1),
    )
    words = _words(desk, sale, is_member=True, points_before=320, points_after=274)
    assert "會員 | 王○明 0912-***-678" in words
    for line in ("原有點數 | 320", "本次點數 | +4", "使用點數 | -50", "點數餘額 | 274"):
        assert line in words
    for secret in (MEMBER.name, "0912345678", "912345678"):
        assert secret not in words


def test_a_new_member_is_welcomed(desk: FrontDesk) -> None:
    sale = a_sale(a_line(500), member=MEMBER, is_new_member=True, points_effect=PointsEffect(5, 0, 1))
    assert "歡迎成為會員！" in _words(desk, sale, is_member=True, points_after=5)


def test_the_qr_code_finds_the_receipt_again(desk: FrontDesk) -> None:
    document = ReceiptBuilder(desk.session, desk.store).retail(
        a_sale(header=a_header(counter=123)), STAMP, None
    )
    (code,) = [node.data for node in document.nodes if isinstance(node, QR)]
    assert code == with_check("R1", "01-1-A000123")
    assert code.startswith("R1:01-1-A000123:")
    assert "核對碼 50269-FCC7A" in words_of(document)


def test_a_return_names_the_sale_it_belongs_to(desk: FrontDesk) -> None:
    sale = a_sale(a_line(300, off=30))
    words = _words(desk, a_return(sale, [(1, 1000, 270)]))
    for line in (
        "退貨單",
        f"原單號 {sale.header.receipt_number}",
        "退貨 烏龍茶",
        "應退金額 | NT$270",
        "退現金 | -270",
    ):
        assert line in words


def test_an_exchange_shows_net_money_and_net_points(desk: FrontDesk) -> None:
    sale = a_sale(a_line(300))
    exchange = a_sale(
        return_line(sale, 1, 1000, 300),
        a_line(500),
        tenders=[points(-9), cash(209, 2)],
        member=MEMBER,
        points_effect=PointsEffect(2, -9, 1, taken_back=3),
    )
    words = _words(desk, exchange, is_member=True, points_before=100, points_after=111)
    for line in (
        "換貨單",
        "總計 | NT$200",
        "本次點數 | +5",
        "收回點數 | -3",
        "退還點數 | +9",
        "點數餘額 | 111",
    ):
        assert line in words


def test_a_void_says_so_and_why_and_who_approved(desk: FrontDesk) -> None:
    void = void_of(
        a_sale(a_line(300), tenders=[cash(1000)]),
        a_header(TransactionKind.POST_VOID),
        note="刷錯商品",
        approvals=(an_approval(),),
    )
    words = _words(desk, void)
    for line in ("作廢單", "應退金額 | NT$300", "退現金 | -300", "原因：刷錯商品", "核准 黃淑芬"):
        assert line in words
    assert "找零" not in words


def test_practice_paper_passes_for_nothing(desk: FrontDesk) -> None:
    sale = a_sale(header=a_header(is_training=True))
    document = ReceiptBuilder(desk.session, desk.store).retail(sale, STAMP, None)
    assert sum("練習" in str(node) for node in document.nodes) > 2
    assert not any(isinstance(node, DrawerPulse) for node in document.nodes)


def test_the_paper_is_in_the_shops_language_whatever_the_screen_speaks(desk: FrontDesk) -> None:
    desk.session.shop = replace(desk.session.shop, language="en")
    words = _words(desk, a_sale(a_line(105)))
    assert "Total | NT$105" in words
    assert "總計" not in words


def test_a_paper_ends_with_a_cut_and_survives_being_stored(desk: FrontDesk) -> None:
    document = ReceiptBuilder(desk.session, desk.store).retail(a_sale(), STAMP, None)
    assert isinstance(document.nodes[-1], Cut)
    assert from_json(to_json(document)) == document


def test_a_line_whose_member_price_holds_for_some_pieces_says_so(desk: FrontDesk) -> None:
    line = a_line(100, 2000, off=10, off_kind=ModifierKind.MEMBER_PRICE)
    unnamed = replace(line, modifiers=tuple(replace(one, label="") for one in line.modifiers))
    assert "  會員價 | -10" in _words(desk, a_sale(unnamed))
