"""Documents say what the code does: catalogues are generated, what they name exists."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, get_args

import pytest
import rich_click as click
from msgspec import Struct

from api.bundle.verify import PACKED_MAX, PLAIN_MAX
from api.imports.sheet import CELLS_MAX, UNPACKED_MAX
from api.serving.app import HEADERS_MS, STATEMENT_S
from api.serving.openapi import TAGS
from api.web import limits
from api.web.answers import PARAMETERS_MAX
from api.web.paging import LIMIT_MAX
from api.web.problems import PROBLEMS
from domain.aggregates import ALL
from tests.api.cli.declared.test_naming import found
from tools.catalogue import CATALOGUES, DOCS

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "domain").rglob("*.md")]
)
FLOORS: Final = ("domain", "ledger", "projections", "api")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_catalogue_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == CATALOGUES[name](), "run `make docs`"


# --- what a page names


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Each link to another document: the file, and the part of it ("": the whole)."""
    for target in re.findall(r"\]\(([^)\s:]+)\)", page.read_text(encoding="utf-8")):
        file, _, part = target.partition("#")
        yield (page.parent / file if file else page), part


def anchors(page: Path) -> set[str]:
    """What its headings are called in a link."""
    kept = (
        re.sub(r"[^\w\- ]", "", one.lower()) for one in HEADING.findall(page.read_text("utf-8"))
    )
    return {one.replace(" ", "-") for one in kept}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    missing = [
        f"{file.name}#{part}"
        for file, part in links(page)
        if not file.exists() or (part and part not in anchors(file))
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    """Paths from the root, also those that are no links: `domain/codes.py`, `api/*/`."""
    floors = "|".join([*FLOORS, "tests", "tools", "docs", "examples"])
    named = re.findall(rf"`((?:{floors})/[\w./*-]+)`", page.read_text(encoding="utf-8"))
    planned = {"api/pages/"}
    assert [one for one in named if not any(ROOT.glob(one)) and one not in planned] == []


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_constant_that_a_page_for_developers_names_is_in_the_code(page: str) -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in (*FLOORS, "tests")
        for path in (ROOT / folder).rglob("*.py")
    )
    named = set(re.findall(r"`([A-Z][A-Z_]{2,})`", text_of(page)))
    assert named
    assert [one for one in named if not re.search(rf"\b{one}\b", code)] == []


def test_the_architecture_names_every_package_and_stays_readable() -> None:
    text = text_of("ARCHITECTURE.md")
    packages = {path.parent for floor in FLOORS for path in (ROOT / floor).rglob("__init__.py")}
    unnamed = [
        name
        for name in (f"{package.relative_to(ROOT)}/" for package in packages)
        if f"`{name}`" not in text
    ]
    assert unnamed == []
    assert len(text.splitlines()) <= 180


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    assert len(text_of("README.md").splitlines()) <= 150
    led_to = {file.resolve() for file, _ in links(ROOT / "README.md")}
    pages = {page for page in PAGES if "adr" not in page.parts}
    assert pages - led_to == {ROOT / "README.md", ROOT / "CHANGELOG.md"}


def test_every_failure_of_others_is_held_by_a_test_and_every_such_test_is_listed() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| (.*) \|$", text_of("docs/failures.md"), re.MULTILINE)
    listed = {
        (int(number), file) for number, files in rows for file in re.findall(r"`(.*?)`", files)
    }
    numbered = {
        (int(number), f"tests/{file}.py")
        for file in ("test_peer_failures", "test_peer_complaints")
        for number in re.findall(
            r"^(?:async )?def test_(\d\d)_", text_of(f"tests/{file}.py"), re.MULTILINE
        )
    }
    assert {one for one in listed if "test_peer_" in one[1]} == numbered


# --- what is there, system by system


class Graded(Struct, frozen=True):
    """A row of docs/coverage.md."""

    what: str
    grade: str
    where: str
    tests: str
    missing: str


GRADED: Final = [
    Graded(*cells)
    for cells in re.findall(
        r"^\| \d+ \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$",
        text_of("docs/coverage.md"),
        re.MULTILINE,
    )
]


def test_show_5_every_row_of_the_audit_is_graded_and_has_its_tests() -> None:
    assert len(GRADED) == 49 + 54 + 17
    for row in GRADED:
        assert row.grade in ("core", "e2e", "e2e!", "none"), row
        named = re.findall(r"\]\(\.\./(tests/[\w/]+\.py)\) `(test_\w+)`", row.tests)
        assert len(named) == row.tests.count("`test_") > 0, row
        for file, name in named:
            assert re.search(rf"^(?:async )?def {name}\(", text_of(file), re.MULTILINE), name


