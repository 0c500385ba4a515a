"""Explanations on the command line: deadlines and scores."""

from datetime import datetime
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec
import rich_click as click

from api.cli.asking import app_url, as_known_at_option, connected, json_option
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.printing import say, say_json, show_table
from domain.complaints.complaint_commands import PromiseNotGiven
from domain.promises.promise import PromiseName
from domain.vocabulary import CHINA
from domain.worktime.calendar import Step
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
