"""How much each likeness of two member files says: weights in the manner of Fellegi and Sunter (1969), as log2 of how much likelier it is
between two files of one person than between files of two.

How likely something is by chance is counted in the list itself: two files 陳怡君 say little where thirty members are called that. Names,
numbers and mailboxes are not independent within a family, so two different full names are never one person, whatever else they share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

from app.domain.birthday import Birthday, birthday_of
from app.insight.duplicates_keys import (
    NameKey,
    PhoneKey,
    email_key,
    phone_key,
    roman,
    word_key,
)
from app.insight.duplicates_values import Person, Reason

# A number, mailbox or name that so many files have in common is a placeholder or a whole company.
SHARED_MAX: Final = 12
# Beyond this a likeness proves no more: a rare thing in a short list may be common in town.
WEIGHT_MAX: Final = 14.0
RELATIVES: Final = -20.0  # two full names: two people
DIFFERENT_NAME: Final = -8.0
SAME_PHONE: Final = 20.5
SAME_LANDLINE: Final = 18.5
SHARED_PHONE: Final = (
    -3.5
)  # written alike: nobody took it for another number, so somebody wanted a second file at it
BOUGHT_TOGETHER: Final = -6.0  # families take numbers in a row
PERSONAL: Final = 17.0  # an id that belongs to one person
DIFFERENT_BIRTHDAY: Final = -8.0
DIFFERENT_GENDER: Final = -3.5
SAME_GENDER: Final = 0.6
# Of a hundred members so many have a second file: where the odds begin.
DUPLICATES_PERCENT: Final = 5
_NAME_ALONE_MAX: Final = 11.0
_CITY_GIVEN_NAMES: Final = 30_000  # a given name met once in a list is not unique in town
_BIRTHDAYS: Final = 365 * 45

Said = tuple[float, Reason | None]
"""A weight and what it was given for."""
_NOTHING: Final[Said] = (0.0, None)


@dataclass(frozen=True, slots=True)
class FileKeys:
    """One member's file, taken apart for comparing."""

    phone: PhoneKey
    name: NameKey
    birthday: Birthday | None
    email: str
    line_id: str
    code: str
    carrier: str
    gender: str


def file_keys(person: Person, name_of: Callable[[str], NameKey]) -> FileKeys:
    """``name_of`` takes a name apart (:func:`name_key`)."""
    name = name_of(person.name)
    return FileKeys(
        phone=phone_key(person.phone),
        name=name,
        birthday=birthday_of(person.birthday),
        email=email_key(person.email),
        line_id=word_key(person.line_id),
        code=word_key(person.code),
        carrier=word_key(person.carrier),
        gender=person.gender or name.title_gender.replace("wife", "female"),
    )


