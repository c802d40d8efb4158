"""The window that is turned to the customer: full screen beside the till's screen, or an ordinary window where there is but one.

It never takes the keyboard. A picture that is the same as before is not painted again, and none is while it is hidden.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from app.i18n import t
from ui import theme
from ui.customer.content import Phase, Shown
from ui.customer.drawing import Drawing, places_of, unit_of
from ui.customer.keypad import NumberPad, PadKey

WINDOW_SIZE = (960, 600)


class CustomerWindow(QWidget):
    """Shows a `Shown`.

    Signals:
        number_entered(str), join_wanted(): from the keypad.
        entering_began(): a customer asked for the keypad.
        was_closed(): somebody closed the window by hand.
    """

    number_entered = Signal(str)
    join_wanted = Signal()
    entering_began = Signal()
    was_closed = Signal()

    def __init__(self, region: str) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._region = region
        self._shown: Shown | None = None
        self._is_ending = False
        self.painted = 0
        self.button = PadKey("", self, is_primary=True)
        self.pad = NumberPad(self)
        self.button.clicked.connect(self.open_pad)
        self.pad.entered.connect(self.number_entered)
        self.pad.joined.connect(self.join_wanted)
        self.pad.closed.connect(self._arrange)
        self.button.hide()
        self.setMinimumSize(480, 360)

    @property
    def shown(self) -> Shown | None:
        return self._shown

    def show_picture(self, shown: Shown) -> None:
        """Show this from now on."""
        if shown == self._shown:
            return
        is_other_phase = self._shown is None or self._shown.phase is not shown.phase
        self._shown = shown
        self.setWindowTitle(t("customer.window_title", shown.language))
        if self.pad.isVisible() and not shown.can_enter:
            self.pad.close_pad()
        if is_other_phase or self.button.isHidden() == shown.can_enter:
            self._arrange()
        self.update()

    def open_pad(self) -> None:
        if self._shown is None or not self._shown.can_enter:
            return
        self._arrange()
        self.pad.open_pad(self._shown.language, self._region, unit_of(self.width(), self.height()))
        self.button.hide()
        self.entering_began.emit()
        self.update()

    def place(self, beside: QScreen | None, name: str) -> bool:
        """Take the screen of this name, or the first one beside the till's; True when there is one."""
        others = [screen for screen in QGuiApplication.screens() if screen is not beside]
        wanted = next((screen for screen in others if screen.name() == name), others[0] if others else None)
        if wanted is None:
            if self.isFullScreen() or not self.isVisible():
                self.showNormal()
                self.resize(*WINDOW_SIZE)
                self.lower()
            return False
        self.setScreen(wanted)
        self.setGeometry(wanted.geometry())
        self.showFullScreen()
        return True

    def end(self) -> None:
        """The till has no use for it any more."""
        self._is_ending = True
        self.close()
        self.deleteLater()

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shown is None:
            return
        self.painted += 1
        painter = QPainter(self)
        look = theme.current()
        Drawing(painter, self.width(), self.height(), self._shown, look.colours).draw(
            is_entering=self.pad.isVisible()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_ending:
            self.was_closed.emit()
        super().closeEvent(event)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Put the button and the keypad where they belong."""
        shown = self._shown
        if shown is None:
            return
        places = places_of(self.width(), self.height(), shown.phase)
        unit = unit_of(self.width(), self.height())
        self.button.setGeometry(places.button)
        self.button.language, self.button.pixels = shown.language, round(28 * unit)
        self.button.setText(t("customer.enter", shown.language))
        self.button.setAccessibleName(self.button.text())
        self.button.setVisible(shown.can_enter and self.pad.isHidden())
        self.pad.setGeometry(_pad_place(places.goods, shown.phase, unit))
        self.pad.set_unit(unit)
        self.update()


def _pad_place(goods: QRect, phase: Phase, unit: float) -> QRect:
    if phase is not Phase.WELCOME:
        return goods
    wide = min(goods.width(), round(700 * unit))
    return QRect(goods.left() + (goods.width() - wide) // 2, goods.top(), wide, goods.height())
