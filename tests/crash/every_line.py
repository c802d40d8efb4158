"""Kill a process at its n-th line: whatever it was doing, it stops between two statements, without a word.

lines = lines_of(act, (folder,), watched)                # how many there are
killed_at(7, act, (folder,), watched)                     # dies before the seventh
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import CodeType, FrameType
from typing import Any, Final

from tests.crash.kill_loop import process_context

SECONDS_MAX: Final = 60.0
_KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)

Act = Callable[..., object]


def lines_of(act: Act, arguments: tuple[object, ...], watched: tuple[str, ...]) -> int:
    """Let it run to its end; how many lines of the watched files it ran."""
    lines = _run(act, arguments, watched, 0)
    assert lines, "it ran to its end"
    return lines


def killed_at(line: int, act: Act, arguments: tuple[object, ...], watched: tuple[str, ...]) -> None:
    assert _run(act, arguments, watched, line) is None, "it was killed before its end"


def points(lines: int, most: int) -> Iterator[int]:
    """At most so many of these lines, evenly spread, the first and the last among them."""
    count = min(lines, most)
    yield from sorted({1 + (lines - 1) * place // max(1, count - 1) for place in range(count)})


def _run(act: Act, arguments: tuple[object, ...], watched: tuple[str, ...], kill_at: int) -> int | None:
    context = process_context()
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_act, args=(act, arguments, watched, kill_at, writing), daemon=True)
    process.start()
    writing.close()
    try:
        assert reading.poll(SECONDS_MAX), "it neither ended nor died"
        answer = reading.recv()
    except EOFError:
        answer = None
    process.join()
    process.close()
    reading.close()
    assert not isinstance(answer, str), answer
    return answer if isinstance(answer, int) else None


def _act(
    act: Act, arguments: tuple[object, ...], watched: tuple[str, ...], kill_at: int, pipe: Connection
) -> None:
    counted = [0]
    is_watched: dict[CodeType, bool] = {}

    def on_call(frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code not in is_watched:
            is_watched[code] = code.co_filename.endswith(watched)
        return on_line if is_watched[code] else None

    def on_line(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            counted[0] += 1
            if counted[0] == kill_at:
                os.kill(os.getpid(), _KILL)
        return on_line

    try:
        sys.settrace(on_call)
        act(*arguments)
        sys.settrace(None)
        pipe.send(counted[0])
    except BaseException as error:
        sys.settrace(None)
        pipe.send(f"{type(error).__name__}: {error}")
