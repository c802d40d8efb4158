"""Searching Chinese names: folding what was typed, 注音 and pinyin initials, and both sides of the full-text index.

Index and query must be made by this module alone: `search_tokens` writes what `match_expression` asks for. A Chinese character is a token
of its own, so one or two of them find a name; nothing that is typed can break the query's syntax, because only letters and digits reach
it, each run in quotes.

The reading of characters comes from pypinyin, which takes a while to import: only making an index needs it, typing a query never does.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby, islice
from types import ModuleType
from typing import Literal

# A name with characters of several readings is indexed under so many spellings at most, the most common reading first.
SPELLINGS_MAX = 4
# Initials are indexed from every character of a name on, up to so many characters of it.
INITIALS_FROM_MAX = 32
# So many words of a query count; nobody types more to find one thing.
QUERY_WORDS_MAX = 12
QUERY_WORD_LENGTH_MAX = 64

Script = Literal["pinyin", "bopomofo"]


def fold(text: str) -> str:
    """The text as it is compared: one width, one case, one way of writing each character, single spaces, nothing around it.

    Full-width becomes half-width (NFKC), accents on Latin letters go, and variants are written as Taiwan's shops mostly do (臺 -> 台).
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not plain.isascii():
        # Case folding can undo the composition.
        plain = unicodedata.normalize("NFKC", "".join(map(_folded, plain)))
    return " ".join(plain.split())


def initials(text: str) -> tuple[str, ...]:
    """The first letter of each character's sound, in pinyin and in 注音: 綠茶 -> ``("lc", "ㄌㄔ")``.

    A syllable without an initial consonant gives its first symbol (烏 -> ``w``, ``ㄨ``); Latin letters and digits are kept; whatever else
    has no sound is left out. Characters with several common readings give further pairs, at most `SPELLINGS_MAX`.
    """
    sounds = _sounds(fold(text))
    if not sounds:
        return ()
    return tuple(
        dict.fromkeys(_spelt(spelling, script) for spelling in _spellings(sounds) for script in _SCRIPTS)
    )


def search_tokens(name: str, sku: str = "", barcodes: Iterable[str] = ()) -> str:
    """What to put into the full-text index (FTS5, tokenizer unicode61) for one item or member: tokens with spaces between.

    The characters and words of the name, then those of the codes, then the initials: of the whole name, and from each of its Chinese
    characters on, so that 烏龍茶 finds 高山烏龍茶 by ``wlc``.
    """
    folded = fold(name)
    tokens = list(_tokens(folded))
    for code in (sku, *barcodes):
        words = list(_tokens(fold(code)))
        # A code with dashes is found typed with them and without.
        tokens += words if len(words) < 2 else [*words, "".join(words)]
    if any(map(_is_ideograph, folded)):
        tokens += dict.fromkeys(_initial_tokens(folded))
    return " ".join(tokens)


def match_expression(query: str) -> str:
    """The FTS5 ``MATCH`` expression for what was typed; empty when there is nothing in it to search for.

    Chinese characters side by side must stand side by side; a run of Latin letters or digits, or of 注音, is the beginning of a word, a
    code or initials; all the runs must be found: ``綠茶 500`` -> ``"綠 茶" AND "500" *``.
    """
    terms = [
        f'"{" ".join(run[:QUERY_WORD_LENGTH_MAX])}"'
        if is_ideographic
        else f'"{run[:QUERY_WORD_LENGTH_MAX]}" *'
        for run, is_ideographic in islice(_runs(fold(query)), QUERY_WORDS_MAX)
    ]
    return " AND ".join(terms)


def _initial_tokens(folded: str) -> Iterator[str]:
    """The pinyin initials of the whole with its Latin words, then those from each Chinese character on without them."""
    yield from filter(str.isascii, initials(folded))
    sounds = _sounds("".join(filter(_is_ideograph, folded)))
    for start in range(min(len(sounds), INITIALS_FROM_MAX)):
        for spelling in _spellings(sounds[start : start + INITIALS_FROM_MAX]):
            for script in _SCRIPTS:
                yield _spelt(spelling, script)


def _tokens(folded: str) -> Iterator[str]:
    for run, is_ideographic in _runs(folded):
        if is_ideographic:
            yield from run
        else:
            yield run


