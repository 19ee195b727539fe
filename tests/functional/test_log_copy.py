"""The copy of the log vault on another disk and another machine: whatever cuts it, the next run ends with the same bytes, and what is made of it again is proven."""

import contextlib
import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from own_sshd import Line, OwnSshd
from test_logs import ENVIRONMENT, Vault, noise, numbered, small_disk  # noqa: F401: a fixture
from opsteward import wait_for


@pytest.fixture
def vault(tmp_path) -> Vault:
    vault = Vault(tmp_path / "data")
    vault.ingest(stdin=numbered(500))
    return vault


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    server = OwnSshd(tmp_path_factory.mktemp("ssh") / "sshd")
    yield server
    server.stop()


@pytest.fixture
def copy(tmp_path) -> Path:
    return tmp_path / "copy"


def access(server: OwnSshd, known_hosts: Path | None = None) -> list[str]:
    return ["--identity", server.user_key, "--known-hosts", known_hosts or server.known_hosts]


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def is_copy_of(vault: Vault, copy: Path) -> bool:
    """Segments, checkpoint and key byte for byte, the checkpoint a second time under its size, and nothing else."""
    there = files_below(copy)
    wanted = {name: content for name, content in files_below(vault.folder).items() if name.startswith("segments/") or name == "checkpoint"}
    wanted["vault.pub"] = (vault.data / "vault.pub").read_bytes()
    kept = {name for name in there if name.startswith("checkpoints/")}
    size = int(wanted["checkpoint"].split(b"\n")[1])
    return {name: there[name] for name in there if name not in kept} == wanted and there[f"checkpoints/{size:020}"] == wanted["checkpoint"]


def altered(file: Path, at: int = 100) -> bytes:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    return bytes(content)


