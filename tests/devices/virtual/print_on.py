"""Prints bytes on a virtual printer without a line: its parser and its head alone, for tests of what the bytes say."""

from __future__ import annotations

from devices.profile import PrinterProfile
from devices.virtual.escpos import Command, commands
from devices.virtual.head import Complaint, Head
from devices.virtual.paper import Paper
from devices.virtual.rom import Rom

NOT_THE_HEADS = frozenset({"ESC @", "ESC p", "GS V", "GS ( D"})


def print_on(
    profile: PrinterProfile, data: bytes, *, codec: str | None = None
) -> tuple[Paper, tuple[Complaint, ...]]:
    """One paper, cuts and all, from a printer whose font is the profile's or another one."""
    head = Head(profile.dots, Rom(codec or profile.codec), dots_per_inch=profile.dots_per_inch)
    for command in commands(data):
        carry_out(head, command)
    return Paper(profile.dots, head.take_strips(), ()), tuple(head.complaints)


def carry_out(head: Head, command: Command) -> None:
    if command.name == "ESC @":
        head.reset()
    elif command.name not in NOT_THE_HEADS:
        head.carry_out(command)
