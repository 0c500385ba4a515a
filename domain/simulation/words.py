"""Words and weights of the simulated city. Names, numbers and cases are invented; where the mix of
services is not published, the weights are our own assumption."""

from datetime import date
from typing import Final, Literal
from uuid import UUID

from domain.advising.worklog import SignInMethod
from domain.complaints import record as complaint_record
from domain.registers.point import PointKind
from domain.registers.policy import DismissalGround
from domain.requests.proceedings import ReferralTarget
from domain.requests.rating import Grade
from domain.requests.request import Channel, ClientCategory, Mode
from domain.simulation.chance import Draw, Mix, pick
from domain.vocabulary import Service

SIMULATED: Final = "（模拟数据）"

SURNAMES: Final = "陈李黄张梁林刘吴何罗曾郑谢邓冯蔡叶潘麦钟苏卢邝招霍简区欧温莫"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红波辉鹏欣怡嘉俊浩婷颖"

# --- how much

COMPLAINTS_A_YEAR: Final = 1600
"""Our own assumption."""
SERVICES_A_YEAR: Final = 200_000
"""362,000 item-times at the platforms in 2021-2023 and 230,000 by advisers in about 3.4 years."""
KIND_BY_DAY: Final[Mix[PointKind]] = Mix(
    {"station": 0.412, "room": 0.296, "center": 0.259, "featured": 0.033}
)
KIND_OFF_PEAK: Final[Mix[PointKind]] = Mix({"room": 0.72, "center": 0.20, "featured": 0.08})
"""At night and on days off the rooms and the hotline go on. Both together give the advisers, who
serve in the rooms, their published share: 230,000 / 3.4 of about 190,000 a year."""
WEEKDAY_WEIGHT: Final = (1.18, 1.06, 1.0, 0.98, 0.9, 0.3, 0.22)
MAKEUP_WEIGHT: Final = 0.85
DAY_OFF_WEIGHT: Final = 0.12
NIGHT_SHARE: Final = 0.06

# --- who and how

