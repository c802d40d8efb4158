"""``devices virtual``: devices made of software, at addresses that a till can be set up with, until Ctrl+C.

devices virtual --printer --scanner --folder DIR        the papers that come out are put into DIR as pictures and text
scan 4710088412348 · weigh 685 · fault paper-out · ok   what is typed here is what a person would do to the devices
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import Empty, Queue
from time import monotonic
from typing import TYPE_CHECKING, Final

from app.i18n import t

if TYPE_CHECKING:
    from devices.virtual.device import VirtualDevice
    from devices.virtual.display import VirtualDisplay
    from devices.virtual.printer import VirtualPrinter
    from devices.virtual.scale import VirtualScale
    from devices.virtual.scanner import VirtualScanner

LOOK_SECONDS: Final = 0.5
PAPER_DOTS: Final = {"80": 576, "58": 384}
KINDS: Final = ("printer", "scanner", "scale", "display")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--printer", nargs="?", const="pty", choices=("pty", "tcp"), help="a receipt printer")
    parser.add_argument("--scanner", nargs="?", const="pty", choices=("pty", "tcp"), help="a serial scanner")
    parser.add_argument("--scale", nargs="?", const="toledo-8217", choices=("toledo-8217", "cas"))
    parser.add_argument("--display", nargs="?", const="epson", choices=("epson", "cd5220"))
    parser.add_argument("--baud", type=int, metavar="N", help="no faster than a line of this speed")
    parser.add_argument("--codec", choices=("none", "cp950", "gb18030", "utf8"), default="cp950")
    parser.add_argument("--paper", choices=tuple(PAPER_DOTS), default="80", help="millimetres")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the ports and the papers are put")
    parser.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="stop after so long")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 when it was ended; 1 when this system has no pseudo-terminals."""
    with ExitStack() as stack:
        desk = Desk(arguments, stack)
        addresses = {kind: device.address for kind, device in desk.devices.items()}
        for kind, address in addresses.items():
            print(t("virtual.ready", kind=t(f"virtual.kind_{kind}"), address=address))
        print(t("virtual.words"))
        if arguments.json:
            print(json.dumps({"addresses": addresses}))
        sys.stdout.flush()
        desk.serve(arguments.seconds, typed=sys.stdin)
    return 0


