"""What must hold for every format, whichever there are: found through the registry, none named here."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import list_background_questions, list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire, manifest_path, write_questionnaire
from trustmeasure.questionnaires.writers import Writer, writers

ROOT = Path(__file__).resolve().parents[2]
COLUMN = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
IDS = [str(id) for id in list_instruments()["id"]]
BACKGROUND = list_background_questions()
HOSTILE = "</script><b>\"'&;=1+1 {x} ${x} {{7*7}} ]]> \\ #set 100% <!-- --> 艾克米\u202e"

every_writer = pytest.mark.parametrize("writer", writers(), ids=lambda writer: writer.name)


def waves_of(id: str) -> tuple[str | None, ...]:
    return tuple(wave.id for wave in load_instrument(id).waves) or (None,)


def rendered(writer: Writer, questionnaire: Questionnaire) -> bytes | None:
    """Return the export; None where the format refuses it, with a reason and a remedy."""
    try:
        return writer.render(questionnaire)
    except QuestionnaireError as error:
        assert len(str(error)) > 40, error  # noqa: PT017  a refusal is right when it explains itself
        return None


@pytest.fixture(scope="module")
def whole() -> Questionnaire:
    """Everything that can be asked at once: all instruments without waves, all options."""
    return Questionnaire.compose(
        [id for id in IDS if not load_instrument(id).waves],
        brand={"en": "Acme", "zh": "艾克米"},
        order="random",
        seed=3,
        checks=2,
        consent=True,
        link=True,
        behaviour=BACKGROUND.loc[BACKGROUND["role"] == "behaviour", "id"].tolist(),
        demographics=BACKGROUND.loc[BACKGROUND["role"] == "demographics", "id"].tolist(),
        logic={"demographics/1": "customer_now in (1, 2)"},
    )


def test_names_and_endings_belong_to_one_format_each():
    names, endings = [w.name for w in writers()], [w.ending for w in writers()]
    assert len(set(names)) == len(names) >= 2
    assert len(set(endings)) == len(endings)
    assert all(ending.startswith(".") and ending == ending.lower() for ending in endings)


@every_writer
def test_columns_and_codes_obey_the_naming_rule(writer: Writer, whole: Questionnaire):
    columns = writer.columns(whole)
    assert set(columns) == set(whole.columns)
    assert len({name.casefold() for name in columns.values()}) == len(columns)
    for id in columns:
        assert COLUMN.fullmatch(id)
        assert len(id) <= 20
    for scale in whole.scales:
        assert all(0 <= code <= 99_999 for code in (*scale.codes, *scale.missing_codes))


@every_writer
@pytest.mark.parametrize("id", IDS)
def test_every_instrument_in_every_language_and_form(writer: Writer, id: str):
    made = [
        Questionnaire.compose(id, languages=tags, form=form, wave=wave, brand="Acme")
        for wave in waves_of(id)
        for tags, form in ((["zh", "en"], "long"), (["zh"], "short" if load_instrument(id).forms else "long"))
    ]
    exports = [rendered(writer, one) for one in made]
    assert all(export is None or len(export) > 100 for export in exports)
    assert any(exports), f"{writer.name} refuses {id} in every form"


@every_writer
def test_everything_at_once_is_written_or_refused_with_a_reason(writer: Writer, whole: Questionnaire):
    first = rendered(writer, whole)
    assert first == rendered(writer, whole)
    for line in writer.limits(whole):
        assert line.endswith("."), line
        assert len(line) > 20


@every_writer
@pytest.mark.parametrize("tags", [("en",), ("zh",), ("en", "zh"), ("zh", "en")], ids="-".join)
def test_every_kind_of_question_in_every_choice_of_languages(writer: Writer, tags: tuple[str, ...]):
    made = every_kind(tags)
    export = rendered(writer, made)
    assert export == rendered(writer, every_kind(tags))


@every_writer
def test_two_questionnaires_that_differ_in_one_word_differ_in_the_file(writer: Writer):
    one, two = (Questionnaire.compose(instrument(), brand=name, languages=["zh"]) for name in ("A", "B"))
    assert rendered(writer, one) != rendered(writer, two)


@every_writer
def test_hostile_words_are_kept_as_words_or_refused(writer: Writer):
    made = Questionnaire.compose(
        instrument(), brand=HOSTILE, title=f"={HOSTILE}", intro="+1\n-1\n@SUM(A1)", languages=["zh"]
    )
    export = rendered(writer, made)
    if export is None or export.startswith((b"PK", b"%PDF", b"$FL")):
        return
    text = export.decode("utf-8-sig")
    assert "艾克米" in text or "\\u827e" in text
    if writer.ending.endswith((".html", ".xml")):
        assert "<b>" not in text
        assert "<!-- -->" not in text


@every_writer
def test_the_manifest_belongs_to_the_export(writer: Writer, tmp_path: Path):
    try:
        written = write_questionnaire(every_kind(("zh",)), tmp_path / "survey", writer.name)
    except QuestionnaireError:
        assert not list(tmp_path.iterdir()), "something was written before the refusal"
        return
    assert written.name.endswith(writer.ending)
    manifest = json.loads(manifest_path(written).read_text(encoding="utf-8"))
    made = every_kind(("zh",))
    assert manifest["format"] == writer.name
    assert manifest["file_sha256"] == hashlib.sha256(written.read_bytes()).hexdigest()
    assert [column["id"] for column in manifest["columns"].values()] == list(made.columns)
    assert str(tmp_path) not in json.dumps(manifest)


RENDER = """
import hashlib, sys
from tests.questionnaires.snapshots import every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.writers import writers
for writer in writers():
    try:
        print(writer.name, hashlib.sha256(writer.render(every_kind(("zh", "en")))).hexdigest())
    except QuestionnaireError:
        print(writer.name, "refused")
"""


def test_another_process_on_another_day_in_another_place_writes_the_same_bytes(tmp_path: Path):
    """The order of sets, the zone, the folder and the language of the machine must leave no trace."""
    runs = []
    for seed, zone, language in (("0", "UTC", "C.UTF-8"), ("42", "Asia/Shanghai", "zh_CN.UTF-8")):
        place = tmp_path / seed
        place.mkdir()
        changed = {"PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(  # noqa: S603  our own code
            [sys.executable, "-c", RENDER],
            env={**os.environ, **changed},
            cwd=place,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        runs.append(ran.stdout.splitlines())
    assert runs[0] == runs[1]
    assert len(runs[0]) == len(writers())
