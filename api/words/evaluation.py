"""Words of rule sets, evaluations, scores and samples."""

from typing import Final

WORDS: Final = {
    "AmendPopulation.reason": "增加或移出的原因 (reason)",
    "Announcement.cut_off": (
        "总体按此记录位置所知；空：现在 (the population as known at this position; null: now)"
    ),
    "Announcement.of": "抽查什么 (what is sampled)",
    "AppealDecided": (
        "复核决定，考核中的最后决定 (decision on an appeal: the last word within the evaluation)"
    ),
    "AppealFiled": "复核申请 (an appeal that was filed)",
    "Band": "一档：范围和分数 (a band of numbers and its points)",
    "Bands": "分档计分，取第一个符合的 (points by the first band that holds)",
    "Bounds": "范围，两端都含 (bounds, both included)",
    "CompareDeterminations.other": "第几次决定，或 now (number of a determination, or now)",
    "Compared.events": "引起差异的事件 (events that did it)",
    "Compared.subjects": "考核对象的数量 (how many subjects)",
    "Correction.as_known_at": "所见试算的时点 (the time of the run that was looked at)",
    "Correction.digest": (
        "所见试算的摘要值，重新计算须相同 (digest of the run that was looked at; computed again it "
        "must be the same)"
    ),
    "Correction.subjects": (
        "更正的考核对象；不填：全部尚待决定的 (subjects; none: all that are to be determined)"
    ),
    "Count": "计件数 (how many facts)",
    "Deduction": "扣分：从满分起扣 (points off, from the maximum)",
    "Deduction.each": "每一个扣几分 (points off for each)",
    "Deduction.kind": "扣分 (deduction)",
    "DeterminationQuery.determination": (
        "第几次决定；不带：最新 (by this determination; without: the newest)"
    ),
    "DetermineItem.objection": "异议的序号 (number of the objection)",
    "DetermineItem.sources": "所依据的记录的流水号 (streams that show it)",
    "DetermineItem.value": "分数；否决项：发生次数 (points; of a veto, how often it occurred)",
    "Determined": "一次考核决定：首次公布或者更正 (a determination, the first or a correction)",
    "Determined.number": "第几次决定 (which determination)",
    "Determined.objections": "所执行的异议的序号 (numbers of the objections that it carries out)",
    "Determined.reason": "更正的原因；空：首次决定 (reason of a correction; null: the first)",
    "Distinct": (
        "计不同取值的个数，如服务了几个村 (how many different values, such as villages served)"
    ),
    "EarlierResult": "此前一个期间公布的结果 (a result published for an earlier period)",
    "Enlargement.size": "扩大后的数量 (size after the enlargement)",
    "EvaluationLine": "一项考核 (an evaluation, in the list)",
    "EvaluationLine.determinations": "考核决定的次数 (how many determinations)",
    "EvaluationLine.key": "评分标准:区划:期间 (rule set, division and period)",
    "EvaluationLine.objections": (
        "未了结的异议件数 (objections not decided, or not carried out yet)"
    ),
    "EvaluationLine.stage": (
        "阶段：进行中、已公布、已结账或已撤销 (open, published, closed or cancelled)"
    ),
    "EvaluationLine.subjects": "考核对象的数量 (how many subjects)",
    "EvaluationOpened": (
        "考核的启动：考核对象随之确定 (the opening of an evaluation: its subjects are fixed)"
    ),
    "EvaluationOpened.terms": (
        "评分标准所定的程序，启动时固定 (what the rule set says about the procedure, kept as it "
        "was)"
    ),
    "EvaluationStanding": (
        "一项考核的现状；人工评分只列有权查看的 (an evaluation as it stands; marks only of those "
        "that may be seen)"
    ),
    "EvaluationStanding.closed": "考核期间的结账；空：未结账 (the closing; null: not closed)",
    "EvaluationStanding.determined": (
        "异议、复核成立后认定的项目，按对象 (items determined after an objection, by subject)"
    ),
    "EvaluationsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "EvaluationsQuery.ruleset": "评分标准的编号，不带版本 (rule set, without its version)",
    "EvaluationsQuery.stage": (
        "进行中、已公布、已结账或已撤销 (open, published, closed or cancelled now)"
    ),
    "Exclusion": "不计的情形及其原因 (what is left out, with the reason)",
    "Explained.cut_off": "计分截止的记录位置 (position that it was scored by)",
    "Explained.digest": "重新计算的得分依据的摘要值 (digest of the tree computed now)",
    "FileAppeal.number": "异议的序号 (number of the objection)",
    "FileObjection.items": (
        "异议所针对的项目；不填：整个结果 (items objected to; none: the whole result)"
    ),
    "FollowUp": (
        "考核的后续：责令整改，或者建议调整、退出 (an order to put right, or a proposal that "
        "people decide on)"
    ),
    "FollowUp.items": "整改的内容，或者调整、退出的原因 (what is to be put right, or why)",
    "FormsQuery.purpose": "检查表或统计表样 (checklist or report)",
    "GiveHumanScore.sources": (
        "作为依据的检查、投诉、工作日志 (inspections, complaints, work-log entries that show it)"
    ),
    "Given": "由人直接给分 (the points are what a person gives)",
    "Grade": "一个等次 (a grade)",
    "Grade.at_least": "自几分起 (from so many points on)",
    "Grade.name": "等次的名称 (name of the grade)",
    "Human": (
        "由人评分：分数，或者有计分方法时评发生几次 (people score it: points, or how often it "
        "occurred)"
    ),
    "Human.required": (
        "没有评分是否不定等次；否：按零计 (whether there is no grade without it; else silence is 0)"
    ),
    "HumanScoreGiven": (
        "一次人工评分；再次评分以后一次为准 (a human score; a second one takes its place)"
    ),
    "HumanScoreGiven.role": "评分人的岗位 (role of the scorer)",
    "Item": "评分项目：有计分方法，或者分为小项 (an item of the rule set, or a group of items)",
    "Item.basis": "依据；空：见上级项目 (legal basis; empty: the group's)",
    "Item.evidence": "如何计量；空：本项分为小项 (how it is measured; null: a group of items)",
    "Item.items": "小项 (items of the group)",
    "ItemDetermined": (
        "异议、复核成立后对一个项目的认定 (an item determined after an upheld objection)"
    ),
    "ItemDetermined.determined_at": "认定时间 (when)",
    "ItemDetermined.determined_by": "认定人 (who determined it)",
    "ItemDetermined.objection": "异议的序号 (number of the objection)",
    "ItemDetermined.value": "分数；否决项：发生次数 (points; of a veto, how often it occurred)",
    "ItemTerms": (
        "一个评分项目、加分项或一票否决项，只及由人评分的部分 (an item, bonus or veto, as far as "
        "people score it)"
    ),
    "ItemTerms.maximum": "最高值；空：次数不限 (most; null: no limit to how often)",
    "ItemTerms.required": "没有评分是否不得公布 (whether nothing is published without its score)",
    "Known.as_known_at": (
        "按当时所知作答：RFC 3339 格式带时区 (answer as it was known then: RFC 3339 with offset)"
    ),
    "Linear": "按比例计分：在零分和满分的数值之间 (a share of the maximum, between two numbers)",
    "ObjectionAnswered": "对异议的答复 (the answer to an objection)",
    "ObjectionFiled": "对考核结果的异议 (an objection to a result)",
    "ObjectionFiled.items": (
        "异议所针对的项目；空：整个结果 (items objected to; empty: the whole result)"
    ),
    "ObjectionRow": "异议清单的一行 (a row of the objections)",
    "ObjectionRow.items": (
        "异议所涉的项目；空：整个结果 (items objected to; none: the whole result)"
    ),
    "ObjectionRow.stage": (
        "已提出、已答复、已申请复核或已决定 (filed, answered, appealed or decided)"
    ),
    "ObjectionRow.waiting": "是否未处理或未更正 (undecided, or upheld and not carried out)",
    "ObjectionShown": "一项异议及其复核 (an objection with its appeal)",
    "ObjectionShown.appeal": "复核申请；空：没有 (the appeal filed; null: none)",
    "ObjectionsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "ObjectionsQuery.ruleset": "评分标准的编号，不带版本 (rule set, without its version)",
    "ObjectionsQuery.stage": (
        "已提出、已答复、已申请复核或已决定 (filed, answered, appealed or decided)"
    ),
    "ObjectionsQuery.waiting": "是否未处理或未更正 (undecided, or upheld and not carried out)",
    "Opening.calendar": "工作日历；不填：最早公布的 (calendar; without: the one published first)",
    "Opening.subjects": "考核对象；不填：全部 (subjects; none: everybody there)",
    "Percentile": "计百分位数，插值 (a percentile, interpolated)",
    "Percentile.field": "取值的字段 (field that is measured)",
    "PeriodClosed": "考核期间的结账 (the closing of an evaluation's period)",
    "PeriodClosed.determination": "最后一次决定的序号 (number of the last determination)",
    "PeriodClosed.position": "结账时的记录位置 (position at the closing)",
    "PeriodClosed.results": "现行结果的摘要值 (digest over the results that stand in the end)",
    "Points": "按数量计分 (so many points for each)",
    "Points.per": "每满多少计一次；空：每一个 (for every full so many; null: each)",
    "Procedure": (
        "对考核结果的异议、复核及其后续 (what may be filed against a result, and what follows from "
        "it)"
    ),
    "Publication.as_known_at": "所见试算的时点 (the time of the run that was looked at)",
    "Publication.digest": (
        "所见试算的摘要值，重新计算须相同 (digest of the run that was looked at; computed again it "
        "must be the same)"
    ),
    "PublicationRow": (
        "按版本公布的一件，最新一版 (something that is published in versions: the newest one)"
    ),
    "PublicationRow.published_by": "公布最新一版的人 (who published the newest version)",
    "PublicationRow.purpose": "检查表或统计表样；空：不是表样 (checklist or report; null: no form)",
    "PublicationRow.subject": (
        "考核对象的类别；空：不是评分标准 (kind of subject; null: no rule set)"
    ),
    "PublicationRow.version": "最新是第几版 (number of the newest version)",
    "PublicationsFound": "按版本公布的清单 (a list of what is published in versions)",
    "PublishRuleSet.ruleset": "评分标准的一个版本 (a version of the rule set)",
    "Quota": "一个等次的名额 (quota of a grade)",
    "Ranked": "一个对象的名次和结果 (rank and result of a subject)",
    "Ranked.rank": "名次，并列的相同 (rank; the same where tied)",
    "Rate": "一个等次的补贴 (the amount for a grade)",
    "Rate.amount": "补贴数额 (amount)",
    "Rate.grade": "等次 (grade)",
    "Ratio": "计比率：分子比分母 (a ratio of one count or sum to another)",
    "Ratio.field": (
        "分子求和的字段；空：计件数 (field of the numerator that is summed; empty: counted)"
    ),
    "Ratio.of": "分子：所计的记录 (numerator)",
    "Ratio.per": "每多少，如 1000 (for each so many, such as 1000)",
    "Ratio.to": "分母：所计的记录 (denominator)",
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
    "Rounding": "小数处理，每个得分项一次 (rounding, once for every score item)",
    "Rounding.mode": "舍入方式 (rounding mode)",
    "RuleSet": "评分标准的一个版本 (a version of a rule set)",
    "RuleSet.items": "评分项目 (items)",
    "RuleSet.maximum": "各项满分合计，不含加分 (what the items add up to; bonuses come on top)",
    "RuleSet.subject": "考核对象：法律顾问或服务点 (subject: adviser or point)",
    "RuleSet.version": "第几版 (which version)",
    "RuleSet.work": (
        "视为工作的记录；一条也没有的对象得0分 (facts of work; without any the score is 0)"
    ),
    "RuleSetsQuery.subject": "考核对象的类别 (kind of subject)",
    "Run": "一次考核计算及其全部依据 (a computation, with everything it was made from)",
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
    "SampleShown": "一次抽查 (a sample)",
    "SamplesQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "SamplesQuery.drawn": "是否已抽取 (whether it was drawn)",
    "SamplesQuery.from": "登记日期自此日起，含当日 (announced from this local day, inclusive)",
    "SamplesQuery.of": "抽查什么 (what is sampled)",
    "SamplesQuery.to": "登记日期至此日止，不含当日 (announced before this local day)",
    "ScoreDifference": "一个考核对象的得分差异 (a subject whose result differs)",
    "ScoreDifference.grades": "两次的等次 (grade of either)",
    "Selection": (
        "所计的记录：对象在期间内符合条件的 (the facts of a subject within the period that fit the "
        "conditions)"
    ),
    "Short": (
        "计缺少的数量：各期间应有而没有的 (what is missing to the number required in each period)"
    ),
    "Short.by": "分别计算所依的字段；空：不分 (field by which it is counted apart; empty: not)",
    "Short.due": (
        "只计有这种记录的期间；空：每个期间 (only periods in which there is such a fact; null: all)"
    ),
    "Short.each": "按何期间计：月、季、半年或年 (month, quarter, half year or year)",
    "Short.field": "求和的字段；空：计件数 (field that is summed; empty: counted)",
    "Short.required": "每个期间应有的数量 (what is required in each period)",
    "Subject": "一个考核对象的试算结果和得分依据 (a subject's result with its score tree)",
    "SubjectResult": "一个考核对象的结果 (a subject's result)",
    "SubjectResult.grade": "等次；空：未定 (grade; null: none)",
    "SubjectResult.tree": "得分依据的摘要值 (digest of the score tree)",
    "Subsidy": "补贴：按等次，可按数目倍乘 (money by grade, once or several times)",
    "Subsidy.per": "补贴的单位，如村/年 (what a rate is for, such as a village and year)",
    "Subsidy.unit": "货币单位，如元 (unit of money)",
    "Sum": "计合计 (a sum)",
    "Sum.field": "求和的字段 (field that is summed)",
    "Terms": (
        "评分标准所定的程序，随考核固定 (what the rule set says about the procedure, kept with the "
        "evaluation)"
    ),
    "Terms.items": "可由人评分的项目 (items, as far as people score them)",
    "Threshold": "导致某一后果的条件 (which results lead to what)",
    "Threshold.grades": "属于这些等次之一 (one of these grades)",
    "Threshold.items": "整改的内容，或者调整、退出的原因 (what is to be put right, or why)",
    "Threshold.running": "连续几个考核期间都符合 (in so many periods running)",
    "Threshold.vetoed": "被一票否决 (by a veto)",
    "Veto": (
        "一票否决：达到次数的，等次不得高于此 (from so many occurrences on, no better grade than "
        "this)"
    ),
    "Veto.at_least": "自几次起 (from so many occurrences on)",
    "Veto.evidence": "如何计数 (how occurrences are counted)",
    "Veto.grade": "最高等次 (no better grade than this)",
    "Window": "可提出异议或复核的天数 (days within which something may be filed)",
    "Window.unit": "自然日或工作日 (calendar days or working days)",
    "YesNo": "在范围内得满分，否则得最低分 (all points within the bounds, else the least)",
    "add": "增加的考核对象的编号 (codes of the subjects to add)",
    "agrees": (
        "重新计算的得分依据是否与公布的一致；空：尚未公布 (computed again it is the published one; "
        "null: nothing is published)"
    ),
    "all_at": "得满分的数值 (the number that earns all the points)",
    "announced": "抽查的登记 (the announcement)",
    "answered": "对异议的答复；空：尚未答复 (answer to the objection; null: not yet)",
    "any_of": "其中任何一组条件成立即可 (one of these sets of conditions must hold)",
    "appeal": "复核 (appeal)",
    "appeal_until": "可申请复核的截止时间 (until when an appeal may be filed)",
    "as_known_at": "按当时所知作答的时点 (the time whose knowledge this stands on)",
    "at_least": "下限，含本数 (at least, inclusive)",
    "at_most": "上限，含本数 (at most, inclusive)",
    "bands": "分档计分，取第一个符合的 (bands: the first that holds)",
    "before_quota": (
        "仅按分数应得的等次；空：名额没有影响 (grade of the score alone; null: no quota changed it)"
    ),
    "below": "低于此分 (a score below this)",
    "bonuses": "加分项 (bonus items)",
    "cap": "最多扣分 (at most so much in all)",
    "ceiling": "含加分的最高分；空：不限 (highest score with bonuses; null: no limit)",
    "checkpoint": "所依据的封存点 (checkpoint of the sealed log that it rests on)",
    "cites": "所更正的决定的摘要值 (digest of the determination that it corrects)",
    "corrected_by": "执行该决定的更正决定的序号 (number of the determination that carried it out)",
    "correcting": (
        "按原决定所依据的记录更正异议成立的项目 (by the facts of the last determination)"
    ),
    "counting": "计缺少的数量，或者计未达标的期数 (how much is missing, or in how many periods)",
    "cut_offs": "两次各自截止的记录位置 (cut-off of either)",
    "days": "天数 (days)",
    "decided": "复核决定；空：尚未决定 (decision on the appeal; null: not yet)",
    "decided_at": "决定时间 (decided at)",
    "determination": "考核决定的序号 (number of the determination)",
    "determinations": "考核决定，先后为序 (determinations, oldest first)",
    "determined": (
        "公布的得分依据的摘要值；空：尚未公布 (digest of the published score tree; null: nothing "
        "is published)"
    ),
    "differences": "有差异的考核对象 (subjects whose results differ)",
    "drawn": (
        "抽中的对象，先后为序；空：尚未抽取 (what was drawn, in the order drawn; empty: not yet)"
    ),
    "due_by": (
        "同一对象在到期条件的记录中所用的字段 (the field by which the due facts are told apart, "
        "where it has another name)"
    ),
    "each": "每一个计几分 (points for each)",
    "earlier": "此前各期公布的结果 (results published for the periods before)",
    "effective_by": "在此日或以前施行的 (in force on this day or before)",
    "evaluation": "考核的标识 (evaluation)",
    "evaluations": "全部考核 (evaluations)",
    "evidence_required": "是否须附佐证材料 (whether evidence must be given)",
    "excluding": "符合其中一项的不计 (what fits one of these is left out)",
    "fact": "所计的记录的类别 (kind of the facts that count)",
    "field": "计不同取值的字段 (field whose different values are counted)",
    "filed": "提出的异议 (the objection filed)",
    "filed_at": "提出时间 (filed at)",
    "filed_by": "提出人 (filed by)",
    "floor": "最低分 (least points)",
    "follow": "后果：整改、调整或退出 (what follows: rectification, replacement, exit)",
    "follow_ups": "考核的后续：整改、调整或退出 (what follows from the results)",
    "grades": "等次，高的在前，末等从 0 起 (grades, best first; the last begins at 0)",
    "grounds": "依据：等次、得分或一票否决 (grounds: grade, score or veto)",
    "inputs": "计分所用记录的摘要值 (digest over the facts that were scored)",
    "item": "项目的编号 (item's code)",
    "later_facts": (
        "是否仅按之后的记录另行更正 (whether it is the other correction: by facts that came later)"
    ),
    "leaves": (
        "有差异的得分项及引起差异的记录 (score items that differ, with the facts that did it)"
    ),
    "marks": "现行的人工评分，按对象和项目 (human scores that stand, by subject and item)",
    "marks_at": (
        "人工评分和项目认定采用到日志第几条 (log position until which what people said counts)"
    ),
    "maximum": "满分 (most points)",
    "method": "计分方法；空：不由此计分 (how points come from the number; null: no method)",
    "minimum": "最低值 (least value)",
    "missing": "只在其中一次出现的考核对象 (subjects that are in one of the two only)",
    "none_at": "得零分的数值 (the number that earns nothing)",
    "objected": "是否有未处理或未更正的异议 (whether objections are undecided or not carried out)",
    "objection": "提出异议的期限 (window for objections)",
    "objections": "异议 (objections)",
    "objections_until": "可提出异议的截止时间 (until when objections may be filed)",
    "one": "第几次决定，或 now (number of a determination, or now)",
    "opened": "考核的启动 (the opening)",
    "opened_at": "启动时间 (opened at)",
    "opened_by": "启动人 (opened by)",
    "otherwise": "都不符合时的分数 (points where no band holds)",
    "per": "每满多少扣一次；空：每一个 (for every full so many; null: each)",
    "percent_max": "至多占考核对象的百分之几 (at most so many of a hundred)",
    "periods": "连续符合的各期间 (the periods running)",
    "places": "保留几位小数 (decimal places)",
    "points": "本档的分数 (points of this band)",
    "procedure": (
        "异议和复核的程序；空：只计分不作决定 (procedure; null: scores only, nothing is determined)"
    ),
    "published_at": "公布时间 (published at)",
    "published_by": "公布人 (published by)",
    "question": "评分的问题 (what people are asked)",
    "quotas": "等次的名额 (quotas of grades)",
    "rank": "第几百分位，50 为中位数 (percentile; 50 is the median)",
    "ranking": "按分数排名，最高的在前 (ranking by score, best first)",
    "rates": "各等次的补贴 (amount by grade)",
    "remove": "移出的考核对象的编号 (codes of the subjects to remove)",
    "root": "结账位置的记录树的根 (root of the log's tree at that position)",
    "rounding": "小数处理 (rounding)",
    "ruleset": "评分标准，编号@版本 (rule set, as code@version)",
    "run": "所公布的计算 (the run that was published)",
    "score": "得分 (score)",
    "scorer": "评分人 (scorer)",
    "scorers": "可评分的岗位；空：由系统计算 (roles that score it; empty: it is computed)",
    "scores": "两次的得分 (score of either)",
    "seed": "抽取所用的种子，封存后公布 (seed of the draw; null: not drawn yet)",
    "standing": "现行结果，按考核对象 (the result that stands, by subject)",
    "start": "起始分 (points to start from)",
    "subject": "考核对象的编号 (subject's code)",
    "subject_kind": "考核对象的类别 (kind of the subjects)",
    "subjects": "考核对象的编号 (subjects' codes)",
    "subsidy": "补贴；空：没有 (subsidy; null: none)",
    "thresholds": "后果的条件，重的在前 (which results lead to what, the gravest first)",
    "tied": "同一名次的个数 (how many have this rank)",
    "times": "按此数目倍乘 (how often the amount is paid)",
    "to_determine": "尚待决定的考核对象 (subjects that are still to be determined)",
    "to_field": (
        "分母求和的字段；空：计件数 (field of the denominator that is summed; empty: counted)"
    ),
    "tree": "得分依据：每项采用和未采用的记录 (the score tree: the events used and not used)",
    "unmeasured": (
        "不计分项目的权重：由同组已计分项目分担，或者计0分 (weight of items that are not scored: "
        "shared among the others, or 0)"
    ),
    "upheld": "是否支持 (upheld)",
    "vetoed": "是否被一票否决 (vetoed)",
    "vetoes": "一票否决项 (vetoes)",
    "what_if": "是否按另一套评分标准试算 (a trial by other rules than the open evaluation's)",
    "where": "条件：字段和取值 (conditions: field and value)",
    "whole": "是否评发生几次，而不是得几分 (people say how often it occurred, not how many points)",
    "whose": "指明考核对象的字段 (field that names the subject, where it has another name)",
    "linked_matters": (
        "互相关联的事项怎样计；once：合计一次，由其中第一件有效的计；空：关联到别件的一律不计 "
        "(matters linked as one count once; null: what is linked to another does not count)"
    ),
}
