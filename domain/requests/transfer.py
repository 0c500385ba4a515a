"""Transfer 转办: a request goes from one unit to another. Until the other has accepted it, both see
it and act on it; from then on only the other does.

Where it was asked for stays what it was: reports count a request there. Time runs on.
"""

from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, shortest
from domain.listed import known_point
from domain.moment import Moment
from domain.vocabulary import Command, Event, Refused, Service, Text

# --- events


class RequestTransferred(Event, frozen=True, kw_only=True):
    """Sent to another point, which has not accepted it yet."""

    topic: ClassVar[str] = "request.transferred/1"
    to: Code
    reason: Text


class TransferAccepted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "request.transfer_accepted/1"
    responsible: Code
    """The account that accepted it."""


class TransferRefused(Event, frozen=True, kw_only=True):
    """By the other point, or taken back by the one that sent it."""

    topic: ClassVar[str] = "request.transfer_refused/1"
    reason: Text


TransferEvent = RequestTransferred | TransferAccepted | TransferRefused


# --- state


class Transfer(Struct, frozen=True, kw_only=True):
    at: str | None = None
    """The point that accepted it last; None when it is still where it was asked."""
    asked: str | None = None
    """The point that has not answered yet."""


def evolve(state: Transfer, event: TransferEvent) -> Transfer:
    match event:
        case RequestTransferred(to=to):
            return replace(state, asked=to)
        case TransferAccepted():
            return Transfer(at=state.asked)
        case TransferRefused():
            return replace(state, asked=None)
        case _:
            assert_never(event)


# --- commands


class TransferRequest(Command, frozen=True, kw_only=True):
    to: Code
    reason: Text


class AcceptTransfer(Command, frozen=True, kw_only=True):
    pass


class RefuseTransfer(Command, frozen=True, kw_only=True):
    reason: Text


TransferCommand = TransferRequest | AcceptTransfer | RefuseTransfer
COMMANDS: Final[tuple[type[Command], ...]] = get_args(TransferCommand)


# --- refusals


class TransferredToItself(Refused):
    """事项已在这个服务点，不能转给自己"""


class TransferUnderWay(Refused):
    """已转给另一个服务点，等待其接收；请先收回或等待答复"""


class NothingTransferred(Refused):
    """没有等待接收的转办"""


class NotTheOneTransferredTo(Refused):
    """只有接收的服务点或者它的上级单位可以接收转办"""


class TransferredToClosed(Refused):
    """接收的服务点已停用，或者不提供这项服务"""


# --- decide


def decide_transfer(
    state: Transfer, holder: str, service: Service, command: TransferCommand, moment: Moment
) -> list[Event]:
    """Decide a command on the transfer of a request that `holder` has."""
    if isinstance(command, TransferRequest):
        return _send(state, holder, service, command, moment)
    if state.asked is None:
        raise NothingTransferred
    if isinstance(command, RefuseTransfer):
        return [TransferRefused(reason=command.reason)]
    there = known_point(state.asked, moment.registers).locations[-1].division
    by = moment.by
    if by.unit != state.asked and not there.startswith(shortest(by.unit)):
        raise NotTheOneTransferredTo(by.unit)
    return [TransferAccepted(responsible=by.account)]


def _send(
    state: Transfer, holder: str, service: Service, command: TransferRequest, moment: Moment
) -> list[Event]:
    if command.to == holder:
        raise TransferredToItself(command.to)
    if state.asked is not None:
        if state.asked == command.to:
            return []
        raise TransferUnderWay(state.asked)
    to = known_point(command.to, moment.registers)
    if not to.serves_at(moment.occurred_at) or not to.offers(service):
        raise TransferredToClosed(command.to)
    return [RequestTransferred(to=command.to, reason=command.reason)]


def possible(state: Transfer, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    return (state.asked is None) == (command is TransferRequest)
