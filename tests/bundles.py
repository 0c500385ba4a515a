"""An office whose bundles are made, unpacked, changed and checked, as an auditor does it."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, LiteralString

from msgspec import Struct

from api.bundle.verify import canonical
from tests.api.cli.test_cli import Shell, Told
from tests.databases import Database
from tests.evaluating import Town

WHO: Final = ("--account", "li", "--role", "supervisor", "--unit", "4401")
WHY: Final = ("--reason", "纪检部门调阅")
Change = Callable[[Any], Any]


class Office(Struct, frozen=True):
    """A log with its command line, and the folder of its bundles."""

    shell: Shell
    database: Database
    town: Town
    folder: Path

    def run(self, *arguments: object) -> Told:
        return self.shell.run(
            *arguments,
            ANJUAN_DATABASE_URL=self.database.owner_url,
            ANJUAN_APP_DATABASE_URL=self.database.app_url,
        )

    def bundle(self, *arguments: object) -> Path:
        """The zip; made once."""
        name = hashlib.sha256(repr(arguments).encode()).hexdigest()[:12]
        place = self.folder / f"{name}.zip"
        if not place.exists():
            self.run("bundle", *arguments, "--out", place, "--json").json()
        return place

    def one(self, query: LiteralString, *values: Any) -> Any:
        with self.town.connect() as connection:
            row = connection.execute(query, values).fetchone()
        assert row is not None
        return row[0]


def unpacked(bundle: Path, place: Path) -> Path:
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(place)
    return place


def verify(folder: Path, *arguments: object, path: str | None = None) -> tuple[int, str]:
    """Exit code and output of the bundle's own verifier, without this project and its packages."""
    environment = {"PATH": os.environ["PATH"] if path is None else path, "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *map(str, arguments)],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def relisted(folder: Path) -> None:
    """What somebody does who changes a bundle with care."""
    names = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    files = {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in names
        if one.name != "MANIFEST.json"
    }
    manifest = {"format": "anjuan-bundle/1", "files": files}
    (folder / "MANIFEST.json").write_bytes(canonical(manifest))


def lines_of(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "entries.jsonl").read_bytes().splitlines()]


def write_lines(folder: Path, lines: list[Any]) -> None:
    (folder / "entries.jsonl").write_bytes(b"".join(canonical(one) + b"\n" for one in lines))
    relisted(folder)


def edit(folder: Path, name: str, change: Change) -> None:
    place = folder / name
    place.write_bytes(canonical(change(json.loads(place.read_bytes()))))
    relisted(folder)


def failed(folder: Path, *words: str, arguments: tuple[object, ...] = ()) -> None:
    """It says in one line what is wrong."""
    code, out = verify(folder, *arguments)
    assert code == 1, out
    assert out.startswith("FAILED "), out
    assert len(out.splitlines()) == 1
    for word in words:
        assert word in out, out
