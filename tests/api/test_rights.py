"""One table of rights: whatever can be asked, done, exported or seen has its row."""

from typing import Any, get_args

import pytest
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct
from msgspec.structs import replace

from api.cli import MODULES
from api.rights import (
    COMMAND_LINE,
    COMMANDS,
    DOORS,
    EXPORTS,
    MAY,
    OPERATOR,
    PUBLIC,
    QUESTIONS,
    RIGHTS,
    NoRight,
    Right,
)
from api.serving.app import handlers
from api.serving.commands import ROUTES
from api.serving.pages import pages
from api.serving.questions import QUESTIONS as ASKED
from api.web import question_routes
from api.web.masking import has_personal
from api.web.questions import Found, Question
from domain import simulated_log
from domain.aggregates import AGGREGATE_BY_COMMAND, ALL
from domain.reporting.disclosure import BundleKind
from domain.roles import ROLES
from domain.vocabulary import Personal
from tests.personal import NOT_OF_PERSONS, personal_names, unmarked


@pytest.fixture(scope="module")
def every_handler() -> list[HTTPRouteHandler]:
    return handlers()


def test_every_question_has_its_row_and_every_row_its_question() -> None:
    assert {one.name for one in ASKED} == set(QUESTIONS)


def test_every_command_that_can_be_given_has_its_row() -> None:
    given = {one.__name__ for one in set(AGGREGATE_BY_COMMAND) - {*simulated_log.COMMANDS}}
    assert given == set(COMMANDS)


def test_every_handler_of_http_has_its_row(every_handler: list[HTTPRouteHandler]) -> None:
    rows = {**COMMANDS, **QUESTIONS, **DOORS}
    commands = {one.name: one.command.__name__ for one in ROUTES if not one.public}
    named = {str(one.name) for one in every_handler}
    without = {
        name
        for name in named
        if commands.get(name, name) not in rows and not name.startswith("Document")
    }
    assert without == set()
    assert set(DOORS) <= named | {one.of for one in pages()}


def test_every_command_of_the_command_line_has_its_row() -> None:
    assert set(COMMAND_LINE) == set(MODULES)


def test_every_kind_of_bundle_has_its_row() -> None:
    kinds = {f"bundle:{kind}" for kind in (*get_args(BundleKind), "personal")}
    assert kinds <= set(EXPORTS)


def test_rows_name_permissions_and_roles_that_exist() -> None:
    for action, right in RIGHTS.items():
        assert right.permission in MAY or right.permission in (PUBLIC, OPERATOR), action
        assert right.clear <= ROLES, action


def test_whoever_may_see_people_in_clear_text_may_ask() -> None:
    for action, right in QUESTIONS.items():
        assert right.clear <= right.roles, action


@pytest.mark.parametrize("question", ASKED, ids=lambda one: str(one.name))
def test_a_question_that_shows_people_says_who_may_see_them_in_clear_text(
    question: Question,
) -> None:
    assert has_personal(question.answer) == bool(question.right.clear)


def test_every_column_that_is_named_like_something_personal_is_marked_or_listed() -> None:
    """The domain says which fields describe a person; a row or answer that copies one says so."""
    found = {name for one in ASKED for name in unmarked(one.answer)}
    assert found - NOT_OF_PERSONS == set()
    assert NOT_OF_PERSONS - found == set(), "these are marked by now, or gone"
    assert {"subject", "detail", "name", "phone", "opinion"} <= personal_names(ALL)


# --- what is planted is found


async def _nothing(_: Any) -> Found:
    return Found(None)


class Planted(Struct):
    subject: str
    note: Personal | None = None


class Copied(Struct):
    subject: str


PLANTED = Question(
    name="Planted", under="/planted", summary="", tag="request", answer=Planted, find=_nothing
)


def test_a_planted_question_without_a_row_stops_the_program() -> None:
    with pytest.raises(NoRight, match="Planted"):
        _ = PLANTED.permission
    with pytest.raises(NoRight, match="Planted"):
        question_routes.handler_of(PLANTED)


def test_a_planted_personal_column_without_a_field_group_is_found() -> None:
    assert has_personal(Planted)
    assert not Right("read", "rows").clear
    assert {"Copied.subject"} <= {one.rpartition(":")[2] for one in unmarked(Copied)}


def test_a_planted_command_has_no_right() -> None:
    planted = replace(ROUTES[0], command=Planted)
    with pytest.raises(KeyError):
        _ = planted.roles
