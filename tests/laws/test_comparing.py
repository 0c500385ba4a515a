"""The law of comparing: whatever is asked, the answer as known at one time, with what is told to
differ, is the answer as known at the other."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import count
from random import Random
from typing import Any, Final

import httpx
import psycopg
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api.serving.app import api_of, wire
from api.serving.questions import QUESTIONS
from api.web.questions import Knowing
from api.web.watch import watched
from domain.advising.visit_plan import VisitsPlanned
from domain.aggregates import kind_of
from domain.vocabulary import Actor, stream_id
from ledger.founding.shipped import shipped_rulesets
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.store import Ledger
from ledger.server.embedded import Cluster
from projections.running.runner import Runner
from tests.api.conftest import ACTORS, Api, settings_of
from tests.databases import own_database, temporary_home
from tests.laws.logs import a_hamlet, a_log
from tests.lives import complaint as lived_complaint

ADMIN: Final = ACTORS["admin"]
STREAMS_OF_A_KIND: Final = 3
APART: Final = 10
"""Events that are recorded at once."""
LISTS: Final[Mapping[str, Sequence[dict[str, Any]]]] = {
    "/requests": ({}, {"status": "open"}, {"order": "due"}),
    "/complaints": ({}, {"open": True}, {"order": "received", "registered": True}),
    "/complaints/counts": ({},),
    "/inspections": ({}, {"confirmed": True}),
    "/rectifications": ({}, {"ended": False}),
    "/trainings": ({}, {"status": "held"}),
    "/reports/training-credits": ({}, {"trainee_kind": "helper"}),
    "/helpers": ({}, {"serving": True}),
    "/reports/helpers": ({"division": "4401", "year": "2026", "by": "district"},),
    "/conferences": ({}, {"with_open": True}),
    "/decisions": ({}, {"status": "open"}),
    "/surveys": ({}, {"voided": False}),
    "/directory": ({}, {"kind": "adviser", "active": True}),
    "/points": ({}, {"open": True}),
    "/ratings": ({}, {"suspect": True}),
    "/worklogs": ({},),
    "/appointments": ({},),
    "/dissatisfactions": ({},),
    "/rosters": ({},),
    "/subjects": ({"point": "C0001"},),
    "/reports": ({"newest": True},),
    "/calendars": ({},),
    "/policies": ({},),
    "/forms": ({},),
    "/rulesets": ({},),
    "/objections": ({},),
    "/samples": ({},),
    "/me": ({},),
    "/catalog": ({},),
    "/advisers": ({},),
    "/divisions": ({}, {"level": 9}, {"under": "440104", "abolished": False}),
    "/firms": ({}, {"open": True}),
    "/teams": ({}, {"open": True}),
    "/organs": ({},),
    "/accounts": ({},),
    "/devices": ({},),
    "/receptions": ({}, {"cancelled": False}),
    "/visits": ({}, {"moved": True}, {"standing": "missed"}),
    "/needs": ({}, {"some_open": True}),
    "/areas": ({}, {"on": "2026-05-01"}),
    "/marks": ({}, {"standing": "valid"}),
    "/appointments/440104001001/choices": ({},),
    "/evaluations": ({},),
    "/evaluations/run": (
        {"ruleset": "adviser-year@1", "period": "2026-Q2"},
        {"ruleset": "point-year@1", "period": "2026-04"},
    ),
    "/reports/workload": (
        {},
        {"by": "adviser"},
        {"by": "adviser,month"},
        {"by": "month", "service": "consultation"},
    ),
    "/reports/response-times": ({}, {"by": "channel"}),
    "/reports/satisfaction": ({}, {"by": "adviser"}),
    "/reports/promises": ({}, {"by": "month"}),
    "/reports/duty": ({"division": "4401", "period": "2026-04"},),
    "/reports/coverage": ({"division": "4401", "period": "2026-04"},),
    "/reports/doubts": ({"division": "4401", "period": "2026-04"},),
    "/reports/receptions": ({"period": "2026"},),
    "/reports/visits": ({"division": "4401", "period": "2026-04"},),
    "/reports/rounds": ({"period": "2026-Q2"},),
    "/reports/marks": ({},),
    "/reports/criticism": (
        {"division": "4401", "period": "2026-Q2"},
        {"division": "4401", "period": "2026-03"},
    ),
    "/reports/city": ({"template": "criticism", "period": "2026-04"},),
    "/reports/work-statistics/4401/2026-04": ({},),
    "/reports/work-statistics/4401/2026-04/versions": ({},),
    "/reports/work-statistics/4401/2026-04/cells/1/point_name": ({},),
}
NAMED: Final = {
    "point": "/points/{}",
    "adviser": "/advisers/{}",
    "division": "/divisions/{}",
    "firm": "/firms/{}",
    "team": "/teams/{}",
    "organ": "/organs/{}",
    "account": "/accounts/{}",
    "form": "/forms/{}",
    "calendar": "/calendars/{}",
    "policy": "/policies/{}",
    "ruleset": "/rulesets/{}",
    "appointment": "/appointments/{}",
    "helper": "/helpers/{}",
    "needs": "/needs/{}",
    "area": "/areas/{}",
}
CODED_BY: Final = {"appointment": "division", "area": "division", "needs": "village"}
"""Kind → field of its first event that names the thing, where it is no `code`."""
WITH_ID: Final = {
    "request": ("/requests/{}", "/requests/{}/rating", "/requests/{}/follow-code"),
    "complaint": ("/complaints/{}", "/attachments/{}"),
    "worklog": ("/worklogs/{}",),
    "inspection": ("/inspections/{}",),
    "rectification": ("/rectifications/{}",),
    "training": ("/trainings/{}",),
    "conference": ("/conferences/{}",),
    "survey": ("/surveys/{}",),
    "reception": ("/receptions/{}",),
    "mark": ("/marks/{}",),
}
PLAN: Final = "/visit-plans/{}/{}/{}"
LATER: Final = frozenset((
    "Device", "DeviceQueue", "RatingLink", "Roster",
    "Evaluation", "EvaluationResults", "ExplainScore", "Sample",
    "ReportAdjustments", "Rights",
))  # fmt: skip
"""Of things that no simulated life has: tests/api/web/test_comparing.py."""
STANDS_ON: Final = frozenset(
    ("basis", "position", "cut_off", "as_known_at", "now", "next_cursor", "stream", "id")
)
LINE: Final = ("division", "point", "adviser")

Question = tuple[str, dict[str, Any]]


# --- the law, over JSON


def plain(value: Any) -> Any:
    """Without the numbers of rows in a table and without lists that have no rows; lists of objects
    in one order."""
    if isinstance(value, dict):
        found = {name: plain(part) for name, part in value.items() if part != []}
        if isinstance(found.get("cells"), dict):
            found["cells"].pop("number", None)
        return found
    if isinstance(value, list):
        parts = [plain(part) for part in value]
        of_objects = any(isinstance(one, dict) for one in parts)
        return sorted(parts, key=_ordered) if of_objects else parts
    return value


def _ordered(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def body_of(answer: dict[str, Any]) -> Any:
    return plain({name: part for name, part in answer.items() if name not in STANDS_ON})


def applied(value: Any, changes: dict[str, Any]) -> Any:
    """What the value becomes."""
    value = json.loads(json.dumps(value))
    for change in changes["fields"]:
        owner, name = _at(value, change["field"])
        if "then" in change:
            assert plain(owner.get(name, [])) == plain(change["then"]), change
        else:
            assert name not in owner
        if "now" in change:
            owner[name] = change["now"]
        else:
            owner.pop(name, None)
    for change in changes["lists"]:
        owner, name = _at(value, change["at"])
        rows = plain(owner.get(name, []))
        for gone in change["only_then"]:
            rows.remove(plain(gone["row"]))
        for changed in change["changed"]:
            row = _fitting(rows, changed)
            rows.remove(row)
            rows.append(plain(applied(row, changed)))
        owner[name] = rows + [new["row"] for new in change["only_now"]]
    return plain(value)


def _at(value: Any, pointer: str) -> tuple[Any, str]:
    *path, last = [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]
    for name in path:
        value = value[name]
    return value, last


def _fitting(rows: list[Any], changed: dict[str, Any]) -> Any:
    """The one row with all of the key and with everything that is told to be otherwise."""
    fitting = [row for row in rows if _fits(row, changed)]
    if len(fitting) > 1:
        # A number 1 may be left out, as a promise's first round is; where a row has it, it is that.
        key = set(map(json.dumps, changed["key"]))
        fitting = [row for row in fitting if key <= set(map(json.dumps, _values(row)))]
    if len(fitting) > 1:
        # What a key has not, as a village without an adviser, other fields may not have either.
        first = len(changed["key"])
        fitting = [row for row in fitting if list(row.values())[:first] == changed["key"]]
    assert len(fitting) == 1, (changed, fitting)
    return fitting[0]


def _fits(row: Any, changed: dict[str, Any]) -> bool:
    key: list[Any] = changed["key"]
    if len(key) == len(LINE) and "cells" in row:
        # Of work statistics: a line without adviser has none in its key.
        return key == [row["cells"].get(name, "") for name in LINE]
    # A promise's round is left out while it is the first.
    if not set(map(json.dumps, key)) <= {"1", *map(json.dumps, _values(row))}:
        return False
    for change in changed["fields"]:
        owner, name = _at(row, change["field"])
        if plain(owner.get(name, [])) != plain(change.get("then", [])):
            return False
    return True


def _values(row: Any) -> Iterator[Any]:
    """Also those of parts, as a table's row has them in its cells."""
    for part in row.values():
        if isinstance(part, dict):
            yield from _values(part)
        elif isinstance(part, list):
            yield from part
        else:
            yield part


