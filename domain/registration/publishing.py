"""The rules for everything that is published in versions: calendars, policies, forms, rule sets."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

from domain.moment import Moment
from domain.registers.appointment import china_day
from domain.vocabulary import NotThere, Refused


class Versioned(Protocol):
    """One version of what is published under a code; the first version is 1."""

    @property
    def code(self) -> str: ...

    @property
    def version(self) -> int: ...


class PublishingRefusals(Struct, frozen=True, kw_only=True):
    """The refusals of one kind of thing, which clients know by their names."""

    differs: type[Refused]
    """That version stands already and says something else."""
    skipped: type[Refused]
    """The version is not the one after the newest."""
    another: type[Refused]
    """The versions published before have another code."""


def is_next_version(
    published: Sequence[Versioned], offered: Versioned, refusals: PublishingRefusals
) -> bool:
    """Return whether `offered` is to be published now; False: it stands already, word for word.

    Raises: the refusals, each as described there.
    """
    if published and offered.code != published[-1].code:
        raise refusals.another
    if offered.version <= len(published):
        if offered != published[offered.version - 1]:
            raise refusals.differs
        return False
    if offered.version != len(published) + 1:
        raise refusals.skipped
    return True


# --- months that are over


class PublishedVersionUnknown(NotThere):
    """没有公布过这一版本"""


class VersionJudgesAlready(Refused):
    """自这一日起已经适用，无需重新计算"""


class NotTheFirstOfAMonth(Refused):
    """职责按月计算，重新计算应当从某月的第一日起"""


class RecalculatedBeforeEffective(Refused):
    """重新计算的起始日期不能早于该版本的施行日期"""


def running_month(moment: Moment) -> date | None:
    """The first day of the month of the entry: what is published now judges duties from then on.

    None before the first appointment: nobody owed anything yet, so no month can change.
    """
    return china_day(moment.now).replace(day=1) if moment.registers.appointments else None


def recalculable(since: date, effective_from: date, binds_from: date) -> None:
    """Refuse a recalculation that would change nothing, or what the version does not claim.

    Raises: RecalculatedBeforeEffective, VersionJudgesAlready, NotTheFirstOfAMonth.
    """
    if since < effective_from:
        raise RecalculatedBeforeEffective(effective_from.isoformat())
    if since >= binds_from:
        raise VersionJudgesAlready(binds_from.isoformat())
    if since.day != 1 and since != effective_from:
        raise NotTheFirstOfAMonth(since.isoformat())
