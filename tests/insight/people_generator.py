"""An invented member list of which it is known who is who: people, their relatives, and the second files some of them got by mistake.

It is written from how a counter makes duplicates, not from how they are found: a digit keyed wrong, a number noted another way, a new
number with the old name, a friend who said the name. The same seed gives the same list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

from app.domain.ids import MemberId
from app.insight.duplicates_values import Person

Pair = frozenset[MemberId]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = (
    "陳" * 111 + "林" * 83 + "黃" * 60 + "張" * 53 + "李" * 51 + "王" * 41 + "吳" * 40 + "劉" * 32 + "蔡" * 29 + "楊" * 27
    + "許" * 23 + "鄭" * 19 + "謝" * 18 + "洪" * 15 + "郭" * 15 + "邱" * 15 + "曾" * 14 + "廖" * 14 + "賴" * 13 + "徐" * 13
    + "周" * 12 + "葉" * 12 + "蘇" * 12 + "莊" * 10 + "江" * 9 + "呂" * 9 + "何" * 9 + "蕭" * 8 + "羅" * 8 + "高" * 8
    + "潘潘潘潘簡簡簡簡朱朱朱鍾鍾鍾彭彭彭游游詹詹胡胡施施沈沈余余盧盧梁梁趙趙顏顏柯柯"
    + "翁魏孫戴范方宋鄧杜傅侯曹薛丁卓馬董唐藍石蔣古紀姚連馮歐程湯"
)  # fmt: skip
WOMEN = _words(
    "怡君 雅婷 淑芬 美玲 雅惠 淑惠 淑娟 美惠 麗華 淑貞 佳蓉 詩涵 宜蓁 欣怡 佩珊 鈺婷 惠雯 "
    "靜宜 心怡 思穎 郁婷 佳穎 婉婷 雅雯 淑玲 秀英 秀蘭 美華 玉蘭 麗卿 慧君 佩君 嘉玲 曉雯 "
    "家瑜 品妤 子涵 詠晴 羽彤 筱涵 依婷 筱婷 淑華 麗珠 素貞 月娥 麗雲 美雲 惠美 碧霞 雅琪 "
    "詩婷"
)
MEN = _words(
    "家豪 志明 建宏 俊宏 志豪 志偉 俊傑 冠宇 建志 承翰 宗翰 彥廷 宇軒 柏翰 冠廷 明宏 文雄 "
    "文彬 信宏 志宏 俊賢 建良 國華 明德 金龍 進財 文華 世傑 正雄 俊男 嘉宏 偉倫 政憲 智偉 "
    "哲瑋 彥宏 品睿 宥廷 柏宇 子翔 浩宇 家銘 育誠 建成 榮華 清水 國強 文欽 勝雄 志強 銘宏"
)
# The characters that less common given names are made of.
CHARACTERS = (
    "怡君雅婷淑芬美玲佳蓉詩涵宜蓁欣佩珊鈺惠雯靜心思穎郁婉慧嘉曉家瑜品妤子詠晴羽彤筱依麗素月碧琪芳蓮瑩儀芷若予安恩語彤"
    "豪志明建宏俊偉傑冠宇承翰宗彥廷軒柏文雄彬信賢良國德世正男倫政憲智哲瑋睿宥翔浩銘育誠成榮勝強凱維澤元昱仁弘毅達"
)
# One writes another character of the same or nearly the same sound (注音 input, or heard and never seen written).
SOUNDALIKES = _words(
    "君均 婷庭廷亭 芬芳 玲凌伶 惠慧蕙 娟涓 貞珍真 蓉容榕 涵函 宜怡儀誼 蓁臻 珊姍 鈺玉育 "
    "雯文紋 靜敬婧 穎瑩盈 郁毓玉 佳嘉家 穎潁 妤予瑜 豪毫 志智至誌 明銘鳴 宏弘鴻洪 俊竣峻浚 "
    "偉瑋緯 傑杰捷 宇羽雨 冠貫 翰瀚漢 彥晏諺 軒萱瑄 柏伯 廷庭 信昕心 賢閒 哲喆 睿瑞叡 翔祥 "
    "浩皓昊 詩思 淑書 雅亞 欣心昕新 佩珮 依伊 曉筱小 麗莉俐"
)
SIMPLIFIED = dict(
    zip(
        "陳黃張劉楊許鄭謝賴蘇莊呂蕭羅鍾趙顏孫盧鄧馬藍蔣紀連馮歐湯貞鳳蘭華偉國傑彥鈺銘慶瑩儀靜蓮寶維軒澤凱勝詠語麗雲誠強達羅詩涵穎",
        "陈黄张刘杨许郑谢赖苏庄吕萧罗钟赵颜孙卢邓马蓝蒋纪连冯欧汤贞凤兰华伟国杰彦钰铭庆莹仪静莲宝维轩泽凯胜咏语丽云诚强达罗诗涵颖",
        strict=True,
    )
)
ENGLISH = _words(
    "Amy Annie Emily Grace Jessica Joyce Karen Linda Lisa Mandy Peggy Sandy Tina Vivian Wendy "
    "Allen Andy Ben David Eric Jack Jason Jerry Kevin Leo Mark Peter Sam Tom Tony"
)
ROMANISED_SURNAMES = {
    "陳": "Chen", "林": "Lin", "黃": "Huang", "張": "Chang", "李": "Lee", "王": "Wang", "吳": "Wu", "劉": "Liu", "蔡": "Tsai", "楊": "Yang",
}  # fmt: skip
ROMANISED = {
    "怡君": "Yi-Chun", "雅婷": "Ya-Ting", "淑芬": "Shu-Fen", "美玲": "Mei-Ling", "欣怡": "Hsin-Yi", "家豪": "Chia-Hao", "志明": "Chih-Ming",
    "建宏": "Chien-Hung", "俊傑": "Chun-Chieh", "冠宇": "Kuan-Yu", "詩涵": "Shih-Han", "佩珊": "Pei-Shan", "宗翰": "Tsung-Han",
}  # fmt: skip
MAIL_HOSTS = (
    "gmail.com",
    "gmail.com",
    "gmail.com",
    "gmail.com",
    "yahoo.com.tw",
    "yahoo.com.tw",
    "hotmail.com",
    "icloud.com",
)
AREA_CODES = ("02", "02", "02", "03", "04", "04", "06", "07")


@dataclass(frozen=True, slots=True)
class MemberList:
    """``people`` in no order; ``truth`` are all pairs of files that are one person."""

    people: tuple[Person, ...]
    truth: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody as they really are, whatever their file says."""

    surname: str
    given: str
    gender: str
    born: date
    phone: str
    email: str
    line_id: str
    carrier: str
    shares_number: bool = False

    @property
    def name(self) -> str:
        return self.surname + self.given


