"""`anjuan db`: the embedded PostgreSQL server, and where the database is."""

from pathlib import Path
from typing import get_args

import msgspec
import rich_click as click

from api.cli.asking import json_option, loaded
from api.cli.printing import note, say, say_json, show_table
from api.settings import Settings
from ledger.server.access import Role


@click.group()
def db() -> None:
    """The database: its URL, the embedded server, backups.

    Without ANJUAN_DATABASE_URL a PostgreSQL server of our own runs under ANJUAN_HOME; every command
    starts it when needed and leaves it running.
    """


@db.command()
@click.option("--role", type=click.Choice(get_args(Role)), default="app", show_default=True)
def url(role: Role) -> None:
    """Print a URL for psql and the like, and nothing else.

    app: may append to the log and read it. owner: owns the schema. superuser: the embedded server
    only.

    Example: psql "$(anjuan db url)" -c 'SELECT count(*) FROM log_events'
    """
    from ledger.server.connection import ensure

    found = loaded()
    urls = ensure(found.home, found.database_url, found.app_database_url)
    wanted: str | None = getattr(urls, role)
    if wanted is None:
        raise click.ClickException(
            "no superuser is known for ANJUAN_DATABASE_URL; ask its administrator"
        )
    say(wanted)


@db.command()
def start() -> None:
    """Start the embedded server and bring its schema up to date.

    Example: anjuan db start
    """
    from ledger.server.connection import ensure

    found = _embedded()
    ensure(found.home)
    note(f"The embedded server serves {found.home}.")


@db.command()
def stop() -> None:
    """Stop the embedded server cleanly; sessions are ended. Nothing to do if it is not running.

    Example: anjuan db stop
    """
    from ledger.server.embedded import Cluster

    found = _embedded()
    Cluster(found.home).stop()
    note(f"The embedded server of {found.home} is stopped.")


@db.command()
@json_option
@click.pass_context
def status(context: click.Context, *, as_json: bool) -> None:
    """Say whether the embedded server runs, where, and how large it is. Exit code 1: it does not.

    Example: anjuan db status --json
    """
    from ledger.server.embedded import Cluster

    found = Cluster(_embedded().home).status()
    if as_json:
        say_json(found)
    else:
        show_table([msgspec.to_builtins(found, enc_hook=str)])
    context.exit(0 if found.running else 1)


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write log and views to FILE, one consistent dump (pg_dump's custom format).

    The database may be in use meanwhile.

    Example: anjuan db backup anjuan.dump
    """
    from ledger.server import dump
    from ledger.server.embedded import Cluster
    from ledger.server.programs import wheel_binaries

    found = loaded()
    if found.database_url is None:
        Cluster(found.home).backup(file)
    else:
        dump.dump(wheel_binaries(), found.database_url, file)
    note(f"Written: {file} ({file.stat().st_size:,} bytes).")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in place of a database that holds no events and is not in use.

    Refused otherwise, with nothing changed: restore into a new ANJUAN_HOME.

    Example: ANJUAN_HOME=~/restored anjuan db restore anjuan.dump
    """
    from ledger.server.connection import ensure
    from ledger.server.embedded import Cluster

    home = _embedded().home
    Cluster(home).restore(file)
    ensure(home)
    note(f"Restored into {home}.")


def _embedded() -> Settings:
    found = loaded()
    if found.database_url is not None:
        raise click.ClickException(
            "ANJUAN_DATABASE_URL names a server that is not ours to manage; unset it, or use"
            " PostgreSQL's own tools (pg_ctl, pg_restore)"
        )
    return found
