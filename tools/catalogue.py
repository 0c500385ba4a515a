"""Writes the catalogues under docs/ from the code: events, commands, settings, lists, rights. `make
docs` runs it; a test compares. Usage: python -m tools.catalogue [--check]"""

import sys
from pathlib import Path
from typing import Any, get_args

import msgspec

from api.cli.declared.naming import command_line_of
from api.imports.kinds import KINDS
from api.rights import COMMANDS, MAY, OPERATOR, PUBLIC, RIGHTS, Right
from api.serving.app import QUESTIONS
from api.serving.commands import ROUTES
from api.settings import PREFIX, Settings
from domain.aggregates import ALL, kind_of

DOCS = Path(__file__).parent.parent / "docs"
NOTICE = "<!-- Written by `make docs` from the code; do not edit. -->\n"


def events() -> str:
    lines = [
        "# Events\n", NOTICE,
        "Every event the log can hold, by aggregate. The topic is the stored name, for ever: a "
        "change of meaning is a new version of the topic and an upcast of the old one "
        "(`ledger/log/codec.py`). Fields marked † describe a person: never in logs, metrics or "
        "the journal.\n",
    ]  # fmt: skip
    for aggregate in ALL:
        lines.append(f"## {aggregate.KIND}\n")
        lines.append("| topic | what happened | payload |\n| --- | --- | --- |")
        for event in aggregate.EVENTS:
            assert kind_of(event.topic) == aggregate.KIND
            lines.append(f"| `{event.topic}` | {told(event)} | {payload(event)} |")
        lines.append("")
    return "\n".join(lines)


