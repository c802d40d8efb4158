"""Makes the environment and installs exactly what a lock file names, checked against its hashes.

One process at a time, guarded by a lock beside the folder that the system frees when a process dies. Markers are
removed before anything changes and written after everything is done; whoever finds none finishes or remakes. The
installers inherit the guard, so that one which outlives us keeps others waiting until it is done.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from typing import IO, Final

from app.setup.environment import DEV_LOCK, RUN_LOCK, Environment, lock_path
from app.setup.progress import Progress, say, text
from app.setup.screen import apt_command

LOG_NAME: Final = "setup.log"
MAKING: Final = b"making"

_TICK_SECONDS: Final = 0.2
_GUARD_POLL_SECONDS: Final = 0.5
_MADE_PERCENT: Final = 10
_COLLECTED_PERCENT: Final = 80
_PIN: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==\S+", re.MULTILINE)
_SEEN: Final = re.compile(
    r"^\s*(?:Collecting|Requirement already satisfied:|Ignoring) ([A-Za-z0-9][A-Za-z0-9._-]*)"
)
_OUT_OF_REACH: Final = re.compile(
    r"NewConnectionError|Failed to establish a new connection|name resolution|getaddrinfo|ConnectTimeout"
    r"|Read timed out|Connection refused|Network is unreachable|Could not fetch URL|dns error|Failed to fetch"
    r"|error sending request|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|RemoteDisconnected|Connection reset",
    re.IGNORECASE,
)
_CAUSES: Final = (
    (re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.IGNORECASE), "setup.wrong_hash"),
    (re.compile(r"No space left on device|Errno 28|os error 28|WinError 112"), "setup.disk_full"),
    (_OUT_OF_REACH, "setup.no_network"),
    (re.compile(r"Not a directory|File exists|Errno (17|20)"), "setup.folder_taken"),
    (re.compile(r"No matching distribution|from versions: none|no wheels|not compatible"), "setup.no_build"),
    (
        re.compile(r"Permission denied|Access is denied|Read-only file system|Errno (13|30)|WinError 5\b"),
        "setup.not_writable",
    ),
)


class SetupFailed(Exception):
    """The environment could not be made. `key` names the sentence that says why and what to do."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key, fields)
        self.key = key
        self.fields = fields


def complete(environment: Environment, lock: str) -> None:
    """Bring the environment to what the lock asks for, whatever state it is in. Raises SetupFailed."""
    try:
        with _guarded(environment.folder) as guard:
            if not environment.is_complete(lock):
                _complete(environment, lock, guard)
    except OSError as error:
        raise SetupFailed(explain(str(error)), **_fields(environment, lock, str(error))) from error


def _complete(environment: Environment, lock: str, guard: IO[bytes]) -> None:
    is_new = not os.path.exists(environment.python)
    say("setup.begin" if is_new else "setup.changed", folder=environment.folder)
    environment.forget()
    progress = Progress(sys.stderr)
    try:
        progress.show(0, text("setup.step_environment"))
        if not _is_usable(environment):
            _make(environment, guard, progress)
        _install(environment, lock, guard, progress)
        progress.show(100, text("setup.step_done"))
    finally:
        progress.close()
    for name in satisfied_locks(lock):
        environment.mark_complete(name)
    say("setup.done")


def satisfied_locks(lock: str) -> list[str]:
    """The lock files that hold once this one is installed: the development set contains the set to run."""
    run_lock = lock_path(RUN_LOCK)
    if os.path.basename(lock) == DEV_LOCK and set(pins(run_lock)) <= set(pins(lock)):
        return [run_lock, lock]
    return [lock]


def pins(lock: str) -> list[str]:
    """`name==version` of every package in a lock file."""
    with open(lock, encoding="utf-8") as file:
        return [found.group() for found in _PIN.finditer(file.read())]


def explain(output: str) -> str:
    """The key of the sentence for what an installer or the system said, from the surest sign to the vaguest."""
    for pattern, key in _CAUSES:
        if pattern.search(output):
            return key
    return "setup.failed"


def _is_usable(environment: Environment) -> bool:
    """Whether there is a working environment of this Python with its installer, made by us or by a developer."""
    if not os.path.exists(environment.python):
        return False
    question = "import pip, sys; print(sys.implementation.cache_tag, sys.prefix != sys.base_prefix)"
    answer = subprocess.run(
        [environment.python, "-I", "-c", question], capture_output=True, text=True, check=False
    )
    return answer.stdout.split() == [sys.implementation.cache_tag, "True"]


