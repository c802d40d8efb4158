"""What the screens know of the devices: how the printer is, in words, and the way to another one.

Nothing here touches hardware: the composition root hands in what does. Everything a screen calls returns at once unless it says that it
belongs on a worker; callbacks come on the device's own thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """The colour of the lamp."""

    READY = "ready"
    WARNING = "warning"  # it prints, and soon it will not
    FAULT = "fault"  # somebody must do something at the printer
    OFFLINE = "offline"  # the line is gone or silent; it is tried again by itself
    STARTING = "starting"


@dataclass(frozen=True, slots=True)
class PrinterState:
    """A printer as it is now. ``code`` names the sentence ``error.<code>``; "" when there is nothing to say."""

    name: str
    address: str
    condition: Condition = Condition.STARTING
    code: str = ""

    @property
    def text_key(self) -> str:
        """The key of what to tell the cashier."""
        return f"error.{self.code}" if self.code else f"devices.condition.{self.condition.value}"


StateCallback = Callable[[PrinterState], None]
