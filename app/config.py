"""Where this till keeps its data and how this machine shows it; known before any database is open.

Everything the shop decides (prices, tax, printers, operators) lives in the database, never here. What is here is decided, in
order, by the command line, the environment, `config.toml` in the data folder, and the defaults below.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.errors import Refused, Unavailable
from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, reason_of, system_language

FILE_NAME: Final = "config.toml"
DATA_VARIABLE: Final = "REGULARS_DATA"
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "language": LANGUAGES,
    "theme": ("system", "light", "dark"),
    "log_level": ("DEBUG", "INFO", "WARNING"),
}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of this machine. `data_dir` holds everything the till writes."""

    data_dir: Path
    language: str = DEFAULT_LANGUAGE
    theme: str = "system"
    log_level: str = "INFO"

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            assert getattr(self, name) in choices, name

    @property
    def file(self) -> Path:
        return self.data_dir / FILE_NAME

    @property
    def database(self) -> Path:
        return self.data_dir / "till.db"

    @property
    def training_database(self) -> Path:
        """Practice sales, in a file of their own: nothing of them can reach the books."""
        return self.data_dir / "training" / "till.db"

    @property
    def head_file(self) -> Path:
        """The sidecar that remembers the last position outside the database, so that a restored copy is noticed."""
        return self.data_dir / "head.json"

    @property
    def backups_dir(self) -> Path:
        return self.data_dir / "backups"

    @property
    def logs_dir(self) -> Path:
        return self.data_dir / "logs"

    @property
    def prints_dir(self) -> Path:
        """Receipts as pictures and printer bytes, where no printer takes them."""
        return self.data_dir / "prints"

    @property
    def screenshots_dir(self) -> Path:
        return self.data_dir / "screenshots"

    @property
    def folders(self) -> tuple[Path, ...]:
        return (
            self.data_dir,
            self.training_database.parent,
            self.backups_dir,
            self.logs_dir,
            self.prints_dir,
            self.screenshots_dir,
        )


def load(data_dir: Path | None = None, *, environment: Mapping[str, str] = os.environ) -> Config:
    """The settings for the data folder named by `--data`, else `$REGULARS_DATA`, else the platform's own place.

    Nothing is created. Raises Refused("config_unreadable") for a file that is damaged or says something unknown.
    """
    named = data_dir or (Path(environment[DATA_VARIABLE]) if environment.get(DATA_VARIABLE) else None)
    folder = (named or _platform_folder()).expanduser().absolute()
    written = _read(folder / FILE_NAME)
    language = written.pop("language", None) or system_language(environment) or DEFAULT_LANGUAGE
    return Config(folder, language=language, **written)


def create_folders(config: Config) -> None:
    """Make what is missing of the data folder, readable by its owner alone. A folder that exists keeps its rights."""
    for folder in config.folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable("data_folder_unwritable", path=str(folder), reason=reason_of(error)) from error


def save(config: Config) -> None:
    """Write `config.toml`, whole or not at all."""
    create_folders(config)
    lines = [f'{name} = "{getattr(config, name)}"\n' for name in CHOICES]
    new = config.file.with_suffix(".new")
    try:
        new.write_text("".join(lines), encoding="utf-8")
        new.replace(config.file)
    except OSError as error:
        raise Unavailable(
            "data_folder_unwritable", path=str(config.data_dir), reason=reason_of(error)
        ) from error


def _read(path: Path) -> dict[str, str]:
    """The settings a file names; every one is known and has a value it may have."""
    if not path.exists():
        return {}
    import tomllib

    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused("config_unreadable", path=str(path), reason=str(error)) from error
    for name, value in written.items():
        if value not in CHOICES.get(name, ()):
            allowed = "; ".join(f"{known} = {' | '.join(choices)}" for known, choices in CHOICES.items())
            raise Refused(
                "config_setting_unknown", path=str(path), setting=f"{name} = {value}", allowed=allowed
            )
    return written


def _platform_folder() -> Path:
    # Imported here: the server and the tests always name their folder, and start-up counts every import.
    from platformdirs import user_data_path

    return user_data_path("Regulars", appauthor=False)
