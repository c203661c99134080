"""Log-in with another provider: the whole way round, the rules of who gets into which account, forged answers."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from server.api.oidc_log_in import own_path, username_for
from server.auth.oidc import Vouched
from tests.server.api.conftest import Site, open_site
from tests.server.api.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, new_key, running_provider

PASSWORD = "correct horse battery"


@dataclass
class Town:
    """An office, and a provider beside it."""

    provider: Provider
    site: Site

    def person(self, **claims: Any) -> dict[str, Any]:
        """Somebody the provider knows; they are the one who logs in there from now on."""
        tag = secrets.token_hex(6)
        self.provider.person = {
            "sub": f"subject {tag}",
            "email": f"{tag}@example.org",
            "email_verified": True,
            "preferred_username": f"Person {tag}",
        } | claims
        return self.provider.person


@pytest.fixture
async def town(request: Any, module_database: str, redis_url: str) -> AsyncIterator[Town]:
    settings = getattr(request, "param", {})
    async with running_provider() as provider:
        flags = {"oidc_issuer": provider.url, "oidc_client_id": CLIENT_ID, "oidc_label": "Example"}
        env = {"HALLWAY_OIDC_CLIENT_SECRET": CLIENT_SECRET}
        async with open_site(module_database, redis_url, env, **flags | settings) as site:
            yield Town(provider, site)


def with_settings(**settings: Any) -> Any:
    return pytest.mark.parametrize("town", [settings], indirect=True)


async def visit(browser: Any, url: Any) -> Any:
    """Go to an address without following redirects, as the page would not see them either."""
    return await browser.client.session.get(url, allow_redirects=False)


async def to_the_provider(browser: Any, next_path: str = "/rooms/7") -> str:
    """Press the button; the address that the provider sends the browser back to."""
    response = await visit(browser, browser.client.make_url("/api/auth/oidc/start").with_query(next=next_path))
    assert response.status == 302
    return await through_the_provider(response.headers["Location"])


async def through_the_provider(url: str) -> str:
    async with ClientSession() as session, session.get(URL(url, encoded=True), allow_redirects=False) as response:
        assert response.status == 302, await response.text()
        return str(response.headers["Location"])


async def log_in(browser: Any, next_path: str = "/rooms/7") -> str:
    """The whole way; the page where it ends."""
    back = await to_the_provider(browser, next_path)
    response = await visit(browser, URL(back, encoded=True))
    assert response.status == 302
    return str(response.headers["Location"])


async def who_is(browser: Any) -> dict[str, Any] | None:
    """Who is logged in, as a page finds out when it loads."""
    response = await browser.post("/api/auth/refresh")
    if response.status != 200:
        return None
    answer: dict[str, Any] = await response.json()
    browser.token, browser.user = answer["access_token"], answer["user"]
    return browser.user


async def test_the_button_is_offered_only_if_there_is_a_provider(town: Town, site: Site) -> None:
    methods = await (await (await town.site.browser()).get("/api/auth/methods")).json()
    assert methods == {
        "password": True,
        "registration": True,
        "guests": True,
        "oidc": {"label": "Example", "url": "/api/auth/oidc/start"},
    }
    assert (await (await (await site.browser()).get("/api/auth/methods")).json())["oidc"] is None


async def test_somebody_new_gets_an_account_and_ends_on_the_page_they_came_from(town: Town) -> None:
    person, browser = town.person(), await town.site.browser()
    assert await log_in(browser, "/rooms/7?a=b") == "/rooms/7?a=b"
    user = await who_is(browser)
    assert user is not None
    assert (user["username"], user["email"]) == (person["preferred_username"], person["email"])
    account = await (await browser.get("/api/auth/account")).json()
    assert account["has_password"] is False
    assert (account["identity"]["issuer"], account["identity"]["label"]) == (town.provider.url, "Example")
    sessions = (await (await browser.get("/api/auth/sessions")).json())["sessions"]
    assert [entry["method"] for entry in sessions] == ["oidc"]


async def test_the_same_identity_comes_back_to_the_same_account_whatever_else_changed(town: Town) -> None:
    person, first, second = town.person(), await town.site.browser(), await town.site.browser()
    await log_in(first)
    user = await who_is(first)
    assert user is not None
    town.provider.person = person | {"email": "new@example.org", "preferred_username": "New"}
    await log_in(second)
    assert await who_is(second) == user


async def test_an_email_address_alone_opens_no_account_of_somebody_else(town: Town) -> None:
    owner = await (await town.site.browser()).register()
    town.person(email=owner.user["email"].upper(), email_verified=True)
    browser = await town.site.browser()
    assert await log_in(browser) == "/login?error=oidc_email_taken"
    assert await who_is(browser) is None


@with_settings(oidc_link_by_email=True)
async def test_where_the_operator_vouches_for_addresses_a_verified_one_opens_the_account(town: Town) -> None:
    owner, browser = await (await town.site.browser()).register(), await town.site.browser()
    town.person(email=owner.user["email"].upper())
    await log_in(browser)
    user = await who_is(browser)
    assert user is not None
    assert user["id"] == owner.user["id"]


@with_settings(oidc_link_by_email=True)
@pytest.mark.parametrize("verified", [False, None, "true", 1])
async def test_an_unverified_one_never_does(town: Town, verified: object) -> None:
    owner, browser = await (await town.site.browser()).register(), await town.site.browser()
    town.person(email=owner.user["email"], email_verified=verified)
    assert await log_in(browser) == "/login?error=oidc_email_taken"
    assert await who_is(browser) is None


async def test_the_owner_of_an_account_links_the_provider_to_it(town: Town) -> None:
    person, owner = town.person(), await (await town.site.browser()).register()
    url = (await (await owner.post("/api/auth/oidc/link")).json())["url"]
    response = await visit(owner, URL(await through_the_provider(url), encoded=True))
    assert response.headers["Location"] == "/account?linked=1"
    identity = (await (await owner.get("/api/auth/account")).json())["identity"]
    assert identity["email"] == person["email"]
    browser = await town.site.browser()
    await log_in(browser)
    user = await who_is(browser)
    assert user is not None
    assert user["id"] == owner.user["id"]
    assert (await owner.delete("/api/auth/oidc/link")).status == 204
    assert (await (await owner.get("/api/auth/account")).json())["identity"] is None


async def test_an_identity_belongs_to_one_account(town: Town) -> None:
    town.person()
    first = await town.site.browser()
    await log_in(first)
    second = await (await town.site.browser()).register()
    url = (await (await second.post("/api/auth/oidc/link")).json())["url"]
    response = await visit(second, URL(await through_the_provider(url), encoded=True))
    assert response.headers["Location"] == "/account?error=oidc_linked_elsewhere"


async def test_the_only_way_in_cannot_be_unlinked(town: Town) -> None:
    town.person()
    browser = await town.site.browser()
    await log_in(browser)
    await who_is(browser)
    response = await browser.delete("/api/auth/oidc/link")
    assert (response.status, (await response.json())["code"]) == (409, "no_password")


@pytest.mark.parametrize("town", [{"oidc_sign_up": False}, {"registration_open": False}], indirect=True)
async def test_newcomers_can_be_kept_out(town: Town) -> None:
    town.person()
    assert await log_in(await town.site.browser()) == "/login?error=registration_closed"


async def test_a_disabled_account_is_closed_to_the_provider_too(town: Town) -> None:
    town.person()
    browser = await town.site.browser()
    await log_in(browser)
    user = await who_is(browser)
    assert user is not None
    await town.site.services.users.set_disabled(user["id"], True)
    assert await log_in(await town.site.browser()) == "/login?error=account_disabled"


@pytest.mark.parametrize("email", [None, "", 7, "not an address"])
async def test_without_an_address_there_is_no_account(town: Town, email: object) -> None:
    town.person(email=email)
    assert await log_in(await town.site.browser()) == "/login?error=oidc_no_email"


async def test_the_address_may_come_from_userinfo_if_that_tells_of_the_same_person(town: Town) -> None:
    person, browser = town.person(), await town.site.browser()
    town.provider.in_token = lambda name: False
    await log_in(browser)
    user = await who_is(browser)
    assert user is not None
    assert user["email"] == person["email"]
    town.person()
    town.provider.userinfo = town.provider.person | {"sub": "somebody else"}
    assert await log_in(await town.site.browser()) == "/login?error=oidc_invalid"


async def test_another_browser_cannot_finish_a_log_in(town: Town) -> None:
    town.person()
    back = await to_the_provider(await town.site.browser())
    victim = await town.site.browser()
    await to_the_provider(victim)
    for browser in (victim, await town.site.browser()):
        response = await visit(browser, URL(back, encoded=True))
        assert response.headers["Location"] == "/login?error=oidc_expired"
        assert await who_is(browser) is None


async def test_a_log_in_is_finished_once(town: Town) -> None:
    town.person()
    browser = await town.site.browser()
    back = await to_the_provider(browser)
    cookie = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/api/auth/oidc/callback"))
    await visit(browser, URL(back, encoded=True))
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), cookies=cookie) as again:
        headers = {"Cookie": cookie.output(header="", sep=";")}
        async with again.get(URL(back, encoded=True), headers=headers, allow_redirects=False) as response:
            assert response.headers["Location"] == "/login?error=oidc_expired"


async def test_a_refusal_at_the_provider_is_told(town: Town) -> None:
    browser = await town.site.browser()
    state = parse_qs(urlsplit(await to_the_provider(browser)).query)["state"][0]
    url = browser.client.make_url("/api/auth/oidc/callback").with_query(error="access_denied", state=state)
    assert (await visit(browser, url)).headers["Location"] == "/login?error=oidc_refused"


FORGERIES: dict[str, Callable[[Provider, dict[str, Any]], str]] = {
    "another key": lambda p, claims: p.signed(claims, key=new_key()),
    "a key that is not there": lambda p, claims: jwt.encode(claims, new_key(), "RS256", headers={"kid": "unknown"}),
    "no algorithm": lambda p, claims: jwt.encode(claims, None, "none"),
    "the client's secret": lambda p, claims: jwt.encode(claims, CLIENT_SECRET * 2, "HS256", headers={"kid": "first"}),
    "another issuer": lambda p, claims: p.signed(claims | {"iss": "https://elsewhere.example"}),
    "another audience": lambda p, claims: p.signed(claims | {"aud": "another client"}),
    "two audiences": lambda p, claims: p.signed(claims | {"aud": [CLIENT_ID, "another client"]}),
    "another party": lambda p, claims: p.signed(claims | {"azp": "another client"}),
    "another nonce": lambda p, claims: p.signed(claims | {"nonce": "another"}),
    "no nonce": lambda p, claims: p.signed({name: value for name, value in claims.items() if name != "nonce"}),
    "expired": lambda p, claims: p.signed(claims | {"exp": claims["iat"] - 3600, "iat": claims["iat"] - 7200}),
    "no expiry": lambda p, claims: p.signed({name: value for name, value in claims.items() if name != "exp"}),
    "no subject": lambda p, claims: p.signed({name: value for name, value in claims.items() if name != "sub"}),
    "a subject that is a number": lambda p, claims: p.signed(claims | {"sub": 7}),
    "an empty subject": lambda p, claims: p.signed(claims | {"sub": ""}),
    "an unknown crit": lambda p, claims: jwt.encode(
        claims, p.keys["first"], "RS256", headers={"kid": "first", "crit": ["x"], "x": 1}
    ),
    "no token": lambda p, claims: "",
    "not a token": lambda p, claims: "a.b.c",
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_id_token_lets_nobody_in(town: Town, name: str) -> None:
    town.person()
    town.provider.sign = FORGERIES[name]
    browser = await town.site.browser()
    assert await log_in(browser) == "/login?error=oidc_invalid"
    assert await who_is(browser) is None


async def test_an_answer_of_another_provider_is_refused(town: Town) -> None:
    town.person()
    browser = await town.site.browser()
    back = URL(await to_the_provider(browser), encoded=True).update_query(iss="https://elsewhere.example")
    assert (await visit(browser, back)).headers["Location"] == "/login?error=oidc_invalid"
    assert "token" not in town.provider.requests


async def test_new_keys_of_the_provider_are_found_and_old_answers_are_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        town.person()
        await log_in(await town.site.browser())
    assert (town.provider.requests.count("discovery"), town.provider.requests.count("keys")) == (1, 1)
    monkeypatch.setattr("server.auth.oidc.ASK_KEYS_AGAIN_S", 0.0)
    town.provider.keys = {"second": new_key()}
    town.person()
    assert await log_in(await town.site.browser()) == "/rooms/7"
    assert town.provider.requests.count("keys") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": 7},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
    ],
)
async def test_a_provider_that_is_set_up_wrongly_is_said_to_be_unavailable(town: Town, wrong: dict[str, Any]) -> None:
    town.person()
    town.provider.discovery = wrong
    browser = await town.site.browser()
    response = await visit(browser, browser.client.make_url("/api/auth/oidc/start"))
    location = response.headers["Location"]
    if not location.startswith("/"):
        location = (await visit(browser, URL(await through_the_provider(location), encoded=True))).headers["Location"]
    assert location == "/login?error=oidc_unavailable"


@pytest.mark.parametrize(
    ("status", "code"), [(400, "oidc_invalid"), (500, "oidc_unavailable"), (302, "oidc_unavailable")]
)
async def test_a_provider_that_gives_no_token_lets_nobody_in(town: Town, status: int, code: str) -> None:
    town.person()
    town.provider.token_status = status
    assert await log_in(await town.site.browser()) == f"/login?error={code}"


async def test_a_provider_that_is_away_is_said_to_be_unavailable(module_database: str, redis_url: str) -> None:
    flags = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": "x"}
    async with open_site(module_database, redis_url, **flags) as site:
        browser = await site.browser()
        response = await visit(browser, browser.client.make_url("/api/auth/oidc/start"))
        assert response.headers["Location"] == "/login?error=oidc_unavailable"
        owner = await (await site.browser()).register()
        assert (await owner.post("/api/auth/oidc/link")).status == 503


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/rooms/7?a=b#c", "/rooms/7?a=b#c"),
        ("/räume", "/r%C3%A4ume"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("rooms", "/"),
        ("", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("/" + "x" * 600, "/"),
    ],
)
def test_one_returns_to_our_own_pages_only(path: str, kept: str) -> None:
    assert own_path(path) == kept


@pytest.mark.parametrize(
    ("names", "email", "found"),
    [
        (("Anna", "Other"), "a@x", "Anna"),
        (("anna@example.org",), "a@x", "anna"),
        (("<b>Anna</b>",), "a@x", "b Anna b"),
        ((), "anna.b@x", "anna.b"),
        (("!", "x"), "?@x", "Somebody"),
        (("A" * 100,), "a@x", "A" * 32),
    ],
)
def test_a_name_is_made_from_what_the_provider_knows(names: tuple[str, ...], email: str, found: str) -> None:
    vouched = Vouched("issuer", "subject", email, True, names)
    assert username_for(vouched, email, 0) == found
    assert username_for(vouched, email, 1) == f"{found[:30]} 2"


async def test_a_name_that_is_taken_gets_a_number(town: Town) -> None:
    taken = (await (await town.site.browser()).register()).user["username"]
    town.person(preferred_username=taken.upper())
    browser = await town.site.browser()
    await log_in(browser)
    user = await who_is(browser)
    assert user is not None
    assert user["username"] == f"{taken.upper()} 2"


@with_settings(provider_log_ins_address_per_minute=2, unlimited_addresses="none")
async def test_whoever_presses_the_button_too_often_is_told_on_a_page(town: Town) -> None:
    browser = await town.site.browser()
    start = browser.client.make_url("/api/auth/oidc/start")
    places = [(await visit(browser, start)).headers["Location"] for _ in range(3)]
    assert all(place.startswith(town.provider.url) for place in places[:2])
    assert places[2] == "/login?error=rate_limited"


@pytest.mark.parametrize("path", ["start?next=" + "x" * 3000, "start?other=1", "callback", "callback?state=%00"])
async def test_nonsense_in_the_address_ends_on_a_page_too(town: Town, path: str) -> None:
    browser = await town.site.browser()
    response = await visit(browser, browser.client.make_url(f"/api/auth/oidc/{path}"))
    assert response.status == 302
    assert not response.headers["Location"].startswith("/api/")
