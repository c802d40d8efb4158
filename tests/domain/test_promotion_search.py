"""The search among the columns of a part: as good as trying every set of them, and never worse for being cut short."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.item import Item
from app.domain.promotion import BUNDLE_KINDS, Promotion, PromotionKind
from app.domain.promotion_book import PromotionBook
from app.domain.promotion_engine import assign
from app.domain.promotion_greedy import columns_met
from app.domain.promotion_packing import Packing
from app.domain.promotion_part import Column, Part
from app.domain.promotion_search import Branching, solve
from app.domain.promotion_single import best_of_one
from app.domain.promotion_totals import Totals
from tests.builders import an_item
from tests.domain.plain_promotions import Search
from tests.domain.promotion_cases import SATURDAY_MORNING, cases

Case = tuple[list[tuple[Item, int]], list[Promotion]]
ONE_BUNDLE_KIND = (PromotionKind.N_FOR_PRICE, PromotionKind.BUY_X_GET_Y, PromotionKind.PERCENT)
BUNDLES = tuple(sorted(BUNDLE_KINDS))


def parts_of(case: Case) -> list[Part]:
    pieces, promotions = case
    audience = PromotionBook(promotions).audience(SATURDAY_MORNING, None)
    entries = [(audience.offer(item, 1000), count) for item, count in pieces if item.is_discountable]
    return [tied.part() for tied in assign(audience, entries).tied]


def best_gain(columns: Sequence[Column], rooms: dict[object, int], part: Part) -> int:
    """The best gain of any set of columns: each is used or not, and then the next."""
    if not columns:
        return 0
    first, rest = columns[0], columns[1:]
    best = best_gain(rest, rooms, part)
    needs: dict[object, int] = dict(first.uses)
    if first.rule in part.limits:
        needs["limit", first.rule] = 1
    if all(rooms[place] >= units for place, units in needs.items()):
        left = {place: room - needs.get(place, 0) for place, room in rooms.items()}
        best = max(best, first.gain + best_gain(columns, left, part))
    return best


def alone(part: Part) -> int:
    return sum(price * count for price, count in zip(part.alone, part.counts, strict=True))


@settings(max_examples=150)
@given(cases(kinds=(*BUNDLES, PromotionKind.FIXED_PRICE), units_max=8, promotions_max=5))
def test_no_other_set_of_columns_gains_more(case: Case) -> None:
    for part in parts_of(case):
        columns = part.columns()
        assume(len(columns) <= 14)
        rooms: dict[object, int] = dict(enumerate(part.counts))
        rooms |= {("limit", rule): limit for rule, limit in part.limits.items()}
        assert alone(part) - solve(part).cost == best_gain(columns, rooms, part)


@settings(max_examples=300)
@given(st.data())
def test_branching_finds_the_best_choice_from_nothing(data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(1, 2), min_size=2, max_size=5))
    audience = PromotionBook([]).audience(SATURDAY_MORNING, None)
    part = Part([audience.offer(an_item(100), 1000) for _ in counts], counts, [])
    places = st.sets(st.integers(0, len(counts) - 1), min_size=1, max_size=3)
    columns = []
    for rule, (taken, gain) in enumerate(
        data.draw(st.lists(st.tuples(places, st.integers(1, 30)), max_size=9))
    ):
        uses = tuple((place, 1) for place in sorted(taken))
        columns.append(Column(gain, rule, uses, len(uses)))
    packing = Packing(part, columns)
    times, is_finished = Branching(packing, 20_000).best([0] * len(columns))
    assert is_finished
    assert packing.gain(times) == best_gain(columns, dict(enumerate(counts)), part)
    assert packing.gain(times) <= packing.bound


@settings(max_examples=150)
@given(cases(kinds=BUNDLES, units_max=14, promotions_max=5))
def test_no_choice_gains_more_than_its_bound_and_no_exchange_loses(case: Case) -> None:
    for part in parts_of(case):
        packing = Packing(part, columns_met(part))
        packed = packing.packed()
        improved = packing.improved(packed, attempts_max=1_000)
        assert packing.gain(packed) <= packing.gain(improved) <= packing.bound
        assert alone(part) - part.solution(packing.picks(improved), is_exact=False).cost == packing.gain(
            improved
        )


@settings(max_examples=300)
@given(cases(kinds=ONE_BUNDLE_KIND, units_max=7, promotions_max=3, are_limited=False))
def test_one_promotion_on_bundles_is_solved_by_price_alone(case: Case) -> None:
    for part in parts_of(case):
        picks = best_of_one(part)
        if picks is not None:
            rooms: dict[object, int] = dict(enumerate(part.counts))
            assert alone(part) - part.solution(picks, is_exact=True).cost == best_gain(
                part.columns(), rooms, part
            )


@settings(max_examples=100)
@given(cases(units_max=5, promotions_max=3, are_limited=False))
def test_every_total_of_a_small_part_is_known_and_can_be_had(case: Case) -> None:
    pieces, promotions = case
    for part in parts_of((pieces, promotions)):
        totals = Totals(part)
        found = list(totals.all())
        items = {item.id.int: item for item, _ in pieces}
        units = [items[o.order[2]] for o, n in zip(part.offers, part.counts, strict=True) for _ in range(n)]
        assert set(found) == Search(units, promotions, is_member=False).totals()
        assert [totals.solution(total).cost for total in found] == found
