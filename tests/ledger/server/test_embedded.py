"""The embedded server: started, adopted, killed, refused. Every server here is the test's own."""

import os
import pwd
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ledger.server.access import APP, ROLES
from ledger.server.embedded import AnotherMajorVersion, Cluster, SecretsMissing
from ledger.server.programs import ServerFailed, server_user, wheel_binaries
from tests.databases import binaries_of, temporary_home

REPOSITORY = Path(__file__).parents[3]
START = """
import sys
from pathlib import Path
from ledger.server.embedded import Cluster
cluster = Cluster(Path(sys.argv[1]), durable=False, shared_buffers_mb=32)
print(cluster.start(), cluster.status().pid, flush=True)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change accounts")

NewCluster = Callable[..., Cluster]


@pytest.fixture(scope="module")
def served() -> Iterator[Cluster]:
    """A durable server shared by the tests that only look at it."""
    with temporary_home() as home:
        cluster = Cluster(home, shared_buffers_mb=32)
        cluster.start()
        yield cluster
        cluster.stop()


def psql(url: str, query: str) -> str:
    command: list[str | Path] = [wheel_binaries() / "psql", "-XAt", url, "-c", query]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def answer(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


BECOME = """
import os, psycopg, psycopg_pool, ledger.server.embedded
os.setgroups([])
os.setgid({gid})
os.setuid({uid})
"""


@contextmanager
def python(
    code: str, *arguments: str, account: str | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process of our own that runs `code` in this repository; killed at the end if still up."""
    if account:
        # Our interpreter may lie where that account cannot go, so it is loaded before.
        user = pwd.getpwnam(account)
        code = BECOME.format(uid=user.pw_uid, gid=user.pw_gid) + code
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def output(code: str, *arguments: str, account: str | None = None) -> str:
    with python(code, *arguments, account=account) as process:
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out


def kill(cluster: Cluster) -> int:
    """Kill -9 the postmaster of the test's own cluster and see it gone; its process id."""
    pid = cluster.status().pid
    assert pid is not None
    handle = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    assert select.select([handle], [], [], 60)[0]
    os.close(handle)
    return pid


def test_psql_reaches_the_server_in_each_role(served: Cluster) -> None:
    for role, name in ROLES.items():
        assert psql(served.url(role), "SELECT current_user") == name


def test_starting_again_changes_nothing(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    assert not cluster.exists
    assert cluster.start()
    pid = cluster.status().pid
    assert not cluster.start()
    assert cluster.status().pid == pid


def test_a_stopped_server_was_shut_down_cleanly_and_keeps_its_data(new_cluster: NewCluster) -> None:
    cluster = new_cluster(durable=True)
    cluster.start()
    with psycopg.connect(cluster.url("owner")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        connection.commit()
        cluster.stop()
        connection.close()
    cluster.stop()
    control = [cluster.binaries / "pg_controldata", cluster.data]
    found = subprocess.run(control, capture_output=True, text=True, check=True)
    assert "shut down\n" in found.stdout
    assert not cluster.status().running
    cluster.start()
    assert answer(cluster.url("owner"), "SELECT n FROM kept") == 42


def test_the_server_is_as_durable_and_private_as_it_says(served: Cluster) -> None:
    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "wal_level": "replica",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "max_connections": "100",
        "jit": "off",
        "TimeZone": "UTC",
    }
    url = served.url("superuser")
    assert {name: answer(url, f"SHOW {name}") for name in expected} == expected
    assert answer(url, "SELECT datcollate FROM pg_database WHERE datname = 'anjuan'") == "C.UTF-8"
    for place in (served.socket, served.data, served.passfile.parent):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE(served.passfile.stat().st_mode) == 0o600


def test_without_the_password_nobody_gets_in(served: Cluster) -> None:
    for role in ("app", "owner", "superuser"):
        url = served.url(role)
        assert served.passfile.read_text().split(":")[4].split("\n")[0] not in url
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.partition("&passfile=")[0], passfile=os.devnull).close()


def test_the_application_role_owns_nothing(served: Cluster) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        answer(served.url("app"), "CREATE TABLE public.mine (n int)")


def test_statements_and_values_stay_out_of_the_server_log(served: Cluster) -> None:
    with psycopg.connect(served.url("owner")) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('陈大文')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('陈大文')")
    log = served.log_file.read_text()
    assert "person_pkey" in log
    assert "陈大文" not in log


