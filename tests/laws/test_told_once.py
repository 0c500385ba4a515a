"""Laws of figures that tell the same work: for every adviser and month, workload = duty + what duty
leaves out by a named rule = the statutory table; and a group of linked matters counts once."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from random import Random
from typing import Any, Final
from uuid import UUID

import psycopg
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.advising.worklog import (
    Served,
    Work,
    WorkCorrected,
    WorkLogged,
    WorkReturned,
    WorkVerified,
    WorkWithdrawn,
)
from domain.complaints.record import ComplaintVoided, SameMatterLinked, SameMatterUnlinked
from domain.registers.policy import DUTY_POLICY, DutyRules, PolicyPublished, PolicyVersion
from domain.requests.request import DuplicateLinked, DuplicateUnlinked, RequestVoided
from domain.scoring.computation import Task, computed, facts_by_subject
from domain.scoring.computation import rules as rules_of
from domain.scoring.shapes import Entry, Subject
from domain.vocabulary import Event, stream_id
from ledger.server.embedded import Cluster
from projections.advising import duty
from projections.asking.answering import answer
from projections.asking.asking import PeriodAsked, fetch
from projections.complaints import criticism
from projections.evaluation import dossier
from projections.evaluation.dossier import Whom
from projections.reporting import work_statistics
from projections.reporting.work_statistics import Scope
from projections.requests import response_times, workload
from projections.running.runner import Runner
from tests import scored
from tests.complaints import GRIEVANCE, OFFICER, REGISTERED
from tests.databases import own_database
from tests.examples import CALENDAR, CONSULTED, NOON, local
from tests.laws.test_views import law
from tests.projections.viewing import Happening, Viewing, happened, logged

ADVISERS: Final = ("A-1", "A-2", "A-3")
VILLAGES: Final = ("440103001001", "440103001002")
MONTHS: Final = ("2026-02", "2026-03")
NOW: Final = local("2026-04-30 12:00")
VOIDED: Final = RequestVoided(reason="误录")
STEPS: Final = ("request", "deed", "entry", "entry", "link", "unlink", "void", "unmade")
seeds = st.integers(0, 2**32 - 1)


class Told:
    """A drawn log of requests, links and work-log entries, with what it should come to."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.happenings: list[Happening] = []
        self.requests: dict[UUID, str] = {}
        """Month of each."""
        self.void: set[UUID] = set()
        self.links: set[tuple[UUID, UUID]] = set()
        self.deeds: list[tuple[UUID, str, int]] = []
        self.entries: dict[UUID, tuple[WorkLogged | WorkCorrected, str, bool]] = {}
        """Wording, month, whether it is verified; those that count."""
        self.rules = DutyRules(
            requests_count=self.draw.random() < 0.5, verified_only=self.draw.random() < 0.5
        )
        version = PolicyVersion(
            code=DUTY_POLICY,
            version=1,
            effective_from=date(2026, 1, 1),
            basis="示例",
            duty=self.rules,
        )
        published = PolicyPublished(policy=version)
        of_policy = stream_id("policy", DUTY_POLICY)
        self.happenings.append(Happening(published, local("2026-01-01 09:00"), of_policy))
        for number in range(self.draw.randint(8, 40)):
            self.step(number)

    def step(self, number: int) -> None:
        draw, requests = self.draw, list(self.requests)
        kind = draw.choice(STEPS)
        if kind == "request" or not requests:
            self.asked(UUID(int=1000 + number))
        elif kind == "deed":
            one, adviser = draw.choice(requests), draw.choice(ADVISERS)
            minutes = draw.randint(1, 60)
            deed = replace(CONSULTED, adviser=adviser, firm="F", minutes=minutes)
            self.then(happened(replace(deed, mode=draw.choice(["onsite", "phone"])), of=one))
            self.deeds.append((one, adviser, minutes))
        elif kind == "entry":
            self.worked(UUID(int=2000 + number), draw.choice([None, *requests]))
        elif kind == "link" and len(requests) > 1:
            one, other = draw.sample(requests, 2)
            if (one, other) not in self.links:
                self.links.add((one, other))
                self.then(happened(DuplicateLinked(original=other, reason="同"), of=one))
        elif kind == "unlink" and self.links:
            one, other = draw.choice(sorted(self.links))
            self.links.remove((one, other))
            self.then(happened(DuplicateUnlinked(original=other, reason="不"), of=one))
        elif kind == "void" and (left := sorted(set(requests) - self.void)):
            self.void.add(one := draw.choice(left))
            self.then(happened(VOIDED, of=one))
        elif kind == "unmade" and self.entries:
            self.unmade(draw.choice(sorted(self.entries)))

    def then(self, one: Happening) -> None:
        self.happenings.append(one)

    def asked(self, one: UUID) -> None:
        month = self.draw.choice(MONTHS)
        self.requests[one] = month
        at = f"{month}-{self.draw.randint(1, 28):02} 09:00"
        self.then(logged(at, of=one, division=self.draw.choice(VILLAGES)))

    def worked(self, stream: UUID, request: UUID | None) -> None:
        draw, month = self.draw, self.draw.choice(MONTHS)
        started = local(f"{month}-{draw.randint(1, 28):02} {draw.randint(8, 21):02}:00")
        shares = {one: draw.randint(1, 30) for one in draw.sample(ADVISERS, draw.randint(1, 2))}
        event = WorkLogged(
            started_at=started,
            minutes=sum(shares.values()),
            work=Work(
                village=draw.choice(VILLAGES),
                service="consultation",
                mode=draw.choice(["onsite", "wechat"]),
                ended_at=started.replace(minute=59),
                summary="示例",
                request=request,
            ),
            served=tuple(Served(adviser=o, minutes=m, firm="F") for o, m in shares.items()),
            recorder="u",
        )
        self.entries[stream] = event, month, False
        self.then(Happening(event, started, stream))

    def unmade(self, stream: UUID) -> None:
        event, month, _ = self.entries[stream]
        kind = self.draw.choice(["withdrawn", "returned", "verified", "corrected"])
        if kind == "verified":
            self.entries[stream] = event, month, True
            self.then(Happening(WorkVerified(), NOW, stream))
        elif kind == "corrected":
            work = replace(event.work, request=self.draw.choice([None, *self.requests]))
            corrected = WorkCorrected(
                started_at=event.started_at,
                minutes=event.minutes,
                work=work,
                served=event.served,
                reason="改",
            )
            self.entries[stream] = corrected, month, False
            self.then(Happening(corrected, NOW, stream))
        else:
            del self.entries[stream]
            withdrawn = WorkWithdrawn(reason="误")
            gone = withdrawn if kind == "withdrawn" else WorkReturned(reason="退")
            self.then(Happening(gone, NOW, stream))

    # --- what it should come to

    def of_visits(self, *, verified: bool = False) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for event, month, is_verified in self.entries.values():
            for one in event.served:
                if is_verified or not verified:
                    found[one.adviser, month] += one.minutes
        return found

    def of_requests(self) -> Counter[tuple[str, str]]:
        covered = {
            (event.work.request, one.adviser)
            for event, _, _ in self.entries.values()
            for one in event.served
        }
        found: Counter[tuple[str, str]] = Counter()
        for request, adviser, minutes in self.deeds:
            if request not in self.void and (request, adviser) not in covered:
                found[adviser, self.requests[request]] += minutes
        return found

    def groups(self) -> int:
        """How many groups of linked requests have one that is not void."""
        groups = connected(self.requests, self.links)
        return len({frozenset(some) for some in groups if some - self.void})


