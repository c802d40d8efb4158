"""The forms in which numbers, names and addresses are compared: one form for every way of writing the same thing.

Nothing here is shown or stored: a key only says what is equal to what.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SoundOf = Callable[[str], str]
"""The toneless pinyin of one Chinese character (``君`` -> ``jun``); ``""`` for anything else."""

_NOT_DIGITS: Final = re.compile(r"\D+")
_EXTENSION: Final = re.compile(r"(#|ext\.?|分機|分机|轉|转).*$")
_NATIONAL: Final = re.compile(r"0(9\d{8}|[2-8]\d{7,8})")  # a mobile, or a landline with its area code
_FOREIGN: Final = re.compile(r"(?:86(1[3-9]\d{9})|852([4-9]\d{7})|853(6\d{7}))")

# What is written after a surname instead of a name, and whom it says.
_TITLES: Final = {
    "先生": "male", "大哥": "male", "叔叔": "male", "爸爸": "male", "伯伯": "male", "阿伯": "male",
    "小姐": "female", "女士": "female", "媽媽": "female", "妈妈": "female", "阿姨": "female", "大姐": "female", "姐姐": "female",
    "太太": "wife", "老師": "", "老师": "", "醫師": "", "医师": "", "老闆": "", "老板": "", "經理": "", "经理": "",
}  # fmt: skip
_DOUBLE_SURNAMES: Final = frozenset(
    ("歐陽", "欧阳", "司馬", "司马", "上官", "諸葛", "诸葛", "司徒", "張簡", "张简", "范姜", "皇甫", "端木")
)
# Traditional and simplified, and other ways of writing one character: each followed by the form that is compared.
_SAME: Final = (
    "陈陳黄黃张張刘劉杨楊许許郑鄭谢謝赖賴苏蘇庄莊吕呂萧蕭肖蕭罗羅钟鍾鐘鍾赵趙颜顏孙孫卢盧邓鄧马馬温溫蓝藍蒋蔣纪紀连連冯馮欧歐汤湯"
    "龚龔严嚴叶葉吴吳沉沈凃涂贺賀陆陸钱錢顾顧简簡闫閆阎閻谭譚贾賈邹鄒聂聶傅傅万萬云雲臺台"
    "丽麗贞貞凤鳳兰蘭华華伟偉国國杰傑彦彥钰鈺铭銘庆慶莹瑩仪儀静靜娴嫻莲蓮宝寶纯純维維纬緯轩軒泽澤凯凱胜勝咏詠语語诗詩颖穎润潤"
    "诚誠强強達達达達荣榮义義兴興贤賢学學东東龙龍飞飛鹏鵬灿燦炜煒晓曉晖暉圣聖进進远遠运運进進志志韵韻银銀铃鈴锦錦锋鋒镇鎮"
    "谊誼谦謙诠詮财財贵貴资資赞贊汉漢洁潔滨濱济濟玮瑋环環琼瓊玛瑪瑶瑤怀懷忆憶恒恆梦夢桦樺栋棟树樹权權条條乐樂"
    "娇嬌婵嬋妈媽姗姍俪儷侨僑亚亞亿億业業叶葉头頭开開关關闻聞阳陽阴陰隽雋霭靄鸿鴻齐齊"
    "峯峰羣群啟啓眞真教教靑青淸清內内户戶綉繡绣繡纹紋线線红紅约約级級绍紹细細经經缘緣绮綺绫綾绿綠績績绩績继繼续續"
)
_TABLE: Final = str.maketrans(dict(zip(_SAME[::2], _SAME[1::2], strict=True)))

# Sounds that speakers in Taiwan seldom tell apart (zh/z, ch/c, sh/s, -ng/-n).
_CLOSE_SOUNDS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("eng", "en"), ("ing", "in"))
# Latin spellings and pinyin, brought down to the consonants on which every romanisation agrees.
_ROMAN: Final = (
    (re.compile(r"lee\b"), "li"),
    (re.compile(r"zh|ch|j|q"), "c"),
    (re.compile(r"ts|tz|z"), "s"),
    (re.compile(r"hs|sh|x|ss"), "s"),
    (re.compile(r"b"), "p"),
    (re.compile(r"d"), "t"),
    (re.compile(r"g(?!\b|[^aeiou])|k"), "k"),
    (re.compile(r"[aeiouyw]+"), ""),
)


@dataclass(frozen=True, slots=True)
class PhoneKey:
    """``text`` is equal for equal numbers; ``digits`` are the national ones (``912345678``, ``223456789``), for slips of a finger.

    ``written`` is how it stands in the file.
    """

    text: str = ""
    digits: str = ""
    is_mobile: bool = False
    written: str = ""


@dataclass(frozen=True, slots=True)
class NameKey:
    """A name taken apart. ``plain`` is empty when there is none; ``given`` is empty when only a surname and a title are known.

    ``sound`` and ``close_sound`` are the pinyin of the whole name with spaces between; a Latin name has ``words`` instead.
    """

    plain: str = ""
    surname: str = ""
    given: str = ""
    sound: str = ""
    close_sound: str = ""
    title_gender: str = ""
    words: frozenset[str] = frozenset()
    roman: frozenset[str] = frozenset()
    surname_roman: str = ""

    @property
    def is_full(self) -> bool:
        return bool(self.given)


NO_PHONE: Final = PhoneKey()
NO_NAME: Final = NameKey()


def phone_key(text: str) -> PhoneKey:
    """One key for every way of writing a number: ``0912-345-678``, ``+886 912 345 678``, ``００８８６９１２３４５６７８``, ``912345678``.

    Landlines of Taiwan and mobiles of the neighbours are understood as well; anything else is compared digit by digit.
    """
    folded = _EXTENSION.sub("", unicodedata.normalize("NFKC", text).strip().casefold())
    digits = _NOT_DIGITS.sub("", folded)
    if not digits.strip("0"):
        return NO_PHONE
    local = digits.removeprefix("00") if digits.startswith("00") else digits
    if local.startswith("886") and len(local) >= 11:
        local = "0" + local[3:].removeprefix("0")
    elif foreign := _FOREIGN.fullmatch(local):
        return PhoneKey("+" + local, next(group for group in foreign.groups() if group), True, text)
    elif not local.startswith("0"):
        # A spreadsheet took it for a number and dropped the zero.
        local = "0" + local if _NATIONAL.fullmatch("0" + local) else local
    if _NATIONAL.fullmatch(local):
        return PhoneKey("+886" + local[1:], local[1:], local.startswith("09"), text)
    return PhoneKey(local, local.lstrip("0"), False, text)


def email_key(text: str) -> str:
    """``Amy.Chen+shop@Googlemail.com`` -> ``amychen@gmail.com``: where one mailbox has many spellings, the shortest."""
    local, at, host = unicodedata.normalize("NFKC", text).strip().casefold().rpartition("@")
    if not at or not local:
        return ""
    host = "gmail.com" if host == "googlemail.com" else host
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if host == 'gmail.com' else local}@{host}"


def word_key(text: str) -> str:
    """LINE ids, carriers and card codes: width and case do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_key(text: str, sound_of: SoundOf) -> NameKey:
    """The name taken apart, in one script and one width: ``陈 怡君 小姐`` -> surname 陳, given 怡君."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain:
        return NO_NAME
    if plain.isascii():
        return _latin(plain)
    plain = "".join(character for character in plain if character.isalnum()).translate(_TABLE)
    title = next((title for title in _TITLES if plain.endswith(title.translate(_TABLE))), "")
    if title and len(plain) > len(title):
        plain = plain[: -len(title)]
    gender = _TITLES[title] if title else ""
    width = 2 if plain[:2] in _DOUBLE_TRADITIONAL and len(plain) > 2 else 1
    surname, given = (plain, "") if title and len(plain) <= width else (plain[:width], plain[width:])
    syllables = [sound_of(character) or character for character in plain]
    return NameKey(
        plain=plain,
        surname=surname,
        given=given,
        sound=" ".join(syllables),
        close_sound=" ".join(map(close, syllables)),
        title_gender=gender,
        roman=_both_orders(syllables, width) if given else frozenset(),
        surname_roman=roman(" ".join(syllables[:width])),
    )


_DOUBLE_TRADITIONAL: Final = frozenset(name.translate(_TABLE) for name in _DOUBLE_SURNAMES)


def _both_orders(syllables: list[str], width: int) -> frozenset[str]:
    """Surname first, as in Chinese, and last, as many write it in Latin letters."""
    surname_last = (*syllables[width:], *syllables[:width])
    return frozenset((roman(" ".join(syllables)), roman(" ".join(surname_last))))


def close(syllable: str) -> str:
    """The syllable without what speakers in Taiwan seldom tell apart."""
    for sound, closest in _CLOSE_SOUNDS:
        syllable = syllable.replace(sound, closest)
    return syllable


def roman(text: str) -> str:
    """The consonants of a romanised name, whatever the romanisation: ``chen yi jun`` and ``Chen Yi-Chun`` are the same."""
    for pattern, kept in _ROMAN:
        text = pattern.sub(kept, text)
    return re.sub(r"[^a-z]", "", text)


def _latin(plain: str) -> NameKey:
    words = [word for word in re.split(r"[^a-z]+", plain) if word]
    if not words:
        return NameKey(plain=plain)
    return NameKey(
        plain=" ".join(words),
        words=frozenset(words),
        roman=frozenset((roman(" ".join(words)),)),
    )
