"""Rights, told to whom they are about: all of a post; and why an account may or may not do
something, by the row of the table, the post, the place of the thing, and the part of the reach that
covers it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Final

from msgspec import Struct

from api.rights import OPERATOR, PUBLIC, RIGHTS, Fields, Right, Scope, fields_of, may, right_of
from api.web.questions import Asking, Found, Question
from domain.accounts import account
from domain.accounts.account import actors_of
from domain.jurisdiction import Place, Reach, place_of, reach_of
from domain.moment import Registers
from domain.registers.appointment import china_day
from domain.roles import Role
from domain.vocabulary import Actor

# --- what a role may do


class RightShown(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("action",)

    action: str
    scope: Scope
    fields: Fields


class RightsFound(Struct, frozen=True, kw_only=True):
    """`reach`: how far the post reaches; None for those who act for no office."""

    account: str
    role: str
    unit: str
    adviser: str | None
    instead_of: str | None
    emergency: bool
    reach: Reach | None
    rights: list[RightShown]


def rights_of(role: Role) -> list[RightShown]:
    """List what a role may do, by action."""
    return [
        RightShown(
            action=action,
            scope=right.scope,
            fields=fields_of(right, role, personal=bool(right.clear)),
        )
        for action, right in sorted(RIGHTS.items())
        if role in right.roles
    ]


async def _rights(asking: Asking) -> Found:
    by = asking.by
    assert by is not None
    registers = await asking.wiring.ledger.registers()
    body = RightsFound(
        account=by.account,
        role=by.role,
        unit=by.unit,
        adviser=by.adviser,
        instead_of=by.instead_of,
        emergency=by.emergency,
        reach=reach_of(by, registers),
        rights=rights_of(by.role),
    )
    return Found(body)


# --- why


class PostJudged(Struct, frozen=True, kw_only=True):
    """One post of an account: whether its role may, and what of its reach covers the thing."""

    role: str
    unit: str
    instead_of: str | None
    emergency: bool
    may: bool
    covered_by: list[str]
    reach: Reach | None

    @property
    def yes(self) -> bool:
        return self.may and bool(self.covered_by)


class Why(Struct, frozen=True, kw_only=True):
    """`roles`: who may at all, anywhere. `place`: where the thing stands; None without a thing."""

    yes: bool
    account: str
    action: str
    scope: Scope
    roles: list[str]
    standing: str | None
    place: Place | None
    posts: list[PostJudged]
    reason: str


def why(
    code: str,
    action: str,
    registers: Registers,
    now: datetime,
    thing: tuple[str, Any] | None = None,
) -> Why:
    """Explain a yes or a no. `thing`: its kind and state. Raises: NoRight."""
    right = right_of(action)
    place = None if thing is None else place_of(*thing, registers)
    known = registers.accounts.get(code)
    actors = actors_of(code, registers.accounts, now, china_day(now))
    posts = [_judged(one, right, place, registers) for one in actors]
    yes = right.permission == PUBLIC or any(one.yes for one in posts)
    return Why(
        yes=yes,
        account=code,
        action=action,
        scope=right.scope,
        roles=sorted(right.roles),
        standing=known.standing if known else None,
        place=place,
        posts=posts,
        reason=_reason(right, known, posts, yes=yes),
    )


def _judged(by: Actor, right: Right, place: Place | None, registers: Registers) -> PostJudged:
    reach = reach_of(by, registers)
    return PostJudged(
        role=by.role,
        unit=by.unit,
        instead_of=by.instead_of,
        emergency=by.emergency,
        may=right.permission not in (OPERATOR, PUBLIC) and may(by, right.permission),
        covered_by=list(_covering(right, reach, place)),
        reach=reach,
    )


def _covering(right: Right, reach: Reach | None, place: Place | None) -> Iterator[str]:
    """Name the parts of a reach that cover a place. Together they are `Reach.covers`."""
    if right.scope in ("everywhere", "own", "link"):
        yield f"scope: {right.scope}"
    elif place is None:
        yield "no thing named"
    elif reach is None:
        yield "acts for no office"
    else:
        parts = {
            "everybody's": Reach(),
            "division": Reach(prefixes=reach.prefixes),
            "unit": Reach(units=reach.units),
            "adviser": Reach(adviser=reach.adviser),
            "account": Reach(account=reach.account),
            "around the point": Reach(around=reach.around),
        }
        for name, part in parts.items():
            if part.covers(place) and (name == "everybody's" or not place.everybody):
                yield name


def _reason(
    right: Right, known: account.Account | None, posts: list[PostJudged], *, yes: bool
) -> str:
    reasons = (
        (yes, "the role may, and its reach covers it"),
        (right.permission == OPERATOR, "only at the machine itself, by whoever has its account"),
        (known is None, "no account of this code is listed"),
        (known is not None and not known.active, "the account is suspended or closed"),
        (not posts, "the account has no post today"),
        (not any(one.may for one in posts), "no post of the account has a role that may"),
        (True, "the thing stands outside of what the post reaches"),
    )
    return next(reason for holds, reason in reasons if holds)


QUESTIONS: Final = (
    Question(
        name="Rights",
        under="/rights",
        summary="按我的岗位可以办什么、查什么、管到哪里、个人信息能看到什么程度",
        tag=account.KIND,
        answer=RightsFound,
        find=_rights,
    ),
)
