"""The registers, folded from the log: points, advisers, calendars, policies, forms, appointments.

Deciders look them up beside their own stream; views resolve codes by them.
"""

import time
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from domain.aggregates import REFERENCE, REFERENCE_TOPICS
from domain.moment import Registers
from domain.registers.adviser import Adviser
from domain.registers.appointment import Appointment
from domain.registers.calendar_publication import PublishedCalendar
from domain.registers.form import Form, PublishedForm
from domain.registers.point import Point
from domain.registers.policy import Policy
from domain.worktime.calendar import Calendar
from ledger.log.codec import Recorded

FRESH_S: Final = 1.0
"""How old the folded registers may be before a decision looks for newer reference events."""
SELECT_NEWER: Final = """
    SELECT * FROM log_events
     WHERE topic = ANY(%(topics)s) AND notification_id > %(after)s
     ORDER BY notification_id
"""
AGGREGATE_BY_EVENT: Final = {event: one for one in REFERENCE for event in one.EVENTS}


class RegisterFold:
    """The registers as of `position`, moved on by the reference events that follow."""

    def __init__(self) -> None:
        self.position = 0
        self._asked_s = float("-inf")
        self._fresh_s = float("-inf")
        self._expired_s = float("-inf")
        self._states: dict[UUID, Any] = {}
        self._points: dict[str, Point] = {}
        self._advisers: dict[str, Adviser] = {}
        self._calendars: dict[str, Calendar] = {}
        self._policies: dict[str, Policy] = {}
        self._appointments: dict[str, Appointment] = {}
        self._forms: dict[str, Form] = {}
        self.registers = Registers(
            points=self._points,
            advisers=self._advisers,
            calendars=self._calendars,
            policies=self._policies,
            appointments=self._appointments,
            forms=self._forms,
        )

    @property
    def stale(self) -> bool:
        return self._fresh_s <= self._expired_s or time.monotonic() - self._fresh_s > FRESH_S

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of `SELECT_NEWER`; the cache counts as fresh from now."""
        self._asked_s = time.monotonic()
        return {"topics": list(REFERENCE_TOPICS), "after": self.position}

    def feed(self, events: Iterable[Recorded]) -> None:
        """Fold reference events in log order; skip other events and those already folded."""
        for recorded in events:
            if recorded.position is not None and recorded.position <= self.position:
                continue
            aggregate = AGGREGATE_BY_EVENT.get(type(recorded.event))
            if aggregate is None:
                continue
            state = aggregate.evolve(self._states.get(recorded.originator_id), recorded.event)
            self._states[recorded.originator_id] = state
            self._keep(state)
            if recorded.position is not None:
                self.position = recorded.position
        self._fresh_s = self._asked_s

    def expire_if(self, written: Iterable[Recorded]) -> None:
        """Expire the cache if this process itself wrote a reference event."""
        if any(type(recorded.event) in AGGREGATE_BY_EVENT for recorded in written):
            self._expired_s = time.monotonic()

    def _keep(
        self, state: Point | Adviser | PublishedCalendar | Policy | Appointment | PublishedForm
    ) -> None:
        match state:
            case PublishedForm():
                self._forms |= {form.ref: form for form in state.versions}
            case Point():
                self._points[state.code] = state
            case Adviser():
                self._advisers[state.code] = state
            case Policy():
                self._policies[state.versions[-1].code] = state
            case Appointment():
                self._appointments[state.division] = state
            case PublishedCalendar():
                for calendar in state.versions:
                    self._calendars[calendar.ref] = calendar
                self._calendars[state.versions[-1].code] = state.versions[-1]
