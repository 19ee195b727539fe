"""What the documentation says of `opsteward firewall`: the lines of its pages are run, and every field and value of the answers is described."""

import os
import re
import shutil
import subprocess

import pytest

from firewall import CHINESE, COUNTERS, ENGLISH, SAMPLES, answer, format_of
from opsteward import BINARY, ROOT

EXAMPLE = ROOT / "tests" / "data" / "firewall" / "operate"
OPERATE = ROOT / "docs" / "operate" / "firewall.md"
USER = ROOT / "docs" / "user" / "firewall.md"
ANSWERS = ROOT / "docs" / "formats" / "firewall-answers.md"
LEFT_OUT = "…"


def blocks(page, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def sessions(page) -> list[tuple[str, list[str]]]:
    """Each line after a dollar sign, with the lines that it prints."""
    found = []
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *printed = part.splitlines()
            found.append((command, printed))
    return found


def without_keyed_hashes(text: str) -> str:
    """Marks of secrets are keyed by whoever runs it."""
    return re.sub(r"<secret:[0-9a-f]{16}>", "<secret:KEYED>", text)


def agrees(printed: list[str], said: list[str]) -> bool:
    """`…` stands for any lines, also for none."""
    if not said:
        return not printed
    if said[0] == LEFT_OUT:
        return any(agrees(printed[start:], said[1:]) for start in range(len(printed) + 1))
    return bool(printed) and printed[0] == said[0] and agrees(printed[1:], said[1:])


@pytest.fixture
def folder(tmp_path):
    """The example, and `opsteward` among the commands."""
    shutil.copytree(EXAMPLE, tmp_path / "example")
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands" / "opsteward").symlink_to(BINARY)
    return tmp_path


@pytest.mark.parametrize("page, language, at_least", [(OPERATE, ENGLISH, 10), (USER, CHINESE, 1)], ids=["operate", "user"])
def test_the_lines_of_a_page_print_what_it_says(page, language, at_least, folder):
    lines = sessions(page)
    assert len(lines) >= at_least
    environment = {**os.environ, "LC_ALL": language, "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"),
                   "PATH": f"{folder / 'commands'}:{os.environ['PATH']}"}
    for command, said in lines:
        if "jq" in command and not shutil.which("jq"):
            continue
        done = subprocess.run(["sh", "-c", command], cwd=folder / "example", capture_output=True, text=True, timeout=120, check=False, env=environment)
        assert not done.stderr, (command, done.stderr)
        is_as_said = agrees(without_keyed_hashes(done.stdout).splitlines(), without_keyed_hashes("\n".join(said)).splitlines())
        assert is_as_said, f"{command} prints:\n{done.stdout}"


def test_the_expectations_of_the_page_are_those_of_the_example():
    assert blocks(OPERATE, "toml") == [(EXAMPLE / "expectations.toml").read_text(encoding="utf-8")]


def test_the_page_names_every_section_of_the_report():
    """By the heads of what the example yields."""
    table = OPERATE.read_text(encoding="utf-8").split("| section |", 1)[1].split("\n\n", 1)[0]
    printed = dict(sessions(OPERATE))["opsteward firewall check office.conf"]
    heads = [line for line in printed if re.fullmatch(r"[A-Z].* \(\d+\)", line)]
    assert len(heads) >= 10
    first_words = [row.split("|")[1].strip().split(" …")[0] for row in table.splitlines()[2:]]
    for head in heads:
        assert any(head.startswith(words) for words in first_words if words), head


def members_of(value) -> set[str]:
    if isinstance(value, list):
        return set().union(*(members_of(element) for element in value))
    return set(value) | set().union(*(members_of(member) for member in value.values())) if isinstance(value, dict) else set()


def words_of(value, members: set[str]) -> set[str]:
    """Texts that stand as values of these members, wherever they are."""
    if isinstance(value, list):
        return set().union(*(words_of(element, members) for element in value))
    if not isinstance(value, dict):
        return set()
    own = {text for member, text in value.items() if member in members and isinstance(text, str)}
    return own | set().union(*(words_of(member, members) for member in value.values()))


def without_words_as_members(found: dict) -> dict:
    """Totals are counted by kinds and levels, which are words that others have as values."""
    return {**found, "totals": {**found["totals"], "kinds": {}, "hygiene": {}}}


def without_vendors_kinds(found: dict) -> dict:
    return {**found, "items": [{**item, "kind": None} for item in found["items"]]}


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[str, list]:
    """Of each command: answers about the example, and `check` of every sample."""
    key = tmp_path_factory.mktemp("key") / "key"
    key.write_bytes(bytes(16))
    before, after = EXAMPLE / "office.conf", EXAMPLE / "office-after.conf"
    packet = "src=198.51.100.140 dst=203.0.113.20 dport=22 in=wan1 out=dmz"
    checks = [answer("check", before, "--counters", EXAMPLE / "policy-hits.txt")]
    for sample in SAMPLES:
        counters = COUNTERS.get(sample.parent.name)
        checks.append(answer("check", sample, "--format", format_of(sample), *(["--counters", sample.parent / counters] if counters else [])))
    return {
        "check": [without_words_as_members(found) for found in checks],
        "diff": [without_vendors_kinds(answer("diff", before, after)), without_vendors_kinds(answer("diff", after, before))],
        "test": [answer("test", before, "--expect", EXAMPLE / "expectations.toml", code=1)],
        "query": [answer("query", before, "--packet", packet), answer("query", before, "--traffic", "dst=203.0.113.20,203.0.113.10 in=wan1 out=dmz")],
        "redact": [answer("redact", before, "--key", key)],
    }


def described() -> dict[str, set[str]]:
    """Of each chapter of the format: the names in the first column of its tables of members."""
    chapters = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", ANSWERS.read_text(encoding="utf-8"), re.M | re.S)
    rows = {name: [row for table in re.findall(r"^\| member \|.*\n\|.*\n((?:\|.*\n)+)", text, re.M) for row in table.splitlines()] for name, text in chapters}
    return {name: {member for row in table for member in re.findall(r"`([^`]+)`", row.split("|")[1])} for name, table in rows.items()}


@pytest.mark.parametrize("command", ["check", "diff", "test", "query", "redact"])
def test_the_members_of_an_answer_are_those_that_are_described(command, answers):
    members, chapters = members_of(answers[command]), described()
    assert not members - chapters[command] - chapters["Parts"], "not described"
    assert not chapters[command] - members, "described and not there"


def test_every_part_that_is_described_stands_in_some_answer(answers):
    assert not described()["Parts"] - members_of(list(answers.values()))


def test_every_word_that_stands_as_a_value_is_described(answers):
    text = ANSWERS.read_text(encoding="utf-8")
    members = {"action", "change", "check", "extent", "fallback", "format", "kind", "level", "outcome", "proto", "reason", "removal", "state", "verdict", "way",
               "what"}
    words = words_of(list(answers.values()), members)
    assert {"live_unless", "partly_shadowed", "refuted", "rule_any_any"} & words
    assert not {word for word in words if not word.isdigit() and f"`{word}`" not in text}, "protocols without a name are numbers"
