"""Once a month a joint conference, and a survey of a district. Nothing is drawn: what happens goes
by the month."""

from datetime import date, timedelta
from typing import Final

from domain.coordination import conference, survey
from domain.coordination.conference import (
    Department,
    DropDecision,
    HoldConference,
    PostponeDecision,
    ReopenDecision,
    ReportDecisionDone,
    TakeDecision,
)
from domain.coordination.survey import CorrectSurvey, RecordSurvey, SurveyResult, VoidSurvey
from domain.registers.appointment import china_day
from domain.simulation.case import A_DAY, Life
from domain.simulation.errand import Errand, begun, bureau, villages_of
from domain.simulation.schedule import SimulatedClock
from domain.simulation.world import Scene
from domain.worktime.period import month_of

MET_ON: Final = 9
SURVEYED_ON: Final = 26
ORGANS: Final = ("市司法局", "市信访局", "市民政局", "市人力资源和社会保障局", "市法律援助处")
ASKED: Final = 200


def meetings(scene: Scene, clock: SimulatedClock, *, first_day: date, days: int) -> Life:
    """Conferences of the city and surveys of its districts, month by month."""
    districts = list(dict.fromkeys(one.district for one in villages_of(scene.world)))
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.day not in (MET_ON, SURVEYED_ON):
            continue
        at = clock.midnight(clock.working_day(day)) + timedelta(hours=16)
        yield at
        if day.day == MET_ON:
            scene.spawned.append(_met(begun(scene, at, conference), districts[0][:4]))
        else:
            district = districts[day.month % len(districts)]
            scene.spawned.append(_surveyed(begun(scene, at, survey), district))


def _met(meeting: Errand, city: str) -> Life:
    """Four decisions: done in time, postponed, done only at the second look, dropped."""
    by, day = bureau(city), china_day(meeting.at)
    organs = tuple(Department(name=name) for name in ORGANS)
    yield meeting.at
    hold = HoldConference(
        division=city,
        day=day,
        subject="公共法律服务体系建设联席会议",
        agenda=("通报上一阶段情况", "研究村（社区）法律顾问工作"),
        attending=organs[:-1],
        absent=organs[-1:],
    )
    yield meeting.act(hold, by)
    for number, text in enumerate(
        ("开放办事大厅驻点窗口", "共享困难群众名单", "联合排查欠薪纠纷", "统一宣传物料"), start=1
    ):
        due = day + timedelta(days=5 * number)
        yield meeting.act(TakeDecision(text=text, responsible=organs[number % 4], due=due), by)
    yield meeting.later(4 * A_DAY)
    yield meeting.act(_done(meeting, 1, "已设立"), by)
    later = PostponeDecision(number=2, due=day + timedelta(days=40), reason="数据接口尚在协调")
    yield meeting.act(later, by)
    yield meeting.act(_done(meeting, 3, "已排查"), by)
    yield meeting.later(3 * A_DAY)
    yield meeting.act(ReopenDecision(number=3, reason="两个镇街尚未排查"), by)
    yield meeting.act(DropDecision(number=4, reason="由各单位自行制作"), by)
    yield meeting.later(5 * A_DAY)
    yield meeting.act(_done(meeting, 3, "全部排查完毕"), by)


def _done(meeting: Errand, number: int, result: str) -> ReportDecisionDone:
    return ReportDecisionDone(number=number, done_on=china_day(meeting.at), result=result)


def _surveyed(asking: Errand, district: str) -> Life:
    """Corrected once; every third is not usable after all."""
    by, day = bureau(district), china_day(asking.at)
    yield asking.at

    def results(known: int) -> tuple[SurveyResult, ...]:
        return (
            SurveyResult(
                measure="awareness",
                question="您是否知道本地有公共法律服务站（室）？",
                answered=ASKED,
                positive=known,
                meaning="回答“知道”",
            ),
            SurveyResult(
                measure="first_choice",
                question="遇到法律问题，您首先找谁？",
                answered=ASKED - 6,
                positive=known // 2,
                meaning="首选公共法律服务站（室）或者村（社区）法律顾问",
            ),
            SurveyResult(
                measure="satisfaction",
                question="您对接受过的服务是否满意？",
                answered=known // 3,
                positive=known // 3 - 2,
                meaning="非常满意、满意、基本满意",
            ),
        )

    known = 120 + 3 * day.month
    record = RecordSurvey(
        division=district,
        period=month_of(day),
        method="household",
        sample_size=ASKED,
        conducted_on=day,
        conducted_by="模拟调查公司",
        basis="区司法局委托，按社区分层抽样（模拟数据）",
        results=results(known),
    )
    yield asking.act(record, by)
    yield asking.later(A_DAY)
    correct = CorrectSurvey(sample_size=ASKED, results=results(known + 1), reason="漏录一份问卷")
    yield asking.act(correct, by)
    if day.month % 3 == 0:
        yield asking.later(A_DAY)
        yield asking.act(VoidSurvey(reason="抽样方式不符合要求"), by)
