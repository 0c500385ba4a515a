"""The house itself: what is installed, locked, packed, allowed to import, and said to strangers."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from importlib.metadata import requires, version
from pathlib import Path
from sysconfig import get_path
from typing import Any, Final

import grimp
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from api.cli import MODULES as COMMAND_MODULES
from ledger.server.access import APP, OWNER, READER

ROOT = Path(__file__).parents[1]
PACKAGES = ("domain", "ledger", "projections", "api")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DECLARED = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["project"]["dependencies"]
    + PROJECT["dependency-groups"]["dev"],
}
UNTRACKED = re.compile(
    r"^(\.git|\.venv|\.hypothesis|\..*_cache|\.coverage.*|__pycache__|build|dist|mutants)$"
)
# Put together here, so that this file does not hold what it looks for.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmmirror", "com"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
    )
]
STRANGE = re.compile("|".join([*map(re.escape, HOSTS), r"(?<![\w.-])/" + r"work/"]).encode())


def run(
    *command: str | Path, cwd: Path = ROOT, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Without the caller's PYTHONPATH and settings: only `cwd` and what is installed count."""
    env = {k: v for k, v in os.environ.items() if not re.match(r"PYTHONPATH$|ANJUAN_", k)}
    env.update(settings or {})
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=100
    )


