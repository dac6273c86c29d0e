"""Losses: code against formulas, formulas against SymPy, and the mean against both."""

import copy
import pickle

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from helpers.members import as_targets, targets, with_variants
from helpers.refusals import check_refusal, wrong_calls
from nnnotes import (
    LogisticLoss,
    ShapeError,
    SoftmaxLoss,
    SquaredError,
    numerical_gradient,
    one_hot,
    relative_error,
)
from nnnotes.formula import expression, latex
from nnnotes.losses import ALL

MEMBERS = with_variants(ALL)
each_loss = pytest.mark.parametrize("loss", MEMBERS, ids=repr)

N = 3  # units in the formulas
ZS, YS = sympy.symbols("z1:4", real=True), sympy.symbols("y1:4", real=True)


def written_out(loss, text, unit=None):
    """A formula for three units, or for one of them, without indices, and with the parameters as they are."""
    n, i = sympy.symbols("n i", integer=True, positive=True)
    numbers = {
        sympy.Symbol(name, real=True): sympy.Rational(x)
        for name, x in vars(loss).items()
    }
    formula = expression(text).subs(numbers).subs(n, N).subs(i, unit or 0).doit()
    for name, symbols in (("z", ZS), ("y", YS)):
        array = sympy.IndexedBase(sympy.Symbol(name, real=True), real=True)
        formula = formula.subs(
            {array[k + 1]: symbol for k, symbol in enumerate(symbols)}
        )
        if unit:
            formula = formula.subs(sympy.Symbol(name, real=True), symbols[unit - 1])
    assert formula.free_symbols <= {*ZS, *YS, sympy.Symbol("a", real=True)}
    return formula


def examples(loss, seed=0, n=N, m=4):
    """Pre-activations, and targets that the loss takes."""
    rng = np.random.default_rng(seed)
    return 3 * rng.standard_normal((n, m)), targets(loss, rng, n, m)


def at(formula, z, y):
    """The value of a formula at fifty digits."""
    numbers = zip((*ZS, *YS), (sympy.Rational(float(x)) for x in (*z, *y)), strict=True)
    return formula.subs(dict(numbers)).evalf(50)


@each_loss
def test_loss_is_the_mean_of_its_formula(loss):
    Z, Y = examples(loss)
    formula = written_out(loss, loss.formula)
    columns = [at(formula, z, y) for z, y in zip(Z.T, Y.T, strict=True)]
    # Some ten roundings of numbers up to 10, in a result of about 1.
    assert loss(Z, Y) == pytest.approx(
        float(sum(columns) / len(columns)), rel=1e-14, abs=0
    )


@each_loss
def test_output_is_its_formula(loss):
    Z, Y = examples(loss)
    A = loss.output(Z)
    for i in range(N):
        formula = written_out(loss, loss.output_formula, unit=i + 1)
        for k, z in enumerate(Z.T):
            expected = at(formula, z, Y[:, k])
            # Softmax rounds a difference of up to 10 before the exponential: 10 eps.
            assert A[i, k] == pytest.approx(float(expected), rel=1e-14, abs=0)


@each_loss
def test_derivative_formula_is_the_derivative_of_the_formula(loss):
    value = written_out(loss, loss.formula)
    # Some losses are for targets that add up to 1.
    targets = {YS[-1]: 1 - sum(YS[:-1])} if loss.distributions else {}
    for i, (z, y) in enumerate(zip(ZS, YS, strict=True), start=1):
        a = written_out(loss, loss.output_formula, unit=i)
        claimed = written_out(loss, loss.derivative_formula, unit=i)
        claimed = claimed.subs({sympy.Symbol("a", real=True): a})
        assert y in claimed.free_symbols
        if not value.has(sympy.Piecewise, sympy.Abs, sympy.Max, sympy.Min):
            difference = (sympy.diff(value, z) - claimed).subs(targets)
            assert sympy.simplify(difference) == 0
            continue
        # What has kinks is compared on both sides of them, at random places.
        derivative = sympy.diff(value, z).doit()
        for column in zip(*(array.T for array in examples(loss, m=40)), strict=True):
            assert abs(at(derivative, *column) - at(claimed, *column)) < 1e-40


