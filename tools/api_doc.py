#!/usr/bin/python3
"""The reference part of docs/api.md from the contract: api_doc.py [--check] [HUHANG]

Writes what stands behind the marker from `huhang openapi`: every operation with its parameters, body,
reply and codes, and every shape with its members. --check only compares, exit 1 when it is stale.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOC = os.path.join(ROOT, "docs", "api.md")
MARKER = "<!-- From here on made by tools/api_doc.py. -->\n"
GENERAL = "`400 401 403 404 406 408 413 415 422 428 429 503` may come from any operation; the codes named are its own.\n"


def kinds(schema):
    t = schema.get("type", [])
    return [t] if isinstance(t, str) else list(t)


def shape(schema, depth=0):
    """One line: names of members, ? where one may be absent, |null where it may be null."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return name[:-6] + "|null" if name.endswith("OrNull") else name
    null = "|null" if "null" in kinds(schema) else ""
    if schema.get("properties"):
        required = set(schema.get("required", ()))
        parts = []
        for name, inner in schema["properties"].items():
            text = shape(inner, depth + 1)
            more = f" {text}" if text[:1] in "{[" or text[:1].isupper() else "|null" if text.endswith("|null") else ""
            parts.append(name + ("" if name in required or not required else "?") + more)
        return "{" + ", ".join(parts) + "}" + null
    if "array" in kinds(schema):
        inner = shape(schema.get("items", {}), depth + 1)
        return f"[{inner if inner[:1] in '{[' or inner[:1].isupper() else '…'}]{null}"
    return "any" + null


def operation(method, path, op, me):
    line = [f"- `{method.upper()} {path}`", f"{op['x-summary-en']} ({op['operationId']}; {op['x-permission']})"]
    query = [p["name"] for p in op.get("parameters", []) if p["in"] == "query"]
    if query:
        line.append("query `" + ", ".join(query) + "`")
    header = [p["name"] for p in op.get("parameters", []) if p["in"] == "header"]
    if header:
        line.append("headers `" + ", ".join(header) + "`")
    body = op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        line.append("body `" + shape(body) + "`")
    replies = {}
    for status, reply in op["responses"].items():
        if status.startswith("2"):
            for media, about in reply.get("content", {"": {}}).items():
                text = shape(about.get("schema", {})) if media == "application/json" else media
                replies.setdefault("`Me`" if text == me else f"`{text}`" if text else "", []).append(status)
    line += [f"{' or '.join(statuses)} {text}".rstrip() for text, statuses in replies.items()]
    if op.get("x-errors"):
        line.append("codes `" + " ".join(op["x-errors"]) + "`")
    return " · ".join(line)


def reference(document):
    out = ["\n## Every operation\n", "\n", GENERAL, "\n"]
    me = shape(document["paths"]["/me"]["get"]["responses"]["200"]["content"]["application/json"]["schema"])
    for path, methods in document["paths"].items():
        out += [operation(method, path, op, me) + "\n" for method, op in methods.items()]
    out += ["\n## Every shape\n", "\n", "`?` may be absent, `|null` may be null, `[…]` a list.\n", "\n"]
    out.append(f"- **Me** `{me}`\n")
    for name, schema in document["components"]["schemas"].items():
        if not name.endswith("OrNull"):
            out.append(f"- **{name}** `{shape(schema)}`\n")
    return "".join(out)


def main(args):
    check = "--check" in args
    program = next((a for a in args if a != "--check"), os.path.join(ROOT, "build", "src", "main", "huhang"))
    document = json.loads(subprocess.run([program, "openapi"], capture_output=True, text=True, check=True).stdout)
    with open(DOC, encoding="utf-8") as f:
        text = f.read()
    head, _, old = text.partition(MARKER)
    new = reference(document)
    if check:
        if old != new:
            print("docs/api.md is stale: run tools/api_doc.py", file=sys.stderr)
        return 0 if old == new else 1
    with open(DOC, "w", encoding="utf-8") as f:
        f.write(head.rstrip("\n") + "\n\n" + MARKER + new)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
