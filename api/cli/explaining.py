"""Explanations on the command line: deadlines and scores."""

from datetime import datetime
from functools import partial
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec
import rich_click as click

from api.cli.asking import app_url, as_known_at_option, connected, json_option, replayed
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.keeping_up import bring_views_up
from api.cli.language import spoken
from api.cli.printing import note, say, say_json, show_table
from domain.complaints.complaint_commands import PromiseNotGiven
from domain.promises.promise import PromiseName
from domain.vocabulary import CHINA
from domain.worktime.calendar import Step
from projections.evaluation.review import Explained, explained, named
from projections.history import timeline as log_timeline
from projections.history.promises import PromiseTold

PROMISES: Final = get_args(PromiseName)


@click.group()
def explain() -> None:
    """Why something is as it is."""


@explain.command()
@click.argument("stream")
@click.argument("promise", type=click.Choice(PROMISES))
@click.option(
    "--round",
    "round_",
    type=click.IntRange(1),
    help="Of this round (of a review: its level). Default: the last one.",
)
@as_known_at_option
@compared_to_option
@json_option
def deadline(
    stream: str,
    promise: str,
    round_: int | None,
    as_known_at: datetime | None,
    compared_to: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Why a promise is due when it is: its start, every stretch that was skipped or paused and why,
    the rule and the version of the calendar, and the due moment.

    STREAM is complaint:ID or request:ID. PROMISE is first_response or close of a request, assign or
    review of its legal aid; acknowledge, assign, return, answer or review of a complaint. Exit code
    1: none was given.

    Example: anjuan explain deadline complaint:01990000-0000-7000-8000-000000000001 answer --round 2
    """
    with connected(app_url()) as connection:

        def given(at: datetime | None) -> PromiseTold:
            found = log_timeline.timeline(connection, stream, at)
            for one in reversed(found.promises):
                if one.name == promise and round_ in (None, one.round):
                    return one
            raise PromiseNotGiven(f"{stream} {promise}")

        if compared_to is not None:
            tell_difference(connection, as_known_at, compared_to, given, as_json=as_json)
            return
        told = given(as_known_at)
    if as_json:
        say_json({"stream": stream, **msgspec.structs.asdict(told)})
    else:
        show_table([_line(step) for step in told.explanation])
        say(f"规则：{told.policy}")
        say(_outcome(told))


def _line(step: Step) -> dict[str, Any]:
    days = f"{step.first}" if step.first == step.last else f"{step.first} – {step.last}"
    return {"days": days, "kind": step.kind, "why": step.text}


def _outcome(told: PromiseTold) -> str:
    """Describe the result of a promise."""
    return f"{_by_when_it_happened(told)}{_on_record(told)}"


def _by_when_it_happened(told: PromiseTold) -> str:
    if told.met_at is not None:
        return f"已于 {_local(told.met_at)} 履行{'' if told.in_time else '（逾期）'}"
    if told.stopped_at is not None:
        return f"已于 {_local(told.stopped_at)} 终止"
    if told.paused_since is not None:
        return f"自 {_local(told.paused_since)} 起暂停"
    return "进行中"


def _on_record(told: PromiseTold) -> str:
    """Describe what was on record, where that tells something else."""
    known = ""
    if told.in_time and told.in_time_on_record is False:
        assert told.met_on_record_at is not None
        known = f"；{_local(told.met_on_record_at)} 才登记在案，按登记时间为逾期（补录）"
    if told.missed_on_record_at is not None:
        known += f"；{_local(told.missed_on_record_at)} 已记录为未按时兑现"
    return known


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(ZoneInfo(CHINA)):%Y-%m-%d %H:%M}"


# --- scores


@explain.command()
@click.argument("evaluation")
@click.argument("subject")
@click.option("--determination", type=click.IntRange(1), help="Default: the newest he is in.")
@as_known_at_option
@compared_to_option
@json_option
@click.pass_context
def score(
    context: click.Context,
    evaluation: str,
    subject: str,
    determination: int | None,
    as_known_at: datetime | None,
    compared_to: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Why a score is what it is: every item, with the events that were used and those that were
    not, and why.

    EVALUATION is its id, or RULESET:DIVISION:PERIOD. Computed anew from the entries of then; exit
    code 1: what was determined is another tree. Before publication, and with --as-known-at: a
    trial. With --compared-to: what differs between two trials.

    Example: anjuan explain score adviser-year:4401:2026 A0001
    """
    url = app_url()
    bring_views_up(url)
    if compared_to is not None and determination is not None:
        raise click.UsageError("Determinations are compared by `anjuan evaluation compare`.")
    stream = named(evaluation)
    with connected(url) as connection:
        if compared_to is not None:
            tell_difference(
                connection,
                as_known_at,
                compared_to,
                partial(explained, connection, stream, subject),
                as_json=as_json,
            )
            return
        found = explained(connection, stream, subject, as_known_at or determination)
    if as_json:
        say_json(found)
    else:
        with connected(url) as connection:
            _tell_tree(found, replayed(connection, found.cut_off))
    if found.agrees is False:
        digests = f"{found.digest}, not {found.determined}"
        note(
            spoken(
                f"THE TREE DIFFERS FROM WHAT WAS DETERMINED: {digests}",
                f"得分依据与公布的不一致：{found.digest}，公布的是 {found.determined}",
            )
        )
        context.exit(1)


def _tell_tree(found: Explained, replay: str) -> None:
    """Print a score tree; `replay` says how to ask for the same state of knowledge."""
    tree = found.tree
    pending = ", ".join(tree["pending"])
    grade = tree["grade"] or spoken(f"no grade yet: {pending}", f"尚无等次，待人工评分：{pending}")
    total = _of_maximum(tree["score"], tree["maximum"])
    say(spoken(f"{found.subject}: {total} ({grade})", f"{found.subject}：{total}（{grade}）"))
    for one in (*tree["items"], *tree["bonuses"], *tree["vetoes"]):
        _tell_node(one, "  ")
    if paid := tree["subsidy"]:
        amount = f"{paid.get('amount', paid['rate'])} {paid['unit']}"
        rate = f"{paid['per']}: {paid['rate']}"
        say(spoken(f"  subsidy {amount} (by {rate})", f"  补贴 {amount}（{rate}）"))
    what = spoken("a trial", "试算")
    if number := found.determination:
        what = spoken(f"determination {number}", f"第 {number} 次决定")
    at, digest = found.cut_off, found.digest
    told = "anjuan show event POSITION"
    note(spoken(f"One of these events: {told}", f"查看其中一个事件：{told}（记录位置）"))
    note(
        spoken(
            f"{what}, as known at position {at} ({replay}); tree {digest}",
            f"{what}，依据至第 {at} 条记录（{replay}）；得分依据的摘要值 {digest}",
        )
    )


def _of_maximum(score: Any, maximum: Any) -> str:
    return spoken(f"{score} of {maximum}", f"{score} 分，满分 {maximum}")


TAKEN: Final = {"used": "采用", "against": "不利", "unused": "未采用"}


def _tell_node(node: dict[str, Any], indent: str) -> None:
    if "score" in node:
        points = node["score"]
        if "maximum" in node:
            points = _of_maximum(points, node["maximum"])
    else:
        points = spoken("raised", "触发") if node["raised"] else spoken("not raised", "未触发")
    value = f"  [{node['value']}]" if node.get("value") is not None else ""
    say(f"{indent}{node['code']} {node['name']}: {points}{value}")
    for part in node.get("items", ()):
        _tell_node(part, indent + "  ")
    for how in ("used", "against", "unused"):
        for ref in node.get(how, ()):
            why = f" ({ref['reason']})" if "reason" in ref else ""
            amount = f" {ref['amount']}" if "amount" in ref else ""
            events = spoken("events ", "记录位置 ") + ", ".join(map(str, ref["positions"]))
            taken = spoken(how, TAKEN[how])
            say(f"{indent}  {taken}{why}: {ref['day']} {ref['fact']}{amount}, {events}")
    if said := node.get("determined"):
        was = ""
        if "computed" in node:
            was = spoken(f", computed {node['computed']}", f"，计算所得 {node['computed']}")
        who, number = f"{said['scorer']} ({said['role']})", said["objection"]
        after = spoken(f"determined after objection {number} by", f"异议 {number} 成立后认定，")
        events = spoken("events ", "记录位置 ") + str(said["positions"][0])
        say(f"{indent}  {after} {who}: {said['value']}{was}, {events}")
    if said := node.get("human"):
        by = spoken("said by", "人工评分，")
        say(f"{indent}  {by} {said['scorer']} ({said['role']}): {said['value']}")
