"""Bad input through the API of the real program (issue H): JSONTestSuite, naughty strings in every text field,
wrong types, duplicate keys, numbers beyond 64 bits, uploads that are too large or of the wrong kind. Never a 5xx,
every refusal a problem that says in Chinese and in English what is wrong. Raw bytes are in test_http_raw.py; two
clerks at once, command ids, other units' matters and ended sessions in test/api/test_matter.py.
"""
import base64
import itertools
import json
import os
import sys
import unicodedata
import uuid

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "..", "api"))
from conftest import Server  # noqa: E402
from demo import PASSWORD, form, submit  # noqa: E402

BAD = os.environ.get("HUHANG_BAD_INPUT", os.path.join(ROOT, "..", "shared", "data", "bad-input"))
LANGS = ("zh", "en")
PEOPLE = ("citizen1", "clerk1", "bureau", "owner", "market.reviewer1", "admin", "security", "audit")


class Hall:
    def __init__(self):
        self.server = Server(demo=True, settings=("registrations_per_hour=100000", "upload_max_bytes=300000")).start()
        self.people = {login: self.server.client(login, PASSWORD) for login in PEOPLE}
        self.nobody = self.server.client()

    def alive(self):
        return self.server.process.poll() is None and self.nobody.session.get(self.server.url + "/health/live", timeout=10).status_code == 200


@pytest.fixture(scope="module")
def hall():
    h = Hall()
    try:
        yield h
        h.server.stop()
    finally:
        h.server.remove()


def raw(client, method, path, body, lang="zh", **headers):
    own = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex, "Accept-Language": lang, **headers}
    if client.csrf:
        own["X-CSRF-Token"] = client.csrf
    return client.session.request(method, f"{client.server.url}/api/v1{path}", data=body, headers=own, timeout=30)


def check_problem(r, lang, what=""):
    """A refusal that explains itself in the language asked for."""
    assert 400 <= r.status_code < 500, (what, r.status_code, r.text[:500])
    assert r.headers["Content-Type"] == "application/problem+json", (what, r.headers)
    p = r.json()
    assert p["status"] == r.status_code and p["title"] and p["detail"], (what, p)
    said = [p["title"], p["detail"], *[e["detail"] for e in p.get("errors", [])]]
    for text in said:
        chinese = any("\u4e00" <= c <= "\u9fff" for c in text)
        assert chinese or lang == "en", (what, text)
    if lang == "en":
        # Names that people gave may be Chinese; our own words are not.
        assert not any("\u4e00" <= c <= "\u9fff" for c in p["title"]), (what, p)
    return p


def shared(*path):
    full = os.path.join(BAD, *path)
    if not os.path.exists(full):
        pytest.skip("no shared test data here")
    return full


# ---- JSON ----

def json_suite():
    folder = shared("json", "test_parsing")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            yield name, f.read()


def no_json(p):
    """Refused as JSON: by its grammar, or a text in it by its bytes or code points."""
    if "须是一个 JSON 对象" in p["detail"]:
        return False  # JSON, but no object
    return p["code"] in ("json-invalid", "body-too-large") or any(e["code"] == "text" for e in p.get("errors", []))


def test_json_suite_as_a_body(hall):
    """y_ is JSON (and then not the form that was asked for), n_ is refused as JSON, i_ either; nothing breaks."""
    who, seen = hall.people["citizen1"], {"y": 0, "n": 0, "i": 0}
    for name, body in json_suite():
        r = raw(who, "POST", "/drafts", body)
        p = check_problem(r, "zh", name)
        seen[name[0]] += 1
        # RFC 8259 lets a name occur twice; we refuse it, because two readers would see two values. It lets texts
        # hold control characters; ours do not, and the refusal says where one stands.
        assert name[0] != "y" or not no_json(p) or "duplicated_key" in name or p["code"] == "form-invalid", (name, p)
        assert name[0] != "n" or no_json(p) or body == b"" or p["errors"][0]["code"] == "range", (name, p)
    assert min(seen.values()) > 20 and hall.alive()


