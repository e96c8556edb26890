"""dump() of numpy's arrays: in pieces, and whatever write() does to them meanwhile."""

import io

import planjson
import pytest
from runners import brief

np = pytest.importorskip("numpy")

NUMPY = planjson.OPT_SERIALIZE_NUMPY
PIECE = 1 << 16
DTYPES = ("i1", "i4", "i8", "u2", "u8", "f2", "f4", "f8", "?", "M8[ms]", "M8[D]")
SHAPES = ((60_000,), (6000, 10), (2, 30_000), (30, 20, 100), (60_000, 1))
CACHED = planjson.compile(option=NUMPY)
WAYS = {
    "direct": lambda obj, fp: planjson.dump(obj, fp, option=NUMPY),
    "planned": lambda obj, fp: planjson.dump(obj, fp, option=NUMPY, plan=True),
    "cached": CACHED.dump,
}


def array(dtype, shape):
    count = int(np.prod(shape))
    return (np.arange(count, dtype="i8") % 97).astype(dtype).reshape(shape).copy()


class Pieces:
    def __init__(self, then=lambda: None):
        self.pieces, self.then = [], then

    def write(self, piece):
        self.pieces.append(piece)
        self.then()

    def whole(self):
        return b"".join(self.pieces)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_pieces_are_short(dtype, shape, way):
    some = [array(dtype, shape), "between", {"in": array(dtype, shape)}]
    file = Pieces()
    WAYS[way](some, file)
    want = planjson.dumps(some, option=NUMPY)
    assert file.whole() == want, brief(want)
    if way != "planned":
        assert max(map(len, file.pieces)) < 2 * PIECE
    # Segments of a plan are longer.
    assert max(map(len, file.pieces)) < 12 * PIECE


@pytest.mark.parametrize("bad", [0, 5, 29_999, 30_000, 50_000, 59_999])
@pytest.mark.parametrize("plan", [False, True])
def test_an_error_names_the_place(bad, plan):
    some = array("f8", (60_000,))
    some[bad] = np.nan
    option = NUMPY | planjson.OPT_NAN_ERROR
    with pytest.raises(planjson.JSONEncodeError) as caught:
        planjson.dump([some], io.BytesIO(), option=option, plan=plan)
    assert caught.value.path == f"$[0][{bad}]"
    with pytest.raises(planjson.JSONEncodeError) as caught:
        planjson.dump(some.reshape(2, 30_000), io.BytesIO(), option=option, plan=plan)
    assert caught.value.path == f"$[{bad // 30_000}][{bad % 30_000}]"


def smaller(some):
    some.resize(10, refcheck=False)


def larger(some):
    some.resize(3_000_000, refcheck=False)


def reshaped(some):
    some.shape = (2, -1)


def other_type(some):
    some.dtype = "u1"


@pytest.mark.parametrize("change", [smaller, larger, reshaped, other_type])
@pytest.mark.parametrize("dtype", ["i8", "f8", "f4"])
@pytest.mark.parametrize("plan", [False, True])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_array_that_write_changes_is_an_error(change, dtype, plan):
    some = array(dtype, (200_000,))
    left = [lambda: None, lambda: change(some)]
    file = Pieces(lambda: left and left.pop(0)())
    with pytest.raises(planjson.JSONEncodeError, match="changed while it was written") as caught:
        planjson.dump({"a": [some]}, file, option=NUMPY, plan=plan)
    assert caught.value.path == "$.a[0]"
    assert planjson.dumps(some, option=NUMPY)


@pytest.mark.parametrize("plan", [False, True])
def test_values_may_change(plan):
    some = array("i8", (100_000,))

    def change():
        some[:] = 7

    file = Pieces(change)
    planjson.dump(some, file, option=NUMPY, plan=plan)
    assert file.whole().endswith(b",7,7,7]") and file.whole().startswith(b"[0,1,2,3,")


@pytest.mark.parametrize("plan", [False, True])
def test_an_array_of_which_nobody_else_knows(plan):
    """The list that had it is emptied by the first write()."""
    outer = [array("i8", (100_000,))]
    want = planjson.dumps(outer, option=NUMPY)
    file = Pieces(outer.clear)
    planjson.dump(outer, file, option=NUMPY, plan=plan)
    assert file.whole() == want


@pytest.mark.parametrize("plan", [False, True])
def test_a_view_whose_memory_goes(plan):
    """It is written whole, before write() can let go of what it shows."""
    base = array("i8", (300_000,))
    view = base.reshape(-1, 4)
    want = planjson.dumps(view, option=NUMPY)
    file = Pieces(lambda: base.resize((10,), refcheck=False))
    planjson.dump(view, file, option=NUMPY, plan=plan)
    assert file.whole() == want


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_dates_whose_unit_changes():
    some = array("M8[s]", (300_000,))

    def change():
        some.dtype = "M8[D]"

    with pytest.raises(planjson.JSONEncodeError, match="changed while it was written"):
        planjson.dump(some, Pieces(change), option=NUMPY)
