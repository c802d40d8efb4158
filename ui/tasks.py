"""Work off the GUI thread, through one door.

    tasks.run(lambda: checkout.complete(basket), on_done=self._on_completed)

Nothing in a task touches a widget; every callback runs on the GUI thread. What touches the store runs on one worker, in the order it
was asked for; the rest shares a pool. A `TillError` reaches `on_error` or else the messages; `Cancelled` is silent; anything else is our
bug and goes to the crash dialog, and the till keeps going.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, Generic, Protocol, TypeVar, overload

import shiboken6
from PySide6.QtCore import QObject, Signal, Slot

from app.domain.errors import Cancelled, TillError

POOL_WORKERS_MAX: Final = 3

Result = TypeVar("Result")


class Worker(Enum):
    STORE = auto()  # one thread, in order: everything that reads or writes the till's database
    POOL = auto()  # network, printing to files, pictures


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is. `total` 0: nobody knows how much there is. `text` is a whole sentence in the operator's language."""

    done: int
    total: int
    text: str = ""


class Job:
    """A task as its own code sees it, from its thread: says how far it is and learns whether anyone still wants it."""

    def __init__(self, on_report: Callable[[Progress], None]) -> None:
        self._on_report = on_report
        self._is_cancelled = threading.Event()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Show this much as done. Raises Cancelled when the operator has cancelled, so that calling it is enough."""
        self.check()
        self._on_report(Progress(done, total, text))

    def check(self) -> None:
        """Raises Cancelled when the operator has cancelled."""
        if self._is_cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        self._is_cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        return self._is_cancelled.is_set()


class Task(Generic[Result]):
    """A task as the screen sees it, from the GUI thread."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.is_running = True

    def cancel(self) -> None:
        """Ask the task to stop. Its result is dropped even if it comes; so never cancel what commits a sale."""
        self._job.cancel()


class Executor(Protocol):
    """Runs functions, somewhere, some time."""

    def submit(self, work: Callable[[], None], /) -> object: ...
    def shutdown(self) -> None: ...


class SynchronousExecutor:
    """Runs everything at once, on the caller's thread: for tests."""

    def submit(self, work: Callable[[], None], /) -> object:
        work()
        return None

    def shutdown(self) -> None:
        pass


class _Threads:
    def __init__(self, name: str, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name)

    def submit(self, work: Callable[[], None], /) -> object:
        return self._pool.submit(work)

    def shutdown(self) -> None:
        self._pool.shutdown(wait=True)


