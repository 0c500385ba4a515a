"""An appointment 聘任: who advises a village or community, from nomination to dismissal.

One stream per division, so that its terms cannot overlap: for a village or community (12 digits)
its selections, terms, group and display; for it or a town (9 digits) also its linked providers.
Days are local days of Guangzhou. Who advised on a day never changes by what is decided for later.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode
from domain.registers.policy import DismissalGround
from domain.registers.stint import Stint
from domain.vocabulary import CHINA, Event, Personal, Text

KIND: Final = "appointment"
_CHINA: Final = ZoneInfo(CHINA)

Opinion = Literal["supports", "neutral", "objects"]
ProviderKind = Literal["team", "firm", "project_team"]
"""团队化服务: a team serves a community, a firm a town, a project team a village."""
LEVEL_SERVED: Final[dict[ProviderKind, int]] = {"team": 12, "firm": 9, "project_team": 12}
"""Digits of the division that each serves."""


Selection = Literal["none", "nominated", "heard", "chosen", "accepted"]
"""双向选择, as far as it has come: the justice office hears village and residents, the committee
chooses, the firm answers, the bureau signs the contract."""
Turn = Literal["bureau", "committee", "firm"]
TURN: Final[dict[Selection, Turn]] = {
    "nominated": "bureau",
    "heard": "committee",
    "chosen": "firm",
    "accepted": "bureau",
}
"""Who must act next; the justice office is the bureau's."""


# --- events: selection 双向选择


class AdviserNominated(Event, frozen=True, kw_only=True):
    """Recommended by the district bureau; several may stand side by side."""

    topic: ClassVar[str] = "appointment.adviser_nominated/1"
    division: DivisionCode
    adviser: Code
    firm: Code
    team: Code | None = None
    reason: Text


class CoordinationRecorded(Event, frozen=True, kw_only=True):
    """The justice office heard the committee and the residents about one candidate."""

    topic: ClassVar[str] = "appointment.coordination_recorded/1"
    adviser: Code
    committee: Opinion
    residents: Opinion
    residents_heard: int
    note: Personal | None = None


