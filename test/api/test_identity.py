"""Who is who over HTTP: sessions, registration, accounts at a window, parties, mandates. Clock-bound rules
(idle time-out, expiry of codes, roles by day) are in test/unit/app_identity."""
import pytest

from conftest import Server
from people import COMPANY, Hall, PASSWORD, by_code, first_admin, id_number


@pytest.fixture
def hall(fresh_server):
    return Hall(fresh_server)


def fault(reply, pointer):
    """Code of the fault at the pointer."""
    return next(e["code"] for e in reply.json()["errors"] if e["pointer"] == pointer)


def test_first_start_offers_nothing_but_setup(fresh_server):
    fresh_server.start()
    admin = first_admin(fresh_server)
    assert admin.me["setup_needed"] is True and admin.me["pages"] == ["portal"]
    assert admin.post("/bureau/staff", {"login": "anna", "name": "安娜"}, want=403).json()["code"] == "forbidden"
    wrong = admin.post("/setup/administrators", {"security": {"login": "admin", "name": "安"}, "audit": {"login": "1", "name": "审"}}, want=422)
    assert fault(wrong, "/security/login") == "taken" and fault(wrong, "/audit/login") == "login"
    made = admin.post("/setup/administrators", {"security": {"login": "sec", "name": "安"}, "audit": {"login": "aud", "name": "审"}}).json()
    assert admin.refresh()["setup_needed"] is False and "admin" in admin.me["pages"]
    assert "audit" in by_code(fresh_server, made["audit"]).me["pages"]
    admin.post("/setup/administrators", {"security": {"login": "s2", "name": "安"}, "audit": {"login": "a2", "name": "审"}}, want=403)


def test_sign_in_fails_and_locks_out_alike(hall):
    anna, _ = hall.hire("anna", "clerk")
    c = hall.server.client()
    limit = None
    for login in ("anna", "nobody"):
        seen = []
        while len(seen) < 20 and (not seen or seen[-1][0] != 429):
            r = c.post("/session", {"login": login, "password": "wrong"}, want=None)
            seen.append((r.status_code, r.json()["code"]))
        assert seen[-1] == (429, "locked-out") and set(seen[:-1]) == {(401, "sign-in-failed")}
        assert int(r.headers["Retry-After"]) > 0
        limit = limit or len(seen)
        assert len(seen) == limit, "an unknown account behaves like a known one"
        assert c.post("/session", {"login": login, "password": PASSWORD}, want=429).json()["code"] == "locked-out"
    c.post("/session/code", {"login": "anna", "code": "AAAAA-AAAAA", "new_password": "Another-7-word"}, want=429)
    assert anna.get("/me").json()["person"]["login"] == "anna", "who is signed in stays"
    assert c.post("/session", {"login": "anna"}, want=422).json()["errors"][0]["pointer"] == "/password"


def test_change_of_password(hall):
    anna, _ = hall.hire("anna", "clerk")
    other = hall.server.client("anna", PASSWORD)
    assert fault(anna.put("/session/password", {"old_password": "wrong", "new_password": "Another-7-word"}, want=422), "/old_password") == "wrong"
    assert fault(anna.put("/session/password", {"old_password": PASSWORD, "new_password": "1234567890"}, want=422), "/new_password") == "weak"
    before = anna.session.cookies.get("huhang")
    anna.csrf = anna.put("/session/password", {"old_password": PASSWORD, "new_password": "Another-7-word"}).json()["csrf"]
    assert anna.session.cookies.get("huhang") != before
    assert anna.get("/roles").status_code == 200
    other.get("/roles", want=401)
    hall.server.client().post("/session", {"login": "anna", "password": PASSWORD}, want=401)
    for _ in range(20):
        r = anna.put("/session/password", {"old_password": "wrong", "new_password": "Yet-another-8"}, want=None)
        if r.status_code == 429:
            break
    assert r.json()["code"] == "locked-out"


def test_registration(hall):
    number = id_number()
    person = hall.applicant("Zhang.San", number)
    assert person.me["person"]["login"] == "zhang.san" and person.me["person"]["verified"] is False
    assert person.me["acting"]["kind"] == "citizen" and person.me["pages"] == ["portal"]
    again = hall.server.client().post("/registrations", {"name": "别人", "id_number": number, "phone": "13812345678", "login": "other",
                                                         "password": PASSWORD}, want=409)
    assert again.json()["code"] == "conflict" and "账号" not in again.json()["detail"]
    wrong = hall.server.client().post("/registrations", {"name": "张", "id_number": "1", "phone": "1", "login": "zhang.san", "password": "x"}, want=422)
    assert [fault(wrong, p) for p in ("/id_number", "/phone", "/login", "/password")] == ["length", "length", "taken", "short"]