def test_json_suite_in_a_free_member(hall):
    """Inside a draft, whose form is stored as it comes: what is JSON is read back as the same JSON."""
    who = hall.people["citizen1"]
    made = who.post("/drafts", {"item": "fund-open"}).json()
    path, etag, kept = f"/drafts/{made['code']}", made["version"], 0
    for name, value in json_suite():
        body = b'{"form":{"answers":{"x":' + value + b"}}}"
        r = raw(who, "PUT", path, body, **{"If-Match": f'"{etag}"'})
        if r.status_code == 200:
            etag = r.json()["version"]
            assert name[0] != "n" or value.strip() == b"" or is_json(body), name
            if name[0] == "y":
                kept += 1
                assert who.get(path).json()["form"]["answers"]["x"] == json.loads(value), name
        else:
            check_problem(r, "zh", name)
            # Numbers that JavaScript cannot keep and texts with control characters are refused with their reason.
            assert name[0] != "y" or r.status_code == 422 or "duplicated_key" in name, (name, r.text)
    assert kept > 60 and hall.alive()


def is_json(body):
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


JSON_FAULTS = {
    "a key twice": b'{"item":"fund-open","item":"food-biz"}',
    "a key twice inside": b'{"item":"fund-open","form":{"answers":{"a":1,"a":2}}}',
    "a comma too many": b'{"item":"fund-open",}',
    "a comment": b'{"item":"fund-open"/* */}',
    "a word": b"nothing",
    "two values": b"{}{}",
    "half": b'{"item":"fund-o',
    "NaN": b'{"item":NaN}',
    "single quotes": b"{'item':'fund-open'}",
    "byte order mark": b'\xef\xbb\xbf{"item":"fund-open"}',
    "UTF-16": '{"item":"fund-open"}'.encode("utf-16"),
    "no UTF-8": b'{"item":"\xc3\x28"}',
    "a surrogate": b'{"item":"\\ud800"}',
    "deep": b'{"form":' + b"[" * 100000,
}


@pytest.mark.parametrize("name", JSON_FAULTS)
def test_json_faults_are_explained(hall, name):
    for lang in LANGS:
        p = check_problem(raw(hall.people["citizen1"], "POST", "/drafts", JSON_FAULTS[name], lang), lang, name)
        assert no_json(p), p


def test_a_body_of_another_kind(hall):
    who = hall.people["citizen1"]
    for lang in LANGS:
        assert check_problem(raw(who, "POST", "/drafts", b"item=fund-open", lang, **{"Content-Type": "application/x-www-form-urlencoded"}), lang)["status"] == 415
        assert check_problem(raw(who, "POST", "/drafts", b'{"item":"' + b"x" * 2_000_000 + b'"}', lang), lang)["status"] == 413


# ---- every operation ----

def write_operations(hall):
    document = hall.nobody.contract.document
    for path, methods in document["paths"].items():
        for method, op in methods.items():
            body = op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if body is None or path.startswith("/session"):
                continue
            at = path.replace("{code}", "none").replace("{kind}", "none").replace("{id}", "5")
            who = allowed(hall, method.upper(), at)
            if who is not None:  # naming the administrators is over in a demo
                yield who, method.upper(), at, op["operationId"], body


def allowed(hall, method, path):
    """Somebody who may try the operation."""
    for who in hall.people.values():
        if raw(who, method, path, b'{"no_such_member":1}', **{"If-Match": '"1"'}).status_code not in (401, 403):
            return who
    if raw(hall.nobody, method, path, b'{"no_such_member":1}').status_code in (401, 403):
        return None
    return hall.nobody


HUGE = 2 ** 63
OTHER = {
    "string": [1, True, [], {}, 1.5, HUGE], "integer": ["x", True, [], {}, 1.5, HUGE, -HUGE, 1e300, "1"],
    "boolean": ["true", 1, [], {}], "array": ["x", 1, {}, True, [1], [{}], [None]], "object": ["x", 1, [], True],
}


