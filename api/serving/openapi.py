"""The OpenAPI 3.1 document, made from the declarations that the routes are made from.

Descriptions of fields come from `words`; docstrings are for developers and stay out of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec

from api.accounts.oidc_routes import ALL_DOORS as DOORS
from api.accounts.signing_routes import Door
from api.advising import blobs
from api.history import log
from api.rights import PUBLIC, RECOVER
from api.serving import health
from api.web.acting import Route
from api.web.answers import PARAMETER
from api.web.comparing import Difference
from api.web.problems import MEDIA_TYPE, ProblemDetails
from api.web.questions import Knowing, Question
from api.words import WORDS, described
from domain import codes
from domain.vocabulary import Actor

Json = dict[str, Any]
VERSION: Final = "1.0.0"


def ecma(pattern: str) -> str:
    r"""Write a Python pattern in the syntax of ECMA-262, which JSON Schema uses: it has no `\A` and
    `\Z`, and its `^` and `$` match the two ends only."""
    return pattern.replace(r"\A", "^").replace(r"\Z", "$")


def _schemas(types: Iterable[Any]) -> tuple[tuple[Json, ...], dict[str, Json]]:
    """Make the schemas of types, and those of the structs in them by name."""
    schemas, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    return tuple(map(_in_ecma, schemas)), _in_ecma(components)


def _shown(node: Any) -> Any:
    """Make the schema of what is read: a telephone number may be masked."""
    match node:
        case dict():
            shown = {key: _shown(value) for key, value in node.items()}
            return {**shown, "pattern": PHONE_SHOWN} if node.get("pattern") == PHONE else shown
        case list():
            return [_shown(value) for value in node]
        case _:
            return node


def _apart(components: Mapping[str, Json], of_bodies: Mapping[str, Json]) -> dict[str, str]:
    """Name anew those structs that are read otherwise than they are sent, and whatever has them in
    it: name → name in answers."""
    apart: set[str] = set()
    both = components.keys() & of_bodies.keys()
    while True:
        refers = {name for name in both if apart & set(_references(components[name]))}
        found = refers | {name for name in both if components[name] != of_bodies[name]}
        if found == apart:
            return {name: name + MASKED for name in apart}
        apart = found


def _references(node: Any) -> Iterator[str]:
    match node:
        case {"$ref": str(reference)}:
            yield reference.rpartition("/")[2]
        case dict():
            for value in node.values():
                yield from _references(value)
        case list():
            for value in node:
                yield from _references(value)


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    match node:
        case {"$ref": str(reference)} if (name := reference.rpartition("/")[2]) in names:
            return {**node, "$ref": REFERENCE.format(name=names[name])}
        case dict():
            return {key: _renamed(value, names) for key, value in node.items()}
        case list():
            return [_renamed(value, names) for value in node]
        case _:
            return node


def _components(schemas: Mapping[str, Json], summaries: Mapping[str, str]) -> dict[str, Json]:
    """Describe structs and their fields by the words, instead of by their docstrings."""
    return {
        name: _described(
            {**schema, **_properties(sent, schema)}, WORDS.get(sent) or summaries.get(sent)
        )
        for name, schema in sorted(schemas.items())
        for sent in (name.removesuffix(MASKED),)
    }


def _properties(struct: str, schema: Json) -> Json:
    if "properties" not in schema:
        return {}
    if struct == Actor.__name__:
        # Events of older logs keep whatever role they have.
        schema = {**schema, "properties": schema["properties"] | {"role": {"type": "string"}}}
    properties = {
        name: _described(field, field.get("description") or described(name, struct))
        for name, field in schema["properties"].items()
    }
    return {"properties": properties}


def _described(schema: Json, description: str | None) -> Json:
    plain = {key: value for key, value in schema.items() if key != "description"}
    return plain | ({"description": description} if description else {})


def _summaries(routes: Iterable[Route], questions: Iterable[Question]) -> dict[str, str]:
    """Describe structs that are the body or the answer of one operation by its summary."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for route in routes:
        found[route.reads.__name__].append(f"{TAGS[route.kind]}：{route.summary}")
    for question in questions:
        found[question.answer.__name__].append(question.summary)
    for door in DOORS:
        for kind in (door.reads, door.answer):
            if kind is not None:
                found[kind.__name__].append(f"{TAGS['session']}：{door.summary}")
    return {struct: summary for struct, (summary, *more) in found.items() if not more}


