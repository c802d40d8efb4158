"""Where a file goes, and what it is called: asked with both answers filled in. What fails is said beside the answers, which stay.

The folder that was used last is offered again; at first it is the exports beside the shop's data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths

from app.domain.authority import Approval
from app.domain.errors import Refused, TillError
from app.i18n import t
from app.service.exports.files import file_name, free_name
from ui.owner.desk import OwnerDesk
from ui.settings.file_sheet import FileSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click, row_of
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

WIDTH: Final = 760
WIDE: Final = 2_000
EXPORTS: Final = "exports"
SETTING: Final = "ui.export_folder"
Save = Callable[[Path, "Approval | None"], object]
"""Writes the file, on the store's worker."""


class SaveSheet(Sheet):
    """Finishes with the path once the file lies there. With several suffixes the operator chooses among them."""

    def __init__(
        self, desk: OwnerDesk, title_key: str, stem: str, suffixes: Sequence[str], save: Save
    ) -> None:
        super().__init__(desk.window, title_key, width=WIDTH)
        self._desk = desk
        self._save = save
        self._stem = file_name(stem)
        options = tuple((suffix, f"owner.save.kind_{suffix[1:]}") for suffix in suffixes)
        self.kind = Choice(options, suffixes[0], self.panel)
        self.kind.setVisible(len(suffixes) > 1)
        folder = _folder(desk)
        self.name = Field("owner.save.name", self.panel, characters_max=160, width=WIDE)
        self.folder = Field("owner.save.folder", self.panel, characters_max=1_000, width=WIDE)
        self.folder.set_text(str(folder))
        self.browse = Button("owner.save.browse", parent=self.panel, size="compact")
        for widget in (self.name, self.kind, self.folder):
            self.body.addWidget(widget)
        self.body.addLayout(row_of(self.browse))
        self.working = TextLabel("form.working", self.panel, tone="muted")
        self.working.hide()
        self.body.addWidget(self.working)
        self._lay_buttons()
        self._propose(suffixes[0])
        self.kind.chosen.connect(lambda suffix: self._propose(str(suffix)))
        self.name.entered.connect(self.confirm)
        self.folder.entered.connect(self.confirm)
        connect_click(self.browse, self._on_browse)
        self.set_first_focus(self.name.edit)

    @property
    def target(self) -> Path:
        """The file as it is answered now."""
        suffix = self.kind.value
        name = self.name.text
        return Path(self.folder.text).expanduser() / (
            name if name.lower().endswith(suffix) else name + suffix
        )

    def _propose(self, suffix: str) -> None:
        name = free_name(Path(self.folder.text).expanduser(), self._stem, suffix)
        self.name.set_text(name)
        self.name.edit.setCursorPosition(0)

    def _on_browse(self) -> None:
        FileSheet(
            self._desk.window,
            "owner.save.folder",
            lambda path: self.folder.set_text(str(path)),
            start=Path(self.folder.text),
        ).open()

    def _on_save(self) -> None:
        if not file_name(self.name.text.removesuffix(self.kind.value)):
            self.name.refuse(Refused("file_name_needed"))
            return
        target = self.target.with_name(file_name(self.target.name))
        save, store = self._save, self._desk.till.store

        def work(approval: Approval | None) -> Path:
            save(target, approval)
            with store.begin() as unit:
                unit.put_setting(SETTING, str(target.parent))
                unit.commit()
            return target

        self._show_working(is_working=True)
        self._desk.do(work, self._on_saved, owner=self, on_error=self._on_failed)

    def _on_saved(self, path: Path) -> None:
        self.finish(path)
        self._desk.context.messages.good("owner.saved", file=path.name, folder=str(path.parent))

    def _on_failed(self, error: TillError) -> None:
        """Beside the answer that was wrong."""
        self._show_working(is_working=False)
        if isinstance(error, Refused):
            self.name.refuse(error)
        else:
            self.folder.say(error.text_key, tone="danger", **error.fields)
            self.folder.edit.setFocus()
            self.folder.edit.selectAll()

    def _show_working(self, *, is_working: bool) -> None:
        self.working.setVisible(is_working)
        self.yes.setEnabled(not is_working)

    def _lay_buttons(self) -> None:
        cancel = Button("ui.cancel", Kind.GHOST, self.panel)
        self.yes = Button("owner.save.yes", Kind.PRIMARY, self.panel)
        connect_click(cancel, self.step_back)
        connect_click(self.yes, self._on_save)
        self.add_button(cancel)
        self.add_button(self.yes, is_default=True)


def _folder(desk: OwnerDesk) -> Path:
    """The one that was used last, while it is still there; else the exports beside the data; else the person's documents."""
    kept = desk.till.store.desk.setting(SETTING)
    if isinstance(kept, str) and kept and Path(kept).is_dir():
        return Path(kept)
    keeper = desk.till.keeper
    if keeper is not None:
        return keeper.backups_folder.parent / EXPORTS
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def day_stem(shop: str, title: str, days: str) -> str:
    """``好日子選物店 今日摘要 2026-11-22``."""
    return t("owner.save.stem", shop=shop, title=title, days=days)