class Weights:
    """The weights for one list of files. Made once per list: it counts how common everything in it is."""

    def __init__(self, files: Sequence[FileKeys]) -> None:
        self._n = max(len(files), 2)
        names = [file.name for file in files if file.name.is_full]
        self._named = max(len(names), 1)
        self._surnames = Counter(file.name.surname for file in files if file.name.surname)
        self._givens = Counter(name.given for name in names)
        self._plain = Counter(file.name.plain for file in files if file.name.plain)
        self._sounds = Counter(name.sound for name in names)
        self._close_sounds = Counter(name.close_sound for name in names)
        birthdays = [file.birthday for file in files if file.birthday]
        self._born = max(len(birthdays), 1)
        self._days = Counter((one.is_lunar, one.month, one.day) for one in birthdays)
        self._exact_days = Counter(birthdays)
        self.prior = log2(2 * DUPLICATES_PERCENT / 100 / self._n)
        self._slip = _chance_of_one_digit(file.phone.digits for file in files if file.phone.is_mobile)

    def score(self, one: FileKeys, other: FileKeys) -> tuple[float, tuple[Reason, ...]]:
        """The log2 odds that both are one person, and what speaks for it, the telling reasons first."""
        phone = self.phone(one.phone, other.phone)
        is_household = phone[1] is Reason.SAME_PHONE or (
            phone[1] is Reason.PHONE_ONE_DIGIT and is_in_a_row(one.phone, other.phone)
        )
        name = self.name(one.name, other.name, is_near=phone[1] is not None, is_household=is_household)
        said = (
            phone,
            name,
            self.birthday(one.birthday, other.birthday),
            _email(one.email, other.email),
            _exact(one.line_id, other.line_id, Reason.SAME_LINE),
            _exact(one.carrier, other.carrier, Reason.SAME_CARRIER),
            _exact(one.code, other.code, Reason.SAME_CODE),
            (_gender(one.gender, other.gender), None),
        )
        reasons = tuple(sorted((reason for _, reason in said if reason), key=_RANK.__getitem__))
        return self.prior + sum(weight for weight, _ in said), reasons

    def are_two(self, one: FileKeys, other: FileKeys) -> bool:
        """Whether the names alone say that these are two people of one household."""
        return self.name(one.name, other.name, is_near=True, is_household=True)[0] <= RELATIVES

    # --- numbers ------------------------------------------------------------------------------------------------------

    def phone(self, one: PhoneKey, other: PhoneKey) -> Said:
        if not one.text or not other.text:
            return _NOTHING
        if one.text == other.text:
            weight = SAME_PHONE if one.is_mobile else SAME_LANDLINE
            return weight + (SHARED_PHONE if one.written == other.written else 0.0), Reason.SAME_PHONE
        if one.is_mobile != other.is_mobile:
            return -1.0, None  # many have both
        if len(one.digits) != len(other.digits):
            return -2.0, None
        places = [place for place, (a, b) in enumerate(zip(one.digits, other.digits, strict=True)) if a != b]
        if len(places) == 1:
            weight = log2(0.4 / self._slip)
            in_a_row = BOUGHT_TOGETHER if is_in_a_row(one, other) else 0.0
            return weight + in_a_row, Reason.PHONE_ONE_DIGIT
        if len(places) == 2:
            first, second = places
            swapped = one.digits[first] == other.digits[second] and one.digits[second] == other.digits[first]
            if swapped and second == first + 1:
                return log2(0.12 / (self._slip / 8)), Reason.PHONE_SWAPPED
            return log2(0.05 / (self._slip * 20)), Reason.PHONE_CLOSE
        return -2.0, None

    # --- names --------------------------------------------------------------------------------------------------------

    def name(self, one: NameKey, other: NameKey, *, is_near: bool, is_household: bool) -> Said:
        if not one.plain or not other.plain:
            return _NOTHING
        if one.words or other.words:
            return self._latin(one, other, is_household=is_household)
        if not one.is_full or not other.is_full:
            return self._with_a_title(one, other, is_household=is_household)
        if one.plain == other.plain:
            return self._alike(0.75, self._name_chance(one)), Reason.SAME_NAME
        if one.sound == other.sound:
            return self._alike(0.2, self._sounds[one.sound] / self._named), Reason.SAME_SOUND
        if one.close_sound == other.close_sound:
            return self._alike(0.05, self._close_sounds[one.close_sound] / self._named), Reason.NAME_CLOSE
        longer, shorter = (one, other) if len(one.plain) > len(other.plain) else (other, one)
        if len(longer.plain) == len(shorter.plain) + 1 and longer.plain.endswith(shorter.plain):
            # 怡君 of 陳怡君, or 林陳怡君 after she married.
            common = self._givens[longer.given] if len(shorter.plain) == 2 else self._plain[shorter.plain]
            return self._alike(0.08, max(common, 1) / self._named), Reason.NAME_WITHIN
        return (RELATIVES if is_near or one.surname != other.surname else DIFFERENT_NAME), None

    def _name_chance(self, name: NameKey) -> float:
        """How often this name comes by chance: its own count, or its parts' where it was met but a few times."""
        parts = (self._surnames[name.surname] / self._named) * max(
            self._givens[name.given] / self._named, 1 / _CITY_GIVEN_NAMES
        )
        # Two of them may be the very pair in question.
        return max(parts, (self._plain[name.plain] - 2) / self._named)

    def _alike(self, share: float, chance: float) -> float:
        return min(log2(share / max(chance, 2**-20)), _NAME_ALONE_MAX)

    def _with_a_title(self, one: NameKey, other: NameKey, *, is_household: bool) -> Said:
        """陳小姐 may be any 陳; 陳太太 may be of another surname altogether."""
        if one.surname == other.surname:
            if (
                one.title_gender
                and other.title_gender
                and _are_two_genders(one.title_gender, other.title_gender)
            ):
                return RELATIVES, None
            if is_household:
                return -1.5, Reason.SAME_SURNAME
            return min(log2(0.9 * self._named / self._surnames[one.surname]), 5.0), Reason.SAME_SURNAME
        if is_household:
            return RELATIVES, None
        if "wife" in (one.title_gender, other.title_gender):
            return -1.0, None
        full = other if other.is_full else one
        return (-1.0 if len(full.plain) == 2 else DIFFERENT_NAME), None

    def _latin(self, one: NameKey, other: NameKey, *, is_household: bool) -> Said:
        if one.words and other.words:
            if one.words == other.words:
                return self._alike(0.8, self._plain[one.plain] / self._n), Reason.SAME_NAME
            return (2.0, Reason.NAME_CLOSE) if one.words & other.words else (-2.0, None)
        if one.roman & other.roman:
            return 8.0, Reason.NAME_ROMANISED
        latin, chinese = (one, other) if one.words else (other, one)
        if chinese.surname_roman in {roman(word) for word in latin.words}:
            return 0.0 if is_household else 2.0, Reason.SAME_SURNAME
        return -1.5 if is_household else 0.0, None

    # --- birthdays ----------------------------------------------------------------------------------------------------

    def birthday(self, one: Birthday | None, other: Birthday | None) -> Said:
        if one is None or other is None or one.is_lunar != other.is_lunar:
            return _NOTHING
        is_same_day = (one.month, one.day) == (other.month, other.day)
        years = one.year is not None and other.year is not None
        if is_same_day and (not years or one.year == other.year):
            day = self._days[(one.is_lunar, one.month, one.day)] / self._born
            if not years:
                return log2(0.9 / max(day, 1 / 365)), Reason.SAME_DAY
            chance = max((self._exact_days[one] - 2) / self._born, 1 / _BIRTHDAYS)
            return min(log2(0.9 / chance), WEIGHT_MAX), Reason.SAME_BIRTHDAY
        if is_same_day:
            return -1.0, None
        if years and one.year == other.year:
            if one.month == other.month or one.day == other.day:
                return 1.0, Reason.BIRTHDAY_CLOSE
            if (one.month, one.day) == (other.day, other.month):
                return 4.0, Reason.BIRTHDAY_CLOSE
        if not years and one.month == other.month:
            return -3.0, None
        return DIFFERENT_BIRTHDAY, None


