"""A calendar's versions: published once each, in order, and known from their announcement on."""

from datetime import UTC, date, datetime

import pytest
from msgspec import structs

from domain.moment import Moment, Registers
from domain.registers.calendar_publication import (
    CalendarNotYetAnnounced,
    CalendarPublished,
    PublishedCalendar,
    as_known_at,
    evolve,
)
from domain.registration.calendar_commands import (
    CalendarAnnouncedEarlier,
    CalendarCodeDiffers,
    CalendarVersionDiffers,
    CalendarVersionSkipped,
    PublishCalendar,
    decide,
)
from domain.vocabulary import Actor, Event, Refused
from domain.worktime.calendar import Calendar, TimeLimit, deadline
from ledger.founding.shipped import shipped_calendars

VERSIONS = tuple(
    command.calendar for command in shipped_calendars() if command.calendar.code == "gz-office"
)
FIRST, EXTENDED, NEWEST = VERSIONS
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MOMENT = Moment(
    by=Actor(account="li", role="administrator", unit="4401"),
    occurred_at=NOW,
    now=NOW,
    registers=Registers(points={}, advisers={}, calendars={}, policies={}),
)


def published(*versions: Calendar) -> PublishedCalendar | None:
    state = None
    for version in versions:
        state = evolve(state, CalendarPublished(calendar=version))
    return state


def publish(state: PublishedCalendar | None, calendar: Calendar) -> list[Event]:
    return decide(state, PublishCalendar(calendar=calendar), MOMENT)


def test_the_first_version_is_published_with_all_its_data() -> None:
    assert publish(None, FIRST) == [CalendarPublished(calendar=FIRST)]


def test_the_next_version_is_added_and_the_earlier_ones_stay() -> None:
    state = published(FIRST)
    assert publish(state, EXTENDED) == [CalendarPublished(calendar=EXTENDED)]
    after = published(FIRST, EXTENDED)
    assert after is not None
    assert after.versions == (FIRST, EXTENDED)
    assert after.newest == EXTENDED


@pytest.mark.parametrize("again", VERSIONS)
def test_publishing_a_version_again_changes_nothing(again: Calendar) -> None:
    assert publish(published(*VERSIONS), again) == []


@pytest.mark.parametrize(
    ("given", "calendar", "refusal"),
    [
        ((FIRST,), structs.replace(FIRST, makeup_days=()), CalendarVersionDiffers),
        ((FIRST,), NEWEST, CalendarVersionSkipped),
        ((), EXTENDED, CalendarVersionSkipped),
        ((FIRST,), structs.replace(EXTENDED, code="gz-center"), CalendarCodeDiffers),
        (
            (FIRST, EXTENDED),
            structs.replace(NEWEST, announced_at=datetime(2020, 1, 1, tzinfo=UTC)),
            CalendarAnnouncedEarlier,
        ),
        (
            (FIRST,),
            structs.replace(EXTENDED, announced_at=datetime(2019, 1, 1, tzinfo=UTC)),
            CalendarAnnouncedEarlier,
        ),
    ],
)
def test_a_version_that_rewrites_or_skips_is_refused(
    given: tuple[Calendar, ...], calendar: Calendar, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        publish(published(*given), calendar)


@pytest.mark.parametrize(
    ("instant", "version"),
    [
        (datetime(2019, 11, 20, 16, tzinfo=UTC), 1),
        (datetime(2020, 1, 25, 12, tzinfo=UTC), 1),
        (datetime(2020, 1, 25, 16, tzinfo=UTC), 2),
        (datetime(2020, 1, 27, 12, tzinfo=UTC), 2),
        (NOW, 3),
    ],
)
def test_a_calendar_is_known_from_its_announcement_on(instant: datetime, version: int) -> None:
    assert as_known_at(VERSIONS, instant).version == version
    state = published(*VERSIONS)
    assert state is not None
    assert state.as_known_at(instant).version == version


def test_before_the_first_announcement_no_calendar_is_known() -> None:
    with pytest.raises(CalendarNotYetAnnounced):
        as_known_at(VERSIONS, datetime(2019, 11, 20, 15, 59, tzinfo=UTC))


def test_the_deadline_as_known_on_25_january_2020_is_not_the_one_known_on_27_january() -> None:
    received = datetime(2020, 1, 22, 2, 0, tzinfo=UTC)
    limit = TimeLimit(amount=5, unit="working_day")
    days = [
        deadline(limit, received, as_known_at(VERSIONS, known_at)).due.date()
        for known_at in (
            datetime(2020, 1, 25, 12, tzinfo=UTC),
            datetime(2020, 1, 27, 12, tzinfo=UTC),
            NOW,
        )
    ]
    assert days == [date(2020, 2, 4), date(2020, 2, 6), date(2020, 2, 6)]
