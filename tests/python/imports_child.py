"""A child process: nobody pays for modules that nobody has imported."""

import sys

import planjson

OURS = ("datetime", "uuid", "dataclasses", "zoneinfo", "decimal", "numpy", "pydantic")

before = set(sys.modules)
assert planjson.dumps([1, object(), range(3)], default=str)
for name in OURS:
    assert name in before or name not in sys.modules, name

# What is imported later is known from then on.
import datetime  # noqa: E402
import uuid  # noqa: E402

assert planjson.dumps(datetime.date(2024, 1, 1)) == b'"2024-01-01"'
assert planjson.dumps(uuid.UUID(int=0)) == b'"00000000-0000-0000-0000-000000000000"'
print("OK")
