"""What is to be done today: sentences that mask, the most pressing first, and what each of them opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.authority import Role
from app.domain.errors import ApprovalNeeded
from app.domain.ids import MemberId
from app.service.guard import GuardDesk
from app.service.insight_desk import InsightDesk
from app.service.work_list import TaskKind, WorkListDesk
from tests.db.busy_day import close_shift, open_shift
from tests.service.small_shop import PHONE, SOAP, TEA, SmallShop, open_small_shop

SATURDAY = date(2026, 11, 21)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallShop]:
    opened = open_small_shop(tmp_path)
    yield opened
    opened.store.close()


def desk_of(shop: SmallShop) -> WorkListDesk:
    store, session, clock = shop.store, shop.session, shop.clock
    insight = InsightDesk(store, session, clock, store.insight, store.days)
    guard = GuardDesk(store, store.guard, session, clock)
    return WorkListDesk(store, session, clock, store.work_rows, insight, guard)


def enrol(shop: SmallShop, phone: str, **fields: object) -> MemberId:
    """A member made at the counter, with something known of them."""
    shop.sell(phone, "", SOAP)
    card = shop.store.members.by_phone("+886" + phone[1:])
    assert card is not None
    with shop.store.begin() as work:
        work.update_member(replace(card.member, **fields), changed_at=shop.clock.now_ms())  # type: ignore[arg-type]
        work.commit()
    return card.member.id


def sentences(shop: SmallShop, kind: TaskKind, days: int = 7) -> list[str]:
    return [task.sentence for task in desk_of(shop).tasks(days).of(kind)]


def test_birthdays_of_both_calendars_come_up(shop: SmallShop) -> None:
    enrol(shop, "0911111111", birthday="1990-11-24", name="王小明")
    enrol(shop, "0922222222", birthday="L--10-16")  # 24 November 2026 by the moon
    enrol(shop, "0933333333", birthday="1990-11-20")
    found = sentences(shop, TaskKind.BIRTHDAY)
    assert len(found) == 2
    assert any("王○明" in one and "0911-***-111" in one and "11/24" in one for one in found)
    assert any("農曆" in one for one in found)


def test_a_birthday_across_the_new_year_comes_up(shop: SmallShop) -> None:
    enrol(shop, "0911111111", birthday="--01-02")
    assert sentences(shop, TaskKind.BIRTHDAY, 60)
    assert not sentences(shop, TaskKind.BIRTHDAY, 30)


def test_points_that_end_soon_are_named_with_what_is_left_of_them(shop: SmallShop) -> None:
    shop.session.shop = replace(shop.session.shop, points_expire_after_days=5)
    shop.sell(PHONE, "", f"5*{TEA}")
    (found,) = desk_of(shop).tasks().of(TaskKind.POINTS_ENDING)
    assert found.due_on == date(2026, 11, 26)
    assert str(shop.balance()) in found.sentence
    assert not desk_of(shop).tasks(3).of(TaskKind.POINTS_ENDING)


def test_promises_are_listed_until_they_are_kept(shop: SmallShop) -> None:
    from app.domain.profile import NoteKind
    from app.service.membership import MembershipDesk

    member_id = enrol(shop, "0911111111")
    desk = MembershipDesk(shop.store, shop.session, shop.clock, shop.ids)
    note = desk.add_note(member_id, "問新茶好不好喝", NoteKind.FOLLOW_UP, due_on=SATURDAY)
    assert sentences(shop, TaskKind.FOLLOW_UP) == ["該回訪 0911-***-111 了：問新茶好不好喝"]
    desk.finish(note.id)
    assert sentences(shop, TaskKind.FOLLOW_UP) == []


def test_whoever_is_about_to_stay_away_by_their_own_habit_is_listed(shop: SmallShop) -> None:
    for day in range(16):
        for who in range(4):
            if day < 12 or who:
                phone = f"09111111{who:02}"
                shop.checkout.enter(phone)
                if shop.checkout.basket.member is None:
                    shop.checkout.enter("")
                shop.sell(SOAP)
        if day % 3 == 2:
            shop.clock.forward(hours=24)
        close_shift(shop)
        shop.clock.forward(hours=24)
        open_shift(shop)
    found = desk_of(shop).tasks().of(TaskKind.LAPSING)
    assert all(task.member_id is not None for task in found)


def test_findings_of_the_guard_are_the_owners_alone(shop: SmallShop) -> None:
    shop.session.operator = replace(shop.owner, role=Role.MANAGER)
    assert not desk_of(shop).tasks().of(TaskKind.GUARD)


def test_a_paper_in_doubt_and_a_record_set_aside_are_listed(shop: SmallShop) -> None:
    shop.sell(TEA)
    with shop.store.begin() as work:
        work.set_print_state(1, "unknown", changed_at=1)
        work.cursor.execute(
            "INSERT INTO set_aside (seq, status, code, occurred_at) VALUES (1, 'conflict', 'overspent', 5)"
        )
        work.commit()
    assert len(sentences(shop, TaskKind.PRINT)) == 1
    assert sentences(shop, TaskKind.SYNC) == ["有會員的點數在兩台收銀機重複用掉了。"]


def test_a_cashier_sees_no_work_list(shop: SmallShop) -> None:
    shop.session.operator = replace(shop.owner, role=Role.CASHIER)
    with pytest.raises(ApprovalNeeded):
        desk_of(shop).tasks()
