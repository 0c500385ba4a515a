"""The work statistics by hand, and what is kept of submitted tables."""

from typing import Any, Final
from uuid import UUID

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from domain.advising.worklog import (
    Served,
    Work,
    WorkCorrected,
    WorkLogged,
    WorkReturned,
    WorkWithdrawn,
)
from domain.registers import form
from domain.registers.adviser import AdviserMoved
from domain.registers.calendar_publication import CalendarPublished
from domain.registers.form import FormPublished, Value
from domain.registers.point import PointRenamed
from domain.registration.filling_in import FormUnknown
from domain.reporting import report
from domain.reporting.report import (
    ReportResubmitted,
    ReportRow,
    ReportSubmitted,
    Table,
    canonical,
    digest_of,
    report_stream,
)
from domain.requests.rating import RatingDisputeDecided, RatingGiven, RatingInvited
from domain.requests.request import DuplicateLinked, Reclassified, RequestVoided
from domain.vocabulary import Actor, Event, stream_id
from domain.worktime.calendar import Holiday
from domain.worktime.period import ends_at
from ledger.founding.shipped import shipped_forms
from projections.asking.answering import answer
from projections.asking.asking import fetch
from projections.reporting import reports, statutory
from projections.reporting.adjustments import Adjustments, adjustments
from tests.examples import CALENDAR, CLOSE, CONSULTED, FIRST_RESPONSE, OPENED, REGISTERED, local
from tests.projections.viewing import Happening, Viewing, happened, logged

SIGNER: Final = Actor(account="he", role="supervisor", unit="440103")
VILLAGE: Final = "440103001001"
STATISTICS: Final = (report.STATISTICS, "440103", "2026-03")
POINT: Final = stream_id("point", "ROOM-1")
ADVISER: Final = stream_id("adviser", "A-1")
NIGHT: Final = "2026-03-10 19:30"


@pytest.fixture
def known(viewing: Viewing) -> Viewing:
    """With the templates as shipped, a room, and two advisers."""
    forms = [
        Happening(FormPublished(form=one.form), local("2026-01-02 09:00"), of_form(one.form.code))
        for one in shipped_forms()
    ]
    early = local("2026-01-02 09:00")
    second = replace(REGISTERED, code="A-2", firm="FIRM-2")
    return viewing.given(
        *forms,
        Happening(OPENED, early, POINT),
        Happening(REGISTERED, early, ADVISER),
        Happening(second, early, stream_id("adviser", "A-2")),
    )


def of_form(code: str) -> UUID:
    return stream_id(form.KIND, code)


def worked(
    number: int,
    at: str,
    *shares: tuple[str, int],
    service: Any = "consultation",
    mode: Any = "onsite",
    **more: Any,
) -> Happening:
    """An entry of the work log."""
    started = local(at)
    minutes = sum(share for _, share in shares)
    late = {"late_reason": more.pop("late")} if "late" in more else {}
    work = Work(
        village=more.pop("village", VILLAGE),
        service=service,
        mode=mode,
        ended_at=started.replace(hour=started.hour + 1),
        summary="示例",
        **more,
    )
    served = tuple(Served(adviser=code, minutes=part, firm="FIRM-1") for code, part in shares)
    event = WorkLogged(
        started_at=started, minutes=minutes, work=work, served=served, recorder="chen", **late
    )
    return Happening(event, started, UUID(int=number))


def then(event: Event, of: int, at: str = "2026-04-20 09:00") -> Happening:
    return Happening(event, local(at), UUID(int=of))


def request(number: int, at: str = "2026-03-02 09:00", **changes: Any) -> Happening:
    return logged(at, of=UUID(int=number), **changes)


def table(viewing: Viewing, name: tuple[str, str, str] = STATISTICS) -> Table:
    filled = statutory.prefill(*name, position=viewing.head, now=ends_at(name[2]))
    return answer(viewing.connection, filled)


def figures(viewing: Viewing, adviser: str | None = None, point: str = "ROOM-1") -> dict[str, Any]:
    """What the row of a point or adviser has in it besides zeros."""
    (row,) = (
        row
        for row in table(viewing).rows
        if row.cells["point"] == point and row.cells.get("adviser") == adviser
    )
    names = ("number", "point", "point_name", "division", "adviser", "firm")
    return {code: value for code, value in row.cells.items() if value and code not in names}


def submitted(viewing: Viewing, at: str = "2026-04-05 09:00") -> Table:
    frozen = table(viewing)
    event = ReportSubmitted(table=frozen, digest=digest_of(frozen), signer="he")
    viewing.given(Happening(event, local(at), report_stream(*STATISTICS), SIGNER))
    return frozen


