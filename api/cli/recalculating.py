"""`anjuan recalculate`: a later version of rules or of a calendar, or a point as it stands, judges
months that were over."""

from datetime import date, datetime
from typing import Final

import rich_click as click

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, json_option
from api.cli.printing import note, say_json
from domain.registers import calendar_publication, point, policy
from domain.registration.calendar_commands import RecalculateByCalendar
from domain.registration.point_commands import RecalculateByPoint
from domain.registration.policy_commands import RecalculatePolicy
from domain.vocabulary import stream_id

COMMANDS: Final = {policy.KIND: RecalculatePolicy, calendar_publication.KIND: RecalculateByCalendar}


@click.command()
@click.argument("kind", type=click.Choice(sorted((*COMMANDS, point.KIND))))
@click.argument("code")
@click.option("--version", "number", type=click.IntRange(1), help="Of a policy or calendar.")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First of a month.")
@click.option("--reason", required=True)
@actor_options
@json_option
def recalculate(
    kind: str,
    code: str,
    number: int | None,
    since: datetime,
    reason: str,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    *,
    as_json: bool,
) -> None:
    """Let a published version judge duties of months that were over when it was published; or the
    place, calendar and zone of a point as they stand.

    `anjuan report duty` of a month says before it what would change.

    Example: anjuan recalculate policy adviser-duty --version 3 --since 2026-10-01
    --reason 市局更正 --account li --role administrator --unit 4401
    """
    day: date = since.date()
    if (kind == point.KIND) != (number is None):
        raise click.UsageError("--version is that of a policy or calendar; a point has none")
    command = (
        RecalculateByPoint(since=day, reason=reason)
        if number is None
        else COMMANDS[kind](version=number, since=day, reason=reason)
    )
    by = actor_of(account, role, unit, adviser)
    receipt = give(app_url(), stream_id(kind, code), command, by)
    if as_json:
        say_json({"version": receipt.version, "position": receipt.position})
    else:
        name = code if number is None else f"{code}@{number}"
        note(f"{name} judges duties from {day} on.")
