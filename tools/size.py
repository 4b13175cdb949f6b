#!/usr/bin/python3
"""size.py [ROOT]: files of at most 500 lines (src/, web/src), C functions of at most 70 lines between
their braces and 6 parameters ("..." not counted). Relies on clang-format: a function's braces stand in
the first column. Generated TypeScript (*.gen.ts) is left out. A function whose parameters a foreign
library dictates says so in the line above: NOLINTNEXTLINE(readability-function-size)."""
import re
from pathlib import Path

import lintlib

RULE = "size"
MAX_FILE, MAX_FUNCTION, MAX_PARAMETERS = 500, 70, 6


def parameters(signature):
    """Number of parameters of a function's head, which may carry attributes."""
    while True:
        match = re.search(r"__attribute__\s*\(", signature)
        if not match:
            break
        end, depth = match.end(), 1
        while depth:
            depth += {"(": 1, ")": -1}.get(signature[end], 0)
            end += 1
        signature = signature[: match.start()] + signature[end:]
    close = signature.rindex(")")
    depth, count, start = 0, 1, close
    while True:
        start -= 1
        if signature[start] == ")":
            depth += 1
        elif signature[start] == "(":
            if depth == 0:
                break
            depth -= 1
        elif signature[start] == "," and depth == 0:
            count += 1
    inside = signature[start + 1 : close].strip()
    if inside in ("", "void"):
        return 0
    return count - (1 if inside.endswith("...") else 0)


def functions(text):
    """(line, name, length, parameters) of each function in blanked C text."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line != "{":
            continue
        head, first = "", i
        while first > 0 and lines[first - 1].strip() and not re.search(r"[;}#]\s*$|^\s*#|^}", lines[first - 1]):
            first -= 1
            head = lines[first] + " " + head
        end = next((k for k in range(i + 1, len(lines)) if lines[k].startswith("}")), len(lines))
        if "(" in head:
            name = re.search(r"(\w+)\s*\(", re.sub(r"__attribute__\s*", "", head))
            yield first + 1, name.group(1) if name else "?", end - i - 1, parameters(head)


def check(root):
    root = Path(root)
    for path in lintlib.files(root, ["src", "web/src"], [".c", ".h", ".ts", ".vue"]):
        text = (root / path).read_text(encoding="utf-8")
        count = text.count("\n")
        if count > MAX_FILE and not path.name.endswith(".gen.ts"):
            yield lintlib.finding(path, count, f"{count} lines (at most {MAX_FILE})", RULE)
        if path.suffix != ".c":
            continue
        source = ["", *text.split("\n")]
        for line, name, length, n in functions(lintlib.blank_out(text)):
            if length > MAX_FUNCTION:
                yield lintlib.finding(path, line, f"{name} has {length} lines (at most {MAX_FUNCTION})", RULE)
            if n > MAX_PARAMETERS and "NOLINTNEXTLINE(readability-function-size)" not in source[line - 1]:
                yield lintlib.finding(path, line, f"{name} has {n} parameters (at most {MAX_PARAMETERS})", RULE)


if __name__ == "__main__":
    lintlib.run(check)
