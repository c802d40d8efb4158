"""Dates as people of the screen's language write them."""

from __future__ import annotations

from datetime import date

from app.i18n import t

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def date_text(day: date) -> str:
    """``2026/11/21（六）``."""
    return t("shiftview.date", date=f"{day:%Y/%m/%d}", weekday=t(f"shiftview.day.{_DAYS[day.weekday()]}"))
