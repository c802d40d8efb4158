"""The test page: what a printer must be able to show before it prints for customers."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.domain.receipt import QR, Align, Cell, Cut, Feed, ReceiptDocument, Row, Rule, RuleStyle, Text
from app.i18n import t

RARE_CHARACTERS: Final = "堃 喆 犇 峯 珉 煊 啓"  # of names; no printer's own Big5 font has all of them


def test_page(language: str, address: str, now: datetime) -> ReceiptDocument:
    """A title, where and when, goods and amounts, rare characters, a code and a cut."""

    def say(key: str, **fields: object) -> str:
        return t(key, language, **fields)

    nodes = (
        Text(say("devices.test_title"), Align.CENTER, size=2, bold=True),
        Text(say("devices.test_time", time=f"{now:%Y/%m/%d %H:%M:%S}")),
        Text(say("devices.test_address", address=address)),
        Rule(RuleStyle.SOLID),
        Row((Cell(say("devices.test_goods")), Cell("NT$1,234", Align.RIGHT, bold=True))),
        Text(RARE_CHARACTERS),
        Text("ABC abc 0123456789 ,.-+$%/()"),
        Rule(RuleStyle.DOTTED),
        QR(f"regulars-test {now:%Y-%m-%dT%H:%M:%S}"),
        Text(say("devices.test_end"), Align.CENTER, bold=True),
        Feed(),
        Cut(),
    )
    return ReceiptDocument(nodes, language, "test")
