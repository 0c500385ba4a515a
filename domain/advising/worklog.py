"""A work-log entry 工作日志: one visit or one matter of village advisers, 一次一记、一事一记.

It happened from `started_at` to `ended_at`; what is entered later than a day says why. Advisers who
served together share its minutes. Evidence is named by content hash and uploaded on its own, so
that a failed upload never loses the entry. Night and days off are not entered:
`domain.scoring.duty`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from domain import hours
from domain.codes import Code, Digest, DivisionCode
from domain.exhibits import (
    Evidence,
    EvidenceTwice,
    Exhibit,
    Exhibits,
    exhibit,
    marked,
    refuse_unfit,
    to_confirm,
    to_miss,
)
from domain.hours import DaySheet, HoursCleared, HoursEntered
from domain.listed import is_division, told_division
from domain.moment import Beside, LateEntryNeedsReason, Moment, Registers, not_in_future
from domain.registers.appointment import china_day
from domain.registers.division import VILLAGE_DIGITS
from domain.registers.policy import Doubt, DutyRules, duty_rules
from domain.requests.proceedings_commands import employer
from domain.requests.request import ClientCategory, Mode
from domain.vocabulary import (
    Command,
    Count,
    Event,
    NotThere,
    Personal,
    Refused,
    Service,
    Several,
    Statement,
    Text,
)

KIND: Final = "worklog"
LONGEST: Final = timedelta(hours=24)
_MINUTE: Final = timedelta(minutes=1)
TOWN_DIGITS: Final = 9
ADVISER: Final = "adviser"
"""Role of who enters his own hours; the office enters those of anybody."""

WorkedMinutes = Annotated[int, Meta(ge=1, le=24 * 60)]
Capacity = Literal["adviser", "mediation_committee"]
"""In which of his roles: an adviser is often deputy head of the mediation committee as well."""
SignInMethod = Literal["qr_code", "location", "device", "photo", "committee"]


class Work(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The work done, as entered."""

    village: DivisionCode
    service: Service
    mode: Mode
    ended_at: Annotated[datetime, Meta(tz=True)]
    capacity: Capacity = "adviser"
    place: Text | None = None
    clients: Mapping[ClientCategory, Several] = field(default_factory=dict)
    """How many of each kind were served: 人次."""
    people_reached: Count = 0
    """Listeners of a lecture, members of a group, besides the clients."""
    matter: Code | None = None
    """Category of the matter."""
    summary: Statement
    result: Personal | None = None
    follow_up: Personal | None = None
    request: UUID | None = None
    """The request it belongs to."""


