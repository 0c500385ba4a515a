"""The readable part of an evidence bundle, of a complaint or of a point's period.

It holds the facts and, for a point, the submitted tables with the forms by which they and the
checklists were filled in.

Plain data in, plain data out, standard library only: a bundle ships this file, so that a checker
gets the very files of the bundle from its entries.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.canonical import canonical
from domain.registers.form import fits
from domain.scoring.basis import Rules
from domain.scoring.facts import completed, facts_of
from domain.scoring.groups import repeats
from domain.scoring.shapes import Data, Entry, FactFields

COMPLAINT: Final = "complaint"
POINT: Final = "point"
MASK: Final = "＊＊＊"
"""What stands where a person is named or described, in a bundle without personal data."""
OPENED: Final = "point.opened/1"
MOVED: Final = "point.moved/1"
RENAMED: Final = "point.renamed/1"
FORM: Final = "form.published/1"
SUBMITTED: Final = "report.submitted/1"
RESUBMITTED: Final = "report.resubmitted/1"
NUMBER: Final = "number"
"""序号: where a row stands; no figure to add up."""


class NotAsFrozen(ValueError):
    """A table or checklist is not what was submitted, or not what its form asks for."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(what)
        self.position = position


def case_file(
    entries: Iterable[Entry], rules: Rules, about: Data, masked: Collection[int]
) -> dict[str, Any]:
    """Build the files: name → content.

    `about` is a mapping as in `bundle.json`.
    `masked` holds positions whose data are not as they were sealed.

    Raises: NotAsFrozen — when a table or checklist differs from its submission or form.
    """
    some = list(entries)
    rules = rules._replace(repeats=repeats(some, rules))
    made = list(facts_of(some, rules))
    if about["kind"] != POINT:
        return {"facts.json": made}
    stays = stays_of(some, about["name"])
    belonging = [one for one in completed(made, rules) if belongs(one, about, stays)]
    reports = list(_reports(some, masked))
    forms = forms_of(some)
    filled = {one["checklist"] for one in belonging if one["fact"] == "inspection"}
    _check_checklists(some, forms)
    used = sorted(ref for ref in {*filled, *(one["template"] for one in reports)} if ref in forms)
    return {
        "facts.json": belonging,
        "point.json": _place(some, about["name"], stays),
        "reports.json": [{**one, "table": _file(one)} for one in reports],
        **{_file(one): one["table"] for one in reports},
        **{f"forms/{ref}.json": forms[ref] for ref in used},
    }


def _file(report: Data) -> str:
    code = report["template"].partition("@")[0]
    return f"reports/{code}-{report['division']}-{report['period']}-{report['version']}.json"


# --- what belongs to a point


def stays_of(entries: Iterable[Entry], code: str) -> list[tuple[date, str]]:
    """List the divisions of the point, each with its first day, oldest first."""
    stays: dict[date, str] = {}
    streams: set[str] = set()
    for entry in entries:
        data = entry["data"]
        if entry["topic"] == OPENED and data["code"] == code:
            streams.add(entry["stream"])
        if entry["topic"] in (OPENED, MOVED) and entry["stream"] in streams:
            stays[date.fromisoformat(data["valid_from"])] = data["division"]
    return sorted(stays.items())


def _place(
    entries: Iterable[Entry], code: str, stays: Sequence[tuple[date, str]]
) -> dict[str, Any]:
    """Its newest name, and where it lay from when on."""
    name, streams = "", set()
    for entry in entries:
        if entry["topic"] == OPENED and entry["data"]["code"] == code:
            streams.add(entry["stream"])
        if entry["topic"] in (OPENED, RENAMED) and entry["stream"] in streams:
            name = entry["data"]["name"]
    lay = [{"from": day.isoformat(), "division": division} for day, division in stays]
    return {"code": code, "name": name, "lay": lay}


def divisions_of(stays: Sequence[tuple[date, str]], first: date, last: date) -> set[str]:
    """Return its divisions from `first` to `last`; before the first known day, the first."""
    begun = [number for number, (day, _) in enumerate(stays) if day <= first]
    return {
        division
        for number, (day, division) in enumerate(stays)
        if day <= last and number >= (begun[-1] if begun else 0)
    } or {stays[0][1]}