@given(
    loss=st.sampled_from(MEMBERS),
    sizes=st.tuples(st.integers(1, 5), st.integers(1, 7)),
    seed=st.integers(0, 2**32 - 1),
)
def test_gradient_is_the_derivative_of_the_mean(loss, sizes, seed):
    Z, Y = examples(loss, seed, *sizes)
    h = np.cbrt(np.finfo(float).eps)
    approximate, coarse = (
        numerical_gradient(lambda Z: loss(Z, Y), Z, step) for step in (h, 2 * h)
    )
    # A central difference errs by eps**(2/3) = 4e-11 times the loss, and by its third
    # derivative, or a kink that it reaches over, which twice the step shows.
    most = 4e-11 * max(100, loss(Z, Y)) + np.abs(coarse - approximate).max()
    assert np.abs(loss.gradient(Z, Y) - approximate).max() <= most


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each_loss
def test_logits_of_a_thousand_are_finite(loss, dtype):
    Z = 1000 * np.array([[1, -1, 1, -1], [-1, 1, 1, -1], [-1, -1, -1, -1]], dtype)
    Y = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], dtype)
    Y = as_targets(loss, Y).astype(dtype)
    formula = written_out(loss, loss.formula)
    columns = [at(formula, z, y) for z, y in zip(Z.T, Y.T, strict=True)]
    expected = float(sum(columns) / 4)
    # Sums in the array's dtype: an ulp each, of which there are four.
    assert loss(Z, Y) == pytest.approx(
        expected, rel=4 * float(np.finfo(dtype).eps), abs=0
    )
    assert np.isfinite(loss.output(Z)).all()
    assert np.isfinite(loss.gradient(Z, Y)).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("kind", [float, int, bool])
@each_loss
def test_dtype_of_the_pre_activations_stays_and_the_loss_is_a_float(loss, dtype, kind):
    Z, same = np.array([[3, -2], [0.5, 1]], dtype), as_targets(loss, np.eye(2))
    Y = same.astype(kind)
    if not np.array_equal(Y, same):
        pytest.skip("no targets of this kind")
    assert loss.output(Z).dtype == dtype
    assert loss.gradient(Z, Y).dtype == dtype
    assert type(loss(Z, Y)) is float
    np.testing.assert_array_equal(
        loss.gradient(Z, Y), loss.gradient(Z, same.astype(dtype))
    )


@each_loss
def test_value_and_gradient_are_both(loss):
    Z, Y = examples(loss)
    value, gradient = loss.value_and_gradient(Z, Y)
    assert value == loss(Z, Y)
    np.testing.assert_array_equal(gradient, loss.gradient(Z, Y))


def test_mean_of_many_losses_does_not_overflow_in_half_precision():
    Z = np.full((1, 100), 1000, np.float16)  # the sum is beyond 65504
    assert LogisticLoss()(Z, np.zeros((1, 100), np.float16)) == 1000


def test_logistic_loss_keeps_its_digits_where_it_is_small():
    # log(1 + exp(-40)) in plain floats would be log(1) = 0.
    result = LogisticLoss()(np.array([[40.0]]), np.array([[1.0]]))
    assert result == pytest.approx(np.exp(-40.0), rel=1e-15, abs=0)


def test_softmax_loss_keeps_its_digits_where_it_is_small():
    Z, Y = np.array([[40.0], [0.0]]), np.array([[1.0], [0.0]])
    assert SoftmaxLoss()(Z, Y) == pytest.approx(np.exp(-40.0), rel=1e-15, abs=0)


def test_softmax_does_not_change_when_all_logits_grow_alike():
    Z, Y = examples(SoftmaxLoss())
    loss = SoftmaxLoss()
    # Numbers of about 1e6 keep ten digits behind the point.
    assert loss(Z + 1e6, Y) == pytest.approx(loss(Z, Y), rel=0, abs=1e-9)
    assert relative_error(loss.output(Z + 1e6), loss.output(Z)) < 1e-9
    np.testing.assert_allclose(
        loss.output(Z).sum(axis=0), 1, rtol=4 * np.finfo(float).eps
    )


@pytest.mark.parametrize(
    ("loss", "Y", "message"),
    [
        (SquaredError(), [[np.nan], [0]], "Y: not all targets are finite"),
        (LogisticLoss(), [[np.inf], [0]], "Y: not all targets are finite"),
        (
            LogisticLoss(),
            [[1.5], [0]],
            "Y: expected targets from 0 to 1, but got 0.0 to 1.5",
        ),
        (
            LogisticLoss(),
            [[-1.0], [0]],
            "Y: expected targets from 0 to 1, but got -1.0 to 0.0",
        ),
        (SoftmaxLoss(), [[np.nan], [1]], "Y: not all targets are finite"),
        (
            SoftmaxLoss(),
            [[1.0], [1]],
            "Y: expected one-hot columns, or probabilities that add up to 1, but column 0",
        ),
        (SoftmaxLoss(), [[2.0], [-1]], "Y: expected one-hot columns"),
    ],
    ids=repr,
)
def test_targets_that_the_loss_does_not_take_are_an_error(loss, Y, message):
    for method in (loss, loss.gradient, loss.value_and_gradient):
        with pytest.raises(ValueError, match=f"^{message}"):
            method(np.zeros((2, 1)), np.array(Y, np.float64))


