"""The hotkeys of the sale screen: each one asks the flow, or opens the sheet that asks the operator first.

Sheets are imported when they are first needed: the till is ready for the first scan before any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.basket import Discount
from app.domain.errors import Refused, TillError
from app.domain.ids import BasketId, MemberId
from app.domain.loyalty.value_items import VALUE_TENDERS
from app.domain.member import MemberCard
from app.domain.money import format_money, zero
from app.domain.tender import TenderKind
from app.i18n import t
from app.service.checkout import Stage
from app.service.holding import member_label
from app.service.outcomes import NothingHappened, Outcome
from ui.context import Screen, ScreenContext
from ui.keys import Action
from ui.sale.entry_flow import SaleFlow
from ui.sale.value_actions import ValueActions, own_offers

if TYPE_CHECKING:
    from app.service.till import Till


class SaleActions(QObject):
    """What each hotkey does here."""

    def __init__(self, flow: SaleFlow, context: ScreenContext, view: QWidget) -> None:
        super().__init__(view)
        self._flow = flow
        self._context = context
        self._view = view
        self._value = ValueActions(flow, context, view)
        self._held = ("", zero(flow.till.shop.currency))
        self._deeds: dict[Action, Callable[[str], None]] = {
            Action.HELP: lambda _: self._help(),
            Action.MEMBER: self._member,
            Action.USUAL: lambda _: flow.member.put_usual(),
            Action.BEST_COUPON: lambda _: flow.member.use_best(),
            Action.SEARCH: lambda _: flow.start_search(),
            Action.POINTS: lambda _: flow.ask_points(),
            Action.OFFERS: lambda _: self._offers(),
            Action.LINE_DISCOUNT: self._line_discount,
            Action.BASKET_DISCOUNT: self._basket_discount,
            Action.HOLD: lambda _: self._hold(),
            Action.RETURN: lambda _: context.go_to(Screen.RETURN, None),
            Action.TENDERS: self._tenders,
            Action.VALUE: lambda _: self._value.act(),
            Action.CASH_DRAWER: lambda _: context.go_to(Screen.SHIFT, Action.CASH_DRAWER),
            Action.SHIFT: lambda _: context.go_to(Screen.SHIFT, None),
            Action.QUANTITY: lambda _: flow.ask_quantity(),
            Action.VOID_LINE: lambda _: flow.void_target(),
            Action.CANCEL_SALE: lambda _: self._cancel(),
        }

    @property
    def _till(self) -> Till:
        return self._flow.till

    @property
    def _window(self) -> QWidget:
        return self._view.window()

    def act(self, action: Action, text: str) -> bool:
        """Do what this key is for; False when it has no use here. `text` is what stands in the line."""
        deed = self._deeds.get(action)
        if deed is None:
            return False
        if not self._flow.checkout.is_completing:
            deed(text)
        return True

    # --- member ---

    def attach(self, member_id: MemberId) -> None:
        card = self._till.store.members.by_id(member_id)
        if card is not None:
            self._flow.attach(card)

    def _member(self, text: str) -> None:
        """Nobody yet: find somebody. Somebody new: ask them lightly. Somebody known: their page."""
        basket = self._flow.checkout.basket
        if basket.member is None:
            self._find(text)
        elif basket.is_new_member:
            self._ask_new_member(basket.member)
        else:
            self.open_page(basket.member)

    def _find(self, text: str) -> None:
        from ui.sale.member_find import MemberFindSheet

        find = MemberFindSheet(self._window, self._till, self._context.hotkeys.keys.key(Action.MEMBER), text)
        find.finished.connect(lambda found: self._flow.attach(found) if found is not None else None)
        find.page_asked.connect(self.open_page)
        find.open()

    def open_page(self, card: MemberCard) -> None:
        """The member's page, whether they stand at the counter or not."""
        from ui.member.page import MemberPage

        page = MemberPage(self._window, self._till, self._context, card)
        page.finished.connect(self._on_page_closed)
        page.open()

    def _on_page_closed(self, is_removed: object) -> None:
        if is_removed:
            self._flow.remove_member()
        else:
            self._flow.member.refresh()

    def _ask_new_member(self, card: MemberCard) -> None:
        from ui.member.enrol import EnrolSheet

        sheet = EnrolSheet(self._window, self._till, self._context, card)
        sheet.answered.connect(self._flow.refresh)
        sheet.removed.connect(self._flow.remove_member)
        sheet.open()

    # --- prices ---

    def _offers(self) -> None:
        from ui.sale.offers import OffersSheet, rows_of

        if rows_of(self._till, self._flow.checkout) or not self._refuse_empty():
            OffersSheet(self._window, self._till, self._flow).open()

    def _line_discount(self, text: str) -> None:
        line = self._flow.target()
        if line is None:
            self._refuse_empty()
            return
        from ui.sale.line_actions import DiscountSheet

        sheet = DiscountSheet(self._window, self._till.shop.currency, line, text)

        def discount(wanted: Discount | None) -> None:
            self._flow.guarded(
                lambda approval: self._flow.checkout.discount_line(line.number, wanted, approval),
                self._flow.took.emit,
            )

        sheet.decided.connect(discount)
        sheet.open()

    def _basket_discount(self, text: str) -> None:
        if self._refuse_empty():
            return
        from ui.sale.line_actions import DiscountSheet

        sheet = DiscountSheet(self._window, self._till.shop.currency, None, text)

        def discount(wanted: Discount | None) -> None:
            self._flow.guarded(
                lambda approval: self._flow.checkout.discount_basket(wanted, approval),
                self._flow.took.emit,
            )

        sheet.decided.connect(discount)
        sheet.open()

    def open_line(self) -> None:
        """More about the selected line, for a finger."""
        line = self._flow.target()
        if line is None:
            return
        from ui.sale.line_actions import LineSheet

        sheet = LineSheet(self._window, line, self._context.hotkeys.keys)
        sheet.finished.connect(lambda chosen: self._on_line_chosen(chosen, line.number))
        sheet.open()

    def _on_line_chosen(self, chosen: object, number: int) -> None:
        line = next((each for each in self._flow.checkout.basket.live_lines if each.number == number), None)
        if line is None:
            return
        match chosen:
            case "note":
                self._note(number, line.item.name, line.note)
            case "more":
                self._flow.set_quantity(number, line.quantity + 1000)
            case "less":
                self._flow.set_quantity(number, line.quantity - 1000)
            case Action():
                self.act(chosen, "")

    def _note(self, number: int, name: str, note: str) -> None:
        from ui.sale.line_actions import NoteSheet

        sheet = NoteSheet(self._window, name, note)
        sheet.decided.connect(
            lambda text: self._flow.guarded(lambda _: self._flow.checkout.note_line(number, text))
        )
        sheet.open()

    # --- money ---

    def _tenders(self, text: str) -> None:
        checkout = self._flow.checkout
        if self._refuse_empty():
            return
        try:
            self._till.session.require_shift()
        except TillError as error:
            self._context.messages.refused(error)
            return
        checkout.stage = Stage.TENDER
        self._flow.refresh()
        due = checkout.due()
        if due.minor == 0:
            return
        from ui.sale.other_tenders import OtherTendersSheet

        value = next((offer.amount for offer in own_offers(checkout)), None)
        sheet = OtherTendersSheet(self._window, due, text, value)

        def take(kind: TenderKind, amount_minor: int, reference: str) -> None:
            self._flow.took.emit()
            if kind in VALUE_TENDERS:
                self._value.pay(kind, amount_minor, reference)
            else:
                self._flow.tender(kind, amount_minor, reference)

        sheet.decided.connect(take)
        sheet.open()

    # --- the whole sale ---

    def _hold(self) -> None:
        if not self._flow.checkout.basket.is_empty:
            self._flow.guarded(lambda _: self._suspend(), self._on_held)
            return
        held = self._till.store.desk.held_sales()
        if not held:
            self._context.messages.info("sale.no_held")
        elif len(held) == 1:
            self._retrieve(held[0].id)
        else:
            from ui.sale.held_list import HeldSheet

            sheet = HeldSheet(self._window, held, self._till.shop.currency, self._till.clock)
            sheet.finished.connect(lambda chosen: self._retrieve(chosen) if chosen is not None else None)
            sheet.open()

    def _suspend(self) -> Outcome:
        self._held = (member_label(self._flow.checkout.basket), self._flow.checkout.priced().total)
        self._flow.checkout.hold()
        self._flow.selected = None
        return NothingHappened()

    def _on_held(self) -> None:
        label, total = self._held
        self._context.messages.good(
            "sale.held", label=label or t("sale.held.walk_in"), amount=format_money(total)
        )
        self._flow.held_changed.emit()

    def _retrieve(self, basket_id: BasketId) -> None:
        retrieve = self._flow.checkout.retrieve
        self._flow.guarded(lambda _: retrieve(basket_id), self._on_retrieved)

    def _on_retrieved(self) -> None:
        self._context.messages.good("sale.retrieved")
        self._flow.held_changed.emit()

    def _cancel(self) -> None:
        checkout = self._flow.checkout
        if not checkout.basket.lines and checkout.basket.member is None:
            self._refuse_empty()
            return
        from ui.sale.line_actions import CancelSheet

        sheet = CancelSheet(
            self._window, len(checkout.basket.live_lines), format_money(checkout.priced().total)
        )

        def cancel(reason: str) -> None:
            def act(approval: object) -> Outcome:
                checkout.cancel(reason, approval)  # type: ignore[arg-type]
                self._flow.selected = None
                return NothingHappened()

            self._flow.guarded(act, lambda: self._context.messages.info("sale.cancelled"))

        sheet.decided.connect(cancel)
        sheet.open()

    def reprint(self) -> None:
        """A copy of the last receipt, marked."""
        finished = self._flow.finished
        if finished is None:
            self._context.messages.info("sale.no_last_sale")
            return
        header = finished.transaction.header
        self._context.tasks.run(
            lambda: self._till.printing.reprint(header.id),
            on_done=lambda _: self._context.messages.good("sale.reprinted", number=header.receipt_number),
        )

    def _help(self) -> None:
        from ui.widgets.key_help import KeyHelpSheet

        KeyHelpSheet(self._window, self._context.hotkeys.keys).open()

    def _refuse_empty(self) -> bool:
        """Say that there is nothing yet; True when there is not."""
        if self._flow.checkout.basket.live_lines:
            return False
        self._context.messages.refused(Refused("basket_empty"))
        return True
