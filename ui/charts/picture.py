"""A chart as a file to send or to print: its sentence above, the picture, its hint below. PNG at twice its size, or SVG.

Whatever theme is in force, the file looks as the screen does; nothing that is looked at or held is in it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from ui import theme
from ui.charts.chart import Chart
from ui.theme import Space, TypeRole

SCALE: Final = 2
SAME_NAME_MAX: Final = 1_000
_WRAPPED: Final = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def save_picture(chart: Chart, folder: Path, name: str, day: date, *, is_svg: bool = False) -> Path:
    """Write it and say where it lies; what is there already stays. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"{name}-{day:%Y%m%d}", "svg" if is_svg else "png")
    written = _write_svg(chart, path) if is_svg else _write_png(chart, path)
    if not written:
        raise OSError(f"could not write {path.name}")
    return path


def _write_png(chart: Chart, path: Path) -> bool:
    size = _size(chart)
    picture = QImage(size * SCALE, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(SCALE)
    painter = QPainter(picture)
    _paint(chart, painter, size)
    painter.end()
    return picture.save(str(path))


def _write_svg(chart: Chart, path: Path) -> bool:
    size = _size(chart)
    paper = QSvgGenerator()
    paper.setFileName(str(path))
    paper.setSize(size)
    paper.setViewBox(QRect(0, 0, size.width(), size.height()))
    paper.setTitle(chart.accessibleName())
    painter = QPainter()
    if not painter.begin(paper):
        return False
    _paint(chart, painter, size)
    return painter.end()


def _paint(chart: Chart, painter: QPainter, size: QSize) -> None:
    look = theme.current()
    painter.fillRect(QRect(0, 0, size.width(), size.height()), QColor(look.colours.surface))
    painter.setFont(look.font(TypeRole.BODY, is_bold=True))
    painter.setPen(QColor(look.colours.text))
    painter.drawText(_heading(chart), int(_WRAPPED), chart.accessibleName())
    painter.translate(0, size.height() - chart.height())
    chart.paint_picture(painter)


def _heading(chart: Chart) -> QRect:
    """Where the sentence stands."""
    look = theme.current()
    inset = look.px(Space.M)
    room = QRect(inset, inset, chart.width() - 2 * inset, chart.height())
    metrics = QFontMetrics(look.font(TypeRole.BODY, is_bold=True))
    needed = metrics.boundingRect(room, int(_WRAPPED), chart.accessibleName())
    return QRect(inset, inset, room.width(), needed.height())


def _size(chart: Chart) -> QSize:
    return QSize(chart.width(), chart.height() + _heading(chart).bottom() + theme.current().px(Space.S))


def _free(folder: Path, stem: str, suffix: str) -> Path:
    for number in range(1, SAME_NAME_MAX):
        path = folder / (f"{stem}.{suffix}" if number == 1 else f"{stem}-{number}.{suffix}")
        if not path.exists():
            return path
    raise OSError("too many pictures of one name")
