"""Following in a process of its own, while this one writes the log."""

import logging
import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from ledger.log.threads import describe_structs
from ledger.verify.stretch import prepare_worker
from projections.running.runner import Runner

log = logging.getLogger(__name__)


@contextmanager
def followed_beside(url: str) -> Iterator[BaseProcess]:
    """Keep the views near the head of the log meanwhile.

    `Runner.catch_up` then waits for the rest. Where the other process has failed, which it says, it
    does all by itself, and meets the error where that lasts.
    """
    follower = multiprocessing.get_context("spawn").Process(target=_follow, args=[url], daemon=True)
    follower.start()
    try:
        yield follower
    finally:
        # What it is folding is rolled back.
        follower.terminate()
        follower.join()


def _follow(url: str) -> None:
    prepare_worker()
    # Whoever interrupts us means the parent, which ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    describe_structs()
    try:
        Runner(url).run(threading.Event())
    except Exception as error:
        log.error("nobody follows the log beside: %s: %s", type(error).__name__, error)
        sys.exit(1)