def test_the_column_that_is_farthest_from_one_is_named():
    Y = np.array([[0.5, 1.0, 0.2], [0.6, 0.0, 0.1]])
    expected = "column 2 adds up to 0.3 and the least entry is 0$"
    with pytest.raises(ValueError, match=expected):
        SoftmaxLoss()(np.zeros((2, 3)), Y)


@each_loss
def test_the_mean_over_many_examples_keeps_the_digits_of_each(loss):
    Z, Y = (array.astype(np.float32) for array in examples(loss, m=999))
    columns = [loss(Z[:, [i]], Y[:, [i]]) for i in range(999)]
    # Added up in double precision, as the examples' own losses are here.
    assert loss(Z, Y) == pytest.approx(np.mean(columns), rel=1e-13, abs=0)


def test_many_probabilities_in_half_precision_add_up_to_one():
    # Added up in half precision, they would stay at 1/2: the next sum is rounded back.
    k = 4096
    Y = np.full((k, 2), 1 / k, np.float16)
    loss = SoftmaxLoss()(np.zeros((k, 2)), Y)
    assert loss == pytest.approx(np.log(k), rel=1e-14, abs=0)


def test_softmax_takes_probabilities_in_half_precision():
    Y = np.full((3, 2), 1 / 3, np.float16)  # these add up to 0.99976
    assert SoftmaxLoss()(np.zeros((3, 2)), Y) == pytest.approx(
        np.log(3), rel=1e-3, abs=0
    )


@each_loss
def test_targets_of_another_shape_or_kind_are_an_error(loss):
    with pytest.raises(ShapeError, match=r"^Y: axis m is 3, but Z has m = 4"):
        loss(np.zeros((2, 4)), np.zeros((2, 3)))
    for Y in (np.full((1, 2), "a"), np.full((1, 2), 1j), np.full((1, 2), None)):
        with pytest.raises(TypeError, match=r"^Y: expected real numbers, but got"):
            loss.gradient(np.zeros((1, 2)), Y)


@each_loss
def test_latex_names_the_loss(loss):
    assert loss._repr_latex_() == f"$L = {loss.latex}$"
    assert loss.derivative_latex == latex(loss.derivative_formula)
    assert loss.output_latex == latex(loss.output_formula)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=9), st.integers(5, 7))
def test_one_hot_has_a_single_one_where_the_label_is(labels, k):
    Y = one_hot(np.array(labels), k)
    assert (Y.shape, Y.dtype) == ((k, len(labels)), np.float64)
    assert set(Y.ravel()) == {0.0, 1.0}
    np.testing.assert_array_equal(Y.argmax(axis=0), labels)
    np.testing.assert_array_equal(Y.sum(axis=0), 1)


@pytest.mark.usefixtures("unchecked")
def test_labels_of_two_axes_are_an_error_that_names_the_one_they_should_have():
    with pytest.raises(ShapeError, match=r"^labels: .* expected \(m,\), got \(1, 3\)$"):
        one_hot(np.zeros((1, 3), int), 4)


def test_many_classes_in_half_precision():
    k, Z = 4096, np.zeros((4096, 2), np.float16)
    Y = np.eye(k, 2, dtype=np.float16)
    assert SoftmaxLoss()(Z, Y) == pytest.approx(np.log(k), rel=1e-6, abs=0)
    A = SoftmaxLoss().output(Z)
    assert A.dtype == np.float16
    np.testing.assert_array_equal(A, np.float16(1 / k))


def test_square_of_a_large_error_in_half_precision():
    Z = np.array([[1000]], np.float16)  # its square is beyond 65504
    assert SquaredError()(Z, np.zeros((1, 1), np.float16)) == 500_000


def test_scores_may_differ_by_more_than_the_largest_float():
    Z, right, wrong = np.array([[[1e308], [-1e308]], [[1.0], [0.0]], [[0.0], [1.0]]])
    loss = SoftmaxLoss()
    np.testing.assert_array_equal(loss.output(Z), right)
    for value, Y in ((0.0, right), (np.inf, wrong)):
        assert loss(Z, Y) == value
        np.testing.assert_array_equal(loss.gradient(Z, Y), right - Y)


