"""The simulated survey: reproducible, documented, and with the properties that its codebook states."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import load_instrument
from trustmeasure.responses import list_samples, load_sample, read_responses

FOLDER = Path(__file__).resolve().parents[2] / "data" / "samples"
AGAIN = "the files differ from what the script makes: run python data/samples/make_trust_survey.py"
INSTRUMENTS = (
    "cognitive-trust",
    "affective-trust",
    "structural-trust",
    "satisfaction",
    "loyalty",
    "repurchase",
    "recommendation",
)
OUTCOMES = ("loyalty", "repurchase_intention", "recommendation")


@pytest.fixture(scope="module")
def make():
    sys.path.insert(0, str(FOLDER))
    try:
        yield importlib.import_module("make_trust_survey")
    finally:
        sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def survey(make):
    return make.population.simulate()


@pytest.fixture(scope="module")
def responses():
    return load_sample("trust-survey")


def committed(name: str) -> str:
    return (FOLDER / name).read_bytes().decode("utf-8")


def test_the_script_makes_the_committed_answers(make, survey):
    assert make.csv_text(make.survey_frame(survey)) == committed("trust-survey.csv"), AGAIN


def test_the_script_makes_the_committed_codebook(make, survey):
    frame = make.codebook.codebook_frame(survey)
    assert make.csv_text(frame) == committed("trust-survey-codebook.csv"), AGAIN
    assert make.codebook.codebook_markdown(survey) == committed("trust-survey-codebook.md"), AGAIN


def test_another_seed_makes_other_answers(make, survey):
    assert (make.population.simulate(1).codes != survey.codes).mean() > 0.5


def test_the_script_writes_the_same_sav_twice(make, survey, tmp_path):
    frame = make.survey_frame(survey)
    for name in ("a.sav", "b.sav"):
        make.write_sav(frame, tmp_path / name)
    assert (tmp_path / "a.sav").read_bytes() == (tmp_path / "b.sav").read_bytes()


def test_csv_and_sav_read_to_the_same_responses(responses):
    spss = read_responses(FOLDER / "trust-survey.sav")
    for part in ("data", "raw", "dropped", "mapping", "excluded"):
        pd.testing.assert_frame_equal(getattr(responses, part), getattr(spss, part))
    assert spss.simulated
    assert (spss.notes, spss.instruments, spss.id_column) == (
        responses.notes,
        responses.instruments,
        responses.id_column,
    )


def test_sav_holds_labels_and_user_missing_values():
    _, meta = pyreadstat.read_sav(str(FOLDER / "trust-survey.sav"), user_missing=True)
    label = meta.column_names_to_labels["cog_rel_1"]
    item = load_instrument("cognitive-trust").item("cog_rel_1")
    assert label.split(" | ")[0] == load_instrument("cognitive-trust").fill(item.text, "en"), AGAIN
    assert meta.variable_value_labels["sat_1"][7.0] == "Strongly agree | 非常同意"
    assert meta.missing_ranges["rec_nps"] == [{"lo": 97.0, "hi": 99.0}]
    assert "Simulated" in meta.file_label
    assert any("Simulated" in note for note in meta.notes)
    assert all(meta.column_names_to_labels.values())


def test_simulated_is_said_everywhere(responses):
    assert responses.simulated
    assert (responses.data["data_origin"] == "simulated").all()
    assert responses.respondents.str.startswith("sim-").all()
    assert "Simulated" in str(responses.summary())
    assert "**These data are simulated.**" in committed("trust-survey-codebook.md")
    assert read_responses(FOLDER / "trust-survey.csv").simulated


def test_shape(responses):
    assert responses.n_rows == 1200
    assert responses.data["sector"].value_counts().to_dict() == {
        "manufacturing": 400,
        "finance": 400,
        "e-commerce": 400,
    }
    assert responses.data["language"].value_counts().to_dict() == {"zh": 660, "en": 540}
    assert set(responses.data["repurchase_90d"]) == {0, 1}
    assert len(responses.item_ids) == 49
    assert tuple(instrument.id for instrument in responses.instruments) == INSTRUMENTS


def test_the_population_has_the_items_of_the_instruments(make, responses):
    shipped = {item.id: item for instrument in responses.instruments for item in instrument.items}
    population = make.population
    assert {item for part in population.LOADINGS.values() for item in part} == set(shipped)
    assert {id for id, item in shipped.items() if item.reverse} == set(population.REVERSED)
    for construct in population.BLOCKS:
        assert set(responses.items(construct)) <= set(population.block_items(construct))


def test_missing_answers(responses):
    missing = responses.items().isna()
    assert 0.035 < missing.to_numpy().mean() < 0.045
    assert 0.60 < responses.complete.mean() < 0.75
    reasons = responses.missing().set_index("reason")["answers"]
    assert set(reasons.index) == {"empty", "not-applicable", "dont-know", "no-answer"}
    assert (reasons > 200).all()


def test_missing_answers_depend_on_satisfaction_after_it_only(responses):
    scores = responses.scores()["satisfaction"]
    low, high = scores < scores.quantile(0.25), scores > scores.quantile(0.75)
    after = responses.items()[[item for c in OUTCOMES for item in responses.items(c)]].isna().mean(axis=1)
    before = responses.items("cognitive_trust").isna().mean(axis=1)
    assert after[low].mean() > 2 * after[high].mean()
    assert before[low].mean() < 1.5 * before[high].mean()


def test_careless_respondents_are_planted_and_not_marked(make, survey, responses):
    population = make.population
    assert survey.straightliner.sum() == population.STRAIGHTLINERS
    assert survey.random.sum() == population.RANDOM_RESPONDENTS
    assert not (survey.straightliner & survey.random).any()
    raw = responses.raw[list(responses.item_ids)]
    answers = raw.where(raw < 97)
    same = answers.max(axis=1) == answers.min(axis=1)
    np.testing.assert_array_equal(same.to_numpy(), survey.straightliner)
    others = responses.raw.drop(columns=list(responses.item_ids))
    assert list(others) == ["respondent_id", "data_origin", "language", "sector", "repurchase_90d"]


def test_answers_lean_to_agreement_and_use_the_whole_scale(responses):
    items = responses.items()
    assert (items.skew() < -0.4).all()
    assert items.drop(columns="rec_nps").mean().between(4.5, 5.8).all()
    assert (items.nunique() >= 7).all()


def test_paths_are_recovered_from_the_latent_values(make, survey):
    for outcome, causes in make.population.PATHS.items():
        design = np.column_stack([np.ones(1200), *(survey.latent[cause] for cause in causes)])
        found = np.linalg.lstsq(design, survey.latent[outcome], rcond=None)[0][1:]
        np.testing.assert_allclose(found, list(causes.values()), atol=0.09)


def test_the_implied_correlations_follow_from_the_paths(make):
    known = make.population.correlations()
    assert known["satisfaction", "cognitive_trust"] == pytest.approx(0.35 + 0.25 * 0.55 + 0.15 * 0.60)
    assert all(0 < left < 1 for left in make.population.residual_variances().values())


def test_answers_show_their_constructs(survey, responses):
    scores = responses.scores()[~(survey.straightliner | survey.random)]
    for construct in scores.columns.intersection(list(survey.latent)):
        latent = pd.Series(survey.latent[construct]).loc[scores.index]
        assert scores[construct].corr(latent) > 0.80, construct
    turned = responses.items("reliability").corr()["cog_rel_4"].drop("cog_rel_4")
    assert (turned > 0.3).all()


def test_repurchase_depends_on_intention(responses):
    intention = responses.scores()["repurchase_intention"]
    bought = responses.data["repurchase_90d"]
    low, high = intention < intention.quantile(1 / 3), intention > intention.quantile(2 / 3)
    assert bought[high].mean() - bought[low].mean() > 0.25


def test_sectors_differ_moderately(responses):
    means = responses.scores().groupby(responses.data["sector"]).mean()
    assert means["structural_trust"].idxmax() == "finance"
    assert means["affective_trust"].idxmin() == "finance"
    assert 0.15 < np.ptp(means["cognitive_trust"].to_numpy()) < 0.6


def test_the_files_are_small():
    sizes = [path.stat().st_size for path in FOLDER.glob("trust-survey*")]
    assert len(sizes) == 5
    assert max(sizes) < 200_000


def test_samples_are_found_by_name():
    assert list_samples() == ("trust-survey",)
    with pytest.raises(ResponseError, match="Did you mean 'trust-survey'"):
        load_sample("trust-servey")
