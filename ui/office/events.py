"""The shop's events: what is coming, who signed up, and who came. At the door a number or a scan is enough."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.entry import MemberCode, Phone
from app.domain.errors import Refused, TillError
from app.domain.ids import MemberId
from app.domain.member import MemberCard
from app.i18n import t
from app.service.member_events import Guest, ShopEvent
from ui.office.page import OfficePage, member_of, reachable
from ui.rules.forms import parse_day, parse_minute
from ui.rules.when import moment_text
from ui.settings.shop import two_columns
from ui.theme import Space, TypeRole
from ui.widgets.alert_sheet import ConfirmSheet
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.form import Field, connect_click
from ui.widgets.record_table import Column, RecordTable
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.till import Till
    from ui.context import ScreenContext


class EventsPage(OfficePage):
    """Events on the left, the list of one of them on the right."""

    NAME = "events"

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(self.NAME, till, context, parent)
        self._events: tuple[ShopEvent, ...] = ()
        self._guests: tuple[Guest, ...] = ()
        self.table = RecordTable(
            (
                Column("office.events.day"),
                Column("office.events.name", is_wide=True),
                Column("office.events.places", is_number=True),
            ),
            self,
        )
        self.about = TextLabel(parent=self, type=TypeRole.BODY, tone="muted", wraps=True)
        self.entry = EntryLine(self, is_home=False, placeholder="office.events.door")
        self.guests = RecordTable(
            (Column("office.events.guest", is_wide=True), Column("office.events.came")), self
        )
        self.new = Button("office.events.new", Kind.PRIMARY, self)
        self.edit = Button("office.events.edit", parent=self)
        self.cancel = Button("office.events.cancel", Kind.DANGER, self)
        self.sign_up = Button("office.events.sign_up", parent=self)
        self.strike = Button("office.events.strike", parent=self)
        self.tick = Button("office.events.tick", parent=self)
        reachable(self.table, self.guests)
        self._lay_out()
        self.table.selection_changed.connect(lambda _: self._show_event())
        self.guests.selection_changed.connect(lambda _: self._show_buttons())
        self.entry.entered.connect(self._on_entered)
        connect_click(self.new, self.add)
        connect_click(self.edit, self.change)
        connect_click(self.cancel, self.ask_cancel)
        connect_click(self.sign_up, self.ask_member)
        connect_click(self.strike, self.strike_selected)
        connect_click(self.tick, self.tick_selected)

    @property
    def selected(self) -> ShopEvent | None:
        row = self.table.selected
        return self._events[row] if 0 <= row < len(self._events) else None

    @property
    def selected_guest(self) -> Guest | None:
        row = self.guests.selected
        return self._guests[row] if 0 <= row < len(self._guests) else None

    def refresh(self) -> None:
        self._show_events(self.selected.id if self.selected else None)

    def take_scan(self, code: str) -> None:
        """A member's card at the door."""
        self._on_entered(code)

    # --- events ----------------------------------------------------------------------------------------------------

    def add(self) -> None:
        self._open(None)

    def change(self) -> None:
        if self.selected is not None:
            self._open(self.selected)

    def ask_cancel(self) -> None:
        event = self.selected
        if event is not None:
            ConfirmSheet(
                self.window(),
                "office.events.cancel",
                "office.events.cancel_question",
                lambda: self._run(lambda: self._till.events.cancel(event.id), "office.events.cancelled"),
                is_dangerous=True,
                name=event.name,
                count=event.signed_up,
            ).open()

    def _open(self, event: ShopEvent | None) -> None:
        sheet = EventSheet(self.window(), self._till, self._context, event)
        sheet.finished.connect(lambda saved: None if saved is None else self._show_events(saved.id))
        sheet.open()

    # --- the list --------------------------------------------------------------------------------------------------

    def ask_member(self) -> None:
        event = self.selected
        if event is not None:
            self.find_member(lambda card: self._sign_up(event.id, card))

    def _sign_up(self, event_id: UUID, card: MemberCard) -> None:
        self._run(lambda: self._till.events.sign_up(event_id, card.member.id), "office.events.signed_up")

    def strike_selected(self) -> None:
        event, guest = self.selected, self.selected_guest
        if event is not None and guest is not None:
            self._run(lambda: self._till.events.strike(event.id, guest.member_id), "office.events.struck")

    def tick_selected(self) -> None:
        event, guest = self.selected, self.selected_guest
        if event is not None and guest is not None:
            self._attend(event.id, guest.member_id, has_come=guest.attended_at is None)

    def _on_entered(self, text: str) -> None:
        """A number or a card at the door: ticked off, or put on the list if there is room."""
        event = self.selected
        if event is None or not text.strip():
            return
        try:
            card = self._member(text)
        except TillError as error:
            self._context.messages.refused(error)
            self.entry.refuse()
            return
        self.entry.clear()
        self._attend(event.id, card.member.id, has_come=True)

    def _member(self, text: str) -> MemberCard:
        members = self._till.store.members
        match self._till.checkout.recognise(text):
            case Phone(e164):
                card = members.by_phone(e164)
            case MemberCode(code):
                card = members.by_code(code)
            case _:
                card = None
        if card is None:
            raise Refused("member_unknown")
        return card

    def _attend(self, event_id: UUID, member_id: MemberId, *, has_come: bool) -> None:
        key = "office.events.is_here" if has_come else "office.events.is_not_here"
        self._run(
            lambda: self._till.events.attend(event_id, member_id, has_come=has_come),
            key,
            member=member_of(self._till, member_id),
        )

    def _run(self, deed: object, key: str, **fields: object) -> None:
        assert callable(deed)

        def done(_: object) -> None:
            self._context.messages.good(key, **fields)
            self.refresh()

        self._context.tasks.run(deed, done, owner=self)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def _show_events(self, wanted: UUID | None) -> None:
        self._events = self._till.events.coming()
        row = next((index for index, one in enumerate(self._events) if one.id == wanted), 0)
        self.table.set_records([self._record(one) for one in self._events], selected=row)
        self._show_event()

    def _record(self, event: ShopEvent) -> tuple[str, ...]:
        places = f"{event.signed_up}" if event.capacity is None else f"{event.signed_up}/{event.capacity}"
        return f"{event.held_on:%m/%d} {_time(event)}".strip(), event.name, places

    def _show_event(self) -> None:
        event = self.selected
        for widget in (self.edit, self.cancel, self.sign_up, self.entry):
            widget.setEnabled(event is not None)
        if event is None:
            self._guests = ()
            self.guests.set_records([])
            self.about.show_text("office.events.none")
            self._show_buttons()
            return
        self.about.show_text(
            "office.events.about",
            place=event.place or "—",
            signed_up=event.signed_up,
            attended=event.attended,
            note=event.note or "—",
        )
        self._guests = self._till.events.guests(event.id)
        self.guests.set_records(
            [
                (
                    member_of(self._till, one.member_id),
                    t("office.events.not_yet")
                    if one.attended_at is None
                    else moment_text(self._till, one.attended_at)[11:],
                )
                for one in self._guests
            ],
            selected=max(0, self.guests.selected),
        )
        self._show_buttons()

    def _show_buttons(self) -> None:
        guest = self.selected_guest
        self.strike.setEnabled(guest is not None)
        self.tick.setEnabled(guest is not None)
        is_here = guest is not None and guest.attended_at is not None
        self.tick.show_text("office.events.untick" if is_here else "office.events.tick")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self.refresh()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addWidget(self.table, 1)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addWidget(self.about)
        right.addWidget(self.entry)
        right.addWidget(self.guests, 1)
        actions = QHBoxLayout()
        actions.setSpacing(Space.S)
        for button in (self.strike, self.tick, self.sign_up):
            actions.addWidget(button, 1)
        right.addLayout(actions)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)
        self.foot.addWidget(self.cancel)
        self.foot.addStretch(1)
        self.foot.addWidget(self.edit)
        self.foot.addWidget(self.new)


