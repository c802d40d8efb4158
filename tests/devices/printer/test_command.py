"""``devices list`` and ``devices print-test``, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main
from devices.virtual.printer import VirtualPrinter
from devices.virtual.status import Fault


def last_object(said: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(said.splitlines()[-1])
    return found


def test_the_test_page_is_printed_at_an_address_and_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with VirtualPrinter.on_pty() as printer:
        arguments = ["--data", str(tmp_path), "devices", "print-test", "--to", printer.address, "--json"]
        assert main(arguments) == 0
        (paper,) = printer.papers
        assert printer.complaints == ()
        assert printer.kicks == ()
    told = last_object(capsys.readouterr().out)
    assert (told["state"], told["fence"]) == ("done", "gs_h")
    assert paper.cut == "partial"
    assert not list(tmp_path.glob("*.db")), "no books are opened for it"


def test_a_printer_without_paper_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with VirtualPrinter.on_tcp() as printer:
        printer.set_fault(Fault.PAPER_OUT)
        assert main(["--data", str(tmp_path), "devices", "print-test", "--to", printer.address]) == 1
        assert printer.papers == ()
    assert "沒紙" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["bogus", "serial:/dev/there-is-none?baud=9600", "tcp://127.0.0.1:1"])
def test_an_address_where_nothing_is_ends_with_a_sentence(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "devices", "print-test", "--to", address]) == 1
    assert address in capsys.readouterr().err


def test_what_is_connected_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "devices", "list", "--json"]) == 0
    assert isinstance(last_object(capsys.readouterr().out)["candidates"], list)
