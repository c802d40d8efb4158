"""What a receipt says of stored value: each account that moved, before and after, and the symbol of a card that was made with the sale.

The code of a new card stands on its own receipt and on no other paper.
"""

from __future__ import annotations

from app.domain.loyalty.value import AccountKind, Amounts, ValueAccountId
from app.domain.loyalty.value_code import masked, shown, symbol
from app.domain.loyalty.value_items import GIFT_CARD, value_lines
from app.domain.money import Currency, Money, format_money
from app.domain.receipt import QR, Align, Cell, Node, Row, Rule, Text
from app.domain.receipt_facts import PaperValue
from app.domain.transaction import RetailTransaction
from app.i18n import t
from app.service.ports import UnitOfWork


def value_on_paper(work: UnitOfWork, transaction: RetailTransaction) -> tuple[PaperValue, ...]:
    """The accounts that this ticket moved, as they stand after it. Asked within its unit of work, when everything was recorded."""
    moved: dict[ValueAccountId, Amounts] = {}
    for move in transaction.moves.value:
        own = ValueAccountId(move.account_id)
        moved[own] = moved.get(own, Amounts()) + Amounts(move.paid.minor, move.bonus.minor)
    new = _new_cards(transaction)
    papers = []
    for own, amounts in moved.items():
        account, balance = work.value.account(own), work.value.balance(own)
        assert account is not None, "what moved is there"
        papers.append(
            PaperValue(
                card=masked(account.code),
                moved=amounts.total,
                bonus=amounts.bonus,
                after=balance.total,
                code=account.code if own in new and account.kind is AccountKind.GIFT_CARD else "",
            )
        )
    return tuple(papers)


def _new_cards(transaction: RetailTransaction) -> set[ValueAccountId]:
    """The cards that were made with this sale: their lines were sold without a code. The movements of lines come first, in their order."""
    lines = value_lines(transaction.lines)
    return {
        ValueAccountId(move.account_id)
        for line, move in zip(lines, transaction.moves.value, strict=False)
        if line.item_id == GIFT_CARD and not line.barcode and not line.is_return
    }


def value_nodes(papers: tuple[PaperValue, ...], currency: Currency, language: str) -> list[Node]:
    """A section for each account."""
    nodes: list[Node] = []
    for paper in papers:
        key = "value.paper_card" if paper.card else "value.paper_member"
        nodes += [
            Rule(),
            Text(t(key, language, card=paper.card), bold=True),
            _pair(t("value.paper_before", language), _plain(paper.after - paper.moved, currency)),
            _pair(t("value.paper_moved", language), _signed(paper.moved, currency)),
        ]
        if paper.bonus > 0:
            nodes.append(_pair("  " + t("value.paper_bonus", language), _signed(paper.bonus, currency)))
        nodes.append(_pair(t("value.paper_after", language), _plain(paper.after, currency), bold=True))
        if paper.code:
            nodes.append(QR(symbol(paper.code), t("value.paper_scan", language)))
            nodes.append(Text(shown(paper.code), Align.CENTER, bold=True))
    return nodes


def _plain(minor: int, currency: Currency) -> str:
    return format_money(Money(minor, currency), symbol=False)


def _signed(minor: int, currency: Currency) -> str:
    return ("+" if minor > 0 else "") + _plain(minor, currency)


def _pair(left: str, right: str, *, bold: bool = False) -> Row:
    return Row((Cell(left, bold=bold), Cell(right, Align.RIGHT, bold=bold)))
