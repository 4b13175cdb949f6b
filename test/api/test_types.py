"""The pages' types (web/src/api/types.ts) name only members that the contract has."""
import json
import os
import re
import subprocess

import pytest

from conftest import ROOT, binary

TYPES = os.path.join(ROOT, "web", "src", "api", "types.ts")
# Interfaces under another name, or inside the reply of an operation.
ELSEWHERE = {
    "FormSchema": "ActForm", "Me": "get /me", "Mandate": "get /me: mandates", "UploadInfo": "get /uploads/{token}", "UnitRef": "UnitOrNull",
}
# Not replies: what pages keep themselves, or what is free text to the contract.
OWN = {"Rows", "OfficeProfile", "FormMaterial", "DraftForm", "Reason"}
# Members that pages look for and the server does not send; each needs its reason here.
KNOWN = {
    "Clock": {"none_reason"},        # the page falls back to its own words
    "MatterMaterial": {"condition"},  # joined from the guide by the page
    "UnitRef": {"code"},             # of GET /units only
    "Mandate": {"scope_name"},       # the page has the words
    "WorkRow": {"class", "party"},   # the title names the party
    "Field": {"hint", "unit"},       # the definitions have no such texts yet
    "MatterLink": {"number"},        # special procedures have no number of their own
}


def interfaces(text):
    """Name → members at the first depth."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)
    for match in re.finditer(r"export interface (\w+)[^{]*\{", text):
        depth, at, flat = 1, match.end(), []
        while depth:
            c = text[at]
            depth += (c in "{[(<") - (c in "}])>" and text[at - 1] != "=")
            if depth == 1 and c not in "}])>":
                flat.append(c)
            at += 1
        yield match.group(1), {m for m in re.findall(r"(?:^|[;\n])\s*(\w+)\??:", "".join(flat))}


def members(document, name):
    """Property names of a component or of `get /path[: member]`, arrays seen through."""
    def resolve(s):
        while "$ref" in s or "items" in s and s.get("properties") is None:
            s = document["components"]["schemas"][s["$ref"].rsplit("/", 1)[1]] if "$ref" in s else s["items"]
        return s
    if not name.startswith("get "):
        return set(resolve(document["components"]["schemas"][name])["properties"])
    path, _, inner = name[4:].partition(": ")
    schema = resolve(document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"])
    return set(resolve(schema["properties"][inner])["properties"]) if inner else set(schema["properties"])


@pytest.fixture(scope="module")
def document():
    return json.loads(subprocess.run([binary(), "openapi"], capture_output=True, text=True, check=True).stdout)


@pytest.fixture(scope="module")
def types():
    with open(TYPES, encoding="utf-8") as f:
        return dict(interfaces(f.read()))


def test_the_reader_of_types():
    source = "export interface A { a: number; b?: { c: string; d: [] }\n  e: Record<string, unknown>; /* f: 1 */ } export interface B<T> { rows: T[] }"
    assert dict(interfaces(source)) == {"A": {"a", "b", "e"}, "B": {"rows"}}


def test_members_of_types_are_in_the_contract(document, types):
    assert len(types) > 20
    strange = {}
    for name, found in types.items():
        if name not in OWN:
            lost = found - members(document, ELSEWHERE.get(name, name)) - KNOWN.get(name, set())
            if lost:
                strange[name] = sorted(lost)
    assert strange == {}


def test_known_differences_are_still_there(document, types):
    """An entry that is no longer needed goes."""
    for name, known in KNOWN.items():
        assert known <= types[name] - members(document, ELSEWHERE.get(name, name)), name
