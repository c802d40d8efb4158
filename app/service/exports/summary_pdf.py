"""A summary as a PDF of A4 pages: the finding, every figure with what it is compared with, the hours as bars, the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.money import Money, format_money
from app.domain.quantity import format_quantity
from app.i18n import t
from app.service.exports.pdf_page import MARGIN, QUIET, Bar, Pages
from app.service.summary_paper import local_time
from app.service.summary_values import Summary
from app.service.summary_words import (
    GROUPS,
    compared_text,
    figure_texts,
    finding,
    label_of,
    period_text,
    share_text,
)

if TYPE_CHECKING:
    from PIL import Image

BARS_HEIGHT = 110


def summary_pdf(summary: Summary, shop_name: str, utc_offset_minutes: int, language: str) -> bytes:
    """The bytes of the file."""
    made = t("summary.made", language, time=local_time(summary.made_at, utc_offset_minutes))
    # The fields stay in the text until the number of pages is known.
    page_text = t("summary.page", language, page="{page}", pages="{pages}")
    return _drawn(summary, shop_name, utc_offset_minutes, language).to_pdf(f"{shop_name}  {made}", page_text)


def summary_pictures(
    summary: Summary, shop_name: str, utc_offset_minutes: int, language: str
) -> tuple[Image.Image, ...]:
    """The pages as pictures, for a preview."""
    return _drawn(summary, shop_name, utc_offset_minutes, language).pictures()


def _drawn(summary: Summary, shop_name: str, offset: int, language: str) -> Pages:
    pages = Pages(language)
    title = t("summary.title" if summary.is_one_day else "summary.title_range", language)
    pages.text(shop_name, MARGIN, pages.y + 6, size=9, colour=QUIET)
    pages.text(title, MARGIN, pages.y + 28, size=20, bold=True)
    pages.text(
        period_text(summary.since, summary.until, language), pages.right, pages.y + 28, size=12, anchor="r"
    )
    pages.y += 50
    pages.paragraph(finding(summary, language), size=12, bold=True)
    if summary.is_running:
        time = local_time(summary.made_at, offset)
        pages.paragraph(t("summary.running", language, time=time), size=9, colour=QUIET)
    if not summary.has_business:
        return pages
    pages.paragraph(compared_text(summary, language), size=9, colour=QUIET)
    _figures(pages, summary, language)
    _hours(pages, summary, language)
    _lists(pages, summary, language)
    return pages


def _figures(pages: Pages, summary: Summary, language: str) -> None:
    one_day = summary.is_one_day
    head = (
        "",
        t("summary.column.day" if one_day else "summary.column.range", language),
        t("summary.column.before" if one_day else "summary.column.before_range", language),
        t("summary.column.average", language),
    )
    for group, keys in GROUPS.items():
        figures = [summary.figures[key] for key in keys]
        told = [one for one in figures if one.value or one.before or one.average]
        if told:
            pages.heading(t(f"summary.group.{group}", language))
            rows = [
                (label_of(one.key, language), *figure_texts(one, summary.currency, language)) for one in told
            ]
            pages.table(rows, (4, 2, 2, 2), head=head)


def _hours(pages: Pages, summary: Summary, language: str) -> None:
    if summary.hours:
        pages.heading(t("summary.group.hours", language), above=BARS_HEIGHT + 60)
        before = t("summary.column.before" if summary.is_one_day else "summary.column.before_range", language)
        now = t("summary.column.day" if summary.is_one_day else "summary.column.range", language)
        if summary.before is not None:
            pages.paragraph(t("summary.bars", language, now=now, before=before), size=8, colour=QUIET)
        pages.y += 6
        pages.bars(
            [Bar(f"{one.hour:02}", one.minor, one.before_minor) for one in summary.hours], height=BARS_HEIGHT
        )


def _lists(pages: Pages, summary: Summary, language: str) -> None:
    def money(minor: int) -> str:
        return format_money(Money(minor, summary.currency))

    tenders = [(t(f"slip.tender.{one.kind}", language), money(one.net_minor)) for one in summary.tenders]
    operators = [
        (
            one.name,
            f"{one.tickets:,}",
            money(one.minor),
            f"{one.sign_ups} / {one.chances}",
            t("summary.none", language) if one.rate is None else share_text(one.rate, language),
        )
        for one in summary.operators
    ]
    members = [
        (
            one.name or t("summary.no_name" if one.phone else "summary.erased", language),
            one.phone,
            f"{one.visits:,}",
            money(one.minor),
        )
        for one in summary.top_members
    ]
    items = [
        (one.name or t("summary.unknown_item", language), format_quantity(one.quantity), money(one.minor))
        for one in summary.top_items
    ]
    if tenders:
        pages.heading(t("summary.group.tenders", language))
        pages.table(tenders, (4, 6))
    if operators:
        pages.heading(t("summary.group.operators", language))
        names = ("tickets", "net", "sign_ups", "sign_up_rate")
        head = ("", *(t(f"summary.figure.{name}", language) for name in names))
        pages.table(operators, (4, 2, 2, 2, 2), head=head)
    if members:
        pages.heading(t("summary.group.top_members", language))
        pages.table(members, (4, 3, 2, 2))
    if items:
        pages.heading(t("summary.group.top_items", language))
        pages.table(items, (6, 2, 2))
