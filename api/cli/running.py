"""Long-running processes: the web server, the projector, the benchmarks."""

import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import msgspec
import rich_click as click

import api
from api import settings
from api.cli.asking import app_url, connected, json_option, loaded
from api.cli.keeping_up import bring_views_up, keep_server_up
from api.cli.printing import note, say_json, show_structs
from api.history.sealing import sealing_of
from api.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
STOP_S = 10
LOOK_EVERY_S = 0.1


def address_options(command: F) -> F:
    port = click.option("--port", type=click.IntRange(0, 65535), help="Default: 8000.")
    host = click.option("--host", help="Address to listen on. Default: 127.0.0.1.")
    return host(port(command))


def at_address(found: Settings, host: str | None, port: int | None) -> Settings:
    return msgspec.structs.replace(
        found,
        host=found.host if host is None else host,
        port=found.port if port is None else port,
    )


@click.command()
@address_options
@click.option(
    "--views/--no-views",
    "with_views",
    default=None,
    help="Whether to keep the views up to date beside it. Default: yes with the embedded server;"
    " with ANJUAN_DATABASE_URL run `anjuan project` for that.",
)
def serve(host: str | None, port: int | None, with_views: bool | None) -> None:
    """Serve the API, on 127.0.0.1:8000 unless told otherwise, until interrupted.

    Who may act is said by bearer tokens: `anjuan token`, or ANJUAN_TOKENS.

    Example: anjuan serve --port 9000
    """
    found = at_address(loaded(), host, port)
    refuse_used_address(found)
    url = app_url(found)
    keep = found.database_url is None if with_views is None else with_views
    serve_with_views(found, url) if keep else _serve(found)


def refuse_used_address(found: Settings) -> None:
    """The server's processes share their port, so a second server would silently share it too."""
    try:
        family, *_, address = socket.getaddrinfo(
            found.host, found.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {found.host}:{found.port}: {error.strerror};"
            " choose another --host or --port"
        ) from error


def serve_with_views(found: Settings, url: str) -> None:
    bring_views_up(url)
    with _projecting(found):
        _serve(found)


def _serve(found: Settings) -> None:
    from api.serving.app import serve as serve_app

    ended = threading.Event()
    threading.Thread(target=_tell_when_it_listens, args=[found, ended], daemon=True).start()
    if not found.tokens:
        note(
            "Nobody may act yet: there is no token. Make one, this server takes it up:"
            " `anjuan token add --account NAME --role supervisor --unit CODE`."
        )
    try:
        serve_app(found)
    finally:
        ended.set()


def _tell_when_it_listens(found: Settings, ended: threading.Event) -> None:
    """Say where the server is once somebody who goes there is answered."""
    while not ended.wait(LOOK_EVERY_S):
        try:
            socket.create_connection((found.host, found.port), timeout=1).close()
        except OSError:
            continue
        note(
            f"Serving http://{found.host}:{found.port} (Ctrl-C ends it); /schema explains the API."
        )
        return


@contextmanager
def _projecting(found: Settings) -> Iterator[None]:
    """A projector in a process of its own; it ends when our end of its input closes."""
    command = [sys.executable, "-m", "api.cli", "project", "--until-input-ends"]
    projector = subprocess.Popen(
        command, stdin=subprocess.PIPE, env=settings.without_secrets(os.environ)
    )
    assert projector.stdin is not None
    try:
        with suppress(BrokenPipeError):
            projector.stdin.write(settings.written(settings.handed_on(found)))
            projector.stdin.flush()
        yield
    finally:
        with suppress(BrokenPipeError):
            projector.stdin.close()
        try:
            projector.wait(STOP_S)
        except subprocess.TimeoutExpired:
            projector.kill()
            projector.wait()


@click.command()
@click.option("--until-input-ends", is_flag=True, hidden=True)
def project(*, until_input_ends: bool) -> None:
    """Keep every view up to date with the log, and the policies going, until interrupted.

    Policies act by themselves: a bad rating is an order, silence a rating; see `anjuan policies`.
    The log is sealed now and then: ANJUAN_SEAL_EVERY_S, ANJUAN_SEAL_EVERY_EVENTS.
    Any number may run: one works, the others take over if it ends.

    Example: anjuan project
    """
    from api.reactions.running import PolicyRunner
    from api.web import logs
    from ledger.log.threads import describe_structs
    from ledger.seal import sealer as seal
    from projections.running.runner import Runner

    describe_structs()
    stop = _stopped_by_signals()
    found = _handed_on() if until_input_ends else loaded()
    logs.configure(found.log_level)
    if until_input_ends:
        threading.Thread(target=_stop_at_end_of_input, args=[stop], daemon=True).start()
    url = app_url(found)
    if not until_input_ends:
        note("Keeping the views up to date and the policies going; Ctrl-C ends it.")
    beside = [threading.Thread(target=PolicyRunner(url, found.policies_every_s).run, args=[stop])]
    if found.seal_every_s:
        beside.append(threading.Thread(target=seal.run, args=[url, sealing_of(found), stop]))
    if found.database_url is None:
        beside.append(threading.Thread(target=keep_server_up, args=[found.home, stop]))
    for thread in beside:
        thread.start()
    try:
        Runner(url).run(stop)
    finally:
        stop.set()
        for thread in beside:
            thread.join()


@click.command()
@json_option
def policies(*, as_json: bool) -> None:
    """What acts by itself: how far it has come, what it did, what it could not do.

    policy-rectification orders what a bad rating asks for; policy-rating, policy-promises and
    policy-periods look at the clock. They run inside `anjuan project` and `anjuan serve`.

    Example: anjuan policies --json
    """
    from api.reactions.status import ready, status_query
    from projections.asking.asking import fetch

    with connected(app_url()) as connection:
        ready(connection)
        found = fetch(connection, status_query())
    if as_json:
        say_json(found)
    else:
        show_structs(found)


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop


def _handed_on() -> Settings:
    """The settings of the server that started this process: the first line of its input."""
    line = bytearray()
    while not line.endswith(b"\n") and (part := os.read(sys.stdin.fileno(), 1 << 16)):
        line += part
    return settings.taken_over(settings.read(bytes(line)))


def _stop_at_end_of_input(stop: threading.Event) -> None:
    # Unbuffered: a thread inside a buffered read cannot be left behind at the end.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@click.pass_context
def bench(context: click.Context, names: Sequence[str], *, as_json: bool) -> None:
    """Measure ourselves beside peers and floors, in one run on this machine.

    NAME: append, foreign, seal, http, project, rebuild, verify, evaluate, as-known, scoped;
    without one, all. Only from a checkout.

    Example: anjuan bench append http --json
    """
    root = Path(api.__file__).parents[1]
    if not (root / "tests" / "bench").is_dir():
        raise click.UsageError("The benchmarks are not in the installed package: use a checkout.")
    sys.path.insert(0, str(root))
    benches = importlib.import_module("tests.bench")
    for name in names:
        if name not in (*benches.NAMES, "all"):
            raise click.UsageError(f"No benchmark {name!r}: one of {', '.join(benches.NAMES)}.")
    if not as_json:
        note(f"Measuring {', '.join(benches.chosen(names))}; this takes a while.")
    context.exit(benches.run(names, as_json))
