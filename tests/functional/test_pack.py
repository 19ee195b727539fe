"""The procedure is data: an agency adds a check, and no program is rebuilt."""

import shutil

import pytest

from opsteward import ROOT, Api, wait_for

PACK = ROOT / "procedures" / "is-02-008"


@pytest.fixture
def server(shared_server):
    """What a test adds to the pack is taken out again."""
    pack = shared_server.data / "procedure"
    before = set(pack.rglob("*.toml"))
    yield shared_server
    for added in set(pack.rglob("*.toml")) - before:
        added.unlink()
    api = Api(shared_server)
    judge_again(api)
    wait_for(lambda: not (p := api.get("/procedure"))["faults"] and not p["refused_checks"], "the pack to be as it was")


def write_check(server, name: str, sql: str, clause: str = "6.13.1") -> None:
    """Put in place whole, as an editor does."""
    file = server.data / "procedure" / "checks" / f"{name}.toml"
    begun = file.with_suffix(".new")
    begun.write_text(f'[[check]]\nid = "{name}"\nclause = "{clause}"\ntitle = {{ zh = "自訂查核", en = "Own check" }}\n'
                     f"sql = '''{sql}'''\n", encoding="utf-8")
    begun.rename(file)


def judge_again(api) -> None:
    assert api.post("/procedure/evaluate").status == 202


def clause(api, number: str) -> dict:
    return next(item for item in api.get("/clauses")["items"] if item["id"] == number)


ROW = ("SELECT unit_id, device_id, name AS subject, 'attention' AS severity, '自訂理由' AS reason_zh, 'own reason' AS reason_en, "
       "NULL AS since, 'seen' AS evidence FROM devices")


def test_a_check_added_to_the_pack_in_use_is_judged_without_a_restart(server, api):
    write_check(server, "own-check", ROW)
    judge_again(api)
    found = wait_for(lambda: [f for f in clause(api, "6.13.1")["findings"] if f["reason"]["en"] == "own reason"], "the own check")
    assert found[0]["reason"]["zh"] == "自訂理由" and found[0]["evidence"] == "seen"
    (server.data / "procedure" / "checks" / "own-check.toml").unlink()
    judge_again(api)
    wait_for(lambda: not clause(api, "6.13.1")["findings"], "the finding to go")


SLOW = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
        "SELECT 1 AS unit_id, NULL AS device_id, 'x' AS subject, 'not_met' AS severity, 'x' AS reason_zh, 'x' AS reason_en, NULL AS since, "
        "CAST(MAX(i) AS TEXT) AS evidence FROM n")


@pytest.mark.parametrize("name, sql", [("slow", SLOW), ("writing", "DELETE FROM devices"), ("nosy", "SELECT * FROM accounts_secret")],
                         ids=["slow", "writing", "nosy"])
def test_a_check_that_is_slow_writes_or_fails_is_refused_and_shown(server, api, name, sql):
    devices = api.get("/devices")["items"]
    write_check(server, name, sql)
    judge_again(api)
    refused = wait_for(lambda: api.get("/procedure")["refused_checks"], "the check to be refused")
    assert len(refused) == 1 and "Own check" in refused[0]["en"] and "自訂查核" in refused[0]["zh"]
    wait_for(lambda: clause(api, "6.13.1")["state"] in ("attention", "not_met"), "the clause to show it")
    assert api.get("/devices")["items"][0]["id"] == devices[0]["id"], "nothing was deleted"


def test_a_faulty_edit_leaves_the_pack_in_use_as_it_was_and_is_shown(server, api):
    before = api.get("/procedure")
    (server.data / "procedure" / "duties" / "broken.toml").write_text("[[duty]]\nid = 5\n", encoding="utf-8")
    judge_again(api)
    shown = wait_for(lambda: (p := api.get("/procedure"))["faults"] and p, "the faults to be shown")
    assert any("duties/broken.toml:2:" in str(fault) for fault in shown["faults"])
    assert shown["digest"] == before["digest"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_difference_between_two_packs_is_told(new_server, tmp_path):
    after = tmp_path / "after"
    shutil.copytree(PACK, after)
    main = after / "procedure.toml"
    main.write_text(main.read_text(encoding="utf-8").replace('version = "1.3"', 'version = "1.4"'), encoding="utf-8")
    checks = after / "checks" / "services.toml"
    checks.write_text(checks.read_text(encoding="utf-8").replace('id = "needless-services"', 'id = "needless-daemons"'), encoding="utf-8")
    told = new_server.run("procedure", "diff", str(PACK), str(after))
    assert told.returncode == 0, told.stderr
    for word in ("1.3", "1.4", "needless-services", "needless-daemons"):
        assert word in told.stdout
    same = new_server.run("--json", "procedure", "diff", str(PACK), str(PACK))
    assert same.returncode == 0 and "needless" not in same.stdout
