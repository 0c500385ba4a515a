"""Words of accounts and their posts."""

from typing import Final

WORDS: Final = {
    "RightShown": "一项权限 (a right)",
    "RightShown.action": "可做的事：命令或查询的名称 (name of the command or question)",
    "RightShown.scope": "管到哪里 (where the right holds)",
    "RightShown.fields": "个人信息能看到什么程度 (what is seen of people)",
    "Reach": "岗位的管辖范围 (how far a post reaches)",
    "Reach.prefixes": "所辖区划 (divisions that it reaches)",
    "Reach.around": "本点所在区划 (division around its point)",
    "Reach.units": "单位 (units)",
    "RightsFound.reach": (
        "岗位的管辖范围；空：不代表任何单位 (how far the post reaches; null: acts for no office)"
    ),
    "rights": "权限清单 (rights)",
    "Read": "一次查阅 (a read)",
    "Read.number": "查阅记录的序号 (number of the entry)",
    "Read.read_at": "查阅时间 (when it was read)",
    "Read.action": "用什么查询看的 (question that was asked)",
    "Read.things": "看到的对象 (things that were shown)",
    "Read.fields": "以明文看到的字段 (fields shown in clear text)",
    "Read.purpose": "查看明文的目的 (purpose)",
    "Read.session": "登录凭据的编号 (id of what he was signed in with)",
    "Read.division": "查阅人岗位所辖区划 (division that the reader reaches)",
    "Read.as_known_at": "所问的时点；空：现在 (the time asked about; null: now)",
    "ReadsQuery.thing": "被查阅的对象，如 request:UUID (thing that was read)",
    "ReadsQuery.since": "从哪一天起 (from this day on)",
    "ReadsQuery.until": "到哪一天止 (up to this day)",
    "ReadsQuery.account": "查阅人的账号 (account of the reader)",
    "unmask": (
        "查看个人信息明文的目的；不填则遮盖显示，填写则记入查阅记录 (purpose of showing per"
        "sonal data in clear text; recorded; masked without it)"
    ),
    "AccountPost": "账号的一个岗位 (a post of an account)",
    "AccountPost.role": "岗位 (role)",
    "AccountShown": "一个账号 (an account)",
    "Emergency": "一次紧急访问 (emergency access, once)",
    "Emergency.justified": (
        "是否正当；空：尚未审查 (whether it was justified; null: not looked at yet)"
    ),
    "GivePost.role": "授予的岗位 (role given)",
    "NameStandIn.account": "代理人的账号 (account that stands in)",
    "StandIn": "一项代理 (one standing in for another)",
    "StandIn.account": "代理人的账号 (account that stands in)",
    "emergencies": "紧急访问的记录 (emergency access taken)",
    "emergency": "是否紧急访问：岗位不是授予的 (emergency access: nobody gave the post)",
    "instead_of": "代谁办理；空：本人的岗位 (whom the actor stands in for; null: his own post)",
    "stand_ins": "代理的安排 (who stands in)",
}
