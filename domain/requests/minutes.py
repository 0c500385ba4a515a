"""Minutes given to a request, on the day sheets of those who gave them: one day of nobody has more
than the rules of duty allow, over all his requests and visits (`domain.hours`)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from domain import hours
from domain.hours import DaySheet, HoursCleared, MinutesGiven
from domain.moment import Moment
from domain.registers.appointment import china_day
from domain.registers.policy import Doubt, duty_rules
from domain.requests.proceedings import MediationSessionHeld
from domain.requests.request import ConsultationGiven, Request, RequestVoided
from domain.vocabulary import Event


class Giver(Struct, frozen=True):
    """Who gives minutes: an adviser, or an account that is none."""

    adviser: str | None = None
    account: str | None = None

    def sheet(self, day: date) -> UUID:
        if self.adviser is not None:
            return hours.sheet_id(self.adviser, day)
        assert self.account is not None
        return hours.sheet_of_account(self.account, day)


def of_consultation(adviser: str | None, account: str) -> tuple[Giver, ...]:
    return (Giver(adviser=adviser) if adviser else Giver(account=account),)


def of_session(mediator: str, adviser: str | None) -> tuple[Giver, ...]:
    """The mediator gives them, and the adviser who was there."""
    mediating = Giver(account=mediator)
    return (mediating, Giver(adviser=adviser)) if adviser else (mediating,)


Given = ConsultationGiven | MediationSessionHeld


def givers(event: Given) -> tuple[Giver, ...]:
    if isinstance(event, ConsultationGiven):
        return of_consultation(event.adviser, event.given_by)
    return of_session(event.mediator, event.adviser)


def doubts(
    state: Request, some: Iterable[Giver], minutes: int, moment: Moment
) -> tuple[Doubt, ...]:
    """Name the doubts with which the rules take minutes of these givers.

    Raises: MinutesBeyondDay — when they do not.
    """
    day = china_day(moment.occurred_at)
    rules = duty_rules(moment.registers.policies, state.logged.division, day)
    for giver in some:
        kept = _kept(giver.sheet(day), moment)
        if kept.tells(moment.stream):
            continue
        so_far = kept.minutes_besides(moment.stream) + kept.given_to(moment.stream)
        who = giver.adviser or giver.account or ""
        beyond = hours.beyond_day(so_far + minutes, rules, who, day)
        if beyond is None:
            continue
        if BEYOND not in rules.doubted:
            raise beyond
        return (BEYOND,)
    return ()


BEYOND: Final = "beyond_day"


def writes(
    state: Request | None, events: Sequence[Event], moment: Moment
) -> Iterator[tuple[UUID, Event]]:
    """Yield what stands on the day sheets after these events: given, or cleared."""
    request = moment.stream
    assert request is not None
    for event in events:
        if isinstance(event, Given) and event.given_on is not None and event.minutes:
            for giver in givers(event):
                sheet = giver.sheet(event.given_on)
                before = _kept(sheet, moment).given_to(request)
                yield (
                    sheet,
                    MinutesGiven(
                        day=event.given_on,
                        work=request,
                        minutes=before + event.minutes,
                        adviser=giver.adviser,
                        account=giver.account,
                    ),
                )
        if isinstance(event, RequestVoided) and state is not None:
            for sheet in sheets(state):
                if _kept(sheet, moment).given_to(request):
                    yield sheet, HoursCleared(work=request)


def sheets(state: Request) -> tuple[UUID, ...]:
    """Return the sheets that hold minutes of the request."""
    held = {
        giver.sheet(one.given_on)
        for one in state.given
        if one.given_on is not None
        for giver in givers(one)
    }
    return tuple(sorted(held))


def _kept(sheet: UUID, moment: Moment) -> DaySheet:
    return moment.beside.get(sheet) or DaySheet()