@contextmanager
def viewing(cluster: Cluster, happenings: Sequence[Happening]) -> Iterator[Viewing]:
    """A log of these with its views, in a database of its own."""
    with own_database(cluster) as database:
        seen = Viewing(database.app_url)
        try:
            seen.append(*happenings, size=50)
            Runner(database.app_url).catch_up()
            yield seen
        finally:
            seen.close()


def of_workload(connection: psycopg.Connection[Any], position: int) -> Counter[tuple[str, str]]:
    asked = PeriodAsked(position=position, now=NOW, by="adviser", crossed_by="month")
    rows = fetch(connection, workload.report(asked))
    return Counter(
        {(row.key, row.crossed or ""): row.minutes for row in rows if row.key and row.minutes}
    )


def of_table(connection: psycopg.Connection[Any], position: int) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for month, last in zip(MONTHS, (28, 31), strict=True):
        scope = Scope(
            division="4401",
            first=date.fromisoformat(f"{month}-01"),
            last=date.fromisoformat(f"{month}-{last}"),
            due_by=NOW,
        )
        for one in answer(connection, work_statistics.standing(scope, position)):
            if one.key.adviser is not None and one.field in ("onsite_minutes", "offsite_minutes"):
                found[one.key.adviser, month] += one.amount
    return found


def of_duty(connection: psycopg.Connection[Any], position: int) -> Counter[tuple[str, str]]:
    rows = duty.position(connection, division="4401", period="2026-Q1", position=position)
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.adviser is not None:
            found[row.adviser, f"{row.month:%Y-%m}"] += row.onsite + row.offsite
    return found


@law
@given(seed=seeds)
def test_workload_is_duty_and_what_a_rule_leaves_out_is_the_statutory_table(
    cluster: Cluster, seed: int
) -> None:
    told = Told(seed)
    with viewing(cluster, told.happenings) as seen:
        found = of_workload(seen.connection, seen.head)
        assert +found == +(told.of_visits() + told.of_requests())
        assert +of_table(seen.connection, seen.head) == +found
        left_out: Counter[tuple[str, str]] = Counter()
        if not told.rules.requests_count:
            left_out += told.of_requests()
        if told.rules.verified_only:
            left_out += told.of_visits() - told.of_visits(verified=True)
        assert +(of_duty(seen.connection, seen.head) + left_out) == +found


