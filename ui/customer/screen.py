"""Keeps the customer's window in step with the sale, and hands the number that a customer typed to it.

The sale never waits: whatever changes within one turn of the event loop becomes one picture afterwards, and without a window nothing is
put together at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.domain.errors import TillError
from app.domain.phone import parse_phone
from ui.customer.settings import SETTING, CustomerSettings, from_setting

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.authority import Approval
    from app.domain.member import Member
    from app.service.completion import CompletedSale
    from app.service.outcomes import Outcome
    from app.service.till import Till
    from ui.customer.content import Shown
    from ui.customer.window import CustomerWindow
    from ui.sale.entry_flow import SaleFlow

THANKS_MS: Final = 60_000


class CustomerScreen(QObject):
    """One per till window.

    Signals:
        closed(): somebody closed the customer's window by hand.
    """

    closed = Signal()

    def __init__(self, till_window: QWidget) -> None:
        super().__init__(till_window)
        self._till_window = till_window
        self._till: Till | None = None
        self._flow: SaleFlow | None = None
        self._finished: CompletedSale | None = None
        self._finished_at = 0
        self._served: Member | None = None
        self._phone = ""
        self._is_given = False
        self.settings = CustomerSettings()
        self.window: CustomerWindow | None = None
        self.has_screen = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.show_now)

    # --- what the till says ------------------------------------------------------------------------------------------

    def use_till(self, till: Till) -> None:
        """This shop's customers from now on, as the shop set it."""
        self._till, self._flow = till, None
        self.apply(from_setting(till.store.desk.setting(SETTING)))

    def apply(self, settings: CustomerSettings) -> None:
        """Open, move or close the window."""
        self.settings = settings
        if not settings.is_on or self._till is None:
            self.close()
            return
        if self.window is None:
            self.window = self._make(self._till)
        self._place()
        self.show_now()

    def follow(self, flow: SaleFlow | None) -> None:
        """Something about the sale is another; None: nobody is being served."""
        self._flow = flow
        if self.window is not None:
            self._soon.start()

    def tick(self) -> None:
        """Time has passed."""
        if self.window is not None:
            self._soon.start()

    def close(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            application = QGuiApplication.instance()
            assert isinstance(application, QGuiApplication)
            application.screenAdded.disconnect(self._place)
            application.screenRemoved.disconnect(self._place)
            window.end()

    def show_now(self) -> None:
        """One picture of how things are."""
        if self.window is not None and self._till is not None and self.window.isVisible():
            self.window.show_picture(self._picture(self._till))

    # --- the customer's own number -----------------------------------------------------------------------------------

    def _on_number(self, digits: str) -> None:
        window, till, flow = self.window, self._till, self._flow
        if window is None or till is None:
            return
        phone = parse_phone(digits, till.shop.region)
        if phone is None:
            window.pad.refuse("customer.wrong")
        elif flow is None or not self._can_enter(till):
            window.pad.refuse("customer.ask_staff")
        else:
            self._phone = phone
            try:
                card = till.store.members.by_phone(phone)
            except TillError:
                window.pad.refuse("customer.ask_staff")
                return
            if card is None:
                window.pad.ask_to_join()
            else:
                self._give(flow, lambda _: flow.checkout.attach(card))

    def _on_join(self) -> None:
        flow, phone = self._flow, self._phone
        if flow is None:
            return
        from app.service.outcomes import MemberOffered

        checkout = flow.checkout

        def join(_: Approval | None) -> Outcome:
            """In one step: the cashier is never asked about the number, and so never sees it."""
            found = checkout.attach_phone(phone)
            return checkout.confirm_new_member() if isinstance(found, MemberOffered) else found

        self._give(flow, join)

    def _give(self, flow: SaleFlow, act: Callable[[Approval | None], Outcome]) -> None:
        """Put the member on the sale; what stands in the way is the cashier's to read."""
        window = self.window
        assert window is not None
        self._is_given = False
        flow.take_from_customer(act, self._on_given)
        if self._is_given:
            window.pad.close_pad()
        else:
            window.pad.refuse("customer.ask_staff")

    def _on_given(self) -> None:
        self._is_given = True

    def _can_enter(self, till: Till) -> bool:
        """Whether a number would find its place: somebody sells, and this sale has no member and no payment yet."""
        session, checkout = till.session, till.checkout
        is_open = session.operator is not None and session.shift is not None and session.shift.is_open
        return (
            self.settings.takes_numbers
            and is_open
            and not checkout.is_completing
            and checkout.basket.member is None
            and not checkout.basket.tenders
        )

    # --- inside ------------------------------------------------------------------------------------------------------

    def _picture(self, till: Till) -> Shown:
        from ui.customer import content

        language = self.settings.language or till.shop.language
        flow = self._flow
        if flow is None or till.session.operator is None:
            return content.welcome(till, language, can_enter=False)
        basket = till.checkout.basket
        if not basket.is_empty or basket.member is not None:
            return content.selling(till, language, can_enter=self._can_enter(till))
        sale = flow.finished
        if sale is not None and self._is_fresh(sale, till):
            return content.thanks(till, sale, self._served, language)
        return content.welcome(till, language, can_enter=self._can_enter(till))

    def _is_fresh(self, sale: CompletedSale, till: Till) -> bool:
        """Whether the customer of this sale may still stand there."""
        now = till.clock.now_ms()
        if sale is not self._finished:
            self._finished, self._finished_at = sale, now
            member_id = sale.transaction.member_id
            card = till.store.members.by_id(member_id) if member_id is not None else None
            self._served = card.member if card is not None else None
        return 0 <= now - self._finished_at < THANKS_MS

    def _make(self, till: Till) -> CustomerWindow:
        from ui.customer.window import CustomerWindow

        window = CustomerWindow(till.shop.region)
        window.number_entered.connect(self._on_number)
        window.join_wanted.connect(self._on_join)
        window.was_closed.connect(self._on_closed)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._place)
        application.screenRemoved.connect(self._place)
        return window

    def _place(self, _: object = None) -> None:
        """Also when a screen is plugged in or out."""
        if self.window is not None:
            self.has_screen = self.window.place(self._till_window.screen(), self.settings.screen)
            # Some systems activate a new window whatever it asks for.
            self._till_window.activateWindow()

    def _on_closed(self) -> None:
        self.settings = replace(self.settings, is_on=False)
        # Not within its own closing.
        QTimer.singleShot(0, self, self.close)
        self.closed.emit()
