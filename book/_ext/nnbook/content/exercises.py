"""Exercises, numbered within their chapter and each of a kind, and solutions that fold out without JavaScript.

A solution reaches from ``{solution}`` to ``{solution-end}``, so that code cells, which must stand at the top level of
a notebook, can be part of it.
"""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

logger = getLogger(__name__)

KINDS = {"hand": "by hand", "code": "write code", "think": "think"}


class solution(nodes.container):  # noqa: N801  # docutils names its nodes in lower case
    """What folds out."""


class boundary(nodes.Element):  # noqa: N801
    """Where a solution starts or ends, until the transform has gathered it."""


def kind(argument):
    return KINDS[directives.choice(argument, list(KINDS))]


class Exercise(SphinxDirective):
    has_content = True
    option_spec = {"kind": kind}

    def run(self):
        if "kind" not in self.options:
            raise self.error(f"an exercise needs a :kind:, one of {', '.join(KINDS)}")
        number = self.env.temp_data.get("exercise", 0) + 1
        self.env.temp_data["exercise"] = number
        title = f"Exercise {number} · {self.options['kind']}"
        node = nodes.container(classes=["exercise"], ids=[f"exercise-{number}"])
        node += nodes.rubric("", title, classes=["exercise-title"])
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class Boundary(SphinxDirective):
    def run(self):
        node = boundary(kind=self.name, number=self.env.temp_data.get("exercise", 0))
        self.set_source_info(node)
        return [node]


class GatherSolutions(SphinxTransform):
    default_priority = 5  # before what looks at the order of sections and cells

    def apply(self):
        start = None
        for mark in list(self.document.findall(boundary)):
            if mark["kind"] == "solution":
                self.drop(start, "a solution without {solution-end}")
                start = mark
            elif start is None or start.parent is not mark.parent:
                self.drop(mark, "{solution-end} without {solution}")
            else:
                gather(start, mark)
                start = None
        self.drop(start, "a solution without {solution-end}")

    def drop(self, mark, problem):
        if mark is not None:
            logger.warning(problem, location=mark)
            mark.parent.remove(mark)


def gather(start, end):
    """Put what stands between two marks into a solution, in their place."""
    parent = start.parent
    first, last = parent.index(start), parent.index(end)
    folded = solution("", *parent.children[first + 1 : last], number=start["number"])
    parent[first : last + 1] = [folded]


def visit_solution(self, node):
    summary = f"<summary>Solution to exercise {node['number']}</summary>"
    self.body.append(f'<details class="solution">{summary}\n')


def depart_solution(self, node):
    self.body.append("</details>\n")


def nothing(self, node):
    """Other formats show a solution as it stands."""


VISITORS = {"html": (visit_solution, depart_solution)}
VISITORS |= dict.fromkeys(("latex", "text"), (nothing, nothing))
