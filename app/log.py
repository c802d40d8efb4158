"""Topic loggers, a tail in memory for crash reports, and a file that rotates.

A log never holds a phone number or a card number: every record is masked where it is made, before any handler sees it.

    from app import log
    log.sale.info("completed %s", transaction_id)
"""

from __future__ import annotations

import logging
import re
from collections import deque
from pathlib import Path
from typing import Final

TAIL_RECORDS_MAX: Final = 500
FILE_BYTES_MAX: Final = 1_000_000
FILES_KEPT_MAX: Final = 5
FILE_NAME: Final = "regulars.log"

_FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s [%(threadName)s] %(message)s"

# Letters and digits on either side mean an identifier or a hash, not a number someone could dial; Chinese may touch it.
_START: Final = r"(?<![0-9A-Za-z])"
_END: Final = r"(?![0-9A-Za-z])"
_MOBILE: Final = re.compile(_START + r"(?:\+?886[ -]?(?:\(?0\)?[ -]?)?|[0０][ -]?)[9９](?:[ -]?\d){8}" + _END)
_INTERNATIONAL: Final = re.compile(r"[+＋]\d(?:[ -]?\d){7,14}" + _END)
_CHINA_MOBILE: Final = re.compile(_START + r"1[3-9]\d{9}" + _END)
_LONG_NUMBER: Final = re.compile(_START + r"\d(?:[ -]?\d){12,}" + _END)
_CARD_DIGITS: Final = range(13, 20)


def mask(text: str) -> str:
    """The text with phone numbers and card numbers reduced to their last digits."""
    text = _LONG_NUMBER.sub(lambda found: _mask_cards(found.group()), text)
    for pattern in (_INTERNATIONAL, _MOBILE, _CHINA_MOBILE):
        text = pattern.sub(lambda found: "<phone …" + _digits(found.group())[-3:] + ">", text)
    return text


def _mask_cards(text: str) -> str:
    """Masks the groups that together are a card number; a number beside it must not hide it ("4111… 2 items")."""
    groups = re.split("([ -])", text)
    for first in range(0, len(groups), 2):
        for last in range(len(groups), first, -2):
            digits = _digits("".join(groups[first:last]))
            if _is_card(digits):
                masked = "<card …" + digits[-4:] + ">"
                return "".join(groups[:first]) + masked + mask("".join(groups[last:]))
    return text


def _is_card(digits: str) -> bool:
    # Thirteen digits that begin with 1 are an instant in milliseconds; no card has that shape.
    is_instant = len(digits) == 13 and digits[0] == "1"
    return len(digits) in _CARD_DIGITS and not is_instant and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    return (
        sum(int(digit) for digit in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    ) % 10 == 0


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


class MaskingFilter(logging.Filter):
    """Masks a record in place: its message, its traceback and its stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return True


class _Tail(logging.Handler):
    """Keeps the last records as text."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=TAIL_RECORDS_MAX)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.lines.append(self.format(record))
        except Exception:  # a record that cannot be formatted must never stop the till
            self.handleError(record)


# Without this, Python would print to a terminal what nobody has asked to collect.
logging.getLogger("regulars").addHandler(logging.NullHandler())

_masking: Final = MaskingFilter()
_tail: Final = _Tail()
_installed: Final[list[logging.Handler]] = []


def _topic(name: str) -> logging.Logger:
    logger = logging.getLogger("regulars." + name)
    logger.addFilter(_masking)
    return logger


startup: Final = _topic("startup")
till: Final = _topic("till")
sale: Final = _topic("sale")
member: Final = _topic("member")
store: Final = _topic("store")
printer: Final = _topic("printer")
devices: Final = _topic("devices")
sync: Final = _topic("sync")
server: Final = _topic("server")
insight: Final = _topic("insight")
ui: Final = _topic("ui")


def install(logs_dir: Path | None, *, level: int = logging.INFO, to_stderr: bool = False) -> None:
    """Start collecting: the tail always, a rotating file in `logs_dir` when given, stderr when asked.

    Calling it again replaces what an earlier call installed.
    """
    uninstall()
    # A log that cannot be written, on a full or read-only disk, is not what the operator must read about.
    logging.raiseExceptions = False
    handlers: list[logging.Handler] = [_tail]
    if logs_dir is not None:
        logs_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(_LateFile(logs_dir / FILE_NAME))
    if to_stderr:
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        handler.addFilter(_masking)
        logging.getLogger().addHandler(handler)
        _installed.append(handler)
    logging.getLogger("regulars").setLevel(level)


def uninstall() -> None:
    """Stop collecting and close the file; the tail keeps what it has."""
    for handler in _installed:
        logging.getLogger().removeHandler(handler)
        handler.close()
    _installed.clear()
    logging.raiseExceptions = True


def tail() -> tuple[str, ...]:
    """The last records as lines of text, oldest first, for a crash report."""
    return tuple(_tail.lines)


class _LateFile(logging.Handler):
    """A file that rotates. What it takes to write it is loaded with the first record, not while the till starts."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            from logging.handlers import RotatingFileHandler

            self._file = RotatingFileHandler(
                self._path,
                maxBytes=FILE_BYTES_MAX,
                backupCount=FILES_KEPT_MAX,
                encoding="utf-8",
                delay=True,
            )
            self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()
