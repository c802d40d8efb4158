"""Receipts of every shape, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from app.domain.receipt import (
    QR,
    Align,
    Band,
    Barcode,
    Cell,
    Cut,
    DrawerPulse,
    Feed,
    Image,
    Node,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Symbology,
    Text,
)
from app.i18n import LANGUAGES

# Letters, Chinese (rare ones too), half-width kana, combining marks, joined emoji, ambiguous signs, punctuation, anything.
characters = st.one_of(
    st.sampled_from("永和豆漿御茶園堃犇𠮷骨直，。「」（）！？…—“”‘’①→℃×°éｱｲﾀﾞ"),
    st.sampled_from("abcXYZ 0123456789,.-+$%/()"),
    st.sampled_from(["\u0301", "\u0308", "\u200d", "\ufe0f", "☕", "🧋", "👨\u200d👩\u200d👧", "👍🏽", "\n"]),
    st.characters(),
)
texts = st.lists(characters, max_size=60).map("".join)
sizes = st.sampled_from([1, 2])
aligns = st.sampled_from(Align)
cells = st.builds(Cell, texts, aligns, st.none() | st.integers(1, 12), st.booleans())
barcodes = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%", min_size=1, max_size=20)
barcode_nodes = st.one_of(
    st.builds(Barcode, st.just(Symbology.CODE39), barcodes),
    st.builds(Barcode, st.just(Symbology.CODE128), st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=12)),
    st.sampled_from([
        Barcode(Symbology.EAN13, "4710088412348"), Barcode(Symbology.EAN8, "96385074"), Barcode(Symbology.UPCA, "036000291452"),
    ]),
)  # fmt: skip
qr_data = st.text(min_size=1, max_size=40)
nodes: st.SearchStrategy[Node] = st.one_of(
    st.builds(Text, texts, aligns, sizes, st.booleans()),
    st.builds(Row, st.lists(cells, min_size=1, max_size=5).map(tuple), sizes),
    st.builds(Band, texts, sizes),
    st.builds(Rule, st.sampled_from(RuleStyle), texts),
    st.builds(Feed, st.integers(1, 3)),
    barcode_nodes,
    st.builds(QR, qr_data, texts),
    st.builds(Image, texts),
    st.builds(Cut, st.booleans()),
    st.builds(DrawerPulse, st.sampled_from([None, 2, 5])),
)
documents = st.builds(
    ReceiptDocument,
    st.lists(nodes, max_size=8).map(tuple),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["sale", "return", "test"]),
)
