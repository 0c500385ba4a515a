"""Laws of the lists, over what happens in three villages: a filtered list is the filter applied to
the whole list, pages are stable while rows arrive, whom a thing does not concern finds none, and an
inbox counts the rows of the list that it names."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api.rights import may
from api.serving.app import api_of, wire
from api.serving.questions import QUESTIONS
from api.web.paging import Paged
from api.web.watch import watched
from domain.advising.worklog import WorkLogged
from domain.aggregates import ALL as AGGREGATES
from domain.aggregates import kind_of
from domain.jurisdiction import Place, place_of, reach_of
from domain.moment import KnownRegisters
from domain.reading import DOWNWARDS, IN_ITS_ROOMS, may_read
from domain.registers.adviser import AdviserRegistered
from domain.requests.request import RequestLogged
from domain.roles import FIRMS, VILLAGES, Role
from domain.vocabulary import Actor
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, Recorded
from ledger.server.embedded import Cluster
from projections.running.runner import Runner
from tests.api.conftest import ACTORS, Api, settings_of
from tests.databases import Database, own_database, temporary_home
from tests.laws.logs import recorded
from tests.lives import played

Row = dict[str, Any]
Holds = Callable[[Row, Any], bool]
DAYS: Final = 60
SCALE: Final = 0.01
SMALL: Final = 7
"""Rows of a page, so that there are several."""


# --- what each filter means


def is_(field: str) -> Holds:
    return lambda row, value: row[field] == value


def has(field: str) -> Holds:
    return lambda row, value: value in row[field]


def begins(field: str) -> Holds:
    return lambda row, value: (row[field] or "").startswith(value)


def from_(field: str) -> Holds:
    return lambda row, value: row[field] is not None and row[field] >= value


def before(field: str) -> Holds:
    return lambda row, value: row[field] is not None and row[field] < value


def until(field: str) -> Holds:
    return lambda row, value: row[field] is not None and row[field] <= value


def some(field: str) -> Holds:
    return lambda row, value: bool(row[field]) == value


def whether(holds: Callable[[Row], bool]) -> Holds:
    return lambda row, value: holds(row) == value


DAY: Final = {"from": from_("day"), "to": before("day")}
STANDS: Final = {"open": whether(lambda row: row["closed_at"] is None)}
FILTERS: Final[Mapping[str, Mapping[str, Holds]]] = {
    "/requests": DAY
    | {
        name: is_(name)
        for name in (
            "point",
            "service",
            "channel",
            "adviser",
            "responsible",
            "referred_to",
            "referral",
            "mediator",
            "mediation",
            "agency",
            "legal_aid",
            "window",
            "client_category",
            "appointed_for",
            "paused",
            "status",
        )
    }
    | {
        "division": begins("division"),
        "appointed_from": from_("appointed_at"),
        "appointed_to": before("appointed_at"),
    },
    "/worklogs": DAY
    | {name: is_(name) for name in ("standing", "village", "service", "recorder", "request")}
    | {
        "division": begins("village"),
        "adviser": has("advisers"),
        "firm": has("firms"),
        "confirmed": is_("confirmed"),
        "counts": whether(lambda row: row["standing"] in ("logged", "verified")),
        "doubt": has("doubts"),
        "doubtful": some("doubts"),
        "late": is_("late"),
        "waits_for_evidence": some("evidence_waiting"),
    },
    "/appointments": {
        name: is_(name)
        for name in (
            "selection",
            "turn",
            "adviser",
            "firm",
            "chosen_firm",
            "group_open",
            "display_up",
        )
    }
    | {
        "division": begins("division"),
        "candidate": has("candidates"),
        "contracted": some("terms"),
        "ends_from": from_("ends_on"),
        "ends_until": until("ends_on"),
    },
    "/inspections": DAY
    | {name: is_(name) for name in ("kind", "point", "period", "office", "confirmed", "voided")}
    | {
        "division": begins("division"),
        "with_findings": whether(lambda row: row["minor"] + row["major"] + row["serious"] > 0),
    },
    "/rectifications": DAY
    | {
        name: is_(name)
        for name in (
            "source",
            "source_stream",
            "addressee_kind",
            "addressee",
            "point",
            "status",
            "ended",
            "overdue",
        )
    }
    | {"division": begins("division"), "due_before": before("due")},
    "/ratings": {
        name: is_(name)
        for name in ("point", "at_window", "officer", "status", "suspect", "dispute")
    },
    "/rosters": DAY
    | {name: is_(name) for name in ("point", "window", "officer")}
    | {"sits": whether(lambda row: row["until"] is None)},
    "/reports": {name: is_(name) for name in ("template", "period", "signer", "unit")}
    | {"division": begins("division")},
    "/dissatisfactions": {name: is_(name) for name in ("point", "stage", "channel")}
    | {"division": begins("division"), "adviser": is_("adviser"), "organ": is_("organ")},
    "/calendars": {
        "example": is_("example"),
        "year": lambda row, value: row["first_year"] <= value <= row["last_year"],
    },
    "/policies": {"example": is_("example"), "effective_by": until("effective_from")},
    "/forms": {"example": is_("example"), "purpose": is_("purpose")},
    "/points": {"kind": is_("kind"), "open": whether(lambda row: row["closed_at"] is None)},
    "/advisers": {
        "firm": lambda row, value: row["posts"][-1]["firm"] == value,
        "active": whether(lambda row: row["left_at"] is None),
    },
    "/divisions": {"under": begins("code"), "level": lambda row, value: len(row["code"]) == value}
    | {"abolished": some("abolished_on")},
    "/firms": {"division": begins("division")} | STANDS,
    "/organs": {"division": begins("division")} | STANDS,
    "/accounts": {"standing": is_("standing")},
    "/teams": {"firm": is_("firm"), "member": has("members")}
    | {"open": whether(lambda row: row["dissolved_at"] is None)},
    "/devices": {"division": begins("division"), "point": is_("point"), "window": is_("window")},
    "/areas": {"division": begins("division"), "leader": is_("leader")},
    "/needs": {"division": begins("village"), "level": is_("level"), "some_open": some("open")}
    | {"category": has("categories")},
    "/visits": DAY
    | {name: is_(name) for name in ("adviser", "month", "standing", "village")}
    | {"asked": some("asked"), "moved": some("moved")},
    "/marks": {name: is_(name) for name in ("code", "kind", "of", "year", "standing")}
    | {"division": begins("division")},
    "/receptions": DAY
    | {"leader": is_("leader"), "point": is_("point"), "division": begins("division")}
    | {"cancelled": some("cancelled")},
    "/trainings": DAY
    | {"kind": is_("kind"), "status": is_("status"), "division": begins("organiser")},
    "/helpers": {"division": begins("village"), "qualification": is_("qualification")}
    | {"serving": whether(lambda row: row["left_on"] is None)}
    | {"active": whether(lambda row: row["activities"] > 0)},
    "/conferences": DAY | {"division": begins("division"), "with_open": some("open")},
    "/surveys": {"from": from_("conducted_on"), "to": before("conducted_on")}
    | {name: is_(name) for name in ("method", "period", "voided")}
    | {"division": begins("division")},
}
ELSEWHERE: Final = {
    "/requests": ("overdue_at", "external_id", "work_order", "text", "order", "point_kind"),
    "/worklogs": ("period",),
    "/rectifications": ("order",),
    "/ratings": ("division", "adviser"),
    "/dissatisfactions": (
        "turn", "due", "unit", "concern", "open", "supervised", "external_id", "work_order", "text",
        "order", "from", "to",
    ),
    "/reports": ("newest", "from", "to"),
    "/points": ("division", "service"),
    "/advisers": ("team",),
    **dict.fromkeys(("/divisions", "/firms", "/organs", "/teams"), ("q",)),
    "/accounts": ("unit", "role", "emergency", "q"),
    "/areas": ("on",),
    "/marks": ("on",),
    "/receptions": ("coming", "free"),
}  # fmt: skip
"""Filters that need more than the row to be told: below, or in the tests of the noun."""
NO_LIFE: Final = {"/samples", "/rulesets", "/evaluations", "/objections"}
"""Lists of what no simulated life has: tests/api/serving/test_inboxes.py."""
ORDERED_ELSEWHERE: Final = {
    "/complaints", "/directory", "/public/directory", "/appointments/{code:str}/choices",
    "/reads",
}  # fmt: skip
"""Lists in an order of their own, with tests of their own."""


# --- a town to ask


class Town:
    """A log, as far as it is told, with the application on it."""

    def __init__(self, api: Api, events: Sequence[Recorded]) -> None:
        self.api = api
        self.events = events
        self.told = 0

    def tell(self, number: int) -> None:
        with psycopg.connect(self.api.database.app_url, autocommit=True) as connection:
            for first in range(self.told, number, 40):
                part = self.events[first : min(first + 40, number)]
                append_slice(connection, part, LedgerMapper())
        self.told = number
        Runner(self.api.database.app_url).catch_up()

    def page(self, path: str, by: str = "auditor", **query: Any) -> dict[str, Any]:
        asked = {name: _written(one) for name, one in query.items()}
        answer = self.api.client.get(
            f"/api/v1{path}", headers={"Authorization": f"Bearer {by}"}, params=asked
        )
        assert answer.status_code == 200, (path, query, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    def rows(self, path: str, by: str = "auditor", **query: Any) -> list[Row]:
        return list(self.pages(path, by, **query))

    def pages(self, path: str, by: str = "auditor", **query: Any) -> Iterator[Row]:
        found = self.page(path, by, limit=query.pop("limit", 200), **query)
        limit = len(found["rows"])
        yield from found["rows"]
        while mark := found["next_cursor"]:
            found = self.page(path, by, limit=limit, cursor=mark, **query)
            yield from found["rows"]


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def told() -> list[Recorded]:
    """Two months of a hundredth of the city."""
    return recorded(played(1, scale=SCALE, days=DAYS))


ROLES: Final = {
    "citizen": Actor(account="citizen-1", role="citizen", unit="4401"),
    "bureau": Actor(account="b-440104-1", role="supervisor", unit="440104"),
}


@contextmanager
def town(cluster: Cluster, **more: Actor) -> Iterator[Town]:
    events = told()
    with own_database(cluster) as database, temporary_home() as home:
        wiring = _wired(database, home, ROLES | more)
        app = watched(api_of(wiring), wiring.metrics)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Town(Api(client, database, count(1)), events)


def _wired(database: Database, home: Any, actors: Mapping[str, Actor]) -> Any:
    settings = replace(settings_of(database, home), tokens=ACTORS | dict(actors))
    return wire(settings, database.app_url)


# --- the laws


@pytest.mark.slow
def test_a_filtered_list_is_the_filter_applied_to_the_whole_list(cluster: Cluster) -> None:
    with town(cluster) as asked:
        asked.tell(len(asked.events))
        for path, filters in FILTERS.items():
            whole = asked.rows(path)
            for name, holds in filters.items():
                for value in values_of(whole, name):
                    narrowed = asked.rows(path, **{name: value}, limit=SMALL)
                    expected = [row for row in whole if holds(row, value)]
                    assert narrowed == expected, (path, name, value)
        both = asked.rows("/worklogs", standing="verified", service="consultation")
        assert both == [
            row
            for row in asked.rows("/worklogs")
            if (row["standing"], row["service"]) == ("verified", "consultation")
        ]
        month = asked.rows("/worklogs", period="2026-04")
        assert month == asked.rows("/worklogs", **{"from": "2026-04-01", "to": "2026-05-01"})
        kinds = {row["code"]: row["kind"] for row in asked.rows("/points")}
        for kind in ("room", "station", "center"):
            assert asked.rows("/requests", point_kind=kind) == [
                row for row in asked.rows("/requests") if kinds[row["point"]] == kind
            ]
        newest = {(row["stream"], row["version"]) for row in asked.rows("/reports", newest=True)}
        last = {row["stream"]: row["version"] for row in reversed(asked.rows("/reports"))}
        assert newest == set(last.items())
        of_district = {row["request"] for row in asked.rows("/requests", division="440104")}
        assert asked.rows("/ratings", division="440104") == [
            row for row in asked.rows("/ratings") if row["request"] in of_district
        ]


def values_of(rows: list[Row], name: str) -> list[Any]:
    """Values of a filter that hold for some rows, and one that holds for none."""
    if name in BOOLEANS:
        return [True, False]
    if name == "year":
        return [2025, 2026, 1999]
    field = FIELD_OF.get(name, name)
    found = [row[field] for row in rows if field in row and row[field] not in (None, [])]
    flat = [one for value in found for one in (value if isinstance(value, list) else [value])]
    if name == "firm" and rows and "posts" in rows[0]:
        flat = [row["posts"][-1]["firm"] for row in rows]
    if name == "division":
        flat += [one[:6] for one in flat]
    distinct = sorted(set(flat))
    return [*distinct[:4], *distinct[-1:], *distinct[len(distinct) // 2 :][:1], *NONE.get(name, ())]


BOOLEANS: Final = {
    "confirmed", "counts", "doubtful", "late", "waits_for_evidence", "contracted", "group_open",
    "display_up", "voided", "with_findings", "ended", "overdue", "suspect", "example", "open",
    "active", "sits", "abolished", "some_open", "asked", "moved", "cancelled", "serving",
    "with_open",
}  # fmt: skip
FIELD_OF: Final = {
    "from": "day", "to": "day", "appointed_from": "appointed_at", "appointed_to": "appointed_at",
    "due_before": "due", "ends_from": "ends_on", "ends_until": "ends_on", "effective_by":
    "effective_from", "doubt": "doubts", "candidate": "candidates",
    "under": "code", "category": "categories", "member": "members",
}  # fmt: skip
NONE: Final[Mapping[str, tuple[Any, ...]]] = {
    "division": ("99",),
    "responsible": ("nobody",),
    "adviser": ("A-NOBODY",),
    "from": ("2999-01-01",),
    "to": ("1901-01-01",),
}


@pytest.mark.slow
def test_pages_are_stable_while_rows_arrive(cluster: Cluster) -> None:
    """What was there and has kept its place is told once, whatever comes in between."""
    with town(cluster) as asked:
        half = len(asked.events) * 2 // 3
        asked.tell(half)
        lists = [path for path in FILTERS if len(asked.rows(path)) > SMALL]
        assert {"/requests", "/worklogs", "/inspections"} <= set(lists)
        before_ = {path: asked.rows(path) for path in lists}
        begun = {path: asked.pages(path, limit=SMALL) for path in lists}
        first = {path: [next(one) for _ in range(SMALL)] for path, one in begun.items()}
        asked.tell(len(asked.events))
        for path in lists:
            told = [_place(row) for row in (*first[path], *begun[path])]
            kept = [_place(row) for row in before_[path]]
            after = {_place(row) for row in asked.rows(path)}
            still = [one for one in kept if one in after]
            assert still
            assert [one for one in told if one in set(still)] == still, path


def _id(row: Row) -> str:
    return str(row.get("stream") or row.get("request") or row.get("code"))


def _place(row: Row) -> tuple[str, str]:
    """A row and what it is sorted by."""
    names = ("started_at", "requested_at", "held_at", "ordered_at", "asked_at", "due")
    return _id(row), str(next((row[name] for name in names if row.get(name)), ""))


@pytest.mark.slow
def _part_of(firm: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a firm reads of a selection: that its adviser is chosen, and of others nothing."""
    if row["chosen_firm"] == firm:
        return row | {"candidates": [row["chosen"]]}
    nothing = dict.fromkeys(("turn", "chosen", "chosen_firm"))
    return row | nothing | {"selection": "none", "candidates": []}


