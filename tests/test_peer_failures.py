"""What other systems of this kind got wrong, each under its number in docs/failures.md. Here stand
those that the log, the first services and the first views answer for."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
import pytest
from litestar.testing import TestClient
from msgspec.structs import asdict, replace
from psycopg.errors import InsufficientPrivilege

from api.serving.app import api_of, wire
from api.web.watch import watched
from domain.advising.appointment_commands import LinkProvider
from domain.advising.worklog import LogWork, Work
from domain.registers.point import CalendarUnknown
from domain.registers.policy import LIMITS_POLICY, PolicyVersion, RatingRules
from domain.registration.adviser_commands import MoveAdviser, RegisterAdviser, RetireAdviser
from domain.registration.point_commands import ClosePoint, MovePoint, OpenPoint, RenamePoint
from domain.registration.policy_commands import PublishPolicy
from domain.requests import rating, request_commands
from domain.requests.rating import (
    DefaultRating,
    GiveRating,
    IssueRatingCode,
    OwnService,
    invitation,
    token_digest,
)
from domain.requests.request import Request
from domain.requests.request_commands import (
    AddNote,
    CloseRequest,
    GiveConsultation,
    LinkDuplicate,
    LogRequest,
    NothingToRecalculate,
    RecalculateDeadlines,
    UnlinkDuplicate,
)
from domain.vocabulary import Command, Refused, sibling_id, stream_id
from domain.worktime.calendar import CalendarHasNoYear, TimeLimit
from ledger.founding.shipped import shipped_calendars
from ledger.log.decision import Receipt, ask
from ledger.log.store import CommandIdReused, Ledger
from projections.advising import directory, duty
from projections.asking.answering import answer
from projections.asking.asking import PeriodAsked, fetch
from projections.history.timeline import timeline
from projections.requests import requests, response_times, satisfaction, workload
from projections.running.basis import basis_query
from projections.running.runner import Runner
from tests.api.advising.test_duties import WORK
from tests.api.complaints.test_receptions import held
from tests.api.conftest import LOGGED, Api, founded, problem, settings_of
from tests.databases import Database
from tests.examples import (
    ADMIN,
    CITIZEN,
    CLERK,
    COLLEAGUE,
    LAWYER,
    MORNING,
    OPENED,
    ORIGINAL,
    REGISTERED,
    REQUEST,
    RULES,
    STRICTER,
    local,
)
from tests.ledger.commands import connected
from tests.ledger.sealing import Office as SealedLog

LOG: Final = LogRequest(
    point="ROOM-1", channel="counter", service="consultation", subject="拖欠工资"
)
CONSULT: Final = GiveConsultation(mode="onsite", minutes=20)
OLD_RULES: Final = PolicyVersion(
    code=LIMITS_POLICY,
    version=1,
    effective_from=date(2000, 1, 1),
    basis="示例",
    limits={
        "consultation/close": TimeLimit(amount=5, unit="working_day"),
        "mediation/close": TimeLimit(amount=1, unit="working_day"),
        "other/close": TimeLimit(amount=4, unit="working_hour"),
    },
    rating=RatingRules(),
)


CHINESE: Final = re.compile("[\u4e00-\u9fff]")
QUICK: Final = LOGGED
LATE: Final = LOGGED | {"late_reason": "停电"}
Attack = Callable[[psycopg.Connection[Any]], None]


class Office:
    """One room with its log and views; the clock is what the test says."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self.url = database.app_url
        self.ledger = ledger
        self.connection = psycopg.connect(self.url, autocommit=True)

    def do(
        self, command: Command, of: UUID = REQUEST, *, at: Any = MORNING, **more: Any
    ) -> Receipt:
        """Done and entered at `at`, by the clerk unless said otherwise."""
        instant: datetime = local(at) if isinstance(at, str) else at
        surroundings = {"by": CLERK, "occurred_at": instant, "now": instant, **more}
        return self.ledger.execute(of, command, **surroundings)

    def publish(self, code: str, *versions: int) -> None:
        for publication in shipped_calendars():
            calendar = publication.calendar
            if calendar.code == code and calendar.version in versions:
                self.do(publication, stream_id("calendar", code), by=ADMIN)

    def open_(self, rules: PolicyVersion) -> None:
        point = {name: value for name, value in asdict(OPENED).items() if value is not None}
        room = OpenPoint(**point | {"valid_from": date(2000, 1, 1)})
        self.do(room, stream_id("point", "ROOM-1"), by=ADMIN)
        self.do(PublishPolicy(policy=rules), stream_id("policy", rules.code), by=ADMIN)

    def state(self, of: UUID) -> Request:
        held = self.ledger.held(ask(of, CONSULT, by=CLERK, now=MORNING))
        assert held is not None
        state: Request = held.state
        return state

    def head(self) -> int:
        return Runner(self.url).catch_up()

    def row(self, of: UUID = REQUEST) -> requests.RequestRow:
        (row,) = fetch(
            self.connection, requests.one(of, position=self.head(), now=local("2026-12-01 09:00"))
        )
        return row

    def report(self, view: Any, *, position: int | None = None, **asked: Any) -> Any:
        """The one line of a report."""
        known = self.head() if position is None else position
        query = view.report(PeriodAsked(position=known, now=local("2026-05-01 09:00"), **asked))
        rows = fetch(self.connection, query)
        return rows[0] if rows else None

    def topics(self, of: UUID = REQUEST) -> list[str]:
        return [
            str(row[0])
            for row in self.connection.execute(
                "SELECT topic FROM log_events WHERE originator_id = %s ORDER BY originator_version",
                [of],
            )
        ]