def anjuan(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command line as its entry point starts it, whether or not the package is installed."""
    module, _, function = PROJECT["project"]["scripts"]["anjuan"].partition(":")
    start = f"from {module} import {function}; {function}()"
    return run(sys.executable, "-c", start, *arguments, settings=settings)


def files_under(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if UNTRACKED.match(path.name):
            continue
        if path.is_dir():
            yield from files_under(path)
        else:
            yield path


# --- locks

# An extra may be asked for on one Python only.
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def entries(lock: str) -> list[str]:
    """Split a lock file into its pins, each with its marker and hashes."""
    return re.split(r"\n(?=[a-z0-9])", "\n" + (ROOT / lock).read_text())[1:]


def pins(lock: str) -> list[Requirement]:
    return [Requirement(entry.partition(" \\\n")[0]) for entry in entries(lock)]


def pip_name(requirement: Requirement) -> str:
    """Name the requirement as pip before 23.3 does: each set of extras is a package of its own."""
    extras = ",".join(sorted(extra.lower() for extra in requirement.extras))
    return canonicalize_name(requirement.name) + (f"[{extras}]" if extras else "")


def extras_without_a_pin(
    pinned: Iterable[Requirement],
    declared: Iterable[str],
    requires: Callable[[str], list[str] | None],
) -> set[str]:
    """Return each `name[extras]` in the closure of the declared that has no pin of its own.

    For such a one, pip before 23.3 takes the newest version and then misses its hash.
    """
    pinned = list(pinned)
    # A package whose marker keeps it out of here has no metadata to read.
    here = {pin.name for pin in pinned if pin.marker is None or pin.marker.evaluate()}
    seen: set[str] = set()
    waiting = [Requirement(text) for text in declared]
    while waiting:
        asked = waiting.pop()
        if pip_name(asked) in seen:
            continue
        seen.add(pip_name(asked))
        if canonicalize_name(asked.name) in here:
            brought = map(Requirement, requires(asked.name) or [])
            waiting += [needed for needed in brought if is_needed(needed, asked.extras)]
    return {name for name in seen if "[" in name} - set(map(pip_name, pinned))


def is_needed(requirement: Requirement, extras: set[str]) -> bool:
    return requirement.marker is None or any(
        requirement.marker.evaluate(
            {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
        )
        for python in PYTHONS
        for extra in ("", *extras)
    )


@pytest.mark.parametrize("lock", DECLARED)
def test_every_locked_package_has_one_version_and_its_hashes(lock: str) -> None:
    for entry in entries(lock):
        assert re.match(r"[a-z0-9-]+(\[[a-z0-9, -]+\])?==[\w.]+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert len({pin.name for pin in pins(lock)}) == len(pins(lock))


@pytest.mark.parametrize("lock", DECLARED)
def test_a_lock_names_no_place_to_download_from(lock: str) -> None:
    assert not re.search(r"://|index-url|find-links|trusted-host|@ ", (ROOT / lock).read_text())


@pytest.mark.parametrize(("lock", "declared"), DECLARED.items())
def test_the_lock_answers_what_the_project_asks_for(lock: str, declared: list[str]) -> None:
    locked = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins(lock)}
    for requirement in map(Requirement, declared):
        pinned = locked[requirement.name]
        assert requirement.specifier.contains(pinned), requirement
        assert version(requirement.name) == pinned, f"make install: {requirement}"


@pytest.mark.parametrize(("lock", "declared"), DECLARED.items())
def test_every_extra_that_a_locked_package_asks_for_is_locked(
    lock: str, declared: list[str]
) -> None:
    assert extras_without_a_pin(pins(lock), declared, requires) == set()


@pytest.mark.parametrize(("lock", "declared"), DECLARED.items())
def test_a_lock_that_strips_its_extras_is_found_out(lock: str, declared: list[str]) -> None:
    locked = pins(lock)
    stripped = [Requirement(re.sub(r"\[.+?\]", "", str(pin))) for pin in locked]
    assert extras_without_a_pin(stripped, declared, requires) == {
        pip_name(pin) for pin in locked if pin.extras
    }


@pytest.mark.parametrize(
    ("pinned", "unpinned"),
    [
        ("web[fast]==1 router==1 parser[c]==1 codec[z]==1", set()),
        ("web==1 router==1 parser[c]==1 codec[z]==1", {"web[fast]"}),
        ("web[fast]==1 router==1 parser==1 codec[z]==1", {"parser[c]"}),
        ("web[fast]==1 router==1 parser[c]==1 codec==1", {"codec[z]"}),
        ("web[fast]==1 router==1 parser[c]==1", {"codec[z]"}),
        ("web[fast]==1 router==1 parser[c,docs]==1 codec[z]==1", {"parser[c]"}),
        ("web[fast]==1 router==1 parser==1 codec==1", {"parser[c]", "codec[z]"}),
    ],
)
def test_an_extra_counts_as_locked_only_by_a_pin_with_the_same_extras(
    pinned: str, unpinned: set[str]
) -> None:
    metadata = {
        "web": ["router", 'parser[c]>=1; extra == "fast"', 'parser[docs]; extra == "docs"'],
        "router": ['codec[z]; python_version >= "3.13"', 'codec[old]; python_version < "3.11"'],
        "parser": ['codec[z]; extra == "c"'],
        "codec": None,
    }
    lock = map(Requirement, pinned.split())
    assert extras_without_a_pin(lock, ["Web[FAST]>=1"], lambda n: metadata[n.lower()]) == unpinned


def test_tests_run_on_the_versions_that_users_get() -> None:
    def versions(lock: str) -> set[str]:
        return {f"{pip_name(pin)}{pin.specifier}" for pin in pins(lock)}

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


# --- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    built = run(
        *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"),
        *("--wheel-dir", out, ROOT),
    )
    assert built.returncode == 0, built.stderr
    return next(out.glob("anjuan-*.whl"))


def test_the_wheel_holds_every_file_of_the_four_packages_and_nothing_else(wheel: Path) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in files_under(ROOT / package)
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == ours
    assert {Path(name).suffix for name in ours} > {".py", ".sql"}


def test_the_wheel_may_not_be_uploaded(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        assert "Classifier: Private :: Do Not Upload" in archive.read(metadata).decode()


def test_an_installed_wheel_runs_away_from_the_tree_and_owns_its_package_names(
    wheel: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "clean", symlinks=True)
    python = tmp_path / "clean" / "bin" / "python"
    asked = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    # A .pth lends the dependencies, but not the tree: nested .pth files are not followed.
    Path(asked.stdout.strip(), "lent.pth").write_text(get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index")
    installed = run(*pip, "--ignore-installed", wheel, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr

    helped = run(python.with_name("anjuan"), "--help", cwd=tmp_path)
    assert helped.returncode == 0, helped.stderr
    assert "import" in helped.stdout

    question = "from importlib.metadata import packages_distributions as p; import {0};"
    for package in PACKAGES:
        answer = run(
            *(python, "-c", question.format(package) + f"print(p()['{package}'], {package})"),
            cwd=tmp_path,
        )
        assert answer.stdout.startswith("['anjuan'] "), answer
        assert str(tmp_path) in answer.stdout


# --- who may import whom


def broken_contracts(tree: Path) -> set[str]:
    done = run(Path(sys.executable).with_name("lint-imports"), "--no-cache", cwd=tree)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    broken = set(re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE))
    assert bool(broken) == bool(done.returncode), done.stdout
    return broken


def test_imports_keep_to_the_contracts() -> None:
    assert broken_contracts(ROOT) == set()


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        (
            "ledger/__init__.py",
            "import projections.running.runner",
            "imports run downward: api, projections, ledger, domain",
        ),
        (
            "domain/vocabulary.py",
            "import domain.requests.request",
            "each noun of domain has its place",
        ),
        ("domain/unplaced.py", "", "each noun of domain has its place"),
        ("ledger/unplaced.py", "", "each folder of ledger has its place"),
        ("projections/unplaced.py", "", "each noun of projections has its place"),
        ("api/unplaced.py", "", "each noun of api has its place"),
        ("api/web/paging.py", "import api.requests.requests", "each noun of api has its place"),
        (
            "projections/requests/journal.py",
            "import domain.requests.request_commands",
            "views and the log know what happened, not what may happen",
        ),
        (
            "api/web/paging.py",
            "import domain.requests.rating",
            "the machinery of the web knows no noun",
        ),
        ("domain/vocabulary.py", "import random", "domain is pure"),
        (
            "ledger/tree/merkle.py",
            "import psycopg",
            "what travels in a bundle needs the standard library and msgspec only",
        ),
    ],
)
def test_an_import_that_should_not_be_breaks_its_contract(
    module: str, line: str, contract: str, tmp_path: Path
) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = tmp_path / module
    changed.write_text((changed.read_text() if changed.exists() else "") + f"\n{line}\n")
    assert broken_contracts(tmp_path) == {contract}


def test_every_commands_module_is_forbidden_to_views_and_the_log() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (named,) = (
        one["forbidden_modules"]
        for one in contracts["contracts"]
        if "views and the log" in one["name"]
    )
    there = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "domain").rglob("*_commands.py")
    }
    assert set(named) == there


def test_contracts_have_no_exceptions() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()


@pytest.fixture(scope="module")
def import_graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES)


def test_no_files_import_each_other_in_a_circle(import_graph: grimp.ImportGraph) -> None:
    graph = import_graph
    imported = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    TopologicalSorter(imported).prepare()


def test_f13_digits_are_asked_for_by_a_pattern() -> None:
    """`isdigit` lets through what `int` refuses (²), `isdecimal` the digits of every script."""
    asking = "isdigit", "isnumeric"
    found = [
        str(path) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
        if any(word in path.read_text() for word in asking)
    ]  # fmt: skip
    assert found == []


FILES_PER_FOLDER_MAX: Final = 25


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_too_wide_to_find_a_noun_in(package: str) -> None:
    folders = Counter(path.parent for path in (ROOT / package).rglob("*.py"))
    assert {one for one, files in folders.items() if files > FILES_PER_FOLDER_MAX} == set()


# --- a test finds its file

TESTED_BY: Final[Mapping[str, str]] = {
    "domain/registration/account_commands.py": "domain/accounts/test_account.py",
    "api/accounts/account_routes.py": "api/accounts/test_accounts.py",
    "api/accounts/oidc_routes.py": "api/signing/test_oidc.py",
    "api/accounts/signing_routes.py": "api/signing/test_signing.py",
    "api/cli/office/accounts.py": "test_signing_in.py",
    "api/accounts/pages.py": "api/pages/test_walk.py",
    "api/pages/": "api/pages/test_walk.py",
    "api/serving/pages.py": "api/pages/test_walk.py",
    "api/signing/": "api/signing/test_signing.py",
    "api/web/masking.py": "api/accounts/test_reads.py",
    "api/web/seen.py": "api/accounts/test_reads.py",
    "domain/complaints/record.py": "domain/complaints/test_complaint.py",
    "domain/evaluation/objection.py": "domain/evaluation/test_evaluation.py",
    "domain/evaluation/ruleset_check.py": "domain/evaluation/test_ruleset.py",
    "domain/evaluation/ruleset_content.py": "domain/evaluation/test_ruleset.py",
    "domain/promises/promising.py": "domain/requests/test_request.py",
    "domain/registration/calendar_commands.py": "domain/registers/test_calendar_publication.py",
    "domain/exhibits.py": "domain/test_attachments.py",
    "domain/requests/minutes.py": "domain/test_hours.py",
    "domain/registers/": "domain/registers/test_firms_and_organs.py",
    "domain/registration/firm_commands.py": "domain/registers/test_firms_and_organs.py",
    "domain/registration/organ_commands.py": "domain/registers/test_firms_and_organs.py",
    "domain/registration/team_commands.py": "domain/registers/test_firms_and_organs.py",
    "domain/registration/filling_in.py": "domain/reporting/test_report.py",
    "domain/registration/queries.py": "domain/registers/test_form.py",
    "domain/scoring/basis.py": "domain/scoring/test_facts.py",
    "domain/scoring/computation.py": "domain/scoring/test_scoring.py",
    "domain/scoring/evidence.py": "domain/scoring/test_scoring.py",
    "domain/scoring/facts_of_": "domain/scoring/test_facts.py",
    "domain/simulation/": "domain/simulation/test_simulation.py",
    "domain/vocabulary.py": "domain/test_aggregates.py",
    "ledger/founding/": "ledger/founding/test_founding.py",
    "ledger/log/intake.py": "api/imports/test_lists.py",
    "ledger/log/reading.py": "laws/test_views.py",
    "ledger/log/": "ledger/log/test_doors.py",
    "ledger/seal/": "ledger/seal/test_sealer.py",
    "ledger/server/": "ledger/server/test_embedded.py",
    "ledger/tree/entries.py": "ledger/tree/test_notes.py",
    "ledger/tree/suite.py": "ledger/tree/test_merkle.py",
    "ledger/tree/tiles.py": "ledger/tree/test_merkle.py",
    "ledger/tree/trust.py": "ledger/tree/test_notes.py",
    "ledger/verify/": "ledger/verify/test_verify.py",
    "projections/advising/appointments.py": "projections/advising/test_directory.py",
    "projections/advising/listed.py": "api/advising/test_listing.py",
    "projections/all_views.py": "projections/storing/test_view.py",
    "projections/asking/": "projections/requests/test_workload.py",
    "projections/coordination/": "api/coordination/test_coordination.py",
    "projections/evaluation/review.py": "api/evaluation/test_closing.py",
    "projections/evaluation/sampling_frame.py": "api/evaluation/test_evaluations.py",
    "projections/evaluation/": "laws/test_evaluating.py",
    "projections/history/events.py": "api/web/test_comparing.py",
    "projections/requests/rosters.py": "laws/test_lists.py",
    "projections/oversight/": "projections/advising/test_worklogs.py",
    "projections/reporting/": "projections/reporting/test_reports.py",
    "projections/requests/touching.py": "api/web/test_comparing.py",
    "projections/running/basis.py": "projections/requests/test_requests.py",
    "projections/training/": "api/training/test_trainings.py",
    "api/advising/duty_routes.py": "api/advising/test_duties.py",
    "api/advising/": "api/advising/test_registers.py",
    "api/bundle/": "api/bundle/test_bundle.py",
    "api/cli/office/": "api/cli/office/test_founding.py",
    "api/cli/": "api/cli/test_cli.py",
    "api/complaints/": "api/complaints/test_complaints.py",
    "api/coordination/": "api/coordination/test_coordination.py",
    "api/demo/": "api/demo/test_demo.py",
    "api/evaluation/": "api/evaluation/test_evaluations.py",
    "api/history/": "api/history/test_sealing.py",
    "api/honours/mark_routes.py": "api/honours/test_marks.py",
    "api/imports/": "api/imports/test_lists.py",
    "api/office.py": "api/cli/office/test_founding.py",
    "api/reactions/": "api/reactions/test_reactions.py",
    "api/reporting/": "api/reporting/test_statutory.py",
    "api/requests/": "api/requests/test_requests.py",
    "api/serving/app.py": "api/serving/test_serving.py",
    "api/serving/unlisted.py": "api/serving/test_doctor.py",
    "api/serving/": "api/serving/test_operation.py",
    "api/training/": "api/training/test_trainings.py",
    "api/web/acting.py": "api/serving/test_commands.py",
    "api/web/bell.py": "api/history/test_log.py",
    "api/web/problems.py": "api/serving/test_conventions.py",
    "api/web/question": "api/web/test_comparing.py",
    "api/web/paging.py": "api/requests/test_requests.py",
    "api/web/": "api/serving/test_operation.py",
    "api/words/": "api/serving/test_openapi.py",
    "projections/storing/places.py": "laws/test_lists.py",
    "projections/storing/policies.py": "laws/test_second_net.py",
}
"""Module, or how several begin, to the file under tests/ that tests it where none has its name.
Only for what is tested through something larger: a new module gets a file of its own."""
MODULES: Final = [
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if not path.name.startswith("__")
]


def own_test(module: Path) -> Path | None:
    """Its file in the same folder; of `<thing>_commands` that of the thing, also of a register."""
    tests = ROOT / "tests"
    places = [tests / module.parent / f"test_{module.name}"]
    if module.stem.endswith("_commands"):
        of_the_thing = f"test_{module.stem.removesuffix('_commands')}.py"
        places += [tests / module.parent / of_the_thing, tests / "domain/registers" / of_the_thing]
    return next((place for place in places if place.exists()), None)


def listed(module: Path) -> str | None:
    """The longest beginning of the module's path that the list has."""
    keys = [key for key in TESTED_BY if str(module).startswith(key)]
    return max(keys, key=len, default=None)


def imported_by_tests(file: Path, seen: set[Path]) -> set[str]:
    """What a test file imports, by itself, by its helpers or by the fixtures it is given."""
    if file in seen or not file.exists():
        return set()
    seen.add(file)
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    helpers = {ROOT / f"{name.replace('.', '/')}.py" for name in found if name.startswith("tests.")}
    helpers |= {
        folder / "conftest.py" for folder in file.parents if ROOT / "tests" in folder.parents
    }
    for helper in helpers:
        found |= imported_by_tests(helper, seen)
    return found


def reached(graph: grimp.ImportGraph, test: Path) -> set[str]:
    modules = imported_by_tests(test, set()) & graph.modules
    if "api.cli" in modules:
        # Its commands are imported when they are asked for, by their names.
        modules |= {f"api.cli.{name}" for name in COMMAND_MODULES.values()}
    return modules.union(*(graph.find_upstream_modules(module) for module in modules))


def test_every_module_has_a_test_of_its_name_or_is_on_the_list() -> None:
    assert [str(one) for one in MODULES if own_test(one) is None and listed(one) is None] == []


def test_the_list_names_no_module_that_has_a_test_of_its_name() -> None:
    needed = {listed(module) for module in MODULES if own_test(module) is None}
    assert TESTED_BY.keys() - needed == set()


@pytest.mark.parametrize("test", sorted(set(TESTED_BY.values())))
def test_a_listed_test_reaches_the_modules_it_is_listed_for(
    test: str, import_graph: grimp.ImportGraph
) -> None:
    modules = {
        ".".join(module.with_suffix("").parts)
        for module in MODULES
        if own_test(module) is None and (key := listed(module)) and TESTED_BY[key] == test
    }
    assert (ROOT / "tests" / test).exists()
    assert modules - reached(import_graph, ROOT / "tests" / test) == set()


# --- what docstrings say

RELATIVE = re.compile(r"(What|Whom?|Whose|Whether|Which|Where|How|Why|That|Those|Of|As)\b|`\w+`:")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def docstrings(source: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield each docstring with its node; that of an attribute comes with the struct or module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for number, statement in enumerate(node.body):
                match statement:
                    case ast.Expr(value=ast.Constant(value=str(text))):
                        yield (statement if number else node), " ".join(text.split())


def is_help(node: ast.AST) -> bool:
    """Return whether the docstring is what the command line prints for `--help`."""
    decorators = getattr(node, "decorator_list", ())
    return any(re.search(r"\b(command|group)\b", ast.unparse(one)) for one in decorators)


def riddles(source: str) -> list[str]:
    """List the docstrings that do not keep to the house style, each with its fault."""
    faults: list[str] = []
    for node, text in docstrings(source):
        if re.search(r"\b(None|null):", text):
            faults.append(f"say `None when …`: {text}")
        if isinstance(node, ast.Expr) or CHINESE.match(text):
            continue
        if not re.match(r"[A-Z0-9`*]", text):
            faults.append(f"begin with a capital letter: {text}")
        if not re.search(r"[.!?:…。]( |$)", text):
            faults.append(f"end the first sentence: {text}")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_help(node):
            if RELATIVE.match(text):
                faults.append(f"begin with what the function does: {text}")
        elif isinstance(node, ast.Module) and re.match(RELATIVE.pattern.partition("|`")[0], text):
            faults.append(f"begin with what the module holds: {text}")
    return faults


@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_say_what_is_done_and_put_no_riddles(package: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): faults
        for path in sorted((ROOT / package).rglob("*.py"))
        if (faults := riddles(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("docstring", "advice"),
    [
        ("The state; None: there is none.", "None when"),
        ("What no event is to blame for.", "what the function does"),
        ("Whether who asks over HTTP may.", "what the function does"),
        ("`stream`: of the one thing that it is about.", "what the function does"),
        ("sha256 of the ids.", "capital"),
        ("Return the digest", "first sentence"),
    ],
)
def test_a_riddle_in_a_docstring_is_found_out(docstring: str, advice: str) -> None:
    (fault,) = riddles(f'def asked():\n    """{docstring}"""\n')
    assert advice in fault


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """Return the state; None when there is none."""\n',
        'class C:\n    a: int\n    """None when there is no limit."""\n',
        'class NoRoom(Refused):\n    """没有房间"""\n',
        '@cli.command()\ndef explain():\n    """Why something is as it is."""\n',
    ],
)
def test_plain_words_are_no_riddle(source: str) -> None:
    assert riddles(source) == []


# --- containers


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_compose_names_a_database_a_web_and_a_projector() -> None:
    services = compose()["services"]
    assert set(services) == {"db", "web", "projector"}
    assert services["db"]["image"].startswith("postgres:18")
    assert services["web"]["command"][0] == "serve"
    assert services["projector"]["command"][0] == "project"
    assert all("healthcheck" in service for service in services.values())


@pytest.mark.parametrize("service", ["web", "projector"])
def test_a_service_of_compose_runs_a_command_that_exists(service: str) -> None:
    command = compose()["services"][service]["command"]
    helped = anjuan(command[0], "--help")
    assert helped.returncode == 0, helped.stderr
    for option in command[1:]:
        if option.startswith("--"):
            assert option in helped.stdout


@pytest.mark.parametrize("variable", ["ANJUAN_DATABASE_URL_FILE", "ANJUAN_APP_DATABASE_URL_FILE"])
def test_a_secret_file_of_compose_is_read_and_its_password_not_shown(
    variable: str, tmp_path: Path
) -> None:
    assert variable in compose()["services"]["web"]["environment"]
    secret = tmp_path / "url"
    secret.write_text("postgresql://someone:hush-hush@db:5432/anjuan\n")
    without = anjuan("config", "show", "--json", ANJUAN_HOME=str(tmp_path))
    shown = anjuan("config", "show", "--json", ANJUAN_HOME=str(tmp_path), **{variable: str(secret)})
    assert shown.returncode == without.returncode == 0, shown.stderr
    assert shown.stdout != without.stdout
    assert "hush-hush" not in shown.stdout + shown.stderr


def test_compose_mounts_only_secrets_it_declares_and_its_role_script_is_shell() -> None:
    declared = compose()
    mounted = {name for service in declared["services"].values() for name in service["secrets"]}
    assert mounted == set(declared["secrets"])
    script = declared["configs"]["roles"]["content"].replace("$$", "$")
    checked = run("sh", "-n", "-c", script)
    assert checked.returncode == 0, checked.stderr


def test_compose_makes_every_role_and_keeps_every_key() -> None:
    declared = compose()
    script = declared["configs"]["roles"]["content"]
    for role in (OWNER, APP, READER):
        assert f"CREATE ROLE {role} " in script
    for service in ("web", "projector"):
        kept = [one.partition(":")[2] for one in declared["services"][service]["volumes"]]
        assert "/home/anjuan/data/keys" in kept, service


def test_a_container_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last_stage = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM ")) :]
    users = [line for line in last_stage if line.startswith("USER ")]
    assert users == ["USER anjuan"]


# --- what strangers read


def test_every_make_command_of_the_readme_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    said = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / "README.md").read_text()))
    assert {"demo"} <= said <= targets


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY:"))
    shown = re.findall(r"^  make ([a-z]+) ", run("make", "help").stdout, re.MULTILINE)
    assert shown == phony.split()[1:]


def test_no_file_names_a_registry_or_the_place_it_was_written_in() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit.group().decode()}"
        for path in files_under(ROOT)
        for hit in STRANGE.finditer(path.read_bytes())
    ]
    assert found == []
