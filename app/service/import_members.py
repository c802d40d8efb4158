"""Members from a shop's table. A row means the member with its phone number, however the number is written.

An empty cell leaves what is known, and ``-`` takes it away. Consent is taken only from a column that says yes: a missing column is no. The
number of a file that was merged means its survivor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.birthday_typed import parse_birthday
from app.domain.errors import Refused
from app.domain.ids import MemberId
from app.domain.member import Member
from app.domain.phone import fold_digits, mask_phone, parse_phone
from app.domain.profile import CODE_PREFIX, IS_SET, TAG_PREFIX
from app.domain.profile_fields import BUILT_IN, clean_field, clean_tag
from app.i18n import t
from app.service import import_cells as cells_of
from app.service.duplicates import CARRIER, COMPARED
from app.service.import_columns import CLEAR, BadCell, Cells, Column, RowNote, column, words
from app.service.import_goods import FieldChange
from app.service.ports import IdSource

NOTE_CHARACTERS_MAX: Final = 500

COLUMNS: Final[tuple[Column, ...]] = (
    column(
        "phone",
        "電話 电话 手機 手机 手機號碼 手机号码 手機號 手机号 行動電話 移动电话 電話號碼 电话号码 聯絡電話 联系电话 會員電話 会员电话"
        " phone mobile phonenumber mobilenumber cellphone tel telephone",
        is_required=True,
    ),
    column(
        "member_name",
        "姓名 會員姓名 会员姓名 會員名稱 会员名称 名字 客戶姓名 客户姓名 顧客姓名 顾客姓名 name fullname membername customername customer",
    ),
    column("birthday", "生日 出生日期 出生年月日 會員生日 会员生日 birthday dateofbirth dob birthdate"),
    column("gender", "性別 性别 gender sex"),
    column(
        "joined_on",
        "加入日期 入會日期 入会日期 入會日 入会日 註冊日期 注册日期 joined joinedon joindate since membersince registered",
    ),
    column(
        "code",
        "卡號 卡号 會員卡號 会员卡号 會員編號 会员编号 會員代號 会员代号 cardnumber membercode memberno memberid cardno",
    ),
    column("tier", "等級 等级 會員等級 会员等级 級別 级别 tier level grade"),
    column("note", "備註 备注 附註 附注 note notes remark remarks comment comments"),
    column("email", "電子信箱 电子邮箱 信箱 邮箱 電子郵件 电子邮件 email mail emailaddress"),
    column("line_id", "LINEID LINE帳號 LINE账号 line"),
    column(
        "channel",
        "聯絡方式 联系方式 偏好聯絡方式 希望聯絡方式 希望联系方式 preferredchannel channel contactby",
    ),
    column("occupation", "職業 职业 職稱 职称 occupation job profession"),
    column("interests", "興趣 兴趣 喜好 偏好 interests hobbies likes"),
    column("needs", "特殊需求 特別需求 特别需求 需求 specialneeds needs"),
    column("source", "來源 来源 加入來源 加入来源 入會管道 source origin howtheyjoined"),
    column("carrier", "載具 载具 手機條碼 手机条码 載具號碼 carrier einvoicecarrier"),
    column("tags", "標籤 标签 標記 标记 分群 tags tag labels", may_repeat=True),
    column("consent", "行銷同意 营销同意 同意行銷 同意营销 接收優惠 接收优惠 marketingconsent consent optin"),
)

_EXTRA: Final = ("email", "line_id", "channel", "occupation", "interests", "needs", "source")
_TAG_SEPARATORS: Final = re.compile(r"[,，、;；|/]+")
_CARRIER: Final = re.compile(r"/[0-9A-Z.+\-]{7}")
_YEAR_FIRST: Final = re.compile(r"(\d{2,4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_ROC_YEARS: Final = range(1, 200)
_ROC_ZERO: Final = 1911  # 民國元年 is 1912
_GENDERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(words("男 男性 先生 m male man mr"), "male"),
    **dict.fromkeys(words("女 女性 小姐 女士 f female woman ms mrs miss"), "female"),
    **dict.fromkeys(words("其他 其它 未知 不明 other unknown x"), ""),
}


@dataclass(frozen=True, slots=True)
class PlannedMember:
    """What one row does: a new member (``before`` is None) or a change to one."""

    row: int
    before: Member | None
    after: Member
    changes: tuple[FieldChange, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)  # what the member's row does not hold
    consent_id: UUID | None = None  # of the consent this row gives or takes back

    @property
    def label(self) -> str:
        return f"{mask_phone(self.after.phone)} {self.after.name}".rstrip()


@dataclass(slots=True)
class MemberReader:
    """Reads row after row against the members there are and the rows before. ``today`` bounds what a birthday can be."""

    existing: Iterable[Member]
    region: str
    today: date
    ids: IdSource
    warnings: list[RowNote] = field(default_factory=list)
    survivors: Mapping[str, MemberId] = field(default_factory=dict)  # by the number of a merged file
    known: Callable[[MemberId], Mapping[str, str]] = lambda _: {}
    owner_of: Callable[[str], MemberId | None] = lambda _: None  # of a code
    everyones: Callable[[Sequence[str]], Mapping[MemberId, Mapping[str, str]]] = lambda _: {}
    _by_phone: dict[str, Member] = field(default_factory=dict)
    _by_code: dict[str, Member] = field(default_factory=dict)
    _by_id: dict[MemberId, Member] = field(default_factory=dict)
    _carriers: dict[str, MemberId] = field(default_factory=dict)
    _row_of: dict[MemberId, int] = field(default_factory=dict)
    _written: dict[MemberId, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for member in self.existing:
            self._remember(member)

    def read(self, row: Cells) -> PlannedMember | None:
        """What the row does, None when it changes nothing. Raises BadCell."""
        phone = self._phone(row)
        before = self._by_phone.get(phone)
        if before is not None and before.id in self._row_of:
            fields = {"phone": mask_phone(phone), "first_row": self._row_of[before.id]}
            raise BadCell("phone", "phone_repeated", **fields)
        after = self._filled(before or Member(MemberId(self.ids()), phone, joined_on=self.today), row)
        owner = self._by_code.get(after.code) if after.code else None
        if owner is not None and owner.id != after.id:
            raise BadCell("code", "code_taken", code=after.code, phone=mask_phone(owner.phone))
        known: Mapping[str, str] = self.known(after.id) if before else {}
        written = {key: value for key, value in self._fields(row).items() if known.get(key, "") != value}
        self._refuse_carrier_twice(after.id, written)
        self._remember(after)
        self._row_of[after.id] = row.row.number
        self._written[after.id] = _compared({**known, **written})
        if after == before and not written:
            return None
        asked = before is not None and before.has_marketing_consent
        return PlannedMember(
            row.row.number,
            before,
            after,
            (*_changes(before, after), *_field_changes(known, written)) if before else (),
            written,
            self.ids() if after.has_marketing_consent != asked else None,
        )

    def _fields(self, row: Cells) -> dict[str, str]:
        """What the row says of the fields that stand in the file alone, with its tags and its carrier."""
        fields: dict[str, str] = {}
        for key in _EXTRA:
            text = row.text(key)
            if text:
                fields[key] = "" if text in CLEAR else _clean(key, text, self.today)
        for text in row.all("tags"):
            for tag in filter(None, _TAG_SEPARATORS.split(text)):
                if tag not in CLEAR:
                    fields[f"{TAG_PREFIX}{_refusing('tags', clean_tag, tag)}"] = IS_SET
        carrier = fold_digits(row.text("carrier")).upper()
        if carrier and carrier not in CLEAR:
            if not _CARRIER.fullmatch(carrier):
                raise BadCell("carrier", "carrier_unreadable", text=carrier[:30])
            fields[f"{CODE_PREFIX}{carrier}"] = "carrier"
        return fields

    def _refuse_carrier_twice(self, member_id: MemberId, fields: Mapping[str, str]) -> None:
        for name in fields:
            code = name.removeprefix(CODE_PREFIX)
            if code != name:
                owner = self._carriers.setdefault(code, self.owner_of(code) or member_id)
                if owner != member_id:
                    raise BadCell("carrier", "carrier_repeated", carrier=code)

    def everyone(self) -> Iterable[Member]:
        """Who there will be, as far as the rows were read."""
        return self._by_id.values()

    def compared(self) -> Mapping[MemberId, Mapping[str, str]]:
        """What their files say beside the member's row, as far as the rows were read, for whoever looks for duplicates."""
        return {**self.everyones(COMPARED), **self._written}

    def _phone(self, row: Cells) -> str:
        text = row.text("phone")
        if not text:
            raise BadCell("phone", "phone_missing")
        # A spreadsheet takes 0912345678 for a number and drops the zero.
        phone = parse_phone(text, self.region) or parse_phone("0" + fold_digits(text), self.region)
        if phone is None:
            raise BadCell("phone", "phone_unreadable", digits=sum(map(str.isdigit, text)))
        survivor = self.survivors.get(phone)
        return self._by_id[survivor].phone if survivor in self._by_id else phone

    def _filled(self, member: Member, row: Cells) -> Member:
        return replace(
            member,
            name=_kept(row, "member_name", member.name, cells_of.read_name),
            birthday=_kept(row, "birthday", member.birthday, lambda text: read_birthday(text, self.today)),
            gender=_kept(row, "gender", member.gender, _read_gender),
            joined_on=self._joined_on(row, member.joined_on),
            code=_kept(row, "code", member.code, _read_code),
            tier=_kept(row, "tier", member.tier, cells_of.read_name),
            note=_kept(row, "note", member.note, _read_note),
            has_marketing_consent=cells_of.read_truth("consent", text)
            if (text := row.text("consent"))
            else member.has_marketing_consent,
        )

    def _joined_on(self, row: Cells, before: date | None) -> date | None:
        text = row.text("joined_on")
        if not text or text in CLEAR:
            return before
        day = read_date(text)
        if day is None or day > self.today:
            raise BadCell("joined_on", "date_unreadable", text=text[:30])
        return day

    def _remember(self, member: Member) -> None:
        self._by_phone[member.phone] = self._by_id[member.id] = member
        if member.code:
            self._by_code[member.code] = member


