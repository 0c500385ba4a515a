"""The actor of a command line: nothing enters that no event should hold."""

import pytest
import rich_click as click

from api.cli.acting import actor_of


def test_an_actor_has_an_account_a_role_and_a_unit() -> None:
    assert actor_of("li-1", "supervisor", "4401").unit == "4401"
    with pytest.raises(click.UsageError, match="--account, --role and --unit"):
        actor_of("li-1", "supervisor", None)


@pytest.mark.parametrize("code", ["li\n", "li@gz", "４４０１", "a b", ""])
def test_an_option_that_is_no_code_is_refused_by_its_name(code: str) -> None:
    with pytest.raises(click.UsageError, match=r"--account .* is no code"):
        actor_of(code, "supervisor", "4401")
    with pytest.raises(click.UsageError, match=r"--unit .* is no code"):
        actor_of("li-1", "supervisor", code)
    with pytest.raises(click.UsageError, match=r"--adviser .* is no code"):
        actor_of("li-1", "supervisor", "4401", code)
