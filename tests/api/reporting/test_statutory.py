"""Statutory tables over HTTP: filled in, signed, frozen, compared with what became known later."""

from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import msgspec
import pytest
from msgspec import to_builtins

from domain.reporting.report import Table, canonical, digest_of
from ledger.founding.shipped import shipped_forms
from tests.api.conftest import CONSULTED, LOGGED, Api, problem
from tests.complaints import GRIEVANCE
from tests.examples import MORNING, local

CRITICISM: Final = "/reports/criticism/440103/2026-03"
STATISTICS: Final = "/reports/work-statistics/440103/2026-03"
MARCH: Final[dict[str, Any]] = {"division": "440103", "period": "2026-03"}


@pytest.fixture
def formed(api: Api) -> Api:
    """With the templates as they are shipped."""
    for command in shipped_forms():
        assert api.post("/forms", to_builtins(command), by="admin").status_code == 201
    return api


def complained(api: Api, at: datetime = MORNING, **about: Any) -> str:
    """The id of a new complaint."""
    body = {"grievance": to_builtins(GRIEVANCE) | about, "late_reason": "停电"}
    answer = api.post("/complaints", body, occurred_at=at.isoformat())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def done(api: Api, path: str, body: Any = None, *, by: str, seen: int) -> dict[str, Any]:
    answer = api.post(path, body if body is not None else {}, by=by, seen=seen)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def served(api: Api, at: str = "2026-03-02 09:00", **more: Any) -> str:
    """The id of a request that the adviser A-1 served."""
    when = local(at).isoformat()
    logged = api.post("/requests", LOGGED | {"late_reason": "停电"} | more, occurred_at=when)
    assert logged.status_code == 201, logged.text
    request = str(logged.json()["stream"])
    given = api.post(
        f"/requests/{request}/give-consultation",
        CONSULTED,
        by="lawyer",
        seen=1,
        occurred_at=when,
        late_reason="停电",
    )
    assert given.status_code == 200, given.text
    return request


