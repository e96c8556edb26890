"""OPT_SORT_KEYS: by code point, at every level."""

import json
import random
import sys

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import fails, works
from runners import PATHS
from strategies import documents, options, scalars, texts

SORT = planjson.OPT_SORT_KEYS


def test_small():
    works({"b": 1, "a": 2, "c": {"z": 1, "y": [{"n": 1, "m": 2}]}}, option=SORT)
    works({}, b"{}", option=SORT)
    works({"a": 1}, b'{"a":1}', option=SORT)


def test_code_points_decide():
    keys = ["é", "z", "a", "\U0001f600", "\uffff", "", "A", "aa", "a\0", "a!", "\x7f", "中"]
    found = works(dict.fromkeys(keys, 1), option=SORT)
    assert found == works(dict.fromkeys(sorted(keys), 1))


@pytest.mark.parametrize("size", [*range(30), 31, 32, 33, 64, 100, 255, 256, 257, 1000, 5000])
def test_every_size(size):
    keys = [f"key {number * 7919 % 10007}" for number in range(size)]
    works({key: key for key in keys}, option=SORT)
    works({key: key for key in sorted(keys)}, option=SORT)
    works({key: key for key in sorted(keys, reverse=True)}, option=SORT)


def test_common_prefixes():
    for length in (7, 8, 9, 15, 16, 17, 31, 32, 33, 100, 300):
        prefix = "p" * length
        keys = [prefix + tail for tail in ("", "b", "a", "ab", "é", "\0", "zz", "中")]
        works(dict.fromkeys(keys, 1), option=SORT)


def test_escaped_keys_sort_as_written_in_python():
    works(dict.fromkeys(('"', "\\", "\n", "a", " ", "!", "#", "[", "]", "\x1f"), 1), option=SORT)


def test_the_dict_keeps_its_order():
    obj = {"b": 1, "a": {"d": 1, "c": 2}}
    works(obj, option=SORT)
    assert list(obj) == ["b", "a"] and list(obj["a"]) == ["d", "c"]


def test_rows():
    works([{"b": n, "a": str(n), "c": n / 7} for n in range(200)], option=SORT)


def expected(rows):
    """The rows as their sorted copies are written without the option."""
    return works([dict(sorted(row.items())) for row in rows])


@pytest.mark.parametrize("size", [1, 2, 7, 20, 21, 63, 64, 65, 66, 100])
def test_rows_of_every_size(size):
    rows = [{f"key {(n * 37) % size} {n}": (m, n) for n in range(size)} for m in range(30)]
    assert works(rows, option=SORT) == expected(rows)
    names = list(rows[0])
    same_keys = [{name: m for name in names} for m in range(30)]
    assert works(same_keys, option=SORT) == expected(same_keys)


def test_rows_that_begin_alike():
    """The same first key and as many: other keys, another order, or equal keys of their own."""
    first, names = "b", ["c", "a", "d", "e"]
    rows = []
    for n in range(400):
        at = n % 4
        some = names[at:] + names[:at] if n % 3 else [*names[:3], f"x{n % 5}"]
        rows.append({first: n} | {(name + "é")[:-1] if n % 7 == 0 else name: n for name in some})
    assert works(rows, option=SORT) == expected(rows)


def test_rows_with_deleted_members():
    rows = [dict.fromkeys("cabfde", n) for n in range(60)]
    for n, row in enumerate(rows):
        if n % 3 == 0:
            del row["cabfde"[n % 6]]
        if n % 5 == 0:
            row["new"] = n
    assert works(rows, option=SORT) == expected(rows)


