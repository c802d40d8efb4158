"""A summary in words: every figure as it is read, its definition, and the one sentence at the top."""

from __future__ import annotations

from datetime import date

from app.domain.money import Currency, Money, format_money, round_half_up
from app.i18n import t
from app.service.summary_values import Figure, Key, LapsedRule, Summary, Unit

# The groups in which the figures stand on a screen and on paper.
GROUPS: dict[str, tuple[Key, ...]] = {
    "sales": (
        Key.NET,
        Key.TICKETS,
        Key.AVERAGE_TICKET,
        Key.SALES,
        Key.RETURNS,
        Key.VOIDS,
        Key.DISCOUNTS,
        Key.TAX,
    ),
    "members": (
        Key.MEMBER_SHARE,
        Key.MEMBER_NET,
        Key.MEMBER_TICKETS,
        Key.MEMBER_AVERAGE,
        Key.WALK_IN_NET,
        Key.WALK_IN_TICKETS,
        Key.WALK_IN_AVERAGE,
        Key.MEMBERS,
        Key.MEMBERS_NEW,
        Key.MEMBERS_RETURNING,
        Key.MEMBERS_BACK,
        Key.SIGN_UPS,
        Key.SIGN_UP_RATE,
    ),
    "points": (
        Key.POINTS_ISSUED,
        Key.POINTS_USED,
        Key.POINTS_EXPIRED,
        Key.POINTS_ADJUSTED,
        Key.POINTS_OWED,
        Key.POINTS_OWED_MONEY,
    ),
    "rights": (
        Key.COUPONS_USED,
        Key.COUPONS_MONEY,
        Key.COUPONS_ISSUED,
        Key.STAMPS_GIVEN,
        Key.STAMPS_USED,
    ),
    "value": (Key.VALUE_SOLD, Key.VALUE_SPENT, Key.VALUE_REFUNDED, Key.VALUE_OWED),
}


def value_text(value: int | None, unit: Unit, currency: Currency, language: str | None = None) -> str:
    """``NT$12,300``, ``1,234``, ``38.5%``; a dash where there is nothing to divide by."""
    if value is None:
        return t("summary.none", language)
    match unit:
        case Unit.MONEY:
            return format_money(Money(value, currency))
        case Unit.SHARE:
            return share_text(value, language)
        case Unit.COUNT | Unit.POINTS:
            return f"{value:,}"


def share_text(hundredths: int, language: str | None = None) -> str:
    """Of hundredths of a percent, with one place."""
    tenths = round_half_up(hundredths, 10)
    sign = "-" if tenths < 0 else ""
    return t("summary.share", language, percent=f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}")


def label_of(key: Key, language: str | None = None) -> str:
    return t(f"summary.figure.{key.value}", language)


def about(key: Key, lapsed: LapsedRule, language: str | None = None) -> str:
    """What the figure means, with the limits in force."""
    if key is not Key.MEMBERS_BACK:
        return t(f"summary.about.{key.value}", language)
    return t(
        "summary.about.members_back",
        language,
        percent=lapsed.habit_percent,
        days_min=lapsed.days_min,
        days=lapsed.days,
    )


def figure_texts(figure: Figure, currency: Currency, language: str | None = None) -> tuple[str, str, str]:
    """The value, the one before, and the average."""
    return (
        value_text(figure.value, figure.unit, currency, language),
        value_text(figure.before, figure.unit, currency, language),
        value_text(figure.average, figure.unit, currency, language),
    )


def period_text(since: date, until: date, language: str | None = None) -> str:
    if since == until:
        return t(
            "summary.period_day", language, date=since.isoformat(), weekday=weekday_text(since, language)
        )
    return t("summary.period_range", language, since=since.isoformat(), until=until.isoformat())


def compared_text(summary: Summary, language: str | None = None) -> str:
    """With what the figures are compared."""
    before = summary.before
    if before is None:
        return t("summary.not_compared", language)
    days = summary.average_days
    if summary.is_one_day:
        day = before[0]
        weekday = weekday_text(day, language)
        return t("summary.compared_day", language, date=day.isoformat(), weekday=weekday, days=days)
    return t(
        "summary.compared_range",
        language,
        since=before[0].isoformat(),
        until=before[1].isoformat(),
        days=days,
    )


def finding(summary: Summary, language: str | None = None) -> str:
    """The one sentence at the top. A day that still runs is compared with the same hours alone."""
    if not summary.has_business:
        return t("summary.nothing" if summary.is_one_day else "summary.nothing_range", language)
    net = value_text(summary.value(Key.NET), Unit.MONEY, summary.currency, language)
    fields: dict[str, object] = {"came": _came(summary, language), "net": net}
    now, before = summary.value(Key.NET) or 0, summary.figures[Key.NET].before
    than = _than(summary, language)
    if summary.so_far is not None:
        now, before = summary.so_far.minor, summary.so_far.before_minor
    if summary.before is None or not before or before < 0:
        return t("summary.finding", language, **fields)
    change = round_half_up((now - before) * 10_000, before)
    fields |= {"than": than, "percent": share_text(abs(change), language)}
    which = "_more" if change >= 0 else "_less"
    kind = "" if summary.is_running and summary.is_one_day else "_day" if summary.is_one_day else "_range"
    return t(f"summary.finding{kind}{which}", language, **fields)


def weekday_text(day: date, language: str | None = None) -> str:
    return t(f"summary.weekday.{day.weekday()}", language)


def _came(summary: Summary, language: str | None) -> str:
    """Who came, in words where a number would be nought or all of them."""
    members, new = summary.value(Key.MEMBERS) or 0, summary.value(Key.MEMBERS_NEW) or 0
    if not members:
        return t("summary.came_nobody", language)
    which = "_known" if not new else "_new" if new == members else ""
    return t(f"summary.came{which}", language, members=f"{members:,}", new=f"{new:,}")


def _than(summary: Summary, language: str | None) -> str:
    if summary.is_beside_chosen:
        return t(f"summary.than_chosen{'' if summary.so_far is None else '_so_far'}", language)
    if not summary.is_one_day:
        return t("summary.than_period", language)
    key = "summary.than_weekday" if summary.so_far is None else "summary.than_weekday_so_far"
    return t(key, language, weekday=weekday_text(summary.since, language))
