"""The office over HTTP: profile, units, staff and their roles, the three administrators, audit and sign-ins."""
import pytest

from people import Hall, PASSWORD, by_code


@pytest.fixture
def hall(fresh_server):
    return Hall(fresh_server)


@pytest.fixture
def bureau(hall):
    return hall.hire("bureau", "bureau_admin")[0]


def fault(reply, pointer):
    """Code of the fault at the pointer."""
    return next(e["code"] for e in reply.json()["errors"] if e["pointer"] == pointer)


def test_office_profile(hall, bureau):
    now = hall.server.client().get("/office")
    etag = now.headers["ETag"].strip('"')
    form = {"name": {"zh": "高新区政务中心", "en": "Service Hall"}, "profile": {"organ": "高新区行政审批局", "address": "金龙大道1号",
                                                                       "open": "08:30", "close": "18:00"}}
    bureau.put("/office", form, want=428)
    changed = bureau.put("/office", form, if_match=etag)
    assert changed.headers["ETag"].strip('"') != etag and changed.json()["name"]["en"] == "Service Hall"
    assert bureau.put("/office", form, if_match=etag, want=412).json()["code"] == "matter-changed"
    assert hall.server.client().get("/me").json()["office"]["profile"]["open"] == "08:30"
    # What letters name as remedies (行政许可法第38条第2款); a form without these members leaves them.
    remedies = {"letter_mark": "高审批", "review_organ": "高新区管理委员会", "court": "高新区人民法院"}
    changed = bureau.put("/office", {**form, "profile": {**form["profile"], **remedies}}, if_match=changed.headers["ETag"].strip('"'))
    changed = bureau.put("/office", form, if_match=changed.headers["ETag"].strip('"'))
    assert remedies.items() <= changed.json()["profile"].items()
    etag = now.headers["ETag"].strip('"')
    wrong = bureau.put("/office", {**form, "profile": {"open": "19:00", "close": "8:00"}}, if_match=etag, want=422)
    assert fault(wrong, "/profile/close") in ("time", "short")
    hall.system.put("/office", form, if_match=etag, want=403)


def test_units(hall, bureau):
    top = bureau.post("/bureau/units", {"code": "market", "name": "市场监督管理局", "name_en": "Market bureau"}, want=201).json()
    below = bureau.post("/bureau/units", {"code": "food", "name": "食品科", "parent_id": top["id"]}).json()
    wrong = bureau.post("/bureau/units", {"code": "food", "name": "又一个", "parent_id": 5}, want=422)
    assert fault(wrong, "/code") == "taken" and fault(wrong, "/parent_id") == "unknown"
    change = f"/bureau/units/{top['id']}"
    assert fault(bureau.put(change, {"name": "市场监管局", "parent_id": below["id"]}, want=422), "/parent_id") == "cycle"
    bureau.put(change, {"name": "市场监管局"}, if_match="old", want=412)
    assert bureau.put(change, {"name": "市场监管局"}, if_match=top["etag"]).json()["name"]["zh"] == "市场监管局"
    assert bureau.put(change, {"name": "市场监管局", "status": "closed"}, want=409).json()["code"] == "still-in-use"
    bureau.put("/bureau/units/5", {"name": "没有"}, want=404)
    bureau.put(f"/bureau/units/{below['id']}", {"name": "食品科", "parent_id": top["id"], "status": "closed"})
    public = hall.server.client().get("/units").json()["rows"]
    assert [u["code"] for u in public if u["code"] in ("market", "food")] == ["market"] and public[0]["items"] == 0
    assert {u["code"] for u in bureau.get("/bureau/units").json()["rows"]} >= {"market", "food"}
    hall.security.post("/bureau/units", {"code": "x", "name": "甲"}, want=403)


def test_staff(hall, bureau):
    made = hall.system.post("/bureau/staff", {"login": "Anna", "name": "安娜"}, want=201).json()
    wrong = hall.system.post("/bureau/staff", {"login": "anna", "name": "安娜", "unit_id": 5}, want=422)
    assert fault(wrong, "/login") == "taken" and fault(wrong, "/unit_id") == "unknown"
    row = hall.system.get("/bureau/staff", params={"query": "anna"}).json()["rows"][0]
    assert row["id"] == made["id"] and row["password_set"] is False and row["roles"] == []
    change = f"/bureau/staff/{made['id']}"
    hall.system.put(change, {"name": "安娜"}, if_match="old", want=412)
    anna = by_code(hall.server, hall.system.post(f"{change}/code").json())
    hall.system.put(change, {"name": "安", "status": "closed"}, if_match=row["etag"])
    anna.get("/roles", want=401)
    hall.server.client().post("/session", {"login": "anna", "password": PASSWORD}, want=401)
    hall.system.post(f"{change}/code", want=404)
    hall.system.put("/bureau/staff/5", {"name": "谁"}, want=404)
    aud = hall.audit.me["person"]["id"]
    assert "审计管理员" in hall.system.put(f"/bureau/staff/{aud}", {"name": "审", "status": "closed"}, want=409).json()["detail"]
    assert len(bureau.pages("/bureau/staff", limit=2)) == 5
    bureau.post("/bureau/staff", {"login": "carl", "name": "卡尔"}, want=403)
    assert bureau.get("/colleagues", params={"query": "周"}).json()["rows"][0]["name"] == "周敏"


