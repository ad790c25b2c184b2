"""Fonts for Latin and Chinese text on every machine.

Latin text is set in DejaVu Sans, which comes with matplotlib, Chinese text in the subset of Noto Sans CJK SC
that ships with this package (see `fonts/OFL.txt`). matplotlib takes each character from the first font that
has it, so one text can hold both. Fonts that the user has named in `rcParams` come last.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager

from trustmeasure.errors import FontWarning

LATIN = "DejaVu Sans"
CHINESE = "Trustmeasure Sans SC"
FONT_FILE = Path(__file__).resolve().parent / "fonts" / "trustmeasure-sans-sc.ttf"
_GENERIC = ("sans-serif", "serif", "monospace", "cursive", "fantasy")
_UNSHOWN = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")


@lru_cache(maxsize=1)
def register() -> None:
    """Make the shipped font known to matplotlib, once in a process."""
    font_manager.fontManager.addfont(str(FONT_FILE))


def families() -> list[str]:
    """Return the font families of all figures, in the order in which characters are looked up.

    Returns
    -------
    list of str
        DejaVu Sans, the shipped Chinese font, then those fonts of the user's own `rcParams` that exist.
    """
    register()
    known = set(font_manager.fontManager.get_font_names())
    own = [name for name in _families_of_user() if name in known]
    return list(dict.fromkeys([LATIN, CHINESE, *own]))


def _families_of_user() -> list[str]:
    settings: Any = mpl.rcParams
    given = settings["font.family"]
    names = [given] if isinstance(given, str) else list(given)
    return [n for name in names for n in (settings[f"font.{name}"] if name in _GENERIC else [name])]


@lru_cache(maxsize=64)
def characters(family: str) -> frozenset[int]:
    """Return the code points that the font family `family` can show."""
    register()
    path = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
    return frozenset(font_manager.get_font(path).get_charmap())


def unshown(texts: Iterable[str], fonts: Iterable[str]) -> str:
    """Return the characters of `texts` that none of `fonts` can show, each once, in order of code point."""
    needed = {c for text in texts for c in text if unicodedata.category(c) not in _UNSHOWN}
    for family in fonts:
        if not needed:
            break
        needed = {c for c in needed if ord(c) not in characters(family)}
    return "".join(sorted(needed))


def warn_unshown(texts: Iterable[str], fonts: Iterable[str]) -> None:
    """Warn with FontWarning when a character of `texts` would appear as an empty box."""
    missing = unshown(texts, fonts)
    if not missing:
        return
    shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing[:10])
    more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
    warnings.warn(
        f"No font of this figure shows {shown}{more}; an empty box will stand there. Install a font that has "
        "them and name it in matplotlib.rcParams['font.family'] before drawing.",
        FontWarning,
        stacklevel=4,
    )
