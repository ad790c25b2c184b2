"""Sampling weights and clusters: what must hold besides lavaan's numbers, and what is refused."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure.columns
from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError, DataError, DataWarning
from trustmeasure.sem import bootstrap, compare, fit_sem
from trustmeasure.sem.result import SemResult


def data() -> pd.DataFrame:
    """Return Holzinger and Swineford with weights, 43 clusters of 7 rows, and no meaning in either."""
    row = np.arange(301)
    return holzinger().reset_index(drop=True).assign(w=0.5 + row * 7 % 13 / 4, cl=row // 7)


def quiet(frame: pd.DataFrame | None = None, *, estimator: str = "MLR", **options: Any) -> SemResult:
    """Fit the three factors without telling warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return fit_sem(HS_MODEL, data() if frame is None else frame, estimator=estimator, **options)


def same(a: SemResult, b: SemResult, rtol: float = 1e-6) -> None:
    """Hold parameters, errors and measures of two fits against each other."""
    np.testing.assert_allclose(a.parameters.estimate, b.parameters.estimate, rtol=rtol, atol=1e-9)
    np.testing.assert_allclose(a.parameters.se, b.parameters.se, rtol=rtol, atol=1e-9)
    np.testing.assert_allclose(a.fit_measures, b.fit_measures[a.fit_measures.index], rtol=rtol, atol=1e-7)


# ---- weights


def test_equal_weights_change_nothing() -> None:
    same(quiet(data().assign(w=3.7), weights="w"), quiet())


def test_the_unit_of_weights_does_not_matter() -> None:
    same(quiet(data().assign(w=lambda d: 1e-4 * d.w), weights="w"), quiet(weights="w"))


def test_whole_weights_give_the_estimates_of_repeated_rows() -> None:
    frame = data().assign(w=lambda d: 1 + d.index % 3)
    repeated = frame.loc[frame.index.repeat(frame.w)]
    ours = quiet(frame, weights="w").parameters
    np.testing.assert_allclose(ours.estimate, quiet(repeated).parameters.estimate, rtol=1e-6, atol=1e-9)


def test_a_weight_of_zero_leaves_the_row_out_and_is_told() -> None:
    frame = data()
    frame.loc[:9, "w"] = 0.0
    same(quiet(frame, weights="w"), quiet(frame.iloc[10:], weights="w"))
    with pytest.warns(DataWarning, match="10 rows have weight zero"):
        fit_sem(HS_MODEL, frame, estimator="MLR", weights="w")


def test_effective_sample_size_is_in_result_and_summary() -> None:
    fit, w = quiet(weights="w"), data().w
    assert fit.n_effective == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=1e-12)
    assert f"effective sample size {fit.n_effective:.3f} (Kish 1965)" in str(fit.summary())
    assert fit.n_obs == 301
    assert quiet().n_effective == 301
    groups = quiet(weights="w", group="school")
    assert groups.n_effective == pytest.approx(fit.n_effective, rel=1e-12)
    assert sum(g.size for g in groups.groups) == pytest.approx(301, rel=1e-12)
    assert groups.groups[0].size != groups.groups[0].n_obs


