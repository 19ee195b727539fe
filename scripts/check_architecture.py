#!/usr/bin/env python3
"""Holds the rules of ARCHITECTURE.md against the sources; prints what breaks one and ends with 1.

1. A folder includes only folders above it (ORDER), and a feature uses another only through its api.hpp.
2. Asio, Beast and libssh appear only in net/, SQL statements only in store and migration files, SQLite and libpq only in db/.
3. Every test and every fuzz harness is named in a CMakeLists.txt; every source file too.
4. Every module has a README.md. Files keep to 800 lines.
5. Nothing reads the wall clock or sleeps outside base/clock.cpp and the places named here.
6. A room that stands alone (ALONE) includes only itself and the libraries named for it, and nobody includes it; its tests may hold it against others.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

ORDER = [
    "base", "versions", "crypto", "db", "vault", "verifier", "net", "html",
    "platform/audit", "platform/identity", "platform/web", "platform/jobs", "platform/procedure", "platform/console",
    "features", "cli",
]
# The description of a module stands above the platform's own modules and below what fills it in.
SHARED_HEADERS = {"platform/module.hpp": "platform/procedure"}

# What an outsider must be able to read and build by itself, with the folders of system headers it may use.
ALONE = {"verifier": {"", "sys", "openssl"}}
ALONE_HEADERS = re.compile(r"(zstd|fcntl|signal|unistd)\.h$|[a-z_0-9]+$")  # of the system's own: the standard library's have no dot

MAX_LINES = 800
SQL = re.compile(r"\b(SELECT\s+.+\s+FROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b", re.S)
SQL_FILES = re.compile(r"(^|_|/)(store|migrations|views)\.(cpp|hpp)$|_test\.cpp$|(^|/)testing/")
CLOCK = re.compile(r"system_clock::now|\btime\(nullptr\)|\bgettimeofday\(")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w:.])sleep\(")
# Measuring the use of the processor needs a short moment between two readings; a lock of another process gives no sign when it is let go of.
SLEEP_FILES = {"features/inventory/host/own_host.cpp", "cli/logs/vault_folder.cpp"}

problems = []


def complain(path: Path, line: int, text: str) -> None:
    problems.append(f"{path.relative_to(ROOT)}:{line}: {text}")


def room_of(relative: str) -> str:
    for room in ORDER:
        if relative.startswith(room + "/"):
            return room
    return ""


def is_generated(path: Path, target: str) -> bool:
    """Made while building, by the room's own CMakeLists.txt: from a template beside it, or under the name given there."""
    listing = path.parent / "CMakeLists.txt"
    return (SRC / f"{target}.in").is_file() or (listing.is_file() and f"/{target}" in listing.read_text(encoding="utf-8"))


def check_includes(path: Path, relative: str, text: str) -> None:
    room = room_of(relative)
    if relative in SHARED_HEADERS:
        room = SHARED_HEADERS[relative]
    if not room:
        if relative not in ("main.cpp",):
            complain(path, 1, "stands in no room of the house")
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'#include "([^"]+)"', line)
        if not match:
            if re.match(r"#include <boost/(asio|beast)", line) and room != "net":
                complain(path, number, "Asio and Beast belong to net/")
            if re.match(r"#include <libssh/", line) and room != "net":
                complain(path, number, "libssh belongs to net/")
            if re.match(r"#include <(sqlite3|libpq-fe)\.h>", line) and room != "db":
                complain(path, number, "database libraries belong to db/")
            continue
        target = match.group(1)
        if is_generated(path, target):
            continue
        if not (SRC / target).is_file():
            complain(path, number, f'"{target}" is no file of src/')
            continue
        target_room = SHARED_HEADERS.get(target) or room_of(target)
        if target_room == "" or ORDER.index(target_room) > ORDER.index(room):
            complain(path, number, f"{room}/ may not include {target}")
        if room == "features" and target_room == "features":
            mine, other = relative.split("/")[1], target.split("/")[1]
            if mine != other and not target.endswith("/api.hpp"):
                complain(path, number, f"another feature is used through its api.hpp only, not {target}")


