"""OPT_NON_STR_KEYS: members that are told as they come, and where that ends."""

import datetime
import enum
import sys
import uuid
from random import Random

import model
import planjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, fails, same, works
from runners import PATHS
from strategies import documents, keys, non_str_keys, scalars

KEYS = planjson.OPT_NON_STR_KEYS
SORT = planjson.OPT_SORT_KEYS
FLAGS = (
    0,
    SORT,
    planjson.OPT_INDENT_2,
    planjson.OPT_NAIVE_UTC | planjson.OPT_UTC_Z,
    planjson.OPT_OMIT_MICROSECONDS | SORT,
    planjson.OPT_STRICT_INTEGER,
    planjson.OPT_PASSTHROUGH_DATETIME,
)


class Colour(enum.Enum):
    RED = "red"
    QUOTED = 'a"b'
    WIDE = "é"
    ONE = 1
    HALF = 0.5
    NONE = None
    YES = True
    HUGE = 1 << 63
    DAY = datetime.date(2024, 2, 29)
    EMPTY = ""


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Word(enum.StrEnum):
    A = "a"
    B = "b\n"


class Asked(enum.Enum):
    A = "a"

    @property
    def value(self):
        return "asked"


class Own(enum.Enum):
    A = (1, 2)
    B = object()
    C = 1 << 64
    D = "\ud800"


moments = st.one_of(
    st.datetimes(),
    st.datetimes(timezones=st.just(datetime.UTC)),
    st.dates(),
    # Between these orjson loses a zero.
    st.times().filter(lambda clock: not 10_000 <= clock.microsecond < 100_000),
    st.uuids(),
    st.sampled_from([*Colour, *Level, *Word, *Asked]),
)
any_keys = st.one_of(moments, non_str_keys)


@given(st.dictionaries(any_keys, scalars, max_size=8), st.sampled_from(FLAGS))
def test_any_dict(obj, flags):
    same(obj, option=KEYS | flags)


def many_keys(random, size):
    """Keys of all kinds, most of them of the first that comes."""
    kinds = [
        lambda: random.randrange(-(10**9), 10**9),
        lambda: random.random(),
        lambda: f"key {random.randrange(10**6)}",
        lambda: datetime.date.fromordinal(random.randrange(1, 3_000_000)),
        lambda: (
            datetime.datetime(2024, 1, 1)
            + datetime.timedelta(microseconds=random.randrange(10**15))
        ),
        lambda: uuid.UUID(int=random.getrandbits(128)),
        lambda: random.choice([*Colour, *Level, *Word, *Asked]),
    ]
    first = random.choice(kinds)
    return [random.choice(kinds)() if random.random() < 0.1 else first() for _ in range(size)]


@pytest.mark.parametrize("seed", range(40))
def test_many_members(seed):
    random = Random(seed)
    values = [1, 2.5, "text", None, True, "é", datetime.date(2024, 1, 1), [1], {"a": 1}]
    flat = random.random() < 0.7
    keys = many_keys(random, random.randrange(20, 80))
    obj = {key: random.choice(values[:5] if flat else values) for key in keys}
    for flags in FLAGS[:5]:
        works(obj, option=KEYS | flags)
        works([obj, obj], option=KEYS | flags)


@given(documents(dict_keys=any_keys), st.sampled_from(FLAGS))
def test_any_document(obj, flags):
    same(obj, option=KEYS | flags)


@given(documents(dict_keys=keys), st.sampled_from([0, SORT, planjson.OPT_OMIT_NONE]))
def test_strs_alone_are_written_as_without(obj, flags):
    assert agreed(obj, option=KEYS | flags) == agreed(obj, option=flags)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdé"), st.one_of(scalars, st.just([1])), max_size=5)
    )
)
def test_rows(rows):
    for flags in (0, SORT, planjson.OPT_INDENT_2):
        works(rows, option=KEYS | flags)


@pytest.mark.parametrize("member", [*Colour, *Level, *Word, *Asked])
def test_members_of_enums(member):
    for flags in FLAGS:
        works({member: 1}, option=KEYS | flags)
        same({1: 2, member: 1, "b": member}, option=KEYS | flags)
        works([{member: n} for n in range(40)], option=KEYS | flags)
        fails({member: 1}, model.KEY_NOT_STR, option=flags)


@pytest.mark.parametrize(
    ("member", "text"),
    [
        (Own.A, model.KEY_TYPE),
        (Own.B, model.KEY_TYPE),
        (Own.C, model.KEY_NOT_64_BIT),
        (Own.D, model.SURROGATES),
    ],
)
def test_members_that_cannot_be_keys(member, text):
    for flags in (0, SORT):
        fails({member: 1}, text, option=KEYS | flags)
        fails({1: 2, member: 1}, text, option=KEYS | flags)


