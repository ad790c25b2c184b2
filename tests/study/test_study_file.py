"""Study files: what is read, and what every mistake says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.study.surveys import write_study
from trustmeasure.errors import StudyError
from trustmeasure.study import Study, read_study, write_template
from trustmeasure.study.model import PLOTS
from trustmeasure.trust.models import trust_model

BASE = '[instruments]\nuse = ["satisfaction"]\n[responses]\nsample = "trust-survey"\n'
INSTRUMENTS, RESPONSES = BASE.split("[responses]")[0], "[responses]" + BASE.split("[responses]")[1]


def read(folder: Path, text: str) -> Study:
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return read_study(file)


def test_everything_in_the_file_arrives(tmp_path: Path) -> None:
    responses = """
id_column = "respondent_id"
out_of_range = "missing"
duplicates = "first"
columns = { "Q1" = "sat_1" }
missing_codes = { "-99" = "not shown" }
exclude = [{ column = "consent", equals = 0, reason = "no consent" }]
"""
    model_keys = 'std = "lv"\nstd_lv = true\nci = 0.9'
    file = write_study(tmp_path, responses=responses, model_keys=model_keys, report="decimals = 2")
    study = read_study(file)
    assert (study.title, study.authors) == ("Small study", ("A. Author",))
    assert [instrument.id for instrument in study.instruments] == ["satisfaction", "repurchase"]
    assert study.answers.path == tmp_path / "answers.csv"
    assert (study.answers.out_of_range, study.answers.duplicates) == ("missing", "first")
    assert dict(study.answers.columns) == {"Q1": "sat_1"}
    assert dict(study.answers.missing_codes) == {"-99": "not shown"}
    assert study.answers.exclude[0].reason == "no consent"
    assert (study.model.std, study.model.std_lv, study.model.ci) == ("std_lv", True, 0.9)
    assert (study.output.plots, study.output.decimals) == ((), 2)
    assert len(study.sha256) == 64


def test_what_is_left_out_has_defaults(tmp_path: Path) -> None:
    study = read(tmp_path, BASE)
    assert study.title == "study"
    assert (study.language, study.seed, study.brand) == ("en", 1, "")
    assert study.model.name == "measurement"
    assert "satisfaction =~ sat_1" in study.model.text
    assert study.output.plots == PLOTS


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine.txt").write_text("satisfaction =~ sat_1 + sat_2 + sat_3", encoding="utf-8")
    monkeypatch.chdir("/")
    study = read(tmp_path, BASE + '[model]\nfile = "models/mine.txt"\n')
    assert study.model.text == "satisfaction =~ sat_1 + sat_2 + sat_3"


def test_a_study_cannot_be_changed(tmp_path: Path) -> None:
    study = read(tmp_path, BASE)
    with pytest.raises(AttributeError):
        study.title = "other"
    assert hash(study.answers) is not None


MISTAKES = {
    "unknown table": (BASE + "[modell]\n", "key 'modell' is not known. Rename it to 'model'"),
    "unknown key": (
        BASE + '[study]\ntitel = "x"\n',
        "study: the key 'titel' is not known. Rename it to 'title'",
    ),
    "unknown key without a near one": (BASE + "[scores]\nzzz = 1\n", "Remove it. Allowed: method, min_valid"),
    "number for a text": (
        BASE + "[study]\ntitle = 5\n",
        "study.title: a text in quotes is needed, not a whole number",
    ),
    "text for a list": (BASE + '[study]\nauthors = "x"\n', "study.authors: a list is needed, not a text"),
    "text for true": (
        BASE + '[model]\nname = "measurement"\nstd_lv = "yes"\n',
        "model.std_lv: true or false",
    ),
    "date": (BASE + "[study]\ntitle = 2024-01-01\n", "not a date or time"),
    "empty text": (BASE + '[study]\ntitle = " "\n', "study.title: the text is empty"),
    "unknown language": (BASE + '[study]\nlanguage = "de"\n', "study.language: 'de' is not known"),
    "seed out of range": (BASE + "[study]\nseed = -1\n", "study.seed: -1 must lie between 0"),
    "level": (BASE + "[reliability]\nci = 95\n", "reliability.ci: 95 must lie strictly between 0 and 1"),
    "share": (BASE + "[scores]\nmin_valid = 1.5\n", "scores.min_valid: 1.5 must be a share"),
    "no instruments": (RESPONSES, "the table [instruments] is missing"),
    "no responses": (INSTRUMENTS, "the table [responses] is missing"),
    "empty use": ("[instruments]\nuse = []\n" + RESPONSES, "instruments.use: name at least one instrument"),
    "unknown instrument": (
        '[instruments]\nuse = ["satisfacton"]\n' + RESPONSES,
        "instruments.use[1]: There is no instrument 'satisfacton'. Did you mean 'satisfaction'?",
    ),
    "missing instrument file": (
        '[instruments]\nuse = ["mine.yaml"]\n' + RESPONSES,
        "instruments.use[1]: File not found",
    ),
    "instrument twice": (
        '[instruments]\nuse = ["loyalty", "loyalty"]\n' + RESPONSES,
        "instruments.use[2]: the instrument 'loyalty' is named twice",
    ),
    "path and sample": (
        INSTRUMENTS + '[responses]\npath = "a.csv"\nsample = "trust-survey"\n',
        "responses: give either path",
    ),
    "neither path nor sample": (INSTRUMENTS + "[responses]\n", "responses: give either path"),
    "missing code": (
        BASE + 'missing_codes = { "x" = "y" }\n',
        "responses.missing_codes.x: the key must be a whole",
    ),
    "rule without a test": (
        BASE + 'exclude = [{ column = "a" }]\n',
        "responses.exclude[1]: give exactly one test; there is none",
    ),
    "rule with two tests": (
        BASE + 'exclude = [{ column = "a", equals = 1, missing = true }]\n',
        "give exactly one test; there are equals and missing",
    ),
    "rule without a column": (
        BASE + "exclude = [{ equals = 1 }]\n",
        "responses.exclude[1]: column is missing",
    ),
    "rule with text for a number": (
        BASE + 'exclude = [{ column = "a", less_than = "1" }]\n',
        "responses.exclude[1].less_than: a number is needed, not a text",
    ),
    "two models": (BASE + '[model]\nname = "measurement"\ntext = "f =~ a"\n', "there are name and text"),
    "no model": (BASE + "[model]\nci = 0.9\n", "model: give exactly one of name"),
    "unknown model": (BASE + '[model]\nname = "trust-outcome"\n', "Did you mean 'trust-outcomes'?"),
    "model without its instruments": (
        BASE + '[model]\nname = "trust-outcomes"\n',
        "Add the instrument to instruments.use",
    ),
    "estimator without words": (
        BASE + '[model]\ntext = "f =~ a"\nestimator = "GLS"\n',
        "model.estimator: ",
    ),
    "missing answers that the estimator cannot have": (
        BASE + '[model]\ntext = "f =~ a"\nestimator = "WLSMV"\nmissing = "fiml"\n',
        'missing = "fiml" does not go with estimator = "WLSMV", which has "listwise" and "pairwise"',
    ),
    "missing model file": (BASE + '[model]\nfile = "m.txt"\n', "model.file: File not found"),
    "higher order without a name": (
        BASE + '[model]\ntext = "f =~ a"\nhigher_order = true\n',
        "model.higher_order: this goes with a named model only",
    ),
    "paths of a model without paths": (
        BASE + '[model]\nname = "measurement"\ndirect = false\n',
        "direct goes with a model that has paths",
    ),
    "unknown construct left out": (
        BASE + '[model]\nname = "satisfaction-first"\nwithout = ["loyality"]\n',
        "Did you mean 'loyalty'",
    ),
    "model that is no model": (
        BASE + '[model]\ntext = "f = a + b"\n',
        "model.text: model line 1, column 3: '=' is no operator",
    ),
    "unknown figure": (BASE + '[report]\nplots = ["pie"]\n', "report.plots[1]: 'pie' is not known"),
    "decimals": (BASE + "[report]\ndecimals = 0\n", "report.decimals: 0 must lie between 1 and 10"),
    "no TOML": ("[study\n", "not readable as TOML"),
    "text without quotes": (BASE + "[study]\ntitle = Trust\n", "not readable as TOML"),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_file_key_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(str(tmp_path / "study.toml"))
    assert said in str(error.value)


def test_a_missing_file_names_a_similar_one(tmp_path: Path) -> None:
    write_study(tmp_path)
    with pytest.raises(StudyError, match=r"File not found: .*studdy.toml. Did you mean .*study.toml"):
        read_study(tmp_path / "studdy.toml")


def test_a_file_that_is_no_utf8_says_so(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_bytes('[study]\ntitle = "信任"\n'.encode("gb18030"))
    with pytest.raises(StudyError, match="not a UTF-8 text"):
        read_study(tmp_path / "study.toml")


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_bytes(b"\xef\xbb\xbf" + BASE.encode())
    assert read_study(tmp_path / "study.toml").answers.sample == "trust-survey"


def test_the_template_reads_and_every_commented_key_is_a_real_one(tmp_path: Path) -> None:
    """Take the comment sign away from each example line by line: all of them must be allowed."""
    template = write_template(tmp_path / "study.toml")
    study = read_study(template)
    assert study.model.name == "trust-outcomes"
    text = template.read_text(encoding="utf-8")
    for line in (
        "authors =",
        "brand =",
        "id_column =",
        "require =",
        "out_of_range =",
        "duplicates =",
        "already_reversed =",
        "missing_codes =",
        "sheet =",
        "higher_order =",
        "direct =",
        "form =",
    ):
        assert f"# {line}" in text
        read(tmp_path, text.replace(f"# {line}", line))


def test_the_template_is_never_overwritten_unasked(tmp_path: Path) -> None:
    file = write_template(tmp_path / "study.toml")
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError, match="exists already; it was left as it is"):
        write_template(file)
    assert file.read_text(encoding="utf-8") == "mine"
    write_template(file, force=True)
    assert "[instruments]" in file.read_text(encoding="utf-8")


def test_a_named_model_is_written_as_asked(tmp_path: Path) -> None:
    text = """[instruments]
