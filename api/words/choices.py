"""The labels of every choice, in Chinese with the English term: what a form offers and a list shows
in place of a value. Their one home; a choice is known by its values, whatever field takes it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import inspect

Value = str | int
Fields = dict[frozenset[Any], set[str]]
"""Values of a choice → the fields that take it, as `Struct.field`."""

CHOICES: Final[Mapping[str, Mapping[Value, str]]] = {
    "account_emergency": {"open": "待审查 (not looked at yet)"},
    "account_standing": {
        "active": "启用 (active)",
        "suspended": "停用 (suspended)",
        "closed": "注销 (closed)",
    },
    "addressee_kind": {
        "adviser": "法律顾问 (adviser)",
        "point": "服务点 (service point)",
        "firm": "律师事务所 (law firm)",
    },
    "agreement_form": {"written": "书面 (written)", "oral": "口头 (oral)"},
    "appointment_purpose": {
        "visit": "到访 (visit)",
        "callback": "回电 (call back)",
        "answer": "答复 (answer)",
    },
    "aspect": {
        "for_people": "为民 (for the people)",
        "pragmatic": "务实 (pragmatic)",
        "honest": "清廉 (honest)",
        "efficient": "高效 (efficient)",
    },
    "basis": {
        "submitted": "报送时 (as submitted)",
        "then": "按截止时所知重新计算 (computed again as known then)",
        "now": "现在 (now)",
    },
    "board_due": {"overdue": "已逾期 (overdue)", "approaching": "临近到期 (approaching)"},
    "board_order": {
        "due": "最近到期的在前 (next deadline first)",
        "received": "最近收到的在前 (newest first)",
    },
    "board_turn": {"mine": "本单位待办 (my unit's turn)", "co_handled": "本单位协办 (co-handled)"},
    "capacity": {
        "adviser": "法律顾问 (adviser)",
        "mediation_committee": "调委会成员 (member of the mediation committee)",
    },
    "client_category": {
        "resident": "村（居）民 (resident)",
        "committee": "村（居）民委员会 (committee)",
        "enterprise": "企业 (enterprise)",
        "migrant_worker": "农民工 (migrant worker)",
        "elderly": "老年人 (elderly)",
        "minor": "未成年人 (minor)",
        "disabled": "残疾人 (disabled)",
        "low_income": "低收入群众 (low income)",
        "veteran": "退役军人 (veteran)",
    },
    "close_kind": {
        "answered": "已解答 (answered)",
        "referred": "已转介 (referred)",
        "mediated": "已调解 (mediated)",
        "aid_granted": "已批准法律援助 (legal aid granted)",
        "aid_refused": "不予法律援助 (legal aid refused)",
        "withdrawn": "当事人撤回 (withdrawn)",
        "unreachable": "联系不上 (unreachable)",
        "imported": "历史导入 (imported)",
    },
    "co_handler_status": {
        "asked": "已请求协办 (asked)",
        "answered": "已答复 (answered)",
        "released": "已取消 (released)",
    },
    "complaint_channel": {
        "counter": "窗口 (counter)",
        "phone": "电话 (phone)",
        "wechat": "微信 (WeChat)",
        "web": "网络 (web)",
        "letter": "来信 (letter)",
        "box": "意见箱 (box)",
        "hotline_12345": "12345热线 (hotline 12345)",
        "hotline_12348": "12348热线 (hotline 12348)",
        "petition": "信访 (petition)",
        "reception_day": "接待日 (reception day)",
        "rating": "差评 (bad rating)",
        "unrecorded": "未记载 (not recorded)",
    },
    "complaint_kind": {"complaint": "投诉 (complaint)", "consultation": "咨询 (consultation)"},
    "complaint_stage": {
        "noted": "仅记录不满意 (dissatisfaction noted)",
        "settled": "当场解决 (settled)",
        "registered": "已登记 (registered)",
        "accepted": "已受理 (accepted)",
        "declined": "不予受理 (declined)",
        "assigned": "已交办 (assigned)",
        "signed": "已签收 (signed for)",
        "returning": "申请退回 (return asked)",
        "investigating": "办理中 (being investigated)",
        "answered": "已答复 (answered)",
        "closed": "已办结 (closed)",
        "withdrawn": "已撤回 (withdrawn)",
        "consultation": "转为咨询 (became a consultation)",
        "review_asked": "复查、复核中 (review asked)",
        "review_decided": "复查、复核已决定 (review decided)",
        "final": "已终结 (final)",
    },
    "complaint_status": {
        "noted": "仅记录不满意 (dissatisfaction noted)",
        "settled": "当场解决 (settled)",
        "registered": "已登记 (registered)",
        "handling": "办理中 (being handled)",
        "declined": "不予受理 (declined)",
        "answered": "已答复 (answered)",
        "closed": "已办结 (closed)",
        "withdrawn": "已撤回 (withdrawn)",
        "review_asked": "复查、复核中 (review asked)",
        "review_decided": "复查、复核已决定 (review decided)",
        "final": "已终结 (final)",
    },
    "concern": {
        "attitude": "服务态度 (attitude)",
        "quality": "服务质量 (quality)",
        "efficiency": "办理效率 (efficiency)",
        "procedure": "办理程序 (procedure)",
        "fees": "收费 (fees)",
        "integrity": "廉洁 (integrity)",
        "facilities": "场所设施 (facilities)",
        "other": "其他 (other)",
    },
    "confirmation": {
        "none": "未申请 (not sought)",
        "sought": "已申请 (sought)",
        "confirmed": "已确认 (confirmed)",
        "denied": "未确认 (denied)",
    },
    "contact": {
        "in_person": "当面 (in person)",
        "phone": "电话 (phone)",
        "letter": "书面 (letter)",
        "message": "短信、微信 (message)",
    },
    "coverage_gap": {
        "unchecked": "未检查 (unchecked)",
        "no_adviser": "没有顾问 (no adviser)",
        "no_wechat_group": "没有工作群 (no WeChat group)",
        "no_public_display": "没有公示 (no public display)",
        "no_lecture": "没有讲座 (no lecture)",
        "too_many_villages": "服务村（社区）超上限 (too many villages)",
        "unsupervised": "未督导 (unsupervised)",
    },
    "criticism_dimension": {
        "all": "合计 (all)",
        "channel": "渠道 (channel)",
        "service": "服务类别 (service)",
        "aspect": "问题方面 (aspect)",
        "virtue": "四方面 (four aspects of conduct)",
        "unit": "单位 (unit)",
    },
    "decision": {
        "upheld": "维持 (upheld)",
        "changed": "变更 (changed)",
        "sent_back": "退回重办 (sent back)",
    },
    "decline_ground": {
        "court": "应当通过诉讼解决 (for a court)",
        "arbitration": "应当通过仲裁解决 (for arbitration)",
        "reconsideration": "应当通过行政复议解决 (for reconsideration)",
        "other_authority": "属其他机关职责 (another authority's)",
        "same_matter": "同一事项已在办理 (same matter)",
        "finalized": "已经终结 (finalized)",
        "no_facts": "没有具体事实 (no facts)",
        "other": "其他 (other)",
    },
    "directory_kind": {
        "center": "公共法律服务中心 (center)",
        "station": "公共法律服务工作站 (station)",
        "room": "公共法律服务工作室 (room)",
        "featured": "特色服务点 (featured)",
        "adviser": "法律顾问 (adviser)",
    },
    "dismissal_ground": {
        "duties_not_performed": "不履行职责 (duties not performed)",
        "absences": "无故缺席 (absences)",
        "arrangements_refused": "拒绝工作安排 (arrangements refused)",
        "unsuitable": "不适合担任 (unsuitable)",
    },
    "dispute": {
        "none": "没有申诉 (none)",
        "open": "待处理 (open)",
        "decided": "已处理 (decided)",
    },
    "doubt": {
        "overlap": "时间重叠 (overlaps)",
        "beyond_day": "超出一天上限 (beyond a day)",
        "not_serving": "当日不在该村任职 (not serving there)",
        "village_unknown": "没有这个村 (village unknown)",
    },
    "duty_period": {"month": "月 (month)", "quarter": "季度 (quarter)", "year": "年 (year)"},
    "each_period": {
        "month": "每月 (month)",
        "quarter": "每季度 (quarter)",
        "half_year": "每半年 (half-year)",
        "year": "每年 (year)",
    },
    "escalation": {"replacement": "调整顾问 (replacement)", "exit": "退出服务 (exit)"},
    "evaluation_stage": {
        "open": "进行中 (open)",
        "published": "已公布 (published)",
        "closed": "已结账 (closed)",
        "cancelled": "已撤销 (cancelled)",
    },
    "evidence_status": {
        "waiting": "待上传 (waiting)",
        "stored": "已上传 (stored)",
        "missing": "缺失 (missing)",
    },
    "extended_promise": {"answer": "答复 (answer)", "review": "复查、复核 (review)"},
    "field_kind": {
        "yes_no": "是否 (yes or no)",
        "number": "数字 (number)",
        "text": "文字 (text)",
        "date": "日期 (date)",
        "choice": "选项 (choice)",
    },
    "follow_up": {
        "rectification": "责令整改 (rectification)",
        "replacement": "调整顾问 (replacement)",
        "exit": "退出服务 (exit)",
    },
    "follow_up_ground": {"grade": "等次 (grade)", "score": "得分 (score)", "veto": "否决 (veto)"},
    "form_purpose": {"checklist": "检查表 (checklist)", "report": "统计表样 (report)"},
    "grade": {
        1: "非常不满意 (very dissatisfied)",
        2: "不满意 (dissatisfied)",
        3: "基本满意 (basically satisfied)",
        4: "满意 (satisfied)",
        5: "非常满意 (very satisfied)",
    },
    "grade_name": {
        "very_dissatisfied": "非常不满意 (very dissatisfied)",
        "dissatisfied": "不满意 (dissatisfied)",
        "basically_satisfied": "基本满意 (basically satisfied)",
        "satisfied": "满意 (satisfied)",
        "very_satisfied": "非常满意 (very satisfied)",
    },
    "inspection_kind": {"check": "检查 (check)", "supervision": "督查 (supervision)"},
    "legal_aid": {
        "none": "未申请 (none)",
        "applied": "已申请 (applied)",
        "granted": "已批准 (granted)",
        "refused": "不予援助 (refused)",
        "withdrawn": "视为撤回 (deemed withdrawn)",
        "objected": "已提出异议 (objected to)",
        "upheld": "复查维持 (refusal upheld)",
    },
    "linked_matters": {"once": "合计一次 (once)"},
    "mediation": {
        "none": "未启动 (none)",
        "open": "调解中 (open)",
        "agreed": "达成协议 (agreed)",
        "ended": "已终止 (ended)",
    },
    "mode": {
        "onsite": "现场 (on site)",
        "phone": "电话 (phone)",
        "network": "网络 (network)",
        "wechat": "微信 (WeChat)",
        "video": "视频 (video)",
    },
    "objection_stage": {
        "filed": "待答复 (filed)",
        "answered": "已答复 (answered)",
        "appealed": "已申请复核 (appealed)",
        "decided": "复核已决定 (decided)",
    },
    "opinion": {
        "supports": "支持 (supports)",
        "neutral": "无意见 (neutral)",
        "objects": "反对 (objects)",
    },
    "outcome": {
        "supported": "支持 (supported)",
        "explained": "解释说明 (explained)",
        "not_supported": "不支持 (not supported)",
    },
    "pause_cause": {
        "supplement": "补正材料 (supplement)",
        "verification": "核查 (verification)",
        "hearing": "听证 (hearing)",
    },
    "performance": {
        "none": "未履行 (none)",
        "partly": "部分履行 (partly)",
        "fully": "全部履行 (fully)",
    },
    "point_kind": {
        "center": "公共法律服务中心 (center)",
        "station": "公共法律服务工作站 (station)",
        "room": "公共法律服务工作室 (room)",
        "featured": "特色服务点 (featured)",
    },
    "promise": {
        "first_response": "首次回应 (first response)",
        "close": "办结 (close)",
        "acknowledge": "告知收到 (acknowledge)",
        "assign": "交办 (assign)",
        "return": "退回 (return)",
        "answer": "答复 (answer)",
        "review": "复查、复核 (review)",
    },
    "promises_by": {
        "adviser": "法律顾问 (adviser)",
        "channel": "渠道 (channel)",
        "district": "区 (district)",
        "division": "行政区划 (division)",
        "month": "月份 (month)",
        "point": "服务点 (point)",
        "service": "服务类别 (service)",
        "town": "镇街 (town)",
    },
    "provider": {
        "team": "团队 (team)",
        "firm": "律师事务所 (law firm)",
        "project_team": "项目组 (project team)",
    },
    "publication_kind": {
        "calendar": "工作日历 (calendar)",
        "policy": "规则 (policy)",
        "form": "表样 (form)",
        "ruleset": "评分标准 (rule set)",
    },
    "rating_source": {
        "given": "本人评价 (given)",
        "default": "期满默认 (default)",
        "call_back": "回访评价 (call-back)",
    },
    "rating_status": {
        "exempt": "不邀请 (exempt)",
        "waiting": "待评价 (waiting)",
        "given": "已评价 (given)",
        "withdrawn": "已撤回 (withdrawn)",
        "default": "期满默认 (default)",
        "call_back": "已回访 (called back)",
    },
    "rectification_order": {
        "due": "最近到期的在前 (next deadline first)",
        "ordered": "最近责令的在前 (newest first)",
    },
    "rectification_source": {
        "inspection": "检查 (inspection)",
        "rating": "差评 (rating)",
        "assessment": "考核 (assessment)",
        "supervision": "督查 (supervision)",
    },
    "rectification_status": {
        "open": "待反馈 (open)",
        "answered": "待验收 (answered)",
        "accepted": "验收合格 (accepted)",
        "escalated": "已升级 (escalated)",
        "withdrawn": "已撤回 (withdrawn)",
    },
    "referral": {
        "none": "未转介 (none)",
        "sent": "已转介，待受理 (sent)",
        "accepted": "已受理 (accepted)",
        "refused": "不受理 (refused)",
        "returned": "已退回 (returned)",
        "completed": "已办结 (completed)",
    },
    "referral_target": {
        "legal_aid": "法律援助 (legal aid)",
        "notary": "公证 (notary)",
        "forensic": "司法鉴定 (forensic examination)",
        "arbitration": "仲裁 (arbitration)",
        "reconsideration": "行政复议 (reconsideration)",
        "mediation": "人民调解 (mediation)",
        "petition": "信访 (petition)",
        "court": "法院 (court)",
        "police": "公安 (police)",
        "other_point": "其他服务点 (another point)",
        "other": "其他 (other)",
    },
    "request_channel": {
        "counter": "窗口 (counter)",
        "phone": "电话 (phone)",
        "wechat": "微信 (WeChat)",
        "web": "网络 (web)",
        "visit": "上门 (visit)",
        "hotline_12345": "12345热线 (hotline 12345)",
        "hotline_12348": "12348热线 (hotline 12348)",
        "reception_day": "接待日 (reception day)",
        "unrecorded": "未记载 (not recorded)",
    },
    "request_order": {
        "due": "最近到期的在前 (next deadline first)",
        "requested": "最近提出的在前 (newest first)",
        "appointed": "最近约期的在前 (next appointed hour first)",
    },
    "request_status": {
        "open": "办理中 (open)",
        "closed": "已办结 (closed)",
        "voided": "已作废 (voided)",
    },
    "review_level": {1: "复查 (review)", 2: "复核 (second review)"},
    "role": {
        "duty_officer": "值班人员 (duty officer)",
        "adviser": "法律顾问 (adviser)",
        "mediator": "调解员 (mediator)",
        "legal_aid_officer": "法律援助人员 (legal-aid officer)",
        "referral_officer": "转介人员 (referral officer)",
        "supervisor": "负责人 (supervisor)",
        "administrator": "管理员 (administrator)",
        "auditor": "监督审计人员 (auditor)",
        "citizen": "群众 (citizen)",
        "device": "服务评价器 (rating device)",
        "committee": "村（居）民委员会 (committee)",
        "firm": "律师事务所 (law firm)",
        "policy": "自动规则 (rule that acts by itself)",
        "importer": "历史导入 (importer)",
        "integration": "对接系统 (connected system)",
    },
    "rounding": {
        "half_up": "四舍五入 (half up)",
        "half_even": "四舍六入五成双 (half even)",
        "down": "舍去 (down)",
    },
    "routing_step": {
        "accepted": "待交办 (accepted)",
        "assigned": "已交办 (assigned)",
        "signed": "已签收 (signed for)",
        "returning": "申请退回 (return asked)",
        "investigating": "办理中 (being investigated)",
    },
    "row_change": {
        "added": "新增 (added)",
        "changed": "变化 (changed)",
        "removed": "减少 (removed)",
    },
    "sample_of": {
        "worklog": "工作日志 (work log)",
        "request": "事项 (request)",
        "complaint": "投诉 (complaint)",
        "inspection": "检查督导 (inspection)",
        "mediation": "调解 (mediation)",
        "adviser": "法律顾问 (adviser)",
        "point": "服务点 (service point)",
        "rating": "未评价的邀请 (unanswered invitation)",
    },
    "selection": {
        "none": "没有进行中的选聘 (none)",
        "nominated": "已推荐，待听取意见 (nominated)",
        "heard": "已听取意见，待村（社区）选定 (heard)",
        "chosen": "已选定，待律所答复 (chosen)",
        "accepted": "已接受，待签合同 (accepted)",
    },
    "selection_turn": {
        "bureau": "司法局、司法所 (bureau)",
        "committee": "村（居）民委员会 (committee)",
        "firm": "律师事务所 (law firm)",
    },
    "service": {
        "consultation": "法律咨询 (consultation)",
        "legal_opinion": "法律意见 (legal opinion)",
        "contract_review": "合同审查 (contract review)",
        "charter_review": "村规民约审查 (charter review)",
        "lecture": "法治讲座 (lecture)",
        "mediation": "人民调解 (mediation)",
        "dispute_screening": "矛盾纠纷排查 (dispute screening)",
        "legal_aid": "法律援助 (legal aid)",
        "legal_aid_assist": "协助申请法律援助 (help to apply for legal aid)",
        "referral": "转介 (referral)",
        "notary": "公证 (notary)",
        "forensic": "司法鉴定 (forensic examination)",
        "arbitration": "仲裁 (arbitration)",
        "reconsideration": "行政复议 (reconsideration)",
        "petition_talk": "参与信访接访 (petition talk)",
        "election_support": "换届选举服务 (election support)",
        "group_incident": "群体性事件处置 (group incident)",
        "online_post": "网络留言咨询 (online post)",
        "complaint": "投诉 (complaint)",
        "other": "其他 (other)",
    },
    "severity": {"minor": "轻微 (minor)", "major": "较重 (major)", "serious": "严重 (serious)"},
    "shortfall": {"missing": "缺少的数量 (missing)", "periods": "不足的期数 (periods)"},
    "sign_in": {
        "qr_code": "扫码 (QR code)",
        "location": "定位 (location)",
        "device": "设备 (device)",
        "photo": "拍照 (photo)",
        "committee": "村（居）民委员会签到 (committee)",
    },
    "step": {
        "rule": "规则 (rule)",
        "start": "起算 (start)",
        "calendar": "日历 (calendar)",
        "skipped": "跳过 (skipped)",
        "makeup": "调休上班 (make-up day)",
        "rolled": "顺延 (rolled on)",
        "paused": "暂停 (paused)",
        "extended": "延长 (extended)",
        "due": "到期 (due)",
    },
    "subject": {"adviser": "法律顾问 (adviser)", "point": "服务点 (service point)"},
    "supervision_level": {
        "town": "镇街 (town)",
        "district": "区 (district)",
        "city": "市 (city)",
        "province": "省 (province)",
    },
    "suspicion": {
        "own_account": "办理账号自评 (own account)",
        "staff_account": "工作人员账号 (staff account)",
        "server_session": "与办理人同一来源 (same session as who served)",
        "too_soon": "间隔过短 (too soon)",
    },
    "unit_of_time": {
        "hour": "小时 (hour)",
        "calendar_day": "自然日 (calendar day)",
        "working_day": "工作日 (working day)",
        "month": "月 (month)",
        "working_hour": "工作小时 (working hour)",
    },
    "unmeasured": {"shared": "按比例分摊 (shared)", "zero": "计零分 (zero)"},
    "window_unit": {"calendar_day": "自然日 (calendar day)", "working_day": "工作日 (working day)"},
    "work_standing": {
        "logged": "待核验 (logged)",
        "returned": "已退回 (returned)",
        "verified": "已核验 (verified)",
        "withdrawn": "已撤回 (withdrawn)",
    },
    "mark_of": {
        "point": "服务点 (service point)",
        "division": "区划 (division)",
        "adviser": "法律顾问 (adviser)",
        "officer": "工作人员 (officer)",
    },
    "request_extended_promise": {"close": "办结时限 (time limit for closing)"},
    "legal_aid_decider": {
        "legal_aid_officer": "法律援助工作人员 (legal aid officer)",
        "supervisor": "主管领导 (supervisor)",
        "administrator": "管理员 (administrator)",
    },
    "reception_outcome": {
        "advice": "当场答复 (advice)",
        "request": "形成事项 (request)",
        "complaint": "形成投诉 (complaint)",
    },
    "of_period": {
        "this": "本期 (this period)",
        "before": "上期 (period before)",
        "change": "与上期相比 (change from the period before)",
    },
    "rows_of": {
        "complaint": "每件投诉一行 (complaint)",
        "point": "每个服务点一行 (point)",
        "adviser": "每位法律顾问一行 (adviser)",
        "point_and_adviser": "每个服务点、每位顾问各一行 (point and adviser)",
        "village": "每个村（社区）一行 (village)",
        "division": "每个下级区划一行 (division)",
        "service": "每类服务一行 (service)",
        "channel": "每个渠道一行 (channel)",
        "aspect": "每类问题一行 (aspect)",
        "virtue": "四方面各一行 (four aspects of conduct)",
        "criticism": "批评意见合计 (totals of criticism)",
    },
    "need_category": {
        "charter": "章程和村规民约 (charter)",
        "collective_assets": "集体资产 (collective assets)",
        "contracts": "合同 (contracts)",
        "debts": "债务 (debts)",
        "election": "换届选举 (election)",
        "injury": "人身损害 (injury)",
        "labour": "劳动争议 (labour)",
        "land": "土地 (land)",
        "legal_education": "普法宣传 (legal education)",
        "marriage_family": "婚姻家庭 (marriage and family)",
        "neighbours": "邻里纠纷 (neighbours)",
        "other": "其他 (other)",
    },
    "need_source": {
        "work_log": "工作日志 (work log)",
        "survey": "问卷调查 (survey)",
        "talk": "座谈走访 (talk)",
        "committee": "村（居）委会反映 (committee)",
        "inspection": "检查发现 (inspection)",
        "other": "其他 (other)",
    },
    "training_kind": {
        "law": "法律知识 (law)",
        "service_rules": "服务规范 (service rules)",
        "mediation": "调解 (mediation)",
        "complaints": "投诉处理 (complaints)",
        "platform": "平台使用 (platform)",
        "helper_course": "法律明白人培训 (course for legal helpers)",
        "other": "其他 (other)",
    },
    "trainee_kind": {"adviser": "法律顾问 (adviser)", "helper": "法律明白人 (legal helper)"},
    "helper_qualification": {
        "village_cadre": "村（居）干部 (village cadre)",
        "group_leader": "村（居）民小组长 (group leader)",
        "mediator": "人民调解员 (mediator)",
        "grid_worker": "网格员 (grid worker)",
        "party_member": "党员 (party member)",
        "teacher": "教师 (teacher)",
        "veteran": "退役军人 (veteran)",
        "other": "其他 (other)",
    },
    "helper_activity": {
        "legal_publicity": "普法宣传 (legal publicity)",
        "dispute_screening": "矛盾纠纷排查 (dispute screening)",
        "dispute_mediation": "参与调解 (dispute mediation)",
        "guidance": "引导办事 (guidance)",
        "opinion_collected": "收集意见 (opinion collected)",
        "clue_reported": "报告线索 (clue reported)",
        "other": "其他 (other)",
    },
    "survey_method": {
        "counter": "窗口填写 (at the counter)",
        "street": "街头拦访 (street)",
        "household": "入户 (household)",
        "phone": "电话 (phone)",
        "online": "网络 (online)",
        "other": "其他 (other)",
    },
    "survey_measure": {
        "awareness": "知晓率 (awareness)",
        "first_choice": "首选率 (first choice)",
        "satisfaction": "满意率 (satisfaction)",
    },
    "attached_to": {
        "request": "事项 (request)",
        "complaint": "投诉 (complaint)",
        "inspection": "检查 (inspection)",
        "rectification": "整改 (rectification)",
    },
    "visit_standing": {
        "planned": "计划中 (planned)",
        "kept": "已到 (kept)",
        "missed": "未到 (missed)",
        "dropped": "取消 (dropped)",
    },
    "off_peak": {
        "night": "夜间 (night)",
        "rest_day": "休息日 (rest day)",
        "holiday": "节假日 (holiday)",
        "lunch": "午休 (lunch)",
    },
    "need_standing": {
        "open": "未满足 (open)",
        "met": "已满足 (met)",
        "withdrawn": "已撤销 (withdrawn)",
    },
    "mark_standing": {
        "valid": "有效 (valid)",
        "expired": "已到期 (expired)",
        "withdrawn": "已撤销 (withdrawn)",
    },
    "division_level": {
        2: "省级 (province)",
        4: "地级市 (city)",
        6: "县区级 (district)",
        9: "镇街级 (town)",
        12: "村（社区）级 (village)",
    },
    "training_status": {
        "announced": "已通知 (announced)",
        "held": "已举办 (held)",
        "cancelled": "已取消 (cancelled)",
    },
    "helpers_by": {
        "village": "按村（社区） (village)",
        "town": "按镇街 (town)",
        "district": "按区县 (district)",
    },
    "decision_status": {
        "open": "未落实 (open)",
        "done": "已落实 (done)",
        "dropped": "不再办理 (dropped)",
    },
}
"""Name of the choice → value → `中文 (English)`."""

BY_VALUES: Final = {frozenset(labels): name for name, labels in CHOICES.items()}
"""Two choices with the same values mean the same."""


def zh(label: str) -> str:
    return label.partition(" (")[0]


def en(label: str) -> str:
    return label.partition(" (")[2].removesuffix(")")


# --- which field takes which choice


def literals(types: Iterable[Any]) -> Fields:
    """Find the fields that take a choice, by its values, in structs however deep."""
    found: Fields = defaultdict(set)
    seen: set[type[Any]] = set()

    def walk(kind: inspect.Type, field: str) -> None:
        if isinstance(kind, inspect.LiteralType):
            found[frozenset(kind.values)].add(field)
        elif isinstance(kind, inspect.StructType):
            if kind.cls in seen:
                return
            seen.add(kind.cls)
            for one in kind.fields:
                walk(one.type, f"{kind.cls.__name__}.{one.encode_name}")
        else:
            for part in _parts(kind):
                walk(part, field)

    for one in types:
        walk(inspect.type_info(one), "")
    return found


def _parts(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.Metadata():
            yield kind.type
        case inspect.UnionType():
            yield from kind.types
        case inspect.DictType():
            yield from (kind.key_type, kind.value_type)
        case inspect.TupleType():
            yield from kind.item_types
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType():
            yield kind.item_type
        case inspect.FrozenSetType():
            yield kind.item_type
        case _:
            return
