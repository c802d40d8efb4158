"""Scans and states live in the terminal, from devices on real pseudo-terminals."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from app.commands import devices, devices_watch
from app.commands.devices_watch import Watch
from app.domain.device import DeviceEvent, EventKind, Weight
from app.i18n import LANGUAGES, set_language
from app.service.shop import ShopSettings
from devices.virtual.scanner import VirtualScanner


def arguments(tmp_path: Path, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    devices.add_arguments(parser)
    parser.add_argument("--data", type=Path, default=tmp_path)
    return parser.parse_args(["watch", *words])


def test_a_scan_is_shown_with_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualScanner.on_pty(sends_aim_id=True) as scanner:

        def scan_when_ready(event: DeviceEvent) -> None:
            if event.detail == "ready":
                scanner.scan("4710088412348")

        words = ("--scanner", scanner.address, "--json", "--scans", "1")
        assert devices_watch.run(arguments(tmp_path, *words), scan_when_ready) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["detail"] for one in told if one["event"] == "state"][:2] == ["connecting", "ready"]
    (scan,) = [one for one in told if one["event"] == "scan"]
    assert (scan["code"], scan["kind"], scan["symbology"]) == ("4710088412348", "barcode", "ean")


def test_a_shop_without_devices_is_told_how_to_name_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert devices.run(arguments(tmp_path)) == 1
    assert "--scanner" in capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_is_a_sentence_and_a_badge_shows_no_code(language: str) -> None:
    set_language(language)
    watch = Watch(ShopSettings(), (), is_json=False)
    details = {EventKind.STATE: "ready", EventKind.SCAN_REFUSED: "cut_off", EventKind.DRAWER_LEFT_OPEN: "60"}
    for kind in EventKind:
        code = "B1:SECRET" if kind is EventKind.BADGE else "4710088412348"
        line = watch.line(DeviceEvent("A", kind, 0, details.get(kind, ""), code, weight=Weight(385)))
        assert "SECRET" not in line
        assert "scanner." not in line
