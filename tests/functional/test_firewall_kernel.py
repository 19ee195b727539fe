"""What the readers say of iptables and nft, held against the kernel: rule sets made at random are loaded in a network namespace, packets are sent through it,
and what gets through is what `firewall query` says of the same rule set as iptables-save and nft print it.

Three namespaces: one sends, one filters and forwards, one receives. The filter has two interfaces on either side, so that rules by interface decide too."""

import ipaddress
import json
import os
import random
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from opsteward import BINARY, wait_for

if "\n  firewall " not in subprocess.run([str(BINARY), "--help"], capture_output=True, text=True, check=True).stdout:
    pytest.skip("this program has no command that asks a rule base", allow_module_level=True)

TOOLS = ("ip", "iptables-restore", "iptables-save", "ip6tables-restore", "ip6tables-save", "ipset", "nft")
ROUNDS = int(os.environ.get("OPSTEWARD_KERNEL_ROUNDS", "3"))
SEED = int(os.environ.get("OPSTEWARD_KERNEL_SEED", "20261127"))
PACKETS = 160
SENDER, FILTER, RECEIVER = "opsfw-s", "opsfw-f", "opsfw-r"
# Interfaces of the filter: two by which packets come in, two by which they leave, with the networks behind them.
IN_SIDES = {"in0": ("10.1.0", "fd00:1"), "in1": ("10.2.0", "fd00:2")}
OUT_SIDES = {"outa": ("10.8.0", "fd00:8"), "outb": ("10.9.0", "fd00:9")}
PORTS = [22, 53, 80, 81, 443, 1000, 1500, 2000, 5432, 65000]
SOURCE_PORTS = [1024, 2000, 40000, 40001, 53]
ICMP4 = [(8, 0), (3, 1), (3, 3), (11, 0), (13, 0)]
ICMP6 = [(128, 0), (1, 1), (1, 4), (3, 0), (129, 0)]
PROTOCOL_NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}


def run(*command: str, text: str | None = None, check: bool = True) -> subprocess.CompletedProcess:
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)
    assert not check or done.returncode == 0, f"{' '.join(command)}: {done.stderr}\n{text or ''}"
    return done


def in_namespace(name: str, *command: str, **more) -> subprocess.CompletedProcess:
    return run("ip", "netns", "exec", name, *command, **more)


