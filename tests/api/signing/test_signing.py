"""Signing in over HTTP: sessions, posts, second factors, recovery, and what ends them."""

import time
from typing import Any

import psycopg
import pyotp
import pytest

from api.serving.unsafe import unsafe_accounts
from api.signing.second_factor import STEP_S
from tests.api.conftest import LOGGED, problem
from tests.api.signing.conftest import PASSWORD, POST, Office

LEADER: dict[str, Any] = POST | {"role": "supervisor", "unit": "440103"}


def test_an_account_signs_in_and_acts_for_its_post(office: Office) -> None:
    browser = office.signed_in("wang")
    now = browser.get("/session").json()
    assert now["post"] == {"account": "wang", "role": "duty_officer", "unit": "ROOM-1"}
    logged = browser.send("POST", "/requests", LOGGED, **{"Idempotency-Key": "1"})
    assert logged.status_code == 201, logged.text
    stream = logged.json()["stream"]
    told = browser.get(f"/streams/request/{stream}/events").json()
    assert told["events"][0]["actor"]["account"] == "wang"


def test_the_cookie_is_for_this_host_over_tls_and_no_script(office: Office) -> None:
    office.open_account("wang")
    answer = office.browser().sign_in("wang", office.once("wang"))
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-anjuan")
        for wanted in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"):
            assert wanted in cookie
        assert "Domain" not in cookie
    assert answer.headers["cache-control"] == "no-store"


def test_a_one_time_password_opens_once_and_must_be_changed(office: Office) -> None:
    office.open_account("wang")
    once, browser = office.once("wang"), office.browser()
    assert browser.sign_in("wang", once.lower().replace("-", " ")).json()["must_change"]
    assert problem(browser.get("/requests")) == (403, "password-must-change")
    choosing = browser.send("POST", "/session/post", {"role": "duty_officer", "unit": "ROOM-1"})
    assert problem(choosing) == (403, "password-must-change")
    assert problem(office.browser().sign_in("wang", once)) == (401, "signing-in-failed")


def test_what_is_kept_opens_nothing(office: Office) -> None:
    browser = office.signed_in("wang")
    secret, codes = browser.with_second_factor()
    opening = [PASSWORD, secret, *codes, *browser.cookies.values(), browser.kept["csrf"]]
    tables = (
        "passwords", "second_factors", "recovery_codes", "sessions", "devices", "tokens",
        "budgets", "audit",
    )  # fmt: skip
    kept = repr([office.rows(f"SELECT * FROM signing_{one}") for one in tables])  # noqa: S608
    assert not [one for one in opening if one in kept]


def test_a_fresh_session_at_each_signing_in(office: Office) -> None:
    browser = office.signed_in("wang")
    before = dict(browser.cookies)
    browser.sign_in("wang", PASSWORD)
    assert browser.cookies["__Host-anjuan"] != before["__Host-anjuan"]
    old = office.browser()
    old.cookies.update(before)
    assert problem(old.get("/session")) == (401, "not-authenticated")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Anjuan-Csrf": ""},
        {"X-Anjuan-Csrf": "0" * 64},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "https://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_use_the_session(office: Office, headers: dict[str, str]) -> None:
    browser = office.signed_in("wang")
    refused = browser.send("POST", "/requests", LOGGED, **{"Idempotency-Key": "1", **headers})
    assert problem(refused) == (403, "csrf")
    assert problem(browser.send("DELETE", "/session", **headers)) == (403, "csrf")


def test_another_site_cannot_sign_somebody_in(office: Office) -> None:
    office.open_account("wang")
    once = office.once("wang")
    planted = office.browser().sign_in("wang", once, **{"Sec-Fetch-Site": "cross-site"})
    assert problem(planted) == (403, "csrf")


def test_of_several_posts_one_is_chosen_and_no_other(office: Office) -> None:
    browser = office.signed_in("wang", POST, POST | {"unit": "STATION-1"})
    assert browser.get("/session").json()["post"] is None
    assert problem(browser.get("/requests")) == (403, "post-not-chosen")
    chosen = {"role": "duty_officer", "unit": "STATION-1"}
    assert browser.send("POST", "/session/post", chosen).json()["post"]["unit"] == "STATION-1"
    assert browser.get("/points").status_code == 200
    other = {"role": "supervisor", "unit": "4401"}
    assert problem(browser.send("POST", "/session/post", other)) == (409, "not-its-post")


