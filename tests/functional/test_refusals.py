"""Bad input: a clear message, nothing lost, no stack trace, the right exit code or status."""

import os
import resource
import shutil
import signal
import socket
import ssl
import subprocess

import pytest

from opsteward import ROOT, Api, Opsteward

PACK = ROOT / "procedures" / "is-02-008"


def refused(server: Opsteward, *arguments: str, **more) -> subprocess.CompletedProcess:
    done = server.run(*arguments, **more)
    assert done.returncode != 0
    for sign in ("terminate called", "Traceback", "Segmentation", "#0 "):
        assert sign not in done.stderr
    return done


def serve_arguments(server: Opsteward) -> list[str]:
    return ["serve", "--data", str(server.data), "--listen", "127.0.0.1:0", *server.database_options()]


def test_a_folder_in_use_is_refused_with_the_process_that_holds_it(shared_server):
    done = refused(shared_server, *serve_arguments(shared_server))
    assert done.returncode == 4 and str(shared_server.process.pid) in done.stderr
    assert Api(shared_server).get("/devices")["items"]


def test_a_port_in_use_is_refused_and_the_first_password_is_still_to_come(new_server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = refused(new_server, "serve", "--data", str(new_server.data), "--listen", f"127.0.0.1:{port}", *new_server.database_options())
    assert done.returncode == 4 and str(port) in done.stderr
    assert new_server.start().first_password
    assert new_server.stop() == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestWithoutRegardToTheDatabase:
    def test_a_key_that_does_not_fit_the_certificate_is_named(self, new_server):
        new_server.start()
        assert new_server.stop() == 0
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(new_server.data / "server.key")],
                       check=True, capture_output=True)
        done = refused(new_server, *serve_arguments(new_server))
        assert done.returncode == 3 and "server.key" in done.stderr

    def test_a_broken_pack_gives_file_line_and_column_and_keeps_the_server_from_starting(self, new_server):
        new_server.start()
        assert new_server.stop() == 0
        broken = new_server.data / "procedure" / "checks" / "services.toml"
        text = broken.read_text(encoding="utf-8")
        broken.write_text(text.replace('clause = "6.9.5"', 'clause = "6.9.55"', 1), encoding="utf-8")
        done = refused(new_server, *serve_arguments(new_server))
        line = text[:text.index('clause = "6.9.5"')].count("\n") + 1
        assert done.returncode == 3 and f"checks/services.toml:{line}:" in done.stderr and "6.9.55" in done.stderr
        broken.write_text(text, encoding="utf-8")
        new_server.start()
        assert new_server.stop() == 0

    def test_the_pack_command_tells_every_fault(self, new_server, tmp_path):
        assert new_server.run("procedure", "check", str(PACK)).returncode == 0
        copy = tmp_path / "pack"
        shutil.copytree(PACK, copy)
        (copy / "checks" / "own.toml").write_text(
            '[[check]]\nid = "own"\nclause = "6.9.5"\ntitle = { zh = "查", en = "Check" }\nsql = "DELETE FROM devices"\nspeed = 3\n',
            encoding="utf-8")
        (copy / "duties" / "own.toml").write_text("[[duty]\n", encoding="utf-8")
        done = refused(new_server, "procedure", "check", str(copy))
        assert done.returncode == 3
        assert "checks/own.toml:6:" in done.stderr and "speed" in done.stderr
        assert "duties/own.toml:1:" in done.stderr

    def test_plain_http_is_refused_on_an_address_of_the_network(self, new_server):
        done = refused(new_server, "serve", "--data", str(new_server.data), "--listen", "0.0.0.0:0", "--http")
        assert done.returncode == 1 and "127.0.0.1" in done.stderr

    def test_a_wrong_command_line_shows_how_it_is_used(self, new_server):
        for arguments in (["serve", "--nonsense"], [], ["user", "token"], ["db"], ["user", "token", "--user", "admin", "--days", "0"]):
            assert refused(new_server, *arguments).returncode == 2

    def test_a_command_beside_no_records_says_so(self, new_server):
        done = refused(new_server, "user", "token", "--data", str(new_server.data), "--user", "admin")
        assert done.returncode == 1 and "--data" in done.stderr
        assert not new_server.data.exists()

    def test_a_file_that_is_no_database_is_left_alone(self, new_server):
        new_server.data.mkdir(mode=0o700)
        (new_server.data / "records.db").write_bytes(b"not a database, but somebody's only copy of something" * 100)
        before = (new_server.data / "records.db").read_bytes()
        done = refused(new_server, *serve_arguments(new_server))
        assert done.returncode == 3 and "records.db" in done.stderr
        assert (new_server.data / "records.db").read_bytes() == before

    def test_a_newer_schema_is_refused_and_left_alone(self, new_server):
        import sqlite3
        new_server.start()
        assert new_server.stop() == 0
        with sqlite3.connect(new_server.data / "records.db") as records:
            records.execute("INSERT INTO schema_migrations VALUES ('inventory', 999, 'from the future', 'x', 0)")
        done = refused(new_server, *serve_arguments(new_server))
        assert done.returncode == 4 and "newer" in done.stderr

    def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(self, new_server):
        new_server.start()
        assert new_server.stop() == 0
        limit = (new_server.data / "records.db").stat().st_size + 300_000
        new_server.start(preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                             resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))
        api = Api(new_server, new_server.token())
        kept = []
        for number in range(5000):
            answer = api.post("/units", {"parent_id": 1, "name": f"unit {number} " + "x" * 80})
            if answer.status != 201:
                break
            kept.append(answer.json()["id"])
        assert answer.status in (503, 507), answer.text
        assert answer.json()["error"]["code"] in ("full", "unavailable")
        assert api.call("GET", "/units").status == 200, "reading goes on"
        new_server.kill()
        new_server.start()
        units = {unit["id"] for unit in Api(new_server, new_server.token()).get("/units")["items"]}
        assert set(kept) <= units
        assert new_server.run("db", "verify", "--data", str(new_server.data)).returncode == 0
        assert new_server.stop() == 0


REQUESTS = {
    "a header of many kilobytes": (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n", 431),
    "an address of many kilobytes": (b"GET /" + b"a" * 6_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "a body over the limit": (b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n", 413),
    "a path that climbs": (b"GET /assets/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "a header without a colon": (b"GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400),
    "two lengths": (b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "a broken escape in a form": (b"POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: "
                                  b"application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nname=%", 400),
}


def test_oversize_and_malformed_requests_are_answered_with_4xx(shared_server):
    context = ssl.create_default_context(cafile=str(shared_server.data / "server.crt"))
    port = int(shared_server.address.rsplit(":", 1)[1])
    for what, (request, status) in REQUESTS.items():
        with socket.create_connection(("127.0.0.1", port), 20) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as link:
            link.sendall(request)
            answer = link.recv(4096)
        assert answer.startswith(b"HTTP/1.1 %d " % status), f"{what}: {answer[:100]!r}"
    assert shared_server.request("GET", "/healthz").status == 200


def test_json_that_is_none_or_too_deep_is_refused(shared_server):
    api = Api(shared_server)
    for body, status in ((b"{", 400), (b"[" * 100_000, 413), (b'{"name": "\xff"}', 400), (b"null", 400), (b'{"name": 5}', 400)):
        answer = shared_server.request("POST", "/api/v1/units", body, {**api.headers, "Content-Type": "application/json"})
        assert answer.status == status, f"{body[:20]!r}: {answer.status}"
        assert answer.json()["error"]["message"]["zh"]
