"""What is serialised: every workload from a fixed seed, or from a folder of JSON files."""

import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

N = 100_000
MILLION = 1_000_000

Maker = Callable[[random.Random], Any]


class Terms(Enum):
    """What is asked of every library alike."""

    PLAIN = "nothing special"
    SORTED = "sorted keys"
    INDENTED = "two spaces for each level"
    NUMPY = "numpy's arrays as they are"
    MORE = "objects of classes that no parser makes"
    KEYS = "keys of any type"
    KEYS_SORTED = "keys of any type, sorted"
    HOOKED = "objects that none knows, by a hook that returns their attributes"


def itself(document: Any) -> Any:
    return document


@dataclass(frozen=True)
class Workload:
    """One line of the table.

    `goal` and `floor` are ratios to the best rival, where one is set; `cached` has both for a
    cached plan.
    """

    name: str
    make: Callable[[], Any]
    per: str = "element"  # what a time is divided by: element, row or call
    cold: bool = False  # every call gets objects that were never serialised before
    large: bool = False  # left out by --quick
    goal: float | None = None
    floor: float | None = None
    cached: tuple[float, float] | None = None
    terms: Terms = Terms.PLAIN
    # What a parser must make of the output, where that is not the document itself.
    plain: Callable[[Any], Any] = itself
    # What a rival may write, and what that means.
    spelling: tuple[bytes, bytes] = (b"", b"")

    @property
    def typed(self) -> bool:
        """Whether there are objects in it that a parser does not make."""
        return self.plain is not itself


ASCII = string.ascii_letters + string.digits + " "
ESCAPED = '"\\\n\t\r\x01'
LATIN_1 = ASCII + "".join(map(chr, range(0xC0, 0x100)))
CJK = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))
CJK_AND_ASCII = CJK[:64] + ASCII
CYRILLIC = "".join(map(chr, range(0x410, 0x450))) + " "
EMOJI = "".join(map(chr, range(0x1F600, 0x1F600 + 40))) + ASCII


def text(rng: random.Random, alphabet: str, shortest: int, longest: int) -> str:
    return "".join(rng.choices(alphabet, k=rng.randint(shortest, longest)))


# Single values.


def int_random_length(rng: random.Random) -> int:
    digits = rng.randint(1, 18)
    return rng.choice((-1, 1)) * rng.randrange(10 ** (digits - 1), 10**digits)


def int_9_digits(rng: random.Random) -> int:
    return rng.randint(-(10**9), 10**9)


def int_below_200(rng: random.Random) -> int:
    return rng.randrange(200)


def bool_random(rng: random.Random) -> bool:
    return rng.random() < 0.5


def float_random(rng: random.Random) -> float:
    return rng.uniform(-1e6, 1e6)


def float_3_decimals(rng: random.Random) -> float:
    return round(rng.uniform(-1000, 1000), rng.randint(0, 3))


def text_of(alphabet: str, shortest: int, longest: int) -> Maker:
    return lambda rng: text(rng, alphabet, shortest, longest)


def text_escaped(share: float) -> Maker:
    def make(rng: random.Random) -> str:
        return "".join(
            rng.choice(ESCAPED if rng.random() < share else ASCII)
            for _ in range(rng.randint(10, 40))
        )

    return make


# Records.


def record(rng: random.Random) -> dict[str, Any]:
    return {
        "id": rng.randrange(10**6),
        "name": text(rng, ASCII, 6, 14),
        "email": text(rng, string.ascii_lowercase, 6, 10) + "@example.org",
        "age": rng.randrange(18, 90),
        "active": rng.random() < 0.7,
        "balance": round(rng.uniform(0, 10_000), 2),
        "city": text(rng, string.ascii_letters, 5, 12),
    }


def gappy(rng: random.Random) -> dict[str, Any]:
    """A record of which 30 % of the values are None."""
    return {
        key: None if key != "id" and rng.random() < 0.3 else value
        for key, value in record(rng).items()
    }


def sparse(rng: random.Random) -> dict[str, Any]:
    """The same, and of three keys each is absent in 30 % of them."""
    row = gappy(rng)
    for key in ("email", "age", "balance"):
        if rng.random() < 0.3:
            del row[key]
    return row


def unlike(rng: random.Random) -> dict[str, Any]:
    """A record of which one key is in no other: what never fits a plan."""
    odd = f"city {rng.randrange(10**6)}"
    return {odd if key == "city" else key: value for key, value in record(rng).items()}


