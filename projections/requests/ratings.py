"""Ratings as they stand: who waits to be heard at which window, what is suspect or disputed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.requests import rating
from domain.requests.rating import DisputeStatus, Rating, Source, Suspicion
from domain.vocabulary import SIMULATION
from projections.asking.asking import (
    NEVER,
    Cursor,
    Query,
    equal,
    filtered,
    one_page,
    standing_at,
)
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "ratings"
Status = Literal["exempt", "waiting", "given", "withdrawn", "default", "call_back"]
"""What is known of the person: asked for nothing, not heard yet, heard, or silent."""


class RatingRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("request",)
    stream: UUID
    request: UUID
    number: int
    version: int
    version_position: int
    point: str
    at_window: str | None
    officer: str | None
    status: Status
    rule: str | None
    asked_at: datetime
    expires_at: datetime | None
    grade: SmallInt | None
    device: str | None
    suspicions: tuple[Suspicion, ...]
    suspect: bool
    counted: bool | None
    dispute: DisputeStatus
    disputed: Source | None

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(RatingRow, without=("stream", "version_position"), simulated="boolean")
"""`number`: position of its first event. `rule`: by which nobody is invited. `grade`: what the
person gave. `suspect`: waits to be looked at; `counted`: what was decided then."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Rating = change.after
    stood, recorded = change.stood.get(WHOLE), change.recorded
    event: Any = recorded.event
    invited, given = state.invited, state.given
    began = stood is None or (stood["status"] == "exempt" and invited is not None)
    yield (
        WHOLE,
        {
            "request": event.request,
            "number": stood["number"] if stood else recorded.position,
            "version": recorded.originator_version,
            "point": invited.point if invited else event.point,
            "at_window": invited.window if invited else None,
            "officer": invited.officer if invited else None,
            "status": _status(state),
            "rule": state.exempt,
            "asked_at": recorded.occurred_at if began or stood is None else stood["asked_at"],
            "expires_at": invited.expires_at if invited else None,
            "grade": given.grade if given else None,
            "device": given.device if given else None,
            "suspicions": given.suspicions if given else (),
            "suspect": state.waits_to_be_looked_at,
            "counted": state.looked_at.counted if state.looked_at else None,
            "dispute": state.dispute,
            "disputed": state.disputed[-1] if state.disputed else None,
            "simulated": recorded.device == SIMULATION,
        },
    )


def _status(state: Rating) -> Status:
    if state.invited is None:
        return "exempt"
    if state.given is not None:
        return "withdrawn" if state.withdrawn else "given"
    if state.called_back:
        return "call_back"
    return "default" if state.defaulted else "waiting"


VIEW: Final = Standings(
    NAME,
    2,
    (rating,),
    COLUMNS,
    _fold,
    indexes=(
        f"CREATE INDEX ON ratings (asked_at, stream) WHERE superseded_at = {NEVER}",
        f"CREATE INDEX ON ratings (point, at_window) WHERE superseded_at = {NEVER}"
        " AND status = 'waiting'",
        f"CREATE INDEX ON ratings (asked_at) WHERE superseded_at = {NEVER} AND suspect",
        f"CREATE INDEX ON ratings (asked_at) WHERE superseded_at = {NEVER} AND dispute = 'open'",
    ),
    shards=2,
)

# --- asking: the list


class RatingFilters(Struct, frozen=True, kw_only=True):
    """`suspect`: whether it waits to be looked at. `division` (a prefix), `adviser`: of the request
    as it stands in the journal."""

    point: str | None = None
    at_window: str | None = None
    officer: str | None = None
    status: Status | None = None
    suspect: bool | None = None
    dispute: DisputeStatus | None = None
    division: str | None = None
    adviser: str | None = None


_COLUMNS: Final = selected(RatingRow, "r", version_position="r.position")
_OF_REQUEST: Final = (
    f"EXISTS (SELECT FROM views.journal j WHERE j.request = r.request AND {standing_at('j')}"
)
_CONDITIONS: Final = {
    **equal("r", "point", "at_window", "officer", "status", "suspect", "dispute"),
    "division": f"{_OF_REQUEST} AND starts_with(j.division, %(division)s))",
    "adviser": f"{_OF_REQUEST} AND j.adviser = %(adviser)s)",
}


def page(
    filters: RatingFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[RatingRow]:
    """Query one page, newest first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("r", head=head))
    return one_page(
        RatingRow,
        f"SELECT {_COLUMNS} FROM views.ratings r",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("r.asked_at", "r.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: RatingRow) -> Cursor:
    return Cursor(row.asked_at, row.stream)


# --- asking: the queue of a device


class WaitingRow(Struct, frozen=True, kw_only=True):
    """What a device may know of an invitation: no names, no subject."""

    KEY: ClassVar = ("request",)
    request: UUID
    version: int
    """What If-Match wants."""
    asked_at: datetime
    expires_at: datetime


def waiting(
    *, point: str, window: str, now: datetime, position: int, limit: int
) -> Query[WaitingRow]:
    """Query the invitations that wait at a window, the newest first: that person stands there."""
    sql = f"""
        SELECT {selected(WaitingRow, "r")} FROM views.ratings r
         WHERE {standing_at("r")} AND r.status = 'waiting' AND r.expires_at > %(now)s
           AND r.point = %(point)s AND r.at_window = %(window)s
         ORDER BY r.asked_at DESC, r.stream LIMIT %(limit)s
    """  # noqa: S608
    parameters = {
        "point": point, "window": window, "now": now, "position": position, "limit": limit,
    }  # fmt: skip
    return Query(sql, parameters, WaitingRow)
