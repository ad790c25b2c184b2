"""Make the Chinese font that ships with the plots: a subset of Noto Sans CJK SC.

The source is the Debian package fonts-noto-cjk (SIL Open Font License 1.1). Kept are the characters of
GB 2312 (6,763 Han characters of level 1 and 2, and its signs), the characters of names in `names.txt`, CJK
punctuation, the full-width forms, the Latin letters of Western Europe, the signs of currencies and
trademarks. Hinting, layout features and vertical metrics are dropped. The outlines become quadratic
(TrueType), never farther than a thousandth of the font size from the originals: the FreeType inside
matplotlib 3.8 draws the original kind too bold at small sizes. The licence asks that reserved names are not
used; none is declared, yet the family gets a name of its own: "Noto" is a trademark, and a figure must never
mix up this subset with a full font of the same name on a reader's machine.

Run: python tools/make_font_subset.py [source.ttc]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TARGET = Path(__file__).resolve().parents[1] / "trustmeasure" / "plots" / "fonts" / "trustmeasure-sans-sc.ttf"
NAMES = Path(__file__).resolve().with_name("names.txt")
FAMILY = "Trustmeasure Sans SC"
POSTSCRIPT = "TrustmeasureSansSC-Regular"
ORIGIN = "Noto Sans CJK SC"
TOLERANCE = 1.0
_UNUSED_LIMITS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxComponentDepth",
)


def gb2312() -> set[int]:
    """Return the code points of GB 2312: its signs (rows 1 to 9) and Han characters (rows 16 to 87)."""
    rows = range(0xA1, 0xF8)
    cells = range(0xA1, 0xFF)
    pairs = (bytes((row, cell)) for row in rows for cell in cells)
    return {ord(c) for pair in pairs for c in pair.decode("gb2312", errors="ignore")}


def names() -> set[int]:
    """Return the code points of Chinese characters that stand in names and not in GB 2312."""
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return {ord(sign) for line in lines if not line.startswith("#") for sign in line.strip()}


def wanted() -> set[int]:
    """Return all code points of the subset."""
    ascii_ = set(range(0x20, 0x7F))
    punctuation = set(range(0x3000, 0x3040)) | set(range(0x2010, 0x2028))
    full_width = set(range(0xFF01, 0xFF61)) | set(range(0xFFE0, 0xFFE7))
    western = set(range(0xA0, 0x100)) | {0x0152, 0x0153, 0x20AC, 0x2122}
    return ascii_ | gb2312() | names() | punctuation | full_width | western


def source_font(path: Path) -> TTFont:
    """Return the Simplified Chinese face of the collection."""
    faces = TTCollection(path).fonts
    return next(face for face in faces if face["name"].getDebugName(1) == ORIGIN)


def cut(font: TTFont) -> None:
    """Drop what the plots do not need, in place."""
    options = Options()
    options.hinting = False
    options.desubroutinize = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    options.name_IDs = [0, 3, 5, 7, 8, 9, 10, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)


def make_quadratic(font: TTFont) -> None:
    """Replace the cubic outlines by quadratic ones, in place."""
    order, shapes = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {name: _quadratic(shapes[name]) for name in order}
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    font["glyf"].compile(font)
    for name, glyph in glyphs.items():
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for entry in _UNUSED_LIMITS:
        setattr(limits, entry, 0)
    limits.maxZones = 1
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def _quadratic(shape: Any) -> Any:
    """Return a glyph with quadratic outlines, at most `TOLERANCE` units from the given one."""
    pen = TTGlyphPen(None)
    shape.draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
    return pen.glyph()


def rename(font: TTFont) -> None:
    """Give the subset its own name, and say in it where it comes from."""
    names = font["name"]
    origin = names.getDebugName(3)
    kept = "GB 2312, names, CJK punctuation, full-width forms"
    note = f"Subset of {ORIGIN} ({origin}): {kept}; quadratic outlines."
    texts = {1: FAMILY, 2: "Regular", 3: f"{POSTSCRIPT};{origin}", 4: FAMILY, 6: POSTSCRIPT, 10: note}
    for name_id, text in texts.items():
        names.setName(text, name_id, 3, 1, 0x409)


def main(source: Path = SOURCE) -> None:
    """Write the subset."""
    font = source_font(source)
    font.recalcTimestamp = False
    cut(font)
    make_quadratic(font)
    rename(font)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.save(TARGET)
    missing = wanted() - set(font.getBestCmap())
    sys.stdout.write(
        f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters\n"
    )
    sys.stdout.write(f"not in the source: {' '.join(f'U+{c:04X}' for c in sorted(missing)) or 'none'}\n")


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:2]))
