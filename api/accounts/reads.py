"""The read log, read: who has seen which person or complaint. It is for auditors, and for the head
of the unit that the reader belongs to or the thing stands in. Looking into it is recorded too."""

from datetime import date
from typing import Annotated, Final

from msgspec import Meta, Struct

from api.identity import OPERATOR
from api.web.paging import Limit, Mark, begins_after, listed
from api.web.questions import Asking, Found, Known, Question
from domain.accounts import account
from domain.aggregates import AGGREGATE
from domain.codes import Code
from domain.jurisdiction import Reach, place_of, reach_of
from ledger.log.decision import project_any
from ledger.reads import Read
from projections.history.timeline import StreamUnknown, parts_of

Thing = Annotated[str, Meta(pattern=r"\A[a-z_]+:[!-~]{1,200}\Z")]
SELECT: Final = """
    SELECT number, read_at, entry FROM read_log
     WHERE (%(thing)s::text IS NULL OR things @> ARRAY[%(thing)s::text])
       AND (%(account)s::text IS NULL OR account = %(account)s)
       AND (%(since)s::date IS NULL
            OR read_at >= %(since)s::date::timestamp AT TIME ZONE 'Asia/Shanghai')
       AND (%(until)s::date IS NULL
            OR read_at < (%(until)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
       AND (%(as_known_at)s::timestamptz IS NULL OR read_at <= %(as_known_at)s)
       AND (%(after)s::bigint IS NULL OR number < %(after)s)
       AND (%(all)s OR unit = ANY(%(units)s)
            OR EXISTS (SELECT FROM unnest(%(prefixes)s::text[]) p
                        WHERE p <> '' AND starts_with(division, p)))
     ORDER BY number DESC LIMIT %(limit)s
"""


class ReadsQuery(Known, frozen=True, kw_only=True):
    thing: Thing | None = None
    """As `request:UUID` or `complaint:UUID`."""
    account: Code | None = None
    since: date | None = None
    until: date | None = None
    limit: Limit = 50
    cursor: Mark | None = None


class ReadsFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    rows: list[Read]
    next_cursor: str | None


async def _reads(asking: Asking) -> Found:
    query: ReadsQuery = asking.query
    assert asking.by is not None
    reach = reach_of(asking.by, await asking.wiring.ledger.registers()) or Reach()
    given = {
        "thing": query.thing,
        "account": query.account,
        "since": query.since,
        "until": query.until,
        "as_known_at": query.as_known_at,
        "after": begins_after(asking, int),
        "limit": query.limit + 1,
        "all": asking.by is OPERATOR
        or (query.thing is not None and await _stands_within(asking, query.thing, reach)),
        "units": list(reach.units),
        "prefixes": list(reach.prefixes),
    }
    found = await asking.wiring.reads.fetch(SELECT, given)
    return listed(asking, found, lambda one: one.number, ReadsFound)


async def _stands_within(asking: Asking, thing: str, reach: Reach) -> bool:
    """Tell whether the thing that was read stands where the asking actor's post reaches."""
    try:
        stream = next(iter(parts_of(thing)))
    except StreamUnknown:
        return False
    held = project_any(await asking.wiring.ledger.stream(stream))
    kind = thing.partition(":")[0]
    if held is None or kind not in AGGREGATE:
        return False
    return reach.covers(place_of(kind, held.state, await asking.wiring.ledger.registers()))


QUESTIONS: Final = (
    Question(
        name="Reads",
        under="/reads",
        summary="谁查阅过哪个人、哪件投诉或事项：何时、看到哪些内容、为什么",
        tag=account.KIND,
        answer=ReadsFound,
        query=ReadsQuery,
        find=_reads,
    ),
)
