"""What the work list says of itself: its finding, how late a promise is, and how a group is called. Pure; every text comes whole."""

from __future__ import annotations

from app.i18n import t
from app.service.work_list import Task, TaskKind, WorkList


def work_finding(work: WorkList) -> str:
    """The one sentence: what is to be seen to, and what is worth a word."""
    urgent = sum(work.count(kind) for kind in TaskKind if kind.is_urgent)
    worth = sum(work.count(kind) for kind in TaskKind if not kind.is_urgent)
    match bool(urgent), bool(worth):
        case True, True:
            which = "both"
        case True, False:
            which = "urgent"
        case False, True:
            which = "worth"
        case _:
            which = "none"
    return t(f"work.finding_{which}", urgent=f"{urgent:,}", worth=f"{worth:,}")


def work_about(work: WorkList) -> str:
    """Of when it is, and what cannot be told yet."""
    parts = [t("work.about_page", date=f"{work.on:%Y/%m/%d}", days=work.days)]
    if not work.tasks:
        parts = [t("work.about_none")]
    if not work.knows_habits:
        parts.append(t("work.no_habits"))
    return "　".join(parts)


def is_late(task: Task, work: WorkList) -> bool:
    """Whether a promise should have been kept before; what is no promise is never late."""
    return task.kind.is_promise and task.due_on is not None and task.due_on < work.on


def due_words(task: Task, work: WorkList) -> str:
    """When a promise was to be kept."""
    if not task.kind.is_promise or task.due_on is None:
        return ""
    days = (work.on - task.due_on).days
    return t("work.late", days=f"{days:,}") if is_late(task, work) else t("work.today")


def group_words(kind: TaskKind, work: WorkList) -> str:
    """Its name and how many there are."""
    return t("work.group_count", group=t(f"work.group.{kind.value}"), count=f"{work.count(kind):,}")
