"""Data sets: their curves, their noise, and the digits as others ship them."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from helpers.refusals import check_refusal, wrong_calls
from nnnotes import datasets
from nnnotes.datasets import circles, digits, flower, moons, spirals, xor

DRAWN = (xor, moons, circles, spirals, flower)
NOISY = (xor, moons, circles, spirals)

each = pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
each_noisy = pytest.mark.parametrize("draw", NOISY, ids=lambda draw: draw.__name__)


def rng():
    return np.random.default_rng(7)


def labels(Y):
    return Y[0] if len(Y) == 1 else Y.argmax(axis=0)


def test_all_drawn_sets_are_tested():
    assert {draw.__name__ for draw in DRAWN} == set(datasets.__all__) - {
        "Digits",
        "digits",
    }


@each
@pytest.mark.parametrize("m", [1, 2, 7, 120])
def test_shapes_fit_and_classes_take_turns(draw, m):
    X, Y = draw(rng(), m)
    rows = 3 if draw is spirals else 1
    assert (X.shape, Y.shape, X.dtype, Y.dtype) == (
        (2, m),
        (rows, m),
        np.float64,
        np.float64,
    )
    assert set(Y.ravel()) <= {0.0, 1.0}
    _, counts = np.unique(labels(Y), return_counts=True)
    # The corners take turns, and of their classes 0 1 1 0 the middle ones come together.
    assert counts.max() - counts.min() <= (1 if draw is not xor else 2) or m == 1


@each
def test_same_state_gives_the_same_points_and_the_next_state_others(draw):
    generator = rng()
    first, second = draw(generator, 20), draw(generator, 20)
    again = draw(rng(), 20)
    for array, copied in zip(first, again, strict=True):
        np.testing.assert_array_equal(array, copied)
    assert not np.array_equal(first[0], second[0])


def summary(X, Y):
    """Return the number of points, and numbers that change when a point or its class does."""
    weights = np.arange(1, X.shape[1] + 1) / X.shape[1]
    return (X.shape[1], *(X @ weights).round(6), *(Y @ weights).round(6))


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (xor, (4, 1.655349, 1.577583, 1.25)),
        (moons, (200, 54.524873, 19.72918, 50.5)),
        (circles, (200, 2.875092, -2.766736, 50.5)),
        (spirals, (300, 2.723637, 2.4894, 49.833333, 50.166667, 50.5)),
        (flower, (400, -1.150516, -0.030516, 100.5)),
    ],
)
def test_a_seed_draws_the_points_that_it_always_drew(draw, expected):
    """What a chapter, or a reader's notes, say about these points stays true."""
    assert summary(*draw(rng())) == pytest.approx(expected, abs=2e-6)


@each_noisy
def test_noise_is_normal_around_the_points_without_noise(draw):
    m, noise = 5000, 0.05
    (X, Y), (curve, Y_curve) = draw(rng(), m, noise=noise), draw(rng(), m, noise=0)
    np.testing.assert_array_equal(Y, Y_curve)
    steps = (X - curve) / noise
    # Four standard errors, of the mean and of the variance of 2 m normal numbers.
    assert abs(steps.mean()) <= 4 / np.sqrt(2 * m)
    assert abs(steps.var() - 1) <= 4 * np.sqrt(2 / (2 * m))
    # Each point has its own: the axes do not go together either.
    assert abs(np.corrcoef(steps)[0, 1]) <= 4 / np.sqrt(m)


@each_noisy
@pytest.mark.parametrize("noise", [-0.1, np.inf, np.nan])
def test_noise_is_finite_and_not_negative(draw, noise):
    with pytest.raises(
        ValueError,
        match=rf"^noise: expected a standard deviation of at least 0, but got {noise}$",
    ):
        draw(rng(), 4, noise=noise)


@each
@pytest.mark.usefixtures("unchecked")
def test_number_of_points_is_an_integer_of_at_least_one(draw):
    with pytest.raises(ValueError, match=r"^m: expected at least 1, but got 0$"):
        draw(rng(), 0)
    with pytest.raises(TypeError, match=r"^m: expected an integer, but got 4.0$"):
        draw(rng(), 4.0)


def test_xor_is_the_exclusive_or_of_the_corner():
    X, Y = xor(rng(), 8, noise=0)
    assert {tuple(x) for x in X.T} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    np.testing.assert_array_equal(Y[0], X[0] != X[1])


# Sine and cosine round, and so does the sum: a few units in the last place of 1.
CLOSE = 8 * np.finfo(float).eps


def test_moons_are_two_unit_half_circles():
    X, Y = moons(rng(), 400, noise=0)
    upper, lower = X[:, Y[0] == 0], X[:, Y[0] == 1]
    assert np.abs(np.hypot(*upper) - 1).max() <= CLOSE
    assert upper[1].min() >= 0
    # The other one is upside down, around (1, 1/2).
    lower = lower - [[1.0], [0.5]]
    assert np.abs(np.hypot(*lower) - 1).max() <= CLOSE
    assert lower[1].max() <= 0
    for moon in (upper, lower):  # both are whole: 200 points leave no gap of pi / 10
        angles = np.sort(np.arctan2(np.abs(moon[1]), moon[0]))
        assert np.diff([0, *angles, np.pi]).max() < np.pi / 10


