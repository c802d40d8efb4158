"""Choosing a file or a folder inside the window, by keyboard, by finger, or by typing its path.

It looks only into folders the operator opens; nothing is read of a file before it was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet

ENTRIES_MAX: Final = 1_000
_PLACES: Final = (
    ("settings.file.downloads", QStandardPaths.StandardLocation.DownloadLocation),
    ("settings.file.desktop", QStandardPaths.StandardLocation.DesktopLocation),
    ("settings.file.documents", QStandardPaths.StandardLocation.DocumentsLocation),
    ("settings.file.home", QStandardPaths.StandardLocation.HomeLocation),
)


class FileSheet(Sheet):
    """Asks for one path; `on_chosen` gets it once the sheet is gone. With no suffixes it asks for a folder."""

    def __init__(
        self,
        window: QWidget,
        title_key: str,
        on_chosen: Callable[[Path], None],
        *,
        suffixes: Sequence[str] = (),
        start: Path | None = None,
    ) -> None:
        super().__init__(window, title_key, width=760)
        self._suffixes = tuple(suffixes)
        self._folder = Path()
        self._entries: list[Path] = []
        self.path = Field("settings.file.path", self.panel, characters_max=1_000, width=2_000)
        self.path.entered.connect(self._on_entered)
        places = QHBoxLayout()
        for key, location in _PLACES:
            button = Button(key, parent=self.panel, size="compact")
            folder = Path(QStandardPaths.writableLocation(location))
            button.setEnabled(folder.is_dir())
            connect_click(button, lambda folder=folder: self.show_folder(folder))  # type: ignore[misc]
            places.addWidget(button)
        places.addStretch(1)
        self.table = RecordTable(
            (Column("settings.file.name", is_wide=True), Column("settings.file.kind", 120)), self.panel
        )
        self.table.setMinimumHeight(260)
        self.table.cellClicked.connect(lambda *_: self._show_chosen())
        self.table.chosen.connect(lambda _: self._take_selected())
        self.body.addLayout(places)
        self.body.addWidget(self.path)
        self.body.addWidget(self.table, 1)
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        connect_click(no, self.step_back)
        yes = Button("settings.file.choose", Kind.PRIMARY, self.panel)
        connect_click(yes, self._on_entered)
        self.add_button(no)
        self.add_button(yes, is_default=True)
        self.set_first_focus(self.path.edit)
        self.finished.connect(lambda path: on_chosen(path) if isinstance(path, Path) else None)
        self.show_folder(start if start is not None and start.is_dir() else _first_place())

    def show_folder(self, folder: Path) -> None:
        """List what can be opened or chosen in this folder. One that cannot be read shows empty."""
        self._folder = folder
        self._entries = [folder.parent] if folder.parent != folder else []
        try:
            found = sorted(folder.iterdir(), key=lambda path: (not path.is_dir(), path.name.lower()))
        except OSError:
            found = []
        shown = [path for path in found if not path.name.startswith(".") and self._is_shown(path)]
        self._entries += shown[:ENTRIES_MAX]
        rows = [
            (
                "‥" if path == folder.parent else path.name,
                path.suffix[1:].upper() if path.suffix and path in shown else "",
            )
            for path in self._entries
        ]
        self.table.set_records(rows, selected=0)
        self.path.set_text(str(folder))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}.get(
            Qt.Key(event.key())
        )
        if step is None:
            super().keyPressEvent(event)
            return
        self.table.step(step)
        self._show_chosen()
        event.accept()

    def _is_shown(self, path: Path) -> bool:
        return path.is_dir() or path.suffix.lower() in self._suffixes

    def _show_chosen(self) -> None:
        row = self.table.selected
        if 0 <= row < len(self._entries):
            self.path.set_text(str(self._entries[row]))

    def _take_selected(self) -> None:
        self._show_chosen()
        self._on_entered()

    def _on_entered(self) -> None:
        path = Path(self.path.text).expanduser()
        if path.is_dir() and (self._suffixes or path != self._folder):
            self.show_folder(path)
        elif path.is_dir() or (self._suffixes and path.is_file()):
            self.finish(path)
        else:
            self.path.say("settings.file.missing", tone="danger")


def _first_place() -> Path:
    folders = [Path(QStandardPaths.writableLocation(location)) for _, location in _PLACES]
    return next((folder for folder in folders if folder.is_dir()), Path.home())