# --- over lives


def things(events: Sequence[Recorded], draw: Random) -> Iterator[str]:
    """Some of each kind, alone and with their history."""
    by_id: defaultdict[str, set[str]] = defaultdict(set)
    by_code: defaultdict[str, set[str]] = defaultdict(set)
    for one in events:
        kind = kind_of(one.event.topic)
        part = getattr(one.event, kind, one.event)
        code = getattr(part, CODED_BY.get(kind, "code"), None)
        if kind in WITH_ID:
            by_id[kind].add(str(one.originator_id))
        elif code and kind in NAMED and one.originator_id == stream_id(kind, code):
            by_code[kind].add(code)
    for kind, found in (*by_id.items(), *by_code.items()):
        for name in draw.sample(sorted(found), min(STREAMS_OF_A_KIND, len(found))):
            paths = WITH_ID.get(kind) or (NAMED[kind],)
            yield from (path.format(name) for path in paths)
            yield f"/streams/{kind}/{name}/events"
    plans = [one.event for one in events if isinstance(one.event, VisitsPlanned)]
    for plan in plans[:STREAMS_OF_A_KIND]:
        yield PLAN.format(plan.adviser, plan.village, plan.month)


def accused(events: Sequence[Recorded]) -> Actor | None:
    """An adviser who is complained of."""
    for one in events:
        if hasattr(one.event, "grievance") and (code := one.event.grievance.adviser):
            return Actor(account="complained-of", role="auditor", unit="4401", adviser=code)
    return None


