"""Subjects that are often logged at a point: words of the office, and no person's. Whatever was
written down only once or twice may tell who it was about, and is left out."""

from typing import Final

from msgspec import Struct

from api.web.questions import Asking, Found, Knowing, Question, reading
from domain.codes import Code
from domain.requests import request
from projections.asking.asking import Basis, fetch_async
from projections.requests import requests as view
from projections.requests import subjects

LIMIT: Final = 40
COMMON: Final = (
    "拖欠工资如何追讨", "房屋租赁押金不退", "工伤认定", "工伤赔偿申请法律援助", "交通事故赔偿",
    "离婚财产分割", "遗产继承手续", "民间借贷到期不还", "劳动合同解除补偿", "邻里漏水赔偿",
    "物业费纠纷", "抚养费变更", "赡养义务", "邻里噪音", "宅基地使用权", "土地承包合同",
    "征地补偿", "消费退款", "网络诈骗被骗", "医疗损害赔偿", "个人信息被冒用", "家庭暴力人身保护",
    "相邻通行采光", "合同违约", "社保补缴", "职业病鉴定", "公证怎么办", "仲裁怎么申请",
    "行政复议怎么申请", "司法鉴定怎么办",
)  # fmt: skip
"""What a point begins with; its own come first as soon as there are some."""


class SubjectsQuery(Knowing, frozen=True, kw_only=True):
    point: Code


class SubjectsFound(Struct, frozen=True, kw_only=True):
    """The latest first."""

    basis: Basis
    rows: list[subjects.SubjectRow]


async def _subjects(asking: Asking) -> Found:
    async with reading(asking, view.NAME, "journal") as (connection, basis):
        asked = subjects.often(point=asking.query.point, position=basis.position, limit=LIMIT)
        rows = await fetch_async(connection, asked)
    return Found(SubjectsFound(basis=basis, rows=rows), position=basis.position)


QUESTIONS: Final = (
    Question(
        name="Subjects",
        under="/subjects",
        summary="一个服务点常用的事由",
        tag=request.KIND,
        answer=SubjectsFound,
        query=SubjectsQuery,
        find=_subjects,
    ),
)