@pytest.fixture
def empty(database: Database) -> Iterator[Office]:
    with Ledger(database.app_url) as ledger:
        office = Office(database, ledger)
        yield office
        office.connection.close()


@pytest.fixture
def office(empty: Office) -> Office:
    """Open, with rules and an adviser, by the calendar as it is shipped."""
    empty.publish("gz-office", 1, 2, 3)
    empty.open_(RULES)
    adviser = RegisterAdviser(code=REGISTERED.code, name=REGISTERED.name, firm="FIRM-1")
    empty.do(adviser, stream_id("adviser", REGISTERED.code), by=ADMIN)
    return empty


@pytest.fixture
def api(database: Database, home: Path) -> Iterator[Api]:
    wiring = wire(settings_of(database, home), database.app_url)
    app = watched(api_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield founded(client, database)


def test_02_the_same_outcome_twice_is_two_events_or_one_by_its_key(office: Office) -> None:
    office.do(LOG)
    note = AddNote(text="已电话答复")
    for _ in range(2):
        office.do(CONSULT)
        office.do(note)
    key = uuid4()
    first, again = (office.do(note, command_id=key) for _ in range(2))
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.stream, again.version, again.position) == (
        first.stream,
        first.version,
        first.position,
    )
    given, noted = "request.consultation_given/1", "request.note_added/1"
    assert office.topics() == ["request.logged/1", given, noted, given, noted, noted]
    assert office.report(workload).minutes == 40
    with pytest.raises(CommandIdReused):
        office.do(replace(note, text="另一件事"), command_id=key)


def firm_serves_town(office: Office) -> None:
    """So that A-1 may work in the village of the room."""
    town = OPENED.division[:9]
    link = LinkProvider(division=town, provider="firm", code="FIRM-1", since=date(2020, 1, 1))
    office.do(link, stream_id("appointment", town), by=ADMIN)


