"""Plain facts and rule sets to score, for tests: a fact has what is said of it and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.scoring.facts import FIELDS
from domain.scoring.scoring import score
from domain.scoring.shapes import HumanScore, PeriodDays, Subject

Fact = dict[str, Any]
EMPTY: Final[Mapping[str, Any]] = {
    "str": "",
    "int": 0,
    "bool": False,
    "date": "2026-03-02",
    "instant": "2026-03-02T01:00:00Z",
    "list[str]": [],
}
YEAR: Final[PeriodDays] = {"first": "2026-01-01", "last": "2026-12-31"}
VILLAGE: Final = "440103001001"
ADVISER: Final[Subject] = {"code": "A-1"}
ROOM: Final[Subject] = {"code": "ROOM-1", "division": VILLAGE}


def fact(kind: str, number: int = 1, **said: Any) -> Fact:
    """Of adviser A-1, ROOM-1 and its village; `number` gives its stream and position."""
    fields = FIELDS[kind]
    names = {"adviser": "A-1", "point": "ROOM-1", "village": VILLAGE, "division": VILLAGE}
    unknown = said.keys() - fields.keys()
    assert not unknown, f"a {kind} has no {unknown}"
    return {
        **{name: EMPTY.get(of) for name, of in fields.items()},
        **{name: value for name, value in names.items() if name in fields},
        "fact": kind,
        "stream": f"00000000-0000-4000-8000-{number:012}",
        "positions": [number],
        "standing": "counts",
        **({"standing_in_group": "counts"} if "standing_in_group" in fields else {}),
        **said,
    }


def facts(kind: str, how_many: int, start: int = 1, **said: Any) -> list[Fact]:
    return [fact(kind, number, **said) for number in range(start, start + how_many)]


def rules(*items: Mapping[str, Any], **more: Any) -> Any:
    """For advisers, with these items and one grade."""
    return {
        "code": "rules",
        "version": 1,
        "title": "规则",
        "subject": "adviser",
        "effective_from": "2026-01-01",
        "basis": "测试",
        "rounding": {"places": 2, "mode": "half_up"},
        "maximum": sum(int(item["maximum"]) for item in items),
        "items": list(items),
        "grades": [{"name": "有", "at_least": 0}],
        **more,
    }


def item(
    evidence: Mapping[str, Any], method: Mapping[str, Any], maximum: int = 10, **more: Any
) -> dict[str, Any]:
    return {
        "code": "one",
        "name": "条目",
        "maximum": maximum,
        "basis": "测试",
        "method": method,
        "evidence": evidence,
        **more,
    }


def scored(
    ruleset: Any,
    some: Iterable[Fact] = (),
    *,
    subject: Subject = ADVISER,
    period: PeriodDays = YEAR,
    human: Any = None,
) -> Any:
    """The tree, to be looked into."""
    return score(ruleset, some, subject, period, human or {})


def said(value: int | str, role: str = "supervisor") -> HumanScore:
    """A human score with one piece of evidence."""
    return {"value": value, "role": role, "scorer": "li", "evidence": ["a" * 64]}
