from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.commands import devices_virtual
from app.commands.devices_virtual import Desk
from app.i18n import set_language
from devices.render.escpos import render_escpos
from devices.virtual.display import VirtualDisplay
from devices.virtual.status import Fault
from tests.devices.sample import receipt
from tests.devices.virtual.till import open_till


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    devices_virtual.add_arguments(parser)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(words)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    set_language("en")
    with ExitStack() as stack:
        yield Desk(
            arguments("--printer", "--scanner", "--scale", "--display", "--folder", str(tmp_path)), stack
        )


def test_the_addresses_are_said_and_stay_under_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert devices_virtual.run(arguments("--printer", "--folder", str(tmp_path), "--for", "0", "--json")) == 0
    said = capsys.readouterr().out.splitlines()
    assert json.loads(said[-1]) == {"addresses": {"printer": f"serial:{tmp_path}/printer"}}


def test_papers_are_put_into_the_folder_and_told(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.printer is not None
    with open_till(desk.printer.address) as till:
        till.write(render_escpos(receipt("en")) + b"hello\n\x1b\x7f\x1dVB\x00")
        assert desk.printer.wait_for_papers(2)
    desk.serve(0)
    said = capsys.readouterr().out
    assert "hello" in said
    assert "1b 7f" in said
    assert "pin 2" in said
    assert (tmp_path / "paper-0001.png").stat().st_size > 1_000
    assert (tmp_path / "paper-0002.txt").read_text(encoding="utf-8") == "hello\n"


def test_what_is_typed_is_done(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.printer is not None
    assert desk.scanner is not None
    assert desk.scale is not None
    with open_till(desk.scanner.address) as till:
        desk.obey("scan 4710088412348\n")
        assert till.read(14) == b"4710088412348\r"
    desk.obey("fault paper-out")
    assert set(desk.printer.faults) == {Fault.PAPER_OUT}
    desk.obey("ok")
    assert set(desk.printer.faults) == set()
    desk.obey("drawer open")
    assert desk.printer.drawer.is_open
    desk.obey("weigh 685")
    with open_till(desk.scale.address) as till:
        assert till.ask(b"W", 8) == b"\x0200.685\r"
    plugged = []
    for line in ("unplug printer", "replug printer"):
        desk.obey(line)
        plugged.append(desk.printer.is_plugged)
    assert plugged == [False, True]
    assert capsys.readouterr().out == ""
    desk.obey("weigh much")
    assert "weigh much" in capsys.readouterr().out


def test_what_a_display_shows_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    display = desk.devices["display"]
    assert isinstance(display, VirtualDisplay)
    with open_till(display.address) as till:
        till.write(b"\x0cTOTAL NT$159")
        assert display.shows("NT$159")
    desk.serve(0)
    assert "│TOTAL NT$159        │" in capsys.readouterr().out
