"""Configurations that are cut off, damaged, made to be costly, or large: a clear report or a clear refusal, in bounded memory and time.

OPSTEWARD_HEAVY=1 takes the sizes that a reader has to bear, of every vendor."""

import gzip
import json
import os
import random
import re
import signal
import subprocess

import pytest

from firewall import (BAD_INPUT, DATA, ENGLISH, FORMAT_OF_FOLDER, FORTIGATE_HEAD, SAMPLES, answer, each, failure, format_of, fortigate, measured, name_of, refusal, run,
                      written)
from opsteward import BINARY, wait_for

GIB = 1 << 30
MIB = 1 << 20
MOST_MEMORY = 2 * GIB
IS_HEAVY = bool(os.environ.get("OPSTEWARD_HEAVY"))
TOTALS = re.compile(r"^(\d+) rules: (\d+) live, (\d+) dead \(.*\), (\d+) live under a condition, (\d+) undecided, (\d+) disabled or ended$", re.MULTILINE)


def is_told(done) -> bool:
    """A report, or a refusal in both languages; never a crash."""
    if done.returncode == 0:
        return "totals" in json.loads(done.stdout)
    message = json.loads(done.stderr)["error"]["message"]
    return done.returncode == BAD_INPUT and bool(message["zh"] and message["en"])


