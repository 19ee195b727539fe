#!/usr/bin/env python3
"""Makes the dictionary of products that naming carries.   usage: make_product_dictionary.py FOLDER OUT.zst

FOLDER holds NVD 2.0 files (.json, .json.xz, .json.gz). Written are lines "part:vendor:product<TAB>CVEs[<TAB>target_sw]", in the order of vendor, product
and part as bytes, packed as one zstd frame: of how many CVEs each key is in a configuration, and the value of target_sw that more than half of its criteria have. NVD is in the public
domain; this product uses data from the NVD API but is not endorsed or certified by the NVD.
"""

import collections
import gzip
import json
import lzma
import re
import subprocess
import sys
from pathlib import Path

OPENERS = {".xz": lzma.open, ".gz": gzip.open, ".json": open}


def split(name: str) -> list[str]:
    """The components behind "cpe:2.3:"; a colon that is quoted cuts nothing."""
    return re.findall(r"(?:[^\\:]|\\.)+", name)[2:]


def read(path: Path) -> dict[str, set[str]]:
    """The criteria of each CVE of a file."""
    criteria: dict[str, set[str]] = {}
    with OPENERS[path.suffix](path, "rb") as file:
        for entry in json.load(file)["vulnerabilities"]:
            found = criteria.setdefault(entry["cve"]["id"], set())
            for configuration in entry["cve"].get("configurations", []):
                for node in configuration.get("nodes", []):
                    found.update(match["criteria"].lower() for match in node.get("cpeMatch") or [])
    return criteria


def order(key: str) -> tuple[bytes, bytes, str]:
    """As the program keeps them, so that it need not sort."""
    part, vendor, product = split("cpe:2.3:" + key)
    return vendor.encode(), product.encode(), part


def count(folder: Path) -> list[str]:
    cves: dict[str, set[str]] = collections.defaultdict(set)
    targets: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for path in sorted(folder.iterdir()):
        if path.suffix not in OPENERS:
            continue
        for cve, names in read(path).items():
            for name in names:
                components = split(name)
                if len(components) != 11 or components[0] not in ("a", "o", "h"):
                    continue
                key = ":".join(components[:3])
                cves[key].add(cve)
                targets[key][components[8]] += 1
    lines = []
    for key in sorted(cves, key=order):
        line = f"{key}\t{len(cves[key])}"
        target, times = targets[key].most_common(1)[0]
        if target not in ("*", "-") and 2 * times > targets[key].total():
            line += f"\t{target}"
        lines.append(line)
    return lines


def main() -> int:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    text = "\n".join(count(folder)) + "\n"
    packed = text.encode()
    size = f"--stream-size={len(packed)}"
    subprocess.run(["zstd", "--ultra", "-22", size, "--quiet", "--force", "-o", str(out)], input=packed, check=True)
    print(f"{text.count(chr(10))} products, {len(packed)} bytes, packed {out.stat().st_size}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