def _in_ecma(node: Any) -> Any:
    match node:
        case dict():
            return {
                key: ecma(value) if key == "pattern" and isinstance(value, str) else _in_ecma(value)
                for key, value in node.items()
            }
        case list():
            return [_in_ecma(value) for value in node]
        case _:
            return node


PATH_TYPES: Final[Mapping[str, Json]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "str": {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": ecma(codes.PATH_SEGMENT),
    },
}
PHONE: Final = ecma(codes.PHONE)
MASKED: Final = "Masked"
"""After the name of a struct, as answers have it: with people masked."""
PHONE_SHOWN: Final = "^[0-9+ *-]{4,20}$"
SHA256: Final[Json] = {
    "name": "sha256",
    "in": "path",
    "required": True,
    "description": WORDS["sha256"],
    "schema": {"type": "string", "pattern": ecma(codes.DIGEST)},
}
TAGS: Final = {
    "request": "事项",
    "rating": "好差评",
    "roster": "值班表",
    "complaint": "投诉",
    "reception": "领导接待日",
    "appointment": "村（社区）法律顾问聘任",
    "worklog": "工作日志",
    "blob": "佐证材料",
    "visitplan": "驻村计划",
    "needs": "需求清单",
    "inspection": "检查督导",
    "area": "分片包干",
    "rectification": "整改",
    "attachments": "附件",
    "form": "表样",
    "point": "服务点",
    "adviser": "法律顾问",
    "division": "区划",
    "firm": "律师事务所",
    "team": "顾问团队",
    "organ": "市直机关",
    "account": "账号和岗位",
    "session": "登录和会话",
    "calendar": "工作日历",
    "policy": "规则",
    "ruleset": "评分标准",
    "evaluation": "考核",
    "sample": "抽查",
    "training": "培训",
    "helper": "法律明白人",
    "conference": "联席会议",
    "survey": "社会调查",
    "mark": "称号和表彰",
    "report": "统计",
    "me": "本人",
    "draft": "报表草稿",
    "log": "记录",
    "operation": "运行",
}
COMMAND_PROBLEMS: Final = (400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 429, 503)
CREATION_PROBLEMS: Final = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503)
LINK_PROBLEMS: Final = (400, 404, 408, 409, 413, 415, 422, 503)
QUESTION_PROBLEMS: Final = (400, 401, 403, 404, 429, 503)
UPLOAD_PROBLEMS: Final = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503)
TOKEN: Final[list[Json]] = [{"token": []}, {"session": []}]
COOKIE: Final[list[Json]] = [{"session": []}]
REFERENCE: Final = "#/components/schemas/{name}"


def document(routes: Iterable[Route], questions: Iterable[Question]) -> Json:
    routes, questions = tuple(routes), tuple(questions)
    bodies = [one.reads for one in routes] + [one.answer for one in routes]
    answers = [one.answer for one in questions]
    others = [
        ProblemDetails,
        Difference,
        log.EventNotice,
        blobs.StoredBlob,
        *(kind for door in DOORS for kind in (door.reads, door.answer) if kind is not None),
        health.Live,
        health.Ready,
    ]
    shown = list(dict.fromkeys([*answers, *others]))
    schemas, components = _schemas(dict.fromkeys(bodies))
    schemas_shown, components_shown = map(_shown, _schemas(shown))
    names = _apart(components_shown, components)
    schema_of = dict(zip(dict.fromkeys(bodies), schemas, strict=True))
    schema_of |= zip(shown, _renamed(schemas_shown, names), strict=True)
    components_shown = _renamed(components_shown, names)
    components |= {names.get(name, name): part for name, part in components_shown.items()}
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(_template(route.path), {})["post"] = _command(route, schema_of)
    for question in questions:
        paths.setdefault(_template(question.path), {})["get"] = _question(question, schema_of)
    for path, operation in _operations(schema_of).items():
        paths[path] = {"get": operation}
    paths[_template(blobs.PATH)] = _blobs(schema_of)
    for door in DOORS:
        paths.setdefault(_template(door.path), {})[door.method.lower()] = _door(door, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "案卷",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _components(components, _summaries(routes, questions)),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-anjuan"},
            },
        },
    }