def wrong_values(schema):
    types = schema.get("type")
    types = {types} if isinstance(types, str) else set(types or ())
    for t in types - {"null"}:
        inner = schema.get("items", {}).get("type")
        yield from (v for v in OTHER[t] if not (t == "array" and inner == "integer" and v == [1]))


def test_wrong_types_in_every_member(hall):
    """Each member of each operation: named by its pointer, in both languages."""
    tried = 0
    for who, method, path, name, schema in write_operations(hall):
        for member, about in schema.get("properties", {}).items():
            for i, value in enumerate(wrong_values(about)):
                lang = LANGS[i % 2]
                r = raw(who, method, path, json.dumps({member: value}), lang, **{"If-Match": '"1"'})
                p = check_problem(r, lang, (name, member, value))
                assert any(e["pointer"].startswith("/" + member) for e in p.get("errors", [])), (name, member, value, p)
                tried += 1
    assert tried > 500 and hall.alive()


def test_duplicate_and_unknown_members_everywhere(hall):
    for who, method, path, name, schema in write_operations(hall):
        first = next(iter(schema.get("properties", {"x": None})))
        twice = f'{{"{first}":null,"{first}":null}}'.encode()
        for lang in LANGS:
            assert check_problem(raw(who, method, path, twice, lang, **{"If-Match": '"1"'}), lang, name)["code"] == "json-invalid"
            p = check_problem(raw(who, method, path, b'{"no_such_member":1}', lang, **{"If-Match": '"1"'}), lang, name)
            assert any(e["pointer"] == "/no_such_member" for e in p.get("errors", [])), (name, p)


def test_numbers_beyond_64_bits_in_paths_and_queries(hall):
    document = hall.nobody.contract.document
    tried = 0
    for path, methods in document["paths"].items():
        get = methods.get("get")
        if get is None:
            continue
        for parameter in get.get("parameters", []):
            kind = parameter.get("schema", {}).get("type")
            if parameter["in"] not in ("path", "query") or kind != "integer":
                continue
            for i, value in enumerate((str(HUGE), str(HUGE - 1), "-1", "0x10", "1.0", "٣", "1e3", "", "9" * 400)):
                at = path
                for other in get["parameters"]:
                    if other["in"] == "path":
                        at = at.replace("{%s}" % other["name"], value if other is parameter else "5")
                query = {parameter["name"]: value} if parameter["in"] == "query" else {}
                who = hall.people[PEOPLE[i % len(PEOPLE)]]
                lang = LANGS[i % 2]
                r = who.session.get(f"{hall.server.url}/api/v1{at}", params=query, headers={"Accept-Language": lang}, timeout=30)
                assert r.status_code < 500, (at, query, r.text)
                if r.status_code >= 400:
                    check_problem(r, lang, (at, query))
                tried += 1
    assert tried > 100 and hall.alive()


# ---- texts ----

CORE = ["a\0b", "a\u0007b", "a\u202eb", "\ufeff标题", "\ufffe", "\ud800", "A\u030a e\u0301", "ﬀ", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U00020000\U0002a6df",
        "'; DROP TABLE matter; --", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "../../etc/passwd", "a\r\nb", "\t ", "　", " x ", "İıſK", "\u2028", "x" * 5000]


def naughty():
    path = os.path.join(BAD, "strings", "blns.json")
    if not os.path.exists(path):
        return CORE
    with open(path, encoding="utf-8") as f:
        texts = json.load(f)
    for name in ("SQL.txt", "XSS.txt", "XML.txt", "bad_chars.txt", "sql_inj.txt"):
        with open(os.path.join(BAD, "injection", name), "rb") as f:
            texts += [line.decode("utf-8", "replace") for line in f.read().splitlines()]
    return CORE + [t for t in texts if t]


def encode(value):
    return json.dumps(value, ensure_ascii=True).encode()


