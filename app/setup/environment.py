"""The project's own Python environment: where it is, and whether it holds what a lock file asks for.

A marker inside the environment says which lock it was completed from. It is written last and removed first, so an
environment without a valid marker is unfinished, whatever it looks like.
"""

import os
import sys

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"


class Environment:
    """A virtual environment folder; it need not exist yet."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    @property
    def python(self) -> str:
        """Its interpreter."""
        parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        return os.path.join(self.folder, *parts)

    def is_running(self) -> bool:
        """Whether this process runs inside it."""
        return os.path.realpath(sys.prefix) == os.path.realpath(self.folder)

    def is_complete(self, lock: str) -> bool:
        """Whether it was completed from exactly this lock, by a Python like the one that asks."""
        try:
            with open(self._marker(lock), encoding="ascii") as marker:
                digest, tag, *fingerprint = marker.read().split()
        except (OSError, ValueError):
            return False
        if tag != sys.implementation.cache_tag or not os.path.exists(self.python):
            return False
        # Hashing 200 kB would be a third of the whole wait; an untouched file needs none.
        return fingerprint == _fingerprint(lock) or digest == digest_of(lock)

    def mark_complete(self, lock: str) -> None:
        """Record that everything in the lock is installed."""
        path = self._marker(lock)
        with open(path + ".new", "w", encoding="ascii") as marker:
            marker.write(" ".join((digest_of(lock), str(sys.implementation.cache_tag), *_fingerprint(lock))))
        os.replace(path + ".new", path)

    def forget(self) -> None:
        """Remove every marker: from now on the environment counts as unfinished."""
        try:
            names = [name for name in os.listdir(self.folder) if name.startswith("regulars-")]
        except FileNotFoundError:
            return
        for name in names:
            os.remove(os.path.join(self.folder, name))

    def has_proof(self, of: str) -> bool:
        """Whether `prove` recorded this since the environment was last changed."""
        return os.path.exists(os.path.join(self.folder, "regulars-" + of))

    def prove(self, of: str) -> None:
        """Record something about this environment that is slow to find out; where that cannot be, it is found out again."""
        import contextlib

        with contextlib.suppress(OSError):
            open(os.path.join(self.folder, "regulars-" + of), "w", encoding="ascii").close()

    def _marker(self, lock: str) -> str:
        return os.path.join(self.folder, "regulars-" + os.path.basename(lock))


def own_environment() -> Environment:
    """The environment of this project: `$REGULARS_ENV`, or `.venv` beside the code."""
    return Environment(os.path.abspath(os.environ.get("REGULARS_ENV") or os.path.join(PROJECT, ".venv")))


def lock_path(name: str) -> str:
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)


def digest_of(path: str) -> str:
    """SHA-256 of a file, in hex."""
    import hashlib

    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _fingerprint(path: str) -> list[str]:
    status = os.stat(path)
    return [str(status.st_size), str(status.st_mtime_ns)]
