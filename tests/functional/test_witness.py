"""A witness on another machine, and vaults that have their checkpoints cosigned by it: who holds a vault and its key can't rewrite it unnoticed."""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path

import pytest

from opsteward import BINARY, wait_for
from test_logs import Vault, leaf_hash, numbered, root_of

VERIFY = Path(f"{BINARY}-verify")
KILLS = int(os.environ.get("OPSTEWARD_KILL_ROUNDS", "5"))
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}


class Witness:
    """One process and its folder."""

    def __init__(self, data: Path, *logs: Path, options: tuple[str, ...] = ()):
        self.data = data
        self.logs = logs
        self.options = options
        self.process: subprocess.Popen | None = None
        self.address = ""
        self.public_key = ""

    def command(self) -> list[str]:
        keys = [argument for log in self.logs for argument in ("--log", str(log))]
        return [str(BINARY), "--json", "witness", "--data", str(self.data), "--listen", "127.0.0.1:0", *keys, *self.options]

    def start(self, env: dict | None = None) -> "Witness":
        with open(f"{self.data}.log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=log, text=True, env=env or ENVIRONMENT)
        line = self.process.stdout.readline()
        assert line, self.log_text()[-2000:]
        started = json.loads(line)
        self.address, self.public_key = started["address"], started["public_key"]
        return self

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.process = None
        return code

    def log_text(self) -> str:
        return Path(f"{self.data}.log").read_text(encoding="utf-8", errors="replace")

    @property
    def key(self) -> Path:
        return self.data / "witness.pub"

    def connect(self) -> http.client.HTTPConnection:
        url = urllib.parse.urlsplit(self.address)
        if url.scheme == "http":
            return http.client.HTTPConnection(url.hostname, url.port, timeout=30)
        return http.client.HTTPSConnection(url.hostname, url.port, timeout=30, context=ssl.create_default_context(cafile=str(self.data / "server.crt")))

    def post(self, body: str | bytes, path: str = "/add-checkpoint", method: str = "POST") -> tuple[int, str, str]:
        """Status, content type and body of the answer."""
        with contextlib.closing(self.connect()) as link:
            link.request(method, path, body if isinstance(body, bytes) else body.encode())
            answer = link.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read().decode()

    def remembered(self) -> str:
        """The newest cosigned checkpoint, as the disk has it."""
        return self.state().read_text(encoding="utf-8")

    def state(self) -> Path:
        """Beside it may lie what was being written when the process was killed."""
        file, = (file for file in (self.data / "logs").iterdir() if file.suffix != ".new")
        return file

    def evidence(self) -> list[Path]:
        return sorted(file for file in self.data.glob("evidence/*/*") if file.is_file())


class WitnessedVault(Vault):
    def submit(self, witness: Witness, **more) -> list[str]:
        return ["--url", more.get("url", witness.address), "--key", str(more.get("key", witness.key)), "--ca", str(more.get("ca", witness.data / "server.crt"))]

    def witness(self, witness: Witness, **more) -> dict:
        return self.answer("witness", *self.submit(witness, **more))

    def refused(self, code: int, witness: Witness, **more) -> dict:
        return self.failure(code, "witness", *self.submit(witness, **more))

    @property
    def witnessed(self) -> Path:
        return self.folder / "witnessed"

    def verify(self, *arguments) -> dict:
        done = subprocess.run([VERIFY, "vault", self.folder, "--key", self.data / "vault.pub", "--json", *arguments], capture_output=True, timeout=120,
                              check=False, env=ENVIRONMENT)
        assert done.returncode in (0, 1), done.stderr
        return {"code": done.returncode, "text": done.stdout.decode()}


def text_of(note: str) -> str:
    return note.split("\n\n")[0] + "\n"


def size_of(note: str) -> int:
    return int(note.split("\n")[1])


def cosigned_at(note: str, key_line: str, folder: Path) -> int | None:
    """The time of the witness's signature in the note, if it fits: as C2SP tlog-cosignature has it, by the openssl program."""
    name, key_id, key = key_line.strip().split("+", 2)
    typed = base64.b64decode(key)
    assert typed[0] == 4 and hashlib.sha256(name.encode() + b"\n" + typed).hexdigest()[:8] == key_id
    line, = (line for line in note.split("\n\n")[1].split("\n") if line.startswith(f"— {name} "))
    signature = base64.b64decode(line.split(" ")[2])
    assert signature[:4].hex() == key_id and len(signature) == 4 + 8 + 64
    seconds = int.from_bytes(signature[4:12], "big")
    (folder / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + typed[1:])  # RFC 8410 section 4
    (folder / "text").write_text(f"cosignature/v1\ntime {seconds}\n{text_of(note)}", encoding="utf-8")
    (folder / "signature").write_bytes(signature[12:])
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-in", "text",
                           "-sigfile", "signature"], cwd=folder, capture_output=True, check=False)
    return seconds if done.returncode == 0 else None


