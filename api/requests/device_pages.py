"""The rating device at a window: it stands by, is shown to the person for whom a service has just
ended, takes one tap, and stands by again. It shows no names.

Only what was asked within minutes is shown: whoever comes later is somebody else. What was passed
over on this screen is kept in its address (`after`), not in the log: not to rate is nobody's fact.
The code is made when the screen turns to the person, not with the tap: a vote within seconds of its
code is suspect.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api.pages.asking import ask
from api.pages.giving import NotTaken, give, new_key
from api.pages.page import Elsewhere, Html, Page, Visit, url
from api.pages.public import GRADES_ASKED, faces
from api.requests.ratings import QUESTIONS, QueueFound, RatingCode
from api.requests.request_routes import ROUTES
from projections.requests.ratings import WaitingRow

DEVICE: Final = "/device"
PUSHED_WITHIN: Final = timedelta(minutes=30)
"""So long after it was asked for is a rating shown to whoever stands at the window."""
STANDS_BY_S: Final = 5
"""So often a device that stands by looks for the next service."""
WAITS_S: Final = 60
THANKS_S: Final = 8
_QUEUE: Final = next(one for one in QUESTIONS if one.name == "DeviceQueue")
_ROUTE: Final = {one.name: one for one in ROUTES}


async def _show(visit: Visit) -> Html:
    """Stand by, or offer the newest service that nobody has passed over."""
    queue: QueueFound = (await ask(visit, _QUEUE)).body
    waiting = _newest(queue, visit.query.get("after"))
    return _html(visit, "device_idle.html", queue, goes_on_s=STANDS_BY_S, waiting=waiting)


def _newest(queue: QueueFound, after: str | None) -> WaitingRow | None:
    since = datetime.now(UTC) - PUSHED_WITHIN
    if after:
        # What somebody has typed into the address is no time: the device stands where it stood.
        with suppress(ValueError, TypeError):
            since = max(since, datetime.fromisoformat(after))
    return next((one for one in queue.rows if one.asked_at > since), None)


def _html(
    visit: Visit, template: str, queue: QueueFound | None, status: int = 200, **context: Any
) -> Html:
    title = visit.tongue.say("窗口评价")
    after = visit.typed("asked_at") or visit.query.get("after") or None
    around = {
        "title": title,
        "queue": queue,
        "key": new_key(),
        "back": url(DEVICE, after=after),
        "waits_s": WAITS_S,
        "face_said": dict(faces(visit.tongue)).__getitem__,
        "faces": faces(visit.tongue),
    }
    return Html(template=template, status=status, context={**around, **context})


async def _take(visit: Visit) -> Html | Elsewhere:
    """Turn to the person, give him more time, or take his tap."""
    try:
        request = UUID(visit.typed("request"))
    except ValueError:
        return Elsewhere(DEVICE)
    grade = visit.typed("grade")
    try:
        if grade in GRADES_ASKED:
            body = {"token": visit.typed("token"), "grade": int(grade)}
            await give(visit, _ROUTE["GiveRating"], path={"id": request}, body=body)
            return _html(
                visit, "device_done.html", None, goes_on_s=THANKS_S, given=int(grade), said=""
            )
        token = visit.typed("token") or await _coded(visit, request)
    except NotTaken as error:
        return _html(
            visit, "device_done.html", None, error.status, goes_on_s=THANKS_S, given=None,
            said=error.said,
        )  # fmt: skip
    queue: QueueFound = (await ask(visit, _QUEUE)).body
    return _html(
        visit,
        "device_asks.html",
        queue,
        goes_on_s=WAITS_S,
        request=request,
        token=token,
        asked_at=visit.typed("asked_at"),
    )


async def _coded(visit: Visit, request: UUID) -> str:
    """Make the code of the vote. Raises: NotTaken."""
    done = await give(visit, _ROUTE["IssueRatingCode"], path={"id": request}, body={})
    assert isinstance(done.answer, RatingCode)
    return done.answer.page.rpartition("/")[2]


PAGES: Final = (Page(under=DEVICE, of="DeviceQueue", show=_show, take=_take),)
