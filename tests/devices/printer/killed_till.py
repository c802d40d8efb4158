"""A till that is killed while it prints: sells one receipt and says each state of its paper as soon as it is on disk.

python -m tests.devices.printer.killed_till FOLDER ADDRESS FENCE
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from app.service.ports import PrintJob
from devices.printer.line_printer import ReceiptPrinter
from devices.profile import Fence
from devices.spool import PrintSpool
from tests.devices.printer.counter import QUICK, profile_for
from tests.service.small_shop import TEA, open_small_shop


def main(folder: Path, address: str, fence: Fence) -> None:
    shop = open_small_shop(folder)
    printer = ReceiptPrinter(profile_for(address, fence=fence, pushes_status=False), timing=QUICK)

    def say(job: PrintJob) -> None:
        print(job.state, flush=True)

    spool = PrintSpool(shop.store, printer, shop.clock, on_change=say)
    shop.sell(TEA)
    spool.start()
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Fence(sys.argv[3]))
