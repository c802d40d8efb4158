"""Everything that can go wrong and is not our own bug.

    TillError
    ├── Refused        a rule said no: the operator did something the shop does not allow, or keyed something wrong
    ├── Unavailable    something outside is missing: printer, disk, key store, network; may work later
    └── Cancelled      the operator changed their mind; unwinds silently

A code names one sentence in ``app/texts/error.py`` (key ``error.<code>``), which says what happened and what to do next;
``fields`` fill it. Our own bugs stay ``AssertionError`` and reach the crash dialog.
"""

from __future__ import annotations


class TillError(Exception):
    """The root of every error that has a sentence for the operator."""

    def __init__(self, code: str, /, **fields: object) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields

    @property
    def text_key(self) -> str:
        """The key of the sentence in the catalogue of texts."""
        return f"error.{self.code}"

    def __str__(self) -> str:
        if not self.fields:
            return self.code
        return f"{self.code} ({', '.join(f'{name}={value}' for name, value in sorted(self.fields.items()))})"


class Refused(TillError):
    """A rule said no. Nothing was changed; the sentence says what would be accepted."""


class ApprovalNeeded(Refused):
    """The operator's role is not enough; a second person may grant it once.

    ``right`` names the right in :mod:`app.domain.authority`; ``fields`` hold the amount asked for and the limit.
    """

    def __init__(self, right: str, /, **fields: object) -> None:
        super().__init__("approval_needed", right=right, **fields)
        self.right = right


class Unavailable(TillError):
    """Something outside the till is missing. ``can_retry`` says whether the same step may simply be tried again."""

    def __init__(self, code: str, /, *, can_retry: bool = True, **fields: object) -> None:
        super().__init__(code, **fields)
        self.can_retry = can_retry


class Cancelled(TillError):
    """The operator cancelled; nothing is shown."""

    def __init__(self) -> None:
        super().__init__("cancelled")
