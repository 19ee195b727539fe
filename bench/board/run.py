#!/usr/bin/env python3
"""The board of an organisation of 2,000 devices, 60 units and 3 years of history, at 200 requests a second.

usage: bench/board/run.py [SECONDS]       needs build/release (ninja -C build/release benchmarks), nginx, hey, PostgreSQL 15

Prints, for SQLite and PostgreSQL: start until the address is told, idle memory, and latencies of the page and of the API at 200
requests/s. The peer in the same run is nginx sending the very bytes of the page as a file, over TLS with the same certificate: what is
left between the two is the work of finding out who asks, what they may see, and writing the page. Load generator: hey.
"""

import csv
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "functional"))
os.environ.setdefault("OPSTEWARD_BINARY", str(ROOT / "build" / "release" / "opsteward"))

from opsteward import Browser, Opsteward, wait_for  # noqa: E402
from own_postgres import OwnPostgres  # noqa: E402

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
RATE, WORKERS = 200, 20
SEED = ROOT / "build" / "release" / "seed_records"


def load(url: str, headers: list[str]) -> str:
    command = ["hey", "-z", f"{SECONDS}s", "-q", str(RATE // WORKERS), "-c", str(WORKERS), "-o", "csv"]
    for header in headers:
        command += ["-H", header]
    rows = list(csv.DictReader(io.StringIO(subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout)))
    bad = [row for row in rows if row["status-code"] != "200"]
    times = sorted(float(row["response-time"]) * 1000 for row in rows)
    return (f"{len(rows) / SECONDS:6.0f} requests/s   p50 {times[len(times) // 2]:7.2f} ms   p99 {times[int(len(times) * 0.99)]:7.2f} ms   "
            f"max {times[-1]:7.2f} ms   not 200: {len(bad)}")


def memory(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def nginx(folder: Path, data: Path, page: bytes) -> tuple[subprocess.Popen, str]:
    site = folder / "nginx"
    site.mkdir()
    (site / "board.html").write_bytes(page)
    (site / "nginx.conf").write_text(
        f"daemon off; pid {site}/pid; error_log {site}/error.log; events {{}} http {{ access_log off; server {{ listen 127.0.0.1:18444 ssl; "
        f"ssl_certificate {data}/server.crt; ssl_certificate_key {data}/server.key; root {site}; }} }} "
        + ("user root;" if os.getuid() == 0 else ""), encoding="ascii")
    process = subprocess.Popen(["nginx", "-c", str(site / "nginx.conf")], stderr=subprocess.DEVNULL)
    time.sleep(1)
    return process, "https://127.0.0.1:18444/board.html"


def measure(name: str, folder: Path, url: str | None) -> None:
    data = folder / name
    began = time.monotonic()
    subprocess.run([SEED, data, *([url] if url else [])], check=True)
    print(f"\n{name}: filled in {time.monotonic() - began:.0f} s")
    server = Opsteward(data, url)
    began = time.monotonic()
    server.start()
    print(f"  start until the address is told   {time.monotonic() - began:6.2f} s")
    token = server.token()
    # The administrator of the filled records was told no password by this start.
    password = server.run("user", "reset-password", "--data", str(data), *server.database_options(), "--user", "admin").stdout.strip()
    server.first_password = password
    browser = Browser(server).first_sign_in()
    wait_for(lambda: server.request("GET", "/api/v1/clauses", headers={"Authorization": f"Bearer {token}"}).json()["items"][0]["judged_at"],
             "the first evaluation", 300)
    time.sleep(20)
    print(f"  idle memory                       {memory(server.process.pid):6.0f} MiB")
    cookie = "Cookie: " + "; ".join(f"{key}={value}" for key, value in browser.cookies.items())
    page = browser.open("/board")
    assert page.status == 200
    print(f"  /board ({len(page.body) / 1024:.0f} KiB)     {load(server.address + '/board', [cookie])}")
    # Asked for by name, so that hey leaves it packed: unpacking 6 MB for each answer would take the core that the server needs.
    program = [f"Authorization: Bearer {token}", "Accept-Encoding: gzip"]
    print(f"  /api/v1/clauses     {load(server.address + '/api/v1/clauses', program)}")
    past = f"/board?as_of={time.strftime('%Y-%m-%d', time.localtime(time.time() - 400 * 86400))}"
    assert browser.open(past).status == 200
    peer, address = nginx(folder, data, page.body)
    print(f"  nginx, same bytes   {load(address, [])}")
    peer.terminate()
    peer.wait()
    shutil.rmtree(folder / "nginx")
    print(f"  memory after the load             {memory(server.process.pid):6.0f} MiB")
    assert server.stop() == 0


def main() -> None:
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), platform.machine())
    versions = [subprocess.run(command, capture_output=True, text=True, check=False) for command in
                (["nginx", "-v"], [os.environ["OPSTEWARD_BINARY"], "--version"], ["/usr/lib/postgresql/15/bin/postgres", "--version"])]
    print(f"{cpu}, {os.cpu_count()} cores, Linux {platform.release()}")
    print("; ".join((version.stdout + version.stderr).strip() for version in versions))
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        measure("sqlite", Path(folder), None)
        postgres = OwnPostgres(Path(folder) / "postgres").start()
        try:
            measure("postgresql", Path(folder), postgres.url)
        finally:
            postgres.remove()


main()
