"""The log vault by the command line: what comes in comes out byte for byte, is found and can be proved; what is cut off in the middle loses nothing."""

import base64
import contextlib
import datetime
import gzip
import hashlib
import json
import lzma
import os
import random
import re
import resource
import shutil
import signal
import stat
import subprocess
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from opsteward import BINARY, Opsteward, wait_for

KILLS = int(os.environ.get("OPSTEWARD_KILL_ROUNDS", "5"))
MIB = 1 << 20
MAX_MESSAGE = 4 * MIB
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}


class Vault:
    """The vault of a data folder, by its commands alone."""

    def __init__(self, data: Path):
        self.data = data
        self.folder = data / "vault"

    def command(self, name: str, *arguments) -> list[str]:
        return [str(BINARY), "--json", "logs", name, "--data", str(self.data), *map(str, arguments)]

    def run(self, name: str, *arguments, stdin: bytes = b"", **more) -> subprocess.CompletedProcess:
        return subprocess.run(self.command(name, *arguments), input=stdin, capture_output=True, timeout=300, check=False, env=ENVIRONMENT, **more)

    def answer(self, name: str, *arguments, stdin: bytes = b"") -> dict:
        done = self.run(name, *arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count(b"\n") == 1, "one document on one line"
        return json.loads(done.stdout)

    def failure(self, code: int, name: str, *arguments, stdin: bytes = b"") -> dict:
        done = self.run(name, *arguments, stdin=stdin)
        assert done.returncode == code, done.stderr
        return json.loads(done.stderr)["error"]

    @staticmethod
    def of(source: str, kind: str = "os") -> list[str]:
        return ["--source", source, "--kind", kind]

    def ingest(self, *files, stdin: bytes = b"", source: str = "fw", kind: str = "os") -> dict:
        return self.answer("ingest", *self.of(source, kind), *files, stdin=stdin)

    def start_ingest(self, source: str = "fw", **more) -> subprocess.Popen:
        return subprocess.Popen(self.command("ingest", *self.of(source)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=ENVIRONMENT, **more)

    def hits(self, *arguments) -> list[dict]:
        done = self.run("search", *arguments)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def messages(self, *arguments) -> list[str]:
        return [hit["message"] for hit in self.hits(*arguments)]

    def raw(self, *arguments) -> bytes:
        done = self.run("search", "--raw", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def count(self, *arguments) -> int:
        return self.answer("search", "--count", *arguments)["count"]

    def status(self) -> dict:
        return self.answer("status")

    def prove(self, sequence: int) -> str:
        return self.answer("prove", sequence)["proof"]


@pytest.fixture
def vault(tmp_path) -> Vault:
    return Vault(tmp_path / "data")


def numbered(count: int, text: str = "permit tcp 10.0.0.1") -> bytes:
    return b"".join(b"%d %s\n" % (i, text.encode()) for i in range(count))


def noise(lines: int) -> bytes:
    """Lines that no compressor makes much of."""
    source = random.Random(7)
    return b"".join(b"%d %s\n" % (i, source.randbytes(400).hex().encode()) for i in range(lines))


FORMS = {
    "plain": lambda lines: lines,
    "gzip": gzip.compress,
    "gzip in two members": lambda lines: gzip.compress(lines[:100_001]) + gzip.compress(lines[100_001:]),
    "xz": lambda lines: lzma.compress(lines, preset=0),
    "zstd": lambda lines: subprocess.run(["zstd", "-qc"], input=lines, capture_output=True, check=True).stdout,
}


# The tree, as RFC 6962 and docs/formats/vault.md have it.

def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:half]), root_of(leaves[half:]))


def milliseconds(instant: str) -> int:
    return round(datetime.datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp() * 1000)


def record_of(hit: dict) -> bytes:
    """The canonical bytes of a record that was found."""
    assert hit["transport"] == "import"
    message = base64.b64decode(hit["message_base64"]) if "message_base64" in hit else hit["message"].encode()
    texts = [hit[name].encode() for name in ("source", "kind", "peer")]
    return (bytes([1, 0]) + milliseconds(hit["received"]).to_bytes(8, "little") + bytes(map(len, texts)) + len(message).to_bytes(4, "little")
            + b"".join(texts) + message)


def root_of_hits(hits: list[dict]) -> str:
    assert [hit["sequence"] for hit in hits] == list(range(len(hits)))
    return base64.b64encode(root_of([leaf_hash(record_of(hit)) for hit in hits])).decode()


def root_by_proof(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return None
    number, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if number & 1 or number == last:
            value = node_hash(sibling, value)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        number, last = number >> 1, last >> 1
    return value if last == 0 else None


def is_signed(note: str, key_line: str, folder: Path) -> bool:
    """Whether the signed note has a signature of the key in vault.pub, by the openssl program."""
    name, key_id, key = key_line.strip().split("+", 2)
    public = base64.b64decode(key)[1:]
    assert hashlib.sha256(name.encode() + b"\n\x01" + public).hexdigest()[:8] == key_id
    text, signatures = note.split("\n\n")
    signature = base64.b64decode(signatures.removeprefix(f"— {name} ").strip())
    assert signature[:4].hex() == key_id
    (folder / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + public)  # RFC 8410 section 4
    (folder / "text").write_bytes(text.encode() + b"\n")
    (folder / "signature").write_bytes(signature[4:])
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-in", "text",
                           "-sigfile", "signature"], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def proof_holds(proof: str, key_line: str, folder: Path) -> bool:
    head, checkpoint = proof.split("\n\n", 1)
    version, extra, index, *path = head.split("\n")
    origin, size, root = checkpoint.split("\n")[:3]
    assert version == "c2sp.org/tlog-proof@v1" and key_line.startswith(origin + "+")
    leaf = leaf_hash(base64.b64decode(extra.removeprefix("extra ")))
    made = root_by_proof(int(index.removeprefix("index ")), int(size), leaf, [base64.b64decode(line) for line in path])
    return made == base64.b64decode(root) and is_signed(checkpoint, key_line, folder)


