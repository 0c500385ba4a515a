"""The work of a month or quarter as the statistics table 工作统计表 counts it: for each point, and
for each adviser at each point, as known at a position.

Everything counted is a fact: an amount in a column, from the event that made it until the one that
unmade it. What stood at a position is a sum of facts; what changed between two positions is the
facts that came and went. What is told once, by a request or by the work log, is as in the workload
(`projections.requests.workload`); of linked requests the first that is not void counts.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from domain.registers.point import Judged
from domain.registers.policy import duty_rules
from domain.reporting import report
from domain.requests.rating import BAD_GRADES
from domain.scoring.duty import off_peak
from domain.vocabulary import Service
from projections.advising import directory, worklogs
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import NEVER, Query
from projections.asking.groups import REQUESTS, repeats
from projections.oversight import promises

NAME: Final = report.STATISTICS
VIEWS: Final = ("journal", "promises", worklogs.NAME, directory.NAME)
"""What it is read from."""
SERVICE_FIELDS: Final[Mapping[Service, str]] = {
    "consultation": "consultations",
    "legal_opinion": "legal_documents",
    "contract_review": "legal_documents",
    "charter_review": "legal_documents",
    "mediation": "mediations",
    "legal_aid": "legal_aid",
    "legal_aid_assist": "legal_aid",
    "referral": "referrals",
    "lecture": "lectures",
}
"""Column of a kind of service; any other counts under `other_services`."""
OTHER: Final = "other_services"
OFFPEAK: Final = "offpeak_lectures"
FIELDS: Final = (
    "consultations", "legal_documents", "mediations", "legal_aid", "referrals", "lectures", OFFPEAK,
    OTHER, "onsite_minutes", "offsite_minutes", "people_reached", "ratings", "bad_ratings",
    "promises_kept", "promises_missed", "late_entries",
    "late_services",
)  # fmt: skip


class Scope(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; days are local, both included; a promise that still runs counts as
    missed when it is due before `due_by`."""

    division: str
    first: date
    last: date
    due_by: datetime

    def parameters(self) -> dict[str, Any]:
        codes = sorted(SERVICE_FIELDS)
        return {
            "division": self.division,
            "first": self.first,
            "last": self.last,
            "due_by": self.due_by,
            "services": codes,
            "fields": [SERVICE_FIELDS[code] for code in codes],
            "other": OTHER,
            "bad": max(BAD_GRADES),
        }


class Key(NamedTuple):
    """A line of the table; without adviser: of the point. What was done in a village without a room
    stands under the village's own code."""

    division: str
    point: str
    adviser: str | None


class Fact(Struct, frozen=True, kw_only=True):
    """`amount` is negative where it was unmade at `since`."""

    key: Key
    service: str
    field: str
    amount: int
    stream: UUID
    since: int = 0


class Sum(Struct, frozen=True):
    """Facts of one kind that stand, added up."""

    key: Key
    service: str
    field: str
    amount: int
    streams: tuple[UUID, ...]


Facts = list[Fact]

# --- requests and their promises: whose promise it was is whom the request stood with

