"""Write domain/data/china_days.json from the development packages chinesecalendar and holidays.

Run once a year, after the State Council's notice and a new release of chinesecalendar:
`python tools/make_calendar.py`. Then compare with the notice and add an edition.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import holidays
from chinese_calendar import constants

OUT = Path(__file__).parents[1] / "domain" / "data" / "china_days.json"
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
FORECAST_NAMES = {
    "New Year's Day": "元旦",
    "Chinese New Year's Eve": "春节",
    "Chinese New Year (Spring Festival)": "春节",
    "Tomb-Sweeping Day": "清明节",
    "Labor Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-Autumn Festival": "中秋节",
    "National Day": "国庆节",
}
# 国办发明电〔2005〕35号 makes this Saturday a working day; chinesecalendar does not have it.
MISSING_MAKEUP_DAYS = {date(2005, 12, 31): "元旦"}
# 国办发明电〔2019〕16号, before 国办发明电〔2020〕1号 made the holiday longer while it ran.
SPRING_FESTIVAL_2020_AS_FIRST_ANNOUNCED = {
    "holidays": (date(2020, 1, 24), date(2020, 1, 30)),
    "makeup_days": (date(2020, 1, 19), date(2020, 2, 1)),
}
EDITIONS = [
    {
        "version": 1,
        "announced_at": "2019-11-21T00:00:00+08:00",
        "basis": "国务院办公厅关于2020年部分节假日安排的通知（国办发明电〔2019〕16号）",
        "last_year": 2020,
        "as_first_announced": [2020],
    },
    {
        "version": 2,
        "announced_at": "2020-01-26T00:00:00+08:00",
        "basis": "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）",
        "last_year": 2020,
    },
    {
        "version": 3,
        "announced_at": "2025-11-04T00:00:00+08:00",
        "basis": "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）；2027年为暂定",
        "last_year": 2027,
        "provisional_years": [2027],
    },
]

Plan = dict[str, list[list[str]]]


def main() -> None:
    years = sorted({day.year for day in constants.holidays})
    plans = {str(year): announced(year) for year in years}
    forecast_year = years[-1] + 1
    plans[str(forecast_year)] = forecast(forecast_year)
    content = {
        "source": "chinesecalendar 1.11.0 (MIT), with 2005-12-31 added; the forecast year: "
        "holidays 0.109 (MIT), statutory days only. Written by tools/make_calendar.py.",
        "first_year": years[0],
        "editions": EDITIONS,
        "years": plans,
        "as_first_announced": {"2020": first_announced_2020()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    OUT.write_text(one_line_per_day(text) + "\n", encoding="utf-8")


def announced(year: int) -> Plan:
    makeup = {day: NAMES[name] for day, name in constants.workdays.items()} | MISSING_MAKEUP_DAYS
    return plan(
        {day: NAMES[name] for day, name in constants.holidays.items() if day.year == year},
        {day: name for day, name in makeup.items() if day.year == year},
    )


def forecast(year: int) -> Plan:
    statutory = {
        day: FORECAST_NAMES[name.removesuffix(" (observed)")]
        for day, name in holidays.country_holidays("CN", years=year, language="en_US").items()
    }
    return plan(statutory, {})


def first_announced_2020() -> Plan:
    first, last = SPRING_FESTIVAL_2020_AS_FIRST_ANNOUNCED["holidays"]
    off = {
        day: NAMES[name]
        for day, name in constants.holidays.items()
        if day.year == 2020 and (NAMES[name] != "春节" or first <= day <= last)
    }
    makeup = {
        day: NAMES[name]
        for day, name in constants.workdays.items()
        if day.year == 2020 and NAMES[name] != "春节"
    }
    spring = dict.fromkeys(SPRING_FESTIVAL_2020_AS_FIRST_ANNOUNCED["makeup_days"], "春节")
    return plan(off, makeup | spring)


def plan(off: Mapping[date, str], makeup: Mapping[date, str]) -> Plan:
    return {
        "holidays": [
            [str(first), str(last), name] for first, last, name in stretches(sorted(off.items()))
        ],
        "makeup_days": [[str(day), name] for day, name in sorted(makeup.items())],
    }


def stretches(named_days: Iterable[tuple[date, str]]) -> list[tuple[date, date, str]]:
    """Days in a row with the same name, as first, last, name."""
    found = []
    for (_, name), group in groupby(
        enumerate(named_days), lambda at: (at[1][0] - timedelta(days=at[0]), at[1][1])
    ):
        days = [day for _, (day, _) in group]
        found.append((days[0], days[-1], name))
    return found


def one_line_per_day(text: str) -> str:
    """Innermost lists on one line, so that a change of one holiday is a change of one line."""
    return re.sub(
        r"\[\s+([^\[\]{}]+?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text
    )


if __name__ == "__main__":
    main()
