"""The command line: one JSON document with --json, exit codes that mean something, messages in the language of the locale."""

import json
import os
import re
import shutil
import sqlite3

import pytest

from conftest import psql
from opsteward import PASSWORD, ROOT, Api, Browser, Opsteward

PACK = ROOT / "procedures" / "is-02-008"
# Every command, with whatever it needs to be understood.
COMMANDS = [["serve"], ["witness"], ["user", "token"], ["user", "reset-password"], ["db", "backup"], ["db", "restore"], ["db", "verify"],
            ["logs", "ingest"], ["logs", "search"], ["logs", "status"], ["logs", "compact"],
            ["logs", "prove"], ["logs", "retain"], ["logs", "hold"], ["logs", "witness"], ["logs", "copy"],
            ["logs", "restore"], ["procedure", "check"], ["procedure", "diff"],
            ["vuln", "compile"], ["vuln", "match"], ["vuln", "show"], ["vuln", "fetch"], ["vuln", "bundle"], ["vuln", "cpe"], ["vuln", "cpe-match"],
            ["vuln", "version-compare"], ["vuln", "cvss"], ["scan", "import"], ["scan", "compare"], ["vans", "export"],
            ["firewall", "check"], ["firewall", "diff"], ["firewall", "test"], ["firewall", "query"], ["firewall", "redact"]]


def records(server: Opsteward) -> list[str]:
    return ["--data", str(server.data), *server.database_options()]


def answer(server: Opsteward, *arguments: str) -> dict:
    done = server.run("--json", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1, "one document on one line"
    return json.loads(done.stdout)


def failure(server: Opsteward, code: int, *arguments: str) -> dict:
    """The error, which is all that is said."""
    done = server.run("--json", *arguments)
    assert done.returncode == code, done.stderr
    assert not done.stdout
    error = json.loads(done.stderr)["error"]
    assert error["code"] and error["message"]["zh"] and error["message"]["en"] and error["detail"]
    return error


def test_the_version_is_that_of_the_sources():
    version = re.search(r"project\(opsteward VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")).group(1)
    done = Opsteward(ROOT / "none").run("--version")
    assert (done.returncode, done.stdout) == (0, version + "\n")


@pytest.mark.parametrize("command", [[], *COMMANDS], ids=" ".join)
def test_help_is_no_mistake(command):
    done = Opsteward(ROOT / "none").run(*command, "--help")
    assert done.returncode == 0 and done.stdout and not done.stderr
    assert all(character == "\n" or character.isprintable() for character in done.stdout)


def test_every_command_answers_in_json(shared_server, tmp_path):
    token = answer(shared_server, "user", "token", *records(shared_server), "--user", "admin", "--scope", "read", "--days", "1")
    assert Api(shared_server, token["token"]).get("/me")["scope"] == "read"
    assert len(answer(shared_server, "user", "reset-password", *records(shared_server), "--user", "admin")["password"]) >= 12
    verified = answer(shared_server, "db", "verify", *records(shared_server))
    assert verified["is_intact"] is True and verified["rows"] > 3

    checked = answer(shared_server, "procedure", "check", str(PACK))
    assert checked["id"] == "IS-02-008" and checked["clauses"] > 80 and checked["checks"] > 20 and checked["duties"] > 10
    newer = tmp_path / "newer"
    shutil.copytree(PACK, newer)
    main = newer / "procedure.toml"
    main.write_text(main.read_text(encoding="utf-8").replace('version = "1.3"', 'version = "1.4"'), encoding="utf-8")
    assert "1.4" in json.dumps(answer(shared_server, "procedure", "diff", str(PACK), str(newer)))

    logs = ["--data", str(tmp_path / "logs")]
    lines = tmp_path / "lines"
    lines.write_bytes(b"one\ntwo\n")
    kept = answer(shared_server, "logs", "ingest", *logs, "--source", "fw", "--kind", "firewall", str(lines))
    assert kept["records"] == 2
    assert answer(shared_server, "logs", "search", *logs, "two")["sequence"] == 1
    assert answer(shared_server, "logs", "status", *logs)["root"] == kept["root"]
    compacted = answer(shared_server, "logs", "compact", *logs)
    assert compacted["segments"] == 1 and compacted["stored_bytes"] > 0
    assert answer(shared_server, "logs", "status", *logs)["root"] == kept["root"]
    assert "index 1" in answer(shared_server, "logs", "prove", *logs, "1")["proof"]
    vault_copy = str(tmp_path / "vault-copy")
    assert answer(shared_server, "logs", "copy", *logs, "--to", vault_copy)["checkpoint_size"] == kept["tree_size"]
    restored = answer(shared_server, "logs", "restore", "--data", str(tmp_path / "restored-logs"), "--from", vault_copy)
    assert restored["root"] == kept["root"] and restored["can_sign"] is False

    assert answer(shared_server, "logs", "hold", *logs, "--source", "fw", "--reason", "case 12")["holds"] == 1
    assert answer(shared_server, "logs", "retain", *logs)["records"] == 0

    copy = str(tmp_path / "copy")
    if shared_server.database:
        error = failure(shared_server, 3, "db", "backup", *records(shared_server), "--to", copy)
        assert "pg_dump" in error["message"]["zh"] and "pg_dump" in error["message"]["en"]
        return
    made = answer(shared_server, "db", "backup", *records(shared_server), "--to", copy)
    assert made["folder"] == copy and made["files"] > 10 and made["bytes"] > 100_000
    restored = answer(shared_server, "db", "restore", "--data", str(tmp_path / "restored"), "--from", copy)
    assert restored["files"] == made["files"]