def check_alone(path: Path, relative: str, text: str) -> None:
    room = room_of(relative)
    is_test = relative.endswith("_test.cpp") or "/testing/" in relative
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'#include (["<])([^">]+)[">]', line)
        if not match:
            continue
        mark, target = match.groups()
        target_room = room_of(target) if mark == '"' else ""
        if target_room in ALONE and target_room != room:
            complain(path, number, f"{target_room}/ stands alone: nobody includes {target}")
        if room not in ALONE or is_test:
            continue
        if mark == '"' and target_room != room:
            complain(path, number, f"{room}/ stands alone: not even {target}")
        folder, _, name = target.rpartition("/")
        if mark == "<" and (folder not in ALONE[room] or not (folder or ALONE_HEADERS.match(name))):
            complain(path, number, f"{room}/ uses the standard library, OpenSSL and zstd, not <{target}>")


def string_literals(text: str) -> str:
    """The text of string literals, everything else blanked; lines kept."""
    kept = []
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((.*?)\)\1"|"((?:[^"\\\n]|\\.)*)"', re.S)
    last = 0
    for match in pattern.finditer(text):
        kept.append(re.sub(r"[^\n]", " ", text[last:match.start()]))
        kept.append(match.group(0) if match.group(0)[0] in 'R"' else re.sub(r"[^\n]", " ", match.group(0)))
        last = match.end()
    kept.append(re.sub(r"[^\n]", " ", text[last:]))
    return "".join(kept)


def code_only(text: str) -> str:
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"', re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def check_contents(path: Path, relative: str, text: str) -> None:
    lines = text.count("\n")
    if lines > MAX_LINES:
        complain(path, 1, f"{lines} lines: more than one idea")
    room = room_of(relative)
    if room != "db" and not SQL_FILES.search(relative):
        match = SQL.search(string_literals(text))
        if match:
            complain(path, line_of(text, match.start()), "SQL belongs to store, views and migrations files")
    code = code_only(text)
    if relative != "base/clock.cpp":
        match = CLOCK.search(code)
        if match:
            complain(path, line_of(text, match.start()), "time comes from Clock")
    if relative not in SLEEP_FILES:
        match = SLEEP.search(code)
        if match:
            complain(path, line_of(text, match.start()), "nothing sleeps")


def check_registration() -> None:
    for listing_root in (SRC, ROOT / "fuzz", ROOT / "bench"):
        if not listing_root.is_dir():
            continue
        named = {}
        for listing in listing_root.rglob("CMakeLists.txt"):
            named[listing.parent] = listing.read_text(encoding="utf-8")
        for path in listing_root.rglob("*.cpp"):
            folder = path.parent
            while folder not in named and folder != ROOT:
                folder = folder.parent
            name = str(path.relative_to(folder)) if folder in named else ""
            listed = folder in named and re.search(rf"(?<![\w/.]){re.escape(name)}(?![\w.])", named[folder])
            # A harness is named by its target: ops_fuzz(html …) builds html_fuzz.cpp.
            harness = name.removesuffix("_fuzz.cpp")
            if not listed and not (name != harness and f"ops_fuzz({harness} " in named.get(folder, "")):
                complain(path, 1, "is named in no CMakeLists.txt: it is never built")


def check_readmes() -> None:
    rooms = [SRC / room for room in ORDER if room != "features"]
    rooms += [folder for folder in (SRC / "features").iterdir() if folder.is_dir()]
    for room in rooms:
        if room.is_dir() and not (room / "README.md").is_file():
            complain(room, 1, "has no README.md")


def main() -> int:
    for path in sorted([*SRC.rglob("*.cpp"), *SRC.rglob("*.hpp")]):
        relative = str(path.relative_to(SRC))
        text = path.read_text(encoding="utf-8")
        check_includes(path, relative, text)
        check_alone(path, relative, text)
        check_contents(path, relative, text)
    check_registration()
    check_readmes()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
