"""Feeds to a snapshot, inventories to findings, by the command line."""

import gzip
import json
import lzma
import os
import subprocess
from pathlib import Path

import pytest

from opsteward import BINARY, ROOT

ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
SHARED = ROOT.parent / "shared" / "data" / "vulnerabilities"
WINDOWS = "Windows 10 Pro 22H2 (10.0.19045.3803)"


def command(*arguments, stdin: bytes = b"", language: str = "C.UTF-8") -> subprocess.CompletedProcess:
    return subprocess.run([str(BINARY), *map(str, arguments)], input=stdin, capture_output=True, timeout=300, check=False,
                          env={**ENVIRONMENT, "LC_ALL": language})


def done(*arguments, **more) -> str:
    run = command(*arguments, **more)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout.decode()


def failure(code: int, *arguments, **more) -> str:
    """The English words of the error, which is all that is said."""
    run = command("--json", *arguments, **more)
    assert run.returncode == code, (run.returncode, run.stderr.decode())
    assert not run.stdout
    error = json.loads(run.stderr)["error"]
    assert error["message"]["zh"] and error["message"]["en"]
    return error["message"]["en"]


def match_of(criteria: str, vulnerable: bool = True, **more) -> dict:
    return {"vulnerable": vulnerable, "criteria": criteria, "matchCriteriaId": "x", **more}


def cve(number: str, *nodes: list, needs_all: bool = False, modified: str = "2025-01-01T00:00:00.000", score: float | None = None, **more) -> dict:
    metrics = {}
    if score is not None:
        metrics["cvssMetricV31"] = [{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {
            "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": score, "baseSeverity": "HIGH"}}]
    configuration = {"nodes": [{"operator": "OR", "negate": False, "cpeMatch": node} for node in nodes]}
    if needs_all:
        configuration["operator"] = "AND"
    return {"cve": {"id": number, "sourceIdentifier": "nvd@nist.gov", "published": "2025-01-01T00:00:00.000", "lastModified": modified,
                    "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": f"What {number} is."}], "metrics": metrics,
                    "configurations": [configuration], "references": [], **more}}


def feed(*records: dict) -> bytes:
    return json.dumps({"resultsPerPage": len(records), "startIndex": 0, "totalResults": len(records), "format": "NVD_CVE", "version": "2.0",
                       "vulnerabilities": list(records)}).encode()


def host(name: str, system: str, *packages: dict, **more) -> bytes:
    return json.dumps({"host": name, "os": system, "packages": list(packages), **more}, ensure_ascii=False).encode() + b"\n"