_OF_PERIOD: Final = "{0}.day >= %(first)s AND {0}.day <= %(last)s"
_IN_DIVISION: Final = "starts_with({0}.division, %(division)s)"
_VOIDED: Final = """
    LEFT JOIN (SELECT request, min(position) AS at FROM views.journal
                WHERE kind = 'request.voided' GROUP BY request) v ON v.request = j.request
"""
_FACTS: Final = f"""
    SELECT j.division, j.point, w.adviser, j.service, f.field, f.amount, j.request AS stream,
           lower(o.span) AS since, upper(o.span) AS until
      FROM views.journal j
           LEFT JOIN repeats r ON r.id = j.request
           LEFT JOIN unnest(%(services)s::text[], %(fields)s::text[]) AS s(service, field)
             ON s.service = j.service,
           LATERAL (VALUES (false, NULL), (true, j.adviser)) AS w(own, adviser),
           LATERAL unnest(int8multirange(int8range(j.position, j.superseded_at))
                          - coalesce(r.during, '{{}}')) AS o(span),
           LATERAL (VALUES
               (coalesce(s.field, %(other)s), 1), ('people_reached', 1),
               ('late_entries', j.late_steps), ('late_services', (j.late_steps > 0)::int),
               ('ratings', (j.grade_explicit IS NOT NULL AND NOT j.grade_excluded)::int),
               ('bad_ratings', (j.grade_explicit <= %(bad)s AND NOT j.grade_excluded)::int)
           ) AS f(field, amount)
     WHERE j.request IS NOT NULL AND {_OF_PERIOD.format("j")} AND {_IN_DIVISION.format("j")}
       AND j.status <> 'voided' AND f.amount > 0
       AND (NOT w.own OR w.adviser IS NOT NULL)
    UNION ALL
    SELECT j.division, j.point, w.adviser, j.service,
           CASE WHEN j.onsite THEN 'onsite_minutes' ELSE 'offsite_minutes' END, j.minutes,
           j.request, lower(o.span), upper(o.span)
      FROM views.journal j {_VOIDED},
           LATERAL (
               SELECT coalesce(range_agg(int8range(e.position, e.superseded_at)), '{{}}') AS during
                 FROM views.worklogs e
                WHERE e.request = j.request AND j.by_adviser = ANY(e.advisers)
                  AND e.standing IN ('logged', 'verified')) AS logged,
           LATERAL unnest(int8multirange(int8range(
                              j.position, greatest(j.position, coalesce(v.at, {NEVER}))))
                          - logged.during) AS o(span),
           LATERAL (VALUES (false, NULL), (true, j.by_adviser)) AS w(own, adviser)
     WHERE j.minutes > 0 AND {_OF_PERIOD.format("j")} AND {_IN_DIVISION.format("j")}
       AND (NOT w.own OR w.adviser IS NOT NULL)
    UNION ALL
    SELECT p.division, p.point, w.adviser, j.service,
           CASE WHEN p.in_time AND NOT {promises.recorded_as_missed("p", "p.position")}
                THEN 'promises_kept' ELSE 'promises_missed' END, 1, p.stream,
           greatest(p.position, j.position), least(p.superseded_at, j.superseded_at)
      FROM views.promises p
      JOIN views.journal j ON j.request = p.stream AND j.position < p.superseded_at
           AND j.superseded_at > p.position AND j.status <> 'voided',
           LATERAL (VALUES (false, NULL), (true, j.adviser)) AS w(own, adviser)
     WHERE p.of_kind = 'request' AND {_OF_PERIOD.format("p")} AND {_IN_DIVISION.format("p")}
       AND (p.state = 'kept' OR p.state = 'running' AND p.due < %(due_by)s)
       AND (NOT w.own OR w.adviser IS NOT NULL)
"""  # noqa: S608


class _Summed(Struct, frozen=True):
    division: str
    point: str
    adviser: str | None
    service: str
    field: str
    amount: int
    streams: list[UUID]


class _Changed(Struct, frozen=True):
    division: str
    point: str
    adviser: str | None
    service: str
    field: str
    amount: int
    stream: UUID
    since: int

    @property
    def fact(self) -> Fact:
        return Fact(
            key=Key(self.division, self.point, self.adviser),
            service=self.service,
            field=self.field,
            amount=self.amount,
            stream=self.stream,
            since=self.since,
        )


def _summed(scope: Scope, position: int) -> Query[_Summed]:
    sql = f"""
        WITH RECURSIVE {repeats(REQUESTS)}, facts AS ({_FACTS})
        SELECT division, point, adviser, service, field, sum(amount) AS amount,
               array_agg(DISTINCT stream) AS streams
          FROM facts f WHERE since <= %(position)s AND until > %(position)s
         GROUP BY division, point, adviser, service, field
    """  # noqa: S608
    return Query(sql, scope.parameters() | {"position": position}, _Summed)


def _of_fields(scope: Scope, position: int, fields: Collection[str]) -> Query[_Changed]:
    sql = f"""
        WITH RECURSIVE {repeats(REQUESTS)}, facts AS ({_FACTS})
        SELECT division, point, adviser, service, field, sum(amount) AS amount, stream,
               max(since) AS since
          FROM facts f
         WHERE since <= %(position)s AND until > %(position)s AND field = ANY(%(asked)s)
         GROUP BY division, point, adviser, service, field, stream ORDER BY stream
    """  # noqa: S608
    of = {"asked": sorted(fields), "position": position}
    return Query(sql, scope.parameters() | of, _Changed)