def read_date(text: str) -> date | None:
    """A date with its year first (``1990/3/5``, ``19900305``, ``79.3.5`` of the Republic), None when it is none."""
    plain = fold_digits(text).removeprefix("民國").removeprefix("民国").strip()
    match = _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year + _ROC_ZERO if year in _ROC_YEARS else year, month, day)
    except ValueError:
        return None


def read_birthday(text: str, today: date) -> str:
    """``1990-03-05``, or ``--03-05`` when the year is not known (ISO 8601 as vCard writes it, RFC 6350). Raises BadCell."""
    day = read_date(text)
    if day is not None and date(1900, 1, 1) <= day <= today:
        return day.isoformat()
    match = _MONTH_DAY.fullmatch(fold_digits(text))
    if day is None and match is not None:
        try:
            return date(2000, int(match[1]), int(match[2])).strftime("--%m-%d")
        except ValueError:
            pass
    typed = parse_birthday(text, today=today)  # by the moon, in words, with the month's name
    if typed is not None:
        return str(typed)
    raise BadCell("birthday", "date_unreadable", text=text[:30])


def _clean(key: str, text: str, today: date) -> str:
    return _refusing(key, lambda typed: clean_field(BUILT_IN[key], typed, today=today), text)


def _refusing(column: str, clean: Callable[[str], str], text: str) -> str:
    """What cannot be read is said of its cell."""
    try:
        return clean(text)
    except Refused as refused:
        raise BadCell(column, "field_unreadable", text=text[:30]) from refused


