"""`anjuan evaluation`: evaluations as people carry them out, from scoring to closing."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
import rich_click as click

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import PAST, app_url, as_known_at_option, connected, json_option, replayed
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.evaluating import scored
from api.cli.keeping_up import bring_views_up
from api.cli.language import label, spoken
from api.cli.printing import note, say, say_json, show_structs, show_table
from api.evaluation.determining import closing, correction
from api.evaluation.evaluations import EARLIER_PERIODS
from domain.evaluation.determination import Ranked, ranked
from domain.evaluation.evaluation import Evaluation, EvaluationOpened
from domain.evaluation.evaluation_commands import (
    AmendPopulation,
    CancelEvaluation,
    DetermineItem,
    GiveHumanScore,
    NothingToCorrect,
    WithdrawHumanScore,
)
from domain.evaluation.objection import AnswerObjection, DecideAppeal, FileAppeal, FileObjection
from domain.vocabulary import Command
from ledger.log import reading
from projections.evaluation.review import (
    Compared,
    When,
    compared,
    earlier_results,
    evaluation_of,
    evaluations,
    named,
)
from projections.evaluation.run import (
    asked_of,
    prepared,
)


class WhenType(click.ParamType[When]):
    """A determination by its number, `now`, or an instant."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> When:
        if isinstance(value, int | datetime):
            return value
        if re.fullmatch("[0-9]{1,3}", value):
            return int(value)
        return datetime.now(UTC) if value == "now" else PAST.convert(value, param, ctx)


WHEN: Final = WhenType()


@click.group()
def evaluation() -> None:
    """Evaluations: scored by people, published, objected to, corrected, closed.

    EVALUATION is the id of one, or RULESET:DIVISION:PERIOD such as adviser-year:4401:2026. They are
    opened and published by `anjuan evaluate`.
    """


# --- looking


@evaluation.command("list")
@as_known_at_option
@compared_to_option
@json_option
def list_(as_known_at: datetime | None, compared_to: datetime | None, *, as_json: bool) -> None:
    """Every evaluation that was opened, and how far it has come.

    Example: anjuan evaluation list
    """
    with connected(app_url()) as connection:
        if compared_to is not None:

            def listed(at: datetime | None) -> dict[str, Any]:
                return {"evaluations": evaluations(connection, at)}

            tell_difference(connection, as_known_at, compared_to, listed, as_json=as_json)
            return
        found = evaluations(connection, as_known_at)
    if as_json:
        say_json(found)
    else:
        show_structs(found, empty=spoken("none was opened", "尚未启动考核"))


@evaluation.command()
@click.argument("evaluation")
@as_known_at_option
@compared_to_option
@json_option
def show(
    evaluation: str,
    as_known_at: datetime | None,
    compared_to: datetime | None,
    *,
    as_json: bool,
) -> None:
    """One evaluation as it stands: results, determinations, objections. How scores differ, leaf by
    leaf, is told by `anjuan evaluation compare`.

    Example: anjuan evaluation show adviser-year:4401:2026
    """
    stream = named(evaluation)
    with connected(app_url()) as connection:

        def stood(at: datetime | None) -> Evaluation:
            return evaluation_of(connection, stream, reading.position_at(connection, at))

        if compared_to is not None:
            tell_difference(
                connection, as_known_at, compared_to, stood, as_json=as_json, stream=stream
            )
            return
        state = stood(as_known_at)
    if as_json:
        say_json(state)
        return
    quota = any(one.before_quota for one in state.standing.values())
    show_table(
        [_result(one, quota=quota) for one in ranked(state.standing.values())],
        empty=spoken("not yet published", "尚未公布"),
    )
    with connected(app_url()) as connection:
        earlier = earlier_results(connection, state, EARLIER_PERIODS)
        replays = [replayed(connection, one.run.cut_off) for one in state.determinations]
    for before in earlier:
        result = shown_result(before.score, before.grade)
        say(spoken("before: ", "此前：") + f"{before.period} {before.subject} {result}")
    for one, replay in zip(state.determinations, replays, strict=True):
        later = spoken(", by later facts", "，依据后来的事实")
        more = later if getattr(one, "later_facts", False) else ""
        at = one.run.cut_off
        say(
            spoken(
                f"determination {one.number}: {one.digest}, position {at} ({replay}){more}",
                f"第 {one.number} 次决定：{one.digest}，截止的记录位置 {at}（{replay}）{more}",
            )
        )
    for each in state.objections:
        number, subject, stage = each.filed.number, each.filed.subject, _stage(each)
        english = f"objection {number} of {subject}: {stage}"
        say(spoken(english, f"{subject} 的异议 {number}：{stage}"))
    note(_stands(state))


