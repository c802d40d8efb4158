"""The gallery opens every widget in every look and language without a warning; its pictures are for people to look at."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from ui import gallery
from ui.gallery_pages import PAGES


def test_every_page_and_sheet_can_be_looked_at_in_every_look(tmp_path: Path, look: object) -> None:
    saved = gallery.save_pictures(tmp_path)
    per_look = len(PAGES) + 4 + 2
    assert len(saved) == 4 * per_look
    for path in saved:
        image = QImage(str(path))
        colours = {image.pixel(x, image.height() // 2) for x in range(0, image.width(), 3)}
        assert len(colours) > 1, path.name
