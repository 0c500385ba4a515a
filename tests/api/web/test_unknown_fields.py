"""No body of any route takes a field that its type does not have, however deep it stands."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from api.serving.commands import ROUTES
from api.web.acting import Route
from api.web.unknown_fields import unknown_fields
from domain.evaluation.ruleset import PublishRuleSet
from ledger.founding.shipped import (
    shipped_calendars,
    shipped_forms,
    shipped_policies,
    shipped_rulesets,
)
from tests.api.conftest import LOGGED, Api, problem

MISTYPED = "no_such_field"


def holding(kind: inspect.Type, seen: frozenset[type[Any]]) -> Iterator[tuple[str, Any]]:
    """Values of a type, each with one unknown field in one of its structs, with its place."""
    match kind:
        case inspect.Metadata():
            yield from holding(kind.type, seen)
        case inspect.UnionType():
            for one in kind.types:
                yield from holding(one, seen)
        case inspect.DictType():
            yield from ((f".k{at}", {"k": value}) for at, value in holding(kind.value_type, seen))
        case inspect.TupleType():
            for number, one in enumerate(kind.item_types):
                for at, value in holding(one, seen):
                    yield f"[{number}]{at}", [*([None] * number), value]
        case inspect.CollectionType():
            yield from ((f"[0]{at}", [value]) for at, value in holding(kind.item_type, seen))
        case inspect.StructType() if kind.cls not in seen:
            tag = {kind.tag_field: kind.tag} if kind.tag_field else {}
            if not kind.array_like:
                yield f".{MISTYPED}", {**tag, MISTYPED: 1}
            for number, field in enumerate(kind.fields):
                for at, value in holding(field.type, seen | {kind.cls}):
                    if kind.array_like:
                        yield f"[{number}]{at}", [*([None] * number), value]
                    else:
                        yield f".{field.encode_name}{at}", {**tag, field.encode_name: value}


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: one.name)
def test_no_body_of_any_route_takes_a_field_that_it_does_not_have(route: Route) -> None:
    held = list(holding(inspect.type_info(route.reads), frozenset()))
    assert held
    for at, body in held:
        found = unknown_fields(body, route.reads)
        assert [f".{one.field}" for one in found] == [at]


def test_the_deepest_bodies_are_looked_through() -> None:
    """What the law above walks is more than the outermost object."""
    depths = {at.count(".") for at, _ in holding(inspect.type_info(PublishRuleSet), frozenset())}
    assert max(depths) >= 5


@pytest.mark.parametrize("publications", [
    shipped_calendars, shipped_policies, shipped_forms, shipped_rulesets,
])  # fmt: skip
def test_what_is_shipped_has_no_field_too_many(publications: Any) -> None:
    for one in publications():
        assert unknown_fields(msgspec.to_builtins(one), type(one)) == ()


@pytest.mark.parametrize(
    ("path", "body", "at", "near"),
    [
        ("/policies", {"policy": {"limits": {"mediation/close": {"amont": 3}}}},
         "policy.limits.mediation/close.amont", "perhaps amount"),
        ("/policies", {"policy": {"rating": {"default_after_day": 3}}},
         "policy.rating.default_after_day", "perhaps default_after_days"),
        ("/forms", {"form": {"fields": [{"code": "a"}, {"requird": True}]}},
         "form.fields[1].requird", "perhaps required"),
        ("/calendars", {"calendar": {"holiday": []}},
         "calendar.holiday", "perhaps holidays"),
        ("/rulesets", {"ruleset": {"item": []}},
         "ruleset.item", "perhaps items"),
    ],
)  # fmt: skip
def test_a_mistyped_field_of_a_publication_is_refused_with_the_nearest(
    path: str, body: Any, at: str, near: str, api: Api
) -> None:
    refused = api.post(path, body, by="admin")
    assert problem(refused) == (400, "validation-failed")
    (error,) = refused.json()["errors"]
    assert error["field"] == at
    assert near in error["message"]


def test_a_whole_policy_with_one_field_mistyped_is_refused(api: Api) -> None:
    policy = msgspec.to_builtins(shipped_policies()[0])
    limits = policy["policy"]["limits"]
    name = next(iter(limits))
    limits[name]["extension_max"] = limits[name].pop("extensions_max", 1)
    refused = api.post("/policies", policy, by="admin")
    assert problem(refused) == (400, "validation-failed")
    (error,) = refused.json()["errors"]
    assert error["field"] == f"policy.limits.{name}.extension_max"


def test_a_mistyped_field_of_a_request_is_refused_inside_as_outside(api: Api) -> None:
    for body, at in (
        ({**LOGGED, "subjekt": "x"}, "subjekt"),
        ({**LOGGED, "visitor": {"name": "王", "fone": "13800001111"}}, "visitor.fone"),
    ):
        refused = api.post("/requests", body)
        assert problem(refused) == (400, "validation-failed")
        assert [one["field"] for one in refused.json()["errors"]] == [at]
