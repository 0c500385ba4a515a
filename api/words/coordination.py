"""Words of joint conferences and surveys."""

from typing import Final

WORDS: Final = {
    "ConferenceHeld": "联席会议的登记 (a joint conference as entered)",
    "ConferenceHeld.subject": "会议名称 (subject of the conference)",
    "ConferenceRow": "清单中的一次联席会议 (a joint conference in the list)",
    "ConferenceRow.absent": "缺席单位数 (how many organs were absent)",
    "ConferenceRow.attending": "参加单位数 (how many organs attended)",
    "ConferenceRow.decisions": "议定事项数，不含不再办理的 (decisions, without those dropped)",
    "ConferenceRow.open": "其中未落实的 (of them, the open ones)",
    "ConferenceRow.subject": "会议名称 (subject of the conference)",
    "ConferenceShown": "一次联席会议 (a joint conference)",
    "ConferenceShown.held": "会议登记的内容 (the conference as entered)",
    "Decision": "一个议定事项 (a decision)",
    "Decision.responsible": "责任单位 (responsible unit)",
    "Decision.text": "议定的内容 (what was decided)",
    "DecisionRow": "清单中的一个议定事项 (a decision in the list)",
    "DecisionRow.day": "会议日期 (day of the conference)",
    "DecisionRow.decision": "议定事项在会议中的序号 (its number in the conference)",
    "DecisionRow.overdue": "逾期未落实，或逾期才落实 (open after its day, or done after it)",
    "DecisionRow.responsible": "责任单位的名称 (name of the responsible unit)",
    "DecisionRow.stream": "联席会议的编号 (id of the conference)",
    "DecisionRow.text": "议定的内容 (what was decided)",
    "DecisionsQuery.unit": "责任单位的编号 (code of the responsible unit)",
    "Department": "一个参加单位或责任单位 (a department)",
    "HoldConference.subject": "会议名称 (subject of the conference)",
    "RecordSurvey.basis": (
        "受谁委托、如何抽样 (by what it was commissioned, how the sample was drawn)"
    ),
    "RecordSurvey.method": "调查方式 (how people were asked)",
    "SurveyConducted": "社会调查的登记 (a survey as entered)",
    "SurveyConducted.basis": (
        "受谁委托、如何抽样 (by what it was commissioned, how the sample was drawn)"
    ),
    "SurveyConducted.method": "调查方式 (how people were asked)",
    "SurveyResult": "一个问题的结果，只记人数 (counts of one question)",
    "SurveyResult.answered": "答复人数 (how many answered)",
    "SurveyResult.measure": "指标：知晓、首选、满意 (awareness, first choice, satisfaction)",
    "SurveyResult.question": "调查的问题 (the question asked)",
    "SurveyRow": "清单中的一次社会调查 (a survey in the list)",
    "SurveyRow.basis": "受谁委托、如何抽样 (by what it was commissioned, how the sample was drawn)",
    "SurveyRow.method": "调查方式 (how people were asked)",
    "SurveyShown": "一次社会调查 (a survey)",
    "SurveysQuery.method": "调查方式 (how people were asked)",
    "TakeDecision.responsible": "责任单位 (responsible unit)",
    "TakeDecision.text": "议定的内容 (what was decided)",
    "agenda": "议题 (agenda)",
    "attending": "参加单位 (organs that attended)",
    "awareness_answered": (
        "知晓率一问的答复人数；空：未问 (who answered on awareness; null: not asked)"
    ),
    "awareness_positive": "其中知晓的人数；空：未问 (of them, those aware; null: not asked)",
    "conducted": "调查登记的内容 (the survey as entered)",
    "conducted_by": "由谁调查 (who conducted it)",
    "conducted_on": "调查完成的日期 (last day of the survey)",
    "decisions": "议定事项 (decisions)",
    "done_on": "落实日期；空：尚未落实 (day it was done; null: not yet)",
    "first_choice_answered": (
        "首选率一问的答复人数；空：未问 (who answered on first choice; null: not asked)"
    ),
    "first_choice_positive": (
        "其中首选的人数；空：未问 (of them, those who turn to it first; null: not asked)"
    ),
    "meaning": "哪些回答算作肯定 (which answers count as positive)",
    "positive": "肯定答复的人数 (positive answers)",
    "responsible_code": (
        "责任单位的编号；空：没有编号 (code of the responsible unit; null: it has none)"
    ),
    "sample_size": "调查人数 (how many were asked)",
    "satisfaction_answered": (
        "满意率一问的答复人数；空：未问 (who answered on satisfaction; null: not asked)"
    ),
    "satisfaction_positive": "其中满意的人数；空：未问 (of them, those satisfied; null: not asked)",
    "with_open": "是否有未落实的议定事项 (has open decisions)",
}