def test_show_5_what_is_not_there_waits_for_pages_accounts_or_erasure_by_the_issues_number() -> (
    None
):
    for row in GRADED:
        if row.grade == "none":
            assert re.search(r"issue 1[2346]\b", row.missing), row
        if row.grade in ("core", "e2e!"):
            assert len(row.missing) > 1, row


def test_show_5_routes_and_commands_that_are_named_exist() -> None:
    there = text_of("docs/commands.md")
    for row in GRADED:
        for named in re.findall(r"`((?:GET|POST) [^`]+)`", row.where):
            assert f"`{named}`" in there, named
        for line in re.findall(r"`(anjuan [^`]+)`", row.where):
            command = found(line)
            assert command is not None, line
            assert not isinstance(command, click.RichGroup), line


# --- the threat model


ATTACKS: Final = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| (\[test_[^|]+) \|$",
    text_of("docs/security.md"),
    re.MULTILINE,
)


def test_every_defence_that_the_threat_model_claims_is_shown_by_tests_that_exist() -> None:
    section = text_of("docs/security.md").partition("## Who, how")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert len(ATTACKS) == len(rows) > 20, "a row without a test is no claim"
    for *_, tests in ATTACKS:
        named = re.findall(r"\]\(\.\./(tests/[\w/]+\.py)\) `(test_\w+)`", tests)
        assert len(named) == tests.count("`test_") > 0, tests
        for file, name in named:
            assert re.search(rf"^(?:async )?def {name}\(", text_of(file), re.MULTILINE), name


def test_the_bounds_that_the_threat_model_names_are_those_of_the_code() -> None:
    text = text_of("docs/security.md")
    for bound in (
        f"{limits.BODY_BYTES_MAX >> 20} MiB, {limits.DEPTH_MAX} levels, {limits.BODY_S:g} s",
        f"{PARAMETERS_MAX} parameters, each once; pages of {LIMIT_MAX} rows",
        f"{limits.HEADERS_BYTES_MAX >> 10} KiB, {HEADERS_MS // 1000} s",
        f"{UNPACKED_MAX >> 20} MiB unpacked, {CELLS_MAX:,} cells",
        f"{PLAIN_MAX >> 20} MiB, or {PACKED_MAX} times",
        f"| {STATEMENT_S} s |",
    ):
        assert bound in text, bound
    for slug in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text.partition("## What is bounded")[2]):
        assert slug in PROBLEMS, slug


# --- the glossary


class Entry(Struct, frozen=True):
    identifier: str
    module: str


def entries() -> list[Entry]:
    rows = re.findall(
        r"^\| [^|]+ \| [^|]+ \| ([^|]+) \| `([\w/.]+)\.py` \|$",
        text_of("docs/glossary.md"),
        re.MULTILINE,
    )
    return [
        Entry(name, module.replace("/", "."))
        for names, module in rows
        for name in re.findall(r"`([^`]+)`", names)
    ]


ENTRIES: Final = entries()


def defined_in(module: str) -> set[str]:
    """Names that the module makes itself, not those that it imports."""
    names: set[str] = set()
    for node in ast.parse(text_of(f"{module.replace('.', '/')}.py")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


@pytest.mark.parametrize("module", sorted({entry.module for entry in ENTRIES}))
def test_an_identifier_of_the_glossary_is_in_the_module_named(module: str) -> None:
    defined = defined_in(module)
    for entry in ENTRIES:
        if entry.module == module:
            name, _, part = entry.identifier.partition(".")
            assert name in defined
            thing = getattr(import_module(module), name)
            parts = (*get_args(thing), *getattr(thing, "__struct_fields__", ()))
            assert not part or part in parts, entry


def test_no_aggregate_and_no_event_is_missing_in_the_glossary() -> None:
    there = {(entry.module, entry.identifier) for entry in ENTRIES}
    events = {(event.__module__, event.__name__) for one in ALL for event in one.EVENTS}
    assert events - there == set()


def test_no_folder_of_the_domain_is_missing_in_the_glossary() -> None:
    folders = {f"domain.{path.parent.name}" for path in (ROOT / "domain").glob("*/__init__.py")}
    assert folders - {entry.module.rpartition(".")[0] for entry in ENTRIES} == set()


def test_the_tags_of_the_api_are_in_the_glossary_as_it_says_them() -> None:
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \|$", text_of("docs/glossary.md"), re.MULTILINE)
    assert {tag: text for text, tag in rows} == TAGS
