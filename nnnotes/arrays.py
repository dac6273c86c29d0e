"""Array types: an annotation such as ``Float[Array, "n_out m"]`` says dtype and axes."""

import sys
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Float, Integer, Real
else:
    # jaxtyping takes as long to import as NumPy. Anyone who wants the shapes checked, or shown, imports it first;
    # for everyone else an annotated array is an array.
    class Float:
        def __class_getitem__(cls, item):
            return item[0]

    Integer = Real = Float

Array: TypeAlias = np.ndarray
Number: TypeAlias = float | np.floating[Any] | np.integer[Any]

__all__ = [
    "Array",
    "Float",
    "Integer",
    "Number",
    "Real",
]
