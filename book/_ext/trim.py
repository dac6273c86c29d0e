"""Leave out what Jupyter Book puts on every page and this book does not use: thebe and its script from another host."""


def forget_thebe(app, config):
    for listeners in app.events.listeners.values():
        listeners[:] = [one for one in listeners if not one.handler.__module__.startswith("sphinx_thebe")]


def setup(app):
    app.connect("config-inited", forget_thebe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
