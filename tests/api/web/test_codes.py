"""Over HTTP nothing can be written in two ways: neither in a body, nor in a path or query."""

import json
import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import msgspec
import psycopg
import pytest

from domain import codes
from domain.aggregates import CodeNotAccepted
from domain.registration.point_commands import OpenPoint, RenamePoint
from domain.vocabulary import stream_id
from ledger.log.store import Ledger
from tests.api.advising.test_registers import ROOM
from tests.api.conftest import ACTORS, Api, problem
from tests.api.evaluation.test_evaluations import OPENING, doors, town

__all__ = ["doors", "town"]
LOOKALIKES: Final = ("\n", "\r\n", " ", "\0", "\u200b", "\u2060", "\ufeff", "\u00a0", "\u0301")
STREAMS: Final = "SELECT count(DISTINCT originator_id) FROM log_events WHERE topic = %s"


def streams(api: Api, topic: str) -> int:
    with psycopg.connect(api.database.app_url) as connection:
        row = connection.execute(STREAMS, [topic]).fetchone()
    assert row is not None
    return int(row[0])


def disguised(text: str, digit: str) -> list[str]:
    """The text as it would look the same, or nearly."""
    found = [one for added in LOOKALIKES for one in (text + added, added + text)]
    others = [text.replace(digit, chr(zero + int(digit))) for zero in (0xFF10, 0x0660, 0x0966)]
    assert text not in [*found, *others]
    return [*found, *others]


def faulty_field(answer: Any) -> str:
    assert problem(answer) == (400, "validation-failed"), answer.text
    return str(answer.json()["errors"][0]["field"])


def test_two_evaluations_of_one_period_cannot_be_opened_however_it_is_written(doors: Api) -> None:
    opened = doors.post("/evaluations", OPENING, by="leader")
    assert opened.status_code == 201, opened.text
    for period in disguised(OPENING["period"], OPENING["period"][-1]):
        again = doors.post("/evaluations", {**OPENING, "period": period}, by="leader")
        assert faulty_field(again) == "period"
    for ruleset in disguised(OPENING["ruleset"], "1"):
        again = doors.post("/evaluations", {**OPENING, "ruleset": ruleset}, by="leader")
        assert faulty_field(again) == "ruleset"
    for division in disguised("4401", "4"):
        again = doors.post("/evaluations", {**OPENING, "division": division}, by="leader")
        assert faulty_field(again) == "division"
    assert streams(doors, "evaluation.opened/1") == 1


def test_a_point_cannot_stand_beside_one_that_is_written_the_same(api: Api) -> None:
    assert api.post("/points", ROOM, by="admin").status_code == 201
    before = streams(api, "point.opened/1")
    for code in disguised(ROOM["code"], "2"):
        again = api.post("/points", {**ROOM, "code": code}, by="admin")
        assert faulty_field(again) in ("code", "")  # U+0000 is looked for in the whole body
    assert streams(api, "point.opened/1") == before


def test_no_command_goes_to_a_point_that_is_written_otherwise(api: Api) -> None:
    assert api.post("/points", ROOM, by="admin").status_code == 201
    for code in disguised(ROOM["code"], "2"):
        path = f"/points/{quote(code, safe='')}/rename"
        answer = api.post(path, {"name": "新名"}, by="admin", seen=1)
        assert faulty_field(answer) == "code"
        assert problem(api.get(f"/points/{quote(code, safe='')}")) == (404, "not-found")


def test_a_question_takes_a_code_a_division_and_a_period_in_one_writing(api: Api) -> None:
    api.project()
    asked: list[tuple[str, dict[str, Any], str, str]] = [
        ("/reports/duty", {"division": "440104", "period": "2026-06"}, "period", "6"),
        ("/reports/duty", {"division": "440104", "period": "2026-06"}, "division", "4"),
        ("/points", {"division": "440104"}, "division", "4"),
        ("/requests", {"point": "ROOM-1"}, "point", "1"),
    ]
    for path, query, name, digit in asked:
        assert api.get(path, by="leader", **query).status_code == 200
        for text in disguised(query[name], digit):
            if "\0" in text:
                continue  # malformed, whichever parameter has it
            assert faulty_field(api.get(path, by="leader", **{**query, name: text})) == name


def test_the_openapi_document_has_the_same_patterns_in_its_own_syntax(api: Api) -> None:
    document = api.client.get("/schema/openapi.json").text
    found = set(patterns_in(json.loads(document)))
    assert rf"^{codes.DIGEST[2:-2]}$" in found
    assert len(found) > 10
    for pattern in found:
        # In ECMA-262 `^` and `$` match the ends only, and there is no \A and \Z.
        assert re.fullmatch(r"\^[^$]+\$", pattern), pattern
        assert r"\A" not in pattern, pattern
        assert r"\Z" not in pattern, pattern


def patterns_in(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["pattern"]] if isinstance(node.get("pattern"), str) else []
        return own + [one for value in node.values() for one in patterns_in(value)]
    if isinstance(node, list):
        return [one for value in node for one in patterns_in(value)]
    return []


def test_this_file_disguises_by_what_the_domain_refuses() -> None:
    for text in disguised("2026-06", "6"):
        assert not re.fullmatch(codes.PATH_SEGMENT, text)


def test_a_point_of_an_older_program_is_shown_and_takes_no_command(
    api: Api, ledger: Ledger
) -> None:
    code = "ROOM-9\n"
    given = msgspec.convert({**ROOM, "code": "ROOM-9"}, OpenPoint)
    opened = msgspec.structs.replace(given, code=code)
    ledger.execute(stream_id("point", code), opened, by=ACTORS["admin"])
    api.project()
    path = f"/points/{quote(code, safe='')}"
    assert api.get(path).json()["state"]["code"] == code
    assert code in [row["code"] for row in api.get("/points").json()["rows"]]
    refused = api.post(f"{path}/rename", {"name": "新名"}, by="admin", seen=1)
    assert faulty_field(refused) == "code"
    with pytest.raises(CodeNotAccepted):
        ledger.execute(stream_id("point", code), RenamePoint(name="新名"), by=ACTORS["admin"])


def test_no_evaluation_is_opened_over_a_code_of_an_older_program(
    doors: Api, ledger: Ledger
) -> None:
    code = "ROOM-9\n"
    given = msgspec.convert({**ROOM, "code": "ROOM-9"}, OpenPoint)
    opened = msgspec.structs.replace(given, code=code, calendar=None, division="440104001001")
    day = datetime.fromisoformat("2026-04-01T09:00:00+08:00")
    ledger.execute(stream_id("point", code), opened, by=ACTORS["admin"], now=day, occurred_at=day)
    opening = {**OPENING, "ruleset": "point-year@1"}
    refused = doors.post("/evaluations", opening, by="leader")
    assert problem(refused) == (409, "code-not-accepted"), refused.text
    assert "ROOM-9\\n" in refused.json()["detail"]
    assert streams(doors, "evaluation.opened/1") == 0
