"""A cash drawer on a printer's drawer socket: a pulse opens it, a hand closes it, and one pin says which it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kick:
    """A pulse that came: on which pin, how long, after how many finished papers; ``is_real_time`` when it overtook the printing."""

    pin: int
    on_milliseconds: int
    off_milliseconds: int
    papers_before: int
    is_real_time: bool = False


class VirtualDrawer:
    """``open_is_high``: what the switch puts on pin 3; it differs from drawer to drawer. ``pin``: the pulse that moves this one.

    A drawer belongs to one printer, whose thread calls it; ``on_change`` tells the printer that the switch moved.
    """

    def __init__(self, *, open_is_high: bool = True, pin: int = 2) -> None:
        assert pin in (2, 5)
        self._open_is_high = open_is_high
        self._pin = pin
        self._is_open = False
        self._is_stuck = False
        self.on_change: Callable[[], None] = lambda: None

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def level(self) -> bool:
        """Pin 3, high or low."""
        return self._is_open == self._open_is_high

    def pulse(self, pin: int) -> None:
        if pin == self._pin and not self._is_stuck:
            self._set(True)

    def open_by_hand(self) -> None:
        """Opened with its key, without a sale."""
        self._set(True)

    def close(self) -> None:
        self._set(False)

    def stick(self, is_stuck: bool = True) -> None:
        """Something is jammed: it stays as it is whatever comes."""
        self._is_stuck = is_stuck

    def _set(self, is_open: bool) -> None:
        if self._is_open != is_open:
            self._is_open = is_open
            self.on_change()
