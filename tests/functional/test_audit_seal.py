"""The audit trail in the log vault: sealed by itself, provable without the program, and whoever rewrites rows is found."""

import base64
import fcntl
import hashlib
import json
import random
import sqlite3
import subprocess
import urllib.parse

from conftest import made_database, psql, started
from opsteward import Api, Browser, Opsteward, wait_for

KILLS = 6
# SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), before its 32 bytes.
DER_PREFIX = bytes.fromhex("302a300506032b6570032100")
HASHED = ("previous_hash", "sequence", "at", "user_id", "user_name", "address", "action", "subject_kind", "subject_id", "subject_name", "unit_id",
          "before_json", "after_json")


# --- What an auditor needs, from the documents alone.

def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.3.2."""
    first, last = index, size - 1
    node = leaf
    for other in path:
        assert last > 0, "too long"
        if first & 1 or first == last:
            node = sha256(b"\x01", other, node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = sha256(b"\x01", node, other)
        first, last = first >> 1, last >> 1
    assert last == 0, "too short"
    return node


def is_signed(text: str, signature: bytes, key: bytes, folder) -> bool:
    for name, content in (("key.der", DER_PREFIX + key), ("text", text.encode()), ("signature", signature)):
        (folder / name).write_bytes(content)
    return subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", folder / "key.der", "-in", folder / "text",
                           "-sigfile", folder / "signature"], capture_output=True, check=False).returncode == 0


def verified_record(proof: str, public_key: str, folder) -> tuple[int, int, bytes]:
    """Its number, the size of the signed tree, the record."""
    head, note = proof.split("\n\n", 1)
    magic, extra, index, *path = head.split("\n")
    assert magic == "c2sp.org/tlog-proof@v1"
    record = base64.b64decode(extra.removeprefix("extra "))
    number = int(index.removeprefix("index "))
    text, signatures = note.split("\n\n", 1)
    origin, size, root = text.split("\n")
    name, _, typed_key = public_key.strip().split("+", 2)
    assert name == origin
    signature = base64.b64decode(signatures.split("\n")[0].removeprefix(f"— {name} "))
    assert is_signed(text + "\n", signature[4:], base64.b64decode(typed_key)[1:], folder)
    assert root_of(sha256(b"\x00", record), number, int(size), [base64.b64decode(line) for line in path]) == base64.b64decode(root)
    return number, int(size), record


def row_of(record: bytes) -> dict:
    return json.loads(record[record.index(b'{"sequence":'):])


def chain_hash(row: dict) -> str:
    text = json.dumps([row[name] for name in HASHED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# --- What the tests do to a server.

def seal_job(api) -> str:
    """The kind of this server's own job: the one that it takes."""
    kinds = {job["kind"] for job in api.get("/jobs?limit=200")["items"] if job["kind"].startswith("audit.seal")}
    return next(kind for kind in sorted(kinds) if api.post("/jobs", {"kind": kind}).status == 202)


def newest(api) -> dict:
    return api.get("/audit?limit=1")["items"][0]


def seal_now(api) -> int:
    """The number of the last row, which is sealed then."""
    wait_for(lambda: api.get("/jobs?limit=200")["items"], "the first jobs")
    wait_for(lambda: any(job["kind"].startswith("audit.seal") for job in api.get("/jobs?limit=200")["items"]), "the first sealing")
    last = newest(api)["sequence"]
    seal_job(api)
    wait_for(lambda: api.get(f"/audit/{last}")["sealed"], f"row {last} to be sealed", 60)
    return last


def tree_size(server) -> int:
    status = server.run("--json", "logs", "status", "--data", str(server.data))
    assert status.returncode == 0, status.stderr
    return json.loads(status.stdout)["tree_size"]


def execute(server, statement: str) -> None:
    """As somebody would who has the database in their hands."""
    if server.database:
        psql(statement, urllib.parse.urlsplit(server.database).path.removeprefix("/"))
        return
    with sqlite3.connect(server.data / "records.db") as records:
        records.executescript(statement)
    records.close()


def verify(server) -> subprocess.CompletedProcess:
    return server.run("--json", "db", "verify", "--data", str(server.data), *server.database_options())


def public_key(server) -> str:
    return (server.data / "vault.pub").read_text()


def test_rows_are_sealed_without_anybody_asking_and_the_pages_say_so(server, browser):
    api = Api(server)
    seal = wait_for(lambda: api.get("/audit/1")["sealed"], "the first row to be sealed")
    assert seal["checkpoint"] >= 1 and seal["at"]
    last = seal_now(api)
    page = browser.open("/audit").text
    assert "稽核紀錄已封存於記錄庫" in page and "已封存於檢查點" in page
    assert hashlib.sha256(public_key(server).encode()).hexdigest() in page
    assert browser.open(f"/audit/{last}").text.count(f'href="/audit/{last}/proof"') == 1
    key = browser.open("/audit/vault.pub")
    assert key.text == public_key(server) and key.headers["Content-Type"].startswith("text/plain")
    proof = browser.open(f"/audit/{last}/proof")
    assert proof.headers["Content-Type"].startswith("text/plain") and "attachment" in proof.headers["Content-Disposition"]
    assert (server.data / "vault.key").stat().st_mode & 0o777 == 0o600