class TestIngest:
    def test_the_first_one_makes_the_vault_and_its_keys(self, vault):
        kept = vault.ingest(stdin=b"one\ntwo\n")
        assert (kept["records"], kept["bytes"], kept["first"], kept["tree_size"], kept["is_sealed"]) == (2, 6, 0, 2, True)
        for name in ("vault.key", "vault.pub"):
            assert stat.S_IMODE((vault.data / name).stat().st_mode) == 0o600
        assert stat.S_IMODE(vault.folder.stat().st_mode) == 0o700
        key = (vault.data / "vault.pub").read_text()
        assert key.count("\n") == 1 and key.endswith("\n")
        status = vault.status()
        assert status["root"] == kept["root"] and key.startswith(status["origin"] + "+")
        assert is_signed((vault.folder / "checkpoint").read_text(), key, vault.data)
        assert vault.ingest(stdin=b"three\n")["first"] == 2
        assert (vault.data / "vault.pub").read_text() == key, "the key stays"

    @pytest.mark.parametrize("form", FORMS)
    def test_a_file_gives_the_same_records_in_every_form(self, vault, tmp_path, form):
        lines = noise(3000)
        compressed = FORMS[form](lines)
        file = tmp_path / "lines"  # no name that tells
        file.write_bytes(compressed)
        assert vault.ingest(file, source="file")["records"] == 3000
        assert vault.ingest(stdin=compressed, source="input")["records"] == 3000
        assert vault.ingest("-", stdin=compressed, source="dash")["records"] == 3000
        for source in ("file", "input", "dash"):
            assert vault.raw("--source", source) == lines

    def test_several_files_come_in_their_order_and_empty_ones_give_nothing(self, vault, tmp_path):
        files = []
        for number, content in enumerate([b"a\nb", b"", gzip.compress(b"c\n"), gzip.compress(b"")]):
            files.append(tmp_path / f"{number}")
            files[-1].write_bytes(content)
        assert vault.ingest(*files)["records"] == 3
        assert vault.ingest(stdin=b"")["records"] == 0
        assert vault.raw() == b"a\nb\nc\n"

    @pytest.mark.parametrize("form", ["gzip", "xz", "zstd"])
    def test_of_a_file_that_ends_too_early_what_came_before_is_kept_and_sealed(self, vault, tmp_path, form):
        lines = noise(5000)
        compressed = FORMS[form](lines)
        file = tmp_path / "cut off"
        file.write_bytes(compressed[:len(compressed) * 3 // 4])
        done = vault.run("ingest", *vault.of("fw"), file)
        assert done.returncode == 3 and "cut off" in json.loads(done.stderr)["error"]["message"]["en"]
        kept = json.loads(done.stdout)
        assert kept["records"] > 1000 and kept["is_sealed"] and vault.status()["sealed_size"] == kept["records"]
        raw = vault.raw()
        assert lines.startswith(raw.removesuffix(b"\n")) and raw.count(b"\n") == kept["records"]
        if form == "gzip":
            whole = zlib.decompressobj(31).decompress(file.read_bytes())
            assert raw.removesuffix(b"\n") == whole.removesuffix(b"\n"), "to the last byte"

    GZIP = {
        "one that ends in its checksum": (lambda packed: packed[:-6], "ends too early"),
        "one that ends in its header": (lambda packed: packed + packed[:7], "ends too early"),
        "another checksum": (lambda packed: packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:], "incorrect data check"),
        "another length": (lambda packed: packed[:-4] + bytes([packed[-4] ^ 1]) + packed[-3:], "incorrect length check"),
        "something else behind it": (lambda packed: packed + b"something else", "incorrect header check"),
        "zeros behind it": (lambda packed: packed + bytes(1000), ""),
        "zeros between two": (lambda packed: packed + bytes(1000) + gzip.compress(b""), ""),
    }

    @pytest.mark.parametrize("what", GZIP)
    def test_of_a_gzip_file_nothing_before_the_damage_is_lost(self, vault, what):
        damage, says = self.GZIP[what]
        done = vault.run("ingest", *vault.of("fw"), stdin=damage(gzip.compress(numbered(100))))
        assert done.returncode == (3 if says else 0), done.stderr
        assert says in done.stderr.decode()
        assert vault.raw() == numbered(100)

    def test_what_is_no_file_of_lines_is_named_and_what_came_before_it_is_kept(self, vault, tmp_path):
        good = tmp_path / "good"
        good.write_bytes(b"one\n")
        error = vault.failure(1, "ingest", *vault.of("fw"), good, tmp_path / "missing")
        assert error["code"] == "not_found" and "missing" in error["detail"]
        assert "folder" in vault.failure(3, "ingest", *vault.of("fw"), good, tmp_path)["message"]["en"]
        assert vault.raw() == b"one\none\n" and vault.status()["sealed_size"] == 2

    def test_a_source_without_a_name_or_with_a_long_one_is_refused(self, vault):
        for source in ("", "x" * 256):
            assert vault.failure(3, "ingest", *vault.of(source), stdin=b"line\n")["code"] == "invalid_input"
        assert vault.count() == 0

    EXACT = {
        "Big5": "登入失敗：帳號 王小明 許功蓋\n拒絕\n".encode("cp950"),
        "NUL and other bytes": bytes(byte for byte in range(256) if byte != 10) + b"\n\x00\x00\n\n",
        "carriage returns": b"one\r\ntwo\r\n\r\n\r\n",
        "empty lines": b"\n\n\nlast\n\n",
        "bytes that are no UTF-8": b"\xff\xfe\x80 \xc3\n\xed\xa0\x80\n",
        "escape sequences": b"\x1b[2J\x1b]0;title\x07\n",
        "lines of a MiB": (b"x" * MIB + b"\n") * 3 + b"y \x00 " * (MIB // 4) + b"\n",
        "the longest line": b"z" * MAX_MESSAGE + b"\n",
        "what looks like a compressed file in the middle": b"line\n\x1f\x8b\x08\x00\n\x28\xb5\x2f\xfd\n",
    }

    @pytest.mark.parametrize("what", EXACT)
    def test_the_bytes_come_back_exactly(self, vault, what):
        sent = self.EXACT[what]
        assert vault.ingest(stdin=sent)["records"] == sent.count(b"\n")
        assert vault.raw() == sent
        kept = [base64.b64decode(hit["message_base64"]) if "message_base64" in hit else hit["message"].encode() for hit in vault.hits()]
        assert b"".join(message + b"\n" for message in kept) == sent

    def test_the_last_line_needs_no_end(self, vault):
        assert vault.ingest(stdin=b"one\ntwo")["records"] == 2
        assert vault.raw() == b"one\ntwo\n"

    def test_a_line_longer_than_a_record_comes_in_pieces(self, vault):
        line = random.Random(9).randbytes(9 * MIB // 2).hex().encode()
        assert vault.ingest(stdin=b"before\n" + line + b"\nafter\n")["records"] == 5
        pieces = vault.raw().split(b"\n")
        assert [len(piece) for piece in pieces] == [6, MAX_MESSAGE, MAX_MESSAGE, MIB, 5, 0]
        assert b"".join(pieces[1:4]) == line

    def test_while_one_writes_the_next_is_told_so_and_reading_goes_on(self, vault):
        first = vault.start_ingest()
        first.stdin.write(b"the first line\n")
        first.stdin.flush()
        wait_for(lambda: vault.run("search", "--count").stdout.strip() == b'{"count":1}', "the first line to be kept")
        error = vault.failure(4, "ingest", *vault.of("fw"), stdin=b"other\n")
        assert error["code"] == "conflict" and str(first.pid) in error["message"]["en"]
        assert vault.status()["tree_size"] == 1
        out, _ = first.communicate(b"two\n", timeout=60)
        assert first.returncode == 0 and json.loads(out)["records"] == 2
        assert vault.ingest(stdin=b"three\n")["tree_size"] == 3
        assert vault.raw() == b"the first line\ntwo\nthree\n"

    def test_however_many_begin_the_vault_it_has_one_key(self, vault):
        begun = [vault.start_ingest(source=f"fw-{number}") for number in range(6)]
        for process in begun:
            process.communicate(b"line\n", timeout=60)
        assert {process.returncode for process in begun} <= {0, 4}
        kept = sum(process.returncode == 0 for process in begun)
        assert vault.ingest(stdin=b"line\n")["tree_size"] == kept + 1
        assert is_signed((vault.folder / "checkpoint").read_text(), (vault.data / "vault.pub").read_text(), vault.data)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
    def test_interrupted_it_seals_what_it_has_and_says_how_much(self, vault, number):
        process = vault.start_ingest()
        process.stdin.write(numbered(1000) + b"half a li")
        process.stdin.flush()
        wait_for(lambda: vault.run("search", "--count").stdout.strip() == b'{"count":1000}', "the lines to be kept")
        process.send_signal(number)
        assert process.wait(60) == 1, "it does not wait for more to come"
        kept, error = json.loads(process.stdout.read()), json.loads(process.stderr.read())["error"]
        process.stdout.close()
        process.stderr.close()
        process.stdin.close()
        assert (kept["records"], kept["tree_size"], kept["is_sealed"], error["code"]) == (1000, 1000, True, "cancelled")
        assert vault.status()["sealed_size"] == 1000 and vault.raw() == numbered(1000)

    def test_signed_records_without_their_keys_are_not_signed_anew(self, vault):
        vault.ingest(stdin=b"one\n")
        for name in ("vault.key", "vault.pub"):
            (vault.data / name).unlink()
        error = vault.failure(3, "ingest", *vault.of("fw"), stdin=b"two\n")
        assert error["code"] == "corrupt" and "vault.key" in error["message"]["en"]
        assert not (vault.data / "vault.key").exists() and vault.count() == 1


LINES = {
    "sshd": ["<86>Nov 24 09:59:57 host01 sshd[4321]: Accepted publickey for alice from 10.1.9.2 port 50001 ssh2: ED25519 SHA256:abcdef",
             "<86>Nov 24 09:59:58 host01 sshd[4321]: Failed password for invalid user admin from 198.51.100.7 port 4711 ssh2",
             "<86>Nov 24 09:59:59 host01 sshd[4321]: Failed password for root from 10.1.9.3 port 50002 ssh2"],
    "web": ['198.51.100.7 - - [24/Nov/2026:09:59:58 +0800] "GET /index.html HTTP/1.1" 200 5316',
            '10.1.9.2 - alice [24/Nov/2026:09:59:58 +0800] "POST /login HTTP/1.1" 404 12',
            '2001:db8::7 - - [24/Nov/2026:09:59:58 +0800] "GET /etc/passwd HTTP/1.1" 403 0'],
    "app": ["登入失敗：王小明 (connection refused)", "user=Admin bytes=7 time passes", "nothing to see"],
}
ALL = [line for lines in LINES.values() for line in lines]

QUERIES = {
    "": range(9),
    "*": range(9),
    "FAILED": [1, 2],
    "fail": [1, 2],
    "failed admin": [1],
    "failed AND NOT root": [1],
    "accepted OR refused": [0, 6],
    "(accepted OR failed) -root": [0, 1],
    '"connection refused"': [6],
    "王小明": [6],
    "user:alice": [0, 4],
    "user:ALICE": [0, 4],
    "user:adm*": [1, 7],
    "user:*": [0, 1, 2, 4, 7],
    "src_ip:10.1.9.0/24": [0, 2, 4],
    "src_ip:2001:db8::/32": [5],
    "status:400..499": [4, 5],
    "status:>=404": [4],
    "bytes_out:>1000": [3],
    "status:..200": [3],
    "/port 5000[0-9] /": [0, 2],
    "url:/^.login/": [4],
    "method:/^post$/i": [4],
    "source:web status:403": [5],
    "kind:sshd root": [2],
    "zzz": [],
}


@pytest.fixture(scope="module")
def lines_vault(tmp_path_factory) -> Vault:
    """Read only."""
    made = Vault(tmp_path_factory.mktemp("lines") / "data")
    for source, lines in LINES.items():
        made.ingest(stdin="".join(line + "\n" for line in lines).encode(), source=source, kind="sshd" if source == "sshd" else "os")
    return made


class TestSearch:
    @pytest.mark.parametrize("query", QUERIES, ids=lambda query: query or "nothing")
    def test_a_query_finds_its_records_and_no_others(self, lines_vault, query):
        assert [hit["sequence"] for hit in lines_vault.hits("--", query)] == list(QUERIES[query])

    def test_a_hit_in_json_says_everything_of_the_record(self, lines_vault):
        hit, = lines_vault.hits("src_ip:198.51.100.7 failed")
        assert set(hit) == {"sequence", "received", "source", "kind", "transport", "peer", "message", "fields"}
        assert (hit["sequence"], hit["source"], hit["kind"], hit["transport"], hit["peer"]) == (1, "sshd", "sshd", "import", "")
        assert hit["message"] == LINES["sshd"][1]
        assert hit["fields"] | {"user": "admin", "src_ip": "198.51.100.7", "src_port": "4711", "host": "host01"} == hit["fields"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", hit["received"])

    def test_source_and_kind_narrow_it_exactly(self, lines_vault):
        assert lines_vault.count("--source", "web") == 3
        assert lines_vault.count("--source", "we") == 0
        assert lines_vault.count("--kind", "os") == 6
        assert lines_vault.count("--kind", "os", "--source", "sshd") == 0
        assert lines_vault.messages("--source", "app", "user:*") == [LINES["app"][1]]

    def test_limit_ends_after_so_many(self, lines_vault):
        assert lines_vault.messages("--limit", "2") == ALL[:2]
        assert lines_vault.messages("--limit", "1", "user:alice") == [ALL[0]]
        assert lines_vault.count("--limit", "0") == 9

    @pytest.mark.parametrize("arguments, shown", [
        (["-C", "1", "root"], "1- 2: 3-"),
        (["--context", "1", "root OR /etc/"], "1- 2: 3- 4- 5: 6-"),
        (["-C1", "accepted OR refused"], "0: 1- -- 5- 6: 7-"),
        (["-C", "0", "failed OR refused"], "1: 2: -- 6:"),
        (["-C", "2", "--limit", "1", "failed"], "0- 1: 2- 3-"),
        (["-C", "1000", "root"], "0- 1- 2: 3- 4- 5- 6- 7- 8-"),
        (["-C", "2", "--source", "web", "status:403"], "3- 4- 5:"),
        (["-C", "1", "--kind", "os", "--", "index.html OR refused"], "3: 4- 5- 6: 7-"),
        (["-C", "1", "--to", "2000-01-01", "root"], ""),
        (["-C", "1", "zzz"], ""),
    ], ids=str)
    def test_context_is_shown_as_grep_does(self, lines_vault, arguments, shown):
        text = subprocess.run([BINARY, "logs", "search", "--data", lines_vault.data, *arguments], capture_output=True, check=True, env=ENVIRONMENT)
        lines = text.stdout.decode().splitlines()
        assert [line.split()[0] for line in lines] == shown.split()
        assert all(line == "--" or line.endswith(ALL[int(line.split()[0][:-1])]) for line in lines)

        hits = lines_vault.hits(*arguments)
        records = [mark for mark in shown.split() if mark != "--"]
        assert [f"{hit['sequence']}{':' if hit['is_hit'] else '-'}" for hit in hits] == records
        assert all(hit["message"] == ALL[hit["sequence"]] for hit in hits)

        raw = [line.decode() for line in lines_vault.raw(*arguments).splitlines()]
        assert raw == [mark if mark == "--" else ALL[int(mark[:-1])] for mark in shown.split()]

    @pytest.mark.parametrize("arguments", [["--count"], ["--histogram", "day"], ["--top", "user"]], ids=" ".join)
    def test_context_of_what_is_counted_is_refused_in_both_languages(self, lines_vault, arguments):
        error = lines_vault.failure(2, "search", "--context", "1", *arguments)
        assert error["code"] == "invalid_input"
        assert all("--context" in text and arguments[0] in text for text in error["message"].values())
        chinese = subprocess.run([BINARY, "logs", "search", "--data", lines_vault.data, "-C", "1", *arguments], capture_output=True, check=False,
                                 env={**os.environ, "LC_ALL": "zh_TW.UTF-8"})
        assert chinese.returncode == 2 and "不能" in chinese.stderr.decode() and not chinese.stdout

    def test_instants_hold_the_beginning_in_and_the_end_out(self, lines_vault):
        times = [hit["received"] for hit in lines_vault.hits()]
        for begin in times:
            assert lines_vault.count("--from", begin) == sum(other >= begin for other in times)
            assert lines_vault.count("--to", begin) == sum(other < begin for other in times)
        taipei = datetime.timezone(datetime.timedelta(hours=8))
        same = datetime.datetime.fromtimestamp(milliseconds(times[-1]) / 1000, taipei).isoformat(timespec="milliseconds")
        assert lines_vault.count("--from", same) == times.count(times[-1]), same

    @pytest.mark.parametrize("write", [lambda day: f"{day.year - 1911}.{day.month}.{day.day}", lambda day: day.isoformat()], ids=["Minguo", "ISO 8601"])
    def test_a_day_is_one_of_taipei_and_counts_as_a_whole(self, lines_vault, write):
        taipei = datetime.timezone(datetime.timedelta(hours=8))
        days = [datetime.datetime.fromtimestamp(milliseconds(hit["received"]) / 1000, taipei).date() for hit in lines_vault.hits()]
        for day in set(days):
            assert lines_vault.count("--from", write(day), "--to", write(day)) == days.count(day)
        assert lines_vault.count("--from", write(days[-1] + datetime.timedelta(days=1))) == 0
        assert lines_vault.count("--to", write(days[0] - datetime.timedelta(days=1))) == 0

    def test_a_histogram_counts_by_time(self, lines_vault):
        for step, length in (("minute", 16), ("hour", 13), ("day", None)):
            told = lines_vault.answer("search", "--histogram", step, "failed")
            assert told["count"] == 2 == sum(part["count"] for part in told["histogram"])
            received = {hit["received"] for hit in lines_vault.hits("failed")}
            if length:
                assert {part["from"][:length] for part in told["histogram"]} == {instant[:length] for instant in received}
            else:
                assert all(part["from"].endswith("T16:00:00.000Z") for part in told["histogram"]), "days begin at midnight in Taipei"

    def test_top_counts_the_values_of_a_field(self, lines_vault):
        told = lines_vault.answer("search", "--top", "src_ip")
        assert told["top"] == [{"value": value, "count": count} for value, count in
                               [("10.1.9.2", 2), ("198.51.100.7", 2), ("10.1.9.3", 1), ("2001:db8::7", 1)]]
        assert (told["count"], told["without"], told["others"]) == (9, 3, 0)
        assert lines_vault.answer("search", "--top", "source", "alice")["top"] == [{"value": "sshd", "count": 1}, {"value": "web", "count": 1}]

    def test_big5_is_shown_as_text_and_kept_as_bytes(self, vault):
        sent = "登入失敗：許功蓋".encode("cp950")
        vault.ingest(stdin=sent + b"\n")
        hit, = vault.hits("--encoding", "big5")
        assert hit["message"] == "登入失敗：許功蓋" and base64.b64decode(hit["message_base64"]) == sent
        assert "\N{REPLACEMENT CHARACTER}" in vault.messages()[0]

    def test_what_a_device_sends_does_not_steer_the_terminal(self, vault):
        vault.ingest(stdin="a\x1b[2J\tb\x00c\x9b31md\N{RIGHT-TO-LEFT OVERRIDE}e\N{LINE SEPARATOR}f 王\n".encode(), source="fw\n1")
        done = subprocess.run([BINARY, "logs", "search", "--data", vault.data], capture_output=True, env=ENVIRONMENT, check=True)
        text = done.stdout.decode()
        assert text.endswith(r" fw\x0a1 os a\x1b[2J\x09b\x00c\xc2\x9b31md\xe2\x80\xaee\xe2\x80\xa8f 王" + "\n") and text.count("\n") == 1

    @pytest.mark.parametrize("query, column", [("a AND", 6), ("(a OR b", 1), ("王小明 status:9..1", 15), ("time:1", 1), ("/a[/", 3)])
    def test_a_wrong_query_names_the_column(self, lines_vault, query, column):
        error = lines_vault.failure(3, "search", query)
        assert error["code"] == "invalid_input"
        assert re.search(rf"\b{column}\b", error["message"]["en"]) and re.search(rf"\b{column}\b", error["message"]["zh"]), error

    @pytest.mark.parametrize("arguments", [["--histogram", "week"], ["--count", "--raw"], ["--top", "user", "--histogram", "day"], ["--limit", "-1"],
                                           ["--context", "1001"], ["-C", "-1"], ["-C", "01"], ["one", "two"]], ids=" ".join)
    def test_wrong_options_are_refused(self, lines_vault, arguments):
        assert lines_vault.failure(2, "search", *arguments)["code"] == "invalid_input"

    @pytest.mark.parametrize("arguments", [["--from", "yesterday"], ["--to", "115.13.1"], ["--encoding", "ebcdic"]], ids=" ".join)
    def test_values_that_mean_nothing_are_refused(self, lines_vault, arguments):
        assert lines_vault.failure(3, "search", *arguments)["code"] == "invalid_input"

    @pytest.mark.parametrize("form", [[], ["--raw"], ["-C", "1"], ["--count"], ["--histogram", "day"]], ids=" ".join)
    def test_an_answer_that_cannot_be_written_is_an_error(self, lines_vault, form):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(lines_vault.command("search", *form), stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
        assert done.returncode == 5, done.stderr

    @pytest.mark.parametrize("command", [["search"], ["status"], ["prove", "0"]], ids=" ".join)
    def test_where_there_is_no_vault_none_is_made(self, vault, command):
        assert vault.failure(1, *command)["code"] == "not_found"
        assert not vault.data.exists()


class TestStatusAndProof:
    def test_status_tells_size_root_and_sealing(self, vault):
        vault.ingest(stdin=numbered(300))
        told = vault.status()
        assert set(told) == {"tree_size", "root", "sealed_size", "origin", "segments", "raw_bytes", "stored_bytes", "deleted",
                             "free_bytes", "reserve_bytes", "space"}
        assert (told["tree_size"], told["sealed_size"], told["segments"]) == (300, 300, 0)
        assert told["origin"].endswith("/vault") and told["raw_bytes"] == len(numbered(300)) - 300 and told["stored_bytes"] > told["raw_bytes"]
        text = subprocess.run([BINARY, "logs", "status", "--data", vault.data], capture_output=True, text=True, check=True,
                              env={**os.environ, "LC_ALL": "zh_TW.UTF-8"}).stdout
        assert "紀錄 300 筆" in text and told["root"] in text

    def test_the_root_is_that_of_the_records_and_changes_with_each_of_them(self, vault):
        roots = [vault.ingest(stdin=line)["root"] for line in (b"one\n", b"two\n", b"\n", b"\xff\n", b"five\n")]
        assert len(set(roots)) == 5
        assert [root_of_hits(vault.hits("--limit", str(size))) for size in range(1, 6)] == roots
        assert vault.ingest(stdin=b"")["root"] == roots[-1] == vault.status()["root"], "opening and sealing it again changes nothing"

    def test_a_proof_is_checked_with_the_public_key_alone(self, vault, tmp_path):
        vault.ingest(stdin=numbered(1000), source="fw", kind="firewall")
        key = (vault.data / "vault.pub").read_text()
        for sequence in (0, 255, 256, 511, 767, 998, 999):
            proof = vault.prove(sequence)
            assert proof_holds(proof, key, tmp_path)
            record = base64.b64decode(re.search(r"^extra (\S+)$", proof, re.M).group(1))
            assert record.endswith(f"fwfirewall{sequence} permit tcp 10.0.0.1".encode())
        altered = base64.b64encode(record.replace(b"permit", b"denied")).decode()
        assert not proof_holds(re.sub(r"(?m)^extra \S+$", "extra " + altered, proof), key, tmp_path)
        assert not proof_holds(proof.replace("index 999", "index 998"), key, tmp_path)
        plain = subprocess.run([BINARY, "logs", "prove", "--data", vault.data, "999"], capture_output=True, text=True, check=True).stdout
        assert plain == proof, "without --json it is the file itself"

    def test_of_a_record_that_is_not_there_it_says_how_many_there_are(self, lines_vault):
        error = lines_vault.failure(1, "prove", 9)
        assert error["code"] == "not_found" and "there are 9" in error["message"]["en"]
        for number in ("-1", "010", "0x1", "1.0", str(2 ** 64)):
            assert lines_vault.failure(2, "prove", "--", number)["code"] == "invalid_input"


def wide(first: int, count: int) -> bytes:
    """Long lines: many bytes for few records."""
    return b"".join(b"wide %d " % i + b"permit tcp 10.0.%d.%d; " % (i // 256, i % 256) * 11000 + b"\n" for i in range(first, first + count))


@pytest.fixture(scope="module")
def segment_vault(tmp_path_factory) -> Vault:
    """Read only; with one segment and records after it."""
    made = Vault(tmp_path_factory.mktemp("segments") / "data")
    made.ingest(stdin=wide(0, 250))
    for first in (250, 275):  # little enough to stay in the write-ahead log
        made.ingest(stdin=wide(first, 25))
    return made


@pytest.fixture
def damaged(segment_vault, tmp_path) -> Vault:
    """A copy to damage."""
    shutil.copytree(segment_vault.data, tmp_path / "data")
    return Vault(tmp_path / "data")


class TestDamage:
    def test_a_sound_one_with_a_segment_is_read_proved_and_written(self, damaged, tmp_path):
        status = damaged.status()
        assert (status["tree_size"], status["sealed_size"], status["segments"]) == (300, 300, 1)
        assert damaged.raw() == wide(0, 300)
        assert damaged.count('"wide 7 "') == 1
        for sequence in (0, 299):
            assert proof_holds(damaged.prove(sequence), (damaged.data / "vault.pub").read_text(), tmp_path)
        assert damaged.ingest(stdin=b"more\n")["tree_size"] == 301

    @pytest.mark.parametrize("where", [0.001, 0.3, 0.6, 0.999])
    def test_a_flipped_byte_of_a_segment_is_told_with_the_files_name(self, damaged, where):
        segment, = (damaged.folder / "segments").glob("*.seg")
        content = bytearray(segment.read_bytes())
        content[int(len(content) * where)] ^= 0x10
        segment.write_bytes(content)
        error = damaged.failure(3, "search", "--raw", "permit")
        assert error["code"] == "corrupt" and segment.name in error["detail"], error

    @pytest.mark.parametrize("missing", [["log/*"], ["segments/*.seg", "log/00000000000000000000.wal"], ["segments/*", "log/*"]], ids=" ".join)
    def test_one_shorter_than_its_checkpoint_is_refused_and_left_alone(self, damaged, missing):
        for pattern in missing:
            for file in damaged.folder.glob(pattern):
                file.unlink()
        before = {file: file.read_bytes() for file in damaged.folder.rglob("*") if file.is_file() and file.name != "lock"}
        assert damaged.failure(3, "ingest", *damaged.of("fw"), stdin=b"more\n")["code"] == "corrupt"
        after = {file: file.read_bytes() for file in before}
        assert before == after


@contextlib.contextmanager
def mounted(point: Path, size: str):
    """A file system in memory, in a namespace of its own, reached through the process that holds it."""
    point.mkdir()
    script = f"mount -t tmpfs -o size={size} none '{point}' && echo ready && exec cat"
    holder = subprocess.Popen(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    is_ready = holder.stdout.readline() == b"ready\n"
    if is_ready:
        yield Path(f"/proc/{holder.pid}/root{point}")
    holder.communicate(timeout=30)
    if not is_ready:
        pytest.skip("no file system can be mounted here")


@pytest.fixture
def small_disk(tmp_path):
    with mounted(tmp_path / "disk", "16m") as disk:
        yield disk


@pytest.fixture
def wide_disk(tmp_path):
    """Wider than anything that is put on it."""
    with mounted(tmp_path / "wide", "1g") as disk:
        yield disk


def fill_up(disk: Path) -> Path:
    """The file that has taken the last of the room."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), open(ballast, "ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return ballast


RESERVE = 4 * MIB


def is_intact(vault: Vault) -> bool:
    done = subprocess.run([BINARY.parent / "opsteward-verify", "vault", vault.folder, "--key", vault.data / "vault.pub"], capture_output=True, text=True,
                          env=ENVIRONMENT, check=False)
    return done.returncode == 0


def try_ingest_under(vault: Vault, limit: int, sent: bytes) -> subprocess.CompletedProcess:
    """No file may grow above the limit."""
    return vault.run("ingest", *vault.of("fw"), stdin=sent,
                     preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))


def kill_during(vault: Vault, sent: bytes, is_time: Callable[[], bool] | None = None) -> None:
    """Kills an ingest that is fed through a pipe when it is time, or as soon as the pipe has taken everything."""
    process = vault.start_ingest()

    def feed() -> None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(sent)

    feeder = threading.Thread(target=feed)
    feeder.start()
    if is_time:
        wait_for(is_time, "the moment to kill it")
    else:
        feeder.join()
    process.kill()
    feeder.join()
    with contextlib.suppress(BrokenPipeError):
        process.communicate()


class TestFaults:
    def check_that_it_goes_on(self, vault: Vault, done: subprocess.CompletedProcess, sent: bytes, before: bytes = b"") -> None:
        """What was said to be kept is there, and the rest can follow."""
        kept = json.loads(done.stdout)["records"]
        lines = sent.splitlines(keepends=True)
        assert 0 < kept < len(lines)
        assert vault.raw() == before + b"".join(lines[:kept]) and vault.status()["tree_size"] == before.count(b"\n") + kept
        assert vault.ingest(stdin=b"".join(lines[kept:]))["records"] == len(lines) - kept
        assert vault.raw() == before + sent
        assert root_of_hits(vault.hits()) == vault.status()["root"]

    def test_a_full_disk_is_told_and_nothing_is_lost_or_twice(self, small_disk):
        vault = Vault(small_disk / "data")
        vault.ingest(stdin=b"before\n")
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(10 * MIB))
        sent = noise(7000)
        done = vault.run("ingest", *vault.of("fw"), stdin=sent)
        assert done.returncode == 5 and json.loads(done.stderr)["error"]["code"] == "full"
        assert vault.failure(5, "ingest", *vault.of("fw"), stdin=sent)["code"] == "full", "it stays full"
        ballast.unlink()
        kept = json.loads(done.stdout)["records"]
        assert vault.count() >= 1 + kept
        more = vault.count() - 1 - kept
        lines = sent.splitlines(keepends=True)
        assert vault.raw() == b"before\n" + b"".join(lines[:kept]) + b"".join(lines[:more])
        assert vault.ingest(stdin=b"after\n")["is_sealed"]
        assert root_of_hits(vault.hits()) == vault.status()["root"]

    def test_on_a_full_disk_what_was_kept_is_sealed_and_with_room_it_goes_on(self, small_disk):
        vault = Vault(small_disk / "data")
        vault.ingest(stdin=b"before\n")
        assert (vault.folder / "reserve").stat().st_blocks * 512 >= RESERVE
        sent = noise(12_000)
        process = vault.start_ingest()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(sent[:4 * MIB])
            process.stdin.flush()
            wait_for(lambda: vault.count() > 1, "the first records")
            ballast = fill_up(small_disk)
            process.stdin.write(sent[4 * MIB:])
        out, err = process.communicate(timeout=60)
        assert process.returncode == 5 and json.loads(err)["error"]["code"] == "full"

        told = json.loads(out)
        kept = told["records"]
        assert told["is_sealed"] and told["space"] == "full" and 0 < kept < 12_000
        lines = sent.splitlines(keepends=True)
        assert vault.raw() == b"before\n" + b"".join(lines[:kept])
        for _ in range(2):
            assert vault.failure(5, "ingest", *vault.of("fw"), stdin=b"".join(lines[kept:]))["code"] == "full", "it stays full"
            status = vault.status()
            assert status["sealed_size"] == status["tree_size"] == 1 + kept and status["space"] == "full"
            assert is_intact(vault)
            assert proof_holds(vault.prove(kept), (vault.data / "vault.pub").read_text(), small_disk.parent)

        ballast.unlink()
        assert vault.ingest(stdin=b"".join(lines[kept:kept + 100]))["is_sealed"]
        status = vault.status()
        assert status["reserve_bytes"] == RESERVE and status["sealed_size"] == 101 + kept
        assert vault.raw() == b"before\n" + b"".join(lines[:kept + 100])
        assert is_intact(vault)

    def test_a_vault_that_finds_the_disk_full_seals_what_a_killed_ingest_left(self, small_disk):
        vault = Vault(small_disk / "data")
        vault.ingest(stdin=b"before\n")
        process = vault.start_ingest()
        process.stdin.write(numbered(100))
        process.stdin.flush()
        wait_for(lambda: vault.count() > 1, "the records")
        process.kill()
        process.communicate()
        kept = vault.count()
        fill_up(small_disk)
        assert vault.status()["sealed_size"] == 1
        assert vault.failure(5, "ingest", *vault.of("fw"), stdin=noise(1000))["code"] == "full"
        assert vault.status()["sealed_size"] == vault.status()["tree_size"] == kept
        assert is_intact(vault)

    def test_little_space_is_told_before_there_is_none(self, small_disk, wide_disk):
        wide, small = Vault(wide_disk / "data"), Vault(small_disk / "data")
        form = ["--source", "fw", "--kind", "os"]

        def told(vault: Vault, name: str, *arguments, language: str = "C.UTF-8", stdin: bytes = b"") -> subprocess.CompletedProcess:
            return subprocess.run([BINARY, "logs", name, "--data", vault.data, *arguments], input=stdin, capture_output=True, timeout=60, check=False,
                                  env={**os.environ, "LC_ALL": language})

        assert told(wide, "ingest", *form, stdin=b"a\n").stderr == b""
        status = wide.status()
        assert status["space"] == "enough" and status["reserve_bytes"] == RESERVE and status["free_bytes"] > 900 * MIB
        assert b"free on the disk" in told(wide, "status").stdout

        warned = told(small, "ingest", *form, stdin=b"a\n")
        assert warned.returncode == 0 and warned.stderr.count(b"\n") == 1 and b"The disk is getting full: 12.0 MiB free, less than 128.0 MiB" in warned.stderr
        assert small.ingest(stdin=b"b\n")["space"] == small.status()["space"] == "low"
        assert "磁碟空間不足" in told(small, "status", language="zh_TW.UTF-8").stdout.decode()

        fill_up(small_disk)
        assert small.status()["space"] == "full" and small.status()["free_bytes"] == 0
        assert b"The disk is full: 0 B free" in told(small, "status").stdout
        assert "磁碟已滿" in told(small, "status", language="zh_TW.UTF-8").stdout.decode()
        refused = told(small, "ingest", *form, stdin=noise(1000))
        assert refused.returncode == 5 and b"new records are refused" in refused.stderr.splitlines()[0]
        (small.folder / "reserve").unlink()
        assert b"Nothing is reserved for sealing" in told(small, "status").stdout

    def test_a_file_that_may_not_grow_is_told_and_nothing_is_lost_or_twice(self, vault):
        vault.ingest(stdin=b"before\n")
        sent = noise(3000)
        done = try_ingest_under(vault, MIB, sent)
        assert done.returncode == 5 and json.loads(done.stderr)["error"]["code"] == "full"
        self.check_that_it_goes_on(vault, done, sent, b"before\n")

    def test_kill_9_at_random_moments_keeps_an_exact_beginning(self, segment_vault, tmp_path):
        shutil.copytree(segment_vault.data, tmp_path / "data")
        vault = Vault(tmp_path / "data")
        chance = random.Random(20261126)
        kept = vault.raw()
        for number in range(KILLS):
            sent = wide(1000 * (number + 1), 300 if number == 0 else chance.randrange(40))
            if number == 0:
                kill_during(vault, sent, lambda: any((vault.folder / "segments").glob("*.new")))  # in the middle of writing a segment
            else:
                kill_during(vault, sent)
            now = vault.raw()
            assert now.startswith(kept) and sent.startswith(now[len(kept):]), "the lines that were sent, from the first on"
            line = b"after round %d\n" % number
            told = vault.ingest(stdin=line)
            kept = now + line
            assert told["is_sealed"] and told["tree_size"] == kept.count(b"\n")
        assert vault.raw() == kept
        assert vault.status()["root"] == told["root"]
        for sequence in (0, told["tree_size"] // 2, told["tree_size"] - 1):
            assert proof_holds(vault.prove(sequence), (vault.data / "vault.pub").read_text(), tmp_path)


def test_all_of_it_works_beside_a_running_server(tmp_path):
    server = Opsteward(tmp_path / "data").start()
    vault = Vault(server.data)
    try:
        # The server seals its audit trail in the same vault, before or after.
        told = vault.ingest(stdin=numbered(10))
        assert told["records"] == 10 and told["is_sealed"]
        assert vault.messages("--limit", "1", '"permit tcp 10.0.0.1"') == ["0 permit tcp 10.0.0.1"]
        assert vault.status()["sealed_size"] >= told["tree_size"]
        assert proof_holds(vault.prove(told["first"] + 3), (server.data / "vault.pub").read_text(), tmp_path)
        assert server.request("GET", "/healthz").status == 200
    finally:
        assert server.stop() == 0
