"""Harman, full collinearity, marker and desirability correlations against R (method_bias/partial.R)."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from tests.hostile import FRAMES, likert
from tests.validity.common_method.reference_data import ALL, CONSTRUCTS, MARKED, WISHED, survey, values
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.responses import load_sample
from trustmeasure.validity import (
    full_collinearity_vif,
    harman,
    marker_correlation,
    method_bias,
    social_desirability,
)

FOUND = values("partial")
ITEMS = [item for items in CONSTRUCTS.values() for item in items]


def near(value, wanted, tolerance=1e-9):
    assert value == pytest.approx(wanted, rel=tolerance, abs=tolerance)


def pairs_of(frame):
    return {"-".join(sorted(row[:2])): row for row in frame.itertuples(index=False)}


def test_harman_against_psych_and_lavaan():
    wanted, found = FOUND["harman"], harman(survey(), CONSTRUCTS)
    near(found.share, wanted["share"], 1e-8)
    near(found.share_component, wanted["share_component"])
    np.testing.assert_allclose(found.eigenvalues, wanted["eigenvalues"], rtol=1e-9)
    for row in found.loadings.itertuples():
        near(row.loading, wanted["loadings"][row.item], 1e-7)
    for row in found.models.to_dict("records"):
        for measure, value in wanted[row["model"].replace(" ", "_")].items():
            near(row[measure], value, 1e-7)
    assert found.n_eigenvalues == sum(np.array(wanted["eigenvalues"]) > 1)
    assert "Weak evidence" in str(found.summary())


def test_harman_of_a_plain_frame_and_of_responses():
    alone = harman(survey()[ITEMS])
    near(alone.share, FOUND["harman"]["share"], 1e-8)
    assert alone.models["model"].tolist() == ["one factor"]
    responses = harman(load_sample("trust-survey"), cfa=False)
    assert responses.n_items > 40
    assert responses.models.empty
    gaps = likert(items=4).mask(np.random.default_rng(1).random((120, 4)) < 0.1)
    assert harman(gaps).models["chisq"].notna().all()
    np.testing.assert_allclose((alone.loadings["component"] ** 2).mean(), alone.share_component)


def test_collinearity_of_scores_and_of_factors():
    for on in ("scores", "latent"):
        table = full_collinearity_vif(survey(), CONSTRUCTS, on=on).set_index("construct")
        for name, wanted in FOUND["vif"][on].items():
            near(table.loc[name, "vif"], wanted, 1e-9 if on == "scores" else 1e-7)
        np.testing.assert_allclose(table["r_squared"], 1 - 1 / table["vif"])


def test_constructs_that_others_determine_or_that_do_not_vary():
    rng = np.random.default_rng(3)
    scores = pd.DataFrame(rng.normal(size=(50, 2)), columns=["a", "b"])
    table = full_collinearity_vif(scores.assign(c=scores["a"] + scores["b"], d=1.0)).set_index("construct")
    assert table["vif"].isna().all()
    assert table.loc["a", "note"] == "The others determine it."
    assert table.loc["d", "note"] == "It does not vary."
    with pytest.raises(ArgumentError, match="at least 2"):
        full_collinearity_vif(scores[["a"]])
    with pytest.raises(DataError, match="more rows than"):
        full_collinearity_vif(scores.iloc[:2])
    with pytest.raises(ArgumentError, match="belong to on='latent'"):
        full_collinearity_vif(scores, estimator="MLR")


def test_the_marker_correlation_of_lindell_and_whitney():
    found = marker_correlation(survey(), MARKED, marker="m")
    near(found.r_method, FOUND["marker"]["r_method"])
    rows = pairs_of(found.table)
    for pair, wanted in FOUND["marker"]["pairs"].items():
        for name, value in wanted.items():
            near(getattr(rows[pair], name), value)
    assert found.n_obs == 400
    assert len(found.with_method) == 3


def test_sensitivity_to_larger_marker_correlations():
    found = marker_correlation(survey(), MARKED, marker="m")
    row = found.sensitivity.iloc[-1]
    upper = np.tanh(np.arctanh(found.r_method) + norm.ppf(0.995) / np.sqrt(397))
    near(row["r_method"], upper)
    own = pairs_of(found.table)["-".join(sorted([row["construct_1"], row["construct_2"]]))]
    near(row["adjusted"], (own.r - upper) / (1 - upper))
    assert found.sensitivity["level"].unique().tolist() == [0.75, 0.9, 0.95, 0.99]


def test_without_a_marker_the_smallest_correlation_stands_for_it():
    corr = np.array([[1, 0.1, 0.4], [0.1, 1, 0.5], [0.4, 0.5, 1]])
    root = np.linalg.cholesky(corr)
    rows = np.random.default_rng(1).normal(size=(100, 3))
    rows -= rows.mean(axis=0)
    exact = rows @ np.linalg.inv(np.linalg.cholesky(rows.T @ rows)).T @ root.T
    frame = pd.DataFrame(exact, columns=list("xyz"))
    first, second = (marker_correlation(frame, rank=k) for k in (1, 2))
    near(first.r_method, 0.1)
    near(second.r_method, 0.4)
    near(first.table["adjusted"].iloc[1], (0.4 - 0.1) / 0.9)
    assert "after the data were seen" in first.notes[0]
    assert second.table["changed"].iloc[0]  # the correlation of .1 turns to -.5
    with pytest.raises(ArgumentError, match="rank"):
        marker_correlation(frame, rank=3)


def test_a_marker_that_correlates_negatively_changes_nothing():
    rng = np.random.default_rng(1)
    own = rng.normal(size=(200, 1))
    frame = pd.DataFrame(np.hstack([own + rng.normal(size=(200, 2)), -own]), columns=["a", "b", "m"])
    found = marker_correlation(frame, marker="m")
    assert found.r_method == 0.0
    np.testing.assert_allclose(found.table["change"], 0.0)
    assert "nothing changes" in found.notes[0]


def test_social_desirability_is_partialled_out():
    found = social_desirability(survey(), WISHED, scale="d")
    rows = pairs_of(found.table)
    for pair, wanted in FOUND["desirability"]["pairs"].items():
        for name, value in wanted.items():
            near(getattr(rows[pair], name), value)
    for row in found.with_method.itertuples():
        near(row.r, FOUND["desirability"]["with"][row.construct])
    with pytest.raises(ArgumentError, match="Did you mean 'd'"):
        social_desirability(survey(), WISHED, scale="D")


def test_all_of_it_together():
    found = method_bias(survey(), ALL, marker="m", desirability="d", remedies=["anonymous answers"])
    assert found.notes == ()
    near(found.harman.share, FOUND["harman"]["share"], 1e-8)
    near(found.vif.set_index("construct").loc["a", "vif"], FOUND["vif"]["scores"]["a"])
    near(found.marker.steps["chisq"].iloc[0], values("sequences")["marker"]["steps"]["CFA"]["chisq"], 1e-6)
    near(found.marker_correlations.r_method, FOUND["marker"]["r_method"])
    assert set(found.overview["technique"]) >= {"Harman", "marker (CFA)", "social desirability"}
    text = str(found.summary())
    assert "Remedies in the design: anonymous answers." in text
    assert "cannot remove common method bias" in text


def test_what_cannot_be_computed_is_a_note():
    found = method_bias(likert(items=3), {"x": ["a"], "y": ["b"], "z": ["c"]}, marker="z")
    assert found.harman is not None
    assert found.marker is None
    assert any("has one item" in note for note in found.notes)


@pytest.mark.parametrize("name", FRAMES)
def test_frames_that_real_surveys_contain(name):
    frame = FRAMES[name]()
    constructs = {"x": ["a", "b"], "y": ["c", "d"], "z": ["e", "f"]}
    known = {key: [i for i in items if i in frame] for key, items in constructs.items()}
    known = {key: items for key, items in known.items() if items}
    for function in (
        lambda: harman(frame, cfa=False),
        lambda: full_collinearity_vif(frame),
        lambda: full_collinearity_vif(frame, known, on="latent"),
        lambda: marker_correlation(frame),
        lambda: social_desirability(frame, scale="b"),
        lambda: method_bias(frame, known, marker="z", desirability="y"),
    ):
        try:
            found = function()
        except TrustMeasureError as problem:
            assert len(str(problem)) > 20  # noqa: PT017 - the message is what is looked at
        else:
            assert str(found)
