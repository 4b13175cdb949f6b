#!/usr/bin/python3
"""compilers.py [ROOT]: the checks that other programs do.

alone    every header of ours compiles alone
format   clang-format-19 would change nothing
tidy     clang-tidy-19 with .clang-tidy finds nothing; needs compile_commands.json of a build folder

What was found clean is remembered in the build folder under a hash of all that went into it (the file,
the headers it reaches, the settings, the command), so a second run looks at changed files only.
"""
import hashlib
import json
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lintlib

JOBS = 2
FORMAT, TIDY = "clang-format-19", "clang-tidy-19"
ALONE = "gcc -fsyntax-only -x c -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror".split()
C_FOLDERS = ["src", "test", "bench"]
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
# The house includes what a header of ours is known to bring along (str.h with err.h); only what is not
# used at all is a fault.
IGNORED = re.compile(r"no header providing .* is directly included")


class Cache:
    def __init__(self, folder):
        self.folder = folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def has(self, key):
        return bool(self.folder) and (self.folder / key).exists()

    def add(self, key):
        if self.folder:
            (self.folder / key).touch()


def digest(*parts):
    h = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        h.update(len(data).to_bytes(8, "big") + data)
    return h.hexdigest()


def version(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout


def read(path):
    return path.read_bytes() if path.is_file() else b""


def reached(root, path, seen):
    """The file and all headers of ours that it reaches."""
    if path in seen or not path.is_file():
        return seen
    seen.add(path)
    for name in INCLUDE.findall(path.read_text(encoding="utf-8", errors="replace")):
        for base in (root / "src", root, path.parent):
            reached(root, base / name, seen)
    return seen


def each(function, items):
    with ThreadPoolExecutor(JOBS) as pool:
        for found in pool.map(function, items):
            yield from found


def check_alone(root, cache):
    src = root / "src"

    def one(path):
        parts = sorted(reached(root, root / path, set()))
        key = digest("alone", *ALONE, *(read(p) for p in parts))
        if cache.has(key):
            return []
        run = subprocess.run([*ALONE, "-I", str(src), "-I", str(root), str(root / path)], capture_output=True, text=True)
        if run.returncode == 0:
            cache.add(key)
            return []
        first = next((line for line in run.stderr.splitlines() if "error" in line), run.stderr.strip())
        return [lintlib.finding(path, 1, f"does not compile alone: {first}", "alone")]

    yield from each(one, [p for p in lintlib.files(root, ["src"], [".h"]) if not p.name.endswith("_list.h")])


def check_format(root, cache):
    style, program = read(root / ".clang-format"), version(FORMAT)

    def key_of(path):
        return digest("format", program, style, path.name, read(root / path))

    def some(paths):
        names = [str(root / path) for path in paths]
        run = subprocess.run([FORMAT, "--dry-run", "--Werror", *names], capture_output=True, text=True)
        first = {}
        for match in re.finditer(r"^(/[^:\n]+):(\d+):\d+: error", run.stderr, re.M):
            first.setdefault(match[1], match[2])
        for path, name in zip(paths, names):
            if name in first:
                yield lintlib.finding(path, first[name], f"not formatted; run {FORMAT} -i", "format")
            else:
                cache.add(key_of(path))

    todo = [p for p in lintlib.files(root, C_FOLDERS, [".c", ".h"]) if not cache.has(key_of(p))]
    yield from each(lambda paths: list(some(paths)), [todo[i : i + 20] for i in range(0, len(todo), 20)])


def tidy_arguments(entry):
    """What clang needs of a compiler's command line: the rest is for gcc."""
    words = shlex.split(entry["command"]) if "command" in entry else entry["arguments"]
    folder = Path(entry["directory"])
    kept = []
    for word in words:
        if word.startswith("-I"):
            kept.append("-I" + str((folder / word[2:]).resolve()))
        elif word.startswith(("-D", "-std=")) and "_FORTIFY_SOURCE" not in word:
            kept.append(word)
    return kept


def tidy_entries(root, build):
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    src = (root / "src").resolve()
    for entry in commands:
        path = (Path(entry["directory"]) / entry["file"]).resolve()
        if src in path.parents and path.is_file():
            yield path, tidy_arguments(entry)


def tidy_findings(root, output):
    for line in output.splitlines():
        match = re.match(r"(/\S+?):(\d+):\d+: (?:error|warning): (.*)", line)
        if match and not IGNORED.search(match[3]):
            path = Path(match[1])
            shown = path.relative_to(root) if root in path.parents else path
            yield lintlib.finding(shown, match[2], match[3].replace(",-warnings-as-errors", ""), "tidy")


def check_tidy(root, build, cache):
    if not build or not (build / "compile_commands.json").is_file():
        yield lintlib.finding("meson.build", 1, "no compile_commands.json: name a build folder", "tidy")
        return
    settings, program = read(root / ".clang-tidy"), version(TIDY)

    def one(entry):
        path, arguments = entry
        parts = sorted(reached(root, path, set()))
        key = digest("tidy", program, settings, *arguments, *(read(p) for p in parts))
        if cache.has(key):
            return []
        run = subprocess.run([TIDY, "--quiet", str(path), "--", *arguments], capture_output=True, text=True, cwd=root)
        found = list(tidy_findings(root, run.stdout))
        if not found and run.returncode != 0 and not IGNORED.search(run.stdout):
            found = [lintlib.finding(path.relative_to(root), 1, run.stderr.strip() or "clang-tidy failed", "tidy")]
        if not found:
            cache.add(key)
        return found

    yield from sorted(set(each(one, tidy_entries(root, build))))


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    cache = Cache(None)
    found = [*check_alone(root, cache), *check_format(root, cache)]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
