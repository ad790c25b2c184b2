"""Chinese and Latin text show on every machine, and what cannot show is named."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure

from tests.plots import cases
from trustmeasure import plots
from trustmeasure.errors import FontWarning
from trustmeasure.plots import style, typeface
from trustmeasure.plots.output import to_png
from trustmeasure.plots.words import _WORDS

FONTS = typeface.FONT_FILE.parent


@pytest.fixture
def only_our_fonts() -> Iterator[None]:
    """Let no font of the machine help: matplotlib takes characters from the named families only."""
    with mpl.rc_context({"font.family": [typeface.LATIN]}):
        assert typeface.families() == [typeface.LATIN, typeface.CHINESE]
        yield


def drawn_silently(figure: Figure) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return to_png(figure, dpi=60)


def test_gb2312_and_punctuation_are_covered() -> None:
    characters = typeface.characters(typeface.CHINESE)
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    hanzi = {c for pair in pairs for c in pair.decode("gb2312", errors="ignore")}
    assert len(hanzi) == 6763
    assert {ord(c) for c in hanzi} <= characters
    assert {
        ord(c) for c in "，。、；：？！“”‘’（）【】《》〈〉「」『』…—～％＋－＝０１２ＡＢＣａｂｃ￥"
    } <= characters


def test_all_texts_of_the_instruments_and_of_the_figures_show() -> None:
    fonts = typeface.families()
    texts = [text for pair in _WORDS.values() for text in pair]
    for instrument in cases.sample().instruments:
        texts += [t for item in instrument.items for t in item.text.values()]
        texts += [t for construct in instrument.constructs for t in construct.label.values()]
        texts += [t for s in instrument.response_scales.values() for p in s.points for t in p.label.values()]
    assert typeface.unshown(texts, fonts[:2]) == ""


def test_chinese_figures_draw_without_a_warning(only_our_fonts: None) -> None:
    responses = cases.sample()
    for figure in (
        plots.likert(responses, construct="reliability", language="zh", title="可靠性（模拟数据）"),
        plots.path_diagram(cases.trust(), labels=responses, language="zh", stars=True, title="信任与结果"),
        plots.loadings(cases.trust(), labels=responses, language="zh", constructs=["competence"]),
        plots.correlation_heatmap(responses, construct="loyalty", language="zh"),
    ):
        assert drawn_silently(figure)


@pytest.mark.filterwarnings("ignore:Glyph")
def test_chinese_is_not_drawn_as_boxes(only_our_fonts: None) -> None:
    with style.drawing():
        boxes = [to_png(_with_text(text), dpi=80) for text in ("能力", "诚信", "\U0010fffd\U0010fffd")]
    assert len(set(boxes)) == 3


def _with_text(text: str) -> Figure:
    figure = Figure(figsize=(1, 0.4))
    figure.text(0.1, 0.4, text)
    return figure


def test_minus_sign_shows() -> None:
    assert ord("−") in typeface.characters(typeface.LATIN)
    figure = plots.correlation_heatmap(np.full((4, 4), -0.5) + 1.5 * np.eye(4))
    texts = [t.get_text() for t in figure.axes[0].texts if t.get_label() == "_value"]
    assert set(texts) == {"−.50"}
    drawn_silently(figure)


@pytest.mark.filterwarnings("error:Glyph")
def test_a_character_without_a_font_is_named() -> None:
    with pytest.warns(FontWarning, match=r"𠮷 \(U\+20BB7\)"):
        plots.path_diagram(cases.observed(), labels={"x": "𠮷野"})


def test_many_characters_without_a_font_are_counted() -> None:
    text = "".join(chr(code) for code in range(0x13000, 0x1300F))
    with pytest.warns(FontWarning, match="and 5 more"):
        typeface.warn_unshown([text], [typeface.LATIN, typeface.CHINESE])


def test_control_and_space_characters_need_no_font() -> None:
    assert typeface.unshown(["a\u00a0b\nc\u200bd\ufe0f"], [typeface.LATIN]) == ""


def test_fonts_of_the_user_come_last() -> None:
    with mpl.rc_context({"font.family": ["DejaVu Serif", "No Such Font"]}):
        assert typeface.families() == [typeface.LATIN, typeface.CHINESE, "DejaVu Serif"]
    with mpl.rc_context({"font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans Mono"]}):
        assert typeface.families()[-1] == "DejaVu Sans Mono"


def test_font_file_is_small_and_says_what_it_is() -> None:
    font = TTFont(typeface.FONT_FILE)
    names = {record.nameID: record.toUnicode() for record in font["name"].names}
    assert typeface.FONT_FILE.stat().st_size < 3_000_000
    assert names[1] == names[4] == typeface.CHINESE
    assert all("Noto" not in names[number] for number in (1, 4, 6))
    assert "Adobe" in names[0]
    assert "Open Font License" in names[13]
    assert "Noto Sans CJK SC" in names[10]
    assert names[6] == "TrustmeasureSansSC-Regular"
    assert "glyf" in font
    assert "fpgm" not in font


def test_licence_lies_beside_the_font() -> None:
    text = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    for part in ("SIL OPEN FONT LICENSE Version 1.1", "Adobe", "PERMISSION & CONDITIONS", "DISCLAIMER"):
        assert part in text


def test_drawing_changes_no_setting(caplog: pytest.LogCaptureFixture) -> None:
    with mpl.rc_context({"font.family": ["DejaVu Serif"], "axes.facecolor": "#ffeedd"}):
        before = dict(mpl.rcParams)
        with caplog.at_level(logging.WARNING, logger="matplotlib"):
            plots.likert(cases.sample(), construct="satisfaction", language="zh")
            to_png(plots.path_diagram(cases.holzinger(), what="all"), dpi=40)
        assert dict(mpl.rcParams) == before
    assert caplog.text == ""


def test_script_names_the_file_that_ships() -> None:
    script = Path(__file__).resolve().parents[2] / "tools" / "make_font_subset.py"
    assert typeface.FONT_FILE.name in script.read_text(encoding="utf-8")
