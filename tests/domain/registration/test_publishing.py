"""What is published in versions: one rule for calendars, policies, forms and rule sets."""

from typing import Any, Final

import pytest
from msgspec import structs

from domain.aggregates import AGGREGATE_BY_COMMAND, fold
from domain.evaluation import ruleset
from domain.evaluation.ruleset import PublishRuleSet
from domain.moment import Moment
from domain.registration import calendar_commands, form_commands, policy_commands
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.policy_commands import PublishPolicy
from domain.registration.publishing import PublishingRefusals
from domain.vocabulary import Command
from ledger.founding import shipped
from tests.spec import When, given

SHIPPED: Final = (
    *shipped.shipped_calendars(), *shipped.shipped_policies(), *shipped.shipped_forms(),
    *shipped.shipped_rulesets(),
)  # fmt: skip


def offered(command: Command) -> Any:
    """What the command publishes."""
    return getattr(command, command.__struct_fields__[0])


def version(command: Command, **changes: Any) -> Command:
    """The command with another version of what it publishes."""
    changed = structs.replace(offered(command), **changes)
    return type(command)(**{command.__struct_fields__[0]: changed})


FIRST: Final = {type(command): version(command, version=1) for command in SHIPPED}
"""Of each kind of publishing, what is shipped last, as if it were the first version."""


def after_first(command: Command) -> Any:
    moment: Moment = given().when(command).moment
    story = AGGREGATE_BY_COMMAND[type(command)]
    return given(*story.decide(None, command, moment))


REFUSALS: Final[dict[type[Command], PublishingRefusals]] = {
    PublishCalendar: calendar_commands.REFUSALS,
    PublishPolicy: policy_commands.REFUSALS,
    PublishForm: form_commands.REFUSALS,
    PublishRuleSet: ruleset.REFUSALS,
}


@pytest.mark.parametrize(
    "command", [FIRST[one] for one in REFUSALS], ids=lambda one: type(one).__name__
)
class TestWhateverIsPublished:
    def test_begins_with_version_one(self, command: Command) -> None:
        given().when(version(command, version=2)).refused(REFUSALS[type(command)].skipped)

    def test_goes_on_with_the_next_version(self, command: Command) -> None:
        when: When = after_first(command).when(version(command, version=2))
        story = AGGREGATE_BY_COMMAND[type(command)]
        events = story.decide(when.state, when.command, when.moment)
        assert [one.version for one in fold(story, events, when.state).versions] == [1, 2]

    def test_is_published_again_without_effect(self, command: Command) -> None:
        after_first(command).when(command).nothing()

    def test_is_never_rewritten(self, command: Command) -> None:
        after_first(command).when(version(command, basis="改写")).refused(
            REFUSALS[type(command)].differs
        )

    def test_leaves_no_version_out(self, command: Command) -> None:
        after_first(command).when(version(command, version=3)).refused(
            REFUSALS[type(command)].skipped
        )

    def test_keeps_its_code(self, command: Command) -> None:
        other = version(command, version=2, code="others")
        after_first(command).when(other).refused(REFUSALS[type(command)].another)
