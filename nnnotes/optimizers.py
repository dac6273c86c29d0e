"""Optimisers: how a gradient, and what is remembered of earlier ones, changes a parameter."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nnnotes._checks import check_positive, check_share
from nnnotes._values import Value, class_names
from nnnotes.arrays import Array, Float
from nnnotes.formula import latex


@dataclass(frozen=True, eq=False)
class Optimizer(Value, ABC):
    """A rule that turns a parameter w and its gradient d into the next w.

    A rule may remember arrays of w's shape from step to step; they start as zeros. A subclass says what happens in one
    step, once as formulas and once as code. Nothing is changed in place.

    Args:
        lr: the learning rate, finite and greater than 0.

    Raises:
        ValueError: if the learning rate is not finite and greater than 0.
        TypeError: if the learning rate is not a number.

    Example:
        >>> sgd = SGD(lr=0.1)
        >>> w, memory = sgd.update(np.array([1.0]), np.array([2.0]), memory=(), t=1)
        >>> print(w, sgd.formulas["w"])
        [0.8] w - lr * d
    """

    lr: float

    formulas: ClassVar[Mapping[str, str]]
    """The new value of what is remembered, and then of w, as Python text, one after the other."""

    def __post_init__(self) -> None:
        check_positive("lr", self.lr)

    def start(self, w: Float[Array, "*shape"]) -> tuple[Array, ...]:
        """Return what is remembered before the first step: zeros.

        Args:
            w: a parameter.

        Example:
            >>> print(Momentum(lr=0.1).start(np.array([1.0, 2.0])))
            (array([0., 0.]),)
        """
        return tuple(
            np.zeros(w.shape, w.dtype) for name in self.formulas if name != "w"
        )

    @abstractmethod
    def update(
        self,
        w: Float[Array, "*shape"],
        d: Float[Array, "*shape"],
        memory: tuple[Array, ...],
        t: int,
    ) -> tuple[Float[Array, "*shape"], tuple[Array, ...]]:
        """Return the parameter after a step, and what to remember.

        Nothing is checked here: `nnnotes.networks.optimize` has done so, once for all parameters.

        Args:
            w: the parameter.
            d: the derivative of the loss with respect to w, of its shape and dtype.
            memory: what `start` or the last step returned.
            t: the number of the step, from 1.

        Example:
            >>> momentum, w, d = Momentum(lr=0.1, momentum=0.5), np.array([1.0]), np.array([2.0])
            >>> w, memory = momentum.update(w, d, momentum.start(w), t=1)
            >>> w, memory = momentum.update(w, d, memory, t=2)
            >>> print(w, memory)
            [0.5] (array([3.]),)
        """

    @property
    def latex(self) -> str:
        r"""The formulas in LaTeX, in their order, each with an arrow from right to left."""
        lines = (
            rf"{name} &\leftarrow {latex(text)}" for name, text in self.formulas.items()
        )
        return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"


def _moved(w: Array, lr: float, v: Array) -> Array:
    """Return w - lr v, of w's dtype, but computed at least in single precision, since half would round lr to 0."""
    if w.dtype.type is np.float16:
        return (w - float(lr) * v.astype(np.float32)).astype(np.float16)
    moved = -float(lr) * v
    moved += w
    return moved


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent: one step against the gradient; stochastic if the gradient is that of a batch.

    Args:
        lr: the learning rate, finite and greater than 0.

    Example:
        >>> SGD(lr=0.1).update(np.array([1.0]), np.array([2.0]), memory=(), t=1)
        (array([0.8]), ())

    References:
        Robbins, H. and Monro, S., "A stochastic approximation method", Annals of Mathematical Statistics 22(3), 1951,
        doi:10.1214/aoms/1177729586.
    """

    formulas: ClassVar[Mapping[str, str]] = {"w": "w - lr * d"}

    def update(
        self, w: Array, d: Array, memory: tuple[Array, ...], t: int
    ) -> tuple[Array, tuple[Array, ...]]:
        return _moved(w, self.lr, d), ()


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Gradient descent with momentum: step along a decaying sum of all gradients so far.

    Args:
        lr: the learning rate, finite and greater than 0.
        momentum: the share of the sum that stays, from 0 to less than 1.

    Raises:
        ValueError: if lr or momentum is out of its range.
        TypeError: if lr or momentum is not a number.

    Example:
        >>> w, memory = Momentum(lr=0.1).update(np.array([1.0]), np.array([2.0]), (np.array([10.0]),), t=2)
        >>> print(w, memory[0])
        [-0.1] [11.]

    References:
        Polyak, B. T., "Some methods of speeding up the convergence of iteration methods", USSR Computational
        Mathematics and Mathematical Physics 4(5), 1964, doi:10.1016/0041-5553(64)90137-5.
    """

    momentum: float = 0.9

    formulas: ClassVar[Mapping[str, str]] = {"v": "momentum * v + d", "w": "w - lr * v"}

    def __post_init__(self) -> None:
        super().__post_init__()
        check_share("momentum", self.momentum)

    def update(
        self, w: Array, d: Array, memory: tuple[Array, ...], t: int
    ) -> tuple[Array, tuple[Array, ...]]:
        (v,) = memory
        v = float(self.momentum) * v + d
        return _moved(w, self.lr, v), (v,)


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Nesterov's momentum: as momentum, but the step already holds what the next one will keep of this gradient.

    Args:
        lr: the learning rate, finite and greater than 0.
        momentum: the share of the sum that stays, from 0 to less than 1.

    Raises:
        ValueError: if lr or momentum is out of its range.
        TypeError: if lr or momentum is not a number.

    Example:
        >>> w, memory = Nesterov(lr=0.1).update(np.array([1.0]), np.array([2.0]), (np.array([10.0]),), t=2)
        >>> print(w.round(2), memory[0])
        [-0.19] [11.]

    References:
        Nesterov, Y., "A method for solving the convex programming problem with convergence rate O(1/k²)", Soviet
        Mathematics Doklady 27(2), 1983.
        Sutskever, I., Martens, J., Dahl, G. and Hinton, G., "On the importance of initialization and momentum in deep
        learning", ICML 2013, for neural networks.
    """

    momentum: float = 0.9

    formulas: ClassVar[Mapping[str, str]] = {
        "v": "momentum * v + d",
        "w": "w - lr * (d + momentum * v)",
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        check_share("momentum", self.momentum)

    def update(
        self, w: Array, d: Array, memory: tuple[Array, ...], t: int
    ) -> tuple[Array, tuple[Array, ...]]:
        (v,) = memory
        v = float(self.momentum) * v + d
        return _moved(w, self.lr, d + float(self.momentum) * v), (v,)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam: a running mean of the gradient over the root of a running mean of its square, element by element.

    Both means start at 0, and are divided by what would keep them too small in the first steps. The first step has the
    size lr in each element, whatever the gradient's size. In single precision, which serves for half precision, too,
    the square of a gradient beyond 1e19 overflows, so that its steps are 0, and an epsilon below 1e-45 is 0.

    Args:
        lr: the learning rate, finite and greater than 0.
        beta_1: the share of the mean of d that stays, from 0 to less than 1.
        beta_2: the share of the mean of d² that stays, from 0 to less than 1.
        epsilon: keeps the quotient finite where gradients are 0; greater than 0.

    Raises:
        ValueError: if an argument is out of its range.
        TypeError: if an argument is not a number.

    Example:
        >>> adam, w = Adam(lr=0.1), np.array([1.0, 1.0])
        >>> w, memory = adam.update(w, np.array([1000.0, -0.001]), adam.start(w), t=1)
        >>> print(w.round(4))
        [0.9 1.1]

    References:
        Kingma, D. P. and Ba, J., "Adam: a method for stochastic optimization", ICLR 2015,
        doi:10.48550/arXiv.1412.6980.
    """

    lr: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    formulas: ClassVar[Mapping[str, str]] = {
        "m": "beta_1 * m + (1 - beta_1) * d",
        "s": "beta_2 * s + (1 - beta_2) * d**2",
        "w": "w - lr * (m / (1 - beta_1**t)) / (sqrt(s / (1 - beta_2**t)) + epsilon)",
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        check_share("beta_1", self.beta_1)
        check_share("beta_2", self.beta_2)
        check_positive("epsilon", self.epsilon)

    def start(self, w: Float[Array, "*shape"]) -> tuple[Array, ...]:
        # the square of a small gradient is 0 in half precision
        dtype = np.promote_types(w.dtype, np.float32)
        return np.zeros(w.shape, dtype), np.zeros(w.shape, dtype)

    def update(
        self, w: Array, d: Array, memory: tuple[Array, ...], t: int
    ) -> tuple[Array, tuple[Array, ...]]:
        m, s = memory
        d = d.astype(m.dtype, copy=False)
        beta_1, beta_2 = float(self.beta_1), float(self.beta_2)
        m = beta_1 * m + (1 - beta_1) * d
        s = beta_2 * s + (1 - beta_2) * d**2
        mean, square = m / (1 - beta_1**t), s / (1 - beta_2**t)
        step = float(self.lr) * mean / (np.sqrt(square) + float(self.epsilon))
        return (w - step).astype(w.dtype, copy=False), (m, s)


ALL: tuple[Optimizer, ...] = (
    SGD(lr=0.1),
    Momentum(lr=0.1),
    Nesterov(lr=0.1),
    Adam(lr=0.1),
)
"""One of each optimiser."""

if not TYPE_CHECKING:
    __all__ = [
        "Optimizer",
        *class_names(ALL),
    ]
