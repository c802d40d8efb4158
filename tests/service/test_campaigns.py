"""Campaigns: what they could show is said before, who is left out is drawn once and kept, and the effect is the difference to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from app.domain.errors import Cancelled, Refused
from app.domain.ids import MemberId
from app.insight.uplift import Effect, Verdict, share_effect, smallest_visible_share
from app.insight.values import Estimate, TooLittle
from app.service.campaign_values import Campaign, Offer, People, Plan, campaign_from_plain, campaign_to_plain
from app.service.campaigns import CAMPAIGNS, MEMBERS, CampaignDesk
from app.service.insight_desk import InsightDesk
from app.service.segment_values import Condition, Field, MemberSegment
from app.service.segments import SegmentDesk
from tests.db.busy_day import close_shift, open_shift
from tests.service.coupon_shop import RULES
from tests.service.small_shop import SOAP, TEA, SmallShop, open_small_shop

PEOPLE = 24
EVERYBODY = MemberSegment("所有人", (Condition(Field.VISITS, least=0),))
PLAN = Plan("母親節", EVERYBODY, days=14, share=0.5)


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallShop]:
    """Everybody came once, three days ago; all but the last four may be contacted."""
    opened = open_small_shop(tmp_path_factory.mktemp("campaigns"))
    for who in range(PEOPLE):
        opened.sell(SOAP, f"09123456{who:02}", "")
        card = opened.store.members.by_phone(f"+8869123456{who:02}")
        assert card is not None
        with opened.store.begin() as work:
            member = replace(card.member, has_marketing_consent=who < PEOPLE - 4)
            work.update_member(member, changed_at=opened.clock.now_ms())
            work.commit()
    days_pass(opened, 3)
    yield opened
    opened.store.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop of twenty members may measure, so that the test need not make two hundred."""
    monkeypatch.setattr("app.insight.uplift.MEMBERS_MIN", 10)
    monkeypatch.setattr("app.insight.uplift.EACH_MIN", 2)


def days_pass(shop: SmallShop, days: int) -> None:
    close_shift(shop)
    shop.clock.forward(days=days)
    open_shift(shop)


def desk_of(shop: SmallShop) -> CampaignDesk:
    insight = InsightDesk(shop.store, shop.session, shop.clock, shop.store.insight, shop.store.days)
    segments = SegmentDesk(shop.store, shop.session, shop.clock, shop.ids, insight)
    return CampaignDesk(shop.store, shop.session, shop.clock, shop.ids, insight, segments)


def buys(shop: SmallShop, member_id: MemberId, *entries: str) -> None:
    card = shop.store.members.by_id(member_id)
    assert card is not None
    shop.sell("0" + card.member.phone[4:], *entries)


# --- before ---------------------------------------------------------------------------------------------------------------


def test_under_two_hundred_members_nobody_is_left_out_and_nothing_can_be_measured(shop: SmallShop) -> None:
    desk = desk_of(shop)
    power = desk.power(EVERYBODY, 14, 0.5)
    assert (power.members, power.willing, power.control, power.share) == (24, 20, 0, None)
    drawn = desk.start(PLAN)
    assert len(drawn.treated) == drawn.campaign.n == 20
    assert (drawn.control, drawn.campaign.share) == ((), 0.0)
    days_pass(shop, 14)
    outcome = desk.outcome(drawn.campaign)
    assert outcome.is_over
    assert (outcome.rise, outcome.effect) == (None, None)


@pytest.mark.usefixtures("small")
def test_what_a_campaign_could_show_is_known_before_it_is_sent(shop: SmallShop) -> None:
    for who in range(5):
        shop.sell(TEA, f"09123456{who:02}")
    power = desk_of(shop).power(EVERYBODY, 3, 0.5)
    assert (power.willing, power.control, power.base) == (20, 10, 0.25)
    assert power.share is not None
    assert 0.4 < power.share < 0.75
    assert power.each_minor is not None
    assert power.each_minor > 0


def test_asking_what_it_could_show_can_be_given_up(shop: SmallShop) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        desk_of(shop).power(EVERYBODY, 14, 0.5, stop)