def _runs(folded: str) -> Iterator[tuple[str, bool]]:
    """The text cut where its kind of character changes: ideographs, 注音, other letters and digits; the rest only separates."""
    for kind, group in groupby(folded, _kind):
        if kind:
            yield "".join(group), kind == "ideograph"


@lru_cache(maxsize=65_536)
def _kind(character: str) -> Literal["", "ideograph", "bopomofo", "word"]:
    if not character.isalnum():
        return ""
    if _is_ideograph(character):
        return "ideograph"
    if "\u3105" <= character <= "\u312f" or "\u31a0" <= character <= "\u31bf":
        return "bopomofo"
    return "word"


def _is_ideograph(character: str) -> bool:
    """Chinese characters, and kana and Hangul syllables, which likewise run on without spaces."""
    return (
        "\u3400" <= character <= "\u9fff"
        or "\u3041" <= character <= "\u30ff"
        or "\uac00" <= character <= "\ud7a3"
        or "\uf900" <= character <= "\ufaff"
        or character in "〇々"
        or "\U00020000" <= character <= "\U000323af"
    ) and character.isalnum()


# The one sound of a character, by its first 注音 symbol, or a Latin letter or digit itself.
_Sounds = tuple[str, ...]

_SCRIPTS: tuple[Script, ...] = ("pinyin", "bopomofo")

_PINYIN_OF_SYMBOL = dict(
    zip(
        "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ",
        "bpmfdtnlgkhjqxzcsrzcsywyaoeeaeaoaeaee",
        strict=True,
    )
)

# Characters of more than one common reading, and those whose reading in Taiwan is another than pypinyin gives (牛軋糖, 垃圾, 酵素, 檜木):
# the first symbols, the most common first. A rare or old reading would only find what nobody looked for.
_READINGS = {
    "乾": "ㄍㄑ", "茄": "ㄑㄐ", "曾": "ㄗㄘ", "鯖": "ㄑ", "蛤": "ㄍㄏ", "重": "ㄓㄔ", "長": "ㄔㄓ", "樂": "ㄌㄩ", "彈": "ㄉㄊ",
    "調": "ㄊㄉ", "軋": "ㄍㄓㄧ", "阿": "ㄚㄜ", "傳": "ㄔㄓ", "便": "ㄅㄆ", "單": "ㄉㄕ", "查": "ㄔㄓ", "區": "ㄑㄡ", "解": "ㄐㄒ",
    "賈": "ㄐㄍ", "沈": "ㄕㄔ", "車": "ㄔㄐ", "行": "ㄒㄏ", "會": "ㄏㄎ", "提": "ㄊㄉ", "校": "ㄒㄐ", "朝": "ㄔㄓ", "藏": "ㄘㄗ",
    "降": "ㄐㄒ", "卡": "ㄎㄑ", "咖": "ㄎㄍ", "殼": "ㄎㄑ", "暴": "ㄅㄆ", "泊": "ㄅㄆ", "盛": "ㄕㄔ", "省": "ㄕㄒ", "參": "ㄘㄕ",
    "折": "ㄓㄕ", "匙": "ㄔㄕ", "繫": "ㄒㄐ", "屏": "ㄆㄅ", "刨": "ㄅㄆ", "囤": "ㄊㄉ", "圈": "ㄑㄐ", "識": "ㄕㄓ", "廁": "ㄘ",
    "率": "ㄌㄕ", "還": "ㄏㄒ", "嚇": "ㄒㄏ", "否": "ㄈㄆ", "脯": "ㄈㄆ", "埔": "ㄆㄅ", "垃": "ㄌ", "圾": "ㄙㄐ", "酵": "ㄒㄐ",
    "蝸": "ㄍㄨ", "堤": "ㄊㄉ", "檜": "ㄎㄍ", "仇": "ㄑㄔ", "翟": "ㄓㄉ", "尉": "ㄨㄩ", "覃": "ㄑㄊ", "茜": "ㄑㄒ", "蕃": "ㄈ",
    "番": "ㄈ", "粘": "ㄋㄓ", "黏": "ㄋ", "釀": "ㄋ", "炸": "ㄓ", "秤": "ㄔ", "薄": "ㄅ", "呷": "ㄒ", "粿": "ㄍ", "粄": "ㄅ",
    "干": "ㄍ", "传": "ㄔㄓ", "长": "ㄔㄓ", "乐": "ㄌㄩ", "弹": "ㄉㄊ", "调": "ㄊㄉ", "轧": "ㄍㄓㄧ", "单": "ㄉㄕ", "区": "ㄑㄡ",
    "贾": "ㄐㄍ", "车": "ㄔㄐ", "会": "ㄏㄎ", "壳": "ㄎㄑ", "参": "ㄘㄕ", "识": "ㄕㄓ", "还": "ㄏㄒ", "吓": "ㄒㄏ", "酿": "ㄋ",
}  # fmt: skip

