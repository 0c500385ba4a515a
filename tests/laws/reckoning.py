"""What the reports should say, reckoned in plain Python from the events, one request at a time."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.registers.calendar_publication import CalendarPublished
from domain.requests.proceedings import MediationSessionHeld
from domain.requests.rating import (
    RatingCalledBack,
    RatingDefaulted,
    RatingDisputeDecided,
    RatingExempted,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
    RatingLookedAt,
    RatingWithdrawn,
)
from domain.requests.request import (
    RESPONSES,
    AdviserAssigned,
    ConsultationGiven,
    DuplicateLinked,
    DuplicateUnlinked,
    Reclassified,
    RequestClosed,
    RequestLogged,
    RequestReopened,
    RequestVoided,
    SupplementReceived,
    SupplementRequested,
)
from domain.worktime.calendar import Calendar
from ledger.log.codec import Recorded


class Story:
    """One request with its rating, as its events tell it."""

    def __init__(self, logged: RequestLogged) -> None:
        self.logged = logged
        self.service = logged.service
        self.adviser = logged.adviser
        self.closed_at: datetime | None = None
        self.close_minutes: int | None = None
        self.response_minutes: int | None = None
        self.responded = self.voided = False
        self.links: set[UUID] = set()
        self.repeats = False
        """Another of its group counts."""
        self.pauses: list[list[datetime | None]] = []
        self.dormant: list[tuple[datetime, datetime]] = []
        self.counts: Counter[str] = Counter()
        self.minutes: Counter[tuple[str | None, str]] = Counter()
        """By adviser and kind: onsite, offsite, off_peak."""
        self.grades: dict[str, int] = {}
        self.apart: str | None = None
        """Why the person's rating counts not, if it does not: the last reason."""
        self.others_excluded = 0
        self.exempt: str | None = None
        self.close_kind: str | None = None

    @property
    def counted(self) -> bool:
        return not self.voided and not self.repeats


def reckon(events: Iterable[Recorded]) -> dict[UUID, Story]:
    calendars: dict[str, Calendar] = {}
    stories: dict[UUID, Story] = {}
    for recorded in events:
        event = recorded.event
        if isinstance(event, CalendarPublished):
            calendars[event.calendar.code] = event.calendar
        elif isinstance(event, RequestLogged):
            stories[recorded.originator_id] = Story(event)
        else:
            request = getattr(event, "request", recorded.originator_id)
            if request in stories:
                _tell(stories[request], event, recorded.occurred_at, calendars)
    for request in stories:
        _place(request, stories)
    return stories


def _place(request: UUID, stories: dict[UUID, Story]) -> None:
    """Say whether a request that comes before this one in its group counts."""
    group, left = {request}, [request]
    while left:
        one = left.pop()
        near = {*stories[one].links, *(other for other in stories if one in stories[other].links)}
        left += (new := (near & stories.keys()) - group)
        group |= new
    order = {one: (bool(stories[one].links), number) for number, one in enumerate(stories)}
    standing = [one for one in group if not stories[one].voided]
    stories[request].repeats = any(order[one] < order[request] for one in standing)


def _tell(story: Story, event: Any, at: datetime, calendars: dict[str, Calendar]) -> None:
    calendar = calendars[story.logged.calendar.split("@")[0]] if story.logged.calendar else None
    if isinstance(event, RESPONSES) and not story.responded:
        story.responded = True
        story.response_minutes = _waited(story, at, calendar)
    _serve(story, event, at, calendar)
    _run(story, event, at, calendar)
    _say(story, event)


def _serve(story: Story, event: Any, at: datetime, calendar: Calendar | None) -> None:
    match event:
        case ConsultationGiven():
            story.adviser = event.adviser or story.adviser
            _work(story, event, at, calendar, onsite=event.mode == "onsite")
        case MediationSessionHeld():
            _work(story, event, at, calendar, onsite=event.onsite)
        case AdviserAssigned():
            story.adviser = event.adviser
        case Reclassified():
            story.service = event.to_service
            story.counts["reclassified"] += 1
        case DuplicateLinked():
            story.links.add(event.original)
        case DuplicateUnlinked():
            story.links.discard(event.original)


