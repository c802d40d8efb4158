"""Adding a device to the counter, or changing one: what it is, what it is called, where it is connected, and the little each kind asks.

It is in force when the sheet closes; a device that cannot be reached is added all the same and says so in the list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from app.domain.device import DeviceKind
from app.domain.errors import Refused, TillError
from app.i18n import t
from app.service.device_setup import NAME_CHARACTERS_MAX, DeviceSetup, DeviceSetups, Option
from ui.devices.ports import PortChoice
from ui.settings.page import whole_number
from ui.settings.shop import asked
from ui.tasks import Worker
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Field, connect_click, row_of
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.domain.authority import Approval
    from app.service.devices import DeviceDesk
    from ui.context import ScreenContext

KINDS: Final = (
    DeviceKind.SCANNER,
    DeviceKind.BADGE,
    DeviceKind.SCALE,
    DeviceKind.DISPLAY,
    DeviceKind.DRAWER,
)
PROTOCOLS: Final = (("toledo", "devices_ui.scale.toledo"), ("cas", "devices_ui.scale.cas"))
COMMANDS: Final = (("epson", "devices_ui.display.epson"), ("cd5220", "devices_ui.display.cd5220"))
PAGES: Final = (
    ("ascii", "devices_ui.display.ascii"),
    ("cp950", "devices_ui.display.cp950"),
    ("gb18030", "devices_ui.display.gb18030"),
)
PLACES: Final = ((False, "devices_ui.display.own_line"), (True, "devices_ui.display.behind"))
LEFT_OPEN_SECONDS: Final = 60
LEFT_OPEN_SECONDS_MAX: Final = 3_600
SAME_CODE_MS: Final = 400
SAME_CODE_MS_MAX: Final = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the sheet begins with. ``existing`` is the device that is changed, None when one is added."""

    kind: DeviceKind = DeviceKind.SCANNER
    existing: DeviceSetup | None = None
    taken_names: frozenset[str] = field(default_factory=frozenset)
    drawer_level: bool | None = None


