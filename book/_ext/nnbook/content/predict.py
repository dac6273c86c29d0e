"""Predictions: a question before the run that answers it.

``{predict} Question?`` holds a list of answers, and after it why. The right answer is a claim of the same page, word
for word: so a cell asserts it, and it cannot be wrong. Without JavaScript the answer folds out; with it, a click on an
answer says whether it is right, and opens the fold.

``{surprise} What you see``: what happens when one does as a list of tasks says, folded.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

from nnbook.content.exercises import SHOWN, aside
from nnbook.content.quiet import fold, summary

logger = getLogger(__name__)

PREDICT, ANSWER = "Predict first", "The answer"


class prediction(nodes.container):  # noqa: N801  # docutils names its nodes in lower case
    """A question, with its answers and what is folded."""


class folded_answer(aside):  # noqa: N801
    """The right answer, and why."""


class Predict(SphinxDirective):
    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        number = self.env.temp_data.get("predictions", 0) + 1
        self.env.temp_data["predictions"] = number
        node = prediction(ids=[f"predict-{number}"])
        self.set_source_info(node)
        question, _ = self.parse_inline(self.arguments[0], lineno=self.lineno)
        self.state.nested_parse(self.content, self.content_offset, node)
        answers, *why = node.children or [None]
        if not isinstance(answers, nodes.bullet_list):
            raise self.error("a prediction needs a list of answers, and then why")
        title = nodes.paragraph("", "", *question, classes=["question"])
        title.source, title.line = node.source, node.line
        node[:] = [title, answers, folded_answer("", *why)]
        return [node]


class Surprise(SphinxDirective):
    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        node = fold(classes=["surprise"])
        self.set_source_info(node)
        title, _ = self.parse_inline(self.arguments[0], lineno=self.lineno)
        node += summary("", "", *title)
        self.set_source_info(node[0])
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def words(node):
    return " ".join(node.astext().split())


class CheckAnswers(SphinxTransform):
    default_priority = 7  # after the claims are found

    def apply(self):
        folds = self.document.findall(fold)
        claims = {words(one[0]) for one in folds if "claim" in one["classes"]}
        for node in self.document.findall(prediction):
            items = node[1].children
            right = [item for item in items if words(item) in claims]
            if len(right) != 1:
                problem = "one of the answers has to be a claim of this page, word for word; here {} are"
                logger.warning(problem.format(len(right)), location=node)
                continue
            right[0]["classes"].append("right")
            said = nodes.paragraph(
                "", "", *(c.deepcopy() for c in right[0][0].children)
            )
            node[2].insert(0, said)


def visit_prediction(self, node):
    self.body.append(f'<div class="predict" id="{node["ids"][0]}" role="group">')
    self.body.append(f'<p class="predict-title">{PREDICT}</p>\n')


def depart_prediction(self, node):
    self.body.append("</div>\n")


def visit_answer(self, node):
    self.body.append(f"<details><summary>{ANSWER}</summary>\n")


def depart_answer(self, node):
    self.body.append("</details>\n")


VISITORS = {
    prediction: {"html": (visit_prediction, depart_prediction)} | SHOWN,
    folded_answer: {"html": (visit_answer, depart_answer)} | SHOWN,
}
