"""Settings of the kernels that execute the chapters."""

c = get_config()  # given by IPython

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
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"metadata": {"Date": None}}
c.InlineBackend.rc = {
    "figure.figsize": (6.4, 3.6),
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "nnnotes",
    "svg.fonttype": "path",
}
c.HistoryManager.enabled = False
