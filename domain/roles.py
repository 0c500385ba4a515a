"""The roles an actor may have: each is named here and nowhere else.

A role that joins one of the groups has the group's rights (`api.rights.MAY`).
"""

from typing import Final, Literal, get_args

Staff = Literal["duty_officer", "adviser", "mediator", "legal_aid_officer", "referral_officer"]
Leader = Literal["supervisor", "administrator"]
Auditor = Literal["auditor"]
Citizen = Literal["citizen", "device"]
"""People themselves, and the rating device on a counter. They rate; all others are staff."""
Village = Literal["committee"]
Firm = Literal["firm"]
"""Villages and law firms choose one another, and confirm what was done."""
Policy = Literal["policy"]
"""Rules that act by themselves: silence becomes a rating, a promise is missed."""
Importer = Literal["importer"]
"""The import of history from elsewhere. No token and no option gives this role."""

Integration = Literal["integration"]
"""Programs of other offices, as that of the hotline: they log and look up."""

Role = Literal[Staff, Leader, Auditor, Citizen, Village, Firm, Policy, Importer, Integration]
"""Every role. Logs written before this list may hold others, which `ledger.log.tolerant` reads."""

STAFF: Final[tuple[Role, ...]] = get_args(Staff)
LEADERS: Final[tuple[Role, ...]] = get_args(Leader)
AUDITORS: Final[tuple[Role, ...]] = get_args(Auditor)
CITIZENS: Final[tuple[Role, ...]] = get_args(Citizen)
VILLAGES: Final[tuple[Role, ...]] = get_args(Village)
FIRMS: Final[tuple[Role, ...]] = get_args(Firm)
POLICIES: Final[tuple[Role, ...]] = get_args(Policy)
INTEGRATIONS: Final[tuple[Role, ...]] = get_args(Integration)
OFFICES: Final[tuple[Role, ...]] = (
    *STAFF, *LEADERS, *AUDITORS, *VILLAGES, *FIRMS, *INTEGRATIONS, "device",
)  # fmt: skip
"""Roles that a post can have: people of offices, villages and firms, devices and programs."""
ROLES: Final[frozenset[Role]] = frozenset(get_args(Role)) - frozenset(get_args(Importer))
"""Roles that a token or a command line may give."""
WRITTEN: Final[frozenset[Role]] = frozenset(get_args(Role))
"""Roles that this program writes into the log."""
