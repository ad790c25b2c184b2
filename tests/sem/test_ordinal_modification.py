"""Modification indices and score tests of ordinal fits against lavaan and further fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import by_key, table
from tests.reference.sem_ordinal.cases import fit, fitted, read, with_part
from tests.sem.test_modification import compact
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import modification_indices, score_tests
from trustmeasure.sem.statistic_directions import StatisticDirections, rows_as_candidates

CASES = with_part("modification")
MEDIATORS = ("ordinal-mediator", "ordinal-observed", "ordinal-voters")
"""Ordinal responses that arrows leave: see `test_ordinal_fit.MEDIATOR`."""
COARSE = ("mixed-factor", "repurchase-mixed")
"""See `test_ordinal_fit.COARSE`."""


def reference(case: str) -> str:
    """Return the case whose standardised values are right: "theta" where lavaan's "delta" is not."""
    return case.replace("delta", "theta") if case.startswith(MEDIATORS) else case


def comparable(case: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return lavaan's and our indices, both without what is no parameter here."""
    theirs, ours = table(read(reference(case))["modification"]), by_key(modification_indices(fitted(case)))
    model = fitted(reference(case)).model
    follows = "~*~" if model.parameterization == "theta" else "~~"
    own = (theirs["op"] == follows) & (theirs["lhs"] == theirs["rhs"]) & theirs["lhs"].isin(model.ordered)
    return theirs[~own], ours


@pytest.mark.parametrize("case", CASES)
def test_indices_are_lavaans(case: str) -> None:
    theirs, ours = comparable(case)
    assert sorted(ours.index) == sorted(theirs.index)
    ours = ours.reindex(theirs.index)
    relative, absolute = (2e-4, 2e-5) if any(name in case for name in COARSE) else (3e-6, 6e-7)
    plain = ["mi", "epc"] if reference(case) == case else ["mi"]
    np.testing.assert_allclose(ours[plain], theirs[plain], rtol=relative, atol=absolute)
    # lavaan standardises variances and scales of ordinal responses by their estimates, not their changes.
    own = (theirs["lhs"] == theirs["rhs"]) & theirs["lhs"].isin(fitted(case).model.ordered)
    columns = ["sepc_lv", "sepc_all"] if reference(case) == case else ["sepc_all"]
    np.testing.assert_allclose(
        ours.loc[~own, columns], theirs.loc[~own, columns], rtol=relative, atol=absolute
    )
    assert ours.loc[theirs["op"] == "~*~", ["sepc_lv", "sepc_all"]].isna().all(axis=None)


@pytest.mark.parametrize("case", with_part("score_tests"))
def test_score_tests_are_lavaans(case: str) -> None:
    stored = read(case)["score_tests"]
    ours = score_tests(fitted(case))
    rows = pd.DataFrame(stored["univariate"]["rows"], columns=stored["univariate"]["columns"])
    theirs = rows.set_index((rows.lhs + " == " + rows.rhs).map(compact)).sort_index()
    single = ours[ours.test == "univariate"]
    single = single.set_index(single.constraint.map(compact)).sort_index()
    assert list(single.index) == list(theirs.index)
    np.testing.assert_allclose(single["chisq"], theirs["chisq"].astype(float), rtol=3e-6, atol=3e-7)
    total = ours.iloc[-1]
    assert total.chisq == pytest.approx(stored["total"]["chisq"], rel=3e-6)
    # lavaan counts all constraints, also those that only make the model identified.
    assert total.df == released_rank(case) - fitted(case).npar
    assert total.df <= stored["total"]["df"]


def released_rank(case: str) -> int:
    """Return how many directions a model without its equalities has, from the statistics alone."""
    result = fitted(case)
    slopes = []
    for group in result.groups:
        own = [p for p in result.model.only(group.number).parameters if p.free]
        new = rows_as_candidates(own, group.ram)
        found = StatisticDirections.of(result, group, new)
        slopes.append(found.slopes[:, found.q :])
    return sum(int(np.linalg.matrix_rank(x, tol=1e-7 * np.abs(x).max())) for x in slopes)


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_an_index_foretells_what_freeing_the_parameter_brings(parameterization: str) -> None:
    case, options = "ordinal-two-factors-delta", {"ordered": True, "parameterization": parameterization}
    text = read(case)["model"]
    held = fit(text, case, options)
    top = modification_indices(held, op="~~").iloc[0]
    freed = fit(f"{text}\n{top.lhs} ~~ {top.rhs}", case, options)
    own = freed.parameters.query(f"lhs == '{top.lhs}' and op == '~~' and rhs == '{top.rhs}'").iloc[0]
    assert top.mi == pytest.approx(held.fit_measures["chisq"] - freed.fit_measures["chisq"], rel=0.15)
    # With residual variances of 1 ("theta") a large change is far from straight.
    assert top.epc == pytest.approx(own.estimate, rel=0.15 if parameterization == "delta" else 0.7)


def test_thresholds_and_scales_can_be_asked_for() -> None:
    found = modification_indices(fitted("ordinal-labels-delta"), op=["|", "~*~"])
    assert set(found["op"]) == {"|", "~*~"}
    assert found.loc[found["op"] == "|", ["lhs", "rhs"]].to_numpy().tolist() == [["c4", "t3"]]
    with pytest.raises(ArgumentError, match="op"):
        modification_indices(fitted("ordinal-labels-delta"), op="|~")
