"""Words of score trees: kinds of facts, and how each stands when it is counted."""

from typing import Final

FACTS: Final = {
    "service": "服务事项 (request)",
    "deed": "咨询和调解场次 (consultation or session)",
    "complaint": "投诉 (complaint)",
    "appointment": "聘任 (appointment)",
    "visit": "工作日志 (work log)",
    "duty": "每月应尽职责 (duty of a month)",
    "quota": "按期应完成事项 (duty of a period)",
    "inspection": "检查 (inspection)",
    "rectification": "整改 (rectification)",
}
STANDINGS: Final = {
    "counts": "计入 (counts)",
    "voided": "已作废 (voided)",
    "duplicate": "重复 (duplicate)",
    "imported": "历史导入 (imported)",
    "withdrawn": "已撤回 (withdrawn)",
    "returned": "已退回 (sent back)",
    "noted": "仅记录不满 (a dissatisfaction only)",
    "consultation": "改按咨询 (was a consultation)",
    "declined": "不予受理 (declined)",
    "never_began": "未生效 (never began)",
    "not_appointed": "未受聘 (not appointed)",
    "running": "期间未满 (the period is not over)",
}
