"""The look that every window stands on, as in the tests of the screens."""

from __future__ import annotations

from tests.ui.conftest import look

__all__ = ["look"]
