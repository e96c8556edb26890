"""Dicts of every small size and every inner form that CPython gives them."""

import collections
import json
import sys

import model
import planjson
from hypothesis import given
from hypothesis import strategies as st
from paths import fails, works
from strategies import scalars, texts


def test_empty():
    works({}, b"{}")
    works([{}, {}], b"[{},{}]")
    works({"a": {}}, b'{"a":{}}')
    works({"": ""}, b'{"":""}')


def test_every_small_size():
    for size in range(140):
        works({f"key{number}": number for number in range(size)})


def test_large():
    works({f"key{number}": number for number in range(100_000)})
    works({str(number): {"a": number} for number in range(3000)})


def test_keys_of_every_length():
    for length in range(301):
        works({"k" * length: 1, "é" * length: 2, "中" * length: 3, "\U0001f600" * length: 4})


def test_order_is_the_order_of_insertion():
    items = {"b": 1, "a": 2, "c": 3}
    del items["b"]
    items["b"] = 4
    works(items, b'{"a":2,"c":3,"b":4}')


def test_deleted_entries():
    for size in (5, 8, 20, 200):
        for step in (2, 3, 5):
            items = {f"key{number}": number for number in range(size)}
            for number in range(0, size, step):
                del items[f"key{number}"]
            works(items)
    items = {f"key{number}": number for number in range(50)}
    while items:
        items.popitem()
        works(items)


def test_cleared_and_used_again():
    items = {f"key{number}": number for number in range(50)}
    items.clear()
    works(items, b"{}")
    items["again"] = 1
    works(items, b'{"again":1}')


def test_keys_shared_between_instances():
    class Row:
        def __init__(self, number):
            self.name = f"row {number}"
            self.number = number

    rows = [Row(number) for number in range(50)]
    works([vars(row) for row in rows])
    rows[3].extra = 1
    del rows[4].name
    rows[4].name = "last"
    rows[5].__dict__["é"] = None
    works([vars(row) for row in rows])


def test_instance_dict_that_is_empty():
    class Empty:
        pass

    empty = Empty()
    works(vars(empty), b"{}")
    empty.a = 1
    works(vars(empty), b'{"a":1}')
    del empty.a
    works(vars(empty), b"{}")


def test_table_that_held_other_keys_before():
    items = {"a": 1, 2: 2, "c": 3}
    fails(items, model.KEY_NOT_STR)
    del items[2]
    works(items, b'{"a":1,"c":3}')


def test_keys_that_are_not_interned():
    works({"".join(["ke", "y", str(number)]): sys.intern("value") for number in range(30)})


def test_equal_shapes_with_different_values():
    values = [1, 1.5, "text", None, True, [1], {"a": 1}, "é" * 40]
    works([{"id": value, "name": value} for value in values] * 10)


def test_subclasses_from_the_library():
    ordered = collections.OrderedDict(b=1, a=2)
    works(ordered, b'{"b":1,"a":2}')
    ordered.move_to_end("b")
    works(ordered)
    works(collections.defaultdict(int, a=1), b'{"a":1}')
    works(collections.Counter("hello"))


def test_the_namespace_of_a_class():
    class Namespace:
        a = 1

    fails(vars(Namespace), "Type is not JSON serializable: mappingproxy")


@given(st.dictionaries(texts, scalars))
def test_any_flat_dict(items):
    works(items)


@given(st.lists(st.dictionaries(st.sampled_from("abcdef"), scalars, max_size=6), max_size=20))
def test_any_rows(rows):
    works(rows)


def test_keys_that_take_each_others_place():
    """More keys than are remembered: learnt and given up amid plans, and from call to call."""
    for n in range(600):
        rows = [{f"key {(7 * n + i) % 1500}": i, "id": n, "text": "x" * i} for i in range(40)] * 3
        expected = json.dumps(rows, separators=(",", ":")).encode()
        assert planjson.dumps(rows, plan=True) == expected
        assert planjson.dumps(rows) == expected
