"""Commands on a village's appointment: selecting, terms, conduct, presence."""

from collections.abc import Mapping
from datetime import date
from typing import Final, assert_never, get_args

from domain.codes import Code, DivisionCode, VillageCode
from domain.listed import known_division, known_firm, known_team
from domain.moment import (
    Moment,
    Registers,
    not_in_future,
    not_of_another_firm,
)
from domain.registers.appointment import (
    LEVEL_SERVED,
    AbsenceExcused,
    AbsenceNoted,
    AdviserDismissed,
    AdviserNominated,
    AdviserReplaced,
    Appointment,
    ArrangementRefused,
    Candidate,
    ContractSigned,
    CoordinationRecorded,
    DisplayPosted,
    DisplayRemoved,
    FirmAccepted,
    FirmDeclined,
    Link,
    Opinion,
    ProviderKind,
    ProviderLinked,
    ProviderUnlinked,
    SelectionCancelled,
    Span,
    Term,
    TermEnded,
    TermRenewed,
    VillageChose,
    WechatGroupCreated,
    WechatGroupDissolved,
    _days,
    china_day,
    is_open,
)
from domain.registers.policy import DismissalGround, duty_rules
from domain.registers.stint import Stint
from domain.requests.proceedings_commands import employer
from domain.vocabulary import Command, Count, Event, NotThere, Personal, Refused, Text
from domain.worktime.calendar import months_after

# --- commands


class NominateAdviser(Command, frozen=True, kw_only=True):
    division: VillageCode
    adviser: Code
    reason: Text


class RecordCoordination(Command, frozen=True, kw_only=True):
    adviser: Code
    committee: Opinion
    residents: Opinion
    residents_heard: Count
    note: Personal | None = None


class ChooseAdviser(Command, frozen=True, kw_only=True):
    adviser: Code


class AcceptVillage(Command, frozen=True, kw_only=True):
    """律师事务所接受村（社区）的选择"""


class DeclineVillage(Command, frozen=True, kw_only=True):
    reason: Text


class CancelSelection(Command, frozen=True, kw_only=True):
    reason: Text


class SignContract(Command, frozen=True, kw_only=True):
    starts_on: date
    ends_on: date


class RenewTerm(Command, frozen=True, kw_only=True):
    starts_on: date
    ends_on: date


class ReplaceAdviser(Command, frozen=True, kw_only=True):
    adviser: Code
    effective_on: date
    reason: Text


class DismissAdviser(Command, frozen=True, kw_only=True):
    ground: DismissalGround
    effective_on: date
    reason: Text


class EndTerm(Command, frozen=True, kw_only=True):
    effective_on: date
    reason: Text


class NoteAbsence(Command, frozen=True, kw_only=True):
    note: Text


class ExcuseAbsence(Command, frozen=True, kw_only=True):
    day: date
    reason: Text


class NoteRefusedArrangement(Command, frozen=True, kw_only=True):
    arrangement: Text


class CreateWechatGroup(Command, frozen=True, kw_only=True):
    """已建立微信工作群"""


class DissolveWechatGroup(Command, frozen=True, kw_only=True):
    reason: Text


class PostDisplay(Command, frozen=True, kw_only=True):
    place: Text


class RemoveDisplay(Command, frozen=True, kw_only=True):
    reason: Text


class LinkProvider(Command, frozen=True, kw_only=True):
    division: DivisionCode
    provider: ProviderKind
    code: Code
    since: date


class UnlinkProvider(Command, frozen=True, kw_only=True):
    provider: ProviderKind
    code: Code
    until: date
    reason: Text


Selecting = RecordCoordination | ChooseAdviser | AcceptVillage | DeclineVillage | CancelSelection


Terms = SignContract | RenewTerm | ReplaceAdviser | DismissAdviser | EndTerm


Conduct = NoteAbsence | ExcuseAbsence | NoteRefusedArrangement


Presence = CreateWechatGroup | DissolveWechatGroup | PostDisplay | RemoveDisplay


