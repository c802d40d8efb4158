"""`python3 -m app` for real, on a small project of its own and without a network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.setup.project import Project

SETUP_FAILED = 3
STOPPED = 130
posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX file locks and signals")


@pytest.fixture(scope="module")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("prepared") / "shop")
    assert project.run("verify").report["arguments"] == ["verify"]
    return project


@pytest.fixture
def prepared(_prepared: Project) -> Iterator[Project]:
    """A project whose environment is complete for two empty lock files, made once for this file."""
    for lock in (_prepared.lock, _prepared.dev_lock):
        lock.write_text("")
    _prepared.run("bench")
    yield _prepared
    for installed in _prepared.environment.rglob("gadget*"):
        shutil.rmtree(installed) if installed.is_dir() else installed.unlink()
    shutil.rmtree(_prepared.wheels)
    _prepared.wheels.mkdir()


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    return Project(tmp_path / "shop")


def test_the_first_start_makes_the_environment_and_runs_the_command_line_inside_it(fresh: Project) -> None:
    answer = fresh.run("--data", "my data", "verify", "--full")
    assert answer.report["arguments"] == ["--data", "my data", "verify", "--full"]
    assert os.path.realpath(answer.report["prefix"]) == os.path.realpath(fresh.environment)
    assert "First start" in answer.err
    assert "100 %" in answer.err
    assert "Set-up is complete." in answer.err


def test_a_prepared_start_says_nothing_and_sets_nothing_up(
    prepared: Project, record_property: Callable[[str, object], None]
) -> None:
    began = time.perf_counter()
    answer = prepared.run("verify")
    record_property("start_to_end_ms", round(1000 * (time.perf_counter() - began)))
    assert answer.report["arguments"] == ["verify"]
    assert answer.err == ""


def test_starting_inside_the_environment_goes_straight_to_the_command_line(prepared: Project) -> None:
    python = prepared.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    answer = subprocess.run(
        [python, "-m", "app", "verify"],
        cwd=prepared.folder,
        env=prepared.variables(),
        capture_output=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (7, b"")


def test_a_lock_that_was_only_touched_needs_no_set_up(prepared: Project) -> None:
    os.utime(prepared.lock, ns=(1, 1))
    assert prepared.run("verify").err == ""


def test_a_changed_lock_is_installed(prepared: Project) -> None:
    assert prepared.run("verify").report["has_gadget"] is False
    prepared.add_package("gadget")
    answer = prepared.run("verify")
    assert answer.report["has_gadget"] is True
    assert "Checking and completing" in answer.err
    assert prepared.run("verify").err == ""


def test_the_development_set_counts_as_the_set_to_run(prepared: Project) -> None:
    prepared.add_package("tool", lock=prepared.dev_lock)
    assert "Checking and completing" in prepared.run("bench").err
    assert prepared.run("verify").err == ""


def test_the_test_command_runs_pytest_with_what_it_is_given(prepared: Project) -> None:
    fake = "import os, sys\nprint(os.getcwd(), sys.argv[1:])\nsys.exit(5)\n"
    prepared.add_package("pytest", fake, lock=prepared.dev_lock)
    answer = prepared.run("test", "-k", "money")
    assert answer.code == 5
    assert answer.out.strip() == f"{prepared.folder} ['-k', 'money']"


def test_a_file_with_another_hash_is_never_installed(prepared: Project) -> None:
    digest = prepared.add_package("other")
    prepared.lock.write_text(prepared.lock.read_text().replace(digest, "0" * 64))
    answer = prepared.run("verify", LANG="zh_TW.UTF-8")
    assert answer.code == SETUP_FAILED
    assert "指紋不符" in answer.err
    assert str(prepared.environment / "setup.log") in answer.err
    assert not prepared.is_marked_complete()


def test_without_a_network_the_sentence_says_what_to_do(prepared: Project) -> None:
    prepared.add_package("unreachable")
    nowhere = {"PIP_NO_INDEX": "", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    answer = prepared.run("verify", **nowhere)
    assert answer.code == SETUP_FAILED
    assert "The network could not be reached" in answer.err
    assert "Traceback" not in answer.err
    assert prepared.run("verify").code == 7, "the same command goes on once the network is back"


@posix
def test_an_installer_that_cannot_do_it_is_followed_by_the_next(prepared: Project, tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'error: unknown setting'\nexit 2\n")
    uv.chmod(0o755)
    prepared.add_package("gadget")
    answer = prepared.run("verify", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert answer.report["has_gadget"] is True
    assert "unknown setting" in (prepared.environment / "setup.log").read_text()


def test_an_environment_without_its_installer_is_remade(fresh: Project) -> None:
    """This is what remains when a set-up dies between making the environment and putting pip into it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", fresh.environment], check=True)
    (fresh.environment / "left-over").touch()
    assert fresh.run("verify").report["arguments"] == ["verify"]
    assert not (fresh.environment / "left-over").exists()


