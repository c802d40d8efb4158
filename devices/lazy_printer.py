"""Printers whose code is loaded on the spool's thread: a till that starts must not wait for typefaces and serial ports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.receipt import ReceiptDocument
    from app.service.ports import PrintJob
    from devices.file_printer import FilePrinter
    from devices.printer.port import LinePrinter, Printer


class LazyFilePrinter:
    """The folder printer. Implements :class:`devices.printer.port.Printer`; becomes a FilePrinter with the first paper."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._printer: FilePrinter | None = None

    def print(self, job: PrintJob, document: ReceiptDocument) -> str:
        if self._printer is None:
            from devices.file_printer import FilePrinter
            from devices.profile import PAPER_80MM

            self._printer = FilePrinter(self._folder, PAPER_80MM)
        return self._printer.print(job, document)


def configured_printer(setting: object, folder: Path) -> Printer | LinePrinter:
    """The printer of the setting ``devices.printer``; the folder when the setting says nothing that can be used.

    Raises Refused for an address that is none.
    """
    from devices.printer.line_printer import ReceiptPrinter
    from devices.profile import from_setting

    profile = from_setting(setting)
    return LazyFilePrinter(folder) if profile is None else ReceiptPrinter(profile)
