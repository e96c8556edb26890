"""Whose bytes and messages are the right ones: orjson's, or the model's where orjson is missing."""

import model

try:
    import orjson
except ImportError:
    orjson = None

# Before 3.13 orjson wrote 1e16 where it now writes 1e+16: another oracle than the one we follow.
if orjson is not None and orjson.dumps(1e16) == b"1e+16":
    ORACLE = f"orjson {orjson.__version__}"
    oracle_dumps = orjson.dumps
    OracleError = orjson.JSONEncodeError
else:
    orjson = None
    ORACLE = "tests/python/model.py"
    oracle_dumps = model.dumps
    OracleError = model.ModelError
