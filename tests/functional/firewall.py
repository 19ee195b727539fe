"""Drives `opsteward firewall`: its answers, its refusals, and small configurations to ask it about."""

import json
import os
import re
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from opsteward import BINARY, ROOT

DATA = ROOT / "tests" / "data" / "firewall" / "formats"
SHARED = ROOT.parent / "shared" / "data" / "firewall"
CHINESE, ENGLISH = "zh_TW.UTF-8", "C.UTF-8"
BAD_INPUT = 3
FORMAT_OF_FOLDER = {"asa": "asa", "check_point": "checkpoint", "fortigate": "fortigate", "iptables": "iptables", "nft": "nft", "opnsense": "opnsense",
                    "palo_alto": "paloalto", "srx": "srx"}
COUNTERS = {"asa": "show-access-list.txt", "palo_alto": "hit-count.xml", "opnsense": "pfctl.txt", "srx": "hit-count.txt"}
SAMPLES = sorted(path for path in DATA.glob("*/*") if path.suffix not in (".md", ".expected") and path.name not in COUNTERS.values())


def format_of(sample: Path) -> str:
    return FORMAT_OF_FOLDER[sample.parent.name]


def name_of(sample: Path) -> str:
    return f"{sample.parent.name}/{sample.name}"


def run(*arguments, stdin: bytes = b"", language: str = ENGLISH, timeout: float = 120, **environment) -> subprocess.CompletedProcess:
    return subprocess.run([str(BINARY), *map(str, arguments)], input=stdin, capture_output=True, timeout=timeout, check=False,
                          env={**os.environ, "LC_ALL": language, **environment})


def answer(*arguments, code: int = 0, stdin: bytes = b"") -> dict:
    done = run("--json", "firewall", *arguments, stdin=stdin)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    assert done.stdout.count(b"\n") == 1, "one document on one line"
    return json.loads(done.stdout)


def failure(code: int, *arguments, stdin: bytes = b"") -> dict:
    done = run("--json", "firewall", *arguments, stdin=stdin)
    assert done.returncode == code, (arguments, done.returncode, done.stdout[:500], done.stderr)
    assert not done.stdout
    return json.loads(done.stderr)["error"]


def refusal(*arguments, code: int = BAD_INPUT, stdin: bytes = b"") -> str:
    """What is said in English; in both languages something is."""
    message = failure(code, *arguments, stdin=stdin)["message"]
    assert re.search("[\u4e00-\u9fff]", message["zh"]), message
    return message["en"]


def text(*arguments, language: str = ENGLISH, code: int = 0, stdin: bytes = b"") -> str:
    done = run("firewall", *arguments, language=language, stdin=stdin)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    return done.stdout.decode()


def each(ask, cases) -> list:
    """Asked two at a time: most of the time of a short command is its start."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(ask, cases))


def packet_text(packet: dict) -> str:
    return " ".join(f"{name}={value}" for name, value in packet.items())


def written(folder: Path, content: str | bytes, name: str = "fw.conf") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


FORTIGATE_HEAD = """#config-version=FGVMK6-7.0.12-FW-build0523-230601:opmode=0:vdom=0:user=admin
config system global
    set hostname "fw"
end
config firewall service custom
    edit "HTTPS"
        set tcp-portrange 443
    next
    edit "LOW"
        set tcp-portrange 1-100
    next
    edit "HIGH"
        set tcp-portrange 101-65535
    next
    edit "TCP"
        set tcp-portrange 1-65535
    next
    edit "PING"
        set protocol ICMP
        set icmptype 8
    next
    edit "ALL_ICMP"
        set protocol ICMP
        unset icmptype
    next
    edit "ALL"
        set protocol IP
    next
end
config firewall schedule onetime
    edit "over"
        set start 00:00 2020/01/01
        set end 23:59 2020/12/31
    next
end
config firewall schedule recurring
    edit "nights"
        set start 20:00
        set end 06:00
        set day monday tuesday
    next
end
"""
ADDRESSES = {"NET": "10.0.0.0 255.255.255.0", "LOWER": "10.0.0.0 255.255.255.128", "UPPER": "10.0.0.128 255.255.255.128", "HOST": "10.0.0.7 255.255.255.255",
             "OTHER": "10.1.0.0 255.255.0.0", "WEB": "192.0.2.10 255.255.255.255"}


def fortigate(*policies: str, addresses: dict[str, str] | None = None, head: str = FORTIGATE_HEAD) -> str:
    """A policy is "SOURCE > DESTINATION SERVICE action", with further settings behind it: "NET > all HTTPS accept; set status disable". Numbered from 1."""
    lines = [head, "config firewall address"]
    for name, subnet in (ADDRESSES | (addresses or {})).items():
        lines += [f'    edit "{name}"', f"        set subnet {subnet}", "    next"]
    lines += ["end", "config firewall policy"]
    for number, policy in enumerate(policies, 1):
        match, *more = policy.split("; ")
        source, _, destination, service, action = match.split()
        settings = {"srcintf": '"any"', "dstintf": '"any"', "srcaddr": f'"{source}"', "dstaddr": f'"{destination}"', "action": action, "schedule": '"always"',
                    "service": f'"{service}"', "logtraffic": "all", "comments": '"REQ-2026-001"'}
        for setting in more:
            _, name, value = setting.split(" ", 2)
            settings[name] = value
        lines += [f"    edit {number}", *(f"        set {name} {value}" for name, value in settings.items()), "    next"]
    return "\n".join([*lines, "end", ""])


@dataclass
class Measured:
    """A command that has ended."""
    code: int
    output: str
    errors: str
    peak_bytes: int


def measured(*arguments, timeout: float = 120) -> Measured:
    """In English; killed, with a code below zero, when it takes longer than `timeout` seconds."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([str(BINARY), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                   env={**os.environ, "LC_ALL": ENGLISH})
        timer = threading.Timer(timeout, process.kill)
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        shown = []
        for file in (output, errors):
            file.seek(0)
            shown.append(file.read().decode())
        return Measured(process.returncode, *shown, peak_bytes=used.ru_maxrss * 1024)
