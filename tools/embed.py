#!/usr/bin/python3
"""Puts files into the program: embed.py SET ROOT OUT.c FILE…

Writes `const struct embed_file embed_SET[]` (base/embed.h), sorted by name; a file's name is its path
below ROOT. The bytes come in by the assembler's .incbin, which is fast for large files too.
"""
import os
import sys


def quoted(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def main(set_name, root, out, files):
    names = sorted((os.path.relpath(f, root).replace(os.sep, "/"), os.path.abspath(f)) for f in files)
    lines = ["/* Made by tools/embed.py. */", '#include "base/embed.h"', ""]
    for i, (_, path) in enumerate(names):
        label = f"embed_{set_name}_{i}"
        lines += [
            '__asm__(".pushsection .rodata\\n.balign 16\\n"',
            f'        "{label}:\\n.incbin \\"{quoted(quoted(path))}\\"\\n.byte 0\\n.popsection\\n");',
            f"extern const unsigned char {label}[];",
        ]
    lines.append(f"const struct embed_file embed_{set_name}[] = {{")
    for i, (name, path) in enumerate(names):
        lines.append(f'    {{"{quoted(name)}", embed_{set_name}_{i}, {os.path.getsize(path)}}},')
    lines += ["    {0, 0, 0},", "};", f"const size_t embed_{set_name}_n = {len(names)};", ""]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
