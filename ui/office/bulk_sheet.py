"""One coupon for each of many members: whom, how many that are, and then giving, with progress and a way out.

What was given before it was stopped stays given; the same once more goes on where it stopped and gives nobody a second one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.domain.errors import Refused, TillError
from app.domain.loyalty.coupon_terms import CouponTerms
from app.i18n import t
from app.service.audience import Audience, Found, Whom, find
from ui import theme
from ui.settings.shop import asked
from ui.tasks import Job, Worker
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click
from ui.widgets.progress_sheet import run_with_progress
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext

UNKNOWN_SHOWN_MAX = 5
WHOMS = tuple((whom, f"office.bulk.{whom}") for whom in Whom)


class BulkSheet(Sheet):
    """Counts first; the second Enter gives."""

    def __init__(self, window: QWidget, till: Till, context: ScreenContext, terms: CouponTerms) -> None:
        super().__init__(window, width=760)
        self.set_title("office.bulk.title", name=terms.name)
        self._shop_till = till
        self._context = context
        self._terms = terms
        self.found: Found | None = None
        tiers = tuple((tier.code, tier.name) for tier in till.rules.tiers.rules.tiers)
        self.whom = Choice(
            WHOMS if tiers else tuple(one for one in WHOMS if one[0] is not Whom.TIER),
            Whom.EVERYBODY,
            self.panel,
        )
        self.tier = Choice((("", t("rules_ui.sample.no_tier")), *tiers), "", self.panel, is_plain=True)
        self.tag = Field("office.bulk.tag_name", self.panel, characters_max=30)
        self.phones = QPlainTextEdit(self.panel)
        self.phones.setTabChangesFocus(True)
        self.phones.setMinimumHeight(theme.current().px(130))
        self.phones.setAccessibleName(t("office.bulk.phones_hint"))
        self.phones.setPlaceholderText(t("office.bulk.phones_hint"))
        self.batch = Field(
            "office.bulk.batch", self.panel, characters_max=40, help_key="office.bulk.batch_help", width=600
        )
        self.batch.set_text(f"{till.shifts.business_date():%Y-%m-%d} {terms.name}")
        self.words = TextLabel("office.bulk.count_first", self.panel, type=TypeRole.LEAD, wraps=True)
        self._tier_asked = asked(self.panel, "office.bulk.tier", self.tier)
        self.body.addWidget(self.whom, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._tier_asked, self.tag, self.phones, self.batch, self.words):
            self.body.addWidget(widget)
        back = Button("ui.back", Kind.GHOST, self.panel)
        connect_click(back, self.step_back)
        self.yes = Button("office.bulk.count", Kind.PRIMARY, self.panel)
        connect_click(self.yes, self.go_on)
        self.add_button(back)
        self.add_button(self.yes, is_default=True)
        self.whom.chosen.connect(lambda _: self._begin_anew())
        self.tier.chosen.connect(lambda _: self._begin_anew())
        self.tag.changed.connect(lambda _: self._begin_anew())
        self.phones.textChanged.connect(self._begin_anew)
        self.tag.entered.connect(self.confirm)
        self.batch.entered.connect(self.confirm)
        self.set_first_focus(self.whom.button(Whom.EVERYBODY))
        self._begin_anew()

    @property
    def audience(self) -> Audience:
        values = {
            Whom.TIER: self.tier.value,
            Whom.TAG: self.tag.text,
            Whom.PHONES: self.phones.toPlainText(),
        }
        return Audience(self.whom.value, values.get(self.whom.value, ""))

    def go_on(self) -> None:
        """First the count, then the deed."""
        if self.found is None:
            self.count()
        elif self.found.member_ids:
            self.give()

    def count(self) -> None:
        if self.whom.value is Whom.TAG and not self.tag.text:
            self.tag.refuse(Refused("rule_text_needed"))
            return
        till, audience = self._shop_till, self.audience
        self.words.show_text("office.bulk.counting")
        self._context.tasks.run(
            lambda: find(till.store, audience, till.shop.region),
            self._on_counted,
            worker=Worker.POOL,
            owner=self,
        )

    def give(self) -> None:
        """One to each of them, behind a progress sheet."""
        found = self.found
        if found is None or not self.batch.text:
            self.batch.refuse(Refused("rule_text_needed"))
            return
        office, key, batch = self._shop_till.coupon_office, self._terms.key, self.batch.text

        def work(job: Job) -> int:
            def told(done: int, total: int) -> None:
                job.report(done, total, t("office.bulk.progress", done=f"{done:,}", total=f"{total:,}"))

            return office.issue_to(key, found.member_ids, batch, told)

        run_with_progress(
            self._context.tasks, self.window(), "office.bulk.giving", work, self._on_given, self._on_failed
        )

    def _on_counted(self, found: Found) -> None:
        self.found = found
        count = len(found.member_ids)
        if found.unknown:
            some = t("rules.list_mark").join(found.unknown[:UNKNOWN_SHOWN_MAX])
            self.words.show_text(
                "office.bulk.found_some", count=f"{count:,}", unknown=len(found.unknown), some=some
            )
        else:
            self.words.show_text("office.bulk.found" if count else "office.bulk.nobody", count=f"{count:,}")
        self.words.set_tone("accent" if count else "warn")
        self.yes.setEnabled(bool(count))
        if count:
            self.yes.show_text("office.bulk.give", count=f"{count:,}")

    def _on_given(self, given: int) -> None:
        assert self.found is not None
        already = len(self.found.member_ids) - given
        key = "office.bulk.given_some" if already else "office.bulk.given"
        self._context.messages.good(key, count=f"{given:,}", already=f"{already:,}", name=self._terms.name)
        self.finish(given)

    def _on_failed(self, error: TillError) -> None:
        self.words.show_text(error.text_key, **error.fields)
        self.words.set_tone("danger")

    def _begin_anew(self) -> None:
        """Another audience is counted again."""
        whom = self.whom.value
        self._tier_asked.setVisible(whom is Whom.TIER)
        self.tag.setVisible(whom is Whom.TAG)
        self.phones.setVisible(whom is Whom.PHONES)
        self.found = None
        self.words.show_text("office.bulk.count_first")
        self.words.set_tone("muted")
        self.yes.show_text("office.bulk.count")
        self.yes.setEnabled(True)
