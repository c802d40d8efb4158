"""The rules every test runs under do bite: stray warnings and logs fail, and nothing is random."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import settings

from tests.sources import ROOT

SAMPLE = """
import logging, os, warnings
import pytest

def test_quiet():
    logging.getLogger("regulars.till").info("fine")
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"

def test_stray_log():
    logging.getLogger("regulars.till").warning("nobody expected this")

@pytest.mark.logs_warnings
def test_declared_log():
    logging.getLogger("regulars.till").warning("expected")

def test_stray_warning():
    warnings.warn("old", DeprecationWarning)

def test_forgotten_data_folder():
    assert "unnamed-data-folder" in os.environ["REGULARS_DATA"]

@pytest.mark.no_such_marker
def test_never_collected():
    pass
"""


def test_stray_logs_and_warnings_fail_a_test(tmp_path: Path) -> None:
    sample = tmp_path / "test_sample.py"
    sample.write_text(SAMPLE.replace("@pytest.mark.no_such_marker\n", ""))
    said = run_pytest(sample)
    assert "::test_stray_log" in said
    assert "::test_stray_warning" in said
    assert "2 failed, 4 passed" in said, said


def test_a_marker_that_nobody_declared_fails_the_run(tmp_path: Path) -> None:
    sample = tmp_path / "test_sample.py"
    sample.write_text(SAMPLE)
    assert "'no_such_marker' not found" in run_pytest(sample)


def test_hypothesis_always_takes_the_same_examples() -> None:
    if os.environ.get("HYPOTHESIS_PROFILE", "ci") == "ci":
        assert settings().derandomize
        assert settings().deadline is None


def run_pytest(sample: Path) -> str:
    """Run a file that lies elsewhere under this project's own configuration."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "QT_"))}
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", "pyproject.toml",
         "-q", str(sample)],
        cwd=ROOT, env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return answer.stdout + answer.stderr
