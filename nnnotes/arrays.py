"""Array types: an annotation such as ``Float[Array, "n_out m"]`` says dtype and axes.

``Array`` is NumPy's array. ``Float``, ``Integer`` and ``Real`` say of which kind its numbers are: floating point,
whole, or either. ``Number`` is one number, of Python or of NumPy. The pages of this documentation write
``Float[Array, "n_out m"]`` as "(n_out, m) array". A program that imports jaxtyping before the package can have the
shapes checked at each call.
"""

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
