"""Layers: the protocol that each keeps, and the fully connected ones, with their derivatives in both directions."""

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, overload

import numpy as np
from numpy.typing import DTypeLike

from nnnotes._checks import (
    A_GATE,
    AN_ACTIVATION,
    AN_INITIALIZER,
    check_array,
    check_dtype,
    check_fits,
    check_float,
    check_kind,
    check_not_wider,
    check_same_dtype,
    check_usable,
)
from nnnotes.activations import Activation
from nnnotes.arrays import Array, Float
from nnnotes.gates import Gate
from nnnotes.initializers import He, Initializer, LeCun
from nnnotes.shapes import check_shapes, compare_shapes

__all__ = [
    "Layer",
    "Mirror",
    "Dense",
    "Cache",
    "Gradients",
    "Tangents",
    "dense",
    "Gated",
    "GatedCache",
    "GatedGradients",
    "GatedTangents",
    "gated",
    "checked",
]

Method = TypeVar("Method", bound=Callable[..., Any])
AnyLayer = TypeVar("AnyLayer", bound="Layer")


def checked(method: Method) -> Method:
    """Let a layer's method check its arguments first, by the method of the same name after ``_check_``.

    A network calls the method without that check: it has checked what all its layers share.

    Args:
        method: ``forward``, ``backward`` or ``jvp`` of a layer.

    Example:
        >>> Dense.forward.unchecked.__name__
        'forward'
    """
    check = f"_check_{method.__name__}"

    @functools.wraps(method)
    def check_and_run(self: "Layer", *args: Any, **kwargs: Any) -> Any:
        getattr(self, check)(*args, **kwargs)
        return method(self, *args, **kwargs)

    check_and_run.unchecked = method  # type: ignore[attr-defined]
    return check_and_run  # type: ignore[return-value]  # the same signature


class Mirror(ABC):
    """What mirrors the parameters of a layer, with an array for each: its gradients, or the tangents.

    Example:
        >>> sorted(Gradients(dW=np.zeros((3, 2)), db=np.zeros((3, 1))).by_name)
        ['W', 'b']
    """

    @property
    @abstractmethod
    def by_name(self) -> dict[str, Array]:
        """The arrays, by the names of the parameters and in their order."""


