"""`make audit`: are there known faults in what the lock files pin? Nothing is called sound that was
not looked up: where the source of advisories does not answer, that is said, and is a failure."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
SOUND, FAULTY, NOT_LOOKED_UP = 0, 1, 2


class Advisory(Struct):
    id: str
    fix_versions: tuple[str, ...] = ()


class Package(Struct):
    """`skip_reason`: why pip-audit could say nothing of it."""

    name: str
    version: str = ""
    vulns: tuple[Advisory, ...] = ()
    skip_reason: str | None = None


class Report(Struct):
    dependencies: tuple[Package, ...]


def verdict(report: str, said: str) -> tuple[int, list[str]]:
    """Return an exit code and lines for people, of pip-audit's report and what it said besides."""
    try:
        found = msgspec.json.decode(report, type=Report).dependencies
    except msgspec.DecodeError:
        last = (said.strip().splitlines() or ["no report"])[-1]
        return NOT_LOOKED_UP, [f"NOT AUDITED: the advisories could not be reached: {last}"]
    lines = [
        f"{one.name} {one.version}: {each.id}, mended in {', '.join(each.fix_versions) or 'none'}"
        for one in found
        for each in one.vulns
    ]
    skipped = [one for one in found if one.skip_reason is not None]
    if skipped:
        why = skipped[0].skip_reason
        lines.append(f"NOT AUDITED: {len(skipped)} of {len(found)} packages, the first: {why}")
    if any(one.vulns for one in found):
        return FAULTY, lines
    if skipped or not found:
        return NOT_LOOKED_UP, lines or ["NOT AUDITED: the report names no package"]
    return SOUND, [f"{len(found)} packages, no known fault"]


def main(arguments: Sequence[str]) -> int:
    """Audit the lock files with a program that is given: pip-audit."""
    (program,) = arguments
    command = [program, "--require-hashes", "--disable-pip", "--format", "json"]
    command += ["--progress-spinner", "off"]
    worst = SOUND
    for lock in LOCKS:
        done = subprocess.run(
            [*command, "--requirement", str(Path(__file__).parents[1] / lock)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        code, lines = verdict(done.stdout, done.stderr)
        sys.stdout.writelines(f"{lock}: {line}\n" for line in lines)
        worst = max(worst, code, key=(SOUND, NOT_LOOKED_UP, FAULTY).index)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