# Variants, each followed by the form it is folded to.
_VARIANT_PAIRS = (
    "臺台裏裡着著綫線麪麵麺麵啓啟峯峰羣群衆眾鷄雞鶏雞喫吃菓果蔴麻艷豔菸煙汚污汙污鈎鉤牀床糉粽韮韭葱蔥麯麴氷冰碱鹼凉涼减減癡痴温溫"
    "眞真敎教靑青内內戸戶户戶説說産產緑綠黄黃髙高凃涂罇樽鹵滷籖籤籐藤粧妝脣唇讃讚晒曬蹟跡効效强強祕秘恒恆兎兔歎嘆册冊菴庵栢柏敍敘"
    "勛勳𠮷吉塩鹽鉄鐵沢澤広廣麦麥単單桜櫻旧舊壊壞歩步徳德恵惠栄榮横橫"
)
_VARIANTS = dict(zip(_VARIANT_PAIRS[::2], _VARIANT_PAIRS[1::2], strict=True))


@lru_cache(maxsize=65_536)
def _folded(character: str) -> str:
    """One character: a variant's common form, a Latin letter without its accent, and nothing for an accent or an invisible mark."""
    if "\u00c0" <= character <= "\u024f" or "\u1e00" <= character <= "\u1eff":
        return unicodedata.normalize("NFKD", character)[0]
    if "\u0300" <= character <= "\u036f" or unicodedata.category(character) == "Cf":
        return ""
    return _VARIANTS.get(character, character)


def _sounds(folded: str) -> tuple[_Sounds, ...]:
    """For each character that has a sound, its readings."""
    return tuple(sounds for sounds in map(_readings, folded) if sounds)


@lru_cache(maxsize=65_536)
def _readings(character: str) -> _Sounds:
    """First 注音 symbols, the most common reading first. A Latin letter or digit reads as itself, a sign as nothing."""
    if character in _READINGS:
        return tuple(_READINGS[character])
    if not _is_ideograph(character):
        return (character,) if character.isascii() and character.isalnum() else ()
    symbol = _pypinyin_symbol(character)
    return (symbol,) if symbol in _PINYIN_OF_SYMBOL else ()


def _spellings(sounds: tuple[_Sounds, ...]) -> Iterator[_Sounds]:
    """The most common reading of all, then those with one other reading, at most `SPELLINGS_MAX`."""
    common = tuple([readings[0] for readings in sounds])
    yield common
    others = (
        (*common[:place], reading, *common[place + 1 :])
        for place, readings in enumerate(sounds)
        if len(readings) > 1
        for reading in readings[1:]
    )
    yield from islice(others, SPELLINGS_MAX - 1)


def _spelt(spelling: _Sounds, script: Script) -> str:
    if script == "bopomofo":
        return "".join(spelling)
    return "".join([_PINYIN_OF_SYMBOL.get(sound, sound) for sound in spelling])


def _pypinyin_symbol(character: str) -> str:
    """The first 注音 symbol of the character's usual reading; the character itself when it has none."""
    pypinyin = _pypinyin()
    reading: str = pypinyin.pinyin(character, style=pypinyin.Style.BOPOMOFO)[0][0]
    return reading[0]


@lru_cache(maxsize=65_536)
def syllable(character: str) -> str:
    """The sound of one Chinese character in toneless pinyin: 君 -> ``jun``; empty for anything else."""
    if not _is_ideograph(character):
        return ""
    pypinyin = _pypinyin()
    reading: str = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL)[0][0]
    return reading if reading != character else ""


@cache
def _pypinyin() -> ModuleType:
    # Its table of phrases is two thirds of the import and not needed for single characters.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    return pypinyin