def why_not() -> str:
    """Why the kernel can't be asked here; empty: it can."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    made = run("ip", "netns", "add", "opsfw-probe", check=False)
    if made.returncode != 0:
        return f"no network namespaces here: {made.stderr.strip()}"
    try:
        for probe in (["iptables-restore", "--test"], ["nft", "-c", "-f", "-"]):
            rules = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n" if probe[0] == "iptables-restore" else "add table inet probe\n"
            if in_namespace("opsfw-probe", *probe, text=rules, check=False).returncode != 0:
                return f"the kernel does not take rules of {probe[0]}"
    finally:
        run("ip", "netns", "del", "opsfw-probe", check=False)
    return ""


@pytest.fixture(scope="module")
def network():
    reason = why_not()
    if reason:
        pytest.skip(reason)
    for name in (SENDER, FILTER, RECEIVER):
        run("ip", "netns", "del", name, check=False)
        run("ip", "netns", "add", name)
        in_namespace(name, "ip", "link", "set", "lo", "up")
        for setting in ("ipv4.conf.all.rp_filter", "ipv4.conf.default.rp_filter", "ipv6.conf.all.accept_dad", "ipv6.conf.default.accept_dad"):
            in_namespace(name, "sysctl", "-qw", f"net.{setting}=0", check=False)
    in_namespace(FILTER, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    in_namespace(FILTER, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
    for sides, other in ((IN_SIDES, SENDER), (OUT_SIDES, RECEIVER)):
        for name, (net4, net6) in sides.items():
            run("ip", "link", "add", name, "netns", FILTER, "type", "veth", "peer", "name", f"p-{name}", "netns", other)
            for where, interface, host in ((FILTER, name, 1), (other, f"p-{name}", 2)):
                in_namespace(where, "ip", "addr", "add", f"{net4}.{host}/16", "dev", interface)
                in_namespace(where, "ip", "addr", "add", f"{net6}::{host}/32", "dev", interface, "nodad")
                in_namespace(where, "ip", "link", "set", interface, "up")
            # Every address behind a receiving interface is the receiver's own neighbour.
            peer = json.loads(in_namespace(other, "ip", "-j", "link", "show", f"p-{name}").stdout)[0]["address"]
            here = json.loads(in_namespace(FILTER, "ip", "-j", "link", "show", name).stdout)[0]["address"]
            for host in range(2, 10):
                in_namespace(FILTER, "ip", "neigh", "replace", f"{net4}.{host}", "lladdr", peer, "dev", name)
                in_namespace(FILTER, "ip", "neigh", "replace", f"{net6}::{host}", "lladdr", peer, "dev", name)
            SIDES_MAC[name] = (peer, here)
    yield
    for name in (SENDER, FILTER, RECEIVER):
        run("ip", "netns", "del", name, check=False)


SIDES_MAC: dict[str, tuple[str, str]] = {}


def checksum(data: bytes) -> int:
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def random_packet(chance: random.Random, family: int) -> dict:
    into = chance.choice(list(IN_SIDES))
    out = chance.choice(list(OUT_SIDES))
    place = 0 if family == 4 else 1
    joint = "." if family == 4 else "::"
    packet = {"family": family, "in": into, "out": out,
              "src": f"{IN_SIDES[into][place]}{joint}{chance.randint(2, 9)}", "state": "new",
              "dst": f"{OUT_SIDES[out][place]}{joint}{chance.randint(3, 9)}"}  # .2 is the receiver's own, and would answer
    packet["proto"] = chance.choice(["tcp", "tcp", "udp", "udp", "icmp" if family == 4 else "icmpv6"])
    if packet["proto"] in ("tcp", "udp"):
        packet["sport"] = chance.choice(SOURCE_PORTS)
        packet["dport"] = chance.choice(PORTS)
    else:
        packet["type"], packet["code"] = chance.choice(ICMP4 if family == 4 else ICMP6)
        # Errors and answers of connections that the kernel does not know.
        packet["state"] = "new" if packet["type"] in (8, 13, 128) else "invalid"
    return packet


def frame_of(packet: dict, mark: int) -> bytes:
    """An Ethernet frame; `mark` stands in its payload, so that it is known again."""
    payload = struct.pack("!4sI", b"OPSF", mark)
    source = ipaddress.ip_address(packet["src"]).packed
    destination = ipaddress.ip_address(packet["dst"]).packed
    number = PROTOCOL_NUMBERS[packet["proto"]]

    def transport(total: int) -> bytes:
        if packet["proto"] == "tcp":
            return struct.pack("!HHIIBBHHH", packet["sport"], packet["dport"], mark, 0, 5 << 4, 2, 1024, total, 0) + payload
        if packet["proto"] == "udp":
            return struct.pack("!HHHH", packet["sport"], packet["dport"], 8 + len(payload), total) + payload
        return struct.pack("!BBHHH", packet["type"], packet["code"], total, mark >> 16, mark & 0xFFFF) + payload

    plain = transport(0)
    pseudo = source + destination + (struct.pack("!BBH", 0, number, len(plain)) if packet["family"] == 4 else struct.pack("!IHBB", len(plain), 0, 0, number))
    body = transport(checksum(plain if packet["proto"] == "icmp" else pseudo + plain))
    if packet["family"] == 4:
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 0, 0, 64, number, 0, source, destination)
        header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    else:
        header = struct.pack("!IHBB16s16s", 6 << 28, len(body), number, 64, source, destination)
    peer, here = (bytes.fromhex(mac.replace(":", "")) for mac in SIDES_MAC[packet["in"]])
    return here + peer + (b"\x08\x00" if packet["family"] == 4 else b"\x86\xdd") + header + body


RECEIVE = r"""
import select, socket, struct, sys, time
sockets = []
for name in sys.argv[2:]:
    one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    one.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)
    one.bind((name, 0))
    sockets.append(one)
