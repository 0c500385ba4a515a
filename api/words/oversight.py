"""Words of inspections, rectifications and the areas of leaders."""

from typing import Final

WORDS: Final = {
    "Addressee": "整改对象 (who is to put something right)",
    "Addressee.kind": "整改对象的类别：法律顾问、服务点或律所 (adviser, point or firm)",
    "AreaRound": "领导在一个区划的季度督导 (the round of a leader in a division and quarter)",
    "AreaRound.done": "该季度已督导的次数 (supervisions in the quarter)",
    "AreaRound.due": "该季度是否应由其督导 (his round is due)",
    "AreaRound.last": "最近一次督导的日期；空：没有 (day of the last supervision; null: none)",
    "AreaRound.since": "包干起始日 (first day)",
    "AreaRound.until": (
        "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)"
    ),
    "AreaRow": "领导包干一个区划的起止 (days on which a leader answers for a division)",
    "AreaRow.since": "包干起始日 (first day)",
    "AreaRow.until": "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)",
    "AssignArea.since": "包干起始日 (first day)",
    "ConfirmInspection.opinion": "不同意时的意见 (opinion, where it is not agreed to)",
    "CorrectInspection.answers": "更正后的全部回答 (all answers, as they should have been)",
    "CorrectInspection.findings": "更正后的全部问题 (all findings, as they should have been)",
    "EscalateRectification.to": "调整或退出 (replacement or exit)",
    "Finding": "检查发现的一个问题 (a finding of an inspection)",
    "Finding.item": "检查表的题目；空：检查表以外 (question of the checklist; null: beside it)",
    "Finding.text": "内容 (text)",
    "Frame": (
        "抽查总体：某一记录位置所知的某类对象 (a population: everything of a kind as known at a "
        "position)"
    ),
    "Frame.cut_off": "总体按此记录位置所知 (the population as known at this position)",
    "Frame.doubted_weight": (
        "存疑未决记录的抽取权重：按几张签计 (tickets of what is doubted and undecided)"
    ),
    "Frame.of": "抽查什么 (what is sampled)",
    "Frame.period": "期间；空：不限 (period; null: any)",
    "HoldInspection.kind": "检查或督导 (check or supervision)",
    "InspectionConfirmed": "被检查单位的确认 (confirmation by the inspected)",
    "InspectionConfirmed.opinion": "不同意时的意见 (opinion, where it is not agreed to)",
    "InspectionHeld": "检查或督导的登记 (an inspection as entered)",
    "InspectionHeld.kind": "检查或督导 (check or supervision)",
    "InspectionHeld.period": (
        "检查的月份，或督导的季度 (month of a check, quarter of a supervision)"
    ),
    "InspectionRow": "检查督导清单的一行 (a row of the inspections)",
    "InspectionRow.agreed": (
        "是否同意检查结果；空：尚未确认 (agrees with the result; null: not confirmed yet)"
    ),
    "InspectionRow.kind": "检查或督导 (check or supervision)",
    "InspectionRow.number": (
        "首个事件的记录位置，唯一且不再使用 (position of its first event: unique, never reused)"
    ),
    "InspectionRow.period": "检查的月份，或督导的季度 (month of a check, quarter of a supervision)",
    "InspectionsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "InspectionsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "InspectionsQuery.from": "检查日期自此日起，含当日 (held from this local day, inclusive)",
    "InspectionsQuery.kind": "检查或督导 (check or supervision)",
    "InspectionsQuery.to": "检查日期至此日止，不含当日 (held before this local day)",
    "LeaderRounds": "一位领导的季度督导合计 (the rounds of a leader in a quarter)",
    "LeaderRounds.done": "已督导的区划数 (divisions done)",
    "LeaderRounds.due": "应督导的区划数 (divisions due)",
    "OrderRectification.point": (
        "整改所在的服务点；不填：按最早公布的日历计时限 (where it is put right; without: its limit "
        "is by the calendar published first)"
    ),
    "PromiseRow": "一组时限的兑现情况，按到期日期计 (promises of a group, by when they are due)",
    "PromiseRow.given": "已作出的件数 (given)",
    "PromiseRow.kept": "兑现的件数 (kept)",
    "PromiseRow.late": "逾期兑现的件数 (kept too late)",
    "PromiseRow.name": "时限的名称 (name of the promise)",
    "PromiseRow.overdue": "进行中而已逾期的件数 (of those running: overdue)",
    "PromiseRow.paused": "暂停的件数 (paused)",
    "RectificationAnswered": "对整改的一次反馈 (an answer to a rectification)",
    "RectificationOrdered": "整改的责令 (an order to put something right)",
    "RectificationRow": "整改清单的一行 (a row of the rectifications)",
    "RectificationRow.addressee": "整改对象的编号 (code of who is to put it right)",
    "RectificationRow.number": (
        "首个事件的记录位置，唯一且不再使用 (position of its first event: unique, never reused)"
    ),
    "RectificationRow.proposed": (
        "建议：调整或退出；空：没有 (proposed: replacement or exit; null: nothing)"
    ),
    "RectificationRow.since": "最近一步的时间 (when the last step was taken)",
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
    "ReleaseArea.until": (
        "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)"
    ),
    "SampleAnnounced": "抽查的登记：总体和数量 (the announcement of a sample: population and size)",
    "SampleRow": "抽查清单的一行 (a row of the samples)",
    "SampleRow.announced_at": "登记时间 (when it was announced)",
    "SampleRow.drawn": "是否已抽取 (whether it was drawn)",
    "SampleRow.number": "首个事件的记录位置 (position of its first event)",
    "SampleRow.of": "抽查什么 (what is sampled)",
    "Tenure": "一任包干领导的起止 (days on which one leader answers for a division)",
    "Tenure.since": "包干起始日 (first day)",
    "Tenure.until": "包干截止日，不含当日；空：仍在包干 (the first day without; null: it goes on)",
    "accuracy": (
        "到期时限中按时兑现的比例，0 到 1 (kept in time, as a share of those that came due)"
    ),
    "accuracy_on_record": (
        "按登记时间计的按时比例；已记录为未按时的也算到期 (share kept in time by when it was on "
        "record; what was recorded as missed came due)"
    ),
    "addressee": "整改对象 (who is to put it right)",
    "addressee_kind": "整改对象的类别 (kind of addressee)",
    "agreed": "是否同意检查结果 (agrees with the result)",
    "checklist": "检查表，编号@版本 (checklist, as code@version)",
    "count": "总体的数量 (size of the population)",
    "doubted_count": (
        "总体中存疑未决、加权抽取的数量 (how many of the population are doubted and weigh more)"
    ),
    "ended": "是否已了结 (ended)",
    "frame": "抽查总体的范围 (which population)",
    "held_at": "检查或督导的时间 (held at)",
    "inspector": "检查人 (inspector)",
    "items": "整改的内容 (what is to be put right)",
    "major": "较重问题的数量 (major findings)",
    "measures": "整改措施 (measures taken)",
    "median_hours_left": (
        "兑现时距到期小时数的中位数，逾期为负 (median hours from keeping to due, negative when "
        "late)"
    ),
    "minor": "一般问题的数量 (minor findings)",
    "of_kind": "时限所属对象的类别 (kind of the thing that the promise belongs to)",
    "office": "检查人所在单位 (inspector's unit)",
    "ordered_at": "责令整改的时间 (ordered at)",
    "outstanding": "应督导而尚未督导的区划数 (divisions due and not yet supervised)",
    "population": "抽查总体的摘要值 (digest of the population)",
    "quarter": "季度 (quarter)",
    "running": "进行中的件数 (running)",
    "serious": "严重问题的数量 (serious findings)",
    "severity": "严重程度 (severity)",
    "source": "依据的来源：检查、评价、考核或督导 (inspection, rating, assessment or supervision)",
    "source_stream": (
        "作为依据的检查、评价或考核 (the inspection, rating or assessment that shows the ground)"
    ),
    "stopped": "停止的件数 (stopped)",
    "with_findings": "是否有发现的问题 (with findings)",
}
