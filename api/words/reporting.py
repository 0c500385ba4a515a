"""Words of reports, tables and their drafts."""

from typing import Final

WORDS: Final = {
    "AdjustedRow": "报送以后有变化的一行 (a row that changed since the submission)",
    "AdjustedRow.cells": "有变化的格 (cells that differ)",
    "AdjustedRow.key": "本行不变的部分 (what stays the same of the row)",
    "AdjustedRow.now": "现在的序号；空：现在没有 (its number now; null: it is not there)",
    "AdjustingEvent": (
        "截止以后记录的一个事件及其影响 (an event recorded after the cut-off, and what it added)"
    ),
    "AdjustingEvent.amount": (
        "对该数的影响；空：改变文字，或者可能改变 (what it added to the figure; null: it changed a "
        "text, or may have)"
    ),
    "AdjustingEvent.kind": "事件的种类 (kind of the event)",
    "Adjustments": (
        "报表报送以后的变化，按截止位置重新计算加以核对 (what changed since a table was submitted)"
    ),
    "Adjustments.position": "对照所到的记录位置 (compared up to this position)",
    "Adjustments.version": "第几版 (which version)",
    "AdjustmentsFound.form": "报送时的表样 (form, as it was submitted)",
    "AdjustmentsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "AdjustmentsQuery.version": (
        "报送的第几版；不带：最新 (version of the submission; the newest unless said otherwise)"
    ),
    "CellChange": "报送以后有变化的一格 (a cell that changed since the submission)",
    "CellChange.events": "引起变化的事件 (events that changed it)",
    "CellChange.now": "现在的值；空：空格 (now; null: empty)",
    "CellChange.submitted": "报送时的值；空：空格 (as submitted; null: empty)",
    "CellEntry": "人工填写的一格 (a cell that a person fills in)",
    "CellEntry.row": "第几行 (the row's number)",
    "CellEntry.value": "填写的内容；空为清除 (what is filled in; null empties the cell)",
    "CellFound.basis": "回答所依据的记录 (what the answer stands on)",
    "CellFound.entered": "由谁何时填写；空：程序填写 (who filled it in; null: the program)",
    "CellFound.personal": "可能涉及个人：遮盖显示 (a person may be behind it: masked)",
    "CellFound.sources": "本格由哪些对象得来 (the things it was made from)",
    "CellFound.value": "本格的值 (value of the cell)",
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
    "CriticismQuery.basis": "报送的、当时的或现在的 (as submitted, as known then, or now)",
    "CriticismQuery.version": (
        "报送的第几版；不带：最新 (version of the submission; the newest unless said otherwise)"
    ),
    "DutyQuery.division": "行政区划代码或其前几位，含下级 (division code or the beginning of one)",
    "DutyReport.basis": "回答所依据的记录 (what the answer stands on)",
    "Entered": "由谁何时人工填写 (who filled in by hand, and when)",
    "Entered.at": "何时填写；空：报送时填写 (when; null: as it was submitted)",
    "Entered.by": "由谁填写 (who filled it in)",
    "Entry": "报表中人工填写的一格 (a cell of a table, filled in by hand)",
    "FillingIn.notes": "各行的备注 (notes on rows)",
    "FillingIn.sections": "分析报告的文字，按编号；空值为清除 (texts by code; null empties)",
    "NoteEntry": "一行的备注 (a note on a row)",
    "NoteEntry.note": "备注；空为清除 (the note; null takes it away)",
    "NoteEntry.row": "第几行 (the row's number)",
    "PartsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "PartsQuery.division": "市或区的区划代码 (division code of a city or district)",
    "PartsQuery.period": "月份、季度或年度 (month, quarter or year)",
    "PromisesQuery.from": "到期日期自此日起，含当日 (due from this local day, inclusive)",
    "PromisesQuery.to": "到期日期至此日止，不含当日 (due before this local day)",
    "PromisesReport.basis": "回答所依据的记录 (what the answer stands on)",
    "ReportLine": (
        "已报送报表的一个版本，不含各行 (a version of a submitted table, without its rows)"
    ),
    "ReportPart": (
        "一个区或镇街的报送情况和与上期的变化 (a district or town: what it submitted, and what "
        "changed)"
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
    "ReportRow": "报表的一行 (a row of a table)",
    "ReportRow.entered": "人工填写的各栏由谁何时填写 (who filled in which cells, and when)",
    "ReportRow.noted": "备注由谁、何时填写 (who filled in the note, and when)",
    "ReportRow.sources": "本行由哪些对象得来 (the things that the row was made from)",
    "ReportVersion": "一次报送，不含各行 (a submission, without its rows)",
    "ReportVersion.digest": (
        "整张报表的摘要值，即所签的内容 (digest of the whole table: what was signed)"
    ),
    "ReportVersion.reason": "重新报送的理由；空：首次 (reason of a resubmission; null: the first)",
    "ReportVersion.role": "签报人的岗位 (signer's role)",
    "ReportVersion.unit": "签报人的单位 (signer's unit)",
    "ReportVersion.version": "第几版 (which version)",
    "ReportsQuery.division": (
        "行政区划代码或其前几位，含下级 (division code or the beginning of one)"
    ),
    "ReportsQuery.from": "报送日期自此日起，含当日 (submitted from this local day, inclusive)",
    "ReportsQuery.template": "报表种类的编号，不带版本 (template, without its version)",
    "ReportsQuery.to": "报送日期至此日止，不含当日 (submitted before this local day)",
    "ReportsQuery.unit": "签报人当时的单位 (unit of the signer then)",
    "ResponseTimesReport.basis": "回答所依据的记录 (what the answer stands on)",
    "Resubmission.cut_off": "所见报表的截止位置 (cut-off of the table as it was seen)",
    "Resubmission.digest": "所见报表的摘要值 (digest of the table as it was seen)",
    "Resubmission.entries": "人工填写的栏目；摘要值不含它们 (filled in by hand, not in the digest)",
    "Resubmission.version": "重新报送的第几版 (which version this becomes)",
    "SatisfactionReport.basis": "回答所依据的记录 (what the answer stands on)",
    "Source": "一格由之得来的一个对象 (a thing that a cell was made from)",
    "Source.amount": "对该数的贡献；空：不是数 (what it adds to the figure; null: it is no figure)",
    "Submission.cut_off": "所见报表的截止位置 (cut-off of the table as it was seen)",
    "Submission.digest": "所见报表的摘要值 (digest of the table as it was seen)",
    "Submission.entries": "人工填写的栏目；摘要值不含它们 (filled in by hand, not in the digest)",
    "Table": "一张报表及其全部依据 (a table, with everything it was computed from)",
    "Table.entered": "人工撰写的各部分由谁何时填写 (who wrote which sections, and when)",
    "Table.sections": "整份报表填一次的内容 (what is said once, of the whole)",
    "Table.template": "报表种类，编号@版本 (template, as code@version)",
    "TableFound.basis": "回答所依据的记录 (what the answer stands on)",
    "TableFound.numbers": "各行在整张表中的行号 (where the rows stand in the whole table)",
    "TableFound.of": "报送的、当时的或现在的 (as submitted, as known then, or now)",
    "TableQuery.basis": "报送的、当时的或现在的 (as submitted, as known then, or now)",
    "TableQuery.version": (
        "报送的第几版；不带：最新 (version of the submission; the newest unless said otherwise)"
    ),
    "VersionsFound.basis": "回答所依据的记录 (what the answer stands on)",
    "WorkloadReport.basis": "回答所依据的记录 (what the answer stands on)",
    "adjustments": "报送以后的变化 (changes since the submission)",
    "cells": "各栏的值 (cells by the column's code)",
    "change": "变化：增加、移出或改动 (added, removed or changed)",
    "hidden": "因无权查看而不显示的数量 (how many are hidden from the reader)",
    "leaders": "各位领导合计 (sums of each leader)",
    "newest": (
        "只看各表最新一版；否：只看已被替换的 (only the last version of each table; false: only "
        "those replaced)"
    ),
    "officer": "经办账号：事项的责任人，或工作日志的登记人 (account that answers for it)",
    "parts": "各区或各镇街 (districts or towns)",
    "previous": "上期的报送；空：没有 (that of the period before; null: none)",
    "reproducible": (
        "按截止位置重新计算是否与报送的一致 (recomputed at its cut-off it is the table submitted)"
    ),
    "signer": "签报人 (signer)",
    "submission": "报送的版本；空：尚未报送 (the submission; null: none)",
    "submitted": "报送时的序号；空：当时没有 (its number as submitted; null: it was not there)",
    "submitted_at": "报送时间 (submitted at)",
    "table": "报表 (table)",
    "template": "报表种类，编号或编号@版本 (template, as code or code@version)",
    "totals": "合计 (totals)",
    "views": "各查询视图 (views)",
    "waiting": (
        "结束后公布的规则、日历如经重新计算会带来的变化：现值、重新计算后的值 "
        "(what would change by a recalculation: as it stands, as it would be)"
    ),
}
