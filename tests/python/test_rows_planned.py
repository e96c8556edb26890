"""Lists of flat dicts, many and few: `dumps(plan=True)` looks at some hundred of them at a time."""

import itertools
import json

import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, works
from runners import direct, planned

COUNTS = [15, 16, 17, 63, 64, 65, 79, 80, 81, 128, 145]
OPTIONS = [None, *(getattr(planjson, name) for name in dir(planjson) if name.startswith("OPT_"))]
FLAT = {"id": 1, "name": "tea", "price": 2.5, "sold": None, "fresh": True, "tags": [], "big": 2**52}
SCALARS = [0, -1, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, 1e300, -0.0, float("nan"), True, None, []]
TEXTS = ["", "tea", '"\\\n', "x" * 33, "x" * 128, "x" * 5000, "tée", "茶" * 700, "🍵" * 40, "\x7f"]


class Text(str):
    pass


class Dict(dict):
    pass


ODD = {
    "list": [1],
    "dict": {"a": 1},
    "empty dict": {},
    "tuple": (),
    "str of a subclass": Text("tea"),
    "dict of a subclass": Dict(FLAT),
    "rows": [FLAT] * 20,
}


def rows(count):
    return [{**FLAT, "id": number, "name": f"tea {number}"} for number in range(count)]


@pytest.fixture(autouse=True, scope="module")
def known():
    """Keys are known from the third dict on that has them."""
    for _ in range(3):
        planjson.dumps(rows(20))


@pytest.mark.parametrize("option", OPTIONS)
def test_as_many_as_a_plan_holds(option):
    for count in COUNTS:
        assert agreed(rows(count), option=option).count(b"tea") == count
    around = {"before": rows(70), "between": [rows(20), 1, rows(3)], "after": tuple(rows(64))}
    assert agreed(around, option=option).count(b"tea") == 157


@pytest.mark.parametrize("option", [None, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS])
@pytest.mark.parametrize("odd", ODD)
def test_a_row_that_is_none(odd, option):
    for at in (0, 1, 15, 16, 17, 40, 63, 64, 65, 99):
        some = rows(100)
        some[at]["tags"] = ODD[odd]
        works(some, option=option)
        some[at] = ODD[odd]
        works(some, option=option)


@pytest.mark.parametrize("value", [*SCALARS, *TEXTS], ids=lambda value: repr(value)[:20])
def test_values_that_are_told_in_a_longer_way(value):
    for name in FLAT:
        some = rows(40)
        for at in (0, 17, 39):
            some[at][name] = value
        works(some)


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ("\ud800", [0, planjson.OPT_INDENT_2, planjson.OPT_SORT_KEYS]),
        ("x\udfff" * 300, [0, planjson.OPT_ENSURE_ASCII]),
        (2**64, [0, planjson.OPT_INDENT_2]),
        (-(2**63) - 1, [0]),
        (2**53, [planjson.OPT_STRICT_INTEGER]),
        (float("nan"), [planjson.OPT_NAN_ERROR]),
    ],
)
def test_an_error_in_a_row_names_the_place(value, options):
    for name, at, option in itertools.product(FLAT, (0, 16, 63, 64, 99), options):
        some = rows(100)
        some[at][name] = value
        assert agreed({"rows": some}, option=option).path == f"$.rows[{at}].{name}"


def test_the_first_of_two_errors():
    some = rows(100)
    some[30]["name"] = "\ud800"
    some[20]["big"] = 2**64
    assert fails(some).path == "$[20].big"
    some[25][1] = "no str"
    assert fails(some).path == "$[20].big"
    some[20]["big"] = object()
    assert fails(some).path == "$[20].big"


def test_keys_that_are_no_strs():
    for at in (0, 20, 99):
        some = rows(100)
        some[at][7] = "seven"
        assert fails(some).path == f"$[{at}]"
        works(some, option=planjson.OPT_NON_STR_KEYS)
        some[at][Text("more")] = some[at].pop(7)
        assert fails(some).path == f"$[{at}]"


def test_keys_that_no_fragment_holds():
    for key in ("k" * 40, "clé", '"', ""):
        some = rows(100)
        for row in some[50:]:
            row[key] = 1
        works(some)


def test_keys_of_their_own_in_each_row():
    some = json.loads("[" + ",".join(json.dumps(row) for row in rows(100)) + "]")
    for row in some:
        for name in FLAT:
            row["".join([*name[:1], name[1:]])] = row.pop(name)
    for _ in range(3):
        works(some)


def test_more_keys_than_a_plan_remembers():
    wide = [
        {f"key {(7 * row + number) % 90}": number for number in range(30 + row % 3)}
        for row in range(150)
    ]
    for _ in range(4):
        works(wide)
    works([{f"key {number}": number for number in range(90)} for _ in range(40)] * 2)
    huge = [{f"member {number}": number for number in range(1100)} for _ in range(20)]
    for _ in range(3):
        works(huge)