AppointmentCommand = (
    NominateAdviser | Selecting | Terms | Conduct | Presence | LinkProvider | UnlinkProvider
)


COMMANDS: Final[tuple[type[Command], ...]] = get_args(AppointmentCommand)


# --- refusals


class AppointmentUnknown(NotThere):
    """该村（社区）还没有聘任记录"""


class DivisionDiffers(Refused):
    """区划代码与该聘任记录不一致"""


class NotNominated(Refused):
    """该顾问未经区司法局推荐，或不再是候选人"""


class NotYetCoordinated(Refused):
    """司法所尚未听取村（居）委会和群众对该顾问的意见"""


class NotYetChosen(Refused):
    """村（社区）尚未选定顾问"""


class NotYetAccepted(Refused):
    """律师事务所尚未接受选择"""


class AlreadyAccepted(Refused):
    """双方已互相选定，请签订合同或取消本次选聘"""


class NoSelection(Refused):
    """没有进行中的选聘"""


class AdviserChangedFirm(Refused):
    """该顾问已不在推荐时的律师事务所执业，请重新推荐"""


class TermEndsBeforeStart(Refused):
    """聘期的截止日期早于开始日期"""


class TermsOverlap(Refused):
    """该村（社区）在此期间已有顾问，聘期不能重叠"""


class NothingToRenew(Refused):
    """没有可以续聘的聘期"""


class NobodyServes(Refused):
    """该日没有在任的顾问"""


class NotWithinTerm(Refused):
    """生效日期不在聘期之内"""


class TooManyVillages(Refused):
    """该顾问同期服务的村（社区）数量已达上限"""


class RehireBanned(Refused):
    """该顾问仍在不再聘用期内"""


class RecentlyPenalized(Refused):
    """该顾问近年内受过行政处罚或行业处分，不符合聘任条件"""


class TooFewAbsences(Refused):
    """聘期内无故缺勤次数未达到解聘标准"""


class TooFewRefusals(Refused):
    """聘期内拒绝工作安排次数未达到解聘标准"""


class AbsenceUnknown(Refused):
    """该日没有无故缺勤记录"""


class NoWechatGroup(Refused):
    """没有微信工作群"""


class NoDisplay(Refused):
    """没有公示牌"""


class EndsBeforeItBegan(Refused):
    """结束日期早于开始日期"""


class LevelNotServed(Refused):
    """律师事务所对应镇（街道），团队对应村（社区）"""


class NotLinkedProvider(Refused):
    """没有这项团队服务关系"""


# --- what the state lets happen


