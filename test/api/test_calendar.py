"""The calendar over HTTP and on the command line, and the demo's clock: a notice moves open clocks after a preview;
time that is moved forward lets deadlines pass. A demo office of its own, since both change everybody's dates."""
import csv
import datetime
import io
import json
import os
import subprocess

import pytest

from conftest import Server, binary

PASSWORD = "huhang-demo"
NOTICE = "关于调整放假安排的通知（试验）"


@pytest.fixture(scope="module")
def own():
    s = Server(demo=True)
    try:
        s.start()
        yield s
        s.stop()
    finally:
        s.remove()


@pytest.fixture(scope="module")
def bureau(own):
    return own.client("bureau", PASSWORD)


def today(client):
    return datetime.date.fromisoformat(client.get("/me").json()["today"])


def year_csv(client, year, change):
    """The year's rows as they are, with `change` {date: (kind, name)} in their place; None takes a row away."""
    rows = {d["on"]: (d["kind"], d["name"], d["notice"] or "", d["source"] or "") for d in
            client.get("/calendar", params={"year": year}).json()["days"]}
    for on, what in change.items():
        if what is None:
            rows.pop(on, None)
        else:
            rows[on] = (*what, NOTICE, "test")
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(["date", "kind", "name", "notice", "source"])
    for on in sorted(rows):
        w.writerow([on, *rows[on]])
    return out.getvalue()


def swap(client):
    """A coming Wednesday off, the Saturday after it at work."""
    day = today(client) + datetime.timedelta(days=3)
    while day.weekday() != 2:
        day += datetime.timedelta(days=1)
    return {day.isoformat(): ("off", "国庆节"), (day + datetime.timedelta(days=3)).isoformat(): ("work", "国庆节")}


def test_holidays_of_a_year(own):
    c = own.client()
    page = c.get("/calendar", params={"year": 2026}).json()
    assert page["year"] == 2026 and page["known_until"] == "2026-12-31"
    kinds = {d["on"]: d["kind"] for d in page["days"]}
    assert kinds["2026-10-01"] == "off" and kinds["2026-10-10"] == "work" and 240 < page["working_days"] < 260
    assert c.get("/calendar").json()["year"] == today(c).year
    c.get("/calendar", params={"year": 1900}, want=422)


def test_only_the_bureau_imports(own):
    body = {"csv": "date,kind,name,notice,source\n", "source": "x"}
    own.client().post("/calendar/import", body, want=401)
    own.client("clerk1", PASSWORD).post("/calendar/import", body, want=403)


def test_bad_file_names_its_lines(own, bureau):
    bad = bureau.post("/calendar/preview", {"csv": "date,kind,name,notice,source\n2027-02-31,off,x,,\n2027-01-04,work,x,,\n",
                                            "source": "x"}, want=422).json()
    assert bad["code"] == "calendar-invalid" and bad["errors"][0]["pointer"] == "/lines/2"
    assert bureau.post("/calendar/import", {"csv": "date,kind,name,notice,source\n2027-01-04,work,x,,\n", "source": "x"},
                       want=422).json()["code"] == "calendar-invalid"  # a Monday is no make-up day


def test_notice_moves_clocks(own, bureau):
    change = swap(bureau)
    body = {"csv": year_csv(bureau, today(bureau).year, change), "source": NOTICE}
    seen = bureau.post("/calendar/preview", body, timeout=60).json()
    assert {d["on"]: (d["from"], d["to"]) for d in seen["days"]} == {
        d: ("work", "off") if k[0] == "off" else ("off", "work") for d, k in change.items()}
    assert seen["total"] > 0 and len(seen["matters"]) == min(seen["total"], 200) and not seen["same"]
    moved = seen["matters"][0]
    assert moved["old_due"] < moved["new_due"] and moved["notice"] == NOTICE
    reader = own.client("inspector1", PASSWORD)
    before = {k["name"]: k for k in reader.get(f"/matters/{moved['id']}").json()["clocks"]}
    assert before[moved["clock"]]["due_on"] == moved["old_due"]  # a preview changes nothing

    done = bureau.post("/calendar/import", body, timeout=60).json()
    assert done["total"] == seen["total"]
    after = [k for k in reader.get(f"/matters/{moved['id']}").json()["clocks"] if k["name"] == moved["clock"]][-1]
    assert after["due_on"] == moved["new_due"]
    assert (after["moved"]["old_due"], after["moved"]["new_due"], after["moved"]["notice"]) == (
        moved["old_due"], moved["new_due"], NOTICE)
    why = reader.get(f"/matters/{moved['id']}/clocks/{moved['clock']}").json()
    assert why["changes"][-1]["notice"] == NOTICE and why["due_on"] == moved["new_due"]
    assert bureau.post("/calendar/import", body, timeout=60).json()["same"]


