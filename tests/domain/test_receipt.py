from __future__ import annotations

import json

import pytest
from hypothesis import given

from app.domain.errors import Refused
from app.domain.receipt import (
    QR,
    Align,
    Band,
    Barcode,
    Cell,
    Cut,
    DrawerPulse,
    Feed,
    ReceiptDocument,
    Row,
    Rule,
    RuleStyle,
    Symbology,
    Text,
    from_json,
    mark_as_copy,
    mark_as_training,
    printable,
    to_json,
)
from tests.devices.documents import documents, texts
from tests.devices.sample import receipt

MARKS = ("補印", "第 1 次補印")


def document(*nodes: object) -> ReceiptDocument:
    return ReceiptDocument(nodes, "zh_TW", "sale")  # type: ignore[arg-type]


@given(documents)
def test_a_document_comes_back_from_its_json_exactly(original: ReceiptDocument) -> None:
    stored = to_json(original)
    again = from_json(stored)
    assert again == original
    assert to_json(again) == stored


def test_the_json_is_canonical_and_leaves_out_defaults() -> None:
    row = Row((Cell("綠茶"), Cell("35", Align.RIGHT, 6)))
    assert to_json(document(Text("謝謝"), row, DrawerPulse())).decode() == (
        '{"format":1,"language":"zh_TW","nodes":[{"node":"text","text":"謝謝"},'
        '{"cells":[{"text":"綠茶"},{"align":"right","text":"35","width":6}],"node":"row"},'
        '{"node":"drawer_pulse"}],"purpose":"sale"}'
    )


@given(documents)
def test_the_json_is_what_the_json_module_would_write(original: ReceiptDocument) -> None:
    stored = to_json(original).decode()
    assert stored == json.dumps(json.loads(stored), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_two_ways_of_writing_one_character_are_one_document() -> None:
    assert to_json(document(Text("Cafe\u0301"))) == to_json(document(Text("Café")))


@given(texts)
def test_a_text_is_made_printable_once(text: str) -> None:
    once = printable(text)
    assert printable(once) == once
    assert once.encode().decode() == once


def test_control_characters_never_reach_a_receipt() -> None:
    assert Text("a\x1b@b\x00\tc\r\nd\u2028e\ud800").text == "a@b c\nd\ne\N{REPLACEMENT CHARACTER}"


DAMAGED = {
    "nothing": b"",
    "half": to_json(receipt("zh_TW"))[:-10],
    "not UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "another format": b'{"format":2,"language":"en","nodes":[],"purpose":"sale"}',
    "no purpose": b'{"format":1,"language":"en","nodes":[]}',
    "unknown node": b'{"format":1,"language":"en","nodes":[{"node":"hologram"}],"purpose":"sale"}',
    "node without kind": b'{"format":1,"language":"en","nodes":[{"text":"a"}],"purpose":"sale"}',
    "node of text": b'{"format":1,"language":"en","nodes":["text"],"purpose":"sale"}',
    "unknown field": b'{"format":1,"language":"en","nodes":[{"node":"text","text":"a","x":1}],"purpose":"sale"}',
    "missing field": b'{"format":1,"language":"en","nodes":[{"node":"text"}],"purpose":"sale"}',
    "number as text": b'{"format":1,"language":"en","nodes":[{"node":"text","text":7}],"purpose":"sale"}',
    "truth as number": b'{"format":1,"language":"en","nodes":[{"node":"feed","lines":true}],"purpose":"sale"}',
    "size three": b'{"format":1,"language":"en","nodes":[{"node":"text","text":"a","size":3}],"purpose":"sale"}',
    "row in a row": b'{"format":1,"language":"en","nodes":[{"node":"row","cells":[[]]}],"purpose":"sale"}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("stored", DAMAGED.values(), ids=DAMAGED)
def test_damaged_json_is_refused(stored: bytes) -> None:
    with pytest.raises(Refused) as refused:
        from_json(stored)
    assert refused.value.code == "receipt_damaged"


def test_a_sale_takes_few_bytes_in_the_database() -> None:
    stored = to_json(receipt("zh_TW"))
    assert len(stored) < 6_000
    assert json.loads(stored)["purpose"] == "sale"


def test_a_copy_is_marked_at_its_top_and_its_bottom() -> None:
    copy = mark_as_copy(document(Text("a"), Rule(), Feed(2), Cut()), MARKS)
    bands = (Band("補印", size=2), Band("第 1 次補印"))
    assert copy.nodes == (*bands, Feed(), Text("a"), Rule(), Feed(), *bands, Feed(2), Cut())


def test_each_slip_of_a_copy_is_marked() -> None:
    copy = mark_as_copy(document(Text("a"), Cut(), Text("b"), Cut(), Feed()), ["補印"])
    band = Band("補印", size=2)
    slip_a = (band, Feed(), Text("a"), Feed(), band, Cut())
    slip_b = (band, Feed(), Text("b"), Feed(), band, Cut())
    assert copy.nodes == (*slip_a, *slip_b, Feed())


def test_a_training_slip_is_stamped_between_its_sections_too() -> None:
    slip = mark_as_training(document(Text("a"), Rule(RuleStyle.SOLID), Text("b")), ["練習"])
    assert Rule(RuleStyle.SOLID, "練習") in slip.nodes
    assert slip.nodes[0] == slip.nodes[-1] == Band("練習", size=2)


@given(documents)
def test_neither_a_copy_nor_a_training_slip_opens_the_drawer(original: ReceiptDocument) -> None:
    for marked in (mark_as_copy(original, MARKS), mark_as_training(original, ("練習",))):
        assert not any(isinstance(node, DrawerPulse) for node in marked.nodes)
        assert (marked.language, marked.purpose) == (original.language, original.purpose)


@given(documents)
def test_a_copy_says_everything_the_original_says(original: ReceiptDocument) -> None:
    added = {Band("補印", size=2), Band("第 1 次補印"), Feed()}
    copied = [node for node in mark_as_copy(original, MARKS).nodes if node not in added]
    assert copied == [n for n in original.nodes if not isinstance(n, DrawerPulse) and n not in added]


def test_a_mark_that_says_nothing_is_our_bug() -> None:
    with pytest.raises(AssertionError):
        mark_as_copy(document(Text("a")), [])
    with pytest.raises(AssertionError):
        mark_as_training(document(Text("a")), [""])


def test_a_code_that_no_printer_can_print_is_our_bug() -> None:
    for make in (
        lambda: QR(""),
        lambda: QR("字" * 400),
        lambda: Barcode(Symbology.CODE39, "小寫"),
        lambda: Barcode(Symbology.CODE39, "A" * 21),
    ):
        with pytest.raises(AssertionError):
            make()
