"""`index.html`: what a bundle holds, for people. One page in Chinese that needs nothing besides: no
script, no font, no address. It is read; what counts are the entries and what `verify.py` says."""

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from api.words import first_part
from api.words.facts import FACTS
from api.words.facts import STANDINGS as OF_FACTS
from domain.scoring.computation import Task
from domain.scoring.shapes import Plain
from domain.vocabulary import CHINA
from ledger.tree.notes import Checkpoint
from projections.evaluation.run import Evaluated

KINDS: Final = {code: first_part(said) for code, said in FACTS.items()}
STATUSES: Final = {
    "noted": "已记录不满", "settled": "已当场化解", "registered": "已登记", "declined": "不予受理",
    "handling": "办理中", "answered": "已答复", "closed": "已办结", "withdrawn": "已撤回",
    "review_asked": "已申请复查复核", "review_decided": "复查复核已决定", "final": "已终结",
}  # fmt: skip
STANDINGS: Final = {code: first_part(said) for code, said in OF_FACTS.items()}
TITLES: Final = {"evaluation": "考核证据包", "complaint": "投诉证据包", "point": "服务点证据包"}
CONTENTS: Final = {
    "verify.py": "核验程序，只需 Python 3.11 及以上",
    "entries.jsonl": "日志记录：每行一条，规范字节（已封存）和当时存储的内容",
    "checkpoint.txt": "已签名的检查点",
    "keys.txt": "日志的首个公钥；请与事先掌握的公钥比对",
    "handover-": "更换公钥的检查点",
    "proofs.jsonl": "每条记录在检查点之下的证明",
    "leaves.bin": "日志其余记录的散列，用以算出检查点的根",
    "bundle.json": "本包声明的内容：对象、期间、截至位置、摘要",
    "run.json": "考核结果",
    "trees/": "每个对象的逐项得分明细",
    "ruleset.json": "评分标准",
    "point.json": "服务点的名称和所在地区",
    "facts.json": "由记录算出的事实，每项列明所依据的记录",
    "reports.json": "已报送统计表的清单",
    "reports/": "已报送的统计表，报送时冻结；未遮盖时文件的 sha256 即报送摘要",
    "forms/": "检查表、统计表的表样",
    "code/": "核验时运行的计算程序，与系统所用的文件相同；含时区表",
    "MANIFEST.json": "文件清单和各文件的 sha256",
}
STYLE: Final = """
body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem;border-bottom:2px solid #1f4e79}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #c8ccd1;padding:.25rem .6rem;
text-align:left;vertical-align:top}th{background:#eef2f6}td.n{text-align:right}
code{font:.85em/1.4 ui-monospace,monospace;word-break:break-all}.wide{overflow-x:auto}
th{white-space:nowrap}.wide td,.wide th{font-size:.8rem;white-space:nowrap}
.mark{border-left:6px solid #b54708;background:#fff6ed;padding:.5rem 1rem;margin:1rem 0}
.ok{border-color:#1f4e79;background:#eef5fb}
pre{background:#f3f4f6;padding:.6rem 1rem;overflow-x:auto}
"""
Case = Mapping[str, Any]
Page = Callable[["Counted", Case], str]


class Counted(Struct, frozen=True, kw_only=True):
    """What was written, as the page tells it. `states`: entries with their content; of these so
    many are `masked`, and `simulated`. `simulation`: the log was founded as one. `key`: the log's
    first."""

    about: Plain
    entries: int
    states: int
    masked: int
    simulated: int
    simulation: bool
    files: Sequence[str]
    recorded_at: datetime
    checkpoint: Checkpoint
    key: str


# --- the pages


def of_evaluation(task: Task, done: Evaluated) -> Page:
    def page(counted: Counted, _: Case) -> str:
        about = counted.about
        determined = about["determination"]
        what = "试算，尚未公布"
        if determined:
            what = f"第 {determined['number']} 次决定（日志第 {determined['position']} 条记录）"
        rows = [
            (
                _link(f"trees/{one.subject}.json", one.subject),
                one.score,
                one.grade or "—",
                "是" if one.vetoed else "否",
                one.subsidy or "—",
            )
            for one in done.run.results
        ]
        told = {
            "考核": f"{task.ruleset['title']}（{about['name']}）",
            "性质": what,
            "评分标准": about["ruleset"] + ("（示例）" if task.ruleset.get("example") else ""),
            "日历": about["calendar"],
            "结果摘要": _code(done.digest),
        }
        results = _table(("对象", "得分", "等次", "一票否决", "补贴"), rows)
        note = "点开对象可看得分明细：逐项列明采用的记录，未采用的记录及原因。"
        return _page(counted, told, f"<h2>结果</h2><p>{note}</p>{results}")

    return page


