"""Consent at the counter: the words that were shown, in their versions, and each answer as a fact.

Being a member and being written to are asked separately. The words of a version never change: other words are another version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.domain.authority import Approval, Right
from app.domain.consent import Consent, ConsentChannel, Purpose, standing
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.loyalty.documents import RuleArea
from app.i18n import LANGUAGES, t
from app.service.ports import Clock, IdSource, Store, UnitOfWork

if TYPE_CHECKING:
    from app.service.session import Session

OUR_WORDS: Final = "regulars-1"
"""The version of the words that come with the program, until the shop writes its own."""
WORDS_CHARACTERS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class ConsentText:
    """``version`` names these very words, in this language."""

    version: str
    words: str


class ConsentDesk:
    def __init__(self, store: Store, session: Session, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._rows = store.membership.consents
        self._session = session
        self._clock = clock
        self._ids = ids

    def text(self, purpose: Purpose, language: str) -> ConsentText:
        """What is shown to the customer today."""
        document = self._store.rules.current(RuleArea.CONSENT, self._clock.now_ms())
        if document is not None:
            words = document.body.get("texts", {}).get(purpose.value, {}).get(language, "")
            if words:
                return ConsentText(f"{document.version}/{language}", str(words))
        shop = self._session.shop.name
        return ConsentText(
            f"{OUR_WORDS}/{language}", t(f"membership.consent.{purpose.value}", language, shop=shop)
        )

    def put_texts(self, texts: Mapping[Purpose, Mapping[str, str]], approval: Approval | None = None) -> None:
        """Another version of the shop's own words. Raises Refused("consent_text_missing")."""
        self._session.permit(Right.SETTINGS, 1, approval)
        plain = {
            purpose.value: {language: words.strip()[:WORDS_CHARACTERS_MAX] for language, words in of.items()}
            for purpose, of in texts.items()
        }
        if not plain or any(set(of) != set(LANGUAGES) or not all(of.values()) for of in plain.values()):
            raise Refused("consent_text_missing")
        now = self._clock.now_ms()
        with self._store.begin() as work:
            operator_id = self._session.operator_id
            work.put_rules(
                RuleArea.CONSENT, {"texts": plain}, valid_from=now, at=now, operator_id=operator_id
            )
            work.commit()

    def answer(
        self,
        member_id: MemberId,
        purpose: Purpose,
        *,
        is_granted: bool,
        channel: ConsentChannel,
        text: ConsentText | None = None,
    ) -> Consent:
        """Keep what somebody said to these words. Taking it back needs no words. Raises Refused: "member_erased", "member_gone"."""
        if self._store.members.by_id(member_id) is None:
            raise Refused("member_gone")
        with self._store.begin() as work:
            consent = self.answer_within(
                work, member_id, purpose, is_granted=is_granted, channel=channel, text=text
            )
            work.commit()
        return consent

    def answer_within(
        self,
        work: UnitOfWork,
        member_id: MemberId,
        purpose: Purpose,
        *,
        is_granted: bool,
        channel: ConsentChannel,
        text: ConsentText | None = None,
    ) -> Consent:
        """The same inside a unit of work that does more, such as an enrolment."""
        consent = Consent(
            id=UUID(int=self._ids().int),
            member_id=member_id,
            purpose=purpose,
            is_granted=is_granted,
            text_version="" if text is None else text.version,
            channel=channel,
            occurred_at=self._clock.now_ms(),
            operator_id=self._session.operator_id,
        )
        return self._rows.give(work, consent)

    def standing(self, member_id: MemberId, purpose: Purpose = Purpose.MARKETING) -> Consent | None:
        """The answer that counts today; None when nobody ever asked."""
        return standing(self._rows.of(member_id), purpose)

    def history(self, member_id: MemberId) -> tuple[Consent, ...]:
        """Oldest first."""
        return self._rows.of(member_id)
