"""Configurations made for the tests: groups of groups, and files of any size, as each vendor writes them."""

import json
import random
from pathlib import Path

from firewall import FORTIGATE_HEAD, fortigate


def host(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def fortigate_group(name: str, members: list[str]) -> str:
    listed = " ".join(f'"{member}"' for member in members)
    return f'    edit "{name}"\n        set member {listed}\n    next\n'


def fortigate_with(hosts: list[int], groups: str) -> str:
    addresses = {f"h{n}": f"{host(n)} 255.255.255.255" for n in hosts}
    return f"{fortigate('g0 > all HTTPS accept', addresses=addresses)}config firewall addrgrp\n{groups}end\n"


def asa_group(name: str, members: list[str]) -> str:
    lines = [f" network-object host {host(int(member[1:]))}" if member[0] == "h" else f" group-object {member}" for member in members]
    return "\n".join([f"object-group network {name}", *lines, ""])


def asa_with(_, groups: str) -> str:
    return (f"ASA Version 9.16(4)\ninterface Gi0\n nameif inside\n{groups}access-list x extended permit ip object-group g0 any\n"
            "access-group x in interface inside\n")


def paloalto_with(_, objects: str) -> str:
    settings = ("from any", "to any", "source g0", "destination any", "service any", "application any", "action allow")
    return objects + "".join(f"set rulebase security rules r {setting}\n" for setting in settings)


def srx_group(name: str, members: list[str]) -> str:
    kinds = {"h": "address", "g": "address-set", "k": "address-set"}
    return "".join(f"set security address-book global address-set {name} {kinds[member[0]]} {member}\n" for member in members)


def srx_with(_, objects: str) -> str:
    settings = ("match source-address g0", "match destination-address any", "match application any", "then permit")
    return objects + "".join(f"set security policies from-zone a to-zone b policy p {setting}\n" for setting in settings)


def opnsense_alias(name: str, kind: str, content: list[str]) -> str:
    return f"<alias><name>{name}</name><type>{kind}</type><content>{chr(10).join(content)}</content></alias>"


def opnsense_with(_, aliases: str) -> str:
    return (f"<opnsense><OPNsense><Firewall><Alias><aliases>{aliases}</aliases></Alias></Firewall></OPNsense>"
            "<interfaces><lan><if>em0</if></lan></interfaces><filter><rule><type>pass</type><interface>lan</interface>"
            "<source><address>g0</address></source><destination><any/></destination></rule></filter></opnsense>")


def checkpoint_object(name: str, kind: str, **more) -> str:
    return json.dumps({"uid": name, "name": name, "type": kind, **more}) + ",\n"


CHECKPOINT_LAST = checkpoint_object("any", "CpmiAnyObject") + json.dumps({"uid": "acc", "name": "Accept", "type": "RulebaseAction"})


def checkpoint_access_rule(number: int, sources: list[str], destinations: list[str]) -> str:
    return json.dumps({"uid": f"r{number}", "type": "access-rule", "name": f"rule {number}", "rule-number": number, "source": sources,
                       "destination": destinations, "service": ["any"], "vpn": ["any"], "action": "acc", "enabled": True})


def checkpoint_with(_, objects: str) -> str:
    return f'{{"uid":"L","name":"N","rulebase":[{checkpoint_access_rule(1, ["g0"], ["any"])}],"objects-dictionary":[{objects}{CHECKPOINT_LAST}]}}'


# How a group and a host are written, and all around them: one rule that lets g0 through. Names that begin with h are hosts, all others groups.
GROUPS = {
    "fortigate": (fortigate_group, lambda n: "", fortigate_with),
    "asa": (asa_group, lambda n: "", asa_with),
    "paloalto": (lambda name, members: f"set address-group {name} static [ {' '.join(members)} ]\n", lambda n: f"set address h{n} ip-netmask {host(n)}\n",
                 paloalto_with),
    "srx": (srx_group, lambda n: f"set security address-book global address h{n} {host(n)}/32\n", srx_with),
    "opnsense": (lambda name, members: opnsense_alias(name, "network", members), lambda n: opnsense_alias(f"h{n}", "host", [host(n)]), opnsense_with),
    "checkpoint": (lambda name, members: checkpoint_object(name, "group", members=members),
                   lambda n: checkpoint_object(f"h{n}", "host", **{"ipv4-address": host(n)}), checkpoint_with),
}


def with_groups(vendor: str, groups: dict[str, list[str]]) -> str:
    """Of groups by their names, g0 among them. ASA wants a group before those that name it, so the last one is written first."""
    group, a_host, whole = GROUPS[vendor]
    hosts = sorted({int(member[1:]) for members in groups.values() for member in members if member[0] == "h"})
    return whole(hosts, "".join(map(a_host, hosts)) + "".join(group(name, members) for name, members in reversed(groups.items())))


def chains(names, lines) -> str:
    """A filter table of iptables with these chains of its user's."""
    head = ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", *(f":{name} - [0:0]" for name in names)]
    return "\n".join([*head, *lines, "COMMIT", ""])


def random_ends(chance: random.Random) -> tuple[str, str, int]:
    return host(chance.getrandbits(24)), f"172.16.{chance.getrandbits(8)}.{chance.getrandbits(8)}", chance.randrange(1, 65536)


def fortigate_rule(n: int, chance: random.Random, objects: int) -> str:
    source, destination = (" ".join(f'"A{chance.randrange(objects)}"' for _ in range(10)) for _ in range(2))
    return (f'    edit {n}\n        set name "policy {n}"\n        set srcintf "port{n % 8}"\n        set dstintf "port{n // 8 % 8}"\n'
            f"        set srcaddr {source}\n        set dstaddr {destination}\n"
            '        set action accept\n        set schedule "always"\n        set service "HTTPS"\n        set logtraffic all\n    next\n')


def paloalto_rule(n: int, chance: random.Random, objects: int) -> str:
    source, destination = ("".join(f"<member>A{chance.randrange(objects)}</member>" for _ in range(10)) for _ in range(2))
    return (f'<entry name="rule {n}"><from><member>z{n % 8}</member></from><to><member>z{n // 8 % 8}</member></to>'
            f"<source>{source}</source><destination>{destination}</destination><application><member>any</member></application>"
            "<service><member>service-https</member></service><action>allow</action></entry>\n")


def iptables_rule(n: int, chance: random.Random, _) -> str:
    source, destination, port = random_ends(chance)
    remark = f"ticket {n} " + "of the register of requests, " * 4
    return f'-A FORWARD -s {source}/32 -d {destination}/32 -i eth{n % 8} -p tcp -m tcp --dport {port} -m comment --comment "{remark}" -j ACCEPT\n'


def asa_rule(n: int, chance: random.Random, _) -> str:
    source, destination, port = random_ends(chance)
    return (f"access-list outside_in remark ticket {n} of the register of requests, {'kept for the auditors ' * 4}\n"
            f"access-list outside_in extended permit tcp host {source} host {destination} eq {port}\n")


def opnsense_rule(n: int, chance: random.Random, _) -> str:
    source, destination, port = random_ends(chance)
    return (f'<rule uuid="00000000-0000-0000-0000-{n:012}"><type>pass</type><interface>{"lan" if n % 2 else "wan"}</interface><ipprotocol>inet</ipprotocol>'
            f"<direction>in</direction><quick>1</quick><protocol>tcp</protocol><source><address>{source}</address></source>"
            f"<destination><address>{destination}</address><port>{port}</port></destination><descr>ticket {n}</descr></rule>\n")


def nft_rule(n: int, chance: random.Random, _) -> str:
    source, destination, port = random_ends(chance)
    matches = [{"match": {"op": "==", "left": {"payload": {"protocol": protocol, "field": field}}, "right": value}}
               for protocol, field, value in (("ip", "saddr", source), ("ip", "daddr", destination), ("tcp", "dport", port))]
    return ",\n" + json.dumps({"rule": {"family": "inet", "table": "t", "chain": "forward", "handle": n + 10, "expr": [*matches, {"accept": None}]}})


def srx_rule(n: int, chance: random.Random, objects: int) -> str:
    start = f"set security policies from-zone z{n % 8} to-zone z{n // 8 % 8} policy p{n} "
    sources = "".join(f"{start}match source-address A{chance.randrange(objects)}\n" for _ in range(3))
    return f"{sources}{start}match destination-address A{chance.randrange(objects)}\n{start}match application junos-https\n{start}then permit\n"


def checkpoint_rule(n: int, chance: random.Random, objects: int) -> str:
    ends = [f"A{chance.randrange(objects)}" for _ in range(3)]
    return (",\n" if n > 1 else "") + checkpoint_access_rule(n, ends[:2], ends[2:])


NFT_HEAD = [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "t", "handle": 1}},
            {"chain": {"family": "inet", "table": "t", "name": "forward", "handle": 1, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}}]
