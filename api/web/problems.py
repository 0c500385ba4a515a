"""Problems (RFC 9457): all answers without success, with stable names and Chinese titles."""

import logging
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import msgspec
import psycopg
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap
from msgspec import Struct
from psycopg_pool import PoolTimeout

from domain.codes import in_words
from domain.vocabulary import NotThere, OutOfBounds, Refused
from ledger.log.appender import LogBusy
from ledger.log.clock import ClockOff
from ledger.log.decision import TooContended, VersionMoved
from ledger.log.recorder import CommandIdReused

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:anjuan:problem:"
RETRY_AFTER_S: Final = 1

PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    "malformed": (400, "请求格式有误"),
    "validation-failed": (400, "内容不符合要求"),
    "idempotency-key-missing": (400, "缺少请求头 Idempotency-Key（1 至 200 个字符）"),
    "position-unknown": (400, "记录还没有到这个位置"),
    "occurred-at-not-taken": (400, "公开链接和自助设备不能指定发生时间，一律以系统收到的时间为准"),
    "instant-in-future": (400, "不能查询将来时点所知的情况，请给出现在或以前的时间"),
    "cursor-invalid": (400, "翻页标记无效，请从第一页重新查询"),
    "nested-too-deep": (400, "提交的内容嵌套过深，请减少层数"),
    "comparison-too-large": (400, "两个时点的清单过长，请缩小查询范围后再对照"),
    "not-authenticated": (401, "未提供有效的访问令牌"),
    "signing-in-failed": (401, "账号、密码或验证码不正确"),
    "provider-did-not-vouch": (
        401,
        "统一身份认证登录没有成功，请重试；仍不成功的，请联系管理员",
    ),
    "csrf": (403, "请求不是从本系统的页面发出的，请刷新页面后重试"),
    "password-must-change": (403, "请先修改一次性密码"),
    "post-not-chosen": (403, "请先选择以哪个岗位办理"),
    "second-factor-needed": (403, "这个岗位须先设置验证器（第二验证因素）"),
    "not-permitted": (403, "您的岗位无权进行此操作"),
    "not-found": (404, "没有找到所请求的内容"),
    "method-not-allowed": (405, "该地址不支持此方法"),
    "too-slow": (408, "内容传送过慢，请检查网络后重新提交"),
    "blob-type-differs": (409, "同一内容已按另一种类型保存"),
    "evidence-differs": (409, "上传的内容与日志登记的类型或大小不符"),
    "run-too-large": (409, "对象过多，请用命令行 anjuan evaluate 计算"),
    "version-moved": (412, "事项已被他人更新，请查看最新内容后重试"),
    "too-large": (413, "提交的内容过大"),
    "encoding-unsupported": (
        415,
        "不接受压缩后的内容，请去掉请求头 Content-Encoding，直接提交原内容",
    ),
    "media-type-unsupported": (415, "只接受 application/json 格式的内容"),
    "blob-type-unsupported": (415, "请在请求头 Content-Type 中注明文件类型，例如 image/jpeg"),
    "blob-digest-differs": (422, "上传的内容与其 SHA-256 不符，请重新上传"),
    "command-id-reused": (422, "该 Idempotency-Key 已用于另一项操作"),
    "if-match-missing": (428, "请在请求头 If-Match 中给出您所看到的版本"),
    "upload-quota-spent": (429, "您今天上传的材料已达上限，请稍后再试，或请管理员调高上限"),
    "too-many-tries": (429, "尝试次数过多，请稍后再试"),
    "internal": (500, "系统内部错误，请凭追踪号联系管理员"),
    "too-contended": (503, "同一事项正被频繁更新，请稍后重试"),
    "reads-not-recorded": (503, "查阅记录暂时写不进去，内容不能显示，请稍后重试"),
    "log-busy": (503, "系统繁忙，请稍后重试"),
    "clock-off": (503, "服务器时钟明显早于案卷的最后一条记录，已暂停写入，请联系管理员校准时钟"),
    "not-yet-visible": (503, "该操作的结果尚未反映到查询中，请稍后重试"),
    "views-missing": (503, "查询视图尚未建立，请先运行 anjuan project"),
    "store-full": (503, "存放材料的磁盘空间不足，请联系管理员清理或扩容"),
    "store-unavailable": (503, "材料暂时无法存取，请稍后重试"),
    "unavailable": (503, "数据库暂时不可用，请稍后重试"),
}
_BY_STATUS: Final = {
    400: "malformed",
    401: "not-authenticated",
    403: "not-permitted",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type-unsupported",
}


