"""What the server answers when it does not do what was asked: a status, a short code, and when to come back.

A fact is never refused; a request that is not what it says it is, or comes from who may not ask, is. Codes are safe to log and to show.
"""

from __future__ import annotations


class Denied(Exception):
    """``status`` is the HTTP status. ``retry_after_seconds`` is 0 where coming back changes nothing."""

    def __init__(self, status: int, code: str, *, retry_after_seconds: int = 0) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.retry_after_seconds = retry_after_seconds


def malformed(code: str) -> Denied:
    """The request is not one of this protocol."""
    return Denied(400, code)


def unauthorised(code: str) -> Denied:
    """Nobody we know asks."""
    return Denied(401, code)


def forbidden(code: str) -> Denied:
    """Somebody we know asks for what is not theirs to ask."""
    return Denied(403, code)


def not_found(code: str) -> Denied:
    """There is no such thing in this tenant, and whether another tenant has it is not said."""
    return Denied(404, code)


def busy(code: str, retry_after_seconds: int = 1) -> Denied:
    """Later."""
    return Denied(503, code, retry_after_seconds=retry_after_seconds)
