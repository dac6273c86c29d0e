"""Published results, each computed anew and compared with what theory or the paper says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnnotes._checks import (
    AN_INITIALIZER,
    as_float,
    check_count,
    check_finite,
    check_kind,
    check_number,
    check_positive,
    check_rng,
    shown,
)
from nnnotes.activations import identity, relu, selu, tanh
from nnnotes.arrays import Array
from nnnotes.initializers import Glorot, He, Initializer, LeCun, Orthogonal
from nnnotes.layers import Dense, dense
from nnnotes.lsuv import lsuv
from nnnotes.meanfield import MeanField
from nnnotes.networks import backward, forward, mlp
from nnnotes.quadrature import gaussian_mean
from nnnotes.residual import Residual
from nnnotes.shapes import check_shapes

__all__ = [
    "Comparison",
    "compare_mean",
    "born_dead",
    "change_after_step",
    "complex_step",
    "gaussian_product",
    "glorot_over_he",
    "gradient_ratio",
    "lsuv_variance",
    "orthogonal_product",
    "residual_growth",
    "selu_constants",
    "selu_jacobian",
    "selu_layers",
    "tanh_layers",
    "variances_and_correlations",
    "vgg_gradient",
    "width_exponents",
]

# Between these exponents are measured. In narrower networks terms of the relative order 1/n show.
WIDTHS = (256, 1024)


@dataclass(frozen=True)
class Comparison:
    """A number that theory or a paper gives, the number that a run gives, and how far they may be apart.

    Args:
        expected: what theory or the paper says.
        measured: what the run gave.
        tolerance: the largest distance that is allowed, at least 0.

    Raises:
        ValueError: if the tolerance is negative, or a number not finite.
        TypeError: if one of the three is not a number.

    Example:
        >>> result = Comparison(expected=0.5, measured=0.49, tolerance=0.02)
        >>> print(result.holds, result)
        True 0.49, expected 0.5 ± 0.02
    """

    expected: float
    measured: float
    tolerance: float

    def __post_init__(self) -> None:
        check_number("expected", self.expected)
        check_number("measured", self.measured)
        check_number(
            "tolerance", self.tolerance, "a number of at least 0", lambda x: x >= 0
        )

    @property
    def holds(self) -> bool:
        """Whether the measured number is as near to the expected one as it must be."""
        return abs(self.measured - self.expected) <= self.tolerance

    def __str__(self) -> str:
        return (
            f"{self.measured:.4g}, expected {self.expected:.4g} ± {self.tolerance:.1g}"
        )


def compare_mean(expected: float, samples: Sequence[float] | Array) -> Comparison:
    """Compare the mean of independent measurements with an expected number, up to four standard errors.

    Args:
        expected: the number that the measurements should have as their mean.
        samples: the measurements, at least two.

    Raises:
        ShapeError: if they are not in one row.
        ValueError: if there are fewer than two measurements, or a number is not finite.
        TypeError: if they are not numbers.

    Example:
        >>> print(compare_mean(2.0, [1.0, 2.0, 3.0, 4.0]))
        2.5, expected 2 ± 3
    """
    measured = as_float(samples, "samples").astype(np.float64)
    if measured.ndim == 1 and len(measured) < 2:
        raise ValueError(f"samples: expected at least two, but got {len(measured)}")
    check_shapes("n", samples=measured)
    check_finite("measurements", samples=measured)
    standard_error = measured.std(ddof=1) / np.sqrt(len(measured))
    return Comparison(expected, float(measured.mean()), float(4 * standard_error))


def glorot_over_he(
    rng: np.random.Generator, depth: int = 30, n: int = 100
) -> Comparison:
    """Divide the rms of a ReLU network's activations with Glorot's weights by that with He's, drawn alike.

    The weights of square layers differ by the factor sqrt(2), and ReLU passes factors on. So the ratio is
    2**(-depth / 2), but for rounding.

    Args:
        rng: the source of randomness.
        depth: the number of layers.
        n: the number of inputs, and of units in each layer.

    Raises:
        ValueError: if a number is less than 1, or so small that no unit of the last layer is active.
        TypeError: if an argument is of another type.

    Example:
        >>> print(glorot_over_he(np.random.default_rng(0), depth=10))
        0.03125, expected 0.03125 ± 1e-14

    References:
        He, K., Zhang, X., Ren, S. and Sun, J., 2015, doi:10.1109/ICCV.2015.123, section 2.2.
    """
    _check(rng, depth=depth, n=n)
    glorot = he = rng.standard_normal((n, 1))
    for _ in range(depth):
        seed = rng.integers(2**32)
        glorot = relu(Glorot()(np.random.default_rng(seed), n, n) @ glorot)
        he = relu(He()(np.random.default_rng(seed), n, n) @ he)
    if not he.any():
        raise ValueError(
            f"n: expected enough units that one is active in layer {depth}, but of {n} none is"
        )
    ratio = 2 ** (-depth / 2)
    # In each layer both round each weight once, and each of the n terms of a sum.
    rounding = 2 * depth * (n + 1) * np.finfo(np.float64).eps
    return Comparison(ratio, _rms(glorot) / _rms(he), float(ratio * rounding))


def _check(rng: object, **counts: object) -> None:
    check_rng(rng)
    for name, count in counts.items():
        check_count(name, count)


def _check_theory(theory: object) -> None:
    if not isinstance(theory, MeanField):
        raise TypeError(f"theory: expected a MeanField, but got {shown(theory)}")


def _rms(A: Array) -> float:
    return float(np.sqrt(np.square(A).mean()))


def tanh_layers(
    rng: np.random.Generator,
    init: Initializer,
    depth: int = 5,
    n: int = 1000,
    networks: int = 20,
) -> tuple[Comparison, ...]:
    """Compare the rms of the activations in each layer of tanhs with the recursion that holds for wide layers.

    The rms of the input is 1. If that of a layer's input is r, then in a wide layer the pre-activations are normal with
    variance q = n Var w r², and the mean square of the activations is E tanh(sqrt(q) z)², z ~ N(0, 1).

    Args:
        rng: the source of randomness.
        init: how the weights are drawn.
        depth: the number of layers.
        n: the number of inputs, and of units in each layer.
        networks: the number of networks to measure, each with an input of its own; at least 2.

    Raises:
        ValueError: if a number is too small.
        TypeError: if an argument is of another type.

    Example:
        >>> first, second = tanh_layers(np.random.default_rng(0), LeCun(), depth=2, n=100)
        >>> print(f"{first.expected:.3f} {second.expected:.3f} {first.holds} {second.holds}")
        0.628 0.486 True True

    References:
        Glorot, X. and Bengio, Y., "Understanding the difficulty of training deep feedforward neural networks",
        AISTATS 2010, for layers of 1000 tanhs with two initialisations.
    """
    _check(rng, depth=depth, n=n, networks=networks)
    check_kind("init", init, Initializer, AN_INITIALIZER)
    measured = []
    for _ in range(networks):
        A = rng.standard_normal((n, 1))
        A /= _rms(A)
        for _ in range(depth):
            A = tanh(init(rng, n, n) @ A)
            measured.append(_rms(A))
    expected = [1.0]
    for _ in range(depth):
        scale = np.sqrt(n * init.variance(n, n)) * expected[-1]
        square = gaussian_mean(lambda z, scale=scale: tanh(scale * z) ** 2)  # type: ignore[misc]
        expected.append(float(np.sqrt(square)))
    # Networks are finite: the mean is off by a share of the order 1/n, far below its standard error.
    layers = np.reshape(measured, (networks, depth)).T
    return tuple(map(compare_mean, expected[1:], layers))


def variances_and_correlations(
    rng: np.random.Generator,
    theory: MeanField,
    q: float = 1.0,
    c: float = 0.5,
    depth: int = 30,
    n: int = 200,
    networks: int = 20,
) -> tuple[tuple[Comparison, Comparison], ...]:
    """Compare variance and correlation of two inputs' pre-activations, in each layer, with the theory of wide layers.

    Each network gets two inputs of its own. The correlation is the cosine of the angle between them.

    Args:
        rng: the source of randomness.
        theory: the activation and the variances.
        q: the mean square of each input, greater than 0.
        c: the correlation of the two inputs, from -1 to 1.
        depth: the number of layers.
        n: the number of inputs, and of units in each layer; at least 2.
        networks: the number of networks to measure; at least 2.

    Raises:
        ValueError: if a number is out of its range.
        TypeError: if an argument is of another type.

    Example:
        >>> theory = MeanField(tanh, weight_variance=2.5, bias_variance=0.05)
        >>> *_, (variance, correlation) = variances_and_correlations(np.random.default_rng(0), theory, depth=3)
        >>> print(f"{variance.expected:.2f} {variance.holds} {correlation.expected:.2f} {correlation.holds}")
        1.21 True 0.46 True

    References:
        Poole, B. et al., 2016, doi:10.48550/arXiv.1606.05340, figures 1 and 2.
    """
    _check(rng, depth=depth, n=n, networks=networks)
    _check_theory(theory)
    check_count("n", n, 2)
    first = MeanField(identity, theory.weight_variance, theory.bias_variance)
    expected = [(first.variance_map(q), first.correlation_map(c, q))]
    for _ in range(depth - 1):
        q_l, c_l = expected[-1]
        expected.append((theory.variance_map(q_l), theory.correlation_map(c_l, q_l)))
    pair = np.sqrt(n * q) * np.array([[1, c], [0, np.sqrt((1 - c) * (1 + c))]])
    measured = []
    for _ in range(networks):
        directions, _ = np.linalg.qr(rng.standard_normal((n, 2)))
        _, caches = forward(theory.network(rng, [n] * (depth + 1)), directions @ pair)
        measured.append([_variance_and_correlation(cache.Z) for cache in caches])
    # Finite networks are off by a share of the order 1/n; with fewer networks than units that is below its
    # standard error.
    return tuple(
        (compare_mean(q_l, variances), compare_mean(c_l, correlations))
        for (q_l, c_l), (variances, correlations) in zip(
            expected, np.moveaxis(np.array(measured), 0, -1), strict=True
        )
    )


def _variance_and_correlation(Z: Array) -> tuple[float, float]:
    products = Z.T @ Z / len(Z)
    square = products[0, 0] * products[1, 1]
    return float(products.trace() / 2), float(products[0, 1] / np.sqrt(square))


def gradient_ratio(
    rng: np.random.Generator,
    theory: MeanField,
    depth: int = 40,
    n: int = 200,
    networks: int = 20,
) -> Comparison:
    """Compare with chi by how much the gradient's mean square changes from a layer to the one before it.

    The gradient is that with respect to the pre-activations, of one example. It starts at random in the last layer, and
    the ratio is averaged over the layers. Inputs have the mean square with which the variance is at its fixed point
    from the first layer on.

    Args:
        rng: the source of randomness.
        theory: the activation and the variances.
        depth: the number of layers; at least 2.
        n: the number of inputs, and of units in each layer.
        networks: the number of networks to measure; at least 2.

    Raises:
        ValueError: if a number is out of its range, or the variance grows without bound.
        TypeError: if an argument is of another type.

    Example:
        >>> theory = MeanField(tanh, weight_variance=2.5, bias_variance=0.05)
        >>> result = gradient_ratio(np.random.default_rng(0), theory, depth=20, n=100)
        >>> print(f"{result.expected:.4f} {result.holds}")
        1.1335 True

    References:
        Schoenholz, S. S. et al., 2017, doi:10.48550/arXiv.1611.01232, section 4.
    """
    _check(rng, depth=depth, n=n, networks=networks)
    _check_theory(theory)
    check_count("depth", depth, 2)
    chi = theory.chi
    square = (theory.fixed_point - theory.bias_variance) / theory.weight_variance
    measured = []
    for _ in range(networks):
        network = theory.network(rng, [n] * (depth + 1))
        X = rng.standard_normal((n, 1))
        X *= np.sqrt(square) / _rms(X)
        _, caches = forward(network, X)
        gradients = backward(network, rng.standard_normal((n, 1)), caches)
        squares = np.array([_rms(d.db) ** 2 for d in gradients])  # db is dZ here
        measured.append(float(np.mean(squares[:-1] / squares[1:])))
    return compare_mean(chi, measured)


def orthogonal_product(
    rng: np.random.Generator, depth: int = 50, n: int = 100
) -> Comparison:
    """Find the singular value of a product of orthogonal matrices that is furthest from 1.

    The product is orthogonal, too, so all its singular values are 1, but for rounding.

    Args:
        rng: the source of randomness.
        depth: the number of matrices.
        n: the number of rows and columns.

    Raises:
        ValueError: if a number is less than 1.
        TypeError: if an argument is of another type.

    Example:
        >>> print(orthogonal_product(np.random.default_rng(0), depth=10))
        1, expected 1 ± 2e-13

    References:
        Saxe, A. M., McClelland, J. L. and Ganguli, S., "Exact solutions to the nonlinear dynamics of learning in deep
        linear neural networks", ICLR 2014, doi:10.48550/arXiv.1312.6120.
    """
    _check(rng, depth=depth, n=n)
    values = np.linalg.svd(_product(rng, Orthogonal(), depth, n), compute_uv=False)
    furthest = values[np.abs(values - 1).argmax()]
    rounding = depth * n * np.finfo(np.float64).eps  # each of the n terms of a sum
    return Comparison(1.0, float(furthest), float(rounding))


def _product(rng: np.random.Generator, init: Initializer, depth: int, n: int) -> Array:
    product = np.eye(n)
    for _ in range(depth):
        product = init(rng, n, n) @ product
    return product


def gaussian_product(
    rng: np.random.Generator, depth: int = 20, n: int = 100
) -> Comparison:
    """Compute the mean logarithm of the singular values of a product of Gaussian matrices with variance 1/n.

    It is the logarithm of the absolute value of the determinant, divided by n. The square of the determinant of one
    standard normal matrix is distributed as a product of chi-squared numbers with 1, 2, ..., n degrees of freedom. This
    gives the mean, about -depth / 2, and the variance.

    Args:
        rng: the source of randomness.
        depth: the number of matrices.
        n: the number of rows and columns.

    Raises:
        ValueError: if a number is less than 1.
        TypeError: if an argument is of another type.

    Example:
        >>> print(gaussian_product(np.random.default_rng(0), depth=10).holds)
        True

    References:
        Saxe, A. M., McClelland, J. L. and Ganguli, S., "Exact solutions to the nonlinear dynamics of learning in deep
        linear neural networks", ICLR 2014, doi:10.48550/arXiv.1312.6120, for products of Gaussian matrices.
    """
    _check(rng, depth=depth, n=n)
    logarithms = [
        np.linalg.slogdet(LeCun()(rng, n, n)).logabsdet / n for _ in range(depth)
    ]
    means, variances = _log_chi_square(n)
    expected = depth * (means.mean() - np.log(n)) / 2
    deviation = np.sqrt(depth * variances.sum()) / (2 * n)
    return Comparison(float(expected), float(np.sum(logarithms)), float(4 * deviation))


def _log_chi_square(n: int) -> tuple[Array, Array]:
    """Compute mean and variance of log(chi²) with 1, 2, ..., n degrees of freedom.

    They are log 2 plus the digamma function, and the trigamma function, of half the degrees.
    """
    # Both have a closed form for 1 and 2 degrees, and a recursion by two degrees.
    means = [-np.euler_gamma - np.log(2), np.log(2) - np.euler_gamma]
    variances = [np.pi**2 / 2, np.pi**2 / 6]
    for k in range(1, n - 1):
        means.append(means[-2] + 2 / k)
        variances.append(variances[-2] - 4 / k**2)
    return np.array(means[:n]), np.array(variances[:n])


def selu_constants() -> tuple[float, float]:
    """Solve for the constants of SELU, with which a standard normal number keeps its mean and its mean square.

    Returns alpha and lambda.

    Example:
        >>> print("{:.4f} {:.4f}".format(*selu_constants()))
        1.6733 1.0507

    References:
        Klambauer, G., Unterthiner, T., Mayr, A. and Hochreiter, S., "Self-normalizing neural networks", NIPS 2017,
        doi:10.48550/arXiv.1706.02515, equation 14.
    """
    right = gaussian_mean(lambda z: np.maximum(z, 0), [0.0])
    left = gaussian_mean(lambda z: np.expm1(np.minimum(z, 0)), [0.0])
    alpha = -right / left

    def square(z: Array) -> Array:
        return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))) ** 2

    return float(alpha), float(1 / np.sqrt(gaussian_mean(square, [0.0])))


def vgg_gradient(std: float = 0.01) -> float:
    """Compute by how much a gradient shrinks from the tenth to the second convolution of a network with 13 layers.

    The convolutions are 3 by 3, with 64, 128, 128, 256, 256, 512, 512, 512 and 512 filters from the second on. Each
    multiplies the mean square of a gradient by half of 9 times the number of its filters times the variance of its
    weights, since ReLU lets through one half.

    Args:
        std: the standard deviation of the weights, greater than 0.

    Raises:
        ValueError: if std is not a finite number greater than 0.
        TypeError: if std is not a number.

    Example:
        >>> print(f"{1 / vgg_gradient():.1e}")
        1.7e+04

    References:
        He, K., Zhang, X., Ren, S. and Sun, J., "Delving deep into rectifiers: surpassing human-level performance on
        ImageNet classification", ICCV 2015, doi:10.1109/ICCV.2015.123, section 2.2.
    """
    check_positive("std", std)
    filters = np.array([64, 128, 128, 256, 256, 512, 512, 512, 512])
    return float(np.sqrt(np.prod(9 * filters * std**2 / 2)))


def complex_step(f: Callable[[complex], complex], x: float, h: float = 1e-20) -> float:
    """Differentiate by a step into the complex plane, which subtracts nothing.

    Args:
        f: an analytic function that takes complex numbers.
        x: where the derivative is wanted.
        h: the step, greater than 0.

    Raises:
        ValueError: if a number is not finite, or h not greater than 0.
        TypeError: if a number is none.

    Example:
        >>> complex_step(lambda x: x**4.5, 1.5)
        18.60081273425976

    References:
        Squire, W. and Trapp, G., "Using complex variables to estimate derivatives of real functions", SIAM Review
        40(1), 1998, doi:10.1137/S003614459631241X.
    """
    check_kind("f", f, Callable, "a function")  # type: ignore[arg-type]
    check_number("x", x)
    check_positive("h", h)
    return complex(f(complex(x, h))).imag / h


def selu_jacobian() -> Array:
    """Differentiate, at (0, 1), the map of SELU's mean and variance from one layer to the next.

    Weights have mean 0 and variance 1 / n. If the inputs of a wide layer have mean m and variance v, its
    pre-activations are normal with mean 0 and variance m² + v, whose derivatives at (0, 1) are 0 and 1. With
    z ~ N(0, 1), the derivative of E f(sqrt(v) z) with respect to v is E z f'(z) / 2 there.

    Returns the derivatives of mean and variance, one per row, with respect to mean and variance.

    Example:
        >>> print(selu_jacobian().round(6))
        [[0.       0.088835]
         [0.       0.782648]]

    References:
        Klambauer, G., Unterthiner, T., Mayr, A. and Hochreiter, S., "Self-normalizing neural networks", NIPS 2017,
        doi:10.48550/arXiv.1706.02515, for the spectral norm 0.7877.
    """
    mean = gaussian_mean(lambda z: z * selu.derivative(z) / 2, selu.kinks)
    # The variance is E g² minus the square of the mean, which is 0 here, and so is its square's derivative.
    variance = gaussian_mean(lambda z: z * selu(z) * selu.derivative(z), selu.kinks)
    return np.array([[0.0, mean], [0.0, variance]])


def selu_layers(
    rng: np.random.Generator, depth: int = 100, n: int = 500, networks: int = 2
) -> tuple[Comparison, Comparison]:
    """Compare mean and mean square of the activations behind many layers of SELUs with the fixed point 0 and 1.

    In each layer the means over n units scatter around what wide layers have; the Jacobian says how much of the scatter
    the next layer keeps. Together that gives the standard deviations.

    Args:
        rng: the source of randomness.
        depth: the number of layers.
        n: the number of inputs, and of units in each layer.
        networks: the number of networks to measure, each with an input of its own.

    Raises:
        ValueError: if a number is less than 1.
        TypeError: if an argument is of another type.

    Example:
        >>> mean, square = selu_layers(np.random.default_rng(0), depth=10)
        >>> print(mean.expected, mean.holds, square.expected, square.holds)
        0.0 True 1.0 True

    References:
        Klambauer, G., Unterthiner, T., Mayr, A. and Hochreiter, S., "Self-normalizing neural networks", NIPS 2017,
        doi:10.48550/arXiv.1706.02515.
    """
    _check(rng, depth=depth, n=n, networks=networks)
    means, squares = [], []
    for _ in range(networks):
        A = rng.standard_normal((n, 1))
        for _ in range(depth):
            A = selu(LeCun()(rng, n, n) @ A)
        means.append(A.mean())
        squares.append(np.square(A).mean())
    (_, to_mean), (_, to_square) = selu_jacobian()
    fourth = gaussian_mean(lambda z: selu(z) ** 4, selu.kinks)
    # A geometric series: each layer adds (E g⁴ - 1) / n, and passes on the square of the derivative.
    of_square = (fourth - 1) / n / (1 - to_square**2)
    of_mean = 1 / n + to_mean**2 * of_square
    return (
        Comparison(0.0, float(np.mean(means)), float(4 * np.sqrt(of_mean / networks))),
        Comparison(
            1.0, float(np.mean(squares)), float(4 * np.sqrt(of_square / networks))
        ),
    )


def born_dead(
    rng: np.random.Generator, n: int = 3, depth: int = 10, networks: int = 10_000
) -> tuple[Comparison, float]:
    """Count ReLU networks, with one input and biases 0, in which an input's signal ends, and those in which all do.

    A layer cuts the signal of an input off if all its n pre-activations are negative, which has probability 2**-n.
    So the signal ends somewhere in the network with probability 1 - (1 - 2**-n)**depth. Where the signals of a
    positive and of a negative input both end, the network is constant: it is born dead.

    Returns the comparison for one input, and the share of networks that are born dead.

    Args:
        rng: the source of randomness.
        n: the number of units in each layer.
        depth: the number of layers of ReLUs.
        networks: the number of networks to draw.

    Raises:
        ValueError: if a number is less than 1.
        TypeError: if an argument is of another type.

    Example:
        >>> one, all_inputs = born_dead(np.random.default_rng(0))
        >>> print(f"{one.expected:.3f} {one.holds} {all_inputs < one.measured}")
        0.737 True True

    References:
        Lu, L., Shin, Y., Su, Y. and Karniadakis, G. E., 2020, doi:10.4208/cicp.OA-2020-0165.
    """
    _check(rng, n=n, depth=depth, networks=networks)
    # The inputs 1 and -1 stand for all: with biases 0 a factor passes through.
    A = np.tile([[1.0, -1.0]], (networks, 1, 1))
    for _ in range(depth):
        W = rng.standard_normal((networks, n, A.shape[1]))
        A = relu(W @ A)
    dead = (A == 0).all(axis=1)
    p = 1 - (1 - 2.0**-n) ** depth
    deviation = np.sqrt(p * (1 - p) / networks)
    one = Comparison(p, float(dead[:, 0].mean()), float(4 * deviation))
    return one, float(dead.all(axis=1).mean())


def lsuv_variance(
    rng: np.random.Generator, depth: int = 20, n: int = 100
) -> Comparison:
    """Find the variance furthest from 1 of the pre-activations of ReLUs, layer by layer, after LSUV.

    The tolerance is the one that LSUV is given. Where biases are 0, one scale a layer does.

    Args:
        rng: the source of randomness.
        depth: the number of layers.
        n: the number of inputs, and of units in each layer.

    Raises:
        ValueError: if a number is less than 1.
        TypeError: if an argument is of another type.

    Example:
        >>> print(lsuv_variance(np.random.default_rng(0), depth=5).holds)
        True

    References:
        Mishkin, D. and Matas, J., "All you need is a good init", ICLR 2016, doi:10.48550/arXiv.1511.06422.
    """
    _check(rng, depth=depth, n=n)
    X, tolerance = rng.standard_normal((n, 500)), 0.01
    network = lsuv(mlp(rng, [n] * (depth + 1), relu, Orthogonal()), X, tolerance)
    _, caches = forward(network, X)
    variances = np.array([cache.Z.var() for cache in caches])
    furthest = variances[np.abs(variances - 1).argmax()]
    return Comparison(1.0, float(furthest), tolerance)


def residual_growth(
    rng: np.random.Generator,
    depth: int = 10,
    alpha: float = 1.0,
    n: int = 100,
    networks: int = 100,
) -> Comparison:
    """Compare how the mean square grows in a residual network at its start with (1 + alpha²)**depth.

    A branch has two layers, with ReLUs and without, whose weights keep the mean square. What it adds is uncorrelated
    with its input, so the mean squares add up, also in narrow layers.

    Args:
        rng: the source of randomness.
        depth: the number of residual layers.
        alpha: the factor of each branch.
        n: the number of units in each layer.
        networks: the number of networks to measure, each with an input of its own; at least 2.

    Raises:
        ValueError: if a number is out of its range.
        TypeError: if an argument is of another type.

    Example:
        >>> result = residual_growth(np.random.default_rng(0), depth=5, networks=20)
        >>> print(result.expected, result.holds)
        32.0 True

    References:
        Zhang, H., Dauphin, Y. N. and Ma, T., "Fixup initialization: residual learning without normalization",
        ICLR 2019, doi:10.48550/arXiv.1901.09321, section 2, for the growth with alpha = 1.
    """
    _check(rng, depth=depth, n=n, networks=networks)
    growth = []
    for _ in range(networks):
        A = X = rng.standard_normal((n, 1))
        for _ in range(depth):
            branch = (
                dense(rng, n, n, relu, LeCun()),
                dense(rng, n, n, identity, He()),
            )
            A, _ = Residual(branch, alpha).forward(A)
        growth.append((_rms(A) / _rms(X)) ** 2)
    return compare_mean((1.0 + alpha**2) ** depth, growth)


def change_after_step(
    rng: np.random.Generator, n: int, mup: bool, lr: float = 0.01
) -> tuple[float, float, float]:
    """Take one step of gradient descent with a network of width n, and measure how far the pre-activations move.

    The network has one input, which is 1, two hidden layers of n ReLUs, and one output, with respect to which the
    derivative of the loss is 1. In the standard parametrisation weights have variance 1 / n_in, or 2 / n_in behind
    ReLUs, and all layers have the same learning rate. In the maximal update parametrisation, muP, the variance of the
    last layer is smaller by the factor n, and the learning rates are lr n, lr and lr / n. Biases stay 0.

    Returns the rms of the change in each of the three layers.

    Args:
        rng: the source of randomness.
        n: the width.
        mup: whether to use muP.
        lr: the learning rate, greater than 0.

    Raises:
        ValueError: if a number is out of its range.
        TypeError: if an argument is of another type.

    Example:
        >>> for n in (100, 1000):
        ...     *_, standard = change_after_step(np.random.default_rng(0), n, mup=False)
        ...     *_, mup = change_after_step(np.random.default_rng(0), n, mup=True)
        ...     print(f"{standard:.1f} {mup:.3f}")
        1.5 0.030
        8.6 0.018

    References:
        Yang, G. and Hu, E. J., "Tensor programs IV: feature learning in infinite-width neural networks", ICML 2021,
        doi:10.48550/arXiv.2011.14522.
        Yang, G. et al., "Tensor programs V: tuning large neural networks via zero-shot hyperparameter transfer", 2022,
        doi:10.48550/arXiv.2203.03466, table 3, for the scalings.
    """
    _check(rng, n=n)
    check_positive("lr", lr)
    X = np.ones((1, 1))
    network = (
        dense(rng, n, 1, relu, LeCun()),
        dense(rng, n, n, relu, He()),
        dense(rng, 1, n, identity, LeCun(np.sqrt(2 / n) if mup else np.sqrt(2))),
    )
    rates = (lr * n, lr, lr / n) if mup else (lr, lr, lr)
    Z, caches = forward(network, X)
    stepped = tuple(
        Dense(layer.W - rate * d.dW, layer.b, layer.g)
        for layer, d, rate in zip(
            network, backward(network, np.ones_like(Z), caches), rates, strict=True
        )
    )
    _, moved = forward(stepped, X)
    first, second, third = (
        _rms(new.Z - old.Z) for new, old in zip(moved, caches, strict=True)
    )
    return first, second, third


def width_exponents(
    rng: np.random.Generator, mup: bool, networks: int = 20
) -> tuple[Comparison, Comparison, Comparison]:
    """Measure with which power of the width the pre-activations move in the first step, layer by layer.

    In the standard parametrisation the powers are -1/2, 1/2 and 1; in muP all are 0.

    Args:
        rng: the source of randomness.
        mup: whether to use muP.
        networks: the number of networks of each width; at least 2.

    Raises:
        ValueError: if networks is less than 2.
        TypeError: if an argument is of another type.

    Example:
        >>> results = width_exponents(np.random.default_rng(0), mup=True)
        >>> print([result.holds for result in results])
        [True, True, True]

    References:
        Yang, G. and Hu, E. J., "Tensor programs IV: feature learning in infinite-width neural networks", ICML 2021,
        doi:10.48550/arXiv.2011.14522.
    """
    _check(rng, networks=networks)
    small, large = (
        np.array([change_after_step(rng, n, mup) for _ in range(networks)])
        for n in WIDTHS
    )
    means = large.mean(axis=0) / small.mean(axis=0)
    # To first order the logarithm of a mean scatters as the mean does, relative to itself.
    scatter = large / large.mean(axis=0) - small / small.mean(axis=0)
    slopes = (np.log(means) + scatter) / np.log(WIDTHS[1] / WIDTHS[0])
    expected = (0.0, 0.0, 0.0) if mup else (-0.5, 0.5, 1.0)
    first, second, third = map(compare_mean, expected, slopes.T)
    return first, second, third
