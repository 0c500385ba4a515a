"""The quick form of the desk, read whole before anything of it is given: the request, and the
commands that its outcome stands for."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.pages import suggested, typed
from api.pages.declared import Declared
from api.pages.forms import errors_of, read
from api.pages.giving import NotTaken, besides_of
from api.pages.page import Visit
from api.pages.tongue import Tongue
from api.web.acting import Route
from api.web.problems import invalid
from domain.requests.request import Channel, Mode
from domain.requests.request_commands import GiveConsultation, LogRequest

MODES: Final[Mapping[Channel, Mode]] = {
    "counter": "onsite", "visit": "onsite", "reception_day": "onsite", "phone": "phone",
    "hotline_12348": "phone", "hotline_12345": "phone", "wechat": "wechat", "web": "network",
}  # fmt: skip
"""How advice was given, by how the person came: the desk asks for it once."""
NOT_ASKED: Final = (
    "point", "adviser", "detail", "person", "work_order", "external", "place", "late_reason",
)  # fmt: skip
"""Fields of a request that the form does not ask for, or asks for in its own way."""
GIVEN_WITH_IT: Final = ("adviser", "mode")
"""Fields of a consultation that the form asks for once, with the request."""
MOBILE_DIGITS: Final = 11
NAMESAKES_MAX: Final = 5
LINKED: Final = "duplicate_of"
SAME_MATTER: Final = "登记时核对：同一号码，同一件事"

# --- outcomes


class Outcome(Struct, frozen=True):
    """What a clerk says came of it: commands that the form holds all of, or one that asks more."""

    code: str
    gives: tuple[str, ...] = ()
    asks: str | None = None


OUTCOMES: Final = (
    Outcome("answered", gives=("GiveConsultation", "CloseRequest")),
    Outcome("referred", asks="Refer"),
    Outcome("legal_aid", asks="ApplyForLegalAid"),
    Outcome("mediation", asks="OpenMediation"),
    Outcome("open"),
)


def outcomes_in(tongue: Tongue) -> Mapping[str, str]:
    """Code → what its tile says; those that ask more end with …"""
    say = tongue.say
    return {
        "answered": say("当场答复"),
        "referred": say("转介…"),
        "legal_aid": say("受理援助…"),
        "mediation": say("启动调解…"),
        "open": say("只登记"),
    }


class Step(Struct, frozen=True):
    """A command of the series, as its form says it."""

    route: Route
    body: Mapping[str, Any]


class Filled(Struct, frozen=True):
    """What the quick form says, before anything of it is given."""

    logging: Step
    then: tuple[Step, ...]
    outcome: Outcome


def filled_in(visit: Visit, declared: Declared) -> Filled:
    """Read the form.

    Raises: NotTaken — nothing of it may be given.
    """
    _refuse_another_post(visit)
    errors: dict[str, str] = {}
    adviser = _adviser(visit, errors)
    outcome = _outcome(visit, errors)
    logging = _logging(visit, declared, adviser, errors)
    then = [
        *_answering(visit, declared, outcome, logging.body, errors),
        *_linking(visit, declared),
    ]
    errors |= besides_of(visit)[1]
    for step in (logging, *then):
        errors = {**_checked(step, visit), **errors}
    if errors:
        raise NotTaken(HTTPStatus.UNPROCESSABLE_ENTITY, "", errors)
    return Filled(logging, tuple(then), outcome)


def _refuse_another_post(visit: Visit) -> None:
    """Refuse a form that was opened at another point: its request would be logged at the wrong
    one."""
    opened_at = visit.typed("point")
    if not opened_at or opened_at == visit.actor.unit:
        return
    point = visit.registers.points.get(opened_at)
    name = point.name if point else opened_at
    said = visit.tongue.say(
        "这张表是在{point}打开的，你现在的岗位在别处。换回那个岗位再登记，写的都还在", point=name
    )
    raise NotTaken(HTTPStatus.CONFLICT, said)


def _logging(visit: Visit, declared: Declared, adviser: str | None, errors: dict[str, str]) -> Step:
    found = read(LogRequest, visit.form, visit.tongue, owners=(), leave_out=NOT_ASKED)
    body = {"channel": "counter", **found.body, "point": visit.actor.unit}
    errors |= {name: why for name, why in found.errors.items() if name not in body}
    if adviser is not None:
        body["adviser"] = adviser
    if wrong := _wrong_number(visit):
        errors["visitor.phone"] = wrong
    return Step(declared.routes["LogRequest"], body)


def _outcome(visit: Visit, errors: dict[str, str]) -> Outcome:
    told = visit.typed("outcome")
    found = next((one for one in OUTCOMES if one.code == told), None)
    if found is None:
        errors["outcome"] = visit.tongue.say("请从所列选项中选")
    return found or OUTCOMES[-1]


def _linking(visit: Visit, declared: Declared) -> Sequence[Step]:
    """The request is the same matter as an earlier one, that was shown when its number was
    typed."""
    original = id_of(visit.typed(LINKED))
    if original is None:
        return ()
    body = {"original": str(original), "reason": SAME_MATTER}
    return (Step(declared.routes["LinkDuplicate"], body),)


def _answering(
    visit: Visit,
    declared: Declared,
    outcome: Outcome,
    logged: Mapping[str, Any],
    errors: dict[str, str],
) -> Sequence[Step]:
    if not outcome.gives:
        return ()
    found = read(GiveConsultation, visit.form, visit.tongue, owners=(), leave_out=GIVEN_WITH_IT)
    errors |= found.errors
    advice = {**found.body, "mode": MODES.get(logged["channel"], "onsite")}
    if "adviser" in logged:
        advice["adviser"] = logged["adviser"]
    bodies: Mapping[str, Mapping[str, Any]] = {
        "GiveConsultation": advice, "CloseRequest": {"kind": "answered"},
    }  # fmt: skip
    return [Step(declared.routes[name], bodies[name]) for name in outcome.gives]


def answered_later(visit: Visit, declared: Declared) -> Sequence[Step]:
    """Read the answer to a request that was logged before. Raises: NotTaken."""
    errors: dict[str, str] = {}
    logged: dict[str, Any] = {"channel": visit.typed("channel") or "counter"}
    if (adviser := _adviser(visit, errors)) is not None:
        logged["adviser"] = adviser
    steps = _answering(visit, declared, OUTCOMES[0], logged, errors)
    for step in steps:
        errors = {**_checked(step, visit), **errors}
    if errors:
        raise NotTaken(HTTPStatus.UNPROCESSABLE_ENTITY, "", errors)
    return steps


def _checked(step: Step, visit: Visit) -> Mapping[str, str]:
    """Find what the command itself would not take, before any of the series is given."""
    try:
        msgspec.convert(step.body, step.route.reads)
    except msgspec.ValidationError as error:
        return errors_of(invalid(error).errors, visit.tongue)
    return {}


def _wrong_number(visit: Visit) -> str | None:
    """Say what is wrong with a mobile number: a digit too few is found while the person stands
    there."""
    phone = typed.phone(visit.typed("visitor.phone"))
    if phone.startswith("1") and phone.isdecimal() and len(phone) != MOBILE_DIGITS:
        return visit.tongue.say("手机号要11位，现在是{n}位", n=len(phone))
    return None


def id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# --- advisers


def _adviser(visit: Visit, errors: dict[str, str]) -> str | None:
    """Find who advised by the name or the code that was typed."""
    told, say = typed.plain(visit.typed("adviser")), visit.tongue.say
    advisers = visit.registers.advisers
    if not told or told in advisers:
        return told or None
    named = [code for code, name in dict(suggested.advisers(visit)).items() if name == told]
    named = named or [one.code for one in advisers.values() if one.name == told]
    if len(named) == 1:
        return named[0]
    if named:
        codes = "、".join(named[:NAMESAKES_MAX])
        rule = say("叫{name}的有{n}位，写工号：{codes}", name=told, n=len(named), codes=codes)
    else:
        rule = say("顾问名册里没有“{given}”", given=told[:40])
    errors["adviser"] = rule
    return None


def named_adviser(visit: Visit, code: str) -> str:
    """The name of an adviser where it is his alone, or else his code."""
    found = visit.registers.advisers.get(code)
    if found is None:
        return code
    namesakes = [one for one in visit.registers.advisers.values() if one.name == found.name]
    return found.name if len(namesakes) == 1 else code