def test_an_auditor_verifies_proofs_and_chain_without_the_program(server, api, tmp_path):
    last = seal_now(api)
    previous = ""
    for sequence in range(1, last + 1):
        number, size, record = verified_record(api.get(f"/audit/{sequence}/proof")["proof"], public_key(server), tmp_path)
        row = row_of(record)
        assert number < size and row["sequence"] == sequence
        assert row["previous_hash"] == previous
        assert row["hash"] == chain_hash(row) == api.get(f"/audit/{sequence}")["hash"]
        previous = row["hash"]


def test_a_row_rewritten_together_with_its_chain_is_found(server, api):
    last = seal_now(api)
    row = row_of(base64.b64decode(api.get(f"/audit/{last}/proof")["proof"].split("\n")[1].removeprefix("extra ")))
    done = verify(server)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sealed_rows"] >= last
    assert server.stop() == 0
    # All that came after is cut off, and the row altered: a chain that is right in itself.
    row["subject_name"] = "nothing of the kind"
    forged = chain_hash(row)
    execute(server, f"DELETE FROM audit_trail WHERE sequence > {last};"
                    f"UPDATE audit_trail SET subject_name = 'nothing of the kind', hash = '{forged}' WHERE sequence = {last};"
                    f"UPDATE audit_head SET sequence = {last}, hash = '{forged}';")
    done = verify(server)
    assert done.returncode != 0
    message = json.loads(done.stderr)["error"]["message"]
    assert f"Row {last} differs from what is sealed of it" in message["en"] and f"第 {last} 筆" in message["zh"]

    server.start()
    browser = Browser(server).first_sign_in()
    seal_job(api)
    wait_for(lambda: "稽核紀錄未能封存" in browser.open("/audit").text, "the page to say so", 60)


def test_rows_that_vanish_are_named(server, api):
    last = seal_now(api)
    assert server.stop() == 0
    execute(server, f"DELETE FROM audit_trail WHERE sequence >= {last};"
                    f"UPDATE audit_head SET sequence = {last - 1}, hash = (SELECT hash FROM audit_trail WHERE sequence = {last - 1});")
    done = verify(server)
    assert done.returncode != 0
    assert f"Row {last} is sealed in the vault" in json.loads(done.stderr)["error"]["message"]["en"]
    server.start()
    seal_job(api)
    failed = wait_for(lambda: [job for job in api.get("/jobs?state=failed")["items"] if job["kind"].startswith("audit.seal")], "the job to tell", 60)
    assert "rows were tampered with, or an older backup was restored" in failed[0]["error"]["en"]


def test_kill_9_at_random_moments_neither_repeats_nor_loses_a_row(new_server):
    random.seed(20251126)
    new_server.start()
    token = new_server.token()
    api = Api(new_server, token)
    for attempt in range(KILLS):
        seal_now(api)
        for number in range(random.randrange(1, 30)):
            assert api.post("/units", {"parent_id": 1, "name": f"unit {attempt}-{number}"}).status == 201
            if random.random() < 0.3:
                seal_job(api)
        new_server.kill()
        new_server.start()
    last = seal_now(api)
    assert new_server.stop() == 0
    done = verify(new_server)
    assert done.returncode == 0, done.stderr
    verified = json.loads(done.stdout)
    # Nothing else is in the vault: a record for each row, and not one more.
    assert verified["sealed_rows"] == tree_size(new_server) >= last


def test_the_server_works_starts_and_stops_while_somebody_else_writes_to_the_vault(server, api):
    seal_now(api)
    with open(server.data / "vault" / "lock", "r+b") as lock:
        wait_for(lambda: try_lock(lock), "the vault to be free")
        assert api.post("/units", {"parent_id": 1, "name": "meanwhile"}).status == 201
        waiting = newest(api)["sequence"]
        kind = seal_job(api)
        job = wait_for(lambda: next((j for j in api.get(f"/jobs?kind={kind}")["items"] if j["state"] == "succeeded" and told_busy(api, j)), None),
                       "a job that finds the vault busy")
        assert not job["error"]["en"]
        assert api.get(f"/audit/{waiting}")["sealed"] is None
        refused = api.call("GET", f"/audit/{waiting}/proof")
        assert refused.status == 409 and "not sealed yet" in refused.json()["error"]["message"]["en"]
        assert server.stop(10) == 0
        server.start()
        assert api.get(f"/audit/{waiting}")["sealed"] is None
    assert "audit.seal" not in server.log_text(), "no noise in the log"
    assert seal_now(api) >= waiting


def try_lock(file) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


def told_busy(api, job: dict) -> bool:
    return any("Another process writes" in line["text"]["en"] for line in api.get(f"/jobs/{job['id']}")["log"])


def test_servers_that_share_the_records_seal_them_whole_each_in_its_own_vault(tmp_path):
    with made_database("postgres") as database, started(Opsteward(tmp_path / "one", database)) as one, \
            started(Opsteward(tmp_path / "two", database)) as two:
        token = one.token()
        apis = [Api(server, token) for server in (one, two)]
        for api in apis:
            last = seal_now(api)
        for server, api in zip((one, two), apis):
            wait_for(lambda: api.get(f"/audit/{last}")["sealed"], "each to seal", 60)
            number, _, record = verified_record(api.get(f"/audit/{last}/proof")["proof"], public_key(server), tmp_path)
            assert row_of(record)["sequence"] == number + 1 == last
            done = verify(server)
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["sealed_rows"] >= last
        assert public_key(one) != public_key(two)
