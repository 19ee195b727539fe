#!/usr/bin/env python3
"""Compiles every template of refusals.txt and checks that the compiler refuses it for the stated reason.

usage: check_refusals.py SOURCE_DIR COMPILER [FLAG…]

All templates stand in one file, each in a function of its own after a #line of its own, so that one run of the compiler
gives every message and its place. What must compile is in a second file.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HEADER = '#include <optional>\n#include "html/markup.hpp"\nusing namespace opsteward::html;\n'


def read_cases(path: pathlib.Path) -> list[tuple[str, str, str]]:
    cases = []
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        reason, template, arguments = (part.strip() for part in line.split("|"))
        cases.append((reason, template.replace("\\t", "\t"), arguments))
    cases.append(("NestedTooDeep", "<b>" * 49 + "</b>" * 49, ""))
    cases.append(("TooManyAttributes", "<p" + "".join(f' data-a{i}="x"' for i in range(33)) + "></p>", ""))
    return cases


def snippet(index: int, template: str, arguments: str) -> str:
    call = f'R"x({template})x"' + (f", {arguments}" if arguments else "")
    return f'#line 1 "case_{index}"\nMarkup Case{index}() {{ return Format({call}); }}\n'


def compile_text(text: str, command: list[str]) -> tuple[bool, str]:
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "templates.cpp"
        file.write_text(text)
        done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stderr


def messages_by_case(output: str) -> dict[int, str]:
    """Both compilers name the case before (g++: "in constexpr expansion of") or after (clang) the refusal, in one block."""
    blocks: dict[int, str] = {}
    is_clang = "note: non-constexpr function" in output
    starts = r"(?m)^(?=case_\d+:\d+:\d+: error: )" if is_clang else r"(?m)^(?=.*: In function )"
    for block in re.split(starts, output):
        for index in {int(found) for found in re.findall(r"case_(\d+):", block)}:
            blocks[index] = blocks.get(index, "") + block
    return blocks


def main() -> int:
    source = pathlib.Path(sys.argv[1])
    command = [*sys.argv[2:], "-std=c++20", "-fsyntax-only", f"-I{source}"]
    if "clang" in subprocess.run([sys.argv[2], "--version"], capture_output=True, text=True, check=True).stdout:
        command.append("-ferror-limit=0")
    cases = read_cases(source / "html" / "refusals.txt")
    failures = []

    good = [(i, t, a) for i, (reason, t, a) in enumerate(cases) if reason == "compiles"]
    is_compiled, output = compile_text(HEADER + "".join(snippet(*case) for case in good), command)
    if not is_compiled:
        failures.append(f"a template that must compile does not:\n{output}")

    bad = [(i, t, a) for i, (reason, t, a) in enumerate(cases) if reason != "compiles"]
    _, output = compile_text(HEADER + "".join(snippet(*case) for case in bad), command)
    blocks = messages_by_case(output)
    for index, template, _ in bad:
        reason = cases[index][0]
        if not re.search(rf"\b{reason}\b", blocks.get(index, "")):
            failures.append(f"{template!r}: expected {reason}, but the compiler said:\n{blocks.get(index, 'nothing')}")

    # A reason that no template stands for would be a rule nobody has seen at work.
    declared = set(re.findall(r"^void (\w+)\(const char\* where\);", (source / "html" / "template_parser.hpp").read_text(), re.M))
    for reason in sorted(declared - {case[0] for case in cases}):
        failures.append(f"no template of refusals.txt is refused for {reason}")

    print("\n\n".join(failures) or f"{len(bad)} templates refused, {len(good)} compiled")
    return 1 if failures else 0


sys.exit(main())