def consistency(first: int, leaves: list[bytes], is_whole: bool = True) -> list[bytes]:
    """RFC 6962 section 2.1.2."""
    if first == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if first <= half:
        return [*consistency(first, leaves[:half], is_whole), root_of(leaves[half:])]
    return [*consistency(first - half, leaves[half:], False), root_of(leaves[:half])]


class OwnLog:
    """A log of another program: Python and openssl."""

    def __init__(self, folder: Path, origin: str = "other.example/log"):
        folder.mkdir()
        self.folder, self.origin = folder, origin
        seed = hashlib.sha256(str(folder).encode()).digest()
        (folder / "key.der").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + seed)  # RFC 8410 section 7
        public = subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", folder / "key.der", "-pubout", "-outform", "DER"], capture_output=True,
                                check=True).stdout[-32:]
        self.key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
        self.public = folder / "log.pub"
        key = base64.b64encode(b"\x01" + public).decode()
        self.public.write_text(f"{origin}+{self.key_id.hex()}+{key}\n", encoding="utf-8")

    def leaves(self, size: int) -> list[bytes]:
        return [leaf_hash(b"%d" % i) for i in range(size)]

    def request(self, old: int, size: int) -> str:
        leaves = self.leaves(size)
        text = f"{self.origin}\n{size}\n{base64.b64encode(root_of(leaves)).decode()}\n"
        (self.folder / "text").write_text(text, encoding="utf-8")
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", "key.der", "-in", "text"], cwd=self.folder,
                                   capture_output=True, check=True).stdout
        proof = "".join(base64.b64encode(node).decode() + "\n" for node in (consistency(old, leaves) if 0 < old < size else []))
        return f"old {old}\n{proof}\n{text}\n— {self.origin} {base64.b64encode(self.key_id + signature).decode()}\n"


@contextlib.contextmanager
def running(witness: Witness, env: dict | None = None):
    try:
        yield witness.start(env)
    finally:
        if witness.process:
            witness.end(signal.SIGKILL)


@pytest.fixture
def vault(tmp_path) -> WitnessedVault:
    made = WitnessedVault(tmp_path / "data")
    made.ingest(stdin=numbered(300))
    return made


@pytest.fixture
def witness(tmp_path, vault):
    shutil.copy(vault.data / "vault.pub", tmp_path / "published.pub")
    with running(Witness(tmp_path / "witness", tmp_path / "published.pub")) as started:
        yield started


