"""The desks of the member's file: enrolling, fields, notes, tags, codes, consent, merging, events, and the data one person is given."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from app.domain.consent import ConsentChannel, Purpose
from app.domain.errors import ApprovalNeeded, Cancelled, Refused
from app.domain.ids import MemberId
from app.domain.profile import NoteKind
from app.domain.profile_fields import FieldKind, FieldSpec
from app.insight.duplicates_values import Reason
from app.service.duplicates import COMPARED, person_of
from app.service.member_events import MemberEvents
from app.service.membership import MembershipDesk
from app.service.membership_consent import ConsentDesk
from app.service.membership_merge import MergeDesk
from app.service.privacy import PrivacyDesk
from db.verify import verify
from tests.service.small_shop import SOAP, TEA, SmallShop

MING = "0912345678"
MEI = "0987654678"


@pytest.fixture
def desk(shop: SmallShop) -> MembershipDesk:
    return MembershipDesk(shop.store, shop.session, shop.clock, shop.ids)


@pytest.fixture
def merges(shop: SmallShop) -> MergeDesk:
    return MergeDesk(shop.store, shop.session, shop.clock)


@pytest.fixture
def events(shop: SmallShop) -> MemberEvents:
    return MemberEvents(shop.store, shop.session, shop.clock, shop.ids)


def refusal_of(call: object, *arguments: object, **options: object) -> str:
    with pytest.raises(Refused) as caught:
        call(*arguments, **options)  # type: ignore[operator]
    return caught.value.code


# Enrolling and fields


def test_a_number_is_enough_and_everything_else_may_come_along(desk: MembershipDesk) -> None:
    bare = desk.enrol(MING)
    whole = desk.enrol(
        "０９８７-654-678",
        {"name": "林小美", "birthday": "農曆八月十五"},
        source="campaign:週年慶",
        referrer=bare.id,
    )
    file = desk.file(whole.id)
    assert file is not None
    assert (whole.name, whole.birthday) == ("林小美", "L--08-15")
    assert file.fields["source"] == "campaign:週年慶"
    assert refusal_of(desk.enrol, "0912-345-678") == "phone_taken"
    assert refusal_of(desk.enrol, "12345") == "phone_unreadable"


def test_who_brought_whom_is_kept_once_and_never_oneself(desk: MembershipDesk, shop: SmallShop) -> None:
    ming, mei = desk.enrol(MING), desk.enrol(MEI)
    desk.refer(mei.id, ming.id)
    assert shop.store.membership.consents.referred_by(ming.id) == (mei.id,)
    assert refusal_of(desk.refer, mei.id, ming.id) == "referral_known"
    assert refusal_of(desk.refer, ming.id, ming.id) == "referral_self"


def test_fields_are_read_when_they_are_written(desk: MembershipDesk) -> None:
    ming = desk.enrol(MING)
    file = desk.set_fields(ming.id, {"email": " Ming@Example.TW", "gender": "male", "interests": "茶 , 登山"})
    assert file.fields["email"] == "ming@example.tw"
    assert file.member.gender == "male"
    assert refusal_of(desk.set_fields, ming.id, {"email": "no"}) == "email_unreadable"
    assert refusal_of(desk.set_fields, ming.id, {"shoe": "42"}) == "field_unknown"
    assert refusal_of(desk.set_fields, MemberId(ming.id), {"x:dog": "旺財"}) == "field_unknown"


def test_a_shop_defines_fields_of_its_own(desk: MembershipDesk) -> None:
    desk.define(
        (
            FieldSpec("x:dog", FieldKind.TEXT, (), "狗狗名字"),
            FieldSpec("x:skin", FieldKind.CHOICE, ("乾", "油"), "膚質"),
        )
    )
    ming = desk.enrol(MING, {"x:dog": "旺財"})
    file = desk.set_fields(ming.id, {"x:skin": "油"})
    assert (file.fields["x:dog"], file.fields["x:skin"]) == ("旺財", "油")
    assert [spec.name for spec in desk.specs() if spec.is_custom] == ["狗狗名字", "膚質"]


def test_a_new_number_finds_the_member_and_the_old_one_does_not(
    desk: MembershipDesk, shop: SmallShop
) -> None:
    ming, mei = desk.enrol(MING), desk.enrol(MEI)
    desk.set_phone(ming.id, "0933 000 111")
    card = shop.store.members.by_phone("+886933000111")
    assert card is not None
    assert card.member.id == ming.id
    assert shop.store.members.by_phone("+886912345678") is None
    assert refusal_of(desk.set_phone, mei.id, "0933000111") == "phone_taken"


# Notes, tags, codes


def test_a_request_pops_up_until_somebody_has_dealt_with_it(desk: MembershipDesk, shop: SmallShop) -> None:
    ming = desk.enrol(MING)
    note = desk.add_note(ming.id, "  訂 2 盒\n  不要香菜 ", NoteKind.REQUEST, date(2026, 11, 25))
    assert note.words == "訂 2 盒\n不要香菜"
    assert desk.due_at_counter(ming.id, date(2026, 11, 24)) == ()
    assert desk.due_at_counter(ming.id, date(2026, 11, 25)) == (note,)
    later = desk.postpone(note.id, date(2026, 12, 1))
    assert desk.due_at_counter(ming.id, date(2026, 11, 30)) == ()
    assert [one.id for one in desk.all_due(date(2026, 12, 2))] == [later.id]
    desk.finish(later.id)
    assert desk.all_due(date(2026, 12, 2)) == ()
    done = shop.store.membership.profiles.note(later.id)
    assert done is not None
    assert done.done_by == shop.owner.id


def test_a_note_that_should_not_have_been_written_goes(desk: MembershipDesk) -> None:
    ming = desk.enrol(MING)
    note = desk.add_note(ming.id, "卡號 4111 1111 1111 1111")
    assert "4111 1111" not in note.words
    desk.drop_note(note.id)
    file = desk.file(ming.id)
    assert file is not None
    assert file.notes == ()
    assert refusal_of(desk.drop_note, note.id) == "note_gone"
    assert refusal_of(desk.add_note, ming.id, " \n ") == "note_empty"


def test_several_codes_find_one_member(desk: MembershipDesk, shop: SmallShop) -> None:
    ming, mei = desk.enrol(MING), desk.enrol(MEI)
    symbol = desk.new_qr(ming.id)
    desk.add_code(ming.id, "/abc+123")
    desk.add_code(ming.id, "BADGE-7")
    shop.checkout.scan(symbol)
    assert shop.checkout.basket.member is not None
    assert shop.checkout.basket.member.member.id == ming.id
    for code in ("/ABC+123", "BADGE-7"):
        card = shop.store.members.by_code(code)
        assert card is not None
        assert card.member.id == ming.id
    assert refusal_of(desk.add_code, mei.id, "/ABC+123") == "code_taken"
    assert refusal_of(desk.add_code, mei.id, "M1:DAMAGED:XX") == "code_unreadable"
    desk.remove_code(ming.id, "/ABC+123")
    desk.add_code(mei.id, "/ABC+123")
    assert [kind for _, kind in desk.file(ming.id).codes] == ["qr", "card"]  # type: ignore[union-attr]


def test_tags_by_hand_come_and_go(desk: MembershipDesk) -> None:
    ming = desk.enrol(MING)
    assert desk.tag(ming.id, "愛吃辣", "素食").tags == ("愛吃辣", "素食")
    assert desk.untag(ming.id, "素食").tags == ("愛吃辣",)


# Consent


def test_consent_keeps_the_version_of_the_words_that_were_shown(
    shop: SmallShop, desk: MembershipDesk
) -> None:
    consents = ConsentDesk(shop.store, shop.session, shop.clock, shop.ids)
    ming = desk.enrol(MING)
    assert consents.standing(ming.id) is None
    ours = consents.text(Purpose.MARKETING, "zh_TW")
    assert "好日子選物店" in ours.words
    consents.answer(
        ming.id, Purpose.MARKETING, is_granted=True, channel=ConsentChannel.CUSTOMER_DISPLAY, text=ours
    )
    own = dict.fromkeys(("zh_TW", "zh_CN", "en"), "寄優惠給我")
    consents.put_texts({Purpose.MARKETING: own})
    shop.clock.forward(seconds=1)
    theirs = consents.text(Purpose.MARKETING, "en")
    assert (theirs.words, theirs.version) == ("寄優惠給我", "1/en")
    standing = consents.standing(ming.id)
    assert standing is not None
    assert (standing.is_granted, standing.text_version, standing.operator_id) == (
        True,
        "regulars-1/zh_TW",
        shop.owner.id,
    )
    consents.answer(ming.id, Purpose.MARKETING, is_granted=False, channel=ConsentChannel.SPOKEN)
    card = shop.store.members.by_id(ming.id)
    assert card is not None
    assert not card.member.has_marketing_consent
    assert len(consents.history(ming.id)) == 2
    assert refusal_of(consents.put_texts, {Purpose.MARKETING: {"en": "x"}}) == "consent_text_missing"


# Merging


def test_merged_points_count_together_and_come_apart_again(
    shop: SmallShop, desk: MembershipDesk, merges: MergeDesk
) -> None:
    shop.sell(MING, "", TEA)
    shop.sell(MEI, "", TEA, SOAP)
    ming, mei = (shop.store.members.by_phone(phone) for phone in ("+886912345678", "+886987654678"))
    assert ming is not None
    assert mei is not None
    merged = merges.merge(mei.member.id, ming.member.id)
    assert merged.points == ming.points + mei.points
    shop.sell(MEI, SOAP)
    desk.add_note(mei.member.id, "寫在合併之後")
    assert shop.balance() == merged.points
    apart = merges.unmerge(mei.member.id)
    assert (apart.points, apart.visits) == (mei.points, mei.visits)
    again = shop.store.members.by_id(ming.member.id)
    assert again is not None
    assert (again.points, again.visits) == (ming.points, ming.visits + 1)
    assert verify(shop.store.engines, is_full=True) == ()


def test_merging_is_refused_where_it_makes_no_sense(
    desk: MembershipDesk, merges: MergeDesk, shop: SmallShop
) -> None:
    ming, mei = desk.enrol(MING), desk.enrol(MEI)
    assert refusal_of(merges.unmerge, mei.id) == "merge_none"
    assert refusal_of(merges.merge, ming.id, ming.id) == "merge_same"
    merges.merge(mei.id, ming.id)
    assert refusal_of(merges.merge, mei.id, ming.id) == "merge_known"
    assert refusal_of(merges.merge, ming.id, mei.id) == "merge_same"
    shop.session.operator = shop.cashier
    with pytest.raises(ApprovalNeeded):
        merges.unmerge(mei.id)


def test_a_file_of_which_only_the_merge_is_known_here_stays_where_it_is(
    desk: MembershipDesk, merges: MergeDesk, shop: SmallShop
) -> None:
    """Somebody who was forgotten before this till heard of them."""
    ming, stranger = desk.enrol(MING), MemberId(shop.ids())
    with shop.store.begin() as work:
        shop.store.membership.merges.put(
            work, stranger, ming.id, at=shop.clock.now_ms(), operator_id=None, reason="duplicate"
        )
        work.commit()
    assert refusal_of(merges.unmerge, stranger) == "member_gone"


def test_what_was_bought_under_a_merged_file_is_the_survivors_and_may_come_back(
    shop: SmallShop, desk: MembershipDesk, merges: MergeDesk
) -> None:
    mine = shop.sell(TEA, MING, "").transaction
    theirs = shop.sell(TEA, "0922000111", "").transaction
    assert mine.member_id is not None
    assert theirs.member_id is not None
    merges.merge(theirs.member_id, mine.member_id)
    assert shop.returns.of_member(mine.member_id) == (theirs, mine)
    found = shop.returns.open(shop.returns.of_member(mine.member_id)[0])
    shop.checkout.add_return(shop.returns.line(found, 1, 1_000, basket=shop.checkout.basket))
    shop.sell(MING)
    assert shop.balance() == mine.points.earned, "what the other file earned went back with its goods"
    merges.unmerge(theirs.member_id)
    assert shop.returns.of_member(mine.member_id) == (mine,)


def test_a_carrier_a_mailbox_and_a_line_id_tell_of_one_person(
    shop: SmallShop, desk: MembershipDesk, merges: MergeDesk
) -> None:
    for index in range(30):
        desk.enrol(f"09{31_000_000 + index * 7919:08}", {"name": f"陳{'志明家豪淑芬雅婷'[index % 8]}"})
    first = desk.enrol("0912345678", {"name": "歐陽曉婷", "email": "an.ting@gmail.com", "line_id": "anting"})
    second = desk.enrol("0955777888", {"name": "歐陽曉婷", "email": "anting@gmail.com", "line_id": "anting"})
    found = {reason for one in merges.suggestions() for reason in one.pair.reasons}
    assert {Reason.SAME_EMAIL, Reason.SAME_LINE} <= found
    desk.add_code(first.id, "/ABC1234")
    compared = shop.store.membership.profiles.everyones(COMPARED)
    assert compared[first.id]["carrier"] == "/ABC1234"
    assert person_of(second, compared[second.id]).email == "anting@gmail.com"


def test_files_of_one_person_are_suggested_until_somebody_says_no(
    desk: MembershipDesk, merges: MergeDesk
) -> None:
    for index in range(30):
        desk.enrol(
            f"09{31_000_000 + index * 7919:08}",
            {"name": "陳林黃張李王吳劉蔡楊"[index % 10] + "志明家豪淑芬雅婷"[index % 8]},
        )
    first = desk.enrol("0912345678", {"name": "歐陽曉婷", "birthday": "1990-05-20"})
    second = desk.enrol("0912345679", {"name": "歐陽曉婷", "birthday": "1990-05-20"})
    found = merges.suggestions()
    assert {found[0].keep.member.id, found[0].other.member.id} == {first.id, second.id}
    merges.merge(second.id, first.id)
    assert all(second.id not in (one.pair.first, one.pair.second) for one in merges.suggestions())
    merges.unmerge(second.id)
    merges.dismiss(first.id, second.id)
    assert all({one.pair.first, one.pair.second} != {first.id, second.id} for one in merges.suggestions())
    with pytest.raises(Cancelled):
        merges.suggestions(is_cancelled=lambda: True)


# Events


def test_a_list_is_never_longer_than_the_room(desk: MembershipDesk, events: MemberEvents) -> None:
    tea = events.add("品茶會", date(2026, 12, 5), starts_at_minute=14 * 60, place="二樓", capacity=1)
    ming, mei = desk.enrol(MING), desk.enrol(MEI)
    assert events.sign_up(tea.id, ming.id).is_full
    assert refusal_of(events.sign_up, tea.id, mei.id) == "event_full"
    events.attend(tea.id, ming.id)
    assert [(guest.member_id, guest.attended_at is not None) for guest in events.guests(tea.id)] == [
        (ming.id, True)
    ]
    assert (events.coming()[0].signed_up, events.coming()[0].attended) == (1, 1)
    events.strike(tea.id, ming.id)
    events.attend(tea.id, mei.id)
    assert [guest.event_id for guest in events.of_member(mei.id)] == [tea.id]
    assert refusal_of(events.attend, tea.id, ming.id, has_come=False) == "event_guest_gone"
    events.cancel(tea.id)
    assert refusal_of(events.sign_up, tea.id, ming.id) == "event_gone"


def test_an_event_is_checked_when_it_is_written(desk: MembershipDesk, events: MemberEvents) -> None:
    from dataclasses import replace

    assert refusal_of(events.add, "  ", date(2026, 12, 5)) == "event_name_needed"
    talk = events.add("講座", date(2026, 12, 5))
    for phone in (MING, MEI):
        events.sign_up(talk.id, desk.enrol(phone).id)
    assert refusal_of(events.change, replace(talk, capacity=1)) == "event_capacity"
    assert events.change(replace(talk, capacity=2)).is_full
    assert refusal_of(events.sign_up, talk.id, events.guests(talk.id)[0].member_id) == "event_full"


# The data one person is given


def test_a_person_is_given_everything_the_till_knows_of_them(
    shop: SmallShop, desk: MembershipDesk, events: MemberEvents, tmp_path: Path
) -> None:
    shop.sell(MING, "", TEA, SOAP)
    card = shop.store.members.by_phone("+886912345678")
    assert card is not None
    own = card.member.id
    desk.set_fields(own, {"name": "王大明", "email": "ming@example.tw"})
    desk.add_note(own, "喜歡靠窗")
    desk.add_code(own, "/ABC+123")
    events.sign_up(events.add("品茶會", date(2026, 12, 5)).id, own)
    consents = ConsentDesk(shop.store, shop.session, shop.clock, shop.ids)
    consents.answer(own, Purpose.MARKETING, is_granted=True, channel=ConsentChannel.PAPER)
    path = PrivacyDesk(shop.store, shop.session, shop.clock, shop.ids).export(own, tmp_path / "out")
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    data = json.loads(texts["member.json"])
    assert data["member"]["phone"] == "+886912345678"
    assert data["member"]["fields"]["name"] == "王大明"
    assert [note["words"] for note in data["notes"]] == ["喜歡靠窗"]
    assert data["consents"][0]["granted"] is True
    assert data["points"]["balance"] == card.points
    assert len(data["purchases"]) == 1
    assert len(data["events"]) == 1
    for words in ("王大明", "喜歡靠窗", "高山烏龍茶", "/ABC+123", "行銷訊息"):
        assert words in texts["member.txt"]
    assert len(list(csv.reader(io.StringIO(texts["purchases.csv"])))) == 3
    assert len(list(csv.reader(io.StringIO(texts["points.csv"])))) == 2