print("ready", flush=True)
seen, last, heard = set(), int(sys.argv[1]), time.monotonic()
while time.monotonic() - heard < 10:
    waiting = select.select(sockets, [], [], 0.2)[0]
    # The other interface may still have some when the last one has come.
    if last in seen and not waiting:
        break
    for one in waiting:
        frame, (_, _, kind, _, _) = one.recvfrom(65535)
        at = frame.find(b"OPSF")
        # What the receiver sends itself is not what got through to it.
        if at >= 0 and kind == socket.PACKET_HOST:
            seen.add(struct.unpack("!I", frame[at + 4:at + 8])[0])
print(" ".join(map(str, sorted(seen))), flush=True)
"""
SEND = r"""
import socket, sys
sockets = {}
for line in sys.stdin:
    name, frame = line.split()
    if name not in sockets:
        sockets[name] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        sockets[name].bind((name, 0))
    sockets[name].send(bytes.fromhex(frame))
"""
LAST_MARK = 0xFFFFFF


def pass_through(packets: list[dict]) -> set[int]:
    """The numbers of those that get through. The last one, to an address of the filter's own making, passes whatever the rules: it is let through first."""
    receiver = subprocess.Popen(["ip", "netns", "exec", RECEIVER, "/usr/bin/python3", "-c", RECEIVE, str(LAST_MARK), *(f"p-{name}" for name in OUT_SIDES)],
                                stdout=subprocess.PIPE, text=True)
    assert receiver.stdout.readline().strip() == "ready"
    frames = [f"p-{packet['in']} {frame_of(packet, mark).hex()}" for mark, packet in enumerate(packets)]
    frames.append(f"p-in0 {frame_of(SENTINEL, LAST_MARK).hex()}")
    in_namespace(FILTER, "conntrack", "-F", check=False) if shutil.which("conntrack") else None
    in_namespace(SENDER, "/usr/bin/python3", "-c", SEND, text="\n".join(frames) + "\n")
    out, _ = receiver.communicate(timeout=60)
    seen = {int(number) for number in out.split()}
    assert LAST_MARK in seen, "the last packet did not get through"
    return seen - {LAST_MARK}


# Let through by the first rule of every rule set.
SENTINEL = {"family": 4, "in": "in0", "out": "outa", "src": "10.1.0.2", "dst": "10.8.0.3", "proto": "udp", "sport": 9, "dport": 9}


def verdicts(path: Path, packets: list[dict]) -> list[dict]:
    answers = []
    for packet in packets:
        words = [f"{key}={packet[key]}" for key in ("src", "dst", "proto", "in", "out", "state")]
        if "dport" in packet:
            words += [f"sport={packet['sport']}", f"dport={packet['dport']}"]
        else:
            words += [f"type={packet['type']}", f"code={packet['code']}"]
        done = run(str(BINARY), "--json", "firewall", "query", str(path), "--base", packet["base"], "--packet", " ".join(words), check=False)
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout))
    return answers


def compare(path: Path, packets: list[dict], what: str) -> int:
    seen = pass_through(packets)
    for number, (packet, answer) in enumerate(zip(packets, verdicts(path, packets), strict=True)):
        got_through = number in seen
        assert (answer["action"] == "accept") == got_through, f"{what}: {packet}: the kernel {'passed' if got_through else 'kept'} it, {answer}"
    return len(seen)


def addresses(chance: random.Random, family: int, sides: dict) -> str:
    net = chance.choice(list(sides.values()))[0 if family == 4 else 1]
    return chance.choice([f"{net}.0/16", f"{net}.4/30", f"{net}.{chance.randint(2, 9)}/32", "0.0.0.0/0"] if family == 4
                         else [f"{net}::/32", f"{net}::4/126", f"{net}::{chance.randint(2, 9)}/128", "::/0"])


def no(chance: random.Random) -> str:
    return "! " if chance.random() < 0.25 else ""


SETS = {4: [("hnet", "src"), ("hip", "dst"), ("hport", "dst,dst"), ("hlist", "src"), ("hport", "src,src")], 6: [("hnet6", "src"), ("hport6", "dst,dst")]}