@wrong_calls(
    (
        lambda Y, loss: loss(Y[0], Y),
        "Z: the number of axes is 1, but must be 2; expected (n_out, m), got (4,)",
    ),
    (
        lambda Y, loss: loss(Y, Y[:, 1:]),
        "Y: axis m is 3, but Z has m = 4; expected (n_out, m), got (1, 3)",
    ),
    (
        lambda Y, loss: loss(Y.astype(int), Y),
        "Z: expected a floating-point dtype, such as float64, but got int64",
    ),
    (
        lambda Y, loss: loss.gradient(Y, Y - 1),
        "Y: expected targets from 0 to 1, but got -1.0 to -1.0",
    ),
    (
        lambda Y, loss: loss.gradient(Y, Y * 1j),
        "Y: expected real numbers, but got complex128",
    ),
    (
        lambda: one_hot(np.array([0, 3]), 3),
        "labels: expected classes from 0 to 2, but got 0 to 3",
    ),
    (
        lambda: one_hot(np.array([-1]), 3),
        "labels: expected classes from 0 to 2, but got -1 to -1",
    ),
    (lambda: one_hot(np.array([0.0]), 3), "labels: expected integers, but got float64"),
    (lambda: one_hot(np.array([0]), 0), "k: expected at least 1, but got 0"),
    (lambda: one_hot([0], 1), "labels: expected a NumPy array, but got [0]"),
)
def test_wrong_call_says_which_argument_and_what_was_expected(call, message):
    check_refusal(call, message)


def test_gradient_of_more_examples_than_half_precision_can_count():
    m = 65_520  # rounds to infinity
    Z, Y = np.zeros((1, m), np.float16), np.ones((1, m), np.float16)
    for loss, share in ((SquaredError(), -1.0), (LogisticLoss(), -0.5)):
        gradient = loss.gradient(Z, Y)
        assert gradient.dtype == np.float16
        np.testing.assert_array_equal(gradient, np.float16(share / m))
        assert np.float16(share / m) < 0


def test_gradient_fits_half_precision_where_the_difference_does_not():
    largest, m = float(np.finfo(np.float16).max), 4
    Z = np.full((1, m), largest, np.float16)
    gradient = SquaredError().gradient(Z, -Z)
    assert gradient.dtype == np.float16
    np.testing.assert_array_equal(gradient, np.float16(2 * largest / m))


@pytest.mark.parametrize(
    ("loss", "Z", "Y", "limit"),
    [
        (LogisticLoss(), [[-np.inf]], [[0.0]], 0.0),
        (LogisticLoss(), [[np.inf]], [[1.0]], 0.0),
        (LogisticLoss(), [[np.inf]], [[0.0]], np.inf),
        (LogisticLoss(), [[-np.inf]], [[1.0]], np.inf),
        (LogisticLoss(), [[np.inf]], [[0.5]], np.inf),
        (LogisticLoss(), [[-np.inf, 0.0]], [[0.0, 1.0]], np.log(2) / 2),
        (SoftmaxLoss(), [[0.0], [-np.inf]], [[1.0], [0.0]], 0.0),
        (SoftmaxLoss(), [[0.0], [-np.inf]], [[0.0], [1.0]], np.inf),
        (SoftmaxLoss(), [[np.inf], [0.0]], [[1.0], [0.0]], 0.0),
        (SoftmaxLoss(), [[np.inf], [0.0]], [[0.0], [1.0]], np.inf),
        (SoftmaxLoss(), [[np.inf], [0.0]], [[0.5], [0.5]], np.inf),
        (SquaredError(), [[-np.inf]], [[0.0]], np.inf),
    ],
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_loss_of_infinite_pre_activations_is_the_limit(loss, Z, Y, limit, dtype):
    value = loss(np.array(Z, dtype), np.array(Y, dtype))
    assert value == pytest.approx(limit, rel=1e-6)


@pytest.mark.parametrize("loss", ALL, ids=repr)
def test_losses_are_equal_by_value(loss):
    for copied in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert copied == loss
        assert copied in ALL
        assert hash(copied) == hash(loss)
    assert [other for other in ALL if other == loss] == [loss]


def test_target_that_the_dtype_of_the_network_cannot_hold_is_an_error():
    Z, Y = np.zeros((1, 1), np.float16), np.array([[1e5]])
    for call in (SquaredError(), SquaredError().gradient):
        with pytest.raises(
            ValueError,
            match=r"^Y: 100000 is beyond the largest number of float16, 65504",
        ):
            call(Z, Y)