class FieldProblem(Struct, frozen=True):
    """An error in one field."""

    field: str
    """A path like `visitor.phone`; "" means the whole body."""
    message: str


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem (RFC 9457). `type` is stable and names the problem; `title` is for people."""

    type: str
    title: str
    status: int
    detail: str | None = None
    trace_id: str
    errors: tuple[FieldProblem, ...] = ()
    current_version: int | None = None


class Problem(Exception):
    """An answer by the name of its problem."""

    def __init__(
        self,
        slug: str,
        detail: str | None = None,
        *errors: FieldProblem,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(slug)
        self.retry_after_s = retry_after_s
        self.slug = slug
        self.detail = detail
        self.errors = errors


def invalid(error: msgspec.ValidationError) -> Problem:
    """Build the problem of a msgspec error, whose text ends in `… - at `$.visitor.phone``."""
    message, _, at = str(error).partition(" - at `$")
    path = at.rstrip("`").lstrip(".")
    return Problem("validation-failed", None, FieldProblem(path, in_words(message)))


# --- the answers


def answer(
    request: Request[Any, Any, Any], slug: str, *, status: int, title: str, **more: Any
) -> Response[bytes]:
    details = ProblemDetails(
        type=URN + slug,
        title=title,
        status=status,
        trace_id=str(request.scope.get("trace_id", "")),
        **more,
    )
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Response(
        msgspec.json.encode(details), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def named(request: Request[Any, Any, Any], slug: str, **more: Any) -> Response[bytes]:
    status, title = PROBLEMS[slug]
    return answer(request, slug, status=status, title=title, **more)


def _problem(request: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
    response = named(request, error.slug, detail=error.detail, errors=error.errors)
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    return response


def _refused(request: Request[Any, Any, Any], refused: Refused) -> Response[bytes]:
    missing = isinstance(refused, NotThere) and not refused.detail
    return answer(
        request,
        slug_of(type(refused)),
        status=HTTPStatus.NOT_FOUND if missing else HTTPStatus.CONFLICT,
        title=refused.reason(),
        detail=refused.detail or None,
        errors=tuple(FieldProblem(path, refused.detail) for path in refused.paths),
    )


def _out_of_bounds(request: Request[Any, Any, Any], refused: OutOfBounds) -> Response[bytes]:
    wrong = FieldProblem(refused.field, refused.why)
    return named(request, "validation-failed", detail=refused.reason(), errors=(wrong,))


def _version_moved(request: Request[Any, Any, Any], moved: VersionMoved) -> Response[bytes]:
    if moved.current_version == 0:
        return named(request, "not-found")
    return named(request, "version-moved", current_version=moved.current_version)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Translate errors of the framework.

    Its messages may quote the request, so of a validation only the parameters' names are kept.
    """
    slug = _BY_STATUS.get(error.status_code)
    if slug is None:
        return _unexpected(request, error)
    extra = error.extra if isinstance(error.extra, list) else []
    errors = tuple(
        FieldProblem(str(one.get("key", "")), str(one.get("message", "")))
        for one in extra
        if isinstance(one, dict)
    )
    response = named(request, "validation-failed" if errors else slug, errors=errors)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request[Any, Any, Any]) -> list[str]:
    """Find the allowed methods of the path, which the framework knows but does not tell."""
    found = []
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
        with suppress(HTTPException):
            request.app.asgi_router.handle_routing(path=request.scope["path"], method=method)
            found.append(method)
    return found


def _reused(request: Request[Any, Any, Any], _: CommandIdReused) -> Response[bytes]:
    return named(request, "command-id-reused")


def _contended(request: Request[Any, Any, Any], _: TooContended) -> Response[bytes]:
    return named(request, "too-contended")


def _clock_off(request: Request[Any, Any, Any], _: ClockOff) -> Response[bytes]:
    return named(request, "clock-off")


def _busy(request: Request[Any, Any, Any], _: LogBusy) -> Response[bytes]:
    return named(request, "log-busy")


def _unavailable(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("database unavailable: %s", type(error).__name__)
    return named(request, "unavailable")


def _views_missing(request: Request[Any, Any, Any], _: Exception) -> Response[bytes]:
    return named(request, "views-missing")


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Log the traceback without the message, which may quote what people wrote."""
    log.error(
        "unexpected %s",
        type(error).__name__,
        extra={"trace_id": request.scope.get("trace_id"), "traceback": _where(error)},
    )
    return named(request, "internal")


def _where(error: Exception) -> list[str]:
    found, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found


def slug_of(named_class: type) -> str:
    """Convert a class name: `RequestIsClosed` → `request-is-closed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", named_class.__name__).lower()


HANDLERS: Final[ExceptionHandlersMap] = {
    Problem: _problem,
    OutOfBounds: _out_of_bounds,
    Refused: _refused,
    VersionMoved: _version_moved,
    CommandIdReused: _reused,
    TooContended: _contended,
    LogBusy: _busy,
    ClockOff: _clock_off,
    psycopg.errors.UndefinedTable: _views_missing,
    psycopg.OperationalError: _unavailable,
    PoolTimeout: _unavailable,
    HTTPException: _http,
    Exception: _unexpected,
}
