"""The sale screen as it stands on the counter: the line and the basket on the left; the customer, the total and what fits the moment on
the right; the keys below.

It shows what `SaleFlow` says and hands every ask to it. The line keeps the focus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain.money import Money, format_money, parse_amount
from app.domain.phone import fold_digits, national_number
from app.service.checkout import Stage
from ui import theme
from ui.context import Screen, ScreenContext
from ui.devices.strip import CounterStrip
from ui.keys import Action
from ui.sale.actions import SaleActions
from ui.sale.change_panel import ChangePanel
from ui.sale.customer import badge_of, counter_lines, facts_of, member_name
from ui.sale.entry_flow import SaleFlow
from ui.sale.key_row import KeyRow
from ui.sale.member_facts import CounterLines, MemberFactsPanel
from ui.sale.next_step import next_step
from ui.sale.offer_panel import OfferPanel
from ui.sale.questions import AskOpenPrice, AskPoints, AskQuantity, AskWeight
from ui.sale.rows import Rows
from ui.sale.search_rows import hit_rows, tile_data
from ui.sale.tender_panel import TenderPanel
from ui.sale.totals import Totals
from ui.sale.value_actions import value_words
from ui.theme import Space, TypeRole
from ui.widgets.basket_view import BasketView
from ui.widgets.buttons import Button, Kind
from ui.widgets.entry_line import EntryLine
from ui.widgets.keypad import Keypad
from ui.widgets.member_badge import MemberBadge
from ui.widgets.result_list import ResultList
from ui.widgets.sheet import topmost
from ui.widgets.text_label import TextLabel
from ui.widgets.tile_grid import TileGrid

if TYPE_CHECKING:
    from app.service.completion import CompletedSale
    from app.service.printing import PrintQuestion
    from app.service.till import Till

_CASH_DIGITS_MAX: Final = 8
_MESSAGE_PIXELS: Final = 150
_ROW_PIXELS: Final = 80


class SaleView(QWidget):
    """The sale. One per open till."""

    def __init__(self, till: Till, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._context = context
        self._rows = Rows()
        self._who_finished = ""
        self._offered = ""
        self._picked = 0
        self.flow = SaleFlow(till, context, self)
        self.asks = SaleActions(self.flow, context, self)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self.render_all()

    # --- what the window calls ---

    def handle_action(self, action: Action) -> bool:
        """A hotkey or a tap on its cap; False when it means nothing here."""
        did_act = self.asks.act(action, self.entry.text().strip())
        self._focus_line()
        return did_act

    def take_scan(self, code: str) -> None:
        self.flow.scan(code)

    def begin(self, argument: object) -> None:
        """It is this screen's turn: show what others may have changed."""
        self.keys.set_keys(self._context.hotkeys.keys)
        self._count_held()
        self.tiles.set_tiles(tile_data(self._till.store.catalogue.tiles()))
        self.flow.refresh()
        self._focus_line()

    # --- Qt ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_line()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.render_all()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the line has no use for: Esc, and the keys of the cash suggestions."""
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self._on_back()
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and _digit(event) is not None:
            digit = _digit(event) or 0
            if not event.isAutoRepeat() and not self.strip.take_key(digit):
                self.flow.take_suggestion(digit)
        else:
            super().keyPressEvent(event)

    # --- showing ---

    def render_all(self) -> None:
        """Everything as it is now. Each part compares for itself and paints only what is another."""
        checkout = self.flow.checkout
        priced, due = checkout.priced(), checkout.due()
        self.basket.set_rows(self._rows.of(priced))
        self.flow.member.watch.follow(checkout.basket)
        self._render_member()
        has_more = bool(priced.basket.tokens or priced.basket.gifts)
        self.counter.show_lines(counter_lines(priced) if has_more and self._is_entering() else ())
        self.totals.show_totals(priced, checkout.basket.tenders, due)
        self._render_panel(due)
        self._render_step(due)
        self.keys.show_state(self.flow)
        self._render_line()
        self._render_strip()

    def _render_member(self) -> None:
        """The card at once; what the store's worker found out besides as soon as it is there."""
        basket, watch = self.flow.checkout.basket, self.flow.member.watch
        facts = watch.facts if watch.member_id is not None else None
        is_entering = self._is_entering()
        badge = badge_of(basket.member, is_new=basket.is_new_member, facts=facts, has_cue=is_entering)
        self.customer.show_member(badge)
        keys = self._context.hotkeys.keys
        age = self._context.sync.balance_age().text
        self.facts.show_facts(
            facts_of(facts, watch.best, len(basket.coupons), age=age)
            if facts is not None and is_entering
            else None,
            usual_cap=keys.key(Action.USUAL),
            coupon_cap=keys.key(Action.BEST_COUPON if self.flow.member.has_best else Action.OFFERS),
        )

    def _is_entering(self) -> bool:
        """While goods are entered; the payment needs the room for itself."""
        return self.flow.checkout.stage is Stage.ENTRY or self.flow.checkout.basket.is_empty

    def _render_panel(self, due: Money) -> None:
        flow, checkout = self.flow, self.flow.checkout
        if flow.hits:
            self.search.set_rows(hit_rows(flow.hits))
            self.search.step(flow.picked - self._picked)
            self._picked = flow.picked
            self.panels.setCurrentWidget(self.search)
        elif checkout.offered_phone is not None:
            self.offer.show_offer(checkout.offered_phone, flow.near, self._till.enrolment.welcome_text())
            self.panels.setCurrentWidget(self.offer)
        elif flow.finished is not None and checkout.basket.is_empty:
            self.change.show_sale(flow.finished, self._who_finished)
            self.panels.setCurrentWidget(self.change)
        elif self.pad_toggle.isChecked():
            self.panels.setCurrentWidget(self.pad)
        elif checkout.stage is Stage.TENDER and not checkout.basket.is_empty:
            self._render_tender(due)
            self.panels.setCurrentWidget(self.tender)
        else:
            self.panels.setCurrentWidget(self.tiles)

    def _render_tender(self, due: Money) -> None:
        keys = self._context.hotkeys.keys
        self.tender.show_tender(
            due,
            self.flow.suggestions(),
            self.flow.suggested,
            self.flow.checkout.basket.tenders,
            others_key=keys.key(Action.TENDERS),
            points_key=keys.key(Action.POINTS),
            has_points=self.flow.has_points(),
            value=self._value_words(),
        )

    def _value_words(self) -> str:
        words = value_words(self.flow.checkout)
        return f"{words}　{self._context.hotkeys.keys.key(Action.VALUE)}" if words else ""

    def _render_step(self, due: Money) -> None:
        step = next_step(self.flow)
        self.step.show_text(step.key, **step.fields)
        self.go.setVisible(bool(step.button))
        # A finger finds it where the next step will stand once something is on the counter.
        self.value_key.setVisible(not step.button)
        if step.button:
            fields = {"amount": str(step.fields.get("amount", format_money(due)))}
            self.go.show_text(step.button, **fields)
        self.go.setEnabled(not self.flow.checkout.is_completing)

    def _render_line(self) -> None:
        """What the line asks for, and whether words may be typed with an input method."""
        self.entry.set_takes_words(self.flow.is_searching)
        match self.flow.question:
            case AskOpenPrice():
                key = "sale.ask.open_price"
            case AskWeight():
                key = "sale.ask.weight"
            case AskQuantity():
                key = "sale.ask.line_quantity"
            case AskPoints():
                key = "sale.ask.points"
            case None:
                key = "ui.entry.placeholder"
                if self.flow.is_searching:
                    key = "sale.ask.search"
                elif self.flow.checkout.stage is Stage.TENDER and not self.flow.checkout.basket.is_empty:
                    key = "sale.ask.cash"
        self.entry.set_placeholder(key)

    def _render_strip(self) -> None:
        """In practice the real till's devices are nobody's affair."""
        if not self._till.session.is_training:
            is_empty = self.flow.checkout.basket.is_empty
            self.strip.show_picture(self._context.devices.picture, has_free_hands=is_empty)

    # --- asks ---

    def _on_changed_text(self, text: str) -> None:
        self.flow.typed(text)
        self._show_cash_hint(text)

    def _on_settled(self, text: str) -> None:
        # A number that was put back after Esc is there to be corrected, not to be found again.
        if text and text != self._offered:
            self._offered = ""
            self.flow.settled(text)

    def _on_entered(self, text: str) -> None:
        self._offered = ""
        self.flow.enter(text)

    def _on_back(self) -> None:
        phone = self.flow.checkout.offered_phone
        if phone is not None and not self.flow.hits and self.flow.question is None:
            self._offered = national_number(phone)
            self.flow.back()
            self.entry.setText(self._offered)
            return
        if self.basket.selected is not None:
            self.basket.select(None)
            return
        self.flow.back()

    def _on_step(self, rows: int) -> None:
        if not self.flow.step(rows):
            self.basket.step(rows)

    def _on_selected(self, number: int | None) -> None:
        self.flow.selected = number
        self.render_all()

    def _on_completed(self, sale: CompletedSale) -> None:
        self.basket.select(None)
        self._who_finished = ""
        if sale.transaction.member_id is not None:
            card = self._till.store.members.by_id(sale.transaction.member_id)
            self._who_finished = member_name(card.member) if card is not None else ""

    def _on_paper_answered(self, question: PrintQuestion, did_print: bool) -> None:
        strip = self.strip
        self._context.devices.answer(
            question, did_print=did_print, on_failed=lambda: strip.ask_again(question)
        )

    def _show_cash_hint(self, text: str) -> None:
        """While an amount is typed: what the change would be."""
        checkout = self.flow.checkout
        if checkout.stage is not Stage.TENDER or self.flow.question is not None or not text:
            return
        if len(text) > _CASH_DIGITS_MAX:
            return
        amount = parse_amount(fold_digits(text), self._till.shop.currency)
        due = checkout.due()
        if amount is None or due.minor <= 0:
            return
        given = format_money(Money(amount, due.currency))
        if amount >= due.minor:
            change = format_money(Money(amount - due.minor, due.currency))
            self.entry.show_hint("sale.hint.cash", amount=given, change=change)
        else:
            rest = format_money(Money(due.minor - amount, due.currency))
            self.entry.show_hint("sale.hint.cash_part", amount=given, rest=rest)

    def _on_pad_toggled(self, is_on: bool) -> None:
        self.pad_toggle.show_text("sale.tiles" if is_on else "sale.keypad")
        self.render_all()

    def _count_held(self) -> None:
        self.keys.set_held(len(self._till.store.desk.held_sales()))

    def _focus_line(self) -> None:
        if self.isVisible() and topmost(self.window()) is None:
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- making ---

    def _make_widgets(self) -> None:
        keys = self._context.hotkeys.keys
        self.entry = EntryLine(self)
        self.step = TextLabel(parent=self, type=TypeRole.LEAD, tone="accent", is_strong=True)
        self.basket = BasketView(self)
        self.strip = CounterStrip(self)
        self.customer = MemberBadge(self)
        self.facts = MemberFactsPanel(self)
        self.counter = CounterLines(self)
        self.totals = Totals(self)
        self.tiles = TileGrid(self)
        self.search = ResultList(self)
        self.pad = Keypad(self)
        self.pad.attach(self.entry)
        self.offer = OfferPanel(self)
        self.tender = TenderPanel(self)
        self.change = ChangePanel(self)
        self.panels = QStackedWidget(self)
        for panel in (self.tiles, self.search, self.offer, self.tender, self.change, self.pad):
            self.panels.addWidget(panel)
        self.go = Button("sale.go.total", Kind.PRIMARY, self, size="large")
        self.value_key = Button("value.title", Kind.SECONDARY, self, size="large")
        self.pad_toggle = Button("sale.keypad", Kind.SECONDARY, self, size="large")
        self.pad_toggle.setCheckable(True)
        self.keys = KeyRow(keys, self)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addWidget(self.entry)
        left.addWidget(self.step)
        card = QFrame(self)
        card.setProperty("panel", "surface")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2, Space.S, 2, Space.S)
        inside.addWidget(self.basket)
        left.addWidget(card, 1)
        left.addWidget(self.strip)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        for part in (self.customer, self.facts, self.counter, self.totals):
            right.addWidget(part)
        right.addWidget(self.panels, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(Space.S)
        bottom.addWidget(self.pad_toggle)
        bottom.addWidget(self.value_key, 1)
        bottom.addWidget(self.go, 1)
        right.addLayout(bottom)
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addLayout(left, 58)
        columns.addLayout(right, 42)
        content = QVBoxLayout(self)
        content.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        content.setSpacing(Space.M)
        content.addLayout(columns, 1)
        content.addWidget(self.keys)
        for widget in (self.entry, self.step):
            policy = widget.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
            widget.setSizePolicy(policy)

    def _connect(self) -> None:
        flow = self.flow
        self.entry.changed.connect(self._on_changed_text)
        self.entry.settled.connect(self._on_settled)
        self.entry.entered.connect(self._on_entered)
        self.entry.step_requested.connect(self._on_step)
        self.basket.selection_changed.connect(self._on_selected)
        self.basket.activated.connect(lambda _: self.asks.open_line())
        flow.changed.connect(self.render_all)
        flow.held_changed.connect(self._count_held)
        flow.took.connect(self.entry.clear)
        flow.refused.connect(self.entry.refuse)
        flow.completed.connect(self._on_completed)
        self.go.clicked.connect(lambda: self._on_entered(self.entry.text().strip()))
        self.value_key.clicked.connect(lambda: self.handle_action(Action.VALUE))
        self.pad_toggle.toggled.connect(self._on_pad_toggled)
        self.search.chosen.connect(self.flow.pick)
        self.offer.declined.connect(self._on_back)
        self.offer.meant.connect(lambda member: self.asks.attach(member.id))
        self.tender.suggestion_taken.connect(flow.take_suggestion)
        self.tender.others_asked.connect(lambda: self.handle_action(Action.TENDERS))
        self.tender.points_asked.connect(lambda: self.handle_action(Action.POINTS))
        self.tender.value_asked.connect(lambda: self.handle_action(Action.VALUE))
        self.tender.taken_back.connect(self._on_back)
        self.change.reprint_asked.connect(self.asks.reprint)
        self.tiles.pressed.connect(flow.add_item)
        self.customer.pressed.connect(lambda: self.handle_action(Action.MEMBER))
        self.facts.usual_asked.connect(lambda: self.handle_action(Action.USUAL))
        self.facts.coupon_asked.connect(
            lambda: self.handle_action(Action.BEST_COUPON if flow.member.has_best else Action.OFFERS)
        )
        flow.member.watch.changed.connect(self._render_member)
        self.keys.pressed.connect(self.handle_action)
        devices = self._context.devices
        devices.changed.connect(self._render_strip)
        self.strip.answered.connect(self._on_paper_answered)
        self.strip.opened.connect(lambda: self._context.go_to(Screen.SETTINGS, "devices"))

    def message_area(self) -> QRect:
        """Where messages appear: over the basket, where it is empty; over its oldest lines when it is full."""
        look = theme.current()
        area = QRect(self.basket.mapTo(self.window(), QPoint(0, 0)), self.basket.size())
        needed = look.px(_MESSAGE_PIXELS)
        if len(self.basket.rows) * look.touch(_ROW_PIXELS) + needed < area.height():
            area.setTop(area.bottom() - needed)
        return area


def _digit(event: QKeyEvent) -> int | None:
    """0 for Ctrl+1 and so on."""
    number = event.key() - Qt.Key.Key_1
    return number if 0 <= number < 5 else None