def test_05_old_months_stay_when_adviser_and_point_are_renamed_moved_and_left(
    office: Office,
) -> None:
    of_room, of_adviser = stream_id("point", "ROOM-1"), stream_id("adviser", "A-1")
    march: dict[str, Any] = {"from_": date(2026, 3, 1), "to": date(2026, 4, 1)}
    office.do(LOG)
    office.do(CONSULT, at="2026-03-02 09:30", by=LAWYER)
    firm_serves_town(office)
    done = Work(
        village=OPENED.division,
        service="lecture",
        mode="onsite",
        ended_at=local("2026-03-03 11:00"),
        summary="民法典讲座",
    )
    office.do(LogWork(work=done), UUID(int=5), at="2026-03-03 10:00", now=done.ended_at, by=LAWYER)

    def told(position: int | None = None) -> list[Any]:
        known = position or office.head()
        bys = ("point", "division", "adviser", "firm", "team", "month")
        owed = duty.position(office.connection, division="4401", period="2026-03", position=known)
        return [*(office.report(workload, position=known, by=by, **march) for by in bys), owed]

    def listed(code: str, *, position: int, day: date) -> directory.DirectoryRow:
        asked = directory.page(
            directory.DirectoryFilters(text=code), position=position, day=day, limit=10
        )
        return answer(office.connection, asked)[0]

    month_end = office.head()
    as_sent = told()
    assert [one.key for one in as_sent[:5]] == ["ROOM-1", OPENED.division, "A-1", "FIRM-1", None]
    assert [row.onsite for row in as_sent[-1]] == [60, 60]
    april = date(2026, 4, 1)
    moved = MovePoint(division="440104001001", division_source="区划调整", valid_from=april)
    for command, of in (
        (RenamePoint(name="新工作室"), of_room),
        (moved, of_room),
        (ClosePoint(reason="合并"), of_room),
        (MoveAdviser(firm="FIRM-2", team="TEAM-9"), of_adviser),
        (RetireAdviser(reason="退休"), of_adviser),
    ):
        office.do(command, of, at="2026-04-02 09:00", by=ADMIN)
    promoted = replace(CLERK, role="supervisor", unit="440103")
    office.do(AddNote(text="复核"), at="2026-04-03 09:00", by=promoted)

    assert told() == told(month_end) == as_sent
    then = [listed(code, position=month_end, day=april) for code in ("A-1", "ROOM-1")]
    now = [listed(code, position=office.head(), day=april) for code in ("A-1", "ROOM-1")]
    assert [(one.name, one.firm, one.division, one.active) for one in then] == [
        ("陈律师", "FIRM-1", None, True),
        (OPENED.name, None, OPENED.division, True),
    ]
    assert [(one.name, one.firm, one.division, one.active) for one in now] == [
        ("陈律师", "FIRM-2", None, False),
        ("新工作室", None, "440104001001", False),
    ]
    history = timeline(office.connection, f"request:{REQUEST}").events
    assert [(one.actor.account, one.actor.role, one.actor.unit) for one in history] == [
        ("clerk-1", "duty_officer", "ROOM-1"),
        ("chen", "adviser", "ROOM-1"),
        ("clerk-1", "supervisor", "440103"),
    ]
    assert (history[1].data["adviser"], history[1].data["firm"]) == ("A-1", "FIRM-1")


def test_06_deadlines_over_national_day_spring_festival_lunch_and_make_up_days(
    empty: Office,
) -> None:
    empty.publish("gz-office", 1)
    empty.open_(OLD_RULES)
    numbers = (UUID(int=n) for n in count(1))

    def due(at: str, service: str = "consultation") -> datetime | None:
        """Of a request that came then."""
        new = next(numbers)
        empty.do(replace(LOG, service=service), new, at=at)
        return empty.row(new).due

    before = due("2020-01-22 10:00")
    assert before == local("2020-02-04 17:30")
    empty.publish("gz-office", 2)
    after = due("2020-01-22 10:00")
    assert after == local("2020-02-06 17:30")
    # The promise given before the notice stays; asked for, it is computed by what is known now.
    assert empty.row(UUID(int=1)).due == before
    empty.do(RecalculateDeadlines(reason="春节假期延长"), UUID(int=1), at="2020-01-28 09:00")
    assert empty.row(UUID(int=1)).due == after
    (then,) = fetch(
        empty.connection, requests.one(UUID(int=1), position=empty.head() - 1, now=MORNING)
    )
    assert then.due == before

    empty.publish("gz-office", 3)
    assert due("2025-09-30 10:00") == local("2025-10-14 17:30")
    assert due("2025-10-10 10:00", "mediation") == local("2025-10-11 17:30")
    assert due("2026-03-02 11:00", "other") == local("2026-03-02 17:00")
    assert due("2026-03-02 12:30", "other") == local("2026-03-03 09:30")
    assert due("2026-02-14 16:59", "mediation") == local("2026-02-24 17:30")


