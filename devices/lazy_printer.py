"""The folder printer, with its typefaces loaded only when the first paper comes: a till that starts must not wait for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.receipt import ReceiptDocument
    from app.service.ports import PrintJob
    from devices.file_printer import FilePrinter


class LazyFilePrinter:
    """Implements :class:`devices.spool.Printer`; becomes a FilePrinter on the spool's thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._printer: FilePrinter | None = None

    def print(self, job: PrintJob, document: ReceiptDocument) -> str:
        if self._printer is None:
            from devices.file_printer import FilePrinter
            from devices.profile import PAPER_80MM

            self._printer = FilePrinter(self._folder, PAPER_80MM)
        return self._printer.print(job, document)
