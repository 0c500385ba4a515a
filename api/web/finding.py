"""Find one thing, folded from its own stream as known then, and answer with a copy of it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

from msgspec import Struct

from api.web.acting import Route
from api.web.problems import Problem
from api.web.questions import Asking, Found, allowed_now, held
from domain.aggregates import Story
from domain.vocabulary import Actor, stream_id

Finds = Callable[[Asking], Awaitable[Found]]


def finds_one(
    story: Story,
    answer: type[Struct],
    shown: Callable[[Any], Struct],
    *,
    stream_of: Callable[[dict[str, Any]], UUID] | None = None,
    routes: Iterable[Route] | None = None,
    part: Callable[[Any, Actor], Any] | None = None,
) -> Finds:
    """Make the finder of one thing.

    answer: has its version, position and state; its id, where it has a field for one.
    shown: makes the answer's copy of the state.
    stream_of: by the parameters of the path; without it by their `id` or their `code`.
    routes: those of its commands, of which the answer tells which are allowed.
    part: what of the state its reader may see; None where it is not there for him.
    """

    async def find(asking: Asking) -> Found:
        path = asking.path
        if stream_of is not None:
            stream = stream_of(path)
        else:
            stream = path["id"] if "id" in path else stream_id(story.KIND, path["code"])
        found, position = await held(asking, story, stream)
        state, more = found.state, dict[str, Any]()
        if routes is not None or part is not None:
            assert asking.by is not None
            if part is not None and (state := part(state, asking.by)) is None:
                raise Problem("not-found")
            if routes is not None:
                more["allowed"] = await allowed_now(asking, found.state, story.KIND, routes)
        if "id" in answer.__struct_fields__:
            more["id"] = stream
        body = answer(version=found.version, position=position, state=shown(state), **more)
        return Found(body, version=found.version, position=position, stream=stream)

    return find
