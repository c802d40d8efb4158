"""Why the system would not give a line, as one of the short codes of :class:`devices.transport.port.Disconnected`."""

from __future__ import annotations

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOENT: "missing",
    errno.ENODEV: "missing",
    errno.ENXIO: "missing",
    errno.EHOSTUNREACH: "missing",
    errno.ENETUNREACH: "missing",
    errno.EHOSTDOWN: "missing",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EAGAIN: "busy",  # the advisory lock of another program
    errno.EBUSY: "busy",
    errno.ECONNREFUSED: "refused",
    errno.ENOSPC: "refused",
    errno.EROFS: "denied",
    errno.ETIMEDOUT: "timeout",
    errno.ENOTTY: "unsupported",
    errno.EINVAL: "unsupported",
}


def reason_of(error: OSError) -> str:
    """What is not known otherwise counts as gone: the line was there and is not any more."""
    if isinstance(error, TimeoutError):
        return "timeout"
    return _REASONS.get(error.errno or 0, "gone")