def adjusted(viewing: Viewing, frozen: Table) -> Adjustments:
    return answer(viewing.connection, adjustments(frozen, 1, viewing.head))


def changes(viewing: Viewing, frozen: Table) -> dict[tuple[str, str], Any]:
    """By adviser and column: before, now, and kind and amount of each event."""
    return {
        (row.key[2], cell.column): (
            cell.submitted,
            cell.now,
            [(one.kind, one.amount) for one in cell.events],
        )
        for row in adjusted(viewing, frozen).rows
        for cell in row.cells
    }


# --- the figures


def test_work_of_several_counts_once_for_the_point_and_for_each_who_took_part(
    known: Viewing,
) -> None:
    known.given(
        worked(1, NIGHT, ("A-1", 40), ("A-2", 20), service="lecture", people_reached=30),
        worked(2, "2026-03-11 10:00", ("A-1", 60), clients={"resident": 2}, late="停电"),
        worked(3, "2026-03-12 10:00", ("A-2", 15), mode="phone", service="contract_review"),
    )
    assert figures(known) == {
        "lectures": 1,
        "offpeak_lectures": 1,
        "consultations": 1,
        "legal_documents": 1,
        "onsite_minutes": 120,
        "offsite_minutes": 15,
        "people_reached": 32,
        "late_entries": 1,
    }
    assert figures(known, "A-1") == {
        "lectures": 1,
        "offpeak_lectures": 1,
        "consultations": 1,
        "onsite_minutes": 100,
        "people_reached": 32,
        "late_entries": 1,
    }
    assert figures(known, "A-2") == {
        "lectures": 1,
        "offpeak_lectures": 1,
        "legal_documents": 1,
        "onsite_minutes": 20,
        "offsite_minutes": 15,
        "people_reached": 30,
    }


def test_requests_promises_and_ratings_count_where_they_stand(known: Viewing) -> None:
    served = replace(CONSULTED, adviser="A-1", firm="FIRM-1")
    known.given(
        request(1, promises=(FIRST_RESPONSE, CLOSE)),
        happened(served, "2026-03-02 10:00", of=UUID(int=1)),
        request(2, service="notary", late_reason="停电"),
        *rated(1, grade=2),
        *rated(2, grade=5),
    )
    of_adviser = {
        "consultations": 1,
        "onsite_minutes": 20,
        "people_reached": 1,
        "ratings": 1,
        "bad_ratings": 1,
        "promises_kept": 1,
        "promises_missed": 1,
    }
    assert figures(known, "A-1") == of_adviser
    of_point = {"people_reached": 2, "ratings": 2, "other_services": 1, "late_entries": 1}
    assert figures(known) == of_adviser | of_point
    excluded = RatingDisputeDecided(request=UUID(int=1), excluded=True, reason="恶意差评")
    known.given(happened(excluded, "2026-04-02 09:00", of=UUID(int=1)))
    assert (figures(known)["ratings"], "bad_ratings" in figures(known)) == (1, False)


def rated(of: int, *, grade: Any) -> list[Happening]:
    """Invited, and told what was thought of it."""
    stream = UUID(int=of)
    invited = RatingInvited(
        request=stream,
        point="ROOM-1",
        served_by=("chen",),
        token_sha256="0" * 64,
        expires_at=local("2026-03-12 09:00"),
        default_grade=3,
    )
    given = RatingGiven(request=stream, grade=grade)
    return [happened(one, "2026-03-03 09:00", of=stream) for one in (invited, given)]


def test_void_and_duplicate_requests_do_not_count_but_minutes_given_to_a_duplicate_do(
    known: Viewing,
) -> None:
    served = replace(CONSULTED, adviser="A-1", firm="FIRM-1")
    known.given(
        request(1),
        request(2),
        request(3),
        *(happened(served, "2026-03-02 10:00", of=UUID(int=one)) for one in (1, 2, 3)),
        happened(RequestVoided(reason="误录"), "2026-03-03 10:00", of=UUID(int=1)),
        happened(
            DuplicateLinked(original=UUID(int=3), reason="同一件事"),
            "2026-03-03 10:00",
            of=UUID(int=2),
        ),
    )
    assert figures(known) == {"consultations": 1, "onsite_minutes": 40, "people_reached": 1}


def test_withdrawn_and_returned_entries_do_not_count_nor_what_a_request_tells_already(
    known: Viewing,
) -> None:
    known.given(
        request(9),
        worked(1, "2026-03-10 10:00", ("A-1", 60)),
        then(WorkWithdrawn(reason="误录"), 1),
        worked(2, "2026-03-11 10:00", ("A-1", 60)),
        then(WorkReturned(reason="不完整"), 2),
        worked(3, "2026-03-12 10:00", ("A-1", 60), request=UUID(int=9)),
    )
    assert figures(known) == {"consultations": 1, "people_reached": 1, "onsite_minutes": 60}
    assert figures(known, "A-1") == {"onsite_minutes": 60}


