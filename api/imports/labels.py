"""Values that a list may hold: each choice's label, as templates write it, and what else offices
write for it, which only imports accept."""

from collections.abc import Mapping
from typing import Final

from api.words.choices import CHOICES, zh

Labels = Mapping[str, tuple[str, ...]]


def _labelled(choice: str, **also: tuple[str, ...]) -> Labels:
    return {
        str(value): (zh(label), *also.get(str(value), ()))
        for value, label in CHOICES[choice].items()
    }


POINT_KINDS: Final = _labelled(
    "point_kind",
    center=("中心",),
    station=("工作站", "站", "公共法律服务站"),
    room=("工作室", "室", "公共法律服务室"),
    featured=("特色点", "特色公共法律服务点"),
)
SERVICES: Final = _labelled(
    "service",
    consultation=("咨询",),
    legal_opinion=("出具法律意见",),
    contract_review=("审查合同",),
    charter_review=("审查村规民约", "章程审查"),
    lecture=("讲座", "普法讲座"),
    mediation=("调解",),
    dispute_screening=("纠纷排查",),
    legal_aid_assist=("法律援助协助",),
    petition_talk=("信访接谈", "参与信访接待"),
    election_support=("换届选举",),
    group_incident=("群体性事件",),
    online_post=("网上留言咨询", "网络舆情处置"),
)
REQUEST_CHANNELS: Final = _labelled(
    "request_channel",
    counter=("现场",),
    visit=("走访",),
    web=("网上",),
    hotline_12348=("12348",),
    hotline_12345=("12345",),
    reception_day=("领导接待日",),
    unrecorded=("未记录", "不详"),
)
COMPLAINT_CHANNELS: Final = _labelled(
    "complaint_channel",
    counter=("现场",),
    web=("网上",),
    letter=("信件",),
    box=("投诉箱",),
    rating=("不满意评价",),
    reception_day=("领导接待日",),
    hotline_12348=("12348",),
    hotline_12345=("12345",),
    unrecorded=("未记录", "不详"),
)
ASPECTS: Final = _labelled("aspect")
CONCERNS: Final = _labelled(
    "concern",
    attitude=("态度",),
    efficiency=("服务效率", "效率"),
    quality=("质量",),
    facilities=("设施环境", "设施"),
    integrity=("廉洁纪律",),
    procedure=("制度流程", "流程"),
)
OUTCOMES: Final = _labelled(
    "outcome",
    supported=("属实",),
    explained=("解释",),
    not_supported=("不属实",),
)
MODES: Final = _labelled("mode", onsite=("到村", "上门"))
CLIENTS: Final = _labelled(
    "client_category",
    resident=("居民", "村民", "群众"),
    committee=("村（居）委会", "村委会", "居委会"),
    low_income=("低收入", "困难群众"),
)
OPINIONS: Final = _labelled(
    "opinion",
    supports=("同意",),
    neutral=("未记录",),
    objects=("不同意",),
)
YES_NO: Final[Labels] = {"yes": ("是", "有"), "no": ("否", "无")}
