"""What is said after something was sent to the receipt printer: that it prints, or that the paper waits and why."""

from __future__ import annotations

from ui.devices.picture import printer_words
from ui.owner.desk import OwnerDesk


def tell_printed(desk: OwnerDesk, key: str, /, **fields: object) -> None:
    """The sentence of ``key``; where the printer is down, that the paper is kept until it works again."""
    picture = desk.context.devices.picture
    printer = picture.printer
    if printer is not None and picture.printer_is_down:
        desk.context.messages.warn("owner.print_waits", why=printer_words(printer).text)
    else:
        desk.context.messages.good(key, **fields)