def iptables_match(chance: random.Random, family: int) -> str:
    parts = []
    if chance.random() < 0.3:
        parts.append(f"{no(chance)}-i {chance.choice(['in0', 'in1', 'in+'])}")
    if chance.random() < 0.3:
        parts.append(f"{no(chance)}-o {chance.choice(['outa', 'outb', 'out+', 'o+'])}")
    for option, sides in (("-s", IN_SIDES), ("-d", OUT_SIDES)):
        if chance.random() < 0.5:
            network = addresses(chance, family, sides)
            parts.append(f"{'' if network.endswith('/0') else no(chance)}{option} {network}")
    if chance.random() < 0.15:
        net = chance.choice(list(IN_SIDES.values()))[0 if family == 4 else 1]
        joint = "." if family == 4 else "::"
        parts.append(f"-m iprange {no(chance)}--src-range {net}{joint}3-{net}{joint}7")
    if chance.random() < 0.2:
        name, directions = chance.choice(SETS[family])
        parts.append(f"-m set {no(chance)}--match-set {name} {directions}")
    if chance.random() < 0.15:
        parts.append(f"-m conntrack {no(chance)}--ctstate {chance.choice(['NEW', 'ESTABLISHED,RELATED', 'NEW,INVALID', 'INVALID'])}")
    if chance.random() < 0.1:
        parts.append('-m comment --comment "a \\"quoted\\" remark"')
    protocol = chance.choice(["", "", "tcp", "udp", "icmp"])
    if protocol == "icmp":
        name, module, option = ("icmp", "icmp", "--icmp-type") if family == 4 else ("ipv6-icmp", "icmp6", "--icmpv6-type")
        kinds = ["8", "3", "3/1", "11"] if family == 4 else ["128", "1", "1/4", "3"]
        parts.insert(0, f"-p {name}" + (f" -m {module} {no(chance)}{option} {chance.choice(kinds)}" if chance.random() < 0.7 else ""))
    elif protocol:
        parts.insert(0, f"{no(chance)}-p {protocol}")
        if not parts[0].startswith("!"):
            ports = chance.choice(["80", "22", "53:443", "1000:", ":81"])
            lists = chance.choice(["22,80,443", "53,1000:2000", "5432", "40000,53,81"])
            parts.append(chance.choice(["", f"{no(chance)}--dport {ports}", f"{no(chance)}--sport {ports}", f"-m multiport {no(chance)}--dports {lists}",
                                        f"-m multiport {no(chance)}--sports {lists}", f"-m multiport {no(chance)}--ports {lists}"]))
    return " ".join(part for part in parts if part)


def iptables_rules(chance: random.Random, family: int) -> str:
    """A filter table with chains that jump to those behind them only."""
    chains = [f"chain{i}" for i in range(5)]
    lines = ["*filter", ":INPUT ACCEPT [0:0]", f":FORWARD {chance.choice(['ACCEPT', 'DROP'])} [0:0]", ":OUTPUT ACCEPT [0:0]"]
    lines += [f":{chain} - [0:0]" for chain in chains]
    if family == 4:
        lines.append("-A FORWARD -p udp -m udp --sport 9 --dport 9 -j ACCEPT")
    for place, chain in enumerate(["FORWARD", *chains]):
        for _ in range(30 if chain == "FORWARD" else 9):
            targets = ["-j ACCEPT", "-j DROP", "-j DROP", "-j LOG", "-j RETURN", "-j MARK --set-mark 1", ""]
            targets += [f"{how} {name}" for name in chains[place:] for how in ("-j", "-g")]
            lines.append(f"-A {chain} {iptables_match(chance, family)} {chance.choice(targets)}".strip())
    return "\n".join([*lines, "COMMIT", ""])


IPSETS = """create hnet hash:net family inet
add hnet 10.1.0.0/16
add hnet 10.1.0.4/30 nomatch
create hip hash:ip family inet
add hip 10.8.0.3
add hip 10.9.0.5
create hport hash:ip,port family inet
add hport 10.8.0.4,tcp:80
add hport 10.8.0.4,udp:53
add hport 10.9.0.6,tcp:443
add hport 10.1.0.3,udp:2000
create hlist list:set
add hlist hip
add hlist hnet
create hnet6 hash:net family inet6
add hnet6 fd00:1::4/126
create hport6 hash:ip,port family inet6
add hport6 fd00:8::4,tcp:80
add hport6 fd00:9::5,udp:53
"""


