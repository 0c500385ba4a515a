"""Pages of the person who was served: rate by the link of a receipt, take it back, add to it.

Whoever holds the link is the person. A wrong link and a missing thing have one answer. What a
rating cannot hold besides its grade, reasons and the wish to be called, is written into its
comment, where the office reads it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from api.pages.asking import ask
from api.pages.giving import KEY, NotTaken, give, new_key, status_of
from api.pages.page import Elsewhere, Html, Page, Visit, filled
from api.pages.public import GRADES_ASKED, faces, last_of, onward
from api.pages.tongue import TONGUES, Tongue
from api.requests.ratings import QUESTIONS, LinkFound
from api.requests.request_routes import ROUTES
from api.web.problems import Problem
from domain.requests.rating import BAD_GRADES

UNDER: Final = "/ratings/{id:uuid}/{token:str}"
COMMENT_MAX: Final = 500
_LINK: Final = next(one for one in QUESTIONS if one.name == "RatingLink")
_ROUTE: Final = {one.name: one for one in ROUTES}


def reasons(tongue: Tongue) -> Sequence[str]:
    """List what may have been wrong."""
    return (
        tongue.say("等候时间长"),
        tongue.say("答复不清楚"),
        tongue.say("态度不好"),
        tongue.say("材料反复要"),
        tongue.say("其他"),
    )


def call_back(tongue: Tongue) -> str:
    """Say the wish to be called back."""
    return tongue.say("希望回电话")


async def _found(visit: Visit) -> LinkFound | None:
    """Look up what the link opens; None where it opens nothing."""
    try:
        found = await ask(visit, _LINK, visit.path)
    except Problem as error:
        if error.slug != "not-found":
            raise
        return None
    body: LinkFound = found.body
    return body


def _html(visit: Visit, template: str, status: int = 200, **context: Any) -> Html:
    around = {
        "here": _here(visit),
        "onward": partial(onward, visit),
        "face_said": dict(faces(visit.tongue)).__getitem__,
        "last_of": partial(last_of, visit.tongue),
    }
    return Html(template=template, status=status, context={**around, **context})


def _here(visit: Visit) -> str:
    """The page of the link itself."""
    return filled(UNDER, visit.path)


def _nothing(visit: Visit) -> Html:
    title = visit.tongue.say("这个链接打不开")
    return _html(visit, "rating_nothing.html", 404, title=title)


def _form(visit: Visit, found: LinkFound, wrong: NotTaken | None = None, **more: Any) -> Html:
    """Draw the five faces, with what was chosen and typed before."""
    return _html(
        visit,
        "rating_form.html",
        status_of(wrong),
        title=visit.tongue.say("这次服务怎么样？"),
        found=found,
        wrong=wrong,
        faces=faces(visit.tongue),
        reasons=reasons(visit.tongue),
        call_back=call_back(visit.tongue),
        comment_max=COMMENT_MAX,
        key=visit.typed(KEY) or new_key(),
        **{"adds": False, **more},
    )


async def _show(visit: Visit) -> Html:
    found = await _found(visit)
    if found is None:
        return _nothing(visit)
    return _standing(visit, found)


def _standing(visit: Visit, found: LinkFound, said: str = "", status: int = 200) -> Html:
    """Show the rating as it stands: to be given, given, taken back, or too late for."""
    now = datetime.now(UTC)
    if found.given is None and now < found.expires_at:
        return _form(visit, found, NotTaken(status, said) if said else None)
    if found.given is None:
        title = visit.tongue.say("评价的时间已经过了")
        return _html(visit, "rating_over.html", title=title, found=found)
    may_withdraw = not found.withdrawn and (
        found.withdraw_until is not None and now < found.withdraw_until
    )
    may_add = not (found.withdrawn or found.followed_up) and (
        found.follow_up_until is None or now < found.follow_up_until
    )
    tongue = visit.tongue
    return _html(
        visit,
        "rating_given.html",
        status,
        title=tongue.say("你的评价已经撤回" if found.withdrawn else "已收到你的评价"),
        found=found,
        said=said,
        bad=found.given in BAD_GRADES,
        may_withdraw=may_withdraw,
        may_add=may_add,
        may_ask=_may_ask(found),
    )


async def _voted(route: str, visit: Visit) -> Html | Elsewhere:
    """Take a vote, or draw its form again with all that was typed."""
    adds = route == "PublicFollowUpRating"
    found = await _found(visit)
    if found is None:
        return _nothing(visit)
    redrawn = partial(_form, visit, found, adds=adds)
    grade = visit.typed("grade")
    if grade not in GRADES_ASKED:
        why = visit.tongue.say("请先选一个表情")
        return redrawn(NotTaken(422, "", {"grade": why}))
    comment = visit.typed("comment").replace("\r\n", "\n")
    if len(comment) > COMMENT_MAX:
        why = visit.tongue.say(
            "最多写{most}个字，现在有{now}个", most=COMMENT_MAX, now=len(comment)
        )
        return redrawn(NotTaken(422, "", {"comment": why}))
    body = {"grade": int(grade)}
    if said := _comment(visit, int(grade), comment):
        body["comment"] = said  # type: ignore[assignment]
    try:
        await give(visit, _ROUTE[route], body=body)
    except NotTaken as error:
        return await _refused(visit, error, adds=adds)
    return Elsewhere(onward(visit, _here(visit)))


def _comment(visit: Visit, grade: int, typed: str) -> str:
    """Write what was ticked and typed, as the office reads it; what was ticked below another grade
    is not meant any more."""
    chosen: Sequence[str] = ()
    if grade in BAD_GRADES:
        numbers = visit.form.get("reason", ())
        zh = TONGUES["zh"]
        chosen = [one for number, one in enumerate(reasons(zh), 1) if str(number) in numbers]
        chosen = [*chosen, *([call_back(zh)] if visit.typed("call_back") else ())]
    return "\n".join(one for one in ("；".join(chosen), typed) if one)


async def _refused(visit: Visit, error: NotTaken, *, adds: bool = False) -> Html:
    """Show how the rating stands, and why it was not changed."""
    found = await _found(visit)
    if found is None or error.status == 404:  # noqa: PLR2004
        return _nothing(visit)
    if adds and not found.followed_up:
        return _form(visit, found, error, adds=True)
    return _standing(visit, found, error.said, error.status)


async def _withdrawal(visit: Visit) -> Html | Elsewhere:
    found = await _found(visit)
    if found is None:
        return _nothing(visit)
    if found.given is None or found.withdrawn:
        return _standing(visit, found)
    title = visit.tongue.say("撤回评价？")
    return _html(visit, "rating_withdraw.html", title=title, found=found, key=new_key())


async def _confirmed(route: str, visit: Visit) -> Html | Elsewhere:
    """Give a command that needs no words."""
    try:
        await give(visit, _ROUTE[route], body={})
    except NotTaken as error:
        return await _refused(visit, error)
    return Elsewhere(onward(visit, _here(visit)))


async def _dealing(visit: Visit) -> Html | Elsewhere:
    found = await _found(visit)
    if found is None:
        return _nothing(visit)
    if not _may_ask(found):
        return _standing(visit, found)
    title = visit.tongue.say("要求处理？")
    return _html(visit, "rating_dissatisfied.html", title=title, found=found, key=new_key())


def _may_ask(found: LinkFound) -> bool:
    return found.given in BAD_GRADES and not found.withdrawn and found.handling is None


async def _addition(visit: Visit) -> Html | Elsewhere:
    found = await _found(visit)
    if found is None:
        return _nothing(visit)
    if found.given is None or found.withdrawn or found.followed_up:
        return _standing(visit, found)
    return _form(visit, found, adds=True)


_give: Final = partial(_voted, "PublicGiveRating")
_add: Final = partial(_voted, "PublicFollowUpRating")
_withdraw: Final = partial(_confirmed, "PublicWithdrawRating")
_deal: Final = partial(_confirmed, "PublicNoteDissatisfaction")
_page: Final = partial(Page, for_everybody=True)
PAGES: Final = (
    _page(under=UNDER, of="RatingLink", show=_show, take=_give),
    _page(under=f"{UNDER}/@new", of="PublicGiveRating", show=_show, take=_give),
    _page(under=f"{UNDER}/follow-up", of="PublicFollowUpRating", show=_addition, take=_add),
    _page(
        under=f"{UNDER}/dissatisfaction",
        of="PublicNoteDissatisfaction",
        show=_dealing,
        take=_deal,
    ),
    _page(under=f"{UNDER}/withdraw", of="PublicWithdrawRating", show=_withdrawal, take=_withdraw),
)