def _result(one: Ranked, *, quota: bool) -> dict[str, Any]:
    """`rank` 3=: others have it too. `by score`: the grade that a quota did not leave."""
    row = msgspec.to_builtins(one.result)
    names = ("subject", "score", "grade", "vetoed", "subsidy")
    shown = {name: row.get(name) for name in names}
    if quota:
        shown["by score"] = one.result.before_quota
    return {**shown, "rank": f"{one.rank}{'=' if one.tied > 1 else ''}"}


def _stage(one: Any) -> str:
    if one.corrected_by is not None:
        number = one.corrected_by
        return spoken(f"carried out by determination {number}", f"已由第 {number} 次决定更正")
    last = one.decided or one.answered
    if last is None or (one.appeal is not None and one.decided is None):
        return spoken("appealed", "已申请复核") if one.appeal else spoken("filed", "已提出")
    return spoken("upheld", "成立") if last.upheld else spoken("rejected", "不成立")


def _stands(state: Evaluation) -> str:
    if state.cancelled:
        return spoken("Cancelled.", "已撤销。")
    if state.closed is not None:
        return spoken("Closed.", "已结账。")
    if state.published:
        return spoken("Published.", "已公布。")
    number = len(state.subjects)
    return spoken(f"Open: {number} subjects.", f"进行中：考核对象 {number} 个。")


@evaluation.command()
@click.argument("evaluation")
@click.argument("one", type=WHEN)
@click.argument("other", type=WHEN)
@json_option
@click.pass_context
def compare(
    context: click.Context, evaluation: str, one: When, other: When, *, as_json: bool
) -> None:
    """What differs, leaf by leaf, with the events that did it. Exit code 1: something does.

    ONE and OTHER are determinations by their number, `now`, or a time such as 2027-01-31
    or @POSITION.

    Example: anjuan evaluation compare adviser-year:4401:2026 1 now
    """
    url = app_url()
    bring_views_up(url)
    with connected(url) as connection:
        found = compared(
            connection, named(evaluation), one, other, lambda asked: scored(url, asked)
        )
    if as_json:
        say_json(found)
    else:
        _tell(found)
    context.exit(1 if found.differences or found.missing else 0)


def shown_result(score: str, grade: str | None) -> str:
    return f"{score} {grade or '-'}"


def _tell(found: Compared) -> None:
    names = {one.position: one.topic for one in found.events}
    for each in found.differences:
        say(
            f"{each.subject}: {each.scores[0]} {each.grades[0]} → {each.scores[1]} {each.grades[1]}"
        )
        for leaf in each.leaves:
            scores = leaf.get("score") or leaf.get("raised") or leaf.get("value") or ()
            say(f"  {leaf['code']} {leaf['name']}: {' → '.join(map(str, scores))}")
            for fact in leaf["facts"]:
                events = ", ".join(f"{at} {names[at]}" for at in fact["events"])
                told = events or spoken("no new event", "没有新的记录")
                change = label(fact["change"], "row_change")
                say(f"    {change} {fact['day']} {fact['fact']}: {told}")
    differ, subjects = len(found.differences), found.subjects
    english = f"{differ} of {subjects} subjects differ."
    note(spoken(english, f"{subjects} 个对象中 {differ} 个有差异。"))
    if found.missing and not subjects:
        missing = ", ".join(found.missing)
        note(
            spoken(
                f"In one of them only, and not compared: {missing}.",
                f"只在其中一次，未作对照：{missing}。",
            )
        )