def possible(state: Appointment, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    if command in (RecordCoordination, CancelSelection):
        return bool(state.candidates)
    if command is ChooseAdviser:
        others = (one for one in state.candidates if one.adviser != state.chosen)
        return not state.accepted and any(one.heard is not None for one in others)
    if command in (AcceptVillage, DeclineVillage):
        return state.selection == "chosen"
    if command is SignContract:
        return state.accepted
    if command is RenewTerm:
        return bool(state.stints) and state.stints[-1].last == state.terms[-1].ends_on
    if command is ReplaceAdviser:
        return bool(state.terms)
    if command in (DismissAdviser, EndTerm, NoteAbsence, NoteRefusedArrangement):
        return bool(state.stints)
    if command is ExcuseAbsence:
        return bool(state.absences)
    if command in (CreateWechatGroup, DissolveWechatGroup):
        return is_open(state.groups) == (command is DissolveWechatGroup)
    if command in (PostDisplay, RemoveDisplay):
        return is_open(state.displays) == (command is RemoveDisplay)
    if command is UnlinkProvider:
        return any(one.span.until is None for one in state.links)
    return True


# --- decide


def decide(state: Appointment | None, command: AppointmentCommand, moment: Moment) -> list[Event]:
    """Caps and bans are decided by what the registers know: of two appointments of one adviser
    made within their freshness, the second may pass; a view shows who is over the cap."""
    not_in_future(moment)
    if isinstance(command, NominateAdviser | LinkProvider):
        if state is not None and state.division != command.division:
            raise DivisionDiffers(state.division)
        if isinstance(command, LinkProvider):
            return _link(state, command, moment)
        return _nominate(state, command, moment)
    if state is None:
        raise AppointmentUnknown
    if isinstance(command, Selecting):
        return _select(state, command, moment)
    if isinstance(command, Terms):
        return _contract(state, command, moment)
    if isinstance(command, Conduct):
        return _conduct(state, command, moment)
    if isinstance(command, Presence):
        return _presence(state, command, china_day(moment.occurred_at))
    return _unlink(state, command)


def _nominate(state: Appointment | None, command: NominateAdviser, moment: Moment) -> list[Event]:
    firm, team = _employed(command.adviser, moment)
    if state is not None and any(one.adviser == command.adviser for one in state.candidates):
        return []
    if state is not None and state.accepted:
        raise AlreadyAccepted
    today = china_day(moment.occurred_at)
    known_division(command.division, moment.registers, today)
    _of_good_standing(state, command.division, command.adviser, today, moment.registers)
    return [
        AdviserNominated(
            division=command.division,
            adviser=command.adviser,
            firm=firm,
            team=team,
            reason=command.reason,
        )
    ]


def _employed(adviser: str, moment: Moment) -> tuple[str, str | None]:
    firm, team = employer(adviser, moment)
    assert firm is not None
    return firm, team


def _select(state: Appointment, command: Selecting, moment: Moment) -> list[Event]:
    match command:
        case RecordCoordination():
            recorded = CoordinationRecorded(
                adviser=command.adviser,
                committee=command.committee,
                residents=command.residents,
                residents_heard=command.residents_heard,
                note=command.note,
            )
            return [] if _candidate(state, command.adviser).heard == recorded else [recorded]
        case ChooseAdviser():
            return _choose(state, command.adviser)
        case AcceptVillage():
            firm = _chosen(state).firm
            not_of_another_firm(moment.by, firm)
            return [] if state.accepted else [FirmAccepted(firm=firm)]
        case DeclineVillage():
            chosen = _chosen(state)
            not_of_another_firm(moment.by, chosen.firm)
            if state.accepted:
                raise AlreadyAccepted
            reason = command.reason
            return [FirmDeclined(firm=chosen.firm, adviser=chosen.adviser, reason=reason)]
        case CancelSelection():
            if not state.candidates:
                raise NoSelection
            return [SelectionCancelled(reason=command.reason)]
        case _:
            assert_never(command)


def _candidate(state: Appointment, adviser: str) -> Candidate:
    for one in state.candidates:
        if one.adviser == adviser:
            return one
    raise NotNominated(adviser)


def _chosen(state: Appointment) -> Candidate:
    if state.chosen is None:
        raise NotYetChosen
    return _candidate(state, state.chosen)


def _choose(state: Appointment, adviser: str) -> list[Event]:
    if _candidate(state, adviser).heard is None:
        raise NotYetCoordinated
    if adviser == state.chosen:
        return []
    if state.accepted:
        raise AlreadyAccepted
    return [VillageChose(adviser=adviser)]


# --- decide: terms


def _contract(state: Appointment, command: Terms, moment: Moment) -> list[Event]:
    match command:
        case SignContract():
            return _sign(state, command, moment)
        case RenewTerm():
            return _renew(state, command, moment)
        case ReplaceAdviser():
            return _replace(state, command, moment)
        case DismissAdviser():
            return _dismiss(state, command, moment)
        case EndTerm():
            stint = _serving(state, command.effective_on)
            return [
                TermEnded(
                    adviser=stint.adviser,
                    effective_on=command.effective_on,
                    reason=command.reason,
                )
            ]
        case _:
            assert_never(command)


def _sign(state: Appointment, command: SignContract, moment: Moment) -> list[Event]:
    chosen = _chosen(state)
    if not state.accepted:
        raise NotYetAccepted
    if _employed(chosen.adviser, moment)[0] != chosen.firm:
        raise AdviserChangedFirm
    eligible(state, chosen.adviser, _free_term(state, command), moment.registers)
    return [
        ContractSigned(
            term=len(state.terms) + 1,
            adviser=chosen.adviser,
            firm=chosen.firm,
            team=chosen.team,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
        )
    ]


def _renew(state: Appointment, command: RenewTerm, moment: Moment) -> list[Event]:
    last = state.stints[-1] if state.stints else None
    if last is None or last.last != state.terms[-1].ends_on:
        raise NothingToRenew
    firm, team = _employed(last.adviser, moment)
    if firm != last.firm:
        raise AdviserChangedFirm
    eligible(state, last.adviser, _free_term(state, command), moment.registers)
    return [
        TermRenewed(
            term=len(state.terms) + 1,
            adviser=last.adviser,
            firm=firm,
            team=team,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
        )
    ]


def _free_term(state: Appointment, command: SignContract | RenewTerm) -> Term:
    """A term after everybody who serves already: terms are signed in the order they run."""
    if command.ends_on < command.starts_on:
        raise TermEndsBeforeStart
    if any(one.last >= command.starts_on for one in state.stints):
        raise TermsOverlap
    return Term(command.starts_on, command.ends_on)


def _replace(state: Appointment, command: ReplaceAdviser, moment: Moment) -> list[Event]:
    day = command.effective_on
    former = state.stint_on(day)
    if former is not None and former.adviser == command.adviser:
        return []
    firm, team = _employed(command.adviser, moment)
    if former is None:
        _vacant(state, day)
    left = Term(day, max(term.ends_on for term in state.terms))
    eligible(state, command.adviser, left, moment.registers)
    return [
        AdviserReplaced(
            former=former.adviser if former else None,
            adviser=command.adviser,
            firm=firm,
            team=team,
            effective_on=day,
            reason=command.reason,
        )
    ]


def _vacant(state: Appointment, day: date) -> None:
    """Refuses to fill a day outside the last term, or before somebody who still serves in it."""
    if not state.terms or not state.terms[-1].covers(day):
        raise NotWithinTerm
    if any(one.first > day for one in state.stints):
        raise TermsOverlap


def _serving(state: Appointment, day: date) -> Stint:
    stint = state.stint_on(day)
    if stint is None:
        raise NobodyServes
    return stint


def _dismiss(state: Appointment, command: DismissAdviser, moment: Moment) -> list[Event]:
    day = command.effective_on
    stint = _serving(state, day)
    term = state.terms[stint.term - 1]
    rules = duty_rules(moment.registers.policies, state.division, day)
    absences = sum(
        adviser == stint.adviser and term.covers(missed) for adviser, missed in state.absences
    )
    refusals = sum(one.adviser == stint.adviser and term.covers(one.day) for one in state.refusals)
    if command.ground == "absences" and absences < rules.absences_to_dismiss:
        raise TooFewAbsences
    if command.ground == "arrangements_refused" and refusals < rules.refusals_to_dismiss:
        raise TooFewRefusals
    banned = rules.rehire_ban_years > 0 and command.ground in rules.rehire_ban_grounds
    return [
        AdviserDismissed(
            adviser=stint.adviser,
            ground=command.ground,
            reason=command.reason,
            effective_on=day,
            absences=absences,
            refusals=refusals,
            banned_until=months_after(day, 12 * rules.rehire_ban_years) if banned else None,
        )
    ]


# --- decide: who may be appointed


def eligible(state: Appointment, adviser: str, term: Term, registers: Registers) -> None:
    """Check that the rules of the term's first day let the adviser serve this village as well.

    Raises: RehireBanned, RecentlyPenalized, TooManyVillages.
    """
    _of_good_standing(state, state.division, adviser, term.starts_on, registers)
    cap = duty_rules(registers.policies, state.division, term.starts_on).max_villages_per_adviser
    others = {
        division: one
        for division, one in registers.appointments_of(adviser).items()
        if division != state.division
    }
    if cap and villages_served(others, adviser, *_days(term)) >= cap:
        raise TooManyVillages(str(cap))


def villages_served(
    appointments: Mapping[str, Appointment], adviser: str, first: date, last: date
) -> int:
    """The most villages that he serves at one time between two days, both included."""
    stints = [
        stint
        for one in appointments.values()
        for stint in one.stints
        if stint.adviser == adviser and stint.first <= last and stint.last >= first
    ]
    # The number only rises on the first day of a stint.
    days = {max(first, stint.first) for stint in stints}
    return max((sum(stint.covers(day) for stint in stints) for day in days), default=0)


def _of_good_standing(
    state: Appointment | None, division: str, adviser: str, day: date, registers: Registers
) -> None:
    known = (*registers.appointments_of(adviser).values(), *([state] if state else ()))
    for one in known:
        for banned, until in one.bans:
            if banned == adviser and day < until:
                raise RehireBanned(str(until))
    years = duty_rules(registers.policies, division, day).penalty_free_years
    for penalty in registers.advisers[adviser].penalties:
        if day < months_after(penalty.decided_on, 12 * years):
            raise RecentlyPenalized(str(penalty.decided_on))


# --- decide: conduct, group, display, providers


def _conduct(state: Appointment, command: Conduct, moment: Moment) -> list[Event]:
    if isinstance(command, ExcuseAbsence):
        for adviser, missed in state.absences:
            if missed == command.day:
                return [AbsenceExcused(adviser=adviser, day=missed, reason=command.reason)]
        raise AbsenceUnknown
    day = china_day(moment.occurred_at)
    adviser = _serving(state, day).adviser
    match command:
        case NoteAbsence():
            noted = (adviser, day) in state.absences
            return [] if noted else [AbsenceNoted(adviser=adviser, day=day, note=command.note)]
        case NoteRefusedArrangement():
            refused = ArrangementRefused(adviser=adviser, day=day, arrangement=command.arrangement)
            return [] if refused in state.refusals else [refused]
        case _:
            assert_never(command)


def _presence(state: Appointment, command: Presence, day: date) -> list[Event]:
    match command:
        case CreateWechatGroup():
            return [] if is_open(state.groups) else [WechatGroupCreated(day=day)]
        case DissolveWechatGroup():
            _end(state.groups, day, NoWechatGroup)
            return [WechatGroupDissolved(day=day, reason=command.reason)]
        case PostDisplay():
            posted = DisplayPosted(day=day, place=command.place)
            return [] if is_open(state.displays) else [posted]
        case RemoveDisplay():
            _end(state.displays, day, NoDisplay)
            return [DisplayRemoved(day=day, reason=command.reason)]
        case _:
            assert_never(command)


def _end(spans: tuple[Span, ...], day: date, missing: type[Refused]) -> None:
    if not is_open(spans):
        raise missing
    if day < spans[-1].since:
        raise EndsBeforeItBegan


def _link(state: Appointment | None, command: LinkProvider, moment: Moment) -> list[Event]:
    if len(command.division) != LEVEL_SERVED[command.provider]:
        raise LevelNotServed
    if state is not None and _linked(state, command):
        return []
    known_division(command.division, moment.registers, command.since)
    known = known_firm if command.provider == "firm" else known_team
    known(command.code, moment.registers, moment.occurred_at)
    return [
        ProviderLinked(
            division=command.division,
            provider=command.provider,
            code=command.code,
            since=command.since,
        )
    ]


def _linked(state: Appointment, command: LinkProvider | UnlinkProvider) -> Link | None:
    """The link as it still runs."""
    for link in state.links:
        same = (link.provider, link.code) == (command.provider, command.code)
        if same and link.span.until is None:
            return link
    return None


def _unlink(state: Appointment, command: UnlinkProvider) -> list[Event]:
    link = _linked(state, command)
    if link is None:
        raise NotLinkedProvider
    if command.until < link.span.since:
        raise EndsBeforeItBegan
    return [
        ProviderUnlinked(
            provider=command.provider,
            code=command.code,
            until=command.until,
            reason=command.reason,
        )
    ]
