"""Commands on accounts over HTTP, each declared once."""

from typing import Any, Final
from uuid import UUID

from api.web.acting import Route
from domain.accounts import account
from domain.accounts.account import Account
from domain.registration import account_commands
from domain.registration.account_commands import possible
from domain.vocabulary import Command, stream_id


def _coded(path: dict[str, Any], _: Any) -> UUID:
    return stream_id(account.KIND, path["code"])


def _of(command: type[Command], action: str, summary: str) -> Route:
    def can(state: Account) -> bool:
        return possible(state, command)

    return Route(
        command=command,
        under=f"/accounts/{{code:str}}/{action}",
        summary=summary,
        stream=_coded,
        possible=can,
    )


ROUTES: Final = (
    Route(
        command=account_commands.OpenAccount,
        under="/accounts",
        summary="开立账号",
        stream=lambda _, command: stream_id(account.KIND, command.code),
        creates=True,
        location=lambda _, command, __: f"/accounts/{command.code}",
    ),
    _of(account_commands.RenameAccount, "rename", "更正姓名"),
    _of(account_commands.GivePost, "give-post", "授予岗位"),
    _of(account_commands.EndPost, "end-post", "收回岗位"),
    _of(account_commands.SuspendAccount, "suspend", "停用账号"),
    _of(account_commands.RestoreAccount, "restore", "恢复账号"),
    _of(account_commands.CloseAccount, "close", "注销账号"),
    _of(account_commands.NameStandIn, "name-stand-in", "指定代理"),
    _of(account_commands.EndStandIn, "end-stand-in", "结束代理"),
    _of(account_commands.TakeEmergencyAccess, "take-emergency-access", "紧急访问"),
    _of(account_commands.ReviewEmergencyAccess, "review-emergency-access", "审查紧急访问"),
)
