"""Each rule of tools/lint must refuse a tree that breaks it, and let one pass that does not."""
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import compilers  # noqa: E402
import floors  # noqa: E402
import house  # noqa: E402
import size  # noqa: E402

GOOD_HEADER = """#ifndef HUHANG_BASE_A_H
#define HUHANG_BASE_A_H

#include <stddef.h>

size_t a_size(const char *text);

#endif
"""
GOOD_SOURCE = """#include "base/a.h"

#include <string.h>

size_t a_size(const char *text)
{
    return strlen(text);
}
"""
FLOORS = """floor base
floor sys crypto
floor store
floor app http
hidden http store/db.h
foreign sqlite3.h store/db.c
foreign openssl/ crypto/ossl.c
"""


@pytest.fixture
def tree(tmp_path):
    """A function that writes files into a small tree in which nothing is wrong yet."""

    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    write({"src/base/a.h": GOOD_HEADER, "src/base/a.c": GOOD_SOURCE, "tools/floors.txt": FLOORS})
    for name in (".clang-format", ".clang-tidy"):
        shutil.copy(ROOT / name, tmp_path / name)
    return write


def header(path, body=""):
    guard = "HUHANG_" + path.upper().replace("/", "_").replace(".", "_")
    return f"#ifndef {guard}\n#define {guard}\n{body}#endif\n"


def one(found, text):
    """Exactly one finding, and it says this."""
    found = list(found)
    assert len(found) == 1, found
    assert text in found[0]


def test_good_tree(tree):
    root = tree({})
    none = compilers.Cache(None)
    assert list(floors.check(root)) == []
    assert list(size.check(root)) == []
    assert list(house.check(root)) == []
    assert list(compilers.check_alone(root, none)) == []
    assert list(compilers.check_format(root, none)) == []


# floors


@pytest.mark.parametrize(
    "name, include, message",
    [
        ("base/b.c", '"sys/s.h"', "base/ may not include sys/"),
        ("crypto/c.c", '"sys/s.h"', "crypto/ may not include sys/"),
        ("http/h.c", '"app/x/x.h"', "http/ may not include app/"),
        ("app/x/z.c", '"http/h.h"', "app/ may not include http/"),
        ("http/h2.c", '"store/db.h"', "http/ may not see store/db.h"),
        ("sys/t.c", '"a.h"', "must be written"),
        ("sys/t.c", '"base/none.h"', "there is no src/base/none.h"),
        ("sys/t.c", "<sqlite3.h>", "belongs into store/db.c only"),
        ("sys/t.c", "<openssl/evp.h>", "belongs into crypto/ossl.c only"),
        ("sys/t.c", "<strange.h>", "neither libc's nor listed"),
        ("attic/t.c", '"base/a.h"', "attic/ is no floor"),
    ],
)
def test_floor_refused(tree, name, include, message):
    root = tree(
        {
            "src/sys/s.h": header("sys/s.h"),
            "src/store/db.h": header("store/db.h"),
            "src/app/x/x.h": header("app/x/x.h"),
            "src/http/h.h": header("http/h.h"),
            f"src/{name}": f"#include {include}\n",
        }
    )
    # its own header is there for http/h.c; give it, so that only the tested rule is broken
    if name == "http/h.c":
        tree({"src/http/h.c": f'#include "http/h.h"\n\n#include {include}\n'})
    one(floors.check(root), message)


def test_floor_allowed(tree):
    root = tree(
        {
            "src/store/db.c": '#include "base/a.h"\n\n#include <sqlite3.h>\n\n#include <sys/stat.h>\n',
            "src/crypto/ossl.c": "#include <openssl/evp.h>\n",
            "src/base/b.c": '/* #include "sys/none.h" in a comment */\n#include "base/a.h"\n',
        }
    )
    assert list(floors.check(root)) == []


def test_app_needs_a_line(tree):
    files = {f"src/app/{n}/{n}.h": header(f"app/{n}/{n}.h") for n in "xy"}
    root = tree({**files, "src/app/x/z.c": '#include "app/y/y.h"\n'})
    one(floors.check(root), "app/x may not use app/y")
    tree({"tools/floors.txt": FLOORS + "uses x y\n"})
    assert list(floors.check(root)) == []
    tree({"src/app/y/inner.h": header("app/y/inner.h"), "src/app/x/z.c": '#include "app/y/inner.h"\n'})
    one(floors.check(root), "app/y/inner.h is private")


def test_app_cycle(tree):
    root = tree({"tools/floors.txt": FLOORS + "uses x y\nuses y z\nuses z x\n"})
    one(floors.check(root), "cycle: x y z x")


@pytest.mark.parametrize(
    "text, message",
    [
        ('#include <string.h>\n\n#include "base/a.h"\n', "first include must be its own header"),
        ('#include "base/b.h"\n\n#include <string.h>\n\n#include "base/c.h"\n', "out of order"),
    ],
)
def test_include_order(tree, text, message):
    own = "a" if "a.h" in text else "b"
    root = tree({"src/base/b.h": header("base/b.h"), "src/base/c.h": header("base/c.h"), f"src/base/{own}.c": text})
    assert any(message in line for line in floors.check(root))


# size


def test_long_file(tree):
    line = "/* line */\n"
    assert list(size.check(tree({"src/base/b.c": line * 500}))) == []
    one(size.check(tree({"src/base/b.c": line * 501})), "501 lines")


def test_long_web_file(tree):
    root = tree({"web/src/Big.vue": "<p/>\n" * 501, "web/src/api.gen.ts": "x\n" * 900})
    one(size.check(root), "web/src/Big.vue")


def function(lines, parameters="void"):
    return f"static int f({parameters})\n{{\n" + "    x();\n" * lines + "}\n"


