"""CachedPlan.dump: along the plan, in pieces, whatever write() does meanwhile."""

import io
import random

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import outcome
from runners import GUESSES
from strategies import documents

PIECE = 1 << 16


class Pieces:
    def __init__(self, then=lambda: None):
        self.pieces, self.then = [], then

    def write(self, piece):
        self.pieces.append(piece)
        self.then()

    def whole(self):
        return b"".join(self.pieces)


def dumped(plan):
    def dump(obj, **_):
        file = io.BytesIO()
        plan.dump(obj, file)
        return file.getvalue()

    return dump


@given(documents(), documents())
def test_any_plan_for_any_document(example, obj):
    plan = planjson.compile(example)
    for each in (obj, example, [example, obj, example]):
        assert outcome(dumped(plan), each) == outcome(planjson.dumps, each)


ROWS = {
    "flat": [{"id": i, "name": f"name {i}", "ok": None} for i in range(9000)],
    "nested": [{"id": i, "in": {"a": [{"b": i}], "c": {}}} for i in range(5000)],
    "long strs": [{"id": i, "text": "é" * 20_000} for i in range(50)],
    "wide": [{f"key{k}": "x" * 200 for k in range(1000)} for _ in range(3)],
    "fresh keys": [{f"id{i % 3}"[:2]: i, "a b"[:3]: [i] * 5} for i in range(9000)],
    "empty": [{}] * 90_000,
    "several shapes": [{"abc"[i % 3]: i, "z": 1} for i in range(20_000)],
    "never the same": [{f"k{i}": i} for i in range(20_000)],
    "nulls before": [None, *[{"id": i} for i in range(20_000)]],
    "one dict": {"head": 1, "rows": [{"id": i} for i in range(20_000)]},
}


@pytest.mark.parametrize("name", ROWS)
def test_pieces_are_short(name):
    obj = ROWS[name]
    plan = planjson.compile(obj)
    for _ in range(2):
        file = Pieces()
        plan.dump(obj, file)
        assert file.whole() == planjson.dumps(obj)
        assert max(map(len, file.pieces)) < 2 * PIECE


@pytest.mark.skipif(not GUESSES, reason="nothing is guessed")
def test_it_goes_along_the_plan():
    plan = planjson.compile(ROWS["nested"][:1])
    plan.dump(ROWS["nested"], io.BytesIO())
    info = plan.info()
    assert (info["calls"], info["rows"]) == (1, 20_000)
    assert info["hits"] == 20_000 and info["deopts"] == {}
    sorts = planjson.compile(ROWS["nested"][:1], option=planjson.OPT_SORT_KEYS)
    sorts.dump(ROWS["nested"], io.BytesIO())
    assert (sorts.info()["calls"], sorts.info()["rows"]) == (1, 0)


def changes(rng, rows):
    """What write() may do, a little at a time."""

    def change():
        at = rng.randrange(len(rows)) if rows else 0
        what = rng.randrange(8)
        if what == 0 and rows:
            rows[at].clear()
        elif what == 1 and rows:
            rows[at].update({f"new{i}": i for i in range(40)})
        elif what == 2 and rows:
            rows[at].pop("id", None)
        elif what == 3 and rows:
            rows[at][7] = 7
        elif what == 4 and rows:
            del rows[at:]
        elif what == 5:
            rows.append({"late": 1})
        elif what == 6 and rows:
            rows[at]["in"] = {"a": object()}
        else:
            rows[:] = [dict(row) for row in rows]

    return change


@pytest.mark.parametrize("name", ["nested", "wide", "fresh keys"])
@pytest.mark.parametrize("seed", range(12))
def test_whatever_write_does(name, seed):
    """As on the direct path, whose pieces are the same."""

    def run(dump):
        rng = random.Random(seed)
        rows = [dict(row) for row in ROWS[name]]
        file = Pieces(changes(rng, rows))
        try:
            dump(rows, file)
        except planjson.JSONEncodeError as error:
            return file.whole(), str(error), error.path
        return file.whole()

    plan = planjson.compile(ROWS[name][:4])
    want = run(planjson.dump)
    assert run(plan.dump) == want
    assert run(lambda rows, file: planjson.dump(rows, file, plan=plan)) == want


@given(st.integers(0, 3), st.booleans())
def test_what_write_raises_is_passed_on(at, nested):
    def change():
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError("mine")

    left = at
    obj = ROWS["nested"] if nested else ROWS["flat"]
    with pytest.raises(OSError, match="mine"):
        planjson.compile(obj[:1]).dump([obj, obj], Pieces(change))


def test_a_plan_that_write_clears_and_uses():
    plan = planjson.compile(ROWS["nested"][:1])

    def change():
        plan.clear()
        assert plan.dumps(ROWS["nested"][:3]) == planjson.dumps(ROWS["nested"][:3])
        plan.dump(ROWS["nested"][:2], io.BytesIO())

    file = Pieces(change)
    plan.dump(ROWS["nested"], file)
    assert file.whole() == planjson.dumps(ROWS["nested"])
