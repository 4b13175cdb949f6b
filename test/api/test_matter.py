"""Matters over HTTP: whose they are, who was first, what a list shows."""
import uuid

import pytest

from demo import ITEM, PASSWORD, act, drawn, form, submit


@pytest.fixture(scope="module")
def citizen(server):
    return server.client("citizen1", PASSWORD)


@pytest.fixture(scope="module")
def clerk(server):
    return server.client("clerk1", PASSWORD)


def test_one_list_of_all_parties(server):
    """An account sees what belongs to itself and to those whose mandate it holds, whomever it acts for now."""
    who = server.client("applicant1", PASSWORD)
    own = {who.me["acting"]["party_id"]: who.me["person"]["name"], **{m["party_id"]: m["name"] for m in who.me["mandates"]}}
    mine = submit(who)
    rows = who.pages("/matters", mine="true", limit=3)
    assert [r["matter_id"] for r in rows] == sorted({r["matter_id"] for r in rows}, reverse=True)
    assert {r["party"]["id"] for r in rows} == set(own) and len(own) >= 3
    assert all(r["party"]["name"] == own[r["party"]["id"]] for r in rows)
    first = next(r for r in rows if r["matter_id"] == mine["id"])
    assert first["title"].endswith(who.me["person"]["name"]), "one's own name is not masked"
    company = who.me["mandates"][0]["party_id"]
    some = who.pages("/matters", party=company)
    assert some and some == [r for r in rows if r["party"]["id"] == company]
    assert who.get("/matters", params={"party": 5}).json()["rows"] == []
    # What is under way is opened and gone on with under the mandate that it belongs to.
    open_one = next(r for r in some if r["class"] != "closed")
    matter = who.get(f"/matters/{open_one['matter_id']}").json()
    assert any(a["act"] == "urge" and a["possible"] for a in matter["acts"])
    after = act(who, matter, "urge", {"text": "请尽快办理"}).json()
    assert after["timeline"][-1]["act"] == "urge" and who.refresh()["acting"]["party_id"] != company
    stranger = server.client("citizen1", PASSWORD)
    assert stranger.get(f"/matters/{matter['id']}", want=404).json()["code"] == "matter-not-found"
    assert all(r["party"]["id"] == stranger.me["acting"]["party_id"] for r in stranger.pages("/matters"))


def check_conflict(problem, status, code, name, actor):
    assert problem["status"] == status and problem["code"] == code
    assert problem["state"] and problem["etag"] and isinstance(problem["acts"], list)
    last = problem["last_act"]
    assert set(last) == {"act", "label", "actor", "recorded_at"}
    assert last["act"] == name and last["actor"]["name"] == actor and last["label"]["zh"] and last["label"]["en"]
    assert last["recorded_at"].endswith("+08:00")


def test_two_clerks_at_once(server, citizen, clerk):
    """412 when the matter moved on meanwhile, 409 when the act is gone: both say who was first and what is left."""
    other = server.client("clerk2", PASSWORD)
    matter = submit(citizen)
    path = f"/matters/{matter['id']}/acts"
    clerk.post(path, {"act": "note", "form": {"text": "甲"}}, want=428)
    seen = clerk.get(f"/matters/{matter['id']}").json()["etag"]
    clerk.post(path, {"act": "note", "form": {"text": "甲"}}, if_match=seen)
    for lang in ("zh", "en"):
        other.session.headers["Accept-Language"] = lang
        late = other.post(path, {"act": "note", "form": {"text": "乙"}}, if_match=seen, want=412).json()
        check_conflict(late, 412, "matter-changed", "note", clerk.me["person"]["name"])
        assert late["state"] == "received" and "accept" in [a["act"] for a in late["acts"]]
        assert late["detail"].isascii() == late["hint"].isascii() == (lang == "en")
    act(clerk, matter, "not_ours", {"organ": "住房公积金中心", "basis": "住房公积金管理条例"})
    now = drawn(clerk, matter)
    for lang in ("zh", "en"):
        other.session.headers["Accept-Language"] = lang
        gone = other.post(path, {"act": "fix", "form": {"changes": [{"field": "电话"}]}}, if_match=now["etag"], want=409).json()
        check_conflict(gone, 409, "act-not-now", "not_ours", clerk.me["person"]["name"])
        assert "fix" not in [a["act"] for a in gone["acts"] if a["possible"]]
    # An applicant is not told of what only the hall sees.
    early = citizen.post(path, {"act": "urge", "form": {"text": "催"}}, if_match="0", want=412).json()
    assert early["last_act"]["act"] == "not_ours"


