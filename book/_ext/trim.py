"""Leave out thebe, which Jupyter Book puts on every page with a script from another host."""


def forget_thebe(app, config):
    for listeners in app.events.listeners.values():
        for one in list(listeners):
            if one.handler.__module__.startswith("sphinx_thebe"):
                listeners.remove(one)
    styles = app.registry.css_files
    styles[:] = [style for style in styles if style[0] != "sphinx-thebe.css"]


def setup(app):
    app.connect("config-inited", forget_thebe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
