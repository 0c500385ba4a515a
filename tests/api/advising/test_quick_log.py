"""The quick form of the work log: what is typed in less than a minute, once however often it is
sent; what is wrong said at its field; late, together, elsewhere."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from msgspec import to_builtins

from domain.registers.policy import DutyRules, PolicyVersion
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.policy_commands import PublishPolicy
from tests.api.conftest import Api

VILLAGE: Final = "440103001001"
ELSEWHERE: Final = "440104001001"
HTML: Final = {"Accept": "text/html"}
FORM: Final = {
    "_quick": "1", "_key": "log-1", "work.village": VILLAGE, "work.service": "consultation",
    "work.mode": "onsite", "minutes": "90", "work.summary": "咨询征地补偿",
}  # fmt: skip
CHINA: Final = timedelta(hours=8)


def press(api: Api, by: str = "lawyer", **typed: str) -> httpx.Response:
    """Press 记下; the browser stays where it is sent."""
    headers = {**HTML, "Authorization": f"Bearer {by}"}
    return api.client.post(
        "/worklogs/@new", data=FORM | typed, headers=headers, follow_redirects=False
    )


def shown(api: Api, by: str = "lawyer", **query: str) -> httpx.Response:
    headers = {**HTML, "Authorization": f"Bearer {by}"}
    return api.client.get("/worklogs/@new", params=query, headers=headers)


def logged(answer: httpx.Response) -> str:
    """The id of the entry."""
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["logged"][0]


def wording(api: Api, entry: str) -> Any:
    answer = api.get(f"/worklogs/{entry}", by="leader", unmask="核对")
    return answer.json()["state"]["wordings"][0]


def entries(api: Api) -> list[Any]:
    api.project()
    rows: list[Any] = api.get("/worklogs", by="leader").json()["rows"]
    return rows


def at(field: str, answer: httpx.Response) -> str:
    """What is said at a field."""
    found = re.search(f'id="f-{field}-e">([^<]*)<', answer.text)
    assert found is not None, answer.text
    return found[1]


def clock(instant: datetime) -> str:
    return (instant + CHINA).strftime("%H%M")


def day(instant: datetime) -> str:
    return (instant + CHINA).strftime("%Y-%m-%d")


def duty(api: Api, **rules: Any) -> None:
    version = PolicyVersion(
        code="adviser-duty", version=1, effective_from=datetime(2020, 1, 1, tzinfo=UTC).date(),
        basis="示例", duty=DutyRules(**rules),
    )  # fmt: skip
    answer = api.post("/policies", to_builtins(PublishPolicy(policy=version)), by="admin")
    assert answer.status_code == 201, answer.text


def test_minutes_alone_are_of_what_has_just_ended(api: Api) -> None:
    api.served_by_firm()
    before = datetime.now(UTC)
    now = wording(api, logged(press(api)))
    assert now["minutes"] == 90
    assert now["work"]["summary"] == "咨询征地补偿"
    assert [one["adviser"] for one in now["served"]] == ["A-1"]
    ended = datetime.fromisoformat(now["work"]["ended_at"])
    assert before - timedelta(minutes=1) <= ended <= datetime.now(UTC)


def test_the_same_form_sent_again_is_one_entry(api: Api) -> None:
    api.served_by_firm()
    opened = (datetime.now(UTC) - timedelta(minutes=2)).isoformat()
    first = logged(press(api, _opened=opened))
    assert logged(press(api, _opened=opened)) == first
    assert len(entries(api)) == 1


def test_another_entry_under_the_same_key_is_not_lost_in_silence(api: Api) -> None:
    api.served_by_firm()
    logged(press(api))
    again = press(api, minutes="30")
    assert again.status_code == 409
    assert "这张表已经记过一条" in again.text
    (key,) = re.findall('name="_key" value="([^"]+)"', again.text)
    assert key != FORM["_key"]
    assert 'value="咨询征地补偿"' in again.text


def test_full_width_digits_are_numbers_and_hours(api: Api) -> None:
    api.served_by_firm()
    assert wording(api, logged(press(api, minutes="９０")))["minutes"] == 90
    began = datetime.now(UTC) - timedelta(hours=5)
    until = began + timedelta(minutes=45)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    typed = {"from": clock(began).translate(wide), "until": clock(until).translate(wide)}
    entry = logged(press(api, **typed, day=day(began), minutes="", _key="log-2"))
    now = wording(api, entry)
    assert now["minutes"] == 45
    assert now["started_at"] == began.replace(second=0, microsecond=0).strftime(
        "%Y-%m-%dT%H:%MZ"
    ).replace("Z", ":00Z")


def test_what_went_on_past_midnight_is_one_entry_and_a_slip_is_none(api: Api) -> None:
    api.served_by_firm()
    long_ago = day(datetime.now(UTC) - timedelta(days=3))
    late = {"day": long_ago, "minutes": "", "_late_reason": "停电，记在纸上"}
    night = logged(press(api, **late, **{"from": "2130", "until": "0030"}))
    assert wording(api, night)["minutes"] == 180
    slip = press(api, **late, _key="log-2", **{"from": "1030", "until": "0930"})
    assert slip.status_code == 422
    assert at("until", slip) == "结束要晚于开始"


def test_what_ended_more_than_a_day_ago_needs_a_reason(api: Api) -> None:
    api.served_by_firm()
    then = {"day": day(datetime.now(UTC) - timedelta(days=3)), "from": "0930", "until": "1100"}
    late = press(api, **then, minutes="")
    assert late.status_code == 409
    assert "须说明原因" in at("_late_reason", late)
    assert entries(api) == []
    entry = logged(press(api, **then, minutes="", _late_reason="停电，记在纸上"))
    told = api.get(f"/streams/worklog/{entry}/events", by="leader").json()["events"]
    assert told[0]["late_reason"] == "停电，记在纸上"


WRONG: Final[tuple[tuple[dict[str, str], str, str], ...]] = (
    ({"work.village": ""}, "work-village", "选在哪个村（社区）"),
    ({"work.service": ""}, "work-service", "选做了什么"),
    ({"work.service": "magic"}, "work-service", "请从所列选项中选"),
    ({"work.summary": " "}, "work-summary", "写一句做了什么"),
    ({"work.summary": "长" * 2001}, "work-summary", "最多2000个字，现在是2001个"),
    ({"minutes": ""}, "minutes", "写多少分钟，或者几点到几点"),
    ({"minutes": "一刻"}, "minutes", "要写数字，现在是“一刻”"),
    ({"minutes": "0"}, "minutes", "要在1到1440分钟之间，现在是0"),
    ({"minutes": "1441"}, "minutes", "要在1到1440分钟之间，现在是1441"),
    ({"from": "25点"}, "from", "现在是“25点”"),
    ({"minutes": "", "from": "0930"}, "until", "写几点结束，或者写多少分钟"),
    ({"from": "0930", "until": "1030"}, "minutes", "从开始到结束是60分钟"),
    ({"day": "昨天"}, "day", "现在是“昨天”"),
    ({"day": "2020-01-02"}, "from", "不是今天的，要写几点开始"),
)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(api: Api) -> None:
    api.served_by_firm()
    for typed, field, says in WRONG:
        wrong = press(api, **typed)
        assert wrong.status_code == 422, typed
        assert says in at(field, wrong), typed
        assert "有错：" in wrong.text
        if "work.summary" not in typed:
            assert 'value="咨询征地补偿"' in wrong.text
    assert entries(api) == []


def test_a_village_that_is_not_his_or_none_is_refused_at_the_village(api: Api) -> None:
    api.served_by_firm()
    refused = press(api, **{"work.village": ELSEWHERE})
    assert refused.status_code == 409
    assert "没有这个村（社区）" in at("work-village", refused)
    assert entries(api) == []


def test_who_serves_no_village_is_told_so_and_has_the_whole_form(api: Api) -> None:
    page = shown(api)
    assert page.status_code == 200
    assert "名册里今天没有你任职的村（社区）" in page.text
    assert "/worklogs/@new?whole=1" in page.text
    refused = press(api)
    assert refused.status_code == 409
    assert "没有在这个村（社区）任职" in at("work-village", refused)


def test_hours_that_overlap_are_refused_at_their_beginning(api: Api) -> None:
    api.served_by_firm()
    logged(press(api))
    again = press(api, minutes="60", _key="log-2")
    assert again.status_code == 409
    assert "另一条工作日志" in at("from", again)
    assert len(entries(api)) == 1


def test_hours_that_overlap_are_taken_with_a_doubt_where_the_rules_say_so(api: Api) -> None:
    api.served_by_firm()
    duty(api, doubted=("overlap",))
    logged(press(api))
    answer = press(api, minutes="60", _key="log-2")
    entry = logged(answer)
    api.project()
    position = parse_qs(urlsplit(answer.headers["location"]).query)["wait_for"][0]
    said = shown(api, logged=entry, wait_for=position).text
    assert "已记下" in said
    assert "有疑点：" in said


def test_several_advisers_share_alike_or_as_they_say(api: Api) -> None:
    api.served_by_firm()
    joined = to_builtins(RegisterAdviser(code="A-2", name="李丽", firm="FIRM-1"))
    assert api.post("/advisers", joined, by="admin").status_code == 201
    assert "李丽 A-2" in shown(api).text
    together = {"share.1.adviser": "A-2"}
    even = wording(api, logged(press(api, **together, minutes="91")))
    assert [(one["adviser"], one["minutes"]) for one in even["served"]] == [
        ("A-1", 46),
        ("A-2", 45),
    ]

    began = datetime.now(UTC) - timedelta(hours=9)
    then = {"day": day(began), "from": clock(began), **together}
    told = press(api, **then, **{"share.1.minutes": "30"}, _key="log-2")
    served = wording(api, logged(told))["served"]
    assert [(one["adviser"], one["minutes"]) for one in served] == [("A-1", 60), ("A-2", 30)]

    for typed, field in (
        ({"share.1.minutes": "90"}, "share-1-minutes"),
        ({"share.0.minutes": "10", "share.1.minutes": "10"}, "share-1-minutes"),
        ({"share.0.minutes": "10"}, "share-1-minutes"),
    ):
        assert at(field, press(api, **then, **typed, _key="log-3"))
    assert len(entries(api)) == 2


def test_an_entry_is_repeated_but_for_what_was_done(api: Api) -> None:
    api.served_by_firm()
    entry = logged(press(api, **{"work.mode": "wechat"}))
    api.project()
    assert f"/worklogs/@new?again={entry}" in shown(api).text
    again = shown(api, again=entry).text
    assert re.search('value="wechat" checked', again)
    assert re.search('value="consultation" checked', again)
    assert re.search(f'value="{VILLAGE}" checked', again)
    assert 'name="minutes" aria-describedby="h-time" value="90"' in again
    assert "咨询征地补偿" not in again


def test_the_whole_form_is_where_the_quick_one_is_and_takes_what_that_does_not_hold(
    api: Api,
) -> None:
    api.served_by_firm()
    for by, query in (("lawyer", {"whole": "1"}), ("leader", {})):
        page = shown(api, by=by, **query)
        assert page.status_code == 200
        assert 'name="work.capacity"' in page.text
        assert 'name="_quick"' not in page.text
    ended = datetime.now(UTC) - timedelta(minutes=5)
    whole = {
        "_key": "whole-1", "work.village": VILLAGE, "work.service": "lecture",
        "work.mode": "onsite", "work.ended_at": f"{day(ended)} {clock(ended)}",
        "work.capacity": "mediation_committee", "work.summary": "讲座",
        "_occurred_at": f"{day(ended - timedelta(hours=1))} {clock(ended - timedelta(hours=1))}",
    }  # fmt: skip
    headers = {**HTML, "Authorization": "Bearer lawyer"}
    answer = api.client.post("/worklogs/@new", data=whole, headers=headers, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    (row,) = entries(api)
    assert (row["minutes"], row["capacity"]) == (60, "mediation_committee")


def test_an_outbox_says_when_it_was_pressed_and_minutes_alone_ended_then(api: Api) -> None:
    api.served_by_firm()
    pressed = datetime.now(UTC) - timedelta(hours=5)
    told = {"_pressed_at": pressed.isoformat(), "_opened": ""}
    now = wording(api, logged(press(api, **told)))
    assert now["work"]["ended_at"] == pressed.strftime("%Y-%m-%dT%H:%M:00Z")
    old = {"_key": "log-2", "_pressed_at": (pressed - timedelta(hours=40)).isoformat()}
    headers = {"Accept": "application/json", "Authorization": "Bearer lawyer"}
    late = api.client.post("/worklogs/@new", data=FORM | old, headers=headers)
    assert late.status_code == 409
    assert late.json()["code"].startswith("late-")
    given = api.client.post(
        "/worklogs/@new", data=FORM | old | {"_late_reason": "村里没有信号"}, headers=headers
    )
    assert given.status_code == 200, given.text
