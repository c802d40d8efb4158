"""What every page of insight is: a question put to the shop's past on a worker, with progress and a way out, and its answer as a sentence.

Under too few observations the sentence says so, and no number is shown. An answer that was asked for before is there at once.
"""

from __future__ import annotations

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


SPAN_DAYS: Final = {Span.QUARTER: 91, Span.HALF: 182, Span.YEAR: 365}


class InsightPage(OwnerPage):
    """Override ``ask``, which runs on a worker, and ``show_answer``, which does not."""

    NAME = ""
    ABOUT: tuple[
        str, ...
    ] = ()  # what ? explains: texts owner_insight.term.<name> and owner_insight.about.<name>

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.answer: Any = None
        self.task: Task[Any] | None = None
        self.span = Span.YEAR
        options = tuple((span, f"owner_insight.span.{span}") for span in Span)
        self.spans = Choice(options, self.span, self)
        for span in Span:
            self.spans.button(span).setProperty("sized", "compact")
        self.help = Button("owner_insight.help", Kind.GHOST, self, size="compact")
        self.tools.addWidget(self.spans, 1)
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
        connect_click(self.help, self.explain)
        connect_click(self.cancel, self.cancel_work)
        connect_click(self.again, self.refresh)

    # --- for the pages ------------------------------------------------------------------------------------------------

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        """The answer, or TooLittle. Runs on a worker."""
        raise AssertionError("a page of insight asks something")

    def show_answer(self, answer: Any) -> None:
        """Fill ``content``, and say ``finding`` and ``about``."""
        raise AssertionError("a page of insight shows its answer")

    def tell(self, finding: str, period: Period, *facts: str) -> None:
        """The sentence, and under it of when it is and what it rests on."""
        self.finding.show_plain(finding)
        days = t("owner_insight.days", since=f"{period.first:%Y/%m/%d}", until=f"{period.last:%Y/%m/%d}")
        self.about.show_plain("　".join((days, *(fact for fact in facts if fact))))

    def money(self, minor: float) -> str:
        return format_money(Money(round(minor), self.desk.till.session.shop.currency))

    # --- what the view calls ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask again; the question before is dropped."""
        self.cancel_work()
        insight, span = self.desk.till.insight, self.span
        self._show_waiting(is_under_way=True)

        def work(job: Job) -> Any:
            job.report(0, 0)
            period = _period(insight.year(), span)
            job.check()
            return self.ask(insight, period, job)

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
        if self.answer is not None:
            self._show(self.answer)

    def explain(self) -> None:
        lines = [(t(f"owner_insight.term.{name}"), t(f"owner_insight.about.{name}")) for name in self.ABOUT]
        AboutSheet(self.desk.window, lines).open()

    def first_stop(self) -> QWidget | None:
        return self.spans.button(self.span)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _on_span(self, span: object) -> None:
        assert isinstance(span, Span)
        self.span = span
        self.refresh()

    def _on_done(self, answer: Any) -> None:
        self.task = None
        self._waiting.hide()
        self._show(answer)

    def _on_error(self, error: TillError) -> None:
        self.task = None
        self._show_waiting(is_under_way=False)
        self.desk.context.messages.refused(error)

    def _on_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    def _show(self, answer: Any) -> None:
        self.answer = answer
        little = too_little(answer)
        self.content.setVisible(little is None)
        if little is None:
            self.show_answer(answer)
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


def _period(year: Period, span: Span) -> Period:
    last: date = year.last
    return Period(last - timedelta(days=SPAN_DAYS[span] - 1), last)