def _template(path: str) -> str:
    return PARAMETER.sub(r"{\1}", path)


# --- one operation


def _command(route: Route, schema_of: Mapping[Any, Json]) -> Json:
    problems = LINK_PROBLEMS if route.public else (
        CREATION_PROBLEMS if route.creates else COMMAND_PROBLEMS
    )  # fmt: skip
    parameters = _path_parameters(route.path, route.name)
    if not route.public:
        parameters.append(KEY)
        if not route.creates:
            parameters.append(IF_MATCH)
    headers = {"ETag": ETAG, "X-Position": POSITION}
    if route.creates:
        headers["Location"] = _header("新对象的地址 (where the new thing is)")
    body = schema_of[route.reads]
    operation: Json = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.kind],
        "parameters": [*parameters, *([] if route.public else (OCCURRED_AT, LATE_REASON))],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            str(route.status): _answer("已记录 (recorded)", schema_of[route.answer], headers),
            **_problems(problems, schema_of),
        },
    }
    if not route.public:
        operation["description"] = f"可用岗位：{'、'.join(sorted(route.roles))}"
        operation["security"] = TOKEN
    return operation


def _question(question: Question, schema_of: Mapping[Any, Json]) -> Json:
    public = question.permission == PUBLIC
    problems = (400, 404, 503) if public else QUESTION_PROBLEMS
    headers = {"ETag": ETAG, "X-Position": POSITION, "Link": _header("下一页 (the next page)")}
    answer = schema_of[question.answer]
    if issubclass(question.query, Knowing):
        # A difference, where `compared_to` is given.
        answer = {"anyOf": [answer, schema_of[Difference]]}
    operation: Json = {
        "operationId": question.name,
        "summary": question.summary,
        "tags": [question.tag],
        "parameters": [
            *_path_parameters(question.path, question.name),
            *_query_parameters(question.query),
            IF_NONE_MATCH,
        ],
        "responses": {
            "200": _answer(FOUND, answer, headers),
            "304": {"description": UNCHANGED, "headers": {"ETag": ETAG}},
            **_problems((*problems, *question.problems), schema_of),
        },
    }
    if not public:
        operation["security"] = TOKEN
    return operation


def _operations(schema_of: Mapping[Any, Json]) -> dict[str, Json]:
    """List operations that are neither commands nor questions."""
    ready = schema_of[health.Ready]
    return {
        log.STREAM_PATH: {
            "operationId": "EventStream",
            "summary": "新记录事件的实时通知（SSE），从 Last-Event-ID 之后继续",
            "tags": ["log"],
            "security": TOKEN,
            "parameters": [LAST_EVENT_ID],
            "responses": {
                "200": {
                    "description": "每个事件一条消息，五分钟后自行结束 "
                    "(one message an event; it ends by itself after five minutes)",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}},
                },
                **_problems((400, 401, 403, 429, 503), schema_of),
            },
        },
        health.LIVE_PATH: _operation(
            "Live", "进程是否在运行", {"200": _answer("在运行 (alive)", schema_of[health.Live])}
        ),
        health.READY_PATH: _operation(
            "Ready",
            "能否提供服务",
            {
                "200": _answer("可提供服务 (ready)", ready),
                "503": _answer("不能提供服务 (not ready)", ready),
            },
        ),
        health.METRICS_PATH: _operation(
            "Metrics",
            "监测指标",
            {
                "200": {
                    "description": "Prometheus 文本格式的指标 (Prometheus text)",
                    "content": {health.METRICS_TYPE: {"schema": {"type": "string"}}},
                },
                **_problems((503,), schema_of),
            },
        ),
    }


