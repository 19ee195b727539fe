"""The gallery of all parts of pages: under the console's policy, in both themes and languages, wide and narrow, with its scripts at work.

Needs the target web_gallery beside the program (OPSTEWARD_GALLERY says where, else it is looked for in the build folder).
"""

import functools
import http.server
import json
import os
import subprocess
import threading
import urllib.parse
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from chromium import NARROW, WIDE
from opsteward import BINARY

GALLERY = Path(os.environ.get("OPSTEWARD_GALLERY", BINARY.parent / "src" / "platform" / "web" / "web_gallery"))
LOOKS = [f"{theme}-{language}" for theme in ("light", "dark") for language in ("zh", "en")]
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")


class Handler(http.server.SimpleHTTPRequestHandler):
    """The gallery's files under the policy, and the addresses that its scripts ask for."""

    preferences: list[str] = []
    events = 0

    def log_message(self, *_):
        pass

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/events/"):
            type(self).events += 1
            self.answer(200, "text/event-stream", b"retry: 600000\nevent: clause\ndata: 6.1.2\n\n")
        elif path == "/search.json":
            self.answer(200, "application/json", json.dumps([{"title": "web-01", "detail": "設備", "href": "/devices/1", "icon": "server"}]).encode())
        else:
            super().do_GET()

    def do_POST(self):
        self.preferences.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(204, "text/plain", b"")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    if not GALLERY.exists():
        pytest.skip(f"{GALLERY} is not built")
    folder = tmp_path_factory.mktemp("gallery")
    subprocess.run([GALLERY, folder], check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def press(chromium, *keys: str) -> None:
    ActionChains(chromium).send_keys(*keys).perform()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("page", ["gallery", "sign-in"])
def test_every_part_is_accessible_and_fits(gallery, chromium, page, look):
    chromium.set_width(WIDE)
    chromium.complaints()
    chromium.get(f"{gallery}/{page}-{look}.html")
    faults = chromium.violations()
    for width in (WIDE, NARROW):
        chromium.set_width(width)
        if chromium.is_too_wide():
            faults.append(f"wider than {width} px")
    faults += chromium.violations()
    chromium.set_width(WIDE)
    assert not faults + chromium.complaints()


@pytest.fixture
def opened(gallery, chromium):
    chromium.set_width(WIDE)
    chromium.get(f"{gallery}/gallery-light-zh.html")
    return chromium


def test_the_palette_opens_finds_and_closes_by_keyboard(opened):
    ActionChains(opened).key_down(Keys.CONTROL).send_keys("k").key_up(Keys.CONTROL).perform()
    opened.wait(lambda: opened.find_elements(By.CSS_SELECTOR, "dialog.ops-palette[open]"), "the palette")
    press(opened, "web")
    opened.wait(lambda: [hit for hit in opened.find_elements(By.CSS_SELECTOR, "dialog li") if "web-01" in hit.text], "the hit of /search.json")
    assert not opened.violations()
    press(opened, Keys.ESCAPE)
    opened.wait(lambda: not opened.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the palette to close")


def test_the_list_of_shortcuts_opens_by_its_key_and_single_keys_can_be_switched_off(opened):
    press(opened, "?")
    opened.wait(lambda: opened.find_elements(By.CSS_SELECTOR, ".ops-shortcuts"), "the list of shortcuts")
    assert not opened.violations()
    opened.find_element(By.CSS_SELECTOR, "dialog .ops-check input").click()
    press(opened, Keys.ESCAPE)
    opened.wait(lambda: not opened.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the list to close")
    press(opened, "/")
    assert opened.focused.get_attribute("id") != "ops-search"
    opened.execute_script("localStorage.clear()")
    press(opened, "/")
    assert opened.focused.get_attribute("id") == "ops-search"


def test_the_user_menu_opens_by_keyboard_and_the_theme_changes_in_place(opened):
    opened.find_element(By.CSS_SELECTOR, ".ops-user").send_keys(Keys.ENTER)
    opened.wait(lambda: opened.find_element(By.ID, "ops-user-menu").is_displayed(), "the user menu")
    assert not opened.violations()
    opened.execute_script("window.isTheSamePage = true")
    opened.find_element(By.CSS_SELECTOR, 'button[name="theme"][value="dark"]').click()
    opened.wait(lambda: [sent for sent in Handler.preferences if "theme=dark" in sent], "the choice to be sent")
    assert opened.find_element(By.TAG_NAME, "html").get_attribute("data-bs-theme") == "dark"
    assert opened.execute_script("return window.isTheSamePage")


def test_a_question_is_asked_before_what_cannot_be_undone(opened):
    opened.find_element(By.CSS_SELECTOR, "[data-confirm]").click()
    opened.wait(lambda: opened.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the question")
    assert not opened.violations()
    press(opened, Keys.ESCAPE)
    opened.wait(lambda: not opened.find_elements(By.CSS_SELECTOR, "dialog[open]"), "the question to go")


def test_an_event_renews_its_parts(gallery, chromium):
    before = Handler.events
    chromium.get(f"{gallery}/gallery-light-en.html")
    chromium.wait(lambda: Handler.events > before, "the stream to be opened")
    chromium.wait(lambda: chromium.execute_script(
        "return performance.getEntriesByType('resource').some((entry) => entry.initiatorType === 'fetch' && entry.name.endsWith('gallery-light-en.html'))"),
        "the page to be asked for its parts")
