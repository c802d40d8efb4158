"""Texts: complete in three languages, each in its own script, and exactly those the code asks for."""

from __future__ import annotations

import ast
import importlib
import string
from collections.abc import Iterator

import pytest

from app import i18n
from app.i18n import LANGUAGES, t
from tests.sources import ROOT, calls, dotted, parsed, place, python_files

# Simplified characters that Big5 happens to hold as rare ones of its own; everything else simplified it cannot encode.
SIMPLIFIED_IN_BIG5 = set("万与丰于云价优体党划厂听坏宁异惊据机极构柜气洁确离种网胜荐适")
TRADITIONAL_IN_GB2312 = set("後於夥")
SAID_DIFFERENTLY = {"fold": "percent"}  # 10% off is 九折 in Chinese: one figure, two ways to say it
FOREIGN_WORDS = {
    "zh_TW": ("打印", "軟件", "硬件", "網絡", "默認", "屏幕", "鼠標", "鏈接", "文件夾"),
    "zh_CN": ("列印", "软体", "硬体", "网路", "萤幕", "滑鼠", "资料夹", "伺服器"),
}


def catalogue() -> dict[str, tuple[str, str, str]]:
    texts: dict[str, tuple[str, str, str]] = {}
    for path in sorted((ROOT / "app" / "texts").glob("[!_]*.py")):
        texts.update(importlib.import_module(f"app.texts.{path.stem}").TEXTS)
    return texts


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def figures_of(text: str) -> frozenset[str]:
    """The fields of a text, whichever way its language says them."""
    return frozenset(SAID_DIFFERENTLY.get(name, name) for name in fields_of(text))


def wrong_characters(language: str, text: str) -> set[str]:
    """The Chinese characters of a text that do not belong to the script of its language."""
    encoding, exceptions = (
        ("big5", SIMPLIFIED_IN_BIG5) if language == "zh_TW" else ("gb2312", TRADITIONAL_IN_GB2312)
    )
    return {
        character
        for character in text
        if "\u4e00" <= character <= "\u9fff"
        and (character in exceptions or not character.encode(encoding, "ignore"))
    }