def test_audit_4_6_whom_it_does_not_concern_finds_none(cluster: Cluster) -> None:
    """Lists, single things and timelines by one rule; the officers' own lists are the measure."""
    villages, firms = _committees(), _firms()
    with town(cluster, **villages, **firms) as asked:
        asked.tell(len(asked.events))
        for path, (kind, field) in CONCERNING.items():
            whole = asked.rows(path)
            there = [row[field] for row in whole if row[field] in villages]
            assert there, path
            for village in sorted(set(there))[:3]:
                own = [row for row in whole if row[field] == village]
                assert asked.rows(path, by=village, limit=SMALL) == own
                other = next(row for row in whole if row[field] != village)
                for row, status in ((own[0], 200), (other, 404)):
                    key = row[field] if kind == "appointment" else row["stream"]
                    for where in (f"{path}/{key}", f"/streams/{kind}/{key}/events"):
                        assert asked.api.get(where, by=village).status_code == status, where
                if path != "/rectifications":
                    assert asked.rows(path, by=village, division=other[field]) == []
        answered = False
        for firm in firms:
            mine = asked.rows("/appointments", by=firm)
            assert mine == [
                _part_of(firm, row)
                for row in asked.rows("/appointments")
                if firm in (row["firm"], row["chosen_firm"])
            ]
            assert asked.rows("/appointments", by=firm, turn="firm") == [
                row for row in mine if row["turn"] == "firm"
            ]
            assert asked.rows("/worklogs", by=firm) == asked.rows("/inspections", by=firm) == []
            to_me = {"addressee_kind": "firm", "addressee": firm}
            ordered = asked.rows("/rectifications", by=firm)
            assert ordered == asked.rows("/rectifications", **to_me)
            answered |= bool(mine) and bool(ordered)
        assert answered
        request = asked.rows("/requests")[0]["request"]
        outsiders = (next(iter(villages)), next(iter(firms)))
        for by in outsiders:
            timeline = asked.api.get(f"/streams/request/{request}/events", by=by)
            assert timeline.status_code == 404
        for path in ("/requests", "/complaints", "/points", "/ratings", "/reports/workload"):
            for by in (*outsiders, "citizen", "device"):
                assert asked.api.get(path, by=by).status_code == 403, (path, by)
        for by in ("citizen", "device"):
            assert asked.api.get("/worklogs", by=by).status_code == 403


