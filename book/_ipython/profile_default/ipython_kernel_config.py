"""Settings of the kernels that execute the chapters."""

import logging
import os

from nnnotes.plots import STYLE

c = get_config()  # given by IPython

# A kernel that is stopped after an error may still be sending.
logging.getLogger("tornado").setLevel(logging.CRITICAL)
# That messages between the processes of this machine are not encrypted is no news in each chapter, nor that a kernel
# was interrupted when its work was done. What a cell says goes another way.
c.IPKernelApp.log_level = "CRITICAL"

# Warnings are errors in the chapters. Of deprecations, as Python itself does, only those that the chapters' own code
# or the package's would see count, not those between the libraries of the notebook.
c.IPKernelApp.exec_lines = [
    "import warnings",
    "warnings.simplefilter('error')",
    "warnings.simplefilter('ignore', DeprecationWarning)",
    "warnings.simplefilter('ignore', PendingDeprecationWarning)",
    "warnings.filterwarnings('error', category=DeprecationWarning, module=r'__main__|nnnotes')",
    "del warnings",
]
figures = os.environ["NNNOTES_FIGURES"]
date = {"svg": "Date", "pdf": "CreationDate"}[figures]
c.InlineBackend.figure_formats = {figures}
c.InlineBackend.print_figure_kwargs = {"metadata": {date: None}}
c.InlineBackend.rc = {**STYLE, "svg.hashsalt": "nnnotes", "svg.fonttype": "path"}
c.HistoryManager.enabled = False
