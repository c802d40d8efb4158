"""The shop's data: a backup now, the check of the books, bringing in goods and members; and what this till is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.errors import TillError
from app.i18n import t
from app.service.importing import ImportKind
from app.service.keeping import BackupMade, BooksChecked
from app.service.till import Till
from ui.context import ScreenContext
from ui.settings.file_sheet import FileSheet
from ui.settings.import_sheet import ImportSheet
from ui.settings.page import SettingsPage
from ui.tasks import Job, Progress, Task, Worker
from ui.theme import Space
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Card, Facts, Field, connect_click, row_of
from ui.widgets.text_label import TextLabel

FINDINGS_SHOWN_MAX: Final = 8
MEGABYTE: Final = 1_000_000


class DataPage(SettingsPage):
    """Backup, check, import."""

    NAME = "data"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self._task: Task[BooksChecked] | None = None
        self._make_backup()
        self._make_check()
        self._make_import()

    def refresh(self) -> None:
        keeper = self._till.keeper
        for button in (self.back_up_now, self.check_quick, self.check_full):
            button.setEnabled(keeper is not None)
        if keeper is not None and not self.folder.text:
            self.folder.set_text(str(keeper.backups_folder))

    # --- backup ----------------------------------------------------------------------------------------------------

    def back_up(self) -> None:
        keeper = self._till.keeper
        assert keeper is not None
        folder = Path(self.folder.text).expanduser()
        self.back_up_now.setEnabled(False)
        self.backup_words.show_text("form.working")
        self._context.tasks.run(
            lambda: keeper.back_up(folder),
            self._on_backed_up,
            self._on_backup_failed,
            on_end=lambda: self.back_up_now.setEnabled(True),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_backed_up(self, made: BackupMade) -> None:
        self.backup_words.show_text(
            "data.backup_made", file=str(made.file), megabytes=f"{made.size_bytes / MEGABYTE:.1f}"
        )
        self.backup_words.set_tone("good")

    def _on_backup_failed(self, error: TillError) -> None:
        self.backup_words.show_text(error.text_key, **error.fields)
        self.backup_words.set_tone("danger")

    # --- the check -------------------------------------------------------------------------------------------------

    def check(self, *, is_full: bool) -> None:
        """Start it, or stop the one under way."""
        if self._task is not None and self._task.is_running:
            self._task.cancel()
            return
        keeper = self._till.keeper
        assert keeper is not None

        def work(job: Job) -> BooksChecked:
            return keeper.verify(
                is_full=is_full,
                progress=lambda step, done, total: job.report(done, total, t(f"verify.step_{step}")),
            )

        self._show_checking(is_checking=True)
        self._task = self._context.tasks.run(
            work,
            self._on_checked,
            progress=self._on_progress,
            on_end=lambda: self._show_checking(is_checking=False),
            worker=Worker.POOL,
            owner=self,
        )

    def _on_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        self.check_words.show_plain(progress.text)

    def _on_checked(self, checked: BooksChecked) -> None:
        count = len(checked.findings)
        self.check_words.show_text("verify.bad" if count else "verify.good", facts=checked.facts, count=count)
        self.check_words.set_tone("danger" if count else "good")
        shown = checked.findings[:FINDINGS_SHOWN_MAX]
        sentences = [t(f"verify.{one.check}", None, place=one.place, detail=one.detail) for one in shown]
        self.findings.show_plain("\n".join(sentences))
        self.findings.setVisible(bool(sentences))

    def _show_checking(self, *, is_checking: bool) -> None:
        self.bar.setVisible(is_checking)
        self.check_full.setEnabled(not is_checking)
        self.check_quick.show_text("ui.cancel" if is_checking else "settings.data.check_quick")
        if is_checking:
            self.bar.setRange(0, 0)
            self.check_words.show_text("form.working")
            self.check_words.set_tone("")
            self.findings.hide()

    # --- import ----------------------------------------------------------------------------------------------------

    def bring_in(self, kind: ImportKind) -> None:
        ImportSheet(self.window(), self._till, self._context, kind).open()

    def _on_browse(self) -> None:
        FileSheet(
            self.window(),
            "settings.data.folder",
            lambda path: self.folder.set_text(str(path)),
            start=Path(self.folder.text),
        ).open()

    # --- making it -------------------------------------------------------------------------------------------------

    def _make_backup(self) -> None:
        card = Card("settings.data.backup", self, panel="raised")
        self.folder = Field("settings.data.folder", card, characters_max=1_000, width=2_000)
        self.browse = Button("settings.import.browse", parent=card, size="compact")
        self.back_up_now = Button("settings.data.back_up_now", Kind.PRIMARY, card, size="compact")
        self.backup_words = TextLabel("settings.data.backup_hint", card, tone="muted", wraps=True)
        connect_click(self.browse, self._on_browse)
        connect_click(self.back_up_now, self.back_up)
        self.folder.entered.connect(self.back_up)
        card.body.addWidget(self.folder)
        card.body.addLayout(row_of(self.browse, self.back_up_now))
        card.body.addWidget(self.backup_words)
        self.body.addWidget(card)

    def _make_check(self) -> None:
        card = Card("settings.data.check", self, panel="raised")
        self.check_quick = Button("settings.data.check_quick", parent=card, size="compact")
        self.check_full = Button("settings.data.check_full", parent=card, size="compact")
        self.check_words = TextLabel("settings.data.check_hint", card, tone="muted", wraps=True)
        self.findings = TextLabel(parent=card, wraps=True)
        self.findings.hide()
        self.bar = QProgressBar(card)
        self.bar.hide()
        connect_click(self.check_quick, lambda: self.check(is_full=False))
        connect_click(self.check_full, lambda: self.check(is_full=True))
        card.body.addLayout(row_of(self.check_quick, self.check_full))
        for widget in (self.bar, self.check_words, self.findings):
            card.body.addWidget(widget)
        self.body.addWidget(card)

    def _make_import(self) -> None:
        card = Card("settings.data.import", self, panel="raised")
        goods = Button("settings.import.products", parent=card, size="compact")
        members = Button("settings.import.members", parent=card, size="compact")
        connect_click(goods, lambda: self.bring_in(ImportKind.PRODUCTS))
        connect_click(members, lambda: self.bring_in(ImportKind.MEMBERS))
        card.body.addLayout(row_of(goods, members))
        self.body.addWidget(card)
        self.body.addSpacing(Space.S)


class AboutPage(SettingsPage):
    """Which version this is, where the data lies, where the key is."""

    NAME = "about"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(till, context, parent)
        self.facts = Facts(self)
        self.key = TextLabel(parent=self, tone="muted", wraps=True)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.key)

    def refresh(self) -> None:
        keeper = self._till.keeper
        self.facts.clear()
        shop = self._till.shop
        self.facts.show_fact("settings.about.till", f"{shop.name} {shop.store_code}-{shop.till_code}")
        if keeper is None:
            return
        about = keeper.about()
        self.facts.show_fact("settings.about.version", about.version)
        self.facts.show_fact("settings.about.folder", str(about.data_folder))
        self.facts.show_fact("settings.about.size", f"{about.database_bytes / MEGABYTE:,.1f} MB")
        self.facts.show_fact("settings.about.facts", f"{about.facts:,}")
        self.facts.show_fact("settings.about.key", t(f"settings.about.key_{about.key_source}"))
        self.key.show_text(f"settings.about.key_{about.key_source}_means")