def test_signing_out_ends_the_session(office: Office) -> None:
    browser = office.signed_in("wang")
    kept = dict(browser.cookies)
    assert browser.send("DELETE", "/session").status_code == 200
    browser.cookies.update(kept)
    assert problem(browser.get("/session")) == (401, "not-authenticated")


def test_sessions_are_listed_and_ended(office: Office) -> None:
    here, there = office.signed_in("wang"), office.browser("198.51.100.1")
    assert there.sign_in("wang", PASSWORD).status_code == 200
    listed = here.get("/sessions").json()
    assert {one["address"] for one in listed["rows"]} == {"203.0.113.7", "198.51.100.1"}
    (other,) = (one["id"] for one in listed["rows"] if one["id"] != listed["this"])
    assert here.send("DELETE", f"/sessions/{other}").json() == {"ended": 1}
    assert problem(there.get("/session")) == (401, "not-authenticated")
    there.sign_in("wang", PASSWORD)
    assert here.send("DELETE", "/sessions").json() == {"ended": 1}
    assert problem(there.get("/session")) == (401, "not-authenticated")
    assert here.get("/session").status_code == 200


def test_nobody_ends_the_session_of_another(office: Office) -> None:
    wang, li = office.signed_in("wang"), office.signed_in("li")
    session = li.get("/sessions").json()["this"]
    assert problem(wang.send("DELETE", f"/sessions/{session}")) == (404, "not-found")
    assert li.get("/session").status_code == 200


@pytest.mark.parametrize(
    "past",
    ["last_used_at = now() - interval '31 minutes'", "ends_at = now() - interval '1 second'"],
)
def test_a_session_ends_when_idle_and_in_any_case_in_the_evening(office: Office, past: str) -> None:
    browser = office.signed_in("wang")
    with office.as_owner() as connection:
        connection.execute(f"UPDATE signing_sessions SET {past}")  # noqa: S608
    assert problem(browser.get("/session")) == (401, "not-authenticated")


def test_suspending_an_account_ends_its_sessions_and_tokens_at_once(office: Office) -> None:
    browser, bearer = office.signed_in("wang"), office.token("wang")
    assert office.api.get("/points", by=bearer).status_code == 200
    why = {"reason": "离岗"}
    office.api.post("/accounts/wang/suspend", why, by="admin", seen=2)
    assert problem(browser.get("/session")) == (401, "not-authenticated")
    assert problem(office.api.get("/points", by=bearer)) == (401, "not-authenticated")
    refused = office.browser().sign_in("wang", PASSWORD)
    assert problem(refused) == (401, "signing-in-failed")
    office.api.post("/accounts/wang/restore", why, by="admin", seen=3)
    assert problem(browser.get("/session")) == (401, "not-authenticated")


def test_ending_a_post_ends_the_sessions_and_tokens_that_act_for_it(office: Office) -> None:
    browser, bearer = office.signed_in("wang"), office.token("wang")
    ended = {"number": 1, "until": "2020-12-31", "reason": "调离"}
    office.api.post("/accounts/wang/end-post", ended, by="admin", seen=2)
    assert problem(browser.get("/points")) == (401, "not-authenticated")
    assert problem(office.api.get("/points", by=bearer)) == (401, "not-authenticated")


def test_a_token_opens_what_its_scopes_name(office: Office) -> None:
    office.open_account("wang")
    reading = office.token("wang", "read")
    assert office.api.get("/points", by=reading).status_code == 200
    assert problem(office.api.post("/requests", LOGGED, by=reading)) == (403, "not-permitted")
    assert office.api.post("/requests", LOGGED, by=office.token("wang", "LogRequest")).is_success
    assert problem(office.api.get("/points", by=reading + "x")) == (401, "not-authenticated")
    with office.as_owner() as connection:
        connection.execute("UPDATE signing_tokens SET expires_at = now()")
    assert problem(office.api.get("/points", by=reading)) == (401, "not-authenticated")


