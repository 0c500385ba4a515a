"""Which fields describe persons, by the types of events, and where an answer copies one without
saying so."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import inspect

NOT_OF_PERSONS: Final = frozenset(
    {
        "api.accounts.accounts:AccountShown.name",
        "api.advising.advisers:AdviserShown.name",
        "api.advising.divisions:DivisionShown.name",
        "api.advising.firms:FirmShown.name",
        "api.advising.firms:TeamShown.name",
        "api.advising.needs:ChoiceShown.name",
        "api.advising.organs:OrganShown.name",
        "api.advising.points:PointShown.name",
        "api.advising.points:PointShown.phone",
        "projections.advising.directory:DirectoryRow.phone",
        "projections.advising.directory:PublicRow.phone",
        "api.evaluation.evaluations:Determined.reason",
        "api.serving.catalogue:Choice.name",
        "api.serving.catalogue:Option.value",
        "domain.accounts.account:Emergency.reason",
        "domain.advising.needs:VillageGraded.reason",
        "domain.advising.visit_plan:ChangeAsked.reason",
        "domain.advising.worklog:Work.matter",
        "domain.complaints.record:ComplaintExtended.reason",
        "domain.complaints.routing:ComplaintAssigned.reason",
        "domain.complaints.routing:ReturnAsked.reason",
        "domain.coordination.conference:ConferenceHeld.subject",
        "domain.coordination.conference:Decision.result",
        "domain.coordination.conference:Decision.text",
        "domain.coordination.conference:Department.name",
        "domain.evaluation.determination:EarlierResult.subject",
        "domain.evaluation.determination:FollowUp.subject",
        "domain.evaluation.determination:SubjectResult.subject",
        "domain.evaluation.evaluation:HumanScoreGiven.subject",
        "domain.evaluation.evaluation:HumanScoreGiven.value",
        "domain.evaluation.evaluation:ItemDetermined.subject",
        "domain.evaluation.evaluation:ItemDetermined.value",
        "domain.evaluation.objection:ObjectionFiled.subject",
        "domain.evaluation.ruleset_content:Exclusion.reason",
        "domain.evaluation.ruleset_content:Grade.name",
        "domain.evaluation.ruleset_content:Item.name",
        "domain.evaluation.ruleset_content:Veto.name",
        "domain.honours.mark:MarkAwarded.name",
        "domain.honours.mark:MarkWithdrawn.reason",
        "domain.registers.adviser:PenaltyRecorded.reason",
        "domain.registers.division:DivisionName.name",
        "domain.registers.policy:MarkKind.name",
        "domain.registers.policy:RatingExemption.name",
        "domain.reporting.report:ReportRow.note",
        "domain.requests.rating:RatingLookedAt.reason",
        "domain.training.session:TrainingAnnounced.subject",
        "domain.worktime.calendar:Holiday.name",
        "domain.worktime.calendar:MakeupDay.name",
        "domain.worktime.calendar:Step.text",
        "projections.advising.coverage:Gap.name",
        "projections.advising.directory:DirectoryRow.name",
        "projections.advising.directory:PublicRow.name",
        "projections.coordination.conferences:ConferenceRow.subject",
        "projections.coordination.conferences:DecisionRow.text",
        "projections.evaluation.evaluations:ObjectionRow.subject",
        "projections.evaluation.publications:PublicationRow.subject",
        "projections.evaluation.review:Explained.subject",
        "projections.evaluation.review:ScoreDifference.subject",
        "projections.honours.marks:MarkHeld.name",
        "projections.honours.marks:MarkRow.name",
        "projections.oversight.promises:PromiseRow.name",
        "projections.reporting.reports:ReportLine.note",
        "projections.reporting.reports:ReportLine.reason",
        "projections.reporting.reports:ReportVersion.note",
        "projections.reporting.reports:ReportVersion.reason",
        "projections.running.runner:ViewStatus.name",
        "projections.training.trainings:TrainingRow.subject",
    }
)
"""Fields of answers that are called as something personal is, and are not: names of units, rules
and things; those who act for the office, who are accounted for; why an office decided."""


def personal_names(aggregates: Iterable[Any]) -> set[str]:
    """Names of the fields of events that are marked as personal."""
    found = set()
    for aggregate in aggregates:
        for event in aggregate.EVENTS:
            found |= {
                field.name for _, field in _fields(inspect.type_info(event)) if _marked(field.type)
            }
    return found


def unmarked(answer: Any) -> set[str]:
    """`module:Class.field` of texts of an answer that are named as something personal is."""
    from domain.aggregates import ALL  # noqa: PLC0415

    names = personal_names(ALL)
    return {
        f"{cls.__module__}:{cls.__name__}.{field.name}"
        for cls, field in _fields(inspect.type_info(answer))
        if field.name in names and not _marked(field.type) and _is_text(field.type)
    }


def _fields(
    kind: inspect.Type, seen: set[type] | None = None
) -> Iterator[tuple[type, inspect.Field]]:
    seen = set() if seen is None else seen
    if isinstance(kind, inspect.StructType):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
        for field in kind.fields:
            yield kind.cls, field
            yield from _fields(field.type, seen)
    for part in _parts(kind):
        yield from _fields(part, seen)


def _parts(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    if isinstance(kind, inspect.Metadata):
        return (kind.type,)
    if isinstance(kind, inspect.UnionType):
        return kind.types
    if isinstance(kind, inspect.DictType):
        return (kind.value_type,)
    if isinstance(kind, inspect.TupleType):
        return kind.item_types
    if isinstance(kind, inspect.CollectionType):
        return (kind.item_type,)
    return ()


def _marked(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata) and (kind.extra or {}).get("personal"):
        return True
    return any(_marked(part) for part in _parts(kind))


def _is_text(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.StrType) or any(_is_text(part) for part in _parts(kind))
