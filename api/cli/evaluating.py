"""`anjuan evaluate`, `anjuan ruleset`: scores, and what they are made by."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
import rich_click as click

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, as_known_at_option, connected, json_option, replayed
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.keeping_up import bring_views_up
from api.cli.language import spoken
from api.cli.printing import note, note_basis, progress, say, say_json, show_table
from api.evaluation.determining import opening_of, publication
from domain.codes import DivisionCode, EvaluationPeriod, shortest
from domain.evaluation import ruleset as rulesets
from domain.evaluation.evaluation import EvaluationUnknown
from domain.evaluation.ruleset import PublishRuleSet
from domain.evaluation.ruleset_check import NotARuleSet, problems, read
from domain.scoring.computation import RULESET_TOPIC
from domain.vocabulary import stream_id
from ledger.log import reading
from projections.evaluation import dossier
from projections.evaluation.known import RuleSetUnknown
from projections.evaluation.review import evaluation_of
from projections.evaluation.run import (
    DIVISION,
    Evaluated,
    Prepared,
    RunAsked,
    evaluated,
    evaluated_few,
    prepared,
)

READABLE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
WORKERS: Final = 2
FEW: Final = 20
"""Up to so many subjects are computed from the entries that concern them."""


# --- rule sets


@click.group()
def ruleset() -> None:
    """Rule sets: what is counted, and what it is worth."""


@ruleset.command()
@click.argument("file", type=READABLE)
@json_option
@click.pass_context
def validate(context: click.Context, file: Path, *, as_json: bool) -> None:
    """Say what is wrong with the rule set in FILE (JSON), each fault with its place. Exit code 1:
    something is.

    Example: anjuan ruleset validate examples/rulesets/tongzhou-2016.json
    """
    faults = _faults(file)
    if as_json:
        say_json({"valid": not faults, "faults": faults})
    else:
        say("\n".join(faults) or "nothing is wrong with it")
    context.exit(1 if faults else 0)


def _faults(file: Path) -> list[str]:
    try:
        return problems(read(file.read_bytes()))
    except NotARuleSet as error:
        return [str(error)]


@ruleset.command()
@click.argument("file", type=READABLE)
@actor_options
@json_option
def publish(
    file: Path,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    *,
    as_json: bool,
) -> None:
    """Publish the rule set in FILE as its next version. Published again it adds nothing.

    Example: anjuan ruleset publish rules.json --account li --role administrator --unit 4401
    """
    by = actor_of(account, role, unit, adviser)
    if faults := _faults(file):
        raise click.ClickException("; ".join(faults))
    found = read(file.read_bytes())
    stream = stream_id(rulesets.KIND, found.code)
    receipt = give(app_url(), stream, PublishRuleSet(ruleset=found), by)
    if as_json:
        say_json({"ruleset": found.ref, "published": bool(receipt.events), "stream": stream})
    else:
        note(f"{found.ref} is {'published' if receipt.events else 'there already'}.")


@ruleset.command("list")
@as_known_at_option
@compared_to_option
@json_option
def list_(as_known_at: datetime | None, compared_to: datetime | None, *, as_json: bool) -> None:
    """Every version that was published, oldest first.

    Example: anjuan ruleset list
    """
    if compared_to is not None:
        with connected(app_url()) as connection:
            tell_difference(
                connection,
                as_known_at,
                compared_to,
                lambda at: {f"{one['code']}@{one['version']}": one for one in _published(at)},
                as_json=as_json,
            )
        return
    rows = [
        {
            "ruleset": f"{one['code']}@{one['version']}",
            "title": one["title"],
            "subject": one["subject"],
            "effective_from": one["effective_from"],
            "example": one.get("example", False),
        }
        for one in _published(as_known_at)
    ]
    say_json(rows) if as_json else show_table(
        rows, empty=spoken("no rule set is published", "尚未公布评分标准")
    )


@ruleset.command()
@click.argument("ref", metavar="CODE@VERSION")
@as_known_at_option
@compared_to_option
def show(ref: str, as_known_at: datetime | None, compared_to: datetime | None) -> None:
    """Print a published rule set as JSON. Once published it never changes.

    Example: anjuan ruleset show adviser-year@3
    """

    def published(at: datetime | None) -> dict[str, Any]:
        for one in _published(at):
            if f"{one['code']}@{one['version']}" == ref:
                return one
        raise RuleSetUnknown(ref)

    if compared_to is None:
        say_json(published(as_known_at))
        return
    with connected(app_url()) as connection:
        tell_difference(connection, as_known_at, compared_to, published, as_json=True)


def _published(as_known_at: datetime | None) -> list[dict[str, Any]]:
    with connected(app_url()) as connection:
        known = dossier.publications(connection, reading.position_at(connection, as_known_at))
    return [one["data"]["ruleset"] for one in known if one["topic"] == RULESET_TOPIC]


# --- running


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The JSON of `anjuan evaluate --json`."""

    digest: str
    position: int
    ruleset: str
    calendar: str
    division: str
    period: str
    as_known_at: datetime
    inputs: str
    evaluation: str
    what_if: bool
    results: list[dict[str, Any]]
    beside: "Outcome | None" = None
    published: bool = False
    checkpoint: str | None = None
    """That was published with it: over everything that was known."""
    passed_over: tuple[int, ...] = ()
    """Positions of events that cannot be read: they are in no score."""


