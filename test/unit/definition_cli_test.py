"""huhang definition on the command line: messages, exit status, diagrams, differences.

The program is $HUHANG, else build/src/main/huhang; without it the tests are skipped and say so.
"""
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = Path(os.environ.get("HUHANG", ROOT / "build/src/main/huhang"))
KINDS = sorted(p for p in (ROOT / "procedures").glob("*.yaml") if "\nreaders: " in p.read_text())
MESSAGE = re.compile(r"^\S+:\d+:\d+: P\d{3}: .+; .+$")
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def definition(*words):
    run = subprocess.run([PROGRAM, "definition", *words], capture_output=True, timeout=60)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def changed(folder, kind, old, new):
    text = (ROOT / f"procedures/{kind}.yaml").read_text()
    assert old in text
    path = folder / f"{kind}.yaml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_the_shipped_files_pass_strictly():
    status, out, _ = definition("check", "--strict", *KINDS)
    assert status == 0
    assert len(out.splitlines()) == len(KINDS)
    assert "licensing 1, 13 states" in out
    assert "concern.yaml: ok: concern" in out and "not in service" in out


def test_all_faults_of_all_files_at_once(tmp_path):
    one = changed(tmp_path, "licensing", "stop: deliver,", "stop: delivr,")
    other = changed(tmp_path, "card", "by liaison 签收", "by liason 签收")
    status, out, _ = definition("check", one, other)
    lines = out.splitlines()
    assert status == 1
    assert all(MESSAGE.match(line) for line in lines), out
    assert any("P026" in line and "did you mean 'deliver'?" in line for line in lines)
    assert any("P021" in line and "did you mean 'liaison'?" in line for line in lines)


def test_a_file_stands_in_for_the_kind_of_the_program(tmp_path):
    path = changed(tmp_path, "study", "name: 联合研判", "name: 会商")
    assert definition("check", path)[0] == 0
    status, out, _ = definition("dot", path)
    assert status == 0 and "会商 study 1" in out


def test_wrong_use_and_missing_files():
    assert definition()[0] == 2
    assert definition("check")[0] == 2
    assert definition("dot", "nothing")[0] == 2
    assert definition("check", "/nowhere/x.yaml")[0] == 3
    status, _, err = definition("diff", "special", "nothing")
    assert status == 3 and "nothing" in err


def test_dot_draws_states_and_clocks():
    status, out, _ = definition("dot", "licensing")
    assert status == 0 and out.count("digraph") == 2
    assert definition("dot", "licensing", "--states")[1].count("digraph") == 1
    assert "style=dashed" in definition("dot", "licensing", "--states")[1]
    assert "<table" in definition("dot", "licensing", "--clocks")[1]


def test_diff_names_each_entry(tmp_path):
    assert definition("diff", "special", "special") == (0, "", "")
    path = changed(tmp_path, "special", "times: 2", "times: 3")
    assert definition("diff", "special", path) == (1, "~ acts.prolong.times: 2 → 3\n", "")
    path = changed(tmp_path, "special", "    times: 2\n", "")
    assert definition("diff", "special", path) == (1, "- acts.prolong.times: 2\n", "")
    assert definition("diff", path, "special") == (1, "+ acts.prolong.times: 2\n", "")
