"""What a worker keeps for when there is no network: forms that are nobody's, in the language of
whoever has it."""

import re

from api.pages.offline import SHELLS, WORKER, worker
from tests.api.conftest import Api


def test_a_worker_keeps_the_shells_of_its_language_and_all_that_they_load(api: Api) -> None:
    for language in ("zh", "en"):
        text = api.client.get(WORKER, headers={"Cookie": f"anjuan-lang={language}"}).text
        assert text.encode() == worker(language)
        for shell in SHELLS.values():
            path = f"{shell}?lang={language}"
            assert f'"{path}"' in text
            page = api.client.get(path)
            assert page.status_code == 200, path
            for loaded in re.findall('(?:src|href)="(/static/[^"]+)"', page.text):
                assert f'"{loaded}"' in text, f"{path} loads {loaded}"


def test_a_shell_says_nothing_of_anybody(api: Api) -> None:
    api.served_by_firm()
    for shell in SHELLS.values():
        page = api.client.get(shell, headers={"Cookie": "anjuan-lang=zh"}).text
        assert "/sign-out" not in page
        assert not re.search('name="_csrf" value="[^"]', page)
        assert not re.search('name="work.village"', page)


def test_a_shell_stands_for_the_form_it_looks_like(api: Api) -> None:
    """They post to the same place, and ask for the same."""
    api.served_by_firm()
    for path, by in (("/desk", "clerk"), ("/worklogs/@new", "lawyer")):
        own = api.client.get(path, headers={"Authorization": f"Bearer {by}"}).text
        shell = api.client.get(SHELLS[path]).text
        for page in (own, shell):
            assert f'action="{path}" novalidate data-outbox' in page
        missing = names(own) - names(shell)
        assert {one.partition(".")[0] for one in missing} <= {"window", "work", "share"}, missing


def names(page: str) -> set[str]:
    found = re.search("data-outbox.*?</form>", page, re.DOTALL)
    assert found is not None
    return set(re.findall(' name="([^"]+)"', found[0]))
