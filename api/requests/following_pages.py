"""Pages on which people follow their own request: a form for number and code, and what it opens.

Number and code are posted and shown at once, so that they stand in no address, history or log;
only the code's own square on the receipt leads to an address that holds them, as that of a rating
does.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from api.pages import typed
from api.pages.asking import ask
from api.pages.giving import NotTaken, status_of
from api.pages.page import Html, Page, Visit
from api.pages.public import last_of, onward
from api.pages.tongue import Tongue
from api.requests.following import CODE, DIGITS, NUMBER, QUESTIONS, FollowedRequest
from api.web.problems import Problem
from domain.requests.request import RequestLogged

UNDER: Final = "/public/requests"
BY_SQUARE: Final = f"{UNDER}/{{number:str}}/{{code:str}}"
_FOLLOWED: Final = next(one for one in QUESTIONS if one.name == "FollowedRequest")


def steps_in(tongue: Tongue) -> Mapping[str, str]:
    """Kind of an event → what the person is told of it."""
    say = tongue.say
    return {
        "request.logged": say("登记了"),
        "request.transfer_accepted": say("转到另一个服务点办"),
        "request.supplement_requested": say("请你补材料"),
        "request.supplement_received": say("收到你补的材料"),
        "request.consultation_given": say("答复了你"),
        "request.referred": say("请别的单位办"),
        "request.referral_accepted": say("那个单位接下了"),
        "request.referral_refused": say("那个单位没有接"),
        "request.referral_returned": say("那个单位退回来了"),
        "request.referral_completed": say("那个单位办完了"),
        "request.mediation_opened": say("开始调解"),
        "request.mediation_agreed": say("调解成功"),
        "request.mediation_ended": say("调解没有成"),
        "request.legal_aid_applied": say("申请了法律援助"),
        "request.legal_aid_granted": say("批准了法律援助"),
        "request.legal_aid_refused": say("没有批准法律援助"),
        "request.legal_aid_lawyer_assigned": say("派了援助律师"),
        "request.legal_aid_deemed_withdrawn": say("法律援助的申请按撤回处理"),
        "request.closed": say("办结了"),
        "request.reopened": say("重新办理"),
        "request.voided": say("登记作废了"),
    }


def _form(visit: Visit, wrong: NotTaken | None = None, **more: Any) -> Html:
    """Draw the form; a code is typed anew each time."""
    return Html(
        template="public_follow.html",
        status=status_of(wrong),
        context={
            "title": visit.tongue.say("查我的事项办到哪一步"),
            "wrong": wrong,
            "number": visit.typed("number"),
            "digits": DIGITS,
            "here": UNDER,
            "onward": partial(onward, visit),
        },
        **more,
    )


async def _show(visit: Visit) -> Html:
    return _form(visit)


async def _take(visit: Visit) -> Html:
    """Look up what was typed, as the receipt has it or as people write it."""
    number = typed.phone(visit.typed("number")).lstrip("#")
    code = typed.phone(visit.typed("code"))
    errors: dict[str, str] = {}
    if not re.fullmatch(NUMBER, number):
        errors["number"] = visit.tongue.say("编号是回执上的一串数字")
    if not re.fullmatch(CODE, code):
        errors["code"] = visit.tongue.say(
            "查询码是{n}位数字，现在有{now}位", n=DIGITS, now=sum(map(str.isdecimal, code))
        )
    if errors:
        return _form(visit, NotTaken(422, "", errors))
    return await _looked_up(visit, number, code)


async def _by_square(visit: Visit) -> Html:
    return await _looked_up(visit, visit.path["number"], visit.path["code"])


async def _looked_up(visit: Visit, number: str, code: str) -> Html:
    try:
        found = await ask(visit, _FOLLOWED, {"number": number, "code": code}, {})
    except Problem as error:
        return _not_found(visit, error)
    return _drawn(visit, found.body)


def _not_found(visit: Visit, error: Problem) -> Html:
    """Say the same of a wrong number and a wrong code."""
    if error.slug == "not-found":
        said = visit.tongue.say("编号和查询码对不上。照回执再写一次")
        return _form(visit, NotTaken(404, said))
    if error.slug != "too-many-tries":
        raise error
    wait_s = error.retry_after_s or 0
    said = visit.tongue.say("错得太多了，{n}分钟后再试", n=max(1, round(wait_s / 60)))
    headers = [(b"retry-after", b"%d" % max(1, round(wait_s)))]
    return _form(visit, NotTaken(429, said), headers=headers)


def _drawn(visit: Visit, found: FollowedRequest) -> Html:
    tongue, now = visit.tongue, datetime.now(UTC)
    return Html(
        template="public_followed.html",
        context={
            "title": _standing(tongue, found),
            "found": found,
            "said": steps_in(tongue),
            "service": tongue.label(found.service, "service", RequestLogged),
            "close_kind": found.close_kind and tongue.label(found.close_kind, "close_kind"),
            "late": [one for one in found.promises if not one.paused and one.due < now],
            "promise_named": lambda one: _promised(tongue, one.name),
            "last_of": partial(last_of, tongue),
            "here": UNDER,
            "onward": partial(onward, visit),
        },
    )


def _standing(tongue: Tongue, found: FollowedRequest) -> str:
    say = tongue.say
    return {
        "open": say("正在办"),
        "waiting": say("等你补材料"),
        "referred": say("转到别的单位在办"),
        "closed": say("已经办结"),
        "voided": say("这件登记作废了"),
    }[found.standing]


def _promised(tongue: Tongue, name: str) -> str:
    """Say a promise as what will be done."""
    say = tongue.say
    told = {
        "first_response": say("第一次答复你"),
        "close": say("办结"),
        "assign": say("派援助律师"),
        "review": say("复查有结果"),
    }
    return told.get(name) or tongue.label(name, "name")


_page: Final = partial(Page, for_everybody=True, of="FollowedRequest")
PAGES: Final = (
    _page(under=UNDER, show=_show, take=_take),
    _page(under=BY_SQUARE, show=_by_square),
)