def test_a_drawn_letter_is_no_conflict(citizen, clerk):
    """The clerk opened the matter before its receipt was drawn; nobody acted since."""
    matter = submit(citizen)
    assert drawn(clerk, matter)["documents"]
    clerk.post(f"/matters/{matter['id']}/acts", {"act": "note", "form": {"text": "已看"}}, if_match=matter["etag"])


def test_the_guide_names_the_version_of_its_form(anonymous, citizen):
    guide = anonymous.get(f"/items/{ITEM}").json()
    got = citizen.get(f"/forms/{guide['kind']}/{guide['kind_version']}/submit", params={"item": ITEM}).json()
    assert got["act"] == "submit" and got["fields"]


def test_another_units_matter_is_not_found(server, citizen):
    """Not forbidden: nobody learns that it exists (issue H)."""
    matter = submit(citizen)
    stranger = server.client("market.reviewer1", PASSWORD)
    for lang, word in (("zh", "没有"), ("en", "no such")):
        stranger.session.headers["Accept-Language"] = lang
        for method, path, body in (("GET", "", None), ("GET", "/acts", None), ("GET", "/acts/allowed", None), ("GET", "/clocks/accept", None),
                                   ("POST", "/acts", {"act": "note", "form": {"text": "x"}})):
            p = stranger.request(method, f"/matters/{matter['id']}{path}", body, if_match="1" if body else None, want=404).json()
            assert p["code"] == "matter-not-found" and word in p["detail"]
    assert matter["number"] not in [r["number"] for r in stranger.get("/matters", params={"number": matter["number"]}).json()["rows"]]
    assert stranger.get("/matters/5", want=404).json()["code"] == "matter-not-found"


def test_command_ids(citizen):
    """Repeated: the stored reply and one matter; re-used for something else: refused in both languages."""
    key, body = uuid.uuid4().hex, {"item": ITEM, "form": form()}
    first = citizen.post("/matters", body, key=key)
    again = citizen.post("/matters", body, key=key)
    assert again.json()["id"] == first.json()["id"] and again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    for lang in ("zh", "en"):
        p = citizen.post("/matters", {"item": ITEM, "form": form(content="另一件")}, key=key, headers={"Accept-Language": lang}, want=422).json()
        assert p["code"] == "idempotency-mismatch" and p["detail"].isascii() == (lang == "en"), p
        p = citizen.post("/matters", body, key="short", headers={"Accept-Language": lang}, want=400).json()
        assert p["detail"].isascii() == (lang == "en"), p


def test_session_ends_in_the_middle_of_a_form(server):
    """401, and after signing in again the very same command goes through once: nothing typed is lost."""
    who = server.client("citizen2", PASSWORD)
    key, body = uuid.uuid4().hex, {"item": ITEM, "form": form(content="写了很久")}
    cookie = who.session.cookies.get("huhang")
    other = server.client()
    other.session.cookies.set("huhang", cookie)
    other.csrf = who.csrf
    other.delete("/session")
    for lang in ("zh", "en"):
        p = who.post("/matters", body, key=key, headers={"Accept-Language": lang}, want=401).json()
        assert p["code"] == "sign-in-required" and p["detail"].isascii() == (lang == "en")
    who.session.cookies.clear()
    who.csrf = None
    who.sign_in("citizen2", PASSWORD)
    made = who.post("/matters", body, key=key)
    assert made.status_code == 201 and "Idempotency-Replayed" not in made.headers
    assert who.post("/matters", body, key=key).json()["id"] == made.json()["id"]
