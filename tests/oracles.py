"""The counterparts of the package's members in other libraries.

A member need not have one: what has none is not compared here, and its formulas are its oracle. Parameters are passed
in the order of the class.
"""

import jax
import jax.numpy as jnp
from jax.example_libraries import optimizers as jax_optimizers

from nnnotes import activations, initializers, losses, normalisation, optimizers

ACTIVATIONS = {
    activations.Identity: jax.nn.identity,
    activations.Step: lambda z: jnp.where(z > 0, 1.0, 0.0),
    activations.ReLU: jax.nn.relu,
    activations.LeakyReLU: jax.nn.leaky_relu,
    activations.ELU: jax.nn.elu,
    activations.SELU: lambda z, alpha, lambda_: jax.nn.selu(z),
    activations.Softplus: jax.nn.softplus,
    activations.GELU: lambda z: jax.nn.gelu(z, approximate=False),
    activations.GELUTanh: lambda z, kappa: jax.nn.gelu(z, approximate=True),
    activations.SiLU: jax.nn.silu,
    activations.Mish: jax.nn.mish,
    activations.Sigmoid: jax.nn.sigmoid,
    activations.Tanh: jnp.tanh,
    activations.Softsign: jax.nn.soft_sign,
    activations.HardSigmoid: jax.nn.hard_sigmoid,
    activations.HardTanh: jax.nn.hard_tanh,
}

# The loss of one example, by way of the logarithms of probabilities.
LOSSES = {
    losses.SquaredError: lambda z, y: jnp.sum((z - y) ** 2) / 2,
    losses.LogisticLoss: lambda z, y: (
        -jnp.sum(y * jax.nn.log_sigmoid(z) + (1 - y) * jax.nn.log_sigmoid(-z))
    ),
    losses.SoftmaxLoss: lambda z, y: -jnp.sum(y * jax.nn.log_softmax(z)),
}

OPTIMIZERS = {
    optimizers.SGD: jax_optimizers.sgd,
    optimizers.Momentum: jax_optimizers.momentum,
    optimizers.Nesterov: jax_optimizers.nesterov,
    optimizers.Adam: jax_optimizers.adam,
}

NORMALISATIONS = {
    normalisation.BatchNorm: lambda x, eps: jax.nn.standardize(x, 1, epsilon=eps),
    normalisation.LayerNorm: lambda x, eps: jax.nn.standardize(x, 0, epsilon=eps),
    normalisation.RMSNorm: lambda x, eps: (
        x * jax.lax.rsqrt(jnp.square(x).mean(0, keepdims=True) + eps)
    ),
}

# JAX stores a kernel as (n_in, n_out).
INITIALIZERS = {
    initializers.LeCun(
        draw=initializers.truncated_normal
    ): jax.nn.initializers.lecun_normal(),
    initializers.Glorot(
        draw=initializers.uniform
    ): jax.nn.initializers.glorot_uniform(),
    initializers.He(
        draw=initializers.truncated_normal
    ): jax.nn.initializers.he_normal(),
    initializers.He(draw=initializers.uniform): jax.nn.initializers.he_uniform(),
}
