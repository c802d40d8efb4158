"""What the office has set aside of this till's facts: each with what to do about it, and a mark once somebody has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import t
from app.service.exchange_ports import SetAside, Verdict
from app.service.sync_desk import Said, group_of, moment
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, connect_click
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till


class AsideCard(Card):
    """The list; nothing of it is shown while it is empty. ``on_seen(seq)`` is the ask to mark one; Tab comes here from ``before``."""

    def __init__(self, till: Till, on_seen: Callable[[int], None], before: QWidget, parent: QWidget) -> None:
        super().__init__("sync_ui.aside.title", parent, panel="raised")
        self._till = till
        self._on_seen = on_seen
        self._before = before
        self._shown: tuple[SetAside, ...] = ()
        self.rows: dict[int, QFrame] = {}
        self.seen: dict[int, Button] = {}
        self.body.addWidget(TextLabel("sync_ui.aside.hint", self, tone="muted", wraps=True))
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.body.addLayout(self._list)
        self.hide()

    def show_aside(self, aside: tuple[SetAside, ...], *, is_anew: bool = False) -> None:
        """These, newest first. ``is_anew``: say them again although they are the same."""
        self.setVisible(bool(aside))
        if aside == self._shown and not is_anew:
            return
        self._shown = aside
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows.clear()
        self.seen.clear()
        for one in aside:
            self.rows[one.seq] = self._row(one)
            self._list.addWidget(self.rows[one.seq])
        for before, after in pairwise((self._before, *self.seen.values())):
            QWidget.setTabOrder(before, after)

    def show_again(self) -> None:
        """In another language."""
        self.show_aside(self._shown, is_anew=True)

    def _row(self, one: SetAside) -> QFrame:
        row = QFrame(self)
        row.setProperty("panel", "surface")
        title = TextLabel(parent=row, type=TypeRole.BODY, is_strong=True)
        kind = t(f"sync_ui.kind.{group_of(one.kind)}")
        kind = kind[:1].upper() + kind[1:]
        title.show_plain(
            t("sync_ui.aside.row", kind=kind, time=moment(one.occurred_at, self._till.clock.local()))
        )
        what = TextLabel(parent=row, wraps=True)
        what.show_plain(aside_words(one).text)
        seen = self.seen[one.seq] = Button("sync_ui.aside.seen", Kind.SECONDARY, row, size="compact")
        connect_click(seen, partial(self._on_seen, one.seq))
        said = QVBoxLayout()
        said.setSpacing(Space.XS)
        said.addWidget(title)
        said.addWidget(what)
        box = QHBoxLayout(row)
        box.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        box.setSpacing(Space.M)
        box.addLayout(said, 1)
        box.addWidget(seen)
        return row


def aside_words(one: SetAside) -> Said:
    """What it is, and who does what about it."""
    match one.verdict:
        case Verdict.CONFLICT:
            return Said("sync_ui.aside.conflict")
        case Verdict.FORK:
            return Said("sync_ui.aside.fork")
        case _ if one.code == "device_revoked":
            return Said("sync_ui.aside.device_revoked")
        case _:
            return Said("sync_ui.aside.quarantined", {"code": one.code or one.verdict.value})
