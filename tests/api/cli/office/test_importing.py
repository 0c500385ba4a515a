"""What is shown of an import."""

import pytest

from api.cli.language import choose
from api.cli.office.importing import SHOWN_LENGTH, _tell, cut
from api.imports.lists import Listed, Rejected


def test_b11_19_a_long_cell_makes_no_page_of_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    long = f"name: {' ' * 32_000}'x' is too long: {'y' * 32_000} at the end"
    assert len(cut(long)) <= SHOWN_LENGTH
    assert cut(long).startswith("name: 'x' is too long")
    assert cut(long).endswith("at the end")
    done = Listed(kind="firms", file="a.csv", digest="0", rejected=[Rejected(2, long)])
    _tell(done, None)
    assert len(capsys.readouterr().out) < 1000


def test_b11_s4_the_result_is_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    choose("zh")
    try:
        _tell(Listed(kind="firms", file="a.xlsx", digest="0", sheet="律所", rows=3), None)
    finally:
        choose(None)
    assert capsys.readouterr().out.startswith("工作表“律所”：共 3 行：已导入 0 行")
