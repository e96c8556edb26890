"""What documents are made of now and then, and no other line measures. Each has been slow once."""

import datetime
import enum
import math
import random
import string
import uuid
from typing import Any

from benches.workloads import Maker, N, Terms, Workload, float_random, int_9_digits, of, record


def unsigned(rng: random.Random) -> int:
    return rng.randrange(1 << 63, 1 << 64)


def identifier(rng: random.Random) -> int:
    """64 bits at random: half of them need all, without a sign."""
    return rng.getrandbits(64)


def scalar(rng: random.Random) -> Any:
    kinds = [None, True, False, int_9_digits(rng), float_random(rng), "abc", "a longer string here"]
    return rng.choice(kinds)


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


def with_strs(document: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in document.items()}


def with_values(rows: list[dict[Colour, int]]) -> list[dict[str, int]]:
    return [{key.value: value for key, value in row.items()} for row in rows]


def with_words(rows: list[dict[bool | None, int]]) -> list[dict[str, int]]:
    words = {True: "true", None: "null"}
    return [{words[key]: value for key, value in row.items()} for row in rows]


def with_strs_each(rows: list[dict[Any, Any]]) -> list[dict[str, Any]]:
    return [with_strs(row) for row in rows]


def of_keys() -> list[Workload]:
    """OPT_NON_STR_KEYS: keys that are no strs, and documents without any."""
    keys: dict[str, Any] = {"terms": Terms.KEYS}
    in_order: dict[str, Any] = {"terms": Terms.KEYS_SORTED}
    colours: dict[str, Any] = {"plain": with_values, "per": "row"}

    def numbered() -> dict[int, int]:
        return {3 * i: i for i in range(N)}

    def days() -> dict[datetime.date, int]:
        first = datetime.date(2000, 1, 1)
        return {first + datetime.timedelta(n): n for n in range(20_000)}

    def coloured(rng: random.Random) -> dict[Colour, int]:
        return {colour: int_9_digits(rng) for colour in Colour}

    def answered(rng: random.Random) -> dict[bool | None, int]:
        return {True: int_9_digits(rng), None: int_9_digits(rng)}

    def counted(rng: random.Random) -> dict[int, Any]:
        return {1: int_9_digits(rng), 2: "text"}

    def five_days(rng: random.Random) -> dict[datetime.date, int]:
        first = datetime.date(2000, 1, 1) + datetime.timedelta(rng.randrange(9_000))
        return {first + datetime.timedelta(i): i for i in range(5)}

    return [
        Workload("one dict by int", numbered, plain=with_strs, **keys),
        Workload("one dict by int, sorted", numbered, plain=with_strs, **in_order),
        Workload("one dict by date", days, plain=with_strs, **keys),
        Workload("one dict by date, sorted", days, plain=with_strs, **in_order),
        of("dicts by members of an Enum", coloured, 10_000, **colours, **keys),
        of("dicts by members of an Enum, sorted", coloured, 10_000, **colours, **in_order),
        of(
            "dicts by True and None, sorted",
            answered,
            10_000,
            plain=with_words,
            per="row",
            **in_order,
        ),
        of(
            "dicts by 1 and 2, sorted", counted, 10_000, plain=with_strs_each, per="row", **in_order
        ),
        of(
            "dicts by 5 dates, sorted",
            five_days,
            8_000,
            plain=with_strs_each,
            per="row",
            **in_order,
        ),
        of("rows, keys of any type allowed", record, 10_000, per="row", **keys),
        of("the same, sorted", record, 10_000, per="row", **in_order),
    ]


def key(i: int) -> str:
    return f"key{i}"


def beyond_ascii(rng: random.Random) -> dict[str, Any]:
    return {"ключ": int_9_digits(rng), "имя": "я"}


def long_keys(rng: random.Random) -> dict[str, Any]:
    return {f"{c}_rather_long_name_of_a_column_of_some_table": int_9_digits(rng) for c in "ab"}


def words(rng: random.Random) -> list[str]:
    return ["".join(rng.choices(string.ascii_lowercase, k=6)) for _ in range(10)]


def box(rng: random.Random) -> list[int]:
    return [rng.randrange(2000) for _ in range(4)]


def vector(rng: random.Random) -> list[float]:
    return [rng.random() for _ in range(8)]


def table_row(rng: random.Random) -> tuple[Any, ...]:
    return int_9_digits(rng), "abc", 1.5, None, True, "xyz", float_random(rng)


def paths(rng: random.Random) -> dict[str, int]:
    return {f"/metrics/http/requests/{rng.randrange(10**6)}": i for i in range(100)}


