"""The owner's campaigns: which there were, and of one of them what came of it, beside who was left out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import TillError
from app.domain.ids import MemberId
from app.i18n import t
from app.service.campaign_values import Campaign, Drawn, Offer, Outcome, People
from ui.owner.about_sheet import AboutSheet
from ui.owner.campaign_bars import CampaignBars
from ui.owner.campaign_giving import after_draw, give_coupons, open_calls
from ui.owner.campaign_sheet import CampaignSheet
from ui.owner.campaign_words import OutcomeWords
from ui.owner.desk import OwnerDesk
from ui.owner.page import OwnerPage
from ui.owner.people_sheet import ROWS_MAX, PeopleSheet
from ui.owner.rows import RowData, RowList
from ui.owner.segment_look import column_of
from ui.rules.flow import FlowPanel
from ui.tasks import Task, Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import connect_click, row_of
from ui.widgets.record_table import Column
from ui.widgets.text_label import TextLabel

TERMS: Final = ("control", "power", "sure", "early", "usage")


class CampaignPage(OwnerPage):
    NAME = "campaign"

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.campaigns: tuple[Campaign, ...] = ()
        self.shown: Campaign | None = None
        self.outcome: Outcome | None = None
        self._is_as_drawn = True
        self._task: Task[tuple[Outcome, bool]] | None = None
        self.help = Button("owner_insight.help", Kind.GHOST, self, size="compact")
        self.head.addWidget(self.help)
        connect_click(self.help, self.explain)
        self.all = self._make_list()
        self.one = self._make_result()
        self.body.addWidget(self.all)
        self.body.addWidget(self.one)
        self.one.hide()

    # --- what the view calls ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.campaigns = self.desk.till.campaigns.campaigns()
        if self.shown is None:
            self._show_list()
        else:
            self.open(self.shown)

    def speak(self) -> None:
        if self.shown is None:
            self._show_list()
        else:
            self._show_outcome()

    def explain(self) -> None:
        lines = [(t(f"campaigns.term.{name}"), t(f"campaigns.about.{name}")) for name in TERMS]
        AboutSheet(self.desk.window, lines).open()

    def first_stop(self) -> QWidget | None:
        if self.shown is not None:
            return self.back
        return self.list.rows[0] if self.list.rows else self.new

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.shown is not None and not event.isAutoRepeat():
            self.step_back()
            event.accept()
            return
        super().keyPressEvent(event)

    # --- the list -----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Another campaign."""
        CampaignSheet(self.desk, None, self._on_drawn).open()

    def open(self, campaign: Campaign) -> None:
        """What came of this one; worked out off the screen's thread."""
        self.shown, self.outcome = campaign, None
        self.all.hide()
        self.one.show()
        self.finding.show_text("owner_insight.working")
        self.about.show_plain(OutcomeWords(self.desk.till.shop.currency).about(campaign))
        self.about.show()
        self.called.show_plain(campaign.name)
        for widget in (self.bars_card, self.facts_card, self.message_card, self.drawn, *self.deeds):
            widget.hide()
        campaigns = self.desk.till.campaigns
        if self._task is not None:
            self._task.cancel()
        self._task = self.desk.context.tasks.run(
            lambda _: (campaigns.outcome(campaign), campaigns.is_as_drawn(campaign)),
            self._on_outcome,
            self._on_failed,
            progress=lambda _: None,
            worker=Worker.POOL,
            owner=self,
        )

    def step_back(self) -> None:
        self.shown = self.outcome = None
        self.one.hide()
        self.all.show()
        self.refresh()
        (self.first_stop() or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_drawn(self, drawn: Drawn) -> None:
        self.campaigns = self.desk.till.campaigns.campaigns()
        self.open(drawn.campaign)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        after_draw(self.desk, drawn, lambda: self.open(drawn.campaign))

    def _show_list(self) -> None:
        count = len(self.campaigns)
        if count:
            self.finding.show_text("campaigns.some", count=count)
        else:
            self.finding.show_text("campaigns.none")
        self.about.hide()
        self.list_card.setVisible(bool(count))
        self.list.set_rows([self._row(one) for one in self.campaigns])

    def _row(self, campaign: Campaign) -> RowData:
        key = "campaigns.row" if campaign.control else "campaigns.row_all"
        detail = t(
            key,
            since=f"{campaign.sent_on:%Y/%m/%d}",
            days=campaign.days,
            segment=campaign.segment.name,
            treated=f"{campaign.treated:,}",
            control=f"{campaign.control:,}",
        )
        left = (campaign.watched.last - self.desk.till.campaigns.today()).days + 1
        over = t("campaigns.over") if left <= 0 else t("campaigns.under_way", days=left)
        return RowData(campaign.id, campaign.name, detail, over, t(f"campaigns.offer.{campaign.offer}"))

    def _open_row(self, key: str) -> None:
        self.open(next(one for one in self.campaigns if one.id == key))
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- the result ---------------------------------------------------------------------------------------------------

    def _on_outcome(self, found: tuple[Outcome, bool]) -> None:
        self.outcome, self._is_as_drawn = found
        self._show_outcome()

    def _on_failed(self, error: TillError) -> None:
        self.finding.show_text(error.text_key, **error.fields)

    def _show_outcome(self) -> None:
        outcome = self.outcome
        if outcome is None:
            return
        words, campaign = OutcomeWords(self.desk.till.shop.currency), outcome.campaign
        self.finding.show_plain(words.finding(outcome))
        self.about.show_plain(words.about(campaign))
        self.bars.show_shares(words.shares(outcome), self.finding.text(), t("campaigns.bars_hint"))
        self.facts.set_rows(words.rows(outcome))
        self.drawn.show_text("campaigns.drawn" if self._is_as_drawn else "campaigns.not_drawn")
        self.drawn.set_tone("faint" if self._is_as_drawn else "danger")
        self.drawn.setVisible(bool(campaign.control))
        self.message.show_plain(campaign.message)
        self.message_card.setVisible(bool(campaign.message))
        self.bars_card.setVisible(bool(campaign.control) and outcome.is_over)
        self.facts_card.show()
        is_missing = outcome.coupons is not None and outcome.coupons.issued < campaign.treated
        self.issue.setVisible(is_missing and not outcome.is_over)
        self.calls.setVisible(campaign.offer is not Offer.COUPON)
        self.copy.setVisible(campaign.offer is Offer.MESSAGE)

    def open_people(self, key: str) -> None:
        """Who stands behind a figure; Enter opens the member."""
        campaign, which = self.shown, People(key)
        if campaign is None:
            return
        campaigns, money = self.desk.till.campaigns, OutcomeWords(self.desk.till.shop.currency).money

        def show(found: tuple[tuple[MemberId, int], ...]) -> None:
            title = t(f"campaigns.people.{which}", name=campaign.name)
            columns = (Column("campaigns.people_spent", is_number=True),)
            rows = [(one, (money(spent),)) for one, spent in found[:ROWS_MAX]]
            PeopleSheet(self.desk, title, columns, rows, len(found)).open()

        self.desk.read(lambda: campaigns.people(campaign, which), show, owner=self)

    def give(self) -> None:
        """The coupons that somebody stopped giving."""
        campaign = self.shown
        if campaign is not None:
            give_coupons(self.desk, campaign, lambda: self.open(campaign))

    def call(self) -> None:
        if self.shown is not None:
            open_calls(self.desk, self.shown)

    def copy_message(self) -> None:
        if self.shown is not None:
            QGuiApplication.clipboard().setText(self.shown.message)
            self.desk.context.messages.good("campaigns.copied")

    # --- inside -------------------------------------------------------------------------------------------------------

    def _make_list(self) -> QWidget:
        holder, box = column_of(self)
        self.new = Button("campaigns.new", Kind.PRIMARY, holder, size="compact")
        self.list = RowList(holder)
        self.list_card = self.section("campaigns.list", self.list)
        connect_click(self.new, self.begin)
        self.list.opened.connect(self._open_row)
        box.addLayout(row_of(self.new))
        box.addWidget(self.list_card)
        return holder

    def _make_result(self) -> QWidget:
        holder, box = column_of(self)
        self.back = Button("campaigns.back", Kind.GHOST, holder, size="compact")
        self.called = TextLabel(parent=holder, type=TypeRole.LEAD, is_strong=True)
        self.bars = CampaignBars(holder)
        self.facts = RowList(holder)
        self.message = TextLabel(parent=holder, wraps=True)
        self.bars_card = self.section("campaigns.bars", self.bars)
        self.facts_card = self.section("campaigns.facts", self.facts)
        self.message_card = self.section("campaigns.message", self.message)
        self.drawn = TextLabel(parent=holder, tone="faint", wraps=True)
        panel = FlowPanel(holder, gap=Space.S, line_gap=Space.S)
        self.issue = Button("campaigns.issue", Kind.PRIMARY, panel, size="compact")
        self.calls = Button("campaigns.calls", parent=panel, size="compact")
        self.copy = Button("campaigns.copy_message", parent=panel, size="compact")
        self.deeds = (self.issue, self.calls, self.copy)
        for button, act in zip(self.deeds, (self.give, self.call, self.copy_message), strict=True):
            connect_click(button, act)
            panel.flow.addWidget(button)
        connect_click(self.back, self.step_back)
        self.facts.opened.connect(self.open_people)
        box.addLayout(row_of(self.back, self.called))
        for widget in (panel, self.message_card, self.bars_card, self.facts_card, self.drawn):
            box.addWidget(widget)
        return holder
