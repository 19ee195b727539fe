#!/usr/bin/env python3
"""The vulnerability engine beside its peer: feeds compiled, a fleet matched, one host, a scanner's report.

usage: bench/vuln/run.py [HOSTS] [PACKAGES]        5,000 and 300
needs build/release (ninja -C build/release benchmarks) or OPSTEWARD_BUILD, and the feeds in ../shared/data/vulnerabilities

Every figure is of a whole process as a user starts it, unless it says "inside": then the program measured itself. The peer is a plain matcher in Python over the same feeds
(plain_matcher.py), on so many hosts as take it a moment, and apt's comparison of versions as debsecan uses it.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("OPSTEWARD_BUILD", ROOT / "build" / "release"))
DATA = ROOT.parent / "shared" / "data" / "vulnerabilities"
HOSTS = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
PACKAGES = int(sys.argv[2]) if len(sys.argv) > 2 else 300
PEER_HOSTS = 50
HELD_HOSTS = 24
REPORT_FINDINGS = 100_000


class Run:
    """One process: how long it took, its CPU time, its memory, what it said."""

    def __init__(self, *command, stdout=subprocess.PIPE, check=True):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdout=stdout, stderr=subprocess.PIPE)
        out, error = process.communicate()
        self.wall = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.out = (out or b"").decode(errors="replace")
        if check and process.returncode != 0:
            raise SystemExit(f"{command}: {process.returncode}: {error.decode(errors='replace')[-500:]}")


def peak_mib(*command) -> int:
    """Of a process of its own, so that no other child's peak is taken for it."""
    program = "import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    return int(subprocess.run([sys.executable, "-c", program, *map(str, command)], capture_output=True, text=True, check=True).stdout) // 1024


def say(name: str, value: str, wanted: str = "") -> None:
    print(f"  {name:<58} {value}{'   (wanted ' + wanted + ')' if wanted else ''}", flush=True)


def machine() -> None:
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?")
    print(f"{platform.platform()}, {os.cpu_count()} cores, {cpu}")
    print(subprocess.run([BUILD / "opsteward", "--version"], capture_output=True, text=True, check=False).stdout.strip(), "| Python", platform.python_version())


