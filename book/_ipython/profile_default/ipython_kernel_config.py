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
    "figure.figsize": (5.0, 3.2),  # its text can still be read on a phone
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "nnnotes",
    "svg.fonttype": "path",
    # Told apart by most colour-blind readers, too, and each with a contrast of 3 to white at least.
    "axes.prop_cycle": "cycler('color', ['#0072b2', '#d55e00', '#007a5a', '#b0508c', '#7a6400', '#333333'])",
}
c.HistoryManager.enabled = False