def with_an_accused(
    lived: Callable[[int], list[Recorded]], draw: Random
) -> tuple[list[Recorded], Actor]:
    while True:
        events = lived(draw.getrandbits(32))
        if actor := accused(events):
            return events, actor


def hidden_from_accused(api: Api, events: Sequence[Recorded]) -> list[str]:
    streams = {one.originator_id for one in events if kind_of(one.event.topic) == "complaint"}
    return [
        str(one)
        for one in sorted(streams)
        if api.get(f"/complaints/{one}", by="accused").status_code == 404
    ]


def of_a_hamlet(seed: int) -> list[Recorded]:
    return a_hamlet(seed, 60)


def of_complaints(seed: int) -> list[Recorded]:
    return a_log(seed, 8, lived_complaint)


def asked(api: Api, question: Question, by: str, **more: str) -> httpx.Response:
    path, query = question
    sent = {"Authorization": f"Bearer {by}"}
    return api.client.get(f"/api/v1{path}", headers=sent, params=query | more)


def answer_to(api: Api, question: Question, by: str, at: str) -> Any:
    """The whole of it; None: there is none."""
    answer = asked(api, question, by, as_known_at=at)
    if answer.status_code != 200:
        assert answer.status_code in (404, 409), answer.text
        return None
    found = answer.json()
    while found.get("next_cursor"):
        more = asked(api, question, by, as_known_at=at, cursor=found["next_cursor"]).json()
        found |= {"rows": found["rows"] + more["rows"], "next_cursor": more["next_cursor"]}
    return found


