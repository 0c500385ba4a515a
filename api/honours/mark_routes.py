"""Commands on marks and awards over HTTP."""

from typing import Any, Final
from uuid import UUID

from api.web.acting import Route
from domain.honours import mark
from domain.honours.mark import Mark, mark_stream


def _id(path: dict[str, Any], _: Any) -> UUID:
    stream: UUID = path["id"]
    return stream


def _not_withdrawn(state: Mark) -> bool:
    return state.withdrawn is None


ROUTES: Final = (
    Route(
        command=mark.AwardMark,
        under="/marks",
        summary="登记称号或表彰",
        stream=lambda _, command: mark_stream(command.kind, command.year, command.code),
        creates=True,
        location=lambda _, __, receipt: f"/marks/{receipt.stream}",
    ),
    Route(
        command=mark.WithdrawMark,
        under="/marks/{id:uuid}/withdraw",
        summary="撤销称号或表彰，须说明理由",
        stream=_id,
        possible=_not_withdrawn,
    ),
)
