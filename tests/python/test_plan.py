"""A Plan: owns what it needs, emits any number of times, prints as a tree."""

import gc
import threading
import weakref

import planjson
import pytest
from hypothesis import given
from paths import works
from strategies import documents, options

LONG = "long string of many characters " * 10
DOCUMENT = {
    "ints": list(range(50)),
    "floats": [n / 7 for n in range(50)],
    "bools": [True, False] * 10,
    "strings": [f"{n} " + LONG for n in range(40)],
    "short": [f"s{n}" for n in range(40)],
    "wide": ["é" * 50, "中" * 50, "\U0001f600" * 50, "\n" * 50],
    "rows": [{"id": n, "name": f"row {n}", LONG: None} for n in range(10)],
    "empty": [[], {}, ()],
    "null": None,
}


def build():
    """DOCUMENT again, of new objects only."""

    def twin(obj):
        if isinstance(obj, dict):
            return {twin(key): twin(value) for key, value in obj.items()}
        if isinstance(obj, (list, tuple)):
            return type(obj)(map(twin, obj))
        return "".join(list(obj)) if isinstance(obj, str) else obj

    return twin(DOCUMENT)


def test_emit_again_and_again():
    plan = planjson.plan(DOCUMENT)
    want = works(DOCUMENT)
    for _ in range(20):
        assert plan.emit() == want


def test_type():
    plan = planjson.plan([1])
    assert type(plan) is planjson.Plan
    assert type(plan.emit()) is bytes
    with pytest.raises(TypeError):
        plan.emit(1)


def mutate(obj):
    if isinstance(obj, dict):
        for value in obj.values():
            mutate(value)
        obj.clear()
        obj["mutated"] = "x" * 1000
    elif isinstance(obj, list):
        for value in obj:
            mutate(value)
        obj[:] = ["mutated", 1, None]


def test_source_mutated():
    want = works(DOCUMENT)
    source = build()
    plan = planjson.plan(source)
    mutate(source)
    gc.collect()
    assert plan.emit() == want
    assert planjson.dumps(source) == b'{"mutated":"' + b"x" * 1000 + b'"}'
    assert plan.emit() == want


def test_source_deleted():
    want = works(DOCUMENT)
    plan = planjson.plan(build())
    gc.collect()
    junk = [build() for _ in range(5)]
    del junk
    junk = ["J" * size for size in range(10, 2000)]
    assert plan.emit() == want
    del junk
    assert plan.emit() == want


def test_many_plans_at_once():
    plans = [planjson.plan([n, [f"{n} " + LONG] * 3, {"k": n / 7}]) for n in range(200)]
    for _ in range(2):
        for n in reversed(range(200)):
            assert plans[n].emit() == planjson.dumps([n, [f"{n} " + LONG] * 3, {"k": n / 7}])
            if n % 3 == 0:
                plans[n] = planjson.plan([n, [f"{n} " + LONG] * 3, {"k": n / 7}])


def test_plans_do_not_disturb_dumps():
    plan = planjson.plan(DOCUMENT)
    want = works(DOCUMENT)
    for _ in range(5):
        assert planjson.dumps(["other", 1], plan=True) == b'["other",1]'
        assert planjson.dumps(DOCUMENT, plan=True) == want
        assert planjson.plan([2.5] * 100).emit() == planjson.dumps([2.5] * 100)
        assert plan.emit() == want


def test_results_of_hooks_are_kept():
    def hook(obj):
        return {"".join(["key ", LONG]): [f"value {n} " + LONG for n in range(20)]}

    plan = planjson.plan([1j, 2j], default=hook)
    gc.collect()
    junk = [LONG + str(n) for n in range(1000)]
    assert plan.emit() == planjson.dumps([hook(0), hook(0)])
    del junk


def test_options_are_part_of_the_plan():
    obj = {"b": [1], "a": {2: 3}}
    option = 1 | 4 | 32 | 1024
    plan = planjson.plan(obj, None, option)
    assert plan.emit() == planjson.dumps(obj, None, option)
    assert plan.emit().endswith(b"}\n")


def test_errors_come_with_the_plan():
    with pytest.raises(planjson.JSONEncodeError) as caught:
        planjson.plan([1, {"a": 1j}])
    assert caught.value.path == "$[1].a"


def test_the_source_is_not_kept():
    class Item(list):
        pass

    source = Item([1, 2, 3])
    watch = weakref.ref(source)
    plan = planjson.plan([source])
    del source
    gc.collect()
    assert watch() is None
    assert plan.emit() == b"[[1,2,3]]"


def test_text_of_a_plan():
    plan = planjson.plan({"ints": list(range(50)), "name": "x", "inner": {"a": [1.5] * 20}})
    text = str(plan)
    assert text == str(plan.explain()) == repr(plan.explain())
    assert type(text) is str
    lines = text.splitlines()
    assert len(lines) >= 4
    assert any("$" in line for line in lines[:4]), text
    for word in ("ints", "name", "inner"):
        assert any(word in line for line in lines), text
    assert plan.emit() == works({"ints": list(range(50)), "name": "x", "inner": {"a": [1.5] * 20}})


def test_text_says_kind_count_and_lane():
    text = str(planjson.plan({"ints": list(range(50)), "floats": [0.5] * 60})).lower()
    for word in ("int", "float", "50", "60", "lane"):
        assert word in text, text


@pytest.mark.parametrize(
    "obj",
    [None, True, 1, -(1 << 63), 1.5, float("nan"), "", "é" * 500, "\n", [], {}, [[]], {"": [""]}],
    ids=lambda x: repr(x)[:12],
)
def test_every_small_plan_has_a_text(obj):
    plan = planjson.plan(obj)
    assert str(plan)
    str(plan).encode()
    assert str(plan.explain()) == str(plan)
    assert repr(plan)


def test_text_of_deep_wide_and_long_plans():
    deep = 1
    for _ in range(250):
        deep = [deep]
    for obj in (deep, [[n] for n in range(5000)], {f"k{n}": n for n in range(5000)}, DOCUMENT):
        str(planjson.plan(obj)).encode()


def test_text_after_the_source_is_gone():
    plan = planjson.plan(build())
    want = str(planjson.plan(DOCUMENT))
    gc.collect()
    assert str(plan) == want
    assert plan.emit() == works(DOCUMENT)
    assert str(plan) == want


def test_emit_from_other_threads():
    plan = planjson.plan(build())
    want = works(DOCUMENT)
    found = []
    threads = [
        threading.Thread(target=lambda: found.extend(plan.emit() for _ in range(50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200
    assert all(out == want for out in found)


def test_plan_dropped_in_another_thread():
    want = works(DOCUMENT)
    for _ in range(20):
        holder = [planjson.plan(build())]
        thread = threading.Thread(target=lambda holder=holder: holder.pop().emit())
        thread.start()
        thread.join()
        assert not holder
    assert planjson.plan(build()).emit() == want


def test_plan_of_a_hook_that_keeps_the_plan():
    """A reference circle through a hook's closure must not keep anybody from going."""

    class Watched:
        pass

    watched = Watched()
    watch = weakref.ref(watched)
    holder = {"watched": watched}
    holder["plan"] = planjson.plan([1j], default=lambda obj, holder=holder: "x")
    del watched, holder
    gc.collect()
    assert watch() is None


@given(documents(), options())
def test_any_plan_twice_and_its_text(obj, option):
    try:
        plan = planjson.plan(obj, option=option)
    except planjson.JSONEncodeError:
        return
    first = plan.emit()
    assert first == planjson.dumps(obj, option=option)
    str(plan).encode()
    assert plan.emit() == first
