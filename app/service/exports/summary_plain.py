"""A summary as plain values for JSON: whole minor units, points, pieces and hundredths of a percent; members masked as on the screen."""

from __future__ import annotations

from typing import Any

from app.service.summary_values import Summary


def summary_to_plain(summary: Summary) -> dict[str, Any]:
    return {
        "since": summary.since.isoformat(),
        "until": summary.until.isoformat(),
        "made_at": summary.made_at,
        "currency": summary.currency.code,
        "minor_digits": summary.currency.digits,
        "is_running": summary.is_running,
        "open_days": summary.open_days,
        "compared_with": None if summary.before is None else [day.isoformat() for day in summary.before],
        "average_days": summary.average_days,
        "lapsed": {
            "habit_percent": summary.lapsed.habit_percent,
            "days_min": summary.lapsed.days_min,
            "days": summary.lapsed.days,
        },
        "figures": {
            key.value: {
                "unit": figure.unit.value,
                "value": figure.value,
                "before": figure.before,
                "average": figure.average,
            }
            for key, figure in summary.figures.items()
        },
        "hours": [
            {
                "hour": one.hour,
                "tickets": one.tickets,
                "minor": one.minor,
                "before_minor": one.before_minor,
                "average_minor": one.average_minor,
            }
            for one in summary.hours
        ],
        "operators": [
            {
                "name": one.name,
                "tickets": one.tickets,
                "minor": one.minor,
                "sign_ups": one.sign_ups,
                "chances": one.chances,
                "rate": one.rate,
            }
            for one in summary.operators
        ],
        "tenders": {
            one.kind: {"received_minor": one.received_minor, "refunded_minor": one.refunded_minor}
            for one in summary.tenders
        },
        "coupons": [
            {"template": one.template, "used": one.used, "minor": one.minor, "issued": one.issued}
            for one in summary.coupons
        ],
        **_top(summary),
        **_so_far(summary),
    }


def _top(summary: Summary) -> dict[str, Any]:
    """The members and the goods that brought most."""
    return {
        "top_members": [
            {
                "member": one.member_id.hex,
                "name": one.name,
                "phone": one.phone,
                "visits": one.visits,
                "minor": one.minor,
            }
            for one in summary.top_members
        ],
        "top_items": [
            {
                "item": None if one.item_id is None else one.item_id.hex,
                "name": one.name,
                "quantity": one.quantity,
                "minor": one.minor,
                "lines": one.lines,
            }
            for one in summary.top_items
        ],
    }


def _so_far(summary: Summary) -> dict[str, Any]:
    """A day that still runs, against the same hours of the days before."""
    so_far = summary.so_far
    return {
        "so_far": None
        if so_far is None
        else {
            "hour": so_far.hour,
            "minor": so_far.minor,
            "before_minor": so_far.before_minor,
            "average_minor": so_far.average_minor,
        }
    }
