"""Commands on an account: opening, posts, suspension, standing in, emergencies."""

from datetime import date, timedelta
from typing import Annotated, Final, assert_never, get_args

from msgspec import Meta

from domain.accounts.account import (
    Account,
    AccountClosed,
    AccountOpened,
    AccountPost,
    AccountRenamed,
    AccountRestored,
    AccountSuspended,
    AccountUnknown,
    EmergencyAccessReviewed,
    EmergencyAccessTaken,
    PostEnded,
    PostGiven,
    StandIn,
    StandInEnded,
    StandInNamed,
)
from domain.codes import Code
from domain.listed import known_adviser, known_unit
from domain.moment import Moment, refuse_twin
from domain.roles import LEADERS, OFFICES, Role
from domain.vocabulary import Command, Event, Refused, Several, Statement, Text

EMERGENCY_MINUTES_MAX: Final = 8 * 60
"""A working day. Whoever needs longer is given a post."""
STAND_IN_DAYS_MAX: Final = 92

# --- commands


class OpenAccount(Command, frozen=True, kw_only=True):
    code: Code
    name: Statement


class RenameAccount(Command, frozen=True, kw_only=True):
    name: Statement


class GivePost(Command, frozen=True, kw_only=True):
    role: Role
    unit: Code
    adviser: Code | None = None
    since: date
    until: date | None = None
    basis: Text


class EndPost(Command, frozen=True, kw_only=True):
    number: Several
    until: date
    reason: Text


class SuspendAccount(Command, frozen=True, kw_only=True):
    reason: Text


class RestoreAccount(Command, frozen=True, kw_only=True):
    reason: Text


class CloseAccount(Command, frozen=True, kw_only=True):
    reason: Text


class NameStandIn(Command, frozen=True, kw_only=True):
    post: Several
    account: Code
    since: date
    until: date
    reason: Text


class EndStandIn(Command, frozen=True, kw_only=True):
    number: Several
    until: date
    reason: Text


class TakeEmergencyAccess(Command, frozen=True, kw_only=True):
    role: Role
    unit: Code
    reason: Annotated[str, Meta(min_length=5, max_length=500)]
    minutes: Annotated[int, Meta(ge=1, le=EMERGENCY_MINUTES_MAX)]


class ReviewEmergencyAccess(Command, frozen=True, kw_only=True):
    number: Several
    justified: bool
    note: Text | None = None


AccountCommand = (
    OpenAccount | RenameAccount | GivePost | EndPost | SuspendAccount | RestoreAccount
    | CloseAccount | NameStandIn | EndStandIn | TakeEmergencyAccess | ReviewEmergencyAccess
)  # fmt: skip
COMMANDS: Final[tuple[type[Command], ...]] = get_args(AccountCommand)


# --- refusals


class AccountExists(Refused):
    """账号编号已被使用；编号不能转给他人"""


class AccountNotActive(Refused):
    """账号已停用或已注销"""


class NotToOneself(Refused):
    """不能给自己授予岗位、恢复自己的账号或审查自己的紧急访问，请由另一位管理员办理"""


class PostWithoutAccount(Refused):
    """岗位只授予办公人员、村（居）民委员会、律师事务所、评价终端和对接系统；群众和自动规则没有账号"""


class AdviserAndRoleDiffer(Refused):
    """法律顾问岗位必须写明顾问编号，其他岗位不写"""


class PostAlreadyHeld(Refused):
    """这段时间内已有同样的岗位"""


class PostUnknown(Refused):
    """没有这个岗位，请核对岗位序号"""


class StandInUnknown(Refused):
    """没有这项代理，请核对代理序号"""


class DaysTheWrongWay(Refused):
    """最后一天早于第一天"""


class StandInTooLong(Refused):
    """一次代理最长三个月；更长的请另行授予岗位"""


class StandsInForHimself(Refused):
    """本人不能代理本人"""


class NotTheHolder(Refused):
    """代理由岗位本人，或者有管辖权的领导、管理员指定"""


