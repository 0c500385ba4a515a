"""Accounts as listed: who has which post, who stands in for whom, who took emergency access."""

from datetime import UTC, date, datetime
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from api.accounts.account_routes import ROUTES
from api.advising.registers import answers_to, page_of
from api.rights import ACCOUNTS, MAY
from api.web.paging import Paged, Words, refuse_no_word
from api.web.problems import Problem
from api.web.questions import Asking, Found, Question, allowed_now, held, reach_for
from api.web.wiring import Wiring
from domain.accounts import account
from domain.accounts.account import Account, AccountPost, Emergency, StandIn, Standing
from domain.codes import Code
from domain.jurisdiction import Reach, place_of
from domain.moment import Registers
from domain.registers.appointment import china_day
from domain.roles import Role
from domain.vocabulary import Actor, stream_id


class AccountShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an account: clients rely on it, so deciders may change their state."""

    KEY: ClassVar = ("code",)
    code: str
    name: str
    standing: Standing
    posts: tuple[AccountPost, ...]
    stand_ins: tuple[StandIn, ...]
    emergencies: tuple[Emergency, ...]

    def streams(self) -> list[UUID]:
        return [stream_id(account.KIND, self.code)]


def account_shown(state: Account) -> AccountShown:
    """Make the answer's copy of an account."""
    return AccountShown(
        code=state.code,
        name=state.name,
        standing=state.standing,
        posts=state.posts,
        stand_ins=state.stand_ins,
        emergencies=state.emergencies,
    )


class AccountFound(Struct, frozen=True, kw_only=True):
    """An account as listed; `version` is what If-Match wants."""

    version: int
    position: int
    state: AccountShown
    allowed: list[str]
    """Names of commands that the asking role may give and the state does not rule out."""


class AccountsQuery(Paged, frozen=True, kw_only=True):
    unit: Code | None = None
    """Who has a post there today."""
    role: Role | None = None
    """Who has it today."""
    standing: Standing | None = None
    emergency: Literal["open"] | None = None
    """`open`: who took emergency access that nobody has looked at."""
    q: Words | None = None
    """Part of the name, or the beginning of the code."""


class AccountsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[AccountShown]
    next_cursor: str | None


async def _account(asking: Asking) -> Found:
    assert asking.by is not None
    stream = stream_id(account.KIND, asking.path["code"])
    found, position = await held(asking, account, stream)
    await _refuse_outside(asking, found.state)
    body = AccountFound(
        version=found.version,
        position=position,
        state=account_shown(found.state),
        allowed=await allowed_now(asking, found.state, account.KIND, ROUTES),
    )
    return Found(body, version=found.version, position=position, stream=stream)


async def _accounts(asking: Asking) -> Found:
    query: AccountsQuery = asking.query
    refuse_no_word(query.q)
    registers = await asking.wiring.ledger.registers()
    reach = await reach_for(asking.wiring, asking.by)
    today = china_day(datetime.now(UTC))
    return await page_of(
        asking,
        account,
        lambda known: known.accounts,
        lambda one: _fits(one, query, today) and _covers(reach, one, registers),
        AccountsFound,
        shown=account_shown,
    )


def _covers(reach: Reach | None, state: Account, registers: Registers) -> bool:
    return reach is None or reach.covers(place_of(account.KIND, state, registers))


async def _refuse_outside(asking: Asking, state: Account) -> None:
    """Raises: Problem `not-found` — an account of another office is none for who asks; nor is
    anybody else's for who may not read the list."""
    registers = await asking.wiring.ledger.registers()
    assert asking.by is not None
    lists = asking.by.role in MAY[ACCOUNTS]
    if not _covers(await reach_for(asking.wiring, asking.by), state, registers) or not (
        lists or asking.by.account == state.code
    ):
        raise Problem("not-found")


async def refuse_other_offices(wiring: Wiring, by: Actor, code: str) -> None:
    """Raises: Problem `not-found` — there is no such account, or it is another office's."""
    registers = await wiring.ledger.registers()
    state = registers.accounts.get(code)
    if state is None or not _covers(await reach_for(wiring, by), state, registers):
        raise Problem("not-found")


def _fits(state: Account, query: AccountsQuery, today: date) -> bool:
    posts = state.posts_on(today)
    return (
        (query.unit is None or any(one.unit == query.unit for one in posts))
        and (query.role is None or any(one.role == query.role for one in posts))
        and (query.standing is None or state.standing == query.standing)
        and (query.emergency is None or any(one.justified is None for one in state.emergencies))
        and answers_to(query.q, state.code, state.name)
    )


QUESTIONS: Final = (
    Question(
        name="Accounts",
        under="/accounts",
        summary="账号和岗位",
        tag=account.KIND,
        answer=AccountsFound,
        query=AccountsQuery,
        find=_accounts,
    ),
    Question(
        name="Account",
        under="/accounts/{code:str}",
        summary="一个账号",
        tag=account.KIND,
        answer=AccountFound,
        find=_account,
    ),
)
