"""Evidence bundles, checked as an auditor does: in a folder of his own, by a bare Python."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec import convert, to_builtins

from api.bundle.masking import Masker
from api.bundle.verify import canonical
from domain.evaluation.ruleset import PublishRuleSet
from domain.evaluation.ruleset_content import RuleSet
from domain.promises.promise_watch import RecordPromiseMissed
from domain.requests.request_commands import CloseRequest, LinkDuplicate, LogRequest, VoidRequest
from domain.scoring.case_file import MASK
from domain.vocabulary import Actor, sibling_id, stream_id
from ledger.founding.shipped import shipped_rulesets
from ledger.log.codec import UPCASTS, uuid7
from ledger.seal.keyfile import create
from ledger.server.embedded import Cluster
from ledger.tree.notes import key_lines, note_of
from projections.running.runner import Runner
from tests.api.cli.test_cli import Shell
from tests.bundles import (
    WHO,
    WHY,
    Office,
    edit,
    failed,
    lines_of,
    relisted,
    unpacked,
    verify,
    write_lines,
)
from tests.databases import Database, own_database, temporary_home
from tests.evaluating import PERIOD, a_town
from tests.examples import ADMIN, local

EVALUATION: Final = f"adviser-year:4401:{PERIOD}"
RUN: Final = ("evaluate", "--period", PERIOD, "--ruleset", "adviser-year@1")
WITH_COMPLAINTS: Final = 43
"""A town in which somebody complained, about a request."""
PRAISE: Final = "市级表彰，表彰名单见附件"
CLERK: Final = ("--account", "wu", "--role", "duty_officer", "--unit", "4401")
LOGGED_AS: Final = """
    SELECT convert_from(state, 'UTF8')::jsonb -> 'data' FROM log_events
     WHERE topic = 'request.logged/1'