@pytest.mark.parametrize("year", [2003, 2028])
def test_07_a_year_without_calendar_data_fails_loudly(empty: Office, year: int) -> None:
    empty.publish("gz-office", 1, 2, 3)
    empty.open_(OLD_RULES)
    before = empty.head()
    with pytest.raises(CalendarHasNoYear, match=str(year)):
        empty.do(LOG, at=f"{year}-06-02 10:00")
    assert empty.head() == before


def test_07_a_point_is_not_opened_on_a_calendar_that_was_never_published(empty: Office) -> None:
    with pytest.raises(CalendarUnknown, match="gz-office"):
        empty.open_(OLD_RULES)


def test_08_a_changed_rule_leaves_old_deadlines_until_they_are_recalculated(
    office: Office,
) -> None:
    office.do(LOG, at="2026-03-04 09:00")
    office.do(CONSULT, at="2026-03-04 09:30")
    by_old_rules = office.row().due
    assert by_old_rules == local("2026-03-18 17:30")
    office.do(PublishPolicy(policy=STRICTER), stream_id("policy", LIMITS_POLICY), by=ADMIN)
    office.do(LOG, ORIGINAL, at="2026-03-05 09:00")
    assert office.row(ORIGINAL).due == local("2026-03-12 17:30")
    assert office.row().due == by_old_rules
    assert office.state(REQUEST).promises[0].policy == "service-limits@1"

    office.do(RecalculateDeadlines(reason="按新规则"), at="2026-03-05 10:00")
    assert office.topics()[-1] == "request.deadlines_recalculated/1"
    assert office.row().due == local("2026-03-11 17:30")
    assert office.state(REQUEST).promises[0].policy == "service-limits@2"
    with pytest.raises(NothingToRecalculate):
        office.do(RecalculateDeadlines(reason="再来一次"), at="2026-03-05 10:01")


