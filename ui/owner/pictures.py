"""A chart of the owner's pages saved as a picture: into the till's own folder, and a sentence that says where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths

from app.i18n import reason_of
from ui.charts.chart import Chart
from ui.charts.picture import save_picture
from ui.owner.desk import OwnerDesk

FOLDER: Final = "pictures"


def keep_picture(desk: OwnerDesk, chart: Chart, name: str, about: str, *, is_svg: bool) -> Path | None:
    """Save it, and say where; None where that failed, which is said as well."""
    messages = desk.context.messages
    today = desk.till.clock.local().date()
    try:
        path = save_picture(chart, folder_of(desk), name, today, about=about, is_svg=is_svg)
    except OSError as error:
        messages.error("charts.not_saved", reason=reason_of(error))
        return None
    messages.good("charts.saved", path=path)
    return path


def folder_of(desk: OwnerDesk) -> Path:
    """Beside the till's data; where there is none, the pictures of whoever works here."""
    keeper = desk.till.keeper
    if keeper is not None:
        return keeper.about().data_folder / FOLDER
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(place)
