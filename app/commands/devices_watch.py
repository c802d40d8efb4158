"""``devices watch``: what the scanners read and how every device is, live in the terminal, until Ctrl+C or for some seconds.

Without a device named it watches the shop's own. A till that is running holds their lines: then they are told as busy.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from queue import Empty, Queue
from time import monotonic
from typing import TYPE_CHECKING, Final

from app.bootstrap import SystemClock, books_config, open_store_for_reading
from app.config import load
from app.domain.device import DeviceEvent, DeviceKind, EventKind
from app.domain.entry import kind_of
from app.domain.errors import TillError
from app.domain.quantity import format_quantity
from app.i18n import t
from app.service.device_setup import DeviceSetup, load_devices
from app.service.recognition import recognise
from app.service.shop import ShopSettings, load_label_rules, load_shop
from devices.hub import DeviceHub

if TYPE_CHECKING:
    from app.domain.barcode import LabelRule

LOOK_SECONDS: Final = 0.5
_NAMED: Final = {
    "scanner": DeviceKind.SCANNER,
    "badge": DeviceKind.BADGE,
    "scale": DeviceKind.SCALE,
    "display": DeviceKind.DISPLAY,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name in _NAMED:
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar="ADDRESS", help=f"watch this {name}"
        )
    parser.add_argument("--protocol", choices=("toledo", "cas"), default="toledo", help="of the scale")
    parser.add_argument("--demo", action="store_true", help="the devices of the demo shop")
    parser.add_argument("--scans", type=int, metavar="N", help="stop after so many scans")
    parser.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="stop after so long")


def run(arguments: argparse.Namespace, on_event: Callable[[DeviceEvent], None] = lambda _: None) -> int:
    """``on_event`` hears every event too, on the device's thread."""
    setups = _named(arguments)
    shop = ShopSettings()
    rules: tuple[LabelRule, ...] = ()
    if not setups:
        setups, shop, rules = _of_the_shop(arguments)
    if not setups:
        print(t("scanner.watch.none"))
        return 1
    watch = Watch(shop, rules, is_json=arguments.json)
    hub = DeviceHub(SystemClock())
    hub.listen(watch.events.put)
    hub.listen(on_event)
    if not arguments.json:
        print(t("scanner.watch.title"), flush=True)
    hub.apply(setups)
    try:
        watch.follow(arguments.seconds, arguments.scans)
    except KeyboardInterrupt:
        pass
    finally:
        hub.stop()
    return 0


class Watch:
    """Prints events as they come."""

    def __init__(self, shop: ShopSettings, rules: tuple[LabelRule, ...], *, is_json: bool) -> None:
        self.events: Queue[DeviceEvent] = Queue()
        self._shop = shop
        self._rules = rules
        self._is_json = is_json

    def follow(self, seconds: float | None, scans: int | None) -> None:
        """Until the time is over or so many scans have come; without either for ever."""
        end = None if seconds is None else monotonic() + seconds
        while (end is None or monotonic() < end) and scans != 0:
            try:
                event = self.events.get(timeout=LOOK_SECONDS)
            except Empty:
                continue
            print(self.line(event), flush=True)
            if scans is not None and event.kind in (EventKind.SCAN, EventKind.BADGE):
                scans -= 1

    def line(self, event: DeviceEvent) -> str:
        if self._is_json:
            return json.dumps(self._plain(event), ensure_ascii=False)
        clock = datetime.fromtimestamp(event.at / 1000).astimezone().strftime("%H:%M:%S")
        return f"{clock}  {self._sentence(event)}"

    def _sentence(self, event: DeviceEvent) -> str:
        device = event.device
        match event.kind:
            case EventKind.STATE:
                return t("scanner.event.state", device=device, state=t(f"scanner.state.{event.detail}"))
            case EventKind.SCAN:
                kind = t(f"scanner.code.{self._kind(event)}")
                return t("scanner.event.scan", device=device, code=event.code, kind=kind)
            case EventKind.BADGE:
                return t("scanner.event.badge", device=device)
            case EventKind.SCAN_REPEATED:
                return t("scanner.event.scan_repeated", device=device)
            case EventKind.SCAN_REFUSED:
                return t(
                    "scanner.event.scan_refused", device=device, reason=t(f"scanner.reason.{event.detail}")
                )
            case EventKind.WEIGHT:
                weight = format_quantity(event.weight.thousandths) if event.weight is not None else ""
                return t("scanner.event.weight", device=device, weight=weight)
            case EventKind.DRAWER_OPENED:
                return t("scanner.event.drawer_opened", device=device)
            case EventKind.DRAWER_CLOSED:
                return t("scanner.event.drawer_closed", device=device)
            case EventKind.DRAWER_LEFT_OPEN:
                return t("scanner.event.drawer_left_open", device=device, seconds=event.detail)
            case EventKind.DRAWER_UNASKED:
                return t("scanner.event.drawer_unasked", device=device)

    def _plain(self, event: DeviceEvent) -> dict[str, object]:
        plain: dict[str, object] = {"at": event.at, "device": event.device, "event": event.kind.value}
        if event.kept_detail:
            plain["detail"] = event.kept_detail
        if event.kind is EventKind.SCAN:
            plain |= {"code": event.code, "kind": self._kind(event)}
        if event.symbology is not None:
            plain["symbology"] = event.symbology.value
        return plain

    def _kind(self, event: DeviceEvent) -> str:
        return kind_of(recognise(event.entry, self._shop, self._rules, is_scan=True)).value


def _named(arguments: argparse.Namespace) -> tuple[DeviceSetup, ...]:
    """The devices of the command line, named after their kind; a second one gets a number."""
    found = []
    for name, kind in _NAMED.items():
        for number, address in enumerate(getattr(arguments, name), 1):
            options = {"protocol": arguments.protocol} if kind is DeviceKind.SCALE else {}
            label = t(f"scanner.kind.{kind.value}")
            found.append(DeviceSetup(label if number == 1 else f"{label} {number}", kind, address, options))
    return tuple(found)


def _of_the_shop(
    arguments: argparse.Namespace,
) -> tuple[tuple[DeviceSetup, ...], ShopSettings, tuple[LabelRule, ...]]:
    try:
        books_config(load(arguments.data), is_demo=arguments.demo)
    except TillError:
        return (), ShopSettings(), ()
    store = open_store_for_reading(load(arguments.data), is_demo=arguments.demo)
    try:
        settings = store.desk.settings()
    finally:
        store.close()
    return load_devices(settings), load_shop(settings), load_label_rules(settings)
