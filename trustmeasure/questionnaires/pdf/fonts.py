"""The fonts of a PDF: all embedded, the same on every machine, and held against the texts beforehand.

The font that ships with the package (Latin, GB 2312, characters of names) comes first, then DejaVu Sans,
which comes with matplotlib (other European alphabets, signs). Fonts of the machine are never used: the same
questionnaire gives the same bytes everywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from trustmeasure.errors import QuestionnaireError
from trustmeasure.files import PACKAGE

FAMILIES = ("Trustmeasure Sans SC", "DejaVu Sans")
_NOT_DRAWN = ("Cc", "Cf", "Zl", "Zp")


def folders() -> tuple[Path, ...]:
    """Return the folders that hold the fonts."""
    import matplotlib as mpl

    return PACKAGE / "plots" / "fonts", Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def characters() -> frozenset[int]:
    """Return the code points that the fonts can show."""
    from matplotlib.ft2font import FT2Font

    own, others = folders()
    files = (own / "trustmeasure-sans-sc.ttf", others / "DejaVuSans.ttf")
    return frozenset(code for file in files for code in FT2Font(str(file)).get_charmap())


def unshown(texts: Iterable[str]) -> str:
    """Return the characters that the fonts cannot show, each once, in order of code point."""
    needed = {sign for text in texts for sign in text if unicodedata.category(sign) not in _NOT_DRAWN}
    return "".join(sorted(sign for sign in needed if ord(sign) not in characters()))


def require_shown(texts: Iterable[str]) -> None:
    """Raise QuestionnaireError when a character of `texts` would be missing on the page."""
    missing = unshown(texts)
    if not missing:
        return
    named = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing[:10])
    more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
    raise QuestionnaireError(
        f"The fonts of the PDF have no {named}{more}: they show Latin, Greek and Cyrillic letters and the "
        "common Chinese characters. Write it in another way, or write a Word file (to='docx'), which "
        "uses the fonts of the machine, and save that as PDF."
    )