def test_circles_have_radius_one_and_one_half():
    X, Y = circles(rng(), 400, noise=0)
    assert np.abs(np.hypot(*X) - np.where(Y[0] == 0, 1, 0.5)).max() <= CLOSE
    for label in (0, 1):  # all the way round: no gap of pi / 10 in 200 points
        angles = np.sort(np.arctan2(X[1], X[0])[Y[0] == label])
        assert np.diff([-np.pi, *angles, np.pi]).max() < np.pi / 10


@pytest.mark.parametrize("k", [1, 2, 5])
def test_spirals_are_arms_that_turn_with_the_radius(k):
    X, Y = spirals(rng(), 300, k, noise=0)
    assert Y.shape == (k, 300)
    r = np.hypot(*X)
    # 300 draws leave a twentieth free at one end once in 5e6 times.
    assert r.min() < 0.05
    assert 0.95 < r.max() <= 1 + CLOSE
    turn = np.arctan2(X[1], X[0]) - 4 * r
    # Class c starts at c / k of a full turn; angles are equal up to whole turns.
    difference = turn - 2 * np.pi * labels(Y) / k
    assert np.abs(np.exp(1j * difference) - 1).max() <= 1e-12 / r.min()


@pytest.mark.usefixtures("unchecked")
def test_number_of_arms_is_an_integer_of_at_least_one():
    with pytest.raises(ValueError, match=r"^k: expected at least 1, but got 0$"):
        spirals(rng(), 9, k=0)
    with pytest.raises(TypeError, match=r"^k: expected an integer, but got 2.5$"):
        spirals(rng(), 9, k=2.5)


def test_flower_has_eight_petals_of_radius_four():
    X, Y = flower(rng(), 4000)
    r, t = np.hypot(*X), np.arctan2(X[0], X[1])
    # The radius has normal noise of 0.2 around |4 sin 4t|; one draw in 1e6 is 5 times that.
    assert np.abs(r - np.abs(4 * np.sin(4 * t))).max() <= 5 * 0.2
    petal = np.floor(t / (np.pi / 4)).astype(int) % 8
    assert [r[petal == number].max() > 3.8 for number in range(8)] == [True] * 8
    # But for the noise in t, which ends at the bare places between petals, each petal has
    # one class: at its tip, pi / 8 = 2 sigma away from them, 19 out of 20 points.
    tips = r > 3.5
    share = [Y[0][tips & (petal == number)].mean() for number in range(8)]
    assert sum(x < 0.1 for x in share) == sum(x > 0.9 for x in share) == 4


def test_digits_are_those_that_scikit_learn_ships():
    data = digits(rng(), m_test=360)
    X, Y = (
        np.hstack([data.X_test, data.X_train]),
        np.hstack([data.Y_test, data.Y_train]),
    )
    assert (data.X_train.shape, data.X_test.shape) == ((64, 1437), (64, 360))
    # The split is one shuffle, the first images of which are the test part. Undone, each
    # image is back in its place, so that none is missing or in both parts.
    order = np.empty(1797, int)
    order[rng().permutation(1797)] = np.arange(1797)
    expected = load_digits()
    np.testing.assert_array_equal(16 * X[:, order].T, expected.data)
    np.testing.assert_array_equal(Y[:, order].argmax(axis=0), expected.target)
    np.testing.assert_array_equal(Y.sum(axis=0), 1)
    assert len(Y) == 10


def test_digits_are_split_by_the_generator():
    first, again, other = digits(rng()), digits(rng()), digits(np.random.default_rng(8))
    np.testing.assert_array_equal(first.X_train, again.X_train)
    assert not np.array_equal(first.X_train, other.X_train)


@pytest.mark.usefixtures("unchecked")
def test_test_part_leaves_something_to_learn_from():
    assert digits(rng(), 1796).X_train.shape == (64, 1)
    for m_test, error in ((0, ValueError), (1797, ValueError), (36.0, TypeError)):
        with pytest.raises(error, match=rf"^m_test: expected .* but got {m_test}$"):
            digits(rng(), m_test)


@wrong_calls(
    (lambda rng: xor(rng, 10**400), "m: no array is as large as 1000"),
    (lambda rng: spirals(rng, 10, 10**400), "k: no array is as large as 1000"),
    (lambda rng: digits(rng, -(10**400)), "m_test: expected at least 1, but got -1000"),
    (lambda rng: datasets.moons(rng, -1), "m: expected at least 1, but got -1"),
    (
        lambda rng: datasets.xor(rng, noise=-1),
        "noise: expected a standard deviation of at least 0, but got -1",
    ),
    (
        lambda rng: datasets.circles(rng, noise=None),
        "noise: expected a standard deviation of at least 0, but got None",
    ),
    (lambda: datasets.flower(7), "rng: expected a numpy.random.Generator"),
    (lambda rng: datasets.spirals(rng, k=None), "k: expected an integer, but got None"),
    (
        lambda rng: datasets.digits(rng, 2000),
        "m_test: expected fewer than the 1797 images, but got 2000",
    ),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)
