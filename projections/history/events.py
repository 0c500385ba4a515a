"""An event as it is named beside what it changed."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct


class EventNamed(Struct, frozen=True, kw_only=True):
    position: int
    topic: str
    KEY: ClassVar = ("position",)
    stream: UUID
    occurred_at: datetime
    recorded_at: datetime


class Touched(Struct, frozen=True, kw_only=True):
    """`key`: the row's; `kind`: of events, `request.closed`; `events`: how many."""

    key: str | None
    kind: str
    events: int