def text_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every `t(...)` in the product, with where it stands."""
    for path in python_files():
        for call, name in calls(path):
            if name in ("t", "i18n.t") and call.args:
                yield place(path, call), call


def constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_key_begins_with_the_name_of_its_module() -> None:
    for path in (ROOT / "app" / "texts").glob("[!_]*.py"):
        keys = importlib.import_module(f"app.texts.{path.stem}").TEXTS
        assert [key for key in keys if not key.startswith(path.stem + ".")] == []


def test_every_text_is_complete_in_all_languages() -> None:
    incomplete = [
        key
        for key, texts in catalogue().items()
        if len(texts) != len(LANGUAGES) or not all(text.strip() for text in texts)
    ]
    assert incomplete == []


def test_every_text_has_the_same_named_fields_in_all_languages() -> None:
    different = {
        key: [sorted(fields_of(text)) for text in texts]
        for key, texts in catalogue().items()
        if len({figures_of(text) for text in texts}) != 1
        or not all(name.isidentifier() for name in fields_of(texts[0]))
    }
    assert different == {}


@pytest.mark.parametrize("language", ["zh_TW", "zh_CN"])
def test_chinese_is_written_in_its_own_script_and_words(language: str) -> None:
    index = LANGUAGES.index(language)
    wrong = {
        key: "".join(characters) or texts[index]
        for key, texts in catalogue().items()
        if (characters := sorted(wrong_characters(language, texts[index])))
        or any(word in texts[index] for word in FOREIGN_WORDS[language])
    }
    assert wrong == {}


def test_the_other_script_is_recognised() -> None:
    for traditional, simplified in ("會会", "員员", "點点", "錢钱", "單单", "機机", "價价", "櫃柜"):
        assert wrong_characters("zh_TW", simplified) == {simplified}
        assert wrong_characters("zh_TW", traditional) == set()
        assert wrong_characters("zh_CN", traditional) == {traditional}
        assert wrong_characters("zh_CN", simplified) == set()


def test_every_text_the_code_asks_for_exists_with_exactly_its_fields() -> None:
    texts = catalogue()
    wrong = []
    for where, call in text_calls():
        key = constant(call.args[0])
        if key is None:
            continue
        if key not in texts:
            wrong.append(f"{where} {key}: no such text")
            continue
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and given - {"language"} != fields_of(texts[key][0]):
            wrong.append(
                f"{where} {key}: fields {sorted(fields_of(texts[key][0]))}, given {sorted(map(str, given))}"
            )
    assert not wrong, "\n".join(wrong)


def test_every_error_the_code_raises_has_a_sentence() -> None:
    texts = catalogue()
    wrong = []
    for path in python_files():
        for call, name in calls(path):
            if name.rpartition(".")[2] not in ("Refused", "Unavailable") or not call.args:
                continue
            code = constant(call.args[0])
            given = {keyword.arg for keyword in call.keywords}
            sentence = texts.get(f"error.{code}")
            if code is not None and sentence is None:
                wrong.append(f"{place(path, call)} error.{code}: no such text")
            elif sentence is not None and None not in given and not fields_of(sentence[0]) <= given:
                wrong.append(
                    f"{place(path, call)} error.{code}: lacks {sorted(fields_of(sentence[0]) - given)}"
                )
    assert not wrong, "\n".join(wrong)


def test_a_key_put_together_begins_with_what_some_texts_begin_with() -> None:
    """`t(f"tender.kind.{kind}")` can be followed; `t(f"{area}.total")` hides from every other check in this file."""
    keys = catalogue()
    wrong = []
    for where, call in text_calls():
        match call.args[0]:
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
                known = "." in start and any(key.startswith(start) for key in keys)
            case ast.BinOp(left=ast.Constant(value=str(start)), op=ast.Add()):
                known = "." in start and any(key.startswith(start) for key in keys)
            case ast.JoinedStr() | ast.BinOp():
                known = False
            case _:
                known = True
        if not known:
            wrong.append(where)
    assert not wrong, "\n".join(wrong)


def test_every_text_is_used() -> None:
    named, prefixes = keys_named_in_code()
    unused = [key for key in catalogue() if key not in named and not key.startswith(tuple(prefixes))]
    assert not unused, "\n".join(unused)


def keys_named_in_code() -> tuple[set[str], set[str]]:
    """Every string constant outside the texts, and every beginning of a key that is put together (`"error." + code`)."""
    areas = tuple(path.stem + "." for path in (ROOT / "app" / "texts").glob("[!_]*.py"))
    named: set[str] = set()
    prefixes: set[str] = set()
    for path in python_files():
        if path.parent.name == "texts":
            continue
        for node in ast.walk(parsed(path)):
            match node:
                case ast.Constant(value=str(text)):
                    named.add(text)
                case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()) if text.startswith(areas):
                    prefixes.add(text)
                case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if text.startswith(areas):
                    prefixes.add(text)
    return named, prefixes


def test_a_text_is_given_in_the_asked_language_and_otherwise_in_the_current_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        i18n._areas, "sample", {"sample.hello": ("您好，{name}", "您好，{name}！", "Hello {name}")}
    )
    assert t("sample.hello", name="小美") == "您好，小美"
    assert t("sample.hello", language="en", name="小美") == "Hello 小美"
    i18n.set_language("zh_CN")
    assert t("sample.hello", name="小美") == "您好，小美！"


def test_an_unknown_key_fails_in_tests_and_shows_itself_to_a_cashier(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("nowhere.at_all", "setup.not_a_text"):
        with pytest.raises(KeyError):
            t(key)
    monkeypatch.delenv("REGULARS_STRICT")
    assert t("nowhere.at_all") == "nowhere.at_all"


def test_a_missing_field_fails_in_tests_and_leaves_the_sentence_readable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(i18n._areas, "sample", {"sample.hello": ("您好，{name}",) * 3})
    with pytest.raises(KeyError):
        t("sample.hello")
    monkeypatch.delenv("REGULARS_STRICT")
    assert t("sample.hello") == "您好，{name}"


def test_listeners_hear_a_switch_once_and_not_after_they_stopped() -> None:
    heard: list[str] = []
    stop = i18n.on_language_changed(lambda: heard.append(i18n.language()))
    i18n.set_language("en")
    i18n.set_language("en")
    stop()
    i18n.set_language("zh_CN")
    assert heard == ["en"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zh-TW", "zh_TW"),
        ("zh_TW.UTF-8", "zh_TW"),
        ("zh_Hant_HK", "zh_TW"),
        ("zh-Hans-TW", "zh_CN"),
        ("zh_CN.UTF-8", "zh_CN"),
        ("zh", "zh_CN"),
        ("Chinese (Traditional)_Taiwan.950", "zh_TW"),
        ("Chinese (Simplified)_China.936", "zh_CN"),
        ("en_US.UTF-8", "en"),
        ("ja_JP.UTF-8", "en"),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("", None),
    ],
)
def test_a_language_is_recognised_by_any_of_its_names(name: str, expected: str | None) -> None:
    assert i18n.parse_language(name) == expected


def test_the_most_specific_locale_variable_decides() -> None:
    assert i18n.system_language({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}) == "zh_TW"
    assert i18n.system_language({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}) == "zh_CN"
    assert i18n.system_language({"LANG": "C.UTF-8"}) is None


def test_dotted_names_of_calls_are_read() -> None:
    expression = ast.parse("i18n.t('a')", mode="eval").body
    assert isinstance(expression, ast.Call)
    assert dotted(expression.func) == "i18n.t"


def test_english_says_one_of_a_thing_in_the_singular() -> None:
    assert t("member.points_some", "en", points="1") == "1 point"
    assert t("member.points_some", "en", points="21") == "21 points"
    assert t("coupon.stamp_ready", "en", needed=1) == "1 stamp: to redeem"
    assert t("member.points_some", "zh_TW", points="1") == "1 點"


def test_a_verb_behind_a_name_keeps_its_s() -> None:
    assert i18n.COUNTED.fullmatch("{count} more points")
    assert not i18n.COUNTED.search("{name} has")
    assert not i18n.COUNTED.search("{device} shows")
