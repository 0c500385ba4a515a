"""What people see on a terminal or in a pipe is what the log says, in full."""

import io
import json
from contextlib import redirect_stdout
from typing import Any, Final

import pytest
import rich_click as click
from rich.cells import cell_len

from api.cli.printing import progress, say_json, show_table, wide_option

LONG: Final = "很长" * 500


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(out: io.StringIO, *values: Any) -> str:
    with redirect_stdout(out):
        show_table([{"a": "x", "what[/b]": value} for value in values])
    return out.getvalue()


@pytest.mark.parametrize(
    "value",
    [
        "合同[/b]条款",
        "欠薪 [urgent] 案 [red]红[/red]",
        "[link=x]y[/link]",
        "[/]",
        "\\[b]",
        ":smile:",
    ],
)
@pytest.mark.parametrize("kind", [io.StringIO, Terminal])
def test_f10_no_value_is_markup(value: str, kind: type[io.StringIO]) -> None:
    out = printed(kind(), value, {value: value}, [value])
    assert out.splitlines()[1].rstrip().endswith(value)
    assert out.count(value) >= 3
    assert "what[/b]" in out


def test_f10_nothing_is_cut_in_a_pipe_and_one_row_is_one_line() -> None:
    out = printed(io.StringIO(), LONG, "x" * 5000, "two\nlines")
    assert LONG in out
    assert "x" * 5000 in out
    assert "…" not in out
    assert len(out.splitlines()) == 1 + 3


def test_f10_a_narrow_terminal_folds_and_cuts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out = printed(Terminal(), LONG)
    assert out.count("很") == out.count("长") == 500
    assert "…" not in out


@pytest.mark.parametrize("odd", ["\x1b[31m", "\r", "\b", "\u202e", "\u200b", "\x9b", "\x07"])
def test_f10_what_moves_the_cursor_or_turns_the_line_is_shown(odd: str) -> None:
    out = printed(Terminal(), f"前{odd}后")
    assert odd not in out.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert f"前{odd.encode('unicode_escape').decode()}后" in out


def test_s4_where_the_encoding_has_no_chinese_json_is_the_same() -> None:
    value = {"名": "𠮷先生", "n": 1.5, "many": 10**18}
    for encoding in ("ascii", "gb18030", "utf-8"):
        raw = io.BytesIO()
        with redirect_stdout(io.TextIOWrapper(raw, encoding=encoding)) as out:
            say_json(value)
        assert json.loads(raw.getvalue().decode(encoding)) == value
        out.detach()


ROW: Final = {
    "stream": "01990000-0000-7000-8000-000000000001",
    **{f"n{i}": "字" * 30 for i in range(20)},
}


def wide_rows(out: io.StringIO) -> list[str]:
    with redirect_stdout(out):
        show_table([ROW, ROW])
    return out.getvalue().splitlines()


def test_a_narrow_terminal_keeps_the_first_column_whole_and_names_what_it_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = wide_rows(Terminal())
    assert sum(ROW["stream"] in line for line in lines) == 2
    assert all(cell_len(line) <= 80 + len("\x1b[1m\x1b[0m") * 20 for line in lines)
    left_out = capsys.readouterr().err
    assert left_out.startswith("Not shown: n")
    assert left_out.rstrip().endswith("n19 (--wide)")
    shown = {name for name in ROW if name in lines[0]}
    assert all((name in shown) != (f"{name}," in left_out) for name in ("n0", "n1", "n18"))


def test_wide_and_a_pipe_show_every_column(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    @wide_option
    def told() -> None:
        show_table([ROW])

    monkeypatch.setenv("COLUMNS", "80")
    for out, arguments in ((io.StringIO(), []), (Terminal(), ["--wide"])):
        with redirect_stdout(out):
            told.main(arguments, standalone_mode=False)
        assert out.getvalue().count("字" * 30) == 20
    assert capsys.readouterr().err == ""
    # Said once, it holds for that command alone.
    out = Terminal()
    with redirect_stdout(out):
        told.main([], standalone_mode=False)
    assert "Not shown" in capsys.readouterr().err


def test_long_work_without_a_terminal_says_each_tenth_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress("Simulating (days)", lines=True) as tell:
        for done in range(91):
            tell(done, 90)
            tell(done, 90)
    said = capsys.readouterr().err.splitlines()
    assert said == [f"Simulating (days): {10 * part} % ({9 * part} / 90)" for part in range(11)]
    with progress("Importing") as tell:
        tell(1, 1)
    assert capsys.readouterr().err == ""
