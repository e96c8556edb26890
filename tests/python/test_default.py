"""The `default` hook: when it is asked, what it may answer, how often it is asked again."""

import dataclasses
import itertools

import model
import planjson
import pytest
from paths import agreed, fails, same, works
from runners import GIL, PATHS

try:
    import greenlet
except ImportError:
    greenlet = None


class Thing:
    def __init__(self, value=None):
        self.value = value


def unwrap(obj):
    return obj.value


ANSWERS = [
    None,
    True,
    1,
    1.5,
    "text",
    "é" * 300,
    "long and plain " * 100,
    [],
    [1, 2, 3],
    list(range(100)),
    {},
    {"a": [1, {"b": 2}]},
    (1, 2),
    float("nan"),
    (1 << 64) - 1,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda x: repr(x)[:20])
def test_answers(answer):
    thing = Thing(answer)
    works(thing, default=unwrap)
    works([1, thing, "a", thing], default=unwrap)
    works({"a": thing, "b": 1}, default=unwrap)
    works({"a": thing, "b": 1}, default=unwrap, option=planjson.OPT_SORT_KEYS)
    works([thing], default=unwrap, option=planjson.OPT_INDENT_2)


def test_answers_that_need_default_again():
    obj = [Thing([Thing(1), {"a": Thing(Thing("x"))}]), Thing(2)]
    works(obj, b'[[1,{"a":"x"}],2]', default=unwrap)


def test_the_hook_gets_the_object_once_each():
    for run in PATHS.values():
        seen = []
        things = [Thing(number) for number in range(20)]

        def note(obj, seen=seen):
            seen.append(obj)
            return obj.value

        run([things[:10], {"a": things[10:]}], default=note)
        assert seen == things


def test_answers_that_are_made_on_the_spot():
    """Nothing else keeps them alive: a plan must."""
    number = itertools.count()

    def fresh(obj):
        n = next(number) % 40
        return [f"made here {n} " * 10, {f"key {n} " * 10: f"é{n}" * 30}, n * 10**15, n / 7]

    found = works([Thing() for _ in range(40)], default=fresh)
    assert len(found) > 40 * 200


def test_none_answers():
    works([Thing(), 1], b"[null,1]", default=lambda obj: None)


def test_builtins_and_objects_as_hooks():
    works([{3, 1, 2}], b"[[1,2,3]]", default=sorted)
    works([1j], b'["1j"]', default=str)
    works([range(3)], b"[[0,1,2]]", default=list)

    class Hook:
        def __call__(self, obj):
            return "called"

        def method(self, obj):
            return "method"

        @staticmethod
        def static(obj):
            return "static"

    works([Thing()], b'["called"]', default=Hook())
    works([Thing()], b'["method"]', default=Hook().method)
    works([Thing()], b'["static"]', default=Hook.static)


def test_not_asked_without_need():
    works([1, "a", None, 1.5, [], {}], default=lambda obj: 1 / 0)


def test_same_object_again_and_again():
    fails(Thing(), model.TOO_MANY_CALLS, "$", default=lambda obj: obj)
    fails([1, Thing()], model.TOO_MANY_CALLS, "$[1]", default=lambda obj: Thing())


def countdown(calls, wrap=lambda obj: obj):
    """A hook that gives None at the last of `calls` calls, and until then its object, wrapped."""

    def make():
        left = itertools.count(calls - 1, -1)
        return lambda obj: wrap(obj) if next(left) else None

    return make


@pytest.mark.parametrize(
    "around", [lambda x: x, lambda x: [[x]], lambda x: {"a": x}, lambda x: (x,)]
)
def test_limit_of_calls(around):
    for calls in (1, 2, 100, 253, 254, 255):
        works(around(Thing()), make_default=countdown(calls))
    for calls in (256, 257, 300):
        fails(around(Thing()), model.TOO_MANY_CALLS, make_default=countdown(calls))


def test_limit_of_calls_counts_through_containers():
    """The calls reach their limit here before the containers, of which there are half as many."""

    def countdown_with_tuples(calls):
        def make():
            left = itertools.count(calls - 1, -1)

            def hook(obj):
                n = next(left)
                return None if n == 0 else (obj,) if n % 2 else obj

            return hook

        return make

    works(Thing(), make_default=countdown_with_tuples(255))
    fails(Thing(), model.TOO_MANY_CALLS, make_default=countdown_with_tuples(256))


def test_calls_and_depth_are_counted_apart():
    for calls in (1, 2, 100, 254, 255):
        for depth, ok in ((254, True), (255, False)):

            def wrap(calls=calls, depth=depth):
                left = itertools.count(calls - 1, -1)
                return lambda obj: obj if next(left) else nested(depth)

            (works if ok else fails)(Thing(), make_default=wrap)


def nested(depth):
    obj = 1
    for _ in range(depth):
        obj = [obj]
    return obj


@pytest.mark.parametrize("before", [0, 1, 50, 200, 253])
def test_calls_that_wrap_reach_the_depth(before):
    def around(obj):
        for _ in range(before):
            obj = [obj]
        return obj

    works(around(Thing()), make_default=countdown(255 - before, lambda obj: [obj]))
    fails(around(Thing()), model.TOO_DEEP, make_default=countdown(300, lambda obj: [obj]))
    fails(around(Thing()), model.TOO_DEEP, make_default=countdown(300, lambda obj: {"a": obj}))


def test_calls_of_siblings_are_counted_apart():
    works([Thing()] * 600, default=lambda obj: None)
    counter = itertools.count(1)

    def slow(obj):
        return 1 if next(counter) % 200 == 0 else obj

    works([Thing()] * 6, b"[1,1,1,1,1,1]", default=slow)