def test_09_a_link_that_is_only_looked_at_does_not_rate(api: Api) -> None:
    of_request, link = api.invited()
    before = api.project()
    for _ in range(100):
        assert api.get(link, by=None).status_code == 200
    assert api.project() == before

    first, again = (api.post(link, {"grade": 5}, by=None, key="") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert api.project() == before + 1
    assert api.get(f"/requests/{of_request}/rating").json()["state"]["given"]["grade"] == 5
    assert problem(api.post(link, {"grade": 1}, by=None, key="")) == (409, "already-rated")


def test_09_nobody_rates_his_own_service_and_silence_is_shown_as_silence(office: Office) -> None:
    office.do(LOG)
    office.do(CONSULT, by=LAWYER)
    stream = sibling_id(REQUEST, rating.KIND)
    asked = invitation(REQUEST, office.state(REQUEST))
    office.do(asked, stream, at="2026-03-02 10:00")
    code = IssueRatingCode(token_sha256=token_digest("token"))
    office.do(code, stream, by=COLLEAGUE, at="2026-03-02 10:00")
    vote = GiveRating(token="token", grade=5)
    for account in ("chen", "clerk-1"):
        with pytest.raises(OwnService):
            office.do(vote, stream, by=replace(CITIZEN, account=account), at="2026-03-02 11:00")
    with pytest.raises(OwnService):
        office.do(vote, stream, by=replace(CITIZEN, adviser="A-1"), at="2026-03-02 11:00")
    with pytest.raises(Refused):
        office.do(DefaultRating(), stream, at="2026-03-09 23:59")
    for _ in range(2):
        office.do(DefaultRating(), stream, at="2026-03-10 00:00")
    row = office.report(satisfaction)
    assert (row.default, row.explicit, row.callback) == (1, 0, 0)
    assert (row.satisfaction_rate, row.satisfaction_rate_with_default) == (None, 1.0)
    assert (office.row().grade_default, office.row().grade_explicit) == (3, None)


def test_10_what_is_said_next_month_does_not_move_the_month_before(office: Office) -> None:
    march: dict[str, Any] = {"by": "month", "from_": date(2026, 3, 1), "to": date(2026, 4, 1)}
    office.do(LOG, at="2026-03-30 09:00")
    office.do(CONSULT, at="2026-03-30 10:00")
    office.do(LOG, ORIGINAL, at="2026-03-31 09:00")
    stream = sibling_id(REQUEST, rating.KIND)
    asked = invitation(REQUEST, office.state(REQUEST))
    office.do(asked, stream, at="2026-03-30 10:30")
    code = IssueRatingCode(token_sha256=token_digest("token"))
    office.do(code, stream, by=COLLEAGUE, at="2026-03-30 10:30")
    reports = (workload, response_times, satisfaction)
    month_end = office.head()
    as_sent = [office.report(view, **march) for view in reports]
    (known_at,) = office.connection.execute(
        "SELECT recorded_at FROM log_events WHERE notification_id = %s", [month_end]
    ).fetchall()

    office.do(GiveRating(token="token", grade=5), stream, by=CITIZEN, at="2026-04-02 09:00")
    office.do(CloseRequest(kind="answered"), at="2026-04-03 09:00")
    late = replace(LOG, late_reason="下乡登记")
    office.do(late, UUID(int=9), at="2026-03-29 15:00", now=local("2026-04-04 09:00"))
    office.head()

    (basis,) = fetch(office.connection, basis_query(known_at[0]))
    assert basis.position == month_end
    then = [office.report(view, position=basis.position, **march) for view in reports]
    assert then == as_sent
    work, times, voices = (office.report(view, **march) for view in reports)
    assert (as_sent[0].services, work.services, work.late_entries) == (2, 3, 1)
    assert (as_sent[1].closed, times.closed) == (0, 1)
    assert (as_sent[2].explicit, voices.explicit) == (0, 1)
    assert office.report(satisfaction, by="month", from_=date(2026, 4, 1)) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_11_a_queue_sent_three_times_in_any_order_is_one_event_each(
    office: Office, seed: int
) -> None:
    """The answers get lost; what is refused because it came too early stays in the queue."""
    streams = [UUID(int=n) for n in range(1, 4)]
    queue: list[tuple[UUID, Command, UUID]] = [
        (stream, command, UUID(int=n << 64 | stream.int))
        for stream in streams
        for n, command in enumerate((LOG, CONSULT, AddNote(text="离线记录")), start=1)
    ]
    draw, answers = Random(seed), []
    for _ in range(3):
        draw.shuffle(queue)
        for stream, command, key in queue:
            try:
                answer = office.do(command, stream, command_id=key)
            except request_commands.RequestUnknown:
                continue
            answers.append((key, answer.stream, answer.version, answer.position))
    assert len(set(answers)) == len(queue)
    for stream in streams:
        assert sorted(office.topics(stream)) == [
            "request.consultation_given/1",
            "request.logged/1",
            "request.note_added/1",
        ]
    assert office.report(workload).minutes == 3 * 20


def test_13_an_upload_that_fails_loses_no_entry_and_is_waited_for(api: Api) -> None:
    api.served_by_firm()
    photo = b"photo" * 1000
    sha256 = hashlib.sha256(photo).hexdigest()
    evidence = {"sha256": sha256, "media_type": "image/jpeg", "size": len(photo)}
    log = {"work": WORK, "evidence": [evidence], "late_reason": "停电"}
    logged = api.post("/worklogs", log, by="lawyer", occurred_at=MORNING.isoformat())
    assert logged.status_code == 201
    entry = logged.json()["stream"]

    def upload(content: Any) -> int:
        return api.client.put(
            f"/api/v1/blobs/{sha256}",
            params={"worklog": entry},
            content=content,
            headers={"Authorization": "Bearer lawyer", "Content-Type": "image/jpeg"},
        ).status_code

    def statuses() -> list[str]:
        state = api.get(f"/worklogs/{entry}", unmask="核对佐证").json()["state"]
        assert state["wordings"][0]["work"]["summary"] == WORK["summary"]
        return [one["status"] for one in state["exhibits"]]

    assert statuses() == ["waiting"]
    for broken in (photo[:-1], b"", photo[:-1] + b"x"):
        assert upload(broken) in (409, 422)
        assert statuses() == ["waiting"]
        assert api.get(f"/blobs/{sha256}").status_code == 404
    for _ in range(3):
        assert upload(photo) in (200, 201)
    assert statuses() == ["stored"]
    history = api.get(f"/streams/worklog/{entry}/events").json()["events"]
    assert [one["kind"] for one in history] == [
        "worklog.logged", "worklog.evidence_upload_confirmed",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_events SET state = ''",
        "UPDATE log_events SET occurred_at = now() WHERE false",
        "DELETE FROM log_events",
        "TRUNCATE log_events",
        "TRUNCATE log_events, log_intake",
        "DELETE FROM log_head",
        "UPDATE log_head SET position = 0",
    ],
)
def test_15_no_role_changes_or_removes_an_event(
    office: Office, database: Database, role: str, change: str
) -> None:
    office.do(LOG)
    before = office.topics()
    url = database.app_url if role == "app" else database.owner_url
    with psycopg.connect(url) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(change)
    assert office.topics() == before