def _between(scope: Scope, after: int, position: int) -> Query[_Changed]:
    sql = f"""
        WITH RECURSIVE {repeats(REQUESTS)},
        facts AS (SELECT * FROM ({_FACTS}) f WHERE since < until),
        turns AS (
            SELECT division, point, adviser, service, field, stream, since, amount FROM facts
            UNION ALL
            SELECT division, point, adviser, service, field, stream, until, -amount FROM facts)
        SELECT division, point, adviser, service, field, stream, since, sum(amount) AS amount
          FROM turns WHERE since > %(after)s AND since <= %(position)s
         GROUP BY division, point, adviser, service, field, stream, since HAVING sum(amount) <> 0
         ORDER BY since
    """  # noqa: S608
    return Query(sql, scope.parameters() | {"position": position, "after": after}, _Changed)


# --- work-log entries


class _Entry(worklogs.WorklogRow, frozen=True, kw_only=True):
    """An entry as it was from one event until another."""

    since: int
    until: int
    day: date
    people: int
    late_steps: int
    freed: int | None
    """From where on it tells a service of its own: it names no request, or one that is void; None
    while it names one that stands."""


def _entries(scope: Scope, after: int, position: int) -> Query[_Entry]:
    """Query the entries that count, and were current at `after` or later."""
    sql = f"""
        SELECT w.stream, w.village, w.started_at, w.service, w.mode, w.advisers, w.shares,
               w.standing = 'verified' AS verified, w.position AS since, w.superseded_at AS until,
               w.day, w.clients + w.people_reached AS people, w.late_steps,
               CASE WHEN EXISTS (SELECT FROM views.journal j WHERE j.request = w.request)
                    THEN (SELECT min(j.position) FROM views.journal j
                           WHERE j.request = w.request AND j.status = 'voided')
                    ELSE 0 END AS freed
          FROM views.worklogs w
         WHERE w.position <= %(position)s AND w.superseded_at > %(after)s AND {worklogs.COUNTS}
           AND {_OF_PERIOD.format("w")} AND starts_with(w.village, %(division)s)
    """  # noqa: S608
    return Query(sql, scope.parameters() | {"position": position, "after": after}, _Entry)


class _Judged(Struct, frozen=True):
    """Rules for off-peak lectures and the points of villages, as known at a position."""

    rules: rules.RulesKnown
    rooms: Mapping[str, list[directory.Room]]
    """By the villages they are or were in, in order of code."""

    def point(self, village: str, day: date) -> str:
        """The first room there, by code."""
        return next((room.code for room, _ in self._there(village, day)), village)

    def _calendar(self, village: str, day: date) -> str | None:
        """Return the calendar of the first room there, by code."""
        return next((judged.calendar for _, judged in self._there(village, day)), None)

    def _there(self, village: str, day: date) -> Iterator[tuple[directory.Room, Judged]]:
        for room in self.rooms.get(village, ()):
            judged = room.judged_on(day)
            if judged is not None and judged.division == village:
                yield room, judged

    def is_off_peak(self, entry: _Entry) -> bool:
        of_village = duty_rules(self.rules.policies, entry.village, entry.day)
        calendar = self.rules.duty_calendar(self._calendar(entry.village, entry.day), entry.day)
        return bool(off_peak(of_village, calendar, entry.started_at))


def _judged(scope: Scope, position: int) -> Answering[_Judged]:
    published = yield rules.published(position)
    rooms = yield directory.rooms(division=scope.division, position=position)
    there: defaultdict[str, list[directory.Room]] = defaultdict(list)
    for room in rooms:
        for village in {one.division for one in room.judged}:
            there[village].append(room)
    return _Judged(rules.known(published), there)


class _Lasting(NamedTuple):
    """A fact until the event that unmade it."""

    fact: Fact
    until: int


def _facts_of(entry: _Entry, judged: _Judged) -> Iterator[_Lasting]:
    """Yield facts of the point, and of each participant: a share of the minutes, a whole piece
    unless a request tells it."""
    minutes = "onsite_minutes" if entry.mode == "onsite" else "offsite_minutes"
    pieces = Counter({SERVICE_FIELDS.get(entry.service, OTHER): 1, "people_reached": entry.people})
    pieces["late_entries"] = entry.late_steps
    pieces["late_services"] = int(entry.late_steps > 0)
    if entry.service == "lecture":
        pieces[OFFPEAK] = int(judged.is_off_peak(entry))
    point = judged.point(entry.village, entry.day)
    whole = (None, sum(entry.shares))
    told_from = NEVER if entry.freed is None else max(entry.since, entry.freed)
    for adviser, share in (whole, *zip(entry.advisers, entry.shares, strict=True)):
        key = Key(entry.village, point, adviser)
        for field, amount in (pieces | Counter({minutes: share})).items():
            since = entry.since if field == minutes else told_from
            if amount and since < entry.until:
                fact = Fact(
                    key=key,
                    service=entry.service,
                    field=field,
                    amount=amount,
                    stream=entry.stream,
                    since=since,
                )
                yield _Lasting(fact, entry.until)


