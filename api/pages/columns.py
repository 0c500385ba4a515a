"""The columns that lists have on pages, in the order in which people look at them. A list that
is not named here shows those that come first in its rows."""

from collections.abc import Mapping
from typing import Final

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "Requests": (
        "number", "subject", "service", "status", "due", "overdue", "requested_at", "point",
        "responsible", "adviser",
    ),
    "Ratings": (
        "number", "point", "status", "grade", "asked_at", "expires_at", "suspect", "dispute",
    ),
    "Complaints": (
        "number", "subject", "stage", "due", "due_name", "overdue", "unit", "point", "received_at",
        "supervised",
    ),
    "Dissatisfactions": (
        "number", "subject", "stage", "point", "received_at", "channel", "adviser",
    ),
    "Receptions": ("day", "leader", "point", "starts_at", "slots", "booked", "received", "absent"),
    "Appointments": (
        "division", "adviser", "firm", "turn", "starts_on", "ends_on", "group_open", "display_up",
    ),
    "Worklogs": (
        "number", "day", "village", "service", "minutes", "advisers", "standing", "confirmed",
        "doubts",
    ),
    "Objections": ("number", "subject", "ruleset", "period", "stage", "filed_by", "filed_at"),
    "Evaluations": (
        "ruleset", "division", "period", "subject_kind", "subjects", "stage", "objections",
    ),
    "Rosters": ("day", "point", "window", "officer", "since", "until", "sitting"),
    "Helpers": (
        "code", "village", "qualification", "since", "left_on", "activities", "people",
        "last_activity_on",
    ),
    "Marks": (
        "name", "of", "division", "awarded_on", "awarded_by", "valid_until", "standing",
    ),
    "Devices": ("device", "point", "division", "window"),
    "Inspections": ("number", "kind", "point", "day", "minor", "major", "serious", "confirmed"),
    "Rectifications": (
        "number", "addressee", "point", "items", "status", "due", "overdue", "round",
    ),
    "Visits": ("day", "adviser", "village", "starts_at", "minutes", "standing", "asked"),
    "Accounts": ("code", "name", "standing", "posts"),
    "Reads": ("read_at", "account", "role", "unit", "action", "things", "purpose", "fields"),
    "Trainings": ("number", "subject", "day", "place", "status", "invited", "attended"),
    "Reports": (
        "form", "division", "period", "version", "submitted_at", "unit", "role", "signer",
    ),
}  # fmt: skip
