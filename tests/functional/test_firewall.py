"""What `firewall check` says of a configuration: every sample of every vendor, every kind of verdict, counters, and what the device leaves open."""

import gzip
import json
import lzma
import re

import pytest

from firewall import (BAD_INPUT, CHINESE, COUNTERS, DATA, ENGLISH, FORMAT_OF_FOLDER, FORTIGATE_HEAD, SAMPLES, SHARED, answer, each, failure, format_of,
                      fortigate, name_of, packet_text, refusal, run, text, written)

# Rules that the samples without a listing must have, in the order in which they are asked.
FORTIGATE_RULES = {
    "batfish-addrgrp.conf": [], "batfish-iface.conf": [], "batfish-internet_service_name.conf": [], "batfish-service_custom.conf": [],
    "batfish-service_group.conf": [], "batfish-zone.conf": [],
    "batfish-firewall_policy.conf": [("root", "0", 65), ("root", "4294967294", 75), ("root", "1", 86), ("root", "2", 101), ("root", "3", 109)],
    "batfish-firewall_policy_addrgrp.conf": [("root", "1", 34)],
    "batfish-policy_clone.conf": [("root", "1", 17), ("root", "2", 25), ("root", "3", 33), ("root", "4", 34)],
    "batfish-policy_delete.conf": [("root", "2", 24), ("root", "1", 41)],
    "batfish-policy_move.conf": [("root", "5", 45), ("root", "1", 17), ("root", "2", 24), ("root", "4", 38), ("root", "3", 31)],
    "objects.conf": [*(("root", str(number), line) for number, line in enumerate([108, 117, 127, 139, 150, 161], 1)), ("root/local-in-policy", "1", 173)],
    "vdoms.conf": [("root", "1", 48), ("dmz", "1", 69)],
    "vips.conf": [("root", "1", 50), ("root", "2", 59), ("root", "3", 68), ("root", "4", 77)],
}
VERDICTS = {"live", "dead", "live_unless", "undecided"}
TOTALS = {
    ENGLISH: r"^(\d+) rules: (\d+) live, (\d+) dead \(\d+ shadowed, \d+ redundant\), (\d+) live under a condition, (\d+) undecided, (\d+) disabled or ended$",
    CHINESE: r"^規則 (\d+) 條：有作用 (\d+)，無作用 (\d+)（被遮蔽 \d+、多餘 \d+），附條件 (\d+)，未能判定 (\d+)，停用或已到期 (\d+)$",
}


def every_sample(test):
    return pytest.mark.parametrize("sample", SAMPLES, ids=name_of)(test)


def listed_rules(sample) -> list[tuple[str, str, int | None]]:
    """Rule base, id and line of each rule by the listing beside the sample."""
    if sample.name in FORTIGATE_RULES:
        return FORTIGATE_RULES[sample.name]
    # What stands in braces stands in set commands too, on other lines.
    listing = sample.with_suffix(".conf.expected") if sample.name == "office.set" else sample.with_name(sample.name + ".expected")
    rules, base = [], ""
    for line in listing.read_text().splitlines():
        if found := re.match(r"base (.*?)(?: (?:to|from)_device)?(?: ipv[46])? zones ", line):
            base = found[1]
        elif found := re.match(r"  rule (.*?) @(\d+) (?:accept|deny|reject)", line):
            rules.append((base, found[1], None if sample.name == "office.set" else int(found[2])))
    return rules


@every_sample
def test_every_rule_of_every_sample_has_one_verdict(sample):
    found = answer("check", sample, "--format", format_of(sample))
    assert found["format"] == format_of(sample)
    expected = listed_rules(sample)
    with_lines = all(line is not None for _, _, line in expected)
    assert [(rule["rule_base"], rule["id"], rule["line"] if with_lines else None) for rule in found["rules"]] == expected
    for rule in found["rules"]:
        assert rule["verdict"] in VERDICTS
        assert (rule["verdict"] in ("live", "live_unless")) <= (rule["witness"] is not None), "who says that it decides shows a packet"
        if rule["kind"] in ("shadowed", "partly_shadowed"):
            assert rule["witness"] and rule["opposed_by"] in rule["covered_by"]
    assert found["totals"]["rules"] == len(found["rules"]) == sum(base["rules"] for base in found["rule_bases"])
    for verdict in VERDICTS:
        assert found["totals"][verdict] == sum(rule["verdict"] == verdict for rule in found["rules"])