class World:
    """A folder with feeds and a snapshot."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.nvd = folder / "nvd"
        self.nvd.mkdir()
        self.snapshot = folder / "all.snap"

    def compile(self, *more) -> dict:
        return json.loads(done("--json", "vuln", "compile", "--nvd", self.nvd, "--out", self.snapshot, *more))

    def match(self, *hosts: bytes, options: tuple = ()) -> list[dict]:
        out = done("--json", "vuln", "match", "--snapshot", self.snapshot, "--inventory", "-", *options, stdin=b"".join(hosts))
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def world(tmp_path) -> World:
    made = World(tmp_path)
    (made.nvd / "a.json").write_bytes(feed(
        cve("CVE-2025-1001", [match_of("cpe:2.3:a:google:chrome:*:*:*:*:*:*:*:*", versionEndExcluding="120.0")], score=8.8),
        cve("CVE-2025-1002", [match_of("cpe:2.3:a:v:app:*:*:*:*:*:*:*:*", versionEndIncluding="2.0")],
            [match_of("cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*", False)], needs_all=True),
        cve("CVE-2025-1003", [match_of("cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*")], score=3.1)))
    made.compile()
    return made


def test_a_line_for_each_finding(world):
    app = {"name": "App", "version": "2.0", "cpe": "cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*"}
    found = world.match(host("pc1", WINDOWS, app), host("pc2", "Debian GNU/Linux 12 (bookworm)", {"cpe": app["cpe"]}), host("pc3", "", app))
    assert [(row["host"], row["cve"], row["conditional"]) for row in found] == [
        ("pc1", "CVE-2025-1002", False), ("pc1", "CVE-2025-1003", False), ("pc2", "CVE-2025-1003", False),
        ("pc3", "CVE-2025-1002", True), ("pc3", "CVE-2025-1003", False)]
    assert found[1] == {"host": "pc1", "cve": "CVE-2025-1003", "package": "App", "version": "2.0", "severity": "low", "score": 3.1,
                        "score_source": "nvd@nist.gov", "score_version": "3.1", "kev": False, "epss": None, "confidence": 100,
                        "criteria": "cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*", "conditional": False}
    assert found[0]["severity"] == "unscored" and found[0]["score"] is None and found[0]["criteria"].endswith("<= 2.0")


def test_lines_for_people_are_the_same_in_columns(world):
    run = command("vuln", "match", "--snapshot", world.snapshot, "--inventory", "-", language="zh_TW.UTF-8",
                  stdin=host("pc\x1b[31m", WINDOWS, {"cpe": "cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*"}))
    lines = run.stdout.decode().splitlines()
    assert lines[0].split("\t")[:3] == ["host", "cve", "package"] and len(lines) == 3
    assert "\x1b" not in run.stdout.decode(), "what an inventory says does not reach the terminal as it is"
    assert "部主機" in run.stderr.decode()


def test_what_was_not_judged_is_counted(world):
    inventory = host("pc1", "Rocky Linux 9.3", {"name": "openssl", "version": "3.0.7-24.el9"}) + host("pc2", WINDOWS, {"name": "Frobnicator Suite", "version": "1", "publisher": "Frob & Sons"})
    counts = json.loads(done("--json", "vuln", "match", "--snapshot", world.snapshot, "--inventory", "-", "--count", stdin=inventory))
    assert counts["hosts"] == 2 and counts["packages"]["no_data"] == 1 and counts["packages"]["unnamed"] == 1
    assert counts["unnamed"] == [{"name": "Frobnicator Suite", "publisher": "Frob & Sons", "version": "1"}] and counts["without_data"][0]["name"] == "openssl"


def test_a_title_is_matched_by_its_name(world):
    found = world.match(host("pc1", WINDOWS, {"name": "Google Chrome", "version": "119.0.6045.105", "publisher": "Google LLC"}))
    assert [row["cve"] for row in found] == ["CVE-2025-1001"]
    assert not world.match(host("pc1", WINDOWS, {"name": "Google Chrome", "version": "120.0.6099.71", "publisher": "Google LLC"}))


def test_filters(world):
    app = {"cpe": "cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*"}
    rows = world.match(host("pc3", "", app), options=("--severity", "high"))
    assert [row["cve"] for row in rows] == ["CVE-2025-1002"], "what nobody scored is never left out"
    assert [row["cve"] for row in world.match(host("pc3", "", app), options=("--certain",))] == ["CVE-2025-1003"]


def test_known_exploited_predicted_and_debians_own_data(world):
    (world.folder / "kev.json").write_text(json.dumps({"title": "x", "catalogVersion": "1", "dateReleased": "2026-01-01", "count": 1, "vulnerabilities": [
        {"cveID": "CVE-2025-1003", "vendorProject": "v", "product": "app", "vulnerabilityName": "n", "dateAdded": "2026-01-01", "shortDescription": "s",
         "requiredAction": "Apply updates.", "dueDate": "2026-01-22", "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": []}]}))
    (world.folder / "epss.csv").write_text("#model_version:v1,score_date:2026-01-01\ncve,epss,percentile\nCVE-2025-1003,0.5,0.9\nCVE-1999-0001,0.1,0.1\n")
    (world.folder / "debian.json").write_text(json.dumps({"openssl": {"CVE-2025-1001": {"releases": {
        "bookworm": {"status": "resolved", "repositories": {"bookworm": "3.0.11-1"}, "fixed_version": "3.0.11-1~deb12u2", "urgency": "high"}}}}}))
    world.compile("--kev", world.folder / "kev.json", "--epss", world.folder / "epss.csv", "--debian", world.folder / "debian.json")
    found = world.match(host("s", "Debian GNU/Linux 12 (bookworm)", {"name": "libssl3", "version": "3.0.11-1~deb12u1", "source": "openssl"},
                             {"cpe": "cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*"}))
    assert {row["cve"]: row["criteria"] for row in found}["CVE-2025-1001"] == "Debian:12 openssl < 3.0.11-1~deb12u2"
    row = next(row for row in found if row["cve"] == "CVE-2025-1003")
    assert row["kev"] is True and row["epss"] == 0.5 and row["severity"] == "high" and row["score"] == 3.1
    shown = json.loads(done("--json", "vuln", "show", "cve-2025-1003", "--snapshot", world.snapshot))
    assert shown["kev"]["ransomware"] is True and shown["epss"]["percentile"] == 0.9 and shown["status"] == "open"
    assert shown["metrics"][0]["origin"] == "nvd" and shown["description"]["origin"] == "nvd"
    for language, word in (("C.UTF-8", "Known to be exploited"), ("zh_TW.UTF-8", "已知遭利用")):
        assert word in done("vuln", "show", "CVE-2025-1003", "--snapshot", world.snapshot, language=language)


def test_what_is_written_may_be_named_without_a_folder(world, monkeypatch):
    monkeypatch.chdir(world.folder)
    done("vuln", "compile", "--nvd", "nvd", "--out", "here.snap")
    done("vuln", "bundle", "--nvd", "nvd", "--out", "here.tar")
    Path("inventory.ndjson").write_bytes(host("pc1", WINDOWS, {"name": "App", "version": "2"}))
    done("vans", "export", "--inventory", "inventory.ndjson", "--format", "v2", "--oid", "2.16.886.101.20003", "--org", "x", "--out", "here.json")
    assert sorted(path.name for path in Path().glob("here.*")) == ["here.json", "here.snap", "here.tar"]


def test_a_bundle_carries_the_feeds_into_a_closed_network(world):
    bundle = world.folder / "feeds.tar"
    done("vuln", "bundle", "--nvd", world.nvd, "--out", bundle)
    made = json.loads(done("--json", "vuln", "compile", "--bundle", bundle, "--out", world.folder / "carried.snap"))
    assert made["records"] == 3
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[:3000] + bytes([whole[3000] ^ 1]) + whole[3001:])
    failure(3, "vuln", "compile", "--bundle", bundle, "--out", world.folder / "other.snap")
    assert not (world.folder / "other.snap").exists()


def test_feeds_may_be_packed(world):
    plain = (world.nvd / "a.json").read_bytes()
    before = world.snapshot.read_bytes()
    for name, packed in (("a.json.gz", gzip.compress(plain)), ("a.json.xz", lzma.compress(plain))):
        for old in world.nvd.iterdir():
            old.unlink()
        (world.nvd / name).write_bytes(packed)
        assert world.compile()["records"] == 3
        assert len(world.snapshot.read_bytes()) == len(before)


def test_an_update_touches_changed_products_alone_and_says_which(world):
    (world.folder / "modified.json").write_bytes(feed(
        cve("CVE-2025-1003", [match_of("cpe:2.3:a:v:other:1:*:*:*:*:*:*:*")], modified="2026-01-01T00:00:00.000"),
        cve("CVE-2026-1001", [match_of("cpe:2.3:a:google:chrome:*:*:*:*:*:*:*:*", versionEndExcluding="140")])))
    out = world.folder / "new.snap"
    update = json.loads(done("--json", "vuln", "compile", "--base", world.snapshot, "--nvd", world.folder / "modified.json", "--out", out))
    assert update["new_records"] == 1 and update["changed_records"] == 1
    assert update["changed_products"] == ["a:google:chrome", "a:v:app", "a:v:other"]
    world.snapshot = out
    assert [row["cve"] for row in world.match(host("x", "", {"cpe": "cpe:2.3:a:v:other:1:*:*:*:*:*:*:*"}, {"cpe": "cpe:2.3:a:google:chrome:130:*:*:*:*:*:*:*"}))] == [
        "CVE-2025-1003", "CVE-2026-1001"]


def test_damaged_feeds_are_refused_and_the_snapshot_stays(world):
    plain = (world.nvd / "a.json").read_bytes()
    packed = lzma.compress(plain, check=lzma.CHECK_CRC64)
    damaged = {
        "cut.json": plain[:-20],
        "garbage.json": plain + b"x",
        "deep.json": b'{"vulnerabilities":[{"cve":{"id":"CVE-2025-1","x":' + b"[" * 100_000,
        "cut.json.gz": gzip.compress(plain)[:-9],
        "checksum.json.gz": gzip.compress(plain)[:-8] + b"\0\0\0\0" + gzip.compress(plain)[-4:],
        "cut.json.xz": packed[:-30],
        "checksum.json.xz": packed[:-40] + bytes([packed[-40] ^ 1]) + packed[-39:],
        "other.json": b'{"hello":"world"}',
        "list.json": b"[1,2,3]",
        "empty.json": b"",
    }
    before = world.snapshot.read_bytes()
    for name, content in damaged.items():
        path = world.folder / name
        path.write_bytes(content)
        words = failure(3, "vuln", "compile", "--nvd", path, "--out", world.snapshot)
        assert str(path) in words, (name, words)
        assert world.snapshot.read_bytes() == before
    assert not list(world.folder.glob("*.new"))


def test_damaged_snapshots_and_inventories_are_refused(world):
    whole = world.snapshot.read_bytes()
    inventory = host("pc1", WINDOWS, {"cpe": "cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*"})
    for name, content in {"cut": whole[:-1], "header": whole[:20] + b"\xff" + whole[21:], "other": b"x" * 1000, "empty": b""}.items():
        path = world.folder / name
        path.write_bytes(content)
        assert "snapshot" in failure(3, "vuln", "match", "--snapshot", path, "--inventory", "-", stdin=inventory)
        assert "snapshot" in failure(3, "vuln", "show", "CVE-2025-1001", "--snapshot", path)
    assert "line 2" in failure(3, "vuln", "match", "--snapshot", world.snapshot, "--inventory", "-", stdin=inventory + b"{\n")
    failure(1, "vuln", "match", "--snapshot", world.folder / "missing", "--inventory", "-", stdin=inventory)
    failure(1, "vuln", "show", "CVE-2099-1", "--snapshot", world.snapshot)


def test_wrong_command_lines_are_refused(world):
    assert "At least one feed" in failure(3, "vuln", "compile", "--out", world.folder / "x")
    failure(1, "vuln", "compile", "--nvd", world.folder / "missing", "--out", world.folder / "x")
    failure(2, "vuln", "match", "--snapshot", world.snapshot)
    assert not (world.folder / "x").exists()


def test_a_reader_that_goes_away_ends_the_command(world):
    inventory = world.folder / "inventory.ndjson"
    with inventory.open("wb") as file:
        for number in range(20_000):
            file.write(host(f"pc{number}", "", {"cpe": "cpe:2.3:a:v:app:2.0:*:*:*:*:*:*:*"}))
    process = subprocess.Popen([str(BINARY), "vuln", "match", "--snapshot", str(world.snapshot), "--inventory", str(inventory)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=ENVIRONMENT)
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) != 0


@pytest.mark.skipif(not Path("/usr/bin/dpkg-query").exists() or 'VERSION_ID="12"' not in Path("/etc/os-release").read_text(), reason="no Debian 12")
def test_this_machines_packages_in_one_pipe(tmp_path):
    """As docs/operate/vulnerabilities.md has it."""
    text = (ROOT / "docs" / "operate" / "vulnerabilities.md").read_text(encoding="utf-8")
    pipe = text.split("in one pipe:\n\n```sh\n", 1)[1].split("```", 1)[0].replace("opsteward ", f"{BINARY} ")
    snapshot = tmp_path / "vulnerabilities.snap"
    done("vuln", "compile", "--debian", ROOT / "tests" / "data" / "vulnerabilities" / "debian-tracker-excerpt.json", "--out", snapshot)
    run = subprocess.run(["sh", "-c", pipe], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True, env=ENVIRONMENT)
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    found = {(row[1], row[2]): row for row in rows[1:]}
    assert ("CVE-2005-2541", "tar") in found and ("CVE-2011-3374", "apt") in found and ("CVE-2017-18018", "coreutils") in found
    assert found["CVE-2005-2541", "tar"][-1] == "Debian:12 tar"
    assert ("CVE-2011-3374", "libapt-pkg6.0:amd64") in found or ("CVE-2011-3374", "libapt-pkg6.0") in found, "by its source package"
    assert not any(row[1] == "CVE-2022-1271" for row in rows), "mended before"
    assert "Hosts: 1" in run.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_a_year_of_real_records(tmp_path):
    snapshot = tmp_path / "2005.snap"
    made = json.loads(done("--json", "vuln", "compile", "--nvd", SHARED / "nvd20" / "nvdcve-2.0-2005.from-1.1.json.xz", "--out", snapshot))
    feeds = {entry["feed"]: entry for entry in made["feeds"]}
    assert made["records"] == feeds["nvd"]["records"] > 4000 and feeds["nvd"]["odd_parts"] == 0
    shown = json.loads(done("--json", "vuln", "show", "CVE-2005-1000", "--snapshot", snapshot))
    assert shown["cve"] == "CVE-2005-1000" and shown["configurations"]