def test_work_in_a_village_without_a_room_stands_under_the_village(known: Viewing) -> None:
    known.given(worked(1, "2026-03-10 10:00", ("A-1", 60), village="440103009001"))
    assert figures(known, point="440103009001") == {"consultations": 1, "onsite_minutes": 60}
    (row, _) = table(known).rows
    assert (row.cells["point_name"], row.cells["division"]) == ("（无服务点）", "440103009001")


def test_a_table_needs_a_template_that_is_published_and_can_be_filled_in(viewing: Viewing) -> None:
    for name in ("criticism", "criticism@1", "monthly-check", "nothing"):
        with pytest.raises(FormUnknown):
            table(viewing, (name, "440103", "2026-03"))


def test_a_table_keeps_the_version_of_its_template(known: Viewing) -> None:
    (first,) = (one.form for one in shipped_forms() if one.form.code == "work-statistics")
    known.given(request(1))
    frozen = submitted(known)
    kept = tuple(field for field in first.fields if field.code != "people_reached")
    second = replace(first, version=2, fields=kept)
    of = of_form(first.code)
    known.given(Happening(FormPublished(form=second), local("2026-04-06 09:00"), of))
    assert "people_reached" not in table(known).rows[0].cells
    now = answer(known.connection, statutory.recomputed(frozen, known.head))
    assert now.rows == frozen.rows
    assert adjusted(known, frozen).rows == ()


# --- known later


def test_a_correction_is_explained_by_what_it_took_away_and_what_it_added(known: Viewing) -> None:
    entry = worked(1, "2026-03-10 10:00", ("A-1", 60))
    known.given(entry)
    frozen = submitted(known)
    logged_work = entry.event
    assert isinstance(logged_work, WorkLogged)
    corrected = WorkCorrected(
        started_at=logged_work.started_at,
        minutes=45,
        work=replace(logged_work.work, service="mediation"),
        served=(Served(adviser="A-2", minutes=45, firm="FIRM-2"),),
        reason="登记错误",
    )
    known.given(then(corrected, 1))
    kind = "worklog.corrected"
    assert changes(known, frozen) == {
        ("", "consultations"): (1, 0, [(kind, -1)]),
        ("", "mediations"): (0, 1, [(kind, 1)]),
        ("", "onsite_minutes"): (60, 45, [(kind, -15)]),
        **{
            ("A-1", column): (value, None, [(kind, amount)])
            for column, value, amount in gone(frozen, {"consultations": -1, "onsite_minutes": -60})
        },
        **{
            ("A-2", column): (None, value, [(kind, amount)])
            for column, value, amount in came(known, {"mediations": 1, "onsite_minutes": 45})
        },
    }


def gone(frozen: Table, amounts: dict[str, int]) -> list[tuple[str, Any, int | None]]:
    return [
        (column, value, amounts.get(column))
        for column, value in frozen.rows[1].cells.items()
        if column != "number"
    ]


def came(viewing: Viewing, amounts: dict[str, int]) -> list[tuple[str, Any, int | None]]:
    return [
        (column, value, amounts.get(column))
        for column, value in table(viewing).rows[1].cells.items()
        if column != "number"
    ]


def test_a_calendar_published_later_is_what_makes_a_lecture_off_peak(known: Viewing) -> None:
    known.given(worked(1, "2026-03-10 10:00", ("A-1", 60), service="lecture"))
    frozen = submitted(known)
    day = local("2026-03-10 00:00").date()
    holidays = (*CALENDAR.holidays, Holiday(day, day, "临时放假"))
    later = CalendarPublished(calendar=replace(CALENDAR, version=2, holidays=holidays))
    known.given(Happening(later, local("2026-04-20 09:00"), stream_id("calendar", CALENDAR.code)))
    found = changes(known, frozen)
    assert found == {
        (adviser, "offpeak_lectures"): (0, 1, [("calendar.published", None)])
        for adviser in ("", "A-1")
    }
    assert adjusted(known, frozen).reproducible


