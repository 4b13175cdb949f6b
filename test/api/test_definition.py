"""Procedures as the diagram page reads them, and as their writers check them."""
import subprocess

from conftest import binary

STAMP = """\
kind: stamp
name: 盖章
version: 1
zone: service
number: none
readers: [clerk]
states:
  begun: open clerk 办理中
  done: closed 已办结
acts:
  begin: {is: -> begun by clerk 开始, letter: LETTER}
  finish: begun -> done by clerk 办结
clocks:
  work: {is: preset 本级规定 办理, limit: 5wd, in: begun}
"""


def test_list_and_detail(server):
    c = server.client("clerk1", "huhang-demo")
    rows = c.get("/definitions").json()["rows"]
    assert {"licensing", "simple_service", "special", "hearing", "deferral", "card"} <= {r["kind"] for r in rows}
    assert {r["kind"]: r["in_service"] for r in rows}["card"] is False
    d = c.get("/definitions/licensing/1").json()
    states = {s["name"]: s for s in d["states"]}
    assert states["received"]["holder"]["role"] == "clerk" and states["delivered"]["holder"] is None
    assert states["received"]["label"]["zh"] and states["received"]["label"]["en"]
    assert states["correcting"]["class"] == "waiting"
    deemed = [e for e in d["edges"] if e["act"] == "deem_accepted"]
    assert deemed and all(e["timer"] and e["to"] == "review" for e in deemed)
    assert {e["from"] for e in d["edges"] if e["act"] == "submit"} == {None}
    names = set(states)
    assert all(e["to"] in names and (e["from"] is None or e["from"] in names) for e in d["edges"])
    clocks = {k["name"]: k for k in d["clocks"]}
    assert clocks["correction"]["expire"] == "deem_accepted" and clocks["correction"]["runs_in"]
    assert d["dot"].startswith("digraph") and {"intake", "decision"} <= {g["name"] for g in d["groups"]}
    acts = {a["name"]: a for a in d["acts"]}
    assert acts["inspect"]["persons"] == 2 and acts["grant"]["letter"]["title"]["zh"] != "grant"
    assert [f["name"] for f in acts["propose"]["fields"]] == ["result", "opinion"]


def test_unknown_and_closed(server):
    server.client().get("/definitions", want=401)
    server.client("applicant1", "huhang-demo").get("/definitions", want=403)
    c = server.client("clerk1", "huhang-demo")
    assert c.get("/definitions/nothing/1", want=404).json()["code"] == "not-found"
    c.get("/definitions/licensing/99", want=404)
    c.get("/definitions/licensing/none", want=404)


def test_check_knows_the_letters(tmp_path):
    """P023: a letter that the program does not print."""
    kind = tmp_path / "stamp.yaml"
    kind.write_text(STAMP.replace("LETTER", "receit"), encoding="utf-8")
    done = subprocess.run([binary(), "definition", "check", str(kind)], capture_output=True, text=True)
    assert done.returncode == 1 and "P023" in done.stdout and "receipt" in done.stdout
    kind.write_text(STAMP.replace("LETTER", "receipt"), encoding="utf-8")
    done = subprocess.run([binary(), "definition", "check", str(kind)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
