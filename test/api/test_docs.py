"""docs/api.md says what the program does."""
import json
import os
import re
import subprocess

from conftest import ROOT, binary

DOC = os.path.join(ROOT, "docs", "api.md")
# Of free objects: a form's own fields, the profile, facts, results of effects, what this file calls them.
FREE = {"mode", "defects", "to staff", "address", "phone", "hours", "organ", "open", "noon_from", "noon_to", "close"}


def contract():
    return json.loads(subprocess.run([binary(), "openapi"], capture_output=True, text=True, check=True).stdout)


def names(value):
    """Every property and parameter."""
    if isinstance(value, dict):
        yield from value.get("properties", {})
        if value.get("in") in ("query", "path"):
            yield value["name"]
        for inner in value.values():
            yield from names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names(inner)


def test_the_reference_is_fresh():
    made = subprocess.run([os.path.join(ROOT, "tools", "api_doc.py"), "--check", binary()], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def test_examples_name_only_members_of_the_contract():
    with open(DOC, encoding="utf-8") as f:
        text = f.read()
    known = set(names(contract())) | FREE
    examples = "".join(re.findall(r"```json\n(.*?)```", text, flags=re.S))
    assert set(re.findall(r'"([^"]+)":', examples)) - known == set()


def test_every_operation_is_told_by_hand_or_in_the_reference():
    with open(DOC, encoding="utf-8") as f:
        text = f.read()
    for path, methods in contract()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in text
