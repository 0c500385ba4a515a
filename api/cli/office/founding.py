"""`anjuan init`: what a log needs before the first point can be opened, and whose office it is."""

import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import rich_click as click
from msgspec.structs import replace

from api.cli.asking import app_url, json_option, loaded
from api.cli.language import spoken
from api.cli.printing import note, say, say_json, show_table
from api.office import (
    TEMPLATE,
    FirstAdministrator,
    Office,
    OfficeWrong,
    keep_office,
    office_of,
    read_office,
)
from domain.accounts import account
from domain.codes import CODE, DivisionCode, shortest
from domain.registers import organ
from domain.registers.appointment import china_day
from domain.registration.account_commands import GivePost, OpenAccount
from domain.registration.organ_commands import ListOrgan, RenameOrgan
from domain.vocabulary import Actor, Command, stream_id
from ledger.founding.founding import Publication, divisions_under, list_divisions, publish_shipped
from ledger.log.store import Ledger

FOUNDER: Final = Actor(account="anjuan-init", role="administrator", unit="4401")
CALENDARS: Final = ("gz-office", "gz-center", "gz-room")
NEXT: Final = """\
Next:
  anjuan import template points --xlsx     fill it in, then `anjuan import points points.xlsx`;
                                           the same with firms, advisers and appointments
  anjuan token add --account NAME --role supervisor --unit {unit}
  anjuan serve
docs/founding.md goes through all of it."""


NO_OFFICE: Final = (
    "No office founded; to found one: anjuan init --office FILE.toml"
    " (`anjuan init --template` prints such a file).",
    "没有登记单位；如需登记：anjuan init --office FILE.toml（anjuan init --template 打印样本）。",
)


@click.command()
@click.option(
    "--office",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.toml",
    help="The office: its name, its division, its calendar.",
)
@click.option("--template", is_flag=True, help="Print such a file, to be filled in, and end.")
@json_option
def init(file: Path | None, *, template: bool, as_json: bool) -> None:
    """Publish the shipped calendars, rules and forms into the log, and found the office.

    The office is what --office says, or, on a terminal, what is answered when asked. Its divisions
    are listed where they are Guangzhou's; those of other cities come by `anjuan import divisions`.

    Without either no office is founded, and that is said: the log has its rules, and can be given
    its office later.

    The calendars are those of the State Council's notices. Rules and forms are examples, and marked
    as such: publish your own next versions before you rely on a deadline. Done again it adds
    nothing; what a log publishes itself under the same code is kept; and a log whose work has begun
    gets only the next versions of what it follows.

    Example: anjuan init --office office.toml
    """
    if template:
        say(TEMPLATE.rstrip())
        return
    home = loaded().home
    office = read_office(file) if file else None
    if office is None and not as_json and office_of(home) is None and _on_terminal():
        office = _asked()
    if office is not None:
        _refuse_longer(office, file)
    url = app_url()
    with Ledger(url) as ledger:
        if office is not None:
            _refuse_unknown_calendar(office, ledger)
        found = list(publish_shipped(ledger, FOUNDER))
        divisions, opened = 0, False
        if office is not None:
            by = replace(FOUNDER, unit=office.division[:2])
            divisions = list_divisions(url, office.division, by)
            _list_office(ledger, office, by)
            opened = _open_first_account(ledger, office, by)
            keep_office(home, office)
    once = _first_password(office) if opened else {}
    if office is None and office_of(home) is None:
        note(spoken(*NO_OFFICE))
    if as_json:
        say_json(found if office is None else _told(found, office, divisions) | {"passwords": once})
        return
    _tell_publications(found)
    if office is not None:
        _tell_office(office, divisions)
    _tell_passwords(once)


def _tell_passwords(once: dict[str, str]) -> None:
    for code, password in once.items():
        note(f"The one-time password of {code}, shown this once:")
        say(password)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked() -> Office | None:
    """Ask on the terminal; without a name no office is founded."""
    note("Which office is this? (Enter alone: none; it can be told later.)")
    name = click.prompt("单位名称 Name", default="", show_default=False).strip()
    if not name:
        return None
    division = click.prompt("区划代码 Division (4, 6 or 9 digits)", value_proc=_division)
    calendar = click.prompt(
        "工作日历 Calendar of its points", type=click.Choice(CALENDARS), default=CALENDARS[0]
    )
    administrator = _asked_administrator()
    return Office(name=name, division=division, calendar=calendar, administrator=administrator)