@pytest.mark.parametrize("odd", [None, "é", [1], {}, (), {"a": 1}, "gone", 1.5], ids=repr)
def test_wide_rows(odd):
    """Up to 1,024 members are looked at as those of a row."""
    for columns in (127, 128, 129, 255, 256, 257, 1023, 1024, 1025):
        some = [{f"member {number}": number for number in range(columns)} for _ in range(12)]
        for at in (0, columns // 2, columns - 1):
            if odd == "gone":
                del some[at % 7 + 4][f"member {at}"]
            else:
                some[at % 7 + 4][f"member {at}"] = odd
        works(some)
        works(some, option=planjson.OPT_SORT_KEYS)


def test_another_order_of_keys():
    some = rows(100)
    for row in some[::3]:
        row["id"] = row.pop("id")
    works(some)


def test_members_that_were_taken_out():
    for name in FLAT:
        some = rows(100)
        del some[20][name]
        for row in some[60:80]:
            row[name] = row.pop(name)
        works(some)
    emptied = rows(40)
    emptied[30].clear()
    works(emptied)


@pytest.mark.parametrize("taken", [False, True])
def test_an_odd_value_in_any_place(taken):
    """One that the look misses would not get to the hook."""
    for width in [*range(1, 14), 127, 128, 129]:
        for at in {*range(min(width, 13)), width - 1}:
            some = [{f"k{place}": place for place in range(width + taken)} for _ in range(60)]
            some[50][f"k{at}"] = object()
            if taken:
                for row in some[::3]:
                    del row[f"k{width}"]
                del some[50][f"k{(at + 1) % (width + 1)}"]
            for document in (some, [some] * 2, {"rows": some}):
                assert agreed(document, default=lambda _: "odd").count(b'"odd"') >= 1


def test_instances_that_share_the_names_of_their_attributes():
    class Row:
        def __init__(self, number):
            self.id, self.tags = number, []

    works([vars(Row(number)) for number in range(50)])


def test_what_waits_before_and_what_comes_behind():
    long = "y" * 500
    for before in (
        [],
        [1],
        [long],
        [None] * 5000,
        [{"a": long}] * 700,
        [long] * 1500,
        [{"a": "b"}] * 15,
    ):
        works([*before, *rows(70), *before, {"rows": rows(70), "then": long}])
        works({"before": before, "rows": rows(70), "behind": before})


def test_hooks_that_change_the_rows_behind():
    def run(way, change):
        some = rows(100)
        some[50]["tags"] = object()

        def hook(_):
            change(some)
            return "told"

        return way(some, default=hook)

    changes = [
        lambda some: some.clear(),
        lambda some: some[51].clear(),
        lambda some: some[60].update(more=[1]),
        lambda some: some[60].update(id=Text("other")),
        lambda some: some.extend(rows(100)),
        lambda some: some.__setitem__(slice(51, 80), [None] * 5),
    ]
    for change in changes:
        assert run(planned, change) == run(direct, change)


def test_one_document_inside_another():
    def hook(_):
        return planjson.loads(planjson.dumps(rows(30), plan=True))

    want = planjson.dumps(rows(30))
    some = [*rows(40), {"id": object()}, *rows(40)]
    got = planned(some, default=hook)
    assert got == direct(some, default=hook)
    assert want in got


def test_explanations_record_what_a_window_passes():
    some = rows(100)
    plan = planjson.plan(some)
    assert plan.emit() == planned(some)
    assert "$[*].price" in str(plan)


values = st.one_of(
    st.sampled_from([*SCALARS, *TEXTS]),
    st.sampled_from([1, "tea", None, 2.5, True]),
    st.sampled_from(["\ud800", 2**64, Text("tea"), [1], {"a": [None]}, (), {}]),
)
usual = st.sampled_from([1, "tea", None, 2.5, True, "tée", 2**63, []])
names = st.sampled_from([*FLAT, "more", "clé", 3])
options = st.sets(st.sampled_from(OPTIONS[1:]), max_size=2).map(lambda some: sum(some) or None)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(list(FLAT)), usual, min_size=1, max_size=7),
        min_size=16,
        max_size=90,
    ),
    st.lists(st.tuples(st.integers(0, 89), names, values), max_size=2),
    options,
)
def test_any_rows(some, changes, option):
    for at, name, value in changes:
        some[at % len(some)][name] = value
    agreed(some, option=option)


@given(st.lists(st.sets(st.sampled_from(list(FLAT))), min_size=16, max_size=150))
def test_optional_keys(kept):
    works([{name: FLAT[name] for name in FLAT if name in some} for some in kept])
