"""Retention of the log vault by the command line: old records go whole segments at a time, as signed, and everything else can be proved as before."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from opsteward import BINARY, wait_for

VERIFY = Path(f"{BINARY}-verify")
FAKETIME = shutil.which("faketime")
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
NOW = "2026-11-25 04:00:00"

pytestmark = pytest.mark.skipif(FAKETIME is None, reason="receiving records on another day needs faketime")


class Vault:
    """A vault whose commands run on a day of one's choice."""

    def __init__(self, data: Path):
        self.data = data
        self.folder = data / "vault"
        self.rules = data / "retention.toml"

    def run(self, when: str, name: str, *arguments, stdin: bytes = b"", as_json: bool = True, **environment) -> subprocess.CompletedProcess:
        command = [FAKETIME, "-f", f"@{when}", str(BINARY), *(["--json"] if as_json else []), "logs", name, "--data", str(self.data), *map(str, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=False, env={**ENVIRONMENT, **environment})

    def answer(self, when: str, name: str, *arguments, stdin: bytes = b"") -> dict:
        done = self.run(when, name, *arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def failure(self, code: int, when: str, name: str, *arguments) -> dict:
        done = self.run(when, name, *arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stderr)["error"]

    def receive(self, when: str, source: str, count: int, kind: str = "os") -> None:
        """So many lines, in a segment of their own."""
        lines = b"".join(b"%s says %d of %s\n" % (source.encode(), i, when.encode()) for i in range(count))
        self.answer(when, "ingest", "--source", source, "--kind", kind, stdin=lines)
        self.answer(when, "compact")

    def retain(self, *options, when: str = NOW) -> dict:
        return self.answer(when, "retain", *options)

    def sequences(self) -> list[int]:
        done = self.run(NOW, "search")
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["sequence"] for line in done.stdout.splitlines()]

    def files(self, suffix: str) -> list[int]:
        return sorted(int(path.stem) for path in (self.folder / "segments").glob(f"*{suffix}"))

    def verify(self, *arguments) -> subprocess.CompletedProcess:
        command = [str(VERIFY), "vault", str(self.folder), "--key", str(self.data / "vault.pub"), "--json", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, timeout=120, check=False, env=ENVIRONMENT, text=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Records of four days: 0 to 299 and 300 to 399 are old, 400 to 499 are younger, 500 to 599 came just now."""
    vault = Vault(tmp_path_factory.mktemp("made") / "data")
    vault.receive("2026-01-05 03:00:00", "fw-1", 300, "firewall")
    vault.receive("2026-01-06 03:00:00", "db-1", 100)
    shutil.copy(vault.folder / "checkpoint", vault.data.parent / "witness")
    vault.receive("2026-07-01 03:00:00", "fw-1", 100, "firewall")
    vault.receive("2026-11-25 03:00:00", "fw-1", 100, "firewall")
    assert vault.files(".seg") == [0, 300, 400, 500]
    return vault.data


@pytest.fixture
def vault(made, tmp_path) -> Vault:
    shutil.copytree(made, tmp_path / "data")
    return Vault(tmp_path / "data")


def firsts(answer: dict) -> list[int]:
    return [one["first"] for one in answer["deleted"]]


def reasons(answer: dict) -> dict[str, int]:
    return {one["why"]: one["records"] for one in answer["kept"]}


def test_without_rules_nothing_is_ever_deleted(vault):
    answer = vault.retain()
    assert not answer["has_rules"] and answer["records"] == 0 and reasons(answer) == {"no_rule": 600}
    assert vault.files(".seg") == [0, 300, 400, 500]


def test_a_dry_run_tells_what_would_go_and_changes_nothing(vault):
    vault.rules.write_text("days = 190\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in sorted(vault.folder.rglob("*")) if path.is_file()}
    answer = vault.retain("--dry-run")
    assert answer["dry_run"] and firsts(answer) == [0, 300] and answer["records"] == 400 and reasons(answer) == {"younger": 200}
    assert answer["deleted"][0]["from"] == answer["deleted"][0]["to"] == "2026-01-05"
    assert answer["deleted"][1]["streams"] == [{"source": "db-1", "kind": "os"}]
    assert {path: path.read_bytes() for path in sorted(vault.folder.rglob("*")) if path.is_file()} == before


def test_what_is_old_goes_and_the_rest_is_proved_against_old_and_new_checkpoints(vault, made):
    vault.rules.write_text("days = 190\n", encoding="utf-8")
    root_before = vault.answer(NOW, "status")["root"]
    answer = vault.retain()
    assert firsts(answer) == [0, 300] and [one["event"] for one in answer["deleted"]] == [600, 601]
    assert vault.files(".seg") == [400, 500, 600] and vault.files(".gone") == [0, 300]
    assert vault.sequences() == list(range(400, 602))
    status = vault.answer(NOW, "status")
    assert status["deleted"] == 400 and status["tree_size"] == status["sealed_size"] == 602 and status["root"] != root_before
    for sequence in (400, 499, 500, 599, 600, 601):
        proof = vault.data / "proof"
        proof.write_text(vault.answer(NOW, "prove", sequence)["proof"], encoding="utf-8")
        done = subprocess.run([str(VERIFY), "proof", str(proof), "--key", str(vault.data / "vault.pub")], capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    gone = vault.failure(1, NOW, "prove", 7)
    assert gone["code"] == "not_found" and "25 Nov 2026" in gone["message"]["en"] and "600" in gone["message"]["en"] and "民國115年11月25日" in gone["message"]["zh"]
    checked = vault.verify("--checkpoint", made.parent / "witness")
    report = json.loads(checked.stdout)
    assert checked.returncode == 0 and report["intact"] and report["deleted"] == 400 and report["records"] == 602, checked.stdout
    assert {note["code"] for note in report["notes"]} == {"deleted"}
    assert vault.retain()["records"] == 0, "once"
    vault.receive("2026-11-25 05:00:00", "fw-1", 10, "firewall")
    assert vault.answer(NOW, "status")["deleted"] == 400


def test_the_record_of_a_deletion_says_what_went_and_by_which_rule(vault):
    vault.rules.write_text("days = 190\n[[rule]]\nkind = 'os'\ndays = 200\n", encoding="utf-8")
    vault.retain()
    done = vault.run(NOW, "search", "--source", "opsteward", "--kind", "deletion")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    said = [json.loads(event["message"]) for event in events]
    assert [event["transport"] for event in events] == ["internal", "internal"]
    assert [(one["first"], one["count"], one["from"]) for one in said] == [(0, 300, "2026-01-05"), (300, 100, "2026-01-06")]
    assert said[0]["of"] == [{"source": "fw-1", "kind": "firewall", "records": 300, "days": 190}]
    assert said[1]["of"] == [{"source": "db-1", "kind": "os", "records": 100, "days": 200}]


def test_the_longest_rule_wins_and_a_hold_wins_over_all(vault):
    vault.rules.write_text("days = 190\n[[rule]]\nsource = 'db-1'\ndays = 365\n", encoding="utf-8")
    held = vault.answer(NOW, "hold", "--source", "fw-1", "--from", "115.1.5", "--to", "115.1.5", "--reason", "第 12 號案")
    assert held["holds"] == 1
    answer = vault.retain()
    assert answer["records"] == 0 and reasons(answer) == {"held": 300, "younger": 300}
    assert next(one for one in answer["kept"] if one["why"] == "held")["reason"] == "第 12 號案"
    text = vault.run(NOW, "retain", "--dry-run", as_json=False, LC_ALL="zh_TW.UTF-8").stdout.decode()
    assert "保全中 (第 12 號案)" in text and "116.1.7" in text and "民國115年11月25日" in text


def test_a_hold_where_there_were_no_rules_lets_nothing_go(vault):
    vault.answer(NOW, "hold", "--source", "fw-1", "--reason", "case")
    assert vault.retain()["records"] == 0


@pytest.mark.parametrize("rules, place", [("days = 182\n", ":1:8"), ("days = 190\n[[rule]]\nday = 1\n", ":3:1"), ("days 190\n", ":1:")])
def test_rules_that_are_wrong_are_refused_with_their_place(vault, rules, place):
    vault.rules.write_text(rules, encoding="utf-8")
    error = vault.failure(3, NOW, "retain")
    assert f"retention.toml{place}" in error["message"]["en"] and f"retention.toml{place}" in error["message"]["zh"]
    vault.failure(3, NOW, "hold", "--reason", "case")
    assert vault.rules.read_text(encoding="utf-8") == rules and vault.files(".gone") == []


def test_a_clock_that_jumped_ahead_deletes_nothing_until_it_is_vouched_for(vault):
    vault.rules.write_text("days = 190\n", encoding="utf-8")
    later = "2027-12-01 03:00:00"
    error = vault.failure(1, later, "retain")
    assert "--clock-is-right" in error["message"]["en"] and vault.files(".gone") == []
    assert vault.retain("--clock-is-right", when=later)["records"] == 600


def test_a_vault_that_was_never_there_or_is_in_use_is_told(tmp_path, vault):
    assert Vault(tmp_path / "none").failure(1, NOW, "retain")["code"] == "not_found"
    assert not (tmp_path / "none").exists()
    vault.rules.write_text("days = 190\n", encoding="utf-8")
    writer = subprocess.Popen([str(BINARY), "logs", "ingest", "--data", str(vault.data), "--source", "x", "--kind", "os"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    try:
        wait_for(lambda: (vault.folder / "lock").read_text(encoding="utf-8").strip() == str(writer.pid), "the writer's lock")
        assert vault.failure(4, NOW, "retain")["code"] == "conflict"
        assert vault.failure(4, NOW, "hold", "--reason", "case")["code"] == "conflict"
        assert firsts(vault.retain("--dry-run")) == [0, 300], "looking needs no lock"
    finally:
        writer.communicate(timeout=60)


def test_a_removal_that_was_cut_short_is_finished_and_said_once(vault):
    vault.rules.write_text("days = 190\n", encoding="utf-8")
    segment = vault.folder / "segments" / f"{300:020}.seg"
    kept = segment.read_bytes()
    vault.retain()
    segment.write_bytes(kept)
    assert 300 not in vault.sequences()
    segment.with_suffix(".gone").unlink()
    assert 300 in vault.sequences()
    assert vault.retain()["records"] == 0
    assert not segment.exists() and segment.with_suffix(".gone").exists()
    assert vault.answer(NOW, "status")["tree_size"] == 602


def test_whoever_removes_a_segment_without_a_word_is_found_out(vault):
    vault.rules.write_text("days = 190\n", encoding="utf-8")
    vault.retain()
    segments = vault.folder / "segments"
    other = segments / f"{0:020}.gone"
    kept = other.read_bytes()
    other.unlink()
    assert vault.verify().returncode == 1
    vault.failure(3, NOW, "status")
    other.write_bytes(kept)
    assert vault.verify().returncode == 0
    other.write_bytes(kept[:40] + bytes([kept[40] ^ 1]) + kept[41:])
    codes = {failure["code"] for failure in json.loads(vault.verify().stdout)["failures"]}
    assert "deletion-malformed" in codes
