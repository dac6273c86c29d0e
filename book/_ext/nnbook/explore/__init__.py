"""Explorers: figures that move, computed by JavaScript that is held to the package.

``{explorer} depth`` stands in place of a figure. What it holds is shown without JavaScript, in print, and until the
explorer has loaded, which is when it comes near. Activations are printed as JavaScript from the package's formulas, and
data sets are drawn by it: see ``formulas.py`` and ``data.py``. Everything else is in ``_assets/explore``.
"""

import hashlib
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from nnbook.colouring import darkened, parsed, written
from nnbook.colours import ASSETS
from nnbook.content.exercises import SHOWN

SOURCES = ASSETS / "explore"
# Their heights in rem, at full width and on a phone, so that nothing moves when one loads; a test measures them.
HEIGHTS = {
    "activation": (38, 42),
    "backprop": (39, 44),
    "chaos": (37, 70),
    "depth": (40, 49),
    "descent": (34, 37),
    "plane": (39, 61),
    "shapes": (25, 29),
}


# What the colours of the package's plots are called in the explorers' styles.
VARIABLES = {"value": "value", "slope": "slope", "class 0": "zero", "class 1": "one"}


class explorer(nodes.container):  # noqa: N801  # docutils names its nodes in lower case
    """Where an explorer is to stand, with what stands there without it."""


class Explorer(SphinxDirective):
    required_arguments = 1
    has_content = True

    def run(self):
        name = self.arguments[0]
        if name not in HEIGHTS:
            known = ", ".join(HEIGHTS)
            raise self.error(f"explorer: no {name!r}; there are {known}")
        self.env.metadata[self.env.docname]["explorer"] = name
        node = explorer(name=name, ids=[f"explore-{name}"])
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def colours():
    """Return the colours of the package's plots as CSS variables, for light pages and for dark ones."""
    from nnnotes.plots import COLOURS

    light = {VARIABLES[name]: COLOURS[name] for name in VARIABLES}
    dark = {name: written(darkened(parsed(one))) for name, one in light.items()}
    light, dark = (
        "{" + ";".join(f"--{name}:{one}" for name, one in some.items()) + "}"
        for some in (light, dark)
    )
    return (
        f".explorer .live{light}\nbody[data-theme=dark] .explorer .live{dark}\n"
        f"@media (prefers-color-scheme:dark){{body:not([data-theme=light]) .explorer .live{dark}}}\n"
    )


def files():
    """Return what explorers load, by name: the sources, and what is made from the package.

    SymPy and Matplotlib are imported here alone: most builds find the files made.
    """
    from nnbook.explore.data import data
    from nnbook.explore.formulas import module

    found = {
        path.relative_to(SOURCES).as_posix(): path.read_text(encoding="utf8")
        for path in sorted(SOURCES.rglob("*"))
        if path.suffix in {".js", ".css"}
    }
    found["explore.css"] = colours() + found["explore.css"]
    return found | {"activations.js": module(), "data.js": data()}


def write(app, env):
    """Write the files, if a page needs them, to a folder that is named for all that they are made from.

    So browsers can keep them, and a build finds those of the last.
    """
    config = app.config
    state = config.nnnotes_key + config.nnnotes_extension + config.nnnotes_look
    name = f"explore-{hashlib.sha256(state.encode()).hexdigest()[:12]}"
    env.nnnotes_explorers = f"_static/{name}"
    assets = Path(app.outdir).parent / ".assets"
    needed = any("explorer" in about for about in env.metadata.values())
    if not needed or (assets / name).is_dir():
        return ()
    for old in assets.glob("explore-*"):
        shutil.rmtree(old)
    unfinished = assets / "explore-unfinished"
    for file, text in files().items():
        path = unfinished / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")
    unfinished.rename(assets / name)
    return ()


def visit(self, node):
    page = self.builder.current_docname
    folder = self.builder.env.nnnotes_explorers
    wide, narrow = HEIGHTS[node["name"]]
    module = "../" * page.count("/") + folder + "/main.js"
    self.body.append(
        f'<div class="explorer" id="{node["ids"][0]}" data-explorer="{node["name"]}" data-module="{module}" '
        f'style="--wide: {wide}rem; --narrow: {narrow}rem">\n<div class="still">\n'
    )


def depart(self, node):
    self.body.append("</div>\n</div>\n")


VISITORS = {"html": (visit, depart)} | SHOWN
