"""What a build tells: one line a page, and what is wrong without the way there through the code of others."""

import logging
import sys
import traceback

from sphinx.errors import SphinxError

# What is told of each page beside that it is read, or of each figure; on a terminal some of it shares one line.
NO_NEWS = ("writing output", "copying images", "highlighting module", "Using cached")


def is_news(record):
    told = str(record.msg)
    return record.levelno > logging.INFO or not any(one in told for one in NO_NEWS)


def end(kind, problem, trace):
    """End a build that Sphinx has said the reason of, without the way there; what is unexpected, with it."""
    if not isinstance(problem.__cause__, SphinxError):
        traceback.print_exception(problem)


def be_brief(app, config):
    for handler in logging.getLogger("sphinx").handlers:
        handler.addFilter(is_news)
    # Each notebook's start, and each step of cutting a font, is no news either.
    for name in ("traitlets", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = end
