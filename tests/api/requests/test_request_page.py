"""The page of a request, and its receipt: what is shown, what is offered, and to whom."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.conftest import CONSULTED, Api


def look(api: Api, path: str, by: str = "clerk", **query: str) -> str:
    page = api.client.get(path, params=query, headers={"Authorization": f"Bearer {by}"})
    assert page.status_code == 200, page.text
    return page.text


def send(api: Api, path: str, by: str = "clerk", **form: str) -> Any:
    return api.client.post(
        path, data=form, headers={"Authorization": f"Bearer {by}"}, follow_redirects=False
    )


def part(page: str, tag: str, ending: str) -> str:
    found = re.search(f"{tag}.*?{ending}", page, re.DOTALL)
    assert found is not None, page
    return found[0]


def acts(page: str) -> str:
    return part(page, '<aside id="acts"', "</aside>")


def primary(page: str) -> list[str]:
    return re.findall('class="btn btn-primary" href="([^"]+)"', acts(page))


def test_people_are_masked_until_a_purpose_is_given_which_is_written_down(api: Api) -> None:
    request = api.logged()
    masked = look(api, f"/requests/{request}")
    assert "陈**" in masked
    assert "138****1234" in masked
    assert "陈小明" not in masked
    assert "拖欠工资" not in masked
    assert "查看完整信息" in masked
    clear = look(api, f"/requests/{request}", unmask="核对身份")
    assert "陈小明" in clear
    assert "拖欠工资" in clear
    reads = api.get("/reads", by="auditor").json()["rows"]
    assert any(one["purpose"] == "核对身份" and one["action"] == "Request" for one in reads)


def test_one_thing_comes_first_and_it_follows_how_the_request_stands(api: Api) -> None:
    request = api.logged()
    assert primary(look(api, f"/requests/{request}")) == [f"/requests/{request}/give-consultation"]
    api.post(f"/requests/{request}/give-consultation", CONSULTED, seen=1)
    assert primary(look(api, f"/requests/{request}")) == [f"/requests/{request}/close"]
    api.post(f"/requests/{request}/request-supplement", {"items": ["身份证"]}, seen=2)
    waits = look(api, f"/requests/{request}")
    assert primary(waits) == [f"/requests/{request}/receive-supplement"]
    assert "待补材料" in waits
    assert "身份证" in waits
    assert "已暂停" in part(waits, 'aria-labelledby="h-c"', "</section>")


def test_what_ends_something_comes_last_and_what_is_rare_is_folded(api: Api) -> None:
    request = api.logged()
    offered = acts(look(api, f"/requests/{request}"))
    links = re.findall(f'href="/requests/{request}/([a-z-]+)"', offered)
    assert links[-1] == "void"
    folded = part(offered, "<details>", "</details>")
    assert "/reclassify" in folded
    assert "/link-duplicate" in folded
    assert "add-note" not in links, "its place is at the end of what happened"
    closed = api.post(f"/requests/{request}/void", {"reason": "重复登记"}, seen=1)
    assert closed.status_code == 200
    assert not primary(look(api, f"/requests/{request}"))


def test_whose_turn_it_is_not_has_nothing_first_and_is_told_who_handles_it(api: Api) -> None:
    request = api.logged()
    seen = look(api, f"/requests/{request}", by="leader")
    assert not primary(seen)
    assert "办理；不归本单位的操作会被退回" in seen
    watched = look(api, f"/requests/{request}", by="auditor")
    assert "这个岗位现在没有可办的" in watched
    assert "添加备注" not in watched
    hidden = api.client.get(f"/requests/{request}", headers={"Authorization": "Bearer elsewhere"})
    assert hidden.status_code == 404


def test_as_known_earlier_nothing_later_is_there_and_nothing_can_be_done(api: Api) -> None:
    request = api.logged()
    then = datetime.now(UTC).isoformat()
    api.post(f"/requests/{request}/reclassify", {"service": "other", "reason": "听错了"}, seen=1)
    now = look(api, f"/requests/{request}")
    assert "类别改过1次" in now
    assert "原：" in now
    before = look(api, f"/requests/{request}", as_known_at=then)
    assert 'class="asof"' in before
    assert "类别改过" not in before
    assert "原：" not in before
    assert "现在可以" not in before
    assert "添加备注" not in before


def test_rounds_are_bands_and_late_entries_say_so(api: Api) -> None:
    request = api.logged()
    api.post(f"/requests/{request}/give-consultation", CONSULTED, seen=1)
    api.post(f"/requests/{request}/close", {"kind": "answered"}, seen=2)
    api.post(f"/requests/{request}/reopen", {"reason": "本人又来了"}, seen=3)
    told = part(look(api, f"/requests/{request}"), '<ol class="tl"', "</ol>")
    assert "第2轮，重新打开：本人又来了" in told
    assert told.index("第2轮") > told.index("办结")
    newest_first = part(look(api, f"/requests/{request}", order="new"), '<ol class="tl"', "</ol>")
    assert newest_first.index("第2轮") < newest_first.index("办结")
    early = datetime.now(UTC) - timedelta(days=2)
    path = f"/requests?occurred_at={early.isoformat().replace('+', '%2B')}&late_reason=paper"
    body = {"point": "ROOM-1", "channel": "counter", "service": "consultation", "subject": "晚了"}
    late = api.post(path, body)
    assert late.status_code == 201, late.text
    assert "补录：paper" in look(api, f"/requests/{late.json()['stream']}")


def test_every_clock_explains_itself(api: Api) -> None:
    request = api.logged()
    clocks = part(look(api, f"/requests/{request}"), 'aria-labelledby="h-c"', "</section>")
    assert clocks.count("怎么算的") == 2
    assert "起算：" in clocks
    assert "届满：" in clocks
    assert re.search("还剩[0-9]+个工作日|今天到期", clocks)


def test_a_note_is_taken_once_and_an_empty_one_is_not(api: Api) -> None:
    request = api.logged()
    path = f"/requests/{request}"
    empty = send(api, path, text=" ", _key="note-0")
    assert empty.status_code == 422
    assert "要填" in empty.text
    for _ in range(2):
        assert send(api, path, text="已电话通知", _key="note-1").status_code == 303
    told = api.get(f"/streams/request/{request}/events").json()["events"]
    assert [one["kind"] for one in told] == ["request.logged", "request.note_added"]
    assert "添加备注" in look(api, path, done="AddNote")


def test_a_file_is_named_by_the_form_after_it_was_uploaded(api: Api) -> None:
    request = api.logged()
    named = {
        "_part": "file", "_key": "file-1", "sha256": "a" * 64, "media_type": "image/png",
        "size": "20", "title": "工资条.png",
    }  # fmt: skip
    assert send(api, f"/requests/{request}", **named).status_code == 303
    page = look(api, f"/requests/{request}")
    assert "工资条.png" in page or "…（" in part(page, 'aria-labelledby="h-a"', "</section>")
    wrong = send(api, f"/requests/{request}", **named | {"sha256": "b", "_key": "file-2"})
    assert wrong.status_code == 400


# --- the receipt


def test_who_served_prints_no_code_and_a_colleague_does(api: Api) -> None:
    """The rule of `IssueRatingCode`: whoever served a request does not hold its ballot."""
    request = api.consulted()
    path = f"/requests/{request}/receipt"
    assert "现在没有等待评价的邀请" in look(api, path)
    api.post(f"/requests/{request}/rating-invitation")
    own = look(api, path)
    assert "由没有经办的同事在这一页出具" in own
    assert "评价二维码" not in own
    refused = send(api, path, _key="code-1")
    assert refused.status_code == 409
    assert "评价二维码" not in refused.text
    assert "出具评价码" in look(api, path, by="colleague")
    issued = send(api, path, by="colleague", _key="code-2")
    assert issued.status_code == 200
    assert '<svg class="qr"' in issued.text
    assert "/ratings/" not in issued.text, "it is in the square, and nowhere to be read"
    for page in (own, issued.text):
        assert "陈小明" not in page


def test_a_receipt_says_what_is_promised(api: Api) -> None:
    request = api.logged()
    number = api.get(f"/streams/request/{request}/events").json()["events"][0]["position"]
    paper = look(api, f"/requests/{request}/receipt")
    assert f">{number}<" in paper
    assert paper.count("不迟于") == 2


def test_a_request_is_found_by_the_number_on_its_receipt(api: Api) -> None:
    request = api.logged()
    api.project()
    events = api.get(f"/streams/request/{request}/events").json()["events"]
    for typed in (f"{events[0]['position']}", f" #{events[0]['position']} "):
        found = api.client.get(
            "/find",
            params={"q": typed},
            headers={"Authorization": "Bearer clerk"},
            follow_redirects=False,
        )
        assert found.headers["location"] == f"/requests/{request}"


def test_codes_are_suggested_with_the_names_of_units_near_by(api: Api) -> None:
    request = api.logged()
    form = look(api, f"/requests/{request}/refer")
    assert '<option value="STATION-1">' in form
    assert 'list="f-to-l"' in form
    assert '<option value="STATION-1">' not in look(api, f"/requests/{request}/hand-over")


def test_peers_12_who_comes_second_sees_what_changed_and_keeps_what_he_typed(api: Api) -> None:
    request = api.logged()
    form = f"/requests/{request}/request-supplement"
    (seen,) = re.findall('name="_version" value="([0-9]+)"', look(api, form))
    api.post(f"/requests/{request}/give-consultation", CONSULTED, seen=int(seen))
    typed = {"_version": seen, "_key": "form", "items": "身份证"}
    second = send(api, form, **typed)
    assert second.status_code == 412
    assert "你打开以后，有了这些变化" in second.text
    assert "身份证" in second.text
    (now,) = re.findall('name="_version" value="([0-9]+)"', second.text)
    assert send(api, form, **(typed | {"_version": now})).status_code == 303
    kinds = api.get(f"/streams/request/{request}/events").json()["events"]
    assert [one["kind"] for one in kinds][1:] == [
        "request.consultation_given", "request.supplement_requested",
    ]  # fmt: skip
