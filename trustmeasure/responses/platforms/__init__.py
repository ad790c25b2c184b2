"""One module a survey platform; each holds a `PLATFORM` and is found by its file alone. See `base`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import ResponseError
from trustmeasure.responses.platforms.base import Kept, Platform, Sign, TidyOptions
from trustmeasure.responses.raw import RawTable

__all__ = [
    "Kept",
    "Platform",
    "Sign",
    "TidyOptions",
    "list_platforms",
    "loader_of",
    "platform_named",
    "platform_of",
    "platform_of_format",
    "platforms",
]


@cache
def platforms() -> tuple[Platform, ...]:
    """Return all platforms, sorted by name."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    found = (getattr(module, "PLATFORM", None) for module in modules)
    return tuple(sorted((p for p in found if isinstance(p, Platform)), key=lambda platform: platform.name))


def list_platforms() -> pd.DataFrame:
    """Return the survey platforms whose exports are understood.

    Returns
    -------
    pandas.DataFrame
        One row a platform: `platform` (for `platform=`) and `title`.

    Examples
    --------
    >>> from trustmeasure.responses import list_platforms
    >>> "plain" in list_platforms()["platform"].tolist()
    True
    """
    rows = [(platform.name, platform.title) for platform in platforms()]
    return pd.DataFrame(rows, columns=["platform", "title"])


def platform_named(name: str) -> Platform:
    """Return the platform `name`; raise ResponseError naming the nearest otherwise."""
    known = {platform.name: platform for platform in platforms()}
    return known[one_of("platform", name, list(known), error=ResponseError)]


def platform_of_format(format: str) -> Platform | None:
    """Return the platform that takes a questionnaire format, such as `"html"`; None when none is known."""
    return next((platform for platform in platforms() if format in platform.formats), None)


def platform_of(raw: RawTable) -> tuple[Platform, Sign]:
    """Return the platform that a table comes from, and what shows it.

    Raises
    ------
    ResponseError
        If two platforms are equally sure.
    """
    signs = [(platform, platform.recognise(raw)) for platform in platforms()]
    seen = sorted(((p, s) for p, s in signs if s is not None), key=lambda one: -one[1].sureness)
    best = [one for one in seen if one[1].sureness == seen[0][1].sureness]
    if len(best) > 1:
        told = "; ".join(f"{platform.title} ({sign.reason})" for platform, sign in best)
        names = " or ".join(f"platform='{platform.name}'" for platform, _ in best)
        raise ResponseError(f"{raw.source} may come from several platforms: {told}. Pass {names}.")
    return best[0]


def loader_of(path: Path) -> Platform | None:
    """Return the platform that loads `path` itself because it is no table; None for tables."""
    return next((platform for platform in platforms() if platform.reads(path)), None)
