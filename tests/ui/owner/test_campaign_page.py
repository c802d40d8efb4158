"""Campaigns on the screen: what they could show is said before the draw, coupons go to the treated alone, the effect waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.ids import MemberId
from app.domain.loyalty.coupon_benefit import Benefit, BenefitKind
from app.domain.loyalty.coupon_terms import CouponRules, CouponTerms
from app.insight.uplift import Effect, Verdict
from app.insight.values import Estimate
from app.service.campaign_values import Campaign, Offer, Outcome, Plan
from app.service.coupon_ports import BatchFigures
from app.service.outcomes import ReadyToComplete
from app.service.segment_values import Condition, Field, MemberSegment
from tests.ui.owner.shops import is_too_wide, make_past, owner_page, settle, view_of
from tests.ui.owner.test_insight_pages import HeldExecutor
from tests.ui.till_fixture import OWNER_NUMBER, TillRig, close_rig, open_rig
from ui import theme
from ui.owner.about_sheet import AboutSheet
from ui.owner.call_sheet import CallSheet
from ui.owner.campaign_page import CampaignPage
from ui.owner.campaign_sheet import CampaignSheet
from ui.owner.campaign_words import OutcomeWords
from ui.owner.people_sheet import PeopleSheet
from ui.tasks import Executor
from ui.theme import Mode
from ui.tour.sight import cut_off

EVERYBODY = MemberSegment("所有會員", (Condition(Field.VISITS, least=0),))
TEN_OFF = CouponTerms("TEN", "九折券", Benefit(BenefitKind.PERCENT, 1_000), days_valid=30)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; every test opens a copy."""
    folder = tmp_path_factory.mktemp("campaigns")
    make_past(folder)
    return folder


