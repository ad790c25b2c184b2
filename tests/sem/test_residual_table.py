"""Residuals with standard errors: against lavaan's lavResiduals by name, and against simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.reference.sem.cases import FILES, fitted, read, symmetric
from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.residual_errors import moment_errors
from trustmeasure.sem.residual_table import ResidualTable, residual_table

CASES = tuple(c for c in FILES if "types" in read(c))
KINDS = {"raw": "raw", "bentler": "cor.bentler", "bollen": "cor.bollen"}
ACROSS = {"residuals-groups-intercepts"}
"""Parameters equal across groups: lavaan leaves out what other groups bring (docs/differences.md)."""
FORCED = {"residuals-means"}
"""Misfit of means moves variances whose residuals cannot vary; lavaan divides by rounding errors there.
These are not stored."""
TINY = 1e-3
"""lavaan does not divide a residual this small by its standard error."""
MEASURES = {
    "": "size",
    ".se": "se",
    ".exactfit.z": "exact_z",
    ".exactfit.pvalue": "exact_p",
}
UNBIASED = {
    "": "unbiased",
    ".se": "unbiased_se",
    ".ci.lower": "ci_lower",
    ".ci.upper": "ci_upper",
    ".closefit.z": "close_z",
    ".closefit.pvalue": "close_p",
}


def stored_groups(case: str, kind: str) -> list[tuple[str | None, dict[str, Any]]]:
    """Return what is stored of each group with its label, None without groups."""
    found = read(case)["types"][KINDS[kind]]
    return [(None if label == "all" else label, group) for label, group in found.items()]


def means_of(table: ResidualTable, column: str, number: int) -> pd.Series:
    """Return one column for the means of a group."""
    rows = table.frame[(table.frame["op"] == "~1") & (table.frame["group"] == number)]
    return rows.set_index("lhs")[column]


def agree(ours: Any, theirs: Any, where: Any, atol: float = 1e-7) -> None:
    """Assert that what lavaan gives is given here, where it can be compared."""
    np.testing.assert_allclose(np.asarray(ours)[where], np.asarray(theirs)[where], rtol=1e-6, atol=atol)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_residuals(case: str, kind: str) -> None:
    table = residual_table(fitted(case), kind=kind)
    for number, (label, stored) in enumerate(stored_groups(case, kind), start=1):
        theirs = symmetric(stored["cov"])
        ours = table.matrix("residual", label).loc[theirs.index, theirs.columns]
        agree(ours, theirs, slice(None), atol=1e-8)
        if stored["mean"] and fitted(case).model.meanstructure:
            theirs_mean = pd.Series(stored["mean"])
            agree(means_of(table, "residual", number)[theirs_mean.index], theirs_mean, slice(None), 1e-8)


@pytest.mark.parametrize("case", CASES)
def test_normalized_residuals(case: str) -> None:
    table = residual_table(fitted(case), kind="raw")
    for number, (label, stored) in enumerate(stored_groups(case, "raw"), start=1):
        theirs = symmetric(stored["normalized_cov"])
        ours = table.matrix("normalized", label).loc[theirs.index, theirs.columns]
        agree(ours, theirs, theirs.abs() > TINY)
        if stored["normalized_mean"] and fitted(case).model.meanstructure:
            theirs_mean = pd.Series(stored["normalized_mean"])
            ours_mean = means_of(table, "normalized", number)[theirs_mean.index]
            agree(ours_mean, theirs_mean, theirs_mean.abs() > TINY)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", [c for c in CASES if c not in ACROSS])
def test_z(case: str, kind: str) -> None:
    table = residual_table(fitted(case), kind=kind)
    for number, (label, stored) in enumerate(stored_groups(case, kind), start=1):
        theirs = symmetric(stored["cov_z"]).astype(float)
        ours = table.matrix("z", label).loc[theirs.index, theirs.columns]
        assert theirs.isna().any(axis=None) == (case in FORCED and kind != "bollen")
        where = theirs.abs() > TINY
        assert where.to_numpy().sum() > 4
        agree(ours, theirs, where)
        assert (ours.isna() <= (~where)).all(axis=None)
        if stored["mean_z"] and fitted(case).model.meanstructure:
            theirs_mean = pd.Series(stored["mean_z"], dtype=float)
            agree(means_of(table, "z", number)[theirs_mean.index], theirs_mean, theirs_mean.abs() > TINY)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", [c for c in CASES if c not in ACROSS])
def test_sizes(case: str, kind: str) -> None:
    table = residual_table(fitted(case), kind=kind).size
    for number, (_, stored) in enumerate(stored_groups(case, kind), start=1):
        theirs = pd.DataFrame(stored["summary"]["rows"], columns=stored["summary"]["columns"])
        theirs = theirs.set_index("row").astype(float)
        for part in [c for c in theirs if not (c != "cov" and not fitted(case).model.meanstructure)]:
            ours = table[(table["group"] == number) & (table["part"] == part)].iloc[0]
            name = ours["measure"]
            assert ours["size"] == pytest.approx(theirs.loc[name, part], rel=1e-6, abs=1e-9)
            if theirs.loc[name, part] < 1e-6:
                continue
            found = {name + k: v for k, v in MEASURES.items()} | {
                f"u{name}{k}": v for k, v in UNBIASED.items()
            }
            for key, column in found.items():
                value = ours[column]
                if column == "exact_z":
                    value = max(value, 0.0)  # lavaan writes 0 for a z below it
                if column == "exact_p" and ours["exact_z"] < 0:
                    value = 0.5
                assert value == pytest.approx(theirs.loc[key, part], rel=1e-5, abs=1e-8), key


@pytest.mark.parametrize("case", sorted(ACROSS))
def test_lavaan_leaves_out_what_other_groups_bring(case: str) -> None:
    fit = fitted(case)
    for errors, group in zip(moment_errors(fit), fit.groups, strict=True):
        stored = read(case)["types"]["raw"][group.label]
        names = list(group.model.observed)
        theirs = (
            symmetric(stored["cov_z"]).loc[names, names].to_numpy(dtype=float)[np.tril_indices(len(names))]
        )
        theirs = np.concatenate([theirs, [stored["mean_z"][n] for n in names]])
        ours = (errors.observed - errors.fitted) / np.sqrt(np.diag(errors.own))
        agree(ours, theirs, np.abs(theirs) > TINY)
        assert (np.diag(errors.residual) > np.diag(errors.own) * 1.001).all()


def test_z_varies_by_one_in_equal_groups() -> None:
    """In samples from the model z has the standard deviation 1; without other groups' part it has more."""
    model = "f =~ x1 + x2 + x3 + x4"
    options: dict[str, Any] = {"group": "school", "group_equal": ["loadings", "intercepts"]}
    fit = tm.fit_sem(model, holzinger(), **options)
    rng = np.random.default_rng(5)
    ours, own = [], []
    for _ in range(60):
        parts = [
            pd.DataFrame(
                rng.multivariate_normal(g.implied.mean, g.implied.cov, 400), columns=g.model.observed
            ).assign(school=g.label)
            for g in fit.groups
        ]
        errors = moment_errors(tm.fit_sem(model, pd.concat(parts, ignore_index=True), **options))
        ours.append([(e.observed - e.fitted) / np.sqrt(np.diag(e.residual)) for e in errors])
        own.append([(e.observed - e.fitted) / np.sqrt(np.diag(e.own)) for e in errors])
    assert np.sqrt(np.mean(np.square(ours))) == pytest.approx(1.0, abs=0.06)
    assert np.sqrt(np.mean(np.square(own))) > 1.1