def test_a_new_name_and_a_new_firm_are_explained_by_the_events_that_gave_them(
    known: Viewing,
) -> None:
    known.given(request(1, adviser="A-1"))
    frozen = submitted(known)
    moved = AdviserMoved(firm="FIRM-3", moved_at=local("2026-04-10 09:00"))
    known.given(
        Happening(PointRenamed(name="新名"), local("2026-04-10 09:00"), POINT),
        Happening(moved, local("2026-04-10 09:00"), ADVISER),
    )
    assert changes(known, frozen) == {
        ("", "point_name"): (OPENED.name, "新名", [("point.renamed", None)]),
        ("A-1", "point_name"): (OPENED.name, "新名", [("point.renamed", None)]),
        ("A-1", "firm"): ("FIRM-1", "FIRM-3", [("adviser.moved", None)]),
    }


def test_what_came_and_went_again_after_the_cut_off_is_no_adjustment(known: Viewing) -> None:
    known.given(request(1))
    frozen = submitted(known)
    there = Reclassified(from_service="consultation", to_service="mediation", reason="误")
    back = Reclassified(from_service="mediation", to_service="consultation", reason="改回")
    known.given(
        happened(there, "2026-04-10 09:00", of=UUID(int=1)),
        happened(back, "2026-04-10 10:00", of=UUID(int=1)),
    )
    assert changes(known, frozen) == {}


def test_figures_that_are_not_the_logs_are_said_not_to_be(known: Viewing) -> None:
    known.given(request(1))
    frozen = table(known)
    invented = replace(
        frozen, rows=(ReportRow(cells={**frozen.rows[0].cells, "consultations": 7}),)
    )
    found = adjusted(known, invented)
    assert found.reproducible is False
    (cell,) = found.rows[0].cells
    assert (cell.submitted, cell.now, cell.events) == (7, 1, ())


# --- what is kept


def test_every_version_of_a_submission_is_kept_byte_for_byte(known: Viewing) -> None:
    known.given(request(1))
    first = submitted(known)
    after_first = known.head
    known.given(request(2))
    second = table(known)
    again = ReportResubmitted(
        version=2, reason="补录", table=second, digest=digest_of(second), signer="he", note="附注"
    )
    stream = report_stream(*STATISTICS)
    known.given(Happening(again, local("2026-04-09 09:00"), stream, SIGNER))
    for version, frozen in ((1, first), (2, second), (None, second)):
        (found,) = fetch(known.connection, reports.submitted(*STATISTICS, known.head, version))
        assert canonical(to_builtins(found.table)) == canonical(to_builtins(frozen))
        assert found.digest == digest_of(frozen)
    versions = fetch(known.connection, reports.versions(*STATISTICS, known.head))
    assert [(one.version, one.reason, one.totals["rows"]) for one in versions] == [
        (1, None, 1),
        (2, "补录", 1),
    ]
    assert [one.totals["consultations"] for one in versions] == [1, 2]
    then = fetch(known.connection, reports.submitted(*STATISTICS, after_first))
    assert [one.version for one in then] == [1]


def test_texts_that_look_like_numbers_stay_texts(known: Viewing) -> None:
    odd: dict[str, Value] = {"number": 1, "work_order": "12", "summary": "true", "repeated": False}
    frozen = Table(
        template="criticism@1",
        division="440103",
        period="2026-03",
        cut_off=known.head,
        calendar="gz-office@1",
        rows=(ReportRow(cells=odd, sources=(UUID(int=1),)),),
    )
    event = ReportSubmitted(table=frozen, digest=digest_of(frozen), signer="he")
    name = ("criticism", "440103", "2026-03")
    known.given(Happening(event, local("2026-04-05 09:00"), report_stream(*name), SIGNER))
    (found,) = fetch(known.connection, reports.submitted(*name, known.head))
    assert found.table == frozen
    assert (found.signer, found.role, found.unit) == ("he", "supervisor", "440103")
    assert found.totals == {"repeated": 0, "rows": 1}


def test_nothing_is_shown_of_a_report_that_was_not_submitted(known: Viewing) -> None:
    now = local("2026-05-01 09:00")
    for of in ("submitted", "then"):
        shown = reports.shown(of, *STATISTICS, position=known.head, now=now)
        assert answer(known.connection, shown) is None
    current = answer(
        known.connection, reports.shown("now", *STATISTICS, position=known.head, now=now)
    )
    assert current is not None
    assert (current.submission, current.table.rows) == (None, ())
    assert current.digest == digest_of(current.table)


def test_before_a_promise_is_due_it_is_not_missed(known: Viewing) -> None:
    known.given(request(1, promises=(FIRST_RESPONSE, CLOSE)))
    early = statutory.prefill(*STATISTICS, position=known.head, now=local("2026-03-02 10:00"))
    (row,) = answer(known.connection, early).rows
    assert row.cells["promises_missed"] == 0
    assert figures(known)["promises_missed"] == 2
