"""Exercises, numbered within their chapter and each of a kind, and solutions that fold out without JavaScript.

A solution reaches from ``{solution}`` to ``{solution-end}``, so that code cells, which must stand at the top level of
a notebook, can be part of it. ``{more-exercises}`` and ``{more-exercises-end}`` fold those that not all need.
"""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

logger = getLogger(__name__)

KINDS = {"hand": "by hand", "code": "write code", "think": "think"}


class aside(nodes.container):  # noqa: N801  # docutils names its nodes in lower case
    """What folds, and is not counted as text that one reads."""


class solution(aside):  # noqa: N801
    """What folds out."""


class more(aside):  # noqa: N801
    """More exercises, folded."""


class boundary(nodes.Element):  # noqa: N801
    """Where a fold starts or ends, until the transform has gathered it."""


FOLDS = {"solution": solution, "more-exercises": more}


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


class GatherFolds(SphinxTransform):
    default_priority = 5  # before what looks at the order of sections and cells

    def apply(self):
        open_ones = []
        for mark in list(self.document.findall(boundary)):
            name = mark["kind"].removesuffix("-end")
            if name == mark["kind"]:
                open_ones.append(mark)
            elif open_ones and matches(open_ones[-1], mark, name):
                gather(open_ones.pop(), mark)
            else:
                self.drop(mark, f"{{{name}-end}} without {{{name}}}")
        for mark in open_ones:
            self.drop(mark, f"{{{mark['kind']}}} without {{{mark['kind']}-end}}")

    def drop(self, mark, problem):
        logger.warning(problem, location=mark)
        mark.parent.remove(mark)


def matches(start, end, name):
    return start["kind"] == name and start.parent is end.parent


def gather(start, end):
    """Put what stands between two marks into a fold, in their place."""
    parent = start.parent
    first, last = parent.index(start), parent.index(end)
    content = parent.children[first + 1 : last]
    folded = FOLDS[start["kind"]]("", *content, number=start["number"])
    parent[first : last + 1] = [folded]


def visit_solution(self, node):
    summary = f"<summary>Solution to exercise {node['number']}</summary>"
    self.body.append(f'<details class="solution">{summary}\n')


def depart_solution(self, node):
    self.body.append("</details>\n")


def visit_more(self, node):
    count = sum(
        "exercise-title" in one["classes"] for one in node.findall(nodes.rubric)
    )
    more_of_them = "One more exercise" if count == 1 else f"{count} more exercises"
    self.body.append(f'<details class="more"><summary>{more_of_them}</summary>\n')


def nothing(self, node):
    """Other formats show what is folded, or stands in for something that moves, as it stands."""


SHOWN = dict.fromkeys(("latex", "text"), (nothing, nothing))
VISITORS = {
    solution: {"html": (visit_solution, depart_solution)} | SHOWN,
    more: {"html": (visit_more, depart_solution)} | SHOWN,
}