class TestFolder:
    def test_a_copy_is_whole_and_without_the_private_key(self, vault, copy):
        copied = vault.answer("copy", "--to", copy)
        assert is_copy_of(vault, copy) and (copied["files"], copied["skipped"], copied["removed"]) == (4, 0, 0)
        assert copied["bytes"] == sum(map(len, files_below(copy).values()))
        assert (copied["checkpoint_size"], copied["root"]) == (500, vault.status()["root"])
        assert b"PRIVATE" not in b"".join(files_below(copy).values())
        assert not any(path.stat().st_mode & 0o077 for path in [copy, *copy.rglob("*")])

    def test_the_next_one_sends_what_is_new_and_keeps_every_checkpoint(self, vault, copy):
        vault.answer("copy", "--to", copy)
        vault.ingest(stdin=numbered(20))
        copied = vault.answer("copy", "--to", f"{copy}/")
        assert copied["files"] == 3 and copied["checkpoint_size"] == 520 and is_copy_of(vault, copy)
        assert sorted(path.name for path in (copy / "checkpoints").iterdir()) == [f"{500:020}", f"{520:020}"]
        assert vault.answer("copy", "--to", copy)["files"] == 0

    def test_merged_segments_take_the_place_of_their_parts(self, vault, copy):
        vault.answer("copy", "--to", copy)
        for _ in range(2):
            vault.ingest(stdin=numbered(20))
            vault.answer("copy", "--to", copy)
        vault.answer("compact")
        copied = vault.answer("copy", "--to", copy)
        assert copied["removed"] >= 1 and is_copy_of(vault, copy)

    def test_it_is_restored_and_goes_on_once_the_key_is_there(self, vault, copy, tmp_path):
        vault.answer("copy", "--to", copy)
        restored = Vault(tmp_path / "restored")
        answer = restored.answer("restore", "--from", copy, "--key", vault.data / "vault.pub")
        assert (answer["checkpoint_size"], answer["unsealed"], answer["is_key_vouched_for"], answer["can_sign"]) == (500, 0, True, False)
        assert answer["key"] == (vault.data / "vault.pub").read_text().strip()
        assert restored.status()["root"] == vault.status()["root"] and restored.raw() == vault.raw()
        assert restored.prove(400) == vault.prove(400)

        error = restored.failure(3, "ingest", *restored.of("fw"), stdin=b"more\n")
        assert "vault.key" in error["message"]["en"]
        assert restored.count() == 500
        shutil.copy(vault.data / "vault.key", restored.data)
        assert restored.ingest(stdin=b"more\n")["first"] == 500

    def test_it_is_restored_with_the_key_to_go_on(self, vault, copy, tmp_path):
        vault.answer("copy", "--to", copy)
        restored = Vault(tmp_path / "restored")
        answer = restored.answer("restore", "--from", copy, "--signing-key", vault.data / "vault.key")
        assert answer["can_sign"] and answer["is_key_vouched_for"]
        assert (restored.data / "vault.key").stat().st_mode & 0o777 == 0o600
        assert restored.ingest(stdin=b"more\n")["first"] == 500
        restored.answer("copy", "--to", copy)
        assert is_copy_of(restored, copy)

    def test_without_a_key_it_is_said_that_this_proves_less(self, vault, copy, tmp_path):
        vault.answer("copy", "--to", copy)
        restored = Vault(tmp_path / "restored")
        command = [word for word in restored.command("restore", "--from", copy) if word != "--json"]
        said = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=True).stdout
        assert "not whose it is" in said and (vault.data / "vault.pub").read_text().strip() in said and "vault.key" in said

    def test_it_is_not_restored_over_a_vault_or_against_another_key(self, vault, copy, tmp_path):
        vault.answer("copy", "--to", copy)
        assert vault.failure(4, "restore", "--from", copy)["code"] == "conflict"
        other = Vault(tmp_path / "other")
        other.ingest(stdin=b"one\n")
        restored = Vault(tmp_path / "restored")
        assert restored.failure(3, "restore", "--from", copy, "--key", other.data / "vault.pub")["code"] == "invalid_input"
        assert restored.failure(3, "restore", "--from", copy, "--signing-key", other.data / "vault.key")["code"] == "invalid_input"
        assert restored.failure(3, "restore", "--from", copy, "--key", other.data / "vault.pub", "--signing-key", vault.data / "vault.key")
        assert restored.failure(3, "restore", "--from", tmp_path / "none")["code"] == "invalid_input"
        assert not restored.folder.exists()

    def test_a_file_that_was_altered_is_named_and_left_and_all_else_is_copied(self, vault, copy):
        vault.answer("copy", "--to", copy)
        segment = next((copy / "segments").iterdir())
        content = altered(segment)
        vault.ingest(stdin=numbered(20))
        error = vault.failure(3, "copy", "--to", copy)
        assert error["code"] == "corrupt" and segment.name in error["message"]["en"]
        assert segment.read_bytes() == content and (copy / "checkpoint").read_bytes() == (vault.folder / "checkpoint").read_bytes()
        assert vault.answer("copy", "--to", copy, "--sizes-only")["skipped"] > 0
        segment.unlink()
        vault.answer("copy", "--to", copy)
        assert is_copy_of(vault, copy)

    def test_an_altered_copy_is_not_restored(self, vault, copy, tmp_path):
        vault.answer("copy", "--to", copy)
        altered(next((copy / "segments").iterdir()))
        restored = Vault(tmp_path / "restored")
        assert restored.failure(3, "restore", "--from", copy)["code"] == "corrupt"
        assert not restored.folder.exists()

    def test_a_vault_that_was_put_back_is_refused(self, vault, copy, tmp_path):
        shutil.copytree(vault.data, tmp_path / "older")
        vault.ingest(stdin=numbered(20))
        vault.answer("copy", "--to", copy)
        before = files_below(copy)
        error = Vault(tmp_path / "older").failure(3, "copy", "--to", copy)
        assert error["code"] == "corrupt" and f"checkpoints/{520:020}" in error["message"]["en"]
        assert files_below(copy) == before

    def test_nothing_is_put_into_a_folder_that_is_no_copy(self, vault, tmp_path):
        for folder in (vault.data, vault.folder, tmp_path):
            assert vault.failure(3, "copy", "--to", folder)["code"] == "invalid_input"
        assert vault.failure(1, "copy", "--to", tmp_path / "not mounted" / "copy")["code"] == "not_found"
        assert vault.failure(3, "copy", "--to", "host:/copy")["code"] == "invalid_input"
        assert vault.failure(3, "copy", "--to", "s3://bucket/copy")["code"] == "invalid_input"
        assert {path.name for path in vault.data.iterdir()} == {"vault", "vault.pub", "vault.key", "vault.copying"}
        assert not (vault.folder / "checkpoints").exists()

    def test_no_vault_is_begun_by_copying(self, tmp_path):
        assert Vault(tmp_path / "none").failure(1, "copy", "--to", tmp_path / "copy")["code"] == "not_found"
        assert not (tmp_path / "none").exists() and not (tmp_path / "copy").exists()

    def test_it_waits_a_little_for_who_writes_and_then_says_who_that_is(self, vault, copy):
        writer = vault.start_ingest()
        try:
            wait_for(lambda: (vault.folder / "lock").read_text().strip() == str(writer.pid), "the writer")
            error = vault.failure(4, "copy", "--to", copy)
            assert error["code"] == "conflict" and str(writer.pid) in error["message"]["en"]
            waiting = subprocess.Popen(vault.command("copy", "--to", copy), stdout=subprocess.PIPE, env=ENVIRONMENT)
        finally:
            writer.communicate(b"last\n", timeout=30)
        assert json.loads(waiting.communicate(timeout=30)[0])["checkpoint_size"] == 501

    def test_after_a_full_disk_the_next_run_goes_on(self, vault, small_disk):  # noqa: F811
        copy = small_disk / "copy"
        vault.ingest(stdin=noise(5000))
        ballast = small_disk / "ballast"
        with contextlib.suppress(OSError), open(ballast, "wb") as file:
            file.write(bytes((16 << 20) - (1 << 20)))
        error = vault.failure(5, "copy", "--to", copy)
        assert error["code"] == "full" and "goes on" in error["message"]["en"]
        begun = sum(path.stat().st_size for path in copy.rglob("*.seg*"))
        assert begun > 0
        ballast.unlink()
        copied = vault.answer("copy", "--to", copy)
        assert is_copy_of(vault, copy)
        assert copied["bytes"] < sum(map(len, files_below(copy).values())), "what was there was not written again"


