"""``devices``: what is connected to this computer, and whether it works. Needs no shop and opens no books.

devices list                                        what may be a printer
devices print-test --to tcp://192.168.1.50:9100     print the test page there
devices virtual --printer --scanner                 devices made of software, to try the till with
devices watch [--scanner ADDRESS]                   scans and states, live
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.bootstrap import SystemClock
from app.commands import devices_virtual, devices_watch
from app.config import load
from app.i18n import language, set_language, t


@dataclass(frozen=True, slots=True)
class Step:
    """One word behind ``devices``."""

    name: str
    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    for step in STEPS:
        sub = words.add_parser(step.name, help=step.summary, description=step.summary)
        step.add_arguments(sub)
        sub.add_argument("--json", action="store_true", help="print the object on the last line")


def run(arguments: argparse.Namespace) -> int:
    set_language(load(arguments.data).language)
    step = next(step for step in STEPS if step.name == arguments.step)
    return step.run(arguments)


# --- list -----------------------------------------------------------------------------------------------------------------


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def _list(arguments: argparse.Namespace) -> int:
    from devices.transport.candidates import candidates

    found = candidates()
    for one in found:
        print(t("devices.found", kind=t(one.kind_key), label=one.label, address=one.address))
    if not found:
        print(t("devices.none_found"))
    if arguments.json:
        plain = [{"kind": one.kind, "label": one.label, "address": one.address} for one in found]
        print(json.dumps({"candidates": plain}, ensure_ascii=False))
    return 0


# --- print-test -----------------------------------------------------------------------------------------------------------


def _print_test_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", required=True, metavar="ADDRESS", help="serial:…, tcp://HOST:9100, usb:…, cups:…, file:FOLDER"
    )
    parser.add_argument(
        "--paper", choices=("80", "58"), default="80", help="the paper's width in millimetres"
    )
    parser.add_argument("--codec", choices=("none", "cp950", "gb18030", "utf8"), default="none")


def _print_test(arguments: argparse.Namespace) -> int:
    """Exit code 0 when the page came out, or was handed over where nobody can tell; 1 when nobody confirmed it."""
    from app.service.printer_page import test_page
    from devices.printer.trial_print import print_once

    page = test_page(language(), arguments.to, SystemClock().local())
    started = time.monotonic()
    ended = print_once(page, arguments.to, paper=arguments.paper, codec=arguments.codec)
    seconds = round(time.monotonic() - started, 2)
    print(t(f"devices.test_{ended.state}", bytes=ended.bytes_sent, seconds=seconds))
    if arguments.json:
        plain = {"state": ended.state, "bytes": ended.bytes_sent, "seconds": seconds, "fence": ended.fence}
        print(json.dumps(plain))
    return 0 if ended.state in ("done", "submitted") else 1


STEPS = (
    Step("list", "what is connected and may be a printer", _no_arguments, _list),
    Step("print-test", "print the test page at an address", _print_test_arguments, _print_test),
    Step(
        "virtual",
        "devices made of software, until Ctrl+C",
        devices_virtual.add_arguments,
        devices_virtual.run,
    ),
    Step(
        "watch",
        "scans, weights and states of the devices, live",
        devices_watch.add_arguments,
        devices_watch.run,
    ),
)
