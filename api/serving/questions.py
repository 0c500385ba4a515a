"""Every question, in the order in which documents list them."""

from typing import Final

from api.accounts import accounts, explained, reads
from api.advising import (
    advisers,
    areas,
    contracts,
    devices,
    directory,
    divisions,
    duties,
    firms,
    needs,
    organs,
    oversight,
    points,
    registers,
    visit_plans,
    worklogs,
)
from api.complaints import board, complaints, receptions
from api.coordination import coordination
from api.evaluation import evaluations, publications, samples
from api.history import attachments, events, log
from api.honours import marks
from api.reporting import reports, statutory, submitted
from api.requests import following, ratings, requests, rosters, subjects
from api.serving import catalogue, me
from api.serving.commands import ROUTES
from api.training import trainings

_OF_NOUNS: Final = (
    *requests.QUESTIONS,
    *ratings.QUESTIONS,
    *following.QUESTIONS,
    *rosters.QUESTIONS,
    *subjects.QUESTIONS,
    *board.QUESTIONS,
    *complaints.QUESTIONS,
    *receptions.QUESTIONS,
    *duties.QUESTIONS,
    *contracts.QUESTIONS,
    *worklogs.QUESTIONS,
    *evaluations.QUESTIONS,
    *samples.QUESTIONS,
    *publications.QUESTIONS,
    *oversight.QUESTIONS,
    *areas.QUESTIONS,
    *visit_plans.QUESTIONS,
    *needs.QUESTIONS,
    *marks.QUESTIONS,
    *directory.QUESTIONS,
    *points.QUESTIONS,
    *advisers.QUESTIONS,
    *devices.QUESTIONS,
    *divisions.QUESTIONS,
    *firms.QUESTIONS,
    *organs.QUESTIONS,
    *accounts.QUESTIONS,
    *explained.QUESTIONS,
    *reads.QUESTIONS,
    *registers.QUESTIONS,
    *reports.QUESTIONS,
    *statutory.QUESTIONS,
    *trainings.QUESTIONS,
    *coordination.QUESTIONS,
    *submitted.QUESTIONS,
    *log.QUESTIONS,
    *events.QUESTIONS,
    *attachments.QUESTIONS,
)
QUESTIONS: Final = (
    *_OF_NOUNS,
    me.question_of(ROUTES, _OF_NOUNS),
    catalogue.question_of(ROUTES, _OF_NOUNS),
)
