"""Stored value at the counter: the rules in force, what a member or a card holds, the lines that sell it, and what it may pay.

What is offered here is decided again in the sale's own unit of work (:mod:`app.service.value_part`): nobody pays twice with the same money.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.authority import Approval, Right
from app.domain.basket import BasketLine, ReturnTerms
from app.domain.errors import Refused
from app.domain.ids import ItemId, MemberId
from app.domain.loyalty.documents import RuleArea, RuleDocument
from app.domain.loyalty.value import (
    AccountKind,
    Amounts,
    EntryHead,
    Liability,
    ValueAccount,
    ValueAccountId,
    ValueEntry,
    ValueEntryKind,
    account_of_member,
    bonus_enjoyed,
    ended_bonus,
    ended_bonuses,
    entry,
    payable,
)
from app.domain.loyalty.value_code import masked
from app.domain.loyalty.value_items import BOUND_CARD_SKU, GIFT_CARD, REFUND, TOP_UP, value_item
from app.domain.loyalty.value_rules import (
    ValueRules,
    usual_rules,
    value_rules_from_plain,
    value_rules_to_plain,
)
from app.domain.member import MemberCard
from app.domain.money import Money, format_money
from app.domain.quantity import ONE
from app.i18n import t
from app.service.ports import Clock, IdSource, Store, UnitOfWork
from app.service.session import Session
from app.service.value_ports import ValueReader

ACCOUNTS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Holding:
    """One account as its holder would see it: ended bonus is not in the balance any more. ``payable`` is what a refund would pay."""

    account: ValueAccount
    balance: Amounts
    payable: int = 0

    @property
    def label(self) -> str:
        """``•TA2B`` of a card, ``""`` of a member's own account."""
        return masked(self.account.code)


@dataclass(frozen=True, slots=True)
class TopUpKey:
    """One amount that has a key: what it costs and what comes on top."""

    amount: Money
    bonus: Money


