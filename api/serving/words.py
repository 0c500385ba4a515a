"""The words of the OpenAPI document: what each field, parameter and struct means to its readers, in
Chinese with the English term. A row is looked up by `described`; `document` writes it down."""

from typing import Final

FIELDS: Final = {
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
    "abolished": "是否已撤销 (abolished)",
    "abolished_on": "自哪一天起撤销；空：未撤销 (first day without it; null: it exists)",
    "absences": "无正当理由的缺席：法律顾问和日期 (unexcused absences: adviser and day)",
    "absences_to_dismiss": (
        "聘期内无故缺席达到几次可以解聘 (unexcused absences within a term from which on one may be "
        "dismissed)"
    ),
    "absent": "缺席的单位或者人数 (organs that were absent, or how many people)",
    "accepted": "是否已受理 (accepted)",
    "account": "被投诉的账号 (account complained of)",
    "accuracy": (
        "到期时限中按时兑现的比例，0 到 1 (kept in time, as a share of those that came due)"
    ),
    "accuracy_on_record": (
        "按登记时间计的按时比例；已记录为未按时的也算到期 (share kept in time by when it was on "
        "record; what was recorded as missed came due)"
    ),
    "active": "是否在用或在任 (in service or in office)",
    "activities": "活动次数 (activities)",
    "activity": "活动类别 (kind of activity)",
    "actor": "操作人 (actor)",
    "add": "增加的考核对象的编号 (codes of the subjects to add)",
    "addressee": "整改对象 (who is to put it right)",
    "addressee_kind": "整改对象的类别 (kind of addressee)",
    "adjustments": "报送以后的变化 (changes since the submission)",
    "adviser": "法律顾问的编号 (adviser's code)",
    "agency": "法律援助机构的编号 (code of the legal-aid agency)",
    "agenda": "议题 (agenda)",
    "agreed": "是否同意检查结果 (agrees with the result)",
    "agrees": (
        "重新计算的得分依据是否与公布的一致；空：尚未公布 (computed again it is the published one; "
        "null: nothing is published)"
    ),
    "all_at": "得满分的数值 (the number that earns all the points)",
    "allowed": "当前岗位可办的操作 (names of the commands that the asking role may give now)",
    "amount": "延长几个单位 (how much longer)",
    "announced": "抽查的登记 (the announcement)",
    "announced_at": "放假通知等公布的时间 (when the notice was made)",
    "announced_by": "登记人 (announced by)",
    "anonymous": "是否匿名 (anonymous)",
    "answer": "答复内容 (answer)",
    "answered": "对异议的答复；空：尚未答复 (answer to the objection; null: not yet)",
    "answered_at": "答复时间 (answered at)",
    "answered_by": "答复人 (answered by)",
    "answers": "检查表各题的回答 (answers by the question's code)",
    "any_of": "其中任何一组条件成立即可 (one of these sets of conditions must hold)",
    "appeal": "复核 (appeal)",
    "appeal_until": "可申请复核的截止时间 (until when an appeal may be filed)",
    "appointed_at": "约定的时间；空：没有约期 (hour appointed; null: none)",
    "appointed_for": "约期的目的 (what the hour is appointed for)",
    "appointed_from": "约期自此时起，含 (hour appointed from this time on)",
    "appointed_to": "约期至此时止，不含 (hour appointed before this time)",
    "appointment": "约定的时间和目的 (appointment made)",
    "approaching": "临近到期的件数 (due soon)",
    "approaching_days": (
        "到期前几天算临近到期 (days before it is due from which on a promise is approaching)"
    ),
    "approaching_until": "从现在到此时到期的算临近到期 (what is due until then is approaching)",
    "approved": "是否同意 (approved)",
    "approved_by": "批准人 (approved by)",
    "arrangement": "不服从的工作安排 (the arrangement that was refused)",
    "as_known_at": "按当时所知作答的时点 (the time whose knowledge this stands on)",
    "asked": "进行中的复查、复核；空：没有 (the review that is under way; null: none)",
    "asked_at": "邀请的时间 (when the person was asked)",
    "asked_by": "申请人 (asked by)",
    "aspects": "工作作风问题：为民、务实、清廉、高效 (aspects of working style)",
    "assigned": "最近一次交办；空：尚未交办 (newest assignment; null: none)",
    "at": "办理时间 (at)",
    "at_least": "下限，含本数 (at least, inclusive)",
    "at_most": "上限，含本数 (at most, inclusive)",
    "at_window": "窗口 (window)",
    "attended": "出席人员及计入的时长 (who attended, with the minutes credited)",
    "attending": "参加单位 (organs that attended)",
    "authority": "作出处罚的机关 (deciding authority)",
    "awareness_answered": (
        "知晓率一问的答复人数；空：未问 (who answered on awareness; null: not asked)"
    ),
    "awareness_positive": "其中知晓的人数；空：未问 (of them, those aware; null: not asked)",
    "bands": "分档计分，取第一个符合的 (bands: the first that holds)",
    "bans": (
        "暂停聘用：法律顾问和可再次聘用的第一天 (adviser, and the first day of a possible new "
        "appointment)"
    ),
    "basis": "依据 (legal basis)",
    "begun_at": "收到时间，时限从此起算 (received at: time limits start here)",
    "below": "低于此分 (a score below this)",
    "bonuses": "加分项 (bonus items)",
    "bureau": "复查不予援助决定的司法行政部门 (justice bureau that reviews the refusal)",
    "by": "按何分组 (grouped by)",
    "calendar": "工作日历，编号@版本 (calendar, as code@version)",
    "callback": "回访所得评价的件数 (ratings given when called back)",
    "called_back": "是否已回访评价 (rated when called back)",
    "called_by": "回访人 (called by)",
    "cancelled": "是否已撤销 (cancelled)",
    "candidate": "候选的法律顾问 (adviser who is a candidate)",
    "candidates": "人选 (candidates)",
    "cap": "最多扣分 (at most so much in all)",
    "capacity": "以何身份服务 (the role in which one served)",
    "causation": "引起本事件的事件标识 (id of the event that caused it)",
    "cause": "暂停原因 (cause of the pause)",
    "ceiling": "含加分的最高分；空：不限 (highest score with bonuses; null: no limit)",
    "cells": "各栏的值 (cells by the column's code)",
    "change": "变化：增加、移出或改动 (added, removed or changed)",
    "changed": "有变化的行 (rows that differ)",
    "channel": "来源渠道 (channel)",
    "checklist": "检查表，编号@版本 (checklist, as code@version)",
    "checkpoint": "所依据的封存点 (checkpoint of the sealed log that it rests on)",
    "choices": "全部选项 (every choice)",
    "chosen": "选定的法律顾问的编号 (adviser chosen)",
    "chosen_firm": "被选定顾问的律所，由其答复 (firm of the chosen adviser, which has to answer)",
    "cites": "所更正的决定的摘要值 (digest of the determination that it corrects)",
    "claim": "投诉请求 (what was claimed)",
    "cleared": "已排除的疑点 (doubts that were cleared)",
    "client_category": "服务对象类别 (category of the person served)",
    "clients": "各类服务对象的人次 (people served, by category)",
    "clock": (
        "时钟：明显早于最后一条记录时停止写入 (clock; failing: far behind the last record, "
        "nothing is written)"
    ),
    "close_in_time_on_record_share": (
        "按登记时间计，按时办结的比例 (share of closings on record in time)"
    ),
    "close_in_time_share": "按时办结的比例，0 到 1 (share closed in time)",
    "close_kind": "办结方式 (how it was closed)",
    "close_kinds": "办结方式；空：不限 (kinds of closing; empty: any)",
    "closed": "办结的件数 (closed)",
    "closed_at": "关闭时间 (closed at)",
    "closed_day": "办结日期 (day of closing)",
    "co_handled": "本单位协办的件数 (co-handled by the asking unit)",
    "co_handlers": "协办单位 (co-handling units)",
    "code": "编号 (code)",
    "column": "栏目的编号 (column's code)",
    "command_id": "操作的标识 (id of the command)",
    "comment": "评价或回访意见 (comment)",
    "committee": "村（居）民委员会的意见 (opinion of the committee)",
    "compared_to": (
        "对照两个时点所知（本参数与 as_known_at；后者不带则为现在），只答差异，不分先后。"
        "列表整体对照，最多 5,000 行，不受 limit 限制，不得带 cursor (answer with what differs "
        "between what was known at this time and at as_known_at, or now. A list is compared whole, "
        "up to 5,000 rows: limit has no part in it, and cursor is refused)"
    ),
    "complainant": "投诉人；空：匿名 (complainant; null: anonymous)",
    "complaints": "投诉的规则；空：不涉及 (rules of complaints; null: none)",
    "concern": "投诉的问题类别 (what is complained of)",
    "conducted": "调查登记的内容 (the survey as entered)",
    "conducted_by": "由谁调查 (who conducted it)",
    "conducted_on": "调查完成的日期 (last day of the survey)",
    "confirmation": "司法确认的状态 (status of the judicial confirmation)",
    "confirmed": "是否已确认 (confirmed)",
    "consented": "当事人是否同意 (whether the person consented)",
    "contact": "告知方式 (how the person was told)",
    "contracted": "是否签过合同 (whether a contract was ever signed)",
    "corrected": "更正的次数 (how often it was corrected)",
    "corrected_by": "执行该决定的更正决定的序号 (number of the determination that carried it out)",
    "correlation": "同一连串事件的标识 (id shared by the events of one chain)",
    "count": "总体的数量 (size of the population)",
    "counted": "核查后是否计入 (counts after being looked at)",
    "counting": "计缺少的数量，或者计未达标的期数 (how much is missing, or in how many periods)",
    "counts": "各项件数 (counts)",
    "court": "法院 (court)",
    "credited_minutes": "计入个人的分钟数合计 (minutes credited in all)",
    "crossed": (
        "第二个分组的值；只按一项分组时为空 (value of the second grouping; null without one)"
    ),
    "current_version": "对象现在的版本 (present version of the thing)",
    "cursor": (
        "下一页的起点，取自 next_cursor，只用于同一查询 (where the next page begins: taken from "
        "next_cursor, good for the same question only)"
    ),
    "cut_off": (
        "截止的记录位置，之后记录的不计入 (log position: what was recorded after it is not in it)"
    ),
    "cut_offs": "两次各自截止的记录位置 (cut-off of either)",
    "data": "事件内容 (what happened)",
    "database": "数据库的状态 (state of the database)",
    "day": "当地日期 (local day)",
    "days": "天数 (days)",
    "decided": "复核决定；空：尚未决定 (decision on the appeal; null: not yet)",
    "decided_at": "决定时间 (decided at)",
    "decided_by": "决定人 (decided by)",
    "decided_on": "决定日期 (day of the decision)",
    "deciders": "可审查、决定和指派法律援助的岗位 (roles that decide on legal aid)",
    "decision": "复查、复核决定 (decision of the review)",
    "decisions": "议定事项 (decisions)",
    "default": "默认评价的件数 (default ratings)",
    "default_after_days": (
        "几天不评价按默认评价计 (days of silence after which the default rating applies)"
    ),
    "default_grade": "默认评价的等级 (default grade)",
    "defaulted": "是否已按默认评价计 (rated by default)",
    "demand": "督办要求 (what the supervisor demands)",
    "detail": "详细情况 (details)",
    "determination": "考核决定的序号 (number of the determination)",
    "determinations": "考核决定，先后为序 (determinations, oldest first)",
    "determined": (
        "公布的得分依据的摘要值；空：尚未公布 (digest of the published score tree; null: nothing "
        "is published)"
    ),
    "device": "设备的编号 (device's code)",
    "devices": "服务评价器所在窗口 (rating devices and their windows)",
    "differences": "有差异的考核对象 (subjects whose results differ)",
    "digest": "摘要值，SHA-256 (digest)",
    "display_up": "是否有公示 (whether the display is up)",
    "displays": "张贴公示的起止日期 (spans of public display)",
    "dispute": "评价申诉的状态 (status of the dispute about the rating)",
    "dissatisfied": "不满意的件数 (dissatisfied)",
    "dissolved_at": "解散时间；空：没有解散 (dissolved at; null: it stands)",
    "division": "行政区划代码 (division code)",
    "division_name": "区划的名称；空：名册中没有 (name of the division as listed; null: it is not)",
    "division_source": "区划代码的来源 (source of the division code)",
    "done": "至月底已完成的数量 (done up to the month's end)",
    "done_on": "落实日期；空：尚未落实 (day it was done; null: not yet)",
    "doubt": "疑点 (doubt)",
    "doubted_count": (
        "总体中存疑未决、加权抽取的数量 (how many of the population are doubted and weigh more)"
    ),
    "doubted_sample_weight": (
        "随机抽查中存疑未决的工作日志按几份计（示例） (weight of doubted work in random samples)"
    ),
    "doubted": (
        "有哪些疑点的工作仍可登记，待排除或退回；其余的不予登记 (doubts with which work is taken)"
    ),
    "doubtful": "其中有疑点、尚未核查的分钟数 (minutes among them that are doubtful)",
    "doubtful_work": "有疑点的工作日志 (doubtful work-log entries)",
    "doubts": "疑点 (doubts)",
    "drawn": (
        "抽中的对象，先后为序；空：尚未抽取 (what was drawn, in the order drawn; empty: not yet)"
    ),
    "due": "到期时间 (due)",
    "due_before": "期限在此之前 (due before)",
    "due_by": (
        "同一对象在到期条件的记录中所用的字段 (the field by which the due facts are told apart, "
        "where it has another name)"
    ),
    "due_name": "将到期的时限的名称 (name of the promise that is due)",
    "duplicate_of": "重复于哪些事项 (the requests that it duplicates)",
    "duplicates": "重复于其他事项的次数 (how many requests it duplicates)",
    "duty": "法律顾问履职的规则 (rules of advisers' duties)",
    "each": "每一个计几分 (points for each)",
    "effective_by": "在此日或以前施行的 (in force on this day or before)",
    "effective_from": "自此日起施行 (in force from this day)",
    "effective_on": "生效日期 (effective on)",
    "en": "英文 (in English)",
    "ended": "是否已了结 (ended)",
    "ended_at": "结束时间 (ended at)",
    "ends_at_midnight": "是否到当日 24 时届满 (whether the last day ends at midnight)",
    "ends_from": "合同最后一日自此日起，含 (last day of the contract from this day on)",
    "ends_on": "聘期的最后一天 (last day of the term)",
    "entered_at": "首次登记的时间 (when it was first entered)",
    "ends_until": "合同最后一日至此日止，含 (last day of the contract until this day, inclusive)",
    "entry_allowance_hours": (
        "事后多少小时内登记不须说明补录原因 (hours after which an entry needs a reason)"
    ),
    "errors": "逐个字段的错误 (errors, field by field)",
    "evaluation": "考核的标识 (evaluation)",
    "evaluations": "全部考核 (evaluations)",
    "event_id": "事件的标识 (id of the event)",
    "events": (
        "两个时点之间有关对象的事件；空：该行为合计数 (recorded between the two in the streams of "
        "the row; null: a row of figures)"
    ),
    "evidence": "佐证材料的摘要值 (digests of the evidence)",
    "evidence_required": "是否须附佐证材料 (whether evidence must be given)",
    "evidence_waiting": "待上传的佐证材料份数 (pieces of evidence that are waited for)",
    "example": "是否为示例：并无规定 (an example: nobody prescribed it)",
    "excluded": "是否不计该评价 (whether the rating is left out)",
    "excluding": "符合其中一项的不计 (what fits one of these is left out)",
    "exempt": "免邀请所依的规则；空：没有 (rule by which nobody is invited; null: none)",
    "exemptions": "不邀请评价的情形 (services nobody is invited to rate)",
    "exhibits": "佐证材料 (evidence and whether it is stored)",
    "expires_at": (
        "首次评价的截止时间，之后可按默认评价计 (until when the first rating may be given; "
        "afterwards silence may count as the default)"
    ),
    "explanation": "到期时间的逐步推算 (how the due time was computed, step by step)",
    "explicit": "主动评价的件数 (explicit ratings)",
    "extended_by": "历次延期的数量 (amounts of its extensions)",
    "extension_amount_max": "每次延期最多多少 (most that one extension may add)",
    "extension_approver": "可批准延期的岗位 (role that may approve an extension)",
    "extensions": "本轮的延期 (extensions of the present round)",
    "extensions_max": "最多延期几次 (most extensions)",
    "external": "外部系统的编号 (id in another system)",
    "external_id": "外部系统中的编号 (id in the other system)",
    "external_source": "外部系统 (the other system)",
    "fact": "所计的记录的类别 (kind of the facts that count)",
    "facts": "查明的事实 (facts found)",
    "faults": "未能处理的事件数 (events that it could not take in)",
    "field": "计不同取值的字段 (field whose different values are counted)",
    "fields": "有差异的字段 (fields that differ)",
    "filed": "提出的异议 (the objection filed)",
    "filed_at": "提出时间 (filed at)",
    "filed_by": "提出人 (filed by)",
    "findings": "发现的问题 (findings)",
    "finished_day": "了结日期 (day it was finished)",
    "firm": "律师事务所（基层法律服务所）的编号 (firm's code)",
    "firm_name": "律所的名称；空：名册中没有 (name of the firm as registered; null: it is not)",
    "first": "第一天 (first day)",
    "first_choice_answered": (
        "首选率一问的答复人数；空：未问 (who answered on first choice; null: not asked)"
    ),
    "first_choice_positive": (
        "其中首选的人数；空：未问 (of them, those who turn to it first; null: not asked)"
    ),
    "first_contact": "首问责任人 (first contact, who stays responsible)",
    "first_response_in_time_on_record_share": (
        "按登记时间计，按时首次响应的比例 (share of first responses on record in time)"
    ),
    "first_response_in_time_share": "首次答复按时的比例，0 到 1 (share of first responses in time)",
    "first_year": "第一年 (first year)",
    "floor": "最低分 (least points)",
    "follow": "后果：整改、调整或退出 (what follows: rectification, replacement, exit)",
    "follow_up": "后续工作 (follow-up)",
    "follow_ups": "考核的后续：整改、调整或退出 (what follows from the results)",
    "followed_up": "是否已追评 (followed up)",
    "form": "表样，编号@版本 (form, as code@version)",
    "forms": "各表样的选项 (choices of the forms)",
    "frame": "抽查总体的范围 (which population)",
    "from": "来访或来电日期自此日起，含当日 (requested from this local day, inclusive)",
    "fully": "是否全部履行 (fully performed)",
    "given": "已给的等级，5 到 1；空：尚未评价 (grade given, 5 to 1; null: none yet)",
    "grade": "等级，5 到 1 (grade, 5 to 1)",
    "grade_default": "默认评价的等级，5 到 1 (default grade, 5 to 1)",
    "grade_explicit": "主动评价的等级，5 到 1 (explicit grade, 5 to 1)",
    "grades": "等次，高的在前，末等从 0 起 (grades, best first; the last begins at 0)",
    "grievance": "不满或投诉的内容 (what somebody is dissatisfied with)",
    "ground": "理由 (ground)",
    "grounds": "依据：等次、得分或一票否决 (grounds: grade, score or veto)",
    "group_open": "是否有微信工作群 (whether there is a WeChat group)",
    "groups": "微信工作群的起止日期 (spans of the WeChat group)",
    "heard": "最近一次征求意见的情况 (what the committee and the residents last said)",
    "held": "检查或督导的登记 (the inspection as entered)",
    "held_at": "检查或督导的时间 (held at)",
    "helpers": "当年在任的法律明白人 (helpers who served in the year)",
    "hidden": "因无权查看而不显示的数量 (how many are hidden from the reader)",
    "holidays": "放假 (holidays)",
    "id": "标识 (id)",
    "in_time": "按时兑现的件数 (kept in time)",
    "in_time_on_record": "按登记时间是否按时 (in time by when it was on record)",
    "in_writing": "是否书面告知 (told in writing)",
    "informed": "一次性告知 (once-only notice)",
    "inputs": "计分所用记录的摘要值 (digest over the facts that were scored)",
    "inspector": "检查人 (inspector)",
    "invitation_valid_days": "评价邀请几天有效 (days that an invitation lives)",
    "invited": "评价邀请 (invitation)",
    "invited_attended": "受通知人员中出席的人数 (of those invited, those who attended)",
    "item": "项目的编号 (item's code)",
    "items": "整改的内容 (what is to be put right)",
    "justified": "投诉是否属实；空：未定 (whether the complaint was justified; null: not settled)",
    "kept": "是否兑现；否：因不再需要而停止 (kept; false: stopped because it fell away)",
    "key": "分组的值；空：没有 (what the row is about; null: none)",
    "kind": "类别 (kind)",
    "known": "否：当时没有可答的内容 (false: there was nothing to answer with)",
    "lag": "落后的事件数 (events behind)",
    "last": "最后一天，含当日 (last day, inclusive)",
    "last_activity_on": "最近一次活动的日期；空：没有 (day of the last activity; null: none)",
    "last_year": "最后一年 (last year)",
    "late": "是否补录 (entered late)",
    "late_entries": "补录的件数 (entered late)",
    "late_promises": "逾期的时限数 (promises kept too late or missed)",
    "late_promises_on_record": (
        "到期时还没有登记在案的时限数 (promises kept, and not on record when they were due)"
    ),
    "late_reason": "补录的原因 (why it is entered late)",
    "lawyer": "援助律师的编号 (legal-aid lawyer's code)",
    "leaves": (
        "有差异的得分项及引起差异的记录 (score items that differ, with the facts that did it)"
    ),
    "lectures": "法治讲座 (lectures)",
    "lectures_per_quarter": "每季度讲座几次 (lectures a quarter)",
    "left": "其中当年退出的人数 (of them, those who left in the year)",
    "left_at": "离任时间 (left at)",
    "left_on": "退出日期；空：在任 (day he left; null: he serves)",
    "legal_aid": "法律援助的状态 (status of the legal-aid application)",
    "level": "督办的层级 (level of the supervisor)",
    "licence": "执业证号 (licence)",
    "limit": "每页最多几行 (rows a page)",
    "limits": "时限，按服务和时限名称 (time limits, by service and promise)",
    "link": "评价链接，只在这里出现一次 (the rating link: told here and nowhere else)",
    "links": "对口的团队、律所或项目组 (linked providers)",
    "lists": "有差异的列表 (lists whose rows differ)",
    "locations": "历次所在区划 (places where it was, oldest first)",
    "logged": "登记的内容 (as logged)",
    "lunch_is_off_peak": "午休时间是否算非工作时段 (whether lunch is off-peak)",
    "looked_at": "核查结果；空：没有 (how a suspect vote was looked at; null: it was not)",
    "major": "较重问题的数量 (major findings)",
    "makeup_days": "调休上班日 (makeup working days)",
    "marks": "现行的人工评分，按对象和项目 (human scores that stand, by subject and item)",
    "matter": "事项类别的编号 (category of the matter)",
    "max_villages_per_adviser": (
        "一名法律顾问最多服务几个村（社区） (most villages that one adviser may serve)"
    ),
    "maximum": "满分 (most points)",
    "may": "可用的操作和查询的名称 (names of the operations that the role may ask for)",
    "mean_grade": "主动评价的平均等级 (mean explicit grade)",
    "meaning": "哪些回答算作肯定 (which answers count as positive)",
    "measure": "计量方式 (how it is measured)",
    "measures": "整改措施 (measures taken)",
    "media_type": "文件类型 (media type)",
    "median_days_open": "未办结事项已历天数的中位数 (median days open)",
    "median_days_to_close": "办结天数的中位数 (median days to close)",
    "median_hours_left": (
        "兑现时距到期小时数的中位数，逾期为负 (median hours from keeping to due, negative when "
        "late)"
    ),
    "median_working_minutes_to_close": "办结所用工作分钟的中位数 (median working minutes to close)",
    "median_working_minutes_to_first_response": (
        "首次答复所用工作分钟的中位数 (median working minutes to the first response)"
    ),
    "mediation": "调解的状态 (status of the mediation)",
    "mediator": "调解员的编号 (mediator's code)",
    "member": "成员的法律顾问编号 (code of an adviser who is in it now)",
    "members": "成员：法律顾问的编号 (codes of the advisers in it)",
    "merged_into": (
        "并入的区划代码；空：没有并入 (code of the division it became part of; null: none)"
    ),
    "message": "错误说明 (what is wrong)",
    "met_at": "兑现时间；空：尚未兑现 (kept at; null: not yet)",
    "met_by_later_entry": (
        "按发生时间按时、按登记时间逾期的件数 (in time by when it happened, not by when it was "
        "on record)"
    ),
    "met_on_record_at": "兑现登记在案的时间 (when it was recorded that it was met)",
    "method": "计分方法；空：不由此计分 (how points come from the number; null: no method)",
    "mine": "轮到本单位办理的件数 (the asking unit's turn)",
    "minimum": "最低值 (least value)",
    "minor": "一般问题的数量 (minor findings)",
    "minutes": "分钟数 (minutes)",
    "minutes_doubtful": "有疑点、尚未排除的服务分钟数 (minutes with a doubt that is not cleared)",
    "DoubtfulWork.of_request": "是事项的用时，不是工作日志 (minutes of a request, not an entry)",
    "minutes_off_peak": "夜间和休息日服务分钟数 (minutes at night or on days off)",
    "minutes_offsite": "非现场服务分钟数 (off-site minutes)",
    "minutes_onsite": "现场服务分钟数 (on-site minutes)",
    "minutes_per_day_max": (
        "一名顾问一天最多几分钟，超出即为疑点 (most minutes of an adviser and day)"
    ),
    "missed": (
        "未按时兑现的件数，不因补录而改变 (kept too late, neither kept nor stopped when due, or "
        "recorded as missed)"
    ),
    "missed_on_record_at": (
        "记录为未按时兑现的时间，不因补录而改变 (when it was recorded as missed; no later entry "
        "changes that)"
    ),
    "missing": "只在其中一次出现的考核对象 (subjects that are in one of the two only)",
    "mode": "服务方式 (mode of service)",
    "month": "月份的第一天 (first day of the month)",
    "name": "名称 (name)",
    "names": "历次名称，从旧到新 (names, oldest first)",
    "newest": (
        "只看各表最新一版；否：只看已被替换的 (only the last version of each table; false: only "
        "those replaced)"
    ),
    "next_cursor": "下一页的起点；空：没有下一页 (where the next page begins; null: there is none)",
    "night_from": "夜间从当日第几分钟起 (night begins at this minute of the day)",
    "night_until": "夜间到次日第几分钟止 (night ends at this minute of the next day)",
    "none_at": "得零分的数值 (the number that earns nothing)",
    "note": "备注 (note)",
    "noted": "其中只记录不满意、未成为投诉的件数 (of these: dissatisfactions that were only noted)",
    "notified": "告知延期的方式 (how the person was told of the extension)",
    "now": "较晚时点的值；没有则不带 (value at the later time; left out where it was not there)",
    "number": "序号 (number)",
    "objected": "是否有未处理或未更正的异议 (whether objections are undecided or not carried out)",
    "objection": "提出异议的期限 (window for objections)",
    "objections": "异议 (objections)",
    "objections_until": "可提出异议的截止时间 (until when objections may be filed)",
    "occurred_at": (
        "发生时间；不带则为现在，RFC 3339 格式带时区 (when it happened, if not now: RFC 3339 with "
        "offset)"
    ),
    "of": "所计的记录 (the facts that count)",
    "of_kind": "时限所属对象的类别 (kind of the thing that the promise belongs to)",
    "office": "检查人所在单位 (inspector's unit)",
    "officer": "经办账号：事项的责任人，或工作日志的登记人 (account that answers for it)",
    "offpeak_lectures": "夜间和休息日讲座 (lectures at night or on days off)",
    "offpeak_lectures_min": "夜间和休息日讲座至少几次 (least lectures at night or on days off)",
    "offpeak_period": "夜间和休息日讲座按何期间计 (period within which they are counted)",
    "offset": "折抵为现场的非现场服务分钟数 (off-site minutes that count as on site)",
    "offset_cap_minutes": (
        "每村每月最多折抵几分钟；0：不折抵 (most minutes offset a village and month; 0: none)"
    ),
    "offset_enabled": "非现场服务是否折抵 (whether off-site minutes are offset)",
    "offset_ratio": (
        "非现场服务一分钟折抵几分钟 (minutes on site that one off-site minute counts as)"
    ),
    "offsite": "非现场服务分钟数 (off-site minutes)",
    "offsite_work": "非现场服务的工作日志 (off-site work-log entries)",
    "oldest_days_open": "最久未办结事项已历天数 (days that the oldest open one is open)",
    "one": "第几次决定，或 now (number of a determination, or now)",
    "only_now": "只在较晚时点有的行 (rows of the later time only)",
    "only_then": "只在较早时点有的行 (rows of the earlier time only)",
    "onsite": "是否现场 (on site)",
    "onsite_minutes_per_month": "每月现场服务分钟数 (on-site minutes owed a month)",
    "onsite_work": "现场服务的工作日志 (on-site work-log entries)",
    "open": "未办结的件数 (open)",
    "opened": "考核的启动 (the opening)",
    "opened_at": "启动时间 (opened at)",
    "opened_by": "启动人 (opened by)",
    "opinion": "意见 (opinion)",
    "options": "选项，编号和文字 (choices: code and text)",
    "order": "排序：到期先后，或者新收到的在前 (the next deadline first, or the newest first)",
    "ordered": "整改的责令 (the order)",
    "ordered_at": "责令整改的时间 (ordered at)",
    "organ": (
        "被投诉的市直机关的编号；空：投诉的是服务点 (city organ complained of; null: it is a point)"
    ),
    "organiser": "举办单位所在区划的代码 (division of the organising office)",
    "original": "原事项的标识 (the original request)",
    "other": "另一个投诉的标识 (the other complaint)",
    "otherwise": "都不符合时的分数 (points where no band holds)",
    "outcome": "处理结果 (outcome)",
    "overdue": "是否逾期 (overdue)",
    "overdue_at": "在此时已逾期 (overdue at this time)",
    "overlapping": "同一顾问、时间重叠的其他工作日志 (other entries of the same hours)",
    "p90_days_to_close": "办结天数的第九十百分位 (90th percentile of days to close)",
    "p90_working_minutes_to_close": (
        "办结所用工作分钟的第九十百分位 (90th percentile of working minutes to close)"
    ),
    "p90_working_minutes_to_first_response": (
        "首次答复所用工作分钟的第九十百分位 (90th percentile of working minutes to the first "
        "response)"
    ),
    "parts": "各区或各镇街 (districts or towns)",
    "pause": "正在进行的暂停 (the pause that runs)",
    "paused": "时限是否暂停 (whether the clock stands still)",
    "paused_at": "暂停时间 (paused at)",
    "paused_since": "暂停开始的时间；空：没有暂停 (paused since; null: it runs)",
    "pauses": "时限的暂停 (pauses of the clock)",
    "penalties": "处罚 (penalties)",
    "penalty_free_years": "聘任前几年内不得受过处罚 (years before an appointment without penalty)",
    "people": "涉及人数 (people concerned)",
    "people_reached": "受众人数 (people reached)",
    "per": "每满多少扣一次；空：每一个 (for every full so many; null: each)",
    "performance": "协议履行的状态 (how far the agreement was performed)",
    "period": "期间 (period)",
    "person": "当事人的编号 (person's code)",
    "personal": "是否含个人信息 (personal data)",
    "phone": "电话 (phone)",
    "place": "地点 (place)",
    "places": "保留几位小数 (decimal places)",
    "point": "服务点的编号 (service point's code)",
    "point_itself": "是否投诉服务点本身 (complained of is the point itself as well)",
    "point_kind": "服务点的类别 (kind of point)",
    "point_name": "服务点的名称 (service point's name)",
    "points": "本档的分数 (points of this band)",
    "policy": "所依规则，编号@版本 (policy, as code@version)",
    "population": "抽查总体的摘要值 (digest of the population)",
    "position": "记录位置 (position in the log)",
    "positive": "肯定答复的人数 (positive answers)",
    "posts": "历次所在律所和团队 (firms and teams, oldest first)",
    "practising_since": "执业起始日期 (practising since)",
    "previous": "上期的报送；空：没有 (that of the period before; null: none)",
    "procedure": (
        "异议和复核的程序；空：只计分不作决定 (procedure; null: scores only, nothing is determined)"
    ),
    "proceedings": "转介、调解和法律援助的情况 (referral, mediation and legal aid)",
    "promise": "时限 (promise)",
    "promises": "时限 (promises)",
    "proposed": "是否为拟制：并无规定的表样 (proposed: nobody prescribed this form)",
    "provider": "对口单位的类别 (kind of provider)",
    "provisional": "是否按预测的日历推算 (by a forecast calendar year)",
    "provisional_years": "预测的年份，尚未公布放假安排 (forecast years)",
    "public": "是否公开调解 (public mediation)",
    "public_display_required": "是否须张贴公示 (public display required)",
    "published_at": "公布时间 (published at)",
    "published_by": "公布人 (published by)",
    "purpose": "目的 (purpose)",
    "q": "名称的一部分，或编号的开头 (part of a name, or the beginning of a code)",
    "qualification": "身份 (what he is besides)",
    "question": "评分的问题 (what people are asked)",
    "rank": "第几百分位，50 为中位数 (percentile; 50 is the median)",
    "rates": "各等次的补贴 (amount by grade)",
    "rating": "由此而来的差评 (the bad rating it came from)",
    "reached": "是否联系上 (reached)",
    "reason": "原因 (reason)",
    "received_at": "收到时间 (received at)",
    "reclassified": "更改类别的次数 (how often it was reclassified)",
    "reclassify_approver": "可批准更改类别的岗位 (role that may reclassify)",
    "record": "调解记录 (record of the session)",
    "recorded_at": "记录时间 (recorded at)",
    "recorder": "记录人 (recorder)",
    "recused": "回避的账号 (accounts that are recused)",
    "referral": "转介的状态 (status of the referral)",
    "referred_to": "转介到的单位 (unit referred to)",
    "refusals": "不服从工作安排的情况 (refused arrangements)",
    "refusals_to_dismiss": (
        "不服从安排达到几次可以解聘 (refused arrangements from which on one may be dismissed)"
    ),
    "registered": "是否已登记为投诉 (registered as a complaint)",
    "rehire_ban_grounds": "暂停聘用所依的解聘理由 (grounds of dismissal that lead to the ban)",
    "rehire_ban_years": "解聘后几年内不得再聘 (years without a new appointment after a dismissal)",
    "remove": "移出的考核对象的编号 (codes of the subjects to remove)",
    "reopened": "重新打开的次数 (reopened)",
    "repeated": "另有重复反映的件数 (beside these: repeated ones)",
    "representatives": "代表人数 (how many speak for a group)",
    "representatives_max": "代表最多几人 (most representatives)",
    "reproducible": (
        "按截止位置重新计算是否与报送的一致 (recomputed at its cut-off it is the table submitted)"
    ),
    "request": "事项的标识 (request)",
    "requested_at": "来访或来电的时间 (requested at)",
    "requests_count": (
        "服务点事项的服务分钟数是否计入履职 (whether minutes given to requests count)"
    ),
    "required": "是否必填 (required)",
    "residents": "村（居）民的意见 (opinion of the residents)",
    "residents_heard": "听取意见的村（居）民人数 (residents heard)",
    "resolved": "问题是否解决；空：未定 (whether it was resolved; null: not settled)",
    "responded": "是否已首次答复 (responded)",
    "response_rate": "主动评价占邀请的比例，0 到 1 (share of invitations that were answered)",
    "responsible": "现责任人 (who is responsible now)",
    "responsible_code": (
        "责任单位的编号；空：没有编号 (code of the responsible unit; null: it has none)"
    ),
    "result": "结果 (result)",
    "results": "结果 (results)",
    "review_until": "可申请复查、复核的截止时间 (until when a review may be asked for)",
    "reviews": "复查和复核 (reviews)",
    "risk_screenings": "矛盾纠纷排查 (risk screenings)",
    "risk_screenings_per_year": "每年排查几次 (risk screenings a year)",
    "role": "当时的岗位 (role at that moment)",
    "rollover": "最后一天为休息日时如何顺延 (whether a last day of rest moves the end)",
    "root": "结账位置的记录树的根 (root of the log's tree at that position)",
    "round": "第几轮，重新打开后加一 (round: one more after each reopening)",
    "rounding": "小数处理 (rounding)",
    "routed_to": "告知的去处 (where the person was shown to)",
    "routes_told": "是否告知了其他途径 (whether other routes were told)",
    "routing": "由谁办理 (which unit has it)",
    "row": "第几行，序号 (the row's number)",
    "rows": "各行 (rows)",
    "ruleset": "评分标准，编号@版本 (rule set, as code@version)",
    "run": "所公布的计算 (the run that was published)",
    "running": "进行中的件数 (running)",
    "same_as": "已受理的同一事项投诉 (the complaint on the same matter that was accepted)",
    "same_matter": "同一事项的投诉 (complaints on the same matter)",
    "sample_size": "调查人数 (how many were asked)",
    "satisfaction_answered": (
        "满意率一问的答复人数；空：未问 (who answered on satisfaction; null: not asked)"
    ),
    "satisfaction_positive": "其中满意的人数；空：未问 (of them, those satisfied; null: not asked)",
    "satisfaction_rate": "主动评价的满意率，0 到 1 (satisfied, of explicit ratings)",
    "satisfaction_rate_with_default": (
        "含默认评价的满意率，0 到 1 (satisfied, with default ratings)"
    ),
    "satisfied": "是否满意；空：未联系上或未表态 (satisfied; null: not reached, or not said)",
    "schema": (
        "数据库结构的状态：是否与程序相符 (state of the database schema: whether it is this "
        "program's)"
    ),
    "score": "得分 (score)",
    "scorer": "评分人 (scorer)",
    "scorers": "可评分的岗位；空：由系统计算 (roles that score it; empty: it is computed)",
    "scores": "两次的得分 (score of either)",
    "seed": "抽取所用的种子，封存后公布 (seed of the draw; null: not drawn yet)",
    "selection": "选聘进展 (how far the selection has come)",
    "serious": "严重问题的数量 (serious findings)",
    "served": "各法律顾问的分钟数 (advisers and their minutes)",
    "served_by": "参与服务的人 (who served)",
    "service": "服务类别 (service)",
    "services": "服务项目；空：全部 (services; empty: all)",
    "serving": "是否在任 (has not left)",
    "sessions": "培训次数 (training sessions)",
    "set_aside": "改为咨询时停下的时限 (promises that ran when it was made a consultation)",
    "severity": "严重程度 (severity)",
    "sha256": "内容的 SHA-256 摘要值 (SHA-256 of the content)",
    "shares": (
        "各法律顾问的分钟数；不填：由登记人一人服务 (minutes by adviser; none: the one who enters "
        "it served alone)"
    ),
    "shortfall": "缺少的数量 (shortfall)",
    "sign_in": "签到 (sign-in)",
    "signed": "是否已签收 (signed for)",
    "signer": "签报人 (signer)",
    "simulated": "是否为模拟数据，与真实的人无关 (a simulation: nothing is about real people)",
    "since": "起始时间 (since)",
    "sits": "是否仍在窗口 (whether the officer sits there still)",
    "sitting": "当日在该服务点的第几次值班 (number of the sitting on that day at that point)",
    "sittings": "到岗和离岗，按先后 (who sat where, in order)",
    "size": "抽取数量 (how many are drawn)",
    "source": "依据的来源：检查、评价、考核或督导 (inspection, rating, assessment or supervision)",
    "source_stream": (
        "作为依据的检查、评价或考核 (the inspection, rating or assessment that shows the ground)"
    ),
    "sources": "作为依据的对象 (what it was made from)",
    "span": "对口的起止日期 (span of the link)",
    "stage": "阶段 (stage)",
    "standing": "现行结果，按考核对象 (the result that stands, by subject)",
    "start": "起始分 (points to start from)",
    "started_at": "开始时间 (started at)",
    "starts_on": "聘期的第一天 (first day of the term)",
    "state": "现状 (as it stands)",
    "status": "状态 (status)",
    "step": "办理环节 (step)",
    "stints": "历次任职，先后为序 (who served when, oldest first)",
    "stopped": "停止的件数 (stopped)",
    "stopped_at": "停止时间；空：没有停止 (stopped at; null: not stopped)",
    "stream": "对象的标识 (the thing's id)",
    "stubs": (
        "无权查看的事件，只列位置和时间 (events that the reader may not see: position and time "
        "only)"
    ),
    "subject": "考核对象的编号 (subject's code)",
    "subject_kind": "考核对象的类别 (kind of the subjects)",
    "subjects": "考核对象的编号 (subjects' codes)",
    "submission": "报送的版本；空：尚未报送 (the submission; null: none)",
    "submitted": "报送时的序号；空：当时没有 (its number as submitted; null: it was not there)",
    "submitted_at": "报送时间 (submitted at)",
    "subsidy": "补贴；空：没有 (subsidy; null: none)",
    "substantiated": "属实的件数 (substantiated)",
    "summary": "简要情况 (summary)",
    "supervised": "督办的次数 (how often it was supervised)",
    "supplement": "等待补正的材料 (papers that are waited for)",
    "supplement_asked": (
        "本次法律援助申请是否已要求补正 (a supplement was asked for in the present application)"
    ),
    "supplied": "材料是否已补正 (supplied)",
    "suspect": (
        "有事件未能处理，本行可能不全 (an event of it could not be taken in: the row may be wrong)"
    ),
    "suspect_within_s": (
        "评价码出具后几秒内的评价先作存疑处理 "
        "(a vote within so many seconds of its code is looked at first)"
    ),
    "suspicions": "存疑的原因 (why a vote may not be the person's own)",
    "table": "报表 (table)",
    "target": "转介的去向 (where it is referred to)",
    "task": "协办内容 (task)",
    "team": "律师团队的编号 (team's code)",
    "template": "报表种类，编号或编号@版本 (template, as code or code@version)",
    "term": "第几个聘期 (number of the term)",
    "terms": "聘期 (terms)",
    "text": (
        "检索词，空格分隔，每个都须出现 (words separated by blanks; each must be said somewhere)"
    ),
    "then": "较早时点的值；没有则不带 (value at the earlier time; left out where it was not there)",
    "thresholds": "后果的条件，重的在前 (which results lead to what, the gravest first)",
    "times": "按此数目倍乘 (how often the amount is paid)",
    "title": "标题 (title)",
    "to": "复查、复核单位 (unit asked to review)",
    "to_determine": "尚待决定的考核对象 (subjects that are still to be determined)",
    "to_field": (
        "分母求和的字段；空：计件数 (field of the denominator that is summed; empty: counted)"
    ),
    "token": "评价链接中的令牌 (token of the rating link)",
    "topic": "事件种类和版本 (topic: kind and version)",
    "totals": "合计 (totals)",
    "touched": (
        "有关事项的各类事件数；空：不只涉及事项 (events of each kind in the requests it is made "
        "of; null: not of requests alone)"
    ),
    "trace_id": "本次请求的追踪标识 (trace id)",
    "trained": "其中当年参加过培训的人数 (of them, those trained in the year)",
    "trainee": "参加培训的人员 (who is trained)",
    "trainee_kind": "人员类别：法律顾问或法律明白人 (adviser or legal helper)",
    "tree": "得分依据：每项采用和未采用的记录 (the score tree: the events used and not used)",
    "turn": "轮到本单位：主办或协办 (the asking unit's turn, or co-handled by it)",
    "type": "错误的名称，固定不变 (stable name of the problem)",
    "under": (
        "区划代码或其前几位，含本身及下级 (itself and its parts, by the beginning of the code)"
    ),
    "unit": "单位的编号 (unit's code)",
    "units": "历次受理复查、复核的单位 (units asked to review, oldest first)",
    "until": "截止时间 (until)",
    "upheld": "是否支持 (upheld)",
    "urgent": "是否先行提供援助、后补材料 (urgent: aid first, papers later)",
    "valid_from": "自此日起 (valid from)",
    "valid_until": "可追评的截止时间；空：没有期限 (until when one may follow up; null: no end)",
    "value": "分数或次数，十进制 (points or how often, as a decimal)",
    "verified_only": "是否经司法所核验才计 (whether work counts only once verified)",
    "version": "对象的版本，If-Match 须用 (version of the thing: what If-Match wants)",
    "version_position": "最近一次变化的记录位置 (position of its newest change)",
    "versions": "各个版本，先后为序 (versions, oldest first)",
    "vetoed": "是否被一票否决 (vetoed)",
    "vetoes": "一票否决项 (vetoes)",
    "views": "各查询视图 (views)",
    "village": "村（社区）的区划代码 (village's division code)",
    "village_names": (
        "所服务村（社区）的名称，与代码顺序相同 (names of the villages, in the order of their "
        "codes)"
    ),
    "villages": "服务的村（社区） (villages served)",
    "visitor": "来访人 (visitor)",
    "visits": "回访 (return visits)",
    "voided": "是否已作废 (voided)",
    "wait_for": (
        "回答须包含到此记录位置（X-Position），最多等 2 秒 (a position that the answer must "
        "include; waits up to 2 s)"
    ),
    "waits_for_evidence": "是否有待上传的佐证材料 (whether evidence is waited for)",
    "wechat_group_required": "是否须建微信工作群 (WeChat group required)",
    "weekday_periods": "周一到周日的服务时间 (service periods, Monday first)",
    "what": "缺口的种类 (what is missing)",
    "what_if": "是否按另一套评分标准试算 (a trial by other rules than the open evaluation's)",
    "when_none": (
        "没有可计的记录时的数值；not_scored：该项不计分 (value where there is nothing to measure; "
        "not_scored: the item is not scored)"
    ),
    "marks_at": (
        "人工评分和项目认定采用到日志第几条 (log position until which what people said counts)"
    ),
    "later_facts": (
        "是否仅按之后的记录另行更正 (whether it is the other correction: by facts that came later)"
    ),
    "correcting": (
        "按原决定所依据的记录更正异议成立的项目 (by the facts of the last determination)"
    ),
    "earlier": "此前各期公布的结果 (results published for the periods before)",
    "periods": "连续符合的各期间 (the periods running)",
    "before_quota": (
        "仅按分数应得的等次；空：名额没有影响 (grade of the score alone; null: no quota changed it)"
    ),
    "ranking": "按分数排名，最高的在前 (ranking by score, best first)",
    "tied": "同一名次的个数 (how many have this rank)",
    "quotas": "等次的名额 (quotas of grades)",
    "percent_max": "至多占考核对象的百分之几 (at most so many of a hundred)",
    "waiting": (
        "结束后公布的规则、日历如经重新计算会带来的变化：现值、重新计算后的值 "
        "(what would change by a recalculation: as it stands, as it would be)"
    ),
    "lectures_short": "讲座缺几场：现值、重新计算后的值 (lectures short: now, then)",
    "offpeak_lectures_short": "夜间、休息日讲座缺几场：现值、重新计算后的值 (off-peak short)",
    "risk_screenings_short": "风险排查缺几次：现值、重新计算后的值 (risk screenings short)",
    "when_none_basis": ("没有可计的记录也给分的依据 (basis of points for nothing measured)"),
    "among": "在哪些记录之中计数；没有这些记录的，无从计量 (what it is counted among)",
    "linked_matters": (
        "once：互相关联的同一事项合计一次，由其中第一件有效的计；空：关联到别件的一律不计 (matters "
        "linked as one count once; null: what is linked to another does not count)"
    ),
    "unmeasured": (
        "不计分项目的权重：由同组已计分项目分担，或者计0分 (weight of items that are not scored: "
        "shared among the others, or 0)"
    ),
    "where": "条件：字段和取值 (conditions: field and value)",
    "whole": "是否评发生几次，而不是得几分 (people say how often it occurred, not how many points)",
    "whose": "指明考核对象的字段 (field that names the subject, where it has another name)",
    "why": "原因 (why)",
    "window": "窗口 (window)",
    "windows": "全部窗口的编号；空：没有登记窗口 (codes of all windows; none: they are not listed)",
    "with_findings": "是否有发现的问题 (with findings)",
    "with_open": "是否有未落实的议定事项 (has open decisions)",
    "withdraw_until": "可以撤回的期限；空：不可撤回 (until then it may be taken back; null: never)",
    "withdrawal_hours": (
        "评价后几小时内可以撤回；0：不可 (so many hours a rating may be taken back; 0: never)"
    ),
    "withdrawn": "是否已由评价人撤回 (taken back by the person)",
    "wordings": "历次内容，最后一次为准 (wordings, oldest first; the last one counts)",
    "work": "服务内容 (what was done)",
    "work_order": "热线工单号 (hotline ticket)",
    "worklog": "因此确认的工作日志；空：没有 (what it confirmed of the work-log entry; null: none)",
    "workweek": "法定工作日，0 为周一 (working days of the law; 0 is Monday)",
    "year": "年份 (year)",
    "zh": "中文 (in Chinese)",
    "zone": "时区 (time zone)",
    "advised": "当场答复的人数 (advice given on the spot)",
    "asked_to": (
        "申请变更到的时间；空：申请取消或没有申请 (time that is asked for; null: to be dropped, "
        "or nothing asked)"
    ),
    "awarded": "授予情况 (the award)",
    "awarded_by": "授予单位 (who awarded it)",
    "awarded_on": "授予日期 (day of the award)",
    "awards": "现行有效的表彰数 (valid awards)",
    "booked": "已预约的场次 (slots that are booked)",
    "booked_at": "预约时间 (booked at)",
    "book_working_days_ahead": "须提前几个工作日预约 (working days ahead that one books)",
    "bookings": "各场次的预约，按场次 (bookings by slot)",
    "categories": "未满足需求的类别 (categories of the open needs)",
    "category": "需求的类别 (category of the need)",
    "coming": "是否尚未开始 (not begun yet)",
    "criteria": "排序的标准，按先后 (criteria of the order, the weightiest first)",
    "difficult_villages": "服务过的难点村（社区）数 (difficult villages served)",
    "difficulty_levels": (
        "村（社区）的难度等级，由易到难 (levels of difficulty of villages, the easiest first)"
    ),
    "district": "区的区划代码；空：不详 (district; null: unknown)",
    "dropped": "是否已取消 (dropped)",
    "expired": "已到期的数量 (expired)",
    "free": "是否还有可约场次 (has a free slot)",
    "graded": "最近一次评定的难度；空：尚未评定 (newest grade of difficulty; null: none)",
    "graded_on": "评定日期 (graded on)",
    "how": "如何满足 (how it was met)",
    "leader": "领导的账号 (leader's account)",
    "leaders": "各位领导合计 (sums of each leader)",
    "linked": (
        "所在律所或团队是否对口该村（社区）或镇街 (his firm or team is linked to the village or "
        "its town)"
    ),
    "met": "已满足的需求数 (needs that were met)",
    "met_on": "满足日期；空：尚未满足 (met on; null: not met)",
    "moved": "是否已改期 (moved to another time)",
    "needs": "需求 (needs)",
    "nominated": "是否已被推荐 (nominated)",
    "obstacles": "按现行规则不能聘任的原因 (rules that stand against an appointment)",
    "off_peak": "夜间、休息日或节假日；空：都不是 (night, rest day or holiday; null: none)",
    "oldest": "最早的未满足需求产生的日期 (since when the oldest open need is there)",
    "on": "这一天；不带则为今天或全部 (on this day)",
    "outstanding": "应督导而尚未督导的区划数 (divisions due and not yet supervised)",
    "planned": "尚未到期的驻村次数 (visits still to come)",
    "planned_first": "最初计划的时间 (as planned at first)",
    "post": "职务 (post)",
    "quarter": "季度 (quarter)",
    "reception": "领导接待日的规则；空：不涉及 (rules of reception days; null: none)",
    "requests": "形成事项的人数 (how many became requests)",
    "slot": "场次，从 1 起 (slot, from 1 on)",
    "slot_minutes": "每场分钟数 (minutes of a slot)",
    "slots": "场次数 (slots)",
    "some_open": "是否有未满足的需求 (some need is open)",
    "starts_at": "开始时间 (starts at)",
    "tenures": "各任包干领导，先后列出 (who answers for it, oldest first)",
    "valid": "现行有效的数量 (valid)",
    "valid_years": "有效年限；0：长期有效 (years that it is valid; 0: until withdrawn)",
    "visit": "第几次驻村，从 1 起 (number of the visit, from 1 on)",
    "withdrawn_because": "撤销的原因；空：没有撤销 (why it was withdrawn; null: it was not)",
    "withdrawn_on": "撤销日期；空：没有撤销 (withdrawn on; null: it was not)",
}
"""Field or parameter → what it means wherever it stands, but for those in `OF_ONE`."""
OF_ONE: Final = {
    "AbolishDivision.source": "依据，例如区划调整公告 (what it is based on)",
    "Actor.account": "账号 (account)",
    "Actor.adviser": "所代表的法律顾问；空：不是法律顾问 (the adviser that it is; null: none)",
    "Actor.unit": "当时所代表的服务点编号或区划代码 (code of the point or division acted for then)",
    "AddNote.text": "内容 (text)",
    "AnnounceTraining.invited": "通知参加的人员 (who is invited)",
    "AnnounceTraining.subject": "培训内容 (what it is about)",
    "AppointmentsQuery.adviser": "最近一份合同的法律顾问 (adviser of the contract signed last)",
    "AppointmentsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "AppointmentsQuery.firm": "最近一份合同的律所 (firm of the contract signed last)",
    "AppointmentsQuery.turn": (
        "轮到谁办：司法局、村（居）民委员会或律所 (who must act next: bureau, committee or firm)"
    ),
    "CallBack.sample": (
        "抽中该事项的抽查；差评不需要 (the sample that drew the request; a bad rating needs none)"
    ),
    "CatalogFound.version": (
        "内容的版本，随内容变化 (version of the content: another wherever it differs)"
    ),
    "ChangePointCalendar.calendar": "工作日历的编号 (calendar's code)",
    "Choice.fields": "使用该选项的字段，结构.字段 (fields that take it, as struct.field)",
    "ClearDoubts.doubts": "要排除的疑点 (doubts to clear)",
    "ConferenceHeld.subject": "会议名称 (subject of the conference)",
    "ConferenceRow.absent": "缺席单位数 (how many organs were absent)",
    "ConferenceRow.attending": "参加单位数 (how many organs attended)",
    "ConferenceRow.decisions": "议定事项数，不含不再办理的 (decisions, without those dropped)",
    "ConferenceRow.open": "其中未落实的 (of them, the open ones)",
    "ConferenceRow.subject": "会议名称 (subject of the conference)",
    "ConferenceShown.held": "会议登记的内容 (the conference as entered)",
    "CreditRow.trainee": "人员的编号 (code of the person)",
    "Decision.responsible": "责任单位 (responsible unit)",
    "Decision.text": "议定的内容 (what was decided)",
    "DecisionRow.day": "会议日期 (day of the conference)",
    "DecisionRow.decision": "议定事项在会议中的序号 (its number in the conference)",
    "DecisionRow.overdue": "逾期未落实，或逾期才落实 (open after its day, or done after it)",
    "DecisionRow.responsible": "责任单位的名称 (name of the responsible unit)",
    "DecisionRow.stream": "联席会议的编号 (id of the conference)",
    "DecisionRow.text": "议定的内容 (what was decided)",
    "DecisionsQuery.unit": "责任单位的编号 (code of the responsible unit)",
    "DivisionName.since": "自哪一天起；空：从来如此 (from which day on; null: from the beginning)",
    "DivisionName.source": "名称的来源 (where the name was taken from)",
    "DivisionShown.since": (
        "自哪一天起设立；空：从来就有 (exists since; null: for as long as anybody asks)"
    ),
    "DivisionsQuery.level": "代码的位数：2省、4市、6区县、9镇街、12村居 (digits of the code)",
    "DoubtfulWork.advisers": "提供服务的法律顾问 (advisers who served)",
    "DoubtfulWork.verified": "司法所是否已核验 (verified by the justice office)",
    "ExtendRequestDeadline.agreed": "各方当事人是否同意延期 (all parties agree to it)",
    "FormTeam.code": "团队的编号 (code of the team)",
    "HelperActivityReported.people": "服务的人次 (people helped or reached)",
    "HelperCount.active": "其中当年有活动的人数 (of them, those with an activity in the year)",
    "HelperCount.villages": "当年有法律明白人的村（社区）数 (villages that had one in the year)",
    "HelperRow.people": "活动中服务的人次 (people helped or reached)",
    "HelperShown.activities": "活动，不含作废的 (activities, without void ones)",
    "HelperShown.registered": "登记的内容 (as registered)",
    "HelpersQuery.active": "是否有过活动 (has reported anything)",
    "HoldConference.subject": "会议名称 (subject of the conference)",
    "InvitationShown.officer": (
        "当时窗口的值班人；空：没有登记 (who was on duty at the window; null: nobody known)"
    ),
    "InviteTrainees.invited": "增加通知参加的人员 (who is invited besides)",
    "ListDivision.since": (
        "自哪一天起设立；空：从来就有 (exists since; null: for as long as anybody asks)"
    ),
    "ListDivision.source": "代码和名称的来源 (where code and name were taken from)",
    "ListOrgan.division": "属于哪个区划的机关 (whose organ it is)",
    "ObjectToLegalAidRefusal.to": "复查的司法行政部门 (justice bureau that reviews)",
    "OpenPoint.calendar": "工作日历的编号；空：没有 (calendar's code; null: none)",
    "OrganShown.division": "属于哪个区划的机关 (whose organ it is)",
    "ContractRow.adviser": (
        "最近一份合同的法律顾问；空：没有 (adviser of the contract signed last; null: none)"
    ),
    "ContractRow.candidates": "本次选聘的候选人 (candidates of the selection that is on)",
    "ContractRow.firm": (
        "最近一份合同的律所；空：没有 (firm of the contract signed last; null: none)"
    ),
    "ContractRow.terms": "签过几份合同 (how many contracts were signed)",
    "ContractRow.turn": (
        "轮到谁办：司法局、村（居）民委员会或律所 (who must act next: bureau, committee or firm)"
    ),
    "EvaluationsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "EvaluationsQuery.ruleset": "评分标准的编号，不带版本 (rule set, without its version)",
    "EvaluationsQuery.stage": (
        "进行中、已公布、已结账或已撤销 (open, published, closed or cancelled now)"
    ),
    "FormChoice.field": "栏目的编号 (code of the field)",
    "FormsQuery.purpose": "检查表或统计表样 (checklist or report)",
    "MeFound.account": "本人账号 (my account)",
    "MeFound.adviser": "本人的法律顾问编号；空：不是顾问 (my adviser's code; null: no adviser)",
    "MeFound.role": "本人岗位 (my role)",
    "MeFound.unit": "本人单位 (my unit)",
    "MeFound.waiting": "等待本人办理的各项 (what waits for me)",
    "ObjectionRow.items": (
        "异议所涉的项目；空：整个结果 (items objected to; none: the whole result)"
    ),
    "ObjectionRow.stage": (
        "已提出、已答复、已申请复核或已决定 (filed, answered, appealed or decided)"
    ),
    "ObjectionRow.waiting": "是否未处理或未更正 (undecided, or upheld and not carried out)",
    "ObjectionsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "ObjectionsQuery.ruleset": "评分标准的编号，不带版本 (rule set, without its version)",
    "ObjectionsQuery.stage": (
        "已提出、已答复、已申请复核或已决定 (filed, answered, appealed or decided)"
    ),
    "ObjectionsQuery.waiting": "是否未处理或未更正 (undecided, or upheld and not carried out)",
    "Option.value": "值 (value)",
    "PointShown.calendar": "工作日历的编号；空：没有 (calendar's code; null: none)",
    "DirectoryRow.calendar": "工作日历的编号；空：没有 (calendar's code; null: none)",
    "Addressee.kind": "整改对象的类别：法律顾问、服务点或律所 (adviser, point or firm)",
    "AdjustedRow.cells": "有变化的格 (cells that differ)",
    "AdjustedRow.key": "本行不变的部分 (what stays the same of the row)",
    "AdjustedRow.now": "现在的序号；空：现在没有 (its number now; null: it is not there)",
    "AdjustingEvent.amount": (
        "对该数的影响；空：改变文字，或者可能改变 (what it added to the figure; null: it changed a "
        "text, or may have)"
    ),
    "AdjustingEvent.kind": "事件的种类 (kind of the event)",
    "Adjustments.position": "对照所到的记录位置 (compared up to this position)",
    "Adjustments.version": "第几版 (which version)",
    "AdjustmentsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "AdjustmentsQuery.version": (
        "报送的第几版；不带：最新 (version of the submission; the newest unless said otherwise)"
    ),
    "Adviser.code": "法律顾问的编号 (adviser's code)",
    "AdviserShown.licence": "执业证号；空：未登记 (licence; null: not recorded)",
    "AdviserShown.name": "姓名 (name)",
    "AgreeMediation.form": "书面或口头协议 (written or oral)",
    "AgreeMediation.terms": "协议内容 (what was agreed)",
    "AmendPopulation.reason": "增加或移出的原因 (reason)",
    "Announcement.cut_off": (
        "总体按此记录位置所知；空：现在 (the population as known at this position; null: now)"
    ),
    "Announcement.of": "抽查什么 (what is sampled)",
    "Answer.position": (
        "记录位置，查询时可作 wait_for；空：无须记录 (what wait_for takes when reading; null: "
        "there was nothing to do)"
    ),
    "Answer.recorded_at": "记录时间；空：无须记录 (recorded at; null: there was nothing to do)",
    "AnswerComplaint.opinion": "处理意见 (opinion)",
    "AppointmentMade.at": "约定的时间 (agreed time)",
    "AppointmentShown.accepted": "律所是否已接受 (accepted by the firm)",
    "AttachEvidence.evidence": "佐证材料 (evidence)",
    "Basis.as_known_at": "所问的时点；空：现在 (the time asked about; null: now)",
    "Basis.position": (
        "回答所依据的最后一个记录位置 (every event up to this position, none after it)"
    ),
    "Basis.recorded_at": (
        "最后一个事件的记录时间；空：没有事件 (when its last event was recorded; null: there is "
        "none)"
    ),
    "BoardCounts.basis": "回答所依据的记录 (what the answer stands on)",
    "BoardCounts.now": "作答时间 (now)",
    "NotedFilters.adviser": "被投诉的法律顾问 (adviser complained of)",
    "NotedFilters.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "NotedFilters.due": "已逾期或临近到期 (overdue or approaching)",
    "NotedFilters.from": "收到日期自此日起，含当日 (received from this local day, inclusive)",
    "NotedFilters.open": "只看未办结或只看已办结 (open, or not)",
    "BoardFilters.registered": (
        "否：只记录不满意、未成为投诉 (false: dissatisfactions that were only noted)"
    ),
    "NotedFilters.supervised": "是否被督办 (supervised)",
    "NotedFilters.to": "收到日期至此日止，不含当日 (received before this local day)",
    "NotedFilters.unit": "现办理单位的编号 (unit that has it)",
    "BoardFound.basis": "回答所依据的记录 (what the answer stands on)",
    "Calendar.code": "工作日历的编号 (calendar's code)",
    "Calendar.version": "第几版 (which version)",
    "CellChange.events": "引起变化的事件 (events that changed it)",
    "CellChange.now": "现在的值；空：空格 (now; null: empty)",
    "CellChange.submitted": "报送时的值；空：空格 (as submitted; null: empty)",
    "CellFound.basis": "回答所依据的记录 (what the answer stands on)",
    "CellFound.sources": "本格由哪些对象得来 (the things it was made from)",
    "CellFound.value": "本格的值 (value of the cell)",
    "CloseComplaint.reason": "办结的原因 (reason)",
    "CloseRequest.kind": "办结方式 (how it is closed)",
    "CoHandler.status": "已请求、已答复或已取消 (asked, answered or released)",
    "CompareDeterminations.other": "第几次决定，或 now (number of a determination, or now)",
    "Compared.events": "引起差异的事件 (events that did it)",
    "Compared.subjects": "考核对象的数量 (how many subjects)",
    "ComplaintAnswered.unit": "答复单位 (unit that answered)",
    "ComplaintAssigned.by": "交办单位 (unit that assigned it)",
    "ComplaintAssigned.promises": "重新起算的时限 (promises that run anew)",
    "ComplaintExtended.promise": "延期的时限 (the promise extended)",
    "ComplaintExtended.role": "批准人的岗位 (role of the approver)",
    "ComplaintFound.promises": (
        "历次时限，先结束的在前 (every promise ever given, those that ended first)"
    ),
    "ComplaintPaused.due": (
        "补正的期限；空：没有期限 (until when it is waited for; null: no end is set)"
    ),
    "ComplaintPaused.items": "须补正的材料或核查的事项 (papers or checks that are waited for)",
    "ComplaintRow.adviser": "被投诉的法律顾问 (adviser complained of)",
    "ComplaintRow.answers": "答复的次数 (how often it was answered)",
    "ComplaintRow.day": "收到的当地日期 (local day it was received)",
    "ComplaintRow.due": "最近的到期时间；空：没有时限 (next due time; null: no promise runs)",
    "ComplaintRow.kind": "投诉或咨询 (complaint or consultation)",
    "ComplaintRow.number": (
        "首个事件的记录位置，唯一且不再使用 (position of its first event: unique, never reused)"
    ),
    "ComplaintRow.reviews": "复查、复核的次数 (how often it was reviewed)",
    "ComplaintRow.service": "投诉所涉的服务类别 (service that it was about)",
    "ComplaintRow.subject": "主题 (subject)",
    "ComplaintRow.unit": "现办理单位 (unit whose turn it is)",
    "ComplaintShown.answers": "历次答复，先后为序 (answers, oldest first)",
    "ComplaintShown.kind": "投诉或咨询 (complaint or consultation)",
    "ComplaintShown.pauses": "本轮的暂停 (pauses of the present round)",
    "ComplaintShown.promises": "正在进行的时限 (promises that run)",
    "ComplaintShown.results": "各轮已结束的时限 (promises that ended, of every round)",
    "ComplaintShown.since": "最近一步的时间 (when the last step was taken)",
    "ComplaintShown.supervised": "历次督办 (supervisions)",
    "ComplaintSupervised.by": "督办单位或人员 (who supervises)",
    "CompleteReferral.outcome": "转介的结果 (outcome of the referral)",
    "ConfirmInspection.opinion": "不同意时的意见 (opinion, where it is not agreed to)",
    "CorrectInspection.answers": "更正后的全部回答 (all answers, as they should have been)",
    "CorrectInspection.findings": "更正后的全部问题 (all findings, as they should have been)",
    "CorrectWork.work": "更正后的全部内容 (the whole entry as it should have been)",
    "Correction.as_known_at": "所见试算的时点 (the time of the run that was looked at)",
    "Correction.digest": (
        "所见试算的摘要值，重新计算须相同 (digest of the run that was looked at; computed again it "
        "must be the same)"
    ),
    "Correction.subjects": (
        "更正的考核对象；不填：全部尚待决定的 (subjects; none: all that are to be determined)"
    ),
    "Counts.hidden": (
        "因无权查看而不计入其他各项的件数 (open ones that may not be seen, in no other count)"
    ),
    "Counts.overdue": "逾期的件数 (overdue)",
    "Counts.paused": "时限暂停的件数 (paused)",
    "Counts.supervised": "被督办的件数 (supervised)",
    "CoverageQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "CoverageQuery.period": "月份或季度 (month or quarter)",
    "CoverageReport.basis": "回答所依据的记录 (what the answer stands on)",
    "CriticismFound.basis": "回答所依据的记录 (what the answer stands on)",
    "CriticismFound.numbers": "各行在整张表中的行号 (where the rows stand in the whole table)",
    "CriticismFound.of": "报送的、当时的或现在的 (as submitted, as known then, or now)",
    "CriticismFound.reclassified": (
        "期间内已改为咨询的投诉 (complaints of the period that are consultations now)"
    ),
    "CriticismFound.totals": "分析数据 (figures of the analysis)",
    "Entered.at": "何时填写；空：报送时填写 (when; null: as it was submitted)",
    "Entered.by": "由谁填写 (who filled it in)",
    "CellFound.entered": "由谁何时填写；空：程序填写 (who filled it in; null: the program)",
    "FillingIn.notes": "各行的备注 (notes on rows)",
    "FillingIn.sections": "分析报告的文字，按编号；空值为清除 (texts by code; null empties)",
    "CellEntry.row": "第几行 (the row's number)",
    "CellEntry.value": "填写的内容；空为清除 (what is filled in; null empties the cell)",
    "NoteEntry.row": "第几行 (the row's number)",
    "NoteEntry.note": "备注；空为清除 (the note; null takes it away)",
    "Table.entered": "人工撰写的各部分由谁何时填写 (who wrote which sections, and when)",
    "Table.sections": "整份报表填一次的内容 (what is said once, of the whole)",
    "StoredBlob.attachments": "因此确认的附件；空：没有 (attachments so confirmed; null: none)",
    "Attachment.at": "何时添加 (when it was attached)",
    "Attachment.by": "由谁添加 (who attached it)",
    "Attachment.size": "字节数 (size in bytes)",
    "Attachment.status": "是否已存：等待上传、已存或缺失 (waiting, stored or missing)",
    "Attachment.title": "说明 (what it shows)",
    "Attaching.title": "说明 (what it shows)",
    "Attaching.of_kind": "所属对象的类别 (kind of the thing it belongs to)",
    "AttachmentsFound.of": "所属的对象 (the thing they belong to)",
    "AttachmentsFound.of_kind": "所属对象的类别 (kind of that thing)",
    "AttachmentsFound.attachments": "附件，按添加的先后 (attachments, in the order attached)",
    "CriticismQuery.basis": "报送的、当时的或现在的 (as submitted, as known then, or now)",
    "CriticismQuery.version": (
        "报送的第几版；不带：最新 (version of the submission; the newest unless said otherwise)"
    ),
    "DecideJudicialConfirmation.confirmed": "是否准予司法确认 (whether the court confirmed it)",
    "DecideReturn.reason": "审核意见 (reason)",
    "DeclineComplaint.ground": "不予受理的法定情形 (statutory ground)",
    "Deduction.each": "每一个扣几分 (points off for each)",
    "Deduction.kind": "扣分 (deduction)",
    "DeterminationQuery.determination": (
        "第几次决定；不带：最新 (by this determination; without: the newest)"
    ),
    "Determined.number": "第几次决定 (which determination)",
    "Determined.objections": "所执行的异议的序号 (numbers of the objections that it carries out)",
    "Determined.reason": "更正的原因；空：首次决定 (reason of a correction; null: the first)",
    "Difference.events": (
        "两个时点之间该对象的事件；空：不是一个对象 (recorded between the two in the stream of the "
        "one thing; null: it is about many)"
    ),
    "Difference.now": "较晚的时点 (the later time)",
    "Difference.then": "较早的时点 (the earlier time)",
    "DirectoryFound.basis": "回答所依据的记录 (what the answer stands on)",
    "DirectoryQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "DirectoryQuery.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "DirectoryQuery.text": (
        "名称的一部分，或者编号的开头 (part of a name, or the beginning of a code)"
    ),
    "DirectoryRow.division": "当天所在区划；空：法律顾问 (division on the day; null: an adviser)",
    "DirectoryRow.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "DirectoryRow.name": "名称或姓名 (name)",
    "DirectoryRow.penalties": "处罚的次数 (how many penalties)",
    "DirectoryRow.until": (
        "停用或离任的时间；空：在用或在任 (closed or left at; null: in service or in office)"
    ),
    "DismissAdviser.ground": "解聘的情形 (ground of the dismissal)",
    "DutyQuery.division": "行政区划代码或其前几位，含下级 (division code or the beginning of one)",
    "DutyReport.basis": "回答所依据的记录 (what the answer stands on)",
    "DutyRow.adviser": (
        "法律顾问的编号；空：整个村（社区） (adviser's code; null: the whole village)"
    ),
    "DutyRow.days": "当月聘任的天数 (days of the month with an appointment)",
    "DutyRow.onsite": "现场服务分钟数 (on-site minutes)",
    "DutyRow.required": "应服务的分钟数 (minutes required)",
    "DutyRow.shortfall": "缺少的分钟数 (minutes that are missing)",
    "Enlargement.size": "扩大后的数量 (size after the enlargement)",
    "EscalateRectification.to": "调整或退出 (replacement or exit)",
    "EvaluationLine.determinations": "考核决定的次数 (how many determinations)",
    "EvaluationLine.key": "评分标准:区划:期间 (rule set, division and period)",
    "EvaluationLine.objections": (
        "未了结的异议件数 (objections not decided, or not carried out yet)"
    ),
    "EvaluationLine.stage": (
        "阶段：进行中、已公布、已结账或已撤销 (open, published, closed or cancelled)"
    ),
    "EvaluationLine.subjects": "考核对象的数量 (how many subjects)",
    "EvaluationOpened.terms": (
        "评分标准所定的程序，启动时固定 (what the rule set says about the procedure, kept as it "
        "was)"
    ),
    "EvaluationStanding.closed": "考核期间的结账；空：未结账 (the closing; null: not closed)",
    "EventNamed.occurred_at": "发生时间 (occurred at)",
    "EventNotice.stream": (
        "对象的标识；空：不告知，如投诉 (the thing's id; null: not told, as of complaints)"
    ),
    "Evidence.size": "字节数 (size in bytes)",
    "Exhibit.evidence": "佐证材料 (evidence)",
    "Exhibit.status": "是否已存：等待上传、已存或缺失 (waiting, stored or missing)",
    "Explained.cut_off": "计分截止的记录位置 (position that it was scored by)",
    "Explained.digest": "重新计算的得分依据的摘要值 (digest of the tree computed now)",
    "ExtendDeadline.promise": "延期的时限 (the promise to extend)",
    "ExternalId.id": "外部系统中的编号 (id in the other system)",
    "ExternalId.source": "外部系统 (the other system)",
    "Field.code": "题目或栏目的编号 (code of the question or column)",
    "Field.kind": "填写的类型 (kind of value)",
    "Field.manual": "程序留空时由人工填写 (a person fills in what the program leaves empty)",
    "Field.of_period": "计本期、上期，还是比上期增减 (this period, the one before, or the change)",
    "Field.only": "只计符合的：限定的项目和代码 (only what has one of these codes)",
    "Field.query": "填制本栏的命名查询；空：由人工填写 (named query; null: a person fills it in)",
    "FieldChange.field": "在回答或行中的位置，JSON 指针 (where it is: a JSON pointer)",
    "FieldProblem.field": "字段的路径；空：整个请求体 (path of the field; empty: the whole body)",
    "FileAppeal.number": "异议的序号 (number of the objection)",
    "FileObjection.items": (
        "异议所针对的项目；不填：整个结果 (items objected to; none: the whole result)"
    ),
    "Finding.item": "检查表的题目；空：检查表以外 (question of the checklist; null: beside it)",
    "Finding.text": "内容 (text)",
    "FollowUp.items": "整改的内容，或者调整、退出的原因 (what is to be put right, or why)",
    "Form.code": "表样的编号 (form's code)",
    "Form.fields": "题目或栏目 (questions or columns)",
    "Form.purpose": "用途：检查表或统计表 (checklist or report)",
    "Form.rows": "报表每行统计什么 (what the table has a row for)",
    "Form.sections": "整份报表填一次的内容：数据和文字 (what is said once, of the whole)",
    "Form.version": "第几版 (which version)",
    "Frame.doubted_weight": (
        "存疑未决记录的抽取权重：按几张签计 (tickets of what is doubted and undecided)"
    ),
    "Frame.cut_off": "总体按此记录位置所知 (the population as known at this position)",
    "Frame.of": "抽查什么 (what is sampled)",
    "Frame.period": "期间；空：不限 (period; null: any)",
    "Gap.adviser": "超过上限的法律顾问 (adviser who serves too many)",
    "Gap.allowed": "最多服务几个村（社区） (most villages allowed)",
    "Gap.division": (
        "村（社区）或区的区划代码；空：服务村数超上限 (village or district; null: too many "
        "villages)"
    ),
    "Gap.name": "服务点或法律顾问的姓名或名称 (name of the room or the adviser)",
    "Gap.period": "未检查、无讲座或未督导的月份或季度 (month or quarter without)",
    "Gap.since": "从哪一天起没有；空：从来没有 (first day without; null: there never was any)",
    "DetermineItem.objection": "异议的序号 (number of the objection)",
    "DetermineItem.value": "分数；否决项：发生次数 (points; of a veto, how often it occurred)",
    "DetermineItem.sources": "所依据的记录的流水号 (streams that show it)",
    "EvaluationStanding.determined": (
        "异议、复核成立后认定的项目，按对象 (items determined after an objection, by subject)"
    ),
    "ItemDetermined.objection": "异议的序号 (number of the objection)",
    "ItemDetermined.value": "分数；否决项：发生次数 (points; of a veto, how often it occurred)",
    "ItemDetermined.determined_by": "认定人 (who determined it)",
    "ItemDetermined.determined_at": "认定时间 (when)",
    "RecordSurvey.basis": (
        "受谁委托、如何抽样 (by what it was commissioned, how the sample was drawn)"
    ),
    "RecordSurvey.method": "调查方式 (how people were asked)",
    "RenameDivision.since": "自哪一天起用新名 (from which day on)",
    "RenameDivision.source": "名称的来源 (where the name was taken from)",
    "ReportHelperActivity.people": "服务的人次 (people helped or reached)",
    "ReviewLegalAidRefusal.upheld": "是否维持不予援助的决定 (the refusal is upheld)",
    "SurveyConducted.basis": (
        "受谁委托、如何抽样 (by what it was commissioned, how the sample was drawn)"
    ),
    "SurveyConducted.method": "调查方式 (how people were asked)",
    "SurveyResult.answered": "答复人数 (how many answered)",
    "SurveyResult.measure": "指标：知晓、首选、满意 (awareness, first choice, satisfaction)",
    "SurveyResult.question": "调查的问题 (the question asked)",
    "SurveyRow.basis": "受谁委托、如何抽样 (by what it was commissioned, how the sample was drawn)",
    "SurveyRow.method": "调查方式 (how people were asked)",
    "SurveysQuery.method": "调查方式 (how people were asked)",
    "TakeDecision.responsible": "责任单位 (responsible unit)",
    "TakeDecision.text": "议定的内容 (what was decided)",
    "PublicationRow.published_by": "公布最新一版的人 (who published the newest version)",
    "PublicationRow.purpose": "检查表或统计表样；空：不是表样 (checklist or report; null: no form)",
    "PublicationRow.subject": (
        "考核对象的类别；空：不是评分标准 (kind of subject; null: no rule set)"
    ),
    "PublicationRow.version": "最新是第几版 (number of the newest version)",
    "RatingsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "RatingsQuery.suspect": "是否存疑待核查 (whether it waits to be looked at)",
    "ReportsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "ReportsQuery.from": "报送日期自此日起，含当日 (submitted from this local day, inclusive)",
    "ReportsQuery.template": "报表种类的编号，不带版本 (template, without its version)",
    "ReportsQuery.to": "报送日期至此日止，不含当日 (submitted before this local day)",
    "ReportsQuery.unit": "签报人当时的单位 (unit of the signer then)",
    "RuleSetsQuery.subject": "考核对象的类别 (kind of subject)",
    "SampleRow.announced_at": "登记时间 (when it was announced)",
    "SampleRow.drawn": "是否已抽取 (whether it was drawn)",
    "SampleRow.number": "首个事件的记录位置 (position of its first event)",
    "SampleRow.of": "抽查什么 (what is sampled)",
    "SamplesQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "SamplesQuery.drawn": "是否已抽取 (whether it was drawn)",
    "SamplesQuery.from": "登记日期自此日起，含当日 (announced from this local day, inclusive)",
    "SamplesQuery.of": "抽查什么 (what is sampled)",
    "SamplesQuery.to": "登记日期至此日止，不含当日 (announced before this local day)",
    "SittingRow.officer": "值班人的账号 (account of who sits there)",
    "SittingRow.until": "离岗时间；空：仍在值班 (until when; null: sits there still)",
    "SittingsQuery.from": "值班日期自此日起，含当日 (from this day, inclusive)",
    "SittingsQuery.officer": "值班人的账号 (account of who sits there)",
    "SittingsQuery.to": "值班日期至此日止，不含当日 (before this day)",
    "Threshold.running": "连续几个考核期间都符合 (in so many periods running)",
    "Ranked.rank": "名次，并列的相同 (rank; the same where tied)",
    "GiveHumanScore.sources": (
        "作为依据的检查、投诉、工作日志 (inspections, complaints, work-log entries that show it)"
    ),
    "Grade.at_least": "自几分起 (from so many points on)",
    "Grade.name": "等次的名称 (name of the grade)",
    "Grievance.adviser": "被投诉的法律顾问 (adviser complained of)",
    "Grievance.request": "所涉的事项 (the request that it was about)",
    "Grievance.service": "所涉的服务类别 (service that it was about)",
    "Grievance.subject": "投诉的主题 (what it is about)",
    "HandOver.to": "接手人 (who takes over)",
    "HiddenEvent.hidden": "总为是：无权查看 (always true: not to be seen)",
    "HoldInspection.kind": "检查或督导 (check or supervision)",
    "Human.required": (
        "没有评分是否不定等次；否：按零计 (whether there is no grade without it; else silence is 0)"
    ),
    "HumanScoreGiven.role": "评分人的岗位 (role of the scorer)",
    "InformOnce.items": "须提交的材料 (papers to bring)",
    "InspectionConfirmed.opinion": "不同意时的意见 (opinion, where it is not agreed to)",
    "InspectionHeld.kind": "检查或督导 (check or supervision)",
    "InspectionHeld.period": (
        "检查的月份，或督导的季度 (month of a check, quarter of a supervision)"
    ),
    "InspectionRow.agreed": (
        "是否同意检查结果；空：尚未确认 (agrees with the result; null: not confirmed yet)"
    ),
    "InspectionRow.kind": "检查或督导 (check or supervision)",
    "InspectionRow.number": (
        "首个事件的记录位置，唯一且不再使用 (position of its first event: unique, never reused)"
    ),
    "InspectionRow.period": "检查的月份，或督导的季度 (month of a check, quarter of a supervision)",
    "InspectionShown.confirmed": (
        "被检查单位的确认；空：尚未确认 (confirmation by the inspected; null: not yet)"
    ),
    "InspectionsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "InspectionsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "InspectionsQuery.from": "检查日期自此日起，含当日 (held from this local day, inclusive)",
    "InspectionsQuery.kind": "检查或督导 (check or supervision)",
    "InspectionsQuery.to": "检查日期至此日止，不含当日 (held before this local day)",
    "InvitationShown.default_grade": "默认评价的等级，5 到 1 (default grade, 5 to 1)",
    "Item.basis": "依据；空：见上级项目 (legal basis; empty: the group's)",
    "Item.evidence": "如何计量；空：本项分为小项 (how it is measured; null: a group of items)",
    "Item.items": "小项 (items of the group)",
    "ItemTerms.maximum": "最高值；空：次数不限 (most; null: no limit to how often)",
    "ItemTerms.required": "没有评分是否不得公布 (whether nothing is published without its score)",
    "Known.as_known_at": (
        "按当时所知作答：RFC 3339 格式带时区 (answer as it was known then: RFC 3339 with offset)"
    ),
    "Link.code": "团队、律所或项目组的编号 (code of the team, firm or project team)",
    "LinkProvider.code": "团队、律所或项目组的编号 (code of the team, firm or project team)",
    "ListChange.at": "列表在回答中的位置，JSON 指针 (where the list is: a JSON pointer)",
    "Live.status": "总为 ok：进程在运行 (always ok: the process runs)",
    "Location.source": "区划代码的来源 (source of the division code)",
    "LogRequest.place": "服务地点 (place)",
    "LogRequest.subject": "事项的主题 (what it is about)",
    "LogWork.evidence": "佐证材料 (evidence)",
    "MakeAppointment.at": "约定的时间 (agreed time)",
    "MoveAdviser.team": "律师团队的编号；空：不在团队 (team's code; null: none)",
    "NameObject.adviser": "被投诉的法律顾问 (adviser complained of)",
    "NominateAdviser.reason": "推荐的理由 (reason)",
    "ObjectionFiled.items": (
        "异议所针对的项目；空：整个结果 (items objected to; empty: the whole result)"
    ),
    "ObjectionShown.appeal": "复核申请；空：没有 (the appeal filed; null: none)",
    "OnceInformed.items": "须提交的材料 (papers to bring)",
    "OpenPoint.kind": (
        "服务点的类别：中心、工作站、工作室或特色平台 (center, station, room or featured point)"
    ),
    "OpenPoint.services": "服务项目；不填：全部 (services; none: all)",
    "Opening.calendar": "工作日历；不填：最早公布的 (calendar; without: the one published first)",
    "Opening.subjects": "考核对象；不填：全部 (subjects; none: everybody there)",
    "OrderRectification.point": (
        "整改所在的服务点；不填：按最早公布的日历计时限 (where it is put right; without: its limit "
        "is by the calendar published first)"
    ),
    "OrderRecusal.account": "须回避的账号 (account that must withdraw)",
    "PartsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "PartsQuery.division": "市或区的区划代码 (division code of a city or district)",
    "PartsQuery.period": "月份、季度或年度 (month, quarter or year)",
    "PauseComplaint.cause": "暂停原因：补正、核查鉴定或听证 (supplement, verification or hearing)",
    "PauseComplaint.items": "须补正的材料或核查的事项 (papers or checks that are waited for)",
    "Percentile.field": "取值的字段 (field that is measured)",
    "PeriodClosed.determination": "最后一次决定的序号 (number of the last determination)",
    "PeriodClosed.position": "结账时的记录位置 (position at the closing)",
    "PeriodClosed.results": "现行结果的摘要值 (digest over the results that stand in the end)",
    "Pieces.required": "应完成的数量 (required)",
    "RuleSet.work": (
        "视为工作的记录；一条也没有的对象得0分 (facts of work; without any the score is 0)"
    ),
    "Pieces.work": "计入的工作日志 (work-log entries that were counted)",
    "PointShown.closed_at": "停用时间；空：在用 (closed at; null: in service)",
    "PointShown.kind": (
        "服务点的类别：中心、工作站、工作室或特色平台 (center, station, room or featured point)"
    ),
    "Points.per": "每满多少计一次；空：每一个 (for every full so many; null: each)",
    "PointsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "PointsQuery.kind": (
        "服务点的类别：中心、工作站、工作室或特色平台 (center, station, room or featured point)"
    ),
    "PointsQuery.open": "在用或已停用 (in service, or closed)",
    "PolicyVersion.code": "规则的编号 (policy's code)",
    "PolicyVersion.invitations": (
        "评价邀请的规则；空：默认 (rules of invitations; null: the defaults)"
    ),
    "PolicyVersion.rating": "评价的规则；空：不涉及 (rules of ratings; null: none)",
    "PolicyVersion.version": "第几版 (which version)",
    "Post.since": "起始时间；空：自登记起 (since; null: from the beginning)",
    "ProblemDetails.detail": "具体说明 (what it was about)",
    "ProblemDetails.status": "HTTP 状态码 (HTTP status)",
    "ProblemDetails.title": "错误的名称，供人阅读 (what is wrong, for people)",
    "Promise.name": "时限的名称 (name of the promise)",
    "Promise.round": "第几轮；复查、复核的时限为其层级 (round; of a review, its level)",
    "Promise.started_at": "起算时间 (when it began to run)",
    "PromiseResult.ended_at": "兑现或停止的时间 (kept or stopped at)",
    "PromiseRow.given": "已作出的件数 (given)",
    "PromiseRow.kept": "兑现的件数 (kept)",
    "PromiseRow.late": "逾期兑现的件数 (kept too late)",
    "PromiseRow.name": "时限的名称 (name of the promise)",
    "PromiseRow.overdue": "进行中而已逾期的件数 (of those running: overdue)",
    "PromiseRow.paused": "暂停的件数 (paused)",
    "PromiseTold.name": "时限的名称 (name of the promise)",
    "PromiseTold.round": "第几轮；复查、复核的时限为其层级 (round; of a review, its level)",
    "PromiseTold.started_at": "起算时间 (when it began to run)",
    "PromisesQuery.from": "到期日期自此日起，含当日 (due from this local day, inclusive)",
    "PromisesQuery.to": "到期日期至此日止，不含当日 (due before this local day)",
    "PromisesReport.basis": "回答所依据的记录 (what the answer stands on)",
    "PublicDirectoryQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "PublicDirectoryQuery.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "PublicDirectoryQuery.text": (
        "名称的一部分，或者编号的开头 (part of a name, or the beginning of a code)"
    ),
    "PublicRow.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "PublicRow.name": "名称或姓名 (name)",
    "Publication.as_known_at": "所见试算的时点 (the time of the run that was looked at)",
    "Publication.digest": (
        "所见试算的摘要值，重新计算须相同 (digest of the run that was looked at; computed again it "
        "must be the same)"
    ),
    "DutyChange.required": "应服务分钟：现值、重新计算后的值 (minutes owed: now, then)",
    "DutyChange.shortfall": "缺的分钟：现值、重新计算后的值 (minutes short: now, then)",
    "RecalculatePolicy.version": "以第几版重新计算 (which version)",
    "RecalculatePolicy.since": "自哪一日起（某月第一日） (from which day on)",
    "RecalculateByCalendar.version": "以第几版重新计算 (which version)",
    "RecalculateByCalendar.since": "自哪一日起（某月第一日） (from which day on)",
    "PublishCalendar.calendar": "工作日历的一个版本 (a version of the calendar)",
    "PublishForm.form": "表样的一个版本 (a version of the form)",
    "PublishPolicy.policy": "规则的一个版本 (a version of the policy)",
    "PublishRuleSet.ruleset": "评分标准的一个版本 (a version of the rule set)",
    "PutBlob.worklog": (
        "等待该材料的工作日志，存好即确认 (the entry that waits for it: confirmed as soon as the "
        "content is stored)"
    ),
    "Rate.amount": "补贴数额 (amount)",
    "Rate.grade": "等次 (grade)",
    "RatingExemption.channels": "来件渠道；空：不限 (channels; empty: any)",
    "RatingRow.disputed": "最近一次申诉所指的评价来源；空：没有 (source disputed last; null: none)",
    "RatingRow.officer": (
        "当时窗口的值班人；空：没有登记 (who was on duty at the window; null: nobody known)"
    ),
    "RatingRow.rule": (
        "免邀请所依的规则；空：已邀请 (rule by which nobody is invited; null: invited)"
    ),
    "RatingShown.disputed": "已申诉的评价来源 (sources that were disputed)",
    "RatingShown.followed_up": "追评；空：没有 (a later addition by the person; null: none)",
    "RatingShown.given": "主动评价；空：没有 (the rating given; null: none)",
    "RatingsQuery.officer": "窗口值班人的账号 (account on duty at the window)",
    "Ratio.field": (
        "分子求和的字段；空：计件数 (field of the numerator that is summed; empty: counted)"
    ),
    "Ratio.of": "分子：所计的记录 (numerator)",
    "Ratio.per": "每多少，如 1000 (for each so many, such as 1000)",
    "Ratio.to": "分母：所计的记录 (denominator)",
    "Ready.lag": (
        "最慢的视图落后的事件数；空：未知 (events the slowest view is behind; null: unknown)"
    ),
    "Ready.status": "能否提供服务 (whether it can serve)",
    "Ready.views": "各查询视图的状态：落后是否在允许范围内 (no further behind than allowed)",
    "Reclassify.service": "新的服务类别 (the service that it is)",
    "ReclassifyComplaint.kind": "改为投诉或咨询 (complaint or consultation)",
    "ReclassifyComplaint.request": "改为咨询后对应的事项 (the request that it is dealt with in)",
    "RectificationRow.addressee": "整改对象的编号 (code of who is to put it right)",
    "RectificationRow.number": (
        "首个事件的记录位置，唯一且不再使用 (position of its first event: unique, never reused)"
    ),
    "RectificationRow.proposed": (
        "建议：调整或退出；空：没有 (proposed: replacement or exit; null: nothing)"
    ),
    "RectificationRow.since": "最近一步的时间 (when the last step was taken)",
    "RectificationShown.answer": (
        "本轮的反馈；空：尚未反馈 (answer of the present round; null: none yet)"
    ),
    "RectificationShown.overdue": "本轮是否逾期 (overdue, in the present round)",
    "RectificationShown.promises": "本轮的时限 (promises of the present round)",
    "RectificationShown.since": "最近一步的时间 (when the last step was taken)",
    "RectificationsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "RectificationsQuery.addressee": "整改对象的编号 (code of who is to put it right)",
    "RectificationsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "RectificationsQuery.from": "责令日期自此日起，含当日 (ordered from this local day, inclusive)",
    "RectificationsQuery.order": (
        "排序：期限先后，或者新责令的在前 (the next deadline first, or the newest first)"
    ),
    "RectificationsQuery.to": "责令日期至此日止，不含当日 (ordered before this local day)",
    "Refer.to": "转介到的单位 (unit referred to)",
    "RegisterAdviser.name": "姓名 (name)",
    "RegisterComplaint.grievance": (
        "投诉的内容；不填：即已记录的不满意 (the grievance; without: the dissatisfaction noted "
        "before)"
    ),
    "ReportPart.change": (
        "合计与上期的差；空：有一期未报送 (totals less those of the period before; null: either "
        "was not submitted)"
    ),
    "ReportPart.submitted": "最新的报送；空：尚未报送 (newest submission; null: none)",
    "ReportQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "ReportQuery.to": "来访或来电日期至此日止，不含当日 (requested before this local day)",
    "ReportRow.sources": "本行由哪些对象得来 (the things that the row was made from)",
    "ReportRow.entered": "人工填写的各栏由谁何时填写 (who filled in which cells, and when)",
    "ReportVersion.digest": (
        "整张报表的摘要值，即所签的内容 (digest of the whole table: what was signed)"
    ),
    "ReportVersion.reason": "重新报送的理由；空：首次 (reason of a resubmission; null: the first)",
    "ReportVersion.role": "签报人的岗位 (signer's role)",
    "ReportVersion.unit": "签报人的单位 (signer's unit)",
    "ReportVersion.version": "第几版 (which version)",
    "RequestLogged.subject": "事项的主题 (what it is about)",
    "RequestLogged.visitor": "来访人；空：未表明身份 (visitor; null: no identity was given)",
    "RequestRow.adviser": "法律顾问的编号；空：未指派 (adviser's code; null: none assigned)",
    "RequestRow.day": "来访或来电的当地日期 (local day it was requested)",
    "RequestRow.due": "最近的到期时间；空：没有时限 (next due time; null: no promise runs)",
    "RequestRow.number": (
        "登记事件的记录位置，唯一且不再使用 (position of the logging event: unique, never reused)"
    ),
    "RequestRow.status": "办理中、已办结或已作废 (open, closed or voided)",
    "RequestRow.subject": "事项的主题 (what it is about)",
    "RequestShown.closed": "是否已办结 (closed)",
    "RequestShown.promises": (
        "本轮尚未兑现的时限 (promises of the present round that are not yet met)"
    ),
    "RequestShown.served_by": "参与服务的人，不得评价 (who served it: none of them may rate it)",
    "RequestShown.started_at": (
        "本轮开始的时间，时限从此起算 (when the present round began: promises run from here)"
    ),
    "RequestSupplement.items": "须补正的材料 (missing papers)",
    "RequestsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "RequestsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "RequestsQuery.order": (
        "排序：到期先后，或者新登记的在前 (the next deadline first, or the newest first)"
    ),
    "RequestsQuery.status": "办理中、已办结或已作废 (open, closed or voided)",
    "RequestsQuery.to": "来访或来电日期至此日止，不含当日 (requested before this local day)",
    "ResponseTimesReport.basis": "回答所依据的记录 (what the answer stands on)",
    "ResponseTimesRow.logged": "登记的件数 (logged)",
    "ResponseTimesRow.overdue": "逾期的件数 (overdue)",
    "Resubmission.cut_off": "所见报表的截止位置 (cut-off of the table as it was seen)",
    "Resubmission.digest": "所见报表的摘要值 (digest of the table as it was seen)",
    "Resubmission.entries": "人工填写的栏目；摘要值不含它们 (filled in by hand, not in the digest)",
    "Resubmission.version": "重新报送的第几版 (which version this becomes)",
    "ResultsFound.cut_off": (
        "计分截止的记录位置；空：现行的结果 (position that it was scored by; null: those that "
        "stand)"
    ),
    "ResultsFound.digest": (
        "该次决定的摘要值；空：现行的结果 (digest of the determination; null: those that stand)"
    ),
    "ResultsFound.number": (
        "第几次决定；空：现行的结果 (which determination; null: those that stand)"
    ),
    "ReturnVisitMade.at": "回访时间 (visited at)",
    "ReviewAsked.level": "1 为复查，2 为复核 (1: review, 2: re-review)",
    "ReviewDecided.level": "1 为复查，2 为复核 (1: review, 2: re-review)",
    "ReviewDecided.unit": "作出决定的单位 (unit that decided)",
    "ReviewsShown.decided": "历次复查、复核决定 (reviews decided)",
    "ReviewsShown.until": (
        "可再申请的截止时间；空：没有期限 (until when the next may be asked for; null: no end is "
        "set)"
    ),
    "Rounding.mode": "舍入方式 (rounding mode)",
    "RoutingShown.asked": "退回申请；空：没有 (return asked for; null: none)",
    "RowChange.key": "该行的识别值 (what the row is told apart by)",
    "RowOfOne.key": "该行的识别值 (what the row is told apart by)",
    "RowOfOne.row": "该行的内容 (the row)",
    "RuleSet.items": "评分项目 (items)",
    "RuleSet.maximum": "各项满分合计，不含加分 (what the items add up to; bonuses come on top)",
    "RuleSet.subject": "考核对象：法律顾问或服务点 (subject: adviser or point)",
    "RuleSet.version": "第几版 (which version)",
    "Run.marks": "计分所用人工评分的摘要值 (digest over the human scores that were scored)",
    "Run.results": "各考核对象的结果，按编号为序 (results in the order of the subjects' codes)",
    "RunFound.digest": (
        "试算的摘要值，公布时须相同 (digest of the run: what is published must have it)"
    ),
    "RunFound.evaluation": "对应考核的标识 (the evaluation that it is a trial of)",
    "RunQuery.calendar": "工作日历；不带：最早公布的 (calendar; without: the one published first)",
    "RunQuery.period": "考核期间：年、半年或季度 (period: year, half year or quarter)",
    "RunQuery.subjects": (
        "考核对象的编号，逗号分隔；不带：全部 (codes, separated by commas; without: everybody "
        "there)"
    ),
    "RunQuery.what_if": "另一套评分标准，编号@版本 (other rules, as code@version)",
    "SatisfactionReport.basis": "回答所依据的记录 (what the answer stands on)",
    "SatisfactionRow.excluded": "因申诉不计的件数 (left out by a decided dispute)",
    "SatisfactionRow.exempt": "免邀请的件数，按规则 (not invited by a rule, by its name)",
    "SatisfactionRow.followed_up": "追评的件数 (followed up)",
    "SatisfactionRow.grades": "主动评价各等级的件数，5 到 1 (explicit ratings by grade, 5 to 1)",
    "SatisfactionRow.invited": "邀请评价的件数 (invited)",
    "SatisfactionRow.not_invited": "已办结而未邀请的件数 (closed, and nobody was invited)",
    "SatisfactionRow.services": "服务的件数 (services)",
    "SatisfactionRow.voided": "评价后事项被作废的件数 (rated, and the request voided since)",
    "SatisfactionRow.withdrawn": "评价人撤回的件数 (taken back)",
    "ScoreDifference.grades": "两次的等次 (grade of either)",
    "Served.firm": "当时所在律所 (firm then)",
    "Served.team": "当时所在团队 (team then)",
    "SettleDissatisfaction.measure": "处理措施 (what was done about it)",
    "Short.by": "分别计算所依的字段；空：不分 (field by which it is counted apart; empty: not)",
    "Short.due": (
        "只计有这种记录的期间；空：每个期间 (only periods in which there is such a fact; null: all)"
    ),
    "Short.each": "按何期间计：月、季、半年或年 (month, quarter, half year or year)",
    "Short.field": "求和的字段；空：计件数 (field that is summed; empty: counted)",
    "Short.required": "每个期间应有的数量 (what is required in each period)",
    "Side.as_known_at": "所问的时点；空：现在 (the time asked about; null: now)",
    "Side.position": "该时点所依据的最后一个记录位置 (every event up to this position)",
    "Side.recorded_at": "最后一个事件的记录时间 (when the last event of the basis was recorded)",
    "SignIn.at": "签到时间 (signed in at)",
    "SignIn.method": "签到方式 (how one signed in)",
    "SittingShown.officer": "值班人 (who sits there)",
    "Source.amount": "对该数的贡献；空：不是数 (what it adds to the figure; null: it is no figure)",
    "Span.until": "终止的第一天；空：未终止 (first day without; null: it goes on)",
    "Step.kind": "推算的步骤 (kind of step)",
    "Step.text": "说明 (why, for people)",
    "Stint.division": "村（社区）的区划代码 (village's division code)",
    "StoredBlob.size": "字节数 (size in bytes)",
    "SubjectResult.grade": "等次；空：未定 (grade; null: none)",
    "SubjectResult.tree": "得分依据的摘要值 (digest of the score tree)",
    "Submission.cut_off": "所见报表的截止位置 (cut-off of the table as it was seen)",
    "Submission.digest": "所见报表的摘要值 (digest of the table as it was seen)",
    "Submission.entries": "人工填写的栏目；摘要值不含它们 (filled in by hand, not in the digest)",
    "Subsidy.per": "补贴的单位，如村/年 (what a rate is for, such as a village and year)",
    "Subsidy.unit": "货币单位，如元 (unit of money)",
    "Sum.field": "求和的字段 (field that is summed)",
    "SupplementRequested.due": (
        "补正的期限；空：没有期限 (until when they are waited for; null: no end is set)"
    ),
    "SupplementRequested.items": "须补正的材料 (missing papers)",
    "Table.template": "报表种类，编号@版本 (template, as code@version)",
    "TableFound.basis": "回答所依据的记录 (what the answer stands on)",
    "TableFound.of": "报送的、当时的或现在的 (as submitted, as known then, or now)",
    "TableFound.numbers": "各行在整张表中的行号 (where the rows stand in the whole table)",
    "TableQuery.basis": "报送的、当时的或现在的 (as submitted, as known then, or now)",
    "TableQuery.version": (
        "报送的第几版；不带：最新 (version of the submission; the newest unless said otherwise)"
    ),
    "Taking.officer": "值班人；空：本人 (who sits there; null: who enters it)",
    "Terms.items": "可由人评分的项目 (items, as far as people score them)",
    "Threshold.grades": "属于这些等次之一 (one of these grades)",
    "Threshold.items": "整改的内容，或者调整、退出的原因 (what is to be put right, or why)",
    "Threshold.vetoed": "被一票否决 (by a veto)",
    "TimeLimit.amount": "几个单位 (how many units)",
    "TimeLimit.unit": "时限的单位 (unit of time)",
    "Timeline.events": "可以查看的事件，按记录先后 (events that may be seen, as recorded)",
    "Timeline.hidden": "无权查看的事件数 (how many events are hidden)",
    "Timeline.key": "对象的标识或编号 (its id or code)",
    "Timeline.kind": "对象的类别 (kind of thing)",
    "Timeline.position": "已查到的记录位置 (everything up to here was looked at)",
    "Timeline.stream": "对象的标识或名称 (the thing's id or name)",
    "TimelineEvent.kind": "事件的种类 (kind of the event)",
    "TimelineEvent.links": "涉及的其他对象，类别:标识 (other things that it names, as kind and id)",
    "TimelineEvent.occurred_at": "发生时间 (occurred at)",
    "TimelineEvent.version": "该对象的第几个事件 (which event of the thing)",
    "Total.change": "与上期的差 (from the period before)",
    "Total.count": "批评意见的件数，不含重复反映 (criticism of the period, repeated ones left out)",
    "Total.joint": "其中多人联名的件数 (of several people together)",
    "Total.late": "逾期答复的件数 (answered too late)",
    "Total.previous": "上期的件数 (count of the period before)",
    "Total.reclassified": "另有已改为咨询的件数 (beside these: consultations now)",
    "Total.satisfied": "满意的件数 (satisfied)",
    "TrainingAnnounced.invited": "通知参加的人员 (who is invited)",
    "TrainingAnnounced.subject": "培训内容 (what it is about)",
    "TrainingCreditsQuery.trainee": "人员的编号 (code of the person)",
    "TrainingRow.attended": "出席人数 (how many attended)",
    "TrainingRow.invited": "通知参加的人数 (how many are invited)",
    "TrainingRow.subject": "培训内容 (what it is about)",
    "TrainingShown.announced": "培训登记的内容 (the session as announced)",
    "TrainingShown.invited": "通知参加的人员 (who is invited)",
    "UnlinkProvider.code": "团队、律所或项目组的编号 (code of the team, firm or project team)",
    "UnlinkProvider.until": "终止的第一天 (first day without)",
    "VerifyWork.note": "核验意见 (note)",
    "VersionsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "Veto.at_least": "自几次起 (from so many occurrences on)",
    "Veto.evidence": "如何计数 (how occurrences are counted)",
    "Veto.grade": "最高等次 (no better grade than this)",
    "ViewStatus.name": "视图的名称 (name of the view)",
    "ViewStatus.position": "已处理到的记录位置 (position that it has come to)",
    "ViewStatus.version": "视图定义的版本 (version of its definition)",
    "Visitor.name": "姓名 (name)",
    "Waiting.count": "件数 (how many)",
    "Waiting.link": "清单的地址 (the list that holds them)",
    "Waiting.what": "待办的名称 (name of the inbox)",
    "Window.unit": "自然日或工作日 (calendar days or working days)",
    "Work.request": "所属事项的标识；空：没有 (the request it belongs to; null: none)",
    "Work.result": "处理结果 (result)",
    "WorkRow.advisers": "提供服务的法律顾问 (advisers who served)",
    "WorkRow.clients": "服务对象的人次合计 (people served, of every kind)",
    "WorkRow.evidence": "佐证材料份数 (pieces of evidence)",
    "WorkRow.firms": "各位顾问当时的律所 (the advisers' firms then)",
    "WorkRow.number": "首个事件的记录位置 (position of its first event)",
    "WorkRow.standing": "待核验、已退回、已核验或已撤回 (logged, returned, verified or withdrawn)",
    "WorkShown.standing": (
        "状态：已登记、已核验、已退回或已撤回 (logged, verified, returned or withdrawn)"
    ),
    "WorkloadReport.basis": "回答所依据的记录 (what the answer stands on)",
    "WorkloadRow.duplicates": (
        "重复事项的件数，不计入服务 (linked duplicates, not among the services)"
    ),
    "WorkloadRow.services": "服务的件数 (services)",
    "WorkloadRow.visits": "其中仅由工作日志记录的服务 (services that the work log alone tells)",
    "AdviserVisits.kept": "已到的次数 (visits that were kept)",
    "AdviserVisits.missed": "未到的次数 (visits that were missed)",
    "AdviserVisits.dropped": "取消的次数 (visits that were dropped)",
    "AdviserVisits.moved": "改期的次数，含在其他各项内 (moved, among the others)",
    "AdviserVisits.asked": "待审批的变更申请数 (changes that wait for a decision)",
    "AreaRound.since": "包干起始日 (first day)",
    "AreaRow.since": "包干起始日 (first day)",
    "AssignArea.since": "包干起始日 (first day)",
    "Tenure.since": "包干起始日 (first day)",
    "AreaRound.until": (
        "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)"
    ),
    "AreaRow.until": "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)",
    "Tenure.until": "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)",
    "ReleaseArea.until": (
        "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)"
    ),
    "AreaRound.due": "该季度是否应由其督导 (his round is due)",
    "AreaRound.done": "该季度已督导的次数 (supervisions in the quarter)",
    "AreaRound.last": "最近一次督导的日期；空：没有 (day of the last supervision; null: none)",
    "AskChange.to": "变更后的时间；空：取消这一次驻村 (the new time; null: the visit is dropped)",
    "ChangeAsked.to": "变更后的时间；空：取消这一次驻村 (the new time; null: the visit is dropped)",
    "AwardMark.valid_until": (
        "最后一日；空：按规则或长期有效 (last day; null: by the rules, or until withdrawn)"
    ),
    "MarkAwarded.valid_until": (
        "最后一日；空：按规则或长期有效 (last day; null: by the rules, or until withdrawn)"
    ),
    "MarkRow.valid_until": (
        "最后一日；空：按规则或长期有效 (last day; null: by the rules, or until withdrawn)"
    ),
    "AwardMark.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkAwarded.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkCount.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkHeld.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkRow.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarksQuery.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkCountsQuery.kind": "称号或表彰类别的编号 (code of its kind)",
    "AwardMark.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "MarkAwarded.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "MarkRow.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "MarksQuery.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "MarkAwarded.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarkKind.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarkRow.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarksQuery.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarkCountsQuery.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "BookSlot.matter": "来访事由 (what the visitor comes with)",
    "BookingShown.matter": "来访事由 (what the visitor comes with)",
    "BookingShown.received_at": "到场时间；空：尚未到场 (when he was received; null: not yet)",
    "BookingShown.hidden": (
        "来访人和事由是否对查看人隐藏 (who comes and why is hidden from the reader)"
    ),
    "BookingShown.outcome": (
        "接待结果：事项、投诉或当场答复；空：尚未登记 (what came of it; null: not recorded)"
    ),
    "RecordOutcome.outcome": (
        "接待结果：事项、投诉或当场答复；空：尚未登记 (what came of it; null: not recorded)"
    ),
    "BookingShown.of": "所形成的事项或投诉 (the request or complaint that came of it)",
    "RecordOutcome.of": "所形成的事项或投诉 (the request or complaint that came of it)",
    "ChoiceShown.rank": "排在第几位 (place in the order)",
    "ChoiceShown.villages": "现在服务的村（社区）数 (villages served now)",
    "GradeVillage.level": "村（社区）的难度等级 (level of difficulty)",
    "VillageGraded.level": "村（社区）的难度等级 (level of difficulty)",
    "VillageNeeds.level": "村（社区）的难度等级 (level of difficulty)",
    "NeedsQuery.level": "村（社区）的难度等级 (level of difficulty)",
    "VillageGraded.rank": "难度等级的次序，1 为最易 (rank of the level; 1 is the easiest)",
    "VillageNeeds.rank": "难度等级的次序，1 为最易 (rank of the level; 1 is the easiest)",
    "LeaderReceptions.days": "接待天数 (reception days)",
    "LeaderReceptions.cancelled": "取消的天数 (days that were cancelled)",
    "LeaderReceptions.last": "最近一次接待的日期；空：没有 (last day of reception; null: none)",
    "LeaderReceptions.withdrawn": "取消的预约数 (bookings taken back)",
    "ReceptionRow.withdrawn": "取消的预约数 (bookings taken back)",
    "ReceptionShown.withdrawn": "取消的预约数 (bookings taken back)",
    "LeaderReceptions.complaints": "形成投诉的人数 (how many became complaints)",
    "ReceptionRow.complaints": "形成投诉的人数 (how many became complaints)",
    "LeaderReceptions.received": "到场人数 (how many were received)",
    "ReceptionRow.received": "到场人数 (how many were received)",
    "LeaderRounds.due": "应督导的区划数 (divisions due)",
    "LeaderRounds.done": "已督导的区划数 (divisions done)",
    "MarkCount.withdrawn": "撤销的数量 (withdrawn)",
    "MarkShown.withdrawn": "撤销情况；空：没有撤销 (the withdrawal; null: none)",
    "MarkRow.standing": "状态：有效、到期或撤销 (valid, expired or withdrawn)",
    "MarksQuery.standing": "状态：有效、到期或撤销 (valid, expired or withdrawn)",
    "MeetNeed.number": "需求的序号 (number of the need)",
    "WithdrawNeed.number": "需求的序号 (number of the need)",
    "NeedShown.number": "需求的序号 (number of the need)",
    "MeetNeed.work": (
        "据以满足的工作日志；空：没有 (entry of the work log by which it was met; null: none)"
    ),
    "NeedShown.work": (
        "据以满足的工作日志；空：没有 (entry of the work log by which it was met; null: none)"
    ),
    "NeedShown.text": "需求的内容 (what is needed)",
    "NoteNeed.text": "需求的内容 (what is needed)",
    "NeedShown.since": "需求产生的日期 (since when)",
    "NoteNeed.since": "需求产生的日期 (since when)",
    "NeedShown.source": "如何得知：日志、问卷、座谈、村委、检查或其他 (how it was found out)",
    "NoteNeed.source": "如何得知：日志、问卷、座谈、村委、检查或其他 (how it was found out)",
    "NeedShown.standing": "状态：未满足、已满足或撤销 (open, met or withdrawn)",
    "PlanVisits.month": "月份，如 2026-04 (month, as 2026-04)",
    "PlannedRow.month": "月份，如 2026-04 (month, as 2026-04)",
    "VisitPlanShown.month": "月份，如 2026-04 (month, as 2026-04)",
    "VisitsQuery.month": "月份，如 2026-04 (month, as 2026-04)",
    "AskChange.month": "月份，如 2026-04 (month, as 2026-04)",
    "ApproveChange.month": "月份，如 2026-04 (month, as 2026-04)",
    "RefuseChange.month": "月份，如 2026-04 (month, as 2026-04)",
    "VisitPlan.month": "月份，如 2026-04 (month, as 2026-04)",
    "PlanVisits.visits": "各次驻村 (visits)",
    "VisitPlanShown.visits": "各次驻村 (visits)",
    "PlannedRow.asked": "是否有变更申请待审批 (a change waits for a decision)",
    "VisitsQuery.asked": "是否有变更申请待审批 (a change waits for a decision)",
    "PlannedRow.standing": "状态：计划、已到、未到或取消 (planned, kept, missed or dropped)",
    "VisitsQuery.standing": "状态：计划、已到、未到或取消 (planned, kept, missed or dropped)",
    "PlannedRow.work": (
        "据以认定已到的工作日志；空：没有 (entry of the work log by which it was kept; null: none)"
    ),
    "PlannedRow.refused": "未获同意的变更次数 (changes that were refused)",
    "VisitShown.refused": "未获同意的变更次数 (changes that were refused)",
    "ReceptionRow.moved": "改期次数 (how often it was moved)",
    "ReceptionShown.moved": "改期次数 (how often it was moved)",
    "ReceptionShown.cancelled": "取消的原因；空：没有取消 (why it was cancelled; null: it was not)",
    "VillageNeeds.open": "未满足的需求数 (open needs)",
    "VillageNeeds.withdrawn": "撤销的需求数 (needs that were withdrawn)",
    "VisitShown.first": "最初计划的时间 (as planned at first)",
    "VisitShown.now": (
        "现在的时间；已取消的为取消前的时间 (as it is now, or was when it was dropped)"
    ),
    "VisitShown.asked": (
        "待审批的变更申请；空：没有 (the change that waits for a decision; null: none)"
    ),
    "DirectoryRow.marks": "现行有效的称号和表彰 (marks and awards that are valid)",
    "PublicRow.marks": "现行有效的称号和表彰 (marks and awards that are valid)",
    "PolicyVersion.marks": (
        "可以授予的称号和表彰的类别 (kinds of marks and awards that may be given)"
    ),
    "ReceptionsQuery.from": "接待日期自此日起，含当日 (held from this local day, inclusive)",
    "ReceptionsQuery.to": "接待日期至此日止，不含当日 (held before this local day)",
    "VisitsQuery.from": "驻村日期自此日起，含当日 (visited from this local day, inclusive)",
    "VisitsQuery.to": "驻村日期至此日止，不含当日 (visited before this local day)",
    "WorklogsQuery.counts": (
        "是否计入：未退回、未撤回 (whether it counts: neither returned nor withdrawn)"
    ),
    "WorklogsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "WorklogsQuery.doubtful": "是否有未排除的疑点 (whether it has a doubt that nobody cleared)",
    "WorklogsQuery.from": "服务日期自此日起，含当日 (begun from this local day, inclusive)",
    "WorklogsQuery.standing": (
        "待核验、已退回、已核验或已撤回 (logged, returned, verified or withdrawn)"
    ),
    "WorklogsQuery.to": "服务日期至此日止，不含当日 (begun before this local day)",
}
"""Fields and parameters that mean something else in one struct, query or operation."""
STRUCTS: Final = {
    "Actor": (
        "操作人：账号、岗位和当时所在单位，随每个事件记录 (who acts, in which role and for which "
        "unit at that moment)"
    ),
    "Addressee": "整改对象 (who is to put something right)",
    "AdjustedRow": "报送以后有变化的一行 (a row that changed since the submission)",
    "AdjustingEvent": (
        "截止以后记录的一个事件及其影响 (an event recorded after the cut-off, and what it added)"
    ),
    "Adjustments": (
        "报表报送以后的变化，按截止位置重新计算加以核对 (what changed since a table was submitted)"
    ),
    "AdviserShown": "一位法律顾问 (an adviser)",
    "Answer": "操作的结果 (what a command did)",
    "AppealDecided": (
        "复核决定，考核中的最后决定 (decision on an appeal: the last word within the evaluation)"
    ),
    "AppealFiled": "复核申请 (an appeal that was filed)",
    "AppointmentMade": "约定的时间和目的 (an appointment that was made)",
    "AppointmentShown": (
        "一个村（社区）或镇街的法律顾问聘任 (an appointment: who advises a village, community or "
        "town)"
    ),
    "ArrangementRefused": "不服从工作安排的一次情况 (an arrangement that an adviser refused)",
    "Attendance": "一名出席人员 (one who attended)",
    "Band": "一档：范围和分数 (a band of numbers and its points)",
    "Bands": "分档计分，取第一个符合的 (points by the first band that holds)",
    "Basis": (
        "回答所依据的记录：到某一位置为止的全部事件 (what an answer stands on: every event up to a "
        "position)"
    ),
    "BoardFound": "投诉或不满意的清单 (a list of complaints, or of dissatisfactions)",
    "Bounds": "范围，两端都含 (bounds, both included)",
    "Calendar": "工作日历的一个版本：法定工作日和服务时间 (a version of a unit's working time)",
    "Candidate": "双向选择中的一个人选 (a candidate of the mutual selection)",
    "CellChange": "报送以后有变化的一格 (a cell that changed since the submission)",
    "Choice": "一种选项的全部取值和名称 (a choice with all of its values and labels)",
    "CoHandler": "协办单位及其进展 (a co-handling unit)",
    "ComplaintAnswered": (
        "对投诉的一次答复：请求、事实、意见和依据 (an answer: claim, facts, opinion and basis)"
    ),
    "ComplaintAssigned": "交办：由该单位办理 (an assignment to the unit that shall handle it)",
    "ComplaintExtended": "一次延期 (an extension)",
    "ComplaintPaused": (
        "一次暂停：等待补正、核查鉴定或听证 (a pause: for papers, checks or a hearing)"
    ),
    "ComplaintRow": "投诉看板的一行 (a row of the board of complaints)",
    "ComplaintRules": "投诉的规则：谁可更改类别、代表人数 (rules of complaints)",
    "ComplaintShown": "一个投诉 (a complaint)",
    "ComplaintSupervised": "一次督办 (a supervision from above)",
    "ConferenceHeld": "联席会议的登记 (a joint conference as entered)",
    "ConferenceRow": "清单中的一次联席会议 (a joint conference in the list)",
    "ConferenceShown": "一次联席会议 (a joint conference)",
    "ContractRow": (
        "聘任清单的一行：进行中的选聘和最近一份合同 (a row of the appointments: the selection "
        "that is on, the contract signed last)"
    ),
    "CoordinationRecorded": (
        "就一个人选征求村（居）民委员会和村（居）民意见的情况 (what the committee and the "
        "residents said of a candidate)"
    ),
    "Count": "计件数 (how many facts)",
    "Counts": (
        "投诉看板的各项件数，只计可以查看的未办结投诉 (counts of open complaints that may be seen)"
    ),
    "CreditRow": "一人一年参加的培训 (what one person was credited with in a year)",
    "Decision": "一个议定事项 (a decision)",
    "DecisionRow": "清单中的一个议定事项 (a decision in the list)",
    "Deduction": "扣分：从满分起扣 (points off, from the maximum)",
    "Determined": "一次考核决定：首次公布或者更正 (a determination, the first or a correction)",
    "DeviceShown": "一台服务评价器的位置 (where a rating device stands)",
    "Difference": "同一查询在两个时点的差异 (what differs between the answers of two times)",
    "DirectoryRow": "名录的一行：服务点或法律顾问 (a service point or an adviser)",
    "Distinct": (
        "计不同取值的个数，如服务了几个村 (how many different values, such as villages served)"
    ),
    "DivisionName": "区划的一个名称 (a name of a division)",
    "DivisionShown": "一个区划 (a division)",
    "DoubtfulWork": "一条有疑点的工作日志，待司法所排除疑点或退回 (a doubtful work-log entry)",
    "DutyChange": (
        "重新计算会使一位顾问在一村一月的职责发生的变化 (what a recalculation would change)"
    ),
    "FirmShown": "一家律师事务所 (a law firm)",
    "HelperActivityReported": "法律明白人的一次活动 (an activity of a legal helper)",
    "HelperCount": "一个区划一年的法律明白人统计 (helpers of one division in a year)",
    "HelperRegistered": "法律明白人的登记 (a legal helper as registered)",
    "HelperRow": "名册中的一位法律明白人 (a legal helper in the register)",
    "HelperShown": "一位法律明白人 (a legal helper)",
    "ItemDetermined": (
        "异议、复核成立后对一个项目的认定 (an item determined after an upheld objection)"
    ),
    "LegalAidRules": "法律援助的规则：由谁审查决定 (rules of legal aid: who decides)",
    "Department": "一个参加单位或责任单位 (a department)",
    "OrganShown": "一个市直机关 (a city organ)",
    "FormChoice": "表样中一个选择题的选项 (the options of a question of a form)",
    "ObjectionRow": "异议清单的一行 (a row of the objections)",
    "Option": "一个取值和它的名称 (a value with its labels)",
    "PublicationRow": (
        "按版本公布的一件，最新一版 (something that is published in versions: the newest one)"
    ),
    "PublicationsFound": "按版本公布的清单 (a list of what is published in versions)",
    "Quota": "一个等次的名额 (quota of a grade)",
    "EarlierResult": "此前一个期间公布的结果 (a result published for an earlier period)",
    "Ranked": "一个对象的名次和结果 (rank and result of a subject)",
    "DutyRow": (
        "一名法律顾问在一个村（社区）一个月的履职；没有顾问的一行为整个村（社区）。各行不相加 (an "
        "adviser's month in a village, or the village's; rows are not summed)"
    ),
    "DutyRules": (
        "法律顾问应服务的数量、聘任和解聘的条件；按每村计，0 为不要求或不限 (what an adviser owes "
        "each village; 0: nothing is owed or limited)"
    ),
    "EvaluationLine": "一项考核 (an evaluation, in the list)",
    "EvaluationOpened": (
        "考核的启动：考核对象随之确定 (the opening of an evaluation: its subjects are fixed)"
    ),
    "EvaluationStanding": (
        "一项考核的现状；人工评分只列有权查看的 (an evaluation as it stands; marks only of those "
        "that may be seen)"
    ),
    "EventNamed": "一个事件的种类和时间 (an event by its kind and times)",
    "EventNotice": (
        "有新记录的通知；内容另行查询 (that something was recorded: what it says is asked for "
        "separately)"
    ),
    "Evidence": (
        "一份佐证材料：按内容的摘要值识别 (a piece of evidence, named by the digest of its content)"
    ),
    "Attachment": "一份附件 (an attachment)",
    "CellEntry": "人工填写的一格 (a cell that a person fills in)",
    "Entered": "由谁何时人工填写 (who filled in by hand, and when)",
    "NoteEntry": "一行的备注 (a note on a row)",
    "Exclusion": "不计的情形及其原因 (what is left out, with the reason)",
    "Exhibit": "佐证材料及其是否已存 (a piece of evidence and whether it is stored)",
    "ExternalId": "外部系统中的编号 (an id in another system)",
    "Entry": "报表中人工填写的一格 (a cell of a table, filled in by hand)",
    "Field": "表样的一个题目或栏目 (a question or column of a form)",
    "FieldChange": "一个字段的差异 (a field that differs)",
    "FieldProblem": "一个字段的错误 (what is wrong with one field)",
    "Finding": "检查发现的一个问题 (a finding of an inspection)",
    "FollowUp": (
        "考核的后续：责令整改，或者建议调整、退出 (an order to put right, or a proposal that "
        "people decide on)"
    ),
    "Form": "表样的一个版本 (a version of a form)",
    "Frame": (
        "抽查总体：某一记录位置所知的某类对象 (a population: everything of a kind as known at a "
        "position)"
    ),
    "Gap": "服务覆盖的一个缺口 (a gap of the coverage)",
    "Given": "由人直接给分 (the points are what a person gives)",
    "Grade": "一个等次 (a grade)",
    "Grievance": (
        "不满或投诉的内容；未指明法律顾问和账号的，即投诉服务点 (what somebody is dissatisfied "
        "with; naming nobody, it is the point itself)"
    ),
    "HiddenEvent": "一个无权查看的事件 (an event that the reader may not see)",
    "Holiday": (
        "放假：第一天、最后一天（都含，周末也在内）和名称 (days off in a row: first day, last day, "
        "name)"
    ),
    "Human": (
        "由人评分：分数，或者有计分方法时评发生几次 (people score it: points, or how often it "
        "occurred)"
    ),
    "HumanScoreGiven": (
        "一次人工评分；再次评分以后一次为准 (a human score; a second one takes its place)"
    ),
    "InspectionConfirmed": "被检查单位的确认 (confirmation by the inspected)",
    "InspectionHeld": "检查或督导的登记 (an inspection as entered)",
    "InspectionRow": "检查督导清单的一行 (a row of the inspections)",
    "InspectionShown": "一次检查或督导 (an inspection)",
    "InvitationRules": "评价邀请的规则：免邀请、存疑、撤回 (rules of invitations)",
    "InvitationShown": "一次评价邀请 (an invitation to rate)",
    "Item": "评分项目：有计分方法，或者分为小项 (an item of the rule set, or a group of items)",
    "ItemTerms": (
        "一个评分项目、加分项或一票否决项，只及由人评分的部分 (an item, bonus or veto, as far as "
        "people score it)"
    ),
    "Linear": "按比例计分：在零分和满分的数值之间 (a share of the maximum, between two numbers)",
    "Link": "对口的团队、律所或项目组 (a linked team, firm or project team)",
    "ListChange": "一个列表的差异 (a list whose rows differ)",
    "Live": "进程在运行 (the process runs)",
    "Location": "服务点自某日起所在的区划 (where a point is from a day on)",
    "MakeupDay": (
        "调休上班日：日期、名称和按周几的服务时间（0 为周一） (a makeup working day: day, name, "
        "weekday whose periods apply)"
    ),
    "Nothing": "空对象，或者没有请求体 (an empty object, or no body at all)",
    "ObjectionAnswered": "对异议的答复 (the answer to an objection)",
    "ObjectionFiled": "对考核结果的异议 (an objection to a result)",
    "ObjectionShown": "一项异议及其复核 (an objection with its appeal)",
    "OnceInformed": (
        "一次性告知：依据、材料和时限 (the once-only notice: basis, papers and time limit)"
    ),
    "Pause": "时限停止计算的一段时间 (a time in which the clock stood still)",
    "PenaltyRecorded": (
        "一次处罚：行政处罚或行业处分 (an administrative penalty or a sanction of the profession)"
    ),
    "Percentile": "计百分位数，插值 (a percentile, interpolated)",
    "Period": (
        "一段服务时间：开始和结束，从零点起的分钟数 (a service period: minutes after midnight)"
    ),
    "PeriodClosed": "考核期间的结账 (the closing of an evaluation's period)",
    "Pieces": (
        "按次数计的一项义务，自第一天至最后一天应完成 (an obligation counted in pieces, owed for a "
        "span of days)"
    ),
    "PointShown": "一个服务点 (a service point)",
    "Points": "按数量计分 (so many points for each)",
    "PolicyVersion": (
        "规则的一个版本，自某日起施行 (a version of the rules, in force from a day on)"
    ),
    "Post": "自某时起所在的律所和团队 (firm and team from a time on)",
    "ProblemDetails": "错误，RFC 9457 格式 (a problem, by RFC 9457)",
    "Procedure": (
        "对考核结果的异议、复核及其后续 (what may be filed against a result, and what follows from "
        "it)"
    ),
    "ProceedingsShown": (
        "一个事项的转介、调解和法律援助 (referral, mediation and legal aid of a request)"
    ),
    "Promise": "对当事人的一个时限 (a deadline given to the person)",
    "PromiseResult": "一个已结束的时限 (what a promise came to)",
    "PromiseRow": "一组时限的兑现情况，按到期日期计 (promises of a group, by when they are due)",
    "PromiseTold": "一个时限及其推算过程 (a promise, and how its due time was computed)",
    "PublicRow": "公开名录的一行 (a row of the public directory)",
    "Rate": "一个等次的补贴 (the amount for a grade)",
    "RatingCode": "评价码及其链接 (a code for the person, as a link)",
    "RatingExemption": "不邀请评价的情形 (services nobody is invited to rate)",
    "RatingFollowedUp": (
        "追评：首次评价不变 (a later addition by the person; the first rating stays)"
    ),
    "RatingGiven": "一次主动评价 (an explicit rating)",
    "RatingLookedAt": "存疑评价的核查结果 (how a suspect vote was looked at)",
    "RatingRow": "评价清单的一行 (a rating as it stands)",
    "RatingRules": "评价的规则：默认评价和邀请的有效期 (rules of ratings)",
    "RatingShown": "一个事项的评价 (a rating)",
    "Ratio": "计比率：分子比分母 (a ratio of one count or sum to another)",
    "Ready": "能否提供服务及其原因 (whether it can serve, and why not)",
    "RectificationAnswered": "对整改的一次反馈 (an answer to a rectification)",
    "RectificationOrdered": "整改的责令 (an order to put something right)",
    "RectificationRow": "整改清单的一行 (a row of the rectifications)",
    "RectificationShown": "一项整改 (a rectification)",
    "RegisterComplaint": (
        "登记投诉，或者把不满意转为投诉 (registers a complaint, or makes one of a dissatisfaction)"
    ),
    "ReportLine": (
        "已报送报表的一个版本，不含各行 (a version of a submitted table, without its rows)"
    ),
    "ReportPart": (
        "一个区或镇街的报送情况和与上期的变化 (a district or town: what it submitted, and what "
        "changed)"
    ),
    "ReportRow": "报表的一行 (a row of a table)",
    "ReportVersion": "一次报送，不含各行 (a submission, without its rows)",
    "RequestLogged": "事项的登记 (a request as logged)",
    "RequestRow": "事项清单的一行 (a row of the requests)",
    "RequestShown": "一个事项 (a request)",
    "ResponseTimesRow": (
        "一组事项的办理时效；天数为当地自然日，工作分钟不含等待当事人的时间 (response times of a "
        "group: days are calendar days, working minutes leave out waiting for the person)"
    ),
    "ReturnAsked": (
        "退回申请：承办单位认为不属于本单位 (the receiver says that the matter is not its own)"
    ),
    "ReturnVisitMade": "一次回访 (a return visit)",
    "ReviewAsked": "复查或复核的申请 (a review that was asked for)",
    "ReviewDecided": "复查或复核的决定 (the decision of a review)",
    "ReviewsShown": "投诉的复查和复核 (reviews of a complaint)",
    "RosterShown": "一个服务点一天的值班表 (roster of a point and day)",
    "Rounding": "小数处理，每个得分项一次 (rounding, once for every score item)",
    "RoutingShown": "投诉由哪个单位办理 (which unit has a complaint)",
    "RowChange": "两个时点都有而内容不同的一行 (a row that differs)",
    "RowOfOne": "只在一个时点有的一行 (a row that one of the two answers has)",
    "RuleSet": "评分标准的一个版本 (a version of a rule set)",
    "Run": "一次考核计算及其全部依据 (a computation, with everything it was made from)",
    "SampleAnnounced": "抽查的登记：总体和数量 (the announcement of a sample: population and size)",
    "SampleRow": "抽查清单的一行 (a row of the samples)",
    "SampleShown": "一次抽查 (a sample)",
    "SatisfactionRow": (
        "一组事项的满意度；比例为 0 到 1，没有评价的为空 (satisfaction of a group: rates are "
        "shares of 1, null where nothing was rated)"
    ),
    "ScoreDifference": "一个考核对象的得分差异 (a subject whose result differs)",
    "Selection": (
        "所计的记录：对象在期间内符合条件的 (the facts of a subject within the period that fit the "
        "conditions)"
    ),
    "Served": "一名法律顾问的服务分钟数 (one adviser's minutes)",
    "Share": "一名法律顾问的服务分钟数 (one adviser's minutes)",
    "Short": (
        "计缺少的数量：各期间应有而没有的 (what is missing to the number required in each period)"
    ),
    "Side": "对照的一个时点及其所依据的记录 (what one of the two answers stands on)",
    "SignIn": "签到 (a sign-in)",
    "SittingRow": "一次窗口值班 (an officer's sitting at a window)",
    "SittingShown": "一人在一个窗口的值班 (an officer at a window)",
    "Source": "一格由之得来的一个对象 (a thing that a cell was made from)",
    "Span": "一段日期：起始日至终止日的前一天 (from a day until the day before another)",
    "Step": "到期时间推算的一步 (one line of the reason why a deadline falls where it does)",
    "Stint": (
        "一名法律顾问连续服务一个村（社区）的日期 (the days that one adviser serves one village "
        "without a break)"
    ),
    "StoredBlob": "已存的内容 (a content that is stored)",
    "Subject": "一个考核对象的试算结果和得分依据 (a subject's result with its score tree)",
    "SubjectResult": "一个考核对象的结果 (a subject's result)",
    "Subsidy": "补贴：按等次，可按数目倍乘 (money by grade, once or several times)",
    "Sum": "计合计 (a sum)",
    "SupplementRequested": (
        "一次性要求补正的材料，时限暂停 (missing papers: the clock stands still until they come)"
    ),
    "SurveyConducted": "社会调查的登记 (a survey as entered)",
    "SurveyResult": "一个问题的结果，只记人数 (counts of one question)",
    "SurveyRow": "清单中的一次社会调查 (a survey in the list)",
    "SurveyShown": "一次社会调查 (a survey)",
    "Table": "一张报表及其全部依据 (a table, with everything it was computed from)",
    "TeamShown": "一个顾问团队 (a team)",
    "Term": "合同约定的一个聘期 (a term as contracted)",
    "Terms": (
        "评分标准所定的程序，随考核固定 (what the rule set says about the procedure, kept with the "
        "evaluation)"
    ),
    "Threshold": "导致某一后果的条件 (which results lead to what)",
    "TimeLimit": "规则所定的一个时限 (how long a promise may take)",
    "TimelineEvent": "一个事件的全部内容 (an event as it stands in the log)",
    "Total": "一组批评意见的分析数据 (figures of a group of criticism)",
    "Trainee": "参加培训的法律顾问或法律明白人 (an adviser or legal helper)",
    "TrainingAnnounced": "培训的登记 (a training session as announced)",
    "TrainingRow": "清单中的一次培训 (a training session in the list)",
    "TrainingShown": "一次培训 (a training session)",
    "Veto": (
        "一票否决：达到次数的，等次不得高于此 (from so many occurrences on, no better grade than "
        "this)"
    ),
    "ViewStatus": "一个查询视图的进度 (how far a view has come)",
    "Visitor": "来访人的姓名和电话 (name and phone of a visitor)",
    "Vote": "凭链接作出的评价 (what a person says through the link)",
    "VoteAtDevice": "在服务评价器上作出的评价 (what a person says at the device)",
    "Waiting": "一项待办：件数和清单 (an inbox: how many, and the list)",
    "WaitingRow": "等待评价的邀请 (an invitation that waits)",
    "Window": "可提出异议或复核的天数 (days within which something may be filed)",
    "Wording": "工作日志的一次内容 (a wording of a work-log entry)",
    "Work": "一次服务的内容 (what was done)",
    "WorkRow": "工作日志清单的一行 (a row of the work logs)",
    "WorkShown": "一条工作日志 (a work-log entry)",
    "WorkloadRow": "一组事项的工作量 (workload of a group)",
    "YesNo": "在范围内得满分，否则得最低分 (all points within the bounds, else the least)",
    "AdviserVisits": (
        "一位法律顾问在一个村（社区）的驻村计划执行情况 (planned visits of an adviser to a village)"
    ),
    "AreaRound": "领导在一个区划的季度督导 (the round of a leader in a division and quarter)",
    "AreaRow": "领导包干一个区划的起止 (days on which a leader answers for a division)",
    "AreaShown": "一个区划的包干安排 (who answers for a division)",
    "BookingShown": "接待日的一个预约 (a booking of a reception day)",
    "ChangeAsked": "驻村变更申请 (a change of a visit that is asked for)",
    "ChoiceShown": (
        "可选的法律顾问及排序的依据 (an adviser whom a village may choose, and what the order "
        "stands on)"
    ),
    "LeaderReceptions": "一位领导的接待情况 (the reception days of a leader)",
    "LeaderRounds": "一位领导的季度督导合计 (the rounds of a leader in a quarter)",
    "MarkAwarded": "授予称号或表彰 (the award of a mark)",
    "MarkCount": "一类称号在一个区和年度的数量 (how many marks of a kind and year a district has)",
    "MarkHeld": "现行有效的称号或表彰 (a mark that is valid)",
    "MarkKind": "称号或表彰的类别 (a kind of mark or award)",
    "MarkRow": "一项称号或表彰 (a mark or award)",
    "MarkShown": "一项称号或表彰的授予和撤销 (a mark with its withdrawal)",
    "MarkWithdrawn": "撤销称号或表彰 (the withdrawal of a mark)",
    "NeedShown": "村（社区）的一项需求 (a need of a village)",
    "NeedsShown": "一个村（社区）的需求清单和难度 (needs and difficulty of a village)",
    "PlannedRow": "一次驻村安排 (a planned visit)",
    "PlannedVisit": "驻村的时间 (when an adviser is to be in the village)",
    "ReceptionRow": "一个领导接待日 (a reception day)",
    "ReceptionRules": "领导接待日的规则 (rules of reception days)",
    "ReceptionShown": "一个领导接待日及其预约 (a reception day with its bookings)",
    "Tenure": "一任包干领导的起止 (days on which one leader answers for a division)",
    "VillageGraded": "村（社区）难度的评定 (the grade of a village's difficulty)",
    "VillageNeeds": (
        "一个村（社区）的需求和难度概况 (needs and difficulty of a village, in figures)"
    ),
    "VisitPlanShown": "一份驻村计划 (a visit plan)",
    "VisitShown": "计划中的一次驻村 (a visit of a plan)",
}
"""Structs that are not the one body or answer of an operation, whose summary would say it."""


def described(field: str, *owners: str) -> str | None:
    """Find the words of a field: its own in the first of the owners that has some, else those that
    it has everywhere."""
    for owner in owners:
        if (own := OF_ONE.get(f"{owner}.{field}")) is not None:
            return own
    return FIELDS.get(field)
