"""Work off the GUI thread: results arrive on it, errors go where they belong, and the store's work keeps its order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain.errors import Cancelled, Refused, TillError
from tests.ui.conftest import PATIENCE_MS
from ui.tasks import Job, Progress, SynchronousExecutor, Tasks, Worker


class Ears:
    """Hears what the door hands on."""

    def __init__(self) -> None:
        self.refused: list[TillError] = []
        self.crashed: list[BaseException] = []


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def threaded(qtbot: QtBot, ears: Ears) -> Iterator[Tasks]:
    tasks = Tasks(on_refused=ears.refused.append, on_crash=ears.crashed.append)
    yield tasks
    tasks.close()


@pytest.fixture
def at_once(qtbot: QtBot, ears: Ears) -> Tasks:
    executor = SynchronousExecutor()
    return Tasks(on_refused=ears.refused.append, on_crash=ears.crashed.append, store=executor, pool=executor)


def refuse() -> None:
    raise Refused("basket_empty")


def test_work_runs_elsewhere_and_its_result_arrives_on_the_gui_thread(threaded: Tasks, qtbot: QtBot) -> None:
    arrived: list[tuple[int, int]] = []
    threaded.run(threading.get_ident, on_done=lambda worker: arrived.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(arrived), timeout=PATIENCE_MS)
    ((worker, here),) = arrived
    assert here == threading.get_ident()
    assert worker != here


def test_the_store_has_one_worker_and_keeps_the_order(threaded: Tasks, qtbot: QtBot) -> None:
    order: list[tuple[int, int]] = []

    def work(number: int) -> tuple[int, int]:
        return number, threading.get_ident()

    for number in range(50):
        threaded.run(partial(work, number), on_done=order.append)
    qtbot.waitUntil(lambda: len(order) == 50, timeout=PATIENCE_MS)
    assert [number for number, _ in order] == list(range(50))
    assert len({worker for _, worker in order}) == 1


def test_a_slow_pool_never_holds_up_the_store(threaded: Tasks, qtbot: QtBot) -> None:
    gate = threading.Event()
    done: list[str] = []
    for _ in range(4):
        threaded.run(lambda: gate.wait(30), on_done=lambda _: done.append("pool"), worker=Worker.POOL)
    threaded.run(lambda: None, on_done=lambda _: done.append("store"))
    qtbot.waitUntil(lambda: done == ["store"], timeout=PATIENCE_MS)
    gate.set()
    qtbot.waitUntil(lambda: len(done) == 5, timeout=PATIENCE_MS)


def test_a_refusal_reaches_the_caller_who_asked_for_it(at_once: Tasks, ears: Ears) -> None:
    heard: list[TillError] = []
    at_once.run(refuse, on_error=heard.append)
    assert [error.code for error in heard] == ["basket_empty"]
    assert ears.refused == []


def test_a_refusal_nobody_asked_for_is_told_to_the_operator(at_once: Tasks, ears: Ears) -> None:
    at_once.run(refuse)
    assert [error.code for error in ears.refused] == ["basket_empty"]


def test_our_own_bug_goes_to_the_crash_dialog_and_never_to_the_caller(at_once: Tasks, ears: Ears) -> None:
    heard: list[TillError] = []
    at_once.run(lambda: 1 // 0, on_error=heard.append)
    assert heard == []
    assert [type(error) for error in ears.crashed] == [ZeroDivisionError]


def test_a_bug_in_a_callback_is_a_crash_too_and_the_next_task_still_runs(at_once: Tasks, ears: Ears) -> None:
    done: list[int] = []
    at_once.run(lambda: 0, on_done=lambda zero: done.append(1 // zero))
    at_once.run(lambda: 7, on_done=done.append)
    assert done == [7]
    assert [type(error) for error in ears.crashed] == [ZeroDivisionError]


def test_the_end_is_told_whatever_happened(at_once: Tasks) -> None:
    ends: list[str] = []

    def cancel() -> None:
        raise Cancelled

    at_once.run(lambda: 1, on_end=lambda: ends.append("done"))
    at_once.run(refuse, on_end=lambda: ends.append("refused"))
    at_once.run(lambda: 1 // 0, on_end=lambda: ends.append("crashed"))
    at_once.run(cancel, on_end=lambda: ends.append("cancelled"))
    assert ends == ["done", "refused", "crashed", "cancelled"]


def test_cancelling_is_silent_and_drops_the_result(threaded: Tasks, ears: Ears, qtbot: QtBot) -> None:
    started, gate = threading.Event(), threading.Event()
    seen: list[object] = []

    def work(job: Job) -> str:
        started.set()
        gate.wait(30)
        job.report(1, 2)
        return "too late"

    task = threaded.run(
        work,
        on_done=seen.append,
        on_error=seen.append,
        progress=seen.append,
        on_end=lambda: seen.append("end"),
    )
    assert started.wait(30)
    task.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(seen), timeout=PATIENCE_MS)
    assert seen == ["end"]
    assert ears.refused == []
    assert not task.is_running


def test_a_result_that_comes_in_spite_of_cancelling_is_dropped(threaded: Tasks, qtbot: QtBot) -> None:
    started, gate = threading.Event(), threading.Event()
    seen: list[object] = []

    def work() -> str:
        started.set()
        gate.wait(30)
        return "too late"

    task = threaded.run(work, on_done=seen.append, on_end=lambda: seen.append("end"))
    assert started.wait(30)
    task.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(seen), timeout=PATIENCE_MS)
    assert seen == ["end"]


def test_every_report_that_the_screen_has_time_for_is_shown(threaded: Tasks, qtbot: QtBot) -> None:
    shown: list[int] = []
    was_shown = threading.Semaphore(0)

    def work(job: Job) -> None:
        for done in (1, 2, 3):
            job.report(done, 3)
            assert was_shown.acquire(timeout=30)

    def show(progress: Progress) -> None:
        shown.append(progress.done)
        was_shown.release()

    finished: list[object] = []
    threaded.run(work, on_done=finished.append, progress=show)
    qtbot.waitUntil(lambda: bool(finished), timeout=PATIENCE_MS)
    assert shown == [1, 2, 3]


def test_progress_is_shown_on_the_gui_thread_and_the_last_report_is_not_lost(
    threaded: Tasks, qtbot: QtBot
) -> None:
    shown: list[Progress] = []
    threads: set[int] = set()

    def work(job: Job) -> int:
        for done in range(1, 1001):
            job.report(done, 1000)
        return 1000

    def show(progress: Progress) -> None:
        shown.append(progress)
        threads.add(threading.get_ident())

    finished: list[int] = []
    threaded.run(work, on_done=finished.append, progress=show)
    qtbot.waitUntil(lambda: bool(finished), timeout=PATIENCE_MS)
    assert shown[-1] == Progress(1000, 1000)
    assert threads == {threading.get_ident()}


def test_nobody_is_called_once_the_screen_that_asked_is_gone(at_once: Tasks) -> None:
    import shiboken6

    owner = QObject()
    shiboken6.delete(owner)
    called: list[object] = []
    at_once.run(lambda: 1, on_done=called.append, on_end=lambda: called.append("end"), owner=owner)
    assert called == []
