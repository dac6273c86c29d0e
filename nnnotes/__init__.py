"""The code of a textbook: activation functions, initialisation, and one layer forward and backward, in NumPy."""

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING

from nnnotes.activations import *
from nnnotes.gradcheck import *
from nnnotes.initializers import *  # type: ignore[assignment]  # each family has its ALL
from nnnotes.layers import *
from nnnotes.losses import *  # type: ignore[assignment]  # each family has its ALL
from nnnotes.networks import *
from nnnotes.optimizers import *  # type: ignore[assignment]  # each family has its ALL
from nnnotes.shapes import *
from nnnotes.tables import *

__version__ = "0.1.0"

MODULES = {
    module.name
    for module in pkgutil.iter_modules(__path__)
    if not module.name.startswith("_")
}

if TYPE_CHECKING:
    from nnnotes import (
        activations as activations,
    )
    from nnnotes import (
        arrays as arrays,
    )
    from nnnotes import (
        autodiff as autodiff,
    )
    from nnnotes import (
        checkpointing as checkpointing,
    )
    from nnnotes import (
        datasets as datasets,
    )
    from nnnotes import (
        exactness as exactness,
    )
    from nnnotes import (
        exercises as exercises,
    )
    from nnnotes import (
        formats as formats,
    )
    from nnnotes import (
        formula as formula,
    )
    from nnnotes import (
        gates as gates,
    )
    from nnnotes import (
        gradcheck as gradcheck,
    )
    from nnnotes import (
        initializers as initializers,
    )
    from nnnotes import (
        layers as layers,
    )
    from nnnotes import (
        losses as losses,
    )
    from nnnotes import (
        lsuv as lsuv,
    )
    from nnnotes import (
        meanfield as meanfield,
    )
    from nnnotes import (
        moments as moments,
    )
    from nnnotes import (
        networks as networks,
    )
    from nnnotes import (
        normalisation as normalisation,
    )
    from nnnotes import (
        optimizers as optimizers,
    )
    from nnnotes import (
        plots as plots,
    )
    from nnnotes import (
        quadrature as quadrature,
    )
    from nnnotes import (
        recorded as recorded,
    )
    from nnnotes import (
        reproduced as reproduced,
    )
    from nnnotes import (
        residual as residual,
    )
    from nnnotes import (
        shapes as shapes,
    )
    from nnnotes import (
        signals as signals,
    )
    from nnnotes import (
        special as special,
    )
    from nnnotes import (
        sweeps as sweeps,
    )
    from nnnotes import (
        tables as tables,
    )
else:
    # Each name is listed once, by its module.
    __all__ = sorted(
        name
        for module in (
            activations,
            gradcheck,
            initializers,
            layers,
            losses,
            networks,
            optimizers,
            shapes,
            tables,
        )
        for name in module.__all__
    )

    def __getattr__(name: str) -> ModuleType:
        """Load a module when it is first asked for, such as nnnotes.plots, which needs Matplotlib."""
        if name in MODULES:
            return importlib.import_module(f"nnnotes.{name}")
        raise AttributeError(f"module 'nnnotes' has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *MODULES})