class Tasks(QObject):
    """The door. `on_refused` shows a TillError that its caller does not handle; `on_crash` takes our own bugs."""

    _delivered = Signal(object)

    def __init__(
        self,
        *,
        on_refused: Callable[[TillError], None],
        on_crash: Callable[[BaseException], None],
        store: Executor | None = None,
        pool: Executor | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_refused = on_refused
        self._on_crash = on_crash
        self._executors: dict[Worker, Executor] = {
            Worker.STORE: store or _Threads("store", 1),
            Worker.POOL: pool or _Threads("pool", POOL_WORKERS_MAX),
        }
        # From a worker's thread Qt queues this to the GUI thread; from the GUI thread it is a plain call.
        self._delivered.connect(self._on_delivered)

    @overload
    def run(
        self,
        fn: Callable[[], Result],
        on_done: Callable[[Result], None] | None = None,
        on_error: Callable[[TillError], None] | None = None,
        progress: None = None,
        *,
        on_end: Callable[[], None] | None = None,
        worker: Worker = Worker.STORE,
        owner: QObject | None = None,
    ) -> Task[Result]: ...
    @overload
    def run(
        self,
        fn: Callable[[Job], Result],
        on_done: Callable[[Result], None] | None = None,
        on_error: Callable[[TillError], None] | None = None,
        *,
        progress: Callable[[Progress], None],
        on_end: Callable[[], None] | None = None,
        worker: Worker = Worker.STORE,
        owner: QObject | None = None,
    ) -> Task[Result]: ...
    def run(
        self,
        fn: Callable[..., Result],
        on_done: Callable[[Result], None] | None = None,
        on_error: Callable[[TillError], None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        *,
        on_end: Callable[[], None] | None = None,
        worker: Worker = Worker.STORE,
        owner: QObject | None = None,
    ) -> Task[Result]:
        """Run `fn` on a worker; then exactly one of `on_done(result)`, `on_error(error)`, or neither when it was cancelled or crashed;
        then `on_end()`, always.

        With `progress`, `fn` gets a :class:`Job` to report through. When `owner` has been deleted meanwhile, nobody is called.
        """
        run = _Run(self, on_done, on_error or self._on_refused, progress, on_end, owner)
        self._executors[worker].submit(lambda: run.work((lambda: fn(run.job)) if progress else fn))
        return run.task

    def close(self) -> None:
        """Wait for what is under way; nothing can be run afterwards."""
        for executor in self._executors.values():
            executor.shutdown()

    def deliver(self, call: Callable[[], None]) -> None:
        """Call this on the GUI thread, soon; from any thread. Also for devices and sync, which have threads of their own."""
        # The window may be gone while a worker still finishes; then there is nobody to tell.
        with contextlib.suppress(RuntimeError):
            self._delivered.emit(call)

    def refuse(self, error: TillError) -> None:
        """Tell the operator, as an error is told that nobody handles."""
        self._on_refused(error)

    def crashed(self, error: BaseException) -> None:
        self._on_crash(error)

    @Slot(object)
    def _on_delivered(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Cancelled:
            pass
        except TillError as error:
            self._on_refused(error)
        except Exception as error:  # our bug: the crash dialog is where it belongs, and the till keeps going
            self._on_crash(error)


class _Run(Generic[Result]):
    """One task under way: `work` on its worker, everything else on the GUI thread."""

    def __init__(
        self,
        tasks: Tasks,
        on_done: Callable[[Result], None] | None,
        on_error: Callable[[TillError], None],
        progress: Callable[[Progress], None] | None,
        on_end: Callable[[], None] | None,
        owner: QObject | None,
    ) -> None:
        self.job = Job(self._report)
        self.task: Task[Result] = Task(self.job)
        self._tasks = tasks
        self._on_done = on_done
        self._on_error = on_error
        self._progress = progress
        self._on_end = on_end
        self._owner = owner
        self._newest: Progress | None = None  # on its way to the screen
        self._lock = threading.Lock()

    def work(self, fn: Callable[[], Result]) -> None:
        finish: Callable[[], None]
        try:
            self.job.check()
            result = fn()
            finish = lambda: self._done(result)  # noqa: E731 — the branches below are its siblings
        except TillError as error:
            finish = self._failed(error)
        except BaseException as error:  # a worker has no caller: whatever escapes here would be lost
            finish = self._crashed(error)
        self._tasks.deliver(lambda: self._finish(finish))

    def _finish(self, finish: Callable[[], None]) -> None:
        self.task.is_running = False
        if not self._is_wanted():
            return
        try:
            finish()
        finally:
            if self._on_end is not None and self._is_wanted():
                self._on_end()

    def _done(self, result: Result) -> None:
        if self._on_done is not None and not self.job.is_cancelled:
            self._on_done(result)

    def _failed(self, error: TillError) -> Callable[[], None]:
        if isinstance(error, Cancelled) or self.job.is_cancelled:
            return _nothing
        return lambda: self._on_error(error)

    def _crashed(self, error: BaseException) -> Callable[[], None]:
        return lambda: self._tasks.crashed(error)

    def _report(self, progress: Progress) -> None:
        """From the worker. One report at a time is on its way, so that a fast task never floods the screen."""
        with self._lock:
            is_on_its_way = self._newest is not None
            self._newest = progress
        if not is_on_its_way:
            self._tasks.deliver(self._show_newest)

    def _show_newest(self) -> None:
        with self._lock:
            newest, self._newest = self._newest, None
        if (
            newest is not None
            and self._progress is not None
            and self._is_wanted()
            and not self.job.is_cancelled
        ):
            self._progress(newest)

    def _is_wanted(self) -> bool:
        return self._owner is None or shiboken6.isValid(self._owner)


def _nothing() -> Any:
    return None