def damaged(sample) -> list[bytes]:
    """Cut off at many places, and with some bytes that are others."""
    content = sample.read_bytes()
    chance = random.Random(content)
    texts = [content[:len(content) * part // 7] for part in range(1, 7)] + [content[:chance.randrange(len(content))]]
    for _ in range(3):
        changed = bytearray(content)
        for _ in range(1 + len(content) // 500):
            changed[chance.randrange(len(content))] = chance.choice(b'\0\n "{}[]<>;\xff' + bytes([chance.randrange(256)]))
        texts.append(bytes(changed))
    return texts


@pytest.mark.parametrize("sample", SAMPLES, ids=name_of)
def test_what_is_cut_off_or_damaged_is_reported_or_refused(sample):
    texts = damaged(sample)
    for text, done in zip(texts, each(lambda text: run("--json", "firewall", "check", "-", "--format", format_of(sample), stdin=text), texts), strict=True):
        assert is_told(done), (text, done)


@pytest.mark.parametrize("name", ["asa/edge.conf", "fortigate/vdoms.conf", "opnsense/office.xml", "palo_alto/office.xml", "srx/office.conf"])
def test_no_secret_gets_out_of_what_is_cut_off(name, tmp_path):
    content = (DATA / name).read_text()
    key = written(tmp_path, b"k" * 16, "key")
    ends = [found.end() for found in re.finditer("notarealhash|V012345=", content)]
    for done in each(lambda end: run("firewall", "redact", "-", "--format", FORMAT_OF_FOLDER[name.split("/")[0]], "--key", key, stdin=content[:end].encode()), ends):
        assert done.returncode == 0 and b"notarealhash" not in done.stdout and b"QRSTUV012345" not in done.stdout


@pytest.mark.parametrize("head", [b"", b"#config-version=FG", b"<?xml version='1.0'?><config>", b"<opnsense>", b'{"nftables": [', b"*filter\n", b"ASA Version 9\n", b"security {\n"])
def test_noise_is_refused_or_reported_as_not_understood(head, tmp_path):
    noise = written(tmp_path, head + random.Random(head).randbytes(100_000))
    formats = ["auto", *FORMAT_OF_FOLDER.values(), "classbench"]
    for name, done in zip(formats, each(lambda name: run("--json", "firewall", "check", noise, "--format", name), formats), strict=True):
        assert is_told(done), (name, done)
        assert done.returncode == BAD_INPUT or json.loads(done.stdout)["unknown"], "nothing is passed over in silence"
    done = run("--json", "firewall", "redact", noise, "--format", "fortigate", "--key", written(tmp_path, b"k" * 16, "key"))
    assert done.returncode == 0 and json.loads(done.stdout)["format"] == "fortigate"


DEEP = 50_000
NESTED = {
    "sections": ("fortigate", "config a\nedit b\n" * DEEP),
    "elements of a configuration": ("paloalto", "<config>" + "<a>" * DEEP + "</a>" * DEEP + "</config>"),
    "elements of another": ("opnsense", "<opnsense>" + "<a>" * DEEP + "</a>" * DEEP + "</opnsense>"),
    "arrays": ("nft", "[" * DEEP + "]" * DEEP),
    "objects": ("checkpoint", '{"rulebase":' * DEEP + "1" + "}" * DEEP),
    "braces": ("srx", "security {\n" + "a {\n" * DEEP + "}\n" * DEEP + "}\n"),
    "braces of another": ("paloalto", "rulebase {\n" + "a {\n" * DEEP + "}\n" * DEEP + "}\n"),
    "lists": ("srx", "security {\n source " + "[ " * DEEP + "\n"),
    "a line of words": ("srx", "set security " + "a " * DEEP + "\n"),
    "a command of words": ("fortigate", FORTIGATE_HEAD + "config firewall address\nedit a\nset member " + "a " * 1_000_000 + "\nnext\nend\n"),
    "an open quote": ("fortigate", FORTIGATE_HEAD + 'config firewall address\nedit "' + "a\n" * 4000),
}


@pytest.mark.parametrize("name", NESTED)
def test_what_is_nested_without_end_is_refused(name, tmp_path):
    named, content = NESTED[name]
    done = measured("firewall", "check", written(tmp_path, content), "--format", named, timeout=30)
    assert done.code == BAD_INPUT and done.peak_bytes < GIB, done
    assert len(done.errors) < 1000


# Groups of each vendor: how one is written, where the last one names a host of its own or a group, and the rule base around them whose only rule has g0 as its source.
def fortigate_group(name, members):
    listed = " ".join(f'"{member}"' for member in members)
    return f'    edit "{name}"\n        set member {listed}\n    next\n'


def asa_group(name, members):
    lines = [f" network-object host 10.0.{int(member[1:]) // 250}.{int(member[1:]) % 250}" if member[0] == "h" else f" group-object {member}" for member in members]
    return "\n".join([f"object-group network {name}", *lines, ""])


def srx_group(name, members):
    return "".join(f"set security address-book global address-set {name} address{'' if member[0] == 'h' else '-set'} {member}\n" for member in members)


def check_point(objects):
    return ('{"uid":"L","name":"N","rulebase":[{"uid":"r1","type":"access-rule","name":"x","rule-number":1,"source":["g0"],"destination":["any"],"service":["any"],'
            f'"vpn":["any"],"action":"acc","enabled":true}}],"objects-dictionary":[{objects}{{"uid":"any","name":"Any","type":"CpmiAnyObject"}},'
            '{"uid":"acc","name":"Accept","type":"RulebaseAction"}]}')


def address(number):
    return f"10.0.{number // 250}.{number % 250}"


PA_RULE = "".join(f"set rulebase security rules r {setting}\n" for setting in ("from any", "to any", "source g0", "destination any", "service any", "application any", "action allow"))
SRX_RULE = "".join(f"set security policies from-zone a to-zone b policy p {setting}\n"
                   for setting in ("match source-address g0", "match destination-address any", "match application any", "then permit"))
GROUPS = {  # group, host, the whole
    "fortigate": (fortigate_group, lambda n: "", lambda hosts, groups: fortigate("g0 > all HTTPS accept", addresses={f"h{n}": f"{address(n)} 255.255.255.255" for n in hosts}) +
                  f"config firewall addrgrp\n{groups}end\n"),
    "asa": (asa_group, lambda n: "", lambda hosts, groups: f"ASA Version 9.16(4)\ninterface Gi0\n nameif inside\n{groups}access-list x extended permit ip object-group g0 any\n"
            "access-group x in interface inside\n"),
    "paloalto": (lambda name, members: f"set address-group {name} static [ {' '.join(members)} ]\n", lambda n: f"set address h{n} ip-netmask {address(n)}\n",
                 lambda hosts, text: text + PA_RULE),
    "srx": (srx_group, lambda n: f"set security address-book global address h{n} {address(n)}/32\n", lambda hosts, text: text + SRX_RULE),
    "opnsense": (lambda name, members: f"<alias><name>{name}</name><type>network</type><content>{chr(10).join(members)}</content></alias>",
                 lambda n: f"<alias><name>h{n}</name><type>host</type><content>{address(n)}</content></alias>",
                 lambda hosts, text: f"<opnsense><OPNsense><Firewall><Alias><aliases>{text}</aliases></Alias></Firewall></OPNsense><interfaces><lan><if>em0</if></lan></interfaces>"
                 "<filter><rule><type>pass</type><interface>lan</interface><source><address>g0</address></source><destination><any/></destination></rule></filter></opnsense>"),
    "checkpoint": (lambda name, members: json.dumps({"uid": name, "name": name, "type": "group", "members": members}) + ",",
                   lambda n: json.dumps({"uid": f"h{n}", "name": f"h{n}", "type": "host", "ipv4-address": address(n)}) + ",", lambda hosts, text: check_point(text)),
}


def with_groups(vendor: str, groups: dict[str, list[str]]) -> str:
    """ASA wants a group before those that name it, so the last one of `groups` is written first."""
    group, host, whole = GROUPS[vendor]
    hosts = sorted({int(member[1:]) for members in groups.values() for member in members if member[0] == "h"})
    return whole(hosts, "".join(map(host, hosts)) + "".join(group(name, members) for name, members in reversed(groups.items())))


WAYS = 22
GROUP_SHAPES = {
    "in a circle": ({"g0": ["g1", "h0"], "g1": ["g2", "g0"], "g2": ["g2", "g0"]}, {"live_unless"}),
    "in a chain of thousands": ({f"g{n}": [f"g{n + 1}" if n < 4999 else "h0"] for n in range(5000)}, {"live", "live_unless"}),
    # Each names the two of the next level: 2^22 ways to the two hosts at the end.
    "by millions of ways": ({f"{side}{n}": [f"g{n + 1}", f"k{n + 1}"] if n < WAYS else [f"h{'gk'.index(side)}"] for n in range(WAYS + 1) for side in "gk"}, {"live"}),
    "by a million ways to many": ({"g0": [f"g1{i:02}" for i in range(100)]} | {f"g1{i:02}": [f"g2{j:02}" for j in range(100)] for i in range(100)} |
                                  {f"g2{j:02}": [f"h{j * 7 + n}" for n in range(100)] for j in range(100)}, {"live"}),
}


@pytest.mark.parametrize("shape", GROUP_SHAPES)
@pytest.mark.parametrize("vendor", GROUPS)
def test_groups_of_groups_are_worked_out_once(vendor, shape, tmp_path):
    groups, verdicts = GROUP_SHAPES[shape]
    done = measured("--json", "firewall", "check", written(tmp_path, with_groups(vendor, groups)), "--format", vendor, timeout=60)
    assert done.code == 0 and done.peak_bytes < GIB, done
    rule = json.loads(done.output)["rules"][0]
    assert rule["verdict"] in verdicts
    if verdicts == {"live"}:
        assert rule["breadth"]["log2_packets"] > 40 and not rule["breadth"]["any_source"]


def chains(names, lines) -> str:
    return "\n".join(["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", *(f":{name} - [0:0]" for name in names), *lines, "COMMIT", ""])


CHAINS = {
    "that double at every jump": chains([f"c{n}" for n in range(21)], ["-A FORWARD -j c0", *(f"-A c{n} -{end} 10.0.0.0/{8 + n} -j c{n + 1}" for n in range(20) for end in "sd"),
                                                                       "-A c20 -p tcp -j ACCEPT"]),
    "that jump in a circle": chains("ab", ["-A FORWARD -j a", "-A a -j b", "-A b -j a"]),
    "that jump to themselves": chains("a", ["-A FORWARD -j a", "-A a -j a"]),
    "of thousands": chains([f"c{n}" for n in range(5001)], ["-A FORWARD -j c0", *(f"-A c{n} -j c{n + 1}" for n in range(5000)), "-A c5000 -j ACCEPT"]),
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_without_end_are_refused_with_their_line(name, tmp_path):
    done = measured("firewall", "check", written(tmp_path, CHAINS[name]), timeout=60)
    assert done.code == BAD_INPUT and re.search(r"[Ll]ine \d+", done.errors) and done.peak_bytes < GIB, done


def test_many_rules_that_all_name_a_large_group_take_their_time_and_no_more(tmp_path):
    count = 200
    members = {"g0": [f"h{n * 3}" for n in range(300)]}
    content = with_groups("fortigate", members)
    first = content[content.index("    edit 1\n"):content.rindex("end\nconfig firewall addrgrp")]
    policies = "".join(first.replace("edit 1\n", f"edit {n}\n").replace('dstaddr "all"', f'dstaddr "h{n}"') for n in range(1, count + 1))
    addresses = "".join(f'    edit "h{n}"\n        set subnet {address(n)} 255.255.255.255\n    next\n' for n in range(count + 1))
    content = content.replace(first, policies).replace("config firewall address\n", f"config firewall address\n{addresses}")
    done = measured("--json", "firewall", "check", written(tmp_path, content))
    assert done.code == 0 and done.peak_bytes < GIB, done.errors
    assert json.loads(done.output)["totals"]["live"] == count


def test_texts_that_have_no_line_in_common_are_compared_soon(tmp_path):
    one, other = (written(tmp_path, FORTIGATE_HEAD + "config firewall address\n" + "".join(
        f'    edit "{side}{n}"\n        set subnet {10 + n % 50}.{n // 250}.{side_number}.{n % 250} 255.255.255.255\n        set comment "{side} {n}"\n    next\n'
        for n in range(10_000)) + "end\n", f"{side}.conf") for side_number, side in enumerate("ab"))
    done = measured("--json", "firewall", "diff", one, other)
    assert done.code == 0 and done.peak_bytes < GIB, done.errors
    assert len(json.loads(done.output)["items"]) == 20_000


@pytest.mark.parametrize("content", [pytest.param(lambda: gzip.compress(bytes(16 * MIB)) * 256, id="4 GiB in gzip"), pytest.param(lambda: b"x" * (64 * MIB + 1), id="a byte too many")])
def test_more_than_64_mib_is_refused(content, tmp_path):
    path = written(tmp_path, content())
    done = measured("--json", "firewall", "check", path)
    error = json.loads(done.errors)["error"]
    assert done.code == BAD_INPUT and error["code"] == "too_large" and "64.0 MiB" in error["message"]["en"] and str(path) in error["message"]["zh"]
    assert done.peak_bytes < GIB
    assert failure(BAD_INPUT, "diff", DATA / "asa" / "edge.conf", path)["code"] == "too_large"


# Large configurations: what comes first, an object, what comes between, a rule, what comes last. %s of an object is its number; a rule has numbers for whatever it wants.
def host(n: int) -> str:
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def random_hosts(chance: random.Random) -> tuple[str, str]:
    return host(chance.getrandbits(24)), f"172.16.{chance.getrandbits(8)}.{chance.getrandbits(8)}"


def fortigate_rule(n, chance, objects):
    source, destination = (" ".join(f'"A{chance.randrange(objects)}"' for _ in range(10)) for _ in range(2))
    return (f'    edit {n}\n        set name "policy {n}"\n        set srcintf "port{n % 8}"\n        set dstintf "port{n // 8 % 8}"\n        set srcaddr {source}\n        set dstaddr {destination}\n'
            '        set action accept\n        set schedule "always"\n        set service "HTTPS"\n        set logtraffic all\n    next\n')


def paloalto_rule(n, chance, objects):
    source, destination = ("".join(f"<member>A{chance.randrange(objects)}</member>" for _ in range(10)) for _ in range(2))
    return (f'<entry name="rule {n}"><from><member>z{n % 8}</member></from><to><member>z{n // 8 % 8}</member></to><source>{source}</source><destination>{destination}</destination>'
            "<application><member>any</member></application><service><member>service-https</member></service><action>allow</action></entry>\n")


def iptables_rule(n, chance, _):
    source, destination = random_hosts(chance)
    remark = f"ticket {n} " + "of the register of requests, " * 4
    return (f'-A FORWARD -s {source}/32 -d {destination}/32 -i eth{n % 8} -p tcp -m tcp --dport {chance.randrange(1, 65536)} -m comment --comment "{remark}" -j ACCEPT\n')


def asa_rule(n, chance, _):
    source, destination = random_hosts(chance)
    return (f"access-list outside_in remark ticket {n} of the register of requests, {'kept for the auditors ' * 4}\n"
            f"access-list outside_in extended permit tcp host {source} host {destination} eq {chance.randrange(1, 65536)}\n")


def opnsense_rule(n, chance, _):
    source, destination = random_hosts(chance)
    return (f'<rule uuid="00000000-0000-0000-0000-{n:012}"><type>pass</type><interface>{"lan" if n % 2 else "wan"}</interface><ipprotocol>inet</ipprotocol><direction>in</direction>'
            f"<quick>1</quick><protocol>tcp</protocol><source><address>{source}</address></source><destination><address>{destination}</address>"
            f"<port>{chance.randrange(1, 65536)}</port></destination><descr>ticket {n}</descr></rule>\n")


def nft_rule(n, chance, _):
    source, destination = random_hosts(chance)
    matches = [{"match": {"op": "==", "left": {"payload": {"protocol": protocol, "field": field}}, "right": value}}
               for protocol, field, value in (("ip", "saddr", source), ("ip", "daddr", destination), ("tcp", "dport", chance.randrange(1, 65536)))]
    return ",\n" + json.dumps({"rule": {"family": "inet", "table": "t", "chain": "forward", "handle": n + 10, "expr": [*matches, {"accept": None}]}})


def srx_rule(n, chance, objects):
    start = f"set security policies from-zone z{n % 8} to-zone z{n // 8 % 8} policy p{n} "
    sources = "".join(f"{start}match source-address A{chance.randrange(objects)}\n" for _ in range(3))
    return f"{sources}{start}match destination-address A{chance.randrange(objects)}\n{start}match application junos-https\n{start}then permit\n"


def checkpoint_rule(n, chance, objects):
    ends = [f'"A{chance.randrange(objects)}"' for _ in range(3)]
    return (f'{"," if n > 1 else ""}{{"uid":"r{n}","type":"access-rule","name":"rule {n}","rule-number":{n},"source":[{ends[0]},{ends[1]}],"destination":[{ends[2]}],"service":["any"],'
            '"vpn":["any"],"action":"acc","enabled":true}\n')


NFT_HEAD = [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "t", "handle": 1}},
            {"chain": {"family": "inet", "table": "t", "name": "forward", "handle": 1, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}}]
LARGE = {
    "fortigate": (FORTIGATE_HEAD + "config firewall address\n", lambda n: f'    edit "A{n}"\n        set subnet {host(n)} 255.255.255.255\n    next\n', "end\nconfig firewall policy\n",
                  fortigate_rule, "end\n"),
    "paloalto": ('<?xml version="1.0"?>\n<config version="10.1.0"><devices><entry name="localhost.localdomain"><vsys><entry name="vsys1"><address>\n',
                 lambda n: f'<entry name="A{n}"><ip-netmask>{host(n)}/32</ip-netmask></entry>\n', "</address><rulebase><security><rules>\n", paloalto_rule,
                 "</rules></security></rulebase></entry></vsys></entry></devices></config>\n"),
    "iptables": ("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n", None, "", iptables_rule, "COMMIT\n"),
    "asa": ("ASA Version 9.16(4)\ninterface GigabitEthernet0/0\n nameif outside\n security-level 0\n", None, "", asa_rule, "access-group outside_in in interface outside\n"),
    "opnsense": ('<?xml version="1.0"?>\n<opnsense><version>24.7</version><interfaces><lan><if>em0</if></lan><wan><if>em1</if></wan></interfaces><filter>\n', None, "", opnsense_rule,
                 "</filter></opnsense>\n"),
    "nft": ('{"nftables": ' + json.dumps(NFT_HEAD)[:-1], None, "", nft_rule, "]}\n"),
    "srx": ("set version 20.4R3.8\n", lambda n: f"set security address-book global address A{n} {host(n)}/32\n", "", srx_rule, ""),
    "checkpoint": ('{"uid":"L","name":"N","objects-dictionary":[{"uid":"any","name":"Any","type":"CpmiAnyObject"},{"uid":"acc","name":"Accept","type":"RulebaseAction"}\n',
                   lambda n: f',{{"uid":"A{n}","name":"HOST_{n}","type":"host","ipv4-address":"{host(n)}"}}\n', '],"rulebase":[', checkpoint_rule, "]}\n"),
}


def large(vendor: str, size: int, part_of_rules: float, path) -> int:
    """Writes it; how many rules it has."""
    head, an_object, middle, rule, tail = LARGE[vendor]
    chance = random.Random(vendor)
    objects = rules = 0
    with path.open("w") as file:
        written_bytes = file.write(head)
        while an_object and written_bytes < size * (1 - part_of_rules):
            written_bytes += file.write(an_object(objects))
            objects += 1
        written_bytes += file.write(middle)
        while written_bytes < size:
            rules += 1
            written_bytes += file.write(rule(rules, chance, objects))
        file.write(tail)
    return rules


# Megabytes, and how much of them is rules where a vendor writes objects apart.
SIZES = {"fortigate": (50, 0.02), "paloalto": (2, 0.5), "iptables": (4, 1), "asa": (4, 1), "opnsense": (4, 1), "nft": (4, 1), "srx": (4, 0.5), "checkpoint": (4, 0.5)}


@pytest.mark.parametrize("vendor", LARGE)
def test_a_large_configuration_is_reported_in_bounded_memory(vendor, tmp_path):
    megabytes, part_of_rules = (50, 0.5) if IS_HEAVY else SIZES[vendor]
    path = tmp_path / "large.conf"
    rules = large(vendor, megabytes * 1_000_000, part_of_rules, path)
    done = measured("firewall", "check", path)
    print(f"{vendor}: {path.stat().st_size / 1e6:.0f} MB, {rules} rules, at most {done.peak_bytes / MIB:.0f} MiB")
    assert done.code == 0 and done.peak_bytes < MOST_MEMORY, (done.code, done.peak_bytes, done.errors)
    totals = [int(number) for number in TOTALS.search(done.output).groups()]
    assert totals[0] >= rules and totals[4] == 0, "all of them are read and judged"
    assert "Not understood" not in done.output


def test_ctrl_c_ends_a_long_check_soon(tmp_path):
    path = tmp_path / "large.conf"
    large("fortigate", 2_000_000, 0.8, path)
    process = subprocess.Popen([str(BINARY), "firewall", "check", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": ENGLISH})

    def is_judging() -> bool:
        """The signal is caught from when the rules are read."""
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            caught = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
        return bool(caught & 1 << (signal.SIGINT - 1))

    wait_for(is_judging, "the rules to be read", 60)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=15)
    assert (process.returncode, output, errors) == (1, b"", b"opsteward: Interrupted.\n")


def test_a_large_answer_is_as_good_as_a_small_one(tmp_path):
    """One of the rules in the midst of many is asked about; what covers it is found among them."""
    path = tmp_path / "large.conf"
    rules = large("iptables", 1_000_000, 1, path)
    lines = path.read_text().splitlines()
    rule = lines[4 + rules // 2]
    covered = rule.replace("/32 -d", "/32 -s 10.0.0.0/8 -d") if " -s 10." not in rule else rule
    lines.insert(-1, covered)
    path.write_text("\n".join([*lines, ""]))
    last = answer("check", path)["rules"][-1]
    assert (last["verdict"], last["kind"], last["covered_by"]) == ("dead", "redundant", [f"FORWARD:{rules // 2 + 1}"])


def test_a_counter_file_or_expectations_that_are_too_large_are_refused(tmp_path):
    sample = DATA / "srx" / "office.conf"
    assert str(tmp_path) in refusal("check", sample, "--counters", written(tmp_path, b"x\n" * (33 * MIB), "counters.txt"))
    assert failure(BAD_INPUT, "test", sample, "--expect", written(tmp_path, b"#" * (MIB + 1), "expect.toml"))["code"] == "too_large"