use = ["cognitive-trust", "satisfaction", "loyalty", "repurchase"]
[responses]
sample = "trust-survey"
[model]
name = "satisfaction-first"
without = ["affective_trust", "structural_trust"]
direct = false
form = "short"
higher_order = false
"""
    model = read(tmp_path, text).model
    assert model.name == "satisfaction-first"
    assert model.text == trust_model(
        "satisfaction-first",
        without=["affective_trust", "structural_trust"],
        direct=False,
        form="short",
        higher_order=False,
    )


def test_a_folder_is_no_place_for_a_template(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is a folder"):
        write_template(tmp_path)


def test_remedies_against_method_bias_are_kept(tmp_path: Path) -> None:
    told = '[method_bias]\nremedies = ["anonymous answers", "outcomes a week later"]\n'
    assert read(tmp_path, BASE + told).remedies == ("anonymous answers", "outcomes a week later")
    assert read(tmp_path, BASE).remedies == ()
    with pytest.raises(StudyError, match=r"the key 'remedy' is not known\. Rename it to 'remedies'"):
        read(tmp_path, BASE + '[method_bias]\nremedy = ["x"]\n')
    with pytest.raises(StudyError, match=r"method_bias\.remedies"):
        read(tmp_path, BASE + '[method_bias]\nremedies = "anonymous"\n')
