"""Factor scores: against lavaan's lavPredict by name, and against what theory says of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.reference.sem.cases import FILES, fitted, frame_of, read
from tests.sem.data import HS_MODEL, democracy, holzinger
from trustmeasure.errors import ArgumentError, DataError

CASES = tuple(c for c in FILES if "methods" in read(c))
TESTS = [f"x{i}" for i in range(1, 10)]
SECOND = HS_MODEL + "\ng =~ visual + textual + speed"


def given(case: str) -> pd.DataFrame:
    """Return the rows that were scored."""
    frame = frame_of(case).copy()
    if read(case)["new"] == "reversed":
        frame[TESTS] = 10 - frame[TESTS]
    return frame


def stored(case: str, method: str, what: str) -> list[pd.DataFrame]:
    """Return a stored table of each group, indexed by the number of the row from 1."""
    tables = (group[what] for group in read(case)["methods"][method].values())
    return [pd.DataFrame(t["rows"], columns=t["columns"]).set_index("row") for t in tables]


def scored(case: str, method: str) -> tm.FactorScores:
    """Return our scores of what lavaan scored by this method."""
    names = list(stored(case, method, "scores")[0].columns)
    group = read(case)["options"].get("group")
    return tm.factor_scores(fitted(case), given(case), method=method, latent=names, se=True, group=group)


@pytest.mark.parametrize("method", ["regression", "Bartlett"])
@pytest.mark.parametrize("case", CASES)
def test_scores(case: str, method: str) -> None:
    ours = scored(case, method).frame
    for theirs in stored(case, method, "scores"):
        np.testing.assert_allclose(ours.iloc[theirs.index - 1], theirs, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("method", ["regression", "Bartlett"])
@pytest.mark.parametrize("case", CASES)
def test_standard_errors(case: str, method: str) -> None:
    errors = scored(case, method).errors
    assert errors is not None
    rows = [t.index for t in stored(case, method, "scores")]
    for theirs, at in zip(stored(case, method, "se"), rows, strict=True):
        ours = errors.iloc[(at if len(theirs) > 1 else at[:1]) - 1]
        # lavaan takes the root of a zero that rounding made negative; the error is 0.
        np.testing.assert_allclose(ours, theirs.astype(float).fillna(0.0), rtol=1e-7, atol=1e-6)


def test_reliability_is_the_squared_correlation_with_the_latent_variable() -> None:
    """In a large sample from the model, whose latent variables are known."""
    rng = np.random.default_rng(3)
    n, loadings = 100_000, np.array([1.0, 0.8, 0.6])
    factors = rng.multivariate_normal([0, 0], [[1.0, 0.5], [0.5, 1.0]], n)
    answers = [factors[:, k : k + 1] * loadings + rng.normal(size=(n, 3)) for k in (0, 1)]
    data = pd.DataFrame(np.hstack(answers), columns=list("abcdef"))
    fit = tm.fit_sem("g1 =~ a + b + c\ng2 =~ d + e + f", data)
    for method in ("regression", "Bartlett"):
        found = tm.factor_scores(fit, data, method=method, se=True)
        seen = [
            np.corrcoef(found.frame[name], factors[:, k])[0, 1] ** 2 for k, name in enumerate(found.frame)
        ]
        np.testing.assert_allclose(found.reliability.reliability, seen, atol=0.01)
        np.testing.assert_allclose(found.reliability.determinacy**2, found.reliability.reliability)
        away = (found.frame.to_numpy() - factors).std(axis=0)
        assert found.errors is not None
        np.testing.assert_allclose(found.errors.iloc[0], away, atol=0.02)


def test_the_index_is_kept_and_rows_without_answers_have_no_score() -> None:
    data = holzinger()[TESTS].astype(float).set_index(pd.Index([f"p{i}" for i in range(301)]))
    fit = tm.fit_sem(HS_MODEL, data, missing="fiml")
    data.iloc[3] = np.nan
    data.iloc[5, :3] = np.nan
    scores = tm.factor_scores(fit, data, se=True)
    assert list(scores.frame.index) == list(data.index)
    assert scores.frame.loc["p3"].isna().all()
    assert scores.frame.loc["p5"].notna().all()
    assert scores.errors is not None
    assert scores.errors.loc["p5", "visual"] > scores.errors.loc["p0", "visual"]
    bartlett = tm.factor_scores(fit, data, method="Bartlett").frame
    assert bartlett.loc["p5"].isna().tolist() == [True, False, False]


def test_a_listwise_fit_scores_complete_rows_unless_told_otherwise() -> None:
    data = holzinger()[TESTS].astype(float)
    fit = tm.fit_sem(HS_MODEL, data)
    data.iloc[0, 0] = np.nan
    assert tm.factor_scores(fit, data).frame.iloc[0].isna().all()
    assert tm.factor_scores(fit, data, missing="fiml").frame.notna().all(axis=None)


def test_scores_do_not_depend_on_the_unit_of_the_latent_variable_but_for_scale() -> None:
    marker, unit = (
        tm.factor_scores(tm.fit_sem(HS_MODEL, holzinger(), std_lv=u), holzinger()) for u in (False, True)
    )
    ratio = (marker.frame / unit.frame).to_numpy()
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[0], ratio.shape), rtol=1e-5)
    np.testing.assert_allclose(marker.reliability.reliability, unit.reliability.reliability, rtol=1e-6)


def test_scores_have_the_mean_of_the_latent_variable() -> None:
    """Without a mean structure too, where lavaan's are moved by the mean of an observed outcome."""
    model = "visual =~ x1\ntextual =~ x4 + x5 + x6\nx9 ~ textual + visual"
    plain, means = (
        tm.factor_scores(tm.fit_sem(model, holzinger(), meanstructure=m), holzinger()) for m in (None, True)
    )
    np.testing.assert_allclose(plain.frame, means.frame, atol=1e-6)
    np.testing.assert_allclose(plain.frame.mean(), 0.0, atol=1e-10)


