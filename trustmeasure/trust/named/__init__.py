"""Named structural models: one module a model; each holds a `MODEL` and is found by its file alone."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.trust.named.base import NamedModel

__all__ = ["NamedModel", "named_model", "named_models"]


@cache
def named_models() -> tuple[NamedModel, ...]:
    """Return all named models, sorted by name."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    found = (getattr(module, "MODEL", None) for module in modules)
    return tuple(sorted((m for m in found if isinstance(m, NamedModel)), key=lambda model: model.name))


def named_model(name: str) -> NamedModel:
    """Return the model `name`; raise ArgumentError naming the nearest otherwise.

    Examples
    --------
    >>> from trustmeasure.trust.named import named_model
    >>> named_model("trust-outcomes").instruments[0]
    'cognitive-trust'
    """
    by_name = {model.name: model for model in named_models()}
    if name in by_name:
        return by_name[name]
    raise ArgumentError(f"There is no named model '{name}'. {suggestion(str(name), list(by_name), most=20)}")
