"""What a reader takes for the same is found by any of its spellings."""

import unicodedata

import pytest

from projections.asking import words
from projections.asking.words import is_han, name_of, normalised, words_of


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("張偉強", "张伟强"), ("张三", "張三"), ("陳麗華", "陈丽华"), ("歐陽龍", "欧阳龙"),
        ("⺠事", "民事"), ("⻩⻓⻰", "黄长龙"), ("⽂⽊", "文木"), ("⾨", "门"), ("\uf9e1", "李"),
        ("王\u200b小明", "王小明"), ("王\ufe00小明", "王小明"), ("\ufeff王小明\u2060", "王小明"),
        ("葛\U000e0101城", "葛城"), ("ＬＩ Ｍｉｎｇ", "li ming"), ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"), ("①", "1"), ("工資與勞動爭議", "工资与劳动争议"),
    ],
)  # fmt: skip
def test_s4_two_spellings_of_one_word_are_one(written: str, asked: str) -> None:
    assert normalised(written) == normalised(asked)
    assert normalised(normalised(written)) == normalised(written)


@pytest.mark.parametrize(
    "padded", ["王 小明", "王　小明", "王　小　明", " 王\u2003小明 ", "王\u200b 小明"]
)
def test_s4_a_name_is_the_same_padded_as_in_a_form(padded: str) -> None:
    assert name_of(padded) == "王小明"


def test_s4_a_name_of_letters_keeps_its_blanks() -> None:
    assert name_of("John  Smith") == "john smith"


def test_s4_the_traditional_characters_are_none_of_the_mainlands_and_have_one_that_is() -> None:
    pairs = list(zip(words._TRADITIONAL, words._SIMPLIFIED, strict=True))
    assert len(dict(pairs)) == len(pairs) > 900
    for _, simplified in pairs:
        assert len(simplified.encode("gb2312")) == 2
    spelt = {traditional for traditional, _ in pairs}
    assert spelt.isdisjoint(words._SIMPLIFIED)


def test_s4_every_radical_is_one_of_the_block_and_has_its_character() -> None:
    for radical, character in zip(words._RADICALS, words._CHARACTERS, strict=True):
        assert unicodedata.name(radical).startswith("CJK RADICAL")
        assert unicodedata.name(character).startswith("CJK UNIFIED IDEOGRAPH")


def test_s4_words_that_are_invisible_are_none() -> None:
    assert words_of(" \u200b \u3000 \ufeff") == []
    assert words_of("王\u3000小明  x") == ["王", "小明", "x"]
    assert is_han("黄")
    assert not is_han("x")