def test_the_standardised_residuals_of_a_result_are_the_same() -> None:
    fit = tm.fit_sem(HS_MODEL, holzinger())
    for kind, known in (
        ("raw", fit.residuals.raw),
        ("bollen", fit.residuals.correlation),
        ("bentler", fit.residuals.standardized_by_sample),
    ):
        ours = residual_table(fit, kind=kind, sort=False).matrix()
        np.testing.assert_allclose(ours, known, atol=1e-14)
        assert list(ours) == list(known)
    size = residual_table(fit).size.iloc[0]
    assert size["size"] == pytest.approx(fit.fit_measures["srmr"], rel=1e-10)


def test_order_and_what_is_shown() -> None:
    fit = tm.fit_sem(HS_MODEL, holzinger())
    table = residual_table(fit)
    away = table.frame["z"].abs().dropna()
    assert (away.diff().dropna() <= 0).all()
    assert table.frame["z"].isna().tail(9).all()
    assert {"x7", "x9"} & set(table.frame.iloc[0][["lhs", "rhs"]])
    assert "Size of all residuals" in str(table)
    assert "<table" in table._repr_html_()
    pd.testing.assert_frame_equal(table.to_frame(), table.frame)
    grouped = residual_table(tm.fit_sem(HS_MODEL, holzinger(), group="school"))
    assert "Grant-White" in str(grouped)
    with pytest.raises(ArgumentError, match="say group="):
        grouped.matrix()
    with pytest.raises(ArgumentError, match="Did you mean 'normalized'"):
        table.matrix("normalised")


@pytest.mark.filterwarnings("ignore:Plain standard errors")
def test_what_is_refused() -> None:
    fit = tm.fit_sem(HS_MODEL, holzinger())
    with pytest.raises(ArgumentError, match="kind='cor' is not known"):
        residual_table(fit, kind="cor")
    with pytest.raises(ArgumentError, match="ci=95 must lie"):
        residual_table(fit, ci=95)
    for options in ({"estimator": "ULS"}, {"information": "first-order"}):
        with pytest.raises(ArgumentError, match="not available for estimator"):
            residual_table(tm.fit_sem(HS_MODEL, holzinger(), **options))
    other = tm.fit_sem(HS_MODEL, holzinger(), engine="semopy")
    assert residual_table(other).frame["z"].notna().any()