def disordered(rng: random.Random) -> dict[str, Any]:
    """A record with its keys in any order."""
    row = record(rng)
    return {key: row[key] for key in rng.sample(list(row), len(row))}


def action(rng: random.Random) -> dict[str, Any]:
    """What an application tells of its users: one of five kinds."""
    user = rng.randrange(10**6)
    match rng.randrange(5):
        case 0:
            return {"view": user, "page": text(rng, ASCII, 8, 20), "seconds": rng.random()}
        case 1:
            return {"click": user, "x": rng.randrange(1920), "y": rng.randrange(1080), "left": True}
        case 2:
            price = round(rng.uniform(1, 500), 2)
            sku = text(rng, string.ascii_uppercase, 6, 6)
            return {"buy": user, "sku": sku, "price": price, "coupon": None, "count": 1}
        case 3:
            return {"login": user, "name": text(rng, ASCII, 6, 14), "mobile": rng.random() < 0.5}
        case _:
            message = text(rng, ASCII, 20, 30)
            return {
                "error": rng.randrange(400, 600),
                "message": message,
                "user": user,
                "retry": False,
            }


def telemetry(rng: random.Random) -> dict[str, Any]:
    return {
        "device": f"sensor-{rng.randrange(500):03}",
        "time": 1_700_000_000_000 + rng.randrange(10**9),
        "position": [round(rng.uniform(-90, 90), 5), round(rng.uniform(-180, 180), 5)],
        "samples": [round(rng.gauss(20, 5), 2) for _ in range(8)],
        "counts": [rng.randrange(1000) for _ in range(6)],
        "ok": [rng.random() < 0.95 for _ in range(4)],
    }


def order(rng: random.Random) -> dict[str, Any]:
    """A document of services: nested, of many types, with optional parts."""
    return {
        "id": f"{rng.getrandbits(64):016x}",
        "customer": {
            "name": text(rng, ASCII, 8, 20),
            "tags": rng.sample(["new", "vip", "b2b", "eu", "late", "gift"], rng.randint(0, 4)),
            "address": {"zip": rng.randrange(10_000, 99_999), "street": text(rng, ASCII, 10, 25)},
        },
        "lines": [
            {
                "sku": text(rng, string.ascii_uppercase, 6, 6),
                "quantity": rng.randint(1, 20),
                "price": round(rng.uniform(1, 500), 2),
                "discount": None if rng.random() < 0.8 else rng.random(),
            }
            for _ in range(rng.randint(1, 6))
        ],
        "paid": rng.random() < 0.9,
        "note": None if rng.random() < 0.6 else text(rng, ASCII, 20, 120),
        "scores": [rng.random() for _ in range(rng.randint(0, 5))],
    }


LOG_EVENT: dict[str, Any] = {
    "time": "2026-05-17T08:21:44.127Z",
    "level": "info",
    "logger": "shop.checkout",
    "message": "order accepted",
    "request": {"id": "8f1c2d7e", "method": "POST", "path": "/orders", "status": 201},
    "duration_ms": 12.75,
    "user": 48213,
    "retry": False,
}


def log_event() -> dict[str, Any]:
    """One log event, a dict of its own."""
    return dict(LOG_EVENT)


# Lists of them. The seed is the workload's own, so that one can be run without the others.


def many(name: str, make: Maker, count: int) -> list[Any]:
    rng = random.Random(name)
    return [make(rng) for _ in range(count)]


def shuffled(name: str, make: Maker, count: int) -> list[Any]:
    """The same in random order of memory."""
    values = many(name, make, count)
    random.Random(name).shuffle(values)
    return values


def fresh_keys(name: str) -> list[Any]:
    """Rows as they come from a file of JSON lines: every row has key objects of its own."""
    return [json.loads(json.dumps(row)) for row in many(name, record, 10_000)]


def of(name: str, make: Maker, count: int = N, **how: Any) -> Workload:
    return Workload(name, lambda: many(name, make, count), **how)


def scattered(name: str, make: Maker, count: int, **how: Any) -> Workload:
    return Workload(name, lambda: shuffled(name, make, count), large=count >= MILLION, **how)


