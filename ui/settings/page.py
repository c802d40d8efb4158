"""What every page of the settings is: a heading, questions, and one button that keeps the answers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.service.shop import ShopSettings
from app.service.till import Till
from ui.context import ScreenContext
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.text_label import TextLabel


class SettingsPage(QWidget):
    """One subject. `refresh()` shows what is kept; `save()` keeps what is shown."""

    NAME = ""
    SCROLLS_ITSELF = False

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._context = context
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.L)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(Space.M)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(TextLabel(f"settings.page.{self.NAME}", self, type=TypeRole.TITLE))
        box.addWidget(TextLabel(f"settings.hint.{self.NAME}", self, tone="muted", wraps=True))
        box.addLayout(self.body, 1 if self.SCROLLS_ITSELF else 0)
        if not self.SCROLLS_ITSELF:
            box.addStretch(1)
        box.addLayout(self.foot)

    def refresh(self) -> None:
        """Show what is kept now."""

    def add_save(self, save: Callable[[], None]) -> Button:
        """The button that keeps the answers."""
        button = Button("form.save", Kind.PRIMARY, self)
        connect_click(button, save)
        self.foot.addStretch(1)
        self.foot.addWidget(button)
        return button

    def keep_shop(self, shop: ShopSettings, then: Callable[[], None] | None = None) -> None:
        """Write changed shop settings; say so when they are on disk."""

        def done(_: None) -> None:
            self._context.messages.good("form.saved")
            if then is not None:
                then()

        self._context.tasks.run(lambda: self._till.save_shop(shop), done, owner=self)

    def keep_setting(self, key: str, value: object, then: Callable[[], None]) -> None:
        """Write one setting that is no part of the shop's own."""
        store = self._till.store

        def write() -> None:
            with store.begin() as work:
                work.put_setting(key, value)
                work.commit()

        def done(_: None) -> None:
            then()
            self._context.messages.good("form.saved")

        self._context.tasks.run(write, done, owner=self)


def whole_number(field: Field, minimum: int, maximum: int) -> int:
    """The field's number. Raises Refused("number_needed")."""
    text = field.text.replace(",", "")
    if not (text.isascii() and text.isdigit()) or not minimum <= int(text) <= maximum:
        raise Refused("number_needed", minimum=minimum, maximum=maximum)
    return int(text)
