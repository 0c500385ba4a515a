"""Words of registers, calendars, policies and forms."""

from typing import Final

WORDS: Final = {
    "AbolishDivision.source": "依据，例如区划调整公告 (what it is based on)",
    "Adviser.code": "法律顾问的编号 (adviser's code)",
    "ArrangementRefused": "不服从工作安排的一次情况 (an arrangement that an adviser refused)",
    "Calendar": "工作日历的一个版本：法定工作日和服务时间 (a version of a unit's working time)",
    "Calendar.code": "工作日历的编号 (calendar's code)",
    "Calendar.version": "第几版 (which version)",
    "Candidate": "双向选择中的一个人选 (a candidate of the mutual selection)",
    "ChangePointCalendar.calendar": "工作日历的编号 (calendar's code)",
    "ComplaintRules": "投诉的规则：谁可更改类别、代表人数 (rules of complaints)",
    "CoordinationRecorded": (
        "就一个人选征求村（居）民委员会和村（居）民意见的情况 (what the committee and the "
        "residents said of a candidate)"
    ),
    "DirectoryFound.basis": "回答所依据的记录 (what the answer stands on)",
    "DirectoryQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "DirectoryQuery.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "DirectoryQuery.text": (
        "名称的一部分，或者编号的开头 (part of a name, or the beginning of a code)"
    ),
    "DivisionName": "区划的一个名称 (a name of a division)",
    "DivisionName.since": "自哪一天起；空：从来如此 (from which day on; null: from the beginning)",
    "DivisionName.source": "名称的来源 (where the name was taken from)",
    "DivisionsQuery.level": "代码的位数：2省、4市、6区县、9镇街、12村居 (digits of the code)",
    "DutyRules": (
        "法律顾问应服务的数量、聘任和解聘的条件；按每村计，0 为不要求或不限 (what an adviser owes "
        "each village; 0: nothing is owed or limited)"
    ),
    "Field": "表样的一个题目或栏目 (a question or column of a form)",
    "Field.code": "题目或栏目的编号 (code of the question or column)",
    "Field.kind": "填写的类型 (kind of value)",
    "Field.manual": "程序留空时由人工填写 (a person fills in what the program leaves empty)",
    "Field.of_period": "计本期、上期，还是比上期增减 (this period, the one before, or the change)",
    "Field.only": "只计符合的：限定的项目和代码 (only what has one of these codes)",
    "Field.query": "填制本栏的命名查询；空：由人工填写 (named query; null: a person fills it in)",
    "Form": "表样的一个版本 (a version of a form)",
    "Form.code": "表样的编号 (form's code)",
    "Form.fields": "题目或栏目 (questions or columns)",
    "Form.purpose": "用途：检查表或统计表 (checklist or report)",
    "Form.rows": "报表每行统计什么 (what the table has a row for)",
    "Form.sections": "整份报表填一次的内容：数据和文字 (what is said once, of the whole)",
    "Form.version": "第几版 (which version)",
    "FormTeam.code": "团队的编号 (code of the team)",
    "Holiday": (
        "放假：第一天、最后一天（都含，周末也在内）和名称 (days off in a row: first day, last day, "
        "name)"
    ),
    "InvitationRules": "评价邀请的规则：免邀请、存疑、撤回 (rules of invitations)",
    "LegalAidRules": "法律援助的规则：由谁审查决定 (rules of legal aid: who decides)",
    "Link": "对口的团队、律所或项目组 (a linked team, firm or project team)",
    "Link.code": "团队、律所或项目组的编号 (code of the team, firm or project team)",
    "ListDivision.since": (
        "自哪一天起设立；空：从来就有 (exists since; null: for as long as anybody asks)"
    ),
    "ListDivision.source": "代码和名称的来源 (where code and name were taken from)",
    "ListOrgan.division": "属于哪个区划的机关 (whose organ it is)",
    "Location": "服务点自某日起所在的区划 (where a point is from a day on)",
    "Location.source": "区划代码的来源 (source of the division code)",
    "MakeupDay": (
        "调休上班日：日期、名称和按周几的服务时间（0 为周一） (a makeup working day: day, name, "
        "weekday whose periods apply)"
    ),
    "MarkKind": "称号或表彰的类别 (a kind of mark or award)",
    "MarkKind.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MoveAdviser.team": "律师团队的编号；空：不在团队 (team's code; null: none)",
    "OpenPoint.calendar": "工作日历的编号；空：没有 (calendar's code; null: none)",
    "OpenPoint.kind": (
        "服务点的类别：中心、工作站、工作室或特色平台 (center, station, room or featured point)"
    ),
    "OpenPoint.services": "服务项目；不填：全部 (services; none: all)",
    "Pause": "时限停止计算的一段时间 (a time in which the clock stood still)",
    "PenaltyRecorded": (
        "一次处罚：行政处罚或行业处分 (an administrative penalty or a sanction of the profession)"
    ),
    "Period": (
        "一段服务时间：开始和结束，从零点起的分钟数 (a service period: minutes after midnight)"
    ),
    "PointsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "PointsQuery.kind": (
        "服务点的类别：中心、工作站、工作室或特色平台 (center, station, room or featured point)"
    ),
    "PointsQuery.open": "在用或已停用 (in service, or closed)",
    "PolicyVersion": (
        "规则的一个版本，自某日起施行 (a version of the rules, in force from a day on)"
    ),
    "PolicyVersion.code": "规则的编号 (policy's code)",
    "PolicyVersion.invitations": (
        "评价邀请的规则；空：默认 (rules of invitations; null: the defaults)"
    ),
    "PolicyVersion.legal_aid": "法律援助的规则；空：不涉及 (rules of legal aid; null: none)",
    "PolicyVersion.marks": (
        "可以授予的称号和表彰的类别 (kinds of marks and awards that may be given)"
    ),
    "PolicyVersion.rating": "评价的规则；空：不涉及 (rules of ratings; null: none)",
    "PolicyVersion.version": "第几版 (which version)",
    "Post": "自某时起所在的律所和团队 (firm and team from a time on)",
    "Post.since": "起始时间；空：自登记起 (since; null: from the beginning)",
    "PublicDirectoryQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "PublicDirectoryQuery.kind": "服务点的类别，或法律顾问 (kind of point, or adviser)",
    "PublicDirectoryQuery.near": (
        "名称里的字词，或所在、所服务的区、街道、村的名称，空格分开 (words of names, of places too)"
    ),
    "PublicDirectoryQuery.order": (
        "排列：按编号，或现在开门的在前 (order: by code, or those open now first)"
    ),
    "PublicDirectoryQuery.text": (
        "名称的一部分，或者编号的开头 (part of a name, or the beginning of a code)"
    ),
    "PublishCalendar.calendar": "工作日历的一个版本 (a version of the calendar)",
    "PublishForm.form": "表样的一个版本 (a version of the form)",
    "PublishPolicy.policy": "规则的一个版本 (a version of the policy)",
    "RatingExemption": "不邀请评价的情形 (services nobody is invited to rate)",
    "RatingExemption.channels": "来件渠道；空：不限 (channels; empty: any)",
    "RatingRules": "评价的规则：默认评价和邀请的有效期 (rules of ratings)",
    "RecalculateByCalendar.since": "自哪一日起（某月第一日） (from which day on)",
    "RecalculateByCalendar.version": "以第几版重新计算 (which version)",
    "RecalculatePolicy.since": "自哪一日起（某月第一日） (from which day on)",
    "RecalculatePolicy.version": "以第几版重新计算 (which version)",
    "ReceptionRules": "领导接待日的规则 (rules of reception days)",
    "RegisterAdviser.name": "姓名 (name)",
    "RenameDivision.since": "自哪一天起用新名 (from which day on)",
    "RenameDivision.source": "名称的来源 (where the name was taken from)",
    "Span": "一段日期：起始日至终止日的前一天 (from a day until the day before another)",
    "Span.until": "终止的第一天；空：未终止 (first day without; null: it goes on)",
    "Step": "到期时间推算的一步 (one line of the reason why a deadline falls where it does)",
    "Step.kind": "推算的步骤 (kind of step)",
    "Step.text": "说明 (why, for people)",
    "Stint": (
        "一名法律顾问连续服务一个村（社区）的日期 (the days that one adviser serves one village "
        "without a break)"
    ),
    "Stint.division": "村（社区）的区划代码 (village's division code)",
    "Term": "合同约定的一个聘期 (a term as contracted)",
    "TimeLimit": "规则所定的一个时限 (how long a promise may take)",
    "TimeLimit.amount": "几个单位 (how many units)",
    "TimeLimit.unit": "时限的单位 (unit of time)",
    "abolished": "是否已撤销 (abolished)",
    "absences_to_dismiss": (
        "聘期内无故缺席达到几次可以解聘 (unexcused absences within a term from which on one may be "
        "dismissed)"
    ),
    "approaching_days": (
        "到期前几天算临近到期 (days before it is due from which on a promise is approaching)"
    ),
    "authority": "作出处罚的机关 (deciding authority)",
    "book_working_days_ahead": "须提前几个工作日预约 (working days ahead that one books)",
    "close_kinds": "办结方式；空：不限 (kinds of closing; empty: any)",
    "complaints": "投诉的规则；空：不涉及 (rules of complaints; null: none)",
    "decided_on": "决定日期 (day of the decision)",
    "deciders": "可审查、决定和指派法律援助的岗位 (roles that decide on legal aid)",
    "default_after_days": (
        "几天不评价按默认评价计 (days of silence after which the default rating applies)"
    ),
    "default_grade": "默认评价的等级 (default grade)",
    "difficulty_levels": (
        "村（社区）的难度等级，由易到难 (levels of difficulty of villages, the easiest first)"
    ),
    "division_source": "区划代码的来源 (source of the division code)",
    "doubted_sample_weight": (
        "随机抽查中存疑未决的工作日志按几份计（示例） (weight of doubted work in random samples)"
    ),
    "duty": "法律顾问履职的规则 (rules of advisers' duties)",
    "ends_at_midnight": "是否到当日 24 时届满 (whether the last day ends at midnight)",
    "entry_allowance_hours": (
        "事后多少小时内登记不须说明补录原因 (hours after which an entry needs a reason)"
    ),
    "exemptions": "不邀请评价的情形 (services nobody is invited to rate)",
    "extension_amount_max": "每次延期最多多少 (most that one extension may add)",
    "extension_approver": "可批准延期的岗位 (role that may approve an extension)",
    "extensions_max": "最多延期几次 (most extensions)",
    "heard": "最近一次征求意见的情况 (what the committee and the residents last said)",
    "holidays": "放假 (holidays)",
    "invitation_valid_days": "评价邀请几天有效 (days that an invitation lives)",
    "lectures_per_quarter": "每季度讲座几次 (lectures a quarter)",
    "limits": "时限，按服务和时限名称 (time limits, by service and promise)",
    "lunch_is_off_peak": "午休时间是否算非工作时段 (whether lunch is off-peak)",
    "makeup_days": "调休上班日 (makeup working days)",
    "max_villages_per_adviser": (
        "一名法律顾问最多服务几个村（社区） (most villages that one adviser may serve)"
    ),
    "member": "成员的法律顾问编号 (code of an adviser who is in it now)",
    "minutes_per_day_max": (
        "一名顾问一天最多几分钟，超出即为疑点 (most minutes of an adviser and day)"
    ),
    "night_from": "夜间从当日第几分钟起 (night begins at this minute of the day)",
    "night_until": "夜间到次日第几分钟止 (night ends at this minute of the next day)",
    "offpeak_lectures_min": "夜间和休息日讲座至少几次 (least lectures at night or on days off)",
    "offpeak_period": "夜间和休息日讲座按何期间计 (period within which they are counted)",
    "offset_cap_minutes": (
        "每村每月最多折抵几分钟；0：不折抵 (most minutes offset a village and month; 0: none)"
    ),
    "offset_enabled": "非现场服务是否折抵 (whether off-site minutes are offset)",
    "offset_ratio": (
        "非现场服务一分钟折抵几分钟 (minutes on site that one off-site minute counts as)"
    ),
    "onsite_minutes_per_month": "每月现场服务分钟数 (on-site minutes owed a month)",
    "penalty_free_years": "聘任前几年内不得受过处罚 (years before an appointment without penalty)",
    "personal": "是否含个人信息 (personal data)",
    "proposed": "是否为拟制：并无规定的表样 (proposed: nobody prescribed this form)",
    "provisional_years": "预测的年份，尚未公布放假安排 (forecast years)",
    "public_display_required": "是否须张贴公示 (public display required)",
    "q": "名称的一部分，或编号的开头 (part of a name, or the beginning of a code)",
    "reception": "领导接待日的规则；空：不涉及 (rules of reception days; null: none)",
    "reclassify_approver": "可批准更改类别的岗位 (role that may reclassify)",
    "refusals_to_dismiss": (
        "不服从安排达到几次可以解聘 (refused arrangements from which on one may be dismissed)"
    ),
    "rehire_ban_grounds": "暂停聘用所依的解聘理由 (grounds of dismissal that lead to the ban)",
    "rehire_ban_years": "解聘后几年内不得再聘 (years without a new appointment after a dismissal)",
    "representatives_max": "代表最多几人 (most representatives)",
    "requests_count": (
        "服务点事项的服务分钟数是否计入履职 (whether minutes given to requests count)"
    ),
    "required": "是否必填 (required)",
    "risk_screenings_per_year": "每年排查几次 (risk screenings a year)",
    "rollover": "最后一天为休息日时如何顺延 (whether a last day of rest moves the end)",
    "span": "对口的起止日期 (span of the link)",
    "suspect_within_s": (
        "评价码出具后几秒内的评价先作存疑处理 "
        "(a vote within so many seconds of its code is looked at first)"
    ),
    "term": "第几个聘期 (number of the term)",
    "under": (
        "区划代码或其前几位，含本身及下级 (itself and its parts, by the beginning of the code)"
    ),
    "valid_from": "自此日起 (valid from)",
    "valid_years": "有效年限；0：长期有效 (years that it is valid; 0: until withdrawn)",
    "verified_only": "是否经司法所核验才计 (whether work counts only once verified)",
    "wechat_group_required": "是否须建微信工作群 (WeChat group required)",
    "weekday_periods": "周一到周日的服务时间 (service periods, Monday first)",
    "why": "原因 (why)",
    "withdrawal_hours": (
        "评价后几小时内可以撤回；0：不可 (so many hours a rating may be taken back; 0: never)"
    ),
    "workweek": "法定工作日，0 为周一 (working days of the law; 0 is Monday)",
}