def generated() -> list[Workload]:
    short = text_of(ASCII, 4, 16)
    return [
        of("int, random length", int_random_length, goal=3.2, floor=2.6),
        of("int, ±10^9", int_9_digits),
        of("int < 200", int_below_200, goal=4, floor=2.8),
        Workload("int, sequential", lambda: list(range(N)), goal=1.3, floor=1.15),
        of("float, random", float_random, goal=1.6, floor=1.35),
        of("float, <= 3 decimals", float_3_decimals, goal=2.4, floor=1.9),
        of("bool", bool_random, goal=6, floor=4),
        of("str, 4-16 ASCII", short, goal=2, floor=1.7),
        of("str, 100-400 ASCII", text_of(ASCII, 100, 400), goal=1.2, floor=1.1),
        of("str, 7 % escapes", text_escaped(0.07), goal=2.1, floor=1.7),
        of("str, 80 % escapes", text_escaped(0.8), goal=2.1, floor=1.7),
        of("Latin-1, cold", text_of(LATIN_1, 10, 40), cold=True, goal=4, floor=3),
        of("CJK, cold", text_of(CJK, 10, 40), cold=True, goal=1.25, floor=1.1),
        of("CJK + ASCII, cold", text_of(CJK_AND_ASCII, 10, 40), cold=True, goal=3, floor=2.4),
        of("Cyrillic, cold", text_of(CYRILLIC, 10, 40), cold=True, goal=2.2, floor=1.8),
        of("emoji, cold", text_of(EMOJI, 10, 40), cold=True, goal=2.8, floor=2.3),
        of("Latin-1, warm", text_of(LATIN_1, 10, 40)),
        of("CJK, warm", text_of(CJK, 10, 40)),
        of("rows, 10k x 7", record, 10_000, per="row", goal=2, floor=1.8, cached=(2.5, 2.2)),
        of("rows, 10k x 7, cold", record, 10_000, per="row", cold=True),
        Workload(
            "rows, fresh keys",
            lambda: fresh_keys("fresh"),
            per="row",
            goal=1.6,
            floor=1.4,
            cached=(1.8, 1.6),
        ),
        of("rows, 30 % None", gappy, 10_000, per="row", cached=(1.9, 1.7)),
        of("rows, optional keys", sparse, 10_000, per="row", cached=(1.9, 1.7)),
        of("rows of 5 shapes", action, 10_000, per="row", cached=(1.9, 1.7)),
        of("rows, one key of its own in each", unlike, 10_000, per="row"),
        of("rows, keys in any order", disordered, 10_000, per="row"),
        of("mixed_nested", order, 2_000, per="row", goal=1.4, floor=1.25, cached=(1.5, 1.35)),
        of("telemetry rows", telemetry, 5_000, per="row", cached=(1.8, 1.5)),
        Workload(
            "one log event",
            log_event,
            per="call",
            goal=1.8,
            floor=1.6,
            cached=(1.9, 1.7),
        ),
        Workload("[]", list, per="call"),
        Workload("[1, 2, 3]", lambda: [1, 2, 3], per="call"),
        scattered("shuffled rows, 10^5", record, 10**5, per="row", goal=6, floor=5),
        scattered("shuffled ints, 10^6", int_9_digits, MILLION, goal=4, floor=3),
        scattered("shuffled floats, 10^6", float_random, MILLION, goal=4, floor=3),
        scattered("shuffled strs, 10^6", short, MILLION, goal=4, floor=3),
        scattered("shuffled rows, 10^6", record, MILLION, per="row", goal=4.5, floor=3.5),
    ]


GOALS = {
    "twitter": (1.4, 1.2),
    "github": (1.4, 1.2),
    "citm_catalog": (1.4, 1.2),
    "canada": (1.6, 1.35),
    "mesh": (1.6, 1.35),
}

# The documents that are also sorted, for they have keys, and indented.
LOOKS = {Terms.SORTED: {"twitter", "github", "citm_catalog"}, Terms.INDENTED: set(GOALS)}


def documents(folder: Path) -> Iterator[Workload]:
    """Every JSON file of a folder, cold where its text goes beyond ASCII, some in other looks."""
    for path in sorted(folder.glob("*.json")):
        source = path.read_bytes()
        goal, floor = GOALS.get(path.stem, (None, None))

        def make(source: bytes = source) -> Any:
            return json.loads(source)

        yield Workload(path.stem, make, per="call", goal=goal, floor=floor)
        if not json.dumps(make(), ensure_ascii=False).isascii():
            yield Workload(f"{path.stem}, cold", make, per="call", cold=True)
        for terms, said in ((Terms.SORTED, "sorted"), (Terms.INDENTED, "indent 2")):
            if path.stem in LOOKS[terms]:
                how: dict[str, Any] = {"goal": 1.6, "floor": 1.5, "terms": terms}
                yield Workload(f"{path.stem}, {said}", make, per="call", **how)
