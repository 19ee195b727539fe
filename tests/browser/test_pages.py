"""Every page of the console, in both themes and both languages: accessible, without complaints, fitting the window."""

import os
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from chromium import EVERY_RULE, NARROW, RULES_OF_COLOUR, WIDE
from opsteward import PASSWORD, Browser
from pages import every_page
from world import Listener, OFFICE

PICTURES = os.environ.get("OPSTEWARD_PICTURES", "")  # a folder for a picture of every page, to look at
LOOKS = [("zh", "light"), ("zh", "dark"), ("en", "light"), ("en", "dark")]
DATA = (OFFICE, "網路管理科", "系統發展科", "王雅婷", "林建宏", "陳淑芬", "張稽核", "平台管理者", "本機關")  # as somebody entered it
# What the console itself says, in parts that hold nothing that somebody entered but names.
CHINESE_WORDS = """
return [...document.querySelectorAll('.ops-menu a, h1, h2, h3, button, summary, label, legend, thead th, .ops-tabs a, .ops-badge, '
        + '.ops-alert-title, .ops-empty, .ops-help, .ops-page-actions a')]
    .filter((part) => !part.closest('[lang^=zh]') && part.textContent.trim() !== '繁體中文')
    .map((part) => part.textContent.trim()).filter((text) => /[\\u3400-\\u9fff]/.test(text));
"""


@pytest.fixture(scope="module")
def red(world):
    """Something is wrong while the pages are looked at."""
    opened = Listener(world)
    opened.wait_until_found()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pages(world, red):
    reader = Browser(world.server)
    reader.sign_in()
    found = every_page(world, reader)
    assert len(found) > 30, sorted(found)
    return found


def sign_in(chromium, server) -> None:
    chromium.get(server.address + "/login")
    chromium.delete_all_cookies()
    chromium.get(server.address + "/login")
    chromium.find_element(By.NAME, "name").send_keys("admin")
    chromium.find_element(By.NAME, "password").send_keys(PASSWORD)
    chromium.submit_and_wait(lambda: chromium.find_element(By.NAME, "password").submit())


def take_picture(chromium, name: str) -> None:
    if not PICTURES:
        return
    height = min(chromium.execute_script("return document.documentElement.scrollHeight"), 3000)
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": WIDE, "height": height, "deviceScaleFactor": 1, "mobile": False})
    chromium.save_screenshot(str(Path(PICTURES) / f"{name}.png"))
    chromium.set_width(WIDE)


def untranslated(chromium) -> list[str]:
    words = []
    for text in chromium.execute_script(CHINESE_WORDS):
        for name in DATA:
            text = text.replace(name, "")
        if any("\u3400" <= character <= "\u9fff" for character in text):
            words.append(f"not translated: {text}")
    return words


def faults_of(chromium, language: str, theme: str) -> list[str]:
    faults = chromium.violations(EVERY_RULE if theme == "light" else RULES_OF_COLOUR) + chromium.complaints()
    if language == "en" and theme == "light":
        faults += untranslated(chromium)
    shown = chromium.find_element(By.TAG_NAME, "html").get_attribute("data-bs-theme")
    if shown != theme:
        faults.append(f"the theme is {shown}")
    lang = chromium.find_element(By.TAG_NAME, "html").get_attribute("lang")
    if lang != ("en" if language == "en" else "zh-Hant-TW"):
        faults.append(f"lang is {lang}")
    if chromium.is_too_wide():
        faults.append("wider than the window")
    return faults


@pytest.mark.parametrize("language, theme", LOOKS)
def test_every_page_is_accessible_fits_and_complains_of_nothing(world, chromium, pages, language, theme):
    sign_in(chromium, world.server)
    chromium.set_preference("language", language)
    chromium.set_preference("theme", theme)
    chromium.complaints()
    faults = {}
    for kind, target in pages.items():
        chromium.get(world.server.address + target)
        found = [fault for fault in faults_of(chromium, language, theme) if not (kind == "error" and "404" in fault)]
        take_picture(chromium, f"{kind.strip('/').replace('/', '_').replace('*', 'n').replace(' ', '_').replace('?', '_') or 'home'}.{language}.{theme}")
        if theme == "light" and language == "zh":
            chromium.set_width(NARROW)
            if chromium.is_too_wide():
                found.append("wider than a telephone")
            chromium.set_width(WIDE)
        if found:
            faults[target] = found
    assert not faults, "\n".join(f"{target}: {fault}" for target, list_ in faults.items() for fault in list_[:5])


@pytest.mark.parametrize("language, theme", LOOKS)
def test_the_pages_before_signing_in_are_accessible_too(world, chromium, language, theme):
    chromium.get(world.server.address + "/login")
    chromium.delete_all_cookies()
    chromium.set_preference("language", language)
    chromium.set_preference("theme", theme)
    chromium.complaints()
    chromium.get(world.server.address + "/login")
    assert not faults_of(chromium, language, theme)
