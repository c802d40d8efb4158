"""A rule as a form: one sentence with blanks, and further clauses that may be added. No widgets here.

    每消費 [NT$100] 得 [1] 點        Form("base", Clause("base", step, points))
    [星期三] 點數 ×[2]              Form("multiplier", …), with one optional clause for each condition

What is filled in is a plain mapping from a blank's name to its value; a clause without blanks is there under its own name, as True. The
text of a clause is ``rules_ui.clause.<name>`` with the blanks as its fields, so each language puts them where it needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from typing import Any, Final

from app.domain.errors import Refused
from app.domain.money import USD, Currency, Money, format_money, parse_amount
from app.domain.phone import fold_digits

WHOLE_MAX: Final = 1_000_000
AMOUNT_MAX: Final = 1_000_000_000
TEXT_MAX: Final = 40
DAY_MINUTES: Final = 24 * 60

Filled = dict[str, Any]
Option = tuple[object, str]
"""A value and the word for it."""


class BlankKind(StrEnum):
    WHOLE = auto()
    AMOUNT = auto()  # minor units
    FACTOR = auto()  # hundredths: 1.5 is 150
    PERCENT = auto()  # hundredths of a percent
    TEXT = auto()
    DAY = auto()
    MINUTE = auto()  # of the day
    ONE_OF = auto()
    SOME_OF = auto()  # a frozenset, at least one
    GOODS = auto()  # (items, categories), at least one of them
    ITEM = auto()


TYPED: Final = frozenset(
    {
        BlankKind.WHOLE,
        BlankKind.AMOUNT,
        BlankKind.FACTOR,
        BlankKind.PERCENT,
        BlankKind.TEXT,
        BlankKind.DAY,
        BlankKind.MINUTE,
    }
)
"""Those that are keyed; the others are chosen."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of a sentence that can be changed. ``options`` names the list that it is chosen from."""

    name: str
    kind: BlankKind
    default: Any = None
    least: int = 0
    most: int = WHOLE_MAX
    options: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of the sentence. One that is optional is added and taken away by the owner."""

    name: str
    blanks: tuple[Blank, ...] = ()
    is_optional: bool = False

    def is_in(self, filled: Mapping[str, Any]) -> bool:
        names = [blank.name for blank in self.blanks] or [self.name]
        return not self.is_optional or all(name in filled for name in names)


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of rule. ``name`` is its word in the list of what can be added (``rules_ui.form.<name>``)."""

    name: str
    clauses: tuple[Clause, ...]

    def fresh(self, today: date | None = None, clauses: tuple[str, ...] = ()) -> Filled:
        """As it stands when it is added: every blank at its default, and these of the optional clauses."""
        filled: Filled = {}
        for clause in self.clauses:
            if clause.is_optional and clause.name not in clauses:
                continue
            if not clause.blanks:
                filled[clause.name] = True
            for blank in clause.blanks:
                filled[blank.name] = default_of(blank, today)
        return filled


@dataclass(frozen=True, slots=True)
class Preset:
    """What can be added at one go: a form with some of its optional clauses. Its word is ``rules_ui.form.<name>``."""

    name: str
    form: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Rules of one kind below a heading. Fixed: always exactly one, of any of the forms.

    ``key_letter``: its rules have keys of their own that begin with it. ``is_ordered``: which one comes first matters.
    """

    name: str
    forms: tuple[Form, ...]
    is_fixed: bool = False
    rows_max: int = 60
    presets: tuple[Preset, ...] = ()
    key_letter: str = ""
    is_ordered: bool = False

    @property
    def adds(self) -> tuple[Preset, ...]:
        """What can be added."""
        return self.presets or tuple(Preset(form.name, form.name) for form in self.forms)

    def form(self, name: str) -> Form:
        return next(form for form in self.forms if form.name == name)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule, filled in. ``key`` is what the books know it by, where they do."""

    form: str
    filled: Filled = field(default_factory=dict)
    key: str = ""


Rows = dict[str, list[Row]]
"""The rules of a page, by section."""


class RowRefused(Exception):
    """One rule cannot stand as it is: which one, what is wrong, and in which blank (``""``: in none of its own)."""

    def __init__(self, section: str, index: int, error: Refused, blank: str = "") -> None:
        super().__init__(section, index, error.code, blank)
        self.section, self.index, self.error, self.blank = section, index, error, blank


def refuse(code: str, blank: str = "", **fields: object) -> WrongBlank:
    return WrongBlank(Refused(code, **fields), blank)


class WrongBlank(Exception):
    """What the reader of one row found; :func:`each_row` says which row it was."""

    def __init__(self, error: Refused, blank: str = "") -> None:
        super().__init__(error.code, blank)
        self.error, self.blank = error, blank


def each_row(rows: Rows, section: str, read: Callable[[Row], Any]) -> list[Any]:
    """Every row of a section as the domain knows it. Raises RowRefused."""
    found = []
    for index, row in enumerate(rows.get(section, [])):
        try:
            found.append(read(row))
        except WrongBlank as wrong:
            raise RowRefused(section, index, wrong.error, wrong.blank) from wrong
    return found


