"""The list of requests: what it shows, filters, finds, and how it is paged."""

from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.requests.proceedings import (
    MediationAgreed,
    MediationEnded,
    MediationSessionHeld,
    ReferralCompleted,
)
from domain.requests.rating import RatingDefaulted, RatingGiven
from domain.requests.request import NoteAdded, RequestLogged, RequestVoided
from domain.vocabulary import Event, ExternalId, Visitor
from projections.asking.asking import fetch
from projections.requests.requests import TEXTS, Order, RequestRow, cursor_of
from projections.running.basis import basis_query
from tests.examples import (
    ANSWERED,
    CLOSE,
    CONSULTED,
    FIRST_RESPONSE,
    INVITED,
    LOGGED,
    ORIGINAL,
    REFERRED,
    REQUEST,
    WAITING,
    local,
)
from tests.projections.viewing import NOW, Given, Happening, Viewing, happened, logged

SHOWN = RequestRow(
    request=REQUEST,
    number=2,
    version_position=2,
    subject="拖欠工资",
    point="ROOM-1",
    division="440103001001",
    service="consultation",
    channel="counter",
    status="open",
    round=1,
    requested_at=local("2026-03-02 09:00"),
    day=date(2026, 3, 2),
    responsible="clerk-1",
    adviser=None,
    due=FIRST_RESPONSE.due,
    overdue=True,
    paused=False,
    closed_day=None,
    close_kind=None,
    late=False,
    reclassified=0,
    duplicates=0,
    grade_explicit=None,
    grade_default=None,
    external_source=None,
    external_id=None,
    work_order=None,
    suspect=False,
)


def number(n: int) -> UUID:
    return UUID(int=n)


def many(**each: list[Any]) -> list[Happening]:
    """Requests 1, 2, 3 …, alike but for the given fields."""
    (length,) = {len(values) for values in each.values()}
    fields = [{name: values[n] for name, values in each.items()} for n in range(length)]
    return [logged(of=number(n + 1), **one) for n, one in enumerate(fields)]


def found(seen: Viewing, **asked: Any) -> list[int]:
    """The numbers of the requests that the list shows."""
    return [row.request.int for row in seen.listed(**asked)]


# --- what a row says


def test_a_logged_request_is_shown_whole(given: Given) -> None:
    assert given(happened(LOGGED)).listed() == [SHOWN]


def test_the_list_shows_what_a_request_has_come_to(given: Given) -> None:
    seen = given(
        happened(LOGGED),
        happened(CONSULTED),
        happened(ANSWERED, "2026-03-02 10:00"),
        happened(INVITED),
        happened(RatingDefaulted(request=REQUEST, grade=3)),
        happened(RatingGiven(request=REQUEST, grade=5)),
    )
    assert seen.listed() == [
        replace(
            SHOWN,
            version_position=7,
            status="closed",
            due=None,
            overdue=False,
            closed_day=date(2026, 3, 2),
            close_kind="answered",
            grade_default=3,
            grade_explicit=5,
        )
    ]


def test_a_request_that_waits_for_papers_is_shown_as_paused(given: Given) -> None:
    (row,) = given(happened(LOGGED), happened(WAITING)).listed()
    assert (row.paused, row.due, row.overdue) == (True, None, False)


def test_ids_of_elsewhere_are_shown(given: Given) -> None:
    seen = given(logged(external=ExternalId("12345", "GZ\\2026\t7"), work_order="WO-9"))
    (row,) = seen.listed()
    assert (row.external_source, row.external_id, row.work_order) == (
        "12345",
        "GZ\\2026\t7",
        "WO-9",
    )


def test_texts_come_back_as_they_were_written(given: Given) -> None:
    subject = '他说："不行"\\N\t{a,b}\r\n第二行'
    assert given(logged(subject=subject)).one().subject == subject


def test_an_empty_log_shows_nothing(given: Given) -> None:
    assert given().listed() == []
    assert given().listed(order="due", head=True) == []


# --- as known then


def test_at_each_position_the_list_shows_what_was_known(given: Given) -> None:
    seen = given(happened(LOGGED), happened(CONSULTED), happened(ANSWERED))
    assert [
        [(row.status, row.due) for row in seen.listed(position=position)] for position in range(6)
    ] == [
        [],
        [],
        [("open", FIRST_RESPONSE.due)],
        [("open", CLOSE.due)],
        [("closed", None)],
        [("closed", None)],
    ]


def test_a_word_is_not_found_before_it_was_said(given: Given) -> None:
    seen = given(happened(LOGGED), happened(NoteAdded(text="已联系劳动监察")))
    assert [found(seen, text="监察", position=position) for position in (1, 2, 3)] == [
        [],
        [],
        [REQUEST.int],
    ]


def test_one_request_is_shown_as_it_was_known(given: Given) -> None:
    seen = given(happened(LOGGED), happened(ANSWERED))
    assert seen.one(position=2) == SHOWN
    assert seen.one(position=3).status == "closed"
    with pytest.raises(ValueError, match="not enough values"):
        seen.one(position=1)