"""
RECORDED_AT: Final = "SELECT recorded_at::text FROM log_events WHERE notification_id = %s"


@pytest.fixture(scope="module")
def office(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with temporary_home() as home, own_database(cluster) as database:
        town = a_town(database.app_url, WITH_COMPLAINTS)
        office = Office(Shell(home), database, town, tmp_path_factory.mktemp("bundles"))
        opened = office.run(*RUN, "--open", *WHO, "--json").json()
        subject = ("--subject", opened["results"][0]["subject"])
        said = ("--item", "honours", "--value", "2", "--reason", PRAISE, "--source", str(uuid7()))
        office.run("evaluation", "score", EVALUATION, *subject, *said, *WHO, "--json").json()
        office.run("seal", "--now", "--json").json()
        office.run(*RUN, "--publish", *WHO, "--json").json()
        # What is sealed besides is no entry of the evaluation's bundle.
        office.run(*RUN[:3], "--ruleset", "point-year@1", "--open", *WHO, "--json").json()
        office.run("seal", "--now", "--json").json()
        yield office


# --- an evaluation


def test_a_bare_python_checks_an_evaluation_and_gets_its_digest(
    office: Office, tmp_path: Path
) -> None:
    folder = unpacked(office.bundle("evaluation", EVALUATION), tmp_path)
    code, out = verify(folder)
    assert code == 0, out
    assert out.startswith(f"OK: evaluation {EVALUATION}, as known at position ")
    about = json.loads((folder / "bundle.json").read_bytes())
    at = office.one(RECORDED_AT, about["cut_off"])
    again = office.run(*RUN, "--as-known-at", at, "--json").json()
    assert f"digest {again['digest']}" in out
    assert "determination 1: the digest is what was published" in out
    assert "none is left out" in out
    assert "signed by a key that comes with the bundle" in out


def test_it_is_checked_as_a_zip_and_against_the_key_that_the_auditor_knows(
    office: Office, tmp_path: Path
) -> None:
    bundle = office.bundle("evaluation", EVALUATION)
    folder = unpacked(bundle, tmp_path / "mine")
    key = tmp_path / "key.txt"
    shutil.copy(folder / "keys.txt", key)
    code, out = verify(folder, bundle, "--key", key)
    assert (code, "signed by the key that you gave" in out) == (0, True), out
    other = create(tmp_path / "other", note_of((folder / "checkpoint.txt").read_text()).text.split(
        "\n"
    )[0])  # fmt: skip
    key.write_text(key_lines([other.verifier]))
    failed(folder, "checkpoint.txt", "not a key of this log", arguments=(bundle, "--key", key))


def test_a_verifier_without_its_code_says_so(office: Office, tmp_path: Path) -> None:
    bundle = office.bundle("evaluation", EVALUATION)
    shutil.copy(unpacked(bundle, tmp_path / "whole") / "verify.py", tmp_path)
    code, out = verify(tmp_path, bundle)
    assert code == 1
    assert out == f"FAILED {tmp_path}: the folder code must lie beside verify.py\n"


def test_the_same_position_gives_the_same_bytes(office: Office, tmp_path: Path) -> None:
    first = office.bundle("evaluation", EVALUATION)
    again = tmp_path / "again.zip"
    office.run("bundle", "evaluation", EVALUATION, "--out", again, "--json").json()
    assert again.read_bytes() == first.read_bytes()


def test_the_entries_of_some_subjects_give_their_published_results(
    office: Office, tmp_path: Path
) -> None:
    some = office.run(*RUN, "--json").json()["results"][0]["subject"]
    bundle = office.bundle("evaluation", EVALUATION, "--subjects", some)
    folder = unpacked(bundle, tmp_path)
    code, out = verify(folder)
    assert code == 0, out
    assert "the results and trees of these subjects are what was published" in out
    assert "only the whole log can show" in out
    assert [one.name for one in (folder / "trees").iterdir()] == [f"{some}.json"]
    edit(folder, "run.json", change_score)
    failed(folder, "run.json", "results[0].score")


def test_a_trial_is_called_one(office: Office, tmp_path: Path) -> None:
    at = office.one("SELECT max(recorded_at)::text FROM log_events WHERE notification_id <"
                    " (SELECT min(notification_id) FROM log_events WHERE topic LIKE 'eval%%'"
                    " AND topic <> 'evaluation.opened/1')")  # fmt: skip
    bundle = office.bundle("evaluation", EVALUATION, "--as-known-at", at)
    code, out = verify(unpacked(bundle, tmp_path))
    assert (code, "a trial: nothing of it was published" in out) == (0, True), out
    assert f"digest {office.run(*RUN, '--as-known-at', at, '--json').json()['digest']}" in out


def test_where_nothing_checks_signatures_it_says_so_and_checks_the_rest(
    office: Office, tmp_path: Path
) -> None:
    folder = unpacked(office.bundle("evaluation", EVALUATION), tmp_path)
    code, out = verify(folder, path=str(tmp_path))
    assert code == 0
    assert out.startswith("OK, EXCEPT FOR THE SIGNATURE: nothing here can check it: evaluation")
    assert "signature NOT CHECKED: install" in out


def test_a_trial_of_what_nobody_opened_is_refused_with_what_to_do(
    office: Office, tmp_path: Path
) -> None:
    command = ("bundle", "evaluation", "adviser-year:4401:2026-05", "--out", tmp_path / "none.zip")
    office.run(*command).failed(1, "没有开启过这项考核", "--open")
    assert list(tmp_path.iterdir()) == []


def test_rules_that_look_at_answers_need_the_answers(database: Database, home: Path) -> None:
    """Their digest is of all answers that were looked at, words included."""
    town = a_town(database.app_url, days=30)
    office = Office(Shell(home), database, town, home)
    [shipped] = [one.ruleset for one in shipped_rulesets() if one.ruleset.ref == "adviser-year@2"]
    plain = to_builtins(shipped) | {"code": "by-answers", "version": 1}
    kept = {"fact": "inspection", "where": {"answers.ledger_kept": True}}
    plain["items"][1]["items"][0]["evidence"] = {"measure": "count", "of": kept}
    publish = PublishRuleSet(ruleset=convert(plain, RuleSet))
    town.give(stream_id("ruleset", "by-answers"), publish, ADMIN)
    by = ("--ruleset", "by-answers@1", "--open", *WHO, "--json")
    office.run("evaluate", "--period", "2026-04", *by).json()
    office.run("seal", "--now", "--json").json()
    place = home / "by-answers.zip"
    command = ("bundle", "evaluation", "by-answers:4401:2026-04", "--out", place)
    office.run(*command).failed(1, "遮盖后算不出同样的摘要")
    assert not place.exists()
    office.run(*command, "--personal", *WHO, *WHY, "--json").json()
    code, out = verify(unpacked(place, home / "by-answers"))
    assert code == 0, out


def leaf_of(folder: Path, subject: str, item: str) -> Any:
    tree = json.loads((folder / "trees" / f"{subject}.json").read_bytes())
    leaves = [leaf for group in tree["items"] for leaf in group["items"]]
    return next(one for one in leaves if one["code"] == item)


def bent(office: Office) -> tuple[str, UUID]:
    """A point, and the duplicate of a void request there: missed, and closed by a later entry."""
    point = office.one(f"{LOGGED_AS} ORDER BY notification_id LIMIT 1")["point"]
    by = Actor(account="chen", role="duty_officer", unit=point)
    original, duplicate, give = uuid7(), uuid7(), office.town.give
    ask = LogRequest(
        point=point, channel="counter", service="consultation", subject="欠薪", late_reason="补录"
    )
    for one in (original, duplicate):
        give(one, ask, by, local("2026-04-14 09:30"))
    link = LinkDuplicate(original=original, reason="同一事项")
    give(duplicate, link, by, local("2026-04-14 10:00"))
    give(original, VoidRequest(reason="误录"), by)
    watch = Actor(account="promises", role="policy", unit="4401")
    promises = office.one(f"{LOGGED_AS} AND originator_id = %s", duplicate)["promises"]
    due = next(datetime.fromisoformat(one["due"]) for one in promises if one["name"] == "close")
    missed = RecordPromiseMissed(of=duplicate, of_kind="request", name="close", round=1, due=due)
    give(sibling_id(duplicate, "promises"), missed, watch)
    give(duplicate, CloseRequest(kind="withdrawn"), by, local("2026-04-14 10:30"))
    return point, duplicate


def test_what_was_missed_entered_late_or_linked_is_computed_by_a_bare_python(
    database: Database, home: Path
) -> None:
    """Its watched promises and the matters it is linked to travel with a request."""
    town = a_town(database.app_url, days=30)
    office = Office(Shell(home), database, town, home)
    point, duplicate = bent(office)
    Runner(town.url).catch_up()
    run = ("evaluate", "--period", "2026-04", "--ruleset", "point-year@3", "--open", *WHO, "--json")
    office.run(*run).json()
    office.run("seal", "--now", "--json").json()
    for number, subjects in enumerate([(), ("--subjects", point)]):
        bundle = office.bundle("evaluation", "point-year:4401:2026-04", *subjects)
        folder = unpacked(bundle, home / str(number))
        code, out = verify(folder)
        assert code == 0, out
        leaf = leaf_of(folder, point, "close_in_time")
        assert str(duplicate) in {one["stream"] for one in leaf["against"]}
    bundle = office.bundle("point", point, "--period", "2026-04")
    folder = unpacked(bundle, home / "point")
    code, out = verify(folder)
    assert code == 0, out
    found = {one["stream"]: one for one in json.loads((folder / "facts.json").read_bytes())}
    fact = found[str(duplicate)]
    assert (fact["missed"], fact["standing_in_group"]) == (True, "counts")
    assert fact["late_steps"] > 0
    assert (fact["close_in_time"], fact["close_in_time_on_record"]) == (True, False)


def test_quotas_and_items_determined_after_an_objection_are_computed_by_a_bare_python(
    database: Database, home: Path
) -> None:
    town = a_town(database.app_url, days=30)
    office = Office(Shell(home), database, town, home)
    [shipped] = [one.ruleset for one in shipped_rulesets() if one.ruleset.ref == "adviser-year@2"]
    plain = to_builtins(shipped) | {"code": "by-quota", "version": 1, "vetoes": []}
    plain["grades"] = [{"name": "合格", "at_least": 1}, {"name": "不合格", "at_least": 0}]
    plain["quotas"] = [{"grade": "合格", "percent_max": 50, "basis": "测试"}]
    plain["subsidy"]["rates"] = [
        {"grade": "合格", "amount": 9},
        {"grade": "不合格", "amount": 1},
    ]
    plain["procedure"]["thresholds"] = []
    publish = PublishRuleSet(ruleset=convert(plain, RuleSet))
    town.give(stream_id("ruleset", "by-quota"), publish, ADMIN)
    run = ("evaluate", "--period", "2026-04", "--ruleset", "by-quota@1", *WHO, "--json")
    office.run(*run, "--open").json()
    told = office.run(*run, "--publish").json()
    name = "by-quota:4401:2026-04"
    standing = office.run("evaluation", "show", name, "--json").json()["standing"]
    assert any("before_quota" in one for one in standing.values()), standing

    adviser = told["results"][0]["subject"]
    own = ("--account", "own-1", "--role", "adviser", "--unit", "FIRM", "--adviser", adviser)
    office.run("evaluation", "object", name, "--subject", adviser, "--item", "lecture_quota",
               "--ground", "讲座已办", *own, "--json").json()  # fmt: skip
    office.run("evaluation", "answer", name, "--number", 1, "--upheld", "--reason", "属实", *WHO,
               "--json").json()  # fmt: skip
    office.run("evaluation", "determine", name, "--objection", 1, "--item", "lecture_quota",
               "--value", "5.5", "--ground", "签到表", "--evidence", "a" * 64, *WHO,
               "--json").json()  # fmt: skip
    office.run("evaluation", "correct", name, "--reason", "异议成立", *WHO, "--json").json()
    office.run("seal", "--now", "--json").json()
    for number, more in enumerate([(), ("--determination", 1), ("--subjects", adviser)]):
        place = home / f"quota-{number}.zip"
        office.run("bundle", "evaluation", name, "--out", place, *more, "--json").json()
        code, out = verify(unpacked(place, home / f"quota-{number}"))
        assert code == 0, out
    explained = office.run("explain", "score", name, adviser, "--json").json()
    assert explained["agrees"] is True


# --- what is wrong is named


@pytest.mark.parametrize(
    "name",
    [
        "MANIFEST.json", "bundle.json", "checkpoint.txt", "code/domain/scoring/scoring.py",
        "code/msgspec.py", "entries.jsonl", "keys.txt", "leaves.bin", "ruleset.json", "run.json",
        "index.html", "code/zones/Asia/Shanghai", "verify.py", "trees/",
    ],
)  # fmt: skip
def test_one_flipped_byte_in_any_file_is_named(office: Office, tmp_path: Path, name: str) -> None:
    folder = unpacked(office.bundle("evaluation", EVALUATION), tmp_path)
    mine = tmp_path / "mine"
    unpacked(office.bundle("evaluation", EVALUATION), mine)
    shutil.move(mine, mine := tmp_path.with_name(f"{tmp_path.name}-mine"))
    place = next(folder.glob("trees/*.json")) if name == "trees/" else folder / name
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    code, out = verify(mine, folder)
    assert (code, out.startswith("FAILED ")) == (1, True), out
    if name != "MANIFEST.json":
        assert place.relative_to(folder).as_posix() in out


def change_score(run: Any) -> Any:
    run["results"][0]["score"] = "99.99"
    return run


def drop(lines: list[Any]) -> str:
    del lines[len(lines) // 2]
    return "is missing"


def drop_last(lines: list[Any]) -> str:
    lines.pop()
    return "is missing"


def swap(lines: list[Any]) -> str:
    lines[20], lines[21] = lines[21], lines[20]
    return "position 21 is missing"


def swap_states(lines: list[Any]) -> str:
    one, other = [line for line in lines if "state" in line][-2:]
    one["state"], other["state"] = other["state"], one["state"]
    return "the state is not the one that was sealed"


def leave_out_a_state(lines: list[Any]) -> str:
    next(line for line in lines if "masked" in line).pop("masked")
    return "is absent"


def alter_a_time(lines: list[Any]) -> str:
    entry = json.loads(lines[30]["entry"])
    entry["occurred_at"] += 60_000_000
    lines[30]["entry"] = canonical(entry).decode()
    return "do not give the root that was signed"


def mask_the_rules(lines: list[Any]) -> str:
    line = next(one for one in lines if "ruleset.published/1" in one["entry"])
    line["masked"] = line.pop("state")
    return "ruleset.published/1 is masked, and never may be"


def of_another_log(lines: list[Any]) -> str:
    entry = json.loads(lines[30]["entry"])
    entry["log"] = "0" * 8 + entry["log"][8:]
    lines[30]["entry"] = canonical(entry).decode()
    return "is of another log"


def change_what_was_done(lines: list[Any]) -> str:
    """A masked state has no digest; what it changes shows in what was determined."""
    for line in lines:
        if "masked" in line and json.loads(line["entry"])["topic"] == "worklog.logged/1":
            state = json.loads(line["masked"])
            state["data"]["work"]["mode"] = "phone"
            line["masked"] = canonical(state).decode()
    return "was determined; the entries give"


@pytest.mark.parametrize(
    "tamper",
    [drop, drop_last, swap, swap_states, leave_out_a_state, alter_a_time, of_another_log,
     mask_the_rules, change_what_was_done],
)  # fmt: skip
def test_tampered_entries_are_named_though_the_manifest_fits(
    office: Office, tmp_path: Path, tamper: Callable[[list[Any]], str]
) -> None:
    folder = unpacked(office.bundle("evaluation", EVALUATION), tmp_path)
    lines = lines_of(folder)
    said = tamper(lines)
    write_lines(folder, lines)
    failed(folder, "entries.jsonl", said)


def test_a_changed_claim_is_named(office: Office, tmp_path: Path) -> None:
    bundle = office.bundle("evaluation", EVALUATION)
    folder = unpacked(bundle, tmp_path / "score")
    edit(folder, "run.json", change_score)
    failed(folder, "run.json", "results[0].score", "99.99")

    folder = unpacked(bundle, tmp_path / "rules")
    edit(folder, "ruleset.json", lambda rules: {**rules, "title": "另一标准"})
    failed(folder, "ruleset.json", "title is", "另一标准")

    folder = unpacked(bundle, tmp_path / "tree")
    tree = next(folder.glob("trees/*.json"))
    edit(folder, f"trees/{tree.name}", lambda value: {**value, "score": "1"})
    failed(folder, f"trees/{tree.name}", "another")

    folder = unpacked(bundle, tmp_path / "digest")
    edit(folder, "bundle.json", lambda about: {**about, "digest": "0" * 64})
    failed(folder, "bundle.json", "the digest computed from the entries is")

    folder = unpacked(bundle, tmp_path / "position")
    edit(folder, "bundle.json", lambda about: {**about, "determination": {
        "number": 1, "position": about["determination"]["position"] - 2}})  # fmt: skip
    failed(folder, "is not the determination")


def test_a_checkpoint_that_another_key_signed_is_named(office: Office, tmp_path: Path) -> None:
    folder = unpacked(office.bundle("evaluation", EVALUATION), tmp_path / "bundle")
    note = note_of((folder / "checkpoint.txt").read_text())
    other = create(tmp_path / "other", note.text.split("\n")[0])
    signed = note._replace(signatures=(other.sign(note.text),))
    (folder / "checkpoint.txt").write_text(str(signed))
    relisted(folder)
    failed(folder, "checkpoint.txt", "not a key of this log")
    known = tmp_path / "known.txt"
    shutil.copy(folder / "keys.txt", known)
    (folder / "keys.txt").write_text(key_lines([other.verifier]))
    relisted(folder)
    assert verify(folder)[0] == 0
    failed(folder, "not a key of this log", arguments=("--key", known))


# --- personal data


def test_personal_data_is_masked_unless_one_may_have_it(office: Office, tmp_path: Path) -> None:
    subject = office.one(
        "SELECT convert_from(state, 'UTF8')::json->'data'->>'subject' FROM log_events"
        " WHERE topic = 'request.logged/1' LIMIT 1"
    )
    masked = unpacked(office.bundle("evaluation", EVALUATION), tmp_path / "masked")
    assert subject not in (masked / "entries.jsonl").read_text("utf-8")
    assert PRAISE not in (masked / "entries.jsonl").read_text("utf-8")
    assert "are masked, their digests cannot be checked" in verify(masked)[1]

    place = tmp_path / "refused.zip"
    command = ("bundle", "evaluation", EVALUATION, "--out", place, "--personal")
    office.run(*command, *WHY).failed(2, "--account")
    office.run(*command, *WHO).failed(2, "--reason")
    office.run(*command, *CLERK, *WHY).failed(1, "may not have personal data")
    assert not place.exists()

    whole = unpacked(office.bundle(*command[1:3], "--personal", *WHO, *WHY), tmp_path / "whole")
    assert subject in (whole / "entries.jsonl").read_text("utf-8")
    assert PRAISE in (whole / "entries.jsonl").read_text("utf-8")
    trees = [json.loads(one.read_bytes()) for one in whole.glob("trees/*.json")]
    bonuses = [one for tree in trees for one in tree["bonuses"]]
    assert [one["human"]["value"] for one in bonuses if one.get("human")] == ["2"]
    code, out = verify(whole)
    assert (code, "none is masked" in out) == (0, True), out
    assert verify(masked)[1].splitlines()[1] == out.splitlines()[1]


def test_what_is_there_stays_there_when_it_is_masked() -> None:
    fields = [{"code": "sign"}, {"code": "who", "personal": True}]
    masker = Masker([{"code": "check", "version": 1, "fields": fields}])
    state = {
        "by": {"account": "a"},
        "data": {"subject": "张三欠薪", "visitor": {"name": "张三", "phone": ""}, "point": "P"},
    }
    data = {"answers": {"sign": "清楚", "who": "李四", "free": "王五", "count": 3}}
    found = json.loads(masker.masked("request.logged/1", canonical(state)) or b"")
    assert found["data"] == {
        "subject": MASK, "visitor": {"name": MASK, "phone": ""}, "point": "P"
    }  # fmt: skip
    assert found["by"] == {"account": "a"}
    held = json.loads(masker.masked("inspection.held/1", canonical({"data": data})) or b"")
    assert held["data"]["answers"] == {"sign": "清楚", "who": MASK, "free": MASK, "count": 3}
    assert masker.masked("request.handed_over/1", canonical({"data": {"to": "b"}})) is None


def test_a_bundle_ships_topics_as_they_are_stored() -> None:
    """With a retired topic its upcast has to be shipped as well."""
    assert not UPCASTS


# --- a complaint, a point


def complaint_of(office: Office) -> str:
    return str(office.one(
        "SELECT originator_id FROM log_events WHERE topic LIKE 'complaint.%%'"
        " GROUP BY originator_id ORDER BY count(*) DESC, 1 LIMIT 1"
    ))  # fmt: skip


@pytest.mark.parametrize("options", [(), ("--whole",), ("--personal", *WHO, *WHY)])
def test_a_complaint_travels(office: Office, tmp_path: Path, options: tuple[str, ...]) -> None:
    complaint = complaint_of(office)
    folder = unpacked(office.bundle("complaint", complaint, *options), tmp_path)
    code, out = verify(folder)
    assert code == 0, out
    assert out.startswith(f"OK: complaint {complaint}, as known at position ")
    assert ("its streams have no other" in out) == ("--whole" in options)
    facts = json.loads((folder / "facts.json").read_bytes())
    assert complaint in {one["stream"] for one in facts if one["fact"] == "complaint"}
    edit(folder, "facts.json", lambda facts: [{**facts[0], "day": "2020-01-01"}, *facts[1:]])
    failed(folder, "facts.json", "[0].day is", "2020-01-01")


def test_an_event_left_out_of_a_complaint_is_named(office: Office, tmp_path: Path) -> None:
    complaint = complaint_of(office)
    folder = unpacked(office.bundle("complaint", complaint), tmp_path)
    lines = lines_of(folder)
    own = [n for n, one in enumerate(lines) if json.loads(one["entry"])["stream"] == complaint]
    del lines[own[1]]
    write_lines(folder, lines)
    failed(folder, "entries.jsonl", f"version 2 of stream {complaint} is missing")


def test_a_promise_that_no_rule_gives_is_named(office: Office, tmp_path: Path) -> None:
    folder = unpacked(office.bundle("complaint", complaint_of(office)), tmp_path)
    lines = lines_of(folder)
    for line in lines:
        state = json.loads(line.get("masked", "{}"))
        if json.loads(line["entry"])["topic"] == "complaint.registered/1" and state:
            state["data"]["promises"][0]["due"] = "2031-01-01T00:00:00+08:00"
            line["masked"] = canonical(state).decode()
    write_lines(folder, lines)
    failed(folder, "entries.jsonl", "2031-01-01", "the rules give")


def test_a_points_period_travels(office: Office, tmp_path: Path) -> None:
    code_ = office.one("SELECT point FROM views.journal WHERE point IS NOT NULL GROUP BY point"
                       " ORDER BY count(*) DESC, 1 LIMIT 1")  # fmt: skip
    folder = unpacked(office.bundle("point", code_, "--period", PERIOD), tmp_path)
    code, out = verify(folder)
    assert code == 0, out
    assert out.startswith(f"OK: point {code_}, as known at position ")
    facts = json.loads((folder / "facts.json").read_bytes())
    assert {one.get("point", code_) for one in facts} == {code_, None}
    assert {one["fact"] for one in facts} >= {"service"}


def test_paths_are_proved_one_by_one(office: Office, tmp_path: Path) -> None:
    """One entry among many: a path is smaller than all other leaves."""
    folder = unpacked(office.bundle("complaint", complaint_of(office)), tmp_path)
    proofs = (folder / "proofs.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "proofs.jsonl").write_bytes(b"".join(proofs[:-1]))
    relisted(folder)
    failed(folder, "proofs.jsonl", "nothing proves the entry of position")


def test_what_is_not_there_or_not_sealed_is_said(office: Office, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "none.zip")
    office.run("bundle", "evaluation", "other:4401:2026", *out).failed(1)
    office.run("bundle", "complaint", "nothing", *out).failed(1)
    office.run("bundle", "point", "NOWHERE", "--period", PERIOD, *out).failed(1, "NOWHERE")
    office.run("bundle", "evaluation", EVALUATION, "--determination", "2", *out).failed(1)
    office.run("bundle", "evaluation", EVALUATION, "--subjects", "NOBODY", *out).failed(1, "NOBODY")
    missing = ("--out", tmp_path / "no" / "such" / "folder.zip")
    office.run("bundle", "evaluation", EVALUATION, *missing).failed(1, "cannot write")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_bundled_before_it_is_sealed(database: Database, home: Path) -> None:
    a_town(database.app_url, days=7)
    done = Shell(home).run(
        "bundle", "point", "C0001", "--period", PERIOD, "--out", home.with_suffix(".zip"),
        ANJUAN_DATABASE_URL=database.owner_url, ANJUAN_APP_DATABASE_URL=database.app_url,
    )  # fmt: skip
    done.failed(1, "anjuan seal --now")


def test_a_bundle_leads_from_the_first_key_to_the_one_that_signs_now(
    database: Database, home: Path, tmp_path: Path
) -> None:
    town = a_town(database.app_url, days=30)
    office = Office(Shell(home), database, town, tmp_path)
    office.run("seal", "--now", "--rotate-key", "--json").json()
    office.run("evaluate", "--period", "2026-04", *RUN[3:], "--open", *WHO, "--json").json()
    office.run("seal", "--now", "--json").json()
    folder = unpacked(office.bundle("evaluation", "adviser-year:4401:2026-04"), tmp_path / "bundle")
    assert len(list(folder.glob("handover-*.txt"))) == 1
    assert len((folder / "keys.txt").read_text().splitlines()) == 1
    code, out = verify(folder)
    assert code == 0, out
    next(folder.glob("handover-*.txt")).unlink()
    relisted(folder)
    failed(folder, "checkpoint.txt", "not a key of this log")