class Fields:
    """Each entry writes a text through one operation and gives back what the API then shows of it."""

    def __init__(self, hall):
        self.hall, self.citizen, self.clerk, self.bureau = hall, hall.people["citizen1"], hall.people["clerk1"], hall.people["bureau"]
        self.draft = self.citizen.post("/drafts", {"item": "fund-open"}).json()
        self.matter = submit(self.citizen)
        self.unit = self.bureau.post("/bureau/units", {"code": "t" + uuid.uuid4().hex[:8], "name": "测试部门"}).json()
        self.person = hall.people["admin"].post("/bureau/staff", {"login": "t" + uuid.uuid4().hex[:8], "name": "测试"}).json()
        self.item = self.bureau.get("/bureau/items/food-biz").json()["versions"][0]["body"]

    def draft_answer(self, text):
        r = raw(self.citizen, "PUT", f"/drafts/{self.draft['code']}", encode({"form": {"answers": {"content": text, text: "k"}}}), **{"If-Match": f'"{self.draft["version"]}"'})
        if r.status_code == 200:
            self.draft = r.json()
            back = self.citizen.get(f"/drafts/{self.draft['code']}").json()["form"]["answers"]
            return r, back["content"] if text in back or text == "content" else None
        return r, None

    def draft_page(self, text):
        r = raw(self.citizen, "PUT", f"/drafts/{self.draft['code']}", encode({"form": {}, "page": text}), **{"If-Match": f'"{self.draft["version"]}"'})
        if r.status_code == 200:
            self.draft = r.json()
        return r, self.draft["page"]

    def answer(self, text):
        r = raw(self.citizen, "POST", "/matters", encode({"item": "fund-open", "form": form(content=text)}))
        return r, r.status_code == 201 and self.citizen.get(f"/matters/{r.json()['id']}").json()["form"]["answers"]["content"]

    def act(self, who, name, values, seen):
        now = who.get(f"/matters/{self.matter['id']}").json()
        r = raw(who, "POST", f"/matters/{self.matter['id']}/acts", encode({"act": name, "form": values}), **{"If-Match": f'"{now["etag"]}"'})
        return r, r.status_code == 200 and seen({f["name"]: f["value"] for f in r.json()["timeline"][-1]["fields"]})

    def note(self, text):
        return self.act(self.clerk, "note", {"text": text}, lambda f: f["text"])

    def urge(self, text):
        return self.act(self.citizen, "urge", {"text": text}, lambda f: f["text"])

    def fix(self, text):
        return self.act(self.clerk, "fix", {"changes": [{"field": "电话", "before": text, "after": "x"}]}, lambda f: f["changes"][0]["before"])

    def unit_name(self, text):
        r = raw(self.bureau, "PUT", f"/bureau/units/{self.unit['id']}", encode({"name": text, "name_en": "unit"}))
        return r, r.status_code == 200 and r.json()["name"]["zh"]

    def unit_name_en(self, text):
        r = raw(self.bureau, "PUT", f"/bureau/units/{self.unit['id']}", encode({"name": "测试部门", "name_en": text}))
        return r, r.status_code == 200 and r.json()["name"]["en"]

    def staff_name(self, text):
        r = raw(self.hall.people["admin"], "PUT", f"/bureau/staff/{self.person['id']}", encode({"name": text}))
        return r, r.status_code == 200 and r.json()["name"]

    def profile(self, text):
        now = self.bureau.get("/office")
        body = now.json()
        r = raw(self.bureau, "PUT", "/office", encode({"name": body["name"], "profile": {"organ": body["profile"]["organ"], "address": text}}), **{"If-Match": now.headers["ETag"]})
        return r, r.status_code == 200 and self.hall.nobody.get("/me").json()["office"]["profile"].get("address")

    def item_text(self, text):
        r = raw(self.bureau, "PUT", "/bureau/items/food-biz/draft", encode({"body": {**self.item, "conditions": {"zh": text, "en": None}}}))
        return r, r.status_code == 200 and r.json()["versions"][0]["body"]["conditions"]["zh"]

    def file_name(self, text):
        try:
            name = base64.b64encode(text.encode()).decode()
        except UnicodeEncodeError:
            return None, None
        r = raw(self.citizen, "POST", "/uploads", b"", **{"Content-Type": "", "Tus-Resumable": "1.0.0", "Upload-Length": "5",
                                                          "Upload-Metadata": f"filename {name},filetype {base64.b64encode(b'text/plain').decode()}"})
        if r.status_code != 201:
            return r, None
        at = r.headers["Location"][7:]
        back = self.citizen.get(at).json()["name"]
        raw(self.citizen, "DELETE", at, None, **{"Tus-Resumable": "1.0.0"})
        return r, back