def test_registrations_from_one_address_are_limited():
    """Guessing who has an account costs as much as registering; another network is not touched."""
    s = Server(demo=False, settings=("registrations_per_hour=3",))
    try:
        s.start()
        form = {"name": "张三丰", "id_number": id_number(), "phone": "13812345678", "login": "zhang", "password": PASSWORD}
        assert s.client().post("/registrations", form).status_code == 201
        s.client().post("/registrations", {**form, "login": "zhang2"}, want=409)
        s.client().post("/registrations", {**form, "login": "zhang"}, want=422)
        for lang, word in (("zh", "窗口"), ("en", "window")):
            r = s.client(lang=lang).post("/registrations", {**form, "id_number": id_number(), "login": "li"}, want=429)
            assert r.json()["code"] == "too-many-requests" and word in r.json()["hint"] and r.json()["detail"].isascii() == (lang == "en")
            assert 0 < int(r.headers["Retry-After"]) <= 3600
        # Behind a proxy on this host the last address it added counts, not what a client wrote before it.
        beyond = {"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}
        for i in range(3):
            s.client().post("/registrations", {**form, "id_number": id_number(), "login": f"far{i}"}, headers=beyond, want=201)
        s.client().post("/registrations", {**form, "id_number": id_number(), "login": "far9"}, headers={"X-Forwarded-For": "10.0.0.1, 192.0.2.7"}, want=429)
        for i, address in enumerate(("2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::")):
            s.client().post("/registrations", {**form, "id_number": id_number(), "login": f"six{i}"}, headers={"X-Forwarded-For": address}, want=201)
        s.client().post("/registrations", {**form, "id_number": id_number(), "login": "six9"}, headers={"X-Forwarded-For": "2001:db8:1:2:a::"}, want=429)
        s.stop()
    finally:
        s.remove()


def test_window_accounts(hall):
    window, _ = hall.hire("anna", "clerk")
    number = id_number()
    made = window.post("/people", {"name": "欧阳修远", "id_number": number, "phone": "13912345678"}).json()
    found = window.get("/people", params={"identifier": number}).json()["rows"]
    assert found[0]["id"] == made["id"] and found[0]["name"] == "欧***" and number not in str(found)
    assert window.get("/people", params={"identifier": id_number()}).json()["rows"] == []
    window.get("/people", params={"identifier": "12"}, want=422)
    twice = window.post("/people", {"name": "欧阳修远", "id_number": number}, want=409).json()
    assert twice["person_id"] == made["id"]
    fresh = window.post(f"/people/{made['id']}/code").json()
    hall.server.client().post("/session/code", {"login": made["login"], "code": made["code"], "new_password": PASSWORD}, want=401)
    person = by_code(hall.server, fresh)
    assert person.me["person"]["verified"] is True and person.me["person"]["name"] == "欧阳修远"
    window.post("/people/5/code", want=404)
    assert fault(window.post(f"/people/{made['id']}/verify", {"document": f"身份证 {number}"}, want=422), "/document") == "number"
    window.post(f"/people/{made['id']}/verify", {"document": "居民身份证原件"})
    window.post("/people/5/verify", {"document": "居民身份证原件"}, want=404)
    person.get("/people", params={"identifier": number}, want=403)


def test_parties_at_the_window(hall):
    window, _ = hall.hire("anna", "clerk")
    made = window.post("/parties", {"kind": "enterprise", "name": "达州青禾餐饮有限公司", "identifier": COMPANY, "phone": "0818-2345678"}, want=201).json()
    again = window.post("/parties", {"kind": "enterprise", "name": "达州青禾餐饮有限公司", "identifier": COMPANY}, want=200).json()
    assert made["existing"] is False and again["existing"] is True and made["id"] == again["id"]
    number = id_number()
    citizen = window.post("/parties", {"kind": "citizen", "name": "李小龙", "identifier": number}).json()
    assert citizen["name"] == "李**" and number not in str(citizen)
    assert window.get("/parties", params={"identifier": number}).json()["rows"][0]["id"] == citizen["id"]
    window.get("/parties", params={"identifier": "1"}, want=422)
    wrong = window.post("/parties", {"kind": "enterprise", "name": "甲", "identifier": "1", "agent": {"name": "乙", "identifier": "2"}}, want=422)
    assert fault(wrong, "/identifier") == fault(wrong, "/agent/identifier") == "length"
    own = window.post("/parties", {"kind": "citizen", "name": "李小龙", "identifier": number, "agent": {"name": "李小龙", "identifier": number}}, want=409)
    assert own.json()["code"] == "conflict"
    with_agent = window.post("/parties", {"kind": "enterprise", "name": "青禾", "identifier": COMPANY, "agent": {"name": "赵六", "identifier": id_number()}}).json()
    agent = by_code(hall.server, window.post(f"/people/{with_agent['agent_id']}/code").json())
    assert agent.me["mandates"][0]["mandate_id"] == with_agent["mandate_id"]


def test_mandate_from_asking_to_its_end(hall):
    window, _ = hall.hire("anna", "clerk")
    person = hall.applicant("zhang")
    form = {"party": {"name": "青禾餐饮", "identifier": COMPANY}, "scope": "legal_representative", "evidence": ["token"]}
    assert fault(person.post("/mandates", form, want=422), "/evidence/0") == "unknown"
    form["evidence"] = [person.upload("营业执照.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 100)]
    asked = person.post("/mandates", form).json()
    assert asked["status"] == "pending" and person.refresh()["mandates"] == []
    person.post("/mandates", form, want=409)
    person.post("/mandates", {"party_id": 5, "scope": "agent"}, want=404)
    person.put("/session/acting", {"party_id": asked["party_id"]}, want=403)
    confirm = f"/mandates/{asked['mandate_id']}/confirm"
    person.post(confirm, {"document": "营业执照"}, want=403)
    assert window.post(confirm, {"document": "营业执照"}, want=409).json()["code"] == "conflict", "not verified yet"
    window.post(f"/people/{person.me['person']['id']}/verify", {"document": "身份证"})
    assert window.get("/mandates", params={"pending": "true"}).json()["rows"][0]["mandate_id"] == asked["mandate_id"]
    assert window.post(confirm, {"document": "营业执照"}).json()["status"] == "in_force"
    window.post("/mandates/5/confirm", {"document": "营业执照"}, want=404)
    assert person.put("/session/acting", {"party_id": asked["party_id"]}).json()["acting"]["mandate_id"] == asked["mandate_id"]
    assert person.put("/session/acting", {"party_id": None}).json()["acting"]["mandate_id"] is None
    hall.applicant("stranger").delete(f"/mandates/{asked['mandate_id']}", want=404)
    person.delete(f"/mandates/{asked['mandate_id']}", want=204)
    assert person.refresh()["mandates"] == [] and person.get("/mandates").json()["rows"][0]["status"] == "ended"
    hall.security.get("/mandates", want=403)
    entered = window.post(f"/people/{person.me['person']['id']}/mandates", {"party_id": asked["party_id"], "scope": "agent", "document": "委托书"})
    assert entered.status_code == 201 and entered.json()["status"] == "in_force"
    window.post(f"/people/{person.me['person']['id']}/mandates", {"party_id": asked["party_id"], "scope": "agent", "document": "委托书"}, want=409)
    window.post("/people/5/mandates", {"party_id": asked["party_id"], "scope": "agent", "document": "委托书"}, want=404)


def test_a_repeated_account_opening_gives_the_same_code(hall):
    window, _ = hall.hire("anna", "clerk")
    form = {"name": "李四", "id_number": id_number()}
    first = window.post("/people", form, key="the-same-intent-1")
    again = window.post("/people", form, key="the-same-intent-1")
    assert first.json() == again.json() and again.headers["Idempotency-Replayed"] == "true"
    window.post("/people", {**form, "name": "李五"}, key="the-same-intent-1", want=422)


def test_problems_speak_both_languages(hall):
    zh, en = hall.server.client(), hall.server.client(lang="en")
    form = {"login": "nobody", "password": "wrong"}
    a, b = (c.post("/session", form, want=401).json() for c in (zh, en))
    assert a["code"] == b["code"] and a["detail"] != b["detail"] and b["detail"].isascii() and b["hint"].isascii()