def _asked_administrator() -> FirstAdministrator | None:
    code = click.prompt(
        "管理员账号编号 Account of the first administrator (Enter: none)",
        default="",
        show_default=False,
        value_proc=_account,
    )
    if not code:
        return None
    return FirstAdministrator(code=code, name=click.prompt("管理员姓名 His name").strip())


def _account(text: str) -> str:
    if text.strip() and not re.fullmatch(CODE, text.strip()):
        raise click.UsageError("an account's code is printable ASCII without spaces, as li-ming")
    return text.strip()


def _division(text: str) -> str:
    (meta,) = DivisionCode.__metadata__  # type: ignore[attr-defined]
    if not re.fullmatch(meta.pattern, text.strip()):
        raise click.UsageError("a division code has 2, 4, 6, 9 or 12 digits, as 440106")
    return shortest(text.strip())


def _refuse_longer(office: Office, file: Path | None) -> None:
    short = shortest(office.division)
    if short != office.division:
        raise OfficeWrong(f"{file}: division: write {office.division} as {short}")


def _refuse_unknown_calendar(office: Office, ledger: Ledger) -> None:
    known = {*CALENDARS, *ledger.registers().calendars}
    if office.calendar not in known:
        raise OfficeWrong(
            f"calendar: there is no {office.calendar!r}; there are {', '.join(sorted(known))};"
            " publish it first, or begin with one of these"
        )


def _list_office(ledger: Ledger, office: Office, by: Actor) -> None:
    """The office itself stands in the register of organs, by its name of today."""
    known = ledger.registers().organs.get(office.organ)
    command: Command = ListOrgan(code=office.organ, name=office.name, division=office.division)
    if known is not None and known.division == office.division:
        command = RenameOrgan(name=office.name)
    ledger.execute(stream_id(organ.KIND, office.organ), command, by=by)


def _open_first_account(ledger: Ledger, office: Office, by: Actor) -> bool:
    """Done again it adds nothing: from then on the account is the administrators' affair. Whether
    it was opened now."""
    first = office.administrator
    if first is None or first.code in ledger.registers().accounts:
        return False
    opened = stream_id(account.KIND, first.code)
    ledger.execute(opened, OpenAccount(code=first.code, name=first.name), by=by)
    post = GivePost(
        role="administrator",
        unit=office.division,
        since=china_day(datetime.now(UTC)),
        basis="anjuan init",
    )
    ledger.execute(opened, post, by=by)
    return True


def _first_password(office: Office | None) -> dict[str, str]:
    """The one-time password of the first administrator, by his account's code."""
    from api.cli.office.accounts import one_time_password

    assert office is not None
    assert office.administrator is not None
    code = office.administrator.code
    return {code: one_time_password(code)[0]}


def _tell_publications(found: list[Publication]) -> None:
    show_table([_line(found, kind, code) for kind, code in _things(found)])
    done = Counter(one.outcome for one in found)
    words = (
        f"{done['published']} versions published",
        f"{done['there']} there already",
        f"{done['kept']} left for the log's own",
        f"{done['left_out']} not in use here",
    )
    note(", ".join(words))


def _told(found: list[Publication], office: Office, divisions: int) -> dict[str, Any]:
    return {"publications": found, "office": office, "divisions": divisions}


def _tell_office(office: Office, divisions: int) -> None:
    whose = f"{office.name} ({office.organ}), division {office.division}"
    say(f"{whose}: {divisions:,} divisions listed")
    if not divisions_under(office.division):
        note("Its divisions are not shipped: `anjuan import template divisions --xlsx`.")
    note(NEXT.format(unit=office.division))


def _things(found: list[Publication]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.kind, one.code) for one in found))


def _line(found: list[Publication], kind: str, code: str) -> dict[str, str]:
    versions = [one for one in found if (one.kind, one.code) == (kind, code)]
    told = [f"{one.version} {one.outcome.replace('_', ' ')}" for one in versions]
    return {"kind": kind, "code": code, "versions": ", ".join(told)}
