"""All commands over HTTP, collected from the routes of each noun.

Routes, their documentation and "allowed now" come from these; permissions from `rights.MAY`.
"""

from typing import Final

from api.accounts import account_routes
from api.advising import duty_routes, planning_routes, register_routes
from api.complaints import complaint_routes, reception_routes
from api.coordination import coordination_routes
from api.evaluation import evaluation_routes
from api.history import attachments
from api.honours import mark_routes
from api.reporting import report_routes
from api.requests import request_routes
from api.training import training_routes

ROUTES: Final = (
    *request_routes.ROUTES,
    *register_routes.ROUTES,
    *account_routes.ROUTES,
    *complaint_routes.ROUTES,
    *reception_routes.ROUTES,
    *duty_routes.ROUTES,
    *planning_routes.ROUTES,
    *mark_routes.ROUTES,
    *evaluation_routes.ROUTES,
    *report_routes.ROUTES,
    *training_routes.ROUTES,
    *coordination_routes.ROUTES,
    *attachments.ROUTES,
)