def of_case(counted: Counted, case: Case) -> str:
    """Write the page of a complaint, or of a point's period."""
    about, facts = counted.about, case["facts.json"]
    told = {"对象": f"{KINDS.get(about['kind'], '服务点')} {about['name']}"}
    if about["kind"] == "point":
        place = case["point.json"]
        told["名称"] = place["name"]
        told["所在地区"] = "；".join(
            f"{one['division']}（自 {one['from']}）" for one in place["lay"]
        )
        told["期间"] = f"{about['period']}（{about['first']} 至 {about['last']}）"
    told["日历"] = about["calendar"]
    sections = [
        _counted(facts),
        *(_complaint(one) for one in facts if one["fact"] == "complaint"),
        _reports(case) if "reports.json" in case else "",
        _scope(about),
    ]
    return _page(counted, told, "".join(sections))


def _counted(facts: Sequence[Plain]) -> str:
    if not facts:
        return "<h2>内容</h2><p>期间内没有记录。</p>"
    counts = Counter((one["fact"], one["standing"]) for one in facts)
    rows = [
        (KINDS[kind], STANDINGS.get(standing, standing), counts[kind, standing])
        for kind in KINDS
        for standing in sorted({other for of, other in counts if of == kind})
    ]
    kept = [_kept(facts, *one) for one in KEPT]
    shares = [one for one in kept if one]
    measured = _table(("指标", "做到", "共", "未做到的（见 facts.json）"), shares) if shares else ""
    return f"<h2>内容</h2>{_table(('种类', '是否计入', '件'), rows)}{measured}"


KEPT: Final = (
    ("按时首次回应", "service", "response_in_time"),
    ("按时办结", "service", "close_in_time"),
    ("投诉按时受理告知", "complaint", "acknowledged_in_time"),
    ("投诉按时答复", "complaint", "answered_in_time"),
    ("整改按时答复", "rectification", "in_time"),
    ("每月职责已尽", "duty", "fulfilled"),
)


SHOWN_MAX: Final = 10


def _kept(
    facts: Sequence[Plain], title: str, kind: str, field: str
) -> tuple[str, int, int, str] | None:
    """Summarize a promise: how often it was kept among settled ones, and where it was not."""
    said = [
        one
        for one in facts
        if one["fact"] == kind and one["standing"] == "counts" and one[field] is not None
    ]
    if not said:
        return None
    broken = [one.get("month") or one["stream"] for one in said if not one[field]]
    shown = "、".join(broken[:SHOWN_MAX]) + (" 等" if len(broken) > SHOWN_MAX else "")
    return title, len(said) - len(broken), len(said), _code(shown) if shown else "—"


def _complaint(one: Plain) -> str:
    told = {True: "是", False: "否", None: "—"}
    rows = (
        ("收到日期", one["day"]),
        ("状态、轮次", f"{STATUSES[one['status']]}，第 {one['rounds']} 轮"),
        ("按时受理告知", told[one["acknowledged_in_time"]]),
        ("按时答复", told[one["answered_in_time"]]),
        ("当前逾期", told[one["overdue"]]),
        ("投诉人满意", told[one["satisfied"]]),
    )
    return f"<h2>投诉 {_code(one['stream'])}</h2>{_table((), rows)}"


def _reports(case: Case) -> str:
    reports = case["reports.json"]
    if not reports:
        return "<h2>统计表</h2><p>所在地区在期间内没有报送统计表。</p>"
    return "<h2>统计表</h2>" + "".join(_report(one, case) for one in reports)


def _report(one: Plain, case: Case) -> str:
    form, table = case[f"forms/{one['template']}.json"], case[one["table"]]
    fields = form["fields"]
    rows = [[_cell(field, row["cells"]) for field in fields] for row in table["rows"]]
    sums = [one["totals"].get(field["code"], "") for field in fields]
    digest = f"摘要 {_code(one['digest'])}"
    hidden = "；个人信息和其他服务点的文字已遮盖，摘要无法核对" if one["masked"] else ""
    head = f"{escape(form['title'])}，{one['division']}，{one['period']}，第 {one['version']} 版"
    about = f"数据截至第 {one['cut_off']} 条记录，报送人 {escape(one['signer'])}；{digest}{hidden}"
    shown = _table([field["title"] for field in fields], [*rows, ["合计", *sums[1:]]])
    link = _link(one["table"], "原表")
    return (
        f"<h3>{head}</h3><p>{about}；{link}。</p>"
        f"<details><summary>查看表格（{len(rows)} 行和合计）</summary>"
        f'<div class="wide">{shown}</div></details>'
    )


def _cell(field: Plain, cells: Plain) -> Any:
    value = cells.get(field["code"], "")
    if isinstance(value, bool):
        return "是" if value else "否"
    return field.get("options", {}).get(value, value) if isinstance(value, str) else value


