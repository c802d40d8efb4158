"""Finding out what a printer is like: by its answers, and by those of whoever reads its paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.authority import Role
from app.domain.errors import ApprovalNeeded, Refused, Unavailable
from app.service.devices import Condition, DeviceDesk
from devices.lazy_printer import configured_printer
from devices.printer.connection import Timing
from devices.printer.trial_print import print_once
from devices.printer.wizard import Bench, Trial, speeds_of
from devices.profile import PAPER_58MM, Cutter, Fence, PrinterProfile, from_setting, to_setting
from devices.virtual.printer import VirtualPrinter
from devices.virtual.status import Fault
from tests.devices.printer.counter import QUICK, PrintingShop, printing_shop, profile_for
from tests.devices.sample import receipt
from tests.service.small_shop import SOAP

BENCH = Bench(timing=Timing(answer_seconds=0.1))


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter.on_tcp(codec="cp950", dots=384) as printer:
        yield printer


def trial_of(printer: VirtualPrinter) -> Trial:
    return BENCH.begin(printer.address)


# --- asking -------------------------------------------------------------------------------------------------------------


def test_a_printer_that_answers_everything_is_found_out_whole(printer: VirtualPrinter) -> None:
    trial = trial_of(printer)
    found = trial.probe()
    trial.close()
    assert (found.answers_status, found.pushes_status, found.fence) == (True, True, "gs_h")
    assert found.bytes_per_second
    assert printer.complaints == ()


def test_a_printer_without_process_numbers_gets_the_other_fence() -> None:
    with VirtualPrinter.on_tcp(knows_process_id=False) as printer:
        trial = trial_of(printer)
        assert trial.probe().fence == "gs_r"
        trial.close()


def test_a_printer_without_paper_is_not_found_out_about_but_filled_first(printer: VirtualPrinter) -> None:
    printer.set_fault(Fault.PAPER_OUT)
    trial = trial_of(printer)
    with pytest.raises(Unavailable, match="printer_paper_out"):
        trial.probe()
    printer.clear_faults()
    assert trial.probe().fence == "gs_h"
    trial.close()


def test_a_printer_that_answers_nothing_is_one_whose_papers_are_submitted() -> None:
    with VirtualPrinter.on_tcp(answers=False) as printer:
        trial = trial_of(printer)
        found = trial.probe()
        trial.take_lines(reads_cp950=False, reads_gb18030=False, widest=3)
        profile = from_setting(trial.finish("receipts"))
        trial.close()
    assert (found.answers_status, found.fence, found.bytes_per_second) == (False, "none", None)
    assert profile is not None
    assert (profile.dots, profile.fence, profile.answers_status) == (576, Fence.NONE, False)


def test_the_speed_of_a_slow_line_is_measured_and_its_bands_made_small() -> None:
    with VirtualPrinter.on_pty(baud=19200) as printer:
        trial = trial_of(printer)
        found = trial.probe()
        profile = from_setting(trial.finish("receipts"))
        trial.close()
    assert found.bytes_per_second is not None
    assert 1_000 < found.bytes_per_second < 2_500
    assert profile is not None
    assert profile.band_rows < 128


def test_a_serial_port_without_a_speed_is_tried_at_each() -> None:
    assert speeds_of("tcp://host:9100") == ("tcp://host:9100",)
    assert speeds_of("serial:/dev/x?baud=9600") == ("serial:/dev/x?baud=9600",)
    assert speeds_of("serial:/dev/x")[0] == "serial:/dev/x?baud=115200&flow=rtscts"
    with VirtualPrinter.on_pty() as printer:
        trial = BENCH.begin(f"serial:{printer.port}")
        assert trial.probe().address == f"serial:{printer.port}?baud=115200&flow=rtscts"
        trial.close()


def test_nothing_at_an_address_is_told_with_what_to_do() -> None:
    with pytest.raises(Unavailable, match="printer_missing"):
        BENCH.begin("serial:/dev/there-is-none?baud=9600")
    with pytest.raises(Refused, match="device_address"):
        BENCH.begin("somewhere")


# --- what a person reads --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rom", "letter"), [("cp950", "A"), ("gb18030", "B")])
def test_only_the_line_in_the_printers_own_code_page_reads_right(rom: str, letter: str) -> None:
    with VirtualPrinter.on_tcp(codec=rom) as printer:
        trial = trial_of(printer)
        number = trial.print_lines()
        trial.cut()
        assert printer.wait_for_papers(1)
        trial.close()
        right = [line[0] for line in printer.papers[0].text.splitlines() if f"臺灣好茶 熟客 {number}" in line]
    assert right == [letter]


@pytest.mark.parametrize(
    ("prefers_text", "cp950", "gb18030", "codec"),
    [
        (False, True, False, "none"),
        (True, True, False, "cp950"),
        (True, False, True, "gb18030"),
        (True, False, False, "none"),
        (True, True, True, "none"),
    ],
)
def test_the_answers_become_the_profile(
    printer: VirtualPrinter, prefers_text: bool, cp950: bool, gb18030: bool, codec: str
) -> None:
    trial = trial_of(printer)
    trial.probe()
    trial.take_lines(reads_cp950=cp950, reads_gb18030=gb18030, widest=1)
    trial.take_cut(True)
    trial.kick(5, at_once=True)
    trial.take_drawer(5, at_once=True)
    profile = from_setting(trial.finish("收據", prefers_text=prefers_text))
    trial.close()
    assert profile is not None
    assert (profile.name, profile.codec, profile.dots, profile.columns) == ("收據", codec, 384, 32)
    assert (profile.cutter, profile.drawer_pin, profile.kicks_at_once) == (Cutter.PARTIAL, 5, True)
    assert profile.address == printer.address
    assert printer.wait_until(lambda: len(printer.kicks) == 1)
    assert (printer.kicks[0].pin, printer.kicks[0].is_real_time) == (5, True)


def test_a_page_of_which_nothing_was_right_makes_no_profile(printer: VirtualPrinter) -> None:
    trial = trial_of(printer)
    with pytest.raises(Refused, match="printer_unreadable"):
        trial.take_lines(reads_cp950=False, reads_gb18030=False, widest=0)
    trial.close()


# --- the profile as it is kept --------------------------------------------------------------------------------------------


def test_a_profile_is_the_same_after_it_was_kept() -> None:
    profile = profile_for("tcp://printer:9100", codec="gb18030", cutter=Cutter.FULL, fence=Fence.GS_R)
    assert from_setting(to_setting(profile)) == profile


@pytest.mark.parametrize("kept", [None, "", [], {}, {"dots": 576}, {"address": "tcp://x:1", "dots": 577}])
def test_a_setting_that_makes_no_sense_is_no_printer(kept: object) -> None:
    assert from_setting(kept) is None


def test_a_damaged_field_falls_back_to_its_default() -> None:
    kept = {**to_setting(profile_for("tcp://x:1")), "band_rows": "many", "fence": "magic", "drawer_pin": None}
    profile = from_setting(kept)
    assert profile is not None
    assert (profile.band_rows, profile.fence, profile.drawer_pin) == (128, Fence.NONE, 2)


# --- one paper without books ----------------------------------------------------------------------------------------------


def test_one_paper_is_printed_and_confirmed_at_an_address(printer: VirtualPrinter) -> None:
    ended = print_once(receipt("zh_TW"), printer.address, paper="58", timing=QUICK)
    assert (ended.state, ended.fence) == ("done", "gs_h")
    assert len(printer.papers) == 1
    assert printer.kicks == (), "a test page opens no drawer"


def test_a_printer_that_cannot_print_now_says_why(printer: VirtualPrinter) -> None:
    printer.set_fault(Fault.COVER_OPEN)
    with pytest.raises(Unavailable, match="printer_cover_open"):
        print_once(receipt("zh_TW"), printer.address, timing=QUICK)


def test_a_folder_gets_the_bytes_and_a_picture(tmp_path: Path) -> None:
    ended = print_once(receipt("zh_TW"), f"file:{tmp_path}/papers")
    assert ended.state == "submitted"
    names = sorted(path.name for path in (tmp_path / "papers").iterdir())
    assert names == ["paper-000001.escpos", "test.png"]


# --- the desk -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def till(tmp_path: Path) -> Iterator[PrintingShop]:
    with (
        VirtualPrinter.on_tcp() as first,
        printing_shop(tmp_path, profile_for(first.address)) as till,
    ):
        yield till


def desk_of(till: PrintingShop, folder: Path) -> DeviceDesk:
    def use(setting: object) -> None:
        till.spool.use(lambda: configured_printer(setting, folder))

    shop = till.shop
    return DeviceDesk(shop.store, shop.session, shop.clock, till.spool, lambda: BENCH, use)


def test_a_printer_is_set_up_while_the_till_runs_and_prints_the_next_paper(
    till: PrintingShop, printer: VirtualPrinter, tmp_path: Path
) -> None:
    desk = desk_of(till, tmp_path / "prints")
    states: list[Condition] = []
    stop = desk.on_printer_state(lambda state: states.append(state.condition))
    trial = desk.begin(printer.address)
    waiting = till.sell(SOAP)
    trial.probe()
    trial.take_lines(reads_cp950=True, reads_gb18030=False, widest=1)
    trial.take_cut(True)
    assert till.states() == ["queued"], "papers wait while somebody looks at the printer"
    desk.save(trial.finish("收據"))
    desk.end(trial)
    till.watch.wait_for(waiting, "done")
    assert len(printer.papers) == 1
    assert from_setting(till.shop.store.desk.setting("devices.printer")) is not None
    assert till.audited("printer_chosen") == 1
    assert desk.printer_state.address == printer.address
    assert Condition.READY in states
    stop()
    desk.print_test()
    till.watch.wait_for(waiting + 1, "done")


def test_back_to_the_folder(till: PrintingShop, tmp_path: Path) -> None:
    desk = desk_of(till, tmp_path / "prints")
    desk.use_folder()
    job = till.sell(SOAP)
    till.watch.wait_for(job, "done")
    assert list((tmp_path / "prints").glob("*.png"))


def test_setting_up_needs_the_right_and_a_printer_that_is_free(
    till: PrintingShop, printer: VirtualPrinter, tmp_path: Path
) -> None:
    desk = desk_of(till, tmp_path / "prints")
    till.shop.session.operator = till.shop.cashier
    assert till.shop.cashier.role is Role.CASHIER
    with pytest.raises(ApprovalNeeded):
        desk.begin(printer.address)
    with pytest.raises(ApprovalNeeded):
        desk.save({"address": printer.address})


def test_a_line_that_is_not_there_gives_the_old_printer_back(till: PrintingShop, tmp_path: Path) -> None:
    desk = desk_of(till, tmp_path / "prints")
    with pytest.raises(Unavailable, match="printer_refused"):
        desk.begin("tcp://127.0.0.1:1")
    job = till.sell(SOAP)
    till.watch.wait_for(job, "done")


@pytest.mark.logs_warnings
def test_a_kept_address_that_is_none_is_a_fault_and_no_crash(till: PrintingShop, tmp_path: Path) -> None:
    profile = to_setting(PrinterProfile("x", PAPER_58MM.dots, PAPER_58MM.columns, address="nowhere"))
    till.spool.use(lambda: configured_printer(profile, tmp_path))
    till.watch.wait_for_code("device_address")
    job = till.sell(SOAP)
    assert till.states()[job - 1] == "queued"
