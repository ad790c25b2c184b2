"""Write the reference from the code: one page for each room, with all names that the room offers.

Nothing here lists names by hand, so the reference cannot lag behind the package.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import shutil
from pathlib import Path
from types import ModuleType

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

import trustmeasure
from tools.rooms import ROOMS

NO_NAME = re.compile(r"[a-z_0-9]+")
PACKAGE = Path(trustmeasure.__file__).parent


def rooms() -> list[str]:
    """Return the rooms that exist, in building order."""
    exist = [room for room in ROOMS if not room.startswith("__")]
    return [room for room in exist if (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file()]


def offered(module: ModuleType) -> list[str]:
    """Return the names a module offers: its `__all__`, or else the public ones defined in it."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]


def heading(text: str, rule: str) -> str:
    """Return a reStructuredText heading."""
    return f"{text}\n{rule * len(text)}\n\n"


def shortest_path(module: ModuleType, name: str) -> str:
    """Return the shortest public path of a name that a room offers."""
    public = name in trustmeasure.__all__ and getattr(trustmeasure, name) is getattr(module, name)
    return f"trustmeasure.{name}" if public else f"{module.__name__}.{name}"


def directive(module: ModuleType, name: str) -> str:
    """Return the directive that documents one name."""
    value, path = getattr(module, name), shortest_path(module, name)
    if inspect.isclass(value):
        inheritance = "" if value.__bases__ == (object,) else "   :show-inheritance:\n"
        return f".. autoclass:: {path}\n   :members:\n{inheritance}\n"
    if inspect.isfunction(value):
        return f".. autofunction:: {path}\n\n"
    if inspect.ismodule(value):
        return f"{heading(path, '-')}.. automodule:: {path}\n\n" + directives(value)
    return f".. autodata:: {path}\n   :no-value:\n\n"


def directives(module: ModuleType) -> str:
    """Return the directives of all names that a module offers."""
    return "".join(directive(module, name) for name in offered(module))


def parts(module: ModuleType) -> list[ModuleType]:
    """Return the packages inside a room whose public names the room's own module does not offer.

    Such a package has the name of a function that it offers, so the room cannot offer that function.
    """
    found = []
    for _, name, is_package in pkgutil.iter_modules(getattr(module, "__path__", ())):
        inside = importlib.import_module(f"{module.__name__}.{name}") if is_package else None
        if inside is not None and name in getattr(inside, "__all__", ()):
            found.append(inside)
    return found


def page(room: str) -> str:
    """Return the page of one room."""
    module = importlib.import_module(f"trustmeasure.{room}")
    inside = "".join(
        directive(part, name)
        for part in parts(module)
        for name in offered(part)
        if name not in offered(module)
    )
    return f"{heading(room, '=')}{inspect.getdoc(module) or ROOMS[room]}\n\n{directives(module)}{inside}"


def overview(names: list[str]) -> str:
    """Return the page that lists the rooms in building order."""
    entries = "".join(f"   {name}\n" for name in names)
    return f"{heading('Python names', '=')}.. toctree::\n   :maxdepth: 1\n\n{entries}"


def write_pages(app: Sphinx) -> None:
    """Write all pages anew below `reference/generated`."""
    folder = Path(app.srcdir) / "reference" / "generated"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = rooms()
    for room in found:
        (folder / f"{room}.rst").write_text(page(room), encoding="utf-8")
    (folder / "index.rst").write_text(overview(found), encoding="utf-8")


def classes_above(room: str) -> dict[str, str]:
    """Return the classes of the rooms above a room, by short name; the nearest room goes first."""
    found = {}
    for above in rooms()[: rooms().index(room)]:
        module = importlib.import_module(f"trustmeasure.{above}")
        names = (name for name in offered(module) if inspect.isclass(getattr(module, name)))
        found |= {name: shortest_path(module, name) for name in names}
    return found


def link_within_room(app: Sphinx, doctree: nodes.document) -> None:
    """Let a short name in a room's page mean the room's own, else that of the nearest room it builds on.

    A short name in small letters that the room does not offer, such as n in "shape (n, p)", is no reference.
    """
    folder, _, room = app.env.docname.rpartition("/")
    if folder != "reference/generated" or room not in ROOMS:
        return
    module = importlib.import_module(f"trustmeasure.{room}")
    own = {name: shortest_path(place, name) for place in (module, *parts(module)) for name in offered(place)}
    known = classes_above(room) | own
    for link in list(doctree.findall(addnodes.pending_xref)):
        target = str(link["reftarget"])
        if link.get("refdomain") == "py" and target in known:
            link["reftarget"] = known[target]
            link["refspecific"] = False
        elif (link.get("refdomain"), link.get("reftype")) == ("py", "class") and NO_NAME.fullmatch(target):
            link.replace_self(link.children)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks for its sources, and settle their links when they are read."""
    app.connect("builder-inited", write_pages)
    app.connect("doctree-read", link_within_room)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
