"""The schema that the rows print is valid JSON Schema 2020-12, and an independent validator comes to
the rows' verdict on every document. Usage: test_field_schema.py PROGRAM"""

import json
import subprocess
import sys

import jsonschema

out = subprocess.run([sys.argv[1], "print"], check=True, capture_output=True, encoding="utf-8").stdout
data = json.loads(out)
jsonschema.Draft202012Validator.check_schema(data["schema"])
validator = jsonschema.Draft202012Validator(data["schema"])
verdicts = {True: 0, False: 0}
for document in data["documents"]:
    verdict = validator.is_valid(document["value"])
    assert verdict == document["ok"], document
    verdicts[verdict] += 1
assert min(verdicts.values()) > 5, verdicts
print(f"{verdicts[True]} taken, {verdicts[False]} refused, by both")
