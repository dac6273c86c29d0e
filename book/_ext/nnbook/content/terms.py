"""The glossary's terms by their English names alone: "momentum 动量" is found as ``{term}`momentum` ``."""

import re

from docutils import nodes
from sphinx import addnodes

CHINESE = re.compile(r"\s*\S*[\u4e00-\u9fff].*")


def name_in_english(app, doctree):
    domain = app.env.get_domain("std")
    for glossary in doctree.findall(addnodes.glossary):
        for term in glossary.findall(nodes.term):
            english = CHINESE.sub("", term.astext())
            if english != term.astext():
                domain._note_term(english, term["ids"][0], location=term)
