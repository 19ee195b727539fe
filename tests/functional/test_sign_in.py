"""Signing in as people do, with forms and cookies and without scripts."""

import re
import secrets

import pytest

from opsteward import PASSWORD, Api, Browser, totp_code


@pytest.fixture
def newcomer(shared_server):
    """Name and one-time password of an administrator who has not signed in yet."""
    name = "u" + secrets.token_hex(4)
    made = Api(shared_server).post("/accounts", {"name": name, "display_name": "新人", "unit_id": 1,
                                                 "roles": [{"role": "administrator", "unit_id": 1}]})
    assert made.status == 201, made.text
    return name, made.json()["one_time_password"]


@pytest.fixture
def person(shared_server, newcomer):
    """Signed in, with a password of their own."""
    return Browser(shared_server).first_sign_in(*newcomer)


def test_the_one_time_password_has_to_be_changed_before_anything_else(shared_server, newcomer):
    visitor = Browser(shared_server)
    name, password = newcomer
    assert visitor.sign_in(name, password).status == 200
    assert visitor.open("/devices").status == 200 and visitor.path == "/account/password"
    short = visitor.post("/account/password", {"current": password, "replacement": "short", "repeated": "short"})
    assert short.status == 422 and "12" in short.text
    visitor.open("/account/password")
    done = visitor.post("/account/password", {"current": password, "replacement": PASSWORD, "repeated": PASSWORD})
    assert done.status == 200
    assert visitor.open("/devices").status == 200 and visitor.path == "/devices"


def test_five_wrong_passwords_lock_the_account_and_a_wrong_name_looks_the_same(server, browser):
    assert browser.open("/").status == 200
    stranger = Browser(server)
    answers = [re.sub(r'value="[^"]*"', "", stranger.sign_in("admin", f"wrong {number}").text) for number in range(5)]
    unknown = re.sub(r'value="[^"]*"', "", stranger.sign_in("nobody", "wrong").text)
    assert answers[0] == unknown
    locked = stranger.sign_in("admin", PASSWORD)
    assert "__Host-opsteward" not in stranger.cookies and locked.status in (401, 422, 429)


def test_with_a_second_factor_the_password_alone_lets_nobody_in(shared_server, newcomer, person):
    key, recovery_codes = person.set_up_second_factor()
    assert len(set(recovery_codes)) >= 8
    for code, is_right in ((totp_code(key, -20), False), (recovery_codes[0], True), (recovery_codes[0], False), (totp_code(key, 1), True)):
        visitor = Browser(shared_server)
        second_step = visitor.sign_in(newcomer[0])
        assert "__Host-opsteward" not in visitor.cookies
        ticket = re.search(r'name="ticket" value="([^"]+)"', second_step.text).group(1)
        answer = visitor.post("/login/code", {"ticket": ticket, "code": code})
        assert ("__Host-opsteward" in visitor.cookies) == is_right, answer.text[:500]


def test_the_cookie_of_the_session_is_out_of_reach_of_scripts_and_other_sites(shared_server, newcomer):
    visitor = Browser(shared_server)
    visitor.open("/login")
    answer = visitor.send("POST", "/login", {"csrf": visitor.csrf(), "name": newcomer[0], "password": newcomer[1]})
    cookie = next(c for c in answer.headers.get_all("Set-Cookie") if c.startswith("__Host-opsteward="))
    for attribute in ("HttpOnly", "Secure", "SameSite=", "Path=/"):
        assert attribute in cookie


def test_pages_carry_the_security_headers(person):
    headers = person.open("/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"] and "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in headers["Strict-Transport-Security"]
    assert headers["Referrer-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_form_from_elsewhere_or_without_its_token_changes_nothing(person):
    person.open("/units")
    fields = {"parent_id": "1", "name": "forged"}
    assert person.send("POST", "/units", fields).status == 403
    assert person.send("POST", "/units", {**fields, "csrf": person.csrf()}, {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert "forged" not in person.open("/units").text


def test_signing_out_ends_the_session_on_the_server(person):
    stolen = dict(person.cookies)
    person.open("/")
    person.post("/sign-out")
    person.cookies = stolen
    assert person.open("/devices").status == 200 and person.path.startswith("/login")


def test_after_signing_in_one_is_where_one_wanted_to_go_and_never_elsewhere(newcomer, person):
    person.open("/")
    person.post("/sign-out")
    person.open("/devices?kind=server")
    assert person.path.startswith("/login?next=")
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        person.cookies.clear()
        person.open("/login")
        answer = person.send("POST", "/login", {"csrf": person.csrf(), "name": newcomer[0], "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == "/"


def test_every_page_of_the_menu_opens_in_both_languages(person):
    home = person.open("/").text
    pages = sorted(set(re.findall(r'href="(/[a-z/]*)"', home)))
    assert {"/board", "/calendar", "/devices", "/users", "/units", "/audit", "/jobs", "/settings"} <= set(pages)
    for page in pages:
        if page.startswith("/assets") or page == "/events":
            continue
        for language in ("zh", "en"):
            person.cookies["language"] = language
            answer = person.open(page)
            assert answer.status == 200, f"{page} in {language}: {answer.status}"
            if "html" in answer.headers["Content-Type"]:
                assert f'lang="{"en" if language == "en" else "zh-Hant-TW"}"' in answer.text
