"""``backup`` and ``restore``: there and back, with the own key, with a passphrase, on a new machine, and with a lost key."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.commands import passphrase
from tests.commands.conftest import Run

PASSPHRASE = "通關密語 一二三四"


@pytest.fixture(autouse=True)
def _no_passphrase_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(passphrase.VARIABLE, raising=False)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_backup_is_made_and_says_where_it_opens(run: Run, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "usb" / "today.db"
    answer = run("backup", target, "--data", data)
    assert answer.code == 0
    assert f"備份完成：{target}" in answer.out
    assert "只能用這台收銀機的金鑰打開" in answer.out
    assert target.stat().st_size > 4096
    with_passphrase = run("backup", target, "--data", data, "--passphrase", PASSPHRASE)
    assert with_passphrase.code == 0
    assert "只能用這台" not in with_passphrase.out


def test_there_and_back(run: Run, data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "today.db", "--data", data)
    before = content(data)
    refused = run("restore", tmp_path / "today.db", "--data", data)
    assert refused.code == 1
    assert "--yes" in refused.err
    assert content(data) == before
    answer = run("restore", tmp_path / "today.db", "--data", data, "--yes")
    assert answer.code == 0
    assert "單號不會重複" in answer.out
    assert "原有資料保留在" in answer.out
    assert len(list(data.glob("till.db.replaced-*"))) == 2, "with its mark"
    assert run("verify", "--full", "--data", data).code == 0


def test_a_backup_with_a_passphrase_sets_up_a_new_machine(run: Run, data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "today.db", "--data", data, "--passphrase", PASSPHRASE)
    new = tmp_path / "new machine"
    answer = run("restore", tmp_path / "today.db", "--data", new, "--passphrase", PASSPHRASE)
    assert answer.code == 0
    assert "key.json" in answer.out, "there is no key store here, and that is said"
    assert run("verify", "--full", "--json", "--data", new).plain["ok"]


def test_a_refused_restore_leaves_no_key_behind(run: Run, data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "today.db", "--data", data, "--passphrase", PASSPHRASE)
    new = tmp_path / "new machine"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.log.store.error", lambda *_: None)
        answer = run("restore", tmp_path / "today.db", "--data", new, "--passphrase", "something else")
    assert answer.code == 1
    assert "通關密語不對" in answer.err
    assert content(new) == {}


@pytest.mark.logs_warnings
@pytest.mark.parametrize("lost", ["gone", "damaged"])
def test_a_till_whose_key_is_lost_comes_back_from_a_backup_with_a_passphrase(
    run: Run, data: Path, tmp_path: Path, lost: str
) -> None:
    run("backup", tmp_path / "today.db", "--data", data, "--passphrase", PASSPHRASE)
    if lost == "gone":
        (data / "key.json").unlink()
    else:
        (data / "key.json").write_bytes(b"{")
    assert run("verify", "--data", data).code == 1
    before = content(data)
    wrong = run("restore", tmp_path / "today.db", "--data", data, "--yes", "--passphrase", "something else")
    assert wrong.code == 1
    assert content(data) == before
    answer = run("restore", tmp_path / "today.db", "--data", data, "--yes", "--passphrase", PASSPHRASE)
    assert answer.code == 0, answer.err
    assert run("verify", "--full", "--data", data).code == 0
    kept = [path for path in data.glob("till.db.replaced-*") if not path.name.endswith(".mark")]
    assert len(kept) == 1
    if lost == "damaged":
        assert [path.read_bytes() for path in data.glob("key.json.replaced-*")] == [b"{"]


@pytest.mark.logs_warnings
def test_a_backup_under_a_lost_key_is_refused_and_says_what_is_missing(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run("backup", tmp_path / "today.db", "--data", data)
    key = (data / "key.json").read_bytes()
    (data / "key.json").unlink()
    answer = run("restore", tmp_path / "today.db", "--data", data, "--yes")
    assert answer.code == 1
    assert "--passphrase" in answer.err
    assert not (data / "key.json").exists()
    (data / "key.json").write_bytes(key)
    assert run("verify", "--full", "--data", data).code == 0, "put the key back, and all is as it was"


def test_a_passphrase_is_asked_for_or_comes_from_the_environment_and_is_never_printed(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = run("backup", tmp_path / "today.db", "--data", data, "--passphrase")
    assert nobody.code == 1
    assert "需要" in nobody.err
    monkeypatch.setenv(passphrase.VARIABLE, PASSPHRASE)
    answers = [
        run("backup", tmp_path / "today.db", "--data", data, "--passphrase"),
        run("restore", tmp_path / "today.db", "--data", tmp_path / "b", "--passphrase"),
    ]
    assert [answer.code for answer in answers] == [0, 0]
    assert all(PASSPHRASE not in answer.out + answer.err for answer in answers)


def test_a_new_passphrase_is_typed_twice(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    typed = iter([PASSPHRASE, PASSPHRASE + "x", PASSPHRASE, PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert "不同" in run("backup", tmp_path / "today.db", "--data", data, "--passphrase").err
    assert run("backup", tmp_path / "today.db", "--data", data, "--passphrase").code == 0
    assert run("restore", tmp_path / "today.db", "--data", tmp_path / "b", "--passphrase").code == 0
    assert list(typed) == [], "an old one is typed once"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "{data}/till.db"), "收銀機自己的檔案"),
        (("backup", "{data}/key.json"), "收銀機自己的檔案"),
        (("backup", "{tmp}/x.db", "--passphrase", "short"), "至少要 8 個字"),
        (("restore", "{tmp}/nothing.db", "--yes"), "找不到備份檔"),
        (("restore", "{data}/key.json", "--yes"), "不完整或已損壞"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    run: Run, data: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    before = content(data)
    answer = run(*(word.format(data=data, tmp=tmp_path) for word in words), "--data", data)
    assert answer.code == 1
    assert said in answer.err
    assert content(data) == before


def test_a_folder_without_a_till_has_nothing_to_back_up(run: Run, tmp_path: Path) -> None:
    answer = run("backup", tmp_path / "today.db", "--data", tmp_path / "empty")
    assert answer.code == 1
    assert "找不到收銀資料庫" in answer.err
    assert not (tmp_path / "today.db").exists()


def test_the_demo_shop_is_backed_up_when_it_is_meant(run: Run, data: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(data, home / "demo")
    assert run("backup", tmp_path / "demo.db", "--data", home).code == 1
    assert run("backup", tmp_path / "demo.db", "--data", home, "--demo").code == 0
    assert os.path.getsize(tmp_path / "demo.db") > 4096