def _scope(about: Plain) -> str:
    if about["kind"] != "point":
        return "<h2>范围</h2><p>投诉本身的记录，和所涉服务事项及其评价、整改的记录。</p>"
    return (
        "<h2>范围</h2><p>列入：写明本服务点的事项、评价、投诉、检查和整改；没有写明服务点、但在本"
        "服务点当时所在村（社区）的工作日志、聘任、应尽职责、检查和整改；所在各级地区在期间内报送的"
        "统计表，及所用表样。不列入：写明其他服务点的记录，顾问在其他村（社区）的工作。计算季度、"
        "年度职责用到的同年较早记录也在包内，但不计入本期间。</p>"
    )


# --- what every page has


def _page(counted: Counted, told: Mapping[str, str], middle: str) -> str:
    about = counted.about
    title = f"{TITLES[about['kind']]}：{about['name']}"
    root = base64.b64encode(counted.checkpoint.root).decode()
    sealed = f"共 {counted.checkpoint.size} 条，根 {_code(root)}"
    facts = {
        **{name: _shown(value) for name, value in told.items()},
        "截至": f"日志第 {about['cut_off']} 条记录，记录于 {_local(counted.recorded_at)}",
        "日志": _code(about["log"]),
        "检查点": sealed,
        "首个公钥": _code(counted.key),
        "记录": f"{counted.entries} 条，其中 {counted.states} 条附内容",
    }
    head = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in facts.items())
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>{_marks(counted)}<table>{head}</table>"
        f"{middle}{_check()}{_files(counted.files)}</body></html>\n"
    )


def _marks(counted: Counted) -> str:
    """Write the warnings at the head of the page."""
    marks = []
    if counted.simulation:
        marks.append(
            "<b>模拟日志：</b>整个日志作为模拟建立，其登记时间是情节中的时间，不是真实时间。"
        )
    if counted.simulated:
        marks.append(
            f"<b>模拟数据：</b>附内容的 {counted.states} 条记录中有 {counted.simulated} 条是模拟"
            "产生的，不是真实发生的事。"
        )
    last, known = counted.about.get("last", ""), _china(counted.recorded_at).date().isoformat()
    if counted.about["kind"] == "point" and known <= last:
        marks.append(f"<b>期间尚未结束：</b>只到 {known} 为止；之后发生和补录的不在其中。")
    if counted.about["personal"]:
        marks.append(
            "<b>含个人信息：</b>姓名、电话、经过等未遮盖。由谁、为何调取，已记入日志；请妥善保管，"
            "不得外传。"
        )
    elif counted.masked:
        marks.append(
            f"<b>已遮盖个人信息：</b>{counted.masked} 条记录中的姓名、电话、经过等文字以 ＊＊＊ "
            "代替，这些记录的内容无法与封存的摘要核对；编号、时间、期限、结果未遮盖。"
        )
    shown = "".join(f'<p class="mark">{one}</p>' for one in marks)
    whole = (
        "包含日志自第 1 条起的全部记录，可以证明没有遗漏。"
        if counted.about["whole"]
        else "只包含有关的记录；是否还有其他有关记录，须以完整日志核对（anjuan verify）。"
    )
    return f'{shown}<p class="mark ok"><b>完整性：</b>{whole}</p>'


def _check() -> str:
    return (
        "<h2>如何核验</h2><p>解压后在本目录运行（不联网，不需要安装其他软件）：</p>"
        "<pre>python3 verify.py --key 事先掌握的公钥文件</pre>"
        "<p>第一行以 <code>OK:</code> 开头即全部相符；是 <code>FAILED</code> 则写明哪个文件、"
        "哪一处不符。它核对：清单与文件、每条记录的规范字节与摘要、对检查点的证明、检查点的签名、"
        "事件序号是否连续、每项承诺的期限，并由记录重新计算本页的结果。不信任本包时，用自己留存的"
        "核验程序（<code>verify.py</code> 连同 <code>code</code> 目录）："
        "<code>python3 verify.py 本包.zip --key 公钥文件</code>。"
        "本页只供阅读，以记录和核验结果为准。</p>"
    )


def _files(names: Sequence[str]) -> str:
    there = [one for one in CONTENTS.items() if any(name.startswith(one[0]) for name in names)]
    return f"<h2>文件</h2>{_table(('文件', '内容'), there)}"


class _Markup(str):
    __slots__ = ()


def _code(text: str) -> str:
    return _Markup(f"<code>{escape(text)}</code>")


def _link(place: str, text: str) -> str:
    return _Markup(f'<a href="{escape(place)}">{escape(text)}</a>')


def _table(head: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(map(_td, row)) + "</tr>" for row in rows)
    return f"<table>{f'<tr>{names}</tr>' if names else ''}{body}</table>"


def _td(value: Any) -> str:
    return f'<td class="n">{value}</td>' if isinstance(value, int) else f"<td>{_shown(value)}</td>"


def _shown(value: object) -> str:
    return value if isinstance(value, _Markup) else escape(str(value))


def _local(at: datetime) -> str:
    return f"{_china(at):%Y-%m-%d %H:%M:%S}（北京时间）"


def _china(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(CHINA))
