"""What `make audit` says: nothing is called sound that was not looked up."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.audit import FAULTY, LOCKS, NOT_LOOKED_UP, SOUND, main, verdict

ROOT = Path(__file__).parents[1]
GOOD: dict[str, Any] = {"name": "msgspec", "version": "0.21", "vulns": []}
BAD: dict[str, Any] = GOOD | {"vulns": [{"id": "PYSEC-1", "fix_versions": ["0.22"]}]}
UNKNOWN: dict[str, Any] = {"name": "x", "skip_reason": "Dependency not found on PyPI: x"}


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([GOOD], SOUND, "1 packages, no known fault"),
        ([GOOD, BAD], FAULTY, "msgspec 0.21: PYSEC-1, mended in 0.22"),
        ([GOOD, UNKNOWN], NOT_LOOKED_UP, "NOT AUDITED: 1 of 2 packages"),
        ([BAD, UNKNOWN], FAULTY, "NOT AUDITED: 1 of 2 packages"),
        ([], NOT_LOOKED_UP, "NOT AUDITED"),
    ],
)
def test_a_package_is_sound_only_where_it_was_looked_up(
    packages: list[dict[str, Any]], code: int, words: str
) -> None:
    found, lines = verdict(json.dumps({"dependencies": packages}), "")
    assert found == code
    assert words in "\n".join(lines)


def test_a_source_that_does_not_answer_is_named_and_no_sound_verdict() -> None:
    found, lines = verdict("", "Traceback …\nConnectionError: no route to host\n")
    assert found == NOT_LOOKED_UP
    assert "could not be reached: ConnectionError: no route to host" in lines[0]


def test_the_worst_of_both_lock_files_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked of a program that answers as pip-audit does."""
    program = tmp_path / "pip-audit"
    answer = json.dumps({"dependencies": [GOOD]})
    program.write_text(
        f"#!{sys.executable}\nimport sys\nprint({answer!r} if 'dev' in sys.argv[-1] else '')\n"
    )
    program.chmod(0o700)
    assert main([str(program)]) == NOT_LOOKED_UP
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told] == list(LOCKS)


def test_the_tools_of_the_supply_chain_are_pinned() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for package, pin in (("cyclonedx-bom", "SBOM"), ("pip-audit", "AUDIT")):
        assert f"{package}==$({pin}_VERSION)" in makefile
        assert re.search(rf"^{pin}_VERSION := [0-9.]+$", makefile, re.MULTILINE)
