"""Hypothesis strategies: documents with strings of every width and numbers at every boundary."""

import planjson
from hypothesis import strategies as st

ascii_characters = st.characters(max_codepoint=0x7F)
latin_1 = st.characters(max_codepoint=0xFF)
ucs2 = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])
ucs4 = st.characters(exclude_categories=["Cs"])
escaped = st.sampled_from('"\\\b\f\n\r\t\0\x01\x1f\x7f/ aé')

BOUNDARIES = sorted(
    {
        sign * (1 << bits) + delta
        for bits in (0, 7, 8, 15, 16, 30, 31, 32, 53, 60, 62, 63)
        for sign in (1, -1)
        for delta in (-1, 0, 1)
        if sign * (1 << bits) + delta >= -(1 << 63)
    }
    | {sign * 10**n + delta for n in range(19) for sign in (1, -1) for delta in (-1, 0, 1)}
    | {(1 << 64) - 1, (1 << 64) - 2, 10**19, 10**19 - 1, -(1 << 63)}
)


@st.composite
def long_texts(draw):
    """Up to 300 characters of one width with a few of another in between."""
    fill = draw(st.sampled_from("a é中\U0001f600"))
    text = list(fill * draw(st.integers(0, 300)))
    for character in draw(st.lists(st.one_of(escaped, ucs4), max_size=4)):
        text.insert(draw(st.integers(0, len(text))), character)
    return "".join(text)


texts = st.one_of(
    st.text(ascii_characters, max_size=40),
    st.text(latin_1, max_size=40),
    st.text(ucs2, max_size=40),
    st.text(ucs4, max_size=40),
    st.text(escaped, max_size=40),
    long_texts(),
)
integers = st.one_of(
    st.integers(-100, 1000),
    st.sampled_from(BOUNDARIES),
    st.integers(-(1 << 63), (1 << 64) - 1),
)
floats = st.one_of(
    st.floats(),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.sampled_from([0.0, -0.0, 1e-5, 1e-6, 1e15, 1e16, 1e22, 5e-324, 0.1, 1 / 3]),
)
scalars = st.one_of(st.none(), st.booleans(), integers, floats, texts)


@st.composite
def runs(draw):
    """A list of one type, long enough for a lane, of few drawn items."""
    kind = draw(st.sampled_from([integers, floats, st.booleans(), texts, small_mixture]))
    return draw(st.lists(kind, min_size=1, max_size=4)) * draw(st.integers(1, 12))


small_mixture = st.sampled_from([True, False, 0, 1, 0.0, 1.0])
keys = st.one_of(st.text(ascii_characters, max_size=12), texts)
non_str_keys = st.one_of(keys, integers, floats, st.booleans(), st.none())


def documents(leaves=scalars, dict_keys=keys):
    return st.recursive(
        st.one_of(leaves, runs()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=6),
            st.lists(inner, max_size=6).map(tuple),
            st.dictionaries(dict_keys, inner, max_size=6),
        ),
        max_leaves=16,
    )


SHAPE_FLAGS = (
    planjson.OPT_INDENT_2,
    planjson.OPT_SORT_KEYS,
    planjson.OPT_APPEND_NEWLINE,
)
ALL_FLAGS = (
    *SHAPE_FLAGS,
    planjson.OPT_NON_STR_KEYS,
    planjson.OPT_STRICT_INTEGER,
    planjson.OPT_PASSTHROUGH_SUBCLASS,
)


def options(flags=ALL_FLAGS):
    return st.sets(st.sampled_from(flags)).map(sum)