class Layer(ABC):
    """One layer of a network: a function of a batch and of parameters, which knows its derivatives.

    A network is a tuple of layers, and every function that takes a network takes any of them. A subclass is a frozen
    dataclass. It says its sizes and its three methods; if its parameters are arrays, their names say the rest.

    Example:
        >>> from nnnotes import tanh
        >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
        >>> print(isinstance(layer, Layer), layer.n_in, layer.n_out, list(layer.parameters))
        True 2 3 ['W', 'b']
    """

    names: ClassVar[tuple[str, ...]] = ()
    """The names of the attributes that are parameters."""

    weights: ClassVar[tuple[str, ...]] = ()
    """The names of those parameters that are weights, and neither biases nor factors."""

    inner: ClassVar[tuple["Layer", ...]] = ()
    """The layers of which this one may be made. They run one after the other, from its own input on."""

    gradients_kind: ClassVar[type]
    """The class of the gradients, a `Mirror` whose fields are the names after a d."""

    tangents_kind: ClassVar[type]
    """The class of the tangents, a `Mirror` whose fields are the names before a dot."""

    _forward: ClassVar[Callable[..., tuple[Array, Any]]]
    _backward: ClassVar[Callable[..., tuple[Any, Any]]]
    _jvp: ClassVar[Callable[..., Array]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("forward", "backward", "jvp"):
            method = getattr(cls, name)
            setattr(cls, f"_{name}", getattr(method, "unchecked", method))

    @property
    @abstractmethod
    def n_in(self) -> int:
        """The number of inputs."""

    @property
    @abstractmethod
    def n_out(self) -> int:
        """The number of outputs."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the parameters."""
        return next(iter(self.parameters.values())).dtype

    @abstractmethod
    def forward(self, A_prev: Float[Array, "n_in m"]) -> tuple[Array, Any]:
        """Return the layer's output, and the cache that `backward` needs.

        Args:
            A_prev: the layer's input, one example per column.

        Raises:
            ShapeError: if A_prev does not have one row for each input.
            TypeError: if A_prev is not a floating-point array, or of a wider dtype than the parameters.

        Example:
            >>> from nnnotes import relu
            >>> layer = Dense(np.array([[1.0, -1.0]]), np.array([[0.5]]), relu)
            >>> print(layer.forward(np.array([[2.0, 0.0], [1.0, 3.0]]))[0])
            [[1.5 0. ]]
        """

    @overload
    def backward(self, dA: Float[Array, "n_out m"], cache: Any) -> tuple[Any, Any]: ...
    @overload
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Any, *, first: bool
    ) -> tuple[Any, Any]: ...
    @abstractmethod
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Any, *, first: bool = False
    ) -> tuple[Any, Any]:
        """Return the derivatives of the loss with respect to the layer's input and parameters.

        Args:
            dA: the derivative of the loss with respect to the layer's output, of its shape.
            cache: what `forward` returned for the same examples.
            first: whether the layer is the network's first, which may leave out the derivative with respect to its
                input: None is returned in its place.

        Raises:
            ShapeError: if dA does not have the shape of the output, or the cache is another layer's.
            TypeError: if an argument is of another type.

        Example:
            >>> from nnnotes import identity
            >>> layer = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> A, cache = layer.forward(np.array([[3.0]]))
            >>> dA_prev, gradients = layer.backward(np.array([[1.0]]), cache)
            >>> print(dA_prev, gradients.dW)
            [[2.]] [[3.]]
        """

    @abstractmethod
    def jvp(
        self, Adot_prev: Float[Array, "n_in m"], tangents: Any, cache: Any
    ) -> Float[Array, "n_out m"]:
        """Return how fast the layer's output moves when its input and parameters do: the product with its Jacobian.

        This is one layer of forward mode. Its transpose, the product on the other side, is `backward`.

        Args:
            Adot_prev: the velocity of the layer's input, of its shape.
            tangents: the velocity of the layer's parameters.
            cache: what `forward` returned for the same examples.

        Raises:
            ShapeError: if a velocity does not have the shape of what moves, or the cache is another layer's.
            TypeError: if an argument is of another type.

        Example:
            >>> from nnnotes import identity
            >>> layer = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> A, cache = layer.forward(np.array([[3.0]]))
            >>> still = Tangents(np.array([[0.0]]), np.array([[0.0]]))
            >>> print(layer.jvp(np.array([[1.0]]), still, cache))
            [[2.]]
        """

    @property
    def parameters(self) -> dict[str, Array]:
        """The parameters by name, in their order."""
        return {name: getattr(self, name) for name in self.names}

    def with_parameters(self: AnyLayer, parameters: Mapping[str, Array]) -> AnyLayer:
        """Return the same layer with other parameters.

        Args:
            parameters: an array for each name, of the right shape, which is not checked; the names that are missing
                keep theirs.

        Example:
            >>> from nnnotes import identity
            >>> layer = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> print(layer.with_parameters({"W": np.array([[3.0]])}).W)
            [[3.]]
        """
        new = object.__new__(type(self))
        attributes = vars(new)
        attributes.update(vars(self))
        attributes.update(parameters)
        return new

    def gradients(self, by_name: Mapping[str, Array]) -> Any:
        """Make the layer's gradients from an array for each parameter.

        Args:
            by_name: the arrays by the names of the parameters.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.gradients(layer.parameters).dW.shape
            (3, 2)
        """
        arrays = {f"d{name}": array for name, array in by_name.items()}
        return self.gradients_kind(**arrays)

    def tangents(self, by_name: Mapping[str, Array]) -> Any:
        """Make the layer's tangents from an array for each parameter.

        Args:
            by_name: the arrays by the names of the parameters.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.tangents(layer.parameters).Wdot.shape
            (3, 2)
        """
        arrays = {f"{name}dot": array for name, array in by_name.items()}
        return self.tangents_kind(**arrays)

    def pre_activations(self, cache: Any) -> dict[str, Array]:
        """Return what each matrix of weights makes of the input, by the name of the weights.

        Args:
            cache: what `forward` returned.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.pre_activations(layer.forward(np.ones((2, 5)))[1])["W"].shape
            (3, 5)
        """
        return {}

    def slopes(self, cache: Any) -> Array | None:
        """Return the slope of each unit for each example, if each unit applies an activation to one number.

        Args:
            cache: what `forward` returned.

        Example:
            >>> from nnnotes import identity
            >>> layer = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> print(layer.slopes(layer.forward(np.array([[3.0]]))[1]))
            [[1.]]
        """
        return None

    def with_inner(self: AnyLayer, inner: tuple["Layer", ...]) -> AnyLayer:
        """Return the same layer, made of other layers.

        Args:
            inner: the layers, as many as before and of the same sizes.

        Raises:
            TypeError: if the layer is not made of others.

        Example:
            >>> from nnnotes import mlp, relu, tanh
            >>> from nnnotes.residual import Residual
            >>> block = Residual(mlp(np.random.default_rng(0), [2, 3, 2], tanh))
            >>> block.with_inner(mlp(np.random.default_rng(0), [2, 3, 2], relu)).branch[0].g
            ReLU()
        """
        raise TypeError(f"inner: a {type(self).__name__} is not made of other layers")

    def observe(self: AnyLayer, cache: Any) -> AnyLayer:
        """Return the layer as it is after a step of training: with running means moved, if it keeps some.

        Args:
            cache: what `forward` returned for the examples of the step.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.observe(layer.forward(np.ones((2, 5)))[1]) is layer
            True
        """
        return self

    def in_evaluation(self: AnyLayer) -> AnyLayer:
        """Return the layer as it is used after training, where that differs.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.in_evaluation() is layer
            True
        """
        return self

    @abstractmethod
    def check_cache(self, cache: Any) -> int:
        """Check that a cache is one that `forward` returned, and return its number of examples.

        Args:
            cache: what should be a cache.

        Raises:
            ShapeError: if it is that of a layer with other sizes.
            TypeError: if it is no cache of such a layer, or an array in it has a wider dtype than the parameters.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.check_cache(layer.forward(np.zeros((2, 5)))[1])
            5
        """

    def check_mirror(self, what: str, mirror: Any) -> None:
        """Check that gradients or tangents are of the layer's kind, and have the shapes and dtypes of its parameters.

        Args:
            what: "gradients" or "tangents".
            mirror: what should be these.

        Raises:
            ShapeError: if an array does not have the shape of its parameter.
            TypeError: if they are of another kind, or an array of another dtype than its parameter.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.check_mirror("gradients", Gradients(dW=np.zeros((2, 2)), db=np.zeros((2, 1))))
            Traceback (most recent call last):
                ...
            nnnotes.shapes.ShapeError: dW: axis n_out is 2, but W has n_out = 3; expected (n_out, n_in), got (2, 2)
        """
        kind = getattr(self, f"{what}_kind")
        check_kind(what, mirror, kind, kind.__name__)
        for name, array in mirror.by_name.items():
            axes = "n_out n_in" if name in self.weights else "n_out 1"
            mirrored = f"d{name}" if what == "gradients" else f"{name}dot"
            both = {name: self.parameters[name], mirrored: array}
            check_shapes(f"{axes}, {axes}", **both)
            check_float(**both)
            check_same_dtype(**both)

    def _check_forward(self, A_prev: Array) -> None:
        check_array("A_prev", A_prev)
        shapes = {"the layer": (self.n_out, self.n_in), "A_prev": A_prev.shape}
        compare_shapes("n_out n_in, n_in m", shapes)
        self._check_dtype(A_prev=A_prev)

    def _check_backward(self, dA: Array, cache: Any, first: bool = False) -> None:
        check_array("dA", dA)
        shapes = {"A": (self.n_out, self.check_cache(cache)), "dA": dA.shape}
        compare_shapes("n_out m, n_out m", shapes)
        self._check_dtype(dA=dA)

    def _check_jvp(self, Adot_prev: Array, tangents: Any, cache: Any) -> None:
        check_array("Adot_prev", Adot_prev)
        self.check_mirror("tangents", tangents)
        m = self.check_cache(cache)
        shapes = {"A_prev": (self.n_in, m), "Adot_prev": Adot_prev.shape}
        compare_shapes("n_in m, n_in m", shapes)
        self._check_dtype(Adot_prev=Adot_prev)

    def _check_dtype(self, **arrays: Array) -> None:
        """Check that what meets the parameters is of their dtype, or of a narrower one."""
        check_float(**arrays)
        check_not_wider("layer", self.dtype, **arrays)


