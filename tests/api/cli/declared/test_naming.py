"""Every route and every question has a command line of its own, a new one by construction."""

from collections import Counter
from typing import Final

import rich_click as click

from api.cli import anjuan
from api.cli.declared.naming import command_line_of, is_list, name_of, noun_of, verb_of
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS

DECLARED: Final = (*ROUTES, *QUESTIONS)


def found(words: str) -> click.Command | None:
    """The command of a line, looked for as the entry point looks for it."""
    command: click.Command | None = anjuan
    for word in words.split()[1:]:
        if not isinstance(command, click.RichGroup):
            break
        command = command.get_command(click.Context(command), word)
    return command


def test_every_route_and_question_has_a_command_line() -> None:
    for declared in DECLARED:
        command = found(command_line_of(declared))
        assert isinstance(command, click.RichCommand), command_line_of(declared)
        assert not isinstance(command, click.RichGroup), command_line_of(declared)


def test_no_two_have_the_same_command_line() -> None:
    verbs = Counter((noun_of(route), verb_of(route)) for route in ROUTES)
    names = Counter((is_list(question), name_of(question)) for question in QUESTIONS)
    assert {one: times for one, times in (verbs + names).items() if times > 1} == {}


def test_commands_are_called_by_their_noun_and_verb() -> None:
    lines = {declared.name: command_line_of(declared) for declared in ROUTES}
    assert lines["LogRequest"] == "anjuan do request log"
    assert lines["GiveConsultation"] == "anjuan do request give-consultation ID"
    assert lines["PublishRuleSet"] == "anjuan do ruleset publish"
    assert lines["VerifyWork"] == "anjuan do worklog verify ID"
    assert lines["EscalateDissatisfaction"] == "anjuan do complaint escalate-dissatisfaction ID"
    assert lines["PublicGiveRating"] == "anjuan do rating public-give ID TOKEN"
    asked = {declared.name: command_line_of(declared) for declared in QUESTIONS}
    assert asked["Requests"] == "anjuan list requests"
    assert asked["Roster"] == "anjuan show roster POINT DAY"


def test_b11_s4_no_command_is_called_like_a_question() -> None:
    assert {verb_of(one) for one in ROUTES} & {"list", "show", "get", "find", "look"} == set()
