"""The list of appointments: selections and who must act next, contracts and when they end."""

from datetime import date
from typing import Final

from msgspec import Struct

from api.web.paging import Listing, Paged
from api.web.questions import Asking, Question
from domain.codes import Code, DivisionPrefix
from domain.registers import appointment
from domain.registers.appointment import Selection, Turn
from domain.roles import FIRMS
from projections.advising import appointments
from projections.asking.asking import Basis


class AppointmentsQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    selection: Selection | None = None
    turn: Turn | None = None
    adviser: Code | None = None
    firm: Code | None = None
    candidate: Code | None = None
    chosen_firm: Code | None = None
    contracted: bool | None = None
    ends_from: date | None = None
    ends_until: date | None = None
    """Both included."""
    group_open: bool | None = None
    display_up: bool | None = None


class AppointmentsFound(Struct, frozen=True, kw_only=True):
    """By division."""

    basis: Basis
    rows: list[appointments.ContractRow]
    next_cursor: str | None


async def _part_of(asking: Asking) -> dict[str, str | None]:
    assert asking.by is not None
    return {"part_of": asking.by.unit if asking.by.role in FIRMS else None}


LISTING: Final = Listing(
    views=(appointments.NAME,),
    filters=appointments.ContractFilters,
    page=appointments.page,
    cursor=str,
    place=appointments.cursor_of,
    answer=AppointmentsFound,
    besides=_part_of,
)
QUESTIONS: Final = (
    Question(
        name="Appointments",
        under="/appointments",
        summary="聘任清单：选聘进展、轮到谁办、合同何时到期",
        tag=appointment.KIND,
        answer=AppointmentsFound,
        query=AppointmentsQuery,
        find=LISTING.find,
    ),
)
