"""Settings: defaults < the TOML file named by ANJUAN_CONFIG < variables ANJUAN_*.

Every text variable may come from a file instead: ANJUAN_DATABASE_URL_FILE names a file that holds
the value, so that a secret need not stand in the environment.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
import psycopg
from msgspec import Meta, Struct
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.canonical import GivenTwice, refuse_given_twice
from domain.roles import ROLES
from domain.vocabulary import Actor, faults_of_codes

PREFIX: Final = "ANJUAN_"
CONFIG: Final = PREFIX + "CONFIG"
HIDDEN: Final = "***"
SECRET: Final = ("database_url", "app_database_url", "secret", "tokens")
"""Settings that may hold a password, a key or a token."""


class SettingInvalid(Exception):
    """设置有误。"""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of an operator. Each field `x` is `x` in the TOML file and ANJUAN_X outside it."""

    home: Annotated[
        Path,
        Meta(description="data and the embedded server; default `~/.local/share/anjuan`"),
    ]
    database_url: Annotated[
        str | None,
        Meta(description="PostgreSQL 15 or newer, as the schema's owner; unset: the embedded one"),
    ] = None
    app_database_url: Annotated[
        str | None,
        Meta(description="the same database by the application's login; unset: from the owner's"),
    ] = None
    host: Annotated[str, Meta(description="address the web server listens on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="0: any free port")] = 8000
    workers: Annotated[int, Meta(ge=1, le=64, description="processes that answer")] = 1
    tokens: Annotated[
        Mapping[str, Actor],
        Meta(description="bearer token, or `sha256:` and its hex digest, to who acts (JSON, TOML)"),
    ] = {}
    tokens_file: Annotated[
        Path | None,
        Meta(description="TOML or JSON with more tokens; unset: `tokens.toml` in home if there"),
    ] = None
    secret: Annotated[
        str | None,
        Meta(description="signs page marks and rating links; unset: a random one kept in home"),
    ] = None
    blobs_folder: Annotated[
        Path | None,
        Meta(description="uploaded evidence; unset: `blobs` in home; the same for all processes"),
    ] = None
    blob_bytes_max: Annotated[
        int, Meta(ge=1, description="size of the largest upload, in bytes")
    ] = 20_971_520
    blob_bytes_free: Annotated[
        int, Meta(ge=0, description="bytes that uploads leave free on their disk")
    ] = 536_870_912
    upload_bytes_daily: Annotated[
        int, Meta(ge=1, description="bytes that one account may upload in a day, to each process")
    ] = 2_147_483_648
    reads_kept_months: Annotated[
        int, Meta(ge=6, le=600, description="how long the read log is kept, in months")
    ] = 6
    seal_key_file: Annotated[
        Path | None,
        Meta(description="Ed25519 key that seals; unset: `keys/seal.key` in home, made if need be"),
    ] = None
    seal_suite: Annotated[
        Literal["sha256", "sm3"], Meta(description="hash function; fixed by the first seal")
    ] = "sha256"
    seal_every_s: Annotated[
        float, Meta(ge=0, description="age of a checkpoint at which the next is signed; 0: never")
    ] = 600.0
    seal_every_events: Annotated[
        int, Meta(ge=1, description="events after which one is signed however young the last is")
    ] = 10_000
    witness_dir: Annotated[
        Path | None,
        Meta(description="where checkpoints and tiles are published, out of the database's reach"),
    ] = None
    clock_tolerance_s: Annotated[
        float, Meta(ge=1, description="seconds the clock may be behind the last record, to write")
    ] = 300.0
    lag_max: Annotated[
        int, Meta(ge=0, description="events a view may be behind before we are not ready")
    ] = 10_000
    policies_every_s: Annotated[
        float, Meta(gt=0, description="seconds between two looks of the policies at the clock")
    ] = 30.0
    session_idle_s: Annotated[
        float, Meta(ge=1, description="seconds without a request after which a session ends")
    ] = 1800.0
    session_s: Annotated[
        float, Meta(ge=1, description="seconds after which a session ends however it is used")
    ] = 28800.0
    once_s: Annotated[
        float, Meta(ge=1, description="seconds that a one-time password is good for")
    ] = 259200.0
    second_factor_roles: Annotated[
        str,
        Meta(description="roles whose posts need a second factor, by commas; `none`: no role"),
    ] = "supervisor,administrator,auditor"
    password_length_min: Annotated[
        int, Meta(ge=8, le=64, description="characters of a password that is the only factor")
    ] = 15
    password_length_min_with_code: Annotated[
        int, Meta(ge=8, le=64, description="characters of a password beside a second factor")
    ] = 8
    password_blocklist: Annotated[
        Path | None, Meta(description="file of more passwords that are refused, one a line")
    ] = None
    argon2_kib: Annotated[
        int, Meta(ge=8, description="memory that hashing a password takes, in KiB")
    ] = 65_536
    argon2_passes: Annotated[int, Meta(ge=1, description="passes over that memory")] = 3
    argon2_lanes: Annotated[int, Meta(ge=1, le=64, description="lanes of that memory")] = 4
    oidc_issuer: Annotated[
        str | None,
        Meta(description="provider of OpenID Connect by which people sign in, as it names itself"),
    ] = None
    oidc_client_id: Annotated[str | None, Meta(description="what that provider calls us")] = None
    oidc_client_secret_file: Annotated[
        Path | None, Meta(description="file of the secret that it gave us")
    ] = None
    oidc_account_claim: Annotated[
        str,
        Meta(min_length=1, description="claim that names the account when it first signs in so"),
    ] = "preferred_username"
    oidc_second_factor: Annotated[
        str | None,
        Meta(description="values of `acr` or `amr`, by commas, believed to be a second factor"),
    ] = None
    proxies: Annotated[
        str | None,
        Meta(description="addresses or networks, by commas, whose X-Forwarded-For is believed"),
    ] = None
    tls: Annotated[
        bool,
        Meta(description="people reach it over TLS alone, as through a proxy: browsers keep to it"),
    ] = False
    lang: Annotated[
        Literal["zh", "en"] | None,
        Meta(description="language of the command line; unset: Chinese where the locale is"),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="least level logged")
    ] = "info"

    @property
    def blobs(self) -> Path:
        return (self.blobs_folder or self.home / "blobs").expanduser()


FIELDS: Final = tuple(field.name for field in msgspec.structs.fields(Settings))


def variable(name: str) -> str:
    """The environment variable of a field."""
    return PREFIX + name.upper()


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. SettingInvalid names the variable or key that is wrong."""
    env = os.environ if environment is None else environment
    values: dict[str, Any] = {"home": _default_home(env)}
    values |= _from_file(env)
    for name in FIELDS:
        text = _text(env, variable(name))
        if text is not None:
            values[name] = _structured(variable(name), text) if name == "tokens" else text
    settings = _checked(values, env)
    return msgspec.structs.replace(settings, tokens=_all_tokens(settings))


def redacted(settings: Settings) -> dict[str, Any]:
    """The settings as they may be shown: no password, token or secret."""
    shown: dict[str, Any] = msgspec.to_builtins(settings, enc_hook=str)
    for name in ("database_url", "app_database_url"):
        shown[name] = _without_password(shown[name])
    shown["secret"] = HIDDEN if settings.secret else None
    shown["tokens"] = [
        {"token": HIDDEN, **msgspec.to_builtins(actor)} for actor in settings.tokens.values()
    ]
    return shown


def handed_on(settings: Settings) -> Settings:
    """The settings as another process of ours is given them, by a pipe: what stands in its
    environment, others may read. It reads the tokens of the file by itself: they may change."""
    file = tokens_path(settings)
    own = tokens_in(file) if file.exists() else {}
    given_here = {key: who for key, who in settings.tokens.items() if own.get(key) != who}
    return msgspec.structs.replace(settings, tokens=given_here)


def taken_over(given: Settings) -> Settings:
    """The settings in force of what was handed on."""
    return msgspec.structs.replace(given, tokens=_all_tokens(given))


def written(settings: Settings) -> bytes:
    """One line of JSON."""
    return msgspec.json.encode(settings, enc_hook=str) + b"\n"


def read(line: bytes) -> Settings:
    settings: Settings = _converted(msgspec.json.decode(line), Settings)
    return settings


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a process of ours is started with."""
    hidden = {variable(name) for name in SECRET}
    return {name: value for name, value in environment.items() if name not in hidden}


def _default_home(env: Mapping[str, str]) -> str:
    data = env.get("XDG_DATA_HOME")
    return str((Path(data) if data else Path("~/.local/share").expanduser()) / "anjuan")


def _from_file(env: Mapping[str, str]) -> dict[str, Any]:
    if not (name := env.get(CONFIG)):
        return {}
    try:
        return tomllib.loads(Path(name).expanduser().read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingInvalid(CONFIG, str(error)) from error


def _text(env: Mapping[str, str], name: str) -> str | None:
    """The variable, or the content of the file that the variable with _FILE names."""
    if (value := env.get(name)) is not None:
        return value or None
    file = env.get(name + "_FILE")
    if not file or name == variable("tokens"):
        return None
    try:
        return Path(file).expanduser().read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise SettingInvalid(name + "_FILE", str(error)) from error


def _structured(source: str, text: str) -> Any:
    """JSON or TOML, whichever it is."""
    if text.lstrip().startswith("{"):
        try:
            read = msgspec.json.decode(text)
            refuse_given_twice(text)
        except msgspec.DecodeError as error:
            raise SettingInvalid(source, f"not JSON: {error}") from error
        except GivenTwice as error:
            raise SettingInvalid(source, f"given twice in one object: {error}") from error
        return read
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingInvalid(source, f"neither JSON nor TOML: {error}") from error


def _checked(values: Mapping[str, Any], env: Mapping[str, str]) -> Settings:
    if unknown := set(values) - set(FIELDS):
        raise SettingInvalid(min(unknown), "there is no such setting")
    for field in msgspec.structs.fields(Settings):
        if field.name in values:
            given = variable(field.name) if variable(field.name) in env else field.name
            if field.name == "tokens":
                _actors_given(given, values["tokens"])
            try:
                _converted(values[field.name], field.type)
            except msgspec.ValidationError as error:
                raise SettingInvalid(given, str(error)) from error
    settings: Settings = _converted(values, Settings)
    # Not resolved: the path is shown, and handed on, as the operator wrote it.
    return msgspec.structs.replace(settings, home=settings.home.expanduser())


def _converted(value: Any, kind: Any) -> Any:
    return msgspec.convert(value, kind, strict=False, dec_hook=lambda to, given: to(given))


def _there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError as error:
        raise SettingInvalid(variable("home"), f"{error.filename}: {error.strerror}") from error


def tokens_path(settings: Settings) -> Path:
    """The file of tokens; it need not exist."""
    return (settings.tokens_file or settings.home / "tokens.toml").expanduser()


def tokens_in(file: Path) -> dict[str, Actor]:
    """The tokens of a file. Raises: SettingInvalid."""
    try:
        listed = _structured(variable("tokens_file"), file.read_text("utf-8"))
        _actors_given(variable("tokens_file"), listed)
        return msgspec.convert(listed, dict[str, Actor])
    except (OSError, ValueError) as error:
        raise SettingInvalid(variable("tokens_file"), str(error)) from error


def _all_tokens(settings: Settings) -> dict[str, Actor]:
    """Tokens of the settings and of the tokens file; a token may stand in one place only."""
    file = tokens_path(settings)
    if settings.tokens_file is None and not _there(file):
        return dict(settings.tokens)
    return {**settings.tokens, **tokens_in(file)}


def _actors_given(source: str, tokens: Any) -> None:
    """Refuse roles that no token may give, codes that no event should hold, fields that no actor
    has.

    Whatever else is wrong is found by the types.
    Raises: SettingInvalid — names the account and what is wrong with it.
    """
    for actor in tokens.values() if isinstance(tokens, dict) else ():
        role = actor.get("role") if isinstance(actor, dict) else None
        if isinstance(role, str) and role not in ROLES:
            whose = f"account {actor.get('account')!r} has the role {role!r}"
            raise SettingInvalid(source, f"{whose}; the roles are {', '.join(sorted(ROLES))}")
        for name in actor if isinstance(actor, dict) else ():
            if name not in Actor.__struct_fields__:
                whose = f"account {actor.get('account')!r}: there is no field {name!r}"
                raise SettingInvalid(source, f"{whose}, only {', '.join(Actor.__struct_fields__)}")
        for fault in faults_of_codes(actor) if isinstance(actor, dict) else ():
            raise SettingInvalid(source, f"account {actor.get('account')!r}: {fault}")


def has_password(url: str) -> bool:
    """Tell whether a URL of a database has one; what is no such URL might."""
    try:
        return "password" in conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return True


def _without_password(url: str | None) -> str | None:
    if url is None:
        return None
    parts = conninfo_to_dict(url)
    return make_conninfo("", **{**parts, "password": HIDDEN}) if "password" in parts else url