WINDOWS: Final = tuple(f"W{number}" for number in range(1, 8))
CHANNELS: Final[dict[PointKind, Mix[Channel]]] = {
    "center": Mix({
        "counter": 0.56, "phone": 0.1, "hotline_12348": 0.15, "hotline_12345": 0.05,
        "web": 0.07, "wechat": 0.04, "reception_day": 0.03,
    }),
    "station": Mix({
        "counter": 0.7, "phone": 0.13, "visit": 0.06, "wechat": 0.06, "hotline_12345": 0.03,
        "reception_day": 0.02,
    }),
    "room": Mix({"visit": 0.33, "wechat": 0.31, "phone": 0.2, "counter": 0.16}),
    "featured": Mix({"counter": 0.6, "wechat": 0.2, "visit": 0.2}),
}  # fmt: skip
AT_ONCE: Final = ("counter", "visit", "phone", "reception_day")
MODES: Final[dict[Channel, Mode]] = {
    "counter": "onsite", "visit": "onsite", "reception_day": "onsite", "phone": "phone",
    "hotline_12348": "phone", "hotline_12345": "phone", "wechat": "wechat", "web": "network",
    "unrecorded": "onsite",
}  # fmt: skip
SERVICES: Final[dict[PointKind, Mix[Service]]] = {
    "center": Mix({
        "consultation": 0.56, "legal_aid": 0.14, "notary": 0.07, "mediation": 0.06,
        "arbitration": 0.04, "referral": 0.03, "forensic": 0.02, "reconsideration": 0.02,
        "complaint": 0.02, "legal_opinion": 0.02, "other": 0.02,
    }),
    "station": Mix({
        "consultation": 0.6, "mediation": 0.13, "legal_aid": 0.06, "legal_aid_assist": 0.05,
        "lecture": 0.03, "dispute_screening": 0.04, "referral": 0.03, "notary": 0.02,
        "petition_talk": 0.01, "group_incident": 0.005, "complaint": 0.01, "other": 0.015,
    }),
    "room": Mix({
        "consultation": 0.57, "legal_opinion": 0.08, "contract_review": 0.07, "lecture": 0.07,
        "mediation": 0.06, "dispute_screening": 0.06, "charter_review": 0.02,
        "legal_aid_assist": 0.02, "referral": 0.02, "petition_talk": 0.01,
        "election_support": 0.003, "group_incident": 0.002, "online_post": 0.01, "other": 0.005,
    }),
    "featured": Mix({
        "consultation": 0.66, "contract_review": 0.14, "legal_opinion": 0.1, "mediation": 0.05,
        "lecture": 0.03, "referral": 0.02,
    }),
}  # fmt: skip
FEATURED_SERVICES: Final[tuple[Service, ...]] = (
    "consultation", "contract_review", "legal_opinion", "mediation", "lecture", "referral",
)  # fmt: skip
MINUTES: Final[dict[Service, tuple[int, int]]] = {
    "consultation": (8, 40), "legal_opinion": (40, 180), "contract_review": (40, 240),
    "charter_review": (60, 240), "lecture": (45, 120), "dispute_screening": (30, 150),
    "legal_aid_assist": (20, 60), "petition_talk": (20, 90), "election_support": (30, 180),
    "group_incident": (60, 240), "online_post": (5, 20),
}  # fmt: skip
MINUTES_OTHERWISE: Final = (10, 45)
CATEGORIES: Final[Mix[ClientCategory]] = Mix({
    "resident": 0.52, "elderly": 0.12, "migrant_worker": 0.11, "enterprise": 0.08,
    "committee": 0.08, "low_income": 0.03, "disabled": 0.02, "veteran": 0.02, "minor": 0.02,
})  # fmt: skip
VOICES: Final[Mix[Literal["at_desk", "later", "silent"]]] = Mix(
    {"at_desk": 0.36, "later": 0.12, "silent": 0.52}
)
GRADES: Final[Mix[Grade]] = Mix({5: 0.93, 4: 0.054, 3: 0.009, 2: 0.002, 1: 0.001})
"""With the incidents added, good ones, 3 to 5, are 99.2 %; Shanghai published 99.58 % for 2019."""
PURPOSES: Final[Mix[Literal["answer", "visit", "callback"]]] = Mix(
    {"answer": 0.5, "visit": 0.25, "callback": 0.25}
)
TARGETS: Final[dict[Service, ReferralTarget]] = {
    "notary": "notary", "forensic": "forensic", "arbitration": "arbitration",
    "reconsideration": "reconsideration",
}  # fmt: skip
TARGETS_OTHERWISE: Final[Mix[ReferralTarget]] = Mix({
    "other_point": 0.4, "legal_aid": 0.2, "court": 0.14, "mediation": 0.1, "petition": 0.06,
    "police": 0.06, "other": 0.04,
})  # fmt: skip

# --- units beside the points

ORGANS: Final = tuple(
    f"{name}{SIMULATED}"
    for name in (
        "市司法局", "市民政局", "市人力资源和社会保障局", "市住房和城乡建设局", "市市场监督管理局",
        "市卫生健康委员会",
    )
)  # fmt: skip
UNITS: Final[dict[ReferralTarget, str]] = {
    "legal_aid": "法律援助机构", "notary": "公证机构", "forensic": "司法鉴定机构",
    "arbitration": "仲裁机构", "reconsideration": "行政复议机构", "mediation": "调解组织",
    "petition": "信访机构", "court": "人民法院", "police": "公安机关", "other": "其他单位",
}  # fmt: skip
"""What a person may be referred to: twelve of each."""

# --- what is said

