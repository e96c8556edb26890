"""`same`: all paths against each other and against the oracle."""

from typing import NamedTuple

import planjson
from oracle import OracleError, oracle_dumps
from runners import PATHS, brief


class Failure(NamedTuple):
    """What can be compared of an error."""

    text: str
    cause: str
    path: str = ""


def agree(name, got, other, want):
    """Equal outcomes, or a message that stays short for outputs of any length."""
    if got == want:
        return
    if isinstance(got, Failure) or isinstance(want, Failure):
        raise AssertionError(f"{name} gave {brief(got)}, {other} gave {brief(want)}")
    pairs = zip(got, want, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(got), len(want)))
    near = slice(max(0, at - 30), at + 30)
    raise AssertionError(
        f"{name} and {other} differ at byte {at} (lengths {len(got)}, {len(want)}): "
        f"{got[near]!r} != {want[near]!r}"
    )


def outcome(run, obj, **arguments):
    """The bytes, or the error as a Failure."""
    try:
        result = run(obj, **arguments)
    except planjson.JSONEncodeError as error:
        assert isinstance(error, TypeError)
        assert type(error.path) is str and error.path.startswith("$"), error.path
        notes = getattr(error, "__notes__", [])
        at_root = error.path == "$"  # which needs no note
        assert at_root or any(error.path in note for note in notes), (error.path, notes)
        return Failure(str(error), repr(error.__cause__), error.path)
    assert type(result) is bytes
    return result


def oracle(obj, **arguments):
    try:
        return oracle_dumps(obj, **arguments)
    except OracleError as error:
        return Failure(str(error), repr(error.__cause__))


def agreed(obj, *, make_default=None, **arguments):
    """The one outcome of all of planjson's paths. `make_default` makes a fresh hook for each."""

    def fresh():
        return {**arguments, "default": make_default()} if make_default else arguments

    outcomes = {name: outcome(run, obj, **fresh()) for name, run in PATHS.items()}
    for name, found in outcomes.items():
        agree(name, found, "direct", outcomes["direct"])
    return outcomes["direct"]


def same(obj, *, make_default=None, **arguments):
    """The one outcome of all paths, held against the oracle: bytes, or a Failure."""
    found = agreed(obj, make_default=make_default, **arguments)
    if make_default:
        arguments["default"] = make_default()
    want = oracle(obj, **arguments)
    if isinstance(found, Failure) and isinstance(want, Failure):
        agree("planjson", Failure(found.text, found.cause), "the oracle", want)
    else:
        agree("planjson", found, "the oracle", want)
    return found


def fails(obj, text=None, path=None, **arguments):
    """`same`, and it must be an error; `text` and `path` as given."""
    found = same(obj, **arguments)
    assert isinstance(found, Failure), f"no error but {brief(found)}"
    assert text is None or found.text == text
    assert path is None or found.path == path
    return found


def works(obj, want=None, **arguments):
    """`same`, and it must be bytes; `want` as given."""
    found = same(obj, **arguments)
    assert isinstance(found, bytes), f"an error: {brief(found)}"
    assert want is None or found == want
    return found