class Share(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    adviser: Code
    minutes: WorkedMinutes


class Served(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One adviser's part, with the firm and team of that day."""

    KEY: ClassVar = ("adviser",)

    adviser: Code
    minutes: int
    firm: Code
    team: Code | None = None


class SignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    method: SignInMethod
    at: Annotated[datetime, Meta(tz=True)]


# --- events


class WorkLogged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "worklog.logged/1"
    started_at: datetime
    minutes: int
    work: Work
    served: tuple[Served, ...]
    """Their minutes add up to `minutes`."""
    recorder: Code
    sign_in: SignIn | None = None
    evidence: tuple[Evidence, ...] = ()
    """Named, and waited for until the upload is confirmed."""
    late_reason: Text | None = None
    doubts: tuple[Doubt, ...] = ()
    """With which it was taken, as the duty rules allow."""


class WorkCorrected(Event, frozen=True, kw_only=True):
    """The whole entry as it should have been; the former wording stays in the log. Confirmation and
    verification were of the former wording, so both are open again."""

    topic: ClassVar[str] = "worklog.corrected/1"
    started_at: datetime
    minutes: int
    work: Work
    served: tuple[Served, ...]
    reason: Text
    doubts: tuple[Doubt, ...] = ()
    late_reason: Text | None = None
    """Its reason, where it tells hours, a village or an adviser that the entry did not tell, later
    than the entry allowance: those are entered late, whenever the first wording was."""
    corrected_by: Code | None = None
    """Where he neither recorded the entry nor served: he does not check it."""


class WorkWithdrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "worklog.withdrawn/1"
    reason: Text


class EvidenceAttached(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "worklog.evidence_attached/1"
    evidence: Evidence


class EvidenceUploadConfirmed(Event, frozen=True, kw_only=True):
    """The content is in the blob store and has this hash."""

    topic: ClassVar[str] = "worklog.evidence_upload_confirmed/1"
    sha256: Digest


class EvidenceMissing(Event, frozen=True, kw_only=True):
    """No longer waited for; a later upload is still taken."""

    topic: ClassVar[str] = "worklog.evidence_missing/1"
    sha256: Digest
    reason: Text


class WorkConfirmed(Event, frozen=True, kw_only=True):
    """By the village or residents' committee."""

    topic: ClassVar[str] = "worklog.confirmed/1"
    note: Text | None = None


class WorkVerified(Event, frozen=True, kw_only=True):
    """By the justice office."""

    topic: ClassVar[str] = "worklog.verified/1"
    note: Text | None = None


class WorkReturned(Event, frozen=True, kw_only=True):
    """By the justice office, to be corrected; until then it does not count."""

    topic: ClassVar[str] = "worklog.returned/1"
    reason: Text


class DoubtsCleared(Event, frozen=True, kw_only=True):
    """By the justice office, which looked at the entry. A doubt that holds returns the entry."""

    topic: ClassVar[str] = "worklog.doubts_cleared/1"
    doubts: tuple[Doubt, ...]
    reason: Text


WorklogEvent = (
    WorkLogged | WorkCorrected | WorkWithdrawn | EvidenceAttached | EvidenceUploadConfirmed
    | EvidenceMissing | WorkConfirmed | WorkVerified | WorkReturned | DoubtsCleared
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(WorklogEvent)


# --- commands


class LogWork(Command, frozen=True, kw_only=True):
    """It began when the command says that it happened. Without shares the adviser who enters it
    served alone."""

    work: Work
    shares: tuple[Share, ...] = ()
    sign_in: SignIn | None = None
    evidence: tuple[Evidence, ...] = ()
    late_reason: Text | None = None


class CorrectWork(Command, frozen=True, kw_only=True):
    started_at: Annotated[datetime, Meta(tz=True)]
    work: Work
    shares: Annotated[tuple[Share, ...], Meta(min_length=1)]
    reason: Text


class WithdrawWork(Command, frozen=True, kw_only=True):
    reason: Text


class AttachEvidence(Command, frozen=True, kw_only=True):
    evidence: Evidence


class ConfirmEvidenceUpload(Command, frozen=True, kw_only=True):
    """Sent by whoever stored the content and computed its hash."""

    sha256: Digest


class ReportEvidenceMissing(Command, frozen=True, kw_only=True):
    sha256: Digest
    reason: Text


class ConfirmWork(Command, frozen=True, kw_only=True):
    note: Text | None = None


class VerifyWork(Command, frozen=True, kw_only=True):
    note: Text | None = None


class ReturnWork(Command, frozen=True, kw_only=True):
    reason: Text


class ClearDoubts(Command, frozen=True, kw_only=True):
    """Of the entry as it is worded now."""

    doubts: Annotated[tuple[Doubt, ...], Meta(min_length=1)]
    reason: Text


EvidenceCommand = AttachEvidence | ConfirmEvidenceUpload | ReportEvidenceMissing
Checking = ConfirmWork | VerifyWork | ReturnWork | ClearDoubts
WorklogCommand = LogWork | CorrectWork | WithdrawWork | EvidenceCommand | Checking
COMMANDS: Final[tuple[type[Command], ...]] = get_args(WorklogCommand)


# --- state


Standing = Literal["logged", "returned", "verified", "withdrawn"]


class Wording(Struct, frozen=True):
    """The entry as worded at first, or after a correction."""

    KEY: ClassVar = None

    started_at: datetime
    minutes: int
    work: Work
    served: tuple[Served, ...]


class Worklog(Struct, frozen=True, kw_only=True):
    recorder: str
    wordings: tuple[Wording, ...]
    """Oldest first; the last one counts."""
    sign_in: SignIn | None
    exhibits: Exhibits
    standing: Standing = "logged"
    confirmed: bool = False
    doubts: tuple[Doubt, ...] = ()
    """Those of the present wording that nobody has cleared."""
    cleared: tuple[Doubt, ...] = ()
    corrected_by: str | None = None
    """Who gave it its present wording, where he neither recorded the entry nor served."""

    @property
    def now(self) -> Wording:
        return self.wordings[-1]

    @property
    def is_lecture(self) -> bool:
        return self.now.work.service == "lecture"

    @property
    def counts(self) -> bool:
        return self.standing in ("logged", "verified")

    def exhibit(self, sha256: str) -> Exhibit | None:
        return exhibit(self.exhibits, sha256)


def evolve(state: Worklog | None, event: WorklogEvent) -> Worklog:
    if isinstance(event, WorkLogged):
        return Worklog(
            recorder=event.recorder,
            wordings=(_wording(event),),
            sign_in=event.sign_in,
            exhibits=tuple(Exhibit(one) for one in event.evidence),
            doubts=event.doubts,
        )
    assert state is not None
    match event:
        case WorkCorrected():
            return replace(
                state,
                wordings=(*state.wordings, _wording(event)),
                standing="logged",
                confirmed=False,
                doubts=event.doubts,
                cleared=(),
                corrected_by=event.corrected_by,
            )
        case WorkWithdrawn():
            return replace(state, standing="withdrawn")
        case EvidenceAttached():
            return replace(state, exhibits=(*state.exhibits, Exhibit(event.evidence)))
        case EvidenceUploadConfirmed():
            return replace(state, exhibits=marked(state.exhibits, event.sha256, "stored"))
        case EvidenceMissing():
            return replace(state, exhibits=marked(state.exhibits, event.sha256, "missing"))
        case WorkConfirmed():
            return replace(state, confirmed=True)
        case WorkVerified():
            return replace(state, standing="verified")
        case WorkReturned():
            return replace(state, standing="returned")
        case DoubtsCleared():
            left = tuple(one for one in state.doubts if one not in event.doubts)
            return replace(state, doubts=left, cleared=(*state.cleared, *event.doubts))
        case _:
            assert_never(event)


def _wording(event: WorkLogged | WorkCorrected) -> Wording:
    return Wording(event.started_at, event.minutes, event.work, event.served)


# --- refusals


class WorkUnknown(NotThere):
    """没有这条工作日志"""


class WorkExists(Refused):
    """这条工作日志已经登记"""


class WorkIsWithdrawn(Refused):
    """这条工作日志已撤回"""


class WorkIsReturned(Refused):
    """这条工作日志已退回，请先更正"""


class WorkEndsBeforeStart(Refused):
    """结束时间须晚于开始时间至少一分钟"""


class WorkTooLong(Refused):
    """一条工作日志不能超过24小时，请按次分别记录"""


class LateWorkNeedsReason(LateEntryNeedsReason):
    """服务结束超过24小时后补录须说明原因"""


class NobodyServed(Refused):
    """须写明由哪位法律顾问提供服务"""


class ServedTwice(Refused):
    """同一位法律顾问不能重复列出"""


class SharesDoNotAddUp(Refused):
    """各位顾问的分钟数之和须等于服务分钟数"""


class SignedInAfterwards(Refused):
    """签到时间晚于服务结束时间"""


class VillageUnknown(Refused):
    """没有这个村（社区）：区划名册中没有，或者没有这个区划的服务点和聘任关系；请核对区划代码"""


class NotServingThere(Refused):
    """该法律顾问当日没有在这个村（社区）任职，请核对村（社区）、日期或聘任关系"""


class HoursOverlap(Refused):
    """这段时间已有该法律顾问的另一条工作日志，请核对起止时间或更正另一条"""


class ConfirmedElsewhere(Refused):
    """工作日志只能由服务所在的村（居）民委员会确认"""


class NoSuchDoubt(Refused):
    """这条工作日志没有这项疑点"""


class OwnWork(Refused):
    """不能确认或核验自己提供、登记或更正的服务"""


class NotYourWork(Refused):
    """法律顾问只能登记、更正或撤回本人或本团队的服务，他人的由司法所办理"""


# --- what the state lets happen


def possible(state: Worklog, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    if state.standing == "withdrawn":
        return False
    if command is ReportEvidenceMissing:
        return any(one.status == "waiting" for one in state.exhibits)
    if command is ConfirmWork:
        return not state.confirmed
    if command is VerifyWork:
        return state.standing == "logged"
    if command is ReturnWork:
        return state.standing != "returned"
    if command is ClearDoubts:
        # An overlap may be told by the views alone.
        return bool(state.doubts) or "overlap" not in state.cleared
    return True


# --- decide


def even_shares(minutes: int, advisers: Sequence[str]) -> tuple[Share, ...]:
    """Shares as equal as whole minutes allow: the first ones get the minutes left over."""
    each, left = divmod(minutes, len(advisers))
    return tuple(
        Share(adviser=adviser, minutes=each + (number < left))
        for number, adviser in enumerate(advisers)
    )


def decide(state: Worklog | None, command: WorklogCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, LogWork):
        return _log(state, command, moment)
    if state is None:
        raise WorkUnknown
    if isinstance(command, CorrectWork | WithdrawWork | EvidenceCommand):
        _own(state.now.served, state.recorder, moment)
    if isinstance(command, WithdrawWork):
        withdrawn = state.standing == "withdrawn"
        return [] if withdrawn else [WorkWithdrawn(reason=command.reason)]
    if isinstance(command, ConfirmEvidenceUpload):
        return _store(state, command.sha256)
    if state.standing == "withdrawn":
        raise WorkIsWithdrawn
    match command:
        case CorrectWork():
            return _correct(state, command, moment)
        case AttachEvidence(evidence=evidence):
            if state.exhibit(evidence.sha256) is not None:
                return []
            refuse_unfit(evidence)
            return [EvidenceAttached(evidence=evidence)]
        case ReportEvidenceMissing():
            return _miss(state, command)
        case _:
            return _check(state, command, moment)


def _log(state: Worklog | None, command: LogWork, moment: Moment) -> list[Event]:
    if state is not None:
        raise WorkExists
    wording = _worded(moment.occurred_at, command.work, _shares(command, moment), moment)
    _own(wording.served, moment.by.account, moment)
    doubts = _doubts(wording, moment)
    late_reason = command.late_reason or moment.late_reason
    if moment.is_late(command.work.ended_at) and late_reason is None:
        raise LateWorkNeedsReason
    if command.sign_in is not None and command.sign_in.at > command.work.ended_at:
        raise SignedInAfterwards
    if len({one.sha256 for one in command.evidence}) < len(command.evidence):
        raise EvidenceTwice
    for one in command.evidence:
        refuse_unfit(one)
    return [
        WorkLogged(
            started_at=wording.started_at,
            minutes=wording.minutes,
            work=wording.work,
            served=wording.served,
            recorder=moment.by.account,
            sign_in=command.sign_in,
            evidence=command.evidence,
            late_reason=late_reason,
            doubts=doubts,
        )
    ]


def _shares(command: LogWork, moment: Moment) -> tuple[Share, ...]:
    if command.shares or moment.by.adviser is None:
        return command.shares
    minutes = (command.work.ended_at - moment.occurred_at) // _MINUTE
    return (Share(adviser=moment.by.adviser, minutes=minutes),)


def _worded(started_at: datetime, work: Work, shares: tuple[Share, ...], moment: Moment) -> Wording:
    """Minutes are whole and rounded down. Firm and team are those of the time of the work."""
    lasted = work.ended_at - started_at
    if lasted < _MINUTE:
        raise WorkEndsBeforeStart
    if lasted > LONGEST:
        raise WorkTooLong
    then = replace(moment, occurred_at=work.ended_at)
    not_in_future(then)
    if not shares:
        raise NobodyServed
    if len({one.adviser for one in shares}) < len(shares):
        raise ServedTwice
    minutes = lasted // _MINUTE
    if sum(one.minutes for one in shares) != minutes:
        raise SharesDoNotAddUp(str(minutes))
    at_start = replace(moment, occurred_at=started_at)
    return Wording(started_at, minutes, work, tuple(_served(one, at_start) for one in shares))


def _served(share: Share, moment: Moment) -> Served:
    firm, team = employer(share.adviser, moment)
    assert firm is not None
    return Served(adviser=share.adviser, minutes=share.minutes, firm=firm, team=team)


def _correct(state: Worklog, command: CorrectWork, moment: Moment) -> list[Event]:
    wording = _worded(command.started_at, command.work, command.shares, moment)
    if wording == state.now:
        return []
    _own(wording.served, moment.by.account, moment)
    served = {one.adviser for one in state.now.served}
    outside = moment.by.account != state.recorder and moment.by.adviser not in served
    late = _tells_more(wording, state.now) and moment.is_late(wording.work.ended_at)
    return [
        WorkCorrected(
            started_at=wording.started_at,
            minutes=wording.minutes,
            work=wording.work,
            served=wording.served,
            reason=command.reason,
            doubts=_doubts(wording, moment),
            late_reason=command.reason if late else None,
            corrected_by=moment.by.account if outside else None,
        )
    ]


def _own(served: tuple[Served, ...], recorder: str, moment: Moment) -> None:
    """Refuse an adviser the hours of strangers: neither he nor his team is among who served. Who
    has no code of his own in the register enters for others, and changes what he entered."""
    by = moment.by
    if by.role != ADVISER:
        return
    if by.adviser is None:
        if by.account != recorder:
            raise NotYourWork
        return
    known = moment.registers.advisers.get(by.adviser)
    team = known.post_at(moment.occurred_at).team if known else None
    if not any(one.adviser == by.adviser or (team and one.team == team) for one in served):
        raise NotYourWork


def _tells_more(now: Wording, before: Wording) -> bool:
    """Tell whether a wording claims what the one before did not: time, a village, an adviser, or
    more of his minutes."""
    was = {one.adviser: one.minutes for one in before.served}
    return (
        now.started_at < before.started_at
        or now.work.ended_at > before.work.ended_at
        or now.work.village != before.work.village
        or any(one.minutes > was.get(one.adviser, 0) for one in now.served)
    )


# --- hours that exist


def _doubts(wording: Wording, moment: Moment) -> tuple[Doubt, ...]:
    """Name the doubts with which the rules take the entry.

    Raises: VillageUnknown, NotServingThere, HoursOverlap, MinutesBeyondDay — when they do not.
    """
    day = china_day(wording.started_at)
    rules = duty_rules(moment.registers.policies, wording.work.village, day)
    found: dict[Doubt, Refused] = {}
    if not exists(wording.work.village, day, moment):
        told = told_division(wording.work.village, moment.registers)
        found["village_unknown"] = VillageUnknown(told)
    elif strangers := _strangers(wording, moment):
        found["not_serving"] = NotServingThere("、".join(strangers))
        if len(strangers) < len(wording.served) and _one_team(wording):
            # A colleague came along.
            rules = replace(rules, doubted=(*rules.doubted, "not_serving"))
    found |= dict(_of_sheets(wording, rules, moment))
    for doubt, refusal in found.items():
        if doubt not in rules.doubted:
            raise refusal
    return tuple(sorted(found))


def known_village(village: str, day: date, moment: Moment) -> None:
    """Refuse a village that no register knows that day. Raises: VillageUnknown."""
    if not exists(village, day, moment):
        raise VillageUnknown(told_division(village, moment.registers))


def exists(village: str, day: date, moment: Moment) -> bool:
    """Tell whether the register of divisions knows the village; where it is empty, that of
    appointments or of points."""
    registers = moment.registers
    if registers.divisions:
        return is_division(village, registers, day)
    return village in registers.appointments or any(
        place.division == village
        for point in registers.points.values()
        for place in point.locations
    )


def serves(adviser: str, village: str, at: datetime, registers: Registers) -> bool:
    """Tell whether he serves the village that day: by an appointment, or as his firm or team is its
    linked provider."""
    day, appointments = china_day(at), registers.appointments
    there, town = appointments.get(village), appointments.get(village[:TOWN_DIGITS])
    if there is not None and there.serves(adviser, day):
        return True
    post = registers.advisers[adviser].post_at(at)
    return any(
        link.code in (post.firm, post.team)
        for one in (there, town)
        if one is not None
        for link in one.providers_on(day)
    )


def villages_served(adviser: str, at: datetime, registers: Registers) -> Sequence[str]:
    """List the villages that he serves that day, those of his appointments first."""
    day, post = china_day(at), registers.advisers[adviser].post_at(at)
    own = [
        code
        for code, one in registers.appointments_of(adviser).items()
        if len(code) == VILLAGE_DIGITS and one.serves(adviser, day)
    ]
    linked = tuple(
        code
        for code, one in registers.appointments.items()
        if any(link.code in (post.firm, post.team) for link in one.providers_on(day))
    )
    known = sorted(registers.divisions or {*registers.appointments, *registers.rooms})
    reached = [
        code
        for code in known
        if len(code) == VILLAGE_DIGITS
        and code.startswith(linked)
        and (not registers.divisions or is_division(code, registers, day))
    ]
    return tuple(dict.fromkeys((*own, *reached)))


def _strangers(wording: Wording, moment: Moment) -> list[str]:
    """List those who did not serve the village that day."""
    village, at = wording.work.village, wording.started_at
    registers, served = moment.registers, [one.adviser for one in wording.served]
    return [one for one in served if not serves(one, village, at, registers)]


def _one_team(wording: Wording) -> bool:
    first = wording.served[0]
    return first.team is not None and all(one.team == first.team for one in wording.served)


def _of_sheets(
    wording: Wording, rules: DutyRules, moment: Moment
) -> Iterator[tuple[Doubt, Refused]]:
    """Yield the doubts that the day sheets give rise to, besides this entry."""
    day = china_day(wording.started_at)
    for share in wording.served:
        for sheet, adviser, on in _sheets(wording, share.adviser):
            kept: DaySheet = moment.beside.get(sheet) or DaySheet()
            if others := kept.overlapping(moment.stream, wording.started_at, wording.work.ended_at):
                yield "overlap", HoursOverlap(f"{adviser} {on}: {others[0]}")
            besides = kept.minutes_besides(moment.stream, wording.work.request)
            beyond = hours.beyond_day(besides + share.minutes, rules, adviser, on)
            if on == day and beyond is not None:
                yield "beyond_day", beyond


def _sheets(wording: Wording, *advisers: str) -> Iterator[tuple[UUID, str, date]]:
    """Without advisers those of all who served."""
    names = advisers or tuple(one.adviser for one in wording.served)
    return hours.sheets(names, wording.started_at, wording.work.ended_at)


def reads(state: Worklog | None, command: WorklogCommand, moment: Moment) -> Iterator[UUID]:
    """Yield the day sheets that the decision needs: of the hours as they are to be."""
    if isinstance(command, LogWork | CorrectWork):
        began = command.started_at if isinstance(command, CorrectWork) else moment.occurred_at
        named = _shares(command, moment) if isinstance(command, LogWork) else command.shares
        if began <= command.work.ended_at <= began + LONGEST:
            advisers = {one.adviser: None for one in named}
            yield from (one[0] for one in hours.sheets(advisers, began, command.work.ended_at))
    if isinstance(command, CorrectWork | WithdrawWork) and state is not None:
        yield from (one[0] for one in _sheets(state.now))


def writes(
    state: Worklog | None, events: Sequence[Event], moment: Moment
) -> Iterator[tuple[UUID, Event]]:
    """Yield what stands on the day sheets after these events: entered, or cleared."""
    work = moment.stream
    assert work is not None
    for event in events:
        entered: set[UUID] = set()
        if isinstance(event, WorkLogged | WorkCorrected):
            wording = _wording(event)
            begun = china_day(wording.started_at)
            for share in wording.served:
                for sheet, adviser, day in _sheets(wording, share.adviser):
                    entered.add(sheet)
                    yield (
                        sheet,
                        HoursEntered(
                            adviser=adviser,
                            day=day,
                            work=work,
                            started_at=wording.started_at,
                            ended_at=wording.work.ended_at,
                            minutes=share.minutes if day == begun else 0,
                            given_to=wording.work.request,
                        ),
                    )
        if isinstance(event, WorkCorrected | WorkWithdrawn) and state is not None:
            for sheet, _, _ in _sheets(state.now):
                if sheet not in entered:
                    yield sheet, HoursCleared(work=work)


BESIDE: Final = Beside((LogWork, CorrectWork, WithdrawWork), reads, writes)


def _store(state: Worklog, sha256: str) -> list[Event]:
    """An upload that arrives after the withdrawal is still told: the content is there."""
    told = EvidenceUploadConfirmed(sha256=sha256)
    return [told] if to_confirm(state.exhibits, sha256) else []


def _miss(state: Worklog, command: ReportEvidenceMissing) -> list[Event]:
    missing = EvidenceMissing(sha256=command.sha256, reason=command.reason)
    return [missing] if to_miss(state.exhibits, command.sha256) else []


def _check(state: Worklog, command: Checking, moment: Moment) -> list[Event]:
    served = [one.adviser for one in state.now.served]
    if moment.names & {state.recorder, state.corrected_by, *served}:
        raise OwnWork
    if isinstance(command, ClearDoubts):
        return _clear(state, command)
    if isinstance(command, ConfirmWork):
        if moment.by.unit != state.now.work.village:
            raise ConfirmedElsewhere(state.now.work.village)
        return [] if state.confirmed else [WorkConfirmed(note=command.note)]
    if isinstance(command, ReturnWork):
        returned = state.standing == "returned"
        return [] if returned else [WorkReturned(reason=command.reason)]
    if state.standing == "returned":
        raise WorkIsReturned
    return [] if state.standing == "verified" else [WorkVerified(note=command.note)]


def _clear(state: Worklog, command: ClearDoubts) -> list[Event]:
    """An overlap is told by the views as well, of entries older than day sheets."""
    doubts = tuple(one for one in command.doubts if one not in state.cleared)
    if unknown := [one for one in doubts if one not in (*state.doubts, "overlap")]:
        raise NoSuchDoubt("、".join(unknown))
    return [DoubtsCleared(doubts=doubts, reason=command.reason)] if doubts else []