class EmergencyUnknown(Refused):
    """没有这次紧急访问，请核对序号"""


class EmergencyUnderWay(Refused):
    """这个岗位的紧急访问尚未结束"""


class EmergencyReviewed(Refused):
    """这次紧急访问已经审查"""


# --- decide


def decide(state: Account | None, command: AccountCommand, moment: Moment) -> list[Event]:
    if isinstance(command, OpenAccount):
        return _opened(state, command, moment)
    if state is None:
        raise AccountUnknown
    if state.standing == "closed":
        if isinstance(command, CloseAccount):
            return []
        raise AccountNotActive(state.code)
    match command:
        case RenameAccount(name=name):
            return [] if name == state.name else [AccountRenamed(name=name)]
        case GivePost():
            return _given(state, command, moment)
        case EndPost():
            return _post_ended(state, command)
        case SuspendAccount(reason=reason):
            return [AccountSuspended(reason=reason)] if state.active else []
        case RestoreAccount(reason=reason):
            _refuse_himself(state, moment)
            return [] if state.active else [AccountRestored(reason=reason)]
        case CloseAccount(reason=reason):
            return [AccountClosed(reason=reason)]
        case NameStandIn():
            return _stand_in(state, command, moment)
        case EndStandIn():
            return _stand_in_ended(state, command, moment)
        case TakeEmergencyAccess():
            return _emergency(state, command, moment)
        case ReviewEmergencyAccess():
            return _reviewed(state, command, moment)
        case _:
            assert_never(command)


def _opened(state: Account | None, command: OpenAccount, moment: Moment) -> list[Event]:
    if state is not None:
        if state == Account(code=command.code, name=command.name):
            return []
        raise AccountExists(command.code)
    refuse_twin(command.code, moment.registers.accounts)
    return [AccountOpened(code=command.code, name=command.name)]


def _given(state: Account, command: GivePost, moment: Moment) -> list[Event]:
    registers = moment.registers
    _refuse_himself(state, moment)
    if command.role not in OFFICES:
        raise PostWithoutAccount(command.role)
    if (command.role == "adviser") != (command.adviser is not None):
        raise AdviserAndRoleDiffer(command.role)
    if command.until is not None and command.until < command.since:
        raise DaysTheWrongWay(f"{command.since} – {command.until}")
    known_unit(command.unit, registers, moment.occurred_at)
    if command.adviser is not None:
        known_adviser(command.adviser, registers)
    given = PostGiven(
        number=len(state.posts) + 1,
        role=command.role,
        unit=command.unit,
        adviser=command.adviser,
        since=command.since,
        until=command.until,
        basis=command.basis,
    )
    if any(_same(one, command) for one in state.posts):
        return []
    if any(_overlaps(one, command) for one in state.posts):
        raise PostAlreadyHeld(f"{command.role}@{command.unit}")
    return [given]


def _what(post: AccountPost | GivePost) -> tuple[str, str, str | None]:
    return post.role, post.unit, post.adviser


def _same(post: AccountPost, command: GivePost) -> bool:
    days = (post.since, post.until) == (command.since, command.until)
    return _what(post) == _what(command) and days


def _overlaps(post: AccountPost, command: GivePost) -> bool:
    begins_in_time = command.until is None or post.since <= command.until
    ends_in_time = post.until is None or post.until >= command.since
    return _what(post) == _what(command) and begins_in_time and ends_in_time


def _post_ended(state: Account, command: EndPost) -> list[Event]:
    post = _post(state, command.number)
    if command.until < post.since - timedelta(days=1):
        raise DaysTheWrongWay(f"{post.since} – {command.until}")
    if post.until is not None and post.until <= command.until:
        return []
    return [PostEnded(number=post.number, until=command.until, reason=command.reason)]


