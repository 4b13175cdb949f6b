"""huhang calendar and huhang id on the command line: what they print and the exit status (design.md 10).

The program is $HUHANG, else build/src/main/huhang; without it the tests are skipped and say so.
"""
import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = Path(os.environ.get("HUHANG", ROOT / "build/src/main/huhang"))
SHARED = Path(os.environ.get("HUHANG_SHARED", ROOT.parent / "shared"))
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def huhang(*words, stdin=b""):
    """Exit status, standard output, standard error. A strange locale and time zone must not matter."""
    env = {**os.environ, "LC_ALL": "de_DE.UTF-8", "TZ": "America/New_York"}
    run = subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, timeout=60, env=env)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


@pytest.mark.parametrize(
    "words, printed",
    [
        (["2026-09-24", "5"], "2026-10-09\n"),
        (["2026-09-18", "1"], "2026-09-20\n"),
        (["2026-11-21", "0"], "2026-11-23\n"),
        (["2026-12-30", "1"], "2026-12-31\n"),
        (["2026-12-30", "2"], "2027-01-04 provisional\n"),
        (["2026-09-01", "30", "--unit", "cd"], "2026-10-08\n"),
        (["--unit", "mo", "2026-01-31", "1"], "2026-02-28\n"),
        (["2025-11-22", "1", "--unit", "y"], "2026-11-23\n"),
        (["2026-03-02", "48", "--unit", "h"], "2026-03-04T00:00:00.000+08:00 2026-03-04\n"),
    ],
)
def test_add(words, printed):
    assert huhang("calendar", "add", *words) == (0, printed, "")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["add"],
        ["add", "2026-09-24"],
        ["add", "2026-02-30", "5"],
        ["add", "20260924", "5"],
        ["add", "2003-12-31", "5"],
        ["add", "2026-09-24", "-5"],
        ["add", "2026-09-24", "5.0"],
        ["add", "2026-09-24", "100001"],
        ["add", "2026-09-24", "5", "6"],
        ["add", "2026-09-24", "5", "--unit", "weeks"],
        ["add", "2026-09-24", "5", "--unit"],
        ["add", "2026-09-24", "5", "--colour"],
        ["between", "2026-09-24"],
        ["between", "2026-09-24", "2026-13-01"],
        ["import", "holidays.csv"],
        ["preview", "holidays.csv"],
        ["subtract", "2026-09-24", "5"],
    ],
)
def test_wrong_use(words):
    status, out, err = huhang("calendar", *words)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) >= 2  # Chinese and English


def test_add_json():
    status, out, _ = huhang("calendar", "add", "2026-12-30", "2", "--json")
    assert status == 0
    assert json.loads(out) == {
        "start": "2026-12-30",
        "limit": "2wd",
        "due": "2027-01-04",
        "provisional": True,
        "known_until": "2026-12-31",
    }


def test_between():
    assert huhang("calendar", "between", "2025-12-31", "2026-12-31") == (0, "248\n", "")
    assert huhang("calendar", "between", "2026-12-31", "2025-12-31") == (0, "-248\n", "")
    assert huhang("calendar", "between", "2026-12-31", "2027-01-04") == (0, "1 provisional\n", "")
    assert json.loads(huhang("calendar", "between", "2026-09-24", "2026-10-09", "--json")[1])["working_days"] == 5


def test_explain():
    status, out, _ = huhang("calendar", "explain", "2026-09-24", "5")
    lines = out.splitlines()
    assert status == 0
    assert lines[-1] == "2026-10-09"
    assert len(lines) == 17
    assert lines[1].startswith("2026-09-25 周五") and "中秋节" in lines[1] and "国务院办公厅" in lines[1]
    assert all(line == line.rstrip() for line in lines)
    answer = json.loads(huhang("calendar", "explain", "2026-09-24", "5", "--json")[1])
    assert answer["due"] == "2026-10-09"
    assert [d["ordinal"] for d in answer["days"] if d["ordinal"]] == [1, 2, 3, 4, 5]
    assert answer["days"][-1]["kind"] == "due"


def test_examples_of_the_shared_data():
    path = SHARED / "data/holidays/due_dates_examples_60.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8") as f:
        for row in csv.DictReader(f):
            out = huhang("calendar", "add", row["start"], row["n_working_days"])[1]
            assert out == row["due_count_from_next_day"] + "\n", row


def test_id():
    good, bad = "9144030071526726XG", "9144030071526726XO"
    assert huhang("id", "check", "uscc", good) == (0, f"ok {good}\n", "")
    assert huhang("id", "check", "uscc", bad, good) == (1, f"bad {bad} character\nok {good}\n", "")
    assert huhang("id", "check", "rid", "511722197002290013")[1] == "bad 511722197002290013 date\n"
    assert huhang("id", "check", "rid", "11010519491231002x")[1] == "ok 11010519491231002X\n"
    assert huhang("id", "check", "phone", "0818-2345678")[0] == 0


def test_id_from_a_pipe():
    """One line out for each line in, whatever it holds."""
    lines = ["9144030071526726XG", "", " 91-44030071526726XG\r", "９１４４０３００７１５２６７２６ＸＧ", "x" * 5000]
    stdin = "\n".join(lines).encode() + b"\n\xff\x00\x1b[31m"
    for words in (["-"], []):
        status, out, err = huhang("id", "check", "uscc", *words, stdin=stdin)
        got = out.splitlines()
        assert (status, err, len(got)) == (1, "", 6)
        assert got[0] == got[2] == got[3] == "ok 9144030071526726XG"
        assert got[1] == "bad - length"
        assert got[4].endswith(" length")
        assert got[5] == "bad ???[31m character"


def test_id_json():
    status, out, _ = huhang("id", "check", "uscc", "9144030071526726XG", "x", "--json")
    assert status == 1
    answer = json.loads(out)
    assert answer[0] == {"code": "9144030071526726XG", "ok": True}
    assert answer[1]["reason"] == "length"
    assert json.loads(huhang("id", "check", "uscc", "--json")[1]) == []


@pytest.mark.parametrize("words", [[], ["check"], ["check", "iban"], ["make", "uscc"]])
def test_id_wrong_use(words):
    assert huhang("id", *words)[:2] == (2, "")


def test_output_that_cannot_be_written():
    with open("/dev/full", "wb") as full:
        run = subprocess.run([PROGRAM, "calendar", "add", "2026-09-24", "5"], stdout=full, stderr=subprocess.PIPE)
    assert run.returncode == 3


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_is_an_answer(word):
    status, out, err = huhang(word)
    assert (status, err) == (0, "") and "huhang serve" in out and "draw-letters" not in out


def test_help_of_serve_lists_the_settings():
    status, out, err = huhang("serve", "--help")
    assert (status, err) == (0, "") and "HUHANG_DRAW_LETTERS" in out and "监听地址" in out


def test_no_word_is_wrong_use():
    status, out, err = huhang()
    assert (status, out) == (2, "") and "huhang serve" in err
