"""The caller's objects are left as they were, and nothing is kept."""

import gc
import io
import itertools
import sys
import weakref
from collections import Counter

import planjson
import pytest
from child import run_child
from runners import PATHS

each_path = pytest.mark.parametrize("run", PATHS.values(), ids=PATHS)


class Text(str):
    pass


class Items(list):
    pass


class Thing:
    def __init__(self, value=None):
        self.value = value


def fresh(text):
    """An equal string that nobody else holds."""
    return "".join(list(text)) if len(text) > 1 else text


def document():
    serial = itertools.count(10**6)

    def word(text, times=1):
        return fresh(f"{next(serial)} {text * times}")

    return {
        word("key"): [word("a"), word("é"), word("中"), word("\U0001f600")],
        word("long key ", 30): [word("a", 300), word("é", 300), word("中", 300), word('"\n', 99)],
        word("runs"): [
            [next(serial) for _ in range(40)],
            [next(serial) / 7 for _ in range(40)],
            [word("s") for _ in range(40)],
            [word("long ", 20) for _ in range(40)],
        ],
        word("rows"): [{word("id"): next(serial), word("né"): None} for _ in range(5)],
        word("kinds"): [Text(word("sub")), Items([1, word("x")]), (word("t"), {}), [], True],
    }


def parts(obj, into):
    """Every object in a document, itself included."""
    into.append(obj)
    if isinstance(obj, dict):
        for key, value in obj.items():
            into.append(key)
            parts(value, into)
    elif isinstance(obj, (list, tuple)):
        for value in obj:
            parts(value, into)
    elif isinstance(obj, Thing):
        parts(obj.value, into)
    return into


def private(obj):
    """Not one of those that everybody shares, so that its count is ours to watch."""
    if isinstance(obj, (str, tuple)):
        return len(obj) > 1
    return obj is not None and not (isinstance(obj, int) and -5 <= obj <= 256)


def counts(objects):
    gc.collect()
    return [sys.getrefcount(obj) for obj in objects if private(obj)]


def keys_in(objects):
    """Of each key, in how many dicts it is."""
    return Counter(
        id(key)
        for obj in objects
        if isinstance(obj, dict)
        for key in obj
        if type(key) in (str, int)
    )


def unchanged(objects, before, option=None):
    """Equal counts; keys may be in the small cache of keys, or have been, once each.

    And in the kept order of each of their dicts, where those are sorted.
    """
    after = counts(objects)
    keys = keys_in(objects)
    for obj, was, now in zip(filter(private, objects), before, after, strict=True):
        orders = keys[id(obj)] if (option or 0) & planjson.OPT_SORT_KEYS else 0
        most = 1 + orders if id(obj) in keys else 0
        assert abs(now - was) <= most, f"{was} references became {now}: {obj!r:.60}"
    return True


def attempt(run, obj, **arguments):
    try:
        run(obj, **arguments)
    except planjson.JSONEncodeError:
        return False
    return True


@each_path
@pytest.mark.parametrize("option", [None, 1, 32, 4, 4 | 32, 1024 | 1])
def test_reference_counts_after_success(run, option):
    obj = document()
    objects = parts(obj, [])
    before = counts(objects)
    for _ in range(3):
        assert attempt(run, obj, option=option)
    assert unchanged(objects, before, option)


@each_path
@pytest.mark.parametrize("option", [None, 1, 32, 4, 4 | 32])
@pytest.mark.parametrize(
    "wrong", [1 << 64, "\ud800", {(): 1}, {"\udfff": 1}, Thing(), {1: (2,), 1 << 64: 1}]
)
def test_reference_counts_after_errors(run, option, wrong):
    obj = document()
    obj["wrong"] = [1, {"inner": wrong}]
    objects = parts(obj, [])
    before = counts(objects)
    for _ in range(3):
        assert not attempt(run, obj, option=option)
    assert unchanged(objects, before, option)


@each_path
@pytest.mark.parametrize("raises", [False, True])
def test_reference_counts_with_hooks(run, raises):
    inner = document()
    obj = [document(), Thing(inner), [Thing(Thing("x" * 1000)), Thing([1, 2.5, "y"])]]

    def hook(thing):
        if raises and thing.value == [1, 2.5, "y"]:
            raise ValueError("no")
        return thing.value

    objects = parts(obj, [hook])
    before = counts(objects)
    for _ in range(3):
        assert attempt(run, obj, default=hook) is not raises
    assert unchanged(objects, before)


@each_path
@pytest.mark.parametrize("option", [None, 4, 36])
def test_reference_counts_of_keys(run, option):
    class Number(int):
        pass

    keys = [Number(10**6), Text("text key"), 10**7, 2.5, fresh("plain key")]
    obj = {key: [index] for index, key in enumerate(keys)}
    objects = [*keys, obj]
    before = counts(objects)
    for _ in range(3):
        attempt(run, obj, option=option)
    assert unchanged(objects, before, option)


