"""Commands on reception days over HTTP."""

from typing import Any, Final
from uuid import UUID

from api.web.acting import Route
from domain.complaints import reception
from domain.complaints.reception import Reception
from domain.vocabulary import Command


def _id(path: dict[str, Any], _: Any) -> UUID:
    stream: UUID = path["id"]
    return stream


def _not_cancelled(state: Reception) -> bool:
    return state.cancelled is None


def _of_reception(command: type[Command], action: str, summary: str) -> Route:
    return Route(
        command=command,
        under=f"/receptions/{{id:uuid}}/{action}",
        summary=summary,
        stream=_id,
        possible=_not_cancelled,
    )


ROUTES: Final = (
    Route(
        command=reception.AnnounceReception,
        under="/receptions",
        summary="公布领导接待日",
        creates=True,
        location=lambda _, __, receipt: f"/receptions/{receipt.stream}",
    ),
    _of_reception(reception.MoveReception, "move", "接待日改期，须说明理由"),
    _of_reception(reception.CancelReception, "cancel", "取消接待日，须说明理由"),
    _of_reception(reception.BookSlot, "book", "为群众预约接待场次"),
    _of_reception(reception.WithdrawBooking, "withdraw-booking", "取消预约"),
    _of_reception(reception.ReceivePerson, "receive", "登记来访人到场接待"),
    _of_reception(reception.NoteAbsent, "note-absent", "登记预约人未到场"),
    _of_reception(reception.RecordOutcome, "record-outcome", "登记接待结果：事项、投诉或当场答复"),
)
