"""The guard as the owner uses it, over real books: what the counter did is found there, said in sentences, and dismissed with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntryId, LotId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.tender import TenderKind
from app.i18n import LANGUAGES
from app.insight.guard import SignalKind, Thresholds
from app.service.guard import LINK_BACK, LINK_LOST, MEMBER_LATE, POINTS_BY_HAND, Finding, GuardDesk
from app.service.ports import AuditEvent
from db.guard_rows import SqliteGuardSource
from tests.service.small_shop import E164, PHONE, SOAP, TEA, SmallShop

DAY = date(2026, 11, 21)


@pytest.fixture
def guard(shop: SmallShop) -> GuardDesk:
    return GuardDesk(shop.store, SqliteGuardSource(shop.store.engines), shop.session, shop.clock)


def audit(shop: SmallShop, kind: str, **details: object) -> None:
    with shop.store.begin() as work:
        work.audit(AuditEvent(kind, shop.cashier.id, shop.clock.now_ms(), details))
        work.commit()


def found(guard: GuardDesk, kind: SignalKind, *, language: str = "zh_TW") -> Finding:
    (finding,) = [one for one in guard.findings(DAY, DAY, language=language) if one.signal.kind is kind]
    return finding


def buy_often(shop: SmallShop, times: int = 4) -> None:
    shop.sell(TEA, PHONE, "")
    for _ in range(times - 1):
        shop.sell(TEA, PHONE)


def test_an_empty_day_has_no_findings(guard: GuardDesk) -> None:
    assert guard.findings(DAY, DAY) == ()
    assert guard.findings(date(2020, 1, 1), date(2020, 1, 2)) == ()


def test_a_number_used_many_times_a_day_is_said_with_a_masked_name(shop: SmallShop, guard: GuardDesk) -> None:
    buy_often(shop)
    finding = found(guard, SignalKind.MANY_TIMES_A_DAY)
    assert finding.signal.operator_id == shop.owner.id
    assert finding.title == (
        "0912-***-678 在 2026-11-21 一天內消費 4 次，累積 12 點，其中 4 次由 王美玲 結帳"
    )
    assert finding.severity_text == "該看"
    assert E164 not in finding.title
    assert set(finding.signal.evidence) == {one.header.id for one in shop.store.journal.newest(4)}


def test_a_voided_sale_is_none(shop: SmallShop, guard: GuardDesk) -> None:
    buy_often(shop, 3)
    last = shop.sell(TEA, PHONE)
    shop.post_void.void(last.transaction.header.id, "打錯")
    assert guard.findings(DAY, DAY) == ()


def test_a_staff_number_is_known_from_the_settings(shop: SmallShop, guard: GuardDesk) -> None:
    buy_often(shop, 2)
    assert guard.findings(DAY, DAY) == ()
    guard.set_staff_phone(shop.owner.id, "0912-345-678")
    assert guard.staff_phones() == {shop.owner.id: E164}
    assert found(guard, SignalKind.STAFF_NUMBER).signal.fields["by_themselves"] == 2
    guard.set_staff_phone(shop.owner.id, "")
    assert guard.findings(DAY, DAY) == ()
    with pytest.raises(Refused) as refused:
        guard.set_staff_phone(shop.owner.id, "123")
    assert refused.value.code == "guard_phone_unreadable"


def test_a_member_who_came_after_the_total_is_known_from_the_event(shop: SmallShop, guard: GuardDesk) -> None:
    shop.sell(TEA, PHONE, "")
    for _ in range(2):
        audit(shop, MEMBER_LATE, basket=shop.checkout.basket.id.hex)
        shop.sell(TEA, PHONE)
    guard.set_thresholds(Thresholds(end_tickets=2))
    finding = found(guard, SignalKind.MEMBER_AT_THE_END)
    assert (finding.signal.count, finding.signal.fields["percent"]) == (2, 66)


def test_redemptions_while_the_link_is_down_are_known_from_its_events(
    shop: SmallShop, guard: GuardDesk
) -> None:
    shop.sell(f"20*{TEA}", PHONE, "")
    for _ in range(8):
        shop.sell(SOAP)
    audit(shop, LINK_LOST)
    for _ in range(3):
        shop.checkout.enter(SOAP)
        shop.checkout.enter(PHONE)
        shop.checkout.enter("")
        shop.checkout.tender(TenderKind.POINTS, 5, points=5)
        shop.sell()
    audit(shop, LINK_BACK)
    shop.sell(SOAP)
    finding = found(guard, SignalKind.ONLY_OFFLINE)
    assert (finding.signal.count, finding.signal.fields["points"]) == (3, 15)
    rows = SqliteGuardSource(shop.store.engines).rows(DAY, DAY, {})
    assert [one.was_offline for one in rows.tickets] == [False] * 9 + [True] * 3 + [False]


def test_points_given_by_hand_name_who_gave_them(shop: SmallShop, guard: GuardDesk) -> None:
    shop.sell(TEA, PHONE, "")
    card = shop.store.members.by_phone(E164)
    assert card is not None
    entry = LedgerEntry(
        id=EntryId(shop.ids()),
        kind=EntryKind.ADJUSTMENT,
        member_id=card.member.id,
        transaction_id=None,
        occurred_at=shop.clock.now_ms(),
        business_date=DAY,
        postings=(Posting(Account.MEMBER, 700, LotId(shop.ids())), Posting(Account.ADJUSTED, -700)),
        note="補點",
    )
    with shop.store.begin() as work:
        work.post(entry)
        work.commit()
    assert "不明人員" in found(guard, SignalKind.POINTS_BY_HAND).title
    audit(shop, POINTS_BY_HAND, entry=entry.id.hex)
    finding = found(guard, SignalKind.POINTS_BY_HAND)
    assert (finding.signal.operator_id, finding.signal.evidence) == (shop.cashier.id, (entry.id,))
    assert "陳小安" in finding.title


def test_a_return_without_receipt_that_leaves_the_points_is_found(shop: SmallShop, guard: GuardDesk) -> None:
    shop.sell(f"20*{TEA}", PHONE, "")
    tea = shop.store.catalogue.by_barcode(TEA, shop.clock.now_ms())
    assert tea is not None
    line = shop.returns.line_without_receipt(tea, 20_000)
    shop.checkout.add_return(line)
    shop.sell()
    finding = found(guard, SignalKind.POINTS_STAYED)
    assert finding.signal.count == 1
    assert len(finding.signal.evidence) == 2


def test_points_owed_after_a_return_are_found(shop: SmallShop, guard: GuardDesk) -> None:
    sale = shop.sell(f"40*{TEA}", PHONE, "")
    shop.checkout.enter(f"5*{SOAP}")
    shop.checkout.enter(PHONE)
    shop.checkout.enter("")
    shop.checkout.tender(TenderKind.POINTS, 130, points=130)
    shop.sell()
    receipt = shop.returns.by_receipt(sale.transaction.header.receipt_number)
    shop.checkout.add_return(shop.returns.line(receipt, 1, 40_000, basket=shop.checkout.basket))
    shop.sell()
    assert shop.balance() < -50
    assert found(guard, SignalKind.POINTS_OWED).signal.fields["points"] == -shop.balance()


def test_enrolments_count_their_later_visits(shop: SmallShop) -> None:
    buy_often(shop, 2)
    shop.sell("0987654321", TEA, "")
    source = SqliteGuardSource(shop.store.engines)
    assert [one.later_visits for one in source.rows(DAY, DAY, {}).enrolments] == [0, 0]
    shop.session.shift = replace(shop.session.require_shift(), business_date=date(2026, 11, 22))
    shop.sell(TEA, PHONE)
    assert [one.later_visits for one in source.rows(DAY, DAY, {}).enrolments] == [1, 0]
    assert len(source.rows(DAY, date(2026, 11, 22), {}).tickets) == 4
    assert len(source.rows(DAY, DAY, {}).tickets) == 3


def test_a_dismissed_finding_stays_away_with_its_reason_until_it_is_brought_back(
    shop: SmallShop, guard: GuardDesk
) -> None:
    buy_often(shop)
    finding = found(guard, SignalKind.MANY_TIMES_A_DAY)
    with pytest.raises(Refused) as refused:
        guard.dismiss(finding.signal, "  ")
    assert refused.value.code == "guard_reason_needed"
    guard.dismiss(finding.signal, "隔壁公司統一下單")
    guard.dismiss(finding.signal, "隔壁公司統一下單，已確認")
    assert guard.findings(DAY, DAY) == ()
    (kept,) = guard.findings(DAY, DAY, with_dismissed=True)
    assert kept.dismissal is not None
    assert kept.dismissal.reason == "隔壁公司統一下單，已確認"
    assert kept.dismissal.operator_id == shop.owner.id
    shift = shop.session.require_shift()
    assert [one.kind for one in shop.store.journal.audit_of_shift(shift.id)].count("guard_dismissed") == 2
    guard.bring_back(finding.signal)
    guard.bring_back(finding.signal)
    assert found(guard, SignalKind.MANY_TIMES_A_DAY).dismissal is None


def test_nobody_but_the_owner_sees_or_dismisses_anything(shop: SmallShop, guard: GuardDesk) -> None:
    buy_often(shop)
    signal = found(guard, SignalKind.MANY_TIMES_A_DAY).signal
    shop.session.operator = shop.cashier
    for forbidden in (
        lambda: guard.findings(DAY, DAY),
        lambda: guard.dismiss(signal, "沒事"),
        lambda: guard.bring_back(signal),
        lambda: guard.set_staff_phone(shop.cashier.id, PHONE),
        lambda: guard.set_thresholds(Thresholds()),
    ):
        with pytest.raises(Refused) as refused:
            forbidden()
        assert refused.value.code == "guard_owner_only"


def test_the_owners_thresholds_are_kept_and_damaged_ones_are_the_defaults(
    shop: SmallShop, guard: GuardDesk
) -> None:
    guard.set_thresholds(Thresholds(visits_a_day=9))
    assert guard.thresholds() == Thresholds(visits_a_day=9)
    with shop.store.begin() as work:
        work.put_setting("guard.thresholds", {"visits_a_day": "many", "refunds": -1, "hand_times": 7})
        work.commit()
    assert guard.thresholds() == Thresholds(hand_times=7)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_said_in_every_language(shop: SmallShop, guard: GuardDesk, language: str) -> None:
    buy_often(shop)
    finding = found(guard, SignalKind.MANY_TIMES_A_DAY, language=language)
    for text in (finding.title, finding.hint, finding.severity_text):
        assert text
        assert "{" not in text