def by_uuid(rng: random.Random) -> dict[str, int]:
    return {str(uuid.UUID(int=rng.getrandbits(128))): int_9_digits(rng) for _ in range(4)}


def some_letters(rng: random.Random) -> dict[str, int]:
    return {key: int_9_digits(rng) for key in "abcdefgh" if rng.random() < 0.7}


ADDRESS = "id name email phone street city state zip country note tag level".split()


def some_columns(rng: random.Random) -> dict[str, int]:
    return {
        key: int_9_digits(rng) for i, key in enumerate(ADDRESS) if i % 2 == 0 or rng.random() < 0.6
    }


def letters_in_any_order(rng: random.Random) -> dict[str, int]:
    return {key: int_9_digits(rng) for key in rng.sample("abcdefgh", 8)}


def floats_by_word() -> dict[str, float]:
    rng = random.Random(7)
    return {"".join(rng.choices(string.ascii_lowercase, k=8)): rng.random() for _ in range(30_000)}


def half_known(rng: random.Random) -> float:
    return rng.choice((price(rng), math.nan))


def or_none(make: Maker) -> Maker:
    """A fifth is missing."""
    return lambda rng: None if rng.random() < 0.2 else make(rng)


def price(rng: random.Random) -> float:
    return round(rng.uniform(0, 1000), 2)


# Some write what is no JSON.
NAN = (b"NaN", b"null")


def null_for_nan(column: list[float]) -> list[float | None]:
    return [None if math.isnan(v) else v for v in column]


def columns(rng: random.Random) -> dict[str, Any]:
    """Each row has keys of its own, as a parser makes them."""
    values = (int_9_digits, price, lambda _: "abc")
    return {f"column {i}": values[i % 3](rng) for i in range(200)}


class Thing:
    """What only a hook knows."""

    def __init__(self, rng: random.Random) -> None:
        self.id, self.price, self.name = int_9_digits(rng), float_random(rng), "abc"


def attributes_of_each(things: list[Thing]) -> list[dict[str, Any]]:
    return [vars(thing) for thing in things]


def generated() -> list[Workload]:
    return [
        of("None", lambda _: None),
        of("int, 64 bits, no sign", unsigned),
        of("int, 64 bits at random", identifier),
        of("scalars of five kinds", scalar),
        Workload("one dict of ints, 10^5", lambda: {key(i): i for i in range(N)}),
        Workload("one dict of strs, 10^5", lambda: {key(i): f"value {i}" for i in range(N)}),
        Workload("one dict of dicts, 5 * 10^4", lambda: {key(i): {"a": i} for i in range(N // 2)}),
        of("rows, keys beyond ASCII", beyond_ascii, 25_000, per="row"),
        of("rows, keys of 45 characters", long_keys, 25_000, per="row"),
        of("empty dicts", lambda _: {}),
        of("lists in lists, 6 deep", lambda _: [[[[[[1]]]]]], 20_000),
        of("lists of 10 words", words, 10_000),
        of("lists of 4 ints", box, 20_000),
        of("lists of 8 floats", vector, 10_000),
        of("int or float", lambda rng: rng.choice((int_9_digits, float_random))(rng)),
        of("float, half of them NaN", half_known, plain=null_for_nan, spelling=NAN),
        of("float, all of them NaN", lambda _: math.nan, plain=null_for_nan, spelling=NAN),
        of("int or None", or_none(int_9_digits)),
        of("float or None", or_none(float_random)),
        of("str or None", or_none(lambda _: "some text")),
        of("str, half of them empty", lambda rng: rng.choice(("", "some text"))),
        of("rows of 200 columns", columns, 500, per="row"),
        of("tuples of 7", table_row, 10_000, per="row"),
        of("dicts of 100 paths, sorted", paths, 1_000, per="row", terms=Terms.SORTED),
        of("dicts by four UUID texts, sorted", by_uuid, 4_000, per="row", terms=Terms.SORTED),
        of(
            "dicts by some of 8 letters, sorted", some_letters, 8_000, per="row", terms=Terms.SORTED
        ),
        of("rows, 6 of 12 optional, sorted", some_columns, 8_000, per="row", terms=Terms.SORTED),
        of(
            "dicts by 8 letters in any order, sorted",
            letters_in_any_order,
            8_000,
            per="row",
            terms=Terms.SORTED,
        ),
        Workload("one dict of floats by word, sorted", floats_by_word, terms=Terms.SORTED),
        *of_keys(),
        of(
            "objects by default=",
            Thing,
            10_000,
            terms=Terms.HOOKED,
            plain=attributes_of_each,
        ),
    ]
