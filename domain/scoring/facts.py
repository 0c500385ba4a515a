"""Facts from log entries: what an indicator counts, with the events it was made of.

Plain data in, plain data out, standard library only: an evidence bundle ships the files of
`domain.scoring.computation.SHIPPED`, and an auditor runs them with a bare Python and a small
stand-in for msgspec.

An entry is a mapping with `position`, `stream` (UUID text), `topic`, `occurred_at` and `data`, of
the present topics; what else it holds is not looked at. A fact is a flat mapping of the fields
below. The order in which entries are given does not matter.

1. `published(entries)` → the calendars and policies known; `rules_of` makes `Rules` of them.

2. `facts_of(entries, rules)` → all kinds but the last two, also for a part of the streams, split by
the last byte of the id: what the parts give is simply put together.

3. `completed(facts, rules)` → the same with `duty` and `quota`, and inspections with their adviser.

A figure that also stands in a report is the same at the same position; `tests/laws/test_facts`
proves it. Differences on purpose: the reports on response times and satisfaction count duplicates
and imported history, the standing of a fact leaves them out; a calendar is the one known at the
cut-off, in reports the one known at the event.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from domain.scoring import (
    facts_of_appointments,
    facts_of_complaints,
    facts_of_requests,
    facts_of_work,
)
from domain.scoring.basis import Entry, Fact, Rules, TopicHandler
from domain.scoring.facts_of_duties import attributed, duties, months_of

FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    # In every fact: `fact` = the kind; `stream` = id of the main stream (UUID text); `positions` =
    # every event it was made of, in order; `standing` = "counts", or why it does not count.
    "service": {
        # One request with its rating, as it stands after the last event given.
        # standing: counts | voided | duplicate | imported (the first that applies).
        "fact": "str",
        "stream": "str",
        "positions": "list[int]",
        "standing": "str",
        "point": "str",
        "division": "str",
        "adviser": "str?",  # whom it stands with now
        "firm": "str?",
        "team": "str?",
        "service": "str",  # after reclassification
        "channel": "str",
        "client_category": "str?",
        "day": "date",  # local day it was asked for; reports and periods count by it
        "late": "bool",  # entered late, with a reason
        "status": "str",  # open | closed | voided
        "closed": "bool",
        "close_kind": "str?",
        "closed_day": "date?",
        "voided": "bool",
        "duplicate": "bool",  # linked to an earlier request
        "imported": "bool",  # history from elsewhere: closed as imported
        "responded": "bool",
        "response_in_time": "bool?",  # None: not yet, or nothing was promised
        "response_minutes": "int?",  # working minutes of its calendar, without pauses
        "close_in_time": "bool?",
        "close_minutes": "int?",
        "close_days": "int?",  # calendar days from asking to closing
        "overdue": "bool",  # open, not paused, and a promise was due before `rules.at`
        "reclassified": "int",
        "reopened": "int",
        "invited": "bool",  # to rate
        "grade_explicit": "int?",  # 5 very satisfied … 1 very dissatisfied
        "grade_default": "int?",  # by silence; counts only where grade_explicit is None
        "grade_callback": "int?",
        "grade_follow_up": "int?",
        "grade_excluded": "bool",  # grade_explicit was taken out by a decided dispute
        "referral_made": "int",  # times
        "referral_accepted": "int",
        "referral_completed": "int",
        "mediation_opened": "int",
        "mediation_agreed": "int",
        "mediation_performed": "int",  # 1: fully performed
        "mediation_confirmed": "int",  # 1: confirmed by the court
        "legal_aid_applied": "int",
        "legal_aid_granted": "int",
        "minutes_onsite": "int",  # by whomever given; per adviser they stand in `deed`
        "minutes_offsite": "int",
        "minutes_off_peak": "int",
    },
    "deed": {
        # One consultation given or mediation session held: minutes for who gave them.
        # standing: counts | voided | imported (of its request; a duplicate's minutes count).
        "fact": "str",
        "stream": "str",  # the request
        "positions": "list[int]",
        "standing": "str",
        "point": "str",
        "division": "str",
        "adviser": "str?",  # who gave it; None: staff
        "firm": "str?",
        "team": "str?",
        "service": "str",  # of the request, after reclassification
        "what": "str",  # consultation | mediation_session
        "day": "date",  # local day the request was asked for, as reports count
        "given_on": "date",  # local day it was given
        "minutes": "int",
        "onsite": "bool",
        "off_peak": "str?",  # holiday | rest_day | after_hours, by the request's calendar
    },
    "visit": {
        # One adviser's part of one work-log entry. standing: counts | withdrawn | returned.
        "fact": "str",
        "stream": "str",
        "positions": "list[int]",
        "standing": "str",
        "village": "str",
        "adviser": "str",
        "firm": "str",
        "team": "str?",
        "capacity": "str",  # adviser | mediation_committee
        "service": "str",
        "mode": "str",
        "onsite": "bool",
        "began_at": "instant",
        "day": "date",  # local day it began
        "minutes": "int",  # his share
        "advisers": "int",  # how many shared it
        "first": "bool",  # the first of those: by it clients and people are counted once
        "off_peak": "bool",
        "off_peak_kinds": "list[str]",  # night | rest_day | holiday, sorted
        "clients": "int",  # 人次
        "people_reached": "int",
        "verified": "bool",  # by the justice office
        "confirmed": "bool",  # by the committee
        "complete": "bool",  # a result is written, and there is evidence, all of it stored
        "signed_in": "bool",
        "corrected": "int",
        "late": "bool",  # entered late, with a reason
        "request": "str?",
    },
    "complaint": {
        # One complaint, or a dissatisfaction noted. standing: counts | voided | noted |
        # consultation (reclassified) | duplicate (same matter) | withdrawn | declined.
        "fact": "str",
        "stream": "str",
        "positions": "list[int]",
        "standing": "str",
        "point": "str",
        "division": "str",
        "adviser": "str?",  # complained of
        "firm": "str?",
        "team": "str?",
        "account": "str?",
        "channel": "str",
        "service": "str",
        "concern": "str",
        "aspects": "list[str]",
        "day": "date",  # local day it was received
        "late": "bool",
        "anonymous": "bool",
        "people": "int",
        "registered": "bool",
        "handled_as": "str",  # complaint | consultation
        "status": "str",  # noted, settled, registered, declined, handling, answered, closed,
        # withdrawn, review_asked, review_decided, final
        "accepted": "bool",
        "declined": "bool",
        "decline_ground": "str?",
        "outcome": "str?",  # of the last answer: supported | explained | not_supported
        "justified": "bool?",
        "resolved": "bool?",
        "satisfied": "bool?",  # what the person said last in the present round
        "acknowledged_in_time": "bool?",  # None: not yet, or nothing was promised
        "answered_in_time": "bool?",
        "on_time": "bool?",  # both, where promised; False as soon as one was broken
        "overdue": "bool",  # a promise still runs, not paused, and was due before `rules.at`
        "rounds": "int",
        "reopened": "int",
        "reworked": "int",  # ordered because the person was dissatisfied
        "reviews": "int",  # decided
        "review_changed": "int",  # of these: changed or sent back
        "reclassified": "int",
        "extended": "int",
        "supervised": "int",
    },
    "inspection": {
        # One check of a village or supervision. standing: counts | voided.
        "fact": "str",
        "stream": "str",
        "positions": "list[int]",
        "standing": "str",
        "inspection": "str",  # check | supervision
        "point": "str?",
        "division": "str",
        "adviser": "str?",  # of the village that day, after `attributed`
        "period": "str",  # 2026-03 | 2026-Q1
        "day": "date",
        "office": "str",
        "checklist": "str",  # code@version
        "answers": "dict[str, bool | int | str]",
        "findings_minor": "int",
        "findings_major": "int",
        "findings_serious": "int",
        "confirmed": "bool",
        "agreed": "bool?",
        "corrected": "int",
        "late": "bool",
    },
    "rectification": {
        # One order to put something right. standing: counts | withdrawn.
        "fact": "str",
        "stream": "str",
        "positions": "list[int]",
        "standing": "str",
        "addressee_kind": "str",  # adviser | point | firm
        "addressee": "str",
        "adviser": "str?",  # the addressee, where it is one
        "point": "str?",
        "division": "str?",
        "source": "str",  # inspection | rating | assessment | supervision
        "source_stream": "str",
        "day": "date",  # local day it was ordered
        "items": "int",
        "status": "str",  # open | answered | accepted | escalated | withdrawn
        "rounds": "int",
        "answered": "bool",
        "in_time": "bool?",  # every round answered by its due; None: not answered, or no limit
        "overdue": "bool",  # a round fell overdue, was answered late, or is open past `rules.at`
        "accepted": "bool",
        "escalated": "str?",  # replacement | exit
    },
    "appointment": {
        # One adviser's stint in one village (days are counted within `rules.first`…`rules.last`).
        # standing: counts | never_began (taken back before its first day).
        "fact": "str",
        "stream": "str",
        "positions": "list[int]",
        "standing": "str",
        "village": "str",
        "adviser": "str",
        "firm": "str",
        "team": "str?",
        "term": "int",
        "first": "date",
        "last": "date",  # included; of one that began the true last day
        "begun_by": "str",  # signed | renewed | replaced
        "contract_signed": "bool",  # signed or renewed
        "signed_on": "date?",
        "ended_by": "str",  # term | replaced | dismissed | ended
        "ground": "str?",  # of the dismissal
        "days": "int",  # of the stint, within the period
        "group_days": "int",  # of these, with a WeChat group
        "display_days": "int",  # of these, with the board
        "absences": "int",  # unexcused, in the period
        "refusals": "int",  # arrangements refused, in the period
    },
    "duty": {
        # One adviser in one village and month of the period. standing: counts | not_appointed (he
        # worked there without being appointed: owes nothing) | running (not over at the cut-off).
        "fact": "str",
        "stream": "str",  # of the village's appointment
        "positions": "list[int]",  # of the stint and of the month's visits
        "standing": "str",
        "village": "str",
        "adviser": "str",
        "month": "str",  # 2026-03
        "day": "date",  # its first
        "days": "int",  # appointed
        "required_minutes": "int",
        "onsite_minutes": "int",
        "offsite_minutes": "int",
        "offset_minutes": "int",  # off-site minutes that count as on site
        "shortfall_minutes": "int",
        "fulfilled": "bool",  # no shortfall
        "lectures_required": "int",  # of the quarter around the month
        "lectures_done": "int",  # up to the month's end
        "offpeak_lectures_required": "int",
        "offpeak_lectures_done": "int",
        "screenings_required": "int",
        "screenings_done": "int",
    },
    "quota": {
        # What is owed in pieces: one adviser, village, kind and period of that kind (a quarter of
        # lectures …), as it stood at the end of the period or at the cut-off. Count these, not the
        # running figures of `duty`.
        # standing: counts | not_appointed | running (not over at the cut-off, or after the period).
        "fact": "str",
        "stream": "str",
        "positions": "list[int]",
        "standing": "str",
        "village": "str",
        "adviser": "str",
        "quota": "str",  # lecture | offpeak_lecture | risk_screening
        "day": "date",  # first day of the period
        "last": "date",
        "required": "int",
        "done": "int",
        "shortfall": "int",
        "fulfilled": "bool",
    },
}
"""Fact kind → field → type; `?` = or None. `date` is "2026-03-02", `instant` RFC 3339 text."""


TOPICS: Final[Mapping[str, TopicHandler]] = {
    **facts_of_requests.TOPICS,
    **facts_of_complaints.TOPICS,
    **facts_of_work.TOPICS,
    **facts_of_appointments.TOPICS,
}
PASSED_OVER: Final = frozenset({
    "adviser", "calendar", "disclosure", "evaluation", "form", "period", "point", "policy",
    "promises", "report", "ruleset", "sample",
})  # fmt: skip
"""Kinds of streams that no fact is made of: what they say stands in the other entries as well."""


MADE_OF: Final[Mapping[str, frozenset[str]]] = {
    "service": frozenset({"request"}),
    "deed": frozenset({"request"}),
    "visit": frozenset({"worklog"}),
    "complaint": frozenset({"complaint"}),
    "inspection": frozenset({"inspection", "appointment"}),
    "rectification": frozenset({"rectification"}),
    "appointment": frozenset({"appointment"}),
    "duty": frozenset({"appointment", "worklog"}),
    "quota": frozenset({"appointment", "worklog"}),
}
"""Kind of fact → the `kind` of the topics that it is made of."""


class TopicUnknown(ValueError):
    """An entry of a topic that this version of the program does not know."""


class BeginningMissing(ValueError):
    """An entry of a stream whose first entry was not given."""


def facts_of(entries: Iterable[Entry], rules: Rules) -> Iterator[Fact]:
    """Yield the facts of the kinds asked for, and those needed to complete them.

    They come in order of kind and of the streams' first entries.

    Raises: TopicUnknown — when an entry has a topic of a newer program. BeginningMissing — when a
    stream lacks its first entry. CalendarHasNoYear — when advisers worked in a year that the
    calendar of the evaluation lacks.
    """
    return facts_in_order(sorted(entries, key=_position), rules)


LASTING: Final = frozenset(topic for topic, told in TOPICS.items() if told.kind == "appointment")
"""Topics whose facts span days (appointments) and must be read from the start of the log."""


def topics_for(kinds: Iterable[str] | None) -> frozenset[str]:
    """Return the topics that facts of these kinds are made of; None means all kinds."""
    read = frozenset().union(*(MADE_OF[kind] for kind in (MADE_OF if kinds is None else kinds)))
    return frozenset(topic for topic, told in TOPICS.items() if told.kind in read)


def facts_in_order(entries: Iterable[Entry], rules: Rules, since: int = 1) -> Iterator[Fact]:
    """Yield facts from entries in order of position; no entry is held longer than needed.

    Entries before `since` are missing except lasting topics; streams that began earlier are
    skipped.
    """
    read = topics_for(rules.kinds)
    states: dict[str, dict[str, Any]] = {told.kind: {} for told in TOPICS.values()}
    topics = {topic: told for topic, told in TOPICS.items() if topic in read}
    for entry in entries:
        topic = entry["topic"]
        told = topics.get(topic)
        if told is None:
            if topic in TOPICS or topic.partition(".")[0] in PASSED_OVER:
                continue
            raise TopicUnknown(f"no facts are known of {topic!r} at position {entry['position']}")
        kind, begin, change, under = told
        data = entry["data"]
        stream = entry["stream"] if under is None else data[under]
        state = states[kind].get(stream)
        if state is None:
            if begin is None:
                if since > 1:
                    continue
                raise BeginningMissing(f"{topic} at {entry['position']}: {stream} has no beginning")
            state = states[kind][stream] = begin(entry, data, rules)
        state.positions.append(entry["position"])
        if change is not None:
            change(state, entry, data, rules)
    for of_kind in states.values():
        for state in of_kind.values():
            yield from state.facts(rules)


def _position(entry: Entry) -> int:
    position: int = entry["position"]
    return position


def completed(facts: Iterable[Fact], rules: Rules) -> list[Fact]:
    """All facts: those given, with the adviser of each inspection, and the duties of the period."""
    by_kind: dict[str, list[Fact]] = {kind: [] for kind in FIELDS}
    for fact in facts:
        by_kind[fact["fact"]].append(fact)
    stints, visits = by_kind["appointment"], by_kind["visit"]
    by_kind["inspection"] = list(attributed(by_kind["inspection"], stints))
    owed = duties(stints, visits, rules, months_of(rules))
    return [fact for some in (*by_kind.values(), owed) for fact in some]