class DeviceSheet(Sheet):
    """One device. Its result is the DeviceSetup that is in force now, or None."""

    def __init__(
        self,
        window: QWidget,
        context: ScreenContext,
        desk: DeviceDesk,
        setups: DeviceSetups,
        wanted: Wanted,
        approval: Approval | None,
    ) -> None:
        super().__init__(window, "devices_ui.add.title", width=840)
        self._context = context
        self._setups = setups
        self._wanted = wanted
        self._approval = approval
        self._is_saving = False
        existing = wanted.existing
        kind = existing.kind if existing is not None else wanted.kind
        self.kind = Choice(tuple((one, f"devices_ui.kind.{one.value}") for one in KINDS), kind, self.panel)
        self.name = Field("devices_ui.add.name", self.panel, characters_max=NAME_CHARACTERS_MAX)
        self.place = Choice(PLACES, False, self.panel)
        self.ports = PortChoice(
            context, desk, self.panel, kinds=("serial",), help_key="devices_ui.add.address_help"
        )
        self._make_options()
        self._fill()
        if existing is not None:
            self.set_title("devices_ui.add.change_title", device=existing.name)
            self.kind.hide()
            self._show_existing(existing)
        self.kind.chosen.connect(lambda _: self._on_kind())
        self.place.chosen.connect(lambda _: self._show_kind())
        self._on_kind()
        self.ports.look()

    # --- what is asked of each kind ----------------------------------------------------------------------------------

    def _make_options(self) -> None:
        panel = self.panel
        self.protocol = Choice(PROTOCOLS, "toledo", panel)
        self.commands = Choice(COMMANDS, "epson", panel)
        self.page = Choice(PAGES, "ascii", panel)
        self.repeat = Field(
            "devices_ui.scanner.repeat",
            panel,
            help_key="devices_ui.scanner.repeat_help",
            is_number=True,
            characters_max=4,
            text=str(SAME_CODE_MS),
            width=160,
        )
        self.seconds = Field(
            "devices_ui.drawer.seconds",
            panel,
            help_key="devices_ui.drawer.seconds_help",
            is_number=True,
            characters_max=4,
            text=str(LEFT_OPEN_SECONDS),
            width=160,
        )
        self.opens_high = True
        self.shut_now = Button("devices_ui.drawer.shut_now", parent=panel, size="compact")
        self._shut_row = QWidget(panel)
        self._shut_row.setLayout(row_of(self.shut_now))
        self.drawer_words = TextLabel("devices_ui.drawer.shut_hint", panel, tone="muted", wraps=True)
        connect_click(self.shut_now, self._on_shut_now)
        self._options: dict[DeviceKind, tuple[QWidget, ...]] = {
            DeviceKind.SCANNER: (self.repeat,),
            DeviceKind.BADGE: (),
            DeviceKind.SCALE: (asked(panel, "devices_ui.scale.protocol", self.protocol),),
            DeviceKind.DISPLAY: (
                asked(panel, "devices_ui.display.commands", self.commands),
                asked(panel, "devices_ui.display.page", self.page),
            ),
            DeviceKind.DRAWER: (self.drawer_words, self._shut_row, self.seconds),
        }

    def _show_existing(self, setup: DeviceSetup) -> None:
        self.name.set_text(setup.name)
        self.ports.address.set_text(setup.address)
        self.place.set_value(setup.kind is DeviceKind.DISPLAY and not setup.address)
        self.protocol.set_value("cas" if setup.text("protocol") == "cas" else "toledo")
        self.commands.set_value("cd5220" if setup.text("commands") == "cd5220" else "epson")
        page = setup.text("code_page", "ascii")
        self.page.set_value(page if page in dict(PAGES) else "ascii")
        self.repeat.set_text(str(setup.number("repeat_ms", SAME_CODE_MS, most=SAME_CODE_MS_MAX)))
        seconds = setup.number("left_open_seconds", LEFT_OPEN_SECONDS, most=LEFT_OPEN_SECONDS_MAX)
        self.seconds.set_text(str(seconds))
        self.opens_high = setup.flag("opens_high", True)

    def _on_kind(self) -> None:
        if self._wanted.existing is None:
            self.name.set_text(free_name(t(f"devices_ui.kind.{self.kind.value}"), self._wanted.taken_names))
        self._show_kind()
        self.set_first_focus(self.name.edit)

    def _show_kind(self) -> None:
        kind = self.kind.value
        for one, widgets in self._options.items():
            for widget in widgets:
                widget.setVisible(one is kind)
        self.place.setVisible(kind is DeviceKind.DISPLAY)
        self.ports.setVisible(self._has_line())

    def _has_line(self) -> bool:
        kind = self.kind.value
        return kind is not DeviceKind.DRAWER and not (kind is DeviceKind.DISPLAY and self.place.value)

    def _on_shut_now(self) -> None:
        level = self._wanted.drawer_level
        if level is None:
            self.drawer_words.show_text("devices_ui.drawer.silent")
            self.drawer_words.set_tone("warn")
            return
        self.opens_high = not level
        self.drawer_words.show_text("devices_ui.drawer.learned")
        self.drawer_words.set_tone("good")

    # --- keeping it --------------------------------------------------------------------------------------------------

    def save(self) -> None:
        if self._is_saving:
            return
        asked_field = self.name
        try:
            self._check_name()
            asked_field = self.repeat if self.kind.value is DeviceKind.SCANNER else self.seconds
            options = self._answers()
            asked_field = self.ports.address
            address = self.ports.text if self._has_line() else ""
            if self._has_line() and ":" not in address:
                raise Refused("device_address", address=address)
        except Refused as error:
            asked_field.refuse(error)
            return
        self._keep(DeviceSetup(self.name.text, self.kind.value, address, options))

    def _check_name(self) -> None:
        name, before = self.name.text, self._wanted.existing
        if not name:
            raise Refused("device_name", length_max=NAME_CHARACTERS_MAX)
        if name in self._wanted.taken_names and (before is None or before.name != name):
            raise Refused("device_name_taken", name=name)

    def _answers(self) -> dict[str, Option]:
        """Raises Refused("number_needed")."""
        before = self._wanted.existing
        options: dict[str, Option] = dict(before.options) if before is not None else {}
        match self.kind.value:
            case DeviceKind.SCANNER:
                options["repeat_ms"] = whole_number(self.repeat, 0, SAME_CODE_MS_MAX)
            case DeviceKind.SCALE:
                options["protocol"] = self.protocol.value
            case DeviceKind.DISPLAY:
                options |= {"commands": self.commands.value, "code_page": self.page.value}
            case DeviceKind.DRAWER:
                options["left_open_seconds"] = whole_number(self.seconds, 0, LEFT_OPEN_SECONDS_MAX)
                options["opens_high"] = self.opens_high
            case _:
                pass
        return options

    def _keep(self, setup: DeviceSetup) -> None:
        setups, approval, before = self._setups, self._approval, self._wanted.existing

        def keep() -> DeviceSetup:
            if before is not None and before.name != setup.name:
                setups.remove(before.name, approval)
            setups.put(setup, approval)
            return setup

        self._is_saving = True
        self._context.tasks.run(
            keep, self.finish, self._on_failed, on_end=self._on_end, worker=Worker.POOL, owner=self
        )

    def _on_failed(self, error: TillError) -> None:
        self._is_saving = False
        if isinstance(error, Refused):
            self.name.refuse(error)
        else:
            self._context.tasks.refuse(error)

    def _on_end(self) -> None:
        self._is_saving = False

    def _fill(self) -> None:
        self.body.addWidget(self.kind)
        self.body.addWidget(self.name)
        self.body.addWidget(self.place)
        for widgets in self._options.values():
            for widget in widgets:
                self.body.addWidget(widget)
        self.body.addWidget(self.ports)
        self.name.entered.connect(self.save)
        self.ports.address.entered.connect(self.save)
        no = Button("ui.cancel", Kind.GHOST, self.panel)
        yes = Button("form.save", Kind.PRIMARY, self.panel)
        connect_click(no, self.step_back)
        connect_click(yes, self.save)
        self.add_button(no)
        self.add_button(yes, is_default=True)


def free_name(name: str, taken: frozenset[str]) -> str:
    """The name, or the first of ``name 2``, ``name 3`` that no device has."""
    number = 1
    found = name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found
