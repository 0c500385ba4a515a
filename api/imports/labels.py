"""Chinese labels of the values that a list may hold, the first one as templates write it."""

from typing import Final

Labels = dict[str, str | tuple[str, ...]]

POINT_KINDS: Final[Labels] = {
    "center": ("公共法律服务中心", "中心"),
    "station": ("公共法律服务工作站", "工作站", "站", "公共法律服务站"),
    "room": ("公共法律服务工作室", "工作室", "室", "公共法律服务室"),
    "featured": ("特色服务点", "特色点", "特色公共法律服务点"),
}
SERVICES: Final[Labels] = {
    "consultation": ("法律咨询", "咨询"),
    "legal_opinion": ("法律意见", "出具法律意见"),
    "contract_review": ("合同审查", "审查合同"),
    "charter_review": ("村规民约审查", "审查村规民约", "章程审查"),
    "lecture": ("法治讲座", "讲座", "普法讲座"),
    "mediation": ("人民调解", "调解"),
    "dispute_screening": ("矛盾纠纷排查", "纠纷排查"),
    "legal_aid": ("法律援助",),
    "legal_aid_assist": ("协助申请法律援助", "法律援助协助"),
    "referral": ("转介",),
    "notary": ("公证",),
    "forensic": ("司法鉴定",),
    "arbitration": ("仲裁",),
    "reconsideration": ("行政复议",),
    "petition_talk": ("参与信访接访", "信访接谈", "参与信访接待"),
    "election_support": ("换届选举服务", "换届选举"),
    "group_incident": ("群体性事件处置", "群体性事件"),
    "online_post": ("网上留言咨询", "网络留言咨询", "网络舆情处置"),
    "complaint": ("投诉",),
    "other": ("其他",),
}
REQUEST_CHANNELS: Final[Labels] = {
    "counter": ("窗口", "现场"),
    "phone": ("电话",),
    "wechat": ("微信",),
    "visit": ("上门", "走访"),
    "web": ("网络", "网上"),
    "hotline_12348": ("12348热线", "12348"),
    "hotline_12345": ("12345热线", "12345"),
    "reception_day": ("接待日", "领导接待日"),
    "unrecorded": ("未记载", "未记录", "不详"),
}
COMPLAINT_CHANNELS: Final[Labels] = {
    "counter": ("窗口", "现场"),
    "phone": ("电话",),
    "wechat": ("微信",),
    "web": ("网络", "网上"),
    "letter": ("来信", "信件"),
    "box": ("意见箱", "投诉箱"),
    "rating": ("差评", "不满意评价"),
    "reception_day": ("接待日", "领导接待日"),
    "hotline_12348": ("12348热线", "12348"),
    "hotline_12345": ("12345热线", "12345"),
    "petition": ("信访",),
    "unrecorded": ("未记载", "未记录", "不详"),
}
ASPECTS: Final[Labels] = {
    "for_people": ("为民",),
    "pragmatic": ("务实",),
    "honest": ("清廉",),
    "efficient": ("高效",),
}
CONCERNS: Final[Labels] = {
    "attitude": ("服务态度", "态度"),
    "efficiency": ("办理效率", "服务效率", "效率"),
    "quality": ("服务质量", "质量"),
    "facilities": ("场所设施", "设施环境", "设施"),
    "fees": ("收费",),
    "integrity": ("廉洁", "廉洁纪律"),
    "procedure": ("办理程序", "制度流程", "流程"),
    "other": ("其他",),
}
OUTCOMES: Final[Labels] = {
    "supported": ("支持", "属实"),
    "explained": ("解释说明", "解释"),
    "not_supported": ("不支持", "不属实"),
}
MODES: Final[Labels] = {
    "onsite": ("现场", "到村", "上门"),
    "phone": ("电话",),
    "network": ("网络",),
    "wechat": ("微信",),
    "video": ("视频",),
}
CLIENTS: Final[Labels] = {
    "resident": ("村（居）民", "居民", "村民", "群众"),
    "committee": ("村（居）民委员会", "村（居）委会", "村委会", "居委会"),
    "enterprise": ("企业",),
    "migrant_worker": ("农民工",),
    "elderly": ("老年人",),
    "minor": ("未成年人",),
    "disabled": ("残疾人",),
    "low_income": ("低收入群众", "低收入", "困难群众"),
    "veteran": ("退役军人",),
}
OPINIONS: Final[Labels] = {
    "supports": ("支持", "同意"),
    "neutral": ("无意见", "未记录"),
    "objects": ("反对", "不同意"),
}
YES_NO: Final[Labels] = {"yes": ("是", "有"), "no": ("否", "无")}
