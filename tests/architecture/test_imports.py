"""Who may import whom: the contracts in pyproject.toml, and the rooms that get by with the standard library."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.sources import ROOT, imported_modules, parsed, place, python_files

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_imports_keep_to_the_contracts() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("files", "allowed"),
    [
        (("app/domain",), ("app.domain",)),
        (("app/setup", "app/texts"), ("app.setup", "app.i18n", "app.texts")),
    ],
    ids=["domain", "setup"],
)
def test_some_rooms_stand_on_the_standard_library_alone(
    files: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    wrong = foreign_imports(python_files(*files), allowed)
    assert not wrong, "\n".join(wrong)


def test_the_way_in_needs_only_the_standard_library() -> None:
    files = [ROOT / "app" / name for name in ("__init__.py", "__main__.py", "i18n.py", "log.py")]
    wrong = foreign_imports(files, ("app.setup", "app.texts", "app.cli"))
    assert not wrong, "\n".join(wrong)


def test_importing_app_imports_nothing() -> None:
    assert parsed(ROOT / "app" / "__init__.py").body == []


def foreign_imports(files: Iterable[Path], allowed: tuple[str, ...]) -> list[str]:
    return [
        f"{place(path, node)} imports {name}"
        for path in files
        for node, name in imported_modules(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == package or name.startswith(package + ".") for package in allowed)
    ]
