"""Several groups: parameters of their own, shared ones, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError, DataError, ModelSyntaxError
from trustmeasure.sem import fit_sem, parse_model

ITEMS = [f"x{i}" for i in range(1, 10)]


def by_school() -> dict[str, pd.DataFrame]:
    return {str(k): v for k, v in holzinger().groupby("school", sort=False)}


def test_free_groups_equal_one_fit_each() -> None:
    together = fit_sem(HS_MODEL, holzinger(), group="school")
    alone = {k: fit_sem(HS_MODEL, v, meanstructure=True) for k, v in by_school().items()}
    assert together.fit_measures["chisq"] == pytest.approx(
        sum(a.fit_measures["chisq"] for a in alone.values()), rel=1e-9
    )
    for label, fit in alone.items():
        number = together.group_labels.index(label) + 1
        ours = together.parameters[together.parameters.group == number]
        np.testing.assert_allclose(ours.estimate, fit.parameters.estimate, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(ours.se, fit.parameters.se, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(ours.std_all, fit.parameters.std_all, rtol=1e-6, atol=1e-8)
        pd.testing.assert_series_equal(together.in_group(label).r_squared, fit.r_squared, rtol=1e-6)


def test_labels_are_in_order_of_appearance() -> None:
    assert fit_sem(HS_MODEL, holzinger(), group="school").group_labels == ("Pasteur", "Grant-White")
    turned = fit_sem(HS_MODEL, holzinger().iloc[::-1], group="school")
    assert turned.group_labels == ("Grant-White", "Pasteur")


def test_order_of_groups_leaves_the_fit() -> None:
    equal = ["loadings", "intercepts"]
    a = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=equal)
    b = fit_sem(HS_MODEL, holzinger().iloc[::-1], group="school", group_equal=equal)
    np.testing.assert_allclose(a.fit_measures, b.fit_measures, rtol=1e-7, atol=1e-8)


def test_equal_loadings_are_equal() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=["loadings"])
    loadings = fit.parameters.query("op == '=~'")
    first, second = (loadings[loadings.group == g].estimate.to_numpy() for g in (1, 2))
    np.testing.assert_array_equal(first, second)


def test_equal_intercepts_free_latent_means() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=["loadings", "intercepts"])
    means = fit.parameters.query("op == '~1' and lhs in ['visual', 'textual', 'speed']")
    assert (means.query("group == 1").se == 0).all()
    assert (means.query("group == 2").se > 0).all()
    held = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=["loadings", "intercepts", "means"])
    assert held.df == fit.df + 3


def test_partial_equality_frees_one_relation() -> None:
    options = {"group": "school", "group_equal": ["loadings", "intercepts"]}
    full = fit_sem(HS_MODEL, holzinger(), **options)
    part = fit_sem(HS_MODEL, holzinger(), **options, group_partial=["x3 ~ 1", "visual=~x2"])
    assert part.df == full.df - 2


def test_modifiers_per_group() -> None:
    text = "f =~ x1 + c(a, b)*x2 + c(0.7, NA)*x3 + x4\nd := a - b"
    fit = fit_sem(text, holzinger(), group="school")
    rows = fit.parameters.query("op == '=~'").set_index(["rhs", "group"])
    assert rows.loc[("x3", 1), ["estimate", "se"]].tolist() == [0.7, 0.0]
    assert rows.loc[("x3", 2), "se"] > 0
    gap = rows.loc[("x2", 1), "estimate"] - rows.loc[("x2", 2), "estimate"]
    assert fit.parameters.query("lhs == 'd'").estimate.item() == pytest.approx(gap, rel=1e-12)


def test_one_label_holds_for_all_groups() -> None:
    fit = fit_sem("f =~ x1 + l*x2 + x3 + x4", holzinger(), group="school")
    assert len(set(fit.parameters.query("label == 'l'").estimate)) == 1


def test_published_covariances_by_group() -> None:
    schools = by_school()
    fit = fit_sem(
        HS_MODEL,
        sample_cov={k: v[ITEMS].cov() for k, v in schools.items()},
        sample_mean={k: v[ITEMS].mean() for k, v in schools.items()},
        n_obs={k: len(v) for k, v in schools.items()},
        group_equal=["loadings"],
    )
    data = fit_sem(HS_MODEL, holzinger(), group="school", group_equal=["loadings"])
    np.testing.assert_allclose(fit.parameters.estimate, data.parameters.estimate, rtol=1e-7, atol=1e-9)


def test_what_belongs_to_a_group_is_asked_of_the_group() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), group="school")
    with pytest.raises(ArgumentError, match=r"in_group\(label\)\.implied.*'Pasteur'"):
        _ = fit.implied
    with pytest.raises(ArgumentError, match="Did you mean 'Pasteur'"):
        fit.in_group("pasteur")
    assert fit.in_group("Pasteur").implied.cov.shape == (9, 9)


def test_summary_names_the_groups() -> None:
    text = str(fit_sem(HS_MODEL, holzinger(), group="school").summary())
    assert "1 = Pasteur (156 rows), 2 = Grant-White (145 rows)" in text
    assert "R-squared, group 2 (Grant-White)" in text


REFUSED = {
    "unknown column": ({"group": "schol"}, DataError, "Did you mean 'school'"),
    "one value": ({"group": "one"}, DataError, "only one value"),
    "missing value": ({"group": "gap"}, DataError, "missing in 3 rows"),
    "kind": ({"group": "school", "group_equal": ["loading"]}, ArgumentError, "Did you mean 'loadings'"),
    "relation": (
        {"group": "school", "group_equal": ["loadings"], "group_partial": ["visual =~ x9"]},
        ArgumentError,
        "no relation 'visual=~x9'",
    ),
    "small group": ({"group": "tiny"}, DataError, "Group 'b': 5 complete rows"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    options, error, message = REFUSED[case]
    data = holzinger().assign(one="a", gap=["x"] * 298 + [None] * 3, tiny=["a"] * 296 + ["b"] * 5)
    with pytest.raises(error, match=message):
        fit_sem(HS_MODEL, data, **options)


def test_modifiers_for_another_number_of_groups() -> None:
    with pytest.raises(ModelSyntaxError, match=r"c\(\.\.\.\) gives 3 values, but the model has 2 groups"):
        fit_sem("f =~ x1 + c(a, b, d)*x2 + x3", holzinger(), group="school")
    with pytest.raises(ModelSyntaxError, match="1 group"):
        parse_model("f =~ x1 + c(1, 2)*x2")
    with pytest.raises(ModelSyntaxError, match="different numbers of groups"):
        parse_model("f =~ c(1, 2)*x1 + c(a, b, d)*x1", n_groups=2)
