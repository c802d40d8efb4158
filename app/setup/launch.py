"""From `python3 -m app` to the command line inside the project's own environment.

Everything imported at the top of this file is paid at every start, twice; whatever only the set-up needs is imported
where it is used.
"""

import os
import sys
from collections.abc import Callable

from app.setup.environment import DEV_LOCK, PROJECT, RUN_LOCK, Environment, lock_path, own_environment

SETUP_FAILED = 3
STOPPED = 130

DEV_COMMANDS = ("test", "bench", "prove", "simulate")
SCREEN_COMMANDS = ("", "open", "demo", "test", "bench")
OPTIONS_WITH_VALUE = ("--data", "--lang")
TEST_WORKERS_MAX = 8


def launch(arguments: list[str], run: Callable[[list[str]], int]) -> int:
    """Set up what is missing, then do what was asked; `run` is the command line, called only inside the environment.

    Returns the exit code, unless another process image takes over.
    """
    command, rest = split_command(arguments)
    lock = lock_path(DEV_LOCK if command in DEV_COMMANDS else RUN_LOCK)
    environment = own_environment()
    is_frozen = bool(getattr(sys, "frozen", False))
    if not is_frozen and not environment.is_complete(lock):
        code = _set_up(environment, lock)
        if code:
            return code
    if sys.platform == "linux" and not is_frozen:
        shows_screen = command in SCREEN_COMMANDS and not {"-h", "--help"} & set(arguments)
        _choose_platform(says_so=shows_screen and command != "test")
        if shows_screen and not _can_show(environment, command):
            return SETUP_FAILED
    if command == "test":
        os.chdir(PROJECT)
        return _become(environment, ["-m", "pytest", *test_arguments(rest)])
    if is_frozen or environment.is_running():
        return run(arguments)
    return _become(environment, sys.orig_argv[1:])


def split_command(arguments: list[str]) -> tuple[str, list[str]]:
    """The first word that is neither an option nor the value of one, and what follows it; `""` opens the till."""
    is_value = False
    for index, word in enumerate(arguments):
        if not is_value and not word.startswith("-"):
            return word, arguments[index + 1 :]
        is_value = not is_value and word in OPTIONS_WITH_VALUE
    return "", []


def test_arguments(given: list[str]) -> list[str]:
    """What pytest is given: the whole suite runs on every core, anything narrower in one process."""
    if given:
        return given
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ["-n", str(min(cores, TEST_WORKERS_MAX)), "--dist", "loadfile"] if cores > 1 else []


def _set_up(environment: Environment, lock: str) -> int:
    from app.setup.install import SetupFailed, complete
    from app.setup.progress import say

    try:
        complete(environment, lock)
    except SetupFailed as failed:
        say(failed.key, **failed.fields)
        return SETUP_FAILED
    except KeyboardInterrupt:
        say("setup.stopped")
        return STOPPED
    return 0


def _choose_platform(*, says_so: bool) -> None:
    """Without a screen Qt aborts the process; choose its off-screen platform before anything imports it."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if any(os.environ.get(name) for name in names):
        return
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if says_so:
        from app.setup.progress import say

        say("setup.no_screen")


def _can_show(environment: Environment, command: str) -> bool:
    """Whether Qt starts here; tried once per environment and platform, then remembered."""
    platform = (
        "offscreen" if command == "test" else os.environ.get("QT_QPA_PLATFORM", "screen").partition(":")[0]
    )
    if environment.has_proof(platform):
        return True
    from app.setup.screen import check

    return check(environment, platform)


def _become(environment: Environment, arguments: list[str]) -> int:
    """Go on as the environment's interpreter: on POSIX in this very process, on Windows as its child."""
    command = [environment.python, *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execv(environment.python, command)
    import subprocess

    with subprocess.Popen(command) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # Windows sends Ctrl-C to the child too; its answer counts
                continue
