"""A good and a bad scan sound and look different, and nobody waits for the sound."""

from __future__ import annotations

import io
import wave

from app.domain.device import Feedback
from ui.feedback import RATE, ScanFeedback, sound


class Ear:
    def __init__(self) -> None:
        self.heard: list[Feedback] = []

    def play(self, feedback: Feedback) -> None:
        self.heard.append(feedback)


def test_good_and_bad_are_heard_and_shown_and_a_repeated_read_is_only_shown() -> None:
    ear = Ear()
    feedback = ScanFeedback(ear)
    shown: list[Feedback] = []
    feedback.shown.connect(shown.append)
    for one in Feedback:
        feedback.give(one)
    assert ear.heard == [Feedback.GOOD, Feedback.BAD]
    assert shown == list(Feedback)


def test_a_silent_till_still_shows_its_colour() -> None:
    ear = Ear()
    feedback = ScanFeedback(ear, is_audible=False)
    shown: list[Feedback] = []
    feedback.shown.connect(shown.append)
    feedback.give(Feedback.BAD)
    assert (ear.heard, shown) == ([], [Feedback.BAD])


def test_the_two_sounds_are_short_and_differ() -> None:
    lengths = []
    for one in (Feedback.GOOD, Feedback.BAD):
        with wave.open(io.BytesIO(sound(one))) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
            lengths.append(file.getnframes() * 1000 // RATE)
    assert lengths[0] < 100 < lengths[1] < 500
