"""Titles of installed software to CPE names by the command line: one and many, with and without people's decisions."""

import json
import os
import subprocess
from pathlib import Path

from opsteward import BINARY

ENGLISH = {**os.environ, "LC_ALL": "C.UTF-8"}
CHINESE = {**os.environ, "LC_ALL": "zh_TW.UTF-8"}
CONFIRMATIONS = """\
[[confirmation]]
name = "薪資查詢小幫手"
none = true
author = "王小明"
date = 2026-11-27
reason = "本機關自行開發"

[[confirmation]]
name = "7-Zip"
publisher = "Igor Pavlov"
cpe = "cpe:2.3:a:acme:zip:*:*:*:*:*:*:*:*"
author = "Lin"
date = 2026-11-26
"""


def run(*arguments, environment: dict = ENGLISH) -> subprocess.CompletedProcess:
    command = [str(BINARY), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment)


def answer(*arguments) -> dict:
    done = run("--json", "vuln", "cpe", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"\n") == 1, "one document on one line"
    return json.loads(done.stdout)


def failure(code: int, *arguments) -> dict:
    done = run("--json", "vuln", "cpe", *arguments)
    assert done.returncode == code, done.stderr
    return json.loads(done.stderr)["error"]


def seven_zip() -> list[str]:
    return ["--name", "7-Zip 23.01 (x64)", "--publisher", "Igor Pavlov", "--version", "23.01"]


def test_a_title_is_told_with_its_thirteen_components_and_why():
    done = run("vuln", "cpe", *seven_zip())
    assert done.returncode == 0
    first, *others = done.stdout.decode().splitlines()
    assert first == "cpe:2.3:a:7-zip:7-zip:23.01:*:*:*:*:*:*:*"
    assert first.count(":") == 12
    assert any("confidence 100" in line for line in others)
    assert "信心 100" in run("vuln", "cpe", *seven_zip(), environment=CHINESE).stdout.decode()


def test_json_tells_what_it_rests_on():
    told = answer(*seven_zip())
    assert told["cpe"] == "cpe:2.3:a:7-zip:7-zip:23.01:*:*:*:*:*:*:*"
    assert told["evidence"] == "rule"
    assert told["confidence"] == 100
    assert told["why"]["zh"]
    assert told["why"]["en"]
    java = answer("--name", "Java 8 Update 391 (64-bit)", "--publisher", "Oracle Corporation", "--version", "8.0.3910.13")
    assert java["cpe"] == "cpe:2.3:a:oracle:jre:1.8.0:update391:*:*:*:*:*:*"


def test_what_is_no_product_or_not_sure_is_none_with_the_reason():
    decided = answer("--name", "LibreOffice 7.6 Help Pack (Chinese (traditional))", "--publisher", "The Document Foundation")
    assert decided["cpe"] is None
    assert decided["evidence"] == "rule"
    unsure = answer("--name", "Photoshop Helper Thing", "--publisher", "Adobe Inc.")
    assert unsure["cpe"] is None
    assert unsure["evidence"] == "nothing"
    assert "cpe:2.3:a:adobe:photoshop:*:*:*:*:*:*:*:*" in unsure["candidates"]
    text = run("vuln", "cpe", "--name", "Photoshop Helper Thing", "--publisher", "Adobe Inc.").stdout.decode()
    assert text.startswith("none\n")
    assert "candidate cpe:2.3:a:adobe:photoshop:" in text


def test_a_decision_of_a_person_goes_before_everything(tmp_path: Path):
    file = tmp_path / "names.toml"
    file.write_text(CONFIRMATIONS)
    told = answer(*seven_zip(), "--confirmations", file)
    assert told["cpe"] == "cpe:2.3:a:acme:zip:23.01:*:*:*:*:*:*:*"
    assert told["evidence"] == "confirmation"
    assert "Lin" in told["why"]["en"]
    assert "2026-11-26" in told["why"]["en"]
    none = answer("--name", "薪資查詢小幫手 2.0.1", "--confirmations", file)
    assert none["cpe"] is None
    assert none["evidence"] == "confirmation"
    assert "本機關自行開發" in none["why"]["zh"]


def test_decisions_without_author_or_in_conflict_are_refused_by_line(tmp_path: Path):
    file = tmp_path / "names.toml"
    file.write_text(CONFIRMATIONS.replace('author = "Lin"\n', ""))
    assert "line 8: author is missing" in failure(3, *seven_zip(), "--confirmations", file)["message"]["en"]
    file.write_text(CONFIRMATIONS + CONFIRMATIONS.replace("acme", "other"))
    assert "decides otherwise than line 8" in failure(3, *seven_zip(), "--confirmations", file)["message"]["en"]


def test_many_titles_are_answered_a_line_each(tmp_path: Path):
    file = tmp_path / "titles.tsv"
    file.write_text("7-Zip 23.01 (x64)\tIgor Pavlov\t23.01\n\nSomething Nobody Knows\nWireshark 4.2.0 64-bit\t\t4.2.0\r\n")
    lines = run("vuln", "cpe", "--titles", file).stdout.decode().splitlines()
    assert [line.split("\t")[3] for line in lines] == ["cpe:2.3:a:7-zip:7-zip:23.01:*:*:*:*:*:*:*", "none",
                                                       "cpe:2.3:a:wireshark:wireshark:4.2.0:*:*:*:*:*:*:*"]
    told = answer("--titles", file)["titles"]
    assert [title["evidence"] for title in told] == ["rule", "nothing", "rule"]
    file.write_text("a\tb\tc\td\n")
    assert "Line 1" in failure(3, "--titles", file)["message"]["en"]


def test_the_command_line_has_to_say_what_to_name(tmp_path: Path):
    assert run("vuln", "cpe").returncode == 2
    assert run("vuln", "cpe", "--publisher", "x").returncode == 2
    assert run("vuln", "cpe", "--name", "x", "--titles", tmp_path / "y").returncode == 2
    assert run("vuln", "cpe", "--titles", tmp_path / "missing").returncode != 0


def test_a_title_of_arbitrary_bytes_is_answered():
    done = run("--json", "vuln", "cpe", "--name", b"\xff\xfe7-Zip \x80".decode("utf-8", "surrogateescape"))
    assert done.returncode == 0
    json.loads(done.stdout.decode())
