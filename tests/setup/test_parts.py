"""The parts of the set-up that decide something, each by itself."""

from __future__ import annotations

import ast
import io
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

import app.__main__ as way_in
from app.setup import install, launch, progress, screen
from app.setup.environment import Environment
from app.texts.setup import TEXTS
from tests.sources import ROOT


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("", [])),
        (["--data", "x"], ("", [])),
        (["--data", "test", "test", "-k", "x"], ("test", ["-k", "x"])),
        (["--lang", "en", "demo", "--out", "d"], ("demo", ["--out", "d"])),
        (["--data=x", "verify", "--full"], ("verify", ["--full"])),
        (["--help"], ("", [])),
    ],
)
def test_the_command_is_found_behind_options_and_their_values(
    arguments: list[str], expected: tuple[str, list[str]]
) -> None:
    assert launch.split_command(arguments) == expected


def test_the_whole_suite_uses_every_core_and_a_part_of_it_one() -> None:
    assert launch.test_arguments(["-k", "money"]) == ["-k", "money"]
    assert launch.test_arguments([]) in ([], ["-n", str(min(_cores(), 8)), "--dist", "loadfile"])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (
            "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)",
            "setup.no_network",
        ),
        ("error: Failed to fetch: `x`\n  Caused by: dns error", "setup.no_network"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "setup.disk_full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "setup.wrong_hash"),
        ("ERROR: No matching distribution found for pyside6-essentials==6.11.3", "setup.no_build"),
        (str(PermissionError(13, "Permission denied", "/opt/till/.venv.lock")), "setup.not_writable"),
        (str(OSError(30, "Read-only file system", "/cd/.venv.lock")), "setup.not_writable"),
        (str(NotADirectoryError(20, "Not a directory", "/file/x")), "setup.folder_taken"),
        ("Segmentation fault", "setup.failed"),
        ("", "setup.failed"),
    ],
)
def test_each_failure_is_explained_by_its_own_sentence(said: str, key: str) -> None:
    assert install.explain(said) == key


def test_every_sentence_about_a_failure_can_be_filled_in(tmp_path: Path) -> None:
    filled = install._fields(Environment(str(tmp_path / "e")), "requirements.lock", "x\nERROR: because\ny")
    assert filled["reason"] == "ERROR: because"
    for key in {key for _, key in install._CAUSES} | {"setup.failed"}:
        assert progress.text(key, **filled)


def test_packages_are_counted_in_the_real_lock_files() -> None:
    lock = ROOT / "app" / "setup" / "requirements.lock"
    names = [pin.partition("==")[0] for pin in install.pins(str(lock))]
    assert "pyside6-essentials" in names
    assert len(names) == len(re.findall(r"^[a-z0-9]", lock.read_text(), re.MULTILINE))


def test_the_set_to_run_is_not_complete_when_the_development_set_lacks_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, dev = tmp_path / "requirements.lock", tmp_path / "requirements-dev.lock"
    monkeypatch.setattr(install, "lock_path", lambda name: str(tmp_path / name))
    run.write_text("one==1.0\n")
    dev.write_text("one==1.0\ntwo==1.0\n")
    assert install.satisfied_locks(str(dev)) == [str(run), str(dev)]
    assert install.satisfied_locks(str(run)) == [str(run)]
    run.write_text("one==1.1\n")
    assert install.satisfied_locks(str(dev)) == [str(dev)]


def test_a_python_without_the_venv_part_is_told_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "find_spec", lambda name: None if name == "ensurepip" else object())
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    environment = Environment(str(tmp_path / "environment"))
    with pytest.raises(install.SetupFailed) as failed:
        install.complete(environment, str(ROOT / "app" / "setup" / "requirements.lock"))
    assert failed.value.key == "setup.no_venv"
    assert f"apt-get install -y python3.{sys.version_info[1]}-venv" in str(failed.value.fields["command"])
    assert not os.path.exists(environment.folder)


def test_missing_libraries_are_named_and_those_of_x_only_where_there_is_a_display() -> None:
    def load(library: str) -> object:
        if library in ("libEGL.so.1", "libxcb-icccm.so.4"):
            raise OSError(library)
        return object()

    assert screen.missing_libraries({}, load=load) == {"libEGL.so.1": "libegl1"}
    assert list(screen.missing_libraries({"DISPLAY": ":0"}, load=load).values()) == [
        "libegl1",
        "libxcb-icccm4",
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="apt-get is Debian's")
def test_one_line_installs_everything_for_this_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert screen.apt_command(["libegl1", "libgl1"]) == "sudo apt-get install -y libegl1 libgl1"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert screen.apt_command(["libegl1"]) == "apt-get install -y libegl1"
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert screen.apt_command(["libegl1"]) is None


def test_qt_starts_off_screen_here_and_that_is_remembered(tmp_path: Path) -> None:
    class Borrowing(Environment):
        python = Environment(sys.prefix).python

    environment = Borrowing(str(tmp_path))
    assert not environment.has_proof("offscreen")
    assert screen.check(environment, "offscreen")
    assert environment.has_proof("offscreen")


def test_a_screen_that_cannot_be_reached_is_a_sentence_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screen, "_trial", lambda environment, platform: "could not connect to display :5")
    monkeypatch.setattr(screen, "missing_libraries", lambda variables: {})
    monkeypatch.setenv("LC_ALL", "zh_TW.UTF-8")
    assert not screen.check(Environment(str(tmp_path)), "screen")
    assert "無法開啟視窗：could not connect to display :5" in capsys.readouterr().err


def test_an_old_python_is_told_in_every_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    assert way_in.main() == 3  # type: ignore[no-untyped-call]
    said = capsys.readouterr().err.splitlines()
    assert said == [sentence.format(found="3.8.18") for sentence in TEXTS["setup.python_too_old"]]


@pytest.mark.parametrize(
    "name", ["app/__init__.py", "app/__main__.py", "app/texts/__init__.py", "app/texts/setup.py"]
)
def test_what_an_old_python_reads_has_no_new_syntax(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign | ast.JoinedStr)]


def test_windows_keeps_its_interpreter_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, "name", "nt")
        python = Environment("till").python
    assert python == os.path.join("till", "Scripts", "python.exe")


def test_without_a_terminal_progress_is_a_few_lines() -> None:
    stream = io.StringIO()
    shown = progress.Progress(stream)
    for percent in (0, 3, 25, 24, 26, 60, 100):
        shown.show(percent, "qt")
    shown.close()
    assert stream.getvalue().splitlines() == ["  0 %  qt", " 25 %  qt", " 60 %  qt", "100 %  qt"]


def test_on_a_terminal_progress_is_one_line_that_fits_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    shown = progress.Progress(stream)
    shown.show(50, "解壓縮並安裝" * 20)
    shown.tick()
    shown.close()
    drawn = stream.getvalue().split("\r")
    assert "############............]  50 %" in drawn[1]
    columns = [sum(2 if character >= "\u2e80" else 1 for character in line) for line in drawn[1:]]
    assert max(columns) <= progress._COLUMNS
    assert drawn[-2:] == [" " * progress._COLUMNS, ""]
