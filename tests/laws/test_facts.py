"""Laws of facts, over logs of lawful lives: they say what the reports and the domain say.

The definitions are the reports' own. Where the standing of a fact leaves out more than a report
does, the sums here are taken over what the report counts: `workload` and
`response_times` leave out voided requests and tell duplicates apart, by the group as it stands;
`satisfaction` leaves out voided requests only. Off-peak of a fact is outside the unit's service
periods, as rule sets of old count it; that of the reports is what the duty rules say.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from random import Random
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.advising import worklog
from domain.advising.worklog import Worklog
from domain.aggregates import fold, kind_of
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.oversight import inspection, rectification
from domain.oversight.inspection import Inspection
from domain.oversight.rectification import Rectification
from domain.registers import appointment
from domain.registers.appointment import Appointment
from domain.registers.policy import Policy, PolicyPublished, duty_rules
from domain.scoring.basis import Rules, published, rules_of
from domain.scoring.duty import AdviserDuty, Quota, duty_position, logged_work
from domain.scoring.facts import completed, facts_of
from domain.scoring.facts_of_duties import months_of
from domain.scoring.shapes import Entry, FactFields
from domain.simulation import SimulatedStep
from domain.vocabulary import Event, is_late
from ledger.server.embedded import Cluster
from projections.asking.asking import By, PeriodAsked, fetch
from projections.requests import response_times, satisfaction, workload
from projections.running.runner import Runner
from tests.facts import all_facts, entry
from tests.laws.logs import a_log
from tests.laws.reckoning import percentile
from tests.laws.test_views import NOW, Place, law, places
from tests.lives import complaint as complaint_life
from tests.lives import played

YEAR: Final = ("2026-01-01", "2026-12-31")
CUTS: Final = 3
BYS: Final[tuple[By, ...]] = (
    "point", "adviser", "service", "division", "month", "firm", "team", "channel",
)  # fmt: skip
OF_PEOPLE: Final = ("adviser", "firm", "team")
NARROWED: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"division": "440104"},
    {"from_": date(2026, 3, 2), "to": date(2026, 3, 3)},
)
seeds = st.integers(0, 2**32 - 1)


# --- what the reports say


@law
@given(seed=seeds)
def test_facts_say_what_the_reports_say_at_any_position(cluster: Cluster, seed: int) -> None:
    events = a_log(seed, lives=12)
    draw = Random(seed)
    founded = next(n for n, one in enumerate(events) if kind_of(one.event.topic) == "request")
    with places(cluster, 1) as [place]:
        place.append(events)
        Runner(place.url).catch_up()
        for position in (*(draw.randint(founded + 1, len(events)) for _ in range(CUTS)),):
            known = stored(place.connection, position)
            rules = rules_by(known)
            facts: list[Any] = list(facts_of(draw.sample(known, len(known)), rules))
            assert facts == list(facts_of(known, rules))
            for by in BYS:
                for narrowed in NARROWED:
                    asked = PeriodAsked(position=position, now=NOW, by=by, **narrowed)
                    check_workload(place, asked, facts)
                    check_response_times(place, asked, facts)
                    check_satisfaction(place, asked, facts)


def stored(connection: psycopg.Connection[Any], position: int) -> list[Any]:
    """The entries as the log keeps them."""
    rows = connection.execute(
        "SELECT notification_id, originator_id::text, topic, occurred_at, recorded_at, state"
        "  FROM log_events"
        " WHERE notification_id <= %s ORDER BY notification_id",
        [position],
    )
    return [
        {
            "position": number,
            "stream": stream,
            "topic": topic,
            "occurred_at": occurred_at,
            "recorded_at": recorded_at,
            "late": is_late(told := json.loads(state)),
            "data": told["data"],
        }
        for number, stream, topic, occurred_at, recorded_at, state in rows
    ]


def rules_by(entries: Iterable[Any]) -> Rules:
    known = published(entries)
    newest = [ref for ref in known["calendars"] if ref.startswith("gz-office@")][-1]
    return rules_of(known, newest, NOW.isoformat(), *YEAR)


def asked_for(
    asked: PeriodAsked, facts: Iterable[FactFields], kind: str
) -> dict[str | None, list[FactFields]]:
    """The facts of requests not voided, of the period and division, by the key of the report."""
    found: defaultdict[str | None, list[FactFields]] = defaultdict(list)
    for fact in facts:
        if fact["fact"] != kind or fact["standing"] == "voided":
            continue
        day = date.fromisoformat(fact["day"])
        if asked.from_ is not None and asked.to is not None and not asked.from_ <= day < asked.to:
            continue
        if fact["division"].startswith(asked.division or ""):
            found[fact["day"][:7] if asked.by == "month" else fact.get(asked.by)].append(fact)
    return found


def check_workload(place: Place, asked: PeriodAsked, facts: list[FactFields]) -> None:
    rows = {row.key: row for row in fetch(place.connection, workload.report(asked))}
    services = asked_for(asked, facts, "service")
    deeds = asked_for(asked, facts, "deed") if asked.by != "channel" else services
    assert rows.keys() == services.keys() | (deeds.keys() if asked.by in OF_PEOPLE else set())
    for key, row in rows.items():
        own = services.get(key, [])
        counted = [one for one in own if one["standing"] != "duplicate"]
        # A fact tells of its own links only; the report of the group as it stands (test_told_once).
        assert row.services + row.duplicates == len(own)
        assert row.services >= len(counted)
        if row.services == len(counted):
            assert (row.closed, row.late_entries, row.reclassified, row.reopened) == tuple(
                sum(one[name] for one in counted)
                for name in ("closed", "late_steps", "reclassified", "reopened")
            )
        if asked.by not in OF_PEOPLE:
            names = ("minutes_onsite", "minutes_offsite")
            spent = tuple(sum(one[name] for one in own) for name in names)
            assert (row.minutes_onsite, row.minutes_offsite) == spent
        if asked.by != "channel":
            given_by = deeds.get(key, [])
            assert row.minutes == sum(one["minutes"] for one in given_by)
            assert row.minutes_onsite == sum(one["minutes"] for one in given_by if one["onsite"])


def check_response_times(place: Place, asked: PeriodAsked, facts: list[FactFields]) -> None:
    rows = {row.key: row for row in fetch(place.connection, response_times.report(asked))}
    services = asked_for(asked, facts, "service")
    assert rows.keys() == services.keys()
    for key, row in rows.items():
        if row.duplicates:
            continue
        own = services[key]

        def values(name: str, own: list[FactFields] = own) -> list[Any]:
            return [one[name] for one in own if one[name] is not None]

        assert (row.logged, row.closed) == (len(own), len(values("close_days")))
        assert row.overdue == sum(one["overdue"] for one in own)
        assert row.first_response_in_time_share == share(values("response_in_time"))
        assert row.close_in_time_share == share(values("close_in_time"))
        of_response = values("response_in_time_on_record")
        assert row.first_response_in_time_on_record_share == share(of_response)
        assert row.close_in_time_on_record_share == share(values("close_in_time_on_record"))
        assert row.missed == sum(one["missed"] for one in own)
        for name, median, p90 in (
            ("response_minutes_open", row.median_working_minutes_to_first_response,
             row.p90_working_minutes_to_first_response),
            ("close_minutes_open", row.median_working_minutes_to_close,
             row.p90_working_minutes_to_close),
            ("close_days", row.median_days_to_close, row.p90_days_to_close),
        ):  # fmt: skip
            assert median == pytest.approx(percentile(values(name), 0.5))
            assert p90 == pytest.approx(percentile(values(name), 0.9))


def share(values: list[bool]) -> Any:
    return pytest.approx(sum(values) / len(values)) if values else None


def check_satisfaction(place: Place, asked: PeriodAsked, facts: list[FactFields]) -> None:
    rows = {row.key: row for row in fetch(place.connection, satisfaction.report(asked))}
    services = asked_for(asked, facts, "service")
    assert rows.keys() == services.keys()
    for key, row in rows.items():
        own = services[key]
        said = [one["grade_explicit"] for one in own if not one["grade_excluded"]]
        silent = [one["grade_default"] for one in own if one["grade_explicit"] is None]
        explicit = [grade for grade in said if grade is not None]
        default = [grade for grade in silent if grade is not None]
        assert (row.services, row.invited) == (len(own), sum(one["invited"] for one in own))
        assert (row.explicit, row.default) == (len(explicit), len(default))
        apart = row.suspect + row.set_aside + row.withdrawn
        assert row.excluded + apart >= sum(one["grade_excluded"] for one in own)
        assert row.grades == {grade: explicit.count(grade) for grade in (1, 2, 3, 4, 5)}
        assert row.callback == sum(one["grade_callback"] is not None for one in own)
        assert row.followed_up == sum(one["grade_follow_up"] is not None for one in own)
        both = [grade >= satisfaction.SATISFIED_FROM for grade in (*explicit, *default)]
        assert row.satisfaction_rate_with_default == share(both)
        assert row.satisfaction_rate == share(both[: len(explicit)])


# --- what the domain says


@cache
def city() -> tuple[SimulatedStep, ...]:
    """Two months of a small part of the city, with all its work."""
    return tuple(played(5, scale=0.03, days=61))


class Log:
    """A simulated log cut at a position: its entries, and the states that the domain folds."""

    def __init__(self, steps: Iterable[SimulatedStep], cut: int | None = None) -> None:
        self.entries: list[Entry] = []
        events: defaultdict[tuple[str, UUID], list[Event]] = defaultdict(list)
        told = ((step, event) for step in steps for event in step.events)
        for position, (step, event) in enumerate(told, 1):
            if cut is None or position <= cut:
                self.entries.append(entry(event, position, step.occurred_at, step.stream))
                events[step.kind, step.stream].append(event)
        self.events = events
        self.rules = rules_by(self.entries)
        self.facts = all_facts(self.entries, self.rules)

    def states(self, aggregate: Any) -> dict[str, Any]:
        """Stream → state."""
        return {
            str(stream): fold(aggregate, events)
            for (kind, stream), events in self.events.items()
            if kind == aggregate.KIND
        }

    def of(self, kind: str) -> list[FactFields]:
        return [fact for fact in self.facts if fact["fact"] == kind]

    def policies(self) -> dict[str, Policy]:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for events in self.events.values():
            for event in events:
                if isinstance(event, PolicyPublished):
                    found[event.policy.code].append(event.policy)
        return {code: Policy(tuple(versions)) for code, versions in found.items()}


@cache
def cuts() -> Sequence[Log]:
    """The whole log, and the log at two positions after the city's founding."""
    length = sum(len(step.events) for step in city())
    draw = Random(11)
    return [
        Log(city(), cut) for cut in (length, *(draw.randint(length // 2, length) for _ in "ab"))
    ]


def test_duties_are_those_of_the_domain() -> None:
    for log in cuts():
        stints = [stint for one in log.states(appointment).values() for stint in one.stints]
        entries = [one for one in map(logged_work, log.states(worklog).values()) if one is not None]
        by_village: defaultdict[str, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
        for stint in stints:
            by_village[stint.division][0].append(stint)
        for work in entries:
            by_village[work.village][1].append(work)
        expected: dict[tuple[str, str, str], AdviserDuty] = {}
        quotas: dict[tuple[str, str, str, str], Quota] = {}
        for month in months_of(log.rules):
            first = date.fromisoformat(f"{month}-01")
            for village, (held, done) in by_village.items():
                rules = duty_rules(log.policies(), village, first)
                for duty in duty_position(rules, held, done, first, log.rules.calendar):
                    for one in duty.advisers:
                        expected[village, one.adviser, month] = one
                        quotas |= {
                            (village, one.adviser, quota.kind, str(quota.first)): quota
                            for quota in one.quotas
                        }
        found = {(row["village"], row["adviser"], row["month"]): row for row in log.of("duty")}
        assert found.keys() == expected.keys()
        assert len(found) > 100
        for key, of_domain in expected.items():
            of_minutes, fact = of_domain.minutes, found[key]
            assert fact["days"] == of_domain.days
            assert (
                fact["required_minutes"], fact["onsite_minutes"], fact["offsite_minutes"],
                fact["offset_minutes"], fact["shortfall_minutes"],
            ) == (
                of_minutes.required, of_minutes.onsite, of_minutes.offsite, of_minutes.offset,
                of_minutes.shortfall,
            )  # fmt: skip
            for quota, name in zip(
                of_domain.quotas, ("lectures", "offpeak_lectures", "screenings"), strict=True
            ):
                assert fact[f"{name}_required"] == quota.required
                assert fact[f"{name}_done"] == quota.done
        for row in log.of("quota"):
            last = quotas[row["village"], row["adviser"], row["quota"], row["day"]]
            assert (row["required"], row["done"]) == (last.required, last.done)
        owed = {key for key, quota in quotas.items() if quota.required or quota.done}
        assert owed <= {
            (row["village"], row["adviser"], row["quota"], row["day"]) for row in log.of("quota")
        }


def test_visits_are_the_work_log_of_the_domain() -> None:
    for log in cuts():
        states: dict[str, Worklog] = log.states(worklog)
        visits = log.of("visit")
        assert {one["stream"] for one in visits} == states.keys()
        for visit in visits:
            state = states[visit["stream"]]
            assert (visit["standing"] == "counts") == state.counts
            assert (visit["adviser"], visit["minutes"], visit["firm"]) in [
                (one.adviser, one.minutes, one.firm) for one in state.now.served
            ]
            assert (visit["confirmed"], visit["verified"]) == (
                state.confirmed,
                state.standing == "verified",
            )
            assert visit["corrected"] == len(state.wordings) - 1
        assert sum(one["minutes"] for one in visits) == sum(
            one.now.minutes for one in states.values()
        )


def test_stints_are_those_of_the_domain() -> None:
    for log in cuts():
        states: dict[str, Appointment] = log.states(appointment)
        expected = {
            (stint.division, stint.adviser, stint.firm, stint.team, stint.term, str(stint.first),
             str(stint.last))
            for one in states.values()
            for stint in one.stints
        }  # fmt: skip
        stints = [one for one in log.of("appointment") if one["standing"] == "counts"]
        names = ("village", "adviser", "firm", "team", "term", "first", "last")
        assert {tuple(one[name] for name in names) for one in stints} == expected
        for one in stints:
            state = states[one["stream"]]
            assert one["absences"] == sum(
                adviser == one["adviser"] and one["first"] <= str(day) <= one["last"]
                for adviser, day in state.absences
                if str(day) >= YEAR[0]
            )
            served = [
                day for day in days_of_year(log.rules) if one["first"] <= str(day) <= one["last"]
            ]
            assert one["days"] == len(served)
            assert one["group_days"] == sum(map(state.group_on, served))
            assert one["display_days"] == sum(map(state.display_on, served))


def days_of_year(rules: Rules) -> list[date]:
    until = min(rules.last, rules.calendar.local_day(rules.at))
    first = rules.first.toordinal()
    return [date.fromordinal(number) for number in range(first, until.toordinal() + 1)]


def test_inspections_and_rectifications_are_those_of_the_domain() -> None:
    for log in cuts():
        checks: dict[str, Inspection] = log.states(inspection)
        for fact in log.of("inspection"):
            check = checks.pop(fact["stream"])
            assert fact["answers"] == json.loads(json.dumps(dict(check.answers)))
            assert (fact["standing"] == "voided") == check.voided
            assert fact["agreed"] == (check.confirmed.agreed if check.confirmed else None)
            severities = Counter(one.severity for one in check.findings)
            assert {name: fact[f"findings_{name}"] for name in severities} == severities
        assert checks == {}
        orders: dict[str, Rectification] = log.states(rectification)
        for fact in log.of("rectification"):
            order = orders.pop(fact["stream"])
            assert (fact["status"], fact["rounds"]) == (order.status, order.round)
            assert fact["overdue"] or not order.overdue
        assert orders == {}


# --- complaints


@law
@given(seed=seeds)
def test_complaints_are_those_of_the_domain(seed: int) -> None:
    steps = complaint_life(Random(seed))
    length = sum(len(step.events) for step in steps)
    founded = sum(len(step.events) for step in steps if step.kind != complaint.KIND)
    draw = Random(seed)
    for cut in (length, draw.randint(founded, length)):
        log = Log(steps, cut)
        states: dict[str, Complaint] = log.states(complaint)
        for fact in log.of("complaint"):
            check_complaint(fact, states.pop(fact["stream"]))
        assert states == {}


def check_complaint(fact: FactFields, state: Complaint) -> None:
    grievance = state.grievance
    assert (fact["adviser"], fact["account"]) == (grievance.adviser, grievance.account)
    assert (fact["status"], fact["rounds"]) == (state.status, state.round)
    assert (fact["registered"], fact["accepted"]) == (state.registered, state.accepted)
    assert (fact["handled_as"], fact["reclassified"]) == (state.kind, state.reclassified)
    assert fact["satisfied"] == (state.told.satisfied if state.told else None)
    assert fact["reviews"] == len(state.reviews.decided)
    assert fact["supervised"] == len(state.supervised)
    assert (fact["standing"] == "voided") == state.voided
    if state.answers:
        last = state.answers[-1]
        assert (fact["outcome"], fact["justified"], fact["resolved"]) == (
            last.outcome, last.justified, last.resolved,
        )  # fmt: skip
    for name, field in (("acknowledge", "acknowledged_in_time"), ("answer", "answered_in_time")):
        judged = [
            one.in_time
            for one in state.results
            if one.promise.name == name and (one.kept or one.ended_at > one.promise.due)
        ]
        assert fact[field] == (all(judged) if judged else None)
    if state.pause is None and not state.voided:
        running = [one.due < NOW for one in state.promises if one.name in ("acknowledge", "answer")]
        assert fact["overdue"] == any(running)


# --- shards


def test_facts_of_shards_are_simply_put_together() -> None:
    log = cuts()[0]
    parts = [
        fact
        for shard in range(4)
        for fact in facts_of(
            [one for one in log.entries if int(one["stream"][-2:], 16) % 4 == shard], log.rules
        )
    ]

    def ordered(facts: Iterable[FactFields]) -> list[str]:
        return sorted(json.dumps(fact, sort_keys=True) for fact in facts)

    assert ordered(completed(parts, log.rules)) == ordered(log.facts)