@pytest.mark.parametrize("every", [1, 2, 5, 50])
def test_rows_whose_keys_come_and_go(every):
    """A hook ends the keys of the rows that follow and makes others in their place."""

    def make(n, tag):
        return {
            f"{tag} {(n + k * 7) % 10} {k}": object() if n % every == 0 else k for k in range(9)
        }

    def run(plan):
        rows = [None] * 150
        for n in range(150):
            rows[n] = make(n, "old") if n % 2 else rows[n - 1] or make(n, "old")
        seen = []

        def hook(_):
            seen.append(len(seen))
            rest = range(min(149, len(seen)), 150)
            for n in rest:
                rows[n] = None
            tag = "zyxwv"[len(seen) % 5] * (len(seen) % 3)
            for n in rest:
                rows[n] = make(n, tag) if n % 3 else {"seen": 1, "a": 2}
            return 0

        return planjson.dumps(rows, hook, SORT, plan=plan)

    found = run(plan=False)
    assert run(plan=True) == found
    rows = json.loads(found)
    assert [list(row) for row in rows] == [sorted(row) for row in rows]


def test_orders_of_other_documents():
    """What sorted the keys of one document is a guess for the next, whose keys are others."""
    rng = random.Random(5)
    words = [
        "é",
        "longer than sixteen characters 1",
        "longer than sixteen characters 2",
        "",
        "\U0001f600",
    ]
    words += [f"key{n}" for n in range(7)]
    for n in range(300):
        size = rng.choice([1, 2, 2, 3, 5, 5, 8, 12])
        names = (
            rng.sample(words, size) if n % 3 else ["key3", *rng.sample(words[:8], min(size, 8) - 1)]
        )
        row = dict.fromkeys(names, 1)
        # The decoder makes each key once for a document.
        rows = json.loads(
            json.dumps([row, {"a": row}, row, {name: [2] for name in reversed(names)}] * 2)
        )
        works(rows, option=SORT)
        works(rows, option=SORT | planjson.OPT_INDENT_2)


@pytest.mark.parametrize("seed", range(10))
def test_orders_that_outlive_a_call(seed):
    """The same key objects again, equal ones, others in their place, keys too long to be held."""
    rng = random.Random(seed)
    names = [f"{c * rng.choice([1, 1, 3, 70])}{c}" for c in "hbdagfce"]
    kept = [dict.fromkeys(rng.sample(names, 8), 1) for _ in range(3)]
    for _ in range(200):
        some = rng.choice(kept)
        match rng.randrange(4):
            case 0:
                row = {(name + "x")[:-1]: 1 for name in some}
            case 1:
                row = {(name + "x")[::-1]: 2 for name in some}
            case _:
                row = dict(some)
        for _ in range(rng.randrange(1, 5)):
            works(row, option=SORT)


def test_a_key_is_not_held_for_each_call():
    names = [f"{c} is held" for c in "cabd"]
    others = [dict.fromkeys([names[0], *(f"{c} is another" for c in "fge")], n) for n in range(2)]
    before = [sys.getrefcount(name) for name in names]
    for _ in range(100):
        planjson.dumps(dict.fromkeys(names, 1), option=SORT)
        planjson.dumps(others[0], option=SORT)
        planjson.dumps([others[1], others[1]], option=SORT)
    after = [sys.getrefcount(name) for name in names]
    assert all(b <= a + 6 for a, b in zip(before, after, strict=True)), (before, after)


@pytest.mark.parametrize("at", range(5))
def test_members_are_those_from_before_the_first_value(at):
    """A hook changes the dict that is written, whether its order is known or not."""
    names = ["c", "e", "a", "d", "b"]

    def run(path):
        rows = [{name: n for name in names} for n in range(8)]
        for row in rows[::2]:
            row[names[at]] = object()
        expected = [
            {name: "hook" if type(row[name]) is object else row[name] for name in sorted(names)}
            for row in rows
        ]
        left = iter(rows[::2])

        def hook(_):
            row = next(left)
            row["e"] = row["b"] = "late"
            row.pop("d", None)
            row["f"] = ["more"]
            return "hook"

        assert (
            path(rows, default=hook, option=SORT)
            == json.dumps(expected, separators=(",", ":")).encode()
        )

    for name, path in PATHS.items():
        if name != "cached":  # compiling it calls the hook as well
            run(path)