def _standing(entries: Iterable[_Entry], judged: _Judged, position: int) -> Iterator[Fact]:
    for entry in entries:
        for fact, until in _facts_of(entry, judged):
            if fact.since <= position < until:
                yield fact


# --- asking


def standing(scope: Scope, position: int) -> Answering[list[Sum]]:
    """Add up what stands, by line, kind of service and column."""
    found: defaultdict[tuple[Key, str, str], tuple[list[int], set[UUID]]]
    found = defaultdict(lambda: ([], set()))
    summed = yield _summed(scope, position)
    for one in summed:
        key = Key(one.division, one.point, one.adviser)
        amounts, streams = found[key, one.service, one.field]
        amounts.append(one.amount)
        streams.update(one.streams)
    judged = yield from _judged(scope, position)
    entries = yield _entries(scope, position, position)
    for fact in _standing(entries, judged, position):
        amounts, streams = found[fact.key, fact.service, fact.field]
        amounts.append(fact.amount)
        streams.add(fact.stream)
    return [
        Sum(key, service, field, sum(amounts), tuple(streams))
        for (key, service, field), (amounts, streams) in found.items()
    ]


def pieces(scope: Scope, position: int, fields: Collection[str]) -> Answering[Facts]:
    """List the facts that figures of these columns are the sum of, one per stream."""
    found = yield _of_fields(scope, position, fields)
    judged = yield from _judged(scope, position)
    entries = yield _entries(scope, position, position)
    own = _standing(entries, judged, position)
    return [one.fact for one in found] + [fact for fact in own if fact.field in fields]


def between(scope: Scope, after: int, position: int) -> Answering[Facts]:
    """Yield the facts that each event after one position, up to another, made or unmade."""
    changed = yield _between(scope, after, position)
    judged = yield from _judged(scope, position)
    entries = yield _entries(scope, after, position)
    turns: Counter[tuple[int, UUID, Key, str, str]] = Counter()
    for entry in entries:
        for fact, until in _facts_of(entry, judged):
            for at, sign in ((fact.since, 1), (until, -1)):
                if after < at <= position:
                    turn = (at, fact.stream, fact.key, fact.service, fact.field)
                    turns[turn] += sign * fact.amount
    return [one.fact for one in changed] + [
        Fact(key=key, service=service, field=field, amount=amount, stream=stream, since=at)
        for (at, stream, key, service, field), amount in sorted(
            turns.items(), key=lambda one: one[0][0]
        )
        if amount
    ]


class Registered(Struct, frozen=True):
    """A point or adviser as it stood."""

    kind: str
    code: str
    name: str
    firm: str | None
    calendar: str | None
    stream: UUID


def registered(codes: Iterable[str], position: int) -> Query[Registered]:
    """Query those of the directory with these codes."""
    sql = """
        SELECT d.kind, d.code, d.name, d.firm, d.calendar, d.stream FROM views.directory d
         WHERE d.code = ANY(%(codes)s) AND d.position <= %(position)s
           AND d.superseded_at > %(position)s
    """
    return Query(sql, {"codes": sorted(codes), "position": position}, Registered)


class StatisticsVersion(Struct, frozen=True):
    """Name of a point, or place of an adviser, from one event on."""

    kind: str
    code: str
    name: str
    firm: str | None
    since: int
    stream: UUID


def registrations(codes: Iterable[str], after: int, position: int) -> Query[StatisticsVersion]:
    """Query the registrations current at `after` or made since, in order."""
    sql = """
        SELECT d.kind, d.code, d.name, d.firm, d.position AS since, d.stream FROM views.directory d
         WHERE d.code = ANY(%(codes)s) AND d.superseded_at > %(after)s
           AND d.position <= %(position)s ORDER BY d.stream, d.position
    """
    of = {"codes": sorted(codes), "after": after, "position": position}
    return Query(sql, of, StatisticsVersion)