def test_a_basis_is_the_last_event_recorded_by_then(given: Given) -> None:
    seen = given(happened(LOGGED), happened(CONSULTED))
    for position in range(1, seen.head + 1):
        (basis,) = fetch(seen.connection, basis_query(seen.recorded_at(position)))
        assert (basis.position, basis.recorded_at) == (position, seen.recorded_at(position))
    (before,) = fetch(seen.connection, basis_query(local("2000-01-01 00:00")))
    assert (before.position, before.recorded_at) == (0, None)
    (now,) = fetch(seen.connection, basis_query(None))
    assert (now.position, now.as_known_at) == (seen.head, None)


def test_a_basis_never_claims_what_the_views_have_not_taken_in(given: Given) -> None:
    seen = given(happened(LOGGED))
    seen.append(happened(CONSULTED))
    (basis,) = fetch(seen.connection, basis_query(seen.recorded_at(3)))
    assert basis.position == 2


# --- filters


def test_requests_are_filtered_by_each_of_their_marks(given: Given) -> None:
    seen = given(
        *many(
            point=["ROOM-1", "ROOM-2", "ROOM-1"],
            division=["440103001001", "440104001001", "440103002001"],
            service=["consultation", "mediation", "mediation"],
            channel=["counter", "phone", "phone"],
            adviser=["A-1", None, "A-2"],
            work_order=["W-1", None, "W-3"],
            external=[ExternalId("x", "1"), ExternalId("y", "2"), None],
        ),
        happened(ANSWERED, of=number(2)),
        happened(RequestVoided(reason="误"), of=number(3)),
    )
    assert found(seen, point="ROOM-1") == [3, 1]
    assert found(seen, division="440103") == [3, 1]
    assert found(seen, division="4401") == [3, 2, 1]
    assert found(seen, service="mediation") == [3, 2]
    assert found(seen, channel="counter") == [1]
    assert found(seen, adviser="A-2") == [3]
    assert found(seen, work_order="W-1") == [1]
    assert found(seen, external_id="2") == [2]
    assert [found(seen, status=status) for status in ("open", "closed", "voided")] == [
        [1],
        [2],
        [3],
    ]
    assert found(seen, service="mediation", channel="phone", point="ROOM-2") == [2]


def test_days_are_counted_from_inclusive_to_exclusive(given: Given) -> None:
    days = ["2026-03-02 00:00", "2026-03-02 23:59", "2026-03-03 00:00", "2026-03-04 12:00"]
    seen = given(*many(at=days))
    assert found(seen, from_=date(2026, 3, 2), to=date(2026, 3, 3)) == [2, 1]
    assert found(seen, from_=date(2026, 3, 3)) == [4, 3]
    assert found(seen, to=date(2026, 3, 3)) == [2, 1]


def test_overdue_are_the_open_ones_whose_deadline_has_passed(given: Given) -> None:
    due_later = replace(CLOSE, due=local("2026-03-30 18:00"))
    seen = given(
        *many(promises=[(CLOSE,), (CLOSE,), (due_later,), (), (CLOSE,)]),
        happened(ANSWERED, of=number(2)),
        happened(WAITING, of=number(5)),
    )
    assert found(seen, overdue_at=NOW) == [1]
    assert found(seen, overdue_at=CLOSE.due) == []
    assert found(seen, overdue_at=local("2026-03-31 00:00")) == [3, 1]
    assert [row.overdue for row in seen.listed()] == [False, False, False, False, True]


# --- search


def test_words_of_every_length_are_found(given: Given) -> None:
    seen = given(
        logged(
            of=number(1),
            subject="拖欠工资（欠薪）",
            place="A座12楼",
            visitor=Visitor(name="王明", phone="138-0013-8000"),
            external=ExternalId("hotline", "gz-77"),
        ),
        logged(
            of=number(2),
            subject="拖欠工资（欠薪）",
            detail="A座12楼 GZ-77",
            visitor=Visitor(name="欧阳小明 王小明", phone="13800138000"),
        ),
        logged(of=number(3), subject="邻里纠纷", detail="B座34层", visitor=Visitor(name="李四")),
    )
    both, first, second = [2, 1], [1], [2]
    expected = {
        "欠薪": both, "拖欠工": both, "拖欠工资": both, "欠": both, "资": both, "　拖欠　": both,
        "王明": first, "王小明": second, "欧阳小明": second, "小明": second, "阳小": second,
        "13800138000": both, "0138": both, "8000": both, "１３８": both, "138-0013": first,
        "小明 1380": second, "1380 拖欠": both, "1380 邻里": [], "王明 1380": first,
        "A座12楼": both, "a座12": both, "12楼": both, "Ａ座": both, "GZ-77": both, "座": [3, 2, 1],
    }  # fmt: skip
    assert {words: found(seen, text=words) for words in expected} == expected
    assert {words: found(seen, text=words, head=True) for words in expected} == expected