def period_given(_: click.Context, __: click.Parameter, value: str) -> str:
    try:
        return msgspec.convert(value, EvaluationPeriod)
    except msgspec.ValidationError:
        raise click.BadParameter("like 2026, 2026-Q2 or 2026-06") from None


def division_given(_: click.Context, __: click.Parameter, value: str) -> str:
    try:
        division = msgspec.convert(value, DivisionCode)
    except msgspec.ValidationError:
        raise click.BadParameter("2, 4, 6, 9 or 12 digits, like 4401") from None
    if division != shortest(division):
        raise click.BadParameter(f"write {shortest(division)}, which is the same")
    return division


@click.command()
@click.option(
    "--period",
    required=True,
    callback=period_given,
    help="A year 2026, a quarter 2026-Q2 or a month 2026-06.",
)
@click.option("--ruleset", required=True, metavar="CODE@VERSION", help="What to score by.")
@click.option(
    "--division",
    default=DIVISION,
    show_default=True,
    metavar="CODE",
    callback=division_given,
    help="Where.",
)
@click.option("--calendar", metavar="CODE@VERSION", help="Default: the one published first.")
@click.option("--subjects", metavar="CODES", help="Only these, separated by commas.")
@as_known_at_option
@click.option("--expect", metavar="DIGEST", help="Exit code 1 if the run has another digest.")
@click.option("--what-if", metavar="CODE@VERSION", help="Also by this rule set, beside it.")
@click.option("--open", "opens", is_flag=True, help="Open the evaluation of these subjects.")
@click.option("--publish", "publishes", is_flag=True, help="Publish the results.")
@click.option("--trees/--no-trees", default=True, help="Whether JSON has the score trees.")
@click.option("--workers", type=click.IntRange(1, 64), default=WORKERS, show_default=True)
@actor_options
@json_option
@click.pass_context
def evaluate(
    context: click.Context,
    period: str,
    ruleset: str,
    division: str,
    calendar: str | None,
    subjects: str | None,
    as_known_at: datetime | None,
    expect: str | None,
    what_if: str | None,
    opens: bool,
    publishes: bool,
    trees: bool,
    workers: int,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    *,
    as_json: bool,
) -> None:
    """Score advisers or points over a period, as known at a time; the same digest for ever.

    A plain run writes nothing. --open and --publish do, and ask who does it. Without --subjects:
    those of the evaluation, where it is open, else everybody there. What is run by --what-if, or by
    other rules than the open evaluation's, is never published.

    Example: anjuan evaluate --period 2026 --ruleset adviser-year@3 --expect DIGEST --json
    """
    by = actor_of(account, role, unit, adviser) if opens or publishes else None
    asked = RunAsked(
        ruleset=ruleset,
        period=period,
        division=division,
        calendar=calendar,
        subjects=tuple(one for one in (subjects or "").split(",") if one),
        as_known_at=as_known_at,
    )
    url = app_url()
    found = _prepared(url, asked)
    if opens and by is not None:
        give(url, found.stream, opening_of(found), by)
        found = _prepared(url, asked)
    done = _scored(url, found, workers)
    other = None
    if what_if:
        other = _prepared(url, msgspec.structs.replace(
            asked, what_if=what_if, as_known_at=found.as_known_at
        ))  # fmt: skip
        beside = _scored(url, other, workers)
    checkpoint = None
    if publishes and by is not None:
        chosen, made = (other, beside) if other else (found, done)
        with connected(url) as connection:
            command = publication(connection, made, chosen.as_known_at, made.digest)
        give(url, found.stream, command, by)
        checkpoint = command.checkpoint
    outcome = msgspec.structs.replace(
        _outcome(found, done, trees=trees and as_json),
        published=publishes,
        checkpoint=checkpoint,
    )
    if other:
        outcome = msgspec.structs.replace(
            outcome, beside=_outcome(other, beside, trees=trees and as_json)
        )
    _tell(outcome, as_json=as_json)
    if expect is not None and expect != done.digest:
        with connected(url) as connection:
            _tell_other(connection, found.stream, expect, done.run.cut_off)
        context.exit(1)


