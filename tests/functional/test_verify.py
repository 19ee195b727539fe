"""opsteward-verify on vaults that opsteward made: it finds nothing wrong with them, and names each thing that somebody with all rights could do to them."""

import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from opsteward import BINARY

VERIFY = Path(f"{BINARY}-verify")
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
TRAILER = 24
LINES = 3000  # more than ten groups of 256, which the tree keeps hashes of


def run(*command) -> subprocess.CompletedProcess:
    return subprocess.run([str(part) for part in command], capture_output=True, timeout=120, check=False, env=ENVIRONMENT, text=True)


def ingest(data: Path, source: str, lines: list[str]) -> None:
    text = "".join(line + "\n" for line in lines)
    done = subprocess.run([str(BINARY), "--json", "logs", "ingest", "--data", str(data), "--source", source, "--kind", "os"], input=text.encode(),
                          capture_output=True, timeout=120, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr


def crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
    return byte


CRC_OF_BYTE = [crc_of_byte(byte) for byte in range(256)]


def crc32c(data: bytes, before: int = 0) -> int:
    value = before ^ 0xFFFFFFFF
    for byte in data:
        value = (value >> 8) ^ CRC_OF_BYTE[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF


class Vault:
    """A copy of a vault, to be tampered with."""

    def __init__(self, data: Path):
        self.data = data
        self.folder = data / "vault"
        self.key = data / "vault.pub"

    def verify(self, *arguments) -> subprocess.CompletedProcess:
        return run(VERIFY, "vault", self.folder, "--key", self.key, *arguments)

    def failures(self, *arguments) -> list[dict]:
        done = self.verify("--json", *arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        answer = json.loads(done.stdout)
        assert not answer["intact"]
        return answer["failures"]

    def codes(self, *arguments) -> set[str]:
        return {failure["code"] for failure in self.failures(*arguments)}

    def files(self, part: str) -> list[Path]:
        return sorted((self.folder / part).iterdir())

    def name(self, path: Path) -> str:
        return str(path.relative_to(self.folder))


class Footer:
    """Of a segment: its checksum is mended when it is put back."""

    def __init__(self, path: Path):
        self.path = path
        self.bytes = bytearray(path.read_bytes())
        self.at, self.length = struct.unpack_from("<QI", self.bytes, len(self.bytes) - TRAILER)
        self.blocks, self.rows = struct.unpack_from("<II", self.bytes, self.at)
        last = self.at + 8 + 44 * (self.blocks - 1)
        self.index_at = sum(struct.unpack_from("<QI", self.bytes, last))

    def put_back(self, footer: bytes) -> None:
        numbers = struct.pack("<QI", self.at, len(footer))
        self.path.write_bytes(bytes(self.bytes[:self.at]) + footer + numbers + struct.pack("<I", crc32c(footer + numbers)) + b"SEGEND1\n")


class Log:
    """A file of the write-ahead log, by its records; put back as one group whose checksum fits."""

    def __init__(self, path: Path):
        self.path = path
        content = path.read_bytes()
        self.header = content[:24]
        self.first, self.salt = struct.unpack_from("<QI", content, 8)
        self.records = []
        at = 24
        while at < len(content):
            length, count = struct.unpack_from("<II", content, at)
            end = at + 20 + length
            at += 20
            for _ in range(count):
                size = struct.unpack_from("<I", content, at)[0]
                self.records.append(content[at + 4:at + 4 + size])
                at += 4 + size
            assert at == end

    def put_back(self) -> None:
        body = b"".join(struct.pack("<I", len(record)) + record for record in self.records)
        head = struct.pack("<IIQ", len(body), len(self.records), self.first)
        self.path.write_bytes(self.header + head + struct.pack("<I", crc32c(head + body, self.salt)) + body)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A data folder whose vault has segments and a tail in the write-ahead log; and a checkpoint that was kept before the tail came."""
    data = tmp_path_factory.mktemp("made") / "data"
    ingest(data, "fw", [f"{'accept' if i % 3 else 'DENY'} src=10.0.{i % 7}.{i % 250} session=9{i:06d}" for i in range(LINES)])
    shutil.copy(data / "vault" / "checkpoint", data.parent / "witness")
    shutil.copytree(data / "vault", data.parent / "older")
    ingest(data, "db", [f"login of user{i} refused" for i in range(400)])
    return data


@pytest.fixture
def vault(made, tmp_path) -> Vault:
    shutil.copytree(made, tmp_path / "data")
    return Vault(tmp_path / "data")


@pytest.fixture
def sealed_segment(vault) -> Path:
    """A vault with a segment: what lies in the log alone goes there when it is large."""
    noise = [os.urandom(20_000).hex() for _ in range(2200)]
    ingest(vault.data, "noise", noise)
    segments = vault.files("segments")
    assert segments, "so much is due for a segment"
    return segments[0]


def test_a_vault_as_it_was_made_is_intact(vault, made):
    done = vault.verify("--checkpoint", made.parent / "witness")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{vault.folder}: intact.\n")
    answer = json.loads(vault.verify("--json").stdout)
    assert answer["intact"] and answer["records"] == answer["sealed"] == LINES + 400 and answer["failures"] == []


def test_an_altered_record_in_the_log_is_named(vault):
    log = vault.files("log")[0]
    content = bytearray(log.read_bytes())
    content[content.index(b"DENY")] ^= 1
    log.write_bytes(content)
    failures = vault.failures()
    assert failures[0]["code"] == "log-malformed" and failures[0]["file"] == vault.name(log)


def altered(records: list[bytes]) -> None:
    records[1000] = records[1000].replace(b"session=9", b"session=8")


def deleted(records: list[bytes]) -> None:
    del records[1000]


def inserted(records: list[bytes]) -> None:
    records.insert(1000, records[7])


def reordered(records: list[bytes]) -> None:
    records[1000], records[1001] = records[1001], records[1000]


@pytest.mark.parametrize("change", [altered, deleted, inserted, reordered])
def test_an_event_that_was_changed_under_a_mended_checksum_is_named(vault, made, change):
    log = Log(vault.files("log")[0])
    log.put_back()
    assert vault.verify("--checkpoint", made.parent / "witness").returncode == 0, "the same records in other groups"
    change(log.records)
    log.put_back()
    named = [failure for failure in vault.failures("--checkpoint", made.parent / "witness") if failure["code"] in ("root", "records-altered")]
    assert named and all(failure["record"] <= 1000 <= failure["last_record"] for failure in named)


def test_a_cut_off_tail_is_named(vault):
    log = vault.files("log")[-1]
    log.write_bytes(log.read_bytes()[:-1])
    assert {"log-malformed", "records-missing"} <= vault.codes()
    log.unlink()
    assert "records-missing" in vault.codes()


def test_records_behind_the_checkpoint_are_named(vault, made):
    shutil.copy(made.parent / "witness", vault.folder / "checkpoint")
    failure = next(failure for failure in vault.failures() if failure["code"] == "unsealed")
    assert (failure["record"], failure["last_record"]) == (LINES, LINES + 399)


def test_an_older_vault_is_intact_in_itself_and_fails_by_a_checkpoint_kept_elsewhere(vault, made):
    newer = vault.data / "newer"
    shutil.copy(vault.folder / "checkpoint", newer)
    shutil.rmtree(vault.folder)
    shutil.copytree(made.parent / "older", vault.folder)
    assert vault.verify().returncode == 0
    assert {"checkpoint-older", "records-missing"} <= vault.codes("--checkpoint", newer)


def test_a_vault_signed_anew_with_the_stolen_key_fails_by_a_checkpoint_kept_elsewhere(vault, made):
    shutil.rmtree(vault.folder)
    ingest(vault.data, "fw", [f"nothing happened {i}" for i in range(LINES)])
    assert vault.verify().returncode == 0
    assert "forked" in vault.codes("--checkpoint", made.parent / "witness")


def test_a_vault_without_a_checkpoint_or_with_another_is_not_intact(vault):
    checkpoint = vault.folder / "checkpoint"
    text = checkpoint.read_text(encoding="utf-8")
    checkpoint.write_text(text.replace(f"\n{LINES + 400}\n", f"\n{LINES}\n"), encoding="utf-8")
    assert "checkpoint-malformed" in vault.codes()
    checkpoint.unlink()
    assert "no-checkpoint" in vault.codes()


def test_a_foreign_file_is_named(vault):
    (vault.folder / "segments").mkdir(exist_ok=True)
    (vault.folder / "segments" / "notes.txt").write_text("x")
    (failure,) = vault.failures()
    assert (failure["code"], failure["file"]) == ("foreign-file", "segments/notes.txt")


def test_the_room_that_is_reserved_belongs_to_a_vault_and_holds_nothing(vault):
    reserve = vault.folder / "reserve"
    assert vault.verify().returncode == 0 and reserve.stat().st_size > 0
    for size in (0, 4096):  # on a full disk it is given up, and made again
        os.truncate(reserve, size)
        assert vault.verify().returncode == 0
    for hidden in (b"x", bytes(4096) + b"notes", bytes((4 << 20) + 1)):
        reserve.write_bytes(hidden)
        (failure,) = vault.failures()
        assert (failure["code"], failure["file"]) == ("foreign-file", "reserve")
    reserve.unlink()
    assert vault.verify().returncode == 0


def test_every_kind_of_damage_to_a_segment_is_named(vault, sealed_segment):
    assert vault.verify().returncode == 0
    whole = sealed_segment.read_bytes()
    name = vault.name(sealed_segment)
    footer = Footer(sealed_segment)

    def place_of(code: str) -> dict:
        return next(failure for failure in vault.failures() if failure["code"] == code and failure["file"] == name)

    def flipped(at: int) -> bytes:
        return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]

    sealed_segment.write_bytes(flipped(60))
    block = place_of("block-malformed")
    assert (block["block"], block["offset"], block["record"]) == (0, 8, 0)

    sealed_segment.write_bytes(whole[:-1])
    assert place_of("segment-malformed")

    sealed_segment.write_bytes(flipped(footer.index_at + 10))
    assert place_of("index")["offset"] == footer.index_at

    # Its records are gone when the log, which may still have them, goes with it.
    sealed_segment.unlink()
    shutil.rmtree(vault.folder / "log")
    assert any(failure["code"] == "segment-missing" and failure["record"] == 0 for failure in vault.failures())


def test_an_index_that_hides_a_block_from_searches_is_named(vault, sealed_segment):
    footer = Footer(sealed_segment)
    page = footer.bytes[footer.index_at:footer.index_at + 4092]
    at = next(at for at, byte in enumerate(page) if byte)
    page[at] &= page[at] - 1
    footer.bytes[footer.index_at:footer.index_at + 4096] = page + struct.pack("<I", crc32c(bytes(page)))
    sealed_segment.write_bytes(bytes(footer.bytes))
    (failure,) = vault.failures()
    assert failure["code"] == "index" and failure["offset"] == footer.index_at + at
    assert "does not name this block" in failure["message"]["en"]


def test_a_source_that_the_footer_hides_is_named(vault, sealed_segment):
    footer = Footer(sealed_segment)
    text = bytes(footer.bytes[footer.at:footer.at + footer.length])
    entry = text.index(b"\x02fw\x02os")
    footer.put_back(text[:entry] + text[entry + 6 + 8:])
    (failure,) = vault.failures()
    assert failure["code"] == "sources" and failure["file"] == vault.name(sealed_segment)
    assert "source fw of kind os" in failure["message"]["en"]


def test_a_stored_hash_that_is_altered_is_named(vault, sealed_segment):
    hashes = vault.folder / "tree" / "08"
    content = bytearray(hashes.read_bytes())
    content[32] ^= 1
    hashes.write_bytes(content)
    (failure,) = vault.failures()
    assert (failure["code"], failure["file"], failure["record"], failure["last_record"]) == ("tree-hash", "tree/08", 256, 511)


def test_a_proof_shows_its_record_and_an_altered_one_does_not(vault):
    proof = vault.data / "proof"
    done = run(BINARY, "logs", "prove", "--data", vault.data, 6)
    assert done.returncode == 0, done.stderr
    proof.write_text(done.stdout, encoding="utf-8")
    shown = run(VERIFY, "proof", proof, "--key", vault.key)
    assert shown.returncode == 0 and "session=9000006" in shown.stdout
    answer = json.loads(run(VERIFY, "proof", proof, "--key", vault.key, "--json").stdout)
    assert answer["intact"] and answer["index"] == 6 and answer["event"]["source"] == "fw"
    proof.write_text(done.stdout.replace("index 6", "index 7"), encoding="utf-8")
    refused = run(VERIFY, "proof", proof, "--key", vault.key)
    assert refused.returncode == 1 and "does not hold" in refused.stdout


def test_what_can_not_be_checked_says_why_and_ends_with_2(vault, tmp_path):
    for arguments in (
        [],
        ["vault"],
        ["vault", vault.folder],
        ["vault", vault.folder, "--key", vault.key, "--force"],
        ["vault", tmp_path / "none", "--key", vault.key],
        ["vault", tmp_path, "--key", vault.key],
        ["vault", vault.folder, "--key", tmp_path / "none"],
        ["vault", vault.folder, "--key", vault.folder / "checkpoint"],
        ["vault", vault.folder, "--key", vault.key, "--checkpoint", tmp_path / "none"],
        ["proof", tmp_path / "none", "--key", vault.key],
    ):
        done = run(VERIFY, *arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr.startswith("opsteward-verify: ")
    done = run(VERIFY, "vault", tmp_path / "none", "--key", vault.key, "--json")
    assert set(json.loads(done.stderr)["error"]["message"]) == {"zh", "en"}


def test_it_needs_no_right_to_write(vault):
    before = {path: path.stat().st_mtime_ns for path in vault.folder.rglob("*")}
    assert vault.verify().returncode == 0
    assert {path: path.stat().st_mtime_ns for path in vault.folder.rglob("*")} == before