def _field_changes(known: Mapping[str, str], fields: Mapping[str, str]) -> Iterator[FieldChange]:
    for name, value in fields.items():
        prefix, colon, rest = name.partition(":")
        column = {"tag": "tags", "code": "carrier"}.get(prefix, name) if colon else name
        yield FieldChange(column, known.get(name, "") and (rest or known[name]), rest or value)


def _compared(fields: Mapping[str, str]) -> dict[str, str]:
    """Those that are compared when files may be one person's."""
    found = {name: fields[name] for name in COMPARED if name in fields}
    carriers = [name.removeprefix(CODE_PREFIX) for name, kind in fields.items() if kind == CARRIER]
    return found | {CARRIER: carriers[-1]} if carriers else found


def _kept(row: Cells, key: str, before: str, read: Callable[[str], str]) -> str:
    text = row.text(key)
    if text in CLEAR:
        return ""
    return read(text) if text else before


def _read_gender(text: str) -> str:
    gender = _GENDERS.get(fold_digits(text).casefold().rstrip("."))
    if gender is None:
        raise BadCell("gender", "gender_unknown", text=text[:30])
    return gender


def _read_code(text: str) -> str:
    code = fold_digits(text).upper()
    if (
        len(code) > cells_of.CODE_CHARACTERS_MAX
        or not code.isascii()
        or not code.isprintable()
        or " " in code
    ):
        raise BadCell("code", "code_unreadable", text=text[:30])
    return code


def _read_note(text: str) -> str:
    return "".join(character for character in text if character.isprintable() or character == "\n")[
        :NOTE_CHARACTERS_MAX
    ]


def _changes(before: Member, after: Member) -> Iterator[FieldChange]:
    for key, show in _SHOWN.items():
        if show(before) != show(after):
            yield FieldChange(key, show(before), show(after))


_SHOWN: Final[Mapping[str, Callable[[Member], str]]] = {
    "member_name": lambda member: member.name,
    "birthday": lambda member: member.birthday,
    "gender": lambda member: t(f"importing.gender.{member.gender}") if member.gender else "",
    "joined_on": lambda member: member.joined_on.isoformat() if member.joined_on else "",
    "code": lambda member: member.code,
    "tier": lambda member: member.tier,
    "note": lambda member: member.note,
    "consent": lambda member: t("importing.yes") if member.has_marketing_consent else t("importing.no"),
}