@dataclass(frozen=True, eq=False)
class Cache:
    """What the forward pass of a dense layer keeps for the backward pass.

    Args:
        A_prev: the layer's input, one example per column; no copy, so it must not be changed before the backward pass.
        Z: the pre-activation, one example per column.

    Example:
        >>> from nnnotes import tanh
        >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
        >>> A, cache = layer.forward(np.zeros((2, 5)))
        >>> cache.A_prev.shape, cache.Z.shape
        ((2, 5), (3, 5))
    """

    A_prev: Float[Array, "n_in m"]
    Z: Float[Array, "n_out m"]


@dataclass(frozen=True, eq=False)
class Gradients(Mirror):
    """The derivatives of the loss with respect to the parameters of a dense layer.

    Args:
        dW: the derivative with respect to the weights, of their shape.
        db: the derivative with respect to the biases, of their shape.

    Example:
        >>> Gradients(dW=np.zeros((3, 2)), db=np.zeros((3, 1))).dW.shape
        (3, 2)
    """

    dW: Float[Array, "n_out n_in"]
    db: Float[Array, "n_out 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"W": self.dW, "b": self.db}


@dataclass(frozen=True, eq=False)
class Tangents(Mirror):
    """The direction in which the parameters of a dense layer move.

    Args:
        Wdot: the velocity of the weights, of their shape.
        bdot: the velocity of the biases, of their shape.

    Example:
        >>> Tangents(Wdot=np.zeros((3, 2)), bdot=np.zeros((3, 1))).Wdot.shape
        (3, 2)
    """

    Wdot: Float[Array, "n_out n_in"]
    bdot: Float[Array, "n_out 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {"W": self.Wdot, "b": self.bdot}


@dataclass(frozen=True, eq=False)
class Dense(Layer):
    """A fully connected layer: n_out units, each of which sees all n_in inputs.

    The arrays are not copied: whoever changes them later changes the layer.

    Args:
        W: the weights, one unit per row.
        b: the biases, one unit per row.
        g: the activation of the units.

    Raises:
        ShapeError: if b is not one column with as many rows as W.
        ValueError: if a parameter of the activation is beyond the numbers of W's dtype.
        TypeError: if W or b is not a floating-point array, their dtypes differ, or g is not an activation.

    Example:
        >>> from nnnotes import relu
        >>> layer = Dense(W=np.array([[1.0, -1.0]]), b=np.array([[0.5]]), g=relu)
        >>> A, cache = layer.forward(np.array([[2.0, 0.0], [1.0, 3.0]]))
        >>> print(A)
        [[1.5 0. ]]
    """

    W: Float[Array, "n_out n_in"]
    b: Float[Array, "n_out 1"]
    g: Activation

    names: ClassVar[tuple[str, ...]] = ("W", "b")
    weights: ClassVar[tuple[str, ...]] = ("W",)
    gradients_kind: ClassVar[type] = Gradients
    tangents_kind: ClassVar[type] = Tangents

    def __post_init__(self) -> None:
        check_shapes("n_out n_in, n_out 1", W=self.W, b=self.b)
        check_float(W=self.W, b=self.b)
        check_same_dtype(W=self.W, b=self.b)
        check_kind("g", self.g, Activation, AN_ACTIVATION)
        check_usable(self.dtype, **self.g.parameters)

    @property
    def n_in(self) -> int:
        """The number of inputs."""
        return self.W.shape[1]

    @property
    def n_out(self) -> int:
        """The number of units."""
        return self.W.shape[0]

    @checked
    def forward(
        self, A_prev: Float[Array, "n_in m"]
    ) -> tuple[Float[Array, "n_out m"], Cache]:
        """Return the layer's output, and the cache that `backward` needs.

        Args:
            A_prev: the layer's input, one example per column; the cache holds this very array.

        Raises:
            ShapeError: if A_prev does not have one row for each column of W.
            TypeError: if A_prev is not a floating-point array, or of a wider dtype than W.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> layer.forward(np.zeros((4, 5)))
            Traceback (most recent call last):
                ...
            nnnotes.shapes.ShapeError: A_prev: axis n_in is 4, but W has n_in = 2; expected (n_in, m), got (4, 5)
        """
        Z = self.W @ A_prev + self.b
        A = self.g.value(Z)
        return A, Cache(A_prev, Z)

    @overload
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Cache
    ) -> tuple[Float[Array, "n_in m"], Gradients]: ...
    @overload
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Cache, *, first: bool
    ) -> tuple[Float[Array, "n_in m"] | None, Gradients]: ...
    @checked
    def backward(
        self, dA: Float[Array, "n_out m"], cache: Cache, *, first: bool = False
    ) -> tuple[Float[Array, "n_in m"] | None, Gradients]:
        """Return the derivatives of the loss with respect to the layer's input and parameters.

        There is no 1/m here: the mean over the examples is part of the loss, and dA already holds it.

        Args:
            dA: the derivative of the loss with respect to the layer's output, of its shape.
            cache: what `forward` returned for the same examples.
            first: whether the layer is the network's first. Nobody needs the derivative with respect to the network's
                input then; it is left out, and None is returned in its place.

        Raises:
            ShapeError: if dA does not have the shape of the output, or the cache is another layer's.
            TypeError: if dA or what the cache holds is not a floating-point array or wider than W, or cache no cache.

        Example:
            >>> from nnnotes import tanh
            >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
            >>> A, cache = layer.forward(np.zeros((2, 5)))
            >>> dA_prev, gradients = layer.backward(np.ones((3, 5)), cache)
            >>> dA_prev.shape, gradients.dW.shape, gradients.db.shape
            ((2, 5), (3, 2), (3, 1))

        References:
            Rumelhart, D. E., Hinton, G. E. and Williams, R. J., 1986, doi:10.1038/323533a0.
        """
        dZ = dA * self.g.slope(cache.Z)
        dW = dZ @ cache.A_prev.T
        db = dZ.sum(axis=1, keepdims=True)
        if first:
            return None, Gradients(dW, db)
        dA_prev = self.W.T @ dZ
        return dA_prev, Gradients(dW, db)

    @checked
    def jvp(
        self, Adot_prev: Float[Array, "n_in m"], tangents: Tangents, cache: Cache
    ) -> Float[Array, "n_out m"]:
        """Return how fast the layer's output moves when its input and parameters do: the product with its Jacobian.

        This is one layer of forward mode. Its transpose, the product on the other side, is `backward`.

        Args:
            Adot_prev: the velocity of the layer's input, of its shape.
            tangents: the velocity of the layer's parameters.
            cache: what `forward` returned for the same examples.

        Raises:
            ShapeError: if a velocity does not have the shape of what moves, or the cache is another layer's.
            TypeError: if a velocity is not a floating-point array or wider than W, or an argument is of another type.

        Example:
            >>> from nnnotes import identity
            >>> layer = Dense(np.array([[2.0]]), np.array([[0.0]]), identity)
            >>> A, cache = layer.forward(np.array([[3.0]]))
            >>> still = Tangents(np.array([[0.0]]), np.array([[0.0]]))
            >>> print(layer.jvp(np.array([[1.0]]), still, cache))
            [[2.]]

        References:
            Griewank, A. and Walther, A., Evaluating Derivatives, 2nd edition, 2008, doi:10.1137/1.9780898717761.
        """
        Zdot = self.W @ Adot_prev + tangents.Wdot @ cache.A_prev + tangents.bdot
        Adot = self.g.slope(cache.Z) * Zdot
        return Adot

    def pre_activations(self, cache: Cache) -> dict[str, Array]:
        return {"W": cache.Z}

    def slopes(self, cache: Cache) -> Array:
        return self.g.slope(cache.Z)

    def check_cache(self, cache: Cache) -> int:
        check_kind("cache", cache, Cache, "the Cache that forward returned")
        arrays = {"A_prev": cache.A_prev, "Z": cache.Z}
        sizes = check_shapes("n_out n_in, n_in m, n_out m", W=self.W, **arrays)
        self._check_dtype(**arrays)
        return sizes["m"]

    # The first error that a reader meets names the weights.
    def _check_forward(self, A_prev: Array) -> None:
        check_shapes("n_out n_in, n_in m", W=self.W, A_prev=A_prev)
        self._check_dtype(A_prev=A_prev)


