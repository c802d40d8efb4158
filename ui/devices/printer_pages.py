"""The pages of the printer's set-up: what is asked on each. They show and collect; the sheet around them does the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.i18n import t
from app.service.printer_setup import PULSES, SAMPLE, LinesRead
from ui.devices.ports import PortChoice
from ui.settings.shop import asked
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Choice, Facts, Field, connect_click, row_of
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.devices import DeviceDesk, Findings
    from ui.context import ScreenContext

WIDTHS: Final = (
    (3, "devices_ui.lines.c3"),
    (2, "devices_ui.lines.c2"),
    (1, "devices_ui.lines.c1"),
    (0, "devices_ui.lines.c0"),
)
FONTS: Final = ((False, "devices_ui.lines.pictures"), (True, "devices_ui.lines.own_font"))
KILOBYTE: Final = 1_000


class Page(QWidget):
    """One page. ``next_key`` is what the primary button says on it, "" hides that button.

    Signals:
        decided(): the page itself has the answer; the sheet goes on.
    """

    decided = Signal()
    next_key = "devices_ui.wizard.next"

    def __init__(self, hint_key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(Space.M)
        self.hint = TextLabel(hint_key, self, type=TypeRole.LEAD, wraps=True)
        self.body.addWidget(self.hint)

    def end(self) -> None:
        """Nothing more comes: what is left over stays empty below."""
        self.body.addStretch(1)

    def first_focus(self) -> QWidget | None:
        """Where the cursor stands; None leaves it to the sheet."""
        return None


class FindPage(Page):
    next_key = "devices_ui.wizard.connect"

    def __init__(self, context: ScreenContext, desk: DeviceDesk, parent: QWidget) -> None:
        super().__init__("devices_ui.find.hint", parent)
        self.ports = PortChoice(
            context, desk, self, kinds=("serial", "usb", "system"), help_key="devices_ui.find.address_help"
        )
        self.body.addWidget(self.ports)
        self.ports.address.entered.connect(self.decided)
        self.end()

    def first_focus(self) -> QWidget | None:
        return self.ports.address.edit


class FoundPage(Page):
    """What the printer gave away by itself."""

    next_key = "devices_ui.wizard.print_lines"

    def __init__(self, parent: QWidget) -> None:
        super().__init__("devices_ui.found.hint", parent)
        self.facts = Facts(self)
        self.note = TextLabel(parent=self, tone="muted", wraps=True)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.note)
        self.end()

    def show_findings(self, found: Findings) -> None:
        show = self.facts.show_fact
        show("devices_ui.found.address", found.address)
        show("devices_ui.found.status", _yes_no(found.answers_status))
        show("devices_ui.found.confirms", _yes_no(found.fence != "none"))
        speed = found.bytes_per_second
        unknown = t("devices_ui.found.speed_unknown")
        rate = "" if speed is None else t("devices_ui.found.rate", None, kilobytes=f"{speed / KILOBYTE:,.1f}")
        show("devices_ui.found.speed", rate or unknown)
        self.note.show_text(
            "devices_ui.found.confirms_note" if found.fence != "none" else "devices_ui.found.silent_note"
        )


class LinesPage(Page):
    """Which lines on the paper read right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent)
        self.a = QCheckBox(self)
        self.b = QCheckBox(self)
        self.widest = Choice(WIDTHS, 3, self, is_column=True)
        self.font_choice = Choice(FONTS, False, self)
        self._fonts = asked(self, "devices_ui.lines.font", self.font_choice)
        self.again = Button("devices_ui.lines.again", Kind.GHOST, self, size="compact")
        for box in (self.a, self.b):
            self.body.addWidget(box)
            box.toggled.connect(lambda _: self._show_fonts())
        self.body.addWidget(asked(self, "devices_ui.lines.widest", self.widest))
        self.body.addWidget(self._fonts)
        self.body.addLayout(row_of(self.again))
        self.end()
        self._show_fonts()

    def show_number(self, number: str) -> None:
        """The number that stands in each line of this paper."""
        self.hint.show_text("devices_ui.lines.hint", number=number)
        for box, letter in ((self.a, "A"), (self.b, "B")):
            box.setText(t("devices_ui.lines.box", None, letter=letter, sample=SAMPLE, number=number))

    @property
    def read(self) -> LinesRead:
        return LinesRead(self.a.isChecked(), self.b.isChecked(), self.widest.value)

    @property
    def prefers_text(self) -> bool:
        return self._has_own_font() and self.font_choice.value

    def first_focus(self) -> QWidget | None:
        return self.a

    def _has_own_font(self) -> bool:
        return self.a.isChecked() != self.b.isChecked()

    def _show_fonts(self) -> None:
        self._fonts.setVisible(self._has_own_font())


