"""Names of what codes stand for, for people: 石牌街道工作站, not 440106009-S."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from api.pages.tongue import Tongue
from api.rights import READ, may
from domain.moment import Registers
from domain.vocabulary import Actor

REGISTERS: Final[Mapping[str, str]] = {
    "point": "points",
    "adviser": "advisers",
    "served_by": "advisers",
    "to_adviser": "advisers",
    "firm": "firms",
    "chosen_firm": "firms",
    "team": "teams",
    "organ": "organs",
    "division": "divisions",
    "village": "divisions",
    "villages": "divisions",
    "responsible": "accounts",
    "account": "accounts",
    "officer": "accounts",
    "mediator": "accounts",
    "leader": "accounts",
    "inspector": "accounts",
    "recorder": "accounts",
    "signer": "accounts",
    "opened_by": "accounts",
    "announced_by": "accounts",
    "published_by": "accounts",
    "answered_by": "accounts",
    "filed_by": "accounts",
    "advisers": "advisers",
    "members": "advisers",
    "subjects": "advisers",
    "trainee": "advisers",
}
"""Field → the register that its codes are of."""
UNITS: Final = ("unit", "referred_to", "co_handlers", "to", "by_unit", "office", "agency", "bureau")
"""Fields that name the unit of a post, whatever it is."""
PAGES: Final[Mapping[str, str]] = {
    "points": "/points/",
    "advisers": "/advisers/",
    "firms": "/firms/",
    "teams": "/teams/",
    "organs": "/organs/",
    "divisions": "/divisions/",
}


class Name(Struct, frozen=True):
    """What a code stands for, and its page."""

    text: str
    link: str | None = None


class Names:
    def __init__(self, registers: Registers, tongue: Tongue, by: Actor | None = None) -> None:
        """Names lead to pages that `by`, who reads, may open."""
        self._registers = registers
        self._tongue = tongue
        self._leads = by is not None and may(by, READ)

    def of(self, field: str, code: Any) -> Name | None:
        """Return the name of a code in a field; None where it is none of a register."""
        if not isinstance(code, str):
            return None
        if field in UNITS:
            return Name(self.unit(code))
        register = REGISTERS.get(field)
        if register is None:
            return None
        held: Mapping[str, Any] = getattr(self._registers, register)
        found = held.get(code)
        page = PAGES.get(register)
        if found is None:
            return None
        return Name(found.name, page + code if page is not None and self._leads else None)

    def unit(self, code: str) -> str:
        """Name the unit of a post: a point, a division, a firm."""
        for field in ("point", "division", "firm", "organ"):
            if (found := self.of(field, code)) is not None:
                return found.text
        return code

    def field(self, code: str) -> str:
        """Call a field of a published form by its title, where all forms that have one agree."""
        found = {
            one.title
            for form in self._registers.forms.values()
            for one in (*form.fields, *form.sections)
            if one.code == code
        }
        return found.pop() if len(found) == 1 else code

    def account(self, code: str) -> str:
        found = self._registers.accounts.get(code)
        return code if found is None else found.name

    def who(self, actor: Actor) -> str:
        """Write who acts, as the frame of a page says it."""
        role = self._tongue.label(actor.role, "role", Actor)
        return f"{self.unit(actor.unit)} {role} {self.account(actor.account)}"
