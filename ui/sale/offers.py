"""F5: the member's coupons, stamp cards and gifts to use with one key, and why this sale costs what it costs, sentence by sentence.

What is chosen is laid on the counter at once and the list shows what became of it; what is refused says why, here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import TillError
from app.domain.money import format_money
from app.domain.pricing import Priced, explain
from app.domain.transaction import PriceSource
from app.i18n import t
from app.service.outcomes import CouponApplied, CouponWaiting, NothingHappened, Outcome
from ui import theme
from ui.sale.coupon_rows import (
    Choice,
    PutBack,
    PutGiftBack,
    TakeCoupon,
    TakeGift,
    TakeStamps,
    Tell,
    choice_rows,
)
from ui.theme import Space, TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.result_list import ResultList, ResultRow
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

if TYPE_CHECKING:
    from app.service.checkout import Checkout
    from app.service.till import Till
    from ui.sale.entry_flow import SaleFlow

LIST_PIXELS: Final = 340
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -5, Qt.Key.Key_PageDown: 5}


class OffersSheet(Sheet):
    """Choose, read, put away."""

    def __init__(self, window: QWidget, till: Till, flow: SaleFlow) -> None:
        rows = rows_of(till, flow.checkout)
        title = "coupon.title" if rows else "sale.offers.title"
        super().__init__(window, title, width=1120 if rows else 720)
        self._till = till
        self._flow = flow
        self._checkout = flow.checkout
        self.has_choices = bool(rows)
        self.list = ResultList(self.panel)
        self.list.setMinimumHeight(theme.current().px(LIST_PIXELS))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self._on_chosen)
        self.told = TextLabel("coupon.hint", self.panel, type=TypeRole.BODY, tone="muted", wraps=True)
        self.why = _Why(self.panel)
        self.total = TextLabel(parent=self.panel, type=TypeRole.TITLE, tone="accent")
        columns = QGridLayout()
        columns.setHorizontalSpacing(Space.XL)
        columns.setVerticalSpacing(Space.S)
        if self.has_choices:
            columns.addWidget(TextLabel("coupon.list", self.panel, type=TypeRole.LEAD, is_strong=True), 0, 0)
            columns.addWidget(self.list, 1, 0)
            columns.addWidget(TextLabel("coupon.why", self.panel, type=TypeRole.LEAD, is_strong=True), 0, 1)
            columns.setColumnStretch(0, 1)
        columns.addWidget(self.why, 1, 1)
        columns.setColumnStretch(1, 1)
        self.body.addLayout(columns)
        self.body.addWidget(self.told)
        self.body.addWidget(self.total)
        self.list.setVisible(self.has_choices)
        self.told.setVisible(self.has_choices)
        close = Button("ui.close", Kind.GHOST if self.has_choices else Kind.PRIMARY, self.panel)
        close.clicked.connect(self.step_back)
        self.add_button(close, is_default=not self.has_choices)
        if self.has_choices:
            use = Button("coupon.use", Kind.PRIMARY, self.panel)
            use.clicked.connect(self.list.choose_current)
            self.add_button(use, is_default=True)
        self.set_first_focus(self)
        self._show()

    def take_scan(self, code: str) -> None:
        """A coupon is laid down here as well; anything else is the sale's."""
        self._do(lambda: self._checkout.scan(code))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self.has_choices:
            self.list.step(step)
            event.accept()
        else:
            super().keyPressEvent(event)

    # --- inside ---

    def _show(self) -> None:
        self.list.set_rows(rows_of(self._till, self._checkout))
        priced = self._checkout.priced()
        self.why.show_priced(priced)
        self.total.setVisible(priced.savings.minor > 0)
        self.total.show_text("sale.offers.total", amount=format_money(priced.savings))

    def _on_chosen(self, choice: Choice) -> None:
        checkout = self._checkout
        match choice:
            case TakeCoupon(coupon_id):
                self._do(lambda: checkout.lay_coupon(coupon_id))
            case TakeStamps(card):
                self._do(lambda: checkout.use_reward(card))
            case TakeGift(code):
                self._do(lambda: _take(self._till, checkout, code))
            case PutBack(source, name):
                self._do(lambda: checkout.take_away(source), taken_away=name)
            case PutGiftBack(code, name):
                self._do(lambda: _put_back(self._till, checkout, code), taken_away=name)
            case Tell(key, fields):
                self._say(key, "warn", **dict(fields))

    def _do(self, act: Callable[[], Outcome], *, taken_away: str = "") -> None:
        try:
            outcome = act()
        except TillError as error:
            self._say(error.text_key, "danger", **error.fields)
            return
        self._tell(outcome, taken_away)
        self._flow.refresh()
        self._show()

    def _tell(self, outcome: Outcome, taken_away: str) -> None:
        match outcome:
            case CouponApplied(name=name, off=off) if off.minor:
                self._say("coupon.applied", "good", name=name, amount=format_money(off))
            case CouponApplied(name=name):
                self._say("coupon.applied_words", "good", name=name)
            case CouponWaiting(name=name, why_not=why_not, fields=fields):
                self._say("coupon.laid", "warn", name=name, why=t(f"error.{why_not}", None, **fields))
            case _ if taken_away:
                self._say("coupon.taken_away", "muted", name=taken_away)
            case _:
                self._say("coupon.hint", "muted")

    def _say(self, key: str, tone: str, **fields: object) -> None:
        self.told.show_text(key, **fields)
        self.told.set_tone(tone)


class _Why(QScrollArea):
    """Every line with an offer, sentence by sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(theme.current().px(LIST_PIXELS))

    def show_priced(self, priced: Priced) -> None:
        inside = QWidget(self)
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, Space.M, 0)
        rows.setSpacing(Space.XS)
        for line in priced.lines:
            sentences = explain(line, priced.steps[line.number])
            if len(sentences) < 2 and not line.discount and line.price_source is not PriceSource.MEMBER:
                continue
            name = TextLabel(parent=inside, type=TypeRole.LEAD, is_strong=True, wraps=True)
            name.show_plain(f"{line.number}　{line.name}　{format_money(line.net)}")
            rows.addWidget(name)
            for key, fields in sentences:
                why = TextLabel(parent=inside, type=TypeRole.BODY, tone="muted", wraps=True)
                why.show_plain(t(key, None, **fields))
                rows.addWidget(why)
            rows.addSpacing(Space.M)
        if not rows.count():
            rows.addWidget(TextLabel("sale.offers.none", inside, type=TypeRole.LEAD))
        rows.addStretch(1)
        self.setWidget(inside)


def rows_of(till: Till, checkout: Checkout) -> list[ResultRow]:
    """What there is to choose for the member at the counter; nothing for a walk-in without a coupon."""
    return choice_rows(
        checkout.priced(),
        checkout.coupon_offers(),
        checkout.stamp_standings(),
        till.gifts.offers(checkout.basket),
    )


def _take(till: Till, checkout: Checkout, code: str) -> Outcome:
    till.gifts.take(checkout, code)
    return NothingHappened()


def _put_back(till: Till, checkout: Checkout, code: str) -> Outcome:
    till.gifts.put_back(checkout, code)
    return NothingHappened()
