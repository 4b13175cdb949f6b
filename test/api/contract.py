"""Checks requests and replies against the OpenAPI 3.1 document and remembers what was seen."""
import re
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema

BASE = "/api/v1"
# Answers that HTTP itself gives and no operation declares.
ALWAYS = {304, 405, 406, 412, 413, 415, 416}


class Breach(AssertionError):
    """The program and its contract disagree."""


class Contract:
    def __init__(self, document):
        jsonschema.Draft202012Validator.check_schema({"$defs": document.get("components", {}).get("schemas", {})})
        self.document = document
        self.operations = []
        for path, methods in document["paths"].items():
            pattern = re.compile("".join(
                "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", path)))
            for method, op in methods.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    self.operations.append((method.upper(), path, pattern, op))
        self.seen = {}    # operationId → set of statuses
        self.codes = {}   # operationId → set of problem codes
        self.checked = 0

    def find(self, method, path):
        """The operation; a literal path wins over one with parameters."""
        fits = [(template.count("{"), template, op) for m, template, pattern, op in self.operations
                if m == method and pattern.fullmatch(path)]
        return min(fits, key=lambda fit: fit[0])[1:] if fits else (None, None)

    def validator(self, schema):
        """References point into the whole document."""
        return jsonschema.Draft202012Validator(
            {**schema, "components": self.document.get("components", {})}, format_checker=jsonschema.FormatChecker())

    def breach(self, what, r, detail):
        raise Breach(f"{r.request.method} {r.request.url} → {r.status_code}: {what}: {detail}\n{r.text[:1500]}")

    def validate(self, what, schema, value, r):
        fault = jsonschema.exceptions.best_match(self.validator(schema).iter_errors(value))
        if fault is not None:
            where = "/" + "/".join(str(p) for p in fault.absolute_path)
            self.breach(what, r, f"{where}: {fault.message[:600]}")

    def check(self, r, sent=None):
        """r: requests.Response of a path below /api/v1."""
        method = "GET" if r.request.method == "HEAD" else r.request.method
        url = urlsplit(r.request.url)
        path = url.path[len(BASE):]
        template, op = self.find(method, path)
        if op is None:
            if r.status_code not in (404, 405, 400) and not path.startswith(("/uploads", "/events", "/openapi.json")):
                self.breach("no operation for it in the contract", r, path)
            return
        self.checked += 1
        name = op["operationId"]
        self.seen.setdefault(name, set()).add(r.status_code)
        if r.status_code < 300:
            self.check_request(op, template, path, url.query, sent, r)
        self.check_reply(name, op, r)

    def check_request(self, op, template, path, query, sent, r):
        """What was accepted must be what the contract takes."""
        given = {"path": dict(zip(re.findall(r"\{([^}]+)\}", template),
                                  (unquote(g) for g in self.groups(template, path)))),
                 "query": {}, "header": {k.lower(): v for k, v in r.request.headers.items()}}
        for key, value in parse_qsl(query, keep_blank_values=True):
            given["query"].setdefault(key, []).append(value)
        for parameter in op.get("parameters", []):
            place, key = parameter["in"], parameter["name"]
            value = given[place].get(key.lower() if place == "header" else key) if place in given else None
            if value is None:
                if parameter.get("required"):
                    self.breach("accepted without a required parameter", r, key)
                continue
            schema = parameter.get("schema", {})
            self.validate(f"accepted parameter {key}", schema, typed(schema, value), r)
        known = {p["name"] for p in op.get("parameters", []) if p["in"] == "query"} | {"lang"}
        strange = set(given["query"]) - known
        if strange:
            self.breach("accepted unknown parameters", r, sorted(strange))
        body = op.get("requestBody")
        if body is not None and sent is not None:
            self.validate("accepted body", body["content"]["application/json"]["schema"], sent, r)
        if body is None and sent not in (None, {}):
            self.breach("accepted a body", r, sent)

    @staticmethod
    def groups(template, path):
        pattern = "".join("([^/]+)" if part.startswith("{") else re.escape(part)
                          for part in re.split(r"(\{[^}]+\})", template))
        return re.fullmatch(pattern, path).groups()

    def check_reply(self, name, op, r):
        responses = op["responses"]
        declared = responses.get(str(r.status_code))
        media = r.headers.get("Content-Type", "").split(";")[0]
        if r.status_code >= 400:
            self.check_problem(name, declared, media, r)
            return
        if declared is None:
            if r.status_code in ALWAYS or (r.status_code == 206 and "200" in responses):
                return
            self.breach("undeclared status", r, sorted(responses))
        if r.request.method == "HEAD" or r.status_code == 204:
            return
        content = declared.get("content", {})
        if media not in content and "*/*" not in content:
            self.breach("undeclared media type", r, f"{media}, not {sorted(content)}")
        if media == "application/json":
            self.validate("reply", content[media].get("schema", {}), r.json(), r)

    def check_problem(self, name, declared, media, r):
        if r.request.method == "HEAD":
            return
        if media != "application/problem+json":
            self.breach("a fault that is no problem+json", r, media)
        problem = r.json()
        schema = self.document["components"]["schemas"]["Problem"]
        self.validate("problem", schema, problem, r)
        if problem["status"] != r.status_code or problem["type"] != f"/problems/{problem['code']}":
            self.breach("problem contradicts itself", r, problem)
        if r.status_code < 500 and not problem.get("detail"):
            self.breach("problem without a detail", r, problem)
        if declared is None and r.status_code not in ALWAYS:
            self.breach("undeclared status", r, problem["code"])
        codes = (declared or {}).get("x-codes")
        if codes and problem["code"] not in codes and r.status_code not in ALWAYS:
            self.breach("undeclared code", r, f"{problem['code']}, not {codes}")
        self.codes.setdefault(name, set()).add(problem["code"])

    def unseen(self):
        """Operations never answered well, and declared errors never seen."""
        missing = []
        for _, _, _, op in self.operations:
            name = op["operationId"]
            if not any(status < 400 for status in self.seen.get(name, ())):
                missing.append(f"{name}: never succeeded")
            for code in op.get("x-errors", []):
                if code not in self.codes.get(name, ()):
                    missing.append(f"{name}: {code} never seen")
        return missing

    def report(self):
        missing = self.unseen()
        total = len(self.operations)
        good = total - sum(line.endswith("never succeeded") for line in missing)
        yield f"contract: {self.checked} exchanges checked, {good} of {total} operations succeeded, {len(missing)} gaps"
        yield from (f"contract: {line}" for line in missing)


def typed(schema, value):
    """Text of a parameter as its schema's type."""
    types = schema.get("type", "string")
    types = {types} if isinstance(types, str) else set(types)
    if isinstance(value, list):
        if "array" in types:
            return [typed(schema.get("items", {}), v) for v in value]
        value = value[0]
    if "integer" in types and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "boolean" in types and value in ("true", "false"):
        return value == "true"
    return value
