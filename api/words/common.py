"""Words that more than one noun has, and those of every operation."""

from typing import Final

WORDS: Final = {
    "Actor": (
        "操作人：账号、岗位和当时所在单位，随每个事件记录 (who acts, in which role and for which "
        "unit at that moment)"
    ),
    "Actor.adviser": "所代表的法律顾问；空：不是法律顾问 (the adviser that it is; null: none)",
    "Actor.unit": "当时所代表的服务点编号或区划代码 (code of the point or division acted for then)",
    "Answer": "操作的结果 (what a command did)",
    "Answer.position": (
        "记录位置，查询时可作 wait_for；空：无须记录 (what wait_for takes when reading; null: "
        "there was nothing to do)"
    ),
    "Answer.recorded_at": "记录时间；空：无须记录 (recorded at; null: there was nothing to do)",
    "Basis": (
        "回答所依据的记录：到某一位置为止的全部事件 (what an answer stands on: every event up to a "
        "position)"
    ),
    "Basis.as_known_at": "所问的时点；空：现在 (the time asked about; null: now)",
    "Basis.position": (
        "回答所依据的最后一个记录位置 (every event up to this position, none after it)"
    ),
    "Basis.recorded_at": (
        "最后一个事件的记录时间；空：没有事件 (when its last event was recorded; null: there is "
        "none)"
    ),
    "CatalogFound.version": (
        "内容的版本，随内容变化 (version of the content: another wherever it differs)"
    ),
    "Choice": "一种选项的全部取值和名称 (a choice with all of its values and labels)",
    "Choice.fields": "使用该选项的字段，结构.字段 (fields that take it, as struct.field)",
    "Difference": "同一查询在两个时点的差异 (what differs between the answers of two times)",
    "Difference.events": (
        "两个时点之间该对象的事件；空：不是一个对象 (recorded between the two in the stream of the "
        "one thing; null: it is about many)"
    ),
    "Difference.now": "较晚的时点 (the later time)",
    "Difference.then": "较早的时点 (the earlier time)",
    "ExternalId": "外部系统中的编号 (an id in another system)",
    "ExternalId.id": "外部系统中的编号 (id in the other system)",
    "ExternalId.source": "外部系统 (the other system)",
    "FieldChange": "一个字段的差异 (a field that differs)",
    "FieldChange.field": "在回答或行中的位置，JSON 指针 (where it is: a JSON pointer)",
    "FieldProblem": "一个字段的错误 (what is wrong with one field)",
    "FieldProblem.field": "字段的路径；空：整个请求体 (path of the field; empty: the whole body)",
    "FormChoice": "表样中一个选择题的选项 (the options of a question of a form)",
    "FormChoice.field": "栏目的编号 (code of the field)",
    "ListChange": "一个列表的差异 (a list whose rows differ)",
    "ListChange.at": "列表在回答中的位置，JSON 指针 (where the list is: a JSON pointer)",
    "Live": "进程在运行 (the process runs)",
    "Live.status": "总为 ok：进程在运行 (always ok: the process runs)",
    "MeFound.account": "本人账号 (my account)",
    "MeFound.adviser": "本人的法律顾问编号；空：不是顾问 (my adviser's code; null: no adviser)",
    "MeFound.role": "本人岗位 (my role)",
    "MeFound.unit": "本人单位 (my unit)",
    "MeFound.waiting": "等待本人办理的各项 (what waits for me)",
    "Nothing": "空对象，或者没有请求体 (an empty object, or no body at all)",
    "Option": "一个取值和它的名称 (a value with its labels)",
    "Option.value": "值 (value)",
    "ProblemDetails": "错误，RFC 9457 格式 (a problem, by RFC 9457)",
    "ProblemDetails.detail": "具体说明 (what it was about)",
    "ProblemDetails.status": "HTTP 状态码 (HTTP status)",
    "ProblemDetails.title": "错误的名称，供人阅读 (what is wrong, for people)",
    "Ready": "能否提供服务及其原因 (whether it can serve, and why not)",
    "Ready.lag": (
        "最慢的视图落后的事件数；空：未知 (events the slowest view is behind; null: unknown)"
    ),
    "Ready.status": "能否提供服务 (whether it can serve)",
    "Ready.views": "各查询视图的状态：落后是否在允许范围内 (no further behind than allowed)",
    "RowChange": "两个时点都有而内容不同的一行 (a row that differs)",
    "RowChange.key": "该行的识别值 (what the row is told apart by)",
    "RowOfOne": "只在一个时点有的一行 (a row that one of the two answers has)",
    "RowOfOne.key": "该行的识别值 (what the row is told apart by)",
    "RowOfOne.row": "该行的内容 (the row)",
    "Side": "对照的一个时点及其所依据的记录 (what one of the two answers stands on)",
    "Side.as_known_at": "所问的时点；空：现在 (the time asked about; null: now)",
    "Side.position": "该时点所依据的最后一个记录位置 (every event up to this position)",
    "Side.recorded_at": "最后一个事件的记录时间 (when the last event of the basis was recorded)",
    "Visitor": "来访人的姓名和电话 (name and phone of a visitor)",
    "Visitor.name": "姓名 (name)",
    "Waiting": "一项待办：件数和清单 (an inbox: how many, and the list)",
    "Waiting.count": "件数 (how many)",
    "Waiting.link": "清单的地址 (the list that holds them)",
    "Waiting.what": "待办的名称 (name of the inbox)",
    "Idempotency-Key": (
        "由调用方选定，一次操作一个；同一个键再次发送，得到同样的回答，不会重复记录 (one key per "
        "intended change: sent again, it answers again)"
    ),
    "If-Match": "调用方所见的版本，即 ETag 的值 (the version that the caller saw, as in its ETag)",
    "If-None-Match": (
        "已有回答的 ETag；没有变化则返回 304 (ETag of the answer at hand: 304 where nothing "
        "changed)"
    ),
    "Last-Event-ID": (
        "从这个记录位置之后继续；不带则从现在开始 (go on after this position; without it, from now "
        "on)"
    ),
    "abolished_on": "自哪一天起撤销；空：未撤销 (first day without it; null: it exists)",
    "absent": "缺席的单位或者人数 (organs that were absent, or how many people)",
    "account": "账号 (account)",
    "active": "是否在用或在任 (in service or in office)",
    "adviser": "法律顾问的编号 (adviser's code)",
    "allowed": "当前岗位可办的操作 (names of the commands that the asking role may give now)",
    "among": "在哪些记录之中计数；没有这些记录的，无从计量 (what it is counted among)",
    "amount": "延长几个单位 (how much longer)",
    "announced_at": "放假通知等公布的时间 (when the notice was made)",
    "announced_by": "登记人 (announced by)",
    "answered_at": "答复时间 (answered at)",
    "answered_by": "答复人 (answered by)",
    "answers": "检查表各题的回答 (answers by the question's code)",
    "arrangement": "不服从的工作安排 (the arrangement that was refused)",
    "basis": "依据 (legal basis)",
    "by": "按何分组 (grouped by)",
    "calendar": "工作日历，编号@版本 (calendar, as code@version)",
    "cancelled": "是否已撤销 (cancelled)",
    "changed": "有变化的行 (rows that differ)",
    "channel": "来源渠道 (channel)",
    "choices": "全部选项 (every choice)",
    "clock": (
        "时钟：明显早于最后一条记录时停止写入 (clock; failing: far behind the last record, "
        "nothing is written)"
    ),
    "closed_at": "关闭时间 (closed at)",
    "code": "编号 (code)",
    "column": "栏目的编号 (column's code)",
    "comment": "评价或回访意见 (comment)",
    "committee": "村（居）民委员会的意见 (opinion of the committee)",
    "compared_to": (
        "对照两个时点所知（本参数与 as_known_at；后者不带则为现在），只答差异，不分先后。"
        "列表整体对照，最多 5,000 行，不受 limit 限制，不得带 cursor (answer with what differs "
        "between what was known at this time and at as_known_at, or now. A list is compared whole, "
        "up to 5,000 rows: limit has no part in it, and cursor is refused)"
    ),
    "confirmed": "是否已确认 (confirmed)",
    "current_version": "对象现在的版本 (present version of the thing)",
    "cursor": (
        "下一页的起点，取自 next_cursor，只用于同一查询 (where the next page begins: taken from "
        "next_cursor, good for the same question only)"
    ),
    "cut_off": (
        "截止的记录位置，之后记录的不计入 (log position: what was recorded after it is not in it)"
    ),
    "database": "数据库的状态 (state of the database)",
    "day": "当地日期 (local day)",
    "decided_by": "决定人 (decided by)",
    "detail": "详细情况 (details)",
    "device": "设备的编号 (device's code)",
    "digest": "摘要值，SHA-256 (digest)",
    "division": "行政区划代码 (division code)",
    "doubt": "疑点 (doubt)",
    "doubted": (
        "有哪些疑点的工作仍可登记，待排除或退回；其余的不予登记 (doubts with which work is taken)"
    ),
    "due": "到期时间 (due)",
    "due_before": "期限在此之前 (due before)",
    "effective_from": "自此日起施行 (in force from this day)",
    "en": "英文 (in English)",
    "ends_on": "聘期的最后一天 (last day of the term)",
    "entered_at": "首次登记的时间 (when it was first entered)",
    "errors": "逐个字段的错误 (errors, field by field)",
    "events": (
        "两个时点之间有关对象的事件；空：该行为合计数 (recorded between the two in the streams of "
        "the row; null: a row of figures)"
    ),
    "evidence": "佐证材料的摘要值 (digests of the evidence)",
    "example": "是否为示例：并无规定 (an example: nobody prescribed it)",
    "external": "外部系统的编号 (id in another system)",
    "external_id": "外部系统中的编号 (id in the other system)",
    "faults": "未能处理的事件数 (events that it could not take in)",
    "fields": "有差异的字段 (fields that differ)",
    "findings": "发现的问题 (findings)",
    "firm": "律师事务所（基层法律服务所）的编号 (firm's code)",
    "first": "第一天 (first day)",
    "first_year": "第一年 (first year)",
    "form": "表样，编号@版本 (form, as code@version)",
    "forms": "各表样的选项 (choices of the forms)",
    "from": "来访或来电日期自此日起，含当日 (requested from this local day, inclusive)",
    "grade": "等级，5 到 1 (grade, 5 to 1)",
    "ground": "理由 (ground)",
    "id": "标识 (id)",
    "in_time": "按时兑现的件数 (kept in time)",
    "in_time_on_record": "按登记时间是否按时 (in time by when it was on record)",
    "key": "分组的值；空：没有 (what the row is about; null: none)",
    "kind": "类别 (kind)",
    "known": "否：当时没有可答的内容 (false: there was nothing to answer with)",
    "last": "最后一天，含当日 (last day, inclusive)",
    "last_year": "最后一年 (last year)",
    "late": "是否补录 (entered late)",
    "late_reason": "补录的原因 (why it is entered late)",
    "leader": "领导的账号 (leader's account)",
    "legal_aid": "法律援助的状态 (status of the legal-aid application)",
    "licence": "执业证号 (licence)",
    "limit": "每页最多几行 (rows a page)",
    "lists": "有差异的列表 (lists whose rows differ)",
    "may": "可用的操作和查询的名称 (names of the operations that the role may ask for)",
    "measure": "计量方式 (how it is measured)",
    "media_type": "文件类型 (media type)",
    "members": "成员：法律顾问的编号 (codes of the advisers in it)",
    "merged_into": (
        "并入的区划代码；空：没有并入 (code of the division it became part of; null: none)"
    ),
    "message": "错误说明 (what is wrong)",
    "met_by_later_entry": (
        "按发生时间按时、按登记时间逾期的件数 (in time by when it happened, not by when it was "
        "on record)"
    ),
    "minutes": "分钟数 (minutes)",
    "missed": (
        "未按时兑现的件数，不因补录而改变 (kept too late, neither kept nor stopped when due, or "
        "recorded as missed)"
    ),
    "mode": "服务方式 (mode of service)",
    "name": "名称 (name)",
    "next_cursor": "下一页的起点；空：没有下一页 (where the next page begins; null: there is none)",
    "note": "备注 (note)",
    "noted": "其中只记录不满意、未成为投诉的件数 (of these: dissatisfactions that were only noted)",
    "now": "较晚时点的值；没有则不带 (value at the later time; left out where it was not there)",
    "number": "序号 (number)",
    "occurred_at": (
        "发生时间；不带则为现在，RFC 3339 格式带时区 (when it happened, if not now: RFC 3339 with "
        "offset)"
    ),
    "of": "所计的记录 (the facts that count)",
    "on": "这一天；不带则为今天或全部 (on this day)",
    "only_now": "只在较晚时点有的行 (rows of the later time only)",
    "only_then": "只在较早时点有的行 (rows of the earlier time only)",
    "open": "未办结的件数 (open)",
    "options": "选项，编号和文字 (choices: code and text)",
    "overdue": "是否逾期 (overdue)",
    "paused": "时限是否暂停 (whether the clock stands still)",
    "period": "期间 (period)",
    "person": "当事人的编号 (person's code)",
    "phone": "电话 (phone)",
    "place": "地点 (place)",
    "point": "服务点的编号 (service point's code)",
    "point_kind": "服务点的类别 (kind of point)",
    "point_name": "服务点的名称 (service point's name)",
    "policy": "所依规则，编号@版本 (policy, as code@version)",
    "position": "记录位置 (position in the log)",
    "practising_since": "执业起始日期 (practising since)",
    "promises": "时限 (promises)",
    "provider": "对口单位的类别 (kind of provider)",
    "provisional": "是否按预测的日历推算 (by a forecast calendar year)",
    "purpose": "目的 (purpose)",
    "reason": "原因 (reason)",
    "reclassified": "更改类别的次数 (how often it was reclassified)",
    "recorded_at": "记录时间 (recorded at)",
    "request": "事项的标识 (request)",
    "residents": "村（居）民的意见 (opinion of the residents)",
    "residents_heard": "听取意见的村（居）民人数 (residents heard)",
    "result": "结果 (result)",
    "results": "结果 (results)",
    "role": "当时的岗位 (role at that moment)",
    "round": "第几轮，重新打开后加一 (round: one more after each reopening)",
    "row": "第几行，序号 (the row's number)",
    "rows": "各行 (rows)",
    "schema": (
        "数据库结构的状态：是否与程序相符 (state of the database schema: whether it is this "
        "program's)"
    ),
    "service": "服务类别 (service)",
    "services": "服务项目；空：全部 (services; empty: all)",
    "set_aside": "改为咨询时停下的时限 (promises that ran when it was made a consultation)",
    "sha256": "内容的 SHA-256 摘要值 (SHA-256 of the content)",
    "simulated": "是否为模拟数据，与真实的人无关 (a simulation: nothing is about real people)",
    "since": "起始时间 (since)",
    "size": "抽取数量 (how many are drawn)",
    "sources": "作为依据的对象 (what it was made from)",
    "starts_at": "开始时间 (starts at)",
    "starts_on": "聘期的第一天 (first day of the term)",
    "state": "现状 (as it stands)",
    "status": "状态 (status)",
    "stream": "对象的标识 (the thing's id)",
    "summary": "简要情况 (summary)",
    "suspect": (
        "有事件未能处理，本行可能不全 (an event of it could not be taken in: the row may be wrong)"
    ),
    "team": "律师团队的编号 (team's code)",
    "text": (
        "检索词，空格分隔，每个都须出现 (words separated by blanks; each must be said somewhere)"
    ),
    "then": "较早时点的值；没有则不带 (value at the earlier time; left out where it was not there)",
    "title": "标题 (title)",
    "to": "至此日止，不含当日 (before this local day)",
    "touched": (
        "有关事项的各类事件数；空：不只涉及事项 (events of each kind in the requests it is made "
        "of; null: not of requests alone)"
    ),
    "trace_id": "本次请求的追踪标识 (trace id)",
    "type": "错误的名称，固定不变 (stable name of the problem)",
    "unit": "单位的编号 (unit's code)",
    "until": "截止时间 (until)",
    "value": "分数或次数，十进制 (points or how often, as a decimal)",
    "version": "对象的版本，If-Match 须用 (version of the thing: what If-Match wants)",
    "version_position": "最近一次变化的记录位置 (position of its newest change)",
    "versions": "各个版本，先后为序 (versions, oldest first)",
    "village": "村（社区）的区划代码 (village's division code)",
    "visitor": "来访人 (visitor)",
    "voided": "是否已作废 (voided)",
    "wait_for": (
        "回答须包含到此记录位置（X-Position），最多等 2 秒 (a position that the answer must "
        "include; waits up to 2 s)"
    ),
    "what": "缺口的种类 (what is missing)",
    "when_none": (
        "没有可计的记录时的数值；not_scored：该项不计分 (value where there is nothing to measure; "
        "not_scored: the item is not scored)"
    ),
    "when_none_basis": ("没有可计的记录也给分的依据 (basis of points for nothing measured)"),
    "window": "窗口 (window)",
    "windows": "全部窗口的编号；空：没有登记窗口 (codes of all windows; none: they are not listed)",
    "withdrawn_because": "撤销的原因；空：没有撤销 (why it was withdrawn; null: it was not)",
    "work_order": "热线工单号 (hotline ticket)",
    "year": "年份 (year)",
    "zh": "中文 (in Chinese)",
    "zone": "时区 (time zone)",
}
