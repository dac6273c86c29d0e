"""Members of a family, and others of their classes, so that a parameter that never reaches the code is seen."""

import dataclasses
from typing import Any


def with_variants(family: tuple[Any, ...], *others: Any) -> tuple[Any, ...]:
    """Add members with other numbers: each parameter is three quarters of what it was."""
    variants = []
    for member in family:
        numbers = {
            field.name: 0.75 * getattr(member, field.name)
            for field in dataclasses.fields(member)
            if field.init and isinstance(getattr(member, field.name), float)
        }
        variants += [dataclasses.replace(member, **numbers)] if numbers else []
    return tuple(dict.fromkeys((*family, *variants, *others)))
