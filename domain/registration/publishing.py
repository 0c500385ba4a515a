"""One rule for everything that is published in versions: calendars, policies, forms, rule sets."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from domain.vocabulary import Refused


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
