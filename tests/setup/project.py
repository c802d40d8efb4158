"""A small project that sets itself up for real: the product's launcher, an empty lock file, and a command line that reports."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tests.sources import ROOT

EXIT_CODE = 7
COMMAND_LINE = f"""
import importlib.util, json, os, sys

def main(argv):
    print(json.dumps({{
        "arguments": argv,
        "prefix": sys.prefix,
        "platform": os.environ.get("QT_QPA_PLATFORM"),
        "has_gadget": importlib.util.find_spec("gadget") is not None,
    }}))
    return {EXIT_CODE}
"""
COPIED = ("__init__.py", "__main__.py", "i18n.py", "texts/__init__.py", "texts/setup.py")


class Project:
    """Lives in `folder`; its packages come from `wheels`, never from a network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = folder / ".venv"
        self.wheels = folder.parent / (folder.name + "-wheels")
        self.lock = folder / "app" / "setup" / "requirements.lock"
        self.dev_lock = folder / "app" / "setup" / "requirements-dev.lock"
        self.wheels.mkdir(parents=True)
        for name in (*COPIED, *(f"setup/{path.name}" for path in (ROOT / "app" / "setup").glob("*.py"))):
            target = folder / "app" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "app" / name, target)
        (folder / "app" / "cli.py").write_text(COMMAND_LINE, encoding="utf-8")
        self.lock.touch()
        self.dev_lock.touch()

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start `python3 -m app ...` as a newcomer would, with the Python that made the tests' own environment."""
        python = getattr(sys, "_base_executable", sys.executable)
        return subprocess.Popen(
            [python, "-m", "app", *arguments], cwd=self.folder, env={**self.variables(), **variables},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, *arguments: str, **variables: str) -> Answer:
        process = self.start(*arguments, **variables)
        out, err = process.communicate()
        return Answer(process.returncode, out, err)

    def variables(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
        return kept | {
            "HOME": str(self.folder.parent),
            "LANG": "en_US.UTF-8",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_NO_CACHE_DIR": "1",
            "UV_NO_INDEX": "1",
            "UV_FIND_LINKS": str(self.wheels),
        }

    def add_package(self, name: str, source: str = "", *, lock: Path | None = None) -> str:
        """Put a package into the wheel folder and the lock file; returns its digest."""
        wheel = build_wheel(self.wheels, name, source)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        with (lock or self.lock).open("a", encoding="utf-8") as file:
            file.write(f"{name}==1.0 \\\n    --hash=sha256:{digest}\n")
        return digest

    def is_marked_complete(self) -> bool:
        return any(self.environment.glob("regulars-requirements*"))


class Answer:
    """What a finished start said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def report(self) -> dict[str, Any]:
        """What the command line reported; fails when it was never reached."""
        assert self.code == EXIT_CODE, self.err
        report: dict[str, Any] = json.loads(self.out)
        return report


def build_wheel(folder: Path, name: str, source: str) -> Path:
    """The smallest wheel that pip installs: one module."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(content)},{len(content)}\n" for path, content in files.items())
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel


def _digest(content: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
