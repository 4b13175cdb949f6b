"""What the lint checks share. A finding is `path:line: text [rule]`; a check is a function that takes
the root of the tree and yields findings."""
import re
import sys
from pathlib import Path

SKIP = {".git", ".tools", "node_modules", "dist", "__pycache__", ".pytest_cache", ".hypothesis", "demo-data"}


def finding(path, line, text, rule):
    return f"{path}:{line}: {text} [{rule}]"


def files(root, folders, endings):
    """Files below root/<folder> with one of the endings, sorted, as paths relative to root. A folder may
    be a file. Build folders and installed packages are left out."""
    root = Path(root)
    found = set()
    for folder in folders:
        top = root / folder
        for path in [top] if top.is_file() else top.rglob("*"):
            relative = path.relative_to(root)
            parts = relative.parts
            skipped = SKIP.intersection(parts) or parts[0].startswith("build")
            if path.is_file() and path.name.endswith(tuple(endings)) and not skipped:
                found.add(relative)
    return sorted(found)


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank_out(text, keep_strings=False):
    """C text without the contents of comments and literals; every line keeps its number."""

    def replace(match):
        token = match.group()
        if token[0] in "\"'":
            return token if keep_strings else token[0] * 2
        return re.sub(r"[^\n]", " ", token)

    return TOKEN.sub(replace, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def run(check):
    """A check as a program: `check.py [ROOT]`."""
    root = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = list(check(root))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
