"""One thread per device: it opens the line, works it, and opens it again when it is lost.

Nobody else ever touches the line. Every wait has an end, so that stopping takes no longer than one turn.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Protocol

from app import log
from app.domain.device import DeviceState
from devices.transport.port import Disconnected, Transport

BACKOFF_SECONDS: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
OPEN_SECONDS_MAX: Final = 3.0
STOP_SECONDS_MAX: Final = 5.0

_STATE_OF: Final = {
    "busy": DeviceState.BUSY,
    "denied": DeviceState.DENIED,
    "timeout": DeviceState.SILENT,
}


class LineUser(Protocol):
    """A device as its worker sees it. All of it runs on the worker's thread."""

    @property
    def name(self) -> str: ...

    def begin(self, line: Transport) -> None:
        """The line is open; what it sent before does not count. Raises Disconnected."""
        ...

    def turn(self, line: Transport) -> None:
        """A short piece of work, with a wait of at most a quarter of a second in it. Raises Disconnected."""
        ...

    def lost(self) -> None:
        """The line is gone: whoever waits for an answer is told so."""
        ...


class LineWorker:
    """Runs one device from :meth:`start` to :meth:`stop`. ``on_state(state)`` is called on the worker's thread after each change."""

    def __init__(
        self,
        user: LineUser,
        line: Transport,
        *,
        on_state: Callable[[DeviceState], None] = lambda _: None,
        backoff: tuple[float, ...] = BACKOFF_SECONDS,
    ) -> None:
        self._user = user
        self._line = line
        self._on_state = on_state
        self._backoff = backoff
        self._state = DeviceState.OFF
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> DeviceState:
        return self._state

    def start(self) -> None:
        assert self._thread is None, "a worker starts once"
        self._thread = threading.Thread(target=self._run, name=f"device-{self._user.name}", daemon=True)
        self._thread.start()

    def retry(self) -> None:
        """Somebody put the cable back and does not want to wait."""
        self._wake.set()

    def stop(self) -> None:
        """End the thread and close the line."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS_MAX)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            if self._open():
                failures = 0
                self._work()
            if self._stopping.is_set():
                break
            self._wake.wait(self._backoff[min(failures, len(self._backoff) - 1)])
            self._wake.clear()
            failures += 1
        self._line.close()
        self._set(DeviceState.OFF)

    def _open(self) -> bool:
        if self._state is DeviceState.OFF:
            self._set(DeviceState.CONNECTING)
        try:
            self._line.open(OPEN_SECONDS_MAX)
            self._user.begin(self._line)
        except Disconnected as gone:
            self._line.close()
            self._set(_STATE_OF.get(gone.reason, DeviceState.MISSING))
            return False
        self._set(DeviceState.READY)
        return True

    def _work(self) -> None:
        try:
            while not self._stopping.is_set():
                self._user.turn(self._line)
        except Disconnected as gone:
            log.devices.info("%s: the line is gone (%s)", self._user.name, gone.reason)
            self._set(_STATE_OF.get(gone.reason, DeviceState.MISSING))
        except Exception:  # our bug must not take the device away for the rest of the day
            log.devices.exception("%s: the worker begins anew", self._user.name)
            self._set(DeviceState.MISSING)
        finally:
            self._line.close()
            self._user.lost()

    def _set(self, state: DeviceState) -> None:
        if state is not self._state:
            self._state = state
            self._on_state(state)
