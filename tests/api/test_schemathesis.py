"""The application against its own OpenAPI document: whatever is sent that the document allows, and
much that it does not, is answered as the document says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import QUESTIONS, litestar_of, wire
from api.commands import ROUTES
from api.identity import MAY, PUBLIC
from api.log import STREAM_PATH
from api.watch import watched
from tests.api.conftest import ACTORS, Api, settings_of

CHECKS: Final[list[Any]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
]
PERMISSIONS: Final = {one.name: one.permission for one in (*ROUTES, *QUESTIONS)}


@pytest.fixture
def document(api: Api, home: Path) -> Iterator[Any]:
    """With something in the log and in the views, so that questions have answers."""
    request, link = api.invited()
    api.project()
    wiring = wire(settings_of(api.database, home), api.database.app_url)
    app = watched(litestar_of(wiring), wiring.metrics)
    found = schemathesis.openapi.from_asgi("/schema/openapi.json", app)
    found.there = {"id": request, "token": link.rpartition("/")[2], "code": "ROOM-1"}
    yield found.exclude(path=STREAM_PATH)
    shutdown_lifespans()


document_under_test = schemathesis.pytest.from_fixture("document")


@document_under_test.parametrize()
@seed(20261123)
@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.timeout(240)
def test_every_operation_answers_as_the_document_says(
    case: schemathesis.Case, document: Any
) -> None:
    _aim(case, document.there)
    permission = PERMISSIONS.get(str(case.operation.definition.raw["operationId"]), PUBLIC)
    headers = {}
    if permission != PUBLIC:
        headers["Authorization"] = "Bearer " + next(
            token for token, actor in ACTORS.items() if actor.role in MAY[permission]
        )
    case.call_and_validate(checks=CHECKS, headers=headers)


def _aim(case: schemathesis.Case, there: dict[str, str]) -> None:
    """Every other case is about a thing that is there: random ids name nothing."""
    if len(str(case.path_parameters) + str(case.headers)) % 2:
        for name in set(case.path_parameters) & set(there):
            case.path_parameters[name] = there[name]
