"""What a reviewer should never have to say: sizes, leftovers, hidden clocks, stray prints, addresses, new rooms."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator

from tests.sources import ROOT, calls, imported_modules, parsed, place, python_files

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70

TOP_LEVEL = {
    "app", "ui", "db", "sync", "devices", "migrations", "tests",
    "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md",
}  # fmt: skip

# The clock and chance enter the product here and are handed on; nowhere else is either asked for.
CLOCK_AND_CHANCE_PORTS = {"app/bootstrap.py", "app/clock.py", "app/domain/ids.py", "app/credentials.py"}
HIDDEN_INPUTS = re.compile(
    r"^(datetime\.(datetime\.)?(now|utcnow|today)|(datetime\.)?date\.today|time\.time(_ns)?|(uuid\.)?uuid[14]"
    r"|random\.(?!Random$)\w+|secrets\.\w+|os\.urandom)$"
)
SILENT_ROOMS = ("app/domain", "app/insight", "app/service", "ui", "db", "devices", "sync")


def test_no_file_is_longer_than_a_head_can_hold() -> None:
    wrong = [
        f"{place(path)}: {lines} lines"
        for path in (*python_files(), *python_files("tests"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES_MAX
    ]
    assert not wrong, "\n".join(wrong)


def test_no_function_is_longer_than_a_screen() -> None:
    wrong = [
        f"{place(path, node)} {node.name}: {lines} lines"
        for path in (*python_files(), *python_files("tests"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_for_later() -> None:
    leftover = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b|\bNotImplemented" + "Error")
    wrong = [
        f"{place(path)}:{number}: {line.strip()}"
        for path in (*python_files(), *python_files("tests"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if leftover.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_clock_and_chance_enter_only_through_their_ports() -> None:
    wrong = [
        f"{where} {name}()"
        for where, name in hidden_inputs()
        if where.rpartition(":")[0] not in CLOCK_AND_CHANCE_PORTS
    ]
    assert not wrong, "\n".join(wrong)


def hidden_inputs() -> Iterator[tuple[str, str]]:
    for path in (*python_files(), *python_files("tests")):
        # A seeded generator that was handed in is often called `random`; only the module itself is hidden chance.
        has_random_module = any(
            name == "random" for node, name in imported_modules(path) if isinstance(node, ast.Import)
        )
        for call, name in calls(path):
            if HIDDEN_INPUTS.match(name) and (has_random_module or not name.startswith("random.")):
                yield place(path, call), name


def test_only_the_command_line_prints() -> None:
    wrong = [
        place(path, call)
        for path in python_files(*SILENT_ROOMS)
        for call, name in calls(path)
        if name == "print"
    ]
    assert not wrong, "\n".join(wrong)


def test_lock_files_hold_no_address_and_a_hash_for_every_package() -> None:
    locks = sorted((ROOT / "app" / "setup").glob("*.lock"))
    assert [lock.name for lock in locks] == ["requirements-dev.lock", "requirements.lock"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
        assert packages
        assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_the_development_set_contains_the_set_to_run() -> None:
    run, dev = (
        set(re.findall(r"^[A-Za-z0-9][^\s;\\]*", (ROOT / "app" / "setup" / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run <= dev


def test_the_top_level_holds_only_what_was_agreed() -> None:
    assert {name for name in top_level_names() if not name.startswith(".")} - TOP_LEVEL == set()


def top_level_names() -> set[str]:
    """What is kept at the top: what git knows, or what lies there when this is no clone."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return {name.partition("/")[0] for name in listed.stdout.split("\0") if name}
    return {path.name for path in ROOT.iterdir()}
