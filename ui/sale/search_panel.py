"""What a search found, beside the line it was typed in. The keyboard stays in the line; a finger may choose here."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.item import ItemHit
from app.domain.money import format_money
from app.i18n import t
from ui import theme
from ui.theme import Radius, Space, TypeRole
from ui.widgets.painting import rounded_box, words
from ui.widgets.text_label import TextLabel

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class SearchPanel(QWidget):
    """The hits, best first.

    Signals:
        chosen(int): a finger chose this one.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel(parent=self, type=TypeRole.BODY, tone="muted")
        self._model = _Hits(self)
        self._list = QListView(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_HitPainter(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(lambda index: self.chosen.emit(index.row()))
        content = QVBoxLayout(self)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(Space.S)
        content.addWidget(self._title)
        content.addWidget(self._list, 1)

    def show_hits(self, hits: tuple[ItemHit, ...], picked: int) -> None:
        self._title.show_text("sale.search.title" if hits else "sale.search.none", count=len(hits))
        self._model.set_hits(hits)
        if hits:
            index = self._model.index(picked, 0)
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.LanguageChange):
            self._list.doItemsLayout()
        super().changeEvent(event)


class _Hits(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hits: tuple[ItemHit, ...] = ()

    def set_hits(self, hits: tuple[ItemHit, ...]) -> None:
        if hits is self.hits:
            return
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            hit = self.hits[index.row()]
            return f"{hit.name} {format_money(hit.price)}"
        return None


class _HitPainter(QStyledItemDelegate):
    """Two lines: the name with its price, the code with the member price."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, theme.current().touch(60))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look = theme.current()
        colours = look.colours
        model = index.model()
        assert isinstance(model, _Hits)
        hit = model.hits[index.row()]
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stub forgets the fields of options
        is_picked = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        if is_picked:
            rounded_box(painter, rect.adjusted(2, 1, -2, -1), Radius.S, colours.accent_soft, colours.accent)
        pad = look.px(Space.M)
        upper = QRect(rect.left() + pad, rect.top() + look.px(6), rect.width() - 2 * pad, look.px(27))
        lower = QRect(upper.left(), upper.bottom(), upper.width(), look.px(20))
        price_width = look.px(110)
        right = Qt.AlignmentFlag.AlignRight
        words(
            painter,
            upper.adjusted(0, 0, -price_width, 0),
            hit.name,
            font=look.font(TypeRole.LEAD),
            colour=colours.text,
        )
        words(
            painter,
            upper.adjusted(upper.width() - price_width, 0, 0, 0),
            format_money(hit.price),
            font=look.font(TypeRole.LEAD, is_bold=True),
            colour=colours.text,
            align=right,
        )
        small = look.font(TypeRole.CAPTION)
        words(painter, lower, hit.sku, font=small, colour=colours.text_muted)
        if hit.member_price is not None:
            text = t("sale.search.member_price", price=format_money(hit.member_price))
            words(painter, lower, text, font=small, colour=colours.accent_text, align=right)
        if not is_picked:
            painter.fillRect(
                rect.left() + pad, rect.bottom(), rect.width() - 2 * pad, 1, QColor(colours.line)
            )
        painter.restore()
