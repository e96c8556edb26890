"""Classes as examples of cached plans: which keys their dicts have."""

import collections
import types
import typing
from dataclasses import InitVar, dataclass
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple, TypedDict, TypeVar

import planjson
import pytest
from runners import GUESSES, guesses_nothing

T = TypeVar("T")


@dataclass
class Tree:
    value: int
    left: "Tree | None" = None
    middle: "Tree | None" = None
    right: "Tree | None" = None
    rest: "list[Tree] | None" = None


def keys(plan, path="$"):
    """The keys of the only shape at a place; none where plans keep no shapes."""
    nodes = [node for node in plan.explain() if node["path"] == path]
    if not GUESSES:
        guesses_nothing(plan)
        return None
    (shape,) = nodes[0]["shapes"]
    return [key["key"] for key in shape["keys"]]


def test_a_class_within_itself():
    plan = planjson.compile(Tree)
    names = ["value", "left", "middle", "right", "rest"]
    for path in ("$", "$.left", "$.right", "$.rest[*]"):
        assert keys(plan, path) in (names, None)
    assert plan.info()["keys"] == (25 if GUESSES else 0)


def test_classes_that_all_lead_to_each_other():
    names = [f"Ring{i}" for i in range(30)]
    for name in names:
        globals()[name] = TypedDict(name, {to.lower(): to for to in names})
    plan = planjson.compile(globals()["Ring0"])
    assert keys(plan) in ([name.lower() for name in names], None)
    if GUESSES:
        assert 900 < plan.info()["keys"] <= 4096


class Item(TypedDict):
    id: int
    name: str


class Page(TypedDict, Generic[T]):
    items: list[T]
    first: "T | None"


@dataclass
class Fields:
    shared: ClassVar[int]
    given: InitVar[int]
    a: int = 0
    item: Item | None = None


class Pair(NamedTuple):
    left: int
    right: "list[Item]"


def test_only_fields_become_keys():
    assert keys(planjson.compile(Fields)) in (["a", "item"], None)
    assert keys(planjson.compile(Pair)) in (["left", "right"], None)
    assert keys(planjson.compile(collections.namedtuple("N", "x y"))) in (["x", "y"], None)
    attributes = [types.SimpleNamespace(name=name) for name in "ab"]
    assert keys(planjson.compile(type("Attrs", (), {"__attrs_attrs__": attributes}))) in (
        ["a", "b"],
        None,
    )


def test_fields_of_other_libraries():
    msgspec = pytest.importorskip("msgspec")
    struct = msgspec.defstruct("S", ["a", ("b", ClassVar[int]), ("c", int)])
    assert keys(planjson.compile(struct)) in (["a", "c"], None)


def test_attributes_without_annotations():
    attrs = pytest.importorskip("attrs")
    attributes = {"x": attrs.field(), "y": attrs.field(type=int)}
    assert keys(planjson.compile(attrs.make_class("A", attributes))) in (["x", "y"], None)


def test_models():
    pydantic = pytest.importorskip("pydantic")

    class Model(pydantic.BaseModel, Generic[T]):
        shared: ClassVar[int] = 1
        x: T
        _private: int = 2

    plan = planjson.compile(Model[Model[int]])
    assert keys(plan) in (["x"], None)
    assert keys(plan, "$.x") in (["x"], None)


def test_names_that_are_not_there_yet():
    @dataclass
    class Early:
        later: "Later"  # noqa: F821
        many: "list[Later]"  # noqa: F821

    assert keys(planjson.compile(Early)) in (["later", "many"], None)


@pytest.mark.parametrize(
    "kind",
    [list[Item], typing.List[Item], [Item], (Item,), tuple[Item, ...], list[int | Item]],  # noqa: UP006
    ids=repr,
)
def test_lists_of_classes(kind):
    assert keys(planjson.compile(kind), "$[*]") in (["id", "name"], None)


def test_type_variables_and_choices():
    plan = planjson.compile(Page[Item])
    for path in ("$.first", "$.items[*]"):
        assert keys(plan, path) in (["id", "name"], None)
    assert keys(planjson.compile(Page)) in (["items", "first"], None)
    plan = planjson.compile(Item | Pair | None)
    assert plan.info()["shapes"] == (3 if GUESSES else 0)
    assert keys(planjson.compile(Annotated[Item, []])) in (["id", "name"], None)


class Nothing:
    x = 1


@pytest.mark.parametrize(
    "kind",
    [
        Nothing,
        object,
        bytes,
        dict,
        Any,
        T,
        Nothing | None,
        list[Nothing],
        dict[str, Item],
        [Nothing],
    ],
    ids=repr,
)
def test_what_says_nothing_is_refused(kind):
    with pytest.raises(TypeError, match="nothing can be learnt from .* list\\[X\\]"):
        planjson.compile(kind)
    with pytest.raises(TypeError, match="nothing can be learnt"):
        planjson.compile({"a": 1}, kind)


def test_objects_are_never_refused():
    for example in (
        Nothing(),
        None,
        3,
        "Item",
        ...,
        {"a": Item},
        [Nothing()],
        types,
        len,
        {1: 2},
        [Nothing, 3],
    ):
        planjson.compile(example)
    for kind in (int, str, list, list[int], Literal["a"]):
        planjson.compile(kind)


class Meta(type):
    def __eq__(cls, other):
        raise ZeroDivisionError

    __hash__ = None


def test_no_code_of_an_object_runs():
    def raising(self, *_):
        raise ZeroDivisionError

    body = dict.fromkeys(("__class__", "__origin__", "__args__"), property(raising))
    example = Meta("Example", (), {**body, "__getattribute__": raising, "__eq__": raising})()
    assert planjson.compile(example, [example], {"a": example}).info()["calls"] == 0


def test_classes_without_a_hash():
    kind = Meta(
        "Kind", (dict,), {"__required_keys__": frozenset("a"), "__annotations__": {"a": int}}
    )
    assert keys(planjson.compile(kind)) in (["a"], None)


class Kinds(TypedDict):
    a: int
    b: "float | None"
    c: Annotated[str, "tea"]
    d: bool
    e: None
    f: list[int]
    g: dict[str, int]
    h: Item
    i: set[int]
    j: Literal["x", "y"]
    k: typing.NotRequired[int | str]
    m: typing.NewType("Id", int)
    n: Any


def test_kernels_are_those_of_the_annotations():
    if not GUESSES:
        return
    kernels = [
        key["kernel"] for key in planjson.compile(Kinds).explain().nodes[0]["shapes"][0]["keys"]
    ]
    assert kernels == [
        *("int", "float", "str", "literal", "literal", "array", "object", "object", "general"),
        *("str", "int", "int", "general"),
    ]
