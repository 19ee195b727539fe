#!/usr/bin/env python3
"""A plain matcher, the peer of `opsteward vuln match`: the same feeds and inventory, the shape of a script that an administrator would write.

usage: plain_matcher.py INVENTORY HOSTS FEED.json.xz…      prints one JSON object

Criteria are kept by vendor and product; versions are compared piece by piece; a configuration with AND needs something of each of its nodes, its platforms known from the host's system by word. It does less
than the program: no updates, editions, patterns, wildcards, unknown platforms, confidence or origin.
"""

import json
import lzma
import re
import sys
import time
from collections import defaultdict

PIECES = re.compile(r"\d+|[a-z]+")


def key(version: str) -> tuple:
    return tuple((1, int(piece), "") if piece.isdigit() else (0, 0, piece) for piece in PIECES.findall(version.lower()))


def components(name: str) -> list[str]:
    return re.split(r"(?<!\\):", name)


def is_in(criterion: dict, version: str, parsed: tuple) -> bool:
    wanted = criterion["version"]
    if criterion["ranged"]:
        start, end = criterion["start"], criterion["end"]
        if start and (parsed < start[0] or (start[1] and parsed == start[0])):
            return False
        return not (end and (parsed > end[0] or (end[1] and parsed == end[0])))
    return wanted == "*" or wanted == version


def read(feeds: list[str]):
    products = defaultdict(list)
    configurations = []
    for feed in feeds:
        for item in json.loads(lzma.open(feed).read())["vulnerabilities"]:
            cve = item["cve"]
            if cve.get("vulnStatus") == "Rejected":
                continue
            for configuration in cve.get("configurations", []):
                number = len(configurations)
                nodes = configuration["nodes"]
                configurations.append((cve["id"], len(nodes) if configuration.get("operator") == "AND" else 1))
                for place, node in enumerate(nodes):
                    for match in node.get("cpeMatch", []):
                        parts = components(match["criteria"])
                        if len(parts) != 13:
                            continue
                        start = match.get("versionStartIncluding") or match.get("versionStartExcluding")
                        end = match.get("versionEndIncluding") or match.get("versionEndExcluding")
                        products[parts[3], parts[4]].append({
                            "version": parts[5], "ranged": bool(start or end), "configuration": number, "node": place, "vulnerable": match["vulnerable"],
                            "start": start and (key(start), "versionStartExcluding" in match), "end": end and (key(end), "versionEndExcluding" in match)})
    return products, configurations


def match_host(host: dict, products, configurations) -> int:
    names = [components(package["cpe"]) for package in host["packages"]]
    system = host["os"].lower()
    platforms = [("microsoft", "windows")] if "windows" in system else [("apple", "macos")] if "macos" in system else [("linux", "linux_kernel")]
    items = [(parts[3], parts[4], parts[5]) for parts in names] + [(vendor, product, "-") for vendor, product in platforms]
    nodes = defaultdict(set)
    vulnerable = defaultdict(set)
    for number, (vendor, product, version) in enumerate(items):
        parsed = key(version)
        for criterion in products.get((vendor, product), ()):
            if is_in(criterion, version, parsed):
                nodes[criterion["configuration"]].add(criterion["node"])
                if criterion["vulnerable"]:
                    vulnerable[criterion["configuration"]].add(number)
    found = set()
    for configuration, packages in vulnerable.items():
        cve, needed = configurations[configuration]
        if len(nodes[configuration]) >= needed:
            found.update((cve, package) for package in packages)
    return len(found)


def main() -> None:
    inventory, count, feeds = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    began = time.monotonic()
    products, configurations = read(feeds)
    read_seconds = time.monotonic() - began
    hosts = []
    with open(inventory, encoding="utf-8") as file:
        for line in file:
            hosts.append(json.loads(line))
            if len(hosts) == count:
                break
    began = time.monotonic()
    found = sum(match_host(host, products, configurations) for host in hosts)
    print(json.dumps({"read_s": read_seconds, "match_s": time.monotonic() - began, "hosts": len(hosts), "findings": found}))


main()