def test_roles(hall):
    anna, who = hall.hire("anna")
    roles = f"/bureau/staff/{who}/roles"
    assert {"clerk", "approver", "system_admin", "bureau_admin"} <= {r["role"] for r in anna.get("/roles").json()["rows"]}
    wrong = hall.security.post(roles, {"role": "applicant", "from_on": "2026-05-02", "to_on": "2026-05-01"}, want=422)
    assert fault(wrong, "/role") == "choice" and fault(wrong, "/to_on") == "order"
    grant = hall.security.post(roles, {"role": "clerk"}, want=201).json()
    assert "window" in anna.refresh()["pages"]
    hall.security.post(roles, {"role": "clerk"}, want=409)
    hall.security.post("/bureau/staff/5/roles", {"role": "clerk"}, want=404)
    hall.system.post(roles, {"role": "reviewer"}, want=403)
    hall.security.post(f"/bureau/staff/{hall.security.me['person']['id']}/roles", {"role": "clerk"}, want=403)
    hall.security.delete(f"{roles}/{grant['grant_id']}", want=204)
    hall.security.delete(f"{roles}/{grant['grant_id']}", want=404)
    assert "window" not in anna.refresh()["pages"]
    assert hall.audit.get(roles).json()["rows"][0]["in_force"] is False


def test_three_administrators(hall):
    """三员分立 (design.md 7)."""
    _, who = hall.hire("anna", "clerk")
    for admin in (hall.system, hall.audit):
        person = admin.me["person"]["id"]
        for role in ("clerk", "approver", "bureau_admin", "security_admin"):
            assert "三员分立" in hall.security.post(f"/bureau/staff/{person}/roles", {"role": role}, want=409).json()["detail"]
    hall.security.post(f"/bureau/staff/{who}/roles", {"role": "audit_admin"}, want=409)
    rows = hall.security.get(f"/bureau/staff/{hall.audit.me['person']['id']}/roles").json()["rows"]
    hall.security.delete(f"/bureau/staff/{hall.audit.me['person']['id']}/roles/{rows[0]['grant_id']}", want=409)
    hall.system.get("/audit", want=403)
    hall.security.get("/sign-ins", want=403)


def test_audit_and_sign_ins(hall, bureau):
    for i in range(5):
        bureau.post("/bureau/units", {"code": f"u{i}", "name": f"部门{i}"})
    hall.server.client().post("/session", {"login": "nobody", "password": "wrong"}, want=401)
    rows = hall.audit.pages("/audit", limit=2, op="office.add_unit")
    assert [r["body"]["code"] for r in rows if r["body"]["code"].startswith("u")] == ["u4", "u3", "u2", "u1", "u0"]
    assert rows[0]["actor"]["login"] == "bureau" and rows[0]["name"]["zh"] == "新建部门"
    failed = hall.audit.get("/sign-ins", params={"outcome": "failed"}).json()["rows"]
    assert failed[0]["person"] is None and len(failed[0]["mark"]) == 8
    assert hall.audit.get("/audit", params={"to_on": "2000-01-01"}).json()["rows"] == []
    hall.audit.get("/audit", params={"from_on": "soon"}, want=422)


def test_parameters_say_their_evidence_and_keep_reasons(hall, bureau):
    """Defaults of this level (preset) are no law: whoever changes one says why, and what was in force stays readable."""
    path = "/bureau/params"
    rows = {(r["kind"], r["name"]): r for r in bureau.get(path).json()["rows"]}
    answer = rows[("licensing", "answer")]
    assert (answer["level"], answer["default"], answer["history"]) == ("preset", "30cd", [])
    assert {r["level"] for r in rows.values()} <= {"law", "policy", "preset"}
    change = {"kind": "licensing", "name": "answer", "value": "20cd"}
    assert fault(bureau.put(path, change, want=422), "/reason") == "required"
    bureau.put(path, {**change, "reason": "与市里的规定一致"})
    rows = bureau.put(path, {**change, "value": "25cd", "reason": "二十天太紧"}).json()["rows"]
    now = next(r for r in rows if (r["kind"], r["name"]) == ("licensing", "answer"))
    assert [o["value"] for o in now["overrides"]] == ["25cd"]
    assert [(h["value"], h["reason"], h["to_at"] is None) for h in now["history"]] == [
        ("25cd", "二十天太紧", True), ("20cd", "与市里的规定一致", False)]
    assert all(h["by"] for h in now["history"])
    assert fault(bureau.put(path, {**change, "value": "soon", "reason": "写错"}, want=422), "/value") == "form"
    hall.security.put(path, {**change, "reason": "不归我管"}, want=403)
