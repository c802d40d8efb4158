"""``member export`` and ``member erase`` as a person types them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.commands.conftest import Run

TABLE = "手機,姓名,電子信箱\n0987612340,魑魅鐸,spirit@example.tw\n"


@pytest.fixture
def known(data: Path, run: Run, tmp_path: Path) -> Path:
    """The data folder with a member in it, and a backup that knows them."""
    table = tmp_path / "members.csv"
    table.write_text(TABLE, "utf-8")
    assert run("--data", data, "import", "members", table).code == 0
    assert run("--data", data, "backup", data / "backups" / "older.regulars").code == 0
    return data


def test_a_member_is_exported_and_erased_everywhere(known: Path, run: Run, tmp_path: Path) -> None:
    exported = run("--data", known, "member", "export", "0987-612-340", "--out", tmp_path, "--json")
    assert exported.code == 0
    with zipfile.ZipFile(exported.plain["file"]) as archive:
        assert "魑魅鐸" in archive.read("member.txt").decode()
    erased = run("--data", known, "member", "erase", "0987612340", "--yes", "--json")
    assert (erased.code, erased.plain["copies"], erased.plain["locked"]) == (0, 1, 0)
    assert run("--data", known, "verify", "--full").code == 0
    again = run("--data", known, "member", "export", "0987612340", "--out", tmp_path)
    assert again.code == 1
    assert run("--data", known, "restore", known / "backups" / "older.regulars", "--yes").code == 0
    assert run("--data", known, "member", "export", "0987612340", "--out", tmp_path).code == 1


def test_erasing_is_asked_for_twice(known: Path, run: Run) -> None:
    answer = run("--data", known, "member", "erase", "0987612340")
    assert answer.code == 1
    assert "--yes" in answer.out
