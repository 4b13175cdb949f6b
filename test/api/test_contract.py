"""The checker itself (contract.py): it must find each way in which program and contract can disagree."""
import pytest
import requests

from contract import Breach, Contract

NOTE = {"type": "object", "required": ["text"], "additionalProperties": False,
        "properties": {"text": {"type": "string", "maxLength": 5}, "n": {"type": ["integer", "null"]}}}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {
        "/notes": {"post": {
            "operationId": "note.add", "x-errors": ["conflict"],
            "parameters": [{"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "minLength": 8}}],
            "requestBody": {"content": {"application/json": {"schema": NOTE}}},
            "responses": {"201": {"content": {"application/json": {"schema": NOTE}}},
                          "409": {"content": PROBLEM, "x-codes": ["conflict"]}}}},
        "/notes/mine": {"get": {"operationId": "note.mine", "parameters": [], "responses": {"200": {"content": {"application/json": {"schema": NOTE}}}}}},
        "/notes/{id}": {"get": {
            "operationId": "note.get",
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
                           {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string", "maxLength": 3}}}],
            "responses": {"200": {"content": {"application/json": {"schema": NOTE}}}, "204": {}}}},
    },
    "components": {"schemas": {"Problem": {"type": "object", "required": ["type", "title", "status", "code"],
                                           "properties": {"status": {"type": "integer"}}}}},
}


def reply(method, path, status, body=None, media="application/json", headers=None):
    r = requests.Response()
    r.status_code = status
    r.request = requests.Request(method, f"http://localhost/api/v1{path}", headers=headers or {}).prepare()
    if body is not None:
        r.headers["Content-Type"] = media
        r._content = requests.models.complexjson.dumps(body).encode()
    else:
        r._content = b""
    return r


def problem(status, code, **more):
    return {"type": f"/problems/{code}", "title": "t", "status": status, "code": code, "detail": "d", **more}


KEY = {"Idempotency-Key": "abcdefgh"}
FAULTY = "application/problem+json"
GOOD = [
    (reply("POST", "/notes", 201, {"text": "一"}, headers=KEY), {"text": "一"}),
    (reply("GET", "/notes/mine", 200, {"text": "一", "n": None}), None),
    (reply("GET", "/notes/7?tags=a&tags=b&lang=en", 200, {"text": "一"}), None),
    (reply("GET", "/notes/7", 204), None),
    (reply("GET", "/notes/7", 304), None),
    (reply("POST", "/notes", 409, problem(409, "conflict"), FAULTY, headers=KEY), {"text": "一"}),
    (reply("POST", "/notes", 409, problem(409, "conflict"), FAULTY), {"wrong": 1}),
    (reply("POST", "/notes", 415, problem(415, "media-type"), FAULTY), None),
    (reply("GET", "/nothing", 404, problem(404, "not-found"), FAULTY), None),
]
BAD = [
    ("reply", reply("POST", "/notes", 201, {"text": "一二三四五六"}, headers=KEY), {"text": "一"}),
    ("reply", reply("POST", "/notes", 201, {"text": "一", "more": 1}, headers=KEY), {"text": "一"}),
    ("reply", reply("GET", "/notes/mine", 200, {}), None),
    ("accepted body", reply("POST", "/notes", 201, {"text": "一"}, headers=KEY), {"n": 1}),
    ("without a required parameter", reply("POST", "/notes", 201, {"text": "一"}), {"text": "一"}),
    ("accepted parameter", reply("POST", "/notes", 201, {"text": "一"}, headers={"Idempotency-Key": "short"}), {"text": "一"}),
    ("accepted parameter id", reply("GET", "/notes/0", 200, {"text": "一"}), None),
    ("accepted parameter id", reply("GET", "/notes/x", 200, {"text": "一"}), None),
    ("accepted parameter tags", reply("GET", "/notes/7?tags=abcd", 200, {"text": "一"}), None),
    ("unknown parameters", reply("GET", "/notes/7?foo=1", 200, {"text": "一"}), None),
    ("accepted a body", reply("GET", "/notes/7", 200, {"text": "一"}), {"a": 1}),
    ("undeclared status", reply("GET", "/notes/mine", 202, {"text": "一"}), None),
    ("undeclared status", reply("GET", "/notes/mine", 404, problem(404, "not-found"), FAULTY), None),
    ("undeclared code", reply("POST", "/notes", 409, problem(409, "other"), FAULTY), None),
    ("undeclared media", reply("GET", "/notes/mine", 200, {"text": "一"}, "text/html"), None),
    ("no problem.json", reply("POST", "/notes", 409, problem(409, "conflict")), None),
    ("contradicts", reply("POST", "/notes", 409, problem(400, "conflict"), FAULTY), None),
    ("without a detail", reply("POST", "/notes", 409, problem(409, "conflict", detail=""), FAULTY), None),
    ("no operation", reply("GET", "/nothing", 200, {"text": "一"}), None),
]


@pytest.mark.parametrize("r,sent", GOOD)
def test_agreement(r, sent):
    Contract(DOCUMENT).check(r, sent=sent)


@pytest.mark.parametrize("what,r,sent", BAD)
def test_breach(what, r, sent):
    with pytest.raises(Breach, match=what):
        Contract(DOCUMENT).check(r, sent=sent)


def test_gaps_are_counted():
    c = Contract(DOCUMENT)
    assert set(c.unseen()) == {"note.add: never succeeded", "note.add: conflict never seen", "note.mine: never succeeded", "note.get: never succeeded"}
    for r, sent in GOOD:
        c.check(r, sent=sent)
    assert c.unseen() == []
    assert next(iter(c.report())).startswith("contract: 8 exchanges checked, 3 of 3 operations succeeded, 0 gaps")