def test_the_server_survives_the_kill_of_its_owner_and_is_adopted(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    with python(START + "sys.stdin.read()", str(cluster.home)) as owner:
        assert owner.stdout is not None
        started, pid = owner.stdout.readline().split()
        assert started == "True"
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
    assert not cluster.start()
    assert cluster.status().pid == int(pid)
    assert answer(cluster.url("app"), "SELECT 1") == 1


def test_a_killed_server_recovers_what_was_committed(new_cluster: NewCluster) -> None:
    cluster = new_cluster(durable=True)
    cluster.start()
    with psycopg.connect(cluster.url("owner")) as writer:
        writer.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        writer.commit()
        writer.execute("INSERT INTO kept VALUES (0)")
        kill(cluster)
        assert not cluster.status().running
        assert cluster.start()
        writer.close()
    assert answer(cluster.url("owner"), "SELECT count(*) FROM kept") == 1000


def test_a_server_that_is_being_killed_is_replaced(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    cluster.start()
    pid = cluster.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    cluster.start()
    assert cluster.status().pid != pid
    assert answer(cluster.url("app"), "SELECT 1") == 1


def test_sessions_that_outlive_a_killed_server_are_waited_for(new_cluster: NewCluster) -> None:
    cluster = new_cluster(durable=True)
    cluster.start()
    with psycopg.connect(cluster.url("owner")) as busy:
        busy.pgconn.send_query(
            b"DO $$ DECLARE until timestamptz := clock_timestamp() + '1 s';"
            b" BEGIN WHILE clock_timestamp() < until LOOP END LOOP; END $$"
        )
        kill(cluster)
        assert cluster.start()
        busy.close()
    assert "shared memory block" in cluster.log_file.read_text()
    assert answer(cluster.url("app"), "SELECT 1") == 1


def test_a_recycled_process_id_is_not_taken_for_the_server(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    cluster.start()
    pid = kill(cluster)
    account = server_user(cluster.place).pw_name if os.geteuid() == 0 else None
    with python("import sys; sys.stdin.read()", account=account) as other:
        for lock in (cluster.data / "postmaster.pid", cluster.socket / ".s.PGSQL.5432.lock"):
            lock.write_text(lock.read_text().replace(str(pid), str(other.pid), 1))
        assert not cluster.status().running
        assert cluster.start()
        assert other.poll() is None


def test_two_homes_are_served_side_by_side(new_cluster: NewCluster) -> None:
    one, two = new_cluster("one"), new_cluster("two")
    one.start()
    two.start()
    with psycopg.connect(one.url("owner")) as connection:
        connection.execute("CREATE TABLE here (n int)")
    assert answer(one.url("owner"), "SELECT to_regclass('here')::text") == "here"
    assert answer(two.url("owner"), "SELECT to_regclass('here')::text") is None
    one.stop()
    assert answer(two.url("app"), "SELECT 1") == 1


def test_of_concurrent_starters_exactly_one_starts(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    with (
        python(START, str(cluster.home)) as a,
        python(START, str(cluster.home)) as b,
        python(START, str(cluster.home)) as c,
    ):
        said = [process.communicate(timeout=60) for process in (a, b, c)]
    assert [errors for _, errors in said] == ["", "", ""]
    assert sorted(out.split()[0] for out, _ in said) == ["False", "False", "True"]
    assert {out.split()[1] for out, _ in said} == {str(cluster.status().pid)}


def test_data_of_another_major_version_is_refused_and_left_alone(new_cluster: NewCluster) -> None:
    binaries = binaries_of("15")
    if binaries is None:
        pytest.skip("PostgreSQL 15 not found; set ANJUAN_TEST_PG15_BIN")
    old = new_cluster(binaries=binaries)
    old.start()
    old.stop()
    with pytest.raises(AnotherMajorVersion, match=r"PostgreSQL 15.*18"):
        new_cluster().start()
    assert old.start()


def test_an_interrupted_creation_is_begun_anew(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    cluster.start()
    cluster.stop()
    (cluster.data).rename(cluster.place / "data.new")
    (cluster.place / "data.new" / "global" / "pg_control").unlink()
    assert not cluster.exists
    assert cluster.start()
    assert answer(cluster.url("app"), "SELECT 1") == 1


def test_lost_passwords_are_named_not_replaced(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    cluster.start()
    cluster.stop()
    cluster.passfile.unlink()
    with pytest.raises(SecretsMissing, match="pgpass"):
        cluster.start()


@pytest.mark.parametrize("name", [
        "案卷 o'home & 100%?", "long-" * 30, "s4 $HOME `id` $(id) \\b\\n \"q\" !", "s4, comma",
    ],
)  # fmt: skip
def test_any_path_can_be_a_home(new_cluster: NewCluster, name: str) -> None:
    cluster = new_cluster(name)
    cluster.start()
    assert len(os.fsencode(cluster.socket)) <= 100
    assert psql(cluster.url("app"), "SELECT 1") == "1"
    socket = cluster.socket
    cluster.stop()
    assert not socket.exists() or not list(socket.iterdir())


def test_settings_of_the_operator_are_kept(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    cluster.start()
    cluster.stop()
    (cluster.data / "local.conf").write_text("work_mem = '7MB'\n")
    (cluster.data / "local.conf").chmod(0o644)
    cluster.start()
    assert answer(cluster.url("app"), "SHOW work_mem") == "7MB"


def test_a_server_that_cannot_start_says_why(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    cluster.start()
    cluster.stop()
    (cluster.data / "local.conf").write_text("no_such_setting = 1\n")
    (cluster.data / "local.conf").chmod(0o644)
    with pytest.raises(ServerFailed, match="no_such_setting"):
        cluster.start()


def test_the_callers_postgres_variables_reach_neither_server_nor_urls(
    new_cluster: NewCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGPORT": "6666",
        "PGHOST": "no.where",
        "PGDATA": "/no",
        "PGUSER": "x",
    }.items():
        monkeypatch.setenv(name, value)
    cluster = new_cluster()
    cluster.start()
    assert answer(cluster.url("app"), "SELECT current_user::text") == APP


def test_status_tells_what_an_operator_asks(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    before = cluster.status()
    assert (before.running, before.pid, before.size_bytes) == (False, None, 0)
    cluster.start()
    after = cluster.status()
    assert after.running
    assert after.version == "18.6"
    assert after.socket.joinpath(".s.PGSQL.5432").exists()
    assert after.size_bytes > 20_000_000


@as_root
def test_root_hands_the_server_to_an_account_without_rights(served: Cluster) -> None:
    status = Path(f"/proc/{served.status().pid}/status").read_text()
    lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    uids = {int(uid) for uid in lines["Uid"].split()}
    assert uids == {server_user(served.place).pw_uid}
    assert uids != {0}
    assert int(lines["CapEff"], 16) == 0
    assert served.passfile.stat().st_uid == 0


@as_root
def test_root_may_keep_his_home_in_a_closed_directory(new_cluster: NewCluster) -> None:
    closed = new_cluster().home.parent / "closed"
    closed.mkdir(mode=0o700)
    cluster = new_cluster("closed/home")
    cluster.start()
    assert answer(cluster.url("app"), "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_an_ordinary_user_runs_his_own_server(new_cluster: NewCluster) -> None:
    reach: list[str | Path] = [
        "setpriv",
        "--reuid=65534",
        "--clear-groups",
        "test",
        "-x",
        new_cluster().binaries,
    ]
    if subprocess.run(reach, check=False).returncode:
        pytest.skip("the installed programs are closed to ordinary users")
    cluster = new_cluster("own/home")
    own = cluster.home.parent
    own.mkdir()
    os.chown(own, pwd.getpwnam("nobody").pw_uid, -1)
    life = """
import psycopg
with psycopg.connect(cluster.url("app")) as connection:
    print(connection.execute("SELECT 1").fetchone())
cluster.stop()
print(cluster.start(), cluster.start())
cluster.stop()
print(cluster.status().running)
"""
    said = output(START + life, str(cluster.home), account="nobody").splitlines()
    assert said[1:] == ["(1,)", "True False", "False"]
    assert {path.stat().st_uid for path in own.rglob("*")} == {pwd.getpwnam("nobody").pw_uid}


@as_root
def test_a_home_of_somebody_else_is_refused(new_cluster: NewCluster) -> None:
    cluster = new_cluster()
    cluster.start()
    code = "from ledger.server.programs import HomeUnreachable\n" + START.replace(
        "print(cluster.start(), cluster.status().pid",
        "try: cluster.start()\nexcept HomeUnreachable: print('refused'",
    )
    assert output(code, str(cluster.home), account="nobody").startswith("refused")