@pytest.mark.parametrize(("option", "what"), [("weights", "w"), ("cluster", "cl")])
def test_ml_becomes_mlr_and_says_so(option: str, what: str) -> None:
    with pytest.warns(DataWarning, match="those of estimator='MLR'"):
        fit = fit_sem(HS_MODEL, data().assign(cl=lambda d: d.index // 5), **{option: what})
    assert fit.estimator == "MLR"
    plain, robust = quiet(estimator="ML", **{option: what}), quiet(**{option: what})
    same(plain, robust, rtol=1e-12)


BAD_WEIGHTS = {
    "negative": (-1.0, r"negative in 1 rows, first -1 in row 4"),
    "missing": (np.nan, r"missing or infinite in 1 rows, first in row 4"),
    "infinite": (np.inf, r"missing or infinite in 1 rows, first in row 4"),
    "text": ("many", r"holds 'many' in row 4"),
}


@pytest.mark.parametrize("case", BAD_WEIGHTS)
def test_bad_weights(case: str) -> None:
    value, message = BAD_WEIGHTS[case]
    frame = data().astype({"w": object})
    frame.loc[3, "w"] = value
    with pytest.raises(DataError, match=message):
        fit_sem(HS_MODEL, frame, weights="w")


def test_weights_that_are_no_column_or_all_zero() -> None:
    with pytest.raises(DataError, match="weights column 'weigth' is not a column"):
        fit_sem(HS_MODEL, data(), weights="weigth")
    with pytest.raises(DataError, match="zero in all rows"):
        fit_sem(HS_MODEL, data().assign(w=0), weights="w")


# ---- clusters


def test_clusters_of_two_copies_give_the_errors_of_single_rows() -> None:
    frame = data()
    twice = pd.concat([frame, frame.sample(frac=1, random_state=1)]).assign(cl=lambda d: d.index)
    ours, single = quiet(twice, cluster="cl"), quiet(meanstructure=True)
    correction = np.sqrt(301 / 300)
    np.testing.assert_allclose(ours.parameters.se, single.parameters.se * correction, rtol=1e-6)
    f, g = ours.fit_measures, single.fit_measures
    assert f["chisq_scaled"] == pytest.approx(g["chisq_scaled"] / correction**2, rel=1e-6)


def test_clusters_of_one_row_are_rows() -> None:
    ours, rows = quiet(data().assign(cl=range(301)), cluster="cl"), quiet(meanstructure=True)
    np.testing.assert_allclose(ours.parameters.se, rows.parameters.se * np.sqrt(301 / 300), rtol=1e-6)
    assert any("only one row" in w for w in ours.warnings)


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("group", [None, "school"])
def test_order_of_rows_does_not_matter(weights: str | None, group: str | None) -> None:
    options = {"cluster": "cl", "weights": weights, "group": group}
    mixed = data().sample(frac=1, random_state=4)
    if group is not None:
        mixed = mixed.sort_values(group, ascending=False, kind="stable")
    same(quiet(mixed, **options), quiet(**options), rtol=1e-5)


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
@pytest.mark.parametrize("model", [HS_MODEL, HS_MODEL + "\nvisual + textual ~ ageyr + sex"])
def test_small_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, estimator: str, model: str) -> None:
    options: list[dict[str, Any]] = [{}, {"cluster": "cl"}, {"cluster": "big"}]
    options += [{"weights": "w"}, {"weights": "w", "cluster": "big"}] if estimator == "MLR" else []
    frame = data().assign(big=lambda d: d.index // 140)

    def fits() -> list[SemResult]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)
            return [fit_sem(model, frame, estimator=estimator, **o) for o in options]

    whole = fits()
    monkeypatch.setattr(trustmeasure.columns, "CELLS", 200)
    monkeypatch.setattr(trustmeasure.columns, "FEWEST", 20)
    for a, b in zip(whole, fits(), strict=True):
        same(a, b, rtol=1e-7)


def test_number_of_clusters_is_in_result_and_summary() -> None:
    fit = quiet(cluster="cl")
    assert fit.n_clusters == 43
    assert "43 clusters: standard errors and tests are cluster-robust" in str(fit.summary())
    assert fit.model.meanstructure
    groups = quiet(cluster="cl", group="school")
    # The cluster of rows 154 to 160 has rows of both schools, and counts in each.
    assert groups.n_clusters == 44
    assert quiet().n_clusters is None


def test_few_clusters_are_told() -> None:
    with pytest.warns(DataWarning, match="Only 43 clusters"):
        fit_sem(HS_MODEL, data(), estimator="MLR", cluster="cl")
    assert any(
        "not more clusters (2) than free parameters (30)" in w for w in quiet(cluster="school").warnings
    )


def test_bad_clusters() -> None:
    frame = data().astype({"cl": float})
    frame.loc[3, "cl"] = np.nan
    with pytest.raises(DataError, match=r"cluster variable 'cl' is missing in 1 rows, first in row 4"):
        fit_sem(HS_MODEL, frame, cluster="cl")
    with pytest.raises(DataError, match="in one cluster"):
        fit_sem(HS_MODEL, data().assign(cl=1), cluster="cl")
    with pytest.raises(DataError, match=r"Group 'Pasteur': All complete rows are in one cluster"):
        fit_sem(HS_MODEL, data(), cluster="school", group="school")
    with pytest.raises(DataError, match="Did you mean 'cl'"):
        fit_sem(HS_MODEL, data(), cluster="cll")


# ---- what is refused


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "weights-mlm": ({"weights": "w", "estimator": "MLM"}, "weights with estimator='MLM'"),
    "weights-fiml": ({"weights": "w", "missing": "fiml"}, "weights with missing='fiml'"),
    "cluster-fiml": ({"cluster": "cl", "missing": "fiml"}, "cluster with missing='fiml'"),
    "semopy": ({"cluster": "cl", "weights": "w", "engine": "semopy"}, "does not support weights and cluster"),
    "no-means": ({"cluster": "cl", "meanstructure": False}, "cluster models the means"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_by_name(case: str) -> None:
    options, message = REFUSED[case]
    with pytest.raises(ArgumentError, match=message):
        fit_sem(HS_MODEL, data(), **options)


def test_published_covariances_have_no_rows_to_weigh() -> None:
    cov = holzinger()[[f"x{i}" for i in range(1, 10)]].cov()
    with pytest.raises(ArgumentError, match="sample_cov has no rows"):
        fit_sem(HS_MODEL, sample_cov=cov, n_obs=301, weights="w")


def test_the_bootstrap_respects_the_design() -> None:
    with pytest.raises(ArgumentError, match="does not bootstrap"):
        bootstrap(quiet(weights="w"), data(), n=2, seed=1)
    fit = quiet(cluster="cl")
    with pytest.raises(ArgumentError, match="whole clusters must be drawn"):
        bootstrap(fit, data(), n=2, seed=1)
    with pytest.raises(ArgumentError, match="whole clusters must be drawn"):
        bootstrap(fit, kind="parametric", n=2, seed=1)
    assert bootstrap(fit, data(), n=3, seed=1, cluster="cl").theta.shape[0] == 3


def test_fits_of_other_designs_are_not_compared() -> None:
    restricted = HS_MODEL + "\nvisual ~~ 0*speed"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        clustered = fit_sem(restricted, data(), estimator="MLR", cluster="cl")
    with pytest.raises(ArgumentError, match="weights or clusters differ"):
        compare(quiet(meanstructure=True), clustered)
    table = compare(quiet(cluster="cl"), clustered).to_frame()
    assert np.isfinite(table.select_dtypes("number").iloc[-1]).any()