@each_path
def test_reference_counts_of_arguments(run):
    option = int("1024") + 0
    hook = Thing()
    before = counts([option, hook])
    for _ in range(50):
        run([1], option=option, default=hook)
        with pytest.raises(TypeError):
            run([1], option="no", default=hook)
        with pytest.raises(TypeError):
            run([1], foo=hook)
    assert unchanged([option, hook], before)


@pytest.mark.parametrize("write", [planjson.dump, planjson.dump_lines])
@pytest.mark.parametrize("plan", [False, True])
def test_reference_counts_of_the_answer(write, plan):
    """None, as long as it is counted."""
    before = sys.getrefcount(None)
    for _ in range(1000):
        write([1], io.BytesIO(), plan=plan)
    assert abs(sys.getrefcount(None) - before) < 100


@each_path
def test_strings_do_not_grow(run):
    strings = [part for part in parts(document(), []) if type(part) is str]
    strings += [fresh("é" * length) for length in range(2, 300)]
    strings += [fresh("a" * length + "\U0001f600") for length in range(2, 300)]
    before = [sys.getsizeof(text) for text in strings]
    run(strings)
    run({text: text for text in strings})
    run({text: text for text in strings}, option=planjson.OPT_SORT_KEYS)
    run({text: text for text in strings}, option=planjson.OPT_NON_STR_KEYS)
    for text in strings:
        run(text)
    attempt(run, [strings, object()])
    attempt(run, {text: object() for text in strings})
    assert [sys.getsizeof(text) for text in strings] == before


@each_path
def test_strings_do_not_grow_in_errors(run):
    """The path of an error names keys; it must not write into them."""
    key = fresh("schlüssel " * 30)
    broken = fresh("é\ud800" * 30)
    before = sys.getsizeof(key), sys.getsizeof(broken)
    for wrong in (object(), 1 << 64, broken):
        assert not attempt(run, {key: [wrong]})
    assert not attempt(run, {broken: 1})
    assert (sys.getsizeof(key), sys.getsizeof(broken)) == before


@each_path
def test_containers_do_not_grow(run):
    obj = document()
    containers = [part for part in parts(obj, []) if isinstance(part, (dict, list))]
    before = [sys.getsizeof(part) for part in containers]
    run(obj)
    run(obj, option=planjson.OPT_SORT_KEYS)
    assert [sys.getsizeof(part) for part in containers] == before


@each_path
def test_answers_of_hooks_are_let_go(run):
    made = []

    def hook(obj):
        made.append(weakref.ref(answer := Items([Text("x" * 1000), 1])))
        return answer

    run([Thing() for _ in range(5)], default=hook)
    gc.collect()
    assert len(made) == 5
    assert [watch() for watch in made] == [None] * 5


@each_path
def test_errors_do_not_keep_the_document(run):
    obj = Items([1, Items([Thing()])])
    watch = weakref.ref(obj)
    try:
        run(obj)
    except planjson.JSONEncodeError as error:
        kept = error.with_traceback(None)
    del obj
    gc.collect()
    assert watch() is None
    assert kept.path == "$[1][0]"


@each_path
def test_few_keys_are_kept(run):
    """However many there are, a key cache of a thread stays small, and counts each once."""
    keys = [f"key {n}" for n in range(20_000)]
    before = counts(keys)
    for start in range(0, len(keys), 100):
        table = dict.fromkeys(keys[start : start + 100])
        for _ in range(5):
            run([table, table])
    del table
    more = [now - was for was, now in zip(before, counts(keys), strict=True)]
    assert set(more) <= {0, 1}
    assert sum(more) <= 1024


@each_path
def test_keys_with_attributes_are_not_kept(run):
    key = Text("a key")
    watch = weakref.ref(key)
    table = {key: 1}
    for _ in range(20):
        run([table, table], option=planjson.OPT_NON_STR_KEYS)
    del key, table
    gc.collect()
    assert watch() is None


def test_plans_let_go():
    strings = [fresh("kept by the plan " * 20 + str(n)) for n in range(50)]
    before = counts(strings)
    plans = [planjson.plan(strings) for _ in range(3)]
    for plan in plans:
        plan.emit()
        str(plan)
    del plan, plans
    assert unchanged(strings, before)


@each_path
def test_blocks_stay_the_same(run):
    obj = [document(), Thing("x")]

    def rounds(times):
        for _ in range(times):
            run(obj, default=lambda thing: [thing.value, {"a": 1}])
            attempt(run, obj)
            attempt(run, [obj, {1: 2}], default=str)
        gc.collect()

    def growth(times):
        before = sys.getallocatedblocks()
        rounds(times)
        return sys.getallocatedblocks() - before

    # Without a GIL the interpreter takes its time to settle; a leak grows each time.
    growth(50)
    assert min(growth(300) for _ in range(3)) < 100


@pytest.mark.parametrize("run", PATHS)
def test_memory_of_the_process_stays(run):
    run_child("leak_child.py", run)
