"""Banners: what the operator is told, at the upper edge of the window, without taking the focus.

An info goes by itself, a warning a little later, an error stays until it is put away. Of what went well only the newest is shown. What was
said on one screen goes with it, unless the step that said it is the one that shows the next screen. `Banners` is the view of `Messages`: an
alert opens a sheet instead.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from ui import theme
from ui.messages import Level, Message, Messages
from ui.theme import Radius, Space, TypeRole
from ui.tokens import Colours
from ui.widgets.alert_sheet import AlertSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.painting import rounded_box

BANNERS_MAX: Final = 3
SHOWN_MS: Final = {Level.INFO: 4_000, Level.GOOD: 3_000, Level.WARN: 8_000}
_ONE_AT_A_TIME: Final = frozenset({Level.INFO, Level.GOOD})


class Banner(QWidget):
    """One message. A tap puts it away.

    Signals:
        dismissed(): the operator put it away, or its time is over.
    """

    dismissed = Signal()

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.is_fresh = True
        self.setAccessibleName(message.text)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, Space.XS, Space.S, Space.XS)
        self._row.addStretch(1)
        if message.retry is not None:
            again = Button("ui.retry", Kind.SECONDARY, self, size="compact")
            again.clicked.connect(self._on_retry)
            self._row.addWidget(again)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self.dismissed)
        if message.level in SHOWN_MS:
            self._clock.start(SHOWN_MS[message.level])

    @property
    def is_temporary(self) -> bool:
        """Whether it goes by itself."""
        return self._clock.isActive()

    def grow_old(self) -> None:
        """The step that said it is over."""
        self.is_fresh = False

    def height_for(self, width: int) -> int:
        """The height of the words in this width, and never less than a finger."""
        look = theme.current()
        box = QFontMetrics(look.font(TypeRole.LEAD)).boundingRect(
            QRect(0, 0, self._words_rect(width, 0).width(), 10_000),
            Qt.TextFlag.TextWordWrap,
            self.message.text,
        )
        return max(look.touch(58), box.height() + look.px(Space.L))

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(640), self.height_for(theme.current().px(640)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.message.text)
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        ground, sign, ink = _colours(self.message.level, look.colours)
        painter = QPainter(self)
        rounded_box(painter, self.rect(), Radius.M, ground, sign)
        self._paint_sign(painter, sign, ground)
        painter.setFont(look.font(TypeRole.LEAD))
        painter.setPen(ink)
        painter.drawText(
            self._words_rect(self.width(), self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap,
            self.message.text,
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.dismissed.emit()

    def _words_rect(self, width: int, height: int) -> QRect:
        look = theme.current()
        left = look.px(52)
        right = look.px(Space.L)
        if self.message.retry is not None:
            right += look.px(140)
        return QRect(left, 0, width - left - right, height)

    def _paint_sign(self, painter: QPainter, sign: str, ground: str) -> None:
        """A filled disc with i, ✓ or !: the level is told by its shape as well as by its colour."""
        look = theme.current()
        size = look.px(26)
        disc = QRect(look.px(14), (self.height() - size) // 2, size, size)
        rounded_box(painter, disc, size // 2, sign)
        painter.setFont(look.font(TypeRole.BODY, is_bold=True))
        painter.setPen(ground)
        mark = {Level.INFO: "i", Level.GOOD: "✓"}.get(self.message.level, "!")
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, mark)

    def _on_retry(self) -> None:
        self.dismissed.emit()
        if self.message.retry is not None:
            self.message.retry()


class Banners(QObject):
    """Shows in `window` what `messages` post, at the upper edge of `anchor`: the newest on top, a few at most."""

    def __init__(
        self, window: QWidget, messages: Messages, *, anchor: QWidget | None = None, is_audible: bool = True
    ) -> None:
        super().__init__(window)
        self._window = window
        self._anchor = anchor or window
        self._is_audible = is_audible
        self._shown: list[Banner] = []
        messages.posted.connect(self._on_posted)
        messages.withdrawn.connect(self.dismiss_all)
        window.installEventFilter(self)

    @property
    def shown(self) -> tuple[Banner, ...]:
        """Newest first."""
        return tuple(self._shown)

    def dismiss_newest(self) -> bool:
        """Put away the newest; False when there is none. For Esc."""
        if not self._shown:
            return False
        self._dismiss(self._shown[0])
        return True

    def dismiss_all(self) -> None:
        for banner in tuple(self._shown):
            self._dismiss(banner)

    def leave_screen(self) -> None:
        """Another screen comes: what was said in this very step is said there, errors stay, the rest goes."""
        for banner in tuple(self._shown):
            if banner.is_temporary and not banner.is_fresh:
                self._dismiss(banner)

    def place(self) -> None:
        """Put them at the upper edge of the anchor, where it is now."""
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange) and self._shown:
            self._place()
        return False

    def _on_posted(self, message: Message) -> None:
        if self._is_audible and message.level in (Level.WARN, Level.ERROR):
            QApplication.beep()
        if message.is_alert:
            AlertSheet(self._window, message).open()
            return
        # The same sentence again is one banner that begins anew, not a pile.
        for banner in tuple(self._shown):
            is_same = (banner.message.key, banner.message.fields) == (message.key, message.fields)
            if is_same or {banner.message.level, message.level} <= _ONE_AT_A_TIME:
                self._dismiss(banner)
        banner = Banner(message, self._window)
        banner.dismissed.connect(lambda: self._dismiss(banner))
        self._shown.insert(0, banner)
        QTimer.singleShot(0, banner, banner.grow_old)
        for spare in self._shown[BANNERS_MAX:]:
            self._dismiss(spare)
        self._place()
        banner.show()
        banner.raise_()

    def _dismiss(self, banner: Banner) -> None:
        if banner in self._shown:
            self._shown.remove(banner)
            banner.hide()
            banner.deleteLater()
            self._place()

    def _place(self) -> None:
        look = theme.current()
        area = QRect(self._anchor.mapTo(self._window, QPoint(0, 0)), self._anchor.size())
        width = min(look.px(680), area.width() - 2 * Space.M)
        left, top = area.left() + (area.width() - width) // 2, area.top() + Space.M
        for banner in self._shown:
            height = banner.height_for(width)
            banner.setGeometry(left, top, width, height)
            top += height + Space.S


def _colours(level: Level, colours: Colours) -> tuple[str, str, str]:
    """Ground, sign and ink of a level."""
    match level:
        case Level.INFO:
            return colours.info_soft, colours.info_sign, colours.info_text
        case Level.GOOD:
            return colours.good_soft, colours.good_sign, colours.good_text
        case Level.WARN:
            return colours.warn_soft, colours.warn_sign, colours.warn_text
        case Level.ERROR:
            return colours.danger_soft, colours.danger, colours.danger_text