def generate(
    seed: int, *, members: int = 6_000, duplicates: int = 1_000, households: int = 300
) -> MemberList:
    """``members`` different people, ``households`` of them with relatives at one number, and ``duplicates`` second files."""
    return _Town(Random(f"{seed}:people")).list_of(members, duplicates, households)


def shuffled_pairs(truth: Sequence[tuple[MemberId, MemberId]]) -> frozenset[Pair]:
    return frozenset(frozenset(pair) for pair in truth)


class _Town:
    def __init__(self, random: Random) -> None:
        self.random = random
        self._given_phones: set[str] = set()

    def list_of(self, members: int, duplicates: int, households: int) -> MemberList:
        humans: list[Human] = []
        for _ in range(households):
            humans += self.household()
        while len(humans) < members:
            humans.append(self.human())
        humans = humans[:members]
        files = [self.file(human) for human in humans]
        doubled = self.random.sample(range(members), duplicates)
        second = [self.second_file(humans[place], files[place]) for place in doubled]
        truth = shuffled_pairs(
            [(files[place].id, again.id) for place, again in zip(doubled, second, strict=True)]
        )
        people = [*files, *second]
        self.random.shuffle(people)
        return MemberList(tuple(people), truth)

    # --- people -------------------------------------------------------------------------------------------------------

    def human(self, surname: str = "", phone: str = "", born: date | None = None, gender: str = "") -> Human:
        random = self.random
        gender = gender or ("female" if random.random() < 0.62 else "male")
        local = (
            f"{random.choice(ENGLISH).lower()}{random.choice('abcdefghijklmnop')}{random.randrange(10_000)}"
        )
        return Human(
            surname=surname or random.choice(SURNAMES),
            given=self.given_name(gender),
            gender=gender,
            born=born or date(1940, 1, 1) + timedelta(days=int(random.triangular(0, 25_500, 17_000))),
            phone=phone or self.phone(),
            email=f"{local}@{random.choice(MAIL_HOSTS)}",
            line_id=f"{random.choice(ENGLISH).lower()}{random.randrange(100_000)}",
            carrier="/" + "".join(random.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789+-.") for _ in range(7)),
        )

    def given_name(self, gender: str) -> str:
        random = self.random
        if random.random() < 0.45:
            # The first names of the list are many times as common as the last.
            names = WOMEN if gender == "female" else MEN
            return names[int(len(names) * random.random() ** 2.2)]
        if random.random() < 0.04:
            return random.choice(CHARACTERS)
        return random.choice(CHARACTERS) + random.choice(CHARACTERS)

    def phone(self) -> str:
        while True:
            if self.random.random() < 0.05:
                area = self.random.choice(AREA_CODES)
                number = (
                    area
                    + f"{self.random.randrange(2, 9)}{self.random.randrange(10**7):07d}"[: 10 - len(area)]
                )
            else:
                number = f"09{self.random.randrange(90):02d}{self.random.randrange(10**6):06d}"
            if number not in self._given_phones:
                self._given_phones.add(number)
                return number

    def household(self) -> Iterator[Human]:
        """Relatives at one number, or with numbers bought together; sisters share a character, twins a birthday."""
        random = self.random
        first = self.human()
        kind = random.choices(
            ("couple", "parent", "siblings", "twins", "in a row"), weights=(32, 30, 20, 6, 12), k=1
        )[0]
        if kind == "in a row":
            row = f"{first.phone[:-1]}{(int(first.phone[-1]) + 1) % 10}"
            self._given_phones.add(row)
            yield first
            yield self.human(first.surname, row)
            return
        yield replace(first, shares_number=True)
        yield replace(self.relative(first, kind), shares_number=True)

    def relative(self, first: Human, kind: str) -> Human:
        random = self.random
        if kind == "couple":
            other = self.human(
                phone=first.phone,
                gender="male" if first.gender == "female" else "female",
                born=first.born + timedelta(days=random.randrange(-2_000, 2_000)),
            )
            return replace(other, email=first.email) if random.random() < 0.25 else other
        if kind == "parent":
            return self.human(
                first.surname, first.phone, first.born + timedelta(days=random.randrange(8_500, 12_500))
            )
        days = 0 if kind == "twins" else random.randrange(400, 2_500)
        other = self.human(first.surname, first.phone, first.born + timedelta(days=days))
        if random.random() < 0.5 and len(first.given) == 2:
            other = replace(other, given=first.given[0] + self.other_character(first.given[1]))
        return replace(other, given=self.given_name(other.gender)) if other.given == first.given else other

    def other_character(self, character: str) -> str:
        """Another one that does not even sound like it: parents tell their children apart."""
        alike = "".join(group for group in SOUNDALIKES if character in group) + character
        return self.random.choice([other for other in CHARACTERS if other not in alike])

    # --- files --------------------------------------------------------------------------------------------------------

    def file(self, human: Human) -> Person:
        """What the shop wrote down of somebody, with the usual gaps."""
        random = self.random
        return Person(
            id=MemberId(UUID(int=random.getrandbits(128))),
            phone=human.phone,
            name=self.name_on_file(human),
            birthday=self.birthday_on_file(human.born),
            email=human.email if random.random() < 0.32 else "",
            line_id=human.line_id if random.random() < 0.25 else "",
            gender=human.gender if random.random() < 0.6 else "",
            joined_on=date(2023, 4, 1) + timedelta(days=random.randrange(1_200)),
            carrier=human.carrier if random.random() < 0.12 else "",
        )

    def name_on_file(self, human: Human) -> str:
        chance = self.random.random()
        if chance < 0.12 and not human.shares_number:
            return ""  # a second file at one number is only made because another name was said
        if chance < 0.18:
            return human.surname + self.title(human)
        if chance < 0.22:
            return self.english_name(human)
        return human.name

    def title(self, human: Human) -> str:
        return self.random.choice(
            ("小姐", "太太", "女士", "媽媽") if human.gender == "female" else ("先生", "大哥", "先生")
        )

    def english_name(self, human: Human) -> str:
        surname = ROMANISED_SURNAMES.get(human.surname, "")
        given = ROMANISED.get(human.given, "")
        if surname and given and self.random.random() < 0.8:
            return self.random.choice(
                (f"{surname} {given}", f"{given} {surname}", f"{surname.upper()},{given.upper()}")
            )
        nickname = self.random.choice(ENGLISH)
        return f"{nickname} {surname}".strip() if self.random.random() < 0.5 else nickname

    def birthday_on_file(self, born: date) -> str:
        chance = self.random.random()
        if chance < 0.42:
            return ""
        return born.isoformat() if chance < 0.85 else born.strftime("--%m-%d")

    # --- the second file ----------------------------------------------------------------------------------------------

    def second_file(self, human: Human, first: Person) -> Person:
        """The same person again: how it happened decides what is different."""
        random = self.random
        again = self.file(human)
        how = random.choices(
            ("digit", "swap", "two digits", "written", "new number"), weights=(42, 14, 4, 24, 16), k=1
        )[0]
        phone = {
            "digit": self.wrong_digit,
            "swap": self.swapped,
            "two digits": lambda number: self.wrong_digit(self.wrong_digit(number)),
            "written": self.written_another_way,
            "new number": self.new_number,
        }[how](human.phone)
        name = again.name
        if name == human.name and random.random() < 0.25:
            name = self.varied_name(human)
        again = replace(
            again,
            phone=phone,
            name=name,
            birthday=self.slip_of_birthday(again.birthday),
            email=self.slip_of_email(again.email),
            gender="" if random.random() < 0.2 else again.gender,
            joined_on=(first.joined_on or date(2023, 4, 1)) + timedelta(days=random.randrange(1, 500)),
        )
        return self.recognised_by_something(human, first, again) if how == "new number" else again

    def recognised_by_something(self, human: Human, first: Person, again: Person) -> Person:
        """With a new number, a name alone proves nothing: the shop could only know by a birthday, a mail address or a LINE id."""
        if first.birthday.startswith("--") or not first.birthday or not first.name:
            known = [
                name
                for name in ("email", "line_id", "carrier")
                if getattr(first, name) and getattr(first, name) == getattr(again, name)
            ]
            if not known:
                return replace(again, phone=self.wrong_digit(human.phone))
            return again
        return replace(
            again, name=first.name if self.random.random() < 0.9 else again.name, birthday=first.birthday
        )

    def new_number(self, _: str) -> str:
        return self.phone()

    def wrong_digit(self, number: str) -> str:
        place = self.random.randrange(2, len(number))
        other = self.random.choice([digit for digit in "0123456789" if digit != number[place]])
        return number[:place] + other + number[place + 1 :]

    def swapped(self, number: str) -> str:
        places = [
            place for place, (one, next_one) in enumerate(pairwise(number)) if place > 1 and one != next_one
        ]
        if not places:
            return self.wrong_digit(number)
        place = self.random.choice(places)
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    def written_another_way(self, number: str) -> str:
        ways: tuple[Callable[[str], str], ...] = (
            lambda text: "+886" + text[1:],
            lambda text: (
                f"{text[:4]}-{text[4:7]}-{text[7:]}"
                if text.startswith("09")
                else f"({text[:2]}){text[2:6]}-{text[6:]}"
            ),
            lambda text: (
                f"{text[:4]} {text[4:7]} {text[7:]}" if text.startswith("09") else f"{text[:2]} {text[2:]}"
            ),
            lambda text: "+886-" + text[1:4] + "-" + text[4:],
            lambda text: "00886" + text[1:],
            lambda text: "".join(chr(ord(digit) + 0xFEE0) for digit in text),
            lambda text: text[1:],  # a spreadsheet took it for a number
        )
        return self.random.choice(ways)(number)

    def varied_name(self, human: Human) -> str:
        random = self.random
        how = random.choices(
            ("sound", "simplified", "spaced", "title", "english", "given", "married", "renamed", "none"),
            weights=(34, 14, 6, 12, 10, 6, 5, 2, 11),
            k=1,
        )[0]
        match how:
            case "sound":
                return human.surname + self.heard(human.given)
            case "simplified":
                return "".join(SIMPLIFIED.get(character, character) for character in human.name)
            case "spaced":
                return random.choice((" ", "　")).join(human.name)
            case "title":
                return human.surname + self.title(human)
            case "english":
                return self.english_name(human)
            case "given":
                return human.given if len(human.given) == 2 else human.name
            case "married":
                return random.choice(SURNAMES) + human.name if human.gender == "female" else human.name
            case "renamed":
                return human.surname + self.given_name(human.gender)
            case _:
                return ""

    def heard(self, given: str) -> str:
        """One character written as another of its sound."""
        for place in self.random.sample(range(len(given)), len(given)):
            alike = [
                other
                for group in SOUNDALIKES
                if given[place] in group
                for other in group
                if other != given[place]
            ]
            if alike:
                return given[:place] + self.random.choice(alike) + given[place + 1 :]
        return given

    def slip_of_birthday(self, text: str) -> str:
        if not text or self.random.random() > 0.05:
            return text
        day = date.fromisoformat(text.replace("--", "2000-"))
        if self.random.random() < 0.3 and day.day <= 12:
            wrong = day.replace(month=day.day, day=day.month)
        else:
            wrong = day.replace(day=1 + (day.day + self.random.choice((1, 9, 10, 19))) % 28)
        return wrong.strftime("--%m-%d") if text.startswith("--") else wrong.isoformat()

    def slip_of_email(self, text: str) -> str:
        chance = self.random.random()
        if not text or chance > 0.2:
            return text
        local, _, host = text.partition("@")
        if chance < 0.06:
            return f"{local[:1].upper()}{local[1:]}@{host}"
        if chance < 0.1 and host == "gmail.com":
            return f"{local[:3]}.{local[3:]}@{host}"
        if chance < 0.14:
            return f"{local}@{host.replace('.com', '.con')}"
        place = self.random.randrange(1, len(local))
        return f"{local[:place]}{local[place + 1 :]}@{host}"
