"""What outlives a row or a call: plans, known keys, orders of keys, what is known of classes.

Documents come one after the other, of key objects that come and go and of classes that change;
each is held against an oracle that remembers nothing. PLANJSON_HYPOTHESIS=long tries many more.
"""

import dataclasses
import random

import model
import planjson
from hypothesis import given
from hypothesis import strategies as st
from paths import agreed, outcome, same

SORT = planjson.OPT_SORT_KEYS
NAMES = [f"key_{i}" for i in range(12)]
ODD = ["", "é", 'a"b', "a\nb", "a\\nb", "x" * 28, "x" * 29]

seeds = st.integers(0, 2**32)


def fresh(text):
    return (text + " ")[:-1]


PLAIN = [1, -7, 2.5, None, True, "a", "long " * 40]
VALUES = [*PLAIN, "é", 2**63, []]


class Rows:
    """Makes dicts with some of the same keys, for each of which there are a few str objects."""

    def __init__(self, rng):
        self.rng = rng
        names = rng.sample(NAMES + rng.choice([[], ODD]), rng.randint(2, 10))
        most = rng.choice([1, 1, 2, 3])
        self.copies = [[fresh(name) for _ in range(rng.randint(1, most))] for name in names]
        self.change()

    def change(self):
        """Rows are of another kind from now on."""
        self.absent = self.rng.choice([0, 0, 0.1, 0.5])
        self.moved = self.rng.choice([0, 0, 0, 0.2])
        self.own = self.rng.choice([0, 0.1, 0.1, 1, 1])
        self.nested = self.rng.choice([0, 0, 0, 0.1])
        self.values = self.rng.choice([PLAIN, VALUES])
        if self.rng.random() < 0.2:
            self.copies = [[fresh(some[0]) for _ in some] for some in self.copies]
        left_out = self.rng.choice([0, 0, 0.2])
        self.present = [some for some in self.copies if self.rng.random() >= left_out]

    def key(self, some):
        return fresh(some[0]) if self.rng.random() < self.own else self.rng.choice(some)

    def value(self, depth):
        inside = self.rng.random() < self.nested and depth < 2
        return [self.row(depth + 1), 1] if inside else self.rng.choice(self.values)

    def row(self, depth=0):
        chosen = [some for some in self.present if self.rng.random() >= self.absent]
        if self.rng.random() < self.moved:
            self.rng.shuffle(chosen)
        row = {self.key(some): self.value(depth) for some in chosen}
        if row and self.rng.random() < self.moved:
            row.pop(self.rng.choice(list(row)))
            row[f"more {self.rng.randrange(3)}"] = 1
        return row

    def rows(self):
        return [self.row() for _ in range(self.rng.choice([1, 3, 8, 20, 70]))]


@given(seeds)
def test_keys_that_come_and_go(seed):
    rng = random.Random(seed)
    rows = Rows(rng)
    example = [dict.fromkeys(some[0] for some in rows.copies)]
    plan = planjson.compile(example, learn=rng.random() < 0.8)
    for _ in range(20):
        rows.change()
        if rng.random() < 0.05:
            plan.clear()
        document = rows.rows()
        want = same(document)
        assert outcome(plan.dumps, document) == want
        assert outcome(planjson.dumps, document, plan=plan) == want
        same(document, option=SORT)


@given(seeds)
def test_hooks_that_change_keys(seed):
    """The document and the plan, on each way in the same manner."""
    found = set()
    for way in ("direct", "planned", "cached"):
        rng = random.Random(seed)
        rows = Rows(rng)
        document = rows.rows()
        plan = planjson.compile(rows.rows(), default=lambda _: act())

        def act(rng=rng, rows=rows, document=document, plan=plan):
            row = rng.choice(document)
            items = [(fresh(key), value) for key, value in row.items()]
            turn = rng.randrange(5)
            if turn == 0:
                plan.clear()
            elif turn == 1:
                rows.change()
                plan.dumps(rows.rows())
            elif turn == 2:
                document[rng.randrange(len(document))] = rows.row()
            else:
                rng.shuffle(items)
                row.clear()
                row.update(items[turn - 3 :])
            return rows.row()

        for row in document:
            if row and rng.random() < 0.3:
                row[rng.choice(list(row))] = object()
        run = {
            "direct": lambda d, act=act: planjson.dumps(d, lambda _: act()),
            "planned": lambda d, act=act: planjson.dumps(d, lambda _: act(), plan=True),
            "cached": plan.dumps,
        }[way]
        found.add(outcome(run, document))
    assert len(found) == 1


def changed_class(rng, kind, fields):
    """A class with other attributes, as a program may give it."""
    name = rng.choice(list(fields))
    turn = rng.randrange(6)
    if turn == 0:
        kind.more = rng.random()
    elif turn == 1:
        setattr(kind, name, property(lambda self: 5))
    elif turn == 2 and name in vars(kind):
        delattr(kind, name)
    elif turn == 3:
        some = rng.sample(list(fields), rng.randint(1, len(fields)))
        kind.__dataclass_fields__ = {name: fields[name] for name in some}
    elif turn == 4:
        kind.__slots__ = ()
    elif "__slots__" in vars(kind):
        del kind.__slots__


def instance(rng, kind, fields, values):
    made = kind.__new__(kind)
    names = [*fields, *rng.choice([(), (), (), ("_own",), ("own",)])]
    if rng.random() < 0.1:
        rng.shuffle(names)
    for name in names:
        try:
            object.__setattr__(made, name, rng.choice(values))
        except AttributeError:  # no such slot, or a property
            continue
    return made


@given(seeds)
def test_classes_that_change(seed):
    rng = random.Random(seed)
    names = [f"f{i}" for i in range(rng.randint(1, 8))]
    for _ in range(2):  # the second is likely to get the first one's address
        kind = dataclasses.make_dataclass("Kind", names, slots=rng.random() < 0.5)
        fields = kind.__dataclass_fields__
        for _ in range(8):
            values, n = rng.choice([PLAIN, VALUES]), rng.choice([1, 3, 20, 70])
            rows = [instance(rng, kind, fields, values) for _ in range(n)]
            try:
                want = model.dumps(rows)
            except AttributeError:  # a slot without a value, which is an error for us
                assert not isinstance(agreed(rows), bytes)
            else:
                assert agreed(rows) == want
            changed_class(rng, kind, fields)