def test_pieces_alone_are_not_the_word(given: Given) -> None:
    seen = given(*many(subject=["工资拖欠，欠工", "欠工资", "拖欠 工资"]))
    assert found(seen, text="拖欠工资") == []
    assert found(seen, text="拖欠 工资") == [3, 1]
    assert found(seen, text="欠工") == [2, 1]


def test_words_may_be_said_in_different_events(given: Given) -> None:
    seen = given(
        *many(subject=["工资", "工资"]), happened(NoteAdded(text="已联系监察"), of=number(2))
    )
    assert found(seen, text="工资 监察") == [2]


SAYING: tuple[Event, ...] = (
    NoteAdded(text="紧急处理"),
    replace(CONSULTED, answer="紧急处理"),
    replace(ANSWERED, summary="紧急处理"),
    replace(REFERRED, reason="紧急处理"),
    ReferralCompleted(by="STATION-1", outcome="紧急处理"),
    MediationSessionHeld(mediator="M-1", minutes=1, onsite=True, record="紧急处理"),
    MediationAgreed(form="oral", terms="紧急处理"),
    MediationEnded(reason="紧急处理", routes_told=True),
)


def test_whatever_event_says_it_the_request_is_found(given: Given) -> None:
    said = [happened(event, of=number(n)) for n, event in enumerate(SAYING, start=1)]
    seen = given(*many(subject=["工资"] * (len(SAYING) + 1)), *said, size=20)
    assert found(seen, text="急处") == [8, 7, 6, 5, 4, 3, 2, 1]
    assert {type(event) for event in SAYING} | {RequestLogged} == set(TEXTS)


def test_odd_characters_are_only_characters(given: Given) -> None:
    odd = ["%", "_", "\\", "'", '"', "{}", "a\\b", '","', "\t", "\0"]
    seen = given(*many(subject=[f"说{one}话 工资" for one in odd]), size=20)
    expected = {"%": [1], "_": [2], "\\": [7, 3], "'": [4], '"': [8, 5], "{}": [6], "a\\b": [7]}
    expected |= {
        '","': [8],
        "说 话": [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
        "\0工资": list(range(10, 0, -1)),
    }
    assert {word: found(seen, text=word) for word in expected} == expected


def test_an_empty_search_is_no_search(given: Given) -> None:
    seen = given(*many(subject=["工资", "婚姻"]))
    assert found(seen, text="") == found(seen, text=" ") == [2, 1]


# --- paging


def pages(seen: Viewing, order: Order, size: int, **asked: Any) -> list[int]:
    """All pages, one after the other."""
    after, numbers = None, []
    while rows := seen.listed(order=order, limit=size, after=after, **asked):
        numbers += [row.request.int for row in rows]
        after = cursor_of(rows[-1], order)
    return numbers


@pytest.mark.parametrize("head", [False, True])
def test_pages_follow_each_other_over_ties_without_loss_or_doubling(
    given: Given, *, head: bool
) -> None:
    at = ["2026-03-02 09:00"] * 4 + ["2026-03-03 09:00"] * 3
    dues = [local("2026-03-09 18:00")] * 5 + [local("2026-03-04 18:00")] * 2
    promises = [(replace(CLOSE, due=due),) for due in dues]
    seen = given(*many(at=at, promises=promises), size=7)
    for size in (1, 2, 3, 7):
        assert pages(seen, "requested", size, head=head) == [7, 6, 5, 4, 3, 2, 1]
        assert pages(seen, "due", size, head=head) == [6, 7, 1, 2, 3, 4, 5]


def test_a_page_as_known_then_does_not_move_while_others_write(given: Given) -> None:
    seen = given(*many(subject=["甲"] * 4), size=4)
    position, first = seen.head, seen.listed(limit=2)
    seen.given(logged("2026-03-02 10:00", of=number(9)), happened(ANSWERED, of=number(2)))
    rest = seen.listed(limit=9, after=cursor_of(first[-1], "requested"), position=position)
    assert [row.request.int for row in [*first, *rest]] == [4, 3, 2, 1]
    assert {row.status for row in rest} == {"open"}


def test_by_deadline_come_the_open_ones_with_a_deadline(given: Given) -> None:
    seen = given(
        *many(promises=[(CLOSE,), (), (FIRST_RESPONSE,), (CLOSE,)]),
        happened(ANSWERED, of=number(4)),
    )
    rows = seen.listed(order="due")
    assert [row.request.int for row in rows] == [3, 1]
    assert all(one.due <= other.due for one, other in pairwise(rows) if one.due and other.due)


def test_a_duplicate_is_listed_like_its_original(given: Given) -> None:
    seen = given(happened(LOGGED), logged(of=ORIGINAL))
    assert {row.request for row in seen.listed()} == {REQUEST, ORIGINAL}
