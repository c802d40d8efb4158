"""What a page of the desk knows of its area: its sections, how rules become rows and rows rules, and how they are read, kept and told.

Rows that are put back together are the rules they came from. Several pages may share one area: each changes its own part of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from app.domain.loyalty.term import NEVER, Term, TermKind
from app.domain.tender import TenderKind
from app.i18n import t
from ui.rules.forms import Blank, BlankKind, Clause, Filled, Form, Option, Row, Rows, Section

if TYPE_CHECKING:
    from app.domain.loyalty.documents import RuleArea
    from app.service.till import Till

TERM_DAYS_MAX: Final = 3660
Live = Callable[[str], Sequence[tuple[str, str]]]
"""(key, name) of the rows that stand in a section of the page now."""


class Area(ABC):
    """One page's part of an area."""

    NAME: ClassVar[str]
    AREA: ClassVar[RuleArea]
    SECTIONS: ClassVar[tuple[Section, ...]]

    def __init__(self, till: Till) -> None:
        self.till = till

    @abstractmethod
    def current(self) -> tuple[int, Any]:
        """The version in force and its rules."""

    @abstractmethod
    def read(self, body: Mapping[str, Any]) -> Any:
        """What stands in a version. Raises Refused("rules_damaged")."""

    @abstractmethod
    def write(self, rules: Any) -> Mapping[str, Any]:
        """As a version keeps it."""

    @abstractmethod
    def rows(self, rules: Any) -> Rows:
        """The page's part of these rules, section by section."""

    @abstractmethod
    def rules(self, rows: Rows, base: Any) -> Any:
        """``base`` with this page's part as the rows say. Raises RowRefused, Refused."""

    @abstractmethod
    def describe(self, rules: Any) -> tuple[str, ...]:
        """All of it in plain words."""

    def settle(self, rows: Rows) -> Rows:
        """The rows as they must look after a change: another basis asks for other blanks."""
        return rows

    def options(self, name: str, live: Live) -> Sequence[Option]:
        """What a blank is chosen from."""
        match name:
            case "weekdays":
                return [(day, t(f"rules.weekday_{day}")) for day in range(7)]
            case "month_days":
                return [(day, str(day)) for day in range(1, 32)]
            case "nth_weekdays":
                return [
                    ((nth, day), t(f"rules.nth_{place}", weekday=t(f"rules.weekday_{day}")))
                    for nth, place in ((1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (-1, "last"))
                    for day in range(7)
                ]
            case "tiers":
                return [(tier.code, tier.name) for tier in self.till.rules.tiers.rules.tiers]
            case "tenders":
                kinds = [kind for kind in TenderKind if kind is not TenderKind.POINTS]
                return [(kind, t(f"rules.tender_{kind}")) for kind in kinds]
            case "templates":
                return [(one.key, one.name) for one in self.till.coupons.rules()[1].templates]
            case _:
                return words(name, OPTIONS[name])


OPTIONS: Final[Mapping[str, tuple[object, ...]]] = {
    "per": ("ticket", "line"),
    "rounding": ("floor", "half_up"),
    "combine": ("best", "multiply"),
    "birthday_when": (False, True),
    "year_end": (0, 1, 2, 3, 4, 5),
    "basis": ("spend", "points", "visits"),
    "calendar": (12, 6, 4, 3, 2, 1),
    "lowering": ("one_step", "to_earned"),
    "which_pieces": (False, True),
    "segments": (
        "key_value",
        "key_keep",
        "key_develop",
        "key_win_back",
        "plain_value",
        "plain_keep",
        "plain_develop",
        "plain_win_back",
    ),
    "spends": ("pro_rata", "paid_first", "bonus_first"),
}


def words(name: str, values: Iterable[object]) -> list[Option]:
    return [(value, t(f"rules_ui.option.{name}.{str(value).lower()}")) for value in values]


# --- clauses that several areas share ---------------------------------------------------------------------------------


def optional(name: str, *blanks: Blank) -> Clause:
    return Clause(name, blanks, is_optional=True)


STARTS: Final = optional("starts", Blank("starts_on", BlankKind.DAY))
ENDS: Final = optional("ends", Blank("ends_on", BlankKind.DAY))
TIERS: Final = optional("tiers", Blank("tiers", BlankKind.SOME_OF, options="tiers"))
WEEKDAYS: Final = optional("weekdays", Blank("weekdays", BlankKind.SOME_OF, options="weekdays"))
COVERED: Final = optional("covers", Blank("goods", BlankKind.GOODS))


def whole(name: str, default: int, *, least: int = 1, most: int = 1_000_000) -> Blank:
    return Blank(name, BlankKind.WHOLE, default, least, most)


def amount(name: str, default: int | None = None, *, least: int = 1) -> Blank:
    return Blank(name, BlankKind.AMOUNT, default, least)


def text(name: str, most: int = 40) -> Blank:
    return Blank(name, BlankKind.TEXT, "", 1, most)


def one_of(name: str, default: object = None) -> Blank:
    return Blank(name, BlankKind.ONE_OF, default, options=name)


TERM_FORMS: Final = (
    Form("term_never", (Clause("term_never"),)),
    Form("term_days", (Clause("term_days", (whole("count", 365, most=TERM_DAYS_MAX),)),)),
    Form("term_months", (Clause("term_months", (whole("count", 12, most=120),)),)),
    Form("term_year_end", (Clause("term_year_end", (one_of("year_end", 1),)),)),
    Form("term_inactivity", (Clause("term_inactivity", (whole("count", 365, most=TERM_DAYS_MAX),)),)),
)


def term_row(term: Term) -> Row:
    """How long, as a row of TERM_FORMS."""
    if term == NEVER:
        return Row("term_never", {"term_never": True})
    if term.kind is TermKind.YEAR_END:
        return Row("term_year_end", {"year_end": term.count})
    return Row(f"term_{term.kind}", {"count": term.count})


def term_of(row: Row) -> Term:
    kind = TermKind(row.form.removeprefix("term_"))
    if kind is TermKind.NEVER:
        return NEVER
    return Term(kind, row.filled["year_end" if kind is TermKind.YEAR_END else "count"])


def put(filled: Filled, **values: object) -> Filled:
    """The filled blanks and those of these that say something."""
    return {
        **filled,
        **{
            name: value
            for name, value in values.items()
            if value is not None and value is not False and value != frozenset()
        },
    }


def goods_filled(items: Iterable[object], categories: Iterable[object]) -> object:
    """What a blank of goods holds; None for none."""
    chosen = (frozenset(items), frozenset(categories))
    return chosen if any(chosen) else None