def test_command_line_asks_the_running_server(own, bureau, tmp_path):
    file = tmp_path / "notice.csv"
    file.write_text(year_csv(bureau, 2027, {"2027-01-01": ("off", "元旦"), "2027-01-04": ("off", "元旦")}), encoding="utf-8")
    seen = json.loads(own.run("calendar", "preview", str(file), "--data", own.data, "--json"))
    assert seen["known_until"] == "2027-12-31" and seen["firm"] > 0
    assert bureau.get("/calendar").json()["known_until"] == "2026-12-31"
    words = own.run("calendar", "import", str(file), "--data", own.data)
    assert "2027-01-04" in words
    assert bureau.get("/calendar").json()["known_until"] == "2027-12-31"
    out = own.run("calendar", "add", "2026-12-31", "1", "--data", own.data)
    assert out.strip() == "2027-01-05"


def test_time_moves_forward_only(own):
    visitor = own.client()
    now = visitor.get("/me").json()["now"]
    for body, pointer in (({}, "/advance"), ({"advance": "0wd"}, "/advance"), ({"advance": "91cd"}, "/advance"),
                          ({"advance": "soon"}, "/advance"), ({"to": "2026-01-01T00:00:00+08:00"}, "/to"),
                          ({"to": now, "advance": "1cd"}, "/advance")):
        bad = visitor.post("/demo/clock", body, want=422).json()
        assert bad["errors"][0]["pointer"] == pointer, body
    visitor.post("/demo/clock", {"advance": "91cd"}, want=422)
    assert today(visitor) == datetime.date.fromisoformat(now[:10])


def test_deadlines_pass(own):
    """行政许可法 32(1)(4): what nobody answered within its limit is accepted by itself."""
    visitor, clerk = own.client(), own.client("clerk1", PASSWORD)
    waiting = [r["matter_id"] for r in clerk.pages("/work", kind="licensing", state="received")]
    assert waiting
    before = visitor.get("/me").json()
    done = visitor.post("/demo/clock", {"advance": "8wd"}, timeout=120).json()
    assert done["more"] is False and done["from"] < done["now"]
    after = visitor.get("/me").json()
    assert after["today"] == done["today"] > before["today"] and after["time_trusted"]
    states = {clerk.get(f"/matters/{m}").json()["state"] for m in waiting}
    assert "received" not in states and "review" in states
    # The step survives a restart.
    own.stop()
    own.start()
    assert own.client().get("/me").json()["today"] >= done["today"]
    assert own.client().get("/me").json()["time_trusted"]


def test_administrator_confirms_the_date(own):
    admin = own.client("admin", PASSWORD)
    day = today(admin).isoformat()
    assert admin.post("/clock/confirm", {"today": day}).json() | {"now": 0} == {"trusted": True, "now": 0, "today": day}
    admin.post("/clock/confirm", {"today": "2020-01-01"}, want=409)
    own.client("bureau", PASSWORD).post("/clock/confirm", {}, want=403)


def test_no_demo_clock_elsewhere(fresh_server):
    fresh_server.start().client().post("/demo/clock", {"advance": "1wd"}, want=404)


def test_import_into_a_stopped_folder(fresh_server, tmp_path):
    file = tmp_path / "notice.csv"
    file.write_text("date,kind,name,notice,source\n2027-01-01,off,元旦,通知,test\n", encoding="utf-8")
    seen = json.loads(fresh_server.run("calendar", "preview", str(file), "--data", fresh_server.data, "--json"))
    assert seen["total"] == 0 and seen["known_until"] == "2027-12-31"
    fresh_server.run("calendar", "import", str(file), "--data", fresh_server.data)
    assert fresh_server.start().client().get("/calendar").json()["known_until"] == "2027-12-31"
    r = subprocess.run([binary(), "calendar", "import", str(tmp_path / "none.csv"), "--data", fresh_server.data],
                       env={**os.environ, **fresh_server.env}, capture_output=True, text=True, timeout=60)
    assert r.returncode == 3
