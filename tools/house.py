#!/usr/bin/python3
"""house.py [ROOT]: the small rules of the house (reference/c-models.md 3.9, 4.5, 4.7).

ban      functions that overflow, lie, or ask the machine for its time zone or locale
door     what only one floor may call: memory, time, environment
text     UTF-8, no trailing blank, no tab in C, LF, a newline at the end, no path of one machine
guard    every header has the guard HUHANG_FLOOR_FILE_H (lists of rows, *_list.h, have none)
"""
import re
from pathlib import Path

import lintlib

# Function: what to use instead.
BANNED = {
    "strcpy strcat strncpy strncat stpcpy sprintf vsprintf gets": "base/str.h, base/buf.h",
    "strtok strtok_r strsep": "str_split",
    "atoi atol atoll atof strtol strtoll strtoul strtoull strtod strtof sscanf fscanf scanf": "num_parse",
    "localtime localtime_r gmtime gmtime_r mktime timegm ctime ctime_r asctime strftime strptime tzset": "civil/date.h",
    "setlocale uselocale newlocale": "nothing: the locale stays C",
    "alloca": "the arena",
    "system popen execl execlp execvp": "nothing: no shell is started",
    "rand srand random srandom rand_r drand48 random_r": "sys/random.h or crypto",
    "tmpnam tempnam mktemp": "sys/file.h",
    "strdup strndup asprintf vasprintf": "str_dup, str_fmt",
}
# Function: folders below src/ that may call it, and what others use.
DOORS = {
    "malloc calloc realloc reallocarray": (("base/",), "the arena or mem_new"),
    "time gettimeofday clock_gettime": (("sys/",), "sys/clock.h"),
    "getenv secure_getenv": (("sys/", "main/"), "sys/conf.h"),
}
TEXT_FOLDERS = "src test tools bench procedures rules indicators letters lists migrations data docs web/src web/scripts".split()
TEXT_FILES = ["meson.build", "Makefile", "README.md", "README.zh-CN.md", "HACKING.md", "SECURITY.md", "CHANGELOG.md"]
TEXT_ENDINGS = [".c", ".h", ".py", ".sh", ".build", ".md", ".yaml", ".sql", ".csv", ".ts", ".vue", ".mjs", ".txt", "Makefile"]
MACHINE = re.compile(r"/work/(main|shared)|/home/[a-z]+/")


def calls(text, names):
    """Calls of free functions in blanked C text (members, and longer names, are others)."""
    pattern = r"(?<![\w.])(?<!->)(" + "|".join(names.split()) + r")\s*\("
    for match in re.finditer(pattern, text):
        yield lintlib.line_of(text, match.start()), match.group(1)


def check_calls(root):
    for path in lintlib.files(root, ["src"], [".c", ".h"]):
        text = lintlib.blank_out((root / path).read_text(encoding="utf-8"))
        below = path.relative_to("src").as_posix()
        for names, instead in BANNED.items():
            for line, name in calls(text, names):
                yield lintlib.finding(path, line, f"{name}() is banned; use {instead}", "ban")
        for names, (folders, instead) in DOORS.items():
            if not below.startswith(folders):
                for line, name in calls(text, names):
                    yield lintlib.finding(path, line, f"{name}() only in {', '.join(folders)}; use {instead}", "door")


def text_faults(path, text):
    if "\r" in text:
        yield text[: text.index("\r")].count("\n") + 1, "carriage return"
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no newline at the end"
    if text.endswith("\n\n"):
        yield text.count("\n"), "blank line at the end"
    for number, line in enumerate(text.split("\n"), 1):
        if line.endswith((" ", "\t")):
            yield number, "trailing blank"
        if "\t" in line and path.suffix in (".c", ".h", ".py"):
            yield number, "tab"
        if MACHINE.search(line) and path.name != "house.py":
            yield number, "path of one machine"


def check_text(root):
    for path in lintlib.files(root, TEXT_FOLDERS + TEXT_FILES, TEXT_ENDINGS):
        if path.parts[:2] in (("test", "data"), ("test", "fuzz")):
            continue  # bad on purpose
        try:
            text = (root / path).read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            yield lintlib.finding(path, 1, f"not UTF-8 at byte {error.start}", "text")
            continue
        for line, fault in text_faults(path, text):
            yield lintlib.finding(path, line, fault, "text")


def check_guards(root):
    for path in lintlib.files(root, ["src"], [".h"]):
        if path.name.endswith("_list.h"):
            continue
        want = "HUHANG_" + re.sub(r"\W", "_", path.relative_to("src").as_posix().upper())
        text = lintlib.blank_out((root / path).read_text(encoding="utf-8"))
        if not re.match(rf"\s*#ifndef {want}\n#define {want}\n", text):
            yield lintlib.finding(path, 1, f"the guard must be {want}", "guard")


def check(root):
    root = Path(root)
    yield from check_calls(root)
    yield from check_text(root)
    yield from check_guards(root)


if __name__ == "__main__":
    lintlib.run(check)
