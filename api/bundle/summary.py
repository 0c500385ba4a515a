"""`summary.md`: what a bundle holds, for people."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from api.evaluating import Evaluated
from domain.computation import Task
from domain.evidence import Plain

KINDS: Final = {
    "service": "服务事项", "deed": "服务过程", "complaint": "投诉", "inspection": "检查",
    "rectification": "整改", "visit": "工作日志", "appointment": "聘任",
}  # fmt: skip
CHECK: Final = """
## 如何核验

解压后在本目录运行 `python3 verify.py`（Python 3.11 及以上，不需要安装其他软件）。它核对：
清单与文件、每条记录的规范字节与摘要、对已签名检查点的证明、检查点的签名、事件序号是否连续，
并由记录重新计算本页的结果。用事先掌握的公钥核验：`python3 verify.py --key 公钥文件`。
本页只供阅读，以记录和核验结果为准。
"""
WHOLE: Final = "包含日志自第 1 条起的全部记录，可以证明没有遗漏。"
PART: Final = "只包含有关的记录；是否还有其他有关记录，须以完整日志核对（anjuan verify）。"


def of_evaluation(about: Plain, task: Task, done: Evaluated, *, whole: bool) -> str:
    determined = about["determination"]
    what = f"第 {determined['number']} 次决定" if determined else "试算，尚未公布"
    rows = [
        f"| {one.subject} | {one.score} | {one.grade or '—'} | {'是' if one.vetoed else '否'} |"
        f" {one.subsidy or '—'} |"
        for one in done.run.results
    ]
    lines = [
        f"# 考核证据包：{task.ruleset['title']}",
        "",
        f"- 考核：{about['name']}（{what}）",
        f"- 评分标准：{about['ruleset']}；日历：{about['calendar']}",
        f"- 截至日志第 {task.cut_off} 条记录",
        f"- 摘要（sha256）：`{done.digest}`",
        f"- {WHOLE if whole else PART}",
        "",
        "| 对象 | 得分 | 等次 | 一票否决 | 补贴 |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
        "每个对象的得分明细在 `trees/` 中，逐项列明采用的记录和未采用的记录及原因。",
    ]
    return "\n".join(lines) + "\n" + CHECK


def of_facts(about: Plain, cut_off: int, facts: Sequence[dict[str, Any]], *, whole: bool) -> str:
    if about["kind"] == "point":
        title = f"# 服务点证据包：{about['name']}，{about['period']}"
    else:
        title = f"# 投诉证据包：{about['name']}"
    counted = Counter(one["fact"] for one in facts)
    lines = [
        title,
        "",
        f"- 截至日志第 {cut_off} 条记录；日历：{about['calendar']}",
        f"- {WHOLE if whole else PART}",
        "",
        *(f"- {KINDS.get(kind, kind)}：{number} 项" for kind, number in sorted(counted.items())),
        *(line for one in facts if one["fact"] == "complaint" for line in _complaint(one)),
    ]
    return "\n".join(lines) + "\n" + CHECK


def _complaint(one: dict[str, Any]) -> list[str]:
    told = {True: "是", False: "否", None: "—"}
    return [
        "",
        f"## 投诉 {one['stream']}",
        "",
        f"- 日期：{one['day']}；状态：{one['status']}；轮次：{one['rounds']}",
        f"- 按时受理告知：{told[one['acknowledged_in_time']]}；"
        f"按时答复：{told[one['answered_in_time']]}",
        f"- 当前逾期：{told[one['overdue']]}；投诉人满意：{told[one['satisfied']]}",
    ]
