"""The bill of materials of the views.

`STORED` are the views with tables of their own; the period views are queries on the journal.
"""

from typing import Any, Final

from projections.advising import (
    appointments,
    coverage,
    directory,
    doubts,
    duty,
    listed,
    needs,
    visit_plans,
    worklogs,
)
from projections.complaints import complaints, criticism, receptions
from projections.coordination import conferences, surveys
from projections.evaluation import evaluations, publications
from projections.honours import marks
from projections.oversight import areas, inspections, promises, rectifications, samples
from projections.reporting import reports
from projections.requests import (
    journal,
    ratings,
    requests,
    response_times,
    rosters,
    satisfaction,
    workload,
)
from projections.storing.view import View
from projections.training import helpers, trainings


def _views(*modules: View) -> tuple[View, ...]:
    return modules


STORED: Final = _views(
    journal,
    requests,
    ratings.VIEW,
    complaints.VIEW,
    promises.VIEW,
    receptions.VIEW,
    worklogs.VIEW,
    visit_plans.VIEW,
    needs.VIEW,
    appointments.VIEW,
    inspections.VIEW,
    rectifications.VIEW,
    areas.VIEW,
    marks.VIEW,
    directory.VIEW,
    listed.VIEW,
    reports.VIEW,
    trainings.VIEW,
    trainings.CREDIT_VIEW,
    helpers.VIEW,
    conferences.VIEW,
    conferences.DECISION_VIEW,
    surveys.VIEW,
    samples.VIEW,
    rosters.VIEW,
    publications.VIEW,
    evaluations.VIEW,
    evaluations.OBJECTIONS_VIEW,
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