class VillageChose(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.village_chose/1"
    adviser: Code


class FirmAccepted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.firm_accepted/1"
    firm: Code


class FirmDeclined(Event, frozen=True, kw_only=True):
    """Its candidate no longer stands; the village may choose another."""

    topic: ClassVar[str] = "appointment.firm_declined/1"
    firm: Code
    adviser: Code
    reason: Text


class SelectionCancelled(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.selection_cancelled/1"
    reason: Text


# --- events: terms


class ContractSigned(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.contract_signed/1"
    term: int
    adviser: Code
    firm: Code
    team: Code | None = None
    starts_on: date
    ends_on: date
    """The last day of the term."""


class TermRenewed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.term_renewed/1"
    term: int
    adviser: Code
    firm: Code
    team: Code | None = None
    starts_on: date
    ends_on: date


class AdviserReplaced(Event, frozen=True, kw_only=True):
    """From `effective_on` another serves for what is left; `former` is None for a vacancy."""

    topic: ClassVar[str] = "appointment.adviser_replaced/1"
    former: Code | None = None
    adviser: Code
    firm: Code
    team: Code | None = None
    effective_on: date
    reason: Text


class AdviserDismissed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.adviser_dismissed/1"
    adviser: Code
    ground: DismissalGround
    reason: Text
    effective_on: date
    """The first day he no longer serves."""
    absences: int = 0
    """Unexcused, within the term."""
    refusals: int = 0
    banned_until: date | None = None
    """First day of a possible new appointment, anywhere; None when there is no ban."""


class TermEnded(Event, frozen=True, kw_only=True):
    """Early, by agreement or because the adviser gave up: no ground, no ban."""

    topic: ClassVar[str] = "appointment.term_ended/1"
    adviser: Code
    effective_on: date
    reason: Text


# --- events: conduct within a term


class AbsenceNoted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.absence_noted/1"
    adviser: Code
    day: date
    note: Text


class AbsenceExcused(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.absence_excused/1"
    adviser: Code
    day: date
    reason: Text


class ArrangementRefused(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.arrangement_refused/1"
    KEY: ClassVar = None
    adviser: Code
    day: date
    arrangement: Text


# --- events: group, display, providers


class WechatGroupCreated(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.wechat_group_created/1"
    day: date


class WechatGroupDissolved(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.wechat_group_dissolved/1"
    day: date
    reason: Text


class DisplayPosted(Event, frozen=True, kw_only=True):
    """The board with name, telephone and code of the adviser."""

    topic: ClassVar[str] = "appointment.display_posted/1"
    day: date
    place: Text


class DisplayRemoved(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.display_removed/1"
    day: date
    reason: Text


class ProviderLinked(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.provider_linked/1"
    division: DivisionCode
    provider: ProviderKind
    code: Code
    since: date


class ProviderUnlinked(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "appointment.provider_unlinked/1"
    provider: ProviderKind
    code: Code
    until: date
    """The first day without."""
    reason: Text


SelectionEvent = (
    AdviserNominated | CoordinationRecorded | VillageChose | FirmAccepted | FirmDeclined
    | SelectionCancelled
)  # fmt: skip
ServiceEvent = (
    ContractSigned | TermRenewed | AdviserReplaced | AdviserDismissed | TermEnded | AbsenceNoted
    | AbsenceExcused | ArrangementRefused
)  # fmt: skip
PresenceEvent = (
    WechatGroupCreated | WechatGroupDissolved | DisplayPosted | DisplayRemoved | ProviderLinked
    | ProviderUnlinked
)  # fmt: skip
AppointmentEvent = SelectionEvent | ServiceEvent | PresenceEvent
EVENTS: Final[tuple[type[Event], ...]] = get_args(AppointmentEvent)


# --- state


class Candidate(Struct, frozen=True):
    KEY: ClassVar = ("adviser",)
    adviser: str
    firm: str
    team: str | None
    heard: CoordinationRecorded | None = None
    """What the committee and the residents said of him last."""


class Term(Struct, frozen=True):
    """A contracted term; the stints say by whom it was served."""

    KEY: ClassVar = None

    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class Span(Struct, frozen=True):
    """Days from `since` until the day before `until`."""

    KEY: ClassVar = None

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Link(Struct, frozen=True):
    KEY: ClassVar = None
    provider: ProviderKind
    code: str
    span: Span


class Appointment(Struct, frozen=True, kw_only=True):
    division: str
    candidates: tuple[Candidate, ...] = ()
    chosen: str | None = None
    accepted: bool = False
    terms: tuple[Term, ...] = ()
    """Term n is `terms[n - 1]`."""
    stints: tuple[Stint, ...] = ()
    """Oldest first; they do not overlap."""
    bans: tuple[tuple[str, date], ...] = ()
    """Adviser and the first day he may be appointed again."""
    absences: tuple[tuple[str, date], ...] = ()
    """Unexcused: adviser and day."""
    refusals: tuple[ArrangementRefused, ...] = ()
    groups: tuple[Span, ...] = ()
    displays: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def selection(self) -> Selection:
        if self.accepted:
            return "accepted"
        if self.chosen is not None:
            return "chosen"
        if any(one.heard is not None for one in self.candidates):
            return "heard"
        return "nominated" if self.candidates else "none"

    @property
    def chosen_firm(self) -> str | None:
        """The firm of the chosen candidate, which has to answer."""
        return next((one.firm for one in self.candidates if one.adviser == self.chosen), None)

    @property
    def named(self) -> set[str]:
        """Advisers who serve, have served or are banned."""
        return {one.adviser for one in self.stints} | {adviser for adviser, _ in self.bans}

    def stint_on(self, day: date) -> Stint | None:
        return next((one for one in self.stints if one.covers(day)), None)

    def serves(self, adviser: str, day: date) -> bool:
        return any(one.adviser == adviser and one.covers(day) for one in self.stints)

    def group_on(self, day: date) -> bool:
        return any(span.covers(day) for span in self.groups)

    def display_on(self, day: date) -> bool:
        return any(span.covers(day) for span in self.displays)

    def providers_on(self, day: date) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.span.covers(day))


def is_open(spans: tuple[Span, ...]) -> bool:
    return bool(spans) and spans[-1].until is None


def china_day(instant: datetime) -> date:
    return instant.astimezone(_CHINA).date()


def evolve(state: Appointment | None, event: AppointmentEvent) -> Appointment:
    if state is None:
        assert isinstance(event, AdviserNominated | ProviderLinked)
        state = Appointment(division=event.division)
    if isinstance(event, SelectionEvent):
        return _selected(state, event)
    if isinstance(event, ServiceEvent):
        return _served(state, event)
    return _present(state, event)


def _selected(state: Appointment, event: SelectionEvent) -> Appointment:
    match event:
        case AdviserNominated():
            candidate = Candidate(event.adviser, event.firm, event.team)
            return replace(state, candidates=(*state.candidates, candidate))
        case CoordinationRecorded():
            return replace(state, candidates=_heard(state.candidates, event))
        case VillageChose():
            return replace(state, chosen=event.adviser)
        case FirmAccepted():
            return replace(state, accepted=True)
        case FirmDeclined():
            left = tuple(one for one in state.candidates if one.adviser != event.adviser)
            return replace(state, candidates=left, chosen=None)
        case SelectionCancelled():
            return replace(state, candidates=(), chosen=None, accepted=False)
        case _:
            assert_never(event)


def _served(state: Appointment, event: ServiceEvent) -> Appointment:
    match event:
        case ContractSigned():
            state = replace(state, candidates=(), chosen=None, accepted=False)
            return _begun(state, event)
        case TermRenewed():
            return _begun(state, event)
        case AdviserReplaced():
            return replace(state, stints=tuple(_replaced(state, event)))
        case AdviserDismissed():
            return _dismissed(state, event)
        case TermEnded():
            return replace(state, stints=tuple(_ended(state, event.adviser, event.effective_on)))
        case AbsenceNoted():
            return replace(state, absences=(*state.absences, (event.adviser, event.day)))
        case AbsenceExcused():
            excused = (event.adviser, event.day)
            return replace(state, absences=tuple(a for a in state.absences if a != excused))
        case ArrangementRefused():
            return replace(state, refusals=(*state.refusals, event))
        case _:
            assert_never(event)


def _present(state: Appointment, event: PresenceEvent) -> Appointment:
    match event:
        case WechatGroupCreated():
            return replace(state, groups=(*state.groups, Span(event.day)))
        case WechatGroupDissolved():
            return replace(state, groups=_closed(state.groups, event.day))
        case DisplayPosted():
            return replace(state, displays=(*state.displays, Span(event.day)))
        case DisplayRemoved():
            return replace(state, displays=_closed(state.displays, event.day))
        case ProviderLinked():
            link = Link(event.provider, event.code, Span(event.since))
            return replace(state, links=(*state.links, link))
        case ProviderUnlinked():
            return replace(state, links=tuple(_unlinked(state.links, event)))
        case _:
            assert_never(event)


def _heard(candidates: tuple[Candidate, ...], event: CoordinationRecorded) -> tuple[Candidate, ...]:
    return tuple(
        replace(one, heard=event) if one.adviser == event.adviser else one for one in candidates
    )


def _begun(state: Appointment, event: ContractSigned | TermRenewed) -> Appointment:
    term = Term(event.starts_on, event.ends_on)
    stint = Stint(state.division, event.term, event.adviser, event.firm, event.team, *_days(term))
    return replace(state, terms=(*state.terms, term), stints=(*state.stints, stint))


def _days(term: Term) -> tuple[date, date]:
    return term.starts_on, term.ends_on


def _ended(state: Appointment, adviser: str, day: date) -> Iterator[Stint]:
    """The stints, with none of this adviser's from `day` on."""
    for stint in state.stints:
        if not stint.reaches(adviser, day):
            yield stint
        elif served := stint.before(day):
            yield served


def _dismissed(state: Appointment, event: AdviserDismissed) -> Appointment:
    state = replace(state, stints=tuple(_ended(state, event.adviser, event.effective_on)))
    if event.banned_until is None:
        return state
    return replace(state, bans=(*state.bans, (event.adviser, event.banned_until)))


def _replaced(state: Appointment, event: AdviserReplaced) -> Iterator[Stint]:
    """The successor takes what is left of this term and the later terms of the former one."""
    day = event.effective_on
    if event.former is None:
        yield from state.stints
        yield Stint(
            state.division, len(state.terms), event.adviser, event.firm, event.team,
            day, state.terms[-1].ends_on,
        )  # fmt: skip
        return
    for stint in state.stints:
        if not stint.reaches(event.former, day):
            yield stint
            continue
        if served := stint.before(day):
            yield served
        yield stint.taken_over(day, event.adviser, event.firm, event.team)


def _closed(spans: tuple[Span, ...], day: date) -> tuple[Span, ...]:
    return (*spans[:-1], replace(spans[-1], until=day))


def _unlinked(links: tuple[Link, ...], event: ProviderUnlinked) -> Iterator[Link]:
    for link in links:
        same = (link.provider, link.code, link.span.until) == (event.provider, event.code, None)
        yield replace(link, span=replace(link.span, until=event.until)) if same else link
