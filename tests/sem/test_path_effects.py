"""Effects along paths: against defined parameters in lavaan 0.6-14, against algebra, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.reference.sem.cases import FILES, fitted, lavaan_parameters, read
from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger, linear
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import effects, fit_sem
from trustmeasure.sem.arrows import Arrows

CASES = tuple(
    c for c, path in FILES.items() if path.name.startswith("effects-") and path.parent.name == "sem_inspect"
)
COLUMNS = ["source", "target", "kind", "path", "group", "estimate", "se", "z", "p_value"]
COLUMNS += ["ci_lower", "ci_upper", "std_all", "std_all_se", "std_all_ci_lower", "std_all_ci_upper"]
LOOP = "m ~ y + x\ny ~ m + z"


def one(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return the effect that a defined parameter of the references is named after."""
    text, _, group = name.rpartition("_g") if "_g" in name else (name, "", "1")
    kind, *names = text.split("_")
    rows = frame[(frame.kind == kind) & (frame.group == int(group))]
    rows = rows[(rows.source == names[0]) & (rows.target == names[-1])]
    if kind == "specific":
        rows = rows[rows.path == " -> ".join(names)]
    assert len(rows) == 1, name
    return rows.iloc[0]


@pytest.mark.parametrize("case", CASES)
def test_against_lavaan(case: str) -> None:
    ours = effects(fitted(case), loadings=True)
    theirs = lavaan_parameters(case)
    theirs = theirs[theirs.op == ":="]
    assert len(theirs) > 2
    for row in theirs.itertuples():
        found = one(ours, row.lhs)
        for column in ("estimate", "se", "z", "ci_lower", "ci_upper", "std_all"):
            expected = getattr(row, column)
            assert found[column] == pytest.approx(expected, rel=1e-5, abs=1e-8), (row.lhs, column)


def test_parts_add_up() -> None:
    frame = effects(fitted("effects-serial"))
    for (_, _), rows in frame.groupby(["source", "target"]):
        part = rows.groupby("kind").estimate.sum()
        assert part.get("direct", 0.0) + part.get("indirect", 0.0) == pytest.approx(part["total"])
        assert part.get("specific", 0.0) == pytest.approx(part.get("indirect", 0.0))


def test_every_way_is_found() -> None:
    frame = effects(fitted("effects-serial"), source="x", target="y")
    assert set(frame.query("kind == 'specific'").path) == {"x -> m -> y", "x -> k -> y", "x -> m -> k -> y"}
    assert list(frame.columns) == COLUMNS
    assert frame.attrs["notes"] == ()


def test_loadings_are_followed_only_when_asked() -> None:
    fit = fit_sem(PD_MODEL, democracy())
    assert set(effects(fit).target) == {"dem60", "dem65"}
    reached = effects(fit, source="ind60", target="y8", loadings=True)
    assert set(reached.query("kind == 'specific'").path) == {
        "ind60 -> dem65 -> y8",
        "ind60 -> dem60 -> dem65 -> y8",
    }


def test_loops_have_total_effects_only() -> None:
    fit = fitted("effects-loop")
    frame = effects(fit)
    assert set(frame.kind) == {"direct", "indirect", "total"}
    assert "paths run in a circle (m -> y -> m)" in frame.attrs["notes"][0]
    with pytest.raises(ArgumentError, match=r"circle \(m -> y -> m\).*infinitely many"):
        effects(fit, specific=True)


def test_a_loop_that_grows_without_end_has_no_total_effects() -> None:
    fit = fit_sem(LOOP, linear(3, 400))
    theta = fit.theta.copy()
    for relation in ("m~y", "y~m"):
        theta[fit.model.free_names.index(relation)] = 1.5
    grown = replace(fit, theta=theta, groups=tuple(replace(g, theta=theta) for g in fit.groups))
    with pytest.raises(ArgumentError, match=r"grows without end \(largest eigenvalue of A: 1\.500"):
        effects(grown)


def test_paths_fixed_at_zero_are_none_and_other_fixed_ones_are() -> None:
    fit = fit_sem("m ~ 0.5*x + 0*z\ny ~ m + x", linear(4, 300))
    frame = effects(fit)
    assert "z" not in set(frame.source)
    direct = frame.query("source == 'x' and target == 'm' and kind == 'direct'").iloc[0]
    assert (direct.estimate, direct.se) == (0.5, 0.0)
    assert np.isnan(direct.z)


def test_groups_keep_their_own_effects() -> None:
    fit = fitted("effects-groups")
    frame = effects(fit, source="x", target="y")
    totals = frame[frame.kind == "total"]
    assert totals.group.tolist() == [1, 2]
    assert totals.estimate.nunique() == 2


def test_level_and_choice() -> None:
    fit = fitted("effects-serial")
    wide = effects(fit, source=["x", "m"], target=["y"], specific=False, ci=0.99)
    assert set(wide.source) == {"x", "m"}
    assert set(wide.kind) == {"direct", "indirect", "total"}
    np.testing.assert_allclose(wide.ci_upper - wide.estimate, 2.5758293035489004 * wide.se, rtol=1e-9)


def test_a_model_without_regressions_has_no_effects() -> None:
    frame = effects(fit_sem(HS_MODEL, holzinger()))
    assert frame.empty
    assert list(frame.columns) == COLUMNS
    assert frame.dtypes.equals(effects(fitted("effects-serial")).dtypes)


def test_without_standard_errors_there_are_estimates() -> None:
    frame = effects(replace(fitted("effects-serial"), theta_cov=None))
    assert frame.se.isna().all()
    assert frame.estimate.notna().all()


def test_refused() -> None:
    fit = fit_sem(PD_MODEL, democracy())
    with pytest.raises(ArgumentError, match=r"source='ind6' is not known\. Did you mean 'ind60'"):
        effects(fit, source="ind6")
    with pytest.raises(ArgumentError, match="target='y9'"):
        effects(fit, target=["dem65", "y9"])
    with pytest.raises(ArgumentError, match="strictly between"):
        effects(fit, ci=1.0)


def test_too_many_paths_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustmeasure.sem.path_effects.MOST_PATHS", 3)
    with pytest.raises(ArgumentError, match="more than 3 effects"):
        effects(fitted("effects-serial"))


def test_reach_is_that_of_all_powers() -> None:
    model = fitted("effects-serial").model
    arrows = Arrows.of(model, 1, model.observed, loadings=False)
    power, total = arrows.direct.astype(int), np.zeros(arrows.direct.shape, dtype=int)
    for _ in model.observed:
        total += power
        power = power @ arrows.direct
    np.testing.assert_array_equal(arrows.reach, total > 0)
    assert arrows.circle() == ()
    assert read("effects-serial")["model"].count("~") == 3
