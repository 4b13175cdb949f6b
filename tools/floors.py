#!/usr/bin/python3
"""floors.py [ROOT]: who may include whom (tools/floors.txt, reference/c-models.md 3.2).

1. A floor includes only lower floors; a floor's own files include each other.
2. app/x includes app/y/y.h only where floors.txt says so, without a cycle; y's other headers are private.
3. A foreign header appears in exactly one file; every other <header> is libc's.
4. Includes are "floor/file.h" and exist. Order: own header, ours, foreign, libc.
"""
import re
from pathlib import Path

import lintlib

RULE = "floors"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
LIBC = set(
    """assert.h ctype.h endian.h errno.h fcntl.h float.h inttypes.h limits.h math.h poll.h pthread.h sched.h
    semaphore.h signal.h spawn.h stdarg.h stdalign.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
    stdnoreturn.h string.h strings.h termios.h time.h unistd.h dirent.h grp.h pwd.h netdb.h syslog.h
    sysexits.h getopt.h locale.h setjmp.h""".split()
)
LIBC_FOLDERS = ("sys/", "netinet/", "arpa/", "net/", "linux/", "sanitizer/")


class Rules:
    def __init__(self, text):
        self.level, self.foreign, self.uses, self.hidden = {}, [], {}, []
        level = 0
        for line in text.splitlines():
            words = line.split("#")[0].split()
            if not words:
                continue
            kind, rest = words[0], words[1:]
            if kind == "floor":
                level += 1
                self.level.update({name: level for name in rest})
            elif kind == "foreign":
                self.foreign.append((rest[0], rest[1]))
            elif kind == "uses":
                self.uses.setdefault(rest[0], set()).update(rest[1:])
            elif kind == "hidden":
                self.hidden.append((rest[0], rest[1]))
            else:
                raise SystemExit(f"tools/floors.txt: unknown word {kind}")

    def home_of(self, header):
        """The one file for a foreign header, or None."""
        for name, home in self.foreign:
            if header == name or header == f"{name}.h" or header.startswith(name if name.endswith("/") else f"{name}/"):
                return home
        return None

    def cycle(self):
        """A loop of the `uses` lines, or None."""
        done = set()

        def visit(name, path):
            if name in path:
                return path[path.index(name) :] + [name]
            if name in done:
                return None
            for other in sorted(self.uses.get(name, ())):
                loop = visit(other, path + [name])
                if loop:
                    return loop
            done.add(name)
            return None

        return next(filter(None, (visit(name, []) for name in sorted(self.uses))), None)


def is_libc(header):
    return header in LIBC or header.startswith(LIBC_FOLDERS)


def ours_fault(rules, path, header, src):
    """Why `path` (below src/) may not include our `header`, or None."""
    target = Path(header)
    floor, other = path.parts[0], target.parts[0]
    if len(target.parts) < 2 or other not in rules.level:
        return f'include "{header}" must be written "floor/file.h"'
    if not (src / target).is_file():
        return f"there is no src/{header}"
    if (floor, header) in rules.hidden:
        return f"{floor}/ may not see {header}"
    if floor == other == "app" and path.parts[1] != target.parts[1]:
        mine, yours = path.parts[1], target.parts[1]
        if yours not in rules.uses.get(mine, ()):
            return f"app/{mine} may not use app/{yours} (tools/floors.txt has no `uses {mine} {yours}`)"
        if target.parts[2:] != (f"{yours}.h",):
            return f"{header} is private; only app/{yours}/{yours}.h is visible"
        return None
    if floor != other and rules.level[other] >= rules.level[floor]:
        return f"{floor}/ may not include {other}/ (not a lower floor)"
    return None


def foreign_fault(rules, path, header):
    home = rules.home_of(header)
    if home is None:
        return None if is_libc(header) else f"<{header}> is neither libc's nor listed in tools/floors.txt"
    return None if path.as_posix() == home else f"<{header}> belongs into {home} only"


def order_faults(rules, path, includes, src):
    """Own header, ours, foreign, libc. Lists of rows (*_list.h) may stand anywhere."""
    own = path.with_suffix(".h")
    last = 0
    for i, (line, quote, header) in enumerate(includes):
        if header.endswith("_list.h"):
            continue
        if header == own.as_posix():
            kind = 0
        elif quote == '"':
            kind = 1
        else:
            kind = 3 if is_libc(header) else 2
        if i == 0 and kind != 0 and path.suffix == ".c" and (src / own).is_file():
            yield line, f'the first include must be its own header "{own.as_posix()}"'
        if kind < last:
            yield line, f"include of {header} is out of order (own header, ours, foreign, libc)"
        last = max(last, kind)


def check(root):
    root = Path(root)
    src = root / "src"
    rules = Rules((root / "tools/floors.txt").read_text(encoding="utf-8"))
    loop = rules.cycle()
    if loop:
        yield lintlib.finding("tools/floors.txt", 1, "uses form a cycle: " + " ".join(loop), RULE)
    for path in lintlib.files(src, ["."], [".c", ".h"]):
        text = lintlib.blank_out((src / path).read_text(encoding="utf-8"), keep_strings=True)
        includes = [(lintlib.line_of(text, m.start(1)), m[1], m[2]) for m in INCLUDE.finditer(text)]
        if path.parts[0] not in rules.level:
            yield lintlib.finding(f"src/{path}", 1, f"{path.parts[0]}/ is no floor", RULE)
            continue
        for line, quote, header in includes:
            fault = ours_fault(rules, path, header, src) if quote == '"' else foreign_fault(rules, path, header)
            if fault:
                yield lintlib.finding(f"src/{path}", line, fault, RULE)
        for line, fault in order_faults(rules, path, includes, src):
            yield lintlib.finding(f"src/{path}", line, fault, RULE)


if __name__ == "__main__":
    lintlib.run(check)