def clear() -> None:
    in_namespace(FILTER, "nft", "flush", "ruleset")
    # Emptied, a list holds no set; the kernel lets go of a set a moment after the rules that named it.
    in_namespace(FILTER, "ipset", "flush")
    wait_for(lambda: in_namespace(FILTER, "ipset", "destroy", check=False).returncode == 0, "sets to be free")


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("family", [4, 6])
def test_iptables_decides_as_the_kernel_does(network, tmp_path, family, number):
    chance = random.Random(SEED * 100 + family * 10 + number)
    clear()
    in_namespace(FILTER, "ipset", "restore", text=IPSETS)
    tool = "iptables" if family == 4 else "ip6tables"
    in_namespace(FILTER, f"{tool}-restore", text=iptables_rules(chance, family))
    saved = in_namespace(FILTER, f"{tool}-save", "-c").stdout + in_namespace(FILTER, "ipset", "save").stdout
    path = tmp_path / "saved.txt"
    path.write_text(saved)
    base = "FORWARD" if family == 4 else "FORWARD (IPv6)"
    packets = [random_packet(chance, family) | {"base": base} for _ in range(PACKETS)]
    compare(path, packets, f"{tool} round {number}\n{saved}")


def nft_match(chance: random.Random) -> str:
    parts = []
    if chance.random() < 0.25:
        parts.append(chance.choice(['iifname "in0"', 'iifname != "in*"', 'iifname { "in0", "in1" }', 'iifname "in*"', "meta nfproto ipv4",
                                    "meta protocol ip6"]))
    if chance.random() < 0.25:
        parts.append(chance.choice(['oifname "outa"', 'oifname != "outb"', 'oifname "out*"', 'iifname . oifname { "in0" . "outa", "in1" . "outb" }']))
    equal = chance.choice(["", "", "!= "])
    family = chance.choice([4, 4, 6])
    word = "ip" if family == 4 else "ip6"
    if chance.random() < 0.5:
        net = chance.choice(list(IN_SIDES.values()))[0 if family == 4 else 1]
        joint = "." if family == 4 else "::"
        network = addresses(chance, family, IN_SIDES).replace("0.0.0.0/0", "10.0.0.0/8").replace("::/0", "fd00::/16")
        parts.append(f"{word} saddr {equal}" + chance.choice([network, f"{net}{joint}3-{net}{joint}6", f"{{ {net}{joint}2, {net}{joint}4-{net}{joint}5 }}",
                                                             "@nets" if family == 4 else "@nets6"]))
    if chance.random() < 0.4:
        parts.append(f"{word} daddr {equal}{addresses(chance, family, OUT_SIDES).replace('0.0.0.0/0', '10.0.0.0/8').replace('::/0', 'fd00::/16')}")
    if chance.random() < 0.15:
        parts.append(chance.choice(["ct state new", "ct state established,related", "ct state { new, invalid }", "ct state != new"]))
    ports = chance.choice(["80", "!= 80", "{ 22, 53, 1000-2000 }", "!= { 80, 443 }", "53-443", ">= 1000", "< 100", "@ports"])
    icmp = chance.choice(["icmp type echo-request", "icmp type { destination-unreachable, time-exceeded }", "icmp type != echo-request",
                          "icmp code host-unreachable", "icmpv6 type echo-request", "icmpv6 type != { echo-request }",
                          "icmp type destination-unreachable icmp code port-unreachable"])
    pair = chance.choice(["ip daddr . tcp dport { 10.8.0.4 . 80, 10.9.0.0/16 . 443-2000 }", "ip daddr . tcp dport @pairs",
                          "ip daddr . tcp dport != { 10.8.0.4 . 80 }", "ip protocol . th dport { tcp . 80, udp . 53 }"])
    parts.append(chance.choice(["", f"tcp dport {ports}", f"udp dport {ports}", f"tcp sport {ports}", f"meta l4proto {{ tcp, udp }} th dport {ports}", icmp,
                                "meta l4proto != tcp", pair, "ip protocol udp", "ip6 nexthdr tcp"]))
    # One family to a rule: nft refuses what can't match.
    text = " ".join(part for part in parts if part)
    is_mixed = sum(any(token in f" {text} " for token in tokens) for tokens in ((" ip ", "icmp ", "nfproto ipv4"), (" ip6 ", "icmpv6 ", "protocol ip6"))) > 1
    return nft_match(chance) if is_mixed else text


