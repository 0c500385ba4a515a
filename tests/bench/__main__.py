"""`python -m tests.bench [NAME]… [--json]`: as `anjuan bench`, and with other sizes for trials."""

import argparse
import sys

import msgspec

from tests.bench import NAMES, run
from tests.bench.figures import Sizes


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, "all", []], metavar="NAME")
    parser.add_argument("--json", action="store_true")
    for field in msgspec.structs.fields(Sizes):
        option = f"--{field.name.replace('_', '-')}"
        parser.add_argument(option, type=field.type, default=field.default)
    given = vars(parser.parse_args())
    names, as_json = given.pop("names"), given.pop("json")
    return run(names, as_json, Sizes(**given))


if __name__ == "__main__":
    sys.exit(main())
