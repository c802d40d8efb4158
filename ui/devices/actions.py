"""What can be done with a device from the list: try it, add it, change it, take it away. Each opens a sheet of its own.

Who may not change settings is asked for a second person first, and the grant goes along to the service.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.device import DeviceKind
from app.domain.transaction import TransactionKind
from app.service.device_setup import DeviceSetup, DeviceSetups
from ui.devices.permission import with_right
from ui.tasks import Worker
from ui.widgets.alert_sheet import ConfirmSheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.authority import Approval
    from app.service.counter_devices import CounterDevices
    from app.service.devices import DeviceDesk
    from app.service.till import Till
    from ui.context import ScreenContext


class DeviceActions:
    """The deeds. ``page`` is whose window the sheets stand over. Sheets are imported when they are first opened."""

    def __init__(self, till: Till, context: ScreenContext, page: QWidget) -> None:
        self._till = till
        self._context = context
        self._page = page
        self._setups = self._make_setups()

    @property
    def desk(self) -> DeviceDesk | None:
        return self._till.devices

    @property
    def counter(self) -> CounterDevices | None:
        return self.desk.counter if self.desk is not None else None

    @property
    def can_change(self) -> bool:
        """Whether this till has devices of its own; in practice it has none."""
        return self._setups is not None

    # --- trying ------------------------------------------------------------------------------------------------------

    def print_test(self) -> None:
        desk = self.desk
        assert desk is not None

        def done(_: None) -> None:
            self._context.messages.info("devices_ui.try.printing")

        self._context.tasks.run(desk.print_test, done, owner=self._page)

    def try_device(self, kind: DeviceKind) -> None:
        from ui.devices.try_sheets import DisplayTrySheet, ScanTrySheet, WeighSheet

        window, counter = self._page.window(), self.counter
        if kind in (DeviceKind.SCANNER, DeviceKind.BADGE) or counter is None:
            ScanTrySheet(window, self._till, self._context).open()
        elif kind is DeviceKind.SCALE:
            WeighSheet(window, self._context, counter).open()
        else:
            DisplayTrySheet(window, self._till, counter).open()

    def open_drawer(self) -> None:
        """With a reason and in the books, as from everywhere else."""
        from ui.shift.cash_movement import CashSheet

        CashSheet(self._page.window(), self._till, self._context, TransactionKind.NO_SALE).open()

    def retry(self, name: str) -> None:
        if self.counter is not None:
            self.counter.retry(name)

    def open_history(self) -> None:
        from ui.devices.history import HistorySheet

        if self.counter is not None:
            HistorySheet(self._page.window(), self._context, self.counter, self._till.clock).open()

    # --- the printer -------------------------------------------------------------------------------------------------

    def set_up_printer(self) -> None:
        with_right(self._till, self._context, self._open_wizard)

    def _open_wizard(self, approval: Approval | None) -> None:
        from ui.devices.printer_sheet import PrinterSheet

        if self.desk is not None:
            PrinterSheet(self._page.window(), self._context, self.desk, approval).open()

    def remove_printer(self) -> None:
        desk = self.desk
        assert desk is not None

        def remove(approval: Approval | None) -> None:
            self._context.tasks.run(lambda: desk.use_folder(approval), owner=self._page)

        ConfirmSheet(
            self._page.window(),
            "devices_ui.printer.remove_title",
            "devices_ui.printer.remove_ask",
            lambda: with_right(self._till, self._context, remove),
            yes_key="devices_ui.remove",
            is_dangerous=True,
        ).open()

    # --- the others --------------------------------------------------------------------------------------------------

    def learn_wedge(self) -> None:
        """How the keyboard's scanner types is a setting of the shop's too."""
        with_right(self._till, self._context, lambda _: self._open_calibration())

    def _open_calibration(self) -> None:
        from ui.devices.scanner_sheet import ScannerSheet

        ScannerSheet(
            self._page.window(), self._till, self._context, lambda: self.add(DeviceKind.SCANNER)
        ).open()

    def add(self, kind: DeviceKind) -> None:
        with_right(self._till, self._context, partial(self._open_device, None, kind))

    def change(self, name: str) -> None:
        existing = next((one for one in self._all() if one.name == name), None)
        if existing is not None:
            with_right(self._till, self._context, partial(self._open_device, existing, existing.kind))

    def remove(self, name: str) -> None:
        setups, look_again = self._setups, self._context.devices.look_again
        assert setups is not None

        def remove(approval: Approval | None) -> None:
            self._context.tasks.run(
                lambda: setups.remove(name, approval),
                on_end=look_again,
                worker=Worker.POOL,
                owner=self._page,
            )

        ConfirmSheet(
            self._page.window(),
            "devices_ui.remove_title",
            "devices_ui.remove_ask",
            lambda: with_right(self._till, self._context, remove),
            yes_key="devices_ui.remove",
            is_dangerous=True,
            device=name,
        ).open()

    def _open_device(self, existing: DeviceSetup | None, kind: DeviceKind, approval: Approval | None) -> None:
        from ui.devices.device_sheet import DeviceSheet, Wanted

        desk, setups = self.desk, self._setups
        if desk is None or setups is None:
            return
        printer = self._context.devices.picture.printer
        level = printer.drawer_level if printer is not None else None
        wanted = Wanted(kind, existing, frozenset(one.name for one in self._all()), level)
        sheet = DeviceSheet(self._page.window(), self._context, desk, setups, wanted, approval)
        sheet.finished.connect(lambda _: self._context.devices.look_again())
        sheet.open()

    def _all(self) -> tuple[DeviceSetup, ...]:
        return self._setups.all() if self._setups is not None else ()

    def _make_setups(self) -> DeviceSetups | None:
        till, counter = self._till, self.counter
        return DeviceSetups(till.store, till.session, till.clock, counter) if counter is not None else None
