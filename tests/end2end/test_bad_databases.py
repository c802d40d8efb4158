"""A database that cannot be opened: the start window and the command line say what is wrong and what to do, and the file stays as it is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app import cli
from app.bootstrap import Opener
from app.config import Config
from app.credentials import load_key
from app.domain.authority import Role
from app.domain.errors import TillError
from app.i18n import LANGUAGES, t
from app.service.shop import ShopSettings
from app.service.till import NewOperator, NewShop
from db import engine
from db.engine import connect
from db.migrate import SCHEMA_VERSION
from ui.start import StartWindow
from ui.widgets.text_label import TextLabel

pytestmark = pytest.mark.logs_warnings


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A shop of its own that was set up, with its key in a file, and closed."""
    config = Config(tmp_path / "data")
    owner = NewOperator("01", "王美玲", Role.OWNER, "739261")
    Opener(config).create(NewShop(ShopSettings(name="好日子選物店"), (owner,), "file")).close()
    return config


def damage(config: Config) -> None:
    """Its second half is gone."""
    os.truncate(config.database, config.database.stat().st_size // 2)


def replace_by_a_stranger(config: Config) -> None:
    """Somebody put another program's database in its place."""
    config.database.unlink()
    stranger = sqlite3.connect(config.database)
    stranger.execute("CREATE TABLE sales (id)")
    stranger.commit()
    stranger.close()


def age_backwards(config: Config) -> None:
    """A newer version of the product worked on it."""
    file = connect(config.database, load_key(config.data_dir).database_key)
    file.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    file.close()


DAMAGES: list[tuple[Callable[[Config], None], str]] = [
    (damage, "database_corrupt"),
    (replace_by_a_stranger, "database_foreign"),
    (age_backwards, "database_newer"),
]


@pytest.mark.parametrize(("harm", "code"), DAMAGES, ids=[code for _, code in DAMAGES])
def test_the_start_window_says_why_the_shop_does_not_open_and_offers_another_try(
    qtbot: QtBot, config: Config, harm: Callable[[Config], None], code: str
) -> None:
    harm(config)
    before = config.database.read_bytes()
    opener = Opener(config)
    window = StartWindow(opener)
    qtbot.addWidget(window)
    window.show()
    with pytest.raises(TillError) as caught:
        opener.open()
    window.fail(caught.value)
    assert t(f"error.{code}") in [label.text() for label in window.findChildren(TextLabel)]
    assert [button.text() for button in window.findChildren(QPushButton) if button.isVisible()] == [
        t("ui.retry")
    ]
    assert config.database.read_bytes() == before, "nothing is changed, nothing is lost"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("harm", "code"), DAMAGES, ids=[code for _, code in DAMAGES])
def test_the_command_line_says_it_in_the_owners_language(
    config: Config,
    harm: Callable[[Config], None],
    code: str,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    harm(config)
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    assert cli.main(["verify", "--data", str(config.data_dir)]) == 1
    said = capsys.readouterr().err
    assert t(f"error.{code}", language) in said
    assert "Traceback" not in said


def test_a_shop_whose_key_is_lost_says_so_and_keeps_its_books(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    before = config.database.read_bytes()
    (config.data_dir / "key.json").unlink()
    assert cli.main(["verify", "--data", str(config.data_dir)]) == 1
    assert "key.json" in capsys.readouterr().err
    assert config.database.read_bytes() == before


def test_a_till_that_another_program_holds_is_left_alone_and_said_to_be_in_use(
    config: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    holder = connect(config.database, load_key(config.data_dir).database_key)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert cli.main(["verify", "--data", str(config.data_dir)]) == 1
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert capsys.readouterr().err.strip() in {t("error.database_locked", language) for language in LANGUAGES}
    assert cli.main(["verify", "--data", str(config.data_dir)]) == 0
