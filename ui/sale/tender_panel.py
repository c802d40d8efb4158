"""Paying: what was taken so far, and the cash that customers usually hand over, one key each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.loyalty.value_items import VALUE_TENDERS
from app.domain.money import Money, format_money
from app.domain.tender import Tender, TenderKind
from app.i18n import t
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.text_label import TextLabel

SUGGESTION_KEYS = tuple(f"Ctrl+{number}" for number in range(1, 6))


class TenderPanel(QWidget):
    """The payment side of the sale screen.

    Signals:
        suggestion_taken(int): this cash suggestion.
        others_asked(), points_asked(), value_asked(), taken_back(): as F9, F4, Shift+F9 and Esc.
    """

    suggestion_taken = Signal(int)
    others_asked = Signal()
    points_asked = Signal()
    value_asked = Signal()
    taken_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tenders: tuple[Tender, ...] = ()
        self._title = TextLabel("tender.title", self, type=TypeRole.TITLE)
        self._given = TextLabel("tender.given", self, type=TypeRole.BODY, tone="muted")
        self._buttons = tuple(self._suggestion(index) for index in range(len(SUGGESTION_KEYS)))
        self._others = Button("", Kind.SECONDARY, self)
        self._others.clicked.connect(self.others_asked)
        self._points = Button("", Kind.SECONDARY, self)
        self._points.clicked.connect(self.points_asked)
        self._value = Button("", Kind.SECONDARY, self)
        self._value.clicked.connect(self.value_asked)
        self._list = TextLabel(parent=self, type=TypeRole.LEAD, wraps=True)
        self._back = Button("ui.back", Kind.GHOST, self, size="compact")
        self._back.clicked.connect(self.taken_back)
        self._lay_out()

    def show_tender(
        self,
        due: Money,
        suggestions: Sequence[int],
        suggested: int,
        tenders: tuple[Tender, ...],
        *,
        others_key: str,
        points_key: str,
        has_points: bool,
        value: str = "",
    ) -> None:
        """``value``: what the key of stored value says, with its cap; it is away where nothing can pay."""
        self._title.show_text("tender.refund_title" if due.minor < 0 else "tender.title")
        # What was paid already takes the room of these words.
        self._given.setVisible(len(suggestions) > 1 and not tenders)
        for index, button in enumerate(self._buttons):
            # The first is the exact amount: that is Enter.
            button.setVisible(0 < index < len(suggestions))
            if index < len(suggestions):
                amount = format_money(Money(suggestions[index], due.currency))
                button.show_plain(f"{amount}　{SUGGESTION_KEYS[index]}")
                button.setChecked(index == suggested)
        self._others.show_plain(f"{t('keys.tenders.short')}　{others_key}")
        self._points.show_plain(f"{t('keys.points.short')}　{points_key}")
        self._points.setVisible(has_points and due.minor > 0)
        self._value.setVisible(bool(value))
        self._value.show_plain(value)
        self._tenders = tenders
        self._show_taken()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show_taken()
        super().changeEvent(event)

    def _suggestion(self, index: int) -> Button:
        button = Button("", Kind.SECONDARY, self, size="large")
        button.setCheckable(True)
        button.clicked.connect(lambda: self.suggestion_taken.emit(index))
        return button

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(Space.S)
        for index, button in enumerate(self._buttons[1:]):
            grid.addWidget(button, index // 2, index % 2)
        ways = QGridLayout()
        ways.setSpacing(Space.S)
        ways.addWidget(self._others, 0, 0)
        ways.addWidget(self._points, 0, 1)
        ways.addWidget(self._value, 1, 0, 1, 2)
        content = QVBoxLayout(self)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(Space.S)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._back)
        content.addLayout(top)
        content.addWidget(self._list)
        content.addWidget(self._given)
        content.addLayout(grid)
        content.addLayout(ways)
        content.addStretch(1)

    def _show_taken(self) -> None:
        self._list.setVisible(bool(self._tenders))
        self._list.show_plain("\n".join(tender_text(tender) for tender in self._tenders))


def tender_text(tender: Tender) -> str:
    """``刷卡 NT$500　A1B2C3``."""
    parts = [f"{tender_name(tender.kind)} {format_money(tender.amount)}"]
    if tender.points:
        parts.append(t("tender.taken_points", points=tender.points))
    # Stored value is told by its account, which nobody wants to read.
    if tender.reference and tender.kind not in VALUE_TENDERS:
        parts.append(tender.reference)
    return "　".join(parts)


def tender_name(kind: TenderKind) -> str:
    return t(f"tender.{kind.value}")
