"""The lists of registers: divisions, firms, points, advisers, and the contracts that there are."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from api.imports.cells import choice, choices, code, count, day, digits, phone, text
from api.imports.kind import Column, Context, Kind, Step, Values
from api.imports.labels import OPINIONS, POINT_KINDS, SERVICES
from domain.advising.appointment_commands import (
    AcceptVillage,
    ChooseAdviser,
    NominateAdviser,
    RecordCoordination,
    SignContract,
)
from domain.codes import DivisionCode, Licence, OfficePhone, VillageCode
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.division_commands import ListDivision
from domain.registration.firm_commands import RegisterFirm
from domain.registration.point_commands import ChangePointContacts, OpenPoint
from domain.vocabulary import CHINA, Count, Personal, Statement, stream_id


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(CHINA))


def _division(row: Values, context: Context) -> Iterator[Step]:
    command = ListDivision(
        code=row["code"],
        name=row["name"],
        source=row.get("source") or context.file,
        since=row.get("since"),
    )
    yield Step(stream_id("division", command.code), command)


_SOURCE: Final = Column(
    name="source",
    heading="区划代码来源",
    also=("来源", "division_source"),
    reads=text(),
    example="国家统计局2023年",
    note="空：文件名 (empty: the file's name)",
)

DIVISIONS: Final = Kind(
    name="divisions",
    sheet="区划",
    title="区划：市、区、镇（街）、村（社区）",
    columns=(
        Column(name="code", heading="区划代码", also=("代码", "division"),
               reads=digits(DivisionCode),
               required=True, example="440106001001",
               note="全市 4401、区 6 位、镇（街）9 位、村（社区）12 位"),
        Column(name="name", also=("区划名称",), reads=text(), required=True,
               example="某某社区居民委员会"),
        Column(name="since", heading="设立日期", reads=day(), example="",
               note="空：一直就有 (empty: it has always been there)"),
        _SOURCE,
    ),
    key=("code",),
    steps=_division,
    order=lambda row: len(row["code"]),
    unit=lambda row: str(row["code"]),
)  # fmt: skip


def _firm(row: Values, _: Context) -> Iterator[Step]:
    yield Step(stream_id("firm", row["code"]), RegisterFirm(**row))


FIRMS: Final = Kind(
    name="firms",
    sheet="律所",
    title="律师事务所",
    columns=(
        Column(name="code", heading="律所编号", also=("编号", "firm"), reads=code(), required=True,
               example="GZ-LAW-01"),
        Column(name="name", heading="律所名称", also=("名称",), reads=text(), required=True,
               example="广东某某律师事务所"),
        Column(name="division", heading="所在区划", also=("区划代码",), reads=digits(DivisionCode),
               example="440106"),
        Column(name="licence", heading="执业许可证号", also=("许可证号",), reads=digits(Licence),
               example="31440000000000001X"),
    ),
    key=("code",),
    steps=_firm,
)  # fmt: skip


def _point(row: Values, context: Context) -> Iterator[Step]:
    command = OpenPoint(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        division=row["division"],
        division_source=row.get("source") or context.file,
        valid_from=row["valid_from"],
        calendar=row.get("calendar") or context.calendar,
        services=row.get("services", ()),
    )
    yield Step(stream_id("point", command.code), command)
    contacts = {name: row[name] for name in ("address", "phone") if row.get(name)}
    if contacts:
        yield Step(stream_id("point", command.code), ChangePointContacts(**contacts))


POINTS: Final = Kind(
    name="points",
    sheet="服务点",
    title="公共法律服务点：中心、工作站、工作室、特色点",
    columns=(
        Column(name="code", heading="服务点编号", also=("编号", "point"), reads=code(),
               required=True,
               example="TH-S01"),
        Column(name="kind", heading="类型", also=("服务点类型",), reads=choice(POINT_KINDS),
               required=True, example="站"),
        Column(name="name", heading="服务点名称", also=("名称",), reads=text(), required=True,
               example="某某街道公共法律服务工作站"),
        Column(name="division", heading="区划代码", reads=digits(DivisionCode), required=True,
               example="440106001", note="站写镇（街）9 位，室写村（社区）12 位"),
        Column(name="valid_from", heading="启用日期", also=("设立日期", "opened_on"), reads=day(),
               required=True, example="2020-01-01"),
        Column(name="calendar", reads=code(), example="gz-office",
               note="空：本单位的日历（anjuan init 所设）"),
        Column(name="services", reads=choices(SERVICES),
               example="咨询、人民调解",
               note="空：全部项目 (empty: all)"),
        Column(name="address", heading="地址", also=("服务点地址",), reads=text(),
               example="某某路 1 号一楼"),
        Column(name="phone", also=("服务电话", "联系电话"),
               reads=phone(OfficePhone),
               example="020-00000000", note="公开电话 (for everybody to call)"),
        _SOURCE,
    ),
    key=("code",),
    steps=_point,
    unit=lambda row: str(row["division"]),
)  # fmt: skip


def _adviser(row: Values, _: Context) -> Iterator[Step]:
    yield Step(stream_id("adviser", row["code"]), RegisterAdviser(**row))


ADVISERS: Final = Kind(
    name="advisers",
    sheet="顾问",
    title="法律顾问",
    columns=(
        Column(name="code", heading="顾问编号", also=("编号", "adviser"), reads=code(),
               required=True,
               example="GW-0001"),
        Column(name="name", heading="姓名", also=("顾问姓名",), reads=text(Statement),
               required=True,
               example="张某"),
        Column(name="firm", heading="律所编号", also=("执业机构", "律所"), reads=code(),
               required=True,
               example="GZ-LAW-01"),
        Column(name="team", heading="团队编号", also=("团队",), reads=code()),
        Column(name="licence", reads=digits(Licence),
               example="14401201010123456", note="17 位，请设为文本格式"),
        Column(name="practising_since", heading="开始执业日期", also=("执业日期",), reads=day(),
               example="2010-07-01"),
    ),
    key=("code",),
    steps=_adviser,
)  # fmt: skip


def _appointment(row: Values, context: Context) -> Iterator[Step]:
    """From nomination to contract in one go, all at the time of signing."""
    stream, signed = stream_id("appointment", row["division"]), row.get("signed_on")
    # What begins later is signed before it begins; what is over was signed by its first day.
    at = _midnight(signed or min(row["starts_on"], context.day))
    adviser = row["adviser"]
    heard = RecordCoordination(
        adviser=adviser,
        committee=row.get("committee", "neutral"),
        residents=row.get("residents", "neutral"),
        residents_heard=row.get("residents_heard", 0),
        note=row.get("note") or f"既有聘任合同，{context.source}",
    )
    nominated = NominateAdviser(
        division=row["division"], adviser=adviser, reason=row.get("reason") or "既有聘任合同"
    )
    signing = SignContract(starts_on=row["starts_on"], ends_on=row["ends_on"])
    for command in (nominated, heard, ChooseAdviser(adviser=adviser), AcceptVillage(), signing):
        yield Step(stream, command, at)


APPOINTMENTS: Final = Kind(
    name="appointments",
    sheet="聘任",
    title="既有聘任合同：村（社区）与法律顾问",
    columns=(
        Column(name="division", heading="村（社区）区划代码",
               also=("区划代码", "村社区代码", "village"),
               reads=digits(VillageCode), required=True, example="440106001001"),
        Column(name="adviser", heading="顾问编号", reads=code(), required=True, example="GW-0001"),
        Column(name="starts_on", heading="聘期开始", also=("开始日期", "合同开始日期"), reads=day(),
               required=True, example="2026-01-01"),
        Column(name="ends_on", heading="聘期截止", also=("截止日期", "结束日期", "合同结束日期"),
               reads=day(), required=True, example="2026-12-31", note="聘期的最后一天"),
        Column(name="signed_on", heading="签订日期", also=("合同签订日期",), reads=day(),
               example="2025-12-20", note="空：聘期开始之日 (empty: the first day of the term)"),
        Column(name="committee", heading="村（居）委会意见", reads=choice(OPINIONS), example="同意",
               note="空：无意见 (empty: neutral)"),
        Column(name="residents", heading="群众意见", reads=choice(OPINIONS), example="同意",
               note="空：无意见 (empty: neutral)"),
        Column(name="residents_heard", heading="听取群众人数", reads=count(Count), example="12"),
        Column(name="reason", heading="推荐理由", reads=text(), example="续用原顾问"),
        Column(name="note", reads=text(Personal)),
    ),
    key=("division", "adviser", "starts_on"),
    steps=_appointment,
    order=lambda row: (row["starts_on"], row.get("signed_on") or row["starts_on"]),
    unit=lambda row: str(row["division"]),
)  # fmt: skip
