"""Quadrature: nodes that integrate polynomials exactly, and means in closed form."""

import numpy as np
import pytest
import scipy.special

from nnnotes.quadrature import gaussian_mean, legendre


@pytest.mark.parametrize("count", [1, 2, 7])
def test_polynomials_below_twice_the_number_of_nodes_are_integrated_exactly(count):
    nodes, weights = legendre(count)
    for power in range(2 * count):
        integral = 2 / (power + 1) if power % 2 == 0 else 0
        assert weights @ nodes**power == pytest.approx(integral, abs=1e-14)
    even = 2 * count
    assert weights @ nodes**even != pytest.approx(2 / (even + 1), rel=1e-3)


def test_nodes_that_all_callers_share_cannot_be_written_to():
    for array in legendre(3):
        with pytest.raises(ValueError, match="read-only"):
            array += 1
    assert legendre(3)[0] is legendre(3)[0]


def test_gaussian_mean_splits_at_the_kinks_in_any_order():
    # E |z| = sqrt(2 / pi), and E |z - 1| = sqrt(2 / (pi e)) + erf(1 / sqrt(2)).
    expected = np.sqrt(2 / np.pi) * (1 + np.exp(-0.5)) + scipy.special.erf(np.sqrt(0.5))
    result = gaussian_mean(lambda z: np.abs(z) + np.abs(z - 1), kinks=(1.0, 0.0))
    assert result == pytest.approx(expected, rel=1e-13, abs=0)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: legendre(0), ValueError, "count: expected at least 1, but got 0"),
        (lambda: legendre(2.0), TypeError, "count: expected an integer, but got 2.0"),
        (lambda: gaussian_mean(3), TypeError, "f: expected a function, but got 3"),
        (
            lambda: gaussian_mean(np.abs, 0.0),
            TypeError,
            "kinks: expected a tuple of numbers, but got 0.0",
        ),
        (
            lambda: gaussian_mean(np.abs, (0.0, np.inf)),
            ValueError,
            "kinks[1]: expected a finite number, but got inf",
        ),
    ],
)
def test_wrong_arguments_are_named(call, kind, message):
    with pytest.raises(kind) as error:
        call()
    assert str(error.value) == message
