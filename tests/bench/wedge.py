"""A keyboard-wedge scanner and a fast typist at one real window that stalls for 120 ms four times a second.

A display server of our own (Xvfb) holds the screen, xdotool is both keyboards, the window is a process of its own. Codes come at a
scanner's speed while a phone number is being typed, often in the middle of it. Each code must be told once and exactly, each number must
arrive as it was typed, and nothing else may appear anywhere.

Quick: 30 scans.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any, Final

from app.domain.barcode import check_digit
from app.domain.entry import with_check
from app.domain.errors import Refused

ROOT: Final = Path(__file__).parents[2]
SCANS: Final = 1_000
SCANS_QUICK: Final = 30
STALL_MS: Final = 120
SEED: Final = 20_261_121
SCANNER_GAPS_MS: Final = (3, 10)
TYPING_GAPS_MS: Final = (45, 120)
TYPING_SHARE: Final = 0.6
LAST: Final = "314159"
GOALS: Final = {"lost": 0, "invented": 0, "leaked": 0, "typed_wrong": 0}
_KEY_NAMES: Final = {"/": "slash", "+": "plus", "-": "minus", ".": "period", ":": "colon"}


def run(data_dir: Path, *, quick: bool = False, scans: int | None = None) -> dict[str, Any]:
    """Raises Refused where there is no Xvfb or xdotool."""
    count = scans or (SCANS_QUICK if quick else SCANS)
    figures = measure(count)
    return {
        "name": "wedge",
        "figures": figures,
        "goals": GOALS,
        "met": figures["right"] == count and all(figures[name] <= goal for name, goal in GOALS.items()),
        "reference": "what xdotool pressed, key by key, in the same run",
        "n": count,
    }


def measure(scans: int, *, seed: int = SEED, typing_share: float = TYPING_SHARE) -> dict[str, int]:
    """One run. ``typing_share`` of the scans come while a number is being typed. Raises Refused without Xvfb or xdotool."""
    script = Script(scans, Random(seed), typing_share)
    with real_display() as display, till(display) as window:
        heard = _play(script, display, window)
    return script.judged(heard)


class Script:
    """What both keyboards do, as lines for xdotool, and what must come of it."""

    def __init__(self, scans: int, random: Random, typing_share: float) -> None:
        self.lines: list[str] = []
        self.codes: list[str] = []
        self.numbers: list[str] = []
        self._random = random
        self._typing_share = typing_share
        for number in range(scans):
            self._turn(number)
        self._pause(500)
        self._type(LAST)
        self._pause(400)
        self.lines.append("key Return")

    def judged(self, heard: list[str]) -> dict[str, int]:
        """The figures, from what the window wrote down."""
        codes = [line.partition(" ")[2] for line in heard if line.startswith("scanned ")]
        numbers = [line.partition(" ")[2] for line in heard if line.startswith("entered ")]
        right = sum(
            block.size for block in SequenceMatcher(None, self.codes, codes, False).get_matching_blocks()
        )
        typed = sum(
            block.size for block in SequenceMatcher(None, self.numbers, numbers, False).get_matching_blocks()
        )
        return {
            "right": right,
            "lost": len(self.codes) - right,
            "invented": len(codes) - right,
            "leaked": sum(line.startswith(("leaked", "clicked")) for line in heard),
            "typed": len(self.numbers),
            "typed_wrong": max(len(self.numbers), len(numbers)) - typed,
            "stall_ms": STALL_MS,
        }

    def _turn(self, number: int) -> None:
        code = self._code(number)
        if self._random.random() >= self._typing_share:
            self._scan(code)
            self._pause(self._random.randint(60, 200))
            return
        phone = f"09{self._random.randrange(10**8):08d}"
        place = self._random.randint(1, 9)
        self._type(phone[:place])
        self._pause(self._random.randint(*TYPING_GAPS_MS))
        self._scan(code)
        self._pause(self._random.randint(*TYPING_GAPS_MS))
        self._type(phone[place:])
        self._pause(self._random.randint(320, 400))  # an Enter right after an Enter would be an echo
        self.lines.append("key Return")
        self.numbers.append(phone)
        self._pause(self._random.randint(60, 200))

    def _code(self, number: int) -> str:
        """A code that no other scan of this run has."""
        match self._random.randrange(8):
            case 0:
                return with_check("M1", f"K{number:05d}Q")
            case 1:
                return f"/A{number:05d}+"
            case _:
                payload = f"471{number:05d}{self._random.randrange(10_000):04d}"
                return payload + str(check_digit(payload))

    def _scan(self, code: str) -> None:
        gap = self._random.randint(*SCANNER_GAPS_MS)
        keys = " ".join(_KEY_NAMES.get(character, character) for character in code)
        self.lines.append(f"key --delay {gap} {keys} Return")
        self.codes.append(code)

    def _type(self, text: str) -> None:
        for place, character in enumerate(text):
            if place:
                self._pause(self._random.randint(*TYPING_GAPS_MS))
            self.lines.append(f"key --delay 10 {character}")

    def _pause(self, milliseconds: int) -> None:
        self.lines.append(f"sleep {milliseconds / 1000:.3f}")


def _play(script: Script, display: str, window: subprocess.Popen[str]) -> list[str]:
    """Press every key, and return what was heard until the last number has arrived."""
    assert window.stdout is not None
    environment = {**os.environ, "DISPLAY": display}
    # Without a window manager a window gets the keyboard by being clicked.
    subprocess.run(["xdotool", "mousemove", "200", "60", "click", "1"], env=environment, check=True)
    hands = subprocess.Popen(["xdotool", "-"], env=environment, stdin=subprocess.PIPE, text=True)
    assert hands.stdin is not None
    heard: list[str] = []
    try:
        # Read while it plays, or the pipe fills up and the window stalls for longer than it should.
        hands.stdin.write("\n".join(script.lines) + "\n")
        hands.stdin.close()
        for line in window.stdout:
            if line.strip() == f"entered {LAST}":
                break
            heard.append(line.rstrip("\n"))
    finally:
        hands.terminate()
        hands.wait()
    return heard


@contextmanager
def real_display() -> Iterator[str]:
    """The name of a display of our own."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        raise Refused("bench_needs", tools="Xvfb, xdotool")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(writer)
        with os.fdopen(reader) as numbers:
            name = numbers.readline().strip()
        yield f":{name}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def till(display: str) -> Iterator[subprocess.Popen[str]]:
    """The window, ready. Raises Refused where Qt cannot open one."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.wedge_till", str(STALL_MS)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise Refused("bench_needs", tools="the Qt platform xcb and its libraries")
        yield process
    finally:
        process.terminate()
        process.communicate()
