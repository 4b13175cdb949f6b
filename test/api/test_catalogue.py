"""The catalogue over HTTP and on the command line: portal, guides, the bureau's items, imports."""
import copy
import json
import os
import time

import pytest

from conftest import ROOT
from people import Hall

FILE = os.path.join(ROOT, "data", "catalogue.json")
TEXTS = {"conditions": {"zh": "符合食品安全标准", "en": None}, "quantity": {"zh": "无数量限制", "en": None},
         "steps": [{"zh": "申请", "en": None}, {"zh": "决定", "en": None}], "sample_form": {"zh": "见附件", "en": None}}


@pytest.fixture(scope="module")
def catalogue():
    with open(FILE, encoding="utf-8") as f:
        return json.load(f)


@pytest.fixture
def hall(fresh_server):
    return Hall(fresh_server)


@pytest.fixture
def bureau(hall):
    return hall.hire("bureau", "bureau_admin")[0]


def pointers(reply):
    return {e["pointer"] for e in reply.json()["errors"]}


def newest(item):
    return item["versions"][0]


def test_demo_is_published_with_samples(server, anonymous, catalogue):
    rows = anonymous.pages("/items", limit=20)
    assert {r["code"] for r in rows} == {i["id"] for i in catalogue["items"]}
    guide = anonymous.get("/items/food-biz").json()
    assert guide["sample"] and "示例" in guide["conditions"]["zh"] and guide["missing"] == []
    assert guide["legal"]["limit"] == "10wd" and guide["legal"]["evidence"] == "M-hi"
    assert [m["code"] for m in guide["materials"]] == [f"food-biz-{n:02d}" for n in range(1, 7)]
    assert guide["form"] and guide["if_today"]["decide_by"]
    assert anonymous.get("/items/none", want=404).json()["code"] == "not-found"
    units = {u["code"]: u for u in anonymous.get("/units").json()["rows"]}
    assert units["market"]["items"] == sum(i["dept"] == "市场监管局" for i in catalogue["items"]) and units["market"]["name"]["en"]


def test_limits_of_law_and_promises(anonymous, catalogue):
    """A limit with a basis in law is a limit, its evidence shown; a promise is a promise (优化营商环境条例第36条)."""
    for item in catalogue["items"]:
        guide = anonymous.get(f"/items/{item['id']}").json()
        legal, unit = guide["legal"], item["legal_limit"]["unit"]
        if unit in ("promise", "plan"):
            assert legal is None and guide["promised"]["basis"]
        else:
            assert legal["is_law"] is True and legal["basis"] == item["legal_limit"]["basis"]
            assert legal["evidence"] == item["legal_limit"]["evidence"] and legal["evidence_name"]["zh"]
            assert legal["checked"] is (legal["evidence"] == "V")
        assert guide["promised"] is None or guide["promised"]["is_law"] is False
        for duty in ("correction_notice", "issue_deliver"):
            assert guide[duty] is None or guide[duty]["is_law"] is bool(guide[duty]["basis"])


def test_search_while_typing(anonymous):
    def codes(**q):
        return [r["code"] for r in anonymous.get("/items", params={"limit": 100, **q}).json()["rows"]]
    assert codes(query="食")[0] == "food-biz" and codes(query="食品")[0] == "food-biz"
    assert codes(query="消防")[:3] == ["fire-open", "fire-design", "fire-accept"]
    assert codes(query="FOOD　业") == codes(query="food 业")
    assert len(codes(query="生态环境局")) == 4 and codes(query="没有这样的") == []
    slow = time.monotonic()
    for word in "企业经营许可":
        assert codes(query=word)
    assert time.monotonic() - slow < 2
    anonymous.get("/items", params={"after": "x"}, want=422)
    anonymous.get("/items", params={"limit": 0}, want=422)
    anonymous.get("/items", params={"object": "7"}, want=422)


