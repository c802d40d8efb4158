"""What a card says beside its figure: how it stands against the period before and the usual. Pure; every text comes whole."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.domain.money import round_half_up
from app.i18n import t
from app.service.summary_values import Behind, Figure, Key, Summary, Unit
from app.service.summary_words import label_of, share_text, value_text, weekday_text

_TENTH_OF_PERCENT: Final = 10
FEW: Final = 50  # under so many, people count: ten more, not 200 percent
WHOLE_PERCENT_FROM: Final = 10_00  # from ten percent on, a tenth of one says nothing


def card_lines(summary: Summary, figure: Figure) -> tuple[str, ...]:
    """The comparison under a figure; nothing where there is nothing to compare with."""
    return tuple(line for line in (_against_before(summary, figure), _usual(summary, figure)) if line)


def than(summary: Summary) -> str:
    """What the figures are compared with, as it stands in a sentence."""
    if summary.is_beside_chosen:
        return t("summary.than_chosen")
    if not summary.is_one_day or summary.before is None:
        return t("summary.than_period")
    return t("summary.than_weekday", weekday=weekday_text(summary.before[0]))


def percent_text(hundredths: int) -> str:
    """Without a sign; whole from ten percent on."""
    size = abs(hundredths)
    if size < WHOLE_PERCENT_FROM:
        return share_text(size)
    return t("summary.share", percent=f"{round_half_up(size, 100):,}")


def sheet_title(summary: Summary, behind: Behind, part: str = "") -> str:
    """What the rows behind a figure are."""
    value = summary.figures[behind.key]
    if part:
        return t("owner.rows.part", figure=label_of(behind.key), part=part)
    return t(
        "owner.rows.title",
        figure=label_of(behind.key),
        value=value_text(value.value, value.unit, summary.currency),
    )


def short_day(day: date) -> str:
    return f"{day:%m/%d}"


def shown_keys(keys: tuple[Key, ...], summary: Summary) -> tuple[Key, ...]:
    """Those of a group; none where the shop has never had any of it in sight, and without a past only what there is."""
    figures = [summary.figures[key] for key in keys]
    if summary.before is None and not summary.average_days:
        return tuple(one.key for one in figures if one.value)
    return keys if any(one.value or one.before or one.average for one in figures) else ()


def _against_before(summary: Summary, figure: Figure) -> str:
    if figure.before is None or summary.before is None:
        return ""
    if figure.value is None or (summary.is_running and summary.is_one_day):
        return _was(summary, figure)
    if figure.value == figure.before:
        return t("owner.card.same", than=than(summary))
    if figure.unit is Unit.SHARE:
        change = figure.value - figure.before
        points = f"{round_half_up(abs(change), _TENTH_OF_PERCENT) / 10:.1f}"
        return t(f"owner.card.{'higher' if change > 0 else 'lower'}", than=than(summary), points=points)
    if figure.before < 0 or (figure.before == 0 and figure.unit is Unit.MONEY):
        return _was(summary, figure)
    if figure.unit is not Unit.MONEY and figure.before < FEW:
        which = "more_by" if figure.value > figure.before else "less_by"
        return t(f"owner.card.{which}", than=than(summary), count=abs(figure.value - figure.before))
    change = round_half_up((figure.value - figure.before) * 10_000, figure.before)
    which = "more" if change >= 0 else "less"
    return t(f"owner.card.{which}", than=than(summary), percent=percent_text(change))


def _was(summary: Summary, figure: Figure) -> str:
    """A day that still runs is not set against a whole one in percent: that one is only named."""
    value = value_text(figure.before, figure.unit, summary.currency)
    return t("owner.card.was", than=than(summary), value=value)


def _usual(summary: Summary, figure: Figure) -> str:
    if figure.average is None:
        return ""
    value = value_text(figure.average, figure.unit, summary.currency)
    return t("owner.card.usual" if summary.is_one_day else "owner.card.usual_range", value=value)