def _tell_other(
    connection: psycopg.Connection[Any], stream: UUID, expect: str, position: int
) -> None:
    """Say why the digest may be another: as known at another position it always may."""
    note(spoken(f"expected {expect}", f"应为 {expect}"))
    try:
        determined = evaluation_of(connection, stream).determinations
    except EvaluationUnknown:
        determined = ()
    at = {one.run.cut_off for one in determined if one.digest == expect}
    if position in at:
        note(
            spoken(
                "It was determined as known at this very position: the rules, the subjects asked"
                " for or the program are others, or the log was changed; see `anjuan verify`.",
                "该摘要值正是按此记录位置得出：评分标准、考核对象或程序不同，或者记录被改动；"
                "请运行 anjuan verify。",
            )
        )
        return
    other = min(at, default=None)
    how = "--as-known-at @POSITION" if other is None else replayed(connection, other)
    note(
        spoken(
            f"This run is as known at position {position}; as known at another it is another state"
            f" of knowledge, which is no sign of tampering. To repeat a run: {how}",
            f"本次依据至第 {position} 条记录；依据其他记录位置的，所知不同，摘要值即不同，"
            f"并非记录被改动。如需重算：{how}",
        )
    )


def _prepared(url: str, asked: RunAsked) -> Prepared:
    with connected(url) as connection:
        return prepared(connection, asked)


def scored(url: str, ready: Prepared, workers: int = WORKERS) -> Evaluated:
    """Score few subjects from their own entries, many over the whole log; the views are up to
    date, which only the few need."""
    if len(ready.task.subjects) > FEW:
        with progress("Scoring (parts)") as tell:
            return evaluated(url, ready, workers, tell)
    with connected(url) as connection:
        return evaluated_few(connection, ready.task, ready.rules)


def _scored(url: str, ready: Prepared, workers: int) -> Evaluated:
    """Score as `scored`, with the views brought up to date where they are read."""
    if len(ready.task.subjects) <= FEW:
        bring_views_up(url)
    return scored(url, ready, workers)


def _outcome(found: Prepared, done: Evaluated, *, trees: bool) -> Outcome:
    task, run = found.task, done.run
    code = run.ruleset.partition("@")[0]
    return Outcome(
        digest=done.digest,
        position=run.cut_off,
        ruleset=run.ruleset,
        calendar=run.calendar,
        division=run.division,
        period=run.period,
        as_known_at=found.as_known_at,
        inputs=run.inputs,
        evaluation=f"{code}:{task.division}:{task.period}",
        what_if=found.what_if,
        passed_over=tuple(sorted(found.passed_over.union(done.passed_over))),
        results=[
            {
                "subject": one.subject,
                "score": one.score,
                "grade": one.grade,
                "vetoed": one.vetoed,
                "subsidy": one.subsidy,
                "tree_digest": one.tree,
                "tree": msgspec.Raw(done.trees[one.subject]) if trees else None,
            }
            for one in run.results
        ],
    )


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        say_json(outcome)
        return
    other = {one["subject"]: one for one in outcome.beside.results} if outcome.beside else {}
    rows = []
    for one in outcome.results:
        row = {name: one[name] for name in ("subject", "score", "grade", "vetoed", "subsidy")}
        if outcome.beside:
            beside = other[one["subject"]]
            row |= {f"what if {outcome.beside.ruleset}": beside["score"], "": beside["grade"]}
        rows.append(row)
    show_table(rows)
    say(spoken(f"digest {outcome.digest}", f"摘要值 {outcome.digest}"))
    rules = spoken(
        f", by {outcome.ruleset} and {outcome.calendar}",
        f"，依据 {outcome.ruleset} 和 {outcome.calendar}",
    )
    note_basis(outcome.position, more=rules)
    if outcome.passed_over:
        number, positions = len(outcome.passed_over), ", ".join(map(str, outcome.passed_over))
        note(
            spoken(
                f"{number} events cannot be read and are in no score: {positions}.",
                f"有 {number} 条记录无法读出，没有计入任何评分：{positions}。",
            )
        )
        note(spoken("`anjuan doctor` tells what can be done.", "处理办法见 `anjuan doctor`。"))
    if outcome.what_if:
        note(
            spoken(
                "A what-if: the open evaluation follows other rules; this is never published.",
                "假设试算：已启动的考核依据其他标准，本结果不会公布。",
            )
        )
    if outcome.published and outcome.checkpoint:
        note(
            spoken(
                "Published, with a checkpoint over all that was known.",
                "已公布，所依据的记录均已封存。",
            )
        )
    elif outcome.published:
        note(
            spoken(
                "Published without a checkpoint: what was known is not sealed yet. To bind one, run"
                " `anjuan seal --now` first, and publish --as-known-at a time before that.",
                "已公布，但所依据的记录尚未封存。如需绑定封存点，请先运行 anjuan seal --now，"
                "再以此前的时点 --as-known-at 公布。",
            )
        )
