"""A campaign before it begins: whom, what they get, who is left out, and what that can show. Nothing is drawn before the last button.

What it can show is asked off the screen's thread and is gone from the screen with every change that makes it another question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.domain.authority import Approval
from app.domain.errors import Refused, TillError
from app.domain.money import Money, format_money, parse_amount
from app.i18n import t
from app.insight import uplift
from app.service.campaign_values import MESSAGE_CHARACTERS_MAX, NAME_CHARACTERS_MAX, Drawn, Offer, Plan, Power
from app.service.segment_values import MemberSegment
from ui import theme
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import percent
from ui.rules.pick import pick_one
from ui.settings.shop import asked
from ui.tasks import Job, Task, Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click, row_of
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH: Final = 900
MESSAGE_PIXELS: Final = 96
DAYS: Final = (14, 28, 56)
DAYS_AT_FIRST: Final = 28
SHARES: Final = (0.1, uplift.CONTROL_SHARE, 0.3, 0.5, 0.0)
WIDE: Final = 2_000


class CampaignSheet(Sheet):
    """``on_started`` gets what was drawn once the sheet is gone."""

    def __init__(
        self, desk: OwnerDesk, segment: MemberSegment | None, on_started: Callable[[Drawn], object]
    ) -> None:
        super().__init__(desk.window, "campaigns.sheet", width=WIDTH)
        self._desk = desk
        self._task: Task[Power] | None = None
        self.segment = segment
        self.template = ""
        self.power: Power | None = None
        self._is_own_name = False
        self._make_questions()
        self._lay_questions()
        self.finished.connect(lambda drawn: on_started(drawn) if isinstance(drawn, Drawn) else None)
        self._take_template(next((key for key, _ in self._templates()), ""))
        self._show_segment()

    # --- the answers --------------------------------------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """What is answered now. Raises Refused("segment_name"), Refused("amount_unreadable")."""
        if self.segment is None:
            raise Refused("campaign_nobody")
        return Plan(
            self.name.text,
            self.segment,
            self.days.value,
            self.share.value,
            self.offer.value,
            self.template,
            self.message.toPlainText(),
            self._cost(),
        )

    def ask_segment(self) -> None:
        """Which of those that are kept."""
        kept = self._desk.till.segments.saved()
        options = [(one, one.name) for one in kept]
        pick_one(self._desk.window, "campaigns.choose_segment", options, self.segment, self.take_segment)

    def take_segment(self, segment: MemberSegment) -> None:
        self.segment = segment
        self._show_segment()

    def ask_template(self) -> None:
        pick_one(
            self._desk.window,
            "campaigns.choose_template",
            self._templates(),
            self.template,
            self._take_template,
        )

    def start(self) -> None:
        """Draw, and keep what was drawn."""
        campaigns = self._desk.till.campaigns
        try:
            plan = self.plan
        except Refused as error:
            self._on_failed(error)
            return

        def work(approval: Approval | None) -> Drawn:
            return campaigns.start(plan, approval=approval)

        self.yes.setEnabled(False)
        self._desk.do(work, self.finish, owner=self, on_error=self._on_failed)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _make_questions(self) -> None:
        self.whom = Button("", parent=self.panel)
        connect_click(self.whom, self.ask_segment)
        offers = tuple((offer, f"campaigns.offer.{offer}") for offer in Offer)
        self.offer = Choice(offers, Offer.COUPON if self._templates() else Offer.CALLS, self.panel)
        self.which = Button("", parent=self.panel)
        connect_click(self.which, self.ask_template)
        self.message = _Words(self.panel)
        days = tuple((one, t("campaigns.days_of", days=one)) for one in DAYS)
        self.days = Choice(days, DAYS_AT_FIRST, self.panel, is_plain=True)
        shares = tuple((one, _share_words(one)) for one in SHARES)
        self.share = Choice(shares, uplift.CONTROL_SHARE, self.panel, is_plain=True)
        self.words = TextLabel(parent=self.panel, type=TypeRole.BODY, wraps=True)
        self.cost = Field("campaigns.cost", self.panel, is_number=True, characters_max=12, width=220)
        self.name = Field("campaigns.name", self.panel, characters_max=NAME_CHARACTERS_MAX, width=WIDE)
        for choice in (self.days, self.share):
            choice.chosen.connect(lambda _: self._ask_power())
        self.offer.chosen.connect(lambda _: self._show_offer())
        self.name.edit.textEdited.connect(lambda _: self._name_typed())
        self.cost.entered.connect(self.confirm)
        self.name.entered.connect(self.confirm)

    def _lay_questions(self) -> None:
        first = row_of(asked(self.panel, "campaigns.whom", self.whom), stretch=True)
        first.insertWidget(1, asked(self.panel, "campaigns.what", self.offer))
        self._which_asked = asked(self.panel, "campaigns.template", self.which)
        first.insertWidget(2, self._which_asked)
        first.setSpacing(Space.XL)
        second = row_of(
            asked(self.panel, "campaigns.days", self.days), asked(self.panel, "campaigns.share", self.share)
        )
        second.setSpacing(Space.XL)
        third = row_of(self.name, self.cost, stretch=False)
        third.setStretch(0, 1)
        self.body.addLayout(first)
        self.body.addWidget(self.message)
        self.body.addLayout(second)
        self.body.addWidget(self.words)
        self.body.addLayout(third)
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        connect_click(cancel, self.step_back)
        self.yes = Button("campaigns.start", Kind.PRIMARY, self.panel)
        connect_click(self.yes, self.start)
        self.add_button(cancel)
        self.add_button(self.yes, is_default=True)
        self.set_first_focus(self.whom)

    def _show_segment(self) -> None:
        name = self.segment.name or t("segments.unsaved") if self.segment is not None else ""
        if name:
            self.whom.show_plain(f"{name} ▾")
        else:
            self.whom.show_text("rules_ui.choose")
        self._show_offer()
        self._ask_power()

    def _show_offer(self) -> None:
        offer = self.offer.value
        self._which_asked.setVisible(offer is Offer.COUPON)
        self.message.setVisible(offer is Offer.MESSAGE)
        self._propose_name()
        self._show_state()

    def _propose_name(self) -> None:
        """Until they type one of their own."""
        if self._is_own_name or self.segment is None:
            return
        offer = t(f"campaigns.offer.{self.offer.value}")
        name = t("campaigns.name_of", segment=self.segment.name, offer=offer).strip()
        self.name.set_text(name[:NAME_CHARACTERS_MAX])

    def _name_typed(self) -> None:
        self._is_own_name = bool(self.name.text)

    def _templates(self) -> list[tuple[object, str]]:
        """Those that can still be used when they are given today."""
        coupons = self._desk.till.coupons
        today = coupons.business_date()
        found: list[tuple[object, str]] = []
        for one in coupons.rules()[1].templates:
            first, last = one.valid_when_issued(today)
            if last is None or last >= max(first, today):
                found.append((one.key, one.name))
        return found

    def _take_template(self, key: object) -> None:
        self.template = str(key)
        name = next((name for one, name in self._templates() if one == key), "")
        if name:
            self.which.show_plain(f"{name} ▾")
        else:
            self.which.show_text("campaigns.no_template")
        self.which.setEnabled(bool(name))
        self._show_state()

    # --- what it can show ---------------------------------------------------------------------------------------------

    def _ask_power(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.power = None
        segment = self.segment
        if segment is None:
            has_any = bool(self._desk.till.segments.saved())
            self.words.show_text("campaigns.choose_segment" if has_any else "campaigns.no_segment")
            self._show_state()
            return
        self.words.show_text("campaigns.counting")
        self.words.set_tone("muted")
        self._show_state()
        campaigns, days, share = self._desk.till.campaigns, self.days.value, self.share.value

        def work(job: Job) -> Power:
            return campaigns.power(segment, days, share, job.check)

        self._task = self._desk.context.tasks.run(
            work, self._on_power, progress=lambda _: None, worker=Worker.POOL, owner=self
        )

    def _on_power(self, power: Power) -> None:
        self.power = power
        self.words.show_plain(self._power_words(power))
        self.words.set_tone("" if power.share is not None else "warn")
        self._show_state()

    def _power_words(self, power: Power) -> str:
        willing = f"{power.willing:,}"
        if not power.willing:
            return t("campaigns.power_nobody")
        if power.share is None or power.base is None or power.each_minor is None:
            key = "campaigns.power_too_few" if self.share.value else "campaigns.power_all"
            return t(key, willing=willing, needed=f"{uplift.MEMBERS_MIN:,}")
        currency = self._desk.till.session.shop.currency
        return t(
            "campaigns.power",
            willing=willing,
            treated=f"{power.willing - power.control:,}",
            control=f"{power.control:,}",
            days=self.days.value,
            base=percent(power.base),
            rise=f"{power.share * 100:.0f}",
            each=format_money(Money(round(power.each_minor), currency)),
        )

    def _show_state(self) -> None:
        """It may begin once it is known whom it reaches."""
        has_offer = self.offer.value is not Offer.COUPON or bool(self.template)
        self.yes.setEnabled(self.power is not None and self.power.willing > 0 and has_offer)

    def _cost(self) -> int:
        if not self.cost.text:
            return 0
        minor = parse_amount(self.cost.text, self._desk.till.session.shop.currency)
        if minor is None or minor < 0:
            raise Refused("amount_unreadable", text=self.cost.text[:20])
        return minor

    def _on_failed(self, error: TillError) -> None:
        self._show_state()
        match error.code:
            case "amount_unreadable" if isinstance(error, Refused):
                self.cost.refuse(error)
            case "campaign_name" if isinstance(error, Refused):
                self.name.refuse(error)
            case _:
                self.words.show_text(error.text_key, **error.fields)
                self.words.set_tone("danger")


class _Words(QPlainTextEdit):
    """What is to be said, several lines of it. Tab goes on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.current().px(MESSAGE_PIXELS))
        self.setPlaceholderText(t("campaigns.message_hint"))
        self.setAccessibleName(t("campaigns.message"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.textChanged.connect(self._keep_short)

    def _keep_short(self) -> None:
        text = self.toPlainText()
        if len(text) > MESSAGE_CHARACTERS_MAX:
            self.setPlainText(text[:MESSAGE_CHARACTERS_MAX])


def _share_words(share: float) -> str:
    if not share:
        return t("campaigns.share_none")
    return t("campaigns.share_of", percent=round(share * 100))
