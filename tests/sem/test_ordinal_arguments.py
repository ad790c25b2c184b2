"""What `fit_sem` is told of ordinal variables, and what it refuses."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError, DataError, DataWarning
from trustmeasure.moments.answers import far_codes
from trustmeasure.sem import fit_sem, ordinal_diagnosis, parse_model, polychoric

MODEL = "f =~ a + b + c + d"
ITEMS = ["a", "b", "c", "d"]


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Return 300 drawn answers in three categories, with age, a group and a weight."""
    rng = np.random.default_rng(5)
    f = rng.normal(size=300)
    cut = {name: np.digitize(0.8 * f + 0.7 * rng.normal(size=300), [-0.5, 0.6]) + 1.0 for name in ITEMS}
    return pd.DataFrame(cut).assign(age=rng.normal(40, 10, size=300), half=np.tile(["x", "y"], 150), w=1.5)


class Scale:
    """Something that knows its ordinal items, as instruments and responses do."""

    ordinal_items = (*ITEMS, "another")


@pytest.mark.parametrize("ordered", [True, ITEMS, tuple(ITEMS), Scale(), [Scale()], ["a", "b", Scale()]])
def test_the_same_variables_however_they_are_said(answers, ordered):
    result = fit_sem(MODEL, answers, ordered=ordered)
    assert result.model.ordered == tuple(ITEMS)
    assert result.estimator == "WLSMV"
    assert result.chisq == pytest.approx(fit_sem(MODEL, answers, ordered=ITEMS).chisq)


def test_ordered_categoricals_count_by_themselves(answers):
    words = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
    frame = answers.assign(
        **{n: answers[n].map({1: "low", 2: "middle", 3: "high"}).astype(words) for n in ITEMS}
    )
    result = fit_sem(MODEL, frame)
    assert result.model.ordered == tuple(ITEMS)
    assert result.chisq == pytest.approx(fit_sem(MODEL, answers, ordered=True).chisq)


def test_enum_columns_of_polars_count_by_themselves(answers):
    polars = pytest.importorskip("polars")
    words = polars.Enum(["low", "middle", "high"])
    named = {n: answers[n].map({1: "low", 2: "middle", 3: "high"}).tolist() for n in ITEMS}
    frame = polars.DataFrame(named, schema=dict.fromkeys(ITEMS, words))
    expected = fit_sem(MODEL, answers, ordered=True)
    for ordered in (None, True, ITEMS):
        result = fit_sem(MODEL, frame, ordered=ordered)
        assert result.model.ordered == tuple(ITEMS)
        assert result.chisq == pytest.approx(expected.chisq)
    found = polychoric(frame, ITEMS)
    assert found.thresholds["below"].tolist()[:2] == [1.0, 2.0]


@pytest.mark.parametrize(("code", "said"), [(99.0, "a = 99"), (-9.0, "a = -9")])
def test_numbers_for_missing_answers_left_in_the_data_are_pointed_out(answers, code, said):
    left_in = answers[ITEMS].copy()
    left_in.loc[:9, "a"] = code
    with pytest.warns(DataWarning, match=f"Codes far from the others count as categories: {said}. If they"):
        result = fit_sem(MODEL, left_in, ordered=True)
    assert any(said in warning for warning in result.warnings)
    assert any(said in note for note in polychoric(left_in).notes)
    assert any(said in note for note in ordinal_diagnosis(left_in).notes)


@pytest.mark.parametrize(
    ("codes", "far"),
    [
        ((1.0, 2.0, 3.0, 4.0, 97.0, 99.0), (97.0, 99.0)),
        ((-99.0, -9.0, 1.0, 2.0, 3.0, 4.0, 5.0), (-99.0, -9.0)),
        ((1.0, 2.0, 3.0, 4.0, 5.0), ()),
        ((-2.0, -1.0, 0.0, 1.0, 2.0), ()),
        ((1.0, 6.0, 7.0, 8.0, 9.0, 10.0), ()),
        ((0.0, 25.0, 50.0, 75.0, 100.0), ()),
        ((-7.0, 0.5, 100.0), ()),
        ((0.0, 1.0), ()),
        ((), ()),
    ],
)
def test_which_codes_are_far(codes, far):
    notes = far_codes(["x"], (codes,))
    assert notes == () if not far else f"x = {', '.join(f'{c:g}' for c in far)}. " in notes[0]