def test_an_enum_that_changes():
    for _ in range(3):
        works({Colour.RED: 1}, option=KEYS)
    Colour.RED._value_ = "changed"
    try:
        works({Colour.RED: 1}, b'{"changed":1}', option=KEYS)
    finally:
        Colour.RED._value_ = "red"
    Colour.value, before = property(lambda self: "other"), Colour.__dict__.get("value")
    try:
        works({Colour.RED: 1}, b'{"other":1}', option=KEYS)
    finally:
        if before is None:
            del Colour.value
        else:
            Colour.value = before
    works({Colour.RED: 1}, b'{"red":1}', option=KEYS)


# Where something behind is refused, too: all keys come before the values.
BEHIND = [((1,), model.KEY_TYPE), (1 << 64, model.KEY_NOT_64_BIT), ("\ud800", model.SURROGATES)]


@pytest.mark.parametrize(("key", "text"), BEHIND)
@pytest.mark.parametrize("value", [object(), 1 << 64, "\udfff", [object()], {"a": object()}])
def test_keys_behind_are_checked_first(key, text, value):
    for first in ("a", 1, Colour.RED, datetime.date(2024, 1, 1)):
        for flags in (0, SORT):
            found = fails({first: value, key: 2}, text, option=KEYS | flags)
            assert found.path == "$"
            fails({"b": 1, first: value, "c": 3, key: 2}, text, option=KEYS | flags)
            fails([{"b": 1}, {"b": 1, first: value, key: 2}], text, option=KEYS | flags)


@pytest.mark.parametrize("value", [1 << 64, "\udfff", object(), [object()]])
@pytest.mark.parametrize(
    "first", ["a", 7, 1.5, None, Colour.RED, Word.A, datetime.date(2024, 1, 1), uuid.UUID(int=5)]
)
def test_where_a_value_is_refused(first, value):
    name = planjson.dumps({first: 0}, option=KEYS).decode().split('"')[1]
    inside = "[0]" if isinstance(value, list) else ""
    for flags in (0, SORT):
        found = fails({first: value, "z": 1}, option=KEYS | flags)
        assert found.path in (f"$.{name}{inside}", f'$["{name}"]{inside}')
        found = fails([{"a": 1}, {first: value}], option=KEYS | flags)
        assert found.path in (f"$[1].{name}{inside}", f'$[1]["{name}"]{inside}')


def changing(change):
    def make():
        def default(obj):
            change(obj.dict)
            return 0

        return default

    return make


class Hooked:
    def __init__(self):
        self.dict = None