def _door(door: Door, schema_of: Mapping[Any, Json]) -> Json:
    """A way to sign in or out: neither a command nor a question."""
    statuses = sorted({400, 401, 403, 408, 413, 415, 429, 503, *door.problems})
    operation: Json = {
        "operationId": door.name,
        "summary": door.summary,
        "tags": ["session"],
        "parameters": [*_path_parameters(door.path, door.name), *_taken(door)],
        "responses": {
            **_door_answer(door, schema_of),
            **_problems(statuses, schema_of),
        },
    }
    if door.reads is not None:
        content = {"application/json": {"schema": schema_of[door.reads]}}
        operation["requestBody"] = {"required": True, "content": content}
    if door.permission != PUBLIC:
        operation["security"] = TOKEN if door.permission == RECOVER else COOKIE
    return operation


def _door_answer(door: Door, schema_of: Mapping[Any, Json]) -> Json:
    if door.answer is not None:
        return {"200": _answer("已办理 (done)", schema_of[door.answer])}
    headers = {"Location": _header("前往的地址 (where the browser goes on)")}
    return {"302": {"description": "前往 (goes on elsewhere)", "headers": headers}}


def _taken(door: Door) -> list[Json]:
    return [
        _described(
            {"name": name, "in": "query", "required": False, "schema": {"type": "string"}},
            described(name, door.name),
        )
        for name in door.takes
    ]


def _blobs(schema_of: Mapping[Any, Json]) -> Json:
    """Contents by their digest: upload, content, and the headers alone."""
    stored = schema_of[blobs.StoredBlob]
    headers = {
        "ETag": _header("摘要值，加引号 (the digest, quoted)"),
        "Content-Disposition": _header("作为附件下载 (attachment)"),
    }
    anything: Json = {"schema": {"type": "string", "format": "binary"}}

    def operation(name: str, summary: str, responses: Json, *more: Json) -> Json:
        return {
            "operationId": name,
            "summary": summary,
            "tags": ["blob"],
            "security": TOKEN,
            "parameters": [SHA256, *more],
            "responses": responses,
        }

    found = {
        "200": {"description": FOUND, "headers": headers, "content": {"*/*": anything}},
        "304": {"description": UNCHANGED, "headers": {"ETag": ETAG}},
        **_problems(QUESTION_PROBLEMS, schema_of),
    }
    head = {
        "200": {"description": FOUND, "headers": headers},
        **_problems(QUESTION_PROBLEMS, schema_of),
    }
    put = {
        "200": _answer("以前已存 (stored before)", stored, {"X-Position": POSITION}),
        "201": _answer("已存 (stored)", stored, {"X-Position": POSITION}),
        **_problems(UPLOAD_PROBLEMS, schema_of),
    }
    return {
        "get": operation("Blob", "佐证材料的内容", found, IF_NONE_MATCH),
        "head": operation("BlobHead", "佐证材料是否已上传", head),
        "put": {
            **operation("PutBlob", "上传佐证材料，内容须与其 SHA-256 相符", put, WORKLOG),
            "requestBody": {"required": True, "content": {"application/octet-stream": anything}},
        },
    }


def _operation(name: str, summary: str, responses: Json) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["operation"],
        "responses": responses,
    }


# --- parts


def _answer(description: str, schema: Json, headers: Json | None = None) -> Json:
    answer: Json = {
        "description": description,
        "content": {"application/json": {"schema": schema}},
    }
    return answer | ({"headers": headers} if headers else {})


def _problems(statuses: Iterable[int], schema_of: Mapping[Any, Json]) -> dict[str, Json]:
    content = {MEDIA_TYPE: {"schema": schema_of[ProblemDetails]}}
    found: dict[str, Json] = {}
    for status in statuses:
        found[str(status)] = {"description": STATUSES[status], "content": content}
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            found[str(status)]["headers"] = {
                "Retry-After": _header("多少秒后再试 (seconds until the next try)")
            }
    return found