def test_a_larger_campaign_sees_smaller_effects_and_none_larger_than_there_is_room_for() -> None:
    sizes = [smallest_visible_share(0.3, members=n) for n in (200, 800, 5_000, 100_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert 0.10 < sizes[1] < 0.14, "with 800 members and a fifth left out: about 12 percentage points"
    assert smallest_visible_share(0.99, members=200) == pytest.approx(0.01)
    assert smallest_visible_share(0.0, members=200) > 0


def test_four_in_five_campaigns_show_the_smallest_visible_effect() -> None:
    random, members, base = np.random.default_rng(7), 1_000, 0.3
    rise = smallest_visible_share(base, members=members, control_share=0.2)
    is_control = np.arange(members) < 200
    seen = 0
    for _ in range(400):
        did = random.random(members) < np.where(is_control, base, base + rise)
        found = share_effect(did, is_control)
        assert isinstance(found, Estimate)
        seen += found.low > 0
    assert 0.74 < seen / 400 < 0.86


def test_a_share_effect_holds_the_truth_and_says_nothing_of_too_few() -> None:
    random = np.random.default_rng(3)
    is_control = np.arange(400) < 80
    held = 0
    for _ in range(400):
        did = random.random(400) < np.where(is_control, 0.2, 0.3)
        found = share_effect(did, is_control)
        assert isinstance(found, Estimate)
        held += found.low <= 0.1 <= found.high
    assert held / 400 >= 0.92
    assert isinstance(share_effect(did[:90], is_control[:90]), TooLittle)


# --- the draw -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_the_draw_is_kept_with_its_seed_and_can_be_made_again(shop: SmallShop) -> None:
    desk = desk_of(shop)
    drawn = desk.start(PLAN)
    assert len(drawn.control) == drawn.campaign.control == 10
    assert not set(drawn.control) & set(drawn.treated)
    again = desk_of(shop)
    (kept,) = again.campaigns()
    assert kept == drawn.campaign
    assert again.drawn(kept) == drawn
    assert again.is_as_drawn(kept)
    assert not again.is_as_drawn(replace(kept, seed=kept.seed + 1))


@pytest.mark.usefixtures("small")
def test_members_who_join_or_change_afterwards_change_nothing_of_the_draw(shop: SmallShop) -> None:
    desk = desk_of(shop)
    drawn = desk.start(replace(PLAN, segment=MemberSegment("一次客", (Condition(Field.VISITS, most=1),))))
    shop.sell(SOAP, "0912345699", "")
    buys(shop, drawn.treated[0], TEA)
    assert desk.drawn(drawn.campaign) == drawn


@pytest.mark.usefixtures("small")
def test_whoever_wants_to_may_leave_nobody_out(shop: SmallShop) -> None:
    drawn = desk_of(shop).start(replace(PLAN, share=0.0))
    assert (len(drawn.treated), drawn.control) == (20, ())


def test_a_campaign_needs_a_name_a_length_something_to_give_and_somebody(shop: SmallShop) -> None:
    desk = desk_of(shop)
    nobody = MemberSegment("沒有人", (Condition(Field.TIER, frozenset({"nobody"})),))
    for plan, code in (
        (replace(PLAN, name=" "), "campaign_name"),
        (replace(PLAN, days=0), "campaign_days"),
        (replace(PLAN, offer=Offer.MESSAGE, message=" "), "campaign_message"),
        (replace(PLAN, offer=Offer.COUPON), "coupon_template_unknown"),
        (replace(PLAN, segment=nobody), "campaign_nobody"),
    ):
        with pytest.raises(Refused) as refused:
            desk.start(plan)
        assert refused.value.code == code
    assert desk.campaigns() == ()


def test_a_damaged_campaign_is_left_out_and_a_damaged_list_says_so(shop: SmallShop) -> None:
    desk = desk_of(shop)
    campaign = desk.start(PLAN).campaign
    with shop.store.begin() as work:
        work.put_setting(CAMPAIGNS, [{"id": "x"}, campaign_to_plain(campaign)])
        work.put_setting(MEMBERS + campaign.id, {"members": [1, 2], "control": [2], "segments": [0, 0]})
        work.commit()
    assert desk.campaigns() == (campaign,)
    with pytest.raises(Refused, match="campaign_damaged"):
        desk.outcome(campaign)


def test_a_campaign_is_read_back_as_it_was_written(shop: SmallShop) -> None:
    campaign = (
        desk_of(shop).start(replace(PLAN, offer=Offer.MESSAGE, message="週末見", cost_minor=500)).campaign
    )
    assert isinstance(campaign, Campaign)
    assert campaign_from_plain(campaign_to_plain(campaign)) == campaign


# --- what came of it ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_nothing_is_concluded_before_the_days_are_over(shop: SmallShop) -> None:
    desk = desk_of(shop)
    drawn = desk.start(PLAN)
    for one in drawn.treated:
        buys(shop, one, TEA)
    outcome = desk.outcome(drawn.campaign)
    assert not outcome.is_over
    assert (outcome.rise, outcome.effect, outcome.bought) == (None, None, (10, 0))
    assert outcome.days_left == 13
    days_pass(shop, 13)
    assert not desk.outcome(drawn.campaign).is_over, "its last day is not over"
    days_pass(shop, 1)
    assert desk.outcome(drawn.campaign).is_over


@pytest.mark.usefixtures("small")
def test_the_effect_is_the_difference_to_who_was_left_out(shop: SmallShop) -> None:
    desk = desk_of(shop)
    drawn = desk.start(PLAN)
    for one in drawn.treated:
        buys(shop, one, f"3*{TEA}")
    buys(shop, drawn.control[0], SOAP)
    days_pass(shop, 14)
    buys(shop, drawn.control[1], f"9*{TEA}")  # after the days that are watched
    outcome = desk_of(shop).outcome(drawn.campaign)
    assert outcome.bought == (10, 1)
    assert isinstance(outcome.rise, Estimate)
    assert outcome.rise.value == pytest.approx(0.9)
    assert isinstance(outcome.effect, Effect)
    assert (outcome.effect.treated, outcome.effect.control) == (10, 10)
    assert outcome.effect.each.value > 900
    assert outcome.effect.verdict is Verdict.WORKS
    assert outcome.watched is not None
    assert outcome.watched.last == drawn.campaign.sent_on + timedelta(days=13)


@pytest.mark.usefixtures("small")
def test_behind_every_figure_stand_its_members_and_what_they_spent(shop: SmallShop) -> None:
    desk = desk_of(shop)
    drawn = desk.start(PLAN)
    buys(shop, drawn.treated[3], f"2*{TEA}")
    buys(shop, drawn.control[0], SOAP)
    reached = desk.people(drawn.campaign, People.REACHED)
    assert reached[0] == (drawn.treated[3], 700)
    assert {one for one, _ in reached} == set(drawn.treated)
    assert desk.people(drawn.campaign, People.BOUGHT) == reached[:1]
    assert desk.people(drawn.campaign, People.CONTROL)[0] == (drawn.control[0], 99)


@pytest.mark.usefixtures("small")
def test_coupons_count_as_usage_and_as_cost_never_as_effect(shop: SmallShop) -> None:
    shop.loyalty.coupons.write_rules(RULES)
    desk = desk_of(shop)
    plan = replace(PLAN, offer=Offer.COUPON, template="FIFTY", cost_minor=120)
    drawn = desk.start(plan)
    office = shop.loyalty.office
    assert office.issue_to("FIFTY", drawn.treated, drawn.campaign.id) == 10
    assert office.issue_to("FIFTY", drawn.treated, drawn.campaign.id) == 0
    coupon = next(iter(shop.store.coupons.of_batch(drawn.campaign.id)))
    shop.checkout.scan(TEA)
    shop.checkout.scan(shop.loyalty.coupons.symbol(coupon))
    shop.sell()
    outcome = desk.outcome(drawn.campaign)
    assert outcome.coupons is not None
    assert (outcome.coupons.issued, outcome.coupons.used, outcome.coupons.off_minor) == (10, 1, 50)
    assert outcome.cost_minor == 170
    assert outcome.bought == (0, 0), "a walk-in used it: a coupon used is no member who bought"
