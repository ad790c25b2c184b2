from __future__ import annotations

from tests.questionnaires.examples import instrument
from trustmeasure.questionnaires import Questionnaire


def test_frame_has_a_row_for_each_question_in_the_printed_order(small: Questionnaire):
    frame = small.to_frame()
    assert list(frame.columns) == [
        *("number", "column", "kind", "instrument", "block", "scale", "text_en", "text_zh")
    ]
    assert frame["column"].tolist() == list(small.columns)
    assert frame["number"].tolist() == list(range(1, 9))
    assert frame.loc[4].tolist()[1:5] == ["second_1", "item", "second", "second1"]


def test_summary_names_instruments_order_and_hash():
    questionnaire = Questionnaire.compose(instrument(), order="random", seed=3)
    text = str(questionnaire)
    assert "printed order drawn with seed 3" in text
    assert questionnaire.hash in text
    assert "1.2.0" in text
    assert repr(questionnaire) == f"<Questionnaire first: 4 questions, en, zh, {questionnaire.hash[:12]}>"


def test_html_view_is_escaped():
    shown = Questionnaire.compose(instrument(), brand="<script>alert(1)</script>")._repr_html_()
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
