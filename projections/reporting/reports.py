"""Submitted reports: every frozen version, and the progress of a division's parts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.reporting import report
from domain.reporting.report import NUMBER, ReportResubmitted, ReportSubmitted, Table, digest_of
from domain.vocabulary import CHINA, SIMULATION
from domain.worktime.period import before
from ledger.log import tolerant
from projections.asking.answering import Answering
from projections.asking.asking import Query, equal, filtered, one_page, standing_at
from projections.reporting.figures import DIGITS
from projections.reporting.statutory import prefill, recomputed
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import Change, Standings, Values

NAME: Final = "reports"
ROWS: Final = "rows"
"""Among the totals: how many rows there are."""


class ReportVersion(Struct, frozen=True, kw_only=True):
    """A submission, without its rows."""

    KEY: ClassVar[tuple[str, ...]] = ("version",)

    stream: UUID
    position: int
    template: str
    form: str
    division: str
    period: str
    version: SmallInt
    reason: str | None
    note: str | None
    digest: str
    cut_off: int
    calendar: str
    signer: str
    role: str
    unit: str
    submitted_at: datetime
    totals: dict[str, int]
    simulated: bool

    def streams(self) -> list[UUID]:
        return [self.stream]


_SHOWN: Final = columns_of(ReportVersion, without=("stream", "position"))
COLUMNS: Final = (*_SHOWN[:-1], ("content", "jsonb"), *_SHOWN[-1:])
"""A row for each version. `form`: `template` with its version. `role`, `unit`: of the signer then.
`totals`: the sum of every column of figures, and of yes in one of answers. `content`: the table,
whose canonical bytes the digest is of."""


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    recorded = change.recorded
    event = recorded.event
    assert isinstance(event, ReportSubmitted | ReportResubmitted)
    version, reason = 1, None
    if isinstance(event, ReportResubmitted):
        version, reason = event.version, event.reason
    table = event.table
    yield (
        str(version),
        {
            "template": table.template.partition("@")[0],
            "form": table.template,
            "division": table.division,
            "period": table.period,
            "version": version,
            "reason": reason,
            "note": event.note,
            "digest": event.digest,
            "cut_off": table.cut_off,
            "calendar": table.calendar,
            "signer": event.signer,
            "role": recorded.by.role,
            "unit": recorded.by.unit,
            "submitted_at": recorded.occurred_at,
            "totals": totals_of(table),
            "content": table,
            "simulated": recorded.device == SIMULATION,
        },
    )


def totals_of(table: Table) -> dict[str, int]:
    sums = Counter({ROWS: len(table.rows)})
    for row in table.rows:
        for code, value in row.cells.items():
            if isinstance(value, int) and code != NUMBER:
                sums[code] += value
    return dict(sorted(sums.items()))


VIEW: Final = Standings(
    NAME,
    2,
    (report,),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON reports (template, period, division, version)",),
)


# --- asking


class SubmittedReport(ReportVersion, frozen=True, kw_only=True):
    frozen: str

    @property
    def table(self) -> Table:
        """Decoded by itself: a text that looks like a number stays a text."""
        return tolerant.decode(self.frozen, Table)

    @property
    def without_rows(self) -> ReportVersion:
        known = {name: getattr(self, name) for name in ReportVersion.__struct_fields__}
        return ReportVersion(**known)


_COLUMNS: Final = selected(ReportVersion, "r")
_OF: Final = "r.template = %(template)s AND r.division = %(division)s AND r.period = %(period)s"


def versions(template: str, division: str, period: str, position: int) -> Query[ReportVersion]:
    """Oldest first."""
    sql = f"""
        SELECT {_COLUMNS} FROM views.reports r
         WHERE {standing_at("r")} AND {_OF} ORDER BY r.version
    """  # noqa: S608
    return Query(sql, _named(template, division, period, position), ReportVersion)


def submitted(
    template: str, division: str, period: str, position: int, version: int | None = None
) -> Query[SubmittedReport]:
    """Query one version, or the newest; no row when nothing was submitted."""
    sql = f"""
        SELECT {_COLUMNS}, r.content::text AS frozen FROM views.reports r
         WHERE {standing_at("r")} AND {_OF}
           AND (%(version)s::smallint IS NULL OR r.version = %(version)s)
         ORDER BY r.version DESC LIMIT 1
    """  # noqa: S608
    of = _named(template, division, period, position) | {"version": version}
    return Query(sql, of, SubmittedReport)


def _named(template: str, division: str, period: str, position: int) -> dict[str, Any]:
    of = {"template": template, "division": division, "period": period}
    return {**of, "position": position}


# --- the list of what was submitted


class ReportLine(ReportVersion, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream", "version")


class ReportFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `template` has no version; `newest`: of each table only the last
    version; `from_` to `to` (exclusive) are local days of submission."""

    template: str | None = None
    division: str | None = None
    period: str | None = None
    signer: str | None = None
    unit: str | None = None
    newest: bool | None = None
    from_: date | None = None
    to: date | None = None


