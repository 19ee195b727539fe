"""`firewall diff` tells what changed between two configurations; `firewall redact` writes one without its secrets, so that two exports of it are equal."""

import base64
import gzip
import random
import re
import stat

import pytest

from firewall import (CHINESE, DATA, FORTIGATE_HEAD, SAMPLES, SHARED, answer, failure, format_of, fortigate, name_of, packet_text, refusal, run, text, written)

EXPORT = SHARED / "fortigate" / "fgvm-6.4-show.conf"
SECRET_SETTINGS = """config system admin
    edit "keeper"
        set password ENC SH2abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV012345=
        set accprofile "super_admin"
    next
end
config system snmp community
    edit 1
        set name "kept-quiet-community"
    next
end
config user local
    edit "someone"
        set type password
        set passwd ENC YqxXAvyQMuYAYeEkkGnUdnFxTBA5i8XY3e9EV7SHsaWNtvNeLBKpLVeI7roTeyvl6fcKySehMw==
    next
end
config vpn ipsec phase1-interface
    edit "tunnel"
        set interface "port1"
        set psksecret ENC jPV24PYtZiq9rWI0x0hHVq9qzvqShQAG9MjzQg0xiZIiyWxr6PupYsRx+xtnOotfLz8X1sf5Rag=
    next
end
"""
STABLE, COMMUNITY = "SH2abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV012345=", "kept-quiet-community"
SAME = "No difference, but for what changes with every export.\n"


def with_secrets(*policies: str) -> str:
    return fortigate(*policies, head=FORTIGATE_HEAD + SECRET_SETTINGS)


def exported_again(content: str, seed: int = 1) -> str:
    """What the same device exports a moment later: encrypted anew what it encrypts anew, by another user, with another version of the file."""
    chance = random.Random(seed)

    def anew(found: re.Match) -> str:
        return "ENC " + base64.b64encode(chance.randbytes(len(base64.b64decode(found[1])))).decode()

    content = re.sub(r"ENC (?!SH2|AK1|PB2)([A-Za-z0-9+/=]+)", anew, content)
    return re.sub(r"(?m)^#conf_file_ver=\d+$", "#conf_file_ver=99", content.replace(":user=admin", ":user=another"))


def redacted(path, key) -> bytes:
    done = run("firewall", "redact", path, "--key", key)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_a_configuration_does_not_differ_from_itself(sample):
    arguments = ("diff", sample, sample, "--format", format_of(sample))
    found = answer(*arguments)
    assert found["items"] == found["rules"] == found["rule_bases_added"] == found["rule_bases_removed"] == [] and found["text"] == ""
    assert all(base["is_complete"] and not base["changes"] for base in found["meaning"])
    assert text(*arguments) == SAME
    assert text(*arguments, language=CHINESE) == "沒有差異（不計每次匯出都會變的部分）。\n"


NEEDS_EXPORT = pytest.mark.skipif(not EXPORT.exists(), reason="the samples are not part of the sources")


@pytest.mark.parametrize("content", [pytest.param(lambda: with_secrets("NET > all HTTPS accept"), id="written here"),
                                     pytest.param(EXPORT.read_text, id="a real export", marks=NEEDS_EXPORT)])
def test_the_same_device_exported_again_is_the_same(content, tmp_path):
    first, again = content(), exported_again(content())
    assert sum(a != b for a, b in zip(first.splitlines(), again.splitlines(), strict=True)) >= 3, "it is another text"
    one, other, key = written(tmp_path, first), written(tmp_path, again, "again.conf"), written(tmp_path, bytes(range(32)), "key")
    assert redacted(one, key) == redacted(other, key)
    assert text("diff", one, other) == SAME
    found = answer("diff", one, other)
    assert found["items"] == found["rules"] == [] and found["text"] == ""


@pytest.mark.parametrize(("before", "after"), [(STABLE, "SH2zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQRSTUV012345="), (COMMUNITY, "some-other-community")])
def test_a_secret_that_is_the_same_in_every_export_differs_when_it_is_another(before, after, tmp_path):
    content = with_secrets("NET > all HTTPS accept")
    one, key = written(tmp_path, content), written(tmp_path, bytes(32), "key")
    other = written(tmp_path, exported_again(content).replace(before, after), "other.conf")
    assert redacted(one, key) != redacted(other, key)
    found = answer("diff", one, other)
    assert len(found["items"]) == 1 and not found["rules"]
    marks = re.findall(r"(?m)^[-+] .*<secret:([0-9a-f]{16})>", found["text"])
    assert len(marks) == 2 and marks[0] != marks[1]
    shown = text("diff", one, other)
    assert "root: no traffic is treated otherwise (proved)" in shown
    said = "".join((shown, str(found), text("check", one), str(answer("check", other)), redacted(one, key).decode(), redacted(other, key).decode()))
    for secret in (before, after):
        assert secret not in said and secret[3:] not in said


