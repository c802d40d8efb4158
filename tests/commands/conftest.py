"""A data folder as the first-run set-up leaves it, with a few sales, and the command line as a person uses it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Opener
from app.cli import main
from app.config import Config
from app.service.shop import ShopSettings
from app.service.till import NewShop
from tests.db.tills import open_shift, sell


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def plain(self) -> dict[str, Any]:
        """The object on the last line."""
        plain: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return plain


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return command


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    new = NewShop(ShopSettings(name="好日子選物店"), operators=(), key_source="file")
    till = Opener(Config(folder)).create(new)
    store = till.store
    open_shift(store)  # type: ignore[arg-type]
    for _ in range(3):
        sell(store)  # type: ignore[arg-type]
    till.close()
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """The data folder of a till that was closed."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("key.json", "till.db", "till.db.mark"):
        shutil.copyfile(made / name, folder / name)
    return folder
