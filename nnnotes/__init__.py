"""The code of a textbook: activation functions, initialisation, and one layer forward and backward, in NumPy."""

from nnnotes import activations, datasets, formula, initializers, losses
from nnnotes.activations import (
    Activation,
    Identity,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Tanh,
    identity,
    leaky_relu,
    relu,
    sigmoid,
    tanh,
)
from nnnotes.gradcheck import numerical_gradient, numerical_gradients, relative_error
from nnnotes.initializers import (
    Constant,
    Glorot,
    He,
    Initializer,
    LeCun,
    Normal,
    Zeros,
    gain,
)
from nnnotes.layers import Cache, Dense, Gradients, dense
from nnnotes.losses import LogisticLoss, Loss, SoftmaxLoss, SquaredError, one_hot
from nnnotes.networks import (
    Network,
    Step,
    accuracy,
    backward,
    descend,
    forward,
    mlp,
    predict,
    train,
)
from nnnotes.shapes import ShapeError, ShapeTable, check, shape_table
from nnnotes.signals import signals
from nnnotes.tables import Table

__version__ = "0.1.0"

__all__ = [
    "Activation",
    "Cache",
    "Constant",
    "Dense",
    "Glorot",
    "Gradients",
    "He",
    "Identity",
    "Initializer",
    "LeCun",
    "LeakyReLU",
    "LogisticLoss",
    "Loss",
    "Network",
    "Normal",
    "ReLU",
    "ShapeError",
    "ShapeTable",
    "Sigmoid",
    "SoftmaxLoss",
    "SquaredError",
    "Step",
    "Table",
    "Tanh",
    "Zeros",
    "accuracy",
    "activations",
    "backward",
    "check",
    "datasets",
    "dense",
    "descend",
    "formula",
    "forward",
    "gain",
    "identity",
    "initializers",
    "leaky_relu",
    "losses",
    "mlp",
    "numerical_gradient",
    "numerical_gradients",
    "one_hot",
    "predict",
    "relative_error",
    "relu",
    "shape_table",
    "sigmoid",
    "signals",
    "tanh",
    "train",
]