BASE = ['NET > WEB HTTPS accept; set srcintf "inside"; set dstintf "dmz"', "HOST > all HTTPS deny", 'all > all PING accept; set srcintf "inside"']


def change(one: dict) -> tuple:
    return (one["before"] and one["before"]["id"], one["after"] and one["after"]["id"], one["was_allowed"])


def only_change(before: str, after: str, tmp_path) -> tuple[dict, dict]:
    """The whole answer and its one change in meaning, whose packet is decided as told before and after."""
    paths = written(tmp_path, before, "before.conf"), written(tmp_path, after, "after.conf")
    found = answer("diff", *paths)
    (meaning,) = found["meaning"]
    assert meaning["rule_base"] == "root" and meaning["is_complete"]
    (one,) = meaning["changes"]
    for path, when, allowed in zip(paths, ("before", "after"), (one["was_allowed"], not one["was_allowed"]), strict=True):
        said = answer("query", path, "--packet", packet_text(one["packet"]))
        assert (said["action"] == "accept") == allowed
        assert (said["rule"] and said["rule"]["id"]) == (one[when] and one[when]["id"])
    return found, one


def test_a_narrowed_address_changes_exactly_the_traffic_it_lost(tmp_path):
    after = fortigate(*BASE, addresses={"NET": "10.0.0.0 255.255.255.128"})
    found, one = only_change(fortigate(*BASE), after, tmp_path)
    assert change(one) == ("1", None, True)
    assert one["traffic"] == [{"src": "10.0.0.128/25", "dst": "192.0.2.10", "service": "tcp/443", "in": "inside", "out": "dmz"}]
    assert [(item["change"], item["kind"], item["name"]) for item in found["items"]] == [("changed", "firewall address", "NET")]
    assert [(rule["id"], rule["matches_differently"], rule["details"]) for rule in found["rules"]] == [("1", True, [])], "by an object that it names"
    shown = text("diff", tmp_path / "before.conf", tmp_path / "after.conf")
    assert re.search(r"^    src=10\.0\.0\.128/25 dst=192\.0\.2\.10 service=tcp/443 in=inside out=dmz$", shown, re.MULTILINE)
    assert "was allowed, is blocked" in shown and "+        set subnet 10.0.0.0 255.255.255.128" in shown
    assert "原本允許，現在拒絕" in text("diff", tmp_path / "before.conf", tmp_path / "after.conf", language=CHINESE)
    _, back = only_change(after, fortigate(*BASE), tmp_path)
    assert change(back) == (None, "1", False) and back["traffic"] == one["traffic"]


def test_rules_in_another_order_change_what_both_have(tmp_path):
    moved = fortigate(*BASE) + "config firewall policy\n    move 2 before 1\nend\n"
    found, one = only_change(fortigate(*BASE), moved, tmp_path)
    assert change(one) == ("1", "2", True)
    assert one["traffic"] == [{"src": "10.0.0.7", "dst": "192.0.2.10", "service": "tcp/443", "in": "inside", "out": "dmz"}]
    assert [(rule["id"], rule["has_moved"]) for rule in found["rules"]] == [("1", True)]


@pytest.mark.parametrize(("name", "after"), [
    ("renamed", fortigate(*BASE).replace('"NET"', '"NETWORK"')),
    ("as two halves", fortigate('LOWER > WEB HTTPS accept; set srcintf "inside"; set dstintf "dmz"; set srcaddr "LOWER" "UPPER"', *BASE[1:])),
    ("rules that do not meet in another order", fortigate(*BASE) + "config firewall policy\n    move 3 before 1\nend\n"),
    ("with a rule that is dead", fortigate(*BASE, "HOST > WEB HTTPS accept")),
])
def test_what_is_written_otherwise_and_means_the_same_is_proved_to(name, after, tmp_path):
    paths = written(tmp_path, fortigate(*BASE), "before.conf"), written(tmp_path, after, "after.conf")
    found = answer("diff", *paths)
    assert found["meaning"] == [{"rule_base": "root", "is_complete": True, "changes": []}]
    assert found["rules"] and found["text"]
    assert text("diff", *paths).startswith("Which traffic changes\nroot: no traffic is treated otherwise (proved)\n")
    assert "root：流量的結果不變（已證明）" in text("diff", *paths, language=CHINESE)


def test_a_change_by_a_rule_with_a_schedule_is_under_its_condition(tmp_path):
    night = 'NET > WEB HTTPS accept; set schedule "nights"'
    paths = written(tmp_path, fortigate(*BASE[1:], night), "before.conf"), written(tmp_path, fortigate(*BASE[1:]), "after.conf")
    (one,) = answer("diff", *paths)["meaning"][0]["changes"]
    assert change(one) == ("3", None, True) and one["is_conditional"]