FIELDS = [n for n in vars(Fields) if not n.startswith("_") and n != "act"]


@pytest.fixture(scope="module")
def fields(hall):
    return Fields(hall)


@pytest.mark.parametrize("field", FIELDS)
def test_naughty_strings_in_text_fields(hall, fields, field):
    """Written and read back identical (names in NFC), or refused with the reason; all strings in turn over the fields."""
    all_texts = naughty()
    i = FIELDS.index(field)
    texts = all_texts if field == "draft_answer" else CORE + all_texts[len(CORE) + i::4]
    kept = 0
    for text in texts:
        r, back = getattr(fields, field)(text)
        if r is None:
            continue
        assert r.status_code < 500, (field, text, r.text)
        if r.status_code < 300:
            kept += 1
            assert back == text or back == unicodedata.normalize("NFC", text) or (back in ("", None) and not text.strip()), (field, text, back)
        else:
            for lang in LANGS[:1]:
                check_problem(r, lang, (field, text))
    assert kept > len(texts) // 3, f"only {kept} of {len(texts)} were taken; the last answer: {r.text}"
    assert hall.alive()


def test_refusals_of_texts_in_english(hall):
    clerk, matter = hall.people["clerk1"], submit(hall.people["citizen1"])
    for text in ("a\0b", "\ud800", "\ufffe", "", "x" * 5000):
        for lang in LANGS:
            r = raw(clerk, "POST", f"/matters/{matter['id']}/acts", encode({"act": "note", "form": {"text": text}}), lang, **{"If-Match": f'"{matter["etag"]}"'})
            p = check_problem(r, lang, text)
            assert p["code"] == "json-invalid" or p["errors"][0]["pointer"] == "/form/text", p


def test_naughty_strings_in_every_member(hall):
    """Every text member of every operation takes some of them: refused or done, never broken."""
    texts = itertools.cycle(naughty())
    for who, method, path, name, schema in write_operations(hall):
        for member, about in schema.get("properties", {}).items():
            if "string" in str(about.get("type")):
                for lang in LANGS * 3:
                    r = raw(who, method, path, encode({member: next(texts)}), lang, **{"If-Match": '"1"'})
                    assert r.status_code < 500, (name, member, r.text)
                    if r.status_code >= 400:
                        check_problem(r, lang, (name, member))
    assert hall.alive()


def test_naughty_strings_in_queries(hall):
    texts, document = itertools.cycle(naughty()), hall.nobody.contract.document
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", []):
            if parameter["in"] != "query" or parameter["schema"].get("type") != "string" or "{" in path:
                continue
            for i, who in enumerate(hall.people.values()):
                lang = LANGS[i % 2]
                r = who.session.get(f"{hall.server.url}/api/v1{path}", params={parameter["name"]: next(texts).encode("utf-8", "replace")},
                                    headers={"Accept-Language": lang}, timeout=30)
                assert r.status_code < 500, (path, parameter["name"], r.url, r.text)
                if r.status_code >= 400:
                    check_problem(r, lang, r.url)
    assert hall.alive()


def test_bytes_that_are_no_utf8(hall):
    """Kuhn's file line by line, as a note: good UTF-8 is read back, the rest is refused."""
    with open(shared("utf8", "UTF-8-test_2003_kuhn.txt"), "rb") as f:
        lines = [line.translate(None, b'"\\\x7f' + bytes(range(32))) for line in f.read().split(b"\n")]
    who, code, version = hall.people["citizen1"], None, None
    made = who.post("/drafts", {"item": "fund-open"}).json()
    code, version = made["code"], made["version"]
    for line in lines:
        r = raw(who, "PUT", f"/drafts/{code}", b'{"form":{"answers":{"x":"' + line + b'"}}}', **{"If-Match": f'"{version}"'})
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            assert no_json(check_problem(r, "zh", line))
            continue
        if r.status_code == 200:
            version = r.json()["version"]
            assert who.get(f"/drafts/{code}").json()["form"]["answers"]["x"] == text
        else:
            check_problem(r, "zh", line)


