"""The documentation says what is there."""

import re
import subprocess

import pytest

from opsteward import BINARY, ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/README.md"), ROOT / "web" / "README.md",
                ROOT / "bench" / "README.md"])


def test_every_link_and_picture_of_a_page_leads_to_a_file():
    assert len(PAGES) > 20
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target.split("#")[0]).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken


MANUALS = {
    "opsteward.1": (["serve"], ["witness"], ["user", "token"], ["user", "reset-password"], ["db", "backup"], ["db", "restore"], ["db", "verify"],
                    ["logs", "ingest"], ["logs", "search"], ["logs", "status"], ["logs", "compact"], ["logs", "prove"], ["logs", "retain"], ["logs", "hold"],
                    ["logs", "witness"], ["logs", "copy"], ["logs", "restore"], ["procedure", "check"], ["procedure", "diff"]),
    "opsteward-vuln.1": (["vuln", "compile"], ["vuln", "match"], ["vuln", "show"], ["vuln", "fetch"], ["vuln", "bundle"], ["vuln", "cpe"], ["vuln", "cpe-match"],
                         ["vuln", "version-compare"], ["vuln", "cvss"], ["scan", "import"], ["scan", "compare"], ["vans", "export"]),
    "opsteward-firewall.1": (["firewall", "check"], ["firewall", "diff"], ["firewall", "test"], ["firewall", "query"], ["firewall", "redact"]),
}


@pytest.mark.parametrize("page", MANUALS)
def test_a_manual_is_well_formed_and_names_every_command_and_option(page):
    manual = ROOT / "docs" / "man" / page
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", manual], capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout
    text = manual.read_text(encoding="utf-8")
    for command in MANUALS[page]:
        help_text = subprocess.run([BINARY, *command, "--help"], capture_output=True, text=True, check=True).stdout
        assert f".Cm {' '.join(command)}" in text
        for option in set(re.findall(r"(?<![\w-])--([a-z][a-z0-9-]*)", help_text)) - {"help"}:
            assert f"Fl -{option}" in text, f"{command}: --{option}"
