"""`anjuan doctor`: what is unsafe or odd in this home."""

import os
from collections import Counter

import rich_click as click

from api.cli.asking import connected, json_option, loaded
from api.cli.language import spoken
from api.cli.printing import say, say_json, show_structs
from api.settings import Settings


@click.command()
@click.option("--all", "show_all", is_flag=True, help="Also say what is fine.")
@json_option
@click.pass_context
def doctor(context: click.Context, *, show_all: bool, as_json: bool) -> None:
    """Say what is unsafe or odd in this home, where, and what to do. Exit code 1: a danger.

    Looked at: addresses, files, secrets, sealing and signing in, as the settings have them;
    settings of PostgreSQL, clocks, the application's role, schema, views, checkpoint, and every
    event: whether it can be read, whether its codes are accepted today, and which of them stand in
    no register. Nothing is changed; the
    embedded server is started if need be. With --json everything is told, as one list.

    Example: anjuan doctor --json
    """
    from api.serving.doctor import examined
    from api.serving.unsafe import unsafe_accounts, unsafe_settings

    found = loaded()
    with connected(_url(found)) as connection:
        findings = [
            *unsafe_settings(found, os.environ),
            *examined(connection, os.environ, found.lag_max, len(found.tokens)),
            *unsafe_accounts(connection, found),
        ]
    if as_json:
        say_json(findings)
    else:
        told = [one for one in findings if show_all or one.level != "fine"]
        show_structs(told, empty=spoken("nothing unsafe or odd", "没有不安全或异常之处"))
        say(_counted(Counter(one.level for one in findings), show_all=show_all))
    context.exit(1 if any(one.level == "danger" for one in findings) else 0)


def _counted(levels: Counter[str], *, show_all: bool) -> str:
    dangers, odd, fine = levels["danger"], levels["odd"], levels["fine"]
    hidden = "" if show_all else spoken(" (--all shows them)", "（--all 列出）")
    return spoken(
        f"{dangers} dangers, {odd} odd; {fine} checks found nothing{hidden}",
        f"{dangers} 处不安全，{odd} 处异常；{fine} 项检查没有问题{hidden}",
    )


def _url(found: Settings) -> str:
    """The application's, without bringing the schema up to date: its age is looked at."""
    from ledger.server.connection import app_url
    from ledger.server.embedded import Cluster

    if found.database_url is not None:
        return found.app_database_url or app_url(found.database_url)
    cluster = Cluster(found.home)
    cluster.start()
    return cluster.url("app")
