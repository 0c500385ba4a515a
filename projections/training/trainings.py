"""Training sessions as they stand, and who was credited with how much."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.training import session
from domain.training.session import Attendance, Training, TrainingKind, TrainingStatus
from domain.vocabulary import SIMULATION
from projections.asking.asking import NEVER, Cursor, Query, equal, filtered, one_page, standing_at
from projections.storing.columns import columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "trainings"
CREDITS: Final = "training_credits"


class TrainingRow(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    subject: str
    kind: TrainingKind
    place: str
    organiser: str
    day: date
    minutes: int
    status: TrainingStatus
    invited: int
    attended: int
    invited_attended: int
    """Of those invited."""
    credited_minutes: int
    entered_at: datetime
    """When its first event happened."""

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(
    TrainingRow, without=("stream", "version_position"), simulated="boolean"
)


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Training = change.after
    stood, announced = change.stood.get(WHOLE), state.announced
    attended = _counting(state)
    there = {one.trainee for one in attended}
    values = {
        "number": stood["number"] if stood else change.recorded.position,
        "subject": announced.subject,
        "kind": announced.kind,
        "place": announced.place,
        "organiser": announced.organiser,
        "day": announced.day,
        "minutes": announced.minutes,
        "status": state.status,
        "invited": len(state.invited),
        "attended": len(attended),
        "invited_attended": sum(one in there for one in state.invited),
        "credited_minutes": sum(one.minutes for one in attended),
        "entered_at": stood["entered_at"] if stood else change.recorded.occurred_at,
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != stood:
        yield WHOLE, values


def _counting(state: Training) -> tuple[Attendance, ...]:
    """Attendance that is credited: nothing is for what was cancelled."""
    return state.attended if state.status == "held" else ()


VIEW: Final = Standings(
    NAME,
    2,
    (session,),
    COLUMNS,
    _fold,
    indexes=(f"CREATE INDEX ON trainings (entered_at, stream) WHERE superseded_at = {NEVER}",),
)


def _credited(change: Change) -> Iterator[tuple[str, Values]]:
    """A part for each trainee, who keeps it with no minutes when he falls out."""
    state: Training = change.after
    minutes = {one.trainee: one.minutes for one in _counting(state)}
    before: Training | None = change.before
    stood = before.attended if before else ()
    gone = [one.trainee for one in stood if one.trainee not in minutes]
    for trainee in (*minutes, *gone):
        part = f"{trainee.kind}:{trainee.code}"
        values = {
            "trainee_kind": trainee.kind,
            "trainee": trainee.code,
            "organiser": state.announced.organiser,
            "kind": state.announced.kind,
            "day": state.announced.day,
            "minutes": minutes.get(trainee, 0),
        }
        if values != change.stood.get(part):
            yield part, values


CREDIT_VIEW: Final = Standings(
    CREDITS,
    2,
    (session,),
    (
        ("trainee_kind", "text"),
        ("trainee", "text"),
        ("organiser", "text"),
        ("kind", "text"),
        ("day", "date"),
        ("minutes", "bigint"),
    ),
    _credited,
    indexes=("CREATE INDEX ON training_credits (trainee, day)",),
)


# --- asking


class TrainingFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix of the organiser; `from_` to `to` (exclusive) are days of sessions."""

    division: str | None = None
    kind: TrainingKind | None = None
    status: TrainingStatus | None = None
    from_: date | None = None
    to: date | None = None


_CONDITIONS: Final = {
    **equal("t", "kind", "status"),
    "division": "starts_with(t.organiser, %(division)s)",
    "from_": "t.day >= %(from_)s",
    "to": "t.day < %(to)s",
}


def page(
    filters: TrainingFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[TrainingRow]:
    """Query one page, entered last first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("t", head=head))
    columns = selected(TrainingRow, "t", version_position="t.position")
    return one_page(
        TrainingRow,
        f"SELECT {columns} FROM views.trainings t",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("t.entered_at", "t.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: TrainingRow) -> Cursor:
    return Cursor(row.entered_at, row.stream)


class CreditRow(Struct, frozen=True, kw_only=True):
    """What one person was credited with in a year."""

    KEY: ClassVar = ("trainee_kind", "trainee", "year")
    trainee_kind: Literal["adviser", "helper"]
    trainee: str
    year: int
    sessions: int
    minutes: int


def credits(
    *,
    position: int,
    year: int | None = None,
    trainee_kind: str | None = None,
    trainee: str | None = None,
    division: str | None = None,
) -> Query[CreditRow]:
    """Query the totals by person and year; `division` is a prefix of the organiser."""
    asked = {
        "year": (year, "extract(year FROM c.day) = %(year)s"),
        "trainee_kind": (trainee_kind, "c.trainee_kind = %(trainee_kind)s"),
        "trainee": (trainee, "c.trainee = %(trainee)s"),
        "division": (division, "starts_with(c.organiser, %(division)s)"),
    }
    where = [standing_at("c"), "c.minutes > 0"]
    where += [test for value, test in asked.values() if value is not None]
    sql = f"""
        SELECT c.trainee_kind, c.trainee, extract(year FROM c.day)::int AS year,
               count(*) AS sessions, sum(c.minutes)::bigint AS minutes
          FROM views.training_credits c WHERE {" AND ".join(where)}
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """  # noqa: S608
    values = {name: value for name, (value, _) in asked.items()}
    return Query(sql, values | {"position": position}, CreditRow)
