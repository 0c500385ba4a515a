"""Advisers of two villages through the real log: what is done goes by the deciders, what is asked
is answered by the views."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.advising import worklog
from domain.advising.appointment_commands import (
    AcceptVillage,
    ChooseAdviser,
    LinkProvider,
    NominateAdviser,
    RecordCoordination,
    SignContract,
)
from domain.advising.worklog import LogWork, Share, Work
from domain.oversight import inspection
from domain.oversight.inspection import HoldInspection
from domain.registers import appointment, policy
from domain.registers.form import Field, Form
from domain.registers.policy import DUTY_POLICY, DutyRules, PolicyVersion
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.form_commands import PublishForm
from domain.registration.point_commands import OpenPoint
from domain.registration.policy_commands import PublishPolicy
from domain.vocabulary import Actor, Command, stream_id
from ledger.log.store import Ledger
from projections.running.runner import Runner
from tests.domain.scoring.test_duty import FESTIVE
from tests.examples import local

ALPHA: Final = "440103001001"
BETA: Final = "440103001002"
CHEN, LI, MAI = "A-1", "A-2", "A-3"
NAMES: Final = {CHEN: "陈律师", LI: "李律师", MAI: "麦律师"}
OFFICE: Final = Actor(account="office-1", role="supervisor", unit="440103001")
BUREAU: Final = Actor(account="bureau-1", role="supervisor", unit="4401")
FOUNDED: Final = local("2025-12-01 09:00")
YEAR: Final = (date(2026, 1, 1), date(2026, 12, 31))
CHECKLIST: Final = Form(
    code="village-check",
    version=1,
    purpose="checklist",
    title="月度检查表",
    fields=(Field(code="display", title="公示", kind="yes_no"),),
    basis="示例",
)


class Advising:
    """A log that knows the festive calendar, the checklist, two rooms and three advisers."""

    def __init__(self, url: str, ledger: Ledger) -> None:
        self.url = url
        self.ledger = ledger
        self.connection = psycopg.connect(url, autocommit=True)
        self._entries = 0
        self.do(PublishCalendar(calendar=FESTIVE), of="calendar:gz-office")
        self.do(PublishForm(form=CHECKLIST), of="form:village-check")
        for code, village in (("ROOM-1", ALPHA), ("ROOM-2", BETA)):
            self.opens(code, village)
        for code, name in NAMES.items():
            register = RegisterAdviser(code=code, name=name, firm="FIRM-1", team="TEAM-1")
            self.do(register, of=f"adviser:{code}")

    def do(
        self,
        command: Command,
        *,
        of: str | UUID,
        at: datetime | str = FOUNDED,
        by: Actor = BUREAU,
        now: datetime | None = None,
    ) -> UUID:
        """`of`: a stream, or `kind:code`. Entered when it happens unless `now` says later."""
        stream = of if isinstance(of, UUID) else stream_id(*of.split(":", 1))
        instant = local(at) if isinstance(at, str) else at
        self.ledger.execute(stream, command, by=by, occurred_at=instant, now=now or instant)
        return stream

    def opens(self, code: str, village: str, *, since: date = date(2020, 1, 1)) -> None:
        room = OpenPoint(
            code=code,
            kind="room",
            name=f"{code}工作室",
            division=village,
            division_source="示例",
            valid_from=since,
            calendar="gz-office",
        )
        self.do(room, of=f"point:{code}")

    def rules(self, version: int, effective_from: date, *, district: str = "", **duty: Any) -> None:
        """Of the city, or of a district."""
        code = f"{DUTY_POLICY}-{district}" if district else DUTY_POLICY
        published = PolicyVersion(
            code=code,
            version=version,
            effective_from=effective_from,
            basis="示例",
            duty=DutyRules(**duty),
        )
        self.do(PublishPolicy(policy=published), of=f"{policy.KIND}:{code}")

    def appointed(
        self, adviser: str, village: str, first: date = YEAR[0], last: date = YEAR[1]
    ) -> None:
        """Through the whole selection."""
        heard = RecordCoordination(
            adviser=adviser, committee="supports", residents="supports", residents_heard=9
        )
        for command in (
            NominateAdviser(division=village, adviser=adviser, reason="熟悉村情"),
            heard,
            ChooseAdviser(adviser=adviser),
            AcceptVillage(),
            SignContract(starts_on=first, ends_on=last),
        ):
            self.do(command, of=f"{appointment.KIND}:{village}")

    def served_by_team(self, *villages: str) -> None:
        """All three advisers serve them, by their team."""
        for village in villages:
            link = LinkProvider(
                division=village, provider="team", code="TEAM-1", since=date(2020, 1, 1)
            )
            self.do(link, of=f"{appointment.KIND}:{village}")

    def worked(
        self, begins: str, shares: dict[str, int], *, village: str = ALPHA, **work: Any
    ) -> UUID:
        """An entry of the first of the advisers; it lasted as long as the shares add up to."""
        self._entries += 1
        first = next(iter(shares))
        by = Actor(account=f"u-{first}", role="adviser", unit="FIRM-1", adviser=first)
        started = local(begins)
        ended = started + timedelta(minutes=sum(shares.values()))
        done: dict[str, Any] = {"service": "consultation", "mode": "onsite", "summary": "示例"}
        command = LogWork(
            work=Work(**done | work | {"village": village, "ended_at": ended}),
            shares=tuple(Share(adviser=one, minutes=part) for one, part in shares.items()),
        )
        of = stream_id(worklog.KIND, str(self._entries))
        return self.do(command, of=of, at=started, by=by, now=ended)

    def checked(self, at: str, *, number: int = 1, of: UUID | None = None, **where: Any) -> UUID:
        """By the justice office; a supervision by the bureau."""
        held: dict[str, Any] = {"kind": "check", "checklist": "village-check@1"}
        command = HoldInspection(**held | {"answers": {"display": True}} | where)
        by = OFFICE if command.kind == "check" else BUREAU
        stream = of or stream_id(inspection.KIND, f"{at} {number} {where}")
        return self.do(command, of=stream, at=at, by=by)

    def head(self) -> int:
        """Brings the views there."""
        return Runner(self.url).catch_up()

    def close(self) -> None:
        self.connection.close()
