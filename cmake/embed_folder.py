#!/usr/bin/env python3
"""Makes the files of a folder part of the binary.   usage: embed_folder.py FOLDER OUT_DIR SYMBOL

Writes OUT_DIR/SYMBOL.S with the bytes and OUT_DIR/SYMBOL.inc, the rows of a C++ table {path, bytes} sorted by path.
"""
import pathlib
import sys

folder, out, symbol = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
out.mkdir(parents=True, exist_ok=True)
assembly = ["    .section .rodata"]
declarations, rows = [], []
for index, file in enumerate(sorted(path for path in folder.rglob("*") if path.is_file())):
    name = f"{symbol}_{index}"
    assembly += [f"    .global {name}", f"{name}:", f'    .incbin "{file}"']
    declarations.append(f'extern "C" const char {name}[];')
    rows.append(f'    {{"{file.relative_to(folder).as_posix()}", {{{name}, {file.stat().st_size}}}}},')
assembly.append('    .section .note.GNU-stack,"",@progbits')
(out / f"{symbol}.S").write_text("\n".join(assembly) + "\n")
(out / f"{symbol}_declarations.inc").write_text("\n".join(declarations) + "\n")
(out / f"{symbol}_rows.inc").write_text("\n".join(rows) + "\n")