# What comes first, an object by its number where a vendor writes them apart, what comes between, a rule, what comes last.
LARGE = {
    "fortigate": (FORTIGATE_HEAD + "config firewall address\n", lambda n: f'    edit "A{n}"\n        set subnet {host(n)} 255.255.255.255\n    next\n',
                  "end\nconfig firewall policy\n", fortigate_rule, "end\n"),
    "paloalto": ('<?xml version="1.0"?>\n<config version="10.1.0"><devices><entry name="localhost.localdomain"><vsys><entry name="vsys1"><address>\n',
                 lambda n: f'<entry name="A{n}"><ip-netmask>{host(n)}/32</ip-netmask></entry>\n', "</address><rulebase><security><rules>\n", paloalto_rule,
                 "</rules></security></rulebase></entry></vsys></entry></devices></config>\n"),
    "iptables": ("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n", None, "", iptables_rule, "COMMIT\n"),
    "asa": ("ASA Version 9.16(4)\ninterface GigabitEthernet0/0\n nameif outside\n security-level 0\n", None, "", asa_rule,
            "access-group outside_in in interface outside\n"),
    "opnsense": ('<?xml version="1.0"?>\n<opnsense><version>24.7</version><interfaces><lan><if>em0</if></lan><wan><if>em1</if></wan></interfaces><filter>\n',
                 None, "", opnsense_rule, "</filter></opnsense>\n"),
    "nft": ('{"nftables": ' + json.dumps(NFT_HEAD)[:-1], None, "", nft_rule, "]}\n"),
    "srx": ("set version 20.4R3.8\n", lambda n: f"set security address-book global address A{n} {host(n)}/32\n", "", srx_rule, ""),
    "checkpoint": ('{"uid":"L","name":"N","objects-dictionary":[\n', lambda n: checkpoint_object(f"A{n}", "host", **{"ipv4-address": host(n)}),
                   CHECKPOINT_LAST + '],"rulebase":[\n', checkpoint_rule, "]}\n"),
}


def write_large(vendor: str, size: int, part_of_rules: float, path: Path) -> int:
    """Of `size` bytes and a little more; how many rules it has. Where objects are written apart, rules are so much of it."""
    head, an_object, middle, rule, tail = LARGE[vendor]
    chance = random.Random(vendor)
    objects = rules = 0
    with path.open("w") as file:
        bytes_written = file.write(head)
        while an_object and bytes_written < size * (1 - part_of_rules):
            bytes_written += file.write(an_object(objects))
            objects += 1
        bytes_written += file.write(middle)
        while bytes_written < size:
            rules += 1
            bytes_written += file.write(rule(rules, chance, objects))
        file.write(tail)
    return rules
