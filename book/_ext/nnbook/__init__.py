"""The book's one extension of Sphinx: all that it connects, in order.

``run`` executes cells; ``content`` is what the pages hold; ``html`` makes the site of it; ``site`` serves and packs
that; ``live`` is what runs cells in a reader's browser. No other file connects anything, or says when it runs.
README.md beside this package follows a build through it.
"""

import functools
from pathlib import Path

# Before the package, whose types have shapes then: the API pages write them out.
import jaxtyping  # noqa: F401
from docutils import nodes

from nnbook import explore
from nnbook.content import (
    api,
    exercises,
    figures,
    formulas,
    predict,
    quiet,
    terms,
)
from nnbook.html import (
    about,
    around,
    assets,
    builds,
    fonts,
    katex,
    notebooks,
    pages,
    policy,
    search,
    theme,
    wheel,
)
from nnbook.live import assemble
from nnbook.run import cells, counts, telling

# Before, among and after what other extensions do at an event. In each, handlers run in the order of these lists.
FIRST, AMONG, LAST = 100, 500, 900

# For every format.
ALWAYS = [
    ("config-inited", FIRST, telling.be_brief),
    # Before Sphinx looks for what it has kept of the pages, and MyST-NB for results.
    ("config-inited", AMONG, cells.set_up),
    ("config-inited", AMONG, api.set_formatter),
    ("config-inited", AMONG, api.set_version),
    ("config-inited", AMONG, api.describe_the_named),
    ("config-inited", AMONG, pages.follow_environment),
    # Once the addresses are known, which it names.
    ("config-inited", AMONG, wheel.build),
    ("config-inited", AMONG, theme.forget_the_other_theme),
    # Before Sphinx compares the settings with those of the last build: pages name the runtime, which has its hash.
    ("config-inited", AMONG, assemble.prepare),
    # Before Sphinx looks whether there is a logo, which is after all extensions.
    ("config-inited", AMONG, assets.write_logo),
    # Once it is known which pages are read: the API pages need to know what the chapters use.
    ("env-get-outdated", AMONG, counts.look_at_cells),
    ("env-get-outdated", AMONG, about.read_again_where_the_commit_changed),
    ("env-before-read-docs", AMONG, cells.execute_stale),
    ("autodoc-process-bases", AMONG, api.show_public_bases),
    # Before napoleon and the type hints come to a docstring, or after them, who make text of it.
    ("autodoc-process-docstring", AMONG, api.complete),
    ("autodoc-process-docstring", LAST, api.name_functions),
    # The first that answers is the only one: before the type hints' own.
    ("autodoc-process-signature", FIRST, api.signature_with_names),
    ("doctree-read", AMONG, quiet.measure),
    ("doctree-read", AMONG, terms.name_in_english),
    # Before a page is stored, when nothing else is added to it.
    ("doctree-read", LAST, builds.belong_to_one_document),
    # Once all pages are read: which are to be written again.
    ("env-get-updated", AMONG, pages.write_again_where_the_day_changed),
    ("env-get-updated", AMONG, quiet.write_again_where_minutes_changed),
    ("doctree-resolved", AMONG, quiet.fill_in),
    ("build-finished", LAST, cells.forget_old_results),
    ("build-finished", LAST, telling.tell_again),
]

