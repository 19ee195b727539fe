"""Scanner reports by the command line: what is in them, and what became of their findings."""

import gzip
import json
import lzma
import os
import subprocess
from pathlib import Path

import pytest

from opsteward import BINARY, ROOT

DATA = ROOT / "tests" / "data" / "vulnerabilities" / "scan_reports"
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
BAD_INPUT = 3
SAMPLES = sorted(path for path in DATA.iterdir() if path.suffix not in (".md", ".expected"))


def run(*arguments, stdin: bytes = b"", **environment) -> subprocess.CompletedProcess:
    return subprocess.run([str(BINARY), *map(str, arguments)], input=stdin, capture_output=True, timeout=120, check=False, env={**ENVIRONMENT, **environment})


def answer(*arguments, stdin: bytes = b"") -> dict:
    done = run("--json", "scan", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"\n") == 1, "one document on one line"
    return json.loads(done.stdout)


def failure(code: int, *arguments, stdin: bytes = b"") -> dict:
    done = run("--json", "scan", *arguments, stdin=stdin)
    assert done.returncode == code, (done.returncode, done.stderr)
    assert not done.stdout
    return json.loads(done.stderr)["error"]


def text(*arguments, language: str = "C.UTF-8", stdin: bytes = b"") -> str:
    done = run("scan", *arguments, stdin=stdin, LC_ALL=language)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_told_in_both_languages_and_as_json(sample):
    model = answer("import", sample)
    findings = [line for line in Path(f"{sample}.expected").read_text().splitlines() if line.startswith("finding: ")]
    assert [f'finding: {finding["check"]} {finding["severity"]} {finding["state"]}' for finding in model["findings"]] == findings
    is_open = sum(finding["state"] == "open" for finding in model["findings"])
    assert f"Findings: {is_open} open" in text("import", sample)
    assert f"發現：{is_open} 項未處理" in text("import", sample, language="zh_TW.UTF-8")


def test_what_is_compressed_or_comes_by_standard_input_is_the_same(tmp_path):
    sample = DATA / "trivy_image.json"
    expected = answer("import", sample)
    (tmp_path / "a.gz").write_bytes(gzip.compress(sample.read_bytes()))
    (tmp_path / "named.xml").write_bytes(lzma.compress(sample.read_bytes()))
    assert answer("import", tmp_path / "a.gz") == expected
    assert answer("import", tmp_path / "named.xml") == expected, "the name says nothing"
    assert answer("import", "-", stdin=sample.read_bytes()) == expected


def test_an_unknown_or_damaged_file_is_refused_with_its_name_and_the_place(tmp_path):
    unknown = tmp_path / "notes.txt"
    unknown.write_text("hello")
    error = failure(BAD_INPUT, "import", unknown)
    assert error["code"] == "invalid_input"
    assert "notes.txt" in error["message"]["en"] and "NessusClientData_v2" in error["message"]["en"]
    cut = tmp_path / "cut.json"
    cut.write_bytes((DATA / "trivy_jar.json").read_bytes()[:5000])
    message = failure(BAD_INPUT, "compare", DATA / "trivy_jar.json", cut)["message"]["en"]
    assert "cut.json" in message and "at byte 5000" in message
    assert failure(1, "import", tmp_path / "none")["code"] == "not_found"
    assert run("scan", "import").returncode == 2
    assert run("scan").returncode == 2


def test_entities_are_refused():
    bomb = b'<!DOCTYPE nmaprun [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><nmaprun args="&b;"/>'
    assert "declares entities" in failure(BAD_INPUT, "import", "-", stdin=bomb)["message"]["en"]


def test_a_port_is_closed_only_by_a_scan_that_tried_it():
    closed = answer("compare", DATA / "nmap_http.xml", DATA / "nmap_closed.xml")
    assert closed["counts"] == {"fixed": 1, "still_there": 0, "not_looked_at": 2, "new": 0}
    assert closed["fixed"][0]["check"] == "open-port"
    assert closed["fixed"][0]["target"] == "127.0.0.1"
    other = answer("compare", DATA / "nmap_http.xml", DATA / "nmap_other.xml")
    assert other["counts"] == {"fixed": 0, "still_there": 0, "not_looked_at": 3, "new": 0}
    opened = answer("compare", DATA / "nmap_closed.xml", DATA / "nmap_http.xml")
    assert opened["counts"]["new"] == 3


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_report_compared_with_itself_has_nothing_fixed_and_nothing_new(sample):
    counts = answer("compare", sample, sample)["counts"]
    assert counts["fixed"] == 0 and counts["new"] == 0
    is_open = sum(finding["state"] == "open" for finding in answer("import", sample)["findings"])
    assert counts["still_there"] == is_open


def test_the_lists_are_told_to_people_with_their_reasons():
    english = text("compare", DATA / "nmap_http.xml", DATA / "nmap_other.xml")
    assert "Not looked at (not to be taken for fixed): 3" in english
    assert "The new scan did not try port 18080/tcp." in english
    chinese = text("compare", DATA / "nmap_http.xml", DATA / "nmap_closed.xml", language="zh_TW.UTF-8")
    assert "已修補: 1" in chinese


def test_what_a_report_holds_does_not_steer_the_terminal():
    evil = b'{"matches":[{"vulnerability":{"id":"CVE-2020-0001\\u001b[31m","severity":"High"},"artifact":{"name":"a\\nb\\u202e"}}],' \
           b'"source":{"type":"image","target":{"userInput":"img\\u0007"}},"descriptor":{"name":"grype\\u009b"}}'
    shown = text("import", "-", stdin=evil)
    assert "\\x1b[31m" in shown and "\\x0a" in shown
    for control in ("\x1b", "\x07", "\x9b", "\u202e"):
        assert control not in shown
