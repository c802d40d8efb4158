"""What a campaign gives after its draw: coupons to those who were not left out, or a list of whom to call. The others get nothing.

Giving may be stopped and goes on where it was; nobody gets a second coupon of one campaign.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.authority import Approval, Right
from app.domain.errors import ApprovalNeeded, TillError
from app.i18n import t
from app.service.call_list import CALLS_MAX, Call
from app.service.campaign_values import Campaign, Drawn, Offer
from ui.owner.desk import OwnerDesk
from ui.tasks import Job, Worker
from ui.widgets.progress_sheet import run_with_progress


def give_coupons(
    desk: OwnerDesk, campaign: Campaign, on_done: Callable[[], object], approval: Approval | None = None
) -> None:
    """One to each of the treated, behind a progress sheet. Who may not give coupons asks somebody who may."""
    office, campaigns = desk.till.coupon_office, desk.till.campaigns

    def work(job: Job) -> int:
        def told(done: int, total: int) -> None:
            job.report(done, total, t("office.bulk.progress", done=f"{done:,}", total=f"{total:,}"))

        treated = campaigns.drawn(campaign).treated
        return office.issue_to(campaign.template, treated, campaign.id, told, approval)

    def done(given: int) -> None:
        desk.context.messages.good("campaigns.given", count=f"{given:,}")
        on_done()

    def failed(error: TillError) -> None:
        if isinstance(error, ApprovalNeeded):
            desk.context.ask_approval(
                Right(error.right), 1, lambda grant: give_coupons(desk, campaign, on_done, grant)
            )
        else:
            desk.context.messages.refused(error)
            on_done()

    tasks, window = desk.context.tasks, desk.window
    run_with_progress(tasks, window, "campaigns.giving", work, done, failed, worker=Worker.POOL)


def after_draw(desk: OwnerDesk, drawn: Drawn, on_done: Callable[[], object]) -> None:
    """What follows by itself once it is drawn."""
    campaign = drawn.campaign
    desk.context.messages.good(
        "campaigns.started" if campaign.control else "campaigns.started_all",
        name=campaign.name,
        treated=f"{campaign.treated:,}",
        control=f"{campaign.control:,}",
    )
    if campaign.offer is Offer.COUPON:
        give_coupons(desk, campaign, on_done)
    else:
        on_done()


def open_calls(desk: OwnerDesk, campaign: Campaign) -> None:
    """Whom to call or write to: the treated alone."""
    from ui.owner.call_sheet import CallSheet

    till = desk.till
    if campaign.treated > CALLS_MAX:
        desk.context.messages.warn("error.calls_too_many", most=CALLS_MAX)
        return

    def read() -> tuple[Call, ...]:
        words = campaign.message.splitlines()[0] if campaign.message else campaign.name
        return till.call_list.calls([(one, words) for one in till.campaigns.drawn(campaign).treated])

    desk.read(read, lambda calls: CallSheet(desk, calls, reason=campaign.name).open(), owner=desk.window)