def test_a_single_indicator_without_error_is_its_own_score() -> None:
    fit = tm.fit_sem("visual =~ x1\ntextual =~ x4 + x5 + x6\nvisual ~~ textual", holzinger())
    for method in ("regression", "Bartlett"):
        scores = tm.factor_scores(fit, holzinger(), method=method, se=True)
        x1 = holzinger()["x1"]
        np.testing.assert_allclose(scores.frame["visual"], x1 - x1.mean(), atol=1e-8)
        assert scores.errors is not None
        np.testing.assert_allclose(scores.errors["visual"], 0.0, atol=1e-6)
        assert scores.reliability.reliability[0] == pytest.approx(1.0)


def test_what_is_shown() -> None:
    scores = tm.factor_scores(tm.fit_sem(HS_MODEL, holzinger()), holzinger(), latent=["visual"])
    assert "least_correlation" in str(scores)
    assert "301 rows" in str(scores)
    assert "<table" in scores._repr_html_()
    assert list(scores.to_frame()) == ["visual"]
    assert scores.errors is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"method": "bartlet"}, "method='bartlet' is not known. Did you mean 'Bartlett'"),
        ({"latent": ["visul"]}, "'visul' is not a latent variable of the model. Did you mean 'visual'"),
        ({"missing": "pairwise"}, "missing='pairwise' is not known"),
    ],
)
def test_wrong_arguments(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        tm.factor_scores(tm.fit_sem(HS_MODEL, holzinger()), holzinger(), **arguments)


def test_bartlett_scores_need_observed_indicators() -> None:
    fit = tm.fit_sem(SECOND, holzinger())
    with pytest.raises(ArgumentError, match=r"Bartlett scores of g do not exist.*latent=\['visual'"):
        tm.factor_scores(fit, holzinger(), method="Bartlett")
    assert tm.factor_scores(fit, holzinger()).frame["g"].notna().all()


def test_bartlett_scores_hold_latent_variables_fixed() -> None:
    fit = tm.fit_sem("dem60 =~ y1 + y2 + y3 + y4\ndem60 ~~ y5\ny5 ~~ y1", democracy())
    with pytest.raises(ArgumentError, match="lets dem60 covary with y5"):
        tm.factor_scores(fit, democracy(), method="Bartlett")
    assert tm.factor_scores(fit, democracy()).frame["dem60"].notna().all()


def test_groups_are_needed_and_known() -> None:
    fit = tm.fit_sem(HS_MODEL, holzinger(), group="school")
    with pytest.raises(ArgumentError, match="say group="):
        tm.factor_scores(fit, holzinger())
    other = holzinger().assign(school="Grant-Wite")
    with pytest.raises(DataError, match="Did you mean 'Grant-White'"):
        tm.factor_scores(fit, other, group="school")


def test_a_fit_without_means_or_latent_variables() -> None:
    cov = holzinger()[["x1", "x2", "x3"]].cov()
    fit = tm.fit_sem("visual =~ x1 + x2 + x3", sample_cov=cov, n_obs=301)
    with pytest.raises(ArgumentError, match="Give sample_mean"):
        tm.factor_scores(fit, holzinger())
    paths = tm.fit_sem("x1 ~ x2", holzinger())
    with pytest.raises(ArgumentError, match="no latent variable"):
        tm.factor_scores(paths, holzinger())
    with pytest.raises(DataError, match="'x3' is not a column"):
        tm.factor_scores(tm.fit_sem(HS_MODEL, holzinger()), holzinger().drop(columns="x3"))
