"""What a build tells: one line a page, and what is wrong without the way there through the code of others."""

import logging
import sys
import traceback
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.errors import SphinxError

# What is told of each page beside that it is read, or of each figure.
NO_NEWS = ("writing output", "copying images", "highlighting module", "Using cached")
NO_NEWS += ("will overwrite",)


class Brief(logging.Filter):
    """Keep to one line a page where lines stay; on a terminal, Sphinx's share one."""

    rest = 0  # of a step, Sphinx tells the name and the end of the line apart

    def filter(self, record):
        if record.levelno > logging.INFO or sys.stdout.isatty():
            return True
        self.rest -= 1
        if any(one in str(record.msg) for one in NO_NEWS):
            self.rest = 2 if "%]" in record.msg else 0
            return False
        return self.rest < 0


def end(kind, problem, trace):
    """End a build that Sphinx has said the reason of, without the way there; what is unexpected, with it."""
    if not isinstance(problem.__cause__, SphinxError):
        traceback.print_exception(problem)


def be_brief(app, config):
    for handler in logging.getLogger("sphinx").handlers:
        handler.addFilter(Brief())
    # Each notebook's start, and each step of cutting a font, is no news either.
    for name in ("traitlets", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = end


def tell_again(app, exception):
    """Have all pages read again after a strict build with warnings: else the next one would not give them."""
    if app.keep_going and app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
