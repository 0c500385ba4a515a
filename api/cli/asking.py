"""Parts shared by all commands: option types, the settings, the connection."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import psycopg
import rich_click as click

from api import settings
from api.cli.language import lang_option, spoken
from api.cli.printing import wide_option
from api.settings import Settings
from domain.vocabulary import CHINA

F = TypeVar("F", bound=Callable[..., Any])


class Instant(click.ParamType[datetime]):
    """RFC 3339; without an offset Beijing time, without a time the start of the day."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-03-02T09:00+08:00", param, ctx)
        return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(CHINA))


class DayType(click.ParamType[date]):
    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day such as 2026-03-02", param, ctx)


INSTANT: Final = Instant()
DAY: Final = DayType()


def json_option(command: F) -> F:
    """Add --json, and --lang and --wide for what is shown without it."""
    json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    return lang_option(wide_option(json(command)))


class KnownInstant(Instant):
    """An instant, or `@POSITION`: when the event there was recorded."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, str) and (found := re.fullmatch("@([0-9]{1,18})", value)):
            return self._recorded(int(found[1]), param, ctx)
        return super().convert(value, param, ctx)

    def _recorded(
        self, position: int, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        from ledger.log import reading

        with connected(app_url()) as connection:
            instant = reading.recorded_at(connection, position)
            if instant is None:
                head = reading.head(connection)
                self.fail(f"there is no position {position}: the log ends at {head}", param, ctx)
            last = reading.position_at(connection, instant)
        if last != position:
            why = f"position {position} was recorded together with those up to {last}"
            self.fail(f"{why}: none is known without the others; say @{last}", param, ctx)
        return instant


class PastInstant(KnownInstant):
    """An instant that is not in the future: what is known then can be answered."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        read = super().convert(value, param, ctx)
        if read > datetime.now(UTC):
            self.fail(
                f"{value} is in the future: what will be known then cannot be told", param, ctx
            )
        return read


KNOWN: Final = KnownInstant()
PAST: Final = PastInstant()


def as_known_at_option(command: F) -> F:
    return click.option(
        "--as-known-at",
        type=PAST,
        metavar="TIME|@POSITION",
        help="Answer by what had been recorded up to then, e.g. 2026-03-02T09:00+08:00, or up to a"
        " position of the log, e.g. @19664; without an offset it is Beijing time. Default: now.",
    )(command)


def replayed(connection: psycopg.Connection[Any], position: int) -> str:
    """Say how to ask again for what was known at a position."""
    from ledger.log import reading

    option = f"--as-known-at @{position}"
    instant = reading.recorded_at(connection, position)
    if instant is None:
        return option
    when = instant.astimezone(ZoneInfo(CHINA)).isoformat()
    return spoken(f"recorded {when}; {option}", f"记录于 {when}；{option}")


def loaded() -> Settings:
    return settings.load()


def app_url(found: Settings | None = None) -> str:
    """Return the URL with the application's rights; start the embedded server if need be."""
    from ledger.server.connection import ensure

    found = found or loaded()
    return ensure(
        found.home,
        found.database_url,
        found.app_database_url,
        clock_tolerance_s=found.clock_tolerance_s,
    ).app


def connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)
