"""The practice till's goods, prices, people and settings, taken over from the live one. No member, no sale and no number crosses."""

from __future__ import annotations

from app.service.ports import Store

ITEMS_AT_ONCE_MAX = 2_000
# With the shop's own key a coupon from a practice receipt would be good at the live till; and no server knows a practice till.
SECRETS = frozenset({"coupon.keys", "sync.server"})


def copy_shop(live: Store, practice: Store, now_ms: int) -> None:
    """Bring the practice store's catalogue, staff and settings to the live store's. PINs are the same, so nobody learns a second one."""
    secrets = [live.people.by_number(operator.number) for operator in live.people.operators()]
    with practice.begin() as work:
        work.put_categories(live.catalogue.categories())
        records = tuple(live.catalogue.records(now_ms))
        for first in range(0, len(records), ITEMS_AT_ONCE_MAX):
            work.put_items(records[first : first + ITEMS_AT_ONCE_MAX], changed_at=now_ms, prices_from=now_ms)
        work.put_tiles(live.catalogue.tiles())
        work.put_promotions(live.catalogue.promotions(), changed_at=now_ms)
        for secret in secrets:
            if secret is not None:
                work.save_operator(secret.operator, pin_hash=secret.pin_hash, badge_hash=secret.badge_hash)
        for key, value in live.desk.settings().items():
            if key not in SECRETS:
                work.put_setting(key, value)
        work.commit()