class EventSheet(Sheet):
    """An event, new or known. Finishes with it as saved."""

    def __init__(self, window: QWidget, till: Till, context: ScreenContext, event: ShopEvent | None) -> None:
        super().__init__(window, "office.events.new" if event is None else "office.events.edit", width=760)
        self._shop_till = till
        self._context = context
        self._event = event
        self.name = Field("office.events.name", self.panel, characters_max=80)
        self.day = Field(
            "office.events.day", self.panel, characters_max=10, help_key="office.events.day_help"
        )
        self.time = Field(
            "office.events.time", self.panel, characters_max=5, help_key="office.events.time_help"
        )
        self.place = Field("office.events.place", self.panel, characters_max=80)
        self.capacity = Field(
            "office.events.capacity",
            self.panel,
            is_number=True,
            characters_max=5,
            help_key="office.events.capacity_help",
        )
        self.note = Field("office.events.note", self.panel, characters_max=200)
        answers = (self.name, self.day, self.time, self.place, self.capacity, self.note)
        if event is not None:
            self._show(event)
        self.body.addLayout(two_columns(self.panel, *answers))
        for field in answers:
            field.entered.connect(self.confirm)
        back = Button("ui.back", Kind.GHOST, self.panel)
        connect_click(back, self.step_back)
        self.yes = Button("form.save", Kind.PRIMARY, self.panel)
        connect_click(self.yes, self.save)
        self.add_button(back)
        self.add_button(self.yes, is_default=True)
        self.set_first_focus(self.name.edit)

    def save(self) -> None:
        field = self.name
        try:
            if not self.name.text:
                raise Refused("event_name_needed")
            field = self.day
            held_on = parse_day(self.day.text, self._shop_till.shifts.business_date())
            field = self.time
            minute = parse_minute(self.time.text) if self.time.text else None
            field = self.capacity
            capacity = self._capacity()
        except Refused as error:
            field.refuse(error)
            return
        self._context.tasks.run(
            lambda: self._write(held_on, minute, capacity), self.finish, self._on_refused, owner=self
        )

    def _write(self, held_on: date, minute: int | None, capacity: int | None) -> ShopEvent:
        events = self._shop_till.events
        if self._event is None:
            return events.add(
                self.name.text,
                held_on,
                starts_at_minute=minute,
                place=self.place.text,
                capacity=capacity,
                note=self.note.text,
            )
        known = self._event
        return events.change(
            ShopEvent(known.id, self.name.text, held_on, minute, self.place.text, capacity, self.note.text)
        )

    def _capacity(self) -> int | None:
        text = self.capacity.text
        if not text:
            return None
        if not text.isdigit() or int(text) < 1:
            raise Refused("number_needed", minimum=1, maximum=99_999)
        return int(text)

    def _on_refused(self, error: TillError) -> None:
        if isinstance(error, Refused) and error.code == "event_capacity":
            self.capacity.refuse(error)
        elif isinstance(error, Refused):
            self.name.refuse(error)
        else:
            self._context.messages.refused(error)

    def _show(self, event: ShopEvent) -> None:
        self.name.set_text(event.name)
        self.day.set_text(f"{event.held_on:%Y/%m/%d}")
        self.time.set_text(_time(event))
        self.place.set_text(event.place)
        self.capacity.set_text("" if event.capacity is None else str(event.capacity))
        self.note.set_text(event.note)


def _time(event: ShopEvent) -> str:
    minute = event.starts_at_minute
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
