"""Insight about what members will want next: what they are about to buy again, and for each what they usually take and might try.

What somebody bought before is said with its own interval; what is new to them is a try and is called one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from app.domain.ids import MemberId
from app.i18n import t
from app.insight.cross_sell import NewItem
from app.insight.next_goods import NextGoods, for_member
from app.insight.recommend import Likely, gap_of, members_of
from app.insight.values import Period
from app.service.insight_desk import Answer, InsightDesk
from ui.owner.behind import ALL, Files, files_of, open_members, row_of_all
from ui.owner.desk import OwnerDesk
from ui.owner.insight_page import InsightPage
from ui.owner.rows import RowData, RowList
from ui.tasks import Job
from ui.theme import TypeRole
from ui.widgets.buttons import Button, Kind
from ui.widgets.form import Field, connect_click
from ui.widgets.record_table import Column
from ui.widgets.sheet import Sheet
from ui.widgets.text_label import TextLabel

SHOWN: Final = 40
GOODS_NAMED: Final = 2
OWN_SHOWN: Final = 6
FOUND_MAX: Final = 8
WIDTH: Final = 760
SEARCH_PIXELS: Final = 360


@dataclass(frozen=True, slots=True)
class Goods:
    """What the model says of one member, with names."""

    member_id: MemberId
    own: tuple[tuple[str, Likely], ...]
    new: tuple[tuple[str, NewItem], ...]


class NextPage(InsightPage):
    NAME = "next"
    ABOUT = ("due", "usual_goods", "try")

    def __init__(self, desk: OwnerDesk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.search = Field("owner_next.search", self, width=SEARCH_PIXELS)
        self.found = RowList(self, empty_key="owner_next.nobody_found")
        self.found.hide()
        self.due = RowList(self, empty_key="owner_next.nobody")
        self.below.addWidget(self.section("", self.search, self.found))
        self.below.addWidget(self.section("owner_next.list", self.due))
        self.search.entered.connect(self._on_search)
        self.search.changed.connect(lambda _: self.found.hide())
        self.found.opened.connect(lambda key: self.show_goods(int(key)))
        self.due.opened.connect(self._open_due)
        self._files: Files = {}
        self._names: Mapping[int, str] = {}
        self._due: dict[int, list[int]] = {}

    def ask(self, insight: InsightDesk, period: Period, job: Job) -> Any:
        answer = insight.next(period, job.report)
        job.check()
        names = {number: one.name for number, one in insight.items().items()}
        return answer, names, files_of(insight), insight.categories_of_items()

    def show_answer(self, answer: tuple[Answer[NextGoods], Mapping[int, str], Files, Any]) -> None:
        found, self._names, self._files = answer[0].value, answer[1], answer[2]
        self._due = self._due_rows(found)
        key = "owner_next.finding" if self._due else "owner_next.nothing"
        self.tell(
            t(key, count=f"{len(self._due):,}"),
            found.period,
            t("owner_insight.members", n=f"{found.n:,}"),
            t("owner_insight.baskets", n=f"{found.own.n:,}"),
        )
        rows = [self._row(found, number) for number in list(self._due)[:SHOWN]]
        if len(self._due) > SHOWN:
            rows.append(row_of_all(len(self._due)))
        self.due.set_rows(rows)

    def show_goods(self, number: int) -> None:
        """What this member usually takes, and what they might try."""
        found: NextGoods = self.answer[0].value
        own, new = for_member(found, number, self.answer[3])
        goods = Goods(
            self._files[number],
            tuple((self._names[one.item], one) for one in own if one.item in self._names),
            tuple((self._names[one.item], one) for one in new if one.item in self._names),
        )
        GoodsSheet(self.desk, goods, {int(found.own.item[row]) for row in self._due.get(number, ())}).open()

    def _due_rows(self, found: NextGoods) -> dict[int, list[int]]:
        """The rows that are due by their member, the likeliest first; goods and members that are no longer there are left out."""
        by_member: defaultdict[int, list[int]] = defaultdict(list)
        whose = members_of(found.own, found.due)
        for number, row in zip(whose.tolist(), found.due.tolist(), strict=True):
            if number in self._files and int(found.own.item[row]) in self._names:
                by_member[number].append(row)
        return dict(by_member)

    def _row(self, found: NextGoods, number: int) -> RowData:
        goods = [self._due_words(found, row) for row in self._due[number][:GOODS_NAMED]]
        more = len(self._due[number]) - len(goods)
        return RowData(
            str(number),
            self.desk.who(self._files[number]),
            t("owner_next.and").join(goods),
            t("owner_next.goods", count=len(self._due[number])) if more else "",
        )

    def _due_words(self, found: NextGoods, row: int) -> str:
        gap = gap_of(found.own, row)
        return t(
            "owner_next.due",
            item=self._names[int(found.own.item[row])],
            gap=f"{gap or 0:.0f}",
            days=found.own.last_day - int(found.own.bought_on[row]),
        )

    def _open_due(self, key: str) -> None:
        if key != ALL:
            self.show_goods(int(key))
            return
        found: NextGoods = self.answer[0].value
        open_members(
            self.desk,
            t("owner_next.list"),
            self._files,
            self._due,
            lambda number: (self._due_words(found, self._due[number][0]),),
            (Column("owner_next.column.goods"),),
        )

    def _on_search(self) -> None:
        """Members by a part of their number or name; one alone is opened at once."""
        text = self.search.text
        if not text or self.answer is None:
            return
        number_of = {member_id: number for number, member_id in self._files.items()}
        cards = self.desk.till.store.members.search(text, FOUND_MAX)
        known = [one.member.id for one in cards if one.member.id in number_of]
        if len(known) == 1:
            self.found.hide()
            self.show_goods(number_of[known[0]])
            return
        self.found.set_rows([RowData(str(number_of[one]), self.desk.who(one)) for one in known])
        self.found.show()


class GoodsSheet(Sheet):
    """What one member usually takes and might try. Enter opens their page."""

    def __init__(self, desk: OwnerDesk, goods: Goods, due: set[int]) -> None:
        super().__init__(desk.window, width=WIDTH)
        self._desk, self._goods = desk, goods
        self.title.show_plain(t("owner_next.title", member=desk.who(goods.member_id)))
        self.title.show()
        self.own = RowList(self.panel, empty_key="owner_next.no_own")
        self.new = RowList(self.panel, empty_key="owner_next.no_new")
        # What is due comes first: it is what there is something to say about.
        own = sorted(goods.own, key=lambda pair: pair[1].item not in due)[:OWN_SHOWN]
        self.own.set_rows([_own_row(name, one, one.item in due) for name, one in own])
        self.new.set_rows([_new_row(name, one) for name, one in goods.new])
        for key, rows in (("owner_next.own", self.own), ("owner_next.new", self.new)):
            self.body.addWidget(TextLabel(key, self.panel, type=TypeRole.BODY, is_strong=True))
            self.body.addWidget(rows)
        self.body.addWidget(TextLabel("owner_next.only_a_try", self.panel, tone="muted", wraps=True))
        self.open_button = Button("owner.open_member", Kind.PRIMARY, self.panel)
        close = Button("ui.close", Kind.GHOST, self.panel)
        connect_click(self.open_button, lambda: desk.open_member(goods.member_id))
        connect_click(close, self.step_back)
        self.add_button(close)
        self.add_button(self.open_button, is_default=True)
        self.set_first_focus(self)


def _own_row(name: str, one: Likely, is_due: bool) -> RowData:
    since = t("owner_insight.days_ago", days=one.days_since)
    if one.gap_days is None:
        detail = t("owner_next.bought", count=one.bought, since=since)
    else:
        detail = t("owner_next.bought_every", count=one.bought, gap=f"{one.gap_days:.0f}", since=since)
    return RowData("", name, detail, t("owner_next.is_due") if is_due else "")


def _new_row(name: str, one: NewItem) -> RowData:
    if one.neighbours:
        detail = t("owner_next.neighbours", buyers=one.buyers, neighbours=one.neighbours)
    else:
        detail = t("owner_next.best_seller")
    return RowData("", name, detail)