def test_rule_bases_that_come_or_go_are_told(tmp_path):
    sample = DATA / "fortigate" / "vdoms.conf"
    content = sample.read_text()
    alone = written(tmp_path, content[:content.rindex("config vdom\nedit dmz")].replace("edit dmz\nnext\n", ""))
    assert answer("diff", sample, alone)["rule_bases_removed"] == ["dmz"] and answer("diff", alone, sample)["rule_bases_added"] == ["dmz"]


def test_configurations_of_different_vendors_are_not_compared():
    assert "different kinds" in refusal("diff", DATA / "asa" / "edge.conf", DATA / "srx" / "office.conf")
    missing = DATA / "asa" / "none.conf"
    assert str(missing) in failure(1, "diff", DATA / "asa" / "edge.conf", missing)["detail"]


# By the words and shapes of each vendor: what a password, key, hash or community stands behind.
SECRETS = re.compile(r"""ENC\ (\S+)
    | (?:password|passwd|phash|community|pre-shared-key|encrypted-password|md5)\ "?(\S*?(?:notarealhash|SAMPLE)[^\s"]*)
    | <(?:password|bcrypt-hash|phash|prv)>([^<]+)< """, re.VERBOSE)
WITH_SECRETS = {"asa/edge.conf": 2, "fortigate/vdoms.conf": 2, "opnsense/branch-pfsense.xml": 1, "opnsense/office.xml": 2, "palo_alto/fwl01.set": 1,
                "palo_alto/office.xml": 1, "srx/office.conf": 2, "srx/office.set": 2}


@pytest.mark.parametrize("sample", [*SAMPLES, EXPORT], ids=name_of)
def test_no_secret_of_a_sample_is_in_anything_that_is_written(sample, tmp_path):
    if not sample.exists():
        pytest.skip("the samples are not part of the sources")
    content = sample.read_text()
    secrets = {next(filter(None, found.groups())) for found in SECRETS.finditer(content)}
    assert len(secrets) == (23 if sample == EXPORT else WITH_SECRETS.get(name_of(sample), 0))
    key = written(tmp_path, bytes(range(16)), "key")
    other = written(tmp_path, content.replace("notarealhash", "anothersecret").replace("SAMPLEsample", "OTHERsample").replace("SH2", "SH2x"), "other.conf")
    named = ("--format", format_of(sample)) if sample != EXPORT else ()
    said = [run(*more, "firewall", *arguments, *named) for more in ((), ("--json",))
            for arguments in (("redact", sample, "--key", key), ("check", sample), ("diff", sample, other))]
    assert all(done.returncode == 0 for done in said)
    shown = b"".join(done.stdout for done in said).decode()
    for secret in secrets:
        assert secret not in shown, "a secret stands in clear"
    assert "anothersecret" not in shown and "OTHERsample" not in shown
    assert secrets == set() or "<secret:" in said[0].stdout.decode()


def test_marks_are_by_the_key(tmp_path):
    sample, one, other = DATA / "asa" / "edge.conf", written(tmp_path, b"k" * 16, "one"), written(tmp_path, b"l" * 16, "other")
    assert redacted(sample, one) == redacted(sample, one) != redacted(sample, other)
    compressed = written(tmp_path, gzip.compress(sample.read_bytes()), "edge.gz")
    assert redacted(compressed, one) == redacted(sample, one)
    assert answer("redact", sample, "--key", one) == {"format": "asa", "text": redacted(sample, one).decode()}


def test_the_users_own_key_is_made_for_them_alone_and_kept(tmp_path):
    sample, state = DATA / "asa" / "edge.conf", tmp_path / "state"
    first = run("firewall", "redact", sample, XDG_STATE_HOME=str(state), HOME=str(tmp_path / "home"))
    key = state / "opsteward" / "redaction.key"
    assert first.returncode == 0 and stat.S_IMODE(key.stat().st_mode) == 0o600 and len(key.read_bytes()) >= 32
    assert run("firewall", "redact", sample, XDG_STATE_HOME=str(state), HOME=str(tmp_path / "home")).stdout == first.stdout == redacted(sample, key)
    assert not (tmp_path / "home").exists()
    at_home = run("firewall", "redact", sample, XDG_STATE_HOME="relative", HOME=str(tmp_path / "home"))
    assert at_home.returncode == 0 and at_home.stdout != first.stdout
    assert (tmp_path / "home" / ".local" / "state" / "opsteward" / "redaction.key").exists()
    homeless = run("firewall", "redact", sample, XDG_STATE_HOME="", HOME="")
    assert homeless.returncode == 3 and b"--key" in homeless.stderr


def test_a_key_that_is_no_key_is_refused(tmp_path):
    sample = DATA / "asa" / "edge.conf"
    short = written(tmp_path, b"k" * 15, "short")
    assert "at least 16 bytes" in refusal("redact", sample, "--key", short)
    assert failure(1, "redact", sample, "--key", tmp_path / "none")["code"] == "not_found"
    for path in (tmp_path, written(tmp_path, bytes(1 << 20), "large")):
        assert run("firewall", "redact", sample, "--key", path).returncode != 0
