"""The application object, made before anything else of the till is imported: what Qt can do by itself meanwhile, it does.

Imports nothing of the screens.
"""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from ui import fonts


def begin() -> QApplication:
    """The one application of this process; the typeface is being read from now on."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Regulars")
    fonts.begin()
    return application
