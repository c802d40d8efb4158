"""The till's answer to a scan before anyone reads a word: a tone and a colour. A high tone is good, two low ones are bad.

Qt's own sound module is no part of the program, so the system plays two small sounds made here; where it has no player, it beeps. Playing
never waits: a thread does it, and while a sound is playing another one is left out.
"""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.domain.device import Feedback

RATE: Final = 22_050
VOLUME: Final = 0.4
PLAYING_SECONDS_MAX: Final = 3.0
TONES: Final = {
    # Hertz and milliseconds; 0 Hz is silence.
    Feedback.GOOD: ((1_760, 60),),
    Feedback.BAD: ((311, 130), (0, 60), (247, 220)),
}
_PLAYERS: Final = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))


class Player(Protocol):
    """Plays a sound and returns at once."""

    def play(self, feedback: Feedback) -> None: ...


class ScanFeedback(QObject):
    """Where feedback goes through.

    Signals:
        shown(Feedback): to be shown as a colour.
    """

    shown = Signal(object)

    def __init__(
        self, player: Player | None = None, *, is_audible: bool = True, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._is_audible = is_audible

    def set_audible(self, is_audible: bool) -> None:
        """Whether the till sounds; the colour always shows."""
        self._is_audible = is_audible

    def give(self, feedback: Feedback) -> None:
        if self._is_audible and feedback in TONES:
            if self._player is None:
                self._player = system_player()
            self._player.play(feedback)
        self.shown.emit(feedback)


def sound(feedback: Feedback) -> bytes:
    """A WAV file, mono, 16 bits. Each tone swells and fades within 5 ms, so that it does not click."""
    import io
    import wave

    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for hertz, milliseconds in TONES[feedback]:
            file.writeframes(_tone(hertz, RATE * milliseconds // 1000))
    return made.getvalue()


def _tone(hertz: int, frames: int) -> bytes:
    import math
    import struct

    edge = RATE // 200
    return b"".join(
        struct.pack(
            "<h",
            round(
                32_767
                * VOLUME
                * min(1.0, frame / edge, (frames - frame) / edge)
                * math.sin(2 * math.pi * hertz * frame / RATE)
            ),
        )
        for frame in range(frames)
    )


def system_player() -> Player:
    """What this machine plays sounds with."""
    if sys.platform == "win32":
        return _WindowsPlayer()
    import shutil

    for name, *options in _PLAYERS:
        if path := shutil.which(name):
            return _Aside(_CommandPlayer([path, *options]))
    return _Beeper()


class _Beeper:
    def play(self, feedback: Feedback) -> None:
        if feedback is Feedback.BAD:  # a scanner tells by itself that it has read something
            QApplication.beep()


class _Aside:
    """Plays on a thread of its own: starting a program takes longer than a scan may."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._wanted: queue.Queue[Feedback] = queue.Queue(maxsize=1)
        threading.Thread(target=self._run, name="sound", daemon=True).start()

    def play(self, feedback: Feedback) -> None:
        with contextlib.suppress(queue.Full):
            self._wanted.put_nowait(feedback)

    def _run(self) -> None:
        while True:
            self._player.play(self._wanted.get())


class _CommandPlayer:
    """A program of the system."""

    def __init__(self, command: list[str]) -> None:
        import tempfile

        self._command = command
        self._folder = tempfile.TemporaryDirectory(prefix="regulars-sound-", ignore_cleanup_errors=True)

    def play(self, feedback: Feedback) -> None:
        import subprocess

        path = Path(self._folder.name, f"{feedback}.wav")
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if not path.exists():
                path.write_bytes(sound(feedback))
            subprocess.run(
                [*self._command, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=PLAYING_SECONDS_MAX, check=False,
            )  # fmt: skip


if sys.platform == "win32":
    import tempfile
    import winsound

    class _WindowsPlayer:
        """Sound from memory cannot be played without waiting, so it comes from a file."""

        def __init__(self) -> None:
            self._sounds: dict[Feedback, Path] = {}
            self._folder = tempfile.TemporaryDirectory(prefix="regulars-sound-", ignore_cleanup_errors=True)

        def play(self, feedback: Feedback) -> None:
            path = self._sounds.get(feedback)
            if path is None:
                path = self._sounds[feedback] = Path(self._folder.name, f"{feedback}.wav")
                path.write_bytes(sound(feedback))
            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
