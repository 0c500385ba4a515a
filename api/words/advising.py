"""Words of legal advisers' work: appointments, work logs, visit plans, needs of villages."""

from typing import Final

WORDS: Final = {
    "AdviserShown": "一位法律顾问 (an adviser)",
    "AdviserShown.licence": "执业证号；空：未登记 (licence; null: not recorded)",
    "AdviserShown.name": "姓名 (name)",
    "AdviserVisits": (
        "一位法律顾问在一个村（社区）的驻村计划执行情况 (planned visits of an adviser to a village)"
    ),
    "AdviserVisits.asked": "待审批的变更申请数 (changes that wait for a decision)",
    "AdviserVisits.dropped": "取消的次数 (visits that were dropped)",
    "AdviserVisits.kept": "已到的次数 (visits that were kept)",
    "AdviserVisits.missed": "未到的次数 (visits that were missed)",
    "AdviserVisits.moved": "改期的次数，含在其他各项内 (moved, among the others)",
    "AppointmentShown": (
        "一个村（社区）或镇街的法律顾问聘任 (an appointment: who advises a village, community or "
        "town)"
    ),
    "AppointmentShown.accepted": "律所是否已接受 (accepted by the firm)",
    "AppointmentsQuery.adviser": "最近一份合同的法律顾问 (adviser of the contract signed last)",
    "AppointmentsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "AppointmentsQuery.firm": "最近一份合同的律所 (firm of the contract signed last)",
    "AppointmentsQuery.turn": (
        "轮到谁办：司法局、村（居）民委员会或律所 (who must act next: bureau, committee or firm)"
    ),
    "ApproveChange.month": "月份，如 2026-04 (month, as 2026-04)",
    "AreaShown": "一个区划的包干安排 (who answers for a division)",
    "AskChange.month": "月份，如 2026-04 (month, as 2026-04)",
    "AskChange.to": "变更后的时间；空：取消这一次驻村 (the new time; null: the visit is dropped)",
    "AttachEvidence.evidence": "佐证材料 (evidence)",
    "ChangeAsked": "驻村变更申请 (a change of a visit that is asked for)",
    "ChangeAsked.to": "变更后的时间；空：取消这一次驻村 (the new time; null: the visit is dropped)",
    "ChoiceShown": (
        "可选的法律顾问及排序的依据 (an adviser whom a village may choose, and what the order "
        "stands on)"
    ),
    "ChoiceShown.rank": "排在第几位 (place in the order)",
    "ChoiceShown.villages": "现在服务的村（社区）数 (villages served now)",
    "ClearDoubts.doubts": "要排除的疑点 (doubts to clear)",
    "ContractRow": (
        "聘任清单的一行：进行中的选聘和最近一份合同 (a row of the appointments: the selection "
        "that is on, the contract signed last)"
    ),
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
    "CorrectWork.work": "更正后的全部内容 (the whole entry as it should have been)",
    "DeviceShown": "一台服务评价器的位置 (where a rating device stands)",
    "DirectoryRow": "名录的一行：服务点或法律顾问 (a service point or an adviser)",
    "DirectoryRow.calendar": "工作日历的编号；空：没有 (calendar's code; null: none)",
    "DirectoryRow.division": "当天所在区划；空：法律顾问 (division on the day; null: an adviser)",
    "DirectoryRow.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "DirectoryRow.marks": "现行有效的称号和表彰 (marks and awards that are valid)",
    "DirectoryRow.name": "名称或姓名 (name)",
    "DirectoryRow.penalties": "处罚的次数 (how many penalties)",
    "DirectoryRow.until": (
        "停用或离任的时间；空：在用或在任 (closed or left at; null: in service or in office)"
    ),
    "DismissAdviser.ground": "解聘的情形 (ground of the dismissal)",
    "DivisionShown": "一个区划 (a division)",
    "DivisionShown.since": (
        "自哪一天起设立；空：从来就有 (exists since; null: for as long as anybody asks)"
    ),
    "DoubtfulWork": "一条有疑点的工作日志，待司法所排除疑点或退回 (a doubtful work-log entry)",
    "DoubtfulWork.advisers": "提供服务的法律顾问 (advisers who served)",
    "DoubtfulWork.verified": "司法所是否已核验 (verified by the justice office)",
    "DutyChange": (
        "重新计算会使一位顾问在一村一月的职责发生的变化 (what a recalculation would change)"
    ),
    "DutyChange.required": "应服务分钟：现值、重新计算后的值 (minutes owed: now, then)",
    "DutyChange.shortfall": "缺的分钟：现值、重新计算后的值 (minutes short: now, then)",
    "DutyRow": (
        "一名法律顾问在一个村（社区）一个月的履职；没有顾问的一行为整个村（社区）。各行不相加 (an "
        "adviser's month in a village, or the village's; rows are not summed)"
    ),
    "DutyRow.adviser": (
        "法律顾问的编号；空：整个村（社区） (adviser's code; null: the whole village)"
    ),
    "DutyRow.days": "当月聘任的天数 (days of the month with an appointment)",
    "DutyRow.onsite": "现场服务分钟数 (on-site minutes)",
    "DutyRow.required": "应服务的分钟数 (minutes required)",
    "DutyRow.rule": (
        "判断该月履职的规则和版本；空：还没有公布 (policy and version that judge the month; "
        "null: none is published)"
    ),
    "DutyRow.shortfall": "缺少的分钟数 (minutes that are missing)",
    "Evidence": (
        "一份佐证材料：按内容的摘要值识别 (a piece of evidence, named by the digest of its content)"
    ),
    "Evidence.size": "字节数 (size in bytes)",
    "Exhibit": "佐证材料及其是否已存 (a piece of evidence and whether it is stored)",
    "Exhibit.evidence": "佐证材料 (evidence)",
    "Exhibit.status": "是否已存：等待上传、已存或缺失 (waiting, stored or missing)",
    "FirmShown": "一家律师事务所 (a law firm)",
    "Gap": "服务覆盖的一个缺口 (a gap of the coverage)",
    "Gap.adviser": "超过上限的法律顾问 (adviser who serves too many)",
    "Gap.allowed": "最多服务几个村（社区） (most villages allowed)",
    "Gap.division": (
        "村（社区）或区的区划代码；空：服务村数超上限 (village or district; null: too many "
        "villages)"
    ),
    "Gap.name": "服务点或法律顾问的姓名或名称 (name of the room or the adviser)",
    "Gap.period": "未检查、无讲座或未督导的月份或季度 (month or quarter without)",
    "Gap.since": "从哪一天起没有；空：从来没有 (first day without; null: there never was any)",
    "GradeVillage.level": "村（社区）的难度等级 (level of difficulty)",
    "Hours": "服务点的开放时间，按工作日历 (opening hours of a point, by its calendar)",
    "Hours.open_now": "现在是否开门 (whether it is open now)",
    "Hours.opens_at": "下次开门的时间；空：现在开着 (opens next at; null: it is open)",
    "Hours.today": "今天的服务时间；空：不开门 (service periods of today; none: closed)",
    "Hours.today_is": "今天是什么日子 (what kind of day today is)",
    "Hours.until": "开到什么时候；空：现在关着 (open until; null: it is closed)",
    "Hours.week": "平常一周的服务时间，从周一起 (of a plain week, Monday first)",
    "Hours.why": "今天为什么这样 (why today is that)",
    "InspectionShown": "一次检查或督导 (an inspection)",
    "InspectionShown.confirmed": (
        "被检查单位的确认；空：尚未确认 (confirmation by the inspected; null: not yet)"
    ),
    "LinkProvider.code": "团队、律所或项目组的编号 (code of the team, firm or project team)",
    "LogWork.evidence": "佐证材料 (evidence)",
    "MeetNeed.number": "需求的序号 (number of the need)",
    "MeetNeed.work": (
        "据以满足的工作日志；空：没有 (entry of the work log by which it was met; null: none)"
    ),
    "NeedShown": "村（社区）的一项需求 (a need of a village)",
    "NeedShown.number": "需求的序号 (number of the need)",
    "NeedShown.since": "需求产生的日期 (since when)",
    "NeedShown.source": "如何得知：日志、问卷、座谈、村委、检查或其他 (how it was found out)",
    "NeedShown.standing": "状态：未满足、已满足或撤销 (open, met or withdrawn)",
    "NeedShown.text": "需求的内容 (what is needed)",
    "NeedShown.work": (
        "据以满足的工作日志；空：没有 (entry of the work log by which it was met; null: none)"
    ),
    "NeedsQuery.level": "村（社区）的难度等级 (level of difficulty)",
    "NeedsShown": "一个村（社区）的需求清单和难度 (needs and difficulty of a village)",
    "NominateAdviser.reason": "推荐的理由 (reason)",
    "NoteNeed.since": "需求产生的日期 (since when)",
    "NoteNeed.source": "如何得知：日志、问卷、座谈、村委、检查或其他 (how it was found out)",
    "NoteNeed.text": "需求的内容 (what is needed)",
    "OrganShown": "一个市直机关 (a city organ)",
    "OrganShown.division": "属于哪个区划的机关 (whose organ it is)",
    "Pieces": (
        "按次数计的一项义务，自第一天至最后一天应完成 (an obligation counted in pieces, owed for a "
        "span of days)"
    ),
    "Pieces.required": "应完成的数量 (required)",
    "Pieces.work": "计入的工作日志 (work-log entries that were counted)",
    "PlanVisits.month": "月份，如 2026-04 (month, as 2026-04)",
    "PlanVisits.visits": "各次驻村 (visits)",
    "PlannedRow": "一次驻村安排 (a planned visit)",
    "PlannedRow.asked": "是否有变更申请待审批 (a change waits for a decision)",
    "PlannedRow.month": "月份，如 2026-04 (month, as 2026-04)",
    "PlannedRow.refused": "未获同意的变更次数 (changes that were refused)",
    "PlannedRow.standing": "状态：计划、已到、未到或取消 (planned, kept, missed or dropped)",
    "PlannedRow.work": (
        "据以认定已到的工作日志；空：没有 (entry of the work log by which it was kept; null: none)"
    ),
    "PlannedVisit": "驻村的时间 (when an adviser is to be in the village)",
    "PointShown": "一个服务点 (a service point)",
    "PointShown.calendar": "工作日历的编号；空：没有 (calendar's code; null: none)",
    "PointShown.closed_at": "停用时间；空：在用 (closed at; null: in service)",
    "PointShown.kind": (
        "服务点的类别：中心、工作站、工作室或特色平台 (center, station, room or featured point)"
    ),
    "PointShown.address": "地址；空：没有登记 (address; null: none listed)",
    "PointShown.phone": "公开电话；空：没有登记 (telephone; null: none listed)",
    "PublicRow": "公开名录的一行 (a row of the public directory)",
    "PublicRow.calendar": "工作日历的编号；空：没有 (calendar's code; null: none)",
    "PublicRow.hours": "开放时间；空：没有工作日历 (opening hours; null: it has no calendar)",
    "PublicRow.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "PublicRow.marks": "现行有效的称号和表彰 (marks and awards that are valid)",
    "PublicRow.name": "名称或姓名 (name)",
    "PutBlob.worklog": (
        "等待该材料的工作日志，存好即确认 (the entry that waits for it: confirmed as soon as the "
        "content is stored)"
    ),
    "RectificationShown": "一项整改 (a rectification)",
    "RectificationShown.answer": (
        "本轮的反馈；空：尚未反馈 (answer of the present round; null: none yet)"
    ),
    "RectificationShown.overdue": "本轮是否逾期 (overdue, in the present round)",
    "RectificationShown.promises": "本轮的时限 (promises of the present round)",
    "RectificationShown.since": "最近一步的时间 (when the last step was taken)",
    "RefuseChange.month": "月份，如 2026-04 (month, as 2026-04)",
    "Served": "一名法律顾问的服务分钟数 (one adviser's minutes)",
    "Served.firm": "当时所在律所 (firm then)",
    "Served.team": "当时所在团队 (team then)",
    "Share": "一名法律顾问的服务分钟数 (one adviser's minutes)",
    "SignIn": "签到 (a sign-in)",
    "SignIn.at": "签到时间 (signed in at)",
    "SignIn.method": "签到方式 (how one signed in)",
    "StoredBlob": "已存的内容 (a content that is stored)",
    "StoredBlob.attachments": "因此确认的附件；空：没有 (attachments so confirmed; null: none)",
    "StoredBlob.size": "字节数 (size in bytes)",
    "TeamShown": "一个顾问团队 (a team)",
    "UnlinkProvider.code": "团队、律所或项目组的编号 (code of the team, firm or project team)",
    "UnlinkProvider.until": "终止的第一天 (first day without)",
    "VerifyWork.note": "核验意见 (note)",
    "VillageGraded": "村（社区）难度的评定 (the grade of a village's difficulty)",
    "VillageGraded.level": "村（社区）的难度等级 (level of difficulty)",
    "VillageGraded.rank": "难度等级的次序，1 为最易 (rank of the level; 1 is the easiest)",
    "VillageNeeds": (
        "一个村（社区）的需求和难度概况 (needs and difficulty of a village, in figures)"
    ),
    "VillageNeeds.level": "村（社区）的难度等级 (level of difficulty)",
    "VillageNeeds.open": "未满足的需求数 (open needs)",
    "VillageNeeds.rank": "难度等级的次序，1 为最易 (rank of the level; 1 is the easiest)",
    "VillageNeeds.withdrawn": "撤销的需求数 (needs that were withdrawn)",
    "VisitPlan.month": "月份，如 2026-04 (month, as 2026-04)",
    "VisitPlanShown": "一份驻村计划 (a visit plan)",
    "VisitPlanShown.month": "月份，如 2026-04 (month, as 2026-04)",
    "VisitPlanShown.visits": "各次驻村 (visits)",
    "VisitShown": "计划中的一次驻村 (a visit of a plan)",
    "VisitShown.asked": (
        "待审批的变更申请；空：没有 (the change that waits for a decision; null: none)"
    ),
    "VisitShown.first": "最初计划的时间 (as planned at first)",
    "VisitShown.now": (
        "现在的时间；已取消的为取消前的时间 (as it is now, or was when it was dropped)"
    ),
    "VisitShown.refused": "未获同意的变更次数 (changes that were refused)",
    "VisitsQuery.asked": "是否有变更申请待审批 (a change waits for a decision)",
    "VisitsQuery.from": "驻村日期自此日起，含当日 (visited from this local day, inclusive)",
    "VisitsQuery.month": "月份，如 2026-04 (month, as 2026-04)",
    "VisitsQuery.standing": "状态：计划、已到、未到或取消 (planned, kept, missed or dropped)",
    "VisitsQuery.to": "驻村日期至此日止，不含当日 (visited before this local day)",
    "WithdrawNeed.number": "需求的序号 (number of the need)",
    "Wording": "工作日志的一次内容 (a wording of a work-log entry)",
    "Work": "一次服务的内容 (what was done)",
    "Work.request": "所属事项的标识；空：没有 (the request it belongs to; null: none)",
    "Work.result": "处理结果 (result)",
    "WorkRow": "工作日志清单的一行 (a row of the work logs)",
    "WorkRow.advisers": "提供服务的法律顾问 (advisers who served)",
    "WorkRow.clients": "服务对象的人次合计 (people served, of every kind)",
    "WorkRow.evidence": "佐证材料份数 (pieces of evidence)",
    "WorkRow.firms": "各位顾问当时的律所 (the advisers' firms then)",
    "WorkRow.number": "首个事件的记录位置 (position of its first event)",
    "WorkRow.standing": "待核验、已退回、已核验或已撤回 (logged, returned, verified or withdrawn)",
    "WorkShown": "一条工作日志 (a work-log entry)",
    "WorkShown.standing": (
        "状态：已登记、已核验、已退回或已撤回 (logged, verified, returned or withdrawn)"
    ),
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
    "absences": "无正当理由的缺席：法律顾问和日期 (unexcused absences: adviser and day)",
    "asked_to": (
        "申请变更到的时间；空：申请取消或没有申请 (time that is asked for; null: to be dropped, "
        "or nothing asked)"
    ),
    "awards": "现行有效的表彰数 (valid awards)",
    "bans": (
        "暂停聘用：法律顾问和可再次聘用的第一天 (adviser, and the first day of a possible new "
        "appointment)"
    ),
    "candidate": "候选的法律顾问 (adviser who is a candidate)",
    "candidates": "人选 (candidates)",
    "capacity": "以何身份服务 (the role in which one served)",
    "categories": "未满足需求的类别 (categories of the open needs)",
    "category": "需求的类别 (category of the need)",
    "chosen": "选定的法律顾问的编号 (adviser chosen)",
    "chosen_firm": "被选定顾问的律所，由其答复 (firm of the chosen adviser, which has to answer)",
    "cleared": "已排除的疑点 (doubts that were cleared)",
    "clients": "各类服务对象的人次 (people served, by category)",
    "contracted": "是否签过合同 (whether a contract was ever signed)",
    "corrected": "更正的次数 (how often it was corrected)",
    "criteria": "排序的标准，按先后 (criteria of the order, the weightiest first)",
    "devices": "服务评价器所在窗口 (rating devices and their windows)",
    "difficult_villages": "服务过的难点村（社区）数 (difficult villages served)",
    "display_up": "是否有公示 (whether the display is up)",
    "displays": "张贴公示的起止日期 (spans of public display)",
    "dissolved_at": "解散时间；空：没有解散 (dissolved at; null: it stands)",
    "division_name": "区划的名称；空：名册中没有 (name of the division as listed; null: it is not)",
    "done": "至月底已完成的数量 (done up to the month's end)",
    "doubtful": "其中有疑点、尚未核查的分钟数 (minutes among them that are doubtful)",
    "doubtful_work": "有疑点的工作日志 (doubtful work-log entries)",
    "doubts": "疑点 (doubts)",
    "dropped": "是否已取消 (dropped)",
    "effective_on": "生效日期 (effective on)",
    "ended_at": "结束时间 (ended at)",
    "ends_from": "合同最后一日自此日起，含 (last day of the contract from this day on)",
    "ends_until": "合同最后一日至此日止，含 (last day of the contract until this day, inclusive)",
    "evidence_waiting": "待上传的佐证材料份数 (pieces of evidence that are waited for)",
    "exhibits": "佐证材料 (evidence and whether it is stored)",
    "firm_name": "律所的名称；空：名册中没有 (name of the firm as registered; null: it is not)",
    "follow_up": "后续工作 (follow-up)",
    "graded": "最近一次评定的难度；空：尚未评定 (newest grade of difficulty; null: none)",
    "graded_on": "评定日期 (graded on)",
    "group_open": "是否有微信工作群 (whether there is a WeChat group)",
    "groups": "微信工作群的起止日期 (spans of the WeChat group)",
    "held": "检查或督导的登记 (the inspection as entered)",
    "how": "如何满足 (how it was met)",
    "lectures": "法治讲座 (lectures)",
    "lectures_short": "讲座缺几场：现值、重新计算后的值 (lectures short: now, then)",
    "left_at": "离任时间 (left at)",
    "linked": (
        "所在律所或团队是否对口该村（社区）或镇街 (his firm or team is linked to the village or "
        "its town)"
    ),
    "links": "对口的团队、律所或项目组 (linked providers)",
    "locations": "历次所在区划 (places where it was, oldest first)",
    "matter": "事项类别的编号 (category of the matter)",
    "met": "已满足的需求数 (needs that were met)",
    "met_on": "满足日期；空：尚未满足 (met on; null: not met)",
    "month": "月份的第一天 (first day of the month)",
    "moved": "是否已改期 (moved to another time)",
    "names": "历次名称，从旧到新 (names, oldest first)",
    "needs": "需求 (needs)",
    "nominated": "是否已被推荐 (nominated)",
    "obstacles": "按现行规则不能聘任的原因 (rules that stand against an appointment)",
    "off_peak": "夜间、休息日或节假日；空：都不是 (night, rest day or holiday; null: none)",
    "offpeak_lectures": "夜间和休息日讲座 (lectures at night or on days off)",
    "offpeak_lectures_short": "夜间、休息日讲座缺几场：现值、重新计算后的值 (off-peak short)",
    "offset": "折抵为现场的非现场服务分钟数 (off-site minutes that count as on site)",
    "offsite": "非现场服务分钟数 (off-site minutes)",
    "offsite_work": "非现场服务的工作日志 (off-site work-log entries)",
    "oldest": "最早的未满足需求产生的日期 (since when the oldest open need is there)",
    "onsite_work": "现场服务的工作日志 (on-site work-log entries)",
    "ordered": "整改的责令 (the order)",
    "overlapping": "同一顾问、时间重叠的其他工作日志 (other entries of the same hours)",
    "penalties": "处罚 (penalties)",
    "people_reached": "受众人数 (people reached)",
    "planned": "尚未到期的驻村次数 (visits still to come)",
    "planned_first": "最初计划的时间 (as planned at first)",
    "posts": "历次所在律所和团队 (firms and teams, oldest first)",
    "recorder": "记录人 (recorder)",
    "refusals": "不服从工作安排的情况 (refused arrangements)",
    "risk_screenings": "矛盾纠纷排查 (risk screenings)",
    "risk_screenings_short": "风险排查缺几次：现值、重新计算后的值 (risk screenings short)",
    "selection": "选聘进展 (how far the selection has come)",
    "served": "各法律顾问的分钟数 (advisers and their minutes)",
    "shares": (
        "各法律顾问的分钟数；不填：由登记人一人服务 (minutes by adviser; none: the one who enters "
        "it served alone)"
    ),
    "shortfall": "缺少的数量 (shortfall)",
    "sign_in": "签到 (sign-in)",
    "some_open": "是否有未满足的需求 (some need is open)",
    "started_at": "开始时间 (started at)",
    "stints": "历次任职，先后为序 (who served when, oldest first)",
    "tenures": "各任包干领导，先后列出 (who answers for it, oldest first)",
    "terms": "聘期 (terms)",
    "village_names": (
        "所服务村（社区）的名称，与代码顺序相同 (names of the villages, in the order of their "
        "codes)"
    ),
    "villages": "服务的村（社区） (villages served)",
    "visit": "第几次驻村，从 1 起 (number of the visit, from 1 on)",
    "waits_for_evidence": "是否有待上传的佐证材料 (whether evidence is waited for)",
    "wordings": "历次内容，最后一次为准 (wordings, oldest first; the last one counts)",
    "work": "服务内容 (what was done)",
    "worklog": "因此确认的工作日志；空：没有 (what it confirmed of the work-log entry; null: none)",
    "of_request": (
        "是否为事项；否：工作日志 (it is a request, with the minutes given to it; else an entry "
        "of the work log)"
    ),
}
