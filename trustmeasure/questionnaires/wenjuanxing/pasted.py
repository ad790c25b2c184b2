"""The text that is pasted into 问卷星: blocks with an empty line between them, the type in square brackets.

The first line is the title. It begins with no digit: after a digit 问卷星 cuts answers at their blanks.
"""

from __future__ import annotations

from collections.abc import Iterator

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.wenjuanxing.parts import Kind, Part, chinese, parts
from trustmeasure.questionnaires.wenjuanxing.wording import compact, said

TYPES: dict[Kind, str] = {
    "page": "分页栏",
    "words": "段落说明",
    "single": "单选题",
    "scale_matrix": "矩阵量表题",
    "matrix": "矩阵单选题",
    "line": "填空题",
    "text": "填空题",
    "date": "填空题",
}


def render(questionnaire: Questionnaire) -> bytes:
    """Return the text as UTF-8."""
    return ("\n\n".join(_blocks(questionnaire)) + "\n").encode()


def _blocks(questionnaire: Questionnaire) -> Iterator[str]:
    tag = chinese(questionnaire)
    title = said(questionnaire.title[tag])
    yield f"《{title}》" if title[:1].isdigit() else title
    yield f"{said(questionnaire.intro[tag])}[段落说明]"
    for part in parts(questionnaire):
        yield "\n".join(_block(part))


def _block(part: Part) -> Iterator[str]:
    number = f"{part.number}. " if part.number else ""
    optional = "（选填）" if part.columns and not part.required else ""
    yield f"{number}{part.title}[{TYPES[part.kind]}]{optional}"
    answers = [compact(answer) for answer in part.answers]
    if part.rows:
        yield " ".join(_unbroken(answers, part))
        yield from part.rows
    else:
        yield from answers


def _unbroken(answers: list[str], part: Part) -> list[str]:
    """Return the answers of a matrix, which stand in one line with blanks between them."""
    for answer in answers:
        if " " in answer:
            raise QuestionnaireError(
                f"In the text for 问卷星 blanks stand between the answers of a matrix, so {answer!r} of "
                f"question {part.number} cannot be written. Write the questionnaire to='wenjuanxing' instead."
            )
    return answers
