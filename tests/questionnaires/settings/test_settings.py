from __future__ import annotations

from pathlib import Path

import pytest

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires import Choice, Entry, Questionnaire, write_questionnaire_file

WHOLE = """
instruments = ["satisfaction"]
languages = ["zh", "en"]
brand = { en = "Acme", zh = "艾克米" }
order = "items"
seed = 7
link = true
behaviour = ["customer_now"]
[logic]
sat = "customer_now != 3"
[[question]]
id = "plan"
kind = "choice"
text = { en = "Which plan?", zh = "哪种套餐？" }
answers = [
    { code = 1, label = { en = "Basic", zh = "基础版" } },
    { code = 2, label = { en = "Full", zh = "完整版" } },
]
no_answer = { code = 98, label = { en = "Prefer not to say", zh = "不便透露" } }
[[question]]
id = "visits"
role = "behaviour"
kind = "integer"
text = { en = "How many visits?", zh = "去过几次？" }
minimum = 0
maximum = 99
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "survey.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_template_works_as_it_is(tmp_path: Path):
    made = Questionnaire.from_file(write_questionnaire_file(tmp_path / "survey.toml"))
    assert made.columns[0] == "consent"
    assert made.brand == {"en": "Acme", "zh": "Acme"}
    assert "check_1" in made.columns


def test_what_is_commented_out_in_the_template_is_allowed_too(tmp_path: Path):
    template = write_questionnaire_file(tmp_path / "survey.toml").read_text(encoding="utf-8")
    commented = [line.removeprefix("# ") for line in template.splitlines() if line.startswith("# ")]
    question = "\n".join(commented[commented.index("[[question]]") :])
    file = written(tmp_path, f'instruments = ["satisfaction"]\nwave = "before"\nlink = true\n{question}\n')
    made = Questionnaire.from_file(file)
    assert made.columns == ("link_id", "sat_1", "sat_2", "sat_3", "sat_4", "plan")


def test_a_template_never_replaces_a_file(tmp_path: Path):
    file = written(tmp_path, "mine")
    with pytest.raises(QuestionnaireError, match="exists already"):
        write_questionnaire_file(file)
    assert file.read_text(encoding="utf-8") == "mine"


def test_every_key_arrives(tmp_path: Path):
    made = Questionnaire.from_file(written(tmp_path, WHOLE))
    assert made.languages == ("zh", "en")
    assert made.columns == ("link_id", "customer_now", "visits", *made.matrices[0].columns, "plan")
    visits, plan = made.fields[2], made.fields[3]
    assert isinstance(visits, Entry)
    assert (visits.minimum, visits.maximum) == (0, 99)
    assert isinstance(plan, Choice)
    assert plan.scale.missing_codes == (98,)
    assert made.matrices[0].shown_if is not None
    assert made.seed == 7


def test_an_instrument_file_lies_beside_the_questionnaire_file(tmp_path: Path):
    shipped = Path(__file__).parents[3] / "instruments" / "satisfaction.yaml"
    (tmp_path / "own.yaml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    made = Questionnaire.from_file(written(tmp_path, 'instruments = ["own.yaml"]'))
    assert made.sources[0].id == "satisfaction"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("instruments", "instrument"), "the key 'instrument' is not known. Rename it to 'instruments'"),
        (('["satisfaction"]', '"satisfaction"'), r"survey.toml: instruments: a list is needed"),
        (('"satisfaction"', '"satisfacton"'), "survey.toml: There is no instrument 'satisfacton'"),
        (('order = "items"', 'order = "itms"'), "order: 'itms' is not known"),
        (("link = true", 'link = "yes"'), "link: true or false is needed"),
        (
            ("code = 2, ", "code = 1, "),
            "question.1..answers: at least two answers",
        ),
        (("code = 98", "code = 2"), "question.1..no_answer: its code must be larger"),
        (
            ("minimum = 0", "answers = []"),
            "question.2..answers: a question of the kind 'integer'",
        ),
        (('id = "plan"', 'id = "plan"\nlongest = 3'), "question.1..longest: a question of the kind 'choice'"),
        (('id = "plan"\n', ""), "question.1.: the key 'id' is missing"),
        (('id = "plan"', 'id = "PLAN"'), "survey.toml: .*'PLAN'"),
        (("code = 1, label", "label"), "answers.1.: the key 'code' is missing"),
        (('"customer_now != 3"', '"customer != 3"'), "asks for 'customer', which is not asked before"),
        (("seed = 7", "seed = ="), "not readable as TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: tuple[str, str], message: str, tmp_path: Path):
    assert change[0] in WHOLE
    with pytest.raises(QuestionnaireError, match=message):
        Questionnaire.from_file(written(tmp_path, WHOLE.replace(*change, 1)))


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(QuestionnaireError, match=r"no-such\.toml"):
        Questionnaire.from_file("no-such.toml")
