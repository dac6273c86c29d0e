"""Special functions: the approximation against fifty digits, and its coefficients computed anew."""

import mpmath
import numpy as np

from nnnotes.exactness import ulps
from nnnotes.special import COEFFICIENTS, scaled_tail, two_product


def tail(z):
    """exp(z²/2) times the probability of more than z, with many digits."""
    return mpmath.exp(z**2 / 2) * mpmath.erfc(z / mpmath.sqrt(2)) / 2


def test_error_of_the_scaled_tail_is_below_three_ulp():
    z = np.concatenate([np.linspace(0, 40, 4001), np.geomspace(1e-300, 1e3, 500), [0]])
    with mpmath.workdps(50):
        numbers = [tail(mpmath.mpf(float(x))) for x in z]
    # The last sum, 1 + z and the quotient err by half an ulp each, and t by two halves,
    # which the polynomial's slope of at most 1/2 makes smaller: below 3.
    assert ulps(scaled_tail(z), numbers).max() < 3


def test_coefficients_are_those_of_the_chebyshev_expansion():
    degree, nodes = len(COEFFICIENTS) - 1, 64
    with mpmath.workdps(40):

        def scaled(t):
            z = 6 * (1 + t) / (1 - t)
            return (1 + z) * tail(z) if z < 100 else (1 + z) * asymptotic(z)

        def asymptotic(z):  # the Mills ratio's series; its terms shrink until z²/2
            terms = [
                (-1) ** k * mpmath.fac2(2 * k - 1) / z ** (2 * k) for k in range(12)
            ]
            return mpmath.fsum(terms) / (z * mpmath.sqrt(2 * mpmath.pi))

        angles = [mpmath.pi * (j + mpmath.mpf(1) / 2) / nodes for j in range(nodes)]
        values = [scaled(mpmath.cos(angle)) for angle in angles]
        expansion = [
            2 * mpmath.fdot(values, [mpmath.cos(k * angle) for angle in angles]) / nodes
            for k in range(nodes)
        ]
        expansion[0] /= 2
        # What is left out is less than a tenth of an ulp of the least value, 0.399.
        assert mpmath.fsum(map(abs, expansion[degree + 1 :])) < 2**-54 / 10
        powers = [mpmath.mpf(0)] * (degree + 1)
        before, now = [mpmath.mpf(1)], [mpmath.mpf(0), mpmath.mpf(1)]
        for k in range(degree + 1):
            for power, number in enumerate(before):
                powers[power] += expansion[k] * number
            after = [mpmath.mpf(0), *(2 * number for number in now)]
            for power, number in enumerate(before):
                after[power] -= number
            before, now = now, after
        assert [float(x) for x in reversed(powers)] == list(COEFFICIENTS)


def test_product_and_what_is_lost_are_the_exact_product():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 1000)) * 10.0 ** rng.integers(-40, 40, (2, 1000))
    product, lost = two_product(x, y)
    np.testing.assert_array_equal(product, x * y)
    assert np.count_nonzero(lost) > 900
    with mpmath.workdps(40):
        for a, b, p, e in zip(
            *(v.tolist() for v in (x, y, product, lost)), strict=True
        ):
            assert mpmath.mpf(a) * mpmath.mpf(b) == mpmath.mpf(p) + mpmath.mpf(e)
    (one,), (rest,) = two_product(np.array([0.1]), 3.0)
    assert mpmath.mpf(0.1) * 3 == mpmath.mpf(one) + mpmath.mpf(rest)