def test_a_negative_residual_variance_of_a_response_has_no_interval():
    rng = np.random.default_rng(3)
    f = rng.normal(size=(150, 1))
    rows = np.hstack([f, 0.4 * f, 0.4 * f]) + rng.normal(size=(150, 3)) * np.array([0.05, 0.9, 0.9])
    data = pd.DataFrame(np.digitize(rows, [-0.7, 0.7]), columns=["a", "b", "c"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = " ".join(fit_sem("f =~ 1.2*a + b + c\nf ~~ 1*f", data, ordered=True).warnings)
    assert "The variance a ~~ a is negative: -0.440 (Heywood case). It is no free parameter" in text


def test_some_variables_only(answers):
    result = fit_sem(MODEL, answers, ordered=["a", "b"])
    assert result.model.ordered == ("a", "b")
    assert result.model.layout.continuous.size == 2


def test_a_parsed_model_says_it_itself(answers):
    model = parse_model(MODEL, ordered=dict.fromkeys(ITEMS, 2), parameterization="theta")
    result = fit_sem(model, answers)
    assert result.estimator == "WLSMV"
    assert result.chisq == pytest.approx(fit_sem(MODEL, answers, ordered=True).chisq)
    with pytest.raises(ArgumentError, match="parsed already"):
        fit_sem(model, answers, ordered=["a"])
    with pytest.raises(ArgumentError, match="parameterization to parse_model"):
        fit_sem(model, answers, parameterization="delta")


def test_codes_do_not_matter_but_their_order(answers):
    coded = answers.replace({1.0: -7.0, 2.0: 0.5, 3.0: 100.0})[ITEMS]
    assert fit_sem(MODEL, coded, ordered=True).chisq == pytest.approx(
        fit_sem(MODEL, answers, ordered=True).chisq, rel=1e-12
    )


@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLM", "GLS", "MLF"])
def test_an_estimator_of_continuous_variables_is_refused(answers, estimator):
    with pytest.raises(ArgumentError, match=f"estimator='{estimator}' takes variables as continuous.*WLSMV"):
        fit_sem(MODEL, answers, ordered=True, estimator=estimator)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ordered": ["q"]}, "'q' is neither in the model nor in the data"),
        ({"ordered": 3}, "ordered is a int"),
        (
            {"ordered": True, "missing": "fiml"},
            "missing='fiml' for ordinal variables. Use missing='pairwise'",
        ),
        ({"ordered": True, "engine": "semopy"}, "engine='semopy' has no ordinal variables"),
        ({"ordered": True, "cluster": "half"}, "Cluster-robust errors are there for continuous variables"),
        ({"ordered": True, "auxiliary": "age"}, "auxiliary goes with missing='fiml'"),
        ({"ordered": True, "estimator": "WLS", "se": "robust.sem"}, "no robust version.*estimator='WLSMV'"),
        ({"ordered": True, "estimator": "WLS", "test": "scaled-shifted"}, "no robust version"),
        ({"ordered": True, "likelihood": "wishart"}, "likelihood='wishart' belongs to ML"),
        ({"ordered": True, "information": "observed"}, "no other information"),
        ({"ordered": True, "parameterization": "gamma"}, "parameterization"),
        ({"parameterization": "theta"}, "parameterization is a choice for ordinal variables"),
        ({"missing": "pairwise"}, "missing='pairwise'"),
    ],
)
def test_what_does_not_go_together_is_refused_by_name(answers, options, message):
    with pytest.raises(ArgumentError, match=message):
        fit_sem(MODEL, answers, **options)


def test_covariances_have_no_categories():
    cov = pd.DataFrame(np.eye(4) + 0.3, index=ITEMS, columns=ITEMS)
    with pytest.raises(ArgumentError, match="need the rows"):
        fit_sem(MODEL, sample_cov=cov, n_obs=100, ordered=True)


def test_what_is_no_answer_scale(answers):
    with pytest.raises(DataError, match="'age' has more than"):
        fit_sem("f =~ a + b + c + age", answers, ordered=True)
    with pytest.raises(DataError, match="'d' has the one answer 2"):
        fit_sem(MODEL, answers.assign(d=2.0), ordered=True)


def test_a_category_that_a_group_does_not_have_is_named(answers):
    frame = answers.copy()
    frame.loc[(frame.half == "y") & (frame.c == 3.0), "c"] = 2.0
    with pytest.raises(DataError, match=r"Group 'y'.*c"):
        fit_sem(MODEL, frame, ordered=True, group="half")


def test_equal_weights_change_nothing(answers):
    plain, weighted = (fit_sem(MODEL, answers, ordered=True, weights=w) for w in (None, "w"))
    np.testing.assert_allclose(weighted.theta, plain.theta, atol=1e-9)
    np.testing.assert_allclose(weighted.theta_cov, plain.theta_cov, atol=1e-9)
