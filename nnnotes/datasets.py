"""Small data sets: five that are drawn, and one real one that ships with the package."""

from dataclasses import dataclass

import numpy as np

from nnnotes._checks import check_count, check_not_negative, check_rng
from nnnotes.arrays import Array, Float
from nnnotes.losses import one_hot

__all__ = ["Digits", "circles", "digits", "flower", "moons", "spirals", "xor"]


def xor(
    rng: np.random.Generator, m: int = 4, noise: float = 0.1
) -> tuple[Float[Array, "2 m"], Float[Array, "1 m"]]:
    """Draw points around the corners of a square; a corner's class is the exclusive or of its coordinates.

    Args:
        rng: the source of randomness.
        m: the number of points, at least 1; the corners take turns, so 4 gives one at each.
        noise: the standard deviation around a corner, at least 0.

    Raises:
        ValueError: if m is less than 1, or noise is negative.
        TypeError: if m is not an integer, or rng is not a generator.

    Example:
        >>> X, Y = xor(np.random.default_rng(0), m=4, noise=0)
        >>> print(np.vstack([X, Y]))
        [[0. 0. 1. 1.]
         [0. 1. 0. 1.]
         [0. 1. 1. 0.]]
    """
    _check(rng, m, noise)
    corner = np.arange(m) % 4
    x1, x2 = corner // 2, corner % 2
    X = np.vstack([x1, x2]) + noise * rng.standard_normal((2, m))
    return X, (x1 ^ x2)[np.newaxis].astype(np.float64)


def moons(
    rng: np.random.Generator, m: int = 200, noise: float = 0.1
) -> tuple[Float[Array, "2 m"], Float[Array, "1 m"]]:
    """Draw two half circles, each reaching into the other; the half circle is the class.

    Args:
        rng: the source of randomness.
        m: the number of points, at least 1; the classes take turns.
        noise: the standard deviation around the curve, at least 0.

    Raises:
        ValueError: if m is less than 1, or noise is negative.
        TypeError: if m is not an integer, or rng is not a generator.

    Example:
        >>> X, Y = moons(np.random.default_rng(0), m=200)
        >>> X.shape, float(Y.mean())
        ((2, 200), 0.5)
    """
    _check(rng, m, noise)
    y = np.arange(m) % 2
    t = np.pi * rng.uniform(size=m)
    upper = np.vstack([np.cos(t), np.sin(t)])
    lower = np.vstack([1 - np.cos(t), 0.5 - np.sin(t)])
    X = np.where(y == 0, upper, lower) + noise * rng.standard_normal((2, m))
    return X, y[np.newaxis].astype(np.float64)


def circles(
    rng: np.random.Generator, m: int = 200, noise: float = 0.1
) -> tuple[Float[Array, "2 m"], Float[Array, "1 m"]]:
    """Draw a circle of radius 1, class 0, and one of radius 1/2 inside it, class 1.

    Args:
        rng: the source of randomness.
        m: the number of points, at least 1; the classes take turns.
        noise: the standard deviation around the curve, at least 0.

    Raises:
        ValueError: if m is less than 1, or noise is negative.
        TypeError: if m is not an integer, or rng is not a generator.

    Example:
        >>> X, Y = circles(np.random.default_rng(0), m=4, noise=0)
        >>> print(np.hypot(*X).round(6))
        [1.  0.5 1.  0.5]
    """
    _check(rng, m, noise)
    y = np.arange(m) % 2
    t = 2 * np.pi * rng.uniform(size=m)
    X = np.where(y == 0, 1.0, 0.5) * np.vstack(
        [np.cos(t), np.sin(t)]
    ) + noise * rng.standard_normal((2, m))
    return X, y[np.newaxis].astype(np.float64)


