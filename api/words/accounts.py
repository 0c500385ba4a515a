"""Words of accounts and their posts."""

from typing import Final

WORDS: Final = {
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
