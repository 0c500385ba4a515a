"""Pages that show commands: they are run as their readers would run them."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import pytest
from msgspec import Struct

from domain.evaluation.determination import SubjectKind
from domain.evaluation.ruleset_content import Evidence, Method
from domain.scoring.facts import FIELDS
from tests.databases import temporary_home

ROOT: Final = Path(__file__).parents[1]
MARK: Final = "\x1e\n"
"""Stands between what two blocks print."""
PATIENCE_S: Final = 500
"""Twenty programs are started for a page, each in a second where nothing else runs."""
FENCE: Final = re.compile(r"^```(.*)\n((?:.*\n)*?)^```$", re.MULTILINE)


class Block(Struct):
    """Commands of a page and what it says they print; None: it says nothing."""

    commands: str
    printed: str | None = None


class Page(Struct, frozen=True):
    files: dict[str, str]
    """Name → content."""
    blocks: list[Block]


def read(text: str) -> Page:
    """```json NAME: a file; ```sh: commands; ```text: what the commands before it print."""
    files: dict[str, str] = {}
    blocks: list[Block] = []
    for language, content in FENCE.findall(text):
        kind, _, name = language.partition(" ")
        if kind == "json" and name:
            files[name] = content
        elif kind == "sh":
            blocks.append(Block(content))
        elif kind == "text" and blocks and blocks[-1].printed is None:
            blocks[-1].printed = content
        else:
            pytest.fail(f"nothing runs this block:\n```{language}\n{content}```")
    return Page(files, blocks)


def pattern_of(printed: str) -> str:
    """A line `…` stands for any lines, `…` in a line for any part of it."""
    parts = [
        "(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n"
        for line in printed.splitlines()
    ]
    return "".join(parts)


def unlike(blocks: list[Block], output: list[str]) -> Iterator[str]:
    """Each block that did not print what stands below it."""
    for block, printed in zip(blocks, output, strict=True):
        if block.printed is not None and not re.fullmatch(pattern_of(block.printed), printed):
            yield f"{block.commands}\nprinted\n{printed}\ninstead of\n{block.printed}"


def run(page: Page, folder: Path) -> list[str]:
    """Run the blocks in one shell; what each printed, errors included."""
    for name, content in page.files.items():
        (folder / name).write_text(content, encoding="utf-8")
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "anjuan"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m api.cli "$@"\n')
    program.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANJUAN_")}
    env |= {
        "ANJUAN_PORT": str(port), "PATH": f"{programs}:{env['PATH']}", "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8", "COLUMNS": "120",
    }  # fmt: skip
    end = "trap 'kill $(jobs -p); wait; anjuan db stop' EXIT"
    lines = ["set -eu", "exec 2>&1", end]
    lines += [f"printf '\\036\\n'\n{block.commands}" for block in page.blocks]
    done = subprocess.run(
        ["bash", "-c", "\n".join([*lines, "trap - EXIT"])],
        cwd=folder, env=env, text=True, stdout=subprocess.PIPE, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout.split(MARK)[1:]


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("a … c\n", "a b c\n"),
        ("a\n…\nc\n", "a\nb\nb\nc\n"),
        ("a\n…\nc\n", "a\nc\n"),
        ("", ""),
    ],
)
def test_what_is_printed_may_be_what_the_page_says(said: str, printed: str) -> None:
    assert not list(unlike([Block("sh", said)], [printed]))


@pytest.mark.parametrize(
    ("said", "printed"),
    [("a … c\n", "a b\n c\n"), ("a\n", "a\nb\n"), ("1.5\n", "195\n"), ("a\nb\n", "a\n")],
)
def test_what_is_printed_and_is_not_what_the_page_says_is_told(said: str, printed: str) -> None:
    (told,) = unlike([Block("sh", said)], [printed])
    assert printed in told


@pytest.mark.timeout(PATIENCE_S)
@pytest.mark.skipif(shutil.which("curl") is None, reason="docs/api.md is run with curl")
def test_a_complaint_goes_through_the_api_as_its_page_says() -> None:
    run_and_compare("docs/api.md")


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_S)
def test_an_evaluation_goes_from_trial_to_correction_as_its_page_says() -> None:
    run_and_compare("docs/evaluation.md")


@pytest.mark.timeout(PATIENCE_S)
def test_a_rule_set_is_written_from_nothing_as_its_page_says() -> None:
    run_and_compare("docs/rulesets.md")


def test_the_page_on_rule_sets_names_everything_there_is_to_write_with() -> None:
    text = (ROOT / "docs/rulesets.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `?([\w.]+)`? \| (.*) \|$", text, re.MULTILINE))
    there = {
        "subject": get_args(SubjectKind),
        "facts": tuple(FIELDS),
        "measure": tuple(tag_of(one) for one in get_args(Evidence)),
        "method.kind": tuple(tag_of(one) for one in get_args(Method)),
    }
    for name, words in there.items():
        assert tuple(re.findall(r"`(\w+)`", rows[name].partition(". ")[0])) == words


def tag_of(struct: type[Struct]) -> object:
    return struct.__struct_config__.tag


def run_and_compare(name: str) -> None:
    page = read((ROOT / name).read_text(encoding="utf-8"))
    with temporary_home() as home:
        output = run(page, home.parent)
    assert not (found := list(unlike(page.blocks, output))), "\n".join(found)
