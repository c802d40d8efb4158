"""What every page of insight is: a question put to the shop's past on a worker, with progress and a way out, and its answer as a sentence.

Under too few observations the sentence says so, and no number is shown. An answer that was asked for before is there at once. A page that
compares asks the same question of the other days as well, in the same piece of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.domain.money import Money, format_money
from app.i18n import t
from app.insight.values import Estimate, Period, TooLittle
from app.service.insight_desk import InsightDesk
from ui.owner.about_sheet import AboutSheet
from ui.owner.desk import OwnerDesk
from ui.owner.page import OwnerPage
from ui.owner.period_sheet import AgainstSheet, PeriodSheet, name_of_beside
from ui.owner.periods import Against, Beside, Stretch
from ui.tasks import Job, Progress, Task, Worker
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, connect_click
from ui.widgets.text_label import TextLabel


class Span(StrEnum):
    """How far back. Texts: ``owner_insight.span.<name>``."""

    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    OTHER = "other"


SPAN_DAYS: Final = {Span.QUARTER: 91, Span.HALF: 182, Span.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and the same of the days compared with (None: nothing is compared)."""

    answer: Any
    before: Any = None
    days_before: Period | None = None


class InsightPage(OwnerPage):
    """Override ``ask``, which runs on a worker, and ``show_answer``, which does not.

    ``before`` is the answer for the days compared with, in the form of ``answer``; None where nothing is compared or too little is known
    of them. ``COMPARES`` says whether the page can.
    """

    NAME = ""
    # What ? explains: texts owner_insight.term.<name> and owner_insight.about.<name>.
    ABOUT: tuple[str, ...] = ()
    COMPARES = False
    SPAN = Span.YEAR

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.answer: Any = None
        self.before: Any = None
        self.days_before: Period | None = None
        self.task: Task[Any] | None = None
        self.span = self.SPAN
        self.beside = Beside()
        self._stretch: Stretch | None = None
        options = tuple((span, f"owner_insight.span.{span}") for span in Span)
        self.spans = Choice(options, self.span, self)
        for span in Span:
            self.spans.button(span).setProperty("sized", "compact")
        self.help = Button("owner_insight.help", Kind.GHOST, self, size="compact")
        self.compare = Button("against.ask", Kind.GHOST, self, size="compact")
        self.compare.setVisible(self.COMPARES)
        self.tools.addWidget(self.spans, 1)
        self.tools.addWidget(self.compare)
        self.head.addWidget(self.help)
        self.content = QWidget(self)
        self.below = QVBoxLayout(self.content)
        self.below.setContentsMargins(0, 0, 0, 0)
        self.below.setSpacing(Space.L)
        self._waiting = self._make_waiting()
        self.body.addWidget(self._waiting)
        self.body.addWidget(self.content)
        self.content.hide()
        self.spans.chosen.connect(self._on_span)
        connect_click(self.compare, self.ask_what_beside)
        connect_click(self.help, self.explain)
        connect_click(self.cancel, self.cancel_work)
        connect_click(self.again, self.refresh)

    # --- for the pages ------------------------------------------------------------------------------------------------

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        """The answer, or TooLittle. Runs on a worker."""
        raise AssertionError("a page of insight asks something")

    def ask_before(self, insight: InsightDesk, period: Period, job: Job, answer: Any) -> Any:
        """The same question of the days compared with; ``answer`` is that of the days shown. Runs on a worker."""
        return self.ask(insight, period, job)

    def show_answer(self, answer: Any) -> None:
        """Fill ``content``, and say ``finding`` and ``about``."""
        raise AssertionError("a page of insight shows its answer")

    def tell(self, finding: str, period: Period, *facts: str) -> None:
        """The sentence, and under it of when it is, what it rests on, and what it is set beside."""
        self.finding.show_plain(finding)
        parts = [days_words(period), *(fact for fact in facts if fact)]
        if self.days_before is not None:
            key = "against.beside" if self.before is not None else "against.too_little"
            parts.append(t(key, days=days_words(self.days_before)))
        self.about.show_plain("　".join(parts))

    @property
    def before_name(self) -> str:
        """What the days compared with are called in a legend."""
        against = self.beside.against
        return "" if against is Against.NONE else t(f"against.name.{against}")

    def money(self, minor: float) -> str:
        return format_money(Money(round(minor), self.desk.till.session.shop.currency))

    # --- what the view calls ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask again; the question before is dropped."""
        self.cancel_work()
        insight, span, stretch, beside = self.desk.till.insight, self.span, self._stretch, self.beside
        self._show_waiting(is_under_way=True)

        def work(job: Job) -> Asked:
            job.report(0, 0)
            period = _period(insight.year(), span, stretch)
            job.check()
            answer = self.ask(insight, period, job)
            other = beside.of(Stretch(period.first, period.last)) if self.COMPARES else None
            if other is None:
                return Asked(answer)
            job.check()
            days = Period(other.since, other.until)
            if days.first < insight.everything().first:
                # Days of which only the end is known would look like bad ones.
                return Asked(answer, None, days)
            return Asked(answer, self.ask_before(insight, days, job, answer), days)

        self.task = self.desk.context.tasks.run(
            work, self._on_done, self._on_error, progress=self._on_progress, worker=Worker.POOL, owner=self
        )

    def cancel_work(self) -> None:
        """Stop asking. What was shown before stays; where nothing was, one key asks again."""
        task, self.task = self.task, None
        if task is not None and task.is_running:
            task.cancel()
            self._show_waiting(is_under_way=False)

    def speak(self) -> None:
        self._name_compare()
        if self.answer is not None:
            self._show()

    def show_days(self, stretch: Stretch) -> None:
        """Ask of these days."""
        self._stretch, self.span = stretch, Span.OTHER
        self.spans.set_value(Span.OTHER)
        self.refresh()

    def show_beside(self, beside: Beside) -> None:
        """Compare with these days from now on."""
        self.beside = beside
        self._name_compare()
        self.refresh()

    def ask_what_beside(self) -> None:
        """Let the owner say what to compare with."""
        shown, first, today = self._days_known()
        sheet = AgainstSheet(self.desk.window, shown, first, today)
        sheet.finished.connect(
            lambda chosen: self.show_beside(chosen) if isinstance(chosen, Beside) else None
        )
        sheet.open()

    def explain(self) -> None:
        lines = [(t(f"owner_insight.term.{name}"), t(f"owner_insight.about.{name}")) for name in self.ABOUT]
        AboutSheet(self.desk.window, lines).open()

    def first_stop(self) -> QWidget | None:
        return self.spans.button(self.span)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _on_span(self, span: object) -> None:
        assert isinstance(span, Span)
        if span is not Span.OTHER:
            self.span = span
            self.refresh()
            return
        shown, first, today = self._days_known()
        sheet = PeriodSheet(self.desk.window, shown, first, today)
        sheet.finished.connect(self._on_other)
        sheet.open()

    def _on_other(self, stretch: object) -> None:
        if isinstance(stretch, Stretch):
            self.show_days(stretch)
        else:
            self.spans.set_value(self.span)

    def _days_known(self) -> tuple[Stretch, date, date]:
        """(the days in sight, the first that the shop knows, today)."""
        summary = self.desk.till.summary
        today = summary.today()
        known = summary.known_days()
        last = Period(known[1] if known else today, known[1] if known else today)
        period = _period(last, self.span, self._stretch)
        return Stretch(period.first, period.last), known[0] if known else today, today

    def _name_compare(self) -> None:
        key, words = name_of_beside(self.beside)
        self.compare.show_text(key, words=words)

    def _on_done(self, asked: Asked) -> None:
        self.task = None
        self._waiting.hide()
        self.answer, self.days_before = asked.answer, asked.days_before
        is_too_little = asked.before is None or too_little(asked.before) is not None
        self.before = None if is_too_little else asked.before
        self._show()

    def _on_error(self, error: TillError) -> None:
        self.task = None
        self._show_waiting(is_under_way=False)
        self.desk.context.messages.refused(error)

    def _on_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    def _show(self) -> None:
        little = too_little(self.answer)
        self.content.setVisible(little is None)
        if little is None:
            self.show_answer(self.answer)
        else:
            self.finding.show_plain(little_words(little))
            self.about.show_plain("")
        self.about.setVisible(bool(self.about.text()))

    def _show_waiting(self, *, is_under_way: bool) -> None:
        has_answer = self.answer is not None
        self._waiting.setVisible(is_under_way or not has_answer)
        self.bar.setVisible(is_under_way)
        self.bar.setRange(0, 0)
        self.cancel.setVisible(is_under_way)
        self.again.setVisible(not is_under_way)
        self.words.show_text("owner_insight.working" if is_under_way else "owner_insight.stopped")
        if not has_answer:
            self.finding.show_text(f"owner_insight.page.{self.NAME}")

    def _make_waiting(self) -> QWidget:
        waiting = QWidget(self)
        self.words = TextLabel(parent=waiting, type=TypeRole.BODY, tone="muted")
        self.bar = QProgressBar(waiting)
        self.cancel = Button("ui.cancel", parent=waiting, size="compact")
        self.again = Button("owner_insight.again", Kind.PRIMARY, waiting, size="compact")
        row = QHBoxLayout(waiting)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(self.words)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.again)
        row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        return waiting


