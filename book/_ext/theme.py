"""The theme is furo: leave out the styles and scripts that Jupyter Book adds to every page for its own theme."""

import configparser

import furo

# What they do is done here by fewer bytes (copy buttons), by HTML (folds), or by nobody (thebe, comments).
UNWANTED = (
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_thebe",
    "sphinx_togglebutton",
)


def unwanted(handler):
    module, name = handler.__module__, getattr(handler, "__name__", "")
    return module.startswith(UNWANTED) or (
        module.startswith("sphinx_design") and name == "add_static_assets"
    )


def forget_the_other_theme(app, config):
    for listeners in app.events.listeners.values():
        listeners[:] = [one for one in listeners if not unwanted(one.handler)]
    theme = configparser.ConfigParser()
    theme.read(furo.THEME_PATH / "theme.conf", encoding="utf8")
    config.html_theme_options = {
        name: value
        for name, value in config.html_theme_options.items()
        if name in theme["options"]
    }


def set_dark_code(app):
    # The theme makes this setting, so the configuration cannot hold it.
    app.config.pygments_dark_style = "a11y-high-contrast-dark"


def setup(app):
    app.connect("builder-inited", set_dark_code, priority=100)
    app.connect("config-inited", forget_the_other_theme)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