def belongs(fact: FactFields, about: Data, stays: Sequence[tuple[date, str]]) -> bool:
    """Return whether a fact belongs to the point and its period.

    It does when it names the point; or when it names no point, but the division in which the point
    lay then: duties and work of advisers in its village, inspections. A fact that names another
    point of the same village belongs to that one.
    """
    begins = fact["day"] if "day" in fact else fact["first"]
    ends = fact.get("last", begins)
    if begins > about["last"] or ends < about["first"]:
        return False
    if fact.get("point") is not None:
        return bool(fact["point"] == about["name"])
    first = date.fromisoformat(max(begins, about["first"]))
    last = date.fromisoformat(min(ends, about["last"]))
    return fact.get("village", fact.get("division")) in divisions_of(stays, first, last)


# --- tables


def forms_of(entries: Iterable[Entry]) -> dict[str, Data]:
    """Map `code@version` to the published form."""
    forms = (entry["data"]["form"] for entry in entries if entry["topic"] == FORM)
    return {f"{form['code']}@{form['version']}": form for form in forms}


def _reports(entries: Sequence[Entry], masked: Collection[int]) -> Iterator[dict[str, Any]]:
    """List every version of every table, as submitted."""
    forms = forms_of(entries)
    versions: dict[str, int] = {}
    for entry in sorted(entries, key=lambda one: int(one["position"])):
        if entry["topic"] not in (SUBMITTED, RESUBMITTED):
            continue
        data, position = entry["data"], entry["position"]
        table, version = data["table"], data.get("version", 1)
        if version != versions.get(entry["stream"], 0) + 1:
            raise NotAsFrozen(position, f"version {version} of the table does not follow")
        versions[entry["stream"]] = version
        frozen = hashlib.sha256(canonical(table)).hexdigest()
        if position not in masked and frozen != data["digest"]:
            raise NotAsFrozen(position, f"the table's digest is {frozen}, not {data['digest']}")
        if table["cut_off"] >= position:
            raise NotAsFrozen(position, f"the table is as known at {table['cut_off']}, later on")
        _check_rows(position, table, forms)
        yield {
            "stream": entry["stream"],
            "position": position,
            "template": table["template"],
            "division": table["division"],
            "period": table["period"],
            "version": version,
            "cut_off": table["cut_off"],
            "calendar": table["calendar"],
            "signer": data["signer"],
            "digest": data["digest"],
            "masked": position in masked,
            "totals": totals(table),
            "table": table,
        }


def totals(table: Data) -> dict[str, int]:
    """Count the rows and sum every column of figures; of answers, count yes."""
    sums = {"rows": len(table["rows"])}
    for row in table["rows"]:
        for code, value in row["cells"].items():
            if isinstance(value, int) and code != NUMBER:
                sums[code] = sums.get(code, 0) + value
    return dict(sorted(sums.items()))


def _check_rows(position: int, table: Data, forms: Mapping[str, Data]) -> None:
    form = forms.get(table["template"])
    if form is None:
        raise NotAsFrozen(position, f"the template {table['template']} is not here")
    for number, row in enumerate(table["rows"], 1):
        if fault := fault_of(form, row["cells"]):
            raise NotAsFrozen(position, f"row {number} does not fit {table['template']}: {fault}")


def _check_checklists(entries: Iterable[Entry], forms: Mapping[str, Data]) -> None:
    """Check inspections as they were held; a correction uses the same form, but only in part."""
    for entry in entries:
        if entry["topic"] != "inspection.held/1":
            continue
        ref = entry["data"]["checklist"]
        if ref not in forms:
            raise NotAsFrozen(entry["position"], f"the checklist {ref} is not here")
        if fault := fault_of(forms[ref], entry["data"]["answers"]):
            raise NotAsFrozen(entry["position"], f"the answers do not fit {ref}: {fault}")


def fault_of(form: Data, values: Data) -> str | None:
    """Return the fault of values against their form, as `domain.registers.form.check` finds it.

    A masked text always fits.
    """
    fields = {one["code"]: one for one in form["fields"]}
    for code, value in values.items():
        if code not in fields:
            return f"it has no field {code}"
        field = fields[code]
        if value != MASK and not fits(field["kind"], field.get("options", ()), value):
            return f"{code} is {value!r}, which is no {field['kind']}"
    missing = [one for one, field in fields.items() if field.get("required", True)]
    left_out = [one for one in missing if one not in values]
    return f"{left_out[0]} is missing" if left_out else None
