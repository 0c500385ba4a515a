"""What cannot be understood is told in the language that is spoken, with the command that helps."""

import re
from typing import Any, Final

import click
import pytest

from api.cli import run
from api.cli.misuse import in_chinese

MISUSES: Final = {
    ("lst",): "没有命令 lst。是否指 'list' 或 'ruleset'？用法见 anjuan --help",
    ("list", "requsts"): (
        "没有命令 requsts。是否指 'requests' 或 'rule-sets'？用法见 anjuan list --help"
    ),
    ("timeline",): "缺少参数 STREAM。用法见 anjuan timeline --help",
    ("list", "requests", "--limi", "3"): (
        "没有选项 --limi。是否指 '--limit'？用法见 anjuan list requests --help"
    ),
    ("list", "requests", "--limit", "x"): (
        "'--limit' 的值不对：'x' 不是整数。用法见 anjuan list requests --help"
    ),
    ("list", "requests", "--status", "opn"): (
        "'--status' 的值不对：'opn' 不在可选范围内，可选：'closed', 'open', 'voided'。"
        "用法见 anjuan list requests --help"
    ),
    ("report", "criticism", "--period", "2026-06"): (
        "缺少选项 --division。用法见 anjuan report criticism --help"
    ),
    ("report", "duty", "--period", "20", "--division", "440106"): (
        "'--period' 的值不对：'20' 不合格式，例如 2026-06 或 2026-Q2。"
        "用法见 anjuan report duty --help"
    ),
    ("publish", "form", "/nope.json"): (
        "'FILE' 的值不对：'/nope.json' 不存在。用法见 anjuan publish form --help"
    ),
    ("doctor", "x"): "多写了：x。用法见 anjuan doctor --help",
    ("demo", "--days", "0"): (
        "'--days' 的值不对：0 不在范围 1<=x<=1500 内。用法见 anjuan demo --help"
    ),
    ("report", "duty", "--period"): "选项 --period 后面要写值。用法见 anjuan --help",
}  # fmt: skip


@pytest.mark.parametrize("asked", MISUSES, ids=" ".join)
def test_a_misuse_is_told_in_chinese(asked: tuple[str, ...], capsys: Any) -> None:
    assert run(["--lang", "zh", *asked]) == 2
    assert capsys.readouterr().err.strip() == f"anjuan: {MISUSES[asked]}"


@pytest.mark.parametrize("asked", MISUSES, ids=" ".join)
def test_a_misuse_is_told_in_english(asked: tuple[str, ...], capsys: Any) -> None:
    assert run(["--lang", "en", *asked]) == 2
    told = capsys.readouterr().err
    assert not re.search("[\u4e00-\u9fff]", told)
    assert re.search("Try `anjuan.* --help`", told)


@pytest.mark.parametrize(("kind", "value"), [
    (click.INT, "x"), (click.FLOAT, "x"), (click.BOOL, "x"), (click.UUID, "x"),
    (click.IntRange(1, 3), "7"), (click.IntRange(1), "x"), (click.FloatRange(0, 1), "7"),
    (click.Choice(["a", "b"]), "x"), (click.DateTime(["%Y"]), "x"),
    (click.DateTime(["%Y", "%m"]), "x"), (click.Path(exists=True), "/none"),
    (click.Path(dir_okay=False), "/"), (click.Path(file_okay=False), "/etc/hosts"),
])  # fmt: skip
def test_every_type_of_click_says_in_chinese_what_is_wrong(
    kind: click.ParamType[Any], value: str
) -> None:
    """Its messages are click's own: another version of it may say them otherwise."""
    with pytest.raises(click.BadParameter) as wrong:
        kind.convert(value, None, None)
    told = in_chinese(f"Invalid value for '--x': {wrong.value.message}")
    assert re.match("'--x' 的值不对：.*[\u4e00-\u9fff]", told)
