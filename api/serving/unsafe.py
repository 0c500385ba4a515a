"""Unsafe settings and files of an operator: the part of `anjuan doctor` that needs no log; and what
the log and the settings say together of those who sign in."""

import ipaddress
import stat
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg

from api.identity import DIGEST_MARK
from api.serving.doctor import Connection, DoctorFinding, registers_of
from api.settings import CONFIG, SECRET, Settings, has_password, tokens_in, tokens_path, variable
from api.signing.oidc import faults_of
from api.signing.second_factor import KEY_FILE as SIGNING_KEY
from api.signing.signing import needing_second_factor
from api.web.calling import LOCAL_NAMES, networks_of
from api.web.cursors import KEY_FILE as PAGE_KEY
from domain.accounts.account import actors_of
from domain.registers.appointment import china_day
from ledger.log.clock import CLOCK, Clock, apart
from ledger.reads import verify_reads
from ledger.seal.keyfile import key_files

OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
LISTED: Final = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
"""To pass a folder is not to read it: the user that runs PostgreSQL for root passes the home."""
MANY: Final = 1 << 16
"""Addresses of a network of proxies beyond which it is no network of proxies."""
SESSION_MAX: Final = timedelta(days=1)
SHOWN: Final = 10
CLOCKS_APART: Final = timedelta(seconds=5)
ARGON2_KIB_MIN: Final = 19_456
"""Of OWASP's password storage cheat sheet, with two passes."""
FACTORS: Final = "SELECT account FROM signing_second_factors WHERE confirmed_at IS NOT NULL"
SIGNERS: Final = "SELECT account FROM signing_passwords"


def unsafe_settings(found: Settings, environment: Mapping[str, str]) -> Iterator[DoctorFinding]:
    """Yield what the settings leave open, and the files that they name."""
    yield from _secrets_given(found, environment)
    yield from _address(found)
    yield from _files(found, environment)
    yield from _sealing(found)
    yield from _signing(found)
    yield from provider_findings(found)


def unsafe_accounts(connection: Connection, found: Settings) -> Iterator[DoctorFinding]:
    """Yield what only the database can tell: clocks, second factors, the read log."""
    row = connection.execute(CLOCK).fetchone()
    if row is not None:
        clock = Clock(*row)
        between = apart(clock, datetime.now(UTC))
        if clock.off or clock.last > clock.now:
            yield DoctorFinding(
                level="danger", what="the clock is behind the last record",
                where=f"clock {clock.now:%F %T%z}, last record {clock.last:%F %T%z}",
                do="set the clock; see docs/operations.md",
            )  # fmt: skip
        elif between > CLOCKS_APART:
            yield DoctorFinding(
                level="odd", what="our clock and the database's are apart",
                where=f"{between.total_seconds():.0f} s", do="let both follow one time server",
            )  # fmt: skip
    try:
        yield from _lacking_second_factor(connection, found)
    except psycopg.errors.UndefinedTable:
        return
    reads = verify_reads(connection)
    if reads is not None and reads.fault is not None:
        yield DoctorFinding(
            level="danger", what="the read log is not as it was written", where=reads.fault,
            do="run `anjuan verify`; keep the database's files: they are the evidence",
        )  # fmt: skip


def _secrets_given(found: Settings, environment: Mapping[str, str]) -> Iterator[DoctorFinding]:
    for name in SECRET:
        given = environment.get(variable(name))
        if given and (name in ("secret", "tokens") or has_password(given)):
            yield DoctorFinding(
                level="odd", what=f"{variable(name)} stands in the environment",
                where="whoever may look at the process reads it",
                do=f"{variable(name)}_FILE, or the file that ANJUAN_CONFIG names"
                if name != "tokens" else "ANJUAN_TOKENS_FILE",
            )  # fmt: skip
    file = tokens_path(found)
    own = tokens_in(file) if file.exists() else {}
    plain = sum(not key.startswith(DIGEST_MARK) for key in own)
    if plain:
        yield DoctorFinding(
            level="odd", what=f"{plain} tokens stand in clear text", where=str(file),
            do="`anjuan token add` writes their SHA-256 only",
        )  # fmt: skip


def _address(found: Settings) -> Iterator[DoctorFinding]:
    if found.host not in LOCAL_NAMES and not found.tls:
        yield DoctorFinding(
            level="danger", what="passwords and names of people go over the network in plain text",
            where=f"ANJUAN_HOST = {found.host}, ANJUAN_TLS = false",
            do="put a proxy with TLS before 127.0.0.1; or say ANJUAN_TLS=true where one is",
        )  # fmt: skip
    for network in networks_of(found.proxies):
        if network.num_addresses > MANY and not _is_own(network):
            yield DoctorFinding(
                level="danger", what="anybody is believed where he says he comes from",
                where=f"ANJUAN_PROXIES: {network}", do="name the proxies themselves",
            )  # fmt: skip


