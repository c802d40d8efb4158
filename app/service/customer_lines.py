"""What the customer's display says while a basket grows: the article just added and its price, the total, what was paid and the change.

A sale on the display is a view of the basket: whoever shows it calls :meth:`CustomerLines.basket` after each change, and nothing waits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.money import Money, format_money
from app.domain.quantity import format_quantity
from app.i18n import t

if TYPE_CHECKING:
    from app.domain.pricing import Priced
    from app.domain.transaction import RetailTransaction
    from app.service.counter_devices import CounterDevices
    from app.service.shop import ShopSettings


class CustomerLines:
    """One display's view of one till. ``counter`` shows it; words are offered in the shop's language and in English."""

    def __init__(self, counter: CounterDevices, shop: ShopSettings) -> None:
        self._counter = counter
        self._shop = shop
        self._shown: tuple[object, ...] | None = None

    def welcome(self) -> None:
        """Nobody is being served."""
        self._counter.show_welcome((self._shop.name, "Welcome"), _words("scanner.display.welcome"))

    def basket(self, priced: Priced, due: Money, *, is_total_shown: bool) -> None:
        """The basket as it is now. The newest article, or the total when that was asked for."""
        lines = priced.lines
        if not lines:
            self._once((), self.welcome)
        elif is_total_shown:
            self._once(("total", due), lambda: self._total(due))
        else:
            newest = lines[-1]
            quantity, amount = format_quantity(newest.quantity), format_money(newest.net)
            self._once(
                (len(lines), newest.name, quantity, amount, priced.total),
                lambda: self._counter.show_item((newest.name, newest.sku), quantity, amount),
            )

    def paid(self, sale: RetailTransaction) -> None:
        """What was given and what comes back; of a return, what the customer got."""
        paid = sum(tender.amount.minor for tender in sale.tenders)
        currency = sale.total.currency
        given, back = format_money(Money(paid, currency)), format_money(sale.change)
        paid_words, change_words = _words("scanner.display.paid"), _words("scanner.display.change")
        self._once(
            ("paid", sale.header.id),
            lambda: self._counter.show_change(paid_words, given, change_words, back),
        )

    def _total(self, due: Money) -> None:
        self._counter.show_total(_words("scanner.display.total"), format_money(due))

    def _once(self, what: tuple[object, ...], show: Callable[[], None]) -> None:
        """The same again needs no telling."""
        if what != self._shown:
            self._shown = what
            show()


def _words(key: str) -> tuple[str, str]:
    """In the operator's language, and in English for a display without Chinese."""
    return t(key), t(key, "en")
