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

from firewall import (BAD_INPUT, DATA, ENGLISH, FORMAT_OF_FOLDER, FORTIGATE_HEAD, SAMPLES, answer, each, failure, format_of, measured, name_of, refusal, run,
                      written)
from firewall_made import GROUPS, LARGE, chains, host, with_groups, write_large
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
    arguments = ("firewall", "redact", "-", "--format", FORMAT_OF_FOLDER[name.split("/")[0]], "--key", key)
    for done in each(lambda end: run(*arguments, stdin=content[:end].encode()), ends):
        assert done.returncode == 0 and b"notarealhash" not in done.stdout and b"QRSTUV012345" not in done.stdout


@pytest.mark.parametrize("head", [b"", b"#config-version=FG", b"<?xml version='1.0'?><config>", b"<opnsense>", b'{"nftables": [', b"*filter\n",
                                  b"ASA Version 9\n", b"security {\n"])
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


WAYS = 22
GROUP_SHAPES = {
    "in a circle": ({"g0": ["g1", "h0"], "g1": ["g2", "g0"], "g2": ["g2", "g0"]}, {"live_unless"}),
    "in a chain of thousands": ({f"g{n}": [f"g{n + 1}" if n < 4999 else "h0"] for n in range(5000)}, {"live", "live_unless"}),
    # Each names the two of the next level: 2^22 ways to the two hosts at the end.
    "by millions of ways": ({f"{side}{n}": [f"g{n + 1}", f"k{n + 1}"] if n < WAYS else [f"h{'gk'.index(side)}"]
                             for n in range(WAYS + 1) for side in "gk"}, {"live"}),
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


CHAINS = {
    "that double at every jump": chains([f"c{n}" for n in range(21)], [
        "-A FORWARD -j c0", *(f"-A c{n} -{end} 10.0.0.0/{8 + n} -j c{n + 1}" for n in range(20) for end in "sd"), "-A c20 -p tcp -j ACCEPT"]),
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
    addresses = "".join(f'    edit "h{n}"\n        set subnet {host(n)} 255.255.255.255\n    next\n' for n in range(count + 1))
    content = content.replace(first, policies).replace("config firewall address\n", f"config firewall address\n{addresses}")
    done = measured("--json", "firewall", "check", written(tmp_path, content))
    assert done.code == 0 and done.peak_bytes < GIB, done.errors
    assert json.loads(done.output)["totals"]["live"] == count


def test_texts_that_have_no_line_in_common_are_compared_soon(tmp_path):
    def objects(side: str) -> str:
        return "".join(f'    edit "{side}{n}"\n        set subnet {host(n)} 255.255.255.255\n        set comment "{side} {n}"\n    next\n'
                       for n in range(10_000))

    one, other = (written(tmp_path, f"{FORTIGATE_HEAD}config firewall address\n{objects(side)}end\n", f"{side}.conf") for side in "ab")
    done = measured("--json", "firewall", "diff", one, other)
    assert done.code == 0 and done.peak_bytes < GIB, done.errors
    assert len(json.loads(done.output)["items"]) == 20_000


@pytest.mark.parametrize("content", [pytest.param(lambda: gzip.compress(bytes(16 * MIB)) * 256, id="4 GiB in gzip"),
                                     pytest.param(lambda: b"x" * (64 * MIB + 1), id="a byte too many")])
def test_more_than_64_mib_is_refused(content, tmp_path):
    path = written(tmp_path, content())
    done = measured("--json", "firewall", "check", path)
    error = json.loads(done.errors)["error"]
    assert done.code == BAD_INPUT and error["code"] == "too_large" and "64.0 MiB" in error["message"]["en"] and str(path) in error["message"]["zh"]
    assert done.peak_bytes < GIB
    assert failure(BAD_INPUT, "diff", DATA / "asa" / "edge.conf", path)["code"] == "too_large"


# Megabytes, and how much of them is rules where a vendor writes objects apart.
SIZES = {"fortigate": (50, 0.02), "paloalto": (8, 0.1), "iptables": (8, 1), "asa": (8, 1), "opnsense": (8, 1), "nft": (8, 1), "srx": (8, 0.3),
         "checkpoint": (8, 0.2)}


@pytest.mark.parametrize("vendor", LARGE)
def test_a_large_configuration_is_reported_in_bounded_memory(vendor, tmp_path):
    megabytes, part_of_rules = (50, 0.5) if IS_HEAVY else SIZES[vendor]
    path = tmp_path / "large.conf"
    rules = write_large(vendor, megabytes * 1_000_000, part_of_rules, path)
    done = measured("firewall", "check", path, timeout=300 if IS_HEAVY else 120)
    print(f"{vendor}: {path.stat().st_size / 1e6:.0f} MB, {rules} rules, at most {done.peak_bytes / MIB:.0f} MiB")
    assert done.code == 0 and done.peak_bytes < MOST_MEMORY, (done.code, done.peak_bytes, done.errors)
    totals = [int(number) for number in TOTALS.search(done.output).groups()]
    assert totals[0] >= rules, "all of them are read"
    assert totals[4] == 0 or (IS_HEAVY and "Not all was judged in 120 seconds" in done.output), "and judged, unless it is told that the time was over"
    assert "Not understood" not in done.output


def test_ctrl_c_ends_a_long_check_soon(tmp_path):
    path = tmp_path / "large.conf"
    write_large("fortigate", 2_000_000, 0.8, path)
    process = subprocess.Popen([str(BINARY), "firewall", "check", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, "LC_ALL": ENGLISH})

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
    rules = write_large("iptables", 1_000_000, 1, path)
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


def test_an_error_brings_no_control_characters_to_the_terminal(tmp_path):
    expectations = written(tmp_path, b'[[expectation]]\nname = "x"\nexpect = "deny"\nfrom = { zones = ["a\\u001b[31m"] }\n', "e.toml")
    for arguments in (("test", SAMPLES[0], "--format", format_of(SAMPLES[0]), "--expect", expectations), ("check", tmp_path / "no\x1b[31msuch")):
        done = run("firewall", *arguments)
        assert done.returncode != 0 and b"\x1b" not in done.stderr and b"\\x1b" in done.stderr, done.stderr