SUBJECTS: Final[dict[Service, tuple[str, ...]]] = {
    "consultation": (
        "咨询拖欠工资如何追讨", "咨询离婚财产分割", "咨询房屋租赁押金不退", "咨询遗产继承手续",
        "咨询交通事故赔偿", "咨询民间借贷到期不还", "咨询劳动合同解除补偿", "咨询邻里漏水赔偿",
        "咨询预付卡退款", "咨询物业费纠纷", "咨询工伤认定", "咨询赡养义务", "咨询宅基地使用权",
        "咨询网购维权", "咨询抚养费变更",
    ),
    "legal_opinion": ("对集体土地出租出具法律意见", "对村务决议出具法律意见"),
    "contract_review": ("审查厂房租赁合同", "审查物业服务合同", "审查工程承包合同"),
    "charter_review": ("审查村规民约修订稿", "审查居民公约草案"),
    "lecture": ("举办民法典讲座", "举办防范电信诈骗讲座", "举办劳动法讲座", "举办反家暴讲座"),
    "mediation": ("调解邻里噪音纠纷", "调解房屋漏水纠纷", "调解劳资纠纷", "调解赡养纠纷"),
    "dispute_screening": ("排查出租屋纠纷隐患", "排查工地欠薪隐患", "排查土地承包纠纷"),
    "legal_aid": ("农民工讨薪申请法律援助", "工伤赔偿申请法律援助", "追索抚养费申请法律援助"),
    "legal_aid_assist": ("协助准备法律援助申请材料", "协助填写经济困难说明"),
    "referral": ("请求转介有权机关处理", "请求转介专业调解组织"),
    "notary": ("办理继承公证", "办理委托公证", "办理亲属关系公证"),
    "forensic": ("申请伤残等级鉴定", "申请笔迹鉴定"),
    "arbitration": ("申请劳动争议仲裁", "申请合同纠纷仲裁"),
    "reconsideration": ("对行政处罚申请复议", "对征收决定申请复议"),
    "petition_talk": ("涉法涉诉信访接谈",),
    "election_support": ("为村民委员会选举提供法律指导",),
    "group_incident": ("协助处理群体性劳资事件",),
    "online_post": ("网上留言咨询劳动关系", "网上留言咨询房产过户"),
    "complaint": ("反映窗口等候时间过长", "反映答复不清楚"),
    "other": ("查询法律服务机构信息", "领取法律宣传资料"),
}  # fmt: skip
EVERY_SERVICE: Final = tuple(SUBJECTS)
ANSWERS: Final = (
    "已说明法律依据和办理途径", "已告知证据准备要求", "已建议先行协商，协商不成再申请调解",
    "已提供书面意见要点", "已告知诉讼时效和管辖法院",
)  # fmt: skip
NOTES: Final = ("来访人补充说明情况", "已电话联系对方当事人", "来访人表示下周再来")
PAPERS: Final = ("身份证复印件", "经济困难状况说明表", "劳动合同", "工资流水", "授权委托书")
AID_BASIS: Final = "《中华人民共和国法律援助法》第四十一条"
ONCE_BASIS: Final = "一次性告知制度"
LATE_REASONS: Final = ("驻村服务后集中补录", "现场无网络，事后补录", "系统维护期间纸质登记后补录")
HANDOVER_REASONS: Final = ("值班人员轮换", "原经办人休假", "涉及专业领域，转由同事办理")
RECLASSIFY_REASONS: Final = ("登记时选错服务类别", "了解情况后确定服务类别")
DUPLICATE_REASONS: Final = ("同一来访人就同一事项再次登记", "电话与窗口重复登记")
VOID_REASONS: Final = ("误登记", "测试记录", "重复提交")
REFER_REASONS: Final = ("属于该机构职责范围", "需由专业机构办理")
REFUSE_REASONS: Final = ("不属于本单位受理范围", "管辖区域不符")
RETURN_REASONS: Final = ("当事人要求在原服务点办理", "材料不全，退回补充")
OUTCOMES: Final = ("已受理并办结", "已出具结果文书", "已答复当事人")
END_REASONS: Final = ("一方当事人不同意继续调解", "双方分歧较大，调解不成")
TERMS: Final = ("一方分期支付欠款", "一方停止侵害并赔礼道歉", "双方按约定分担维修费用")
AID_REFUSAL_REASONS: Final = ("不符合经济困难标准", "事项不属于法律援助范围")
REOPEN_REASONS: Final = ("来访人补充新情况", "答复后仍有疑问", "回访发现问题未解决")
MISSED_REASONS: Final = ("来访人未到", "来访人电话无法接通")
COMMENTS: Final = ("服务耐心细致", "解答专业", "等候时间稍长", "希望增加周末服务")
BAD_COMMENTS: Final = ("等候时间太长", "答复不清楚", "态度冷淡")
DISPUTE_GROUNDS: Final = ("评价对象有误，并非本人经办", "评价内容与服务事实不符")
FEATURED_NAMES: Final = (
    "创意产业园", "服装批发市场", "科技企业孵化园", "商业广场", "人才公寓小区", "花卉市场",
    "电商产业园", "国际商务大厦", "港口物流园", "汽配城", "老旧小区微改造片区",
)  # fmt: skip

