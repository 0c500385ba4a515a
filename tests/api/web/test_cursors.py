"""Page marks: ours only, and of one question only."""

import stat
from pathlib import Path

import pytest

from api.settings import Settings
from api.web.cursors import KEY_FILE, Cursors, cursors_of
from api.web.problems import Problem

CURSORS = Cursors(b"key")
MARK = CURSORS.mark("requests", ["2026-03-02", 7])


def test_a_mark_says_where_its_page_begins() -> None:
    assert CURSORS.place("requests", MARK, tuple[str, int]) == ("2026-03-02", 7)


@pytest.mark.parametrize(
    ("cursors", "question", "mark"),
    [
        (CURSORS, "complaints", MARK),
        (Cursors(b"another key"), "requests", MARK),
        (CURSORS, "requests", MARK[:-1]),
        (CURSORS, "requests", MARK + "AAAA"),
        (CURSORS, "requests", "no mark"),
        (CURSORS, "requests", ""),
    ],
)
def test_a_mark_that_was_not_given_for_the_question_is_refused(
    cursors: Cursors, question: str, mark: str
) -> None:
    with pytest.raises(Problem) as refused:
        cursors.place(question, mark, tuple[str, int])
    assert refused.value.slug == "cursor-invalid"


def test_a_secret_is_the_same_for_the_same_purpose_and_key_and_no_other() -> None:
    assert CURSORS.secret_for("a") == Cursors(b"key").secret_for("a")
    assert len({CURSORS.secret_for("a"), CURSORS.secret_for("b")}) == 2
    assert CURSORS.secret_for("a") != Cursors(b"another key").secret_for("a")


def test_without_a_secret_a_random_one_is_kept_in_the_home_for_its_owner_alone(
    tmp_path: Path,
) -> None:
    found = Settings(home=tmp_path / "home")
    assert cursors_of(found).mark("q", 1) == cursors_of(found).mark("q", 1)
    assert stat.S_IMODE((tmp_path / "home" / KEY_FILE).stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "home").iterdir()] == [KEY_FILE]
    elsewhere = Settings(home=tmp_path / "other")
    assert cursors_of(elsewhere).mark("q", 1) != cursors_of(found).mark("q", 1)
