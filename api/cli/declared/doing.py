"""`anjuan do`: every command that HTTP takes, made from its route."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import rich_click as click

from api.cli.acting import actor_of
from api.cli.asking import INSTANT, json_option
from api.cli.declared import options
from api.cli.declared.application import CLIENT, Withheld, at_work, place_of
from api.cli.declared.naming import command_line_of, noun_of, verb_of, words_of
from api.cli.declared.options import Field
from api.cli.declared.tables import show_answer
from api.cli.language import spoken
from api.cli.printing import note, say, say_json
from api.web.acting import (
    KEY_LENGTH_MAX,
    NOBODY,
    Answer,
    CommandAsking,
    Performed,
    Route,
    command_id,
    performing,
)
from api.web.answers import PARAMETER
from api.web.authorization import refuse_not_permitted
from api.web.problems import Problem
from api.web.wiring import Wiring
from api.words import WORDS
from domain.roles import ROLES
from ledger.log.codec import LedgerMapper

WHO: Final = {
    "account": "经办账号，记入案卷 (who does it; the log keeps it)",
    "role": "以何岗位 (in which role)",
    "unit": "代表哪个服务点或区划 (for which point or division)",
    "adviser": "账号属于法律顾问的，其编号 (the adviser's code, where the account is one's)",
}
OCCURRED_AT: Final = "发生时间，默认为现在 (when it happened; default: now)"
LATE_REASON: Final = "补录的理由 (why it is entered late)"
PREFERRED: Final = ("duty_officer", "supervisor", "administrator", *sorted(ROLES))
"""Of the roles that may, the one that an example names."""


class Nouns(click.RichGroup):
    """The nouns that commands are given to; the routes are loaded when one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted({noun_of(route) for route in _routes()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        found = [route for route in _routes() if noun_of(route) == cmd_name]
        return Verbs(cmd_name, found) if found else None


class Verbs(click.RichGroup):
    """What can be done with a noun; a command is made when it is asked for."""

    def __init__(self, noun: str, routes: list[Route]) -> None:
        from api.serving.openapi import TAGS

        super().__init__(name=noun, help=f"{TAGS.get(noun.replace('-', '_'), noun)} ({noun}).")
        self._routes = {verb_of(route): route for route in routes}

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self._routes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        route = self._routes.get(cmd_name)
        return command_of(route) if route else None


def _routes() -> tuple[Route, ...]:
    from api.serving.commands import ROUTES

    return ROUTES


@click.group(cls=Nouns)
def do() -> None:
    """Give a command: whatever can be done over HTTP, with the same rules and permissions.

    `anjuan do` lists the nouns, `anjuan do NOUN` what can be done with one.
    """


def command_of(route: Route) -> click.Command:
    """Make the command line of a route."""
    fields = options.fields_of(route.reads)
    arguments = [name for name, _ in PARAMETER.findall(route.under)]

    def act(
        *,
        as_json: bool,
        dry_run: bool = False,
        body: str | None = None,
        key: str | None = None,
        if_version: int | None = None,
        occurred_at: datetime | None = None,
        late_reason: str | None = None,
        **given: Any,
    ) -> None:
        by = NOBODY if route.public else actor_of(*(given[f"by_{name}"] for name in WHO))
        said = options.said(fields, given, options.body_in(body))
        if needed := options.missing(fields, said):
            raise click.UsageError(spoken("Missing ", "缺少：") + ", ".join(needed))
        place = place_of(route.under, {name: given[name.upper()] for name in arguments})
        raw = options.encoded(said)
        if key is not None and not 0 < len(key) <= KEY_LENGTH_MAX:
            raise Problem("idempotency-key-missing")
        chosen = f"{CLIENT}\n\n".encode() + raw if route.public else (key or uuid4().hex).encode()

        async def work(wiring: Wiring) -> Performed:
            if not route.public:
                refuse_not_permitted(by, route.command)
            asking = CommandAsking(
                wiring=wiring,
                by=by,
                path=place.parameters,
                command_id=command_id(by, place.path, chosen),
                occurred_at=occurred_at,
                late_reason=late_reason,
                expected_version=if_version,
                client=CLIENT,
            )
            return await performing(route)(asking, raw)

        try:
            done = at_work(work, views=route.perform is not None, rehearsed=dry_run)
        except Withheld as withheld:
            _would(withheld, as_json=as_json)
            return
        _done(route, done, as_json=as_json)

    made = click.RichCommand(name=verb_of(route), callback=act, help=_help(route, fields))
    own = {field.flag for field in fields}
    made.params += [
        *map(argument, arguments),
        *(field.option for field in fields),
        *_envelope(route, own),
        *(() if route.public else who_options(own)),
    ]
    return json_option(made)


def argument(name: str) -> click.Argument:
    made = click.Argument([name], metavar=name.upper())
    made.name = name.upper()
    return made


def _envelope(route: Route, own: set[str]) -> Iterator[click.Option]:
    """List the options beside the command; what the command says itself has none here."""
    yield click.Option(
        ["--body"], metavar="FILE", help="JSON 文件，- 为标准输入；选项另行补充或取代 (the whole "
        "command as JSON, - for standard input; options add to it or replace)",
    )  # fmt: skip
    if not route.public:
        yield click.Option(["--occurred-at"], type=INSTANT, metavar="TIME", help=OCCURRED_AT)
        if "--late-reason" not in own:
            yield click.Option(["--late-reason"], metavar="TEXT", help=LATE_REASON)
        yield click.Option(["--key"], metavar="KEY", help=WORDS["Idempotency-Key"])
    if not (route.creates or route.public):
        yield click.Option(
            ["--if-version"], type=click.INT, metavar="N", help=f"{WORDS['If-Match']}。默认不核对 "
            "(default: not checked)",
        )  # fmt: skip
    yield click.Option(
        ["--dry-run"], is_flag=True,
        help="只显示将要记录的内容，不写入 (show what would be written, and write nothing)",
    )  # fmt: skip


def who_options(own: set[str]) -> Iterator[click.Option]:
    """`--by-unit`, and `--unit` where the command has none of its own."""
    for name, words in WHO.items():
        flags = [f"--by-{name}", *(() if f"--{name}" in own else (f"--{name}",))]
        of = {"type": click.Choice(sorted(ROLES))} if name == "role" else {"metavar": "CODE"}
        yield click.Option([*flags, f"by_{name}"], help=words, **of)


def title_of(route: Route) -> str:
    """Say what it does, in Chinese and English."""
    return f"{route.summary} ({words_of(route.name).replace('-', ' ')})"


def _help(route: Route, fields: list[Field]) -> str:
    words = [command_line_of(route)]
    words += [_shown(field) for field in fields if field.required]
    if not route.public:
        role = next(one for one in PREFERRED if one in route.roles)
        words.append(f"--account li --role {role} --unit 4401")
    return f"{title_of(route)}.\n\nExample: {' '.join(words)}"


def _shown(field: Field) -> str:
    return field.flag if field.option.is_flag else f"{field.flag} {field.metavar}"


def _done(route: Route, done: Performed, *, as_json: bool) -> None:
    """Print what a program or the next command needs, and note the rest."""
    if as_json:
        say_json(done.answer)
        return
    if done.location is not None:
        steps = done.location.strip("/").split("/")[1:]
        say(" ".join(step for step in steps if step != route.kind))
    if not isinstance(done.answer, Answer):
        show_answer(done.answer)
    receipt = done.receipt
    if receipt.position is None:
        note(spoken("There was nothing to do.", "没有需要记录的内容。"))
    else:
        at, version = receipt.position, receipt.version
        recorded = f"Done: position {at}, version {version}."
        note(spoken(recorded, f"已记录：位置 {at}，版本 {version}。"))


def _would(withheld: Withheld, *, as_json: bool) -> None:
    mapper = LedgerMapper()
    events = [mapper.of_thing(one) for one in withheld.events]
    shown = [
        {
            "stream": one.originator_id,
            "version": one.originator_version,
            "topic": one.event.topic,
            "data": one.event,
        }
        for one in events
    ]
    if as_json:
        say_json(shown)
    else:
        for one in shown:
            show_answer(one)
    note(spoken("Nothing was written: a dry run.", "试运行，未写入任何内容。"))