def refuse_twice(rows: Rows, section: str, blank: str, code: str) -> None:
    """Raises RowRefused for the second row that says the same in this blank."""
    seen: set[object] = set()
    for index, row in enumerate(rows.get(section, [])):
        value = row.filled.get(blank)
        if value in seen:
            raise RowRefused(section, index, Refused(code), blank)
        seen.add(value)


def days_in_order(filled: Filled) -> None:
    """The first day must not come after the last one."""
    starts, ends = filled.get("starts_on"), filled.get("ends_on")
    if starts is not None and ends is not None and starts > ends:
        raise refuse("rule_days_crossed", "ends_on")


# --- what is keyed ----------------------------------------------------------------------------------------------------


def default_of(blank: Blank, today: date | None) -> Any:
    """What a new blank holds; a day is today."""
    if blank.kind is BlankKind.DAY and blank.default is None:
        return today
    if blank.kind is BlankKind.SOME_OF and blank.default is None:
        return frozenset()
    if blank.kind is BlankKind.GOODS and blank.default is None:
        return (frozenset(), frozenset())
    return blank.default


def text_of(blank: Blank, value: Any, currency: Currency) -> str:
    """A keyed value as it stands in its blank."""
    if value is None:
        return ""
    match blank.kind:
        case BlankKind.WHOLE:
            return str(value)
        case BlankKind.AMOUNT:
            return format_money(Money(value, currency), symbol=False)
        case BlankKind.FACTOR | BlankKind.PERCENT:
            whole, part = divmod(value, 100)
            return f"{whole}.{part:02}".rstrip("0").rstrip(".") if part else str(whole)
        case BlankKind.DAY:
            return f"{value:%Y/%m/%d}"
        case BlankKind.MINUTE:
            return f"{value // 60:02}:{value % 60:02}"
        case _:
            return str(value)


def value_of(blank: Blank, text: str, currency: Currency, today: date) -> Any:
    """What was keyed, read. Raises Refused with what would be accepted."""
    text = text.strip()
    if blank.kind is BlankKind.TEXT:
        if blank.least and not text:
            raise Refused("rule_text_needed")
        return text[: min(blank.most, 2_000)]
    folded = fold_digits(text).replace(",", "")
    match blank.kind:
        case BlankKind.WHOLE:
            return _whole(blank, folded)
        case BlankKind.AMOUNT:
            minor = parse_amount(folded, currency)
            if minor is None or not blank.least <= minor <= AMOUNT_MAX:
                raise _amount_refused(blank, text, currency)
            return minor
        case BlankKind.FACTOR | BlankKind.PERCENT:
            hundredths = parse_amount(folded.rstrip("%％ "), USD)
            if hundredths is None or not blank.least <= hundredths <= blank.most:
                raise Refused(
                    "number_needed",
                    minimum=text_of(blank, blank.least, currency),
                    maximum=text_of(blank, blank.most, currency),
                )
            return hundredths
        case BlankKind.DAY:
            return parse_day(folded, today)
        case _:
            return parse_minute(folded)


def _whole(blank: Blank, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not blank.least <= int(text) <= blank.most:
        raise Refused("number_needed", minimum=blank.least, maximum=f"{blank.most:,}")
    return int(text)


def _amount_refused(blank: Blank, text: str, currency: Currency) -> Refused:
    if not text or parse_amount(fold_digits(text).replace(",", ""), currency) is not None:
        return Refused("rule_amount_least", least=format_money(Money(blank.least, currency)))
    return Refused("amount_unreadable", text=text[:20])


def parse_day(text: str, today: date) -> date:
    """``2026/12/31``, ``20261231``, ``12/31`` (the next one). Raises Refused("rule_day_unreadable")."""
    parts = text.replace("-", "/").replace(".", "/").split("/")
    if len(parts) == 1 and len(text) == 8:
        parts = [text[:4], text[4:6], text[6:]]
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            return date(*numbers)
        if len(numbers) == 2:
            day = date(today.year, *numbers)
            return day if day >= today else date(today.year + 1, *numbers)
    except (TypeError, ValueError) as error:
        raise Refused("rule_day_unreadable", text=text[:20]) from error
    raise Refused("rule_day_unreadable", text=text[:20])


def parse_minute(text: str) -> int:
    """``18:00``, ``1800``, ``18``. Raises Refused("rule_hour_unreadable")."""
    digits = text.replace("：", ":")
    hour, colon, minute = digits.partition(":")
    if not colon and len(digits) in (3, 4):
        hour, minute = digits[:-2], digits[-2:]
    try:
        minutes = int(hour) * 60 + int(minute or 0)
    except ValueError as error:
        raise Refused("rule_hour_unreadable", text=text[:20]) from error
    if not 0 <= minutes <= DAY_MINUTES or int(minute or 0) > 59:
        raise Refused("rule_hour_unreadable", text=text[:20])
    return minutes


def present(filled: Mapping[str, Any], names: Sequence[str]) -> Filled:
    """Those of these blanks that are filled."""
    return {name: filled[name] for name in names if name in filled}