@pytest.fixture
def executor() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def shop(qtbot: QtBot, past: Path, tmp_path: Path, executor: Executor) -> Iterator[TillRig]:
    """Everybody may be contacted, there is a coupon, and one segment is kept."""
    opened = open_rig(qtbot, copytree(past, tmp_path / "shop"), executor=executor)
    with opened.store.begin() as work:
        for member in list(opened.store.members.everyone()):
            work.update_member(replace(member, has_marketing_consent=True), changed_at=opened.clock.now_ms())
        work.commit()
    opened.sign_on(OWNER_NUMBER)
    opened.till.coupons.write_rules(CouponRules(templates=(TEN_OFF,)))
    opened.till.segments.save(EVERYBODY)
    owner_page(opened)
    yield opened
    close_rig(opened)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop of twenty members may measure, so that the test need not make two hundred."""
    monkeypatch.setattr("app.insight.uplift.MEMBERS_MIN", 10)
    monkeypatch.setattr("app.insight.uplift.EACH_MIN", 2)


def page(rig: TillRig) -> CampaignPage:
    """The page in sight."""
    view = view_of(rig)
    view.show_page(CampaignPage.NAME)
    settle()
    assert isinstance(view.page, CampaignPage)
    return view.page


def sheet_of(rig: TillRig, shown: CampaignPage) -> CampaignSheet:
    """The questions, with the segment chosen."""
    shown.new.click()
    sheet = rig.sheet
    assert isinstance(sheet, CampaignSheet)
    sheet.take_segment(rig.till.segments.saved()[0])
    return sheet


def started(rig: TillRig, shown: CampaignPage, offer: Offer, share: float = 0.5) -> Campaign:
    sheet = sheet_of(rig, shown)
    sheet.offer.button(offer).click()
    sheet.share.button(share).click()
    if offer is Offer.MESSAGE:
        sheet.message.setPlainText("新茶到了，週末來喝一杯。")
    sheet.yes.click()
    settle()
    assert shown.shown is not None
    return shown.shown


def days_pass(rig: TillRig, days: int) -> None:
    shift = rig.till.session.require_shift()
    rig.till.session.shift = replace(shift, business_date=shift.business_date + timedelta(days=days))


def buys(rig: TillRig, member_id: MemberId) -> None:
    """Something, in cash."""
    checkout = rig.till.checkout
    card = rig.store.members.by_id(member_id)
    assert card is not None
    item = next(one for one in rig.store.catalogue.records(rig.clock.now_ms()) if one.barcodes)
    checkout.enter("0" + card.member.phone[4:])
    checkout.scan(item.barcodes[0])
    outcome = checkout.enter("")
    while not isinstance(outcome, ReadyToComplete):
        outcome = checkout.enter("")
    rig.till.completion.commit(rig.till.completion.prepare(checkout))
    checkout.start_new()


# --- before the draw ------------------------------------------------------------------------------------------------------


def test_under_two_hundred_members_it_says_that_nothing_can_be_measured(shop: TillRig) -> None:
    sheet = sheet_of(shop, page(shop))
    members = len(shop.till.segments.members(EVERYBODY))
    assert sheet.words.text() == i18n.t("campaigns.power_too_few", willing=members, needed=200)
    assert sheet.yes.isEnabled(), "it may be sent all the same"


@pytest.mark.usefixtures("small")
def test_what_it_could_show_is_said_in_words_and_follows_the_choices(shop: TillRig) -> None:
    sheet = sheet_of(shop, page(shop))
    sheet.share.button(0.5).click()
    power = shop.till.campaigns.power(EVERYBODY, 28, 0.5)
    assert power.share is not None
    assert f"{power.share * 100:.0f} 個百分點" in sheet.words.text()
    assert f"抽籤留 {power.control} 位不給" in sheet.words.text()
    sheet.share.button(0.0).click()
    assert sheet.words.text() == i18n.t("campaigns.power_all", willing=power.willing)


@pytest.mark.usefixtures("small")
def test_no_answer_to_an_older_question_is_shown(shop: TillRig, executor: HeldExecutor) -> None:
    sheet = sheet_of(shop, page(shop))
    executor.is_held = True
    sheet.share.button(0.5).click()
    assert sheet.words.text() == i18n.t("campaigns.counting")
    assert not sheet.yes.isEnabled()
    sheet.share.button(0.1).click()
    executor.waiting.reverse()  # the older question is answered last
    executor.let_go()
    settle()
    wanted = shop.till.campaigns.power(EVERYBODY, 28, 0.1)
    assert f"抽籤留 {wanted.control} 位不給" in sheet.words.text()


def test_a_shop_without_segments_is_told_where_to_make_one(shop: TillRig) -> None:
    shop.till.segments.drop(shop.till.segments.saved()[0].id)
    page(shop).new.click()
    sheet = shop.sheet
    assert isinstance(sheet, CampaignSheet)
    assert sheet.words.text() == i18n.t("campaigns.no_segment")
    assert not sheet.yes.isEnabled()


def test_what_is_missing_is_said_and_what_was_answered_stays(shop: TillRig) -> None:
    sheet = sheet_of(shop, page(shop))
    sheet.offer.button(Offer.MESSAGE).click()
    sheet.yes.click()
    assert sheet.words.text() == i18n.t("error.campaign_message")
    sheet.message.setPlainText("來喝茶")
    sheet.cost.set_text("很多")
    sheet.yes.click()
    assert "很多" in sheet.cost.note.text()
    sheet.cost.set_text("500")
    sheet.name.set_text("")
    sheet.yes.click()
    assert sheet.name.note.text() == i18n.t("error.campaign_name")
    assert shop.till.campaigns.campaigns() == ()


# --- given ----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_coupons_go_to_the_treated_alone_and_what_was_stopped_can_go_on(shop: TillRig) -> None:
    shown = page(shop)
    campaign = started(shop, shown, Offer.COUPON)
    drawn = shop.till.campaigns.drawn(campaign)
    owners = {one.member_id for one in shop.store.coupons.of_batch(campaign.id)}
    assert owners == set(drawn.treated)
    assert len(drawn.control) == campaign.control > 0
    assert not shown.issue.isVisible()
    with shop.store.begin() as work:
        work.put_setting("insight.campaigns", [])
        work.commit()
    again = started(shop, page(shop), Offer.COUPON)
    assert again.seed != campaign.seed


@pytest.mark.usefixtures("small")
def test_a_message_is_copied_and_the_list_names_those_it_is_for(shop: TillRig) -> None:
    shown = page(shop)
    campaign = started(shop, shown, Offer.MESSAGE)
    shown.copy.click()
    assert QGuiApplication.clipboard().text() == "新茶到了，週末來喝一杯。"
    shown.calls.click()
    sheet = shop.sheet
    assert isinstance(sheet, CallSheet)
    assert {one.member_id for one in sheet.calls} == set(shop.till.campaigns.drawn(campaign).treated)


# --- what came of it ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_it_is_too_early_to_say_until_the_days_are_over(shop: TillRig) -> None:
    shown = page(shop)
    campaign = started(shop, shown, Offer.CALLS)
    drawn = shop.till.campaigns.drawn(campaign)
    for one in drawn.treated:
        buys(shop, one)
    shown.refresh()
    last = f"{campaign.watched.last:%Y/%m/%d}"
    assert shown.finding.text() == i18n.t("campaigns.too_early", day=last)
    assert not shown.bars_card.isVisible(), "the groups are not compared yet"
    names = [one.data.title for one in shown.facts.rows]
    assert i18n.t("campaigns.fact.rise") not in names
    days_pass(shop, 28)
    shown.refresh()
    settle()
    assert shown.finding.text().startswith("有效")
    assert shown.bars.marks[0].words.startswith("收到的")
    rise = next(one for one in shown.facts.rows if one.data.title == i18n.t("campaigns.fact.rise"))
    assert rise.data.trailing == "+100.0 個百分點"
    assert "95% 的把握" in rise.data.detail
    assert shown.drawn.text() == i18n.t("campaigns.drawn")
    lift = next(one for one in shown.facts.rows if one.data.title == i18n.t("campaigns.fact.each"))
    assert lift.data.trailing.startswith("+NT$")
    assert cut_off(shop.window) == ()
    shown.facts.rows[0].click()
    sheet = shop.sheet
    assert isinstance(sheet, PeopleSheet)
    assert set(sheet.members) == set(drawn.treated)
    sheet.step_back()
    shown.step_back()
    assert shown.list.rows[0].data.trailing == i18n.t("campaigns.over")


@pytest.mark.usefixtures("small")
def test_a_draw_that_does_not_follow_from_its_seed_is_called_out(shop: TillRig) -> None:
    shown = page(shop)
    campaign = started(shop, shown, Offer.CALLS)
    kept = shop.store.desk.setting(f"insight.campaign.{campaign.id}")
    assert isinstance(kept, dict)
    with shop.store.begin() as work:
        work.put_setting(f"insight.campaign.{campaign.id}", {**kept, "control": [0, 1, 2]})
        work.commit()
    shown.refresh()
    assert shown.drawn.text() == i18n.t("campaigns.not_drawn")


def test_without_anybody_left_out_only_its_use_is_told(shop: TillRig) -> None:
    shown = page(shop)
    campaign = started(shop, shown, Offer.COUPON)
    assert campaign.control == 0
    assert shown.finding.text() == i18n.t("campaigns.not_measured")
    assert not shown.bars_card.isVisible()
    coupons = next(one for one in shown.facts.rows if one.data.title == i18n.t("campaigns.fact.coupons"))
    assert coupons.data.detail == i18n.t("campaigns.coupons_of", issued=f"{campaign.n:,}")


@pytest.mark.parametrize(
    ("verdict", "each", "word"),
    [
        (Verdict.WORKS, 46.0, "有效"),
        (Verdict.BACKFIRES, -46.0, "反效果"),
        (Verdict.CANNOT_TELL, 4.0, "看不出"),
    ],
)
def test_three_verdicts_and_no_other_are_said(
    shop: TillRig, verdict: Verdict, each: float, word: str
) -> None:
    campaign = shop.till.campaigns.start(page_plan()).campaign
    estimate, lift = Estimate(each, each - 30, each + 30, 500), Estimate(0.15, 0.02, 0.28, 500)
    effect = Effect(
        period=campaign.watched,
        n=500,
        treated=400,
        control=100,
        each=estimate,
        lift=lift,
        incremental=estimate.times(400),
        profit=estimate.times(300),
        roi=None,
        verdict=verdict,
        without_past=9.0,
    )
    rise = Estimate(0.05, -0.01, 0.11, 500)
    measured = replace(campaign, n=500, control=100)
    coupons = BatchFigures(400, 80, 81, 4_000)
    outcome = Outcome(measured, campaign.watched, True, (140, 30), rise, effect, coupons, 4_500)
    words = OutcomeWords(shop.till.shop.currency)
    assert words.finding(outcome).startswith(word)
    more = next(one for one in words.rows(outcome) if one.title == i18n.t("campaigns.fact.lift"))
    assert (more.trailing, more.detail) == ("+15%", "95% 的把握在 +2% 到 +28% 之間")
    assert "NT$4,000" in next(one.detail for one in words.rows(outcome) if one.title == "花費")
    assert [share.value for share in words.shares(outcome)] == ["35%", "30%"]


def page_plan() -> Plan:
    return Plan("茶", EVERYBODY, 28, 0.2)


# --- looked at ------------------------------------------------------------------------------------------------------------


def test_an_empty_page_says_what_a_campaign_is_and_the_words_are_explained(shop: TillRig) -> None:
    shown = page(shop)
    assert shown.finding.text() == i18n.t("campaigns.none")
    shop.typist.type("?")
    assert isinstance(shop.sheet, AboutSheet)
    assert cut_off(shop.window) == ()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("size", "language", "mode"),
    [((1024, 768), "en", Mode.DARK), ((1024, 768), "zh_TW", Mode.LIGHT), ((1920, 1080), "zh_CN", Mode.LIGHT)],
)
def test_nothing_is_cut_off(shop: TillRig, size: tuple[int, int], language: str, mode: Mode) -> None:
    i18n.set_language(language)
    theme.current().set_mode(mode)
    shop.window.resize(*size)
    shown = page(shop)
    try:
        assert cut_off(shop.window) == ()
        sheet = sheet_of(shop, shown)
        sheet.offer.button(Offer.MESSAGE).click()
        settle()
        assert cut_off(shop.window) == ()
        sheet.step_back()
        started(shop, shown, Offer.COUPON)
        days_pass(shop, 28)
        shown.refresh()
        settle()
        assert cut_off(shop.window) == ()
        assert not is_too_wide(shop)
    finally:
        i18n.set_language("zh_TW")
