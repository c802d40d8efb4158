"""What every screen is given besides the till: the doors to work, messages, keys and the other screens.

A screen never reaches for a global; whatever it needs from its surroundings stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.domain.authority import Approval, Right
from ui.hotkeys import Hotkeys
from ui.messages import Messages
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.service.till import Till, TillOpener
    from ui.customer.screen import CustomerScreen
    from ui.devices.watch import DeviceWatch
    from ui.sync.watch import SyncWatch


class Screen(StrEnum):
    SIGN_ON = "sign_on"
    SALE = "sale"
    RETURN = "return"
    SHIFT = "shift"
    HISTORY = "history"
    SETTINGS = "settings"
    OWNER = "owner"
    RULES = "rules"
    OFFICE = "office"
    FIRST_RUN = "first_run"


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """``go_to(screen, argument)`` shows another screen; what the argument may be is that screen's business (a transaction to return, …).

    ``ask_approval(right, amount, on_granted)`` shows the sheet for a second person over the present screen, and calls back with the grant.
    ``use_till(till)`` shows another till from now on (a shop just set up, practice, back from practice); all screens are made anew.
    ``devices`` are the counter's devices, however they are, ``customer`` the screen that is turned to the customer, ``sync`` how the
    talk with the central server stands.
    """

    tasks: Tasks
    messages: Messages
    hotkeys: Hotkeys
    go_to: Callable[[Screen, Any], None]
    ask_approval: Callable[[Right, int, Callable[[Approval], None]], None]
    opener: TillOpener
    use_till: Callable[[Till], None]
    devices: DeviceWatch
    customer: CustomerScreen
    sync: SyncWatch
