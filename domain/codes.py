r"""Codes and other short texts of a fixed form: every type with its pattern, once.

All are ASCII and matched whole, by `\A` and `\Z`: `$` accepts a final newline and `\d` the digits
of every script, so that one thing could be written in two ways.
"""

import re
from typing import Annotated, Any, Final, Literal, get_args

from msgspec import Meta

# --- patterns that are also used without their type

_CODE: Final = "[!-.0-?A-~]"
CODE: Final = rf"\A{_CODE}{{1,64}}\Z"
DIGEST: Final = r"\A[0-9a-f]{64}\Z"
MEDIA_TYPE: Final = r"\A[a-z]+/[a-z0-9.+-]+\Z"
MEDIA_TYPE_LENGTH_MAX: Final = 100
DAY: Final = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"
NUMBER: Final = r"\A-?[0-9]{1,9}(\.[0-9]{1,6})?\Z"
FIGURE: Final = r"\A-?[0-9]{1,30}(\.[0-9]{1,10})?\Z"
"""A decimal in a cell of a form."""
PHONE: Final = r"\A[0-9+ -]{5,20}\Z"
DIVISION: Final = r"\A([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})\Z"
PATH_SEGMENT: Final = r"\A[!-.0-~]+\Z"
"""What a code, reference, period or token is in a URL: printable ASCII without space and `/`."""
INVISIBLE: Final = (
    "\\x00-\\x20\\x7f-\\xa0\\xad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890-\\u0891\\u08e2"
    "\\u115f-\\u1160\\u1680\\u17b4-\\u17b5\\u180b-\\u180f\\u2000-\\u200f\\u2028-\\u202f"
    "\\u205f-\\u2064\\u2066-\\u206f\\u2800\\u3000\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff\\uffa0"
    "\\ufff9-\\ufffb\\U000110bd\\U000110cd\\U00013430-\\U00013438\\U0001bca0-\\U0001bca3"
    "\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
"""Characters that nobody sees, for a class of a pattern: controls, formats and spaces (Unicode's
Cc, Cf, Cs, Z*), fillers, blanks and selectors."""
_YEAR: Final = "[12][0-9]{3}"
_PART: Final = "(0[1-9]|1[0-2]|Q[1-4])"

# --- codes of things

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=CODE)]
"""An opaque public code of a point, adviser, team, firm, account: never reused, never parsed.
Printable ASCII without space, `/` and `@`."""
Ref = Annotated[str, Meta(pattern=rf"\A{_CODE}+@[1-9][0-9]*\Z")]
"""`code@version` of a form, calendar or rule set."""
Name = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,63}\Z")]
Digest = Annotated[str, Meta(pattern=DIGEST)]
"""SHA-256 in lower-case hex."""
Licence = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z]{6,32}\Z")]
"""Number of a practising certificate (律师执业证号): public, of one form in all of China."""
MediaType = Annotated[str, Meta(pattern=MEDIA_TYPE, max_length=MEDIA_TYPE_LENGTH_MAX)]
OfficePhone = Annotated[str, Meta(pattern=PHONE)]
"""Of an office, for everybody to call."""
Phone = Annotated[OfficePhone, Meta(extra={"personal": "phone"})]

# --- divisions, periods, time zones

DivisionCode = Annotated[str, Meta(pattern=DIVISION)]
"""Statistical division code of 2, 4, 6, 9 or 12 digits; a scope is a prefix of it."""
ParentDivision = Annotated[str, Meta(pattern=r"\A([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})\Z")]
"""A division that has parts."""
VillageCode = Annotated[str, Meta(pattern=r"\A[0-9]{12}\Z")]
DivisionPrefix = Annotated[str, Meta(pattern=r"\A[0-9]{1,12}\Z")]
PeriodCode = Annotated[str, Meta(pattern=rf"\A{_YEAR}-{_PART}\Z")]
"""A month `2026-06` or a quarter `2026-Q2`."""
EvaluationPeriod = Annotated[str, Meta(pattern=rf"\A{_YEAR}(-{_PART})?\Z")]
"""A year `2026`, a quarter or a month."""
Zone = Annotated[str, Meta(pattern=r"\A[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}\Z")]
"""An IANA time zone name."""

# --- decimals, as text so that they are the same everywhere

DecimalText = Annotated[str, Meta(pattern=r"\A-?[0-9]{1,12}(\.[0-9]{1,6})?\Z")]
DayText = Annotated[str, Meta(pattern=DAY)]
"""A day as it is written: `2026-03-02`."""
NumberText = Annotated[str, Meta(pattern=NUMBER)]
"""What a person or a rule set gives: points, or how often something occurred."""

# --- rules

LimitName = Literal[
    "first_response", "close", "supplement", "acknowledge", "assign", "return", "answer", "review",
    "review_request",
]  # fmt: skip
LimitKey = Annotated[
    str,
    Meta(pattern=rf"\A(\*|[a-z][a-z0-9_]*(\.[a-z0-9_]+)?)/({'|'.join(get_args(LimitName))})\Z"),
]
"""`service/name`, for instance `legal_aid/close`. `complaint.petition/answer` is the limit of one
variant of a service, `*/close` the default of all services."""


def shortest(division: str) -> str:
    """Return the shortest way to write a division: `440100` and `440100000` are the city `4401`."""
    for whole, part in ((12, 9), (9, 6), (6, 4), (4, 2)):
        if len(division) == whole and not division[part:].strip("0"):
            division = division[:part]
    return division


# --- in words

WORDS: Final[tuple[tuple[Any, str], ...]] = (
    (Code, "1 to 64 printable ASCII characters without space, / and @"),
    (Ref, "a code with its version, as gz-room@3"),
    (Name, "lower-case letters, digits and _, a letter first"),
    (Digest, "64 hexadecimal digits in lower case"),
    (Licence, "6 to 32 letters and digits"),
    (MediaType, "a media type, as image/jpeg"),
    (Phone, "5 to 20 digits, with +, - and spaces"),
    (DivisionCode, "a division code of 2, 4, 6, 9 or 12 digits"),
    (ParentDivision, "a division code of 2, 4, 6 or 9 digits"),
    (VillageCode, "a division code of 12 digits"),
    (DivisionPrefix, "1 to 12 digits"),
    (PeriodCode, "a month or quarter, as 2026-06 or 2026-Q2"),
    (EvaluationPeriod, "a year, quarter or month, as 2026, 2026-Q2 or 2026-06"),
    (Zone, "a time zone, as Asia/Shanghai"),
    (DecimalText, "a decimal number, as 100 or -0.95"),
    (DayText, "a day, as 2026-03-02"),
    (NumberText, "a decimal number, as 100 or -0.95"),
    (LimitKey, "a service and the name of a limit, as legal_aid/close"),
)
_REGEX: Final = re.compile("matching regex '(.*)'")


def in_words(message: str) -> str:
    """Say what msgspec expects of a text in words instead of a pattern."""
    return _REGEX.sub(lambda found: f"that is {_expected(found[1])}", message)


def _expected(shown: str) -> str:
    for kind, words in WORDS:
        if any(repr(meta.pattern)[1:-1] == shown for meta in kind.__metadata__):
            return words
    return "written in another way"
