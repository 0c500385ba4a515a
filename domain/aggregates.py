"""The bill of materials of the domain: every aggregate and its parts."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

from msgspec import Struct, structs

from domain import attachments, hours, simulated_log
from domain.accounts import account
from domain.advising import appointment_commands, needs, visit_plan, worklog
from domain.codes import PATH_SEGMENT
from domain.complaints import complaint, complaint_commands, reception
from domain.coordination import conference, survey
from domain.evaluation import evaluation, evaluation_commands, ruleset
from domain.honours import mark
from domain.jurisdiction import refuse_outside
from domain.moment import (
    Beside,
    Moment,
    not_before_last_step,
    not_in_future,
    not_late_without_reason,
)
from domain.oversight import area, inspection, rectification, sample
from domain.promises import promise_watch
from domain.reading import refuse_unread
from domain.registers import (
    adviser,
    appointment,
    calendar_publication,
    division,
    firm,
    form,
    organ,
    point,
    policy,
    team,
)
from domain.registration import (
    account_commands,
    adviser_commands,
    calendar_commands,
    division_commands,
    firm_commands,
    form_commands,
    organ_commands,
    point_commands,
    policy_commands,
    team_commands,
)
from domain.reporting import disclosure, draft, period_end, report
from domain.requests import proceedings_commands, rating, request, request_commands, roster
from domain.training import helper, session
from domain.vocabulary import Command, Event, Refused


class Story(Protocol):
    """Events of one kind of thing and their fold."""

    @property
    def KIND(self) -> str: ...

    @property
    def EVENTS(self) -> tuple[type[Event], ...]: ...

    def evolve(self, state: Any, event: Any, /) -> Any: ...


class Deciding(Protocol):
    """Commands on one kind of thing and their decider."""

    @property
    def COMMANDS(self) -> tuple[type[Command], ...]: ...

    def decide(self, state: Any, command: Any, moment: Moment, /) -> list[Event]: ...


Decide = Callable[[Any, Any, Moment], list[Event]]


class Aggregate(Struct, frozen=True):
    """A story with its decider. Modules offer them; mypy checks each module below."""

    KIND: str
    EVENTS: tuple[type[Event], ...]
    COMMANDS: tuple[type[Command], ...]
    evolve: Callable[[Any, Any], Any]
    decide: Decide
    beside: Beside | None = None


class _Whole(Story, Deciding, Protocol):
    """A module that holds both story and decider."""


LASTING: Final = (worklog.LogWork,)
"""What took hours: its own rules judge by its end whether it is entered late."""
SIDE_BY_SIDE: Final = (promise_watch.KIND,)
"""Kinds of streams in which several things stand beside each other: when one of them happened says
nothing of the next."""


FOUND_BY_THE_CLOCK: Final = (rectification.RectificationFellOverdue,)
"""Events in a thing's own stream that are no step of it: what somebody did before may still be
entered, and stands beside them."""


def _in_order_of_time(kind: str, decide: Decide) -> Decide:
    """The rule about time for every command on every thing, around the rules of the thing.

    What happened is not in the future; it is not entered late without a reason; and it does not lie
    before what the thing already knows happened.
    """

    def decided(state: Any, command: Any, moment: Moment) -> list[Event]:
        refuse_outside(kind, state, command, moment)
        not_in_future(moment)
        if not isinstance(command, LASTING):
            not_late_without_reason(command, moment)
        refuse_unread(command, state, moment)
        events = decide(state, command, moment)
        if events and kind not in SIDE_BY_SIDE:
            not_before_last_step(moment)
        return events

    return decided


def _cut(story: Story, rules: Deciding) -> Aggregate:
    decide = _in_order_of_time(story.KIND, rules.decide)
    return Aggregate(story.KIND, story.EVENTS, rules.COMMANDS, story.evolve, decide)


def _whole(module: _Whole) -> Aggregate:
    return _cut(module, module)


def _written_by_others(story: Story) -> Aggregate:
    """A story without commands: its events come with those of another aggregate (`Beside`)."""
    return Aggregate(story.KIND, story.EVENTS, (), story.evolve, lambda *_: [])


REFERENCE: Final = (
    _cut(calendar_publication, calendar_commands),
    _cut(policy, policy_commands),
    _cut(point, point_commands),
    _cut(adviser, adviser_commands),
    _cut(appointment, appointment_commands),
    _cut(form, form_commands),
    _cut(division, division_commands),
    _cut(firm, firm_commands),
    _cut(team, team_commands),
    _cut(organ, organ_commands),
    _cut(account, account_commands),
)
"""Aggregates that others look up: folded into `Registers`."""
ALL: Final = (
    *REFERENCE,
    structs.replace(_cut(request, request_commands), beside=request_commands.BESIDE),
    structs.replace(_whole(rating), beside=rating.BESIDE),
    _whole(roster),
    structs.replace(_cut(complaint, complaint_commands), beside=complaint_commands.BESIDE),
    structs.replace(_whole(reception), beside=reception.BESIDE),
    structs.replace(_whole(worklog), beside=worklog.BESIDE),
    _written_by_others(hours),
    _whole(visit_plan),
    structs.replace(_whole(needs), beside=needs.BESIDE),
    _whole(area),
    _whole(inspection),
    structs.replace(_whole(rectification), beside=rectification.BESIDE),
    structs.replace(_whole(attachments), beside=attachments.BESIDE),
    _whole(report),
    _whole(draft),
    _whole(period_end),
    _whole(promise_watch),
    structs.replace(_whole(ruleset), beside=ruleset.BESIDE),
    _cut(evaluation, evaluation_commands),
    _whole(sample),
    structs.replace(_whole(mark), beside=mark.BESIDE),
    _whole(disclosure),
    structs.replace(_whole(session), beside=session.BESIDE),
    structs.replace(_whole(helper), beside=helper.BESIDE),
    _whole(conference),
    _whole(survey),
    _whole(simulated_log),
)
AGGREGATE: Final = {one.KIND: one for one in ALL}

EVENTS_BY_TOPIC: Final = {event.topic: event for one in ALL for event in one.EVENTS}
AGGREGATE_BY_COMMAND: Final = {command: one for one in ALL for command in one.COMMANDS}
REFERENCE_TOPICS: Final = tuple(event.topic for one in REFERENCE for event in one.EVENTS)

REPEATABLE: Final = (
    request_commands.GiveConsultation,
    request_commands.AddNote,
    request_commands.ReplaceFollowCode,
    proceedings_commands.HoldMediationSession,
)
"""Commands that may be meant twice: the same service or note again is a second fact, and a code is
replaced by a third one. Sent twice by accident they are told apart by their command id; every other
command, repeated, does nothing or is refused."""


# --- codes


def _report(table: report.Table) -> str:
    return report.report_name(table.template, table.division, table.period)


def _mark(awarded: mark.MarkAwarded) -> str:
    return mark.mark_name(awarded.kind, awarded.year, awarded.code)


def _evaluation(opened: evaluation.EvaluationOpened) -> str:
    return evaluation.evaluation_name(opened.ruleset, opened.division, opened.period)


CODED: Final[Mapping[str, Callable[[Any], str]]] = {
    calendar_publication.KIND: lambda published: str(published.newest.code),
    policy.KIND: lambda published: str(published.versions[-1].code),
    form.KIND: lambda published: str(published.versions[-1].code),
    ruleset.KIND: lambda published: str(published.versions[-1].code),
    point.KIND: lambda held: str(held.code),
    adviser.KIND: lambda held: str(held.code),
    appointment.KIND: lambda held: str(held.division),
    division.KIND: lambda held: str(held.code),
    firm.KIND: lambda held: str(held.code),
    team.KIND: lambda held: str(held.code),
    organ.KIND: lambda held: str(held.code),
    account.KIND: lambda held: str(held.code),
    roster.KIND: lambda held: f"{held.point}:{held.day}",
    helper.KIND: lambda held: str(held.code),
    visit_plan.KIND: lambda held: visit_plan.plan_name(held.adviser, held.village, held.month),
    needs.KIND: lambda held: str(held.village),
    area.KIND: lambda held: str(held.division),
    mark.KIND: lambda held: _mark(held.awarded),
    period_end.KIND: lambda ended: str(ended.period),
    draft.KIND: lambda held: str(held.name),
    report.KIND: lambda held: _report(held.versions[0].table),
    evaluation.KIND: lambda held: _evaluation(held.opened),
}
"""Kind of what has a public code → that code, from its state. What is named by a UUID is not here:
a request at a point with an odd code can still be brought to its end."""


class CodeNotAccepted(Refused):
    """编号含有不可见字符、全角字符或其他不允许的字符，只能查看，不能再办理"""


def refuse_odd_code(kind: str, state: Any) -> None:
    """Refuse every command on a thing whose code was accepted once and no longer is.

    Its stream would stand beside that of another code that looks the same.

    Raises: CodeNotAccepted — when today's pattern refuses the code.
    """
    if has_odd_code(kind, state):
        raise CodeNotAccepted(ascii(CODED[kind](state)))


def has_odd_code(kind: str, state: Any) -> bool:
    return kind in CODED and not re.fullmatch(PATH_SEGMENT, CODED[kind](state))


# --- folding


def kind_of(topic: str) -> str:
    """Return the aggregate of a topic: `request.closed/1` → `request`."""
    return topic.partition(".")[0]


def fold(story: Story, events: Iterable[Event], state: Any = None) -> Any:
    for event in events:
        state = story.evolve(state, event)
    return state
