"""The sale as the operator drives it: what comes from the one line, a scanner or a hotkey becomes a call of the checkout, and its outcome
becomes what the screen shows next.

Nothing here is a widget. The line is never lost: what was refused stays in it, what was taken is cleared by `took`. A commit runs on the
store's worker, and while it is under way every other ask is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from app.domain import entry as entries
from app.domain.authority import Approval, Right
from app.domain.basket import BasketLine
from app.domain.errors import ApprovalNeeded, Refused, TillError
from app.domain.ids import ItemId
from app.domain.item import ItemHit
from app.domain.member import Member, MemberCard
from app.domain.tender import TenderKind
from app.domain.tendering import cash_suggestions
from app.domain.transaction import RetailTransaction
from app.service.checkout import Stage
from app.service.outcomes import (
    CouponApplied,
    CouponWaiting,
    GiftCardRead,
    ItemsFound,
    LineAdded,
    MemberAttached,
    MemberOffered,
    NothingHappened,
    Outcome,
    PriceAsked,
    QuantitySet,
    ReadyToComplete,
    ReceiptFound,
    TenderTaken,
    TotalShown,
    WeightAsked,
)
from ui.context import Screen, ScreenContext
from ui.sale.drafts import DraftKeeper
from ui.sale.member_flow import MemberFlow
from ui.sale.questions import (
    AskOpenPrice,
    AskPoints,
    AskQuantity,
    AskWeight,
    Question,
    amount_from,
    points_from,
    quantity_from,
)
from ui.sale.weighing import Weighing

if TYPE_CHECKING:
    from app.service.completion import CompletedSale
    from app.service.till import Till

SUGGESTIONS_WITH_PAYMENTS_MAX: Final = 3


class SaleFlow(QObject):
    """The present sale and what is asked about it.

    Signals:
        changed(): something to show is another; the view asks for all of it.
        took(): the text in the line was taken, the line is free.
        refused(): the text in the line was not accepted; it stays.
        completed(CompletedSale): the sale is on disk.
        held_changed(): a sale went on hold or came back.
        gift_card_read(GiftCardRead): a gift card was scanned while nothing is being paid.
    """

    changed = Signal()
    took = Signal()
    refused = Signal()
    completed = Signal(object)
    held_changed = Signal()
    gift_card_read = Signal(object)

    def __init__(self, till: Till, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.till = till
        self.checkout = till.checkout
        self._context = context
        self.drafts = DraftKeeper(till, context.tasks)
        self.member = MemberFlow(self, context)
        self.weighing = Weighing(till, context, self._is_asked, self._weighed, self)
        self._has_text = False
        self.question: Question | None = None
        self.hits: tuple[ItemHit, ...] = ()
        self.hits_text = ""
        self.picked = 0
        self.is_searching = False
        self.near: tuple[Member, ...] = ()
        self.finished: CompletedSale | None = None
        self.suggested = 0
        self.selected: int | None = None

    # --- what comes in ---

    def typed(self, text: str) -> None:
        """Every change of the line: words are searched for while they are typed."""
        self._has_text = bool(text)
        if text:
            self._move_on()
        if self.question is not None:
            return
        if not self._is_words(text):
            if self.hits:
                self._drop_hits()
                self.changed.emit()
            return
        self.hits = self.till.store.catalogue.search(text, self.till.clock.now_ms())
        self.hits_text, self.picked = text, 0
        self.changed.emit()

    def settled(self, text: str) -> None:
        """A person typed this: a whole phone number is a member by itself."""
        if self.question is None and isinstance(self.checkout.recognise(text), entries.Phone):
            self._try(lambda _: self.checkout.enter(text))

    def enter(self, text: str) -> None:
        """The Enter key."""
        if not text and self.finished is not None and self.checkout.basket.is_empty:
            self._move_on()
            self.changed.emit()
            return
        if self.question is not None:
            self._try(lambda _: self._answer(text))
        elif text and self.hits and text == self.hits_text:
            self.pick(self.picked)
        elif not text and self.suggested and self.checkout.stage is Stage.TENDER:
            self.take_suggestion(self.suggested)
        else:
            self._try(lambda _: self._enter(text))

    def scan(self, code: str) -> None:
        """A scanner's code, whatever the screen was doing. What stood in the line stays there."""
        self._move_on()
        self.question = None
        # Scans follow each other quickly: that one of them was refused must still be read after the next one.
        self._try(lambda _: self.checkout.scan(code), is_typed=False, withdraws=False)

    def pick(self, index: int) -> None:
        """Add the item of this search result."""
        hit = self.hits[index]
        self._try(lambda _: self.checkout.add_item_by_id(hit.id))

    def add_item(self, item_id: ItemId) -> None:
        """A quick key."""
        self._move_on()
        self._try(lambda _: self.checkout.add_item_by_id(item_id), is_typed=False)

    def step(self, rows: int) -> bool:
        """The arrow keys; False when they are the basket's."""
        if self.hits:
            self.picked = min(max(0, self.picked + rows), len(self.hits) - 1)
        elif self.checkout.stage is Stage.TENDER and len(self.suggestions()) > 1:
            self.suggested = min(max(0, self.suggested + rows), len(self.suggestions()) - 1)
        else:
            return False
        self.changed.emit()
        return True

    def back(self) -> None:
        """Esc: one step back, and nothing is destroyed."""
        self._context.messages.withdraw()
        if self.question is not None or self.hits or self.is_searching:
            self.question, self.is_searching = None, False
            self._drop_hits()
            self.changed.emit()
        elif self.finished is not None:
            self._move_on()
            self.changed.emit()
        elif self.suggested:
            self.suggested = 0
            self.changed.emit()
        else:
            self._try(lambda _: self.checkout.back(), is_typed=False)

    # --- lines ---

    def target(self) -> BasketLine | None:
        """The line that a hotkey means: the selected one, else the last."""
        lines = self.checkout.basket.live_lines
        chosen = next((line for line in lines if line.number == self.selected), None)
        return chosen or (lines[-1] if lines else None)

    def void_target(self) -> None:
        self._try(lambda _: self._void_target(), is_typed=False)

    def ask_quantity(self) -> None:
        line = self.target()
        if line is None:
            self._refuse(Refused("basket_empty"), is_typed=False)
            return
        self._ask(AskQuantity(line.number, line.item.name))

    def set_quantity(self, number: int, thousandths: int) -> None:
        self._try(lambda _: self.checkout.set_quantity(number, thousandths), is_typed=False)

    def start_search(self) -> None:
        self._move_on()
        self.is_searching, self.question = True, None
        self.changed.emit()

    # --- member ---

    def move_on(self) -> None:
        """The next customer is served: what the last one saw is over."""
        self._move_on()

    def attach(self, card: MemberCard) -> None:
        self._move_on()
        self._try(lambda _: self.checkout.attach(card), is_typed=False)

    def remove_member(self) -> None:
        self._try(lambda _: self.checkout.remove_member(), is_typed=False)

    def has_points(self) -> bool:
        """Whether the member may have points to spend; how many is asked when they want to."""
        basket = self.checkout.basket
        return basket.member is not None and not basket.is_new_member and basket.member.points > 0

    # --- money ---

    def suggestions(self) -> tuple[int, ...]:
        """Amounts of cash that a customer may hand over; the first is exact. Fewer once a part is paid: that list needs their room."""
        due = self.checkout.due()
        found = cash_suggestions(due) if due.minor > 0 else ()
        return found[:SUGGESTIONS_WITH_PAYMENTS_MAX] if self.checkout.basket.tenders else found

    def take_suggestion(self, index: int) -> None:
        suggestions = self.suggestions()
        if self.checkout.stage is Stage.TENDER and index < len(suggestions):
            amount = suggestions[index]
            self._try(lambda _: self.checkout.tender(TenderKind.CASH, amount), is_typed=False)

    def tender(self, kind: TenderKind, amount_minor: int, reference: str) -> None:
        self._try(lambda _: self.checkout.tender(kind, amount_minor, reference=reference), is_typed=False)

    def ask_points(self) -> None:
        self._try(lambda _: self._ask_points(), is_typed=False)

    def guarded(
        self, act: Callable[[Approval | None], Outcome], on_done: Callable[[], None] | None = None
    ) -> None:
        """Do something that may need a second person; with the grant it is done again."""
        self._try(act, is_typed=False, on_done=on_done)

    def take_from_customer(
        self, act: Callable[[Approval | None], Outcome], on_done: Callable[[], None]
    ) -> None:
        """What the customer did at a screen of their own; what the cashier types and reads stays."""
        self._move_on()
        self._try(act, is_typed=False, withdraws=False, on_done=on_done)

    def refresh(self) -> None:
        """Somebody else may have changed the basket: show it and keep it."""
        self._changed()

    # --- outcomes ---

    def _try(
        self,
        act: Callable[[Approval | None], Outcome],
        *,
        approval: Approval | None = None,
        is_typed: bool = True,
        withdraws: bool = True,
        on_done: Callable[[], None] | None = None,
    ) -> None:
        if withdraws:
            self._context.messages.withdraw()
        try:
            outcome = act(approval)
        except ApprovalNeeded as needed:
            self._context.ask_approval(
                Right(needed.right),
                int(str(needed.fields["amount"])),
                lambda grant: self._try(act, approval=grant, is_typed=is_typed, on_done=on_done),
            )
        except TillError as error:
            self._refuse(error, is_typed=is_typed)
        else:
            if on_done is not None:
                on_done()
            self._show(outcome, is_typed=is_typed)

    def _refuse(self, error: TillError, *, is_typed: bool) -> None:
        self._context.messages.refused(error)
        if is_typed:
            self.refused.emit()
        self._changed()

    def _show(self, outcome: Outcome, *, is_typed: bool = True) -> None:
        match outcome:
            case MemberOffered(near=near):
                self.near = near
            case ItemsFound(hits, text):
                self.hits, self.hits_text, self.picked = hits, text, 0
                self.changed.emit()
                return
            case PriceAsked(item, quantity, barcode):
                self.question = AskOpenPrice(item, quantity, barcode)
            case WeightAsked(item, barcode):
                self.question = AskWeight(item, barcode)
                self._has_text = False
                self.weighing.ask(self.question)
            case ReceiptFound(transaction):
                self._open_receipt(transaction)
            case CouponApplied() | CouponWaiting():
                self.suggested = 0
                self.member.tell_coupon(outcome)
            case LineAdded() | MemberAttached() | TotalShown() | TenderTaken() | ReadyToComplete():
                self.suggested = 0
            case GiftCardRead():
                self.gift_card_read.emit(outcome)
            case QuantitySet() | NothingHappened():
                pass
        if is_typed or isinstance(outcome, LineAdded | PriceAsked | WeightAsked):
            self._drop_hits()
            self.is_searching = False
        if is_typed:
            self.took.emit()
        self._changed()
        if isinstance(outcome, ReadyToComplete):
            self._complete()

    def _changed(self) -> None:
        if not self.checkout.is_completing:
            self.drafts.keep(self.checkout.basket)
        self.changed.emit()

    def _open_receipt(self, transaction: RetailTransaction) -> None:
        self._context.go_to(Screen.RETURN, transaction)

    # --- the commit ---

    def complete(self) -> None:
        """Commit what is paid. Nothing is a sale before this has come back."""
        if not self.checkout.is_completing:
            self._complete()

    def _complete(self) -> None:
        try:
            sale = self.till.completion.prepare(self.checkout)
        except TillError as error:
            self._refuse(error, is_typed=False)
            return
        self.drafts.drop()
        self.changed.emit()
        completion = self.till.completion
        self._context.tasks.run(
            lambda: completion.commit(sale),
            on_done=self._on_committed,
            on_error=self._on_commit_failed,
            on_end=self._on_commit_ended,
        )

    def _on_committed(self, sale: CompletedSale) -> None:
        self.checkout.start_new()
        self.drafts.forget()
        self.finished, self.selected, self.suggested = sale, None, 0
        self.question = None
        self._context.messages.withdraw()
        self.completed.emit(sale)

    def _on_commit_failed(self, error: TillError) -> None:
        self.checkout.is_completing = False
        self._context.messages.refused(error, retry=self.complete)

    def _on_commit_ended(self) -> None:
        # Also after a crash of ours: the basket must never stay locked.
        self.checkout.is_completing = False
        self._changed()

    # --- inside ---

    def _enter(self, text: str) -> Outcome:
        recognised = self.checkout.recognise(text)
        if isinstance(recognised, entries.Quantity) and not recognised.rest and self.selected is not None:
            return self.checkout.set_quantity(self.selected, recognised.thousandths)
        if text:
            self._move_on()
        return self.checkout.enter(text)

    def _is_asked(self, question: AskWeight) -> bool:
        """Whether the scale may still answer: the question stands, and nobody types."""
        return self.question is question and not self._has_text

    def _weighed(self, question: AskWeight, thousandths: int) -> None:
        def add(_: Approval | None) -> Outcome:
            outcome = self.checkout.add_weighed(question.item, thousandths, question.barcode)
            self.question = None
            return outcome

        self._try(add)

    def _answer(self, text: str) -> Outcome:
        question = self.question
        currency = self.till.shop.currency
        outcome: Outcome
        match question:
            case AskOpenPrice(item, quantity, barcode):
                outcome = self.checkout.add_open_price(item, amount_from(text, currency), quantity, barcode)
            case AskWeight(item, barcode):
                outcome = self.checkout.add_weighed(item, quantity_from(text), barcode)
            case AskQuantity(line_number):
                outcome = self.checkout.set_quantity(line_number, quantity_from(text))
            case AskPoints(offer):
                outcome = self._pay_points(points_from(text) if text else offer.points)
            case None:
                raise AssertionError("nothing was asked")
        self.question = None
        return outcome

    def _pay_points(self, points: int) -> Outcome:
        amount = self.till.points.amount_of(
            self.checkout.basket,
            points,
            self.checkout.due(),
            self.checkout.priced().total,
            self.till.session.require_shift().business_date,
        )
        return self.checkout.tender(TenderKind.POINTS, amount.minor, points=points)

    def _ask_points(self) -> Outcome:
        shift = self.till.session.require_shift()
        if self.checkout.basket.is_empty:
            raise Refused("basket_empty")
        offer = self.till.points.offer(
            self.checkout.basket, self.checkout.due(), self.checkout.priced().total, shift.business_date
        )
        if self.checkout.basket.member is None:
            self._context.messages.warn("tender.points_need_member")
        elif offer is None or offer.points == 0:
            self._context.messages.warn("tender.no_points")
        else:
            self.question = AskPoints(offer)
            self.checkout.stage = Stage.TENDER
            self.changed.emit()
        return NothingHappened()

    def _ask(self, question: Question) -> None:
        self._move_on()
        self.question = question
        self.changed.emit()

    def _void_target(self) -> Outcome:
        line = self.target()
        if line is None:
            raise Refused("basket_empty")
        outcome = self.checkout.void_line(line.number)
        self.selected = None
        return outcome

    def _move_on(self) -> None:
        """The next customer's first key: what the last one saw is over."""
        self.finished = None

    def _drop_hits(self) -> None:
        self.hits, self.hits_text, self.picked = (), "", 0

    def _is_words(self, text: str) -> bool:
        """Whether this is searched for while it is typed: numbers wait for Enter."""
        if not text or not any(character.isalpha() for character in text):
            return False
        return isinstance(self.checkout.recognise(text), entries.Search)