def _run(story: Story, event: Any, at: datetime, calendar: Calendar | None) -> None:
    match event:
        case SupplementRequested():
            story.pauses.append([event.paused_at, None])
        case SupplementReceived():
            story.pauses[-1][1] = event.resumed_at
        case RequestClosed():
            story.close_minutes = _waited(story, at, calendar)
            story.closed_at = at
            story.close_kind = event.kind
            if story.pauses and story.pauses[-1][1] is None:
                story.pauses[-1][1] = at
        case RequestReopened():
            story.counts["reopened"] += 1
            assert story.closed_at is not None
            story.dormant.append((story.closed_at, event.reopened_at))
            story.closed_at = story.close_minutes = story.close_kind = None
        case RequestVoided():
            story.voided = True


def _say(story: Story, event: Any) -> None:
    match event:
        case RatingInvited():
            story.counts["invited"] = 1
            story.exempt = None
        case RatingExempted():
            story.exempt = event.rule
        case RatingWithdrawn():
            story.apart = "withdrawn"
        case RatingLookedAt():
            if story.apart == "suspect":
                story.apart = None if event.counted else "set_aside"
        case RatingGiven() | RatingDefaulted() | RatingCalledBack() | RatingFollowedUp():
            story.grades[type(event).__name__] = event.grade
            if isinstance(event, RatingGiven) and event.suspicions:
                story.apart = "suspect"
        case RatingDisputeDecided() if event.excluded:
            if event.of == "given":
                story.apart = "disputed"
            else:
                story.others_excluded += 1
                name = "RatingDefaulted" if event.of == "default" else "RatingCalledBack"
                del story.grades[name]


def _work(
    story: Story,
    event: ConsultationGiven | MediationSessionHeld,
    at: datetime,
    calendar: Calendar | None,
    *,
    onsite: bool,
) -> None:
    story.minutes[event.adviser, "onsite" if onsite else "offsite"] += event.minutes
    if calendar is not None and _off_peak(calendar, at):
        story.minutes[event.adviser, "off_peak"] += event.minutes


def _off_peak(calendar: Calendar, at: datetime) -> bool:
    """No duty rules are published in these lives: the night is from 18:00 to 06:00."""
    day = calendar.local_day(at)
    by_day = calendar.at(day, 6 * 60) <= at < calendar.at(day, 18 * 60)
    return not (calendar.is_working(day) and by_day)


def _waited(story: Story, until: datetime, calendar: Calendar | None) -> int | None:
    if calendar is None:
        return None
    minutes = calendar.working_minutes(story.logged.requested_at, until)
    for since, over in story.pauses:
        assert since is not None
        minutes -= calendar.working_minutes(since, over or until)
    for closed, reopened in story.dormant:
        minutes -= calendar.working_minutes(closed, reopened)
    return minutes


def day_of(instant: datetime) -> date:
    """Every simulated point keeps China's time, eight hours ahead all year."""
    return datetime.fromtimestamp(instant.timestamp() + 8 * 3600, instant.tzinfo).date()


def grouped(
    stories: Iterable[Story], key: Callable[[Story], str | None]
) -> dict[str | None, list[Story]]:
    found: dict[str | None, list[Story]] = defaultdict(list)
    for story in stories:
        if not story.voided:
            found[key(story)].append(story)
    return found


def percentile(values: Iterable[float | None], share: float) -> float | None:
    """SQL's `percentile_cont`."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    place = share * (len(known) - 1)
    below = int(place)
    above = min(below + 1, len(known) - 1)
    return known[below] + (known[above] - known[below]) * (place - below)
