"""Opening the till on a machine without a display, and command lines that are wrong: a sentence, an exit code, and never a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap import Opener
from app.config import Config
from app.domain.errors import Unavailable
from tests.commands.conftest import Answer, Run

OPEN = "import sys; from app.cli import main; sys.exit(main(['--data', sys.argv[1]]))"


def open_till(data: Path) -> Answer:
    """As ``python3 -m app`` does it, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(data)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def test_without_a_display_the_till_says_so_and_leaves_its_picture(data: Path) -> None:
    answer = open_till(data)
    assert answer.code == 0
    assert answer.err == ""
    assert "沒有螢幕" in answer.out
    assert (data / "screenshots" / "till.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda data: (data / "key.json").unlink(), "找不到資料庫金鑰"),
        (lambda data: (data / "key.json").write_text("{"), "key.json 內容損壞"),
        (lambda data: (data / "till.db").write_bytes(bytes(range(256)) * 200), "資料庫檔案損壞"),
        (lambda data: (data / "till.db").unlink(), "找不到收銀資料庫"),
    ],
    ids=["key-missing", "key-damaged", "database-damaged", "database-missing"],
)
def test_a_shop_that_cannot_be_opened_is_told_and_never_replaced_by_the_demo(
    data: Path, spoil: object, sentence: str
) -> None:
    spoil(data)  # type: ignore[operator]
    answer = open_till(data)
    assert answer.code == 1
    assert sentence in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert not (data / "demo").exists()


def test_an_empty_folder_is_no_shop_yet(tmp_path: Path) -> None:
    assert not Opener(Config(tmp_path)).is_set_up


def test_a_set_up_that_was_interrupted_before_its_books_were_made_can_be_done_again(data: Path) -> None:
    (data / "till.db").unlink()
    (data / "till.db.mark").unlink()
    assert not Opener(Config(data)).is_set_up


def test_two_tills_never_work_on_the_same_books(data: Path) -> None:
    first = Opener(Config(data)).open()
    with pytest.raises(Unavailable) as refused:
        Opener(Config(data)).open()
    assert refused.value.code == "database_locked"
    first.close()
    Opener(Config(data)).open().close()


def test_the_second_till_says_that_the_first_is_open(data: Path) -> None:
    first = Opener(Config(data)).open()
    answer = open_till(data)
    first.close()
    assert answer.code == 1
    assert "另一個" in answer.err


@pytest.mark.parametrize("words", [("verify",), ("backup", "FILE"), ("report", "z")])
def test_books_that_were_lost_are_never_mistaken_for_the_demo_shops(
    run: Run, data: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (data / "demo").mkdir()
    for name in ("key.json", "till.db", "till.db.mark"):
        shutil.copyfile(data / name, data / "demo" / name)
    (data / "till.db").unlink()
    file = str(tmp_path / "copy.regulars")
    answer = run(*(file if word == "FILE" else word for word in words), "--data", data)
    assert answer.code == 1
    assert "找不到收銀資料庫" in answer.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("demo", "--out", "FILE"), "那裡是一個檔案"),
        (("bench", "commit", "--data", "FILE"), "那裡"),
        (("--data", "FILE"), "那裡是一個檔案"),
        (("import", "products", "FILE", "--encoding", "klingon"), "沒有「klingon」這種編碼"),
        (("import", "products", "NOWHERE"), "找不到檔案"),
    ],
)
def test_a_wrong_path_or_word_is_answered_with_a_sentence(
    run: Run, data: Path, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "file.csv"
    file.write_text("品名,售價\n茶,10\n", "utf-8")
    names = {"FILE": str(file), "NOWHERE": str(tmp_path / "nowhere.csv")}
    given = [names.get(word, word) for word in words]
    answer = run(*given) if "--data" in words else run(*given, *(() if "demo" in words else ("--data", data)))
    assert answer.code == 1
    assert sentence in answer.err
    assert "Traceback" not in answer.err


def test_an_unknown_command_is_answered_in_the_operators_language(
    capsys: pytest.CaptureFixture[str], run: Run
) -> None:
    with pytest.raises(SystemExit) as left:
        run("sell")
    assert left.value.code == 2
    assert "看不懂這個指令" in capsys.readouterr().err
