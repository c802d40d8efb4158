"""A shift from its float to its Z report, without a network and without a second truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.authority import Right
from app.domain.errors import ApprovalNeeded, Refused, Unavailable
from app.domain.settlement import fold
from app.domain.transaction import ControlTransaction, PointsEffect, TransactionKind
from app.service.closing import CloseFlow, CloseStep
from app.service.till_session import ClockDoubt
from db.unit_of_work import SqliteUnitOfWork
from tests.builders import CASHIER, MANAGER, MEMBER, a_line, card, cash, points, return_line
from tests.service.front_desk import FrontDesk, open_front_desk, words_of


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FrontDesk]:
    opened = open_front_desk(tmp_path)
    yield opened
    opened.store.close()


def _count(flow: CloseFlow, total: int) -> None:
    """Count this much in the fewest pieces and finish."""
    left = total
    for worth in flow.denominations:
        flow.count(worth, left // worth)
        left %= worth
    flow.finish_count()


def _close(desk: FrontDesk, counted: int, *, reason: str = "", kept: int = 1000) -> CloseFlow:
    flow = desk.shifts.begin_close()
    flow.acknowledge_held()
    _count(flow, counted)
    if flow.step is CloseStep.DIFFERENCE:
        flow.explain(reason)
    flow.keep(desk.money(kept))
    flow.complete()
    return flow


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_shift_opens_with_its_float_and_a_slip(desk: FrontDesk) -> None:
    opened = desk.shifts.open_shift(desk.money(2000))
    assert desk.session.shift == opened.shift == desk.store.desk.current_shift()
    assert opened.transaction.amount == desk.money(2000)
    assert opened.warning is None
    words = words_of(desk.papers()[-1].request.document)
    assert "開班單" in words
    assert "NT$2,000" in words
    assert desk.papers()[-1].request.kicks_drawer


def test_a_second_shift_is_refused_while_one_is_open(desk: FrontDesk) -> None:
    desk.open()
    with pytest.raises(Refused) as refused:
        desk.open()
    assert refused.value.code == "shift_already_open"
    assert [type(one) for one in desk.store.journal.newest()] == [ControlTransaction]


@pytest.mark.parametrize("minor", [-1, 10**8])
def test_an_impossible_float_is_refused(desk: FrontDesk, minor: int) -> None:
    with pytest.raises(Refused):
        desk.open(minor)
    assert desk.session.shift is None


def test_nobody_signed_on_opens_no_shift(desk: FrontDesk) -> None:
    desk.session.operator = None
    with pytest.raises(Refused) as refused:
        desk.open()
    assert refused.value.code == "not_signed_on"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2026, 10, 3, 4, 59), date(2026, 10, 2)),
        ((2026, 10, 3, 5, 0), date(2026, 10, 3)),
        ((2026, 10, 3, 23, 59), date(2026, 10, 3)),
        ((2027, 1, 1, 0, 30), date(2026, 12, 31)),
    ],
)
def test_the_business_day_is_cut_at_the_shops_own_hour_not_at_midnight_or_in_utc(
    desk: FrontDesk, now: tuple[int, ...], expected: date
) -> None:
    """Odoo cuts the day in UTC, and sales land on the wrong one."""
    desk.clock.set_local(*now)
    desk.open()
    assert desk.session.require_shift().business_date == expected


def test_sales_after_midnight_belong_to_the_shift_that_is_open(desk: FrontDesk) -> None:
    desk.clock.set_local(2026, 10, 3, 22, 0)
    desk.open()
    desk.clock.set_local(2026, 10, 4, 6, 0)
    assert desk.sell(a_line(100)).header.business_date == date(2026, 10, 3)


def test_a_clock_that_went_back_is_said_and_stops_nobody(desk: FrontDesk) -> None:
    desk.open()
    _close(desk, 2000)
    last_at = desk.store.journal.newest(1)[0].header.occurred_at
    desk.clock.forward(days=-1)
    warning = desk.shifts.open_shift(desk.money(1000)).warning
    assert warning is not None
    assert (warning.doubt, warning.last_at) == (ClockDoubt.WENT_BACK, last_at)


def test_a_clock_far_ahead_of_the_last_sale_is_said(desk: FrontDesk) -> None:
    desk.open()
    _close(desk, 2000)
    desk.clock.forward(hours=24)
    assert desk.shifts.clock_warning() is None
    desk.clock.forward(seconds=1)
    warning = desk.shifts.clock_warning()
    assert warning is not None
    assert warning.doubt is ClockDoubt.FAR_AHEAD


def test_a_clock_that_went_back_does_not_keep_the_day_from_ending(desk: FrontDesk) -> None:
    desk.open()
    desk.clock.forward(days=-3)
    assert _close(desk, 2000).step is CloseStep.DONE
    closed = desk.store.desk.closed_shift()
    assert closed is not None
    assert closed.closed_at == closed.opened_at


def test_the_next_float_is_what_the_last_closing_kept(desk: FrontDesk) -> None:
    assert desk.shifts.suggested_float() == desk.money(0)
    desk.open()
    _close(desk, 2000, kept=1500)
    assert desk.shifts.suggested_float() == desk.money(1500)


# --- the X report -----------------------------------------------------------------------------------------------------


def test_an_x_report_resets_nothing(desk: FrontDesk) -> None:
    desk.open()
    desk.sell(a_line(137), tenders=[cash(200)])
    first, second = desk.shifts.print_x(), desk.shifts.x_report()
    assert first.settlement == second.settlement
    assert desk.session.shift is not None
    assert desk.papers()[-1].request.kind == "x_report"


def test_who_counts_blind_sees_no_drawer_on_the_x_report(desk: FrontDesk) -> None:
    desk.open()
    desk.sell(a_line(137), tenders=[cash(200)])
    report = desk.shifts.print_x()
    assert not report.shows_expected
    assert "應有現金" not in words_of(desk.papers()[-1].request.document)
    desk.session.operator = MANAGER
    desk.shifts.print_x()
    assert "應有現金 | 2,137" in words_of(desk.papers()[-1].request.document)


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_blind_count_shows_the_difference_only_when_it_is_finished(desk: FrontDesk) -> None:
    desk.open()
    desk.sell(a_line(137), tenders=[cash(200)])
    flow = desk.shifts.begin_close()
    assert flow.step is CloseStep.COUNT
    assert flow.is_blind
    flow.count(1000, 2)
    assert (flow.expected, flow.difference) == (None, None)
    flow.count(100, 1)
    flow.finish_count()
    assert (flow.counted, flow.expected, flow.difference) == (
        desk.money(2100),
        desk.money(2137),
        desk.money(-37),
    )
    assert flow.step is CloseStep.DIFFERENCE


def test_who_may_see_the_expected_cash_sees_it_while_counting(desk: FrontDesk) -> None:
    desk.session.operator = MANAGER
    desk.open()
    flow = desk.shifts.begin_close()
    flow.count(500, 3)
    assert flow.difference == desk.money(-500)


def test_a_difference_needs_a_reason_and_an_even_drawer_none(desk: FrontDesk) -> None:
    desk.open()
    flow = desk.shifts.begin_close()
    _count(flow, 1990)
    with pytest.raises(Refused) as refused:
        flow.explain("  ")
    assert refused.value.code == "reason_needed"
    assert flow.step is CloseStep.DIFFERENCE
    flow.explain("找錯錢")
    assert flow.step is CloseStep.FLOAT
    flow.recount()
    _count(flow, 2000)
    assert flow.step is CloseStep.FLOAT


def test_a_count_taken_up_again_after_a_blind_one_is_in_the_audit(desk: FrontDesk) -> None:
    desk.open()
    flow = desk.shifts.begin_close()
    _count(flow, 1990)
    flow.recount()
    event = desk.store.journal.audit_of_shift(flow.shift.id)[-1]
    assert (event.kind, dict(event.details)) == ("recount", {"counted": 1990, "difference": -10})


def test_the_drawer_may_be_counted_as_one_amount(desk: FrontDesk) -> None:
    desk.open()
    flow = desk.shifts.begin_close()
    flow.count(1000, 1)
    flow.count_total(desk.money(2000))
    flow.finish_count()
    assert (flow.counts, flow.difference) == ((), desk.money(0))


@pytest.mark.parametrize("pieces", [-1, 100_000])
def test_an_impossible_count_is_refused(desk: FrontDesk, pieces: int) -> None:
    desk.open()
    flow = desk.shifts.begin_close()
    with pytest.raises(Refused) as refused:
        flow.count(100, pieces)
    assert refused.value.code == "pieces_out_of_range"


def test_no_more_is_kept_than_was_counted_and_the_rest_goes_to_the_bank(desk: FrontDesk) -> None:
    desk.open()
    desk.sell(a_line(500))
    flow = desk.shifts.begin_close()
    _count(flow, 2500)
    assert (flow.suggested_float, flow.to_bank) == (desk.money(2000), desk.money(500))
    with pytest.raises(Refused) as refused:
        flow.keep(desk.money(2501))
    assert refused.value.code == "float_exceeds_count"
    flow.keep(desk.money(800))
    assert flow.to_bank == desk.money(1700)


def test_held_sales_are_listed_at_the_close_and_not_silently_dropped(desk: FrontDesk) -> None:
    desk.open()
    desk.hold()
    flow = desk.shifts.begin_close()
    assert flow.step is CloseStep.HELD
    assert [sale.label for sale in flow.held] == ["王○明 0912-***-678"]
    flow.acknowledge_held()
    _count(flow, 2000)
    flow.keep(desk.money(2000))
    closed = flow.complete()
    assert "王○明 0912-***-678 | 250" in words_of(closed.document)
    assert len(desk.store.desk.held_sales()) == 1


def test_closing_writes_the_z_report_and_ends_the_shift_in_one_unit(desk: FrontDesk) -> None:
    shift_id = desk.open()
    desk.sell(a_line(137), tenders=[cash(200)])
    flow = _close(desk, 2130, reason="找錯錢")
    assert flow.step is CloseStep.DONE
    assert desk.session.shift is None
    assert desk.store.desk.current_shift() is None
    closed = desk.store.desk.closed_shift()
    assert closed is not None
    assert (closed.id, closed.z_number) == (shift_id, 1)
    last = desk.store.journal.newest(1)[0]
    assert isinstance(last, ControlTransaction)
    assert last.totals is not None
    assert last.totals.over_short == desk.money(-7)
    assert last.totals.reason == "找錯錢"
    assert (last.totals.kept, last.totals.to_bank) == (desk.money(1000), desk.money(1130))
    paper = desk.papers()[-1].request
    assert (paper.kind, paper.transaction_id) == ("z_report", last.header.id)


def test_z_numbers_run_on(desk: FrontDesk) -> None:
    for number in (1, 2, 3):
        desk.open()
        _close(desk, 2000)
        desk.clock.forward(hours=10)
        closed = desk.store.desk.closed_shift()
        assert closed is not None
        assert closed.z_number == number


def test_a_failed_close_leaves_the_shift_open_and_its_number_unused(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open()
    flow = desk.shifts.begin_close()
    _count(flow, 2000)
    flow.keep(desk.money(1000))

    def full(_: object) -> None:
        raise Unavailable("disk_full")

    monkeypatch.setattr(SqliteUnitOfWork, "commit", full)
    with pytest.raises(Unavailable):
        flow.complete()
    monkeypatch.undo()
    assert desk.session.shift is not None
    assert flow.step is CloseStep.READY
    assert flow.complete().report.totals.z_number == 1  # type: ignore[union-attr]


def test_a_sale_rung_after_the_count_asks_for_another_count(desk: FrontDesk) -> None:
    desk.open()
    flow = desk.shifts.begin_close()
    _count(flow, 2000)
    flow.keep(desk.money(1000))
    desk.sell(a_line(100))
    with pytest.raises(Refused) as refused:
        flow.complete()
    assert refused.value.code == "shift_changed"
    assert flow.step is CloseStep.COUNT
    assert desk.session.shift is not None


def test_a_shift_closed_elsewhere_is_not_closed_twice(desk: FrontDesk) -> None:
    desk.open()
    flow = desk.shifts.begin_close()
    _count(flow, 2000)
    flow.keep(desk.money(1000))
    _close(desk, 2000)
    with pytest.raises(Refused):
        flow.complete()
    assert (
        len([one for one in desk.store.journal.newest() if one.header.kind is TransactionKind.SHIFT_CLOSE])
        == 1
    )


def test_a_shift_survives_a_restart(desk: FrontDesk) -> None:
    desk.open()
    desk.sell(a_line(137))
    desk.restart()
    assert desk.session.shift is not None
    assert desk.shifts.x_report().settlement.net_minor == 137


def test_closing_with_unsent_sales_totals_the_tills_own_truth_and_says_how_many_wait(desk: FrontDesk) -> None:
    """Tills of others close while sales still wait in a browser, and their totals arrive empty or land elsewhere."""
    shift_id = desk.open()
    sales = [desk.sell(a_line(100 + number)) for number in range(5)]
    waiting = desk.store.desk.unsent_count()
    assert waiting >= 5
    report = _close(desk, 2000 + sum(sale.total.minor for sale in sales))
    papers = words_of(desk.papers()[-1].request.document)
    assert f"尚未上傳 | {waiting} 筆" in papers
    # Whatever is sent later, and whenever: the same records of the same shift, the same totals.
    late = fold(reversed(list(desk.store.journal.of_shift(shift_id))), desk.money(2000))
    closing = fold([desk.store.journal.newest(1)[0]], desk.money(0))
    assert late.net_minor == report.settlement.net_minor == 510
    assert late.expected_cash == report.settlement.expected_cash
    assert closing.net_minor == 0


def test_change_is_not_cash_and_the_z_report_expects_what_is_really_there(desk: FrontDesk) -> None:
    """Float + cash sales − change − refunds + in − out; differences are accepted, explained and signed."""
    desk.open(2000)
    sale = desk.sell(a_line(137), tenders=[cash(1000)])
    desk.sell(a_line(500), tenders=[card(300), cash(200, 2)])
    desk.sell(return_line(sale, 1, 1000, 137), tenders=[cash(-137)], kind=TransactionKind.RETURN)
    desk.control.paid_in(desk.money(500), "補零錢")
    desk.control.paid_out(desk.money(120), "郵資運費")
    flow = desk.shifts.begin_close()
    _count(flow, 2580)
    assert flow.expected == desk.money(2000 + 137 + 200 - 137 + 500 - 120)
    assert flow.difference == desk.money(0)


# --- the paper --------------------------------------------------------------------------------------------------------


def test_the_z_report_says_it_all(desk: FrontDesk) -> None:
    desk.open()
    with desk.store.begin() as work:
        work.add_member(MEMBER, created_at=desk.clock.now_ms(), operator_id=CASHIER.id)
        work.commit()
    desk.sell(a_line(300), member=MEMBER, points_effect=PointsEffect(3, 0, 1))
    desk.sell(
        a_line(300, off=50),
        tenders=[points(50), card(200, 2)],
        member=MEMBER,
        points_effect=PointsEffect(2, 50, 1),
    )
    desk.sell(a_line(105))
    _close(desk, 2400, reason="找錯錢")
    words = words_of(desk.papers()[-1].request.document)
    for line in (
        "Z 報表（交班日報）",
        "Z 報表號 1",
        "營業日 2026-10-03 | 機台 1",
        "銷售 | 3 筆 | 655",
        "淨額 | NT$655",
        "平均客單 | 3 筆 | 218",
        "促銷優惠 | 1 筆 | -50",
        "應稅銷售額 | 5% | 655",
        "現金 | 2 筆 | 405",
        "刷卡 | 1 筆 | 200",
        "應有現金 | 2,405",
        "2,000 × 1 | 2,000",
        "實點現金 | 2,400",
        "短少 | -5",
        "原因：找錯錢",
        "留作零用金 | 1,000",
        "繳回 | 1,400",
        "會員消費 | 2 筆 | 550",
        "會員占比 | 84.0%",
        "發出點數 | 5",
        "使用點數 | 50",
        "林小美 | 3 筆 | 655",
    ):
        assert line in words, words
    head = desk.store.journal.stamp_of(desk.store.journal.newest(1)[0].header.id)
    assert head is not None
    assert head.hash.hex()[:5].upper() in words


def test_practice_is_counted_on_the_z_report(desk: FrontDesk) -> None:
    desk.open()
    with pytest.raises(ApprovalNeeded):
        desk.shifts.begin_training()
    desk.shifts.begin_training(desk.approval(Right.TRAINING, 1))
    desk.shifts.end_training(4)
    assert desk.events()[-2:] == ["training_begun", "training_ended"]
    _close(desk, 2000)
    assert "練習交易 | 4 筆" in words_of(desk.papers()[-1].request.document)


def test_the_papers_speak_the_shops_language(desk: FrontDesk) -> None:
    desk.session.shop = replace(desk.session.shop, language="en")
    desk.open()
    desk.control.no_sale("Make change")
    _close(desk, 2000)
    words = words_of(desk.papers()[-1].request.document)
    assert "Z report" in words
    assert "Expected | 2,000" in words
