"""The whole exploratory factor analysis: fit against psych and factanal, scores, records, notes."""

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.factors.reference_values import array, cases
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors.fit import complexities, determinacies

CASES = cases("extraction")


def efa_of(name, **options):
    case = CASES[name]
    frame = pd.DataFrame(case["corr"], index=case["names"], columns=case["names"])
    return tm.efa(frame, case["m"], n_obs=case["n"], **options)


def rows(n=300, seed=1):
    rng = np.random.default_rng(seed)
    factors = rng.standard_normal((n, 2)) @ np.array([[1.0, 0.4], [0.0, 0.9165]])
    pattern = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6], [0.7]])).T
    values = factors @ pattern + 0.6 * rng.standard_normal((n, 8))
    return pd.DataFrame(values, columns=list("abcdefgh"))


@pytest.mark.parametrize("name", CASES)
def test_likelihood_ratio_test_of_factanal(name):
    own, theirs = efa_of(name, extraction="ml").fit, CASES[name]["ml"]
    assert own["chisq"] == pytest.approx(theirs["chisq"], rel=1e-8)
    assert own["pvalue"] == pytest.approx(theirs["pvalue"], rel=1e-6)
    assert own["df"] == theirs["df"]


@pytest.mark.parametrize(("name", "method"), [(n, m) for n in CASES for m in ("ml", "pa") if CASES[n]["pa"]])
def test_fit_of_psych(name, method):
    own = efa_of(name, extraction="ml" if method == "ml" else "minres")
    theirs = CASES[name][f"fit_{method}"]
    same = ("objective", "chisq", "df", "pvalue", "tli", "bic", "null_chisq", "null_df")
    for mine, other in {**dict(zip(same, same, strict=True)), "rmsr": "rms"}.items():
        assert own.fit[mine] == pytest.approx(theirs[other], rel=1e-6, abs=1e-8), mine
    unrotated = complexities(own.extraction.loadings)
    np.testing.assert_allclose(unrotated, theirs["complexity"], rtol=1e-5)
    known = determinacies(own.correlations.corr, own.extraction.loadings) ** 2
    np.testing.assert_allclose(np.sort(known), np.sort(array(theirs["r2"]).ravel()), rtol=1e-6)


@pytest.mark.parametrize("name", [n for n in CASES if CASES[n]["pa"]])
def test_rmsea_is_psychs_but_for_n_and_n_minus_1(name):
    own, theirs = efa_of(name, extraction="ml").fit, CASES[name]["fit_ml"]["rmsea"]
    n, df, chisq = CASES[name]["n"], own["df"], own["chisq"]
    assert theirs[0] == pytest.approx(np.sqrt(max(chisq / (df * n) - 1 / (n - 1), 0)), rel=1e-5)
    assert own["rmsea"] == pytest.approx(np.sqrt(max(chisq / (df * n) - 1 / n, 0)), rel=1e-9)
    assert own["rmsea_ci_lower"] <= own["rmsea"] <= own["rmsea_ci_upper"]


def test_what_a_result_holds():
    found = tm.efa(rows(), 2)
    assert found.loadings.index.tolist() == list("abcdefgh")
    np.testing.assert_allclose(found.communalities + found.uniquenesses, 1.0, atol=1e-8)
    np.testing.assert_allclose(found.variance["ss_loadings"].sum(), found.communalities.sum())
    assert found.variance["cumulative"].iloc[-1] == pytest.approx(found.communalities.mean())
    assert found.to_frame().columns.tolist() == [
        "item",
        "F1",
        "F2",
        "communality",
        "uniqueness",
        "complexity",
    ]
    reproduced = found.structure @ found.loadings.T
    rest = (found.correlations.to_frame() - reproduced - found.residuals).to_numpy()
    np.testing.assert_allclose(rest - np.diag(np.diag(rest)), 0.0, atol=1e-12)
    assert found.phi.iloc[0, 1] == pytest.approx(0.4, abs=0.12)


def test_summary_hides_small_loadings_and_marks_high_ones():
    found = tm.efa(rows(), 2)
    text, html = str(found.summary()), found._repr_html_()
    assert html.count("font-weight:bold") == 8
    line = next(x for x in text.splitlines() if x.startswith("a "))
    assert len(line.split()) == 5
    shown = str(found.summary(sort=False, hide_below=0))
    assert [x[0] for x in shown.splitlines()[6:14]] == list("abcdefgh")
    assert "Correlations of the factors" in text
    assert "Correlations of the factors" not in str(tm.efa(rows(), 2, rotation="varimax"))
    assert "1 factor" in str(tm.efa(rows(), 1))


