"""The demo shop's goods for a shop of one's own: categories, items and quick keys to begin with, and nothing else of the demo."""

from __future__ import annotations

from app.demo import shop
from app.demo.seed_goods import WORDS, category_rows, item_record, tiles
from app.domain.ids import ItemId
from app.service.ports import Clock, IdSource, Store


def put_demo_goods(store: Store, clock: Clock, ids: IdSource, *, language: str) -> int:
    """Put them into a store that has no goods yet, in one commit; returns how many items."""
    words = WORDS[language]
    goods = shop.items()
    categories = category_rows(shop.categories(), words, ids)
    item_ids = {item.sku: ItemId(ids()) for item in goods}
    records = [item_record(item, words, categories[item.category].id, item_ids[item.sku]) for item in goods]
    now = clock.now_ms()
    with store.begin() as work:
        work.put_categories(tuple(categories.values()))
        work.put_items(records, changed_at=now, prices_from=now)
        work.put_tiles(tiles(goods, item_ids, words))
        work.commit()
    return len(records)
