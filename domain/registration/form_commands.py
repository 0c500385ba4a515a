"""Publishing the next version of a form."""

from typing import Final, assert_never

from domain.moment import Moment, refuse_twin
from domain.registers.form import Form, FormPublished, PublishedForm
from domain.registration.filling_in import refuse_unfillable
from domain.registration.publishing import PublishingRefusals, is_next_version
from domain.vocabulary import Command, Event, Refused

# --- commands


class PublishForm(Command, frozen=True, kw_only=True):
    form: Form


COMMANDS: Final = (PublishForm,)


# --- refusals


class FormVersionDiffers(Refused):
    """该版本的表样已经公布，内容不同；请用下一个版本号公布"""


class FormVersionSkipped(Refused):
    """表样的版本号必须逐一递增，从 1 开始"""


class FormCodeDiffers(Refused):
    """表样的代码与已公布的版本不一致"""


class FormColumnCodeOdd(Refused):
    """栏目编号不能含有冒号和等号：填报时用它们分隔行号、栏目和内容"""


REFUSALS: Final = PublishingRefusals(
    differs=FormVersionDiffers, skipped=FormVersionSkipped, another=FormCodeDiffers
)


# --- decide


def decide(state: PublishedForm | None, command: PublishForm, moment: Moment) -> list[Event]:
    match command:
        case PublishForm(form=form):
            if state is None:
                refuse_twin(form.code, (one.code for one in moment.registers.forms.values()))
            return _publish(state, form)
        case _:
            assert_never(command)


def _publish(state: PublishedForm | None, form: Form) -> list[Event]:
    versions = state.versions if state else ()
    if not is_next_version(versions, form, REFUSALS):
        return []
    if odd := [one.code for one in (*form.fields, *form.sections) if set(one.code) & set(":=")]:
        raise FormColumnCodeOdd("、".join(odd))
    refuse_unfillable(form)
    return [FormPublished(form=form)]