_RANK: Final = {reason: place for place, reason in enumerate(Reason)}


def _exact(one: str, other: str, reason: Reason) -> Said:
    """An id that one person has; two of them prove little, since people change theirs and have several cards."""
    if not one or not other:
        return _NOTHING
    return (PERSONAL, reason) if one == other else (_DIFFERENT_ID[reason], None)


_DIFFERENT_ID: Final = {Reason.SAME_LINE: -3.5, Reason.SAME_CARRIER: -1.0, Reason.SAME_CODE: 0.0}


def _email(one: str, other: str) -> Said:
    """Mailboxes are shared by couples, and mistyped."""
    if not one or not other:
        return _NOTHING
    if one == other:
        return WEIGHT_MAX, Reason.SAME_EMAIL
    (local, _, host), (other_local, _, other_host) = one.partition("@"), other.partition("@")
    if local == other_local and len(local) >= 5:
        return 8.0, Reason.EMAIL_CLOSE
    if host == other_host and len(local) >= 6 and is_one_edit(local, other_local):
        return 9.0, Reason.EMAIL_CLOSE
    return -2.5, None


def is_in_a_row(one: PhoneKey, other: PhoneKey) -> bool:
    return one.digits[:-1] == other.digits[:-1] and abs(int(one.digits[-1]) - int(other.digits[-1])) in (1, 9)


def _gender(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return SAME_GENDER if one == other else DIFFERENT_GENDER


def _are_two_genders(one: str, other: str) -> bool:
    """Of titles: 先生 is nobody's 小姐."""
    return (one == "male") != (other == "male")


def is_one_edit(one: str, other: str) -> bool:
    """Whether one letter was left out, added, or mistaken for another."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    shorter, longer = sorted((one, other), key=len)
    start = next(
        (place for place, letter in enumerate(shorter) if letter != longer[place]),
        len(shorter),
    )
    if len(shorter) == len(longer):
        return shorter[start + 1 :] == longer[start + 1 :]
    return shorter[start:] == longer[start + 1 :]


def _chance_of_one_digit(numbers: Iterable[str]) -> float:
    """How likely two members' numbers are one digit apart by chance: numbers crowd in the operators' prefixes."""
    prefixes = Counter(number[:3] for number in numbers)
    count = sum(prefixes.values())
    if count < 2:
        return 72 / 10**8
    crowd = sum((one / count) ** 2 for one in prefixes.values())
    return max(crowd * 54 / 10**6, 72 / 10**8)
