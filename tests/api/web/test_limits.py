"""What is too much is refused, says how much may be sent, and costs next to nothing."""

import asyncio
import gzip
import json
from typing import Any, ClassVar, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.web import limits
from api.web.answers import PARAMETERS_MAX, pairs_of
from api.web.limits import DEPTH_MAX, body_of, refuse_nested
from api.web.paging import LIMIT_MAX
from api.web.problems import Problem
from tests.api.conftest import LOGGED, Api, problem

SENT: Final = {
    "Authorization": "Bearer clerk",
    "Idempotency-Key": "k",
    "Content-Type": "application/json",
}


def depth_of(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


def is_refused(raw: bytes) -> bool:
    try:
        refuse_nested(raw)
    except Problem as error:
        return error.slug == "nested-too-deep"
    return False


@given(
    st.recursive(
        st.text(alphabet='[]{}"\\a', max_size=6) | st.integers(),
        lambda one: (
            st.lists(one, max_size=4) | st.dictionaries(st.text('[}"', max_size=2), one, max_size=3)
        ),
        max_leaves=20,
    ),
    st.integers(0, DEPTH_MAX + 3),
)
@example([[]] * 100, DEPTH_MAX - 2)
@example([[]] * 100, DEPTH_MAX - 1)
def test_what_is_refused_is_what_is_nested_too_deep(inner: Any, around: int) -> None:
    value = inner
    for number in range(around):
        value = [value] if number % 2 else {"a": value}
    assert is_refused(json.dumps(value).encode()) == (depth_of(value) > DEPTH_MAX)


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b"[[" + b"{}," * 5000])
def test_what_is_cut_off_is_refused_for_its_depth_only_where_it_is_deep(raw: bytes) -> None:
    assert is_refused(raw) == (raw[:3] != b"[[{")


@pytest.mark.parametrize("levels", [DEPTH_MAX + 1, 900, 100_000])
def test_a_deep_body_is_a_problem_wherever_it_is_deep(api: Api, levels: int) -> None:
    deep = b"[" * levels + b"]" * levels
    for path, field, by in (
        ("/requests", b"detail", "clerk"),
        ("/requests", b"unknown", "clerk"),
        ("/session", b"account", "clerk"),
        ("/rulesets", b"ruleset", "admin"),
    ):
        headers = SENT | {"Authorization": f"Bearer {by}"}
        body = b'{"%s":%s}' % (field, deep)
        answer = api.client.post(f"/api/v1{path}", content=body, headers=headers)
        assert problem(answer) == (400, "nested-too-deep"), path
        assert str(DEPTH_MAX) in answer.json()["detail"]


def test_f24_a_packed_body_is_refused_before_it_is_unpacked(api: Api) -> None:
    packed = gzip.compress(json.dumps(LOGGED).encode())
    headers = SENT | {"Content-Encoding": "gzip"}
    for path in ("/requests", "/session"):
        answer = api.client.post(f"/api/v1{path}", content=packed, headers=headers)
        assert problem(answer) == (415, "encoding-unsupported")
    plain = json.dumps(LOGGED).encode()
    headers = SENT | {"Content-Encoding": "identity"}
    answer = api.client.post("/api/v1/requests", content=plain, headers=headers)
    assert answer.status_code == 201


def test_more_parameters_than_any_question_has_are_refused(api: Api) -> None:
    asked: Any = {f"p{number}": "1" for number in range(PARAMETERS_MAX + 1)}
    answer = api.get("/requests", **asked)
    assert problem(answer) == (400, "malformed")
    assert str(PARAMETERS_MAX) in answer.json()["detail"]
    assert len(pairs_of(b"&".join(b"%d=1" % n for n in range(PARAMETERS_MAX)))) == PARAMETERS_MAX


def test_a_page_has_its_largest_size(api: Api) -> None:
    answer = api.get("/requests", limit=LIMIT_MAX + 1)
    assert problem(answer) == (400, "validation-failed")
    assert answer.json()["errors"][0]["field"] == "limit"
    assert str(LIMIT_MAX) in answer.json()["errors"][0]["message"]


class Slow:
    """A request whose sender is silent after the first part."""

    scope: ClassVar[dict[str, Any]] = {"headers": []}

    def __init__(self) -> None:
        self.parts: list[Any] = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive(self) -> Any:
        if self.parts:
            return self.parts.pop()
        return await asyncio.Event().wait()


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_S", 0.05)
    slow: Any = Slow()
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            asyncio.run(body_of(slow))
        assert refused.value.slug == "too-slow"


def test_each_body_is_waited_for_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_S", 0.05)

    async def waited(after_s: float) -> float:
        await asyncio.sleep(after_s)
        slow: Any = Slow()
        began = asyncio.get_running_loop().time()
        with pytest.raises(Problem):
            await body_of(slow)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        return asyncio.get_running_loop().time() - began

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*map(waited, (0, 0, 0.02, 0.2)))

    for one in asyncio.run(all_of_them()):
        assert one >= 0.05


def test_who_is_cancelled_while_a_body_comes_is_cancelled() -> None:
    async def cancelled() -> bool:
        slow: Any = Slow()
        reading = asyncio.create_task(body_of(slow))
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
        return reading.cancelled()

    assert asyncio.run(cancelled())