def test_sorted_by_factor_and_size():
    found = tm.efa(rows(), 2)
    size = found.loadings.abs().to_numpy()[found.sorted_items()]
    assert (np.diff(size.argmax(axis=1)) >= 0).all()
    assert (np.diff(size.max(axis=1))[np.diff(size.argmax(axis=1)) == 0] <= 0).all()


def test_notes_say_what_the_test_rests_on():
    frame = rows()
    gaps = frame.mask(np.random.default_rng(1).random(frame.shape) < 0.05)
    assert any("too strict or too mild" in note for note in tm.efa(gaps, 2, extraction="ml").notes)
    assert not any("too strict" in note for note in tm.efa(gaps, 2, missing="listwise").notes)
    assert any("does not minimise" in note for note in tm.efa(frame, 2).notes)
    assert any("n_obs" in note for note in tm.efa(frame.corr(), 2).notes)
    assert np.isnan(tm.efa(frame.corr(), 2).fit["chisq"])


def test_ordinal_answers():
    answers = np.clip(np.round(rows(400) * 1.2 + 3), 1, 5)
    found = tm.efa(answers, 2, correlation="polychoric")
    assert np.isnan(found.fit["chisq"])
    assert found.fit["srmr"] < 0.05
    assert any("Pearson" in note for note in found.notes)
    assert (found.communalities > tm.efa(answers, 2).communalities).mean() > 0.7


def test_a_heywood_case_is_named():
    found = efa_of("heywood", extraction="ml")
    assert len(found.heywood) == 2
    assert any(
        f"Heywood case: the factors explain all of {', '.join(found.heywood)}" in x for x in found.notes
    )


def test_local_minima_are_reported():
    found = efa_of("heywood", rotation="geomin", epsilon=1e-4)
    table = found.local_minima()
    assert len(table) > 1
    assert any(f"{len(table)} local minima" in note for note in found.notes)


@pytest.mark.parametrize("method", ["regression", "bartlett", "ten_berge"])
def test_scores(method):
    frame = rows()
    found = tm.efa(frame, 2, extraction="ml")
    scores = tm.efa_scores(found, method=method)
    np.testing.assert_allclose(scores.mean(), 0.0, atol=1e-12)
    again = tm.efa_scores(found, frame.iloc[::-1], method=method)
    np.testing.assert_allclose(again.iloc[::-1], scores)
    if method == "ten_berge":
        np.testing.assert_allclose(scores.corr(), found.phi, atol=1e-8)
    if method == "regression":
        z = (frame - frame.mean()) / frame.std()
        np.testing.assert_allclose(scores.std(), found.variance["determinacy"], rtol=1e-8)
        np.testing.assert_allclose(z.T @ scores / 299, found.structure, atol=1e-8)


def test_bartlett_scores_are_unbiased():
    found = tm.efa(rows(), 2, extraction="ml")
    from trustmeasure.factors.weights import score_weights

    pattern = found.loadings.to_numpy()
    w = score_weights(
        found.correlations.corr, pattern, found.phi.to_numpy(), found.uniquenesses.to_numpy(), "bartlett"
    )
    np.testing.assert_allclose(w.T @ pattern, np.eye(2), atol=1e-10)


def test_scores_of_people_who_left_an_item_out_are_missing():
    frame = rows()
    frame.loc[5, "c"] = np.nan
    scores = tm.efa_scores(tm.efa(frame, 2))
    assert scores.isna().any(axis=1).sum() == 1
    assert scores.iloc[5].isna().all()


def test_scores_that_cannot_be_made():
    with pytest.raises(DataError, match="Analyse the rows"):
        tm.efa_scores(efa_of("drawn"))
    with pytest.raises(DataError, match="lack items of the analysis: a"):
        tm.efa_scores(tm.efa(rows(), 2), rows().drop(columns="a"))
    with pytest.raises(ArgumentError, match="Did you mean 'bartlett'"):
        tm.efa_scores(tm.efa(rows(), 2), method="bartlet")


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="Did you mean 'oblimin'"):
        tm.efa(rows(), 2, rotation="obliman")
    with pytest.raises(ArgumentError, match="extraction='mle'"):
        tm.efa(rows(), 2, extraction="mle")
    with pytest.raises(ArgumentError, match="at most 4 can be found"):
        tm.efa(rows(), 5)
    with pytest.raises(ArgumentError, match="no option 'gama'"):
        tm.efa(rows(), 2, gama=0.5)
