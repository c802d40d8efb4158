"""A chart as a file to send or to print: its sentence above, what it is about, then the picture. PNG at twice its size, or SVG.

Whatever theme is in force, the file looks as the screen does; nothing that is looked at or held is in it, and no word about keys.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from ui import theme
from ui.charts.chart import Chart
from ui.theme import Space, TypeRole

SCALE: Final = 2
SAME_NAME_MAX: Final = 1_000
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


def save_picture(
    chart: Chart, folder: Path, name: str, day: date, *, about: str = "", is_svg: bool = False
) -> Path:
    """Write it and say where it lies; what is there already stays. ``about`` says of when it is. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"{name}-{day:%Y%m%d}", "svg" if is_svg else "png")
    sheet = _Sheet(chart, about)
    if not (sheet.write_svg(path) if is_svg else sheet.write_png(path)):
        raise OSError(f"could not write {path.name}")
    return path


class _Sheet:
    """Where everything stands on the picture, and how it is painted."""

    def __init__(self, chart: Chart, about: str) -> None:
        look = theme.current()
        self._chart = chart
        self._lines = (
            (chart.accessibleName(), look.font(TypeRole.BODY, is_bold=True), look.colours.text),
            (about, look.font(TypeRole.CAPTION), look.colours.text_muted),
        )
        inset, gap = look.px(Space.M), look.px(Space.XS)
        self._places: list[QRect] = []
        top = inset
        for text, font, _ in self._lines:
            height = _height(text, font, chart.width() - 2 * inset)
            self._places.append(QRect(inset, top, chart.width() - 2 * inset, height))
            top += height + gap if text else 0
        self._chart_top = top
        self.size = QSize(chart.width(), top + chart.height())

    def write_png(self, path: Path) -> bool:
        picture = QImage(self.size * SCALE, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(SCALE)
        painter = QPainter(picture)
        self._paint(painter)
        painter.end()
        return picture.save(str(path))

    def write_svg(self, path: Path) -> bool:
        paper = QSvgGenerator()
        paper.setFileName(str(path))
        paper.setSize(self.size)
        paper.setViewBox(QRect(0, 0, self.size.width(), self.size.height()))
        paper.setTitle(self._chart.accessibleName())
        painter = QPainter()
        if not painter.begin(paper):
            return False
        self._paint(painter)
        return painter.end()

    def _paint(self, painter: QPainter) -> None:
        ground = QColor(theme.current().colours.surface)
        painter.fillRect(QRect(0, 0, self.size.width(), self.size.height()), ground)
        for (text, font, colour), place in zip(self._lines, self._places, strict=True):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(place, _WRAPPED, text)
        painter.translate(0, self._chart_top)
        self._chart.paint_picture(painter)


def _height(text: str, font: QFont, width: int) -> int:
    if not text:
        return 0
    room = QRect(0, 0, width, 10_000)
    return QFontMetrics(font).boundingRect(room, _WRAPPED, text).height()


def _free(folder: Path, stem: str, suffix: str) -> Path:
    for number in range(1, SAME_NAME_MAX):
        path = folder / (f"{stem}.{suffix}" if number == 1 else f"{stem}-{number}.{suffix}")
        if not path.exists():
            return path
    raise OSError("too many pictures of one name")
