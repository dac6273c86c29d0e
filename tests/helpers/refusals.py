"""Wrong calls: each is refused, says what is wrong, and changes nothing."""

import inspect
import re
from collections.abc import Callable

import numpy as np
import pytest

from nnnotes import (
    LogisticLoss,
    ShapeError,
    Tangents,
    backward,
    forward,
    mlp,
    tanh,
)
from nnnotes.autodiff import variable
from nnnotes.residual import Residual

# What a wrong call takes as an argument of this name.
rng = np.random.default_rng(0)
W, b = np.ones((3, 2)), np.zeros((3, 1))
X, Y = np.ones((2, 4)), np.zeros((1, 4))
network = mlp(rng, [2, 3, 1], tanh)
Z, caches = forward(network, X)
d = backward(network, Z, caches)
t = tuple(Tangents(layer.W, layer.b) for layer in network)
single = mlp(rng, [2, 3, 1], tanh, dtype=np.float32)
single_d = backward(single, *forward(single, np.float32(X)))
block = Residual(mlp(rng, [2, 3, 2], tanh))
node = variable(W)
loss = LogisticLoss()
EXAMPLES = dict(globals())

ARRAYS = [
    *(W, b, X, Y),
    *(w for layer in (*network, *single, *block.branch) for w in (layer.W, layer.b)),
    *(array for cache in caches for array in (cache.A_prev, cache.Z)),
    *(array for part in (*d, *single_d) for array in (part.dW, part.db)),
]

# The messages that speak of a shape.
SHAPE = re.compile(
    r"axis \w+ is|an axis is|number of axes|has n_out = |broadcast|one number, but got the shape"
)


def wrong_calls(*pairs: tuple[Callable[..., object], str]) -> pytest.MarkDecorator:
    """Run a test with each call, and how its message begins: with what is wrong, and what was expected.

    The hook that checks types is off: calls meet the package's own checks.
    """
    ids = [message for _, message in pairs]
    cases = pytest.mark.parametrize(("call", "message"), pairs, ids=ids)
    return lambda test: pytest.mark.usefixtures("unchecked")(cases(test))


def check_refusal(call: Callable[..., object], message: str) -> None:
    """Call with the examples of the parameters' names, and look at the exception and at what it leaves behind."""
    before = [array.copy() for array in ARRAYS]
    with pytest.raises((TypeError, ValueError)) as error:
        call(*(EXAMPLES[name] for name in inspect.signature(call).parameters))
    text = str(error.value)
    assert text.startswith(message)
    assert len(text) <= 400
    assert "\n" not in text
    expected = {ShapeError} if SHAPE.search(message) else {TypeError, ValueError}
    assert error.type in expected
    for array, copied in zip(ARRAYS, before, strict=True):
        np.testing.assert_array_equal(array, copied)
