"""The office that a home was founded for: `office.toml` in the home, written by `anjuan init`.

What everybody else must know of it stands in the log: its divisions, and itself as an organ.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from domain.codes import Code, DivisionCode, in_words
from domain.vocabulary import Text

FILE: Final = "office.toml"


class OfficeWrong(Exception):
    """单位设置有误。"""


class FirstAdministrator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose account is opened with the office; the others are opened by him."""

    code: Annotated[Code, Meta(description="账号编号")]
    name: Annotated[Text, Meta(description="姓名")]


class Office(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[Text, Meta(description="单位名称")]
    division: Annotated[DivisionCode, Meta(description="区划代码")]
    code: Annotated[Code | None, Meta(description="单位编号")] = None
    calendar: Annotated[Code, Meta(description="工作日历")] = "gz-office"
    administrator: Annotated[FirstAdministrator | None, Meta(description="首位管理员")] = None

    @property
    def organ(self) -> str:
        """Its code in the register of organs."""
        return self.code or f"SFJ-{self.division}"


TEMPLATE: Final = """\
# 单位设置：填好后运行 anjuan init --office office.toml
# Settings of an office, for `anjuan init --office FILE`.

# 单位名称 (its name)
name = "广州市天河区司法局"

# 区划代码：全市 4 位，区 6 位，镇（街）9 位 (its division: 4, 6 or 9 digits).
# 在广州市内的，镇（街）、村（社区）随之登记；在其他地方的，用 anjuan import divisions 导入。
# In Guangzhou its towns and villages are listed with it; elsewhere import them.
division = "440106"

# 单位编号，默认为 SFJ- 加区划代码 (its code; by default SFJ- and the division)
# code = "SFJ-440106"

# 服务点的工作日历，导入时没有写明的用它：gz-office、gz-center、gz-room，或自己公布的。
# The working calendar of points for which a list names none.
calendar = "gz-office"

# 首位管理员：为其开立账号和岗位，其他账号由其开立。编号不能再改，也不能转给他人。
# The first administrator: an account and a post; he opens the others. Its code is for ever his.
# [administrator]
# code = "li-ming"
# name = "李明"
"""


def read_office(path: Path) -> Office:
    """Raises: OfficeWrong — names the file, the key and what is allowed."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8-sig")), Office)
    except OSError as error:
        raise OfficeWrong(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise OfficeWrong(f"{path}: {in_words(str(error))}") from error


def office_of(home: Path) -> Office | None:
    """The office of a home; None where `anjuan init` was not told of any."""
    path = home / FILE
    return read_office(path) if path.exists() else None


def keep_office(home: Path, office: Office) -> None:
    """The administrator is in the log, and nowhere else: he is a person."""
    home.mkdir(parents=True, exist_ok=True)
    lines = [
        f"{name} = {msgspec.json.encode(value).decode()}"
        for name, value in msgspec.structs.asdict(office).items()
        if value is not None and not isinstance(value, FirstAdministrator)
    ]
    (home / FILE).write_text("\n".join(lines) + "\n", "utf-8")
