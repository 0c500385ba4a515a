"""The bill of materials of the views.

`STORED` are the views with tables of their own; the period views are queries on the journal.
"""

from typing import Any, Final

from projections.advising import appointments, coverage, directory, doubts, duty, listed, worklogs
from projections.complaints import complaints, criticism
from projections.oversight import inspections, promises, rectifications
from projections.reporting import reports
from projections.requests import (
    journal,
    ratings,
    requests,
    response_times,
    satisfaction,
    workload,
)
from projections.storing.view import View


def _views(*modules: View) -> tuple[View, ...]:
    return modules


STORED: Final = _views(
    journal,
    requests,
    ratings.VIEW,
    complaints.VIEW,
    promises.VIEW,
    worklogs.VIEW,
    appointments.VIEW,
    inspections.VIEW,
    rectifications.VIEW,
    directory.VIEW,
    listed.VIEW,
    reports.VIEW,
)


ALL: Final[tuple[Any, ...]] = (
    *STORED,
    workload,
    response_times,
    satisfaction,
    duty,
    doubts,
    coverage,
    criticism,
)