# --- passwords


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short of fifteen", None),
        ("fourteen chars", "password-too-short"),
        ("aaaaaaaaaaaaaaaaaa", "password-commonplace"),
        ("1234567890123456", "password-commonplace"),
        ("passwordpassword", "password-commonplace"),
        ("administrator2026!", "password-commonplace"),
        ("wang某2026202620262026", None),
        ("wang-2026-2026-2026", "password-commonplace"),
        ("x " * 40, "password-commonplace"),
        ("雨后的山路上有一只白鹭慢慢走过", None),
        ("ten words of which none is a secret by itself are long enough for all", None),
        ("y" * 1025, "password-too-long"),
    ],
)
def test_passwords_are_long_and_not_commonplace_and_else_free(
    office: Office, password: str, why: str | None
) -> None:
    office.open_account("wang")
    browser = office.browser()
    browser.sign_in("wang", office.once("wang"))
    answer = browser.send("POST", "/session/password", {"password": password})
    if why is None:
        assert answer.status_code == 200, answer.text
    else:
        assert problem(answer) == (409, why)


def test_two_keyboards_write_one_password(office: Office) -> None:
    office.open_account("wang")
    browser = office.browser()
    browser.sign_in("wang", office.once("wang"))
    composed = "caf\u00e9 am Flu\u00df hinterm Haus"
    browser.send("POST", "/session/password", {"password": composed})
    again = browser.sign_in("wang", "cafe\u0301 am Flu\u00df hinterm Haus")
    assert again.status_code == 200, again.text


def test_the_password_is_changed_by_who_knows_it_and_ends_the_other_sessions(
    office: Office,
) -> None:
    here, there = office.signed_in("wang"), office.browser("198.51.100.1")
    there.sign_in("wang", PASSWORD)
    new = {"password": "another lamp by another river"}
    assert problem(here.send("POST", "/session/password", new)) == (409, "password-wrong")
    stolen = dict(here.cookies)
    changed = here.send("POST", "/session/password", new | {"current": PASSWORD})
    assert changed.status_code == 200, changed.text
    assert here.get("/session").status_code == 200
    assert problem(there.get("/session")) == (401, "not-authenticated")
    thief = office.browser()
    thief.cookies.update(stolen)
    assert problem(thief.get("/session")) == (401, "not-authenticated")
    assert problem(there.sign_in("wang", PASSWORD)) == (401, "signing-in-failed")


# --- the second factor


def test_a_leader_acts_after_he_has_a_second_factor(office: Office) -> None:
    browser = office.signed_in("zhou", LEADER)
    leads = {"role": "supervisor", "unit": "440103"}
    assert browser.get("/session").json()["second_factor_needed"]
    refused = browser.send("POST", "/session/post", leads)
    assert problem(refused) == (409, "second-factor-missing")
    browser.with_second_factor()
    assert browser.send("POST", "/session/post", leads).status_code == 200
    assert browser.get("/accounts").status_code == 200


def test_a_code_opens_once_and_each_failure_looks_the_same(office: Office) -> None:
    browser = office.signed_in("zhou", LEADER)
    secret, recovery = browser.with_second_factor()
    code = _next_code(secret)
    failures = [
        browser.sign_in("zhou", PASSWORD),
        browser.sign_in("zhou", PASSWORD, "000000"),
        browser.sign_in("zhou", "another password of his", code),
        browser.sign_in("nobody", PASSWORD, code),
    ]
    assert {problem(one) for one in failures} == {(401, "signing-in-failed")}
    assert len({one.json()["title"] for one in failures}) == 1
    assert browser.sign_in("zhou", PASSWORD, code).status_code == 200
    assert problem(browser.sign_in("zhou", PASSWORD, code)) == (401, "signing-in-failed")
    assert browser.sign_in("zhou", PASSWORD, recovery[0].upper()).status_code == 200
    again = browser.sign_in("zhou", PASSWORD, recovery[0])
    assert problem(again) == (401, "signing-in-failed")


def test_a_second_factor_is_not_replaced_by_who_found_the_session(office: Office) -> None:
    browser = office.signed_in("zhou", LEADER)
    wrong = browser.send("POST", "/session/second-factor", {"password": "a guess of his"})
    assert problem(wrong) == (409, "password-wrong")
    browser.with_second_factor()
    again = browser.send("POST", "/session/second-factor", {"password": PASSWORD})
    assert problem(again) == (409, "second-factor-there")


def test_beside_a_second_factor_a_password_may_be_shorter(office: Office) -> None:
    browser = office.signed_in("zhou", LEADER)
    short = {"current": PASSWORD, "password": "lamp-oil"}
    refused = browser.send("POST", "/session/password", short)
    assert problem(refused) == (409, "password-too-short")
    browser.with_second_factor()
    assert browser.send("POST", "/session/password", short).status_code == 200


