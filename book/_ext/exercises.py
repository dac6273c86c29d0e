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


class boundary(nodes.Element):  # noqa: N801  # docutils names its nodes in lower case
    """Where a solution starts or ends, until the transform has gathered it."""


def kind(argument):
    return KINDS[directives.choice(argument, list(KINDS))]


class Exercise(SphinxDirective):
    has_content = True
    option_spec = {"kind": kind}

    def run(self):
        if "kind" not in self.options:
            raise self.error(f"an exercise needs a :kind:, one of {', '.join(KINDS)}")
        number = self.env.temp_data["exercise"] = (
            self.env.temp_data.get("exercise", 0) + 1
        )
        node = nodes.container(classes=["exercise"], ids=[f"exercise-{number}"])
        node += nodes.rubric(
            "",
            f"Exercise {number} · {self.options['kind']}",
            classes=["exercise-title"],
        )
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class Boundary(SphinxDirective):
    def run(self):
        node = boundary(kind=self.name, number=self.env.temp_data.get("exercise", 0))
        self.set_source_info(node)
        return [node]


class GatherSolutions(SphinxTransform):
    default_priority = 5

    def apply(self):
        for start in list(self.document.findall(boundary)):
            if start.parent is None or start["kind"] != "solution":
                continue
            siblings = start.parent.children
            first = siblings.index(start)
            ends = (
                i
                for i, node in enumerate(siblings)
                if i > first and isinstance(node, boundary)
            )
            last = next(ends, None)
            if last is None or siblings[last]["kind"] != "solution-end":
                logger.warning("a solution without {solution-end}", location=start)
                start.parent.remove(start)
                continue
            folded = solution(number=start["number"])
            folded += siblings[first + 1 : last]
            siblings[first : last + 1] = [folded]
            folded.parent = start.parent
        for left in list(self.document.findall(boundary)):
            logger.warning("{solution-end} without {solution}", location=left)
            left.parent.remove(left)


def visit_solution(self, node):
    self.body.append(
        f'<details class="solution"><summary>Solution to exercise {node["number"]}</summary>\n'
    )


def depart_solution(self, node):
    self.body.append("</details>\n")


def nothing(self, node):
    pass


def setup(app):
    app.add_directive("exercise", Exercise)
    app.add_directive("solution", Boundary)
    app.add_directive("solution-end", Boundary)
    app.add_transform(GatherSolutions)
    app.add_node(
        solution,
        html=(visit_solution, depart_solution),
        latex=(nothing, nothing),
        text=(nothing, nothing),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
