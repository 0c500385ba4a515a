"""`anjuan publish`: an office's own calendars, policies, forms and rule sets, from files."""

import getpass
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
import rich_click as click
from msgspec import Struct

from api.cli.asking import app_url, json_option, loaded
from api.cli.language import spoken
from api.cli.printing import note, say, say_json
from api.publishing.changes import changes, named_days, replaced_years
from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.evaluation.ruleset import PublishRuleSet
from domain.registers.policy import PolicyVersion
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.limit_check import faults as limit_faults
from domain.registration.policy_commands import PublishPolicy
from domain.vocabulary import Actor, Command, OutOfBounds, Refused, stream_id
from domain.worktime.calendar import Calendar
from ledger.log.decision import Ask, ask, decide
from ledger.log.store import Ledger

if TYPE_CHECKING:
    from api.publishing.days import Notice

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])
FAULTS_MAX: Final = 20
CHANGES_MAX: Final = 20
"""So many lines of what is added, and of what is taken away, are shown."""


class Published(Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    ref: str
    outcome: str
    """"published", "there" (the very same is), or "would_be_published"."""
    added: tuple[str, ...] = ()
    """What the version before does not say."""
    removed: tuple[str, ...] = ()
    """What only the version before says."""


@click.group()
def publish() -> None:
    """Publish the next version of a calendar, policy, form or rule set from FILE (JSON or TOML).

    FILE holds one version, or a list of them. What is wrong with it is told with its line, its
    place and what is allowed there, and nothing is published then. Once published a version never
    changes; published again it adds nothing. --check only looks.
    """


def common_options(command: F) -> F:
    options = (
        click.option("--check", is_flag=True, help="Say what would happen and publish nothing."),
        click.option("--account", help="Who publishes; the log keeps it. Default: the user here."),
        click.option("--unit", metavar="CODE", help="For which unit. Default: the office's."),
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@publish.command()
@click.argument("file", type=READABLE, required=False)
@click.option(
    "--days", type=READABLE, metavar="LIST",
    help="Instead of FILE: the days of a year's notice, as CSV, xlsx or TOML.",
)  # fmt: skip
@click.option(
    "--after", multiple=True, metavar="CODE",
    help="With --days: the calendar that goes on, several times for several. Default: all.",
)  # fmt: skip
@click.option(
    "--replace-year", "replacing", type=int, multiple=True, metavar="YEAR",
    help="Of a year whose days are published already, take some away.",
)  # fmt: skip
@common_options
def calendar(
    file: Path | None, days: Path | None, after: Sequence[str], *, as_json: bool, **who: Any
) -> None:
    """Publish a working calendar; or, with --days, the next version of every calendar from the
    short list of a year's days off and make-up days.

    LIST has the columns 日期 (first), 截止 (last), 类型 (放假 or 上班) and 名称 (name). What is
    added and taken away is told; of a year that is published already nothing is taken away without
    --replace-year.

    Example: anjuan publish calendar --days 2027.csv --after gz-office
    """
    if (file is None) == (days is None):
        raise click.UsageError("Give FILE, or --days LIST.")
    if file is not None:
        _publish(file, PublishCalendar, "calendar", as_json=as_json, **who)
        return
    from api.publishing.days import chosen, following, read_notice

    assert days is not None
    notice, now = read_notice(days), datetime.now(UTC)
    with Ledger(app_url()) as ledger:
        known = ledger.registers().calendars
        newest = [one for name, one in known.items() if name == one.code]
        commands: list[Command] = []
        for one in chosen(newest, after):
            next_ = following(one, notice, now)
            if _says_the_same(one, next_):
                next_ = one
            commands.append(PublishCalendar(calendar=next_))
        _give(ledger, commands, lambda _: str(days), as_json=as_json, **who)
    _tell_notice(notice)


def _tell_notice(notice: "Notice") -> None:
    """Say how many days a notice has, and when it looks as if some were missing."""
    from api.publishing.days import counts, missing_festivals

    off, work = counts(notice)
    note(
        spoken(
            f"{notice.year}: {off} days off, {work} make-up days.",
            f"{notice.year} 年：放假 {off} 天，调休上班 {work} 天。",
        )
    )
    if missing := "、".join(missing_festivals(notice)):
        note(
            spoken(
                f"Warning: {notice.year} names no {missing}: the list looks incomplete.",
                f"注意：{notice.year} 年没有{missing}的安排，看来不完整，请核对。",
            )
        )


def _says_the_same(one: Any, other: Any) -> bool:
    """Return whether a list was published already: then it makes no further version."""
    names = ("holidays", "makeup_days", "last_year", "provisional_years")
    return all(getattr(one, name) == getattr(other, name) for name in names)


@publish.command()
@click.argument("file", type=READABLE)
@common_options
def policy(file: Path, *, as_json: bool, **who: Any) -> None:
    """Publish a policy: time limits, duties of advisers, rules of rating and complaints.

    Example: anjuan publish policy limits.toml --check
    """
    _publish(file, PublishPolicy, "policy", as_json=as_json, **who)


@publish.command()
@click.argument("file", type=READABLE)
@common_options
def form(file: Path, *, as_json: bool, **who: Any) -> None:
    """Publish a checklist or the template of a statutory table.

    Example: anjuan publish form checklist.json
    """
    _publish(file, PublishForm, "form", as_json=as_json, **who)


@publish.command()
@click.argument("file", type=READABLE)
@common_options
def ruleset(file: Path, *, as_json: bool, **who: Any) -> None:
    """Publish a rule set; docs/rulesets.md explains what it may say.

    Example: anjuan publish ruleset rules.json --check
    """
    _publish(file, PublishRuleSet, "ruleset", as_json=as_json, **who)


# --- from the file to the log


def _publish(file: Path, command: type[Command], name: str, *, as_json: bool, **who: Any) -> None:
    from api.publishing.document import DocumentWrong, faults, read_document

    document = read_document(file)
    value = document.value
    several = value if isinstance(value, list) else [value]
    commands: list[Command] = []
    found: list[str] = []
    for number, one in enumerate(several):
        place: tuple[str | int, ...] = (number,) if isinstance(value, list) else ()
        if isinstance(one, dict) and set(one) == {name}:
            one, place = one[name], (*place, name)  # noqa: PLW2901
        kind = msgspec.structs.fields(command)[0].type
        wrong = list(faults(one, kind, place))
        wrong = wrong or _own_faults(name, one, place)
        found += [document.told(where, what) for where, what in wrong]
        if not wrong:
            commands.append(command(**{name: msgspec.convert(one, kind)}))
    if found:
        raise DocumentWrong("; ".join(found[:FAULTS_MAX]))

    def where(refusal: Refused) -> str:
        parts = refusal.field if isinstance(refusal, OutOfBounds) else refusal.detail
        lines = [line for part in parts.split("、") for line in document.lines_of(part)]
        return f"{file}:{','.join(map(str, lines))}" if lines else str(file)

    with Ledger(app_url()) as ledger:
        _give(ledger, commands, where, as_json=as_json, **who)


def _own_faults(
    name: str, value: Any, place: tuple[str | int, ...]
) -> list[tuple[tuple[str | int, ...], str]]:
    """List what only the own check of a rule set or policy finds."""
    if name == "policy":
        found = limit_faults(msgspec.convert(value, PolicyVersion))
        return [((*place, *where), f"{wrong.reason()}（{wrong.detail}）") for where, wrong in found]
    if name != "ruleset":
        return []
    from domain.evaluation.ruleset_check import NotARuleSet, problems, read

    try:
        said = problems(read(msgspec.json.encode(value)))
    except NotARuleSet as error:
        said = [str(error)]
    return [((*place, *_parsed(one.partition(": ")[0])), one.partition(": ")[2]) for one in said]


def _parsed(place: str) -> tuple[str | int, ...]:
    """`items[3].method` as a place."""
    import re

    return tuple(
        int(part[1:-1]) if part.startswith("[") else part
        for part in re.findall(r"\[\d+\]|[^.\[\]]+", place)
    )


def _give(
    ledger: Ledger,
    commands: Sequence[Command],
    where: Callable[[Refused], str],
    *,
    check: bool,
    account: str | None,
    unit: str | None,
    as_json: bool,
    replacing: Sequence[int] = (),
) -> None:
    by = _publisher(account, unit)
    asks = [_asked(command, by) for command in commands]
    before = [_newest(ledger, asked) for asked in asks]
    for one, asked in zip(before, asks, strict=True):
        _refuse_to_replace(one, _version(asked.command), replacing)
    done = []
    for newest, asked in zip(before, asks, strict=True):
        version = _version(asked.command)
        try:
            if check:
                new = bool(decide(asked, ledger.held(asked), ledger.registers()))
                outcome = "would_be_published" if new else "there"
            else:
                new = bool(ledger.execute(asked.stream, asked.command, by=by).events)
                outcome = "published" if new else "there"
        except Refused as refusal:
            said = f"{refusal.reason()}" + (f"（{refusal.detail}）" if refusal.detail else "")
            raise click.ClickException(f"{where(refusal)}: {version.ref}: {said}") from refusal
        added, removed = changes(newest, version) if new and newest is not None else ((), ())
        kind = AGGREGATE_BY_COMMAND[type(asked.command)].KIND
        done.append(
            Published(kind=kind, ref=version.ref, outcome=outcome, added=added, removed=removed)
        )
    if as_json:
        say_json(done)
    else:
        for one in done:
            _say_published(one)


def _asked(command: Command, by: Actor) -> Ask:
    kind = AGGREGATE_BY_COMMAND[type(command)].KIND
    stream = stream_id(kind, _version(command).code)
    return ask(stream, command, by=by, now=datetime.now(UTC))


def _version(command: Command) -> Any:
    (name,) = command.__struct_fields__
    return getattr(command, name)


def _newest(ledger: Ledger, asked: Ask) -> Any:
    """Return the version that stands, None where none does."""
    held = ledger.held(asked)
    return None if held is None else held.state.versions[-1]


def _refuse_to_replace(before: Any, after: Any, replacing: Sequence[int]) -> None:
    if not isinstance(before, Calendar):
        return
    for year in replaced_years(before, after):
        if year not in replacing:
            gone = sorted(named_days(before, year) - named_days(after, year))
            new = sorted(named_days(after, year) - named_days(before, year))
            raise click.ClickException(
                spoken(
                    f"{before.ref}: the days of {year} are published already; {len(gone)} of them"
                    f" would be taken away (from {gone[0][0]}) and {len(new)} added. Is the year"
                    f" right? If it is: --replace-year {year}; nothing was published",
                    f"{before.ref}：{year} 年的安排已经公布；这次会去掉其中 {len(gone)} 天"
                    f"（{gone[0][0]} 起），增加 {len(new)} 天。请核对年份；确实要改，请加"
                    f" --replace-year {year}；没有公布任何内容",
                )
            )


def _say_published(one: Published) -> None:
    said = {
        "there": spoken("is there already", "已经公布过"),
        "published": spoken("is published", "已公布"),
        "would_be_published": spoken("would be published", "将会公布"),
    }
    say(f"{one.kind} {one.ref} {said[one.outcome]}.")
    for sign, lines in (("-", one.removed), ("+", one.added)):
        for line in lines[:CHANGES_MAX]:
            say(f"  {sign} {line}")
        if (more := len(lines) - CHANGES_MAX) > 0:
            say(spoken(f"  {sign} and {more} more", f"  {sign} 另有 {more} 处"))


def _publisher(account: str | None, unit: str | None) -> Actor:
    from api.cli.acting import actor_of
    from api.office import office_of

    office = office_of(loaded().home)
    who = account or getpass.getuser()
    return actor_of(who, "administrator", unit or (office.division if office else "4401"))
