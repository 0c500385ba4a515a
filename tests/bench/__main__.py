"""`python -m tests.bench [NAME]… [--json]`: as `anjuan bench`, and with other sizes for trials;
`--tables FILE` writes a JSON answer as the tables of docs/performance.md."""

import argparse
import sys
from pathlib import Path

import msgspec

from tests.bench import NAMES, run
from tests.bench.figures import Result, Sizes, table_of


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, "all", []], metavar="NAME")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--tables", type=Path, metavar="FILE")
    for field in msgspec.structs.fields(Sizes):
        option = f"--{field.name.replace('_', '-')}"
        parser.add_argument(option, type=field.type, default=field.default)
    given = vars(parser.parse_args())
    names, as_json, answered = (given.pop(name) for name in ("names", "json", "tables"))
    if answered is not None:
        found = msgspec.json.decode(answered.read_bytes())
        found.pop("machine")
        results = msgspec.convert(found, dict[str, Result])
        sys.stdout.write("\n".join([*table_of(results), ""]))
        return 0
    return run(names, as_json, Sizes(**given))


if __name__ == "__main__":
    sys.exit(main())
