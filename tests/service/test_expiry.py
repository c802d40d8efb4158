"""Points end after their last day, once, whatever is stopped and begun again; the balance says why it is what it is."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.ids import EntryId, LotId, MemberId
from app.domain.ledger import Account, EntryKind, LedgerEntry, Posting
from app.domain.ledger import spend as taken_from
from app.domain.statement import BalanceStatement
from app.service.expiry import LOTS_PER_COMMIT, ExpiryDesk
from db.verify import verify
from tests.service.small_shop import E164, PHONE, TEA, SmallShop

TODAY = date(2026, 11, 21)
LAST_DAY = date(2026, 11, 30)


def give(shop: SmallShop, points: int, expires_on: date | None, *, usable_on: date | None = None) -> LotId:
    """Points by hand with this last day for the member with PHONE."""
    lot_id = LotId(shop.ids())
    entry = LedgerEntry(
        id=EntryId(shop.ids()),
        kind=EntryKind.ADJUSTMENT,
        member_id=member_of(shop),
        transaction_id=None,
        occurred_at=shop.clock.now_ms(),
        business_date=TODAY,
        postings=(Posting(Account.MEMBER, points, lot_id), Posting(Account.ADJUSTED, -points)),
        expires_on=expires_on,
        source="goodwill",
        usable_on=usable_on,
    )
    with shop.store.begin() as work:
        work.post(entry)
        work.commit()
    return lot_id


def member_of(shop: SmallShop) -> MemberId:
    card = shop.store.members.by_phone(E164)
    assert card is not None
    return card.member.id


def explained(shop: SmallShop, on: date = TODAY) -> BalanceStatement:
    return shop.store.statement(member_of(shop), on)


def desk(shop: SmallShop) -> ExpiryDesk:
    return ExpiryDesk(shop.store, shop.clock, shop.ids)


def test_a_lot_ends_the_day_after_its_last_day(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    before = shop.balance()
    give(shop, 40, LAST_DAY)
    assert desk(shop).run(LAST_DAY).lots == 0
    assert shop.balance() == before + 40
    done = desk(shop).run(LAST_DAY + timedelta(days=1))
    assert (done.lots, done.points, done.is_complete) == (1, 40, True)
    assert shop.balance() == before
    assert verify(shop.store.engines, is_full=True) == ()


def test_ending_twice_takes_nothing_more(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    give(shop, 40, LAST_DAY)
    for _ in range(2):
        desk(shop).run(date(2026, 12, 15))
    assert desk(shop).run(date(2026, 12, 16)).lots == 0
    assert [one.kind for one in explained(shop).movements].count(EntryKind.EXPIRY) == 1


def test_what_was_spent_does_not_end_again(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    give(shop, 40, LAST_DAY)
    spend(shop, 25)
    assert desk(shop).run(date(2026, 12, 1)).points == 15


def test_a_spending_that_arrives_after_the_end_is_not_taken_twice(shop: SmallShop) -> None:
    """Another till spent from the lot before its last day, and its entry comes only now."""
    shop.sell(TEA, PHONE)
    earned = shop.balance()
    lot_id = give(shop, 40, LAST_DAY)
    desk(shop).run(date(2026, 12, 1))
    post(shop, EntryKind.REDEMPTION, Posting(Account.MEMBER, -30, lot_id), Posting(Account.REDEEMED, 30))
    assert shop.balance() == earned - 30
    done = desk(shop).run(date(2026, 12, 2))
    assert done.points == -30
    assert shop.balance() == earned
    assert verify(shop.store.engines, is_full=True) == ()


def test_stopped_anywhere_the_rest_is_found_again(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    before = shop.balance()
    for _ in range(LOTS_PER_COMMIT + 10):
        give(shop, 2, LAST_DAY)
    stops = iter((False, True))
    first = desk(shop).run(date(2026, 12, 1), is_cancelled=lambda: next(stops))
    assert (first.lots, first.is_complete) == (LOTS_PER_COMMIT, False)
    seen = []
    rest = desk(shop).run(date(2026, 12, 1), on_progress=lambda done, total: seen.append((done, total)))
    assert rest.lots == 10
    assert rest.is_complete
    assert seen[-1] == (LOTS_PER_COMMIT + 10, LOTS_PER_COMMIT + 10)
    assert shop.balance() == before


def test_the_balance_is_the_sum_of_the_lots_it_names(shop: SmallShop) -> None:
    sold = shop.sell(TEA, PHONE)
    give(shop, 40, LAST_DAY)
    give(shop, 15, None, usable_on=date(2026, 11, 25))
    told = explained(shop)
    assert told.balance == shop.balance() == sum(one.lot.remaining for one in told.lots)
    assert (told.spendable, told.pending, told.ended) == (told.balance - 15, 15, 0)
    assert [one.origin.source for one in told.lots] == ["goodwill", "", "goodwill"]
    assert told.lots[1].origin.receipt_number == sold.transaction.header.receipt_number
    assert told.ending_until(LAST_DAY) == 40
    assert [one.balance for one in told.movements] == [told.balance, told.balance - 15, told.balance - 55]


def test_points_past_their_day_are_told_apart_until_they_end(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    give(shop, 40, LAST_DAY)
    told = explained(shop, date(2026, 12, 5))
    assert (told.ended, told.balance - told.spendable) == (40, 40)


def test_points_before_their_day_cannot_be_spent(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    give(shop, 500, None, usable_on=TODAY + timedelta(days=3))
    assert shop.points.spendable(member_of(shop), TODAY) == shop.balance() - 500
    assert shop.points.spendable(member_of(shop), TODAY + timedelta(days=3)) == shop.balance()


def test_only_the_newest_movements_are_read_and_it_says_that_there_are_more(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    for _ in range(50):
        give(shop, 1, None)
    told = explained(shop)
    assert len(told.movements) == 40
    assert told.has_older
    assert not shop.store.statement(member_of(shop), TODAY).movements[0].receipt_number
    assert told.movements[-1].balance == told.balance - 39


def test_a_merged_files_lots_are_the_survivors_and_keep_their_owner(shop: SmallShop) -> None:
    shop.sell(TEA, PHONE)
    own = shop.balance()
    shop.sell(TEA, "0987654321")
    other = shop.store.members.by_phone("+886987654321")
    assert other is not None
    with shop.store.begin() as work:
        work.cursor.execute(
            "INSERT INTO member_alias (member_id, survivor_id, merged_at, hlc) VALUES (?, ?, 1, 1)",
            (other.member.id.bytes, member_of(shop).bytes),
        )
        work.commit()
    told = explained(shop)
    assert told.balance == own + other.points
    spend(shop, own + other.points)
    with shop.store.begin() as work:
        work.cursor.execute("DELETE FROM member_alias")
        work.commit()
    assert explained(shop).balance == 0
    assert shop.store.statement(other.member.id, TODAY).balance == 0


def spend(shop: SmallShop, points: int) -> None:
    with shop.store.begin() as work:
        postings = taken_from(work.lots(member_of(shop)), points, TODAY)
        work.post(entry_of(shop, EntryKind.REDEMPTION, *postings))
        work.commit()


def post(shop: SmallShop, kind: EntryKind, *postings: Posting) -> None:
    with shop.store.begin() as work:
        work.post(entry_of(shop, kind, *postings))
        work.commit()


def entry_of(shop: SmallShop, kind: EntryKind, *postings: Posting) -> LedgerEntry:
    return LedgerEntry(EntryId(shop.ids()), kind, member_of(shop), None, shop.clock.now_ms(), TODAY, postings)