def nft_rules(chance: random.Random) -> list[str]:
    """Two base chains on the hook, in a table of both families and one of IPv4; commands of `nft -f`, so that one that is refused may be left out."""
    commands = ["add table inet fw", "add table ip low",
                "add set inet fw nets { type ipv4_addr; flags interval; elements = { 10.1.0.0/16, 10.2.0.4-10.2.0.6 } }",
                "add set inet fw nets6 { type ipv6_addr; flags interval; elements = { fd00:1::/64, fd00:2::5 } }",
                "add set inet fw ports { type inet_service; flags interval; elements = { 22, 80-100, 5432 } }",
                "add set inet fw pairs { type ipv4_addr . inet_service; flags interval; elements = { 10.8.0.0/29 . 80-90, 10.9.0.5 . 443 } }"]
    chains = [f"chain{i}" for i in range(5)]
    commands += [f"add chain inet fw {chain}" for chain in chains]
    commands += ["add map inet fw verdicts { type inet_service : verdict; flags interval; "
                 "elements = { 22 : drop, 80 : jump chain3, 1000-1500 : goto chain4 } }"]
    commands += [f"add chain inet fw forward {{ type filter hook forward priority 0; policy {chance.choice(['accept', 'drop'])}; }}",
                 f"add chain ip low forward {{ type filter hook forward priority 10; policy {chance.choice(['accept', 'accept', 'drop'])}; }}",
                 "add rule inet fw forward udp sport 9 udp dport 9 accept", "add rule ip low forward udp sport 9 udp dport 9 accept"]
    for place, chain in enumerate(["forward", *chains]):
        for _ in range(26 if chain == "forward" else 8):
            verdict = chance.choice(["accept", "drop", "drop", "return", "counter", 'log prefix "x"', "counter accept", "log drop"] +
                                    [f"{how} {name}" for name in chains[place:] for how in ("jump", "goto")])
            match = nft_match(chance)
            if chance.random() < 0.12:
                names = chains[place:] or ["chain4"]
                verdict = chance.choice([f"tcp dport vmap {{ 22 : accept, 80-100 : drop, 443 : {'jump ' + names[0] if place < 5 else 'accept'} }}",
                                         "ct state vmap { new : continue, invalid : drop }", "meta l4proto vmap { tcp : accept, icmp : drop }",
                                         "udp dport vmap @verdicts" if place < 4 else "accept"])
                match = ""
            commands.append(f"add rule inet fw {chain} {match} {verdict}")
    for _ in range(8):
        match = nft_match(chance)
        if "@" not in match and "ip6" not in match and "icmpv6" not in match and "nfproto" not in match and "meta protocol" not in match:
            commands.append(f"add rule ip low forward {match} {chance.choice(['accept', 'drop'])}")
    return commands


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nft_decides_as_the_kernel_does(network, tmp_path, number):
    chance = random.Random(SEED * 1000 + number)
    clear()
    refused = [command for command in nft_rules(chance) if in_namespace(FILTER, "nft", "-f", "-", text=command + "\n", check=False).returncode != 0]
    assert len(refused) < 20, refused
    path = tmp_path / "ruleset.json"
    listing = json.loads(in_namespace(FILTER, "nft", "-j", "list", "ruleset").stdout)
    path.write_text(json.dumps(listing))
    # Its JSON makes the same rules again; nft wants chains to be there before the maps that jump to them.
    clear()
    order = ["metainfo", "table", "chain", "set", "map", "rule"]
    listing["nftables"].sort(key=lambda entry: order.index(next(iter(entry))))
    in_namespace(FILTER, "nft", "-j", "-f", "-", text=json.dumps(listing))
    packets = [random_packet(chance, chance.choice([4, 4, 6])) | {"base": "forward"} for _ in range(PACKETS)]
    compare(path, packets, f"nft round {number}\n{in_namespace(FILTER, 'nft', '-a', 'list', 'ruleset').stdout}")
