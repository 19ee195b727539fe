#!/usr/bin/env python3
"""Makes files part of the binary: an assembly file that includes their bytes, plain and compressed, and a table of them.

usage: embed_assets.py OUT_DIR ICON_LIST NAME=FILE[+FILE…] …

Several files of one name are put one after the other. A file whose path ends in tabler.min.css is put into a cascade
layer, so that the console's own rules win over it whatever their specificity. The same input gives the same output.
"""
import gzip
import hashlib
import pathlib
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def read(path: str) -> bytes:
    data = pathlib.Path(path).read_bytes()
    if path.endswith("tabler.min.css"):
        return b"@layer tabler{" + data.removeprefix(b'@charset "UTF-8";') + b"}\n"
    return data


def main() -> None:
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    icons = pathlib.Path(sys.argv[2]).read_text().split()
    assets = []
    whole = hashlib.sha256()
    for entry in sorted(sys.argv[3:]):
        name, files = entry.split("=", 1)
        data = b"".join(read(file) for file in files.split("+"))
        whole.update(b"%s %d\n" % (name.encode(), len(data)) + data)
        assets.append((name, data, gzip.compress(data, 9, mtime=0)))

    assembly = ["    .section .rodata"]
    declarations = []
    rows = []
    for index, (name, data, compressed) in enumerate(assets):
        for kind, content in (("plain", data), ("gzip", compressed)):
            symbol = f"ops_asset_{index}_{kind}"
            file = out / f"{index}.{kind}"
            file.write_bytes(content)
            assembly += [f"    .global {symbol}", f"{symbol}:", f'    .incbin "{file}"']
            declarations.append(f"extern const char {symbol}[];")
        rows.append(
            f'    {{"{name}", "{TYPES[pathlib.Path(name).suffix]}", {{ops_asset_{index}_plain, {len(data)}}}, '
            f"{{ops_asset_{index}_gzip, {len(compressed)}}}}},"
        )
    assembly.append('    .section .note.GNU-stack,"",@progbits')
    (out / "assets.S").write_text("\n".join(assembly) + "\n")
    (out / "assets_table.cpp").write_text(
        "\n".join(
            [
                '#include "platform/web/embedded_files.hpp"',
                'extern "C" {',
                *declarations,
                "}",
                "namespace opsteward::web {",
                "namespace {",
                "constexpr EmbeddedFile kFiles[] = {",
                *rows,
                "};",
                "constexpr std::string_view kIcons[] = {",
                *[f'    "{icon}",' for icon in sorted(icons)],
                "};",
                "}  // namespace",
                "std::span<const EmbeddedFile> EmbeddedFiles() { return kFiles; }",
                f'std::string_view EmbeddedFilesHash() {{ return "{whole.hexdigest()[:16]}"; }}',
                "std::span<const std::string_view> IconNames() { return kIcons; }",
                "}  // namespace opsteward::web",
                "",
            ]
        )
    )


main()
