"""The choice among a part's columns as a packing problem: every unit, and every use of a limited promotion, is a *place* with so much room.

A choice is how often each column is used. Greedy packing gives one; exchanging columns makes it better. Both depend on the
content alone and never make a choice worse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.promotion_part import SCALE, Column, Part, Pick

Needs = tuple[tuple[int, int], ...]  # (place, room)


class Packing:
    """The columns of a part, better ones first, with the room that each needs."""

    def __init__(self, part: Part, columns: Sequence[Column]) -> None:
        self.columns = sorted(columns, key=lambda column: column.rank)
        self.goods = len(part.offers)  # the first places are the offers' units, the others the limits
        self.rooms = [*part.counts, *part.limits.values()]
        limit_place = {rule: self.goods + number for number, rule in enumerate(part.limits)}
        self.needs: list[Needs] = [
            (*column.uses, (limit_place[column.rule], 1)) if column.rule in limit_place else column.uses
            for column in self.columns
        ]
        self.gains = [column.gain for column in self.columns]
        self.needing: list[list[int]] = [[] for _ in self.rooms]
        for number, needs in enumerate(self.needs):
            for place, _ in needs:
                self.needing[place].append(number)
        self.prices = _prices(self)
        self.worth = sum([room * price for room, price in zip(self.rooms, self.prices, strict=True)])

    @property
    def bound(self) -> int:
        """No choice gains more."""
        return self.worth // SCALE

    def can_improve(self, number: int, gain: int) -> bool:
        """Whether this column may be in a choice that gains more than this: what it loses at the prices tells."""
        price = sum([self.prices[place] * room for place, room in self.needs[number]])
        return self.worth - price + self.gains[number] * SCALE > gain * SCALE

    def gain(self, times: Sequence[int]) -> int:
        return sum(gain * used for gain, used in zip(self.gains, times, strict=True))

    def picks(self, times: Sequence[int]) -> list[Pick]:
        return [(column, used) for column, used in zip(self.columns, times, strict=True) if used]

    def packed(self) -> list[int]:
        """Greedy: the first column as often as it fits, then the next."""
        left, times = list(self.rooms), []
        for needs in self.needs:
            used = min(left[place] // room for place, room in needs)
            times.append(used)
            if used:
                for place, room in needs:
                    left[place] -= room * used
        return times

    def improved(self, times: Sequence[int], attempts_max: int) -> list[int]:
        """The choice after every exchange that gains, until none does (or after so many attempts)."""
        exchange, gain = _Exchange(self, times), -1
        numbers = list(range(len(self.columns)))
        while gain < exchange.gain:
            gain = exchange.gain
            numbers = [number for number in numbers if self.can_improve(number, gain)]
            for number in numbers:
                attempts_max -= exchange.put_in(number)
                if attempts_max < 0:
                    return exchange.times
        return exchange.times


class _Exchange:
    """A choice being improved: one more use of a column in the room of those that gain least, then whatever fits into the rest."""

    def __init__(self, packing: Packing, times: Sequence[int]) -> None:
        self._packing = packing
        self._left = list(packing.rooms)
        self._using: list[list[int]] = [
            [] for _ in packing.rooms
        ]  # of each place: the columns in use that need it
        self.times = [0] * len(times)
        self.gain = 0
        for number, used in enumerate(times):
            if used:
                self._use(number, used)

    def put_in(self, number: int) -> int:
        """Use this column once more if that gains. 1 when others were in its way, else 0."""
        if self._fits(number):
            self._use(number, 1)
            return 0
        packing, left = self._packing, self._left
        changes, freed = self._making_room(number)
        gain = sum([packing.gains[other] * count for other, count in changes])
        worth = sum([(left[place] + room) * packing.prices[place] for place, room in freed.items()])
        if changes and gain + worth // SCALE > 0:
            before = self.gain
            for other, count in changes:
                self._use(other, count)
            self._fill(freed, changes)
            if self.gain <= before:
                for other, count in changes:
                    self._use(other, -count)
        return 1

    def _making_room(self, number: int) -> tuple[list[tuple[int, int]], dict[int, int]]:
        """One use of this column, the fewest of those that gain least taken out for it, and the room that changes hands.

        Nothing when room cannot be made.
        """
        packing, left = self._packing, self._left
        taken_out: dict[int, int] = {}
        freed: dict[int, int] = {}
        for place, room in packing.needs[number]:
            lacking = room - left[place] - freed.get(place, 0)
            if lacking <= 0:
                continue
            # Better columns have lower numbers; among equal gains the later one goes.
            for other in sorted(self._using[place], key=lambda other: (packing.gains[other], -other)):
                if other != number:
                    count = self._taken(
                        other, place, lacking, self.times[other] - taken_out.get(other, 0), freed
                    )
                    taken_out[other] = taken_out.get(other, 0) + count
                    lacking = room - left[place] - freed.get(place, 0)
                    if lacking <= 0:
                        break
            else:
                return [], {}
        for place, room in packing.needs[number]:
            freed[place] = freed.get(place, 0) - room
        return [*((other, -count) for other, count in taken_out.items()), (number, 1)], freed

    def _taken(self, other: int, place: int, lacking: int, most: int, freed: dict[int, int]) -> int:
        """How often this column has to go for the room lacking in this place; notes what that frees."""
        needs = self._packing.needs[other]
        own = next(room for needed, room in needs if needed == place)
        count = min(most, -(-lacking // own))
        for needed, room in needs:
            freed[needed] = freed.get(needed, 0) + room * count
        return count

    def _fill(self, freed: Iterable[int], changes: list[tuple[int, int]]) -> None:
        """Use what fits into the room that was made, and note it."""
        packing = self._packing
        free = [place for place in freed if self._left[place]]
        for other in sorted({number for place in free for number in packing.needing[place]}):
            while self._fits(other):
                self._use(other, 1)
                changes.append((other, 1))

    def _fits(self, number: int) -> bool:
        left = self._left
        for place, room in self._packing.needs[number]:  # noqa: SIM110 (this runs thousands of times)
            if left[place] < room:
                return False
        return True

    def _use(self, number: int, count: int) -> None:
        before = self.times[number]
        self.times[number] = before + count
        self.gain += self._packing.gains[number] * count
        for place, room in self._packing.needs[number]:
            self._left[place] -= room * count
            if before == 0:
                self._using[place].append(number)
            elif before + count == 0:
                self._using[place].remove(number)


def _prices(packing: Packing) -> list[int]:
    """For each place a price of its room, in SCALE parts, such that no column gains more than the prices of what it needs together.

    That makes a feasible dual of the packing problem. Each price is so low that lowering it alone would break this.
    """
    prices = [0] * len(packing.rooms)
    for gain, needs in zip(packing.gains, packing.needs, strict=True):
        share = -(-gain * SCALE // sum([room for _, room in needs]))
        for place, _ in needs:
            prices[place] = max(prices[place], share)
    # The places with most room first: there a lower price helps most.
    for place in sorted(range(len(prices)), key=lambda place: (-packing.rooms[place], place)):
        lowest = 0
        for number in packing.needing[place]:
            needed, own = 0, 1
            for other, room in packing.needs[number]:
                if other == place:
                    own = room
                else:
                    needed += prices[other] * room
            lowest = max(lowest, -((needed - packing.gains[number] * SCALE) // own))
        prices[place] = min(prices[place], lowest)
    return prices