CONCERNING: Final = {
    "/worklogs": ("worklog", "village"),
    "/appointments": ("appointment", "division"),
    "/inspections": ("inspection", "division"),
    "/rectifications": ("rectification", "division"),
}
"""List → kind of the things, and where a row says whose village it is."""


def _committees() -> dict[str, Actor]:
    """The committee of every village where work was logged, by the village's code."""
    codes = {one.event.work.village for one in told() if isinstance(one.event, WorkLogged)}
    return {one: Actor(account=f"k-{one}", role="committee", unit=one) for one in sorted(codes)}


def _firms() -> dict[str, Actor]:
    """Every firm of the town, by its code."""
    codes = {one.event.firm for one in told() if isinstance(one.event, AdviserRegistered)}
    return {one: Actor(account=f"f-{one}", role="firm", unit=one) for one in sorted(codes)}


@pytest.mark.slow
def test_an_inbox_counts_the_rows_of_the_list_that_it_names(cluster: Cluster) -> None:
    actors = {
        "adviser": Actor(account="u-A0001", role="adviser", unit="440103001101", adviser="A0001")
    }
    villages = [*_committees()]
    with town(cluster, **_committees(), **_firms(), **actors) as asked:
        asked.tell(len(asked.events))
        counted = 0
        for by in (*villages[:9], *_firms(), "bureau", "adviser", "clerk", "leader", "citizen"):
            me = asked.api.get("/me", by=by)
            assert me.status_code == 200, me.text
            body = me.json()
            for inbox in body["waiting"]:
                answer = asked.api.client.get(
                    inbox["link"] + "&limit=200", headers={"Authorization": f"Bearer {by}"}
                )
                assert answer.status_code == 200, (inbox, answer.text)
                assert len(answer.json()["rows"]) == inbox["count"], inbox
                assert not answer.json()["next_cursor"]
                counted += inbox["count"]
            assert len({inbox["what"] for inbox in body["waiting"]}) == len(body["waiting"])
        assert counted > 15


