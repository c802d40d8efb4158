"""Settings of this machine: who decides, where things lie, and clear words about a damaged file."""

from __future__ import annotations

import stat
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from app import config
from app.config import Config
from app.domain.errors import Refused, Unavailable
from app.i18n import t


def test_the_command_line_decides_before_the_environment_and_that_before_the_platform(tmp_path: Path) -> None:
    environment = {"REGULARS_DATA": str(tmp_path / "environment")}
    assert config.load(tmp_path / "line", environment=environment).data_dir == tmp_path / "line"
    assert config.load(environment=environment).data_dir == tmp_path / "environment"
    assert "Regulars" in config.load(environment={}).data_dir.parts


def test_the_file_decides_the_language_before_the_system_does(tmp_path: Path) -> None:
    assert config.load(tmp_path, environment={"LANG": "C"}).language == "zh_TW"
    assert config.load(tmp_path, environment={"LANG": "en_US.UTF-8"}).language == "en"
    (tmp_path / "config.toml").write_text('language = "zh_CN"\n', encoding="utf-8")
    assert config.load(tmp_path, environment={"LANG": "en_US.UTF-8"}).language == "zh_CN"


def test_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = Config(tmp_path)
    assert settings.database == tmp_path / "till.db"
    assert settings.training_database == tmp_path / "training" / "till.db"
    assert settings.head_file == tmp_path / "head.json"
    names = {folder.relative_to(tmp_path).as_posix() for folder in settings.folders}
    assert names == {".", "training", "backups", "logs", "prints", "screenshots"}


def test_loading_creates_nothing(tmp_path: Path) -> None:
    config.load(tmp_path / "till")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="rights are kept differently there")
def test_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    settings = Config(tmp_path / "till")
    config.create_folders(settings)
    config.create_folders(settings)
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in settings.folders} == {0o700}


def test_what_was_saved_is_loaded_again(tmp_path: Path) -> None:
    saved = replace(Config(tmp_path), language="zh_CN", theme="dark", log_level="DEBUG")
    config.save(saved)
    assert config.load(tmp_path) == saved
    assert not list(tmp_path.glob("*.new"))


def test_every_setting_that_can_be_written_has_its_choices() -> None:
    assert {field.name for field in fields(Config)} == {"data_dir", *config.CHOICES}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'language = "zh_TW', "config_unreadable"),
        (b"language = \xff\xfe", "config_unreadable"),
        (b'language = "de"', "config_setting_unknown"),
        (b'langauge = "en"', "config_setting_unknown"),
        (b"theme = [1]", "config_setting_unknown"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place_and_remedy(
    tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    with pytest.raises(Refused) as refused:
        config.load(tmp_path)
    assert refused.value.code == code
    assert str(tmp_path / "config.toml") in t(refused.value.text_key, "zh_TW", **refused.value.fields)


def test_a_file_written_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b'\xef\xbb\xbftheme = "dark"\r\n')
    assert config.load(tmp_path).theme == "dark"


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable) as unavailable:
        config.save(Config(tmp_path / "file" / "till"))
    assert unavailable.value.code == "data_folder_unwritable"