def spirals(
    rng: np.random.Generator, m: int = 300, k: int = 3, noise: float = 0.02
) -> tuple[Float[Array, "2 m"], Float[Array, "k m"]]:
    """Draw k spiral arms, one per class, from the centre to radius 1.

    Args:
        rng: the source of randomness.
        m: the number of points, at least 1; the classes take turns.
        k: the number of arms, at least 1.
        noise: the standard deviation around the curve, at least 0.

    Raises:
        ValueError: if m or k is less than 1, or noise is negative.
        TypeError: if m or k is not an integer, or rng is not a generator.

    Example:
        >>> X, Y = spirals(np.random.default_rng(0), m=300, k=5)
        >>> X.shape, Y.shape
        ((2, 300), (5, 300))
    """
    _check(rng, m, noise)
    check_count("k", k)
    labels = np.arange(m) % k
    r = rng.uniform(size=m)
    t = 2 * np.pi * labels / k + 4 * r
    X = r * np.vstack([np.cos(t), np.sin(t)]) + noise * rng.standard_normal((2, m))
    return X, one_hot(labels, k)


def flower(
    rng: np.random.Generator, m: int = 400
) -> tuple[Float[Array, "2 m"], Float[Array, "1 m"]]:
    """Draw a flower with eight petals of radius 4, r = 4 sin(4t): four petals are class 0, four class 1.

    Args:
        rng: the source of randomness.
        m: the number of points, at least 1; the classes take turns.

    Raises:
        ValueError: if m is less than 1.
        TypeError: if m is not an integer, or rng is not a generator.

    Example:
        >>> X, Y = flower(np.random.default_rng(0))
        >>> X.shape, Y.shape
        ((2, 400), (1, 400))
    """
    _check(rng, m, 0)
    y = np.arange(m) % 2
    t = np.pi * (y + rng.uniform(size=m)) + 0.2 * rng.standard_normal(m)
    r = 4 * np.sin(4 * t) + 0.2 * rng.standard_normal(m)
    return r * np.vstack([np.sin(t), np.cos(t)]), y[np.newaxis].astype(np.float64)


@dataclass(frozen=True, eq=False)
class Digits:
    """The hand-written digits, in two parts.

    Args:
        X_train: the pixels to learn from, 64 per column, from 0 to 1.
        Y_train: their classes, one-hot.
        X_test: the pixels to test with.
        Y_test: their classes, one-hot.

    Example:
        >>> digits(np.random.default_rng(0)).X_train.shape
        (64, 1437)
    """

    X_train: Float[Array, "64 m_train"]
    Y_train: Float[Array, "10 m_train"]
    X_test: Float[Array, "64 m_test"]
    Y_test: Float[Array, "10 m_test"]


def digits(rng: np.random.Generator, m_test: int = 360) -> Digits:
    """Load 1,797 images of hand-written digits, 8 by 8 pixels, and split them at random.

    The same writers are in both parts, so the test says how well a network reads these writers, not new ones.

    Args:
        rng: the source of randomness of the split.
        m_test: the number of images in the test part, from 1 to 1,796.

    Raises:
        ValueError: if m_test is out of its range.
        TypeError: if m_test is not an integer, or rng is not a generator.

    Example:
        >>> data = digits(np.random.default_rng(0))
        >>> data.X_test.shape, data.Y_test.shape, float(data.X_train.max())
        ((64, 360), (10, 360), 1.0)

    References:
        Alpaydin, E. and Kaynak, C., "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998,
        doi:10.24432/C50P49, CC BY 4.0.
    """
    # Only here: importing it takes long.
    from importlib.resources import as_file, files

    check_rng(rng)
    check_count("m_test", m_test)
    with (
        as_file(files("nnnotes") / "data" / "digits.npz") as path,
        np.load(path) as archive,
    ):
        pixels, labels = archive["pixels"], archive["labels"]
    if m_test >= len(labels):
        raise ValueError(
            f"m_test: expected fewer than the {len(labels)} images, but got {m_test}"
        )
    order = rng.permutation(len(labels))
    X = pixels[order].T / 16.0
    Y = one_hot(labels[order], 10)
    return Digits(X[:, m_test:], Y[:, m_test:], X[:, :m_test], Y[:, :m_test])


def _check(rng: np.random.Generator, m: int, noise: float) -> None:
    check_rng(rng)
    check_count("m", m)
    check_not_negative("noise", noise, "a standard deviation")