_NEWEST: Final = f"""
    NOT EXISTS (SELECT FROM views.reports l
                 WHERE l.stream = r.stream AND l.version > r.version AND {standing_at("l")})
"""
_CHINA_DAY: Final = f"(r.submitted_at AT TIME ZONE '{CHINA}')::date"
_CONDITIONS: Final = {
    **equal("r", "template", "period", "signer", "unit"),
    "division": "starts_with(r.division, %(division)s)",
    "newest": f"({_NEWEST}) = %(newest)s",
    "from_": f"{_CHINA_DAY} >= %(from_)s",
    "to": f"{_CHINA_DAY} < %(to)s",
}


def page(
    filters: ReportFilters,
    *,
    position: int,
    limit: int,
    after: int | None = None,
    head: bool = False,
) -> Query[ReportLine]:
    """Query one page, newest first by the order in which they were recorded; with `head` the
    position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    return one_page(
        ReportLine,
        f"SELECT {_COLUMNS} FROM views.reports r",  # noqa: S608
        [*where, standing_at("r", head=head)],
        parameters | {"position": position},
        order=("r.position",),
        descending=True,
        after=after,
        limit=limit,
    )


def place_of(row: ReportLine) -> int:
    return row.position


# --- the parts of a division


class ReportPart(Struct, frozen=True, kw_only=True):
    """A district of the city, or a town of a district."""

    KEY: ClassVar = ("division",)

    division: str
    submitted: ReportVersion | None
    previous: ReportVersion | None
    change: dict[str, int] | None
    """Totals of its newest submission less those of the period before; None without both."""


class _Code(Struct, frozen=True):
    division: str


def _parts(division: str, position: int) -> Query[_Code]:
    """List the parts in which there are or were points."""
    sql = f"""
        SELECT DISTINCT left(one, %(digits)s) AS division
          FROM views.directory d, unnest(d.divisions) one
         WHERE {standing_at("d")} AND starts_with(one, %(division)s) AND length(one) >= %(digits)s
    """  # noqa: S608
    of = {"division": division, "digits": DIGITS[len(division)], "position": position}
    return Query(sql, of, _Code)


def _newest(
    template: str, division: str, periods: list[str], position: int
) -> Query[ReportVersion]:
    sql = f"""
        SELECT DISTINCT ON (r.division, r.period) {_COLUMNS} FROM views.reports r
         WHERE {standing_at("r")} AND r.template = %(template)s AND r.period = ANY(%(periods)s)
           AND starts_with(r.division, %(division)s) AND length(r.division) = %(digits)s
         ORDER BY r.division, r.period, r.version DESC
    """  # noqa: S608
    of = {"template": template, "division": division, "periods": periods, "position": position}
    return Query(sql, of | {"digits": DIGITS[len(division)]}, ReportVersion)


def parts(template: str, division: str, period: str, position: int) -> Answering[list[ReportPart]]:
    """List every part of a division by code, whether it has submitted or not."""
    earlier = before(period)
    codes = yield _parts(division, position)
    found = yield _newest(template, division, [period, earlier], position)
    newest: dict[tuple[str, str], ReportVersion] = {
        (one.division, one.period): one for one in found
    }
    every = {one.division for one in codes} | {one.division for one in found}
    return [
        ReportPart(
            division=code,
            submitted=(now := newest.get((code, period))),
            previous=(then := newest.get((code, earlier))),
            change=_change(now, then),
        )
        for code in sorted(every)
    ]


def _change(now: ReportVersion | None, then: ReportVersion | None) -> dict[str, int] | None:
    if now is None or then is None:
        return None
    names = sorted(now.totals.keys() | then.totals.keys())
    return {name: now.totals.get(name, 0) - then.totals.get(name, 0) for name in names}


# --- a table on a basis

Of = Literal["submitted", "then", "now"]
"""As it was frozen; recomputed as known at its cut-off; as it would be now."""


class Shown(Struct, frozen=True, kw_only=True):
    """A table on a basis."""

    of: Of
    table: Table
    digest: str
    submission: ReportVersion | None
    """The submission; None when it was not submitted."""


def shown(  # noqa: PLR0913
    of: Of,
    template: str,
    division: str,
    period: str,
    *,
    position: int,
    now: datetime,
    version: int | None = None,
) -> Answering[Shown | None]:
    """Return a table as submitted, or as it would be now.

    None when a submission is asked for and there is none.

    `template` is its code; `version` is that of the submission, or else the newest.

    Raises: FormUnknown, CalendarUnknown — as `statutory.prefill` does.
    """
    found = yield submitted(template, division, period, position, version)
    submission: SubmittedReport | None = next(iter(found), None)
    if submission is None and (of != "now" or version is not None):
        return None
    if of == "now":
        table = yield from prefill(template, division, period, position=position, now=now)
    else:
        assert submission is not None
        table = submission.table
        if of == "then":
            table = yield from recomputed(table, table.cut_off)
    return Shown(
        of=of,
        table=table,
        digest=digest_of(table),
        submission=submission and submission.without_rows,
    )
