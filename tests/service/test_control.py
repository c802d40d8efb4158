"""The drawer without goods: every opening has a reason, a person, a number and a slip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.authority import Right
from app.domain.errors import ApprovalNeeded, Refused
from app.domain.money import HKD
from app.domain.transaction import ControlTransaction, TransactionKind
from tests.builders import MANAGER
from tests.service.front_desk import FrontDesk, open_front_desk, words_of


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FrontDesk]:
    opened = open_front_desk(tmp_path)
    opened.open()
    yield opened
    opened.store.close()


def test_a_no_sale_opens_the_drawer_and_leaves_a_trace(desk: FrontDesk) -> None:
    done = desk.control.no_sale("換零錢")
    assert desk.store.journal.get(done.header.id) == done
    assert done.amount.minor == 0
    paper = desk.papers()[-1].request
    assert (paper.kind, paper.kicks_drawer, paper.transaction_id) == ("slip", True, done.header.id)
    words = words_of(paper.document)
    assert "開錢櫃" in words
    assert "換零錢" in words
    assert done.header.receipt_number in words
    assert "林小美" in words


def test_cash_paid_in_and_out_moves_what_the_drawer_should_hold(desk: FrontDesk) -> None:
    desk.control.paid_in(desk.money(1000), "補零錢")
    out = desk.control.paid_out(desk.money(300), "郵資運費", note="寄給供應商")
    assert out.amount == desk.money(-300)
    assert desk.shifts.x_report().settlement.expected_cash == desk.money(2000 + 1000 - 300)
    words = words_of(desk.papers()[-1].request.document)
    assert "現金取出單" in words
    assert "NT$300" in words
    assert "寄給供應商" in words


def test_cash_over_the_limit_needs_a_second_person_whose_name_is_kept(desk: FrontDesk) -> None:
    with pytest.raises(ApprovalNeeded) as needed:
        desk.control.paid_out(desk.money(501), "付貨款")
    assert needed.value.fields["amount"] == 501
    approval = desk.approval(Right.PAID_OUT, 501)
    done = desk.control.paid_out(desk.money(501), "付貨款", approval=approval)
    stored = desk.store.journal.get(done.header.id)
    assert isinstance(stored, ControlTransaction)
    assert stored.approvals == (approval,)
    words = words_of(desk.papers()[-1].request.document)
    assert f"核准 {MANAGER.name}" in words
    assert "取出現金  原因：店長同意" in words


def test_a_refused_opening_writes_nothing_and_keeps_the_drawer_shut(desk: FrontDesk) -> None:
    before = (len(desk.papers()), desk.spool.woken, desk.store.journal.newest(1))
    for attempt in (
        lambda: desk.control.no_sale(""),
        lambda: desk.control.no_sale("我想看看"),
        lambda: desk.control.no_sale("其他", note="  "),
        lambda: desk.control.paid_out(desk.money(0), "付貨款"),
        lambda: desk.control.paid_out(desk.money(-5), "付貨款"),
        lambda: desk.control.paid_in(desk.money(10**8), "補零錢"),
    ):
        with pytest.raises(Refused):
            attempt()
    assert (len(desk.papers()), desk.spool.woken, desk.store.journal.newest(1)) == before


def test_other_needs_a_note(desk: FrontDesk) -> None:
    with pytest.raises(Refused) as refused:
        desk.control.no_sale("其他")
    assert refused.value.code == "note_needed"
    assert desk.control.no_sale("其他", note="修抽屜").note == "修抽屜"


def test_the_shop_may_have_reasons_of_its_own(desk: FrontDesk) -> None:
    with desk.store.begin() as work:
        work.put_setting("paid_out_reasons", ["買便當", " ", "其他", "買便當"])
        work.commit()
    assert desk.control.reasons(TransactionKind.PAID_OUT) == ("買便當", "其他")
    assert desk.control.paid_out(desk.money(90), "買便當").reason == "買便當"


def test_without_a_shift_the_drawer_stays_shut(tmp_path: Path) -> None:
    desk = open_front_desk(tmp_path / "closed")
    with pytest.raises(Refused) as refused:
        desk.control.no_sale("換零錢")
    assert refused.value.code == "no_open_shift"
    desk.store.close()


def test_in_practice_nothing_opens_the_drawer(desk: FrontDesk) -> None:
    desk.session.is_training = True
    done = desk.control.no_sale("換零錢")
    paper = desk.papers()[-1].request
    assert done.header.is_training
    assert not paper.kicks_drawer
    assert any("練習" in str(node) for node in paper.document.nodes)


def test_only_what_coins_can_make_is_paid_in_or_out(tmp_path: Path) -> None:
    desk = open_front_desk(tmp_path / "hk", currency=HKD)
    desk.open(20_000)
    with pytest.raises(Refused) as refused:
        desk.control.paid_in(desk.money(1005), "補零錢")
    assert refused.value.code == "cash_not_payable"
    desk.store.close()
