"""The forms of a committee: what it confirms is told above the button that confirms it, the entry
as it is worded, the inspection with what was found."""

from functools import partial
from typing import Final

from msgspec.structs import replace

from api.advising.duties import WorkShown
from api.pages.asking import ask
from api.pages.declared import Declared
from api.pages.giving import NotTaken, give
from api.pages.named import Names
from api.pages.page import Elsewhere, Html, Page, Visit, url
from api.pages.showing import facts_of
from api.web.acting import Route

CONFIRMED: Final = ("ConfirmWork", "ConfirmInspection")
STANDING: Final = ("confirmed", "voided")
"""What is no part of what is confirmed."""


class ConfirmingPages:
    def __init__(self, declared: Declared) -> None:
        self._declared = declared

    def pages(self) -> tuple[Page, ...]:
        routes = [self._declared.routes[name] for name in CONFIRMED]
        return tuple(
            Page(
                under=self._declared.form_under(route),
                of=route.name,
                show=partial(self._show, route),
                take=partial(self._take, route),
            )
            for route in routes
        )

    async def _show(self, route: Route, visit: Visit) -> Html:
        return await self._drawn(route, visit)

    async def _take(self, route: Route, visit: Visit) -> Html | Elsewhere:
        try:
            done = await give(visit, route)
        except NotTaken as wrong:
            return await self._drawn(route, visit, wrong)
        # Back to what waits: the next one is there.
        return Elsewhere(url("/me", done=route.name, wait_for=done.receipt.position))

    async def _drawn(self, route: Route, visit: Visit, wrong: NotTaken | None = None) -> Html:
        """Draw the form below what it is about."""
        form = await self._declared.form(visit, route, wrong)
        thing = self._declared.thing_of(route)
        assert thing is not None
        purpose = visit.query.get("unmask")
        found = await ask(visit, thing, visit.path, {"unmask": purpose})
        names = Names(visit.registers, visit.tongue, visit.by)
        state = found.body.state
        # Of an entry the wording that counts.
        worded = state.wordings[-1] if isinstance(state, WorkShown) else state
        told = facts_of(worded, visit.tongue, names, owners=(thing.name,))
        about = [one for one in told if one.name not in STANDING]
        unmask = purpose is None and visit.actor.role in thing.right.clear
        return replace(form, context={**form.context, "about": about, "unmask": unmask})
