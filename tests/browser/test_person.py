"""Somebody who has never seen the console, and goes by nothing but the words on it."""

import os

import pytest
from selenium.webdriver.common.by import By

from opsteward import PASSWORD
from world import Listener


def press(chromium, text: str, within=None) -> None:
    """A link or button in sight with these words."""
    saying = f".//*[self::a or self::button or self::summary][contains(., '{text}')]"
    found = [one for one in (within or chromium).find_elements(By.XPATH, saying) if one.is_displayed()]
    assert found, f"nothing says {text!r} on {chromium.current_url}"
    found[0].click()


def follow(chromium, text: str, within=None) -> None:
    chromium.submit_and_wait(lambda: press(chromium, text, within))


@pytest.fixture
def person(world, chromium):
    """Signed in, before the first page."""
    chromium.get(world.server.address)
    chromium.delete_all_cookies()
    chromium.get(world.server.address)
    chromium.find_element(By.NAME, "name").send_keys("admin")
    chromium.find_element(By.NAME, "password").send_keys(PASSWORD)
    follow(chromium, "登入", chromium.find_element(By.TAG_NAME, "main"))
    return chromium


def row_with(chromium, text: str):
    return chromium.wait(lambda: next((row for row in chromium.find_elements(By.CSS_SELECTOR, "tbody tr") if text in row.text), None), f"a row with {text}")


def test_a_person_finds_out_why_a_clause_is_red_and_does_what_the_page_says(listener, person):
    follow(person, "看板")
    follow(person, "6.9.5")
    main = person.find_element(By.TAG_NAME, "main")
    assert "不符合" in main.text and "不在核准清單內" in main.text
    finding = row_with(person, str(listener.port))
    for told in (listener.program, str(listener.port), f"uid={os.getuid()}"):
        assert told in finding.text, finding.text
    assert "現在要做什麼" in main.text

    follow(person, str(listener.port), finding)
    assert "確認為業務所需就核准，否則關閉服務" in person.find_element(By.TAG_NAME, "main").text
    row = row_with(person, str(listener.port))
    press(person, "核准…", row)
    reason = next(field for field in row.find_elements(By.NAME, "reason") if field.is_displayed())
    reason.send_keys("業務所需")
    person.submit_and_wait(lambda: next(button for button in row.find_elements(By.TAG_NAME, "button") if button.is_displayed()).click())
    assert "已核准" in row_with(person, str(listener.port)).text
    listener.wait_until_gone()

    follow(person, "符合性看板")
    follow(person, "6.9.5")
    assert not [row for row in person.find_elements(By.CSS_SELECTOR, "#findings tbody tr") if str(listener.port) in row.text]


def test_the_pages_in_sight_follow_what_happens_without_being_loaded_again(world, person):
    """By server-sent events, as the clause turns red and back."""
    person.get(world.server.address + "/clauses/6.9.5")
    person.execute_script("window.isTheSamePage = true")
    opened = Listener(world)
    try:
        opened.observe()
        person.wait(lambda: person.has_text(f"/{opened.port} "), "the finding to appear", 20)
        assert person.execute_script("return window.isTheSamePage"), "the page was loaded again"
    finally:
        opened.close()
    opened.observe()
    person.wait(lambda: not person.find_elements(By.XPATH, f"//*[@id='findings']//a[contains(., '/{opened.port} ')]"), "the finding to go", 20)
    assert person.execute_script("return window.isTheSamePage"), "the page was loaded again"
