"""Builds that are quick, and whose pages are those of a build from nothing (cells run in run/cells.py).

A page's parsed form is kept between builds, and each build reads those of all pages, to number the figures. Text that
MyST hands to docutils, as on the API pages, leaves in it a document of its own, with all settings, and through them
the whole environment: 2.5 MB a page instead of 0.1. And Python's garbage collector, which has nothing to collect there,
goes through all that is read, time and again.

A page also shows the titles and numbers of other pages, in the contents and at its foot. Sphinx would not write it
again when one of them changes; nor the pages of the package's code when a setting changes, as the theme; and the static
files of the old theme, and what a removed page has left behind, would stay.
"""

import gc
import shutil
from pathlib import Path

from sphinx.builders.html import BuildInfo
from sphinx.ext import viewcode

from nnbook.html.notebooks import addresses_of

gc.set_threshold(200_000)  # new objects between collections; Python's own number is 700


def belong_to_one_document(app, doctree):
    """Let all nodes know the document they are in, and no other."""
    for node in doctree.findall():
        node.document = doctree


def outline(env):
    """List what pages show of other pages: the order, the titles and the numbers."""
    return (
        env.toctree_includes,
        {page: title.astext() for page, title in env.titles.items()},
        {page: numbers.get("") for page, numbers in env.toc_secnumbers.items()},
    )


def write_all_when_the_outline_changed(app, env):
    old, env.nnnotes_outline = getattr(env, "nnnotes_outline", None), outline(env)
    if old == env.nnnotes_outline:
        return []
    forget_pages_of_code(app)
    return sorted(env.found_docs)


def follow_settings(app):
    try:
        with Path(app.outdir, ".buildinfo").open(encoding="utf8") as file:
            same = BuildInfo.load(file) == app.builder.build_info
    except (OSError, ValueError):
        same = False
    if not same:
        forget_pages_of_code(app)
        shutil.rmtree(Path(app.outdir, "_static"), ignore_errors=True)


def forget_pages_of_code(app):
    for path in Path(app.outdir, viewcode.OUTPUT_DIRNAME).rglob("*.html"):
        path.unlink()


def forget_removed_pages(app, env, added, changed, removed):
    for page in removed:
        Path(app.builder.get_outfilename(page)).unlink(missing_ok=True)
        for left in (f"_sources/{page}.md.txt", *addresses_of(page)):
            Path(app.outdir, left).unlink(missing_ok=True)
    return []