def _path_parameters(path: str, operation: str) -> list[Json]:
    return [
        _described(
            {"name": name, "in": "path", "required": True, "schema": PATH_TYPES[kind]},
            described(name, operation),
        )
        for name, kind in PARAMETER.findall(path)
    ]


def _query_parameters(query: type[msgspec.Struct]) -> list[Json]:
    (schema,), components = _schemas([query])
    assert schema["$ref"].endswith(query.__name__)
    fields = components[query.__name__]["properties"]
    owners = [kind.__name__ for kind in query.__mro__]
    return [
        _described(
            {"name": name, "in": "query", "required": False, "schema": _present(schema)},
            schema.get("description") or described(name, *owners),
        )
        for name, schema in fields.items()
    ]


def _present(schema: Json) -> Json:
    """A parameter that is given is not null."""
    kinds = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    kept = {
        key: value
        for key, value in schema.items()
        if key not in ("anyOf", "default", "description")
    }
    default = {} if schema.get("default") is None else {"default": schema["default"]}
    if "enum" in kept:
        kept["enum"] = [one for one in kept["enum"] if one is not None]
    return {**kept, **(kinds[0] if len(kinds) == 1 else {}), **default}


def _header(description: str) -> Json:
    return {"description": description, "schema": {"type": "string"}}


ABOUT: Final = (
    "每个操作是一个命令（POST），每个查询可按 as_known_at 回到当时所知，加上 compared_to 则对照两个"
    "时点所知的差异。命令须带 Idempotency-Key，"
    "改动已有对象须带 If-Match；错误一律为 RFC 9457 problem+json。"
)
FOUND: Final = "查到 (found)"
UNCHANGED: Final = "没有变化 (not changed)"
STATUSES: Final = {
    400: "请求有误 (bad request)",
    401: "身份未确认 (unauthorized)",
    403: "无权办理 (forbidden)",
    404: "没有这个对象 (not found)",
    409: "规则不允许 (conflict)",
    412: "版本已变 (precondition failed)",
    408: "内容传送过慢 (sent too slowly)",
    413: "内容过大 (content too large)",
    415: "格式不支持 (unsupported media type)",
    422: "内容不能处理 (unprocessable content)",
    428: "须带 If-Match (precondition required)",
    429: "尝试次数过多 (too many requests)",
    503: "暂时不能提供服务 (service unavailable)",
}
ETAG: Final = _header(
    "对象的版本，加引号，或者回答的摘要值 "
    "(the version of the thing, quoted, or a digest of the answer)"
)
POSITION: Final = _header(
    "记录位置，操作之后查询时可作 wait_for "
    "(position in the log: after a command, what wait_for takes)"
)
KEY: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": WORDS["Idempotency-Key"],
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
IF_MATCH: Final[Json] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": WORDS["If-Match"],
    "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$'},
}
IF_NONE_MATCH: Final[Json] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": WORDS["If-None-Match"],
    "schema": {"type": "string", "pattern": '^"[!#-~]{1,64}"$'},
}
OCCURRED_AT: Final[Json] = {
    "name": "occurred_at",
    "in": "query",
    "required": False,
    "description": WORDS["occurred_at"],
    "schema": {"type": "string", "format": "date-time"},
}
LATE_REASON: Final[Json] = {
    "name": "late_reason",
    "in": "query",
    "required": False,
    "description": WORDS["late_reason"],
    "schema": {"type": "string", "minLength": 1, "maxLength": 500},
}
WORKLOG: Final[Json] = {
    "name": "worklog",
    "in": "query",
    "required": False,
    "description": WORDS["PutBlob.worklog"],
    "schema": {"type": "string", "format": "uuid"},
}
LAST_EVENT_ID: Final[Json] = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "description": WORDS["Last-Event-ID"],
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
}