def test_failures_are_told_in_json_with_the_exit_code_of_their_kind(shared_server, tmp_path):
    nowhere = str(tmp_path / "nowhere")
    assert failure(shared_server, 1, "db", "verify", "--data", nowhere)["code"] == "not_found"
    assert failure(shared_server, 1, "user", "token", *records(shared_server), "--user", "nobody")["code"] == "not_found"
    assert failure(shared_server, 2, "serve", "--nonsense")["code"] == "invalid_input"
    assert failure(shared_server, 2, "user", "token", "--user", "admin", "--days", "0")["code"] == "invalid_input"
    assert failure(shared_server, 3, "procedure", "check", nowhere)["code"] == "invalid_input"
    assert failure(shared_server, 3, "db", "restore", "--data", nowhere, "--from", str(tmp_path / "none"))["code"] == "corrupt"
    assert failure(shared_server, 1, "logs", "status", "--data", nowhere)["code"] == "not_found"
    assert failure(shared_server, 2, "logs", "ingest", "--data", nowhere)["code"] == "invalid_input"
    assert failure(shared_server, 3, "logs", "search", "--data", nowhere, "a AND")["code"] == "invalid_input"
    assert failure(shared_server, 4, "serve", *records(shared_server))["code"] == "conflict"
    away = failure(shared_server, 5, "db", "verify", "--data", nowhere, "--db", "postgresql://somebody:secret@127.0.0.1:1/none")
    assert away["code"] == "unavailable" and "secret" not in json.dumps(away)


def test_the_database_can_be_named_by_the_environment_and_by_the_configuration(shared_server, tmp_path):
    unreachable = "postgresql://somebody:secret@127.0.0.1:1/none"
    assert shared_server.run("db", "verify", "--data", str(shared_server.data), env={**os.environ, "OPSTEWARD_DB": unreachable}).returncode == 5
    folder = tmp_path / "configured"
    folder.mkdir()
    (folder / "opsteward.toml").write_text(f'database = "{unreachable}"\n', encoding="utf-8")
    assert shared_server.run("db", "verify", "--data", str(folder)).returncode == 5
    assert shared_server.run("db", "verify", *records(shared_server)).returncode == 0
    (folder / "opsteward.toml").write_text("listen = 5\n", encoding="utf-8")
    done = shared_server.run("db", "verify", "--data", str(folder))
    assert done.returncode == 3 and "opsteward.toml:1:" in done.stderr


@pytest.mark.parametrize("locale, words", [("zh_TW.UTF-8", "資料夾"), ("C.UTF-8", "folder")])
def test_messages_are_in_the_language_of_the_locale(tmp_path, locale, words):
    done = Opsteward(tmp_path / "data").run("db", "verify", "--data", str(tmp_path / "none"), env={**os.environ, "LC_ALL": locale})
    assert done.returncode == 1 and words in done.stderr


def test_a_lost_password_is_replaced_beside_a_running_server(server, browser):
    assert browser.open("/devices").status == 200 and browser.path == "/devices"
    done = server.run("user", "reset-password", *records(server), "--user", "admin")
    assert done.returncode == 0, done.stderr
    password = done.stdout.strip()
    browser.open("/devices")
    assert browser.path.startswith("/login"), "the sessions of the account are ended"
    assert browser.sign_in().status == 401, "the old password is over"
    browser.sign_in("admin", password)
    browser.open("/devices")
    assert browser.path == "/account/password", "the new one has to be changed"
    replacement = PASSWORD + "-2"
    browser.post("/account/password", {"current": password, "replacement": replacement, "repeated": replacement})
    assert browser.open("/devices").status == 200 and browser.path == "/devices"
    row = next(row for row in Api(server).get("/audit?kind=account&id=1")["items"] if row["action"] == "account.reset_password")
    assert row["actor"] == {"id": 0, "name": "command-line", "address": ""}


def alter(server: Opsteward, statement: str) -> None:
    """As somebody who has got at the records past the program."""
    if server.database:
        psql(statement, server.database.rsplit("/", 1)[1])
        return
    with sqlite3.connect(server.data / "records.db") as link:
        link.execute(statement)


TAMPERING = {
    "an altered row": ("UPDATE audit_trail SET user_name = 'somebody' WHERE sequence = 2", 2),
    "a removed row": ("DELETE FROM audit_trail WHERE sequence = 2", 2),
    "removed from the end": ("DELETE FROM audit_trail WHERE sequence = (SELECT MAX(sequence) FROM audit_trail)", None),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_with_the_audit_trail_is_found(server, what):
    assert Api(server).post("/units", {"parent_id": 1, "name": "一科"}).status == 201
    assert server.run("db", "verify", *records(server)).returncode == 0
    statement, sequence = TAMPERING[what]
    alter(server, statement)
    done = server.run("db", "verify", *records(server))
    assert done.returncode == 3
    assert sequence is None or re.search(rf"\b{sequence}\b", done.stderr), done.stderr
    assert failure(server, 3, "db", "verify", *records(server))["code"] == "corrupt"


def test_plain_http_serves_on_loopback(tmp_path):
    server = Opsteward(tmp_path / "data", options=("--http",)).start()
    try:
        assert server.address.startswith("http://127.0.0.1:")
        assert Api(server).get("/devices")["items"]
        browser = Browser(server).first_sign_in()
        assert browser.open("/devices").status == 200 and browser.path == "/devices"
        assert "Strict-Transport-Security" not in browser.page.headers
    finally:
        assert server.stop() == 0
