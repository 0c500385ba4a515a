"""Words of requests, their ratings, promises and rosters."""

from typing import Final

WORDS: Final = {
    "AddNote.text": "内容 (text)",
    "AgreeMediation.form": "书面或口头协议 (written or oral)",
    "AgreeMediation.terms": "协议内容 (what was agreed)",
    "AppointmentMade": "约定的时间和目的 (an appointment that was made)",
    "AppointmentMade.at": "约定的时间 (agreed time)",
    "CallBack.sample": (
        "抽中该事项的抽查；差评不需要 (the sample that drew the request; a bad rating needs none)"
    ),
    "CloseRequest.kind": "办结方式 (how it is closed)",
    "CompleteReferral.outcome": "转介的结果 (outcome of the referral)",
    "DecideJudicialConfirmation.confirmed": "是否准予司法确认 (whether the court confirmed it)",
    "ExtendRequestDeadline.agreed": "各方当事人是否同意延期 (all parties agree to it)",
    "FollowCodeFound": "事项的编号和查询码 (number and code of a request)",
    "FollowCodeFound.code": "查询码，10位数字 (code of ten digits)",
    "FollowCodeFound.number": "事项的编号 (number of the request)",
    "FollowCodeFound.page": "给人看的网页地址，印成二维码 (page for people, as in a QR code)",
    "FollowedPromise": "还没到期或还没办的时限 (a promise that runs)",
    "FollowedRequest": "当事人看到的自己的事项 (a request as its person sees it)",
    "FollowedRequest.code": "查询码，10位数字 (code of ten digits)",
    "FollowedRequest.number": "事项的编号 (number of the request)",
    "FollowedRequest.papers": "等着补的材料 (papers that are waited for)",
    "FollowedRequest.papers_until": "补材料的截止时间；空：没有 (until when; null: no end)",
    "FollowedRequest.point_phone": "服务点的电话；空：没有登记 (telephone; null: none listed)",
    "FollowedRequest.rate_until": "评价的截止时间；空：不能评价 (until when to rate; null: cannot)",
    "FollowedRequest.referred_to": "别的单位；空：没有 (office that handles it; null: none)",
    "FollowedRequest.standing": "办到哪一步 (how it stands)",
    "FollowedRequest.steps": "已经做了什么 (what was done)",
    "FollowedStep": "做过的一步 (a step that was done)",
    "HandOver.to": "接手人 (who takes over)",
    "InformOnce.items": "须提交的材料 (papers to bring)",
    "InvitationShown": "一次评价邀请 (an invitation to rate)",
    "InvitationShown.default_grade": "默认评价的等级，5 到 1 (default grade, 5 to 1)",
    "InvitationShown.officer": (
        "当时窗口的值班人；空：没有登记 (who was on duty at the window; null: nobody known)"
    ),
    "LinkFound.day": "来办事的日子；空：没有记 (day the person came; null: not kept)",
    "LinkFound.handling": (
        "差评要求处理的进展；空：没有要求 (what has become of the dissatisfaction; null: none)"
    ),
    "LinkFound.follow_up_until": "追评的截止时间；空：不限 (end of additions; null: none)",
    "LogRequest.place": "服务地点 (place)",
    "LogRequest.subject": "事项的主题 (what it is about)",
    "MakeAppointment.at": "约定的时间 (agreed time)",
    "ObjectToLegalAidRefusal.to": "复查的司法行政部门 (justice bureau that reviews)",
    "OnceInformed": (
        "一次性告知：依据、材料和时限 (the once-only notice: basis, papers and time limit)"
    ),
    "OnceInformed.items": "须提交的材料 (papers to bring)",
    "ProceedingsShown": (
        "一个事项的转介、调解和法律援助 (referral, mediation and legal aid of a request)"
    ),
    "Promise": "对当事人的一个时限 (a deadline given to the person)",
    "Promise.name": "时限的名称 (name of the promise)",
    "Promise.round": "第几轮；复查、复核的时限为其层级 (round; of a review, its level)",
    "Promise.started_at": "起算时间 (when it began to run)",
    "PromiseResult": "一个已结束的时限 (what a promise came to)",
    "PromiseResult.ended_at": "兑现或停止的时间 (kept or stopped at)",
    "RatingCode": "评价码及其链接 (a code for the person, as a link)",
    "RatingCode.page": "给人看的网页地址，印成二维码 (page for people, as in a QR code)",
    "RatingFollowedUp": (
        "追评：首次评价不变 (a later addition by the person; the first rating stays)"
    ),
    "RatingGiven": "一次主动评价 (an explicit rating)",
    "RatingLookedAt": "存疑评价的核查结果 (how a suspect vote was looked at)",
    "RatingRow": "评价清单的一行 (a rating as it stands)",
    "RatingRow.disputed": "最近一次申诉所指的评价来源；空：没有 (source disputed last; null: none)",
    "RatingRow.officer": (
        "当时窗口的值班人；空：没有登记 (who was on duty at the window; null: nobody known)"
    ),
    "RatingRow.rule": (
        "免邀请所依的规则；空：已邀请 (rule by which nobody is invited; null: invited)"
    ),
    "RatingShown": "一个事项的评价 (a rating)",
    "RatingShown.disputed": "已申诉的评价来源 (sources that were disputed)",
    "RatingShown.followed_up": "追评；空：没有 (a later addition by the person; null: none)",
    "RatingShown.given": "主动评价；空：没有 (the rating given; null: none)",
    "RatingsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "RatingsQuery.officer": "窗口值班人的账号 (account on duty at the window)",
    "RatingsQuery.suspect": "是否存疑待核查 (whether it waits to be looked at)",
    "Reclassify.service": "新的服务类别 (the service that it is)",
    "Refer.to": "转介到的单位 (unit referred to)",
    "RequestLogged": "事项的登记 (a request as logged)",
    "RequestLogged.subject": "事项的主题 (what it is about)",
    "RequestLogged.visitor": "来访人；空：未表明身份 (visitor; null: no identity was given)",
    "RequestRow": "事项清单的一行 (a row of the requests)",
    "RequestRow.adviser": "法律顾问的编号；空：未指派 (adviser's code; null: none assigned)",
    "RequestRow.day": "来访或来电的当地日期 (local day it was requested)",
    "RequestRow.due": "最近的到期时间；空：没有时限 (next due time; null: no promise runs)",
    "RequestRow.number": (
        "登记事件的记录位置，唯一且不再使用 (position of the logging event: unique, never reused)"
    ),
    "RequestRow.status": "办理中、已办结或已作废 (open, closed or voided)",
    "RequestRow.subject": "事项的主题 (what it is about)",
    "RequestShown": "一个事项 (a request)",
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
    "ResponseTimesRow": (
        "一组事项的办理时效；天数为当地自然日，工作分钟不含等待当事人的时间 (response times of a "
        "group: days are calendar days, working minutes leave out waiting for the person)"
    ),
    "ResponseTimesRow.logged": "登记的件数 (logged)",
    "ResponseTimesRow.overdue": "逾期的件数 (overdue)",
    "ReviewLegalAidRefusal.upheld": "是否维持不予援助的决定 (the refusal is upheld)",
    "RosterShown": "一个服务点一天的值班表 (roster of a point and day)",
    "SatisfactionRow": (
        "一组事项的满意度；比例为 0 到 1，没有评价的为空 (satisfaction of a group: rates are "
        "shares of 1, null where nothing was rated)"
    ),
    "SatisfactionRow.excluded": "因申诉不计的件数 (left out by a decided dispute)",
    "SatisfactionRow.exempt": "免邀请的件数，按规则 (not invited by a rule, by its name)",
    "SatisfactionRow.followed_up": "追评的件数 (followed up)",
    "SatisfactionRow.grades": "主动评价各等级的件数，5 到 1 (explicit ratings by grade, 5 to 1)",
    "SatisfactionRow.invited": "邀请评价的件数 (invited)",
    "SatisfactionRow.not_invited": "已办结而未邀请的件数 (closed, and nobody was invited)",
    "SatisfactionRow.services": "服务的件数 (services)",
    "SatisfactionRow.voided": "评价后事项被作废的件数 (rated, and the request voided since)",
    "SatisfactionRow.withdrawn": "评价人撤回的件数 (taken back)",
    "SittingRow": "一次窗口值班 (an officer's sitting at a window)",
    "SittingRow.officer": "值班人的账号 (account of who sits there)",
    "SubjectRow": "一个常用的事由 (a subject that is often logged)",
    "SubjectRow.last_day": "最近一次登记的日期 (last day it was logged)",
    "SubjectRow.requests": "登记过的件数 (how many requests were logged with it)",
    "SubjectRow.words": "事由 (the subject)",
    "SittingRow.until": "离岗时间；空：仍在值班 (until when; null: sits there still)",
    "SittingShown": "一人在一个窗口的值班 (an officer at a window)",
    "SittingShown.officer": "值班人 (who sits there)",
    "SittingsQuery.from": "值班日期自此日起，含当日 (from this day, inclusive)",
    "SittingsQuery.officer": "值班人的账号 (account of who sits there)",
    "SittingsQuery.to": "值班日期至此日止，不含当日 (before this day)",
    "SupplementRequested": (
        "一次性要求补正的材料，时限暂停 (missing papers: the clock stands still until they come)"
    ),
    "SupplementRequested.due": (
        "补正的期限；空：没有期限 (until when they are waited for; null: no end is set)"
    ),
    "SupplementRequested.items": "须补正的材料 (missing papers)",
    "Taking.officer": "值班人；空：本人 (who sits there; null: who enters it)",
    "TransferRequest.to": "接收的服务点 (point that is to take it over)",
    "Vote": "凭链接作出的评价 (what a person says through the link)",
    "VoteAtDevice": "在服务评价器上作出的评价 (what a person says at the device)",
    "WaitingRow": "等待评价的邀请 (an invitation that waits)",
    "WorkloadRow": "一组事项的工作量 (workload of a group)",
    "WorkloadRow.duplicates": (
        "重复事项的件数，不计入服务 (linked duplicates, not among the services)"
    ),
    "WorkloadRow.services": "服务的件数 (services)",
    "WorkloadRow.visits": "其中仅由工作日志记录的服务 (services that the work log alone tells)",
    "agency": "法律援助机构的编号 (code of the legal-aid agency)",
    "answer": "答复内容 (answer)",
    "appointed_at": "约定的时间；空：没有约期 (hour appointed; null: none)",
    "appointed_for": "约期的目的 (what the hour is appointed for)",
    "appointed_from": "约期自此时起，含 (hour appointed from this time on)",
    "appointed_to": "约期至此时止，不含 (hour appointed before this time)",
    "appointment": "约定的时间和目的 (appointment made)",
    "asked_at": "邀请的时间 (when the person was asked)",
    "at_window": "窗口 (window)",
    "bureau": "复查不予援助决定的司法行政部门 (justice bureau that reviews the refusal)",
    "callback": "回访所得评价的件数 (ratings given when called back)",
    "called_back": "是否已回访评价 (rated when called back)",
    "client_category": "服务对象类别 (category of the person served)",
    "close_in_time_on_record_share": (
        "按登记时间计，按时办结的比例 (share of closings on record in time)"
    ),
    "close_in_time_share": "按时办结的比例，0 到 1 (share closed in time)",
    "close_kind": "办结方式 (how it was closed)",
    "closed": "办结的件数 (closed)",
    "closed_day": "办结日期 (day of closing)",
    "confirmation": "司法确认的状态 (status of the judicial confirmation)",
    "consented": "当事人是否同意 (whether the person consented)",
    "counted": "核查后是否计入 (counts after being looked at)",
    "court": "法院 (court)",
    "crossed": (
        "第二个分组的值；只按一项分组时为空 (value of the second grouping; null without one)"
    ),
    "default": "默认评价的件数 (default ratings)",
    "defaulted": "是否已按默认评价计 (rated by default)",
    "dispute": "评价申诉的状态 (status of the dispute about the rating)",
    "duplicate_of": "重复于哪些事项 (the requests that it duplicates)",
    "duplicates": "重复于其他事项的次数 (how many requests it duplicates)",
    "excluded": "是否不计该评价 (whether the rating is left out)",
    "exempt": "免邀请所依的规则；空：没有 (rule by which nobody is invited; null: none)",
    "expires_at": (
        "首次评价的截止时间，之后可按默认评价计 (until when the first rating may be given; "
        "afterwards silence may count as the default)"
    ),
    "explicit": "主动评价的件数 (explicit ratings)",
    "extended_by": "历次延期的数量 (amounts of its extensions)",
    "external_source": "外部系统 (the other system)",
    "first_contact": "首问责任人 (first contact, who stays responsible)",
    "first_response_in_time_on_record_share": (
        "按登记时间计，按时首次响应的比例 (share of first responses on record in time)"
    ),
    "first_response_in_time_share": "首次答复按时的比例，0 到 1 (share of first responses in time)",
    "followed_up": "是否已追评 (followed up)",
    "fully": "是否全部履行 (fully performed)",
    "given": "已给的等级，5 到 1；空：尚未评价 (grade given, 5 to 1; null: none yet)",
    "grade_default": "默认评价的等级，5 到 1 (default grade, 5 to 1)",
    "grade_explicit": "主动评价的等级，5 到 1 (explicit grade, 5 to 1)",
    "in_writing": "是否书面告知 (told in writing)",
    "informed": "一次性告知 (once-only notice)",
    "invited": "评价邀请 (invitation)",
    "kept": "是否兑现；否：因不再需要而停止 (kept; false: stopped because it fell away)",
    "late_entries": "补录的步数，一件可有多步 (steps entered late)",
    "late_services": "有补录的服务件数 (services with a step entered late)",
    "lawyer": "援助律师的编号 (legal-aid lawyer's code)",
    "link": "评价链接，只在这里出现一次 (the rating link: told here and nowhere else)",
    "logged": "登记的内容 (as logged)",
    "looked_at": "核查结果；空：没有 (how a suspect vote was looked at; null: it was not)",
    "mean_grade": "主动评价的平均等级 (mean explicit grade)",
    "median_days_open": "未办结事项已历天数的中位数 (median days open)",
    "median_days_to_close": "办结天数的中位数 (median days to close)",
    "median_working_minutes_to_close": "办结所用工作分钟的中位数 (median working minutes to close)",
    "median_working_minutes_to_first_response": (
        "首次答复所用工作分钟的中位数 (median working minutes to the first response)"
    ),
    "mediation": "调解的状态 (status of the mediation)",
    "mediator": "调解员的编号 (mediator's code)",
    "minutes_doubtful": "有疑点、尚未排除的服务分钟数 (minutes with a doubt that is not cleared)",
    "minutes_off_peak": "夜间和休息日服务分钟数 (minutes at night or on days off)",
    "minutes_offsite": "非现场服务分钟数 (off-site minutes)",
    "minutes_onsite": "现场服务分钟数 (on-site minutes)",
    "oldest_days_open": "最久未办结事项已历天数 (days that the oldest open one is open)",
    "onsite": "是否现场 (on site)",
    "original": "原事项的标识 (the original request)",
    "overdue_at": "在此时已逾期 (overdue at this time)",
    "p90_days_to_close": "办结天数的第九十百分位 (90th percentile of days to close)",
    "p90_working_minutes_to_close": (
        "办结所用工作分钟的第九十百分位 (90th percentile of working minutes to close)"
    ),
    "p90_working_minutes_to_first_response": (
        "首次答复所用工作分钟的第九十百分位 (90th percentile of working minutes to the first "
        "response)"
    ),
    "paused_at": "暂停时间 (paused at)",
    "pauses": "时限的暂停 (pauses of the clock)",
    "performance": "协议履行的状态 (how far the agreement was performed)",
    "proceedings": "转介、调解和法律援助的情况 (referral, mediation and legal aid)",
    "promise": "时限 (promise)",
    "public": "是否公开调解 (public mediation)",
    "record": "调解记录 (record of the session)",
    "referral": "转介的状态 (status of the referral)",
    "referred_to": "转介到的单位 (unit referred to)",
    "reopened": "重新打开的次数 (reopened)",
    "requested_at": "来访或来电的时间 (requested at)",
    "responded": "是否已首次答复 (responded)",
    "response_rate": "主动评价占邀请的比例，0 到 1 (share of invitations that were answered)",
    "responsible": "现责任人 (who is responsible now)",
    "routes_told": "是否告知了其他途径 (whether other routes were told)",
    "satisfaction_rate": "主动评价的满意率，0 到 1 (satisfied, of explicit ratings)",
    "satisfaction_rate_with_default": (
        "含默认评价的满意率，0 到 1 (satisfied, with default ratings)"
    ),
    "served_by": "参与服务的人 (who served)",
    "sits": "是否仍在窗口 (whether the officer sits there still)",
    "sitting": "当日在该服务点的第几次值班 (number of the sitting on that day at that point)",
    "sittings": "到岗和离岗，按先后 (who sat where, in order)",
    "supplement": "等待补正的材料 (papers that are waited for)",
    "supplement_asked": (
        "本次法律援助申请是否已要求补正 (a supplement was asked for in the present application)"
    ),
    "suspicions": "存疑的原因 (why a vote may not be the person's own)",
    "target": "转介的去向 (where it is referred to)",
    "token": "评价链接中的令牌 (token of the rating link)",
    "urgent": "是否先行提供援助、后补材料 (urgent: aid first, papers later)",
    "valid_until": "可追评的截止时间；空：没有期限 (until when one may follow up; null: no end)",
    "withdraw_until": "可以撤回的期限；空：不可撤回 (until then it may be taken back; null: never)",
    "withdrawn": "是否已由评价人撤回 (taken back by the person)",
}
