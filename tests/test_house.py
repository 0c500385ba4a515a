"""The house itself: what is installed, locked, packed, allowed to import, and said to strangers."""

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


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES)
    imported = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    TopologicalSorter(imported).prepare()


FILES_PER_FOLDER_MAX: Final = 25


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_too_wide_to_find_a_noun_in(package: str) -> None:
    folders = Counter(path.parent for path in (ROOT / package).rglob("*.py"))
    assert {one for one, files in folders.items() if files > FILES_PER_FOLDER_MAX} == set()


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