def altered(log: psycopg.Connection[Any]) -> None:
    log.execute(
        "UPDATE log_events SET state = set_byte(state, 30, get_byte(state, 30) # 1)"
        " WHERE notification_id = 23"
    )


def deleted(log: psycopg.Connection[Any]) -> None:
    log.execute("DELETE FROM log_events WHERE notification_id = 23")


def reordered(log: psycopg.Connection[Any]) -> None:
    for position, becomes in ((23, 0), (24, 23), (0, 24)):
        log.execute(
            "UPDATE log_events SET notification_id = %s WHERE notification_id = %s",
            [becomes, position],
        )


def inserted(log: psycopg.Connection[Any]) -> None:
    """One more, as if it had always been there: the later ones move up, and the counter too."""
    for by in ("-notification_id", "1 - notification_id"):
        log.execute(
            f"UPDATE log_events SET notification_id = {by}"  # noqa: S608
            " WHERE notification_id >= 23 OR notification_id < 0"
        )
    log.execute(
        "INSERT INTO log_events SELECT gen_random_uuid(), 1, 23, recorded_at, occurred_at,"
        " gen_random_uuid(), gen_random_uuid(), 1, NULL, topic, state"
        " FROM log_events WHERE notification_id = 22"
    )
    log.execute("UPDATE log_head SET position = position + 1")


def last_deleted(log: psycopg.Connection[Any]) -> None:
    log.execute("DELETE FROM log_events WHERE notification_id = 40")


@pytest.mark.parametrize(
    ("attack", "position", "kind"),
    [
        (altered, 23, "altered"),
        (deleted, 23, "deleted"),
        (reordered, 23, "reordered"),
        (inserted, 23, "inserted"),
        (last_deleted, 40, "tail cut"),
    ],
)
def test_16_whatever_was_done_to_an_event_is_found_and_named(
    database: Database, home: Path, attack: Attack, position: int, kind: str
) -> None:
    sealed = SealedLog(database, home)
    sealed.append(*[1] * 40)
    sealed.seal()
    assert sealed.verify().ok
    with sealed.attacked() as log:
        attack(log)
    told = sealed.verify(own=False)
    assert not told.ok
    assert told.first_bad is not None
    assert (told.first_bad.position, told.first_bad.kind) == (position, kind)
    assert told.first_bad.why


