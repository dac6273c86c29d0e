"""Value objects, which are equal by class and attributes, and the names of their families."""

import re
from collections.abc import Sequence
from typing import Any


class Value:
    """What is equal to another one if both are of one class and have the same attributes.

    Dataclasses compare their fields; a subclass that is none would inherit a comparison of no fields at all.
    """

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))


def class_names(family: Sequence[object]) -> list[str]:
    """List the names of the classes of which a family has members, each once and in their order."""
    return list(dict.fromkeys(type(member).__name__ for member in family))


def names(family: Sequence[object], module: dict[str, Any]) -> list[str]:
    """List what a family of objects adds to its module: their classes, and then the names of the objects.

    An object that has no name in the module gets that of its class, in snake case.
    """
    objects = []
    for member in family:
        known = [name for name, value in module.items() if value is member]
        name = known[0] if known else _snake_case(type(member).__name__)
        module.setdefault(name, member)
        objects.append(name)
    return class_names(family) + objects


def _snake_case(name: str) -> str:
    """Write a class's name as that of an object: LeakyReLU is leaky_relu, and GELUTanh gelu_tanh."""
    return re.sub(
        "(?<=[a-z]{2})(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", "_", name
    ).lower()
