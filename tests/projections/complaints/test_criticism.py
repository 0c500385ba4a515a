"""The criticism statistics: which complaints have a line, what it says, and what is counted."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from domain.complaints.record import (
    ComplaintReclassified,
    ComplaintVoided,
    DissatisfactionSettled,
    ObjectNamed,
    SameMatterLinked,
    SameMatterUnlinked,
)
from domain.registration.filling_in import check
from domain.vocabulary import Event
from ledger.founding.shipped import shipped_forms
from projections.asking.asking import fetch
from projections.complaints import criticism
from projections.complaints.criticism import CriticismAsked, CriticismRow, Total
from tests.complaints import (
    ABOUT_ORGAN,
    COMPLAINT,
    DISSATISFIED,
    GRIEVANCE,
    NOTED,
    OFFICER,
    OTHER,
    REGISTERED,
    WITH_ANSWER,
    WITH_CLOSE,
)
from tests.examples import NOON, local
from tests.projections.viewing import Given, Happening, Viewing

THIRD: Final = UUID("00000000-0000-4000-8000-000000000013")
TO_CONSULTATION: Final = ComplaintReclassified(
    from_kind="complaint",
    to_kind="consultation",
    reason="属于咨询",
    approved_by="officer-1",
    role="supervisor",
    at=NOON,
)


def told(*events: Event, of: UUID = COMPLAINT) -> list[Happening]:
    return [Happening(one, getattr(one, "at", NOON), of, OFFICER) for one in events]


def registered(at: str = "2026-03-02 09:00", **about: Any) -> Event:
    changed = replace(GRIEVANCE, **about)
    return replace(REGISTERED, grievance=changed, at=local(at), promises=())


def asked(viewing: Viewing, **more: Any) -> CriticismAsked:
    known: dict[str, Any] = {"division": "440103", "period": "2026-03", "position": viewing.head}
    return CriticismAsked(**known | more)


def rows(viewing: Viewing, **more: Any) -> list[CriticismRow]:
    return fetch(viewing.connection, criticism.rows(asked(viewing, **more)))


def totals(viewing: Viewing, **more: Any) -> dict[tuple[str, str | None], Total]:
    found = fetch(viewing.connection, criticism.totals(asked(viewing, **more)))
    return {(one.by, one.key): one for one in found}


def counted(viewing: Viewing, **more: Any) -> int:
    everything = totals(viewing, **more).get(("all", None))
    return everything.count if everything else 0


def test_a_line_says_what_was_criticised_and_what_came_of_it(given: Given) -> None:
    viewing = given(*told(*WITH_CLOSE))
    (row,) = rows(viewing)
    assert row.stream == COMPLAINT
    assert row.cells == {
        "received_on": "2026-03-02",
        "division": "440103001001",
        "point": "ROOM-1",
        "channel": "counter",
        "service": "consultation",
        "object": "A-1",
        "aspect": "attitude",
        "summary": "态度生硬",
        "substantiated": True,
        "measure": "已批评教育",
        "finished_on": "2026-03-02",
        "feedback": "satisfied",
        "repeated": False,
    }


def test_lines_fit_the_template_as_it_is_shipped(given: Given) -> None:
    (template,) = (one.form for one in shipped_forms() if one.form.code == "criticism")
    viewing = given(
        *told(*WITH_CLOSE),
        *told(NOTED, of=OTHER),
        *told(registered(work_order="GZ-1"), DISSATISFIED, of=THIRD),
    )
    for number, row in enumerate(rows(viewing), start=1):
        check(template, {"number": number, **row.cells})


def test_a_noted_dissatisfaction_is_criticism_and_what_was_put_right_is_its_measure(
    given: Given,
) -> None:
    viewing = given(*told(NOTED, DissatisfactionSettled(measure="当场道歉", at=NOON)))
    (row,) = rows(viewing)
    assert (row.registered, row.cells["measure"]) == (False, "当场道歉")
    everything = totals(viewing)["all", None]
    assert (everything.count, everything.noted) == (1, 1)


def test_what_was_void_is_no_criticism(given: Given) -> None:
    viewing = given(*told(REGISTERED))
    before = viewing.head
    viewing.given(*told(ComplaintVoided(reason="误录", at=NOON)))
    assert (rows(viewing), totals(viewing)) == ([], {})
    assert len(rows(viewing, position=before)) == 1


def test_the_same_matter_has_a_line_of_its_own_and_counts_once(given: Given) -> None:
    link = SameMatterLinked(other=COMPLAINT, reason="同一事")
    viewing = given(*told(REGISTERED), *told(registered("2026-03-05 09:00"), link, of=OTHER))
    assert [row.repeated for row in rows(viewing)] == [False, True]
    everything = totals(viewing)["all", None]
    assert (everything.count, everything.repeated) == (1, 1)
    viewing.given(*told(SameMatterUnlinked(other=COMPLAINT, reason="不是"), of=OTHER))
    everything = totals(viewing)["all", None]
    assert (everything.count, everything.repeated) == (2, 0)


def test_what_was_made_a_consultation_is_shown_and_counted_apart(given: Given) -> None:
    viewing = given(*told(REGISTERED, TO_CONSULTATION), *told(REGISTERED, of=OTHER))
    assert [(row.counts, row.reclassified) for row in rows(viewing)] == [(False, 1), (True, 0)]
    everything = totals(viewing)["all", None]
    assert (everything.count, everything.reclassified) == (1, 1)
    back = replace(TO_CONSULTATION, from_kind="consultation", to_kind="complaint")
    viewing.given(*told(back))
    assert [(row.counts, row.reclassified) for row in rows(viewing)] == [(True, 2), (True, 0)]
    assert counted(viewing) == 2


def test_the_local_day_received_decides_the_month(given: Given) -> None:
    viewing = given(
        *told(registered("2026-02-28 23:59")),
        *told(registered("2026-03-01 00:01"), of=OTHER),
        *told(registered("2026-03-31 23:59"), of=THIRD),
        *told(registered("2026-04-01 00:00"), of=UUID(int=9)),
    )
    assert [row.stream for row in rows(viewing)] == [OTHER, THIRD]
    assert [row.received_on for row in rows(viewing, period="2026-Q1")] == [
        date(2026, 2, 28),
        date(2026, 3, 1),
        date(2026, 3, 31),
    ]
    assert counted(viewing, period="2026-Q2") == 1
    assert totals(viewing, period="2026-Q2")["all", None].previous == 3


def test_totals_by_every_dimension_with_the_change_from_the_month_before(given: Given) -> None:
    viewing = given(
        *told(registered("2026-02-10 09:00", concern="fees")),
        *told(registered("2026-03-02 09:00", concern="fees", channel="box"), of=OTHER),
        *told(*WITH_ANSWER, DISSATISFIED, of=THIRD),
        *told(registered("2026-03-09 09:00", point="STALL-1", service="mediation"), of=UUID(int=9)),
    )
    found = totals(viewing)
    assert {key: (one.count, one.change) for key, one in found.items()} == {
        ("all", None): (3, 2),
        ("channel", "box"): (1, 1),
        ("channel", "counter"): (2, 1),
        ("service", "consultation"): (2, 1),
        ("service", "mediation"): (1, 1),
        ("aspect", "fees"): (1, 0),
        ("aspect", "attitude"): (2, 2),
        ("unit", "ROOM-1"): (2, 1),
        ("unit", "STALL-1"): (1, 1),
    }
    everything = found["all", None]
    assert (everything.substantiated, everything.satisfied, everything.dissatisfied) == (1, 0, 1)


def test_only_lines_of_the_division_that_is_asked_for(given: Given) -> None:
    elsewhere = replace(REGISTERED, division="440104001001", promises=())
    viewing = given(*told(REGISTERED), *told(elsewhere, of=OTHER))
    assert [row.stream for row in rows(viewing)] == [COMPLAINT]
    assert len(rows(viewing, division="4401")) == 2


def test_who_is_criticised_may_come_out_later(given: Given) -> None:
    named = ObjectNamed(account="clerk-7", reason="核实")
    viewing = given(*told(registered(adviser=None), named))
    assert rows(viewing)[0].object == "clerk-7"
    assert rows(viewing, position=viewing.head - 1)[0].object == "ROOM-1"


def test_every_version_of_a_complaint_after_a_position(given: Given) -> None:
    viewing = given(*told(*WITH_ANSWER), *told(REGISTERED, of=OTHER))
    after = viewing.head
    viewing.given(*told(DISSATISFIED, TO_CONSULTATION))
    query = criticism.versions(asked(viewing), [COMPLAINT], after)
    found = fetch(viewing.connection, query)
    assert [(row.since > after, row.feedback, row.counts) for row in found] == [
        (False, None, True),
        (True, "dissatisfied", True),
        (True, "dissatisfied", False),
    ]


def test_criticism_of_an_organ_has_a_line_and_is_counted_by_its_unit(given: Given) -> None:
    about = replace(REGISTERED, grievance=ABOUT_ORGAN, division="4401", firm=None, team=None)
    viewing = given(*told(about), *told(registered(), of=OTHER))
    (row,) = [one for one in rows(viewing, division="4401") if one.stream == COMPLAINT]
    assert (row.point, row.object) == (None, "MZJ")
    assert "point" not in row.cells
    counts = {
        key: one.count
        for (by, key), one in totals(viewing, division="4401").items()
        if by == "unit"
    }
    assert counts == {"MZJ": 1, "ROOM-1": 1}
