"""What if these rules had held: past days replayed on a worker, with progress and a way out, and the result as one sentence.

Nothing is written. Cancelled midway, everything is as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.domain.loyalty.what_if import MemberChange, RuleSet, Share, WhatIfResult
from app.domain.member import mask_name
from app.domain.money import Money, format_money
from app.domain.phone import mask_phone
from app.i18n import t
from ui import theme
from ui.rules.painted import Bar, BarsView
from ui.tasks import Job, Progress, Task, Tasks, Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.ids import MemberId
    from app.service.till import Till

DAYS: Final = (
    (30, "rules_ui.what_if.days_30"),
    (90, "rules_ui.what_if.days_90"),
    (365, "rules_ui.what_if.days_365"),
)
SALES_ENOUGH: Final = 30
BARS_MAX: Final = 8
TOP_MAX: Final = 8


class WhatIfSheet(Sheet):
    """Runs at once for 90 days; another choice runs again."""

    def __init__(self, window: QWidget, till: Till, tasks: Tasks, rules: RuleSet) -> None:
        super().__init__(window, "rules_ui.what_if.title", width=1_000)
        self._till = till
        self._tasks = tasks
        self._rules = rules
        self._task: Task[WhatIfResult] | None = None
        self.result: WhatIfResult | None = None
        self.days = Choice(DAYS, 90, self.panel)
        self.bar = QProgressBar(self.panel)
        self.words = TextLabel(parent=self.panel, type=TypeRole.TITLE, tone="accent", wraps=True)
        self.more = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        self.caution = TextLabel(parent=self.panel, type=TypeRole.BODY, tone="warn", wraps=True)
        self.by_tier, self.by_category = BarsView(self.panel), BarsView(self.panel)
        self._tier_title = TextLabel("rules_ui.what_if.by_tier", self.panel, tone="muted", is_strong=True)
        self._category_title = TextLabel(
            "rules_ui.what_if.by_category", self.panel, tone="muted", is_strong=True
        )
        self.legend = TextLabel("rules_ui.what_if.legend", self.panel, type=TypeRole.CAPTION)
        columns = (
            Column("rules_ui.what_if.member", is_wide=True),
            Column("rules_ui.what_if.before", is_number=True),
            Column("rules_ui.what_if.after", is_number=True),
            Column("rules_ui.what_if.change", is_number=True),
        )
        self.table = RecordTable(columns, self.panel)
        self.table.setMinimumHeight(theme.current().px(230))
        self._found = QWidget(self.panel)
        self._lay_body()
        self.days.chosen.connect(lambda _: self.run())
        self.close_button = Button("ui.back", Kind.GHOST, self.panel)
        connect_click(self.close_button, self.step_back)
        self.stop = Button("rules_ui.what_if.stop", Kind.SECONDARY, self.panel)
        connect_click(self.stop, self.cancel)
        self.again = Button("rules_ui.what_if.run", Kind.PRIMARY, self.panel)
        connect_click(self.again, self.run)
        for button in (self.close_button, self.stop):
            self.add_button(button)
        self.add_button(self.again, is_default=True)
        self.set_first_focus(self.days.button(90))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._task is None:
            self.run()

    def step_back(self) -> None:
        """Esc: first what runs, then the sheet."""
        if self.is_running:
            self.cancel()
        else:
            super().step_back()

    @property
    def is_running(self) -> bool:
        return self._task is not None and self._task.is_running

    def run(self) -> None:
        """Replay the chosen days; what ran before is dropped."""
        if self._task is not None:
            self._task.cancel()
        days, rules, what_if = self.days.value, self._rules, self._till.what_if
        self._show_running(is_running=True)
        self.words.show_text("rules_ui.what_if.running", days=days)
        self.words.set_tone("muted")
        self._found.hide()
        self.caution.hide()
        self.more.show_text("rules_ui.what_if.nothing_changes")

        def work(job: Job) -> WhatIfResult:
            return what_if.last_days(
                rules,
                days,
                on_progress=lambda done, total: job.report(done, total),
                is_cancelled=lambda: job.is_cancelled,
            )

        task: Task[WhatIfResult] = self._tasks.run(
            work,
            self._on_done,
            self._on_failed,
            progress=self._on_progress,
            on_end=lambda: self._on_end(),
            worker=Worker.POOL,
            owner=self,
        )
        self._task = task
        self._show_running(is_running=task.is_running)

    def cancel(self) -> None:
        """Stop it. Nothing was written, so nothing is undone."""
        if self._task is not None and self._task.is_running:
            self._task.cancel()
            self.words.show_text("rules_ui.what_if.stopped")
            self.words.set_tone("muted")
            self._show_running(is_running=False)

    # --- what comes back -------------------------------------------------------------------------------------------

    def _on_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    def _on_end(self) -> None:
        if not self.is_running:
            self._show_running(is_running=False)

    def _on_failed(self, error: TillError) -> None:
        self.words.show_text(error.text_key, **error.fields)
        self.words.set_tone("danger")

    def _on_done(self, result: WhatIfResult) -> None:
        self.result = result
        self.words.set_tone("accent")
        self._say(result)
        self.by_tier.show_bars(self._bars(result.by_tier, self._tier_name))
        self.by_category.show_bars(self._bars(result.by_category, self._category_name))
        for title, view, shares in (
            (self._tier_title, self.by_tier, result.by_tier),
            (self._category_title, self.by_category, result.by_category),
        ):
            title.setVisible(bool(shares))
            view.setVisible(bool(shares))
        members = (*result.gained[:TOP_MAX], *result.lost[:TOP_MAX])
        self.table.set_records([self._record(one) for one in members], selected=-1)
        self.table.setVisible(bool(members))
        self._found.setVisible(result.sales > 0)
        self.caution.setVisible(0 < result.sales < SALES_ENOUGH)
        self.caution.show_text("rules_ui.what_if.too_little", sales=result.sales)

    def _say(self, result: WhatIfResult) -> None:
        days = self.days.value
        if result.sales == 0:
            self.words.show_text("rules_ui.what_if.no_sales", days=days)
            self.more.show_text("rules_ui.what_if.no_sales_hint")
            return
        before = result.before.points + result.before.bonuses
        after = result.after.points + result.after.bonuses
        change = after - before
        money = format_money(Money(abs(result.cost_minor), self._till.shop.currency))
        key = "more" if change > 0 else "less" if change < 0 else "same"
        self.words.show_text(
            f"rules_ui.what_if.{key}",
            days=days,
            points=f"{abs(change):,}",
            money=money,
            gained=f"{result.members_gained:,}",
            lost=f"{result.members_lost:,}",
        )
        self.more.show_text(
            "rules_ui.what_if.basis",
            sales=f"{result.sales:,}",
            changed=f"{result.sales_changed:,}",
            members=f"{result.members:,}",
            before=f"{before:,}",
            after=f"{after:,}",
        )

    def _bars(self, shares: Sequence[Share], name_of: object) -> list[Bar]:
        assert callable(name_of)
        return [
            Bar(name_of(one.key), one.before, one.after, f"{one.before:,} → {one.after:,}")
            for one in shares[:BARS_MAX]
        ]

    def _tier_name(self, code: str) -> str:
        return self._till.rules.tier_name(code) or code or t("rules_ui.sample.no_tier")

    def _category_name(self, key: str) -> str:
        for one in self._till.store.catalogue.categories():
            if key in (one.id.hex, str(one.id), one.code):
                return one.name
        return t("rules_ui.what_if.no_category")

    def _record(self, change: MemberChange) -> tuple[str, ...]:
        return (
            self._member(change.member_id),
            f"{change.before:,}",
            f"{change.after:,}",
            f"{change.change:+,}",
        )

    def _member(self, member_id: MemberId) -> str:
        card = self._till.store.members.by_id(member_id)
        if card is None:
            return "—"
        return f"{mask_name(card.member.name)} {mask_phone(card.member.phone)}".strip()

    def _show_running(self, *, is_running: bool) -> None:
        policy_kept = self.bar.sizePolicy()
        policy_kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy_kept)
        self.bar.setVisible(is_running)
        if is_running:
            self.bar.setRange(0, 0)
        self.stop.setVisible(is_running)
        self.again.setVisible(not is_running)

    def _lay_body(self) -> None:
        box = QVBoxLayout(self._found)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        for widget in (
            self._tier_title,
            self.by_tier,
            self._category_title,
            self.by_category,
            self.legend,
            self.table,
        ):
            box.addWidget(widget)
        self._found.hide()
        self.caution.hide()
        self.body.addWidget(self.days, 0, Qt.AlignmentFlag.AlignLeft)
        for each in (self.bar, self.words, self.more, self.caution, self._found):
            self.body.addWidget(each)
