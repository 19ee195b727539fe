"""Signing in as people do, with forms and cookies and without scripts."""

import re

from opsteward import PASSWORD, Browser


def test_the_one_time_password_has_to_be_changed_before_anything_else(server):
    visitor = Browser(server)
    assert visitor.sign_in("admin", server.first_password).status == 200
    assert visitor.open("/devices").status == 200 and visitor.path == "/account/password"
    short = visitor.post("/account/password", {"current": server.first_password, "replacement": "short", "repeated": "short"})
    assert short.status == 422 and "12" in short.text
    visitor.open("/account/password")
    done = visitor.post("/account/password", {"current": server.first_password, "replacement": PASSWORD, "repeated": PASSWORD})
    assert done.status == 200
    assert visitor.open("/devices").status == 200 and visitor.path == "/devices"


def test_five_wrong_passwords_lock_the_account_and_a_wrong_name_looks_the_same(server, browser):
    stranger = Browser(server)
    answers = [re.sub(r'value="[^"]*"', "", stranger.sign_in("admin", f"wrong {number}").text) for number in range(5)]
    unknown = re.sub(r'value="[^"]*"', "", stranger.sign_in("nobody", "wrong").text)
    assert answers[0] == unknown
    locked = stranger.sign_in("admin", PASSWORD)
    assert "opsteward" not in str(stranger.cookies) and locked.status in (401, 422, 429)


def test_the_cookie_of_the_session_is_out_of_reach_of_scripts_and_other_sites(server):
    visitor = Browser(server)
    visitor.open("/login")
    answer = visitor.send("POST", "/login", {"csrf": visitor.csrf(), "name": "admin", "password": server.first_password})
    cookie = next(c for c in answer.headers.get_all("Set-Cookie") if c.startswith("__Host-opsteward="))
    for attribute in ("HttpOnly", "Secure", "SameSite=", "Path=/"):
        assert attribute in cookie


def test_pages_carry_the_security_headers(browser):
    headers = browser.open("/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"] and "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in headers["Strict-Transport-Security"]
    assert headers["Referrer-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_form_from_elsewhere_or_without_its_token_changes_nothing(browser):
    browser.open("/units")
    fields = {"parent_id": "1", "name": "forged"}
    assert browser.send("POST", "/units", fields).status == 403
    assert browser.send("POST", "/units", {**fields, "csrf": browser.csrf()}, {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert "forged" not in browser.open("/units").text


def test_signing_out_ends_the_session_on_the_server(server, browser):
    stolen = dict(browser.cookies)
    browser.open("/")
    browser.post("/sign-out")
    browser.cookies = stolen
    assert browser.open("/devices").status == 200 and browser.path.startswith("/login")


def test_after_signing_in_one_is_where_one_wanted_to_go_and_never_elsewhere(server, browser):
    browser.open("/")
    browser.post("/sign-out")
    browser.open("/devices?kind=server")
    assert browser.path.startswith("/login?next=")
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        browser.cookies.clear()
        browser.open("/login")
        answer = browser.send("POST", "/login", {"csrf": browser.csrf(), "name": "admin", "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == "/"


def test_every_page_of_the_menu_opens_in_both_languages(browser):
    home = browser.open("/").text
    pages = sorted(set(re.findall(r'href="(/[a-z/]*)"', home)))
    assert {"/board", "/calendar", "/devices", "/users", "/units", "/audit", "/jobs", "/settings"} <= set(pages)
    for page in pages:
        if page.startswith("/assets") or page == "/events":
            continue
        for language in ("zh", "en"):
            browser.cookies["language"] = language
            answer = browser.open(page)
            assert answer.status == 200, f"{page} in {language}: {answer.status}"
            if "html" in answer.headers["Content-Type"]:
                assert f'lang="{"en" if language == "en" else "zh-Hant-TW"}"' in answer.text