@law
@given(seed=seeds)
def test_a_group_of_linked_requests_counts_once_whatever_was_voided(
    cluster: Cluster, seed: int
) -> None:
    told = Told(seed)
    with viewing(cluster, told.happenings) as seen:
        asked = PeriodAsked(position=seen.head, now=NOW, by="month")
        rows = fetch(seen.connection, workload.report(asked))
        assert sum(row.services - row.visits for row in rows) == told.groups()
        times = fetch(seen.connection, response_times.report(asked))
        assert sum(row.logged for row in times) == told.groups()
        assert in_scores(seen, "service") == {told.groups()}
        standing = len(told.requests.keys() - told.void)
        assert sum(row.logged + row.duplicates for row in times) == standing


def in_scores(seen: Viewing, kind: str) -> set[int]:
    """How many of a kind a rule set counts that counts linked matters once: read from the whole
    log, and from what concerns the point alone."""
    room: Subject = {"code": "ROOM-1", "division": "440103001001"}
    counting = {"measure": "count", "of": {"fact": kind}}
    method = {"kind": "points", "each": 1}
    task = Task(
        ruleset=scored.rules(scored.item(counting, method), subject="point", linked_matters="once"),
        division="4401",
        period="2026",
        calendar=CALENDAR.ref,
        cut_off=seen.head,
        subjects=(room,),
    )
    known = dossier.publications(seen.connection, seen.head)
    whom = Whom(points=["ROOM-1"], first=date(2026, 1, 1), last=date(2026, 12, 31))
    found = set()
    for own in (
        [*known, *dossier.shard(seen.connection, upto=seen.head)],
        [*known, *dossier.concerning(seen.connection, whom, seen.head)],
    ):
        entries: list[Entry] = own
        by = rules_of(entries, task, recorded_at=NOW, as_known_at=NOW)
        facts = facts_by_subject(entries, by, task)["ROOM-1"]
        [leaf] = json.loads(computed(task, room, facts).tree)["items"]
        found.add(int(leaf["value"]))
    return found


def connected(things: Iterable[UUID], links: Iterable[tuple[UUID, UUID]]) -> list[set[UUID]]:
    """The groups that links connect; each member has its group at its place."""
    group = {one: {one} for one in things}
    for one, other in links:
        merged = group[one] | group[other]
        for member in merged:
            group[member] = merged
    return list(group.values())


class Complained:
    """A drawn log of complaints, links and voids."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.complaints = [UUID(int=3000 + number) for number in range(self.draw.randint(1, 6))]
        self.links: set[tuple[UUID, UUID]] = set()
        self.void: set[UUID] = set()
        registered = replace(REGISTERED, grievance=GRIEVANCE, at=NOON, promises=())
        self.happenings = [Happening(registered, NOON, one, OFFICER) for one in self.complaints]
        for _ in range(self.draw.randint(0, 10)):
            one, other = self.draw.choice(self.complaints), self.draw.choice(self.complaints)
            if (event := self.step(one, other)) is not None:
                self.happenings.append(Happening(event, NOON, one, OFFICER))

    def step(self, one: UUID, other: UUID) -> Event | None:
        kind, link = self.draw.choice(["link", "link", "unlink", "void"]), (one, other)
        if kind == "link" and one != other and link not in self.links:
            self.links.add(link)
            return SameMatterLinked(other=other, reason="同")
        if kind == "unlink" and link in self.links:
            self.links.remove(link)
            return SameMatterUnlinked(other=other, reason="不")
        if kind == "void" and one not in self.void:
            self.void.add(one)
            return ComplaintVoided(reason="误", at=NOON)
        return None

    def groups(self) -> int:
        groups = connected(self.complaints, self.links)
        return len({frozenset(some) for some in groups if some - self.void})


@law
@given(seed=seeds)
def test_a_group_of_complaints_on_one_matter_counts_once_whatever_was_voided(
    cluster: Cluster, seed: int
) -> None:
    told = Complained(seed)
    with viewing(cluster, told.happenings) as seen:
        asked = criticism.CriticismAsked(division="440103", period="2026-03", position=seen.head)
        totals = fetch(seen.connection, criticism.totals(asked))
        rows = fetch(seen.connection, criticism.rows(asked))
        assert sum(not row.repeated for row in rows) == told.groups()
        assert len(rows) == len(told.complaints) - len(told.void)
        assert [one.count for one in totals if one.by == "all"] == [told.groups()] * bool(rows)
        assert in_scores(seen, "complaint") == {told.groups()}