# --- acting

Make = Callable[..., Command]


def _gives(name: str, text: str, make: Make, *options: Callable[[Any], Any]) -> None:
    """A command of `anjuan evaluation` that gives the command of the domain that `make` makes of
    the database's URL, the evaluation's stream and the options."""

    def act(
        evaluation: str,
        account: str | None,
        role: str | None,
        unit: str | None,
        adviser: str | None,
        *,
        as_json: bool,
        **said: Any,
    ) -> None:
        by, stream, url = actor_of(account, role, unit, adviser), named(evaluation), app_url()
        receipt = give(url, stream, make(url, stream, **said), by)
        if as_json:
            say_json(
                {"evaluation": stream, "version": receipt.version, "position": receipt.position}
            )
        else:
            note(
                spoken("Done.", "已记录。")
                if receipt.events
                else spoken("There was nothing to do.", "没有需要记录的内容。")
            )

    act.__doc__ = text
    command: Any = json_option(actor_options(act))
    for option in reversed((click.argument("evaluation"), *options)):
        command = option(command)
    evaluation.command(name)(command)


def _said(command: type[Command]) -> Make:
    """Make the command of the options alone."""
    return lambda _url, _stream, **said: command(**said)


def _correction(
    url: str,
    stream: UUID,
    subjects: str | None,
    as_known_at: datetime | None,
    reason: str,
    *,
    later_facts: bool,
) -> Command:
    bring_views_up(url)
    with connected(url) as connection:
        opened, codes = to_correct(connection, stream, subjects)
        at = as_known_at or datetime.now(UTC)
        asked = asked_of(opened, codes, at, correcting=not later_facts)
        found = prepared(connection, asked)
        done = scored(url, found)
        return correction(
            connection, done, found.as_known_at, done.digest, reason, later_facts=later_facts
        )


def to_correct(
    connection: psycopg.Connection[Any], stream: UUID, subjects: str | None
) -> tuple[EvaluationOpened, tuple[str, ...]]:
    """NothingToCorrect."""
    state = evaluation_of(connection, stream)
    codes = tuple(subjects.split(",")) if subjects else state.to_determine
    if not codes:
        raise NothingToCorrect
    return state.opened, codes


def _closing(url: str, stream: UUID) -> Command:
    with connected(url) as connection:
        return closing(connection, stream)


SUBJECT: Final = click.option("--subject", required=True, metavar="CODE")
ITEM: Final = click.option("--item", required=True, metavar="CODE", help="Of the rule set.")
REASON: Final = click.option("--reason", required=True)
NUMBER: Final = click.option("--number", required=True, type=click.IntRange(1), help="Objection.")
UPHELD: Final = click.option("--upheld/--rejected", required=True, default=None)
GROUND: Final = click.option("--ground", required=True)
EVIDENCE: Final = click.option("--evidence", multiple=True, metavar="SHA256", help="May repeat.")
SOURCE: Final = click.option(
    "--source", "sources", type=click.UUID, multiple=True, help="A stream; may repeat."
)

