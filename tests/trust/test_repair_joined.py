"""From three questionnaires with participant codes to the model of repair."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import trustmeasure as tm
from trustmeasure.sem import parse_model

USED = ["crisis-repair", "repurchase"]
WAVES = ("before", "right-after", "later")
CUTS = (-1.5, -0.9, -0.3, 0.3, 0.9, 1.5)
TRUTH = {"bef_aft": 0.5, "sev_aft": -0.3, "att_aft": -0.4, "aft_lat": 0.3, "cor_lat": 0.5, "lat_rep": 0.6}
PEOPLE = 500


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    text = tm.trust_model("repair")
    cuts = dict.fromkeys(parse_model(text).observed, CUTS)
    return tm.simulate(text, PEOPLE, seed=7, values=TRUTH, cuts=cuts)


@pytest.fixture(scope="module")
def joined(answers: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> tm.JoinedWaves:
    folder = tmp_path_factory.mktemp("waves")
    key = tm.make_key(folder / "survey.key")
    codes = tm.link_codes([f"C-{i}" for i in range(PEOPLE)], key=key)["link_id"]
    return tm.join_waves({wave: read(wave, answers, codes, folder) for wave in WAVES})


def read(wave: str, answers: pd.DataFrame, codes: pd.Series, folder: Path) -> tm.Responses:
    """Return what comes back of a wave: raw codes, people in an order of their own, some of them missing."""
    asked = tm.Questionnaire.compose(USED, wave=wave, link=True)
    ending = f"_{wave.replace('-', '_')}"
    known = {c: answers[f"{c}{ending}"].astype(int) for c in asked.columns if f"{c}{ending}" in answers}
    if "cri_spd_4" in known:
        known["cri_spd_4"] = 8 - known["cri_spd_4"]
    table = pd.DataFrame({"link_id": codes, **known}).sort_values("link_id", ascending=wave != "later")
    path = folder / f"{wave}.csv"
    table.iloc[: PEOPLE - 20].to_csv(path, index=False)
    return tm.read_responses(path, instruments=USED, require="any")


def test_everybody_is_found_again_with_the_answers_of_each_wave(
    joined: tm.JoinedWaves, answers: pd.DataFrame
):
    assert joined.counts == {"in every wave": PEOPLE - 40, "not in every wave": 40}
    complete = joined.wide.dropna(subset=answers.columns)[list(answers.columns)].astype(int)
    assert len(complete) == PEOPLE - 40
    made = set(map(tuple, answers.astype(int).to_numpy().tolist()))
    assert all(tuple(row) in made for row in complete.to_numpy().tolist())


def test_the_model_of_repair_fits_the_joined_waves(joined: tm.JoinedWaves):
    fit = tm.fit_sem(tm.trust_model("repair"), joined.wide, missing="fiml")
    found = fit.parameters.drop_duplicates("label").set_index("label")
    assert fit.fit_measures["rmsea"] < 0.03
    for label in ("bef_aft", "cor_lat", "lat_rep"):
        assert found.loc[label, "estimate"] > 0.2
    assert found.loc["att_aft", "estimate"] < -0.15
    assert found.loc["ind_cor_lat_rep", "p_value"] < 0.001
    assert (fit.parameters.query("op == '=~'")["estimate"] > 0.5).all()


def test_trust_means_the_same_in_each_wave(joined: tm.JoinedWaves):
    items = " + ".join(item.id for item in tm.load_instrument("crisis-repair").items_of("company_trust"))
    found = tm.longitudinal_invariance(
        f"trust =~ {items}", joined.wide, waves=joined.patterns, missing="fiml"
    )
    assert found.frame.set_index("step").loc["scalar", "p_value"] > 0.01