@pytest.mark.parametrize("default", [1, "x", object(), [], {}])
def test_not_callable(default):
    works([1, "a"], b'[1,"a"]', default=default)
    failure = fails([Thing()], "Type is not JSON serializable: Thing", "$[0]", default=default)
    assert "not callable" in failure.cause


def test_hook_of_the_wrong_arity():
    failure = fails(Thing(), "Type is not JSON serializable: Thing", default=lambda: None)
    assert "positional arguments" in failure.cause


def test_none_is_no_hook():
    for run in PATHS.values():
        for obj in ([Thing()], [1, [Thing()]]):
            with pytest.raises(planjson.JSONEncodeError) as caught:
                run(obj, default=None)
            assert str(caught.value) == "Type is not JSON serializable: Thing"
            assert caught.value.__cause__ is None


def test_answers_that_cannot_be_written():
    fails(Thing(), model.KEY_NOT_STR, default=lambda obj: {1: 2})
    fails(Thing(), model.NOT_64_BIT, "$", default=lambda obj: 1 << 70)
    fails(Thing(), model.SURROGATES, "$", default=lambda obj: "\ud800")
    fails([Thing()], model.NOT_64_BIT, "$[0].a[1]", default=lambda obj: {"a": [1, 1 << 70]})


def test_hook_that_uses_planjson():
    def nested(obj):
        inner = planjson.dumps([1, obj.value], default=unwrap)
        again = planjson.plan([1, obj.value], default=unwrap).emit()
        assert inner == again
        return inner.decode()

    works([Thing("a"), Thing(Thing("b"))], default=nested)


def scenario(change):
    """A document and a hook that changes it while it is walked: the paths must still agree."""

    def run(path):
        inner = [1, Thing(), "x" * 100, 2.5, 3, 4, 5, 6, 7, 8]
        root = {"before": "b" * 100, "inner": inner, "after": ["a" * 100, Thing(), 1]}

        def hook(obj):
            change(root, inner)
            return "seen"

        try:
            return PATHS[path](root, default=hook)
        except Exception as error:
            return type(error), str(error)

    return run


@pytest.mark.parametrize(
    "change",
    [
        lambda root, inner: inner.clear(),
        lambda root, inner: root.clear(),
        lambda root, inner: inner.append(1),
        lambda root, inner: inner.extend(range(100)),
        lambda root, inner: inner.reverse(),
        lambda root, inner: inner.pop(0) if inner else None,
        lambda root, inner: inner.__setitem__(slice(None), ["new"] * 10),
        lambda root, inner: inner.__setitem__(slice(5, 8), [object()] * 3),
        lambda root, inner: root.pop("after", None),
        lambda root, inner: root.update(after="changed"),
        lambda root, inner: root.update(more=1),
    ],
)
def test_changes_during_the_walk_are_seen_alike(change):
    run = scenario(change)
    assert run("direct") == run("planned") == run("emitted")


@dataclasses.dataclass
class Record:
    value: int


class Text(str):
    """A str of a subclass, which no hook is asked about."""


@pytest.mark.parametrize("path", PATHS)
def test_classes_of_the_next_elements_are_looked_at_anew(path):
    """A hook changes its neighbours' class, gives them another one, replaces them."""
    kind = type("Kind", (), {})
    fields = Record.__dataclass_fields__
    seen = []

    def becomes_a_dataclass(obj):
        seen.append(obj)
        if len(seen) == 3:
            kind.__dataclass_fields__ = fields
        return len(seen)

    things = [kind() for _ in range(6)]
    for i, thing in enumerate(things):
        thing.value = i
    want = b'[1,2,3,{"value":3},{"value":4},{"value":5}]'
    assert PATHS[path](things, default=becomes_a_dataclass) == want

    things = [Thing(i) for i in range(6)]

    def changes_neighbours(obj):
        for thing in things:
            if isinstance(thing, Thing) and thing.value in {obj.value + 1, obj.value + 2}:
                thing.__class__ = Record
        things[-1] = Text("text")
        return "hook"

    # Without a GIL the list has been copied.
    last = b'"text"' if GIL else b'"hook"'
    want = b'["hook",{"value":1},{"value":2},"hook",{"value":4},' + last + b"]"
    assert PATHS[path](things, default=changes_neighbours) == want


def test_hook_state_and_order():
    def make():
        counter = itertools.count()
        return lambda obj: next(counter)

    obj = {"z": Thing(), "a": [Thing(), Thing()], "m": {"k": Thing()}}
    assert same(obj, make_default=make) == b'{"z":0,"a":[1,2],"m":{"k":3}}'
    sorted_keys = planjson.OPT_SORT_KEYS
    want = b'{"a":[0,1],"m":{"k":2},"z":3}'
    assert agreed(obj, make_default=make, option=sorted_keys) == want


@pytest.mark.skipif(greenlet is None, reason="greenlet is not installed")
@pytest.mark.parametrize("path", PATHS)
def test_hooks_that_wait_in_greenlets_end_in_any_order(path):
    outside = greenlet.getcurrent()

    def wait(thing):
        outside.switch()
        return thing.value

    def run(name):
        return PATHS[path]([[[Thing(name)]]], default=wait)

    for _ in range(800):
        first, second = greenlet.greenlet(run), greenlet.greenlet(run)
        first.switch("first")
        second.switch("second")
        assert first.switch() == b'[[["first"]]]'
        assert second.switch() == b'[[["second"]]]'