# ---- uploads ----

PDF = b"%PDF-1.7\n"


def tus(who, lang, size, name="a.pdf", media="application/pdf", **headers):
    b64 = lambda s: base64.b64encode(s.encode()).decode()  # noqa: E731
    return raw(who, "POST", "/uploads", b"", lang, **{"Content-Type": "", "Tus-Resumable": "1.0.0", "Upload-Length": str(size),
                                                     "Upload-Metadata": f"filename {b64(name)},filetype {b64(media)}", **headers})


def patch(who, lang, at, offset, content, **headers):
    return raw(who, "PATCH", at[7:], content, lang, **{"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream", **headers})


@pytest.mark.parametrize("lang", LANGS)
def test_uploads_that_are_refused_at_once(hall, lang):
    who = hall.people["citizen1"]
    for size in (300001, HUGE - 1):
        assert check_problem(tus(who, lang, size), lang)["code"] == "body-too-large"
    for size in (0, -1, HUGE, "x", ""):
        assert check_problem(tus(who, lang, size), lang)["status"] in (400, 422)
    for media in ("application/x-msdownload", "text/html", "image/svg+xml", "x"):
        p = check_problem(tus(who, lang, 10, media=media), lang)
        assert p["code"] == "upload-kind" and "PDF" in p["hint"]
    assert check_problem(tus(who, lang, 10, name=""), lang)["status"] in (400, 422)
    assert check_problem(tus(who, lang, 10, name="a" * 300), lang)["errors"][0]["pointer"] == "/filename"
    assert check_problem(tus(who, lang, 10, media=""), lang)["status"] in (400, 422)
    assert check_problem(tus(who, lang, 10, **{"Upload-Metadata": "filename %%%"}), lang)["status"] == 400
    assert check_problem(tus(who, lang, 10, **{"Tus-Resumable": "0.2.2"}), lang)["status"] == 412
    assert check_problem(tus(hall.nobody, lang, 10), lang)["status"] == 401


@pytest.mark.parametrize("lang", LANGS)
def test_uploads_that_are_refused_by_their_bytes(hall, lang):
    who = hall.people["citizen1"]
    for name, media, content in (("a.pdf", "application/pdf", b"MZ\x90\x00 no pdf at all"), ("a.png", "image/png", PDF + b"x" * 20),
                                 ("a.txt", "text/plain", b"\x7fELF\x02\x01\x01\x00" + b"\0" * 20), ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"<html></html>" * 3)):
        at = tus(who, lang, len(content), name, media).headers["Location"]
        assert check_problem(patch(who, lang, at, 0, content), lang)["code"] == "upload-kind"
        assert who.get(at[7:]).json()["complete"] is False
    at = tus(who, lang, 20).headers["Location"]
    assert check_problem(patch(who, lang, at, 0, PDF + b"x" * 100), lang)["code"] == "body-too-large"
    assert check_problem(patch(who, lang, at, 5, PDF), lang)["code"] == "upload-offset"
    assert check_problem(patch(who, lang, at, 0, PDF, **{"Content-Type": "application/pdf"}), lang)["status"] == 415
    other = hall.people["clerk1"]
    assert check_problem(patch(other, lang, at, 0, PDF), lang)["status"] == 404
    # An application cannot name what is not whole, or not the applicant's own.
    token = at.rsplit("/", 1)[1]
    body = {"item": "fund-open", "form": {**form(), "materials": [{"code": "fund-open-01", "files": [token]}]}}
    p = check_problem(raw(who, "POST", "/matters", encode(body), lang), lang)
    assert p["errors"][0]["pointer"].startswith("/form/materials/0/files"), p