def dense(
    rng: np.random.Generator,
    n_out: int,
    n_in: int,
    g: Activation,
    init: Initializer = He(),
    dtype: DTypeLike = np.float64,
) -> Dense:
    """Make a layer with drawn weights and biases 0.

    Args:
        rng: the source of randomness; the same state gives the same layer.
        n_out: the number of units.
        n_in: the number of inputs.
        g: the activation of the units.
        init: how the weights are drawn.
        dtype: the floating-point type of weights and biases; draws are made in float64 and then rounded.

    Raises:
        ValueError: if a size is less than 1, or a weight is beyond the numbers of the dtype.
        TypeError: if an argument is of another type, such as a name in place of an activation.

    Example:
        >>> from nnnotes import tanh
        >>> layer = dense(np.random.default_rng(0), 3, 2, tanh)
        >>> layer.W.shape, layer.b.shape
        ((3, 2), (3, 1))
    """
    W = _drawn(rng, n_out, n_in, init, dtype)
    return Dense(W, np.zeros((n_out, 1), W.dtype), g)


def _drawn(
    rng: np.random.Generator, n_out: int, n_in: int, init: object, dtype: DTypeLike
) -> Array:
    check_kind("init", init, Initializer, AN_INITIALIZER)
    check_dtype(dtype)
    W = init(rng, n_out, n_in)  # type: ignore[operator]  # an initialiser, as seen above
    check_fits(np.dtype(dtype), **{f"the largest weight of {init!r}": np.abs(W).max()})
    return W.astype(dtype)


