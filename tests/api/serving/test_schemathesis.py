"""The application against its own OpenAPI document: whatever is sent that the document allows, and
much that it does not, is answered as the document says."""

import gc
import hashlib
import threading
from collections.abc import Iterator
from itertools import chain, cycle, repeat
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from litestar.testing import TestClient
from msgspec import to_builtins
from msgspec.structs import replace
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from api.history.log import STREAM_PATH
from api.rights import MAY, PUBLIC, READ, UPLOAD
from api.serving.app import api_of, wire
from api.serving.commands import ROUTES
from api.serving.openapi import document
from api.serving.questions import QUESTIONS
from api.settings import Settings
from api.signing import throttle
from api.web.watch import watched
from ledger.server.embedded import Cluster
from projections.running.runner import Runner
from tests.api.conftest import ACTORS, Api, founded, settings_of
from tests.complaints import GRIEVANCE
from tests.databases import own_database, temporary_home

pytestmark = [
    # The client that schemathesis makes for an application leaves its streams to the collector.
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
    # It draws from `random` inside its strategies.
    pytest.mark.filterwarnings(
        "ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning"
    ),
]

CHECKS: Final[list[Any]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
]
EXAMPLES: Final = 3
"""In each mode. There are hundreds of operations, and the suite is to end in time."""
COSTLY: Final = {"/api/v1/rulesets": 3}
"""Path → examples, where drawing one body takes seconds: a rule set has thousands of parts."""
BLOB: Final = hashlib.sha256(b"photo").hexdigest()
PERMISSIONS: Final = {one.name: one.permission for one in (*ROUTES, *QUESTIONS)} | {
    "PutBlob": UPLOAD,
    "Blob": READ,
    "BlobHead": READ,
}
OPERATIONS: Final = [
    (method, path)
    for path, operations in document(ROUTES, QUESTIONS)["paths"].items()
    for method in operations
    if path != STREAM_PATH
]
OUTSIDE: Final = ("neighbour", "elsewhere")
"""Who stands elsewhere than what there is."""
PEOPLE: Final = ("陈小明", "13800001234", "李某", "13800000000")
"""Whom it is about."""
There = tuple[Settings, dict[str, str]]


@pytest.fixture(scope="module")
def there(cluster: Cluster) -> Iterator[There]:
    """A database with something in its log and its views, and the names of what is there."""
    with own_database(cluster) as database, temporary_home() as home:
        found = settings_of(database, home)
        wiring = wire(found, database.app_url)
        with TestClient(watched(api_of(wiring), wiring.metrics)) as client:
            api: Api = founded(client, database)
            request, link = api.invited()
            complained = api.post("/complaints", {"grievance": to_builtins(GRIEVANCE)})
            assert complained.status_code == 201, complained.text
            stored = api.client.put(
                f"/api/v1/blobs/{BLOB}",
                content=b"photo",
                headers={"Authorization": "Bearer clerk", "Content-Type": "image/jpeg"},
            )
            assert stored.status_code == 201, stored.text
            api.project()
        stop = threading.Event()
        projector = threading.Thread(target=Runner(database.app_url).run, args=[stop])
        projector.start()
        names = {"id": request, "token": link.rpartition("/")[2], "code": "ROOM-1", "sha256": BLOB}
        yield found, {**names, "complaint": complained.json()["stream"]}
        stop.set()
        projector.join()


@pytest.fixture(scope="module")
def schema(there: There) -> Iterator[Any]:
    """The document as an application serves it, which runs until the last of these tests."""
    found, _ = there
    assert found.app_database_url is not None
    wiring = wire(found, found.app_database_url)
    app = watched(api_of(wiring), wiring.metrics)
    with pytest.MonkeyPatch.context() as patch:
        # All that is asked with a wrong token here comes from one address.
        patch.setattr(throttle, "TOKENS", replace(throttle.TOKENS, burst=1e9))
        # After each test schemathesis ends the application, which starts only once.
        patch.setattr(asgi, "shutdown_lifespans", lambda: None)
        yield schemathesis.openapi.from_asgi("/schema/openapi.json", app)
    asgi.shutdown_lifespans()
    gc.collect()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_operation_answers_as_the_document_says(
    method: str, path: str, schema: Any, there: There
) -> None:
    operation = schema[path][method]
    permission = PERMISSIONS.get(operation.definition.raw["operationId"], PUBLIC)
    turns = _turns(permission, OPERATIONS.index((method, path)))
    names = there[1]
    if path.startswith("/api/v1/complaints"):
        names = names | {"id": names["complaint"]}

    def answers(case: Any) -> None:
        _aim(case, names)
        token = next(turns)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = case.call_and_validate(checks=CHECKS, headers=headers)
        if token in OUTSIDE:
            told = [said for said in PEOPLE if said in answer.text]
            assert not told, f"{token} is told of people outside of his post"

    modes = [GenerationMode.POSITIVE]
    if operation.definition.raw.get("parameters"):
        modes.append(GenerationMode.NEGATIVE)
    for mode in modes:
        tries = settings(
            max_examples=COSTLY.get(path, EXAMPLES),
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        strategy = operation.as_strategy(generation_mode=mode)
        given_: Any = given(strategy)
        seed(20261123)(tries(given_(answers)))()


def _turns(permission: Any, number: int) -> Iterator[str | None]:
    """Who asks, in turn: one who may, and one of whatever kind; each operation begins elsewhere."""
    if permission == PUBLIC:
        return repeat(None)
    able = [token for token, actor in ACTORS.items() if actor.role in MAY[permission]]
    every = zip(_from(able, number), _from([*ACTORS], number), strict=False)
    return chain.from_iterable(every)


def _from(tokens: list[str], number: int) -> Iterator[str]:
    first = number % len(tokens)
    return cycle([*tokens[first:], *tokens[:first]])


def _aim(case: Any, there: dict[str, str]) -> None:
    """Every other case is about a thing that is there: random ids name nothing."""
    if len(f"{case.path_parameters}{case.headers}") % 2:
        for name in set(case.path_parameters) & set(there):
            case.path_parameters[name] = there[name]