def _is_own(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return network.is_private and network.prefixlen > 0


def _files(found: Settings, environment: Mapping[str, str]) -> Iterator[DoctorFinding]:
    home = found.home
    if (mode := _mode(home)) is not None and mode & LISTED:
        yield DoctorFinding(
            level="odd", what="others may look into the home", where=f"{home}: {mode:04o}",
            do=f"chmod go-rw {home}",
        )  # fmt: skip
    keys = key_files(home, found.seal_key_file)
    for file in (
        tokens_path(found),
        home / PAGE_KEY,
        home / "keys" / SIGNING_KEY,
        home / "secrets" / "pgpass",
        keys.key,
        keys.next,
        home / "postgres.lock",
        *_given_by_files(environment),
        *(() if found.oidc_client_secret_file is None else (found.oidc_client_secret_file,)),
    ):
        if (mode := _mode(file)) is not None and mode & OTHERS:
            yield DoctorFinding(
                level="danger", what="others may read what is a secret, or lock what is ours",
                where=f"{file}: {mode:04o}", do=f"chmod 0600 {file}; then change the secret",
            )  # fmt: skip
    if (mode := _mode(found.blobs)) is not None and mode & LISTED and _others_pass(home):
        yield DoctorFinding(
            level="danger", what="others may look at uploaded evidence",
            where=f"{found.blobs}: {mode:04o}", do=f"chmod 0700 {found.blobs}",
        )  # fmt: skip


def _given_by_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files that secrets are read from: the one of all settings, where it holds some."""
    for name in SECRET:
        if file := environment.get(variable(name) + "_FILE"):
            yield Path(file).expanduser()
    if file := environment.get(CONFIG):
        path = Path(file).expanduser()
        if not tomllib.loads(path.read_text("utf-8")).keys().isdisjoint(SECRET):
            yield path


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _others_pass(folder: Path) -> bool:
    return bool((_mode(folder) or 0) & stat.S_IXOTH)


def _sealing(found: Settings) -> Iterator[DoctorFinding]:
    if not found.seal_every_s:
        yield DoctorFinding(
            level="odd", what="nothing seals the log", where="ANJUAN_SEAL_EVERY_S = 0",
            do="leave it unset, or let a timer run `anjuan seal`",
        )  # fmt: skip
    if found.witness_dir is None:
        yield DoctorFinding(
            level="odd", what="nobody outside vouches for the log", where="ANJUAN_WITNESS_DIR",
            do="publish checkpoints where the database's administrator cannot write",
        )  # fmt: skip
        return
    witness = found.witness_dir.expanduser()
    if not witness.is_dir():
        yield DoctorFinding(
            level="odd", what="the witness directory is not there", where=str(witness),
            do="mount it; it is made by the first seal",
        )  # fmt: skip
    elif _mount(witness) == _mount(found.home):
        yield DoctorFinding(
            level="odd", what="the witness lies on the disk that it vouches for",
            where=str(witness), do="another machine's share, or a medium that is written once",
        )  # fmt: skip


def _mount(path: Path) -> Path:
    there = path.absolute()
    while not there.is_mount():
        there = there.parent
    return there


def _signing(found: Settings) -> Iterator[DoctorFinding]:
    if not needing_second_factor(found):
        yield DoctorFinding(
            level="odd", what="no role needs a second factor",
            where="ANJUAN_SECOND_FACTOR_ROLES = none", do="leave it unset, or name roles",
        )  # fmt: skip
    if timedelta(seconds=found.session_s) > SESSION_MAX:
        yield DoctorFinding(
            level="odd", what="a session outlasts a day",
            where=f"ANJUAN_SESSION_S = {found.session_s:g}",
            do="leave it unset: 8 hours",
        )  # fmt: skip
    if found.argon2_kib < ARGON2_KIB_MIN:
        yield DoctorFinding(
            level="odd", what="stolen hashes of passwords are cheap to try",
            where=f"ANJUAN_ARGON2_KIB = {found.argon2_kib}", do=f"at least {ARGON2_KIB_MIN}",
        )  # fmt: skip


def provider_findings(found: Settings) -> Iterator[DoctorFinding]:
    """Yield what is wrong with signing in by OpenID Connect, where it is set up at all."""
    for name, why in faults_of(found):
        yield DoctorFinding(
            level="danger", what=f"signing in by OpenID Connect: the setting {why}",
            where=variable(name), do="see docs/signing-in.md; the server does not start so",
        )  # fmt: skip


def _lacking_second_factor(connection: Connection, found: Settings) -> Iterator[DoctorFinding]:
    needing = needing_second_factor(found)
    have = _accounts(connection, FACTORS)
    accounts, now = registers_of(connection).accounts, datetime.now(UTC)
    lacking = [
        code
        for code in sorted(_accounts(connection, SIGNERS) - have)
        if any(one.role in needing for one in actors_of(code, accounts, now, china_day(now)))
    ]
    if lacking:
        yield DoctorFinding(
            level="odd",
            what=f"{len(lacking)} accounts have a post that needs a second factor, and have none",
            where=", ".join(lacking[:SHOWN]) + (" …" if len(lacking) > SHOWN else ""),
            do="they cannot act for it until they set one up: docs/signing-in.md",
        )


def _accounts(connection: Connection, query: Any) -> set[str]:
    return {row[0] for row in connection.execute(query).fetchall()}