class CutPage(Page):
    """Does it cut? ``did_cut`` is the answer."""

    next_key = ""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("devices_ui.cut.hint", parent)
        self.did_cut = False
        self.try_it = Button("devices_ui.cut.try", Kind.SECONDARY, self)
        self.yes = Button("devices_ui.cut.yes", Kind.PRIMARY, self)
        self.no = Button("devices_ui.cut.no", Kind.SECONDARY, self)
        connect_click(self.yes, lambda: self._decide(did_cut=True))
        connect_click(self.no, lambda: self._decide(did_cut=False))
        self.body.addLayout(row_of(self.try_it))
        self.body.addLayout(row_of(self.yes, self.no))
        self.end()
        self.show_tried(is_tried=False)

    def show_tried(self, *, is_tried: bool) -> None:
        """Whether it did can be said once it was tried; that there is no cutter can always be said."""
        self.yes.setVisible(is_tried)

    def first_focus(self) -> QWidget | None:
        return self.try_it

    def _decide(self, *, did_cut: bool) -> None:
        self.did_cut = did_cut
        self.decided.emit()


class DrawerPage(Page):
    """Does the drawer open, and by which pulse? ``opened_by`` is the place in `PULSES`, None without a drawer."""

    next_key = ""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("devices_ui.kick.hint", parent)
        self.attempt = 0
        self.is_tried = False
        self.opened_by: int | None = None
        self.try_it = Button("devices_ui.kick.try", Kind.SECONDARY, self)
        self.yes = Button("devices_ui.kick.yes", Kind.PRIMARY, self)
        self.none = Button("devices_ui.kick.none", Kind.GHOST, self)
        connect_click(self.yes, lambda: self._decide(self.attempt))
        connect_click(self.none, lambda: self._decide(None))
        self.body.addLayout(row_of(self.try_it, self.yes))
        self.body.addLayout(row_of(self.none))
        self.end()
        self.begin()

    def begin(self) -> None:
        self.attempt, self.is_tried, self.opened_by = 0, False, None
        self._show()

    def show_tried(self) -> None:
        """The present attempt was made; the button tries the next one."""
        self.is_tried = True
        self._show()

    def next_attempt(self) -> int:
        """The attempt that the button makes now."""
        if self.is_tried:
            self.attempt = (self.attempt + 1) % len(PULSES)
        return self.attempt

    def first_focus(self) -> QWidget | None:
        return self.try_it

    def _show(self) -> None:
        self.yes.setVisible(self.is_tried)
        if self.is_tried:
            self.hint.show_text("devices_ui.kick.ask", number=self.attempt + 1, most=len(PULSES))
        else:
            self.hint.show_text("devices_ui.kick.hint")
        self.try_it.show_text("devices_ui.kick.other" if self.is_tried else "devices_ui.kick.try")

    def _decide(self, opened_by: int | None) -> None:
        self.opened_by = opened_by
        self.decided.emit()


class NamePage(Page):
    next_key = "devices_ui.wizard.save"

    def __init__(self, parent: QWidget) -> None:
        super().__init__("devices_ui.name.hint", parent)
        self.name = Field("devices_ui.add.name", self, characters_max=40, text=t("devices_ui.kind.printer"))
        self.body.addWidget(self.name)
        self.name.entered.connect(self.decided)
        self.end()

    def first_focus(self) -> QWidget | None:
        return self.name.edit


def _yes_no(is_so: bool) -> str:
    return t("settings.yes" if is_so else "settings.no")
