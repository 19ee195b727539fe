#!/usr/bin/env python3
"""The exact analysis of firewall rule bases beside its peers, on filter sets of ClassBench.

usage: bench/firewall/run.py [DIAGRAM_SECONDS] [ORACLE_CASES]        60 and 100,000
needs build/release (ninja -C build/release benchmarks opsteward) or OPSTEWARD_BUILD, and the sets in ../shared/data/firewall/classbench; libbdd-dev for the diagram

Times are of the analysis alone, the best of three, without reading; "CPU" is of both threads. The peers: a checker by pairs, which says that a rule is dead when one rule before
it covers it, and a binary decision diagram (BuDDy) of all rules before, which has nothing in common with the analysis and must come to the same verdicts as far as it comes.
"""

import json
import lzma
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("OPSTEWARD_BUILD", ROOT / "build" / "release"))
DATA = ROOT.parent / "shared" / "data" / "firewall" / "classbench"
PROGRAM = BUILD / "firewall_rules"
DIAGRAM_SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
ORACLE_CASES = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
LARGE = 100_000
# Milliseconds on one core; for the large sets on two.
WANTED = {"fw1_10k": 400, "fw5_10k": 400, "acl1_10k": 200, "ipc2_10k": 800}
WANTED_LARGE = 10_000
KNOWN_DEAD = {"fw1_10k": 90, "fw5_10k": 185, "acl1_10k": 57}


def ask(*arguments) -> dict:
    run = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    if run.returncode == 2 or not run.stdout:
        raise SystemExit(f"{arguments}: {run.returncode}: {run.stderr[-1000:]}")
    return json.loads(run.stdout) | {"status": run.returncode}


def machine() -> None:
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?")
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True, check=False).stdout.splitlines()[:1]
    buddy = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libbdd-dev"], capture_output=True, text=True, check=False).stdout or "not there"
    print(f"{platform.platform()}, {os.cpu_count()} cores, {cpu}")
    print(f"{compiler[0] if compiler else '?'} | BuDDy {buddy} | Python {platform.python_version()} | load {os.getloadavg()[0]:.1f}")


def sets(folder: Path) -> list[Path]:
    paths = []
    for packed in sorted(DATA.glob("*.xz")):
        path = folder / packed.stem
        path.write_bytes(lzma.decompress(packed.read_bytes()))
        paths.append(path)
    if not paths:
        raise SystemExit(f"no sets in {DATA}")
    return paths


def verdicts(paths: list[Path]) -> None:
    print("\nVerdicts          rules    dead  by several  undecided   one core  both cores    memory   wanted")
    for path in paths:
        one, two = ask("judge", path, 1), ask("judge", path, 2)
        wanted = WANTED.get(path.name, WANTED_LARGE if one["rules"] >= LARGE else None)
        known = KNOWN_DEAD.get(path.name)
        note = "" if known in (None, one["dead"]) else f"   {known} dead are known!"
        print(f"  {path.name:<14} {one['rules']:>7} {one['dead']:>7} {one['dead_by_several']:>11} {one['undecided']:>10} {one['judge_ms']:>7.0f} ms {two['judge_ms']:>8.0f} ms {one['peak_mib']:>5} MiB"
              f"   {'≤ ' + str(wanted) + ' ms' if wanted else ''}{note}")


def commands(paths: list[Path]) -> None:
    print("\nThe whole command, report and JSON, both cores: verdicts, removals, members      time    memory")
    for path in paths:
        best, memory = float("inf"), 0
        for _ in range(3):
            begin = time.monotonic()
            child = subprocess.Popen([BUILD / "opsteward", "--json", "firewall", "check", path], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            if status != 0:
                raise SystemExit(f"firewall check {path}: {status}")
            best, memory = min(best, time.monotonic() - begin), max(memory, usage.ru_maxrss // 1024)
        print(f"  {path.name:<80} {best * 1000:>6.0f} ms {memory:>5} MiB")


def changes(paths: list[Path]) -> None:
    print("\nOne rule turned   judged again   time    as from scratch   difference of meaning         one question")
    for path in paths:
        found = ask("changes", path)
        print(f"  {path.name:<14} {found['judged_again']:>10} {found['recheck_ms']:>8.0f} ms   {'yes' if found['same_as_from_scratch'] else 'NO':<13} {found['difference_ms']:>6.0f} ms, "
              f"{found['changed_products']} products{'' if found['complete'] else ' and more'}   {found['question_ms']:>6.0f} ms, {found['answer']}")


def peers(paths: list[Path]) -> None:
    print(f"\nPeers             by pairs: dead  missed      time    diagram (limit {DIAGRAM_SECONDS} s): rules     time       nodes    memory  agrees")
    for path in paths:
        pairs, diagram = ask("pairwise", path), ask("diagram", path, DIAGRAM_SECONDS)
        text = "not built" if "missing" in diagram else (f"{diagram['rules']:>12} of {diagram['of']} {diagram['ms'] / 1000:>8.1f} s {diagram['nodes']:>11,} {diagram['peak_mib']:>6} MiB"
                                                          f"  {'yes' if diagram['agrees'] else 'NO'}")
        print(f"  {path.name:<20} {pairs['dead']:>9} {pairs['missed']:>7} {pairs['ms']:>7.0f} ms    {text}")


def main() -> None:
    machine()
    with tempfile.TemporaryDirectory() as folder:
        small = sets(Path(folder))
        large = []
        for path in small:
            if not path.name.endswith("10k"):
                continue
            made = Path(folder) / f"{path.name}×{LARGE // 1000}k"
            with made.open("wb") as file:
                subprocess.run([PROGRAM, "generate", path, str(LARGE)], stdout=file, check=True)
            large.append(made)
        verdicts(small + large)
        commands(small + large)
        changes(small)
        peers(small)
    held = ask("oracle", ORACLE_CASES)
    print(f"\nSmall rule bases with every feature against all their packets: {held['cases']:,} cases in {held['ms'] / 1000:.0f} s, none differs")


main()
