"""Signing in by OpenID Connect, against a provider that is a process of its own, honest or not."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pyotp
import pytest
from msgspec import Struct

from api.serving.unsafe import provider_findings, unsafe_settings
from api.settings import SettingInvalid, Settings, load, redacted, written
from api.signing.oidc import (
    CodeOwed,
    Going,
    NotVouched,
    faults_of,
    is_local,
    provider_of,
    sealed,
    unsealed,
)
from api.signing.second_factor import SecretKey
from ledger.server.embedded import Cluster
from tests.api.conftest import problem
from tests.api.signing.conftest import ORIGIN, POST, Browser, Office, office_with
from tests.api.signing.lying_provider import CLIENT, SECRET
from tests.databases import Database, own_database, temporary_home

FAILED: Final = (401, "provider-did-not-vouch")
SUPERVISOR: Final = POST | {"role": "supervisor", "unit": "4401"}
ADDRESSES: Final = count(1)
ROOT: Final = Path(__file__).parents[3]


class Liar(Struct, frozen=True):
    issuer: str

    def lies(self, **lies: Any) -> None:
        assert httpx.put(f"{self.issuer}/lies", json=lies).status_code == 204

    def sends_back(self, location: str) -> str:
        """Where the provider sends whoever came with this address: a path of ours."""
        answer = httpx.get(location)
        assert answer.status_code == 302, answer.text
        return ours(answer.headers["location"])


def ours(location: str) -> str:
    assert location.startswith(f"{ORIGIN}/api/v1/session/oidc/callback?"), location
    return location.removeprefix(f"{ORIGIN}/api/v1")


@contextmanager
def running(*command: str, port: int) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    issuer, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
    try:
        while True:
            try:
                httpx.get(f"{issuer}/.well-known/openid-configuration")
                break
            except httpx.TransportError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
        yield issuer
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def process() -> Iterator[str]:
    port = free_port()
    with running("tests.api.signing.lying_provider", str(port), port=port) as issuer:
        yield issuer


@pytest.fixture
def liar(process: str) -> Liar:
    """Honest until it is told to lie."""
    liar = Liar(process)
    liar.lies()
    return liar


def oidc(issuer: str, home: Path) -> dict[str, Any]:
    file = home / "oidc.secret"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(SECRET + "\n")
    file.chmod(0o600)
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret_file": file,
        "oidc_second_factor": "mfa, silver",
    }


@pytest.fixture
def office(database: Database, home: Path, liar: Liar) -> Iterator[Office]:
    with office_with(database, home, **oidc(liar.issuer, home)) as opened:
        opened.open_account("wang")
        yield opened


@pytest.fixture(scope="module")
def crowded(cluster: Cluster, process: str) -> Iterator[Office]:
    """One office for all that opens nothing; each case comes from an address of its own."""
    with (
        own_database(cluster) as database,
        temporary_home() as home,
        office_with(database, home, **oidc(process, home)) as opened,
    ):
        opened.open_account("wang")
        yield opened


@pytest.fixture
def stranger(crowded: Office, liar: Liar) -> Browser:
    del liar
    return crowded.browser(f"198.51.100.{next(ADDRESSES)}")


def gone(browser: Browser, then: str = "/work") -> str:
    """The address at the provider that a browser was sent to."""
    answer = browser.get(f"/session/oidc?next={then}")
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


def signed_in(browser: Browser, liar: Liar) -> httpx.Response:
    return browser.get(liar.sends_back(gone(browser)))


def audited(office: Office, address: str = "203.0.113.7") -> list[str]:
    rows = office.rows(
        f"SELECT what, detail FROM signing_audit WHERE address = '{address}' ORDER BY number"  # noqa: S608
    )
    return [f"{what}: {detail}" if what == "failed" else what for what, detail in rows]


def is_out(browser: Browser) -> bool:
    return browser.get("/session").status_code == 401


# --- who is let in


def test_a_real_provider_signs_somebody_in(database: Database, home: Path) -> None:
    port = free_port()
    user = '{"sub": "u-1", "preferred_username": "wang"}'
    command = ("oidc_provider_mock", "--port", str(port), "--user-claims", user, "--require-nonce")
    with (
        running(*command, port=port) as issuer,
        office_with(database, home, **oidc(issuer, home)) as office,
    ):
        office.open_account("wang")
        browser = office.browser()
        answer = httpx.post(gone(browser), data={"sub": "u-1"})
        back = browser.get(ours(answer.headers["location"]))
        assert (back.status_code, back.headers["location"]) == (302, "/work"), back.text
        session = browser.get("/session").json()
        assert (session["account"], session["must_change"]) == ("wang", False)
        assert session["post"]["role"] == "duty_officer"
        assert browser.get("/points").status_code == 200
        denied = httpx.post(gone(browser), data={"action": "deny"})
        assert problem(browser.get(ours(denied.headers["location"]))) == FAILED


def test_what_is_asked_of_the_provider_has_state_nonce_and_pkce(stranger: Browser) -> None:
    first, second = (parse_qs(urlsplit(gone(stranger)).query) for _ in range(2))
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == [f"{ORIGIN}/api/v1/session/oidc/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 43
        assert first[name] != second[name]


def test_the_cookie_is_this_browsers_and_tells_nothing(stranger: Browser) -> None:
    answer = stranger.get("/session/oidc")
    cookie = answer.headers["set-cookie"]
    for word in ("__Host-anjuan-oidc=", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"):
        assert word in cookie
    asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert asked["state"] not in cookie
    assert answer.headers["cache-control"] == "no-store"


def test_the_session_that_the_browser_brought_ends(office: Office, liar: Liar) -> None:
    browser = office.browser()
    assert signed_in(browser, liar).status_code == 302
    before = office.browser()
    before.cookies.update(browser.cookies)
    assert signed_in(browser, liar).status_code == 302
    assert is_out(before)
    assert not is_out(browser)
    assert audited(office) == [
        "subject-linked", "signed-in", "post-chosen", "signed-in", "signed-out", "post-chosen",
    ]  # fmt: skip


def test_elliptic_keys_are_taken(office: Office, liar: Liar) -> None:
    liar.lies(algorithm="ES256")
    assert signed_in(office.browser(), liar).status_code == 302


def test_a_rotated_key_is_asked_for(office: Office, liar: Liar) -> None:
    assert signed_in(office.browser(), liar).status_code == 302
    liar.lies(rotated=True)
    assert signed_in(office.browser(), liar).status_code == 302


# --- a provider, or somebody between, that lies

PAST: Final = int(time.time()) - 7200
LIES: Final[dict[str, dict[str, Any]]] = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "wrong aud": {"claims": {"aud": "another"}},
    "aud of several": {"claims": {"aud": [CLIENT, "another"]}},
    "no aud": {"claims": {"aud": None}},
    "empty aud": {"claims": {"aud": []}},
    "wrong azp": {"claims": {"azp": "another"}},
    "other iss": {"claims": {"iss": "https://other.example"}},
    "no iss": {"claims": {"iss": None}},
    "expired": {"claims": {"exp": PAST}},
    "no exp": {"claims": {"exp": None}},
    "exp is a text": {"claims": {"exp": "2999"}},
    "issued long ago": {"claims": {"iat": PAST}},
    "issued in future": {"claims": {"iat": PAST + 86_400}},
    "no iat": {"claims": {"iat": None}},
    "not yet good": {"claims": {"nbf": PAST + 86_400}},
    "no sub": {"claims": {"sub": None}},
    "empty sub": {"claims": {"sub": ""}},
    "sub is a number": {"claims": {"sub": 1}},
    "sub with a NUL": {"claims": {"sub": "a\0b"}},
    "endless sub": {"claims": {"sub": "a" * 256}},
    "alg none": {"algorithm": "none"},
    "HS256 with the public key": {"algorithm": "HS256"},
    "another algorithm": {"algorithm": "RS512"},
    "a key of nobody": {"stranger": True},
    "no keys": {"keys": [], "rotated": True},
    "keys that are none": {"keys": [{"kty": "RSA", "n": 1}], "rotated": True},
    "a shared key": {"keys": [{"kty": "oct", "k": "AAAA"}], "rotated": True},
    "answers 500": {"status": 500},
    "answers elsewhere": {"raw": "", "status": 302},
    "no JSON": {"raw": "<html>"},
    "no token": {"raw": "{}"},
    "token is none": {"raw": '{"id_token": "a.b.c"}'},
    "token is a number": {"raw": '{"id_token": 1}'},
    "endless": {"raw": "a" * 300_000},
    "account is nobody's": {"claims": {"preferred_username": "nobody"}},
    "account is a list": {"claims": {"preferred_username": ["wang"]}},
    "account in other letters": {"claims": {"preferred_username": "ｗａｎｇ"}},
    "account with a blank": {"claims": {"preferred_username": "wang "}},
    "no account": {"claims": {"preferred_username": None}},
    "account by e-mail": {"claims": {"preferred_username": None, "email": "wang"}},
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_opens_nothing(crowded: Office, stranger: Browser, liar: Liar, name: str) -> None:
    """One answer to all of them, and a line in the audit that says more."""
    location = gone(stranger)
    liar.lies(**LIES[name])
    answer = stranger.get(liar.sends_back(location))
    assert problem(answer) == FAILED
    assert set(answer.json()) == {"type", "title", "status", "trace_id"}
    assert is_out(stranger)
    (line,) = audited(crowded, stranger.address)
    assert line.startswith("failed: oidc: ")


DOCUMENTS: Final[dict[str, dict[str, Any]]] = {
    "another issuer": {"issuer": "http://127.0.0.1:1"},
    "the issuer with a slash": {"issuer": "…/"},
    "an address without TLS": {"token_endpoint": "http://elsewhere.example/token"},
    "an address of no web": {"jwks_uri": "file:///etc/passwd"},
    "an address with a line break": {"authorization_endpoint": "https://a.example/\r\nX: 1"},
    "an address with somebody's name": {"authorization_endpoint": "https://a@b.example/"},
    "a port that is none": {"authorization_endpoint": "https://b.example:port/"},
    "PKCE without S256": {"code_challenge_methods_supported": ["plain"]},
    "no address": {"token_endpoint": None},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_lies_sends_nobody_anywhere(liar: Liar, home: Path, name: str) -> None:
    settings = Settings(home=home, **oidc(liar.issuer, home))
    provider = provider_of(settings, SecretKey(home))
    assert provider is not None
    document = DOCUMENTS[name]
    if name == "the issuer with a slash":
        document = {"issuer": liar.issuer + "/"}
    liar.lies(document=document)
    with pytest.raises(NotVouched):
        asyncio.run(provider.going(f"{ORIGIN}/back", "/"))


def test_a_provider_that_is_down_fails_like_all_else(database: Database, home: Path) -> None:
    settings = oidc(f"http://127.0.0.1:{free_port()}", home)
    with office_with(database, home, **settings) as office:
        browser = office.browser()
        assert problem(browser.get("/session/oidc")) == FAILED
        assert problem(browser.get("/session/oidc")) == FAILED
        assert audited(office)[-1] == "failed: oidc: discovery: failed a moment ago"


# --- browsers


def test_the_state_of_another_browser_is_refused(office: Office, liar: Liar) -> None:
    """Else whoever sends somebody his own answer of the provider signs him in as himself."""
    attacker, victim = office.browser(), office.browser()
    gone(victim)
    brought = liar.sends_back(gone(attacker))
    assert problem(victim.get(brought)) == FAILED
    assert problem(office.browser().get(brought)) == FAILED
    assert is_out(victim)
    assert set(audited(office)) == {"failed: oidc: state"}


def test_a_stolen_code_lacks_the_verifier(office: Office, liar: Liar) -> None:
    """PKCE: the code of one browser is worth nothing to another, whatever state it brings."""
    victim, thief = office.browser(), office.browser()
    stolen = dict(parse_qsl(urlsplit(liar.sends_back(gone(victim))).query))["code"]
    state = dict(parse_qsl(urlsplit(gone(thief)).query))["state"]
    answer = thief.get(f"/session/oidc/callback?code={stolen}&state={state}")
    assert problem(answer) == FAILED
    assert audited(office) == ["failed: oidc: Tokens: answered 400"]


def test_a_code_opens_once_even_if_the_provider_takes_it_twice(office: Office, liar: Liar) -> None:
    liar.lies(twice=True)
    browser = office.browser()
    brought = liar.sends_back(gone(browser))
    kept = dict(browser.cookies)
    assert browser.get(brought).status_code == 302
    again = office.browser()
    again.cookies.update(kept)
    assert problem(again.get(brought)) == FAILED
    assert is_out(again)


@pytest.mark.parametrize(
    "query", ["", "?", "?code=1", "?state=1", "?code=1&code=2", "?error=access_denied", "?a=%00"]
)
def test_whatever_is_brought_back_has_the_one_answer(stranger: Browser, query: str) -> None:
    assert problem(stranger.get(f"/session/oidc/callback{query}")) == FAILED
    gone(stranger)
    assert problem(stranger.get(f"/session/oidc/callback{query}")) == FAILED


@pytest.mark.parametrize("planted", ["", "x", "AAAA", "A" * 200, "A" * 5000, "a.b!"])
def test_a_cookie_that_is_none_of_ours_is_no_going(stranger: Browser, planted: str) -> None:
    stranger.cookies["__Host-anjuan-oidc"] = planted
    assert problem(stranger.get("/session/oidc/callback?code=1&state=1")) == FAILED


def test_another_issuer_in_the_answer_is_a_mix_up(office: Office, liar: Liar) -> None:
    browser = office.browser()
    brought = liar.sends_back(gone(browser))
    assert problem(browser.get(f"{brought}&iss=https://other.example")) == FAILED


@pytest.mark.parametrize(
    "then",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "evil",
        "/\t/evil.example", "/a\r\nSet-Cookie: a=b", "", "/ä", "/a#b", "javascript:alert(1)",
        "/" + "a" * 500, " /a", "http:/evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(stranger: Browser, then: str) -> None:
    assert not is_local(then)
    answer = stranger.ask("GET", f"/session/oidc?{httpx.QueryParams(next=then)}")
    assert problem(answer) == (400, "malformed")


def test_a_storm_of_failures_is_throttled(office: Office) -> None:
    browser = office.browser()
    answers = [problem(browser.get("/session/oidc/callback?code=1&state=1")) for _ in range(65)]
    assert answers[0] == FAILED
    assert answers[-1] == (429, "too-many-tries")
    assert len(audited(office)) < 65


# --- accounts


def test_the_subject_is_what_identifies(office: Office, liar: Liar) -> None:
    """Neither another subject by the same name, nor the same by another name."""
    office.open_account("li")
    assert signed_in(office.browser(), liar).status_code == 302
    liar.lies(claims={"sub": "subject-2"})
    assert problem(signed_in(office.browser(), liar)) == FAILED
    liar.lies(claims={"preferred_username": "li"})
    browser = office.browser()
    assert signed_in(browser, liar).status_code == 302
    assert browser.get("/session").json()["account"] == "wang"


def test_a_recovered_account_is_linked_anew(office: Office, liar: Liar) -> None:
    browser = office.browser()
    assert signed_in(browser, liar).status_code == 302
    office.once("wang")
    assert is_out(browser)
    liar.lies(claims={"sub": "subject-2"})
    assert signed_in(browser, liar).status_code == 302
    liar.lies()
    assert problem(signed_in(browser, liar)) == FAILED


def test_a_suspended_account_is_not_let_in(office: Office, liar: Liar) -> None:
    browser = office.browser()
    assert signed_in(browser, liar).status_code == 302
    path, body = "/accounts/wang/suspend", {"reason": "离岗"}
    assert office.api.post(path, body, by="admin", seen=2).status_code == 200
    assert is_out(browser)
    assert problem(signed_in(browser, liar)) == FAILED


# --- the second factor


def with_authenticator(office: Office, liar: Liar, code: str) -> tuple[str, list[str]]:
    liar.lies(claims={"sub": code, "preferred_username": code})
    return office.signed_in(code, SUPERVISOR).with_second_factor()


def test_an_authenticator_is_still_asked_for(office: Office, liar: Liar) -> None:
    _, papers = with_authenticator(office, liar, "zhou")
    browser = office.browser()
    answer = signed_in(browser, liar)
    assert (answer.status_code, answer.headers["location"]) == (302, "/work?oidc=code")
    assert is_out(browser)
    wrong = browser.send("POST", "/session/oidc/code", {"code": "000000"})
    assert problem(wrong) == FAILED
    assert is_out(browser)
    paid = browser.send("POST", "/session/oidc/code", {"code": papers[0]})
    assert paid.status_code == 200, paid.text
    assert paid.json()["post"]["role"] == "supervisor"
    assert not is_out(browser)


def test_the_code_owed_is_throttled_and_not_sent_by_other_sites(office: Office, liar: Liar) -> None:
    secret, papers = with_authenticator(office, liar, "zhou")
    browser = office.browser()
    signed_in(browser, liar)
    body = {"code": papers[0]}
    planted = browser.ask("POST", "/session/oidc/code", body, {"Sec-Fetch-Site": "cross-site"})
    assert problem(planted) == (403, "csrf")
    wrong = {"code": f"{(int(pyotp.TOTP(secret).now()) + 500_000) % 1_000_000:06}"}
    guesses = [problem(browser.send("POST", "/session/oidc/code", wrong)) for _ in range(11)]
    assert guesses[:10] == [FAILED] * 10
    assert guesses[10] == (429, "too-many-tries")


def test_without_the_cookie_of_who_owes_no_code_opens_anything(office: Office, liar: Liar) -> None:
    secret, _ = with_authenticator(office, liar, "zhou")
    body = {"code": pyotp.TOTP(secret).now()}
    browser = office.browser()
    assert problem(browser.send("POST", "/session/oidc/code", body)) == FAILED
    gone(browser)
    assert problem(browser.send("POST", "/session/oidc/code", body)) == FAILED


def test_a_code_owed_is_void_once_the_authenticator_is_gone(office: Office, liar: Liar) -> None:
    with_authenticator(office, liar, "zhou")
    browser = office.browser()
    signed_in(browser, liar)
    office.once("zhou", lost_factor=True)
    assert problem(browser.send("POST", "/session/oidc/code", {"code": "000000"})) == FAILED


def test_a_role_that_needs_a_second_factor_does_not_act_without(office: Office, liar: Liar) -> None:
    office.open_account("zhou", SUPERVISOR)
    liar.lies(claims={"preferred_username": "zhou"})
    browser = office.browser()
    assert signed_in(browser, liar).status_code == 302
    session = browser.get("/session").json()
    assert (session["post"], session["second_factor_needed"]) == (None, True)
    chosen = {"role": "supervisor", "unit": "4401"}
    refused = browser.send("POST", "/session/post", chosen)
    assert problem(refused) == (409, "second-factor-missing")


@pytest.mark.parametrize("told", [{"acr": "silver"}, {"amr": ["pwd", "mfa"]}])
def test_a_second_factor_of_the_provider_is_one_if_the_setting_says_so(
    office: Office, liar: Liar, told: dict[str, Any]
) -> None:
    office.open_account("zhou", SUPERVISOR)
    liar.lies(claims={"preferred_username": "zhou", **told})
    browser = office.browser()
    assert signed_in(browser, liar).status_code == 302
    assert browser.get("/session").json()["post"]["role"] == "supervisor"


@pytest.mark.parametrize(
    "told", [{"acr": "gold"}, {"amr": "mfa"}, {"amr": ["pwd"]}, {"acr": ["silver"]}, {"acr": ""}]
)
def test_any_other_word_of_the_provider_is_none(
    office: Office, liar: Liar, told: dict[str, Any]
) -> None:
    office.open_account("zhou", SUPERVISOR)
    liar.lies(claims={"preferred_username": "zhou", **told})
    browser = office.browser()
    assert signed_in(browser, liar).status_code == 302
    assert browser.get("/session").json()["post"] is None


# --- settings


def test_what_was_sealed_for_one_thing_is_nothing_else_and_ends(home: Path) -> None:
    key = SecretKey(home)
    going = Going(state="s", nonce="n", verifier="v", redirect_uri="r", next="/")
    text = sealed(key, going, 60)
    assert unsealed(key, Going, text) == going
    assert unsealed(key, CodeOwed, text) is None
    assert unsealed(key, Going, sealed(key, going, -1)) is None
    other = SecretKey(home / "other")
    assert unsealed(other, Going, text) is None


def test_without_a_provider_the_doors_are_not_there(database: Database, home: Path) -> None:
    with office_with(database, home) as office:
        browser = office.browser()
        for path in ("/session/oidc", "/session/oidc/callback"):
            assert problem(browser.get(path)) == (404, "not-found")


Change = Callable[[dict[str, Any]], dict[str, Any]]
WRONG: Final[dict[str, tuple[str, Change]]] = {
    "no client": ("oidc_client_id", lambda given: given | {"oidc_client_id": None}),
    "no secret": (
        "oidc_client_secret_file", lambda given: given | {"oidc_client_secret_file": None}
    ),
    "no issuer": ("oidc_issuer", lambda given: given | {"oidc_issuer": None}),
    "plain http": ("oidc_issuer", lambda given: given | {"oidc_issuer": "http://id.example"}),
    "a name like the loopback's": (
        "oidc_issuer", lambda given: given | {"oidc_issuer": "http://127.0.0.1.id.example"}
    ),
    "an e-mail": ("oidc_account_claim", lambda given: given | {"oidc_account_claim": "email"}),
    "a secret that is not there": (
        "oidc_client_secret_file", lambda given: given | {"oidc_client_secret_file": Path("/none")}
    ),
    "an empty secret": (
        "oidc_client_secret_file",
        lambda given: given | {"oidc_client_secret_file": Path("/dev/null")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_settings_that_are_half_or_unsafe_are_told_and_do_not_start(home: Path, name: str) -> None:
    setting, change = WRONG[name]
    settings = Settings(home=home, **change(oidc("https://id.example", home)))
    with pytest.raises(SettingInvalid) as refused:
        provider_of(settings, SecretKey(home))
    assert refused.value.name == setting
    found = [one for one in provider_findings(settings) if one.where.startswith("ANJUAN_")]
    assert [one.where for one in found] == [f"ANJUAN_{setting.upper()}"]
    assert {one.level for one in found} == {"danger"}


def test_settings_are_read_from_the_environment_but_no_secret_is(home: Path) -> None:
    given = {name: str(value) for name, value in oidc("https://id.example", home).items()}
    variables = {f"ANJUAN_{name.upper()}": value for name, value in given.items()}
    loaded = load({"ANJUAN_HOME": str(home), **variables})
    assert list(faults_of(loaded)) == []
    assert SECRET not in repr(redacted(loaded)) + repr(written(loaded))
    with pytest.raises(SettingInvalid):
        load({"ANJUAN_CONFIG": str(toml(home, 'oidc_client_secret = "x"'))})


def toml(home: Path, text: str) -> Path:
    file = home / "anjuan.toml"
    file.write_text(text)
    return file


def test_sound_settings_are_no_finding_but_a_secret_open_to_all_is(home: Path) -> None:
    given = oidc("https://id.example", home)
    settings = Settings(home=home, **given)
    assert list(provider_findings(settings)) == []
    assert list(provider_findings(Settings(home=home))) == []
    file = given["oidc_client_secret_file"]
    assert not any(str(file) in one.where for one in unsafe_settings(settings, {}))
    file.chmod(0o644)
    (found,) = (one for one in unsafe_settings(settings, {}) if str(file) in one.where)
    assert found.level == "danger"
