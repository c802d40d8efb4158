"""Carrying out what waits on a USB stick: which folder, writing, and where the file lies and what to do with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStorageInfo, Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.errors import Refused, TillError
from app.service.sync_ports import Carried
from ui.settings.file_sheet import FileSheet
from ui.tasks import Worker
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.sync_ports import SyncAgent
    from ui.context import ScreenContext

STICK_PLACES: Final = ("/media/", "/run/media/", "/Volumes/")
SYSTEM_VOLUMES: Final = frozenset(("/Volumes/Macintosh HD",))


class CarrySheet(Sheet):
    """Finishes with the `Carried`, or None."""

    def __init__(self, window: QWidget, context: ScreenContext, agent: SyncAgent, waiting: int) -> None:
        super().__init__(window, "sync_ui.carry.title", width=680)
        self._context = context
        self._agent = agent
        self.is_busy = False
        self.carried: Carried | None = None
        self.what = TextLabel("sync_ui.carry.what", self.panel, wraps=True, count=f"{waiting:,}")
        self.folder = Field("sync_ui.carry.folder", self.panel, characters_max=1_000, width=2_000)
        self.choose = Button("sync_ui.carry.choose", Kind.SECONDARY, self.panel, size="compact")
        self.bar = QProgressBar(self.panel)
        self.bar.setRange(0, 0)
        self.words = TextLabel(parent=self.panel, wraps=True)
        self.path = TextLabel(parent=self.panel, type=TypeRole.LEAD, is_strong=True, wraps=True)
        self.path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.next = TextLabel("sync_ui.carry.next", self.panel, wraps=True)
        self.back = Button("ui.cancel", Kind.GHOST, self.panel)
        self.go = Button("sync_ui.carry.go", Kind.PRIMARY, self.panel)
        for widget in (self.what, self.folder, self.choose, self.bar, self.words, self.path, self.next):
            self.body.addWidget(widget)
        self.body.setAlignment(self.choose, Qt.AlignmentFlag.AlignLeft)
        for hidden in (self.bar, self.words, self.path, self.next):
            hidden.hide()
        self.add_button(self.back)
        self.add_button(self.go, is_default=True)
        connect_click(self.choose, self._on_choose)
        connect_click(self.back, self.step_back)
        connect_click(self.go, self.write)
        self.folder.entered.connect(self.write)
        self.folder.set_text(str(first_stick() or ""))
        self.set_first_focus(self.folder.edit)

    def step_back(self) -> None:
        """A file that is being written is finished first: a torn one would be worse than none."""
        if not self.is_busy:
            self.finish(self.carried)

    def write(self) -> None:
        """Write the file; once it lies there, the same key closes the sheet."""
        if self.carried is not None:
            self.finish(self.carried)
            return
        if self.is_busy:
            return
        folder = Path(self.folder.text).expanduser()
        if not self.folder.text or not folder.is_dir():
            self.folder.refuse(Refused("carry_folder"))
            return
        self._set_busy(is_busy=True)
        self.words.show_text("sync_ui.carry.writing")
        self.words.set_tone("muted")
        self.words.show()
        agent = self._agent
        self._context.tasks.run(
            lambda: agent.carry_out(folder),
            self._on_carried,
            self._on_failed,
            on_end=lambda: self._set_busy(is_busy=False),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_choose(self) -> None:
        start = Path(self.folder.text) if self.folder.text else _sticks_place()
        FileSheet(
            self.window(), "sync_ui.carry.folder", lambda path: self.folder.set_text(str(path)), start=start
        ).open()

    def _on_carried(self, carried: Carried) -> None:
        self.carried = carried
        self.set_title("sync_ui.carry.done_title")
        self.words.show_text("sync_ui.carry.done", count=f"{carried.facts:,}")
        self.words.set_tone("good")
        self.path.show_plain(str(carried.path))
        for shown in (self.path, self.next):
            shown.show()
        for gone in (self.what, self.folder, self.choose, self.back):
            gone.hide()
        self.go.show_text("ui.ok")

    def _on_failed(self, error: TillError) -> None:
        self.words.show_text(error.text_key, **error.fields)
        self.words.set_tone("danger")

    def _set_busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.bar.setVisible(is_busy)
        for widget in (self.folder, self.choose, self.back, self.go):
            widget.setEnabled(not is_busy)
        if is_busy:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.carried is not None:
            self.go.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.folder.setFocus(Qt.FocusReason.OtherFocusReason)


def first_stick() -> Path | None:
    """A stick that is plugged in and can be written to, as this system shows them; None when there is none to be seen."""
    for volume in QStorageInfo.mountedVolumes():
        root = volume.rootPath()
        is_stick = root.startswith(STICK_PLACES) and root not in SYSTEM_VOLUMES
        # On Windows every drive beside the system's own may be one.
        is_drive = len(root) <= 3 and root[1:2] == ":" and not volume.isRoot()
        if (is_stick or is_drive) and volume.isReady() and not volume.isReadOnly():
            return Path(root)
    return None


def _sticks_place() -> Path | None:
    return next((Path(each) for each in STICK_PLACES if Path(each).is_dir()), None)