def commands() -> str:
    lines = [
        "# Commands\n", NOTICE,
        "Every command that can be given over HTTP and on the command line. Route, command line, "
        "permission, form and OpenAPI come from the one declaration among the routes of its noun "
        "(`api/*/*_routes.py`); the body is the command itself, a field of it the option of its "
        "name (`visitor.name`: `--visitor.name`). Conventions (`Idempotency-Key`, `If-Match`, "
        "`X-Position`, problems): `/schema`; on the command line `--key`, `--if-version`, "
        "`--occurred-at`, `--late-reason`, `--body FILE`, `--dry-run`, and who acts: `--account`, "
        "`--role`, `--unit`, `--adviser` (`--by-unit` where the command has a `unit` itself).\n",
        "| route under `/api/v1` | command line | what it does | command | who may | body |",
        "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for route in ROUTES:
        who = "whoever holds the link" if route.public else ", ".join(sorted(MAY[route.command]))
        body = route.body or route.command
        lines.append(
            f"| `POST {route.under}` | `{command_line_of(route)}` | {route.summary} "
            f"| {route.command.__name__} | {who} | {payload(body)} |"
        )
    lines += [
        "\n## Questions\n",
        "Every question, over HTTP and on the command line; a parameter is the option of its name. "
        "Who looks is the operator, unless `--account`, `--role` and `--unit` say otherwise.\n",
        "| route under `/api/v1` | command line | what it answers | parameters |",
        "| --- | --- | --- | --- |",
    ]
    for question in QUESTIONS:
        lines.append(
            f"| `GET {question.under}` | `{command_line_of(question)}` | {question.summary} "
            f"| {payload(question.query)} |"
        )
    return "\n".join([*lines, ""])


def settings() -> str:
    lines = [
        "# Settings\n", NOTICE,
        "Defaults, then the TOML file named by `ANJUAN_CONFIG`, then the environment. A variable "
        "with `_FILE` added names a file that holds the value. `anjuan config show` prints what is "
        "in force, without secrets.\n",
        "| variable | default | meaning |\n| --- | --- | --- |",
    ]  # fmt: skip
    for field in msgspec.structs.fields(Settings):
        plain = field.default is not msgspec.NODEFAULT and field.default is not None
        default = f"`{field.default}`" if plain else ""
        lines.append(f"| `{PREFIX}{field.name.upper()}` | {default} | {meaning(field.type)} |")
    return "\n".join([*lines, ""])


def lists() -> str:
    lines = [
        "# Lists to import\n", NOTICE,
        "Columns of the lists that `anjuan import NAME FILE` takes, in the order in which an "
        "office imports them. A column is known by its Chinese heading, its English name or "
        "another of its headings; columns in bold are needed. How rows are read and what becomes "
        "of bad ones: [founding.md](founding.md). `anjuan import template NAME --xlsx` writes a "
        "list to fill in.\n",
    ]  # fmt: skip
    for kind in KINDS.values():
        known = " and ".join(kind.key)
        known = "its number, or all that it says" if kind.key == ("number",) else known
        lines.append(f"## {kind.name}: {kind.title}\n")
        lines.append(f"A row is known by {known}. Its sheet: `{kind.name}` or `{kind.sheet}`.\n")
        lines.append("| column | also | what it may hold | example | |")
        lines.append("| --- | --- | --- | --- | --- |")
        for one in kind.columns:
            named = f"{one.heading} `{one.name}`"
            cells = (
                f"**{named}**" if one.required else named,
                "、".join(one.also), one.reads.allowed, one.example, one.note,
            )  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def rights() -> str:
    lines = [
        "# Rights\n", NOTICE,
        "Every action, who may do it, how far that reaches, and who may see people in clear text "
        "there for a purpose (`?unmask=PURPOSE`, `--unmask`), which is written down. Everybody "
        "else who may ask sees 王**, 138****1234 and how long a text is; –: there is nobody to "
        "see. *recorded*: each read is written down, masked or not. Where a thing stands and how "
        "far a post reaches: `domain/jurisdiction.py`. `anjuan rights why ACCOUNT ACTION THING` "
        "explains a yes or a no.\n",
        "`thing`: what stands within reach of the post: its unit, its division, its own, and what "
        "is referred to it or handled with it, while that lasts. `rows`: the rows that do. `own`: "
        "the actor's own. `link`: whoever holds a secret made for one thing. `everywhere`: rules, "
        "registers and figures. `operator`: at the machine itself.\n",
    ]  # fmt: skip
    for title, some in (
        ("Commands", COMMANDS),
        ("Questions and doors", {n: r for n, r in RIGHTS.items() if n not in COMMANDS}),
    ):
        lines += [f"## {title}\n", "| action | who may | scope | clear text | |"]
        lines.append("| --- | --- | --- | --- | --- |")
        for action, right in sorted(some.items()):
            clear = ", ".join(sorted(right.clear)) or "–"
            recorded = "recorded" if right.always else ""
            lines.append(f"| {action} | {_who(right)} | {right.scope} | {clear} | {recorded} |")
        lines.append("")
    return "\n".join(lines)


def _who(right: Right) -> str:
    if right.permission == PUBLIC:
        return "anybody"
    if right.permission == OPERATOR:
        return "the operator"
    return ", ".join(sorted(right.roles))


def meaning(kind: Any) -> str:
    marks = getattr(kind, "__metadata__", ())
    return next((one.description for one in marks if getattr(one, "description", None)), "")


def told(event: type) -> str:
    doc = event.__dict__.get("__doc__") or ""
    return " ".join(doc.split("\n\n")[0].split()) if not doc.startswith(event.__name__) else ""


def payload(struct: type[msgspec.Struct]) -> str:
    names = []
    for field in msgspec.structs.fields(struct):
        optional = "" if field.required else "?"
        personal = "†" if is_personal(field.type) else ""
        names.append(f"`{field.encode_name}{optional}`{personal}")
    return ", ".join(names) or "–"


def is_personal(kind: Any, above: tuple[Any, ...] = ()) -> bool:
    """Whether a field's type, or a part of it, is marked personal. `above`: what it is a part of;
    an item of a rule set has items."""
    if kind in above:
        return False
    extra = [one.extra for one in getattr(kind, "__metadata__", ()) if hasattr(one, "extra")]
    if any(one and one.get("personal") for one in extra):
        return True
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        return any(is_personal(field.type, (*above, kind)) for field in fields)
    return any(is_personal(part, above) for part in get_args(kind))


CATALOGUES = {
    "events.md": events, "commands.md": commands, "settings.md": settings, "lists.md": lists,
    "rights.md": rights,
}  # fmt: skip


def main() -> int:
    stale = []
    for name, write in CATALOGUES.items():
        text, place = write(), DOCS / name
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                place.parent.mkdir(exist_ok=True)
                place.write_text(text, encoding="utf-8")
    print(f"{'stale' if '--check' in sys.argv else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