@dataclass(frozen=True, eq=False)
class GatedCache:
    """What the forward pass of a gated layer keeps for the backward pass.

    Args:
        A_prev: the layer's input, one example per column; no copy.
        U: the pre-activation that passes the gate.
        V: the pre-activation that decides how much of the other one passes.

    Example:
        >>> from nnnotes.gates import swiglu
        >>> A, cache = gated(np.random.default_rng(0), 3, 2, swiglu).forward(np.zeros((2, 5)))
        >>> cache.U.shape, cache.V.shape
        ((3, 5), (3, 5))
    """

    A_prev: Float[Array, "n_in m"]
    U: Float[Array, "n_out m"]
    V: Float[Array, "n_out m"]


@dataclass(frozen=True, eq=False)
class GatedGradients(Mirror):
    """The derivatives of the loss with respect to the parameters of a gated layer.

    Args:
        dW: the derivative with respect to the weights of u.
        db: the derivative with respect to the biases of u.
        dW_gate: the derivative with respect to the weights of v.
        db_gate: the derivative with respect to the biases of v.

    Example:
        >>> from nnnotes.gates import swiglu
        >>> layer = gated(np.random.default_rng(0), 3, 2, swiglu)
        >>> A, cache = layer.forward(np.zeros((2, 5)))
        >>> layer.backward(A, cache)[1].dW_gate.shape
        (3, 2)
    """

    dW: Float[Array, "n_out n_in"]
    db: Float[Array, "n_out 1"]
    dW_gate: Float[Array, "n_out n_in"]
    db_gate: Float[Array, "n_out 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {
            "W": self.dW,
            "b": self.db,
            "W_gate": self.dW_gate,
            "b_gate": self.db_gate,
        }


