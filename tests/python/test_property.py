"""Random documents: every path gives the oracle's bytes, or its error."""

import planjson
from hypothesis import given
from hypothesis import strategies as st
from paths import Failure, same, works
from strategies import (
    SHAPE_FLAGS,
    documents,
    floats,
    integers,
    non_str_keys,
    options,
    scalars,
    texts,
)


class Text(str):
    pass


class Number(int):
    pass


class Items(list):
    pass


class Table(dict):
    pass


class Thing:
    """Equal answers on every path: its value is drawn beforehand."""

    def __init__(self, value):
        self.value = value


def unwrap(obj):
    if isinstance(obj, Thing):
        return obj.value
    raise TypeError(f"what is {type(obj).__name__}?")


surrogates = st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010), max_size=3)
subclassed = st.one_of(
    texts.map(Text),
    integers.map(Number),
    st.lists(scalars, max_size=4).map(Items),
    st.dictionaries(texts, scalars, max_size=4).map(Table),
)
odd = st.one_of(
    st.just(1 << 64),
    st.builds(object),
    surrogates,
    floats.map(lambda x: complex(x, 0)),
    st.dictionaries(st.integers(), st.none(), min_size=1, max_size=2),
)
things = st.deferred(lambda: st.builds(Thing, st.one_of(scalars, things, documents(), odd)))


@given(documents())
def test_documents(obj):
    works(obj)


@given(documents(), options(SHAPE_FLAGS))
def test_documents_of_every_form(obj, option):
    works(obj, option=option)


@given(documents(dict_keys=non_str_keys), options())
def test_documents_with_any_options(obj, option):
    same(obj, option=option)


@given(documents(st.one_of(scalars, subclassed)), options())
def test_documents_with_subclasses(obj, option):
    same(obj, option=option)
    same(obj, option=option, default=lambda obj: f"seen {type(obj).__name__}")


@given(documents(st.one_of(scalars, odd)), options())
def test_documents_with_errors(obj, option):
    found = same(obj, option=option)
    if isinstance(found, Failure):
        assert found.text


@given(documents(st.one_of(scalars, things)), options())
def test_documents_with_hooks(obj, option):
    same(obj, option=option, default=unwrap)


@given(st.lists(documents(), min_size=1, max_size=3), options(SHAPE_FLAGS))
def test_plans_live_side_by_side(objs, option):
    plans = [planjson.plan(obj, option=option) for obj in objs]
    wants = [planjson.dumps(obj, option=option) for obj in objs]
    assert [plan.emit() for plan in plans] == wants
    assert [plan.emit() for plan in reversed(plans)] == wants[::-1]


@given(documents())
def test_the_source_stays_as_it_was(obj):
    before = repr(obj)
    works(obj)
    assert repr(obj) == before
