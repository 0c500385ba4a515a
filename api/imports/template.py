"""Templates of the lists: headings, an example that is passed over, what each column may hold."""

from collections.abc import Iterable
from pathlib import Path

from api.imports.kind import Column, Kind
from api.imports.sheet import Sheet, in_one_go, write_csv, write_workbook

EXAMPLE: str = "# 例 "
"""Begins the example, so that it is read as a remark."""
EXPLAINED: tuple[str, ...] = (
    "表", "列名", "英文列名", "是否必填", "可填内容", "示例", "说明",
)  # fmt: skip


def write_template(kind: Kind, target: Path) -> None:
    """Write the template of a list, a workbook where the name ends in .xlsx and else CSV.

    Raises: FileUnreadable — when it cannot be written.
    """
    with in_one_go(target) as partial:
        if target.suffix.lower() == ".xlsx":
            write_workbook(partial, [_list(kind), _explained(kind)])
        else:
            write_csv(partial, [*_lines(kind), *(_remark(one) for one in kind.columns)])


def write_workbook_template(kinds: Iterable[Kind], target: Path) -> None:
    """Write one workbook with a sheet for each list, and what their columns may hold.

    Raises: FileUnreadable — when it cannot be written.
    """
    some = list(kinds)
    with in_one_go(target) as partial:
        write_workbook(partial, [*map(_list, some), _explained(*some)])


def _lines(kind: Kind) -> list[list[str]]:
    first, *others = [one.example for one in kind.columns]
    return [[one.heading for one in kind.columns], [EXAMPLE + first, *others]]


def _list(kind: Kind) -> Sheet:
    return Sheet(
        name=kind.sheet,
        lines=_lines(kind),
        widths=[max(14, 2 * len(one.heading) + 4) for one in kind.columns],
        marked=frozenset(place for place, one in enumerate(kind.columns) if one.required),
        choices=[
            (place, one.reads.choices)
            for place, one in enumerate(kind.columns)
            if one.reads.choices
        ],
        notes=[_note(one) for one in kind.columns],
    )


def _explained(*kinds: Kind) -> Sheet:
    lines = [
        [kind.sheet, one.heading, one.name, _needed(one), one.reads.allowed, one.example, one.note]
        for kind in kinds
        for one in kind.columns
    ]
    return Sheet(name="说明", lines=[EXPLAINED, *lines], widths=[12, 22, 18, 10, 60, 24, 50])


def _remark(one: Column) -> list[str]:
    return [f"# {one.heading} ({one.name})：{_note(one)}"]


def _note(one: Column) -> str:
    return "；".join(filter(None, (_needed(one), one.reads.allowed, one.note)))


def _needed(one: Column) -> str:
    return "必填" if one.required else "选填"