def nessus_report(path: Path, findings: int) -> None:
    """A host has 100 findings, of which one stands twice."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" ?><NessusClientData_v2><Report name="made">')
        for host in range(findings // 100):
            file.write(f'<ReportHost name="10.{host >> 8 & 255}.{host & 255}.1"><HostProperties><tag name="HOST_START">Thu Jan 01 00:00:00 2026</tag>'
                       '<tag name="HOST_END">Thu Jan 01 01:00:00 2026</tag></HostProperties>')
            for number in range(100):
                plugin = 100_000 + number % 99
                file.write(f'<ReportItem port="{number % 90}" svc_name="www" protocol="tcp" severity="{number % 5}" pluginID="{plugin}" pluginName="Check {plugin}" pluginFamily="General">'
                           f'<cve>CVE-2025-{1000 + number}</cve><cvss3_base_score>7.5</cvss3_base_score><description>What check {plugin} is about, at some length, as reports have it.'
                           f'</description><solution>Update it.</solution><plugin_output>Found version 1.{number} of a thing on host {host}.</plugin_output></ReportItem>')
            file.write("</ReportHost>")
        file.write("</Report></NessusClientData_v2>")


def versions_against_apt() -> None:
    try:
        import apt_pkg
    except ImportError:
        say("apt's order of versions (python3-apt)", "not installed")
        return
    apt_pkg.init_system()
    status = Path("/var/lib/dpkg/status").read_text(encoding="utf-8", errors="replace")
    versions = sorted({line[9:] for line in status.splitlines() if line.startswith("Version: ")})
    pairs = [(versions[i], versions[(i * 7 + 3) % len(versions)]) for i in range(len(versions))]
    sign = lambda number: (number > 0) - (number < 0)
    checked = different = 0
    for a, b in pairs[:200]:
        ours = int(Run(BUILD / "opsteward", "vuln", "version-compare", "--scheme", "dpkg", "--", a, b).out)
        checked += 1
        different += ours != sign(apt_pkg.version_compare(a, b))
    began = time.monotonic()
    rounds = 200_000 // max(len(pairs), 1) + 1
    for _ in range(rounds):
        for a, b in pairs:
            apt_pkg.version_compare(a, b)
    say("apt's comparison of versions, as debsecan uses it", f"{rounds * len(pairs) / (time.monotonic() - began) / 1e6:.1f} M/s from Python")
    say(f"  pairs of this machine's versions ordered otherwise", f"{different} of {checked}", "0")


def main() -> None:
    if not (DATA / "nvd20").is_dir():
        raise SystemExit(f"{DATA} is not here: nothing to measure with")
    machine()
    feeds = sorted((DATA / "nvd20").glob("*.xz"))
    opsteward = BUILD / "opsteward"
    with tempfile.TemporaryDirectory() as folder:
        snapshot, inventory = Path(folder) / "all.snap", Path(folder) / "inventory.ndjson"
        compile_ = [opsteward, "--json", "vuln", "compile", "--nvd", DATA / "nvd20", "--out", snapshot]
        made = Run(*compile_)
        counts = json.loads(made.out)
        print(f"\nFeeds: {counts['records']:,} records, {counts['products']:,} products, {counts['ranges']:,} ranges")
        say("every feed of nvd20 from .xz to the snapshot", f"{made.wall:.1f} s, CPU {made.cpu:.1f} s", "10 s")
        say("  memory", f"{peak_mib(*compile_)} MiB", "1,024 MiB")
        say("  snapshot", f"{counts['bytes'] / (1 << 20):.0f} MiB")
        modified = Path(folder) / "modified.json"
        newest = json.loads(subprocess.run(["xz", "-dc", str(feeds[-2])], capture_output=True, check=True).stdout)
        newest["vulnerabilities"] = newest["vulnerabilities"][:200]
        for item in newest["vulnerabilities"]:
            item["cve"]["lastModified"] = "2027-01-01T00:00:00.000"
            for configuration in item["cve"].get("configurations", []):
                configuration["nodes"] = configuration["nodes"][:1]
        modified.write_text(json.dumps(newest))
        update = Run(opsteward, "--json", "vuln", "compile", "--base", snapshot, "--nvd", modified, "--out", Path(folder) / "new.snap")
        say("update with 200 modified records", f"{update.wall:.2f} s; products changed: {len(json.loads(update.out)['changed_products'])}")

        with inventory.open("wb") as file:
            Run(BUILD / "vuln_fleet", "generate", snapshot, HOSTS, PACKAGES, stdout=file)
        fleet = json.loads(Run(BUILD / "vuln_fleet", "match", snapshot, inventory, 2).out)
        print(f"\nFleet: {HOSTS:,} hosts x {PACKAGES} packages, {fleet['different_packages']:,} different")
        say("open the snapshot (inside, warm)", f"{fleet['open_ms']:.1f} ms", "10 ms")
        say("all findings with AND (inside, 2 threads)", f"{fleet['match_ms']} ms; the first time {fleet['match_first_ms']} ms; {fleet['findings']:,} findings", "500 ms")
        say("  memory, of which mapped from the snapshot", f"{fleet['peak_mib']} MiB, {fleet['mapped_mib']} MiB", "150 MiB")
        whole = Run(opsteward, "--json", "vuln", "match", "--snapshot", snapshot, "--inventory", inventory, "--count")
        say("the command, from the inventory's text to counts", f"{whole.wall:.2f} s, CPU {whole.cpu:.2f} s")
        one = Path(folder) / "one.ndjson"
        with inventory.open("rb") as file:
            one.write_bytes(file.readline())
        runs = [Run(opsteward, "--json", "vuln", "match", "--snapshot", snapshot, "--inventory", one) for _ in range(5)]
        say(f"one host, the command: {len(runs[0].out.splitlines())} findings", f"{min(run.wall for run in runs) * 1000:.0f} ms", "50 ms")
        one.write_text(json.dumps({"host": "pc", "os": "Windows 10 Pro 22H2 (10.0.19045.3803)", "packages": [
            {"name": "Google Chrome", "version": "119.0.6045.105", "publisher": "Google LLC"}, {"name": "7-Zip 22.01 (x64)", "version": "22.01", "publisher": "Igor Pavlov"}]}) + "\n")
        runs = [Run(opsteward, "--json", "vuln", "match", "--snapshot", snapshot, "--inventory", one) for _ in range(5)]
        say(f"one host with titles to be named, the command", f"{min(run.wall for run in runs) * 1000:.0f} ms", "50 ms")

        print("\nRight")
        held = Path(folder) / "held.ndjson"
        with held.open("wb") as file:
            Run(BUILD / "vuln_fleet", "generate", snapshot, HELD_HOSTS, PACKAGES, stdout=file)
        hold = json.loads(Run(BUILD / "vuln_fleet", "hold", snapshot, held, check=False).out)
        say(f"every record against {hold['hosts']} hosts, plainly: {hold['findings']:,} findings", f"only fast {hold['only_fast']}, only plain {hold['only_plain']}", "0, 0")
        versions_against_apt()

        print("\nPeer: plain matcher in Python")
        peer = json.loads(Run(sys.executable, Path(__file__).parent / "plain_matcher.py", inventory, PEER_HOSTS, *feeds).out)
        say("read the same feeds", f"{peer['read_s']:.1f} s")
        say(f"match {peer['hosts']} hosts", f"{peer['match_s']:.2f} s, {peer['hosts'] / peer['match_s']:.0f} hosts/s; {peer['findings']:,} findings")
        say("opsteward, inside", f"{HOSTS / fleet['match_ms'] * 1000:,.0f} hosts/s")

        print("\nScanner's report")
        report = Path(folder) / "report.nessus"
        nessus_report(report, REPORT_FINDINGS)
        imported = Run(opsteward, "--json", "scan", "import", report)
        say(f"{REPORT_FINDINGS:,} findings, {report.stat().st_size >> 20} MiB, imported and de-duplicated", f"{imported.wall:.1f} s, CPU {imported.cpu:.1f} s", "30 s")


main()
