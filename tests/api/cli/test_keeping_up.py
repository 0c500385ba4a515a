"""The embedded server is brought up again when it died, and not when it was stopped."""

import os
import signal
import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from api.cli import keeping_up
from api.cli.keeping_up import keep_server_up
from ledger.server.embedded import Cluster


def eventually(true: Callable[[], bool]) -> None:
    patience = time.monotonic() + 60
    while not true():
        assert time.monotonic() < patience
        time.sleep(0.05)


def answers(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.url("superuser", "postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def test_s4_a_server_that_died_is_brought_up_and_one_that_was_stopped_stays_down(
    new_cluster: Callable[..., Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_up, "LOOK_EVERY_S", 0.05)
    cluster, stop = new_cluster(), threading.Event()
    assert not cluster.died()
    cluster.start()
    keeper = threading.Thread(target=keep_server_up, args=[cluster.home, stop])
    keeper.start()
    try:
        killed = cluster.status().pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: cluster.status().pid not in {None, killed} and answers(cluster))
        cluster.stop()
        assert not cluster.died()
    finally:
        stop.set()
        keeper.join()
    assert not cluster.status().running


@pytest.mark.parametrize("made", [True, False])
def test_s4_a_server_that_does_not_come_up_is_told_and_tried_again(
    made: bool,  # noqa: FBT001
    new_cluster: Callable[..., Cluster],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(keeping_up, "LOOK_EVERY_S", 0.05)
    cluster, stop = new_cluster(), threading.Event()
    if made:
        cluster.start()
        cluster.passfile.rename(cluster.passfile.with_suffix(".away"))
        pid = cluster.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    keeper = threading.Thread(target=keep_server_up, args=[cluster.home, stop])
    keeper.start()
    try:
        if made:
            eventually(lambda: "does not start" in caplog.text)
            cluster.passfile.with_suffix(".away").rename(cluster.passfile)
            eventually(lambda: answers(cluster))
    finally:
        stop.set()
        keeper.join()
    assert cluster.exists == made
