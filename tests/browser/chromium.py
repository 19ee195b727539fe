"""One headless Chromium: what the tests of the console need of it beyond WebDriver."""

import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

WIDE, NARROW = 1440, 390
HEIGHT = 900
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that another theme can change
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")

RUN_AXE = """
const [rules, done] = arguments;
axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(
    (result) => done(result.violations.flatMap((violation) => violation.nodes.map(
        (node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary.replaceAll('\\n', ' ')}`))),
    (error) => done([`axe failed: ${error}`]));
"""


class Chromium(webdriver.Chrome):
    """With a profile of its own, which is gone afterwards; a certificate of the program's own making is believed."""

    def __init__(self, with_script: bool = True):
        self.profile = tempfile.TemporaryDirectory(prefix="opsteward-browser-", ignore_cleanup_errors=True)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update", "--disable-sync",
                         "--ignore-certificate-errors", "--force-prefers-reduced-motion",
                         f"--user-data-dir={self.profile.name}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.add_experimental_option("prefs", {
            "profile.managed_default_content_settings.javascript": 1 if with_script else 2,
            "intl.accept_languages": "zh-TW,zh", "credentials_enable_service": False, "profile.password_manager_enabled": False})
        super().__init__(service=Service("/usr/bin/chromedriver"), options=options)
        self.has_axe = False
        self.set_script_timeout(30)
        self.set_page_load_timeout(30)
        self.set_width(WIDE)

    def quit(self) -> None:
        super().quit()
        self.profile.cleanup()

    def set_width(self, width: int) -> None:
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                             {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False})

    def set_preference(self, name: str, value: str) -> None:
        """A choice of the reader's, as the console keeps it. A page of the site has to be open."""
        self.add_cookie({"name": name, "value": value, "path": "/", "secure": self.current_url.startswith("https:")})

    def violations(self, rules: list[str] = EVERY_RULE) -> list[str]:
        """What axe finds on the page. Its code comes from the test and not from the page, whose policy stays in force."""
        if not self.has_axe:
            # Handed over once, for every page to come.
            self.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": AXE})
            self.execute_script(AXE)
            self.has_axe = True
        return self.execute_async_script(RUN_AXE, rules)

    def is_too_wide(self) -> bool:
        return self.execute_script("return document.documentElement.scrollWidth > window.innerWidth")

    def complaints(self) -> list[str]:
        """What scripts and the content security policy complained of since the last call."""
        return [entry["message"] for entry in self.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def wait(self, condition, what: str, seconds: float = 10.0):
        """Until `condition` gives something true, and gives that. A page that goes away while it is asked is asked again."""
        return WebDriverWait(self, seconds, 0.05, ignored_exceptions=[StaleElementReferenceException]).until(lambda _: condition(), f"waited in vain for {what}")

    def has_text(self, text: str) -> bool:
        return text in self.find_element(By.TAG_NAME, "body").text

    @property
    def focused(self):
        return self.switch_to.active_element

    def submit_and_wait(self, action) -> None:
        """Does `action`, which leads to another page, and waits until that is there."""
        before = self.find_element(By.TAG_NAME, "html").id
        action()
        self.wait(lambda: self.find_element(By.TAG_NAME, "html").id != before
                  and self.execute_script("return document.readyState") == "complete", "the next page")
