"""Dataclasses, dates, UUIDs, Enums, numpy's arrays; and rows that are sorted or indented."""

import datetime as dt
import random
import uuid
import zoneinfo
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from benches.workloads import (
    N,
    Terms,
    Workload,
    float_3_decimals,
    float_random,
    int_9_digits,
    int_below_200,
    int_random_length,
    log_event,
    many,
    of,
    order,
    record,
)

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


@dataclass
class Row:
    id: int
    name: str
    email: str
    age: int
    active: bool
    balance: float
    city: str


@dataclass(slots=True)
class SlotsRow:
    id: int
    name: str
    email: str
    age: int
    active: bool
    balance: float
    city: str


class Color(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    NONE = 0


def moment(zone: dt.tzinfo | None) -> Callable[[random.Random], dt.datetime]:
    """Two in three with microseconds, between 1990 and 2038."""

    def make(rng: random.Random) -> dt.datetime:
        seconds = rng.randrange(631_152_000, 2_145_916_800)
        naive = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)
        return naive.replace(microsecond=max(0, rng.randrange(-500_000, 10**6)), tzinfo=zone)

    return make


def date(rng: random.Random) -> dt.date:
    return moment(None)(rng).date()


def time(rng: random.Random) -> dt.time:
    """None with 10,000 to 99,999 microseconds, which orjson 3.13 writes wrongly."""
    clock = moment(None)(rng).time()
    return clock.replace(microsecond=clock.microsecond and clock.microsecond // 2 + 100_000)


def isoformat(document: list[Any]) -> list[str]:
    return [each.isoformat() for each in document]


def event(rng: random.Random) -> dict[str, Any]:
    """A row as a database gives it."""
    return {
        "id": uuid.UUID(int=rng.getrandbits(128)),
        "at": moment(dt.UTC)(rng),
        "day": date(rng),
        "color": rng.choice(list(Color)),
        "count": rng.randrange(1000),
    }


def moment_row(rng: random.Random) -> dict[str, Any]:
    return {"id": int_9_digits(rng), "at": moment(dt.UTC)(rng)}


def plain_event(row: dict[str, Any]) -> dict[str, Any]:
    at, day = row["at"].isoformat(), row["day"].isoformat()
    return row | {"id": str(row["id"]), "at": at, "day": day, "color": row["color"].value}


UTC_TOO = (b'Z"', b'+00:00"')


def of_types() -> list[Workload]:
    def stamps(name: str, make: Callable[[random.Random], Any], **how: Any) -> Workload:
        return of(name, make, plain=isoformat, goal=1.5, floor=1.3, **how)

    return [
        of(
            "dataclass rows",
            lambda rng: Row(**record(rng)),
            10_000,
            per="row",
            plain=lambda rows: [asdict(row) for row in rows],
            goal=2.7,
            floor=2.5,
            cached=(3.5, 3),
        ),
        of(
            "dataclass rows, slots",
            lambda rng: SlotsRow(**record(rng)),
            10_000,
            per="row",
            plain=lambda rows: [asdict(row) for row in rows],
            goal=4.5,
            floor=4,
            cached=(5, 4.5),
        ),
        stamps("datetime, naive", moment(None)),
        stamps("datetime, UTC", moment(dt.UTC), spelling=UTC_TOO),
        stamps("datetime, zoneinfo", moment(BERLIN)),
        stamps("date", date),
        stamps("time", time),
        of(
            "UUID",
            lambda rng: uuid.UUID(int=rng.getrandbits(128)),
            plain=lambda ids: list(map(str, ids)),
            goal=2.5,
            floor=1.3,
        ),
        of(
            "Enum",
            lambda rng: rng.choice(list(Color)),
            plain=lambda colors: [color.value for color in colors],
            goal=1.6,
            floor=1.3,
        ),
        of(
            "rows, an id and a datetime",
            moment_row,
            10_000,
            per="row",
            plain=lambda rows: [{**row, "at": row["at"].isoformat()} for row in rows],
            spelling=UTC_TOO,
        ),
        of(
            "rows of such types",
            event,
            10_000,
            per="row",
            plain=lambda rows: list(map(plain_event, rows)),
            spelling=UTC_TOO,
        ),
    ]


def of_records() -> list[Workload]:
    """Empty where there is no msgspec."""
    try:
        import msgspec
    except ImportError:
        return []

    fields = [(name, type(value)) for name, value in record(random.Random(0)).items()]
    struct = msgspec.defstruct("StructRow", fields)
    return [
        of(
            "msgspec.Struct rows",
            lambda rng: struct(**record(rng)),
            10_000,
            per="row",
            terms=Terms.MORE,
            plain=lambda rows: [msgspec.structs.asdict(row) for row in rows],
            goal=2.2,
            floor=2,
            cached=(2.2, 2),
        )
    ]


def shortest(values: Any) -> Any:
    """What is read where singles are written with their own shortest digits."""
    return [float(str(v)) for v in values]


def of_numpy() -> list[Workload]:
    """Empty where there is no numpy."""
    try:
        import numpy
    except ImportError:
        return []

    def array(name: str, make: Callable[[random.Random], Any], dtype: str) -> Workload:
        return Workload(
            name,
            lambda: numpy.array(many(name, make, N), dtype),
            terms=Terms.NUMPY,
            plain=shortest if dtype == "float32" else lambda values: values.tolist(),
            goal=2.5,
            floor=2,
        )

    def matrix() -> Any:
        rng = random.Random("numpy matrix")
        return numpy.array([[rng.random() for _ in range(16)] for _ in range(N // 16)])

    return [
        array("numpy int64, random length", int_random_length, "int64"),
        array("numpy int32", int_9_digits, "int32"),
        array("numpy uint8", int_below_200, "uint8"),
        array("numpy float64, random", float_random, "float64"),
        array("numpy float64, <= 3 decimals", float_3_decimals, "float64"),
        array("numpy float32, random", float_random, "float32"),
        array("numpy bool", lambda rng: rng.random() < 0.5, "bool"),
        Workload(
            "numpy float64, 6250 x 16",
            matrix,
            per="row",
            terms=Terms.NUMPY,
            plain=lambda values: values.tolist(),
            goal=1.6,
            floor=1.4,
        ),
    ]


def of_looks() -> list[Workload]:
    """The same rows sorted and indented."""
    how: dict[str, Any] = {"goal": 1.6, "floor": 1.5}
    return [
        of("rows, sorted", record, 10_000, per="row", terms=Terms.SORTED, **how),
        of("mixed_nested, sorted", order, 2_000, per="row", terms=Terms.SORTED, **how),
        of("rows, indent 2", record, 10_000, per="row", terms=Terms.INDENTED, **how),
        of("mixed_nested, indent 2", order, 2_000, per="row", terms=Terms.INDENTED, **how),
        of("int, random length, indent 2", int_random_length, terms=Terms.INDENTED, **how),
        of("float, random, indent 2", float_random, terms=Terms.INDENTED, **how),
        Workload("one log event, sorted", log_event, per="call", terms=Terms.SORTED, **how),
        Workload("one log event, indent 2", log_event, per="call", terms=Terms.INDENTED, **how),
    ]


def generated() -> list[Workload]:
    return [*of_types(), *of_records(), *of_numpy(), *of_looks()]
