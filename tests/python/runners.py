"""Every path from an object to bytes. Loads no oracle, which would take longer than an attack."""

import planjson


def direct(obj, **arguments):
    return planjson.dumps(obj, **arguments)


def planned(obj, **arguments):
    return planjson.dumps(obj, plan=True, **arguments)


def emitted(obj, **arguments):
    plan = planjson.plan(obj, **arguments)
    first = plan.emit()
    again = plan.emit()
    assert again == first, f"{brief(again)} after {brief(first)}"
    return first


def cached(obj, **arguments):
    return planjson.compile(obj, **arguments).dumps(obj)


PATHS = {"direct": direct, "planned": planned, "emitted": emitted, "cached": cached}


def brief(outcome):
    text = repr(outcome)
    return text if len(text) < 400 else f"{text[:200]} ... {text[-200:]}"