def too_little(answer: Any) -> TooLittle | None:
    """Whether the answer, or the first part of it, is that nothing can be said."""
    first = answer[0] if isinstance(answer, tuple) else answer
    found = getattr(first, "value", first)
    return found if isinstance(found, TooLittle) else None


def little_words(little: TooLittle) -> str:
    """``資料還不夠:現在有 12 位會員,30 位以上才看得出來。``"""
    what = t(f"owner_insight.little.{little.what}")
    return t("owner_insight.too_little", what=what, n=f"{little.n:,}", needed=f"{little.needed:,}")


def days_words(period: Period) -> str:
    return t("owner_insight.days", since=f"{period.first:%Y/%m/%d}", until=f"{period.last:%Y/%m/%d}")


def percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def sure(estimate: Estimate | TooLittle) -> str:
    """A share with its interval, or that nothing can be said of it."""
    if isinstance(estimate, TooLittle):
        return little_words(estimate)
    return t(
        "owner_insight.sure",
        value=percent(estimate.value),
        low=percent(estimate.low),
        high=percent(estimate.high),
        confidence=percent(estimate.confidence),
        n=f"{estimate.n:,}",
    )


def _period(year: Period, span: Span, stretch: Stretch | None) -> Period:
    if span is Span.OTHER and stretch is not None:
        return Period(stretch.since, stretch.until)
    last: date = year.last
    return Period(last - timedelta(days=SPAN_DAYS[span] - 1), last)