class TestGrowing:
    def test_it_is_submitted_again_and_again_as_it_grows(self, vault, witness, tmp_path):
        first = vault.witness(witness)
        assert (first["size"], first["size_before"]) == (300, 0) and first["root"] == vault.status()["root"]
        assert first["witness"] == witness.public_key.split("+")[0] and first["witness"].endswith("/witness")
        before = vault.witnessed.read_text(encoding="utf-8")
        vault.ingest(stdin=numbered(1000))
        second = vault.witness(witness)
        assert (second["size"], second["size_before"]) == (1300, 300)
        vault.ingest(stdin=numbered(1))
        assert vault.witness(witness)["size"] == 1301
        assert vault.witness(witness)["size_before"] == 1301, "the same again is cosigned again"

        note = vault.witnessed.read_text(encoding="utf-8")
        assert note.startswith((vault.folder / "checkpoint").read_text(encoding="utf-8")) and note == witness.remembered()
        for cosigned in (before, note):
            assert abs(cosigned_at(cosigned, witness.public_key, tmp_path) - time.time()) < 600
        assert cosigned_at(note.replace("\n1301\n", "\n1300\n"), witness.public_key, tmp_path) is None

    def test_with_what_was_witnessed_forgotten_the_witness_says_from_where(self, vault, witness):
        vault.witness(witness)
        vault.witnessed.unlink()
        vault.ingest(stdin=numbered(5))
        assert vault.witness(witness)["size_before"] == 300

    def test_two_submissions_at_once_are_both_cosigned(self, vault, witness):
        vault.witness(witness)
        vault.ingest(stdin=numbered(50))
        both = [subprocess.Popen(vault.command("witness", *vault.submit(witness)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
                for _ in range(6)]
        told = [process.communicate(timeout=60) for process in both]
        assert [process.returncode for process in both] == [0] * 6, told
        assert {json.loads(out)["size"] for out, _ in told} == {350}
        assert size_of(vault.witnessed.read_text(encoding="utf-8")) == size_of(witness.remembered()) == 350

    def test_several_vaults_have_one_witness(self, vault, tmp_path):
        other = OwnLog(tmp_path / "other")
        with running(Witness(tmp_path / "witness", vault.data / "vault.pub", other.public)) as witness:
            assert vault.witness(witness)["size"] == 300
            status, _, cosignature = witness.post(other.request(0, 7))
            assert status == 200 and cosignature.startswith(f"— {witness.public_key.split('+')[0]} ")
            assert witness.post(other.request(7, 20))[0] == 200
            assert len(list((witness.data / "logs").iterdir())) == 2
            assert vault.witness(witness)["size_before"] == 300

    def test_people_are_told_in_their_language(self, vault, witness):
        for locale, words in (("zh_TW.UTF-8", "已見證 300 筆"), ("C.UTF-8", "cosigned 300 records")):
            done = subprocess.run([BINARY, "logs", "witness", "--data", vault.data, *vault.submit(witness)], capture_output=True, text=True, check=True,
                                  env={**os.environ, "LC_ALL": locale})
            assert words in done.stdout


class TestRefusal:
    def test_a_vault_put_back_to_an_older_state_is_refused_by_the_witness(self, vault, witness, tmp_path):
        vault.witness(witness)
        shutil.copytree(vault.data, tmp_path / "snapshot")
        vault.ingest(stdin=numbered(40))
        vault.witness(witness)
        old = WitnessedVault(tmp_path / "snapshot")
        error = old.refused(3, witness)
        assert error["code"] == "corrupt" and "witness cosigned 340 records, and the vault has sealed 300" in error["message"]["en"]
        assert "截短或竄改" in error["message"]["zh"]
        old.ingest(stdin=numbered(90))
        error = old.refused(3, witness)
        assert error["code"] == "corrupt" and "does not go on from what the witness saw" in error["message"]["en"], "grown beyond it, it is another log"
        assert size_of(witness.remembered()) == 340 and len(witness.evidence()) == 2

    def test_a_vault_put_back_beside_its_witnessed_checkpoint_is_refused_by_everything_that_writes(self, vault, witness, tmp_path):
        shutil.copytree(vault.folder, tmp_path / "snapshot")
        vault.ingest(stdin=numbered(40))
        vault.witness(witness)
        witnessed = vault.witnessed.read_bytes()
        shutil.rmtree(vault.folder)
        shutil.copytree(tmp_path / "snapshot", vault.folder)
        vault.witnessed.write_bytes(witnessed)
        for name, *arguments in (["ingest", *vault.of("fw")], ["compact"], ["witness", *vault.submit(witness)]):
            error = vault.failure(3, name, *arguments)
            assert error["code"] == "corrupt" and "not what its witnessed checkpoint says: it should hold 340 records, and holds 300" in error["message"]["en"]
        assert vault.count() == 300, "what is there can be read"

    def test_a_vault_written_anew_with_the_stolen_key_is_refused_and_kept_as_evidence(self, vault, witness, tmp_path):
        vault.witness(witness)
        forged = WitnessedVault(tmp_path / "forged")
        forged.data.mkdir(mode=0o700)
        for name in ("vault.key", "vault.pub"):
            shutil.copy(vault.data / name, forged.data / name)
        known = witness.remembered()

        forged.ingest(stdin=numbered(300, "permit tcp 10.0.0.2"))
        error = forged.refused(3, witness)
        assert error["code"] == "corrupt" and "the 300 records that the witness cosigned before are others" in error["message"]["en"]
        forged.ingest(stdin=numbered(10))
        assert "does not go on" in forged.refused(3, witness)["message"]["en"]
        assert not forged.witnessed.exists() and witness.remembered() == known

        kept = witness.evidence()
        assert [file.suffix for file in kept] == [".known", ".submitted"] * 2
        assert kept[0].read_text(encoding="utf-8") == kept[2].read_text(encoding="utf-8") == known
        assert {size_of(file.read_text(encoding="utf-8").split("\n\n", 1)[1]) for file in kept[1::2]} == {300, 310}
        assert "REWRITTEN?" in witness.log_text()

        shutil.copy(vault.witnessed, forged.witnessed)
        error = forged.failure(3, "ingest", *forged.of("fw"))
        assert "not what its witnessed checkpoint says: its first 300 records were altered" in error["message"]["en"]

    def test_a_checkpoint_by_another_key_is_refused(self, vault, witness, tmp_path):
        vault.witness(witness)
        other = WitnessedVault(tmp_path / "other")
        other.ingest(stdin=numbered(400))
        error = other.refused(1, witness)
        assert error["code"] == "forbidden" and "another key" in error["message"]["en"], "the same name, for it is the same host"
        assert size_of(witness.remembered()) == 300

    def test_a_log_that_the_witness_does_not_know_is_told_so(self, vault, tmp_path):
        with running(Witness(tmp_path / "witness", OwnLog(tmp_path / "other").public)) as witness:
            assert vault.refused(1, witness)["code"] == "not_found"

    def test_a_cosignature_by_another_key_is_not_taken(self, vault, witness, tmp_path):
        with running(Witness(tmp_path / "another", vault.data / "vault.pub")) as another:
            error = vault.refused(3, witness, key=another.key)
            assert error["code"] == "corrupt" and "not cosigned by" in error["message"]["en"]
        assert not vault.witnessed.exists()
        assert vault.refused(3, witness, key=vault.data / "vault.pub")["code"] == "invalid_input"
        assert vault.refused(1, witness, key=tmp_path / "none")["code"] == "not_found"

    def test_a_server_that_is_not_trusted_gets_nothing(self, vault, witness, tmp_path):
        with running(Witness(tmp_path / "another", vault.data / "vault.pub")) as another:
            error = vault.refused(5, witness, ca=another.data / "server.crt")
            assert error["code"] == "unavailable" and "not trusted" in error["message"]["en"]
        assert vault.failure(5, "witness", "--url", witness.address, "--key", witness.key)["code"] == "unavailable"
        assert vault.refused(3, witness, ca=vault.data / "vault.pub")["code"] == "invalid_input"
        assert not (witness.data / "logs").exists() or not list((witness.data / "logs").iterdir())

    def test_an_address_that_is_none_or_where_nobody_listens_is_told(self, vault, witness):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        assert vault.refused(5, witness, url=f"https://127.0.0.1:{port}")["code"] == "unavailable"
        for url in ("http://192.0.2.1", "witness", "https://user:secret@127.0.0.1"):
            assert vault.refused(3, witness, url=url)["code"] == "invalid_input"

    def test_where_there_is_no_vault_or_nothing_is_sealed_there_is_nothing_to_submit(self, vault, witness, tmp_path):
        assert WitnessedVault(tmp_path / "none").refused(1, witness)["code"] == "not_found"
        assert not (tmp_path / "none").exists()
        (vault.folder / "checkpoint").unlink()
        assert vault.refused(1, witness)["code"] == "not_found"


class TestProtocol:
    def test_every_answer_is_as_the_protocol_says(self, tmp_path):
        log = OwnLog(tmp_path / "log")
        stranger = OwnLog(tmp_path / "stranger", "stranger.example/log")
        thief = OwnLog(tmp_path / "thief", log.origin)
        with running(Witness(tmp_path / "witness", log.public, options=("--http",))) as witness:
            assert witness.address.startswith("http://127.0.0.1:")
            assert witness.post(log.request(0, 5))[0] == 200
            for body, status, told in ((b"", 400, "malformed"), (b"\xff\xfe", 400, "malformed"), ("old 5\n", 400, "malformed"),
                                       (log.request(5, 9).replace("old 5", "old 05"), 400, "malformed"), (log.request(9, 5), 400, "larger"),
                                       (stranger.request(0, 5), 404, "not know"), (thief.request(5, 9), 403, "not sign"),
                                       (log.request(3, 9).replace("old 3", "old 5"), 422, "does not show")):
                answer = witness.post(body)
                assert answer[0] == status and told in answer[2], answer
            assert witness.post(log.request(0, 9)) == (409, "text/x.tlog.size", "5\n")
            assert witness.post(log.request(9, 9)) == (409, "text/x.tlog.size", "5\n")
            assert witness.post(bytes(70_000))[0] == 413
            assert witness.post(b"", "/", "GET")[0] == 404
            assert witness.post(b"", method="GET")[0] == 405
            assert witness.post(log.request(5, 9))[0] == 200

    def test_it_ends_by_sigterm_and_goes_on_where_it_was(self, vault, witness):
        vault.witness(witness)
        key = witness.public_key
        assert witness.end(signal.SIGTERM) == 0
        vault.ingest(stdin=numbered(7))
        assert vault.refused(5, witness)["code"] == "unavailable"
        witness.start()
        assert witness.public_key == key == witness.key.read_text(encoding="utf-8").strip()
        assert vault.witness(witness)["size_before"] == 300

    def test_its_files_are_its_own(self, vault, witness):
        vault.witness(witness)
        for file in [witness.data, *witness.data.rglob("*")]:
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file

    def test_it_tells_the_service_manager(self, vault, tmp_path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(tmp_path / "notify"))
            manager.settimeout(30)
            witness = Witness(tmp_path / "witness", vault.data / "vault.pub")
            with running(witness, env={**ENVIRONMENT, "NOTIFY_SOCKET": str(tmp_path / "notify")}):
                assert manager.recv(100) == b"READY=1"
                witness.end()
                assert manager.recv(100) == b"STOPPING=1"

    def test_what_it_can_not_start_with_is_told(self, vault, witness, tmp_path):
        def failure(code: int, *arguments) -> str:
            done = subprocess.run([BINARY, "--json", "witness", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, env=ENVIRONMENT)
            assert done.returncode == code, done.stderr
            return json.loads(done.stderr.splitlines()[-1])["error"]["code"]

        log = vault.data / "vault.pub"
        here = ["--data", tmp_path / "new", "--listen", "127.0.0.1:0"]
        assert failure(2, *here) == "invalid_input", "there is no log"
        assert failure(4, "--data", witness.data, "--log", log, "--listen", "127.0.0.1:0") == "conflict"
        assert failure(3, *here, "--log", witness.key) == "invalid_input"
        assert failure(3, *here, "--log", log, "--log", log) == "invalid_input"
        assert failure(1, *here, "--log", tmp_path / "none") == "not_found"
        assert failure(1, "--data", tmp_path / "new", "--log", log, "--listen", "0.0.0.0:0", "--http") == "forbidden"
        vault.witness(witness)
        witness.end()
        state = witness.state()
        state.write_bytes(state.read_bytes()[:-10])
        assert failure(3, "--data", witness.data, "--log", log, "--listen", "127.0.0.1:0") == "corrupt", "it does not begin anew"


class Submitter(threading.Thread):
    """Submits size after size as fast as it can, until the witness is gone."""

    def __init__(self, witness: Witness, bodies: list[str], size: int):
        super().__init__()
        self.witness, self.bodies, self.size = witness, bodies, size

    def run(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(self.witness.connect()) as link:
            while self.size < len(self.bodies):
                link.request("POST", "/add-checkpoint", self.bodies[self.size].encode())
                answer = link.getresponse()
                assert answer.read().startswith("— ".encode()) and answer.status == 200
                self.size += 1


def test_killed_at_random_moments_it_never_forgets_what_it_cosigned(tmp_path):
    log = OwnLog(tmp_path / "log")
    sizes = 30 * KILLS
    bodies = [log.request(size, size + 1) for size in range(sizes)]
    chance = random.Random(20261126)
    witness = Witness(tmp_path / "witness", log.public, options=("--http",))
    remembered = 0
    for _ in range(KILLS):
        with running(witness):
            submitter = Submitter(witness, bodies, remembered)
            submitter.start()
            goal = min(sizes, remembered + chance.randrange(1, 25))
            wait_for(lambda: submitter.size >= goal, "the moment to kill it")
            witness.end(signal.SIGKILL)
            submitter.join()
        with running(witness):
            status, _, told = witness.post(log.request(0, sizes))
            assert status == 409 and submitter.size <= int(told) <= submitter.size + 1, "the last one may have been kept and its answer lost"
            remembered = int(told)
            assert size_of(witness.remembered()) == remembered


class TestVerifier:
    def test_a_checkpoint_that_was_witnessed_is_one_to_verify_by(self, vault, witness, tmp_path):
        shutil.copytree(vault.data, tmp_path / "older")
        vault.ingest(stdin=numbered(100))
        vault.witness(witness)
        kept = [tmp_path / "by the vault", tmp_path / "by the witness"]
        shutil.copy(vault.witnessed, kept[0])
        shutil.copy(witness.state(), kept[1])
        vault.ingest(stdin=numbered(3))
        for file in kept:
            assert vault.verify("--checkpoint", file)["code"] == 0, "grown since"

        older = WitnessedVault(tmp_path / "older")
        found = older.verify("--checkpoint", kept[1])
        assert found["code"] == 1 and "checkpoint-older" in found["text"]
        older.ingest(stdin=numbered(200, "other"))
        found = older.verify("--checkpoint", kept[1])
        assert found["code"] == 1 and "forked" in found["text"]
        assert older.verify()["code"] == 0, "without the witness nobody could tell"
