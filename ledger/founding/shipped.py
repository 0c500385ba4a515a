"""Data shipped with the package: calendars, policies, forms and rule sets, and divisions."""

from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from domain.evaluation.ruleset import PublishRuleSet
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.policy_commands import PublishPolicy
from domain.simulation import Division, divisions_of
from domain.worktime.calendar import Calendar, Holiday, MakeupDay

DATA = files("domain") / "data"
POLICIES = ("example_policy.json", "example_duty_policy.json")
RULESETS = ("example_rulesets.json",)
FORMS = ("example_report_templates.json", "example_checklists.json")


class Year(Struct, frozen=True):
    holidays: tuple[Holiday, ...]
    makeup_days: tuple[MakeupDay, ...]


class Edition(Struct, frozen=True, kw_only=True):
    """One State Council notice: the next version of every shipped calendar."""

    version: int
    announced_at: str
    basis: str
    last_year: int
    provisional_years: tuple[int, ...] = ()
    as_first_announced: tuple[int, ...] = ()


class ChinaDays(Struct, frozen=True):
    first_year: int
    editions: tuple[Edition, ...]
    years: dict[int, Year]
    as_first_announced: dict[int, Year]


class Examples(Struct, frozen=True):
    calendars: tuple[dict[str, Any], ...]


def shipped_calendars() -> list[PublishCalendar]:
    """List every version of every shipped calendar, oldest first: publish them in this order."""
    china = msgspec.json.decode((DATA / "china_days.json").read_bytes(), type=ChinaDays)
    examples = msgspec.json.decode((DATA / "example_calendars.json").read_bytes(), type=Examples)
    return [
        PublishCalendar(calendar=_calendar(china, edition, example))
        for edition in china.editions
        for example in examples.calendars
    ]


def shipped_policies() -> list[PublishPolicy]:
    """List every version of every shipped policy, oldest first."""
    return [
        command
        for name in POLICIES
        for command in msgspec.json.decode((DATA / name).read_bytes(), type=list[PublishPolicy])
    ]


def shipped_forms() -> list[PublishForm]:
    """List every version of every shipped checklist and report template, oldest first."""
    return [
        command
        for name in FORMS
        for command in msgspec.json.decode((DATA / name).read_bytes(), type=list[PublishForm])
    ]


def shipped_rulesets() -> list[PublishRuleSet]:
    """List every version of every shipped rule set, oldest first."""
    return [
        command
        for name in RULESETS
        for command in msgspec.json.decode((DATA / name).read_bytes(), type=list[PublishRuleSet])
    ]


def _calendar(china: ChinaDays, edition: Edition, example: dict[str, Any]) -> Calendar:
    years = [
        (china.as_first_announced if year in edition.as_first_announced else china.years)[year]
        for year in range(china.first_year, edition.last_year + 1)
    ]
    return msgspec.convert(
        {
            **example,
            "example": True,
            "version": edition.version,
            "announced_at": edition.announced_at,
            "basis": edition.basis,
            "first_year": china.first_year,
            "last_year": edition.last_year,
            "provisional_years": edition.provisional_years,
            "holidays": tuple(holiday for year in years for holiday in year.holidays),
            "makeup_days": tuple(day for year in years for day in year.makeup_days),
        },
        Calendar,
    )


def shipped_divisions() -> list[Division]:
    """The districts, towns and villages of Guangzhou that the simulation places its points in."""
    return divisions_of((DATA / "guangzhou_divisions.csv").read_text(encoding="utf-8"))