def test_16_a_tail_that_was_cut_with_its_seal_is_found_through_the_outside_anchor(
    database: Database, home: Path
) -> None:
    """Who removes the last events, the checkpoints over them and the counter leaves a log that
    nothing in the database speaks against."""
    sealed = SealedLog(database, home)
    sealed.append(*[1] * 30)
    sealed.seal()
    with connected(database.superuser_url) as log:
        tiles = log.execute("SELECT level, number, hashes FROM seal_tiles").fetchall()
    sealed.append(*[1] * 10)
    sealed.seal()
    with sealed.attacked() as log:
        log.execute("DELETE FROM log_events WHERE notification_id > 30")
        log.execute(
            "UPDATE log_head SET position = 30, recorded_at ="
            " (SELECT recorded_at FROM log_events WHERE notification_id = 30)"
        )
        log.execute("DELETE FROM seal_checkpoints WHERE size > 30")
        log.execute("DELETE FROM seal_tiles")
        log.cursor().executemany("INSERT INTO seal_tiles VALUES (%s, %s, %s)", tiles)
    assert sealed.verify(own=False).ok
    told = sealed.verify(own=False, witness=True)
    assert told.first_bad is not None
    assert (told.ok, told.first_bad.position, told.first_bad.kind) == (False, 31, "tail cut")


def test_22_a_duplicate_stays_counts_once_and_unlinking_restores_it(office: Office) -> None:
    office.do(LOG, ORIGINAL)
    office.do(LOG)
    link = LinkDuplicate(original=ORIGINAL, reason="同一天来了两次")
    alone = office.report(workload)
    assert (alone.services, alone.duplicates) == (2, 0)
    office.do(link)
    assert office.do(link).position is None
    linked = office.report(workload)
    assert (linked.services, linked.duplicates) == (1, 1)
    assert [office.row(one).duplicates for one in (REQUEST, ORIGINAL)] == [1, 0]
    office.do(UnlinkDuplicate(original=ORIGINAL, reason="不是同一件事"))
    assert office.report(workload) == alone
    assert office.topics() == [
        "request.logged/1",
        "request.duplicate_linked/1",
        "request.duplicate_unlinked/1",
    ]
    with pytest.raises(Refused):
        office.do(LinkDuplicate(original=REQUEST, reason="误"))


def test_24_what_a_screen_must_say_in_words_is_there_as_words(api: Api) -> None:
    """The part of it that is data: names of buttons and fields, choices, what is wrong and where,
    and lateness, which no screen may have to tell by a colour alone."""
    document = api.client.get("/schema/openapi.json").json()
    paths = document["paths"].values()
    operations = {one["operationId"]: one for path in paths for one in path.values()}
    unnamed = {
        name
        for name, one in operations.items()
        if "operation" not in one["tags"] and not CHINESE.search(one["summary"])
    }
    assert unnamed == set()
    assert all(CHINESE.search(tag["description"]) for tag in document["tags"])

    overdue = api.post("/requests", LATE, occurred_at=MORNING.isoformat())
    assert overdue.status_code == 201, overdue.text
    request = overdue.json()["stream"]
    allowed = api.get(f"/requests/{request}").json()["allowed"]
    assert {"GiveConsultation", "CloseRequest"} <= set(allowed) <= set(operations)
    api.project()
    (row,) = api.get("/requests").json()["rows"]
    assert (row["status"], row["overdue"], row["late"]) == ("open", True, True)
    history = api.get(f"/streams/request/{request}/events").json()
    steps = [step for one in history["promises"] for step in one["explanation"]]
    assert steps
    assert all(CHINESE.search(step["text"]) for step in steps)


