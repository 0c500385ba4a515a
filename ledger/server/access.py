"""Access to the embedded server: three roles, their password file, and a database of theirs."""

import re
import secrets
from collections.abc import Callable
from typing import Any, Final, Literal

import psycopg
from psycopg import sql

SUPERUSER: Final = "anjuan_super"
OWNER: Final = "anjuan_owner"
APP: Final = "anjuan_app"
READER: Final = "anjuan_reader"
"""What the application becomes to answer a question about rows; nobody connects as it."""
DATABASE: Final = "anjuan"

Role = Literal["app", "owner", "superuser"]
ROLES: Final[dict[Role, str]] = {"app": APP, "owner": OWNER, "superuser": SUPERUSER}

Connection = psycopg.Connection[tuple[Any, ...]]


def new_password_file() -> str:
    """Text of a libpq password file with a random password for each of our roles."""
    return "".join(f"*:*:*:{role}:{secrets.token_urlsafe(32)}\n" for role in ROLES.values())


def password(password_file: str, role: str) -> str | None:
    match = re.search(rf"^\*:\*:\*:{role}:(.+)$", password_file, re.MULTILINE)
    return match[1] if match else None


def provision(server: Connection, password_of: Callable[[str], str]) -> None:
    """Our roles and our database, whatever an interrupted start has left undone."""
    there = {row[0] for row in server.execute("SELECT rolname FROM pg_roles")}
    for role in {OWNER, APP} - there:
        create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        server.execute(create.format(sql.Identifier(role), sql.Literal(password_of(role))))
    if READER not in there:
        server.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(READER)))
    # The owner hands what the application may change (the views) over to its role.
    grant = sql.SQL("GRANT {} TO {}")
    server.execute(grant.format(sql.Identifier(APP), sql.Identifier(OWNER)))
    for member in (OWNER, APP):
        server.execute(grant.format(sql.Identifier(READER), sql.Identifier(member)))
    there = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
    if DATABASE not in there:
        create_database(server, DATABASE)


def create_database(server: Connection, database: str, template: str = "template1") -> None:
    """A database of the owner's, which only the application's role may enter besides him."""
    name = sql.Identifier(database)
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    server.execute(create.format(name, sql.Identifier(OWNER), sql.Identifier(template)))
    server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    grant = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
    server.execute(grant.format(name, sql.Identifier(APP)))