def check(
    api: Api, question: Question, by: str, then: str, now: str, hidden: Collection[str]
) -> bool:
    """Whether anything differs. `hidden`: complaints about who is accused; a difference names none
    that the two answers do not name."""
    before, after = (answer_to(api, question, by, at) for at in (then, now))
    compared = asked(api, question, by, as_known_at=now, compared_to=then)
    if after is None:
        assert compared.status_code in (404, 409), compared.text
        return False
    assert compared.status_code == 200, compared.text
    found = compared.json()
    assert found["then"]["known"] == (before is not None)
    assert found["now"]["known"]
    assert applied(body_of(before or {}), found) == body_of(after), (question, found)
    turned = asked(api, question, by, as_known_at=then, compared_to=now)
    assert turned.json() == found
    for event in found["events"] or ():
        assert found["then"]["position"] < event["position"] <= found["now"]["position"]
    for rows in found["lists"]:
        for row in (*rows["only_then"], *rows["only_now"], *rows["changed"]):
            # Hardly any time has passed: something was recorded.
            assert row["touched"] is None or sum(row["touched"].values()) > 0, row
    if by == "accused":
        told = json.dumps([before, after])
        assert all(one in told for one in hidden if one in compared.text)
    return bool(found["fields"] or found["lists"])


RETURNED_AND_ASSIGNED_AGAIN: Final = 21425402
"""A complaint with two promises of one name in one round: only their beginnings differ."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lived", "seed"),
    [(of_a_hamlet, None), (of_complaints, None), (of_complaints, RETURNED_AND_ASSIGNED_AGAIN)],
)
def test_one_answer_with_the_difference_is_the_other(
    cluster: Cluster,
    lived: Callable[[int], list[Recorded]],
    seed: int | None,
    fresh_seed: int,
) -> None:
    """Each question of each actor is about two times of its own. Without a seed: a fresh one."""
    draw = Random(fresh_seed if seed is None else seed)
    events, actor = with_an_accused(lived, draw)
    with own_database(cluster) as database, temporary_home() as home:
        instants = _recorded(database.app_url, events)
        Runner(database.app_url).catch_up()
        wiring = wire(
            replace(settings_of(database, home), tokens=ACTORS | {"accused": actor}),
            database.app_url,
        )
        with TestClient(
            watched(api_of(wiring), wiring.metrics), raise_server_exceptions=False
        ) as client:
            api = Api(client, database, count(1))
            questions = [(path, query) for path, some in LISTS.items() for query in some]
            questions += [(path, {}) for path in things(events, draw)]
            hidden = hidden_from_accused(api, events)
            assert hidden
            differing = set()
            for question in questions:
                for by in ("auditor", "accused"):
                    then, now = sorted(draw.sample(instants, 2))
                    if check(api, question, by, then, now, hidden):
                        differing.add(question[0])
    assert len(differing) > len(questions) / 4


def _recorded(url: str, events: Sequence[Recorded]) -> list[str]:
    """Instants between what is recorded at once, after the rule sets."""
    with Ledger(url) as ledger:
        for command in shipped_rulesets():
            ledger.execute(stream_id("ruleset", command.ruleset.code), command, by=ADMIN)
    with psycopg.connect(url, autocommit=True) as connection:
        for first in range(0, len(events), APART):
            append_slice(connection, events[first : first + APART], LedgerMapper())
        found = connection.execute(
            "SELECT DISTINCT recorded_at FROM log_events ORDER BY recorded_at"
        ).fetchall()
    return [at.isoformat() for (at,) in found]


def test_every_question_about_two_times_is_asked_here_or_there() -> None:
    here = set(LISTS) | {path for some in WITH_ID.values() for path in some}
    here |= {*NAMED.values(), "/streams/{}/{}/events", PLAN, "/appointments/{}/choices"}
    shapes = {re.sub(r"\{[^}]*\}", "{}", one.under): one.name for one in QUESTIONS
              if issubclass(one.query, Knowing)}  # fmt: skip
    tables = {"/reports/{}/{}/{}", "/reports/{}/{}/{}/versions", "/reports/{}/{}/{}/cells/{}/{}"}
    assert {name for shape, name in shapes.items() if shape not in here | tables} == LATER
