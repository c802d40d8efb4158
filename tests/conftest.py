"""What every test stands on: no screen, no one's real data, no warning that nobody expected.

A test whose subject logs warnings on purpose says so with `@pytest.mark.logs_warnings`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Generator, Iterator

# Before anything imports Qt or Hypothesis.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["REGULARS_STRICT"] = "1"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

import pytest
from hypothesis import HealthCheck, settings

from app import i18n

settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


class _UnexpectedRecords(logging.Handler):
    """Collects what a test logs at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed but logged a warning it does not declare."""
    unexpected = _UnexpectedRecords()
    logging.getLogger().addHandler(unexpected)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(unexpected)
    if unexpected.texts and item.get_closest_marker("logs_warnings") is None:
        pytest.fail(
            "Logged without @pytest.mark.logs_warnings:\n" + "\n".join(unexpected.texts), pytrace=False
        )
    return result


@pytest.fixture(autouse=True, scope="session")
def _no_real_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test that forgets to name a data folder must not open the till of whoever runs it."""
    os.environ["REGULARS_DATA"] = str(tmp_path_factory.mktemp("unnamed-data-folder"))


@pytest.fixture(autouse=True)
def _language_is_put_back() -> Iterator[None]:
    before = i18n.language()
    yield
    i18n.set_language(before)
