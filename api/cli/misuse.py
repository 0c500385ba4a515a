"""Misuse of the command line, told in the language that is spoken. Loaded only after a misuse."""

import re
from difflib import get_close_matches
from typing import Final

import rich_click as click
from click.exceptions import NoSuchCommand

from api.cli.language import language, spoken

IN_CHINESE: Final[tuple[tuple[str, str], ...]] = (
    (r"Missing argument '(.+?)'\.(.*)", "缺少参数 {0}。{1}"),
    (r"Missing option '(.+?)'\.(.*)", "缺少选项 {0}。{1}"),
    (r"Missing command\.", "没有写明命令。"),
    (r"No such option '(.+?)'\.(.*)", "没有选项 {0}。{1}"),
    (r"No such command '(.+?)'\.(.*)", "没有命令 {0}。{1}"),
    (r"Did you mean (?:one of: )?(.+)\?", "是否指 {0}？"),
    (r"(.+) or (\S+)", "{0} 或 {1}"),
    (r"\(Possible options: (.+)\)", "是否指其中之一：{0}"),
    (r"Choose from:\s*(.+)", "可选：{0}"),
    (r"Invalid value for (.+?): (.+)", "{0} 的值不对：{1}"),
    (r"Invalid value: (.+)", "值不对：{0}"),
    (r"Option '(.+?)' requires an argument\.", "选项 {0} 后面要写值。"),
    (r"Option '(.+?)' requires (\d+) arguments\.", "选项 {0} 后面要写 {1} 个值。"),
    (r"Option '(.+?)' does not take a value\.", "选项 {0} 不带值。"),
    (r"Argument '(.+?)' takes (\d+) values\.", "参数 {0} 要写 {1} 个值。"),
    (r"Got unexpected extra arguments? \((.+)\)\.?", "多写了：{0}。"),
    (r"(.+) is not one of (.+)\.", "{0} 不在可选范围内，可选：{1}。"),
    (r"(.+) is not a valid integer(?: range)?\.", "{0} 不是整数。"),
    (r"(.+) is not a valid float(?: range)?\.", "{0} 不是数字。"),
    (r"(.+) is not a valid UUID\.", "{0} 不是编号（UUID）。"),
    (r"(.+) is not a valid boolean\. Recognized values: (.+)", "{0} 不是“是或否”，可写：{1}"),
    (r"(.+) is not in the range (.+)\.", "{0} 不在范围 {1} 内。"),
    (r"(.+) does not match the formats? (.+)\.", "{0} 不合格式，可写：{1}。"),
    (r"(.+) is not like (.+)", "{0} 不合格式，例如 {1}"),
    (r"(.+) is not at most (\d+) of (.+)", "{0}：至多 {1} 项，可选 {2}"),
    (r"(.+) is not JSON: (.+)", "{0} 不是 JSON：{1}"),
    (r"(?:File|Path|Directory) (.+) does not exist\.", "{0} 不存在。"),
    (r"(?:File|Path|Directory) (.+) is a file\.", "{0} 是文件。"),
    (r"(?:File|Path|Directory) (.+) is a directory\.", "{0} 是目录。"),
    (r"(?:File|Path|Directory) (.+) is not readable\.", "{0} 无法读取。"),
    (r"(?:File|Path|Directory) (.+) is not writable\.", "{0} 无法写入。"),
)
"""What click says → how it is said in Chinese; its parts are said in Chinese, too."""


def misuse(error: click.UsageError) -> str:
    """Say what cannot be understood, and which command helps."""
    asked = error.ctx.command_path if error.ctx else "anjuan"
    text = error.format_message() + _near(error)
    if language() == "zh":
        text = in_chinese(text)
    stop = spoken(".", "。")
    said = text if text.rstrip().endswith((".", "?", "!", "。", "？", "！")) else f"{text}{stop}"
    return spoken(f"{said} Try `{asked} --help`.", f"{said}用法见 {asked} --help")


def _near(error: click.UsageError) -> str:
    """Name the command that was perhaps meant, of a group that makes its commands when asked."""
    if not isinstance(error, NoSuchCommand) or error.possibilities or error.ctx is None:
        return ""
    group = error.ctx.command
    known = group.list_commands(error.ctx) if isinstance(group, click.Group) else []
    near = get_close_matches(error.command_name, known)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def in_chinese(text: str) -> str:
    """Say a message of click in Chinese; what it does not know stays as it is."""
    said = " ".join(text.split())
    for pattern, chinese in IN_CHINESE:
        if found := re.fullmatch(pattern, said):
            parts = [in_chinese(part) if part else "" for part in found.groups()]
            return chinese.format(*parts)
    return said