_gives(
    "score",
    """Say what a person has to say of one item: points, or how often it occurred.

    Example: anjuan evaluation score adviser-year:4401:2026 --subject A0001 --item honours
    --value 2 --reason 市级表彰 --source UUID --account li --role supervisor --unit 4401
    """,
    _said(GiveHumanScore),
    SUBJECT,
    ITEM,
    click.option("--value", required=True, help="A decimal such as 7.5."),
    REASON,
    EVIDENCE,
    SOURCE,
)
_gives(
    "withdraw-score",
    """Take a human score back.

    Example: anjuan evaluation withdraw-score adviser-year:4401:2026 --subject A0001
    --item honours --reason 录入有误 --account li --role supervisor --unit 4401
    """,
    _said(WithdrawHumanScore),
    SUBJECT,
    ITEM,
    REASON,
)
_gives(
    "amend",
    """Add who was left out, or remove who does not belong.

    Example: anjuan evaluation amend adviser-year:4401:2026 --add A1842 --reason 漏列
    --account li --role supervisor --unit 4401
    """,
    _said(AmendPopulation),
    click.option("--add", multiple=True, metavar="CODE"),
    click.option("--remove", multiple=True, metavar="CODE"),
    REASON,
)
_gives(
    "cancel",
    """Take back what was opened by mistake.

    Example: anjuan evaluation cancel adviser-year:4401:2026 --reason 区划有误 --account li
    --role supervisor --unit 4401
    """,
    _said(CancelEvaluation),
    REASON,
)
_gives(
    "object",
    """File an objection against a published result.

    Example: anjuan evaluation object adviser-year:4401:2026 --subject A0001 --item honours
    --ground 表彰未计入 --account wang --role adviser --unit A0001 --adviser A0001
    """,
    _said(FileObjection),
    SUBJECT,
    click.option("--item", "items", multiple=True, metavar="CODE", help="Default: all of it."),
    GROUND,
    EVIDENCE,
)
_gives(
    "answer",
    """Answer an objection.

    Example: anjuan evaluation answer adviser-year:4401:2026 --number 1 --upheld
    --reason 核实属实 --account li --role supervisor --unit 4401
    """,
    _said(AnswerObjection),
    NUMBER,
    UPHELD,
    REASON,
)
_gives(
    "appeal",
    """Appeal against an answer.

    Example: anjuan evaluation appeal adviser-year:4401:2026 --number 1 --ground 证据未采信
    --account wang --role adviser --unit A0001 --adviser A0001
    """,
    _said(FileAppeal),
    NUMBER,
    GROUND,
    EVIDENCE,
)
_gives(
    "decide-appeal",
    """Decide an appeal: the last word.

    Example: anjuan evaluation decide-appeal adviser-year:4401:2026 --number 1 --rejected
    --reason 维持原答复 --account zhao --role supervisor --unit 4401
    """,
    _said(DecideAppeal),
    NUMBER,
    UPHELD,
    REASON,
)
_gives(
    "determine",
    """Say what a computed item is, after an objection to it was upheld: its points, or how often a
    veto occurred. Then `correct`.

    Example: anjuan evaluation determine adviser-year:4401:2026 --objection 1 --item lecture_quota
    --value 6 --ground 签到表属实 --source UUID --account li --role supervisor --unit 4401
    """,
    _said(DetermineItem),
    click.option("--objection", required=True, type=click.IntRange(1), help="Its number."),
    ITEM,
    click.option("--value", required=True, help="A decimal such as 7.5."),
    GROUND,
    EVIDENCE,
    SOURCE,
)
_gives(
    "correct",
    """Publish a corrected determination of those whose objection was upheld, or who had been left
    out. It cites the one before, and changes what was objected to: `determine` says first what a
    computed item is, `score` what people score. Facts that came later are another correction, with
    --later-facts.

    Example: anjuan evaluation correct adviser-year:4401:2026 --reason 复核成立 --account li
    --role supervisor --unit 4401
    """,
    _correction,
    click.option("--subjects", metavar="CODES", help="Only these of them, separated by commas."),
    as_known_at_option,
    click.option("--later-facts", is_flag=True, help="By facts that came later, and nothing else."),
    REASON,
)
_gives(
    "close",
    """Close the period, at the newest sealed checkpoint.

    Example: anjuan evaluation close adviser-year:4401:2026 --account li --role supervisor
    --unit 4401
    """,
    _closing,
)