def test_every_list_has_its_filters_asked_here_or_there() -> None:
    lists = {one.under: one for one in QUESTIONS if "limit" in one.query.__struct_fields__}
    assert {one.under for one in QUESTIONS if issubclass(one.query, Paged)} <= set(lists)
    assert set(lists) == {*FILTERS, *NO_LIFE, *ORDERED_ELSEWHERE}
    common = {"as_known_at", "compared_to", "wait_for", "unmask", "limit", "cursor"}
    for path, filters in FILTERS.items():
        names = set(lists[path].query.__struct_encode_fields__) - common
        assert names == {*filters, *ELSEWHERE.get(path, ())}, path


# --- whose rows they are


@pytest.mark.slow
def test_a_scoped_list_is_the_whole_list_as_far_as_the_post_reaches(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every list and kind of post, by the rule that deciders and the gate of reads ask; without
    the second net (`test_second_net.py`), which would hide a hole in the first."""
    monkeypatch.setattr("api.serving.app.CAN_BE_READER", "SELECT false")
    posts = _posts()
    with town(cluster, **posts) as asked:
        asked.tell(len(asked.events))
        known, states = _told(asked.events)
        narrowed = dict.fromkeys(posts, 0)
        for path in WHOSE:
            whole = asked.rows(path)
            for name, by in posts.items():
                reach = reach_of(by, known.registers)
                assert reach is not None
                if not may(by, PERMISSION[path]):
                    continue
                expected = [
                    row
                    for row in whole
                    if reach.covers(_place_of(row, known, states))
                    or _opened(row, by, known, states)
                ]
                found = asked.rows(path, by=name)
                if by.role in (*VILLAGES, *FIRMS):
                    # Of what is theirs they read what concerns them: above.
                    assert all(row in expected for row in found if path != "/appointments")
                else:
                    assert found == expected, (path, name)
                narrowed[name] += len(whole) - len(found)
                if 0 < len(found) < len(whole) and "division" in FILTERS.get(path, {}):
                    assert asked.rows(path, by=name, division="9") == []
        assert all(narrowed.values()), narrowed


REGISTERS: Final = (
    "/calendars", "/policies", "/points", "/advisers", "/divisions", "/firms", "/teams", "/organs",
    "/accounts", "/forms", "/devices", "/policies", "/checklists",
)  # fmt: skip
WHOSE: Final = (*(one for one in FILTERS if one not in REGISTERS), "/complaints")
PERMISSION: Final = {one.under: one.permission for one in QUESTIONS}
STORY_OF: Final = {event: one for one in AGGREGATES for event in one.EVENTS}


def _posts() -> dict[str, Actor]:
    """A post of every kind, where something happens."""
    logged = [one.event for one in told() if isinstance(one.event, RequestLogged)]
    point = Counter(one.point for one in logged).most_common()[2][0]
    there = next(one.division for one in logged if one.point == point)
    served = Counter(one.adviser for one in logged if one.adviser).most_common(1)[0][0]
    village, firm = next(iter(_committees())), next(iter(_firms()))
    posts: dict[str, tuple[Role, str, str | None]] = {
        "at-point": ("duty_officer", point, None),
        "mediating": ("mediator", point, None),
        "advising": ("adviser", point, served),
        "in-village": ("committee", village, None),
        "in-firm": ("firm", firm, None),
        "in-town": ("supervisor", there[:9], None),
        "in-district": ("supervisor", there[:6], None),
        "keeping": ("administrator", there[:6], None),
        "auditing": ("auditor", there[:6], None),
        "aiding": ("legal_aid_officer", "LA-" + there[:6], None),
    }
    return {
        name: Actor(account=f"p-{name}", role=role, unit=unit, adviser=adviser)
        for name, (role, unit, adviser) in posts.items()
    }


def _told(events: Sequence[Recorded]) -> tuple[KnownRegisters, dict[UUID, tuple[str, Any]]]:
    """The registers, and every thing with its kind, at the end of the log."""
    known, states = KnownRegisters(), dict[UUID, tuple[str, Any]]()
    for one in events:
        known.take(one.originator_id, one.event)
        kind = kind_of(one.event.topic)
        story = STORY_OF.get(type(one.event))
        if story is not None:
            before = states.get(one.originator_id, (kind, None))[1]
            states[one.originator_id] = story.KIND, story.evolve(before, one.event)
    return known, states


def _opened(
    row: Row, by: Actor, known: KnownRegisters, states: Mapping[UUID, tuple[str, Any]]
) -> bool:
    """Whether the gate opens it besides: what is done for those below, who serves a village."""
    kind, state = states[UUID(row.get("stream") or row["request"])]
    return kind in DOWNWARDS | IN_ITS_ROOMS and may_read(kind, state, by, known.registers)


def _place_of(row: Row, known: KnownRegisters, states: Mapping[UUID, tuple[str, Any]]) -> Place:
    return place_of(*states[UUID(row.get("stream") or row["request"])], known.registers)
