"""Below the member's badge, while goods are entered: how far it is to the next tier, their stamps, their points in words, and the keys that
do something for them: the usual, the best coupons.

It shows ready texts and emits asks; it appears when there is something to show, and takes no room otherwise.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import t
from ui import theme
from ui.sale.customer import FactKeyData, FactsData
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import rounded_box, words
from ui.widgets.text_label import TextLabel

DOTS_MAX = 12


class MemberFactsPanel(QWidget):
    """Signals:
    usual_asked(), coupon_asked(): as their keys.
    """

    usual_asked = Signal()
    coupon_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = StandingLine(self)
        self.points = TextLabel(parent=self, type=TypeRole.CAPTION)
        policy = self.points.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.points.setSizePolicy(policy)
        self.usual = FactKey(self)
        self.coupon = FactKey(self)
        self.usual.clicked.connect(self.usual_asked)
        self.coupon.clicked.connect(self.coupon_asked)
        keys = QHBoxLayout()
        keys.setSpacing(Space.S)
        keys.addWidget(self.usual, 1)
        keys.addWidget(self.coupon, 1)
        content = QVBoxLayout(self)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(Space.XS)
        for widget in (self.line, self.points):
            content.addWidget(widget)
        content.addLayout(keys)
        self.hide()

    def show_facts(self, data: FactsData | None, *, usual_cap: str, coupon_cap: str) -> None:
        """None hides everything."""
        data = data or FactsData()
        self.line.show_standing(data)
        self.line.setVisible(data.has_line)
        self.points.show_plain(data.points)
        self.points.setVisible(bool(data.points))
        self.usual.show_key(data.usual, usual_cap)
        self.coupon.show_key(data.coupon, coupon_cap)
        self.setVisible(bool(data.has_line or data.points or data.usual or data.coupon))


class StandingLine(QWidget):
    """One painted line: the way to the next tier at the left, stamps as dots at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = FactsData()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_standing(self, data: FactsData) -> None:
        if data == self._data:
            return
        self._data = data
        stamps = [
            t("member.stamps", name=name, stamps=count, needed=needed) for name, count, needed in data.stamps
        ]
        self.setAccessibleName(" ".join((data.progress, *stamps)).strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(200), theme.current().px(30))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        right = self.width()
        for name, stamps, needed in reversed(self._data.stamps):
            right = self._paint_stamps(painter, right, name, stamps, needed) - look.px(Space.M)
        if self._data.progress:
            self._paint_progress(painter, QRect(0, 0, max(0, right), self.height()))

    def _paint_progress(self, painter: QPainter, area: QRect) -> None:
        look = theme.current()
        bar = look.px(6)
        upper = area.adjusted(0, 0, 0, -bar - look.px(2))
        font = look.font(TypeRole.CAPTION)
        words(painter, upper, self._data.progress, font=font, colour=look.colours.text_muted)
        if self._data.percent is not None:
            track = QRect(area.left(), area.bottom() - bar + 1, min(area.width(), look.px(200)), bar)
            rounded_box(painter, track, bar // 2, look.colours.sunken)
            done = max(bar, track.width() * self._data.percent // 100)
            rounded_box(painter, QRect(track.topLeft(), QSize(done, bar)), bar // 2, look.colours.accent)

    def _paint_stamps(self, painter: QPainter, right: int, name: str, stamps: int, needed: int) -> int:
        """The card's name and a dot a stamp, ending at `right`; returns where it begins."""
        look = theme.current()
        c = look.colours
        font = look.font(TypeRole.CAPTION)
        metrics = QFontMetrics(font)
        if needed > DOTS_MAX or len(self._data.stamps) > 1:
            text = t("member.stamps", name=name, stamps=stamps, needed=needed)
            left = right - metrics.horizontalAdvance(text) - 1
            words(painter, QRect(left, 0, right - left, self.height()), text, font=font, colour=c.accent_text)
            return left
        dot, gap = look.px(10), look.px(4)
        full = min(max(stamps, 0), needed)
        left = right - needed * (dot + gap) + gap
        top = (self.height() - dot) // 2
        for index in range(needed):
            box = QRect(left + index * (dot + gap), top, dot, dot)
            is_full = index < full
            rounded_box(
                painter, box, dot // 2, c.accent if is_full else c.surface, c.accent if is_full else c.edge
            )
        width = min(metrics.horizontalAdvance(name) + 1, max(0, self.width() // 3))
        label = QRect(left - look.px(Space.S) - width, 0, width, self.height())
        words(painter, label, name, font=font, colour=c.text_muted)
        return label.left()


class FactKey(QAbstractButton):
    """A key of the panel: its cap and name above, what it would do below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cap = ""
        self._data = FactKeyData("", "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def data(self) -> FactKeyData:
        return self._data

    def show_key(self, data: FactKeyData | None, cap: str) -> None:
        self.setVisible(data is not None)
        if data is None or (data == self._data and cap == self._cap):
            return
        self._data, self._cap = data, cap
        self.setAccessibleName(f"{data.name} {cap} {data.what}")
        self.setToolTip(f"{data.name}　{data.what}")
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(120), look.touch(52))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().touch(64), theme.current().touch(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        c = look.colours
        painter = QPainter(self)
        ground = c.sunken if self.isDown() else c.accent_soft if self.underMouse() else c.raised
        rounded_box(painter, self.rect(), Radius.M, ground, c.accent)
        pad = look.px(Space.S)
        inner = self.rect().adjusted(pad, look.px(4), -pad, -look.px(4))
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = QRect(inner.left(), upper.bottom(), inner.width(), inner.height() - upper.height())
        small = look.font(TypeRole.CAPTION, is_bold=True)
        cap_width = QFontMetrics(small).horizontalAdvance(self._cap) + pad
        words(painter, upper.adjusted(0, 0, -cap_width, 0), self._data.name, font=small, colour=c.accent_text)
        words(painter, upper, self._cap, font=small, colour=c.text_muted, align=Qt.AlignmentFlag.AlignRight)
        words(painter, lower, self._data.what, font=look.font(TypeRole.BODY), colour=c.text)


class CounterLines(QWidget):
    """What lies on the counter beside the goods: a line each, what waits in the colour of a warning."""

    LINES_MAX = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[str, bool], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text, _ in self._lines)

    def show_lines(self, lines: tuple[tuple[str, bool], ...]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        self.setAccessibleName(" ".join(self.texts))
        self.setToolTip("\n".join(self.texts))
        self.setVisible(bool(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(200), look.px(26) * min(len(self._lines), self.LINES_MAX))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        c = look.colours
        painter = QPainter(self)
        height = look.px(26)
        shown = self._lines[: self.LINES_MAX]
        for index, (text, is_applied) in enumerate(shown):
            if index == self.LINES_MAX - 1 and len(self._lines) > self.LINES_MAX:
                text = f"{text} …"
            box = QRect(0, index * height, self.width(), height - 2)
            rounded_box(painter, box, Radius.S, c.accent_soft if is_applied else c.warn_soft)
            pad = look.px(Space.S)
            mark = QRect(pad, box.center().y() - look.px(3), look.px(7), look.px(7))
            painter.setBrush(QColor(c.accent if is_applied else c.warn_sign))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(mark)
            ink = c.accent_text if is_applied else c.warn_text
            words(
                painter,
                box.adjusted(mark.right() + pad, 0, -pad, 0),
                text,
                font=look.font(TypeRole.BODY),
                colour=ink,
            )
