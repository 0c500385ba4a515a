"""Bringing the views up to the present before somebody is answered from them; and the embedded
server up again when it died."""

import logging
from pathlib import Path
from threading import Event
from typing import Final

from api.cli.asking import connected
from api.cli.printing import progress
from ledger.log import reading
from ledger.schema import DatabaseUnusable
from ledger.server.embedded import Cluster
from projections.all_views import STORED
from projections.asking.asking import fetch
from projections.running.rebuild import rebuild
from projections.running.runner import Runner, install, status_query

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0
FAR_BEHIND: Final = 20_000
"""Events; and where that is most of the log, building anew by several processes is quicker than
following."""


def bring_views_up(url: str) -> None:
    """Bring every view to the present head of the log; wait if another process does so."""
    with connected(url) as connection:
        install(connection)
        lag = max(view.lag for view in fetch(connection, status_query()))
        head = reading.head(connection)
    if lag > max(FAR_BEHIND, head // 2):
        _build(url)
    with progress("Bringing the views up to date") as tell:
        Runner(url).catch_up(tell)


def _build(url: str) -> None:
    done: dict[str, int] = {}
    shards = sum(view.SHARDS for view in STORED)
    with progress("Building the views (parts)") as tell:

        def told(name: str, ready: int, _: int) -> None:
            done[name] = ready
            tell(sum(done.values()), shards)

        rebuild(url, progress=told, compare=False)


def keep_server_up(home: Path, stop: Event) -> None:
    """Start the embedded server again whenever it has died; one that was stopped stays so."""
    cluster = Cluster(home)
    while not stop.wait(LOOK_EVERY_S):
        try:
            if cluster.died():
                cluster.start()
                log.warning("PostgreSQL had died and runs again")
        except DatabaseUnusable as error:
            log.error("PostgreSQL died and does not start; is the disk full? %s", error)
