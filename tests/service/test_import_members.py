"""Members from a shop's own table: fields beyond the row, lunar birthdays, tags, consent as a fact, and who may be in there twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.consent import ConsentChannel
from app.domain.ids import MemberId
from app.service.import_members import PlannedMember
from app.service.importing import ImportKind, ImportPlan
from db.verify import verify
from tests.db.tills import count
from tests.service.test_importing import Shop, problems

HEADER = "手機,姓名,生日,電子信箱,LINE ID,職業,興趣,標籤,載具,行銷同意,來源\n"
MING = "0912345678,王大明,農曆八月十五,Ming@Example.TW,ming_01,老師,茶、登山,愛吃辣|素食,/abc+123,是,campaign:週年慶\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.store.close()


def members(shop: Shop, text: str) -> ImportPlan:
    return shop.plan(text, ImportKind.MEMBERS)


def test_every_column_of_a_members_file_comes_in(shop: Shop) -> None:
    shop.bring_in(HEADER + MING, ImportKind.MEMBERS)
    card = shop.store.members.by_code("/ABC+123")
    assert card is not None
    file = shop.store.membership.profiles.file(card.member.id)
    assert file is not None
    assert (file.member.name, file.member.birthday) == ("王大明", "L--08-15")
    assert file.tags == ("愛吃辣", "素食")
    assert {key: file.fields[key] for key in ("email", "line_id", "occupation", "source")} == {
        "email": "ming@example.tw",
        "line_id": "ming_01",
        "occupation": "老師",
        "source": "campaign:週年慶",
    }
    (consent,) = shop.store.membership.consents.of(card.member.id)
    assert (consent.is_granted, consent.channel) == (True, ConsentChannel.IMPORT)
    assert card.member.has_marketing_consent
    assert verify(shop.store.engines, is_full=True) == ()


def test_the_same_table_twice_changes_nothing(shop: Shop) -> None:
    shop.bring_in(HEADER + MING, ImportKind.MEMBERS)
    before = [count(shop.store, table) for table in ("member_field", "member_tag", "consent")]
    plan = members(shop, HEADER + MING)
    assert (plan.planned, plan.unchanged) == ((), 1)
    shop.apply(plan)
    assert [count(shop.store, table) for table in ("member_field", "member_tag", "consent")] == before


def test_a_plan_shows_what_would_change_and_changes_nothing(shop: Shop) -> None:
    shop.bring_in(HEADER + MING, ImportKind.MEMBERS)
    facts = count(shop.store, "fact")
    plan = members(shop, "手機,電子信箱,職業,標籤,行銷同意\n+886 912 345 678,new@example.tw,-,新客,否\n")
    (planned,) = plan.planned
    assert isinstance(planned, PlannedMember)
    assert {(change.column, change.before, change.after) for change in planned.changes} == {
        ("email", "ming@example.tw", "new@example.tw"),
        ("occupation", "老師", ""),
        ("tags", "", "新客"),
        ("consent", "是", "否"),
    }
    assert count(shop.store, "fact") == facts
    shop.apply(plan)
    card = shop.store.members.by_phone("+886912345678")
    assert card is not None
    assert not card.member.has_marketing_consent
    file = shop.store.membership.profiles.file(card.member.id)
    assert file is not None
    assert "occupation" not in file.fields
    assert file.tags == ("愛吃辣", "新客", "素食")


def test_what_cannot_be_read_is_said_of_its_cell(shop: Shop) -> None:
    plan = members(
        shop,
        "手機,電子信箱,載具,希望聯絡方式\n0912345678,不是信箱,,\n0922000111,,ABC,\n0933000111,,,飛鴿\n0944000111,a@b.tw,/AAAAAAA,sms\n0955000111,,/aaaaaaa,\n",
    )
    assert problems(plan) == [
        (2, "email", "field_unreadable"),
        (3, "carrier", "carrier_unreadable"),
        (4, "channel", "field_unreadable"),
        (6, "carrier", "carrier_repeated"),
    ]
    assert all(note.sentence(language) for note in plan.errors for language in ("zh_TW", "zh_CN", "en"))


def test_who_may_be_in_there_twice_is_said_before_anything_is_done(shop: Shop) -> None:
    surnames, given, last = "陳林黃張李王吳", "志明家豪淑芬雅婷", "安宏玲傑"
    others = "".join(
        f"09{31_000_000 + i * 7919:08},{surnames[i % 7]}{given[i % 8]}{last[i % 4]},\n" for i in range(40)
    )
    shop.bring_in("手機,姓名,生日\n" + others + "0912345678,歐陽曉婷,1990/5/20\n", ImportKind.MEMBERS)
    plan = members(shop, "手機,姓名,生日\n0912345679,歐陽曉婷,1990/5/20\n0977123456,完全別人,\n")
    assert [(note.row, note.code) for note in plan.warnings] == [(2, "probable_duplicate")]
    assert "0912-***-678" in plan.warnings[0].sentence("zh_TW")
    plan = members(
        shop,
        "手機,姓名,電子信箱,LINEID\n0966111222,王小安,ann@example.tw,ann99\n0977123456,王小安,ann@example.tw,ann99\n",
    )
    assert [(note.row, note.code) for note in plan.warnings] == [(3, "probable_duplicate")]
    assert "LINE" in plan.warnings[0].sentence("zh_TW")


def test_the_number_of_a_merged_file_means_its_survivor(shop: Shop) -> None:
    shop.bring_in("手機,姓名\n0912345678,王大明\n0987654678,王小明\n", ImportKind.MEMBERS)
    ming, mei = (shop.store.members.by_phone(phone) for phone in ("+886912345678", "+886987654678"))
    assert ming is not None
    assert mei is not None
    with shop.store.begin() as work:
        shop.store.membership.merges.put(
            work, MemberId(mei.member.id), ming.member.id, at=1, operator_id=None, reason="duplicate"
        )
        work.commit()
    shop.bring_in("手機,職業\n0987654678,老師\n", ImportKind.MEMBERS)
    assert shop.store.membership.profiles.fields(ming.member.id)["occupation"] == "老師"
    plan = members(shop, "手機,職業\n0987654678,老師\n0912-345-678,老師\n")
    assert problems(plan) == [(3, "phone", "phone_repeated")]