# For the site alone, and at the end of a build only if it has not failed.
SITE = [
    # Before furo, which takes the name of the colours from the configuration then.
    ("builder-inited", FIRST, theme.set_dark_code),
    ("builder-inited", AMONG, search.replace_the_stock_search),
    ("builder-inited", AMONG, builds.follow_settings),
    # Once furo has the colours of code.
    ("builder-inited", LAST, assets.bundle),
    ("env-get-outdated", AMONG, builds.forget_removed_pages),
    # Before Sphinx collects the images of a page.
    ("doctree-read", FIRST, figures.render_twice),
    # Once it is known whether a page has one, and before Sphinx copies what pages load.
    ("env-get-updated", AMONG, explore.write),
    # When the numbers of sections are known, which Sphinx gives at this event.
    ("env-get-updated", LAST, builds.write_all_when_the_outline_changed),
    ("html-collect-pages", AMONG, search.write),
    # The notebooks, and the links to them under the title: before others add tags that these replace or complete.
    ("html-page-context", FIRST, notebooks.write),
    ("html-page-context", FIRST, pages.say),
    ("html-page-context", AMONG, assemble.offer),
    # After the theme has made the menu, and all have named their files.
    ("html-page-context", LAST, theme.tidy),
    ("html-page-context", LAST, assets.name_the_two),
    # All pages are written. What goes, goes before what is new comes; the policy comes after all pages.
    ("build-finished", LAST, figures.forget_old),
    ("build-finished", LAST, assets.leave_the_rest_out),
    ("build-finished", LAST, around.write_all),
    ("build-finished", LAST, assemble.put_into_site),
    ("build-finished", LAST, wheel.put_into_site),
    ("build-finished", LAST, fonts.finish),
    ("build-finished", LAST, policy.write_headers),
]


def for_the_site(handler):
    """Let a handler answer for the site alone, and not at the end of a build that has failed."""

    @functools.wraps(handler)
    def answer(app, *arguments):
        failed = any(isinstance(argument, Exception) for argument in arguments)
        if app.builder.name != "html" or failed:
            return ()
        return handler(app, *arguments)

    return answer


def connect(app):
    for event, when, handler in ALWAYS:
        app.connect(event, handler, when)
    for event, when, handler in SITE:
        app.connect(event, for_the_site(handler), when)


def declare(app):
    """Declare what pages can hold."""
    app.add_directive("formula", formulas.Formula)
    app.add_role("formula", formulas.FormulaRole())
    app.add_directive("equations", formulas.Equations)
    app.add_directive("source", formulas.Source)
    app.add_directive("activations", formulas.Activations)
    app.add_directive("about", about.About)
    app.add_directive("executed", counts.Executed)
    app.add_directive("exercise", exercises.Exercise)
    app.add_directive("solution", exercises.Boundary)
    app.add_directive("solution-end", exercises.Boundary)
    app.add_directive("more-exercises", exercises.Boundary)
    app.add_directive("more-exercises-end", exercises.Boundary)
    app.add_transform(exercises.GatherFolds)
    for node, visitors in exercises.VISITORS.items():
        app.add_node(node, **visitors)
    app.add_role("minutes", quiet.Minutes())
    app.add_transform(quiet.FoldCells)
    app.add_node(quiet.fold, **quiet.FOLD)
    app.add_node(quiet.summary, **quiet.SUMMARY)
    app.add_directive("predict", predict.Predict)
    app.add_directive("surprise", predict.Surprise)
    app.add_transform(predict.CheckAnswers)
    for node, visitors in predict.VISITORS.items():
        app.add_node(node, **visitors)
    app.add_directive("explorer", explore.Explorer)
    app.add_node(explore.explorer, **explore.VISITORS)
    images = (figures.visit_image, figures.depart_image)
    app.add_node(nodes.image, override=True, html=images)
    renderers = (katex.visit_math, None), (katex.visit_math_block, None)
    app.add_html_math_renderer("katex", *renderers)
    app.add_post_transform(theme.OneName)


def setup(app):
    for name, default in pages.SETTINGS.items():
        app.add_config_value(name, default, "html", [type(default)])
    app.add_config_value("nnnotes_requirement", "", "env")  # wheel.build finds it out
    # When one of these changes, all pages are read again, or written again.
    extension = sorted(Path(__file__).parent.rglob("*.py"))
    for name, paths, rebuild in (
        ("nnnotes_key", cells.sources(), "env"),
        ("nnnotes_extension", extension, "env"),
        ("nnnotes_look", assets.sources(), "html"),
    ):
        app.add_config_value(name, cells.key(paths), rebuild)
    app.add_config_value("nnnotes_live", "", "html", [str])  # the folder of scripts
    app.add_css_file("site.css")
    app.add_js_file("site.js", loading_method="defer")
    declare(app)
    connect(app)
    return {
        "version": "1",
        "env_version": 3,
        "parallel_read_safe": True,
        "parallel_write_safe": False,  # one Node renders the formulas
    }
