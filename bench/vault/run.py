#!/usr/bin/env python3
"""The log vault beside its peers: ingest, acknowledgement, size, searches, verification of the same generated lines.

usage: bench/vault/run.py [EVENTS] [PEER_EVENTS] [FOLDER]
       EVENTS (20,000,000) go into the vault, the first PEER_EVENTS (4,000,000) to peers that take long; FOLDER holds it all (a temporary one).
needs build/release (ninja -C build/release benchmarks); peers where they are installed: rsyslog, zstd, gzip, ripgrep, clickhouse-server,
victoria-logs on the PATH. As root the page cache is dropped for cold searches.

Every figure is of a whole process as a user starts it. CPU is user and system time of the process that does the work.
"""

import json
import os
import platform
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("OPSTEWARD_BUILD", ROOT / "build" / "release"))
EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
PEER_EVENTS = min(EVENTS, int(sys.argv[2]) if len(sys.argv) > 2 else 4_000_000)
MIB = 1 << 20


class Run:
    """One process: how long it took, its CPU time, its memory, what it said."""

    def __init__(self, *command: str, stdin=None, stdout=subprocess.PIPE, check=True):
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
        out, error = process.communicate() if stdout == subprocess.PIPE else (b"", process.stderr.read())
        if process.returncode is None:
            process.wait()
        self.wall = time.monotonic() - began
        self.out = out.decode(errors="replace")
        if check and process.returncode not in (0, 1):
            raise SystemExit(f"{command}: {process.returncode}: {error.decode(errors='replace')[-500:]}")

    @staticmethod
    def measured(*command: str, **more) -> "Run":
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = Run(*command, **more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        run.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return run


def say(name: str, value: str, wanted: str = "") -> None:
    print(f"  {name:<46} {value}{'   (wanted ' + wanted + ')' if wanted else ''}", flush=True)


def rate(count: int, seconds: float) -> str:
    return f"{count / seconds / 1000:,.0f} k/s"


def version(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return f"{command[0]}: not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).splitlines()[0]


def drop_caches() -> bool:
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3", encoding="ascii")
        return True
    except OSError:
        return False


def generate(count: int, path: Path) -> int:
    with open(path, "wb") as file:
        subprocess.run([BUILD / "generate_logs", str(count)], stdout=file, check=True)
    return path.stat().st_size


NEEDLES = {
    "word in one of a million records": "needle",
    "word that is nowhere": "qzxkvwjq",
    "address that many blocks have": "10.3.85.110",
    "phrase": '"user: \'chen042\' host"',
    "two fields": "action:deny dst_port:3389",
    "word that every other record has": "accept",
}
REGEX = "/sess[a-z]*id=8[0-9]*77777 /"


def search(data: Path, query: str) -> Run:
    return Run.measured(BUILD / "opsteward", "logs", "search", "--data", data, "--count", query)


def vault(folder: Path, lines: Path, raw: int) -> None:
    data = folder / "data"
    print(f"\nopsteward, {EVENTS:,} events, {raw / MIB:,.0f} MiB, {raw / EVENTS:.0f} bytes each")
    ingest = Run.measured(BUILD / "opsteward", "--json", "logs", "ingest", "--data", data, "--source", "mix", "--kind", "mixed", lines)
    say("ingest from a file, durable and sealed", f"{ingest.wall:.1f} s, {rate(EVENTS, ingest.wall)}", "≥ 250 k/s")
    say("events per CPU-second", rate(EVENTS, ingest.cpu))
    say("memory at most", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:,.0f} MiB", "≤ 1,024 MiB")
    stored = json.loads(Run(BUILD / "opsteward", "--json", "logs", "status", "--data", data).out)
    say("stored, with index", f"{stored['stored_bytes'] / MIB:,.0f} MiB, {stored['raw_bytes'] / stored['stored_bytes']:.1f}× smaller, {stored['segments']} segments")
    compact = Run.measured(BUILD / "opsteward", "--json", "logs", "compact", "--data", data)
    stored = json.loads(Run(BUILD / "opsteward", "--json", "logs", "status", "--data", data).out)
    say("compaction", f"{compact.wall:.1f} s, {compact.cpu:.1f} CPU-seconds")
    say("stored after it", f"{stored['stored_bytes'] / MIB:,.0f} MiB, {stored['raw_bytes'] / stored['stored_bytes']:.1f}× smaller, {stored['segments']} segments")
    for name, query in NEEDLES.items():
        search(data, query)
        warm = min((search(data, query) for _ in range(3)), key=lambda run: run.wall)
        say(f"search, {name}, warm", f"{1000 * warm.wall:,.0f} ms, {warm.out.strip()} hits", "≤ 150 ms at 100 M")
    if drop_caches():
        cold = search(data, NEEDLES["word in one of a million records"])
        say("search, word in one of a million, cold", f"{1000 * cold.wall:,.0f} ms", "≤ 600 ms at 100 M")
    regex = search(data, REGEX)
    say("regular expression without index", f"{regex.wall:.1f} s, {regex.out.strip()} hits", f"≤ {15 * EVENTS / 1e8:.1f} s")
    verify = Run.measured(BUILD / "opsteward-verify", "vault", data / "vault", "--key", data / "vault.pub", "--json")
    say("full verification", f"{verify.wall:.1f} s, intact {json.loads(verify.out)['intact']}", f"≤ {45 * EVENTS / 1e8:.1f} s")
    proofs = sorted(Run(BUILD / "opsteward", "logs", "prove", "--data", data, str(EVENTS * part // 20)).wall for part in range(1, 20))
    start = sorted(Run(BUILD / "opsteward", "--version").wall for _ in range(9))[4]
    say("one proof, median and most of 19", f"{1000 * proofs[9]:.0f} / {1000 * proofs[-1]:.0f} ms, of which {1000 * start:.0f} ms for the start of the program", "< 10 ms")


def group_commit(folder: Path, lines: Path) -> None:
    offered = 250_000
    print(f"\ngroup commit, {PEER_EVENTS:,} events of 4 threads in submissions of 1 to 50")

    def submit(at_rate: int) -> dict:
        data = folder / "submitted"
        measured = json.loads(Run(BUILD / "group_commit", data, lines, PEER_EVENTS, at_rate).out)
        shutil.rmtree(data)
        if measured["refused_submissions"] or measured["events"] != PEER_EVENTS:
            raise SystemExit(f"not everything was kept: {measured}")
        return measured

    fastest = submit(0)
    say("kept and sealed, as fast as they can", f"{rate(PEER_EVENTS, fastest['seconds'])}, {rate(PEER_EVENTS, fastest['cpu_seconds'])} per CPU-second", "≥ 250 k/s")
    paced = submit(offered)
    waits = paced["acknowledged_ms"]
    say(f"acknowledged at {offered / 1000:.0f} k/s, p50 / p99 / max", f"{waits['p50']:.1f} / {waits['p99']:.1f} / {waits['max']:.1f} ms", "p99 ≤ 10 ms")


def compressors(lines: Path, raw: int) -> None:
    print(f"\ncompressors and scanners, {PEER_EVENTS:,} events")
    for name, command in {"zstd -3": ["zstd", "-3", "-T1", "-q", "-c"], "zstd -9": ["zstd", "-9", "-T1", "-q", "-c"], "gzip -6": ["gzip", "-6", "-c"]}.items():
        if shutil.which(command[0]) is None:
            continue
        packed = lines.with_suffix(".packed")
        with open(packed, "wb") as out:
            done = Run.measured(*command, str(lines), stdout=out)
        say(name, f"{raw / packed.stat().st_size:.1f}× smaller, {raw / MIB / done.cpu:,.0f} MiB per CPU-second")
        packed.unlink()
    if shutil.which("rg"):
        for name, pattern in {"ripgrep, word": "needle", "ripgrep, regular expression": REGEX.strip("/")}.items():
            Run("rg", "-c", pattern, lines)
            say(name, f"{Run('rg', '-c', pattern, lines).wall:.2f} s over the plain file, warm")


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("a peer did not get ready")
        time.sleep(0.05)


def last_growth(path: Path) -> float:
    """When the file grew last: it has not for a second."""
    size, at = -1, time.monotonic()
    while time.monotonic() < at + 1:
        now = path.stat().st_size if path.exists() else 0
        if now != size:
            size, at = now, time.monotonic()
        time.sleep(0.01)
    return at


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def send(lines: Path, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link, open(lines, "rb") as file:
        link.sendfile(file)
        link.shutdown(socket.SHUT_WR)
        while link.recv(1):
            pass


def rsyslog(folder: Path, lines: Path) -> None:
    if shutil.which("rsyslogd") is None:
        return
    port, kept = free_port(), folder / "rsyslog.log"
    (folder / "rsyslog.conf").write_text(
        f'module(load="imptcp")\ninput(type="imptcp" address="127.0.0.1" port="{port}" ruleset="keep" SupportOctetCountedFraming="off")\n'
        f'template(name="raw" type="string" string="%rawmsg%\\n")\nruleset(name="keep") {{ action(type="omfile" file="{kept}" template="raw") }}\n', encoding="ascii")
    process = subprocess.Popen(["rsyslogd", "-n", "-f", folder / "rsyslog.conf", "-i", folder / "rsyslog.pid"], stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_open(port))
        began = time.monotonic()
        send(lines, port)
        ended = last_growth(kept)
        print(f"\nrsyslog over TCP to a file, {PEER_EVENTS:,} events, not synced")
        say("received and written", rate(PEER_EVENTS, ended - began))
        say("events per CPU-second", rate(PEER_EVENTS, cpu_of(process.pid)))
    finally:
        process.terminate()
        process.wait()


def clickhouse(folder: Path, lines: Path, raw: int) -> None:
    if shutil.which("clickhouse-server") is None:
        return
    port, http = free_port(), free_port()
    home = folder / "clickhouse"
    home.mkdir()
    (home / "users.xml").write_text("<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password><networks>"
                                    "<ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>", encoding="ascii")
    (home / "config.xml").write_text(
        f"<yandex><logger><level>error</level><log>{home}/log</log><errorlog>{home}/err</errorlog></logger><http_port>{http}</http_port><tcp_port>{port}</tcp_port>"
        f"<listen_host>127.0.0.1</listen_host><path>{home}/</path><tmp_path>{home}/tmp/</tmp_path><users_config>{home}/users.xml</users_config>"
        "<default_profile>default</default_profile><default_database>default</default_database><mark_cache_size>5368709120</mark_cache_size></yandex>", encoding="ascii")
    process = subprocess.Popen(["clickhouse-server", f"--config-file={home}/config.xml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(query: str, stdin=None) -> Run:
        return Run.measured("clickhouse-client", "--host", "127.0.0.1", "--port", str(port), "--query", query, stdin=stdin)

    try:
        wait_until(lambda: is_open(port))
        ask("CREATE TABLE logs (day Date DEFAULT today(), message String) ENGINE = MergeTree ORDER BY day")
        began, before = time.monotonic(), cpu_of(process.pid)
        with open(lines, "rb") as file:
            insert = ask("INSERT INTO logs (message) FORMAT TSV", stdin=file)
        print(f"\nClickHouse, {PEER_EVENTS:,} events, messages as they are, no sync")
        say("inserted", rate(PEER_EVENTS, time.monotonic() - began))
        say("events per CPU-second, client and server", rate(PEER_EVENTS, insert.cpu + cpu_of(process.pid) - before))
        size = int(ask("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'logs'").out)
        say("stored", f"{raw / size:.1f}× smaller")
        ask("SELECT count() FROM logs WHERE message LIKE '%needle%'")
        say("search, word, warm", f"{ask('''SELECT count() FROM logs WHERE message LIKE '%needle%' ''').wall:.2f} s")
        say("regular expression", f"{ask('''SELECT count() FROM logs WHERE match(message, 'sess[a-z]*id=8[0-9]*77777 ')''').wall:.2f} s")
    finally:
        process.terminate()
        process.wait()


def victoria(folder: Path, lines: Path) -> None:
    binary = shutil.which("victoria-logs") or shutil.which("victoria-logs-prod")
    if binary is None:
        print("\nVictoriaLogs: not on the PATH")
        return
    http, syslog = free_port(), free_port()
    process = subprocess.Popen([binary, f"-storageDataPath={folder}/victoria", f"-httpListenAddr=127.0.0.1:{http}", f"-syslog.listenAddr.tcp=127.0.0.1:{syslog}"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def count(query: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{http}/select/logsql/query?query={urllib.request.quote(query + ' | count() n')}") as answer:
            return int(json.loads(answer.read() or b'{"n":0}')["n"])

    try:
        wait_until(lambda: is_open(syslog) and is_open(http))
        began = time.monotonic()
        send(lines, syslog)
        wait_until(lambda: count("*") >= PEER_EVENTS, 600)
        print(f"\nVictoriaLogs, {PEER_EVENTS:,} events over TCP")
        say("received", rate(PEER_EVENTS, time.monotonic() - began))
        say("events per CPU-second", rate(PEER_EVENTS, cpu_of(process.pid)))
        stored = sum(file.stat().st_size for file in (folder / "victoria").rglob("*") if file.is_file())
        say("stored", f"{lines.stat().st_size / stored:.1f}× smaller")
        count("needle")
        began = time.monotonic()
        count("needle")
        say("search, word, warm", f"{1000 * (time.monotonic() - began):.0f} ms")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def main() -> None:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="ascii"))
    print(f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}")
    for command in (["zstd", "--version"], ["gzip", "--version"], ["rg", "--version"], ["rsyslogd", "-v"], ["clickhouse-client", "--version"]):
        print(version(*command))
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(tempfile.mkdtemp(prefix="bench-vault-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lines = folder / "lines.log"
        vault(folder, lines, generate(EVENTS, lines))
        shutil.rmtree(folder / "data")
        raw = generate(PEER_EVENTS, lines)
        group_commit(folder, lines)
        compressors(lines, raw)
        rsyslog(folder, lines)
        clickhouse(folder, lines, raw)
        victoria(folder, lines)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
