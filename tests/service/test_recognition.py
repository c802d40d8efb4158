"""GS1 symbols as biip reads them behind our own order, and the lines they become."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import entry
from app.domain.barcode import DEFAULT_LABEL_RULES
from app.domain.entry import Gs1Data
from app.i18n import t
from app.service import gs1
from app.service.recognition import not_here, recognise
from app.service.shop import ShopSettings

GTIN = "4710088412348"
SHOP = ShopSettings()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0104710088412348", Gs1Data(GTIN)),
        (
            "010471008841234817261231103A12",
            Gs1Data(GTIN, lot="3A12", expires_on=date(2026, 12, 31)),
        ),
        ("010471008841234810A1\x1d17260200", Gs1Data(GTIN, lot="A1", expires_on=date(2026, 2, 28))),
        ("(01)04710088412348(21)S7", Gs1Data(GTIN, serial="S7")),
        ("01047100884123483103000385", Gs1Data(GTIN, weight=385)),
        ("0104710088412348392215800", Gs1Data(GTIN, amount=(15800, 2))),
        ("01047100884123483932901158", Gs1Data(GTIN, amount=(158, 2))),
        (
            "https://id.gs1.org/01/04710088412348/10/A1?17=261231",
            Gs1Data(GTIN, lot="A1", expires_on=date(2026, 12, 31)),
        ),
        ("0104710088412349", None),
        ("https://shop.example/menu", None),
        ("10LOT", None),
    ],
)
def test_a_gs1_symbol_tells_article_lot_expiry_weight_and_price(text: str, expected: Gs1Data | None) -> None:
    assert gs1.parse(text) == expected


def test_the_shops_own_order_comes_before_the_standards() -> None:
    def seen(text: str) -> entry.Entry:
        return recognise(text, SHOP, DEFAULT_LABEL_RULES, is_scan=True)

    assert seen("]C10104710088412348") == entry.Gs1Item(Gs1Data(GTIN))
    assert seen("]Q1https://id.gs1.org/01/04710088412348") == entry.Gs1Item(Gs1Data(GTIN))
    assert seen("96385074") == entry.Barcode("96385074"), "never the internal number of AI 96"
    assert isinstance(seen("10404UZ176908720122"), entry.InvoiceCode), "never a lot"
    assert isinstance(seen("2800123003852"), entry.LabelledItem)
    assert seen("AB-77") == entry.Search("AB-77")


def test_what_is_not_taken_here_has_a_sentence_of_its_own() -> None:
    for one in (
        entry.CouponCode("x"),
        entry.GiftCardCode("x"),
        entry.BadgeCode("x"),
        entry.PaymentCode("x"),
        entry.InvoiceCode("AB12345678", "1234"),
    ):
        error = not_here(one)
        assert error.code == f"scan_not_here_{entry.kind_of(one)}"
        assert t(error.text_key) != error.text_key