CHANGES = [
    dict.clear,
    lambda d: d.pop("b", None),
    lambda d: d.update({"b": "other"}),
    lambda d: d.update({5: "other", "new": [1]}),
    lambda d: d.update({n: n for n in range(100)}),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("others", [{"b": 1, "c": [2]}, {5: 1, "b": [2]}, {Colour.RED: 1, "b": 3}])
def test_hooks_that_change_the_dict_come_too_late(change, others):
    def build():
        hooked = Hooked()
        hooked.dict = {"a": 1, "hook": hooked, **others}
        return hooked.dict

    for flags in (0, SORT):
        want = planjson.dumps({"a": 1, "hook": 0, **others}, option=KEYS | flags)
        for run in (planjson.dumps, lambda obj, **more: planjson.dumps(obj, plan=True, **more)):
            assert run(build(), option=KEYS | flags, default=changing(change)()) == want
            rows = run([{"a": 1}, build()], option=KEYS | flags, default=changing(change)())
            assert rows == b'[{"a":1},' + want + b"]"


class Filling(datetime.tzinfo):
    """A zone that fills a list when it is asked."""

    def __init__(self):
        self.list = []

    def utcoffset(self, _):
        self.list.append(1)
        return datetime.timedelta(hours=1)

    def dst(self, _):
        return None


@pytest.mark.parametrize("size", [0, 50])
@pytest.mark.parametrize("rows", [False, True])
def test_a_key_fills_a_list_in_front_of_it(size, rows):
    """All keys come before the first value that may change."""
    for flags in (0, SORT):
        found = set()
        for run in PATHS.values():
            zone = Filling()
            late = datetime.datetime(2020, 1, 1, tzinfo=zone)
            obj = {**{n: n for n in range(size)}, "a": zone.list, -1: zone.list, late: 2}
            # The dict has asked for the offset, to hash its key.
            zone.list.clear()
            found.add(run([obj] if rows else obj, option=KEYS | flags))
            zone.list.clear()
        assert len(found) == 1
        assert b"[]" not in found.pop()


def rows_of_any_keys(random, keys, values):
    """Rows of the same key objects, some of them in another order, one fewer, or of equal keys."""
    rows = []
    for _ in range(random.randrange(1, 90)):
        some = list(keys)
        match random.randrange(8):
            case 0:
                random.shuffle(some)
            case 1:
                del some[random.randrange(len(some))]
            case 2:
                some = [type(key)(str(key)) if type(key) in (int, float) else key for key in some]
        rows.append({key: random.choice(values) for key in some})
    return rows


@pytest.mark.parametrize("seed", range(30))
def test_sorted_rows_of_the_same_keys(seed):
    """Their order is known from the second row on, and from call to call."""
    random = Random(seed)
    kinds = [1, 2, 10, 700, -3, 1 << 62, None, True, False, "a", "null", "1", "true", "é", 0.5]
    kinds += [datetime.date(2024, 1, 1), datetime.datetime(2024, 1, 1), uuid.UUID(int=7)]
    kinds += [Colour.RED, Colour.QUOTED, Level.HIGH, Word.A, "long" * 30]
    keys = random.sample(kinds, random.randrange(1, 9))
    values = [1, 2.5, "text", None, True, "é", "x" * 300, datetime.date(2024, 1, 1), [], [1]]
    values += [{"b": 1, "a": 2}, {2: 1, 1: 2}]
    rows = rows_of_any_keys(random, keys, values[:7] if seed % 2 else values)
    for flags in (SORT, SORT | planjson.OPT_INDENT_2):
        works(rows, option=KEYS | flags)
        works({"rows": rows, "last": rows[0]}, option=KEYS | flags)
    agreed(rows, option=KEYS | SORT | planjson.OPT_OMIT_NONE)
    for row in rows[:4]:
        for _ in range(4):
            works(row, option=KEYS | SORT)


def test_sorted_moments_whose_texts_other_options_change():
    begin = datetime.datetime(2024, 1, 1)
    row = {begin.replace(microsecond=3): 1, begin.replace(tzinfo=datetime.UTC): 2, begin: 3}
    row |= {"2024-01-01T00:00:00+00:00": 4, "2024-01-01T00:00:00Z": 5}
    for flags in [*FLAGS, 0] * 3:
        works([row, row, row], option=KEYS | SORT | flags)


@pytest.mark.parametrize("refused", [1 << 64, "\udfff", object()])
def test_where_a_value_of_a_known_order_is_refused(refused):
    rows = [{2: 1, 1: 2, None: 3} for _ in range(5)]
    rows.append({2: refused, 1: 2, None: [1]})
    found = fails(rows, option=KEYS | SORT)
    assert found.path in ("$[5].2", '$[5]["2"]')
    rows[5] = {2: 1, 1: 2, None: [1, refused]}
    assert fails(rows, option=KEYS | SORT).path == "$[5].null[1]"


def test_an_enum_that_changes_among_sorted_rows():
    """A hook gives a member another value: then the order is another one."""
    before = Colour.RED._value_
    try:
        for run in PATHS.values():
            Colour.RED._value_ = before

            def change(_):
                Colour.RED._value_ = "a"
                return 0

            rows = [{"b": 1, Colour.RED: 2}] * 3
            found = run([*rows, object(), *rows], option=KEYS | SORT, default=change)
            assert found == b"[%b,0,%b]" % (
                b",".join([b'{"b":1,"red":2}'] * 3),
                b",".join([b'{"a":2,"b":1}'] * 3),
            )
    finally:
        Colour.RED._value_ = before


def test_keys_of_known_orders_are_not_held_for_each_call():
    keys = [10**6 + n for n in range(4)]
    before = [sys.getrefcount(key) for key in keys]
    for _ in range(100):
        planjson.dumps(dict.fromkeys(keys, 1), option=KEYS | SORT)
        planjson.dumps([dict.fromkeys(reversed(keys), 1)] * 3, option=KEYS | SORT)
    after = [sys.getrefcount(key) for key in keys]
    assert all(b <= a + 2 for a, b in zip(before, after, strict=True)), (before, after)


def test_a_known_order_deep_in_members_of_enums():
    """There a member is refused as a key, before any value is told."""
    chain = enum.Enum("chain", {f"M{n}": f"v{n}" for n in range(256)})
    *members, key = chain
    inner = {1: 1 << 64, key: 2}
    for member, behind in zip(members[:254], [*members[1:254], inner], strict=True):
        member._value_ = behind
    alone = agreed([members[0]], option=KEYS | SORT)
    behind = agreed([*[{1: 1, key: 1}] * 3, members[0]], option=KEYS | SORT)
    assert alone.text == behind.text == "Recursion limit reached"
    assert (alone.path, behind.path) == ("$[0]", "$[3]")
