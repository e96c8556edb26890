"""Lists of dicts that hold scalars and empty lists, and that stop being such anywhere."""

import gc

import model
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import fails, same, works
from runners import PATHS

OPTIONS = [None, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS]
FLAT = {"id": 1, "name": "tea", "price": 2.5, "sold": None, "fresh": True, "tags": [], "big": 2**62}
ODD = {
    "list": [1],
    "dict": {"a": 1},
    "empty dict": {},
    "tuple": (),
    "huge": 2**63,
    "long": "x" * 500,
    "wide": "tée",
    "subclass": type("Text", (str,), {})("tea"),
    "rows": [FLAT, FLAT],
}


def rows(count=5):
    return [dict(FLAT) for _ in range(count)]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", FLAT)
def test_one_member_that_is_not_flat(name, odd, option):
    for at in range(4):
        some = rows()
        some[at][name] = ODD[odd]
        works(some, option=option)


@pytest.mark.parametrize("option", OPTIONS)
def test_elements_that_are_no_flat_dicts(option):
    class Sub(dict):
        pass

    others = [{}, Sub(FLAT), [], None, 1, "tea", {"x": {}}, [FLAT, FLAT]]
    for other in others:
        for at in range(4):
            some = rows()
            some.insert(at, other)
            works(some, option=option)


def test_keys_that_were_never_met():
    for number in range(20):
        works([{f"never {number}": 1, "then": 2}, {f"never {number}": 3, "last": [], "then": []}])


UNKNOWN = [
    "a_long_name_of_a_column_of_some_table",
    'a "quoted" key\n',
    "ключ " * 8,
    "x" * 300,
    "",
    "é",
]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("unknown", UNKNOWN, ids=range(len(UNKNOWN)))
def test_keys_that_are_written_anew(unknown, option):
    """Alone, first, between, last, several one behind the other; with each odd value."""
    for row in [
        {unknown: 1},
        {unknown: "tea", "id": 1},
        {"id": 1, unknown: None, "name": "tea"},
        {"id": 1, "name": "tea", unknown: []},
        {unknown + "1": 1, unknown + "2": 2.5, "id": 1, unknown + "3": True, unknown + "4": "x"},
    ]:
        works([row, row, FLAT, row], option=option)
        for odd in ODD.values():
            for name in row:
                works([row, row | {name: odd}, row], option=option)
            fails([row, row | {unknown: object()}], option=option)


def test_every_row_has_a_key_of_its_own():
    for turn in range(3):
        works([{"id": n, f"own {n}": n, "name": "tea", f"{turn} {n}": None} for n in range(50)])


def test_deleted_members_and_shared_names():
    for name in FLAT:
        some = rows()
        for row in some[1:]:
            del row[name]
        works(some)

    class Row:
        def __init__(self, number):
            self.id = number
            self.tags = []

    works([vars(Row(number)) for number in range(5)])


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("leaf", [1, [], [1], {}, {"a": []}, [{"a": []}, {"a": []}]], ids=repr)
def test_the_limit(leaf, option):
    deep = model.DEPTH - 1
    for depth in range(deep - 8, deep + 2):
        nested = leaf
        for _ in range(depth // 2):
            nested = [{"a": 1}, {"a": nested}]
        same(nested, option=option)
        same([nested, nested], option=option)
    fails([nested, nested, [nested]], model.TOO_DEEP, option=option)


@pytest.mark.parametrize("name", FLAT)
def test_an_error_names_the_place(name):
    for at in range(4):
        some = rows()
        some[at][name] = "\ud800"
        assert fails(some, model.SURROGATES).path == f"$[{at}].{name}"
        some[at][name] = [0, object()]
        assert fails(some).path == f"$[{at}].{name}[1]"
    some[2][3] = 4
    some[2][name] = 1
    some[3][name] = 1
    assert fails(some).path == "$[2]"


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.parametrize("path", PATHS)
def test_hooks_that_change_everything(path, name):
    """What is behind the member is that of the dict as it is then."""
    for at in range(4):
        for change in ("clear row", "clear rows", "new members", "drop"):
            some = rows()
            some[at][name] = object()

            def hook(_, some=some, at=at, change=change):
                if change == "clear row":
                    some[at].clear()
                elif change == "clear rows":
                    del some[:]
                elif change == "new members":
                    some[at].update({f"new {number}": [number] for number in range(100)})
                else:
                    some[at] = None
                gc.collect()
                return [name]

            got = PATHS[path](some, default=hook)
            assert got.startswith(PATHS[path](rows(at))[:-1]), got
            assert planjson.loads(got)[at][name] == [name]


values = st.sampled_from([*FLAT.values(), *ODD.values()])
dicts = st.dictionaries(st.sampled_from([*FLAT, "more", "clé"]), values, max_size=9)


@given(st.lists(dicts, max_size=12), st.sampled_from(OPTIONS))
def test_any_rows(some, option):
    works(some, option=option)
