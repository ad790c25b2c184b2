"""Every instrument, language and option as XLSForm: made into a form by pyxform, checked by ODK Validate."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH
from pyxform.xls2xform import convert

from tests.programs import program, requires
from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import list_background_questions, list_instruments, load_instrument
from trustmeasure.questionnaires import Choice, Entry, Questionnaire
from trustmeasure.questionnaires.xlsform.workbook import render

IDS = [str(id) for id in list_instruments()["id"]]
HOSTILE = "</script><b>\"'& =1+1 {x} ${x} ${first_1} {{7*7}} ]]> \\ *a* _b_ **c** # [d](e) \u202e 艾克米"
AGREE = instrument().response_scales["agree"]


def xform(questionnaire: Questionnaire, *, stacked: bool = False) -> str:
    """Return the form that pyxform makes; fail when it warns."""
    made = convert(io.BytesIO(render(questionnaire, stacked=stacked)), file_type=".xlsx", validate=False)
    assert made.warnings == []
    return made.xform


def shipped() -> Iterator[tuple[str, Questionnaire]]:
    for id in IDS:
        for wave in [wave.id for wave in load_instrument(id).waves] or [None]:
            composed = Questionnaire.compose(id, wave=wave, order="items", brand="Acme")
            yield f"{id} {wave or ''}".strip(), composed


def options() -> Iterator[tuple[str, Questionnaire]]:
    for tags in (("en",), ("zh",), ("en", "zh"), ("zh", "en")):
        yield "-".join(tags), every_kind(tags)
    for order in ("fixed", "items", "blocks", "random"):
        yield order, Questionnaire.compose(["satisfaction", "repurchase"], order=order, wave="before")
    background = list_background_questions()["id"].tolist()
    yield "background", Questionnaire.compose("satisfaction", behaviour=background, checks=1, consent=True)


def entries() -> Iterator[tuple[str, Questionnaire]]:
    text = {"en": HOSTILE, "zh": HOSTILE}
    asked = [
        Entry("start", text, "integer", minimum=-5),
        Entry("end", text, "integer", maximum=5),
        Entry("intro", text, "text", longest=5, pattern="[A-Z]{1,3}'?"),
        Entry("page_1", text, "date", required=True),
        Choice("refused", text, AGREE, required=True),
    ]
    logic = {"intro": "not (start > 2 or answered(end)) and start != 0", "refused": "end in (1, 2)"}
    hostile = instrument(text=HOSTILE.replace("{", "").replace("}", "") + " {brand}", stem="{brand}")
    yield (
        "hostile",
        Questionnaire.compose(hostile, brand=HOSTILE, title=HOSTILE, behaviour=asked, logic=logic),
    )


@requires("java")
def test_odk_validate_accepts_every_instrument_language_and_option(tmp_path: Path):
    files = []
    for name, questionnaire in (*shipped(), *options(), *entries()):
        files.append(tmp_path / f"{name}.xml")
        files[-1].write_text(xform(questionnaire), encoding="utf-8")
    files.append(tmp_path / "stacked.xml")
    files[-1].write_text(xform(every_kind(), stacked=True), encoding="utf-8")
    broken = tmp_path / "broken.xml"
    broken.write_text(files[0].read_text(encoding="utf-8").replace('relevant="', 'relevant="(') + "x")
    failed = validate([*files, broken])
    assert failed == [broken], "the broken form must be the only one that is refused"


def validate(files: list[Path]) -> list[Path]:
    """Return the forms that ODK Validate refuses."""
    command = [program("java"), "-Djava.awt.headless=true", "-jar", ODK_VALIDATE_PATH, *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=200)  # noqa: S603  pyxform's jar
    assert ran.stdout.count("Validating: ") == len(files)
    return [file for file in files if f"\n{file}\n" in f"{ran.stderr}\n"]


def test_a_name_that_xforms_keeps_is_refused_before_anything_is_written():
    asked = Entry("meta", {"en": "a", "zh": "b"})
    with pytest.raises(QuestionnaireError, match="XLSForm keeps the name 'meta'"):
        render(Questionnaire.compose("satisfaction", demographics=[asked]))


def test_a_pattern_that_cannot_be_quoted_is_refused():
    asked = Entry("code", {"en": "a", "zh": "b"}, pattern="['\"]")
    with pytest.raises(QuestionnaireError, match="pattern of 'code'"):
        render(Questionnaire.compose("satisfaction", demographics=[asked]))
