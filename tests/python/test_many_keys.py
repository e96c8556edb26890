"""Dicts of more keys than can be known, keys beyond ASCII, and short lists in short lists."""

import json

import oracle
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from runners import PATHS

MANY = 600  # More than there are places for known keys.
VALUES = [1, -(2**63), 2**64 - 1, 1.5, None, True, "a", "é", [], {}, [1], {"a": 2}, (3,)]

paths = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)


class Odd:
    pass


def many(odd=None, at=0):
    members = {f"key{i}": VALUES[i % len(VALUES)] for i in range(MANY)}
    if odd is not None:
        members[f"key{at}"] = odd
    return members


@paths
@pytest.mark.parametrize("at", [0, 1, 40, 300, MANY - 1])
@pytest.mark.parametrize("odd", [None, "é" * 100, [[[{"x": [Odd()]}]]], Odd()])
def test_one_large_dict(path, at, odd):
    document = many(odd, at)
    expected = json.dumps(
        document, ensure_ascii=False, separators=(",", ":"), default=lambda _: "odd"
    )
    assert path(document, default=lambda _: "odd") == expected.encode()
    assert path([document] * 3, default=lambda _: "odd") == f"[{','.join([expected] * 3)}]".encode()


@paths
@pytest.mark.parametrize("at", [0, 40, MANY - 1])
def test_members_that_change_in_a_hook(path, at):
    def run():
        document = many(Odd(), at)

        def default(_):
            document.clear()
            document.update({f"other{i}": [str(i)] for i in range(at + 2)})
            return 0

        return path(document, default=default)

    # What is left of the dict is told as it is then, whichever path it is.
    assert run().startswith(b'{"key0":')
    assert json.loads(run())


@paths
@pytest.mark.parametrize("at", [0, 40, 599])
def test_errors_name_the_member(path, at):
    for odd in (Odd(), "\ud800", ["\udfff"]):
        with pytest.raises(planjson.JSONEncodeError) as raised:
            path(many(odd, at))
        assert raised.value.path == f"$.key{at}" + ("[0]" if isinstance(odd, list) else "")
    with pytest.raises(planjson.JSONEncodeError) as raised:
        path({**many(), "\ud800": 1})
    assert raised.value.path == "$"
    rows = [{"name": "é", "city": "x"}] * 3 + [{"name": "é\ud800", "city": "x"}]
    with pytest.raises(planjson.JSONEncodeError) as raised:
        path(rows)
    assert raised.value.path == "$[3].name"


@paths
@pytest.mark.parametrize("option", [None, planjson.OPT_ENSURE_ASCII, planjson.OPT_ESCAPE_HTML])
def test_known_keys_of_any_alphabet(path, option):
    keys = [
        "ключ",
        'и"м\\я',
        "größe",
        "漢字",
        "漢字仮名漢字仮名漢字仮名",
        "😀<&>",
        "é\u2028",
        "plain",
        "é\n",
    ]
    for _ in range(5):  # Key objects of their own that say the same, and are learnt.
        rows = [{"".join(list(key)): i for key in keys} for i in range(4)] + [
            dict.fromkeys(keys, "я")
        ] * 4
        out = path(rows, option=option)
        assert json.loads(out) == rows
        if option is None:
            assert out == json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


@paths
def test_keys_with_lone_surrogates_stay_refused(path):
    for _ in range(4):
        with pytest.raises(planjson.JSONEncodeError):
            path([{"ключ\ud800": 1}])


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-2, 2)
    | st.sampled_from(["a", "é", ""]),
    lambda t: (
        st.lists(t, max_size=4) | st.dictionaries(st.sampled_from(["k", "я", "é"]), t, max_size=2)
    ),
    max_leaves=12,
)


@given(TREES)
def test_lists_in_lists_are_as_orjson_has_them(tree):
    expected = oracle.orjson.dumps(tree) if oracle.orjson else None
    for path in PATHS.values():
        out = path([tree, [[tree]]])
        assert json.loads(out) == json.loads(json.dumps([tree, [[tree]]]))
        if expected is not None:
            assert out == b"[" + expected + b",[[" + expected + b"]]]"


@paths
def test_short_lists_that_shrink_in_a_hook(path):
    def run():
        inner = [[Odd()], [2], [3]]

        def default(_):
            del inner[1:]
            return 0

        return path([inner], default=default)

    assert run() in (b"[[[0]]]", b"[[[0],[2],[3]]]")
    assert run() == run()
