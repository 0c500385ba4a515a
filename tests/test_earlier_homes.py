"""Homes that earlier trees made: what they stored still means what it meant.

A folder of `earlier_homes` has the name of the commit whose `anjuan` made it, by
`earlier_homes/make.sh`. Its data are simulated. It is never made anew: it is what was stored then.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec import Struct

from projections.all_views import STORED
from tests.api.cli.test_cli import Shell
from tests.bundles import unpacked, verify
from tests.databases import temporary_home

EARLIER: Final = Path(__file__).parent / "earlier_homes"
TREES: Final = [place.name for place in sorted(EARLIER.iterdir()) if place.is_dir()]
BUNDLES: Final = sorted(EARLIER.glob("*/*.zip"))
ABOUT: Final = "bundle.json"


class Opened(Struct, frozen=True):
    """A home of an earlier tree, restored and brought up to date by this one."""

    kept: Path
    """The folder of what the earlier tree stored and answered."""
    shell: Shell


def read(file: Path) -> Any:
    return msgspec.json.decode(file.read_bytes())


def differences(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """Name each value of `old` that `new` lacks or has otherwise; new fields may stand beside."""
    match old, new:
        case dict(), dict():
            for key, value in old.items():
                if key in new:
                    yield from differences(value, new[key], f"{at}.{key}")
                else:
                    yield f"{at}.{key} is gone: {value!r}"
        case list(), list() if len(old) == len(new):
            for number, (before, after) in enumerate(zip(old, new, strict=True)):
                yield from differences(before, after, f"{at}[{number}]")
        case _ if old != new:
            yield f"{at} was {old!r}, is {new!r}"


def requests_alone(report: Any) -> Any:
    """The workload without what the work log tells. That is in it now, with its minutes and late
    entries, and off-peak is what the duty rules say: those figures grew on purpose."""
    rows = [
        {
            "services": row["services"] - row.get("visits", 0),
            **{
                name: value
                for name, value in row.items()
                if name != "services" and not name.startswith(("minutes", "late", "visits"))
            },
        }
        for row in report["rows"]
    ]
    return {**report, "rows": [row for row in rows if row["services"] or row["duplicates"]]}


def without_stubs(timeline: Any) -> Any:
    """The history without what stood for events that the reader may not see. There was nothing of
    the kind in these; now there never is."""
    assert timeline.get("stubs", []) == []
    return {name: told for name, told in timeline.items() if name != "stubs"}


TOLD_OTHERWISE: Final[dict[str, Callable[[Any], Any]]] = {
    "workload": requests_alone,
    "timeline": without_stubs,
}
"""Answers that changed on purpose, by their own name or the first word of the command that asks →
what of them must still be as it was."""
IN_CLEAR: Final[dict[str, tuple[str, ...]]] = {"timeline": ("--unmask", "与旧库核对")}
"""First word of what shows people in clear text only for a purpose now → how it is asked for."""


@pytest.fixture(scope="module", params=TREES)
def earlier(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """A home that the tests only look at."""
    with opened(EARLIER / request.param) as earlier:
        yield earlier


@contextmanager
def opened(kept: Path) -> Iterator[Opened]:
    with temporary_home() as home:
        shell = Shell(home)
        try:
            restored = shell.run("db", "restore", kept / "home.dump")
            assert restored.code == 0, restored.err
            shutil.copytree(kept / "keys", home / "keys")
            # A checkout has the mode of whoever made it; a home's keys are its owner's.
            for kept_key in (home / "keys").iterdir():
                kept_key.chmod(0o600)
            (home / "keys").chmod(0o700)
            yield Opened(kept, shell)
        finally:
            shell.run("db", "stop")


def test_an_earlier_home_is_upgraded_and_every_view_has_the_rows_that_were_stored(
    earlier: Opened,
) -> None:
    found = earlier.shell.run("doctor", "--json").json()
    old = {view["name"]: view["version"] for view in read(earlier.kept / "views.json")}
    grown = {f"view {view.NAME}" for view in STORED if old.get(view.NAME) != view.VERSION}
    told = {finding["where"] for finding in found if finding["level"] != "fine"}
    # Nobody else keeps checkpoints of it: doctor has only been saying so since.
    assert told == grown | {"ANJUAN_WITNESS_DIR"}
    rebuilt = earlier.shell.run("rebuild", "--workers", "1", "--json").json()
    # Of a view whose version grew since then the rows mean something else: equal is None.
    assert {view["name"]: view["equal"] for view in rebuilt} == {
        view.NAME: True if old.get(view.NAME) == view.VERSION else None for view in STORED
    }


def test_an_earlier_home_answers_as_it_did(earlier: Opened) -> None:
    changed = {}
    for answer in sorted((earlier.kept / "answers").iterdir()):
        command, told = answer.read_text(encoding="utf-8").splitlines()
        words = command.split()
        now = earlier.shell.run(*words, *IN_CLEAR.get(words[0], ())).json()
        old = msgspec.json.decode(told)
        for name in TOLD_OTHERWISE.keys() & {answer.stem, words[0]}:
            old, now = map(TOLD_OTHERWISE[name], (old, now))
        changed[answer.stem] = list(differences(old, now))
    assert changed
    assert {name: found for name, found in changed.items() if found} == {}


def test_a_bundle_made_now_of_an_earlier_evaluation_has_its_digest(
    earlier: Opened, tmp_path: Path
) -> None:
    old = read(unpacked(earlier.kept / "evaluation.zip", tmp_path / "old") / ABOUT)
    made = tmp_path / "new.zip"
    earlier.shell.run("bundle", "evaluation", old["name"], "--out", made, "--json").json()
    folder = unpacked(made, tmp_path / "new")
    code, out = verify(folder)
    assert code == 0, out
    assert read(folder / ABOUT)["digest"] == old["digest"]


@pytest.mark.parametrize("tree", TREES)
def test_checkpoints_of_an_earlier_home_hold_and_go_on(tree: str, tmp_path: Path) -> None:
    with opened(EARLIER / tree) as earlier:
        goes_on(earlier, tmp_path)


def goes_on(earlier: Opened, tmp_path: Path) -> None:
    before = earlier.kept / "checkpoint.txt"
    size = int(before.read_text().splitlines()[1])
    found = earlier.shell.run("verify", "--checkpoint", before, "--json").json()
    assert (found["ok"], found["size"], found["flaws"]) == (True, size, [])

    assert earlier.shell.run("rebuild", "--workers", "1").code == 0
    said = ("--account", "li", "--role", "supervisor", "--unit", "4401", "--json")
    run = ("--period", "2026-05", "--ruleset", "adviser-year@1", "--open")
    earlier.shell.run("evaluate", *run, *said).json()
    sealed = earlier.shell.run("seal", "--now", "--json").json()["signed"]
    assert [checkpoint["size"] for checkpoint in sealed] == [size + 1]
    key = tmp_path / "key"
    key.write_text((earlier.kept / "keys" / "seal.vkeys").read_text())
    options = ("--checkpoint", before, "--key", key, "--json")
    found = earlier.shell.run("verify", *options).json()
    assert (found["ok"], found["size"], found["flaws"]) == (True, size + 1, [])


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: f"{path.parts[-2]}-{path.stem}")
def test_an_earlier_bundle_passes_its_own_verifier(bundle: Path, tmp_path: Path) -> None:
    code, out = verify(unpacked(bundle, tmp_path))
    assert code == 0, out
    assert re.match(r"OK: (evaluation|complaint) ", out), out
