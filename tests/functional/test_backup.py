"""Backup beside a running server, and the restore of it."""

import json
import shutil
import sqlite3

import pytest

from opsteward import Api, Opsteward

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def unit_names(server: Opsteward) -> set[str]:
    return {unit["name"] for unit in Api(server, server.token()).get("/units")["items"]}


def test_a_backup_made_while_the_server_works_is_restored_whole(server, tmp_path):
    api = Api(server, server.token())
    assert api.post("/units", {"parent_id": 1, "name": "殯葬管理處"}).status == 201
    made = server.run("--json", "db", "backup", "--data", str(server.data), "--to", str(tmp_path / "copy"))
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["files"] > 10
    assert api.post("/units", {"parent_id": 1, "name": "after the backup"}).status == 201

    restored = Opsteward(tmp_path / "elsewhere")
    done = restored.run("db", "restore", "--data", str(restored.data), "--from", str(tmp_path / "copy"))
    assert done.returncode == 0, done.stderr
    restored.start()
    names = unit_names(restored)
    assert "殯葬管理處" in names and "after the backup" not in names
    assert restored.first_password is None, "the accounts are those of the backup"
    assert restored.run("db", "verify", "--data", str(restored.data)).returncode == 0
    assert restored.stop() == 0


def test_the_copy_is_a_fact_that_clauses_are_judged_by(server, api, tmp_path):
    assert server.run("db", "backup", "--data", str(server.data), "--to", str(tmp_path / "copy")).returncode == 0
    with sqlite3.connect(f"file:{server.data / 'records.db'}?mode=ro", uri=True) as records:
        rows = records.execute("SELECT data_set, place, verified_at FROM backup_copies").fetchall()
    assert [(row[0], row[1]) for row in rows] == [("records", str(tmp_path / "copy"))] and rows[0][2]


def test_a_changed_short_or_foreign_backup_is_refused_and_nothing_restored(server, tmp_path):
    copy = tmp_path / "copy"
    assert server.run("db", "backup", "--data", str(server.data), "--to", str(copy)).returncode == 0

    def damage_byte(folder):
        bytes_ = bytearray((folder / "records.db").read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        (folder / "records.db").write_bytes(bytes_)

    damages = {
        "bit": damage_byte,
        "cut": lambda folder: (folder / "records.db").write_bytes((folder / "records.db").read_bytes()[:-1]),
        "gone": lambda folder: (folder / "procedure" / "procedure.toml").unlink(),
        "more": lambda folder: (folder / "extra").write_text("x"),
        "manifest": lambda folder: (folder / "manifest.json").write_text("{}"),
    }
    for name, damage in damages.items():
        folder = tmp_path / name
        shutil.copytree(copy, folder)
        damage(folder)
        done = server.run("db", "restore", "--data", str(tmp_path / f"into-{name}"), "--from", str(folder))
        assert done.returncode == 3, f"{name}: {done.stderr}"
        assert not (tmp_path / f"into-{name}" / "records.db").exists()


def test_neither_a_backup_nor_records_are_overwritten(server, tmp_path):
    copy = tmp_path / "copy"
    assert server.run("db", "backup", "--data", str(server.data), "--to", str(copy)).returncode == 0
    assert server.run("db", "backup", "--data", str(server.data), "--to", str(copy)).returncode == 4
    assert server.run("db", "restore", "--data", str(server.data), "--from", str(copy)).returncode == 4, "the server is running"
    assert server.stop() == 0
    assert server.run("db", "restore", "--data", str(server.data), "--from", str(copy)).returncode == 4, "there are records"
    server.start()