class Desk:
    """The devices that were asked for, and what is typed about them."""

    printer: VirtualPrinter | None = None
    scanner: VirtualScanner | None = None
    scale: VirtualScale | None = None
    display: VirtualDisplay | None = None

    def __init__(self, arguments: argparse.Namespace, stack: ExitStack) -> None:
        self._arguments = arguments
        self._folder: Path | None = arguments.folder
        self._kept_papers = 0
        self._said_kicks = 0
        self._shown: tuple[str, str] | None = None
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        wanted = [kind for kind in KINDS if getattr(arguments, kind)] or ["printer", "scanner"]
        makers: Mapping[str, Callable[[], VirtualDevice]] = {
            "printer": self._make_printer, "scanner": self._make_scanner, "scale": self._make_scale, "display": self._make_display,
        }  # fmt: skip
        self.devices = {kind: stack.enter_context(makers[kind]()) for kind in wanted}

    def serve(self, seconds: float | None, *, typed: Iterable[str] = ()) -> None:
        """Obey what is typed and keep what comes out, until Ctrl+C or the time is over."""
        lines: Queue[str] = Queue()
        threading.Thread(target=_read_lines, args=(typed, lines), daemon=True).start()
        end = None if seconds is None else monotonic() + seconds
        while end is None or monotonic() < end:
            rest = LOOK_SECONDS if end is None else max(0.0, min(LOOK_SECONDS, end - monotonic()))
            with suppress(Empty):
                self.obey(lines.get(timeout=rest))
            self._tell()
            sys.stdout.flush()
        self._tell()

    def obey(self, line: str) -> None:
        """One typed line; what is not understood is said."""
        word, _, rest = line.strip().partition(" ")
        do = self._words().get(word)
        if do is not None and do(rest.strip()):
            return
        if word:
            print(t("virtual.not_understood", line=line.strip()))

    def _words(self) -> Mapping[str, Callable[[str], bool]]:
        return {
            "scan": self._scan,
            "weigh": self._weigh,
            "fault": self._set_fault,
            "ok": lambda _: self._with_printer(lambda printer: printer.clear_faults()),
            "power": lambda _: self._with_printer(lambda printer: printer.power_cycle()),
            "tear": lambda _: self._with_printer(lambda printer: printer.tear_off()),
            "drawer": self._drawer,
            "unplug": self._unplug,
            "replug": self._replug,
        }

    # What a person does.

    def _scan(self, code: str) -> bool:
        if self.scanner is None or not code:
            return False
        self.scanner.scan(code)
        return True

    def _weigh(self, grams: str) -> bool:
        if self.scale is None or not grams.isdecimal():
            return False
        self.scale.put(int(grams))
        return True

    def _set_fault(self, name: str) -> bool:
        from devices.virtual.status import Fault

        fault = next((fault for fault in Fault if fault.replace(" ", "-") == name), None)
        return fault is not None and self._with_printer(lambda printer: printer.set_fault(fault))

    def _drawer(self, state: str) -> bool:
        if state == "open":
            return self._with_printer(lambda printer: printer.drawer.open_by_hand())
        return state == "close" and self._with_printer(lambda printer: printer.drawer.close())

    def _unplug(self, kind: str) -> bool:
        device = self.devices.get(kind)
        if device is None:
            return False
        device.unplug()
        return True

    def _replug(self, kind: str) -> bool:
        device = self.devices.get(kind)
        if device is None:
            return False
        device.replug()
        return True

    def _with_printer(self, do: Callable[[VirtualPrinter], None]) -> bool:
        if self.printer is None:
            return False
        do(self.printer)
        return True

    # What the devices did.

    def _tell(self) -> None:
        if self.printer is not None:
            self._tell_of_printer(self.printer)
        if self.display is not None and self.display.lines != self._shown:
            self._shown = self.display.lines
            print("\n".join(f"│{line}│" for line in self._shown))

    def _tell_of_printer(self, printer: VirtualPrinter) -> None:
        kicks = printer.kicks
        for kick in kicks[self._said_kicks :]:
            print(t("virtual.kicked", pin=kick.pin))
        self._said_kicks = len(kicks)
        papers = printer.papers
        for number, paper in enumerate(papers[self._kept_papers :], self._kept_papers + 1):
            print(t("virtual.paper", number=number))
            print(paper.text, end="")
            if self._folder is not None:
                (self._folder / f"paper-{number:04d}.png").write_bytes(paper.png)
                (self._folder / f"paper-{number:04d}.txt").write_text(paper.text, encoding="utf-8")
        if len(papers) > self._kept_papers:
            for complaint in printer.complaints:
                print(t("virtual.complaint", bytes=complaint.data[:16].hex(" "), place=complaint.offset))
        self._kept_papers = len(papers)

    # Making them.

    def _make_printer(self) -> VirtualPrinter:
        from devices.virtual.printer import VirtualPrinter

        arguments = self._arguments
        options = {"codec": arguments.codec, "dots": PAPER_DOTS[arguments.paper]}
        if arguments.printer == "tcp":
            self.printer = VirtualPrinter.on_tcp(baud=arguments.baud, **options)
        else:
            self.printer = VirtualPrinter.on_pty(self._link("printer"), baud=arguments.baud, **options)
        return self.printer

    def _make_scanner(self) -> VirtualScanner:
        from devices.virtual.scanner import VirtualScanner

        if self._arguments.scanner == "tcp":
            self.scanner = VirtualScanner.on_tcp()
        else:
            self.scanner = VirtualScanner.on_pty(self._link("scanner"))
        return self.scanner

    def _make_scale(self) -> VirtualScale:
        from devices.virtual.scale import Protocol, VirtualScale

        self.scale = VirtualScale.on_pty(self._link("scale"), protocol=Protocol(self._arguments.scale))
        return self.scale

    def _make_display(self) -> VirtualDisplay:
        from devices.virtual.display import Mode, VirtualDisplay

        self.display = VirtualDisplay.on_pty(self._link("display"), mode=Mode(self._arguments.display))
        return self.display

    def _link(self, kind: str) -> Path | None:
        return None if self._folder is None else self._folder.absolute() / kind


def _read_lines(typed: Iterable[str], lines: Queue[str]) -> None:
    """Ends with what is typed; the devices go on."""
    for line in typed:
        lines.put(line)
