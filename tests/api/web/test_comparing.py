"""One question at two times: what differs, by HTTP and by the command line. That the difference
makes one answer into the other is a law: tests/laws/test_comparing.py."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import pytest
import rich_click as click
from litestar.testing import TestClient
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from api.cli import anjuan
from api.serving.app import api_of, wire
from api.serving.questions import QUESTIONS
from api.web import question_routes
from api.web.questions import Knowing, Known
from api.web.watch import watched
from domain.vocabulary import Actor
from ledger.founding.shipped import shipped_forms
from tests.api.answer_types import structs_of, structs_of_answers
from tests.api.cli.test_cli import COMMANDS, Shell, Told
from tests.api.conftest import ACTORS, CONSULTED, Api, problem, settings_of
from tests.api.reporting.test_statutory import CRITICISM, submitted
from tests.complaints import GRIEVANCE
from tests.databases import Database
from tests.evaluating import BY_ADVISER, PERIOD, Town, a_town, late_visit
from tests.examples import MORNING

LONG_AGO: Final = "2020-01-01T00:00:00+00:00"
RUN: Final[dict[str, Any]] = {"ruleset": "adviser-year@1", "period": PERIOD}
NOW_ONLY: Final = {"Views", "PublicDirectory", "FollowedRequest"}
TWO_ALREADY: Final = {"CompareDeterminations"}
"""Two times, or two determinations, are in its path."""
NEVER_CHANGES: Final = {"Event"}
"""What happened at a position."""
NOT_OF_THE_LOG: Final = {"Reads"}
"""Who has read what is written beside the log: no answer of it stands on a position."""


def compared(api: Api, path: str, then: str, by: str | None = "clerk", **query: Any) -> Any:
    answer = api.get(path, by=by, compared_to=then, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def recorded(answer: Any) -> str:
    """When a command was."""
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["recorded_at"])


def just_before(at: str) -> str:
    return (datetime.fromisoformat(at) - timedelta(microseconds=1)).isoformat()


def served(api: Api, request: str) -> str:
    """When it was recorded that the adviser A-1 served it."""
    path = f"/requests/{request}/give-consultation"
    return recorded(api.post(path, CONSULTED, by="lawyer", seen=1))


def fields(changes: Any) -> dict[str, tuple[Any, Any]]:
    return {one["field"]: (one.get("then"), one.get("now")) for one in changes["fields"]}


def lists(changes: Any) -> dict[str, Any]:
    return {one["at"]: one for one in changes["lists"]}


def same(found: Any) -> bool:
    return not found["fields"] and not found["lists"]


# --- one thing


def test_a_history_at_two_times_differs_by_what_was_recorded_between(api: Api) -> None:
    request = api.logged()
    then = just_before(served(api, request))
    path = f"/streams/request/{request}/events"
    found = compared(api, path, then)
    change = lists(found)["/events"]
    assert (change["only_then"], change["changed"]) == ([], [])
    assert [one["row"]["kind"] for one in change["only_now"]] == ["request.consultation_given"]
    # The service, and its minutes on the day sheet of who gave it.
    assert found["then"]["position"] + 2 == found["now"]["position"]
    assert (found["then"]["known"], found["now"]["as_known_at"]) == (True, None)


def test_a_thing_at_two_times_differs_field_by_field_and_its_events_are_named(api: Api) -> None:
    request = api.logged()
    then = just_before(at := served(api, request))
    found = compared(api, f"/requests/{request}", then)
    changes = fields(found)
    assert changes["/version"] == (1, 2)
    assert changes["/state/served_by"] == ([], ["A-1", "chen"])
    ended = lists(found)["/state/promises"]["only_then"]
    assert [(*one["key"][:2], one["row"]["name"]) for one in ended] == [
        ("first_response", 1, "first_response")
    ]
    (event,) = found["events"]
    assert event["topic"].startswith("request.consultation_given")
    assert datetime.fromisoformat(event["recorded_at"]) == datetime.fromisoformat(at)


def test_which_time_is_earlier_does_not_matter(api: Api) -> None:
    request = api.logged()
    now = served(api, request)
    then = just_before(now)
    path = f"/requests/{request}"
    found = compared(api, path, then, as_known_at=now)
    assert compared(api, path, now, as_known_at=then) == found
    assert found["then"]["position"] < found["now"]["position"]


def test_a_time_differs_in_nothing_from_itself(api: Api) -> None:
    request = api.logged()
    at = served(api, request)
    api.project()
    for path in (f"/requests/{request}", "/requests", "/points", "/complaints/counts"):
        found = compared(api, path, at, as_known_at=at)
        assert same(found), found
        assert found["then"] == found["now"]


def test_before_the_first_event_nothing_was_known_and_everything_is_new(api: Api) -> None:
    request = api.logged()
    api.project()
    one = compared(api, f"/requests/{request}", LONG_AGO)
    assert (one["then"]["known"], one["then"]["position"]) == (False, 0)
    assert all("then" not in change for change in one["fields"])
    assert fields(one)["/version"] == (None, 1)
    assert len(one["events"]) == 1
    many = lists(compared(api, "/requests", LONG_AGO))["/rows"]
    assert [each["key"] for each in many["only_now"]] == [[request]]
    assert [event["stream"] for event in many["only_now"][0]["events"]] == [request]


def test_what_was_never_known_is_not_found(api: Api) -> None:
    nobody = "/requests/01990000-0000-7000-8000-000000000001"
    assert problem(api.get(nobody, compared_to=LONG_AGO)) == (404, "not-found")
    request = api.logged()
    before = api.get(f"/requests/{request}", as_known_at=LONG_AGO, compared_to=LONG_AGO)
    assert problem(before) == (404, "not-found")


# --- lists, reports, registers


def test_a_list_at_two_times_names_the_rows_that_came_went_and_changed(api: Api) -> None:
    stays, goes = api.logged(), api.logged(subject="遗产继承")
    then = just_before(served(api, stays))
    served(api, goes)
    api.post(f"/requests/{goes}/close", {"kind": "answered"}, by="lawyer", seen=2)
    new = api.logged()
    api.project()
    rows = lists(compared(api, "/requests", then, status="open", limit=1))["/rows"]
    assert [one["key"] for one in rows["only_now"]] == [[new]]
    assert [one["key"] for one in rows["only_then"]] == [[goes]]
    kinds = [event["topic"] for event in rows["only_then"][0]["events"]]
    assert kinds == ["request.consultation_given/1", "request.closed/1"]
    (changed,) = rows["changed"]
    assert changed["key"] == [stays]
    assert fields(changed)["/adviser"] == (None, "A-1")


def test_a_list_is_compared_whole_or_not_at_all(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        api.logged()
    api.project()
    monkeypatch.setattr(question_routes, "ROWS_MAX", 3)
    assert len(lists(compared(api, "/requests", LONG_AGO, limit=1))["/rows"]["only_now"]) == 3
    api.logged()
    api.project()
    much = api.get("/requests", compared_to=LONG_AGO)
    assert problem(much) == (400, "comparison-too-large")
    assert same(compared(api, "/requests", LONG_AGO, service="mediation"))
    mark = api.get("/requests", limit=1).json()["next_cursor"]
    paged = api.get("/requests", limit=1, cursor=mark, compared_to=LONG_AGO)
    assert problem(paged) == (400, "malformed")


def test_a_report_at_two_times_differs_figure_by_figure(api: Api) -> None:
    request = api.logged()
    then = just_before(served(api, request))
    api.project()
    found = compared(api, "/reports/workload", then, by="leader")
    (row,) = lists(found)["/rows"]["changed"]
    assert (row["key"], row["events"]) == (["ROOM-1", None], None)
    # Not of requests alone: which events made a figure is asked of response times.
    assert row["touched"] is None
    changes = fields(row)
    changes.pop("/minutes_off_peak", None)
    assert changes == {"/minutes": (0, 20), "/minutes_onsite": (0, 20)}
    # Whose minutes they are is not whom a request stands with: no event is counted for people.
    people = lists(workload(api, then, "adviser"))["/rows"]["only_now"]
    assert {one["touched"] for one in people} == {None}


def workload(api: Api, then: str, by: str) -> Any:
    sent = {"Authorization": "Bearer leader"}
    asked = {"by": by, "compared_to": then}
    return api.client.get("/api/v1/reports/workload", headers=sent, params=asked).json()


def test_an_event_is_counted_where_it_took_a_request_from_and_where_it_put_it(api: Api) -> None:
    request, _ = api.logged(), api.logged()
    then = just_before(
        recorded(
            api.post(
                f"/requests/{request}/reclassify",
                # Of few days: the calendar of the tests ends with the year.
                {"service": "legal_aid", "reason": "实为法律援助"},
                seen=1,
            )
        )
    )
    api.project()
    asked = {"by": "service", "compared_to": then}
    sent = {"Authorization": "Bearer leader"}
    found = api.client.get("/api/v1/reports/response-times", headers=sent, params=asked).json()
    rows = lists(found)["/rows"]
    (left,), (came,) = rows["changed"], rows["only_now"]
    assert (left["key"], came["key"]) == (["consultation", None], ["legal_aid", None])
    assert left["touched"] == came["touched"] == {"request.reclassified": 1}


def test_the_directory_at_two_times_names_what_renamed_a_point(api: Api) -> None:
    renamed = api.post("/points/ROOM-1/rename", {"name": "新名"}, by="admin", seen=1)
    then = just_before(recorded(renamed))
    api.project()
    for path in ("/directory", "/points"):
        (row,) = lists(compared(api, path, then))["/rows"]["changed"]
        assert list(fields(row)) == ["/name"]
        assert [event["position"] for event in row["events"]] == [renamed.json()["position"]]


# --- what is hidden


def complained(api: Api, **more: Any) -> tuple[str, str]:
    """The id of a new complaint, and when it was recorded."""
    body = {"grievance": to_builtins(GRIEVANCE) | more}
    answer = api.post("/complaints", body)
    return answer.json()["stream"], recorded(answer)


def test_whoever_is_complained_of_learns_nothing_from_two_times(api: Api) -> None:
    open_, then = complained(api, adviser=None, account="somebody")
    about, _ = complained(api)
    accepted = api.post(f"/complaints/{open_}/accept", {}, by="leader", seen=1)
    assert accepted.status_code == 200, accepted.text
    api.project()
    at = just_before(then)
    rows = lists(compared(api, "/complaints", at, by="lawyer"))["/rows"]
    assert [one["key"] for one in rows["only_now"]] == [[open_]]
    whole = lists(compared(api, "/complaints", at, by="auditor"))["/rows"]
    assert {one["key"][0] for one in whole["only_now"]} == {open_, about}
    hidden = api.get(f"/complaints/{about}", by="lawyer", compared_to=at)
    assert problem(hidden) == (404, "not-found")
    history = api.get(f"/streams/complaint/{about}/events", by="lawyer", compared_to=at)
    assert problem(history) == (404, "not-found")


def test_a_complaint_that_came_to_be_about_somebody_is_hidden_from_him_at_both_times(
    api: Api,
) -> None:
    stream, then = complained(api, adviser=None, account="somebody")
    api.project()
    assert compared(api, f"/complaints/{stream}", just_before(then), by="lawyer")["events"]
    named = api.post(
        f"/complaints/{stream}/name-object",
        {"adviser": "A-1", "reason": "核实"},
        by="leader",
        seen=1,
    )
    assert named.status_code == 200, named.text
    api.project()
    for at in (then, just_before(then)):
        found = compared(api, "/complaints", at, by="lawyer")
        assert same(found), found
        gone = api.get(f"/complaints/{stream}", by="lawyer", compared_to=at)
        assert problem(gone) == (404, "not-found")
    told = compared(api, f"/complaints/{stream}", then, by="auditor")
    assert fields(told)["/state/grievance/adviser"] == (None, "A-1")


def test_who_holds_a_rating_link_is_told_what_it_shows_and_of_no_event(api: Api) -> None:
    request, link = api.invited()
    then = datetime.now(UTC).isoformat()
    given = api.post(link, {"grade": 5}, by=None, key="")
    assert given.status_code == 200, given.text
    found = compared(api, link, then, by=None)
    assert set(fields(found)) == {"/given", "/withdraw_until"}
    assert fields(found)["/given"] == (None, 5)
    assert found["events"] is None
    wrong = api.get(f"/ratings/{request}/wrong", by=None, compared_to=then)
    assert problem(wrong) == (404, "not-found")
    (event,) = compared(api, f"/requests/{request}/rating", then)["events"]
    assert event["topic"].startswith("rating.given")


def test_what_changed_of_a_submitted_table_at_two_times(api: Api) -> None:
    for command in shipped_forms():
        assert api.post("/forms", to_builtins(command), by="admin").status_code == 201
    received = {"late_reason": "停电", "grievance": to_builtins(GRIEVANCE)}
    assert api.post("/complaints", received, occurred_at=MORNING.isoformat()).status_code == 201
    table = submitted(api, CRITICISM)
    then = datetime.now(UTC).isoformat()
    late = api.post("/complaints", received, occurred_at=MORNING.isoformat())
    api.project()
    stream = late.json()["stream"]
    found = compared(api, f"{CRITICISM}/adjustments", then, by="leader")
    (new,) = lists(found)["/adjustments/rows"]["only_now"]
    assert new["row"]["sources"] == [stream]
    shown = lists(compared(api, CRITICISM, then, by="leader"))["/table/rows"]
    assert [event["stream"] for event in shown["only_now"][0]["events"]] == [stream]
    frozen = compared(api, CRITICISM, then, by="leader", basis="submitted")
    assert (same(frozen), frozen["now"]["position"] > table["table"]["cut_off"]) == (True, True)
    # Whom the complaints are about sees none of their rows, at no time, and dates none of them.
    counts = compared(api, "/complaints/counts", then, by="lawyer")
    assert "/counts/hidden" not in fields(counts)


# --- the conventions of every question


def test_a_difference_that_was_seen_is_not_sent_again(api: Api) -> None:
    request = api.logged()
    then = just_before(served(api, request))
    path = f"/requests/{request}"
    first = api.get(path, compared_to=then)
    assert first.headers["x-position"] == str(first.json()["now"]["position"])
    etag = first.headers["etag"]
    assert etag != api.get(path).headers["etag"]
    again = api.get(path, compared_to=then, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_difference_waits_for_what_it_must_include(api: Api) -> None:
    request = api.logged()
    api.project()
    newest = api.logged()
    head = int(api.get(f"/requests/{newest}").headers["x-position"])
    # Nobody follows the log here, so that the list cannot come so far.
    late = api.get("/requests", compared_to=LONG_AGO, wait_for=head)
    assert problem(late) == (503, "not-yet-visible")
    api.project()
    rows = lists(compared(api, "/requests", LONG_AGO, wait_for=head))["/rows"]
    assert {one["key"][0] for one in rows["only_now"]} == {request, newest}
    unknown = api.get(f"/requests/{request}", compared_to=LONG_AGO, wait_for=head + 1)
    assert problem(unknown) == (400, "position-unknown")


def test_every_question_about_the_past_can_be_asked_about_two_times(api: Api) -> None:
    for question in QUESTIONS:
        two = issubclass(question.query, Knowing)
        assert two or question.name in NOW_ONLY | TWO_ALREADY | NEVER_CHANGES | NOT_OF_THE_LOG
        assert issubclass(question.query, Known) or question.name in NOW_ONLY
    now_only = api.get("/views", by="leader", compared_to=LONG_AGO)
    assert problem(now_only) == (400, "validation-failed")
    odd = api.get("/requests", compared_to="yesterday")
    assert problem(odd) == (400, "malformed")


# --- scores


class Office(Struct, frozen=True):
    """Three villages with rule sets, by both doors; `own`: a token of the adviser `code`."""

    api: Api
    town: Town
    code: str
    shell: Shell

    def told(self, *arguments: object) -> Told:
        database = self.api.database
        return self.shell.run(
            *arguments,
            ANJUAN_DATABASE_URL=database.owner_url,
            ANJUAN_APP_DATABASE_URL=database.app_url,
        )


@pytest.fixture
def office(database: Database, home: Path) -> Iterator[Office]:
    town = a_town(database.app_url)
    _, done = town.few(BY_ADVISER)
    code = done.run.results[0].subject
    own = Actor(account="own-1", role="adviser", unit="440104001001", adviser=code)
    leader = replace(ACTORS["leader"], unit="4401")
    tokens = ACTORS | {"own": own, "leader": leader}
    settings = replace(settings_of(database, home), tokens=tokens)
    wiring = wire(settings, database.app_url)
    app = watched(api_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Office(Api(client, database, count(1)), town, code, Shell(home))


def village_of(office: Office) -> str:
    with office.town.connect() as connection:
        row = connection.execute(
            "SELECT division FROM views.appointments WHERE advisers @> ARRAY[%s] LIMIT 1",
            [office.code],
        ).fetchone()
    assert row is not None
    return str(row[0])


def opened(office: Office) -> tuple[str, str]:
    """The path of an evaluation, and when it was opened."""
    answer = office.api.post("/evaluations", RUN, by="leader")
    office.api.project()
    return answer.headers["location"].removeprefix("/api/v1"), recorded(answer)


def test_scores_at_two_times_differ_by_the_facts_that_did_it(office: Office) -> None:
    api, code = office.api, office.code
    path, then = opened(office)
    visit = late_visit(office.town, code, village_of(office))
    api.project()
    for by in ("auditor", "own"):
        found = compared(api, f"{path}/explain/{code}", then, by=by)
        assert "/digest" in fields(found)
        assert found["then"]["position"] < visit.position == found["now"]["position"]
        positions = [at for ref in refs(found) for at in ref.get("positions", ())]
        assert visit.position in positions
        run = compared(api, "/evaluations/run", then, by=by, **RUN, subjects=code)
        (result,) = lists(run)["/results"]["changed"]
        assert result["key"] == [code]
    other = api.get(f"{path}/explain/NOBODY", by="own", compared_to=then)
    assert problem(other) == (403, "not-permitted")


def refs(changes: Any) -> Iterator[Any]:
    """What came to be referred to, in all leaves."""
    for change in changes["lists"]:
        yield from (one["row"] for one in change["only_now"])
        for row in change["changed"]:
            yield from refs(row)


def test_an_evaluation_at_two_times(office: Office) -> None:
    api = office.api
    path, then = opened(office)
    run = api.get("/evaluations/run", by="leader", **RUN).json()
    seen = {"digest": run["digest"], "as_known_at": run["as_known_at"]}
    done = api.post(f"{path}/publish", seen, by="leader", seen=1)
    assert done.status_code == 200, done.text
    api.project()
    found = compared(api, path, then, by="auditor")
    (determined,) = lists(found)["/state/determinations"]["only_now"]
    assert determined["row"]["digest"] == run["digest"]
    assert [event["position"] for event in found["events"]] == [done.json()["position"]]
    assert compared(api, path, then, by="own")["events"] is None
    results = lists(compared(api, f"{path}/results", then, by="auditor"))["/results"]
    assert len(results["only_now"]) == len(run["results"])
    (line,) = lists(compared(api, "/evaluations", then, by="auditor"))["/evaluations"]["changed"]
    assert fields(line)["/stage"] == ("open", "published")
    # The command line tells the same.
    told = office.told("evaluation", "list", "--compared-to", then, "--json").json()
    (same_line,) = lists(told)["/evaluations"]["changed"]
    assert same_line == line
    key = f"adviser-year:4401:{PERIOD}"
    shown = office.told("evaluation", "show", key, "--compared-to", then, "--json").json()
    assert [one["row"]["digest"] for one in lists(shown)["/determinations"]["only_now"]] == [
        run["digest"]
    ]


def test_a_sample_at_two_times(office: Office) -> None:
    announcing = {"of": "adviser", "period": PERIOD, "size": 1, "purpose": "抽查"}
    announced = office.api.post("/samples", announcing, by="leader")
    then = just_before(recorded(announced))
    stream = announced.json()["stream"]
    found = compared(office.api, f"/samples/{stream}", then, by="auditor")
    state = fields(found)["/state"][1]
    assert state["announced"]["purpose"] == "抽查"
    assert [event["stream"] for event in found["events"]] == [stream]
    told = office.told("sample", "show", stream, "--compared-to", then, "--json").json()
    assert fields(told)["/announced"] == (None, state["announced"])
    assert told["events"] == found["events"]
    early = office.told("sample", "show", stream, "--as-known-at", then)
    assert (early.code, early.out) == (1, "")


# --- the command line

STATISTICS: Final = ("report", "work-statistics", "--period", "2026-05", "--division", "4401")


def test_every_command_that_answers_from_the_past_compares_two_times() -> None:
    """All but those that act, and a run, whose two times are compared by `evaluation compare`; as
    are two determinations."""
    acting = {("bundle", kind) for kind in ("complaint", "evaluation", "point")} | {
        ("evaluate",), ("evaluation", "correct"), ("sample", "announce"),
        ("show", "compare-determinations"), ("show", "event"), ("list", "reads"),
    }  # fmt: skip
    for path in COMMANDS:
        found: Any = anjuan
        for name in path:
            found = found.get_command(click.Context(found), name)
        options = {one for each in found.params for one in each.opts}
        assert ("--compared-to" in options) == (
            "--as-known-at" in options and path not in acting and path[0] != "do"
        ), path


def test_the_command_line_tells_what_http_tells(office: Office) -> None:
    api, code = office.api, office.code
    then = LONG_AGO
    with office.town.connect() as connection:
        ((newest,),) = connection.execute("SELECT recorded_at FROM log_head")
    visit = late_visit(office.town, code, village_of(office))
    api.project()
    then = newest.isoformat()
    for path, *arguments in (
        (f"/streams/adviser/{code}/events", "timeline", f"adviser:{code}"),
        (f"/streams/worklog/{visit.stream}/events", "timeline", f"worklog:{visit.stream}"),
        ("/reports/workload", "report", "workload"),
        ("/reports/promises", "report", "promises"),
        ("/reports/work-statistics/4401/2026-05", *STATISTICS),
        ("/reports/work-statistics/4401/2026-05/versions", "report", "versions",
         "work-statistics", *STATISTICS[2:]),
    ):  # fmt: skip
        by_http = compared(api, path, then, by="auditor")
        by_shell = office.told(*arguments, "--compared-to", then, "--json").json()
        assert by_shell["lists"] == by_http["lists"]
        assert by_shell["then"] == by_http["then"]
    told = office.told(*STATISTICS, "--compared-to", then)
    assert f"{visit.position}:worklog.logged" in told.out
    workload = office.told("report", "workload", "--compared-to", then)
    assert re.search(r" visits +\d+ +\d+", workload.out)
    assert (
        "position 0: not known"
        in office.told("timeline", f"adviser:{code}", "--compared-to", LONG_AGO).err
    )


def test_the_command_line_refuses_what_was_known_at_neither_time(office: Office) -> None:
    nobody = "01990000-0000-7000-8000-000000000001"
    timeline = office.told("timeline", f"request:{nobody}", "--compared-to", LONG_AGO)
    assert timeline.code == 1
    office.told("sample", "show", nobody, "--compared-to", LONG_AGO).failed(1)
    office.told("ruleset", "show", "x@1", "--compared-to", LONG_AGO).failed(1, "x@1")
    office.told(
        "explain", "deadline", f"request:{nobody}", "close", "--compared-to", LONG_AGO
    ).failed(1, nobody)
    office.told("report", "adjustments", "criticism", "--period", "2026-05", "--division", "4401",
                "--compared-to", LONG_AGO).failed(1, "nothing was submitted")  # fmt: skip


def test_rule_sets_and_what_is_missing_where_at_two_times(office: Office) -> None:
    listed = office.told("ruleset", "list", "--compared-to", LONG_AGO, "--json").json()
    assert {"/adviser-year@1", "/point-year@1"} <= set(fields(listed))
    one = office.told("ruleset", "show", "adviser-year@1", "--compared-to", LONG_AGO).json()
    assert one["then"]["known"] is False
    missing = office.told("ruleset", "show", "adviser-year@1", "--as-known-at", LONG_AGO)
    missing.failed(1)
    for name in ("coverage", "duty"):
        told = office.told("report", name, "--period", "2026-05", "--division", "4401",
                           "--compared-to", LONG_AGO, "--json").json()  # fmt: skip
        assert lists(told)["/rows"]["only_now"]


# --- rows


def test_every_list_in_an_answer_says_how_its_rows_are_told_apart() -> None:
    """Or, by `KEY = None`, that it is one value. Lists of plain values have no rows."""
    rows = {
        row
        for kind in structs_of_answers()
        if not hasattr(kind, "key_of")
        for hint in get_type_hints(kind).values()
        for row in _rows_of(hint)
    }
    assert len(rows) > len(QUESTIONS)
    assert not [row for row in rows if not hasattr(row, "KEY")]


def test_rows_are_told_apart_by_fields_that_they_have() -> None:
    keys = [(row, key) for row in structs_of_answers() for key in getattr(row, "KEY", None) or ()]
    assert keys
    assert not [(row, key) for row, key in keys if not _has(row, key)]


def _has(kind: type[Struct], key: str) -> bool:
    name, _, inner = key.partition(".")
    hint = get_type_hints(kind).get(name)
    return hint is not None and all(_has(part, inner) for part in structs_of(hint) if inner)


def _rows_of(hint: Any) -> Iterator[type[Struct]]:
    """Structs that are the rows of a list, at whatever depth of a type."""
    parts = get_args(hint)
    if get_origin(hint) in (list, tuple):
        rows = [row for part in parts for row in (get_args(part) if _union(part) else (part,))]
        yield from (row for row in rows if isinstance(row, type) and issubclass(row, Struct))
    for part in parts:
        yield from _rows_of(part)


def _union(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType)