@posix
def test_a_folder_left_by_a_killed_set_up_is_remade(fresh: Project) -> None:
    (fresh.environment / "bin").mkdir(parents=True)
    (fresh.folder / ".venv.lock").write_text("making")
    assert fresh.run("verify").report["arguments"] == ["verify"]


def test_a_working_environment_made_by_a_developer_is_kept_and_completed(prepared: Project) -> None:
    for marker in prepared.environment.glob("regulars-*"):
        marker.unlink()
    (prepared.environment / "kept").touch()
    prepared.run("verify")
    assert prepared.is_marked_complete()
    assert (prepared.environment / "kept").exists()


def test_a_folder_with_other_files_is_never_overwritten(fresh: Project, tmp_path: Path) -> None:
    precious = tmp_path / "pictures" / "family.jpg"
    precious.parent.mkdir()
    precious.write_text("kept")
    answer = fresh.run("verify", REGULARS_ENV=str(precious.parent))
    assert answer.code == SETUP_FAILED
    assert "will not be overwritten" in answer.err
    assert precious.read_text() == "kept"


def test_a_place_that_cannot_be_written_is_named(fresh: Project, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = fresh.run("verify", REGULARS_ENV=str(tmp_path / "file" / "environment"))
    assert answer.code == SETUP_FAILED
    assert str(tmp_path / "file") in answer.err
    assert "Traceback" not in answer.err


@posix
def test_a_second_set_up_waits_for_the_first(prepared: Project) -> None:
    prepared.add_package("gadget")
    with held(prepared.folder / ".venv.lock"):
        waiting = prepared.start("verify", LANG="zh_CN.UTF-8")
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == "另一个窗口正在准备，完成后会自动继续。\n"
    out, _ = waiting.communicate()
    assert waiting.returncode == 7
    assert '"has_gadget": true' in out


@posix
def test_ctrl_c_stops_with_a_sentence(prepared: Project) -> None:
    prepared.add_package("gadget")
    with held(prepared.folder / ".venv.lock"), heeded(signal.SIGINT):
        waiting = prepared.start("verify")
        assert waiting.stderr is not None
        waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)
        _, err = waiting.communicate()
    assert waiting.returncode == STOPPED
    assert err == "Stopped. Run the same command again to go on from here.\n"


@contextmanager
def heeded(number: signal.Signals) -> Iterator[None]:
    """What is started meanwhile hears this signal, even where the tests run in the background of a shell, which lets it be ignored."""
    before = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the guard as another set-up would."""
    import fcntl

    with path.open("r+b") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_the_till_runs_off_screen_and_says_so_once(prepared: Project) -> None:
    answer = prepared.run()
    assert answer.report["platform"] == "offscreen"
    assert answer.err.count("There is no screen here") == 1
    assert prepared.run(QT_QPA_PLATFORM="minimal").err == ""
    assert prepared.run("verify").report["platform"] == "offscreen"
    assert prepared.run("verify").err == ""
    assert prepared.run("demo", "--help").err == ""
    assert prepared.run(DISPLAY=":99").report["platform"] is None
