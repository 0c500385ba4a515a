"""`anjuan list` and `anjuan show`: every question that HTTP answers, made from its declaration."""

from getpass import getuser
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
import rich_click as click

from api.cli.acting import actor_of
from api.cli.asking import json_option
from api.cli.comparing import show_difference
from api.cli.declared import options
from api.cli.declared.application import at_work, place_of
from api.cli.declared.doing import WHO, argument, who_options
from api.cli.declared.naming import command_line_of, is_list, name_of, words_of
from api.cli.declared.options import Field
from api.cli.declared.tables import NONE, Titles, show_answer, titles_of
from api.cli.language import spoken
from api.cli.printing import note, note_basis, say_json
from api.identity import OPERATOR
from api.rights import PUBLIC
from api.web.answers import PARAMETER
from api.web.authorization import refuse_not_permitted
from api.web.comparing import Difference
from api.web.question_routes import answered, instants_of, query_of
from api.web.questions import Asking, Found, Question, beside, refuse_future
from api.web.wiring import Wiring
from domain.reporting.report import Table
from domain.vocabulary import Actor

NEEDLESS: Final = ("--wait-for",)
"""The views are brought up to date before anybody is answered here."""


class Questions(click.RichGroup):
    """The questions of one kind; they are loaded when one is asked for."""

    lists: bool

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name_of(one) for one in _questions() if is_list(one) == self.lists]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        for one in _questions():
            if is_list(one) == self.lists and name_of(one) == cmd_name:
                return command_of(one)
        return None


class Lists(Questions):
    lists = True


class Things(Questions):
    lists = False


def _questions() -> tuple[Question, ...]:
    from api.serving.questions import QUESTIONS

    return QUESTIONS


@click.group(name="list", cls=Lists)
def list_() -> None:
    """List things, or count them: whatever HTTP answers about many, with its filters."""


@click.group(cls=Things)
def show() -> None:
    """Show one thing by its code or id: whatever HTTP answers about it."""


def command_of(question: Question) -> click.Command:
    """Make the command line of a question."""
    fields = [one for one in options.fields_of(question.query) if one.flag not in NEEDLESS]
    arguments = [name for name, _ in PARAMETER.findall(question.under)]
    public = question.permission == PUBLIC

    def look(*, as_json: bool, **given: Any) -> None:
        by = None if public else _who(given)
        place = place_of(question.under, {name: given[name.upper()] for name in arguments})
        said = options.said(fields, given, {})
        if needed := options.missing(fields, said):
            raise click.UsageError(spoken("Missing ", "缺少：") + ", ".join(needed))
        query = urlencode({name: _written(value) for name, value in said.items()})
        asked = query_of(query.encode(), question.query, instants_of(question.query))

        async def work(wiring: Wiring) -> tuple[Found, Titles]:
            if by is not None:
                refuse_not_permitted(by, question.permission)
            asking = Asking(
                wiring=wiring,
                by=by,
                path=place.parameters,
                query=asked,
                url=f"{place.path}?{query}",
                session=f"os:{getuser()}",
            )
            times = (getattr(asked, one, None) for one in ("as_known_at", "compared_to"))
            await refuse_future(wiring, *times)
            found = await answered(question, asking)
            return found, await _titles(wiring, found.body)

        _tell(*at_work(work), as_json=as_json)

    own = {field.flag for field in fields}
    made = click.RichCommand(name=name_of(question), callback=look, help=_help(question, fields))
    made.params += [
        *map(argument, arguments),
        *(field.option for field in fields),
        *(() if public else who_options(own)),
    ]
    return json_option(made)


def _who(given: dict[str, Any]) -> Actor:
    who = [given[f"by_{name}"] for name in WHO]
    return OPERATOR if who == [None] * len(who) else actor_of(*who)


def _written(value: Any) -> str:
    return msgspec.json.encode(value).decode() if isinstance(value, bool | int) else str(value)


def _help(question: Question, fields: list[Field]) -> str:
    words = [command_line_of(question)]
    words += [f"{field.flag} {field.metavar}" for field in fields if field.required]
    title = f"{question.summary} ({words_of(question.name).replace('-', ' ')})"
    return f"{title}.\n\nExample: {' '.join(words)}"


async def _titles(wiring: Wiring, answer: Any) -> Titles:
    """The titles of a table's columns, which its form has."""
    table = getattr(answer, "table", None)
    if not isinstance(table, Table):
        return NONE
    return await beside(wiring, lambda connection: titles_of(connection, table))


def _tell(found: Found, titles: Titles, *, as_json: bool) -> None:
    if as_json:
        say_json(found.body)
    elif isinstance(found.body, Difference):
        show_difference(found.body)
    else:
        show_answer(found.body, titles)
        _note_below(found.body)


def _note_below(body: Any) -> None:
    """Note what the answer stands on, and where it goes on."""
    if (basis := getattr(body, "basis", None)) is not None:
        note_basis(basis.position, basis.recorded_at, simulated=basis.simulated)
    elif hasattr(body, "rows") and hasattr(body, "position"):
        note_basis(body.position)
    if (mark := getattr(body, "next_cursor", None)) is not None:
        note(spoken(f"There are more: --cursor {mark}", f"还有更多：--cursor {mark}"))
