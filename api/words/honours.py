"""Words of marks."""

from typing import Final

WORDS: Final = {
    "AwardMark.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "AwardMark.kind": "称号或表彰类别的编号 (code of its kind)",
    "AwardMark.valid_until": (
        "最后一日；空：按规则或长期有效 (last day; null: by the rules, or until withdrawn)"
    ),
    "MarkAwarded": "授予称号或表彰 (the award of a mark)",
    "MarkAwarded.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "MarkAwarded.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkAwarded.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarkAwarded.valid_until": (
        "最后一日；空：按规则或长期有效 (last day; null: by the rules, or until withdrawn)"
    ),
    "MarkCount": "一类称号在一个区和年度的数量 (how many marks of a kind and year a district has)",
    "MarkCount.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkCount.withdrawn": "撤销的数量 (withdrawn)",
    "MarkCountsQuery.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkCountsQuery.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarkHeld": "现行有效的称号或表彰 (a mark that is valid)",
    "MarkHeld.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkRow": "一项称号或表彰 (a mark or award)",
    "MarkRow.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "MarkRow.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarkRow.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarkRow.standing": "状态：有效、到期或撤销 (valid, expired or withdrawn)",
    "MarkRow.valid_until": (
        "最后一日；空：按规则或长期有效 (last day; null: by the rules, or until withdrawn)"
    ),
    "MarkShown": "一项称号或表彰的授予和撤销 (a mark with its withdrawal)",
    "MarkShown.withdrawn": "撤销情况；空：没有撤销 (the withdrawal; null: none)",
    "MarkWithdrawn": "撤销称号或表彰 (the withdrawal of a mark)",
    "MarksQuery.code": (
        "服务点、区划、法律顾问或账号的编号 (code of the point, division, adviser or account)"
    ),
    "MarksQuery.kind": "称号或表彰类别的编号 (code of its kind)",
    "MarksQuery.of": (
        "授予对象：服务点、区划、法律顾问或人员 (what it is given to: a point, division, adviser "
        "or officer)"
    ),
    "MarksQuery.standing": "状态：有效、到期或撤销 (valid, expired or withdrawn)",
    "awarded": "授予情况 (the award)",
    "awarded_by": "授予单位 (who awarded it)",
    "awarded_on": "授予日期 (day of the award)",
    "district": "区的区划代码；空：不详 (district; null: unknown)",
    "expired": "已到期的数量 (expired)",
    "valid": "现行有效的数量 (valid)",
    "withdrawn_on": "撤销日期；空：没有撤销 (withdrawn on; null: it was not)",
}