def _stand_in(state: Account, command: NameStandIn, moment: Moment) -> list[Event]:
    _refuse_not_the_holder(state, moment)
    post = _post(state, command.post)
    if command.account == state.code:
        raise StandsInForHimself(command.account)
    other = moment.registers.accounts.get(command.account)
    if other is None:
        raise AccountUnknown(command.account)
    if not other.active:
        raise AccountNotActive(command.account)
    if command.until < command.since:
        raise DaysTheWrongWay(f"{command.since} – {command.until}")
    if command.until - command.since > timedelta(days=STAND_IN_DAYS_MAX):
        raise StandInTooLong(f"{command.since} – {command.until}")
    named = StandIn(
        number=len(state.stand_ins) + 1,
        post=post.number,
        account=command.account,
        since=command.since,
        until=command.until,
    )
    if any(_without_number(one) == _without_number(named) for one in state.stand_ins):
        return []
    return [
        StandInNamed(
            number=named.number,
            post=named.post,
            account=named.account,
            since=named.since,
            until=named.until,
            reason=command.reason,
        )
    ]


def _without_number(one: StandIn) -> tuple[int, str, date, date]:
    return one.post, one.account, one.since, one.until


def _stand_in_ended(state: Account, command: EndStandIn, moment: Moment) -> list[Event]:
    _refuse_not_the_holder(state, moment)
    if not 1 <= command.number <= len(state.stand_ins):
        raise StandInUnknown(str(command.number))
    one = state.stand_ins[command.number - 1]
    if one.until <= command.until:
        return []
    return [StandInEnded(number=one.number, until=command.until, reason=command.reason)]


def _emergency(state: Account, command: TakeEmergencyAccess, moment: Moment) -> list[Event]:
    if moment.by.account != state.code:
        raise NotTheHolder(state.code)
    if not state.active:
        raise AccountNotActive(state.code)
    if command.role not in OFFICES or command.role == "administrator":
        raise PostWithoutAccount(command.role)
    known_unit(command.unit, moment.registers, moment.occurred_at)
    for one in state.emergencies:
        same = (one.role, one.unit) == (command.role, command.unit)
        if same and moment.now < one.until:
            raise EmergencyUnderWay(f"{command.role}@{command.unit}")
    return [
        EmergencyAccessTaken(
            number=len(state.emergencies) + 1,
            role=command.role,
            unit=command.unit,
            reason=command.reason,
            since=moment.now,
            until=moment.now + timedelta(minutes=command.minutes),
        )
    ]


def _reviewed(state: Account, command: ReviewEmergencyAccess, moment: Moment) -> list[Event]:
    _refuse_himself(state, moment)
    if not 1 <= command.number <= len(state.emergencies):
        raise EmergencyUnknown(str(command.number))
    before = state.emergencies[command.number - 1].justified
    if before is not None:
        if before == command.justified:
            return []
        raise EmergencyReviewed(str(command.number))
    return [
        EmergencyAccessReviewed(
            number=command.number, justified=command.justified, note=command.note
        )
    ]


def _post(state: Account, number: int) -> AccountPost:
    if not 1 <= number <= len(state.posts):
        raise PostUnknown(str(number))
    return state.posts[number - 1]


def _refuse_himself(state: Account, moment: Moment) -> None:
    if moment.by.is_one_of(state.code):
        raise NotToOneself(state.code)


def _refuse_not_the_holder(state: Account, moment: Moment) -> None:
    if moment.by.account != state.code and moment.by.role not in LEADERS:
        raise NotTheHolder(state.code)


def possible(state: Account, command: type[Command]) -> bool:
    """Return whether the state lets a command happen at all."""
    if state.standing == "closed":
        return False
    if command is SuspendAccount:
        return state.active
    if command is RestoreAccount:
        return state.standing == "suspended"
    if command is EndPost:
        return bool(state.posts)
    if command is EndStandIn:
        return bool(state.stand_ins)
    if command is ReviewEmergencyAccess:
        return any(one.justified is None for one in state.emergencies)
    if command is TakeEmergencyAccess:
        return state.active
    return command is not NameStandIn or bool(state.posts)
