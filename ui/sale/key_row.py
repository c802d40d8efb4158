"""The caps of the hotkeys along the lower edge, always in the same places; those that make no sense now are dim."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.keys import Action, KeyMap
from ui.sale.entry_flow import SaleFlow
from ui.widgets.buttons import FunctionKey

ROW: Final = (
    Action.HELP,
    Action.MEMBER,
    Action.SEARCH,
    Action.POINTS,
    Action.OFFERS,
    Action.LINE_DISCOUNT,
    Action.BASKET_DISCOUNT,
    Action.HOLD,
    Action.RETURN,
    Action.TENDERS,
    Action.CASH_DRAWER,
    Action.SHIFT,
    Action.CANCEL_SALE,
)
_NEED_LINES: Final = frozenset({Action.OFFERS, Action.TENDERS, Action.CANCEL_SALE})
_NEED_OPEN_LINES: Final = frozenset({Action.LINE_DISCOUNT, Action.BASKET_DISCOUNT})


class KeyRow(QWidget):
    """Signals:
    pressed(Action): a cap was tapped.
    """

    pressed = Signal(object)

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caps = {action: FunctionKey(action, keys, self) for action in ROW}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for action, cap in self._caps.items():
            cap.clicked.connect(lambda _=False, each=action: self.pressed.emit(each))
            row.addWidget(cap, 1)

    def set_keys(self, keys: KeyMap) -> None:
        for cap in self._caps.values():
            cap.set_keys(keys)

    def set_held(self, count: int) -> None:
        """How many sales wait on hold."""
        self._caps[Action.HOLD].set_badge(str(count) if count else "")

    def show_state(self, flow: SaleFlow) -> None:
        basket = flow.checkout.basket
        has_lines = bool(basket.live_lines)
        for action, cap in self._caps.items():
            makes_sense = True
            if action in _NEED_LINES:
                makes_sense = has_lines
            elif action in _NEED_OPEN_LINES or action is Action.HOLD:
                makes_sense = (has_lines or action is Action.HOLD) and not basket.tenders
            elif action is Action.POINTS:
                makes_sense = has_lines and flow.has_points()
            cap.setEnabled(makes_sense and not flow.checkout.is_completing)
        self._caps[Action.SEARCH].setCheckable(True)
        self._caps[Action.SEARCH].setChecked(flow.is_searching)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            for cap in self._caps.values():
                cap.retranslate()
        super().changeEvent(event)
