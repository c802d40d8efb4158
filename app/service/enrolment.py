"""What a new member answers while the sale goes on: name, birthday, whether they may be written to, and who brought them.

All of it is optional and becomes true with the sale, in its one commit: a sale that is cancelled leaves nobody behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.domain.consent import ConsentChannel, Purpose
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.loyalty.points_rules import BonusKind
from app.domain.money import Money, format_money
from app.domain.phone import parse_phone
from app.domain.profile_fields import BUILT_IN, clean_field
from app.i18n import language, t

if TYPE_CHECKING:
    from app.domain.loyalty.moves import Moves
    from app.domain.member import MemberCard
    from app.domain.returns import Origin
    from app.domain.transaction import RetailTransaction
    from app.service.checkout import Checkout
    from app.service.membership_consent import ConsentDesk, ConsentText
    from app.service.ports import Clock, Store, UnitOfWork
    from app.service.rulebook import Rulebook
    from app.service.sale_parts import SaleInHand
    from app.service.session import Session

ANSWERS_MAX: Final = 200
"""Answers of members whose sale is not finished; more of them than a till can hold on hold in a day."""


@dataclass(frozen=True, slots=True)
class Answers:
    """``may_write`` None: they were not asked. ``referrer`` brought them."""

    name: str = ""
    birthday: str = ""
    may_write: bool | None = None
    referrer: MemberId | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.birthday or self.referrer) and self.may_write is None


class EnrolmentDesk:
    """Takes the answers, and takes part in the sale that makes the member."""

    def __init__(
        self, store: Store, session: Session, clock: Clock, rulebook: Rulebook, consents: ConsentDesk
    ) -> None:
        self._store = store
        self._session = session
        self._clock = clock
        self._rulebook = rulebook
        self._consents = consents
        self._answers: dict[MemberId, tuple[Answers, tuple[tuple[Purpose, ConsentText], ...]]] = {}

    def read(self, name: str, birthday: str, may_write: bool | None, referrer: str) -> Answers:
        """The answers as they were typed; ``referrer`` is a number or a code.

        Raises Refused: "birthday_unreadable", "field_too_long", "referrer_unknown".
        """
        today = self._clock.local().date()
        return Answers(
            name=clean_field(BUILT_IN["name"], name, today=today),
            birthday=clean_field(BUILT_IN["birthday"], birthday, today=today),
            may_write=may_write,
            referrer=self._referrer(referrer),
        )

    def answer(self, checkout: Checkout, answers: Answers) -> MemberCard:
        """Keep the answers of the new member at the counter. Raises Refused: "referral_self", "basket_locked_by_tender"."""
        card = checkout.basket.member
        assert card is not None
        assert checkout.basket.is_new_member, "who is in the file is asked on their page"
        named = replace(card, member=replace(card.member, name=answers.name, birthday=answers.birthday))
        checkout.describe_new_member(named)
        shown = tuple((one, self._consents.text(one, language())) for one in Purpose)
        while len(self._answers) >= ANSWERS_MAX:
            self._answers.pop(next(iter(self._answers)))
        self._answers[card.member.id] = (answers, shown)
        return named

    def answers_of(self, member_id: MemberId) -> Answers:
        """What they answered so far."""
        return self._answers[member_id][0] if member_id in self._answers else Answers()

    def welcome_text(self) -> str:
        """What a new member is given, in a sentence; ``""`` for nothing."""
        bonus = self._rulebook.points().rules.bonus(BonusKind.WELCOME)
        if bonus is None or not bonus.points:
            return ""
        points = f"{bonus.points:,}"
        if bonus.minimum_minor <= 1:
            return t("member.welcome", points=points)
        amount = format_money(Money(bonus.minimum_minor, self._session.shop.currency))
        return t("member.welcome_from", points=points, amount=amount)

    # --- part of the sale ---

    def moves(self, work: UnitOfWork, sale: SaleInHand, moves: Moves) -> Moves:
        """Consents and the referral are written before the bonuses ask for them; the transaction says nothing of either."""
        asked, card = sale.basket.member, sale.card
        if (
            not sale.basket.is_new_member
            or asked is None
            or card is None
            or card.member.id != asked.member.id
        ):
            return moves
        answers, shown = self._answers.get(card.member.id, (Answers(), ()))
        for purpose, text in shown:
            is_granted = True if purpose is Purpose.MEMBERSHIP else answers.may_write
            if is_granted is not None:
                self._consents.answer_within(
                    work,
                    card.member.id,
                    purpose,
                    is_granted=is_granted,
                    channel=ConsentChannel.SPOKEN,
                    text=text,
                )
        if answers.referrer is not None:
            self._store.membership.consents.refer(
                work,
                card.member.id,
                answers.referrer,
                at=self._clock.now_ms(),
                operator_id=self._session.operator_id,
            )
        return moves

    def record(self, work: UnitOfWork, transaction: RetailTransaction, origins: Sequence[Origin]) -> None:
        """Nothing follows from the sale itself."""

    def _referrer(self, typed: str) -> MemberId | None:
        if not typed.strip():
            return None
        members = self._store.members
        phone = parse_phone(typed, self._session.shop.region)
        card = members.by_phone(phone) if phone is not None else members.by_code(typed.strip().upper())
        if card is None:
            raise Refused("referrer_unknown", text=typed.strip()[:20])
        return card.member.id