def table(api: Api, path: str, by: str = "leader", **query: Any) -> dict[str, Any]:
    """In clear text: what is signed is of the table as it is."""
    api.project()
    answer = api.get(path, by=by, unmask="核对报表", **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def submit(api: Api, path: str, by: str = "leader", **more: Any) -> httpx.Response:
    shown = table(api, path, by)
    body = {"cut_off": shown["table"]["cut_off"], "digest": shown["digest"]}
    return api.post(f"{path}/submit", body | more, by=by)


def submitted(api: Api, path: str) -> dict[str, Any]:
    answer = submit(api, path)
    assert answer.status_code == 201, answer.text
    return table(api, path, basis="submitted")


def adjusted(api: Api, path: str, by: str = "leader") -> dict[str, Any]:
    api.project()
    answer = api.get(f"{path}/adjustments", by=by)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def bytes_of(shown: dict[str, Any]) -> bytes:
    frozen = msgspec.convert(shown["table"], Table)
    assert digest_of(frozen) == shown["digest"]
    return canonical(to_builtins(frozen))


def figures(shown: dict[str, Any], adviser: str | None = None) -> dict[str, Any]:
    """The cells of the point's own row, or of the adviser's."""
    (cells,) = (
        row["cells"]
        for row in shown["table"]["rows"]
        if row["cells"]["point"] == "ROOM-1" and row["cells"].get("adviser") == adviser
    )
    return dict(cells)


# --- filled in


def test_the_work_statistics_are_filled_in_from_the_log(formed: Api) -> None:
    served(formed)
    served(formed, "2026-03-31 20:00")
    served(formed, "2026-04-01 09:00")
    shown = table(formed, STATISTICS)
    assert (shown["of"], shown["submission"], shown["hidden"]) == ("now", None, 0)
    assert [row["cells"].get("adviser") for row in shown["table"]["rows"]] == [None, "A-1"]
    for adviser in (None, "A-1"):
        cells = figures(shown, adviser)
        assert (cells["consultations"], cells["onsite_minutes"]) == (2, 40)
        # What is due after the last day of the month belongs to the next one.
        assert (cells["promises_kept"], cells["promises_missed"]) == (1, 1)
        assert (cells["late_entries"], cells["people_reached"]) == (4, 2)
    assert figures(shown)["point_name"] == "逢源街公共法律服务工作室"
    assert (figures(shown, "A-1")["firm"], "firm" in figures(shown)) == ("FIRM-1", False)


def test_a_cell_is_linked_to_what_it_was_made_from(formed: Api) -> None:
    first, second = served(formed), served(formed)
    complaint = complained(formed)
    formed.project()
    cell = formed.get(f"{STATISTICS}/cells/1/onsite_minutes", by="leader").json()
    assert cell["value"] == 40
    assert cell["sources"] == [
        {"stream": stream, "amount": 20} for stream in sorted((first, second))
    ]
    cell = formed.get(f"{CRITICISM}/cells/1/aspect", by="leader").json()
    assert (cell["value"], cell["sources"]) == (
        "attitude",
        [{"stream": complaint, "amount": None}],
    )
    assert cell["personal"] is False
    cell = formed.get(f"{CRITICISM}/cells/1/summary", by="leader").json()
    assert (cell["personal"], cell["value"]) == (True, "…（4字）")
    for missing in ("cells/2/aspect", "cells/1/nothing", "cells/x/aspect", "cells/1/work_order"):
        assert problem(formed.get(f"{CRITICISM}/{missing}", by="leader")) == (404, "not-found")


def test_the_criticism_report_has_the_totals_and_what_was_reclassified(formed: Api) -> None:
    complained(formed)
    complained(formed, MORNING - timedelta(days=10), concern="fees")
    asked = complained(formed)
    body = {"kind": "consultation", "reason": "属于咨询"}
    done(formed, f"/complaints/{asked}/reclassify", body, by="leader", seen=1)
    formed.project()
    found = formed.get("/reports/criticism", by="auditor", **MARCH).json()
    assert [row["cells"]["aspect"] for row in found["table"]["rows"]] == ["attitude"]
    assert found["reclassified"] == [asked]
    totals = {(one["by"], one["key"]): one for one in found["totals"]}
    everything = totals["all", None]
    assert (everything["count"], everything["change"], everything["reclassified"]) == (1, 0, 1)
    assert totals["aspect", "fees"]["change"] == -1


# --- submitted


def test_a_table_is_submitted_as_its_signer_saw_it(formed: Api) -> None:
    complained(formed)
    seen = table(formed, CRITICISM)
    answer = submit(formed, CRITICISM, note="三月")
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1{CRITICISM}")
    found = table(formed, CRITICISM, basis="submitted")
    assert (found["table"], found["digest"]) == (seen["table"], seen["digest"])
    submission = found["submission"]
    assert (submission["signer"], submission["role"], submission["unit"]) == (
        "leader-1",
        "supervisor",
        "440103",
    )
    assert (submission["version"], submission["note"]) == (1, "三月")
    assert submission["totals"] == {"repeated": 0, "rows": 1}
    again = table(formed, CRITICISM, basis="then")
    assert bytes_of(again) == bytes_of(found)
    assert adjusted(formed, CRITICISM)["adjustments"]["rows"] == []


def test_a_table_that_was_not_the_one_seen_is_refused(formed: Api) -> None:
    complained(formed)
    seen = table(formed, CRITICISM)
    complained(formed)
    formed.project()
    body = {"cut_off": seen["table"]["cut_off"] + 1, "digest": seen["digest"]}
    other = formed.post(f"{CRITICISM}/submit", body, by="leader")
    assert problem(other) == (409, "digest-differs")
    ahead = {"cut_off": 10_000, "digest": seen["digest"]}
    assert problem(formed.post(f"{CRITICISM}/submit", ahead, by="leader")) == (
        400,
        "position-unknown",
    )
    body["cut_off"] -= 1
    assert formed.post(f"{CRITICISM}/submit", body, by="leader").status_code == 201


def test_a_report_is_submitted_once_and_again_only_with_a_reason(formed: Api) -> None:
    complained(formed)
    first = submitted(formed, CRITICISM)
    complained(formed)
    assert problem(submit(formed, CRITICISM)) == (409, "report-already-submitted")
    now = table(formed, CRITICISM)
    body = {"cut_off": now["table"]["cut_off"], "digest": now["digest"], "version": 2}
    silent = formed.post(f"{CRITICISM}/resubmit", body, by="leader", seen=1)
    assert problem(silent) == (400, "validation-failed")
    done(formed, f"{CRITICISM}/resubmit", body | {"reason": "补录一件"}, by="leader", seen=1)
    assert table(formed, CRITICISM, basis="submitted")["table"] == now["table"]
    kept = table(formed, CRITICISM, basis="submitted", version=1)
    assert bytes_of(kept) == bytes_of(first)
    versions = formed.get(f"{CRITICISM}/versions", by="auditor").json()["versions"]
    assert [(one["version"], one["reason"]) for one in versions] == [(1, None), (2, "补录一件")]
    missing = formed.get(CRITICISM, by="leader", basis="submitted", version=3)
    assert problem(missing) == (404, "not-found")


def test_a_submission_sent_twice_is_one(formed: Api) -> None:
    complained(formed)
    shown = table(formed, CRITICISM)
    body = {"cut_off": shown["table"]["cut_off"], "digest": shown["digest"]}
    first, again = (
        formed.post(f"{CRITICISM}/submit", body, by="leader", key="march") for _ in range(2)
    )
    assert (first.status_code, again.json()) == (201, first.json())


def test_a_period_that_is_not_over_is_not_submitted(formed: Api) -> None:
    path = "/reports/criticism/440103/2099-12"
    assert problem(submit(formed, path)) == (409, "period-not-over")


def test_only_leaders_submit_and_only_they_and_auditors_read_rows(formed: Api) -> None:
    complained(formed)
    formed.project()
    for by in ("clerk", "lawyer", "device"):
        for path in (CRITICISM, f"{CRITICISM}/versions", f"{CRITICISM}/adjustments"):
            assert problem(formed.get(path, by=by)) == (403, "not-permitted")
        assert problem(formed.get("/reports/criticism", by=by, **MARCH)) == (403, "not-permitted")
    assert formed.get(CRITICISM, by="auditor").status_code == 200
    assert problem(formed.post(f"{CRITICISM}/submit", {}, by="auditor")) == (403, "not-permitted")


@pytest.mark.parametrize(
    "path",
    [
        "/reports/unknown/440103/2026-03",
        "/reports/criticism/44010/2026-03",
        "/reports/criticism/440103/2026-13",
        "/reports/criticism/440103/9999-12",
    ],
)
def test_a_report_that_cannot_be_is_not_found(formed: Api, path: str) -> None:
    formed.project()
    assert problem(formed.get(path, by="leader")) == (404, "not-found")
    body = {"cut_off": 1, "digest": "0" * 64}
    assert problem(formed.post(f"{path}/submit", body, by="leader")) == (404, "not-found")


def test_without_a_published_template_there_is_no_table(api: Api) -> None:
    api.project()
    assert problem(api.get(CRITICISM, by="leader")) == (404, "not-found")


# --- hidden rows


def test_a_leader_complained_of_gets_neither_the_row_nor_the_right_to_sign(formed: Api) -> None:
    complained(formed, adviser=None, account="leader-1")
    complained(formed, concern="fees")
    whole = table(formed, CRITICISM, by="auditor")
    found = table(formed, CRITICISM, by="leader")
    assert [row["cells"]["aspect"] for row in found["table"]["rows"]] == ["fees"]
    assert (found["hidden"], whole["hidden"]) == (1, 0)
    assert found["digest"] == whole["digest"]
    report = formed.get("/reports/criticism", by="leader", **MARCH).json()
    assert (len(report["table"]["rows"]), report["hidden"]) == (1, 1)
    hidden = formed.get(f"{CRITICISM}/cells/1/aspect", by="leader")
    assert problem(hidden) == (404, "not-found")
    assert problem(submit(formed, CRITICISM, by="leader")) == (403, "not-permitted")
    assert submit(formed, CRITICISM, by="admin").status_code == 201
    history = "/streams/report/criticism:440103:2026-03/events"
    assert problem(formed.get(history, by="leader")) == (404, "not-found")
    assert problem(formed.get(history, by="clerk")) == (404, "not-found")
    assert len(formed.get(history, by="auditor").json()["events"]) == 1
    assert adjusted(formed, CRITICISM)["hidden"] == 0
    done(formed, f"/complaints/{_first(whole)}/void", {"reason": "误录"}, by="admin", seen=1)
    assert (adjusted(formed, CRITICISM)["hidden"], adjusted(formed, CRITICISM)) == (
        1,
        adjusted(formed, CRITICISM),
    )
    assert len(adjusted(formed, CRITICISM, by="auditor")["adjustments"]["rows"]) == 1


def _first(shown: dict[str, Any]) -> str:
    return str(shown["table"]["rows"][0]["sources"][0])


# --- known later


def test_what_happens_after_submission_leaves_the_table_and_is_explained(formed: Api) -> None:
    """Void, reclassify, late entry: the criticism table."""
    void, reclassify, answered = complained(formed), complained(formed), complained(formed)
    before = submitted(formed, CRITICISM)
    done(formed, f"/complaints/{void}/void", {"reason": "误录"}, by="leader", seen=1)
    body = {"kind": "consultation", "reason": "属于咨询"}
    done(formed, f"/complaints/{reclassify}/reclassify", body, by="leader", seen=1)
    naming = {"account": "clerk-7", "reason": "核实"}
    done(formed, f"/complaints/{answered}/name-object", naming, by="leader", seen=1)
    late = complained(formed, local("2026-03-30 10:00"), concern="fees")
    after = table(formed, CRITICISM, basis="submitted")
    assert bytes_of(after) == bytes_of(before)
    assert bytes_of(table(formed, CRITICISM, basis="then")) == bytes_of(before)
    now = table(formed, CRITICISM)
    assert [row["sources"] for row in now["table"]["rows"]] == [[answered], [late]]
    found = adjusted(formed, CRITICISM)["adjustments"]
    assert found["reproducible"] is True
    changes = {row["key"][0]: row for row in found["rows"]}
    assert {key: (row["change"], kinds(row)) for key, row in changes.items()} == {
        void: ("removed", {"complaint.voided"}),
        reclassify: ("removed", {"complaint.reclassified"}),
        answered: ("changed", {"complaint.object_named"}),
        late: ("added", {"complaint.registered"}),
    }
    (cell,) = changes[answered]["cells"]
    assert (cell["column"], cell["submitted"], cell["now"]) == ("object", "A-1", "clerk-7")


def kinds(row: dict[str, Any]) -> set[str]:
    assert all(cell["events"] for cell in row["cells"])
    return {event["kind"] for cell in row["cells"] for event in cell["events"]}


def changed(api: Api, void: str, reclassify: str) -> None:
    """Rename and move of point and adviser, void, reclassify, a late entry, and one of April."""
    done(api, "/points/ROOM-1/rename", {"name": "新名工作室"}, by="admin", seen=1)
    move = {
        "division": "440104001001",
        "division_source": "2026 区划调整",
        "valid_from": "2026-04-01",
    }
    done(api, "/points/ROOM-1/move", move, by="admin", seen=2)
    done(api, "/advisers/A-1/move", {"firm": "FIRM-2"}, by="admin", seen=1)
    done(api, f"/requests/{void}/void", {"reason": "误录"}, by="leader", seen=2)
    body = {"service": "mediation", "reason": "实为调解"}
    done(api, f"/requests/{reclassify}/reclassify", body, by="clerk", seen=2)
    served(api, "2026-03-30 10:00")
    served(api, "2026-04-30 10:00")


def test_renaming_and_moving_after_submission_leave_the_table_unchanged(formed: Api) -> None:
    void, reclassify = served(formed), served(formed)
    served(formed)
    before = submitted(formed, STATISTICS)
    changed(formed, void, reclassify)
    assert bytes_of(table(formed, STATISTICS, basis="submitted")) == bytes_of(before)
    assert bytes_of(table(formed, STATISTICS, basis="then")) == bytes_of(before)
    now = table(formed, STATISTICS)
    assert (figures(before)["consultations"], figures(now)["consultations"]) == (3, 2)
    assert (figures(now)["mediations"], figures(now)["point_name"]) == (1, "新名工作室")
    assert figures(now, "A-1")["firm"] == "FIRM-2"
    # What was done before the move stays where it was done.
    assert figures(now)["division"] == "440103001001"


def test_what_changed_in_the_statistics_is_explained_to_the_last_figure(formed: Api) -> None:
    void, reclassify = served(formed), served(formed)
    submitted(formed, STATISTICS)
    changed(formed, void, reclassify)
    found = adjusted(formed, STATISTICS)["adjustments"]
    assert found["reproducible"] is True
    assert [row["change"] for row in found["rows"]] == ["changed", "changed"]
    names = {"point_name": {"point.renamed"}, "firm": {"adviser.moved"}}
    for row, gained in zip(found["rows"], ("logged", "consultation_given"), strict=True):
        explained = {cell["column"]: cell for cell in row["cells"]}
        for column, cell in explained.items():
            if column in names:
                assert {event["kind"] for event in cell["events"]} == names[column]
            else:
                amounts = sum(event["amount"] for event in cell["events"])
                assert amounts == cell["now"] - cell["submitted"], column
        consultations = explained["consultations"]["events"]
        assert sorted((one["kind"], one["amount"]) for one in consultations) == [
            (f"request.{gained}", 1),
            ("request.reclassified", -1),
            ("request.voided", -1),
        ]


def test_history_shows_role_and_unit_as_they_were_then(formed: Api) -> None:
    request = served(formed)
    done(formed, "/advisers/A-1/move", {"firm": "FIRM-2"}, by="admin", seen=1)
    done(formed, "/points/ROOM-1/rename", {"name": "新名工作室"}, by="admin", seen=1)
    events = formed.get(f"/streams/request/{request}/events", by="auditor").json()["events"]
    actors = [(one["actor"]["role"], one["actor"]["unit"]) for one in events]
    assert actors == [("duty_officer", "ROOM-1"), ("adviser", "ROOM-1")]
    assert events[1]["data"]["firm"] == "FIRM-1"


# --- the parts of a division


def test_the_city_sees_who_has_submitted_and_what_changed(formed: Api) -> None:
    february = "/reports/criticism/440103/2026-02"
    complained(formed, MORNING - timedelta(days=10))
    submitted(formed, february)
    complained(formed)
    complained(formed)
    submitted(formed, CRITICISM)
    formed.project()
    query: dict[str, Any] = {"template": "criticism", "period": "2026-03", "division": "4401"}
    (part,) = formed.get("/reports/city", by="auditor", **query).json()["parts"]
    assert part["division"] == "440103"
    assert (part["submitted"]["version"], part["submitted"]["totals"]["rows"]) == (1, 2)
    assert (part["previous"]["period"], part["change"]["rows"]) == ("2026-02", 1)
    (part,) = formed.get("/reports/city", by="auditor", **query | {"period": "2026-04"}).json()[
        "parts"
    ]
    assert (part["submitted"], part["change"]) == (None, None)
    towns = formed.get("/reports/city", by="auditor", **query | {"division": "440103"}).json()
    assert [one["division"] for one in towns["parts"]] == ["440103001"]
    wrong = formed.get("/reports/city", by="auditor", **query | {"template": "other"})
    assert problem(wrong) == (404, "not-found")


# --- filled in by hand

UNIT: Final = {"code": "handling_unit", "title": "处理单位", "kind": "text"}


def with_column(api: Api, **more: Any) -> httpx.Response:
    """The second version of the criticism statistics, with one column more."""
    (form,) = (one.form for one in shipped_forms() if one.form.code == "criticism")
    fields = [*to_builtins(form)["fields"], UNIT | more]
    body = {"form": to_builtins(form) | {"version": 2, "fields": fields}}
    return api.post("/forms", body, by="admin")


def test_audit_4_9_a_form_that_could_never_be_submitted_is_not_published(formed: Api) -> None:
    refused = with_column(formed)
    assert problem(refused) == (409, "column-not-filled")
    assert "handling_unit" in refused.json()["detail"]
    other = to_builtins(shipped_forms()[0])["form"] | {"code": "legal-aid-monthly"}
    assert problem(formed.post("/forms", {"form": other}, by="admin")) == (409, "table-not-made")


def test_audit_4_9_a_column_of_a_persons_is_filled_in_at_submission_and_stays(formed: Api) -> None:
    complained(formed)
    assert with_column(formed, manual=True).status_code == 201
    assert problem(submit(formed, CRITICISM)) == (409, "field-missing")
    entry = {"row": 1, "column": "handling_unit", "value": "石牌司法所"}
    for wrong, named in (
        (entry | {"row": 2}, "row-unknown"),
        (entry | {"column": "summary"}, "cell-not-manual"),
        (entry | {"value": 3}, "field-of-wrong-kind"),
    ):
        assert problem(submit(formed, CRITICISM, entries=[wrong])) == (409, named)
    seen = table(formed, CRITICISM)["table"]["cut_off"]
    odd = {"cut_off": seen, "digest": "0" * 64, "entries": [entry]}
    assert problem(formed.post(f"{CRITICISM}/submit", odd, by="leader")) == (409, "digest-differs")
    assert submit(formed, CRITICISM, entries=[entry]).status_code == 201
    frozen = table(formed, CRITICISM, basis="submitted")
    assert frozen["table"]["rows"][0]["cells"]["handling_unit"] == "石牌司法所"
    bytes_of(frozen)
    assert table(formed, CRITICISM, basis="then")["table"] == frozen["table"]
    after = adjusted(formed, CRITICISM)["adjustments"]
    assert (after["reproducible"], after["rows"]) == (True, [])


# --- tables and reports of one's own


def fill_in(api: Api, path: str, by: str = "leader", **more: Any) -> httpx.Response:
    seen = table(api, path, by)["table"]["cut_off"]
    return api.post(f"{path}/fill-in", {"cut_off": seen} | more, by=by)


AID: Final[dict[str, Any]] = {
    "code": "legal-aid-monthly",
    "version": 1,
    "purpose": "report",
    "rows": "point",
    "title": "法律援助工作月报",
    "basis": "示例",
    "fields": [
        {"code": "number", "title": "序号", "kind": "number"},
        {"code": "point", "title": "服务点", "kind": "text", "query": "point"},
        {"code": "asked", "title": "咨询", "kind": "number", "query": "consultations"},
        {"code": "head", "title": "负责人", "kind": "text", "manual": True},
        {
            "code": "posters",
            "title": "张贴海报",
            "kind": "number",
            "required": False,
            "manual": True,
        },
    ],
}
CELLS: Final = [
    {"row": 1, "column": "head", "value": "李所长"},
    {"row": 1, "column": "posters", "value": 3},
]
NOTES: Final = [{"row": 1, "note": "本月搬迁三天"}]
AIDED: Final = "/reports/legal-aid-monthly/440103/2026-03"
ANALYSIS: Final = "/reports/criticism-analysis/440103/2026-03"


def test_show_4_a_wrong_column_is_refused_on_publication_with_where_it_stands(
    formed: Api,
) -> None:
    formed.project()
    assert problem(formed.get(AIDED, by="leader")) == (404, "not-found")
    wrong = AID | {"fields": [*AID["fields"][:2], AID["fields"][2] | {"query": "consultation"}]}
    refused = formed.post("/forms", {"form": wrong}, by="admin")
    assert problem(refused) == (409, "query-unknown")
    (where,) = refused.json()["errors"]
    assert where["field"] == "fields[2].query"
    assert "consultations" in where["message"]


@pytest.fixture
def aided(formed: Api) -> Api:
    """With one service, and a table of one's own: two computed columns and two filled in."""
    served(formed)
    assert formed.post("/forms", {"form": AID}, by="admin").status_code == 201
    return formed


def test_show_4_what_people_fill_in_is_theirs_and_fits_its_column(aided: Api) -> None:
    shown = table(aided, AIDED)
    assert shown["form"]["title"] == AID["title"]
    assert (shown["table"]["rows"][0]["cells"], shown["numbers"]) == (
        {"number": 1, "point": "ROOM-1", "asked": 1},
        [1],
    )
    assert problem(submit(aided, AIDED)) == (409, "field-missing")
    for cells, named in (
        ([{"row": 1, "column": "asked", "value": 9}], "cell-not-manual"),
        ([{"row": 2, "column": "head", "value": "李"}], "row-unknown"),
        ([{"row": 1, "column": "nothing", "value": "李"}], "field-unknown"),
        ([{"row": 1, "column": "posters", "value": "许多"}], "field-of-wrong-kind"),
        ([{"row": 1, "column": "head", "value": "李"}] * 2, "filled-in-twice"),
        ([], "nothing-filled-in"),
    ):
        assert problem(fill_in(aided, AIDED, cells=cells)) == (409, named)
    assert fill_in(aided, AIDED, cells=CELLS, notes=NOTES).status_code == 201
    (row,) = table(aided, AIDED)["table"]["rows"]
    assert (row["cells"]["head"], row["cells"]["posters"]) == ("李所长", 3)
    assert row["note"] == "本月搬迁三天"
    assert {*row["entered"]} == {"head", "posters"}
    assert row["entered"]["head"]["by"] == row["noted"]["by"] == "leader-1"
    assert row["entered"]["head"]["at"]


def test_show_4_a_table_of_ones_own_is_submitted_as_it_was_filled_in_and_adjusted(
    aided: Api,
) -> None:
    assert fill_in(aided, AIDED, cells=CELLS, notes=NOTES).status_code == 201
    (row,) = table(aided, AIDED)["table"]["rows"]
    frozen = submitted(aided, AIDED)
    bytes_of(frozen)
    assert frozen["table"]["rows"] == [row]
    assert bytes_of(table(aided, AIDED, basis="then")) == bytes_of(frozen)
    assert adjusted(aided, AIDED)["adjustments"]["rows"] == []
    late = served(aided)
    emptied = [{"row": 1, "column": "posters", "value": None}]
    assert fill_in(aided, AIDED, cells=emptied).status_code == 201
    after = adjusted(aided, AIDED)["adjustments"]
    assert after["reproducible"]
    (changed,) = after["rows"]
    told = {one["column"]: one for one in changed["cells"]}
    assert {name: (one["submitted"], one["now"]) for name, one in told.items()} == {
        "asked": (1, 2),
        "posters": (3, None),
    }
    assert [(one["stream"], one["amount"]) for one in told["asked"]["events"]] == [(late, 1)]
    assert [one["kind"] for one in told["posters"]["events"]] == ["draft.filled_in"]
    cell = aided.get(f"{AIDED}/cells/1/head", by="leader", basis="submitted").json()
    assert (cell["value"], cell["entered"]["by"]) == ("李所长", "leader-1")
    assert table(aided, AIDED, basis="submitted")["table"] == frozen["table"]


def test_show_4_an_analysis_report_has_figures_with_their_query(formed: Api) -> None:
    complained(formed, aspects=["honest", "efficient"], people=3)
    complained(formed, MORNING - timedelta(days=10))
    shown = table(formed, ANALYSIS)
    sections = shown["table"]["sections"]
    assert {
        name: sections[name] for name in ("total", "change", "joint", "honest", "pragmatic")
    } == {
        "total": 1,
        "change": 0,
        "joint": 1,
        "honest": 1,
        "pragmatic": 0,
    }
    queries = {one["code"]: one.get("query") for one in shown["form"]["sections"]}
    assert (queries["total"], queries["causes"]) == ("criticism", None)
    rows = {(one["cells"]["by"], one["cells"].get("key")): one for one in shown["table"]["rows"]}
    assert rows["all", None]["cells"]["count"] == 1
    assert rows["virtue", "honest"]["cells"]["previous"] == 0


def test_show_4_an_analysis_report_is_frozen_with_its_texts_and_adjusted(formed: Api) -> None:
    complained(formed, aspects=["honest", "efficient"], people=3)
    assert problem(submit(formed, ANALYSIS)) == (409, "field-missing")
    for sections, named in (
        ({"total": 5}, "cell-not-manual"),
        ({"nothing": "好"}, "field-unknown"),
        ({"causes": 3}, "field-of-wrong-kind"),
    ):
        assert problem(fill_in(formed, ANALYSIS, sections=sections)) == (409, named)
    texts = {"causes": "人手不足", "measures": "增加一名值班律师"}
    assert fill_in(formed, ANALYSIS, sections=texts).status_code == 201
    frozen = submitted(formed, ANALYSIS)
    bytes_of(frozen)
    assert frozen["table"]["entered"]["causes"]["by"] == "leader-1"
    complained(formed, concern="fees")
    assert fill_in(formed, ANALYSIS, sections={"causes": "排队时间长"}).status_code == 201
    after = adjusted(formed, ANALYSIS)["adjustments"]
    assert after["reproducible"]
    whole = {
        one["column"]: one for row in after["rows"] if row["key"] == [] for one in row["cells"]
    }
    assert {*whole} == {"total", "change", "honest", "efficient", "for_people", "causes"} & {*whole}
    assert (whole["total"]["submitted"], whole["total"]["now"]) == (1, 2)
    assert [one["kind"] for one in whole["total"]["events"]] == ["complaint.registered"]
    assert [one["kind"] for one in whole["causes"]["events"]] == ["draft.filled_in"]
    added = {tuple(row["key"]) for row in after["rows"] if row["change"] == "added"}
    assert ("aspect", "fees") in added
    made_of = formed.get(f"{ANALYSIS}/cells/0/total", by="leader", basis="submitted").json()
    assert (made_of["value"], len(made_of["sources"])) == (1, 1)
    assert bytes_of(table(formed, ANALYSIS, basis="submitted")) == bytes_of(frozen)


def test_a_table_of_rows_without_figures_lists_what_there_is_to_fill_in(formed: Api) -> None:
    served(formed)
    form = AID | {"fields": [AID["fields"][1], AID["fields"][4]]}
    assert formed.post("/forms", {"form": form}, by="admin").status_code == 201
    assert [one["cells"] for one in table(formed, AIDED)["table"]["rows"]] == [{"point": "ROOM-1"}]


def test_a_row_that_is_hidden_is_not_there_to_be_filled_in(formed: Api) -> None:
    """Nor is the draft's history told to those who may not see the rows."""
    complained(formed, adviser=None, account="leader-1")
    assert with_column(formed, manual=True).status_code == 201
    entry = {"row": 1, "column": "handling_unit", "value": "石牌司法所"}
    assert problem(fill_in(formed, CRITICISM, cells=[entry])) == (409, "row-unknown")