def _next_code(secret: str) -> str:
    """Of the coming step: the present one was used when it was set up."""
    return pyotp.TOTP(secret).at(int(time.time()) + STEP_S)


# --- recovery


def test_an_administrator_recovers_an_account_and_never_his_own(office: Office) -> None:
    browser, bearer = office.signed_in("zhou", LEADER), office.token("zhou")
    browser.with_second_factor()
    given = office.api.post("/accounts/zhou/recovery", {"lost_factor": True}, by="admin")
    assert given.status_code == 200, given.text
    assert problem(browser.get("/session")) == (401, "not-authenticated")
    assert problem(office.api.get("/points", by=bearer)) == (401, "not-authenticated")
    assert problem(browser.sign_in("zhou", PASSWORD)) == (401, "signing-in-failed")
    now = browser.sign_in("zhou", given.json()["password"]).json()
    assert (now["must_change"], now["second_factor"]) == (True, False)
    for by, wanted in (("clerk", (403, "not-permitted")), ("auditor", (403, "not-permitted"))):
        assert problem(office.api.post("/accounts/zhou/recovery", {}, by=by)) == wanted
    office.open_account("boss", POST | {"role": "administrator", "unit": "4401"})
    own = office.api.post("/accounts/boss/recovery", {}, by=office.token("boss"))
    assert problem(own) == (409, "not-to-oneself")
    unknown = office.api.post("/accounts/nobody/recovery", {}, by="admin")
    assert problem(unknown) == (404, "not-found")


def test_an_administrator_recovers_the_accounts_of_his_own_office(office: Office) -> None:
    office.signed_in("wang")
    outside = POST | {"role": "administrator", "unit": "440106"}
    office.open_account("far", outside)
    refused = office.api.post("/accounts/wang/recovery", {}, by=office.token("far"))
    assert problem(refused) == (404, "not-found")


# --- told


def test_all_of_it_is_audited_and_the_audit_stays(office: Office) -> None:
    browser = office.signed_in("wang")
    browser.send("DELETE", "/session")
    browser.sign_in("wang", "not his password at all")
    told = [what for (what,) in office.rows("SELECT what FROM signing_audit ORDER BY number")]
    assert [one for one in told if one != "post-chosen"] == [
        "recovered", "signed-in", "password-changed", "signed-in", "signed-out", "signed-out",
        "failed",
    ]  # fmt: skip
    with office.as_owner() as connection, pytest.raises(Exception, match="signing_audit"):
        connection.execute("DELETE FROM signing_audit")


def test_the_applications_role_cannot_rewrite_what_it_need_not(office: Office) -> None:
    for statement in (
        "DELETE FROM signing_sessions",
        "DELETE FROM signing_tokens",
        "UPDATE signing_tokens SET scopes = NULL",
        "UPDATE signing_sessions SET account = 'li'",
        "UPDATE signing_sessions SET ends_at = 'infinity'",
        "UPDATE signing_audit SET what = ''",
        "DELETE FROM signing_passwords",
    ):
        with (
            psycopg.connect(office.database.app_url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)


def test_tokens_of_the_operators_file_stay(office: Office) -> None:
    assert office.api.get("/points", by="clerk").status_code == 200


def test_wrong_tokens_are_told_and_slowed_and_right_ones_are_not(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    found = [problem(office.api.get("/points", by=f"guess-{n}")) for n in range(100)]
    assert set(found) == {(401, "not-authenticated"), (429, "too-many-tries")}
    assert office.api.get("/points", by="clerk").status_code == 200
    told = [one.getMessage() for one in caplog.records if "wrong bearer token" in one.getMessage()]
    assert 1 <= len(told) <= 10
    assert not [one for one in told if "guess" in one]


def test_doctor_names_who_has_a_post_that_needs_a_second_factor_and_has_none(
    office: Office,
) -> None:
    found, words = office.wiring.settings, "needs a second factor"

    def told() -> list[str]:
        with psycopg.connect(office.database.app_url, autocommit=True) as connection:
            return [one.where for one in unsafe_accounts(connection, found) if words in one.what]

    office.signed_in("clerk-7")
    assert told() == []
    leader = office.signed_in("head-7", {**POST, "role": "supervisor", "unit": "440103"})
    assert told() == ["head-7"]
    leader.with_second_factor()
    assert told() == []
