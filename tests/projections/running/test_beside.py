"""The views are followed in a process of its own while this one writes to the log."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import pytest

from projections.running.beside import followed_beside
from projections.running.runner import Runner, VersionChanged
from tests.projections.viewing import Viewing, logged, reached, running

START: Final = """
import sys
from projections.running.beside import followed_beside

if __name__ == "__main__":
    with followed_beside(sys.argv[1]):
        print("begun", flush=True)
        sys.stdin.read()
"""


def test_the_views_are_followed_while_the_log_goes_on(viewing: Viewing) -> None:
    with followed_beside(viewing.url):
        viewing.append(logged())
        assert reached(viewing.url, viewing.head)
        viewing.append(logged(of=UUID(int=1)))
        Runner(viewing.url).catch_up()
        assert reached(viewing.url, viewing.head, 0)
    viewing.append(logged(of=UUID(int=2)))
    viewing.catch_up()


def test_a_follower_that_cannot_go_on_says_why_and_so_does_who_waits_for_it(
    viewing: Viewing, capfd: pytest.CaptureFixture[str]
) -> None:
    viewing.catch_up()
    viewing.connection.execute("UPDATE views.versions SET version = 0 WHERE name = 'journal'")
    viewing.append(logged())
    with followed_beside(viewing.url) as follower:
        follower.join()
        with pytest.raises(VersionChanged, match="journal"):
            Runner(viewing.url).catch_up()
    said = capfd.readouterr().err
    assert "nobody follows the log beside: VersionChanged: rebuild these views" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("end", [subprocess.Popen.kill, subprocess.Popen.terminate])
def test_the_follower_of_a_killed_process_ends_with_it(
    viewing: Viewing, end: Callable[[Any], None]
) -> None:
    viewing.append(logged())
    command = [sys.executable, "-c", START, viewing.url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        assert reached(viewing.url, viewing.head)
        end(process)
        # The follower holds the other end as well: it closes when that is gone.
        process.stdout.read()
    viewing.append(logged(of=UUID(int=1)))
    with running(viewing.url):
        assert reached(viewing.url, viewing.head)