def test_keys_are_checked_before_values():
    fails({"a": object(), 1: 2}, "Dict key must be str", option=SORT)
    fails({"a": 1 << 70, "\ud800": 2}, option=SORT)
    fails({"b": object(), "a": {1: 1}}, "Dict key must be str", "$.a", option=SORT)


def test_deleted_entries():
    items = {f"key{number * 7 % 50}": number for number in range(50)}
    for number in range(0, 50, 3):
        del items[f"key{number}"]
    works(items, option=SORT)


@given(st.dictionaries(texts, scalars))
def test_any_dict(items):
    works(items, option=SORT)


@given(documents(), options().map(lambda option: option | SORT))
def test_any_document(obj, option):
    works(obj, option=option & ~planjson.OPT_STRICT_INTEGER)


@pytest.mark.parametrize("common", [0, 1, 14, 15, 16, 17, 31, 32, 33, 100, 1007, 1008, 1024, 5000])
def test_keys_with_much_in_common(common):
    """Ordered by sixteen bytes at a time, up to a kilobyte; those that are not ASCII as a whole."""
    rng = random.Random(common)
    front = "/metrics/requests/" * (common // 18 + 1)
    ascii_tails = ["", "\0", "\0\0", "a", "a\0", "a\0b", "b" * 15, "b" * 16, "b" * 17, "z" * 40]
    ascii_tails += [str(n) for n in range(60)]
    for tails in (ascii_tails, [*ascii_tails, "é", "漢字", "\U0001f600", "\uffff"]):
        for count in (2, 3, 20, len(tails)):
            keys = [front[:common] + tail for tail in rng.sample(tails, count)]
            keys += [front[:n] for n in rng.sample(range(common), min(common, 5))]
            rng.shuffle(keys)
            obj = dict.fromkeys(keys, 1)
            assert list(json.loads(works(obj, option=SORT))) == sorted(obj)
            works([obj, {"a": obj}], option=SORT)


@given(st.text("ab\0é", max_size=36), st.sets(st.text("ab\0", max_size=36), max_size=40))
def test_any_keys_with_a_common_front(front, tails):
    obj = {front + tail: None for tail in tails}
    assert list(json.loads(works(obj, option=SORT))) == sorted(obj)


def sorted_by_python(rows):
    return [dict(sorted(row.items())) for row in rows]


@pytest.mark.parametrize("front", ["", "key", "a front of twenty ch", "é"])
def test_rows_of_every_width_in_any_order(front):
    rng = random.Random(front)
    for size in [*range(1, 20), 63, 64, 65, 127, 128, 129, 200]:
        keys = [f"{front}{n}" for n in range(size)]
        rows = [{key: n for n, key in enumerate(rng.sample(keys, size))} for _ in range(20)]
        works(
            rows,
            json.dumps(sorted_by_python(rows), separators=(",", ":"), ensure_ascii=False).encode(),
            option=SORT,
        )


@given(st.lists(st.dictionaries(st.text("ab\0", max_size=18), scalars, max_size=40), max_size=6))
def test_rows_whose_keys_are_nearly_the_same(rows):
    works(rows, option=SORT)


def test_documents_that_take_turns():
    """Orders are kept for objects that come again; others come between, some with the same keys."""
    texts = [
        json.dumps([{f"{kind}{n * 7 % 60}": n for n in range(60)} for kind in "abc"] * 2)
        for _ in range(3)
    ]
    documents = [json.loads(text) for text in texts]
    expected = json.dumps(sorted_by_python(documents[0]), separators=(",", ":")).encode()
    for _ in range(5):
        for document in documents:
            assert planjson.dumps(document, option=SORT) == expected
    for _ in range(100):
        shapes = [{f"k{random.random()}": 1, "b": 2, "a": 3} for _ in range(100)]
        want = json.dumps(sorted_by_python(shapes), separators=(",", ":")).encode()
        assert planjson.dumps(shapes, option=SORT) == want
        assert planjson.dumps(documents[1], option=SORT) == expected
