"""Invented members, as a neighbourhood shop in Taiwan has them: many a bare phone number, some with a name, few with everything.

The same seed gives the same people on every machine, in the order in which they joined. No number here is known to be free: never
send a message to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Literal, TypeVar

Gender = Literal["female", "male"]

FIRST_JOINED = date(2023, 4, 1)
LAST_JOINED = date(2026, 10, 31)

PHONE_ONLY_SHARE = 0.38
CALLED_BY_TITLE_SHARE = 0.10
CONSENT_SHARE = 0.56


@dataclass(frozen=True, slots=True)
class DemoMember:
    """One member. ``phone`` is as people say it (``0912345678``); ``tags`` are what the shop's own staff would jot down."""

    phone: str
    name: str | None
    gender: Gender | None
    birthday: date | None
    joined: date
    has_marketing_consent: bool
    tags: tuple[str, ...]


def members(
    seed: int, count: int, *, first_joined: date = FIRST_JOINED, last_joined: date = LAST_JOINED
) -> Iterator[DemoMember]:
    """``count`` members with numbers of their own, in the order in which they joined between the two days (both included)."""
    assert 0 <= count <= 1_000_000
    assert first_joined <= last_joined
    random = Random(f"{seed}:people")
    phones = _phones(random)
    days = (last_joined - first_joined).days + 1
    # A power below one leans towards the present: the shop has been growing.
    for offset in sorted(int(random.random() ** 0.8 * days) for _ in range(count)):
        yield _member(random, next(phones), first_joined + timedelta(days=offset))


def _member(random: Random, phone: str, joined: date) -> DemoMember:
    chance = random.random
    gender: Gender = "female" if chance() < 0.62 else "male"
    birth_year = joined.year - _age(random)
    surname = _surname(random)
    name: str | None = surname + _given_name(random, gender, birth_year)
    is_bare_number = chance() < PHONE_ONLY_SHARE
    if is_bare_number:
        name = None
    elif chance() < CALLED_BY_TITLE_SHARE:
        name = surname + _title(random, gender)
    knows_birthday = chance() < (0.06 if is_bare_number else 0.55)
    return DemoMember(
        phone=phone,
        name=name,
        gender=gender if name is not None or chance() < 0.2 else None,
        birthday=_birthday(random, birth_year) if knows_birthday else None,
        joined=joined,
        has_marketing_consent=chance() < CONSENT_SHARE,
        tags=_tags(random) if chance() < 0.22 else (),
    )


_Value = TypeVar("_Value")


def _picker(weighted: dict[_Value, float], slots: int = 4096) -> Callable[[Random], _Value]:
    """A draw by weight in one look-up: each value fills its share of a fixed number of slots."""
    total = sum(weighted.values())
    ends = [round(end / total * slots) for end in accumulate(weighted.values())]
    table: list[_Value] = []
    for value, end in zip(weighted, ends, strict=True):
        table.extend([value] * (end - len(table)))
    assert len(table) == slots
    return lambda random: table[int(random.random() * slots)]


def _phones(random: Random) -> Iterator[str]:
    """Mobile numbers 0900…–0989…, none twice. (0990–0999 are personal numbers, not mobiles.)"""
    given: set[int] = set()
    while True:
        number = int(random.random() * 90_000_000)
        if number not in given:
            given.add(number)
            yield f"09{number:08d}"


def _age(random: Random) -> int:
    """From 16 to 88, most between 28 and 62: the sum of three draws is bell-shaped."""
    return 16 + int((random.random() + random.random() + random.random()) * 24.3)


def _birthday(random: Random, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=int(random.random() * 365))


