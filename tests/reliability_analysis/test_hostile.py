"""Every function answers frames of real surveys, or says in words what is wrong."""

import warnings
from functools import cache

import numpy as np
import pytest

import trustmeasure as tm
from tests.hostile import FRAMES
from trustmeasure.errors import TrustMeasureError, TrustMeasureWarning

DRAWN = {"interval": "bca", "n_bootstrap": 30, "seed": 1}
FUNCTIONS = {
    "alpha": tm.cronbach_alpha,
    "alpha adf": lambda f: tm.cronbach_alpha(f, interval="adf"),
    "alpha bonett": lambda f: tm.cronbach_alpha(f, interval="bonett", missing="listwise"),
    "alpha bca": lambda f: tm.cronbach_alpha(f, **DRAWN),
    "lambdas": tm.guttman_lambdas,
    "lambdas bca": lambda f: tm.guttman_lambdas(f, standardized=True, **DRAWN),
    "glb": tm.greatest_lower_bound,
    "glb bca": lambda f: tm.greatest_lower_bound(f, missing="listwise", **DRAWN),
    "split half": tm.split_half,
    "split half bca": lambda f: tm.split_half(f, standardized=True, **DRAWN),
    "omega": tm.omega_total,
    "omega hierarchical": lambda f: tm.omega_hierarchical(f, 2, n_bootstrap=5, seed=1, progress=False),
    "error": tm.measurement_error,
    "error omega": lambda f: tm.measurement_error(f, coefficient="omega"),
    "table": lambda f: tm.reliability({"scale": f}, also="all"),
    "table bca": lambda f: tm.reliability({"scale": f}, also="all", **DRAWN),
    "icc": tm.intraclass_correlation,
    "bland altman": lambda f: tm.bland_altman(f.iloc[:, 1:3]),
    "bland altman near": lambda f: tm.bland_altman(f.iloc[:, :2], interval="approximate"),
    "kappa": lambda f: tm.cohen_kappa(f.iloc[:, 1:3]),
    "kappa weighted": lambda f: tm.cohen_kappa(f.iloc[:, :2], weights="quadratic"),
    "fleiss": tm.fleiss_kappa,
    "fleiss counts": lambda f: tm.fleiss_kappa(f, counts=True),
    "krippendorff": lambda f: tm.krippendorff_alpha(f, level="ordinal", n_bootstrap=20, seed=1),
    "krippendorff interval": lambda f: tm.krippendorff_alpha(f, level="interval", n_bootstrap=20, seed=1),
    "bifactor": tm.bifactor_indices,
    "compare": lambda f: tm.compare_alphas({"all": f, "some": f.iloc[:, :3]}),
    "compare paired": lambda f: tm.compare_alphas({"all": f, "some": f.iloc[:, 2:]}, paired=True),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("frame", FRAMES)
def test_answers_or_says_why_not(frame, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", TrustMeasureWarning)
        found = answer(FUNCTIONS[name], FRAMES[frame]())
    if isinstance(found, TrustMeasureError):
        assert len(str(found)) > 20
        return
    assert str(found)
    shown = found if hasattr(found, "columns") else found.to_frame()
    assert not np.isinf(shown.select_dtypes("number").drop(columns=["f"], errors="ignore")).any(axis=None)


def answer(function, frame):
    try:
        return function(frame)
    except TrustMeasureError as problem:
        return problem


MODELS = {
    "two": "f =~ a + b + c\ng =~ d + e + k",
    "pairs": "f =~ a + b\ng =~ c + d\nh =~ e + k",
    "second order": "f =~ a + b + c\ng =~ d + e + k\nt =~ f + 1*g",
    "second order of pairs": "f =~ a + b\ng =~ c + d\nh =~ e + k\nt =~ f + g + h",
    "bifactor": "g =~ a + b + c + d + e + k\ns =~ a + b + c\ng ~~ 0*s",
}
OF_FITS = {
    "composite": tm.composite_reliability,
    "composite of the sample": lambda fit: tm.composite_reliability(fit, variance="sample"),
    "higher order": tm.higher_order_reliability,
    "bifactor": tm.bifactor_indices,
}


@cache
def fitted(frame, model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return answer(lambda f: tm.fit_sem(MODELS[model], f.rename(columns={"f": "k"})), FRAMES[frame]())


@pytest.mark.parametrize("name", OF_FITS)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("frame", ["ten_rows", "negative", "scattered_gaps", "huge"])
def test_improper_fits_have_numbers_or_notes(frame, model, name):
    fit = fitted(frame, model)
    if isinstance(fit, TrustMeasureError):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = answer(OF_FITS[name], fit)
    if isinstance(found, TrustMeasureError):
        assert len(str(found)) > 20
        return
    assert str(found)
    numbers = found.frame.select_dtypes("number")
    assert not np.isinf(numbers).any(axis=None)
    estimates = numbers[[c for c in numbers if not c.endswith(("_upper", "_lower"))]]
    assert found.notes or (estimates.notna() & (estimates >= 0)).all(axis=None)


def test_a_negative_variance_of_a_factor_leaves_its_coefficients_out():
    fit = fitted("ten_rows", "two")
    found = tm.composite_reliability(fit)
    numbers = found.frame.set_index("factor").drop(columns=["group", "n_items"])
    assert numbers.loc["f"].notna().all()
    assert numbers.loc["g"].isna().all()
    assert any(note.startswith("No coefficients of g") for note in found.notes)
    alone = tm.composite_reliability(fit, ["f"]).frame.set_index("factor").drop(columns=["group", "n_items"])
    np.testing.assert_allclose(alone.loc["f"].astype(float), numbers.loc["f"].astype(float), rtol=1e-12)
