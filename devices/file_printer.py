"""A printer that is a folder: each paper becomes a picture, and the very bytes a receipt printer would have got.

It answers what it knows: the paper was handed over and is on disk. Nothing has been read back from a device.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from app.domain.errors import Unavailable
from app.domain.receipt import DrawerPulse, ReceiptDocument
from app.service.ports import PrintJob
from devices.layout import lay_out
from devices.profile import PrinterProfile
from devices.render.escpos import encode
from devices.render.raster import paint, to_png

KEPT_PAPERS_MAX = 2_000


class FilePrinter:
    """Writes ``000123-receipt.png`` and ``.escpos`` into one folder and keeps the newest papers."""

    def __init__(self, folder: Path, profile: PrinterProfile) -> None:
        self._folder = folder
        self._profile = profile

    def print(self, job: PrintJob, document: ReceiptDocument) -> str:
        """Returns ``done``. Raises Unavailable when the folder cannot be written."""
        if job.request.kicks_drawer:
            document = replace(document, nodes=(DrawerPulse(), *document.nodes))
        sheet = paint(lay_out(document, self._profile.columns), self._profile)
        name = f"{job.id:06d}-{job.request.kind}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for suffix, data in ((".png", to_png(sheet.image)), (".escpos", encode(sheet, self._profile))):
                temporary = self._folder / f".{name}{suffix}"
                temporary.write_bytes(data)
                os.replace(temporary, self._folder / f"{name}{suffix}")
            self._forget_old()
        except OSError as error:
            raise Unavailable("print_folder", folder=self._folder.name) from error
        return "done"

    def _forget_old(self) -> None:
        papers = sorted(self._folder.glob("*.escpos"))
        for paper in papers[: max(0, len(papers) - KEPT_PAPERS_MAX)]:
            paper.unlink(missing_ok=True)
            paper.with_suffix(".png").unlink(missing_ok=True)