# Households' surnames by their share of the population, per ten thousand (interior ministry's name statistics, rounded).
_surname = _picker(
    {
        "陳": 1114, "林": 828, "黃": 605, "張": 528, "李": 512, "王": 411, "吳": 403, "劉": 317, "蔡": 291, "楊": 266,
        "許": 232, "鄭": 188, "謝": 177, "洪": 151, "郭": 150, "邱": 147, "曾": 145, "廖": 136, "賴": 133, "徐": 127,
        "周": 122, "葉": 118, "蘇": 113, "莊": 95, "江": 91, "呂": 90, "何": 88, "蕭": 84, "羅": 83, "高": 81,
        "潘": 70, "簡": 69, "朱": 67, "鍾": 65, "彭": 62, "游": 60, "詹": 59, "胡": 56, "施": 55, "沈": 54,
        "余": 52, "盧": 50, "梁": 48, "趙": 46, "顏": 46, "柯": 45, "翁": 44, "魏": 43, "孫": 42, "戴": 41,
        "范": 39, "方": 37, "宋": 36, "鄧": 32, "杜": 27, "傅": 26, "侯": 26, "曹": 24, "薛": 24, "丁": 23,
        "卓": 23, "阮": 22, "馬": 20, "董": 20, "唐": 19, "温": 18, "藍": 18, "石": 18, "蔣": 18, "古": 18,
        "紀": 18, "姚": 17, "連": 17, "馮": 16, "歐": 16, "程": 16, "湯": 16, "黎": 15, "田": 15, "康": 15,
        "姜": 15, "白": 15, "汪": 15, "鄒": 14, "尤": 14, "巫": 14, "鐘": 14, "涂": 13, "龔": 12, "嚴": 11,
        "韓": 11, "袁": 11, "金": 10, "童": 9, "陸": 9, "夏": 9, "柳": 8, "凃": 8, "邵": 8, "錢": 8,
        "伍": 7, "倪": 7, "溫": 7, "歐陽": 6, "于": 6, "譚": 6, "駱": 6, "熊": 6, "任": 6, "甘": 6,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Generation:
    """How the people born up to a year were named: whole names of the time, and the characters that other names are made of."""

    born_until: int
    names: tuple[str, ...]
    first: str
    second: str


def _generation(born_until: int, names: str, first: str, second: str) -> _Generation:
    return _Generation(born_until, tuple(names.split()), first, second)


# The youngest rows hold a few rare characters (堃 喆 犇 甯) that every font and printer must know.
_GENERATIONS: dict[Gender, tuple[_Generation, ...]] = {
    "female": (
        _generation(1955, "秀英 玉蘭 秀琴 玉英 秀蘭 素梅 金蓮 麗華 月娥 美玉 秀鳳 阿美 春梅 玉珠 秀美 寶珠 麗卿 碧霞", "秀玉金月麗素春寶美碧阿罔", "英蘭琴梅蓮娥鳳珠霞卿雲桃菊枝綢"),
        _generation(1970, "淑芬 美玲 淑惠 美惠 麗華 淑貞 秀玲 素珍 麗美 淑娟 惠美 美珠 淑玲 玉玲 雪芬 麗珠 月雲 碧珠 瓊慧 淑美", "淑美秀麗素惠玉雪瓊碧月錦", "芬玲惠華貞珍娟珠雲美慧鳳卿真雀"),
        _generation(1985, "怡君 雅惠 淑娟 佩珊 慧玲 雅玲 靜宜 麗君 惠雯 佳玲 玉婷 雅芳 婉如 曉君 筱萍 佩君 淑華 素芬 美慧 嘉玲", "雅怡淑佩慧靜惠佳玉婉曉筱美嘉依", "君惠娟珊玲宜雯婷芳如萍華芬儀琪珍"),
        _generation(2000, "怡君 雅婷 雅雯 佳穎 怡婷 詩涵 宜君 筱涵 欣怡 心怡 佩蓉 婉婷 郁雯 思穎 靜怡 鈺婷 珮瑜 惠婷 佳蓉 雅涵", "雅怡佳詩宜筱欣心佩婉郁思靜鈺珮瑋", "婷雯穎涵君怡蓉瑜萱庭慈伶瑩甯潔琳"),
        _generation(2020, "宜蓁 詠晴 子晴 品妍 宥蓁 羽彤 思妤 詩涵 芷瑄 佳穎 采潔 若涵 昀臻 芯語 又瑄 語彤 苡晴 妤安 姿妤 沛晴", "宜詠子品宥羽思芷采若昀芯語苡沛禹", "蓁晴妍彤妤涵瑄潔臻安恩萱甯薇昕喆"),
    ),
    "male": (
        _generation(1955, "正雄 武雄 文雄 金龍 明德 清水 金生 萬福 正義 進財 春生 清山 榮華 阿土 天賜 國雄 義雄 水木", "正武文金明清萬進春榮天國義水火阿", "雄龍德水生福義財山華賜木土旺樹"),
        _generation(1970, "志明 俊雄 進財 文章 明輝 金龍 建國 文彬 國華 榮華 清標 正雄 永昌 振輝 火旺 嘉雄 茂松 明宏 光輝 錦堂", "志俊進文明金建國榮清正永振嘉茂光錦", "明雄財章輝龍國彬華標昌松宏堂祥宗"),
        _generation(1985, "志明 志偉 志豪 建宏 俊傑 文傑 家豪 明哲 志強 宗翰 俊宏 建志 志成 信宏 嘉宏 政憲 國書 銘傑 文彥 智偉", "志建俊文家明宗信嘉政國銘智彥偉堃", "明偉豪宏傑哲強翰成憲書彥賢仁銘峰"),
        _generation(2000, "家豪 冠宇 宗翰 家瑋 彥廷 柏翰 承翰 冠廷 俊宏 宇軒 哲瑋 建宏 信宏 柏宇 佳霖 冠霖 耀文 仁傑 韋廷 聖文", "家冠宗彥柏承俊宇哲建信佳耀仁韋聖", "豪宇翰瑋廷宏軒霖文傑達安凱倫佑喆犇"),
        _generation(2020, "承恩 宥廷 品睿 宸睿 柏宇 冠廷 宇翔 睿恩 柏睿 子軒 彥廷 承翰 宇恩 詠翔 禹安 奕辰 品翰 昱安 恩碩 楷恩", "承宥品宸柏冠宇睿子彥詠禹奕昱恩楷", "恩廷睿宇翔軒翰安辰碩佑勳叡霆犇喆"),
    ),
}  # fmt: skip

_TITLES: dict[Gender, tuple[str, ...]] = {
    "female": ("小姐", "小姐", "太太", "媽媽", "阿姨", "老師", "老闆娘"),
    "male": ("先生", "先生", "先生", "爸爸", "老闆", "老師", "伯伯"),
}
_TAGS = (
    "附近住戶", "附近上班", "常買咖啡", "吃素", "養貓", "養狗", "愛烘焙", "常送禮", "團購主", "會員日才來", "要統編",
    "自備購物袋", "不吃牛", "家有長輩", "家有幼兒", "學生", "怕甜", "早餐常客", "要宅配", "麵包留貨",
)  # fmt: skip


def _given_name(random: Random, gender: Gender, birth_year: int) -> str:
    """Three in five have a name typical of their years, the others one that was put together; a few have a single character."""
    chance = random.random
    generation = next(row for row in _GENERATIONS[gender] if birth_year <= row.born_until)
    if chance() < 0.6:
        return generation.names[int(chance() * len(generation.names))]
    last = generation.second[int(chance() * len(generation.second))]
    if chance() < 0.05:
        return last
    return generation.first[int(chance() * len(generation.first))] + last


def _title(random: Random, gender: Gender) -> str:
    titles = _TITLES[gender]
    return titles[int(random.random() * len(titles))]


def _tags(random: Random) -> tuple[str, ...]:
    first = int(random.random() * len(_TAGS))
    if random.random() < 0.7:
        return (_TAGS[first],)
    step = 1 + int(random.random() * (len(_TAGS) - 1))
    return (_TAGS[first], _TAGS[(first + step) % len(_TAGS)])