def test_themes_and_bundles(anonymous, catalogue):
    themes = anonymous.get("/themes").json()["rows"]
    assert {t["tag"] for t in themes} == {"即办", "容缺", "上报件"} | {b["name_zh"] for b in catalogue["bundles"]}
    for t in themes[:4]:
        assert len(anonymous.pages("/items", theme=t["tag"])) == t["count"]
    bundles = anonymous.get("/bundles").json()["rows"]
    assert {b["code"] for b in bundles} == {b["id"] for b in catalogue["bundles"]}
    one = anonymous.get("/bundles/b-open-restaurant").json()
    assert one["joint_limit"]["zh"] == "5个工作日" and [i["code"] for i in one["items"] if i["required"]] == ["food-biz"]
    anonymous.get("/bundles/none", want=404)


def test_command_line_stopped_and_running(fresh_server, catalogue, tmp_path):
    s = fresh_server
    made = json.loads(s.run("import", "catalogue", FILE, "--data", s.data, "--preview", "--json"))
    assert made["items"]["new"] == 51 and made["applied"] is False
    assert "新增 new 51" in s.run("import", "catalogue", FILE, "--data", s.data)
    assert "相同 same 51" in s.run("import", "catalogue", FILE, "--data", s.data)
    hall = Hall(s)
    changed = copy.deepcopy(catalogue)
    changed["items"][4]["promised_limit"]["value"] = 2
    changed["items"][9]["regime"] = "magic"
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
    r = s.run("import", "catalogue", str(path), "--data", s.data, "--json", check=False)
    report = json.loads(r.stdout)
    assert r.returncode == 1 and report["applied"] and report["items"]["changed"] == 1 and report["items"]["bad"] == 1
    bad = next(row for row in report["rows"] if row["result"] == "bad")
    assert bad["pointer"] == "/items/9" and bad["errors"][0]["pointer"] == "/items/9/regime"
    bureau = hall.hire("bureau", "bureau_admin")[0]
    assert newest(bureau.get("/bureau/items/food-biz").json())["body"]["promised_limit"] == "2wd"
    assert s.run("import", "catalogue", "/nowhere.json", "--data", s.data, check=False).returncode == 3
    path.write_text("[]")
    assert s.run("import", "catalogue", str(path), "--data", s.data, check=False).returncode == 1


def test_import_over_the_api(bureau, catalogue):
    body = {"catalogue": catalogue}
    assert bureau.post("/bureau/catalogue/preview", body).json()["items"] == {"new": 51, "changed": 0, "same": 0, "bad": 0}
    first = bureau.post("/bureau/catalogue/import", body).json()
    assert first["units"]["new"] == 20 and first["bundles"]["new"] == 13 and first["ignored"] == ["calendar", "deadline_vectors", "id_vectors"]
    again = bureau.post("/bureau/catalogue/import", body).json()
    assert again["items"]["same"] == 51 and again["items"]["new"] == 0
    for verb in ("preview", "import"):
        assert bureau.post(f"/bureau/catalogue/{verb}", {"catalogue": {"items": 7}}, want=422).json()["code"] == "import-invalid"
    assert len(bureau.pages("/bureau/items", limit=20)) == 51
    assert bureau.get("/items").json()["rows"] == []  # drafts are not for the public


def test_publication(bureau, catalogue):
    """行政许可法 30: nothing goes out without what must be shown."""
    bureau.post("/bureau/catalogue/import", {"catalogue": catalogue})
    at = "/bureau/items/food-biz"
    item = bureau.get(at).json()
    blocked = bureau.post(f"{at}/publish", want=422)
    assert blocked.json()["code"] == "publish-blocked"
    assert pointers(blocked) == {"/conditions", "/quantity", "/steps", "/sample_form"}
    body = {**newest(item)["body"], **TEXTS, "promised_limit": "11wd"}
    bureau.put(f"{at}/draft", {"body": body}, if_match="old", want=412)
    item = bureau.put(f"{at}/draft", {"body": body}, if_match=item["etag"]).json()
    assert pointers(bureau.post(f"{at}/publish", want=422)) == {"/promised_limit"}
    wrong = bureau.put(f"{at}/draft", {"body": {**body, "promised_limit": "soon", "form": {"x": "wish! 愿望"}}}, want=422)
    assert pointers(wrong) == {"/body/promised_limit", "/body/form/x"}
    item = bureau.put(f"{at}/draft", {"body": {**body, "promised_limit": "3wd"}}).json()
    assert newest(item)["publishable"]
    bureau.post(f"{at}/publish", if_match="old", want=412)
    item = bureau.post(f"{at}/publish", if_match=item["etag"]).json()
    assert newest(item)["status"] == "published" and newest(item)["version"] == 1
    bureau.post(f"{at}/publish", want=409)
    guide = bureau.get("/items/food-biz").json()
    assert guide["promised"]["limit"] == "3wd" and not guide["sample"] and guide["missing"] == []