@every_sample
def test_people_read_the_same_totals_in_both_languages(sample):
    totals = answer("check", sample, "--format", format_of(sample))["totals"]
    inactive = totals["kinds"].get("disabled", 0) + totals["kinds"].get("ended", 0)
    expected = [totals["rules"], totals["live"], totals["dead"] - inactive, totals["live_unless"], totals["undecided"], inactive]
    for language, pattern in TOTALS.items():
        shown = text("check", sample, "--format", format_of(sample), language=language)
        assert [int(number) for number in re.search(pattern, shown, re.MULTILINE).groups()] == expected


@every_sample
def test_the_format_is_told_by_the_content(sample):
    assert answer("check", sample)["format"] == format_of(sample)


@pytest.mark.parametrize("folder", FORMAT_OF_FOLDER)
def test_another_vendors_format_is_refused_with_the_name_of_the_file(folder):
    sample = max((sample for sample in SAMPLES if sample.parent.name == folder), key=lambda path: path.stat().st_size)
    others = [name for name in (*FORMAT_OF_FOLDER.values(), "classbench") if name != FORMAT_OF_FOLDER[folder]]
    for other, message in zip(others, each(lambda other: refusal("check", sample, "--format", other), others), strict=True):
        assert message.startswith(f"{sample}: "), (other, message)


def test_what_is_compressed_or_comes_by_standard_input_is_the_same(tmp_path):
    for sample in (DATA / "fortigate" / "vdoms.conf", DATA / "palo_alto" / "office.xml"):
        content = sample.read_bytes()
        plain = answer("check", sample)
        assert answer("check", written(tmp_path, gzip.compress(content), "a")) == plain
        assert answer("check", written(tmp_path, lzma.compress(content), "b.json")) == plain, "the name says nothing"
        assert answer("check", "-", stdin=content) == plain


@pytest.mark.skipif(not SHARED.exists(), reason="the samples are not part of the sources")
@pytest.mark.parametrize("name", ["fortigate/fgvm-6.4-show.conf", "paloalto/fwl01-show.txt", "checkpoint"])
def test_nothing_of_a_real_configuration_is_left_unexplained(name):
    files = sorted((SHARED / name).iterdir()) if (SHARED / name).is_dir() else [SHARED / name]
    found = answer("check", "-", stdin=b"\n".join(file.read_bytes() for file in files))
    assert found["unknown"] == []
    assert found["rules"] and found["totals"]["undecided"] == 0


