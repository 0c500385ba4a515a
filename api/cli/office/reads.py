"""`anjuan reads`: the read log, for operators."""

from datetime import datetime

import psycopg
import rich_click as click

from api.cli.asking import INSTANT, json_option, loaded
from api.cli.language import spoken
from api.cli.printing import say, say_json


@click.group()
def reads() -> None:
    """The read log: who saw which person or complaint, and why. `anjuan list reads` shows it.

    `anjuan verify` finds an entry that is not what was written.
    """


@reads.command()
@click.option("--before", type=INSTANT, required=True, help="Take away what is older.")
@json_option
def prune(before: datetime, *, as_json: bool) -> None:
    """Take away old entries; those younger than the months that are kept are never taken.

    Example: anjuan reads prune --before 2026-01-01
    """
    from ledger.reads import prune as taken_away
    from ledger.server.connection import ensure

    found = loaded()
    urls = ensure(found.home, found.database_url, found.app_database_url)
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        try:
            count = taken_away(connection, before, found.reads_kept_months)
        except psycopg.errors.InsufficientPrivilege:
            months = found.reads_kept_months
            english = f"Reads are kept for {months} months; nothing was taken away."
            raise click.ClickException(
                spoken(english, f"查阅记录须保存 {months} 个月；没有删除任何记录。")
            ) from None
    if as_json:
        say_json({"pruned": count})
    else:
        say(spoken(f"{count} entries taken away", f"已删除 {count} 条查阅记录"))
