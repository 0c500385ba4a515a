"""Names of routes and questions on the command line: `do NOUN VERB`, `list THINGS`, `show THING`.

The noun of a command is its aggregate. The verb is the last word of its path, where the path is
that of the noun's own things (`/worklogs/{id}/verify`: `do worklog verify`); else the command's
name without the noun (`LogRequest`: `do request log`). What would read as a question is called
otherwise: `ListOrgan` is `do organ register`.
"""

import re
from typing import Final

from api.web.acting import Route
from api.web.answers import PARAMETER
from api.web.questions import Question

WORD: Final = re.compile(r"(?<=.)(?=[A-Z])")


def words_of(name: str) -> str:
    """`GiveConsultation` → `give-consultation`."""
    return WORD.sub("-", name).lower()


ACTS: Final = {"list": "register"}
"""Verbs by which people would take a command for a question."""


def noun_of(route: Route) -> str:
    return route.kind.replace("_", "-")


def verb_of(route: Route) -> str:
    things, *more = route.under.strip("/").split("/")
    last = more[-1] if more else "{}"
    of_its_own = things == _plural(route.kind) and "{" not in last
    if of_its_own and not (route.public or route.named):
        return last
    verb = _without(words_of(route.name).split("-"), route.kind.replace("_", ""))
    return ACTS.get(verb, verb)


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _without(words: list[str], noun: str) -> str:
    """Leave out the words that are the noun, written as one or as several: `rule`, `set`."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            kept = words[:start] + words[end:]
            if kept and "".join(words[start:end]) == noun:
                return "-".join(kept)
    return "-".join(words)


def name_of(question: Question) -> str:
    return words_of(question.name)


def is_list(question: Question) -> bool:
    """Return whether it is asked of all things, and not of the one that its path names."""
    return "{" not in question.under


def command_line_of(declared: Route | Question) -> str:
    """The command line without its options."""
    arguments = "".join(f" {name.upper()}" for name, _ in PARAMETER.findall(declared.under))
    if isinstance(declared, Route):
        return f"anjuan do {noun_of(declared)} {verb_of(declared)}{arguments}"
    return f"anjuan {'list' if is_list(declared) else 'show'} {name_of(declared)}{arguments}"