def test_24_the_quick_form_is_filled_in_from_the_keyboard_alone(api: Api) -> None:
    """What it is made of is in the document: which fields there are, which must be filled in, and
    what may be chosen by a number key. A second Enter is the first."""
    schemas = api.client.get("/schema/openapi.json").json()["components"]["schemas"]
    form = schemas["LogRequest"]
    assert set(form["required"]) == {"point", "channel", "service", "subject"} <= {*QUICK}
    for name in ("channel", "service"):
        assert QUICK[name] in choices(form["properties"][name], schemas)
        wrong = api.post("/requests", QUICK | {name: "something else"})
        assert problem(wrong) == (400, "validation-failed")
        assert [one["field"] for one in wrong.json()["errors"]] == [name]
        assert CHINESE.search(wrong.json()["title"])
    wrong = api.post("/requests", QUICK | {"visitor": {"phone": "one"}})
    assert [one["field"] for one in wrong.json()["errors"]] == ["visitor.phone"]

    enter, again = (api.post("/requests", QUICK, key="one form") for _ in range(2))
    assert (enter.status_code, again.status_code) == (201, 201)
    assert again.json() == enter.json()
    api.project()
    position = enter.json()["position"]
    shown = api.get("/requests", wait_for=position, unmask="核对登记").json()["rows"]
    assert [(one["request"], one["subject"]) for one in shown] == [
        (enter.json()["stream"], QUICK["subject"])
    ]
    assert shown[0]["number"] > 0


def choices(field: dict[str, Any], schemas: dict[str, Any]) -> list[Any]:
    """What may be chosen, by its schema."""
    if "$ref" in field:
        return choices(schemas[field["$ref"].rpartition("/")[2]], schemas)
    found: list[Any] = field["enum"]
    return found


def test_25_what_a_reader_may_not_see_is_counted_and_never_left_out(
    api: Api, database: Database
) -> None:
    request, link = api.invited()
    api.post(link, {"grade": 1}, by=None, key="")
    noted = api.post(f"/requests/{request}/dissatisfaction", by="desk").headers["location"]
    complaint = noted.removeprefix("/api/v1")
    for seen, action in enumerate(("register", "accept"), start=1):
        assert api.post(f"{complaint}/{action}", {}, by="leader", seen=seen).status_code == 200
    order = {
        "source": "rating",
        "source_stream": str(sibling_id(UUID(request), rating.KIND)),
        "addressee": {"kind": "point", "code": "ROOM-1"},
        "items": ["向评价人说明"],
    }
    assert api.post("/rectifications", order, by="leader").status_code == 201
    history = f"/streams/request/{request}/events"
    told = {
        by: api.get(history, by=by).json()
        for by in ("leader", "auditor", "desk", "lawyer", "clerk")
    }
    total = len(told["leader"]["events"])
    for by, one in told.items():
        kinds = [event["kind"] for event in one["events"]]
        # Whom it is about, here the whole room, has no trace of it, not even a number.
        about_him = by in ("lawyer", "clerk", "desk")
        assert one["hidden"] == 0, by
        assert len(kinds) == total - (3 if about_him else 0), by
        assert kinds[-1] == "rectification.ordered"
        complained = [kind for kind in kinds if kind.startswith("complaint.")]
        assert len(complained) == (0 if about_him else 3), by
    assert problem(api.get(history, by="station")) == (404, "not-found")
    # Who oversees is told how much he is not shown.
    with Ledger(database.app_url) as ledger:
        booked = f"/streams/reception/{held(ledger)}/events"
    seen_by = {by: api.get(booked, by=by).json() for by in ("leader", "elsewhere", "station")}
    counted = {by: (len(one["events"]), one["hidden"]) for by, one in seen_by.items()}
    assert counted == {"leader": (2, 0), "elsewhere": (1, 1), "station": (1, 0)}
    # A complaint's own history is not told at all to whom it is hidden from.
    own = f"/streams{complaint.replace('complaints', 'complaint')}/events"
    assert len(api.get(own, by="leader").json()["events"]) == 3
    assert problem(api.get(own, by="lawyer")) == (404, "not-found")