def test_long_function(tree):
    assert list(size.check(tree({"src/base/b.c": function(70)}))) == []
    one(size.check(tree({"src/base/b.c": function(71)})), "f has 71 lines")


@pytest.mark.parametrize(
    "parameters, count",
    [
        ("int a, int b, int c, int d, int e, int g", 0),
        ("int a, int b, int c, int d, int e, int g, ...", 0),
        ("int a, int b, int c, int d, int e, void (*g)(int, int)", 0),
        ("int a,\n  int b,\n  int c, int d, int e, int g, int h", 7),
        ("int a, int b, int c, int d, int e, int g, void (*h)(int, int)", 7),
    ],
)
def test_parameters(tree, parameters, count):
    found = list(size.check(tree({"src/base/b.c": function(1, parameters)})))
    assert len(found) == (1 if count else 0)
    assert not count or f"f has {count} parameters" in found[0]


def test_parameters_with_attribute(tree):
    text = "static __attribute__((format(printf, 1, 2))) int f(const char *a, ...)\n{\n}\n"
    assert list(size.check(tree({"src/base/b.c": text}))) == []


def test_parameters_of_a_library(tree):
    text = function(1, "int a, int b, int c, int d, int e, int g, int h")
    root = tree({"src/base/b.c": "/* NOLINTNEXTLINE(readability-function-size) */\n" + text})
    assert list(size.check(root)) == []


# house


@pytest.mark.parametrize("name", [n for names in house.BANNED for n in names.split()])
def test_banned(tree, name):
    one(house.check(tree({"src/base/b.c": f"int f(void)\n{{\n    return (int){name} (1);\n}}\n"})), f"{name}() is banned")


def test_banned_only_as_a_call(tree):
    text = 'int x; /* strcpy(a, b) */\nint f(struct s *p)\n{\n    return p->system(1) + my_rand(2) + g("gets(x)");\n}\n'
    assert list(house.check(tree({"src/base/b.c": text}))) == []


@pytest.mark.parametrize("name", [n for names in house.DOORS for n in names.split()])
def test_doors(tree, name):
    root = tree({"src/store/b.c": f"int f(void)\n{{\n    return (int){name}(1);\n}}\n"})
    one(house.check(root), f"{name}() only in")


def test_open_doors(tree):
    root = tree(
        {
            "src/base/m.c": "void f(void)\n{\n    g(malloc(1));\n}\n",
            "src/sys/t.c": "void f(void)\n{\n    clock_gettime(1, 0);\n}\n",
            "src/main/m.c": "void f(void)\n{\n    g(getenv(0));\n}\n",
        }
    )
    assert list(house.check(root)) == []


@pytest.mark.parametrize(
    "text, message",
    [
        ("int a; \n", "trailing blank"),
        ("int a;\r\n", "carriage return"),
        ("\tint a;\n", "tab"),
        ("int a;", "no newline at the end"),
        ("int a;\n\n", "blank line at the end"),
        ("/* see /work" + "/main/x */\n", "path of one machine"),
        (b"/* \xff */\n", "not UTF-8"),
    ],
)
def test_text(tree, text, message):
    root = tree({"docs/a.md" if message != "tab" else "test/unit/a.c": text})
    assert any(message in line for line in house.check(root))


def test_guard(tree):
    text = "#ifndef A_H\n#define A_H\n#endif\n"
    one(house.check(tree({"src/base/b.h": text})), "the guard must be HUHANG_BASE_B_H")
    assert list(house.check(tree({"src/base/b.h": header("base/b.h"), "src/base/x_list.h": "ROW(a)\n"}))) == []


# compilers


def test_header_alone(tree):
    root = tree({"src/base/b.h": header("base/b.h", "size_t f(void);\n")})
    one(compilers.check_alone(root, compilers.Cache(None)), "does not compile alone")


def test_format(tree):
    root = tree({"src/base/b.c": "int  f(void){return 1;}\n"})
    one(compilers.check_format(root, compilers.Cache(None)), "not formatted")


def build(root, sources):
    """A compile_commands.json as meson writes it."""
    entries = [
        {"directory": str(root), "file": name, "command": f"cc -Isrc -Wduplicated-cond -Werror -std=gnu11 -o x.o -c {name}"}
        for name in sources
    ]
    (root / "build").mkdir(exist_ok=True)
    (root / "build/compile_commands.json").write_text(__import__("json").dumps(entries))
    return root / "build"


def test_tidy(tree):
    body = "int f(int a)\n{\n    if (a)\n        return 1;\n    return 0;\n}\n"
    root = tree({"src/base/b.c": body})
    folder = build(root, ["src/base/a.c", "src/base/b.c"])
    one(compilers.check_tidy(root, folder, compilers.Cache(None)), "readability-braces-around-statements")


def test_tidy_needs_a_build(tree):
    one(compilers.check_tidy(tree({}), None, compilers.Cache(None)), "no compile_commands.json")


def test_cache_sees_changes(tree):
    root = tree({"src/base/b.h": header("base/b.h", '#include "base/a.h"\n')})
    cache = compilers.Cache(root / "cache")
    assert list(compilers.check_alone(root, cache)) == []
    assert len(list((root / "cache").iterdir())) == 2
    # b.h breaks through the header that it includes
    tree({"src/base/a.h": GOOD_HEADER.replace("size_t a", "siz_t a")})
    assert len(list(compilers.check_alone(root, cache))) == 2


# the program


def test_lint_exit_status(tree):
    root = tree({})
    command = [sys.executable, ROOT / "tools/lint", "--root", root, "floors", "size", "house"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    tree({"src/base/b.c": "int a; \n"})
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stdout == "src/base/b.c:1: trailing blank [text]\n"
    assert subprocess.run([*command[:4], "nonsense"], capture_output=True).returncode == 2