# --- advisers and their villages

DISPLAY_PLACE: Final = "村（居）务公开栏"
NOMINATION_REASONS: Final = (
    "熟悉基层法律事务",
    "长期服务本镇（街道）",
    "擅长婚姻家庭和土地承包纠纷",
)
REPLACE_REASONS: Final = ("原顾问离任，由他人接续服务", "原顾问被解聘，由他人接续服务")
ABSENCE_NOTES: Final = ("约定驻村日未到，也未请假", "讲座未到场")
EXCUSES: Final = ("事后说明：临时开庭", "事后补交病假材料")
ARRANGEMENTS: Final = ("参加矛盾纠纷排查", "为换届选举提供法律指导")
DISMISS_REASONS: Final[dict[DismissalGround, str]] = {
    "absences": "聘期内多次无故缺勤",
    "arrangements_refused": "聘期内多次拒绝工作安排",
    "unsuitable": "群众意见较大，不适合继续担任",
    "duties_not_performed": "不履行合同约定的职责",
}
VISITS: Final[Mix[Service]] = Mix({
    "consultation": 0.6, "legal_opinion": 0.1, "contract_review": 0.09, "mediation": 0.08,
    "dispute_screening": 0.08, "online_post": 0.03, "charter_review": 0.02,
})  # fmt: skip
SIGN_INS: Final[Mix[SignInMethod]] = Mix({"qr_code": 0.6, "location": 0.3, "committee": 0.1})
WITHDRAW_REASONS: Final = ("重复登记", "登记到了别的村（社区）")
OPINIONS: Final = ("总体良好", "建议增加夜间服务", "建议加强讲座宣传")
FINDINGS: Final = (
    "工作日志记录不完整",
    "公示牌信息未更新",
    "服务台账缺少签名",
    "微信群长期无人答复",
)
MEASURES: Final = ("已补记台账并核对", "已更新公示牌", "已约谈经办人并向群众致歉", "已调整值班安排")
REJECT_REASONS: Final = ("整改措施不具体", "没有附整改材料")
GRIEVANCES: Final = (
    "等候时间过长",
    "答复前后不一致",
    "预约后无人接待",
    "工作人员态度生硬",
    "公示信息过期",
)
COMPLAINT_CHANNELS: Final[Mix[complaint_record.Channel]] = Mix({
    "hotline_12345": 0.32, "phone": 0.2, "counter": 0.14, "wechat": 0.12, "petition": 0.08,
    "web": 0.06, "letter": 0.04, "box": 0.04,
})  # fmt: skip
CONCERNS: Final[Mix[complaint_record.Concern]] = Mix({
    "efficiency": 0.34, "attitude": 0.26, "quality": 0.2, "procedure": 0.1, "facilities": 0.05,
    "other": 0.05,
})  # fmt: skip
PENALTY_REASONS: Final = ("违反律师执业管理规定", "代理中存在利益冲突")


def late_reason(stream: UUID) -> str:
    """Return why a thing's later steps were entered late: the same reason for all of them."""
    return LATE_REASONS[stream.int % len(LATE_REASONS)]


def licence(number: int) -> str:
    """Made up: real ones are digits only."""
    return f"SIM{number:010d}"


def practising_since(number: int) -> date:
    return date(2000 + number % 18, 1 + number % 12, 1)


def person_name(number: int) -> str:
    """A name made up from a number: the same number is the same person."""
    name = SURNAMES[number % len(SURNAMES)]
    for rest in (number // len(SURNAMES), number // (len(SURNAMES) * len(GIVEN))):
        name += GIVEN[rest % len(GIVEN)]
    return name


def phone_number(number: int) -> str:
    """Eleven digits that begin with 100: no mobile number of China does, so nobody is called."""
    return f"100{number % 100_000_000:08d}"


def subject(draw: Draw, service: Service) -> str:
    return pick(draw, SUBJECTS[service])
