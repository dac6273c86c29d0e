"""Objects of the package, by their dotted paths, with errors that say what was mistyped."""

import difflib
import importlib
import inspect


class NoSuchObjectError(ImportError):
    """There is no object of this name."""


def attribute(owner, name):
    """Return an object's attribute, or say which ones have names like it."""
    if hasattr(owner, name):
        return getattr(owner, name)
    kind = owner if hasattr(owner, "__name__") else type(owner)
    close = difflib.get_close_matches(name, dir(owner), cutoff=0.7)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise NoSuchObjectError(f"{kind.__name__} has no {name}{hint}")


def import_object(path):
    """Import what a dotted path names: a module's object, or an object's attribute."""
    parts = path.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for name in parts[split:]:
            found = attribute(found, name)
        return found
    raise NoSuchObjectError(f"there is no module {parts[0]}")


def instance(path):
    """Import an object; of a class, make one with its defaults, or take a member of the module's ALL."""
    found = import_object(path)
    if not inspect.isclass(found):
        return found
    try:
        inspect.signature(found).bind()
    except TypeError:  # some arguments have no default
        members = importlib.import_module(found.__module__).ALL
        return next(member for member in members if type(member) is found)
    return found()
