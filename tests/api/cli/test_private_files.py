"""F24: what we write is its owner's alone, however open his umask; what is for everybody is not."""

import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from api.serving.app import _counted_together
from api.settings import Settings
from ledger.seal.keyfile import write
from ledger.server.embedded import Cluster

ROOT = Path(__file__).parents[3]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_f24_the_lock_of_the_server_can_be_held_by_nobody_else(home: Path) -> None:
    home.mkdir()
    lock = home / "postgres.lock"
    lock.touch()
    lock.chmod(0o644)
    cluster = Cluster(home)
    with cluster._locked():
        assert mode_of(lock) == 0o600
        with lock.open() as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.timeout(200)
def test_f24_nothing_in_a_home_is_for_others_to_read(home: Path) -> None:
    """Not even with a umask that would let everybody."""
    witness = home.parent / "witness"
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ANJUAN_HOME": str(home),
        "ANJUAN_WITNESS_DIR": str(witness),
    }
    try:
        for command in (
            ["token", "add", "--account", "li", "--role", "supervisor", "--unit", "4401"],
            ["seal", "--now"],
            ["db", "backup", str(home / "dump")],
        ):
            told = subprocess.run(
                [sys.executable, "-m", "api.cli", *command],
                env=env,
                umask=0,
                capture_output=True,
                text=True,
                check=False,
            )
            assert told.returncode == 0, told.stderr
        found = [home, *home.rglob("*")]
        # A home of root is passed by the server's user, who may not list it.
        passed = 0o711 if os.geteuid() == 0 else 0o700
        assert mode_of(home) == passed
        others = [
            path
            for path in found[1:]
            if not path.is_symlink() and not path.is_socket() and mode_of(path) & 0o077
        ]
        assert [path for path in others if path.is_file() or mode_of(path) & 0o066] == []
        sockets = [path for path in found if path.is_socket()]
        assert all(mode_of(one.parent) == 0o700 for one in sockets)
    finally:
        Cluster(home).stop()


def test_what_is_published_is_for_everybody_and_keys_are_not(tmp_path: Path) -> None:
    write(tmp_path / "ours", b"x")
    write(tmp_path / "theirs", b"x", mode=0o644)
    assert [mode_of(tmp_path / name) for name in ("ours", "theirs")] == [0o600, 0o644]


def test_f24_what_a_killed_server_counted_is_cleared_away_by_the_next(home: Path) -> None:
    found = Settings(home=home, workers=2, port=8123)
    with _counted_together(found) as folder:
        assert folder is not None
        (folder / "counter_1.db").write_bytes(b"x")
        assert mode_of(folder) == 0o700
        # The next one of this address begins while that still stands there.
        with _counted_together(found) as again:
            assert again == folder
            assert list(folder.iterdir()) == []
    assert not folder.exists()
    with _counted_together(Settings(home=home, workers=1)) as alone:
        assert alone is None