class TestSsh:
    def test_it_is_copied_and_restored(self, vault, sshd, copy, tmp_path):
        copied = vault.answer("copy", "--to", sshd.url(copy), *access(sshd))
        assert copied["files"] == 4 and is_copy_of(vault, copy)
        assert not any(path.stat().st_mode & 0o077 for path in [copy, *copy.rglob("*")])
        vault.ingest(stdin=numbered(20))
        vault.answer("compact")
        vault.answer("copy", "--to", sshd.url(copy), *access(sshd))
        assert is_copy_of(vault, copy)
        restored = Vault(tmp_path / "restored")
        restored.answer("restore", "--from", sshd.url(copy), "--signing-key", vault.data / "vault.key", *access(sshd))
        assert restored.status()["root"] == vault.status()["root"] and restored.raw() == vault.raw()

    def test_after_the_server_was_killed_the_next_run_goes_on(self, vault, sshd, copy, tmp_path):
        vault.ingest(stdin=noise(40_000))
        line = Line(sshd.port, 3_000_000, sshd.kill)
        try:
            error = vault.failure(5, "copy", "--to", sshd.url(copy, line.port), *access(sshd, sshd.know(line.port)))
        finally:
            line.close()
            sshd.start()
        assert error["code"] == "unavailable" and "goes on" in error["message"]["en"]
        begun = sum(path.stat().st_size for path in copy.rglob("*.seg*"))
        assert begun > 1_000_000 and not (copy / "checkpoint").exists()
        copied = vault.answer("copy", "--to", sshd.url(copy), *access(sshd))
        everything = sum(map(len, files_below(copy).values()))
        assert is_copy_of(vault, copy) and copied["bytes"] <= everything - begun

        restored = Vault(tmp_path / "restored")
        restored.answer("restore", "--from", sshd.url(copy), *access(sshd))
        assert restored.status()["root"] == vault.status()["root"]

    def test_a_server_that_keeps_silent_is_left(self, vault, sshd, copy):
        vault.ingest(stdin=noise(5000))
        line = Line(sshd.port, 1_000_000, lambda: False)
        try:
            error = vault.failure(5, "copy", "--to", sshd.url(copy, line.port), "--timeout", 2, *access(sshd, sshd.know(line.port)))
        finally:
            line.close()
        assert error["code"] == "timeout" and "silent" in error["message"]["en"]

    def test_interrupted_it_ends_where_the_next_run_goes_on(self, vault, sshd, copy):
        vault.ingest(stdin=noise(20_000))
        process: list[subprocess.Popen] = []
        line = Line(sshd.port, 1_500_000, lambda: process[0].send_signal(signal.SIGINT))
        process.append(subprocess.Popen(vault.command("copy", "--to", sshd.url(copy, line.port), *access(sshd, sshd.know(line.port))), stderr=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=ENVIRONMENT))
        _, said = process[0].communicate(timeout=60)
        line.close()
        assert process[0].returncode == 1 and json.loads(said)["error"]["code"] == "cancelled"
        copied = vault.answer("copy", "--to", sshd.url(copy), *access(sshd))
        assert is_copy_of(vault, copy) and copied["bytes"] < sum(map(len, files_below(copy).values()))

    @pytest.mark.parametrize("known", ["nothing", "another key"])
    def test_a_host_that_is_not_known_is_refused_by_its_fingerprint(self, vault, sshd, copy, tmp_path, known):
        known_hosts = tmp_path / "known_hosts"
        known_hosts.touch()
        if known == "another key":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
            known_hosts.write_text(f"[127.0.0.1]:{sshd.port} " + (tmp_path / "other.pub").read_text())
        before = known_hosts.read_bytes()
        error = vault.failure(1, "copy", "--to", sshd.url(copy), *access(sshd, known_hosts))
        assert error["code"] == "forbidden" and sshd.fingerprint in error["message"]["en"] and sshd.fingerprint in error["message"]["zh"]
        assert ("unknown" in error["message"]["en"]) == (known == "nothing")
        assert not copy.exists() and known_hosts.read_bytes() == before

    def test_a_key_that_is_not_accepted_is_refused(self, vault, sshd, copy, tmp_path):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
        error = vault.failure(1, "copy", "--to", sshd.url(copy), "--identity", tmp_path / "other", "--known-hosts", sshd.known_hosts)
        assert error["code"] == "unauthenticated"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret phrase", "-f", tmp_path / "locked"], check=True)
        error = vault.failure(3, "copy", "--to", sshd.url(copy), "--identity", tmp_path / "locked", "--known-hosts", sshd.known_hosts)
        assert "ssh-agent" in error["message"]["en"]
        assert not copy.exists()

    def test_a_machine_that_is_not_there_is_told_and_no_password_is_repeated(self, vault):
        assert vault.failure(5, "copy", "--to", "ssh://127.0.0.1:1/copy")["code"] == "unavailable"
        error = vault.failure(3, "copy", "--to", "ssh://ops:hunter2@127.0.0.1:1/copy")
        assert "hunter2" not in json.dumps(error)

    def test_a_folder_above_that_is_missing_is_told(self, vault, sshd, tmp_path):
        assert vault.failure(1, "copy", "--to", sshd.url(tmp_path / "not mounted" / "copy"), *access(sshd))["code"] == "not_found"
