"""``verify``: exit code 0 when the books are whole, 1 with a list or a sentence when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.credentials import load_key
from tests.commands.conftest import Run


def damage(data: Path) -> None:
    """Somebody with the key changes a line."""
    from db.engine import connect

    key = load_key(data).database_key
    connection = connect(data / "till.db", key)
    connection.execute("DROP TRIGGER sale_line_never_update")
    connection.execute(
        "UPDATE sale_line SET net_minor = net_minor - 1, gross_minor = gross_minor - 1 WHERE seq = 2"
    )
    connection.close()


@pytest.mark.parametrize("words", [(), ("--full",)])
def test_whole_books_say_so(run: Run, data: Path, words: tuple[str, ...]) -> None:
    answer = run("--data", data, "verify", *words, "--json")
    assert answer.code == 0
    assert "帳目完整：4 筆紀錄" in answer.out
    assert answer.plain == {"ok": True, "facts": 4, "findings": []}
    assert answer.err == ""


def test_broken_books_are_listed_and_the_exit_code_says_so(run: Run, data: Path) -> None:
    damage(data)
    answer = run("verify", "--data", data, "--full", "--json")
    assert answer.code == 1
    assert "發現 2 個問題" in answer.out
    assert "單號 01-1-A000002 的總額、明細與收款不符" in answer.out
    assert answer.plain["ok"] is False
    found = [(one["check"], one["place"]) for one in answer.plain["findings"]]
    assert found == [("total_off", "01-1-A000002"), ("row_differs", "sale_line seq 2")]


def test_nothing_to_check_is_not_called_whole(run: Run, tmp_path: Path) -> None:
    answer = run("verify", "--data", tmp_path / "nowhere", "--json")
    assert answer.code == 1
    assert answer.plain == {"ok": False, "error": "database_missing"}
    assert "找不到收銀資料庫" in answer.err


@pytest.mark.logs_warnings
@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("key.json", b"{}", "key_unreadable"),
        ("till.db", b"no database of ours at all" * 4096, "database_foreign"),
        ("till.db", None, "database_corrupt"),
    ],
)
def test_books_that_do_not_open_say_why(
    run: Run, data: Path, file: str, content: bytes | None, code: str
) -> None:
    whole = (data / file).read_bytes()
    (data / file).write_bytes(whole[: len(whole) // 2 + 7] if content is None else content)
    answer = run("verify", "--data", data, "--json")
    assert answer.code == 1
    assert answer.plain == {"ok": False, "error": code}
    assert answer.err.strip()


def test_a_check_changes_nothing(run: Run, data: Path) -> None:
    (data / "till.db.mark").unlink()
    before = (data / "till.db").read_bytes()
    assert run("verify", "--data", data, "--full").code == 0
    assert (data / "till.db").read_bytes() == before, "no new life was begun"