def _make(environment: Environment, guard: IO[bytes], progress: Progress) -> None:
    """A new, empty environment in place of whatever half-made one is there; never in place of anything else."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise SetupFailed("setup.no_venv", command=_venv_remedy())
    if not (_may_be_cleared(environment.folder) or guard.read() == MAKING):
        raise SetupFailed("setup.folder_taken", folder=environment.folder)
    guard.seek(0)
    guard.write(MAKING)
    creator = getattr(sys, "_base_executable", None) or sys.executable
    code, output = _run([creator, "-I", "-m", "venv", "--clear", environment.folder], guard, progress)
    if code != 0:
        key = "setup.no_venv" if "ensurepip" in output else explain(output)
        raise SetupFailed(key, command=_venv_remedy(), **_fields(environment, "", output))
    guard.truncate(0)


def _may_be_cleared(folder: str) -> bool:
    return (
        not os.path.exists(folder)
        or os.path.exists(os.path.join(folder, "pyvenv.cfg"))
        or (os.path.isdir(folder) and not os.listdir(folder))
    )


def _install(environment: Environment, lock: str, guard: IO[bytes], progress: Progress) -> None:
    """Try each installer in turn; the second sees other settings and may reach what the first could not."""
    outputs = []
    for installer in _installers(environment):
        progress.show(_MADE_PERCENT, text("setup.step_fetching"))
        command = [*installer, "--require-hashes", "-r", lock]
        code, output = _run(command, guard, progress, packages=max(len(pins(lock)), 1))
        outputs.append(output)
        if code == 0:
            break
    with open(os.path.join(environment.folder, LOG_NAME), "w", encoding="utf-8") as log:
        log.write("\n".join(outputs))
    if code != 0:
        raise SetupFailed(explain(output), **_fields(environment, lock, output))


def _installers(environment: Environment) -> list[list[str]]:
    # -I keeps the caller's folders and Python settings out; the installers' own settings still count.
    pip = [environment.python, "-I", "-m", "pip", "install", "--no-user", "--no-input", "--only-binary=:all:"]
    pip += ["--disable-pip-version-check", "--progress-bar=off", "--retries=2"]
    uv = shutil.which("uv")
    if uv is None:
        return [pip]
    return [
        [uv, "pip", "install", "--python", environment.python, "--no-python-downloads", "--no-progress"],
        pip,
    ]


def _run(command: list[str], guard: IO[bytes], progress: Progress, packages: int = 0) -> tuple[int, str]:
    """Run an installer, moving the bar with each package it names. Returns its exit code and everything it said."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", errors="replace", pass_fds=() if os.name == "nt" else (guard.fileno(),),
    )  # fmt: skip
    said: list[str] = []
    seen = 0
    try:
        for line in _lines_and_ticks(process):
            if line is None:
                progress.tick()
                continue
            said.append(line)
            if packages and (found := _SEEN.match(line)):
                seen = min(seen + 1, packages)
                share = (_COLLECTED_PERCENT - _MADE_PERCENT) * seen // packages
                progress.show(_MADE_PERCENT + share, found.group(1))
            elif line.startswith(("Installing collected packages", "Prepared ")):
                progress.show(_COLLECTED_PERCENT, text("setup.step_unpacking"))
    finally:
        if process.poll() is None:  # interrupted: leave no installer behind
            process.kill()
        process.wait()
    return process.returncode, "".join(said)


def _lines_and_ticks(process: subprocess.Popen[str]) -> Iterator[str | None]:
    """The lines of a running process as they come, and None whenever it has been silent for a moment."""
    lines: queue.Queue[str | None] = queue.Queue()
    output = process.stdout
    assert output is not None

    def read() -> None:
        for line in output:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=_TICK_SECONDS)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line


def _fields(environment: Environment, lock: str, output: str) -> dict[str, object]:
    """What any of the sentences about a failure may want to say."""
    said = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in said if re.match(r"(ERROR|error|Error)", line)]
    return {
        "folder": os.path.dirname(environment.folder),
        "python": ".".join(map(str, sys.version_info[:2])),
        "reason": (errors or said or [""])[-1],
        "log": os.path.join(environment.folder, LOG_NAME),
        "lock": os.path.basename(lock),
    }


def _venv_remedy() -> str:
    major, minor = sys.version_info[:2]
    return apt_command([f"python{major}.{minor}-venv"]) or "python3 -m ensurepip"


@contextlib.contextmanager
def _guarded(folder: str) -> Iterator[IO[bytes]]:
    """Hold the set-up of this folder; wait while another process holds it."""
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with open(os.open(folder + ".lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as guard:
        if not _try_hold(guard):
            say("setup.waiting")
            while not _try_hold(guard):
                threading.Event().wait(_GUARD_POLL_SECONDS)
        yield guard


def _try_hold(guard: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A locked byte cannot be read by others, so lock one that no one reads.
            guard.seek(1 << 20)
            msvcrt.locking(guard.fileno(), msvcrt.LK_NBLCK, 1)
            guard.seek(0)
        else:
            import fcntl

            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if isinstance(error, (BlockingIOError, PermissionError)) or sys.platform == "win32":
            return False
        raise
    return True