@dataclass(frozen=True, eq=False)
class GatedTangents(Mirror):
    """The direction in which the parameters of a gated layer move.

    Args:
        Wdot: the velocity of the weights of u.
        bdot: the velocity of the biases of u.
        W_gatedot: the velocity of the weights of v.
        b_gatedot: the velocity of the biases of v.

    Example:
        >>> from nnnotes.gates import swiglu
        >>> layer = gated(np.random.default_rng(0), 3, 2, swiglu)
        >>> layer.tangents(layer.parameters).b_gatedot.shape
        (3, 1)
    """

    Wdot: Float[Array, "n_out n_in"]
    bdot: Float[Array, "n_out 1"]
    W_gatedot: Float[Array, "n_out n_in"]
    b_gatedot: Float[Array, "n_out 1"]

    @property
    def by_name(self) -> dict[str, Array]:
        return {
            "W": self.Wdot,
            "b": self.bdot,
            "W_gate": self.W_gatedot,
            "b_gate": self.b_gatedot,
        }


@dataclass(frozen=True, eq=False)
class Gated(Layer):
    """A layer of gated units: two pre-activations u and v for each unit, of which v decides how much of u passes.

    Args:
        W: the weights of u, one unit per row.
        b: the biases of u.
        W_gate: the weights of v, of W's shape.
        b_gate: the biases of v, of b's shape.
        gate: the gated unit, such as `nnnotes.gates.swiglu`.

    Raises:
        ShapeError: if the shapes do not fit each other.
        ValueError: if a parameter of the activation is beyond the numbers of W's dtype.
        TypeError: if an array is not of a floating-point dtype, the dtypes differ, or gate is not a gate.

    Example:
        >>> from nnnotes.gates import bilinear
        >>> one, zero = np.array([[1.0]]), np.array([[0.0]])
        >>> layer = Gated(W=one, b=zero, W_gate=2 * one, b_gate=one, gate=bilinear)
        >>> print(layer.forward(np.array([[3.0]]))[0])  # 3 (2 · 3 + 1)
        [[21.]]

    References:
        Shazeer, N., "GLU variants improve Transformer", 2020, doi:10.48550/arXiv.2002.05202.
    """

    W: Float[Array, "n_out n_in"]
    b: Float[Array, "n_out 1"]
    W_gate: Float[Array, "n_out n_in"]
    b_gate: Float[Array, "n_out 1"]
    gate: Gate

    names: ClassVar[tuple[str, ...]] = ("W", "b", "W_gate", "b_gate")
    weights: ClassVar[tuple[str, ...]] = ("W", "W_gate")
    gradients_kind: ClassVar[type] = GatedGradients
    tangents_kind: ClassVar[type] = GatedTangents

    def __post_init__(self) -> None:
        patterns = "n_out n_in, n_out 1, n_out n_in, n_out 1"
        check_shapes(patterns, **self.parameters)
        check_float(**self.parameters)
        check_same_dtype(**self.parameters)
        check_kind("gate", self.gate, Gate, A_GATE)
        check_usable(self.dtype, **self.gate.parameters)

    @property
    def n_in(self) -> int:
        """The number of inputs."""
        return self.W.shape[1]

    @property
    def n_out(self) -> int:
        """The number of units."""
        return self.W.shape[0]

    @checked
    def forward(
        self, A_prev: Float[Array, "n_in m"]
    ) -> tuple[Float[Array, "n_out m"], GatedCache]:
        """Return the layer's output, and the cache that `backward` needs.

        Args:
            A_prev: the layer's input, one example per column; the cache holds this very array.

        Raises:
            ShapeError: if A_prev does not have one row for each column of W.
            TypeError: if A_prev is not a floating-point array, or of a wider dtype than W.

        Example:
            >>> from nnnotes.gates import swiglu
            >>> layer = gated(np.random.default_rng(0), 3, 2, swiglu)
            >>> layer.forward(np.zeros((2, 5)))[0].shape
            (3, 5)
        """
        U = self.W @ A_prev + self.b
        V = self.W_gate @ A_prev + self.b_gate
        A = self.gate.value(U, V)
        return A, GatedCache(A_prev, U, V)

    @checked
    def backward(
        self, dA: Float[Array, "n_out m"], cache: GatedCache, *, first: bool = False
    ) -> tuple[Float[Array, "n_in m"] | None, GatedGradients]:
        """Return the derivatives of the loss with respect to the layer's input and parameters.

        Args:
            dA: the derivative of the loss with respect to the layer's output, of its shape.
            cache: what `forward` returned for the same examples.
            first: whether to leave out the derivative with respect to the input.

        Raises:
            ShapeError: if dA does not have the shape of the output, or the cache is another layer's.
            TypeError: if dA or what the cache holds is not a floating-point array or wider than W, or cache no cache.

        Example:
            >>> from nnnotes.gates import bilinear
            >>> one, zero = np.array([[1.0]]), np.array([[0.0]])
            >>> layer = Gated(W=one, b=zero, W_gate=2 * one, b_gate=one, gate=bilinear)
            >>> A, cache = layer.forward(np.array([[3.0]]))  # u = 3, v = 7
            >>> dA_prev, gradients = layer.backward(one, cache)
            >>> print(dA_prev, gradients.db, gradients.db_gate)
            [[13.]] [[7.]] [[3.]]
        """
        by_u, by_v = self.gate.slopes(cache.U, cache.V)
        dU, dV = dA * by_u, dA * by_v
        dW, dW_gate = dU @ cache.A_prev.T, dV @ cache.A_prev.T
        db, db_gate = (d.sum(axis=1, keepdims=True) for d in (dU, dV))
        gradients = GatedGradients(dW, db, dW_gate, db_gate)
        if first:
            return None, gradients
        dA_prev = self.W.T @ dU + self.W_gate.T @ dV
        return dA_prev, gradients

    @checked
    def jvp(
        self,
        Adot_prev: Float[Array, "n_in m"],
        tangents: GatedTangents,
        cache: GatedCache,
    ) -> Float[Array, "n_out m"]:
        """Return how fast the layer's output moves when its input and parameters do: the product with its Jacobian.

        Args:
            Adot_prev: the velocity of the layer's input, of its shape.
            tangents: the velocity of the layer's parameters.
            cache: what `forward` returned for the same examples.

        Raises:
            ShapeError: if a velocity does not have the shape of what moves, or the cache is another layer's.
            TypeError: if a velocity is not a floating-point array or wider than W, or an argument is of another type.

        Example:
            >>> from nnnotes.gates import bilinear
            >>> one, zero = np.array([[1.0]]), np.array([[0.0]])
            >>> layer = Gated(W=one, b=zero, W_gate=2 * one, b_gate=one, gate=bilinear)
            >>> A, cache = layer.forward(np.array([[3.0]]))
            >>> print(layer.jvp(one, GatedTangents(zero, zero, zero, zero), cache))
            [[13.]]
        """
        by_u, by_v = self.gate.slopes(cache.U, cache.V)
        Udot = self.W @ Adot_prev + tangents.Wdot @ cache.A_prev + tangents.bdot
        Vdot = self.W_gate @ Adot_prev + tangents.W_gatedot @ cache.A_prev
        Vdot = Vdot + tangents.b_gatedot
        return by_u * Udot + by_v * Vdot

    def pre_activations(self, cache: GatedCache) -> dict[str, Array]:
        return {"W": cache.U, "W_gate": cache.V}

    def check_cache(self, cache: GatedCache) -> int:
        check_kind("cache", cache, GatedCache, "the GatedCache that forward returned")
        arrays = {"A_prev": cache.A_prev, "U": cache.U, "V": cache.V}
        patterns = "n_out n_in, n_in m, n_out m, n_out m"
        sizes = check_shapes(patterns, W=self.W, **arrays)
        self._check_dtype(**arrays)
        return sizes["m"]


def gated(
    rng: np.random.Generator,
    n_out: int,
    n_in: int,
    gate: Gate,
    init: Initializer = LeCun(),
    dtype: DTypeLike = np.float64,
) -> Gated:
    """Make a layer of gated units with drawn weights and biases 0.

    Args:
        rng: the source of randomness; the same state gives the same layer.
        n_out: the number of units.
        n_in: the number of inputs.
        gate: the gated unit.
        init: how both matrices of weights are drawn, that of u first.
        dtype: the floating-point type of weights and biases; draws are made in float64 and then rounded.

    Raises:
        ValueError: if a size is less than 1, or a weight is beyond the numbers of the dtype.
        TypeError: if an argument is of another type.

    Example:
        >>> from nnnotes.gates import swiglu
        >>> gated(np.random.default_rng(0), 3, 2, swiglu).W_gate.shape
        (3, 2)
    """
    W, W_gate = (_drawn(rng, n_out, n_in, init, dtype) for _ in range(2))
    b = np.zeros((n_out, 1), W.dtype)
    return Gated(W, b, W_gate, b.copy(), gate)
