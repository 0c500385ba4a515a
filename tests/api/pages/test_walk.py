"""Every page as every role: a page lets in whom its question or command does, and no other."""

import re
from typing import Any, Final

from api.rights import COMMANDS, QUESTIONS
from api.serving.commands import ROUTES
from api.serving.pages import DECLARED, pages
from api.serving.questions import QUESTIONS as ASKED
from tests.api.conftest import ACTORS, Api

NOWHERE: Final = "00000000-0000-4000-8000-000000000009"
ASKS_FOR_MORE: Final = 400
"""What a question refuses for want of a parameter, its page asks for."""


LEADER: Final = next(token for token, by in ACTORS.items() if by.role == "supervisor")


def filled(under: str) -> str:
    path = re.sub(r"\{\w+:uuid\}", NOWHERE, under)
    return re.sub(r"\{\w+:str\}", "x", path)


def page(api: Api, path: str, by: str | None) -> int:
    headers = {"accept": "text/html"} | ({"authorization": f"Bearer {by}"} if by else {})
    answer = api.client.get(path, headers=headers, follow_redirects=False)
    if answer.headers.get("location", "").startswith(path + "?from="):
        answer = api.client.get(answer.headers["location"], headers=headers)
    assert answer.status_code < 500, (path, by, answer.text)
    return int(answer.status_code)


ONE_OF_EACH_ROLE: Final = {by.role: token for token, by in reversed(ACTORS.items())}


def test_a_page_answers_whom_its_question_answers(api: Api) -> None:
    """As one whom the row lets in, and as one whom it does not."""
    api.project()
    surprises = []
    for question in ASKED:
        path, roles = filled(question.under), QUESTIONS[question.name].roles
        for let_in in (True, False):
            found = [one for role, one in ONE_OF_EACH_ROLE.items() if (role in roles) == let_in]
            for token in found[:1]:
                told, shown = api.get(path, by=token).status_code, page(api, path, token)
                if told != shown and (told, shown) != (ASKS_FOR_MORE, 200):
                    surprises.append((question.name, token, told, shown))
    assert surprises == []


def test_the_form_of_a_command_is_shown_to_the_roles_of_its_row(api: Api) -> None:
    surprises = []
    for route in ROUTES:
        if route.public:
            continue
        path, roles = filled(DECLARED.form_under(route)), COMMANDS[route.command.__name__].roles
        for let_in in (True, False):
            found = [one for role, one in ONE_OF_EACH_ROLE.items() if (role in roles) == let_in]
            surprises += [
                (route.name, token)
                for token in found[:1]
                if (page(api, path, token) == 403) == let_in
            ]
    assert surprises == []


def test_who_is_nobody_is_led_to_sign_in_everywhere(api: Api) -> None:
    api.project()
    for one in pages():
        status = page(api, filled(one.under), None)
        expected = (200, 303, 404) if not one.right.roles else (303,)
        assert status in expected, one.under


def test_every_question_and_every_command_has_a_page() -> None:
    there = {one.under for one in pages()}
    assert {one.under for one in ASKED} <= there
    assert {DECLARED.form_under(one) for one in ROUTES} <= there
    assert len(there) == len(pages()), "two pages of one path"


def test_a_report_of_a_period_begins_with_how_it_goes_lately(api: Api) -> None:
    api.project()
    headers = {"accept": "text/html", "authorization": f"Bearer {LEADER}"}
    asked: Any = {"headers": headers, "follow_redirects": False}
    answer = api.client.get("/reports/workload?by=adviser", **asked)
    assert answer.status_code == 303
    assert re.fullmatch(
        r"/reports/workload\?by=adviser&from=[0-9]{4}-[0-9]{2}-01", answer.headers["location"]
    )
    assert api.client.get("/reports/workload?from=&to=", **asked).status_code == 200