class ValueDesk:
    """Knows the shop's rules of stored value and what each account holds."""

    def __init__(
        self,
        store: Store,
        session: Session,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._ids = ids
        self._read: dict[int, ValueRules] = {}

    # --- rules -----------------------------------------------------------------------------------------------------

    def rules(self) -> tuple[int, ValueRules]:
        """The version in force and its rules; version 0: the shop wrote none. Raises Refused("rules_damaged")."""
        document = self._store.rules.current(RuleArea.VALUE, self._clock.now_ms())
        if document is None:
            return 0, usual_rules(self._session.shop.currency)
        return document.version, self._rules_of(document)

    def write_rules(self, rules: ValueRules, approval: Approval | None = None) -> int:
        """Another version, in force from now on. Returns its number."""
        self._session.permit(Right.SETTINGS, 1, approval)
        body = value_rules_to_plain(rules)
        assert value_rules_from_plain(body) == rules, "what is written reads back the same"
        now = self._clock.now_ms()
        with self._store.begin() as work:
            document = work.put_rules(
                RuleArea.VALUE, body, valid_from=now, at=now, operator_id=self._session.operator_id
            )
            work.commit()
        return document.version

    def bonus_days(self, version: int) -> int | None:
        """How long a bonus of this version lasts."""
        document = self._store.rules.version(RuleArea.VALUE, version) if version else None
        return None if document is None else self._rules_of(document).bonus_days

    def _rules_of(self, document: RuleDocument) -> ValueRules:
        if document.version not in self._read:
            self._read[document.version] = value_rules_from_plain(document.body)
        return self._read[document.version]

    # --- what accounts hold ------------------------------------------------------------------------------------------

    def holdings(self, member_id: MemberId) -> tuple[Holding, ...]:
        """The member's own account and cards, also those with nothing in them. Who asks has the member at the counter."""
        accounts = self._store.value.of_member(member_id)
        self._expect(accounts)
        return tuple(self.holding(account) for account in accounts)

    def card(self, code: str) -> Holding | None:
        """A gift card that was sold; None when this till knows of none with this code."""
        account = self._store.value.by_code(code)
        if account is None:
            return None
        self._expect((account,))
        return self.holding(account)

    def _expect(self, accounts: Sequence[ValueAccount]) -> None:
        """A lease of these is asked for now, so that it is here when they pay."""
        if accounts:
            self._store.value.leases.is_here([one.id for one in accounts], self._clock.now_ms())

    def by_id(self, account_id: ValueAccountId) -> Holding | None:
        account = self._store.value.account(account_id)
        return None if account is None else self.holding(account)

    def holding(self, account: ValueAccount) -> Holding:
        value = self._store.value
        entries = value.entries(account.id)
        balance = value.balance(account.id) - Amounts(bonus=self._ended(entries))
        return Holding(account, balance, self.payable(balance, entries))

    def payable(self, balance: Amounts, entries: Sequence[ValueEntry]) -> int:
        """What a refund would pay out of this account."""
        return payable(balance, self.enjoyed(entries))

    def enjoyed(self, entries: Sequence[ValueEntry]) -> int:
        """The bonus that a refund keeps."""
        return bonus_enjoyed(entries) if self.rules()[1].claws_back_bonus else 0

    def liability(self) -> Liability:
        """What the shop owes the holders of all its accounts, for the owner. Bonus that has ended counts until its end was booked."""
        return self._store.value.liability()

    # --- selling ---------------------------------------------------------------------------------------------------

    def top_up_keys(self, card: MemberCard | None) -> tuple[TopUpKey, ...]:
        """The amounts on the keys, with what this member would get on top."""
        rules, currency = self.rules()[1], self._session.shop.currency
        tier = "" if card is None else card.member.tier
        is_first = card is None or self.is_first(self._store.value, card.member.id)
        return tuple(
            TopUpKey(Money(amount, currency), Money(rules.bonus(amount, tier, is_first=is_first), currency))
            for amount in rules.top_up_amounts()
        )

    def bonus_for(self, card: MemberCard, amount: int) -> int:
        """What this top-up gives on top, as things stand."""
        is_first = self.is_first(self._store.value, card.member.id)
        return self.rules()[1].bonus(amount, card.member.tier, is_first=is_first)

    def is_first(self, value: ValueReader, member_id: MemberId) -> bool:
        """Whether the member has no top-up that stands."""
        own = [one for one in value.of_member(member_id) if one.kind is AccountKind.MEMBER]
        entries = [each for one in own for each in value.entries(one.id)]
        undone = {each.head.reverses for each in entries if each.kind is ValueEntryKind.TOP_UP_REVERSAL}
        return all(each.kind is not ValueEntryKind.TOP_UP or each.head.id in undone for each in entries)

    def top_up_line(self, amount: int) -> BasketLine:
        """Raises Refused("value_amount_off")."""
        return self._line(TOP_UP, self.within(amount), "value.line_top_up")

    def card_line(self, amount: int, code: str = "", *, is_bound: bool = False) -> BasketLine:
        """A gift card with this code; without one, a card is made when the sale is complete, and printed.

        ``is_bound``: it belongs to the member who buys it, and can be spent without being shown.
        """
        key = "value.line_card" if code else "value.line_new_card"
        sku = BOUND_CARD_SKU if is_bound else ""
        return self._line(GIFT_CARD, self.within(amount), key, code, sku, card=masked(code))

    def refund_line(self, holding: Holding, amount: int, approval: Approval | None = None) -> BasketLine:
        """Money paid out of an account. Raises Refused or ApprovalNeeded."""
        if not self.rules()[1].may_refund:
            raise Refused("value_no_refunds")
        if not 0 < amount <= holding.payable:
            most = format_money(Money(holding.payable, self._session.shop.currency))
            raise Refused("value_refund_too_much", most=most)
        self._session.permit(Right.RETURN_WITHOUT_RECEIPT, amount, approval)
        own = holding.account.id.hex
        line = self._line(REFUND, amount, "value.line_refund", card=holding.label)
        return BasketLine(0, line.item, ONE, barcode=own, return_terms=ReturnTerms(line.item.price, None))

    def within(self, amount: int) -> int:
        """An amount that the shop sells. Raises Refused("value_amount_off")."""
        rules = self.rules()[1]
        if not rules.top_up_min <= amount <= rules.top_up_max:
            currency = self._session.shop.currency
            raise Refused(
                "value_amount_off",
                least=format_money(Money(rules.top_up_min, currency)),
                most=format_money(Money(rules.top_up_max, currency)),
            )
        return amount

    def _line(
        self, item_id: ItemId, amount: int, key: str, code: str = "", sku: str = "", **fields: object
    ) -> BasketLine:
        shop = self._session.shop
        version, rules = self.rules()
        price = Money(amount, shop.currency)
        name = t(key, shop.language, **fields).strip()
        item = value_item(
            item_id, name, price, rule_version=version, is_taxed=rules.is_taxed_at_sale, sku=sku
        )
        return BasketLine(0, item, ONE, barcode=code, open_price=price)

    # --- spending --------------------------------------------------------------------------------------------------

    def may_spend_offline(self, account: ValueAccount, amount: int) -> bool:
        """Whether this till may take this much out without asking the server. Alone it owns every account there is.

        A till that belongs to a server may spend only what it holds by lease.
        """
        leases = self._store.value.leases
        return not leases.is_paired() or leases.spendable(account.id, self._clock.now_ms()) >= amount

    def require_lease(self, account: ValueAccount, amount: int) -> None:
        """Raises Refused("value_online_only") with what this till may spend of the account."""
        if not self.may_spend_offline(account, amount):
            held = self._store.value.leases.spendable(account.id, self._clock.now_ms())
            raise Refused("value_online_only", held=format_money(Money(held, self._session.shop.currency)))

    def belongs_to(self, value: ValueReader, account: ValueAccount, card: MemberCard | None) -> bool:
        """Whether the member in front of the till may spend from it without showing a card."""
        return card is not None and any(one.id == account.id for one in value.of_member(card.member.id))

    # --- within a unit of work -----------------------------------------------------------------------------------------

    def open_for(self, work: UnitOfWork, member_id: MemberId) -> ValueAccount:
        """The member's own account, opened where there is none."""
        code = self._session.shop.currency.code
        own = account_of_member(member_id, code)
        present = work.value.account(own)
        if present is not None:
            return present
        account = ValueAccount(own, AccountKind.MEMBER, code, self._clock.now_ms(), member_id=member_id)
        work.value.open(account)
        return account

    def current(self, work: UnitOfWork, account_id: ValueAccountId, on: date) -> Amounts:
        """The balance as it stands; bonus that has ended is booked out first."""
        for ended in ended_bonuses(work.value.entries(account_id), on, self.bonus_days):
            head = EntryHead(
                id=ended.entry_id(account_id),
                account_id=account_id,
                occurred_at=self._clock.now_ms(),
                business_date=on,
                rule_version=self.rules()[0],
            )
            work.value.post(entry(ValueEntryKind.EXPIRY, head, Amounts(bonus=-ended.left)))
        return work.value.balance(account_id)

    def end_bonuses(self, is_cancelled: Callable[[], bool] = lambda: False) -> int:
        """Book out every bonus that has ended, some accounts at a time. Returns how much it was."""
        ended, after = 0, None
        on = self._today()
        while not is_cancelled():
            found = self._store.value.with_bonus(after, ACCOUNTS_AT_ONCE)
            if not found:
                break
            after = found[-1]
            with self._store.begin() as work:
                for account_id in found:
                    before = work.value.balance(account_id)
                    ended += before.bonus - self.current(work, account_id, on).bonus
                work.commit()
        return ended

    def _ended(self, entries: Sequence[ValueEntry], on: date | None = None) -> int:
        return ended_bonus(entries, on or self._today(), self.bonus_days)

    def _today(self) -> date:
        shift = self._session.shift
        return shift.business_date if shift is not None else self._clock.local().date()
