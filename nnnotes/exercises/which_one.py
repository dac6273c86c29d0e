"""Exercises of the chapter on which activation to take."""

import numpy as np

from nnnotes.exercises import Mistake, Task

# The best mean, the best single run, the best worst run and the best accuracy are in different rows.
LOSSES = np.array(
    [
        [0.62, 0.55, 0.71, 0.52],
        [0.18, 0.22, 0.95, 0.90],
        [0.21, 0.46, 0.61, 0.33],
        [0.40, 0.47, 0.53, 0.42],
        [0.81, 0.77, 0.86, 0.92],
    ]
)
ACCURACIES = np.array(
    [
        [0.83, 0.86, 0.81, 0.85],
        [0.88, 0.87, 0.71, 0.70],
        [0.86, 0.84, 0.80, 0.87],
        [0.85, 0.83, 0.82, 0.86],
        [0.90, 0.88, 0.91, 0.87],
    ]
)

# Here the medians and the last seeds would choose other rows than the means do.
SKEWED = np.array(
    [
        [0.30, 0.31, 0.29, 0.95],
        [0.40, 0.44, 0.36, 0.42],
        [0.70, 0.60, 0.50, 0.20],
    ]
)

TASKS = (
    Task(
        "seeds-needed",
        solution=lambda difference, spread: int(np.ceil(9 * spread**2 / difference**2)),
        # Before it is rounded the number is 40.3, 10.9, 5.2, 145.2 and 0.6: no rounding of it is in doubt.
        cases=(
            (0.01, 0.02116),
            (0.01, 0.011),
            (0.03, 0.0228),
            (0.005, 0.02008),
            (0.04, 0.0103),
        ),
        mistakes=(
            Mistake(
                "not-squared",
                "The standard error falls like one over the square root of n: half of it takes four times as many.",
                lambda difference, spread: int(np.ceil(3 * spread / difference)),
            ),
            Mistake(
                "rounded-down",
                "Rounded down, that is one too few.",
                lambda difference, spread: int((3 * spread / difference) ** 2),
            ),
            Mistake(
                "rounded-to-nearest",
                "With 40.3 seeds needed, 40 do not suffice: round up.",
                lambda difference, spread: round((3 * spread / difference) ** 2),
            ),
            Mistake(
                "one-standard-error",
                "The difference is to be three standard errors, not one.",
                lambda difference, spread: int(np.ceil((spread / difference) ** 2)),
            ),
        ),
    ),
    Task(
        "choose-rate",
        solution=lambda losses, accuracies: losses.mean(axis=1).argmin(),
        cases=(
            (LOSSES, ACCURACIES),
            (LOSSES[::-1, 1:], ACCURACIES[::-1, 1:]),
            (LOSSES[[3, 2, 0, 1]], ACCURACIES[[2, 3, 0, 1]]),
            (SKEWED, ACCURACIES[[4, 2, 1]]),
        ),
        mistakes=(
            Mistake(
                "test-data",
                "The test data may not be used for a choice.",
                lambda losses, accuracies: accuracies.mean(axis=1).argmax(),
            ),
            Mistake(
                "best-run",
                "The best single run is luck. Compare means over the seeds.",
                lambda losses, accuracies: losses.min(axis=1).argmin(),
            ),
            Mistake(
                "median",
                "The median forgets the runs that failed. Compare means over the seeds.",
                lambda losses, accuracies: np.median(losses, axis=1).argmin(),
            ),
            Mistake(
                "best-of-the-worst",
                "The worst single run is bad luck. Compare means over the seeds.",
                lambda losses, accuracies: losses.max(axis=1).argmin(),
            ),
            Mistake(
                "largest-loss",
                "That is the worst rate: a loss is the better the smaller it is.",
                lambda losses, accuracies: losses.mean(axis=1).argmax(),
            ),
            Mistake(
                "wrong-axis",
                "A row is a rate, a column a seed: take the mean along axis 1.",
                lambda losses, accuracies: losses.mean(axis=0).argmin(),
            ),
            Mistake(
                "loss-for-number",
                "That is the smallest mean loss. In which row does it stand?",
                lambda losses, accuracies: losses.mean(axis=1).min(),
            ),
        ),
    ),
)
