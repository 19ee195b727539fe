"""The main paths by keyboard alone, and without scripts."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import Chromium
from opsteward import PASSWORD


def press(chromium, *keys: str) -> None:
    chain = ActionChains(chromium)
    for key in keys:
        chain.send_keys(key)
    chain.perform()


def sign_in_by_keyboard(chromium, server) -> None:
    chromium.get(server.address + "/login")
    chromium.delete_all_cookies()
    chromium.get(server.address + "/login")
    assert chromium.focused.get_attribute("name") == "name", "the first field has the focus"
    press(chromium, "admin", Keys.TAB, PASSWORD)
    chromium.submit_and_wait(lambda: press(chromium, Keys.ENTER))
    assert chromium.current_url == server.address + "/"


def test_signing_in_and_finding_a_clause_take_no_mouse(world, chromium):
    sign_in_by_keyboard(chromium, world.server)
    ActionChains(chromium).key_down(Keys.CONTROL).send_keys("k").key_up(Keys.CONTROL).perform()
    chromium.wait(lambda: chromium.focused.get_attribute("role") == "combobox", "the palette")
    press(chromium, "6.9.5")
    chromium.wait(lambda: chromium.find_elements(By.CSS_SELECTOR, '#ops-palette-list [role="option"]'), "a hit")
    chromium.submit_and_wait(lambda: press(chromium, Keys.ENTER))
    assert chromium.current_url.endswith("/clauses/6.9.5")


def test_escape_closes_the_palette_and_a_slash_leads_to_the_search(world, chromium):
    sign_in_by_keyboard(chromium, world.server)
    ActionChains(chromium).key_down(Keys.CONTROL).send_keys("k").key_up(Keys.CONTROL).perform()
    chromium.wait(lambda: chromium.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the palette")
    press(chromium, Keys.ESCAPE)
    chromium.wait(lambda: not chromium.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the palette to close")
    press(chromium, "/")
    chromium.wait(lambda: chromium.focused.get_attribute("name") == "q" or chromium.focused.get_attribute("role") == "combobox", "the search")


def test_the_first_stop_of_the_tab_key_skips_the_menu(world, chromium):
    sign_in_by_keyboard(chromium, world.server)
    chromium.get(world.server.address + "/board")
    press(chromium, Keys.TAB)
    assert chromium.focused.get_attribute("href").endswith("#ops-main")
    outline = chromium.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "what has the focus is seen"


def tab_to(chromium, is_there, what: str, most: int = 150) -> None:
    for _ in range(most):
        press(chromium, Keys.TAB)
        if is_there(chromium.focused):
            return
    raise AssertionError(f"the tab key does not reach {what}")


def test_a_listener_is_approved_from_the_page_of_the_clause_without_a_mouse(world, listener, chromium):
    sign_in_by_keyboard(chromium, world.server)
    chromium.get(world.server.address + "/clauses/6.9.5")
    tab_to(chromium, lambda one: one.tag_name == "a" and f"/{listener.port} " in one.text, "the finding")
    chromium.submit_and_wait(lambda: press(chromium, Keys.ENTER))
    row = f"//tr[contains(., '{listener.port}')]"
    tab_to(chromium, lambda one: one in chromium.find_elements(By.XPATH, f"{row}//summary"), "the approval of the listener")
    press(chromium, Keys.ENTER)
    tab_to(chromium, lambda one: one in chromium.find_elements(By.XPATH, f"{row}//input[@name='reason']"), "the reason", 3)
    press(chromium, "needed")
    chromium.submit_and_wait(lambda: press(chromium, Keys.ENTER))
    assert chromium.find_elements(By.XPATH, f"{row}[contains(., '已核准')]")
    listener.wait_until_gone()


@pytest.fixture(scope="module")
def plain():
    driver = Chromium(with_script=False)
    yield driver
    driver.quit()


def test_without_scripts_one_signs_in_reads_and_does_a_duty(world, plain):
    plain.get(world.server.address + "/login")
    plain.find_element(By.NAME, "name").send_keys("admin")
    plain.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)
    plain.wait(lambda: plain.find_elements(By.CSS_SELECTOR, 'a[href="/board"]'), "the first page")
    duty = next(item for item in world.api.get("/duties?state=open")["items"] if item["unit_id"] == 1)
    plain.get(f"{world.server.address}/duties/{duty['id']}")
    plain.find_element(By.NAME, "note").send_keys("看過了，正常。")
    plain.find_element(By.NAME, "note").submit()
    plain.wait(lambda: "看過了，正常。" in plain.find_element(By.TAG_NAME, "body").text, "the duty to be done")


def test_without_scripts_a_request_is_decided(world, plain):
    plain.get(world.server.address + "/approvals")
    plain.find_element(By.CSS_SELECTOR, 'button[name="decision"][value="approve"]').click()
    plain.wait(lambda: "已核准，條文會重新判定" in plain.find_element(By.TAG_NAME, "body").text, "the decision")
    assert world.api.get("/exemptions?state=in_force")["items"]