# Policies, and what each must be: verdict, kind, covered by.
LIVE = ("live", None, [])
KINDS = {
    "shadowed": (["NET > all HTTPS accept", "HOST > all HTTPS deny"], [LIVE, ("dead", "shadowed", ["1"])]),
    "redundant": (["NET > all HTTPS accept", "HOST > all HTTPS accept"], [LIVE, ("dead", "redundant", ["1"])]),
    "redundant because of a rule below": (["HOST > all HTTPS accept", "NET > all HTTPS accept"], [("live", "redundant_below", []), LIVE]),
    "not redundant when a denial stands between": (["HOST > all HTTPS accept", "LOWER > all HTTPS deny", "NET > all HTTPS accept"], [LIVE] * 3),
    "partly shadowed": (["LOWER > all HTTPS deny", "UPPER > WEB HTTPS accept", "NET > WEB HTTPS accept"],
                        [LIVE, ("live", "redundant_below", []), ("dead", "partly_shadowed", ["1", "2"])]),
    "disabled": (["NET > all HTTPS accept; set status disable", "HOST > all HTTPS accept"], [("dead", "disabled", []), LIVE]),
    "ended": (['NET > all HTTPS accept; set schedule "over"', "HOST > all HTTPS accept"], [("dead", "ended", []), LIVE]),
    "live unless its schedule": (['NET > all HTTPS accept; set schedule "nights"', "HOST > all HTTPS accept"],
                                 [("live_unless", "own_unknown_part", []), ("live_unless", "earlier_unknown_part", ["1"])]),
    "dead only by two together": (["LOWER > all HTTPS accept", "UPPER > all HTTPS accept", "NET > all HTTPS deny"],
                                  [LIVE, LIVE, ("dead", "shadowed", ["1", "2"])]),
    "dead only by three across addresses and ports": (
        ["NET > all LOW accept", "LOWER > all TCP accept", "UPPER > all HIGH accept", "NET > all TCP deny"],
        [LIVE, LIVE, LIVE, ("dead", "shadowed", ["1", "2", "3"])]),
    "one port keeps it alive": (["NET > all LOW accept", "LOWER > all TCP accept", "UPPER > all HTTPS accept", "NET > all TCP accept"],
                                [("live", "redundant_below", [])] * 3 + [LIVE]),
    "an ICMP type keeps it alive": (["NET > all PING accept", "NET > all ALL_ICMP accept"], [("live", "redundant_below", []), LIVE]),
    "all of ICMP has its types": (["NET > all ALL_ICMP accept", "HOST > all PING deny"], [LIVE, ("dead", "shadowed", ["1"])]),
    "IPv6 is not covered by all of IPv4": (["all > all ALL accept", 'none > none HTTPS accept; set srcaddr6 "all"; set dstaddr6 "all"'], [LIVE, LIVE]),
    "IPv6 is covered by IPv6": (['none > none ALL accept; set srcaddr6 "all"; set dstaddr6 "all"',
                                 'none > none HTTPS deny; set srcaddr6 "all"; set dstaddr6 "all"'],
                                [LIVE, ("dead", "shadowed", ["1"])]),
    "another interface": (['NET > all ALL accept; set srcintf "port1"', 'NET > all ALL accept; set srcintf "port2"', "NET > all HTTPS deny"],
                          [LIVE, LIVE, ("live", "redundant_below", [])]),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_verdict_is_seen(name, tmp_path):
    policies, expected = KINDS[name]
    found = answer("check", written(tmp_path, fortigate(*policies)))
    assert found["unknown"] == []
    assert [(rule["verdict"], rule["kind"], rule["covered_by"]) for rule in found["rules"]] == expected


def test_a_dead_rule_is_told_to_people_with_what_covers_it_and_a_packet(tmp_path):
    sample = written(tmp_path, fortigate(*KINDS["dead only by two together"][0]))
    english = text("check", sample)
    assert "3 rules: 2 live, 1 dead (1 shadowed, 0 redundant)" in english
    assert re.search(r"^  root 3 \(line \d+\): shadowed by 1, 2; accepted by 1: src=10\.0\.0\.\d+ dst=\S+ proto=tcp sport=\d+ dport=443 ", english,
                     re.MULTILINE)
    assert re.search(r"^  root 3（第 \d+ 行）：被 1、2 遮蔽；由 1 允許，例如 src=10\.0\.0\.", text("check", sample, language=CHINESE), re.MULTILINE)


@every_sample
def test_every_witness_is_decided_as_the_verdict_says(sample):
    """Each packet that the report gives is asked about again by itself: rule bases are read anew and evaluated first match first."""
    found = answer("check", sample, "--format", format_of(sample))
    with_witness = [rule for rule in found["rules"] if rule["witness"]]

    def ask(rule):
        return answer("query", sample, "--format", format_of(sample), "--base", rule["rule_base"], "--packet", packet_text(rule["witness"]))

    def place(rule):
        return rule and (rule["id"], rule["line"])

    for rule, said in zip(with_witness, each(ask, with_witness), strict=True):
        decided, possible = place(said["rule"]), [place(other) for other in said["may_decide"]]
        if rule["verdict"] == "live":
            assert decided == place(rule) and not possible, (rule, said)
        elif rule["kind"] in ("shadowed", "partly_shadowed"):
            assert said["rule"]["id"] == rule["opposed_by"] and not possible, (rule, said)
            assert (said["action"] == "accept") != (rule["action"] == "accept")
        else:
            assert rule["verdict"] == "live_unless" and place(rule) in [decided, *possible], (rule, said)


COUNTED = {
    "asa": ("edge.conf", {"counts": 5, "met": 5},
            {"outside_in:2": 42, "outside_in:3": 0, "outside_in:10": 0, "outside_in:19": 4711, "outside_in:2/dmz_out:1": 5}, ["something else", "deadbeef"]),
    "palo_alto": ("office.xml", {"counts": 3, "met": 2}, {"block-list": 0, "web in": 1234567}, ["broken"]),
    "opnsense": ("office.xml", {"counts": 2, "met": 2}, {"lan:1": 342, "lan:2": 0}, ["not there"]),
    "srx": ("office.conf", {"counts": 4, "met": 3}, {"trust/untrust/out-web": 40, "untrust/dmz/in-web": 0, "global/last": 7}, ["what is this"]),
}


@pytest.mark.parametrize("folder", COUNTED)
def test_counters_beside_a_configuration_meet_its_rules(folder):
    name, totals, hits, unknown = COUNTED[folder]
    arguments = ("check", DATA / folder / name, "--counters", DATA / folder / COUNTERS[folder])
    found = answer(*arguments)
    assert {key: found["counters"][key] for key in totals} == totals
    counted = {rule["id"]: rule["counter"]["hits"] for rule in found["rules"] if rule["counter"]}
    assert hits.items() <= counted.items()
    assert set(counted.values()) == set(hits.values()), "no count comes from nowhere"
    assert len(found["counters"]["unknown"]) == len(unknown)
    for line, part in zip(found["counters"]["unknown"], unknown, strict=True):
        assert part in line["text"]
    assert f"Counters: {totals['counts']}, of which {totals['met']} met a rule" in text(*arguments)
    assert f"計數 {totals['counts']} 筆，其中 {totals['met']} 筆對應到規則" in text(*arguments, language=CHINESE)


def test_the_counters_of_fortigate_are_in_the_devices_own_time(tmp_path):
    sample = written(tmp_path, fortigate("NET > all HTTPS accept", "OTHER > all HTTPS accept"))
    counters = written(tmp_path, "FW (root) # diagnose firewall iprope show 100004 1\nidx:1\nbytes:6809 (6809 0)\nhit count:3 (3 0)\n"
                                 "first hit:2021-03-02 17:09:00 last hit:2021-03-02 17:09:01\nidx:2\nbytes:0 (0)\nhit count:0 (0)\n", "iprope.txt")
    taipei = [rule["counter"] for rule in answer("check", sample, "--counters", counters)["rules"]]
    assert [counter["hits"] for counter in taipei] == [3, 0]
    assert taipei[0]["first_hit"] == 1_614_676_140 and taipei[1]["last_hit"] is None
    assert answer("check", sample, "--counters", counters, "--clock", "0")["rules"][0]["counter"]["first_hit"] == 1_614_676_140 + 8 * 3600
    assert "Live rules with a count of zero (1)\n  root 2 " in text("check", sample, "--counters", counters)
    assert run("firewall", "check", sample, "--counters", counters, "--clock", "15").returncode == 2


def test_counters_that_are_none_of_the_configurations_are_refused_by_name():
    wrong = DATA / "palo_alto" / "hit-count.xml"
    for sample in SAMPLES:
        if sample.parent.name != "palo_alto":
            assert refusal("check", sample, "--counters", wrong).startswith(f"{wrong}: ")
    other = DATA / "srx" / "hit-count.txt"
    assert refusal("check", DATA / "palo_alto" / "office.xml", "--counters", other).startswith(f"{other}: ")
    assert failure(1, "check", SAMPLES[0], "--counters", wrong.with_name("none"))["code"] == "not_found"


OPEN_DEVICE = FORTIGATE_HEAD + """config system interface
    edit "port1"
        set ip 198.51.100.1 255.255.255.0
        set allowaccess ping https telnet
        set role wan
    next
end
config system admin
    edit "admin"
        set accprofile "super_admin"
    next
end
config log syslogd setting
    set status enable
    set server "192.0.2.9"
end
"""


def test_what_a_device_leaves_open_is_told_in_both_languages(tmp_path):
    sample = written(tmp_path, fortigate("all > all ALL accept; set logtraffic disable", head=OPEN_DEVICE))
    found = answer("check", sample)["hygiene"]
    checks = {finding["check"] for finding in found}
    for finding in found:
        assert finding["level"] in ("high", "medium", "low", "information")
        assert re.search("[\u4e00-\u9fff]", finding["what"]["zh"]) and not re.search("[\u4e00-\u9fff]", finding["what"]["en"])
    assert {"administrator_default_name", "log_target_unencrypted"} <= checks
    telnet = next(finding for finding in found if "telnet" in finding["what"]["en"])
    assert telnet["level"] == "high" and "port1" in telnet["what"]["zh"] and telnet["line"] > 0
    for language, name in ((ENGLISH, "en"), (CHINESE, "zh")):
        shown = text("check", sample, language=language)
        assert all(finding["what"][name] in shown for finding in found)
    closed = {finding["check"] for finding in answer("check", written(tmp_path, fortigate("NET > WEB HTTPS accept")))["hygiene"]}
    assert closed < checks, "what is not there leaves nothing open"


def test_an_interface_may_be_named_as_facing_the_outside(tmp_path):
    sample = written(tmp_path, fortigate("NET > WEB HTTPS accept", head=OPEN_DEVICE.replace("        set role wan\n", "")))
    inside = {finding["what"]["en"] for finding in answer("check", sample)["hygiene"]}
    outside = {finding["what"]["en"] for finding in answer("check", sample, "--outside", "port1")["hygiene"]}
    assert outside - inside and all("port1" in what for what in outside - inside)


def test_what_is_not_judged_in_time_is_undecided_and_said_to_be(tmp_path):
    sample = written(tmp_path, fortigate("NET > all HTTPS accept", "HOST > all HTTPS deny"))
    found = answer("check", sample, "--seconds", "0")
    assert not found["is_complete"] and [rule["verdict"] for rule in found["rules"]] == ["undecided", "undecided"]
    assert text("check", sample, "--seconds", "0").startswith("Not all was judged in 0 seconds; give more time by --seconds.\n")
    assert text("check", sample, "--seconds", "0", language=CHINESE).startswith("0 秒內未能判定全部")
    assert answer("check", sample)["is_complete"]


CONTROLS = ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\r")


def test_what_a_configuration_holds_does_not_steer_the_terminal(tmp_path):
    evil = "a\x1b[31m\x07\u009b1m\u202eb\u2066\rc"
    head = FORTIGATE_HEAD.replace('"fw"', f'"{evil}"') + f"{evil} what is this\n"
    policies = [f'NET > all HTTPS accept; set name "{evil}"; set srcintf "{evil}"', f'HOST > all HTTPS deny; set name "{evil}2"; set srcintf "{evil}"',
                f'OTHER > all HTTPS accept; set schedule "{evil}"', "all > all ALL accept"]
    sample = written(tmp_path, fortigate(*policies, head=head))
    later = written(tmp_path, fortigate(*policies[1:], head=head, addresses={evil: "10.9.0.0 255.255.0.0"}), "later.conf")
    expectations = written(tmp_path, '[[expectation]]\nname = "x\\u001b[31m\\u202e"\nfrom = {addresses = ["10.0.0.0/24"]}\nexpect = "deny"\n', "expect.toml")
    counters = written(tmp_path, f"idx:1\nhit count:3 (3 0)\n{evil}\n", "counters.txt")
    commands = [("check", sample), ("check", sample, "--counters", counters), ("diff", sample, later), ("query", sample, "--traffic", "src=10.0.0.0/8"),
                ("query", sample, "--packet", "src=10.1.0.1 dst=10.1.0.2 dport=443"), ("query", sample, "--packet", f"src={evil}"),
                ("query", sample, "--base", evil, "--traffic", "src=10.0.0.0/8"), ("test", sample, "--expect", expectations),
                ("check", written(tmp_path, f"{evil} is no configuration", "none.conf"))]
    seen = ""
    for language in (ENGLISH, CHINESE):
        for done in each(lambda command, language=language: run("firewall", *command, language=language), commands):
            shown = (done.stdout + done.stderr).decode()
            seen += shown
            assert shown and not [control for control in CONTROLS if control in shown], shown
    assert "\\x1b[31m" in seen, "what was there is seen"


def test_an_answer_in_json_is_ascii_or_utf8_whatever_a_configuration_holds():
    found = run("--json", "firewall", "check", "-", stdin=fortigate("NET > all HTTPS accept").encode().replace(b'"fw"', b'"f\xff\xfew\x00"'))
    assert found.returncode in (0, BAD_INPUT)
    json.loads((found.stdout or found.stderr).decode())


def test_the_commands_lead_to_their_help_when_something_is_missing():
    sample = SAMPLES[0]
    for arguments in ((), ("check",), ("diff", sample), ("query", sample), ("test", sample), ("redact",), ("check", sample, "--format", "nonsense")):
        done = run("firewall", *arguments)
        assert done.returncode == 2 and b"--help" in done.stderr, arguments
    assert failure(1, "check", SAMPLES[0].with_name("none"))["code"] == "not_found"
    assert "name it by --format" in refusal("check", "-", stdin=b"hello\n")
    assert "name it by --format" in refusal("check", "-", stdin=b"")