def test_life_of_an_item(hall, bureau, catalogue):
    bureau.post("/bureau/catalogue/import", {"catalogue": catalogue})
    body = {"name": {"zh": "测试备案", "en": None}, "regime": "filing", "unit": "market", "promised_limit": "3wd", **TEXTS,
            "materials": [{"name": {"zh": "申请表", "en": None}}], "form": {"content": "text! 1..50 内容"}}
    at = "/bureau/items/test-filing"
    made = bureau.post("/bureau/items", {"code": "test-filing", "body": body}, want=201).json()
    assert newest(made)["body"]["materials"][0]["code"] == "test-filing-01"
    bureau.post("/bureau/items", {"code": "test-filing", "body": body}, want=409)
    bureau.post("/bureau/items", {"code": "Not A Slug", "body": body}, want=422)
    for verb, extra in (("suspend", {"reason": "对接"}), ("withdraw", {"reason": "取消"}), ("resume", {})):
        bureau.post(f"{at}/{verb}", extra, want=404)  # never published
    bureau.post(f"{at}/publish")
    public = hall.server.client()
    assert [r["code"] for r in public.get("/items", params={"query": "测试"}).json()["rows"]] == ["test-filing"]
    bureau.post(f"{at}/suspend", {}, want=422)
    bureau.post(f"{at}/suspend", {"reason": "对接"}, if_match="old", want=412)
    bureau.post(f"{at}/resume", {}, want=409)
    bureau.post(f"{at}/suspend", {"reason": "对接"})
    bureau.post(f"{at}/suspend", {"reason": "对接"}, want=409)
    assert public.get("/items/test-filing").json()["status"] == "suspended"
    bureau.post(f"{at}/resume", {}, if_match="old", want=412)
    bureau.post(f"{at}/resume", {})
    # A new version: the guide follows, the old one stays readable by number.
    item = bureau.get(at).json()
    bureau.put(f"{at}/draft", {"body": {**newest(item)["body"], "promised_limit": "2wd"}})
    assert public.get("/items/test-filing").json()["promised"]["limit"] == "3wd"
    bureau.post(f"{at}/publish")
    assert public.get("/items/test-filing").json()["promised"]["limit"] == "2wd"
    assert public.get("/items/test-filing", params={"version": 1}).json()["promised"]["limit"] == "3wd"
    versions = bureau.get(at).json()["versions"]
    assert [(v["version"], v["status"], v["superseded"]) for v in versions] == [(2, "published", False), (1, "withdrawn", True)]
    bureau.post(f"{at}/withdraw", {"reason": "取消"}, if_match="old", want=412)
    bureau.post(f"{at}/withdraw", {"reason": "取消"})
    bureau.post(f"{at}/withdraw", {"reason": "取消"}, want=409)
    assert public.get("/items", params={"query": "测试"}).json()["rows"] == []
    ops = [r["op"] for r in hall.audit.pages("/audit") if r["op"].startswith("bureau.")]
    assert {"bureau.new_item", "bureau.publish", "bureau.suspend", "bureau.resume", "bureau.draft", "bureau.withdraw"} <= set(ops)


def test_only_the_bureau(hall, bureau):
    clerk = hall.hire("anna", "clerk")[0]
    for who, status in ((hall.server.client(), 401), (clerk, 403)):
        who.get("/bureau/items", want=status)
        who.get("/bureau/items/x", want=status)
        who.post("/bureau/catalogue/preview", {"catalogue": {"items": []}}, want=status)
    for method, path, form in (("GET", "", None), ("PUT", "/draft", {"body": {}}), ("POST", "/publish", {})):
        bureau.request(method, f"/bureau/items/none{path}", form, want=404)
